//! One decision over document, chip and living face, with every check it rests on.

use super::words::{FaceReason, Title, Value, ValueWord};
use super::{DocumentRead, DocumentRefusal, NumberSearch, PortraitComparison};
use crate::advice::Advice;
use crate::biometrics::comparison::{Comparison, VerificationDecision};
use crate::biometrics::pad::{PadDecision, PadLayer, PadOutcome};
use crate::documents::checks::{
    self, Check, ChipAnswer, Claim, Consequence, Decision, Details, Evidence, LivingFace, Overall, Rules, Source, Status,
};
use crate::documents::chip::{ChipOutcome, ChipValue, Verdict};
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

/// Whom a check is listed under.
impl From<Check> for CheckGroup {
    fn from(check: Check) -> Self {
        match check {
            Check::PortraitMatch | Check::LivingFace => Self::Face,
            Check::Chip => Self::Chip,
            _ => Self::Document,
        }
    }
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
    pub comparison: Option<PortraitComparison>,
    /// Presentation attack detection with every layer.
    pub pad: Option<PadDecision>,
    /// Whether it came from a picture file: nobody was seen then, whatever attack detection says about the picture.
    pub from_file: bool,
}

impl FaceEvidence {
    fn living(&self) -> LivingFace {
        match self.pad.as_ref().map(|pad| pad.outcome) {
            Some(PadOutcome::Attack) => LivingFace::Attack,
            _ if self.from_file => LivingFace::Picture,
            Some(PadOutcome::BonaFide) => LivingFace::Alive,
            Some(PadOutcome::NonResponse) | None => LivingFace::Open,
        }
    }

    fn compared(&self) -> checks::Comparison {
        self.comparison.as_ref().map_or(checks::Comparison::NotComparable, |c| checks::Comparison::Made {
            matches: c.found.decision == VerificationDecision::Match,
            confidence: (c.found.score_percent / 100.0).clamp(0.0, 1.0),
            for_documents: c.for_documents,
        })
    }
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
    /// What the person stated otherwise, as it was typed.
    pub stated_otherwise: Vec<(Claim, SensitiveText)>,
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
    /// The holder's signature.
    pub signature: Option<Arc<Frame>>,
    /// The living face.
    pub face: Option<Arc<Frame>>,
    /// The two compared.
    pub comparison: Option<Comparison>,
}

/// Decides. Refused if any check refuses; otherwise undecided if one leaves it to a person, asks for another capture, or was needed and not
/// made; the face must have been compared and found alive. What the person `stated` is compared with the document where anything was. A chip
/// whose issuer is unknown changes nothing: it is as if it had not been read.
#[must_use]
pub fn decide(
    read: &DocumentRead,
    face: &FaceEvidence,
    number: &NumberSearch,
    stated: Option<&Details>,
    captures: u32,
    rules: &Rules,
    today: Date,
) -> DocumentDecision {
    let alone =
        Evidence { typed: stated, duplicate: number.found, duplicate_record: number.record.as_deref(), captures, ..read.evidence() };
    let chip = read.chip.as_ref().map(ChipAnswer::from).unwrap_or_default();
    let whole = Evidence { comparison: face.compared(), living: face.living(), chip, ..alone };
    let decision = checks::decide(&whole, rules, today);
    let overall = overall(checks::decide(&alone, rules, today).overall, &decision);
    let mut details: Vec<CheckLine> = face.pad.iter().flat_map(|pad| pad.layers.iter().map(layer_line)).collect();
    details.extend(read.chip.iter().flat_map(|chip| chip.outcomes.iter().map(CheckLine::from)));
    let mut lines: Vec<CheckLine> = decision.outcomes.iter().map(CheckLine::from).collect();
    for line in lines.iter_mut().filter(|line| line.title == Check::PortraitMatch.into()) {
        line.values.extend(numbers(face, read));
    }
    let because = because(&decision, &lines, &details, overall);
    lines.append(&mut details);
    DocumentDecision {
        overall,
        retry: decision.retry_document_capture && overall != Overall::Refused,
        because,
        fields: fields(&alone, read),
        stated_otherwise: stated_otherwise(stated, &decision),
        zone_lines: zone_lines(read),
        lines,
        page: Arc::clone(&read.page),
        other_page: read.other_page.clone(),
        portrait: read.compared.as_ref().map(|p| Arc::clone(&p.picture)),
        portrait_from_chip: read.compared.as_ref().is_some_and(|p| p.from_chip),
        signature: read.signature.clone(),
        face: face.picture.clone(),
        comparison: face.comparison.as_ref().map(|c| c.found),
    }
}

