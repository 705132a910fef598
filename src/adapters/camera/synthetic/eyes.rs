//! The opening of the eye: lids that close over a shaded eyeball, sample by sample.

use super::identity::{Colours, SubjectIdentity};
use super::light::Illumination;
use super::random::noise;
use super::vector::{Vec3, bell, mix, smoothstep, v3};

/// Radius of the visible ball and of the iris, metres.
const BALL: f32 = 0.0122;
const IRIS: f32 = 0.0059;
const PUPIL: f32 = 0.0020;

/// One eye's fixed traits. Eye coordinates: `u` from -1 (inner corner) to 1 (outer corner), `v` upwards in the same unit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Eye {
    half_width: f32,
    aperture: f32,
    slant: f32,
    centre_x: f32,
    centre_y: f32,
    /// 1 for the subject's left eye, -1 for the right.
    side: f32,
    iris: [f32; 3],
    lash: f32,
    hood: f32,
    /// Paint or natural shade on the upper lid, 0-1.
    paint: f32,
    seed: u32,
}

/// One eye in one frame.
pub(super) struct EyeState {
    pub openness: f32,
    /// Unit vector of the gaze in head space.
    pub gaze: Vec3,
    /// Half-way between light and camera, head space.
    pub half: Vec3,
    /// Linear colour of a highlight on the cornea.
    pub glint: Vec3,
}

impl Eye {
    pub fn new(identity: &SubjectIdentity, colours: &Colours, side: f32) -> Self {
        let s = &identity.shape;
        let uneven = 1.0 + 0.03 * s.asymmetry * side;
        Self {
            half_width: s.eye_half_width,
            aperture: s.eye_aperture * uneven,
            slant: s.eye_slant,
            centre_x: s.eye_x * side,
            centre_y: 0.0,
            side,
            iris: colours.iris,
            lash: if identity.lip_paint > 0.0 { 1.0 } else { 0.55 },
            hood: s.eye_hood,
            paint: identity.lid_shade,
            seed: identity.seed() as u32,
        }
    }

    /// Eye coordinates of a point of the skin at rest.
    pub fn coordinates(&self, p: Vec3) -> [f32; 2] {
        let x = (p.x - self.centre_x) * self.side;
        let y = p.y - self.centre_y;
        let (s, c) = self.slant.sin_cos();
        [(c * x + s * y) / self.half_width, (c * y - s * x) / self.half_width]
    }

    /// The inverse: `(x, y)` in head space at rest.
    pub fn place(&self, u: f32, v: f32) -> (f32, f32) {
        let (s, c) = self.slant.sin_cos();
        let (x, y) = ((c * u - s * v) * self.half_width, (s * u + c * v) * self.half_width);
        (self.centre_x + x * self.side, self.centre_y + y)
    }

    fn open_upper(&self, u: f32) -> f32 {
        let skewed = (u + 0.10 * (1.0 - u * u)).clamp(-1.0, 1.0);
        self.aperture * (1.0 - skewed.abs().powf(2.2)).max(0.0).powf(0.78)
    }

    fn open_lower(&self, u: f32) -> f32 {
        let skewed = (u - 0.14 * (1.0 - u * u)).clamp(-1.0, 1.0);
        -0.62 * self.aperture * (1.0 - skewed * skewed).max(0.0).powf(0.80)
    }

    /// Heights of the lower and the upper lid at `u`; equal when closed.
    pub fn lids(&self, u: f32, openness: f32) -> (f32, f32) {
        let meet = self.open_lower(u) * 0.72;
        let o = openness.clamp(0.0, 1.3);
        (mix(meet, self.open_lower(u), o.min(1.0)), mix(meet, self.open_upper(u), o))
    }

