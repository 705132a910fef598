//! What presentation attack detection asks of a presentation: one preset of the configuration, as the layers want it.

use crate::config::{PadConfig, PadPresetConfig, PadPresetName};

/// The rules in force.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PadRules {
    /// Which preset they come from.
    pub preset: PadPresetName,
    /// Its values.
    pub values: PadPresetConfig,
}

impl PadRules {
    /// The preset that the configuration puts in force.
    #[must_use]
    pub const fn from_config(config: &PadConfig) -> Self {
        Self { preset: config.preset, values: *config.in_force() }
    }
}

impl Default for PadRules {
    /// `balanced` as the documented defaults have it.
    ///
    /// # Panics
    /// Never: the defaults are part of the program and checked by a test.
    fn default() -> Self {
        let defaults = crate::config::Effective::from_layers(None, &[]).expect("the defaults are checked by a test");
        Self::from_config(&defaults.config.pad)
    }
}
