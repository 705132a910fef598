//! Presentation attack detection measured from outside: the drill and the evaluation over stills, with the generated pack.

use crate::program::Place;
use crate::tiny_pack;
use std::path::PathBuf;
use visavis::imaging::encode;

fn models(place: &Place) -> String {
    let folder = place.path().join("tiny");
    tiny_pack::write(&folder);
    folder.to_string_lossy().into_owned()
}

fn stills(place: &Place, name: &str, count: u32) -> PathBuf {
    let folder = place.path().join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    for i in 0..count {
        let place = 0.4 + 0.05 * i as f32;
        let picture = encode::png(&tiny_pack::marker_frame(512, &[(place, place)])).expect("a picture");
        std::fs::write(folder.join(format!("{i}.png")), picture).expect("written");
    }
    folder
}

#[test]
fn stills_are_counted_per_species_with_intervals() {
    let place = Place::new();
    let models = models(&place);
    let genuine = stills(&place, "genuine", 4);
    let print = format!("print={}", stills(&place, "print", 3).display());
    std::fs::write(genuine.join("broken.png"), b"no picture").expect("written");
    let genuine = genuine.to_string_lossy().into_owned();
    let report = place.run(&["--models", &models, "evaluate", "pad", "--bona-fide", &genuine, "--attack", &print]).expect(0).json();
    assert_eq!(report["schema"], "visavis.pad-evaluation/1");
    // The pack's network says bona fide to everything.
    assert_eq!((&report["bpcer"]["events"], &report["bpcer"]["trials"]), (&0.into(), &4.into()), "{report}");
    assert_eq!((&report["non_response"]["events"], &report["non_response"]["trials"]), (&1.into(), &5.into()));
    assert_eq!(report["species"][0]["name"], "print");
    assert_eq!(report["worst_apcer"], 1.0);
    assert_eq!(report["species"][0]["apcer"]["interval"]["level"], 0.95);
    place.run(&["--models", &models, "evaluate", "pad", "--bona-fide", &genuine, "--attack", "print"]).expect_error(2, "USE-01");
}

#[test]
fn with_the_renderers_own_landmarks_people_pass_and_attacks_do_not() {
    let place = Place::new();
    place.run(&["drill", "--truth", "--assurance", "file.toml"]).expect_error(2, "USE-01");
    let arguments = ["--presentations", "2", "--species", "print", "--species", "single-still", "--rate", "12", "--width", "240"];
    let report = place.run(&[&["drill", "--truth", "--seed", "11"][..], &arguments].concat()).expect(0).json();
    assert_eq!((&report["landmarks"], &report["models"]), (&"truth".into(), &"none".into()));
    assert_eq!((&report["genuine"]["accepted"], &report["bpcer"]), (&2.into(), &0.0.into()), "{report}");
    for species in report["species"].as_array().expect("a list") {
        assert_eq!((&species["accepted"], &species["control"]["events"]), (&0.into(), &2.into()), "{species}");
    }
}

#[test]
fn an_interrupted_drill_goes_on_where_its_record_ends() {
    let place = Place::new();
    let record = place.path().join("drill.jsonl");
    let record = record.to_string_lossy().into_owned();
    let drill = |seed: &'static str, presentations: &'static str| {
        let arguments =
            ["drill", "--truth", "--presentations", presentations, "--species", "single-still", "--rate", "12", "--width", "240"];
        place.run(&[&arguments[..], &["--seed", seed, "--record", &record]].concat())
    };
    let first = drill("7", "2").expect(0).json();
    assert_eq!(first["from_record"], 0);
    // The file of a run that was stopped after its first presentation, in the middle of a line.
    let text = std::fs::read_to_string(&record).expect("written");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 5, "{text}");
    std::fs::write(&record, format!("{}\n{}\n{}", lines[0], lines[1], &lines[2][..20])).expect("written");
    let mut second = drill("7", "2").expect(0).json();
    assert_eq!(second["from_record"], 1);
    (second["from_record"], second["seconds"]) = (0.into(), first["seconds"].clone());
    assert_eq!(second, first);
    // More of the same builds on what is there; another seed is another drill.
    assert_eq!(drill("7", "3").expect(0).json()["from_record"], 4);
    drill("8", "2").expect_error(2, "USE-35");
}

#[test]
fn a_drill_is_repeated_by_its_seed_and_states_what_it_did_not_try() {
    let place = Place::new();
    let models = models(&place);
    place.run(&["--models", &models, "drill", "--species", "dance"]).expect_error(2, "USE-30");
    let drill = |seed: &str| {
        let arguments = ["drill", "--seed", seed, "--presentations", "1", "--species", "single-still", "--rate", "8", "--width", "240"];
        let mut report = place.run(&[&["--models", &models][..], &arguments].concat()).expect(0).json();
        report["seconds"] = 0.into();
        report
    };
    let report = drill("5");
    assert_eq!(report["schema"], "visavis.drill/1");
    // The pack sees no face in rendered people: nobody gets through, and nobody is said to have been refused as an attack.
    assert_eq!((&report["bpcer"], &report["genuine"]["non_response"]), (&1.0.into(), &1.into()));
    let species = &report["species"][0];
    assert_eq!((&species["name"], &species["presentations"], &species["apcer"]), (&"single-still".into(), &1.into(), &0.0.into()));
    assert_eq!(species["control"]["events"], 0);
    assert!(species["interval"]["high"].as_f64().is_some_and(|high| high > 0.9), "one presentation says nothing");
    assert!(report["untested"].as_array().is_some_and(|u| !u.is_empty()));
    assert_eq!(report, drill("5"));
}
