//! Where hair grows, how thick it lies and how its strands look.

use super::identity::{HairStyle, SubjectIdentity};
use super::random::{fractal, noise};
use super::vector::{Vec3, bell, mix, smoothstep};

/// The hair of one identity.
#[derive(Debug, Clone, Copy)]
pub(super) struct HairShape {
    style: HairStyle,
    forehead: f32,
    seed: u32,
    parting: f32,
}

impl HairShape {
    pub fn new(identity: &SubjectIdentity) -> Self {
        let seed = (identity.seed() as u32).wrapping_mul(977).wrapping_add(13);
        let parting = if seed.is_multiple_of(2) { 0.024 } else { -0.024 };
        Self { style: identity.hair, forehead: identity.shape.forehead, seed, parting }
    }

    /// How far inside the hair a point of the skin is, metres; negative on bare skin.
    pub fn depth(&self, p: Vec3) -> f32 {
        let x = p.x.abs();
        let mut line = self.forehead - 0.55 * (x - 0.030).max(0.0);
        match self.style {
            HairStyle::Receding => line += 0.026 * bell(x - 0.034, 0.013) + 0.006,
            HairStyle::Fringe => line = mix(0.0305, 0.020, smoothstep(0.02, 0.055, x)) + 0.0035 * noise(p.x * 160.0, 0.0, self.seed),
            HairStyle::SideParted => {
                line -= 0.012 * smoothstep(0.0, 0.05, (p.x - self.parting) * -self.parting.signum()) * smoothstep(0.06, 0.03, x)
            }
            HairStyle::Curls => line -= 0.004 + 0.004 * noise(p.x * 90.0, 1.0, self.seed),
            HairStyle::Long | HairStyle::Bob => line = self.forehead + 0.018 - 0.62 * x,
            HairStyle::Tied => line += 0.006 + 0.004 * bell(x, 0.020),
            _ => line -= 0.004 * bell(x, 0.012),
        }
        let front = p.y - line;
        // Down the temple to the sideburn before the ear, then behind the ear to the nape.
        let edge = mix(-0.074, -0.036, smoothstep(-0.030, 0.048, p.y));
        let low = mix(-0.030, -0.075, smoothstep(-0.085, -0.110, p.z));
        let side = (edge - p.z).min(p.y - low);
        if matches!(self.style, HairStyle::Bald) { -0.05 } else { front.max(side) }
    }

    /// Thickness of the hair over a point of the skin, metres.
    pub fn thickness(&self, p: Vec3, depth: f32) -> f32 {
        let high = smoothstep(0.02, 0.11, p.y);
        let (volume, ramp) = match self.style {
            HairStyle::Bald => return 0.0,
            HairStyle::Crop => (0.0035 + 0.004 * high, 0.020),
            HairStyle::SideParted => {
                let away = smoothstep(0.0, 0.03, (p.x - self.parting).abs());
                (0.006 + 0.018 * high * (0.45 + 0.55 * away), 0.016)
            }
            HairStyle::Receding => (0.004 + 0.005 * high, 0.024),
            HairStyle::Curls => (0.018 + 0.022 * high + 0.005 * fractal(p.x * 75.0 + p.z * 50.0, p.y * 75.0, self.seed), 0.022),
            HairStyle::Tied => (0.005 + 0.003 * high, 0.020),
            HairStyle::Bob | HairStyle::Long => (0.009 + 0.010 * high - 0.006 * bell(p.x, 0.006) * high, 0.016),
            HairStyle::Fringe => (0.009 + 0.010 * high, 0.007),
        };
        volume * smoothstep(-0.001, ramp, depth)
    }

    /// Share of hair over skin at a point, 0-1, with single strands at the edge.
    pub fn cover(&self, p: Vec3, depth: f32, column: f32) -> f32 {
        if depth < -0.012 {
            return 0.0;
        }
        let ragged =
            0.0030 * noise(column * 2.3, p.y * 90.0, self.seed) + 0.0022 * noise(column * 0.9, p.y * 40.0, self.seed.wrapping_add(5));
        let ragged = if matches!(self.style, HairStyle::Long | HairStyle::Bob) { ragged * 0.3 } else { ragged };
        let soft = match self.style {
            HairStyle::Crop | HairStyle::Receding => 0.011,
            HairStyle::Tied => 0.008,
            _ => 0.005,
        };
        let full = if matches!(self.style, HairStyle::Crop) { 0.93 } else { 0.99 };
        full * smoothstep(-soft * 0.6, soft, depth + ragged)
    }

    /// Brightness of the strands around a point of the skin, about 0.5-1.5; `column` counts along the head's girth.
    pub fn strands(&self, p: Vec3, column: f32) -> f32 {
        if matches!(self.style, HairStyle::Curls) {
            return 0.95 + 0.55 * fractal(p.x * 250.0 + p.z * 150.0, p.y * 250.0 - p.z * 210.0, self.seed);
        }
        let hanging = |scale: f32, seed: u32| noise(column * 1.7 * scale, (p.y * 30.0 + p.z * 20.0) * scale, seed);
        // Combed hair runs sideways and down from its parting over the front of the head.
        let parting = match self.style {
            HairStyle::SideParted => Some(self.parting),
            HairStyle::Long | HairStyle::Bob => Some(0.0),
            _ => None,
        };
        let (mut fine, mut broad) = (hanging(1.0, self.seed), hanging(0.22, self.seed.wrapping_add(9)));
        if let Some(parting) = parting {
            let away = (p.x - parting).abs();
            let across = p.y + 0.62 * away + 0.5 * p.z;
            let combed = smoothstep(0.062, 0.045, p.x.abs()) * smoothstep(-0.06, -0.03, p.z);
            fine = mix(fine, noise(across * 1100.0, away * 60.0, self.seed), combed);
            broad = mix(broad, noise(across * 260.0, away * 25.0, self.seed.wrapping_add(9)), combed);
            let line = bell(away, 0.0016) * smoothstep(0.03, 0.07, p.y);
            return (1.0 + 0.32 * fine + 0.26 * broad) * (1.0 - 0.4 * line);
        }
        1.0 + 0.32 * fine + 0.26 * broad
    }

    /// Lowest point of hair that hangs beside the face, metres, if it does.
    pub const fn hangs_to(&self) -> Option<f32> {
        match self.style {
            HairStyle::Bob | HairStyle::Fringe => Some(-0.100),
            HairStyle::Long => Some(-0.240),
            _ => None,
        }
    }

    pub const fn seed(&self) -> u32 {
        self.seed
    }
}
