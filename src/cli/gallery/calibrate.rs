//! Thresholds measured on the people of this gallery, for searches that reach further than the calibration in force.

use super::super::subject::code_shown;
use super::super::{Answer, Failure, Printer, parts, usage};
use crate::biometrics::comparison::{Calibration, ComparisonError, SimilarityScore};
use crate::ports::gallery::GalleryStore;
use crate::runtime::application::identification_policy;
use crate::runtime::evaluation::enrolled::{Alike, GallerySample};
use serde::Serialize;
use std::path::Path;

/// Most pairs of people who look alike that are shown.
const PAIRS_SHOWN: usize = 10;

/// Two people whose faces somebody should look at: maybe one person, enrolled twice.
#[derive(Serialize)]
struct PairRow {
    registration_codes: [String; 2],
    score: f32,
}

#[derive(Serialize)]
struct Report {
    recogniser: String,
    /// People compared with each other, and people enrolled.
    people: usize,
    enrolled: usize,
    non_mated_comparisons: u64,
    /// Templates among which somebody can be named, at most, with these thresholds; and with those in force, where there are any.
    searches_reach: usize,
    searches_reach_in_force: Option<usize>,
    closest: Vec<PairRow>,
    calibration: String,
}

/// Measures, writes the thresholds to `output`, and shows who is alike enough to be one person. Exit code 1 where the thresholds in force reach
/// further.
pub(super) fn run(
    parts: &parts::Parts,
    store: &dyn GalleryStore,
    practice: bool,
    output: Option<&Path>,
    printer: &Printer,
) -> Result<Answer, Failure> {
    if practice {
        return Err(usage("thresholds for people are not measured on practice entries"));
    }
    let pipeline = parts.pipeline()?;
    parts.announce(&pipeline, printer);
    let format = parts::format_of(&pipeline)?;
    let sample = GallerySample::read(store, &format)?;
    let measured = sample.calibrate()?;
    let policy = identification_policy(&parts.config);
    let in_force = parts.calibration(&pipeline).ok();
    let report = Report {
        recogniser: format.recogniser.to_string(),
        people: sample.people(),
        enrolled: sample.enrolled(),
        non_mated_comparisons: measured.non_mated(),
        searches_reach: policy.largest_search(&measured),
        searches_reach_in_force: in_force.as_ref().map(|known| policy.largest_search(known)),
        closest: closest(store, &sample, &measured)?,
        calibration: measured.to_toml(),
    };
    if let Some(path) = output {
        super::super::evaluate::write_calibration(path, &report.calibration)?;
    }
    printer.document("gallery-calibration", &report, || text(&report, output))?;
    let further = report.searches_reach_in_force.is_none_or(|reach| report.searches_reach > reach);
    Ok(if further { Answer::Yes } else { Answer::No })
}

fn closest(store: &dyn GalleryStore, sample: &GallerySample, measured: &Calibration) -> Result<Vec<PairRow>, Failure> {
    let strictest = measured.points().last().map_or(1.0, |point| point.threshold);
    let alike = sample.closest(SimilarityScore(strictest), PAIRS_SHOWN).map_err(ComparisonError::from)?;
    let code = |subject| store.subject(subject).map(|details| code_shown(&details.summary.registration_code));
    let row = |Alike { people: (a, b), score }: Alike| Ok(PairRow { registration_codes: [code(a)?, code(b)?], score: score.0 });
    alike.into_iter().map(row).collect()
}

fn text(report: &Report, output: Option<&Path>) -> String {
    let mut text = format!(
        "{} of {} people compared with each other, {} comparisons of different people\nsearches name somebody among {} templates at most",
        report.people, report.enrolled, report.non_mated_comparisons, report.searches_reach
    );
    if let Some(reach) = report.searches_reach_in_force {
        text += &format!("; with the thresholds in force, {reach}");
    }
    text.push('\n');
    for pair in &report.closest {
        let [a, b] = &pair.registration_codes;
        text += &format!("alike, score {:.3}: {a} and {b}; the same person enrolled twice makes thresholds too strict\n", pair.score);
    }
    match output {
        Some(path) => text + &format!("written to {}; `visavis models calibrate` puts it in force\n", path.display()),
        None => text + &report.calibration,
    }
}
