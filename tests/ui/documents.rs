//! Documents at the desk: taking one, the decision page, every check opening, the report.

use crate::stage::{Stage, commands, press, stage, stage_in};
use egui::Key;
use egui::accesskit::Role;
use egui_kittest::kittest::{By, NodeT as _, Queryable as _};
use std::collections::BTreeSet;
use visavis::documents::checks::Overall;
use visavis::phrase::{Detail, Phrase, Speaker as _};
use visavis::runtime::messages::{Command, Seat};
use visavis::ui::fixtures::{self, CaptureMoment, StatedMoment};
use visavis::ui::strings::{Language, Words};
use visavis::units::{SensitiveText, UtcTime};
use visavis::workflow::document::decision::CheckLine;
use visavis::workflow::document::report::{About, Report, ReportPictures, html};
use visavis::workflow::input::FlowInput;
use visavis::workflow::view::{FlowKind, Outcome, Step, StepView};

fn decided(overall: Overall) -> Stage {
    let (flow, step, view) = fixtures::decided(overall);
    stage(Seat::Desk, fixtures::in_flow(flow, step, view, false))
}

#[test]
fn the_page_begins_a_check() {
    let mut stage = stage(Seat::Desk, fixtures::idle(false));
    stage.get_by_label("Documents").click();
    stage.run_steps(4);
    stage.get_by_label("Check a document").click();
    stage.run_steps(2);
    assert!(commands(&stage).contains(&Command::StartFlow { flow: FlowKind::VerifyId, claim: None }));
}

#[test]
fn a_document_is_taken_by_button_and_by_key() {
    let mut stage = capturing(CaptureMoment::Empty);
    stage.get_by_label("Take it as it is").click();
    stage.run_steps(2);
    let taken = |stage: &Stage| commands(stage).iter().filter(|c| **c == Command::Flow(FlowInput::TakeDocument)).count();
    assert_eq!(taken(&stage), 1);
    press(&mut stage, Key::Escape);
    assert!(commands(&stage).contains(&Command::Flow(FlowInput::Cancel)));
}

fn capturing(moment: CaptureMoment) -> Stage {
    let (flow, step, view) = fixtures::capturing(moment);
    stage(Seat::Desk, fixtures::in_flow(flow, step, view, false))
}

#[test]
fn the_instruction_is_said_and_the_sides_are_named() {
    capturing(CaptureMoment::Holding).get_by_label("Good. Hold it still.");
    let mut turning = capturing(CaptureMoment::Turning);
    turning.get_by_label("Thank you. Now turn it over.");
    turning.get_by_label("First side: taken");
    turning.get_by_label("Other side: wanted next");
    turning.get_by_label("There is no other side").click();
    turning.run_steps(2);
    turning.get_by_label("Begin again").click();
    turning.run_steps(2);
    let sent = commands(&turning);
    assert!(sent.contains(&Command::Flow(FlowInput::OneSideOnly)) && sent.contains(&Command::Flow(FlowInput::RetakeDocument)), "{sent:?}");
}

#[test]
fn a_capture_that_ended_is_begun_again_by_enter_and_a_lost_camera_leaves_the_file() {
    let mut over = capturing(CaptureMoment::TimedOut);
    over.get_by_label("No picture came about in time.");
    over.get_by_label_contains("DOC-62");
    press(&mut over, Key::Enter);
    assert!(commands(&over).contains(&Command::Flow(FlowInput::TakeDocument)));
    let mut lost = capturing(CaptureMoment::CameraLost);
    lost.get_by_label_contains("CAM-04");
    press(&mut lost, Key::Enter);
    assert!(!commands(&lost).contains(&Command::Flow(FlowInput::TakeDocument)), "there is nothing to take");
    lost.get_by_label("Open a picture…");
}

#[test]
fn a_refused_picture_says_what_to_do_and_its_code() {
    let (flow, step, view) = fixtures::waiting(true);
    let stage = stage(Seat::Desk, fixtures::in_flow(flow, step, view, false));
    stage.get_by_label_contains("without glare, and closer");
    stage.get_by_label_contains("DOC-58");
}

fn stating(moment: StatedMoment) -> Stage {
    let (flow, step, view) = fixtures::stating(moment);
    stage(Seat::Desk, fixtures::in_flow(flow, step, view, false))
}

fn sent(stage: &Stage) -> Vec<FlowInput> {
    commands(stage).iter().filter_map(|c| if let Command::Flow(input) = c { Some(input.clone()) } else { None }).collect()
}

