//! From a frame to an observation, and from a chosen picture to a template: detect, landmarks, pose, quality; PAD, align, embed.

mod assembly;

pub use assembly::AssemblyError;

use crate::advice::{Advice, Advised};
use crate::biometrics::detection::yunet::Yunet;
use crate::biometrics::detection::{DetectorSettings, FaceDetection};
use crate::biometrics::landmarks::FaceShape;
use crate::biometrics::landmarks::facemesh::FaceMesh;
use crate::biometrics::landmarks::five::five_points;
use crate::biometrics::model::ModelError;
use crate::biometrics::observation::{Observation, ObservedFace, StageTimes};
use crate::biometrics::pack::Role;
use crate::biometrics::pad::PadDecision;
use crate::biometrics::pad::passive::PassivePad;
use crate::biometrics::pose::fsanet::FsaNet;
use crate::biometrics::pose::{HeadPose, proxy};
use crate::biometrics::quality::{QualityInput, QualityReport, Tier, assess};
use crate::biometrics::recogniser::{EmbedError, Recogniser};
use crate::biometrics::template::{Template, TemplateFormat};
use crate::geometry::Size;
use crate::imaging::Frame;
use crate::units::Moment;

/// Landmarks below this presence are not used: the network says that there is no face in the crop. Picked by hand: on LFW pictures
/// detected faces give values close to 1.
pub const LEAST_PRESENCE: f32 = 0.5;

/// Why a frame could not be judged or a template not be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PipelineError {
    /// The picture shows no face.
    #[error("no face was found in the picture")]
    NoFace,
    /// The picture shows several faces where one is needed.
    #[error("{count} faces were found in the picture where one is needed")]
    SeveralFaces {
        /// Faces found.
        count: usize,
    },
    /// The pack has no network for a role that is needed.
    #[error("the model pack {pack} has no model for the role {role}")]
    RoleMissing {
        /// Pack in use.
        pack: String,
        /// The role.
        role: Role,
    },
    /// A network failed.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// No template could be made.
    #[error(transparent)]
    Embed(#[from] EmbedError),
}

impl Advised for PipelineError {
    fn advice(&self) -> Advice {
        match self {
            Self::NoFace => Advice::input("BIO-01", "Use a picture that shows one face, upright and unobstructed."),
            Self::SeveralFaces { .. } => Advice::input("BIO-02", "Use a picture that shows one person only, or cut it to that person."),
            Self::RoleMissing { .. } => Advice::environment("MOD-08", "Use a pack with a model for this role; see `visavis models list`."),
            Self::Model(e) => e.advice(),
            Self::Embed(e) => e.advice(),
        }
    }
}

/// What a frame is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ObserveOptions {
    /// Which faces count.
    pub detector: DetectorSettings,
    /// How much of the quality is measured.
    pub quality: Tier,
    /// Whether a face that is small or very large in the detector's input is looked at again, at the best scale, before it is measured:
    /// for pictures in which nobody can be asked to come closer.
    pub second_look: bool,
}

impl Default for ObserveOptions {
    /// For live frames: light is measured too, because guidance speaks of it.
    fn default() -> Self {
        Self { detector: DetectorSettings::default(), quality: Tier::Standard, second_look: false }
    }
}

impl ObserveOptions {
    /// For pictures given as files: small faces count too, and everything is measured.
    #[must_use]
    pub fn for_stills() -> Self {
        Self { detector: DetectorSettings::for_stills(), quality: Tier::Full, second_look: true }
    }
}

/// The networks of one pack, ready to work. One caller at a time; make one per thread.
pub struct FacePipeline {
    title: String,
    detector: Yunet,
    landmarks: Option<FaceMesh>,
    pose: Option<FsaNet>,
    recogniser: Option<Recogniser>,
    aligned_by_mesh: bool,
    pad: Option<PassivePad>,
    calibration: Option<String>,
}

impl FacePipeline {
    /// Name and version of the pack.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What templates of this pack are tagged with; `None` without a recogniser.
    #[must_use]
    pub fn template_format(&self) -> Option<&TemplateFormat> {
        self.recogniser.as_ref().map(Recogniser::format)
    }

    /// The networks of the passive layer with their versions; `None` without one.
    #[must_use]
    pub fn pad_method(&self) -> Option<&str> {
        self.pad.as_ref().map(PassivePad::method)
    }

    /// Text of the recogniser's score calibration, where the pack ships one.
    #[must_use]
    pub fn calibration(&self) -> Option<&str> {
        self.calibration.as_deref()
    }

    /// Whether the pack can do this role.
    #[must_use]
    pub const fn has(&self, role: Role) -> bool {
        match role {
            Role::Detector => true,
            Role::Landmarks => self.landmarks.is_some(),
            Role::Pose => self.pose.is_some(),
            Role::Recogniser => self.recogniser.is_some(),
            Role::Pad => self.pad.is_some(),
            Role::Mrz | Role::Quality => false,
        }
    }

    /// Columns and rows that the detector looks at.
    #[must_use]
    pub const fn detector_size(&self) -> Size {
        self.detector.input_size()
    }

    /// Finds faces, best first by the settings' rule.
    ///
    /// # Errors
    /// [`PipelineError::Model`] if the network fails.
    pub fn detect(&mut self, frame: &Frame, settings: &DetectorSettings) -> Result<Vec<FaceDetection>, PipelineError> {
        Ok(self.detector.detect(frame, settings)?)
    }

