//! Pictures to templates on several threads, with the time that the networks alone took.

use super::EvaluationFault;
use super::print_scan::printed_and_scanned;
use super::workers::on_every_picture;
use crate::advice::Advised as _;
use crate::biometrics::detection::{DetectorSettings, FaceDetection};
use crate::biometrics::model::{Model, ModelError, Outputs, Tensor};
use crate::biometrics::pipeline::{FacePipeline, PipelineError};
use crate::biometrics::recogniser::EmbedError;
use crate::biometrics::template::Template;
use crate::geometry::Size;
use crate::imaging::Frame;
use crate::imaging::decode::{DecodeLimits, decode_picture};
use crate::runtime::clock::{Clock as _, SystemClock};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Adds up the time that networks run.
#[derive(Debug, Clone)]
pub struct InferenceWatch {
    clock: SystemClock,
    nanos: Arc<AtomicU64>,
}

impl InferenceWatch {
    /// A watch at zero.
    #[must_use]
    pub fn start() -> Self {
        Self { clock: SystemClock::start(), nanos: Arc::new(AtomicU64::new(0)) }
    }

    /// `model`, watched.
    #[must_use]
    pub fn over(&self, model: Box<dyn Model>) -> Box<dyn Model> {
        Box::new(Watched { model, watch: self.clone() })
    }

    /// Time so far, over all watched networks and threads.
    #[must_use]
    pub fn total(&self) -> Duration {
        Duration::from_nanos(self.nanos.load(Ordering::Relaxed))
    }
}

struct Watched {
    model: Box<dyn Model>,
    watch: InferenceWatch,
}

impl Model for Watched {
    fn run(&mut self, input: &Tensor) -> Result<Outputs, ModelError> {
        let begun = self.watch.clock.now();
        let outputs = self.model.run(input);
        let spent = self.watch.clock.now().since(begun).as_nanos();
        self.watch.nanos.fetch_add(u64::try_from(spent).unwrap_or(u64::MAX), Ordering::Relaxed);
        outputs
    }
}

/// Which face of an evaluation's picture counts, and how it is looked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FaceRule {
    /// Settings of the detector.
    pub detector: DetectorSettings,
    /// Least black border on every side before looking, a fraction of the shorter side: sets for evaluation are often cut so close that
    /// the detector, which was trained on whole scenes, misses faces.
    pub border: f32,
    /// Pictures are bordered up to the detector's input, but no side beyond this, pixels: small pictures are then looked at as they are
    /// instead of enlarged. Measured on 3 000 LFW pairs with the reference detector: enlarging gives finer landmarks (98.5 instead
    /// of 98.3 % accuracy, FNMR 5.7 instead of 8.2 % at FMR 1e-3) and takes the whole from 1.12 to 1.32 times the networks' own time.
    pub largest_side: u32,
    /// Whether pictures go through simulated print and scan first, as portraits of documents.
    pub printed: bool,
}

/// The detector's most sensitive setting, as research pipelines over such sets run it, and a border of 40 pixels on the 250-pixel pictures
/// of LFW.
impl Default for FaceRule {
    fn default() -> Self {
        let detector = DetectorSettings { face_sensitivity: 1.0, face_granularity: 0.1, ..DetectorSettings::for_stills() };
        Self { detector, border: 0.16, largest_side: 640, printed: false }
    }
}

impl FaceRule {
    /// The face nearest to the centre, in units of its own size: pictures of such sets are centred on the person they name, and a large
    /// face somewhat off the centre beats a small one behind it.
    #[must_use]
    pub fn choose(faces: &[FaceDetection], picture: Size) -> Option<&FaceDetection> {
        let eccentricity = |face: &FaceDetection| {
            let centre = face.bounds.centre();
            let (dx, dy) = (centre.x - picture.width as f32 / 2.0, centre.y - picture.height as f32 / 2.0);
            (dx * dx + dy * dy) / face.bounds.area().max(1.0)
        };
        faces.iter().min_by(|a, b| eccentricity(a).total_cmp(&eccentricity(b)))
    }

    /// Template of the face that counts.
    fn template(&self, pipeline: &mut FacePipeline, frame: &Frame) -> Result<Template, PipelineError> {
        let bordered = self.with_border(frame, pipeline.detector_size());
        let faces = pipeline.detect(&bordered, &self.detector)?;
        let face = Self::choose(&faces, bordered.size()).ok_or(PipelineError::NoFace)?;
        pipeline.embed(&bordered, face)
    }

    /// The picture in the middle of a black one.
    ///
    /// - `input`: what the detector looks at.
    fn with_border(&self, frame: &Frame, input: Size) -> Frame {
        let border = (frame.width().min(frame.height()) as f32 * self.border).round() as u32;
        let side = |length: u32, input: u32| (length + 2 * border).max(input.min(self.largest_side));
        let (width, height) = (side(frame.width(), input.width), side(frame.height(), input.height));
        let (left, top) = ((width - frame.width()) as usize / 2, (height - frame.height()) as usize / 2);
        let mut bordered = Frame::filled(Size::new(width, height), [0; 3]);
        for y in 0..frame.height() {
            let row = frame.row(y);
            let start = ((y as usize + top) * width as usize + left) * 3;
            bordered.bytes_mut()[start..start + row.len()].copy_from_slice(row);
        }
        bordered
    }
}

