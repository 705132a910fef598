//! From a picture of a document, and the files of its chip, to what a flow decides about.

use super::line_reader::MrzLineReader;
use crate::adapters::chip::{read_folder, read_trust};
use crate::advice::{Advice, Advised};
use crate::biometrics::detection::{DetectorSettings, FaceSelection};
use crate::biometrics::pipeline::{FacePipeline, PipelineError};
use crate::documents::checks::Portrait;
use crate::documents::chip::{ChipRules, Question, Trust, verify};
use crate::documents::picture::{Turn, find, rectify};
use crate::documents::zone::search;
use crate::imaging::Frame;
use crate::imaging::decode::{DecodeLimits, decode_picture};
use crate::units::UtcTime;
use crate::workflow::document::{DocumentPortrait, DocumentRead, DocumentRefusal, DocumentSource};
use std::f32::consts::FRAC_PI_2;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use time::{Date, OffsetDateTime};

/// What reads documents beside the face networks.
pub struct DocumentReading {
    lines: MrzLineReader,
    /// Folder of the country authorities' certificates, read anew each time: an operator may just have imported some.
    authorities: Option<PathBuf>,
}

impl DocumentReading {
    /// With the pack's line reader, and the folder of trusted certificates.
    #[must_use]
    pub const fn new(lines: MrzLineReader, authorities: Option<PathBuf>) -> Self {
        Self { lines, authorities }
    }
}

fn refusal(error: &dyn Advised) -> DocumentRefusal {
    DocumentRefusal { message: error.to_string(), advice: error.advice() }
}

fn nothing_found() -> DocumentRefusal {
    DocumentRefusal {
        message: "no document was found in the picture".to_owned(),
        advice: Advice {
            retry: true,
            ..Advice::input("DOC-58", "Lay the side with portrait and lines of letters flat under the camera, without glare, and closer.")
        },
    }
}

/// Reads a document.
///
/// - `before`: what was read of it, when only the files of its chip are new.
///
/// # Errors
/// [`DocumentRefusal`] with a stable code.
pub fn read(
    faces: &mut FacePipeline,
    reading: &mut DocumentReading,
    source: &DocumentSource,
    before: Option<Box<DocumentRead>>,
    now: UtcTime,
) -> Result<Box<DocumentRead>, DocumentRefusal> {
    let today = OffsetDateTime::from_unix_timestamp(now.0.div_euclid(1000)).map_or(OffsetDateTime::UNIX_EPOCH.date(), OffsetDateTime::date);
    match source {
        DocumentSource::Frame(frame) => page(faces, reading, frame, today),
        DocumentSource::File(path) => page(faces, reading, &picture(path)?, today),
        DocumentSource::Chip(folder) => {
            let mut read = before.ok_or_else(nothing_found)?;
            chip(faces, reading, &mut read, folder, today, now)?;
            Ok(read)
        }
    }
}

fn picture(path: &Path) -> Result<Frame, DocumentRefusal> {
    let limits = DecodeLimits::default();
    let unreadable = |error: std::io::Error| DocumentRefusal {
        message: format!("{} cannot be read: {error}", path.display()),
        advice: Advice::environment("DOC-59", "Check that the file exists and that this program may read it."),
    };
    limits.check_file_bytes(std::fs::metadata(path).map_err(unreadable)?.len()).map_err(|e| refusal(&e))?;
    decode_picture(&std::fs::read(path).map_err(unreadable)?, &limits).map_err(|e| refusal(&e))
}

