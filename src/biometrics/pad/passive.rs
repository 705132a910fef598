//! The PAD layer `passive`, family `minifasnet`: one picture, several crops, the mean of the networks' bona fide probabilities.

use super::rules::PadRules;
use super::{PadLayer, PadOutcome};
use crate::biometrics::detection::FaceDetection;
use crate::biometrics::model::{Model, ModelError, Tensor};
use crate::biometrics::pack::InputContract;
use crate::biometrics::quality::{Component, FACE_EXPOSURE_LIMIT, QualityReport};
use crate::geometry::{Rect, Size};
use crate::imaging::Frame;

/// Name of the layer.
pub const NAME: &str = "passive";

/// Limit where the manifest states none: bona fide must be likelier than all attacks together. Not measured on an attack set.
pub const DEFAULT_LIMIT: f32 = 0.5;

/// One network of the ensemble.
struct Member {
    model: Box<dyn Model>,
    contract: InputContract,
    crop_scale: f32,
    bona_fide_class: usize,
    input: Tensor,
}

/// A loaded passive PAD ensemble.
pub struct PassivePad {
    members: Vec<Member>,
    method: String,
    limit: f32,
}

impl PassivePad {
    /// An ensemble without members; add at least one.
    ///
    /// - `limit`: least bona fide evidence that is not refused, [0, 1].
    #[must_use]
    pub const fn new(limit: f32) -> Self {
        Self { members: Vec::new(), method: String::new(), limit }
    }

    /// Its networks with their versions, as its layers name them.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Adds a loaded network.
    ///
    /// - `tag`: identifier with hash, for the record.
    /// - `crop_scale`: sides of the crop over those of the face box.
    /// - `bona_fide_class`: its index among the outputs.
    pub fn add(&mut self, tag: &str, model: Box<dyn Model>, contract: InputContract, crop_scale: f32, bona_fide_class: usize) {
        if !self.method.is_empty() {
            self.method.push('+');
        }
        self.method.push_str(tag);
        self.members.push(Member { model, input: contract.tensor(), contract, crop_scale, bona_fide_class });
    }

    /// Judges one face.
    ///
    /// A network that answers with something else than probabilities makes the layer a non-response, never bona fide.
    ///
    /// # Errors
    /// [`ModelError`] if the backend fails.
    pub fn assess(&mut self, frame: &Frame, face: &FaceDetection) -> Result<PadLayer, ModelError> {
        let mut sum = 0.0f32;
        for member in &mut self.members {
            let crop = crop_inside(face.bounds, member.crop_scale, frame.size());
            // The networks were trained on plainly resized crops; smoothing first would change what they look at.
            member.contract.sample_plainly(frame, crop, &mut member.input);
            let outputs = member.model.run(&member.input)?;
            let logits = outputs.first()?;
            sum += softmax_at(&logits.data, member.bona_fide_class).unwrap_or(f32::NAN);
        }
        let mean = sum / self.members.len() as f32;
        let value = mean.is_finite().then_some(mean.clamp(0.0, 1.0));
        let outcome = match value {
            Some(value) if value >= self.limit => PadOutcome::BonaFide,
            Some(_) => PadOutcome::Attack,
            None => PadOutcome::NonResponse,
        };
        Ok(PadLayer { name: NAME, method: self.method.clone(), value, limit: self.limit, outcome })
    }
}

/// Sharpness below which a picture does not vote: a blur of three pixels measures 0.32.
const LEAST_SHARPNESS: f64 = 0.32;

/// Whether a face is shown clearly enough to vote: neither dark, nor burnt out, nor blurred. What was not measured does not count against it.
#[must_use]
pub fn is_clear(quality: &QualityReport) -> bool {
    let sharp = quality.native(Component::Sharpness).is_none_or(|v| v >= LEAST_SHARPNESS);
    let exposed = quality.native(Component::FaceExposure).is_none_or(|v| v.abs() <= FACE_EXPOSURE_LIMIT);
    sharp && exposed
}

