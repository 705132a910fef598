//! `visavis gallery clip`: the evidence clip of somebody's latest enrolment, as pictures or as a service wants it.

use super::super::{Failure, Printer, parts};
use crate::adapters::services::recording;
use crate::advice::Advice;
use crate::ports::audit::{AuditEvent, AuditSink as _};
use crate::ports::gallery::clip::{self, ClipFrame, Expression};
use crate::ports::gallery::{DEFAULT_GALLERY, GalleryStore, PictureKind, SubjectId};
use crate::ports::services::EvidencePicture;
use crate::runtime::clock::Clock as _;
use crate::units::UtcTime;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::{Args, ValueEnum};
use serde_json::json;
use std::path::{Path, PathBuf};

/// `visavis gallery clip`.
#[derive(Debug, Args)]
pub struct ClipCommand {
    /// Identifier or registration code.
    pub(super) subject: super::SubjectArgument,
    /// Folder to write to; it is made where it is missing.
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    /// How it is written.
    #[arg(long, value_enum, default_value_t = Form::Pictures)]
    form: Form,
}

/// How a clip leaves the gallery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// JPEG files named by their milliseconds.
    Pictures,
    /// `frames.json`: frames with base64 data and timestamps, as AwareID's video packages hold them.
    Awareid,
    /// `selfie.json`: the most neutral picture as `image`, the whole clip as motion JPEG in `record`, both in base64, and the scores of the
    /// expression where they were measured.
    Onboarding,
}

pub(super) fn run(
    parts: &parts::Parts,
    store: &dyn GalleryStore,
    subject: SubjectId,
    command: &ClipCommand,
    printer: &Printer,
) -> Result<(), Failure> {
    let none = || {
        let advice = Advice::input("GAL-24", "Clips are kept for `liveness.evidence_days` after an enrolment with a challenge.");
        Failure::new("there is no clip of that person", advice)
    };
    let bytes = store.picture(subject, PictureKind::Clip)?.ok_or_else(none)?;
    let frames = clip::decode(&bytes).filter(|f| !f.is_empty()).ok_or_else(none)?;
    // Faces leave the gallery: that is for the trail.
    let mut audit = parts.audit()?;
    let change = format!("evidence clip of {} pictures", frames.len());
    audit.append(parts.clock.utc(), &AuditEvent::GalleryChanged { gallery: DEFAULT_GALLERY.to_owned(), change, subject: Some(subject) })?;
    let written = write(command, &frames).map_err(|e| {
        let advice = Advice::environment("SYS-32", "Name a folder that can be written to.");
        Failure::new(format!("the clip cannot be written: {e}"), advice)
    })?;
    let last = frames.last().map_or(0, |f| f.millis);
    let report = json!({ "subject": subject.0.to_string(), "pictures": frames.len(), "millis": last, "files": written });
    printer.document("gallery-clip", &report, || {
        format!("{} pictures over {:.1} s in {}", frames.len(), f64::from(last) / 1000.0, command.to.display())
    })
}

/// As the onboarding service takes it.
fn selfie(frames: &[ClipFrame]) -> serde_json::Value {
    let best = frames.iter().max_by_key(|f| f.expression.map(|e| e.neutral));
    let score = |of: fn(&Expression) -> u8| frames.iter().filter_map(|f| f.expression.as_ref()).map(of).max();
    let picture =
        |f: &ClipFrame| EvidencePicture { taken_at: UtcTime(i64::from(f.millis)), expression: f.expression, jpeg: f.jpeg.clone() };
    let recording = recording::avi(&frames.iter().map(picture).collect::<Vec<_>>(), usize::MAX);
    json!({
        "image": best.map(|f| STANDARD.encode(&f.jpeg.0)),
        "naturalImageScore": score(|e| e.neutral),
        "smileImageScore": score(|e| e.smile),
        "record": recording.map(|file| STANDARD.encode(&file.0)),
    })
}

fn write(command: &ClipCommand, frames: &[ClipFrame]) -> std::io::Result<Vec<String>> {
    std::fs::create_dir_all(&command.to)?;
    match command.form {
        Form::Pictures => frames.iter().map(|f| file(&command.to, &format!("{:06}.jpg", f.millis), &f.jpeg.0)).collect(),
        Form::Awareid => {
            let list: Vec<_> =
                frames.iter().map(|f| json!({ "data": STANDARD.encode(&f.jpeg.0), "timestamp": f.millis, "tags": [] })).collect();
            Ok(vec![file(&command.to, "frames.json", json!({ "frames": list }).to_string().as_bytes())?])
        }
        Form::Onboarding => {
            let text = selfie(frames).to_string();
            Ok(vec![file(&command.to, "selfie.json", text.as_bytes())?])
        }
    }
}

fn file(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<String> {
    std::fs::write(folder.join(name), bytes)?;
    Ok(name.to_owned())
}
