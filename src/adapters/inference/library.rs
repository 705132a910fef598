//! Where an ONNX Runtime library may be found.
//!
//! Search order: the configured path, `ORT_DYLIB_PATH`, beside the binary, the system's library folders, a Python installation's
//! `onnxruntime` package. Folders are only looked at; nothing is run.

use std::path::{Path, PathBuf};

/// Why a place is on the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The configuration names it.
    Configured,
    /// The environment variable `ORT_DYLIB_PATH` names it.
    Environment,
    /// It lies beside the program.
    BesideBinary,
    /// It lies in a system library folder.
    System,
    /// It belongs to a Python `onnxruntime` package.
    Python,
}

/// One candidate.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Candidate {
    /// Why it is on the list.
    pub origin: Origin,
    /// The file.
    pub path: PathBuf,
}

/// What came of a candidate, for `doctor`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Tried {
    /// The candidate.
    #[serde(flatten)]
    pub candidate: Candidate,
    /// Why it was not used; `None` for the one in use.
    pub refused: Option<String>,
}

/// Existing candidates, best first, without repeats. A configured path and `ORT_DYLIB_PATH` are listed even if they do not exist, so
/// that a misspelt one is reported.
#[must_use]
pub fn candidates(configured: Option<&Path>) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    let mut add = |origin, path: PathBuf| {
        if !found.iter().any(|c| c.path == path) {
            found.push(Candidate { origin, path });
        }
    };
    if let Some(path) = configured {
        add(Origin::Configured, path.to_path_buf());
    }
    if let Some(path) = std::env::var_os("ORT_DYLIB_PATH").filter(|p| !p.is_empty()) {
        add(Origin::Environment, path.into());
    }
    if let Some(folder) = std::env::current_exe().ok().as_deref().and_then(Path::parent) {
        libraries_in(folder).into_iter().chain(libraries_in(&folder.join("lib"))).for_each(|p| add(Origin::BesideBinary, p));
    }
    for folder in system_folders() {
        libraries_in(&folder).into_iter().for_each(|p| add(Origin::System, p));
    }
    for folder in python_folders() {
        libraries_in(&folder.join("onnxruntime").join("capi")).into_iter().for_each(|p| add(Origin::Python, p));
    }
    found
}

/// Files in `folder` named like the library, newest version first.
fn libraries_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> =
        entries.flatten().map(|e| e.path()).filter(|p| p.file_name().and_then(|n| n.to_str()).is_some_and(is_library)).collect();
    files.sort_by_key(|p| std::cmp::Reverse(version_of(p)));
    files
}

/// Whether a file name is the library's on one of the platforms; providers and other companions are not.
fn is_library(name: &str) -> bool {
    let unix = name.strip_prefix("libonnxruntime.");
    name == "onnxruntime.dll" || unix.is_some_and(|rest| rest == "so" || rest.starts_with("so.") || rest.ends_with("dylib"))
}

/// Numbers in the file name; empty for an unversioned name.
fn version_of(path: &Path) -> Vec<u32> {
    let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
    name.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect()
}

fn system_folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        std::env::var_os("LD_LIBRARY_PATH").map(|paths| std::env::split_paths(&paths).collect()).unwrap_or_default();
    let fixed = [
        "/usr/local/lib",
        "/usr/local/lib64",
        "/usr/lib",
        "/usr/lib64",
        "/usr/lib/x86_64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu",
        "/opt/onnxruntime/lib",
        "/opt/homebrew/lib",
    ];
    folders.extend(fixed.map(PathBuf::from));
    folders
}

/// `site-packages` and `dist-packages` folders of the usual Python installations.
fn python_folders() -> Vec<PathBuf> {
    let mut prefixes: Vec<PathBuf> = Vec::new();
    for variable in ["VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONHOME"] {
        prefixes.extend(std::env::var_os(variable).filter(|v| !v.is_empty()).map(PathBuf::from));
    }
    if let Some(home) = std::env::var_os("HOME").map(PathBuf::from) {
        prefixes.push(home.join(".local"));
        let mut versions = subfolders(&home.join(".pyenv").join("versions"));
        versions.reverse();
        prefixes.extend(versions);
        prefixes.extend(["miniconda3", "anaconda3", ".venv"].map(|name| home.join(name)));
    }
    prefixes.extend(["/usr/local", "/usr"].map(PathBuf::from));
    let mut folders = Vec::new();
    for prefix in prefixes {
        for library in ["lib", "lib64"] {
            let mut pythons = subfolders(&prefix.join(library));
            pythons.retain(|p| p.file_name().and_then(|n| n.to_str()).is_some_and(|n| n.starts_with("python3")));
            pythons.sort_by_key(|p| std::cmp::Reverse(version_of(p)));
            folders.extend(pythons.iter().flat_map(|p| [p.join("site-packages"), p.join("dist-packages")]));
        }
        // Windows keeps packages without the version folder.
        folders.push(prefix.join("Lib").join("site-packages"));
    }
    if let Some(programs) = std::env::var_os("LOCALAPPDATA").map(|p| PathBuf::from(p).join("Programs").join("Python")) {
        folders.extend(subfolders(&programs).into_iter().map(|p| p.join("Lib").join("site-packages")));
    }
    folders
}

fn subfolders(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<PathBuf> = entries.flatten().map(|e| e.path()).filter(|p| p.is_dir()).collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_library_itself_is_taken() {
        for (name, expected) in [
            ("libonnxruntime.so", true),
            ("libonnxruntime.so.1.31.1", true),
            ("libonnxruntime.1.24.0.dylib", true),
            ("onnxruntime.dll", true),
            ("libonnxruntime_providers_shared.so", false),
            ("onnxruntime_pybind11_state.so", false),
        ] {
            assert_eq!(is_library(name), expected, "{name}");
        }
    }

    #[test]
    fn newer_versions_come_first() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["libonnxruntime.so.1.9.0", "libonnxruntime.so.1.31.1", "libonnxruntime.so.1.24.4", "notes.txt"] {
            std::fs::write(folder.path().join(name), b"").unwrap();
        }
        let names: Vec<_> = libraries_in(folder.path()).iter().map(|p| p.file_name().unwrap().to_str().unwrap().to_owned()).collect();
        assert_eq!(names, ["libonnxruntime.so.1.31.1", "libonnxruntime.so.1.24.4", "libonnxruntime.so.1.9.0"]);
    }

    #[test]
    fn a_configured_path_leads_even_if_it_does_not_exist() {
        let wanted = Path::new("/nowhere/libonnxruntime.so");
        assert_eq!(candidates(Some(wanted))[0], Candidate { origin: Origin::Configured, path: wanted.to_path_buf() });
    }
}
