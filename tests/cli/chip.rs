//! `visavis document chip`: folders of files, exit codes, JSON, and the portrait that is written only where nothing stood.
#![allow(clippy::unwrap_used, reason = "helper functions of tests fail by panicking")]

#[allow(dead_code, reason = "the tests of the verifier use the rest")]
#[path = "../documents/chip/issuer.rs"]
mod issuer;

use crate::program::{Answer, Place};
use issuer::{Country, Kind, PORTRAIT, ZONE, common, face_group, zone_group};
use std::path::{Path, PathBuf};
use visavis::adapters::camera::synthetic::document::{Holder, PAGE_RESOLUTION, PageKind, Printer};
use visavis::geometry::Size;
use visavis::imaging::Frame;
use visavis::imaging::encode::{jpeg, png};

/// A place with a chip's files and the authority's certificate in folders.
fn place() -> (Place, String, String) {
    let place = Place::new();
    let country = Country::new(Kind::P256);
    let folder = |name: &str| {
        let folder = place.path().join(name);
        std::fs::create_dir(&folder).unwrap();
        folder
    };
    let (chip, csca) = (folder("chip"), folder("csca"));
    for (file, bytes) in country.chip().iter() {
        std::fs::write(chip.join(format!("{file}.bin")), bytes).unwrap();
    }
    std::fs::write(csca.join("utopia.cer"), country.authority.issue(&country.authority.subject, country.authority.key)).unwrap();
    let text = |path: PathBuf| path.to_string_lossy().into_owned();
    let (chip, csca) = (text(chip), text(csca));
    (place, chip, csca)
}

fn check(answer: &Answer, name: &str) -> serde_json::Value {
    let json = answer.json();
    assert_eq!(json["schema"], "visavis.chip/1");
    json["checks"].as_array().unwrap().iter().find(|c| c["check"] == name).unwrap().clone()
}

#[test]
fn a_genuine_chip_is_authentic_and_its_portrait_is_written_once() {
    let (place, chip, csca) = place();
    let portrait = place.path().join("portrait.jpg");
    let target = portrait.to_string_lossy().into_owned();
    let lines = format!("{}\n\n  {}\n", &ZONE[..44], &ZONE[44..].to_lowercase());
    let zone = place.file("zone.txt", lines.as_bytes()).to_string_lossy().into_owned();
    let arguments = ["document", "chip", &chip, "--csca", &csca, "--zone", &zone, "--portrait", &target];
    let answer = place.run(&arguments).expect(0);
    assert_eq!(answer.json()["verdict"], "authentic");
    assert_eq!(check(&answer, "zone_against_print")["status"], "passed");
    assert_eq!(answer.json()["zone"]["family_name"], "ERIKSSON");
    assert_eq!(std::fs::read(&portrait).unwrap(), PORTRAIT);
    place.run(&arguments).expect_error(3, "DOC-47");
}

#[test]
fn the_printed_zone_comes_from_a_file_or_standard_input_and_never_from_the_arguments() {
    let (place, chip, csca) = place();
    let arguments = |zone| ["document", "chip", &chip, "--csca", &csca, "--zone", zone];
    let typed = format!("{}\n{}\n", &ZONE[..44], &ZONE[44..]);
    let answer = place.run_with("", typed.as_bytes(), &arguments("-")).expect(0);
    assert_eq!(check(&answer, "zone_against_print")["status"], "passed");
    let other = typed.replace("ERIKSSON", "ERICSSON");
    let answer = place.run_with("", other.as_bytes(), &arguments("-")).expect(1);
    assert_eq!(check(&answer, "zone_against_print")["cause"], "differs");
    place.run_with("", b"good morning", &arguments("-")).expect_error(2, "DOC-02");
    let line = place.run(&arguments(&ZONE[..44]));
    assert!(!line.stderr.contains("ERIKSSON") && !line.stdout.contains("ERIKSSON"), "what was given by mistake is not repeated");
    line.expect_error(2, "USE-31");
}

