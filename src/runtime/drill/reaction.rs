//! How somebody answers to what the screen shows: after a moment, in their own way.

use crate::adapters::camera::synthetic::SubjectState;
use crate::workflow::challenge::gesture::Gesture;
use crate::workflow::view::Feedback;
use rand::RngExt as _;
use rand::rngs::StdRng;

/// What the screen shows, as far as somebody before it can react.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shown {
    /// Whether the challenge has begun.
    pub challenge: bool,
    /// The gesture asked for, with its number in the sequence.
    pub gesture: Option<(usize, Gesture)>,
    /// Whether the screen throws its brighter light.
    pub bright: bool,
    /// What the capture before the challenge asks for.
    pub feedback: Option<Feedback>,
}

/// How somebody does one gesture, drawn once per gesture.
#[derive(Debug, Clone, Copy)]
struct Act {
    gesture: Gesture,
    /// Seconds after the start.
    begins: f32,
    /// Of the usual reach.
    reach: f32,
    /// Of the usual time.
    pace: f32,
}

/// Does one gesture after the other.
#[derive(Debug, Clone, Default)]
pub struct Reaction {
    act: Option<Act>,
    answered: Option<(usize, Gesture)>,
}

impl Reaction {
    /// Looks at the screen at `t` seconds; begins what is newly asked for after the time that people take.
    pub fn look(&mut self, shown: Shown, t: f32, random: &mut StdRng) {
        if shown.gesture.is_none() || shown.gesture == self.answered {
            return;
        }
        self.answered = shown.gesture;
        self.act = shown.gesture.map(|(_, gesture)| Act {
            gesture,
            begins: t + random.random_range(0.25..0.60),
            reach: random.random_range(0.9..1.25),
            pace: random.random_range(0.85..1.2),
        });
    }

    /// Begins a gesture at a moment of its own, in the usual way.
    pub fn begin(&mut self, gesture: Gesture, begins: f32) {
        self.act = Some(Act { gesture, begins, reach: 1.1, pace: 1.0 });
    }

    /// Changes a state by the gesture under way.
    pub fn apply(&self, state: &mut SubjectState, t: f32) {
        if let Some(act) = self.act {
            perform(state, act, t);
        }
    }
}

/// Follows an instruction of the capture for `dt` seconds, as people do: slowly, and in small steps.
pub fn follow(feedback: Option<Feedback>, rest: &mut SubjectState, dt: f32) {
    let turn = 5.0 * dt;
    match feedback {
        Some(Feedback::ChinUp) => rest.pose.pitch += turn,
        Some(Feedback::ChinDown) => rest.pose.pitch -= turn,
        Some(Feedback::TurnLeft) => rest.pose.yaw += turn,
        Some(Feedback::TurnRight) => rest.pose.yaw -= turn,
        Some(Feedback::FaceTooFar) => rest.distance_m *= 1.0 - 0.15 * dt,
        Some(Feedback::FaceTooClose) => rest.distance_m *= 1.0 + 0.15 * dt,
        Some(Feedback::FaceTooHigh) => rest.offset_y_m -= 0.02 * dt,
        Some(Feedback::FaceTooLow) => rest.offset_y_m += 0.02 * dt,
        _ => {}
    }
}

/// How much of a gesture is done: up in 0.5 s, held for 0.35 s, back in 0.5 s, all times `pace`.
fn envelope(t: f32, pace: f32) -> f32 {
    let smooth = |x: f32| {
        let x = x.clamp(0.0, 1.0);
        x * x * (3.0 - 2.0 * x)
    };
    smooth(t / (0.5 * pace)) * (1.0 - smooth((t - 0.85 * pace) / (0.5 * pace)))
}

fn perform(state: &mut SubjectState, act: Act, t: f32) {
    let since = t - act.begins;
    let amount = envelope(since, act.pace) * act.reach;
    match act.gesture {
        Gesture::TurnLeft => state.pose.yaw += 22.0 * amount,
        Gesture::TurnRight => state.pose.yaw -= 22.0 * amount,
        Gesture::LookUp => state.pose.pitch += 17.0 * amount,
        Gesture::LookDown => state.pose.pitch -= 17.0 * amount,
        Gesture::Smile => state.smile = (state.smile + 0.95 * amount).min(1.0),
        Gesture::OpenMouth => state.mouth_open = (0.75 * amount).min(1.0),
        Gesture::ComeCloser => state.distance_m *= 1.0 - 0.26 * amount,
        Gesture::Blink => {
            // Deliberate blinks are slower than the others.
            let shut = |from: f32| {
                let t = (since - from) / act.pace;
                if (0.0..0.30).contains(&t) { (1.0 - (t / 0.08).min(1.0)).max(((t - 0.20) / 0.10).clamp(0.0, 1.0)) } else { 1.0 }
            };
            let open = shut(0.1).min(shut(0.65));
            state.eye_openness_left *= open;
            state.eye_openness_right *= open;
        }
    }
}
