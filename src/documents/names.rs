//! Names over alphabets: how Doc 9303-3 writes a letter in the zone, and comparison of names that allows for it.
//!
//! Transliteration cannot be undone, and states choose between several legal forms, so a letter stands for the set of its forms and two
//! names agree when one choice of forms makes them equal.

mod letters;

use letters::forms;

/// How well two names agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameMatch {
    /// The same words under one choice of forms.
    Same,
    /// The same letters, but divided into words differently (`VAN DER` and `VANDER`).
    SameButForSpacing,
    /// One is the other cut short, and it may have been cut.
    SameIfTruncated,
    /// Some words agree, others are missing on one side; or both may be transliterations of one name (`MUELLER` and `MULLER`): a person
    /// decides.
    Partial,
    /// Different names.
    Different,
    /// One side is empty: nothing to compare.
    NothingToCompare,
}

impl NameMatch {
    /// Whether the names count as equal.
    #[must_use]
    pub const fn agrees(self) -> bool {
        matches!(self, Self::Same | Self::SameButForSpacing | Self::SameIfTruncated)
    }

    /// How far the verdict can be trusted, 0 to 1.
    #[must_use]
    pub const fn confidence(self) -> f32 {
        match self {
            Self::Same => 1.0,
            Self::SameButForSpacing => 0.9,
            Self::SameIfTruncated => 0.8,
            Self::Partial => 0.5,
            Self::Different => 0.9,
            Self::NothingToCompare => 0.0,
        }
    }
}

/// Most letters of a word that are compared; no zone or barcode has more.
const LONGEST_WORD: usize = 100;
/// Most words of a name.
const MOST_WORDS: usize = 24;

/// The words of a name: upper case, apostrophes and dots dropped, hyphens and commas taken as blanks.
fn words(name: &str) -> Vec<Vec<char>> {
    let mut words: Vec<Vec<char>> = vec![Vec::new()];
    for c in name.chars() {
        match c {
            '\'' | '’' | '‘' | 'ʼ' | '`' | '´' | '.' | '\u{0640}' => {}
            // Marks that follow their letter are left out, like accents written with it.
            '\u{0300}'..='\u{036F}' | '\u{064B}'..='\u{0652}' => {}
            c if c.is_alphanumeric() => {
                if let Some(word) = words.last_mut() {
                    word.extend(c.to_uppercase().filter(|c| c.is_alphanumeric()));
                }
            }
            _ => words.push(Vec::new()),
        }
    }
    words.retain(|w| !w.is_empty());
    words.truncate(MOST_WORDS);
    words.iter_mut().for_each(|w| w.truncate(LONGEST_WORD));
    words
}

/// A name as the zone writes it by its first choice of forms: `Müller-Größe` is `MUELLER<GROESSE`. Letters of no table are left out.
#[must_use]
pub fn to_mrz(name: &str) -> String {
    let word = |w: &Vec<char>| {
        w.iter()
            .filter(|c| !c.is_ascii_digit())
            .flat_map(|c| forms(*c).map(|f| f[0].to_owned()).or_else(|| c.is_ascii_alphabetic().then(|| c.to_string())))
            .collect::<String>()
    };
    words(name).iter().map(word).filter(|w| !w.is_empty()).collect::<Vec<_>>().join("<")
}

/// How far two words agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WordMatch {
    Whole,
    /// The first ends where the second goes on.
    FirstShorter,
    /// The second ends where the first goes on.
    SecondShorter,
    No,
}

