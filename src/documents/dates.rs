//! Dates on documents: whole or with unknown parts, the century of two-digit years, and ages.
//!
//! No clock is read here: today's date, in the time zone of the desk, is always handed in.

use std::fmt;
use time::{Date, Month};

/// The oldest age that a second reading of a two-digit birth year may lead to. With 117 every reading as an adult of this century is
/// certain (its other reading would be at least 118 years old); only children share their digits with living people.
pub const OLDEST_PLAUSIBLE_AGE: i32 = 117;

/// Ages from here on are refused as inconsistent.
pub const IMPOSSIBLE_AGE: i32 = 130;

/// A date whose year, month or day may be unknown. Known parts always fit together.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PartialDate {
    year: Option<i32>,
    month: Option<u8>,
    day: Option<u8>,
}

impl PartialDate {
    /// Puts known parts together; `None` if no calendar has such a date (month 13, 31 April, 29 February of a common year).
    #[must_use]
    pub fn new(year: Option<i32>, month: Option<u8>, day: Option<u8>) -> Option<Self> {
        if year.is_some_and(|y| !(1..=9999).contains(&y)) {
            return None;
        }
        let longest = match month {
            None => 31,
            // Without a year, February may have 29 days.
            Some(month) => Month::try_from(month).ok()?.length(year.unwrap_or(2000)),
        };
        day.is_none_or(|d| (1..=longest).contains(&d)).then_some(Self { year, month, day })
    }

    /// The whole date; `None` if a part is unknown.
    #[must_use]
    pub fn whole(self) -> Option<Date> {
        Date::from_calendar_date(self.year?, Month::try_from(self.month?).ok()?, self.day?).ok()
    }

    /// The year, if known.
    #[must_use]
    pub const fn year(self) -> Option<i32> {
        self.year
    }

    /// Whether every part is unknown.
    #[must_use]
    pub const fn is_unknown(self) -> bool {
        self.year.is_none() && self.month.is_none() && self.day.is_none()
    }

    /// The first day it can be; `None` without a year.
    #[must_use]
    pub fn earliest(self) -> Option<Date> {
        let year = self.year?;
        let month = Month::try_from(self.month.unwrap_or(1)).ok()?;
        Date::from_calendar_date(year, month, self.day.unwrap_or(1)).ok()
    }

    /// The last day it can be; `None` without a year.
    #[must_use]
    pub fn latest(self) -> Option<Date> {
        let year = self.year?;
        let month = Month::try_from(self.month.unwrap_or(12)).ok()?;
        Date::from_calendar_date(year, month, self.day.unwrap_or_else(|| month.length(year))).ok()
    }

    /// Whether both can be the same day: no known part differs.
    #[must_use]
    pub fn can_equal(self, other: Self) -> bool {
        fn fits<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
            a.is_none() || b.is_none() || a == b
        }
        fits(self.year, other.year) && fits(self.month, other.month) && fits(self.day, other.day)
    }
}

impl From<Date> for PartialDate {
    fn from(date: Date) -> Self {
        Self { year: Some(date.year()), month: Some(date.month().into()), day: Some(date.day()) }
    }
}

/// `1985-12-XX`: ISO 8601 with `X` for what is unknown.
impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let two = |part: Option<u8>| part.map_or("XX".to_owned(), |p| format!("{p:02}"));
        let year = self.year.map_or("XXXX".to_owned(), |y| format!("{y:04}"));
        write!(f, "{year}-{}-{}", two(self.month), two(self.day))
    }
}

/// A date of birth is personal: says only how much of it is known.
impl fmt::Debug for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_unknown() {
            "PartialDate(unknown)"
        } else if self.whole().is_some() {
            "PartialDate(whole)"
        } else {
            "PartialDate(partial)"
        })
    }
}

/// YYMMDD as a machine-readable zone prints it: two digits each, or `<<` for unknown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ShortDate {
    year: Option<u8>,
    month: Option<u8>,
    day: Option<u8>,
    /// Month or day were written as zeros, which some states do for "unknown".
    zeros: bool,
}

impl ShortDate {
    /// Reads six characters. `zeros_mean_unknown`: month and day `00` are taken as unknown (birth dates only).
    #[must_use]
    pub fn read(text: &str, zeros_mean_unknown: bool) -> Option<Self> {
        let bytes: &[u8; 6] = text.as_bytes().try_into().ok()?;
        let pair = |at: usize| match (bytes[at], bytes[at + 1]) {
            (b'<', b'<') => Some(None),
            (a @ b'0'..=b'9', b @ b'0'..=b'9') => Some(Some(10 * (a - b'0') + b - b'0')),
            _ => None,
        };
        let (mut year, mut month, mut day) = (pair(0)?, pair(2)?, pair(4)?);
        let zeros = zeros_mean_unknown && (month == Some(0) || day == Some(0));
        if zeros {
            if (year, month, day) == (Some(0), Some(0), Some(0)) {
                year = None;
            }
            month = month.filter(|m| *m != 0);
            day = day.filter(|d| *d != 0);
        }
        Some(Self { year, month, day, zeros })
    }

