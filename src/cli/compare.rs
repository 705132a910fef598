//! `visavis compare`: two pictures, 1:1.

use super::parts::{self, Parts};
use super::{Answer, Failure, Global, Printer};
use crate::biometrics::comparison::{MatchLevel, VerificationDecision, verify};
use crate::biometrics::detection::{DetectorSettings, FaceSelection};
use crate::biometrics::pipeline::FacePipeline;
use crate::biometrics::template::Template;
use clap::Args;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// `visavis compare`.
#[derive(Debug, Args)]
pub struct CompareCommand {
    /// Reference picture with one face.
    reference: PathBuf,
    /// Probe picture with one face.
    probe: PathBuf,
    /// Match level 1-5, false match rate 1e-2, 3e-3, 1e-3, 1e-4, 1e-5 [default: as configured].
    #[arg(long, value_name = "1-5")]
    level: Option<u8>,
}

#[derive(Serialize)]
struct ComparisonShown<'a> {
    score: f32,
    #[serde(rename = "scorePercent")]
    score_percent: f32,
    threshold: f32,
    /// What the threshold stands for, a fraction.
    false_match_rate: f64,
    decision: &'static str,
    /// Level in force.
    level: u8,
    /// Highest level reached.
    match_level: Option<u8>,
    recogniser: &'a str,
}

pub(super) fn run(global: &Global, command: &CompareCommand, printer: &Printer) -> Result<Answer, Failure> {
    let parts = Parts::new(global)?;
    let level = command.level.map(MatchLevel::try_from).transpose()?.unwrap_or_else(|| parts.level());
    let mut pipeline = parts.pipeline()?;
    let calibration = parts.calibration(&pipeline)?;
    // Refused before the pictures are looked at.
    calibration.at_level(level)?;
    let mut of = |path: &Path| template(&mut pipeline, path).map_err(|failure| failure.about(path));
    let (reference, probe) = (of(&command.reference)?, of(&command.probe)?);
    let found = verify(&reference, &probe, &calibration, level)?;
    let matched = found.decision == VerificationDecision::Match;
    let shown = ComparisonShown {
        score: found.score.0,
        score_percent: found.score_percent,
        threshold: found.threshold.0,
        false_match_rate: found.false_match_rate,
        decision: if matched { "match" } else { "non_match" },
        level: level.number(),
        match_level: found.match_level,
        recogniser: calibration.recogniser(),
    };
    printer.document("comparison", &shown, || {
        let reached = found.match_level.map_or_else(|| "none".to_owned(), |l| l.to_string());
        format!(
            "{}: score {:.4} ({:.1} %), threshold {:.4} at false match rate {}, match level {reached}",
            if matched { "match" } else { "no match" },
            shown.score,
            shown.score_percent,
            shown.threshold,
            shown.false_match_rate
        )
    })?;
    Ok(if matched { Answer::Yes } else { Answer::No })
}

/// Template of a picture's only face; a second face is refused, for nobody can say which is meant.
fn template(pipeline: &mut FacePipeline, path: &Path) -> Result<Template, Failure> {
    let settings = DetectorSettings { face_detection_mode: FaceSelection::FaceOrderingBySize, ..DetectorSettings::for_stills() };
    let frame = parts::picture(path)?;
    let face = pipeline.only_face(&frame, &settings)?;
    Ok(pipeline.embed(&frame, &face)?)
}