/// One picture's vote.
#[derive(Debug, Clone, PartialEq)]
pub struct Vote {
    /// What the networks said of it.
    pub layer: PadLayer,
    /// Whether the picture is clear enough to count, see [`is_clear`].
    pub clear: bool,
}

/// The layer over several pictures: mean evidence of those that are clear, against the limit that the preset makes of the model card's.
///
/// Pictures that are dark or blurred abstain; when too few are left there is no answer. A network that gives no number for a clear picture
/// leaves the whole without an answer: a burst is not cleared by the pictures that happen to work.
#[must_use]
pub fn over_pictures(votes: &[Vote], rules: &PadRules) -> PadLayer {
    let Some(first) = votes.first() else {
        let (method, limit) = (String::new(), DEFAULT_LIMIT);
        return PadLayer { name: NAME, method, value: None, limit, outcome: PadOutcome::NonResponse };
    };
    let limit = shifted(first.layer.limit, rules.values.passive_shift);
    let clear: Vec<&Vote> = votes.iter().filter(|v| v.clear).collect();
    // A burst may hold fewer pictures than the preset wants to see; then most of those it has must vote.
    let needed = (rules.values.passive_votes as usize).min(votes.len().div_ceil(2).max(1));
    let values: Option<Vec<f32>> = clear.iter().map(|v| v.layer.value).collect();
    let value = values.filter(|v| v.len() >= needed).map(|v| v.iter().sum::<f32>() / v.len() as f32).filter(|v| v.is_finite());
    let outcome = match value {
        Some(value) if value >= limit => PadOutcome::BonaFide,
        Some(_) => PadOutcome::Attack,
        None => PadOutcome::NonResponse,
    };
    PadLayer { name: first.layer.name, method: first.layer.method.clone(), value, limit, outcome }
}

/// A limit moved in log-odds.
fn shifted(limit: f32, shift: f32) -> f32 {
    let odds = (limit.clamp(1e-4, 1.0 - 1e-4) / (1.0 - limit.clamp(1e-4, 1.0 - 1e-4))).ln() + shift;
    if shift == 0.0 { limit } else { 1.0 / (1.0 + (-odds).exp()) }
}

/// The box scaled about its centre, made no larger than the frame, moved inside it without changing its size, and widened to whole
/// pixels as the networks' publisher cuts it.
fn crop_inside(bounds: Rect, scale: f32, frame: Size) -> Rect {
    let (width, height) = ((frame.width as f32 - 1.0).max(1.0), (frame.height as f32 - 1.0).max(1.0));
    let scale = scale.min(width / bounds.width.max(1.0)).min(height / bounds.height.max(1.0));
    let crop = bounds.scaled_about_centre(scale);
    let span = |start: f32, length: f32, end: f32| {
        let start = start.min(end - length).max(0.0);
        (start.floor(), (start + length).min(end).floor() + 1.0)
    };
    let ((left, right), (top, bottom)) = (span(crop.x, crop.width, width), span(crop.y, crop.height, height));
    Rect::new(left, top, right - left, bottom - top)
}

