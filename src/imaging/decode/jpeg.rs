//! JPEG files and the JPEG frames webcams send: marker walk, missing tables, CMYK of both polarities.

use super::{DecodeError, DecodeLimits, upright};
use crate::geometry::Size;
use crate::imaging::Frame;
use image::metadata::Orientation;
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// What a walk over the markers found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Markers {
    /// Offset just behind the end-of-image marker.
    end: usize,
    /// Offset of the first scan's marker.
    first_scan: usize,
    /// Whether Huffman tables are there; webcams may leave them out.
    huffman_tables: bool,
    /// Whether an Adobe segment says how four components are stored.
    adobe: bool,
}

/// Walks the markers to the end of the image; thumbnails inside segments are stepped over.
///
/// `None` when the bytes end before an end-of-image marker, or are no JPEG.
fn walk(bytes: &[u8]) -> Option<Markers> {
    if !bytes.starts_with(&[0xFF, 0xD8]) {
        return None;
    }
    let (mut at, mut first_scan, mut huffman_tables, mut adobe) = (2, None, false, false);
    loop {
        // To the next marker: 0xFF followed by neither stuffing, fill, nor a restart marker.
        at += bytes.get(at..)?.iter().position(|b| *b == 0xFF)?;
        let marker = *bytes.get(at + 1)?;
        match marker {
            0xFF => at += 1,
            0x00 | 0x01 | 0xD0..=0xD8 => at += 2,
            0xD9 => return Some(Markers { end: at + 2, first_scan: first_scan?, huffman_tables, adobe }),
            _ => {
                let length = usize::from(u16::from_be_bytes([*bytes.get(at + 2)?, *bytes.get(at + 3)?]));
                let body = bytes.get(at + 4..at + 2 + length.max(2))?;
                match marker {
                    0xC4 => huffman_tables = true,
                    0xDA => first_scan = first_scan.or(Some(at)),
                    0xEE if body.starts_with(b"Adobe") => adobe = true,
                    _ => {}
                }
                at += 2 + length.max(2);
            }
        }
    }
}

/// Decodes a JPEG file.
pub(super) fn decode_jpeg(bytes: &[u8], limits: &DecodeLimits) -> Result<Frame, DecodeError> {
    let markers = walk(bytes).ok_or(DecodeError::Truncated)?;
    decode_walked(&bytes[..markers.end], markers, limits)
}

/// Decodes one frame of a motion-JPEG stream: bytes behind the end of the image are ignored, missing Huffman tables are
/// the standard's example tables.
pub(in crate::imaging) fn decode_motion_jpeg(bytes: &[u8], limits: &DecodeLimits) -> Result<Frame, DecodeError> {
    limits.check_file_bytes(bytes.len() as u64)?;
    if !bytes.starts_with(&[0xFF, 0xD8]) {
        return Err(DecodeError::UnknownFormat);
    }
    let markers = walk(bytes).ok_or(DecodeError::Truncated)?;
    if markers.huffman_tables {
        return decode_walked(&bytes[..markers.end], markers, limits);
    }
    let (head, scans) = bytes[..markers.end].split_at(markers.first_scan);
    let completed = [head, &standard_huffman_segment(), scans].concat();
    decode_walked(&completed, markers, limits)
}

fn decode_walked(bytes: &[u8], markers: Markers, limits: &DecodeLimits) -> Result<Frame, DecodeError> {
    let options = DecoderOptions::default().set_strict_mode(false).set_max_width(usize::MAX).set_max_height(usize::MAX);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(from_jpeg)?;
    let (width, height) = decoder.dimensions().ok_or_else(|| damaged("it has no size"))?;
    let size = Size::new(width as u32, height as u32);
    limits.check_size(size)?;
    // Coefficients of a progressive file are held as 16-bit values for every component beside the finished samples.
    limits.check_sample_bytes(size.pixels() * 9)?;
    let plain_cmyk = decoder.input_colorspace() == Some(ColorSpace::CMYK) && !markers.adobe;
    let wanted = if plain_cmyk { ColorSpace::CMYK } else { ColorSpace::RGB };
    decoder.set_options(options.jpeg_set_out_colorspace(wanted));
    let orientation = decoder.exif().and_then(|exif| Orientation::from_exif_chunk(exif)).unwrap_or(Orientation::NoTransforms);
    let samples = decoder.decode().map_err(from_jpeg)?;
    upright(size, if plain_cmyk { ink_to_rgb(&samples) } else { samples }, orientation)
}

