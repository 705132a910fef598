//! One side of a document in a picture: its zone, its barcode, its portrait, and what is wrong with the picture.

use super::faults::remarks;
use super::line_reader::{LineReaderError, MrzLineReader};
use super::pages::{Page, read_shot};
use crate::adapters::barcode::{self, TURNS};
use crate::advice::{Advice, Advised};
use crate::biometrics::detection::{DetectorSettings, FaceDetection};
use crate::biometrics::landmarks::FaceShape;
use crate::biometrics::model::ModelError;
use crate::biometrics::pack::{LoadedPack, Role};
use crate::biometrics::pipeline::{AssemblyError, FacePipeline, PipelineError};
use crate::biometrics::quality::Tier;
use crate::biometrics::template::Template;
use crate::documents::aamva::AamvaReading;
use crate::documents::barcode::{Payload, Symbol, Symbology, classify};
use crate::documents::checks::{Suspicion, Suspicions};
use crate::documents::document_type::PageShape;
use crate::documents::mrz::{Format, Reading};
use crate::documents::picture;
use crate::documents::picture::Quad;
use crate::documents::picture::alterations::{portrait_askew, zone_patched};
use crate::documents::picture::copies::{self, Place, Signs, signs};
use crate::documents::picture::rectify::{self, point_in_frame, rectify};
use crate::documents::portrait::{CROWN_TO_CHIN, PageScale, choose};
use crate::documents::remarks::Remark;
use crate::documents::signature::{self, Signature};
use crate::documents::zone::fragments;
use crate::documents::zone::pyramid::Pyramid;
use crate::documents::zone::search::{Found, SURE, find, find_on_page, read_at};
use crate::documents::zone::standard::places;
use crate::geometry::{Affine, Point, Rect, Size};
use crate::imaging::Frame;
use crate::imaging::luminance::{Plane, grey_plane};
use crate::imaging::resize::resize;
use crate::imaging::warp::sample_affine;
use crate::ports::inference::{Inference, InferenceError};
use crate::runtime::clock::Clock;
use crate::workflow::document_capture::DocumentShot;
use time::Date;

/// A zone that leans more than this is turned upright before faces are looked for, radians.
const LEANS: f32 = 0.12;
/// Directions of print along which a leaning barcode is looked for.
const MOST_DIRECTIONS: usize = 2;
/// Faces that are looked at closely before a picture counts as one without a portrait.
const MOST_TRIED: usize = 4;
/// Longest side of the page that faces are looked for in, pixels.
const PAGE_SIDE: f32 = 1280.0;
/// Without a zone: a face higher than this share of the picture's shorter side is none of a document's.
const LARGEST_FACE: f32 = 0.62;
/// Longest side that barcodes are looked for in, pixels; finer pictures are shrunk.
const BARCODE_SIDE: u32 = 2000;
/// The same where a passport's zone reads right: what such a symbol may hold has large modules.
const BESIDE_ZONE_SIDE: u32 = 1280;
/// Height and width of the portrait that is kept, over those of the face.
const PORTRAIT_CROP: (f32, f32) = (2.0, 1.7);

/// Why a document could not be read at all.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// No line reader.
    #[error(transparent)]
    LineReader(#[from] LineReaderError),
    /// No face pipeline.
    #[error(transparent)]
    Faces(#[from] AssemblyError<InferenceError>),
    /// A network failed.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A stage of the face pipeline failed.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
}

impl Advised for DocumentError {
    fn advice(&self) -> Advice {
        match self {
            Self::LineReader(e) => e.advice(),
            Self::Faces(e) => e.advice(),
            Self::Model(e) => e.advice(),
            Self::Pipeline(e) => e.advice(),
        }
    }
}

/// Everything that reads documents, made once.
pub struct DocumentReader {
    /// The pack's reader of lines.
    pub lines: MrzLineReader,
    /// The pack's face networks.
    pub faces: FacePipeline,
}

/// The portrait of a document.
#[derive(Clone)]
pub struct DocumentPortrait {
    /// Corners of the face's box in the picture, top left first as the page is read, then clockwise.
    pub corners: [Point; 4],
    /// Crown to chin, pixels.
    pub height_px: u32,
    /// Our unified quality score of it, 0-100.
    pub capture_score: f32,
    /// The face cut out with some of what is around it.
    pub crop: Frame,
    /// For comparing; `None` where the face cannot be embedded.
    pub template: Option<Template>,
}

/// A portrait is biometric: says its size only.
impl std::fmt::Debug for DocumentPortrait {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DocumentPortrait({} px)", self.height_px)
    }
}

