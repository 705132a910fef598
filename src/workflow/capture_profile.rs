//! Capture profiles as data: quick, liveness, portrait, knomi.
//!
//! The built-in ones, with the origin of every number, are in `capture_profiles.toml` beside this file; the configuration may override
//! single keys or add profiles of its own.

use crate::advice::{Advice, Advised};
use crate::biometrics::detection::DetectorSettings;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

const BUILTIN: &str = include_str!("capture_profiles.toml");

/// How a picture is taken: where the face has to be, which gates it passes, how many frames and how much time there are.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaptureProfile {
    /// Its name; the key in the configuration.
    #[serde(skip)]
    pub name: String,
    /// Where the region of interest lies.
    pub roi: RoiRule,
    /// What counts as a face and where it may be.
    pub face: FaceGates,
    /// Head pose, degrees either way.
    pub pose: PoseGates,
    /// Quality of the picture of the face.
    pub quality: QualityGates,
    /// What a picture given as a file has to fulfil.
    pub file: FileGates,
    /// Whether flows with a live camera put the liveness challenge to the face, even where their steps do not name it.
    #[serde(default)]
    pub challenge: bool,
    /// Consecutive compliant frames needed before the burst.
    pub compliant_frames: u32,
    /// Compliant frames in the burst.
    pub burst: u32,
    /// Longest time a burst takes, milliseconds; what was taken by then counts.
    pub burst_ms: u64,
    /// Longest time of one attempt, milliseconds.
    pub attempt_ms: u64,
    /// Attempts before the capture is refused.
    pub attempts: u32,
    /// How long the hint limits are insisted on while the block limits are met, milliseconds.
    pub patience_ms: u64,
    /// What the detector looks for, in the vendor's terms and under the vendor's names.
    pub detector: DetectorSettings,
}

/// Where the region of interest lies; see [`super::roi::roi`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoiRule {
    /// Share of the frame's height, (0, 1].
    pub height: f64,
    /// Width and height of the region's shape.
    pub aspect: [u32; 2],
    /// Position in y.
    pub anchor: RoiAnchor,
    /// Largest share of the frame's width, (0, 1].
    pub max_width: f64,
}

/// Vertical position of a region of interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RoiAnchor {
    /// Flush with the frame's upper edge.
    Top,
    /// Same margin above and below.
    Centre,
}

/// One gate: what is asked for, and what stops automatic capture.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// What the subject is asked for.
    pub hint: f32,
    /// What stops capture; `None` never does.
    pub block: Option<f32>,
}

/// A value with a lower and an upper gate.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Smallest value.
    pub min: Limit,
    /// Largest value.
    pub max: Limit,
}

/// What counts as a face and where it may be.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaceGates {
    /// Least detector confidence, [0, 1]; below it there is no face.
    pub score: f32,
    /// Least landmark presence, [0, 1]; below it, or without landmarks, there is no face.
    pub presence: f32,
    /// Height of the face box over the region's height.
    pub height: Band,
    /// Distance of the box's centre from the region's, over the region's width.
    pub offset_x: Limit,
    /// The same vertically, over the region's height.
    pub offset_y: Limit,
    /// Area of the second largest face over the chosen one's.
    pub second_face: Limit,
    /// Distance of the eye centres in frame pixels, corrected for yaw; at least.
    pub inter_eye_px: Limit,
}

/// Head pose, degrees either way.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PoseGates {
    /// Turn of the head.
    pub yaw: Limit,
    /// Chin up or down.
    pub pitch: Limit,
    /// Tilt towards a shoulder.
    pub roll: Limit,
}

/// What a picture given as a file has to fulfil; nobody is there to follow an instruction.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileGates {
    /// Distance of the eye centres in pixels of the picture, corrected for yaw; at least.
    pub inter_eye_px: Limit,
    /// Yaw, pitch and roll, degrees either way.
    pub pose: Limit,
}

/// Gates on native values of quality components; one that is absent is not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QualityGates {
    /// EyesOpen: lid gap of the more closed eye over face height; at least.
    pub eyes_open: Option<Limit>,
    /// MouthClosed: lip gap over face height; at most.
    pub mouth_open: Option<Limit>,
    /// OverExposurePrevention: share of clipped pixels; at most.
    pub over_exposed: Option<Limit>,
    /// IlluminationUniformity: overlap of both cheeks' histograms; at least.
    pub uneven_light: Option<Limit>,
    /// Sharpness; at least.
    pub sharpness: Option<Limit>,
    /// DarkGlasses: light around the eyes over light on the cheeks; at least.
    pub dark_glasses: Option<Limit>,
    /// FaceExposure, 0 is right: below the band is too dark, above it too bright.
    pub exposure: Option<Band>,
}

