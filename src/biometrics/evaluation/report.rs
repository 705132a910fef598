//! Evaluations as JSON.

use super::accuracy::Accuracy;
use super::interval::{Interval, LEVEL, Rate};
use super::searches::{LabelledSearch, rates, threshold_at_fpir};
use super::tradeoff::{EqualErrorRate, RocPoint, Tradeoff};
use crate::biometrics::comparison::Calibration;
use crate::biometrics::comparison::calibration::supports;
use crate::biometrics::identification::Index;
use crate::biometrics::identification::decision::{IdentificationPolicy, false_positive_identification_rate};
use serde::Serialize;
use std::collections::BTreeMap;

/// `{"low", "high", "level"}`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct IntervalReport {
    /// Lower end, a fraction.
    pub low: f64,
    /// Upper end, a fraction.
    pub high: f64,
    /// Confidence, a fraction.
    pub level: f64,
}

impl From<Interval> for IntervalReport {
    fn from(interval: Interval) -> Self {
        Self { low: interval.low, high: interval.high, level: LEVEL }
    }
}

/// A rate with the counts and the interval it stands on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RateReport {
    /// The fraction; `null` without trials.
    pub value: Option<f64>,
    /// Times it happened.
    pub events: u64,
    /// Times it could have.
    pub trials: u64,
    /// Exact binomial interval.
    pub interval: IntervalReport,
}

impl From<Rate> for RateReport {
    fn from(rate: Rate) -> Self {
        Self { value: rate.value(), events: rate.events, trials: rate.trials, interval: rate.interval().into() }
    }
}

impl std::fmt::Display for RateReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Some(value) = self.value else { return write!(f, "not measured") };
        let (low, high) = (self.interval.low * 100.0, self.interval.high * 100.0);
        write!(f, "{:.2} % [{low:.2}, {high:.2}] ({} of {})", value * 100.0, self.events, self.trials)
    }
}

/// FNMR at a stated FMR.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct OperatingPointReport {
    /// The FNMR there, as in every other rate.
    #[serde(flatten)]
    pub fnmr: RateReport,
    /// Scores at or above it match.
    pub threshold: f32,
    /// The FMR that the threshold has on this sample.
    pub fmr: RateReport,
    /// Whether the sample is large enough to say anything about the stated FMR: three divided by the rate comparisons, at least.
    pub supported: bool,
}

/// Equal error rate; a crossing of two curves, so it has no counts of its own.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct EqualErrorRateReport {
    /// The fraction.
    pub value: f64,
    /// Exact interval of as many errors among the smaller of the two samples.
    pub interval: IntervalReport,
    /// The threshold at the crossing.
    pub threshold: f32,
}

/// `visavis evaluate verification`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VerificationReport {
    /// Which recogniser, weights included.
    pub recogniser: String,
    /// Pairs in the list.
    pub pairs: u64,
    /// Pairs of the same person that were compared.
    pub mated: u64,
    /// Pairs of different people that were compared.
    pub non_mated: u64,
    /// Pictures without a template among the distinct pictures.
    pub failure_to_acquire: RateReport,
    /// Right answers, threshold from the other folds; a pair that could not be compared is a wrong answer.
    pub accuracy: RateReport,
    /// Right answers fold by fold.
    pub folds: BTreeMap<u32, f64>,
    /// Over the pairs compared.
    pub eer: EqualErrorRateReport,
    /// By FMR (`1e-2`, `1e-3`, `1e-4`); `null` where the sample allows no false match at all.
    pub fnmr_at_fmr: BTreeMap<&'static str, Option<OperatingPointReport>>,
    /// Threshold by FMR.
    pub thresholds: BTreeMap<&'static str, Option<f32>>,
    /// Distinct pictures per second of wall time.
    pub images_per_second: f64,
    /// How the time was spent.
    pub time: TimeReport,
}

