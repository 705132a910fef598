//! From the network's columns to characters: greedily, and as the best line of exactly so many characters.

use crate::documents::mrz::Line;
use crate::documents::mrz::normalise::PlaceKind;

/// What the network's classes stand for; the class after them is the blank.
pub const SYMBOLS: [char; 37] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O', 'P', 'Q',
    'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', '<',
];
/// Number of classes.
pub const CLASSES: usize = SYMBOLS.len() + 1;
const BLANK: usize = SYMBOLS.len();
/// Most columns that are looked at.
const MOST_COLUMNS: usize = 4096;
/// Log probability below which a class is not pushed: one blurred column must not outweigh a whole line.
const FLOOR: f32 = -9.0;

/// Log probabilities of a line, column by column.
#[derive(Clone, PartialEq)]
pub struct Scores {
    logs: Vec<[f32; CLASSES]>,
}

/// A line of a document is personal: says its size only.
impl std::fmt::Debug for Scores {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Scores({} columns)", self.logs.len())
    }
}

/// At which end columns may be passed over that show something else than the line: a frame, an edge, other print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Strays {
    /// Before the first character.
    pub before: bool,
    /// After the last character.
    pub after: bool,
}

/// What passing over a column costs, in log probability, beyond what it shows.
const PASSED_OVER: f32 = 0.7;

/// A line of a wanted length.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// The characters, each with the highest probability among its columns.
    pub line: Line,
    /// Mean log probability of a column on the best path; 0 is certain.
    pub score: f32,
}

impl Scores {
    /// Takes the network's output, `columns * 38` values; `None` if it is none.
    #[must_use]
    pub fn from_logits(logits: &[f32]) -> Option<Self> {
        let (columns, rest) = logits.as_chunks::<CLASSES>();
        if columns.is_empty() || !rest.is_empty() || columns.len() > MOST_COLUMNS || logits.iter().any(|v| !v.is_finite()) {
            return None;
        }
        let normalised = |column: &[f32; CLASSES]| {
            let highest = column.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let sum: f32 = column.iter().map(|v| (v - highest).exp()).sum();
            column.map(|v| (v - highest - sum.ln()).max(FLOOR))
        };
        Some(Self { logs: columns.iter().map(normalised).collect() })
    }

    /// The best class of each column, repetitions merged, blanks dropped.
    #[must_use]
    pub fn greedy(&self) -> Line {
        let mut line = Line::default();
        let mut last = BLANK;
        for column in &self.logs {
            let best = (0..CLASSES).fold(BLANK, |best, k| if column[k] > column[best] { k } else { best });
            if best != BLANK {
                if best != last {
                    line.characters.push(SYMBOLS[best]);
                    line.confidences.push(0.0);
                }
                if let Some(confidence) = line.confidences.last_mut() {
                    *confidence = confidence.max(column[best].exp());
                }
            }
            last = best;
        }
        line
    }

    /// The most probable line with one character for each of `kinds`, of that kind; `None` if there are more of them than columns.
    #[must_use]
    pub fn fitted(&self, kinds: &[PlaceKind], strays: Strays) -> Option<Fitted> {
        if kinds.is_empty() || kinds.len() > self.logs.len() {
            return None;
        }
        let (ways, last_is_symbol) = self.best_ways(kinds, strays);
        let path = ways.back(kinds.len(), last_is_symbol);
        let mut line = Line { characters: vec!['<'; kinds.len()], confidences: vec![0.0; kinds.len()] };
        let mut sum = 0.0;
        for (column, step) in self.logs.iter().zip(path) {
            match step {
                Step::Blank => sum += column[BLANK],
                Step::Symbol { place, symbol } => {
                    line.characters[place] = SYMBOLS[symbol];
                    line.confidences[place] = line.confidences[place].max(column[symbol].exp());
                    sum += column[symbol];
                }
            }
        }
        Some(Fitted { line, score: sum / self.logs.len() as f32 })
    }

