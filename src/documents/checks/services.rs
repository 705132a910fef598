//! The names and numbers under which services show a check.

use super::{Check, Outcome, Status};

/// How services call a check. `None`: the service has no word for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceNames {
    /// BAF `documentValidationTests[].name`, in the manner of those it publishes.
    pub baf_name: &'static str,
    /// BAF `documentValidationTests[].displayName`.
    pub baf_display_name: &'static str,
    /// AwareID rule or field flag.
    pub awareid: Option<&'static str>,
    /// FACEKI member of `verification_summary`.
    pub faceki: Option<&'static str>,
}

/// An entry of BAF's `documentValidationTests`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BafEntry {
    /// `name`.
    pub name: &'static str,
    /// `displayName`.
    pub display_name: &'static str,
    /// `status`: 0 passed, 1 failed, 2 skipped. The first two are not published by the service: show `statusString`.
    pub status: i32,
    /// `statusString`.
    pub status_string: &'static str,
    /// `reason`.
    pub reason: String,
}

impl Check {
    /// A stable word for reports.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::CheckDigits => "check_digits",
            Self::Consistency => "consistency",
            Self::Expiry => "expiry",
            Self::NotYetValid => "not_yet_valid",
            Self::MinimumAge => "minimum_age",
            Self::MaximumAge => "maximum_age",
            Self::ZoneAgainstPrint => "zone_against_print",
            Self::ZoneAgainstBarcode => "zone_against_barcode",
            Self::BarcodeAgainstPrint => "barcode_against_print",
            Self::TypedAgainstDocument => "typed_against_document",
            Self::IssuingState => "issuing_state",
            Self::NumberFormat => "number_format",
            Self::PortraitPresent => "portrait_present",
            Self::OneDocument => "one_document",
            Self::DuplicateNumber => "duplicate_number",
            Self::Specimen => "specimen",
            Self::PortraitMatch => "portrait_match",
            Self::LivingFace => "living_face",
            Self::ScreenReplay => "screen_replay",
            Self::Photocopy => "photocopy",
            Self::Tampering => "tampering",
            Self::Chip => "chip",
        }
    }

    /// How services call it.
    #[must_use]
    pub fn service_names(self) -> ServiceNames {
        let names = |baf_name, baf_display_name, awareid, faceki| ServiceNames { baf_name, baf_display_name, awareid, faceki };
        match self {
            Self::CheckDigits => names("MrzValidation", "MRZ", Some("isMrzStatusValid"), Some("document_verified")),
            Self::Consistency => names("DateValidation", "Dates", None, Some("document_verified")),
            Self::Expiry => names("ExpiryValidation", "Expiry", Some("validateDocumentNotExpired"), Some("verification_rules_passed")),
            Self::NotYetValid => names("IssueDateValidation", "IssueDate", None, Some("verification_rules_passed")),
            Self::MinimumAge => names("MinimumAgeValidation", "MinimumAge", Some("minimumAge"), Some("verification_rules_passed")),
            Self::MaximumAge => names("MaximumAgeValidation", "MaximumAge", Some("maximumAge"), Some("verification_rules_passed")),
            Self::ZoneAgainstPrint => names("MrzVisualValidation", "MRZ/Visual", Some("mrzVisualCompareValid"), Some("document_verified")),
            Self::ZoneAgainstBarcode => names("MrzBarcodeValidation", "MRZ/Barcode", None, Some("document_verified")),
            Self::BarcodeAgainstPrint => {
                names("BarcodeVisualValidation", "Barcode/Visual", Some("visualBarcodeCompareValid"), Some("document_verified"))
            }
            Self::TypedAgainstDocument => names("EnteredDataValidation", "EnteredData", None, Some("verification_rules_passed")),
            Self::IssuingState => names("IssuerValidation", "Issuer", None, Some("verification_rules_passed")),
            Self::NumberFormat => names("DocumentNumberValidation", "DocumentNumber", None, Some("document_verified")),
            Self::PortraitPresent => names("PortraitValidation", "Portrait", None, Some("image_quality")),
            Self::OneDocument => names("SingleDocumentValidation", "SingleDocument", None, Some("image_quality")),
            Self::DuplicateNumber => names("DuplicateDocumentValidation", "DuplicateDocument", None, None),
            Self::Specimen => names("SpecimenValidation", "Specimen", None, Some("document_verified")),
            Self::PortraitMatch => names("FaceMatchValidation", "FaceMatch", Some("matchResult"), Some("document_face_match")),
            Self::LivingFace => names("LivenessValidation", "Liveness", None, None),
            Self::ScreenReplay => names("ScreenReplayValidation", "ScreenReplay", None, Some("document_verified")),
            Self::Photocopy => names("PhotocopyValidation", "Photocopy", None, Some("document_verified")),
            Self::Tampering => names("TamperingValidation", "Tampering", None, Some("document_verified")),
            Self::Chip => names("ChipValidation", "Chip", Some("icaoVerificationResult"), Some("document_verified")),
        }
    }

    /// A short name for people.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::CheckDigits => "Check digits",
            Self::Consistency => "Dates fit each other",
            Self::Expiry => "Not expired",
            Self::NotYetValid => "Valid already",
            Self::MinimumAge => "Minimum age",
            Self::MaximumAge => "Maximum age",
            Self::ZoneAgainstPrint => "Machine-readable zone and print",
            Self::ZoneAgainstBarcode => "Machine-readable zone and barcode",
            Self::BarcodeAgainstPrint => "Barcode and print",
            Self::TypedAgainstDocument => "Document and typed details",
            Self::IssuingState => "Issuing state",
            Self::NumberFormat => "Document number",
            Self::PortraitPresent => "Portrait",
            Self::OneDocument => "One document alone",
            Self::DuplicateNumber => "Document not in use",
            Self::Specimen => "No specimen",
            Self::PortraitMatch => "Portrait and living face",
            Self::LivingFace => "Living face",
            Self::ScreenReplay => "Not shown on a screen",
            Self::Photocopy => "No photocopy",
            Self::Tampering => "No signs of tampering",
            Self::Chip => "Chip",
        }
    }

    /// AwareID's word for a failure: `COMPARE_FALSE` where two sources differ, `VALIDATE_FALSE` otherwise.
    #[must_use]
    pub const fn awareid_failure(self) -> &'static str {
        match self {
            Self::ZoneAgainstPrint | Self::ZoneAgainstBarcode | Self::BarcodeAgainstPrint | Self::TypedAgainstDocument => "COMPARE_FALSE",
            _ => "VALIDATE_FALSE",
        }
    }
}

impl Outcome {
    /// The check as BAF lists it.
    #[must_use]
    pub fn baf_entry(&self) -> BafEntry {
        let names = self.check.service_names();
        let (status, status_string) = match self.status {
            Status::Passed => (0, "Passed"),
            Status::Failed => (1, "Failed"),
            Status::NotChecked => (2, "Skipped"),
        };
        BafEntry { name: names.baf_name, display_name: names.baf_display_name, status, status_string, reason: self.reason.to_string() }
    }
}
