//! Identity documents in a flow: what was read, the decision over document, chip and face, and the report about it.

pub mod decision;
pub mod report;
pub mod words;

use crate::advice::Advice;
use crate::biometrics::comparison::Comparison;
use crate::biometrics::template::Template;
use crate::documents::aamva::AamvaReading;
use crate::documents::checks::{DuplicateSearch, Evidence, Portrait, Suspicions};
use crate::documents::chip::ChipFindings;
use crate::documents::mrz::Reading;
use crate::imaging::Frame;
use crate::workflow::document_capture::DocumentShot;
use std::path::PathBuf;
use std::sync::Arc;

/// Where a document's picture comes from.
#[derive(Clone)]
pub enum DocumentSource {
    /// A scan or photograph.
    File(PathBuf),
    /// Sides as they were captured, the first side first; never empty.
    Shots(Vec<DocumentShot>),
    /// A folder with the files of the document's chip, beside what was read before.
    Chip(PathBuf),
}

/// A frame is personal: says its size only.
impl std::fmt::Debug for DocumentSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(_) => f.write_str("DocumentSource::File"),
            Self::Shots(shots) => write!(f, "DocumentSource::Shots({})", shots.len()),
            Self::Chip(_) => f.write_str("DocumentSource::Chip"),
        }
    }
}

/// The portrait that is compared.
#[derive(Debug, Clone)]
pub struct DocumentPortrait {
    /// The picture.
    pub picture: Arc<Frame>,
    /// Whether it was signed in the chip; otherwise it is printed.
    pub from_chip: bool,
    /// Its templates; empty if no face was found in it.
    pub templates: Vec<Template>,
}

/// A document as read.
#[derive(Debug, Clone)]
pub struct DocumentRead {
    /// The page, flattened where its corners were found, and upright.
    pub page: Arc<Frame>,
    /// The other side, where it was captured.
    pub other_page: Option<Arc<Frame>>,
    /// Its zone.
    pub zone: Option<Reading>,
    /// Its licence barcode.
    pub barcode: Option<AamvaReading>,
    /// Lines of a zone that a symbol holds; they never stand in for the printed ones.
    pub symbol_zone: Option<Reading>,
    /// Whether there is a portrait, and how large.
    pub portrait: Portrait,
    /// The portrait to compare.
    pub compared: Option<DocumentPortrait>,
    /// The holder's signature, cut out.
    pub signature: Option<Arc<Frame>>,
    /// Whether another document lies beside it; `None` if nobody looked.
    pub several: Option<bool>,
    /// What its pictures give reason to suspect.
    pub suspicions: Suspicions,
    /// Its chip.
    pub chip: Option<ChipFindings>,
}

/// The portrait against the living face, and the calibration that decided.
#[derive(Debug, Clone, PartialEq)]
pub struct PortraitComparison {
    /// The best of all pairs.
    pub found: Comparison,
    /// Whether its threshold was measured for portraits of documents, rather than between live pictures.
    pub for_documents: bool,
    /// What the threshold was measured on.
    pub measured_on: String,
}

/// Who is enrolled with the document's number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NumberSearch {
    /// What the gallery said.
    pub found: DuplicateSearch,
    /// Registration code of the record that is about.
    pub record: Option<String>,
}

impl DocumentRead {
    /// What is printed and encoded, for the checks.
    #[must_use]
    pub fn evidence(&self) -> Evidence<'_> {
        Evidence {
            zone: self.zone.as_ref(),
            barcode: self.barcode.as_ref(),
            symbol_zone: self.symbol_zone.as_ref(),
            several_documents: self.several,
            portrait: self.portrait,
            suspicions: self.suspicions,
            ..Evidence::default()
        }
    }
}

/// Why no document was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentRefusal {
    /// What happened.
    pub message: String,
    /// Support code and next step.
    pub advice: Advice,
}
