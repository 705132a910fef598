//! `visavis analyze`: what the machine sees in pictures, one JSON line a picture.

use super::{Answer, Failure, Global, Printer, parts};
use crate::advice::{Advice, FaultKind};
use crate::biometrics::detection::FaceDetection;
use crate::biometrics::observation::{Observation, ObservedFace};
use crate::biometrics::pack::Role;
use crate::biometrics::pad::PadDecision;
use crate::biometrics::pipeline::{FacePipeline, ObserveOptions};
use crate::geometry::{Point, Rect};
use crate::ports::gallery::PadOutcomeText;
use crate::runtime::clock::Clock as _;
use crate::workflow::capture_profile::{CaptureProfile, CaptureProfiles};
use crate::workflow::guidance::moves::Optics;
use crate::workflow::guidance::{file_findings, findings};
use crate::workflow::view::Feedback;
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;

/// What the machine sees in pictures.
#[derive(Debug, Args)]
pub struct AnalyzeCommand {
    /// Picture files.
    #[arg(required = true, value_name = "PATH")]
    pub pictures: Vec<PathBuf>,
}

#[derive(Serialize)]
struct Analysis {
    file: String,
    width: u32,
    height: u32,
    faces: Vec<Face>,
    /// Index of the face measured.
    chosen: Option<usize>,
    pose: Option<Pose>,
    quality: Vec<Component>,
    capture_score: Option<f32>,
    pad: Option<Pad>,
    capture_profile: String,
    /// Whether it would be captured if it were a live frame.
    compliant: bool,
    /// What the subject would be asked to change, in order of priority.
    feedback: Vec<&'static str>,
    /// Whether it would be accepted as a picture file.
    accepted_as_file: bool,
    milliseconds: Milliseconds,
}

#[derive(Serialize)]
struct Face {
    #[serde(rename = "box")]
    bounds: Bounds,
    score: f32,
    landmarks: [At; 5],
}

#[derive(Serialize)]
struct Bounds {
    x: f32,
    y: f32,
    width: f32,
    height: f32,
}

#[derive(Serialize)]
struct At {
    x: f32,
    y: f32,
}

#[derive(Serialize)]
struct Pose {
    yaw: f32,
    pitch: f32,
    roll: f32,
    estimate: bool,
}

#[derive(Serialize)]
struct Component {
    component: String,
    native: Option<f64>,
    score: Option<u8>,
    algorithm: &'static str,
    estimate: bool,
}

#[derive(Serialize)]
struct Pad {
    outcome: PadOutcomeText,
    layers: Vec<Layer>,
}

#[derive(Serialize)]
struct Layer {
    name: &'static str,
    method: String,
    value: Option<f32>,
    limit: f32,
    outcome: PadOutcomeText,
}

#[derive(Serialize)]
struct Milliseconds {
    decode: f32,
    detect: f32,
    landmarks: f32,
    pose: f32,
    quality: f32,
    pad: f32,
}

impl From<Rect> for Bounds {
    fn from(r: Rect) -> Self {
        Self { x: r.x, y: r.y, width: r.width, height: r.height }
    }
}

impl From<Point> for At {
    fn from(p: Point) -> Self {
        Self { x: p.x, y: p.y }
    }
}

impl From<&FaceDetection> for Face {
    fn from(face: &FaceDetection) -> Self {
        Self { bounds: face.bounds.into(), score: face.score, landmarks: face.landmarks.to_array().map(At::from) }
    }
}

impl From<PadDecision> for Pad {
    fn from(decision: PadDecision) -> Self {
        let layer = |l: crate::biometrics::pad::PadLayer| Layer {
            name: l.name,
            method: l.method,
            value: l.value,
            limit: l.limit,
            outcome: l.outcome.into(),
        };
        Self { outcome: decision.outcome.into(), layers: decision.layers.into_iter().map(layer).collect() }
    }
}

pub(super) fn run(global: &Global, command: &AnalyzeCommand, printer: &Printer) -> Result<Answer, Failure> {
    let parts = parts::Parts::new(global)?;
    let profile = CaptureProfiles::with_overrides(&parts.config.capture.profiles)?.get(&parts.config.capture.profile)?;
    let mut pipeline = parts.pipeline()?;
    parts.announce(&pipeline, printer);
    let mut failures: Vec<Failure> = Vec::new();
    for path in &command.pictures {
        match analyse(path, &parts, &mut pipeline, &profile).map_err(|failure| failure.about(path)) {
            Ok(analysis) => printer.document("analysis", &analysis, || in_words(&analysis))?,
            // The other pictures are still wanted.
            Err(failure) => {
                if command.pictures.len() > 1 {
                    let _ = printer.failure(&failure);
                }
                failures.push(failure);
            }
        }
    }
    match (failures.pop(), command.pictures.len()) {
        (None, _) => Ok(Answer::Yes),
        (Some(only), 1) => Err(only),
        (Some(last), given) => {
            failures.push(last);
            Err(several(&failures, given))
        }
    }
}

