//! The desk: searching, erasing with a reason, the honest unknown, the palette, devices.

use crate::stage::{Stage, commands, press, stage};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use visavis::biometrics::pad::{PadDecision, PadOutcome};
use visavis::config::Change;
use visavis::runtime::messages::{Command, Seat};
use visavis::ui::fixtures;
use visavis::ui::strings::code_in_groups;
use visavis::workflow::input::FlowInput;
use visavis::workflow::view::{FlowKind, Outcome, Step, StepView};

fn gallery() -> Stage {
    let mut snapshot = fixtures::idle(false);
    snapshot.status.enrolled = 30;
    let mut stage = stage(Seat::Desk, snapshot);
    stage.get_by_label("Gallery").click();
    stage.run_steps(4);
    stage
}

#[test]
fn a_person_is_found_opened_and_put_into_a_gallery() {
    let mut stage = gallery();
    stage.get_by_label("Search by name, detail or code").focus();
    stage.run_steps(2);
    stage.get_by_label("Search by name, detail or code").type_text("duarte");
    stage.run_steps(4);
    assert!(stage.query_by_label("Open Amara Okonkwo").is_none());
    stage.get_all_by_label("Open Rafael Duarte").next().unwrap().click();
    stage.run_steps(4);
    assert!(commands(&stage).contains(&Command::OpenSubject(fixtures::subject_id(3))));
    stage.get_by_label("Add to a gallery").click();
    stage.run_steps(3);
    stage.get_by_label("Staff").click();
    stage.run_steps(3);
    assert!(commands(&stage).contains(&Command::AddMember("Staff".into(), fixtures::subject_id(3))));
}

#[test]
fn rows_are_reached_by_arrow_keys() {
    let mut stage = gallery();
    press(&mut stage, Key::ArrowDown);
    press(&mut stage, Key::ArrowDown);
    press(&mut stage, Key::Enter);
    assert!(commands(&stage).contains(&Command::OpenSubject(fixtures::subject_id(1))));
    stage.run_steps(2);
    assert!(stage.query_by_label("Erase…").is_some());
    press(&mut stage, Key::Escape);
    assert!(stage.query_by_label("Erase…").is_none());
}

#[test]
fn erasing_asks_for_a_reason_and_the_code_and_shows_what_is_destroyed() {
    let mut stage = gallery();
    stage.get_all_by_label("Open Amara Okonkwo").next().unwrap().click();
    stage.run_steps(4);
    stage.get_by_label("Erase…").click();
    stage.run_steps(4);
    for said in ["All pictures", "2 completed registrations", "The key that opens them, also from later restores"] {
        stage.get_by_label(said);
    }
    let erased = |stage: &Stage| commands(stage).iter().find(|c| matches!(c, Command::Erase(..))).cloned();
    stage.get_by_label("Erase for good").click();
    stage.run_steps(2);
    assert_eq!(erased(&stage), None);
    stage.get_by_label("The person asked for it").click();
    stage.run_steps(2);
    stage.get_by_label("Erase for good").click();
    stage.run_steps(2);
    assert_eq!(erased(&stage), None, "a reason alone is not enough");
    let code = code_in_groups(&fixtures::code(0));
    let field = format!("Type {code} to confirm");
    let inputs = |stage: &Stage| {
        stage
            .query_all_by_label(&field)
            .find(|n| n.accesskit_node().role() == egui::accesskit::Role::TextInput)
            .map(|n| n.focus())
            .is_some()
    };
    assert!(inputs(&stage));
    stage.run_steps(2);
    stage.event(egui::Event::Text(code.to_lowercase()));
    stage.run_steps(2);
    stage.get_by_label("Erase for good").click();
    stage.run_steps(2);
    assert_eq!(erased(&stage), Some(Command::Erase(fixtures::subject_id(0), "The person asked for it".into())));
}

#[test]
fn unknown_is_shown_as_an_answer_even_with_weak_candidates() {
    let outcome = fixtures::found(&[0.3, 0.2], fixtures::UNKNOWN);
    let view = StepView::Outcome { outcome, returns_in: None };
    let stage = stage(Seat::Desk, fixtures::in_flow(FlowKind::Identify, Step::Result, view, false));
    stage.get_by_label("Unknown");
    stage.get_by_label("The nearest, all below the threshold");
    assert_eq!(stage.get_all_by_role(Role::Meter).count(), 2);
}

