//! A model file is missing, cut off, altered or no model at all: a named refusal every time, never a crash.

use crate::tiny_pack;
use std::path::Path;
use visavis::adapters::inference::{InferenceOptions, OrtInference};
use visavis::adapters::packs::{PackError, PackLocation, PackStore};
use visavis::advice::Advised as _;
use visavis::biometrics::pipeline::FacePipeline;
use visavis::ports::Inference as _;

fn load(folder: &Path) -> Result<(), PackError> {
    PackStore::new(folder).load(&PackLocation::Folder(folder.to_path_buf())).map(drop)
}

#[test]
fn damaged_packs_are_refused_by_name() {
    let model = "tiny-recogniser";
    type Damage = fn(&Path);
    let cases: [(&str, Damage, &[&str]); 7] = [
        ("MOD-01", |f| std::fs::remove_file(f).unwrap(), &["missing"]),
        ("MOD-02", |f| std::fs::write(f, b"").unwrap(), &["has 0 bytes"]),
        ("MOD-02", |f| std::fs::write(f, &std::fs::read(f).unwrap()[..1000]).unwrap(), &["has 1000 bytes"]),
        (
            "MOD-02",
            |f| {
                let mut bytes = std::fs::read(f).unwrap();
                bytes.extend_from_slice(&[0; 5000]);
                std::fs::write(f, bytes).unwrap();
            },
            &["bytes, expected"],
        ),
        (
            "MOD-03",
            |f| {
                let mut bytes = std::fs::read(f).unwrap();
                bytes[2000] ^= 1;
                std::fs::write(f, bytes).unwrap();
            },
            &["expected ", "found "],
        ),
        (
            "MOD-04",
            |f| std::fs::write(f.with_file_name("manifest.toml"), b"schema = \"visavis.models/1\"\nname = 3").unwrap(),
            &["manifest"],
        ),
        ("MOD-05", |f| std::fs::write(f.with_file_name("manifest.toml"), [0xff, 0xfe, b'=', 0]).unwrap_or_default(), &["manifest"]),
    ];
    for (i, (code, damage, words)) in cases.into_iter().enumerate() {
        let folder = tempfile::tempdir().unwrap();
        tiny_pack::write(folder.path());
        load(folder.path()).expect("the pack is whole before it is damaged");
        damage(&folder.path().join(format!("{model}.onnx")));
        let error = load(folder.path()).unwrap_err();
        let text = format!("{error}");
        assert!(error.advice().code == code || (i == 6 && error.advice().code == "MOD-04"), "case {i}: {text}");
        assert!(words.iter().all(|w| text.contains(w)), "case {i}: {text}");
        if i < 5 {
            assert!(text.contains(model), "case {i} names the model: {text}");
        }
    }
}

#[test]
fn the_found_hash_is_the_files_own() {
    let folder = tempfile::tempdir().unwrap();
    tiny_pack::write(folder.path());
    let file = folder.path().join("tiny-pad.onnx");
    let mut bytes = std::fs::read(&file).unwrap();
    let expected = tiny_pack::sha256(&bytes);
    bytes[100] ^= 0x40;
    std::fs::write(&file, &bytes).unwrap();
    let text = load(folder.path()).unwrap_err().to_string();
    assert!(text.contains(&format!("expected {expected}")) && text.contains(&format!("found {}", tiny_pack::sha256(&bytes))), "{text}");
}

#[test]
fn bytes_that_are_no_model_are_refused_by_the_backend() {
    let inference = OrtInference::start(&InferenceOptions::default()).unwrap();
    println!("backend: {:?}", inference.backend());
    let good = tiny_pack::detector(false);
    inference.load("good", &good).map(drop).expect("the undamaged model loads");
    inference.load("good", &tiny_pack::detector(true)).map(drop).expect("weights listed as inputs are no reason to fail");
    let mut cases = vec![Vec::new(), b"not a model".to_vec(), vec![0xff; 4096]];
    cases.extend((1..40).map(|i| good[..good.len() * i / 40].to_vec()));
    for (i, bytes) in cases.iter().enumerate() {
        let error = inference.load("broken", bytes).map(drop).expect_err("a damaged model is refused");
        assert_eq!(error.advice().code, "MOD-11", "case {i}: {error}");
        assert!(error.to_string().contains("broken"), "{error}");
    }
}

#[test]
fn a_model_of_another_family_is_an_error_and_no_face() {
    let inference = OrtInference::start(&InferenceOptions::default()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    tiny_pack::write(folder.path());
    let store = PackStore::new(folder.path());
    let mut pack = store.load(&PackLocation::Folder(folder.path().to_path_buf())).unwrap();
    // The manifest promises a detector with another stride than the file has.
    let spec = &mut pack.models[0].spec;
    spec.family = visavis::biometrics::pack::Family::Yunet { strides: vec![16], second_look_below: 0.0 };
    let mut pipeline = FacePipeline::load(&pack, |id, onnx| inference.load(id, onnx)).unwrap();
    let frame = tiny_pack::marker_frame(256, &[(0.5, 0.5)]);
    let error = pipeline.detect(&frame, &Default::default()).unwrap_err();
    assert_eq!(error.advice().code, "MOD-10", "{error}");
    pack.models.remove(0);
    let error = FacePipeline::load(&pack, |id, onnx| inference.load(id, onnx)).unwrap_err();
    assert_eq!(error.advice().code, "MOD-08", "{error}");
}
