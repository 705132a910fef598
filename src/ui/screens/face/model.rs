//! What the face screen says: the one instruction in words, its icon, the pose the ghost head shows, the state of the ring.

use crate::ui::strings::Words;
use crate::workflow::view::{Amount, CapturePhase, CaptureView, Feedback, Instruction};
use lucide_icons::Icon;

/// The move the ghost head shows. Sides are the mirrored screen's, so the subject's left is the screen's left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gesture {
    /// Turn the head to the screen's left or right.
    Turn {
        /// To the right.
        right: bool,
    },
    /// Chin up or down.
    Chin {
        /// Up.
        up: bool,
    },
    /// Tilt the head to the screen's left or right.
    Tilt {
        /// To the right.
        right: bool,
    },
    /// Come closer or step back.
    Distance {
        /// Closer.
        closer: bool,
    },
    /// Move aside.
    Aside {
        /// To the right.
        right: bool,
    },
    /// Straighten up or come down a little.
    Height {
        /// Downwards.
        down: bool,
    },
}

/// How the ring looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ring {
    /// Moving into place.
    Guiding,
    /// Everything complies; it fills.
    Filling,
    /// Working.
    Waiting,
    /// Done.
    Done,
    /// The attempt ended.
    Over,
}

/// What stands above the oval.
#[derive(Debug, Clone)]
pub struct Prompt {
    /// The instruction.
    pub words: String,
    /// How much, where known.
    pub amount: Option<String>,
    /// Its icon.
    pub icon: Icon,
    /// What the ghost head shows.
    pub gesture: Option<Gesture>,
    /// How the ring looks.
    pub ring: Ring,
}

/// Locale key and icon of an instruction.
#[must_use]
pub const fn feedback_words(feedback: Feedback) -> (&'static str, Icon) {
    match feedback {
        Feedback::Compliant => ("feedback-compliant", Icon::CircleCheck),
        Feedback::NoFaceDetected => ("feedback-no-face", Icon::ScanFace),
        Feedback::MultipleFacesDetected => ("feedback-several-faces", Icon::Users),
        Feedback::InvalidPose => ("feedback-look-straight", Icon::ScanFace),
        Feedback::FaceTooFar => ("feedback-closer", Icon::Maximize2),
        Feedback::FaceTooClose => ("feedback-back", Icon::Minimize2),
        Feedback::FaceOnLeft => ("feedback-move-left", Icon::ArrowLeft),
        Feedback::FaceOnRight => ("feedback-move-right", Icon::ArrowRight),
        Feedback::FaceTooHigh => ("feedback-move-down", Icon::ArrowDown),
        Feedback::FaceTooLow => ("feedback-move-up", Icon::ArrowUp),
        Feedback::InsufficientLighting => ("feedback-more-light", Icon::SunDim),
        Feedback::LeftEyeClosed | Feedback::RightEyeClosed => ("feedback-open-eyes", Icon::Eye),
        Feedback::DarkGlassesDetected => ("feedback-glasses", Icon::Glasses),
        Feedback::TooBright => ("feedback-less-light", Icon::Sun),
        Feedback::UnevenLighting => ("feedback-even-light", Icon::SunMedium),
        Feedback::Blurred => ("feedback-hold-still", Icon::Hand),
        Feedback::MouthOpen => ("feedback-close-mouth", Icon::Smile),
        Feedback::TurnLeft => ("feedback-turn-left", Icon::ArrowLeft),
        Feedback::TurnRight => ("feedback-turn-right", Icon::ArrowRight),
        Feedback::ChinUp => ("feedback-chin-up", Icon::ArrowUp),
        Feedback::ChinDown => ("feedback-chin-down", Icon::ArrowDown),
        Feedback::TiltLeft => ("feedback-tilt-left", Icon::RotateCcw),
        Feedback::TiltRight => ("feedback-tilt-right", Icon::RotateCw),
    }
}

const fn gesture(feedback: Feedback) -> Option<Gesture> {
    match feedback {
        Feedback::TurnLeft => Some(Gesture::Turn { right: false }),
        Feedback::TurnRight => Some(Gesture::Turn { right: true }),
        Feedback::ChinUp => Some(Gesture::Chin { up: true }),
        Feedback::ChinDown => Some(Gesture::Chin { up: false }),
        Feedback::TiltLeft => Some(Gesture::Tilt { right: false }),
        Feedback::TiltRight => Some(Gesture::Tilt { right: true }),
        Feedback::FaceTooFar => Some(Gesture::Distance { closer: true }),
        Feedback::FaceTooClose => Some(Gesture::Distance { closer: false }),
        // The picture is not mirrored, the screen is: a face on the picture's left stands on the screen's right and moves left.
        Feedback::FaceOnLeft => Some(Gesture::Aside { right: false }),
        Feedback::FaceOnRight => Some(Gesture::Aside { right: true }),
        Feedback::FaceTooHigh => Some(Gesture::Height { down: true }),
        Feedback::FaceTooLow => Some(Gesture::Height { down: false }),
        _ => None,
    }
}