/// Milliseconds of each stage.
#[derive(Debug, Clone, Copy, PartialEq, Default, serde::Serialize)]
#[allow(missing_docs, reason = "the names are the stages")]
pub struct SideTimes {
    pub page: f32,
    pub zone: f32,
    pub barcode: f32,
    pub portrait: f32,
}

/// What one picture of a document holds.
#[derive(Debug, Clone)]
pub struct Side {
    /// Size of the picture.
    pub size: Size,
    /// The zone.
    pub zone: Option<Found>,
    /// The symbol, with what its payload is.
    pub symbol: Option<(Symbol, Payload)>,
    /// The portrait.
    pub portrait: Option<DocumentPortrait>,
    /// The holder's signature.
    pub signature: Option<Signature>,
    /// Ghost portraits.
    pub ghosts: usize,
    /// Long over short side of the page's shape; `None` where its edges were not seen.
    pub ratio: Option<f64>,
    /// The page as found by its edges.
    pub page: Option<picture::Found>,
    /// Signs of a copy; `None` where it is not known where the page lies.
    pub signs: Option<Signs>,
    /// Whether somebody worked on it.
    pub tampering: Suspicion,
    /// What is wrong with the picture.
    pub remarks: Vec<Remark>,
    /// Time spent.
    pub times: SideTimes,
}

impl Side {
    /// What the printed zone says.
    #[must_use]
    pub fn reading(&self) -> Option<&Reading> {
        self.zone.as_ref().map(|z| &z.reading)
    }

    /// What the lines of a zone say that the symbol holds. Anybody can print one: it never stands in for the printed zone.
    #[must_use]
    pub fn symbol_zone(&self) -> Option<&Reading> {
        match &self.symbol {
            Some((_, Payload::Zone(reading))) => Some(reading),
            _ => None,
        }
    }

    /// Points of the picture that lie on the document: of all that was read.
    pub(super) fn anchors(&self) -> Vec<Point> {
        let zone = self.zone.iter().flat_map(|z| z.corners);
        let symbol = self.symbol.iter().flat_map(|(s, _)| s.points.iter().map(|(x, y)| Point::new(*x, *y)));
        let portrait = self.portrait.iter().flat_map(|p| p.corners);
        zone.chain(symbol).chain(portrait).collect()
    }

    /// What the picture gives reason to suspect.
    #[must_use]
    pub fn suspicions(&self) -> Suspicions {
        let of_copies = |judge: fn(&Signs) -> Suspicion| self.signs.as_ref().map_or(Suspicion::NotLooked, judge);
        Suspicions { screen_replay: of_copies(copies::screen_replay), photocopy: of_copies(copies::photocopy), tampering: self.tampering }
    }

    /// The licence in the barcode.
    #[must_use]
    pub fn licence(&self) -> Option<&AamvaReading> {
        match &self.symbol {
            Some((_, Payload::Licence(reading))) => Some(reading),
            _ => None,
        }
    }
}

/// What a document is suspected of: the gravest that its sides give reason for.
#[must_use]
pub fn suspicions<'a>(sides: impl IntoIterator<Item = &'a Side>) -> Suspicions {
    sides.into_iter().map(Side::suspicions).fold(Suspicions::default(), Suspicions::graver)
}

/// Whether somebody worked on the zone or the portrait of a document.
///
/// - `page`: where its page lies; nothing is said of the portrait where that is not known.
/// - `face`: corners of the portrait's face in the picture.
#[must_use]
pub fn tampering(picture: &Frame, page: Option<&Place>, zone: Option<&Found>, face: Option<&[Point; 4]>) -> Suspicion {
    let zone = zone.filter(|z| z.is_right()).map_or(Suspicion::NotLooked, |z| zone_patched(picture, z.reading.mrz.format, &z.corners));
    let portrait = page.zip(face).map_or(Suspicion::NotLooked, |(page, face)| portrait_askew(picture, page, face));
    zone.graver(portrait)
}

