//! Second opinions: what identity services said after the local decision. They stand beside it and never change it.

use super::services::{Opinion, ServiceError, ServiceKind};
use crate::units::{SubjectId, UtcTime};
use uuid::Uuid;

/// What a service was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Whether the face is the one of the person it knows by our reference.
    Authenticate,
    /// Whether the face is the one of the picture kept here.
    Verify,
    /// Who it is.
    Search,
}

/// What was decided here before anybody was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LocalWord {
    /// The face is the claimed person's, or a person was named.
    Match,
    /// It is not.
    NoMatch,
    /// Nobody known was found.
    Unknown,
    /// Somebody new was registered.
    New,
}

/// What came of asking one service.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// It answered.
    Said(Opinion),
    /// It could not.
    Failed(ServiceError),
    /// It did not answer within the time limit.
    TooLate,
    /// It cannot be asked this, or knows no such person by our reference.
    NotAsked,
}

/// How an answer stands to the local decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// It says the same.
    Agrees,
    /// It says otherwise: a person must look.
    Disagrees,
    /// It says nothing to compare.
    Open,
}

/// One service's part.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct SecondOpinion {
    /// Which service.
    pub service: ServiceKind,
    /// What it was asked; `None` where nothing could be.
    pub question: Option<Question>,
    /// What came of it.
    pub reply: Reply,
    /// How that stands to the local decision.
    pub agreement: Agreement,
    /// How long it took, milliseconds.
    pub millis: u64,
}

/// All opinions about one flow.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct OpinionSet {
    /// The flow.
    pub session: Uuid,
    /// Its name.
    pub flow: String,
    /// The person decided on, where there was one.
    pub subject: Option<SubjectId>,
    /// What was decided here.
    pub local: LocalWord,
    /// When the services were asked.
    pub asked_at: i64,
    /// One entry a service, in the order of the configuration.
    pub opinions: Vec<SecondOpinion>,
}

impl OpinionSet {
    /// When the services were asked.
    #[must_use]
    pub const fn asked_at(&self) -> UtcTime {
        UtcTime(self.asked_at)
    }

    /// Whether any service says otherwise.
    #[must_use]
    pub fn disagrees(&self) -> bool {
        self.opinions.iter().any(|opinion| opinion.agreement == Agreement::Disagrees)
    }
}

/// How a reply stands to the local decision.
///
/// - `reference`: the service's name for the person decided on, where it is known.
#[must_use]
pub fn agreement(local: LocalWord, question: Question, reply: &Reply, reference: Option<&str>) -> Agreement {
    let Reply::Said(opinion) = reply else { return Agreement::Open };
    let same = |yes: bool| if yes { Agreement::Agrees } else { Agreement::Disagrees };
    let found = opinion.matched == Some(true) || (opinion.matched.is_none() && !opinion.candidates.is_empty());
    match (question, local) {
        (Question::Authenticate | Question::Verify, LocalWord::Match) => opinion.matched.map_or(Agreement::Open, same),
        (Question::Authenticate | Question::Verify, LocalWord::NoMatch) => opinion.matched.map_or(Agreement::Open, |m| same(!m)),
        (Question::Search, LocalWord::Unknown | LocalWord::New) => same(!found),
        // A service that has not been told of the person yet finds nobody; that says nothing about who it is.
        (Question::Search, LocalWord::Match) => match reference {
            Some(reference) if found && !opinion.candidates.is_empty() => same(opinion.candidates[0].0 == reference),
            Some(_) => same(found),
            None => Agreement::Open,
        },
        (Question::Search, LocalWord::NoMatch) | (_, LocalWord::Unknown | LocalWord::New) => Agreement::Open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::services::ServiceFault;

    fn said(matched: Option<bool>, candidates: &[&str]) -> Reply {
        let candidates = candidates.iter().map(|c| ((*c).to_owned(), None)).collect();
        Reply::Said(Opinion { matched, score_percent: None, candidates, checks: Vec::new() })
    }

    #[test]
    fn agreement_is_said_only_where_there_is_something_to_compare() {
        use Agreement::{Agrees, Disagrees, Open};
        let (yes, no) = (said(Some(true), &[]), said(Some(false), &[]));
        let failed = Reply::Failed(ServiceError::unsent(ServiceKind::Baf, ServiceFault::Busy, "busy"));
        let cases = [
            (LocalWord::Match, Question::Verify, &yes, None, Agrees),
            (LocalWord::Match, Question::Authenticate, &no, None, Disagrees),
            (LocalWord::NoMatch, Question::Verify, &no, None, Agrees),
            (LocalWord::NoMatch, Question::Verify, &yes, None, Disagrees),
            (LocalWord::Match, Question::Verify, &said(None, &[]), None, Open),
            (LocalWord::Match, Question::Verify, &failed, None, Open),
            (LocalWord::Match, Question::Verify, &Reply::TooLate, None, Open),
            (LocalWord::Unknown, Question::Search, &no, None, Agrees),
            (LocalWord::New, Question::Search, &said(Some(true), &["x"]), None, Disagrees),
            (LocalWord::Match, Question::Search, &said(Some(true), &["x"]), Some("x"), Agrees),
            (LocalWord::Match, Question::Search, &said(Some(true), &["y", "x"]), Some("x"), Disagrees),
            (LocalWord::Match, Question::Search, &no, Some("x"), Disagrees),
            (LocalWord::Match, Question::Search, &no, None, Open),
        ];
        for (local, question, reply, reference, expected) in cases {
            assert_eq!(agreement(local, question, reply, reference), expected, "{local:?} {question:?} {reply:?}");
        }
    }
}
