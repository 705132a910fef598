//! The camera is not there, goes away, or delivers nothing any more: in each phase of a capture, at start-up, and on recovery.

use crate::stage::{Act, Stage, networks, stage};
use std::sync::atomic::Ordering;
use visavis::ports::audit::AuditEvent;
use visavis::ports::camera::CameraError;
use visavis::runtime::messages::{CameraHealth, Command};
use visavis::workflow::input::FlowInput;
use visavis::workflow::view::{CapturePhase, FlowKind, Outcome, StepView};

fn unplug(s: &mut Stage) {
    s.script.plug(Err(CameraError::NotFound { id: "scripted".into() }));
    s.act(Act::Unplug);
}

#[track_caller]
fn recover(s: &mut Stage) {
    s.script.plug(Ok(()));
    s.script.mode.store(networks::COMPLIANT, Ordering::SeqCst);
    s.wait_until("an open camera", |s| matches!(s.app.snapshot().status.camera_health, CameraHealth::Streaming { .. }));
}

#[test]
fn without_a_camera_the_flow_says_so_and_goes_on_once_there_is_one() {
    let mut s = stage();
    s.script.plug(Err(CameraError::NotFound { id: "webcam".into() }));
    s.start_enrolment();
    s.wait_until("the trouble", |s| s.trouble() == Some("CAM-01"));
    assert!(s.is_blank());
    recover(&mut s);
    assert_eq!(s.finish_enrolment(7).len(), 9);
    assert_eq!(s.app.snapshot().status.enrolled, 1);
}

#[test]
fn a_camera_unplugged_in_any_phase_blanks_the_preview_and_nothing_is_accepted() {
    for phase in [CapturePhase::Positioning, CapturePhase::Holding, CapturePhase::Capturing] {
        let mut s = stage();
        s.start_enrolment();
        if phase == CapturePhase::Positioning {
            s.script.mode.store(networks::NO_FACE, Ordering::SeqCst);
            s.show_until(7, "live frames", |s| !s.is_blank());
        }
        s.show_until(7, "the phase, with live frames on screen", |s| s.phase() == Some(phase) && !s.is_blank());
        unplug(&mut s);
        s.until("the trouble", |s| s.trouble() == Some("CAM-04"));
        assert!(s.is_blank(), "{phase:?}");
        recover(&mut s);
        s.finish_enrolment(7);
        let troubles: Vec<String> = codes(&s);
        assert!(troubles.contains(&"CAM-04".to_owned()) && troubles.contains(&String::new()), "{phase:?}: the trail holds {troubles:?}");
    }
}

fn codes(s: &Stage) -> Vec<String> {
    let events = s.audit.0.lock().unwrap();
    events.iter().filter_map(|e| if let AuditEvent::Trouble { code, .. } = e { Some(code.clone()) } else { None }).collect()
}

#[test]
fn a_picture_already_taken_is_assessed_although_the_camera_is_gone() {
    let mut s = stage();
    s.start_enrolment();
    s.script.answer_bursts(false);
    s.show_until(7, "the assessment", |s| s.phase() == Some(CapturePhase::Assessing));
    unplug(&mut s);
    s.wait_until("the loss", |s| matches!(s.app.snapshot().status.camera_health, CameraHealth::Recovering { .. }));
    assert!(s.is_blank());
    s.script.answer_bursts(true);
    s.until("the review", |s| matches!(s.view(), Some(StepView::Review(_))));
}

#[cfg(unix)]
#[test]
fn a_wedged_camera_is_woken_and_opened_again() {
    let mut s = stage();
    s.start_enrolment();
    s.show_until(7, "holding", |s| s.phase() == Some(CapturePhase::Holding));
    s.act(Act::Hang);
    s.wait_until("the trouble", |s| s.trouble() == Some("CAM-05"));
    assert!(s.is_blank());
    recover(&mut s);
    s.finish_enrolment(7);
}

#[test]
fn steps_that_need_no_camera_do_not_mind() {
    let mut s = stage();
    s.script.plug(Err(CameraError::Busy { id: "webcam".into() }));
    s.start(FlowKind::Enrol);
    assert_eq!(s.view(), Some(StepView::Consent));
    s.input(FlowInput::Next);
    assert!(matches!(s.view(), Some(StepView::Details(_))));
    assert_eq!(s.app.snapshot().status.camera_health, CameraHealth::Off);
    s.input(FlowInput::Cancel);
    assert_eq!(s.view(), None);
}

#[test]
fn cancelling_while_the_camera_is_lost_lets_it_rest() {
    let mut s = stage();
    s.start_enrolment();
    s.show_until(7, "holding", |s| s.phase() == Some(CapturePhase::Holding));
    unplug(&mut s);
    s.until("the trouble", |s| s.trouble().is_some());
    s.input(FlowInput::Cancel);
    assert_eq!((s.view(), s.app.snapshot().status.camera_health), (None, CameraHealth::Off));
    // The next flow finds a camera that works.
    s.script.plug(Ok(()));
    s.start_enrolment();
    s.finish_enrolment(8);
}

#[test]
fn one_person_enrols_returns_and_is_told_from_another() {
    let mut s = stage();
    s.start_enrolment();
    let code = s.finish_enrolment(7);
    s.input(FlowInput::Next);
    for (person, expected) in [(7, true), (9, false)] {
        s.start(FlowKind::Authenticate);
        s.enter("registration_code", &code);
        s.input(FlowInput::Next);
        s.until("the face step", |s| s.phase().is_some());
        s.show_until(person, "the outcome", |s| s.outcome().is_some());
        let Some(Outcome::Verified { comparison, .. }) = s.outcome() else { panic!("{:?}", s.outcome()) };
        assert_eq!(comparison.decision == visavis::biometrics::comparison::VerificationDecision::Match, expected, "person {person}");
        s.start(FlowKind::Identify);
        s.show_until(person, "the outcome", |s| s.outcome().is_some());
        let Some(Outcome::Identified { candidates, decided, .. }) = s.outcome() else { panic!("{:?}", s.outcome()) };
        assert_eq!((candidates.len(), decided), (usize::from(expected), expected), "person {person}");
    }
}

#[test]
fn the_preview_outside_a_flow_follows_the_camera() {
    let mut s = stage();
    s.app.handle(Command::Preview(true));
    s.show_until(7, "the preview", |s| s.app.snapshot().live.is_some() && !s.is_blank());
    unplug(&mut s);
    s.until("the loss", |s| matches!(s.app.snapshot().status.camera_health, CameraHealth::Recovering { code: "CAM-04", .. }));
    assert!(s.is_blank() && s.app.snapshot().live.is_none());
    recover(&mut s);
    s.show_until(7, "the preview", |s| !s.is_blank());
    s.app.handle(Command::Preview(false));
    assert!(s.is_blank());
}
