//! What the answer about a document says, as JSON has it; its fields are stable.

use serde::Serialize;

/// A remark with its code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "as in every error of the program")]
pub struct AdviceText {
    pub code: &'static str,
    pub word: &'static str,
    pub message: String,
    pub advice: &'static str,
}

/// Why a gallery gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "as in every error of the program")]
pub struct GalleryFailure {
    pub code: &'static str,
    pub message: String,
    pub advice: &'static str,
}

/// What AwareID's validate-document call replies.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "named after the fields of the service")]
pub struct DocumentType {
    pub valid_document: bool,
    pub next_page_expected: bool,
    pub rfid_presence: i32,
    pub chip_expected: bool,
    pub mrz_presence: bool,
    pub document_name: String,
    pub document_id: String,
    pub fid_type: String,
    pub year: Option<i32>,
    pub rotated_180: bool,
    pub country_name: String,
    pub icao_code: String,
    pub side: &'static str,
    pub confidence: f32,
}

/// The holder's signature.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SignatureText {
    /// Corners in the picture, top left first as the page is read, then clockwise.
    pub corners: [[f32; 2]; 4],
}

/// The zone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ZoneText {
    /// Name of the format.
    pub format: &'static str,
    /// The lines as read.
    pub lines: Vec<String>,
    /// Whether nothing breaks the standard.
    pub right: bool,
    /// What is wrong or odd.
    pub findings: Vec<&'static str>,
    /// Family name.
    pub family_name: String,
    /// Given names.
    pub given_names: String,
    /// Whether the name may have been cut.
    pub name_may_be_truncated: bool,
    /// Document code.
    pub document_code: String,
    /// Issuing state.
    pub issuing_state: String,
    /// Document number.
    pub document_number: String,
    /// Nationality.
    pub nationality: String,
    /// Birth date, unknown parts as X.
    pub birth_date: Option<String>,
    /// F, M or X.
    pub sex: Option<char>,
    /// Expiry date.
    pub expiry_date: Option<String>,
    /// Optional data.
    pub optional: [String; 2],
    /// `right`, `wrong`, `blank`, `absent` or `not_applicable`, of each check digit.
    pub check_digits: CheckDigitsText,
    /// Confidence of each field.
    pub confidences: ConfidencesText,
    /// What was changed without a guess.
    pub changes: Vec<ChangeText>,
    /// What one swap could repair; never taken over.
    pub suggestion: SuggestionText,
    /// Corners in the picture, top left first as the zone is read; `null` where it was typed or came from a barcode.
    pub corners: Option<[[f32; 2]; 4]>,
    /// Height of its capitals, pixels.
    pub capitals_px: Option<f32>,
    /// Degrees clockwise that it is turned in the picture.
    pub turn_degrees: Option<f32>,
}

/// Each check digit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names are the fields they cover")]
pub struct CheckDigitsText {
    pub document_number: &'static str,
    pub birth: &'static str,
    pub expiry: &'static str,
    pub optional: &'static str,
    pub composite: &'static str,
}

/// Confidence of each field, 0 to 1; `null` where nothing was read or measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs, reason = "the names are the fields")]
pub struct ConfidencesText {
    pub document_code: Option<f32>,
    pub issuing_state: Option<f32>,
    pub document_number: Option<f32>,
    pub nationality: Option<f32>,
    pub name: Option<f32>,
    pub birth_date: Option<f32>,
    pub sex: Option<f32>,
    pub expiry_date: Option<f32>,
    pub optional: Option<f32>,
    pub zone: Option<f32>,
}

/// A change; lines and places from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct ChangeText {
    pub line: usize,
    pub place: usize,
    pub kind: &'static str,
    pub from: Option<char>,
    pub to: Option<char>,
}

/// A suggestion.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SuggestionText {
    /// `none_needed`, `one`, `ambiguous` or `impossible`.
    pub kind: &'static str,
    /// The one swap.
    pub change: Option<ChangeText>,
    /// Whether the reader itself was unsure there.
    pub reader_was_unsure: Option<bool>,
}

/// The barcode.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BarcodeText {
    /// Kind of symbol.
    pub symbology: &'static str,
    /// `licence`, `zone`, `digital_seal`, `unsupported_licence`, `web_address`, `other_text` or `other_bytes`.
    pub payload: &'static str,
    /// The licence.
    pub licence: Option<LicenceText>,
    /// The zone it holds; left out where it holds none. It is compared with the printed one and never stands in for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<ZoneText>,
    /// Why a licence was refused.
    pub refusal: Option<String>,
    /// What its issuer did differently.
    pub warnings: Vec<String>,
}

/// The fields of a licence that are compared and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names are the fields")]
pub struct LicenceText {
    pub kind: &'static str,
    pub family_name: String,
    pub given_names: String,
    pub birth_date: Option<String>,
    pub expiry_date: Option<String>,
    pub issue_date: Option<String>,
    pub sex: Option<char>,
    pub document_number: Option<String>,
    pub issuing_country: Option<String>,
    pub region: Option<String>,
    pub street: Option<String>,
    pub city: Option<String>,
    pub postal_code: Option<String>,
}

/// The portrait.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PortraitText {
    /// Corners of the face's box in the picture, top left first as the page is read, then clockwise.
    pub corners: [[f32; 2]; 4],
    /// Crown to chin, pixels.
    pub height_px: u32,
    /// Our unified quality score, 0-100.
    pub capture_score: f32,
    /// Whether it can be compared.
    pub comparable: bool,
}

/// The living face against the portrait.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FaceMatch {
    /// `match`, `non_match` or `not_comparable`.
    pub decision: &'static str,
    /// Cosine.
    pub score: Option<f32>,
    /// Monotone through the calibration.
    #[serde(rename = "scorePercent")]
    pub score_percent: Option<f32>,
    /// In force.
    pub threshold: Option<f32>,
    /// What the threshold stands for.
    pub false_match_rate: Option<f64>,
    /// `document` (measured on simulated print and scan) or `live`.
    pub calibration: &'static str,
    /// Where the thresholds were measured.
    pub measured_on: String,
}

/// A check.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckText {
    /// A stable word.
    pub check: &'static str,
    /// A short name for people.
    pub title: &'static str,
    /// The name services show.
    pub display_name: &'static str,
    /// `passed`, `failed` or `not_checked`.
    pub status: &'static str,
    /// A sentence.
    pub reason: String,
    /// 0 to 1.
    pub confidence: Option<f32>,
    /// What follows if it failed: `hint`, `retry`, `person` or `refuse`.
    pub consequence: Option<&'static str>,
    /// Fields that differ, by name.
    pub fields: Vec<&'static str>,
    /// Registration code of the enrolled record it is about; left out where it is about none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
}
