//! One instruction at a time, and the smallest move that would help.
//!
//! Every gate remembers whether it is met. Unmet, it becomes met inside the hint limit; met, it becomes unmet beyond the block limit. Who
//! has stayed within all block limits for the profile's patience is accepted as they are. The first unmet gate in priority order is the
//! instruction; on screen it stays for at least [`GuidanceDelays::stay`], and a new one must last for a moment before it shows, so that a
//! blink is not commented on.

pub mod feedback;
pub mod gates;
pub mod moves;

use super::capture_profile::CaptureProfile;
use super::roi::roi;
use super::view::{Amount, Feedback, Instruction, QualityBar};
use crate::biometrics::observation::Observation;
use crate::geometry::{PixelRect, Rect};
use crate::units::Moment;
use gates::{GATE_COUNT, Gate, Place, Reading};
use moves::Optics;
use std::sync::Arc;
use std::time::Duration;

/// All delays of the guidance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuidanceDelays {
    /// An instruction stays at least so long; its amount changes no more often.
    pub stay: Duration,
    /// What an instruction would be changed to must be due for so long.
    pub settle: Duration,
    /// The same for closed eyes: shorter ones are blinks.
    pub blink: Duration,
}

impl Default for GuidanceDelays {
    /// 400 ms so that it can be read; 120 ms are four frames, picked by hand; blinks last up to 300 ms.
    fn default() -> Self {
        Self { stay: Duration::from_millis(400), settle: Duration::from_millis(120), blink: Duration::from_millis(300) }
    }
}

/// One gate that is not met.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finding {
    /// Which gate.
    pub gate: Gate,
    /// What to change, and by how much.
    pub instruction: Instruction,
    /// Whether it would stop a capture; else it is only asked for.
    pub blocking: bool,
}

/// What one frame means for the capture.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Whether the frame may be captured: it shows one face and every gate is met.
    pub compliant: bool,
    /// Every gate that is not met, in priority order.
    pub unmet: Vec<Finding>,
    /// The instruction to show, with hysteresis.
    pub instruction: Instruction,
    /// Region of interest in frame pixels.
    pub roi_in_frame: PixelRect,
    /// The chosen face in frame pixels, if it is a face.
    pub face_in_frame: Option<Rect>,
    /// Bars for the officer.
    pub quality: Vec<QualityBar>,
}

/// Judges frames one after another.
#[derive(Debug, Clone)]
pub struct Guidance {
    profile: Arc<CaptureProfile>,
    optics: Optics,
    delays: GuidanceDelays,
    /// Per gate; `None` until it was judged.
    met: [Option<bool>; GATE_COUNT],
    within_block_since: Option<Moment>,
    shown: Shown,
}

/// What is on screen.
#[derive(Debug, Clone, Copy)]
struct Shown {
    instruction: Instruction,
    since: Moment,
    amount_since: Moment,
    /// Since when something else is due.
    outdated_since: Option<Moment>,
}

const LOOKING: Instruction = Instruction { feedback: Feedback::NoFaceDetected, amount: None };

impl Guidance {
    /// Guidance that has seen no frame; it asks for a face.
    #[must_use]
    pub fn new(profile: Arc<CaptureProfile>, optics: Optics, delays: GuidanceDelays, now: Moment) -> Self {
        let shown = Shown { instruction: LOOKING, since: now, amount_since: now, outdated_since: None };
        Self { profile, optics, delays, met: [None; GATE_COUNT], within_block_since: None, shown }
    }

    /// The profile in use.
    #[must_use]
    pub const fn profile(&self) -> &Arc<CaptureProfile> {
        &self.profile
    }

    /// What is on screen.
    #[must_use]
    pub const fn instruction(&self) -> Instruction {
        self.shown.instruction
    }

    /// Judges one frame. `now` must not run backwards; the capture sees to that.
    pub fn assess(&mut self, observation: &Observation, now: Moment) -> Verdict {
        let Ok(roi_in_frame) = roi(&self.profile.roi, observation.frame_size) else {
            return self.verdict(observation, PixelRect::default(), Vec::new(), now);
        };
        let place = Place { frame: observation.frame_size, roi_in_frame, optics: self.optics };
        let readings = gates::readings(&self.profile, observation, place);
        let patient = self.patience(&readings, now);
        if readings.len() == 1 {
            // Nothing that was learnt about a face holds for the next one.
            self.met = [None; GATE_COUNT];
        }
        for reading in &readings {
            let met = &mut self.met[reading.gate as usize];
            let standing = reading.standing;
            *met = Some(if *met == Some(true) { standing.block } else { standing.hint || (patient && standing.accepted) });
        }
        self.verdict(observation, roi_in_frame, readings, now)
    }

