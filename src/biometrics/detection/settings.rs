//! Settings of face detection under the names that AwareID's autocapture uses, and the which-face rules.
//!
//! The vendor documents the names and the ranges (0, 1] but not the arithmetic; what each means here is stated at the field and is ours.

use super::FaceDetection;
use crate::geometry::Size;

/// Which of several faces counts, and in which order they are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FaceSelection {
    /// All faces, largest first.
    FaceOrderingBySize,
    /// All faces, surest first.
    FaceOrderingByScore,
    /// Only the largest face.
    DominantFaceBySize,
    /// Only the surest face.
    #[default]
    DominantFaceByScore,
}

impl FaceSelection {
    /// Whether one face stands for all, so that bystanders are no reason to refuse.
    #[must_use]
    pub const fn is_dominant(self) -> bool {
        matches!(self, Self::DominantFaceBySize | Self::DominantFaceByScore)
    }

    /// Orders faces, best first; ties fall to the other measure. None is dropped: bystanders are counted elsewhere.
    pub fn order(self, faces: &mut [FaceDetection]) {
        let by_size = matches!(self, Self::FaceOrderingBySize | Self::DominantFaceBySize);
        let key = |f: &FaceDetection| if by_size { (f.bounds.area(), f.score) } else { (f.score, f.bounds.area()) };
        faces.sort_by(|a, b| {
            let (a, b) = (key(a), key(b));
            b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1))
        });
    }
}

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct DetectorSettings {
    /// `faceDetectionMode`.
    pub face_detection_mode: FaceSelection,
    /// `faceMinimumSize`: least width of a face box over the frame's shorter side, (0, 1].
    pub face_minimum_size: f32,
    /// `faceMaximumSize`: greatest width of a face box over the frame's shorter side, (0, 1]; 1 sets no limit.
    pub face_maximum_size: f32,
    /// `faceSensitivity`, (0, 1]: how readily something counts as a face. The least score is `1 - 0.5 * sensitivity`, so that the
    /// default 0.7 stands for 0.65; picked by hand between the network's publishers' 0.6 and 0.9, not measured.
    pub face_sensitivity: f32,
    /// `faceGranularity`, (0, 1]: how fine-grained neighbouring faces are told apart. Two boxes are two faces while their overlap
    /// (intersection over union) stays below `0.25 + 0.5 * granularity`; the default 0.2 stands for 0.35, near the publishers' 0.3.
    pub face_granularity: f32,
}

impl Default for DetectorSettings {
    fn default() -> Self {
        Self {
            face_detection_mode: FaceSelection::default(),
            face_minimum_size: 0.1,
            face_maximum_size: 1.0,
            face_sensitivity: 0.7,
            face_granularity: 0.2,
        }
    }
}

impl DetectorSettings {
    /// Settings for pictures given as files: small faces count too.
    #[must_use]
    pub fn for_stills() -> Self {
        Self { face_minimum_size: 0.04, ..Self::default() }
    }

    /// The first field outside (0, 1], or minimum above maximum.
    #[must_use]
    pub fn fault(&self) -> Option<&'static str> {
        let fields = [
            ("faceMinimumSize", self.face_minimum_size),
            ("faceMaximumSize", self.face_maximum_size),
            ("faceSensitivity", self.face_sensitivity),
            ("faceGranularity", self.face_granularity),
        ];
        let outside = fields.iter().find(|(_, v)| !(*v > 0.0 && *v <= 1.0)).map(|(name, _)| *name);
        outside.or((self.face_minimum_size > self.face_maximum_size).then_some("faceMinimumSize"))
    }

    /// Least detector score that counts, [0.5, 1].
    #[must_use]
    pub fn least_score(&self) -> f32 {
        1.0 - 0.5 * self.face_sensitivity.clamp(0.0, 1.0)
    }

    /// Greatest overlap of two boxes that are still two faces, [0.25, 0.75].
    #[must_use]
    pub fn most_overlap(&self) -> f32 {
        0.25 + 0.5 * self.face_granularity.clamp(0.0, 1.0)
    }

    /// Whether a box of this width is of the size looked for.
    #[must_use]
    pub fn admits(&self, detection: &FaceDetection, frame: Size) -> bool {
        let fraction = detection.bounds.width / frame.width.min(frame.height).max(1) as f32;
        fraction >= self.face_minimum_size && (self.face_maximum_size >= 1.0 || fraction <= self.face_maximum_size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::biometrics::detection::FiveLandmarks;
    use crate::geometry::Rect;

    fn face(side: f32, score: f32) -> FaceDetection {
        FaceDetection { bounds: Rect::new(0.0, 0.0, side, side), score, landmarks: FiveLandmarks::default() }
    }

    #[test]
    fn the_rules_choose_as_named() {
        let faces = [face(10.0, 0.9), face(30.0, 0.7), face(20.0, 0.95)];
        for (rule, first, dominant) in [
            (FaceSelection::FaceOrderingBySize, 30.0, false),
            (FaceSelection::FaceOrderingByScore, 20.0, false),
            (FaceSelection::DominantFaceBySize, 30.0, true),
            (FaceSelection::DominantFaceByScore, 20.0, true),
        ] {
            let mut ordered = faces;
            rule.order(&mut ordered);
            assert_eq!(ordered[0].bounds.width, first, "{rule:?}");
            assert_eq!(rule.is_dominant(), dominant);
        }
    }

    #[test]
    fn sizes_are_fractions_of_the_shorter_side() {
        let settings = DetectorSettings { face_minimum_size: 0.1, face_maximum_size: 0.5, ..DetectorSettings::default() };
        let frame = Size::new(640, 480);
        for (side, expected) in [(47.0, false), (49.0, true), (239.0, true), (241.0, false)] {
            assert_eq!(settings.admits(&face(side, 0.9), frame), expected, "{side}");
        }
        assert!(DetectorSettings::default().admits(&face(600.0, 0.9), frame), "1 sets no limit");
    }

    #[test]
    fn values_outside_the_range_are_named() {
        assert_eq!(DetectorSettings::default().fault(), None);
        assert_eq!(DetectorSettings { face_sensitivity: 0.0, ..DetectorSettings::default() }.fault(), Some("faceSensitivity"));
        assert_eq!(DetectorSettings { face_granularity: f32::NAN, ..DetectorSettings::default() }.fault(), Some("faceGranularity"));
        assert_eq!(DetectorSettings { face_maximum_size: 0.05, ..DetectorSettings::default() }.fault(), Some("faceMinimumSize"));
    }

    #[test]
    fn more_sensitive_asks_for_less() {
        let at = |s| DetectorSettings { face_sensitivity: s, ..DetectorSettings::default() }.least_score();
        assert!(at(1.0) < at(0.7) && at(0.7) < at(0.1));
        assert!((at(0.7) - 0.65).abs() < 1e-6);
    }
}
