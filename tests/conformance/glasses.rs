//! Dark glasses on the synthetic subject: every skin tone, every light that is good enough to be captured in, clear glasses and none.

use visavis::adapters::camera::synthetic::{Glasses, Renderer, Scene, SubjectIdentity, SubjectState};
use visavis::biometrics::pose::HeadPose;
use visavis::biometrics::quality::{Component, QualityInput, Tier, assess};
use visavis::geometry::Size;
use visavis::workflow::capture_profile::CaptureProfiles;

/// DarkGlasses of a rendered subject, with the landmarks that the renderer knows.
fn measured(identity: &SubjectIdentity, state: &SubjectState, scene: &Scene) -> f64 {
    let mut renderer = Renderer::new(Size::new(640, 480), identity);
    let rendered = renderer.render(state, scene, 7);
    let truth = &rendered.truth[0];
    let input = QualityInput {
        frame: &rendered.frame,
        faces: std::slice::from_ref(&truth.detection),
        face: &truth.detection,
        shape: Some(&truth.shape),
        pose: Some(truth.pose),
        pose_is_estimate: false,
    };
    assess(&input, Tier::Standard).native(Component::DarkGlasses).expect("the face lies in the frame")
}

fn lights() -> Vec<(&'static str, Scene)> {
    let scene = Scene::default();
    let with = |change: fn(&mut Scene)| {
        let mut scene = scene;
        change(&mut scene);
        scene
    };
    vec![
        ("usual", scene),
        ("a stop less", with(|s| s.light.exposure_ev = -1.0)),
        ("a stop more", with(|s| s.light.exposure_ev = 1.0)),
        ("an old bulb", with(|s| s.light.temperature_k = 2900.0)),
        ("from one side", with(|s| (s.light.azimuth_deg, s.light.elevation_deg, s.light.ambient) = (60.0, 15.0, 0.25))),
        ("from above", with(|s| (s.light.elevation_deg, s.light.ambient) = (60.0, 0.3))),
    ]
}

#[test]
fn dark_lenses_are_seen_on_every_skin_and_clear_ones_never() {
    let limit = CaptureProfiles::builtin().get("quick").expect("built in").quality.dark_glasses.expect("the profile looks at it");
    let block = f64::from(limit.block.expect("it can stop a capture"));
    let states = [
        SubjectState::default(),
        SubjectState { eye_openness_right: 0.0, eye_openness_left: 0.0, ..SubjectState::default() },
        SubjectState { pose: HeadPose { yaw: 14.0, pitch: -8.0, roll: 6.0 }, ..SubjectState::default() },
        SubjectState { smile: 1.0, brow_raise: -0.5, ..SubjectState::default() },
    ];
    let (mut least_clear, mut most_dark, mut seen) = (f64::MAX, 0.0f64, 0);
    for seed in 1..=6 {
        for tone in [0.0, 0.35, 0.7, 1.0] {
            let person = SubjectIdentity::from_seed(seed).with_tone(tone);
            for (name, scene) in lights() {
                for (i, state) in states.iter().enumerate() {
                    // Every light with every face; every pose in the usual light.
                    if i > 0 && name != "usual" {
                        continue;
                    }
                    for glasses in [Glasses::None, Glasses::Round, Glasses::Rectangular] {
                        let value = measured(&person.clone().with_glasses(glasses), state, &scene);
                        assert!(value > f64::from(limit.hint), "false alarm: seed {seed}, tone {tone}, {name}, state {i}, {glasses:?}: {value}");
                        least_clear = least_clear.min(value);
                        seen += 1;
                    }
                    let value = measured(&person.clone().with_glasses(Glasses::Dark), state, &scene);
                    assert!(value < block, "missed: seed {seed}, tone {tone}, {name}, state {i}: {value}");
                    most_dark = most_dark.max(value);
                }
            }
        }
    }
    println!("{seen} pictures without dark glasses: least {least_clear:.3}; with them: most {most_dark:.3}");
}
