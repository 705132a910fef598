//! What the files say: versions and list of EF.COM, the zone of DG1, full name and birth date of DG11.

use super::files::DataGroup;
use super::tlv::{Objects, TlvError, only};
use crate::documents::dates::PartialDate;
use crate::documents::mrz::{self, Line, Reading};
use std::fmt;
use time::Date;

/// EF.COM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Common {
    /// Version of the data structure, `0107` for 1.7.
    pub lds_version: String,
    /// Version of Unicode, `040000` for 4.0.0.
    pub unicode_version: String,
    /// The data groups said to be there, each once, in their order.
    pub groups: Vec<DataGroup>,
}

/// Why a file says nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DataGroupFault {
    /// The bytes are not what they should be.
    #[error(transparent)]
    Encoding(#[from] TlvError),
    /// A tag that belongs to no data group.
    #[error("tag {0:X} belongs to no data group")]
    UnknownGroup(u8),
    /// The characters are no machine-readable zone.
    #[error("{0} characters are no machine-readable zone")]
    NoZone(usize),
}

/// Reads EF.COM.
///
/// # Errors
/// [`DataGroupFault`].
pub fn common(file: &[u8]) -> Result<Common, DataGroupFault> {
    let mut fields = Objects::new(only(file, 0x60)?);
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let lds_version = text(fields.take(0x5F01)?.value);
    let unicode_version = text(fields.take(0x5F36)?.value);
    let mut groups = Vec::new();
    for tag in fields.take(0x5C)?.value {
        let group = DataGroup::of_tag(*tag).ok_or(DataGroupFault::UnknownGroup(*tag))?;
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    groups.sort_unstable();
    Ok(Common { lds_version, unicode_version, groups })
}

/// Reads the zone of DG1. `today` decides centuries.
///
/// # Errors
/// [`DataGroupFault`].
pub fn zone(file: &[u8], today: Date) -> Result<Reading, DataGroupFault> {
    let value = only(only(file, 0x61)?, 0x5F1F)?;
    let none = || DataGroupFault::NoZone(value.len());
    let width = match value.len() {
        90 => 30,
        72 => 36,
        88 => 44,
        _ => return Err(none()),
    };
    let text = std::str::from_utf8(value).ok().filter(|t| t.is_ascii()).ok_or_else(none)?;
    let lines: Vec<Line> = text.as_bytes().chunks(width).map(|line| Line::new(&String::from_utf8_lossy(line))).collect();
    mrz::read(&lines, today).map_err(|_| none())
}

/// What DG11 adds to the zone.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PersonalDetails {
    /// The whole name in its own letters, `FAMILY<<GIVEN<NAMES`.
    pub full_name: Option<String>,
    /// The birth date with its century.
    pub birth: Option<PartialDate>,
    /// The personal number.
    pub personal_number: Option<String>,
}

/// Personal data: says nothing.
impl fmt::Debug for PersonalDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonalDetails(..)")
    }
}

/// Reads DG11.
///
/// # Errors
/// [`DataGroupFault`].
pub fn personal_details(file: &[u8]) -> Result<PersonalDetails, DataGroupFault> {
    let mut details = PersonalDetails::default();
    let mut fields = Objects::new(only(file, 0x6B)?);
    while let Some(field) = fields.next()? {
        let text = || std::str::from_utf8(field.value).ok().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
        match field.tag {
            0x5F0E => details.full_name = text(),
            0x5F10 => details.personal_number = text(),
            0x5F2B => details.birth = birth(field.value),
            _ => {}
        }
    }
    Ok(details)
}

/// CCYYMMDD, as eight digits or packed in four bytes; unknown parts are zeros.
fn birth(value: &[u8]) -> Option<PartialDate> {
    let digits: Vec<u8> = match value.len() {
        8 => value.iter().map(|b| b.wrapping_sub(b'0')).collect(),
        4 => value.iter().flat_map(|b| [b >> 4, b & 15]).collect(),
        _ => return None,
    };
    if digits.iter().any(|d| *d > 9) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| digits[range].iter().fold(0_i32, |n, d| n * 10 + i32::from(*d));
    let two = |at: usize| u8::try_from(number(at..at + 2)).ok().filter(|n| *n != 0);
    PartialDate::new(Some(number(0..4)).filter(|y| *y != 0), two(4), two(6))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::chip::tlv::encode;
    use time::macros::date;

    #[test]
    fn the_example_of_the_standard_is_read() {
        let file = [&[0x60, 0x16, 0x5F, 0x01, 4][..], b"0107", &[0x5F, 0x36, 6], b"040000", &[0x5C, 4, 0x61, 0x75, 0x76, 0x6C]].concat();
        let read = common(&file).expect("EF.COM");
        assert_eq!((read.lds_version.as_str(), read.unicode_version.as_str()), ("0107", "040000"));
        assert_eq!(read.groups.iter().map(|g| g.number()).collect::<Vec<_>>(), [1, 2, 4, 12]);
        for cut in 0..file.len() {
            assert!(common(&file[..cut]).is_err(), "{cut}");
        }
    }

    #[test]
    fn zones_of_three_lengths_are_read() {
        let today = date!(2026 - 01 - 01);
        let zones = [
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10",
            "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<D231458907UTO7408122F1204159<<<<<<<6",
            "I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
        ];
        for text in zones {
            let file = encode(0x61, &encode(0x5F1F, text.as_bytes()));
            let reading = zone(&file, today).expect("a zone");
            assert!(reading.mrz.is_right() && reading.changes.is_empty(), "{:?}", reading.mrz);
            assert_eq!(reading.mrz.primary, "ERIKSSON");
        }
        assert_eq!(zone(&encode(0x61, &encode(0x5F1F, &[b'<'; 87])), today), Err(DataGroupFault::NoZone(87)));
        assert_eq!(zone(&encode(0x61, &encode(0x5F1F, &[0xFF; 88])), today), Err(DataGroupFault::NoZone(88)));
    }

    #[test]
    fn birth_dates_come_as_text_or_packed() {
        let cases: [(&[u8], Option<&str>); 6] = [
            (b"19740812", Some("1974-08-12")),
            (&[0x19, 0x74, 0x08, 0x12], Some("1974-08-12")),
            (b"19740000", Some("1974-XX-XX")),
            (b"19741312", None),
            (b"1974081", None),
            (b"<<<<<<<<", None),
        ];
        for (value, expected) in cases {
            let file = encode(0x6B, &[encode(0x5C, &[0x5F, 0x2B]), encode(0x5F2B, value)].concat());
            let read = personal_details(&file).expect("DG11");
            assert_eq!(read.birth.map(|d| d.to_string()).as_deref(), expected);
        }
    }
}
