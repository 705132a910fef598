//! Who the synthetic subject is: proportions, skin, hair and what is worn, all drawn from one seed.

use super::random::Draws;

/// How the hair is worn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HairStyle {
    /// Shaved or lost.
    Bald,
    /// A few millimetres all over.
    Crop,
    /// Short, combed to a side.
    SideParted,
    /// Short, drawn back at the temples.
    Receding,
    /// Thick and curled.
    Curls,
    /// Drawn back tightly.
    Tied,
    /// To the jaw, both sides.
    Bob,
    /// To the jaw, with a fringe.
    Fringe,
    /// Below the shoulders.
    Long,
}

/// Hair on the lower face.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beard {
    /// None.
    None,
    /// A day or two.
    Stubble,
    /// Upper lip only.
    Moustache,
    /// Around the mouth and on the chin.
    Goatee,
    /// Jaw, cheeks and upper lip.
    Full,
}

/// What sits on the nose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glasses {
    /// Nothing.
    None,
    /// Thin round metal.
    Round,
    /// Broad dark rectangles.
    Rectangular,
    /// Nearly black lenses in a broad frame.
    Dark,
}

/// Proportions of one face. Lengths in metres, angles in radians, factors around one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Proportions {
    pub width: f32,
    pub height: f32,
    pub jaw_width: f32,
    pub chin_drop: f32,
    pub chin_width: f32,
    pub cheekbone: f32,
    pub cheek_fat: f32,
    pub brow_ridge: f32,
    pub eye_x: f32,
    pub eye_half_width: f32,
    pub eye_aperture: f32,
    pub eye_slant: f32,
    pub eye_hood: f32,
    pub brow_y: f32,
    pub brow_thickness: f32,
    pub brow_tilt: f32,
    pub brow_arch: f32,
    pub brow_length: f32,
    pub brow_density: f32,
    pub brow_gap: f32,
    pub nose_length: f32,
    pub nose_width: f32,
    pub nose_bridge: f32,
    pub nose_tip: f32,
    pub nose_tip_lift: f32,
    pub mouth_half_width: f32,
    pub mouth_y: f32,
    pub mouth_curve: f32,
    pub lip_upper: f32,
    pub lip_lower: f32,
    pub forehead: f32,
    pub ear: f32,
    pub asymmetry: f32,
}

/// Colours of one face, linear RGB albedo.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Colours {
    pub skin: [f32; 3],
    pub lips: [f32; 3],
    pub brows: [f32; 3],
    pub hair: [f32; 3],
    pub iris: [f32; 3],
    pub garment: [f32; 3],
}

/// A synthetic subject. The same seed gives the same person in every frame.
#[derive(Debug, Clone, PartialEq)]
pub struct SubjectIdentity {
    seed: u64,
    /// Skin tone from 0 (very light) to 1 (very dark).
    pub tone: f32,
    /// Age hint in years, 18-80: lines, sagging, grey.
    pub age: f32,
    /// Hair style.
    pub hair: HairStyle,
    /// Beard.
    pub beard: Beard,
    /// Glasses.
    pub glasses: Glasses,
    pub(super) freckles: f32,
    pub(super) lip_paint: f32,
    pub(super) shape: Proportions,
    hair_hue: f32,
    iris_hue: f32,
    garment_hue: f32,
    undertone: f32,
    brow_shade: f32,
    lip_shade: f32,
    pub(super) lid_shade: f32,
}

/// sRGB anchors of skin from very light to very dark.
const SKIN: [[f32; 3]; 8] = [
    [240.0, 208.0, 190.0],
    [229.0, 188.0, 164.0],
    [214.0, 166.0, 138.0],
    [193.0, 143.0, 112.0],
    [163.0, 114.0, 84.0],
    [128.0, 85.0, 61.0],
    [96.0, 63.0, 46.0],
    [66.0, 45.0, 36.0],
];

/// sRGB anchors of hair: black, dark brown, brown, chestnut, red, dark blond, blond.
const HAIR: [[f32; 3]; 7] = [
    [22.0, 19.0, 19.0],
    [42.0, 30.0, 24.0],
    [72.0, 48.0, 34.0],
    [98.0, 60.0, 38.0],
    [138.0, 70.0, 36.0],
    [150.0, 116.0, 76.0],
    [196.0, 160.0, 106.0],
];

pub(super) fn linear(srgb: [f32; 3]) -> [f32; 3] {
    srgb.map(|v| (v / 255.0).powf(2.2))
}

fn ladder(anchors: &[[f32; 3]], t: f32) -> [f32; 3] {
    let at = t.clamp(0.0, 1.0) * (anchors.len() - 1) as f32;
    let low = (at as usize).min(anchors.len() - 2);
    let part = at - low as f32;
    std::array::from_fn(|c| anchors[low][c] + (anchors[low + 1][c] - anchors[low][c]) * part)
}

