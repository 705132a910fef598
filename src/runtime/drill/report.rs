//! The figures of a drill: errors per species with exact intervals, what each layer contributes, who among the genuine people was refused.

use super::DrillPlan;
use super::presentation::Presented;
use super::species::{Species, UNTESTED};
use crate::biometrics::evaluation::Rate;
use crate::biometrics::evaluation::interval::LEVEL;
use crate::biometrics::pad::assurance::{MeasuredGate, MeasuredSpecies, Measurement};
use crate::biometrics::pad::look::median;
use crate::biometrics::pad::rules::PadRules;
use crate::biometrics::pad::{ACTIVE_GATES, CHALLENGE, CONTINUITY, PadOutcome, dynamics, exposure, injection, parallax, scene_light};
use crate::workflow::challenge::evidence;
use serde::Serialize;
use std::collections::BTreeMap;

/// An exact interval as JSON has it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct IntervalReport {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Confidence.
    pub level: f64,
}

impl From<Rate> for IntervalReport {
    fn from(rate: Rate) -> Self {
        let interval = rate.interval();
        Self { low: interval.low, high: interval.high, level: LEVEL }
    }
}

/// Events among trials.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Counted {
    /// Times it happened.
    pub events: u64,
    /// Times it could have.
    pub trials: u64,
    /// The fraction.
    pub rate: f64,
    /// Its exact interval.
    pub interval: IntervalReport,
}

impl From<Rate> for Counted {
    fn from(rate: Rate) -> Self {
        Self { events: rate.events, trials: rate.trials, rate: rate.value().unwrap_or_default(), interval: rate.into() }
    }
}

/// What one layer said by itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LayerReport {
    /// Its name.
    pub name: &'static str,
    /// Presentations in which it was asked.
    pub asked: u64,
    /// Those that it refused.
    pub refused: u64,
    /// Those to which it had no answer.
    pub no_answer: u64,
    /// Those that no other layer stopped.
    pub alone: u64,
}

/// One species.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SpeciesReport {
    /// Its name.
    pub name: &'static str,
    /// Attack presentations.
    pub presentations: u64,
    /// Attack presentation classification error rate: the fraction taken for bona fide.
    pub apcer: f64,
    /// Its exact interval.
    pub interval: IntervalReport,
    /// Taken for bona fide.
    pub accepted: u64,
    /// Neither: no answer.
    pub non_response: u64,
    /// What gets through with every layer off.
    pub control: Counted,
    /// What was asked last where no picture was taken, by locale key.
    pub not_captured: BTreeMap<String, u64>,
    /// Each layer by itself.
    pub layers: Vec<LayerReport>,
    /// Support codes of the refusals.
    pub codes: BTreeMap<String, u64>,
    /// Gestures on the screen when a challenge that was not passed came to its end.
    pub stopped_at: BTreeMap<String, u64>,
}

/// A group of genuine people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupReport {
    /// For instance `tone 1-2`.
    pub name: String,
    /// Not taken for bona fide.
    pub refused: Counted,
}

/// The genuine people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GenuineReport {
    /// Presentations.
    pub presentations: u64,
    /// Taken for bona fide.
    pub accepted: u64,
    /// Taken for an attack.
    pub refused: u64,
    /// Neither: no answer.
    pub non_response: u64,
    /// What gets through with every layer off.
    pub control: Counted,
    /// What was asked last where no picture was taken, by locale key.
    pub not_captured: BTreeMap<String, u64>,
    /// By tone, age and glasses.
    pub groups: Vec<GroupReport>,
    /// Each layer by itself.
    pub layers: Vec<LayerReport>,
    /// Support codes of the refusals.
    pub codes: BTreeMap<String, u64>,
    /// Gestures on the screen when a challenge that was not passed came to its end.
    pub stopped_at: BTreeMap<String, u64>,
    /// Median time from the first frame to the decision, simulated seconds.
    pub median_seconds: f32,
    /// Median time of the challenge alone.
    pub median_challenge_seconds: f32,
    /// Challenges that took eight seconds or more.
    pub long_challenges: u64,
}