    /// Colour of a sample in linear light. `skin` is the lit skin there, `light` the light per unit of albedo.
    pub fn shade(&self, u: f32, v: f32, state: &EyeState, skin: [f32; 3], light: [f32; 3]) -> [f32; 3] {
        if !(-1.25..1.35).contains(&u) {
            return skin;
        }
        let inner = u.clamp(-1.0, 1.0);
        let (low, high) = self.lids(inner, state.openness);
        let mut colour = self.lid(u, v, state.openness, skin);
        if u.abs() < 1.0 && high - low > 0.005 && v > low && v < high {
            colour = self.ball(u, v, low, high, state, light);
        } else if u.abs() < 1.0 && v <= low && v > low - 0.07 {
            // The moist rim of the lower lid.
            let rim = smoothstep(low - 0.07, low - 0.02, v) * 0.5 * smoothstep(0.0, 0.2, high - low);
            for c in 0..3 {
                colour[c] = mix(colour[c], colour[c] * [1.12, 0.86, 0.84][c] + 0.02 * light[c], rim);
            }
        }
        self.lashes(u, v, low, high, light, colour)
    }

    /// The upper lid: its crease, which smooths out as the lid comes down, and its roundness over the ball.
    fn lid(&self, u: f32, v: f32, openness: f32, mut colour: [f32; 3]) -> [f32; 3] {
        let arch = (1.0 - (u * 0.86).powi(2)).max(0.0).sqrt();
        let open = openness.clamp(0.0, 1.2);
        let height =
            0.10 + (self.aperture * mix(0.66, 1.0, open.min(1.0)) + 0.12 + 0.10 * (1.0 - self.hood)) * arch + 0.06 * (open - 1.0).max(0.0);
        let strength = mix(0.95, 0.35, self.hood) * smoothstep(1.25, 0.95, u.abs()) * mix(0.10, 1.0, open.min(1.0));
        let crease = bell(v - height, 0.058) * strength;
        for c in 0..3 {
            colour[c] *= 1.0 - crease * [0.42, 0.53, 0.55][c];
        }
        let shaded = bell(u - 0.1, 1.0) * smoothstep(-0.13, 0.20, v) * smoothstep(1.0, 0.5, v) * self.paint * mix(0.35, 1.0, open.min(1.0));
        for c in 0..3 {
            colour[c] *= 1.0 - shaded * [0.50, 0.58, 0.56][c];
        }
        // A lid that is down is a smooth ball: bright where it faces the light from above, dark towards its edge.
        let down = 1.0 - open.min(1.0);
        let (_, high) = self.lids(u.clamp(-1.0, 1.0), openness);
        let above = v - high;
        if down > 0.02 && u.abs() < 1.0 && above > 0.0 {
            let ridge = bell(above - 0.22, 0.12) * (1.0 - u * u);
            let hem = smoothstep(0.16, 0.0, above) * (1.0 - u.powi(4));
            for value in &mut colour {
                *value *= 1.0 + down * (0.16 * ridge - 0.34 * hem);
            }
        }
        colour
    }

    fn lashes(&self, u: f32, v: f32, low: f32, high: f32, light: [f32; 3], mut colour: [f32; 3]) -> [f32; 3] {
        let fade = smoothstep(-1.05, -0.75, u) * smoothstep(1.25, 0.95, u);
        let strand = noise(u * 26.0 + v * 6.0 * u, v * 2.0, self.seed.wrapping_add(7));
        let outer = smoothstep(-0.2, 0.9, u);
        let reach = (0.050 + 0.06 * outer) * (0.8 + 0.5 * strand) * (0.7 + 0.5 * self.lash);
        // The wing of lashes at the outer corner follows the lid's line outwards.
        let line = if u > 0.9 { high + 0.25 * (u - 0.9) } else { high };
        let above = v - line;
        let upper = smoothstep(-0.055, -0.015, above) * smoothstep(reach, reach * 0.35, above) * fade;
        let below = low - v;
        let lower = smoothstep(-0.02, 0.0, below) * smoothstep(0.05 + 0.03 * strand, 0.01, below) * smoothstep(-0.3, 0.6, u) * fade * 0.35;
        // Where the lids meet they leave one dark line from corner to corner.
        let shut = smoothstep(0.22, 0.02, high - low) * bell(v - high, 0.022) * smoothstep(1.06, 0.94, u.abs());
        let lower = lower.max(0.9 * shut);
        let amount = (0.92 * upper * (0.72 + 0.28 * self.lash)).max(lower);
        for c in 0..3 {
            colour[c] = mix(colour[c], 0.018 * light[c], amount);
        }
        colour
    }