/// CMYK that counts ink upwards, as files without an Adobe segment store it.
fn ink_to_rgb(cmyk: &[u8]) -> Vec<u8> {
    let left = |ink: u8, key: u8| ((u32::from(255 - ink) * u32::from(255 - key) + 127) / 255) as u8;
    let (pixels, _) = cmyk.as_chunks::<4>();
    pixels.iter().flat_map(|[c, m, y, k]| [left(*c, *k), left(*m, *k), left(*y, *k)]).collect()
}

fn damaged(reason: &str) -> DecodeError {
    DecodeError::Damaged { reason: reason.to_owned() }
}

fn from_jpeg(error: DecodeErrors) -> DecodeError {
    match error {
        DecodeErrors::Unsupported(scheme) => DecodeError::Unsupported { reason: format!("{scheme:?}") },
        DecodeErrors::ExhaustedData => DecodeError::Truncated,
        other => damaged(&format!("{other:?}")),
    }
}

/// The example tables of ITU-T T.81 Annex K.3, as one DHT segment.
fn standard_huffman_segment() -> Vec<u8> {
    const DC_LUMA: [u8; 16] = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
    const DC_CHROMA: [u8; 16] = [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0];
    const AC_LUMA: [u8; 16] = [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7D];
    const AC_CHROMA: [u8; 16] = [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77];
    const DC_VALUES: [u8; 12] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
    const AC_LUMA_VALUES: [u8; 162] = [
        0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07, 0x22, 0x71, 0x14, 0x32, 0x81, 0x91,
        0xA1, 0x08, 0x23, 0x42, 0xB1, 0xC1, 0x15, 0x52, 0xD1, 0xF0, 0x24, 0x33, 0x62, 0x72, 0x82, 0x09, 0x0A, 0x16, 0x17, 0x18, 0x19, 0x1A,
        0x25, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3A, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x53,
        0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5A, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79,
        0x7A, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0xA2, 0xA3, 0xA4, 0xA5,
        0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA, 0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9,
        0xCA, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xD9, 0xDA, 0xE1, 0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xF1, 0xF2,
        0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA,
    ];
    const AC_CHROMA_VALUES: [u8; 162] = [
        0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61, 0x71, 0x13, 0x22, 0x32, 0x81, 0x08, 0x14,
        0x42, 0x91, 0xA1, 0xB1, 0xC1, 0x09, 0x23, 0x33, 0x52, 0xF0, 0x15, 0x62, 0x72, 0xD1, 0x0A, 0x16, 0x24, 0x34, 0xE1, 0x25, 0xF1, 0x17,
        0x18, 0x19, 0x1A, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3A, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A,
        0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5A, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78,
        0x79, 0x7A, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0xA2, 0xA3,
        0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA, 0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xC7,
        0xC8, 0xC9, 0xCA, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xD9, 0xDA, 0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xF2,
        0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA,
    ];
    let tables: [(u8, &[u8; 16], &[u8]); 4] = [
        (0x00, &DC_LUMA, &DC_VALUES),
        (0x10, &AC_LUMA, &AC_LUMA_VALUES),
        (0x01, &DC_CHROMA, &DC_VALUES),
        (0x11, &AC_CHROMA, &AC_CHROMA_VALUES),
    ];
    let body: Vec<u8> = tables.iter().flat_map(|(id, counts, values)| [&[*id], &counts[..], values].concat()).collect();
    [&[0xFF, 0xC4][..], &(body.len() as u16 + 2).to_be_bytes(), &body].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imaging::encode;

    fn picture() -> Vec<u8> {
        encode::jpeg(&Frame::from_fn(Size::new(40, 24), |x, y| [(x * 6) as u8, (y * 10) as u8, 90]), 90).unwrap()
    }

    #[test]
    fn the_walk_ends_at_the_end_marker_and_not_in_a_thumbnail() {
        let jpeg = picture();
        let found = walk(&jpeg).unwrap();
        assert_eq!(found.end, jpeg.len());
        assert!(found.huffman_tables && !found.adobe);
        let mut with_thumbnail = vec![0xFF, 0xD8, 0xFF, 0xE1, 0, 6, 0xFF, 0xD8, 0xFF, 0xD9];
        with_thumbnail.extend_from_slice(&jpeg[2..]);
        assert_eq!(walk(&with_thumbnail).unwrap().end, with_thumbnail.len());
        for cut in 0..jpeg.len() {
            assert_eq!(walk(&jpeg[..cut]), None);
        }
    }

    #[test]
    fn missing_huffman_tables_are_the_standard_ones() {
        let mut jpeg = picture();
        let whole = decode_motion_jpeg(&jpeg, &DecodeLimits::default()).unwrap();
        // The encoder writes the standard's tables; take them out as webcams do.
        while let Some(at) = jpeg.windows(2).position(|w| w == [0xFF, 0xC4]) {
            let length = usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
            jpeg.drain(at..at + 2 + length);
        }
        jpeg.extend_from_slice(&[0, 0, 0, 0]);
        assert_eq!(decode_motion_jpeg(&jpeg, &DecodeLimits::default()).unwrap(), whole);
    }

    /// A JPEG of one 8x8 block with four components of one value each, with or without an Adobe segment.
    fn four_components(values: [u8; 4], adobe_transform: Option<u8>) -> Vec<u8> {
        let mut jpeg = vec![0xFF, 0xD8];
        if let Some(transform) = adobe_transform {
            jpeg.extend_from_slice(b"\xFF\xEE\0\x0EAdobe\0\x64\0\0\0\0");
            jpeg.push(transform);
        }
        // All quantisers are 8, so that a block's first coefficient is its value less 128.
        jpeg.extend_from_slice(&[0xFF, 0xDB, 0, 67, 0]);
        jpeg.extend_from_slice(&[8; 64]);
        jpeg.extend_from_slice(&[0xFF, 0xC0, 0, 20, 8, 0, 8, 0, 8, 4]);
        (1..=4).for_each(|id| jpeg.extend_from_slice(&[id, 0x11, 0]));
        jpeg.extend_from_slice(&standard_huffman_segment());
        jpeg.extend_from_slice(&[0xFF, 0xDA, 0, 14, 4]);
        (1..=4).for_each(|id| jpeg.extend_from_slice(&[id, 0]));
        jpeg.extend_from_slice(&[0, 63, 0]);
        // Per component: the size of the first coefficient by its Huffman code, its bits, and 1010 for "nothing else".
        let codes = ["00", "010", "011", "100", "101", "110", "1110", "11110", "111110"];
        let mut bits = String::new();
        for value in values {
            let coefficient = i32::from(value) - 128;
            let size = 32 - coefficient.unsigned_abs().leading_zeros() as usize;
            let coded = if coefficient < 0 { coefficient + (1 << size) - 1 } else { coefficient };
            bits += codes[size];
            if size > 0 {
                bits += &format!("{coded:0size$b}");
            }
            bits += "1010";
        }
        while !bits.len().is_multiple_of(8) {
            bits.push('1');
        }
        for byte in bits.as_bytes().chunks(8) {
            let byte = byte.iter().fold(0, |b, bit| b << 1 | (bit - b'0'));
            jpeg.push(byte);
            if byte == 0xFF {
                jpeg.push(0);
            }
        }
        jpeg.extend_from_slice(&[0xFF, 0xD9]);
        jpeg
    }

    #[test]
    fn four_inks_become_the_right_colour() {
        // Adobe counts light upwards (inverted inks); files without its segment count ink.
        let cases = [
            ("Adobe CMYK", [200, 100, 50, 255], Some(0), [200, 100, 50]),
            ("Adobe CMYK, half key", [200, 100, 50, 128], Some(0), [100, 50, 25]),
            ("Adobe YCCK", [55, 128, 128, 255], Some(2), [200, 200, 200]),
            ("plain CMYK", [55, 155, 205, 0], None, [200, 100, 50]),
            ("plain CMYK, no ink", [0, 0, 0, 0], None, [255, 255, 255]),
            ("plain CMYK, black", [0, 0, 0, 255], None, [0, 0, 0]),
        ];
        for (name, values, adobe, expected) in cases {
            let frame = decode_jpeg(&four_components(values, adobe), &DecodeLimits::default()).unwrap();
            assert_eq!(frame.size(), Size::new(8, 8), "{name}");
            let got = frame.pixel_clamped(4, 4);
            assert!(got.iter().zip(expected).all(|(g, e)| g.abs_diff(e) <= 1), "{name}: {got:?} for {expected:?}");
        }
    }
}