#[test]
fn authorities_in_the_data_folder_are_trusted_unless_another_folder_is_named() {
    let (place, chip, csca) = place();
    let own = place.path().join("data/csca");
    std::fs::create_dir_all(&own).unwrap();
    let other = Country::new(Kind::P384);
    let foreign = place.path().join("foreign");
    std::fs::create_dir(&foreign).unwrap();
    std::fs::write(foreign.join("other.cer"), other.authority.issue(&other.authority.subject, other.authority.key)).unwrap();
    std::fs::copy(Path::new(&csca).join("utopia.cer"), own.join("utopia.cer")).unwrap();
    let answer = place.run(&["document", "chip", &chip]).expect(0);
    assert_eq!((answer.json()["verdict"].as_str(), answer.json()["trusted_authorities"].as_u64()), (Some("authentic"), Some(1)));
    let answer = place.run(&["document", "chip", &chip, "--csca", &foreign.to_string_lossy()]).expect(1);
    assert_ne!(answer.json()["verdict"], "authentic");
    std::fs::remove_file(own.join("utopia.cer")).unwrap();
    place.run(&["document", "chip", &chip]).expect_error(2, "DOC-45");
}

/// A specimen page as a picture file: its path, the lines of its zone, its portrait as a JPEG.
fn page(place: &Place) -> (String, String, Vec<u8>) {
    let page = Printer::new().page(PageKind::Passport, &Holder::from_seed(4), None);
    let file = place.file("page.png", &png(&page.picture).unwrap()).to_string_lossy().into_owned();
    let cut = page.portrait_mm.unwrap();
    let at = |x: u32, y: u32| {
        let pixel = |millimetres: f32, more: u32| i64::from((millimetres * PAGE_RESOLUTION) as u32 + more);
        page.picture.pixel_clamped(pixel(cut.x, x), pixel(cut.y, y))
    };
    let side = |millimetres: f32| (millimetres * PAGE_RESOLUTION) as u32;
    let portrait = Frame::from_fn(Size::new(side(cut.width), side(cut.height)), at);
    (file, page.zone.concat(), jpeg(&portrait, 95).unwrap())
}

/// Writes the files of a chip with this zone and portrait, signed in Utopia.
fn chip_of(folder: &Path, zone: &str, portrait: &[u8]) -> String {
    std::fs::create_dir_all(folder).unwrap();
    let groups = [(1, zone_group(zone)), (2, face_group(portrait))];
    std::fs::write(folder.join("EF.SOD"), Country::new(Kind::P256).security_object(&groups, 0)).unwrap();
    std::fs::write(folder.join("EF.COM"), common(&[0x61, 0x75])).unwrap();
    for (number, bytes) in groups {
        std::fs::write(folder.join(format!("EF.DG{number}")), bytes).unwrap();
    }
    folder.to_string_lossy().into_owned()
}

