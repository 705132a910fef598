//! Registration codes: eight characters of Crockford base 32, the last a check character.
//!
//! A code is a word of a linear code over the field of 32 elements: with `α` a primitive element, the sum of `αⁱ·dᵢ` over the eight
//! symbols is a fixed value other than zero. The eight weights are distinct and none is zero, so that every change of one symbol and
//! every exchange of two unlike symbols, neighbours or not, is found; the tests go through all cases. Because the fixed value is not
//! zero, eight zeros are no code. Seven symbols are free: 35 bits.

use crate::advice::{Advice, Advised};

/// Crockford's symbols by value: no I, L, O and U.
const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Length of a code, the check character included.
const LENGTH: usize = 8;
/// What the weighted sum of a valid code is. Any value but 0 would do.
const SYNDROME: u8 = 19;
/// x⁵ + x² + 1, irreducible over the two-element field; `x` generates all 31 elements other than zero.
const FIELD_POLYNOMIAL: u8 = 0b10_0101;

/// A code that was handed out or typed in, checked. It identifies an enrolment; it is not a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RegistrationCode([u8; LENGTH]);

/// Why a text is not a registration code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RegistrationCodeError {
    /// Too few or too many characters.
    #[error("a registration code has 8 characters, not {found}")]
    Length {
        /// Characters found, spaces and hyphens not counted.
        found: usize,
    },
    /// A character that no code contains.
    #[error("the character {found:?} does not occur in registration codes")]
    Symbol {
        /// The character.
        found: char,
    },
    /// The check character does not agree with the others.
    #[error("the registration code contains a mistake")]
    Check,
}

impl Advised for RegistrationCodeError {
    fn advice(&self) -> Advice {
        Advice::input("FLW-10", "Type the eight characters again as they stand on the receipt.")
    }
}

impl RegistrationCode {
    /// The code made from the lower 35 bits of `entropy`; the caller draws them at random.
    #[must_use]
    pub fn from_entropy(entropy: u64) -> Self {
        let mut symbols = [0; LENGTH];
        for (i, symbol) in symbols.iter_mut().take(LENGTH - 1).enumerate() {
            *symbol = (entropy >> (5 * i)) as u8 & 31;
        }
        let last = LENGTH - 1;
        symbols[last] = (0..32).find(|check| weighted_sum(symbols) ^ product(*check, weight(last)) == SYNDROME).unwrap_or_default();
        Self(symbols)
    }

    /// Reads a code as people type it: any case, spaces and hyphens anywhere, I and L for 1, O for 0.
    ///
    /// # Errors
    /// [`RegistrationCodeError`].
    pub fn parse(text: &str) -> Result<Self, RegistrationCodeError> {
        let mut symbols = [0; LENGTH];
        let mut found = 0;
        for character in text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}')) {
            let plain = match character.to_ascii_uppercase() {
                'I' | 'L' => '1',
                'O' => '0',
                other => other,
            };
            let value = SYMBOLS.iter().position(|s| char::from(*s) == plain).ok_or(RegistrationCodeError::Symbol { found: character })?;
            if let Some(symbol) = symbols.get_mut(found) {
                *symbol = value as u8;
            }
            found += 1;
        }
        match found {
            LENGTH if weighted_sum(symbols) == SYNDROME => Ok(Self(symbols)),
            LENGTH => Err(RegistrationCodeError::Check),
            _ => Err(RegistrationCodeError::Length { found }),
        }
    }

    /// The eight characters without a separator, as stored.
    #[must_use]
    pub fn compact(&self) -> String {
        self.0.iter().map(|value| char::from(SYMBOLS[usize::from(*value)])).collect()
    }
}

/// Two groups of four, to be read aloud: `7KQM-2XPA`.
impl std::fmt::Display for RegistrationCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = self.compact();
        write!(f, "{}-{}", &text[..LENGTH / 2], &text[LENGTH / 2..])
    }
}

/// Weight of the symbol at `position`: `α` to the power of the position.
fn weight(position: usize) -> u8 {
    (0..position).fold(1, |power, _| product(power, 2))
}

fn weighted_sum(symbols: [u8; LENGTH]) -> u8 {
    symbols.iter().enumerate().fold(0, |sum, (i, symbol)| sum ^ product(*symbol, weight(i)))
}

