//! The machine-readable zone of ICAO Doc 9303 (TD1, TD2, TD3, MRV-A, MRV-B) and three national layouts that look like it.
//!
//! [`locate::locate`] finds the lines in noisy text, [`read`] turns lines into typed fields: what can be normalised without a guess is
//! normalised and recorded, any further repair is only suggested. Issuing state, nationality, sex, name and document code are under no check
//! digit at all, so a right zone proves neither them nor the document.

pub mod check_digit;
pub mod confidence;
pub mod fields;
pub mod layout;
pub mod locate;
pub mod normalise;
pub mod repair;
pub mod vote;
pub mod write;

pub use check_digit::CheckResult;
pub use fields::{CheckDigits, Finding, Mrz, Sex};
pub use layout::Format;
pub use normalise::{Change, ChangeKind, Line};
pub use repair::Suggestion;

use crate::advice::{Advice, Advised};
use fields::read_as;
use time::Date;

/// Lines no zone can have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MrzError {
    /// The number of lines and their widths fit no format.
    #[error("lines of {widths:?} characters are no machine-readable zone")]
    NoFormat {
        /// Characters of each line as handed in, blanks removed.
        widths: Vec<usize>,
    },
    /// No lines were found that could be a zone.
    #[error("there is no machine-readable zone in the text")]
    NotFound,
}

impl Advised for MrzError {
    fn advice(&self) -> Advice {
        match self {
            Self::NoFormat { .. } => Advice {
                retry: true,
                ..Advice::input("DOC-01", "Capture the document again so that all lines of the machine-readable zone are whole.")
            },
            Self::NotFound => Advice {
                retry: true,
                ..Advice::input("DOC-02", "Show the side of the document that has the lines with `<` at the bottom.")
            },
        }
    }
}

/// A zone that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The fields after cleaning and forced normalisation.
    pub mrz: Mrz,
    /// The lines behind [`Reading::mrz`], with confidences.
    pub lines: Vec<Line>,
    /// The fields exactly as handed in; `None` where the widths fitted only after cleaning.
    pub as_given: Option<Mrz>,
    /// What was changed without a guess.
    pub changes: Vec<Change>,
    /// What one swap of look-alikes could repair.
    pub suggestion: Suggestion,
}

/// Reads the lines of a zone, top to bottom. `today` decides the century of two-digit years.
///
/// # Errors
/// [`MrzError::NoFormat`] if the widths fit no format even without blanks.
pub fn read(lines: &[Line], today: Date) -> Result<Reading, MrzError> {
    let mut reading = read_without_suggestion(lines, today)?;
    reading.suggest(today);
    Ok(reading)
}

/// As [`read`], without looking for a repair, which takes many times as long: for weighing many readings against each other.
///
/// # Errors
/// As [`read`].
pub fn read_without_suggestion(lines: &[Line], today: Date) -> Result<Reading, MrzError> {
    let raw: Vec<Vec<char>> = lines.iter().map(|l| l.characters.clone()).collect();
    let as_given = Format::of_lines(&raw).and_then(|format| read_as(format, &raw, today));
    let (cleaned, cleaning): (Vec<Line>, Vec<Vec<Change>>) = lines.iter().enumerate().map(|(i, l)| normalise::clean(i, l)).unzip();
    let mut changes: Vec<Change> = cleaning.into_iter().flatten().collect();
    let Some((mut mrz, mut read_lines, mut forced)) = normalised(&cleaned, today) else {
        return Err(MrzError::NoFormat { widths: cleaned.iter().map(|l| l.characters.len()).collect() });
    };
    let first = read_lines.first().and_then(|l| l.characters.first()).copied().unwrap_or('<');
    if mrz.looks_misread()
        && !mrz.format.may_start_with(first)
        && let Some((order, found)) = reordered(&cleaned, today)
    {
        (mrz, read_lines, forced) = found;
        // Places of earlier changes follow their lines.
        changes.iter_mut().for_each(|c| c.line = order.iter().position(|o| *o == c.line).unwrap_or(c.line));
        let moved = order.iter().enumerate().filter(|(to, from)| to != *from);
        changes.extend(moved.map(|(to, _)| Change { line: to, place: 0, from: None, to: None, kind: ChangeKind::Reordered }));
    }
    changes.append(&mut forced);
    Ok(Reading { mrz, lines: read_lines, as_given, changes, suggestion: Suggestion::NoneNeeded })
}

impl Reading {
    /// Looks for a repair to suggest.
    pub fn suggest(&mut self, today: Date) {
        self.suggestion = repair::suggest(self.mrz.format, &self.lines, &self.mrz, today);
    }
}

type Normalised = (Mrz, Vec<Line>, Vec<Change>);

fn normalised(cleaned: &[Line], today: Date) -> Option<Normalised> {
    let characters = |lines: &[Line]| lines.iter().map(|l| l.characters.clone()).collect::<Vec<_>>();
    let format = Format::of_lines(&characters(cleaned))?;
    let mut lines = cleaned.to_vec();
    let changes = normalise::force_types(format, &mut lines);
    Some((read_as(format, &characters(&lines), today)?, lines, changes))
}

/// The one other order of the lines in which nothing looks misread.
fn reordered(cleaned: &[Line], today: Date) -> Option<(Vec<usize>, Normalised)> {
    let orders: &[&[usize]] = match cleaned.len() {
        2 => &[&[1, 0]],
        3 => &[&[0, 2, 1], &[1, 0, 2], &[1, 2, 0], &[2, 0, 1], &[2, 1, 0]],
        _ => &[],
    };
    let mut fitting = orders.iter().filter_map(|order| {
        let lines: Vec<Line> = order.iter().map(|i| cleaned[*i].clone()).collect();
        let found = normalised(&lines, today)?;
        let first = found.1.first()?.characters.first().copied()?;
        (!found.0.looks_misread() && found.0.format.may_start_with(first)).then(|| (order.to_vec(), found))
    });
    let found = fitting.next()?;
    fitting.next().is_none().then_some(found)
}
