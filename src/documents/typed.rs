//! Details as people type them: what a text says, once the blanks around it are gone. One set of rules for the desk and for typed files.

use time::{Date, Month};

/// Why a text is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateFault {
    /// Not a day, a month and a year of four digits.
    Unclear,
    /// The calendar has no such day.
    NoSuchDay,
}

/// The text itself; `None` where nothing stands there.
#[must_use]
pub fn filled(text: &str) -> Option<String> {
    Some(text.trim()).filter(|t| !t.is_empty()).map(str::to_owned)
}

/// The same in capitals: numbers and codes are.
#[must_use]
pub fn capitals(text: &str) -> Option<String> {
    filled(text).map(|t| t.to_uppercase())
}

/// A date as files have it, `2001-02-03`.
#[must_use]
pub fn file_date(text: &str) -> Option<Date> {
    Date::parse(text.trim(), time::macros::format_description!("[year]-[month]-[day]")).ok()
}

/// A date as people write it: day, month and year, with dots, slashes, hyphens or blanks between them; or as files have it.
///
/// A year has four digits, so that nobody has to guess a century.
///
/// # Errors
/// [`DateFault`].
pub fn date(text: &str) -> Result<Date, DateFault> {
    let parts: Vec<&str> = text.split(['.', '/', '-', ' ']).filter(|part| !part.is_empty()).collect();
    let number = |part: &str, digits: std::ops::RangeInclusive<usize>| {
        let plain = digits.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| part.parse::<u16>().ok()).flatten().ok_or(DateFault::Unclear)
    };
    let [first, month, last] = parts[..] else { return Err(DateFault::Unclear) };
    let (day, year) = if first.len() == 4 { (last, first) } else { (first, last) };
    let (day, month, year) = (number(day, 1..=2)?, number(month, 1..=2)?, number(year, 4..=4)?);
    let month = u8::try_from(month).ok().and_then(|m| Month::try_from(m).ok()).ok_or(DateFault::NoSuchDay)?;
    Date::from_calendar_date(i32::from(year), month, u8::try_from(day).unwrap_or(0)).map_err(|_| DateFault::NoSuchDay)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn dates_are_read_as_people_write_them() {
        for text in ["23.04.1990", "23.4.1990", " 23/04/1990 ", "23-04-1990", "23 4 1990", "23. 4. 1990", "1990-04-23"] {
            assert_eq!(date(text), Ok(date!(1990 - 04 - 23)), "{text}");
        }
        for text in ["", "23.04.", "23.04.90", "230490", "23041990", "23.04.19900", "23 April 1990", "1.2.3.4", "-", "٢٣.٠٤.١٩٩٠"] {
            assert_eq!(date(text), Err(DateFault::Unclear), "{text}");
        }
        for text in ["31.04.1990", "29.02.1990", "04/23/1990", "0.1.1990", "1990-13-01"] {
            assert_eq!(date(text), Err(DateFault::NoSuchDay), "{text}");
        }
        assert_eq!((file_date("1990-04-23"), file_date("23.04.1990")), (Some(date!(1990 - 04 - 23)), None));
        assert_eq!((filled(" Müller "), capitals(" nx 1"), filled(" ")), (Some("Müller".into()), Some("NX 1".into()), None));
    }
}
