//! Lines of one format → typed fields, check digits and findings. Reads strictly what stands there; repairs nothing.

use super::check_digit::{CheckResult, compare};
use super::layout::{Format, Layout, Span};
use crate::documents::dates::{BirthDate, PartialDate, ShortDate};
use crate::documents::states;
use std::fmt;
use time::Date;

/// Sex as the zone gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// F.
    Female,
    /// M.
    Male,
    /// `<` in the zone, X in the visual zone.
    Unspecified,
}

impl Sex {
    /// F, M or X, as the visual zone writes it.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::Female => 'F',
            Self::Male => 'M',
            Self::Unspecified => 'X',
        }
    }
}

/// Something wrong or odd about a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Finding {
    /// A character outside A-Z, 0-9 and `<`.
    Charset,
    /// The check digit of the document number is wrong.
    CheckDocumentNumber,
    /// The check digit of the birth date is wrong.
    CheckBirth,
    /// The check digit of the expiry date is wrong.
    CheckExpiry,
    /// The check digit of the optional data is wrong.
    CheckOptional,
    /// The composite check digit is wrong.
    CheckComposite,
    /// Filler stands in the place of the number's check digit, and no long number explains it.
    DocumentNumberCheckAbsent,
    /// The birth date is no date.
    BirthDate,
    /// The expiry date is no whole date.
    ExpiryDate,
    /// The document expired before its holder was born.
    ExpiryBeforeBirth,
    /// Sex is none of F, M and `<`.
    Sex,
    /// There is no primary identifier.
    NameEmpty,
    /// A digit in the name.
    NameDigit,
    /// A digit in issuing state or nationality.
    StateDigit,
    /// Odd: `X` for sex, which belongs in the visual zone but is printed by a few states. Comes together with [`Finding::Sex`].
    SexLetterX,
    /// Odd: unknown parts of the birth date written as zeros.
    BirthZeros,
    /// Odd: the issuing state or the nationality is in no list of codes.
    StateUnknown,
    /// Odd: single letters amid the filler after the name, nearly always misread filler.
    StrayLetters,
    /// Odd: an expiry date of filler only; some states print it on documents without end.
    NoExpiry,
}

impl Finding {
    /// Every finding.
    pub const ALL: [Self; 19] = [
        Self::Charset,
        Self::CheckDocumentNumber,
        Self::CheckBirth,
        Self::CheckExpiry,
        Self::CheckOptional,
        Self::CheckComposite,
        Self::DocumentNumberCheckAbsent,
        Self::BirthDate,
        Self::ExpiryDate,
        Self::ExpiryBeforeBirth,
        Self::Sex,
        Self::NameEmpty,
        Self::NameDigit,
        Self::StateDigit,
        Self::SexLetterX,
        Self::BirthZeros,
        Self::StateUnknown,
        Self::StrayLetters,
        Self::NoExpiry,
    ];

    /// A stable word for reports.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Charset => "CHARSET",
            Self::CheckDocumentNumber => "CHECK_DOC",
            Self::CheckBirth => "CHECK_BIRTH",
            Self::CheckExpiry => "CHECK_EXPIRY",
            Self::CheckOptional => "CHECK_OPTIONAL",
            Self::CheckComposite => "CHECK_COMPOSITE",
            Self::DocumentNumberCheckAbsent => "DOC_CHECK_ABSENT",
            Self::BirthDate => "BIRTH_DATE",
            Self::ExpiryDate => "EXPIRY_DATE",
            Self::ExpiryBeforeBirth => "EXPIRY_BEFORE_BIRTH",
            Self::Sex => "SEX",
            Self::NameEmpty => "NAME_EMPTY",
            Self::NameDigit => "NAME_DIGIT",
            Self::StateDigit => "STATE_DIGIT",
            Self::SexLetterX => "SEX_X",
            Self::BirthZeros => "BIRTH_ZEROS",
            Self::StateUnknown => "STATE_UNKNOWN",
            Self::StrayLetters => "STRAY_LETTERS",
            Self::NoExpiry => "NO_EXPIRY",
        }
    }

    /// Whether the zone breaks the standard, rather than being merely odd.
    #[must_use]
    pub const fn is_error(self) -> bool {
        !matches!(self, Self::SexLetterX | Self::BirthZeros | Self::StateUnknown | Self::StrayLetters | Self::NoExpiry)
    }

    /// Whether misread characters can be the cause, so that reading again or a repair can help.
    #[must_use]
    pub const fn is_misreading(self) -> bool {
        matches!(
            self,
            Self::Charset
                | Self::CheckDocumentNumber
                | Self::CheckBirth
                | Self::CheckExpiry
                | Self::CheckOptional
                | Self::CheckComposite
                | Self::BirthDate
                | Self::ExpiryDate
                | Self::NameDigit
                | Self::StateDigit
        )
    }
}

