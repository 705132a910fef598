//! The synthetic subject: the same bytes for the same calls, truth that fits the picture, and networks that take it for a face.

use crate::reference;
use visavis::adapters::camera::CameraChoice;
use visavis::adapters::camera::synthetic::{
    Glasses, GroundTruth, Presentation, Renderer, Scene, SubjectIdentity, SubjectState, SyntheticSource, portrait,
};
use visavis::biometrics::detection::DetectorSettings;
use visavis::biometrics::pose::HeadPose;
use visavis::geometry::Size;
use visavis::imaging::Frame;
use visavis::ports::camera::{CameraError, FrameSource as _, Origin};

const SMALL: Size = Size::new(320, 240);

fn person(seed: u64) -> SubjectIdentity {
    SubjectIdentity::from_seed(seed)
}

fn render(renderer: &mut Renderer, state: &SubjectState, scene: &Scene) -> (Frame, GroundTruth) {
    let mut rendered = renderer.render(state, scene, 3);
    (rendered.frame, rendered.truth.pop().expect("the subject is before the camera"))
}

fn mean(frame: &Frame) -> f64 {
    frame.bytes().iter().map(|v| f64::from(*v)).sum::<f64>() / frame.bytes().len() as f64
}

#[test]
fn the_same_scenario_gives_the_same_frames() {
    let play = |text: &str| {
        let mut source = SyntheticSource::open(text, Box::new(|_| {})).expect("a scenario");
        (0..4).map(|_| source.next_frame().expect("it never ends").into_bytes()).collect::<Vec<_>>()
    };
    for text in ["default,width=320", "identity=5,stand,width=320", "screen,width=320", "print,width=320", "two-people,width=320"] {
        let (first, again) = (play(text), play(text));
        assert!(first == again, "{text}: frames differ between two runs");
        assert!(first[0] != first[1], "{text}: the sensor's noise does not change from frame to frame");
    }
    assert_eq!(portrait(&person(9), SMALL), portrait(&person(9), SMALL));
    assert_ne!(portrait(&person(9), SMALL), portrait(&person(10), SMALL));
}

#[test]
fn it_is_a_camera_that_is_never_trusted() {
    let choice = CameraChoice::parse("synthetic:identity=2,still,width=320,rate=15").expect("well formed");
    let waits = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let log = std::sync::Arc::clone(&waits);
    let mut source = choice.open(Box::new(move |wait| log.lock().expect("one thread").push(wait)), |_| None).expect("the scenario exists");
    assert_eq!(source.origin(), Origin::Practice);
    let format = source.format();
    assert_eq!((format.width, format.height, format.rate), (320, 180, 15.0));
    for _ in 0..3 {
        assert_eq!(source.next_frame().expect("it never ends").size(), Size::new(320, 180));
    }
    let waits = waits.lock().expect("one thread").clone();
    assert_eq!(waits.len(), 2, "one wait between two frames");
    assert!(waits.iter().all(|w| (w.as_secs_f64() - 1.0 / 15.0).abs() < 1e-6));
    let refused = CameraChoice::parse("synthetic:dancing").expect("well formed").open(Box::new(|_| {}), |_| None);
    assert!(matches!(refused, Err(CameraError::Unplayable { reason, .. }) if reason.contains("side-light")));
}

#[test]
fn truth_follows_what_is_commanded() {
    let mut renderer = Renderer::new(SMALL, &person(3));
    let scene = Scene { noise: 0.0, ..Scene::default() };
    let base = SubjectState::default();
    let (_, straight) = render(&mut renderer, &base, &scene);
    let eyes = straight.detection.landmarks.inter_eye_distance();

    // A pinhole camera: eyes shrink with the distance, and their distance is that of the focal length.
    let (_, far) = render(&mut renderer, &SubjectState { distance_m: 1.2, ..base }, &scene);
    let ratio = eyes / far.detection.landmarks.inter_eye_distance();
    assert!((1.95..2.1).contains(&ratio), "{ratio}");
    let metres = eyes * 0.6 / renderer.focal_length();
    assert!((0.055..0.072).contains(&metres), "{metres}");

    // A face near the lens has a larger nose for its ears: perspective, not scaling.
    let relative = |t: &GroundTruth| {
        let l = t.detection.landmarks;
        l.right_eye.midpoint(l.left_eye).distance(l.nose) / l.inter_eye_distance()
    };
    let (_, near) = render(&mut renderer, &SubjectState { distance_m: 0.3, ..base }, &scene);
    assert!(relative(&near) > relative(&far) + 0.01);

    let turned = |pose| render(&mut Renderer::new(SMALL, &person(3)), &SubjectState { pose, ..base }, &scene).1.detection.landmarks;
    let rest = straight.detection.landmarks;
    assert!(turned(HeadPose { yaw: 25.0, ..Default::default() }).nose.x > rest.nose.x + 5.0, "the subject's left is at the right");
    assert!(turned(HeadPose { pitch: 20.0, ..Default::default() }).nose.y < rest.nose.y - 3.0);
    let rolled = turned(HeadPose { roll: 20.0, ..Default::default() });
    assert!(rolled.left_eye.y < rolled.right_eye.y - 5.0, "towards the right shoulder");

    let (_, shut) = render(&mut renderer, &SubjectState { eye_openness_left: 0.0, ..base }, &scene);
    assert!(shut.eye_openings[1] < 0.02 && shut.eye_openings[0] > 0.15, "{:?}", shut.eye_openings);
    let (_, gaping) = render(&mut renderer, &SubjectState { mouth_open: 1.0, ..base }, &scene);
    assert!(straight.mouth_opening < 0.02 && gaping.mouth_opening > 0.25);
    let (_, smiling) = render(&mut renderer, &SubjectState { smile: 1.0, ..base }, &scene);
    let width = |t: &GroundTruth| t.shape.mouth.right_corner.distance(t.shape.mouth.left_corner);
    assert!(width(&smiling) > 1.08 * width(&straight));
    let aside = render(&mut renderer, &SubjectState { offset_x_m: 0.1, offset_y_m: 0.05, ..base }, &scene).1.detection.bounds;
    assert!(aside.x > straight.detection.bounds.x + 20.0 && aside.y < straight.detection.bounds.y - 10.0);
}

