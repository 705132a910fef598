//! Packs that are part of the program, so that it works from whatever folder it starts.

/// One file of an embedded pack: its path inside the pack's folder, and its content.
pub type EmbeddedFile = (&'static str, &'static [u8]);

/// Name of the pack that fills the roles other packs lack.
pub const BUILTIN: &str = "builtin";

/// One file of `models/builtin`.
macro_rules! builtin {
    ($name:literal) => {
        ($name, include_bytes!(concat!("../../../models/builtin/", $name)))
    };
}

/// The files of the embedded pack [`BUILTIN`], `manifest.toml` among them.
pub const BUILTIN_FILES: &[EmbeddedFile] = &[
    builtin!("manifest.toml"),
    builtin!("LICENSE"),
    builtin!("calibration.toml"),
    builtin!("detector.onnx"),
    builtin!("detector.md"),
    builtin!("landmarks.onnx"),
    builtin!("landmarks.md"),
    builtin!("recogniser.onnx"),
    builtin!("recogniser.md"),
    builtin!("pad.onnx"),
    builtin!("pad.md"),
    builtin!("mrz.onnx"),
    builtin!("mrz.md"),
];

/// The content of an embedded file.
#[must_use]
pub fn find(files: &[EmbeddedFile], path: &str) -> Option<&'static [u8]> {
    files.iter().find(|(name, _)| *name == path).map(|(_, content)| *content)
}
