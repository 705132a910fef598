//! The landmark family `facemesh-468`: a square crop with level eyes in, 468 points with depth out.
//!
//! # Source
//! Point numbers are those of the published face mesh topology; which of them stand for which feature is the mapping of the project's
//! quality reference (eye, lip and brow rings and the oval from the publisher's index lists). The network's numbering has the
//! subject's right eye at 33/133 and the left at 362/263.

use super::{EyeShape, FaceShape, MouthShape};
use crate::biometrics::detection::FaceDetection;
use crate::biometrics::model::sampling::frame_from_square;
use crate::biometrics::model::{Model, ModelError, Tensor};
use crate::biometrics::pack::InputContract;
use crate::geometry::{Affine, Point};
use crate::imaging::Frame;

/// Points of the mesh.
pub const POINTS: usize = 468;

const RIGHT_EYE: EyeIndices = EyeIndices {
    outer: OUTER_EYE_CORNERS.0,
    inner: 133,
    lid_pairs: [(160, 144), (159, 145), (158, 153)],
    outline: [33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7],
};
const LEFT_EYE: EyeIndices = EyeIndices {
    outer: OUTER_EYE_CORNERS.1,
    inner: 362,
    lid_pairs: [(385, 380), (386, 374), (387, 373)],
    outline: [362, 398, 384, 385, 386, 387, 388, 466, 263, 249, 390, 373, 374, 380, 381, 382],
};
const NOSE_TIP: usize = 4;
/// Lowest point of the chin.
pub const CHIN: usize = 152;
/// Middle of the hairline.
pub const HAIRLINE: usize = 10;
/// Outer eye corners, the subject's right and left.
pub const OUTER_EYE_CORNERS: (usize, usize) = (33, 263);
/// The subject's right and left corner of the mouth.
const MOUTH_CORNERS: (usize, usize) = (61, 291);
const INNER_LIP_PAIRS: [(usize, usize); 3] = [(81, 178), (13, 14), (311, 402)];
const OUTER_LIPS: [usize; 20] = [61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146];
const JAW: [usize; 23] = [127, 234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454, 356];
const BROWS: [usize; 10] = [70, 63, 105, 66, 107, 336, 296, 334, 293, 300];
const OVAL: [usize; 36] = [
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136, 172, 58, 132,
    93, 234, 127, 162, 21, 54, 103, 67, 109,
];

struct EyeIndices {
    outer: usize,
    inner: usize,
    lid_pairs: [(usize, usize); 3],
    outline: [usize; 16],
}

/// A loaded landmark network.
pub struct FaceMesh {
    model: Box<dyn Model>,
    contract: InputContract,
    box_scale: f32,
    input: Tensor,
}

impl FaceMesh {
    /// Landmarks over a loaded network.
    ///
    /// - `box_scale`: side of the crop over the longer side of the face box.
    #[must_use]
    pub fn new(model: Box<dyn Model>, contract: InputContract, box_scale: f32) -> Self {
        Self { model, input: contract.tensor(), contract, box_scale }
    }

    /// Measures one face.
    ///
    /// # Errors
    /// [`ModelError`] if the network fails, or its outputs have other shapes or values that are not finite.
    pub fn measure(&mut self, frame: &Frame, face: &FaceDetection) -> Result<FaceShape, ModelError> {
        let frame_from_input = self.crop(face);
        self.contract.sample(frame, &frame_from_input, &mut self.input);
        let outputs = self.model.run(&self.input)?;
        let of_length = |length: usize| outputs.0.iter().map(|(_, t)| t).find(|t| t.data.len() == length);
        let missing = || ModelError::MissingOutput { name: "a tensor of 1404 values and one of a single value".to_owned() };
        let points = of_length(POINTS * 3).ok_or_else(missing)?;
        let presence = of_length(1).ok_or_else(missing)?.data[0];
        if !presence.is_finite() || points.data.iter().any(|v| !v.is_finite()) {
            return Err(ModelError::NotFinite);
        }
        let scale = frame_from_input.0[0].hypot(frame_from_input.0[3]);
        let points: Vec<[f32; 3]> = points
            .data
            .chunks_exact(3)
            .map(|p| {
                let in_frame = frame_from_input.apply(Point::new(p[0], p[1]));
                [in_frame.x, in_frame.y, p[2] * scale]
            })
            .collect();
        Ok(shape(points, presence.clamp(0.0, 1.0)))
    }

    /// The square around the face box, turned so that the eyes are level.
    fn crop(&self, face: &FaceDetection) -> Affine {
        let (right, left) = (face.landmarks.right_eye, face.landmarks.left_eye);
        let roll = (left.y - right.y).atan2(left.x - right.x);
        let roll = if roll.is_finite() { roll } else { 0.0 };
        let side = face.bounds.width.max(face.bounds.height) * self.box_scale;
        frame_from_square(face.bounds.centre(), side, roll, self.contract.width)
    }
}