/// Compares letter sequences under every choice of forms on both sides.
fn compare_words(a: &[char], b: &[char]) -> WordMatch {
    // A place is a letter and how much of a form of it is used up; both sides read the same A-Z text.
    use std::collections::BTreeSet;
    type Place = (usize, String);
    let expand = |word: &[char], (at, rest): &Place| -> Vec<Place> {
        if !rest.is_empty() || *at >= word.len() {
            return vec![(*at, rest.clone())];
        }
        let own = [word[*at].to_string()];
        match forms(word[*at]) {
            Some(forms) => forms.iter().map(|f| (at + 1, (*f).to_owned())).collect(),
            None => own.into_iter().map(|f| (at + 1, f)).collect(),
        }
    };
    let mut open: Vec<(Place, Place)> = vec![((0, String::new()), (0, String::new()))];
    let mut seen = BTreeSet::new();
    let mut best = WordMatch::No;
    while let Some((left, right)) = open.pop() {
        if !seen.insert((left.clone(), right.clone())) {
            continue;
        }
        let (left_ends, right_ends) = (left.1.is_empty() && left.0 >= a.len(), right.1.is_empty() && right.0 >= b.len());
        match (left_ends, right_ends) {
            (true, true) => return WordMatch::Whole,
            (true, false) => {
                // Letters without a form of their own (a soft sign) may remain.
                if b[right.0.min(b.len())..].iter().all(|c| forms(*c).is_some_and(|f| f.contains(&""))) && right.1.is_empty() {
                    return WordMatch::Whole;
                }
                best = WordMatch::FirstShorter;
                continue;
            }
            (false, true) => {
                if a[left.0.min(a.len())..].iter().all(|c| forms(*c).is_some_and(|f| f.contains(&""))) && left.1.is_empty() {
                    return WordMatch::Whole;
                }
                best = WordMatch::SecondShorter;
                continue;
            }
            (false, false) => {}
        }
        for (left_at, left_rest) in expand(a, &left) {
            for (right_at, right_rest) in expand(b, &right) {
                let common = left_rest.bytes().zip(right_rest.bytes()).take_while(|(x, y)| x == y).count();
                let stuck = common < left_rest.len().min(right_rest.len());
                if stuck || !left_rest.is_char_boundary(common) || !right_rest.is_char_boundary(common) {
                    continue;
                }
                open.push(((left_at, left_rest[common..].to_owned()), (right_at, right_rest[common..].to_owned())));
            }
        }
    }
    best
}

/// Which of two names may have been cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Truncation {
    /// The first.
    pub first: bool,
    /// The second.
    pub second: bool,
}

/// Compares two names. Words of a cut name may be shortened each, to initials even, and words at its end may be missing.
#[must_use]
pub fn compare(first: &str, second: &str, truncation: Truncation) -> NameMatch {
    let (a, b) = (words(first), words(second));
    if a.is_empty() || b.is_empty() {
        return NameMatch::NothingToCompare;
    }
    let pairs: Vec<WordMatch> = a.iter().zip(&b).map(|(x, y)| compare_words(x, y)).collect();
    if a.len() == b.len() && pairs.iter().all(|p| *p == WordMatch::Whole) {
        return NameMatch::Same;
    }
    let joined = compare_words(&a.concat(), &b.concat());
    if joined == WordMatch::Whole {
        return NameMatch::SameButForSpacing;
    }
    let first_cut = truncation.first && a.len() <= b.len() && pairs.iter().all(|p| matches!(p, WordMatch::Whole | WordMatch::FirstShorter));
    let second_cut =
        truncation.second && b.len() <= a.len() && pairs.iter().all(|p| matches!(p, WordMatch::Whole | WordMatch::SecondShorter));
    let joined_cut = (truncation.first && joined == WordMatch::FirstShorter) || (truncation.second && joined == WordMatch::SecondShorter);
    if first_cut || second_cut || joined_cut {
        return NameMatch::SameIfTruncated;
    }
    let (fewer, more) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    let found = fewer.iter().filter(|w| more.iter().any(|m| compare_words(w, m) == WordMatch::Whole)).count();
    if folded(first) == folded(second)
        || found == fewer.len() && fewer.len() < more.len()
        || (found >= 1 && found + 1 >= fewer.len() && fewer.len() > 1)
    {
        NameMatch::Partial
    } else {
        NameMatch::Different
    }
}