/// Wall time of an evaluation beside what its networks alone took.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TimeReport {
    /// First picture opened to last template made, seconds.
    pub wall_seconds: f64,
    /// Time inside the networks, added up over the workers and divided by their number, seconds.
    pub inference_seconds: f64,
    /// Wall time divided by inference time.
    pub wall_over_inference: f64,
    /// Workers.
    pub workers: usize,
}

/// FMRs that are reported.
pub const REPORTED_RATES: [(&str, f64); 3] = [("1e-2", 1e-2), ("1e-3", 1e-3), ("1e-4", 1e-4)];

impl VerificationReport {
    /// Puts the parts together.
    #[must_use]
    pub fn new(recogniser: &str, pairs: u64, pictures: Rate, accuracy: &Accuracy, tradeoff: &Tradeoff, time: TimeReport) -> Self {
        let at = |fmr: f64| tradeoff.threshold_at_fmr(fmr).map(|t| operating_point(tradeoff.at(t), fmr));
        Self {
            recogniser: recogniser.to_owned(),
            pairs,
            mated: tradeoff.mated() as u64,
            non_mated: tradeoff.non_mated() as u64,
            failure_to_acquire: pictures.into(),
            accuracy: accuracy.correct.into(),
            folds: accuracy.folds.iter().map(|f| (f.fold, f.correct.value().unwrap_or(0.0))).collect(),
            eer: equal_error_rate(tradeoff.equal_error_rate(), tradeoff),
            fnmr_at_fmr: REPORTED_RATES.into_iter().map(|(name, fmr)| (name, at(fmr))).collect(),
            thresholds: REPORTED_RATES.into_iter().map(|(name, fmr)| (name, tradeoff.threshold_at_fmr(fmr))).collect(),
            images_per_second: pictures.trials as f64 / time.wall_seconds.max(1e-9),
            time,
        }
    }
}

/// `visavis evaluate identification`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IdentificationReport {
    /// Which recogniser, weights included.
    pub recogniser: String,
    /// Subjects enrolled.
    pub subjects: usize,
    /// Templates enrolled.
    pub templates: usize,
    /// Probes of enrolled people.
    pub mated_searches: u64,
    /// Probes of strangers.
    pub non_mated_searches: u64,
    /// Pictures without a template among gallery and probes.
    pub failure_to_acquire: RateReport,
    /// Searches for enrolled people that did not put them first, whatever the score.
    pub rank_one_miss: RateReport,
    /// FNIR by the FPIR that a threshold has on this sample (`1e-1`, `1e-2`, `1e-3`); `null` where it allows no false positive.
    pub fnir_at_fpir: BTreeMap<&'static str, Option<SearchPointReport>>,
    /// At the threshold that the calibration gives for the gallery's size and the FPIR of the policy; `null` without support.
    pub at_policy: Option<PolicyPointReport>,
}

/// FNIR at one threshold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SearchPointReport {
    /// Candidates at or above it are returned.
    pub threshold: f32,
    /// False positives among searches for strangers.
    pub fpir: RateReport,
    /// Misses among searches for the enrolled.
    pub fnir: RateReport,
}

/// What the policy promises beside what was seen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PolicyPointReport {
    /// FMR of the threshold, a fraction.
    pub false_match_rate: f64,
    /// FPIR that follows for the gallery's size, a fraction.
    pub expected_fpir: f64,
    /// What was seen.
    #[serde(flatten)]
    pub seen: SearchPointReport,
}

/// FPIRs that are reported.
pub const REPORTED_SEARCH_RATES: [(&str, f64); 3] = [("1e-1", 1e-1), ("1e-2", 1e-2), ("1e-3", 1e-3)];

