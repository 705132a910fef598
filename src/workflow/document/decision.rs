//! One decision over document, chip and living face, with every check it rests on.

use super::{DocumentRead, DocumentRefusal, NumberSearch};
use crate::biometrics::comparison::{Comparison, VerificationDecision};
use crate::biometrics::pad::{PadDecision, PadLayer, PadOutcome};
use crate::documents::checks::{self, Consequence, Decision, Evidence, Overall, Rules, Source, Status};
use crate::documents::chip::{ChipFindings, ChipOutcome, Verdict};
use crate::imaging::Frame;
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
    pub title: &'static str,
    /// Its state; *not checked* never counts as passed.
    pub status: Status,
    /// What follows if it failed.
    pub consequence: Consequence,
    /// A sentence for the officer.
    pub reason: String,
    /// 0 to 1; `None` where nothing was measured.
    pub confidence: Option<f32>,
    /// What the check saw: name and value.
    pub values: Vec<(String, String)>,
}

impl CheckLine {
    /// The files of a chip that could not be used.
    #[must_use]
    pub fn chip_not_read(refusal: &DocumentRefusal) -> Self {
        Self {
            group: CheckGroup::Chip,
            title: "Files of the chip",
            status: Status::NotChecked,
            consequence: Consequence::Hint,
            reason: format!("The files could not be used: {}. {}", refusal.message, refusal.advice.next_step),
            confidence: None,
            values: vec![("code".to_owned(), refusal.advice.code.to_owned())],
        }
    }
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
    pub because: Vec<&'static str>,
    /// Every check.
    pub lines: Vec<CheckLine>,
    /// Name of a field for people, and what the document says there.
    pub fields: Vec<(&'static str, SensitiveText)>,
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
    lines.extend(document.outcomes.iter().map(document_line));
    lines.extend(read.chip.iter().flat_map(|chip| chip.outcomes.iter().map(chip_line)));
    let overall = overall(&document, read.chip.as_ref(), face);
    DocumentDecision {
        overall,
        retry: document.retry_document_capture && overall != Overall::Refused,
        because: because(&document, &lines, overall),
        fields: fields(&evidence, read),
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
fn because(document: &Decision, lines: &[CheckLine], overall: Overall) -> Vec<&'static str> {
    if overall == Overall::Ok {
        return Vec::new();
    }
    let failed = |wanted: Consequence| lines.iter().filter(move |l| l.status == Status::Failed && l.consequence == wanted).map(|l| l.title);
    let mut titles: Vec<&'static str> =
        [Consequence::Refuse, Consequence::Person, Consequence::Retry].into_iter().flat_map(failed).collect();
    let open = document.because.iter().map(|check| check.title());
    let not_made = lines.iter().filter(|l| l.group == CheckGroup::Face && l.status == Status::NotChecked).map(|l| l.title);
    for title in open.chain(not_made) {
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    titles
}

/// Name of the check that compares the faces.
pub const FACE_TITLE: &str = "Portrait and living face";

fn face_line(face: &FaceEvidence, read: &DocumentRead) -> CheckLine {
    let source = match &read.compared {
        Some(portrait) if portrait.from_chip => "the chip",
        Some(_) => "print",
        None => "none",
    };
    let line = |status, consequence, reason: &str, confidence, values| CheckLine {
        group: CheckGroup::Face,
        title: FACE_TITLE,
        status,
        consequence,
        reason: reason.to_owned(),
        confidence,
        values,
    };
    let Some(comparison) = face.comparison else {
        let reason = "The portrait and the living face could not be compared.";
        return line(Status::NotChecked, Consequence::Person, reason, None, vec![("portrait from".to_owned(), source.to_owned())]);
    };
    let values = vec![
        ("portrait from".to_owned(), source.to_owned()),
        ("score".to_owned(), format!("{:.4}", comparison.score.0)),
        ("threshold".to_owned(), format!("{:.4}", comparison.threshold.0)),
        ("score percent".to_owned(), format!("{:.1} %", comparison.score_percent)),
        ("false match rate of the threshold".to_owned(), one_in(comparison.false_match_rate)),
    ];
    let confidence = Some((comparison.score_percent / 100.0).clamp(0.0, 1.0));
    match comparison.decision {
        VerificationDecision::Match => {
            line(Status::Passed, Consequence::Hint, "The portrait shows the person who stands there.", confidence, values)
        }
        VerificationDecision::NonMatch => line(
            Status::Failed,
            Consequence::Refuse,
            "The portrait does not show the person who stands there.",
            confidence.map(|c| 1.0 - c),
            values,
        ),
    }
}

fn one_in(rate: f64) -> String {
    if rate > 0.0 { format!("1 in {:.0}", 1.0 / rate) } else { "none".to_owned() }
}

/// A layer of presentation attack detection, by its name in reports.
fn layer_line(layer: &PadLayer) -> CheckLine {
    let (status, reason) = match layer.outcome {
        PadOutcome::BonaFide => (Status::Passed, "A living face was in front of the camera."),
        PadOutcome::Attack => (Status::Failed, "What was in front of the camera did not look like a living face."),
        PadOutcome::NonResponse => (Status::NotChecked, "This layer had no answer."),
    };
    let title = match layer.name {
        "passive" => "Living face: one look",
        "passive-during" => "Living face: during the movement",
        "continuity" => "Living face: the same face throughout",
        "challenge" => "Living face: the movement asked for",
        "injection" => "Living face: a real camera",
        "parallax" => "Living face: depth",
        "dynamics" => "Living face: natural movement",
        _ => "Living face: another layer",
    };
    let mut values = vec![("layer".to_owned(), layer.name.to_owned()), ("method".to_owned(), layer.method.clone())];
    values.extend(layer.value.map(|v| ("measured".to_owned(), format!("{v:.3}"))));
    values.push(("limit".to_owned(), format!("{:.3}", layer.limit)));
    let consequence = Consequence::Refuse;
    CheckLine { group: CheckGroup::Face, title, status, consequence, reason: reason.to_owned(), confidence: None, values }
}

fn document_line(outcome: &checks::Outcome) -> CheckLine {
    let mut values = Vec::new();
    if !outcome.fields.is_empty() {
        values.push(("fields".to_owned(), outcome.fields.join(", ")));
    }
    values.extend(outcome.record.iter().map(|code| ("record".to_owned(), code.clone())));
    CheckLine {
        group: CheckGroup::Document,
        title: outcome.check.title(),
        status: outcome.status,
        consequence: outcome.consequence,
        reason: outcome.reason.clone(),
        confidence: outcome.confidence,
        values,
    }
}

fn chip_line(outcome: &ChipOutcome) -> CheckLine {
    let values = outcome.values.iter().filter(|(_, v)| !v.is_empty()).map(|(name, value)| (name.replace('_', " "), value.clone()));
    let cause = outcome.cause.map(|c| ("cause".to_owned(), c.name().replace('_', " ")));
    CheckLine {
        group: CheckGroup::Chip,
        title: outcome.check.title(),
        status: outcome.status,
        consequence: if outcome.is_for_a_person() { Consequence::Person } else { Consequence::Refuse },
        reason: outcome.reason.clone(),
        confidence: None,
        values: cause.into_iter().chain(values).collect(),
    }
}

/// What the document says: the chip first where an authority stands behind it.
fn fields(evidence: &Evidence<'_>, read: &DocumentRead) -> Vec<(&'static str, SensitiveText)> {
    let authentic = read.chip.as_ref().filter(|c| c.verdict == Verdict::Authentic);
    let chip = authentic.and_then(|c| c.zone.as_ref()).map(|zone| Evidence { zone: Some(zone), ..Evidence::default() });
    let sources = [chip.and_then(|c| c.details(Source::Zone)), evidence.details(Source::Zone), evidence.details(Source::Barcode)];
    let first = |claim: &dyn Fn(&checks::Details) -> Option<String>| sources.iter().flatten().find_map(claim);
    let named = |name: &'static str, value: Option<String>| value.map(|v| (name, SensitiveText(v)));
    [
        named("family-name", first(&|d| d.family_name.clone())),
        named("given-names", first(&|d| d.given_names.clone())),
        named("birth-date", first(&|d| d.birth.map(|b| b.date.to_string()))),
        named("document-number", first(&|d| d.document_number.clone())),
        named("expiry-date", first(&|d| d.expiry.map(|e| e.to_string()))),
        named("nationality", first(&|d| d.nationality.clone())),
        named("issuing-state", first(&|d| d.issuing_state.clone())),
        named("sex", first(&|d| d.sex.map(|s| s.letter().to_string()))),
    ]
    .into_iter()
    .flatten()
    .collect()
}
