//! What a bona fide decision is worth: on which attack species its set of gates was measured, how often, and which nobody tried.

use super::{ACTIVE_GATES, PASSIVE_GATES, PadDecision, PadOutcome};
use serde::{Deserialize, Serialize};

/// The measurement that this version ships, written by `visavis drill --assurance FILE`.
const MEASURED: &str = include_str!("../../../assets/pad/assurance.toml");

/// How much stands behind a decision. Later is more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssuranceLevel {
    /// Not bona fide, or no set of gates that was measured.
    None,
    /// The passive gates.
    Passive,
    /// Passive gates and challenge.
    Active,
}

/// One species of a measurement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasuredSpecies {
    /// Its name.
    pub name: String,
    /// Attack presentations.
    pub presentations: u64,
    /// Those that were taken for bona fide.
    pub accepted: u64,
    /// Upper end of the exact 95 % interval of the APCER.
    pub upper: f64,
}

/// A measurement of one set of gates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measurement {
    /// Name and version of the model pack.
    pub models: String,
    /// PAD preset.
    pub preset: String,
    /// Gates in force.
    pub gates: Vec<String>,
    /// The drill's seed.
    pub seed: u64,
    /// `rendered`: subjects and attacks were drawn, nobody real took part.
    pub material: String,
    /// Genuine presentations.
    pub genuine: u64,
    /// Those that were not taken for bona fide.
    pub genuine_refused: u64,
    /// Species tried.
    pub species: Vec<MeasuredSpecies>,
    /// Species known and not tried.
    pub untested: Vec<String>,
}

/// What a decision may be called.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AssuranceLabel {
    /// How much stands behind it.
    pub level: AssuranceLevel,
    /// The measurement of exactly this set of gates; `None` where none was made.
    pub measured: Option<Measurement>,
}

impl AssuranceLabel {
    /// The label of a decision. Taking evidence away never raises it.
    #[must_use]
    pub fn of(decision: &PadDecision) -> Self {
        Self::by(decision, Measurement::shipped().as_ref())
    }

    fn by(decision: &PadDecision, shipped: Option<&Measurement>) -> Self {
        let level = level(decision);
        let gates = |m: &&Measurement| m.gates.iter().all(|gate| passed(decision, gate)) && !m.gates.is_empty();
        let measured = shipped.filter(|_| level == AssuranceLevel::Active).filter(gates).cloned();
        Self { level, measured }
    }
}

impl Measurement {
    /// The measurement that this version ships; `None` where there is none.
    #[must_use]
    pub fn shipped() -> Option<Self> {
        toml::from_str(MEASURED).ok()
    }

    /// As TOML, for the file that is shipped.
    ///
    /// # Errors
    /// The writer's error; none is known for these values.
    pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
        toml::to_string_pretty(self)
    }

    /// Highest upper bound over all species: what can be claimed at most.
    #[must_use]
    pub fn worst_upper(&self) -> Option<f64> {
        self.species.iter().map(|s| s.upper).max_by(f64::total_cmp)
    }
}

fn passed(decision: &PadDecision, gate: &str) -> bool {
    let mut of_gate = decision.layers.iter().filter(|l| l.name == gate).peekable();
    of_gate.peek().is_some() && of_gate.all(|l| l.outcome == PadOutcome::BonaFide)
}

fn level(decision: &PadDecision) -> AssuranceLevel {
    let all = |gates: &[&str]| gates.iter().all(|gate| passed(decision, gate));
    match () {
        () if decision.outcome != PadOutcome::BonaFide || PadDecision::fuse(decision.layers.clone()).outcome != PadOutcome::BonaFide => {
            AssuranceLevel::None
        }
        () if all(&ACTIVE_GATES) => AssuranceLevel::Active,
        () if all(&PASSIVE_GATES) => AssuranceLevel::Passive,
        () => AssuranceLevel::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::biometrics::pad::PadLayer;
    use proptest::prelude::*;

    fn layer(name: &'static str, outcome: PadOutcome) -> PadLayer {
        PadLayer { name, method: "m".into(), value: Some(0.9), limit: 0.5, outcome }
    }

    fn measurement() -> Measurement {
        Measurement {
            models: "builtin 1".into(),
            preset: "balanced".into(),
            gates: ACTIVE_GATES.map(str::to_owned).to_vec(),
            seed: 1,
            material: "rendered".into(),
            genuine: 300,
            genuine_refused: 2,
            species: vec![MeasuredSpecies { name: "print".into(), presentations: 300, accepted: 0, upper: 0.0122 }],
            untested: vec!["mask".into()],
        }
    }

    #[test]
    fn the_whole_set_of_gates_has_the_measurement() {
        let all = PadDecision::fuse(ACTIVE_GATES.map(|g| layer(g, PadOutcome::BonaFide)).to_vec());
        let label = AssuranceLabel::by(&all, Some(&measurement()));
        assert_eq!((label.level, label.measured), (AssuranceLevel::Active, Some(measurement())));
        let passive = PadDecision::fuse(vec![layer("passive", PadOutcome::BonaFide)]);
        assert_eq!(AssuranceLabel::by(&passive, Some(&measurement())), AssuranceLabel { level: AssuranceLevel::Passive, measured: None });
        assert_eq!(AssuranceLabel::by(&all, None).measured, None);
    }

    #[test]
    fn the_shipped_file_is_read_back_as_written() {
        let text = measurement().to_toml().unwrap();
        assert_eq!(toml::from_str::<Measurement>(&text).unwrap(), measurement());
        assert!(
            MEASURED.trim_start().starts_with('#') || Measurement::shipped().is_some(),
            "the shipped file is a remark or a measurement"
        );
    }

    fn outcomes() -> impl Strategy<Value = Vec<(usize, u8)>> {
        proptest::collection::vec((0usize..7, prop_oneof![6 => Just(0u8), 1 => Just(1), 1 => Just(2)]), 0..16)
    }

    proptest! {
        #[test]
        fn taking_evidence_away_never_raises_the_label(spec in outcomes(), full: bool, at in 0usize..32) {
            let of = |(gate, outcome): &(usize, u8)| {
                layer(ACTIVE_GATES[*gate], [PadOutcome::BonaFide, PadOutcome::Attack, PadOutcome::NonResponse][usize::from(*outcome)])
            };
            let mut layers: Vec<PadLayer> = spec.iter().map(of).collect();
            if full {
                layers.extend(ACTIVE_GATES.map(|g| layer(g, PadOutcome::BonaFide)));
            }
            let whole = PadDecision::fuse(layers.clone());
            // Evidence is what speaks for the presentation: taking a refusal away is not taking evidence away.
            let evidence: Vec<usize> = (0..layers.len()).filter(|i| layers[*i].outcome == PadOutcome::BonaFide).collect();
            prop_assume!(!evidence.is_empty());
            let mut fewer = layers.clone();
            fewer.remove(evidence[at % evidence.len()]);
            let less = PadDecision::fuse(fewer);
            let (more, less) = (AssuranceLabel::by(&whole, Some(&measurement())), AssuranceLabel::by(&less, Some(&measurement())));
            prop_assert!(less.level <= more.level);
            prop_assert!(less.measured.is_none() || more.measured.is_some());
            // A layer that turns from bona fide to no answer never raises it either.
            let mut silent = layers;
            silent[evidence[at % evidence.len()]].outcome = PadOutcome::NonResponse;
            prop_assert!(AssuranceLabel::by(&PadDecision::fuse(silent), None).level <= more.level);
        }
    }
}