#[test]
fn a_chip_beside_a_document_is_verified_compared_and_its_portrait_preferred() {
    let (place, eriksson, csca) = place();
    let (file, zone, portrait) = page(&place);
    let chip = chip_of(&place.path().join("own"), &zone, &portrait);
    let read = |more: &[&str]| place.run(&[&["document", "read", &file, "--allow-specimens"], more].concat());
    let state = |json: &serde_json::Value| {
        let check = json["checks"].as_array().unwrap().iter().find(|c| c["check"] == "chip").unwrap();
        (check["status"].as_str().unwrap().to_owned(), check["consequence"].as_str().map(str::to_owned))
    };
    assert!(read(&[]).expect(0).json()["chip"].is_null(), "no chip, nothing about one");
    let genuine = read(&["--chip", &chip, "--csca", &csca]).expect(0).json();
    assert_eq!((genuine["overall"].as_str(), genuine["chip"]["verdict"].as_str()), (Some("ok"), Some("authentic")), "{genuine}");
    assert_eq!((state(&genuine).0.as_str(), genuine["chip"]["portrait"]["trusted"].as_bool()), ("passed", Some(true)));
    let unknown = read(&["--chip", &chip]).expect(0).json();
    assert_eq!((unknown["chip"]["verdict"].as_str(), state(&unknown).0.as_str()), (Some("undecided"), "failed"), "and it refuses nobody");
    // Genuine, but of another document.
    let lent = read(&["--chip", &eriksson, "--csca", &csca]).expect(1).json();
    assert_eq!((lent["overall"].as_str(), state(&lent)), (Some("refused"), ("failed".to_owned(), Some("refuse".to_owned()))), "{lent}");
    read(&["--chip", "nowhere"]).expect_error(2, "DOC-40");
    read(&["--csca", &csca]).expect_error(2, "USE-01");

    let face = place.file("face.jpg", &portrait).to_string_lossy().into_owned();
    let verify = |more: &[&str]| place.run(&[&["document", "verify", &file, "--face", &face, "--allow-specimens"], more].concat());
    let signed = verify(&["--chip", &chip, "--csca", &csca]).expect(1).json();
    assert_eq!((signed["overall"].as_str(), signed["portrait_from"].as_str()), (Some("undecided"), Some("chip")), "{signed}");
    assert!(signed["face_match"]["score"].as_f64().is_some_and(|score| score > 0.99), "the same bytes: {}", signed["face_match"]);
    let report = place.path().join("report.html").to_string_lossy().into_owned();
    let unsigned = verify(&["--chip", &chip, "--report", &report]).expect(1).json();
    assert_eq!(unsigned["portrait_from"], "print", "nobody stands behind the chip's");
    let report = std::fs::read_to_string(report).unwrap();
    assert!(report.contains("Country authority"), "its checks are in the report");
    // One byte of the portrait is another one.
    let group = Path::new(&chip).join("EF.DG2");
    let mut bytes = std::fs::read(&group).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&group, bytes).unwrap();
    let altered = verify(&["--chip", &chip, "--csca", &csca]).expect(1).json();
    assert_eq!((altered["overall"].as_str(), altered["chip"]["verdict"].as_str()), (Some("refused"), Some("refused")));
    assert_eq!(altered["portrait_from"], "print");
}

#[test]
fn without_its_authority_nothing_is_authentic() {
    let (place, chip, _) = place();
    let answer = place.run(&["document", "chip", &chip]).expect(1);
    assert_eq!(answer.json()["verdict"], "undecided");
    assert_eq!(check(&answer, "country_authority")["cause"], "authority_unknown");
}

#[test]
fn a_changed_file_is_refused() {
    let (place, chip, csca) = place();
    let file = PathBuf::from(&chip).join("EF.DG1.bin");
    let changed = String::from_utf8(std::fs::read(&file).unwrap()).unwrap().replace("ERIKSSON", "ERICSSON");
    std::fs::write(&file, changed).unwrap();
    let answer = place.run(&["document", "chip", &chip, "--csca", &csca]).expect(1);
    assert_eq!(answer.json()["verdict"], "refused");
    assert_eq!(check(&answer, "data_groups")["cause"], "hash_differs");
}

#[test]
fn folders_that_are_none_have_their_codes() {
    let (place, chip, csca) = place();
    let run = |chip: &str, csca: &str| place.run(&["document", "chip", chip, "--csca", csca]);
    run("nowhere", &csca).expect_error(2, "DOC-40");
    run(&csca, &csca).expect_error(2, "DOC-41");
    run(&chip, &chip).expect_error(2, "DOC-45");
    let file = |name: &str, bytes: &[u8]| std::fs::write(PathBuf::from(&chip).join(name), bytes).unwrap();
    file("dg1", b"x");
    run(&chip, &csca).expect_error(2, "DOC-43");
    std::fs::remove_file(PathBuf::from(&chip).join("dg1")).unwrap();
    file("EF.DG11", &[]);
    run(&chip, &csca).expect_error(2, "DOC-42");
    file("EF.DG11", &vec![0x6B; 1_048_577]);
    run(&chip, &csca).expect_error(2, "DOC-42");
    // A file with another name is passed over and said so.
    std::fs::remove_file(PathBuf::from(&chip).join("EF.DG11")).unwrap();
    file("notes.txt", b"x");
    let answer = run(&chip, &csca).expect(0);
    assert_eq!(answer.json()["skipped_files"][0]["file"], "notes.txt");
}
