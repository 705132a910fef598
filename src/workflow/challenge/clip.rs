//! The pictures of one attempt that are kept as evidence: a few a second, small, with their times.

use crate::geometry::Size;
use crate::imaging::{Frame, encode, resize};
use crate::ports::gallery::clip::{self, ClipFrame};
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
}

impl ClipMaker {
    /// Keeps a picture if it is time for one. Encoding takes a few milliseconds.
    pub fn see(&mut self, frame: &Frame, at: Moment) {
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
            self.frames.push(ClipFrame { millis, jpeg: SensitiveBytes(jpeg) });
        }
    }

    /// The clip; `None` without a picture.
    #[must_use]
    pub fn finish(&self) -> Option<SensitiveBytes> {
        (!self.frames.is_empty()).then(|| clip::encode(&self.frames))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imaging::decode::{DecodeLimits, decode_picture};

    #[test]
    fn a_few_small_pictures_a_second_are_kept() {
        let mut maker = ClipMaker::default();
        assert_eq!(maker.finish(), None);
        let frame = Frame::filled(Size::new(1280, 720), [90; 3]);
        for i in 0..90 {
            maker.see(&frame, Moment::from_millis(5000 + i * 33));
        }
        let frames = clip::decode(&maker.finish().unwrap()).unwrap();
        assert!((10..=13).contains(&frames.len()), "{}", frames.len());
        assert_eq!(frames[0].millis, 0);
        assert!(frames.windows(2).all(|f| f[1].millis - f[0].millis >= 240));
        assert_eq!(decode_picture(&frames[0].jpeg.0, &DecodeLimits::default()).unwrap().size(), Size::new(640, 360));
    }

    #[test]
    fn a_clip_ends_somewhere() {
        let mut maker = ClipMaker::default();
        let frame = Frame::filled(Size::new(32, 24), [90; 3]);
        (0..1000).for_each(|i| maker.see(&frame, Moment::from_millis(i * 250)));
        assert_eq!(clip::decode(&maker.finish().unwrap()).unwrap().len(), MOST);
    }
}
