//! Steps that need no guess: blanks and case, and the type of each place (a letter where only a digit may stand, and the reverse).

use super::layout::{Format, Layout, Span};
use std::fmt;

/// Why a character was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// Blanks removed, lower case raised, `«` written out.
    Cleaned,
    /// Only a digit, or only a letter, may stand there.
    ForcedByType,
    /// The lines stood in another order.
    Reordered,
    /// Filler added or taken away so that the line has the width of its format.
    Fitted,
    /// A check digit speaks for it. A suggestion: never taken over without other evidence.
    Suggested,
}

/// One change between what was recognised and what was read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Line, from 0.
    pub line: usize,
    /// Place in the changed line, from 0.
    pub place: usize,
    /// What stood there; `None` if nothing did.
    pub from: Option<char>,
    /// What stands there now; `None` if it was taken away.
    pub to: Option<char>,
    /// Why.
    pub kind: ChangeKind,
}

/// A character of a number is personal: says place and reason only.
impl fmt::Debug for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Change({}:{} {:?})", self.line, self.place, self.kind)
    }
}

/// A line as recognised, with a confidence from 0 to 1 for each character where the recogniser gives one.
#[derive(Clone, PartialEq, Default)]
pub struct Line {
    /// The characters.
    pub characters: Vec<char>,
    /// As many confidences, or none at all.
    pub confidences: Vec<f32>,
}

impl Line {
    /// A line without confidences.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { characters: text.chars().collect(), confidences: Vec::new() }
    }

    /// A line with one confidence per character; confidences of another number are left out.
    #[must_use]
    pub fn with_confidences(text: &str, confidences: &[f32]) -> Self {
        let characters: Vec<char> = text.chars().collect();
        let confidences = if confidences.len() == characters.len() { confidences.to_vec() } else { Vec::new() };
        Self { characters, confidences }
    }

    /// The confidence of one place, 0 to 1.
    #[must_use]
    pub fn confidence(&self, place: usize) -> Option<f32> {
        self.confidences.get(place).copied().filter(|c| c.is_finite()).map(|c| c.clamp(0.0, 1.0))
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> String {
        self.characters.iter().collect()
    }

    /// Takes a filler away.
    pub(super) fn remove(&mut self, place: usize) {
        self.characters.remove(place);
        if place < self.confidences.len() {
            self.confidences.remove(place);
        }
    }

    /// Puts a filler in.
    pub(super) fn insert_filler(&mut self, place: usize) {
        self.characters.insert(place, '<');
        if !self.confidences.is_empty() {
            self.confidences.insert(place.min(self.confidences.len()), 0.0);
        }
    }
}

/// Personal data: says the length only.
impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Line({} characters)", self.characters.len())
    }
}

/// Removes blanks, raises lower case and writes angle quotes out.
#[must_use]
pub fn clean(index: usize, line: &Line) -> (Line, Vec<Change>) {
    let (mut cleaned, mut changes) = (Line::default(), Vec::new());
    for (i, &from) in line.characters.iter().enumerate() {
        let mut put = |to: char| {
            if to != from {
                changes.push(Change {
                    line: index,
                    place: cleaned.characters.len(),
                    from: Some(from),
                    to: Some(to),
                    kind: ChangeKind::Cleaned,
                });
            }
            cleaned.characters.push(to);
            cleaned.confidences.extend(line.confidence(i));
        };
        match from {
            '«' | '≪' | '《' => {
                put('<');
                put('<');
            }
            '‹' | '〈' | '＜' => put('<'),
            c if c.is_whitespace() => {
                let place = cleaned.characters.len();
                changes.push(Change { line: index, place, from: Some(c), to: None, kind: ChangeKind::Cleaned });
            }
            c => put(c.to_ascii_uppercase()),
        }
    }
    if cleaned.confidences.len() != cleaned.characters.len() {
        cleaned.confidences.clear();
    }
    (cleaned, changes)
}

