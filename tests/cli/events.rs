//! `visavis events` on the command line.

use crate::program::Place;

#[test]
fn a_receiver_is_registered_changed_rotated_and_removed() {
    let place = Place::new();
    let types = place.run(&["events", "types"]).expect(0).json();
    assert_eq!(types["types"].as_array().map(Vec::len), Some(24));
    place.run(&["events", "register", "https://hooks.example", "--event", "weather.changed"]).expect_error(2, "USE-01");
    place.run(&["events", "register", "http://hooks.example", "--event", "enrollment.started"]).expect_error(3, "SVC-04");
    let made = place.run(&["events", "register", "https://hooks.example", "--event", "enrollment.started"]).expect(0).json();
    let (id, secret) = (made["webhook_id"].as_str().expect("an id").to_owned(), made["secret"].as_str().expect("a secret").to_owned());
    assert_eq!((id.len(), secret.len()), (32, 44));
    let shown = place.run(&["events", "show", &id]).expect(0).json();
    assert_eq!((&shown["secret"], &shown["encrypt_message_body"]), (&serde_json::Value::Null, &true.into()));
    let changed = place.run(&["events", "update", &id, "--event", "authentication.completed", "--encrypt", "false"]).expect(0).json();
    assert_eq!((&changed["encrypt_message_body"], &changed["events"][0]), (&false.into(), &"authentication.completed".into()));
    let rotated = place.run(&["events", "rotate", &id, "--overlap-hours", "2"]).expect(0).json();
    assert!(rotated["secret"] != secret.as_str() && rotated["previous_secret_valid_until"].is_string());
    assert_eq!(place.run(&["events", "posts"]).expect(0).json()["total"], 0);
    assert_eq!(place.run(&["events", "run", "--wait", "0"]).expect(0).json()["waiting"], 0);
    place.run(&["events", "query", &id, "1"]).expect(1);
    place.run(&["events", "remove", &id]).expect(0);
    assert_eq!(place.run(&["events", "list"]).expect(0).json()["webhooks"].as_array().map(Vec::len), Some(0));
}
