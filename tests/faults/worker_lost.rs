//! A worker thread dies of a bug: a named state, nothing accepted, the preview blank, the window alive.

use crate::hooked::Hooked;
use crate::stage::{Stage, networks, nobody, stage, stage_with};
use std::sync::atomic::Ordering;
use visavis::ports::audit::AuditEvent;
use visavis::ports::gallery::SubjectQuery;
use visavis::runtime::messages::{Command, Notice};
use visavis::workflow::input::FlowInput;
use visavis::workflow::view::{CapturePhase, FlowKind, StepView};

#[track_caller]
fn nothing_was_saved(s: &mut Stage) {
    s.app.handle(Command::ListSubjects(SubjectQuery { limit: 5, ..SubjectQuery::default() }));
    s.until("the list", |s| s.notices.iter().any(|n| matches!(n, Notice::Subjects(..))));
    assert!(s.notices.iter().all(|n| !matches!(n, Notice::Subjects(_, page) if page.total > 0)));
}

#[test]
fn networks_that_panic_while_looking_fail_closed() {
    let mut s = stage();
    s.start_enrolment();
    s.show_until(4, "holding", |s| s.phase() == Some(CapturePhase::Holding));
    s.script.mode.store(networks::PANIC, Ordering::SeqCst);
    s.show_until(4, "the trouble", |s| s.trouble() == Some("SYS-10"));
    assert!(s.is_blank());
    s.script.mode.store(networks::COMPLIANT, Ordering::SeqCst);
    for input in [FlowInput::Next, FlowInput::Retry, FlowInput::Retake] {
        s.input(input);
        assert_eq!(s.trouble(), Some("SYS-10"));
    }
    s.input(FlowInput::Cancel);
    assert_eq!(s.view(), None);
    // Every later flow says so as well.
    s.start_enrolment();
    assert_eq!(s.trouble(), Some("SYS-10"));
    nothing_was_saved(&mut s);
}

#[test]
fn networks_that_panic_over_a_burst_accept_nobody() {
    let mut s = stage();
    s.start_enrolment();
    s.script.mode.store(networks::PANIC_ON_BURST, Ordering::SeqCst);
    s.show_until(4, "the burst", |s| s.phase() == Some(CapturePhase::Assessing) || s.trouble().is_some());
    s.until("the trouble", |s| s.trouble() == Some("SYS-10"));
    assert!(s.is_blank());
    nothing_was_saved(&mut s);
}

#[test]
fn networks_that_fail_and_recover_let_the_capture_go_on() {
    let mut s = stage();
    s.start_enrolment();
    s.show_until(4, "holding", |s| s.phase() == Some(CapturePhase::Holding));
    s.script.mode.store(networks::FAIL, Ordering::SeqCst);
    s.show_until(4, "the trouble", |s| s.trouble() == Some("MOD-10"));
    assert!(s.is_blank());
    s.script.mode.store(networks::COMPLIANT, Ordering::SeqCst);
    s.finish_enrolment(4);
}

#[test]
fn an_attack_is_never_enrolled() {
    let mut s = stage();
    s.start_enrolment();
    s.script.mode.store(networks::ATTACK, Ordering::SeqCst);
    s.show_until(4, "the end of the attempt", |s| s.phase() == Some(CapturePhase::AttemptOver));
    nothing_was_saved(&mut s);
}

#[test]
fn a_gallery_that_panics_while_saving_reports_nothing_saved() {
    let mut s = stage_with(|store| Box::new(Hooked { enrols: || panic!("scripted"), ..Hooked::over(store) }));
    s.start_enrolment();
    s.show_until(4, "the review", |s| matches!(s.view(), Some(StepView::Review(_))));
    s.input(FlowInput::Next);
    s.until("the trouble", |s| s.trouble() == Some("GAL-09"));
    assert!(s.is_blank());
    // Lists and searches say the same; the window lives on.
    s.app.handle(Command::OpenSubject(nobody()));
    s.until("the notice", |s| s.notices.iter().any(|n| matches!(n, Notice::Failed(_, advice) if advice.code == "GAL-09")));
    s.start(FlowKind::Identify);
    s.show_until(4, "the trouble", |s| s.trouble() == Some("GAL-09"));
}

#[test]
fn everything_ends_in_order() {
    let mut s = stage();
    s.start_enrolment();
    s.show_until(4, "holding", |s| s.phase() == Some(CapturePhase::Holding));
    let audit = s.audit.clone();
    assert!(s.end(), "every thread ended within the limit");
    let events = audit.0.lock().unwrap();
    assert!(matches!(events.first(), Some(AuditEvent::Started { practice: true, .. })));
    assert!(matches!(events.last(), Some(AuditEvent::FlowEnded { .. })), "{:?}", events.last());
}