/// One failure for several: a fault of the machine outweighs those of pictures.
fn several(failures: &[Failure], given: usize) -> Failure {
    let advice = Advice::input("IMG-20", "See the messages above for each picture.");
    let kind = if failures.iter().any(|f| f.advice.kind == FaultKind::Environment) { FaultKind::Environment } else { FaultKind::Input };
    Failure::new(format!("{} of {given} pictures could not be analysed", failures.len()), Advice { kind, ..advice })
}

fn analyse(
    path: &std::path::Path,
    parts: &parts::Parts,
    pipeline: &mut FacePipeline,
    profile: &CaptureProfile,
) -> Result<Analysis, Failure> {
    let now = || parts.clock.now();
    let start = now();
    let frame = parts::picture(path)?;
    let decode = now().since(start).as_secs_f32() * 1e3;
    let options = ObserveOptions::for_stills();
    let observation = pipeline.observe(&frame, 0, &options, &now)?;
    let before_pad = now();
    let pad = match &observation.face {
        Some(face) if pipeline.has(Role::Pad) => Some(pipeline.pad(&frame, &face.detection)?),
        _ => None,
    };
    let pad_millis = now().since(before_pad).as_secs_f32() * 1e3;
    let optics = Optics { field_of_view_degrees: parts.config.camera.horizontal_fov };
    let feedback: Vec<Feedback> = findings(profile, optics, &observation).into_iter().map(|f| f.instruction.feedback).collect();
    let accepted_as_file = file_findings(profile, &observation).is_empty();
    let Observation { faces, face, times, .. } = &observation;
    let measured = |f: &ObservedFace| {
        let component = |a: &crate::biometrics::quality::Assessment| Component {
            component: format!("{:?}", a.component),
            native: a.native,
            score: a.score.map(crate::units::QualityScore::get),
            algorithm: a.algorithm,
            estimate: a.estimate,
        };
        f.quality.assessments.iter().map(component).collect()
    };
    let estimate = pipeline.pose_is_estimate();
    Ok(Analysis {
        file: path.display().to_string(),
        width: frame.width(),
        height: frame.height(),
        faces: faces.iter().map(Face::from).collect(),
        chosen: face.as_ref().map(|_| 0),
        pose: face.as_ref().and_then(|f| f.pose).map(|p| Pose { yaw: p.yaw, pitch: p.pitch, roll: p.roll, estimate }),
        quality: face.as_ref().map(measured).unwrap_or_default(),
        capture_score: face.as_ref().map(|f| f.quality.capture_score),
        pad: pad.map(Pad::from),
        capture_profile: profile.name.clone(),
        compliant: feedback.is_empty(),
        feedback: feedback.iter().map(|f| f.text()).collect(),
        accepted_as_file,
        milliseconds: Milliseconds {
            decode,
            detect: times.detect,
            landmarks: times.landmarks,
            pose: times.pose,
            quality: times.quality,
            pad: pad_millis,
        },
    })
}

fn in_words(a: &Analysis) -> String {
    let mut text = format!("{}: {}x{}, {} face(s)\n", a.file, a.width, a.height, a.faces.len());
    if let Some(p) = &a.pose {
        text.push_str(&format!("  pose: yaw {:.0}, pitch {:.0}, roll {:.0} degrees\n", p.yaw, p.pitch, p.roll));
    }
    for c in &a.quality {
        let native = c.native.map_or_else(|| "not assessed".to_owned(), |v| format!("{v:.3}"));
        let score = c.score.map_or_else(|| "  -".to_owned(), |v| format!("{v:3}"));
        text.push_str(&format!("  {score}  {:26} {native}{}\n", c.component, if c.estimate { " (estimate)" } else { "" }));
    }
    if let Some(pad) = &a.pad {
        text.push_str(&format!("  presentation attack detection: {:?}\n", pad.outcome));
    }
    let feedback = if a.compliant { "compliant".to_owned() } else { a.feedback.join(", ") };
    text.push_str(&format!("  {}: {feedback}\n", a.capture_profile));
    let m = &a.milliseconds;
    text.push_str(&format!(
        "  ms: decode {:.1}, detect {:.1}, landmarks {:.1}, pose {:.1}, quality {:.1}, pad {:.1}\n",
        m.decode, m.detect, m.landmarks, m.pose, m.quality, m.pad
    ));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_of_the_machine_outweighs_those_of_pictures() {
        let picture = || Failure::new("a", Advice::input("IMG-03", "b"));
        let machine = || Failure::new("a", Advice::environment("MOD-05", "b"));
        assert_eq!(several(&[picture(), picture()], 3).advice.kind.exit_code(), 2);
        assert_eq!(several(&[picture(), machine(), picture()], 3).advice.kind.exit_code(), 3);
    }
}
