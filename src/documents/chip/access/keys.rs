//! What opens a chip: document number, birth and expiry date from the printed zone, or the card access number.

use crate::documents::mrz::Mrz;
use crate::documents::mrz::check_digit::check_digit;
use sha1::Sha1;
use sha2::Digest as _;
use std::fmt;
use zeroize::Zeroizing;

/// Number with digit, birth date with digit, expiry date with digit, as they are hashed. Numbers shorter than nine characters are filled
/// up first; longer ones count whole. `None` if a character may not stand in a zone.
#[must_use]
pub fn key_information(number: &str, birth: &str, expiry: &str) -> Option<String> {
    let number = format!("{:<<9}", number.trim_end_matches('<'));
    let with_digit = |field: &str| Some(format!("{field}{}", check_digit(field.chars())?));
    (birth.len() == 6 && expiry.len() == 6).then_some(())?;
    Some(with_digit(&number)? + &with_digit(birth)? + &with_digit(expiry)?)
}

/// A secret that the chip shares with whoever holds the document.
#[derive(Clone)]
pub enum AccessKey {
    /// From the zone: the text of [`key_information`].
    Zone(Zeroizing<String>),
    /// The six digits printed on the front of cards; opens PACE only.
    CardAccessNumber(Zeroizing<String>),
}

/// Secret: says which kind only.
impl fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Zone(_) => "AccessKey::Zone(..)",
            Self::CardAccessNumber(_) => "AccessKey::CardAccessNumber(..)",
        })
    }
}

impl AccessKey {
    /// The key in a zone; `None` if the zone has no usable number or dates.
    #[must_use]
    pub fn of_zone(zone: &Mrz) -> Option<Self> {
        let number: String = zone.document_number.chars().map(|c| if c == ' ' { '<' } else { c }).collect();
        key_information(&number, &zone.birth_raw, &zone.expiry_raw).map(|text| Self::Zone(Zeroizing::new(text)))
    }

    /// The key that a card access number is; `None` unless it is six digits.
    #[must_use]
    pub fn card_access_number(digits: &str) -> Option<Self> {
        let right = digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit());
        right.then(|| Self::CardAccessNumber(Zeroizing::new(digits.to_owned())))
    }

    /// The number by which PACE names the kind of secret.
    pub(super) const fn reference(&self) -> u8 {
        match self {
            Self::Zone(_) => 1,
            Self::CardAccessNumber(_) => 2,
        }
    }

    /// What PACE derives its key from.
    pub(super) fn secret(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(match self {
            Self::Zone(text) => Sha1::digest(text.as_bytes()).to_vec(),
            Self::CardAccessNumber(digits) => digits.as_bytes().to_vec(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::chip::access::Cipher;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|b| format!("{b:02X}")).collect()
    }

    /// The worked examples of Doc 9303-11, appendix D.
    #[test]
    fn keys_of_basic_access_are_derived_as_the_standard_shows() {
        let cases = [
            (
                ("L898902C", "690806", "940623"),
                "L898902C<369080619406236",
                "239AB9CB282DAF66231DC5A4DF6BFBAEDF477565",
                "AB94FDECF2674FDFB9B391F85D7F76F2",
                "7962D9ECE03D1ACD4C76089DCE131543",
            ),
            (
                ("D23145890734", "340712", "950712"),
                "D23145890734934071279507122",
                "B366AD857DDCA2B08C0E2998117147300FA5D581",
                "F4313713DFA438B68C045D1FBCE5DF1C",
                "E052C4340DFBF789435DC8E56240460E",
            ),
        ];
        for ((number, birth, expiry), text, hash, encryption, authentication) in cases {
            let information = key_information(number, birth, expiry).expect("characters of a zone");
            assert_eq!(information, text);
            let secret = AccessKey::Zone(Zeroizing::new(information)).secret();
            assert_eq!(hex(&secret), hash);
            assert_eq!(hex(&Cipher::TripleDes.derive(&secret[..16], 1)), encryption);
            assert_eq!(hex(&Cipher::TripleDes.derive(&secret[..16], 2)), authentication);
        }
        assert_eq!(key_information("l898902c", "690806", "940623"), None);
        assert_eq!(key_information("L898902C", "6908", "940623"), None);
    }

    /// Doc 9303-11, appendix G.
    #[test]
    fn the_key_of_pace_is_derived_as_the_standard_shows() {
        let information = key_information("T22000129", "640812", "101031").expect("characters of a zone");
        assert_eq!(information, "T22000129364081251010318");
        let secret = AccessKey::Zone(Zeroizing::new(information)).secret();
        assert_eq!(hex(&secret), "7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD");
        let key = Cipher::Aes128.derive(&secret, 3);
        assert_eq!(hex(&key), "89DED1B26624EC1E634C1989302849DD");
    }

    #[test]
    fn secrets_are_not_shown() {
        let key = AccessKey::card_access_number("123456").expect("six digits");
        assert_eq!(format!("{key:?}"), "AccessKey::CardAccessNumber(..)");
        assert!(AccessKey::card_access_number("12345").is_none() && AccessKey::card_access_number("12345x").is_none());
    }
}
