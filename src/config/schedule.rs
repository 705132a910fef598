//! Times of day at which delivery may happen by itself, such as `22:00-06:00`.

use crate::units::UtcTime;

const DAY: i64 = 86_400_000;
const MINUTE: i64 = 60_000;

/// Hours of every day, by a clock that is a fixed time ahead of UTC.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Schedule {
    /// From and until, minutes of the day; a window that ends before it starts goes over midnight. None at all: always open.
    windows: Vec<(i64, i64)>,
    /// Minutes that the branch's clock is ahead of UTC.
    ahead: i64,
}

impl Schedule {
    /// Reads windows such as `22:00-06:00` and how far the branch's clock is from UTC, such as `+02:00`.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn parse(windows: &[String], utc_offset: &str) -> Result<Self, String> {
        let window = |text: &String| -> Result<(i64, i64), String> {
            let (from, until) = text.split_once('-').ok_or_else(|| format!("`{text}` is not written as 22:00-06:00"))?;
            let time = |part: &str| minutes(part.trim()).filter(|m| *m <= 24 * 60);
            match (time(from), time(until)) {
                (Some(from), Some(until)) if from != until => Ok((from % (24 * 60), until % (24 * 60))),
                _ => Err(format!("`{text}` is not written as 22:00-06:00")),
            }
        };
        let (sign, rest) = match utc_offset.split_at_checked(1) {
            Some(("+", rest)) => (1, rest),
            Some(("-", rest)) => (-1, rest),
            _ => (0, ""),
        };
        let ahead =
            minutes(rest).filter(|m| *m <= 14 * 60 && sign != 0).ok_or_else(|| format!("`{utc_offset}` is not written as +02:00"))?;
        Ok(Self { windows: windows.iter().map(window).collect::<Result<_, _>>()?, ahead: sign * ahead })
    }

    /// Whether delivery may begin at `now`.
    #[must_use]
    pub fn is_open(&self, now: UtcTime) -> bool {
        let at = self.of_day(now);
        let within = |(from, until): &(i64, i64)| {
            let (from, until) = (from * MINUTE, until * MINUTE);
            if from < until { (from..until).contains(&at) } else { at >= from || at < until }
        };
        self.windows.is_empty() || self.windows.iter().any(within)
    }

    /// When it opens next; `None` while it is open.
    #[must_use]
    pub fn opens_at(&self, now: UtcTime) -> Option<UtcTime> {
        if self.is_open(now) {
            return None;
        }
        let wait = self.windows.iter().map(|(from, _)| (from * MINUTE - self.of_day(now)).rem_euclid(DAY)).min()?;
        Some(UtcTime(now.0.saturating_add(wait)))
    }

    /// Milliseconds since midnight at the branch.
    const fn of_day(&self, now: UtcTime) -> i64 {
        now.0.saturating_add(self.ahead * MINUTE).rem_euclid(DAY)
    }
}

/// `06:30` in minutes.
fn minutes(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |part: &str| part.parse::<i64>().ok().filter(|_| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()));
    Some(number(hours)? * 60 + number(minutes).filter(|m| *m < 60)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schedule(windows: &[&str], offset: &str) -> Schedule {
        Schedule::parse(&windows.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>(), offset).expect("a schedule")
    }

    fn at(text: &str) -> UtcTime {
        UtcTime::from_rfc3339(text).expect("a time")
    }

    #[test]
    fn windows_open_and_close_to_the_minute_and_over_midnight() {
        let night = schedule(&["22:00-06:00", "12:30-13:00"], "+00:00");
        for (time, open) in [
            ("2026-01-01T21:59:59Z", false),
            ("2026-01-01T22:00:00Z", true),
            ("2026-01-02T05:59:59.999Z", true),
            ("2026-01-02T06:00:00Z", false),
            ("2026-01-02T12:30:00Z", true),
            ("2026-01-02T13:00:00Z", false),
            // A clock that stands before 1970 has days as well.
            ("1969-12-31T23:00:00Z", true),
        ] {
            assert_eq!(night.is_open(at(time)), open, "{time}");
        }
        assert_eq!(night.opens_at(at("2026-01-02T06:00:00Z")), Some(at("2026-01-02T12:30:00Z")));
        assert_eq!(night.opens_at(at("2026-01-02T13:00:00Z")), Some(at("2026-01-02T22:00:00Z")));
        assert_eq!(night.opens_at(at("2026-01-02T23:00:00Z")), None);
    }

    #[test]
    fn the_branch_has_its_own_clock_and_no_window_is_always_open() {
        let east = schedule(&["08:00-09:00"], "+05:30");
        assert!(east.is_open(at("2026-01-01T02:30:00Z")) && !east.is_open(at("2026-01-01T08:30:00Z")));
        let west = schedule(&["20:00-24:00"], "-07:00");
        assert!(west.is_open(at("2026-01-01T06:59:00Z")) && !west.is_open(at("2026-01-01T07:00:00Z")));
        assert!(schedule(&[], "+00:00").is_open(UtcTime(i64::MIN)) && Schedule::default().is_open(UtcTime(i64::MAX)));
    }

    #[test]
    fn anything_else_is_refused() {
        for bad in ["22-6", "22:00", "22:00-25:00", "9:00-10:00", "22:60-23:00", "10:00-10:00", "-06:00", "aa:bb-cc:dd"] {
            assert!(Schedule::parse(&[bad.to_owned()], "+00:00").is_err(), "{bad}");
        }
        for bad in ["", "02:00", "+2", "+15:00", "ü02:00", "+02:0x"] {
            assert!(Schedule::parse(&[], bad).is_err(), "{bad}");
        }
    }
}
