//! Biometric templates.

use std::sync::Arc;
use zeroize::Zeroize as _;

/// Which recogniser made a template. Templates of unlike formats never compare.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TemplateFormat {
    /// Model identifier with the first 16 hexadecimal digits of its SHA-256, for instance `mobilefacenet-casia@cd9d90c0a6483eb5`.
    pub recogniser: Arc<str>,
    /// Number of values.
    pub dimensions: usize,
}

/// Why two templates or a template's values were refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// The templates come from different recognisers.
    #[error("templates of {left} and {right} cannot be compared")]
    UnlikeFormats {
        /// Recogniser of the first.
        left: String,
        /// Recogniser of the second.
        right: String,
    },
    /// The values are not a direction: wrong count, zero length or not finite.
    #[error("{found} values are not a template of {expected} dimensions")]
    NotADirection {
        /// Dimensions of the format.
        expected: usize,
        /// Values handed in.
        found: usize,
    },
}

impl crate::advice::Advised for TemplateError {
    fn advice(&self) -> crate::advice::Advice {
        match self {
            Self::UnlikeFormats { .. } => {
                crate::advice::Advice::input("BIO-10", "Run `visavis gallery reindex` with the current pack, or enrol the person again.")
            }
            Self::NotADirection { .. } => {
                crate::advice::Advice::environment("BIO-11", "Run `visavis models verify`; the recogniser's answer cannot be used.")
            }
        }
    }
}

/// A template: a unit-length direction. `Debug` shows the format and the length only; memory is wiped on drop.
#[derive(Clone, PartialEq)]
pub struct Template {
    format: TemplateFormat,
    values: Vec<f32>,
}

impl Template {
    /// Normalises `values` to length 1.
    ///
    /// # Errors
    /// [`TemplateError::NotADirection`] for a wrong count, a zero length or a value that is not finite.
    pub fn new(format: TemplateFormat, mut values: Vec<f32>) -> Result<Self, TemplateError> {
        let length = values.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt();
        if values.len() != format.dimensions || !length.is_finite() || length < 1e-12 {
            return Err(TemplateError::NotADirection { expected: format.dimensions, found: values.len() });
        }
        values.iter_mut().for_each(|v| *v = (f64::from(*v) / length) as f32);
        Ok(Self { format, values })
    }

    /// Which recogniser made it.
    #[must_use]
    pub const fn format(&self) -> &TemplateFormat {
        &self.format
    }

    /// The values; their squares add up to 1.
    #[must_use]
    pub fn values(&self) -> &[f32] {
        &self.values
    }
}

impl Drop for Template {
    fn drop(&mut self) {
        self.values.zeroize();
    }
}

impl std::fmt::Debug for Template {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Template({}, {} values)", self.format.recogniser, self.values.len())
    }
}
