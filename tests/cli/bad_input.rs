//! Bad usage and bad pictures: a coded error and the right exit code, never a panic, never a signal.

use crate::program::Place;

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

/// Errors are one line that says what is missing, for people and programs alike.
#[test]
fn errors_are_one_line_with_a_code() {
    let place = Place::new();
    for (arguments, code, words) in [
        (&["compare", "a.jpg"][..], "USE-01", "<PROBE>"),
        (&["gallery"], "USE-01", "subcommand"),
        (&["dance"], "USE-01", "'dance'"),
        (&["gallery", "erase", "KWJQN134", "--reason", " "], "USE-01", "say why"),
        (&["gallery", "create", "a\nb"], "GAL-26", r"a\nb"),
        (&["record", "show", "0190a5c4-0000-7000-8000-000000000001"], "GAL-25", "record list"),
        (&["gallery", "show", "0190a5c4-0000-7000-8000-000000000001"], "GAL-20", "gallery people"),
        (&["models", "import", "/nowhere/at/all"], "PCK-01", "/nowhere/at/all"),
        (&["--config", "/nowhere/at/all", "config", "check"], "CFG-04", "cannot be read"),
    ] {
        let plain = place.plain(arguments);
        assert_eq!(plain.code, 2, "{arguments:?}: {}", plain.stderr);
        assert_eq!(plain.stderr.lines().count(), 1, "{arguments:?}: {}", plain.stderr);
        assert!(plain.stderr.starts_with(&format!("{code}: ")) && plain.stderr.contains(words), "{arguments:?}: {}", plain.stderr);
        assert!(!plain.stderr.contains(".."), "{}", plain.stderr);
        assert_eq!(plain.stdout, "");
    }
    let wrong = place.file("wrong.toml", b"[matching]\nlevel = 3\n[camera\n").to_string_lossy().into_owned();
    let refused = place.plain(&["--config", &wrong, "config", "check"]).expect(2);
    assert!(refused.stderr.starts_with("CFG-01: ") && refused.stderr.contains("line 3, column"), "{}", refused.stderr);
    assert_eq!(refused.stderr.lines().count(), 1, "{}", refused.stderr);
    // A code that is no state is refused by every command, not by the one that would use it.
    let unknown = place.file("unknown.toml", b"[documents]\nissuers = [\"FRA\", \"FRE\"]\n").to_string_lossy().into_owned();
    for arguments in [&["config", "check"][..], &["gallery", "people"]] {
        let refused = place.plain(&[&["--config", &unknown], arguments].concat()).expect(2);
        assert!(refused.stderr.starts_with("CFG-03: documents.issuers names \"FRE\""), "{}", refused.stderr);
    }
}

#[test]
fn help_tells_exit_codes_and_keeps_common_options_apart() {
    let place = Place::new();
    for arguments in [&["--help"][..], &["help"]] {
        let help = place.plain(arguments).expect(0).stdout;
        assert!(help.contains("Exit codes: 0 "), "{help}");
    }
    let help = place.plain(&["authenticate", "--help"]).expect(0).stdout;
    assert!(help.contains("exit code 0 match, 1 no match"), "{help}");
    let (own, common) = help.split_once("Options of every command:").expect("a heading of their own");
    assert!(own.contains("--image") && !own.contains("--data-dir") && common.contains("--data-dir"), "{help}");
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
    let models = "builtin";
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
        let run = place.run(&["--models", models, "compare", &path, &path]);
        assert_eq!(run.code, 2, "{name}: {}", run.stderr);
        assert_eq!(run.json()["error"]["file"], path, "says which picture");
        assert!(run.stderr.contains(name), "{}", run.stderr);
        run.expect_error(2, code);
    }
    let missing = place.path().join("missing.jpg").to_string_lossy().into_owned();
    place.run(&["--models", models, "analyze", &missing]).expect_error(2, "IMG-21");
    let empty = place.path().join("empty.jpg").to_string_lossy().into_owned();
    let several = place.run(&["--models", models, "analyze", &empty, &missing]).expect(2);
    let files: Vec<serde_json::Value> = several.stdout.lines().map(|l| serde_json::from_str(l).expect("JSON lines")).collect();
    assert_eq!([&files[0]["error"]["file"], &files[1]["error"]["file"]], [empty.as_str(), missing.as_str()]);
    assert_eq!(several.stderr.matches("missing.jpg").count(), 1, "named once: {}", several.stderr);
    several.expect_error(2, "IMG-20");
    let one = place.file("one.png", &{
        let mut out = std::io::Cursor::new(Vec::new());
        image::RgbImage::from_pixel(1, 1, image::Rgb([9, 9, 9])).write_to(&mut out, image::ImageFormat::Png).expect("encodes");
        out.into_inner()
    });
    let analysed = place.run(&["--models", models, "analyze", &one.to_string_lossy()]).expect(0).json();
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
    place.run(&[&["enrol", "--consent", "--image", &picture], &fields[..]].concat()).expect_error(2, "FLW-53");
    let details = place.file("details.json", br#"{"full_name": "Robin Example", "shoe_size": "44"}"#).to_string_lossy().into_owned();
    place.run(&["enrol", "--consent", "--image", &picture, "--details", &details]).expect_error(2, "FLW-53");
}
