//! Where things are on this machine: configuration file and data folder, and the configuration in force.

use super::{Failure, Global};
use crate::advice::Advice;
use crate::config::{ConfigError, Effective};
use std::path::PathBuf;

/// Largest configuration file that is read, bytes.
const LARGEST_CONFIG_BYTES: u64 = 1 << 20;

/// The platform's folders of this application.
fn folders() -> Result<directories::ProjectDirs, Failure> {
    directories::ProjectDirs::from("org", "Visavis", "visavis").ok_or_else(|| {
        Failure::new("this account has no home folder", Advice::environment("SYS-12", "Name folders with --config and --data-dir."))
    })
}

/// The configuration file in use, whether or not it exists.
pub(super) fn config_path(global: &Global) -> Result<PathBuf, Failure> {
    match &global.config {
        Some(path) => Ok(path.clone()),
        None => Ok(folders()?.config_dir().join("visavis.toml")),
    }
}

/// The folder of gallery, keys and installed models, whether or not it exists.
pub(super) fn data_dir(global: &Global) -> Result<PathBuf, Failure> {
    match &global.data_dir {
        Some(path) => Ok(path.clone()),
        None => Ok(folders()?.data_local_dir().to_path_buf()),
    }
}

/// Reads the configuration and lays the command line over it. A file named with `--config` must exist.
pub(super) fn configuration(global: &Global) -> Result<Effective, Failure> {
    let path = config_path(global)?;
    let unreadable = |reason: String| ConfigError::Unreadable { reason };
    let text = match std::fs::metadata(&path) {
        Ok(meta) if meta.len() > LARGEST_CONFIG_BYTES => return Err(unreadable("it is larger than 1 MiB".into()).into()),
        Ok(_) => Some(std::fs::read_to_string(&path).map_err(|e| unreadable(e.to_string()))?),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && global.config.is_none() => None,
        Err(e) => return Err(unreadable(e.to_string()).into()),
    };
    let overrides = overrides(global);
    let overrides: Vec<(&str, toml::Value)> = overrides.iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
    Ok(Effective::from_layers(text.as_deref(), &overrides)?)
}

/// What the command line lays over the configuration: dotted keys and values.
pub(super) fn overrides(global: &Global) -> Vec<(String, toml::Value)> {
    let options = [("camera.device", &global.camera), ("models.pack", &global.models), ("capture.profile", &global.capture_profile)];
    let given = |(key, value): (&str, &Option<String>)| value.as_ref().map(|v| (key.to_owned(), toml::Value::from(v.as_str())));
    options.into_iter().filter_map(given).collect()
}
