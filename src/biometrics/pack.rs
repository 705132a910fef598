//! Model packs: roles, contracts and the checked manifest. Reading files and hashing them is the business of `adapters::packs`.
//!
//! The manifest is TOML, schema [`SCHEMA`]. Top level: `schema`, `name`, `version` and optionally `licence`, `description`, then one
//! `[[model]]` table per network (see `pack/manifest.rs` for every key). An unknown key is an error, so that a misspelt one is noticed.

mod manifest;

pub use manifest::{Manifest, ManifestError, SCHEMA};

use crate::imaging::warp::TensorFormat;
use std::sync::Arc;

/// What a network does for the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Finds faces with five landmarks.
    Detector,
    /// Finds dense landmarks inside one face.
    Landmarks,
    /// Estimates head pose.
    Pose,
    /// Turns an aligned face into a template.
    Recogniser,
    /// Passive presentation attack detection.
    Pad,
    /// Reads machine-readable zones.
    Mrz,
    /// Scores face image quality as a whole.
    Quality,
}

impl Role {
    /// Every role, in the order in which they are listed.
    pub const ALL: [Self; 7] = [Self::Detector, Self::Landmarks, Self::Pose, Self::Recogniser, Self::Pad, Self::Mrz, Self::Quality];

    /// The word the manifest uses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Detector => "detector",
            Self::Landmarks => "landmarks",
            Self::Pose => "pose",
            Self::Recogniser => "recogniser",
            Self::Pad => "pad",
            Self::Mrz => "mrz",
            Self::Quality => "quality",
        }
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// What a network wants to be fed: f32 NCHW `[1, 3, height, width]`, each value `(sample - mean) / std` with samples 0-255.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InputContract {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Order of the planes, mean and deviation per plane in the network's order, on the 0-255 scale.
    pub format: TensorFormat,
}

/// Pre- and post-processing the program knows, with the parameters of each.
#[derive(Debug, Clone, PartialEq)]
pub enum Family {
    /// Anchor-free detector with five landmarks; outputs `cls_S`, `obj_S`, `bbox_S`, `kps_S` per stride S.
    Yunet {
        /// Strides in pixels, each dividing the input's sides.
        strides: Vec<usize>,
        /// Faces narrower than this in the input are looked at again, enlarged, before they are embedded, pixels; 0 for never.
        second_look_below: f32,
    },
    /// 468 three-dimensional landmarks in an eye-level square crop.
    Facemesh468 {
        /// Side of the crop over the longer side of the face box.
        box_scale: f32,
    },
    /// Yaw, pitch, roll in degrees from a square crop; several networks are averaged.
    Fsanet {
        /// Side of the crop over the longer side of the face box.
        box_scale: f32,
    },
    /// Recogniser over the five-point alignment to the usual 112x112 template.
    Aligned112 {
        /// Top-left corner `(x, y)` of the network's window inside the 112x112 picture.
        crop: (usize, usize),
        /// Length of the output.
        dimensions: usize,
        /// Whether the output of the picture and of its mirror image are added before normalising.
        flip_average: bool,
        /// Whether faces are aligned by the pack's dense landmarks where they are seen, instead of by the detector's five.
        aligned_by_mesh: bool,
    },
    /// Classifier over a scaled box crop; several networks are averaged.
    Minifasnet {
        /// Sides of the crop over those of the face box.
        crop_scale: f32,
        /// Index of the bona fide class among the outputs.
        bona_fide_class: usize,
    },
    /// Reader of one line of a machine-readable zone: its columns name symbols or the blank.
    MrzCtc,
    /// A family of a role that this version keeps and verifies but does not run.
    Other(String),
}

impl Family {
    /// The word the manifest uses.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Yunet { .. } => "yunet",
            Self::Facemesh468 { .. } => "facemesh-468",
            Self::Fsanet { .. } => "fsanet",
            Self::Aligned112 { .. } => "aligned-112",
            Self::Minifasnet { .. } => "minifasnet",
            Self::MrzCtc => "mrz-ctc",
            Self::Other(name) => name,
        }
    }
}

/// One measured figure as the pack's maker states it.
#[derive(Debug, Clone, PartialEq, serde::Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct MeasuredFigure {
    /// What was measured, for instance `tar-at-fmr-1e-3`.
    pub name: String,
    /// The figure; rates are fractions.
    pub value: f64,
    /// Lower end of the 95 % interval.
    #[serde(default)]
    pub low: Option<f64>,
    /// Upper end of the 95 % interval.
    #[serde(default)]
    pub high: Option<f64>,
    /// Number of samples behind it.
    #[serde(default)]
    pub samples: Option<u64>,
    /// On which data.
    #[serde(default)]
    pub data: Option<String>,
}

/// One network of a pack, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelSpec {
    /// What it does.
    pub role: Role,
    /// Identifier, unique in the pack.
    pub id: String,
    /// Pre- and post-processing.
    pub family: Family,
    /// File name relative to the pack's folder; never leaves it.
    pub file: String,
    /// SHA-256 of the file, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Length of the file.
    pub bytes: u64,
    /// Licence of the weights, in words.
    pub licence: String,
    /// Publisher's address, where there is one.
    pub source: Option<String>,
    /// Input contract.
    pub input: InputContract,
    /// Models of one role that share this name are averaged.
    pub ensemble: Option<String>,
    /// Data the weights were trained on.
    pub training_data: Option<String>,
    /// Figures stated by the pack's maker.
    pub measured: Vec<MeasuredFigure>,
    /// Model card, a file relative to the pack's folder.
    pub card: Option<String>,
    /// Score calibration, a file relative to the pack's folder.
    pub calibration: Option<String>,
    /// For PAD: least bona fide evidence that is not refused, [0, 1].
    pub limit: Option<f32>,
}

impl ModelSpec {
    /// How templates made by this recogniser are tagged: identifier and the first 16 digits of the hash.
    #[must_use]
    pub fn tag(&self) -> String {
        format!("{}@{}", self.id, &self.sha256[..16])
    }
}

/// A network whose bytes were verified against its manifest.
#[derive(Clone, PartialEq)]
pub struct LoadedModel {
    /// Its manifest entry.
    pub spec: ModelSpec,
    /// Name of the pack it came from; differs from the pack in use where a role was filled from `builtin`.
    pub pack: String,
    /// The ONNX file.
    pub onnx: Arc<[u8]>,
    /// Text of the calibration file, where the manifest names one.
    pub calibration: Option<String>,
}

impl std::fmt::Debug for LoadedModel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LoadedModel({} {} of {}, {} bytes)", self.spec.role, self.spec.id, self.pack, self.onnx.len())
    }
}

/// A pack ready to be given to an inference backend.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadedPack {
    /// Name of the pack.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Verified networks; roles the pack lacks may come from `builtin`.
    pub models: Vec<LoadedModel>,
}

impl LoadedPack {
    /// The networks of a role, in the manifest's order; several only where they form an ensemble.
    pub fn role(&self, role: Role) -> impl Iterator<Item = &LoadedModel> {
        self.models.iter().filter(move |m| m.spec.role == role)
    }

    /// `name version`, for people.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{} {}", self.name, self.version)
    }
}
