//! Exact search: a coarse pass that gives an upper bound of every row's score, then exact scores where the bound could matter.

use super::index::{Index, Quantised, Restriction, quantisation_scale};
use super::kernels::f32_error_bound;
use super::ranking::{Candidate, Ranking};
use super::rows::{F32Block, I8Block, SEGMENT_ROWS, blocks_of};
use crate::biometrics::comparison::{COSINE_CHUNK, cosine};
use crate::biometrics::template::{Template, TemplateError};
use std::ops::Range;

/// Rows per step of the coarse pass: their bounds stay in the first-level cache. Divides a segment.
const STEP_ROWS: usize = 1024;

/// Rows whose bounds are looked at together.
const GROUP_ROWS: usize = 32;

/// A restriction to fewer than one in this many rows is cheaper row by row than by scanning all of them.
const SCAN_WORTH: usize = 16;

/// Covers what the bounds below leave out: lengths that differ from 1 by the rounding of their values (at most 1e-7 each), the rounding
/// of the bound's own arithmetic and of the exact score (a few times 6e-8).
const MARGIN: f32 = 4e-6;

/// A probe in the forms that the passes read. Wiped when dropped.
pub struct PreparedProbe {
    template: Template,
    exact: Vec<F32Block>,
    coarse: Vec<I8Block>,
    residual: f32,
}

impl Drop for PreparedProbe {
    fn drop(&mut self) {
        use super::rows::Block as _;
        self.exact.iter_mut().for_each(|block| block.wipe());
        self.coarse.iter_mut().for_each(|block| block.wipe());
    }
}

/// Memory that a search of a row range works in.
struct Scratch {
    dots: Vec<i32>,
    bounds: Vec<f32>,
    survivors: Vec<(f32, usize)>,
}

impl Index {
    /// Searches all rows on the calling thread.
    ///
    /// One entry per subject, its best; highest score first, equal ones by identifier; at most `size`. Scores are those of
    /// [`crate::biometrics::comparison::compare`], to the last bit.
    ///
    /// # Errors
    /// [`TemplateError::UnlikeFormats`] for a probe of another recogniser.
    pub fn search(&self, probe: &Template, size: usize, within: Option<&Restriction>) -> Result<Vec<Candidate>, TemplateError> {
        Ok(self.search_rows(&self.prepare(probe)?, 0..self.len(), size, within))
    }

    /// Makes a probe ready for [`Self::search_rows`].
    ///
    /// # Errors
    /// [`TemplateError::UnlikeFormats`] for a probe of another recogniser.
    pub fn prepare(&self, probe: &Template) -> Result<PreparedProbe, TemplateError> {
        self.check_format(probe)?;
        let quantised = Quantised::of(probe.values());
        Ok(PreparedProbe {
            template: probe.clone(),
            exact: blocks_of(probe.values()),
            coarse: blocks_of(&quantised.values),
            residual: quantised.residual,
        })
    }

    /// Searches some rows; [`super::ranking::merge`] joins the answers of ranges that cover the index.
    #[must_use]
    pub fn search_rows(&self, probe: &PreparedProbe, rows: Range<usize>, size: usize, within: Option<&Restriction>) -> Vec<Candidate> {
        let mut best = Ranking::new(size);
        let rows = rows.start..rows.end.min(self.len());
        if let Some(allowed) = within.filter(|allowed| allowed.slots().len() < self.subjects() / SCAN_WORTH) {
            for row in allowed.slots().iter().flat_map(|slot| self.rows_of(*slot)).filter(|row| rows.contains(row)) {
                best.offer(self.score(probe, row));
            }
            return best.into_candidates();
        }
        let mut scratch = Scratch { dots: vec![0; STEP_ROWS], bounds: vec![0.0; STEP_ROWS], survivors: Vec::new() };
        let mut first = rows.start;
        while first < rows.end {
            let count = (STEP_ROWS - first % STEP_ROWS).min(rows.end - first);
            self.bounds(probe, first, count, &mut scratch);
            Self::survivors(first, count, best.floor(), &mut scratch);
            scratch.survivors.retain(|(_, row)| within.is_none_or(|allowed| allowed.allows(self.slot_of(*row))));
            scratch.survivors.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
            for (bound, row) in &scratch.survivors {
                if *bound < best.floor() {
                    break;
                }
                best.offer(self.score(probe, *row));
            }
            first += count;
        }
        best.into_candidates()
    }