    /// The best path to every place, and the symbol in which the best whole path ends, if it ends in one.
    fn best_ways(&self, kinds: &[PlaceKind], strays: Strays) -> (Ways, Option<usize>) {
        let places = kinds.len();
        let mut ways = Ways::new(self.logs.len(), places);
        const NEVER: f32 = f32::NEG_INFINITY;
        // Scores of the paths that end in a blank after n characters, and in symbol s as the n-th character.
        let mut blank = vec![NEVER; places + 1];
        let mut symbol = vec![[NEVER; BLANK]; places + 1];
        blank[0] = 0.0;
        for (x, column) in self.logs.iter().enumerate() {
            let highest = column[..BLANK].iter().copied().fold(NEVER, f32::max);
            let passed = column[BLANK].max(highest - PASSED_OVER);
            // Backwards, so that what stands before a place is still that of the column before.
            for n in (0..=places).rev() {
                let (best, second) = two_best(&symbol[n]);
                let ended = if n == 0 { NEVER } else { best.1 };
                let (from_blank, through) = (blank[n], if ended > blank[n] { Some(best.0) } else { None });
                ways.blanks[x * (places + 1) + n] = through.map_or(STAY, |s| s as u8);
                let stray = (n == 0 && strays.before) || (n == places && strays.after);
                let next_blank = from_blank.max(ended) + if stray { passed } else { column[BLANK] };
                // Character n + 1 may start here.
                if n < places {
                    for s in (0..BLANK).filter(|s| kinds[n].allows(SYMBOLS[*s])) {
                        let before = if n == 0 {
                            (STAY, NEVER)
                        } else if best.0 == s {
                            (second.0 as u8, second.1)
                        } else {
                            (best.0 as u8, best.1)
                        };
                        let (mut from, mut score) = (STAY, symbol[n + 1][s]);
                        if blank[n] > score {
                            (from, score) = (FROM_BLANK, blank[n]);
                        }
                        if before.1 > score {
                            (from, score) = before;
                        }
                        ways.symbols[(x * (places + 1) + n + 1) * BLANK + s] = from;
                        symbol[n + 1][s] = score + column[s];
                    }
                }
                blank[n] = next_blank;
            }
        }
        let (best, _) = two_best(&symbol[places]);
        let last = (best.1 > blank[places]).then_some(best.0);
        (ways, last)
    }
}

/// Marks of where a path came from: from the same, from a blank; smaller values name a symbol.
const STAY: u8 = 255;
const FROM_BLANK: u8 = 254;

enum Step {
    Blank,
    Symbol { place: usize, symbol: usize },
}

/// Where every best path came from.
struct Ways {
    places: usize,
    columns: usize,
    blanks: Vec<u8>,
    symbols: Vec<u8>,
}

impl Ways {
    fn new(columns: usize, places: usize) -> Self {
        Self { places, columns, blanks: vec![STAY; columns * (places + 1)], symbols: vec![STAY; columns * (places + 1) * BLANK] }
    }

    /// The path that ends after `places` characters, in the symbol given or in a blank.
    fn back(&self, places: usize, last: Option<usize>) -> Vec<Step> {
        let (mut n, mut symbol) = (places, last);
        let mut path = Vec::with_capacity(self.columns);
        for x in (0..self.columns).rev() {
            let at = x * (self.places + 1) + n;
            match symbol {
                None => {
                    path.push(Step::Blank);
                    let from = self.blanks[at];
                    symbol = (from != STAY).then_some(usize::from(from));
                }
                Some(s) => {
                    path.push(Step::Symbol { place: n.saturating_sub(1), symbol: s });
                    match self.symbols[at * BLANK + s] {
                        STAY => {}
                        FROM_BLANK => (n, symbol) = (n.saturating_sub(1), None),
                        other => (n, symbol) = (n.saturating_sub(1), Some(usize::from(other))),
                    }
                }
            }
        }
        path.reverse();
        path
    }
}

