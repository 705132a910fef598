//! Tests of the components together: the standard's conformance pairs, curve landmarks, hand-made faces.

use super::test_faces::TestFace;
use super::*;
use crate::geometry::{Point, Rect, Size};

/// The standard's mapping of a component.
fn mapped(component: Component, native: f64) -> u8 {
    let score = match component {
        Component::BackgroundUniformity => background_uniformity::score(native),
        Component::IlluminationUniformity => illumination_uniformity::score(native),
        Component::LuminanceMean => luminance_mean::score(native),
        Component::LuminanceVariance => luminance_variance::score(native),
        Component::UnderExposurePrevention => under_exposure_prevention::score(native),
        Component::OverExposurePrevention => over_exposure_prevention::score(native),
        Component::DynamicRange => dynamic_range::score(native),
        Component::NaturalColour => natural_colour::score(native),
        Component::SingleFacePresent => single_face_present::score(native),
        Component::EyesOpen => eyes_open::score(native),
        Component::MouthClosed => mouth_closed::score(native),
        Component::InterEyeDistance => inter_eye_distance::score(native),
        Component::HeadSize => head_size::score(native),
        Component::LeftwardCrop | Component::RightwardCrop => crop_and_margin::crop_score(native),
        Component::MarginAbove => crop_and_margin::margin_above_score(native),
        Component::MarginBelow => crop_and_margin::margin_below_score(native),
        Component::HeadPoseYaw | Component::HeadPosePitch | Component::HeadPoseRoll => head_pose::score(native),
        Component::Sharpness => sharpness::score(native),
        Component::CompressionArtifacts => compression_artifacts::score(native),
        Component::FaceExposure => face_exposure::score(native),
        Component::DarkGlasses => dark_glasses::score(native),
    };
    QualityScore::from_f64(score).get()
}

#[test]
fn conformance_pairs_map_exactly() {
    use Component::*;
    let pairs = [
        (BackgroundUniformity, 87.475_872, 60),
        (IlluminationUniformity, 0.196_759, 61),
        (LuminanceMean, 0.225_396, 62),
        (LuminanceVariance, 0.067_912, 58),
        (UnderExposurePrevention, 0.351_883, 100),
        (OverExposurePrevention, 0.000_065, 99),
        (DynamicRange, 5.558_990, 69),
        (NaturalColour, 4.805_962, 76),
        (SingleFacePresent, 0.333_736, 67),
        (EyesOpen, 0.023_177, 58),
        (MouthClosed, 0.082_712, 88),
        (InterEyeDistance, 130.612_352, 95),
        (HeadSize, 0.576_214, 15),
        (HeadSize, 0.248_645, 4),
        (LeftwardCrop, 1.761_070, 100),
        (RightwardCrop, 1.745_689, 100),
        (MarginAbove, 1.548_853, 82),
        (MarginBelow, 1.750_326, 38),
        (HeadPoseYaw, -7.966_364, 98),
        (HeadPosePitch, 16.617_661, 92),
        (HeadPoseRoll, -27.373_343, 79),
    ];
    for (component, native, score) in pairs {
        assert_eq!(mapped(component, native), score, "{component:?} at {native}");
    }
}

