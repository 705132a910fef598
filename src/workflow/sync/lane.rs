//! The way to one service: how many deliveries may be under way now. Waits after failures, stops for what only a person can mend.
//!
//! ```text
//! open ──failure of the service──▶ waiting ──time──▶ open for one ──success──▶ open
//!   │                                 ▲                    └──failure──┘
//!   └──unauthorised, untrusted, misconfigured──▶ stopped ──a person resumes──▶ open for one
//! ```

use super::{Rules, spread};
use crate::ports::services::{ServiceError, ServiceFault};
use crate::units::Moment;
use std::time::Duration;

/// Limits of one lane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LaneLimits {
    /// Calls under way at once.
    pub at_once: usize,
    /// Deliveries begun a second; `None` for as many as go.
    pub per_second: Option<f64>,
    /// Longest pause a service may ask for.
    pub longest_request: Duration,
}

/// Whether deliveries go out.
#[derive(Debug, Clone, PartialEq)]
pub enum Circuit {
    /// They do.
    Open,
    /// After failures in a row, until a moment; then one delivery goes ahead to see.
    Waiting {
        /// Until then.
        until: Moment,
        /// Why.
        error: ServiceError,
    },
    /// One delivery goes ahead, or is under way, to see whether the service is well.
    Trying {
        /// Why it was not.
        error: ServiceError,
    },
    /// Until a person has mended it.
    Stopped {
        /// Why.
        error: ServiceError,
    },
}

/// The lane.
#[derive(Debug, Clone)]
pub struct Lane {
    limits: LaneLimits,
    circuit: Circuit,
    /// Failures in a row.
    failures: u32,
    under_way: usize,
    /// Deliveries the rate allows at `counted_at`.
    tokens: f64,
    counted_at: Moment,
}

impl Lane {
    /// An open lane.
    #[must_use]
    pub fn new(limits: LaneLimits, now: Moment) -> Self {
        Self { limits, circuit: Circuit::Open, failures: 0, under_way: 0, tokens: burst(&limits), counted_at: now }
    }

    /// Whether deliveries go out, and why not.
    #[must_use]
    pub const fn circuit(&self) -> &Circuit {
        &self.circuit
    }

    /// Deliveries under way.
    #[must_use]
    pub const fn under_way(&self) -> usize {
        self.under_way
    }

    /// How many more may begin now. Whoever begins says so with [`Self::begun`].
    pub fn room(&mut self, now: Moment) -> usize {
        if let Circuit::Waiting { until, error } = &self.circuit
            && now >= *until
        {
            self.circuit = Circuit::Trying { error: error.clone() };
        }
        self.refill(now);
        let allowed = match self.circuit {
            Circuit::Open => self.limits.at_once,
            Circuit::Trying { .. } => 1,
            Circuit::Waiting { .. } | Circuit::Stopped { .. } => 0,
        };
        let free = allowed.saturating_sub(self.under_way);
        // No lane has a million slots.
        if self.limits.per_second.is_some() { free.min(self.tokens.clamp(0.0, 1e6) as usize) } else { free }
    }

    /// `count` deliveries or look-ups begin.
    pub fn begun(&mut self, count: usize) {
        self.under_way += count;
        if self.limits.per_second.is_some() {
            self.tokens -= count as f64;
        }
    }

    /// One that was begun is not carried out after all.
    pub fn given_back(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
    }

    /// One ended. `chance` spreads the pause.
    pub fn ended(&mut self, error: Option<&ServiceError>, rules: &Rules, now: Moment, chance: u64) {
        self.under_way = self.under_way.saturating_sub(1);
        match error.map(|error| (error, Verdict::of(error.fault))) {
            None | Some((_, Verdict::ServiceIsWell)) => {
                // What was under way when the trouble began does not end it: a pause that was asked for is kept, a stop is left to a person.
                if matches!(self.circuit, Circuit::Open | Circuit::Trying { .. }) {
                    self.failures = 0;
                    self.circuit = Circuit::Open;
                }
            }
            Some((error, Verdict::Stop)) => {
                self.failures = self.failures.saturating_add(1);
                self.circuit = Circuit::Stopped { error: error.clone() };
            }
            Some((error, Verdict::Wait)) => self.wait(error, rules, now, chance),
        }
    }