/// Picks the features out of the mesh.
fn shape(points: Vec<[f32; 3]>, presence: f32) -> FaceShape {
    let at = |i: usize| Point::new(points[i][0], points[i][1]);
    let ring = |indices: &[usize]| indices.iter().map(|i| at(*i)).collect::<Vec<_>>();
    let pairs = |pairs: [(usize, usize); 3]| pairs.map(|(upper, lower)| (at(upper), at(lower)));
    let eye =
        |e: &EyeIndices| EyeShape { outer: at(e.outer), inner: at(e.inner), lid_pairs: pairs(e.lid_pairs), outline: ring(&e.outline) };
    // From the picture's left ear along the jaw to the right one, and back over the brows: a closed outline.
    let hull: Vec<Point> = JAW.iter().chain(BROWS.iter().rev()).map(|i| at(*i)).collect();
    FaceShape {
        right_eye: eye(&RIGHT_EYE),
        left_eye: eye(&LEFT_EYE),
        nose_tip: at(NOSE_TIP),
        mouth: MouthShape {
            right_corner: at(MOUTH_CORNERS.0),
            left_corner: at(MOUTH_CORNERS.1),
            inner_lip_pairs: pairs(INNER_LIP_PAIRS),
            outline: ring(&OUTER_LIPS),
        },
        chin: at(CHIN),
        hull,
        contour: ring(&OVAL),
        presence,
        points,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::biometrics::detection::FiveLandmarks;
    use crate::biometrics::model::Outputs;
    use crate::geometry::{Rect, Size};
    use crate::imaging::warp::{ChannelOrder, TensorFormat};

    const CONTRACT: InputContract = InputContract { width: 192, height: 192, format: TensorFormat::uniform(ChannelOrder::Rgb, 0.0, 255.0) };

    /// Answers with every point in the crop's centre, but for the eye corner 33 at the middle of the left edge.
    struct Centred(f32);

    impl Model for Centred {
        fn run(&mut self, _: &Tensor) -> Result<Outputs, ModelError> {
            let mut points: Vec<f32> = [96.0, 96.0, self.0].repeat(POINTS);
            points[33 * 3] = 0.0;
            let tensor = |data: Vec<f32>| Tensor { shape: vec![1, data.len()], data };
            Ok(Outputs(vec![("p".to_owned(), tensor(points)), ("s".to_owned(), tensor(vec![0.75]))]))
        }
    }

    fn face(right_eye: Point, left_eye: Point) -> FaceDetection {
        let landmarks = FiveLandmarks { right_eye, left_eye, ..FiveLandmarks::default() };
        FaceDetection { bounds: Rect::new(100.0, 200.0, 64.0, 128.0), score: 0.9, landmarks }
    }

    #[test]
    fn points_are_mapped_to_the_frame() {
        let frame = Frame::filled(Size::new(400, 400), [128; 3]);
        let mut mesh = FaceMesh::new(Box::new(Centred(10.0)), CONTRACT, 1.5);
        let shape = mesh.measure(&frame, &face(Point::new(110.0, 250.0), Point::new(150.0, 250.0))).unwrap();
        assert!(shape.nose_tip.distance(Point::new(132.0, 264.0)) < 1e-3);
        assert!(shape.right_eye.outer.distance(Point::new(36.0, 264.0)) < 1e-3, "the crop is 192 wide");
        assert!((shape.points[7][2] - 10.0).abs() < 1e-4, "depth has the frame's unit");
        assert_eq!(shape.presence, 0.75);
        assert_eq!((shape.hull.len(), shape.contour.len()), (33, 36));
    }

    #[test]
    fn the_crop_follows_the_eyes() {
        let frame = Frame::filled(Size::new(400, 400), [128; 3]);
        let mut mesh = FaceMesh::new(Box::new(Centred(0.0)), CONTRACT, 1.5);
        let shape = mesh.measure(&frame, &face(Point::new(130.0, 230.0), Point::new(130.0, 270.0))).unwrap();
        let corner = shape.right_eye.outer;
        assert!(corner.distance(Point::new(132.0, 264.0 - 96.0)) < 1e-2, "the crop's left is the frame's top: {corner:?}");
    }

    #[test]
    fn values_that_are_not_numbers_are_refused() {
        let frame = Frame::filled(Size::new(40, 40), [128; 3]);
        let mut mesh = FaceMesh::new(Box::new(Centred(f32::NAN)), CONTRACT, 1.5);
        let error = mesh.measure(&frame, &face(Point::new(1.0, 1.0), Point::new(9.0, 1.0))).unwrap_err();
        assert_eq!(error, ModelError::NotFinite);
    }
}
