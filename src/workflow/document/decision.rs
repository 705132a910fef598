//! One decision over document, chip and living face, with every check it rests on.

use super::words::{FaceReason, Title, Value, ValueWord};
use super::{DocumentRead, DocumentRefusal, NumberSearch};
use crate::advice::Advice;
use crate::biometrics::comparison::{Comparison, VerificationDecision};
use crate::biometrics::pad::{PadDecision, PadLayer, PadOutcome};
use crate::documents::checks::{self, Claim, Consequence, Decision, Evidence, Overall, Rules, Source, Status};
use crate::documents::chip::{ChipFindings, ChipOutcome, ChipValue, Verdict};
use crate::imaging::Frame;
use crate::phrase::{Detail, Phrase};
use crate::units::SensitiveText;
use std::sync::Arc;
use time::Date;

/// What a check is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CheckGroup {
    /// The living face.
    Face,
    /// What is printed.
    Document,
    /// The chip.
    Chip,
}

/// One check as the decision page lists it.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckLine {
    /// What it is about.
    pub group: CheckGroup,
    /// A short name for people.
    pub title: Phrase,
    /// Its state; *not checked* never counts as passed.
    pub status: Status,
    /// What follows if it failed.
    pub consequence: Consequence,
    /// Why, for the officer.
    pub reason: Phrase,
    /// 0 to 1; `None` where nothing was measured.
    pub confidence: Option<f32>,
    /// What the check saw: name and value.
    pub values: Vec<(Phrase, Detail)>,
}

impl CheckLine {
    /// The files of a chip that could not be used.
    #[must_use]
    pub fn chip_not_read(refusal: &DocumentRefusal) -> Self {
        Self {
            group: CheckGroup::Chip,
            title: Title::ChipFiles.into(),
            status: Status::NotChecked,
            consequence: Consequence::Hint,
            reason: advised(&format!("The files could not be used: {}. {}", refusal.message, refusal.advice.next_step), refusal.advice),
            confidence: None,
            values: vec![(Value::Code.into(), refusal.advice.code.into())],
        }
    }
}

/// What happened and what to do: a language that has advice for the code says both with it.
#[must_use]
pub fn advised(english: &str, advice: Advice) -> Phrase {
    Phrase { key: format!("advice-{}", advice.code), english: english.to_owned(), details: Vec::new() }
}

/// The living face.
#[derive(Debug, Clone, Default)]
pub struct FaceEvidence {
    /// Head and shoulders as captured.
    pub picture: Option<Arc<Frame>>,
    /// The document's portrait against it; `None` if one of them cannot be compared.
    pub comparison: Option<Comparison>,
    /// Presentation attack detection with every layer.
    pub pad: Option<PadDecision>,
}

/// The decision with everything it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentDecision {
    /// OK, refused or undecided.
    pub overall: Overall,
    /// Whether capturing the document again can change it.
    pub retry: bool,
    /// The checks it rests on, worst first; empty if it is OK.
    pub because: Vec<Phrase>,
    /// Every check.
    pub lines: Vec<CheckLine>,
    /// What the document says.
    pub fields: Vec<(Claim, SensitiveText)>,
    /// The lines of its zone.
    pub zone_lines: Vec<SensitiveText>,
    /// The page.
    pub page: Arc<Frame>,
    /// Its other side, where it was captured.
    pub other_page: Option<Arc<Frame>>,
    /// The portrait of the document.
    pub portrait: Option<Arc<Frame>>,
    /// Whether that portrait was signed in the chip.
    pub portrait_from_chip: bool,
    /// The living face.
    pub face: Option<Arc<Frame>>,
    /// The two compared.
    pub comparison: Option<Comparison>,
}

