//! Packs that are part of the program, so that it works from whatever folder it starts.

/// One file of an embedded pack: its path inside the pack's folder, and its content.
pub type EmbeddedFile = (&'static str, &'static [u8]);

/// Name of the pack that fills the roles other packs lack.
pub const BUILTIN: &str = "builtin";

/// The files of the embedded pack [`BUILTIN`], `manifest.toml` among them; empty in a build without one.
pub const BUILTIN_FILES: &[EmbeddedFile] = &[];

/// The content of an embedded file.
#[must_use]
pub fn find(files: &[EmbeddedFile], path: &str) -> Option<&'static [u8]> {
    files.iter().find(|(name, _)| *name == path).map(|(_, content)| *content)
}