impl SubjectIdentity {
    /// The person of a seed.
    #[must_use]
    pub fn from_seed(seed: u64) -> Self {
        let mut d = Draws::new(seed ^ 0x5649_5341_5649_5300);
        // Low-discrepancy in the traits that separate people most, so that neighbouring seeds differ.
        let spread = |k: f32| ((seed % 100_003) as f32 * k + 0.37).fract();
        let tone = (spread(0.618_034) * 0.92 + d.unit() * 0.08).clamp(0.0, 1.0);
        let masculine = if spread(0.754_878) < 0.5 { d.between(0.0, 0.35) } else { d.between(0.65, 1.0) };
        let age = 18.0 + 55.0 * d.unit().powf(1.3);
        let hair = if masculine > 0.5 {
            let old = age > 45.0;
            d.pick(if old {
                &[HairStyle::Bald, HairStyle::Receding, HairStyle::Receding, HairStyle::Crop, HairStyle::SideParted]
            } else {
                &[HairStyle::Crop, HairStyle::SideParted, HairStyle::SideParted, HairStyle::Curls, HairStyle::Bald, HairStyle::Receding]
            })
        } else {
            d.pick(&[HairStyle::Long, HairStyle::Bob, HairStyle::Fringe, HairStyle::Tied, HairStyle::Curls, HairStyle::Long])
        };
        let beard = if masculine > 0.5 {
            d.pick(&[Beard::None, Beard::None, Beard::Stubble, Beard::Moustache, Beard::Goatee, Beard::Full, Beard::Full])
        } else {
            Beard::None
        };
        let glasses =
            d.pick(&[Glasses::None, Glasses::None, Glasses::None, Glasses::None, Glasses::None, Glasses::Round, Glasses::Rectangular]);
        let hair_hue = if tone > 0.5 { d.between(0.0, 0.16) } else { d.between(0.0, 1.0) };
        let iris_hue = if tone > 0.45 { d.between(0.0, 0.25) } else { d.unit() };
        let m = masculine;
        let lip_paint = if masculine < 0.5 && d.chance(0.5) { d.between(0.3, 1.0) } else { 0.0 };
        let painted = lip_paint > 0.0;
        let shape = Proportions {
            width: 1.0 + 0.045 * d.bell() + 0.02 * (m - 0.5),
            height: 1.0 + 0.035 * d.bell() + 0.02 * (m - 0.5),
            jaw_width: 0.94 + 0.10 * d.bell() + 0.14 * (m - 0.5),
            chin_drop: 0.004 * d.bell() + 0.004 * (m - 0.5),
            chin_width: (1.0 + 0.3 * d.bell() + 0.4 * (m - 0.5)).max(0.45),
            cheekbone: (1.0 + 0.6 * d.bell()).max(-0.3),
            cheek_fat: 1.0 + 0.16 * d.bell() - 0.06 * (m - 0.5),
            brow_ridge: (0.5 + 0.4 * d.bell() + 0.8 * (m - 0.5)).max(0.0),
            eye_x: 0.0318 + 0.0021 * d.bell(),
            eye_half_width: (0.0162 + 0.0016 * d.bell() - 0.0006 * (m - 0.5)).clamp(0.0128, 0.0190),
            eye_aperture: (0.42 + 0.10 * d.bell() - 0.06 * (m - 0.5)).clamp(0.26, 0.60),
            eye_slant: (0.055 + 0.085 * d.bell()).clamp(-0.16, 0.26),
            eye_hood: d.unit(),
            brow_y: (0.0205 + 0.0034 * d.bell() - 0.0028 * (m - 0.5)).clamp(0.0130, 0.0275),
            brow_thickness: (0.0040 + 0.0023 * d.bell() + 0.0024 * (m - 0.5)).clamp(0.0012, 0.0095),
            brow_tilt: (0.08 + 0.12 * d.bell()).clamp(-0.12, 0.27),
            brow_arch: (0.0030 + 0.0024 * d.bell() - 0.0012 * (m - 0.5)).max(-0.001),
            brow_length: 1.0 + 0.12 * d.bell(),
            brow_density: (0.84 + 0.25 * d.bell() + 0.15 * (m - 0.5)).clamp(0.35, 1.0),
            brow_gap: (0.0115 + 0.0028 * d.bell() - 0.001 * (m - 0.5)).clamp(0.003, 0.018),
            nose_length: (0.0352 + 0.0028 * d.bell() + 0.0016 * (m - 0.5)).clamp(0.0285, 0.0415),
            nose_width: (1.0 + 0.20 * d.bell() + 0.10 * (m - 0.5) + 0.22 * (tone - 0.4)).clamp(0.65, 1.6),
            nose_bridge: (1.0 + 0.35 * d.bell() + 0.2 * (m - 0.5) - 0.3 * (tone - 0.4)).clamp(0.3, 2.0),
            nose_tip: (1.0 + 0.15 * d.bell() + 0.08 * (m - 0.5)).clamp(0.7, 1.35),
            nose_tip_lift: 0.0022 * d.bell() - 0.001 * (m - 0.5),
            mouth_half_width: (0.0264 + 0.0027 * d.bell() + 0.001 * (m - 0.5)).clamp(0.0205, 0.0325),
            mouth_y: (0.0660 + 0.0026 * d.bell() + 0.002 * (m - 0.5)).clamp(0.0600, 0.0720),
            mouth_curve: 0.0010 + 0.0017 * d.bell(),
            lip_upper: (0.0060 + 0.0022 * d.bell() - 0.0016 * (m - 0.5) + 0.0022 * (tone - 0.4)).clamp(0.0022, 0.0115),
            lip_lower: (0.0088 + 0.0023 * d.bell() - 0.0016 * (m - 0.5) + 0.0022 * (tone - 0.4)).clamp(0.0045, 0.0145),
            forehead: 0.060 + 0.0060 * d.bell(),
            ear: 1.0 + 0.08 * d.bell(),
            asymmetry: d.between(-1.0, 1.0),
        };
        Self {
            seed,
            tone,
            age,
            hair,
            beard,
            glasses,
            freckles: if tone < 0.45 && d.chance(0.3) { d.between(0.3, 1.0) } else { 0.0 },
            lip_paint,
            shape,
            hair_hue,
            iris_hue,
            garment_hue: d.unit(),
            undertone: d.between(-1.0, 1.0),
            brow_shade: d.between(0.0, 1.0),
            lip_shade: d.between(-1.0, 1.0),
            lid_shade: d.unit() * if painted { 0.9 } else { 0.35 },
        }
    }