/// The page in a picture: flattened, read, upright, its portrait embedded.
fn page(faces: &mut FacePipeline, reading: &mut DocumentReading, frame: &Frame, today: Date) -> Result<Box<DocumentRead>, DocumentRefusal> {
    let found = find(frame).first().copied();
    let flat = found.and_then(|f| rectify(frame, &f.corners, f.form.shape, f.form.shape.reading_resolution()));
    let model = |error: &crate::biometrics::model::ModelError| refusal(error);
    let mut zone = None;
    if let Some(flat) = &flat {
        zone = search::find(flat, &mut reading.lines, today).map_err(|e| model(&e))?;
    }
    let mut page = flat.unwrap_or_else(|| frame.clone());
    if zone.as_ref().is_none_or(|z| !z.is_right()) {
        // A page that was cut wrongly, or none: the picture as a whole may read better.
        let whole = search::find(frame, &mut reading.lines, today).map_err(|e| model(&e))?;
        let better = whole.as_ref().is_some_and(|w| zone.as_ref().is_none_or(|z| w.is_right() || w.weakest > z.weakest));
        if better {
            (zone, page) = (whole, frame.clone());
        }
    }
    if let Some(zone) = &zone {
        page = turn(zone.turn()).of(&page);
    }
    let (portrait, compared) = portrait(faces, &page)?;
    if zone.is_none() && compared.is_none() {
        return Err(nothing_found());
    }
    Ok(Box::new(DocumentRead { page: Arc::new(page), zone: zone.map(|z| z.reading), barcode: None, portrait, compared, chip: None }))
}

/// The quarter turn that puts a zone upright; `angle`: radians clockwise.
fn turn(angle: f32) -> Turn {
    let quarters = (angle / FRAC_PI_2).round().rem_euclid(4.0);
    match quarters as u8 {
        1 => Turn::Left,
        2 => Turn::Over,
        3 => Turn::Right,
        _ => Turn::None,
    }
}

/// The largest face of a page, cut out with some room and embedded. Ghost portraits are smaller, and pale.
fn portrait(faces: &mut FacePipeline, page: &Frame) -> Result<(Portrait, Option<DocumentPortrait>), DocumentRefusal> {
    let settings = DetectorSettings { face_detection_mode: FaceSelection::FaceOrderingBySize, ..DetectorSettings::for_stills() };
    let detected = faces.detect(page, &settings).map_err(|e| refusal(&e))?;
    let Some(face) = detected.first() else { return Ok((Portrait::Missing, None)) };
    let height_px = face.bounds.height.max(0.0).round() as u32;
    let templates = match faces.embed(page, face) {
        Ok(template) => vec![template],
        // A portrait too small or too turned: it is there, and cannot be compared.
        Err(PipelineError::Embed(_)) => Vec::new(),
        Err(error) => return Err(refusal(&error)),
    };
    let picture = Arc::new(crate::runtime::assessment::portrait(page, face));
    Ok((Portrait::Found { height_px }, Some(DocumentPortrait { picture, from_chip: false, templates })))
}

/// Verifies the files of the chip; a portrait that an authority stands behind is compared in place of the printed one.
fn chip(
    faces: &mut FacePipeline,
    reading: &DocumentReading,
    read: &mut DocumentRead,
    folder: &Path,
    today: Date,
    now: UtcTime,
) -> Result<(), DocumentRefusal> {
    let files = read_folder(folder).map_err(|e| refusal(&e))?.files;
    let trust = match reading.authorities.as_deref().filter(|folder| folder.is_dir()) {
        Some(folder) => read_trust(folder).map_err(|e| refusal(&e))?.trust,
        // Without certificates nothing is authentic, and the checks say why.
        None => Trust::new(),
    };
    let printed = read.zone.as_ref().map(|z| &z.mrz);
    let findings = verify(&Question { files: &files, trust: &trust, printed, today, now, rules: ChipRules::default() });
    if let Some(signed) = findings.trusted_portrait() {
        let picture = decode_picture(&signed.bytes, &DecodeLimits::default()).map_err(|e| refusal(&e))?;
        if let (found, Some(mut portrait)) = portrait(faces, &picture)? {
            (portrait.from_chip, portrait.picture) = (true, Arc::new(picture));
            (read.portrait, read.compared) = (found, Some(portrait));
        }
    }
    read.chip = Some(findings);
    Ok(())
}
