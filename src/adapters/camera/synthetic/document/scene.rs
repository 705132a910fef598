//! A page in a place: desk, clutter, light, hands, lens and sensor, with the corners where they truly are.

use super::super::random::{Draws, noise};
use super::super::sensor_noise::{Grain, blur};
use super::desk::{Desk, DeskKind, Light, rounded};
use super::page::Page;
use super::pose::{Lens, Pose};
use super::presentation::{Presentation, Surface};
use crate::documents::picture::Quad;
use crate::geometry::{Point, Size};
use crate::imaging::Frame;
use crate::imaging::perspective::Homography;
use std::sync::LazyLock;

/// A finger over an edge: from outside the page to inside, millimetres from the page's centre.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finger {
    /// Outer end.
    pub from: (f32, f32),
    /// Tip.
    pub to: (f32, f32),
    /// Half its width.
    pub radius: f32,
}

/// A reflection on the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glare {
    /// Its middle, millimetres from the page's centre.
    pub x: f32,
    /// Downwards.
    pub y: f32,
    /// Half width, millimetres.
    pub radius: f32,
    /// Light added in the middle; 1 is white paper's.
    pub strength: f32,
}

/// Everything about a picture but the page itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// The camera.
    pub lens: Lens,
    /// Where the page is.
    pub page: Pose,
    /// Where the desk is; the same as the page's for one that lies on it.
    pub desk: Pose,
    /// The desk's surface.
    pub surface: DeskKind,
    /// Things lying about.
    pub clutter: usize,
    /// Exposure in stops; 0 shows white paper at about 225 of 255.
    pub exposure: f32,
    /// Red over blue, stops: warm light is positive.
    pub warmth: f32,
    /// How much the light falls off across the picture, 0-1, and from where, degrees.
    pub falloff: (f32, f32),
    /// Reflections.
    pub glare: Option<Glare>,
    /// Hands: fingers over the edges.
    pub fingers: Vec<Finger>,
    /// Skin of the hand, 0 light to 1 dark.
    pub skin: f32,
    /// Blur of the lens, standard deviation in pixels.
    pub blur: f32,
    /// Movement during the exposure, pixels.
    pub motion: (f32, f32),
    /// Noise of the sensor, levels.
    pub noise: f32,
    /// The document itself or a copy of it.
    pub presentation: Presentation,
    /// Draws grain, clutter and surface.
    pub seed: u64,
}

/// A picture and where the page's corners are in it, top left of the page first.
#[derive(Debug, Clone)]
pub struct Shot {
    /// The picture.
    pub frame: Frame,
    /// Corners in frame pixels; some may lie outside. `None` without a page.
    pub corners: Option<Quad>,
}

/// The desk of a scene, drawn once for many pictures of it.
#[derive(Clone)]
pub struct Backdrop(Vec<Light>);

impl Scene {
    /// A page lying straight before the lens on a grey desk in good light.
    #[must_use]
    pub fn plain(size: Size, distance: f32) -> Self {
        Self {
            lens: Lens::webcam(size),
            page: Pose::flat(distance),
            desk: Pose::flat(distance + 1.0),
            surface: DeskKind::Grey,
            clutter: 0,
            exposure: 0.0,
            warmth: 0.0,
            falloff: (0.1, 30.0),
            glare: None,
            fingers: Vec::new(),
            skin: 0.3,
            blur: 0.6,
            motion: (0.0, 0.0),
            noise: 1.6,
            presentation: Presentation::Genuine,
            seed: 1,
        }
    }

    /// Takes the picture; without a page, of the desk.
    #[must_use]
    pub fn take(&self, page: Option<&Page>) -> Shot {
        self.take_on(&self.backdrop(), page, self.seed)
    }

    /// The desk and what lies about, for [`Self::take_on`].
    #[must_use]
    pub fn backdrop(&self) -> Backdrop {
        Backdrop(self.empty_desk())
    }

