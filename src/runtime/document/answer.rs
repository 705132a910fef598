//! The answer about a document: everything read, every check, the decision; as JSON and, from the same values, as a report.

use super::gathered::Gathered;
use super::reading::{Side, SideTimes};
use crate::advice::Advised as _;
use crate::documents::aamva::AamvaReading;
use crate::documents::barcode::Payload;
use crate::documents::checks::{
    Check, Claim, Comparison, Consequence, Decision, Details, Evidence, LivingFace, Outcome, Overall, Rules, Status, decide,
};
use crate::documents::document_type::{self, Recognised, Seen, Side as DocumentSide};
use crate::documents::mrz::confidence::{FieldConfidences, field_confidences};
use crate::documents::mrz::{ChangeKind, CheckResult, Reading, Suggestion};
use crate::documents::remarks::Remark;
use crate::documents::zone::search::Found;
use crate::ports::camera::Origin;
use crate::units::SensitiveText;
use crate::workflow::document::NumberSearch;
use serde::Serialize;
use time::Date;

/// Everything that a decision about a document rests on, besides its pictures.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'a> {
    /// What was typed in.
    pub typed: Option<&'a Details>,
    /// A face against the portrait.
    pub comparison: Comparison,
    /// Whether that face was seen alive.
    pub living: LivingFace,
    /// How often the document was captured so far, this time included.
    pub captures: u32,
    /// Where its pictures came from; `None` is files.
    pub origin: Option<Origin>,
    /// Who is enrolled with its number; `None` if nobody looked.
    pub number: Option<&'a NumberSearch>,
    /// Why the gallery gave no answer about it.
    pub gallery_failure: Option<&'a GalleryFailure>,
}

/// The answer; its fields are stable.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DocumentAnswer {
    /// Where its pictures came from: `file`, `camera` or `practice`. What comes from practice says nothing about a real document.
    pub origin: &'static str,
    /// `ok`, `refused` or `undecided`.
    pub overall: &'static str,
    /// AwareID's `overallAuthenticationResult`.
    pub awareid: &'static str,
    /// FACEKI's `decision`.
    pub faceki: &'static str,
    /// Whether capturing again can change the answer.
    pub retry_document_capture: bool,
    /// The checks the answer rests on, worst first.
    pub because: Vec<&'static str>,
    /// What to change at the desk.
    pub advice: Vec<AdviceText>,
    /// Which document it is.
    pub document: DocumentType,
    /// What the zone says.
    pub zone: Option<ZoneText>,
    /// What the barcode says.
    pub barcode: Option<BarcodeText>,
    /// The portrait.
    pub portrait: Option<PortraitText>,
    /// Ghost portraits that were passed over.
    pub ghost_portraits: usize,
    /// The living face against the portrait.
    pub face_match: Option<FaceMatch>,
    /// Every check.
    pub checks: Vec<CheckText>,
    /// Why the gallery could not be asked who is enrolled with the document; left out where it answered or nobody asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gallery_failure: Option<GalleryFailure>,
    /// Milliseconds of each stage, of each picture.
    pub milliseconds: Vec<SideTimes>,
    /// The decision as values, for the report.
    #[serde(skip)]
    pub values: DecisionValues,
}

/// The decision as values, from which its text was made.
#[derive(Debug, Clone, PartialEq)]
pub struct DecisionValues {
    /// The answer.
    pub overall: Overall,
    /// The checks it rests on, worst first.
    pub because: Vec<Check>,
    /// Every check.
    pub outcomes: Vec<Outcome>,
    /// What to change at the desk.
    pub remarks: Vec<Remark>,
}

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
    pub mrz_presence: bool,
    pub document_name: String,
    pub document_id: String,
    pub fid_type: String,
    pub rotated_180: bool,
    pub country_name: String,
    pub icao_code: String,
    pub side: &'static str,
    pub confidence: f32,
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

/// Every number that the sides of a document state.
#[must_use]
pub fn document_numbers(sides: &[&Side]) -> Vec<SensitiveText> {
    Gathered::of(sides).evidence().document_numbers()
}

