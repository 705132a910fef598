//! Names of the feedback states: the vendor's strings and codes, ours, and the locale keys of the instructions.

use crate::workflow::view::Feedback;

/// One row: the state, its string, the vendor's numeric code where it is one of theirs, the locale key of its instruction.
struct Name(Feedback, &'static str, Option<u8>, &'static str);

/// Every state once. The first fourteen strings and their codes 0-13 are AwareID's; servers send the strings, capture clients the codes.
const NAMES: [Name; 24] = [
    Name(Feedback::Compliant, "COMPLIANT_IMAGE", Some(0), "feedback-compliant"),
    Name(Feedback::NoFaceDetected, "NO_FACE_DETECTED", Some(1), "feedback-no-face"),
    Name(Feedback::MultipleFacesDetected, "MULTIPLE_FACES_DETECTED", Some(2), "feedback-several-faces"),
    Name(Feedback::InvalidPose, "INVALID_POSE", Some(3), "feedback-look-straight"),
    Name(Feedback::FaceTooFar, "FACE_TOO_FAR", Some(4), "feedback-closer"),
    Name(Feedback::FaceTooClose, "FACE_TOO_CLOSE", Some(5), "feedback-back"),
    Name(Feedback::FaceOnLeft, "FACE_ON_LEFT", Some(6), "feedback-move-left"),
    Name(Feedback::FaceOnRight, "FACE_ON_RIGHT", Some(7), "feedback-move-right"),
    Name(Feedback::FaceTooHigh, "FACE_TOO_HIGH", Some(8), "feedback-move-down"),
    Name(Feedback::FaceTooLow, "FACE_TOO_LOW", Some(9), "feedback-move-up"),
    Name(Feedback::InsufficientLighting, "INSUFFICIENT_LIGHTING", Some(10), "feedback-more-light"),
    Name(Feedback::LeftEyeClosed, "LEFT_EYE_CLOSED", Some(11), "feedback-open-eyes"),
    Name(Feedback::RightEyeClosed, "RIGHT_EYE_CLOSED", Some(12), "feedback-open-eyes"),
    Name(Feedback::DarkGlassesDetected, "DARK_GLASSES_DETECTED", Some(13), "feedback-glasses"),
    Name(Feedback::TooBright, "VISAVIS_TOO_BRIGHT", None, "feedback-less-light"),
    Name(Feedback::UnevenLighting, "VISAVIS_UNEVEN_LIGHTING", None, "feedback-even-light"),
    Name(Feedback::Blurred, "VISAVIS_BLURRED", None, "feedback-hold-still"),
    Name(Feedback::MouthOpen, "VISAVIS_MOUTH_OPEN", None, "feedback-close-mouth"),
    Name(Feedback::TurnLeft, "VISAVIS_TURN_LEFT", None, "feedback-turn-left"),
    Name(Feedback::TurnRight, "VISAVIS_TURN_RIGHT", None, "feedback-turn-right"),
    Name(Feedback::ChinUp, "VISAVIS_CHIN_UP", None, "feedback-chin-up"),
    Name(Feedback::ChinDown, "VISAVIS_CHIN_DOWN", None, "feedback-chin-down"),
    Name(Feedback::TiltLeft, "VISAVIS_TILT_LEFT", None, "feedback-tilt-left"),
    Name(Feedback::TiltRight, "VISAVIS_TILT_RIGHT", None, "feedback-tilt-right"),
];

impl Feedback {
    /// Every state, in the vendor's order, then ours.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|name| name.0)
    }

    fn name(self) -> &'static Name {
        // Variants are declared in the table's order; a test holds the two together.
        &NAMES[self as usize]
    }

    /// The string under which services and JSON know the state: the vendor's, or one of ours with the prefix `VISAVIS_`.
    #[must_use]
    pub fn text(self) -> &'static str {
        self.name().1
    }

    /// The state a service's string names. The set is open: an unknown string is `None` and shows a neutral hint.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        NAMES.iter().find(|name| name.1 == text || (text == "FACE_COMPLIANT" && name.0 == Self::Compliant)).map(|name| name.0)
    }

    /// The vendor's numeric code, 0-13; `None` for the states that are ours.
    #[must_use]
    pub fn vendor_code(self) -> Option<u8> {
        self.name().2
    }

    /// The state of a vendor's numeric code.
    #[must_use]
    pub fn from_vendor_code(code: u8) -> Option<Self> {
        NAMES.iter().find(|name| name.2 == Some(code)).map(|name| name.0)
    }

    /// The vendor's state closest to this one, for services that know only their own: tilt, turn and chin become *invalid pose*, light
    /// becomes *insufficient lighting*; blur and an open mouth have no counterpart.
    #[must_use]
    pub fn vendor_state(self) -> Option<Self> {
        match self {
            Self::TurnLeft | Self::TurnRight | Self::ChinUp | Self::ChinDown | Self::TiltLeft | Self::TiltRight => Some(Self::InvalidPose),
            Self::TooBright | Self::UnevenLighting => Some(Self::InsufficientLighting),
            Self::Blurred | Self::MouthOpen => None,
            theirs => Some(theirs),
        }
    }

    /// Locale key of the instruction; an amount is said beside it (`amount-centimetres`).
    ///
    /// `FaceOnLeft` means the left of the unmirrored picture, which is the subject's right: the instruction is to move to the subject's own
    /// left, and in the mirrored preview the face then moves left as well.
    #[must_use]
    pub fn locale_key(self) -> &'static str {
        self.name().3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_in_its_place() {
        for (i, feedback) in Feedback::all().enumerate() {
            assert_eq!(feedback as usize, i, "{feedback:?}");
            assert_eq!(Feedback::from_text(feedback.text()), Some(feedback));
            assert_eq!(feedback.vendor_code().is_some(), i < 14);
            assert_eq!(feedback.vendor_code().and_then(Feedback::from_vendor_code), feedback.vendor_code().map(|_| feedback));
            assert!(feedback.vendor_state().is_none_or(|f| f.vendor_code().is_some()), "{feedback:?}");
        }
        let last = Feedback::TiltRight as usize;
        assert_eq!(Feedback::all().count(), last + 1);
    }

    #[test]
    fn the_vendors_order_is_kept() {
        assert_eq!(Feedback::from_vendor_code(4), Some(Feedback::FaceTooFar));
        assert_eq!(Feedback::from_vendor_code(10), Some(Feedback::InsufficientLighting));
        assert_eq!(Feedback::from_vendor_code(14), None);
        assert_eq!(Feedback::from_text("FACE_COMPLIANT"), Some(Feedback::Compliant));
        assert_eq!(Feedback::from_text("SOMETHING_NEW"), None);
    }
}
