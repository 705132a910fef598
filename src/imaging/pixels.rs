//! Raw camera buffers to frames: YUYV, NV12, RGB, BGR, grey and motion JPEG.
//!
//! YUV is ITU-R BT.601 with limited range (luma 16-235, chroma 16-240), as webcams send it. Rows are packed, without padding;
//! bytes behind the last pixel are ignored, because drivers hand out buffers that are longer than the picture.

use super::Frame;
use super::decode::{DecodeError, DecodeLimits, decode_motion_jpeg};
use crate::advice::{Advice, Advised};
use crate::geometry::Size;

/// Why a camera buffer did not become a frame.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PixelError {
    /// The buffer is shorter than its format and size say, or the size is empty or odd where the format pairs pixels.
    #[error("a {size} {format} frame needs {expected} bytes, got {found}")]
    WrongLength {
        /// Name of the layout.
        format: &'static str,
        /// Size asked for.
        size: Size,
        /// Bytes needed; 0 when no buffer could fit.
        expected: u64,
        /// Bytes there.
        found: usize,
    },
    /// A motion-JPEG frame could not be decoded.
    #[error("a motion-JPEG frame could not be decoded")]
    MotionJpeg(#[from] DecodeError),
}

impl Advised for PixelError {
    fn advice(&self) -> Advice {
        Advice::environment("IMG-10", "Choose another format or size of the camera; check its cable if this goes on.")
    }
}

/// Bits behind the point of the colour conversion's integers.
const POINT: u32 = 20;
const ONE: f64 = (1 << POINT) as f64;
const HALF: i32 = 1 << (POINT - 1);
/// 255/219: luma's range to full range.
const LUMA: i32 = (255.0 / 219.0 * ONE + 0.5) as i32;
/// 2(1 - Kr)·255/224 with Kr = 0.299.
const RED_FROM_V: i32 = (1.402 * 255.0 / 224.0 * ONE + 0.5) as i32;
/// 2(1 - Kb)·255/224 with Kb = 0.114.
const BLUE_FROM_U: i32 = (1.772 * 255.0 / 224.0 * ONE + 0.5) as i32;
/// 2·Kb(1 - Kb)/Kg·255/224.
const GREEN_FROM_U: i32 = (0.114 * 1.772 / 0.587 * 255.0 / 224.0 * ONE + 0.5) as i32;
/// 2·Kr(1 - Kr)/Kg·255/224.
const GREEN_FROM_V: i32 = (0.299 * 1.402 / 0.587 * 255.0 / 224.0 * ONE + 0.5) as i32;

/// Added to every channel, so that the index into [`CLAMPED`] is never negative: channels lie within -277 and 534 before the cut.
const OFFSET: i32 = 384;

/// The products of the formula for every value of a byte: loads are cheaper than multiplications here.
struct Products {
    /// Luma's share of every channel, with rounding and [`OFFSET`].
    luma: [i32; 256],
    red_from_v: [i32; 256],
    green_from_u: [i32; 256],
    green_from_v: [i32; 256],
    blue_from_u: [i32; 256],
}

static PRODUCTS: Products = Products {
    luma: products(LUMA, 16, HALF + (OFFSET << POINT)),
    red_from_v: products(RED_FROM_V, 128, 0),
    green_from_u: products(-GREEN_FROM_U, 128, 0),
    green_from_v: products(-GREEN_FROM_V, 128, 0),
    blue_from_u: products(BLUE_FROM_U, 128, 0),
};

/// `factor · (value - zero) + extra`: below 2^31, because no channel leaves -384..640 with [`POINT`] bits behind the point.
const fn products(factor: i32, zero: i32, extra: i32) -> [i32; 256] {
    let mut table = [0; 256];
    let mut value = 0;
    while value < 256 {
        table[value] = factor * (value as i32 - zero) + extra;
        value += 1;
    }
    table
}

/// Channels from -384 to 639 cut to 0-255.
static CLAMPED: [u8; 1024] = {
    let mut table = [0; 1024];
    let mut index = 0;
    while index < 1024 {
        let value = index as i32 - OFFSET;
        table[index] = if value < 0 {
            0
        } else if value > 255 {
            255
        } else {
            value as u8
        };
        index += 1;
    }
    table
};

/// What a pair of pixels shares: the chroma's share of red, green and blue.
#[derive(Clone, Copy)]
struct Chroma {
    red: i32,
    green: i32,
    blue: i32,
}

impl Chroma {
    #[inline(always)]
    fn new(u: u8, v: u8) -> Self {
        let (u, v) = (usize::from(u), usize::from(v));
        Self {
            red: PRODUCTS.red_from_v[v],
            green: PRODUCTS.green_from_u[u].wrapping_add(PRODUCTS.green_from_v[v]),
            blue: PRODUCTS.blue_from_u[u],
        }
    }

