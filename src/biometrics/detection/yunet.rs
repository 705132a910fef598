//! The detector family `yunet`: anchor-free, one box and five landmarks per cell of each stride's grid.
//!
//! # Source
//! Wu, Peng, Yu: *YuNet: A Tiny Millisecond-level Face Detector*, 2023; output layout as stated by the publisher's model card:
//! cell `(column, row)` of stride S has score `sqrt(cls * obj)`, centre `((column + dx) * S, (row + dy) * S)`, size
//! `(exp(w) * S, exp(h) * S)` and landmarks `((column + kx) * S, (row + ky) * S)`.

use super::settings::DetectorSettings;
use super::suppression::suppress;
use super::{FaceDetection, FiveLandmarks};
use crate::biometrics::model::{Model, ModelError, Outputs, Tensor};
use crate::biometrics::pack::InputContract;
use crate::geometry::{Affine, Point, Rect, Size};
use crate::imaging::Frame;
use crate::imaging::resize::letterbox_to_tensor;
use crate::imaging::warp::sample_to_tensor;

/// Small pictures are enlarged at most this many times.
///
/// Measured on 600 LFW pairs (250x250 pictures, faces about 100 pixels wide) with the reference recogniser: accepts at a false match rate
/// of 1 % were 94.0 % without enlargement, 97.3 % at 1.4 times, 96.7 % at 1.8 times and 96.0 % at 2.6 times.
const LARGEST_ENLARGEMENT: f32 = 1.5;
/// Width of a face in the input at which the landmarks were most useful in the same measurement, pixels.
pub(crate) const SUREST_FACE_WIDTH: f32 = 140.0;
/// Faces wider than this in the input, pixels, gain from a second look at [`SUREST_FACE_WIDTH`].
///
/// What small faces gain depends on the detector, so its manifest says below which width they are looked at again. On the people of fold 5
/// of LFW the built-in detector's alignment costs the reference recogniser 0.8 points of accuracy at the surest width, and 7.7 where faces
/// are 38 pixels wide. `YuNet` itself loses by it: on 3 000 LFW pairs the reference pack is right in 2 950 without a second look at faces
/// below 80 pixels and in 2 945 with it, and one picture more is refused.
const LARGEST_GOOD_FACE_WIDTH: f32 = 200.0;
/// Least factor between the scales of two looks; below it the second would see the same.
const LEAST_CHANGE: f32 = 1.2;
/// Least overlap by which a second look finds the same face.
const SAME_FACE_OVERLAP: f32 = 0.4;
/// Candidates kept before suppression, surest first; a picture with more is noise.
const MAX_CANDIDATES: usize = 2000;

/// A loaded detector.
pub struct Yunet {
    model: Box<dyn Model>,
    contract: InputContract,
    strides: Vec<usize>,
    second_look_below: f32,
    input: Tensor,
}

impl Yunet {
    /// A detector over a loaded network.
    #[must_use]
    pub fn new(model: Box<dyn Model>, contract: InputContract, strides: Vec<usize>) -> Self {
        Self { model, input: contract.tensor(), contract, strides, second_look_below: 0.0 }
    }

    /// The detector, looking again at faces narrower than `width` in its input, pixels.
    #[must_use]
    pub fn with_second_look_below(self, width: f32) -> Self {
        Self { second_look_below: width, ..self }
    }

    /// Columns and rows of the network's input.
    #[must_use]
    pub const fn input_size(&self) -> Size {
        self.contract.size()
    }

    /// Finds faces, ordered by the settings' rule.
    ///
    /// # Errors
    /// [`ModelError`] if the network fails or its outputs do not have the family's shapes.
    pub fn detect(&mut self, frame: &Frame, settings: &DetectorSettings) -> Result<Vec<FaceDetection>, ModelError> {
        let (size, format) = (self.contract.size(), &self.contract.format);
        let scale = self.scale_for(frame);
        let mut faces = if scale < LARGEST_ENLARGEMENT {
            let map = letterbox_to_tensor(frame, size, format, [0; 3], &mut self.input.data).source_from_target();
            self.run(&map, settings)?
        } else {
            let centre = Point::new(frame.width() as f32 / 2.0, frame.height() as f32 / 2.0);
            self.look_at(frame, centre, scale, settings)?
        };
        faces.retain(|f| settings.admits(f, frame.size()));
        settings.face_detection_mode.order(&mut faces);
        Ok(faces)
    }

