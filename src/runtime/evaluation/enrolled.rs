//! Thresholds from the people enrolled on this machine: the non-mated comparisons that searches of a large gallery rest on.
//!
//! A gallery of N people asks for a false match rate of about 1 % / N and holds N²/2 comparisons of different people, so that above some
//! hundreds it bears out the thresholds that it needs, measured on those who are searched. Somebody enrolled twice counts as two people
//! here: their comparison pushes thresholds up, which names fewer people and nobody wrongly. [`GallerySample::closest`] shows whom to look at.

use crate::biometrics::comparison::{Calibration, ComparisonError, SimilarityScore, compare};
use crate::biometrics::evaluation::calibrate::calibrate;
use crate::biometrics::template::{Template, TemplateError, TemplateFormat};
use crate::ports::gallery::{GalleryError, GalleryStore};
use crate::units::SubjectId;
use std::collections::HashMap;

/// Most people that are compared with each other. Their comparisons bear out a false match rate of one in ten million; more people would
/// take a quarter of an hour and gigabytes for every further step.
pub const MOST_PEOPLE: usize = 12_000;

/// Two people who look alike, and how much.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alike {
    /// Both.
    pub people: (SubjectId, SubjectId),
    /// Of their most alike templates.
    pub score: SimilarityScore,
}

/// People of a gallery with their templates.
pub struct GallerySample {
    format: TemplateFormat,
    people: Vec<(SubjectId, Vec<Template>)>,
    enrolled: usize,
}

impl GallerySample {
    /// Takes everybody who has templates of a format, or [`MOST_PEOPLE`] spread evenly over the order of the store.
    ///
    /// # Errors
    /// [`GalleryError`] as the store gives it.
    pub fn read(store: &dyn GalleryStore, format: &TemplateFormat) -> Result<Self, GalleryError> {
        Self::of_at_most(MOST_PEOPLE, store, format)
    }

    fn of_at_most(most: usize, store: &dyn GalleryStore, format: &TemplateFormat) -> Result<Self, GalleryError> {
        let mut people: Vec<(SubjectId, Vec<Template>)> = Vec::new();
        let mut places: HashMap<SubjectId, usize> = HashMap::new();
        store.for_each_template(format, &mut |entry| {
            let place = *places.entry(entry.subject).or_insert_with(|| {
                people.push((entry.subject, Vec::new()));
                people.len() - 1
            });
            people[place].1.push(entry.template);
        })?;
        let enrolled = people.len();
        people = people.into_iter().enumerate().filter(|(i, _)| chosen(*i, enrolled, most)).map(|(_, person)| person).collect();
        Ok(Self { format: format.clone(), people, enrolled })
    }

    /// People compared with each other.
    #[must_use]
    pub fn people(&self) -> usize {
        self.people.len()
    }

    /// People who have templates of the format.
    #[must_use]
    pub const fn enrolled(&self) -> usize {
        self.enrolled
    }

    /// Thresholds from every comparison of two different people.
    ///
    /// # Errors
    /// [`ComparisonError::Unreadable`] when there are too few people.
    pub fn calibrate(&self) -> Result<Calibration, ComparisonError> {
        let labelled: Vec<(u32, &Template)> =
            (0..).zip(&self.people).flat_map(|(number, (_, templates))| templates.iter().map(move |t| (number, t))).collect();
        let whom = if self.people.len() == self.enrolled { "the".to_owned() } else { format!("{} of the", self.people.len()) };
        let data = format!("{whom} {} people enrolled on this machine, every comparison of two of them", self.enrolled);
        calibrate(&self.format, &labelled, &data)
    }

