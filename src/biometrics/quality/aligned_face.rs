//! The standard's aligned picture at half size, as far as the face reaches, with everything the photometric components share.

use super::QualityInput;
use super::face_measures::FaceMeasures;
use crate::geometry::{Affine, PixelRect, Point, Size};
use crate::imaging::luminance::{Plane, linear_luminance_plane};
use crate::imaging::statistics::{Histogram, Mask, convex_hull};
use crate::imaging::{Frame, warp};

/// Side of the standard's aligned picture.
const SIDE: f32 = 616.0;

/// The face region where no dense landmarks are known, 616x616 picture: medians of dense-landmark hulls on research portraits.
const FIXED_REGION_616: [(f32, f32); 9] = [
    (184.0, 232.0),
    (432.0, 232.0),
    (432.0, 290.0),
    (424.0, 400.0),
    (368.0, 480.0),
    (308.0, 490.0),
    (248.0, 480.0),
    (192.0, 400.0),
    (184.0, 290.0),
];

/// A cheek zone at full scale, for the components that need its every pixel.
pub(super) struct CheekZone {
    /// The zone's pixels.
    pub pixels: Frame,
    /// Which of them lie in the face region.
    pub region: Mask,
    /// Linear luminance of the pixels.
    pub luminance: Plane,
}

/// The aligned face.
pub(super) struct AlignedFace {
    /// The part of the aligned picture at half size (308x308) that holds the face regions; black outside the frame.
    pub picture: Frame,
    /// Whether the face region is the fixed one, because no dense landmarks are known.
    pub region_is_fixed: bool,
    /// The fixed region, whatever is known of the face: for measures that must not depend on a landmark network.
    pub fixed_region: Mask,
    /// Histogram of linear luminance over the face region: the hull of the dense landmarks, or the fixed region without them.
    pub histogram: Histogram,
    /// Eye centres in the picture: the one at the picture's left (the subject's right) first.
    pub eyes: [Point; 2],
    /// Zones below the picture-left and picture-right eye; `None` when empty or outside the 616x616 picture.
    pub cheeks: Option<[CheekZone; 2]>,
}

impl AlignedFace {
    /// `None` when the landmarks are degenerate.
    pub(super) fn new(input: &QualityInput<'_>, measures: &FaceMeasures) -> Option<Self> {
        let aligned_from_frame = measures.aligned_from_frame?;
        let frame_from_aligned = aligned_from_frame.inverse()?;
        let corners = match input.shape {
            Some(shape) => convex_hull(&shape.hull.iter().map(|p| aligned_from_frame.apply(*p)).collect::<Vec<_>>()),
            None => fixed_region_616(),
        };
        let region_is_fixed = input.shape.is_none();
        let (origin, size) = half_size_bounds(corners.iter().copied().chain(fixed_region_616()));
        let picture = warp::sample_affine(input.frame, &scaled(&frame_from_aligned, 2.0, origin), size, [0; 3]);
        let in_picture = |corners: &[Point]| -> Vec<Point> {
            corners.iter().map(|p| Point::new((p.x - origin.x) / 2.0, (p.y - origin.y) / 2.0)).collect()
        };
        let region = Mask::convex_polygon(size, &in_picture(&corners));
        let fixed_region = Mask::convex_polygon(size, &in_picture(&fixed_region_616()));
        let histogram = Histogram::masked(&linear_luminance_plane(&picture), &region);
        let eyes = in_picture(&[measures.points.right_eye, measures.points.left_eye].map(|eye| aligned_from_frame.apply(eye)));
        let eyes = [eyes[0], eyes[1]];
        let zones = cheek_zones(measures, &aligned_from_frame);
        let cheeks = zones.map(|zones| zones.map(|zone| cheek(input.frame, &frame_from_aligned, zone, &corners)));
        Some(Self { picture, region_is_fixed, fixed_region, histogram, eyes, cheeks })
    }
}

/// Origin (even, in the 616x616 picture) and half-size extent of the box around `corners`, cut to the aligned picture.
fn half_size_bounds(corners: impl Iterator<Item = Point>) -> (Point, Size) {
    let (mut low, mut high) = (Point::new(SIDE, SIDE), Point::new(0.0, 0.0));
    for p in corners {
        low = Point::new(low.x.min(p.x), low.y.min(p.y));
        high = Point::new(high.x.max(p.x), high.y.max(p.y));
    }
    let first = |v: f32| (v.clamp(0.0, SIDE) / 2.0).floor();
    let end = |v: f32| (v.clamp(0.0, SIDE) / 2.0).ceil();
    let size = Size::new((end(high.x) - first(low.x)) as u32, (end(high.y) - first(low.y)) as u32);
    (Point::new(first(low.x) * 2.0, first(low.y) * 2.0), size)
}

/// The fixed region in the 616x616 picture.
pub(super) fn fixed_region_616() -> Vec<Point> {
    FIXED_REGION_616.map(|(x, y)| Point::new(x + 0.5, y + 0.5)).to_vec()
}

/// The map for a picture that starts at `origin` of the aligned one and whose pixels are `pixel` aligned pixels wide.
pub(super) fn scaled(frame_from_aligned: &Affine, pixel: f32, origin: Point) -> Affine {
    let m = &frame_from_aligned.0;
    let start = frame_from_aligned.apply(origin);
    Affine([m[0] * pixel, m[1] * pixel, start.x, m[3] * pixel, m[4] * pixel, start.y])
}

/// Below the eyes, from each eye inwards: side 0.3 inter-eye distances, half-way down to the mouth.
fn cheek_zones(measures: &FaceMeasures, aligned_from_frame: &Affine) -> Option<[PixelRect; 2]> {
    let points = measures.points.to_array().map(|p| aligned_from_frame.apply(p));
    // The subject's right eye is the left one in the picture.
    let [left, right, _, mouth_left, mouth_right] = points;
    let side = (0.3 * left.distance(right)).floor();
    let down = (left.midpoint(right).distance(mouth_left.midpoint(mouth_right)) / 2.0).floor();
    let zone = |x: f32, eye_y: f32| {
        let (x, y) = (x.floor(), (eye_y + down).floor());
        let inside = side >= 1.0 && x >= 0.0 && y >= 0.0 && x + side <= 616.0 && y + side <= 616.0;
        inside.then_some(PixelRect { x: x as u32, y: y as u32, width: side as u32, height: side as u32 })
    };
    Some([zone(left.x, left.y)?, zone(right.x - side, right.y)?])
}

fn cheek(frame: &Frame, frame_from_aligned: &Affine, zone: PixelRect, corners: &[Point]) -> CheekZone {
    let origin = Point::new(zone.x as f32, zone.y as f32);
    let size = Size::new(zone.width, zone.height);
    let pixels = warp::sample_affine(frame, &scaled(frame_from_aligned, 1.0, origin), size, [0; 3]);
    let in_zone: Vec<Point> = corners.iter().map(|p| Point::new(p.x - origin.x, p.y - origin.y)).collect();
    let region = Mask::convex_polygon(size, &in_zone);
    let luminance = linear_luminance_plane(&pixels);
    CheekZone { pixels, region, luminance }
}