    /// Takes the picture on a desk drawn before, of a scene with the same camera, desk and seed.
    ///
    /// - `grain`: draws the sensor's noise.
    #[must_use]
    pub fn take_on(&self, backdrop: &Backdrop, page: Option<&Page>, grain: u64) -> Shot {
        let mut light = backdrop.0.clone();
        let mut corners = None;
        if let Some(page) = page {
            let size = page.kind.size_mm();
            self.lay_page(&mut light, page, size);
            corners = Some(self.page.corners(&self.lens, size));
        }
        let mut frame = self.expose(&light);
        smear(&mut frame, self.motion);
        blur(&mut frame, self.blur);
        GRAIN.sprinkle(&mut frame, self.noise, grain);
        Shot { frame, corners }
    }

    fn size(&self) -> (usize, usize) {
        (self.lens.size.width as usize, self.lens.size.height as usize)
    }

    /// The desk's surface at half the resolution, and the clutter at the full one.
    fn empty_desk(&self) -> Vec<Light> {
        let (width, height) = self.size();
        let desk = Desk::new(self.surface, self.seed, self.clutter);
        let Some(thing_from_picture) = self.desk.picture_from_thing(&self.lens).inverse() else {
            return vec![[0.2; 3]; width * height];
        };
        let at = |x: f32, y: f32| thing_from_picture.apply(self.lens.straight(Point::new(x, y)));
        let (columns, rows) = (width.div_ceil(2) + 1, height.div_ceil(2) + 1);
        let places: Vec<Point> = (0..columns * rows).map(|i| at((i % columns) as f32 * 2.0, (i / columns) as f32 * 2.0)).collect();
        let small: Vec<Light> = places.iter().map(|p| desk.surface(p.x, p.y)).collect();
        let mut light = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let i = y / 2 * columns + x / 2;
                let (s, t) = ((x % 2) as f32 * 0.5 + 0.25, (y % 2) as f32 * 0.5 + 0.25);
                light.push(std::array::from_fn(|c| {
                    let top = small[i][c] * (1.0 - s) + small[i + 1][c] * s;
                    let bottom = small[i + columns][c] * (1.0 - s) + small[i + columns + 1][c] * s;
                    top * (1.0 - t) + bottom * t
                }));
            }
        }
        for thing in &desk.things {
            let reach = thing.half.0.hypot(thing.half.1) + 12.0;
            for y in 0..height {
                let row = &places[y / 2 * columns..][..columns];
                let close = |p: &Point| (p.x - thing.x).abs() <= reach && (p.y - thing.y).abs() <= reach;
                let Some(first) = row.iter().position(close) else { continue };
                let last = row.iter().rposition(close).unwrap_or(first);
                for x in (first * 2).saturating_sub(1)..(last * 2 + 2).min(width) {
                    let p = at(x as f32 + 0.5, y as f32 + 0.5);
                    let (distance, colour) = thing.at(p.x, p.y);
                    let pixel = &mut light[y * width + x];
                    // Its shadow, then itself.
                    let shade = 1.0 - 0.3 * (1.0 - distance / 6.0).clamp(0.0, 1.0);
                    let cover = (0.5 - distance * 2.5).clamp(0.0, 1.0);
                    *pixel = std::array::from_fn(|c| pixel[c] * shade * (1.0 - cover) + colour[c] * cover);
                }
            }
        }
        light
    }

    /// Shadow, page, its surroundings when it is a copy, glare and hands.
    fn lay_page(&self, light: &mut [Light], page: &Page, (width_mm, height_mm): (f32, f32)) {
        let picture_from_thing = self.page.picture_from_thing(&self.lens);
        let Some(thing_from_picture) = picture_from_thing.inverse() else { return };
        let surface = Surface::new(self.presentation, page, self.seed);
        let half = (width_mm / 2.0, height_mm / 2.0);
        let outer = surface.outer(half);
        let (columns, rows) = self.size();
        // Pixels a millimetre, for borders one pixel wide.
        let per_mm = self.lens.focal * self.lens.size.width as f32 / self.page.distance;
        let lift = 1.0 + (self.desk.distance - self.page.distance).clamp(0.0, 60.0) * 0.12;
        let (skin, hand) = (skin(self.skin), !self.fingers.is_empty());
        for y in 0..rows {
            for x in 0..columns {
                let p = self.on_page(&thing_from_picture, x as f32 + 0.5, y as f32 + 0.5);
                if p.x.abs() > outer.0 + 80.0 || p.y.abs() > outer.1 + 80.0 {
                    continue;
                }
                let pixel = &mut light[y * columns + x];
                let edge = rounded(p.x, p.y, outer, surface.corner());
                if edge > -1.0 {
                    let fall = rounded(p.x - 0.9 * lift, p.y - 1.2 * lift, outer, surface.corner());
                    let shade = 1.0 - 0.42 * (0.75 - fall / (2.2 * lift)).clamp(0.0, 1.0);
                    pixel.iter_mut().for_each(|v| *v *= shade);
                    if hand {
                        self.palm(pixel, p, half, skin);
                    }
                }
                let cover = (0.5 - edge * per_mm).clamp(0.0, 1.0);
                if cover > 0.0 {
                    let printed = self.average(&thing_from_picture, &surface, (x, y));
                    *pixel = std::array::from_fn(|c| pixel[c] * (1.0 - cover) + printed[c] * cover);
                }
                for finger in &self.fingers {
                    self.finger(pixel, p, finger, per_mm, skin);
                }
            }
        }
    }

    fn on_page(&self, thing_from_picture: &Homography, x: f32, y: f32) -> Point {
        thing_from_picture.apply(self.lens.straight(Point::new(x, y)))
    }

    /// What one pixel gathers from the page: four samples.
    fn average(&self, thing_from_picture: &Homography, surface: &Surface<'_>, (x, y): (usize, usize)) -> Light {
        let mut sum = [0.0_f32; 3];
        for (dx, dy) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
            let p = self.on_page(thing_from_picture, x as f32 + dx, y as f32 + dy);
            let mut value = surface.light(p.x, p.y);
            if let Some(glare) = self.glare {
                let d2 = ((p.x - glare.x).powi(2) + (p.y - glare.y).powi(2)) / (glare.radius * glare.radius);
                let added = glare.strength * (-d2 * d2 * 0.7).exp();
                value.iter_mut().for_each(|v| *v += added);
            }
            sum.iter_mut().zip(value).for_each(|(s, v)| *s += v * 0.25);
        }
        sum
    }

    /// The hand behind the page.
    fn palm(&self, pixel: &mut Light, p: Point, half: (f32, f32), skin: Light) {
        let Some(first) = self.fingers.first() else { return };
        let (cx, cy) = (first.from.0 * 0.8, first.from.1.clamp(-half.1 - 40.0, half.1 + 40.0));
        let d = (p.x - cx).hypot(p.y - cy) - 38.0;
        let cover = (0.5 - d * 1.5).clamp(0.0, 1.0);
        let shade = 0.75 + 0.1 * noise(p.x * 0.08, p.y * 0.08, 8);
        *pixel = std::array::from_fn(|c| pixel[c] * (1.0 - cover) + skin[c] * shade * cover);
    }

    fn finger(&self, pixel: &mut Light, p: Point, finger: &Finger, per_mm: f32, skin: Light) {
        let (ax, ay) = (finger.to.0 - finger.from.0, finger.to.1 - finger.from.1);
        let t = (((p.x - finger.from.0) * ax + (p.y - finger.from.1) * ay) / (ax * ax + ay * ay).max(1e-3)).clamp(0.0, 1.0);
        let across = (p.x - finger.from.0 - ax * t).hypot(p.y - finger.from.1 - ay * t);
        let d = across - finger.radius;
        // Contact shadow beside the finger.
        let shade = 1.0 - 0.35 * (1.0 - d / 3.0).clamp(0.0, 1.0) * (d > 0.0) as u8 as f32;
        let cover = (0.5 - d * per_mm).clamp(0.0, 1.0);
        let round = (1.0 - (across / finger.radius).min(1.0).powi(2)).sqrt() * 0.55 + 0.45;
        *pixel = std::array::from_fn(|c| pixel[c] * shade * (1.0 - cover) + skin[c] * round * cover);
    }

    /// Linear light to the camera's levels.
    fn expose(&self, light: &[Light]) -> Frame {
        let (columns, rows) = self.size();
        let (fall, from) = self.falloff;
        let (sin, cos) = from.to_radians().sin_cos();
        let gain = self.exposure.exp2() * 0.92;
        let cast = [(self.warmth * 0.5).exp2(), 1.0, (-self.warmth * 0.5).exp2()];
        let mut bytes = Vec::with_capacity(light.len() * 3);
        for (i, v) in light.iter().enumerate() {
            let (x, y) = ((i % columns) as f32 / columns as f32 - 0.5, (i / columns) as f32 / rows as f32 - 0.5);
            let here = gain * (1.0 + fall * (x * cos + y * sin)) * (1.0 - 0.25 * fall * (x * x + y * y));
            bytes.extend((0..3).map(|c| CODE[((v[c] * here * cast[c]).clamp(0.0, 1.0) * 4095.0) as usize]));
        }
        Frame::new(self.lens.size, bytes).unwrap_or_else(|_| Frame::filled(self.lens.size, [0; 3]))
    }
}

