//! 8-bit kernel for x86-64 processors with AVX-512 VNNI; f32 as plain AVX-512.
#![allow(unsafe_code, reason = "vector loads through pointers, and functions that need detected processor features")]

use super::super::rows::I8Block;
use super::{Kernel, avx512};
use std::arch::x86_64::*;

/// This kernel, where the processor runs it.
pub(super) fn kernel() -> Option<Kernel> {
    avx512::kernel().filter(|_| is_x86_feature_detected!("avx512vnni")).map(|wide| Kernel {
        name: "avx512vnni",
        dot_f32: wide.dot_f32,
        dot_i8,
    })
}

#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn load(block: &I8Block) -> __m512i {
    // SAFETY: a block is 64 bytes, aligned to 64 by its type.
    unsafe { _mm512_load_si512(block.0.as_ptr().cast()) }
}

/// Four rows at a time, so that their sums need not wait for each other and the probe is loaded once for all.
///
/// The instruction multiplies unsigned by signed bytes: flipping a row's top bits adds 128 to each of its values, and 128 times the
/// probe's sum is taken off again.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn dot_i8(rows: &[I8Block], probe: &[I8Block], out: &mut [i32]) {
    let length = probe.len().max(1);
    let flip = _mm512_set1_epi8(i8::MIN);
    let offset = 128 * probe.iter().flat_map(|block| block.0).map(i32::from).sum::<i32>();
    let (mut fours, mut answers) = (rows.chunks_exact(4 * length), out.chunks_exact_mut(4));
    for (four, answer) in fours.by_ref().zip(answers.by_ref()) {
        let (first, rest) = four.split_at(length);
        let (second, rest) = rest.split_at(length);
        let (third, fourth) = rest.split_at(length);
        let mut sums = [_mm512_setzero_si512(); 4];
        for ((((a, b), c), d), y) in first.iter().zip(second).zip(third).zip(fourth).zip(probe) {
            let y = load(y);
            sums[0] = _mm512_dpbusd_epi32(sums[0], _mm512_xor_si512(load(a), flip), y);
            sums[1] = _mm512_dpbusd_epi32(sums[1], _mm512_xor_si512(load(b), flip), y);
            sums[2] = _mm512_dpbusd_epi32(sums[2], _mm512_xor_si512(load(c), flip), y);
            sums[3] = _mm512_dpbusd_epi32(sums[3], _mm512_xor_si512(load(d), flip), y);
        }
        for (answer, sum) in answer.iter_mut().zip(sums) {
            *answer = _mm512_reduce_add_epi32(sum) - offset;
        }
    }
    for (row, answer) in fours.remainder().chunks_exact(length).zip(answers.into_remainder()) {
        let add = |sum, (x, y)| _mm512_dpbusd_epi32(sum, _mm512_xor_si512(load(x), flip), load(y));
        *answer = _mm512_reduce_add_epi32(row.iter().zip(probe).fold(_mm512_setzero_si512(), add)) - offset;
    }
}
