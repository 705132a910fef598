//! What documents lie on, and what lies about.

use super::super::random::{Draws, fractal, noise};

/// Linear light of a surface, 0-1 a channel.
pub(super) type Light = [f32; 3];

/// Surfaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeskKind {
    /// Boards with grain.
    Wood,
    /// An even light table top, close to paper.
    White,
    /// An even grey.
    Grey,
    /// An even dark top.
    Dark,
    /// Woven cloth.
    Cloth,
    /// Stone with veins.
    Stone,
    /// A cutting mat with lines 10 mm apart.
    Mat,
}

impl DeskKind {
    /// Every surface.
    pub const ALL: [Self; 7] = [Self::Wood, Self::White, Self::Grey, Self::Dark, Self::Cloth, Self::Stone, Self::Mat];
}

/// A surface and the things on it, in millimetres of its own plane.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Desk {
    kind: DeskKind,
    base: Light,
    seed: u32,
    pub things: Vec<Thing>,
}

/// Something that lies about: a rectangle, turned.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Thing {
    kind: ThingKind,
    /// Centre, half sizes, turn.
    pub x: f32,
    pub y: f32,
    pub half: (f32, f32),
    cos: f32,
    sin: f32,
    colour: Light,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ThingKind {
    Paper,
    Telephone,
    Pen,
    Keyboard,
    Book,
    Coin,
}

impl Desk {
    pub fn new(kind: DeskKind, seed: u64, things: usize) -> Self {
        let mut d = Draws::new(seed ^ 0x6465_736b);
        let mut even = |low: f32, high: f32, cast: f32| -> Light {
            let v = d.between(low, high);
            std::array::from_fn(|_| v * (1.0 + cast * d.between(-1.0, 1.0)))
        };
        let base = match kind {
            DeskKind::Wood => {
                let v = d.between(0.08, 0.34);
                [v * 1.35, v * 0.95, v * d.between(0.45, 0.7)]
            }
            DeskKind::White => even(0.55, 0.82, 0.03),
            DeskKind::Grey => even(0.16, 0.42, 0.06),
            DeskKind::Dark => even(0.015, 0.06, 0.25),
            DeskKind::Cloth => even(0.05, 0.4, 0.5),
            DeskKind::Stone => even(0.2, 0.6, 0.06),
            DeskKind::Mat => {
                let v = d.between(0.06, 0.14);
                [v * 0.5, v * 1.3, v]
            }
        };
        let things = (0..things).map(|_| Thing::draw(&mut d)).collect();
        Self { kind, base, seed: seed as u32, things }
    }

    /// Linear light of the bare surface at a place.
    pub fn surface(&self, x: f32, y: f32) -> Light {
        let factor = match self.kind {
            DeskKind::Wood => {
                let board = (y / 95.0).floor();
                let seam = (y / 95.0 - board).min(1.0 - y / 95.0 + board) * 95.0;
                let grain = fractal(x * 0.012 + board * 7.7, y * 0.22 + 0.6 * noise(x * 0.02, y * 0.03, self.seed ^ 5), self.seed);
                let tone = 1.0 + 0.12 * noise(board * 3.1, 0.5, self.seed ^ 9);
                if seam < 0.6 { 0.45 } else { tone * (1.0 + 0.3 * grain) }
            }
            DeskKind::White | DeskKind::Grey | DeskKind::Dark => 1.0 + 0.02 * noise(x * 0.03, y * 0.03, self.seed),
            DeskKind::Cloth => {
                let thread = (x * 2.1).sin() * (y * 2.3).sin();
                1.0 + 0.22 * thread + 0.18 * noise(x * 0.02, y * 0.02, self.seed)
            }
            DeskKind::Stone => {
                let vein = fractal(x * 0.014, y * 0.014, self.seed);
                let dark = (1.0 - (vein * 7.0).abs()).max(0.0);
                1.0 - 0.4 * dark + 0.12 * noise(x * 0.25, y * 0.25, self.seed ^ 3)
            }
            DeskKind::Mat => {
                let line = |v: f32, pitch: f32, wide: f32| -> f32 {
                    let off = (v / pitch - (v / pitch).round()).abs() * pitch;
                    if off < wide { 1.0 } else { 0.0 }
                };
                1.0 + 1.6 * f32::max(line(x, 10.0, 0.25), line(y, 10.0, 0.25))
            }
        };
        self.base.map(|v| (v * factor).clamp(0.0, 1.0))
    }
}

