//! What may enrol or be compared: a live capture that presentation attack detection found bona fide, or a recorded exception.
//!
//! [`Admission`] has no public constructor but the three rules below; whoever holds one has passed a rule. Everything that leads to a
//! record or to a match takes one.

use crate::biometrics::pad::assurance::AssuranceLabel;
use crate::biometrics::pad::rules::PadRules;
use crate::biometrics::pad::{PadDecision, PadOutcome};
use crate::ports::camera::Origin;
use crate::ports::gallery::PadRecord;

/// Leave to use a picture, with what is to be recorded about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Admission {
    origin: Origin,
    pad: PadRecord,
}

impl Admission {
    /// A live capture (a stand-in camera included; its origin says so).
    ///
    /// - `gates`: names of the layers that have to be bona fide, at least one.
    /// - `rules`: those that the layers judged by.
    ///
    /// # Errors
    /// The outcome in force when it is not `BonaFide`. A decision that contradicts its own layers counts as the worst of them, one that lacks
    /// a gate as no answer, frames that are said to be files as no answer.
    pub fn of_live_capture(decision: &PadDecision, origin: Origin, gates: &[&str], rules: &PadRules) -> Result<Self, PadOutcome> {
        let refused = decision.outcome == PadOutcome::Attack || decision.layers.iter().any(|layer| layer.outcome == PadOutcome::Attack);
        if refused {
            return Err(PadOutcome::Attack);
        }
        let passed = |gate: &&str| {
            let mut layers = decision.layers.iter().filter(|layer| layer.name == *gate).peekable();
            layers.peek().is_some() && layers.all(|layer| layer.outcome == PadOutcome::BonaFide)
        };
        let answered = !gates.is_empty() && gates.iter().all(passed);
        if decision.outcome != PadOutcome::BonaFide || !answered || origin == Origin::File {
            return Err(PadOutcome::NonResponse);
        }
        let layers = decision.layers.iter().map(|layer| (layer.name.to_owned(), layer.value, layer.limit)).collect();
        let methods = decision.layers.iter().map(|layer| layer.method.clone()).collect();
        let assurance = Some(AssuranceLabel::of(decision, rules).into());
        Ok(Self { origin, pad: PadRecord::Assessed { outcome: decision.outcome.into(), layers, methods, assurance } })
    }

    /// A picture given as a file, in a flow that allows them. The reason stays in the record.
    #[must_use]
    pub fn of_file(reason: &str) -> Self {
        Self { origin: Origin::File, pad: PadRecord::NotAssessed { reason: reason.to_owned() } }
    }

    /// A live capture that could not be assessed, on an officer's responsibility. The reason stays in the record.
    ///
    /// # Errors
    /// `Attack` when the presentation was refused: no officer overrules that. `NonResponse` when no reason is given.
    pub fn by_officer(decision: &PadDecision, origin: Origin, gates: &[&str], rules: &PadRules, reason: &str) -> Result<Self, PadOutcome> {
        match Self::of_live_capture(decision, origin, gates, rules) {
            Ok(admission) => Ok(admission),
            Err(PadOutcome::NonResponse) if !reason.trim().is_empty() => {
                Ok(Self { origin, pad: PadRecord::NotAssessed { reason: reason.trim().to_owned() } })
            }
            Err(outcome) => Err(outcome),
        }
    }

    /// Where the picture came from.
    #[must_use]
    pub const fn origin(&self) -> Origin {
        self.origin
    }