impl CaptureProfile {
    /// Longest time of one attempt.
    #[must_use]
    pub const fn attempt_limit(&self) -> Duration {
        Duration::from_millis(self.attempt_ms)
    }

    /// Longest time of a burst.
    #[must_use]
    pub const fn burst_limit(&self) -> Duration {
        Duration::from_millis(self.burst_ms)
    }

    /// How long the hint limits are insisted on.
    #[must_use]
    pub const fn patience(&self) -> Duration {
        Duration::from_millis(self.patience_ms)
    }

    /// What is wrong with the numbers, if anything is.
    fn fault(&self) -> Option<&'static str> {
        let share = |v: f64| v > 0.0 && v <= 1.0;
        let FaceGates { score, presence, height, offset_x, offset_y, second_face, inter_eye_px } = self.face;
        let QualityGates { eyes_open, mouth_open, over_exposed, uneven_light, sharpness, dark_glasses, exposure } = self.quality;
        let at_most =
            [Some(height.max), Some(offset_x), Some(offset_y), Some(second_face), mouth_open, over_exposed, exposure.map(|b| b.max)];
        let at_most = at_most.into_iter().chain([self.pose.yaw, self.pose.pitch, self.pose.roll, self.file.pose].map(Some)).flatten();
        let at_least = [
            Some(height.min),
            Some(inter_eye_px),
            Some(self.file.inter_eye_px),
            eyes_open,
            uneven_light,
            sharpness,
            dark_glasses,
            exposure.map(|b| b.min),
        ]
        .into_iter()
        .flatten();
        let checks = [
            (share(self.roi.height) && share(self.roi.max_width), "roi: height and max_width are shares above 0, at most 1"),
            (self.roi.aspect.iter().all(|side| *side > 0), "roi: aspect needs two numbers above 0"),
            (score > 0.0 && score <= 1.0 && presence > 0.0 && presence <= 1.0, "face: score and presence are above 0, at most 1"),
            (
                at_most.into_iter().all(|l| l.hint.is_finite() && l.block.is_none_or(|b| b >= l.hint)),
                "a block limit is stricter than its hint",
            ),
            (
                at_least.into_iter().all(|l| l.hint.is_finite() && l.block.is_none_or(|b| b <= l.hint)),
                "a block limit is stricter than its hint",
            ),
            (height.min.hint < height.max.hint, "face: the smallest height is not below the largest"),
            (
                self.compliant_frames > 0 && self.burst > 0 && self.burst <= 60,
                "compliant_frames and burst are at least 1, burst at most 60",
            ),
            (self.attempts > 0 && self.attempt_ms > 0 && self.burst_ms > 0, "attempts, attempt_ms and burst_ms are at least 1"),
        ];
        let detector = self.detector.fault();
        checks.into_iter().find(|(holds, _)| !holds).map(|(_, fault)| fault).or(detector)
    }
}

/// Why a capture profile cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CaptureProfileError {
    /// No profile has that name.
    #[error("there is no capture profile {name}; there are {known}")]
    Unknown {
        /// Name asked for.
        name: String,
        /// Names there are.
        known: String,
    },
    /// A key or a value of the configuration's profile is wrong.
    #[error("the capture profile {name} is not valid: {reason}")]
    Invalid {
        /// Its name.
        name: String,
        /// What is wrong.
        reason: String,
    },
}

impl Advised for CaptureProfileError {
    fn advice(&self) -> Advice {
        match self {
            Self::Unknown { .. } => Advice::input("FLW-12", "Choose one of the profiles named."),
            Self::Invalid { .. } => {
                Advice::input("FLW-13", "Correct the profile in the configuration; `visavis config check` shows the place.")
            }
        }
    }
}

/// All profiles by name.
#[derive(Debug, Clone, PartialEq)]
pub struct CaptureProfiles(Vec<Arc<CaptureProfile>>);

impl CaptureProfiles {
    /// The built-in ones: quick, liveness, portrait, knomi.
    ///
    /// # Panics
    /// Never: the embedded text is checked by a test.
    #[must_use]
    pub fn builtin() -> Self {
        Self::with_overrides(&toml::Table::new()).expect("the embedded profiles are checked by a test")
    }

    /// The built-in ones with the configuration's table `capture_profiles` laid over them key by key. A profile with a new name starts from
    /// the one that its key `base` names, or from `quick`.
    ///
    /// # Errors
    /// [`CaptureProfileError`] for an unknown key, base or value, or limits that contradict each other.
    pub fn with_overrides(overrides: &toml::Table) -> Result<Self, CaptureProfileError> {
        let builtin: toml::Table = toml::from_str(BUILTIN).expect("the embedded profiles are checked by a test");
        let mut names: Vec<&str> = vec!["quick", "liveness", "portrait", "knomi"];
        names.extend(overrides.keys().map(String::as_str).filter(|name| !builtin.contains_key(*name)));
        let profiles = names.iter().map(|name| Self::profile(&builtin, name, overrides.get(*name)));
        Ok(Self(profiles.collect::<Result<_, _>>()?))
    }