    /// Looks again at a face that was very large in the input, or small as the manifest says, at the scale where the landmarks are best;
    /// other faces are returned as they are.
    ///
    /// # Errors
    /// As [`Self::detect`].
    pub fn refine(&mut self, frame: &Frame, face: &FaceDetection) -> Result<FaceDetection, ModelError> {
        let (width, first) = (face.bounds.width, self.scale_for(frame));
        let again = (SUREST_FACE_WIDTH / width).min(LARGEST_ENLARGEMENT);
        if (self.second_look_below..=LARGEST_GOOD_FACE_WIDTH).contains(&(width * first)) || (again / first).ln().abs() < LEAST_CHANGE.ln() {
            return Ok(*face);
        }
        let found = self.look_at(frame, face.bounds.centre(), again, &DetectorSettings::for_stills())?;
        let best = found.into_iter().max_by(|a, b| a.bounds.iou(face.bounds).total_cmp(&b.bounds.iou(face.bounds)));
        Ok(best.filter(|f| f.bounds.iou(face.bounds) >= SAME_FACE_OVERLAP).unwrap_or(*face))
    }

    /// Input pixels per frame pixel when the whole frame is to be seen.
    fn scale_for(&self, frame: &Frame) -> f32 {
        let size = self.contract.size();
        let fit = (size.width as f32 / frame.width() as f32).min(size.height as f32 / frame.height() as f32);
        fit.min(LARGEST_ENLARGEMENT)
    }

    /// Faces around `centre`, with `scale` input pixels per frame pixel.
    fn look_at(&mut self, frame: &Frame, centre: Point, scale: f32, settings: &DetectorSettings) -> Result<Vec<FaceDetection>, ModelError> {
        let (size, format) = (self.contract.size(), &self.contract.format);
        let corner = |centre: f32, input: u32| centre - input as f32 / scale / 2.0;
        let (x, y) = (corner(centre.x, size.width), corner(centre.y, size.height));
        let map = Affine([1.0 / scale, 0.0, x, 0.0, 1.0 / scale, y]);
        sample_to_tensor(frame, &map, size, format, [0; 3], &mut self.input.data);
        self.run(&map, settings)
    }

    /// Faces of the filled input in frame pixels after suppression, surest first.
    fn run(&mut self, frame_from_input: &Affine, settings: &DetectorSettings) -> Result<Vec<FaceDetection>, ModelError> {
        let outputs = self.model.run(&self.input)?;
        let mut faces = decode(&outputs, &self.contract, &self.strides, settings.least_score())?;
        suppress(&mut faces, settings.most_overlap());
        for face in &mut faces {
            face.bounds = map_rect(frame_from_input, face.bounds);
            face.landmarks = FiveLandmarks::from_array(face.landmarks.to_array().map(|p| frame_from_input.apply(p)));
        }
        Ok(faces)
    }
}

/// A rectangle through a map without rotation.
fn map_rect(map: &Affine, rect: Rect) -> Rect {
    let corner = map.apply(Point::new(rect.x, rect.y));
    let opposite = map.apply(Point::new(rect.right(), rect.bottom()));
    Rect::new(corner.x, corner.y, opposite.x - corner.x, opposite.y - corner.y)
}