static GRAIN: LazyLock<Grain> = LazyLock::new(Grain::new);

/// sRGB codes of linear light in 4096 steps.
static CODE: LazyLock<Vec<u8>> =
    LazyLock::new(|| (0..4096).map(|i| (crate::imaging::luminance::srgb_from_linear(f64::from(i) / 4095.0) * 255.0 + 0.5) as u8).collect());

fn skin(tone: f32) -> Light {
    let (light, dark) = ([0.62, 0.40, 0.30], [0.09, 0.045, 0.03]);
    std::array::from_fn(|c| light[c] + (dark[c] - light[c]) * tone.clamp(0.0, 1.0))
}

/// Averages along the movement.
fn smear(frame: &mut Frame, (dx, dy): (f32, f32)) {
    let steps = dx.hypot(dy).ceil() as i32;
    if steps < 1 {
        return;
    }
    let still = frame.clone();
    *frame = Frame::from_fn(still.size(), |x, y| {
        let mut sum = [0_u32; 3];
        for k in 0..=steps {
            let t = k as f32 / steps as f32 - 0.5;
            let p = still.pixel_clamped(i64::from(x) + (dx * t).round() as i64, i64::from(y) + (dy * t).round() as i64);
            sum.iter_mut().zip(p).for_each(|(s, v)| *s += u32::from(v));
        }
        sum.map(|s| (s / (steps as u32 + 1)) as u8)
    });
}

