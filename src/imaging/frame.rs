//! The one picture type of the application: upright, unmirrored RGB8.

use crate::geometry::Size;

/// The buffer does not hold `width * height` RGB pixels.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a {size} picture needs {expected} bytes, got {found}")]
pub struct FrameSizeError {
    /// The size asked for.
    pub size: Size,
    /// `3 * width * height`.
    pub expected: u64,
    /// Length of the buffer handed in.
    pub found: usize,
}

/// A picture: RGB8, HWC `[height, width, 3]`, sRGB 0-255, upright after EXIF, never mirrored, origin top left.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    size: Size,
    rgb: Vec<u8>,
}

impl Frame {
    /// Takes a buffer of `3 * width * height` bytes.
    ///
    /// # Errors
    /// [`FrameSizeError`] if the length differs or the picture is empty.
    pub fn new(size: Size, rgb: Vec<u8>) -> Result<Self, FrameSizeError> {
        let expected = size.pixels().saturating_mul(3);
        if expected == 0 || rgb.len() as u64 != expected {
            return Err(FrameSizeError { size, expected, found: rgb.len() });
        }
        Ok(Self { size, rgb })
    }

    /// A picture of one colour. A zero side becomes one pixel.
    #[must_use]
    pub fn filled(size: Size, colour: [u8; 3]) -> Self {
        let size = Size::new(size.width.max(1), size.height.max(1));
        Self { size, rgb: colour.repeat(size.pixels() as usize) }
    }

    /// A picture computed pixel by pixel from `(x, y)`. A zero side becomes one pixel.
    #[must_use]
    pub fn from_fn(size: Size, mut colour: impl FnMut(u32, u32) -> [u8; 3]) -> Self {
        let mut frame = Self::filled(size, [0; 3]);
        let width = frame.size.width as usize;
        for (i, pixel) in frame.rgb.chunks_exact_mut(3).enumerate() {
            pixel.copy_from_slice(&colour((i % width) as u32, (i / width) as u32));
        }
        frame
    }

    /// Columns and rows.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// Columns.
    #[must_use]
    pub const fn width(&self) -> u32 {
        self.size.width
    }

    /// Rows.
    #[must_use]
    pub const fn height(&self) -> u32 {
        self.size.height
    }

    /// All bytes, row by row.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.rgb
    }

    /// All bytes, row by row, for writing.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.rgb
    }

    /// The bytes without the size.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.rgb
    }

    /// One row: `3 * width` bytes.
    ///
    /// # Panics
    /// If `y` is not below the height.
    #[must_use]
    pub fn row(&self, y: u32) -> &[u8] {
        let stride = self.size.width as usize * 3;
        &self.rgb[y as usize * stride..][..stride]
    }

    /// One pixel, with coordinates clamped into the picture.
    #[must_use]
    pub fn pixel_clamped(&self, x: i64, y: i64) -> [u8; 3] {
        let x = x.clamp(0, i64::from(self.size.width) - 1) as usize;
        let y = y.clamp(0, i64::from(self.size.height) - 1) as usize;
        let at = (y * self.size.width as usize + x) * 3;
        [self.rgb[at], self.rgb[at + 1], self.rgb[at + 2]]
    }
}

/// Prints the size only: a picture is biometric data.
impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frame({})", self.size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_buffer_must_fit() {
        let size = Size::new(2, 2);
        assert!(Frame::new(size, vec![0; 12]).is_ok());
        assert_eq!(Frame::new(size, vec![0; 11]).unwrap_err().expected, 12);
        assert!(Frame::new(Size::new(0, 5), vec![]).is_err());
        assert!(Frame::new(Size::new(u32::MAX, u32::MAX), vec![0; 3]).is_err());
    }

    #[test]
    fn pixels_are_where_they_belong() {
        let frame = Frame::from_fn(Size::new(3, 2), |x, y| [x as u8, y as u8, 7]);
        assert_eq!(frame.pixel_clamped(2, 1), [2, 1, 7]);
        assert_eq!(frame.pixel_clamped(-5, 99), [0, 1, 7]);
        assert_eq!(frame.row(1), [0, 1, 7, 1, 1, 7, 2, 1, 7]);
        assert_eq!(format!("{frame:?}"), "Frame(3x2)");
    }
}
