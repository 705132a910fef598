//! What the camera sees of a page: the document itself, or a copy on paper or on a screen.

use super::super::random::noise;
use super::desk::Light;
use super::page::{PAGE_RESOLUTION, Page};
use std::sync::LazyLock;

/// The document itself or a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Presentation {
    /// The document itself.
    Genuine,
    /// A grey copy from an office machine, on a sheet that is larger than the page.
    GreyCopy,
    /// A colour print, halftoned, cut out along the page's outline.
    ColourPrint,
    /// A telephone or tablet that shows a picture of the page.
    Screen,
}

impl Presentation {
    /// Every copy.
    pub const COPIES: [Self; 3] = [Self::GreyCopy, Self::ColourPrint, Self::Screen];

    /// Name of the species, as reports have it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Genuine => "genuine",
            Self::GreyCopy => "grey-copy",
            Self::ColourPrint => "colour-print",
            Self::Screen => "screen",
        }
    }
}

/// Linear light of sRGB codes.
static LINEAR: LazyLock<[f32; 256]> =
    LazyLock::new(|| std::array::from_fn(|v| crate::imaging::luminance::linear_from_srgb(v as f64 / 255.0) as f32));

/// The surface that is photographed: the page and, for copies, what carries it.
pub(super) struct Surface<'a> {
    presentation: Presentation,
    page: &'a Page,
    half: (f32, f32),
    /// Millimetres from one dot, or screen pixel, to the next.
    pitch: f32,
    /// Turn of the dots against the page, cosine and sine.
    turn: (f32, f32),
    seed: u32,
}

impl<'a> Surface<'a> {
    pub fn new(presentation: Presentation, page: &'a Page, seed: u64) -> Self {
        let (width, height) = page.kind.size_mm();
        let part = |shift: u32| (super::super::random::scramble(seed ^ u64::from(shift)) >> 40) as f32 / 16_777_216.0;
        let pitch = match presentation {
            // 133 to 200 lines an inch.
            Presentation::GreyCopy | Presentation::ColourPrint => 0.127 + 0.064 * part(1),
            // 130 to 320 pixels an inch.
            Presentation::Screen => 0.08 + 0.115 * part(2),
            Presentation::Genuine => 0.0,
        };
        let angle: f32 = if presentation == Presentation::Screen { 0.0 } else { 0.785 + 0.5 * (part(3) - 0.5) };
        Self { presentation, page, half: (width / 2.0, height / 2.0), pitch, turn: (angle.cos(), angle.sin()), seed: seed as u32 }
    }

    /// Half sizes of what is there: the page, or the sheet or device around it.
    pub fn outer(&self, half: (f32, f32)) -> (f32, f32) {
        match self.presentation {
            Presentation::Genuine | Presentation::ColourPrint => half,
            Presentation::GreyCopy => (half.0 + 26.0, half.1 + 34.0),
            Presentation::Screen => (half.0 + 13.0, half.1 + 9.0),
        }
    }

    /// Radius of the outer corners, millimetres.
    pub fn corner(&self) -> f32 {
        match self.presentation {
            Presentation::Genuine | Presentation::ColourPrint => self.page.kind.corner_mm(),
            Presentation::GreyCopy => 0.0,
            Presentation::Screen => 9.0,
        }
    }

    /// Linear light at a place, millimetres from the middle.
    pub fn light(&self, x: f32, y: f32) -> Light {
        match self.presentation {
            Presentation::Genuine => self.printed(x, y),
            Presentation::GreyCopy => self.grey_copy(x, y),
            Presentation::ColourPrint => self.colour_print(x, y),
            Presentation::Screen => self.screen(x, y),
        }
    }

    fn is_inside(&self, x: f32, y: f32) -> bool {
        super::desk::rounded(x, y, self.half, self.page.kind.corner_mm()) < 0.0
    }

    /// The page's own print, bilinear.
    fn printed(&self, x: f32, y: f32) -> Light {
        let picture = &self.page.picture;
        let (u, v) = ((x + self.half.0) * PAGE_RESOLUTION - 0.5, (y + self.half.1) * PAGE_RESOLUTION - 0.5);
        let (fu, fv) = (u.floor(), v.floor());
        let (s, t) = (u - fu, v - fv);
        let at = |dx: i64, dy: i64| picture.pixel_clamped(fu as i64 + dx, fv as i64 + dy).map(|c| LINEAR[usize::from(c)]);
        let [a, b, c, d] = [at(0, 0), at(1, 0), at(0, 1), at(1, 1)];
        std::array::from_fn(|k| {
            let (top, bottom) = (a[k] + (b[k] - a[k]) * s, c[k] + (d[k] - c[k]) * s);
            top + (bottom - top) * t
        })
    }

    /// Ink of a round dot: whether the screen is dark there for that much ink.
    fn dot(&self, x: f32, y: f32, angle_shift: f32, ink: f32) -> bool {
        let (c, s) = (
            self.turn.0 * angle_shift.cos() - self.turn.1 * angle_shift.sin(),
            self.turn.1 * angle_shift.cos() + self.turn.0 * angle_shift.sin(),
        );
        let (u, v) = ((c * x + s * y) / self.pitch, (c * y - s * x) / self.pitch);
        let threshold = 0.5 + 0.25 * ((u * std::f32::consts::TAU).cos() + (v * std::f32::consts::TAU).cos());
        ink > threshold
    }

    fn grey_copy(&self, x: f32, y: f32) -> Light {
        const PAPER: f32 = 0.74;
        if !self.is_inside(x, y) {
            return [PAPER; 3];
        }
        let [r, g, b] = self.printed(x, y);
        let grey = (0.2126 * r + 0.7152 * g + 0.0722 * b).clamp(0.0, 1.0);
        // Copiers raise contrast.
        let ink = (1.0 - ((grey.powf(0.45) - 0.12) / 0.84)).clamp(0.0, 1.0);
        let speck = noise(x * 3.0, y * 3.0, self.seed) > 0.93;
        let value = if speck || self.dot(x, y, 0.0, ink) { 0.035 } else { PAPER };
        [value, value, value * 0.985]
    }

    fn colour_print(&self, x: f32, y: f32) -> Light {
        let rgb = self.printed(x, y);
        std::array::from_fn(|k| {
            let ink = (1.0 - (0.04 + 0.94 * rgb[k].clamp(0.0, 1.0).powf(0.42))).clamp(0.0, 1.0);
            if self.dot(x, y, k as f32 * 0.52, ink) { 0.07 } else { 0.76 }
        })
    }

    fn screen(&self, x: f32, y: f32) -> Light {
        let lit = x.abs() < self.half.0 + 9.0 && y.abs() < self.half.1 + 5.0;
        if !lit {
            // The frame of the device, with a dull reflection.
            return [0.02 + 0.01 * noise(x * 0.03, y * 0.03, self.seed); 3];
        }
        // A light viewer's background around the page.
        let picture = if self.is_inside(x, y) { self.printed(x, y) } else { [0.012; 3] };
        let (column, row) = (x / self.pitch, y / self.pitch);
        let (cx, cy) = (column - column.floor(), row - row.floor());
        let between_rows = if cy < 0.14 { 0.12 } else { 1.16 };
        std::array::from_fn(|k| {
            // Three stripes a pixel, a gap after each.
            let stripe = (cx * 3.0 - k as f32 * 1.0).clamp(-1.0, 2.0);
            let own = if (0.06..0.9).contains(&stripe) { 2.9 } else { 0.05 };
            let level = picture[k].powf(1.08) * own * between_rows * [0.92, 1.0, 1.12][k];
            level + 0.012
        })
    }
}
