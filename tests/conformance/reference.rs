//! Where the reference models and data are, if anywhere, and how tests open them.

use crate::said::say;
use std::path::PathBuf;
use std::sync::OnceLock;
use visavis::adapters::inference::{InferenceOptions, OrtInference};
use visavis::adapters::packs::{PackLocation, PackStore};
use visavis::biometrics::detection::yunet::Yunet;
use visavis::biometrics::pack::{InputContract, LoadedPack};
use visavis::biometrics::pipeline::FacePipeline;
use visavis::imaging::Frame;
use visavis::imaging::decode::{DecodeLimits, decode_picture};
use visavis::imaging::warp::{ChannelOrder, TensorFormat};
use visavis::ports::Inference as _;

/// The folder with reference models and data; `None` prints what was left out, so that nothing is skipped silently.
pub fn folder(check: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("VISAVIS_REFERENCE_DIR").map(PathBuf::from).filter(|f| f.join("models/manifest.toml").is_file());
    match &folder {
        Some(folder) => say(&format!("{check}: pack `reference` in {}", folder.join("models").display())),
        None => say(&format!("{check}: NOT RUN, because VISAVIS_REFERENCE_DIR names no reference data")),
    }
    folder
}

/// The backend of this test process.
pub fn inference() -> OrtInference {
    OrtInference::start(&InferenceOptions::default()).expect("one of the backends starts")
}

/// The reference pack, verified.
pub fn pack(folder: &std::path::Path) -> &'static LoadedPack {
    static PACK: OnceLock<LoadedPack> = OnceLock::new();
    PACK.get_or_init(|| {
        let store = PackStore::new(std::path::Path::new("/nonexistent"));
        store.load(&PackLocation::Folder(folder.join("models"))).expect("the reference pack is whole")
    })
}

/// A pipeline over the reference pack.
pub fn pipeline(folder: &std::path::Path) -> FacePipeline {
    let inference = inference();
    FacePipeline::load(pack(folder), |id, onnx| inference.load(id, onnx)).expect("the reference pack loads")
}

/// A picture of the reference data.
pub fn picture(path: &std::path::Path) -> Frame {
    let bytes = std::fs::read(path).expect("the reference picture can be read");
    decode_picture(&bytes, &DecodeLimits::default()).expect("the reference picture can be decoded")
}

/// The larger reference detector at a size of the caller's choice (multiples of 32); the file accepts any.
pub fn dynamic_detector(folder: &std::path::Path, width: usize, height: usize) -> Yunet {
    let onnx = std::fs::read(folder.join("models/yunet_n_dynamic.onnx")).expect("the file can be read");
    let model = inference().load("yunet-n-dynamic", &onnx).expect("the model loads");
    Yunet::new(model, InputContract { width, height, format: TensorFormat::raw(ChannelOrder::Bgr) }, vec![8, 16, 32])
}
