//! Documents at the desk: from a frame or a scan, and the files of a chip, to what a flow decides about.

use super::chip::{signed_portrait, verify_folder};
use super::gathered::Gathered;
use super::line_reader::MrzLineReader;
use super::pages::read_shot;
use super::reading::{Networks, Side};
use crate::advice::{Advice, Advised};
use crate::biometrics::pipeline::FacePipeline;
use crate::documents::checks::Portrait;
use crate::documents::chip::ChipRules;
use crate::documents::picture::{Turn, rectify};
use crate::geometry::Point;
use crate::imaging::Frame;
use crate::imaging::decode::{DecodeLimits, decode_picture};
use crate::runtime::clock::{Clock, civil_day};
use crate::workflow::document::{DocumentPortrait, DocumentRead, DocumentRefusal, DocumentSource};
use crate::workflow::document_capture::DocumentShot;
use std::f32::consts::FRAC_PI_2;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use time::Date;

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
    clock: &dyn Clock,
) -> Result<Box<DocumentRead>, DocumentRefusal> {
    let today = civil_day(clock);
    match source {
        DocumentSource::Shots(shots) => captured(faces, reading, shots, today, clock),
        DocumentSource::File(path) => page(faces, reading, &picture(path)?, today, clock),
        DocumentSource::Chip(folder) => {
            let mut read = before.ok_or_else(nothing_found)?;
            chip(faces, reading, &mut read, folder, clock)?;
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

/// The page in a picture file. It is read as it is; what is shown is the page flattened, where its corners are found, and upright.
fn page(
    faces: &mut FacePipeline,
    reading: &mut DocumentReading,
    frame: &Frame,
    today: Date,
    clock: &dyn Clock,
) -> Result<Box<DocumentRead>, DocumentRefusal> {
    let side = Networks { lines: &mut reading.lines, faces }.side(frame, today, clock).map_err(|e| refusal(&e))?;
    let page = flat_page(frame, &side);
    together(&[side], vec![page])
}

/// The sides that were captured: read from the flattened page, which is what is shown.
fn captured(
    faces: &mut FacePipeline,
    reading: &mut DocumentReading,
    shots: &[DocumentShot],
    today: Date,
    clock: &dyn Clock,
) -> Result<Box<DocumentRead>, DocumentRefusal> {
    let mut networks = Networks { lines: &mut reading.lines, faces };
    let (mut sides, mut pages) = (Vec::new(), Vec::new());
    for shot in shots {
        let (side, page) = read_shot(&mut networks, shot, today, clock).map_err(|e| refusal(&e))?;
        sides.push(side);
        pages.push(page.picture);
    }
    together(&sides, pages)
}

/// One document from its sides: of each kind of evidence the best there is.
fn together(sides: &[Side], pages: Vec<Frame>) -> Result<Box<DocumentRead>, DocumentRefusal> {
    let gathered = Gathered::of(&sides.iter().collect::<Vec<_>>());
    if gathered.is_nothing() {
        let worst = sides.iter().find_map(|side| side.remarks.first()).map(|remark| refusal(remark));
        return Err(worst.unwrap_or_else(nothing_found));
    }
    let compared = gathered.portrait.map(|portrait| DocumentPortrait {
        picture: Arc::new(portrait.crop.clone()),
        from_chip: false,
        templates: portrait.template.iter().cloned().collect(),
    });
    let mut pages = pages.into_iter().map(Arc::new);
    Ok(Box::new(DocumentRead {
        page: pages.next().ok_or_else(nothing_found)?,
        other_page: pages.next(),
        zone: gathered.zone().cloned(),
        barcode: gathered.licence.cloned(),
        symbol_zone: gathered.symbol_zone.cloned(),
        portrait: gathered.found_portrait(),
        compared,
        signature: gathered.signature.map(|s| Arc::new(s.crop.clone())),
        several: gathered.several,
        suspicions: gathered.suspicions,
        chip: None,
    }))
}

/// The page as it is shown: flattened where its corners are found, and upright as its zone is read.
#[must_use]
pub fn flat_page(frame: &Frame, side: &Side) -> Frame {
    let flat = side.page.and_then(|f| Some((f.corners, rectify(frame, &f.corners, f.form.shape, f.form.shape.reading_resolution())?)));
    match (flat, &side.zone) {
        (Some((corners, page)), Some(zone)) if is_upside_down(&corners.0, &zone.corners) => Turn::Over.of(&page),
        (Some((_, page)), _) => page,
        (None, zone) => zone.as_ref().map_or(Turn::None, |zone| turn(zone.turn())).of(frame),
    }
}

/// Whether a page, counted from its upper left corner clockwise, runs the other way than its zone does.
fn is_upside_down(page: &[Point; 4], zone: &[Point; 4]) -> bool {
    let down = |corners: &[Point; 4]| (corners[3].x - corners[0].x, corners[3].y - corners[0].y);
    let ((px, py), (zx, zy)) = (down(page), down(zone));
    px * zx + py * zy < 0.0
}

/// The quarter turn that puts a zone upright; `angle`: radians clockwise.
fn turn(angle: f32) -> Turn {
    match (angle / FRAC_PI_2).round().rem_euclid(4.0) as u8 {
        1 => Turn::Left,
        2 => Turn::Over,
        3 => Turn::Right,
        _ => Turn::None,
    }
}

/// Verifies the files of the chip; a portrait that an authority stands behind is compared in place of the printed one.
fn chip(
    faces: &mut FacePipeline,
    reading: &DocumentReading,
    read: &mut DocumentRead,
    folder: &Path,
    clock: &dyn Clock,
) -> Result<(), DocumentRefusal> {
    // Without certificates nothing is authentic, and the checks say why.
    let authorities = reading.authorities.as_deref().filter(|folder| folder.is_dir());
    let printed = read.zone.as_ref().map(|z| &z.mrz);
    let findings = verify_folder(folder, authorities, printed, ChipRules::default(), clock).map_err(|e| refusal(&e))?.findings;
    if let Some(signed) = signed_portrait(faces, &findings).map_err(|e| refusal(&e))? {
        read.portrait = Portrait::Found { height_px: signed.height_px };
        let templates = signed.template.into_iter().collect();
        read.compared = Some(DocumentPortrait { picture: Arc::new(signed.crop), from_chip: true, templates });
    }
    read.chip = Some(findings);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_turned_as_their_zone_is_read() {
        let corners = |points: [(f32, f32); 4]| points.map(|(x, y)| Point::new(x, y));
        let page = corners([(0.0, 0.0), (100.0, 0.0), (100.0, 70.0), (0.0, 70.0)]);
        let upright = corners([(5.0, 55.0), (95.0, 55.0), (95.0, 65.0), (5.0, 65.0)]);
        let over = corners([(95.0, 15.0), (5.0, 15.0), (5.0, 5.0), (95.0, 5.0)]);
        assert!(!is_upside_down(&page, &upright));
        assert!(is_upside_down(&page, &over));
        for (degrees, expected) in [(3.0, Turn::None), (90.0, Turn::Left), (178.0, Turn::Over), (-178.0, Turn::Over), (-90.0, Turn::Right)]
        {
            assert_eq!(turn(f32::to_radians(degrees)), expected, "{degrees}");
        }
    }
}