impl DocumentReader {
    /// Loads what the pack has for it.
    ///
    /// # Errors
    /// [`DocumentError::LineReader`] or [`DocumentError::Faces`].
    pub fn load(pack: &LoadedPack, inference: &dyn Inference) -> Result<Self, DocumentError> {
        let faces = FacePipeline::load(pack, |id, onnx| inference.load(id, onnx))?;
        Ok(Self { lines: MrzLineReader::load(pack, inference)?, faces })
    }

    /// Reads one picture.
    ///
    /// # Errors
    /// As [`Networks::side`].
    pub fn side(&mut self, picture: &Frame, today: Date, clock: &dyn Clock) -> Result<Side, DocumentError> {
        Networks { lines: &mut self.lines, faces: &mut self.faces }.side(picture, today, clock)
    }

    /// Reads a side as it was captured, and cuts its page out.
    ///
    /// # Errors
    /// As [`Networks::side`].
    pub fn shot(&mut self, shot: &DocumentShot, today: Date, clock: &dyn Clock) -> Result<(Side, Page), DocumentError> {
        read_shot(&mut Networks { lines: &mut self.lines, faces: &mut self.faces }, shot, today, clock)
    }
}

/// The networks that read documents, wherever they live.
pub struct Networks<'a> {
    /// The reader of lines.
    pub lines: &'a mut MrzLineReader,
    /// The face networks.
    pub faces: &'a mut FacePipeline,
}

impl Networks<'_> {
    /// Reads one picture.
    ///
    /// # Errors
    /// [`DocumentError::Model`] or [`DocumentError::Pipeline`] when a network fails; a picture without a document is no error.
    pub fn side(&mut self, picture: &Frame, today: Date, clock: &dyn Clock) -> Result<Side, DocumentError> {
        self.side_at(picture, None, today, clock)
    }

    /// As [`Self::side`], of a page of this shape that was cut out and flattened. No page is looked for in it, its print runs along its edges, and
    /// signs of copies are for whoever has the picture that it was cut from.
    pub(super) fn side_of_page(&mut self, page: &Frame, shape: PageShape, today: Date, clock: &dyn Clock) -> Result<Side, DocumentError> {
        self.side_at(page, Some(shape), today, clock)
    }

    fn side_at(&mut self, picture: &Frame, flat: Option<PageShape>, today: Date, clock: &dyn Clock) -> Result<Side, DocumentError> {
        let millis = |from: crate::units::Moment| clock.now().since(from).as_secs_f32() * 1e3;
        let begun = clock.now();
        let pages = if flat.is_none() { picture::find(picture) } else { Vec::new() };
        let mut times = SideTimes { page: millis(begun), ..SideTimes::default() };
        let begun = clock.now();
        let zone = match flat {
            Some(shape) => zone_of_page(picture, shape, self.lines, today)?,
            None => zone_of(picture, pages.first(), self.lines, today)?,
        };
        times.zone = millis(begun);
        let begun = clock.now();
        let upright = Upright::of(picture, zone.as_ref());
        // A passport whose zone reads right has no barcode that says more, but it may have one that says something else.
        let passport = zone.as_ref().is_some_and(|z| z.is_right() && z.reading.mrz.format == Format::Td3);
        let longest = if passport { BESIDE_ZONE_SIDE } else { BARCODE_SIDE };
        let level = zone.is_some() || flat.is_some();
        let seen = symbol(upright.frame(picture), level, longest);
        let seen = seen.or_else(|| if level { None } else { leaning_symbol(picture) });
        let symbol = seen.map(|mut s| {
            s.points.iter_mut().for_each(|p| *p = upright.in_picture(*p));
            let payload = classify(&s.bytes, today);
            (s, payload)
        });
        times.barcode = millis(begun);
        let begun = clock.now();
        let scale = zone.as_ref().and_then(|z| PageScale::of(z.reading.mrz.format, z.corners));
        let (portrait, ghosts) = self.portrait(picture, scale.as_ref(), zone.is_none() && symbol.is_none())?;
        let signature = scale.and_then(|page| signature::find(picture, &page, portrait.as_ref().map(|p| &p.corners)));
        times.portrait = millis(begun);
        let begun = clock.now();
        let size = picture.size();
        let mut side = Side {
            size,
            zone,
            symbol,
            portrait,
            signature,
            ghosts,
            times,
            ratio: None,
            page: None,
            signs: None,
            tampering: Suspicion::default(),
            remarks: Vec::new(),
        };
        if flat.is_none() {
            // What does not hold everything that was read is print.
            let anchors = side.anchors();
            side.page = pages.into_iter().find(|page| holds(page, &anchors));
            if !anchors.is_empty() {
                side.signs = copy_signs(picture, side.page.as_ref(), side.zone.as_ref());
            }
        }
        let whole = flat.map(|shape| Place::of_picture(size, shape.size_mm()));
        let place = whole.or_else(|| side.page.as_ref().map(Place::of_page));
        side.ratio = place.as_ref().map(|place| f64::from(place.size_mm.0) / f64::from(place.size_mm.1));
        side.tampering = tampering(picture, place.as_ref(), side.zone.as_ref(), side.portrait.as_ref().map(|p| &p.corners));
        side.remarks = remarks(picture, &side);
        side.times.page += millis(begun);
        Ok(side)
    }

    /// The portrait and the number of ghosts. A zone tells where the page lies; where nothing tells which way is up, all four are tried.
    fn portrait(
        &mut self,
        picture: &Frame,
        page: Option<&PageScale>,
        may_be_turned: bool,
    ) -> Result<(Option<DocumentPortrait>, usize), DocumentError> {
        if let Some(page) = page {
            let (map, size) = page.cut_out(PAGE_SIDE);
            let cut = sample_affine(picture, &map, size, [128; 3]);
            return self.portrait_in(&cut, &map, page.within(&map).as_ref());
        }
        let turns = if may_be_turned { 4 } else { 1 };
        let mut ghosts = 0;
        for quarter in 0..turns {
            let turned = Upright::turned(picture, quarter as f32 * std::f32::consts::FRAC_PI_2);
            let (found, seen) = self.portrait_in(turned.frame(picture), &turned.picture_from_it, None)?;
            if found.is_some() {
                return Ok((found, seen));
            }
            ghosts = ghosts.max(seen);
        }
        Ok((None, ghosts))
    }

    fn portrait_in(
        &mut self,
        picture: &Frame,
        whole_from_picture: &Affine,
        page: Option<&PageScale>,
    ) -> Result<(Option<DocumentPortrait>, usize), DocumentError> {
        let highest = picture.width().min(picture.height()) as f32 * LARGEST_FACE;
        let mut faces = self.faces.detect(picture, &DetectorSettings::for_stills())?;
        faces.retain(|f| f.bounds.height < highest);
        for _ in 0..MOST_TRIED {
            let boxes: Vec<Rect> = faces.iter().map(|f| f.bounds).collect();
            let choice = choose(&boxes, page);
            let Some(index) = choice.portrait else { return Ok((None, choice.ghosts)) };
            let face = faces[index];
            // Print can look like a face to a detector; landmarks are harder to please.
            let shape = self.faces.landmarks(picture, &face)?;
            if shape.is_some() || !self.faces.has(Role::Landmarks) {
                let measured = measured(self.faces, picture, whole_from_picture, &faces, &face, shape.as_ref())?;
                return Ok((Some(measured), choice.ghosts));
            }
            faces.remove(index);
        }
        Ok((None, 0))
    }
}

