//! Drawn things that screens are put together from. Each takes a [`crate::ui::look::Look`] and gives every target an accessible name.

pub mod button;
pub mod card;
pub mod choice;
pub mod dialog;
pub mod entry;
pub mod field;
pub mod figure;
pub mod keyboard;
pub mod page;
pub mod ribbon;
pub mod ring;
pub mod score;
pub mod segmented;
pub mod shortcut;
pub mod stack;
pub mod stepper;
pub mod steps;
pub mod text;
pub mod video;
