//! Decoders survive any bytes: a fixed number of mutated, cut and random files, seeded; hand-made animations as seeds.

use super::tests::{crc32, scene, written};
use super::*;
use crate::imaging::encode;
use image::{ExtendedColorType, ImageEncoder as _};

/// Cases per run; the same ones every time.
const CASES: u32 = 3000;

/// A small generator (xorshift), so that every case can be found again by its number.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}

fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let named = [&kind[..], body].concat();
    [&(body.len() as u32).to_be_bytes()[..], &named, &crc32(&named).to_be_bytes()].concat()
}

/// Compressed pixels of a PNG.
fn png_pixels(png: &[u8]) -> Vec<u8> {
    let (mut at, mut pixels) = (8, Vec::new());
    while at + 8 <= png.len() {
        let length = u32::from_be_bytes(png[at..at + 4].try_into().unwrap()) as usize;
        if &png[at + 4..at + 8] == b"IDAT" {
            pixels.extend_from_slice(&png[at + 8..at + 8 + length]);
        }
        at += length + 12;
    }
    pixels
}

/// An animated PNG of two pictures of one size.
fn animated_png(first: &Frame, second: &Frame) -> Vec<u8> {
    let pngs = [first, second].map(|f| encode::png(f).unwrap());
    let control = |sequence: u32, delay_ms: u16| {
        let mut body = sequence.to_be_bytes().to_vec();
        body.extend_from_slice(&first.width().to_be_bytes());
        body.extend_from_slice(&first.height().to_be_bytes());
        body.extend_from_slice(&[0; 8]);
        body.extend_from_slice(&delay_ms.to_be_bytes());
        body.extend_from_slice(&1000_u16.to_be_bytes());
        body.extend_from_slice(&[0, 0]);
        chunk(b"fcTL", &body)
    };
    let later = [&2_u32.to_be_bytes()[..], &png_pixels(&pngs[1])].concat();
    let mut png = pngs[0][..33].to_vec();
    png.extend(chunk(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]));
    png.extend(control(0, 30));
    png.extend(chunk(b"IDAT", &png_pixels(&pngs[0])));
    png.extend(control(1, 70));
    png.extend(chunk(b"fdAT", &later));
    png.extend(chunk(b"IEND", &[]));
    png
}

/// An animated WebP of lossless pictures of one size.
fn animated_webp(frames: &[&Frame]) -> Vec<u8> {
    let riff = |kind: &[u8; 4], body: &[u8]| {
        let padding = vec![0; body.len() % 2];
        [&kind[..], &(body.len() as u32).to_le_bytes(), body, &padding].concat()
    };
    let three = |v: u32| v.to_le_bytes()[..3].to_vec();
    let size = frames[0].size();
    let extent = [three(size.width - 1), three(size.height - 1)].concat();
    let mut body = b"WEBP".to_vec();
    body.extend(riff(b"VP8X", &[&[0x02, 0, 0, 0], &extent[..]].concat()));
    body.extend(riff(b"ANIM", &[255, 255, 255, 255, 0, 0]));
    for frame in frames {
        // A still file is RIFF, length, WEBP, and then the picture's own chunk. The flag says: replace, do not blend.
        let still = written(frame, ImageFormat::WebP);
        let picture = [three(0), three(0), extent.clone(), three(50), vec![2], still[12..].to_vec()].concat();
        body.extend(riff(b"ANMF", &picture));
    }
    riff(b"RIFF", &body)
}

#[test]
fn animated_png_and_webp_are_read() {
    let size = Size::new(24, 16);
    let (red, blue) = (Frame::filled(size, [200, 0, 0]), Frame::filled(size, [0, 0, 200]));
    let limits = DecodeLimits::default();
    let frames = |bytes: &[u8]| -> Vec<TimedFrame> { decode_animation(bytes, &limits).unwrap().map(Result::unwrap).collect() };
    let png = frames(&animated_png(&red, &blue));
    assert_eq!(png.iter().map(|f| f.delay.as_millis()).collect::<Vec<_>>(), [30, 70]);
    let webp = frames(&animated_webp(&[&red, &blue]));
    assert_eq!(webp.iter().map(|f| f.delay.as_millis()).collect::<Vec<_>>(), [50, 50]);
    for (name, animation) in [("PNG", png), ("WebP", webp)] {
        let colours: Vec<[u8; 3]> = animation.iter().map(|f| f.frame.pixel_clamped(12, 8)).collect();
        assert_eq!(colours, [[200, 0, 0], [0, 0, 200]], "{name}");
        assert!(animation.iter().all(|f| f.frame.size() == size), "{name}");
    }
    assert_eq!(decode_picture(&animated_webp(&[&red, &blue]), &limits), Ok(red));
}