/// Decides. Refused if any check refuses; otherwise undecided if one leaves it to a person, asks for another capture, or was needed and not
/// made; the face must have been compared and found alive. A chip whose issuer is unknown changes nothing: it is as if it had not been read.
#[must_use]
pub fn decide(
    read: &DocumentRead,
    face: &FaceEvidence,
    number: &NumberSearch,
    captures: u32,
    rules: &Rules,
    today: Date,
) -> DocumentDecision {
    let evidence = Evidence { duplicate: number.found, duplicate_record: number.record.as_deref(), captures, ..read.evidence() };
    let document = checks::decide(&evidence, rules, today);
    let mut lines = vec![face_line(face, read)];
    lines.extend(face.pad.iter().flat_map(|pad| pad.layers.iter().map(layer_line)));
    lines.extend(document.outcomes.iter().map(CheckLine::from));
    lines.extend(read.chip.iter().flat_map(|chip| chip.outcomes.iter().map(CheckLine::from)));
    let overall = overall(&document, read.chip.as_ref(), face);
    DocumentDecision {
        overall,
        retry: document.retry_document_capture && overall != Overall::Refused,
        because: because(&document, &lines, overall),
        fields: fields(&evidence, read),
        zone_lines: zone_lines(read),
        lines,
        page: Arc::clone(&read.page),
        other_page: read.other_page.clone(),
        portrait: read.compared.as_ref().map(|p| Arc::clone(&p.picture)),
        portrait_from_chip: read.compared.as_ref().is_some_and(|p| p.from_chip),
        face: face.picture.clone(),
        comparison: face.comparison,
    }
}

fn overall(document: &Decision, chip: Option<&ChipFindings>, face: &FaceEvidence) -> Overall {
    let chip_refused = chip.is_some_and(|c| c.verdict == Verdict::Refused);
    let other_face = face.comparison.is_some_and(|c| c.decision == VerificationDecision::NonMatch);
    let presentation = face.pad.as_ref().map_or(PadOutcome::NonResponse, |p| p.outcome);
    if document.overall == Overall::Refused || chip_refused || other_face || presentation == PadOutcome::Attack {
        Overall::Refused
    } else if document.overall == Overall::Undecided
        || face.comparison.is_none()
        || presentation != PadOutcome::BonaFide
        || chip.is_some_and(needs_a_person)
    {
        Overall::Undecided
    } else {
        Overall::Ok
    }
}

/// Whether a check of the chip failed that a person decides about.
fn needs_a_person(chip: &ChipFindings) -> bool {
    chip.verdict == Verdict::Undecided && chip.outcomes.iter().any(|o| o.status == Status::Failed)
}

