//! Whether the quality measures tell which pictures will fail: error versus discard over the mated pairs of a list.

use super::EvaluationFault;
use super::extraction::FaceRule;
use super::pairs::PairList;
use super::workers::on_every_picture;
use crate::biometrics::comparison::compare;
use crate::biometrics::evaluation::Rate;
use crate::biometrics::evaluation::discard::{DISCARDED, DiscardCurve, FIRST_FNMR, MatedScore, curve, threshold};
use crate::biometrics::evaluation::report::RateReport;
use crate::biometrics::pipeline::{FacePipeline, PipelineError};
use crate::biometrics::quality::{Component, QualityReport, Tier};
use crate::biometrics::recogniser::EmbedError;
use crate::biometrics::template::Template;
use crate::imaging::decode::{DecodeLimits, decode_picture};
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A picture's template and what was measured on its face; `None` where there is no face or no picture.
pub type Measured = Option<(Template, QualityReport)>;

/// Measures every picture, one worker thread for each of `pipelines`; answers in the order of the pictures.
///
/// # Errors
/// [`EvaluationFault::Picture`] for a file that cannot be read, [`EvaluationFault::Pipeline`] when a network fails.
pub fn measure(pictures: &[PathBuf], pipelines: Vec<FacePipeline>, progress: &(dyn Fn() + Sync)) -> Result<Vec<Measured>, EvaluationFault> {
    on_every_picture(pictures, pipelines, &one, progress)
}

fn one(pipeline: &mut FacePipeline, number: usize, path: &Path) -> Result<Measured, EvaluationFault> {
    let unreadable = |error: std::io::Error| EvaluationFault::Picture { number, reason: error.kind().to_string() };
    let limits = DecodeLimits::default();
    if limits.check_file_bytes(std::fs::metadata(path).map_err(unreadable)?.len()).is_err() {
        return Ok(None);
    }
    let Ok(frame) = decode_picture(&std::fs::read(path).map_err(unreadable)?, &limits) else { return Ok(None) };
    let faces = pipeline.detect(&frame, &FaceRule::default().detector)?;
    let Some(face) = FaceRule::choose(&faces, frame.size()) else { return Ok(None) };
    let shape = pipeline.landmarks(&frame, face)?;
    let pose = pipeline.pose(&frame, face)?;
    let quality = pipeline.quality(&frame, &faces, face, shape.as_ref(), pose, Tier::Full);
    match pipeline.embed(&frame, face) {
        Ok(template) => Ok(Some((template, quality))),
        Err(PipelineError::NoFace | PipelineError::Embed(EmbedError::Align(_) | EmbedError::Template(_))) => Ok(None),
        Err(fault) => Err(fault.into()),
    }
}

/// The figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QualityEvaluation {
    /// Recogniser whose errors were followed.
    pub recogniser: String,
    /// Mated pairs with two templates.
    pub mated: usize,
    /// Pictures without a template.
    pub failure_to_acquire: RateReport,
    /// Scores below it are the errors followed.
    pub threshold: f32,
    /// False non-matches that the threshold was set for, a fraction of the mated pairs.
    pub first_fnmr: f64,
    /// The capture score first, then every component that was measured at all.
    pub measures: Vec<DiscardCurve>,
}

/// Follows the errors of the list's mated pairs.
///
/// # Errors
/// [`EvaluationFault::Evaluation`] with less than ten mated pairs, [`EvaluationFault::Comparison`] for templates of two kinds.
pub fn evaluate(list: &PairList, measured: &[Measured], recogniser: &str) -> Result<QualityEvaluation, EvaluationFault> {
    let mut mated = Vec::new();
    for pair in list.pairs.iter().filter(|pair| pair.mated) {
        if let (Some((a, _)), Some((b, _))) = (&measured[pair.reference], &measured[pair.probe]) {
            mated.push(MatedScore { pictures: [pair.reference, pair.probe], score: compare(a, b)?.0 });
        }
    }
    let limit = threshold(&mated)?;
    let of = |name: &str, value: &dyn Fn(&QualityReport) -> Option<f64>| {
        let values: Vec<Option<f64>> = measured.iter().map(|m| m.as_ref().and_then(|(_, quality)| value(quality))).collect();
        curve(name, &values, &mated, limit)
    };
    let components: BTreeSet<Component> = measured.iter().flatten().flat_map(|(_, q)| q.assessments.iter().map(|a| a.component)).collect();
    let mut measures = vec![of("CaptureScore", &|quality| Some(f64::from(quality.capture_score)))];
    for component in components {
        let score = |quality: &QualityReport| {
            let found = quality.assessments.iter().find(|a| a.component == component)?;
            found.score.map(|score| f64::from(score.get()))
        };
        measures.push(of(&format!("{component:?}"), &score));
    }
    // A measure that judged no picture orders none.
    measures.retain(|m| m.not_assessed < measured.len());
    let missing = measured.iter().filter(|m| m.is_none()).count() as u64;
    Ok(QualityEvaluation {
        recogniser: recogniser.to_owned(),
        mated: mated.len(),
        failure_to_acquire: Rate { events: missing, trials: measured.len() as u64 }.into(),
        threshold: limit,
        first_fnmr: FIRST_FNMR,
        measures,
    })
}

impl std::fmt::Display for QualityEvaluation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{} mated pairs, failure to acquire {}", self.mated, self.failure_to_acquire)?;
        write!(f, "{:26}", "FNMR when discarding")?;
        for share in DISCARDED {
            write!(f, "  {:>20}", format!("{:.0} %", share * 100.0))?;
        }
        writeln!(f, "  not assessed")?;
        for m in &self.measures {
            write!(f, "{:26}", m.measure)?;
            for point in &m.points {
                let (rate, ends) = (point.fnmr.value.unwrap_or(f64::NAN) * 100.0, point.fnmr.interval);
                write!(f, "  {:>20}", format!("{rate:.2} % [{:.1}, {:.1}]", ends.low * 100.0, ends.high * 100.0))?;
            }
            writeln!(f, "  {}", m.not_assessed)?;
        }
        Ok(())
    }
}