/// What a scene is drawn from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conditions {
    /// Size of the pictures.
    pub size: Size,
    /// Share of scenes in which the page is held by hand over the desk.
    pub held: f32,
    /// Largest tilt, degrees.
    pub tilt: f32,
    /// Most things lying about.
    pub clutter: usize,
}

impl Conditions {
    /// What a webcam over a counter sees.
    #[must_use]
    pub const fn counter(size: Size) -> Self {
        Self { size, held: 0.35, tilt: 26.0, clutter: 6 }
    }
}

impl Scene {
    /// A scene drawn at random in which a page of that size is whole in the picture, at any turn.
    #[must_use]
    pub fn random(conditions: &Conditions, (width, height): (f32, f32), seed: u64) -> Self {
        let mut d = Draws::new(seed ^ 0x7363_656e_6521);
        let size = conditions.size;
        let lens = Lens { size, focal: d.between(0.74, 1.0), barrel: d.between(-0.01, 0.035) };
        let held = d.chance(conditions.held);
        let turn = if d.chance(0.7) { d.bell() * 7.0 + if d.chance(0.3) { 180.0 } else { 0.0 } } else { d.between(0.0, 360.0) };
        let tilt = if held { conditions.tilt } else { conditions.tilt * 0.8 };
        let (tip, lean) = (d.bell() * tilt * 0.33, d.bell() * tilt * 0.33);
        // Some share of the picture's width or height, whichever the turned page meets first.
        let (sin, cos) = turn.to_radians().sin_cos();
        let (across, down) = (width * cos.abs() + height * sin.abs(), width * sin.abs() + height * cos.abs());
        let fill = d.between(0.55, 0.92);
        let focal = lens.focal * size.width as f32;
        let distance = (focal * across / (fill * size.width as f32)).max(focal * down / (fill * size.height as f32)) + 10.0;
        let mut page = Pose { x: 0.0, y: 0.0, distance, turn, tip, lean };
        let fits = |pose: &Pose| pose.corners(&lens, (width, height)).margin(size) > 6.0;
        for _ in 0..12 {
            let (free_x, free_y) = (size.width as f32 * distance / focal - across, size.height as f32 * distance / focal - down);
            let moved = Pose { x: d.bell() * free_x * 0.2, y: d.bell() * free_y * 0.2, ..page };
            if fits(&moved) {
                page = moved;
                break;
            }
        }
        while !fits(&page) && page.distance < 4000.0 {
            page.distance *= 1.05;
        }
        let desk = if held {
            Pose {
                distance: page.distance + d.between(60.0, 300.0),
                turn: d.between(-20.0, 20.0),
                tip: d.bell() * 10.0,
                lean: 0.0,
                x: 0.0,
                y: 0.0,
            }
        } else {
            Pose { distance: page.distance + 0.8, turn: d.between(0.0, 360.0), ..page }
        };
        let surface = d.pick(&DeskKind::ALL);
        Self {
            lens,
            page,
            desk,
            surface,
            clutter: (d.unit() * (conditions.clutter as f32 + 1.0)) as usize,
            exposure: d.bell() * 0.45 - 0.1,
            warmth: d.bell() * 0.3,
            falloff: (d.between(0.0, 0.6), d.between(0.0, 360.0)),
            glare: d.chance(0.12).then(|| Glare {
                x: d.between(-0.4, 0.4) * width,
                y: d.between(-0.4, 0.4) * height,
                radius: d.between(6.0, 22.0),
                strength: d.between(0.2, 1.5),
            }),
            fingers: if held { fingers(&mut d, (width / 2.0, height / 2.0)) } else { Vec::new() },
            skin: d.unit(),
            blur: d.between(0.3, 1.1),
            motion: if held { (d.bell() * 1.2, d.bell() * 1.2) } else { (0.0, 0.0) },
            noise: d.between(0.8, 4.0),
            presentation: Presentation::Genuine,
            seed,
        }
    }
}