#[test]
fn the_palette_opens_by_key_and_starts_what_is_typed() {
    let mut stage = stage(Seat::Desk, fixtures::idle(false));
    stage.key_press_modifiers(Modifiers::COMMAND, Key::K);
    stage.run_steps(3);
    stage.event(egui::Event::Text("start ident".into()));
    stage.run_steps(3);
    press(&mut stage, Key::Enter);
    assert!(commands(&stage).contains(&Command::StartFlow { flow: FlowKind::Identify, claim: None }));
    assert!(stage.query_by_label("What would you like to do?").is_none());
}

#[test]
fn a_gallery_to_search_is_chosen_without_a_pointer() {
    let mut stage = stage(Seat::Desk, fixtures::idle(false));
    stage.get_by_label("Identify").click();
    stage.run_steps(4);
    assert!(commands(&stage).contains(&Command::ListGalleries));
    let choice = |stage: &Stage| stage.get_by_role_and_label(Role::ComboBox, "Search among").is_focused();
    for _ in 0..40 {
        if choice(&stage) {
            break;
        }
        press(&mut stage, Key::Tab);
    }
    assert!(choice(&stage), "Tab reaches the choice");
    press(&mut stage, Key::Space);
    stage.get_by_label("Safe deposit · 214 people");
    for _ in 0..40 {
        if stage.get_by_label("Staff · 38 people").is_focused() {
            break;
        }
        press(&mut stage, Key::Tab);
    }
    press(&mut stage, Key::Space);
    stage.run_steps(3);
    assert!(commands(&stage).iter().all(|c| !matches!(c, Command::SearchGallery(_))), "choosing begins nothing");
    stage.get_by_label("Start identification").click();
    stage.run_steps(3);
    assert!(commands(&stage).contains(&Command::SearchGallery("Staff".into())), "{:?}", commands(&stage));
}

#[test]
fn an_answer_from_one_gallery_says_which() {
    let view = StepView::Outcome { outcome: fixtures::found(&[], fixtures::UNKNOWN), returns_in: None };
    let mut snapshot = fixtures::in_flow(FlowKind::Identify, Step::Result, view, false);
    snapshot.flow.as_mut().unwrap().gallery = Some("Staff".to_owned());
    let stage = stage(Seat::Desk, snapshot);
    stage.get_by_label_contains("“Staff”");
}

#[test]
fn an_officer_goes_on_over_silence_with_a_reason() {
    let pad = Some(PadDecision { outcome: PadOutcome::NonResponse, layers: Vec::new() });
    let outcome = Outcome::Refused { reason_key: "attempt-no-answer", code: "BIO-08", pad };
    let view = StepView::Outcome { outcome, returns_in: None };
    let mut stage = stage(Seat::Desk, fixtures::in_flow(FlowKind::Enrol, Step::Result, view, false));
    stage.get_by_label("Go on").click();
    stage.run_steps(2);
    assert!(commands(&stage).iter().all(|c| !matches!(c, Command::Flow(_))), "nothing happens without a reason");
    stage.get_by_label("Reason, kept in the record").focus();
    stage.run_steps(2);
    stage.event(egui::Event::Text("seen in person".into()));
    stage.run_steps(2);
    stage.get_by_label("Go on").click();
    stage.run_steps(2);
    assert!(commands(&stage).contains(&Command::Flow(FlowInput::Override { reason: "seen in person".into() })));
}

#[test]
fn another_camera_and_profile_are_asked_for() {
    let mut stage = stage(Seat::Desk, fixtures::idle(false));
    stage.get_by_label("Devices").click();
    stage.run_steps(4);
    stage.get_by_label("Practise with a drawn subject").click();
    stage.run_steps(2);
    assert!(commands(&stage).contains(&Command::UseCamera("synthetic:default".into())));
    stage.get_by_label("Settings").click();
    stage.run_steps(3);
    stage.get_by_role_and_label(egui::accesskit::Role::RadioButton, "Portrait").scroll_to_me();
    stage.run_steps(4);
    stage.get_by_role_and_label(egui::accesskit::Role::RadioButton, "Portrait").click();
    stage.run_steps(2);
    let sent = commands(&stage).iter().any(|c| matches!(c, Command::ChangeSettings(_)));
    assert!(!sent, "nothing changes before it is saved");
    stage.get_by_label("Save").click();
    stage.run_steps(2);
    assert!(commands(&stage).contains(&Command::ChangeSettings(vec![Change::set("capture.profile", "portrait")])));
}
