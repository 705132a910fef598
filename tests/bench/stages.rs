//! Benchmark: every stage of the way from a frame to an observation and to a template, on one thread.
//!
//! Uses the reference pack where `VISAVIS_REFERENCE_DIR` names it and the generated tiny pack otherwise, and says which. With
//! `VISAVIS_OPENCV_PYTHON` (a Python with OpenCV) the detector's time is set beside OpenCV's on the same file and picture in the same run.

#![allow(clippy::print_stdout, reason = "a benchmark reports on standard output")]

#[path = "../tiny_pack.rs"]
mod tiny_pack;

use criterion::Criterion;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use visavis::adapters::inference::{InferenceOptions, OrtInference};
use visavis::adapters::packs::{PackLocation, PackStore};
use visavis::biometrics::detection::DetectorSettings;
use visavis::biometrics::pack::LoadedPack;
use visavis::biometrics::pipeline::{FacePipeline, ObserveOptions};
use visavis::biometrics::quality::Tier;
use visavis::geometry::Size;
use visavis::imaging::Frame;
use visavis::imaging::decode::{DecodeLimits, decode_picture};
use visavis::imaging::resize::{letterbox, resize};
use visavis::ports::Inference as _;
use visavis::units::Moment;

fn main() {
    let inference = OrtInference::start(&InferenceOptions::default()).expect("one of the backends starts");
    let reference = std::env::var_os("VISAVIS_REFERENCE_DIR").map(PathBuf::from).filter(|f| f.join("models/manifest.toml").is_file());
    let scratch = tempfile::tempdir().expect("a folder can be made");
    let (pack, frame) = match &reference {
        Some(folder) => (load(&folder.join("models")), picture(&folder.join("datasets/people/obama-720p.jpg"))),
        None => {
            tiny_pack::write(scratch.path());
            (load(scratch.path()), resize(&tiny_pack::marker_frame(720, &[(0.5, 0.4)]), Size::new(1280, 720)))
        }
    };
    let frame = resize(&frame, Size::new(1280, 720));
    println!("pack: {}; backend: {:?}; frame: {}", pack.title(), inference.backend(), frame.size());
    let mut criterion = Criterion::default()
        .configure_from_args()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .sample_size(20);
    stages(&mut criterion, &inference, &pack, &frame);
    if let (Some(python), Some(folder)) = (std::env::var_os("VISAVIS_OPENCV_PYTHON"), &reference) {
        beside_opencv(&inference, &pack, &frame, Path::new(&python), &folder.join("models").join("face_detection_yunet_2023mar.onnx"));
    }
    criterion.final_summary();
}

fn stages(criterion: &mut Criterion, inference: &OrtInference, pack: &LoadedPack, frame: &Frame) {
    let mut pipeline = FacePipeline::load(pack, |id, onnx| inference.load(id, onnx)).expect("the pack loads");
    let settings = DetectorSettings::default();
    let face = pipeline.only_face(frame, &settings).expect("the frame shows a face");
    let mut group = criterion.benchmark_group("stages");
    group.bench_function("detect", |b| b.iter(|| pipeline.detect(black_box(frame), &settings)));
    group.bench_function("landmarks", |b| b.iter(|| pipeline.landmarks(black_box(frame), &face)));
    group.bench_function("pose", |b| b.iter(|| pipeline.pose(black_box(frame), &face)));
    group.bench_function("pad", |b| b.iter(|| pipeline.pad(black_box(frame), &face)));
    group.bench_function("embed", |b| b.iter(|| pipeline.embed(black_box(frame), &face)));
    group.bench_function("picture-to-template", |b| {
        b.iter(|| {
            let face = pipeline.only_face(black_box(frame), &settings).expect("the frame shows a face");
            pipeline.embed(frame, &face)
        });
    });
    for (name, tier) in [("observe-live", Tier::Live), ("observe-standard", Tier::Standard)] {
        let options = ObserveOptions { quality: tier, ..ObserveOptions::default() };
        group.bench_function(name, |b| b.iter(|| pipeline.observe(black_box(frame), 0, &options, &Moment::default)));
    }
    group.finish();
}

/// Our detector against OpenCV's on the same model file, 640x640 picture, one thread each; medians of alternating rounds.
fn beside_opencv(inference: &OrtInference, pack: &LoadedPack, frame: &Frame, python: &Path, model: &Path) {
    let mut pipeline = FacePipeline::load(pack, |id, onnx| inference.load(id, onnx)).expect("the pack loads");
    let (square, _) = letterbox(frame, Size::new(640, 640), [0; 3]);
    let scratch = tempfile::tempdir().expect("a folder can be made");
    let file = scratch.path().join("frame.rgb");
    std::fs::write(&file, square.bytes()).expect("the picture can be written");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/opencv_detector.py");
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        let mut times: Vec<f64> = (0..60)
            .map(|_| {
                let start = Instant::now();
                black_box(pipeline.detect(black_box(&square), &DetectorSettings::default())).expect("the detector runs");
                start.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        ours.push(median(&mut times));
        let output = Command::new(python).arg(&script).arg(model).arg(&file).output().expect("the script starts");
        let text = String::from_utf8_lossy(&output.stdout);
        theirs.extend(text.lines().last().and_then(|l| l.trim().parse::<f64>().ok()));
    }
    println!("detector at 640x640, one thread, ms: ours {:.2}, OpenCV {:.2}", median(&mut ours), median(&mut theirs));
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn load(folder: &Path) -> LoadedPack {
    PackStore::new(folder).load(&PackLocation::Folder(folder.to_path_buf())).expect("the pack is whole")
}

fn picture(path: &Path) -> Frame {
    decode_picture(&std::fs::read(path).expect("the picture can be read"), &DecodeLimits::default()).expect("the picture can be decoded")
}