    /// Whether unknown parts were written as zeros.
    #[must_use]
    pub const fn has_zeros(self) -> bool {
        self.zeros
    }

    /// Whether a part is unknown.
    #[must_use]
    pub const fn is_partial(self) -> bool {
        self.year.is_none() || self.month.is_none() || self.day.is_none()
    }

    fn in_century(self, century: i32) -> Option<PartialDate> {
        PartialDate::new(self.year.map(|y| century + i32::from(y)), self.month, self.day)
    }

    /// Year, month and day, unknown parts as early as possible, for comparisons that need no calendar.
    fn key(self, century: i32) -> (i32, u8, u8) {
        (century + i32::from(self.year.unwrap_or(0)), self.month.unwrap_or(1), self.day.unwrap_or(1))
    }

    /// The birth date: this century unless that lies in the future. `None` if the calendar has no such day.
    #[must_use]
    pub fn as_birth(self, today: Date) -> Option<BirthDate> {
        let century = today.year().div_euclid(100) * 100;
        if self.year.is_none() {
            return Some(BirthDate { date: self.in_century(century)?, alternative: None });
        }
        let future = self.key(century) > (today.year(), today.month().into(), today.day());
        if future {
            return Some(BirthDate { date: self.in_century(century - 100)?, alternative: None });
        }
        let older = self.in_century(century - 100).filter(|d| d.latest().is_some_and(|b| age_on(b, today) <= OLDEST_PLAUSIBLE_AGE));
        Some(BirthDate { date: self.in_century(century)?, alternative: older })
    }

    /// The expiry date: this century unless more than 50 years ahead. `None` if the calendar has no such day.
    #[must_use]
    pub fn as_expiry(self, today: Date) -> Option<PartialDate> {
        let century = today.year().div_euclid(100) * 100;
        let far = self.key(century) > (today.year() + 50, today.month().into(), today.day());
        self.in_century(if far { century - 100 } else { century })
    }
}

impl fmt::Debug for ShortDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ShortDate(partial: {})", self.is_partial())
    }
}

/// A birth date read from two-digit years, with the other century where a living person could have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BirthDate {
    /// The reading of the sliding rule.
    pub date: PartialDate,
    /// A hundred years earlier, where that is a plausible age. No age limit may be decided while the two differ about it.
    pub alternative: Option<PartialDate>,
}

impl BirthDate {
    /// A birth date with its century known.
    #[must_use]
    pub const fn certain(date: PartialDate) -> Self {
        Self { date, alternative: None }
    }

    /// The lowest and the highest age on `day` over unknown parts and both centuries; `None` without a year.
    #[must_use]
    pub fn ages_on(self, day: Date) -> Option<(i32, i32)> {
        let youngest = age_on(self.date.latest()?, day);
        let oldest = self.alternative.unwrap_or(self.date).earliest()?;
        Some((youngest, age_on(oldest, day)))
    }
}

/// Completed years of life on `day`; negative before the birth. Somebody born on 29 February is a year older on 1 March.
#[must_use]
pub fn age_on(birth: Date, day: Date) -> i32 {
    let before_birthday = (u8::from(day.month()), day.day()) < (u8::from(birth.month()), birth.day());
    day.year() - birth.year() - i32::from(before_birthday)
}

/// Whether `later` lies exactly `years` years after `birth`; for 29 February both 28 February and 1 March count.
#[must_use]
pub fn is_anniversary(birth: Date, later: Date, years: i32) -> bool {
    if later.year() - birth.year() != years {
        return false;
    }
    let (month, day) = (u8::from(later.month()), later.day());
    if (u8::from(birth.month()), birth.day()) == (2, 29) {
        matches!((month, day), (2, 28 | 29) | (3, 1))
    } else {
        (month, day) == (u8::from(birth.month()), birth.day())
    }
}

/// In which order eight digits stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DigitOrder {
    /// CCYYMMDD: AAMVA version 01 and Canada.
    YearFirst,
    /// MMDDCCYY: the United States from version 02.
    MonthFirst,
}

impl DigitOrder {
    /// The other order.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::YearFirst => Self::MonthFirst,
            Self::MonthFirst => Self::YearFirst,
        }
    }
}

