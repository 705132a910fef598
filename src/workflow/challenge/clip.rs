//! The pictures of one attempt that are kept as evidence: a few a second, small, with their times.

use crate::biometrics::pad::look::Look;
use crate::geometry::Size;
use crate::imaging::{Frame, encode, resize};
use crate::ports::gallery::clip::{self, ClipFrame, Expression};
use crate::units::{Moment, SensitiveBytes};
use std::time::Duration;

/// Least time between two pictures.
const APART: Duration = Duration::from_millis(240);
/// Widest picture kept.
const WIDEST: u32 = 640;
/// Fifteen seconds of pictures; a challenge is half as long.
const MOST: usize = clip::MOST_FRAMES;
const QUALITY: u8 = 80;

/// A clip being made.
#[derive(Debug, Clone, Default)]
pub struct ClipMaker {
    first: Option<Moment>,
    last: Option<Moment>,
    frames: Vec<ClipFrame>,
    /// The faces in them.
    looks: Vec<Look>,
}

impl ClipMaker {
    /// Keeps a picture if it is time for one. Encoding takes a few milliseconds.
    pub fn see(&mut self, frame: &Frame, look: &Look, at: Moment) {
        let due = self.last.is_none_or(|last| at.since(last) >= APART);
        if !due || self.frames.len() >= MOST {
            return;
        }
        self.last = Some(at);
        let first = *self.first.get_or_insert(at);
        let size = frame.size();
        let small = (size.width > WIDEST).then(|| resize::resize(frame, Size::new(WIDEST, (size.height * WIDEST / size.width).max(1))));
        if let Ok(jpeg) = encode::jpeg(small.as_ref().unwrap_or(frame), QUALITY) {
            let millis = u32::try_from(at.since(first).as_millis()).unwrap_or(u32::MAX);
            self.frames.push(ClipFrame { millis, expression: None, jpeg: SensitiveBytes(jpeg) });
            self.looks.push(look.clone());
        }
    }

    /// The clip; `None` without a picture.
    ///
    /// - `smile`: how far a face has come with a smile from the person's neutral face, 1 where it is reached; `None` where that cannot be said.
    #[must_use]
    pub fn finish(&self, smile: impl Fn(&Look) -> Option<f32>) -> Option<SensitiveBytes> {
        let frames = self.frames.iter().zip(&self.looks);
        let measured = frames.map(|(frame, look)| ClipFrame { expression: smile(look).map(expression), ..frame.clone() });
        (!self.frames.is_empty()).then(|| clip::encode(&measured.collect::<Vec<_>>()))
    }
}

fn expression(smile: f32) -> Expression {
    let percent = |share: f32| (share.clamp(0.0, 1.0) * 100.0).round() as u8;
    Expression { neutral: percent(1.0 - smile.abs()), smile: percent(0.5 * smile) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::biometrics::pad::test_looks::look;
    use crate::imaging::decode::{DecodeLimits, decode_picture};

    #[test]
    fn a_few_small_pictures_a_second_are_kept() {
        let mut maker = ClipMaker::default();
        assert_eq!(maker.finish(|_| None), None);
        let frame = Frame::filled(Size::new(1280, 720), [90; 3]);
        for i in 0..90 {
            maker.see(&frame, &look(i, i), Moment::from_millis(5000 + i * 33));
        }
        let frames = clip::decode(&maker.finish(|_| None).unwrap()).unwrap();
        assert!((10..=13).contains(&frames.len()), "{}", frames.len());
        assert_eq!(frames[0].millis, 0);
        assert!(frames.windows(2).all(|f| f[1].millis - f[0].millis >= 240));
        assert_eq!(decode_picture(&frames[0].jpeg.0, &DecodeLimits::default()).unwrap().size(), Size::new(640, 360));
    }

    #[test]
    fn a_clip_ends_somewhere() {
        let mut maker = ClipMaker::default();
        let frame = Frame::filled(Size::new(32, 24), [90; 3]);
        (0..1000).for_each(|i| maker.see(&frame, &look(i, i), Moment::from_millis(i * 250)));
        assert_eq!(clip::decode(&maker.finish(|_| None).unwrap()).unwrap().len(), MOST);
    }

    #[test]
    fn expressions_are_measured_from_the_neutral_face_and_stay_within_bounds() {
        for (smile, neutral, smiling) in [(0.0, 100, 0), (0.5, 50, 25), (1.0, 0, 50), (2.0, 0, 100), (9.0, 0, 100), (-0.4, 60, 0)] {
            assert_eq!(expression(smile), Expression { neutral, smile: smiling }, "{smile}");
        }
        let mut maker = ClipMaker::default();
        let frame = Frame::filled(Size::new(32, 24), [90; 3]);
        (0..4).for_each(|i| maker.see(&frame, &look(i, i), Moment::from_millis(i * 250)));
        let frames = clip::decode(&maker.finish(|l| (l.number > 1).then_some(1.0)).unwrap()).unwrap();
        let smiles: Vec<_> = frames.iter().map(|f| f.expression.map(|e| e.smile)).collect();
        assert_eq!(smiles, [None, None, Some(50), Some(50)], "each picture has its own face");
    }
}
