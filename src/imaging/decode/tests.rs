//! Tests of decoding: every format, every refusal, orientation, animations.

use super::*;
use crate::imaging::encode;
use image::{DynamicImage, ExtendedColorType, ImageEncoder as _};

pub(super) fn scene(size: Size) -> Frame {
    Frame::from_fn(size, |x, y| [(x * 255 / size.width) as u8, (y * 255 / size.height) as u8, ((x + y) % 64) as u8 * 3])
}

pub(super) fn written(frame: &Frame, format: ImageFormat) -> Vec<u8> {
    let picture = image::RgbImage::from_raw(frame.width(), frame.height(), frame.bytes().to_vec()).unwrap();
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(picture).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

const LOSSLESS: [ImageFormat; 5] = [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Bmp, ImageFormat::Tiff, ImageFormat::Pnm];

#[test]
fn every_format_is_read() {
    let frame = scene(Size::new(37, 23));
    for format in LOSSLESS {
        assert_eq!(decode_picture(&written(&frame, format), &DecodeLimits::default()).as_ref(), Ok(&frame), "{format:?}");
    }
    for format in [ImageFormat::Jpeg, ImageFormat::Gif] {
        let read = decode_picture(&written(&frame, format), &DecodeLimits::default()).unwrap();
        assert_eq!(read.size(), frame.size(), "{format:?}");
    }
    let one = Frame::filled(Size::new(1, 1), [9, 8, 7]);
    assert_eq!(decode_picture(&encode::png(&one).unwrap(), &DecodeLimits::default()), Ok(one));
}

#[test]
fn what_is_no_picture_has_its_code() {
    use crate::advice::Advised as _;
    let limits = DecodeLimits::default();
    let code = |bytes: &[u8]| decode_picture(bytes, &limits).unwrap_err().advice().code;
    let png = encode::png(&scene(Size::new(64, 48))).unwrap();
    let jpeg = encode::jpeg(&scene(Size::new(64, 48)), 90).unwrap();
    let cases: [(&str, &[u8], &str); 9] = [
        ("no bytes", &[], "IMG-03"),
        ("a text file", b"Dear Sir or Madam, this is not a picture.", "IMG-05"),
        ("zero bytes", &[0; 4096], "IMG-05"),
        ("a cut PNG", &png[..png.len() / 2], "IMG-04"),
        ("a cut JPEG", &jpeg[..jpeg.len() - 40], "IMG-04"),
        ("a JPEG header alone", &jpeg[..20], "IMG-04"),
        ("a PNG signature alone", &png[..8], "IMG-04"),
        ("an empty PNM", b"P6 0 0 255\n", "IMG-06"),
        ("a cut BMP", &written(&scene(Size::new(64, 48)), ImageFormat::Bmp)[..900], "IMG-04"),
    ];
    for (name, bytes, expected) in cases {
        assert_eq!(code(bytes), expected, "{name}");
    }
}

#[test]
fn bombs_are_refused_by_their_header() {
    // A PNG that unpacks to 16 gigapixels, from 57 bytes; and its kin.
    let mut png = encode::png(&Frame::filled(Size::new(1, 1), [0; 3])).unwrap();
    png[16..20].copy_from_slice(&131_072_u32.to_be_bytes());
    png[20..24].copy_from_slice(&131_072_u32.to_be_bytes());
    let crc = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&crc.to_be_bytes());
    let huge = Size::new(131_072, 131_072);
    let limits = DecodeLimits::default();
    assert_eq!(decode_picture(&png, &limits), Err(DecodeError::TooManyPixels { size: huge, limit: limits.max_pixels }));
    let pnm = b"P6 131072 131072 255\n";
    assert_eq!(decode_picture(pnm, &limits), Err(DecodeError::TooManyPixels { size: huge, limit: limits.max_pixels }));
    let mut jpeg = encode::jpeg(&Frame::filled(Size::new(8, 8), [0; 3]), 90).unwrap();
    let sof = jpeg.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
    jpeg[sof + 5..sof + 9].copy_from_slice(&[0xFF; 4]);
    assert!(matches!(decode_picture(&jpeg, &limits), Err(DecodeError::TooManyPixels { .. })));
    assert!(matches!(decode_picture(&vec![0x89; limits.max_file_bytes as usize + 1], &limits), Err(DecodeError::TooLarge { .. })));
    let tight = DecodeLimits { max_sample_bytes: 1000, ..limits };
    assert_eq!(decode_picture(&encode::png(&scene(Size::new(64, 48))).unwrap(), &tight), Err(DecodeError::TooMuchMemory));
}

pub(super) fn crc32(bytes: &[u8]) -> u32 {
    !bytes
        .iter()
        .fold(!0_u32, |crc, b| (0..8).fold(crc ^ u32::from(*b), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 }))
}

