//! How everything looks in this pass: theme, sizes, words, seat. Handed to every function that draws.

use super::strings::Words;
use super::theme::{self, Palette, Scale, Theme};
use crate::runtime::messages::Seat;

/// What a drawing function needs besides its values.
#[derive(Debug, Clone)]
pub struct Look {
    /// Light or dark.
    pub theme: Theme,
    /// Its colours.
    pub palette: &'static Palette,
    /// Sizes for this window.
    pub scale: Scale,
    /// Words of the language in use.
    pub words: Words,
    /// Who stands at the screen.
    pub seat: Seat,
    /// Whether transitions are skipped.
    pub reduced_motion: bool,
}

impl Look {
    /// The words for `key`.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        self.words.t(key)
    }

    /// A length in points, from its value at 1080p.
    #[must_use]
    pub fn px(&self, at_1080: f32) -> f32 {
        self.scale.px(at_1080)
    }

    /// Length of a transition in seconds.
    #[must_use]
    pub const fn transition_secs(&self) -> f32 {
        theme::transition_secs(self.reduced_motion)
    }

    /// Whether an officer sits here.
    #[must_use]
    pub fn officer(&self) -> bool {
        self.seat == Seat::Desk
    }
}