impl Thing {
    fn draw(d: &mut Draws) -> Self {
        let kind = d.pick(&[
            ThingKind::Paper,
            ThingKind::Coin,
            ThingKind::Telephone,
            ThingKind::Pen,
            ThingKind::Pen,
            ThingKind::Keyboard,
            ThingKind::Book,
            ThingKind::Coin,
        ]);
        let half = match kind {
            ThingKind::Paper => (105.0, 148.5),
            ThingKind::Telephone => (37.0, 77.0),
            ThingKind::Pen => (4.5, 70.0),
            ThingKind::Keyboard => (62.0, 210.0),
            ThingKind::Book => (d.between(60.0, 90.0), d.between(100.0, 130.0)),
            ThingKind::Coin => (11.6, 11.6),
        };
        let shade = d.between(0.05, 0.6);
        let colour = match kind {
            ThingKind::Paper => [0.78, 0.78, d.between(0.70, 0.8)],
            ThingKind::Telephone => [0.012; 3],
            ThingKind::Keyboard => [0.05; 3],
            ThingKind::Coin => [0.45, 0.38, 0.2],
            ThingKind::Pen | ThingKind::Book => std::array::from_fn(|_| shade * d.between(0.3, 1.5)),
        };
        // Around the middle of the picture rather than in it; large things reach under the page all the same.
        let near = half.0.min(half.1);
        let (around, away) = (d.between(0.0, std::f32::consts::TAU), d.between(65.0, 160.0) + 0.75 * near);
        let turn = d.between(0.0, std::f32::consts::TAU);
        Self { kind, x: around.cos() * away, y: around.sin() * away * 0.7, half, cos: turn.cos(), sin: turn.sin(), colour }
    }

    /// Signed distance to the outline (negative inside) and the colour at a place of the desk.
    pub fn at(&self, x: f32, y: f32) -> (f32, Light) {
        let (dx, dy) = (x - self.x, y - self.y);
        let (u, v) = (self.cos * dx + self.sin * dy, -self.sin * dx + self.cos * dy);
        let radius = match self.kind {
            ThingKind::Telephone => 9.0,
            ThingKind::Pen => 4.4,
            ThingKind::Coin => 11.6,
            ThingKind::Keyboard => 3.0,
            ThingKind::Paper | ThingKind::Book => 0.0,
        };
        let distance = rounded(u, v, self.half, radius);
        let factor = match self.kind {
            // Printed lines.
            ThingKind::Paper => {
                let line = (v / 4.6 - (v / 4.6).round()).abs() * 4.6;
                let word = noise(u * 0.28, (v / 4.6).round() * 9.1, 77);
                // Letters: strokes and gaps about a millimetre apart.
                let letter = noise(u * 1.3, (v / 4.6).round() * 5.3, 78);
                if line < 1.0 && u.abs() < 80.0 && v.abs() < 125.0 && word > -0.3 { 0.76 + 0.22 * letter } else { 1.0 }
            }
            ThingKind::Keyboard => {
                let key = |t: f32| (t / 19.0 - (t / 19.0).round()).abs() * 19.0;
                if key(u) > 8.2 || key(v) > 8.2 { 0.35 } else { 1.6 }
            }
            ThingKind::Telephone => 1.0 + 2.0 * (distance > -3.0) as u8 as f32,
            ThingKind::Pen => 1.4 - (u / 4.5).powi(2),
            ThingKind::Book => 1.0 + 0.1 * noise(u * 0.05, v * 0.05, 3),
            ThingKind::Coin => 1.0 + 0.4 * noise(u * 0.5, v * 0.5, 4),
        };
        (distance, self.colour.map(|c| (c * factor).clamp(0.0, 1.0)))
    }
}

/// Signed distance to a rounded rectangle about the origin.
pub(super) fn rounded(x: f32, y: f32, half: (f32, f32), radius: f32) -> f32 {
    let (qx, qy) = (x.abs() - half.0 + radius, y.abs() - half.1 + radius);
    qx.max(0.0).hypot(qy.max(0.0)) + qx.max(qy).min(0.0) - radius
}
