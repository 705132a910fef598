//! Presentation attack detection over single pictures: the passive layer alone, per species, with exact intervals. Terms of ISO/IEC 30107-3.
//!
//! A still does no challenge: for the whole stack every picture is a non-response, which the report says beside.

use super::EvaluationFault;
use super::extraction::FaceRule;
use super::workers::on_every_picture;
use crate::biometrics::evaluation::Rate;
use crate::biometrics::pad::passive::{self, Vote};
use crate::biometrics::pad::rules::PadRules;
use crate::biometrics::pad::{PadLayer, PadOutcome};
use crate::biometrics::pipeline::{FacePipeline, PipelineError};
use crate::biometrics::quality::Tier;
use crate::imaging::decode::{DecodeLimits, decode_picture};
use crate::runtime::drill::report::Counted;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What became of one picture: the layer's answer, or no answer where there is no face or no picture.
pub type Judged = Option<PadLayer>;

/// Judges every picture, one worker thread for each of `pipelines`; answers in the order of the pictures.
///
/// # Errors
/// [`EvaluationFault::Picture`] for a file that cannot be read, [`EvaluationFault::Pipeline`] when a network fails or the pack has none.
pub fn judge(
    pictures: &[PathBuf],
    pipelines: Vec<FacePipeline>,
    rules: &PadRules,
    progress: &(dyn Fn() + Sync),
) -> Result<Vec<Judged>, EvaluationFault> {
    on_every_picture(pictures, pipelines, &|pipeline, number, path| one(pipeline, number, path, rules), progress)
}

fn one(pipeline: &mut FacePipeline, number: usize, path: &Path, rules: &PadRules) -> Result<Judged, EvaluationFault> {
    let unreadable = |error: std::io::Error| EvaluationFault::Picture { number, reason: error.kind().to_string() };
    let limits = DecodeLimits::default();
    if limits.check_file_bytes(std::fs::metadata(path).map_err(unreadable)?.len()).is_err() {
        return Ok(None);
    }
    let Ok(frame) = decode_picture(&std::fs::read(path).map_err(unreadable)?, &limits) else { return Ok(None) };
    let rule = FaceRule::default();
    let faces = pipeline.detect(&frame, &rule.detector)?;
    let Some(face) = FaceRule::choose(&faces, frame.size()) else { return Ok(None) };
    let quality = pipeline.quality(&frame, &faces, face, None, None, Tier::Standard);
    let clear = passive::is_clear(&quality);
    match pipeline.pad(&frame, face) {
        Ok(decision) => {
            let vote = decision.layers.into_iter().find(|l| l.name == passive::NAME).map(|layer| Vote { layer, clear });
            Ok(vote.map(|vote| passive::over_pictures(&[vote], rules)))
        }
        Err(PipelineError::NoFace) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// One species.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SpeciesFigures {
    /// Its name.
    pub name: String,
    /// Pictures taken for bona fide, of those with an answer.
    pub apcer: Counted,
    /// Pictures without an answer.
    pub non_response: Counted,
}

/// The figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PadReport {
    /// Model pack.
    pub models: String,
    /// Networks that answered.
    pub method: String,
    /// PAD preset.
    pub preset: crate::config::PadPresetName,
    /// Limit in force.
    pub limit: Option<f32>,
    /// The worst species' APCER: the headline.
    pub worst_apcer: Option<f64>,
    /// Its name.
    pub worst_species: Option<String>,
    /// Bona fide pictures taken for attacks, of those with an answer.
    pub bpcer: Counted,
    /// Bona fide pictures without an answer.
    pub non_response: Counted,
    /// Every species.
    pub species: Vec<SpeciesFigures>,
    /// Non-response of the whole stack over stills, which do no challenge: always all of them.
    pub non_response_with_challenge: f64,
}

impl PadReport {
    /// Counts answers.
    #[must_use]
    pub fn new(models: &str, rules: &PadRules, bona_fide: &[Judged], species: &[(String, Vec<Judged>)]) -> Self {
        let figures: Vec<SpeciesFigures> = species
            .iter()
            .map(|(name, judged)| SpeciesFigures {
                name: name.clone(),
                apcer: errors(judged, PadOutcome::BonaFide).into(),
                non_response: silence(judged).into(),
            })
            .collect();
        let worst = figures.iter().max_by(|a, b| a.apcer.rate.total_cmp(&b.apcer.rate));
        let first = bona_fide.iter().chain(species.iter().flat_map(|(_, j)| j)).flatten().next();
        Self {
            models: models.to_owned(),
            method: first.map(|l| l.method.clone()).unwrap_or_default(),
            preset: rules.preset,
            limit: first.map(|l| l.limit),
            worst_apcer: worst.map(|w| w.apcer.rate),
            worst_species: worst.map(|w| w.name.clone()),
            bpcer: errors(bona_fide, PadOutcome::Attack).into(),
            non_response: silence(bona_fide).into(),
            species: figures,
            non_response_with_challenge: 1.0,
        }
    }
}

/// Answers that are `wrong`, of those there are.
fn errors(judged: &[Judged], wrong: PadOutcome) -> Rate {
    let answered = judged.iter().flatten().filter(|l| l.outcome != PadOutcome::NonResponse);
    let (mut events, mut trials) = (0, 0);
    for layer in answered {
        trials += 1;
        events += u64::from(layer.outcome == wrong);
    }
    Rate { events, trials }
}

fn silence(judged: &[Judged]) -> Rate {
    let silent = judged.iter().filter(|j| j.as_ref().is_none_or(|l| l.outcome == PadOutcome::NonResponse)).count();
    Rate { events: silent as u64, trials: judged.len() as u64 }
}

impl std::fmt::Display for PadReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown = |c: &Counted| {
            format!("{:6.2} % [{:.2}, {:.2}] {} of {}", c.rate * 100.0, c.interval.low * 100.0, c.interval.high * 100.0, c.events, c.trials)
        };
        if let (Some(rate), Some(name)) = (self.worst_apcer, &self.worst_species) {
            writeln!(f, "worst species       {:6.2} % ({name})", rate * 100.0)?;
        }
        writeln!(f, "BPCER               {}", shown(&self.bpcer))?;
        writeln!(f, "  without an answer {}", shown(&self.non_response))?;
        for s in &self.species {
            writeln!(f, "APCER {:14} {}\n  without an answer {}", s.name, shown(&s.apcer), shown(&s.non_response))?;
        }
        writeln!(f, "with a challenge in force every still is without an answer")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(outcome: PadOutcome) -> Judged {
        Some(PadLayer { name: passive::NAME, method: "m@0".into(), value: Some(0.4), limit: 0.5, outcome })
    }

    #[test]
    fn the_worst_species_is_the_headline_and_silence_is_counted_apart() {
        use PadOutcome::{Attack, BonaFide, NonResponse};
        let genuine = [answer(BonaFide), answer(BonaFide), answer(Attack), None, answer(NonResponse)];
        let print = vec![answer(Attack), answer(Attack), None];
        let screen = vec![answer(Attack), answer(BonaFide)];
        let report = PadReport::new("pack 1", &PadRules::default(), &genuine, &[("print".into(), print), ("screen".into(), screen)]);
        assert_eq!((report.bpcer.events, report.bpcer.trials), (1, 3));
        assert_eq!((report.non_response.events, report.non_response.trials), (2, 5));
        assert_eq!((report.worst_apcer, report.worst_species.as_deref()), (Some(0.5), Some("screen")));
        assert_eq!((report.species[0].apcer.events, report.species[0].apcer.trials), (0, 2));
        assert!(report.species[0].apcer.interval.high > 0.8, "two presentations say little");
    }
}
