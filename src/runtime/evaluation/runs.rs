//! The evaluations themselves: from templates to figures.

use super::EvaluationFault;
use super::extraction::{Extraction, NotAcquired};
use super::folders::LabelledPicture;
use super::pairs::PairList;
use crate::biometrics::comparison::{Calibration, compare};
use crate::biometrics::evaluation::Rate;
use crate::biometrics::evaluation::accuracy::{LabelledScore, cross_validated, deal_folds};
use crate::biometrics::evaluation::calibrate::{calibrate, calibrate_across};
use crate::biometrics::evaluation::report::{TimeReport, VerificationReport};
use crate::biometrics::evaluation::searches::LabelledSearch;
use crate::biometrics::evaluation::tradeoff::Tradeoff;
use crate::biometrics::identification::Index;
use crate::biometrics::template::{Template, TemplateFormat};
use crate::runtime::search::{default_threads, search};
use crate::units::SubjectId;
use std::collections::BTreeMap;
use uuid::Uuid;

impl Extraction {
    /// Pictures without a template among all.
    #[must_use]
    pub fn failure_to_acquire(&self) -> Rate {
        let failed = self.templates.iter().filter(|t| t.is_err()).count();
        Rate { events: failed as u64, trials: self.templates.len() as u64 }
    }

    /// Pictures without a template, with the reason's code.
    #[must_use]
    pub fn not_acquired(&self) -> Vec<&NotAcquired> {
        self.templates.iter().filter_map(|t| t.as_ref().err()).collect()
    }

    fn time(&self) -> TimeReport {
        let (wall, inference) = (self.wall.as_secs_f64(), self.inference.as_secs_f64() / self.workers.max(1) as f64);
        TimeReport {
            wall_seconds: wall,
            inference_seconds: inference,
            wall_over_inference: if inference > 0.0 { wall / inference } else { 0.0 },
            workers: self.workers,
        }
    }

    fn template(&self, index: usize) -> Option<&Template> {
        self.templates.get(index)?.as_ref().ok()
    }
}

/// 1:1 figures of a list.
///
/// # Errors
/// [`EvaluationFault::Evaluation`] when the list has too few comparisons or folds.
pub fn verification(list: &PairList, extraction: &Extraction, format: &TemplateFormat) -> Result<VerificationReport, EvaluationFault> {
    let mut scores = Vec::with_capacity(list.pairs.len());
    for pair in &list.pairs {
        let both = extraction.template(pair.reference).zip(extraction.template(pair.probe));
        let score = both.map(|(a, b)| compare(a, b)).transpose()?.map(|s| s.0);
        scores.push(LabelledScore { mated: pair.mated, score, fold: pair.fold.unwrap_or_default() });
    }
    if list.pairs.iter().any(|p| p.fold.is_none()) {
        deal_folds(&mut scores);
    }
    let of = |mated: bool| scores.iter().filter(|s| s.mated == mated).filter_map(|s| s.score).collect();
    let tradeoff = Tradeoff::new(of(true), of(false))?;
    let accuracy = cross_validated(&scores)?;
    let pictures = extraction.failure_to_acquire();
    Ok(VerificationReport::new(&format.recogniser, list.pairs.len() as u64, pictures, &accuracy, &tradeoff, extraction.time()))
}

/// A calibration from every comparison of two different people.
///
/// # Errors
/// [`EvaluationFault::Comparison`] when there are too few people.
pub fn calibration(
    pictures: &[LabelledPicture],
    extraction: &Extraction,
    format: &TemplateFormat,
    data: &str,
) -> Result<Calibration, EvaluationFault> {
    let people: BTreeMap<&str, u32> = number(pictures.iter().map(|p| p.person.as_str()));
    let labelled = pictures.iter().enumerate().filter_map(|(i, p)| Some((people[p.person.as_str()], extraction.template(i)?)));
    Ok(calibrate(format, &labelled.collect::<Vec<_>>(), data)?)
}

/// A calibration from every comparison of a printed picture of one person with the unprinted picture of another.
///
/// # Errors
/// [`EvaluationFault::Comparison`] when there are too few people.
pub fn printed_calibration(
    pictures: &[LabelledPicture],
    printed: &Extraction,
    live: &Extraction,
    format: &TemplateFormat,
    data: &str,
) -> Result<Calibration, EvaluationFault> {
    let people: BTreeMap<&str, u32> = number(pictures.iter().map(|p| p.person.as_str()));
    let of = |extraction| -> Vec<(u32, &Template)> {
        let extraction: &Extraction = extraction;
        pictures.iter().enumerate().filter_map(|(i, p)| Some((people[p.person.as_str()], extraction.template(i)?))).collect()
    };
    Ok(calibrate_across(format, &of(printed), &of(live), data)?)
}

