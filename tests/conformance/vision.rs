//! Detection, landmarks, pose, PAD and recognition on real pictures, with the reference pack.

use crate::said::say;
use crate::{reference, tiny_pack};
use visavis::adapters::packs::{PackLocation, PackStore};
use visavis::advice::Advised as _;
use visavis::biometrics::detection::{DetectorSettings, FaceSelection};
use visavis::biometrics::pad::PadOutcome;
use visavis::biometrics::pipeline::{FacePipeline, ObserveOptions};
use visavis::biometrics::pose::proxy;
use visavis::geometry::Point;
use visavis::ports::Inference as _;
use visavis::units::Moment;

#[test]
fn one_person_is_more_like_themselves_than_like_another() {
    let Some(folder) = reference::folder("embeddings") else { return };
    let mut pipeline = reference::pipeline(&folder);
    let mut template = |name: &str| {
        let frame = reference::picture(&folder.join("datasets/people").join(name));
        let face = pipeline.only_face(&frame, &DetectorSettings::for_stills()).expect("the picture shows a face");
        pipeline.embed(&frame, &face).expect("the face can be embedded")
    };
    let [a, b, c] = ["obama.jpg", "obama-480p.jpg", "biden.jpg"].map(&mut template);
    let cosine = |x: &visavis::biometrics::template::Template, y: &visavis::biometrics::template::Template| {
        x.values().iter().zip(y.values()).map(|(p, q)| p * q).sum::<f32>()
    };
    let (mated, non_mated) = (cosine(&a, &b), cosine(&a, &c));
    assert!(mated > 0.5 && non_mated < 0.3, "mated {mated}, non-mated {non_mated}");
}

/// Figures of the reference measurement, which ran the larger detector at the picture's own size: its box decides how the crop lies.
#[test]
fn passive_pad_gives_the_reference_figures() {
    let Some(folder) = reference::folder("passive PAD") else { return };
    let mut pipeline = reference::pipeline(&folder);
    if reference::inference().backend().name != "onnxruntime" {
        say("passive PAD: figures NOT COMPARED, because the larger detector has a size of its own choice and needs ONNX Runtime");
        for (file, outcome) in
            [("image_T1.jpg", PadOutcome::BonaFide), ("image_F1.jpg", PadOutcome::Attack), ("image_F2.jpg", PadOutcome::Attack)]
        {
            let frame = reference::picture(&folder.join("datasets/pad-samples").join(file));
            let own = pipeline.only_face(&frame, &DetectorSettings::default()).expect("the picture shows a face");
            assert_eq!(pipeline.pad(&frame, &own).expect("the layer runs").outcome, outcome, "{file}");
        }
        return;
    }
    let mut detector = reference::dynamic_detector(&folder, 480, 640);
    for (file, expected) in [("image_T1.jpg", 1.0), ("image_F1.jpg", 0.33), ("image_F2.jpg", 0.005)] {
        let frame = reference::picture(&folder.join("datasets/pad-samples").join(file));
        let face = detector.detect(&frame, &DetectorSettings::default()).expect("the detector runs")[0];
        let decision = pipeline.pad(&frame, &face).expect("the layer runs");
        let value = decision.layers[0].value.expect("the layer answers");
        assert!((value - expected).abs() <= 0.02, "{file}: {value}, expected {expected}");
        let outcome = if expected > 0.5 { PadOutcome::BonaFide } else { PadOutcome::Attack };
        // With the pack's own detector the crop differs a little and the outcome must not.
        let own = pipeline.only_face(&frame, &DetectorSettings::default()).expect("the picture shows a face");
        assert_eq!((decision.outcome, pipeline.pad(&frame, &own).expect("the layer runs").outcome), (outcome, outcome), "{file}");
    }
    println!("passive PAD: 1 genuine and 2 attack pictures; no rate can be stated from so few");
}

#[test]
fn the_detector_finds_everybody_at_every_size() {
    let Some(folder) = reference::folder("detector") else { return };
    let mut pipeline = reference::pipeline(&folder);
    let mut faces = |name: &str| {
        let frame = reference::picture(&folder.join("datasets/people").join(name));
        (frame.size(), pipeline.detect(&frame, &DetectorSettings::for_stills()).expect("the detector runs"))
    };
    assert_eq!(faces("two_people.jpg").1.len(), 2);
    // The same picture at four sizes: box and landmarks must scale with it.
    let (largest, reference_faces) = faces("obama-1080p.jpg");
    let reference_face = reference_faces[0];
    for name in ["obama-720p.jpg", "obama-480p.jpg", "obama-240p.jpg"] {
        let (size, found) = faces(name);
        assert_eq!(found.len(), 1, "{name}");
        let scale = size.width as f32 / largest.width as f32;
        let eye_distance = reference_face.landmarks.inter_eye_distance() * scale;
        for (a, b) in found[0].landmarks.to_array().into_iter().zip(reference_face.landmarks.to_array()) {
            let off = Point::new(a.x - b.x * scale, a.y - b.y * scale);
            assert!(off.x.hypot(off.y) < 0.08 * eye_distance, "{name}: {off:?} of {eye_distance}");
        }
    }
}