/// Why a picture gave no template.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct NotAcquired {
    /// Its number among the distinct pictures, from 1.
    pub picture: usize,
    /// Stable code of the reason.
    pub code: &'static str,
}

/// Templates of a list of pictures.
#[derive(Debug)]
pub struct Extraction {
    /// One entry a picture, in the list's order.
    pub templates: Vec<Result<Template, NotAcquired>>,
    /// First picture opened to last template made.
    pub wall: Duration,
    /// Time inside networks, added up over the workers.
    pub inference: Duration,
    /// Workers.
    pub workers: usize,
}

/// Makes the template of every picture, one worker thread for each of `pipelines`.
///
/// - `watch`: the one that watches the pipelines' networks.
/// - `progress`: called by the workers after every picture.
///
/// # Errors
/// [`EvaluationFault::Picture`] for a file that cannot be read, [`EvaluationFault::Pipeline`] when a network fails. A picture that shows
/// no face or cannot be decoded is an entry without a template.
pub fn extract(
    pictures: &[PathBuf],
    pipelines: Vec<FacePipeline>,
    rule: &FaceRule,
    watch: &InferenceWatch,
    progress: &(dyn Fn() + Sync),
) -> Result<Extraction, EvaluationFault> {
    let workers = pipelines.len();
    let (clock, before) = (SystemClock::start(), watch.total());
    let work = |pipeline: &mut FacePipeline, number: usize, path: &Path| one(pipeline, rule, number, path);
    let templates = on_every_picture(pictures, pipelines, &work, progress)?;
    Ok(Extraction { templates, wall: clock.now().0, inference: watch.total() - before, workers })
}

fn one(pipeline: &mut FacePipeline, rule: &FaceRule, number: usize, path: &Path) -> Result<Result<Template, NotAcquired>, EvaluationFault> {
    let unreadable = |error: std::io::Error| EvaluationFault::Picture { number, reason: error.kind().to_string() };
    let limits = DecodeLimits::default();
    let not_acquired = |code| Ok(Err(NotAcquired { picture: number, code }));
    if let Err(error) = limits.check_file_bytes(std::fs::metadata(path).map_err(unreadable)?.len()) {
        return not_acquired(error.advice().code);
    }
    let frame = match decode_picture(&std::fs::read(path).map_err(unreadable)?, &limits) {
        Ok(frame) => frame,
        Err(error) => return not_acquired(error.advice().code),
    };
    let frame = if rule.printed { printed_and_scanned(&frame, number as u64) } else { frame };
    match rule.template(pipeline, &frame) {
        Ok(template) => Ok(Ok(template)),
        Err(error @ (PipelineError::NoFace | PipelineError::Embed(EmbedError::Align(_) | EmbedError::Template(_)))) => {
            not_acquired(error.advice().code)
        }
        Err(fault) => Err(fault.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::biometrics::detection::FiveLandmarks;
    use crate::geometry::Rect;

    #[test]
    fn the_central_large_face_counts() {
        let face = |x: f32, y: f32, side: f32| FaceDetection {
            bounds: Rect::new(x - side / 2.0, y - side / 2.0, side, side),
            score: 0.9,
            landmarks: FiveLandmarks::default(),
        };
        for (faces, expected) in [
            (vec![face(125.0, 125.0, 90.0), face(30.0, 30.0, 100.0)], 0),
            (vec![face(140.0, 140.0, 20.0), face(130.0, 135.0, 100.0)], 1),
            (vec![face(10.0, 10.0, 50.0)], 0),
        ] {
            assert_eq!(FaceRule::choose(&faces, Size::new(250, 250)), Some(&faces[expected]));
        }
        assert_eq!(FaceRule::choose(&[], Size::new(250, 250)), None);
    }

    #[test]
    fn the_border_is_black_and_the_picture_in_its_middle() {
        let frame = Frame::from_fn(Size::new(5, 4), |x, y| [x as u8 + 1, y as u8 + 1, 9]);
        let input = Size::new(8, 7);
        for (border, largest_side, size, left, top) in
            [(0.75, 0, (11, 10), 3, 3), (0.0, 8, (8, 7), 1, 1), (0.0, 6, (6, 6), 0, 1), (0.0, 0, (5, 4), 0, 0)]
        {
            let bordered = FaceRule { border, largest_side, ..FaceRule::default() }.with_border(&frame, input);
            assert_eq!(bordered.size(), Size::new(size.0, size.1));
            for y in 0..i64::from(size.1) {
                for x in 0..i64::from(size.0) {
                    let inside = (left..left + 5).contains(&x) && (top..top + 4).contains(&y);
                    let expected = if inside { frame.pixel_clamped(x - left, y - top) } else { [0; 3] };
                    assert_eq!(bordered.pixel_clamped(x, y), expected, "({x}, {y})");
                }
            }
        }
    }
}
