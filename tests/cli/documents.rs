//! `visavis document`: coded answers to half a document, a cover, a bank card, two documents, blur and glare; never accepted, never a panic.

use crate::program::{Answer, Place};
use crate::said::say;
use image::{DynamicImage, GenericImage as _, ImageFormat, Rgb, RgbImage, imageops};
use std::path::PathBuf;

/// A specimen page with a zone that reads right; `None` says what was left out.
fn specimen(check: &str, name: &str) -> Option<DynamicImage> {
    let file = std::env::var_os("VISAVIS_REFERENCE_DIR").map(|f| PathBuf::from(f).join("documents/images/passporteye").join(name));
    let Some(file) = file.filter(|f| f.is_file()) else {
        say(&format!("{check}: NOT RUN, because VISAVIS_REFERENCE_DIR names no folder with {name}"));
        return None;
    };
    Some(image::open(file).expect("a picture"))
}

fn read(place: &Place, picture: &DynamicImage, more: &[&str]) -> Answer {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.to_rgb8().write_to(&mut bytes, ImageFormat::Png).expect("encodes");
    let path = place.file("document.png", bytes.get_ref()).to_string_lossy().into_owned();
    place.run(&[&["document", "read", &path], more].concat())
}

/// Asserts an answer of no that names what to do, and returns the words of its remarks.
#[track_caller]
fn not_accepted(answer: Answer) -> Vec<String> {
    let json = answer.expect(1).json();
    assert_eq!(json["schema"], "visavis.document/1");
    assert_ne!(json["overall"], "ok", "{json}");
    let advice = json["advice"].as_array().expect("a list");
    assert!(
        advice.iter().all(|a| a["code"].as_str().is_some_and(|c| c.starts_with("DOC-")) && !a["advice"].as_str().unwrap_or("").is_empty())
    );
    assert!(json["retry_document_capture"] == false || !advice.is_empty(), "again, and not a word of what to do otherwise: {json}");
    advice.iter().map(|a| a["word"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_cover_and_a_bank_card_are_told_what_to_do() {
    let place = Place::new();
    let mut cover = RgbImage::from_pixel(900, 640, Rgb([92, 24, 34]));
    for (x, y, pixel) in cover.enumerate_pixels_mut() {
        let (dx, dy) = (x as i32 - 450, y as i32 - 330);
        if dx * dx + dy * dy < 60 * 60 {
            *pixel = Rgb([190, 150, 60]);
        }
    }
    assert!(not_accepted(read(&place, &cover.into(), &[])).contains(&"nothing_recognised".to_owned()));
    let mut card = RgbImage::from_pixel(856, 540, Rgb([30, 60, 140]));
    for group in 0..4 {
        for digit in 0..4 {
            let left = 70 + group * 180 + digit * 36;
            imageops::overlay(&mut card, &RgbImage::from_pixel(20, 34, Rgb([220, 220, 225])), left, 300);
        }
    }
    let words = not_accepted(read(&place, &card.into(), &[]));
    assert!(words.iter().any(|w| w == "nothing_recognised" || w == "nothing_readable"), "{words:?}");
}

#[test]
fn half_a_document_blur_glare_and_two_documents_are_not_accepted() {
    let Some(page) = specimen("bad captures", "passport-td3.png") else { return };
    let place = Place::new();
    let rules = ["--allow-specimens", "--allow-expired", "--without-portrait"];
    let whole = read(&place, &page, &rules).expect(0).json();
    assert_eq!((whole["overall"].as_str(), whole["zone"]["format"].as_str()), (Some("ok"), Some("TD3")));
    let (width, height) = (page.width(), page.height());
    not_accepted(read(&place, &page.crop_imm(0, 0, width * 6 / 10, height), &rules));
    not_accepted(read(&place, &page.crop_imm(0, 0, width, height * 7 / 10), &rules));
    let bottom = page.crop_imm(0, height * 7 / 10, width, height - height * 7 / 10);
    let words = not_accepted(read(&place, &bottom, &rules[..2]));
    assert!(words.contains(&"no_portrait".to_owned()), "the lines alone: {words:?}");
    not_accepted(read(&place, &page.blur(9.0), &rules));
    let mut glare = page.to_rgb8();
    let (left, top) = (width / 3, height * 3 / 4);
    imageops::overlay(&mut glare, &RgbImage::from_pixel(width / 3, height / 4, Rgb([255; 3])), i64::from(left), i64::from(top));
    not_accepted(read(&place, &glare.into(), &rules));
    let Some(other) = specimen("two documents", "100_pass-bdr.jpg") else { return };
    let other = other.resize_exact(width, height, imageops::FilterType::Triangle);
    let mut both = RgbImage::new(width, 2 * height);
    both.copy_from(&page.to_rgb8(), 0, 0).expect("fits");
    both.copy_from(&other.to_rgb8(), 0, height).expect("fits");
    let words = not_accepted(read(&place, &both.into(), &rules));
    assert!(words.contains(&"several_documents".to_owned()), "{words:?}");
}

/// The state of a check, and whether the answer rests on it.
#[track_caller]
fn state(json: &serde_json::Value, name: &str) -> (String, bool) {
    let check = json["checks"].as_array().expect("a list").iter().find(|c| c["check"] == name).expect("every check is listed");
    let because = json["because"].as_array().expect("a list").iter().any(|b| b == name);
    (check["status"].as_str().unwrap_or_default().to_owned(), because)
}

#[test]
fn a_picture_of_a_face_never_takes_the_place_of_a_person() {
    let Some(page) = specimen("the portrait against itself", "passport-td3.png") else { return };
    let place = Place::new();
    let rules = ["--allow-specimens", "--allow-expired"];
    let alone = read(&place, &page, &rules).expect(0).json();
    assert_eq!(state(&alone, "living_face"), ("not_checked".to_owned(), false), "no face was asked for");
    let path = place.path().join("document.png").to_string_lossy().into_owned();
    // The page's own portrait: whoever holds the document has this picture.
    let corner = |i: usize, axis: usize| alone["portrait"]["corners"][i][axis].as_f64().expect("a portrait");
    let (wide, high) = (corner(2, 0) - corner(0, 0), corner(2, 1) - corner(0, 1));
    let side = |length: f64| length.max(0.0) as u32;
    let (left, top) = (side(corner(0, 0) - 0.3 * wide), side(corner(0, 1) - 0.4 * high));
    let mut bytes = std::io::Cursor::new(Vec::new());
    page.crop_imm(left, top, side(1.6 * wide), side(1.7 * high)).to_rgb8().write_to(&mut bytes, ImageFormat::Png).expect("encodes");
    let face = place.file("face.png", bytes.get_ref()).to_string_lossy().into_owned();
    let verify = || place.run(&[&["document", "verify", &path, "--face", &face], &rules[..]].concat()).expect(1).json();
    let same = verify();
    assert_eq!(same["face_match"]["decision"], "match", "{same}");
    assert_eq!((same["overall"].as_str(), same["awareid"].as_str()), (Some("undecided"), Some("UNDEFINED")));
    assert_eq!(state(&same, "living_face"), ("not_checked".to_owned(), true));
    assert_eq!(state(&same, "portrait_match"), ("passed".to_owned(), false));
    assert_eq!(same["because"].as_array().map(Vec::len), Some(1), "nothing but that stands against it: {same}");
    assert!(same["gallery_failure"].is_null() && !place.path().join("data/gallery.db").exists(), "nobody is enrolled here");
    // A gallery that is there and cannot be asked is not one in which nobody is enrolled.
    std::fs::create_dir_all(place.path().join("data")).expect("a folder");
    let noise: Vec<u8> = (0..8192_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    std::fs::write(place.path().join("data/gallery.db"), &noise).expect("writable");
    let unasked = verify();
    assert_eq!((unasked["overall"].as_str(), state(&unasked, "duplicate_number")), (Some("undecided"), ("failed".to_owned(), true)));
    let failure = &unasked["gallery_failure"];
    assert!(failure["code"].as_str().is_some_and(|c| !c.is_empty()) && !failure["message"].as_str().unwrap_or("").is_empty(), "{unasked}");
    assert!(!failure["advice"].as_str().unwrap_or("").is_empty());
    let plain = place.plain(&[&["document", "verify", &path, "--face", &face], &rules[..]].concat()).expect(1).stdout;
    assert!(plain.contains("the gallery could not be asked") && plain.contains("Comparison only"), "{plain}");
    assert_eq!(std::fs::read(place.path().join("data/gallery.db")).expect("there"), noise, "and it is left as it was");
}

/// A QR code of a text, white around it.
fn qr_code(text: &str) -> RgbImage {
    use rxing::Writer as _;
    let matrix = rxing::qrcode::QRCodeWriter.encode(text, &rxing::BarcodeFormat::QR_CODE, 200, 200).expect("fits");
    RgbImage::from_fn(matrix.getWidth(), matrix.getHeight(), |x, y| Rgb([if matrix.get(x, y) { 0 } else { 255 }; 3]))
}

#[test]
fn a_symbol_is_compared_with_the_zone_and_never_stands_in_for_it() {
    let Some(page) = specimen("symbols with a zone", "passport-td3.png") else { return };
    let place = Place::new();
    let rules = ["--allow-specimens", "--allow-expired", "--without-portrait"];
    let whole = read(&place, &page, &rules).expect(0).json();
    let own: Vec<&str> = whole["zone"]["lines"].as_array().expect("lines").iter().filter_map(|l| l.as_str()).collect();
    let (own, other) = (own.join("\n"), "P<FRADURAND<<AMELIE<<<<<<<<<<<<<<<<<<<<<<<<<\n18AB123451FRA9004230F3102112<<<<<<<<<<<<<<<4");
    let check = |json: &serde_json::Value, name: &str| {
        let checks = json["checks"].as_array().expect("a list");
        checks.iter().find(|c| c["check"] == name).map(|c| c["status"].as_str().unwrap_or_default().to_owned())
    };
    let (width, height) = (page.width(), page.height());
    // Without the lines at the bottom, and without print that could be taken for some.
    let portrait_side = || page.crop_imm(0, 0, width / 3, height * 7 / 10);
    let with = |text: &str, zone: bool| {
        let mut picture = RgbImage::from_pixel(width, height + 240, Rgb([255; 3]));
        let shown = if zone { page.to_rgb8() } else { portrait_side().to_rgb8() };
        picture.copy_from(&shown, 0, 0).expect("fits");
        imageops::overlay(&mut picture, &qr_code(text), 20, i64::from(height) + 20);
        read(&place, &picture.into(), &rules)
    };
    let alone = with(&own, false).expect(1).json();
    assert_eq!((alone["overall"].as_str(), alone["zone"].is_null()), (Some("undecided"), true), "{alone}");
    assert_eq!(alone["barcode"]["zone"]["right"], true, "it was read: {alone}");
    assert_eq!((check(&alone, "check_digits").as_deref(), check(&alone, "expiry").as_deref()), (Some("failed"), Some("not_checked")));
    let same = with(&own, true).expect(0).json();
    assert_eq!(check(&same, "zone_against_barcode").as_deref(), Some("passed"), "{same}");
    let somebody = with(other, true).expect(1).json();
    assert_eq!((somebody["overall"].as_str(), check(&somebody, "zone_against_barcode").as_deref()), (Some("refused"), Some("failed")));
}

#[test]
fn rules_and_typed_details_decide() {
    let Some(page) = specimen("rules", "passport-td3.png") else { return };
    let place = Place::new();
    let refused = read(&place, &page, &["--without-portrait"]).expect(1).json();
    assert_eq!((refused["overall"].as_str(), refused["awareid"].as_str()), (Some("refused"), Some("FAILED")));
    let because: Vec<&str> = refused["because"].as_array().expect("a list").iter().filter_map(|b| b.as_str()).collect();
    assert!(because.contains(&"expiry") && because.contains(&"specimen"), "{because:?}");
    assert!(refused["checks"].as_array().is_some_and(|c| c.len() == 22));
    // What is configured holds here too, and what is asked for lies over it.
    let path = place.path().join("document.png").to_string_lossy().into_owned();
    let configured = "[documents]\nmaximum_age = 20\nrefuse_expired = false\n";
    let more = ["--allow-specimens", "--without-portrait"];
    let older = place.run_with(configured, b"", &[&["document", "read", &path], &more[..]].concat()).expect(1).json();
    assert_eq!(older["because"].as_array().map(Vec::as_slice), Some(&["maximum_age".into()][..]), "{older}");
    place.run_with(configured, b"", &[&["document", "read", &path, "--maximum-age", "120"], &more[..]].concat()).expect(0);
    let typed = place.file("typed.json", br#"{"family_name":"Eriksson","birth_date":"1974-08-13"}"#).to_string_lossy().into_owned();
    let rules = ["--allow-specimens", "--allow-expired", "--without-portrait", "--typed", &typed];
    let differs = read(&place, &page, &rules).expect(1).json();
    let check = differs["checks"].as_array().expect("a list").iter().find(|c| c["check"] == "typed_against_document").expect("the check");
    assert_eq!((check["status"].as_str(), check["fields"][0].as_str()), (Some("failed"), Some("birth date")));
}

#[test]
fn the_report_lists_every_check_and_no_picture_unless_asked() {
    let Some(page) = specimen("report", "passport-td3.png") else { return };
    let place = Place::new();
    let path = place.path().join("report.html").to_string_lossy().into_owned();
    read(&place, &page, &["--report", &path]).expect(1);
    let report = std::fs::read_to_string(&path).expect("written");
    for text in ["<!doctype html>", "Check digits", "No specimen", "Portrait and living face", "ERIKSSON", "P&lt;UTO"] {
        assert!(report.contains(text), "{text}");
    }
    assert!(!report.contains("data:image"));
    let nowhere = place.path().join("no/such/folder/report.html").to_string_lossy().into_owned();
    read(&place, &page, &["--report", &nowhere]).expect_error(3, "SYS-24");
}

#[test]
fn what_is_cut_out_is_kept_apart() {
    let Some(page) = specimen("crops", "passport-td3.png") else { return };
    let place = Place::new();
    let folder = place.path().join("crops");
    let json = read(&place, &page, &["--crops", &folder.to_string_lossy()]).expect(1).json();
    let size = |name: &str| image::image_dimensions(folder.join(format!("{name}.png"))).map(|(w, h)| f64::from(w) / f64::from(h));
    // The signature stands right of the middle, a little above the zone; it is much wider than high, the portrait higher than wide.
    let corner =
        |i: usize| json["signature"]["corners"][i].as_array().expect("a point").iter().map(|v| v.as_f64().expect("a number") as u32);
    let (left, top): (u32, u32) = (corner(0).next().expect("x"), corner(0).nth(1).expect("y"));
    assert!((840..900).contains(&left) && (585..612).contains(&top), "{left} {top}");
    assert!(size("cropped_signature").is_ok_and(|ratio| ratio > 4.0));
    assert!(size("cropped_portrait").is_ok_and(|ratio| ratio < 1.0));
    assert!(size("cropped_front").is_ok() && size("cropped_back").is_err());
}

#[test]
fn typed_lines_are_read_in_any_case_and_rubbish_is_refused() {
    let place = Place::new();
    let lines = b"p<utoeriksson<<anna<maria<<<<<<<<<<<<<<<<<<<\nl898902c36uto7408122f1204159ze184226b<<<<<10\n";
    let answer = place.run_with("", lines, &["document", "lines", "-"]).expect(0).json();
    assert_eq!(
        (answer["schema"].as_str(), answer["family_name"].as_str(), answer["right"].as_bool()),
        (Some("visavis.document-lines/1"), Some("ERIKSSON"), Some(true))
    );
    let wrong = String::from_utf8_lossy(lines).replace("740812", "740813");
    assert_eq!(place.run_with("", wrong.as_bytes(), &["document", "lines", "-"]).expect(1).json()["right"].as_bool(), Some(false));
    place.run_with("", b"good morning", &["document", "lines", "-"]).expect_error(2, "DOC-02");
    place.run_with("", &[0xFF, 0xFE, 0, 1], &["document", "lines", "-"]).expect_error(2, "USE-31");
    place.run_with("", &[b'A'; 70_000], &["document", "lines", "-"]).expect_error(2, "USE-31");
}

#[test]
fn bad_input_is_two() {
    let place = Place::new();
    let letter = place.file("letter.jpg", b"Dear Sir or Madam").to_string_lossy().into_owned();
    place.run(&["document", "read", &letter]).expect_error(2, "IMG-05");
    let typed = place.file("typed.json", br#"{"shoe_size":"43"}"#).to_string_lossy().into_owned();
    place.run(&["document", "read", &letter, "--typed", &typed]).expect_error(2, "DOC-35");
    place.run(&["document", "read", &letter, "--with-pictures"]).expect_error(2, "USE-01");
    for issuer in ["azerbaijan", "QQZ", "GBD"] {
        place.run(&["document", "read", &letter, "--issuer", issuer]).expect_error(2, "USE-01");
    }
    place.run(&["document", "read", &letter, "--issuer", "aze", "--issuer", "D", "--issuer", "deu"]).expect_error(2, "IMG-05");
    place.run(&["document", "dance"]).expect_error(2, "USE-01");
}
