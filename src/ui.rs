//! Floor 7: the window. Draws values, sends commands, decides nothing.

pub mod app;
pub mod dialogs;
pub mod fixtures;
pub mod flight;
pub mod guide;
pub mod look;
pub mod pictures;
pub mod screens;
pub mod service_words;
pub mod software;
pub mod storyboard;
pub mod strings;
pub mod sync_fixtures;
pub mod theme;
pub mod toast;
pub mod widgets;
pub mod window;
