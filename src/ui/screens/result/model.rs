//! What the result screen says: one large state, and what happens next.

use crate::biometrics::comparison::VerificationDecision;
use crate::biometrics::identification::decision::{IdentificationDecision, UnknownReason};
use crate::biometrics::pad::{PadDecision, PadOutcome};
use crate::ui::strings::{Words, code_in_groups};
use crate::ui::widgets::card::Tone;
use crate::workflow::view::Outcome;
use lucide_icons::Icon;
use std::time::Duration;

/// Everything the screen says apart from scores and faces.
#[derive(Debug, Clone)]
pub struct ResultWords {
    /// Its colour.
    pub tone: Tone,
    /// Its sign.
    pub icon: Icon,
    /// One large state.
    pub headline: String,
    /// What it means or what happens next.
    pub line: String,
    /// To be read aloud, in groups.
    pub registration_code: Option<String>,
    /// Small.
    pub support_code: Option<String>,
    /// Whether the face capture may begin again.
    pub retry: bool,
}

/// Words for an outcome.
#[must_use]
pub fn result(words: &Words, outcome: &Outcome, officer: bool) -> ResultWords {
    let say = |tone, icon, headline: &str, line: String| ResultWords {
        tone,
        icon,
        headline: words.t(headline),
        line,
        registration_code: None,
        support_code: None,
        retry: outcome.offers_retry(),
    };
    match outcome {
        Outcome::Enrolled { registration_code, held, .. } => {
            let (tone, icon, headline, line) = if *held {
                (Tone::Accent, Icon::Hourglass, "result-held", "result-held-line")
            } else {
                (Tone::Positive, Icon::CircleCheck, "result-enrolled", "result-enrolled-line")
            };
            let code = Some(code_in_groups(registration_code));
            ResultWords { registration_code: code, ..say(tone, icon, headline, words.t(line)) }
        }
        Outcome::Verified { comparison, .. } => match comparison.decision {
            VerificationDecision::Match if officer => {
                say(Tone::Positive, Icon::CircleCheck, "officer-match", words.t("officer-match-line"))
            }
            VerificationDecision::Match => say(Tone::Positive, Icon::CircleCheck, "result-match", words.t("result-match-line")),
            VerificationDecision::NonMatch if officer => {
                say(Tone::Caution, Icon::CircleX, "officer-no-match", words.t("officer-no-match-line"))
            }
            VerificationDecision::NonMatch => say(Tone::Caution, Icon::CircleAlert, "result-no-match", words.t("result-no-match-line")),
        },
        Outcome::Identified { candidates, decided: true, .. } if !candidates.is_empty() => {
            say(Tone::Positive, Icon::UserRoundCheck, "result-identified", words.t("result-identified-line"))
        }
        Outcome::Identified { basis, .. } => match basis.decision {
            IdentificationDecision::Ambiguous if officer => {
                say(Tone::Caution, Icon::Users, "result-undecided", words.t("result-undecided-line"))
            }
            IdentificationDecision::Unknown(UnknownReason::UnsupportedGallerySize { supported, .. }) if officer => {
                say(Tone::Caution, Icon::UserRoundX, "result-unknown", words.n("result-unknown-size-line", supported as u64))
            }
            IdentificationDecision::Unknown(UnknownReason::NobodySearched) if officer => {
                say(Tone::Accent, Icon::UserRoundX, "result-unknown", words.t("result-unknown-nobody-line"))
            }
            _ => say(Tone::Accent, Icon::UserRoundX, "result-unknown", words.t("result-unknown-line")),
        },
        // Shown on a page of its own.
        Outcome::Document(_) => say(Tone::Accent, Icon::IdCard, "page-documents", String::new()),
        Outcome::Refused { reason_key, code, .. } => {
            let support = Some(words.with("result-support", &[("code", code)]));
            ResultWords { support_code: support, ..say(Tone::Caution, Icon::Hand, "result-refused", words.label(reason_key)) }
        }
    }
}

