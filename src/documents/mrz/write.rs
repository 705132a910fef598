//! Fields → lines with their check digits, for specimens, generators and round trips.

use super::check_digit::{check_digit, value};
use super::fields::Sex;
use super::layout::{Format, Span};
use crate::documents::dates::PartialDate;
use crate::documents::names;

/// What goes into a zone.
#[derive(Clone, PartialEq, Eq)]
pub struct MrzContent {
    /// A format of Doc 9303.
    pub format: Format,
    /// One or two letters.
    pub document_code: String,
    /// One to three letters.
    pub issuing_state: String,
    /// Letters and digits; in TD1 and TD2 more than nine run on into the optional data.
    pub document_number: String,
    /// One to three letters.
    pub nationality: String,
    /// Family name in any alphabet the tables know.
    pub primary: String,
    /// Given names.
    pub secondary: String,
    /// Birth date, unknown parts as filler.
    pub birth: PartialDate,
    /// Sex.
    pub sex: Sex,
    /// Expiry date.
    pub expiry: PartialDate,
    /// Optional data: letters, digits and blanks.
    pub optional: [String; 2],
}

/// Personal data: says the format only.
impl std::fmt::Debug for MrzContent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MrzContent").field("format", &self.format).finish_non_exhaustive()
    }
}

/// Content that fits no zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// A character the field may not have.
    #[error("{0} has a character that may not stand there")]
    Character(&'static str),
    /// More characters than places.
    #[error("{0} is too long for the format")]
    TooLong(&'static str),
    /// A field that may not be empty.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// Only formats of Doc 9303 are written.
    #[error("this layout is read but not written")]
    NotWritten,
}

struct Sheet {
    lines: Vec<Vec<char>>,
}

impl Sheet {
    fn put(&mut self, field: &'static str, span: Span, text: &str) -> Result<(), WriteError> {
        if text.chars().count() > span.len() {
            return Err(WriteError::TooLong(field));
        }
        for (place, c) in (span.from..span.to).zip(text.chars()) {
            value(c).ok_or(WriteError::Character(field))?;
            self.lines[span.line][place] = c;
        }
        Ok(())
    }

    /// Puts the check digit over `fields` into its place.
    fn seal(&mut self, place: Option<Span>, fields: &[Span]) {
        let digit = check_digit(fields.iter().flat_map(|s| s.of(&self.lines)).copied());
        if let (Some(place), Some(digit)) = (place, digit) {
            self.lines[place.line][place.from] = digit;
        }
    }
}

fn six(date: PartialDate) -> String {
    // `1985-12-XX` becomes `8512<<`.
    date.to_string().replace('-', "").chars().skip(2).map(|c| if c == 'X' { '<' } else { c }).collect()
}

fn letters(field: &'static str, text: &str) -> Result<(), WriteError> {
    if text.is_empty() {
        return Err(WriteError::Empty(field));
    }
    if text.chars().all(|c| c.is_ascii_uppercase()) { Ok(()) } else { Err(WriteError::Character(field)) }
}

/// Cuts a name to `places`, leaving a letter in the last place where something had to be cut.
fn name_field(primary: &str, secondary: &str, places: usize) -> String {
    let whole = if secondary.is_empty() { primary.to_owned() } else { format!("{primary}<<{secondary}") };
    if whole.len() <= places {
        return whole;
    }
    // Both identifiers stay visible: the primary leaves room for at least one letter of the secondary.
    let room = if secondary.is_empty() { places } else { places - 3 };
    let primary = primary[..primary.len().min(room)].trim_end_matches('<');
    let whole = if secondary.is_empty() { primary.to_owned() } else { format!("{primary}<<{secondary}") };
    let cut = &whole[..whole.len().min(places)];
    // A filler in the last place would say that nothing was cut: the letter before it moves there.
    match cut.strip_suffix('<') {
        Some(rest) if rest.len() + 1 == places && !rest.ends_with('<') => {
            format!("{rest}{}", &whole[places..].trim_start_matches('<').get(..1).unwrap_or("X"))
        }
        _ => cut.to_owned(),
    }
}

/// Writes a zone. Names are transliterated and, where they must be, cut.
///
/// # Errors
/// [`WriteError`].
pub fn write(content: &MrzContent) -> Result<Vec<String>, WriteError> {
    let format = content.format;
    if !format.is_icao() {
        return Err(WriteError::NotWritten);
    }
    let layout = format.layout();
    let mut sheet = Sheet { lines: format.widths().iter().map(|w| vec!['<'; *w]).collect() };
    letters("document code", &content.document_code)?;
    letters("issuing state", &content.issuing_state)?;
    letters("nationality", &content.nationality)?;
    sheet.put("document code", layout.code, &content.document_code)?;
    sheet.put("issuing state", layout.state, &content.issuing_state)?;
    let (primary, secondary) = (names::to_mrz(&content.primary), names::to_mrz(&content.secondary));
    if primary.is_empty() {
        return Err(WriteError::Empty("primary identifier"));
    }
    sheet.put("name", layout.name, &name_field(&primary, &secondary, layout.name.len()))?;
    let optional = content.optional.each_ref().map(|o| o.trim_end().replace(' ', "<"));
    let mut first_optional = optional[0].clone();
    let number = content.document_number.as_str();
    if number.is_empty() {
        return Err(WriteError::Empty("document number"));
    }
    if !number.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase()) {
        return Err(WriteError::Character("document number"));
    }
    let places = layout.number.len();
    if number.len() > places && layout.number_overflows {
        let (head, rest) = number.split_at(places);
        let digit = check_digit(number.chars()).ok_or(WriteError::Character("document number"))?;
        sheet.put("document number", layout.number, head)?;
        first_optional = format!("{rest}{digit}");
        if !optional[0].is_empty() {
            first_optional = format!("{first_optional}<{}", optional[0]);
        }
        // The standard wants a filler after the digit.
        if layout.optional[0].is_some_and(|s| first_optional.len() >= s.len()) && optional[0].is_empty() {
            return Err(WriteError::TooLong("document number"));
        }
    } else {
        // Visas cut the number at nine places, the others refuse it in `put`.
        let number = if format.is_visa() { &number[..number.len().min(places)] } else { number };
        sheet.put("document number", layout.number, number)?;
        sheet.seal(layout.number_check, &[layout.number]);
    }
    let optionals = [first_optional, optional[1].clone()];
    for (span, text) in layout.optional.iter().zip(&optionals) {
        match span {
            Some(span) => sheet.put("optional data", *span, text)?,
            None if text.is_empty() => {}
            None => return Err(WriteError::TooLong("optional data")),
        }
    }
    let dates = [
        ("birth date", layout.birth, layout.birth_check, six(content.birth)),
        ("expiry date", layout.expiry, layout.expiry_check, six(content.expiry)),
    ];
    for (field, span, check, text) in dates {
        let Some(span) = span else { continue };
        sheet.put(field, span, &text)?;
        sheet.seal(check, &[span]);
    }
    if let Some(nationality) = layout.nationality {
        sheet.put("nationality", nationality, &content.nationality)?;
    }
    if let Some(sex) = layout.sex {
        let letter = if content.sex == Sex::Unspecified { "<".to_owned() } else { content.sex.letter().to_string() };
        sheet.put("sex", sex, &letter)?;
    }
    if !optionals[0].is_empty()
        && let Some(span) = layout.optional[0]
    {
        sheet.seal(layout.optional_check, &[span]);
    }
    sheet.seal(layout.composite, layout.composite_over);
    Ok(sheet.lines.into_iter().map(String::from_iter).collect())
}