    fn profile(builtin: &toml::Table, name: &str, over: Option<&toml::Value>) -> Result<Arc<CaptureProfile>, CaptureProfileError> {
        let invalid = |reason: String| CaptureProfileError::Invalid { name: name.to_owned(), reason };
        let mut over = match over {
            None => toml::Table::new(),
            Some(toml::Value::Table(table)) => table.clone(),
            Some(_) => return Err(invalid("a table is expected".into())),
        };
        let base = match over.remove("base") {
            None if builtin.contains_key(name) => name.to_owned(),
            None => "quick".to_owned(),
            Some(toml::Value::String(base)) => base,
            Some(_) => return Err(invalid("`base` is the name of a built-in profile".into())),
        };
        let mut merged = builtin.get(&base).cloned().ok_or_else(|| invalid(format!("`base` names no built-in profile: {base}")))?;
        lay_over(&mut merged, toml::Value::Table(over));
        let mut profile: CaptureProfile = merged.try_into().map_err(|e: toml::de::Error| invalid(e.message().to_owned()))?;
        profile.name = name.to_owned();
        match profile.fault() {
            Some(fault) => Err(invalid(fault.to_owned())),
            None => Ok(Arc::new(profile)),
        }
    }

    /// The profile called `name`.
    ///
    /// # Errors
    /// [`CaptureProfileError::Unknown`].
    pub fn get(&self, name: &str) -> Result<Arc<CaptureProfile>, CaptureProfileError> {
        let found = self.0.iter().find(|profile| profile.name == name).cloned();
        found.ok_or_else(|| {
            let known = self.0.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(", ");
            CaptureProfileError::Unknown { name: name.to_owned(), known }
        })
    }

    /// All of them, built-in ones first.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<CaptureProfile>> {
        self.0.iter()
    }
}

/// Replaces single keys of `below`; tables are merged, everything else is replaced.
fn lay_over(below: &mut toml::Value, above: toml::Value) {
    match (below, above) {
        (toml::Value::Table(below), toml::Value::Table(above)) => {
            for (key, value) in above {
                match below.get_mut(&key) {
                    Some(present) => lay_over(present, value),
                    None => _ = below.insert(key, value),
                }
            }
        }
        (below, above) => *below = above,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(text: &str) -> Result<CaptureProfiles, CaptureProfileError> {
        CaptureProfiles::with_overrides(&toml::from_str(text).unwrap())
    }

    #[test]
    fn the_builtin_profiles_are_valid() {
        let names: Vec<String> = CaptureProfiles::builtin().iter().map(|p| p.name.clone()).collect();
        assert_eq!(names, ["quick", "liveness", "portrait", "knomi"]);
        for profile in CaptureProfiles::builtin().iter() {
            assert_eq!(profile.face.inter_eye_px.block, Some(90.0), "{}: the front camera's minimum", profile.name);
        }
    }

    #[test]
    fn single_keys_can_be_overridden() {
        let profiles = with("[quick]\nattempts = 5\n[quick.pose.yaw]\nblock = 12").unwrap();
        let quick = profiles.get("quick").unwrap();
        assert_eq!((quick.attempts, quick.pose.yaw.hint, quick.pose.yaw.block), (5, 8.0, Some(12.0)));
        assert_eq!(quick.burst, CaptureProfiles::builtin().get("quick").unwrap().burst);
    }

    #[test]
    fn profiles_can_be_added() {
        let profiles = with("[lobby]\nbase = 'knomi'\nattempts = 9").unwrap();
        let lobby = profiles.get("lobby").unwrap();
        assert_eq!((lobby.attempts, lobby.roi.aspect), (9, [356, 512]));
        assert!(matches!(profiles.get("lobbi"), Err(CaptureProfileError::Unknown { .. })));
    }

    #[test]
    fn wrong_profiles_are_refused() {
        for text in [
            "quick = 3",
            "[quick]\natempts = 5",
            "[quick]\nattempts = 0",
            "[quick]\nattempts = -1",
            "[quick.pose.yaw]\nhint = 30",
            "[quick.quality.eyes_open]\nhint = 0.001",
            "[quick.roi]\naspect = [0, 4]",
            "[quick.roi]\nheight = nan",
            "[lobby]\nbase = 'none'",
            "[quick.detector]\nfaceDetectionMode = 'LARGEST'",
            "[quick.detector]\nfaceMinimumSize = 0.0",
        ] {
            assert!(matches!(with(text), Err(CaptureProfileError::Invalid { .. })), "{text}");
        }
    }
}
