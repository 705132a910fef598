//! Pictures of documents with the text they must give: machine-readable zones and PDF417 symbols, exactly or not at all.
//!
//! Columns of the list: `file,kind,class[,width,expected]`. Kind is `mrz` or `pdf417`. Class is `read` (exactly this text), `refuse` (never
//! accepted) or `report` (any answer; shown, not counted). Lines of a zone are separated by ` / `; `(bytes in NAME)` names a file beside
//! the picture that holds the bytes of a symbol.

use super::EvaluationFault;
use crate::adapters::barcode::{self, TURNS};
use crate::biometrics::evaluation::Rate;
use crate::biometrics::evaluation::report::RateReport;
use crate::documents::barcode::Symbology;
use crate::documents::zone::search::{Found, LineReader, find};
use crate::imaging::Frame;
use crate::imaging::decode::{DecodeLimits, decode_picture};
use crate::imaging::luminance::grey_plane;
use crate::runtime::clock::Clock;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;
use time::Date;

/// Largest list that is read, bytes.
const LARGEST_LIST_BYTES: u64 = 1 << 26;
/// Pictures wider than this have a bar of their own.
const WIDE: u32 = 500;

/// What a picture must give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Exactly the text.
    Read,
    /// Nothing that is accepted.
    Refuse,
    /// Anything.
    Report,
}

/// What is on a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A machine-readable zone.
    Mrz,
    /// A PDF417 symbol.
    Pdf417,
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Row, the header being 1.
    pub row: u64,
    /// The picture, below the root.
    pub file: String,
    /// What is on it.
    pub kind: Kind,
    /// What it must give.
    pub class: Class,
    /// The text.
    pub expected: String,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Exactly the text, and nothing is wrong with it.
    Exact,
    /// Accepted, with another text.
    Different,
    /// Something was read, but it is not accepted.
    Refused,
    /// Nothing was found.
    NotFound,
}

/// A row with what became of it; never a character of what was read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RowReport {
    /// Row of the list, the header being 1.
    pub row: u64,
    /// The picture as the list names it.
    pub file: String,
    /// What is on it.
    pub kind: Kind,
    /// What it must give.
    pub class: Class,
    /// Columns of the picture.
    pub width: u32,
    /// What became of it.
    pub outcome: Outcome,
    /// Whether that is as it must be; `null` where anything is.
    pub correct: Option<bool>,
    /// Characters by which the text differs; `null` where nothing was read.
    pub edits: Option<usize>,
    /// Format of the zone.
    pub format: Option<&'static str>,
    /// What is wrong or odd about the zone.
    pub findings: Vec<&'static str>,
    /// Height of the zone's capitals, pixels.
    pub capitals: Option<f32>,
    /// Probability of the zone's weakest character.
    pub weakest: Option<f32>,
    /// Picture to text, decoding not counted.
    pub milliseconds: f32,
}

/// `visavis evaluate document`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DocumentReport {
    /// Every row.
    pub rows: Vec<RowReport>,
    /// Zones read exactly, of those that must be.
    pub zones_read: RateReport,
    /// The same over pictures wider than 500 pixels.
    pub wide_zones_read: RateReport,
    /// Zones accepted, of those that must not be.
    pub zones_wrongly_accepted: RateReport,
    /// Zones that must be read and were accepted with another text.
    pub zones_accepted_with_another_text: RateReport,
    /// Symbols read exactly, of those that must be.
    pub symbols_read: RateReport,
}

/// Reads a list.
///
/// # Errors
/// [`EvaluationFault::Unreadable`], [`EvaluationFault::Row`] or [`EvaluationFault::Nothing`].
pub fn read_list(path: &Path) -> Result<Vec<Case>, EvaluationFault> {
    let unreadable = |reason: String| EvaluationFault::Unreadable { what: "list", reason };
    let length = std::fs::metadata(path).map_err(|e| unreadable(e.to_string()))?.len();
    if length > LARGEST_LIST_BYTES {
        return Err(unreadable("it is larger than 64 MiB".to_owned()));
    }
    parse(&std::fs::read_to_string(path).map_err(|e| unreadable(e.to_string()))?)
}