    #[inline(always)]
    fn rgb(self, y: u8) -> [u8; 3] {
        let y = PRODUCTS.luma[usize::from(y)];
        // The mask changes nothing and tells the compiler that the index is inside the table.
        [self.red, self.green, self.blue].map(|c| CLAMPED[(y.wrapping_add(c) >> POINT) as usize & 1023])
    }
}

/// Cuts `buffer` to the bytes a frame takes.
fn checked<'a>(format: &'static str, size: Size, buffer: &'a [u8], expected: u64) -> Result<&'a [u8], PixelError> {
    let wrong = PixelError::WrongLength { format, size, expected, found: buffer.len() };
    let needed = usize::try_from(expected).map_err(|_| wrong.clone())?;
    if needed == 0 { Err(wrong) } else { buffer.get(..needed).ok_or(wrong) }
}

fn finished(size: Size, rgb: Vec<u8>) -> Frame {
    Frame::new(size, rgb).expect("one RGB triple was written for every pixel of a checked buffer")
}

/// YUYV (YUY2), 4:2:2, two bytes a pixel; the width is even.
///
/// # Errors
/// [`PixelError::WrongLength`].
pub fn yuyv(size: Size, buffer: &[u8]) -> Result<Frame, PixelError> {
    let expected = if size.width.is_multiple_of(2) { size.pixels().saturating_mul(2) } else { 0 };
    let (pairs, _) = checked("YUYV", size, buffer, expected)?.as_chunks::<4>();
    let mut rgb = vec![0; pairs.len() * 6];
    for ([y0, u, y1, v], out) in pairs.iter().zip(rgb.as_chunks_mut::<6>().0) {
        let chroma = Chroma::new(*u, *v);
        let ([r0, g0, b0], [r1, g1, b1]) = (chroma.rgb(*y0), chroma.rgb(*y1));
        *out = [r0, g0, b0, r1, g1, b1];
    }
    Ok(finished(size, rgb))
}

/// NV12, 4:2:0: a plane of luma, then one of interleaved U and V at half size; both sides are even.
///
/// # Errors
/// [`PixelError::WrongLength`].
pub fn nv12(size: Size, buffer: &[u8]) -> Result<Frame, PixelError> {
    let even = size.width.is_multiple_of(2) && size.height.is_multiple_of(2);
    let expected = if even { (size.pixels() / 2).saturating_mul(3) } else { 0 };
    let width = size.width as usize;
    let (luma, chroma) = checked("NV12", size, buffer, expected)?.split_at(size.pixels() as usize);
    let mut rgb = vec![0; size.pixels() as usize * 3];
    for (y, (luma, out)) in luma.chunks_exact(width).zip(rgb.chunks_exact_mut(width * 3)).enumerate() {
        let uv = &chroma[y / 2 * width..][..width];
        let pairs = luma.as_chunks::<2>().0.iter().zip(uv.as_chunks::<2>().0);
        for (([y0, y1], [u, v]), out) in pairs.zip(out.as_chunks_mut::<6>().0) {
            let chroma = Chroma::new(*u, *v);
            let ([r0, g0, b0], [r1, g1, b1]) = (chroma.rgb(*y0), chroma.rgb(*y1));
            *out = [r0, g0, b0, r1, g1, b1];
        }
    }
    Ok(finished(size, rgb))
}

/// RGB, three bytes a pixel.
///
/// # Errors
/// [`PixelError::WrongLength`].
pub fn rgb(size: Size, buffer: &[u8]) -> Result<Frame, PixelError> {
    Ok(finished(size, checked("RGB", size, buffer, size.pixels().saturating_mul(3))?.to_vec()))
}

/// BGR, three bytes a pixel.
///
/// # Errors
/// [`PixelError::WrongLength`].
pub fn bgr(size: Size, buffer: &[u8]) -> Result<Frame, PixelError> {
    let mut rgb = checked("BGR", size, buffer, size.pixels().saturating_mul(3))?.to_vec();
    rgb.as_chunks_mut::<3>().0.iter_mut().for_each(|p| p.swap(0, 2));
    Ok(finished(size, rgb))
}

/// Grey, one full-range byte a pixel.
///
/// # Errors
/// [`PixelError::WrongLength`].
pub fn grey(size: Size, buffer: &[u8]) -> Result<Frame, PixelError> {
    let grey = checked("GREY", size, buffer, size.pixels())?;
    let mut rgb = vec![0; grey.len() * 3];
    for (v, out) in grey.iter().zip(rgb.as_chunks_mut::<3>().0) {
        *out = [*v; 3];
    }
    Ok(finished(size, rgb))
}

