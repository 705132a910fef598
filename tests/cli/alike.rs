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
