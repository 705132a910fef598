//! The albedo of the face, painted once per identity on the head's grid.

use super::hair::HairShape;
use super::head::{COLUMNS, GridPoint, Head, ROWS, sample};
use super::identity::{Beard, Colours, SubjectIdentity};
use super::random::{Draws, fractal, noise};
use super::vector::{Vec3, bell, mix, smoothstep};

/// Texels per grid cell and side at full detail.
const DETAIL: usize = 4;

/// One level of detail: texels hold the square root of linear albedo, 0-255, and gloss.
pub(super) struct Level {
    pub width: usize,
    pub height: usize,
    /// Texels per grid cell.
    pub scale: f32,
    pub texels: Vec<[u8; 4]>,
}

/// The painted skin at falling levels of detail.
pub(super) struct Skin {
    pub levels: Vec<Level>,
}

struct Painter<'a> {
    identity: &'a SubjectIdentity,
    colours: Colours,
    head: &'a Head,
    hair: HairShape,
    seed: u32,
    moles: Vec<(f32, f32, f32)>,
    line_strength: f32,
    tired: f32,
    /// Depth of the fold beside the mouth that age does not explain, cleft of the chin.
    fold: f32,
    cleft: f32,
    blush: f32,
}

fn toward(colour: &mut [f32; 3], other: [f32; 3], amount: f32) {
    for c in 0..3 {
        colour[c] += (other[c] - colour[c]) * amount;
    }
}

fn tint(colour: &mut [f32; 3], factors: [f32; 3], amount: f32) {
    for c in 0..3 {
        colour[c] *= 1.0 + (factors[c] - 1.0) * amount;
    }
}

impl Skin {
    /// Paints the identity's skin, lips, brows, beard and scalp hair.
    pub fn paint(identity: &SubjectIdentity, head: &Head) -> Self {
        let painter = Painter::new(identity, head);
        let width = (COLUMNS - 1) * DETAIL;
        let height = (ROWS - 1) * DETAIL;
        let mut texels = Vec::with_capacity(width * height);
        for row in 0..height {
            for column in 0..width {
                let at = GridPoint { column: (column as f32 + 0.5) / DETAIL as f32, row: (row as f32 + 0.5) / DETAIL as f32 };
                let (colour, gloss) = painter.texel(at);
                let [r, g, b] = colour.map(|v| (v.clamp(0.0, 1.0).sqrt() * 255.0 + 0.5) as u8);
                texels.push([r, g, b, (gloss.clamp(0.0, 1.0) * 255.0) as u8]);
            }
        }
        let mut levels = vec![Level { width, height, scale: DETAIL as f32, texels }];
        for _ in 0..2 {
            let next = levels.last().map(Level::halved);
            levels.extend(next);
        }
        Self { levels }
    }
}

impl Level {
    fn halved(&self) -> Self {
        let (width, height) = (self.width / 2, self.height / 2);
        let mut texels = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let at = |dx: usize, dy: usize| self.texels[(2 * y + dy) * self.width + 2 * x + dx];
                let four = [at(0, 0), at(1, 0), at(0, 1), at(1, 1)];
                texels.push(std::array::from_fn(|c| (four.iter().map(|t| u16::from(t[c])).sum::<u16>() / 4) as u8));
            }
        }
        Self { width, height, scale: self.scale / 2.0, texels }
    }

    /// The texel at a grid place.
    #[inline]
    pub fn texel(&self, column: f32, row: f32) -> [u8; 4] {
        let x = ((column * self.scale) as usize).min(self.width - 1);
        let y = ((row * self.scale) as usize).min(self.height - 1);
        self.texels[y * self.width + x]
    }
}

