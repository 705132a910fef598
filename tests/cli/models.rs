//! `visavis models` and the measurements around it, with the generated pack: a score decides nothing until its recogniser is calibrated.

use crate::program::Place;
use crate::tiny_pack;
use std::path::Path;
use visavis::imaging::encode;

fn pack(place: &Place) -> String {
    let folder = place.path().join("tiny");
    tiny_pack::write(&folder);
    folder.to_string_lossy().into_owned()
}

fn picture(place: &Place, name: &str, at: (f32, f32)) -> String {
    let png = encode::png(&tiny_pack::marker_frame(512, &[at])).expect("a picture");
    place.file(name, &png).to_string_lossy().into_owned()
}

fn calibration(place: &Place, recogniser: &str) -> String {
    let text = format!(
        "schema = \"visavis.calibration/1\"\nrecogniser = \"{recogniser}\"\ndata = \"made up\"\nnon_mated_comparisons = 3000000\n\
         [[thresholds]]\nfmr = 0.01\nthreshold = 0.3\nlow = 0.005\nhigh = 0.02\n\
         [[thresholds]]\nfmr = 0.001\nthreshold = 0.5\nlow = 0.0005\nhigh = 0.002\n"
    );
    place.file("thresholds.toml", text.as_bytes()).to_string_lossy().into_owned()
}

fn decisions(place: &Place) -> serde_json::Value {
    let report = place.run(&["--models", "tiny", "doctor"]).json();
    report["checks"].as_array().expect("a list").iter().find(|c| c["name"] == "decisions").expect("the check").clone()
}

#[test]
fn a_pack_decides_once_its_recogniser_is_calibrated() {
    let place = Place::new();
    let installed = place.run(&["models", "import", &pack(&place)]).expect(0).json();
    assert_eq!(installed["calibrated"], false);
    assert_eq!(decisions(&place)["code"], "BIO-20");
    let one = picture(&place, "one.png", (0.5, 0.5));
    let compare = ["--models", "tiny", "compare", &one, &one];
    place.run(&compare).expect_error(3, "BIO-20");

    let (_, onnx, _) = tiny_pack::models().into_iter().find(|(id, _, _)| *id == "tiny-recogniser").expect("a recogniser");
    let tag = format!("tiny-recogniser@{}", &tiny_pack::sha256(&onnx)[..16]);
    let keep = |file: &str| place.run(&["--models", "tiny", "models", "calibrate", file]);
    keep(&calibration(&place, "tiny-recogniser@0000000000000000")).expect_error(3, "BIO-21");
    keep(&place.file("letter.toml", b"Dear Sir").to_string_lossy()).expect_error(2, "BIO-24");
    keep("/nowhere/at/all").expect_error(2, "PCK-01");
    place.run(&compare).expect_error(3, "BIO-20");

    assert_eq!(keep(&calibration(&place, &tag)).expect(0).json()["recogniser"], tag);
    assert_eq!(place.run(&compare).expect(0).json()["decision"], "match");
    assert_eq!(decisions(&place)["state"], "ok");
    let packs = place.run(&["models", "list"]).expect(0).json();
    let tiny = packs["packs"].as_array().expect("a list").iter().find(|p| p["name"] == "tiny").expect("the pack").clone();
    assert_eq!(tiny["calibrated"], true);
    assert_eq!(place.run(&["audit", "verify"]).expect(0).json()["entries"], 1, "thresholds do not change unseen");
}

#[test]
fn quality_is_judged_by_the_errors_it_foretells() {
    let place = Place::new();
    let models = pack(&place);
    let mut list = "reference,probe,mated\n".to_owned();
    for i in 0..11 {
        picture(&place, &format!("{i}.png"), (0.3 + 0.04 * i as f32, 0.5));
        if i > 0 {
            list += &format!("{}.png,{i}.png,1\n", i - 1);
        }
    }
    let pairs = place.file("pairs.csv", list.as_bytes()).to_string_lossy().into_owned();
    let root = place.path().to_string_lossy().into_owned();
    let evaluate = ["--models", &models, "evaluate", "quality", "--pairs", &pairs, "--root", &root];
    let report = place.run(&evaluate).expect(0).json();
    assert_eq!((&report["schema"], &report["mated"]), (&"visavis.quality-evaluation/1".into(), &10.into()));
    let first = &report["measures"][0];
    assert_eq!((&first["measure"], &first["points"][0]["fnmr"]["trials"]), (&"CaptureScore".into(), &10.into()));
    assert!(first["points"][4]["fnmr"]["trials"].as_u64() < Some(10), "pictures were left out: {first}");
    std::fs::remove_file(Path::new(&root).join("3.png")).expect("it was written");
    let missing = place.run(&evaluate);
    assert!(missing.stderr.contains("row 4 of the list names a probe"), "{}", missing.stderr);
    missing.expect_error(2, "USE-21");
}
