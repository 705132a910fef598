//! The answer about a document: everything read, every check, the decision; as JSON and, from the same values, as a report.

mod text;
mod words;

pub use text::{
    AdviceText, BarcodeText, ChangeText, CheckDigitsText, CheckText, ConfidencesText, DocumentType, FaceMatch, GalleryFailure, LicenceText,
    PortraitText, SignatureText, SuggestionText, ZoneText,
};
pub use words::zone_text;

use super::chip::{ChipRead, ChipText};
use super::gathered::Gathered;
use super::pages::stands_on_its_head;
use super::reading::{Side, SideTimes};
use crate::documents::checks::{Check, ChipAnswer, Comparison, Details, Evidence, LivingFace, Outcome, Overall, Portrait, Rules, decide};
use crate::documents::chip::ChipOutcome;
use crate::documents::document_type::{self, Seen};
use crate::documents::remarks::Remark;
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
    /// Its chip.
    pub chip: Option<&'a ChipRead>,
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
    /// The holder's signature; left out where none was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<SignatureText>,
    /// Ghost portraits that were passed over.
    pub ghost_portraits: usize,
    /// The living face against the portrait.
    pub face_match: Option<FaceMatch>,
    /// Which portrait that was, `chip` or `print`; left out where none was compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub portrait_from: Option<&'static str>,
    /// Every check.
    pub checks: Vec<CheckText>,
    /// What the files of its chip say; left out where none were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chip: Option<ChipText>,
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
    /// Every check of the chip.
    pub chip: Vec<ChipOutcome>,
    /// What to change at the desk.
    pub remarks: Vec<Remark>,
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
    let signed = beside.chip.and_then(|chip| chip.portrait.as_ref());
    let printed = gathered.evidence();
    let evidence = Evidence {
        typed: beside.typed,
        comparison: beside.comparison,
        living: beside.living,
        duplicate: beside.number.map(|n| n.found).unwrap_or_default(),
        duplicate_record: beside.number.and_then(|n| n.record.as_deref()),
        captures: beside.captures.max(1),
        chip: beside.chip.map(|chip| ChipAnswer::from(&chip.findings)).unwrap_or_default(),
        portrait: signed.map_or(printed.portrait, |portrait| Portrait::Found { height_px: portrait.height_px }),
        ..printed
    };
    let decision = decide(&evidence, rules, today);
    let found = gathered.zoned.and_then(|s| s.zone.as_ref());
    let recognised = document_type::recognise(&Seen {
        ratio: gathered.ratio,
        mrz: reading.map(|r| &r.mrz),
        licence: barcode.and_then(|b| b.licence.as_ref()),
        portrait: portrait.is_some(),
        upside_down: sides.iter().find_map(|side| stands_on_its_head(side)) == Some(true),
        chip: beside.chip.is_some(),
        other_side_captured: sides.len() > 1,
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
    // Turning a front over is all there is to do until the other side was seen.
    let front_alone = !machine_read && remarks.contains(&Remark::OtherSide);
    if decision.retry_document_capture && !front_alone && remarks.iter().all(|r| *r == Remark::OtherSide) {
        remarks.extend(words::what_helps(&decision, reading.is_some(), barcode.is_some()));
    }
    let overall = decision.overall;
    DocumentAnswer {
        origin: beside.origin.unwrap_or(Origin::File).text(),
        overall: words::word_of(overall),
        awareid: overall.awareid(),
        faceki: overall.faceki(),
        retry_document_capture: decision.retry_document_capture,
        because: decision.because.iter().map(|c| c.code()).collect(),
        advice: remarks.iter().copied().map(words::advice_text).collect(),
        document: words::document_type_text(recognised),
        zone: reading.map(|r| zone_text(r, found)),
        barcode: sides
            .iter()
            .find_map(|s| s.symbol.as_ref())
            .map(|(symbol, payload)| words::barcode_text(symbol.symbology.name(), payload)),
        portrait: portrait.map(|p| PortraitText {
            corners: p.corners.map(|c| [c.x, c.y]),
            height_px: p.height_px,
            capture_score: p.capture_score,
            comparable: p.template.is_some() && p.height_px >= rules.smallest_portrait_px,
        }),
        signature: gathered.signature.map(|s| SignatureText { corners: s.corners.map(|p| [p.x, p.y]) }),
        ghost_portraits: gathered.ghosts,
        portrait_from: face_match.as_ref().filter(|f| f.score.is_some()).map(|_| if signed.is_some() { "chip" } else { "print" }),
        face_match,
        checks: words::checks(&decision),
        chip: beside.chip.map(ChipText::from),
        gallery_failure: beside.gallery_failure.cloned(),
        milliseconds: sides.iter().map(|s| s.times).collect(),
        values: DecisionValues {
            overall,
            because: decision.because,
            outcomes: decision.outcomes,
            chip: beside.chip.map(|chip| chip.findings.outcomes.clone()).unwrap_or_default(),
            remarks,
        },
    }
}