/// Decides about one or two sides and says everything that was read.
#[must_use]
pub fn answer(sides: &[&Side], beside: Beside<'_>, face_match: Option<FaceMatch>, rules: &Rules, today: Date) -> DocumentAnswer {
    let gathered = Gathered::of(sides);
    let (reading, barcode, portrait) = (gathered.zone(), gathered.licence, gathered.portrait);
    let evidence = Evidence {
        typed: beside.typed,
        comparison: beside.comparison,
        living: beside.living,
        duplicate: beside.number.map(|n| n.found).unwrap_or_default(),
        duplicate_record: beside.number.and_then(|n| n.record.as_deref()),
        captures: beside.captures.max(1),
        ..gathered.evidence()
    };
    let decision = decide(&evidence, rules, today);
    let found = gathered.zoned.and_then(|s| s.zone.as_ref());
    let recognised = document_type::recognise(&Seen {
        ratio: gathered.ratio,
        mrz: reading.map(|r| &r.mrz),
        licence: barcode.and_then(|b| b.licence.as_ref()),
        portrait: portrait.is_some(),
        upside_down: found.is_some_and(|f| f.turn().abs() > std::f32::consts::FRAC_PI_2 * 1.5),
        other_side_captured: sides.len() > 1,
        ..Seen::default()
    });
    let mut remarks: Vec<Remark> = Vec::new();
    let machine_read = reading.is_some() || barcode.is_some();
    for side in sides {
        // What one side lacks is no fault where the other has it.
        let fault = |r: &&Remark| !(machine_read && matches!(r, Remark::NothingReadable | Remark::NothingRecognised));
        let fault = |r: &&Remark| fault(r) && (side.reading().is_some() || side.licence().is_some() || !machine_read);
        remarks.extend(side.remarks.iter().filter(fault));
    }
    if decision.overall != Overall::Ok && recognised.next_page_expected {
        // The front of a card: what is readable is on the other side.
        remarks.retain(|remark| *remark != Remark::NothingReadable);
        remarks.push(Remark::OtherSide);
    }
    remarks.dedup();
    let overall = decision.overall;
    DocumentAnswer {
        origin: beside.origin.unwrap_or(Origin::File).text(),
        overall: word_of(overall),
        awareid: overall.awareid(),
        faceki: overall.faceki(),
        retry_document_capture: decision.retry_document_capture,
        because: decision.because.iter().map(|c| c.code()).collect(),
        advice: remarks.iter().copied().map(advice_text).collect(),
        document: document_type_text(recognised),
        zone: reading.map(|r| zone_text(r, found)),
        barcode: sides.iter().find_map(|s| s.symbol.as_ref()).map(|(symbol, payload)| barcode_text(symbol.symbology.name(), payload)),
        portrait: portrait.map(|p| PortraitText {
            corners: p.corners.map(|c| [c.x, c.y]),
            height_px: p.height_px,
            capture_score: p.capture_score,
            comparable: p.template.is_some() && p.height_px >= rules.smallest_portrait_px,
        }),
        ghost_portraits: gathered.ghosts,
        face_match,
        checks: checks(&decision),
        gallery_failure: beside.gallery_failure.cloned(),
        milliseconds: sides.iter().map(|s| s.times).collect(),
        values: DecisionValues { overall, because: decision.because, outcomes: decision.outcomes, remarks },
    }
}

const fn word_of(overall: Overall) -> &'static str {
    match overall {
        Overall::Ok => "ok",
        Overall::Refused => "refused",
        Overall::Undecided => "undecided",
    }
}

fn advice_text(remark: Remark) -> AdviceText {
    let advice = remark.advice();
    AdviceText { code: advice.code, word: remark.word(), message: remark.to_string(), advice: advice.next_step }
}

fn document_type_text(r: Recognised) -> DocumentType {
    DocumentType {
        valid_document: r.valid_document,
        next_page_expected: r.next_page_expected,
        rfid_presence: r.rfid_presence,
        mrz_presence: r.mrz_presence,
        document_name: r.document_name,
        document_id: r.document_id,
        fid_type: r.fid_type,
        rotated_180: r.rotated_180,
        country_name: r.country_name,
        icao_code: r.icao_code,
        side: match r.side {
            DocumentSide::Front => "front",
            DocumentSide::Back => "back",
            DocumentSide::Unknown => "unknown",
        },
        confidence: r.confidence,
    }
}

fn checks(decision: &Decision) -> Vec<CheckText> {
    let one = |o: &Outcome| CheckText {
        check: o.check.code(),
        title: o.check.title(),
        display_name: o.check.service_names().baf_display_name,
        status: match o.status {
            Status::Passed => "passed",
            Status::Failed => "failed",
            Status::NotChecked => "not_checked",
        },
        reason: o.reason.to_string(),
        confidence: o.confidence,
        consequence: (o.status == Status::Failed).then_some(match o.consequence {
            Consequence::Hint => "hint",
            Consequence::Retry => "retry",
            Consequence::Person => "person",
            Consequence::Refuse => "refuse",
        }),
        fields: o.claims.iter().map(Claim::english).collect(),
        record: o.record.clone(),
    };
    decision.outcomes.iter().map(one).collect()
}

const fn digit(result: CheckResult) -> &'static str {
    match result {
        CheckResult::Right => "right",
        CheckResult::Wrong => "wrong",
        CheckResult::Blank => "blank",
        CheckResult::Absent => "absent",
        CheckResult::NotApplicable => "not_applicable",
    }
}

