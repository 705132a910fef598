//! What a service can be asked: one descriptor an operation, one static table a service.

use crate::config::OperationOverride;
use crate::ports::services::{ServiceError, ServiceFault, ServiceKind};
use std::collections::BTreeMap;

/// How sure the method and the path of an operation are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The description this version was written from states them.
    Seed,
    /// The vendor's public material states them.
    Doc,
    /// A part of them is a guess; see the operation's entry in the configuration.
    Inferred,
}

/// HTTP method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    /// Reads the name in capital letters.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "GET" => Self::Get,
            "POST" => Self::Post,
            "PUT" => Self::Put,
            "PATCH" => Self::Patch,
            "DELETE" => Self::Delete,
            _ => return None,
        })
    }
}

/// How the body of a request is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyKind {
    /// There is none.
    Nothing,
    /// JSON.
    Json,
    /// JSON declared as `text/plain`.
    PlainText,
    /// `multipart/form-data` with files.
    Multipart,
}

/// What an operation does to the service's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Impact {
    /// Nothing: asking twice is asking once.
    Reads,
    /// Something: a lost reply leaves the outcome unknown.
    Changes,
    /// It is in the description by name only and cannot be called.
    NotOffered,
}

/// One operation of one service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// Whose.
    pub service: ServiceKind,
    /// Stable number in the service's list.
    pub number: u16,
    /// Stable name, unique within the service; also the name of the typed function.
    pub name: &'static str,
    /// Method.
    pub method: Method,
    /// Path with its `{names}`, before the configured prefix.
    pub path: &'static str,
    /// How sure method and path are.
    pub origin: Origin,
    /// How the body is written.
    pub body: BodyKind,
    /// What it does.
    pub impact: Impact,
    /// Whether it works on pictures of documents, which takes longer.
    pub slow: bool,
}

impl Operation {
    /// A JSON operation; body follows from the method.
    pub(super) const fn new(
        service: ServiceKind,
        number: u16,
        name: &'static str,
        method: Method,
        path: &'static str,
        origin: Origin,
        impact: Impact,
    ) -> Self {
        let body = match method {
            Method::Get | Method::Delete => BodyKind::Nothing,
            Method::Post | Method::Put | Method::Patch => BodyKind::Json,
        };
        Self { service, number, name, method, path, origin, body, impact, slow: false }
    }

    pub(super) const fn body(mut self, body: BodyKind) -> Self {
        self.body = body;
        self
    }

    pub(super) const fn slow(mut self) -> Self {
        self.slow = true;
        self
    }

    /// Names in braces in the path, in order.
    #[must_use]
    pub fn parameters(path: &str) -> Vec<&str> {
        path.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect()
    }
}

/// Method and path in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Method.
    pub method: Method,
    /// Path with its `{names}`, before the prefix.
    pub path: String,
}

impl Route {
    /// What the configuration makes of `operation`.
    #[must_use]
    pub fn of(operation: &Operation, overrides: &BTreeMap<String, OperationOverride>) -> Self {
        let own = overrides.get(operation.name);
        let method = own.and_then(|o| o.method.as_deref()).and_then(Method::from_name).unwrap_or(operation.method);
        let path = own.and_then(|o| o.path.clone()).unwrap_or_else(|| operation.path.to_owned());
        Self { method, path }
    }

    /// The path below `prefix`, its names filled in. A path that starts with the prefix already is left alone.
    ///
    /// # Errors
    /// [`ServiceFault::Unfit`] when a value is missing, empty, or would leave its place in the path.
    pub fn fill(&self, service: ServiceKind, prefix: &str, values: &[(&str, &str)]) -> Result<String, ServiceError> {
        let unfit = |message: String| ServiceError::unsent(service, ServiceFault::Unfit, message);
        let mut path = if prefix.is_empty() || self.path.starts_with(&format!("{prefix}/")) {
            self.path.clone()
        } else {
            format!("{prefix}{}", self.path)
        };
        for name in Operation::parameters(&self.path) {
            let value = values.iter().find(|(n, _)| *n == name).map(|(_, v)| *v).unwrap_or_default();
            if value.is_empty() || value == "." || value == ".." {
                return Err(unfit(format!("the path needs a value for {name}")));
            }
            path = path.replace(&format!("{{{name}}}"), &escape(value));
        }
        Ok(path)
    }
}

/// Percent-encodes everything that is not unreserved, so that a value stays one segment.
fn escape(value: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    value.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(path: &str) -> Route {
        Route { method: Method::Get, path: path.to_owned() }
    }

    #[test]
    fn values_stay_one_segment() {
        let filled = |value: &str| route("/a/{id}/b").fill(ServiceKind::Uqudo, "", &[("id", value)]);
        assert_eq!(filled("x-1").unwrap(), "/a/x-1/b");
        assert_eq!(filled("../x?y=1#z").unwrap(), "/a/..%2Fx%3Fy%3D1%23z/b");
        for bad in ["", ".", ".."] {
            assert_eq!(filled(bad).unwrap_err().fault, ServiceFault::Unfit, "{bad:?}");
        }
        assert!(route("/a/{id}").fill(ServiceKind::Uqudo, "", &[]).is_err());
    }

    #[test]
    fn a_prefix_is_put_in_front_once() {
        assert_eq!(route("/onboarding/x").fill(ServiceKind::AwareId, "/b2c", &[]).unwrap(), "/b2c/onboarding/x");
        assert_eq!(route("/b2c/sdk/x").fill(ServiceKind::AwareId, "/b2c", &[]).unwrap(), "/b2c/sdk/x");
    }

    #[test]
    fn the_configuration_may_name_another_method_and_path() {
        let operation = Operation::new(ServiceKind::Baf, 1, "register", Method::Post, "/x", Origin::Seed, Impact::Changes);
        let own = OperationOverride { method: Some("PUT".into()), path: None };
        let overrides = BTreeMap::from([("register".to_owned(), own)]);
        assert_eq!(Route::of(&operation, &overrides), Route { method: Method::Put, path: "/x".into() });
        assert_eq!(Route::of(&operation, &BTreeMap::new()), Route { method: Method::Post, path: "/x".into() });
    }
}
