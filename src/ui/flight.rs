//! The captured picture flies from where it was taken to its card, so that nobody wonders what is shown there.

use super::look::Look;
use egui::{Rect, Ui, lerp};

/// Where a picture was taken and since when it flies. Everything here may be lost without harm.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Flight {
    from: Option<Rect>,
    since: Option<f64>,
}

impl Flight {
    /// Remembers where the face stands; the flight begins when a card asks for the picture.
    pub const fn stand(&mut self, oval: Rect) {
        *self = Self { from: Some(oval), since: None };
    }

    /// Where the picture is now, on its way to `card`; `None` when it has arrived, or never flies.
    pub fn on_the_way(&mut self, ui: &Ui, look: &Look, card: Rect) -> Option<Rect> {
        let from = self.from?;
        let now = ui.input(|i| i.time);
        let since = *self.since.get_or_insert(now);
        let share = progress(now - since, look.transition_secs());
        if share >= 1.0 {
            self.from = None;
            return None;
        }
        ui.ctx().request_repaint();
        Some(between(from, card, share))
    }
}

/// Ease-out: fast at first, settling at the end. A length of 0 (reduced motion) has arrived at once.
fn progress(elapsed: f64, seconds: f32) -> f32 {
    if seconds <= 0.0 {
        return 1.0;
    }
    let t = (elapsed as f32 / seconds).clamp(0.0, 1.0);
    1.0 - (1.0 - t).powi(3)
}

fn between(from: Rect, to: Rect, share: f32) -> Rect {
    Rect::from_min_max(
        egui::pos2(lerp(from.left()..=to.left(), share), lerp(from.top()..=to.top(), share)),
        egui::pos2(lerp(from.right()..=to.right(), share), lerp(from.bottom()..=to.bottom(), share)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flight_starts_slowly_ends_at_the_card_and_is_left_out_where_motion_is_reduced() {
        assert_eq!(progress(0.0, 0.2), 0.0);
        assert!(progress(0.05, 0.2) > 0.25, "it leaves fast");
        assert_eq!(progress(0.2, 0.2), 1.0);
        assert_eq!(progress(0.0, 0.0), 1.0);
        let (from, to) = (
            Rect::from_min_size(egui::pos2(10.0, 20.0), egui::vec2(100.0, 200.0)),
            Rect::from_min_size(egui::pos2(400.0, 300.0), egui::vec2(50.0, 60.0)),
        );
        assert_eq!(between(from, to, 0.0), from);
        assert_eq!(between(from, to, 1.0), to);
    }
}