#[test]
fn curves_pass_through_their_landmarks() {
    use Component::*;
    let curves: [(Component, &[(f64, u8)]); 19] = [
        (BackgroundUniformity, &[(10.0, 95), (30.0, 86), (50.0, 76), (100.0, 55), (150.0, 38), (200.0, 25), (300.0, 10)]),
        (IlluminationUniformity, &[(0.05, 41), (0.1, 50), (0.3, 70), (0.5, 81), (0.7, 90)]),
        (LuminanceMean, &[(0.1, 12), (0.15, 27), (0.2, 50), (0.25, 73), (0.3, 88), (0.5, 100), (0.7, 88), (0.8, 50)]),
        (LuminanceVariance, &[(0.002, 33), (0.005, 66), (0.01, 92), (0.0167, 100), (0.03, 90), (0.05, 71), (0.1, 43)]),
        (UnderExposurePrevention, &[(0.5, 100), (0.7, 98), (0.8, 90), (0.85, 76), (0.9, 52), (0.95, 22), (1.0, 0)]),
        (OverExposurePrevention, &[(0.0, 100), (0.001, 91), (0.005, 67), (0.01, 50), (0.02, 33), (0.05, 17), (0.1, 9)]),
        (DynamicRange, &[(5.0, 63), (6.0, 75), (7.0, 88), (8.0, 100)]),
        (NaturalColour, &[(0.0, 100), (2.0, 90), (5.0, 76), (10.0, 54), (20.0, 24), (100.0, 0)]),
        (SingleFacePresent, &[(0.0, 100), (0.5, 50), (1.0, 0)]),
        (EyesOpen, &[(0.0, 12), (0.01, 27), (0.02, 50), (0.03, 73), (0.04, 88), (0.06, 98)]),
        (MouthClosed, &[(0.0, 97), (0.05, 92), (0.1, 84), (0.15, 70), (0.2, 50), (0.3, 16)]),
        (
            InterEyeDistance,
            &[(32.0, 13), (50.0, 27), (60.0, 38), (70.0, 50), (90.0, 73), (100.0, 82), (120.0, 92), (150.0, 98), (200.0, 100)],
        ),
        (HeadSize, &[(0.2, 1), (0.25, 4), (0.3, 9), (0.35, 24), (0.4, 54), (0.45, 100), (0.5, 54)]),
        (LeftwardCrop, &[(0.8, 27), (0.9, 50), (1.0, 73), (1.2, 95), (1.5, 100)]),
        (RightwardCrop, &[(0.8, 27), (0.9, 50), (1.0, 73), (1.2, 95), (1.5, 100)]),
        (MarginAbove, &[(1.2, 12), (1.4, 50), (1.6, 88), (1.8, 98)]),
        (MarginBelow, &[(1.6, 12), (1.8, 50), (2.0, 88)]),
        (HeadPoseYaw, &[(5.0, 99), (-8.0, 98), (10.0, 97), (15.0, 93), (20.0, 88), (-25.0, 82), (30.0, 75), (45.0, 50), (120.0, 0)]),
        (FaceExposure, &[(0.0, 100), (-0.5, 100), (1.0, 50), (-1.0, 50), (2.0, 0)]),
    ];
    for (component, landmarks) in curves {
        for (native, score) in landmarks {
            assert_eq!(mapped(component, *native), *score, "{component:?} at {native}");
        }
    }
}

/// A frame with a face-coloured ellipse, dark eyes with bright whites, on an even background.
fn portrait(size: Size, face: &TestFace, skin: [u8; 3], background: [u8; 3]) -> Frame {
    let middle = face.shape.right_eye.outer.midpoint(face.shape.left_eye.outer);
    let d = f64::from(face.detection.landmarks.inter_eye_distance());
    Frame::from_fn(size, |x, y| {
        let (dx, dy) = ((f64::from(x) - f64::from(middle.x)) / d, (f64::from(y) - f64::from(middle.y)) / d);
        let in_face = (dx / 1.2).powi(2) + ((dy - 0.5) / 1.7).powi(2) < 1.0;
        let eye = ((dx.abs() - 0.5) / 0.2).powi(2) + (dy / 0.09).powi(2);
        let iris = (dx.abs() - 0.5).hypot(dy) < 0.08;
        let grain = ((x * 7 + y * 13) % 11) as u8;
        match (in_face, eye < 1.0, iris) {
            (_, true, true) => [25, 20, 15],
            (_, true, false) => [235, 232, 228],
            (true, ..) => skin.map(|v| v.saturating_add(grain)),
            _ => background,
        }
    })
}

const TONES: [[u8; 3]; 4] = [[233, 190, 165], [198, 134, 102], [141, 85, 56], [84, 54, 42]];

