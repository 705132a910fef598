//! Luminance of sRGB pixels: linear light as ISO/IEC 29794-5 wants it, and the ordinary grey value.

use super::Frame;
use crate::geometry::Size;
use std::sync::LazyLock;

/// One 8-bit channel: a value per pixel, row by row.
#[derive(Clone, PartialEq, Eq)]
pub struct Plane {
    /// Columns and rows.
    pub size: Size,
    /// `width * height` values.
    pub values: Vec<u8>,
}

impl Plane {
    /// One row.
    ///
    /// # Panics
    /// If `y` is not below the height.
    #[must_use]
    pub fn row(&self, y: u32) -> &[u8] {
        let width = self.size.width as usize;
        &self.values[y as usize * width..][..width]
    }
}

/// Prints the size only: a picture is biometric data.
impl std::fmt::Debug for Plane {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Plane({})", self.size)
    }
}

/// The linear light of an encoded sRGB value: [0, 1] from [0, 1] (IEC 61966-2-1).
#[must_use]
pub fn linear_from_srgb(encoded: f64) -> f64 {
    if encoded <= 0.04045 { encoded / 12.92 } else { ((encoded + 0.055) / 1.055).powf(2.4) }
}

/// The encoded sRGB value of linear light; the inverse of [`linear_from_srgb`].
#[must_use]
pub fn srgb_from_linear(linear: f64) -> f64 {
    if linear <= 0.003_130_8 { linear * 12.92 } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 }
}

/// Bits behind the point of the table's values.
const POINT: u32 = 20;

/// `255 · weight · linear(v)` for each channel with its luminance weight, in fixed point.
static TABLES: LazyLock<[[u32; 256]; 3]> = LazyLock::new(|| {
    [0.2126, 0.7152, 0.0722].map(|weight| {
        std::array::from_fn(|v| {
            let linear = linear_from_srgb(v as f64 / 255.0);
            (255.0 * weight * linear * f64::from(1 << POINT)).round() as u32
        })
    })
});

/// Linear luminance of one pixel, 0-255: `floor(255·Y + 0.5)` with `Y = 0.2126 R' + 0.7152 G' + 0.0722 B'`.
///
/// # Source
/// ISO/IEC 29794-5 as its reference implementation computes it.
#[must_use]
pub fn linear_luminance(rgb: [u8; 3]) -> u8 {
    from_tables(&TABLES, rgb)
}

fn from_tables([red, green, blue]: &[[u32; 256]; 3], [r, g, b]: [u8; 3]) -> u8 {
    let sum = red[usize::from(r)] + green[usize::from(g)] + blue[usize::from(b)] + (1 << (POINT - 1));
    (sum >> POINT).min(255) as u8
}

/// Linear luminance of a whole frame.
#[must_use]
pub fn linear_luminance_plane(frame: &Frame) -> Plane {
    let tables = &*TABLES;
    let values = frame.bytes().as_chunks::<3>().0.iter().map(|p| from_tables(tables, *p)).collect();
    Plane { size: frame.size(), values }
}

/// The ordinary grey value of a pixel: 0.299 R + 0.587 G + 0.114 B of the encoded values, rounded.
#[must_use]
pub fn grey([r, g, b]: [u8; 3]) -> u8 {
    let sum = 19_595_u32.wrapping_mul(u32::from(r)).wrapping_add(38_470_u32.wrapping_mul(u32::from(g)));
    (sum.wrapping_add(7471_u32.wrapping_mul(u32::from(b))).wrapping_add(1 << 15) >> 16) as u8
}

/// The ordinary grey value of a whole frame.
#[must_use]
pub fn grey_plane(frame: &Frame) -> Plane {
    Plane { size: frame.size(), values: frame.bytes().as_chunks::<3>().0.iter().map(|p| grey(*p)).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linear_luminance_is_the_formula() {
        let formula = |[r, g, b]: [u8; 3]| {
            let [r, g, b] = [r, g, b].map(|v| linear_from_srgb(f64::from(v) / 255.0));
            (255.0 * (0.2126 * r + 0.7152 * g + 0.0722 * b) + 0.5).floor() as u8
        };
        for r in (0..=255).step_by(5) {
            for g in (0..=255).step_by(3) {
                for b in (0..=255).step_by(15) {
                    assert_eq!(linear_luminance([r, g, b]), formula([r, g, b]), "{r} {g} {b}");
                }
            }
        }
        // Landmarks: greys 88, 124 and 231 are L = 25, 51 and 204.
        assert_eq!([88, 124, 231, 0, 255].map(|v| linear_luminance([v; 3])), [25, 51, 204, 0, 255].map(|v: u8| v));
    }

    #[test]
    fn linear_light_and_back() {
        for v in 0..=255 {
            let encoded = f64::from(v) / 255.0;
            assert!((srgb_from_linear(linear_from_srgb(encoded)) - encoded).abs() < 1e-6);
        }
    }

    #[test]
    fn planes_keep_their_pixels() {
        let frame = Frame::from_fn(Size::new(3, 2), |x, y| [(x * 100) as u8, (y * 200) as u8, 50]);
        let (linear, grey) = (linear_luminance_plane(&frame), grey_plane(&frame));
        assert_eq!(linear.row(1)[2], linear_luminance([200, 200, 50]));
        assert_eq!(grey.row(1)[2], 183);
        assert_eq!(grey.row(0)[0], 6);
    }
}