/// Softmax probability of one class; `None` if there is no such class or a value is not finite.
fn softmax_at(logits: &[f32], class: usize) -> Option<f32> {
    let wanted = *logits.get(class)?;
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = logits.iter().map(|l| (l - largest).exp()).sum();
    let probability = (wanted - largest).exp() / sum;
    (logits.iter().all(|l| l.is_finite()) && probability.is_finite()).then_some(probability)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::biometrics::detection::FiveLandmarks;
    use crate::biometrics::model::Outputs;
    use crate::imaging::warp::{ChannelOrder, TensorFormat};

    const CONTRACT: InputContract = InputContract { width: 80, height: 80, format: TensorFormat::raw(ChannelOrder::Bgr) };

    struct Fixed(Vec<f32>);

    impl Model for Fixed {
        fn run(&mut self, _: &Tensor) -> Result<Outputs, ModelError> {
            Ok(Outputs(vec![("logits".to_owned(), Tensor { shape: vec![1, self.0.len()], data: self.0.clone() })]))
        }
    }

    fn assess(answers: &[&[f32]]) -> PadLayer {
        let mut pad = PassivePad::new(DEFAULT_LIMIT);
        for answer in answers {
            pad.add("m@0", Box::new(Fixed(answer.to_vec())), CONTRACT, 2.7, 1);
        }
        let frame = Frame::filled(Size::new(100, 100), [50; 3]);
        let landmarks = FiveLandmarks::default();
        pad.assess(&frame, &FaceDetection { bounds: Rect::new(40.0, 40.0, 20.0, 30.0), score: 0.9, landmarks }).unwrap()
    }

    #[test]
    fn the_mean_of_the_probabilities_decides() {
        let layer = assess(&[&[0.0, 10.0, 0.0], &[0.0, 0.0, 0.0]]);
        assert!((layer.value.unwrap() - (1.0 + 1.0 / 3.0) / 2.0).abs() < 1e-3);
        assert_eq!((layer.outcome, layer.method.as_str()), (PadOutcome::BonaFide, "m@0+m@0"));
        assert_eq!(assess(&[&[5.0, 0.0, 0.0]]).outcome, PadOutcome::Attack);
    }

    #[test]
    fn no_evidence_is_never_bona_fide() {
        for answers in [&[&[f32::NAN, 1.0, 1.0][..]][..], &[&[1.0][..]], &[&[f32::INFINITY, 0.0, 0.0]], &[&[][..]], &[]] {
            let layer = assess(answers);
            assert_eq!((layer.value, layer.outcome), (None, PadOutcome::NonResponse), "{answers:?}");
        }
    }

    fn fused(votes: &[(Option<f32>, bool)], shift: f32) -> PadLayer {
        let vote = |(value, clear): &(Option<f32>, bool)| {
            let outcome = PadOutcome::BonaFide;
            Vote { layer: PadLayer { name: NAME, method: "m@0".into(), value: *value, limit: 0.5, outcome }, clear: *clear }
        };
        let mut rules = PadRules::default();
        rules.values.passive_shift = shift;
        over_pictures(&votes.iter().map(vote).collect::<Vec<_>>(), &rules)
    }

    #[test]
    fn dark_and_blurred_pictures_abstain() {
        let good = (Some(0.9), true);
        let dark = (Some(0.0), false);
        assert_eq!(fused(&[good, good, good, dark, dark], 0.0).outcome, PadOutcome::BonaFide);
        assert_eq!(fused(&[good, dark, dark, dark, dark], 0.0).outcome, PadOutcome::NonResponse, "too few votes");
        assert_eq!(fused(&[good, good, good, (None, true)], 0.0).outcome, PadOutcome::NonResponse, "a clear picture without a number");
        assert_eq!(fused(&[(Some(0.4), true); 4], 0.0).outcome, PadOutcome::Attack);
        assert_eq!(fused(&[], 0.0).outcome, PadOutcome::NonResponse);
        assert_eq!(fused(&[(Some(f32::NAN), true)], 0.0).outcome, PadOutcome::NonResponse);
    }

    #[test]
    fn presets_move_the_limit() {
        let votes = [(Some(0.55), true); 5];
        assert_eq!(fused(&votes, 0.0).outcome, PadOutcome::BonaFide);
        assert_eq!(fused(&votes, 0.7).outcome, PadOutcome::Attack);
        assert!(fused(&votes, -0.7).limit < 0.5 && fused(&votes, 0.7).limit > 0.5);
    }

    proptest::proptest! {
        #[test]
        fn crops_stay_inside(x in -50f32..150.0, y in -50f32..150.0, w in 1f32..300.0, h in 1f32..300.0, scale in 0.5f32..8.0) {
            let frame = Size::new(120, 90);
            let crop = crop_inside(Rect::new(x, y, w, h), scale, frame);
            proptest::prop_assert!(crop.x >= 0.0 && crop.y >= 0.0);
            proptest::prop_assert!(crop.right() <= 120.0 && crop.bottom() <= 90.0, "{crop:?}");
        }
    }
}
