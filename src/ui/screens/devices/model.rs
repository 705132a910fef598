//! What the devices page knows: cameras found, and the one in use in words.

use crate::config::Change;
use crate::ports::camera::{CameraDescription, CameraFormat, PixelFormat};
use crate::runtime::messages::{CameraHealth, Command, Notice, Status};
use crate::ui::strings::{Words, grouped};

/// The page's state.
#[derive(Debug, Clone, Default)]
pub struct DevicesModel {
    /// Cameras found; `None` until they arrive.
    pub cameras: Option<Vec<CameraDescription>>,
    asked: bool,
}

impl DevicesModel {
    /// Commands for what is not here yet.
    pub fn needed(&mut self) -> Vec<Command> {
        if std::mem::replace(&mut self.asked, true) { Vec::new() } else { vec![Command::ListCameras] }
    }

    /// Takes an answer.
    pub fn receive(&mut self, notice: &Notice) {
        if let Notice::Cameras(cameras) = notice {
            self.cameras = Some(cameras.clone());
        }
    }
}

/// How `--camera` spells a listed camera.
#[must_use]
pub fn spelled(camera: &CameraDescription) -> String {
    format!("webcam:{}", camera.id)
}

/// A format that can be chosen for a camera, or the choice left to the program.
#[derive(Debug, Clone, PartialEq)]
pub struct FormatChoice {
    /// Size, kind and rate; one text for the automatic choice.
    pub words: Vec<String>,
    /// Whether it is what was chosen.
    pub chosen: bool,
    /// Whether it is what the camera delivers, as re-read after opening.
    pub delivered: bool,
    /// What choosing it changes in the settings.
    pub changes: Vec<Change>,
}

/// What can be chosen for a camera; nothing where its formats are not known.
#[must_use]
pub fn choices(words: &Words, camera: &CameraDescription, status: &Status) -> Vec<FormatChoice> {
    if camera.formats.is_empty() {
        return Vec::new();
    }
    let device = spelled(camera);
    let in_use = device == status.camera;
    let wish = status.settings.camera_format;
    let delivered = match &status.camera_health {
        CameraHealth::Streaming { format, .. } if in_use => Some(*format),
        _ => None,
    };
    let keys = ["camera.width", "camera.height", "camera.pixels", "camera.rate"];
    let with_device = |mut changes: Vec<Change>| {
        changes.insert(0, Change::set("camera.device", device.as_str()));
        changes
    };
    let automatic = FormatChoice {
        words: vec![words.t("devices-automatic")],
        chosen: in_use && wish.is_open(),
        delivered: false,
        changes: with_device(keys.map(Change::unset).to_vec()),
    };
    let exactly = |format: &CameraFormat| {
        // Two decimals: a camera's 29.97 is not to become 29.969999 in the file.
        let rate = (f64::from(format.rate) * 100.0).round() / 100.0;
        let pixels = format!("{:?}", format.pixels).to_lowercase();
        let changes = vec![
            Change::set(keys[0], i64::from(format.width)),
            Change::set(keys[1], i64::from(format.height)),
            Change::set(keys[2], pixels),
            Change::set(keys[3], rate),
        ];
        FormatChoice {
            words: format_words(words, format).to_vec(),
            chosen: in_use && !wish.is_open() && wish.fits(format),
            delivered: delivered == Some(*format),
            changes: with_device(changes),
        }
    };
    // Grey is listed by cameras and read by nobody here.
    let readable = camera.formats.iter().filter(|f| f.pixels != PixelFormat::Grey);
    std::iter::once(automatic).chain(readable.map(exactly)).collect()
}

/// A format in words: `1280 × 720`, kind, rate.
#[must_use]
pub fn format_words(words: &Words, format: &CameraFormat) -> [String; 3] {
    let size = format!("{} × {}", format.width, format.height);
    let kind = format!("{:?}", format.pixels).to_uppercase();
    [size, kind, words.with("devices-per-second", &[("rate", &rate(format.rate))])]
}

fn rate(value: f32) -> String {
    if (value - value.round()).abs() < 0.05 { format!("{value:.0}") } else { format!("{value:.1}") }
}

/// Label key and value of everything known about the camera in use.
#[must_use]
pub fn facts(words: &Words, status: &Status) -> Vec<(String, String)> {
    let fact = |key: &str, value: String| (words.t(key), value);
    match &status.camera_health {
        CameraHealth::Off => vec![fact("devices-health", words.t("health-off"))],
        CameraHealth::Opening { attempt } => {
            vec![fact("devices-health", words.with("health-opening", &[("attempt", &attempt.to_string())]))]
        }
        CameraHealth::Recovering { code, .. } => vec![fact("devices-health", words.with("health-recovering", &[("code", code)]))],
        CameraHealth::Streaming { format, delivered_rate, dropped } => {
            let [size, kind, promised] = format_words(words, format);
            vec![
                fact("devices-health", words.t("health-streaming")),
                fact("devices-format", format!("{size}, {kind}")),
                fact("devices-promised", promised),
                fact("devices-rate", words.with("devices-per-second", &[("rate", &rate(*delivered_rate))])),
                fact("devices-dropped", grouped(*dropped)),
            ]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::fixtures;
    use crate::ui::strings::Language;

    #[test]
    fn promised_and_delivered_rates_stand_side_by_side() {
        let facts = facts(&Words::new(Language::English), &fixtures::status(false));
        assert!(facts.iter().any(|(l, v)| l == "Promised" && v == "30 a second"));
        assert!(facts.iter().any(|(l, v)| l == "Delivered" && v == "29.8 a second"));
    }

    #[test]
    fn a_format_chosen_is_what_the_configuration_then_says() {
        let mut status = fixtures::status(false);
        let words = Words::new(Language::English);
        let camera = &fixtures::cameras()[0];
        let offered = choices(&words, camera, &status);
        assert_eq!(offered.len(), camera.formats.len() + 1);
        assert!(offered[0].chosen && offered[1].delivered && !offered[1].chosen);
        let text = crate::config::with_changes("", &offered[2].changes).unwrap();
        let config = crate::config::Effective::from_layers(Some(&text), &[]).unwrap().config;
        let wish = crate::runtime::settings::format_wish(&config.camera);
        assert!(wish.fits(&camera.formats[1]) && !wish.fits(&camera.formats[0]), "{text}");
        assert_eq!(config.camera.device, "webcam:0");
        let mut settings = (*status.settings).clone();
        settings.camera_format = wish;
        status.settings = std::sync::Arc::new(settings);
        let chosen: Vec<bool> = choices(&words, camera, &status).iter().map(|c| c.chosen).collect();
        assert_eq!(chosen, [false, false, true, false, false]);
        let back = crate::config::with_changes(&text, &offered[0].changes).unwrap();
        assert!(
            crate::runtime::settings::format_wish(&crate::config::Effective::from_layers(Some(&back), &[]).unwrap().config.camera)
                .is_open()
        );
        assert!(choices(&words, &fixtures::cameras()[2], &status).is_empty());
    }
}