/// Eight digits as a date between 1900 and 2100.
#[must_use]
pub fn eight_digits(text: &str, order: DigitOrder) -> Option<Date> {
    let bytes = text.as_bytes();
    if bytes.len() != 8 || !bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| bytes[range].iter().fold(0_i32, |n, b| 10 * n + i32::from(b - b'0'));
    let (year, month, day) = match order {
        DigitOrder::YearFirst => (number(0..4), number(4..6), number(6..8)),
        DigitOrder::MonthFirst => (number(4..8), number(0..2), number(2..4)),
    };
    if !(1900..=2100).contains(&year) {
        return None;
    }
    Date::from_calendar_date(year, Month::try_from(u8::try_from(month).ok()?).ok()?, u8::try_from(day).ok()?).ok()
}

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/// A date as people print or type it: `1990-02-15`, `15 FEV/FEB 1990`, `15.02.1990`. Day before month unless the year comes first;
/// an English month name is needed where the month is in letters.
#[must_use]
pub fn printed_date(text: &str) -> Option<Date> {
    let upper = text.to_uppercase();
    let words: Vec<&str> = upper.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let numbers: Vec<i32> = words.iter().filter_map(|w| w.parse().ok()).collect();
    let named = words.iter().find_map(|w| MONTHS.iter().position(|m| w.get(..3) == Some(*m)).map(|i| i as i32 + 1));
    let letters = words.iter().any(|w| w.chars().any(char::is_alphabetic));
    let (year, month, day) = match (numbers.as_slice(), named) {
        ([day, year], Some(month)) if *year >= 1000 => (*year, month, *day),
        ([year, day], Some(month)) if *year >= 1000 => (*year, month, *day),
        ([year, month, day], None) if *year >= 1000 && !letters => (*year, *month, *day),
        ([day, month, year], None) if *year >= 1000 && !letters => (*year, *month, *day),
        _ => return None,
    };
    if !(1800..=2200).contains(&year) {
        return None;
    }
    Date::from_calendar_date(year, Month::try_from(u8::try_from(month).ok()?).ok()?, u8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    const TODAY: Date = date!(2026 - 01 - 01);

    #[test]
    fn the_century_slides_with_the_day() {
        let birth = |text: &str, today| ShortDate::read(text, true).and_then(|d| d.as_birth(today)).map(|b| b.date.to_string());
        assert_eq!(birth("260101", TODAY).as_deref(), Some("2026-01-01"), "born on the day itself");
        assert_eq!(birth("260102", TODAY).as_deref(), Some("1926-01-02"));
        assert_eq!(birth("260102", date!(2026 - 01 - 02)).as_deref(), Some("2026-01-02"), "a day later it is a new-born child");
        assert_eq!(birth("85<<<<", TODAY).as_deref(), Some("1985-XX-XX"));
        assert_eq!(birth("850012", TODAY).as_deref(), Some("1985-XX-12"), "zeros are unknown");
        assert_eq!(birth("000000", TODAY).as_deref(), Some("XXXX-XX-XX"));
        assert_eq!(birth("8<0101", TODAY), None);
        assert_eq!(birth("010229", TODAY), None);
        assert_eq!(birth("000229", TODAY).as_deref(), Some("2000-02-29"));
        let expiry = |text: &str| ShortDate::read(text, false).and_then(|d| d.as_expiry(TODAY)).map(|d| d.to_string());
        assert_eq!(expiry("760101").as_deref(), Some("2076-01-01"), "exactly fifty years ahead");
        assert_eq!(expiry("760102").as_deref(), Some("1976-01-02"));
        assert_eq!(expiry("330100"), None, "zeros mean nothing in an expiry date");
    }

    #[test]
    fn a_child_may_be_a_hundred_but_an_adult_is_certain() {
        let birth = |text: &str| ShortDate::read(text, true).and_then(|d| d.as_birth(TODAY)).expect("a date");
        assert_eq!(birth("121212").alternative.map(|d| d.to_string()).as_deref(), Some("1912-12-12"));
        assert_eq!(birth("121212").ages_on(TODAY), Some((13, 113)));
        assert_eq!(birth("080101").ages_on(TODAY), Some((18, 18)), "the other reading would be 118");
        assert_eq!(birth("85<<<<").ages_on(TODAY), Some((40, 41)));
        assert_eq!(birth("<<<<<<").ages_on(TODAY), None);
    }

    #[test]
    fn ages_turn_on_the_birthday() {
        assert_eq!(age_on(date!(2008 - 02 - 29), date!(2026 - 02 - 28)), 17);
        assert_eq!(age_on(date!(2008 - 02 - 29), date!(2026 - 03 - 01)), 18);
        assert_eq!(age_on(date!(2008 - 07 - 01), date!(2026 - 07 - 01)), 18);
        assert_eq!(age_on(date!(2030 - 01 - 01), TODAY), -4);
        assert!(is_anniversary(date!(2008 - 02 - 29), date!(2026 - 02 - 28), 18));
        assert!(!is_anniversary(date!(2008 - 02 - 28), date!(2026 - 03 - 01), 18));
    }

    #[test]
    fn eight_digits_follow_their_order() {
        assert_eq!(eight_digits("01022030", DigitOrder::MonthFirst), Some(date!(2030 - 01 - 02)));
        assert_eq!(eight_digits("20301010", DigitOrder::MonthFirst), None);
        assert_eq!(eight_digits("20301010", DigitOrder::YearFirst), Some(date!(2030 - 10 - 10)));
        assert_eq!(eight_digits("18991231", DigitOrder::YearFirst), None);
        assert_eq!(eight_digits("2030101", DigitOrder::YearFirst), None);
    }

    #[test]
    fn printed_dates_in_one_or_two_languages() {
        for text in ["1990-02-15", "15 FEV/FEB 1990", "15 Feb 1990", "15.02.1990", "15/02/1990"] {
            assert_eq!(printed_date(text), Some(date!(1990 - 02 - 15)), "{text}");
        }
        for text in ["", "15 FEV 1990", "31.04.1990", "15.02.90", "soon"] {
            assert_eq!(printed_date(text), None, "{text}");
        }
    }
}
