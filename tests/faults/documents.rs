//! A document under the camera of the application: captured by itself up to the reading, and the camera lost on the way.

use crate::stage::{Act, Stage, stage};
use visavis::ports::camera::CameraError;
use visavis::runtime::messages::{CameraHealth, Command};
use visavis::workflow::document_capture::instruction::Instruction;
use visavis::workflow::input::FlowInput;
use visavis::workflow::view::{DocumentView, FlowKind, StepView};

fn document(s: &Stage) -> Option<DocumentView> {
    match s.view() {
        Some(StepView::Document(view)) => Some(view),
        _ => None,
    }
}

fn code(s: &Stage) -> Option<&'static str> {
    document(s)?.capture?.code
}

#[test]
fn a_card_before_the_practice_camera_is_captured_on_both_sides_and_handed_to_the_reading() {
    let mut s = stage();
    s.app.handle(Command::UseCamera("document:td1?seed=2&act=still".to_owned()));
    s.start(FlowKind::VerifyId);
    s.until("the first side", |s| document(s).is_some_and(|d| d.pages.len() == 1));
    let turning = document(&s).expect("the step").capture.expect("a capture");
    assert_eq!((turning.instruction, turning.turning), (Instruction::TurnOver, true));
    // The scripted pack reads no documents: that is what the step says in the end, with both pages in hand.
    s.until("the answer of the reading", |s| document(s).is_some_and(|d| d.refusal.is_some()));
    let view = document(&s).expect("the step");
    assert_eq!((view.pages.len(), view.refusal.map(|r| r.advice.code)), (2, Some("MOD-08")));
    assert!(s.is_blank(), "what lies there is captured: no live picture");
    s.input(FlowInput::Cancel);
    assert!(s.view().is_none() && s.end());
}

#[test]
fn a_camera_that_is_lost_before_a_document_is_there_has_a_name_and_comes_back() {
    let mut s = stage();
    s.start(FlowKind::VerifyId);
    s.act(Act::Face(7));
    s.until("a frame without a document", |s| document(s).and_then(|d| d.capture).is_some_and(|c| c.frame_size.is_some()));
    assert!(!s.is_blank() && code(&s).is_none());
    s.script.plug(Err(CameraError::NotFound { id: "scripted".into() }));
    s.act(Act::Unplug);
    s.until("the loss", |s| code(s) == Some("CAM-04"));
    let view = document(&s).expect("the step");
    assert!(s.is_blank() && !view.live && view.capture.is_some_and(|c| c.outline.is_none() && c.progress == 0.0));
    s.script.plug(Ok(()));
    s.wait_until("an open camera", |s| matches!(s.app.snapshot().status.camera_health, CameraHealth::Streaming { .. }));
    s.act(Act::Face(7));
    s.wait_until("a capture that goes on", |s| document(s).is_some_and(|d| d.live && d.pages.is_empty()));
    assert_eq!(code(&s), None);
    assert!(s.end());
}
