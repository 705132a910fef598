//! Document verification (18, 19, 26, 27, 34, 35). The twin reads no text off documents: it knows whose they are and whether they are valid.

use super::super::exchange::{Answer, Call, Flaw, Refusal, Reply};
use super::super::fields::{self, Fields as _};
use super::super::operation::Operation;
use super::super::pictures::Picture;
use super::{AwareId, platform};
use serde_json::{Value, json};

const TYPE: &str = "validateDocumentType";
const VERIFY: &str = "verifyDocumentsAndBiometrics";

pub(super) const ROWS: &[Operation<AwareId>] = &[
    Operation::new(18, TYPE, "POST", "/documentVerification/validateDocumentType", AwareId::document_type),
    Operation::new(19, VERIFY, "POST", "/documentVerification/verifyDocumentsAndBiometrics", AwareId::verify_document),
    Operation::new(26, TYPE, "POST", "/b2c/sdk/documentVerification/validateDocumentType", AwareId::document_type_strict),
    Operation::new(27, VERIFY, "POST", "/b2c/sdk/documentVerification/verifyDocumentsAndBiometrics", AwareId::verify_document),
    Operation::new(34, TYPE, "POST", "/onboarding/enrollment/validateDocumentType", AwareId::document_type),
];

/// A document picture with its bytes.
struct Page {
    picture: Picture,
    bytes: Vec<u8>,
}

/// - `strict`: `format` is mandatory.
fn page(image: &Value, strict: bool) -> Result<Page, Refusal> {
    let bytes = image.bytes("image")?;
    match image.optional_text("format")? {
        None if strict => return Err(Flaw::Missing("format".to_owned()).into()),
        None => {}
        Some(format) => {
            let format = format.trim_start_matches('.').to_ascii_lowercase();
            if !["jpeg", "jpg", "png"].contains(&format.as_str()) {
                return Err(Flaw::NotAllowed("format".to_owned()).into());
            }
        }
    }
    if image.optional_integer("lightingScheme")?.is_some_and(|l| !(0..=6).contains(&l)) {
        return Err(Flaw::NotAllowed("lightingScheme".to_owned()).into());
    }
    Ok(Page { picture: fields::picture("image", &bytes)?, bytes })
}

/// What the pages of a document say together.
pub(super) struct Document {
    pages: Vec<Page>,
    rules: Vec<(String, bool)>,
    processed: bool,
}

impl Document {
    /// Reads `documentsInfo` and `processingInstructions` of `body`.
    pub(super) fn read(body: &Value) -> Result<Self, Refusal> {
        let info = body.object("documentsInfo")?;
        info.optional_object("documentPayload")?;
        info.optional_object("processParam")?;
        let mut pages = Vec::new();
        for image in info.array("documentImage")? {
            pages.push(page(image, false)?);
        }
        let valid = !pages.iter().any(|p| p.picture.expired);
        let mut rules = Vec::new();
        if let Some(instructions) = body.optional_object("processingInstructions")? {
            instructions.optional_flag("checkLiveness")?;
            if let Some(asked) = instructions.optional_object("documentValidationRules")? {
                for name in ["validateMinimumAge", "validateMaximumAge"] {
                    if asked.optional_flag(name)?.unwrap_or(false) {
                        // No date of birth can be read here, and an age that is not known passes no rule but is no failure of one either.
                        rules.push((name.to_owned(), true));
                    }
                }
                if asked.optional_flag("validateDocumentNotExpired")?.unwrap_or(false) {
                    rules.push(("validateDocumentNotExpired".to_owned(), valid));
                }
            }
        }
        let processed = pages.iter().all(|p| !p.picture.poor);
        Ok(Self { pages, rules, processed })
    }

    pub(super) const fn readable(&self) -> bool {
        self.processed
    }

    pub(super) fn valid(&self) -> bool {
        self.processed && !self.pages.iter().any(|p| p.picture.expired) && self.rules.iter().all(|(_, met)| *met)
    }

    pub(super) fn belongs_to(&self, face: &Picture) -> bool {
        self.pages.iter().all(|p| p.picture.belongs_to(face))
    }

    fn image(&self, at: usize) -> String {
        self.pages.get(at).map_or_else(String::new, |p| fields::base64(&p.bytes))
    }

