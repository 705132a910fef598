//! Strict reading of request fields.

use super::exchange::Flaw;
use super::pictures::{Picture, PictureFlaw};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// Fields of a JSON object by name.
pub(super) trait Fields {
    /// The field, `None` when absent or null.
    fn field(&self, name: &str) -> Option<&Value>;

    fn required(&self, name: &str) -> Result<&Value, Flaw> {
        self.field(name).ok_or_else(|| Flaw::Missing(name.to_owned()))
    }

    fn optional_text(&self, name: &str) -> Result<Option<&str>, Flaw> {
        self.field(name).map(|v| v.as_str().ok_or_else(|| Flaw::WrongType(name.to_owned()))).transpose()
    }

    /// Text that is not empty.
    fn text(&self, name: &str) -> Result<&str, Flaw> {
        let text = self.required(name)?.as_str().ok_or_else(|| Flaw::WrongType(name.to_owned()))?;
        if text.is_empty() { Err(Flaw::Missing(name.to_owned())) } else { Ok(text) }
    }

    fn optional_flag(&self, name: &str) -> Result<Option<bool>, Flaw> {
        self.field(name).map(|v| v.as_bool().ok_or_else(|| Flaw::WrongType(name.to_owned()))).transpose()
    }

    fn optional_integer(&self, name: &str) -> Result<Option<i64>, Flaw> {
        self.field(name).map(|v| v.as_i64().ok_or_else(|| Flaw::WrongType(name.to_owned()))).transpose()
    }

    fn optional_number(&self, name: &str) -> Result<Option<f64>, Flaw> {
        self.field(name).map(|v| v.as_f64().ok_or_else(|| Flaw::WrongType(name.to_owned()))).transpose()
    }

    /// Whole number in a range.
    fn integer(&self, name: &str, range: std::ops::RangeInclusive<i64>) -> Result<i64, Flaw> {
        let value = self.optional_integer(name)?.ok_or_else(|| Flaw::Missing(name.to_owned()))?;
        if range.contains(&value) { Ok(value) } else { Err(Flaw::NotAllowed(name.to_owned())) }
    }

    /// Number in a range.
    fn number(&self, name: &str, range: std::ops::RangeInclusive<f64>) -> Result<f64, Flaw> {
        let value = self.optional_number(name)?.ok_or_else(|| Flaw::Missing(name.to_owned()))?;
        if range.contains(&value) { Ok(value) } else { Err(Flaw::NotAllowed(name.to_owned())) }
    }

    fn optional_object(&self, name: &str) -> Result<Option<&Value>, Flaw> {
        self.field(name).map(|v| if v.is_object() { Ok(v) } else { Err(Flaw::WrongType(name.to_owned())) }).transpose()
    }

    fn object(&self, name: &str) -> Result<&Value, Flaw> {
        self.optional_object(name)?.ok_or_else(|| Flaw::Missing(name.to_owned()))
    }

    fn optional_array(&self, name: &str) -> Result<Option<&Vec<Value>>, Flaw> {
        self.field(name).map(|v| v.as_array().ok_or_else(|| Flaw::WrongType(name.to_owned()))).transpose()
    }

    /// An array that is not empty.
    fn array(&self, name: &str) -> Result<&Vec<Value>, Flaw> {
        match self.optional_array(name)? {
            Some(items) if !items.is_empty() => Ok(items),
            _ => Err(Flaw::Missing(name.to_owned())),
        }
    }

    /// An array of texts; absent is empty.
    fn texts(&self, name: &str) -> Result<Vec<String>, Flaw> {
        let items = self.optional_array(name)?.map_or(&[][..], Vec::as_slice);
        items.iter().map(|v| v.as_str().map(str::to_owned).ok_or_else(|| Flaw::WrongType(name.to_owned()))).collect()
    }

    /// Bytes in base 64, without white space and without a `data:` prefix.
    fn bytes(&self, name: &str) -> Result<Vec<u8>, Flaw> {
        STANDARD.decode(self.text(name)?).map_err(|_| Flaw::BadBase64(name.to_owned()))
    }

    /// A picture in base 64.
    fn picture(&self, name: &str) -> Result<Picture, Flaw> {
        picture(name, &self.bytes(name)?)
    }
}

impl Fields for Value {
    fn field(&self, name: &str) -> Option<&Value> {
        self.get(name).filter(|v| !v.is_null())
    }
}

/// Reads a picture that came as the field `name`.
pub(super) fn picture(name: &str, bytes: &[u8]) -> Result<Picture, Flaw> {
    Picture::read(bytes).map_err(|flaw| match flaw {
        PictureFlaw::NotAPicture => Flaw::NotAPicture(name.to_owned()),
        PictureFlaw::Unreadable => Flaw::Unreadable(name.to_owned()),
    })
}

/// Base 64 with padding.
pub(super) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
