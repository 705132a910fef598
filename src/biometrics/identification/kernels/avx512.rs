//! 512-bit kernels for x86-64 processors with AVX-512 F and BW.
#![allow(unsafe_code, reason = "vector loads through pointers, and functions that need detected processor features")]

use super::super::rows::{F32Block, I8Block};
use super::Kernel;
use std::arch::x86_64::*;

/// This kernel, where the processor runs it.
pub(super) fn kernel() -> Option<Kernel> {
    (is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw")).then_some(Kernel { name: "avx512", dot_f32, dot_i8 })
}

#[target_feature(enable = "avx512f,avx512bw")]
fn load_f32(block: &F32Block) -> __m512 {
    // SAFETY: a block is sixteen f32, 64 bytes, aligned to 64 by its type.
    unsafe { _mm512_load_ps(block.0.as_ptr()) }
}

#[target_feature(enable = "avx512f,avx512bw")]
fn load_i8(block: &I8Block) -> __m512i {
    // SAFETY: a block is 64 bytes, aligned to 64 by its type.
    unsafe { _mm512_load_si512(block.0.as_ptr().cast()) }
}

/// Four rows at a time: their sums need not wait for each other, and the probe is loaded once for all.
#[target_feature(enable = "avx512f,avx512bw")]
pub(super) fn dot_f32(rows: &[F32Block], probe: &[F32Block], out: &mut [f32]) {
    let length = probe.len().max(1);
    let (mut fours, mut answers) = (rows.chunks_exact(4 * length), out.chunks_exact_mut(4));
    for (four, answer) in fours.by_ref().zip(answers.by_ref()) {
        let (first, rest) = four.split_at(length);
        let (second, rest) = rest.split_at(length);
        let (third, fourth) = rest.split_at(length);
        let mut sums = [_mm512_setzero_ps(); 4];
        for ((((a, b), c), d), y) in first.iter().zip(second).zip(third).zip(fourth).zip(probe) {
            let y = load_f32(y);
            sums[0] = _mm512_fmadd_ps(load_f32(a), y, sums[0]);
            sums[1] = _mm512_fmadd_ps(load_f32(b), y, sums[1]);
            sums[2] = _mm512_fmadd_ps(load_f32(c), y, sums[2]);
            sums[3] = _mm512_fmadd_ps(load_f32(d), y, sums[3]);
        }
        for (answer, sum) in answer.iter_mut().zip(sums) {
            *answer = _mm512_reduce_add_ps(sum);
        }
    }
    for (row, answer) in fours.remainder().chunks_exact(length).zip(answers.into_remainder()) {
        let add = |sum, (x, y)| _mm512_fmadd_ps(load_f32(x), load_f32(y), sum);
        *answer = _mm512_reduce_add_ps(row.iter().zip(probe).fold(_mm512_setzero_ps(), add));
    }
}

#[target_feature(enable = "avx512f,avx512bw")]
fn dot_i8(rows: &[I8Block], probe: &[I8Block], out: &mut [i32]) {
    let ones = _mm512_set1_epi16(1);
    let zero = _mm512_setzero_si512();
    for (row, answer) in rows.chunks_exact(probe.len().max(1)).zip(out) {
        let mut sum = zero;
        for (x, y) in row.iter().zip(probe) {
            let (x, y) = (load_i8(x), load_i8(y));
            // |x| times y with the sign of x; pairs add up to at most 2 · 127 · 127 = 32 258, which 16 bits hold. Where x is 0 the sign
            // does not matter.
            let signed = _mm512_mask_sub_epi8(y, _mm512_movepi8_mask(x), zero, y);
            let pairs = _mm512_maddubs_epi16(_mm512_abs_epi8(x), signed);
            sum = _mm512_add_epi32(sum, _mm512_madd_epi16(pairs, ones));
        }
        *answer = _mm512_reduce_add_epi32(sum);
    }
}
