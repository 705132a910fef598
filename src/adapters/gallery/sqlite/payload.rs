//! What is inside sealed values, byte by byte.
//!
//! Profiles and records are JSON, so that fields can be added; templates are `capture score | values` as little-endian f32.

use super::seal::{Sealed, damaged};
use crate::biometrics::template::{Template, TemplateFormat};
use crate::ports::gallery::{GalleryError, PadRecord};
use crate::units::{SensitiveBytes, SensitiveText};
use serde::{Deserialize, Serialize};

/// A person's details and latest code.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Profile {
    pub code: String,
    pub details: Vec<(String, SensitiveText)>,
}

impl Profile {
    /// The first detail, for lists.
    pub fn display_name(&self) -> SensitiveText {
        self.details.first().map(|(_, value)| value.clone()).unwrap_or_default()
    }

    pub fn encode(&self) -> SensitiveBytes {
        let details = self.details.iter().map(|(name, value)| (name.as_str(), value.0.as_str())).collect();
        encode(&ProfileText { code: &self.code, details })
    }

    pub fn decode(bytes: &SensitiveBytes) -> Result<Self, GalleryError> {
        let stored: ProfileStored = serde_json::from_slice(&bytes.0).map_err(|_| damaged(Sealed::Profile))?;
        Ok(Self { code: stored.code, details: stored.details.into_iter().map(|(name, value)| (name, SensitiveText(value))).collect() })
    }
}

#[derive(Serialize)]
struct ProfileText<'a> {
    code: &'a str,
    details: Vec<(&'a str, &'a str)>,
}

#[derive(Deserialize)]
struct ProfileStored {
    code: String,
    details: Vec<(String, String)>,
}

/// What a completed enrolment says beside its times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct RecordText {
    pub code: String,
    pub flow: String,
    pub pad: PadRecord,
}

impl RecordText {
    pub fn encode(&self) -> SensitiveBytes {
        encode(self)
    }

    pub fn decode(bytes: &SensitiveBytes) -> Result<Self, GalleryError> {
        serde_json::from_slice(&bytes.0).map_err(|_| damaged(Sealed::Record))
    }
}

fn encode(value: &impl Serialize) -> SensitiveBytes {
    SensitiveBytes(serde_json::to_vec(value).expect("text, lists and numbers always have a JSON form"))
}

pub(super) fn encode_template(template: &Template, capture_score: f32) -> SensitiveBytes {
    let values = std::iter::once(&capture_score).chain(template.values());
    SensitiveBytes(values.flat_map(|value| value.to_le_bytes()).collect())
}

/// The template and the capture score of its picture.
pub(super) fn decode_template(bytes: &SensitiveBytes, format: &TemplateFormat) -> Result<(Template, f32), GalleryError> {
    let broken = || damaged(Sealed::Template);
    let (words, rest) = bytes.0.as_chunks::<4>();
    let (score, values) = words.split_first().ok_or_else(broken)?;
    if !rest.is_empty() {
        return Err(broken());
    }
    let values = values.iter().map(|word| f32::from_le_bytes(*word)).collect();
    Ok((Template::new(format.clone(), values).map_err(|_| broken())?, f32::from_le_bytes(*score)))
}

/// A registration code as it is compared: upper case, without spaces and hyphens, with Crockford's look-alikes resolved.
pub(super) fn canonical_code(code: &str) -> String {
    code.chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_come_back_with_their_score() {
        let format = TemplateFormat { recogniser: "r@0123456789abcdef".into(), dimensions: 4 };
        let template = Template::new(format.clone(), vec![1.0, -2.0, 0.5, 0.0]).unwrap();
        let bytes = encode_template(&template, 0.75);
        let (again, score) = decode_template(&bytes, &format).unwrap();
        assert_eq!(score, 0.75);
        assert!(again.values().iter().zip(template.values()).all(|(a, b)| (a - b).abs() < 1e-6));
        for wrong in [&bytes.0[..3], &bytes.0[..16], &bytes.0[..19]] {
            assert!(decode_template(&SensitiveBytes(wrong.to_vec()), &format).is_err());
        }
    }

    #[test]
    fn profiles_keep_the_order_of_their_fields() {
        let field = |name: &str, value: &str| (name.to_owned(), SensitiveText(value.into()));
        let profile = Profile { code: "ABCDEFGH".into(), details: vec![field("z", "Zoë \"Z\""), field("a", "")] };
        assert_eq!(Profile::decode(&profile.encode()).unwrap(), profile);
        assert_eq!(profile.display_name().0, "Zoë \"Z\"");
        assert!(Profile::decode(&SensitiveBytes(b"{".to_vec())).is_err());
    }

    #[test]
    fn codes_are_compared_as_people_write_them() {
        for written in ["abcd-01x9", "ABCD OIX9", " abcdol x9", "ABCD01X9"] {
            assert_eq!(canonical_code(written), "ABCD01X9", "{written}");
        }
    }
}
