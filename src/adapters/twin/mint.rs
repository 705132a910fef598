//! Identifiers, secrets and drawn numbers, all from one seed.

use rand::rngs::StdRng;
use rand::{Rng as _, RngExt as _, SeedableRng as _};

/// Makes what a service would make at random; the same seed makes the same row of it.
pub(super) struct Mint(StdRng);

impl Mint {
    pub(super) fn new(seed: u64, purpose: u64) -> Self {
        Self(StdRng::seed_from_u64(seed ^ purpose.wrapping_mul(0x9E37_79B9_7F4A_7C15)))
    }

    pub(super) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    /// UUID in its usual form.
    pub(super) fn uuid(&mut self) -> String {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid().to_string()
    }

    /// `2 * N` hexadecimal digits.
    pub(super) fn hex<const N: usize>(&mut self) -> String {
        self.bytes::<N>().iter().map(|b| format!("{b:02x}")).collect()
    }

    /// 0 to 1, 1 excluded.
    pub(super) fn fraction(&mut self) -> f64 {
        self.0.random()
    }

    /// A generator seeded from here, for keys.
    pub(super) fn generator(&mut self) -> StdRng {
        StdRng::from_seed(self.bytes())
    }
}
