//! Flat pages: what is printed on a specimen document, millimetre by millimetre.

mod alteration;

pub use alteration::Alteration;

use super::super::identity::SubjectIdentity;
use super::super::random::Draws;
use super::super::renderer::portrait;
use super::holder::Holder;
use super::lettering::{Lettering, PITCH_UNITS, Setting, UNIT_MM};
use crate::documents::barcode::Modules;
use crate::documents::document_type::PageShape;
use crate::documents::mrz::Format;
use crate::documents::mrz::write::write;
use crate::geometry::{Rect, Size};
use crate::imaging::Frame;
use crate::imaging::resize::resize;
use std::collections::HashMap;

/// Pixels a millimetre of a drawn page.
pub const PAGE_RESOLUTION: f32 = 12.0;

/// Height of the strip at a page's lower edge that holds the machine-readable zone, millimetres.
pub const ZONE_MM: f32 = 23.2;

/// Which side of which document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PageKind {
    /// Data page of a passport, ID-3, with a zone of two lines of 44.
    Passport,
    /// Official card of size ID-2, with a zone of two lines of 36.
    Td2,
    /// Visa of full size, with a zone of two lines of 44.
    Visa,
    /// Identity card, portrait side.
    CardFront,
    /// Identity card, side with a zone of three lines of 30.
    CardBack,
    /// Driving licence, portrait side.
    LicenceFront,
    /// Driving licence, side with the barcode.
    LicenceBack,
}

impl PageKind {
    /// Every kind.
    pub const ALL: [Self; 7] =
        [Self::Passport, Self::Td2, Self::Visa, Self::CardFront, Self::CardBack, Self::LicenceFront, Self::LicenceBack];

    /// Width and height, millimetres.
    #[must_use]
    pub const fn size_mm(self) -> (f32, f32) {
        match self {
            Self::Passport => (125.0, 88.0),
            Self::Td2 => (105.0, 74.0),
            Self::Visa => (120.0, 80.0),
            Self::CardFront | Self::CardBack | Self::LicenceFront | Self::LicenceBack => (85.6, 53.98),
        }
    }

    /// Its shape.
    #[must_use]
    pub const fn shape(self) -> PageShape {
        match self {
            Self::Passport | Self::Td2 => PageShape::Id2OrId3,
            Self::Visa => PageShape::VisaA,
            Self::CardFront | Self::CardBack | Self::LicenceFront | Self::LicenceBack => PageShape::Id1,
        }
    }

    /// Format of its zone, if it has one.
    #[must_use]
    pub const fn zone(self) -> Option<Format> {
        match self {
            Self::Passport => Some(Format::Td3),
            Self::Td2 => Some(Format::Td2),
            Self::Visa => Some(Format::MrvA),
            Self::CardBack => Some(Format::Td1),
            Self::CardFront | Self::LicenceFront | Self::LicenceBack => None,
        }
    }

    /// Radius of the corners, millimetres.
    #[must_use]
    pub const fn corner_mm(self) -> f32 {
        match self {
            Self::Passport => 2.0,
            Self::Td2 | Self::Visa => 0.0,
            Self::CardFront | Self::CardBack | Self::LicenceFront | Self::LicenceBack => 3.18,
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Passport => "UTOPIA  PASSPORT",
            Self::Td2 => "UTOPIA  OFFICIAL CARD",
            Self::Visa => "UTOPIA  VISA",
            Self::CardFront | Self::CardBack => "UTOPIA  IDENTITY CARD",
            Self::LicenceFront | Self::LicenceBack => "UTOPIA  DRIVING LICENCE",
        }
    }

    const fn portrait(self) -> Option<Rect> {
        match self {
            Self::Passport => Some(Rect::new(4.0, 16.0, 35.0, 45.0)),
            Self::Td2 => Some(Rect::new(4.0, 11.0, 28.0, 36.0)),
            Self::Visa => Some(Rect::new(4.0, 13.0, 29.0, 37.0)),
            Self::CardFront | Self::LicenceFront => Some(Rect::new(4.0, 12.0, 28.0, 36.0)),
            Self::CardBack | Self::LicenceBack => None,
        }
    }
}

/// A drawn page with what is on it and where, millimetres from its top left corner.
#[derive(Clone)]
pub struct Page {
    /// Side and document.
    pub kind: PageKind,
    /// The print at [`PAGE_RESOLUTION`].
    pub picture: Frame,
    /// Lines of the zone; empty without one.
    pub zone: Vec<String>,
    /// Where the portrait is.
    pub portrait_mm: Option<Rect>,
    /// Where the zone is.
    pub zone_mm: Option<Rect>,
    /// Where the barcode is.
    pub barcode_mm: Option<Rect>,
}

/// Draws pages; keeps faces, which take longest.
pub struct Printer {
    lettering: Lettering,
    faces: HashMap<u64, Frame>,
}

impl Default for Printer {
    fn default() -> Self {
        Self::new()
    }
}

/// Colours of one issue.
struct Stock {
    paper: [f32; 3],
    tint: [[f32; 3]; 2],
    strength: f32,
    ink: [u8; 3],
    phase: [f32; 4],
}

