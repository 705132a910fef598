//! Histograms, entropy, means and deviations over masks.
