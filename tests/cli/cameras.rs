//! Flows before a camera that cannot serve: the camera's own code within seconds, bad input where what was asked for is at fault.

use crate::program::Place;

#[test]
fn what_cannot_be_played_is_bad_input() {
    let place = Place::new();
    let empty = place.path().join("empty");
    std::fs::create_dir(&empty).expect("writable");
    let empty = format!("replay:{}", empty.display());
    for camera in ["replay:/nonexistent/recording.y4m", &empty, "synthetic:nope"] {
        place.run(&["--camera", camera, "identify"]).expect_error(2, "CAM-09");
    }
}

/// No machine has a camera of that name.
#[test]
fn a_camera_that_is_not_there_is_waited_for_and_then_given_up() {
    let place = Place::new();
    place.run(&["--camera", "webcam:none-of-this-name", "identify"]).expect_error(3, "CAM-01");
}
