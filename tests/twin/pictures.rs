//! Pictures and voice samples of people who do not exist.

use base64::Engine as _;
use std::sync::OnceLock;
use visavis::adapters::twin::pictures::marked;

/// A small JPEG with a mark such as `person=ada;spoof=1`.
pub fn jpeg(mark: &str) -> Vec<u8> {
    static PLAIN: OnceLock<Vec<u8>> = OnceLock::new();
    let plain = PLAIN.get_or_init(|| sized(48, 64));
    marked(plain, mark).expect("a JPEG takes a mark")
}

pub fn sized(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::GrayImage::from_pixel(width, height, image::Luma([128])).write_to(&mut bytes, image::ImageFormat::Jpeg).expect("a JPEG");
    bytes.into_inner()
}

pub fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// The picture of [`jpeg`] in base 64.
pub fn face(mark: &str) -> String {
    base64(&jpeg(mark))
}

/// One second of an 8 kHz, 8-bit WAV file; voices of different tone are different people.
pub fn voice(tone: u8) -> String {
    let mut wav = b"RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00".to_vec();
    wav.extend(8000u32.to_le_bytes());
    wav.extend(8000u32.to_le_bytes());
    wav.extend(b"\x01\x00\x08\x00data");
    wav.extend(8000u32.to_le_bytes());
    wav.extend(std::iter::repeat_n(tone, 8000));
    base64(&wav)
}