/// A thumb over one edge, sometimes a second one over the opposite.
fn fingers(d: &mut Draws, (half_width, half_height): (f32, f32)) -> Vec<Finger> {
    let mut fingers = Vec::new();
    let first = (d.unit() * 4.0) as usize % 4;
    for side in [first, (first + 2) % 4].into_iter().take(if d.chance(0.4) { 2 } else { 1 }) {
        let (reach, radius) = (d.between(6.0, 16.0), d.between(7.5, 10.5));
        let count = if d.chance(0.25) { 2 } else { 1 };
        for k in 0..count {
            let along = d.between(-0.55, 0.55);
            let shift = k as f32 * 21.0;
            let slant = d.between(-18.0, 18.0);
            let (from, to) = match side {
                0 => ((along * half_width + shift + slant, -half_height - 75.0), (along * half_width + shift, -half_height + reach)),
                1 => ((half_width + 75.0, along * half_height + shift + slant), (half_width - reach, along * half_height + shift)),
                2 => ((along * half_width + shift + slant, half_height + 75.0), (along * half_width + shift, half_height - reach)),
                _ => ((-half_width - 75.0, along * half_height + shift + slant), (-half_width + reach, along * half_height + shift)),
            };
            fingers.push(Finger { from, to, radius });
        }
    }
    fingers
}
