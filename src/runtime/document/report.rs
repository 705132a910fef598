//! The answer about a document as a report, its pictures, and the file it goes to.

use super::answer::{DocumentAnswer, FaceMatch};
use crate::advice::Advised as _;
use crate::documents::checks::{Check, Claim};
use crate::documents::remarks::Remark;
use crate::imaging::Frame;
use crate::imaging::encode::{EncodeError, jpeg};
use crate::phrase::{Detail, Phrase};
use crate::units::SensitiveText;
use crate::workflow::document::decision::{CheckLine, advised};
use crate::workflow::document::report::{Report, ReportPictures};
use crate::workflow::document::words::{Value, ValueWord};

/// Program and version, as reports name it.
pub const PROGRAM: &str = concat!("Visavis ", env!("CARGO_PKG_VERSION"));

/// Quality of pictures in a report: for looking at, not for comparing.
const JPEG_QUALITY: u8 = 88;

/// Everything the answer says, for a report.
impl From<&DocumentAnswer> for Report {
    fn from(answer: &DocumentAnswer) -> Self {
        let mut lines: Vec<CheckLine> = answer.values.outcomes.iter().map(CheckLine::from).collect();
        for line in lines.iter_mut().filter(|line| line.title == Check::PortraitMatch.into()) {
            line.values.extend(answer.face_match.iter().flat_map(numbers));
        }
        lines.extend(answer.values.chip.iter().map(CheckLine::from));
        Self {
            overall: answer.values.overall,
            document: Some(answer.document.document_name.clone()),
            retry: answer.retry_document_capture,
            because: answer.values.because.iter().map(|check| Phrase::from(*check)).collect(),
            advice: answer.values.remarks.iter().map(advice).collect(),
            fields: fields(answer),
            zone_lines: answer.zone.iter().flat_map(|z| &z.lines).cloned().map(SensitiveText).collect(),
            lines,
            portrait_from_chip: answer.portrait_from == Some("chip"),
        }
    }
}

fn advice(remark: &Remark) -> (&'static str, Phrase) {
    let advice = remark.advice();
    (advice.code, advised(&format!("{remark}. {}", advice.next_step), advice))
}

fn fields(answer: &DocumentAnswer) -> Vec<(Claim, SensitiveText)> {
    let said: Vec<(Claim, Option<String>)> = if let Some(z) = &answer.zone {
        vec![
            (Claim::FamilyName, Some(z.family_name.clone())),
            (Claim::GivenNames, Some(z.given_names.clone())),
            (Claim::DocumentNumber, Some(z.document_number.clone())),
            (Claim::IssuingState, Some(z.issuing_state.clone())),
            (Claim::Nationality, Some(z.nationality.clone())),
            (Claim::BirthDate, z.birth_date.clone()),
            (Claim::Sex, z.sex.map(String::from)),
            (Claim::ExpiryDate, z.expiry_date.clone()),
        ]
    } else if let Some(l) = answer.barcode.as_ref().and_then(|b| b.licence.as_ref()) {
        vec![
            (Claim::FamilyName, Some(l.family_name.clone())),
            (Claim::GivenNames, Some(l.given_names.clone())),
            (Claim::DocumentNumber, l.document_number.clone()),
            (Claim::IssuingCountry, l.issuing_country.clone()),
            (Claim::BirthDate, l.birth_date.clone()),
            (Claim::Sex, l.sex.map(String::from)),
            (Claim::ExpiryDate, l.expiry_date.clone()),
        ]
    } else {
        Vec::new()
    };
    said.into_iter().filter_map(|(claim, value)| Some((claim, SensitiveText(value.filter(|v| !v.is_empty())?)))).collect()
}

/// The numbers of the comparison.
fn numbers(found: &FaceMatch) -> Vec<(Phrase, Detail)> {
    let number = |name: Value, text: Option<String>| text.map(|text| (Phrase::from(name), Detail::Number(text)));
    let rate = found.false_match_rate.map(|rate| (Value::FalseMatchRate.into(), Phrase::from(ValueWord::one_in(rate)).into()));
    let values = [
        number(Value::Score, found.score.map(|s| format!("{s:.4}"))),
        number(Value::Threshold, found.threshold.map(|t| format!("{t:.4}"))),
        number(Value::ScorePercent, found.score_percent.map(|p| format!("{p:.1} %"))),
        rate,
        Some((Value::MeasuredOn.into(), found.measured_on.as_str().into())),
    ];
    values.into_iter().flatten().filter(|(_, value)| !value.is_empty()).collect()
}

/// What a report may show.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shown<'a> {
    /// The page.
    pub page: Option<&'a Frame>,
    /// The document's portrait.
    pub portrait: Option<&'a Frame>,
    /// The holder's signature.
    pub signature: Option<&'a Frame>,
    /// The living face.
    pub face: Option<&'a Frame>,
}

/// Pictures for a report.
///
/// # Errors
/// [`EncodeError`] when one of them cannot be encoded.
pub fn pictures(shown: Shown<'_>) -> Result<ReportPictures, EncodeError> {
    let encoded = |frame: Option<&Frame>| frame.map(|f| jpeg(f, JPEG_QUALITY)).transpose();
    Ok(ReportPictures {
        page: encoded(shown.page)?,
        portrait: encoded(shown.portrait)?,
        signature: encoded(shown.signature)?,
        face: encoded(shown.face)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::checks::{DuplicateSearch, Rules};
    use crate::phrase::Wording;
    use crate::runtime::document::answer::{Beside, answer};
    use crate::units::UtcTime;
    use crate::workflow::document::NumberSearch;
    use crate::workflow::document::report::{About, html};
    use time::macros::date;

    fn answered() -> DocumentAnswer {
        let number = NumberSearch { found: DuplicateSearch::OtherPerson, record: Some("ABCD<1X9".to_owned()) };
        let found = FaceMatch {
            decision: "non_match",
            score: Some(0.21),
            score_percent: Some(12.5),
            threshold: Some(0.4),
            false_match_rate: Some(1e-3),
            calibration: "document",
            measured_on: "rendered people".to_owned(),
        };
        answer(&[], Beside { number: Some(&number), ..Beside::default() }, Some(found), &Rules::default(), date!(2026 - 01 - 01))
    }

    #[test]
    fn the_report_of_an_answer_lists_every_check_the_record_and_the_comparison() {
        let about = About { at: UtcTime(1_795_240_000_000), program: PROGRAM, practice: false, wording: Wording::ENGLISH };
        let page = html(&Report::from(&answered()), &about, &ReportPictures::default());
        for check in Check::ALL {
            assert_eq!(page.matches(&format!("<th>{}</th>", check.title())).count(), 1, "{check:?}");
        }
        for text in ["record: ABCD&lt;1X9", "score: 0.2100", "1 in 1000", "threshold measured on: rendered people"] {
            assert!(page.contains(text), "{text} is missing in {page}");
        }
        assert!(page.contains("Capturing the document again can change the answer.") && !page.contains("<img"));
    }

    /// The values behind the text are not part of the answer's JSON.
    #[test]
    fn an_answer_has_its_reasons_in_english_and_nothing_twice() {
        let json = serde_json::to_value(answered()).unwrap();
        assert!(json.get("values").is_none());
        let check = |code: &str| json["checks"].as_array().unwrap().iter().find(|c| c["check"] == code).unwrap();
        assert_eq!(check("check_digits")["reason"], "No machine-readable zone was read.");
        assert_eq!(check("duplicate_number")["record"], "ABCD<1X9");
    }
}
