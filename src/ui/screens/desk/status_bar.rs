//! The status bar: camera, models and backend, gallery size, keys, practice.

use crate::ports::keys::KeyProtection;
use crate::runtime::messages::{CameraHealth, Status, SyncView};
use crate::ui::look::Look;
use crate::ui::service_words;
use crate::ui::strings::Words;
use crate::ui::theme::Type;
use crate::ui::widgets::card::Tone;
use crate::ui::widgets::text::{self, Style};
use egui::{Align2, Rect, Stroke, Ui, Vec2, pos2, vec2};
use lucide_icons::Icon;

/// Camera in words.
#[must_use]
pub fn camera(words: &Words, health: &CameraHealth) -> (Tone, Icon, String) {
    match health {
        CameraHealth::Off => (Tone::Neutral, Icon::CameraOff, words.t("status-camera-off")),
        CameraHealth::Opening { .. } => (Tone::Neutral, Icon::Camera, words.t("status-camera-opening")),
        CameraHealth::Streaming { delivered_rate, .. } => {
            let rate = format!("{delivered_rate:.0}");
            (Tone::Positive, Icon::Camera, words.with("status-camera-streaming", &[("rate", &rate)]))
        }
        CameraHealth::Recovering { code, .. } => {
            (Tone::Caution, Icon::TriangleAlert, words.with("status-camera-recovering", &[("code", code)]))
        }
    }
}

/// Where the keys are, in words.
#[must_use]
pub fn keys(words: &Words, keys: KeyProtection) -> (Tone, Icon, String) {
    match keys {
        KeyProtection::OsKeyStore => (Tone::Positive, Icon::KeyRound, words.t("status-keys-os")),
        KeyProtection::File => (Tone::Caution, Icon::TriangleAlert, words.t("status-keys-file")),
        KeyProtection::Memory => (Tone::Neutral, Icon::KeyRound, words.t("status-keys-memory")),
    }
}

/// What waits to be delivered, where anything is delivered at all.
#[must_use]
pub fn queue(words: &Words, sync: &SyncView) -> Option<(Tone, Icon, String)> {
    if sync.summary.services.is_empty() {
        return None;
    }
    let waiting = words.n("status-queue", sync.summary.waiting());
    Some(match service_words::banner(words, sync) {
        Some((tone, icon, _)) => (tone, icon, waiting),
        None => (Tone::Neutral, Icon::CloudUpload, waiting),
    })
}

fn backend(words: &Words, status: &Status) -> String {
    let backend = format!("{} {}", status.backend.name, status.backend.version);
    words.with("status-models", &[("models", &status.models), ("backend", &backend)])
}

/// Draws it in `rect`; what does not fit is left out from the right.
pub fn show(ui: &mut Ui, look: &Look, rect: Rect, status: &Status) {
    let p = look.palette;
    ui.painter().rect_filled(rect, 0.0, p.surface_raised);
    ui.painter().hline(rect.x_range(), rect.top(), Stroke::new(1.0, p.outline));
    let people = look.words.n("status-enrolled", status.enrolled);
    let mut parts = vec![
        camera(&look.words, &status.camera_health),
        (Tone::Neutral, Icon::Cpu, backend(&look.words, status)),
        (Tone::Neutral, Icon::Images, people),
        keys(&look.words, status.keys),
    ];
    if let Some(queue) = status.sync.as_ref().and_then(|sync| queue(&look.words, sync)) {
        parts.push(queue);
    }
    if status.practice {
        parts.push((Tone::Caution, Icon::TriangleAlert, look.t("status-practice")));
    }
    let mut x = rect.left() + look.px(20.0);
    for (tone, icon, words) in parts {
        let ink = tone.colours(look).0;
        let style = Style::of(look, Type::DeskCaption).colour(p.ink);
        let width = text::layout(ui, &style.clone().rows(1), &words, f32::INFINITY).size().x;
        let icon_room = look.px(22.0);
        if x + icon_room + width > rect.right() - look.px(12.0) {
            break;
        }
        text::icon(ui, Rect::from_min_size(pos2(x, rect.top()), vec2(look.px(16.0), rect.height())), icon, look.scale.icon(15.0), ink);
        let at = Rect::from_min_size(pos2(x + icon_room, rect.top()), Vec2::new(width + 1.0, rect.height()));
        text::line(ui, at, Align2::LEFT_CENTER, &style, &words);
        x = at.right() + look.px(28.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::strings::Language;

    #[test]
    fn a_lost_camera_and_keys_in_a_file_stand_out() {
        let words = Words::new(Language::English);
        let lost = CameraHealth::Recovering { what: "unplugged".into(), code: "CAM-04" };
        let (tone, _, said) = camera(&words, &lost);
        assert!(tone == Tone::Caution && said.contains("CAM-04"));
        assert_eq!(keys(&words, KeyProtection::File).0, Tone::Caution);
    }
}
