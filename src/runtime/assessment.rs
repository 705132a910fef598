//! What the analysis thread asks of the networks: to observe live frames, and to assess the burst of a finished capture.

use super::clock::Clock;
use super::document::desk::{DocumentReading, read};
use crate::advice::{Advice, Advised as _};
use crate::biometrics::comparison::compare;
use crate::biometrics::detection::FaceDetection;
use crate::biometrics::observation::Observation;
use crate::biometrics::pad::passive::{self, Vote};
use crate::biometrics::pad::rules::PadRules;
use crate::biometrics::pad::{CONTINUITY, PASSIVE_DURING, PadDecision, PadLayer, PadOutcome};
use crate::biometrics::pipeline::{FacePipeline, ObserveOptions, PipelineError};
use crate::biometrics::quality::Tier;
use crate::biometrics::recogniser::EmbedError;
use crate::biometrics::template::{Template, TemplateFormat};
use crate::geometry::{Affine, Size};
use crate::imaging::{Frame, encode, warp};
use crate::ports::camera::{CapturedFrame, Origin};
use crate::ports::gallery::{NewPicture, PictureKind};
use crate::units::SensitiveBytes;
use crate::workflow::capture::event::{AssessmentFailure, Fault, Shot};
use crate::workflow::capture_profile::CaptureProfile;
use crate::workflow::document::{DocumentRead, DocumentRefusal, DocumentSource};
use crate::workflow::flow::event::BurstAssessment;
use std::sync::Arc;

/// Head-and-shoulders picture.
const PORTRAIT: Size = Size::new(480, 600);
/// Distance of the eyes in the portrait over its width, and height of the eye line over its height; near ISO/IEC 39794-5's portrait.
const PORTRAIT_EYES: (f32, f32) = (0.25, 0.45);
/// Quality of kept pictures: templates made from them again differ little, files stay near 150 kB.
const JPEG_QUALITY: u8 = 92;

/// Judges pictures. Lives on the analysis thread.
pub trait Observer: Send {
    /// What the frame tells, as the capture profile wants it looked at.
    ///
    /// # Errors
    /// [`Fault`] when a network fails. No face is no error.
    fn observe(&mut self, frame: &CapturedFrame, profile: &CaptureProfile) -> Result<Observation, Fault>;

    /// Presentation attack detection over a burst and a template from its best shot.
    ///
    /// # Errors
    /// [`AssessmentFailure`]: the picture's fault or the machine's.
    fn assess(&mut self, shots: &[Shot]) -> Result<BurstAssessment, AssessmentFailure>;

    /// What the networks say about pictures of a challenge: the layers `passive-during` and `continuity`.
    ///
    /// - `templates`: of the burst before it.
    ///
    /// # Errors
    /// [`AssessmentFailure`]: the pictures' fault or the machine's.
    fn assess_challenge(&mut self, shots: &[Shot], templates: &[Template]) -> Result<Vec<PadLayer>, AssessmentFailure>;

    /// Reads an identity document; `before` is what was read of it when only the files of its chip are new.
    ///
    /// # Errors
    /// [`DocumentRefusal`]: nothing usable there, or no network that reads documents.
    fn read_document(&mut self, source: &DocumentSource, before: Option<Box<DocumentRead>>) -> Result<Box<DocumentRead>, DocumentRefusal> {
        let _ = (source, before);
        Err(documents_not_read())
    }
}

/// This machine's pack has no network that reads documents.
#[must_use]
pub fn documents_not_read() -> DocumentRefusal {
    DocumentRefusal {
        message: "the model pack in use cannot read documents".to_owned(),
        advice: Advice::environment("MOD-08", "Use a pack with a model for this role; see `visavis models list`."),
    }
}

/// The real observer: the networks of one pack.
pub struct PipelineObserver {
    pipeline: FacePipeline,
    clock: Arc<dyn Clock>,
    rules: PadRules,
    documents: Option<DocumentReading>,
}

impl PipelineObserver {
    /// An observer over a loaded pack; the clock times the stages, the rules say how presentation attack detection fuses pictures.
    #[must_use]
    pub const fn new(pipeline: FacePipeline, clock: Arc<dyn Clock>, rules: PadRules) -> Self {
        Self { pipeline, clock, rules, documents: None }
    }

    /// With what reads documents.
    #[must_use]
    pub fn reading(mut self, documents: Option<DocumentReading>) -> Self {
        self.documents = documents;
        self
    }

