//! What a screen may show of the capture.

use super::instruction::Instruction;
use super::{DocumentCapture, DocumentObservation, Seen, Side, State};
use crate::documents::picture::Quad;
use crate::documents::picture::rectify::point_in_frame;
use crate::geometry::{Point, Size};
use crate::units::Moment;
use std::time::Duration;

/// Where the capture stands, as plain values.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentCaptureView {
    /// The instruction.
    pub instruction: Instruction,
    /// 0-1: how much of the run of compliant frames is there.
    pub progress: f32,
    /// Size of the frames, for placing what follows; `None` before the first frame.
    pub frame_size: Option<Size>,
    /// The document's outline in frame pixels.
    pub outline: Option<Quad>,
    /// Where a reflection covers what has to be read, in frame pixels.
    pub glare: Option<Quad>,
    /// The side that is looked for.
    pub side: Option<Side>,
    /// Whether the document is to be turned over.
    pub turning: bool,
    /// Time left for the side.
    pub time_left: Option<Duration>,
    /// Whether all is done.
    pub finished: bool,
    /// Support code when it came to no picture.
    pub code: Option<&'static str>,
}

impl DocumentCapture {
    /// What a screen may show.
    #[must_use]
    pub fn view(&self, now: Moment) -> DocumentCaptureView {
        let own = self.timeline.at(now);
        let (progress, until) = match &self.state {
            State::Watching { until, .. } => (0.0, Some(*until)),
            State::Holding { until, count, .. } => (*count as f32 / self.profile.compliant_frames.max(1) as f32, Some(*until)),
            State::Finished => (1.0, None),
            _ => (0.0, None),
        };
        let code = match &self.state {
            State::Refused => Some("DOC-62"),
            State::Faulted { fault, .. } => Some(fault.code),
            _ => None,
        };
        let instruction = self.guide.instruction();
        DocumentCaptureView {
            instruction,
            progress: progress.min(1.0),
            frame_size: self.seen.size,
            outline: self.seen.outline,
            glare: self.seen.glare.filter(|_| instruction == Instruction::AvoidGlare),
            side: self.side(),
            turning: matches!(self.state, State::Turning { .. }) || (self.side().is_some() && instruction == Instruction::TurnOver),
            time_left: until.map(|u| u.since(own)),
            finished: matches!(self.state, State::Finished),
            code,
        }
    }
}

impl Seen {
    pub(super) fn of(seen: &DocumentObservation) -> Self {
        let first = seen.found.first();
        let glare = first.zip(seen.measures.and_then(|m| m.glare_mm)).and_then(|(found, area)| {
            let corners = [(area.x, area.y), (area.right(), area.y), (area.right(), area.bottom()), (area.x, area.bottom())];
            let mut in_frame = [Point::default(); 4];
            for (to, (x, y)) in in_frame.iter_mut().zip(corners) {
                *to = point_in_frame(&found.corners, found.form.shape, Point::new(x, y))?;
            }
            Some(Quad(in_frame))
        });
        Self { size: Some(seen.frame.frame.size()), outline: first.map(|f| f.corners), glare }
    }
}
