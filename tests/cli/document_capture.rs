//! `visavis document capture`, and reading from the camera: specimens before the practice camera, and cameras that fail.

use crate::program::Place;
use visavis::adapters::camera::synthetic::document::Holder;
use visavis::documents::mrz::Format;
use visavis::documents::mrz::write::write;

/// The zone printed on the specimen of a seed.
fn zone(seed: u64, format: Format) -> Vec<String> {
    write(&Holder::from_seed(seed).zone(format)).expect("a zone")
}

fn lines(json: &serde_json::Value) -> Vec<String> {
    json["lines"].as_array().into_iter().flatten().filter_map(|l| l.as_str().map(str::to_owned)).collect()
}

#[test]
fn a_passport_before_the_practice_camera_is_captured_and_its_zone_read() {
    let place = Place::new();
    let out = place.path().join("pages");
    let folder = out.to_string_lossy().into_owned();
    let json = place.run(&["document", "capture", "--camera", "document:td3?seed=4&act=upside-down", "--out", &folder]).expect(0).json();
    assert_eq!((json["schema"].as_str(), json["origin"].as_str()), (Some("visavis.document-capture/1"), Some("practice")));
    assert_eq!(lines(&json["zone"]), zone(4, Format::Td3), "{json}");
    let pages = json["pages"].as_array().expect("a list");
    assert_eq!(pages.len(), 1);
    let page = &pages[0];
    assert_eq!((page["shape"].as_str(), page["upside_down"].as_bool()), (Some("id2_or_id3"), Some(true)), "{page}");
    assert!(page["camera_dpi"].as_u64().is_some_and(|dpi| dpi > 125), "{page}");
    let kept = image::open(page["file"].as_str().expect("a path")).expect("a picture");
    assert_eq!(Some(u64::from(kept.width())), page["width"].as_u64());
}

#[test]
fn a_licence_is_captured_on_both_sides_and_read_from_the_camera() {
    let place = Place::new();
    let json = place.run(&["document", "read", "--camera", "document:dl?seed=7&act=still"]).expect(0).json();
    assert_eq!((json["origin"].as_str(), json["overall"].as_str()), (Some("practice"), Some("ok")), "{json}");
    assert_eq!(json["barcode"]["licence"]["document_number"].as_str(), Some(Holder::from_seed(7).number.as_str()));
    assert_eq!(json["portrait"]["comparable"].as_bool(), Some(true));
}

#[test]
fn an_empty_desk_ends_in_a_coded_no_and_a_camera_that_ends_in_its_own_code() {
    let place = Place::new();
    let out = place.path().join("pages").to_string_lossy().into_owned();
    place.run(&["document", "capture", "--camera", "document:empty", "--timeout", "3", "--out", &out]).expect_error(1, "DOC-62");
    assert_eq!(std::fs::read_dir(&out).expect("the folder was made").count(), 0);
    let mut desk = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(640, 360, image::Rgb([120, 110, 90])).write_to(&mut desk, image::ImageFormat::Png).expect("encodes");
    let desk = place.file("desk.png", desk.get_ref());
    let once = format!("replay:{}?once", desk.display());
    place.run(&["document", "capture", "--camera", &once, "--out", &out]).expect_error(3, "CAM-08");
    place.run(&["document", "capture", "--camera", "document:td9", "--out", &out]).expect_error(2, "CAM-11");
    place.run(&["document", "capture", "--camera", "document:td3"]).expect_error(2, "USE-01");
}