/// The whole drill.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DrillReport {
    /// What it was drawn from.
    pub seed: u64,
    /// Presentations of genuine people, and of every species.
    pub presentations: usize,
    /// Model pack.
    pub models: String,
    /// Backend.
    pub backend: String,
    /// Where landmarks come from: `networks`, or `truth`, with which the layers that are networks are not asked.
    pub landmarks: &'static str,
    /// PAD preset.
    pub preset: crate::config::PadPresetName,
    /// What it asked.
    #[serde(skip)]
    pub rules: PadRules,
    /// The networks behind the layers.
    #[serde(skip)]
    pub networks: Networks,
    /// Capture profile.
    pub capture_profile: String,
    /// Frame size.
    pub frame: [u32; 2],
    /// Frames a second, simulated.
    pub rate: f32,
    /// Attempts a presentation has.
    pub attempts: u32,
    /// Worker threads.
    pub workers: usize,
    /// Presentations that an earlier run had played.
    pub from_record: usize,
    /// Wall-clock seconds of this run.
    pub seconds: f64,
    /// Bona fide presentations that were not taken for bona fide, no answers included.
    pub bpcer: f64,
    /// Its exact interval.
    pub bpcer_interval: IntervalReport,
    /// The worst species' APCER: the headline.
    pub worst_apcer: f64,
    /// The genuine people.
    pub genuine: GenuineReport,
    /// Every species.
    pub species: Vec<SpeciesReport>,
    /// Species that are known and were not tried.
    pub untested: Vec<&'static str>,
}

/// The networks whose answers are layers, each with its version.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Networks {
    /// What judges presentations in a picture.
    pub passive: String,
    /// What compares the faces before and during the challenge.
    pub recogniser: String,
}

impl Networks {
    /// Model or method behind a gate, as the gate's layers name it.
    fn method(&self, gate: &str) -> String {
        match gate {
            CHALLENGE => evidence::METHOD,
            dynamics::NAME => dynamics::METHOD,
            parallax::NAME => parallax::METHOD,
            injection::NAME => injection::METHOD,
            CONTINUITY => &self.recogniser,
            _ => &self.passive,
        }
        .to_owned()
    }
}

/// How and with what a drill was run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunFacts {
    /// Model pack.
    pub models: String,
    /// Backend.
    pub backend: String,
    /// See [`DrillReport::landmarks`].
    pub landmarks: &'static str,
    /// The networks behind the layers.
    pub networks: Networks,
    /// Worker threads.
    pub workers: usize,
    /// See [`DrillReport::from_record`].
    pub from_record: usize,
    /// Wall-clock seconds.
    pub seconds: f64,
}

impl DrillReport {
    /// The figures of results.
    #[must_use]
    pub fn new(plan: &DrillPlan, results: &[(Species, Presented)], run: RunFacts) -> Self {
        let of = |species: Species| results.iter().filter(move |(s, _)| *s == species).map(|(_, p)| p).collect::<Vec<_>>();
        let genuine = of(Species::Genuine);
        let bpcer = rate(&genuine, |p| p.outcome != PadOutcome::BonaFide);
        let species: Vec<SpeciesReport> =
            plan.species.iter().filter(|s| **s != Species::Genuine).map(|s| species_report(*s, &of(*s))).collect();
        Self {
            seed: plan.seed,
            presentations: plan.presentations,
            models: run.models,
            backend: run.backend,
            landmarks: run.landmarks,
            preset: plan.rules.preset,
            rules: plan.rules,
            networks: run.networks,
            capture_profile: plan.profile.name.clone(),
            frame: [plan.size.width, plan.size.height],
            rate: plan.rate,
            attempts: 1,
            workers: run.workers,
            from_record: run.from_record,
            seconds: run.seconds,
            bpcer: bpcer.value().unwrap_or_default(),
            bpcer_interval: bpcer.into(),
            worst_apcer: species.iter().map(|s| s.apcer).fold(0.0, f64::max),
            genuine: genuine_report(&genuine),
            species,
            untested: UNTESTED.to_vec(),
        }
    }

    /// The part that a decision's assurance label states.
    #[must_use]
    pub fn measurement(&self) -> Measurement {
        Measurement {
            models: self.models.clone(),
            preset: format!("{:?}", self.preset).to_lowercase(),
            seed: self.seed,
            material: "rendered".to_owned(),
            genuine: self.genuine.presentations,
            genuine_refused: self.genuine.presentations - self.genuine.accepted,
            rules: self.rules.values,
            gates: ACTIVE_GATES.map(|name| MeasuredGate { name: name.to_owned(), method: self.networks.method(name) }).to_vec(),
            species: self
                .species
                .iter()
                .map(|s| MeasuredSpecies {
                    name: s.name.to_owned(),
                    presentations: s.presentations,
                    accepted: s.accepted,
                    upper: s.interval.high,
                })
                .collect(),
            untested: self.untested.iter().map(|s| (*s).to_owned()).collect(),
        }
    }
}