fn change(c: &crate::documents::mrz::Change) -> ChangeText {
    let kind = match c.kind {
        ChangeKind::Cleaned => "cleaned",
        ChangeKind::ForcedByType => "forced_by_type",
        ChangeKind::Reordered => "reordered",
        ChangeKind::Fitted => "fitted",
        ChangeKind::Suggested => "suggested",
    };
    ChangeText { line: c.line + 1, place: c.place + 1, kind, from: c.from, to: c.to }
}

fn suggestion(suggestion: &Suggestion) -> SuggestionText {
    let plain = |kind| SuggestionText { kind, change: None, reader_was_unsure: None };
    match suggestion {
        Suggestion::NoneNeeded => plain("none_needed"),
        Suggestion::Ambiguous => plain("ambiguous"),
        Suggestion::Impossible => plain("impossible"),
        Suggestion::One(repair) => {
            SuggestionText { kind: "one", change: Some(change(&repair.change)), reader_was_unsure: Some(repair.recogniser_was_unsure) }
        }
    }
}

fn confidences(c: FieldConfidences) -> ConfidencesText {
    ConfidencesText {
        document_code: c.document_code,
        issuing_state: c.issuing_state,
        document_number: c.document_number,
        nationality: c.nationality,
        name: c.name,
        birth_date: c.birth,
        sex: c.sex,
        expiry_date: c.expiry,
        optional: c.optional,
        zone: c.zone,
    }
}

/// What a reading says, as text. `found` is where it stands in the picture.
#[must_use]
pub fn zone_text(reading: &Reading, found: Option<&Found>) -> ZoneText {
    let mrz = &reading.mrz;
    ZoneText {
        format: mrz.format.name(),
        lines: mrz.lines.clone(),
        right: mrz.is_right(),
        findings: mrz.findings.iter().map(|f| f.code()).collect(),
        family_name: mrz.primary.clone(),
        given_names: mrz.secondary.clone(),
        name_may_be_truncated: mrz.name_may_be_truncated,
        document_code: mrz.document_code.clone(),
        issuing_state: mrz.issuing_state.clone(),
        document_number: mrz.document_number.clone(),
        nationality: mrz.nationality.clone(),
        birth_date: mrz.birth.map(|b| b.date.to_string()),
        sex: mrz.sex.map(crate::documents::mrz::Sex::letter),
        expiry_date: mrz.expiry.map(|d| d.to_string()),
        optional: mrz.optional.clone(),
        check_digits: CheckDigitsText {
            document_number: digit(mrz.checks.document_number),
            birth: digit(mrz.checks.birth),
            expiry: digit(mrz.checks.expiry),
            optional: digit(mrz.checks.optional),
            composite: digit(mrz.checks.composite),
        },
        confidences: confidences(field_confidences(reading)),
        changes: reading.changes.iter().map(change).collect(),
        suggestion: suggestion(&reading.suggestion),
        corners: found.map(|f| f.corners.map(|p| [p.x, p.y])),
        capitals_px: found.map(|f| f.capitals),
        turn_degrees: found.map(|f| f.turn().to_degrees()),
    }
}

fn barcode_text(symbology: &'static str, payload: &Payload) -> BarcodeText {
    let word = match payload {
        Payload::Licence(_) => "licence",
        Payload::Zone(_) => "zone",
        Payload::DigitalSeal => "digital_seal",
        Payload::UnsupportedLicence => "unsupported_licence",
        Payload::WebAddress => "web_address",
        Payload::OtherText => "other_text",
        Payload::OtherBytes => "other_bytes",
    };
    let reading: Option<&AamvaReading> = if let Payload::Licence(reading) = payload { Some(reading) } else { None };
    BarcodeText {
        symbology,
        payload: word,
        licence: reading.and_then(|r| r.licence.as_ref()).map(|l| LicenceText {
            kind: l.kind.code(),
            family_name: l.family_name.clone(),
            given_names: l.given_names.clone(),
            birth_date: l.birth.map(|d| d.to_string()),
            expiry_date: l.expiry.map(|d| d.to_string()),
            issue_date: l.issue.map(|d| d.to_string()),
            sex: l.sex.map(crate::documents::mrz::Sex::letter),
            document_number: l.document_number.clone(),
            issuing_country: l.issuing_country.map(str::to_owned),
            region: l.region.clone(),
            street: l.street.clone(),
            city: l.city.clone(),
            postal_code: l.postal_code.clone(),
        }),
        zone: if let Payload::Zone(zone) = payload { Some(zone_text(zone, None)) } else { None },
        refusal: reading.and_then(|r| r.refusal).map(|r| r.to_string()),
        warnings: reading.map(|r| r.warnings.iter().map(|w| w.code().to_owned()).collect()).unwrap_or_default(),
    }
}
