//! New templates from stored pictures, after another pack was installed.

use super::super::{Answer, Failure, Printer, parts};
use crate::biometrics::detection::DetectorSettings;
use crate::biometrics::pipeline::{FacePipeline, ObserveOptions};
use crate::biometrics::template::Template;
use crate::imaging::decode::{DecodeLimits, decode_picture};
use crate::ports::gallery::{GalleryStore, PictureKind, SubjectId, SubjectOrder, SubjectQuery};
use crate::runtime::clock::Clock as _;
use serde::Serialize;

/// People looked at in one go.
const PAGE: u32 = 500;

#[derive(Default, Serialize)]
struct Report {
    /// People who had templates of the current recogniser already.
    current: u64,
    /// People who got new ones.
    renewed: u64,
    /// People whose stored picture gives none: they must be enrolled again.
    failed: Vec<SubjectId>,
}

pub(super) fn run(parts: &parts::Parts, store: &mut dyn GalleryStore, printer: &Printer) -> Result<Answer, Failure> {
    let mut pipeline = parts.pipeline()?;
    parts.announce(&pipeline, printer);
    let format = parts::format_of(&pipeline)?;
    let mut report = Report::default();
    for subject in everybody(store)? {
        if store.subject(subject)?.formats.contains(&format) {
            report.current += 1;
            continue;
        }
        match template(store, subject, &mut pipeline) {
            Ok(renewed) => {
                store.replace_templates(subject, &[renewed], parts.clock.utc())?;
                report.renewed += 1;
            }
            Err(failure) if failure.advice.kind == crate::advice::FaultKind::Environment => return Err(failure),
            Err(_) => report.failed.push(subject),
        }
    }
    printer.document("reindex", &report, || {
        format!("{} current, {} renewed, {} must be enrolled again", report.current, report.renewed, report.failed.len())
    })?;
    Ok(if report.failed.is_empty() { Answer::Yes } else { Answer::No })
}

/// Identifiers first: renewing changes the order of a list by latest change.
fn everybody(store: &dyn GalleryStore) -> Result<Vec<SubjectId>, Failure> {
    let mut found = Vec::new();
    loop {
        let query = SubjectQuery { order: SubjectOrder::Oldest, offset: found.len() as u64, limit: PAGE, ..SubjectQuery::default() };
        let page = store.subjects(&query)?;
        if page.entries.is_empty() {
            return Ok(found);
        }
        found.extend(page.entries.into_iter().map(|s| s.subject));
    }
}

fn template(store: &dyn GalleryStore, subject: SubjectId, pipeline: &mut FacePipeline) -> Result<(Template, f32), Failure> {
    let none = || Failure::new("there is no stored picture", crate::advice::Advice::input("GAL-21", "Enrol the person again."));
    let encoded = store.picture(subject, PictureKind::Frame)?.ok_or_else(none)?;
    let frame = decode_picture(&encoded.0, &DecodeLimits::default())?;
    let settings = DetectorSettings::for_stills();
    let face = pipeline.only_face(&frame, &settings)?;
    let options = ObserveOptions { detector: settings, ..ObserveOptions::default() };
    let observed = pipeline.observe(&frame, 0, &options, &crate::units::Moment::default)?;
    let score = observed.face.map_or(0.0, |f| f.quality.capture_score);
    Ok((pipeline.embed(&frame, &face)?, score))
}
