//! A face laid over another one: a still of the person, mapped by eyes and mouth onto somebody who does the gestures.

use super::performer::Sight;
use crate::adapters::camera::synthetic::{GroundTruth, Renderer, Scene, SubjectState};
use crate::geometry::{Affine, Point};
use crate::imaging::Frame;
use rand::RngExt as _;
use rand::rngs::StdRng;
use std::sync::Arc;

/// The person's picture with its landmarks.
pub(super) struct FaceSwap {
    still: Frame,
    truth: Option<GroundTruth>,
    places: [Point; 3],
}

impl FaceSwap {
    /// A picture of the person as an attacker would have it.
    pub fn of(person: &mut Renderer) -> Self {
        person.set_screen_light(0.0);
        person.set_exposure(0.0);
        let rendered = person.render(&SubjectState::default(), &Scene::default(), 1);
        let places = rendered.truth.first().map_or([Point::default(); 3], places);
        Self { still: rendered.frame, truth: rendered.truth.into_iter().next(), places }
    }

    /// Lays the face over the one that is seen; landmarks of such a programme tremble a little.
    pub fn over(&self, below: Sight, random: &mut StdRng) -> Sight {
        let Sight { mut frame, truth: Some(truth), kept } = below else { return below };
        let targets = places(&truth).map(|p| Point::new(p.x + random.random_range(-0.4..0.4f32), p.y + random.random_range(-0.4..0.4f32)));
        let Some(map) = affine(targets, self.places) else { return Sight { frame, truth: Some(truth), kept } };
        let hull = &truth.shape.hull;
        let size = frame.size();
        let picture = Arc::make_mut(&mut frame).bytes_mut();
        let span = |get: fn(&Point) -> f32, count: u32| {
            let (low, high) = hull.iter().map(get).fold((f32::MAX, f32::MIN), |(low, high), v| (low.min(v), high.max(v)));
            low.clamp(0.0, count as f32) as u32..high.clamp(0.0, count as f32).ceil() as u32
        };
        for y in span(|p| p.y, size.height) {
            for x in span(|p| p.x, size.width) {
                let at = Point::new(x as f32 + 0.5, y as f32 + 0.5);
                if !inside(hull, at) {
                    continue;
                }
                let from = map.apply(at);
                let colour = bilinear(&self.still, from);
                let offset = ((y * size.width + x) * 3) as usize;
                picture[offset..offset + 3].copy_from_slice(&colour);
            }
        }
        let truth = self.seen(&truth, &map);
        Sight { frame, truth: Some(truth), kept }
    }

    /// What landmarks find: eyes, nose and mouth of the picture, the outline and the pose of the person below.
    fn seen(&self, below: &GroundTruth, picture_from_frame: &Affine) -> GroundTruth {
        let (Some(still), Some(frame_from_picture)) = (&self.truth, picture_from_frame.inverse()) else { return below.clone() };
        let growth = still.distance_m / below.distance_m.max(0.1);
        let over = still.mapped(|p| frame_from_picture.apply(p), growth);
        let mut seen = below.clone();
        for index in FACIAL {
            seen.shape.points[index] = over.shape.points[index];
        }
        seen.detection.landmarks = over.detection.landmarks;
        seen.shape.right_eye = over.shape.right_eye;
        seen.shape.left_eye = over.shape.left_eye;
        seen.shape.nose_tip = over.shape.nose_tip;
        seen.shape.mouth = over.shape.mouth;
        (seen.eye_openings, seen.mouth_opening) = (over.eye_openings, over.mouth_opening);
        seen
    }
}

/// Points of the mesh inside the face that is laid over: corners of the eyes, bridge, tip, base and wings of the nose.
const FACIAL: [usize; 11] = [33, 133, 362, 263, 168, 6, 4, 1, 2, 98, 327];

/// Both eyes and the middle of the mouth.
fn places(truth: &GroundTruth) -> [Point; 3] {
    let l = &truth.detection.landmarks;
    [l.right_eye, l.left_eye, l.mouth_right.midpoint(l.mouth_left)]
}

/// The affine map that takes three points to three others.
fn affine(from: [Point; 3], to: [Point; 3]) -> Option<Affine> {
    let (a, b) = (Point::new(from[1].x - from[0].x, from[1].y - from[0].y), Point::new(from[2].x - from[0].x, from[2].y - from[0].y));
    let det = a.x * b.y - b.x * a.y;
    if det.abs() < 1.0 {
        return None;
    }
    let row = |get: fn(Point) -> f32| {
        let (u, v) = (get(to[1]) - get(to[0]), get(to[2]) - get(to[0]));
        let (m, n) = ((u * b.y - v * a.y) / det, (v * a.x - u * b.x) / det);
        [m, n, get(to[0]) - m * from[0].x - n * from[0].y]
    };
    let ([a, b, c], [d, e, f]) = (row(|p| p.x), row(|p| p.y));
    Some(Affine([a, b, c, d, e, f]))
}

fn inside(polygon: &[Point], p: Point) -> bool {
    let edges = polygon.iter().zip(polygon.iter().cycle().skip(1));
    edges.filter(|(a, b)| (a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x).count() % 2 == 1
}

fn bilinear(frame: &Frame, at: Point) -> [u8; 3] {
    let (x, y) = (at.x - 0.5, at.y - 0.5);
    let (fx, fy) = (x.floor(), y.floor());
    let (s, t) = (x - fx, y - fy);
    let pixel = |dx: i64, dy: i64| frame.pixel_clamped(fx as i64 + dx, fy as i64 + dy);
    let (a, b, c, d) = (pixel(0, 0), pixel(1, 0), pixel(0, 1), pixel(1, 1));
    std::array::from_fn(|k| {
        let top = f32::from(a[k]) * (1.0 - s) + f32::from(b[k]) * s;
        let bottom = f32::from(c[k]) * (1.0 - s) + f32::from(d[k]) * s;
        (top * (1.0 - t) + bottom * t + 0.5) as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_points_fix_the_map() {
        let from = [Point::new(10.0, 10.0), Point::new(30.0, 12.0), Point::new(18.0, 40.0)];
        let to = [Point::new(1.0, 5.0), Point::new(9.0, 4.0), Point::new(6.0, 20.0)];
        let map = affine(from, to).unwrap();
        for (a, b) in from.into_iter().zip(to) {
            assert!(map.apply(a).distance(b) < 1e-3);
        }
        assert!(affine([Point::default(); 3], to).is_none());
    }

    #[test]
    fn a_square_has_an_inside() {
        let square = [Point::new(0.0, 0.0), Point::new(4.0, 0.0), Point::new(4.0, 4.0), Point::new(0.0, 4.0)];
        assert!(inside(&square, Point::new(1.0, 3.0)) && !inside(&square, Point::new(5.0, 3.0)));
    }
}
