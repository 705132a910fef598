//! People who are alike: found before an enrolment, told in a search. On rendered faces and the pack that the program carries.

use crate::program::{Answer, Place};
use visavis::adapters::camera::synthetic::{SubjectIdentity, portrait};
use visavis::geometry::Size;
use visavis::imaging::encode;

/// The file of a rendered person's portrait.
pub fn face(place: &Place, seed: u64) -> String {
    let png = encode::png(&portrait(&SubjectIdentity::from_seed(seed), Size::new(720, 960))).expect("encodes");
    place.file(&format!("person-{seed}.png"), &png).to_string_lossy().into_owned()
}

/// Enrols a rendered person from a file.
pub fn enrol(place: &Place, seed: u64, more: &[&str]) -> Answer {
    let (name, picture) = (format!("full_name=Person {seed}"), face(place, seed));
    place.run(&[&["enrol", "--consent", "--field", &name, "--image", &picture], more].concat())
}

#[test]
fn the_same_person_is_not_enrolled_twice_without_a_word() {
    let place = Place::new();
    let first = enrol(&place, 4, &[]).expect(0).json();
    assert_eq!(first["duplicates"], serde_json::json!([]));
    enrol(&place, 4, &[]).expect_error(1, "FLW-38");
    assert_eq!(place.run(&["gallery", "people"]).expect(0).json()["total"], 1, "nothing was saved");
    let second = enrol(&place, 4, &["--despite-duplicates"]).expect(0).json();
    assert_eq!(second["duplicates"][0]["subject"], first["subject"]);
    assert_eq!(second["held"], false, "whoever said so has looked");
    // Who enrols again is no duplicate of their own; the other entry is.
    let code = first["registration_code"].as_str().expect("a code");
    place.run(&["re-enrol", code, "--consent", "--image", &face(&place, 4)]).expect_error(1, "FLW-38");
}

#[test]
fn a_search_tells_who_whether_it_is_undecided_and_why() {
    let place = Place::new();
    let search = |seed| place.run(&["identify", "--image", &face(&place, seed)]);
    let nobody = search(4).expect(1).json();
    assert_eq!((&nobody["decision"], &nobody["reason"]), (&"unknown".into(), &"nobody_searched".into()));

    let first = enrol(&place, 4, &[]).expect(0).json();
    let known = search(4).expect(0).json();
    assert_eq!((&known["decision"], &known["reason"]), (&"identified".into(), &serde_json::Value::Null));
    assert_eq!(known["candidates"][0]["subject"], first["subject"]);
    assert_eq!(known["searched"], 1);
    assert!(known["threshold"].as_f64() > Some(0.0) && known["false_positive_identification_rate"].as_f64() <= Some(0.01), "{known}");

    enrol(&place, 4, &["--despite-duplicates"]).expect(0);
    let two = search(4).expect(1).json();
    assert_eq!((&two["decision"], &two["reason"]), (&"undecided".into(), &"too_much_alike".into()), "{two}");
    assert_eq!(two["candidates"].as_array().map(Vec::len), Some(2));
    assert!(two["margin_percent"].as_f64() < Some(3.0), "{two}");
}

#[test]
fn a_search_looks_only_at_those_it_is_asked_about() {
    let place = Place::new();
    let people = [4, 8].map(|seed| enrol(&place, seed, &[]).expect(0).json());
    let code = |n: usize| people[n]["registration_code"].as_str().expect("a code");
    place.run(&["gallery", "create", "visitors"]).expect(0);
    place.run(&["gallery", "add", "visitors", code(1)]).expect(0);
    let picture = face(&place, 4);
    let search = |more: &[&str]| place.run(&[&["identify", "--image", &picture], more].concat());
    assert_eq!(search(&[]).expect(0).json()["searched"], 2);
    assert_eq!(search(&["--among", code(0), "--candidates", "1"]).expect(0).json()["searched"], 1);
    let visitors = search(&["--gallery", "visitors", "--cutoff", "0"]).expect(1).json();
    assert_eq!((&visitors["decision"], &visitors["searched"]), (&"unknown".into(), &1.into()), "{visitors}");
    assert_eq!(search(&["--gallery", "visitors", "--among", code(0)]).expect(1).json()["reason"], "nobody_searched");
    search(&["--gallery", "nowhere"]).expect_error(2, "GAL-06");
    search(&["--among", "AAAA-AAAA"]).expect_error(2, "GAL-20");
    search(&["--cutoff", "101"]).expect_error(2, "USE-01");
}

/// With a rate of false answers that asks for more than the calibration holds, one person is too large a gallery already.
#[test]
fn a_gallery_too_large_for_the_thresholds_is_said_to_be_and_how_to_go_on() {
    let place = Place::new();
    enrol(&place, 4, &[]).expect(0);
    let picture = face(&place, 4);
    let strict = "[identification]\nfalse_positive_rate = 0.000001\n";
    let run = |arguments: &[&str]| place.run_with(strict, b"", arguments);
    let answer = run(&["identify", "--image", &picture]).expect(1).json();
    assert_eq!((&answer["decision"], &answer["reason"]), (&"unknown".into(), &"gallery_too_large".into()), "{answer}");
    assert_eq!((&answer["supported_templates"], &answer["threshold"]), (&0.into(), &serde_json::Value::Null), "{answer}");
    assert!(answer["strictest_false_positive_identification_rate"].as_f64() > Some(0.000_001), "{answer}");
    assert_eq!(answer["candidates"].as_array().map(Vec::len), Some(1), "the list is there to compare the faces");

    let check = |report: serde_json::Value| {
        report["checks"].as_array().expect("a list").iter().find(|c| c["name"] == "decisions").expect("the check").clone()
    };
    let warned = check(run(&["doctor"]).json());
    assert_eq!((&warned["state"], &warned["code"], &warned["details"]["people"]), (&"warning".into(), &"BIO-25".into(), &1.into()));
    let usual = check(place.run(&["doctor"]).json());
    assert_eq!((&usual["state"], &usual["details"]["searches_reach"]), (&"ok".into(), &1005.into()), "{usual}");
    let card = place.run(&["models", "card", "recogniser"]).expect(0).json();
    assert_eq!(card["thresholds"]["searches_reach"], 1005, "{}", card["thresholds"]);
    assert_eq!(place.run(&["models", "card", "detector"]).expect(0).json()["thresholds"], serde_json::Value::Null);

    // One person holds no comparison of two, and practice says nothing about people.
    place.run(&["gallery", "calibrate"]).expect_error(2, "BIO-24");
    place.run(&["gallery", "--practice", "calibrate"]).expect_error(2, "USE-01");
}

#[test]
fn a_search_of_one_person_asks_as_much_as_a_comparison_with_them() {
    let place = Place::new();
    let code = enrol(&place, 4, &[]).expect(0).json()["registration_code"].as_str().expect("a code").to_owned();
    for level in ["1", "3", "5"] {
        let configuration = format!("[matching]\nlevel = {level}\n");
        let run = |arguments: &[&str]| place.run_with(&configuration, b"", arguments).json();
        let picture = face(&place, 4);
        let (search, comparison) =
            (run(&["identify", "--among", &code, "--image", &picture]), run(&["authenticate", &code, "--image", &picture]));
        assert_eq!(search["threshold"], comparison["threshold"], "level {level}");
    }
}