/// The digit that looks like this letter.
const fn digit_like(letter: char) -> Option<char> {
    match letter {
        'O' | 'Q' | 'D' => Some('0'),
        'I' | 'L' => Some('1'),
        'Z' => Some('2'),
        'S' => Some('5'),
        'B' => Some('8'),
        'G' => Some('6'),
        _ => None,
    }
}

/// The letter that looks like this digit.
const fn letter_like(digit: char) -> Option<char> {
    match digit {
        '0' => Some('O'),
        '1' => Some('I'),
        '2' => Some('Z'),
        '5' => Some('S'),
        '8' => Some('B'),
        '6' => Some('G'),
        _ => None,
    }
}

/// Places where only digits (or filler) may stand.
fn digit_spans(layout: &Layout) -> impl Iterator<Item = Span> {
    let spans = [
        layout.number_check,
        layout.birth,
        layout.birth_check,
        layout.expiry,
        layout.expiry_check,
        layout.optional_check,
        layout.composite,
    ];
    spans.into_iter().flatten()
}

/// Places where only letters (or filler) may stand.
fn letter_spans(format: Format, layout: &Layout) -> impl Iterator<Item = Span> {
    // National layouts may have a digit in the second place of the document code.
    let code = Span { to: if format.is_icao() { layout.code.to } else { layout.code.from + 1 }, ..layout.code };
    [Some(code), Some(layout.state), Some(layout.name), layout.given, layout.nationality].into_iter().flatten()
}

/// What may stand in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceKind {
    /// Letters, digits and filler.
    Any,
    /// Digits and filler.
    Digit,
    /// Letters and filler.
    Letter,
}

impl PlaceKind {
    /// Whether a character of the zone's alphabet may stand there. Filler may stand anywhere: it looks like nothing else, so a filler in the
    /// wrong place is a fault of the print and must stay visible.
    #[must_use]
    pub const fn allows(self, character: char) -> bool {
        match self {
            Self::Any => true,
            Self::Digit => character.is_ascii_digit() || character == '<',
            Self::Letter => character.is_ascii_uppercase() || character == '<',
        }
    }
}

/// What may stand in every place of every line of a format.
#[must_use]
pub fn place_kinds(format: Format) -> Vec<Vec<PlaceKind>> {
    let layout = format.layout();
    let mut kinds: Vec<Vec<PlaceKind>> = format.widths().iter().map(|width| vec![PlaceKind::Any; *width]).collect();
    digit_spans(layout).for_each(|s| kinds[s.line][s.from..s.to].fill(PlaceKind::Digit));
    letter_spans(format, layout).for_each(|s| kinds[s.line][s.from..s.to].fill(PlaceKind::Letter));
    if let Some(sex) = layout.sex {
        kinds[sex.line][sex.from..sex.to].fill(PlaceKind::Letter);
    }
    kinds
}

/// Whether a character is the twin of another that the type of its place demands: a step that needs no guess.
#[must_use]
pub fn is_twin(from: char, to: char) -> bool {
    digit_like(from) == Some(to) || letter_like(from) == Some(to)
}

/// Forces each place to the type it must have. Lines must have the widths of the format.
pub fn force_types(format: Format, lines: &mut [Line]) -> Vec<Change> {
    let layout = format.layout();
    let mut changes = Vec::new();
    let mut force = |span: Span, like: fn(char) -> Option<char>| {
        for place in span.from..span.to {
            let Some(character) = lines.get_mut(span.line).and_then(|l| l.characters.get_mut(place)) else { continue };
            if let Some(to) = like(*character) {
                changes.push(Change { line: span.line, place, from: Some(*character), to: Some(to), kind: ChangeKind::ForcedByType });
                *character = to;
            }
        }
    };
    digit_spans(layout).for_each(|s| force(s, digit_like));
    letter_spans(format, layout).for_each(|s| force(s, letter_like));
    changes
}
