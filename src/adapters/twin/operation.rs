//! A service as a table of operations, and that table as the server sees it.

use super::exchange::{Answer, Call, Flaw, Refusal, Reply};
use super::ledger::Holding;
use crate::ports::services::ServiceKind;
use serde::Serialize;

/// Who may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Anybody.
    Open,
    /// Whoever the service admits.
    Guarded,
}

/// One row of a service's table.
pub(super) struct Operation<S: 'static> {
    /// As on the service's page; 0 or over 100 when the page needs it without numbering it.
    pub(super) number: u16,
    pub(super) name: &'static str,
    /// Empty with `path` when the page gives neither.
    pub(super) method: &'static str,
    /// Parts in braces are parameters.
    pub(super) path: &'static str,
    pub(super) access: Access,
    pub(super) handle: fn(&mut S, &Call) -> Answer,
}

impl<S> Operation<S> {
    /// A row whose caller must be admitted.
    pub(super) const fn new(
        number: u16,
        name: &'static str,
        method: &'static str,
        path: &'static str,
        handle: fn(&mut S, &Call) -> Answer,
    ) -> Self {
        Self { number, name, method, path, access: Access::Guarded, handle }
    }

    /// The same row, open to anybody.
    pub(super) const fn open(mut self) -> Self {
        self.access = Access::Open;
        self
    }
}

/// An error that a service's page documents.
#[derive(Debug, Clone, Copy)]
pub(super) struct Documented {
    /// Name by which a test asks for it.
    pub(super) name: &'static str,
    pub(super) status: u16,
    /// Code as the service states it; empty where it states none.
    pub(super) code: &'static str,
    pub(super) message: &'static str,
}

/// A message to a receiver that asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Posting {
    pub(super) url: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// One of the five services: state and behaviour.
pub(super) trait Service: Send + Sized + 'static {
    const TABLE: &'static [&'static [Operation<Self>]];
    const ERRORS: &'static [Documented];
    /// What may stand before every path.
    const PREFIXES: &'static [&'static str] = &[""];

    /// Which of several operations with one method and path a call means.
    fn choose(&self, candidates: &[usize], _call: &Call) -> usize {
        candidates[0]
    }
    /// Whether the caller may call at all.
    fn admit(&self, operation: &Operation<Self>, call: &Call) -> Result<(), Reply>;
    /// A flaw in the service's words.
    fn word(&self, number: u16, flaw: &Flaw) -> Reply;
    /// A documented error in the service's layout.
    fn documented(&self, error: &Documented, call: &Call) -> Reply;
    /// 404 for a path that is none.
    fn unknown_path(&self) -> Reply;
    /// 405 for a method that a path does not take.
    fn wrong_method(&self) -> Reply {
        Reply::empty(405)
    }
    /// 500, 429 and 503 in the service's layout.
    fn trouble(&self, status: u16) -> Reply;
    fn expire_tokens(&mut self);
    fn holdings(&self) -> Vec<Holding>;
    /// Messages that became due.
    fn postings(&mut self) -> Vec<Posting> {
        Vec::new()
    }
}

fn table<S: Service>() -> impl Iterator<Item = &'static Operation<S>> {
    S::TABLE.iter().flat_map(|rows| rows.iter())
}

/// An operation of a twin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OperationRow {
    /// Name of the service.
    pub service: &'static str,
    /// As on the service's page; 0 or over 100 when the page needs it without numbering it.
    pub number: u16,
    /// In words.
    pub name: &'static str,
    /// Empty when the page gives none; such an operation is answered by nothing.
    pub method: &'static str,
    /// Parts in braces are parameters.
    pub path: String,
}

/// The rows and errors of a service without an instance of it.
pub(super) struct Outline {
    rows: Vec<(u16, &'static str, &'static str, String)>,
    pub(super) errors: Vec<&'static str>,
}