/// What the five check digits said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckDigits {
    /// Over the document number.
    pub document_number: CheckResult,
    /// Over the birth date.
    pub birth: CheckResult,
    /// Over the expiry date.
    pub expiry: CheckResult,
    /// Over the optional data.
    pub optional: CheckResult,
    /// The composite. No second opinion on the number, but one on the dates.
    pub composite: CheckResult,
}

impl CheckDigits {
    /// In the order of the fields.
    #[must_use]
    pub const fn all(self) -> [CheckResult; 5] {
        [self.document_number, self.birth, self.expiry, self.optional, self.composite]
    }
}

/// The fields of a machine-readable zone. Filler is trimmed; inner filler shows as a blank.
#[derive(Clone, PartialEq, Eq)]
pub struct Mrz {
    /// The format.
    pub format: Format,
    /// The lines as read.
    pub lines: Vec<String>,
    /// Document code, one or two characters.
    pub document_code: String,
    /// Issuing state or organisation, one to three characters (`D` is Germany).
    pub issuing_state: String,
    /// Document number, the whole of it if it is long.
    pub document_number: String,
    /// Whether the number continued in the optional data.
    pub long_number: bool,
    /// Nationality; empty where the format has none.
    pub nationality: String,
    /// Primary identifier: the family name as a rule.
    pub primary: String,
    /// Secondary identifier: the given names as a rule; may be empty.
    pub secondary: String,
    /// The last place of the name is no filler, so the name may have been cut.
    pub name_may_be_truncated: bool,
    /// Six characters; empty where the format has no birth date.
    pub birth_raw: String,
    /// The birth date with its possible other century; `None` if it is no date.
    pub birth: Option<BirthDate>,
    /// Sex; `None` if the character means nothing.
    pub sex: Option<Sex>,
    /// Six characters; empty where the format has no expiry date.
    pub expiry_raw: String,
    /// The expiry date; `None` if it is no date. Not whole only together with [`Finding::ExpiryDate`].
    pub expiry: Option<PartialDate>,
    /// Optional data, without the rest of a long number.
    pub optional: [String; 2],
    /// Check digits.
    pub checks: CheckDigits,
    /// What is wrong or odd, in the order of [`Finding`].
    pub findings: Vec<Finding>,
}

/// Personal data: says format, check digits and findings only.
impl fmt::Debug for Mrz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mrz")
            .field("format", &self.format)
            .field("checks", &self.checks)
            .field("findings", &self.findings)
            .finish_non_exhaustive()
    }
}

impl Mrz {
    /// Whether nothing breaks the standard.
    #[must_use]
    pub fn is_right(&self) -> bool {
        !self.findings.iter().any(|f| f.is_error())
    }

    /// Whether anything found can come from misread characters. An expiry date left blank is printed so by some states.
    #[must_use]
    pub fn looks_misread(&self) -> bool {
        let blank = self.findings.contains(&Finding::NoExpiry);
        self.findings.iter().any(|f| f.is_misreading() && !(blank && *f == Finding::ExpiryDate))
    }

    /// Whether the birth date has unknown parts.
    #[must_use]
    pub fn birth_is_partial(&self) -> bool {
        self.birth.is_some_and(|b| b.date.whole().is_none())
    }

    /// Whether the document had expired before `today`; `None` if it has no usable expiry date. It is valid on its last day.
    #[must_use]
    pub fn expired_on(&self, today: Date) -> Option<bool> {
        Some(self.expiry?.latest()? < today)
    }

    /// Primary and secondary identifier, `FAMILY, GIVEN`.
    #[must_use]
    pub fn full_name(&self) -> String {
        if self.secondary.is_empty() { self.primary.clone() } else { format!("{}, {}", self.primary, self.secondary) }
    }
}

fn trimmed(characters: &[char]) -> &[char] {
    let end = characters.iter().rposition(|c| *c != '<').map_or(0, |i| i + 1);
    &characters[..end]
}