    fn wait(&mut self, error: &ServiceError, rules: &Rules, now: Moment, chance: u64) {
        if matches!(self.circuit, Circuit::Stopped { .. }) {
            return;
        }
        // What was under way when the first failed says nothing new.
        if !matches!(self.circuit, Circuit::Waiting { .. }) {
            self.failures = self.failures.saturating_add(1);
        }
        let own = spread(rules.first_delay.saturating_mul(1 << self.failures.saturating_sub(1).min(20)).min(rules.longest_delay), chance);
        let asked = error.retry_after.unwrap_or_default().min(self.limits.longest_request);
        let until = now + own.max(asked);
        let until = if let Circuit::Waiting { until: before, .. } = &self.circuit { until.max(*before) } else { until };
        self.circuit = Circuit::Waiting { until, error: error.clone() };
    }

    /// A person says go on.
    pub fn resume(&mut self) {
        if let Circuit::Stopped { error } | Circuit::Waiting { error, .. } = &self.circuit {
            self.circuit = Circuit::Trying { error: error.clone() };
        }
        self.failures = 0;
    }

    /// When [`Self::room`] may grow by itself, and why.
    #[must_use]
    pub fn next_deadline(&self) -> Option<(Moment, &'static str)> {
        match (&self.circuit, self.limits.per_second) {
            (Circuit::Waiting { until, .. }, _) => Some((*until, "the service is tried again")),
            (Circuit::Open | Circuit::Trying { .. }, Some(rate)) if self.tokens < 1.0 => {
                let missing = (1.0 - self.tokens) / rate.max(1e-6);
                Some((self.counted_at + Duration::from_secs_f64(missing.min(3600.0)), "the rate allows one more"))
            }
            _ => None,
        }
    }

    fn refill(&mut self, now: Moment) {
        if let Some(rate) = self.limits.per_second {
            self.tokens = (self.tokens + now.since(self.counted_at).as_secs_f64() * rate).min(burst(&self.limits));
            self.counted_at = now;
        }
    }
}

fn burst(limits: &LaneLimits) -> f64 {
    limits.per_second.map_or(0.0, |rate| rate.max(1.0))
}

/// What a failure says about the service, beside what it says about the delivery.
enum Verdict {
    /// It answered for itself.
    ServiceIsWell,
    /// It should be left alone for a while.
    Wait,
    /// Nothing will get better by itself.
    Stop,
}

