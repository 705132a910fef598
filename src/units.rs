//! Small value types that carry their unit: moments, wall-clock times, angles, scores, identifiers.

use std::time::Duration;
use uuid::Uuid;

/// A monotonic moment: time since the process's clock was started.
///
/// Floors below `runtime` never read a clock; they are handed a `Moment`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Moment(pub Duration);

impl Moment {
    /// The moment `millis` milliseconds after the clock was started.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(Duration::from_millis(millis))
    }

    /// Time from `earlier` to this moment; zero when `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl std::ops::Add<Duration> for Moment {
    type Output = Self;
    fn add(self, rhs: Duration) -> Self {
        Self(self.0.saturating_add(rhs))
    }
}

/// A wall-clock time: milliseconds since 1970-01-01T00:00:00Z. Kiosk clocks can be wrong; never use it to measure a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct UtcTime(pub i64);

impl UtcTime {
    /// RFC 3339 text in UTC with milliseconds, `2026-11-21T06:30:00.000Z`; times outside years 0-9999 are clamped.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        use time::macros::format_description;
        let nanos = i128::from(self.0) * 1_000_000;
        let clamped = nanos.clamp(-62_167_219_200_000_000_000, 253_402_300_799_999_000_000);
        let moment = time::OffsetDateTime::from_unix_timestamp_nanos(clamped).unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
        moment.format(format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z")).unwrap_or_default()
    }

    /// Reads RFC 3339 text, any offset; `None` when it is not such a text.
    #[must_use]
    pub fn from_rfc3339(text: &str) -> Option<Self> {
        let parsed = time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).ok()?;
        i64::try_from(parsed.unix_timestamp_nanos().div_euclid(1_000_000)).ok().map(Self)
    }
}

/// Identifies an enrolled person; UUID v7.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct SubjectId(pub Uuid);

/// A quality component's score as ISO/IEC 29794-5 maps it: 0-100, higher is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QualityScore(u8);

impl QualityScore {
    /// Rounds half away from zero and clips to 0-100; not-a-number becomes 0.
    #[must_use]
    pub fn from_f64(value: f64) -> Self {
        Self(value.round().clamp(0.0, 100.0) as u8)
    }

    /// The value, 0-100.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// Bytes that must never be printed: pictures, templates, secrets. `Debug` shows the length only; memory is wiped on drop.
#[derive(Clone, PartialEq, Eq, Default, zeroize::Zeroize, zeroize::ZeroizeOnDrop)]
pub struct SensitiveBytes(pub Vec<u8>);

impl std::fmt::Debug for SensitiveBytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SensitiveBytes({} bytes)", self.0.len())
    }
}

/// Text about a person or a secret; `Debug` shows the length only; memory is wiped on drop.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Default, zeroize::Zeroize, zeroize::ZeroizeOnDrop)]
pub struct SensitiveText(pub String);

impl std::fmt::Debug for SensitiveText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SensitiveText({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_survive_the_round_trip() {
        let t = UtcTime(1_795_242_600_123);
        assert_eq!(UtcTime::from_rfc3339(&t.to_rfc3339()), Some(t));
        assert_eq!(UtcTime(0).to_rfc3339(), "1970-01-01T00:00:00.000Z");
        assert_eq!(UtcTime::from_rfc3339("2026-11-21T08:30:00+02:00"), UtcTime::from_rfc3339("2026-11-21T06:30:00Z"));
        assert_eq!(UtcTime::from_rfc3339("yesterday"), None);
        assert!(UtcTime(i64::MAX).to_rfc3339().starts_with("9999-"));
    }

    #[test]
    fn sensitive_values_print_their_length_only() {
        assert_eq!(format!("{:?}", SensitiveText("Ada".into())), "SensitiveText(3 bytes)");
        assert_eq!(format!("{:?}", SensitiveBytes(vec![1, 2])), "SensitiveBytes(2 bytes)");
    }

    #[test]
    fn scores_are_clipped() {
        assert_eq!(QualityScore::from_f64(f64::NAN).get(), 0);
        assert_eq!(QualityScore::from_f64(-3.0).get(), 0);
        assert_eq!(QualityScore::from_f64(61.5).get(), 62);
        assert_eq!(QualityScore::from_f64(1e9).get(), 100);
    }
}