    /// The `count` most alike of different people at or above a score, most alike first.
    ///
    /// # Errors
    /// [`TemplateError`] when the store gave templates of unlike formats.
    pub fn closest(&self, at_least: SimilarityScore, count: usize) -> Result<Vec<Alike>, TemplateError> {
        let mut found: Vec<Alike> = Vec::new();
        for (i, (left, of_left)) in self.people.iter().enumerate() {
            for (right, of_right) in &self.people[i + 1..] {
                let mut best = SimilarityScore(-1.0);
                for (a, b) in of_left.iter().flat_map(|a| of_right.iter().map(move |b| (a, b))) {
                    let score = compare(a, b)?;
                    if score > best {
                        best = score;
                    }
                }
                if best >= at_least {
                    found.push(Alike { people: (*left, *right), score: best });
                }
            }
        }
        found.sort_by(|a, b| b.score.0.total_cmp(&a.score.0));
        found.truncate(count);
        Ok(found)
    }
}

/// Whether the `i`th of `enrolled` is among `most` that are spread evenly over them.
const fn chosen(i: usize, enrolled: usize, most: usize) -> bool {
    enrolled <= most || i * most / enrolled != (i + 1) * most / enrolled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::biometrics::identification::decision::IdentificationPolicy;

    fn format() -> TemplateFormat {
        TemplateFormat { recogniser: "made-up@0123456789abcdef".into(), dimensions: 16 }
    }

    fn subject(n: usize) -> SubjectId {
        SubjectId(uuid::Uuid::from_u128(n as u128))
    }

    /// People in directions of their own; `twice` of them enrolled twice under other names.
    fn sample(people: usize, twice: usize) -> GallerySample {
        let mut state = 7_u64;
        let mut draw = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
        };
        let mut values: Vec<Vec<f32>> = (0..people).map(|_| (0..16).map(|_| draw()).collect()).collect();
        let again: Vec<Vec<f32>> = values[..twice].iter().map(|v| v.iter().map(|x| x + 0.02).collect()).collect();
        values.extend(again);
        let person = |(i, v): (usize, Vec<f32>)| (subject(i), vec![Template::new(format(), v).unwrap()]);
        let people: Vec<_> = values.into_iter().enumerate().map(person).collect();
        GallerySample { format: format(), enrolled: people.len(), people }
    }

    #[test]
    fn a_gallery_bears_out_the_thresholds_that_its_own_size_needs() {
        let sample = sample(1200, 0);
        let calibration = sample.calibrate().unwrap();
        assert_eq!(calibration.non_mated(), 1200 * 1199 / 2);
        assert!(calibration.data().starts_with("the 1200 people enrolled"), "{}", calibration.data());
        let largest = IdentificationPolicy::default().largest_search(&calibration);
        assert!(largest >= 1000, "{largest}");
        assert!(IdentificationPolicy::default().largest_search(&self::sample(100, 0).calibrate().unwrap()) < 100, "a small one does not");
    }

    #[test]
    fn of_many_people_as_many_as_are_wanted_are_spread_over_all() {
        for (enrolled, most) in [(5, 12), (12, 12), (13, 12), (100, 12), (12_007, 12_000)] {
            let taken: Vec<usize> = (0..enrolled).filter(|i| chosen(*i, enrolled, most)).collect();
            assert_eq!(taken.len(), enrolled.min(most), "{enrolled}");
            let widest = taken.windows(2).map(|w| w[1] - w[0]).max().unwrap();
            assert!(widest <= enrolled.div_ceil(most), "{enrolled}: {widest}");
        }
    }

    #[test]
    fn who_is_enrolled_twice_is_shown_and_makes_thresholds_stricter() {
        let (clean, doubled) = (sample(500, 0), sample(500, 4));
        let closest = doubled.closest(SimilarityScore(0.99), 10).unwrap();
        let mut pairs: Vec<_> = closest.iter().map(|alike| alike.people).collect();
        pairs.sort();
        assert_eq!(pairs, (0..4).map(|i| (subject(i), subject(500 + i))).collect::<Vec<_>>());
        assert!(clean.closest(SimilarityScore(0.99), 10).unwrap().is_empty());
        let strictest = |sample: &GallerySample| sample.calibrate().unwrap().points().last().copied().unwrap();
        let (a, b) = (strictest(&clean), strictest(&doubled));
        assert!(b.threshold > a.threshold || b.fmr > a.fmr, "{a:?} {b:?}");
    }
}
