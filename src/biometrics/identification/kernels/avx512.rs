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

/// One row after the other: memory is what this waits for, and it is read fastest from front to back. (Four rows at a time, as the 8-bit
/// kernel has it, took three times as long: rows of 512 bytes are streams to the prefetcher that end too soon.)
#[target_feature(enable = "avx512f,avx512bw")]
fn dot_f32(rows: &[F32Block], probe: &[F32Block], out: &mut [f32]) {
    for (row, answer) in rows.chunks_exact(probe.len().max(1)).zip(out) {
        let mut sums = [_mm512_setzero_ps(); 2];
        for (k, (x, y)) in row.iter().zip(probe).enumerate() {
            sums[k % 2] = _mm512_fmadd_ps(load_f32(x), load_f32(y), sums[k % 2]);
        }
        *answer = _mm512_reduce_add_ps(_mm512_add_ps(sums[0], sums[1]));
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
