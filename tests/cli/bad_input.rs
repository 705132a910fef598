//! Bad usage and bad pictures: a coded error and the right exit code, never a panic, never a signal.

use crate::program::{Place, reference};

#[test]
fn bad_usage_is_two() {
    let place = Place::new();
    for arguments in [
        &["dance"][..],
        &["roi"],
        &["roi", "--size", "0x5"],
        &["analyze"],
        &["gallery", "add"],
        &["gallery", "people", "--limit", "5000"],
        &["record", "show", "not-a-uuid"],
    ] {
        place.run(arguments).expect_error(2, "USE-01");
    }
    place.run(&["roi", "--capture-profile", "nope", "--size", "480x640"]).expect_error(2, "FLW-12");
    place.run(&["--camera", "telescope", "identify"]).expect(2);
}

#[test]
fn a_wrong_configuration_is_refused_whole() {
    let place = Place::new();
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_visavis"))
        .args(["--json", "--config"])
        .arg(place.file("wrong.toml", b"[matching]\nlevle = 3\n"))
        .args(["config", "check"])
        .output()
        .expect("the program starts");
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&run.stdout).contains("CFG-02"));
}

/// A picture without a face, given to every flow that takes one, however fast the networks are.
#[test]
fn a_flow_refuses_a_picture_without_a_face_and_says_so() {
    let place = Place::new();
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_fn(320, 240, |x, y| image::Rgb([x as u8, y as u8, 90]))
        .write_to(&mut png, image::ImageFormat::Png)
        .expect("encodes");
    let picture = place.file("no-face.png", &png.into_inner()).to_string_lossy().into_owned();
    for _ in 0..3 {
        place.run(&["enrol", "--consent", "--field", "full_name=Robin Example", "--image", &picture]).expect_error(2, "BIO-01");
        place.run(&["identify", "--image", &picture]).expect_error(2, "BIO-01");
    }
    assert_eq!(place.run(&["gallery", "people"]).expect(0).json()["total"], 0);
}

#[test]
fn bad_pictures_are_refused_with_a_code() {
    let Some(reference) = reference("bad pictures") else { return };
    let models = reference.join("models").to_string_lossy().into_owned();
    let place = Place::new();
    let grey = image::RgbImage::from_pixel(64, 64, image::Rgb([128, 128, 128]));
    let mut png = std::io::Cursor::new(Vec::new());
    grey.write_to(&mut png, image::ImageFormat::Png).expect("encodes");
    let png = png.into_inner();
    let cases: [(&str, &[u8], &str); 5] = [
        ("empty.jpg", b"", "IMG-03"),
        ("letter.jpg", b"Dear Sir or Madam", "IMG-05"),
        ("zeros.png", &[0; 4096], "IMG-05"),
        ("cut.png", &png[..png.len() / 2], "IMG-04"),
        ("grey.png", &png, "BIO-01"),
    ];
    for (name, content, code) in cases {
        let path = place.file(name, content).to_string_lossy().into_owned();
        let run = place.run(&["--models", &models, "compare", &path, &path]);
        assert_eq!(run.code, 2, "{name}: {}", run.stderr);
        run.expect_error(2, code);
    }
    let missing = place.path().join("missing.jpg").to_string_lossy().into_owned();
    place.run(&["--models", &models, "analyze", &missing]).expect_error(2, "IMG-21");
    let one = place.file("one.png", &{
        let mut out = std::io::Cursor::new(Vec::new());
        image::RgbImage::from_pixel(1, 1, image::Rgb([9, 9, 9])).write_to(&mut out, image::ImageFormat::Png).expect("encodes");
        out.into_inner()
    });
    let analysed = place.run(&["--models", &models, "analyze", &one.to_string_lossy()]).expect(0).json();
    assert_eq!(analysed["faces"].as_array().map(Vec::len), Some(0));
}

#[test]
fn terms_that_were_not_accepted_stop_enrolments_only() {
    let place = Place::new();
    let run = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_visavis"));
        command.args(["--json", "--data-dir"]).arg(place.path().join("data")).arg("--config");
        command.arg(place.file("plain.toml", b"[keys]\nstore = \"file\"\n")).args(arguments);
        let output = command.output().expect("the program starts");
        let last = String::from_utf8_lossy(&output.stdout).lines().last().unwrap_or_default().to_owned();
        (output.status.code(), serde_json::from_str::<serde_json::Value>(&last).expect("JSON"))
    };
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(320, 240, image::Rgb([90, 120, 90])).write_to(&mut png, image::ImageFormat::Png).expect("encodes");
    let picture = place.file("no-face.png", &png.into_inner()).to_string_lossy().into_owned();
    let (_, doctor) = run(&["doctor"]);
    let models =
        doctor["checks"].as_array().and_then(|checks| checks.iter().find(|c| c["name"] == "models")).expect("a check of the models");
    assert_eq!((&models["state"], &models["code"]), (&"warning".into(), &"MOD-21".into()), "{models}");
    let (exit, refused) = run(&["enrol", "--consent", "--field", "full_name=Robin Example", "--image", &picture]);
    assert_eq!((exit, &refused["error"]["code"]), (Some(2), &"MOD-21".into()));
    let (exit, searched) = run(&["identify", "--image", &picture]);
    assert_eq!((exit, &searched["error"]["code"]), (Some(2), &"BIO-01".into()));
}

#[test]
fn details_that_no_field_takes_are_refused_and_not_dropped() {
    let place = Place::new();
    let picture = place.file("any.png", b"not looked at").to_string_lossy().into_owned();
    let fields = ["--field", "full_name=Robin Example", "--field", "nonsense=1"];
    place.run(&[&["enrol", "--consent", "--image", &picture], &fields[..]].concat()).expect_error(2, "FLW-23");
    let details = place.file("details.json", br#"{"full_name": "Robin Example", "shoe_size": "44"}"#).to_string_lossy().into_owned();
    place.run(&["enrol", "--consent", "--image", &picture, "--details", &details]).expect_error(2, "FLW-23");
}
