//! Document, face and chip together: what each of them can refuse or leave open, and that none takes back what another said.

use super::*;
use crate::biometrics::comparison::{Comparison, SimilarityScore};
use crate::documents::checks::{Portrait, Reason, Suspicions};
use crate::documents::chip::{ChipCheck, ChipFiles, ChipFindings, ChipRules, Question, Trust, verify};
use crate::documents::mrz::{self, Line};
use crate::geometry::Size;
use crate::units::UtcTime;
use crate::workflow::document::DocumentPortrait;
use time::macros::date;

const TODAY: Date = date!(2026 - 11 - 21);
const VALID: [&str; 2] = ["P<FRADURAND<<AMELIE<<<<<<<<<<<<<<<<<<<<<<<<<", "18AB123451FRA9004230F3102112<<<<<<<<<<<<<<<4"];
/// A digit of the number is misread: its check digit is wrong.
const MISREAD: [&str; 2] = [VALID[0], "18AB123461FRA9004230F3102112<<<<<<<<<<<<<<<4"];

fn read(zone: [&str; 2], chip: Option<ChipFindings>) -> DocumentRead {
    let lines: Vec<Line> = zone.iter().map(|l| Line::new(l)).collect();
    let picture = Arc::new(Frame::filled(Size::new(4, 4), [9; 3]));
    DocumentRead {
        page: Arc::clone(&picture),
        other_page: None,
        zone: Some(mrz::read(&lines, TODAY).expect("two lines of a passport")),
        barcode: None,
        symbol_zone: None,
        several: Some(false),
        portrait: Portrait::Found { height_px: 200 },
        signature: None,
        compared: Some(DocumentPortrait { picture, from_chip: false, templates: Vec::new() }),
        suspicions: Suspicions::default(),
        chip,
    }
}

fn chip(verdict: Verdict, compared: Option<Status>) -> ChipFindings {
    let (files, trust) = (ChipFiles::new(), Trust::new());
    let question = Question { files: &files, trust: &trust, printed: None, today: TODAY, now: UtcTime(0), rules: ChipRules::default() };
    let mut findings = verify(&question);
    findings.verdict = verdict;
    let against_print = findings.outcomes.iter_mut().find(|o| o.check == ChipCheck::ZoneAgainstPrint).expect("every check has an outcome");
    against_print.status = compared.unwrap_or(against_print.status);
    findings
}

fn face(matches: Option<bool>, outcome: Option<PadOutcome>) -> FaceEvidence {
    let judged = |matches: bool| PortraitComparison {
        found: Comparison {
            score: SimilarityScore(if matches { 0.7 } else { 0.1 }),
            score_percent: if matches { 95.0 } else { 20.0 },
            threshold: SimilarityScore(0.44),
            false_match_rate: 1e-3,
            match_level: None,
            decision: if matches { VerificationDecision::Match } else { VerificationDecision::NonMatch },
        },
        for_documents: true,
        measured_on: "printed people".to_owned(),
    };
    let layer = |outcome| PadLayer { name: "passive", method: "scripted/1".to_owned(), value: Some(0.9), limit: 0.5, outcome };
    let pad = outcome.map(|outcome| PadDecision { outcome, layers: vec![layer(outcome)] });
    FaceEvidence { picture: None, comparison: matches.map(judged), pad, from_file: false }
}

fn decided(read: &DocumentRead, face: &FaceEvidence, rules: &Rules) -> DocumentDecision {
    decide(read, face, &NumberSearch::default(), None, 1, rules, TODAY)
}

fn line(decision: &DocumentDecision, check: Check) -> &CheckLine {
    let found: Vec<&CheckLine> = decision.lines.iter().filter(|l| l.title == check.into()).collect();
    assert_eq!(found.len(), 1, "{check:?} has one line");
    found[0]
}

const ALIVE: Option<PadOutcome> = Some(PadOutcome::BonaFide);

#[test]
fn the_comparison_is_one_line_with_its_numbers_and_decides() {
    let of = |matches| decided(&read(VALID, None), &face(matches, ALIVE), &Rules::default());
    let (same, other, open) = (of(Some(true)), of(Some(false)), of(None));
    assert_eq!([&same, &other, &open].map(|d| d.overall), [Overall::Ok, Overall::Refused, Overall::Undecided]);
    let reason = |decision| line(decision, Check::PortraitMatch).reason.clone();
    assert_eq!(reason(&same), Reason::FacesMatchForDocuments.into());
    assert_eq!(reason(&other), Reason::FacesDiffer.into());
    assert_eq!(reason(&open), Reason::FacesNotComparable.into());
    let values = &line(&same, Check::PortraitMatch).values;
    for value in [Value::PortraitFrom, Value::Score, Value::Threshold, Value::FalseMatchRate, Value::MeasuredOn] {
        assert!(values.iter().any(|(name, _)| *name == value.into()), "{value:?}");
    }
    assert_eq!(other.because, [Check::PortraitMatch.into()]);
    assert!(open.retry && !other.retry);
}

