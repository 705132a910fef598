//! Enrolment, verification and identification from picture files and from the rendered subject, end to end.

use crate::program::{Place, reference};
use crate::said::say;

fn face(reference: &std::path::Path, file: &str) -> String {
    reference.join("datasets/people").join(file).to_string_lossy().into_owned()
}

#[test]
fn a_person_is_enrolled_found_and_erased() {
    let Some(reference) = reference("enrol, authenticate, identify, erase from files") else { return };
    let models = reference.join("models").to_string_lossy().into_owned();
    for models in ["builtin", &models] {
        say(&format!("enrol, authenticate, identify, erase from files: {models}"));
        enrolled_found_and_erased(&reference, models);
    }
}

fn enrolled_found_and_erased(reference: &std::path::Path, models: &str) {
    let place = Place::new();
    let details = place.file("details.json", br#"{"full_name": "Robin Example"}"#).to_string_lossy().into_owned();
    let run = |arguments: &[&str]| place.run(&[&["--models", models], arguments].concat());

    run(&["enrol", "--details", &details, "--image", &face(reference, "obama.jpg")]).expect_error(2, "FLW-52");
    let enrolled = run(&["enrol", "--consent", "--details", &details, "--image", &face(reference, "obama.jpg")]).expect(0).json();
    assert_eq!(enrolled["schema"], "visavis.enrolment/1");
    let code = enrolled["registration_code"].as_str().expect("a code").to_owned();

    let same = run(&["authenticate", &code, "--image", &face(reference, "obama2.jpg")]).expect(0).json();
    assert_eq!(same["decision"], "match");
    let other = run(&["authenticate", &code, "--image", &face(reference, "biden.jpg")]).expect(1).json();
    assert_eq!(other["decision"], "no_match");
    assert!(same["scorePercent"].as_f64() > other["scorePercent"].as_f64());

    let known = run(&["identify", "--image", &face(reference, "obama3.jpg")]).expect(0).json();
    assert_eq!(known["decision"], "identified");
    assert_eq!(known["candidates"][0]["subject"], enrolled["subject"]);
    assert_eq!(run(&["identify", "--image", &face(reference, "biden.jpg")]).expect(1).json()["decision"], "unknown");

    let record = &run(&["record", "list"]).expect(0).json()["records"][0];
    assert_eq!(record["origin"], "file");
    assert_eq!(record["pad"], "not_assessed");

    let erased = run(&["gallery", "erase", &code, "--reason", "asked for it"]).expect(0).json();
    assert_eq!(erased["subject"], enrolled["subject"]);
    run(&["authenticate", &code, "--image", &face(reference, "obama2.jpg")]).expect_error(2, "GAL-20");
    assert_eq!(run(&["identify", "--image", &face(reference, "obama3.jpg")]).expect(1).json()["decision"], "unknown");
    assert!(run(&["audit", "verify"]).expect(0).json()["entries"].as_u64() >= Some(4));
}

#[test]
fn two_people_in_a_picture_enrol_nobody() {
    let Some(reference) = reference("two people in one picture") else { return };
    let models = reference.join("models").to_string_lossy().into_owned();
    let place = Place::new();
    let two = face(&reference, "two_people.jpg");
    place
        .run(&["--models", &models, "enrol", "--consent", "--field", "full_name=Robin Example", "--image", &two])
        .expect_error(2, "BIO-02");
    place.run(&["--models", &models, "identify", "--image", &two]).expect_error(2, "BIO-02");
    assert_eq!(place.run(&["gallery", "people"]).expect(0).json()["total"], 0);
}

#[test]
fn the_demonstration_tells_its_story_without_a_display() {
    say("demonstration: pack `builtin`");
    let place = Place::new();
    let out = place.path().join("demo");
    let report = place.run(&["demo", "--out", &out.to_string_lossy()]).expect(0).json();
    assert_eq!(report["schema"], "visavis.demo/1");
    for bar in ["practice", "enrolled", "verified", "stranger_refused"] {
        assert_eq!(report[bar], true, "{bar}: {report}");
    }
    for picture in report["pictures"].as_array().expect("a list") {
        let path = out.join(picture.as_str().expect("a name"));
        let (width, height) = image::image_dimensions(&path).expect("a picture");
        assert_eq!((width, height), (1920, 1080));
    }
    let kept: serde_json::Value = serde_json::from_slice(&std::fs::read(out.join("report.json")).expect("a report")).expect("JSON");
    assert_eq!(kept, report, "the file is the document that was printed");
    // The subject comes back in other light, turned and smiling: a match that was not certain from the start.
    let scores: Vec<f64> = report["steps"].as_array().expect("a list").iter().filter_map(|s| s["comparison"]["score"].as_f64()).collect();
    assert!(scores[0] < 0.99 && scores[1] < scores[0], "{scores:?}");
    // What was practised is not in the real gallery.
    assert_eq!(place.run(&["gallery", "people"]).expect(0).json()["total"], 0);
}