impl<'a> Painter<'a> {
    fn new(identity: &'a SubjectIdentity, head: &'a Head) -> Self {
        let mut draws = Draws::new(identity.seed() ^ 0x6d6f_6c65);
        let count = (draws.unit() * 4.5) as usize;
        let moles =
            (0..count).map(|_| (draws.between(-0.055, 0.055), draws.between(-0.095, 0.045), draws.between(0.0008, 0.0021))).collect();
        let age = identity.age;
        Self {
            identity,
            colours: identity.colours(),
            head,
            hair: HairShape::new(identity),
            seed: identity.seed() as u32,
            moles,
            line_strength: smoothstep(28.0, 75.0, age),
            fold: draws.between(0.0, 0.5),
            cleft: if draws.chance(0.2) { draws.between(0.4, 1.0) } else { 0.0 },
            tired: draws.between(0.0, 0.75) + 0.25 * smoothstep(35.0, 70.0, age),
            blush: draws.between(0.3, 1.0) * (1.0 - 0.75 * identity.tone),
        }
    }

    fn texel(&self, at: GridPoint) -> ([f32; 3], f32) {
        let p = sample(&self.head.skin, at);
        let depth = self.hairness(at);
        let mut colour = self.colours.skin;
        let mut gloss = 0.36;
        let front = p.z > -0.075;
        if front {
            self.complexion(&mut colour, p);
            self.lines(&mut colour, p);
            self.lids(&mut colour, p);
            self.beard(&mut colour, &mut gloss, p);
            self.lips(&mut colour, &mut gloss, p, at.column);
            self.spots(&mut colour, p);
        }
        let fine = noise(p.x * 1900.0, p.y * 1900.0 + p.z * 900.0, self.seed);
        let pores = noise(p.x * 700.0, p.y * 700.0 + p.z * 500.0, self.seed.wrapping_add(3));
        let grain = 1.0 + 0.035 * fine + 0.030 * pores;
        colour = colour.map(|v| v * grain);
        if front {
            self.brows(&mut colour, &mut gloss, p);
        }
        let cover = self.hair.cover(p, depth, at.column);
        if cover > 0.0 {
            let strand = self.hair.strands(p, at.column).max(0.35);
            toward(&mut colour, self.colours.hair.map(|v| v * strand), cover);
            gloss = mix(gloss, 0.30, cover);
        }
        (colour, gloss)
    }

    fn hairness(&self, at: GridPoint) -> f32 {
        let column = (at.column as usize).min(COLUMNS - 2);
        let row = (at.row as usize).min(ROWS - 2);
        let (s, t) = (at.column - column as f32, at.row - row as f32);
        let h = &self.head.hairness;
        let i = row * COLUMNS + column;
        mix(mix(h[i], h[i + 1], s), mix(h[i + COLUMNS], h[i + COLUMNS + 1], s), t)
    }

    /// Height of the line between the lips at a column.
    fn lip_line(&self, column: f32) -> f32 {
        let left = (column as usize).min(COLUMNS - 2);
        mix(self.head.lip_line[left], self.head.lip_line[left + 1], column - left as f32)
    }