/// A JPEG with an EXIF orientation.
fn with_orientation(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = vec![0xFF, 0xE1, 0, 34];
    exif.extend_from_slice(b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0");
    exif.extend_from_slice(&[orientation, 0, 0, 0, 0, 0, 0]);
    [&jpeg[..2], &exif, &jpeg[2..]].concat()
}

#[test]
fn exif_orientation_turns_pictures_upright() {
    // Red top left, green top right, blue bottom left, black bottom right.
    let colour = |x: u32, y: u32, w: u32, h: u32| match (x < w / 2, y < h / 2) {
        (true, true) => [250, 0, 0],
        (false, true) => [0, 250, 0],
        (true, false) => [0, 0, 250],
        (false, false) => [0, 0, 0],
    };
    let frame = Frame::from_fn(Size::new(64, 32), |x, y| colour(x, y, 64, 32));
    let jpeg = encode::jpeg(&frame, 95).unwrap();
    // Corners of the upright picture, clockwise from the top left, as letters.
    let cases = [(1, "RGKB"), (2, "GRBK"), (3, "KBRG"), (4, "BKGR"), (5, "RBKG"), (6, "BRGK"), (7, "KGRB"), (8, "GKBR")];
    for (orientation, expected) in cases {
        let upright = decode_picture(&with_orientation(&jpeg, orientation), &DecodeLimits::default()).unwrap();
        let (w, h) = (i64::from(upright.width()), i64::from(upright.height()));
        assert_eq!((w, h), if orientation < 5 { (64, 32) } else { (32, 64) });
        let letter = |x, y| match upright.pixel_clamped(x, y).map(|v| v > 128) {
            [true, false, false] => 'R',
            [false, true, false] => 'G',
            [false, false, true] => 'B',
            _ => 'K',
        };
        let corners: String = [letter(4, 4), letter(w - 5, 4), letter(w - 5, h - 5), letter(4, h - 5)].iter().collect();
        assert_eq!(corners, expected, "orientation {orientation}");
    }
}

#[test]
fn deep_grey_and_transparent_pictures_are_read() {
    let limits = DecodeLimits::default();
    let png = |samples: &[u8], size: (u32, u32), colour: ExtendedColorType| {
        let mut bytes = Vec::new();
        image::codecs::png::PngEncoder::new(&mut bytes).write_image(samples, size.0, size.1, colour).unwrap();
        decode_picture(&bytes, &limits).unwrap().into_bytes()
    };
    let deep: Vec<u8> = [0u16, 30_000, 65_535].iter().flat_map(|v| v.to_ne_bytes()).collect();
    assert_eq!(png(&deep, (1, 1), ExtendedColorType::Rgb16), [0, 117, 255]);
    assert_eq!(png(&deep, (3, 1), ExtendedColorType::L16), [0, 0, 0, 117, 117, 117, 255, 255, 255]);
    assert_eq!(png(&[7, 200], (2, 1), ExtendedColorType::L8), [7, 7, 7, 200, 200, 200]);
    assert_eq!(png(&[200, 0, 0, 0, 200, 0, 0, 255], (2, 1), ExtendedColorType::Rgba8), [255, 255, 255, 200, 0, 0]);
}

#[test]
fn forty_megapixels_are_read() {
    let frame = Frame::filled(Size::new(7300, 5500), [120, 90, 60]);
    let read = decode_picture(&encode::jpeg(&frame, 80).unwrap(), &DecodeLimits::default()).unwrap();
    assert_eq!(read.size(), frame.size());
    assert!(read.pixel_clamped(7299, 5499).iter().zip([120_u8, 90, 60]).all(|(a, b)| a.abs_diff(b) <= 2));
}

#[test]
fn animations_come_frame_by_frame() {
    let colours = [[255, 0, 0], [0, 255, 0], [0, 0, 255]];
    let mut gif = Vec::new();
    {
        let mut encoder = image::codecs::gif::GifEncoder::new(&mut gif);
        for (colour, millis) in colours.iter().zip([0, 40, 250]) {
            let buffer = image::RgbaImage::from_pixel(20, 10, image::Rgba([colour[0], colour[1], colour[2], 255]));
            let delay = image::Delay::from_numer_denom_ms(millis, 1);
            encoder.encode_frame(image::Frame::from_parts(buffer, 0, 0, delay)).unwrap();
        }
    }
    let limits = DecodeLimits::default();
    let animation = decode_animation(&gif, &limits).unwrap();
    assert_eq!(animation.size(), Size::new(20, 10));
    let frames: Vec<TimedFrame> = animation.map(Result::unwrap).collect();
    assert_eq!(frames.iter().map(|f| f.delay.as_millis()).collect::<Vec<_>>(), [100, 40, 250]);
    assert_eq!(frames.iter().map(|f| f.frame.pixel_clamped(5, 5)).collect::<Vec<_>>(), colours);
    let cut: Vec<_> = decode_animation(&gif[..gif.len() - 12], &limits).unwrap().collect();
    assert!(cut.last().unwrap().is_err());
    let still = encode::png(&scene(Size::new(8, 8))).unwrap();
    assert!(matches!(decode_animation(&still, &limits), Err(DecodeError::Unsupported { .. })));
    assert!(!is_animation(&still, &limits) && is_animation(&gif, &limits));
}
