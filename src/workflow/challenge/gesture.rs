//! The gestures a challenge may ask for, and how far a look has come with one.

use crate::biometrics::pad::look::{Look, median};

/// One gesture. Left and right are the subject's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Gesture {
    TurnLeft,
    TurnRight,
    LookUp,
    LookDown,
    /// Twice, because everybody blinks once now and then.
    Blink,
    Smile,
    OpenMouth,
    /// And back again; another vendor's MagnifEye.
    ComeCloser,
}

impl Gesture {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::TurnLeft, Self::TurnRight, Self::LookUp, Self::LookDown, Self::Blink, Self::Smile, Self::OpenMouth, Self::ComeCloser];

    /// Its name in configuration, records and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TurnLeft => "turn-left",
            Self::TurnRight => "turn-right",
            Self::LookUp => "look-up",
            Self::LookDown => "look-down",
            Self::Blink => "blink",
            Self::Smile => "smile",
            Self::OpenMouth => "open-mouth",
            Self::ComeCloser => "come-closer",
        }
    }

    /// The gesture of a name; `magnifeye` is coming closer.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        if name == "magnifeye" {
            return Some(Self::ComeCloser);
        }
        Self::ALL.into_iter().find(|g| g.name() == name)
    }

    /// Locale key of what is asked.
    #[must_use]
    pub const fn ask_key(self) -> &'static str {
        match self {
            Self::TurnLeft => "gesture-turn-left",
            Self::TurnRight => "gesture-turn-right",
            Self::LookUp => "gesture-look-up",
            Self::LookDown => "gesture-look-down",
            Self::Blink => "gesture-blink",
            Self::Smile => "gesture-smile",
            Self::OpenMouth => "gesture-open-mouth",
            Self::ComeCloser => "gesture-come-closer",
        }
    }

    /// Whether the head turns to a side: the segment that shows depth.
    #[must_use]
    pub const fn is_turn(self) -> bool {
        matches!(self, Self::TurnLeft | Self::TurnRight)
    }

    /// Whether it moves the face itself, and plainly: what neither a picture nor a mask that follows the head can do.
    ///
    /// A smile is none: old faces show little of it, and a swapped face that turns was seen to show as much.
    #[must_use]
    pub const fn is_facial(self) -> bool {
        matches!(self, Self::Blink | Self::OpenMouth)
    }

    /// Whether nobody does it by chance, so that doing it unasked is wrong.
    #[must_use]
    pub const fn is_deliberate(self) -> bool {
        !matches!(self, Self::Blink | Self::Smile)
    }
}

/// The subject's own neutral face.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Baseline {
    yaw: f32,
    pitch: f32,
    eyes: f32,
    mouth_open: f32,
    mouth_width: f32,
    mouth_lift: f32,
    size: f32,
}

impl Baseline {
    /// From neutral looks; `None` without any.
    #[must_use]
    pub fn of(looks: &[Look]) -> Option<Self> {
        let middle = |get: fn(&Look) -> f32| median(looks.iter().map(get));
        (!looks.is_empty()).then(|| Self {
            yaw: middle(|l| l.pose.yaw),
            pitch: middle(|l| l.pose.pitch),
            eyes: middle(|l| f32::midpoint(l.eyes[0], l.eyes[1])),
            mouth_open: middle(|l| l.mouth_open),
            mouth_width: middle(|l| l.mouth_width),
            mouth_lift: middle(|l| l.mouth_lift),
            size: middle(|l| l.size),
        })
    }
}

/// What a gesture has to reach, from the neutral face. Picked by hand and tried on the rendered subject; turns are half of what guidance
/// refuses at most, so that glasses and stiff necks manage them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GestureLimits {
    /// Turn of the head, degrees.
    pub turn: f32,
    /// Chin up or down, degrees.
    pub nod: f32,
    /// Closure of the lids over their opening, both eyes.
    pub blink: f32,
    /// Growth of the mouth's width and lift of its corners together, over the distance of the eyes, with the head straight.
    pub smile: f32,
    /// Gap of the lips over the face's size.
    pub mouth: f32,
    /// Growth of the face.
    pub closer: f32,
}

impl Default for GestureLimits {
    fn default() -> Self {
        Self { turn: 14.0, nod: 9.0, blink: 0.5, smile: 0.075, mouth: 0.14, closer: 0.22 }
    }
}

/// Share of a turn or nod from which on a smile is not judged.
const ASIDE: f32 = 0.7;

impl GestureLimits {
    /// How far a look has come with a gesture: 0 neutral, 1 reached; below 0 the other way.
    #[must_use]
    pub fn progress(&self, gesture: Gesture, look: &Look, base: &Baseline) -> f32 {
        let yaw = (look.pose.yaw - base.yaw) / self.turn;
        let pitch = (look.pose.pitch - base.pitch) / self.nod;
        let reached = match gesture {
            Gesture::TurnLeft => yaw,
            Gesture::TurnRight => -yaw,
            Gesture::LookUp => pitch,
            Gesture::LookDown => -pitch,
            // The eye that is less closed counts.
            Gesture::Blink => (1.0 - look.eyes[0].max(look.eyes[1]) / base.eyes.max(1e-3)) / self.blink,
            // A head that turns or nods changes what is seen of a mouth as much as a smile does.
            Gesture::Smile if yaw.abs().max(pitch.abs()) > ASIDE => 0.0,
            Gesture::Smile => (look.mouth_width - base.mouth_width + look.mouth_lift - base.mouth_lift) / self.smile,
            Gesture::OpenMouth => (look.mouth_open - base.mouth_open) / self.mouth,
            Gesture::ComeCloser => (look.size / base.size.max(1e-3) - 1.0) / self.closer,
        };
        if reached.is_finite() { reached } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::biometrics::pad::test_looks::look;

    #[test]
    fn names_are_read_and_written() {
        for gesture in Gesture::ALL {
            assert_eq!(Gesture::from_name(gesture.name()), Some(gesture));
        }
        assert_eq!(Gesture::from_name("magnifeye"), Some(Gesture::ComeCloser));
        assert_eq!(Gesture::from_name("dance"), None);
    }

    #[test]
    fn progress_is_measured_from_the_subjects_own_face() {
        let mut neutral = look(0, 0);
        (neutral.pose.yaw, neutral.pose.pitch) = (4.0, -6.0);
        let base = Baseline::of(&[neutral.clone()]).unwrap();
        let limits = GestureLimits::default();
        for gesture in Gesture::ALL {
            assert_eq!(limits.progress(gesture, &neutral, &base), 0.0, "{gesture:?}");
        }
        let mut turned = neutral.clone();
        turned.pose.yaw += 14.0;
        assert_eq!(limits.progress(Gesture::TurnLeft, &turned, &base), 1.0);
        assert_eq!(limits.progress(Gesture::TurnRight, &turned, &base), -1.0);
        let mut wink = neutral.clone();
        wink.eyes[0] = 0.0;
        assert!(limits.progress(Gesture::Blink, &wink, &base) <= 0.0, "one eye is no blink");
        wink.eyes[1] = 0.0;
        assert_eq!(limits.progress(Gesture::Blink, &wink, &base), 2.0);
        let mut near = neutral;
        near.size *= 1.22;
        assert!((limits.progress(Gesture::ComeCloser, &near, &base) - 1.0).abs() < 1e-4);
    }
}