impl Stock {
    fn new(seed: u64) -> Self {
        let mut d = Draws::new(seed ^ 0x73_746f_636b);
        let light = d.between(205.0, 244.0);
        let hue = |d: &mut Draws| std::array::from_fn(|_| d.between(-1.0, 1.0));
        let cast: [f32; 3] = hue(&mut d);
        Self {
            paper: std::array::from_fn(|c| light + 9.0 * cast[c]),
            tint: [hue(&mut d), hue(&mut d)],
            strength: d.between(3.0, 14.0),
            ink: [d.between(10.0, 60.0) as u8, d.between(20.0, 70.0) as u8, d.between(50.0, 120.0) as u8],
            phase: std::array::from_fn(|_| d.between(0.0, 6.3)),
        }
    }
}

impl Printer {
    /// A printer that has drawn nothing.
    #[must_use]
    pub fn new() -> Self {
        Self { lettering: Lettering::new(), faces: HashMap::new() }
    }

    /// Draws one page of a holder's document. `barcode` is the symbol of a licence's back; other pages leave it out.
    pub fn page(&mut self, kind: PageKind, holder: &Holder, barcode: Option<&Modules>) -> Page {
        let (width, height) = kind.size_mm();
        let size = Size::new((width * PAGE_RESOLUTION).round() as u32, (height * PAGE_RESOLUTION).round() as u32);
        let stock = Stock::new(holder.seed);
        let mut picture = background(size, &stock);
        let zone = kind.zone().and_then(|format| write(&holder.zone(format)).ok()).unwrap_or_default();
        let zone_mm = (!zone.is_empty()).then(|| Rect::new(0.0, height - ZONE_MM, width, ZONE_MM));
        if let Some(place) = kind.portrait() {
            let face =
                self.faces.entry(holder.seed).or_insert_with(|| portrait(&SubjectIdentity::from_seed(holder.seed), Size::new(280, 360)));
            paste(&mut picture, face, place);
        }
        self.title(&mut picture, kind, &stock);
        self.fields(&mut picture, kind, holder);
        if let Some(place) = zone_mm {
            rectangle(&mut picture, place, [246, 246, 243]);
            self.zone(&mut picture, kind, &zone);
        }
        let barcode_mm = barcode.filter(|_| kind == PageKind::LicenceBack).map(|modules| symbol(&mut picture, modules));
        Page { kind, picture, zone, portrait_mm: kind.portrait(), zone_mm, barcode_mm }
    }

    fn write(&self, picture: &mut Frame, text: &str, (x, y): (f32, f32), capital_mm: f32, spacing: f32, ink: [u8; 3]) {
        let scale = Lettering::scale_for(capital_mm * PAGE_RESOLUTION);
        self.lettering.draw(picture, text, &Setting { x: x * PAGE_RESOLUTION, y: y * PAGE_RESOLUTION, scale, spacing, ink });
    }

    fn title(&self, picture: &mut Frame, kind: PageKind, stock: &Stock) {
        let capital = if kind.shape() == PageShape::Id1 { 2.4 } else { 3.0 };
        self.write(picture, kind.title(), (4.0, 8.0), capital, 0.95, stock.ink);
    }

    fn fields(&self, picture: &mut Frame, kind: PageKind, holder: &Holder) {
        let (width, height) = kind.size_mm();
        let small = kind.shape() == PageShape::Id1;
        let left = kind.portrait().map_or(4.0, |p| p.right() + 4.0);
        let date = |(y, m, d): (i32, u8, u8)| format!("{d:02}.{m:02}.{y:04}");
        let rows: Vec<(&str, String)> = match kind {
            PageKind::CardBack => vec![("PLACE OF BIRTH", "ZENITH".into()), ("AUTHORITY", "TEST OFFICE".into())],
            PageKind::LicenceBack => vec![],
            _ => vec![
                ("SURNAME", holder.primary.clone()),
                ("GIVEN NAMES", holder.secondary.clone()),
                ("DATE OF BIRTH", date(holder.birth)),
                ("SEX", holder.sex.letter().to_string()),
                ("DATE OF EXPIRY", date(holder.expiry)),
                ("DOCUMENT NUMBER", holder.number.clone()),
            ],
        };
        let (label, value, pitch) = if small { (0.9, 1.45, 5.8) } else { (1.1, 1.8, 7.2) };
        for (i, (name, text)) in rows.iter().enumerate() {
            let y = 14.0 + i as f32 * pitch;
            self.write(picture, name, (left, y), label, 0.9, [90, 96, 110]);
            self.write(picture, text, (left, y + value + 1.0), value, 0.9, [28, 28, 32]);
        }
        let (x, y) = match kind {
            PageKind::LicenceBack => (width - 32.0, height - 7.0),
            PageKind::CardBack => (width - 34.0, 22.0),
            _ => (width - 30.0, if small { height - 5.0 } else { 22.0 }),
        };
        self.write(picture, "SPECIMEN", (x, y), 2.6, 0.9, [196, 44, 52]);
        if matches!(kind, PageKind::LicenceFront | PageKind::LicenceBack) {
            self.write(picture, "NOT A LICENCE", (4.0, height - 4.0), 1.4, 0.9, [60, 60, 70]);
        }
    }