/// Product of two elements of the field of 32, each a polynomial of degree below 5 in its five bits.
fn product(a: u8, b: u8) -> u8 {
    let (mut result, mut shifted) = (0, a);
    for bit in 0..5 {
        if b >> bit & 1 == 1 {
            result ^= shifted;
        }
        shifted <<= 1;
        if shifted & 32 != 0 {
            shifted ^= FIELD_POLYNOMIAL;
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A spread of codes; by linearity what holds for one holds for all, see `the_check_is_linear`.
    fn codes() -> impl Iterator<Item = RegistrationCode> {
        (0..200_u64).map(|n| RegistrationCode::from_entropy(n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20))
    }

    fn valid(symbols: [u8; LENGTH]) -> bool {
        weighted_sum(symbols) == SYNDROME
    }

    #[test]
    fn every_change_of_one_symbol_is_found() {
        for code in codes() {
            assert!(valid(code.0));
            for position in 0..LENGTH {
                for other in (0..32).filter(|v| *v != code.0[position]) {
                    let mut changed = code.0;
                    changed[position] = other;
                    assert!(!valid(changed), "{code} at {position} to {other}");
                }
            }
        }
    }

    #[test]
    fn every_exchange_of_two_symbols_is_found() {
        // All pairs of values at all pairs of positions, the other symbols arbitrary.
        for code in codes().take(8) {
            for (i, j) in (0..LENGTH).flat_map(|i| (i + 1..LENGTH).map(move |j| (i, j))) {
                for (a, b) in (0..32).flat_map(|a| (0..32).map(move |b| (a, b))).filter(|(a, b)| a != b) {
                    let mut before = code.0;
                    (before[i], before[j]) = (a, b);
                    let mut after = before;
                    after.swap(i, j);
                    assert_ne!(weighted_sum(before), weighted_sum(after), "{code}: {a} and {b} at {i} and {j}");
                }
            }
        }
    }

    #[test]
    fn the_check_is_linear() {
        for a in 0..32 {
            for b in 0..32 {
                assert_eq!(product(a, b), product(b, a));
                assert_eq!(product(a, b) == 0, a == 0 || b == 0, "no zero divisors: {a} · {b}");
                for c in 0..32 {
                    assert_eq!(product(a ^ b, c), product(a, c) ^ product(b, c));
                }
            }
        }
    }

    #[test]
    fn reads_what_people_type() {
        for code in [0, 1, 32, 0x1_2345_6789, u64::MAX].map(RegistrationCode::from_entropy) {
            let text = code.compact();
            assert_eq!(text.len(), 8);
            let spaced = text.chars().map(|c| format!("{c} ")).collect::<String>();
            let confused = text.replace('1', "l").replace('0', "o");
            for typed in [text.clone(), text.to_lowercase(), code.to_string(), spaced, format!(" {} ", code), confused] {
                assert_eq!(RegistrationCode::parse(&typed), Ok(code), "{typed}");
            }
        }
    }

    #[test]
    fn refuses_what_is_no_code() {
        assert_eq!(RegistrationCode::parse(""), Err(RegistrationCodeError::Length { found: 0 }));
        assert_eq!(RegistrationCode::parse("1234 5678 9"), Err(RegistrationCodeError::Length { found: 9 }));
        assert_eq!(RegistrationCode::parse("ABCDEFGU"), Err(RegistrationCodeError::Symbol { found: 'U' }));
        assert_eq!(RegistrationCode::parse("ABCDEFÄG"), Err(RegistrationCodeError::Symbol { found: 'Ä' }));
        assert_eq!(RegistrationCode::parse("00000000"), Err(RegistrationCodeError::Check));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,24}") {
            if let Ok(code) = RegistrationCode::parse(&text) {
                proptest::prop_assert_eq!(RegistrationCode::parse(&code.to_string()), Ok(code));
            }
        }

        #[test]
        fn every_entropy_gives_a_valid_code(entropy: u64) {
            let code = RegistrationCode::from_entropy(entropy);
            proptest::prop_assert_eq!(RegistrationCode::parse(&code.compact()), Ok(code));
        }
    }
}
