//! Any operation, called with JSON: what `visavis remote call` does.

use super::operation::{BodyKind, Impact, Operation};
use super::session::Extras;
use super::transport::{Body, Part};
use super::wire::Private;
use super::{Surroundings, limits, pictures, session_for, typed};
use crate::config::{PictureLimits, ServicesConfig};
use crate::ports::services::{ServiceError, ServiceFault, ServiceKind};
use crate::units::SensitiveBytes;
use serde_json::Value;

/// What a call is given.
#[derive(Debug, Clone, Default)]
pub struct Input {
    /// JSON body; absent: an empty object where one is needed.
    pub body: Option<Value>,
    /// Values by name: of the path where it has such a name, of the query of a call without a body, else set in the body, where dots
    /// lead into objects and numbers into arrays. Text that is JSON is taken as JSON.
    pub sets: Vec<(String, String)>,
    /// Files by field: parts of a form, or base64 in the body.
    pub files: Vec<(String, SensitiveBytes)>,
    /// Send the body as it is, without comparing it with the operation's description.
    pub raw: bool,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Output {
    /// HTTP status.
    pub status: u16,
    /// The reply: JSON, or text, or base64 of anything else.
    pub reply: Value,
    /// Why the reply is not as described, when it is not.
    pub surprise: Option<String>,
}

/// Calls `operation`.
///
/// # Errors
/// [`ServiceError`]; `Unfit` when the input is not what the operation takes.
pub fn call(operation: &Operation, input: Input, config: &ServicesConfig, surroundings: Surroundings) -> Result<Output, ServiceError> {
    let unfit = |message: String| ServiceError::unsent(operation.service, ServiceFault::Unfit, message);
    if operation.impact == Impact::NotOffered {
        let message = format!("{} is not available in this version of the service", operation.name);
        return Err(ServiceError::unsent(operation.service, ServiceFault::NotOffered, message));
    }
    let limits = pictures(operation.service, config);
    let mut session = session_for(operation, config, surroundings)?;
    if (operation.service, operation.number) == (ServiceKind::Faceki, 2) {
        // The token itself is never shown.
        session.sign_in()?;
        return Ok(Output { status: 200, reply: serde_json::json!({ "signed_in": true }), surprise: None });
    }
    let parameters = Operation::parameters(operation.path);
    let (in_path, mut others): (Vec<_>, Vec<_>) = input.sets.into_iter().partition(|(name, _)| parameters.contains(&name.as_str()));
    let path: Vec<(&str, &str)> = in_path.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let description = typed(operation.service).into_iter().find(|t| t.number == operation.number);
    let mut query = Vec::new();
    let body = match operation.body {
        BodyKind::Nothing => {
            if input.body.is_some() || !input.files.is_empty() {
                return Err(unfit(format!("{} takes no body", operation.name)));
            }
            query = std::mem::take(&mut others);
            Body::Nothing
        }
        BodyKind::Multipart => Body::Multipart(parts(operation, limits, &others, &input.files)?),
        BodyKind::Json | BodyKind::PlainText => {
            let mut value = input.body.unwrap_or_else(|| Value::Object(serde_json::Map::new()));
            for (name, text) in &others {
                let new = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.clone()));
                set(&mut value, name, new).map_err(unfit)?;
            }
            for (name, content) in &input.files {
                // Recordings and other files are none of the pictures' limits.
                if !input.raw && limits::kind_of(&content.0).is_some() {
                    limits::picture(operation.service, limits, &content.0)?;
                }
                set(&mut value, name, Value::String(Private::base64(&content.0).0.clone())).map_err(unfit)?;
            }
            if let (false, Some(check)) = (input.raw, description.and_then(|d| d.request)) {
                value = check(value).map_err(|e| unfit(format!("the body is not as described: {e}")))?;
            }
            let text = session.encode(&value)?;
            if operation.body == BodyKind::Json { Body::Json(text) } else { Body::PlainText(text) }
        }
    };
    let query: Vec<(&str, &str)> = query.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let answer = session.call(operation, &Extras { path: &path, query: &query }, body)?;
    let surprise = description.and_then(|d| (d.reply)(&answer.body).err());
    let reply = answer.json().unwrap_or_else(|| match std::str::from_utf8(&answer.body) {
        Ok(text) => Value::String(text.to_owned()),
        Err(_) => Value::String(Private::base64(&answer.body).0.clone()),
    });
    Ok(Output { status: answer.status, reply, surprise })
}

fn parts(
    operation: &Operation,
    limits: PictureLimits,
    fields: &[(String, String)],
    files: &[(String, SensitiveBytes)],
) -> Result<Vec<Part>, ServiceError> {
    let mut parts: Vec<Part> = fields.iter().map(|(n, v)| Part::text(n, v)).collect();
    for (name, content) in files {
        let kind = limits::picture(operation.service, limits, &content.0)
            .map_err(|refused| ServiceError { message: format!("the file for {name}: {}", refused.message), ..refused })?
            .kind;
        parts.push(Part::file(name, &format!("{name}.{}", kind.ending()), kind.media_type(), content));
    }
    Ok(parts)
}

/// Longest array that a number in a name may make.
const LONGEST_ARRAY: usize = 64;

fn set(value: &mut Value, name: &str, new: Value) -> Result<(), String> {
    let (head, rest) = name.split_once('.').map_or((name, None), |(h, r)| (h, Some(r)));
    if head.is_empty() {
        return Err(format!("{name:?} is no name of a field"));
    }
    if let (Ok(index), false) = (head.parse::<usize>(), value.is_object() && !value.as_object().is_some_and(serde_json::Map::is_empty)) {
        if !value.is_array() {
            *value = Value::Array(Vec::new());
        }
        let items = value.as_array_mut().ok_or("not an array")?;
        if index > items.len() || index >= LONGEST_ARRAY {
            return Err(format!("{head} is not the next place of an array"));
        }
        if index == items.len() {
            items.push(Value::Null);
        }
        return place(&mut items[index], rest, new);
    }
    if value.is_null() {
        *value = Value::Object(serde_json::Map::new());
    }
    let object = value.as_object_mut().ok_or_else(|| format!("{head} leads into something that is no object"))?;
    place(object.entry(head).or_insert(Value::Null), rest, new)
}

fn place(slot: &mut Value, rest: Option<&str>, new: Value) -> Result<(), String> {
    match rest {
        Some(rest) => set(slot, rest, new),
        None => {
            *slot = new;
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_lead_into_objects_and_arrays() {
        let mut value = json!({});
        for (name, new) in [("a.b", json!(1)), ("a.frames.0.data", json!("x")), ("a.frames.1.data", json!("y")), ("c", json!(true))] {
            set(&mut value, name, new).unwrap();
        }
        assert_eq!(value, json!({ "a": { "b": 1, "frames": [{ "data": "x" }, { "data": "y" }] }, "c": true }));
        for bad in ["", "a.", "a.b.c", "a.frames.7"] {
            assert!(set(&mut value, bad, json!(0)).is_err(), "{bad}");
        }
    }
}
