//! The wall clock jumps: kiosks start with a dead battery in 1970 and are set right, or wrong, at any moment. No duration minds.

use crate::stage::{Stage, stage};
use std::time::Duration;
use visavis::runtime::messages::{Command, Notice};
use visavis::units::UtcTime;
use visavis::workflow::input::FlowInput;
use visavis::workflow::view::{CapturePhase, FlowKind, StepView};

const YEAR: i64 = 365 * 24 * 3600 * 1000;

fn jump(s: &Stage, to: i64) {
    s.clock.set_utc(UtcTime(to));
}

#[test]
fn jumps_in_every_step_disturb_no_flow() {
    for jumps in [[0, -5, 40 * YEAR, 1], [300 * YEAR, i64::MAX, i64::MIN, 50 * YEAR]] {
        let mut s = stage();
        s.start(FlowKind::Enrol);
        jump(&s, jumps[0]);
        s.input(FlowInput::Next);
        s.enter("full_name", "Ada Example");
        jump(&s, jumps[1]);
        s.input(FlowInput::Next);
        s.show_until(3, "holding", |s| s.phase() == Some(CapturePhase::Holding));
        jump(&s, jumps[2]);
        s.show_until(3, "the review", |s| matches!(s.view(), Some(StepView::Review(_))));
        jump(&s, jumps[3]);
        let code = s.finish_enrolment(3);
        assert_eq!(code.len(), 9, "{jumps:?}: {code}");
    }
}

#[test]
fn only_time_that_passes_ends_an_idle_flow() {
    let mut s = stage();
    s.start(FlowKind::Enrol);
    jump(&s, 100 * YEAR);
    s.poll();
    assert_eq!(s.view(), Some(StepView::Consent), "a jump of the wall clock is not time");
    s.clock.advance(Duration::from_secs(44));
    s.poll();
    assert_eq!(s.view(), Some(StepView::Consent));
    jump(&s, 0);
    s.clock.advance(Duration::from_secs(2));
    s.poll();
    assert_eq!(s.view(), None, "nobody was there for 45 seconds");
}

#[test]
fn people_enrolled_at_the_same_wrong_time_are_told_apart() {
    let mut s = stage();
    let mut codes = Vec::new();
    for person in [1, 2, 3] {
        jump(&s, -YEAR);
        s.start_enrolment();
        codes.push(s.finish_enrolment(person));
    }
    codes.sort();
    codes.dedup();
    assert_eq!(codes.len(), 3);
    s.app.handle(Command::ListRecords { offset: 0, limit: 10 });
    s.until("the records", |s| s.notices.iter().any(|n| matches!(n, Notice::Records(page) if page.total == 3)));
}
