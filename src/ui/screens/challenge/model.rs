//! What the challenge screen says: the movement in words, its icon and arrow, what the drawn head does, how the rings look.

use crate::geometry::{PixelRect, Size};
use crate::ui::screens::face::model::{Prompt, Ring};
use crate::ui::strings::Words;
use crate::ui::widgets::figure::Pose;
use crate::workflow::challenge::gesture::Gesture;
use crate::workflow::view::{ChallengePhase, ChallengeView};
use lucide_icons::Icon;

/// Icon of a movement. The screen is a mirror: the subject's left is the screen's left.
#[must_use]
pub const fn icon(gesture: Gesture) -> Icon {
    match gesture {
        Gesture::TurnLeft => Icon::ArrowLeft,
        Gesture::TurnRight => Icon::ArrowRight,
        Gesture::LookUp => Icon::ArrowUp,
        Gesture::LookDown => Icon::ArrowDown,
        Gesture::Blink => Icon::Eye,
        Gesture::Smile => Icon::Smile,
        Gesture::OpenMouth => Icon::ScanFace,
        Gesture::ComeCloser => Icon::Maximize2,
    }
}

/// What the drawn head does at the height of the movement.
#[must_use]
pub fn pose(gesture: Gesture) -> Pose {
    let straight = Pose::default();
    match gesture {
        Gesture::TurnLeft => Pose { turn: -1.0, ..straight },
        Gesture::TurnRight => Pose { turn: 1.0, ..straight },
        Gesture::LookUp => Pose { lift: 1.0, ..straight },
        Gesture::LookDown => Pose { lift: -1.0, ..straight },
        Gesture::Blink => Pose { blink: 1.0, ..straight },
        Gesture::Smile => Pose { smile: 1.0, ..straight },
        Gesture::OpenMouth => Pose { mouth: 1.0, ..straight },
        Gesture::ComeCloser => Pose { nearer: 1.8, ..straight },
    }
}

/// Unit vector of the arrow beside the oval, to the screen's right and down; none for movements within the face.
#[must_use]
pub const fn arrow(gesture: Gesture) -> Option<(f32, f32)> {
    match gesture {
        Gesture::TurnLeft => Some((-1.0, 0.0)),
        Gesture::TurnRight => Some((1.0, 0.0)),
        Gesture::LookUp => Some((0.0, -1.0)),
        Gesture::LookDown => Some((0.0, 1.0)),
        _ => None,
    }
}

/// How much of a movement the drawn head shows, `time` in seconds: there and back in 1.6 s, twice as fast for a blink.
#[must_use]
pub fn swing(gesture: Gesture, time: f64) -> f32 {
    let period = if gesture == Gesture::Blink { 0.8 } else { 1.6 };
    let phase = (time % period / period) as f32;
    let wave = 0.5 - 0.5 * (phase * std::f32::consts::TAU).cos();
    (wave * 1.35).min(1.0)
}

/// The prompt of a challenge.
#[must_use]
pub fn prompt(words: &Words, view: &ChallengeView) -> Prompt {
    let plain = |key: &str, icon, ring| Prompt { words: words.t(key), amount: None, icon, gesture: None, ring };
    let because = |prompt: Prompt| Prompt { amount: view.reason_key.filter(|k| words.has(k)).map(|k| words.t(k)), ..prompt };
    match (view.phase, view.gesture) {
        (ChallengePhase::Asking, Some(gesture)) => plain(gesture.ask_key(), icon(gesture), Ring::Guiding),
        (ChallengePhase::Acknowledged, _) => plain("challenge-done-one", Icon::CircleCheck, Ring::Done),
        (ChallengePhase::Settling | ChallengePhase::Asking, _) => plain("challenge-settle", Icon::ScanFace, Ring::Guiding),
        (ChallengePhase::Assessing, _) => plain("face-checking", Icon::Hourglass, Ring::Waiting),
        (ChallengePhase::Passed, _) => plain("face-captured", Icon::CircleCheck, Ring::Done),
        (ChallengePhase::AttemptOver, _) => because(plain("challenge-again", Icon::RefreshCw, Ring::Over)),
        (ChallengePhase::Refused, _) => because(plain("face-no-attempts", Icon::CircleAlert, Ring::Over)),
        (ChallengePhase::Faulted, _) => plain("face-interrupted", Icon::CameraOff, Ring::Over),
    }
}

/// Whether the live picture may be shown.
#[must_use]
pub const fn shows_picture(phase: ChallengePhase) -> bool {
    !matches!(phase, ChallengePhase::Faulted | ChallengePhase::Refused)
}

/// The part of the frame that the oval shows: the middle, in a head's proportions, with room to come closer.
#[must_use]
pub fn region(frame: Size) -> PixelRect {
    let height = (frame.height as f32 * 0.9) as u32;
    let width = (height * 3 / 4).min(frame.width);
    PixelRect { x: (frame.width - width) / 2, y: (frame.height - height) / 2, width, height }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::fixtures::challenge;
    use crate::ui::strings::Language;

    #[test]
    fn every_movement_has_short_words_in_every_language() {
        for language in Language::ALL {
            let words = Words::new(language);
            for gesture in Gesture::ALL {
                assert!(words.has(gesture.ask_key()), "{gesture:?} in {}", language.tag());
                assert!(words.t(gesture.ask_key()).chars().count() <= 44);
            }
            for key in ["challenge-wrong", "challenge-early", "challenge-timed-out", "challenge-face-lost", "action-another-gesture"] {
                assert!(words.has(key), "{key} in {}", language.tag());
            }
        }
    }

    #[test]
    fn arrows_and_heads_point_the_same_way() {
        for gesture in Gesture::ALL {
            let (pose, arrow) = (pose(gesture), arrow(gesture));
            assert_eq!(arrow.map_or(0.0, |a| a.0), pose.turn, "{gesture:?}");
            assert_eq!(arrow.map_or(0.0, |a| -a.1), pose.lift, "{gesture:?}");
            assert_ne!(pose, Pose::default(), "{gesture:?} is shown");
        }
    }

    #[test]
    fn what_went_wrong_is_said_between_attempts() {
        let words = Words::new(Language::English);
        let over = prompt(&words, &challenge(ChallengePhase::AttemptOver, None, 0.0));
        assert!(over.amount.is_some() && over.ring == Ring::Over);
        assert!(!shows_picture(ChallengePhase::Faulted));
    }

    #[test]
    fn the_region_lies_in_the_frame() {
        for size in [Size::new(1280, 720), Size::new(640, 480), Size::new(300, 900)] {
            let region = region(size);
            assert!(region.x + region.width <= size.width && region.y + region.height <= size.height, "{region:?} in {size:?}");
        }
    }
}