    fn complexion(&self, colour: &mut [f32; 3], p: Vec3) {
        let blotch = fractal(p.x * 55.0, p.y * 55.0, self.seed.wrapping_add(40));
        tint(colour, [1.03, 0.95, 0.94], blotch * 0.8);
        let patchy = fractal(p.x * 170.0, p.y * 170.0, self.seed.wrapping_add(50));
        tint(colour, [1.03, 0.96, 0.95], patchy * 0.8);
        let x = p.x.abs();
        let own = noise(x * 38.0, p.y * 38.0 + 5.0, self.seed.wrapping_add(44));
        tint(colour, [0.88, 0.81, 0.80], own * 1.1);
        let finer = noise(x * 85.0, p.y * 85.0 + 2.0, self.seed.wrapping_add(45));
        tint(colour, [0.90, 0.85, 0.84], finer * 0.6);
        let nose = self.head.anatomy.nose_tip.y;
        let cheek = bell(x - 0.042, 0.015) * bell(p.y + 0.036, 0.016);
        let tip = bell(x, 0.010) * bell(p.y - nose, 0.010);
        tint(colour, [1.02, 0.80, 0.78], (cheek + 0.7 * tip).min(1.0) * self.blush);
        let forehead = smoothstep(0.025, 0.05, p.y);
        tint(colour, [1.0, 0.98, 0.92], forehead * 0.8);
        tint(colour, [0.94, 0.93, 0.93], smoothstep(-0.075, -0.11, p.y));
        let cleft = bell(x, 0.0014) * bell(p.y - self.head.anatomy.chin_y, 0.006);
        tint(colour, [0.70, 0.62, 0.60], cleft * self.cleft);
        // Inside of the nostrils.
        let s = &self.identity.shape;
        let n = bell(x - 0.0064 * s.nose_width, 0.0022) * bell(p.y - (nose - 0.0094), 0.0020);
        tint(colour, [0.12, 0.07, 0.06], smoothstep(0.25, 0.8, n));
        // The crease around the wing of the nose.
        let wing = ((x - 0.0118 * s.nose_width).powi(2) + (p.y - nose + 0.004).powi(2)).sqrt();
        if x > 0.0118 * s.nose_width {
            tint(colour, [0.80, 0.70, 0.68], bell(wing - 0.0078, 0.0013) * 0.7);
        }
    }

    fn lines(&self, colour: &mut [f32; 3], p: Vec3) {
        let x = p.x.abs();
        let s = &self.identity.shape;
        let anatomy = &self.head.anatomy;
        // From the wing of the nose past the corner of the mouth.
        let top = anatomy.nose_tip.y + 0.002;
        let bottom = anatomy.mouth_y - 0.006;
        let t = (top - p.y) / (top - bottom);
        if (-0.1..1.15).contains(&t) {
            let fold = mix(0.0185 * s.nose_width.sqrt(), s.mouth_half_width + 0.0080, t.clamp(0.0, 1.0).powf(0.9));
            let ends = smoothstep(-0.05, 0.15, t) * smoothstep(1.15, 0.75, t);
            tint(colour, [0.80, 0.72, 0.70], bell(x - fold, 0.0017) * ends * (self.fold + 0.75 * self.line_strength));
        }
        if p.y > 0.030 && p.y < 0.062 && x < 0.04 {
            let wave = (p.y * 620.0 + 0.8 * noise(p.x * 45.0, p.y * 60.0, self.seed.wrapping_add(21))).sin();
            tint(colour, [0.86, 0.82, 0.80], smoothstep(0.75, 1.0, wave) * self.line_strength * smoothstep(0.042, 0.02, x) * 0.9);
        }
        let crow = x - (s.eye_x + s.eye_half_width + 0.004);
        if (0.0..0.016).contains(&crow) && p.y.abs() < 0.014 {
            let ray = (p.y / (0.006 + crow * 0.6) * 7.0).cos();
            tint(colour, [0.85, 0.80, 0.78], smoothstep(0.7, 1.0, ray) * self.line_strength * 0.8 * smoothstep(0.016, 0.006, crow));
        }
    }

    fn lids(&self, colour: &mut [f32; 3], p: Vec3) {
        let s = &self.identity.shape;
        let x = p.x.abs() - s.eye_x;
        let hw = s.eye_half_width;
        if x.abs() > 2.2 * hw || p.y.abs() > 0.03 {
            return;
        }
        let u = x / hw;
        let slant = s.eye_slant * x;
        let v = p.y - slant;
        let under = bell(u + 0.15, 0.75) * bell(v + 0.0125, 0.0042);
        tint(colour, [0.84, 0.74, 0.76], under * self.tired);
        let bag = bell(u, 0.7) * bell(v + 0.0165 + 0.003 * u * u, 0.0012);
        tint(colour, [0.82, 0.76, 0.76], bag * self.line_strength * 0.8);
        let lid = bell(u, 0.85) * smoothstep(-0.002, 0.004, v) * smoothstep(0.013, 0.007, v);
        tint(colour, [0.90, 0.78, 0.76], lid * 0.4);
        let inner = bell(u + 1.15, 0.35) * bell(v - 0.001, 0.007);
        tint(colour, [0.82, 0.70, 0.68], inner * 0.7);
    }

