//! The PDF417 of North American driving licences and identity cards: AAMVA DL/ID Card Design Standard, versions 00 to 11.
//!
//! Payload bytes → subfiles ([`payload`]) → typed fields ([`licence`]). Issuers deviate in many small ways; what can be read without a
//! guess is read with a warning, and only a missing number, birth date or name, a cut payload or another format is refused.

pub mod issuers;
pub mod licence;
pub mod payload;
mod values;

pub use licence::{Licence, LicenceKind, NameTruncation};
pub use payload::{Header, Subfile};

use crate::advice::{Advice, Advised};
use std::fmt;

/// Something an issuer or a scanner did differently.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Warning {
    /// A subfile does not stand where the header says.
    OffsetWrong,
    /// A subfile is not as long as the header says.
    LengthWrong,
    /// The header announces another number of subfiles than there are.
    EntryCountWrong,
    /// An element stands there twice; the first counts.
    DuplicateElement,
    /// `AAMVA` instead of `ANSI `.
    FileTypeNotAnsi,
    /// Separators were changed, as keyboard-wedge readers do; read by lines.
    ControlCharsChanged,
    /// A date is valid only in the order of the other country.
    DateOrderUnexpected,
    /// An element that should be a date is none.
    DateInvalid(String),
    /// Sex as a letter or as something else than 1, 2 or 9.
    SexNotNumeric,
    /// Height in a form the standard does not have.
    HeightFormat,
    /// The country is not written USA or CAN.
    CountryCode,
    /// The document expires before it was issued.
    ExpiryBeforeIssue,
    /// Issuer number and jurisdiction of the address differ: people move.
    IinJurisdictionMismatch,
    /// An element this version requires is missing.
    MandatoryMissing(String),
    /// Several names stand in one element; they were divided as well as can be.
    NameInOneElement,
}

impl Warning {
    /// A stable word for reports.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OffsetWrong => "OFFSET_WRONG",
            Self::LengthWrong => "LENGTH_WRONG",
            Self::EntryCountWrong => "ENTRY_COUNT_WRONG",
            Self::DuplicateElement => "DUPLICATE_ELEMENT",
            Self::FileTypeNotAnsi => "FILE_TYPE_NOT_ANSI",
            Self::ControlCharsChanged => "CONTROL_CHARS_CHANGED",
            Self::DateOrderUnexpected => "DATE_ORDER_UNEXPECTED",
            Self::DateInvalid(_) => "DATE_INVALID",
            Self::SexNotNumeric => "SEX_NOT_NUMERIC",
            Self::HeightFormat => "HEIGHT_FORMAT",
            Self::CountryCode => "COUNTRY_CODE",
            Self::ExpiryBeforeIssue => "EXPIRY_BEFORE_ISSUE",
            Self::IinJurisdictionMismatch => "IIN_JURISDICTION_MISMATCH",
            Self::MandatoryMissing(_) => "MANDATORY_MISSING",
            Self::NameInOneElement => "NAME_IN_ONE_ELEMENT",
        }
    }
}

/// The code, and the element where there is one: `DATE_INVALID DBB`.
impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DateInvalid(element) | Self::MandatoryMissing(element) => write!(f, "{} {element}", self.code()),
            _ => f.write_str(self.code()),
        }
    }
}

/// Why a payload is no usable licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AamvaRefusal {
    /// No header of the standard.
    #[error("the barcode holds no licence of the AAMVA standard")]
    NoHeader,
    /// A licence in another encoding: ISO 18013-2 compact, a magnetic stripe's text, an encrypted national licence.
    #[error("the barcode holds a licence in a format that is not supported")]
    UnsupportedFormat,
    /// The payload stops in the middle.
    #[error("the barcode's content is cut off")]
    Truncated,
    /// Number, birth date or name is missing.
    #[error("the barcode lacks the number, the birth date or the name")]
    MandatoryMissing,
    /// The birth date is no date.
    #[error("the birth date in the barcode is no date")]
    BirthDateInvalid,
}

impl AamvaRefusal {
    /// A stable word for reports.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoHeader => "NO_HEADER",
            Self::UnsupportedFormat => "UNSUPPORTED_FORMAT",
            Self::Truncated => "TRUNCATED",
            Self::MandatoryMissing => "MANDATORY_MISSING",
            Self::BirthDateInvalid => "DATE_INVALID",
        }
    }
}

impl Advised for AamvaRefusal {
    fn advice(&self) -> Advice {
        match self {
            Self::NoHeader => Advice::input("DOC-10", "Show the large barcode on the back of a driving licence or identity card."),
            Self::UnsupportedFormat => {
                Advice::input("DOC-11", "Use another document, or type the details in; this kind of licence is not read.")
            }
            Self::Truncated => Advice { retry: true, ..Advice::input("DOC-12", "Capture the barcode again, whole and in focus.") },
            Self::MandatoryMissing => Advice::input("DOC-13", "Use another document: this barcode does not say whose it is."),
            Self::BirthDateInvalid => {
                Advice::input("DOC-14", "Let a person look at the document: its barcode gives an impossible birth date.")
            }
        }
    }
}

/// What a payload gave.
#[derive(Debug, Clone, PartialEq)]
pub struct AamvaReading {
    /// The subfiles as they stand there; empty without a readable header.
    pub subfiles: Vec<Subfile>,
    /// The typed fields; also there when only some are missing, for a person to look at.
    pub licence: Option<Licence>,
    /// What was odd.
    pub warnings: Vec<Warning>,
    /// Why the payload may not be used; `None` if it may.
    pub refusal: Option<AamvaRefusal>,
}

impl AamvaReading {
    const fn refused(refusal: AamvaRefusal) -> Self {
        Self { subfiles: Vec::new(), licence: None, warnings: Vec::new(), refusal: Some(refusal) }
    }

    /// The licence, if it may be used.
    ///
    /// # Errors
    /// The refusal.
    pub fn usable(&self) -> Result<&Licence, AamvaRefusal> {
        match (&self.licence, self.refusal) {
            (Some(licence), None) => Ok(licence),
            (_, refusal) => Err(refusal.unwrap_or(AamvaRefusal::MandatoryMissing)),
        }
    }
}

/// Reads the bytes of a PDF417.
#[must_use]
pub fn read(bytes: &[u8]) -> AamvaReading {
    let payload = match payload::parse(bytes) {
        Ok(payload) => payload,
        Err(refusal) => return AamvaReading::refused(refusal),
    };
    let mut warnings = payload.warnings;
    let licence = licence::build(&payload.header, &payload.subfiles, &mut warnings);
    let missing = |id: &str| warnings.iter().any(|w| matches!(w, Warning::MandatoryMissing(m) if m == id));
    let refusal = if missing("DAQ") || missing("DBB") || licence.family_name.is_empty() && licence.given_names.is_empty() {
        Some(AamvaRefusal::MandatoryMissing)
    } else if licence.birth.is_none() {
        Some(AamvaRefusal::BirthDateInvalid)
    } else {
        None
    };
    warnings.sort();
    warnings.dedup();
    AamvaReading { subfiles: payload.subfiles, licence: Some(licence), warnings, refusal }
}
