//! Non-maximum suppression: of boxes that overlap too much, the surest stays.

use super::FaceDetection;

/// Sorts by score, surest first, and removes every box whose overlap with a kept one exceeds `most_overlap`.
///
/// Equal scores keep their order. Boxes with values that are not finite are removed. Doing it twice changes nothing.
///
/// - `most_overlap`: intersection over union, [0, 1].
pub fn suppress(detections: &mut Vec<FaceDetection>, most_overlap: f32) {
    let finite = |d: &FaceDetection| [d.score, d.bounds.x, d.bounds.y, d.bounds.width, d.bounds.height].iter().all(|v| v.is_finite());
    detections.retain(finite);
    detections.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut kept: Vec<FaceDetection> = Vec::new();
    for detection in detections.drain(..) {
        if kept.iter().all(|k| k.bounds.iou(detection.bounds) <= most_overlap) {
            kept.push(detection);
        }
    }
    *detections = kept;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::biometrics::detection::FiveLandmarks;
    use crate::geometry::Rect;
    use proptest::prelude::*;

    fn face(x: f32, y: f32, side: f32, score: f32) -> FaceDetection {
        FaceDetection { bounds: Rect::new(x, y, side, side), score, landmarks: FiveLandmarks::default() }
    }

    #[test]
    fn the_surest_of_an_overlapping_pair_stays() {
        let mut faces = vec![face(0.0, 0.0, 10.0, 0.7), face(1.0, 0.0, 10.0, 0.9), face(100.0, 0.0, 10.0, 0.5)];
        suppress(&mut faces, 0.3);
        assert_eq!(faces.iter().map(|f| f.score).collect::<Vec<_>>(), [0.9, 0.5]);
    }

    #[test]
    fn values_that_are_not_numbers_are_removed() {
        let mut faces = vec![face(f32::NAN, 0.0, 10.0, 0.7), face(0.0, 0.0, f32::INFINITY, 0.9), face(0.0, 0.0, 1.0, f32::NAN)];
        suppress(&mut faces, 0.3);
        assert!(faces.is_empty());
    }

    proptest! {
        #[test]
        fn it_is_idempotent_and_ordered(boxes in prop::collection::vec((0f32..50.0, 0f32..50.0, 0f32..30.0, 0f32..1.0), 0..30),
                                        overlap in 0f32..1.0) {
            let mut once: Vec<_> = boxes.iter().map(|&(x, y, side, score)| face(x, y, side, score)).collect();
            suppress(&mut once, overlap);
            let mut twice = once.clone();
            suppress(&mut twice, overlap);
            prop_assert_eq!(&once, &twice);
            prop_assert!(once.windows(2).all(|w| w[0].score >= w[1].score));
            for (i, a) in once.iter().enumerate() {
                prop_assert!(once[..i].iter().all(|b| a.bounds.iou(b.bounds) <= overlap));
            }
            prop_assert_eq!(once.is_empty(), boxes.is_empty());
        }
    }
}