#[test]
fn what_the_person_states_is_typed_by_keyboard_alone() {
    let mut closed = capturing(CaptureMoment::Empty);
    closed.get_by_label("Stated details…").click();
    closed.run_steps(2);
    assert_eq!(sent(&closed), [FlowInput::StateDetails]);
    stating(StatedMoment::Closed).get_by_label("2 details typed…");

    let mut open = stating(StatedMoment::Begun);
    open.get_by_role_and_label(Role::TextInput, "Family name").type_text("Okonkwo");
    open.run_steps(2);
    let changed = |key: &str, text: &str| FlowInput::FieldChanged { key: key.to_owned(), value: SensitiveText(text.to_owned()) };
    assert_eq!(sent(&open), [changed("family_name", "Okonkwo")], "the first field has the focus");
    // Enter leads from field to field, and out of the last one; nothing is taken meanwhile.
    for _ in 0..4 {
        press(&mut open, Key::Enter);
    }
    let keys: BTreeSet<String> =
        sent(&open).into_iter().filter_map(|input| if let FlowInput::FieldLeft { key } = input { Some(key) } else { None }).collect();
    let done = |stage: &Stage| sent(stage).iter().filter(|input| **input == FlowInput::StatedDone).count();
    assert_eq!((keys.len(), done(&open)), (4, 1));
    press(&mut open, Key::Escape);
    assert!(!sent(&open).contains(&FlowInput::Cancel) && !sent(&open).contains(&FlowInput::TakeDocument), "{:?}", sent(&open));
    open.get_by_label("Clear").click();
    open.run_steps(2);
    assert_eq!(sent(&open).last(), Some(&FlowInput::ForgetStated));
    assert!(!all_said(&open).contains("Okonkwo"), "and wiped");
}

#[test]
fn a_wrong_statement_is_said_and_the_document_waits() {
    let mut waiting = stating(StatedMoment::WaitedFor);
    waiting.get_by_label("It is read. Finish typing to go on.");
    waiting.get_by_label("There is no such day. Please check it.");
    stating(StatedMoment::Typed).get_by_label("That is 23 Apr 1990");
    // A subject is not asked.
    let (flow, step, view) = fixtures::stating(StatedMoment::Begun);
    let mut kiosk = stage(Seat::Kiosk, fixtures::in_flow(flow, step, view, false));
    assert!(kiosk.query_by_label("Family name").is_none());
    press(&mut kiosk, Key::Escape);
    assert!(sent(&kiosk).contains(&FlowInput::Cancel));
    press(&mut waiting, Key::Escape);
    assert!(sent(&waiting).contains(&FlowInput::StatedDone) && !sent(&waiting).contains(&FlowInput::Cancel));
}

#[test]
fn what_was_stated_otherwise_stands_beside_what_the_document_says() {
    let (flow, step, view) = fixtures::decided_otherwise_stated();
    let stage = stage(Seat::Desk, fixtures::in_flow(flow, step, view, false));
    stage.get_by_label("Look at: Document and typed details");
    assert_eq!(stage.query_all_by_label("The person states").count(), 2);
    for text in ["OKONKWO", "Okonjo-Adeyemi", "1990-04-23", "1990-04-24"] {
        stage.get_by_label(text);
    }
}

#[test]
fn a_signature_is_shown_where_one_was_found() {
    let name = "Signature";
    let shown = |overall| decided(overall).query_all_by_role_and_label(Role::Image, name).count();
    assert_eq!((shown(Overall::Ok), shown(Overall::Undecided)), (1, 0));
}

#[test]
fn one_glance_says_yes_no_or_look() {
    for (overall, headline) in [(Overall::Ok, "Accepted"), (Overall::Refused, "Refused"), (Overall::Undecided, "You decide")] {
        let stage = decided(overall);
        assert!(stage.query_all_by_label(headline).count() >= 1, "{headline}");
    }
    decided(Overall::Refused).get_by_label("Look at: Portrait and living face, Not expired");
}

#[test]
fn every_check_opens_with_its_reason_and_closes_again() {
    let mut stage = decided(Overall::Ok);
    let reason = "A trusted country authority issued the signer's certificate.";
    assert!(stage.query_by_label(reason).is_none());
    stage.get_by_label("Country authority: Passed").scroll_to_me();
    stage.run_steps(4);
    stage.get_by_label("Country authority: Passed").click();
    stage.run_steps(4);
    stage.get_by_label(reason);
    stage.get_by_label("CN=csca-utopia,O=Ministry,C=UT");
    stage.get_by_label("Country authority: Passed").click();
    stage.run_steps(4);
    assert!(stage.query_by_label(reason).is_none());
}

#[test]
fn what_stands_against_it_is_open_from_the_start() {
    let stage = decided(Overall::Refused);
    stage.get_by_label("The portrait shows somebody else.");
    stage.get_by_label("The document has expired.");
}

