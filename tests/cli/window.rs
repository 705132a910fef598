//! The window where there is none: a coded error in plain words and an orderly end, not a signal.

use crate::program::Place;

/// A display that nobody serves.
const NOWHERE: (&str, &str) = ("DISPLAY", ":4077");

#[test]
fn without_a_display_the_window_is_refused_in_plain_words() {
    let place = Place::new();
    for (environment, arguments) in [
        (&[][..], &["kiosk"][..]),
        (&[], &["desk"]),
        (&[], &[]),
        (&[NOWHERE], &["desk"]),
        (&[NOWHERE], &["--camera", "synthetic", "kiosk"]),
    ] {
        // `run_in` insists on an exit code: a program ended by a signal has none.
        let answer = place.run_in(environment, "", b"", arguments);
        assert!(!answer.stderr.contains(".rs:"), "names a place in the source: {}", answer.stderr);
        answer.expect_error(3, "SYS-23");
    }
}

#[test]
fn a_display_that_does_not_answer_leaves_the_demonstration_its_pictures() {
    let place = Place::new();
    let out = place.path().join("demo").to_string_lossy().into_owned();
    let report = place.run_in(&[NOWHERE], "", b"", &["demo", "--out", &out]).expect(0).json();
    assert_eq!(report["enrolled"], true);
    assert!(report["pictures"].as_array().is_some_and(|pictures| !pictures.is_empty()), "{report}");
}