/// A face of a picture as a portrait that can be compared.
///
/// - `faces`: every face of the picture, which tell its quality.
///
/// # Errors
/// [`DocumentError::Pipeline`] when a network fails; a face that cannot be embedded has no template.
pub(super) fn measured(
    networks: &mut FacePipeline,
    picture: &Frame,
    whole_from_picture: &Affine,
    faces: &[FaceDetection],
    face: &FaceDetection,
    shape: Option<&FaceShape>,
) -> Result<DocumentPortrait, DocumentError> {
    let pose = networks.pose(picture, face)?;
    let quality = networks.quality(picture, faces, face, shape, pose, Tier::Standard);
    let template = match networks.embed(picture, face) {
        Ok(template) => Some(template),
        Err(PipelineError::Embed(_) | PipelineError::RoleMissing { .. }) => None,
        Err(other) => return Err(other.into()),
    };
    Ok(DocumentPortrait {
        corners: {
            let b = face.bounds;
            let corners = [(b.x, b.y), (b.right(), b.y), (b.right(), b.bottom()), (b.x, b.bottom())];
            corners.map(|(x, y)| whole_from_picture.apply(Point::new(x, y)))
        },
        height_px: (face.bounds.height * CROWN_TO_CHIN).max(0.0) as u32,
        capture_score: quality.capture_score,
        crop: crop(picture, face.bounds),
        template,
    })
}

