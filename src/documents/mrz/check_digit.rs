//! The check digit of Doc 9303-3: weights 7 3 1, letters from 10, filler 0, remainder of ten.

/// What a check digit said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CheckResult {
    /// The digit fits.
    Right,
    /// The digit does not fit, or stands over characters no zone may have.
    Wrong,
    /// Field and digit are filler: nothing to check, nothing wrong.
    Blank,
    /// The place of the digit is filler although the field is not, and no long number explains it.
    Absent,
    /// The format has no such digit.
    NotApplicable,
}

impl CheckResult {
    /// Whether nothing speaks against the field.
    #[must_use]
    pub const fn is_fine(self) -> bool {
        matches!(self, Self::Right | Self::Blank | Self::NotApplicable)
    }
}

/// The value of a character: 0-9, 10-35 for A-Z, 0 for `<`; `None` for anything else.
#[must_use]
pub const fn value(character: char) -> Option<u32> {
    match character {
        '0'..='9' => Some(character as u32 - '0' as u32),
        'A'..='Z' => Some(character as u32 - 'A' as u32 + 10),
        '<' => Some(0),
        _ => None,
    }
}

/// The check digit over characters; `None` if one of them may not stand in a zone.
#[must_use]
pub fn check_digit(characters: impl IntoIterator<Item = char>) -> Option<char> {
    let weights = [7, 3, 1].into_iter().cycle();
    let sum = characters.into_iter().zip(weights).try_fold(0_u32, |sum, (c, weight)| Some((sum + weight * value(c)?) % 10))?;
    char::from_digit(sum, 10)
}

/// Compares a printed digit with the characters it stands for. `blank_is_fine`: a filler in the digit's place over an empty field.
#[must_use]
pub fn compare(characters: &[char], digit: char, blank_is_fine: bool) -> CheckResult {
    if digit == '<' && blank_is_fine && characters.iter().all(|c| *c == '<') {
        return CheckResult::Blank;
    }
    if check_digit(characters.iter().copied()) == Some(digit) { CheckResult::Right } else { CheckResult::Wrong }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_standard() {
        assert_eq!(check_digit("520727".chars()), Some('3'));
        assert_eq!(check_digit("AB2134<<<".chars()), Some('5'));
        assert_eq!(check_digit("".chars()), Some('0'));
        assert_eq!(check_digit("AB a".chars()), None);
    }

    #[test]
    fn an_empty_field_may_leave_its_digit_out() {
        let empty = ['<'; 4];
        assert_eq!(compare(&empty, '<', true), CheckResult::Blank);
        assert_eq!(compare(&empty, '0', true), CheckResult::Right);
        assert_eq!(compare(&empty, '<', false), CheckResult::Wrong);
        assert_eq!(compare(&['1', '<'], '<', true), CheckResult::Wrong);
    }
}
