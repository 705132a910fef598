//! Finds the lines of a zone in noisy text: other text around them, wrong lengths, lower case, blanks, lines run together.

use super::check_digit::{CheckResult, value};
use super::layout::Format;
use super::normalise::{Change, ChangeKind, Line, clean};
use super::{MrzError, Reading, read_without_suggestion};
use time::Date;

/// How many filler characters a line may lack or have too many.
const MOST_FITTED: usize = 4;
/// How many filler characters may be missing behind a line that ends in filler: ends of filler are often not recognised.
const MOST_PADDED: usize = 24;
/// Most lines that are looked at; a page has far fewer.
const MOST_LINES: usize = 120;

/// A zone found in text.
#[derive(Debug, Clone, PartialEq)]
pub struct Located {
    /// What was read; fitted filler is among its changes.
    pub reading: Reading,
    /// Index of each line of the zone in the text handed in.
    pub source_lines: Vec<usize>,
}

struct Candidate {
    source: usize,
    line: Line,
}

/// Finds the zone in lines of recognised text, top to bottom. Of several, the one whose check digits agree most; then the lowest.
///
/// # Errors
/// [`MrzError::NotFound`] if no lines look like a zone.
pub fn locate(text: &[Line], today: Date) -> Result<Located, MrzError> {
    let mut located = locate_without_suggestion(text, today)?;
    located.reading.suggest(today);
    Ok(located)
}

/// As [`locate`], without looking for a repair.
///
/// # Errors
/// As [`locate`].
pub fn locate_without_suggestion(text: &[Line], today: Date) -> Result<Located, MrzError> {
    let candidates: Vec<Candidate> = text.iter().take(MOST_LINES).enumerate().flat_map(|(source, line)| candidates(source, line)).collect();
    let mut best: Option<(i32, Located)> = None;
    for format in Format::ALL {
        let widths = format.widths();
        for window in candidates.windows(widths.len()) {
            let Some((score, located)) = attempt(format, window, today) else { continue };
            if best.as_ref().is_none_or(|(highest, _)| score >= *highest) {
                best = Some((score, located));
            }
        }
    }
    best.map(|(_, located)| located).ok_or(MrzError::NotFound)
}

/// The lines a line of text may stand for: itself, or its parts where lines ran together.
fn candidates(source: usize, line: &Line) -> Vec<Candidate> {
    let (line, _) = clean(source, line);
    let known = |c: &char| value(*c).is_some();
    // Frames and dust at both ends are recognised as characters no zone has.
    let Some(from) = line.characters.iter().position(known) else { return Vec::new() };
    let to = line.characters.iter().rposition(known).map_or(from, |i| i + 1);
    let part = |from: usize, to: usize| Line {
        characters: line.characters[from..to].to_vec(),
        confidences: line.confidences.get(from..to).unwrap_or_default().to_vec(),
    };
    let valid = line.characters[from..to].iter().filter(|c| known(c)).count();
    if valid * 100 < (to - from) * 85 || !(9..=100).contains(&(to - from)) {
        return Vec::new();
    }
    let parts = match to - from {
        72 | 88 => 2,
        90 => 3,
        _ => 1,
    };
    let step = (to - from) / parts;
    (0..parts).map(|i| Candidate { source, line: part(from + i * step, from + (i + 1) * step) }).collect()
}

/// The longest run of filler: start and length.
fn longest_run(characters: &[char]) -> Option<(usize, usize)> {
    let mut best: Option<(usize, usize)> = None;
    let mut start = 0;
    for (i, c) in characters.iter().chain(std::iter::once(&'A')).enumerate() {
        if *c != '<' {
            if i > start && best.is_none_or(|(_, length)| i - start >= length) {
                best = Some((start, i - start));
            }
            start = i + 1;
        }
    }
    best
}

/// Adds or removes filler until the line is `width` wide, where that is clearly filler.
fn fitted(line: &Line, index: usize, width: usize) -> Option<(Line, Vec<Change>)> {
    let mut line = line.clone();
    let mut changes = Vec::new();
    let ends_in_filler = line.characters.ends_with(&['<', '<']);
    let most = if ends_in_filler && line.characters.len() < width { MOST_PADDED } else { MOST_FITTED };
    if line.characters.len().abs_diff(width) > most {
        return None;
    }
    while line.characters.len() != width {
        let (start, length) = longest_run(&line.characters).filter(|(_, length)| *length >= 2)?;
        let short = line.characters.len() < width;
        let place = if short && ends_in_filler { line.characters.len() } else { start };
        if short {
            line.insert_filler(place);
            changes.push(Change { line: index, place, from: None, to: Some('<'), kind: ChangeKind::Fitted });
        } else {
            if length <= 2 {
                return None;
            }
            line.remove(place);
            changes.push(Change { line: index, place, from: Some('<'), to: None, kind: ChangeKind::Fitted });
        }
    }
    Some((line, changes))
}