#[test]
fn a_face_that_was_not_seen_alive_is_never_accepted() {
    let of = |face: &FaceEvidence| decided(&read(VALID, None), face, &Rules::default());
    for outcome in [Some(PadOutcome::NonResponse), None] {
        let decision = of(&face(Some(true), outcome));
        let living = line(&decision, Check::LivingFace);
        assert_eq!((decision.overall, living.status), (Overall::Undecided, Status::NotChecked), "{outcome:?}");
    }
    let attack = of(&face(Some(true), Some(PadOutcome::Attack)));
    assert_eq!((attack.overall, line(&attack, Check::LivingFace).status), (Overall::Refused, Status::Failed));
    assert_eq!(attack.because, [Title::OneLook.into()], "the layer that says why stands for the whole");
    let picture = of(&FaceEvidence { from_file: true, ..face(Some(true), ALIVE) });
    assert_eq!((picture.overall, &line(&picture, Check::LivingFace).reason), (Overall::Undecided, &Reason::ComparisonOnly.into()));
}

#[test]
fn a_chip_passes_is_open_or_refuses() {
    let of = |verdict, compared| {
        let decision = decided(&read(VALID, Some(chip(verdict, compared))), &face(Some(true), ALIVE), &Rules::default());
        let line = line(&decision, Check::Chip);
        (decision.overall, line.status, line.reason.clone())
    };
    let reason = |reason: Reason| Phrase::from(reason);
    let passed = Some(Status::Passed);
    assert_eq!(of(Verdict::Authentic, passed), (Overall::Ok, Status::Passed, reason(Reason::ChipGenuine)));
    assert_eq!(of(Verdict::Authentic, None), (Overall::Undecided, Status::Failed, reason(Reason::ChipNotCompared)));
    assert_eq!(of(Verdict::Undecided, None), (Overall::Ok, Status::Failed, reason(Reason::ChipIssuerUnknown)));
    assert_eq!(of(Verdict::Undecided, Some(Status::Failed)), (Overall::Undecided, Status::Failed, reason(Reason::ChipForAPerson)));
    assert_eq!(of(Verdict::Refused, None), (Overall::Refused, Status::Failed, reason(Reason::ChipRefused)));
    let without = decided(&read(VALID, None), &face(Some(true), ALIVE), &Rules::default());
    assert_eq!((without.overall, line(&without, Check::Chip).status), (Overall::Ok, Status::NotChecked));
}

/// Whatever the three say: the worst of them is what is decided, and each check is listed once.
#[test]
fn none_takes_back_what_another_said() {
    let adults = Rules { minimum_age: Some(60), ..Rules::default() };
    let documents = [
        (VALID, Rules::default(), Overall::Ok),
        (VALID, adults.clone(), Overall::Refused),
        (MISREAD, Rules::default(), Overall::Undecided),
        (MISREAD, adults, Overall::Undecided),
    ];
    let faces = [(Some(true), Overall::Ok), (Some(false), Overall::Refused), (None, Overall::Undecided)];
    let lives = [
        (ALIVE, Overall::Ok),
        (Some(PadOutcome::Attack), Overall::Refused),
        (Some(PadOutcome::NonResponse), Overall::Undecided),
        (None, Overall::Undecided),
    ];
    let chips = [
        (None, Overall::Ok),
        (Some(chip(Verdict::Authentic, Some(Status::Passed))), Overall::Ok),
        (Some(chip(Verdict::Authentic, None)), Overall::Undecided),
        (Some(chip(Verdict::Undecided, None)), Overall::Ok),
        (Some(chip(Verdict::Undecided, Some(Status::Failed))), Overall::Undecided),
        (Some(chip(Verdict::Refused, None)), Overall::Refused),
    ];
    for (zone, rules, document) in &documents {
        for (matches, compared) in faces {
            for (outcome, living) in lives {
                for (chip, vouched) in &chips {
                    let decision = decided(&read(*zone, chip.clone()), &face(matches, outcome), rules);
                    let said = [*document, compared, living, *vouched];
                    let worst = [Overall::Refused, Overall::Undecided].into_iter().find(|o| said.contains(o)).unwrap_or(Overall::Ok);
                    assert_eq!(decision.overall, worst, "{said:?}");
                    assert_eq!(decision.because.is_empty(), worst == Overall::Ok, "{said:?}: {:?}", decision.because);
                    for (place, line) in decision.lines.iter().enumerate() {
                        let again = decision.lines[place + 1..].iter().any(|l| l.title == line.title);
                        assert!(!again, "{} is listed twice", line.title.english);
                    }
                }
            }
        }
    }
}
