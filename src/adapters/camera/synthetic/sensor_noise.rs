//! Blur of the lens and noise of the sensor on the finished picture.

use super::random::{Draws, scramble};
use crate::imaging::Frame;

/// Normal deviates, scaled by 32, drawn once.
pub(super) struct Grain {
    tile: Vec<i8>,
    /// Strength by brightness, for noise of one level in the mid tones, scaled by 64.
    strength: [i32; 256],
}

const TILE: usize = 1 << 16;

impl Grain {
    pub fn new() -> Self {
        let mut d = Draws::new(0x0067_7261_696e);
        let tile = (0..TILE).map(|_| (d.bell() * 32.0).clamp(-127.0, 127.0) as i8).collect();
        // Photon noise grows with the root of the light; the code compresses bright tones.
        let strength = std::array::from_fn(|v| {
            let x = v as f32 / 255.0;
            ((0.55 + 1.5 * x.sqrt() * (1.0 - 0.75 * x)) * 64.0 / 1.215) as i32
        });
        Self { tile, strength }
    }

    /// Adds noise of `sigma` levels; the same frame number gets the same noise.
    pub fn sprinkle(&self, frame: &mut Frame, sigma: f32, number: u64) {
        if sigma <= 0.0 {
            return;
        }
        let gain = (sigma.min(40.0) * 64.0) as i32;
        let strength = self.strength.map(|s| s * gain);
        let stride = frame.width() as usize * 3;
        for (y, row) in frame.bytes_mut().chunks_exact_mut(stride).enumerate() {
            let mut at = scramble(number.wrapping_mul(0x1_0001).wrapping_add((y as u64) << 40)) as usize & (TILE - 1);
            let mut rest = row;
            while !rest.is_empty() {
                let run = rest.len().min(TILE - at);
                let (now, later) = rest.split_at_mut(run);
                for (v, n) in now.iter_mut().zip(&self.tile[at..at + run]) {
                    let shift = (i32::from(*n) * strength[*v as usize] + (1 << 16)) >> 17;
                    *v = (i32::from(*v) + shift).clamp(0, 255) as u8;
                }
                rest = later;
                at = 0;
            }
        }
    }
}

/// Blurs the whole picture: three box passes that together come close to a normal curve of `sigma` pixels.
pub(super) fn blur(frame: &mut Frame, sigma: f32) {
    if sigma < 0.25 {
        return;
    }
    let (width, height) = (frame.width() as usize, frame.height() as usize);
    let radius = ((sigma * sigma * 4.0 + 1.0).sqrt() / 2.0 - 0.5).round().max(1.0) as usize;
    // A box of the smallest radius would blur more than asked for: mix it in.
    let share = if radius == 1 { (sigma * sigma / 2.0).min(1.0) } else { 1.0 };
    let bytes = frame.bytes_mut();
    let mut line = Vec::new();
    for _ in 0..3 {
        for y in 0..height {
            smear(&mut bytes[y * width * 3..], width, 3, radius, share, &mut line);
        }
        for x in 0..width {
            smear(&mut bytes[x * 3..], height, width * 3, radius, share, &mut line);
        }
    }
}

fn smear(bytes: &mut [u8], count: usize, step: usize, radius: usize, share: f32, line: &mut Vec<[u8; 3]>) {
    line.clear();
    line.extend((0..count).map(|i| [bytes[i * step], bytes[i * step + 1], bytes[i * step + 2]]));
    let at = |i: isize| line[i.clamp(0, count as isize - 1) as usize];
    let mut sum = [0u32; 3];
    for i in -(radius as isize)..=radius as isize {
        let v = at(i);
        (0..3).for_each(|c| sum[c] += u32::from(v[c]));
    }
    let n = (2 * radius + 1) as f32;
    for i in 0..count {
        let own = line[i];
        for c in 0..3 {
            bytes[i * step + c] = (sum[c] as f32 / n * share + f32::from(own[c]) * (1.0 - share) + 0.5) as u8;
        }
        let (leaves, enters) = (at(i as isize - radius as isize), at(i as isize + radius as isize + 1));
        (0..3).for_each(|c| sum[c] = sum[c] + u32::from(enters[c]) - u32::from(leaves[c]));
    }
}
