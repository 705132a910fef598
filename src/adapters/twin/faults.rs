//! What goes wrong on purpose: drawn from a seed for every call, or queued by a test.

use super::mint::Mint;
use crate::advice::{Advice, Advised};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// One thing that goes wrong with one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The connection is reset before the body is read; nothing is processed.
    Reset,
    /// Processed; the connection ends before the first byte of the reply.
    LoseReply,
    /// Processed; the connection ends in the middle of the reply.
    Truncate,
    /// Processed; answered as an internal error all the same.
    FailAfterApplying,
    /// Processed twice, as a proxy in between may cause; the second reply is sent.
    ProcessTwice,
    /// Processed once; the reply comes twice on the same connection.
    RepeatReply,
    /// Processed; the reply waits.
    Slow(Duration),
    /// Not processed: 429 with `Retry-After`.
    Busy(Duration),
    /// Not processed: 503 with `Retry-After`.
    Unavailable(Duration),
    /// Every token ends now, then the call is processed as usual.
    ExpireTokens,
    /// Processed; the reply's `Date` is off by so many seconds.
    SkewClock(i64),
    /// Not processed: answered with a documented error by its name in [`super::errors`].
    Documented(String),
    /// Processed; the reply has another of its documented shapes.
    Shape(u32),
}

impl Fault {
    /// Reads a fault as the command line and `/_twin/next/…` write it, such as `lost`, `slow` or `120037`; a word that is no fault is taken
    /// for the name of a documented error.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        match word {
            "reset" => Self::Reset,
            "lost" => Self::LoseReply,
            "truncated" => Self::Truncate,
            "failed" => Self::FailAfterApplying,
            "processed-twice" => Self::ProcessTwice,
            "repeated" => Self::RepeatReply,
            "slow" => Self::Slow(Duration::from_secs(2)),
            "busy" => Self::Busy(Duration::from_secs(1)),
            "unavailable" => Self::Unavailable(Duration::from_secs(1)),
            "expired" => Self::ExpireTokens,
            "skewed" => Self::SkewClock(-3600),
            "shape" => Self::Shape(1),
            name => Self::Documented(name.to_owned()),
        }
    }

    /// The word that [`Self::from_word`] reads; every documented error is `error`.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::LoseReply => "lost",
            Self::Truncate => "truncated",
            Self::FailAfterApplying => "failed",
            Self::ProcessTwice => "processed-twice",
            Self::RepeatReply => "repeated",
            Self::Slow(_) => "slow",
            Self::Busy(_) => "busy",
            Self::Unavailable(_) => "unavailable",
            Self::ExpireTokens => "expired",
            Self::SkewClock(_) => "skewed",
            Self::Documented(_) => "error",
            Self::Shape(_) => "shape",
        }
    }

    /// Whether the service sees the call at all.
    pub(super) const fn processes(&self) -> bool {
        !matches!(self, Self::Reset | Self::Busy(_) | Self::Unavailable(_) | Self::Documented(_))
    }
}

/// How often each fault is drawn, 0-1, and how strong it is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct FaultRates {
    /// [`Fault::Reset`].
    pub reset: f64,
    /// [`Fault::LoseReply`].
    pub lost: f64,
    /// [`Fault::Truncate`].
    pub truncated: f64,
    /// [`Fault::FailAfterApplying`].
    pub failed: f64,
    /// [`Fault::ProcessTwice`].
    pub processed_twice: f64,
    /// [`Fault::RepeatReply`].
    pub repeated: f64,
    /// [`Fault::Slow`].
    pub slow: f64,
    /// [`Fault::Busy`].
    pub busy: f64,
    /// [`Fault::Unavailable`].
    pub unavailable: f64,
    /// [`Fault::ExpireTokens`].
    pub expired: f64,
    /// [`Fault::SkewClock`].
    pub skewed: f64,
    /// A documented error of the service, any of them.
    pub error: f64,
    /// [`Fault::Shape`], any of them.
    pub shape: f64,
    /// How long a slow reply waits, milliseconds.
    pub slow_ms: u32,
    /// `Retry-After`, seconds.
    pub retry_after: u32,
    /// How far a skewed `Date` is off, seconds.
    pub skew_seconds: i32,
}

