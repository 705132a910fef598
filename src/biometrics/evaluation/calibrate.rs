//! Measures a calibration on all comparisons between different people of a set.

use super::interval::{Interval, LEVEL, clopper_pearson};
use super::tradeoff::Tradeoff;
use crate::biometrics::comparison::calibration::{CALIBRATED_RATES, COMPARISONS_PER_RATE};
use crate::biometrics::comparison::{Calibration, ComparisonError, OperatingPoint, compare};
use crate::biometrics::template::{Template, TemplateFormat};
use std::collections::HashMap;

/// Templates of people, numbered: equal numbers are the same person.
pub type Labelled<'a> = [(u32, &'a Template)];

/// Measures thresholds at [`CALIBRATED_RATES`] on every comparison of two different people.
///
/// Such comparisons share pictures and people, so that they say less than as many independent ones. The intervals allow for it: the
/// variance of the false match rate is taken over people (every person's comparisons move together), and the exact binomial interval is
/// that of the number of independent comparisons with the same variance. A rate is left out unless that number, too, is at least
/// [`COMPARISONS_PER_RATE`] divided by the rate.
///
/// # Errors
/// [`ComparisonError::Unreadable`] when the set is too small for FMR 1e-2; [`ComparisonError::Template`] for templates of unlike formats.
///
/// # Source
/// Variance over pairs that share members: Aronow, Samii and Assenova 2015, "Cluster-robust variance estimation for dyadic data".
pub fn calibrate(format: &TemplateFormat, templates: &Labelled<'_>, data: &str) -> Result<Calibration, ComparisonError> {
    measure(format, &People::of(templates), data, 1.0, |each| each_non_mated(templates, each))
}

/// The same between two sets of pictures of the same people: every picture of one set against the pictures of other people in the other. No
/// two pictures of one set are compared.
///
/// The comparisons of two people in both directions count as one couple each, so that the intervals allow for what they share.
///
/// # Errors
/// As [`calibrate`].
pub fn calibrate_across(
    format: &TemplateFormat,
    references: &Labelled<'_>,
    probes: &Labelled<'_>,
    data: &str,
) -> Result<Calibration, ComparisonError> {
    let across = |each: &mut dyn FnMut(u32, u32, f32)| {
        for (a, left) in references {
            for (b, right) in probes.iter().filter(|(b, _)| b != a) {
                each(*a, *b, compare(left, right)?.0);
            }
        }
        Ok(())
    };
    let mut people = People::of(references);
    for (person, count) in People::of(probes).0 {
        let known = people.0.entry(person).or_insert(0.0);
        *known = known.max(count);
    }
    measure(format, &people, data, 0.5, across)
}

/// Thresholds from comparisons that `compare_all` hands to a function, the same ones each time. `share` is what one of them counts among the
/// comparisons of `people` in one direction.
fn measure(
    format: &TemplateFormat,
    people: &People,
    data: &str,
    share: f64,
    compare_all: impl Fn(&mut dyn FnMut(u32, u32, f32)) -> Result<(), ComparisonError>,
) -> Result<Calibration, ComparisonError> {
    let mut scores = Vec::new();
    compare_all(&mut |_, _, score| scores.push(score))?;
    let non_mated = scores.len();
    let too_small = |_| ComparisonError::Unreadable { reason: format!("{non_mated} comparisons of different people are too few") };
    let tradeoff = Tradeoff::new(vec![1.0], scores).map_err(too_small)?;
    let wanted: Vec<(f64, f32)> =
        CALIBRATED_RATES.into_iter().filter_map(|fmr| Some((fmr, tradeoff.threshold_at_fmr(fmr).filter(|t| *t <= 1.0)?))).collect();
    let lowest = wanted.iter().map(|w| w.1).fold(f32::INFINITY, f32::min);
    let mut false_matches = Vec::new();
    compare_all(&mut |a, b, score| {
        if score >= lowest {
            false_matches.push(FalseMatch { score, people: (a.min(b), a.max(b)) });
        }
    })?;
    let points = wanted.into_iter().filter_map(|(fmr, threshold)| {
        let effective = people.effective_comparisons(share, false_matches.iter().filter(|m| m.score >= threshold).map(|m| m.people));
        let measured = tradeoff.at(threshold).fmr.value()?;
        let Interval { low, high } = clopper_pearson(measured * effective, effective, LEVEL);
        (effective * fmr >= COMPARISONS_PER_RATE).then_some(OperatingPoint { fmr, threshold, low, high })
    });
    Calibration::new(&format.recogniser, data, non_mated as u64, points.collect())
}

fn each_non_mated(templates: &Labelled<'_>, each: &mut dyn FnMut(u32, u32, f32)) -> Result<(), ComparisonError> {
    for (i, (a, left)) in templates.iter().enumerate() {
        for (b, right) in &templates[i + 1..] {
            if a != b {
                each(*a, *b, compare(left, right)?.0);
            }
        }
    }
    Ok(())
}

struct FalseMatch {
    score: f32,
    people: (u32, u32),
}

