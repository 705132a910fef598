//! Presentation attack detection: outcomes and evidence. Layers are one file each beside this one.

pub mod passive;

/// The decision about one presentation, ISO/IEC 30107-3 terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
}

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
        }
    }
}
