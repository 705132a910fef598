//! Animated GIF, PNG and WebP files.

use super::{Reel, Shown, words};
use crate::imaging::decode::{DecodeLimits, decode_animation};
use std::collections::VecDeque;

/// Pixels of decoded frames kept at once. Longer animations are decoded in parts, each from the beginning, because a decoder cannot be kept
/// beside the bytes it borrows.
const KEPT_PIXELS: u64 = 32_000_000;

/// An animation, decoded a part at a time.
pub(super) struct Animated {
    bytes: Vec<u8>,
    ready: VecDeque<Shown>,
    /// Frames handed out or in `ready`.
    decoded: usize,
    /// All of it is in `kept`.
    complete: bool,
    kept: Vec<Shown>,
}

impl Animated {
    pub(super) const fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, ready: VecDeque::new(), decoded: 0, complete: false, kept: Vec::new() }
    }

    fn decode_part(&mut self) -> Result<(), String> {
        let animation = decode_animation(&self.bytes, &DecodeLimits::default()).map_err(|e| words(&e))?;
        let room = (KEPT_PIXELS / animation.size().pixels().max(1)).max(1) as usize;
        let from_start = self.decoded == 0;
        let mut frames = animation.skip(self.decoded);
        for frame in frames.by_ref().take(room) {
            let frame = frame.map_err(|e| words(&e))?;
            self.ready.push_back((frame.frame, Some(frame.delay)));
            self.decoded += 1;
        }
        if from_start && self.ready.len() < room {
            self.kept = self.ready.iter().cloned().collect();
            self.complete = true;
        }
        Ok(())
    }
}

impl Reel for Animated {
    fn rate(&self) -> Option<f32> {
        None
    }

    fn next(&mut self) -> Result<Option<Shown>, String> {
        if self.ready.is_empty() && !self.complete {
            self.decode_part()?;
        }
        Ok(self.ready.pop_front())
    }

    fn rewind(&mut self) -> Result<(), String> {
        self.decoded = 0;
        self.ready = self.kept.iter().cloned().collect();
        Ok(())
    }
}
