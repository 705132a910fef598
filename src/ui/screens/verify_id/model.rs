//! What the decision page shows, and which of its checks are open.

use crate::documents::checks::{Consequence, Overall, Status};
use crate::phrase::Speaker as _;
use crate::ui::strings::Words;
use crate::ui::widgets::card::Tone;
use crate::workflow::document::decision::{CheckGroup, CheckLine, DocumentDecision};
use crate::workflow::document::words::Value;
use lucide_icons::Icon;
use std::collections::BTreeSet;

/// Checks that open by themselves: the reasons of the decision.
const OPENED: usize = 3;

/// The page's own state; lost without harm.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VerifyIdModel {
    /// Places of open checks in the decision's list; `None` before the page was drawn.
    pub open: Option<BTreeSet<usize>>,
    /// Whether pictures of people go into the report.
    pub with_pictures: bool,
}

impl VerifyIdModel {
    /// Opens the checks that the decision rests on, the first time a decision is drawn.
    pub fn begin(&mut self, decision: &DocumentDecision) -> &mut BTreeSet<usize> {
        self.open.get_or_insert_with(|| {
            let stands_against = |line: &CheckLine| line.status != Status::Passed && decision.because.contains(&line.title);
            decision.lines.iter().enumerate().filter(|(_, line)| stands_against(line)).map(|(i, _)| i).take(OPENED).collect()
        })
    }

    /// Opens a check, or closes it.
    pub fn toggle(&mut self, place: usize) {
        if let Some(open) = &mut self.open
            && !open.remove(&place)
        {
            open.insert(place);
        }
    }
}

/// Colour, icon and words of the verdict.
#[must_use]
pub fn verdict(words: &Words, decision: &DocumentDecision) -> (Tone, Icon, String, String) {
    let (tone, icon, headline) = match decision.overall {
        Overall::Ok => (Tone::Positive, Icon::CircleCheck, "verify-id-ok"),
        Overall::Refused => (Tone::Negative, Icon::CircleX, "verify-id-refused"),
        Overall::Undecided => (Tone::Caution, Icon::CircleAlert, "verify-id-undecided"),
    };
    let titles = decision.because.iter().map(|title| words.say(title)).collect::<Vec<_>>().join(", ");
    let line = match (decision.overall, decision.because.is_empty()) {
        (Overall::Ok, _) => words.t("verify-id-ok-line"),
        (_, true) => words.t("verify-id-open-line"),
        (_, false) => words.with("verify-id-because", &[("checks", &titles)]),
    };
    (tone, icon, words.t(headline), line)
}

/// Colour, icon and locale key of a check's lamp.
#[must_use]
pub const fn lamp(line: &CheckLine) -> (Tone, Icon, &'static str) {
    match (line.status, line.consequence) {
        (Status::Passed, _) => (Tone::Positive, Icon::CircleCheck, "check-passed"),
        (Status::NotChecked, _) => (Tone::Neutral, Icon::CircleDashed, "check-not-checked"),
        (Status::Failed, Consequence::Refuse) => (Tone::Negative, Icon::CircleX, "check-failed"),
        (Status::Failed, Consequence::Person) => (Tone::Caution, Icon::UserRound, "check-person"),
        (Status::Failed, Consequence::Retry) => (Tone::Caution, Icon::RefreshCw, "check-retry"),
        (Status::Failed, Consequence::Hint) => (Tone::Caution, Icon::Info, "check-hint"),
    }
}

/// Groups in the order of the page.
pub const GROUPS: [(CheckGroup, &str); 3] =
    [(CheckGroup::Face, "check-group-face"), (CheckGroup::Document, "check-group-document"), (CheckGroup::Chip, "check-group-chip")];

/// Passed and made checks of a group.
#[must_use]
pub fn passed(decision: &DocumentDecision, group: CheckGroup) -> (usize, usize) {
    let of_group = || decision.lines.iter().filter(|l| l.group == group);
    (of_group().filter(|l| l.status == Status::Passed).count(), of_group().filter(|l| l.status != Status::NotChecked).count())
}

/// What an open check says about its numbers, a line each.
#[must_use]
pub fn values(words: &Words, line: &CheckLine) -> Vec<(String, String)> {
    let mut values: Vec<(String, String)> = line.values.iter().map(|(name, value)| (words.say(name), words.detail(value))).collect();
    values.extend(line.confidence.map(|c| (words.say(&Value::Confidence.into()), format!("{:.0} %", c * 100.0))));
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::fixtures;
    use crate::ui::strings::Language;

    #[test]
    fn the_reasons_open_by_themselves_and_every_check_can_be_opened() {
        let decision = fixtures::document_decision(Overall::Refused);
        let mut model = VerifyIdModel::default();
        let open = model.begin(&decision).clone();
        assert!(!open.is_empty() && open.len() <= OPENED);
        assert!(open.iter().all(|i| decision.because.contains(&decision.lines[*i].title)));
        for place in 0..decision.lines.len() {
            let before = model.open.clone().unwrap().contains(&place);
            model.toggle(place);
            assert_eq!(model.begin(&decision).contains(&place), !before);
        }
        let accepted = fixtures::document_decision(Overall::Ok);
        assert!(VerifyIdModel::default().begin(&accepted).is_empty());
    }

    #[test]
    fn every_lamp_and_verdict_has_words_in_every_language() {
        for language in Language::ALL {
            let words = Words::new(language);
            for overall in [Overall::Ok, Overall::Refused, Overall::Undecided] {
                let decision = fixtures::document_decision(overall);
                let (_, _, headline, line) = verdict(&words, &decision);
                assert!(!headline.starts_with("verify-id") && !line.starts_with("verify-id"), "{headline} {line}");
                assert!(decision.lines.iter().all(|l| words.has(lamp(l).2)));
                assert!(decision.fields.iter().all(|(claim, _)| words.has(&format!("document-{}", claim.code()))));
            }
        }
    }
}
