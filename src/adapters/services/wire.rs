//! Building blocks of requests and replies: private text, lenient numbers, lists that come in several shapes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Free JSON object, where a service publishes no members.
pub type Open = serde_json::Map<String, Value>;

/// Text that must never be printed: base64 of pictures, names, tokens. `Debug` shows the length only; memory is wiped on drop.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(transparent)]
pub struct Private(pub String);

impl std::fmt::Debug for Private {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Private({} bytes)", self.0.len())
    }
}

impl From<&str> for Private {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl Private {
    /// Base64 without line breaks and without a `data:` prefix.
    #[must_use]
    pub fn base64(bytes: &[u8]) -> Self {
        Self(STANDARD.encode(bytes))
    }

    /// The bytes behind base64 text; a `data:` prefix and white space are passed over. `None` when it is no base64.
    #[must_use]
    pub fn decode(&self) -> Option<Vec<u8>> {
        let text = self.0.split_once(";base64,").map_or(self.0.as_str(), |(_, data)| data);
        let mut bare: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
        let decoded = STANDARD.decode(&bare).ok();
        bare.zeroize();
        decoded
    }
}

/// Reads an integer that may come as text: a number, digits, or text that starts with digits such as `2 (Complete)`. Empty text is none.
///
/// # Errors
/// When the value is something else.
pub fn integer<'de, D: Deserializer<'de>>(source: D) -> Result<Option<i64>, D::Error> {
    match Value::deserialize(source)? {
        Value::Null => Ok(None),
        Value::Number(number) => Ok(Some(number.as_i64().or_else(|| number.as_f64().map(|f| f as i64)).unwrap_or_default())),
        Value::String(text) if text.trim().is_empty() => Ok(None),
        Value::String(text) => {
            let text = text.trim();
            let end = text.char_indices().find(|(i, c)| !(c.is_ascii_digit() || (*i == 0 && *c == '-'))).map_or(text.len(), |(i, _)| i);
            text[..end].parse().map(Some).map_err(|_| serde::de::Error::custom("expected an integer"))
        }
        _ => Err(serde::de::Error::custom("expected an integer")),
    }
}

/// Reads a number that may come as text; text that is no number is none.
///
/// # Errors
/// When the value is an array or an object.
pub fn number<'de, D: Deserializer<'de>>(source: D) -> Result<Option<f64>, D::Error> {
    match Value::deserialize(source)? {
        Value::Null | Value::Bool(_) => Ok(None),
        Value::Number(number) => Ok(number.as_f64()),
        Value::String(text) => Ok(text.trim().parse().ok().filter(|f: &f64| f.is_finite())),
        _ => Err(serde::de::Error::custom("expected a number")),
    }
}

/// Reads a truth value that may come as text or number.
///
/// # Errors
/// When the value is something else.
pub fn boolean<'de, D: Deserializer<'de>>(source: D) -> Result<Option<bool>, D::Error> {
    match Value::deserialize(source)? {
        Value::Null => Ok(None),
        Value::Bool(value) => Ok(Some(value)),
        Value::Number(number) => Ok(number.as_i64().map(|n| n != 0)),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => Ok(Some(true)),
            "false" | "0" | "no" => Ok(Some(false)),
            "" => Ok(None),
            _ => Err(serde::de::Error::custom("expected true or false")),
        },
        _ => Err(serde::de::Error::custom("expected true or false")),
    }
}

/// Reads text that may come as a number.
///
/// # Errors
/// When the value is an array or an object.
pub fn text<'de, D: Deserializer<'de>>(source: D) -> Result<Option<String>, D::Error> {
    match Value::deserialize(source)? {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        Value::Number(number) => Ok(Some(number.to_string())),
        Value::Bool(value) => Ok(Some(value.to_string())),
        _ => Err(serde::de::Error::custom("expected text")),
    }
}

/// Reads a list that may come as an array, as a single object, as null or not at all.
///
/// # Errors
/// When an element cannot be read.
pub fn list<'de, D: Deserializer<'de>, T: DeserializeOwned>(source: D) -> Result<Vec<T>, D::Error> {
    let read = |value: Value| serde_json::from_value(value).map_err(serde::de::Error::custom);
    match Value::deserialize(source)? {
        Value::Null => Ok(Vec::new()),
        Value::Array(items) => items.into_iter().map(read).collect(),
        Value::Object(object) if object.is_empty() => Ok(Vec::new()),
        single @ Value::Object(_) => Ok(vec![read(single)?]),
        _ => Err(serde::de::Error::custom("expected a list")),
    }
}