    fn ball(&self, u: f32, v: f32, low: f32, high: f32, state: &EyeState, light: [f32; 3]) -> [f32; 3] {
        let (px, py) = self.place(u, v);
        let (dx, dy) = ((px - self.centre_x) / BALL, (py - self.centre_y) / BALL);
        let flat = (dx * dx + dy * dy).min(0.98);
        let normal = v3(dx, dy, (1.0 - flat).sqrt());
        let off = normal - state.gaze * normal.dot(state.gaze);
        let r = off.length() * BALL;
        let angle = off.y.atan2(off.x);

        let corner = smoothstep(0.55, 1.0, u.abs());
        let vein = noise(px * 900.0, py * 500.0, self.seed.wrapping_add(5)).max(0.0) * corner;
        let mut albedo = [0.50, 0.475, 0.455];
        let pink = 0.20 * corner + 0.10 * vein;
        for (c, value) in albedo.iter_mut().enumerate() {
            *value *= 1.0 - pink * [0.35, 1.1, 1.15][c];
        }
        // The pink corner next to the nose.
        let caruncle = smoothstep(-0.80, -0.95, u);
        for (c, value) in albedo.iter_mut().enumerate() {
            *value = mix(*value, [0.42, 0.20, 0.17][c], caruncle);
        }
        let in_iris = smoothstep(IRIS + 0.0004, IRIS - 0.0003, r);
        if in_iris > 0.0 {
            let streak =
                1.0 + 0.28 * noise(angle * 9.0, r * 900.0, self.seed) + 0.16 * noise(angle * 23.0, r * 500.0, self.seed.wrapping_add(1));
            let ring = 1.0 - 0.72 * smoothstep(IRIS * 0.72, IRIS, r);
            let core = 1.0 + 0.45 * bell(r - 0.0030, 0.0009);
            let dark = smoothstep(PUPIL - 0.0002, PUPIL + 0.0003, r);
            for (c, value) in albedo.iter_mut().enumerate() {
                let tone = mix(0.012, self.iris[c] * streak * ring * core * 1.25, dark);
                *value = mix(*value, tone, in_iris);
            }
        }
        // The upper lid and its lashes shade the ball.
        let shade =
            mix(0.34, 1.0, smoothstep(0.0, 0.26, high - v)) * mix(0.72, 1.0, smoothstep(0.0, 0.12, v - low)) * mix(1.0, 0.72, corner);
        let mut colour: [f32; 3] = std::array::from_fn(|c| albedo[c] * light[c] * shade);
        let cornea = (state.gaze + off * if r < IRIS { 1.7 } else { 1.0 }).normalised();
        let spot = cornea.dot(state.half);
        let glint = smoothstep(0.9875, 0.9955, spot) * 0.85 + smoothstep(0.90, 0.99, spot) * 0.025;
        for (c, value) in colour.iter_mut().enumerate() {
            *value += [state.glint.x, state.glint.y, state.glint.z][c] * glint * smoothstep(0.0, 0.08, high - v);
        }
        colour
    }
}

impl EyeState {
    /// The state of an eye in light; `camera` is the unit vector to the camera in head space.
    pub fn new(openness: f32, gaze: Vec3, camera: Vec3, light: &Illumination) -> Self {
        Self { openness, gaze, half: (light.towards + camera).normalised(), glint: light.key }
    }
}
