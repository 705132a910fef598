//! A list to choose one entry from, or none of them.

use crate::ui::look::Look;
use egui::{ComboBox, Ui, vec2};

/// Draws the list, `width` wide and `height` high while it is closed. A choice closes it, by keyboard too.
///
/// - `name`: what the list is for, for assistive technology and unlike that of any other list in view.
/// - `chosen`: value of the entry chosen; `None` is `nothing`. A value that no entry has is shown as it is.
/// - `entries`: values with the words that are shown.
pub fn choice(
    ui: &mut Ui,
    look: &Look,
    size: egui::Vec2,
    name: &str,
    chosen: &mut Option<String>,
    nothing: String,
    entries: &[(String, String)],
) {
    let listed = entries.iter().find(|(value, _)| Some(value) == chosen.as_ref()).map(|(_, words)| words.clone());
    let shown = listed.or_else(|| chosen.clone()).unwrap_or_else(|| nothing.clone());
    ui.scope(|ui| {
        ui.spacing_mut().interact_size.y = size.y;
        ui.spacing_mut().button_padding = vec2(look.px(12.0), look.px(8.0));
        let drawn = ComboBox::from_id_salt(name).selected_text(shown).width(size.x).truncate().show_ui(ui, |ui| {
            let mut closes = ui.selectable_value(chosen, None, nothing).clicked();
            for (value, words) in entries {
                closes |= ui.selectable_value(chosen, Some(value.clone()), words).clicked();
            }
            // Only a pointer's choice closes it by itself.
            if closes {
                ui.close();
            }
        });
        let _ = drawn.response.accessible_name(name);
    });
}
