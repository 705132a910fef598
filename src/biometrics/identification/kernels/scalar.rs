//! The portable kernel: plain loops that a compiler turns into what vectors it has. The twin every other kernel is tested against.

use super::super::rows::{F32Block, I8Block};
use super::Kernel;

pub(super) const KERNEL: Kernel = Kernel { name: "scalar", dot_f32, dot_i8 };

fn dot_f32(rows: &[F32Block], probe: &[F32Block], out: &mut [f32]) {
    for (row, sum) in rows.chunks_exact(probe.len().max(1)).zip(out) {
        let mut lanes = [0.0_f32; 16];
        for (x, y) in row.iter().zip(probe) {
            for (lane, (x, y)) in lanes.iter_mut().zip(x.0.iter().zip(&y.0)) {
                *lane += x * y;
            }
        }
        *sum = lanes.iter().sum();
    }
}

fn dot_i8(rows: &[I8Block], probe: &[I8Block], out: &mut [i32]) {
    for (row, sum) in rows.chunks_exact(probe.len().max(1)).zip(out) {
        let mut lanes = [0_i32; 8];
        for (x, y) in row.iter().zip(probe) {
            for (x, y) in x.0.chunks_exact(8).zip(y.0.chunks_exact(8)) {
                for (lane, (x, y)) in lanes.iter_mut().zip(x.iter().zip(y)) {
                    // Neither overflows: a product is at most 127 · 127, and a row would need 133 000 values for their sum to.
                    *lane = lane.wrapping_add(i32::from(i16::from(*x).wrapping_mul(i16::from(*y))));
                }
            }
        }
        *sum = lanes.iter().sum();
    }
}
