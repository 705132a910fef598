//! The practice desk as a camera: specimen documents brought before it, with the truth about every frame.

use super::holder::Holder;
use super::page::{Page, PageKind, Printer};
use super::play::{Part, Play};
use super::scene::Backdrop;
use super::specimen::Specimen;
use crate::documents::barcode::Modules;
use crate::documents::picture::Quad;
use crate::geometry::Size;
use crate::imaging::Frame;
use crate::imaging::decode::{DecodeLimits, decode_picture};
use crate::imaging::resize::resize;
use crate::ports::camera::{CameraError, CameraFormat, FrameSource, Origin, Pacer, PixelFormat};
use std::path::Path;
use std::time::Duration;

/// Makes the PDF417 symbol of a licence; `None` leaves the place empty.
pub type SymbolPrinter = fn(&str) -> Option<Modules>;

/// What the frame delivered last truly shows.
#[derive(Debug, Clone, PartialEq)]
pub struct DeskTruth {
    /// What is being done.
    pub part: Part,
    /// The side that lies up; `None` on the empty desk.
    pub side: Option<PageKind>,
    /// Its corners in the frame, its own top left first; some may lie outside.
    pub corners: Option<Quad>,
    /// Lines of its zone; empty without one.
    pub zone: Vec<String>,
}

/// Plays a specimen. Its time is the number of frames over the rate, so that the same address gives the same frames at any speed.
pub struct SpecimenSource {
    specimen: Specimen,
    size: Size,
    pages: Vec<Page>,
    play: Play,
    backdrop: Option<(u64, Backdrop)>,
    pace: Pacer,
    number: u64,
    truth: Option<DeskTruth>,
}

impl SpecimenSource {
    /// Prints the specimen, or reads the picture chosen in its place.
    ///
    /// - `symbols`: prints the barcode of a licence.
    /// - `pace`: called before every frame but the first with the time the previous one stays.
    ///
    /// # Errors
    /// [`CameraError::Unplayable`] when the picture cannot be read.
    pub fn open(specimen: &Specimen, symbols: SymbolPrinter, pace: Pacer) -> Result<Self, CameraError> {
        let size = Size::new(specimen.width, specimen.width * 9 / 16);
        let holder = Holder::from_seed(specimen.seed);
        let mut printer = Printer::new();
        let mut sides = specimen.kind.sides();
        if specimen.picture.is_some() {
            sides = &sides[..sides.len().min(1)];
        }
        let mut pages: Vec<Page> = Vec::new();
        for kind in sides {
            let symbol = (*kind == PageKind::LicenceBack).then(|| symbols(&holder.licence_payload())).flatten();
            pages.push(printer.page(*kind, &holder, symbol.as_ref()));
        }
        if let (Some(path), Some(page)) = (&specimen.picture, pages.first_mut()) {
            let unplayable = |reason| CameraError::Unplayable { what: format!("document:{specimen}"), reason };
            page.picture = resize(&chosen(path).map_err(unplayable)?, page.picture.size());
            (page.zone, page.zone_mm, page.portrait_mm, page.barcode_mm) = (Vec::new(), None, None, None);
        }
        let play = Play::new(specimen, size, pages.len());
        let first = play.at(0.0);
        // While it is opened nobody waits for a frame yet.
        let backdrop = Some((first.round, first.scene.backdrop()));
        Ok(Self { specimen: specimen.clone(), size, pages, play, backdrop, pace, number: 0, truth: None })
    }

    /// The truth of the frame delivered last; `None` before the first.
    #[must_use]
    pub const fn truth(&self) -> Option<&DeskTruth> {
        self.truth.as_ref()
    }
}

/// A picture's file, refused by length before it is read.
fn chosen(path: &Path) -> Result<Frame, String> {
    let limits = DecodeLimits::default();
    let length = std::fs::metadata(path).map_err(|e| e.to_string())?.len();
    limits.check_file_bytes(length).map_err(|e| e.to_string())?;
    decode_picture(&std::fs::read(path).map_err(|e| e.to_string())?, &limits).map_err(|e| e.to_string())
}

impl FrameSource for SpecimenSource {
    fn format(&self) -> CameraFormat {
        CameraFormat { pixels: PixelFormat::Rgb, width: self.size.width, height: self.size.height, rate: self.specimen.rate }
    }

    fn origin(&self) -> Origin {
        Origin::Practice
    }

    fn next_frame(&mut self) -> Result<Frame, CameraError> {
        if self.number > 0 {
            (self.pace)(Duration::from_secs_f32(1.0 / self.specimen.rate));
        }
        let seconds = (self.number as f64 / f64::from(self.specimen.rate)) % 86_400.0;
        let beat = self.play.at(seconds);
        let page = beat.side.and_then(|side| self.pages.get(side));
        // The desk takes as long to draw as everything on it, and does not move.
        let backdrop = match self.backdrop.take() {
            Some((round, kept)) if round == beat.round => kept,
            _ => beat.scene.backdrop(),
        };
        let shot = beat.scene.take_on(&backdrop, page, self.number);
        self.backdrop = Some((beat.round, backdrop));
        self.number += 1;
        self.truth = Some(DeskTruth {
            part: beat.part,
            side: page.map(|p| p.kind),
            corners: shot.corners,
            zone: page.map(|p| p.zone.clone()).unwrap_or_default(),
        });
        Ok(shot.frame)
    }
}

impl std::fmt::Debug for SpecimenSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SpecimenSource({}, {})", self.specimen, self.size)
    }
}