    /// The lines where Doc 9303 wants them.
    fn zone(&self, picture: &mut Frame, kind: PageKind, lines: &[String]) {
        let (left, centres) = zone_place(kind);
        let height = kind.size_mm().1;
        let scale = UNIT_MM * PAGE_RESOLUTION;
        for (line, centre) in lines.iter().zip(centres) {
            // Half a capital below the line's centre; the glyph's own left bearing is taken back.
            let y = (height - centre) * PAGE_RESOLUTION + 353.0 * scale;
            let x = left * PAGE_RESOLUTION - 113.0 * scale;
            self.lettering.draw(picture, line, &Setting { x, y, scale, spacing: 1.0, ink: [22, 22, 24] });
        }
        const { assert!(PITCH_UNITS * UNIT_MM > 2.5) };
    }
}

/// Left end of the lines of a zone, and their centres above the page's lower edge, millimetres.
const fn zone_place(kind: PageKind) -> (f32, &'static [f32]) {
    match kind {
        PageKind::Passport => (6.0, &[15.75, 9.40]),
        PageKind::CardBack => (5.0, &[15.73, 11.5, 7.27]),
        _ => (4.0, &[15.75, 9.40]),
    }
}

/// Paper with fine wavy lines.
fn background(size: Size, stock: &Stock) -> Frame {
    let columns = size.width as usize;
    let wave = |v: f32, phase: f32| (v + phase).sin();
    let across: Vec<[f32; 2]> = (0..columns)
        .map(|x| x as f32 / PAGE_RESOLUTION)
        .map(|x| [3.0 * wave(x * 0.21, stock.phase[0]), 2.2 * wave(x * 0.33, stock.phase[1])])
        .collect();
    let table: Vec<f32> = (0..1024).map(|i| (i as f32 / 1024.0 * std::f32::consts::TAU).sin()).collect();
    let sine = |v: f32| table[(v.rem_euclid(std::f32::consts::TAU) / std::f32::consts::TAU * 1023.9) as usize];
    Frame::from_fn(size, |x, y| {
        let (mx, my) = (x as f32 / PAGE_RESOLUTION, y as f32 / PAGE_RESOLUTION);
        let a = sine((my + across[x as usize][0]) * 5.1 + stock.phase[2]);
        let b = sine((my * 0.6 + mx * 0.8 + across[x as usize][1]) * 3.7 + stock.phase[3]);
        std::array::from_fn(|c| (stock.paper[c] + stock.strength * (a * stock.tint[0][c] + b * stock.tint[1][c])).clamp(0.0, 255.0) as u8)
    })
}

fn pixels(place: Rect) -> (u32, u32, u32, u32) {
    let at = |v: f32| (v.max(0.0) * PAGE_RESOLUTION).round() as u32;
    (at(place.x), at(place.y), at(place.width), at(place.height))
}

fn rectangle(picture: &mut Frame, place: Rect, colour: [u8; 3]) {
    let (left, top, width, height) = pixels(place);
    let stride = picture.width() as usize * 3;
    let right = (left + width).min(picture.width()) as usize;
    for y in top..(top + height).min(picture.height()) {
        let row = &mut picture.bytes_mut()[y as usize * stride..][left as usize * 3..right * 3];
        row.as_chunks_mut::<3>().0.fill(colour);
    }
}

fn paste(picture: &mut Frame, face: &Frame, place: Rect) {
    let (left, top, width, height) = pixels(place);
    let face = resize(face, Size::new(width, height));
    let stride = picture.width() as usize * 3;
    for y in 0..height.min(picture.height().saturating_sub(top)) {
        let at = (top + y) as usize * stride + left as usize * 3;
        picture.bytes_mut()[at..at + width as usize * 3].copy_from_slice(face.row(y));
    }
}

/// A PDF417 at about 0.33 mm a module, no wider than the standard's 75.5 mm, under the title. Whole pixels a module keep it exact.
fn symbol(picture: &mut Frame, modules: &Modules) -> Rect {
    let most = 75.5 * PAGE_RESOLUTION / modules.columns.max(1) as f32;
    let side = most.floor().clamp(1.0, 4.0);
    let (width, height) = (modules.columns as f32 * side / PAGE_RESOLUTION, modules.rows as f32 * side / PAGE_RESOLUTION);
    let place = Rect::new((85.6 - width) / 2.0, 12.0, width, height);
    let quiet = Rect::new(place.x - 1.0, place.y - 1.0, width + 2.0, height + 2.0);
    rectangle(picture, quiet, [250, 250, 250]);
    let step = side / PAGE_RESOLUTION;
    for row in 0..modules.rows {
        for column in 0..modules.columns {
            if modules.is_dark(column, row) {
                let at = Rect::new(place.x + column as f32 * step, place.y + row as f32 * step, step, step);
                rectangle(picture, at, [12, 12, 14]);
            }
        }
    }
    place
}