#[test]
fn light_and_presentation_change_the_picture() {
    let mut renderer = Renderer::new(SMALL, &person(3));
    let state = SubjectState::default();
    let (lit, _) = render(&mut renderer, &state, &Scene::default());
    let mut scene = Scene::default();
    scene.light.exposure_ev = -2.0;
    assert!(mean(&render(&mut renderer, &state, &scene).0) < 0.7 * mean(&lit));
    for kind in [Presentation::Print, Presentation::Screen, Presentation::CutOut] {
        let (frame, truth) = render(&mut renderer, &state, &Scene { presentation: kind, ..Scene::default() });
        assert_eq!(truth.presentation, kind);
        assert_ne!(frame, lit);
        assert!(truth.detection.bounds.contains(truth.detection.landmarks.nose));
    }
    assert!(renderer.render_all(&[], &Scene::default(), 0).truth.is_empty(), "nobody, no truth");
}

#[test]
fn no_state_makes_the_renderer_fail() {
    let mut renderer = Renderer::new(SMALL, &person(1).with_glasses(Glasses::Round));
    for (distance_m, offset_x_m, yaw, pitch) in [
        (0.01, 0.0, 0.0, 0.0),
        (0.15, 0.05, 40.0, 30.0),
        (40.0, 0.0, 0.0, 0.0),
        (0.6, 5.0, 0.0, 0.0),
        (0.6, -5.0, 180.0, 90.0),
        (-1.0, 0.0, 720.0, -90.0),
    ] {
        let pose = HeadPose { yaw, pitch, roll: 170.0 };
        let state =
            SubjectState { distance_m, offset_x_m, pose, mouth_open: 3.0, smile: -4.0, eye_openness_left: 9.0, ..SubjectState::default() };
        for presentation in [Presentation::Genuine, Presentation::Print, Presentation::Screen, Presentation::CutOut] {
            let scene = Scene { presentation, blur: 2.0, ..Scene::default() };
            assert_eq!(renderer.render(&state, &scene, u64::MAX).frame.size(), SMALL);
        }
    }
}

#[test]
fn networks_take_it_for_one_person() {
    let Some(folder) = reference::folder("synthetic subject") else { return };
    let mut pipeline = reference::pipeline(&folder);
    let settings = DetectorSettings::default();
    let size = Size::new(640, 480);
    let mut templates = Vec::new();
    for seed in [1, 4, 8, 15] {
        let mut renderer = Renderer::new(size, &person(seed));
        let mut of_person = Vec::new();
        for (yaw, pitch, smile) in [(0.0, 0.0, 0.0), (12.0, 4.0, 0.4), (-12.0, -4.0, 0.0)] {
            let state = SubjectState { distance_m: 0.55, pose: HeadPose { yaw, pitch, roll: 0.0 }, smile, ..SubjectState::default() };
            let (frame, truth) = render(&mut renderer, &state, &Scene::default());
            let face = pipeline.only_face(&frame, &settings).expect("exactly one face");
            assert!(face.score > 0.8, "person {seed}: score {}", face.score);
            let scale = truth.detection.landmarks.inter_eye_distance();
            for (found, true_point) in face.landmarks.to_array().iter().zip(truth.detection.landmarks.to_array()).take(2) {
                assert!(found.distance(true_point) < 0.2 * scale, "person {seed}: an eye is {} px off", found.distance(true_point));
            }
            if let Some(pose) = pipeline.pose(&frame, &face).expect("the pose network runs") {
                assert!((pose.yaw - yaw).abs() < 9.0, "person {seed}: yaw {} for {yaw}", pose.yaw);
            }
            of_person.push(pipeline.embed(&frame, &face).expect("the recogniser runs"));
        }
        templates.push(of_person);
    }
    let cosine = |a: &visavis::biometrics::template::Template, b: &visavis::biometrics::template::Template| {
        a.values().iter().zip(b.values()).map(|(p, q)| p * q).sum::<f32>()
    };
    for (i, own) in templates.iter().enumerate() {
        for other in &own[1..] {
            assert!(cosine(&own[0], other) > 0.5, "one person is two");
        }
        for others in &templates[i + 1..] {
            assert!(cosine(&own[0], &others[0]) < 0.55, "two people are one");
        }
    }
}
