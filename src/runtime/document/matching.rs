//! The portrait of a document against the person who stands there.

use super::answer::FaceMatch;
use super::reading::DocumentPortrait;
use crate::biometrics::comparison::{self, Calibration, ComparisonError, MatchLevel, VerificationDecision, verify};
use crate::biometrics::template::Template;
use crate::documents::checks::{Comparison, Rules};
use crate::workflow::document::PortraitComparison;

/// Thresholds for the comparison.
#[derive(Debug, Clone, Copy)]
pub struct Thresholds<'a> {
    /// Measured between portraits of documents and live pictures, where that was done for this recogniser.
    pub documents: Option<&'a Calibration>,
    /// Measured between live pictures.
    pub live: &'a Calibration,
    /// How sure a match has to be.
    pub level: MatchLevel,
}

impl<'a> Thresholds<'a> {
    /// The calibration that judges, and whether it was measured for documents. Its sample may be too small for a strict level: then the one
    /// of live pictures judges.
    fn in_force(&self) -> (&'a Calibration, bool) {
        let usable = self.documents.filter(|c| c.at_level(self.level).is_ok());
        usable.map_or((self.live, false), |c| (c, true))
    }
}

/// The best of all pairs of a portrait's templates and a living face's; `None` where no two of them were made by the same recogniser. What
/// the window and the command line both decide with.
///
/// # Errors
/// [`ComparisonError`] when neither calibration can judge the templates at this level.
pub fn best(
    references: &[Template],
    probes: &[Template],
    thresholds: Thresholds<'_>,
) -> Result<Option<PortraitComparison>, ComparisonError> {
    let (calibration, for_documents) = thresholds.in_force();
    let mut best: Option<comparison::Comparison> = None;
    let pairs = references.iter().flat_map(|reference| probes.iter().map(move |probe| (reference, probe)));
    for (reference, probe) in pairs.filter(|(reference, probe)| reference.format() == probe.format()) {
        let found = verify(reference, probe, calibration, thresholds.level)?;
        if best.is_none_or(|b| found.score > b.score) {
            best = Some(found);
        }
    }
    Ok(best.map(|found| PortraitComparison { found, for_documents, measured_on: calibration.data().to_owned() }))
}

/// Compares. Without a portrait that can be compared the answer is *not comparable*, never *no match*.
///
/// # Errors
/// [`ComparisonError`] when neither calibration can judge the templates at this level.
pub fn compare(
    portrait: Option<&DocumentPortrait>,
    living: Option<&Template>,
    rules: &Rules,
    thresholds: Thresholds<'_>,
) -> Result<(Comparison, FaceMatch), ComparisonError> {
    let (calibration, for_documents) = thresholds.in_force();
    let (name, measured_on) = (if for_documents { "document" } else { "live" }, calibration.data().to_owned());
    let portrait = portrait.filter(|p| p.height_px >= rules.smallest_portrait_px).and_then(|p| p.template.as_ref());
    let (references, probes) = (portrait.map_or(&[][..], std::slice::from_ref), living.map_or(&[][..], std::slice::from_ref));
    let Some(PortraitComparison { found, .. }) = best(references, probes, thresholds)? else {
        let none = FaceMatch {
            decision: "not_comparable",
            score: None,
            score_percent: None,
            threshold: None,
            false_match_rate: None,
            calibration: name,
            measured_on,
        };
        return Ok((Comparison::NotComparable, none));
    };
    let matches = found.decision == VerificationDecision::Match;
    let comparison = Comparison::Made { matches, confidence: found.score_percent / 100.0, for_documents };
    let shown = FaceMatch {
        decision: if matches { "match" } else { "non_match" },
        score: Some(found.score.0),
        score_percent: Some(found.score_percent),
        threshold: Some(found.threshold.0),
        false_match_rate: Some(found.false_match_rate),
        calibration: name,
        measured_on,
    };
    Ok((comparison, shown))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::biometrics::comparison::OperatingPoint;
    use crate::biometrics::template::TemplateFormat;
    use crate::geometry::{Point, Size};
    use crate::imaging::Frame;

    fn template(degrees: f32) -> Template {
        let format = TemplateFormat { recogniser: "made-up@0123456789abcdef".into(), dimensions: 2 };
        Template::new(format, vec![degrees.to_radians().cos(), degrees.to_radians().sin()]).expect("two values")
    }

    fn calibration(threshold: f32) -> Calibration {
        let point = |fmr: f64, threshold: f32| OperatingPoint { fmr, threshold, low: 0.0, high: 0.1 };
        let points = vec![point(1e-2, threshold - 0.1), point(1e-3, threshold)];
        Calibration::new("made-up@0123456789abcdef", "made up", 1_000_000, points).expect("a calibration")
    }

    fn portrait(height_px: u32) -> DocumentPortrait {
        DocumentPortrait {
            corners: [Point::default(); 4],
            height_px,
            capture_score: 50.0,
            crop: Frame::filled(Size::new(4, 4), [0; 3]),
            template: Some(template(0.0)),
        }
    }

    #[test]
    fn the_threshold_for_documents_decides_where_there_is_one() {
        let (documents, live) = (calibration(0.4), calibration(0.6));
        let at = |documents| Thresholds { documents, live: &live, level: MatchLevel::Three };
        let sixty = template(60.0);
        let decide = |documents| compare(Some(&portrait(200)), Some(&sixty), &Rules::default(), at(documents)).expect("comparable").1;
        let lenient = decide(Some(&documents));
        assert_eq!((lenient.decision, lenient.calibration), ("match", "document"));
        let strict = decide(None);
        assert_eq!((strict.decision, strict.calibration), ("non_match", "live"));
    }

    #[test]
    fn a_portrait_too_small_or_missing_is_no_other_person() {
        let live = calibration(0.6);
        let thresholds = Thresholds { documents: None, live: &live, level: MatchLevel::Three };
        let living = template(0.0);
        for (portrait, living) in [(Some(portrait(40)), Some(&living)), (None, Some(&living)), (Some(portrait(200)), None)] {
            let (comparison, shown) = compare(portrait.as_ref(), living, &Rules::default(), thresholds).expect("an answer");
            assert_eq!((comparison, shown.decision), (Comparison::NotComparable, "not_comparable"));
        }
    }
}
