//! Face liveness (1-6) and the face matcher (12-14).

use super::super::exchange::{Answer, Call, Flaw, Reply};
use super::super::fields::{self, Fields as _};
use super::super::operation::Operation;
use super::package::{self, knomi_reply};
use super::{AwareId, knomi};
use serde_json::{Value, json};

pub(super) const ROWS: &[Operation<AwareId>] = &[
    Operation::new(1, "face liveness version", "GET", "/faceliveness/version", AwareId::face_version),
    Operation::new(2, "analyse face liveness", "POST", "/faceliveness/analyze", AwareId::analyze),
    Operation::new(3, "check face liveness", "POST", "/faceliveness/checkLiveness", AwareId::check_liveness),
    Operation::new(4, "analyse face liveness, encrypted", "POST", "/faceliveness/analyzeEncrypted", AwareId::analyze_encrypted),
    Operation::new(5, "check face liveness, encrypted", "POST", "/faceliveness/checkLivenessEncrypted", AwareId::check_encrypted),
    Operation::new(6, "check active liveness, encrypted", "POST", "/faceliveness/checkActiveLivenessEncrypted", AwareId::check_active),
    Operation::new(12, "face matcher version", "GET", "/nexaface/version", AwareId::matcher_version),
    Operation::new(13, "compare faces 1:1", "POST", "/nexaface/compare", AwareId::compare),
    Operation::new(14, "export face template", "POST", "/nexaface/export", AwareId::export),
];

/// Starts a template of this matcher.
pub(super) const TEMPLATE: &str = "twin-template:";
/// Raw score and percentage of one person, and of two.
pub(super) const SAME: (f64, f64) = (43.7, 98.02);
pub(super) const OTHER: (f64, f64) = (0.4, 1.2);

impl AwareId {
    fn face_version(&mut self, _call: &Call) -> Answer {
        Ok(Reply::text(200, "Aware FaceLiveness Library, version twin"))
    }

    fn analyze(&mut self, call: &Call) -> Answer {
        let package = package::read(&call.json()?)?;
        Ok(knomi_reply(call, &package::results(&package, true, call)))
    }

    fn check_liveness(&mut self, call: &Call) -> Answer {
        let package = package::read(&call.json()?)?;
        Ok(knomi_reply(call, &package::results(&package, false, call)))
    }

    pub(super) fn analyze_encrypted(&mut self, call: &Call) -> Answer {
        let package = package::read(&self.envelope.open(&call.json()?)?)?;
        Ok(knomi_reply(call, &package::results(&package, true, call)))
    }

    fn check_encrypted(&mut self, call: &Call) -> Answer {
        let package = package::read(&self.envelope.open(&call.json()?)?)?;
        Ok(knomi_reply(call, &package::results(&package, false, call)))
    }

    /// The layout of the active part is not published: the passive part decides.
    fn check_active(&mut self, call: &Call) -> Answer {
        let package = package::read(&self.envelope.open(&call.json()?)?)?;
        Ok(knomi_reply(call, &package::results(&package, !call.shaped(2, 1), call)))
    }

    fn matcher_version(&mut self, _call: &Call) -> Answer {
        Ok(Reply::text(200, "Aware NexaFace Library, version twin"))
    }

    fn compare(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let (probe, gallery) = (body.object("probe")?, body.object("gallery")?);
        let comparator = body.object("workflow")?.object("comparator")?;
        let algorithm = comparator.text("algorithm")?;
        if comparator.array("faceTypes")?.iter().any(|t| t != "VISIBLE_FRONTAL") {
            return Err(Flaw::NotAllowed("faceTypes".to_owned()).into());
        }
        body.optional_object("metadata")?;
        match algorithm {
            "F500" => {}
            "F200" => return Err(knomi(500, 113, "The match algorithm F200 is not enabled.").into()),
            _ => return Err(Flaw::NotAllowed("algorithm".to_owned()).into()),
        }
        let (score, percent) = if face_side(probe)? == face_side(gallery)? { SAME } else { OTHER };
        Ok(knomi_reply(call, &json!({ "score": score, "scorePercent": percent })))
    }

    fn export(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let encounter = body.object("encounter")?;
        encounter.optional_text("id")?;
        let face = encounter.picture("VISIBLE_FRONTAL")?;
        Ok(knomi_reply(call, &json!({ "export": template(&face.person) })))
    }
}

pub(super) fn template(person: &str) -> String {
    fields::base64(format!("{TEMPLATE}{person}").as_bytes())
}

/// Whose template the base 64 text `name` of `side` is.
pub(super) fn imported(side: &Value, name: &str) -> Result<String, Flaw> {
    let bytes = side.bytes(name)?;
    let text = std::str::from_utf8(&bytes).ok().and_then(|t| t.strip_prefix(TEMPLATE));
    text.map(str::to_owned).ok_or_else(|| Flaw::NotAllowed(name.to_owned()))
}

/// Who one side of a comparison is.
fn face_side(side: &Value) -> Result<String, Flaw> {
    if side.field("import").is_some() {
        return imported(side, "import");
    }
    side.picture("VISIBLE_FRONTAL").map(|p| p.person)
}
