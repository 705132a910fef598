//! Whose document it is: people of the State of Utopia, which is on no map.

use super::super::random::Draws;
use crate::documents::dates::PartialDate;
use crate::documents::mrz::write::MrzContent;
use crate::documents::mrz::{Format, Sex};

/// A person who does not exist, and their documents' data.
#[derive(Debug, Clone, PartialEq)]
pub struct Holder {
    /// Seed of all that follows and of the face.
    pub seed: u64,
    /// Family name.
    pub primary: String,
    /// Given names.
    pub secondary: String,
    /// Birth.
    pub birth: (i32, u8, u8),
    /// Expiry of the document.
    pub expiry: (i32, u8, u8),
    /// Sex.
    pub sex: Sex,
    /// Document number, nine letters and digits.
    pub number: String,
}

const FIRST: [&str; 12] =
    ["SPECIMEN", "MUSTER", "SAMPLE", "EXEMPLAR", "MODELO", "VZOR", "ORNEK", "TESTA", "PROVA", "MALLI", "MINTA", "PROOF"];
const GIVEN: [&str; 14] =
    ["ALFA", "BRAVO", "CHARLIE", "DELTA", "ECHO", "FOXTROT", "GOLF", "HOTEL", "INDIA", "JULIETT", "KILO", "LIMA", "OSCAR", "QUEBEC"];
const END: [&str; 8] = ["PERSON", "HOLDER", "BEARER", "TRAVELLER", "CITIZEN", "NOBODY", "MANN", "FRAU"];

impl Holder {
    /// The person of a seed: always the same.
    #[must_use]
    pub fn from_seed(seed: u64) -> Self {
        let mut d = Draws::new(seed ^ 0x0075_746f_7069_6121);
        let primary = format!("{}{}", d.pick(&FIRST), d.pick(&END));
        let secondary = if d.chance(0.5) { d.pick(&GIVEN).to_owned() } else { format!("{} {}", d.pick(&GIVEN), d.pick(&GIVEN)) };
        let mut day = |from: i32, to: i32| {
            (from + (d.unit() * (to - from) as f32) as i32, 1 + (d.unit() * 12.0) as u8 % 12, 1 + (d.unit() * 28.0) as u8 % 28)
        };
        let (birth, expiry) = (day(1950, 2004), day(2030, 2036));
        let letters = |d: &mut Draws, of: &[u8], n: usize| (0..n).map(|_| char::from(d.pick(of))).collect::<String>();
        let number = format!("{}{}", letters(&mut d, b"CFGHJKLMNPRTVWXYZ", 2), letters(&mut d, b"0123456789", 7));
        let sex = if d.chance(0.5) { Sex::Female } else { Sex::Male };
        Self { seed, primary, secondary, birth, expiry, sex, number }
    }

    /// The content of a machine-readable zone.
    #[must_use]
    pub fn zone(&self, format: Format) -> MrzContent {
        let code = match format {
            Format::Td3 => "P",
            Format::MrvA | Format::MrvB => "V",
            _ => "I",
        };
        let date = |(y, m, d): (i32, u8, u8)| PartialDate::new(Some(y), Some(m), Some(d)).unwrap_or_else(unknown);
        MrzContent {
            format,
            document_code: code.to_owned(),
            issuing_state: "UTO".to_owned(),
            document_number: self.number.clone(),
            nationality: "UTO".to_owned(),
            primary: self.primary.clone(),
            secondary: self.secondary.clone(),
            birth: date(self.birth),
            sex: self.sex,
            expiry: date(self.expiry),
            optional: [String::new(), String::new()],
        }
    }

    /// The payload of a licence's barcode, AAMVA version 10, of an issuer number that is not assigned.
    #[must_use]
    pub fn licence_payload(&self) -> String {
        let us = |(y, m, d): (i32, u8, u8)| format!("{m:02}{d:02}{y:04}");
        let elements = [
            ("DAQ", self.number.clone()),
            ("DCS", self.primary.clone()),
            ("DDE", "N".to_owned()),
            ("DAC", self.secondary.split(' ').next().unwrap_or_default().to_owned()),
            ("DDF", "N".to_owned()),
            ("DAD", self.secondary.split(' ').nth(1).unwrap_or("NONE").to_owned()),
            ("DDG", "N".to_owned()),
            ("DCA", "D".to_owned()),
            ("DCB", "NONE".to_owned()),
            ("DCD", "NONE".to_owned()),
            ("DBD", us((self.expiry.0 - 8, self.expiry.1, self.expiry.2))),
            ("DBB", us(self.birth)),
            ("DBA", us(self.expiry)),
            ("DBC", if self.sex == Sex::Female { "2" } else { "1" }.to_owned()),
            ("DAU", "069 in".to_owned()),
            ("DAY", "BRO".to_owned()),
            ("DAG", "1 NOWHERE STREET".to_owned()),
            ("DAI", "ZENITH".to_owned()),
            ("DAJ", "XX".to_owned()),
            ("DAK", "000010000  ".to_owned()),
            ("DCF", format!("SPEC{:08}", self.seed % 100_000_000)),
            ("DCG", "USA".to_owned()),
        ];
        let body = elements.iter().map(|(id, value)| format!("{id}{value}\n")).collect::<String>();
        let subfile = format!("DL{}\r", body.trim_end_matches('\n'));
        format!("@\n\u{1e}\rANSI 636099100001DL{:04}{:04}{subfile}", 31, subfile.len())
    }
}

fn unknown() -> PartialDate {
    PartialDate::new(None, None, None).expect("nothing known is always a date")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_repeat_and_their_zones_can_be_written() {
        for seed in 0..300 {
            let holder = Holder::from_seed(seed);
            assert_eq!(holder, Holder::from_seed(seed));
            for format in [Format::Td1, Format::Td2, Format::Td3, Format::MrvA, Format::MrvB] {
                let lines = crate::documents::mrz::write::write(&holder.zone(format)).expect("a zone");
                assert!(lines.iter().all(|l| l.contains("UTO") || l.contains("<<")), "{lines:?}");
            }
        }
    }

    #[test]
    fn the_licence_payload_is_read() {
        use crate::documents::barcode::{Payload, classify};
        let holder = Holder::from_seed(5);
        let payload = classify(holder.licence_payload().as_bytes(), time::macros::date!(2026 - 11 - 26));
        assert!(matches!(payload, Payload::Licence(_)), "{payload:?}");
    }
}