/// One motion-JPEG frame, at the size its header gives. Bytes behind the end of the image are ignored; missing Huffman
/// tables are taken as the standard's.
///
/// # Errors
/// [`PixelError::MotionJpeg`] when the frame is cut off or damaged, as a bad cable makes them.
pub fn mjpeg(buffer: &[u8]) -> Result<Frame, PixelError> {
    Ok(decode_motion_jpeg(buffer, &DecodeLimits::default())?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imaging::encode;

    /// BT.601 limited range in double precision.
    fn formula(y: u8, u: u8, v: u8) -> [f64; 3] {
        let y = (f64::from(y) - 16.0) * 255.0 / 219.0;
        let (u, v) = ((f64::from(u) - 128.0) * 255.0 / 224.0, (f64::from(v) - 128.0) * 255.0 / 224.0);
        let (kr, kg, kb) = (0.299, 0.587, 0.114);
        let (dr, db) = (2.0 * (1.0 - kr) * v, 2.0 * (1.0 - kb) * u);
        [y + dr, y - kr / kg * dr - kb / kg * db, y + db].map(|c| c.clamp(0.0, 255.0))
    }

    #[test]
    fn yuv_is_the_formula_rounded() {
        for u in (0..=255).step_by(3).chain([128, 240]) {
            for v in (0..=255).step_by(5).chain([128, 240]) {
                for y in 0..=255 {
                    let (got, want) = (Chroma::new(u, v).rgb(y), formula(y, u, v));
                    for (g, w) in got.iter().zip(want) {
                        assert!((f64::from(*g) - w).abs() <= 0.5 + 1e-3, "yuv {y} {u} {v}: {got:?} for {want:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_layout_puts_pixels_where_they_belong() {
        let size = Size::new(4, 2);
        // Grey levels with neutral chroma, and one red pair in the second row.
        let buffer = [16, 128, 235, 128, 126, 128, 126, 128, 81, 90, 81, 240, 16, 128, 16, 128, 0, 0];
        let frame = yuyv(size, &buffer).unwrap();
        assert_eq!(frame.row(0), [0, 0, 0, 255, 255, 255, 128, 128, 128, 128, 128, 128]);
        assert_eq!(frame.row(1), [254, 0, 0, 254, 0, 0, 0, 0, 0, 0, 0, 0]);

        let planar = [16, 235, 126, 126, 81, 81, 16, 16, 90, 240, 128, 128];
        let frame = nv12(size, &planar).unwrap();
        assert_eq!(frame.row(1), [254, 0, 0, 254, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(frame.row(0)[6..], [128; 6]);

        let size = Size::new(2, 1);
        assert_eq!(rgb(size, &[1, 2, 3, 4, 5, 6]).unwrap().bytes(), [1, 2, 3, 4, 5, 6]);
        assert_eq!(bgr(size, &[1, 2, 3, 4, 5, 6, 7]).unwrap().bytes(), [3, 2, 1, 6, 5, 4]);
        assert_eq!(grey(size, &[9, 8]).unwrap().bytes(), [9, 9, 9, 8, 8, 8]);
    }

    #[test]
    fn short_buffers_and_impossible_sizes_are_refused() {
        let layouts: [(fn(Size, &[u8]) -> Result<Frame, PixelError>, usize); 5] = [(yuyv, 16), (nv12, 12), (rgb, 24), (bgr, 24), (grey, 8)];
        for (read, needed) in layouts {
            let buffer = vec![128; needed];
            assert!(read(Size::new(4, 2), &buffer).is_ok());
            assert!(matches!(read(Size::new(4, 2), &buffer[1..]), Err(PixelError::WrongLength { .. })));
            assert!(read(Size::new(0, 2), &buffer).is_err());
            assert!(read(Size::new(u32::MAX - 1, u32::MAX - 1), &buffer).is_err());
        }
        assert!(yuyv(Size::new(3, 2), &[0; 64]).is_err());
        assert!(nv12(Size::new(4, 3), &[0; 64]).is_err());
    }

    #[test]
    fn motion_jpeg_ignores_what_follows_its_end() {
        let frame = Frame::from_fn(Size::new(64, 32), |x, y| [(x * 4) as u8, (y * 8) as u8, 60]);
        let mut bytes = encode::jpeg(&frame, 92).unwrap();
        let clean = mjpeg(&bytes).unwrap();
        let end = bytes.len();
        bytes.extend((0..500u32).map(|i| (i * 37) as u8));
        assert_eq!(mjpeg(&bytes).unwrap(), clean);
        assert_eq!(mjpeg(&bytes[..end - 2]).unwrap_err(), PixelError::MotionJpeg(DecodeError::Truncated));
        assert!(mjpeg(&[]).is_err());
        assert!(mjpeg(b"not a picture").is_err());
    }
}
