//! The pack `open`: models that their publishers offer under open licences. Nothing of it is part of the program; addresses, lengths and
//! hashes are, so that what is installed is exactly what was looked at.
//!
//! # Source
//! Addresses, lengths and hashes from the publisher's own large-file pointers (OpenCV Zoo at commit 966be4cb).

/// One file as its publisher offers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedModel {
    /// Identifier in the pack's manifest.
    pub id: String,
    /// File name.
    pub file: String,
    /// Publisher's address.
    pub address: String,
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
    /// Length.
    pub bytes: u64,
    /// The rest of its manifest entry.
    pub contract: String,
}

/// A pack as it can be installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedPack {
    /// Name.
    pub name: String,
    /// Version.
    pub version: String,
    /// Files.
    pub models: Vec<PublishedModel>,
}

impl PublishedPack {
    /// The pack `open`: YuNet detector and SFace recogniser; with `quality` also the eDifFIQA quality network.
    #[must_use]
    pub fn open(quality: bool) -> Self {
        let model = |id: &str, folder: &str, file: &str, sha256: &str, bytes: u64, contract: &str| PublishedModel {
            id: id.to_owned(),
            file: file.to_owned(),
            address: format!("https://media.githubusercontent.com/media/opencv/opencv_zoo/main/models/{folder}/{file}"),
            sha256: sha256.to_owned(),
            bytes,
            contract: contract.to_owned(),
        };
        let mut models = vec![
            model(
                "yunet-2023mar",
                "face_detection_yunet",
                "face_detection_yunet_2023mar.onnx",
                "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4",
                232_589,
                r#"role = "detector"
family = "yunet"
licence = "MIT"
training_data = "WIDER FACE"
input = { width = 640, height = 640, order = "bgr", mean = [0.0, 0.0, 0.0], std = [1.0, 1.0, 1.0] }
strides = [8, 16, 32]"#,
            ),
            model(
                "sface-2021dec",
                "face_recognition_sface",
                "face_recognition_sface_2021dec.onnx",
                "0ba9fbfa01b5270c96627c4ef784da859931e02f04419c829e83484087c34e79",
                38_696_353,
                r#"role = "recogniser"
family = "aligned-112"
licence = "Apache-2.0"
input = { width = 112, height = 112, order = "rgb", mean = [0.0, 0.0, 0.0], std = [1.0, 1.0, 1.0] }
dimensions = 128
measured = [{ name = "accuracy", value = 0.994, data = "LFW, as published" }]"#,
            ),
        ];
        if quality {
            models.push(model(
                "ediffiqa-tiny-jun2024",
                "face_image_quality_assessment_ediffiqa",
                "ediffiqa_tiny_jun2024.onnx",
                "9426c899cc0f01665240cb7d9e7f98e18e24e456c178326c771a43da289bfc6a",
                7_272_678,
                r#"role = "quality"
family = "ediffiqa"
licence = "as its publisher states"
input = { width = 112, height = 112, order = "rgb", mean = [127.5, 127.5, 127.5], std = [127.5, 127.5, 127.5] }"#,
            ));
        }
        Self { name: "open".to_owned(), version: "966be4cb".to_owned(), models }
    }

    /// The manifest that is written beside the installed files.
    #[must_use]
    pub fn manifest(&self) -> String {
        let mut text = format!(
            "# Installed from the publishers of the models; every file was verified by its SHA-256.\n\
             schema = \"visavis.models/1\"\nname = \"{}\"\nversion = \"{}\"\n",
            self.name, self.version
        );
        for model in &self.models {
            text.push_str(&format!(
                "\n[[model]]\nid = \"{}\"\nfile = \"{}\"\nsha256 = \"{}\"\nbytes = {}\nsource = \"{}\"\n{}\n",
                model.id, model.file, model.sha256, model.bytes, model.address, model.contract
            ));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::biometrics::pack::{Manifest, Role};

    #[test]
    fn its_manifest_is_one_this_version_reads() {
        for quality in [false, true] {
            let manifest = Manifest::parse(&PublishedPack::open(quality).manifest()).unwrap();
            assert_eq!(manifest.name, "open");
            assert_eq!(manifest.role(Role::Detector).count(), 1);
            assert_eq!(manifest.role(Role::Recogniser).count(), 1);
            assert_eq!(manifest.role(Role::Quality).count(), usize::from(quality));
            assert!(manifest.models.iter().all(|m| m.source.as_deref().is_some_and(|s| s.starts_with("https://"))));
        }
    }
}