fn parse(text: &str) -> Result<Vec<Case>, EvaluationFault> {
    let mut reader = csv::ReaderBuilder::new().from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let unreadable = |reason: String| EvaluationFault::Unreadable { what: "list", reason };
    let header = reader.headers().map_err(|e| unreadable(e.to_string()))?.clone();
    let column = |name: &str| header.iter().position(|h| h == name).ok_or_else(|| unreadable(format!("it has no column {name}")));
    let (file, kind, class, expected) = (column("file")?, column("kind")?, column("class")?, column("expected")?);
    let mut cases = Vec::new();
    for (row, record) in (2..).zip(reader.records()) {
        let wrong = |reason: &str| EvaluationFault::Row { row, reason: reason.to_owned() };
        let record = record.map_err(|_| wrong("has another number of columns than the header"))?;
        let kind = match &record[kind] {
            "mrz" => Kind::Mrz,
            "pdf417" => Kind::Pdf417,
            _ => return Err(wrong("says neither mrz nor pdf417 for kind")),
        };
        let class = match &record[class] {
            "read" => Class::Read,
            "refuse" => Class::Refuse,
            "report" => Class::Report,
            _ => return Err(wrong("says neither read nor refuse nor report for class")),
        };
        cases.push(Case { row, file: record[file].to_owned(), kind, class, expected: record[expected].to_owned() });
    }
    if cases.is_empty() { Err(EvaluationFault::Nothing) } else { Ok(cases) }
}

/// Reads every picture. `today` decides centuries, nothing else.
///
/// # Errors
/// [`EvaluationFault::Picture`] for a file that cannot be read, [`EvaluationFault::Model`] when the network fails.
pub fn evaluate<R>(
    cases: &[Case],
    root: &Path,
    reader: &mut R,
    today: Date,
    clock: &dyn Clock,
    progress: &dyn Fn(),
) -> Result<DocumentReport, EvaluationFault>
where
    R: LineReader,
    EvaluationFault: From<R::Error>,
{
    let mut rows = Vec::with_capacity(cases.len());
    for (index, case) in cases.iter().enumerate() {
        let path = root.join(&case.file);
        let failed = |reason: String| EvaluationFault::Picture { number: index + 1, reason };
        let bytes = std::fs::read(&path).map_err(|e| failed(e.kind().to_string()))?;
        let picture = decode_picture(&bytes, &DecodeLimits::default()).map_err(|e| failed(e.to_string()))?;
        let begun = clock.now();
        let mut row = match case.kind {
            Kind::Mrz => zone_row(case, &picture, find(&picture, reader, today)?.as_ref()),
            Kind::Pdf417 => symbol_row(case, &picture, &path).map_err(failed)?,
        };
        row.milliseconds = clock.now().since(begun).as_secs_f32() * 1e3;
        rows.push(row);
        progress();
    }
    Ok(summary(rows))
}

fn row(case: &Case, picture: &Frame, outcome: Outcome) -> RowReport {
    let correct = match case.class {
        Class::Read => Some(outcome == Outcome::Exact),
        Class::Refuse => Some(!matches!(outcome, Outcome::Exact | Outcome::Different)),
        Class::Report => None,
    };
    RowReport {
        row: case.row,
        file: case.file.clone(),
        kind: case.kind,
        class: case.class,
        width: picture.width(),
        outcome,
        correct,
        edits: None,
        format: None,
        findings: Vec::new(),
        capitals: None,
        weakest: None,
        milliseconds: 0.0,
    }
}

fn zone_row(case: &Case, picture: &Frame, found: Option<&Found>) -> RowReport {
    let Some(found) = found else { return row(case, picture, Outcome::NotFound) };
    let expected: Vec<&str> = case.expected.split('/').map(str::trim).collect();
    let mrz = &found.reading.mrz;
    let outcome = match (found.is_right(), mrz.lines == expected) {
        (true, true) => Outcome::Exact,
        (true, false) => Outcome::Different,
        (false, _) => Outcome::Refused,
    };
    RowReport {
        edits: Some(edits(&mrz.lines.concat(), &expected.concat())),
        format: Some(mrz.format.name()),
        findings: mrz.findings.iter().map(|f| f.code()).collect(),
        capitals: Some(found.capitals),
        weakest: Some(found.weakest),
        ..row(case, picture, outcome)
    }
}