/// One small valid file of every kind that is read.
fn seeds() -> Vec<Vec<u8>> {
    let frame = scene(Size::new(33, 21));
    let mut seeds: Vec<Vec<u8>> =
        [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP, ImageFormat::Bmp, ImageFormat::Tiff, ImageFormat::Pnm]
            .map(|format| written(&frame, format))
            .to_vec();
    let mut deep = Vec::new();
    let samples: Vec<u8> = (0..33 * 21 * 8).map(|i| (i * 31) as u8).collect();
    image::codecs::png::PngEncoder::new(&mut deep).write_image(&samples, 33, 21, ExtendedColorType::Rgba16).unwrap();
    seeds.push(deep);
    let mut tiff = Cursor::new(Vec::new());
    image::codecs::tiff::TiffEncoder::new(&mut tiff).write_image(&samples[..33 * 21 * 2], 33, 21, ExtendedColorType::L16).unwrap();
    seeds.push(tiff.into_inner());
    seeds.push(animated_png(&frame, &Frame::filled(frame.size(), [9, 8, 7])));
    seeds.push(animated_webp(&[&frame, &frame]));
    seeds.push(b"P3 2 2 255 1 2 3 4 5 6 7 8 9 10 11 12".to_vec());
    seeds.push(b"P7\nWIDTH 2\nHEIGHT 2\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n0123456789abcdef".to_vec());
    seeds
}

/// One damaged file: bytes changed, cut, repeated, spliced from another, or all random behind a valid start.
fn mutated(random: &mut Random, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = seeds[random.below(seeds.len())].clone();
    match random.below(6) {
        0 => bytes.truncate(random.below(bytes.len())),
        1 => {
            let keep = random.below(16);
            bytes[keep.min(seeds[0].len())..].iter_mut().for_each(|b| *b = random.next() as u8);
        }
        2 => {
            let other = &seeds[random.below(seeds.len())];
            let at = random.below(bytes.len());
            bytes.truncate(at);
            bytes.extend_from_slice(&other[random.below(other.len())..]);
        }
        3 => {
            // The head holds sizes, counts and offsets: push it to its extremes.
            let at = random.below(bytes.len().min(80));
            let value = [0, 1, 0x7F, 0x80, 0xFE, 0xFF][random.below(6)];
            let end = (at + 1 + random.below(4)).min(bytes.len());
            bytes[at..end].fill(value);
        }
        _ => {
            for _ in 0..=random.below(8) {
                let at = random.below(bytes.len());
                bytes[at] ^= 1 << random.below(8);
            }
        }
    }
    bytes
}

#[test]
fn damaged_files_are_refused_or_read_but_never_panic() {
    let seeds = seeds();
    let limits = DecodeLimits { max_file_bytes: 1_000_000, max_pixels: 1_000_000, max_sample_bytes: 16_000_000 };
    for seed in &seeds {
        decode_picture(seed, &limits).expect("the undamaged file is read");
    }
    let mut random = Random(0x5EED_0000_0001);
    let (mut read, mut refused) = (0, 0);
    for _ in 0..CASES {
        let bytes = mutated(&mut random, &seeds);
        match decode_picture(&bytes, &limits) {
            Ok(frame) => {
                assert!(frame.size().pixels() <= limits.max_pixels);
                read += 1;
            }
            Err(error) => {
                assert!(crate::advice::Advised::advice(&error).code.starts_with("IMG-"));
                refused += 1;
            }
        }
        // A damaged animation may go on for long; its frames are bounded, their number is the caller's business.
        if let Ok(animation) = decode_animation(&bytes, &limits) {
            animation.take(4).flatten().for_each(|f| assert!(f.frame.size().pixels() <= limits.max_pixels));
        }
        let _ = decode_motion_jpeg(&bytes, &limits);
    }
    assert!(read > 100 && refused > 1000, "the cases must reach both ends: {read} read, {refused} refused");
}
