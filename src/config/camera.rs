//! The camera's part of the configuration: which one, its optics, and a format chosen by hand.

use serde::{Deserialize, Deserializer, de::DeserializeOwned, de::Error as _};

/// A value, or `"auto"`: the machine chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wanted<T> {
    /// The machine chooses.
    #[default]
    Auto,
    /// This one.
    Exactly(T),
}

impl<T: Copy> Wanted<T> {
    /// The value, unless the machine chooses.
    #[must_use]
    pub const fn exactly(&self) -> Option<T> {
        match self {
            Self::Auto => None,
            Self::Exactly(value) => Some(*value),
        }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Wanted<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = toml::Value::deserialize(deserializer)?;
        if value.as_str() == Some("auto") {
            return Ok(Self::Auto);
        }
        let refused = |e: toml::de::Error| D::Error::custom(format!("neither \"auto\" nor what is expected here: {}", e.message()));
        value.try_into().map(Self::Exactly).map_err(refused)
    }
}

/// How a camera stores one pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are the format's own")]
pub enum PixelLayout {
    Mjpeg,
    Yuyv,
    Nv12,
    Rgb,
    Bgr,
}

/// Which camera.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CameraConfig {
    /// As given to `--camera`.
    pub device: String,
    /// Horizontal field of view, degrees, 20-150.
    pub horizontal_fov: f32,
    /// Columns of the picture, 160-7680.
    pub width: Wanted<u32>,
    /// Rows of the picture, 120-4320.
    pub height: Wanted<u32>,
    /// Pixel layout.
    pub pixels: Wanted<PixelLayout>,
    /// Frames a second, 1-240.
    pub rate: Wanted<f32>,
}

impl CameraConfig {
    /// Ranges that types alone cannot say.
    pub(super) fn problem(&self) -> Option<(&'static str, String)> {
        let within = |ok: bool, key: &'static str, rule: &str| (!ok).then(|| (key, rule.to_owned()));
        let side = |side: Wanted<u32>, least: u32, most: u32| side.exactly().is_none_or(|v| (least..=most).contains(&v));
        within((20.0..=150.0).contains(&self.horizontal_fov), "camera.horizontal_fov", "must be 20 to 150 degrees")
            .or_else(|| within(side(self.width, 160, 7680), "camera.width", "must be \"auto\" or 160 to 7680"))
            .or_else(|| within(side(self.height, 120, 4320), "camera.height", "must be \"auto\" or 120 to 4320"))
            .or_else(|| {
                let rate = self.rate.exactly().is_none_or(|v| (1.0..=240.0).contains(&v));
                within(rate, "camera.rate", "must be \"auto\" or 1 to 240")
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Effective;

    fn camera(text: &str) -> Result<CameraConfig, crate::config::ConfigError> {
        Effective::from_layers(Some(&format!("[camera]\n{text}\n")), &[]).map(|e| e.config.camera)
    }

    #[test]
    fn a_format_is_auto_or_stated() {
        assert_eq!(camera("").unwrap().width, Wanted::Auto);
        let stated = camera("width = 1920\nheight = 1080\npixels = \"mjpeg\"\nrate = 30").unwrap();
        assert_eq!((stated.width, stated.rate), (Wanted::Exactly(1920), Wanted::Exactly(30.0)));
        assert_eq!(stated.pixels, Wanted::Exactly(PixelLayout::Mjpeg));
        for wrong in ["width = 7", "width = \"wide\"", "height = -1", "rate = 0", "rate = nan", "pixels = \"grey\"", "pixel = \"auto\""] {
            assert!(camera(wrong).is_err(), "{wrong}");
        }
    }
}
