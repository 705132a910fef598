//! Commands that need no models: their answers are versioned JSON and their exit codes mean what the manual says.

use crate::program::Place;

#[test]
fn the_region_of_interest_is_the_vendors() {
    let place = Place::new();
    for (size, x, y, width, height) in [("480x640", 62, 0, 356, 512), ("640x480", 186, 0, 267, 384), ("720x1280", 4, 0, 712, 1024)] {
        let roi = place.run(&["roi", "--capture-profile", "knomi", "--size", size]).expect(0).json();
        assert_eq!(roi["schema"], "visavis.roi/1");
        assert_eq!([&roi["x"], &roi["y"], &roi["width"], &roi["height"]], [x, y, width, height], "{size}");
    }
}

#[test]
fn our_regions_are_centred_in_landscape_and_portrait() {
    let place = Place::new();
    for profile in ["quick", "liveness", "portrait"] {
        for (size, width) in [("1280x720", 1280), ("720x1280", 720)] {
            let roi = place.run(&["roi", "--capture-profile", profile, "--size", size]).expect(0).json();
            let (x, w) = (roi["x"].as_i64().expect("a number"), roi["width"].as_i64().expect("a number"));
            assert!((2 * x + w - width).abs() <= 1, "{profile} {size}: {roi}");
        }
    }
}

#[test]
fn the_configuration_names_the_origin_of_every_value() {
    let place = Place::new();
    let shown = place.run(&["--camera", "synthetic", "config", "show"]).expect(0).json();
    let origin = |key: &str| {
        let settings = shown["settings"].as_array().expect("a list");
        settings.iter().find(|s| s["key"] == key).map(|s| s["origin"].clone()).expect(key)
    };
    assert_eq!(origin("keys.store"), "file");
    assert_eq!(origin("camera.device"), "command-line");
    assert_eq!(origin("matching.level"), "default");
}

#[test]
fn galleries_are_made_listed_and_deleted() {
    let place = Place::new();
    place.run(&["gallery", "create", "staff"]).expect(0);
    place.run(&["gallery", "create", "staff"]).expect_error(2, "GAL-07");
    let names: Vec<String> = place.run(&["gallery", "list"]).expect(0).json()["galleries"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|g| g["name"].as_str().expect("text").to_owned())
        .collect();
    assert_eq!(names, ["default", "staff"]);
    assert!(place.run(&["gallery", "list"]).json()["galleries"][0]["created_at"].is_null(), "nobody was enrolled yet");
    place.run(&["gallery", "delete", "default"]).expect_error(2, "GAL-27");
    for name in ["", " ", "two\nlines"] {
        place.run(&["gallery", "create", name]).expect_error(2, "GAL-26");
    }
    place.run(&["gallery", "delete", "staff"]).expect(0);
    place.run(&["gallery", "delete", "staff"]).expect_error(2, "GAL-06");
    assert_eq!(place.run(&["record", "list"]).expect(0).json()["total"], 0);
    assert_eq!(place.run(&["gallery", "people"]).expect(0).json()["total"], 0);
}

#[test]
fn lists_for_people_have_a_heading_or_say_none() {
    let place = Place::new();
    for list in [&["gallery", "people"][..], &["record", "list"], &["sync", "status", "--list"], &["events", "list"]] {
        assert_eq!(place.plain(list).expect(0).stdout, "none\n", "{list:?}");
    }
    let galleries = place.plain(&["gallery", "list"]).expect(0).stdout;
    assert!(galleries.lines().next().is_some_and(|first| first.contains("members")), "{galleries}");
}

#[test]
fn practice_and_real_galleries_are_different_files() {
    let place = Place::new();
    place.run(&["gallery", "--practice", "create", "trial"]).expect(0);
    let real = place.run(&["gallery", "list"]).expect(0).json();
    assert_eq!(real["galleries"].as_array().map(Vec::len), Some(1), "{real}");
}

#[test]
fn a_missing_pack_is_a_clear_refusal() {
    let place = Place::new();
    place.run(&["--models", "/nowhere/at/all", "demo", "--out", &place.path().join("demo").to_string_lossy()]).expect_error(3, "MOD-09");
}

#[test]
fn doctor_reports_every_part() {
    let place = Place::new();
    let report = place.run(&["doctor"]);
    let report = report.json();
    let names: Vec<&str> = report["checks"].as_array().expect("a list").iter().map(|c| c["name"].as_str().expect("text")).collect();
    let expected = ["settings", "cameras", "models", "decisions", "inference", "keys", "gallery", "disk", "clock", "services"];
    assert_eq!(names, expected);
    let backend = &report["checks"][4]["details"]["backend"];
    assert!(backend["name"] == "onnxruntime" || backend["name"] == "tract", "{report}");
}

#[test]
fn doctor_asks_the_configured_services() {
    let place = Place::new();
    let services = |configuration: &str| {
        let report = place.run_with(configuration, b"", &["doctor"]).json();
        report["checks"].as_array().expect("a list").iter().find(|c| c["name"] == "services").expect("the check").clone()
    };
    assert_eq!(services("")["state"], "ok");
    // Nothing listens on port 1.
    let nobody = "[services.uqudo.endpoint]\nbase_url = \"http://127.0.0.1:1\"\n[services.uqudo.endpoint.token]\nsource = \"none\"\n";
    let check = services(nobody);
    assert_eq!((&check["state"], &check["code"]), (&"warning".into(), &"SVC-01".into()), "{check}");
    assert!(check["says"].as_str().is_some_and(|says| says.contains("uqudo")), "{check}");
}
