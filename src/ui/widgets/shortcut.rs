//! Enter and Esc as every screen understands them.

use egui::{Event, Key, Ui};

fn pressed_once(ui: &Ui, wanted: Key) -> bool {
    // A key that is held down repeats; it must not run through several screens.
    ui.input(|i| i.events.iter().any(|e| matches!(e, Event::Key { key, pressed: true, repeat: false, .. } if *key == wanted)))
}

/// Enter, while no button or field has the focus: presses the primary button.
#[must_use]
pub fn primary(ui: &Ui) -> bool {
    ui.memory(|m| m.focused().is_none()) && pressed_once(ui, Key::Enter)
}

/// Enter in whatever has the focus.
#[must_use]
pub fn enter(ui: &Ui) -> bool {
    pressed_once(ui, Key::Enter)
}

/// Esc: one step back.
#[must_use]
pub fn back(ui: &Ui) -> bool {
    pressed_once(ui, Key::Escape)
}