    /// Recogniser of its templates; `None` without one.
    #[must_use]
    pub fn template_format(&self) -> Option<&TemplateFormat> {
        self.pipeline.template_format()
    }

    /// Name and version of the pack.
    #[must_use]
    pub fn title(&self) -> &str {
        self.pipeline.title()
    }

    /// Text of the score calibration that the pack ships.
    #[must_use]
    pub fn calibration(&self) -> Option<&str> {
        self.pipeline.calibration()
    }
}

impl Observer for PipelineObserver {
    fn observe(&mut self, frame: &CapturedFrame, profile: &CaptureProfile) -> Result<Observation, Fault> {
        // Light is a gate as well, and only scores of one tier rank the shots of a burst: every frame is measured alike.
        let second_look = frame.origin == Origin::File;
        let options = ObserveOptions { detector: profile.detector, quality: Tier::Standard, second_look };
        let clock = &self.clock;
        self.pipeline.observe(&frame.frame, frame.number, &options, &|| clock.now()).map_err(|e| fault(&e))
    }

    fn assess(&mut self, shots: &[Shot]) -> Result<BurstAssessment, AssessmentFailure> {
        assess_burst(&mut self.pipeline, shots, &self.rules)
    }

    fn assess_challenge(&mut self, shots: &[Shot], templates: &[Template]) -> Result<Vec<PadLayer>, AssessmentFailure> {
        assess_challenge(&mut self.pipeline, shots, templates, &self.rules)
    }

    fn read_document(&mut self, source: &DocumentSource, before: Option<Box<DocumentRead>>) -> Result<Box<DocumentRead>, DocumentRefusal> {
        match &mut self.documents {
            Some(documents) => read(&mut self.pipeline, documents, source, before, &*self.clock),
            None => Err(documents_not_read()),
        }
    }
}

impl std::fmt::Debug for PipelineObserver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PipelineObserver({})", self.pipeline.title())
    }
}

/// The two networks that an assessment runs, so that tests can script them.
trait Networks {
    fn pad(&mut self, frame: &Frame, face: &FaceDetection) -> Result<PadDecision, PipelineError>;
    fn embed(&mut self, frame: &Frame, face: &FaceDetection) -> Result<Template, PipelineError>;
}

impl Networks for FacePipeline {
    fn pad(&mut self, frame: &Frame, face: &FaceDetection) -> Result<PadDecision, PipelineError> {
        Self::pad(self, frame, face)
    }
    fn embed(&mut self, frame: &Frame, face: &FaceDetection) -> Result<Template, PipelineError> {
        Self::embed(self, frame, face)
    }
}

fn assess_burst(networks: &mut impl Networks, shots: &[Shot], rules: &PadRules) -> Result<BurstAssessment, AssessmentFailure> {
    let faces: Vec<(&Shot, FaceDetection)> =
        shots.iter().filter_map(|shot| Some((shot, shot.observation.face.as_ref()?.detection))).collect();
    let Some((best, face)) = faces.first() else { return Err(AssessmentFailure::NotUsable) };
    let pad = if best.frame.origin == Origin::File { not_assessed() } else { assess_pad(networks, &faces, rules)? };
    let template = networks.embed(&best.frame.frame, face).map_err(|e| failure(&e))?;
    let portrait = portrait(&best.frame.frame, face);
    let keep = |kind, picture: &Frame| {
        let encoded = encode::jpeg(picture, JPEG_QUALITY).map_err(|_| AssessmentFailure::NotUsable)?;
        Ok(NewPicture { kind, encoded: SensitiveBytes(encoded) })
    };
    let pictures = vec![keep(PictureKind::Frame, &best.frame.frame)?, keep(PictureKind::Portrait, &portrait)?];
    Ok(BurstAssessment { pad, templates: vec![(template, best.capture_score())], portrait: Arc::new(portrait), pictures })
}

/// A picture given as a file is not a presentation; nobody looks at this.
const fn not_assessed() -> PadDecision {
    PadDecision { outcome: PadOutcome::NonResponse, layers: Vec::new() }
}