#[test]
fn pose_agrees_with_what_landmarks_say() {
    let Some(folder) = reference::folder("pose") else { return };
    let mut pipeline = reference::pipeline(&folder);
    let mut poses = Vec::new();
    for entry in std::fs::read_dir(folder.join("datasets/people")).expect("the pictures are there").flatten() {
        let frame = reference::picture(&entry.path());
        let faces = pipeline.detect(&frame, &DetectorSettings::default()).expect("the detector runs");
        for face in faces.into_iter().filter(|f| f.score > 0.9 && f.bounds.x > 0.0 && f.bounds.right() < frame.width() as f32) {
            let network = pipeline.pose(&frame, &face).expect("the network runs").expect("it answers");
            let shape = pipeline.landmarks(&frame, &face).expect("the network runs").expect("the mesh sees the face");
            let (points, mesh) = (proxy::from_five_points(&face.landmarks), proxy::from_mesh(&shape));
            poses.push((network, points.expect("five points form a face"), mesh.expect("the mesh has depth")));
        }
    }
    let correlation = |pairs: Vec<(f32, f32)>| {
        let n = pairs.len() as f32;
        let (ma, mb) = (pairs.iter().map(|p| p.0).sum::<f32>() / n, pairs.iter().map(|p| p.1).sum::<f32>() / n);
        let sum = |f: &dyn Fn(f32, f32) -> f32| pairs.iter().map(|p| f(p.0 - ma, p.1 - mb)).sum::<f32>();
        sum(&|a, b| a * b) / (sum(&|a, _| a * a) * sum(&|_, b| b * b)).sqrt()
    };
    let yaw_points = correlation(poses.iter().map(|p| (p.0.yaw, p.1.yaw)).collect());
    let yaw_mesh = correlation(poses.iter().map(|p| (p.0.yaw, p.2.yaw)).collect());
    let pitch_mesh = correlation(poses.iter().map(|p| (p.0.pitch, p.2.pitch)).collect());
    println!("pose: {} faces; correlation of yaw {yaw_points:.3} (points) {yaw_mesh:.3} (mesh), of pitch {pitch_mesh:.3}", poses.len());
    assert!(poses.len() >= 15 && yaw_points > 0.85 && yaw_mesh > 0.9 && pitch_mesh > 0.7);
}

#[test]
fn the_mesh_lies_where_the_detector_sees_the_face() {
    let Some(folder) = reference::folder("landmarks") else { return };
    let mut pipeline = reference::pipeline(&folder);
    for name in ["obama-1080p.jpg", "obama-240p.jpg", "img1.jpg", "lin-manuel-miranda.png", "two_people.jpg"] {
        let frame = reference::picture(&folder.join("datasets/people").join(name));
        let face = pipeline.detect(&frame, &DetectorSettings::default()).expect("the detector runs")[0];
        let shape = pipeline.landmarks(&frame, &face).expect("the network runs").expect("the mesh sees the face");
        let unit = face.landmarks.inter_eye_distance();
        let (right, left) = shape.eye_centres();
        let near =
            [(right, face.landmarks.right_eye), (left, face.landmarks.left_eye), (shape.mouth.right_corner, face.landmarks.mouth_right)];
        for (mesh, point) in near {
            assert!(mesh.distance(point) < 0.3 * unit, "{name}: {mesh:?} {point:?}");
        }
        assert!(shape.hull.len() == 33 && shape.contour.iter().all(|p| p.distance(face.bounds.centre()) < 3.0 * unit), "{name}");
        assert!(shape.chin.y > shape.nose_tip.y && shape.nose_tip.y > right.y.min(left.y), "{name}");
    }
}

/// Runs on the generated pack, so also where there is no reference data.
#[test]
fn the_whole_way_works_on_the_generated_pack() {
    say("whole way: pack `tiny`");
    let scratch = tempfile::tempdir().expect("a folder can be made");
    tiny_pack::write(scratch.path());
    let pack = PackStore::new(scratch.path()).load(&PackLocation::Folder(scratch.path().to_path_buf())).expect("the pack is whole");
    let inference = reference::inference();
    let mut pipeline = FacePipeline::load(&pack, |id, onnx| inference.load(id, onnx)).expect("the pack loads");
    let frame = tiny_pack::marker_frame(480, &[(0.5, 0.45)]);
    let observation = pipeline.observe(&frame, 7, &ObserveOptions::default(), &Moment::default).expect("the networks run");
    let face = observation.face.expect("the marker is a face");
    assert!(face.detection.bounds.contains(Point::new(240.0, 216.0)));
    assert!(face.shape.is_some() && face.pose.is_some() && face.quality.capture_score > 0.0);
    assert_eq!((observation.frame_number, observation.faces.len()), (7, 1));
    let template = pipeline.embed(&frame, &face.detection).expect("the face can be embedded");
    assert_eq!(template.format().dimensions, 128);
    assert_eq!(pipeline.pad(&frame, &face.detection).expect("the layer runs").outcome, PadOutcome::BonaFide);

    let nobody = tiny_pack::marker_frame(480, &[]);
    let settings = DetectorSettings { face_detection_mode: FaceSelection::FaceOrderingBySize, ..DetectorSettings::default() };
    assert_eq!(pipeline.only_face(&nobody, &settings).unwrap_err().advice().code, "BIO-01");
    let two = tiny_pack::marker_frame(480, &[(0.25, 0.45), (0.75, 0.45)]);
    assert_eq!(pipeline.only_face(&two, &settings).unwrap_err().advice().code, "BIO-02");
    assert!(pipeline.only_face(&two, &DetectorSettings::default()).is_ok(), "a dominant rule takes the best face");
    assert_eq!(pipeline.observe(&nobody, 1, &ObserveOptions::default(), &Moment::default).expect("the networks run").face, None);
}