    /// Whether the subject has stood within the block limits for long enough. What passes by itself, such as a blink or a moment's blur, does
    /// not start the wait again.
    fn patience(&mut self, readings: &[Reading], now: Moment) -> bool {
        let passing = |gate| matches!(gate, Gate::Eyes | Gate::Mouth | Gate::Sharpness);
        if !readings.iter().all(|r| r.standing.block || passing(r.gate)) {
            self.within_block_since = None;
            return false;
        }
        let since = *self.within_block_since.get_or_insert(now);
        now.since(since) >= self.profile.patience()
    }

    fn verdict(&mut self, observation: &Observation, roi_in_frame: PixelRect, readings: Vec<Reading>, now: Moment) -> Verdict {
        let is_met = |gate: Gate| self.met[gate as usize].unwrap_or(true);
        let unmet: Vec<Finding> = readings.iter().filter(|r| !is_met(r.gate)).map(finding).collect();
        // A gate that this frame gave no reading for still counts with what it was last.
        let compliant = !readings.is_empty() && self.met.iter().all(|met| met.unwrap_or(true));
        let due = unmet.first().map(|f| f.instruction).unwrap_or(match (compliant, readings.is_empty()) {
            (true, _) => Instruction { feedback: Feedback::Compliant, amount: None },
            (false, true) => LOOKING,
            (false, false) => self.shown.instruction,
        });
        let face = observation.face.as_ref().filter(|_| readings.len() > 1);
        let quality = face.map_or_else(Vec::new, |face| {
            let bar = |a: &crate::biometrics::quality::Assessment| QualityBar {
                label_key: gates::label_key(a.component),
                score: a.score.map(crate::units::QualityScore::get),
                passed: gates::gate_of(a.component).is_none_or(is_met),
            };
            face.quality.assessments.iter().map(bar).collect()
        });
        let face_in_frame = face.map(|face| face.detection.bounds);
        self.show(due, now);
        Verdict { compliant, unmet, instruction: self.shown.instruction, roi_in_frame, face_in_frame, quality }
    }

    fn show(&mut self, due: Instruction, now: Moment) {
        let shown = &mut self.shown;
        if due.feedback == shown.instruction.feedback {
            shown.outdated_since = None;
            if due.amount != shown.instruction.amount
                && now.since(shown.amount_since) >= self.delays.stay
                && noticeable(shown.instruction.amount, due.amount)
            {
                (shown.instruction.amount, shown.amount_since) = (due.amount, now);
            }
            return;
        }
        let outdated_since = *shown.outdated_since.get_or_insert(now);
        let settle = match due.feedback {
            Feedback::LeftEyeClosed | Feedback::RightEyeClosed => self.delays.blink,
            _ => self.delays.settle,
        };
        if now.since(shown.since) >= self.delays.stay && now.since(outdated_since) >= settle {
            *shown = Shown { instruction: due, since: now, amount_since: now, outdated_since: None };
        }
    }
}

fn finding(reading: &Reading) -> Finding {
    let instruction = Instruction { feedback: reading.feedback, amount: reading.amount };
    Finding { gate: reading.gate, instruction, blocking: !reading.standing.block }
}

/// Whether the amounts differ by more than the jitter of a standing person: 2 cm or 2 degrees.
fn noticeable(shown: Option<Amount>, due: Option<Amount>) -> bool {
    match (shown, due) {
        (Some(Amount::Centimetres(a)), Some(Amount::Centimetres(b))) | (Some(Amount::Degrees(a)), Some(Amount::Degrees(b))) => {
            (a - b).abs() >= 2.0
        }
        (a, b) => a != b,
    }
}

/// What the profile would say to one frame without a history: every gate whose hint limit is not met, in priority order. Empty is a
/// compliant frame.
#[must_use]
pub fn findings(profile: &CaptureProfile, optics: Optics, observation: &Observation) -> Vec<Finding> {
    let place = roi(&profile.roi, observation.frame_size).map(|roi_in_frame| Place { frame: observation.frame_size, roi_in_frame, optics });
    let readings = place.map_or_else(|_| Vec::new(), |place| gates::readings(profile, observation, place));
    readings.iter().filter(|r| !r.standing.hint).map(finding).collect()
}

/// Why a picture given as a file may not be used: no face or no single one, too few pixels, or turned too far. Where the face lies does not
/// matter, nor does what could only be asked of a person who is there.
#[must_use]
pub fn file_findings(profile: &CaptureProfile, observation: &Observation) -> Vec<Finding> {
    gates::file_readings(profile, observation).iter().filter(|r| !r.standing.block).map(finding).collect()
}

#[cfg(test)]
mod tests;