fn attempt(format: Format, window: &[Candidate], today: Date) -> Option<(i32, Located)> {
    let mut lines = Vec::with_capacity(window.len());
    let mut fitting = Vec::new();
    for (i, (candidate, width)) in window.iter().zip(format.widths()).enumerate() {
        // National layouts have too few check digits to guess lengths with.
        if !format.is_icao() && candidate.line.characters.len() != *width {
            return None;
        }
        let (line, changes) = fitted(&candidate.line, i, *width)?;
        lines.push(line);
        fitting.extend(changes);
    }
    let mut reading = read_without_suggestion(&lines, today).ok()?;
    if reading.mrz.format != format {
        return None;
    }
    let right = reading.mrz.checks.all().iter().filter(|c| **c == CheckResult::Right).count() as i32;
    let filler = lines.iter().flat_map(|l| &l.characters).filter(|c| **c == '<').count();
    let starts_right = lines.first()?.characters.first().is_some_and(|c| format.may_start_with(*c));
    let named = match format {
        Format::FrenchDrivingLicence => reading.mrz.document_code.starts_with('D') && reading.mrz.issuing_state == "FRA",
        Format::SwissDrivingLicence => reading.mrz.document_code == "FA" && reading.mrz.issuing_state == "CHE",
        // One digit in ten fits by accident.
        _ => right >= 2 || (starts_right && filler >= 5),
    };
    if !named {
        return None;
    }
    let wrong = reading.mrz.findings.iter().filter(|f| f.is_error()).count() as i32;
    let score = 10 * right - 4 * wrong + 5 * i32::from(starts_right) - 2 * fitting.len() as i32 - reading.changes.len() as i32;
    if !fitting.is_empty() {
        reading.as_given = None;
    }
    fitting.append(&mut reading.changes);
    reading.changes = fitting;
    Some((score, Located { reading, source_lines: window.iter().map(|c| c.source).collect() }))
}

#[cfg(test)]
mod tests {
    use super::super::Finding;
    use super::*;
    use time::macros::date;

    const NAMES: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<";
    const DATA: &str = "L898902C36UTO7408122F1204159ZE184226B<<<<<10";

    fn find(text: &str) -> Result<Located, MrzError> {
        let lines: Vec<Line> = text.lines().map(Line::new).collect();
        locate(&lines, date!(2026 - 01 - 01))
    }

    #[track_caller]
    fn finds_the_specimen(text: &str) -> Reading {
        let reading = find(text).unwrap_or_else(|e| panic!("{e} in\n{text}")).reading;
        assert_eq!(reading.mrz.lines, [NAMES, DATA], "in\n{text}");
        assert!(reading.mrz.is_right());
        reading
    }

    #[test]
    fn amid_other_text() {
        let text = format!("PASSPORT\nUTOPIA\nEriksson\n15 APR/AVR 2012\n{NAMES}\n{DATA}\n");
        assert_eq!(find(&text).map(|l| l.source_lines), Ok(vec![4, 5]));
        finds_the_specimen(&text);
    }

    #[test]
    fn in_lower_case_with_blanks_and_dust() {
        finds_the_specimen(&format!("| {} \n'{}.", NAMES.to_lowercase().replace("<<", "< <"), DATA.replace("UTO", " UTO ")));
    }

    #[test]
    fn lines_run_together() {
        finds_the_specimen(&format!("{NAMES}{DATA}"));
    }

    #[test]
    fn filler_lost_or_doubled() {
        let reading = finds_the_specimen(&format!("{}\n{DATA}", NAMES.trim_end_matches('<').to_owned() + "<<<<"));
        assert_eq!(reading.changes.iter().filter(|c| c.kind == ChangeKind::Fitted).count(), 15);
        finds_the_specimen(&format!("{NAMES}<<\n{}", DATA.replace("<<<<<10", "<<<10")));
        finds_the_specimen(&format!("{NAMES}\n{}", DATA.replace("<<<<<10", "<<<<<<<10")));
    }

    #[test]
    fn a_digit_lost_is_not_made_up() {
        let located = find(&format!("{NAMES}\n{}", DATA.replace("740812", "74812"))).expect("the zone is still there");
        assert!(!located.reading.mrz.is_right());
        assert!(located.reading.mrz.findings.contains(&Finding::CheckBirth));
    }

    #[test]
    fn text_without_a_zone() {
        for text in ["", "VALID THRU 12/29\n4111 1111 1111 1111\nA CARDHOLDER", "<<<<<<<<<<\n<<<<", "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@"] {
            assert_eq!(find(text).map(|l| l.reading.mrz.format), Err(MrzError::NotFound), "{text}");
        }
    }
}
