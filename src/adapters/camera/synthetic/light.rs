//! Light falling on the subject, and how the camera's sensor answers.

use super::vector::{Vec3, v3};

/// The light of a scene.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Light {
    /// Where the main light comes from: degrees to the subject's left of the camera, negative to the right.
    pub azimuth_deg: f32,
    /// Degrees above the camera.
    pub elevation_deg: f32,
    /// Exposure: stops above (positive) or below a well exposed picture.
    pub exposure_ev: f32,
    /// Colour temperature, kelvin; 6500 is neutral for the camera.
    pub temperature_k: f32,
    /// Share of light that comes from everywhere, 0-1; low values give deep shadows.
    pub ambient: f32,
}

impl Default for Light {
    fn default() -> Self {
        Self { azimuth_deg: 18.0, elevation_deg: 38.0, exposure_ev: 0.0, temperature_k: 6000.0, ambient: 0.55 }
    }
}

/// Light in numbers, in one coordinate space.
#[derive(Debug, Clone, Copy)]
pub(super) struct Illumination {
    /// Unit vector towards the main light.
    pub towards: Vec3,
    pub up: Vec3,
    pub eye: Vec3,
    pub key: Vec3,
    pub sky: Vec3,
    pub ground: Vec3,
    pub fill: Vec3,
}

impl Light {
    /// Colour of the light, linear RGB with green near one.
    pub(super) fn colour(&self) -> Vec3 {
        let warm = ((6500.0 - self.temperature_k) / 4500.0).clamp(-1.0, 1.0);
        if warm > 0.0 { v3(1.0 + 0.32 * warm, 1.0 - 0.06 * warm, 1.0 - 0.52 * warm) } else { v3(1.0 + 0.20 * warm, 1.0, 1.0 - 0.28 * warm) }
    }

    /// Linear factor of the exposure.
    pub(super) fn gain(&self) -> f32 {
        self.exposure_ev.exp2()
    }

    /// With the light of a screen near the subject added, over the room's.
    pub(super) fn with_screen(&self, strength: f32) -> Self {
        Self { exposure_ev: self.exposure_ev + (1.0 + strength.max(0.0)).log2(), ..*self }
    }

    /// In world space; `eye` is the camera as seen from the subject.
    pub(super) fn illumination(&self, eye: Vec3) -> Illumination {
        let (sa, ca) = self.azimuth_deg.to_radians().sin_cos();
        let (se, ce) = self.elevation_deg.to_radians().sin_cos();
        let colour = self.colour() * self.gain();
        let ambient = self.ambient.clamp(0.0, 1.0);
        Illumination {
            towards: v3(sa * ce, se, ca * ce),
            up: v3(0.0, 1.0, 0.0),
            eye,
            key: colour * (1.18 * (1.0 - 0.62 * ambient)),
            sky: colour.scaled(v3(0.97, 1.0, 1.05)) * (0.80 * ambient),
            ground: colour.scaled(v3(1.06, 0.98, 0.90)) * (0.34 * ambient),
            fill: colour * (0.42 * ambient),
        }
    }
}

impl Illumination {
    /// The same light seen from a turned space.
    pub fn turned(&self, turn: impl Fn(Vec3) -> Vec3) -> Self {
        Self { towards: turn(self.towards), up: turn(self.up), eye: self.eye, ..*self }
    }

    /// Light that skin with this normal sends back, per unit of albedo: red wraps further around than blue.
    pub fn on_skin(&self, normal: Vec3, view: Vec3, open: f32, lit: f32) -> Vec3 {
        let wrap = |n: f32, w: f32| ((n + w) / (1.0 + w)).max(0.0);
        let n = normal.dot(self.towards);
        // Shadow edges on skin redden as well.
        let lit3 = v3(lit.sqrt() * 0.35 + lit * 0.65, lit, lit);
        let key = v3(wrap(n, 0.30), wrap(n, 0.14), wrap(n, 0.09)).scaled(self.key).scaled(lit3);
        let open3 = v3(0.3 + 0.7 * open, open, open);
        key * (0.4 + 0.6 * open) + self.around(normal, view).scaled(open3)
    }

    /// The same for cloth, hair and plastic.
    pub fn on_matter(&self, normal: Vec3, view: Vec3, open: f32, lit: f32) -> Vec3 {
        let n = normal.dot(self.towards).max(0.0);
        self.key * (n * lit) + self.around(normal, view) * open
    }

    fn around(&self, normal: Vec3, view: Vec3) -> Vec3 {
        let high = 0.5 + 0.5 * normal.dot(self.up);
        self.sky * high + self.ground * (1.0 - high) + self.fill * normal.dot(view).max(0.0)
    }

