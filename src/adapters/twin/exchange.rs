//! One call and its reply, free of any server's types.

use crate::units::UtcTime;
use serde_json::Value;
use std::collections::BTreeMap;

/// A request that reached an operation.
pub(super) struct Call {
    /// Parts of the path in braces, by name.
    pub(super) parameters: BTreeMap<String, String>,
    /// Query parameters in their order.
    pub(super) query: Vec<(String, String)>,
    /// Headers with lower-case names; values that are no text are left out.
    pub(super) headers: BTreeMap<String, String>,
    /// The body as it came.
    pub(super) body: Vec<u8>,
    /// The twin's wall clock.
    pub(super) now: UtcTime,
    /// 0 for the usual shape of the reply; anything else picks another documented one, where there is one.
    pub(super) shape: u32,
}

impl Call {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// A part of the path; empty when the path has none of that name.
    pub(super) fn parameter(&self, name: &str) -> &str {
        self.parameters.get(name).map_or("", String::as_str)
    }

    /// The token of `Authorization: Bearer …`.
    pub(super) fn bearer(&self) -> Option<&str> {
        self.header("authorization")?.strip_prefix("Bearer ").map(str::trim)
    }

    /// The body as a JSON object.
    ///
    /// # Errors
    /// [`Flaw::NotJson`].
    pub(super) fn json(&self) -> Result<Value, Flaw> {
        match serde_json::from_slice(&self.body) {
            Ok(value @ Value::Object(_)) => Ok(value),
            Ok(_) | Err(_) => Err(Flaw::NotJson),
        }
    }

    /// Whether this call asks for the `which`th of `shapes` documented shapes of its reply.
    pub(super) const fn shaped(&self, shapes: u32, which: u32) -> bool {
        self.shape % shapes == which
    }
}

/// What is sent back.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) content_type: Option<&'static str>,
    pub(super) body: Vec<u8>,
    /// Seconds.
    pub(super) retry_after: Option<u64>,
}

impl Reply {
    pub(super) fn json(status: u16, value: &Value) -> Self {
        Self { status, content_type: Some("application/json"), body: value.to_string().into_bytes(), retry_after: None }
    }

    /// 200 with JSON.
    pub(super) fn ok(value: &Value) -> Self {
        Self::json(200, value)
    }

    pub(super) fn text(status: u16, text: impl Into<String>) -> Self {
        Self { status, content_type: Some("text/plain; charset=utf-8"), body: text.into().into_bytes(), retry_after: None }
    }

    pub(super) const fn empty(status: u16) -> Self {
        Self { status, content_type: None, body: Vec::new(), retry_after: None }
    }

    pub(super) fn with_type(mut self, content_type: &'static str) -> Self {
        self.content_type = Some(content_type);
        self
    }
}

/// What is wrong with a request, before any service words it. Fields are named as the page names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Flaw {
    /// Not the format the operation takes.
    NotJson,
    /// A mandatory field is absent, null or empty.
    Missing(String),
    /// A field has the wrong type.
    WrongType(String),
    /// A field is not base 64.
    BadBase64(String),
    /// A value is outside what is allowed.
    NotAllowed(String),
    /// Neither JPEG nor PNG.
    NotAPicture(String),
    /// Looks like a picture and cannot be read.
    Unreadable(String),
    /// Pictures of one request differ in size.
    Sizes(String),
    /// Over the limit in bytes.
    TooLarge(String),
}

/// A call that is not carried out.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Refusal {
    /// The service words it.
    Flaw(Flaw),
    /// Worded already.
    Reply(Reply),
}

impl From<Flaw> for Refusal {
    fn from(flaw: Flaw) -> Self {
        Self::Flaw(flaw)
    }
}

impl From<Reply> for Refusal {
    fn from(reply: Reply) -> Self {
        Self::Reply(reply)
    }
}

/// What a handler returns.
pub(super) type Answer = Result<Reply, Refusal>;
