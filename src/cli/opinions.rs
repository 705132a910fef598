//! Second opinions as printed, and `visavis record opinions`.

use super::subject::SubjectArgument;
use super::{Answer, Failure, Printer};
use crate::advice::Advised as _;
use crate::ports::gallery::GalleryStore;
use crate::ports::opinions::{Agreement, OpinionSet, Question, Reply, SecondOpinion};
use crate::ports::services::ServiceCheck;
use serde::Serialize;

/// One service's opinion.
#[derive(Debug, Clone, Serialize)]
pub(super) struct OpinionRow {
    service: &'static str,
    question: Option<Question>,
    agreement: Agreement,
    reply: &'static str,
    matched: Option<bool>,
    #[serde(rename = "scorePercent")]
    score_percent: Option<f64>,
    candidates: Vec<CandidateRow>,
    checks: Vec<ServiceCheck>,
    code: Option<&'static str>,
    message: Option<String>,
    milliseconds: u64,
}

#[derive(Debug, Clone, Serialize)]
struct CandidateRow {
    reference: String,
    #[serde(rename = "scorePercent")]
    score_percent: Option<f64>,
}

impl From<&SecondOpinion> for OpinionRow {
    fn from(opinion: &SecondOpinion) -> Self {
        let (reply, error) = match &opinion.reply {
            Reply::Said(_) => ("said", None),
            Reply::Failed(error) => ("failed", Some(error)),
            Reply::TooLate => ("too_late", None),
            Reply::NotAsked => ("not_asked", None),
        };
        let said = if let Reply::Said(said) = &opinion.reply { Some(said) } else { None };
        let candidate = |(reference, score_percent): &(String, Option<f64>)| CandidateRow {
            reference: reference.clone(),
            score_percent: *score_percent,
        };
        Self {
            service: opinion.service.name(),
            question: opinion.question,
            agreement: opinion.agreement,
            reply,
            matched: said.and_then(|said| said.matched),
            score_percent: said.and_then(|said| said.score_percent),
            candidates: said.map(|said| said.candidates.iter().map(candidate).collect()).unwrap_or_default(),
            checks: said.map(|said| said.checks.clone()).unwrap_or_default(),
            code: error.map(|error| error.advice().code),
            message: error.map(|error| error.message.clone()),
            milliseconds: opinion.millis,
        }
    }
}

impl OpinionRow {
    /// One line for people.
    pub(super) fn line(&self) -> String {
        let said = match (self.reply, self.matched, &self.message) {
            ("said", Some(true), _) => "yes".to_owned(),
            ("said", Some(false), _) => "no".to_owned(),
            ("said", None, _) => "left it open".to_owned(),
            (_, _, Some(message)) => format!("{}: {message}", self.code.unwrap_or_default()),
            (other, ..) => other.replace('_', " "),
        };
        let agreement = match self.agreement {
            Agreement::Agrees => ", agrees",
            Agreement::Disagrees => ", DISAGREES",
            Agreement::Open => "",
        };
        format!("  {}: {said}{agreement}\n", self.service)
    }
}

/// Rows of a set; none where nobody was asked.
pub(super) fn rows(set: Option<&OpinionSet>) -> Vec<OpinionRow> {
    set.map(|set| set.opinions.iter().map(OpinionRow::from).collect()).unwrap_or_default()
}

/// What services said about a person, or about people nobody was decided on.
pub(super) fn list(store: &dyn GalleryStore, subject: Option<&SubjectArgument>, printer: &Printer) -> Result<Answer, Failure> {
    let subject = subject.map(|subject| subject.resolve(store)).transpose()?;
    let sets = store.opinions(subject)?;
    let shown: Vec<_> = sets
        .iter()
        .map(|set| {
            serde_json::json!({
                "session": set.session, "flow": set.flow, "local": set.local, "asked_at": set.asked_at().to_rfc3339(),
                "disagrees": set.disagrees(), "opinions": rows(Some(set)),
            })
        })
        .collect();
    printer.document("opinions", &serde_json::json!({ "sessions": shown }), || {
        let session = |set: &OpinionSet| {
            let lines: String = rows(Some(set)).iter().map(OpinionRow::line).collect();
            format!("{} {} {}\n{lines}", set.session, set.asked_at().to_rfc3339(), set.flow)
        };
        sets.iter().map(session).collect()
    })?;
    Ok(Answer::Yes)
}