#[test]
fn the_document_can_be_taken_again_unless_it_was_accepted() {
    let mut stage = decided(Overall::Undecided);
    stage.get_by_label("Take the document again").click();
    stage.run_steps(2);
    assert!(commands(&stage).contains(&Command::Flow(FlowInput::RetakeDocument)));
    let mut accepted = decided(Overall::Ok);
    assert!(accepted.query_by_label("Take the document again").is_none());
    accepted.get_by_label("Done").click();
    accepted.run_steps(2);
    assert!(commands(&accepted).contains(&Command::Flow(FlowInput::Next)));
}

/// Every phrase of a check, with those filled into others.
fn phrases(line: &CheckLine) -> Vec<Phrase> {
    fn within(phrase: &Phrase, found: &mut Vec<Phrase>) {
        found.push(phrase.clone());
        phrase.details.iter().for_each(|(_, detail)| of_detail(detail, found));
    }
    fn of_detail(detail: &Detail, found: &mut Vec<Phrase>) {
        if let Detail::List(phrases, _) = detail {
            phrases.iter().for_each(|phrase| within(phrase, found));
        }
    }
    let mut found = Vec::new();
    within(&line.title, &mut found);
    within(&line.reason, &mut found);
    for (name, value) in &line.values {
        within(name, &mut found);
        of_detail(value, &mut found);
    }
    found
}

#[test]
fn in_a_german_window_no_check_speaks_english() {
    let german = Words::new(Language::German);
    for decision in [fixtures::document_decision(Overall::Refused), fixtures::long_decision()] {
        let outcome = Outcome::Document(Box::new(decision.clone()));
        let view = StepView::Outcome { outcome, returns_in: None };
        let snapshot = fixtures::in_flow(FlowKind::VerifyId, Step::Result, view, false);
        let mut stage = stage_in(Language::German, Seat::Desk, snapshot);
        // Every check is opened, or closed where it was open: what it says is seen before or after.
        let mut said = all_said(&stage);
        let rows: BTreeSet<String> = decision.lines.iter().map(|line| format!("{}: ", german.say(&line.title))).collect();
        for row in &rows {
            for place in 0..stage.query_all_by_label_contains(row).count() {
                stage.get_all_by_label_contains(row).nth(place).expect("the row").scroll_to_me();
                stage.run_steps(4);
                said.extend(all_said(&stage));
                stage.get_all_by_label_contains(row).nth(place).expect("the row").click();
                stage.run_steps(4);
                said.extend(all_said(&stage));
            }
        }
        for line in &decision.lines {
            let reason = german.say(&line.reason);
            assert!(said.contains(&reason), "{reason} is not shown");
        }
        let english: Vec<Phrase> = decision.lines.iter().flat_map(phrases).filter(|p| german.say(p) != p.english).collect();
        assert!(english.len() > decision.lines.len());
        for phrase in english {
            let spoken = said.iter().find(|text| **text == phrase.english || text.starts_with(&format!("{}: ", phrase.english)));
            assert_eq!(spoken, None, "{}", phrase.key);
            let sentence = phrase.english.split(' ').count() >= 3;
            assert!(!sentence || !said.iter().any(|text| text.contains(&phrase.english)), "{}", phrase.english);
        }
    }
}

/// Every text of the window.
fn all_said(stage: &Stage) -> BTreeSet<String> {
    let nodes = stage.query_all(By::new().predicate(|node| node.label().is_some() || node.value().is_some()));
    nodes.flat_map(|node| [node.accesskit_node().label(), node.accesskit_node().value()]).flatten().map(|text| text.to_string()).collect()
}

#[test]
fn the_report_is_asked_for_in_the_language_of_the_window() {
    let (flow, step, view) = fixtures::decided(Overall::Refused);
    let StepView::Outcome { outcome: Outcome::Document(decision), .. } = &view else { panic!("{flow:?} {step:?}") };
    for language in Language::ALL {
        let about = About { at: UtcTime(1_795_240_000_000), program: "Visavis", practice: false, wording: language.wording() };
        let page = html(&Report::from(&**decision), &about, &ReportPictures::default());
        assert!(page.contains(&format!("<html lang=\"{}\">", language.tag())));
        let (said, other) = match language {
            Language::English => ("The document has expired.", "Das Dokument ist abgelaufen."),
            Language::German => ("Das Dokument ist abgelaufen.", "The document has expired."),
        };
        assert!(page.contains(said) && !page.contains(other), "{page}");
        let foreign = decision.lines.iter().flat_map(phrases).find(|p| {
            let words = Words::new(language).say(p);
            words != p.english && page.contains(&format!(">{}<", p.english))
        });
        assert_eq!(foreign, None);
    }
}