/// Reads an object that may come as empty text, null or not at all; other text is kept as none.
///
/// # Errors
/// When an object cannot be read, or the value is a number or an array.
pub fn object_or_text<'de, D: Deserializer<'de>, T: DeserializeOwned>(source: D) -> Result<Option<T>, D::Error> {
    match Value::deserialize(source)? {
        Value::Null | Value::String(_) => Ok(None),
        object @ Value::Object(_) => serde_json::from_value(object).map(Some).map_err(serde::de::Error::custom),
        _ => Err(serde::de::Error::custom("expected an object or text")),
    }
}

/// A reply whose content says nothing beyond "done": any body, or none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Done {}

/// A reply of one line of text, quoted or not.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Line(pub String);

/// A reply that any JSON may be.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(transparent)]
pub struct Anything(pub Value);

/// Reads the body of a successful reply, whatever its declared type.
pub trait Reply: Sized {
    /// The value, or why there is none. Never panics, whatever the bytes.
    ///
    /// # Errors
    /// A plain sentence without any part of the body.
    fn read(body: &[u8]) -> Result<Self, String>;
}

/// Replies that are JSON objects or arrays.
pub trait JsonReply: DeserializeOwned {}

impl<T: JsonReply> Reply for T {
    fn read(body: &[u8]) -> Result<Self, String> {
        // The error's own text may quote the body; only its place is told.
        serde_json::from_slice(body).map_err(|e| format!("the reply is not as described (line {}, column {})", e.line(), e.column()))
    }
}

impl Reply for Done {
    fn read(_: &[u8]) -> Result<Self, String> {
        Ok(Self {})
    }
}

impl Reply for Line {
    fn read(body: &[u8]) -> Result<Self, String> {
        if let Ok(Value::String(text)) = serde_json::from_slice(body) {
            return Ok(Self(text));
        }
        let text = std::str::from_utf8(body).map_err(|_| "the reply is no text".to_owned())?.trim();
        if text.is_empty() || text.starts_with(['{', '<']) {
            return Err("the reply is no line of text".to_owned());
        }
        Ok(Self(text.to_owned()))
    }
}

impl Reply for Anything {
    fn read(body: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(body).map(Self).map_err(|e| format!("the reply is no JSON (line {}, column {})", e.line(), e.column()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, Deserialize)]
    #[serde(default)]
    struct Probe {
        #[serde(deserialize_with = "integer")]
        i: Option<i64>,
        #[serde(deserialize_with = "number")]
        n: Option<f64>,
        #[serde(deserialize_with = "boolean")]
        b: Option<bool>,
        #[serde(deserialize_with = "list")]
        l: Vec<Open>,
        #[serde(deserialize_with = "object_or_text")]
        o: Option<Open>,
    }

    fn probe(json: &str) -> Result<Probe, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn states_come_as_numbers_digits_or_sentences() {
        for (json, value) in
            [(r#"{"i":2}"#, Some(2)), (r#"{"i":"2"}"#, Some(2)), (r#"{"i":"2 (Complete)"}"#, Some(2)), (r#"{"i":""}"#, None), ("{}", None)]
        {
            assert_eq!(probe(json).unwrap().i, value, "{json}");
        }
        for bad in [r#"{"i":"(Complete)"}"#, r#"{"i":[]}"#, r#"{"i":true}"#, r#"{"i":"99999999999999999999"}"#] {
            assert!(probe(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn lists_and_objects_come_in_several_shapes() {
        assert_eq!(probe(r#"{"l":[{},{}]}"#).unwrap().l.len(), 2);
        assert_eq!(probe(r#"{"l":{"a":1}}"#).unwrap().l.len(), 1);
        assert_eq!(probe(r#"{"l":null}"#).unwrap().l.len(), 0);
        assert!(probe(r#"{"l":"x"}"#).is_err());
        assert!(probe(r#"{"o":""}"#).unwrap().o.is_none());
        assert!(probe(r#"{"o":{"a":1}}"#).unwrap().o.is_some());
        assert_eq!(probe(r#"{"b":"true","n":"98.5"}"#).map(|p| (p.b, p.n)).unwrap(), (Some(true), Some(98.5)));
    }

    #[test]
    fn base64_is_written_bare_and_read_leniently() {
        let written = Private::base64(&[0xff; 60]);
        assert!(!written.0.contains(['\n', ':']));
        assert_eq!(Private("data:image/png;base64,AQID\n".into()).decode(), Some(vec![1, 2, 3]));
        assert_eq!(Private("*".into()).decode(), None);
        assert_eq!(format!("{written:?}"), "Private(80 bytes)");
    }

    #[test]
    fn version_lines_come_quoted_or_not() {
        assert_eq!(Line::read(b"\"Aware x\"").unwrap().0, "Aware x");
        assert_eq!(Line::read(b"Aware x\n").unwrap().0, "Aware x");
        assert!(Line::read(b"<html>").is_err());
        assert!(Line::read(&[0xff]).is_err());
    }
}