    /// The exact score of one row.
    fn score(&self, probe: &PreparedProbe, row: usize) -> Candidate {
        let values = self.exact.row(row).iter().map(|block| block.0.as_slice());
        Candidate { subject: self.subject_of(row), score: cosine(probe.template.values().chunks(COSINE_CHUNK), values) }
    }

    /// Writes an upper bound of the score of every row from `first` to `scratch.bounds`.
    ///
    /// For a row x and a probe y with 8-bit copies x', y' the scores differ by
    /// `x·y - x'·y' = (x - x')·y + x'·(y - y') <= |x - x'| |y| + (|x| + |x - x'|) |y - y'|`.
    fn bounds(&self, probe: &PreparedProbe, first: usize, count: usize, scratch: &mut Scratch) {
        debug_assert!(first / SEGMENT_ROWS == (first + count - 1) / SEGMENT_ROWS, "a step lies in one segment");
        let bounds = &mut scratch.bounds[..count];
        let Some(coarse) = &self.coarse else {
            self.kernel().dot_f32(self.exact.span(first, count), &probe.exact, bounds);
            let error = f32_error_bound(self.format().dimensions) + MARGIN;
            bounds.iter_mut().for_each(|bound| *bound += error);
            return;
        };
        let dots = &mut scratch.dots[..count];
        self.kernel().dot_i8(coarse.rows.span(first, count), &probe.coarse, dots);
        let unit = (quantisation_scale(self.format().dimensions).powi(2).recip()) as f32;
        let per_residual = 1.0 + probe.residual;
        let fixed = probe.residual + MARGIN;
        for ((bound, dot), residual) in bounds.iter_mut().zip(dots).zip(&coarse.residuals[first..first + count]) {
            *bound = *dot as f32 * unit + (*residual * per_residual + fixed);
        }
    }

