//! Time as a state machine experiences it: only forwards.

use crate::units::Moment;
use std::time::Duration;

/// Adds up the time that has passed between calls. A clock that jumps back counts as no time; what follows counts again, so that no
/// deadline moves further away than it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeline {
    last: Moment,
    own: Moment,
}

impl Timeline {
    /// A timeline that starts now, at its own moment zero.
    #[must_use]
    pub const fn new(now: Moment) -> Self {
        Self { last: now, own: Moment(Duration::ZERO) }
    }

    /// Takes note of the clock and returns the own moment, which never runs backwards.
    pub fn advance(&mut self, now: Moment) -> Moment {
        self.own = self.at(now);
        self.last = now;
        self.own
    }

    /// The own moment at a clock reading, without taking note of it.
    #[must_use]
    pub fn at(&self, now: Moment) -> Moment {
        self.own + now.since(self.last)
    }

    /// The clock reading at which an own moment is reached, if the clock goes on as it should.
    #[must_use]
    pub fn clock(&self, own: Moment) -> Moment {
        self.last + own.since(self.own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_jumps_back_costs_no_time() {
        let ms = Moment::from_millis;
        let mut timeline = Timeline::new(ms(1000));
        assert_eq!(timeline.advance(ms(1500)), ms(500));
        assert_eq!(timeline.clock(ms(800)), ms(1800));
        assert_eq!(timeline.advance(ms(200)), ms(500));
        assert_eq!(timeline.clock(ms(800)), ms(500));
        assert_eq!(timeline.advance(ms(300)), ms(600));
        assert_eq!(timeline.at(ms(400)), ms(700));
        assert_eq!(timeline.clock(ms(100)), ms(300), "what is past is due now");
    }
}
