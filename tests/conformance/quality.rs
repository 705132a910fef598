//! Quality components on real faces: they are assessed, and they move the right way when the picture is made worse.

use crate::reference;
use visavis::biometrics::detection::DetectorSettings;
use visavis::biometrics::pipeline::FacePipeline;
use visavis::biometrics::quality::{Component, QualityReport, Tier};
use visavis::geometry::Size;
use visavis::imaging::Frame;
use visavis::imaging::decode::{DecodeLimits, decode_picture};
use visavis::imaging::{encode, resize};

fn measured(pipeline: &mut FacePipeline, frame: &Frame) -> QualityReport {
    let faces = pipeline.detect(frame, &DetectorSettings::for_stills()).expect("the detector runs");
    let face = faces.first().expect("the picture shows a face");
    let shape = pipeline.landmarks(frame, face).expect("the landmark network runs");
    let pose = pipeline.pose(frame, face).expect("the pose network runs");
    pipeline.quality(frame, &faces, face, shape.as_ref(), pose, Tier::Full)
}

/// Down and up again: a blur that keeps the size.
fn blurred(frame: &Frame, factor: u32) -> Frame {
    let small = resize::resize(frame, Size::new(frame.width() / factor, frame.height() / factor));
    resize::resize(&small, frame.size())
}

#[test]
fn every_component_is_assessed_on_press_portraits() {
    let Some(folder) = reference::folder("quality components on portraits") else { return };
    let mut pipeline = reference::pipeline(&folder);
    for name in ["obama.jpg", "obama2.jpg", "biden.jpg", "lin-manuel-miranda.png", "32bit.png"] {
        let report = measured(&mut pipeline, &reference::picture(&folder.join("datasets/people").join(name)));
        println!("picture {name}: capture score {:.0}", report.capture_score);
        for a in &report.assessments {
            let estimate = if a.estimate { " (estimate)" } else { "" };
            match (a.native, a.score) {
                (Some(native), Some(score)) => println!("  {:?}: {native:.4} -> {}{estimate}", a.component, score.get()),
                _ => println!("  {:?}: not assessed{estimate}", a.component),
            }
            assert!(a.native.is_some(), "{name}: {:?} is not assessed", a.component);
        }
        let score = |c| report.score(c).map_or(0, |s| s.get());
        assert!(score(Component::EyesOpen) >= 50, "{name}: open eyes");
        assert!(score(Component::FaceExposure) >= 50, "{name}: well exposed");
        assert!(score(Component::NaturalColour) >= 50, "{name}: natural colour");
        assert_eq!(score(Component::SingleFacePresent), 100, "{name}: one face");
    }
}

#[test]
fn worse_pictures_score_lower() {
    let Some(folder) = reference::folder("direction of change of quality") else { return };
    let mut pipeline = reference::pipeline(&folder);
    for name in ["obama.jpg", "biden.jpg", "obama2.jpg"] {
        let frame = reference::picture(&folder.join("datasets/people").join(name));
        let good = measured(&mut pipeline, &frame);
        let native = |r: &QualityReport, c| r.native(c).expect("assessed on a portrait");
        let score = |r: &QualityReport, c| r.score(c).expect("assessed on a portrait").get();
        let (soft, softer) = (measured(&mut pipeline, &blurred(&frame, 3)), measured(&mut pipeline, &blurred(&frame, 6)));
        let sharpness = [&good, &soft, &softer].map(|r| native(r, Component::Sharpness));
        println!("{name}: sharpness {sharpness:.3?}");
        assert!(sharpness[0] > sharpness[1] && sharpness[1] > sharpness[2], "{name}: {sharpness:?}");
        assert!(good.capture_score > softer.capture_score, "{name}");
        let squeezed = decode_picture(&encode::jpeg(&frame, 6).expect("encodes"), &DecodeLimits::default()).expect("decodes");
        let squeezed = measured(&mut pipeline, &squeezed);
        let (before, after) = (score(&good, Component::CompressionArtifacts), score(&squeezed, Component::CompressionArtifacts));
        println!("{name}: compression {before} -> {after}");
        assert!(after + 20 < before, "{name}: {before} -> {after}");
        let smaller = measured(&mut pipeline, &resize::resize(&frame, Size::new(frame.width() / 2, frame.height() / 2)));
        let ratio = native(&good, Component::InterEyeDistance) / native(&smaller, Component::InterEyeDistance);
        assert!((ratio - 2.0).abs() < 0.15, "{name}: {ratio}");
        assert!((native(&good, Component::HeadSize) / native(&smaller, Component::HeadSize) - 1.0).abs() < 0.08, "{name}");
    }
}