fn report(frame: &Frame, face: &TestFace, tier: Tier) -> QualityReport {
    let pose = Some(HeadPose { yaw: 3.0, pitch: -2.0, roll: 1.0 });
    assess(
        &QualityInput {
            frame,
            faces: std::slice::from_ref(&face.detection),
            face: &face.detection,
            shape: Some(&face.shape),
            pose,
            pose_is_estimate: false,
        },
        tier,
    )
}

#[test]
fn a_good_portrait_is_measured_as_it_was_made() {
    let size = Size::new(1280, 720);
    let face = TestFace::new(Point::new(640.0, 300.0), 130.0, 0.07, 0.03);
    let frame = portrait(size, &face, TONES[0], [200, 205, 210]);
    let report = report(&frame, &face, Tier::Full);
    let native = |c| report.native(c).unwrap();
    let close = |c, want: f64, tolerance: f64| assert!((native(c) - want).abs() <= tolerance, "{c:?}: {} for {want}", native(c));
    close(Component::SingleFacePresent, 0.0, 0.0);
    close(Component::InterEyeDistance, 130.0 / 3.0_f64.to_radians().cos(), 0.01);
    close(Component::HeadSize, 1.8 * 130.0 / 720.0, 1e-3);
    close(Component::LeftwardCrop, (640.0 + 65.0) / 130.0, 1e-3);
    close(Component::RightwardCrop, (640.0 + 65.0) / 130.0, 1e-3);
    close(Component::MarginAbove, 300.0 / 234.0, 1e-3);
    close(Component::MarginBelow, 420.0 / 234.0, 1e-3);
    close(Component::EyesOpen, 0.07, 1e-3);
    close(Component::MouthClosed, 0.03, 1e-3);
    close(Component::HeadPoseYaw, 3.0, 0.0);
    assert!(report.score(Component::FaceExposure).unwrap().get() >= 95);
    assert!(report.score(Component::NaturalColour).unwrap().get() >= 85);
    assert!(report.score(Component::BackgroundUniformity).unwrap().get() >= 90);
    assert!(report.score(Component::IlluminationUniformity).unwrap().get() >= 80);
    assert!(report.assessments.iter().all(|a| a.native.is_some() == a.score.is_some()));
    let named: std::collections::BTreeSet<Component> = report.assessments.iter().map(|a| a.component).collect();
    assert_eq!((named.len(), report.assessments.len()), (24, 24));
}

#[test]
fn light_is_judged_alike_for_every_skin_tone() {
    let face = TestFace::new(Point::new(320.0, 200.0), 90.0, 0.07, 0.03);
    for skin in TONES {
        let frame = portrait(Size::new(640, 480), &face, skin, [120, 125, 130]);
        let at = |stops: f64| {
            let mut pushed = frame.clone();
            for v in pushed.bytes_mut() {
                let linear = crate::imaging::luminance::linear_from_srgb(f64::from(*v) / 255.0) * stops.exp2();
                *v = (crate::imaging::luminance::srgb_from_linear(linear.min(1.0)) * 255.0).round() as u8;
            }
            report(&pushed, &face, Tier::Standard).native(Component::FaceExposure).unwrap()
        };
        assert!(at(0.0).abs() < FACE_EXPOSURE_LIMIT, "{skin:?}: {}", at(0.0));
        assert!(at(-3.0) <= -FACE_EXPOSURE_LIMIT, "{skin:?}: {}", at(-3.0));
        if skin[0] > 100 {
            assert!(at(3.0) >= FACE_EXPOSURE_LIMIT, "{skin:?}: {}", at(3.0));
        }
    }
}

