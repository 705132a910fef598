//! What the scores of a recogniser mean, as model cards show it: thresholds with their intervals, and how far searches reach.

use crate::biometrics::comparison::{Calibration, OperatingPoint};
use crate::biometrics::evaluation::interval::{Interval, LEVEL};
use crate::biometrics::evaluation::report::IntervalReport;
use crate::biometrics::identification::decision::IdentificationPolicy;
use serde::Serialize;

#[derive(Serialize)]
struct Point {
    false_match_rate: f64,
    threshold: f32,
    /// Of the false match rate at this threshold.
    interval: IntervalReport,
}

/// A calibration for people and machines.
#[derive(Serialize)]
pub(super) struct Thresholds {
    recogniser: String,
    data: String,
    non_mated_comparisons: u64,
    points: Vec<Point>,
    /// FPIR of searches as configured, and the templates among which somebody can be named at that rate, at most.
    false_positive_identification_rate: f64,
    searches_reach: usize,
}

impl From<&OperatingPoint> for Point {
    fn from(point: &OperatingPoint) -> Self {
        let interval = Interval { low: point.low, high: point.high };
        Self { false_match_rate: point.fmr, threshold: point.threshold, interval: interval.into() }
    }
}

impl Thresholds {
    pub(super) fn of(calibration: &Calibration, policy: &IdentificationPolicy) -> Self {
        Self {
            recogniser: calibration.recogniser().to_owned(),
            data: calibration.data().to_owned(),
            non_mated_comparisons: calibration.non_mated(),
            points: calibration.points().iter().map(Point::from).collect(),
            false_positive_identification_rate: policy.false_positive_identification_rate,
            searches_reach: policy.largest_search(calibration),
        }
    }

    pub(super) fn text(&self) -> String {
        let mut text = format!(
            "# Thresholds of {}\n\nMeasured on {} comparisons of different people ({}).\n\n",
            self.recogniser, self.non_mated_comparisons, self.data
        );
        for point in &self.points {
            text += &format!(
                "one false match in {}: {:.4}; {:.0} % interval of the rate: {:.2e} to {:.2e}\n",
                (1.0 / point.false_match_rate).round(),
                point.threshold,
                LEVEL * 100.0,
                point.interval.low,
                point.interval.high
            );
        }
        text + &format!(
            "\nA search that may name a stranger in {:.2} % of cases names somebody among {} templates at most; in a larger gallery the list is for \
             comparing the faces, until thresholds are measured that reach further (`visavis gallery calibrate`).\n",
            self.false_positive_identification_rate * 100.0,
            self.searches_reach
        )
    }
}