impl ResultWords {
    /// Says too which gallery was searched, where it was not everybody: *unknown* means no more than that.
    #[must_use]
    pub fn of_gallery(mut self, words: &Words, outcome: &Outcome, gallery: Option<&str>) -> Self {
        if let (Outcome::Identified { .. }, Some(gallery)) = (outcome, gallery) {
            self.line = format!("{} {}", self.line, words.with("result-searched", &[("gallery", gallery)]));
        }
        self
    }
}

/// Whether an officer may go on although presentation attack detection could not answer. Never over a refusal.
#[must_use]
pub fn may_override(outcome: &Outcome, officer: bool) -> bool {
    let unanswered = |pad: &PadDecision| pad.outcome == PadOutcome::NonResponse;
    officer && matches!(outcome, Outcome::Refused { pad: Some(pad), .. } if unanswered(pad))
}

/// Whole seconds left until the kiosk returns, counted down so that the last one shown is 1.
#[must_use]
pub fn seconds_left(returns_in: Duration) -> u64 {
    returns_in.as_millis().div_ceil(1000) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::fixtures;
    use crate::ui::strings::Language;
    use crate::workflow::view::SearchBasis;

    #[test]
    fn unknown_is_an_answer_of_its_own() {
        let words = Words::new(Language::English);
        let below = IdentificationDecision::Unknown(UnknownReason::BelowThreshold);
        let found = |similarities: &[f32], decision, officer| {
            let candidates = fixtures::candidates(similarities);
            result(&words, &Outcome::Identified { candidates, decided: false, basis: SearchBasis::of(decision) }, officer)
        };
        let unknown = found(&[], below, false);
        assert_eq!(unknown.headline, "Unknown");
        assert_ne!(unknown.tone, Tone::Negative);
        // Candidates below the threshold do not make it less unknown.
        assert_eq!(found(&[0.21, 0.18], below, true).headline, "Unknown");
        assert_eq!(found(&[0.61, 0.60], IdentificationDecision::Ambiguous, true).headline, words.t("result-undecided"));
        // Only officers can do something about it, and only they are told.
        assert_eq!(found(&[0.61, 0.60], IdentificationDecision::Ambiguous, false).line, unknown.line);
        let reason = UnknownReason::UnsupportedGallerySize { needed_false_match_rate: 1e-6, supported: 1005, strictest_rate: 0.095 };
        let too_large = found(&[0.61], IdentificationDecision::Unknown(reason), true);
        assert!(too_large.line.contains("1\u{a0}005") && too_large.line != unknown.line, "{}", too_large.line);
        let outcome = Outcome::Identified { candidates: Vec::new(), decided: false, basis: SearchBasis::of(below) };
        let of_one = unknown.clone().of_gallery(&words, &outcome, Some("Visitors"));
        assert!(of_one.line.starts_with(&unknown.line) && of_one.line.contains("Visitors"), "{}", of_one.line);
        assert_eq!(unknown.clone().of_gallery(&words, &outcome, None).line, unknown.line);
        let nobody = IdentificationDecision::Unknown(UnknownReason::NobodySearched);
        assert_eq!(found(&[], nobody, true).line, words.t("result-unknown-nobody-line"));
    }

    #[test]
    fn an_officer_goes_on_over_silence_but_never_over_a_refusal() {
        let refused = |outcome| Outcome::Refused {
            reason_key: "attempt-no-answer",
            code: "BIO-08",
            pad: Some(PadDecision { outcome, layers: Vec::new() }),
        };
        assert!(may_override(&refused(PadOutcome::NonResponse), true));
        assert!(!may_override(&refused(PadOutcome::NonResponse), false));
        assert!(!may_override(&refused(PadOutcome::Attack), true));
    }

    #[test]
    fn the_countdown_never_shows_zero_early() {
        assert_eq!(seconds_left(Duration::from_millis(1)), 1);
        assert_eq!(seconds_left(Duration::from_millis(5000)), 5);
        assert_eq!(seconds_left(Duration::ZERO), 0);
    }

    #[test]
    fn a_refusal_says_why_and_carries_its_code() {
        let words = Words::new(Language::English);
        let refused = result(&words, &Outcome::Refused { reason_key: "refused-pad", code: "BIO-07", pad: None }, false);
        assert_eq!(refused.line, words.t("refused-pad"));
        assert!(refused.support_code.unwrap().contains("BIO-07"));
    }
}