impl Verdict {
    const fn of(fault: ServiceFault) -> Self {
        match fault {
            ServiceFault::Untrusted
            | ServiceFault::NotAllowed
            | ServiceFault::Unauthorised
            | ServiceFault::Forbidden
            | ServiceFault::Misconfigured => Self::Stop,
            ServiceFault::Unreachable
            | ServiceFault::Interrupted
            | ServiceFault::Busy
            | ServiceFault::ServiceFailed
            | ServiceFault::Garbled => Self::Wait,
            ServiceFault::Unfit
            | ServiceFault::Incomplete
            | ServiceFault::BadPicture
            | ServiceFault::Rejected
            | ServiceFault::NotFound
            | ServiceFault::Duplicate
            | ServiceFault::AttemptsUsed
            | ServiceFault::Closed
            | ServiceFault::NotOffered => Self::ServiceIsWell,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::services::{Effect, ServiceKind};

    const RULES: Rules = Rules {
        max_tries: 5,
        max_doubts: 20,
        first_delay: Duration::from_secs(2),
        longest_delay: Duration::from_secs(60),
        look_up_after: Duration::from_secs(5),
    };

    fn lane(per_second: Option<f64>) -> Lane {
        Lane::new(LaneLimits { at_once: 4, per_second, longest_request: Duration::from_secs(3600) }, Moment::default())
    }

    fn error(fault: ServiceFault, retry_after: Option<u64>) -> ServiceError {
        let retry_after = retry_after.map(Duration::from_secs);
        ServiceError { effect: Effect::None, retry_after, ..ServiceError::unsent(ServiceKind::Baf, fault, "no") }
    }

    #[test]
    fn failures_in_a_row_wait_longer_and_one_success_ends_it() {
        let mut lane = lane(None);
        let mut now = Moment::default();
        let mut pauses = Vec::new();
        for _ in 0..8 {
            let room = lane.room(now);
            assert_eq!(room, if pauses.is_empty() { 4 } else { 1 }, "one goes ahead to see");
            lane.begun(1);
            lane.ended(Some(&error(ServiceFault::Unreachable, None)), &RULES, now, 0);
            assert_eq!(lane.room(now), 0);
            let (until, _) = lane.next_deadline().expect("it waits");
            pauses.push(until.since(now).as_secs());
            now = until;
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 30, 30, 30]);
        let room = lane.room(now);
        lane.begun(room);
        lane.ended(None, &RULES, now, 0);
        assert_eq!((lane.room(now), lane.circuit().clone()), (4, Circuit::Open));
    }

    #[test]
    fn failures_that_were_under_way_together_count_once() {
        let mut lane = lane(None);
        lane.begun(4);
        for _ in 0..4 {
            lane.ended(Some(&error(ServiceFault::ServiceFailed, None)), &RULES, Moment::default(), 0);
        }
        assert_eq!(lane.next_deadline().expect("it waits").0, Moment::from_millis(1000));
    }

    #[test]
    fn what_the_service_asks_for_is_honoured_within_reason() {
        for (asked, waited) in [(7, 7), (0, 1), (999_999, 3600)] {
            let mut lane = lane(None);
            lane.begun(1);
            lane.ended(Some(&error(ServiceFault::Busy, Some(asked))), &RULES, Moment::default(), 0);
            assert_eq!(lane.next_deadline().expect("it waits").0, Moment::from_millis(waited * 1000), "asked for {asked} s");
        }
    }

    #[test]
    fn credentials_stop_the_lane_until_a_person_says_go_on() {
        let mut lane = lane(None);
        lane.begun(2);
        lane.ended(Some(&error(ServiceFault::Unauthorised, None)), &RULES, Moment::default(), 0);
        lane.ended(None, &RULES, Moment::default(), 0);
        let later = Moment::from_millis(1_000_000_000);
        assert_eq!((lane.room(later), lane.next_deadline()), (0, None));
        assert!(matches!(lane.circuit(), Circuit::Stopped { error } if error.fault == ServiceFault::Unauthorised));
        lane.resume();
        assert_eq!(lane.room(later), 1, "one goes ahead to see");
    }

    #[test]
    fn a_late_success_does_not_cut_a_pause_short() {
        let mut lane = lane(None);
        lane.begun(2);
        lane.ended(Some(&error(ServiceFault::Busy, Some(60))), &RULES, Moment::default(), 0);
        lane.ended(None, &RULES, Moment::default(), 0);
        assert_eq!((lane.room(Moment::from_millis(59_999)), lane.room(Moment::from_millis(60_000))), (0, 1));
    }

    #[test]
    fn a_refused_record_says_nothing_about_the_service() {
        let mut lane = lane(None);
        lane.begun(1);
        lane.ended(Some(&error(ServiceFault::BadPicture, None)), &RULES, Moment::default(), 0);
        assert_eq!(lane.room(Moment::default()), 4);
    }

    #[test]
    fn the_rate_is_kept_over_any_stretch() {
        let mut lane = lane(Some(2.0));
        let mut begun = 0;
        for step in 0..1000 {
            let now = Moment::from_millis(step * 10);
            let room = lane.room(now);
            lane.begun(room);
            begun += room;
            for _ in 0..room {
                lane.ended(None, &RULES, now, 0);
            }
        }
        assert!((20..=22).contains(&begun), "ten seconds at two a second, and the first two: {begun}");
    }
}