/// How far beyond the outline of a page something on it may seem to lie, over the page's diagonal.
const BEYOND: f32 = 0.02;

/// Whether all of these points lie on the page.
fn holds(page: &picture::Found, points: &[Point]) -> bool {
    let margin = BEYOND * page.corners.diagonal();
    points.iter().all(|p| page.corners.contains_nearly(*p, margin))
}

/// The zone of a picture. Where none reads right and surely, print beside the document may have been taken for one, or a reflection may hide
/// part of it: then the page is looked at alone, and at last the places on it where a zone must be.
///
/// # Errors
/// The network's.
pub fn zone_of(
    picture: &Frame,
    page: Option<&picture::Found>,
    lines: &mut MrzLineReader,
    today: Date,
) -> Result<Option<Found>, ModelError> {
    let anywhere = find(picture, lines, today)?;
    let sure = |zone: &Found| zone.is_right() && zone.weakest >= SURE;
    let Some(page) = page.filter(|_| !anywhere.as_ref().is_some_and(sure)) else { return Ok(anywhere) };
    let (corners, shape) = (&page.corners, page.form.shape);
    let resolution = shape.reading_resolution();
    let Some(flat) = rectify(picture, corners, shape, resolution) else { return Ok(anywhere) };
    let Some(on_page) = zone_of_page(&flat, shape, lines, today)? else { return Ok(anywhere) };
    let better = anywhere.as_ref().is_none_or(|zone| on_page.is_right() && worth(&on_page) > worth(zone));
    Ok(if better { Some(in_picture(on_page, corners, shape, resolution)) } else { anywhere })
}

/// What is right comes before what is not, and then what was read more surely.
fn worth(zone: &Found) -> (bool, f32) {
    (zone.is_right(), zone.weakest)
}

/// The zone of a page of this shape that was cut out and flattened: found, or else read where it must be.
fn zone_of_page(page: &Frame, shape: PageShape, lines: &mut MrzLineReader, today: Date) -> Result<Option<Found>, ModelError> {
    let found = find_on_page(page, lines, today)?;
    if found.as_ref().is_some_and(Found::is_right) {
        return Ok(found);
    }
    Ok(read_at(page, &places(shape, page.size()), lines, today)?.or(found))
}

/// A zone of a flat page in the picture that the page was cut from; `resolution`: pixels a millimetre of the flat page.
fn in_picture(zone: Found, page: &Quad, shape: PageShape, resolution: f64) -> Found {
    let millimetres = |p: Point| Point::new(p.x / resolution as f32, p.y / resolution as f32);
    let in_picture = |p: Point| point_in_frame(page, shape, millimetres(p)).unwrap_or(p);
    let finer = (rectify::resolution(page, shape) / resolution) as f32;
    Found { corners: zone.corners.map(in_picture), capitals: zone.capitals * finer, ..zone }
}

/// Signs of a copy on the page, or above the zone where the page was not found or something else was.
#[must_use]
pub fn copy_signs(picture: &Frame, page: Option<&picture::Found>, zone: Option<&Found>) -> Option<Signs> {
    let on_page = |page: &&picture::Found| zone.is_none_or(|z| z.corners.iter().all(|c| page.corners.contains(*c)));
    let place = match (page.filter(on_page), zone.filter(|z| z.is_right())) {
        (Some(page), _) => Place::of_page(page),
        (None, Some(zone)) => Place::above_zone(zone.reading.mrz.format, &zone.corners),
        (None, None) => return None,
    };
    signs(picture, &place)
}

/// The picture turned so that the zone is level, or the picture as it is.
struct Upright {
    turned: Option<Frame>,
    picture_from_it: Affine,
}

impl Upright {
    fn of(picture: &Frame, zone: Option<&Found>) -> Self {
        let turn = zone.map_or(0.0, Found::turn);
        Self::turned(picture, if turn.abs() > LEANS { turn } else { 0.0 })
    }

