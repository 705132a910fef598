//! Decoded samples of any colour type to RGB8.

use super::DecodeError;
use image::ColorType;

/// Converts a decoder's buffer (native byte order) to RGB8; transparency goes over white.
pub(super) fn to_rgb8(buffer: Vec<u8>, colour: ColorType) -> Result<Vec<u8>, DecodeError> {
    let rgb = match colour {
        ColorType::Rgb8 => buffer,
        ColorType::L8 => convert(&buffer, |[l]: [u8; 1]| [l; 3]),
        ColorType::La8 => convert(&buffer, |[l, a]: [u8; 2]| [over_white(l, a); 3]),
        ColorType::Rgba8 => rgba_over_white(&buffer),
        ColorType::L16 => convert(&buffer, |p: [u8; 2]| [narrow(u16_at(&p, 0)); 3]),
        ColorType::La16 => convert(&buffer, |p: [u8; 4]| [over_white16(u16_at(&p, 0), u16_at(&p, 1)); 3]),
        ColorType::Rgb16 => convert(&buffer, |p: [u8; 6]| [0, 1, 2].map(|i| narrow(u16_at(&p, i)))),
        ColorType::Rgba16 => convert(&buffer, |p: [u8; 8]| [0, 1, 2].map(|i| over_white16(u16_at(&p, i), u16_at(&p, 3)))),
        ColorType::Rgb32F => convert(&buffer, |p: [u8; 12]| [0, 1, 2].map(|i| from_unit(f32_at(&p, i)))),
        ColorType::Rgba32F => convert(&buffer, |p: [u8; 16]| {
            let alpha = unit(f32_at(&p, 3));
            [0, 1, 2].map(|i| from_unit(unit(f32_at(&p, i)) * alpha + (1.0 - alpha)))
        }),
        other => return Err(DecodeError::Unsupported { reason: format!("colour type {other:?}") }),
    };
    Ok(rgb)
}

/// RGBA8 over white.
pub(super) fn rgba_over_white(rgba: &[u8]) -> Vec<u8> {
    convert(rgba, |[r, g, b, a]: [u8; 4]| [over_white(r, a), over_white(g, a), over_white(b, a)])
}

fn convert<const N: usize>(buffer: &[u8], pixel: impl Fn([u8; N]) -> [u8; 3]) -> Vec<u8> {
    let (pixels, _) = buffer.as_chunks::<N>();
    let mut rgb = Vec::with_capacity(pixels.len() * 3);
    for p in pixels {
        rgb.extend_from_slice(&pixel(*p));
    }
    rgb
}

fn over_white(value: u8, alpha: u8) -> u8 {
    let (v, a) = (u32::from(value), u32::from(alpha));
    ((v * a + 255 * (255 - a) + 127) / 255) as u8
}

fn over_white16(value: u16, alpha: u16) -> u8 {
    let (v, a) = (u64::from(value), u64::from(alpha));
    narrow(((v * a + 65_535 * (65_535 - a) + 32_767) / 65_535) as u16)
}

/// 16 bits to 8, to the nearest.
fn narrow(value: u16) -> u8 {
    ((u32::from(value) + 128) / 257) as u8
}

fn u16_at(pixel: &[u8], index: usize) -> u16 {
    u16::from_ne_bytes([pixel[index * 2], pixel[index * 2 + 1]])
}

fn f32_at(pixel: &[u8], index: usize) -> f32 {
    let at = index * 4;
    f32::from_ne_bytes([pixel[at], pixel[at + 1], pixel[at + 2], pixel[at + 3]])
}

/// A float sample in [0, 1]; not-a-number becomes 0.
fn unit(value: f32) -> f32 {
    if value.is_nan() { 0.0 } else { value.clamp(0.0, 1.0) }
}

fn from_unit(value: f32) -> u8 {
    (unit(value) * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_depth_lands_on_the_same_eight_bits() {
        let wide: Vec<u8> = [0u16, 257 * 100, 65_535].iter().flat_map(|v| v.to_ne_bytes()).collect();
        assert_eq!(to_rgb8(wide.clone(), ColorType::Rgb16).unwrap(), [0, 100, 255]);
        assert_eq!(to_rgb8(wide, ColorType::L16).unwrap(), [0, 0, 0, 100, 100, 100, 255, 255, 255]);
        let float: Vec<u8> = [-1.0f32, 0.5, f32::NAN].iter().flat_map(|v| v.to_ne_bytes()).collect();
        assert_eq!(to_rgb8(float, ColorType::Rgb32F).unwrap(), [0, 128, 0]);
    }

    #[test]
    fn transparency_goes_over_white() {
        assert_eq!(to_rgb8(vec![10, 20, 30, 0], ColorType::Rgba8).unwrap(), [255; 3]);
        assert_eq!(to_rgb8(vec![10, 20, 30, 255], ColorType::Rgba8).unwrap(), [10, 20, 30]);
        assert_eq!(to_rgb8(vec![0, 128], ColorType::La8).unwrap(), [127; 3]);
        let half: Vec<u8> = [0u16, 0, 0, 32_768].iter().flat_map(|v| v.to_ne_bytes()).collect();
        assert_eq!(to_rgb8(half, ColorType::Rgba16).unwrap(), [127; 3]);
    }
}
