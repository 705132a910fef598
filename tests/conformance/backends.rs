//! Both inference backends give the same answers. A process has one backend, so each answers in a process of its own: this test
//! program started again for one helper test, which writes its answers to a file.

use crate::said::say;
use crate::{reference, tiny_pack};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use visavis::adapters::camera::synthetic::{Renderer, Scene, SubjectIdentity, SubjectState};
use visavis::adapters::inference::{Backend, InferenceOptions, OrtInference};
use visavis::adapters::packs::{PackLocation, PackStore};
use visavis::biometrics::detection::DetectorSettings;
use visavis::biometrics::model::Tensor;
use visavis::biometrics::pack::LoadedPack;
use visavis::biometrics::pipeline::FacePipeline;
use visavis::geometry::Size;
use visavis::imaging::Frame;
use visavis::ports::Inference as _;

/// Name of the answer and its values.
type Answers = BTreeMap<String, Vec<f32>>;

/// Largest difference allowed, relative to the largest value of the same output (at least 1): product page, "same answers".
const TOLERANCE: f32 = 1e-3;

const BACKEND: &str = "VISAVIS_TEST_BACKEND";
const ANSWERS: &str = "VISAVIS_TEST_ANSWERS";

#[test]
fn both_backends_agree() {
    let scratch = tempfile::tempdir().unwrap();
    let reference = reference::folder("agreement on the reference pack").is_some();
    say(&format!("agreement: packs `tiny` and `builtin`{}", if reference { " and `reference`" } else { "" }));
    let Some(onnxruntime) = answers_of(Backend::OnnxRuntime, scratch.path()) else {
        say("agreement: NOT COMPARED, because no ONNX Runtime library was found; the pure-Rust backend was run alone");
        assert!(answers_of(Backend::Tract, scratch.path()).is_some_and(|a| !a.is_empty()));
        return;
    };
    let tract = answers_of(Backend::Tract, scratch.path()).expect("the built-in backend is always there");
    assert_eq!(onnxruntime.keys().collect::<Vec<_>>(), tract.keys().collect::<Vec<_>>());
    let mut worst = (0.0f32, "");
    for (name, expected) in &onnxruntime {
        let found = &tract[name];
        assert_eq!(expected.len(), found.len(), "{name}");
        let scale = expected.iter().fold(1.0f32, |m, v| m.max(v.abs()));
        let difference = expected.iter().zip(found).map(|(a, b)| (a - b).abs() / scale).fold(0.0, f32::max);
        assert!(difference <= TOLERANCE, "{name}: differs by {difference}");
        if difference > worst.0 {
            worst = (difference, name);
        }
    }
    println!("agreement: {} outputs, largest relative difference {:e} ({})", onnxruntime.len(), worst.0, worst.1);
}

/// Runs the helper below under one backend; `None` if that backend cannot start.
fn answers_of(backend: Backend, scratch: &Path) -> Option<Answers> {
    let file = scratch.join(backend.name());
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "backends::answers_of_one_backend", "--nocapture"])
        .env(BACKEND, backend.name())
        .env(ANSWERS, &file)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    if text.contains("no usable ONNX Runtime library") {
        return None;
    }
    assert!(output.status.success(), "{} failed: {text}", backend.name());
    Some(serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap())
}

/// Not a check of its own: writes one backend's answers when [`both_backends_agree`] starts it.
#[test]
fn answers_of_one_backend() {
    let (Some(backend), Some(file)) = (std::env::var_os(BACKEND), std::env::var_os(ANSWERS).map(PathBuf::from)) else { return };
    let forced = if backend == "tract" { Backend::Tract } else { Backend::OnnxRuntime };
    let options = InferenceOptions { force: Some(forced), ..InferenceOptions::default() };
    let inference = match OrtInference::start(&options) {
        Ok(inference) => inference,
        Err(error) => {
            println!("{error}");
            return;
        }
    };
    let mut answers = Answers::new();
    let scratch = tempfile::tempdir().unwrap();
    tiny_pack::write(scratch.path());
    let tiny = PackStore::new(scratch.path()).load(&PackLocation::Folder(scratch.path().to_path_buf())).unwrap();
    raw(&inference, &tiny, &mut answers);
    faces(&inference, &tiny, &tiny_pack::marker_frame(500, &[(0.3, 0.4), (0.7, 0.6)]), 2, &mut answers);
    let builtin = PackStore::new(scratch.path()).load(&PackLocation::Embedded).unwrap();
    raw(&inference, &builtin, &mut answers);
    let subject = SubjectIdentity::from_seed(4);
    let rendered = Renderer::new(Size::new(640, 480), &subject).render(&SubjectState::default(), &Scene::default(), 0);
    faces(&inference, &builtin, &rendered.frame, 1, &mut answers);
    if let Some(folder) = reference::folder("one backend") {
        let pack = reference::pack(&folder);
        raw(&inference, pack, &mut answers);
        faces(&inference, pack, &reference::picture(&folder.join("datasets/people/two_people.jpg")), 2, &mut answers);
    }
    std::fs::write(file, serde_json::to_vec(&answers).unwrap()).unwrap();
}

/// Every output of every model on the same pseudo-random input.
fn raw(inference: &OrtInference, pack: &LoadedPack, answers: &mut Answers) {
    for model in &pack.models {
        let format = model.spec.input.format;
        let mut state = 7u32;
        let mut input: Tensor = model.spec.input.tensor();
        let plane = input.data.len() / 3;
        for (i, value) in input.data.iter_mut().enumerate() {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *value = ((state >> 24) as f32 - format.mean[i / plane]) / format.std[i / plane];
        }
        let mut network = inference.load(&model.spec.id, &model.onnx).unwrap();
        for (name, tensor) in network.run(&input).unwrap().0 {
            assert!(tensor.data.iter().all(|v| v.is_finite()));
            answers.insert(format!("{} {}/{name}", pack.name, model.spec.id), tensor.data);
        }
    }
}

/// What the pipeline says about a picture: values that cannot be turned back into a person.
fn faces(inference: &OrtInference, pack: &LoadedPack, frame: &Frame, expected: usize, answers: &mut Answers) {
    let mut pipeline = FacePipeline::load(pack, |id, onnx| inference.load(id, onnx)).unwrap();
    let found = pipeline.detect(frame, &DetectorSettings::default()).unwrap();
    assert_eq!(found.len(), expected, "{}", pack.name);
    for (i, face) in found.iter().enumerate() {
        let b = face.bounds;
        answers.insert(format!("{} face {i}", pack.name), vec![b.x, b.y, b.width, b.height, face.score]);
        let pose = pipeline.pose(frame, face).unwrap().expect("the face has a pose");
        let pad = pipeline.pad(frame, face).unwrap().layers[0].value.expect("the layer answers");
        answers.insert(format!("{} judged {i}", pack.name), vec![pose.yaw, pose.pitch, pose.roll, pad]);
        let shape = pipeline.landmarks(frame, face).unwrap().expect("the face has landmarks");
        answers.insert(format!("{} chin {i}", pack.name), vec![shape.chin.x, shape.chin.y, shape.presence]);
    }
}