    /// `turn`: radians clockwise that the x axis of the result has in the picture.
    fn turned(picture: &Frame, turn: f32) -> Self {
        if turn == 0.0 {
            return Self { turned: None, picture_from_it: Affine::IDENTITY };
        }
        let (sin, cos) = turn.sin_cos();
        let (width, height) = (picture.width() as f32, picture.height() as f32);
        let wide = (width * cos.abs() + height * sin.abs()).round().max(1.0);
        let high = (width * sin.abs() + height * cos.abs()).round().max(1.0);
        let (left, top) = (width / 2.0 - cos * wide / 2.0 + sin * high / 2.0, height / 2.0 - sin * wide / 2.0 - cos * high / 2.0);
        let picture_from_it = Affine([cos, -sin, left, sin, cos, top]);
        let frame = sample_affine(picture, &picture_from_it, Size::new(wide as u32, high as u32), [128; 3]);
        Self { turned: Some(frame), picture_from_it }
    }

    /// A point of the turned picture in the picture.
    fn in_picture(&self, (x, y): (f32, f32)) -> (f32, f32) {
        let at = self.picture_from_it.apply(Point::new(x, y));
        (at.x, at.y)
    }

    fn frame<'a>(&'a self, picture: &'a Frame) -> &'a Frame {
        self.turned.as_ref().unwrap_or(picture)
    }
}

/// The first symbol, in a few small turns where nothing else tells how the document lies.
fn symbol(picture: &Frame, level: bool, longest: u32) -> Option<Symbol> {
    let longer = picture.width().max(picture.height());
    let shrunk = (longer > longest).then(|| {
        let scale = f64::from(longest) / f64::from(longer);
        let side = |length: u32| ((f64::from(length) * scale).round() as u32).max(1);
        resize(picture, Size::new(side(picture.width()), side(picture.height())))
    });
    let seen = shrunk.as_ref().unwrap_or(picture);
    let Plane { size, values } = grey_plane(seen);
    let turns: &[f32] = if level { &TURNS[..1] } else { &TURNS };
    match barcode::decode(&values, size.width, size.height, &Symbology::ALL, turns) {
        Ok(mut symbol) => {
            let scale = picture.width() as f32 / seen.width() as f32;
            symbol.points.iter_mut().for_each(|(x, y)| (*x, *y) = (*x * scale, *y * scale));
            Some(symbol)
        }
        Err(_) => None,
    }
}

/// The first symbol of a card that leans further than small turns reach: along the directions in which its print runs.
fn leaning_symbol(picture: &Frame) -> Option<Symbol> {
    let directions = fragments::directions(&Pyramid::new(grey_plane(picture)), MOST_DIRECTIONS);
    directions.into_iter().filter(|d| d.abs() > LEANS / 2.0).find_map(|direction| {
        let turned = Upright::turned(picture, direction);
        let mut symbol = symbol(turned.frame(picture), false, BARCODE_SIDE)?;
        symbol.points.iter_mut().for_each(|p| *p = turned.in_picture(*p));
        Some(symbol)
    })
}

/// The face with some of what is around it, in the proportions of a portrait.
fn crop(picture: &Frame, face: Rect) -> Frame {
    let (high, wide) = (face.height * PORTRAIT_CROP.0, face.width.max(face.height * 0.75) * PORTRAIT_CROP.1);
    let centre = face.centre();
    let (left, top) = ((centre.x - wide / 2.0).max(0.0), (centre.y - high / 2.0).max(0.0));
    let right = (centre.x + wide / 2.0).min(picture.width() as f32);
    let bottom = (centre.y + high / 2.0).min(picture.height() as f32);
    let size = Size::new((right - left).max(1.0) as u32, (bottom - top).max(1.0) as u32);
    sample_affine(picture, &Affine([1.0, 0.0, left, 0.0, 1.0, top]), size, [128; 3])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::picture::PageForm;

    #[test]
    fn a_page_holds_everything_that_was_read_of_it() {
        let corners = Quad([(100.0, 100.0), (956.0, 100.0), (956.0, 640.0), (100.0, 640.0)].map(|(x, y)| Point::new(x, y)));
        let form = PageForm { shape: PageShape::Id1, ratio: 1.586, skew: 0.0, long_side: 0 };
        let page = picture::Found { corners, form, confidence: 0.9 };
        let on_it = [Point::new(120.0, 200.0), Point::new(940.0, 620.0)];
        assert!(holds(&page, &on_it) && holds(&page, &[]));
        // A corner of a zone may be a little off; a portrait beside the outline is on another page.
        assert!(holds(&page, &[Point::new(92.0, 200.0)]));
        assert!(!holds(&page, &[on_it[0], Point::new(40.0, 200.0)]));
    }
}
