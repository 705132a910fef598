//! Seeded numbers and lattice noise; the same seed gives the same values in every release.

/// One round of the SplitMix64 finaliser: any 64 bits to well-mixed 64 bits.
pub(super) const fn scramble(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A sequence of numbers drawn from a seed.
#[derive(Debug, Clone)]
pub(super) struct Draws(u64);

impl Draws {
    pub const fn new(seed: u64) -> Self {
        Self(scramble(seed))
    }

    pub const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        scramble(self.0)
    }

    /// Uniform in [0, 1).
    pub fn unit(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / 16_777_216.0
    }

    /// Uniform in [low, high).
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// Roughly normal, mean 0, standard deviation 1, never beyond 3.
    pub fn bell(&mut self) -> f32 {
        (0..4).map(|_| self.unit()).sum::<f32>().mul_add(1.732, -3.464)
    }

    pub fn chance(&mut self, probability: f32) -> bool {
        self.unit() < probability
    }

    /// One of `choices`.
    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[(self.bits() % choices.len() as u64) as usize]
    }
}

fn corner(x: i32, y: i32, seed: u32) -> f32 {
    let mut h = (x as u32).wrapping_mul(0x8da6_b343) ^ (y as u32).wrapping_mul(0xd816_3841) ^ seed.wrapping_mul(0xcb1a_b31f);
    h = (h ^ (h >> 15)).wrapping_mul(0x2c1b_3c6d);
    h = (h ^ (h >> 12)).wrapping_mul(0x297a_2d39);
    h ^= h >> 15;
    h as f32 / 2_147_483_648.0 - 1.0
}

/// Smooth value noise in [-1, 1]; one lattice cell is one unit.
pub(super) fn noise(x: f32, y: f32, seed: u32) -> f32 {
    let (fx, fy) = (x.floor(), y.floor());
    let (i, j) = (fx as i32, fy as i32);
    let (tx, ty) = (x - fx, y - fy);
    let (tx, ty) = (tx * tx * (3.0 - 2.0 * tx), ty * ty * (3.0 - 2.0 * ty));
    let i1 = i.wrapping_add(1);
    let j1 = j.wrapping_add(1);
    let top = corner(i, j, seed) + (corner(i1, j, seed) - corner(i, j, seed)) * tx;
    let bottom = corner(i, j1, seed) + (corner(i1, j1, seed) - corner(i, j1, seed)) * tx;
    top + (bottom - top) * ty
}

/// Three octaves of [`noise`], within about [-1, 1].
pub(super) fn fractal(x: f32, y: f32, seed: u32) -> f32 {
    (noise(x, y, seed)
        + 0.5 * noise(x * 2.03 + 7.1, y * 2.03, seed.wrapping_add(1))
        + 0.25 * noise(x * 4.1, y * 4.1 + 3.7, seed.wrapping_add(2)))
        / 1.75
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_repeat_and_stay_in_range() {
        let (mut a, mut b) = (Draws::new(7), Draws::new(7));
        for _ in 0..1000 {
            let value = a.unit();
            assert_eq!(value, b.unit());
            assert!((0.0..1.0).contains(&value));
            assert!(b.bell().abs() <= 3.5);
            a.bell();
        }
        assert_ne!(Draws::new(1).bits(), Draws::new(2).bits());
    }

    #[test]
    fn noise_is_continuous_and_bounded() {
        for k in 0..2000 {
            let x = k as f32 * 0.013 - 9.0;
            assert!(noise(x, 0.4, 3).abs() <= 1.0);
            assert!((noise(x, 0.4, 3) - noise(x + 0.001, 0.4, 3)).abs() < 0.01);
        }
    }
}