    /// Collects the rows whose bound reaches `floor`.
    fn survivors(first: usize, count: usize, floor: f32, scratch: &mut Scratch) {
        scratch.survivors.clear();
        for (group, bounds) in scratch.bounds[..count].chunks(GROUP_ROWS).enumerate() {
            // Without a branch per row: almost every group has no survivor.
            if bounds.iter().fold(false, |any, bound| any | (*bound >= floor)) {
                let start = first + group * GROUP_ROWS;
                let reaching = bounds.iter().enumerate().filter(|(_, bound)| **bound >= floor);
                scratch.survivors.extend(reaching.map(|(i, bound)| (*bound, start + i)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::index::Storage;
    use super::super::kernels::Kernel;
    use super::super::ranking::merge;
    use super::*;
    use crate::biometrics::comparison::compare;
    use crate::biometrics::template::TemplateFormat;
    use crate::units::SubjectId;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn format(dimensions: usize) -> TemplateFormat {
        TemplateFormat { recogniser: "made-up@0123456789abcdef".into(), dimensions }
    }

    fn subject(number: u32) -> SubjectId {
        SubjectId(Uuid::from_u128(u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)))
    }

    /// Directions that crowd together, so that many rows lie within the error of the 8-bit copy of each other.
    fn crowd(count: usize, dimensions: usize, seed: u64, spread: f32) -> Vec<Template> {
        let mut state = seed;
        let mut draw = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 40) as f32 / (1_u64 << 23) as f32) - 1.0
        };
        let centre: Vec<f32> = (0..dimensions).map(|_| draw() + 1e-3).collect();
        let near = |_| Template::new(format(dimensions), centre.iter().map(|c| c + spread * draw()).collect()).unwrap();
        (0..count).map(near).collect()
    }

    fn every_way(dimensions: usize) -> Vec<Index> {
        let kernels = Kernel::available().into_iter();
        kernels.flat_map(|k| [Storage::F32, Storage::F32AndI8].map(|s| Index::with(format(dimensions), s, k))).collect()
    }

    /// What comparing with every template one by one gives.
    fn one_by_one(people: &[(SubjectId, Template)], probe: &Template, size: usize, allowed: impl Fn(SubjectId) -> bool) -> Vec<Candidate> {
        let mut all: Vec<Candidate> = people
            .iter()
            .filter(|(subject, _)| allowed(*subject))
            .map(|(subject, template)| Candidate { subject: *subject, score: compare(probe, template).unwrap() })
            .collect();
        all.sort_by(Candidate::rank);
        let mut seen = std::collections::HashSet::new();
        all.retain(|c| seen.insert(c.subject));
        all.truncate(size);
        all
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn equals_comparing_one_by_one(
            dimensions in 1_usize..140,
            count in 0_usize..400,
            subjects in 1_u32..300,
            size in 0_usize..30,
            seed: u64,
            spread in prop_oneof![Just(0.0_f32), Just(1e-3), Just(0.05), Just(1.0)],
            removed in proptest::collection::vec(0_u32..300, 0..20),
            within in proptest::option::of(proptest::collection::vec(0_u32..300, 0..60)),
            cut in 0_usize..400,
        ) {
            let templates = crowd(count + 1, dimensions, seed, spread);
            let (probe, rest) = templates.split_last().unwrap();
            let mut people: Vec<(SubjectId, Template)> =
                rest.iter().enumerate().map(|(i, t)| (subject(i as u32 * 7 % subjects), t.clone())).collect();
            let gone: Vec<SubjectId> = removed.into_iter().map(subject).collect();
            let allowed: Option<Vec<SubjectId>> = within.map(|w| w.into_iter().map(subject).collect());
            let all = people.clone();
            people.retain(|(s, _)| !gone.contains(s));
            let expected = one_by_one(&people, probe, size, |s| allowed.as_ref().is_none_or(|a| a.contains(&s)));
            for mut index in every_way(dimensions) {
                for (s, t) in &all {
                    index.insert(*s, t).unwrap();
                }
                for s in &gone {
                    let had = all.iter().filter(|(other, _)| other == s).count();
                    let removed = index.remove(*s);
                    prop_assert!(removed == had || (removed == 0 && !index.contains(*s)));
                }
                prop_assert_eq!(index.len(), people.len());
                let restriction = allowed.as_ref().map(|a| index.restriction(a.iter().copied()));
                let found = index.search(probe, size, restriction.as_ref()).unwrap();
                prop_assert_eq!(&found, &expected, "{}", index.kernel().name());
                let prepared = index.prepare(probe).unwrap();
                let part = |rows| index.search_rows(&prepared, rows, size, restriction.as_ref());
                prop_assert_eq!(&merge([part(0..cut), part(cut..usize::MAX)], size), &expected);
            }
        }
    }

    #[test]
    fn steps_and_segments_join() {
        let templates = crowd(2 * SEGMENT_ROWS + 77, 20, 5, 0.4);
        let people: Vec<_> = templates.into_iter().enumerate().map(|(i, t)| (subject(i as u32 / 2), t)).collect();
        for mut index in every_way(20) {
            for (s, t) in &people {
                index.insert(*s, t).unwrap();
            }
            for probe in [0, STEP_ROWS, SEGMENT_ROWS - 1, SEGMENT_ROWS, people.len() - 1] {
                let probe = &people[probe].1;
                assert_eq!(index.search(probe, 100, None).unwrap(), one_by_one(&people, probe, 100, |_| true));
            }
        }
    }

    #[test]
    fn a_restriction_never_lets_a_stranger_in() {
        let templates = crowd(4, 8, 9, 1.0);
        let mut index = Index::new(format(8));
        index.insert(subject(1), &templates[0]).unwrap();
        index.insert(subject(2), &templates[1]).unwrap();
        let only_first = index.restriction([subject(1), subject(99)]);
        index.remove(subject(1));
        index.insert(subject(3), &templates[2]).unwrap();
        index.insert(subject(1), &templates[3]).unwrap();
        assert_eq!(index.search(&templates[0], 10, Some(&only_first)).unwrap(), []);
        assert_eq!(index.searched(Some(&only_first)), 0);
        assert_eq!(index.search(&templates[0], 10, None).unwrap().len(), 3);
    }

    #[test]
    fn probes_of_another_recogniser_are_refused() {
        let other = TemplateFormat { recogniser: "other@0123456789abcdef".into(), dimensions: 8 };
        let probe = Template::new(other, vec![1.0; 8]).unwrap();
        let mut index = Index::new(format(8));
        assert!(matches!(index.search(&probe, 1, None), Err(TemplateError::UnlikeFormats { .. })));
        assert!(index.insert(subject(1), &probe).is_err());
        assert!(index.is_empty());
    }
}
