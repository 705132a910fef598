//! `visavis document chip`: folders of files, exit codes, JSON, and the portrait that is written only where nothing stood.
#![allow(clippy::unwrap_used, reason = "helper functions of tests fail by panicking")]

#[allow(dead_code, reason = "the tests of the verifier use the rest")]
#[path = "../documents/chip/issuer.rs"]
mod issuer;

use crate::program::{Answer, Place};
use issuer::{Country, Kind, PORTRAIT, ZONE};
use std::path::PathBuf;

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
    let arguments = ["document", "chip", &chip, "--csca", &csca, "--zone", &ZONE[..44], "--zone", &ZONE[44..], "--portrait", &target];
    let answer = place.run(&arguments).expect(0);
    assert_eq!(answer.json()["verdict"], "authentic");
    assert_eq!(check(&answer, "zone_against_print")["status"], "passed");
    assert_eq!(answer.json()["zone"]["family_name"], "ERIKSSON");
    assert_eq!(std::fs::read(&portrait).unwrap(), PORTRAIT);
    place.run(&arguments).expect_error(3, "DOC-47");
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