    /// The one face of a still picture.
    ///
    /// With a dominant rule the best face is taken whoever else is there; otherwise a second face is refused.
    ///
    /// # Errors
    /// [`PipelineError::NoFace`], [`PipelineError::SeveralFaces`], or [`PipelineError::Model`].
    pub fn only_face(&mut self, frame: &Frame, settings: &DetectorSettings) -> Result<FaceDetection, PipelineError> {
        let faces = self.detect(frame, settings)?;
        match faces.as_slice() {
            [] => Err(PipelineError::NoFace),
            [_, _, ..] if !settings.face_detection_mode.is_dominant() => Err(PipelineError::SeveralFaces { count: faces.len() }),
            [face, ..] => Ok(*face),
        }
    }

    /// Dense landmarks of one face; `None` when the pack has no such network or it does not see a face there.
    ///
    /// # Errors
    /// [`PipelineError::Model`] if the network fails.
    pub fn landmarks(&mut self, frame: &Frame, face: &FaceDetection) -> Result<Option<FaceShape>, PipelineError> {
        let Some(network) = &mut self.landmarks else { return Ok(None) };
        let shape = network.measure(frame, face)?;
        Ok((shape.presence >= LEAST_PRESENCE).then_some(shape))
    }

    /// Head pose of one face: by the pack's network, else estimated from the five landmarks; `None` if neither can tell.
    /// [`Self::observe`] prefers dense landmarks to the five where there is no network.
    ///
    /// # Errors
    /// [`PipelineError::Model`] if the network fails.
    pub fn pose(&mut self, frame: &Frame, face: &FaceDetection) -> Result<Option<HeadPose>, PipelineError> {
        match &mut self.pose {
            Some(network) => Ok(Some(network.measure(frame, face)?)),
            None => Ok(proxy::from_five_points(&face.landmarks)),
        }
    }

    /// Whether [`Self::pose`] is an estimate from landmarks instead of a network's answer.
    #[must_use]
    pub const fn pose_is_estimate(&self) -> bool {
        self.pose.is_none()
    }

    /// Quality of one face of `faces`, with what the other stages found.
    #[must_use]
    pub fn quality(
        &self,
        frame: &Frame,
        faces: &[FaceDetection],
        face: &FaceDetection,
        shape: Option<&FaceShape>,
        pose: Option<HeadPose>,
        tier: Tier,
    ) -> QualityReport {
        assess(&QualityInput { frame, faces, face, shape, pose, pose_is_estimate: self.pose_is_estimate() }, tier)
    }

    /// Everything a live frame tells: all faces, and the chosen one measured.
    ///
    /// - `number`: copied into the observation.
    /// - `now`: the caller's clock, read between the stages.
    ///
    /// # Errors
    /// [`PipelineError::Model`] if a network fails. No face is no error.
    pub fn observe(
        &mut self,
        frame: &Frame,
        number: u64,
        options: &ObserveOptions,
        now: &dyn Fn() -> Moment,
    ) -> Result<Observation, PipelineError> {
        let start = now();
        let mut faces = self.detect(frame, &options.detector)?;
        if let Some(chosen) = faces.first_mut().filter(|_| options.second_look) {
            *chosen = self.detector.refine(frame, chosen)?;
        }
        let detected = now();
        let mut times = StageTimes { detect: millis(start, detected), ..StageTimes::default() };
        let face = match faces.first() {
            None => None,
            Some(detection) => {
                let shape = self.landmarks(frame, detection)?;
                let landmarked = now();
                let pose = match shape.as_ref().filter(|_| self.pose.is_none()).and_then(proxy::from_mesh) {
                    Some(pose) => Some(pose),
                    None => self.pose(frame, detection)?,
                };
                let posed = now();
                let quality = self.quality(frame, &faces, detection, shape.as_ref(), pose, options.quality);
                times.landmarks = millis(detected, landmarked);
                times.pose = millis(landmarked, posed);
                times.quality = millis(posed, now());
                Some(ObservedFace { detection: *detection, shape, pose, quality })
            }
        };
        Ok(Observation { frame_number: number, frame_size: frame.size(), faces, face, times })
    }

    /// Aligns and embeds one face.
    ///
    /// A face that fills much of the picture is looked at a second time first, because its landmarks are then less exact. Where the pack says
    /// so, dense landmarks align it, and the detector's five only a face in which they see none.
    ///
    /// # Errors
    /// [`PipelineError::RoleMissing`] without a recogniser, [`PipelineError::Embed`] if the face cannot be embedded.
    pub fn embed(&mut self, frame: &Frame, face: &FaceDetection) -> Result<Template, PipelineError> {
        let refined = self.detector.refine(frame, face)?;
        let shape = if self.aligned_by_mesh { self.landmarks(frame, &refined)? } else { None };
        let five = shape.and_then(|shape| five_points(&shape.points)).unwrap_or(refined.landmarks);
        let Some(recogniser) = &mut self.recogniser else {
            return Err(PipelineError::RoleMissing { pack: self.title.clone(), role: Role::Recogniser });
        };
        Ok(recogniser.embed(frame, &five)?)
    }

    /// Judges one face with every PAD layer the pack has.
    ///
    /// # Errors
    /// [`PipelineError::RoleMissing`] without a PAD network, [`PipelineError::Model`] if it fails.
    pub fn pad(&mut self, frame: &Frame, face: &FaceDetection) -> Result<PadDecision, PipelineError> {
        match &mut self.pad {
            Some(passive) => Ok(PadDecision::fuse(vec![passive.assess(frame, face)?])),
            None => Err(PipelineError::RoleMissing { pack: self.title.clone(), role: Role::Pad }),
        }
    }
}

impl std::fmt::Debug for FacePipeline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FacePipeline({})", self.title)
    }
}

fn millis(from: Moment, to: Moment) -> f32 {
    to.since(from).as_secs_f32() * 1000.0
}