/// An amount as people say it: whole centimetres, coarser where they are many; angles in words.
#[must_use]
pub fn amount_words(words: &Words, amount: Amount) -> Option<String> {
    match amount {
        Amount::Centimetres(cm) if cm.is_finite() && cm >= 1.0 => {
            let step = if cm < 20.0 { 1.0 } else { 5.0 };
            let rounded = (cm / step).round() * step;
            Some(words.with("amount-centimetres", &[("cm", &format!("{rounded:.0}"))]))
        }
        Amount::Degrees(degrees) if degrees.is_finite() => {
            let key = if degrees.abs() < 8.0 { "amount-slight" } else { return None };
            Some(words.t(key))
        }
        _ => None,
    }
}

/// The prompt for a capture.
#[must_use]
pub fn prompt(words: &Words, view: &CaptureView) -> Prompt {
    let plain = |key: &str, icon, ring| Prompt { words: words.t(key), amount: None, icon, gesture: None, ring };
    match view.phase {
        CapturePhase::Capturing | CapturePhase::Assessing => plain("face-checking", Icon::Hourglass, Ring::Waiting),
        CapturePhase::Captured => plain("face-captured", Icon::CircleCheck, Ring::Done),
        CapturePhase::AttemptOver => Prompt { amount: reason(words, view), ..plain("face-again", Icon::RefreshCw, Ring::Over) },
        CapturePhase::Refused => Prompt { amount: reason(words, view), ..plain("face-no-attempts", Icon::CircleAlert, Ring::Over) },
        CapturePhase::Faulted => plain("face-interrupted", Icon::CameraOff, Ring::Over),
        CapturePhase::Positioning | CapturePhase::Holding if view.frame_size.is_none() => {
            plain("face-starting", Icon::Camera, Ring::Waiting)
        }
        CapturePhase::Positioning | CapturePhase::Holding => instruction_prompt(words, view.instruction),
    }
}

/// Why the attempt before ended, where there are words for it.
fn reason(words: &Words, view: &CaptureView) -> Option<String> {
    view.reason_key.filter(|key| words.has(key)).map(|key| words.t(key))
}

/// The prompt for one instruction.
#[must_use]
pub fn instruction_prompt(words: &Words, instruction: Instruction) -> Prompt {
    let (key, icon) = feedback_words(instruction.feedback);
    let ring = if instruction.feedback == Feedback::Compliant { Ring::Filling } else { Ring::Guiding };
    let amount = instruction.amount.and_then(|amount| amount_words(words, amount));
    Prompt { words: words.t(key), amount, icon, gesture: gesture(instruction.feedback), ring }
}

/// Whether the live picture may be shown: after a fault nothing of the subject stays on the screen.
#[must_use]
pub const fn shows_picture(phase: CapturePhase) -> bool {
    !matches!(phase, CapturePhase::Faulted | CapturePhase::Refused)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::strings::Language;

    const ALL: [Feedback; 24] = [
        Feedback::Compliant,
        Feedback::NoFaceDetected,
        Feedback::MultipleFacesDetected,
        Feedback::InvalidPose,
        Feedback::FaceTooFar,
        Feedback::FaceTooClose,
        Feedback::FaceOnLeft,
        Feedback::FaceOnRight,
        Feedback::FaceTooHigh,
        Feedback::FaceTooLow,
        Feedback::InsufficientLighting,
        Feedback::LeftEyeClosed,
        Feedback::RightEyeClosed,
        Feedback::DarkGlassesDetected,
        Feedback::TooBright,
        Feedback::UnevenLighting,
        Feedback::Blurred,
        Feedback::MouthOpen,
        Feedback::TurnLeft,
        Feedback::TurnRight,
        Feedback::ChinUp,
        Feedback::ChinDown,
        Feedback::TiltLeft,
        Feedback::TiltRight,
    ];

    #[test]
    fn every_instruction_has_short_words_in_every_language() {
        for language in Language::ALL {
            let words = Words::new(language);
            for feedback in ALL {
                let (key, _) = feedback_words(feedback);
                assert!(words.has(key), "{key} in {}", language.tag());
                assert!(words.t(key).chars().count() <= 44, "{key} is too long in {}", language.tag());
            }
        }
    }

    #[test]
    fn amounts_are_said_as_people_say_them() {
        let words = Words::new(Language::English);
        assert_eq!(amount_words(&words, Amount::Centimetres(11.7)).unwrap(), "about 12 cm");
        assert_eq!(amount_words(&words, Amount::Centimetres(43.0)).unwrap(), "about 45 cm");
        assert_eq!(amount_words(&words, Amount::Centimetres(0.3)), None);
        assert_eq!(amount_words(&words, Amount::Centimetres(f32::NAN)), None);
        assert!(amount_words(&words, Amount::Degrees(4.0)).is_some());
    }

    #[test]
    fn a_fault_takes_the_picture_off_the_screen() {
        assert!(!shows_picture(CapturePhase::Faulted));
        assert!(shows_picture(CapturePhase::Positioning));
    }

    #[test]
    fn sides_are_the_mirrored_screens() {
        let words = Words::new(Language::English);
        let prompt = instruction_prompt(&words, Instruction { feedback: Feedback::FaceOnLeft, amount: None });
        assert_eq!(prompt.gesture, Some(Gesture::Aside { right: false }));
        assert!(prompt.words.to_lowercase().contains("left"));
    }
}
