//! Presentation attack detection: outcomes and evidence. Layers are one file each beside this one.

pub mod assurance;
pub mod dynamics;
pub mod exposure;
pub mod injection;
pub mod look;
pub mod parallax;
pub mod passive;
pub mod rules;
pub mod scene_light;
#[cfg(test)]
pub(crate) mod test_looks;

/// The decision about one presentation, ISO/IEC 30107-3 terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PadOutcome {
    /// No layer refused and every required layer answered.
    BonaFide,
    /// At least one layer refused.
    Attack,
    /// A required layer could not answer.
    NonResponse,
}

/// One layer's answer.
#[derive(Debug, Clone, PartialEq)]
pub struct PadLayer {
    /// Layer name, for instance `passive`.
    pub name: &'static str,
    /// Model or method with its version.
    pub method: String,
    /// Evidence that the presentation is bona fide, [0, 1]; `None` when the layer abstained.
    pub value: Option<f32>,
    /// The limit the value was held against.
    pub limit: f32,
    /// This layer's own outcome.
    pub outcome: PadOutcome,
}

/// The decision with everything it rests on. Fusion can only deny: no layer overrules another's refusal.
#[derive(Debug, Clone, PartialEq)]
pub struct PadDecision {
    /// Worst outcome of the layers.
    pub outcome: PadOutcome,
    /// Every layer asked.
    pub layers: Vec<PadLayer>,
}

impl PadDecision {
    /// Fuses layers: one refusal refuses, a layer without an answer makes it a non-response, and no layer at all is a non-response.
    #[must_use]
    pub fn fuse(layers: Vec<PadLayer>) -> Self {
        let any = |outcome: PadOutcome| layers.iter().any(|l| l.outcome == outcome);
        let outcome = match () {
            () if any(PadOutcome::Attack) => PadOutcome::Attack,
            () if any(PadOutcome::NonResponse) || layers.is_empty() => PadOutcome::NonResponse,
            () => PadOutcome::BonaFide,
        };
        Self { outcome, layers }
    }

    /// With one more layer, which can only deny.
    #[must_use]
    pub fn with(mut self, layer: PadLayer) -> Self {
        let either = |outcome: PadOutcome| self.outcome == outcome || layer.outcome == outcome;
        self.outcome = match () {
            () if either(PadOutcome::Attack) => PadOutcome::Attack,
            () if either(PadOutcome::NonResponse) => PadOutcome::NonResponse,
            () => PadOutcome::BonaFide,
        };
        self.layers.push(layer);
        self
    }
}

/// Name of the layer that the challenge's own judgement makes, see the workflow floor.
pub const CHALLENGE: &str = "challenge";
/// Name of the layer that compares the face of the burst with the one that answered the challenge.
pub const CONTINUITY: &str = "continuity";
/// Name of the layer `passive` over pictures of the challenge.
pub const PASSIVE_DURING: &str = "passive-during";

/// Layers that have to be bona fide in every live flow.
pub const PASSIVE_GATES: [&str; 1] = [passive::NAME];
/// Layers that have to be bona fide where the flow asks for a challenge.
pub const ACTIVE_GATES: [&str; 7] = [passive::NAME, CHALLENGE, dynamics::NAME, parallax::NAME, injection::NAME, CONTINUITY, PASSIVE_DURING];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fusion_can_only_deny() {
        use PadOutcome::{Attack, BonaFide, NonResponse};
        let layer = |outcome| PadLayer { name: "x", method: String::new(), value: None, limit: 0.5, outcome };
        for (outcomes, expected) in [
            (&[][..], NonResponse),
            (&[BonaFide], BonaFide),
            (&[BonaFide, BonaFide], BonaFide),
            (&[BonaFide, Attack], Attack),
            (&[NonResponse, Attack, BonaFide], Attack),
            (&[BonaFide, NonResponse], NonResponse),
        ] {
            let fused = PadDecision::fuse(outcomes.iter().copied().map(layer).collect());
            assert_eq!(fused.outcome, expected, "{outcomes:?}");
            if let Some((first, rest)) = outcomes.split_first() {
                let one_by_one = rest.iter().fold(PadDecision::fuse(vec![layer(*first)]), |decision, o| decision.with(layer(*o)));
                assert_eq!(one_by_one, fused);
            }
        }
    }
}