    /// The seed the person was drawn from.
    #[must_use]
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    /// The same person with another skin tone, 0 (very light) to 1 (very dark).
    #[must_use]
    pub const fn with_tone(mut self, tone: f32) -> Self {
        self.tone = tone.clamp(0.0, 1.0);
        self
    }

    /// The same person with other glasses, or none.
    #[must_use]
    pub const fn with_glasses(mut self, glasses: Glasses) -> Self {
        self.glasses = glasses;
        self
    }

    /// The same person with another beard, or none.
    #[must_use]
    pub const fn with_beard(mut self, beard: Beard) -> Self {
        self.beard = beard;
        self
    }

    pub(super) fn colours(&self) -> Colours {
        let mut skin = ladder(&SKIN, self.tone);
        skin[0] += 3.0 * self.undertone;
        skin[2] -= 5.0 * self.undertone;
        let skin = linear(skin);
        let grey = ((self.age - 42.0) / 30.0).clamp(0.0, 0.95);
        let base = ladder(&HAIR, self.hair_hue);
        let hair = linear(std::array::from_fn(|c| base[c] + ([168.0, 166.0, 164.0][c] - base[c]) * grey));
        // Brows keep their colour longer and are darker than the hair.
        let brows =
            linear(std::array::from_fn(|c| (base[c] + ([120.0, 118.0, 116.0][c] - base[c]) * grey * 0.6) * (0.95 - 0.5 * self.brow_shade)));
        // From pale to dark lips of the same skin.
        let depth = 1.0 - 0.22 * self.lip_shade;
        let natural: [f32; 3] = std::array::from_fn(|c| skin[c] * [0.80, 0.43, 0.45][c] * depth);
        let paint = linear(ladder(&[[150.0, 40.0, 52.0], [176.0, 62.0, 70.0], [140.0, 50.0, 74.0]], self.garment_hue));
        let lips = std::array::from_fn(|c| natural[c] + (paint[c] - natural[c]) * self.lip_paint * 0.7);
        let iris = linear(ladder(
            &[[44.0, 27.0, 18.0], [74.0, 46.0, 26.0], [112.0, 84.0, 44.0], [92.0, 110.0, 82.0], [98.0, 126.0, 146.0], [84.0, 120.0, 164.0]],
            self.iris_hue,
        ));
        let garment = linear(ladder(
            &[[38.0, 46.0, 66.0], [196.0, 196.0, 192.0], [96.0, 40.0, 46.0], [60.0, 92.0, 86.0], [52.0, 52.0, 56.0], [88.0, 112.0, 150.0]],
            self.garment_hue,
        ));
        Colours { skin, lips, brows, hair, iris, garment }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_a_person() {
        assert_eq!(SubjectIdentity::from_seed(7), SubjectIdentity::from_seed(7));
        assert_ne!(SubjectIdentity::from_seed(7).shape, SubjectIdentity::from_seed(8).shape);
    }

    #[test]
    fn all_skin_tones_occur() {
        let tones: Vec<f32> = (0..200).map(|s| SubjectIdentity::from_seed(s).tone).collect();
        for band in 0..8 {
            let (low, high) = (band as f32 / 8.0, (band + 1) as f32 / 8.0);
            assert!(tones.iter().filter(|t| **t >= low && **t < high).count() >= 8, "band {band}");
        }
    }
}