impl Outline {
    pub(super) fn of<S: Service>() -> Self {
        let prefix = S::PREFIXES.first().copied().unwrap_or_default();
        let path = |o: &Operation<S>| if o.path.is_empty() { String::new() } else { format!("{prefix}{}", o.path) };
        Self {
            rows: table::<S>().map(|o| (o.number, o.name, o.method, path(o))).collect(),
            errors: S::ERRORS.iter().map(|e| e.name).collect(),
        }
    }

    pub(super) fn rows(self, service: ServiceKind) -> Vec<OperationRow> {
        let row = |(number, name, method, path)| OperationRow { service: service.name(), number, name, method, path };
        self.rows.into_iter().map(row).collect()
    }
}

/// Method, path with prefix, and place in the table.
pub(super) struct Route {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) operation: usize,
}

/// [`Service`] without its type.
pub(super) trait Hosted: Send {
    fn routes(&self) -> Vec<Route>;
    fn choose(&self, candidates: &[usize], call: &Call) -> usize;
    fn number(&self, operation: usize) -> u16;
    fn perform(&mut self, operation: usize, call: &Call) -> Reply;
    fn documented(&self, name: &str, call: &Call) -> Option<Reply>;
    /// The documented error that a number from 0 to 1 falls on.
    fn drawn_error(&self, fraction: f64, call: &Call) -> Reply;
    fn unknown_path(&self) -> Reply;
    fn wrong_method(&self) -> Reply;
    fn trouble(&self, status: u16) -> Reply;
    fn expire_tokens(&mut self);
    fn holdings(&self) -> Vec<Holding>;
    fn postings(&mut self) -> Vec<Posting>;
}

impl<S: Service> Hosted for S {
    fn routes(&self) -> Vec<Route> {
        let with_path = || table::<S>().enumerate().filter(|(_, o)| !o.path.is_empty());
        let route = |prefix: &str, (operation, o): (usize, &Operation<S>)| Route {
            method: o.method,
            path: format!("{prefix}{}", o.path),
            operation,
        };
        S::PREFIXES.iter().flat_map(|prefix| with_path().map(|row| route(prefix, row))).collect()
    }

    fn choose(&self, candidates: &[usize], call: &Call) -> usize {
        Service::choose(self, candidates, call)
    }

    fn number(&self, operation: usize) -> u16 {
        table::<S>().nth(operation).map_or(0, |o| o.number)
    }

    fn perform(&mut self, operation: usize, call: &Call) -> Reply {
        let Some(operation) = table::<S>().nth(operation) else { return Service::unknown_path(self) };
        if operation.access == Access::Guarded
            && let Err(reply) = self.admit(operation, call)
        {
            return reply;
        }
        match (operation.handle)(self, call) {
            Ok(reply) | Err(Refusal::Reply(reply)) => reply,
            Err(Refusal::Flaw(flaw)) => self.word(operation.number, &flaw),
        }
    }

    fn documented(&self, name: &str, call: &Call) -> Option<Reply> {
        S::ERRORS.iter().find(|e| e.name == name).map(|e| Service::documented(self, e, call))
    }

    fn drawn_error(&self, fraction: f64, call: &Call) -> Reply {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a fraction of a short table's length")]
        let at = (fraction.clamp(0.0, 1.0) * S::ERRORS.len() as f64) as usize;
        match S::ERRORS.get(at.min(S::ERRORS.len().saturating_sub(1))) {
            Some(error) => Service::documented(self, error, call),
            None => Service::trouble(self, 500),
        }
    }

    fn unknown_path(&self) -> Reply {
        Service::unknown_path(self)
    }

    fn wrong_method(&self) -> Reply {
        Service::wrong_method(self)
    }

    fn trouble(&self, status: u16) -> Reply {
        Service::trouble(self, status)
    }

    fn expire_tokens(&mut self) {
        Service::expire_tokens(self);
    }

    fn holdings(&self) -> Vec<Holding> {
        Service::holdings(self)
    }

    fn postings(&mut self) -> Vec<Posting> {
        Service::postings(self)
    }
}
