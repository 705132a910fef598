//! FaceExposure: is the light on this face right, whatever its skin tone? Our own component, and the one that may gate.
//!
//! Mean brightness cannot answer that: it is lower for darker skin in perfect light. What does not depend on skin tone is
//! the ends of the scale. Every face has highlights (the white of the eyes, teeth, moist or oily spots) that come close to
//! white when the exposure is right; when it is too low, even they stay dark. When it is too high, a large part of the face
//! has a channel at the end of its range, and what is clipped is lost. So the native value holds two shares of a limit
//! against each other: the brightest two hundredths of the face in stops below white, and the clipped share of the face.
//!
//! Measured over a fixed region of the aligned face, eyes and mouth included, so that it needs five landmarks only.

use super::aligned_face::AlignedFace;
use super::mapping::sigmoid;
use super::{Assessment, Component};
use crate::imaging::luminance::linear_from_srgb;
use crate::imaging::statistics::Histogram;

/// A face is refused when the native value reaches this in size, either way. Its score there is 50.
pub const FACE_EXPOSURE_LIMIT: f64 = 1.0;

/// Stops below white at which the highlights of a face are too dark.
///
/// Chosen on nine tenths of UTKFace part 1 (2 935 of its faces), where the highlights of all but 1 % of every group lie
/// above -2 stops, and no highlight can lie above -3 stops when the exposure is three stops too low.
const DARKEST_HIGHLIGHT_STOPS: f64 = 2.5;

/// Clipped share of the face that is too much.
///
/// Chosen on the same faces: 99 % of every group stay below 0.11, while three stops too much clip more than 0.2 of 97 % of
/// the group with the darkest skin and more of the others.
const MOST_CLIPPED_SHARE: f64 = 0.2;

/// A channel from this value on counts as clipped; compression and scaling pull clipped values a little below 255.
const CLIPPED_FROM: u8 = 253;

/// The brightest share of a face taken as its highlights; more than a reflection in spectacles covers.
const HIGHLIGHT_SHARE: f64 = 0.02;

/// The two halves of the native value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FaceExposureMeasure {
    /// Highlights of the face in stops below white, 0 or more.
    pub highlight_stops: f64,
    /// Share of the face with a clipped channel, 0-1.
    pub clipped_share: f64,
}

impl FaceExposureMeasure {
    /// Measures the brightest channel of every face pixel; `None` when there is no pixel.
    fn of(brightest_channel: &Histogram) -> Option<Self> {
        let highlight = brightest_channel.percentile(1.0 - HIGHLIGHT_SHARE)?;
        // An all-black face is as dark as the scale can say.
        let linear = linear_from_srgb(f64::from(highlight.max(1)) / 255.0);
        Some(Self { highlight_stops: -linear.log2(), clipped_share: brightest_channel.share(CLIPPED_FROM, 255)? })
    }

    /// The native value: 0 is right, negative too dark, positive too bright; from 1 on in size the face is refused.
    #[must_use]
    pub fn native(&self) -> f64 {
        let dark = self.highlight_stops / DARKEST_HIGHLIGHT_STOPS;
        let bright = self.clipped_share / MOST_CLIPPED_SHARE;
        if bright >= dark { bright } else { -dark }
    }
}

pub(super) fn assess(aligned: Option<&AlignedFace>) -> Assessment {
    let native = aligned.and_then(|a| {
        let pixels = a.picture.bytes().as_chunks::<3>().0.iter().zip(&a.fixed_region.values);
        let inside = pixels.filter(|(_, inside)| **inside == 1).map(|([r, g, b], _)| *r.max(g).max(b));
        FaceExposureMeasure::of(&Histogram::of(inside)).map(|m| m.native())
    });
    Assessment::new(Component::FaceExposure, "visavis-face-exposure/1", true, native, score)
}

pub(super) fn score(native: f64) -> f64 {
    100.0 * (1.0 - sigmoid(native.abs(), FACE_EXPOSURE_LIMIT, 0.08))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn native(values: &[(u8, u32)]) -> f64 {
        let pixels = values.iter().flat_map(|(v, n)| std::iter::repeat_n(*v, *n as usize));
        FaceExposureMeasure::of(&Histogram::of(pixels)).unwrap().native()
    }

    #[test]
    fn skin_tone_does_not_matter_but_light_does() {
        // (what the face looks like, brightest channel of its pixels, is it refused, which way)
        let cases: [(&str, &[(u8, u32)], bool, f64); 8] = [
            ("fair skin, good light", &[(200, 900), (235, 80), (248, 20)], false, -1.0),
            ("dark skin, good light", &[(70, 900), (110, 70), (220, 30)], false, -1.0),
            ("very dark skin, eyes bright", &[(45, 960), (200, 40)], false, -1.0),
            ("fair skin, three stops too low", &[(72, 900), (92, 80), (99, 20)], true, -1.0),
            ("dark skin, three stops too low", &[(20, 900), (60, 100)], true, -1.0),
            ("fair skin, three stops too high", &[(255, 950), (180, 50)], true, 1.0),
            ("dark skin, three stops too high", &[(190, 600), (255, 400)], true, 1.0),
            ("shiny forehead", &[(200, 930), (255, 70)], false, 1.0),
        ];
        for (name, values, refused, direction) in cases {
            let v = native(values);
            assert_eq!(v.abs() >= FACE_EXPOSURE_LIMIT, refused, "{name}: {v}");
            assert_eq!(v.signum(), direction, "{name}: {v}");
            assert_eq!(score(v) < 50.5, refused, "{name}: {v}");
        }
        assert!(native(&[(0, 100)]).is_finite());
    }
}
