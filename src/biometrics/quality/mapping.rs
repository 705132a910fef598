//! The family of curves that maps native measures to 0-100.

/// The logistic function: 0.5 at `centre`, rising with `width`.
pub(super) fn sigmoid(value: f64, centre: f64, width: f64) -> f64 {
    1.0 / (1.0 + ((centre - value) / width).exp())
}

/// `height · (offset + slope · σ(value))`, unrounded: the standard form of ISO/IEC 29794-5.
pub(super) fn curve(value: f64, height: f64, offset: f64, slope: f64, centre: f64, width: f64) -> f64 {
    height * (offset + slope * sigmoid(value, centre, width))
}