    fn lips(&self, colour: &mut [f32; 3], gloss: &mut f32, p: Vec3, column: f32) {
        let s = &self.identity.shape;
        let half = s.mouth_half_width;
        let across = p.x.abs() / half;
        if across > 1.2 || (p.y - self.head.anatomy.mouth_y).abs() > 0.022 {
            return;
        }
        let dy = p.y - self.lip_line(column);
        let arch = (1.0 - across * across).max(0.0);
        let bow = 1.0 + 0.20 * bell(across - 0.24, 0.16) - 0.22 * bell(across, 0.10);
        let edge = 0.0005 * noise(p.x * 600.0, 3.0, self.seed);
        let upper = s.lip_upper * arch.powf(0.75) * bow + edge;
        let lower = s.lip_lower * arch.powf(0.62) + edge;
        let soft = 0.0008;
        let inside =
            smoothstep(upper + soft, upper - soft, dy) * smoothstep(-lower - soft, -lower + soft, dy) * smoothstep(1.04, 0.97, across);
        if inside > 0.0 {
            let wrinkle = 1.0 + 0.10 * noise(p.x * 1500.0, dy * 150.0, self.seed.wrapping_add(60));
            let shade = if dy > 0.0 { 0.82 } else { 1.04 };
            toward(colour, self.colours.lips.map(|v| v * wrinkle * shade), inside * 0.96);
            *gloss = mix(*gloss, 0.75 + 0.25 * self.identity.lip_paint, inside);
        }
        // The line itself, deepest at the corners.
        let seam = bell(dy, 0.0009 + 0.0006 * smoothstep(0.7, 1.0, across)) * smoothstep(1.10, 0.96, across);
        tint(colour, [0.30, 0.20, 0.19], seam * 0.92);
        let shadow = bell(across, 0.6) * bell(dy + lower + 0.0022, 0.0016);
        tint(colour, [0.80, 0.73, 0.72], shadow);
        // A dimple of shade just past the corners.
        let end = bell(across - 1.06, 0.05) * bell(dy, 0.0022);
        tint(colour, [0.62, 0.52, 0.50], end * 0.9);
    }

    fn brows(&self, colour: &mut [f32; 3], gloss: &mut f32, p: Vec3) {
        let s = &self.identity.shape;
        let x = p.x.abs();
        let length = 0.0370 * s.brow_length;
        let t = (x - s.brow_gap) / length;
        if !(-0.15..1.15).contains(&t) || !(0.005..0.045).contains(&p.y) {
            return;
        }
        let side = if p.x < 0.0 { 77 } else { 0 };
        let lift = 0.0008 * s.asymmetry * p.x.signum();
        let middle = s.brow_y + lift + s.brow_tilt * 0.030 * t.min(0.68) + s.brow_arch * (1.0 - ((t - 0.62) / 0.62).powi(2))
            - 0.010 * (t - 0.68).max(0.0);
        let half = 0.5 * s.brow_thickness * smoothstep(-0.10, 0.14, t) * mix(1.15, 0.42, smoothstep(0.45, 1.0, t));
        let off = p.y - middle;
        // Strands rise near the nose and lie flat towards the temple.
        let lean = mix(1.6, 0.35, smoothstep(0.0, 0.5, t));
        let along = x - off / lean.max(0.2);
        let strand = noise(along * 1500.0, off * 220.0, self.seed.wrapping_add(80 + side));
        let sparse = noise(along * 420.0, off * 300.0, self.seed.wrapping_add(90 + side));
        let body = smoothstep(half + 0.0012, half * 0.45, off.abs() + 0.0006 * strand);
        let ends = smoothstep(-0.08, 0.06, t + 0.04 * strand) * smoothstep(1.08, 0.90, t + 0.04 * strand);
        let cover = body * ends * (s.brow_density * (0.86 + 0.26 * strand + 0.12 * sparse)).clamp(0.0, 0.97);
        toward(colour, self.colours.brows, cover);
        *gloss = mix(*gloss, 0.15, cover);
    }