/// A fault plan that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{part}` in the fault plan is not NAME=VALUE with a name of {names} and a rate from 0 to 1", names = FaultRates::NAMES.join(", "))]
pub struct FaultRatesError {
    /// The part that cannot be read.
    pub part: String,
}

impl Advised for FaultRatesError {
    fn advice(&self) -> Advice {
        Advice::input("TWN-03", "Write the plan as in `slow=0.1,lost=0.05,retry_after=2`.")
    }
}

impl FaultRates {
    /// Names of a plan's parts.
    pub const NAMES: [&'static str; 16] = [
        "reset",
        "lost",
        "truncated",
        "failed",
        "processed_twice",
        "repeated",
        "slow",
        "busy",
        "unavailable",
        "expired",
        "skewed",
        "error",
        "shape",
        "slow_ms",
        "retry_after",
        "skew_seconds",
    ];

    /// Reads `slow=0.1,lost=0.05`; an empty text is no faults.
    ///
    /// # Errors
    /// [`FaultRatesError`] with the first part that is wrong.
    pub fn parse(text: &str) -> Result<Self, FaultRatesError> {
        let mut rates = Self::default();
        for part in text.split(',').map(str::trim).filter(|p| !p.is_empty()) {
            rates.set(part).ok_or_else(|| FaultRatesError { part: part.to_owned() })?;
        }
        Ok(rates)
    }

    fn set(&mut self, part: &str) -> Option<()> {
        let (name, value) = part.split_once('=')?;
        let rate = match name {
            "slow_ms" => return value.parse().ok().map(|v| self.slow_ms = v),
            "retry_after" => return value.parse().ok().map(|v| self.retry_after = v),
            "skew_seconds" => return value.parse().ok().map(|v| self.skew_seconds = v),
            "reset" => &mut self.reset,
            "lost" => &mut self.lost,
            "truncated" => &mut self.truncated,
            "failed" => &mut self.failed,
            "processed_twice" => &mut self.processed_twice,
            "repeated" => &mut self.repeated,
            "slow" => &mut self.slow,
            "busy" => &mut self.busy,
            "unavailable" => &mut self.unavailable,
            "expired" => &mut self.expired,
            "skewed" => &mut self.skewed,
            "error" => &mut self.error,
            "shape" => &mut self.shape,
            _ => return None,
        };
        *rate = value.parse().ok().filter(|v| (0.0..=1.0).contains(v))?;
        Some(())
    }
}

/// The faults to come.
pub(super) struct FaultPlan {
    rates: FaultRates,
    mint: Mint,
    queued: VecDeque<(Option<u16>, Fault)>,
    caused: BTreeMap<&'static str, u64>,
}

/// Highest number that a service's page gives; what the page needs without numbering it is 0 or above.
const NUMBERED: u16 = 100;
/// Faults waiting at most; more are dropped.
const QUEUED: usize = 100_000;

/// A documented error that the draw picks from the service's table.
pub(super) struct DrawnError(pub(super) f64);

impl FaultPlan {
    pub(super) fn new(rates: FaultRates, seed: u64) -> Self {
        Self { rates, mint: Mint::new(seed, 0xFA), queued: VecDeque::new(), caused: BTreeMap::new() }
    }

    pub(super) const fn set_rates(&mut self, rates: FaultRates) {
        self.rates = rates;
    }

    pub(super) fn queue(&mut self, number: Option<u16>, fault: Fault) {
        if self.queued.len() < QUEUED {
            self.queued.push_back((number, fault));
        }
    }

    /// The faults of one call of the operation with this number.
    ///
    /// A queued fault comes alone. Otherwise every kind is drawn, always in the same order, so that one seed and one row of calls give one
    /// row of faults.
    pub(super) fn draw(&mut self, number: u16) -> (Vec<Fault>, Option<DrawnError>) {
        let (faults, error) = self.drawn(number);
        let words = faults.iter().map(Fault::word).chain(error.is_some().then_some("error"));
        words.for_each(|word| *self.caused.entry(word).or_default() += 1);
        (faults, error)
    }