/// The networks' evidence over shots spread over the burst, those that are dark or blurred abstaining.
fn assess_pad(networks: &mut impl Networks, faces: &[(&Shot, FaceDetection)], rules: &PadRules) -> Result<PadDecision, AssessmentFailure> {
    let step = faces.len().div_ceil(rules.values.passive_images as usize).max(1);
    let looked_at: Vec<_> = faces.iter().step_by(step).collect();
    let mut decisions = Vec::new();
    for (shot, face) in looked_at {
        let clear = shot.observation.face.as_ref().is_none_or(|f| passive::is_clear(&f.quality));
        match networks.pad(&shot.frame.frame, face) {
            Ok(decision) => decisions.push((decision, clear)),
            // Without the network the layer has no answer; that is a refusal in words the flow knows, not a breakdown.
            Err(PipelineError::RoleMissing { .. }) => return Ok(not_assessed()),
            Err(error) => return Err(failure(&error)),
        }
    }
    let Some((first, _)) = decisions.first() else { return Ok(not_assessed()) };
    let layers = (0..first.layers.len()).map(|at| {
        let votes = decisions.iter().filter_map(|(d, clear)| Some(Vote { layer: d.layers.get(at)?.clone(), clear: *clear }));
        passive::over_pictures(&votes.collect::<Vec<_>>(), rules)
    });
    Ok(PadDecision::fuse(layers.collect()))
}

/// The networks' part of a challenge: the passive layer over its pictures, and whether the face is still the one of the burst.
fn assess_challenge(
    networks: &mut impl Networks,
    shots: &[Shot],
    templates: &[Template],
    rules: &PadRules,
) -> Result<Vec<PadLayer>, AssessmentFailure> {
    let faces: Vec<(&Shot, FaceDetection)> =
        shots.iter().filter_map(|shot| Some((shot, shot.observation.face.as_ref()?.detection))).collect();
    let pad = assess_pad(networks, &faces, rules)?;
    let mut layers: Vec<PadLayer> =
        pad.layers.into_iter().filter(|l| l.name == passive::NAME).map(|l| PadLayer { name: PASSIVE_DURING, ..l }).collect();
    let mut least: Option<f32> = None;
    let mut recogniser = String::new();
    for (shot, face) in &faces {
        let template = networks.embed(&shot.frame.frame, face).map_err(|e| failure(&e))?;
        recogniser = template.format().recogniser.to_string();
        let scores = templates.iter().filter_map(|known| compare(known, &template).ok()).map(|score| score.0);
        // A face that compares with nothing is nobody's.
        let best = scores.fold(f32::NEG_INFINITY, f32::max);
        least = Some(least.map_or(best, |l| l.min(best)));
    }
    let limit = rules.values.continuity;
    let outcome = match least {
        Some(value) if value >= limit => PadOutcome::BonaFide,
        Some(_) => PadOutcome::Attack,
        None => PadOutcome::NonResponse,
    };
    let value = least.map(|v| v.clamp(0.0, 1.0));
    layers.push(PadLayer { name: CONTINUITY, method: recogniser, value, limit, outcome });
    Ok(layers)
}

/// Head and shoulders, upright as the frame is; grey where the frame ends.
pub(super) fn portrait(frame: &Frame, face: &FaceDetection) -> Frame {
    let eyes = face.landmarks.right_eye.midpoint(face.landmarks.left_eye);
    // A turned head brings the eyes together; the box bounds the scale from below.
    let distance = face.landmarks.inter_eye_distance().max(face.bounds.width * 0.3).max(1.0);
    let (width, height) = (PORTRAIT.width as f32, PORTRAIT.height as f32);
    let frame_per_portrait = distance / (PORTRAIT_EYES.0 * width);
    let frame_from_portrait = Affine([
        frame_per_portrait,
        0.0,
        eyes.x - frame_per_portrait * width / 2.0,
        0.0,
        frame_per_portrait,
        eyes.y - frame_per_portrait * height * PORTRAIT_EYES.1,
    ]);
    warp::sample_affine(frame, &frame_from_portrait, PORTRAIT, [128; 3])
}

fn fault(error: &PipelineError) -> Fault {
    tracing::warn!(code = error.advice().code, %error, "analysis");
    Fault::model(error.advice().code)
}

fn failure(error: &PipelineError) -> AssessmentFailure {
    match error {
        PipelineError::NoFace | PipelineError::SeveralFaces { .. } | PipelineError::Embed(EmbedError::Align(_)) => {
            AssessmentFailure::NotUsable
        }
        PipelineError::RoleMissing { .. } | PipelineError::Model(_) | PipelineError::Embed(_) => AssessmentFailure::Fault(fault(error)),
    }
}

#[cfg(test)]
mod tests;
