//! From readings and outcomes to the words of the answer.

use super::text::{
    AdviceText, BarcodeText, ChangeText, CheckDigitsText, CheckText, ConfidencesText, DocumentType, LicenceText, SuggestionText, ZoneText,
};
use crate::advice::Advised as _;
use crate::documents::aamva::AamvaReading;
use crate::documents::barcode::Payload;
use crate::documents::checks::{Check, Claim, Consequence, Decision, Outcome, Overall, Reason, Status};
use crate::documents::document_type::{Recognised, Side as DocumentSide};
use crate::documents::mrz::confidence::{FieldConfidences, field_confidences};
use crate::documents::mrz::{ChangeKind, CheckResult, Reading, Suggestion};
use crate::documents::remarks::Remark;
use crate::documents::zone::search::Found;

pub(super) const fn word_of(overall: Overall) -> &'static str {
    match overall {
        Overall::Ok => "ok",
        Overall::Refused => "refused",
        Overall::Undecided => "undecided",
    }
}

pub(super) fn advice_text(remark: Remark) -> AdviceText {
    let advice = remark.advice();
    AdviceText { code: advice.code, word: remark.word(), message: remark.to_string(), advice: advice.next_step }
}

/// What to change where capturing again can change the answer and the pictures themselves gave no cause to say anything.
pub(super) fn what_helps(decision: &Decision, zone: bool, barcode: bool) -> Vec<Remark> {
    let again = |o: &&Outcome| o.status == Status::Failed && o.consequence == Consequence::Retry;
    let remark = |o: &Outcome| match (o.check, &o.reason) {
        (Check::PortraitPresent, Reason::PortraitSmall) | (Check::PortraitMatch, _) => Remark::PortraitUnclear,
        (Check::PortraitPresent, _) => Remark::NoPortrait,
        (Check::OneDocument, _) => Remark::SeveralDocuments,
        _ => Remark::ZoneUnclear,
    };
    let mut remarks: Vec<Remark> = decision.outcomes.iter().filter(again).map(remark).collect();
    if remarks.contains(&Remark::NoPortrait) {
        remarks.retain(|r| *r != Remark::PortraitUnclear);
    }
    remarks.sort_unstable();
    remarks.dedup();
    if remarks.is_empty() {
        remarks.push(match (zone, barcode) {
            (true, _) => Remark::ZoneUnclear,
            (false, true) => Remark::BarcodeUnclear,
            (false, false) => Remark::NothingReadable,
        });
    }
    remarks
}

pub(super) fn document_type_text(r: Recognised) -> DocumentType {
    DocumentType {
        valid_document: r.valid_document,
        next_page_expected: r.next_page_expected,
        rfid_presence: r.rfid_presence,
        chip_expected: r.chip_expected,
        mrz_presence: r.mrz_presence,
        document_name: r.document_name,
        document_id: r.document_id,
        fid_type: r.fid_type,
        year: r.year,
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

pub(super) fn checks(decision: &Decision) -> Vec<CheckText> {
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

pub(super) fn barcode_text(symbology: &'static str, payload: &Payload) -> BarcodeText {
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
