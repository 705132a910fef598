//! How somebody answers to what the screen shows: after a moment, in their own way.

use crate::adapters::camera::synthetic::{Light, SubjectState};
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
    /// When whoever is still asked for it begins once more.
    again: f32,
}

impl Act {
    fn new(gesture: Gesture, begins: f32, reach: f32, random: &mut StdRng) -> Self {
        let pace = random.random_range(0.85..1.2);
        let patience = random.random_range(0.4..0.8);
        Self { gesture, begins, reach, pace, again: begins + LENGTH * pace + patience }
    }
}

/// How long a gesture takes at the usual pace, there and back, seconds.
const LENGTH: f32 = 1.35;
/// How much more people do of a gesture that was not taken for one, and the most that they can.
const MORE: f32 = 1.2;
const MOST: f32 = 1.6;

/// Does one gesture after the other.
#[derive(Debug, Clone, Default)]
pub struct Reaction {
    act: Option<Act>,
    answered: Option<(usize, Gesture)>,
}

impl Reaction {
    /// Looks at the screen at `t` seconds; begins what is newly asked for after the time that people take, and does it once more, and more of
    /// it, when the screen still asks for it a while after it was done.
    pub fn look(&mut self, shown: Shown, t: f32, random: &mut StdRng) {
        let Some((_, gesture)) = shown.gesture else { return };
        if shown.gesture != self.answered {
            self.answered = shown.gesture;
            let begins = t + random.random_range(0.25..0.60);
            self.act = Some(Act::new(gesture, begins, random.random_range(0.9..1.25), random));
        } else if let Some(act) = self.act.filter(|act| t >= act.again) {
            self.act = Some(Act::new(gesture, t, (MORE * act.reach).min(MOST), random));
        }
    }

    /// Begins a gesture at a moment of its own, in the usual way.
    pub fn begin(&mut self, gesture: Gesture, begins: f32) {
        self.act = Some(Act { gesture, begins, reach: 1.1, pace: 1.0, again: f32::INFINITY });
    }

    /// Changes a state by the gesture under way.
    pub fn apply(&self, state: &mut SubjectState, t: f32) {
        if let Some(act) = self.act {
            perform(state, act, t);
        }
    }
}

/// Most that a lamp nearby adds to a room's light or a curtain takes away, stops.
const LAMP_STOPS: f32 = 1.0;

/// Follows an instruction of the capture for `dt` seconds, as people do: slowly, and in small steps.
///
/// - `room`: the light before anything was asked.
/// - returns: whether there was anything to follow.
pub fn follow(feedback: Option<Feedback>, rest: &mut SubjectState, light: &mut Light, room: Light, dt: f32) -> bool {
    let turn = 5.0 * dt;
    let mut dim = |stops: f32| {
        light.exposure_ev = (light.exposure_ev + stops).clamp(room.exposure_ev - LAMP_STOPS, room.exposure_ev + LAMP_STOPS);
    };
    match feedback {
        Some(Feedback::ChinUp) => rest.pose.pitch += turn,
        Some(Feedback::ChinDown) => rest.pose.pitch -= turn,
        Some(Feedback::TurnLeft) => rest.pose.yaw += turn,
        Some(Feedback::TurnRight) => rest.pose.yaw -= turn,
        Some(Feedback::FaceTooFar) => rest.distance_m *= 1.0 - 0.15 * dt,
        Some(Feedback::FaceTooClose) => rest.distance_m *= 1.0 + 0.15 * dt,
        Some(Feedback::FaceTooHigh) => rest.offset_y_m -= 0.02 * dt,
        Some(Feedback::FaceTooLow) => rest.offset_y_m += 0.02 * dt,
        Some(Feedback::InsufficientLighting) => dim(0.4 * dt),
        Some(Feedback::TooBright) => dim(-0.4 * dt),
        _ => return false,
    }
    true
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

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng as _;

    /// Largest pitch of somebody who is asked to look up for `seconds`, and how often they did it.
    fn looking_up(seconds: f32) -> (f32, usize) {
        let (mut reaction, mut random) = (Reaction::default(), StdRng::seed_from_u64(3));
        let shown = Shown { challenge: true, gesture: Some((0, Gesture::LookUp)), ..Shown::default() };
        let (mut highest, mut times, mut up) = (0.0f32, 0, false);
        for step in 0..(seconds * 15.0) as usize {
            let t = step as f32 / 15.0;
            let mut state = SubjectState::default();
            reaction.look(shown, t, &mut random);
            reaction.apply(&mut state, t);
            highest = highest.max(state.pose.pitch);
            times += usize::from(!up && state.pose.pitch > 8.0);
            up = state.pose.pitch > 8.0;
        }
        (highest, times)
    }

    #[test]
    fn who_is_still_asked_does_it_once_more_and_more_of_it() {
        let ((once, first), (twice, second)) = (looking_up(2.0), looking_up(4.5));
        assert_eq!((first, second), (1, 2));
        assert!(twice > 1.1 * once && twice < 1.3 * once, "{once} {twice}");
        assert!(looking_up(60.0).0 < 17.0 * MOST + 0.1, "nobody's neck bends without end");
    }

    #[test]
    fn who_is_asked_for_more_light_turns_on_a_lamp_and_no_floodlight() {
        let room = Light { exposure_ev: -0.3, ..Light::default() };
        let (mut light, mut rest) = (room, SubjectState::default());
        follow(Some(Feedback::InsufficientLighting), &mut rest, &mut light, room, 1.0);
        assert!((light.exposure_ev - 0.1).abs() < 1e-4, "{}", light.exposure_ev);
        for _ in 0..20 {
            follow(Some(Feedback::InsufficientLighting), &mut rest, &mut light, room, 1.0);
        }
        assert!((light.exposure_ev - 0.7).abs() < 1e-4, "{}", light.exposure_ev);
        follow(Some(Feedback::TooBright), &mut rest, &mut light, room, 0.5);
        assert!((light.exposure_ev - 0.5).abs() < 1e-4, "{}", light.exposure_ev);
    }
}