/// The stricter of what follows from the document alone and from everything. A document that is captured again because it was misread takes no
/// refusal of face or chip back, and a face that is compared again takes none of the document's back.
fn overall(alone: Overall, whole: &Decision) -> Overall {
    let refuses = |o: &checks::Outcome| o.status == Status::Failed && o.consequence == Consequence::Refuse;
    let beside = whole.outcomes.iter().any(|o| CheckGroup::from(o.check) != CheckGroup::Document && refuses(o));
    match (alone, whole.overall) {
        (Overall::Refused, _) | (_, Overall::Refused) => Overall::Refused,
        _ if beside => Overall::Refused,
        (Overall::Ok, Overall::Ok) => Overall::Ok,
        _ => Overall::Undecided,
    }
}

/// Titles of the checks that stand against OK, worst first. The living face and the chip as a whole give way to their details, where one of those
/// says why.
fn because(decision: &Decision, lines: &[CheckLine], details: &[CheckLine], overall: Overall) -> Vec<Phrase> {
    if overall == Overall::Ok {
        return Vec::new();
    }
    let all = || lines.iter().chain(details);
    let failed =
        |wanted: Consequence| all().filter(move |l| l.status == Status::Failed && l.consequence == wanted).map(|l| l.title.clone());
    let mut titles: Vec<Phrase> = [Consequence::Refuse, Consequence::Person, Consequence::Retry].into_iter().flat_map(failed).collect();
    let open = decision.because.iter().map(|check| Phrase::from(*check));
    let not_made = all().filter(|l| l.group == CheckGroup::Face && l.status == Status::NotChecked).map(|l| l.title.clone());
    for title in open.chain(not_made) {
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    for whole in [Check::LivingFace, Check::Chip] {
        if details.iter().any(|detail| detail.group == whole.into() && titles.contains(&detail.title)) {
            titles.retain(|title| *title != whole.into());
        }
    }
    titles
}

/// The numbers of the comparison, and where the portrait came from.
fn numbers(face: &FaceEvidence, read: &DocumentRead) -> Vec<(Phrase, Detail)> {
    let source = match &read.compared {
        Some(portrait) if portrait.from_chip => ValueWord::Chip,
        Some(_) => ValueWord::Print,
        None => ValueWord::Nothing,
    };
    let mut values = vec![(Value::PortraitFrom.into(), Phrase::from(source).into())];
    if let Some(PortraitComparison { found, measured_on, .. }) = &face.comparison {
        values.extend([
            (Value::Score.into(), Detail::Number(format!("{:.4}", found.score.0))),
            (Value::Threshold.into(), Detail::Number(format!("{:.4}", found.threshold.0))),
            (Value::ScorePercent.into(), Detail::Number(format!("{:.1} %", found.score_percent))),
            (Value::FalseMatchRate.into(), Phrase::from(ValueWord::one_in(found.false_match_rate)).into()),
            (Value::MeasuredOn.into(), measured_on.as_str().into()),
        ]);
    }
    values
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
            group: outcome.check.into(),
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
    let first = |claim: Claim| sources.iter().flatten().find_map(|details| said(details, claim));
    SHOWN.into_iter().filter_map(|claim| Some((claim, SensitiveText(first(claim)?)))).collect()
}

/// What is shown of a document, in order.
const SHOWN: [Claim; 8] = [
    Claim::FamilyName,
    Claim::GivenNames,
    Claim::BirthDate,
    Claim::DocumentNumber,
    Claim::ExpiryDate,
    Claim::Nationality,
    Claim::IssuingState,
    Claim::Sex,
];

fn said(details: &Details, claim: Claim) -> Option<String> {
    match claim {
        Claim::FamilyName => details.family_name.clone(),
        Claim::GivenNames => details.given_names.clone(),
        Claim::BirthDate => details.birth.map(|b| b.date.to_string()),
        Claim::DocumentNumber => details.document_number.clone(),
        Claim::ExpiryDate => details.expiry.map(|e| e.to_string()),
        Claim::Nationality => details.nationality.clone(),
        Claim::IssuingState => details.issuing_state.clone(),
        Claim::Sex => details.sex.map(|s| s.letter().to_string()),
        Claim::IssueDate | Claim::IssuingCountry | Claim::AgeMarks => None,
    }
}

/// What the check of it found to differ.
fn stated_otherwise(stated: Option<&Details>, decision: &Decision) -> Vec<(Claim, SensitiveText)> {
    let differing = decision.outcomes.iter().filter(|o| o.check == Check::TypedAgainstDocument).flat_map(|o| &o.claims);
    differing.filter_map(|claim| Some((*claim, SensitiveText(said(stated?, *claim)?)))).collect()
}

fn zone_lines(read: &DocumentRead) -> Vec<SensitiveText> {
    read.zone.iter().flat_map(|zone| &zone.mrz.lines).cloned().map(SensitiveText).collect()
}

#[cfg(test)]
mod tests;