/// Titles of the checks that stand against OK, worst first.
fn because(document: &Decision, lines: &[CheckLine], overall: Overall) -> Vec<Phrase> {
    if overall == Overall::Ok {
        return Vec::new();
    }
    let failed =
        |wanted: Consequence| lines.iter().filter(move |l| l.status == Status::Failed && l.consequence == wanted).map(|l| l.title.clone());
    let mut titles: Vec<Phrase> = [Consequence::Refuse, Consequence::Person, Consequence::Retry].into_iter().flat_map(failed).collect();
    let open = document.because.iter().map(|check| Phrase::from(*check));
    let not_made = lines.iter().filter(|l| l.group == CheckGroup::Face && l.status == Status::NotChecked).map(|l| l.title.clone());
    for title in open.chain(not_made) {
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    titles
}

fn face_line(face: &FaceEvidence, read: &DocumentRead) -> CheckLine {
    let source = match &read.compared {
        Some(portrait) if portrait.from_chip => ValueWord::Chip,
        Some(_) => ValueWord::Print,
        None => ValueWord::Nothing,
    };
    let line = |status, consequence, reason: FaceReason, confidence, values| CheckLine {
        group: CheckGroup::Face,
        title: Title::Comparison.into(),
        status,
        consequence,
        reason: reason.into(),
        confidence,
        values,
    };
    let source = (Value::PortraitFrom.into(), Phrase::from(source).into());
    let Some(comparison) = face.comparison else {
        return line(Status::NotChecked, Consequence::Person, FaceReason::NotCompared, None, vec![source]);
    };
    let values = vec![
        source,
        (Value::Score.into(), Detail::Number(format!("{:.4}", comparison.score.0))),
        (Value::Threshold.into(), Detail::Number(format!("{:.4}", comparison.threshold.0))),
        (Value::ScorePercent.into(), Detail::Number(format!("{:.1} %", comparison.score_percent))),
        (Value::FalseMatchRate.into(), Phrase::from(ValueWord::one_in(comparison.false_match_rate)).into()),
    ];
    let confidence = Some((comparison.score_percent / 100.0).clamp(0.0, 1.0));
    match comparison.decision {
        VerificationDecision::Match => line(Status::Passed, Consequence::Hint, FaceReason::Match, confidence, values),
        VerificationDecision::NonMatch => {
            line(Status::Failed, Consequence::Refuse, FaceReason::NoMatch, confidence.map(|c| 1.0 - c), values)
        }
    }
}

/// A layer of presentation attack detection, by its name in reports.
fn layer_line(layer: &PadLayer) -> CheckLine {
    let (status, reason) = match layer.outcome {
        PadOutcome::BonaFide => (Status::Passed, FaceReason::Alive),
        PadOutcome::Attack => (Status::Failed, FaceReason::NotAlive),
        PadOutcome::NonResponse => (Status::NotChecked, FaceReason::NoAnswer),
    };
    let mut values: Vec<(Phrase, Detail)> =
        vec![(Value::Layer.into(), layer.name.into()), (Value::Method.into(), layer.method.as_str().into())];
    values.extend(layer.value.map(|v| (Value::Measured.into(), Detail::Number(format!("{v:.3}")))));
    values.push((Value::Limit.into(), Detail::Number(format!("{:.3}", layer.limit))));
    CheckLine {
        group: CheckGroup::Face,
        title: Title::of_layer(layer.name).into(),
        status,
        consequence: Consequence::Refuse,
        reason: reason.into(),
        confidence: None,
        values,
    }
}

impl From<&checks::Outcome> for CheckLine {
    fn from(outcome: &checks::Outcome) -> Self {
        let mut values: Vec<(Phrase, Detail)> = Vec::new();
        if !outcome.claims.is_empty() {
            values.push((Value::Differing.into(), outcome.claims.clone().into()));
        }
        values.extend(outcome.record.iter().map(|code| (Value::Record.into(), code.as_str().into())));
        Self {
            group: CheckGroup::Document,
            title: outcome.check.into(),
            status: outcome.status,
            consequence: outcome.consequence,
            reason: Phrase::from(&outcome.reason),
            confidence: outcome.confidence,
            values,
        }
    }
}

impl From<&ChipOutcome> for CheckLine {
    fn from(outcome: &ChipOutcome) -> Self {
        let values = outcome.values.iter().filter(|(_, v)| !v.is_empty()).map(|(name, value)| (Phrase::from(name), value.clone()));
        let cause = outcome.cause.map(|c| (ChipValue::Cause.into(), Phrase::from(c).into()));
        Self {
            group: CheckGroup::Chip,
            title: outcome.check.into(),
            status: outcome.status,
            consequence: if outcome.is_for_a_person() { Consequence::Person } else { Consequence::Refuse },
            reason: Phrase::from(&outcome.reason),
            confidence: None,
            values: cause.into_iter().chain(values).collect(),
        }
    }
}

/// What the document says: the chip first where an authority stands behind it.
fn fields(evidence: &Evidence<'_>, read: &DocumentRead) -> Vec<(Claim, SensitiveText)> {
    let authentic = read.chip.as_ref().filter(|c| c.verdict == Verdict::Authentic);
    let chip = authentic.and_then(|c| c.zone.as_ref()).map(|zone| Evidence { zone: Some(zone), ..Evidence::default() });
    let sources = [chip.and_then(|c| c.details(Source::Zone)), evidence.details(Source::Zone), evidence.details(Source::Barcode)];
    let first = |claim: &dyn Fn(&checks::Details) -> Option<String>| sources.iter().flatten().find_map(claim);
    let named = |name: Claim, value: Option<String>| value.map(|v| (name, SensitiveText(v)));
    [
        named(Claim::FamilyName, first(&|d| d.family_name.clone())),
        named(Claim::GivenNames, first(&|d| d.given_names.clone())),
        named(Claim::BirthDate, first(&|d| d.birth.map(|b| b.date.to_string()))),
        named(Claim::DocumentNumber, first(&|d| d.document_number.clone())),
        named(Claim::ExpiryDate, first(&|d| d.expiry.map(|e| e.to_string()))),
        named(Claim::Nationality, first(&|d| d.nationality.clone())),
        named(Claim::IssuingState, first(&|d| d.issuing_state.clone())),
        named(Claim::Sex, first(&|d| d.sex.map(|s| s.letter().to_string()))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn zone_lines(read: &DocumentRead) -> Vec<SensitiveText> {
    read.zone.iter().flat_map(|zone| &zone.mrz.lines).cloned().map(SensitiveText).collect()
}
