//! Counted errors and the exact binomial interval around their rate.

use statrs::function::beta::beta_reg;

/// Confidence of every interval that is shown.
pub const LEVEL: f64 = 0.95;

/// A two-sided interval; fractions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Errors, or other events, among trials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rate {
    /// Times it happened, at most `trials`.
    pub events: u64,
    /// Times it could have.
    pub trials: u64,
}

impl Rate {
    /// The fraction; `None` without trials.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        (self.trials > 0).then(|| self.events as f64 / self.trials as f64)
    }

    /// The exact interval at [`LEVEL`]; everything is possible without trials.
    #[must_use]
    pub fn interval(self) -> Interval {
        clopper_pearson(self.events as f64, self.trials as f64, LEVEL)
    }
}

/// The exact (Clopper-Pearson) interval of a rate after `events` in `trials`; with counts that are not whole, its continuous extension, as
/// effective sample sizes need it.
///
/// # Source
/// Clopper and Pearson 1934: the ends are quantiles of Beta(x, n - x + 1) and Beta(x + 1, n - x).
#[must_use]
pub fn clopper_pearson(events: f64, trials: f64, level: f64) -> Interval {
    let (tail, misses) = ((1.0 - level) / 2.0, trials - events);
    if trials <= 0.0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let low = if events <= 0.0 { 0.0 } else { beta_quantile(events, misses + 1.0, tail) };
    let high = if misses <= 0.0 { 1.0 } else { beta_quantile(events + 1.0, misses, 1.0 - tail) };
    Interval { low, high }
}

/// Where the distribution function of Beta(a, b) reaches `p`, by halving: slow, and right for counts from 1 to thousands of millions.
fn beta_quantile(a: f64, b: f64, p: f64) -> f64 {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    for _ in 0..2000 {
        // Halving the exponent first reaches tiny rates quickly.
        let middle = if low == 0.0 && high < 1e-3 { high * 1e-2 } else { f64::midpoint(low, high) };
        if middle <= low || middle >= high || high - low < 1e-12 * high {
            break;
        }
        if beta_reg(a, b, middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_intervals() {
        // R: binom.test(x, n)$conf.int; the one-sided cases in closed form.
        for (events, trials, low, high) in [
            (0, 10, 0.0, 1.0 - 0.025_f64.powf(0.1)),
            (10, 10, 0.025_f64.powf(0.1), 1.0),
            (0, 1_500, 0.0, 1.0 - 0.025_f64.powf(1.0 / 1500.0)),
            (1, 1, 0.025, 1.0),
            (5, 10, 0.187_086_028_447_399, 0.812_913_971_552_601),
            (0, 24_000_000, 0.0, 1.0 - 0.025_f64.powf(1.0 / 24e6)),
        ] {
            let found = Rate { events, trials }.interval();
            assert!((found.low - low).abs() < 1e-9 && (found.high - high).abs() < 1e-9, "{events}/{trials}: {found:?}");
            assert!((found.high - high).abs() < 1e-6 * high, "{events}/{trials}: {found:?}");
        }
        assert_eq!(Rate::default().interval(), Interval { low: 0.0, high: 1.0 });
        assert_eq!(Rate::default().value(), None);
    }

    #[test]
    fn rare_events_approach_the_poisson_interval() {
        // 240 events: exact Poisson 95 % interval is [210.6, 272.4].
        let found = Rate { events: 240, trials: 24_000_000 }.interval();
        assert!((found.low * 24e6 - 210.6).abs() < 0.1 && (found.high * 24e6 - 272.4).abs() < 0.1, "{found:?}");
    }

    proptest! {
        #[test]
        fn holds_the_rate_and_narrows(trials in 1_u64..5000, part in 0.0_f64..=1.0) {
            let events = (trials as f64 * part) as u64;
            let rate = Rate { events, trials };
            let (value, interval) = (rate.value().unwrap(), rate.interval());
            prop_assert!(0.0 <= interval.low && interval.low <= value && value <= interval.high && interval.high <= 1.0, "{:?}", interval);
            let more = Rate { events: events * 10, trials: trials * 10 }.interval();
            prop_assert!(more.high - more.low < interval.high - interval.low);
            let mirror = Rate { events: trials - events, trials }.interval();
            prop_assert!((mirror.low - (1.0 - interval.high)).abs() < 1e-9);
        }
    }
}
