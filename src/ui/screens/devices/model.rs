//! What the devices page knows: cameras found, and the one in use in words.

use crate::ports::camera::{CameraDescription, CameraFormat};
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
}