fn symbol_row(case: &Case, picture: &Frame, path: &Path) -> Result<RowReport, String> {
    let grey = grey_plane(picture);
    let Ok(symbol) = barcode::decode(&grey.values, grey.size.width, grey.size.height, &[Symbology::Pdf417], &TURNS) else {
        return Ok(row(case, picture, Outcome::NotFound));
    };
    let named = case.expected.strip_prefix("(bytes in ").and_then(|n| n.strip_suffix(')'));
    let expected = match named {
        Some(name) if !name.contains(['/', '\\']) => std::fs::read(path.with_file_name(name)).map_err(|e| e.kind().to_string())?,
        Some(_) => return Err("the file with its bytes is not beside it".to_owned()),
        None => case.expected.as_bytes().to_vec(),
    };
    let outcome = if symbol.bytes == expected { Outcome::Exact } else { Outcome::Different };
    Ok(row(case, picture, outcome))
}

fn summary(rows: Vec<RowReport>) -> DocumentReport {
    let rate = |kind: Kind, class: Class, wide: bool, event: &dyn Fn(&RowReport) -> bool| -> RateReport {
        let of: Vec<&RowReport> = rows.iter().filter(|r| r.kind == kind && r.class == class && (!wide || r.width > WIDE)).collect();
        Rate { events: of.iter().filter(|r| event(r)).count() as u64, trials: of.len() as u64 }.into()
    };
    let exact = |r: &RowReport| r.outcome == Outcome::Exact;
    let accepted = |r: &RowReport| matches!(r.outcome, Outcome::Exact | Outcome::Different);
    let (zones_read, wide_zones_read) = (rate(Kind::Mrz, Class::Read, false, &exact), rate(Kind::Mrz, Class::Read, true, &exact));
    let zones_wrongly_accepted = rate(Kind::Mrz, Class::Refuse, false, &accepted);
    let zones_accepted_with_another_text = rate(Kind::Mrz, Class::Read, false, &|r| r.outcome == Outcome::Different);
    let symbols_read = rate(Kind::Pdf417, Class::Read, false, &exact);
    DocumentReport { rows, zones_read, wide_zones_read, zones_wrongly_accepted, zones_accepted_with_another_text, symbols_read }
}

impl std::fmt::Display for DocumentReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut wrong: BTreeMap<u64, &RowReport> = BTreeMap::new();
        wrong.extend(self.rows.iter().filter(|r| r.correct == Some(false) || r.class == Class::Report).map(|r| (r.row, r)));
        for r in wrong.values() {
            let edits = r.edits.map_or_else(String::new, |e| format!(", {e} characters differ"));
            let findings = if r.findings.is_empty() { String::new() } else { format!(", {}", r.findings.join(" ")) };
            let format = r.format.map_or_else(String::new, |n| format!(" {n}"));
            writeln!(f, "row {} ({:?}):{format} {:?}{edits}{findings}", r.row, r.class, r.outcome)?;
        }
        writeln!(f, "zones read exactly                {}", self.zones_read)?;
        writeln!(f, "  of pictures over 500 px wide    {}", self.wide_zones_read)?;
        writeln!(f, "zones wrongly accepted            {}", self.zones_wrongly_accepted)?;
        writeln!(f, "zones accepted with another text  {}", self.zones_accepted_with_another_text)?;
        write!(f, "symbols read exactly              {}", self.symbols_read)
    }
}

/// Insertions, removals and replacements between two texts.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_and_bad_rows_named() {
        let cases =
            parse("file,kind,class,width,height,expected,note\na.png,mrz,read,1,1,P<X / 12,\nb.png,pdf417,refuse,,,T,x\n").expect("a list");
        assert_eq!((cases.len(), cases[1].row, cases[1].class, cases[0].expected.as_str()), (2, 3, Class::Refuse, "P<X / 12"));
        for (text, words) in [
            ("file,kind,class\n", "no column expected"),
            ("file,kind,class,expected\na,ocr,read,x\n", "row 2"),
            ("file,kind,class,expected\na,mrz,maybe,x\n", "row 2"),
            ("file,kind,class,expected\na,mrz\n", "row 2"),
            ("file,kind,class,expected\n", "no picture"),
        ] {
            let error = parse(text).expect_err(text).to_string();
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn differences_are_counted() {
        assert_eq!((edits("ABC", "ABC"), edits("", "AB"), edits("ABC", "XBCD"), edits("kitten", "sitting")), (0, 2, 2, 3));
    }
}