/// Searches every probe in a gallery of people. A person has the number of their name in the order of names.
///
/// # Errors
/// [`EvaluationFault::Template`] when the templates do not belong together.
pub fn searches(
    gallery: (&[LabelledPicture], &Extraction),
    probes: (&[LabelledPicture], &Extraction),
    format: &TemplateFormat,
    list_size: usize,
) -> Result<(Index, Vec<LabelledSearch>), EvaluationFault> {
    let people = number(gallery.0.iter().map(|p| p.person.as_str()));
    let subject = |person: &str| people.get(person).map(|n| SubjectId(Uuid::from_u128(u128::from(*n))));
    let mut index = Index::new(format.clone());
    for (i, picture) in gallery.0.iter().enumerate() {
        if let Some((subject, template)) = subject(&picture.person).zip(gallery.1.template(i)) {
            index.insert(subject, template)?;
        }
    }
    let mut answers = Vec::new();
    for (i, picture) in probes.0.iter().enumerate() {
        let find = |template| search(&index, template, list_size, None, default_threads());
        let candidates = probes.1.template(i).map(find).transpose()?;
        answers.push(LabelledSearch { mate: subject(&picture.person), candidates });
    }
    Ok((index, answers))
}

fn number<'a>(names: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, u32> {
    let mut numbers: BTreeMap<&str, u32> = names.map(|name| (name, 0)).collect();
    for (number, entry) in (0..).zip(numbers.values_mut()) {
        *entry = number;
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;
    use std::time::Duration;

    fn format() -> TemplateFormat {
        TemplateFormat { recogniser: "made-up@0123456789abcdef".into(), dimensions: 2 }
    }

    /// Templates by angle in degrees; `None` is a picture without a face.
    fn extraction(angles: &[Option<f32>]) -> Extraction {
        let template = |(i, angle): (usize, &Option<f32>)| match angle {
            Some(a) => Ok(Template::new(format(), vec![a.to_radians().cos(), a.to_radians().sin()]).unwrap()),
            None => Err(NotAcquired { picture: i + 1, code: "BIO-01" }),
        };
        let templates = angles.iter().enumerate().map(template).collect();
        Extraction { templates, wall: Duration::from_secs(3), inference: Duration::from_secs(5), workers: 2 }
    }

    #[test]
    fn a_pair_without_a_template_is_left_out_of_rates_and_wrong_in_accuracy() {
        let list = PairList::parse("reference,probe,mated,fold\na,b,1,1\na,c,0,1\na,b,1,2\na,c,0,2\na,d,1,2\n").unwrap();
        let report = verification(&list, &extraction(&[Some(0.0), Some(5.0), Some(80.0), None]), &format()).unwrap();
        assert_eq!((report.pairs, report.mated, report.non_mated), (5, 2, 2));
        assert_eq!((report.accuracy.events, report.accuracy.trials), (4, 5));
        assert_eq!((report.failure_to_acquire.events, report.failure_to_acquire.trials), (1, 4));
        assert!((report.time.wall_over_inference - 1.2).abs() < 1e-9, "inference is shared by two workers");
    }

    #[test]
    fn lists_without_folds_get_them() {
        let rows: String = (0..40).map(|i| if i % 2 == 0 { "a,b,1\n" } else { "a,c,0\n" }).collect();
        let list = PairList::parse(&format!("reference,probe,mated\n{rows}")).unwrap();
        let report = verification(&list, &extraction(&[Some(0.0), Some(5.0), Some(80.0)]), &format()).unwrap();
        assert_eq!(report.folds.len(), 10);
    }

    #[test]
    fn strangers_have_no_mate() {
        let pictures = |people: &[&str]| -> Vec<LabelledPicture> {
            people.iter().map(|p| LabelledPicture { path: PathBuf::new(), person: (*p).to_owned() }).collect()
        };
        let (gallery, probes) = (pictures(&["ann", "ann", "ben"]), pictures(&["ben", "eve", "ann"]));
        let enrolled = extraction(&[Some(0.0), Some(10.0), Some(90.0)]);
        let asked = extraction(&[Some(88.0), Some(180.0), None]);
        let (index, found) = searches((&gallery, &enrolled), (&probes, &asked), &format(), 5).unwrap();
        assert_eq!((index.len(), index.subjects()), (3, 2));
        assert_eq!(found[0].mate, found[0].candidates.as_ref().map(|c| c[0].subject));
        assert_eq!(found[1].mate, None);
        assert_eq!(found[2].candidates, None);
        assert!(found[2].mate.is_some());
    }
}
