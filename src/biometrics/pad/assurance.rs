//! What a bona fide decision is worth: on which attack species its set of gates was measured, how often, and which nobody tried.

use super::rules::PadRules;
use super::{ACTIVE_GATES, PASSIVE_GATES, PadDecision, PadOutcome};
use crate::config::PadPresetConfig;
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

/// A gate of a measurement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasuredGate {
    /// Its name.
    pub name: String,
    /// Model or method with its version.
    pub method: String,
}

/// A measurement of one set of gates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measurement {
    /// Name and version of the model pack.
    pub models: String,
    /// PAD preset.
    pub preset: String,
    /// The drill's seed.
    pub seed: u64,
    /// `rendered`: subjects and attacks were drawn, nobody real took part.
    pub material: String,
    /// Genuine presentations.
    pub genuine: u64,
    /// Those that were not taken for bona fide.
    pub genuine_refused: u64,
    /// Species known and not tried.
    pub untested: Vec<String>,
    /// What the preset asked.
    pub rules: PadPresetConfig,
    /// Gates in force.
    pub gates: Vec<MeasuredGate>,
    /// Species tried.
    pub species: Vec<MeasuredSpecies>,
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
    /// The label of a decision made under rules. Taking evidence away never raises it.
    ///
    /// The shipped measurement stands behind it only where the same models and methods were asked under the same rules.
    #[must_use]
    pub fn of(decision: &PadDecision, rules: &PadRules) -> Self {
        Self::by(decision, rules, Measurement::shipped().as_ref())
    }

    fn by(decision: &PadDecision, rules: &PadRules, shipped: Option<&Measurement>) -> Self {
        let level = level(decision);
        let same = |gate: &MeasuredGate| {
            passed(decision, &gate.name) && decision.layers.iter().filter(|l| l.name == gate.name).all(|l| l.method == gate.method)
        };
        let fits = |m: &&Measurement| m.rules == rules.values && !m.gates.is_empty() && m.gates.iter().all(same);
        let measured = shipped.filter(|_| level == AssuranceLevel::Active).filter(fits).cloned();
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
            seed: 1,
            material: "rendered".into(),
            genuine: 300,
            genuine_refused: 2,
            untested: vec!["mask".into()],
            rules: PadRules::default().values,
            gates: ACTIVE_GATES.map(|name| MeasuredGate { name: name.into(), method: "m".into() }).to_vec(),
            species: vec![MeasuredSpecies { name: "print".into(), presentations: 300, accepted: 0, upper: 0.0122 }],
        }
    }

    #[test]
    fn the_whole_set_of_gates_has_the_measurement() {
        let all = PadDecision::fuse(ACTIVE_GATES.map(|g| layer(g, PadOutcome::BonaFide)).to_vec());
        let rules = PadRules::default();
        let label = AssuranceLabel::by(&all, &rules, Some(&measurement()));
        assert_eq!((label.level, label.measured), (AssuranceLevel::Active, Some(measurement())));
        let passive = PadDecision::fuse(vec![layer("passive", PadOutcome::BonaFide)]);
        assert_eq!(
            AssuranceLabel::by(&passive, &rules, Some(&measurement())),
            AssuranceLabel { level: AssuranceLevel::Passive, measured: None }
        );
        assert_eq!(AssuranceLabel::by(&all, &rules, None).measured, None);
    }

    #[test]
    fn other_models_or_other_rules_have_no_measurement() {
        let rules = PadRules::default();
        let mut other = PadDecision::fuse(ACTIVE_GATES.map(|g| layer(g, PadOutcome::BonaFide)).to_vec());
        other.layers[0].method = "another-network".into();
        let label = AssuranceLabel::by(&other, &rules, Some(&measurement()));
        assert_eq!((label.level, label.measured), (AssuranceLevel::Active, None));
        let kinder = PadRules { values: PadPresetConfig { dynamics: rules.values.dynamics + 0.5, ..rules.values }, ..rules };
        let all = PadDecision::fuse(ACTIVE_GATES.map(|g| layer(g, PadOutcome::BonaFide)).to_vec());
        assert!(AssuranceLabel::by(&all, &rules, Some(&measurement())).measured.is_some());
        assert_eq!(AssuranceLabel::by(&all, &kinder, Some(&measurement())).measured, None);
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
            let rules = PadRules::default();
            let label = |decision: &PadDecision| AssuranceLabel::by(decision, &rules, Some(&measurement()));
            let (more, less) = (label(&whole), label(&less));
            prop_assert!(less.level <= more.level);
            prop_assert!(less.measured.is_none() || more.measured.is_some());
            // A layer that turns from bona fide to no answer never raises it either.
            let mut silent = layers;
            silent[evidence[at % evidence.len()]].outcome = PadOutcome::NonResponse;
            prop_assert!(label(&PadDecision::fuse(silent)).level <= more.level);
        }
    }
}
