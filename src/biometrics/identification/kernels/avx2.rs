//! 256-bit kernels for x86-64 processors with AVX2 and FMA.
#![allow(unsafe_code, reason = "vector loads through pointers, and functions that need detected processor features")]

use super::super::rows::{F32Block, I8Block};
use super::Kernel;
use std::arch::x86_64::*;

/// This kernel, where the processor runs it.
pub(super) fn kernel() -> Option<Kernel> {
    (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")).then_some(Kernel { name: "avx2", dot_f32, dot_i8 })
}

/// Eight of a block's sixteen values.
#[target_feature(enable = "avx2,fma")]
fn load_f32(block: &F32Block, half: usize) -> __m256 {
    let eight = &block.0[half * 8..half * 8 + 8];
    // SAFETY: the slice has eight f32, 32 bytes, all of which may be read; an unaligned load asks for no more.
    unsafe { _mm256_loadu_ps(eight.as_ptr()) }
}

/// Thirty-two of a block's sixty-four values.
#[target_feature(enable = "avx2,fma")]
fn load_i8(block: &I8Block, half: usize) -> __m256i {
    let part = &block.0[half * 32..half * 32 + 32];
    // SAFETY: the slice has 32 bytes, all of which may be read; an unaligned load asks for no more.
    unsafe { _mm256_loadu_si256(part.as_ptr().cast()) }
}

#[target_feature(enable = "avx2,fma")]
fn sum_f32(v: __m256) -> f32 {
    let four = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps::<1>(v));
    let two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)))
}

#[target_feature(enable = "avx2,fma")]
fn sum_i32(v: __m256i) -> i32 {
    let four = _mm_add_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256::<1>(v));
    let two = _mm_add_epi32(four, _mm_shuffle_epi32::<0b01_00_11_10>(four));
    _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32::<0b10_11_00_01>(two)))
}

#[target_feature(enable = "avx2,fma")]
fn dot_f32(rows: &[F32Block], probe: &[F32Block], out: &mut [f32]) {
    for (row, answer) in rows.chunks_exact(probe.len().max(1)).zip(out) {
        let (mut a, mut b) = (_mm256_setzero_ps(), _mm256_setzero_ps());
        for (x, y) in row.iter().zip(probe) {
            a = _mm256_fmadd_ps(load_f32(x, 0), load_f32(y, 0), a);
            b = _mm256_fmadd_ps(load_f32(x, 1), load_f32(y, 1), b);
        }
        *answer = sum_f32(_mm256_add_ps(a, b));
    }
}

#[target_feature(enable = "avx2,fma")]
fn dot_i8(rows: &[I8Block], probe: &[I8Block], out: &mut [i32]) {
    let ones = _mm256_set1_epi16(1);
    for (row, answer) in rows.chunks_exact(probe.len().max(1)).zip(out) {
        let mut sums = [_mm256_setzero_si256(); 2];
        for (x, y) in row.iter().zip(probe) {
            for (half, sum) in sums.iter_mut().enumerate() {
                let (x, y) = (load_i8(x, half), load_i8(y, half));
                // |x| times y with the sign of x. Pairs add up to at most 2 · 127 · 127 = 32 258, which 16 bits hold.
                let pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(x), _mm256_sign_epi8(y, x));
                *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(pairs, ones));
            }
        }
        *answer = sum_i32(_mm256_add_epi32(sums[0], sums[1]));
    }
}