    /// `ocrResults` of an enrolment.
    pub(super) fn ocr(&self, call: &Call) -> Value {
        let rules: serde_json::Map<String, Value> = self.rules.iter().map(|(n, met)| (n.clone(), json!(word(*met)))).collect();
        let field = json!({
            "name": "Document Class Code",
            "overallResult": word(self.valid()),
            "fieldResult": {
                "visual": "", "barcode": "", "mrz": "",
                "visualBarcodeCompareValid": "COMPARE_TRUE", "mrzVisualCompareValid": "COMPARE_TRUE",
                "isVisualStatusValid": if self.valid() { "VALIDATE_TRUE" } else { "VALIDATE_FALSE" },
                "isBarcodeStatusValid": "VALIDATE_TRUE", "isMrzStatusValid": "VALIDATE_TRUE",
            },
        });
        let mut ocr = json!({
            "overallResult": word(self.valid()),
            "documentValidationRulesResult": { "requestedDocumentValidationRuleResults": rules },
            "overallResultInfo": { "fieldErrorCodes": if self.valid() { json!([]) } else { json!(["DOCUMENT_EXPIRED"]) } },
            "portraitImage": self.image(0),
        });
        if call.shaped(2, 1) {
            ocr["documentsInfo"] = json!({ "fieldType": [field] });
        } else {
            ocr["fieldType"] = json!([field]);
        }
        ocr
    }
}

pub(super) const fn word(good: bool) -> &'static str {
    if good { "OK" } else { "FAILED" }
}

impl AwareId {
    fn document_type(&mut self, call: &Call) -> Answer {
        typed(call, false)
    }

    fn document_type_strict(&mut self, call: &Call) -> Answer {
        typed(call, true)
    }

    fn verify_document(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let document = Document::read(&body)?;
        let face = body.object("biometricsInfo")?.object("facialImage")?;
        let face_bytes = face.bytes("image")?;
        let face = fields::picture("image", &face_bytes)?;
        body.optional_object("metadata")?;
        if !document.readable() {
            return Err(platform(Some(call), 500, "OCR_PROCESSING_ERROR", "The document cannot be processed").into());
        }
        let living = body.get("processingInstructions").and_then(|i| i.get("checkLiveness")).and_then(Value::as_bool).unwrap_or(false);
        let matched = face.faces == 1 && document.belongs_to(&face) && !(living && face.spoof);
        let match_word = if face.faces == 0 { "UNDEFINED" } else { word(matched) };
        let overall = if match_word == "UNDEFINED" { match_word } else { word(matched && document.valid()) };
        Ok(Reply::ok(&json!({
            "overallAuthenticationResult": overall,
            "documentAuthenticationResult": {
                "documentType": "Identity Card", "countryName": "", "icaoCode": "", "year": "",
                "overallResult": word(document.valid()), "overallResultScore": if document.valid() { 1.0 } else { 0.0 },
                "mrzPresence": false, "rfidPresence": 0,
                "portraitImage": document.image(0), "signatureImage": "", "fieldType": document.ocr(call)["fieldType"],
            },
            "biometricsAuthenticationResult": {
                "matchResult": match_word, "matchScore": if matched { 4.1 } else { 0.4 }, "modality": "FACE",
                "portraitImage": fields::base64(&face_bytes),
            },
            "retryDocumentCapture": false,
            "icaoChipAvailable": false,
            "icaoVerificationResult": false,
            "icaoChipValidationResults": {},
            "frontImg": document.image(0),
            "rearImg": document.image(1),
        })))
    }
}

fn typed(call: &Call, strict: bool) -> Answer {
    let body = call.json()?;
    body.optional_object("documentPayload")?;
    body.optional_object("processParam")?;
    let page = page(body.object("documentImage")?, strict)?;
    let known = !page.picture.poor;
    let children = if call.shaped(2, 1) { json!(["0"]) } else { json!([]) };
    Ok(Reply::ok(&json!({
        "validDocument": known, "nextpageExpected": false, "rfidPresence": 0, "mrzPresence": false,
        "documentName": if known { "Identity Card" } else { "" }, "documentID": "0", "fidType": "", "fidTypeId": "",
        "year": "", "countryName": "", "icaocode": "", "rotated180": false, "childDocumentIDs": children,
    })))
}
