//! The only place that reads a clock.

use crate::units::{Moment, UtcTime};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Monotonic time for durations, wall-clock time for stamps. The two are independent: a wrong or jumping wall clock disturbs no duration.
pub trait Clock: Send + Sync {
    /// Time since the clock was started; never goes back.
    fn now(&self) -> Moment;

    /// Wall-clock time as the machine believes it to be.
    fn utc(&self) -> UtcTime;

    /// Seconds that the civil time of the place is ahead of UTC at `at`, by the time zone the machine is set to.
    fn ahead_of_utc(&self, at: UtcTime) -> i32;

    /// Blocks the calling thread for about `duration` of this clock. Never called on the thread that draws.
    fn sleep(&self, duration: Duration);
}

/// The day it is at the place: what dates printed on documents are judged by. In Apia a document that expires on the third is valid for the whole
/// of the third, whatever the day in Greenwich.
#[must_use]
pub fn civil_day(clock: &dyn Clock) -> time::Date {
    let now = clock.utc();
    let seconds = now.0.div_euclid(1000) + i64::from(clock.ahead_of_utc(now));
    time::OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(time::OffsetDateTime::UNIX_EPOCH).date()
}

/// The machine's own clocks.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    started: Instant,
}

impl SystemClock {
    /// A clock whose moments count from now.
    #[must_use]
    pub fn start() -> Self {
        Self { started: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        Moment(self.started.elapsed())
    }

    fn utc(&self) -> UtcTime {
        // A machine whose battery died can stand before 1970: such times are negative, not an error.
        let millis = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |m| -m),
        };
        UtcTime(millis)
    }

    fn ahead_of_utc(&self, at: UtcTime) -> i32 {
        use chrono::{Local, Offset as _, TimeZone as _};
        // A moment beyond the calendar has no civil time.
        Local.timestamp_millis_opt(at.0).single().map_or(0, |civil| civil.offset().fix().local_minus_utc())
    }

    fn sleep(&self, duration: Duration) {
        std::thread::sleep(duration);
    }
}

/// A clock that moves only when told to, or when somebody sleeps on it: a sleep returns at once and moves it on, so a paced recording
/// plays as fast as the machine can.
#[derive(Debug, Default)]
pub struct ManualClock {
    hands: Mutex<(Duration, i64)>,
    /// Seconds that the place is ahead of UTC.
    ahead: i32,
}

impl ManualClock {
    /// A clock at moment zero with the given wall-clock time.
    #[must_use]
    pub fn at(utc: UtcTime) -> Self {
        Self { hands: Mutex::new((Duration::ZERO, utc.0)), ahead: 0 }
    }

    /// The same clock at a place whose civil time is so many seconds ahead of UTC.
    #[must_use]
    pub fn ahead(self, seconds: i32) -> Self {
        Self { ahead: seconds, ..self }
    }

    /// Moves both clocks on.
    pub fn advance(&self, by: Duration) {
        let mut hands = self.hands.lock().unwrap_or_else(PoisonError::into_inner);
        hands.0 = hands.0.saturating_add(by);
        hands.1 = hands.1.saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX));
    }

    /// Sets the wall clock alone, forwards or backwards, as an operator or a time server would.
    pub fn set_utc(&self, utc: UtcTime) {
        self.hands.lock().unwrap_or_else(PoisonError::into_inner).1 = utc.0;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Moment {
        Moment(self.hands.lock().unwrap_or_else(PoisonError::into_inner).0)
    }

    fn utc(&self) -> UtcTime {
        UtcTime(self.hands.lock().unwrap_or_else(PoisonError::into_inner).1)
    }

    fn ahead_of_utc(&self, _: UtcTime) -> i32 {
        self.ahead
    }

    fn sleep(&self, duration: Duration) {
        self.advance(duration);
    }
}

/// Holds a stand-in camera to its rate on `clock`: every call blocks until one period after the previous one was due. A caller that is late
/// by more than a period is not hurried afterwards.
#[must_use]
pub fn pacer(clock: Arc<dyn Clock>) -> crate::ports::camera::Pacer {
    let mut due: Option<Moment> = None;
    Box::new(move |period| {
        let now = clock.now();
        let next = due.map_or(now, |d| d + period);
        let wait = next.since(now);
        due = Some(if wait.is_zero() && now.since(next) > period { now } else { next });
        if !wait.is_zero() {
            clock.sleep(wait);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_that_of_the_place() {
        use time::macros::date;
        // Half past eleven in the evening, UTC.
        let at = UtcTime::from_rfc3339("2026-03-31T23:30:00Z").unwrap();
        let day = |hours: i32| civil_day(&ManualClock::at(at).ahead(hours * 3600));
        assert_eq!(
            [day(0), day(1), day(13), day(-8)],
            [date!(2026 - 03 - 31), date!(2026 - 04 - 01), date!(2026 - 04 - 01), date!(2026 - 03 - 31)]
        );
        let early = UtcTime::from_rfc3339("2026-04-01T02:00:00Z").unwrap();
        assert_eq!(civil_day(&ManualClock::at(early).ahead(-8 * 3600)), date!(2026 - 03 - 31));
        // No place is further from Greenwich than this.
        let here = SystemClock::start().ahead_of_utc(at);
        assert!((-12 * 3600..=14 * 3600).contains(&here), "{here}");
    }

    #[test]
    fn the_wall_clock_disturbs_no_duration() {
        let clock = ManualClock::at(UtcTime(1_000_000));
        let before = clock.now();
        clock.set_utc(UtcTime(-5));
        assert_eq!(clock.now(), before);
        clock.advance(Duration::from_secs(2));
        assert_eq!(clock.now().since(before), Duration::from_secs(2));
        assert_eq!(clock.utc(), UtcTime(1995));
    }

    #[test]
    fn the_pacer_keeps_the_rate_and_forgets_delays() {
        let clock = Arc::new(ManualClock::default());
        let mut wait = pacer(clock.clone());
        let period = Duration::from_millis(40);
        wait(period);
        assert_eq!(clock.now(), Moment::from_millis(0), "the first frame comes at once");
        wait(period);
        assert_eq!(clock.now(), Moment::from_millis(40));
        clock.advance(Duration::from_millis(10));
        wait(period);
        assert_eq!(clock.now(), Moment::from_millis(80), "small delays are made up for");
        clock.advance(Duration::from_secs(5));
        wait(period);
        wait(period);
        assert_eq!(clock.now(), Moment::from_millis(5120), "a long pause is not followed by a rush");
    }

    #[test]
    fn the_system_clock_never_goes_back() {
        let clock = SystemClock::start();
        let readings: Vec<_> = (0..100).map(|_| clock.now()).collect();
        assert!(readings.is_sorted());
        assert!(clock.utc() > UtcTime(0));
    }
}