/// The highest and the second highest value with their places.
fn two_best(values: &[f32; BLANK]) -> ((usize, f32), (usize, f32)) {
    let (mut best, mut second) = ((0, f32::NEG_INFINITY), (0, f32::NEG_INFINITY));
    for (k, value) in values.iter().copied().enumerate() {
        if value > best.1 {
            (second, best) = (best, (k, value));
        } else if value > second.1 {
            second = (k, value);
        }
    }
    (best, second)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANY: PlaceKind = PlaceKind::Any;

    /// Columns that say each character of `text` strongly (a dot is a blank), a capital twice as strongly as its rival.
    fn scores(text: &str, rivals: &[(usize, char, f32)]) -> Scores {
        let class = |c: char| SYMBOLS.iter().position(|s| *s == c).unwrap_or(BLANK);
        let mut logits = vec![0.0; text.chars().count() * CLASSES];
        for (x, c) in text.chars().enumerate() {
            logits[x * CLASSES + class(c)] = 8.0;
        }
        for (x, c, value) in rivals {
            logits[x * CLASSES + class(*c)] = *value;
        }
        Scores::from_logits(&logits).expect("whole columns")
    }

    #[test]
    fn greedy_merges_and_drops() {
        let line = scores(".AA.B..B<.", &[]).greedy();
        assert_eq!(line.text(), "ABB<");
        assert!(line.confidences.iter().all(|c| *c > 0.9));
    }

    #[test]
    fn a_fitted_line_has_the_wanted_length() {
        // A faint gap within the filler.
        let said = scores(".A.B.<<<<<.7.", &[(7, '.', 6.0)]);
        assert_eq!(said.greedy().text(), "AB<7");
        for (length, text) in [(4, "AB<7"), (5, "AB<<7")] {
            assert_eq!(said.fitted(&vec![ANY; length], Strays::default()).expect("a line").line.text(), text);
        }
        assert_eq!(said.fitted(&[], Strays::default()), None);
        assert_eq!(said.fitted(&[ANY; 14], Strays::default()), None, "more characters than columns");
    }

    #[test]
    fn kinds_choose_among_rivals() {
        let said = scores(".A.O.1.", &[(3, '0', 7.0)]);
        let free = said.fitted(&[ANY; 3], Strays::default()).expect("a line");
        assert_eq!(free.line.text(), "AO1");
        let typed = said.fitted(&[PlaceKind::Letter, PlaceKind::Digit, PlaceKind::Digit], Strays::default()).expect("a line");
        assert_eq!(typed.line.text(), "A01");
        assert!(typed.line.confidences[1] < 0.5 && typed.score < free.score);
    }

    #[test]
    fn strays_are_passed_over_where_they_may_be() {
        let said = scores(".X.A.B.C.8.", &[]);
        let text = |before, after| said.fitted(&[ANY; 3], Strays { before, after }).expect("a line").line.text();
        assert_eq!(said.fitted(&[ANY; 5], Strays::default()).expect("a line").line.text(), "XABC8");
        assert_eq!(text(true, true), "ABC");
        let lead = said.fitted(&[ANY; 4], Strays { before: true, after: false }).expect("a line");
        assert_eq!(lead.line.text(), "ABC8");
    }

    #[test]
    fn what_is_no_output_is_refused() {
        for logits in [vec![], vec![0.0; 37], vec![f32::NAN; 38], vec![0.0; 39]] {
            assert_eq!(Scores::from_logits(&logits), None);
        }
    }

    proptest::proptest! {
        /// Exactly as many characters as asked for, whatever the network says.
        #[test]
        fn any_scores_are_fitted(logits in proptest::collection::vec(-20f32..20.0, 38 * 24), length in 1_usize..24) {
            let said = Scores::from_logits(&logits).expect("whole columns");
            let fitted = said.fitted(&vec![ANY; length], Strays::default()).expect("a line");
            proptest::prop_assert_eq!(fitted.line.characters.len(), length);
            proptest::prop_assert!(fitted.score <= 0.0 && fitted.line.confidences.iter().all(|c| (0.0..=1.0).contains(c)));
        }
    }
}
