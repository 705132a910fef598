//! One confidence per field, from 0 to 1, out of character confidences and check digits.

use super::layout::Span;
use super::{ChangeKind, CheckResult, Reading};

/// The lowest confidence of a field whose own check digit is right.
const CHECKED: f32 = 0.95;
/// The highest confidence of a field whose check digit is wrong.
const CHECK_WRONG: f32 = 0.5;
/// The highest confidence of a field holding a repair that only a check digit speaks for.
pub const REPAIRED: f32 = 0.6;

/// Confidence of each field; `None` where nothing was read or nothing was measured. On the wire of services that want a number it is 0.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct FieldConfidences {
    /// Document code.
    pub document_code: Option<f32>,
    /// Issuing state.
    pub issuing_state: Option<f32>,
    /// Document number.
    pub document_number: Option<f32>,
    /// Nationality.
    pub nationality: Option<f32>,
    /// Primary and secondary identifier.
    pub name: Option<f32>,
    /// Birth date; its parts and the age inherit it.
    pub birth: Option<f32>,
    /// Sex.
    pub sex: Option<f32>,
    /// Expiry date.
    pub expiry: Option<f32>,
    /// Optional data.
    pub optional: Option<f32>,
    /// The zone as a whole: its weakest character, at most one half while anything is wrong.
    pub zone: Option<f32>,
}

/// The confidences of a reading.
#[must_use]
pub fn field_confidences(reading: &Reading) -> FieldConfidences {
    let layout = reading.mrz.format.layout();
    let checks = reading.mrz.checks;
    let lowest = |span: Span, skip_filler: bool| -> Option<f32> {
        let line = &reading.lines[span.line];
        let places = (span.from..span.to).filter(|p| !skip_filler || line.characters[*p] != '<');
        places.map(|p| line.confidence(p)).reduce(|a, b| Some(a?.min(b?))).flatten()
    };
    let is_empty = |span: Span| span.of_line(&reading.lines).iter().all(|c| *c == '<');
    let checked = |measured: Option<f32>, check: CheckResult| match check {
        CheckResult::Right => Some(measured.unwrap_or(CHECKED).max(CHECKED)),
        CheckResult::Wrong | CheckResult::Absent => Some(measured.unwrap_or(CHECK_WRONG).min(CHECK_WRONG)),
        CheckResult::Blank | CheckResult::NotApplicable => measured,
    };
    let field = |span: Option<Span>, check: CheckResult| {
        let span = span.filter(|s| !is_empty(*s))?;
        let repaired = reading.changes.iter().any(|c| c.kind == ChangeKind::Suggested && span.holds(c.line, c.place));
        let confidence = checked(lowest(span, false), check)?;
        Some(if repaired { confidence.min(REPAIRED) } else { confidence })
    };
    let unchecked = |span: Option<Span>| field(span, CheckResult::NotApplicable);
    let name = lowest(layout.name, true).filter(|_| !is_empty(layout.name));
    let whole: Option<f32> = reading
        .mrz
        .lines
        .iter()
        .enumerate()
        .map(|(line, text)| Span { line, from: 0, to: text.chars().count() })
        .try_fold(1.0_f32, |low, span| Some(low.min(lowest(span, true)?)));
    let zone = if reading.mrz.is_right() { whole } else { Some(whole.unwrap_or(CHECK_WRONG).min(CHECK_WRONG)) };
    FieldConfidences {
        document_code: unchecked(Some(layout.code)),
        issuing_state: unchecked(Some(layout.state)),
        document_number: field(Some(layout.number), checks.document_number),
        nationality: unchecked(layout.nationality),
        name,
        birth: field(layout.birth, checks.birth),
        // Filler is a value of its own here: not specified.
        sex: layout.sex.and_then(|s| lowest(s, false)),
        expiry: field(layout.expiry, checks.expiry),
        optional: field(layout.optional[0], checks.optional),
        zone,
    }
}

impl Span {
    fn of_line(self, lines: &[super::Line]) -> &[char] {
        &lines[self.line].characters[self.from..self.to]
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Line, read};
    use super::*;
    use time::macros::date;

    const NAMES: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<";
    const DATA: &str = "L898902C36UTO7408122F1204159ZE184226B<<<<<10";

    fn reading(data: &str, low: &[(usize, f32)]) -> Reading {
        let mut confidences = vec![0.8; 44];
        low.iter().for_each(|(place, c)| confidences[*place] = *c);
        read(&[Line::with_confidences(NAMES, &[0.7; 44]), Line::with_confidences(data, &confidences)], date!(2026 - 01 - 01))
            .expect("a zone")
    }

    #[test]
    fn a_right_digit_lifts_its_field_and_a_wrong_one_caps_it() {
        let right = field_confidences(&reading(DATA, &[(3, 0.2), (20, 0.3)]));
        assert_eq!(right.document_number, Some(0.95));
        assert_eq!(right.sex, Some(0.3), "no digit covers sex");
        assert_eq!(right.name, Some(0.7));
        assert_eq!(right.zone, Some(0.2));
        let wrong = field_confidences(&reading(&DATA.replace("7408122", "7408132"), &[]));
        assert_eq!(wrong.birth, Some(0.5));
        assert_eq!(wrong.zone, Some(0.5));
    }

    #[test]
    fn without_measurement_only_check_digits_speak() {
        let typed = read(&[Line::new(NAMES), Line::new(DATA)], date!(2026 - 01 - 01)).expect("a zone");
        let confidences = field_confidences(&typed);
        assert_eq!((confidences.document_number, confidences.name, confidences.zone), (Some(0.95), None, None));
    }
}