fn rate(of: &[&Presented], event: impl Fn(&Presented) -> bool) -> Rate {
    Rate { events: of.iter().filter(|p| event(p)).count() as u64, trials: of.len() as u64 }
}

fn count(of: &[&Presented], event: impl Fn(&Presented) -> bool) -> u64 {
    rate(of, event).events
}

fn tally(of: &[&Presented], get: impl Fn(&Presented) -> Option<&String>) -> BTreeMap<String, u64> {
    let mut found = BTreeMap::new();
    of.iter().filter_map(|p| get(p)).for_each(|key| *found.entry(key.clone()).or_default() += 1);
    found
}

fn layers(of: &[&Presented]) -> Vec<LayerReport> {
    let of_layer = |name: &'static str| {
        let said = |p: &&Presented| p.layers.iter().find(|l| l.name == name).map(|l| l.outcome);
        let count = |outcome: PadOutcome| of.iter().filter(|p| said(p) == Some(outcome)).count() as u64;
        let alone = |p: &&&Presented| {
            said(p).is_some_and(|o| o != PadOutcome::BonaFide)
                && p.layers.iter().filter(|l| l.name != name).all(|l| l.outcome == PadOutcome::BonaFide)
        };
        LayerReport {
            name,
            asked: of.iter().filter(|p| said(p).is_some()).count() as u64,
            refused: count(PadOutcome::Attack),
            no_answer: count(PadOutcome::NonResponse),
            alone: of.iter().filter(alone).count() as u64,
        }
    };
    // Layers that have to be switched on.
    let heard = |name: &&str| of.iter().any(|p| p.layers.iter().any(|l| l.name == *name));
    let switched = [scene_light::NAME, exposure::NAME].into_iter().filter(heard);
    ACTIVE_GATES.into_iter().chain(switched).map(of_layer).collect()
}

fn species_report(species: Species, of: &[&Presented]) -> SpeciesReport {
    let accepted = rate(of, |p| p.outcome == PadOutcome::BonaFide);
    SpeciesReport {
        name: species.name(),
        presentations: accepted.trials,
        apcer: accepted.value().unwrap_or_default(),
        interval: accepted.into(),
        accepted: accepted.events,
        non_response: count(of, |p| p.outcome == PadOutcome::NonResponse),
        control: rate(of, |p| p.control).into(),
        layers: layers(of),
        not_captured: tally(of, |p| p.not_captured.as_ref()),
        codes: tally(of, |p| p.code.as_ref()),
        stopped_at: tally(of, |p| p.stopped_at.as_ref()),
    }
}

fn genuine_report(of: &[&Presented]) -> GenuineReport {
    let group = |name: String, belongs: &dyn Fn(&Presented) -> bool| {
        let members: Vec<&Presented> = of.iter().copied().filter(|p| belongs(p)).collect();
        GroupReport { name, refused: rate(&members, |p| p.outcome != PadOutcome::BonaFide).into() }
    };
    let mut groups = Vec::new();
    for fifth in 0..5u8 {
        let tone = |p: &Presented| (p.person.0 * 5.0).min(4.99) as u8 == fifth;
        groups.push(group(format!("tone {}-{}", fifth * 2 + 1, fifth * 2 + 2), &tone));
    }
    for (name, low, high) in [("18-35", 0.0, 35.0), ("35-55", 35.0, 55.0), ("55-80", 55.0, 200.0)] {
        groups.push(group(format!("age {name}"), &|p: &Presented| p.person.1 >= low && p.person.1 < high));
    }
    groups.push(group("glasses".to_owned(), &|p: &Presented| p.person.2));
    groups.push(group("no glasses".to_owned(), &|p: &Presented| !p.person.2));
    let passed = || of.iter().filter(|p| p.outcome == PadOutcome::BonaFide);
    let challenges = || passed().filter_map(|p| p.challenge_seconds);
    GenuineReport {
        presentations: of.len() as u64,
        accepted: count(of, |p| p.outcome == PadOutcome::BonaFide),
        refused: count(of, |p| p.outcome == PadOutcome::Attack),
        non_response: count(of, |p| p.outcome == PadOutcome::NonResponse),
        control: rate(of, |p| p.control).into(),
        groups,
        layers: layers(of),
        not_captured: tally(of, |p| p.not_captured.as_ref()),
        codes: tally(of, |p| p.code.as_ref()),
        stopped_at: tally(of, |p| p.stopped_at.as_ref()),
        median_seconds: median(passed().map(|p| p.seconds)),
        median_challenge_seconds: median(challenges()),
        long_challenges: challenges().filter(|s| *s >= 8.0).count() as u64,
    }
}