    fn beard(&self, colour: &mut [f32; 3], gloss: &mut f32, p: Vec3) {
        let style = self.identity.beard;
        if style == Beard::None || p.y > 0.0 {
            return;
        }
        let s = &self.identity.shape;
        let anatomy = &self.head.anatomy;
        let x = p.x.abs();
        let wobble = 0.0020 * noise(p.x * 120.0, p.y * 120.0, self.seed.wrapping_add(30));
        let half = s.mouth_half_width;
        // An oval around the lips stays free; the upper bound runs below the nose and rises over the cheeks to the ears.
        let tall = 0.5 * (s.lip_upper + s.lip_lower) + 0.0040;
        let oval = (x / (half + 0.0030)).hypot((p.y - anatomy.mouth_y + 0.5 * (s.lip_lower - s.lip_upper)) / tall);
        let around = smoothstep(0.96, 1.14, oval + 30.0 * wobble);
        let nose = anatomy.nose_tip.y - 0.0110;
        let bound = nose + (anatomy.mouth_y + 0.0215 - nose).max(0.0) * smoothstep(0.018, 0.034, x) + 0.024 * smoothstep(0.036, 0.068, x);
        let under = smoothstep(bound + 0.001, bound - 0.006, p.y + 1.6 * wobble)
            * (1.0 - 0.35 * bell(x, 0.0022) * smoothstep(-0.002, 0.006, p.y - anatomy.mouth_y));
        let above_mouth = smoothstep(-0.004, 0.002, p.y - anatomy.mouth_y);
        let narrow = smoothstep(half + 0.0125, half + 0.0070, x + 1.5 * wobble);
        let mask = around
            * under
            * match style {
                Beard::None => 0.0,
                Beard::Moustache => above_mouth * narrow,
                Beard::Goatee => narrow,
                Beard::Full | Beard::Stubble => 1.0,
            };
        if mask <= 0.0 {
            return;
        }
        let strand = noise(p.x * 1100.0, p.y * 380.0, self.seed.wrapping_add(33));
        let patch = fractal(p.x * 160.0, p.y * 160.0, self.seed.wrapping_add(34));
        let density = match style {
            Beard::Stubble => 0.40 + 0.22 * strand,
            _ => (0.86 + 0.22 * strand + 0.10 * patch).min(0.96),
        };
        let shade = (0.95 + 0.30 * strand + 0.2 * patch).max(0.4);
        let root = if style == Beard::Stubble { self.colours.brows } else { self.colours.hair };
        toward(colour, root.map(|v| v * 0.85 * shade), (mask * density).clamp(0.0, 0.96));
        *gloss = mix(*gloss, 0.12, mask);
    }

    fn spots(&self, colour: &mut [f32; 3], p: Vec3) {
        let f = self.identity.freckles;
        if f > 0.0 && p.y < 0.012 && p.y > -0.060 {
            let where_ = bell(p.y + 0.028, 0.018) * smoothstep(0.062, 0.03, p.x.abs());
            let dot = noise(p.x * 480.0, p.y * 480.0, self.seed.wrapping_add(70));
            tint(colour, [0.82, 0.66, 0.56], smoothstep(0.35, 0.7, dot) * where_ * f);
        }
        for (x, y, r) in &self.moles {
            let d = (p.x - x).hypot(p.y - y);
            if d < r * 1.6 {
                tint(colour, [0.36, 0.26, 0.24], smoothstep(r * 1.25, r * 0.6, d) * 0.9);
            }
        }
    }
}