impl IdentificationReport {
    /// Puts the parts together.
    ///
    /// - `pictures`: of gallery and probes together.
    /// - `calibration`: of the recogniser, where there is one.
    #[must_use]
    pub fn new(
        index: &Index,
        searches: &[LabelledSearch],
        pictures: Rate,
        policy: &IdentificationPolicy,
        calibration: Option<&Calibration>,
    ) -> Self {
        let at = |threshold: f32| {
            let found = rates(searches, threshold, policy.list_size);
            SearchPointReport { threshold, fpir: found.fpir.into(), fnir: found.fnir.into() }
        };
        let all = rates(searches, f32::NEG_INFINITY, policy.list_size);
        let missed = Rate { events: all.rank_one.trials - all.rank_one.events, ..all.rank_one };
        let needed = policy.needed_rate(index.len());
        let point = calibration.and_then(|c| c.at_most(needed).ok());
        Self {
            recogniser: index.format().recogniser.to_string(),
            subjects: index.subjects(),
            templates: index.len(),
            mated_searches: all.fnir.trials,
            non_mated_searches: all.fpir.trials,
            failure_to_acquire: pictures.into(),
            rank_one_miss: missed.into(),
            fnir_at_fpir: REPORTED_SEARCH_RATES.into_iter().map(|(name, fpir)| (name, threshold_at_fpir(searches, fpir).map(at))).collect(),
            at_policy: point.map(|p| PolicyPointReport {
                false_match_rate: p.fmr,
                expected_fpir: false_positive_identification_rate(p.fmr, index.len()),
                seen: at(p.threshold),
            }),
        }
    }
}

fn operating_point(point: RocPoint, fmr: f64) -> OperatingPointReport {
    OperatingPointReport {
        fnmr: point.fnmr.into(),
        threshold: point.threshold,
        fmr: point.fmr.into(),
        supported: supports(point.fmr.trials, fmr),
    }
}

fn equal_error_rate(eer: EqualErrorRate, tradeoff: &Tradeoff) -> EqualErrorRateReport {
    let trials = tradeoff.mated().min(tradeoff.non_mated()) as f64;
    let interval = super::interval::clopper_pearson(eer.value * trials, trials, LEVEL).into();
    EqualErrorRateReport { value: eer.value, interval, threshold: eer.threshold }
}

#[cfg(test)]
mod tests {
    use super::super::accuracy::{LabelledScore, cross_validated};
    use super::*;

    #[test]
    fn the_document_has_its_fields() {
        let pairs: Vec<LabelledScore> = (0..400)
            .map(|i| LabelledScore { mated: i % 2 == 0, score: Some(if i % 2 == 0 { 0.8 } else { i as f32 / 1000.0 }), fold: i % 5 })
            .collect();
        let of = |mated: bool| pairs.iter().filter(|p| p.mated == mated).filter_map(|p| p.score).collect();
        let tradeoff = Tradeoff::new(of(true), of(false)).unwrap();
        let time = TimeReport { wall_seconds: 2.0, inference_seconds: 1.6, wall_over_inference: 1.25, workers: 2 };
        let accuracy = cross_validated(&pairs).unwrap();
        let report = VerificationReport::new("r@1", 400, Rate { events: 1, trials: 500 }, &accuracy, &tradeoff, time);
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!((json["pairs"].as_u64(), json["mated"].as_u64(), json["non_mated"].as_u64()), (Some(400), Some(200), Some(200)));
        assert_eq!(json["images_per_second"], 250.0);
        assert_eq!(json["accuracy"]["value"], 1.0);
        assert_eq!(json["accuracy"]["interval"]["level"], 0.95);
        assert_eq!(json["fnmr_at_fmr"]["1e-2"]["value"], 0.0);
        assert_eq!(json["fnmr_at_fmr"]["1e-2"]["supported"], false, "200 comparisons are fewer than 300");
        assert_eq!(json["fnmr_at_fmr"]["1e-3"], serde_json::Value::Null);
        assert_eq!(json["thresholds"]["1e-4"], serde_json::Value::Null);
        assert_eq!(report.failure_to_acquire.to_string(), "0.20 % [0.01, 1.11] (1 of 500)");
    }
}