    /// How often each fault was caused.
    pub(super) const fn caused(&self) -> &BTreeMap<&'static str, u64> {
        &self.caused
    }

    fn drawn(&mut self, number: u16) -> (Vec<Fault>, Option<DrawnError>) {
        let meant = |target: &Option<u16>| target.map_or((1..=NUMBERED).contains(&number), |n| n == number);
        if let Some(at) = self.queued.iter().position(|(target, _)| meant(target)) {
            return (self.queued.remove(at).map(|(_, fault)| fault).into_iter().collect(), None);
        }
        let FaultRates { slow_ms, retry_after, skew_seconds, .. } = self.rates;
        let wait = Duration::from_secs(u64::from(retry_after));
        let r = self.rates;
        let kinds = [
            (r.reset, Fault::Reset),
            (r.lost, Fault::LoseReply),
            (r.truncated, Fault::Truncate),
            (r.failed, Fault::FailAfterApplying),
            (r.processed_twice, Fault::ProcessTwice),
            (r.repeated, Fault::RepeatReply),
            (r.slow, Fault::Slow(Duration::from_millis(u64::from(slow_ms)))),
            (r.busy, Fault::Busy(wait)),
            (r.unavailable, Fault::Unavailable(wait)),
            (r.expired, Fault::ExpireTokens),
            (r.skewed, Fault::SkewClock(i64::from(skew_seconds))),
        ];
        let mint = &mut self.mint;
        let mut faults: Vec<Fault> = kinds.into_iter().filter_map(|(rate, fault)| (mint.fraction() < rate).then_some(fault)).collect();
        let error = (mint.fraction() < r.error).then(|| DrawnError(mint.fraction()));
        if mint.fraction() < r.shape {
            faults.push(Fault::Shape(u32::from(mint.bytes::<1>()[0]) + 1));
        }
        (faults, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_are_read_strictly() {
        let rates = FaultRates::parse("slow=0.1, lost=0.05,retry_after=3").expect("a plan");
        assert_eq!(rates, FaultRates { slow: 0.1, lost: 0.05, retry_after: 3, ..FaultRates::default() });
        assert_eq!(FaultRates::parse(""), Ok(FaultRates::default()));
        for bad in ["slow", "slow=2", "slow=x", "wind=0.1", "lost=-0.1", "retry_after=0.5"] {
            assert!(FaultRates::parse(bad).is_err(), "{bad}");
        }
        for name in FaultRates::NAMES {
            assert!(FaultRates::parse(&format!("{name}=1")).is_ok(), "{name}");
        }
    }

    #[test]
    fn one_seed_gives_one_row_of_faults() {
        let rates = FaultRates::parse("lost=0.3,busy=0.3,slow=0.5").expect("a plan");
        let row = |seed| {
            let mut plan = FaultPlan::new(rates, seed);
            (0..50).map(|_| plan.draw(1).0).collect::<Vec<_>>()
        };
        assert_eq!(row(7), row(7));
        assert_ne!(row(7), row(8));
        let lost = row(7).iter().filter(|f| f.contains(&Fault::LoseReply)).count();
        assert!((5..=25).contains(&lost), "{lost} of 50 at a rate of 0.3");
    }

    #[test]
    fn a_queued_fault_waits_for_its_operation() {
        let mut plan = FaultPlan::new(FaultRates::default(), 1);
        plan.queue(None, Fault::LoseReply);
        plan.queue(Some(5), Fault::Truncate);
        assert_eq!(plan.draw(0).0, [], "a call for a token takes no fault of the operations");
        assert_eq!(plan.draw(5).0, [Fault::LoseReply]);
        assert_eq!(plan.draw(2).0, []);
        assert_eq!(plan.draw(5).0, [Fault::Truncate]);
        assert_eq!(plan.draw(5).0, []);
    }
}
