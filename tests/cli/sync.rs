//! `visavis sync` on the command line: what it says, and how it exits.

use crate::program::Place;

#[test]
fn an_empty_outbox_is_calm() {
    let place = Place::new();
    let status = place.run(&["sync", "status"]).expect(0).json();
    assert_eq!((&status["schema"], &status["waiting"], &status["attention"]), (&"visavis.sync_status/1".into(), &0.into(), &0.into()));
    let list = place.run(&["sync", "status", "--list"]).expect(0).json();
    assert_eq!((&list["schema"], &list["total"]), (&"visavis.sync_deliveries/1".into(), &0.into()));
    let run = place.run(&["sync", "run"]).expect(0).json();
    assert_eq!((&run["schema"], &run["done"]["delivered"]), (&"visavis.sync_run/1".into(), &0.into()));
    let retry = place.run(&["sync", "retry", "--refused", "--set-aside"]).expect(0).json();
    assert_eq!(retry["retried"], 0);
    let backfill = place.run(&["sync", "backfill", "--dry-run"]).expect(0).json();
    assert_eq!((&backfill["schema"], &backfill["services"]), (&"visavis.sync_backfill/1".into(), &serde_json::json!([])));
    let closed = "[sync]\nschedule = [\"00:00-12:00\", \"12:00-24:00\"]\n";
    assert!(place.run_with(closed, b"", &["sync", "status"]).expect(0).json()["opens_at"].is_null(), "open all day");
    place.run_with("[sync]\nschedule = [\"9-17\"]\n", b"", &["sync", "status"]).expect_error(2, "CFG-03");
}

#[test]
fn the_status_says_what_delivery_promises_at_each_service() {
    let place = Place::new();
    let endpoint = |name: &str| format!("[services.{name}.endpoint]\nbase_url = \"https://{name}.example\"\n");
    let services = ["baf", "awareid", "faceki", "onboarding"];
    let config =
        format!("[sync]\nservices = {services:?}\n[services.faceki]\nreconcile_by_search = false\n{}", services.map(endpoint).concat());
    let status = place.run_with(&config, b"", &["sync", "status"]).expect(0).json();
    let promised: std::collections::BTreeMap<_, _> = status["services"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| (row["service"].as_str().expect("text"), row["guarantee"].as_str().expect("a promise")))
        .collect();
    let expected = [
        ("awareid", "exactly_once_by_look_up"),
        ("baf", "exactly_once_by_key"),
        ("faceki", "at_most_once"),
        ("onboarding", "at_most_once"),
    ];
    assert_eq!(promised, expected.into());
}

#[test]
fn what_is_asked_of_nothing_is_refused_with_a_code() {
    let place = Place::new();
    let key = "0190a5c4-0000-7000-8000-000000000001";
    place.run(&["sync", "retry", key]).expect_error(2, "SYN-03");
    place.run(&["sync", "resolve", key, "--arrived"]).expect_error(2, "SYN-03");
    place.run(&["sync", "resolve", key]).expect_error(2, "USE-01");
    place.run(&["sync", "retry"]).expect_error(2, "USE-01");
    place.run(&["sync", "backfill", "--service", "baf"]).expect_error(2, "SYN-06");
    let picture = place.file("card.png", b"no picture").to_string_lossy().into_owned();
    place.run(&["record", "document", key, "--front", &picture]).expect_error(2, "IMG-05");
    place.run(&["sync", "status", "--list", "--state", "lost"]).expect_error(2, "USE-01");
    place.run(&["sync", "status", "--state", "queued"]).expect_error(2, "USE-01");
}

#[test]
fn packets_need_a_branch_and_trusted_machines() {
    let (here, there) = (Place::new(), Place::new());
    let key = |place: &Place, name: &str| place.run(&["gallery", "key"]).expect(0).json()[name].as_str().expect("text").to_owned();
    let stick = here.path().join("stick");
    let stick = stick.to_str().expect("UTF-8");
    here.run(&["sync", "export", stick]).expect_error(2, "USE-01");
    here.run(&["sync", "export", stick, "--to", "nonsense"]).expect_error(2, "GAL-45");
    let report = here.run(&["sync", "export", stick, "--to", &key(&there, "receives_as")]).expect(0).json();
    assert_eq!((&report["schema"], &report["packets"]), (&"visavis.sync_export/1".into(), &0.into()));
    there.run(&["sync", "import", stick]).expect_error(2, "USE-01");
    let taken = there.run(&["sync", "import", stick, "--from", &key(&here, "signs_as")]).expect(0).json();
    assert_eq!((&taken["schema"], &taken["packets"]), (&"visavis.sync_import/1".into(), &0.into()));
    let stranger = there.run(&["sync", "import", stick, "--from", &key(&there, "receives_as")]).expect(1).json();
    assert_eq!(stranger["problems"][0]["code"], "GAL-44");
}
