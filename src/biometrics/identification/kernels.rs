//! Dot products of many rows with one probe: the only hot loop of a search. Picked at run time; a kernel knows no threads.
//!
//! A kernel's answers are only a first, coarse pass: the f32 sum may differ from the scalar one in its last bits
//! ([`f32_error_bound`]), the i8 sum is exact in integers.

use super::rows::{F32Block, I8Block};

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod avx512vnni;
mod scalar;

type DotF32 = unsafe fn(&[F32Block], &[F32Block], &mut [f32]);
type DotI8 = unsafe fn(&[I8Block], &[I8Block], &mut [i32]);

/// One implementation for one kind of processor.
///
/// Invariant: one with functions for certain processor features exists only where these were detected.
#[derive(Debug, Clone, Copy)]
pub struct Kernel {
    name: &'static str,
    dot_f32: DotF32,
    dot_i8: DotI8,
}

impl Kernel {
    /// The fastest one that this processor runs.
    #[must_use]
    pub fn fastest() -> Self {
        Self::available().pop().expect("the scalar kernel runs everywhere")
    }

    /// Every one that this processor runs, slowest first.
    #[must_use]
    pub fn available() -> Vec<Self> {
        let mut kernels = vec![scalar::KERNEL];
        #[cfg(target_arch = "x86_64")]
        kernels.extend([avx2::kernel(), avx512::kernel(), avx512vnni::kernel()].into_iter().flatten());
        kernels
    }

    /// `scalar`, `avx2`, `avx512` or `avx512vnni`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Writes the dot product of every row with the probe to `out`.
    ///
    /// - `rows`: `out.len() * probe.len()` blocks, row after row.
    ///
    /// # Panics
    /// When the lengths do not fit together.
    #[allow(unsafe_code, reason = "calls a function that needs detected processor features")]
    pub fn dot_f32(&self, rows: &[F32Block], probe: &[F32Block], out: &mut [f32]) {
        assert_eq!(rows.len(), probe.len() * out.len(), "one row per answer");
        // SAFETY: by the type's invariant the function's processor features were detected; its other requirement, the lengths, was
        // asserted above.
        unsafe { (self.dot_f32)(rows, probe, out) }
    }

    /// As [`Self::dot_f32`] on 8-bit values in -127..=127.
    ///
    /// # Panics
    /// When the lengths do not fit together.
    #[allow(unsafe_code, reason = "calls a function that needs detected processor features")]
    pub fn dot_i8(&self, rows: &[I8Block], probe: &[I8Block], out: &mut [i32]) {
        assert_eq!(rows.len(), probe.len() * out.len(), "one row per answer");
        // SAFETY: as above.
        unsafe { (self.dot_i8)(rows, probe, out) }
    }
}

/// How far a kernel's f32 dot product of two vectors of about unit length can be from the exact one, whatever the order of summation.
///
/// Higham, Accuracy and Stability of Numerical Algorithms, eq. 3.5: n·u/(1-n·u) times the sum of absolute products, which is at most the
/// product of the lengths; doubled for good measure.
#[must_use]
pub fn f32_error_bound(dimensions: usize) -> f32 {
    2.0 * dimensions as f32 * (f32::EPSILON / 2.0)
}

#[cfg(test)]
mod tests {
    use super::super::rows::blocks_of;
    use super::*;
    use proptest::prelude::*;

    fn rows_and_probe() -> impl Strategy<Value = (usize, Vec<i8>, Vec<i8>)> {
        (1_usize..300, 0_usize..23).prop_flat_map(|(dimensions, rows)| {
            // Extremes are drawn often: saturating 16-bit sums would only show there.
            let value = prop_oneof![3 => -127_i8..=127, 1 => Just(127_i8), 1 => Just(-127_i8)];
            let values = |n| proptest::collection::vec(value.clone(), n);
            (Just(dimensions), values(dimensions * rows), values(dimensions))
        })
    }

    proptest! {
        #[test]
        fn every_kernel_agrees_with_plain_sums((dimensions, rows, probe) in rows_and_probe()) {
            let count = rows.len() / dimensions;
            let expected: Vec<i32> =
                rows.chunks(dimensions).map(|row| row.iter().zip(&probe).map(|(x, y)| i32::from(*x) * i32::from(*y)).sum()).collect();
            let row_blocks: Vec<I8Block> = rows.chunks(dimensions).flat_map(blocks_of::<I8Block>).collect();
            let floats = |values: &[i8]| values.iter().map(|v| f32::from(*v) / 127.0).collect::<Vec<f32>>();
            let float_blocks: Vec<F32Block> = rows.chunks(dimensions).flat_map(|row| blocks_of::<F32Block>(&floats(row))).collect();
            for kernel in Kernel::available() {
                let mut dots = vec![i32::MIN; count];
                kernel.dot_i8(&row_blocks, &blocks_of::<I8Block>(&probe), &mut dots);
                prop_assert_eq!(&dots, &expected, "{}", kernel.name());
                let mut sums = vec![f32::NAN; count];
                kernel.dot_f32(&float_blocks, &blocks_of::<F32Block>(&floats(&probe)), &mut sums);
                for (sum, exact) in sums.iter().zip(&expected) {
                    let exact = f64::from(*exact) / (127.0 * 127.0);
                    // The vectors here are up to sqrt(dimensions) long.
                    let bound = f64::from(f32_error_bound(dimensions)) * dimensions as f64 + 1e-6;
                    prop_assert!((f64::from(*sum) - exact).abs() <= bound, "{}: {} for {}", kernel.name(), sum, exact);
                }
            }
        }
    }

    #[test]
    fn the_largest_sums_do_not_saturate() {
        let (row, opposite) = ([127_i8; 1024], [-127_i8; 1024]);
        for kernel in Kernel::available() {
            let mut dots = [0; 2];
            let rows: Vec<I8Block> = [row, opposite].iter().flat_map(|r| blocks_of::<I8Block>(r)).collect();
            kernel.dot_i8(&rows, &blocks_of::<I8Block>(&row), &mut dots);
            assert_eq!(dots, [1024 * 127 * 127, -1024 * 127 * 127], "{}", kernel.name());
        }
    }
}