#[test]
fn what_cannot_be_assessed_is_none_and_marked() {
    let size = Size::new(320, 240);
    let frame = Frame::filled(size, [90, 80, 70]);
    let face = TestFace::new(Point::new(160.0, 90.0), 50.0, 0.07, 0.03);
    let blind = QualityInput { frame: &frame, faces: &[], face: &face.detection, shape: None, pose: None, pose_is_estimate: false };
    let report = assess(&blind, Tier::Full);
    for component in [Component::EyesOpen, Component::MouthClosed, Component::HeadPoseYaw, Component::HeadPosePitch] {
        assert_eq!((report.native(component), report.score(component)), (None, None), "{component:?}");
    }
    let estimates: Vec<Component> = report.assessments.iter().filter(|a| a.estimate).map(|a| a.component).collect();
    for component in [Component::HeadSize, Component::MarginAbove, Component::LuminanceMean, Component::HeadPoseRoll] {
        assert!(estimates.contains(&component), "{component:?}");
    }
    // All five landmarks in one place, or nowhere: no panic, no invented number.
    for place in [Point::new(10.0, 10.0), Point::new(f32::NAN, f32::INFINITY), Point::new(-4e9, 3e30)] {
        let landmarks = crate::biometrics::detection::FiveLandmarks::from_array([place; 5]);
        let detection = FaceDetection { bounds: Rect::new(place.x, place.y, -1.0, f32::NAN), score: 0.5, landmarks };
        let shape = FaceShape::default();
        for shape in [None, Some(&shape)] {
            let input = QualityInput { frame: &frame, faces: &[detection], face: &detection, shape, pose: None, pose_is_estimate: false };
            let report = assess(&input, Tier::Full);
            assert_eq!(report.native(Component::InterEyeDistance), None);
            assert_eq!(report.native(Component::LuminanceMean), None);
            assert_eq!(report.native(Component::FaceExposure), None);
            assert_eq!(report.native(Component::Sharpness), None);
            assert!(report.capture_score.is_finite());
        }
    }
}

#[test]
fn a_second_face_counts_by_its_area() {
    let frame = Frame::filled(Size::new(640, 480), [90; 3]);
    let face = TestFace::new(Point::new(200.0, 200.0), 60.0, 0.07, 0.03).detection;
    let other = |width: f32| FaceDetection { bounds: Rect::new(400.0, 100.0, width, width), ..face };
    let native = |faces: &[FaceDetection]| {
        let input = QualityInput { frame: &frame, faces, face: &face, shape: None, pose: None, pose_is_estimate: false };
        assess(&input, Tier::Live).native(Component::SingleFacePresent).unwrap()
    };
    assert_eq!(native(&[face]), 0.0);
    assert_eq!(native(&[face, other(30.0)]), 0.0, "far bystanders do not count");
    let expected = f64::from(100.0 * 100.0 / face.bounds.area());
    assert!((native(&[face, other(100.0)]) - expected).abs() < 1e-6);
    assert!(native(&[other(400.0), face]) < 1.0, "the assessed face need not be the largest");
}

#[test]
fn the_capture_score_follows_its_parts() {
    let size = Size::new(1280, 720);
    let middle = Point::new(640.0, 300.0);
    let good = TestFace::new(middle, 130.0, 0.07, 0.03);
    let frame = portrait(size, &good, TONES[1], [200, 205, 210]);
    let score = |face: &TestFace, pose: HeadPose, tier| {
        let faces = [face.detection];
        let input = QualityInput {
            frame: &frame,
            faces: &faces,
            face: &face.detection,
            shape: Some(&face.shape),
            pose: Some(pose),
            pose_is_estimate: false,
        };
        assess(&input, tier).capture_score
    };
    let frontal = HeadPose { yaw: 1.0, pitch: 0.0, roll: 0.0 };
    for tier in [Tier::Live, Tier::Standard] {
        let best = score(&good, frontal, tier);
        assert!((40.0..=100.0).contains(&best), "{best}");
        assert!(score(&good, HeadPose { yaw: 25.0, ..frontal }, tier) < best - 5.0);
        assert!(score(&good, HeadPose { pitch: -25.0, ..frontal }, tier) < best - 3.0);
        assert!(score(&TestFace::new(middle, 130.0, 0.005, 0.03), frontal, tier) < best - 5.0);
        let covered = TestFace { shape: FaceShape { presence: 0.3, ..good.shape.clone() }, ..TestFace::new(middle, 130.0, 0.07, 0.03) };
        assert!(score(&covered, frontal, tier) < best - 5.0);
    }
}