/// Candidates above `least_score` in input pixels, before suppression.
///
/// # Errors
/// [`ModelError`] for a missing output or one of another shape.
pub fn decode(outputs: &Outputs, contract: &InputContract, strides: &[usize], least_score: f32) -> Result<Vec<FaceDetection>, ModelError> {
    let mut found = Vec::new();
    for &stride in strides {
        let (columns, rows) = (contract.width / stride, contract.height / stride);
        let output = |name: &str, per_cell: usize| {
            let name = format!("{name}_{stride}");
            let tensor = outputs.get(&name)?;
            if tensor.data.len() == columns * rows * per_cell {
                return Ok(tensor);
            }
            Err(ModelError::Shape { name, found: tensor.shape.clone(), expected: "one row per cell of the stride's grid" })
        };
        let (class, object) = (output("cls", 1)?, output("obj", 1)?);
        let (boxes, points) = (output("bbox", 4)?, output("kps", 10)?);
        let least_product = least_score * least_score;
        for (cell, (class, object)) in class.data.iter().zip(&object.data).enumerate() {
            let product = class.clamp(0.0, 1.0) * object.clamp(0.0, 1.0);
            if product < least_product || product.is_nan() {
                continue;
            }
            let (x, y, s) = ((cell % columns) as f32, (cell / columns) as f32, stride as f32);
            let b = &boxes.data[cell * 4..][..4];
            let (width, height) = (b[2].exp() * s, b[3].exp() * s);
            let bounds = Rect::new((x + b[0]) * s - width / 2.0, (y + b[1]) * s - height / 2.0, width, height);
            let k = &points.data[cell * 10..][..10];
            let point = |i: usize| Point::new((x + k[2 * i]) * s, (y + k[2 * i + 1]) * s);
            let landmarks = FiveLandmarks::from_array(std::array::from_fn(point));
            if landmarks.to_array().iter().all(|p| p.x.is_finite() && p.y.is_finite()) {
                found.push(FaceDetection { bounds, score: product.sqrt(), landmarks });
            }
        }
    }
    if found.len() > MAX_CANDIDATES {
        found.sort_by(|a, b| b.score.total_cmp(&a.score));
        found.truncate(MAX_CANDIDATES);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;
    use crate::imaging::warp::{ChannelOrder, TensorFormat};

    const CONTRACT: InputContract = InputContract { width: 64, height: 32, format: TensorFormat::raw(ChannelOrder::Bgr) };

    /// Answers with one face in cell (3, 1) of stride 8.
    struct OneFace {
        score: f32,
    }

    impl Model for OneFace {
        fn run(&mut self, input: &Tensor) -> Result<Outputs, ModelError> {
            assert_eq!(input.shape, [1, 3, 32, 64]);
            let cells = 8 * 4;
            let at = 8 + 3;
            let mut class = Tensor::zeros(&[1, cells, 1]);
            class.data[at] = self.score * self.score;
            let mut object = Tensor::zeros(&[1, cells, 1]);
            object.data[at] = 1.0;
            let mut boxes = Tensor::zeros(&[1, cells, 4]);
            boxes.data[at * 4..at * 4 + 4].copy_from_slice(&[0.5, 0.25, 2f32.ln(), 1f32.exp().ln()]);
            let mut points = Tensor::zeros(&[1, cells, 10]);
            points.data[at * 10..at * 10 + 10].copy_from_slice(&[0.0, 0.0, 1.0, 0.0, 0.5, 0.5, 0.0, 1.0, 1.0, 1.0]);
            let named = [("cls_8", class), ("obj_8", object), ("bbox_8", boxes), ("kps_8", points)];
            Ok(Outputs(named.into_iter().map(|(n, t)| (n.to_owned(), t)).collect()))
        }
    }

    #[test]
    fn a_face_is_decoded_and_mapped_to_the_frame() {
        let mut detector = Yunet::new(Box::new(OneFace { score: 0.9 }), CONTRACT, vec![8]);
        let frame = Frame::filled(Size::new(128, 64), [9; 3]);
        let faces = detector.detect(&frame, &DetectorSettings::default()).unwrap();
        assert_eq!(faces.len(), 1);
        let face = faces[0];
        assert!((face.score - 0.9).abs() < 1e-6);
        // Input pixels: centre (28, 10), size (16, 8e); the frame is twice as large.
        let expected = Rect::new(40.0, 20.0 - 8.0 * 1f32.exp(), 32.0, 16.0 * 1f32.exp());
        for (a, b) in [
            (face.bounds.x, expected.x),
            (face.bounds.y, expected.y),
            (face.bounds.width, expected.width),
            (face.bounds.height, expected.height),
        ] {
            assert!((a - b).abs() < 1e-3, "{:?} {expected:?}", face.bounds);
        }
        assert_eq!(face.landmarks.right_eye, Point::new(48.0, 16.0));
        assert_eq!(face.landmarks.mouth_left, Point::new(64.0, 32.0));
    }

    #[test]
    fn a_small_picture_is_not_enlarged_beyond_use() {
        // 16x8 would fit four times; at 1.5 times it lies in the middle of the input, whose cell (3, 1) is then near its left edge.
        let mut detector = Yunet::new(Box::new(OneFace { score: 0.9 }), CONTRACT, vec![8]);
        let faces = detector.detect(&Frame::filled(Size::new(16, 8), [9; 3]), &DetectorSettings::default()).unwrap();
        let centre = faces[0].bounds.centre();
        let expected = Point::new(8.0 + (28.0 - 32.0) / 1.5, 4.0 + (10.0 - 16.0) / 1.5);
        assert!(centre.distance(expected) < 1e-3, "{centre:?} {expected:?}");
    }

    #[test]
    fn a_second_look_is_for_very_large_faces_and_for_small_ones_where_the_manifest_says_so() {
        // The network always sees a face at the same place of its input; what it means in the frame tells where it looked.
        let mut detector = Yunet::new(Box::new(OneFace { score: 0.9 }), CONTRACT, vec![8]);
        let mut looks_again = Yunet::new(Box::new(OneFace { score: 0.9 }), CONTRACT, vec![8]).with_second_look_below(80.0);
        let frame = Frame::filled(Size::new(64, 32), [9; 3]);
        let face = |width: f32, height: f32| FaceDetection {
            bounds: Rect::new(28.0 - width / 2.0, 10.0 - height / 2.0, width, height),
            ..detector_face(0.9)
        };
        let good = face(100.0, 100.0);
        assert_eq!(detector.refine(&frame, &good).unwrap(), good);
        assert_eq!(detector.refine(&frame, &face(16.0, 20.0)).unwrap(), face(16.0, 20.0));
        let small = looks_again.refine(&frame, &face(16.0, 20.0)).unwrap();
        // Around the face's centre, enlarged as far as is of use.
        let seen = Point::new(28.0 + (28.0 - 32.0) / 1.5, 10.0 + (10.0 - 16.0) / 1.5);
        assert!(small.bounds.centre().distance(seen) < 1e-3, "{:?}", small.bounds);
        let elsewhere = FaceDetection { bounds: Rect::new(500.0, 0.0, 300.0, 300.0), ..good };
        assert_eq!(detector.refine(&frame, &elsewhere).unwrap(), elsewhere, "another face is not taken for it");
    }

    #[test]
    fn nothing_is_looked_at_twice_at_the_same_scale() {
        // A frame four times as small as the input: the first look was enlarged as far as is of use already.
        let mut detector = Yunet::new(Box::new(OneFace { score: 0.9 }), CONTRACT, vec![8]).with_second_look_below(80.0);
        let frame = Frame::filled(Size::new(16, 8), [9; 3]);
        let face = FaceDetection { bounds: Rect::new(2.0, 2.0, 6.0, 6.0), ..detector_face(0.9) };
        assert_eq!(detector.refine(&frame, &face).unwrap(), face);
    }

    fn detector_face(score: f32) -> FaceDetection {
        FaceDetection { bounds: Rect::new(0.0, 0.0, 1.0, 1.0), score, landmarks: FiveLandmarks::default() }
    }

    #[test]
    fn weak_and_small_faces_do_not_count() {
        let frame = Frame::filled(Size::new(128, 64), [9; 3]);
        let mut weak = Yunet::new(Box::new(OneFace { score: 0.6 }), CONTRACT, vec![8]);
        assert_eq!(weak.detect(&frame, &DetectorSettings::default()).unwrap(), []);
        let mut sure = Yunet::new(Box::new(OneFace { score: 0.9 }), CONTRACT, vec![8]);
        let large_only = DetectorSettings { face_minimum_size: 0.6, ..DetectorSettings::default() };
        assert_eq!(sure.detect(&frame, &large_only).unwrap(), []);
    }

    #[test]
    fn outputs_of_another_shape_are_refused() {
        let mut detector = Yunet::new(Box::new(OneFace { score: 0.9 }), CONTRACT, vec![16]);
        let frame = Frame::filled(Size::new(64, 32), [9; 3]);
        let error = detector.detect(&frame, &DetectorSettings::default()).unwrap_err();
        assert_eq!(error, ModelError::MissingOutput { name: "cls_16".to_owned() });
        let outputs = Outputs(vec![("cls_8".to_owned(), Tensor::zeros(&[1, 3, 1]))]);
        assert!(matches!(decode(&outputs, &CONTRACT, &[8], 0.5), Err(ModelError::Shape { .. })));
    }

    #[test]
    fn values_that_are_not_numbers_make_no_face() {
        let cells = 32;
        for (name, bad) in [("cls_8", f32::NAN), ("bbox_8", f32::INFINITY), ("kps_8", f32::NAN)] {
            let tensor = |n: &str, per: usize| {
                let fill = if n == name { bad } else { 1.0 };
                (n.to_owned(), Tensor { shape: vec![1, cells, per], data: vec![fill; cells * per] })
            };
            let outputs = Outputs(vec![tensor("cls_8", 1), tensor("obj_8", 1), tensor("bbox_8", 4), tensor("kps_8", 10)]);
            let mut found = decode(&outputs, &CONTRACT, &[8], 0.5).unwrap();
            suppress(&mut found, 0.3);
            assert_eq!(found, [], "{name}");
        }
    }
}
