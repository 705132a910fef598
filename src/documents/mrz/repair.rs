//! One look-alike swap that a check digit speaks for, as a suggestion with its evidence; never two swaps, never in names.
//!
//! One check digit lets about one wrong repair in five through (21 % for two letters and seven digits, 22 % for nine digits), so nothing
//! here is taken over on its own.

use super::fields::{Finding, Mrz, read_as};
use super::layout::Format;
use super::normalise::{Change, ChangeKind, Line};
use time::Date;

/// What a repair could do.
#[derive(Debug, Clone, PartialEq)]
pub enum Suggestion {
    /// Nothing that looks misread.
    NoneNeeded,
    /// Exactly one swap makes the whole zone right.
    One(Box<SuggestedRepair>),
    /// Several swaps would, or two at once: read again.
    Ambiguous,
    /// No swap of look-alikes explains it: read again.
    Impossible,
}

/// A swap with its evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct SuggestedRepair {
    /// The one change.
    pub change: Change,
    /// The recogniser's own confidence in the character it gave there; low values speak for the repair.
    pub confidence_at_place: Option<f32>,
    /// Whether the recogniser was unsure there (below one half), or surer of every other character of the field than of this one. Only with this, a
    /// second frame, the visual zone or an opened chip may the repair be taken over.
    pub recogniser_was_unsure: bool,
    /// The zone after the change.
    pub mrz: Mrz,
}

const fn look_alike(character: char) -> Option<char> {
    Some(match character {
        '0' => 'O',
        'O' => '0',
        '1' => 'I',
        'I' => '1',
        '2' => 'Z',
        'Z' => '2',
        '5' => 'S',
        'S' => '5',
        '8' => 'B',
        'B' => '8',
        _ => return None,
    })
}

/// Looks for the one swap in number and optional data that makes the zone right.
#[must_use]
pub fn suggest(format: Format, lines: &[Line], mrz: &Mrz, today: Date) -> Suggestion {
    if !mrz.looks_misread() {
        return Suggestion::NoneNeeded;
    }
    if !format.is_icao() {
        return Suggestion::Impossible;
    }
    let layout = format.layout();
    let mut characters: Vec<Vec<char>> = lines.iter().map(|l| l.characters.clone()).collect();
    let spans = [Some(layout.number), layout.optional[0], layout.optional[1]];
    let places: Vec<(usize, usize)> = spans.into_iter().flatten().flat_map(|s| (s.from..s.to).map(move |p| (s.line, p))).collect();
    let swap = |characters: &mut Vec<Vec<char>>, (line, place): (usize, usize)| {
        let from = characters[line][place];
        let to = look_alike(from)?;
        characters[line][place] = to;
        Some((from, to))
    };
    let whole = |m: &Mrz| !m.looks_misread() && !m.findings.contains(&Finding::DocumentNumberCheckAbsent);
    let right = |characters: &[Vec<char>]| read_as(format, characters, today).filter(whole);
    let mut found = Vec::new();
    for &at in &places {
        let Some((from, to)) = swap(&mut characters, at) else { continue };
        if let Some(repaired) = right(&characters) {
            found.push((Change { line: at.0, place: at.1, from: Some(from), to: Some(to), kind: ChangeKind::Suggested }, repaired));
        }
        characters[at.0][at.1] = from;
    }
    match found.len() {
        0 => {}
        1 => {
            let Some((change, mrz)) = found.pop() else { return Suggestion::Impossible };
            return Suggestion::One(Box::new(evidence(lines, change, mrz, &places)));
        }
        _ => return Suggestion::Ambiguous,
    }
    for (i, &first) in places.iter().enumerate() {
        let Some((from, _)) = swap(&mut characters, first) else { continue };
        for &second in &places[i + 1..] {
            let Some((second_from, _)) = swap(&mut characters, second) else { continue };
            let explained = right(&characters).is_some();
            characters[second.0][second.1] = second_from;
            if explained {
                return Suggestion::Ambiguous;
            }
        }
        characters[first.0][first.1] = from;
    }
    Suggestion::Impossible
}

fn evidence(lines: &[Line], change: Change, mrz: Mrz, places: &[(usize, usize)]) -> SuggestedRepair {
    let confidence_at_place = lines[change.line].confidence(change.place);
    let others = places.iter().filter(|at| **at != (change.line, change.place) && lines[at.0].characters[at.1] != '<');
    let lowest_other = others.filter_map(|at| lines[at.0].confidence(at.1)).fold(f32::INFINITY, f32::min);
    let recogniser_was_unsure = confidence_at_place.is_some_and(|c| c < 0.5 || (c < 0.9 && c < lowest_other));
    SuggestedRepair { change, confidence_at_place, recogniser_was_unsure, mrz }
}
