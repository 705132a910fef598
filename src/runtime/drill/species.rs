//! What is put before the camera: genuine people, and the species of attacks that are rendered or simulated.

/// One kind of presentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Species {
    /// A person.
    Genuine,
    /// A printed photograph, tilted and moved about as the gestures ask.
    Print,
    /// A photograph cut along the outline of the head and worn as a mask.
    CutOutPrint,
    /// A tablet that plays a recording of the person doing gestures, moved nearer when that is asked.
    TabletReplay,
    /// A short recording of the person, fed in again and again in place of the camera's frames.
    LoopedVideo,
    /// One picture, fed in as it is or shifted, turned and scaled about.
    SingleStill,
    /// Somebody else, who does every gesture, with the person's face laid over theirs by the landmarks.
    FaceSwap,
    /// A recording of a challenge that the person passed, with its own gestures in its own order, fed in.
    WrongOrderReplay,
    /// A model of the person that does every gesture as asked, shown by a virtual camera.
    VirtualCamera,
}

impl Species {
    /// Every attack.
    pub const ATTACKS: [Self; 8] = [
        Self::Print,
        Self::CutOutPrint,
        Self::TabletReplay,
        Self::LoopedVideo,
        Self::SingleStill,
        Self::FaceSwap,
        Self::WrongOrderReplay,
        Self::VirtualCamera,
    ];

    /// Whether something real stands before the kiosk, which its screen can light.
    #[must_use]
    pub const fn is_before_the_screen(self) -> bool {
        matches!(self, Self::Genuine | Self::Print | Self::CutOutPrint | Self::TabletReplay | Self::FaceSwap)
    }

    /// Its name on the command line and in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Genuine => "genuine",
            Self::Print => "print",
            Self::CutOutPrint => "cut-out-print",
            Self::TabletReplay => "tablet-replay",
            Self::LoopedVideo => "looped-video",
            Self::SingleStill => "single-still",
            Self::FaceSwap => "face-swap",
            Self::WrongOrderReplay => "wrong-order-replay",
            Self::VirtualCamera => "virtual-camera",
        }
    }

    /// The attack of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ATTACKS.into_iter().find(|s| s.name() == name)
    }
}

/// Species that are known and that nothing here renders.
pub const UNTESTED: [&str; 6] =
    ["real prints and screens", "rigid mask", "silicone mask", "real-time reenactment by a trained network", "make-up", "twin"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read() {
        for species in Species::ATTACKS {
            assert_eq!(Species::from_name(species.name()), Some(species));
        }
        assert_eq!(Species::from_name("genuine"), None);
    }
}
