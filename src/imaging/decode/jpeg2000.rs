//! JPEG 2000, as files (JP2) and bare codestreams: the portraits of most chips.

use super::{DecodeError, DecodeLimits};
use crate::geometry::Size;
use crate::imaging::Frame;
use hayro_jpeg2000::{ColorSpace, DecodeSettings, DecoderContext, Image};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Whether the bytes start as a JPEG 2000 file or codestream does.
pub(super) fn is_jpeg2000(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\0\0\0\x0CjP  ") || bytes.starts_with(&[0xFF, 0x4F, 0xFF, 0x51])
}

/// Decodes a JPEG 2000 picture.
pub(super) fn decode_jpeg2000(bytes: &[u8], limits: &DecodeLimits) -> Result<Frame, DecodeError> {
    // The decoder is safe code: what is left of a damaged stream that it did not foresee ends in a panic, not in other memory.
    catch_unwind(AssertUnwindSafe(|| decode(bytes, limits))).unwrap_or_else(|_| Err(damaged("the decoder gave up")))
}

fn damaged(reason: impl Into<String>) -> DecodeError {
    DecodeError::Damaged { reason: reason.into() }
}

fn decode(bytes: &[u8], limits: &DecodeLimits) -> Result<Frame, DecodeError> {
    let image = Image::new(bytes, &DecodeSettings::default()).map_err(|e| damaged(e.to_string()))?;
    let size = Size::new(image.width(), image.height());
    limits.check_size(size)?;
    let channels = u64::from(image.color_space().num_channels()) + u64::from(image.has_alpha());
    // Samples are held as 32-bit numbers, and once more while a tile is put together.
    limits.check_sample_bytes(size.pixels().saturating_mul(channels).saturating_mul(9))?;
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(|e| damaged(e.to_string()))?;
    let samples = decoded.data_u8();
    let colours = usize::from(image.color_space().num_channels());
    let step = colours + usize::from(image.has_alpha());
    if samples.len() as u64 != size.pixels() * step as u64 {
        return Err(damaged("its samples do not fill its size"));
    }
    let rgb = match (image.color_space(), colours) {
        (ColorSpace::CMYK, _) | (_, 0) => return Err(DecodeError::Unsupported { reason: "JPEG 2000 of printing inks".to_owned() }),
        (_, 1 | 2) => samples.chunks_exact(step).flat_map(|s| composited([s[0]; 3], s, colours)).collect(),
        _ => samples.chunks_exact(step).flat_map(|s| composited([s[0], s[1], s[2]], s, colours)).collect(),
    };
    Frame::new(size, rgb).map_err(|_| damaged("its samples do not fill its size"))
}

/// A pixel over white by its last sample, if it has one more than colours.
fn composited(rgb: [u8; 3], samples: &[u8], colours: usize) -> [u8; 3] {
    let Some(alpha) = samples.get(colours) else { return rgb };
    let alpha = u32::from(*alpha);
    rgb.map(|v| ((u32::from(v) * alpha + 255 * (255 - alpha) + 127) / 255) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A lossless picture of 16 by 12 whose pixel (x, y) is (16 x, 20 y, 200 - 8 x), written by OpenJPEG: file header, codestream; and a grey
    /// one.
    const HEADER: &str = "0000000c6a5020200d0a870a00000014667479706a703220000000006a7032200000002d6a70326800000016696864720000000c000000100003 \
        070700000000000f636f6c7201000000000010000000ec6a703263";
    const CODESTREAM: &str = "ff4fff51002f0000000000100000000c0000000000000000000000100000000c00000000000000000003070101070101070101ff52000c000000 \
        01000304040001ff5c000d4040484850484850484850ff640025000143726561746564206279204f70656e4a5045472076657273696f6e20322e \
        352e34ff90000a00000000006b0001ff93df80200956efbbdf802806915b398fcfb41002a1155fc7da06000d0205a03e10c008ff7fc3ea03000e \
        0a87c3ea04001bf4a50ba1f502000cbf304bc1f384001cf75687c1f38400369d289fa0f9c300408e00bf9077c0f9020035f1267fffd9";
    const GREY: &str = "ff4fff5100290000000000100000000c0000000000000000000000100000000c00000000000000000001070101ff52000c000000010003040400 \
        01ff5c000d4040484850484850484850ff640025000143726561746564206279204f70656e4a5045472076657273696f6e20322e352e34ff9000 \
        0a0000000000630001ff93cfb414065a1b8d2fc1f38480742801080d01cbbf087f01c0f90241f387803a201bf47a0f0cbda7fd2407071d162c5f \
        c07c24c0f907400980369d227bfe06799783408daa4307ff6b86d9ae5510f05b16864c8a2b14ffd9";

    fn bytes(hex: &str) -> Vec<u8> {
        let digits: Vec<u8> = hex.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
        digits.chunks(2).map(|p| u8::from_str_radix(std::str::from_utf8(p).unwrap(), 16).unwrap()).collect()
    }

    #[test]
    fn files_and_codestreams_become_the_same_picture() {
        let codestream = bytes(CODESTREAM);
        let file = [bytes(HEADER), codestream.clone()].concat();
        let expected = Frame::from_fn(Size::new(16, 12), |x, y| [(16 * x) as u8, (20 * y) as u8, (200 - 8 * x) as u8]);
        for picture in [codestream, file] {
            assert!(is_jpeg2000(&picture));
            assert_eq!(super::super::decode_picture(&picture, &DecodeLimits::default()).unwrap(), expected);
        }
    }

    #[test]
    fn grey_becomes_three_equal_values() {
        let frame = decode_jpeg2000(&bytes(GREY), &DecodeLimits::default()).unwrap();
        assert_eq!((frame.size(), frame.pixel_clamped(5, 7)), (Size::new(16, 12), [124; 3]));
    }

    #[test]
    fn sizes_are_held_against_the_limits_before_anything_is_unpacked() {
        let few = DecodeLimits { max_pixels: 191, ..DecodeLimits::default() };
        let size = Size::new(16, 12);
        assert_eq!(decode_jpeg2000(&bytes(CODESTREAM), &few), Err(DecodeError::TooManyPixels { size, limit: 191 }));
        let little = DecodeLimits { max_sample_bytes: 192 * 27 - 1, ..DecodeLimits::default() };
        assert_eq!(decode_jpeg2000(&bytes(CODESTREAM), &little), Err(DecodeError::TooMuchMemory));
        let mut huge = bytes(CODESTREAM);
        // Columns and rows of the reference grid.
        huge[8..16].fill(0x7F);
        assert!(decode_jpeg2000(&huge, &DecodeLimits::default()).is_err());
    }

    #[test]
    fn damaged_streams_are_answered() {
        let whole = bytes(CODESTREAM);
        for at in 0..whole.len() {
            let _ = decode_jpeg2000(&whole[..at], &DecodeLimits::default());
            for change in [0x01, 0x40, 0xFF] {
                let mut changed = whole.clone();
                changed[at] ^= change;
                let _ = decode_jpeg2000(&changed, &DecodeLimits { max_pixels: 1_000_000, ..DecodeLimits::default() });
            }
        }
        assert!(decode_jpeg2000(&whole[..60], &DecodeLimits::default()).is_err());
    }
}