/// Filler trimmed at both ends, inner filler as blanks.
fn shown(characters: &[char]) -> String {
    trimmed(characters).iter().skip_while(|c| **c == '<').map(|c| if *c == '<' { ' ' } else { *c }).collect()
}

/// A name part: runs of filler become one blank.
fn name_part(characters: &[char]) -> String {
    characters.split(|c| *c == '<').filter(|w| !w.is_empty()).map(|w| w.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// Splits at the first double filler: primary and secondary identifier.
fn identifiers(name: &[char]) -> (String, String) {
    let name = trimmed(name);
    match name.windows(2).position(|pair| pair == ['<', '<']) {
        Some(at) => (name_part(&name[..at]), name_part(&name[at + 2..])),
        None => (name_part(name), String::new()),
    }
}

/// Whether single letters stand alone after the name, with a run of filler before and after them.
fn has_stray_letters(name: &[char]) -> bool {
    let name: String = name.iter().collect();
    let Some((_, secondary)) = name.split_once("<<") else { return false };
    let Some(word) = secondary.find(|c| c != '<') else { return false };
    let tail = &secondary[word..];
    // `MARIA<K<<<` is an initial as well as misread filler; `MARIA<<<C<C<` can hardly be a name. Both are odd.
    let runs: Vec<&str> = tail.split('<').filter(|w| !w.is_empty()).collect();
    runs.len() > 1 && runs[1..].iter().any(|w| w.len() == 1 && matches!(*w, "K" | "C" | "S" | "E" | "X" | "L")) && tail.ends_with('<')
}

struct Number {
    text: String,
    long: bool,
    check: CheckResult,
    optional: String,
}

/// The document number, following it into the optional data where it is longer than its field.
fn document_number(lines: &[Vec<char>], layout: &Layout) -> Number {
    let field = layout.number.of(lines);
    let first_optional = layout.optional[0].map_or(&[][..], |s| s.of(lines));
    let short = |check| Number { text: shown(field), long: false, check, optional: shown(first_optional) };
    let Some(digit) = layout.number_check.map(|s| s.of(lines)[0]) else { return short(CheckResult::NotApplicable) };
    if digit != '<' || !layout.number_overflows {
        // A number field of filler only is no number, so filler never stands for its digit.
        return short(if digit == '<' { CheckResult::Absent } else { compare(field, digit, false) });
    }
    let end = first_optional.iter().position(|c| *c == '<').unwrap_or(first_optional.len());
    let rest = &first_optional[..end];
    let full = field.last().is_some_and(|c| *c != '<');
    let Some((check, rest)) = rest.split_last().filter(|(_, rest)| full && !rest.is_empty()) else {
        return short(CheckResult::Absent);
    };
    let whole: Vec<char> = field.iter().chain(rest).copied().collect();
    let more = first_optional.get(end + 1..).unwrap_or_default();
    Number { check: compare(&whole, *check, false), text: shown(&whole), long: true, optional: shown(more) }
}

fn digit_over(lines: &[Vec<char>], field: Option<Span>, digit: Option<Span>) -> CheckResult {
    match (field, digit) {
        (Some(field), Some(digit)) => compare(field.of(lines), digit.of(lines)[0], true),
        _ => CheckResult::NotApplicable,
    }
}

fn text(lines: &[Vec<char>], span: Option<Span>) -> String {
    span.map(|s| s.of(lines).iter().collect()).unwrap_or_default()
}

/// Reads lines whose widths are those of `format`; `None` if they are not.
#[must_use]
pub fn read_as(format: Format, lines: &[Vec<char>], today: Date) -> Option<Mrz> {
    if lines.len() != format.widths().len() || lines.iter().zip(format.widths()).any(|(line, width)| line.len() != *width) {
        return None;
    }
    let layout = format.layout();
    let number = document_number(lines, layout);
    let name = layout.name.of(lines);
    let (primary, secondary) = match layout.given {
        Some(given) => (name_part(name), name_part(given.of(lines))),
        None => identifiers(name),
    };
    let birth_raw = text(lines, layout.birth);
    let short_birth = ShortDate::read(&birth_raw, true);
    let birth = short_birth.and_then(|d| d.as_birth(today));
    let expiry_raw = text(lines, layout.expiry);
    let expiry = ShortDate::read(&expiry_raw, false).and_then(|d| d.as_expiry(today));
    let sex_letter = layout.sex.map(|s| s.of(lines)[0]);
    let sex = match sex_letter {
        Some('F') => Some(Sex::Female),
        Some('M') => Some(Sex::Male),
        Some('<' | 'X') => Some(Sex::Unspecified),
        _ => None,
    };
    let composite_text: Vec<char> = layout.composite_over.iter().flat_map(|s| s.of(lines)).copied().collect();
    let checks = CheckDigits {
        document_number: number.check,
        birth: digit_over(lines, layout.birth, layout.birth_check),
        expiry: digit_over(lines, layout.expiry, layout.expiry_check),
        optional: digit_over(lines, layout.optional[0], layout.optional_check),
        composite: layout.composite.map_or(CheckResult::NotApplicable, |s| compare(&composite_text, s.of(lines)[0], false)),
    };
    let mut mrz = Mrz {
        format,
        lines: lines.iter().map(|l| l.iter().collect()).collect(),
        document_code: shown(layout.code.of(lines)),
        issuing_state: shown(layout.state.of(lines)),
        document_number: number.text,
        long_number: number.long,
        nationality: layout.nationality.map(|s| shown(s.of(lines))).unwrap_or_default(),
        name_may_be_truncated: format.is_icao() && name.last().is_some_and(|c| *c != '<'),
        primary,
        secondary,
        birth_raw,
        birth,
        sex,
        expiry_raw,
        expiry,
        optional: [number.optional, layout.optional[1].map(|s| shown(s.of(lines))).unwrap_or_default()],
        checks,
        findings: Vec::new(),
    };
    mrz.findings = findings(&mrz, lines, layout, short_birth, sex_letter);
    Some(mrz)
}

fn findings(mrz: &Mrz, lines: &[Vec<char>], layout: &Layout, birth: Option<ShortDate>, sex: Option<char>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut note = |condition: bool, finding: Finding| {
        if condition {
            found.push(finding);
        }
    };
    let has_digit = |span: Span| span.of(lines).iter().any(char::is_ascii_digit);
    let checks = mrz.checks;
    note(lines.iter().flatten().any(|c| super::check_digit::value(*c).is_none()), Finding::Charset);
    // The place after the number of the French driving licence follows another rule than that of Doc 9303: shown, not held against it.
    let number_counts = mrz.format != Format::FrenchDrivingLicence;
    note(number_counts && checks.document_number == CheckResult::Wrong, Finding::CheckDocumentNumber);
    note(number_counts && checks.document_number == CheckResult::Absent, Finding::DocumentNumberCheckAbsent);
    note(checks.birth == CheckResult::Wrong, Finding::CheckBirth);
    note(checks.expiry == CheckResult::Wrong, Finding::CheckExpiry);
    note(checks.optional == CheckResult::Wrong, Finding::CheckOptional);
    note(checks.composite == CheckResult::Wrong, Finding::CheckComposite);
    note(layout.birth.is_some() && mrz.birth.is_none(), Finding::BirthDate);
    note(layout.expiry.is_some() && mrz.expiry.and_then(PartialDate::whole).is_none(), Finding::ExpiryDate);
    // The sliding rule's own reading counts, so that the other century never hides a contradiction.
    let birth_day = mrz.birth.and_then(|b| b.date.earliest());
    let before = birth_day.zip(mrz.expiry.and_then(PartialDate::whole)).is_some_and(|(birth, expiry)| expiry < birth);
    note(before, Finding::ExpiryBeforeBirth);
    note(layout.sex.is_some() && !matches!(sex, Some('F' | 'M' | '<')), Finding::Sex);
    note(mrz.primary.is_empty(), Finding::NameEmpty);
    note(has_digit(layout.name) || layout.given.is_some_and(has_digit), Finding::NameDigit);
    note(has_digit(layout.state) || layout.nationality.is_some_and(has_digit), Finding::StateDigit);
    note(sex == Some('X'), Finding::SexLetterX);
    note(birth.is_some_and(ShortDate::has_zeros), Finding::BirthZeros);
    let unknown = |code: &str| states::find(code).is_none();
    note(unknown(&mrz.issuing_state) || (layout.nationality.is_some() && unknown(&mrz.nationality)), Finding::StateUnknown);
    note(has_stray_letters(layout.name.of(lines)), Finding::StrayLetters);
    note(mrz.expiry_raw == "<<<<<<", Finding::NoExpiry);
    found.sort_unstable();
    found
}
