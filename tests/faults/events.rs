//! Events of the flows: on the disk before the flow goes on from what they tell of; what cannot be kept is said and holds nobody up.

use crate::hooked::Hooked;
use crate::stage::{Stage, StoreWrapper, stage_at};
use std::sync::{Arc, Condvar, Mutex};
use visavis::ports::events::{EventStore, NewEvent, Registration};
use visavis::ports::gallery::GalleryError;
use visavis::runtime::messages::{Notice, Seat};
use visavis::units::{SensitiveBytes, UtcTime};
use visavis::workflow::input::FlowInput;
use visavis::workflow::view::{CapturePhase, FlowKind, StepView};

/// A stage with a receiver that wants every event and is not there.
fn scene(wrap: StoreWrapper) -> Stage {
    let mut stage = stage_at(Seat::Desk, None, wrap);
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let events = visavis::ports::events::EVENT_KINDS.map(str::to_owned).to_vec();
    let registration = Registration { url: format!("http://{nobody}"), auth: None, encrypt: false, sign: true, events };
    let open = stage.opener();
    open().unwrap().register(&registration, &SensitiveBytes(vec![1; 32]), UtcTime(0)).unwrap();
    let places = stage.places();
    stage.app.deliver_with(places, false);
    stage.app.tell_events_with(Arc::new(move |_| open().map(|gallery| Box::new(gallery) as Box<dyn EventStore>)));
    stage
}

/// What stands in the file, oldest first.
fn kept(open: &impl Fn() -> Result<visavis::adapters::gallery::sqlite::SqliteGallery, GalleryError>) -> Vec<String> {
    let posts = open().unwrap().posts(None, None, 0, 100).unwrap();
    posts.entries.into_iter().rev().map(|post| post.event.event.kind).collect()
}

fn enrolled(stage: &mut Stage) -> String {
    stage.start(FlowKind::Enrol);
    stage.until("the first step", |s| matches!(s.view(), Some(StepView::Consent)));
    stage.input(FlowInput::Next);
    stage.enter("full_name", "Ada Example");
    stage.input(FlowInput::Next);
    let code = stage.finish_enrolment(1);
    stage.input(FlowInput::Next);
    code
}

fn authenticate(stage: &mut Stage, code: &str) {
    stage.start(FlowKind::Authenticate);
    stage.until("the code's field", |s| matches!(s.view(), Some(StepView::Details(_))));
    stage.enter("registration_code", code);
    stage.input(FlowInput::Next);
}

fn stands(stage: &Stage) -> bool {
    stage.app.flow().is_some_and(|flow| flow.outcome().is_some())
}

/// Closed, the end of an authentication is not kept.
static GATE: (Mutex<bool>, Condvar) = (Mutex::new(false), Condvar::new());

fn waits_at_the_gate(event: &NewEvent) -> Result<(), GalleryError> {
    if event.kind == "authentication.completed" {
        let open = GATE.0.lock().unwrap();
        drop(GATE.1.wait_while(open, |open| !*open).unwrap());
    }
    Ok(())
}

#[test]
fn an_outcome_is_shown_once_its_event_is_on_the_disk() {
    let mut stage = scene(|store| Box::new(Hooked { keeps: waits_at_the_gate, ..Hooked::over(store) }));
    let open = stage.opener();
    let code = enrolled(&mut stage);
    assert_eq!(kept(&open), ["enrollment.started", "enrollment.face.check", "enrollment.completed"]);
    authenticate(&mut stage, &code);
    stage.show_until(1, "a decision", stands);
    for _ in 0..5 {
        stage.poll();
        assert!(matches!(stage.view(), Some(StepView::Working { .. })), "{:?}", stage.view());
        stage.input(FlowInput::Next);
    }
    assert!(stands(&stage), "what cannot be seen cannot be answered");
    assert_eq!(kept(&open)[3..], ["authentication.started", "authentication.face.check"]);
    *GATE.0.lock().unwrap() = true;
    GATE.1.notify_all();
    stage.until("the outcome", |s| s.outcome().is_some());
    assert_eq!(kept(&open).last().map(String::as_str), Some("authentication.completed"));
    assert_eq!(kept(&open).len(), 6, "each once");
    assert!(stage.end());
}

#[test]
fn an_event_that_cannot_be_kept_is_said_and_holds_nobody_up() {
    fn full(event: &NewEvent) -> Result<(), GalleryError> {
        if event.kind.ends_with("face.check") { Err(GalleryError::DiskFull) } else { Ok(()) }
    }
    let mut stage = scene(|store| Box::new(Hooked { keeps: full, ..Hooked::over(store) }));
    let open = stage.opener();
    enrolled(&mut stage);
    assert!(stage.notices.iter().any(|notice| matches!(notice, Notice::Failed(_, advice) if advice.code == "EVT-02")));
    assert_eq!(kept(&open), ["enrollment.started", "enrollment.completed"]);
    assert!(stage.end());
}

#[test]
fn a_gallery_that_is_locked_for_a_moment_loses_no_event() {
    static TRIES: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    fn locked(_: &NewEvent) -> Result<(), GalleryError> {
        let tries = TRIES.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        if tries % 3 < 2 { Err(GalleryError::Locked) } else { Ok(()) }
    }
    let mut stage = scene(|store| Box::new(Hooked { keeps: locked, ..Hooked::over(store) }));
    let open = stage.opener();
    enrolled(&mut stage);
    assert_eq!(kept(&open), ["enrollment.started", "enrollment.face.check", "enrollment.completed"]);
    assert!(stage.end());
}

#[test]
fn a_flow_that_ends_with_the_application_is_told_as_cancelled() {
    let mut stage = scene(|store| store);
    let open = stage.opener();
    stage.start(FlowKind::Enrol);
    stage.until("the first step", |s| matches!(s.view(), Some(StepView::Consent)));
    assert_eq!(kept(&open), ["enrollment.started"], "before anything is shown");
    stage.input(FlowInput::Next);
    stage.enter("full_name", "Ada Example");
    stage.input(FlowInput::Next);
    stage.show_until(4, "holding", |s| s.phase() == Some(CapturePhase::Holding));
    // The file stays where it is until the count.
    let folder = stage.end_and_keep();
    assert_eq!(kept(&open), ["enrollment.started", "enrollment.cancelled"]);
    drop(folder);
}