    /// What is recorded about presentation attack detection.
    #[must_use]
    pub const fn pad(&self) -> &PadRecord {
        &self.pad
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::biometrics::pad::PadLayer;
    use crate::biometrics::pad::assurance::AssuranceLevel;

    fn decision(outcome: PadOutcome, layers: &[PadOutcome]) -> PadDecision {
        let layer =
            |outcome: &PadOutcome| PadLayer { name: "passive", method: "test".into(), value: Some(0.9), limit: 0.5, outcome: *outcome };
        PadDecision { outcome, layers: layers.iter().map(layer).collect() }
    }

    #[test]
    fn only_bona_fide_live_captures_are_admitted() {
        use PadOutcome::{Attack, BonaFide, NonResponse};
        for (outcome, layers, origin, expected) in [
            (BonaFide, &[BonaFide][..], Origin::Camera, Ok(())),
            (BonaFide, &[BonaFide, BonaFide], Origin::Practice, Ok(())),
            (BonaFide, &[BonaFide, NonResponse], Origin::Practice, Err(NonResponse)),
            (BonaFide, &[BonaFide], Origin::File, Err(NonResponse)),
            (BonaFide, &[], Origin::Camera, Err(NonResponse)),
            (BonaFide, &[NonResponse], Origin::Camera, Err(NonResponse)),
            (BonaFide, &[BonaFide, Attack], Origin::Camera, Err(Attack)),
            (Attack, &[BonaFide], Origin::Camera, Err(Attack)),
            (NonResponse, &[BonaFide], Origin::Camera, Err(NonResponse)),
            (NonResponse, &[Attack], Origin::Camera, Err(Attack)),
        ] {
            let found = Admission::of_live_capture(&decision(outcome, layers), origin, &["passive"], &PadRules::default());
            assert_eq!(found.map(|_| ()), expected, "{outcome:?} {layers:?} {origin:?}");
        }
    }

    #[test]
    fn the_record_names_every_method_and_what_the_decision_is_worth() {
        let found = Admission::of_live_capture(
            &decision(PadOutcome::BonaFide, &[PadOutcome::BonaFide]),
            Origin::Camera,
            &["passive"],
            &PadRules::default(),
        )
        .unwrap();
        let PadRecord::Assessed { layers, methods, assurance, .. } = found.pad() else { panic!("{found:?}") };
        assert_eq!((layers.len(), methods.as_slice()), (1, &["test".to_owned()][..]));
        assert_eq!(assurance.as_ref().map(|a| a.level), Some(AssuranceLevel::Passive));
        let older: PadRecord = serde_json::from_str(r#"{"pad":"assessed","outcome":"bona_fide","layers":[["passive",0.9,0.5]]}"#).unwrap();
        assert!(matches!(older, PadRecord::Assessed { methods, assurance: None, .. } if methods.is_empty()));
    }

    #[test]
    fn every_gate_has_to_be_passed() {
        let rules = PadRules::default();
        let passive = decision(PadOutcome::BonaFide, &[PadOutcome::BonaFide]);
        assert_eq!(Admission::of_live_capture(&passive, Origin::Camera, &["passive", "challenge"], &rules), Err(PadOutcome::NonResponse));
        assert_eq!(
            Admission::of_live_capture(&passive, Origin::Camera, &[], &rules),
            Err(PadOutcome::NonResponse),
            "no gate is no admission"
        );
        let mut both = passive;
        both.layers.push(PadLayer { name: "challenge", ..both.layers[0].clone() });
        assert!(Admission::of_live_capture(&both, Origin::Camera, &["passive", "challenge"], &rules).is_ok());
    }

    #[test]
    fn an_officer_overrules_silence_but_no_refusal() {
        let rules = PadRules::default();
        let silent = decision(PadOutcome::NonResponse, &[PadOutcome::NonResponse]);
        let refused = decision(PadOutcome::Attack, &[PadOutcome::Attack]);
        let admitted = Admission::by_officer(&silent, Origin::Camera, &["passive"], &rules, " passport seen ").unwrap();
        assert_eq!(admitted.pad(), &PadRecord::NotAssessed { reason: "passport seen".into() });
        assert_eq!(Admission::by_officer(&silent, Origin::Camera, &["passive"], &rules, "  "), Err(PadOutcome::NonResponse));
        assert_eq!(Admission::by_officer(&refused, Origin::Camera, &["passive"], &rules, "I know them"), Err(PadOutcome::Attack));
    }
}