    /// Highlight of a surface with the given sharpness, seen along `view`.
    pub fn highlight(&self, normal: Vec3, view: Vec3, sharpness: f32, lit: f32) -> f32 {
        let half = (self.towards + view).normalised();
        let facing = normal.dot(half).max(0.0);
        let grazing = (1.0 - half.dot(view)).max(0.0).powi(4);
        // Sharpness is even: an even power of a cosine needs no transcendental function.
        facing.powi(sharpness as i32) * (0.04 + 0.5 * grazing) * (sharpness + 8.0) * 0.125 * lit
    }
}

/// Linear light to an sRGB byte with a soft shoulder, as a table.
pub(super) struct Sensor {
    table: Vec<u8>,
    /// Entries of the table for one unit of light: the exposure is in it.
    scale: f32,
}

const STEPS: usize = 4096;
const FULL: f32 = 2.0;

impl Sensor {
    pub fn new() -> Self {
        let table = (0..=STEPS)
            .map(|i| {
                let linear = i as f32 / STEPS as f32 * FULL;
                // The shoulder starts at 70 % and reaches white at 170 %.
                let soft = if linear < 0.70 { linear } else { 0.70 + 0.30 * (1.0 - (-(linear - 0.70) / 0.34).exp()) };
                let coded = if soft <= 0.003_130_8 { soft * 12.92 } else { 1.055 * soft.powf(1.0 / 2.4) - 0.055 };
                (coded * 255.0 + 0.5).clamp(0.0, 255.0) as u8
            })
            .collect();
        Self { table, scale: STEPS as f32 / FULL }
    }

    /// Lets more light in, or less: stops.
    pub fn expose(&mut self, stops: f32) {
        self.scale = STEPS as f32 / FULL * stops.clamp(-6.0, 6.0).exp2();
    }

    #[inline]
    pub fn byte(&self, linear: f32) -> u8 {
        let at = (linear * self.scale).clamp(0.0, STEPS as f32) as usize;
        self.table[at]
    }

    #[inline]
    pub fn code(&self, linear: [f32; 3]) -> [u8; 3] {
        [self.byte(linear[0]), self.byte(linear[1]), self.byte(linear[2])]
    }
}

/// Which vertices the main light reaches: depths on a coarse grid across the light.
pub(super) struct Shadow {
    side: Vec3,
    up: Vec3,
    towards: Vec3,
    depth: Vec<f32>,
}

const CELLS: usize = 72;
const CELL: f32 = 0.0042;

impl Shadow {
    /// Casts `points` along the direction towards the light.
    pub fn cast(towards: Vec3, points: &[Vec3]) -> Self {
        let helper = if towards.y.abs() > 0.9 { v3(1.0, 0.0, 0.0) } else { v3(0.0, 1.0, 0.0) };
        let side = helper.cross(towards).normalised();
        let mut shadow = Self { side, up: towards.cross(side), towards, depth: vec![f32::MIN; CELLS * CELLS] };
        for p in points {
            let (x, y, d) = shadow.place(*p);
            let (i, j) = (x as usize, y as usize);
            if x >= 0.0 && y >= 0.0 && i < CELLS && j < CELLS {
                let cell = &mut shadow.depth[j * CELLS + i];
                *cell = cell.max(d);
            }
        }
        shadow
    }

    fn place(&self, p: Vec3) -> (f32, f32, f32) {
        let q = p - v3(0.0, -0.01, -0.08);
        let half = CELLS as f32 / 2.0;
        (q.dot(self.side) / CELL + half, q.dot(self.up) / CELL + half, q.dot(self.towards))
    }

    /// Share of the main light that arrives, 0-1, softly.
    pub fn lit(&self, p: Vec3) -> f32 {
        let (x, y, d) = self.place(p);
        let (x, y) = (x - 0.5, y - 0.5);
        let (fx, fy) = (x.floor(), y.floor());
        let (tx, ty) = (x - fx, y - fy);
        let mut lit = 0.0;
        for (dx, dy, weight) in
            [(0.0, 0.0, (1.0 - tx) * (1.0 - ty)), (1.0, 0.0, tx * (1.0 - ty)), (0.0, 1.0, (1.0 - tx) * ty), (1.0, 1.0, tx * ty)]
        {
            let (i, j) = (fx + dx, fy + dy);
            let blocked = if i >= 0.0 && j >= 0.0 && i < CELLS as f32 && j < CELLS as f32 {
                let over = self.depth[j as usize * CELLS + i as usize] - d - 0.007;
                (over / 0.006).clamp(0.0, 1.0)
            } else {
                0.0
            };
            lit += weight * (1.0 - blocked);
        }
        lit
    }
}