/// The zone's text with every doubled vowel and escape taken for the plain letter it may stand for.
fn folded(name: &str) -> String {
    let pairs = [("UXX", "U"), ("NXX", "N"), ("AE", "A"), ("OE", "O"), ("UE", "U"), ("AA", "A")];
    pairs.iter().fold(to_mrz(name), |text, (long, plain)| text.replace(long, plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Truncation = Truncation { first: false, second: false };
    const SECOND: Truncation = Truncation { first: false, second: true };

    #[test]
    fn every_legal_form_of_a_letter_agrees() {
        let same = [
            ("Müller", "MUELLER"),
            ("Müller", "MULLER"),
            ("Müller", "MUXXLLER"),
            ("Größe", "GROESSE"),
            ("Groeße", "Größe"),
            ("Ångström", "AANGSTROEM"),
            ("Ångström", "ANGSTROM"),
            ("Søren", "SOEREN"),
            ("Þurídur Ösp", "THURIDUR OESP"),
            ("Ævarsdóttir", "AEVARSDOTTIR"),
            ("O'Connor", "OCONNOR"),
            ("Smith-Jones", "SMITH JONES"),
            ("Núñez", "NUNXXEZ"),
            ("Şahin İnönü", "SAHIN INOENUE"),
            ("Łukasz", "LUKASZ"),
            ("Горбачёв", "GORBACHEV"),
            ("Щёголь", "SHCHEGOL"),
            ("محمد", "MXHMD"),
            ("عبدالرحيم", "EBDALRXHYM"),
            ("Müller", "Mueller"),
        ];
        for (visual, zone) in same {
            assert_eq!(compare(visual, zone, NONE), NameMatch::Same, "{visual} {zone}");
            assert_eq!(compare(zone, visual, NONE), NameMatch::Same, "{zone} {visual}");
        }
    }

    #[test]
    fn other_names_stay_other_names() {
        for (a, b) in [("Müller", "MILLER"), ("Anna", "ANNE"), ("Eriksson", "ERIKSEN"), ("Muller", "MUELLERS"), ("Li", "LIN")] {
            assert_eq!(compare(a, b, NONE), NameMatch::Different, "{a} {b}");
        }
        assert_eq!(compare("Mueller", "MUXXLLER", NONE), NameMatch::Partial, "both may stand for one letter, which neither shows");
        assert_eq!(compare("", "ANNA", NONE), NameMatch::NothingToCompare);
    }

    #[test]
    fn spacing_and_missing_words() {
        assert_eq!(compare("Van der Muellen", "VANDER MUELLEN", NONE), NameMatch::SameButForSpacing);
        assert_eq!(compare("Anna Maria", "ANNA", NONE), NameMatch::Partial);
        assert_eq!(compare("Anna Maria Luise", "ANNA MARIE LUISE", NONE), NameMatch::Partial);
    }

    #[test]
    fn a_cut_name_agrees_only_where_it_may_be_cut() {
        assert_eq!(compare("Chayapa Dejthamrong Krasuang", "CHAYAPA DEJTHAMRONG K", SECOND), NameMatch::SameIfTruncated);
        assert_eq!(compare("Arnpol Petch Charonguang", "ARNPOL PETCH CHARONGU", SECOND), NameMatch::SameIfTruncated);
        assert_eq!(
            compare("Bennelong Wooloomooloo Warrandyte Warnambool", "BENNEL WOOLOO WARRAN WARNAM", SECOND),
            NameMatch::SameIfTruncated
        );
        assert_eq!(compare("Arnpol Petch Charonguang", "ARNPOL", SECOND), NameMatch::SameIfTruncated);
        assert_ne!(compare("Arnpol Petch Charonguang", "ARNPOL PETCH CHARONGU", NONE), NameMatch::SameIfTruncated);
        assert_eq!(compare("Arnpol", "ARNPOLD", SECOND), NameMatch::Different, "the second is the longer one");
    }

    #[test]
    fn the_zone_takes_the_first_form() {
        assert_eq!(to_mrz("Müller-Größe"), "MUELLER<GROESSE");
        assert_eq!(to_mrz("O'Connor, Enya Siobhán"), "OCONNOR<ENYA<SIOBHAN");
        assert_eq!(to_mrz("Louis 14 王"), "LOUIS");
    }

    #[test]
    fn long_names_cost_little() {
        let long = "Ü".repeat(3000);
        assert_eq!(compare(&long, &"U".repeat(100), NONE), NameMatch::Same, "cut to the longest word compared");
        assert_eq!(compare(&long, &("U".repeat(60) + "F"), NONE), NameMatch::Different);
    }
}
