//! What a decision says beside the checks of document and chip, as values: a stable code each, and the English words beside it.

use super::report::words::ReportWord;
use crate::documents::checks::{Check, Claim, Contradiction, Reason};
use crate::documents::chip::{Cause, ChipCheck, ChipReason, ChipValue, ChipWord, Unsupported, known_faults};
use crate::documents::mrz::Finding;
use crate::phrase::{Known, Phrase, phrases};

phrases! {
    /// Titles of checks that are neither the document's nor the chip's own.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Title: "face-title" {
        /// Layer `passive`.
        OneLook = "one-look", "Living face: one look";
        /// Layer `passive-during`.
        DuringMovement = "during-movement", "Living face: during the movement";
        /// Layer `continuity`.
        SameFace = "same-face", "Living face: the same face throughout";
        /// Layer `challenge`.
        Movement = "movement", "Living face: the movement asked for";
        /// Layer `injection`.
        RealCamera = "real-camera", "Living face: a real camera";
        /// Layer `parallax`.
        Depth = "depth", "Living face: depth";
        /// Layer `dynamics`.
        NaturalMovement = "natural-movement", "Living face: natural movement";
        /// Layer `scene-light`.
        SceneLight = "scene-light", "Living face: the light of the screen";
        /// Layer `commanded-exposure`.
        Exposure = "exposure", "Living face: the exposure asked for";
        /// A layer without a title of its own.
        OtherLayer = "other-layer", "Living face: another layer";
        /// The files of a chip as such.
        ChipFiles = "chip-files", "Files of the chip";
    }
}

impl Title {
    /// The title of a layer of presentation attack detection, by its name in reports.
    #[must_use]
    pub fn of_layer(name: &str) -> Self {
        match name {
            "passive" => Self::OneLook,
            "passive-during" => Self::DuringMovement,
            "continuity" => Self::SameFace,
            "challenge" => Self::Movement,
            "injection" => Self::RealCamera,
            "parallax" => Self::Depth,
            "dynamics" => Self::NaturalMovement,
            "scene-light" => Self::SceneLight,
            "commanded-exposure" => Self::Exposure,
            _ => Self::OtherLayer,
        }
    }
}

phrases! {
    /// What a layer of presentation attack detection found out about the living face.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum FaceReason: "face-reason" {
        /// Alive.
        Alive = "alive", "A living face was in front of the camera.";
        /// Not alive.
        NotAlive = "not-alive", "What was in front of the camera did not look like a living face.";
        /// Open.
        NoAnswer = "no-answer", "This layer had no answer.";
    }
}

phrases! {
    /// What a check shows beside its reason; see also [`crate::documents::chip::ChipValue`].
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum Value: "value" {
        /// Where the portrait was taken from.
        PortraitFrom = "portrait-from", "portrait from";
        /// Similarity.
        Score = "score", "score";
        /// Limit of the similarity.
        Threshold = "threshold", "threshold";
        /// Similarity over what was measured.
        ScorePercent = "score-percent", "score percent";
        /// Where the threshold was measured.
        MeasuredOn = "measured-on", "threshold measured on";
        /// What the threshold stands for.
        FalseMatchRate = "false-match-rate", "false match rate of the threshold";
        /// Name of a layer.
        Layer = "layer", "layer";
        /// Name of its method.
        Method = "method", "method";
        /// What it measured.
        Measured = "measured", "measured";
        /// Its limit.
        Limit = "limit", "limit";
        /// Support code.
        Code = "code", "code";
        /// Registration code of the enrolled record it is about.
        Record = "record", "record";
        /// What differs.
        Differing = "differing", "fields";
        /// How sure the check is.
        Confidence = "confidence", "confidence";
    }
}

phrases! {
    /// Values that are words.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum ValueWord: "value-word" {
        /// The portrait in the chip.
        Chip = "chip", "the chip";
        /// The printed portrait.
        Print = "print", "print";
        /// Nothing.
        Nothing = "nothing", "none";
        /// A rate.
        OneIn {
            /// How many people.
            people: String,
        } = "one-in", "1 in {people}";
    }
}

impl ValueWord {
    /// A false match rate.
    #[must_use]
    pub fn one_in(rate: f64) -> Self {
        if rate > 0.0 { Self::OneIn { people: format!("{:.0}", 1.0 / rate) } } else { Self::Nothing }
    }
}

/// Everything that a decision and its report can say: what a locale file has to know. Advice is known by its support codes.
#[must_use]
pub fn known() -> Vec<Known> {
    let mut known = vec![
        Reason::known(),
        Claim::known(),
        Contradiction::known(),
        ChipReason::known(),
        ChipValue::known(),
        ChipWord::known(),
        Unsupported::known(),
        known_faults(),
        Title::known(),
        FaceReason::known(),
        Value::known(),
        ValueWord::known(),
        ReportWord::known(),
    ]
    .concat();
    known.extend(Check::ALL.map(|check| Phrase::from(check).known()));
    known.extend(ChipCheck::ALL.map(|check| Phrase::from(check).known()));
    known.extend(Cause::ALL.map(|cause| Phrase::from(cause).known()));
    known.extend(Finding::ALL.map(|finding| Phrase::from(finding).known()));
    known
}
