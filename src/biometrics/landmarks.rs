//! Dense landmarks as the measures want them, whatever network found them.

pub mod facemesh;
pub mod five;

use crate::geometry::Point;

/// One eye in frame pixels.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EyeShape {
    /// Corner towards the ear.
    pub outer: Point,
    /// Corner towards the nose.
    pub inner: Point,
    /// Upper and lower lid, three pairs.
    pub lid_pairs: [(Point, Point); 3],
    /// Closed outline of the eye opening.
    pub outline: Vec<Point>,
}

/// The mouth in frame pixels.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MouthShape {
    /// The subject's right corner.
    pub right_corner: Point,
    /// The subject's left corner.
    pub left_corner: Point,
    /// Upper and lower inner lip, three pairs; the middle pair is the mouth's centre.
    pub inner_lip_pairs: [(Point, Point); 3],
    /// Closed outer outline of the lips.
    pub outline: Vec<Point>,
}

/// A face in frame pixels as dense landmarks give it. Left and right are the subject's.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FaceShape {
    /// The subject's right eye.
    pub right_eye: EyeShape,
    /// The subject's left eye.
    pub left_eye: EyeShape,
    /// Tip of the nose.
    pub nose_tip: Point,
    /// The mouth.
    pub mouth: MouthShape,
    /// Lowest point of the chin.
    pub chin: Point,
    /// Closed outline of the landmarked region: jaw and brows, no forehead.
    pub hull: Vec<Point>,
    /// Closed outline of the whole face, forehead included, where the network gives it; else the hull.
    pub contour: Vec<Point>,
    /// Every point of the network in its own order, x and y in frame pixels, z in the same unit (towards the camera is negative); z = 0 where unknown.
    pub points: Vec<[f32; 3]>,
    /// Confidence of the network that a face is there, [0, 1].
    pub presence: f32,
}

impl FaceShape {
    /// Eye centres (right, left): midpoints of the corners.
    #[must_use]
    pub fn eye_centres(&self) -> (Point, Point) {
        (self.right_eye.outer.midpoint(self.right_eye.inner), self.left_eye.outer.midpoint(self.left_eye.inner))
    }
}