/// How many pictures there are of each person.
struct People(HashMap<u32, f64>);

impl People {
    fn of(templates: &Labelled<'_>) -> Self {
        let mut pictures = HashMap::new();
        for (person, _) in templates {
            *pictures.entry(*person).or_insert(0.0) += 1.0;
        }
        Self(pictures)
    }

    /// The number of independent comparisons whose false match rate would vary as much as this one, at most as many as there are.
    fn effective_comparisons(&self, share: f64, false_matches: impl Iterator<Item = (u32, u32)>) -> f64 {
        let power = |n: i32| self.0.values().map(|m| m.powi(n)).sum::<f64>();
        let comparisons = (power(1).powi(2) - power(2)) / 2.0;
        let (mut by_person, mut by_couple, mut events) = (HashMap::<u32, f64>::new(), HashMap::<(u32, u32), f64>::new(), 0.0);
        for (a, b) in false_matches {
            events += share;
            *by_person.entry(a).or_default() += share;
            *by_person.entry(b).or_default() += share;
            *by_couple.entry((a, b)).or_default() += share;
        }
        let rate = events / comparisons;
        if rate <= 0.0 || rate >= 1.0 {
            return comparisons;
        }
        // Residuals of all comparisons that share a person, squared …
        let over_people: f64 =
            self.0.iter().map(|(person, m)| (by_person.get(person).copied().unwrap_or(0.0) - rate * m * (power(1) - m)).powi(2)).sum();
        // … in which the comparisons of one couple, sharing both, were counted twice. Couples without a false match in closed form.
        let all_couples = (power(2).powi(2) - power(4)) / 2.0 * rate * rate;
        let over_couples: f64 = by_couple
            .iter()
            .map(|((a, b), found)| {
                let expected = rate * self.0[a] * self.0[b];
                (found - expected).powi(2) - expected.powi(2)
            })
            .sum::<f64>()
            + all_couples;
        let variance = (over_people - over_couples).max(0.0) / comparisons.powi(2);
        let independent = rate * (1.0 - rate) / comparisons;
        comparisons * (independent / variance.max(independent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::biometrics::comparison::calibration::MatchLevel;

    fn format() -> TemplateFormat {
        TemplateFormat { recogniser: "made-up@0123456789abcdef".into(), dimensions: 24 }
    }

    /// `people` directions with `pictures` slightly different templates each.
    fn made_up(people: u32, pictures: u32) -> Vec<(u32, Template)> {
        let mut state = 11_u64;
        let mut draw = move || {
            let uniform: f32 = (0..4)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    (state >> 40) as f32 / (1_u64 << 24) as f32
                })
                .sum();
            uniform - 2.0
        };
        let mut all = Vec::new();
        for person in 0..people {
            let centre: Vec<f32> = (0..24).map(|_| draw()).collect();
            for _ in 0..pictures {
                all.push((person, Template::new(format(), centre.iter().map(|c| c + 0.1 * draw()).collect()).unwrap()));
            }
        }
        all
    }

    fn calibrated(set: &[(u32, Template)]) -> Result<Calibration, ComparisonError> {
        let labelled: Vec<(u32, &Template)> = set.iter().map(|(p, t)| (*p, t)).collect();
        calibrate(&format(), &labelled, "made up")
    }

    #[test]
    fn thresholds_hold_on_fresh_people() {
        let calibration = calibrated(&made_up(400, 1)).unwrap();
        assert_eq!(calibration.non_mated(), 400 * 399 / 2);
        let threshold = calibration.at_level(MatchLevel::One).unwrap().threshold;
        let fresh = made_up(800, 1).split_off(400);
        let scores: Vec<f32> =
            fresh.iter().enumerate().flat_map(|(i, a)| fresh[..i].iter().map(|b| compare(&a.1, &b.1).unwrap().0)).collect();
        let rate = scores.iter().filter(|s| **s >= threshold).count() as f64 / scores.len() as f64;
        assert!((0.005..0.02).contains(&rate), "{rate}");
        assert!(calibration.at_level(MatchLevel::Five).is_err(), "80 000 comparisons say nothing about 1e-5");
        for point in calibration.points() {
            assert!(point.low <= point.fmr && point.fmr * 0.9 <= point.high, "{point:?}");
        }
    }

    #[test]
    fn many_pictures_of_few_people_are_not_many_comparisons() {
        let many_people = calibrated(&made_up(400, 1)).unwrap();
        let few_people = calibrated(&made_up(40, 10)).unwrap();
        let width = |c: &Calibration| c.points()[0].high - c.points()[0].low;
        assert!(width(&few_people) > 3.0 * width(&many_people), "{:?} {:?}", few_people.points()[0], many_people.points()[0]);
        assert!(few_people.points().len() < many_people.points().len());
    }

    #[test]
    fn too_few_people_are_refused() {
        assert!(matches!(calibrated(&made_up(10, 1)), Err(ComparisonError::Unreadable { .. })));
        assert!(matches!(calibrated(&made_up(1, 50)), Err(ComparisonError::Unreadable { .. })));
    }
}
