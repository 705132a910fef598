//! Drawn things that screens are put together from. Each takes a [`crate::ui::look::Look`] and gives every target an accessible name.

pub mod button;
pub mod card;
pub mod figure;
pub mod ribbon;
pub mod ring;
pub mod segmented;
pub mod stack;
pub mod steps;
pub mod text;
pub mod video;
