//! The kiosk: a flow by keyboard alone, what the subject may and may not see, targets large enough to touch.

use crate::stage::{commands, press, stage};
use egui::Key;
use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use visavis::runtime::messages::{Command, Seat};
use visavis::ui::fixtures;
use visavis::workflow::input::FlowInput;
use visavis::workflow::view::{CapturePhase, DetailsView, Feedback, FlowKind, ReviewView, Step, StepView};

#[test]
fn a_flow_needs_no_pointer() {
    let flow = |step, view| fixtures::in_flow(FlowKind::Enrol, step, view, false);
    let face = fixtures::capture(CapturePhase::Positioning, Feedback::FaceTooFar, None, 0.0);
    let review = ReviewView { portrait: None, details: Vec::new(), duplicates: Vec::new() };
    let outcome = fixtures::found(&[], fixtures::UNKNOWN);
    let start = Command::StartFlow { flow: FlowKind::Enrol, claim: None };
    let cases = [
        ("attract", fixtures::idle(false), Key::Enter, start),
        ("consent", flow(Step::Consent, StepView::Consent), Key::Enter, Command::Flow(FlowInput::Next)),
        ("consent", flow(Step::Consent, StepView::Consent), Key::Escape, Command::Flow(FlowInput::Back)),
        ("face", flow(Step::Face, StepView::Face(face)), Key::Escape, Command::Flow(FlowInput::Cancel)),
        ("review", flow(Step::Review, StepView::Review(review)), Key::Enter, Command::Flow(FlowInput::Next)),
        ("result", flow(Step::Result, StepView::Outcome { outcome, returns_in: None }), Key::Enter, Command::Flow(FlowInput::Next)),
    ];
    for (screen, snapshot, key, expected) in cases {
        let mut stage = stage(Seat::Kiosk, snapshot);
        press(&mut stage, key);
        assert_eq!(commands(&stage).last(), Some(&expected), "{screen}, {key:?}");
    }
}

#[test]
fn tab_reaches_every_button_of_the_consent_screen() {
    let mut stage = stage(Seat::Kiosk, fixtures::in_flow(FlowKind::Enrol, Step::Consent, StepView::Consent, false));
    press(&mut stage, Key::Tab);
    assert!(stage.get_by_label("I do not agree").is_focused());
    press(&mut stage, Key::Tab);
    assert!(stage.get_by_label("I agree").is_focused());
    press(&mut stage, Key::Enter);
    assert_eq!(commands(&stage), [Command::Flow(FlowInput::Next)]);
}

#[test]
fn details_are_typed_validated_on_leaving_and_sent_once_complete() {
    let mut view = fixtures::details();
    view.fields.truncate(1);
    view.fields[0].value.0.clear();
    let snapshot = |view: DetailsView| fixtures::in_flow(FlowKind::Enrol, Step::Details, StepView::Details(view), false);
    let mut stage = stage(Seat::Kiosk, snapshot(view.clone()));
    stage.get_by_role_and_label(Role::TextInput, "Full name").focus();
    stage.run_steps(2);
    stage.get_by_role_and_label(Role::TextInput, "Full name").type_text("Ada");
    stage.run_steps(2);
    let typed = |c: &Command| matches!(c, Command::Flow(FlowInput::FieldChanged { key, value }) if key == "full_name" && value.0 == "Ada");
    assert!(commands(&stage).iter().any(typed));
    view.complete = true;
    stage.state_mut().backend_mut().snapshot = snapshot(view);
    press(&mut stage, Key::Enter);
    let left = |c: &Command| matches!(c, Command::Flow(FlowInput::FieldLeft { key }) if key == "full_name");
    assert!(commands(&stage).iter().any(left));
    assert!(commands(&stage).contains(&Command::Flow(FlowInput::Next)));
}

#[test]
fn the_on_screen_keyboard_writes_into_the_field() {
    let mut view = fixtures::details();
    view.fields.truncate(1);
    view.fields[0].value.0.clear();
    let mut stage = stage(Seat::Kiosk, fixtures::in_flow(FlowKind::Enrol, Step::Details, StepView::Details(view), false));
    stage.get_by_label("Show keyboard").click();
    stage.run_steps(3);
    for key in ["Key A", "Key d", "Key a"] {
        stage.get_by_label(key).click();
        stage.run_steps(3);
    }
    let texts: Vec<&str> = commands(&stage)
        .iter()
        .filter_map(|c| if let Command::Flow(FlowInput::FieldChanged { value, .. }) = c { Some(value.0.as_str()) } else { None })
        .collect();
    assert_eq!(texts, ["A", "Ad", "Ada"]);
}

#[test]
fn the_subject_never_sees_who_is_alike_and_the_officer_does() {
    for (seat, shown) in [(Seat::Kiosk, false), (Seat::Desk, true)] {
        let review = ReviewView { portrait: None, details: Vec::new(), duplicates: fixtures::candidates(&[0.7]) };
        let stage = stage(seat, fixtures::in_flow(FlowKind::Enrol, Step::Review, StepView::Review(review), false));
        assert_eq!(stage.query_by_label("Possibly known already").is_some(), shown, "{seat:?}");
        assert_eq!(stage.query_by_label(fixtures::NAMES[0]).is_some(), shown, "{seat:?}");
    }
}

#[test]
fn the_instruction_is_spoken_with_its_amount() {
    let amount = Some(visavis::workflow::view::Amount::Centimetres(12.0));
    let view = fixtures::capture(CapturePhase::Positioning, Feedback::FaceTooFar, amount, 0.0);
    let stage = stage(Seat::Kiosk, fixtures::in_flow(FlowKind::Enrol, Step::Face, StepView::Face(view), false));
    stage.get_by_label("Come a little closer, about 12 cm");
    stage.get_by_label("2 attempts left");
}

#[test]
fn the_practice_ribbon_is_on_every_screen_and_only_in_practice() {
    for scene in fixtures::scenes() {
        for practice in [true, false] {
            let mut snapshot = scene.fixture.snapshot.clone();
            snapshot.status.practice = practice;
            let stage = stage(scene.options.seat, snapshot);
            let ribbon = stage.query_by_label("Practice mode: nothing here is real");
            assert_eq!(ribbon.is_some(), practice, "{}", scene.name);
        }
    }
}

#[test]
fn every_kiosk_target_is_large_enough_to_touch() {
    for scene in fixtures::scenes().into_iter().filter(|s| s.options.seat == Seat::Kiosk) {
        let mut stage = stage(Seat::Kiosk, scene.fixture.snapshot.clone());
        if scene.options.keyboard && stage.query_by_label("Show keyboard").is_some() {
            stage.get_by_label("Show keyboard").click();
            stage.run_steps(3);
        }
        for role in [Role::Button, Role::RadioButton, Role::TextInput] {
            for node in stage.get_all_by_role_or_none(role) {
                let least = if role == Role::TextInput { 48.0 } else { 63.5 };
                let size = node.size();
                assert!(size.x >= least && size.y >= least, "{}: {role:?} is {size:?}", scene.name);
            }
        }
    }
}

trait Rects {
    fn get_all_by_role_or_none(&self, role: Role) -> Vec<egui::Rect>;
}

impl Rects for crate::stage::Stage {
    fn get_all_by_role_or_none(&self, role: Role) -> Vec<egui::Rect> {
        self.query_all_by_role(role).filter(|n| !n.accesskit_node().is_hidden()).map(|n| n.rect()).collect()
    }
}
