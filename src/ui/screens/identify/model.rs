//! What a candidate's card says.

use crate::ui::strings::{Words, code_in_groups};
use crate::workflow::view::CandidateView;

/// One card.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// Place in the list, from 1.
    pub rank: usize,
    /// For people.
    pub name: String,
    /// In groups.
    pub code: String,
    /// Percent, without the sign.
    pub percent: String,
    /// Points ahead of the next candidate; only the first one has it.
    pub margin: Option<String>,
}

/// The cards of a candidate list, best first.
#[must_use]
pub fn cards(words: &Words, candidates: &[CandidateView]) -> Vec<Card> {
    let name = |c: &CandidateView| {
        if c.display_name.0.trim().is_empty() { words.t("gallery-unnamed") } else { c.display_name.0.clone() }
    };
    candidates
        .iter()
        .enumerate()
        .map(|(i, c)| {
            let next = if i == 0 { candidates.get(1) } else { None };
            let points = next.map(|n| c.comparison.score_percent - n.comparison.score_percent);
            Card {
                rank: i + 1,
                name: name(c),
                code: code_in_groups(&c.registration_code),
                percent: format!("{:.0}", c.comparison.score_percent),
                margin: points.map(|p| words.with("decision-margin", &[("margin", &format!("{p:.0}"))])),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::fixtures;
    use crate::ui::strings::Language;

    #[test]
    fn only_the_first_candidate_shows_its_lead() {
        let words = Words::new(Language::English);
        let cards = cards(&words, &fixtures::candidates(&[0.62, 0.41, 0.3]));
        assert!(cards[0].margin.is_some() && cards[1].margin.is_none());
        assert_eq!(cards.iter().map(|c| c.rank).collect::<Vec<_>>(), [1, 2, 3]);
        assert!(cards[0].code.contains(' '));
    }
}
