//! Compliance (28, 29). The twin knows no watchlist: numbers that end in 0 are on one.

use super::super::exchange::{Answer, Call, Reply};
use super::super::fields::Fields as _;
use super::super::operation::Operation;
use super::{AwareId, wrong};
use serde_json::{Value, json};

pub(super) const ROWS: &[Operation<AwareId>] = &[
    Operation::new(28, "national id and watchlist check", "POST", "/compliance/nationalId/checkNationalIdNumber", AwareId::national_id),
    Operation::new(29, "test a coordinate against geofences", "POST", "/compliance/geofence/check", AwareId::geofence_check),
];

/// What a national id check says; the flag is whether it passes.
pub(super) fn national_id(body: &Value) -> Result<(bool, Value), super::super::exchange::Flaw> {
    body.text("nationalIdType")?;
    let number = body.text("nationalIdNumber")?;
    body.optional_object("fields")?;
    body.optional_object("options")?;
    let clear = !number.ends_with('0');
    let checks = json!({ "nationalId": super::documents::word(clear) });
    let text = if clear { "" } else { "National id is on a watchlist" };
    Ok((clear, json!({ "errorCode": i32::from(!clear), "errorMsg": text, "responseDetail": {}, "checks": checks })))
}

impl AwareId {
    fn national_id(&mut self, call: &Call) -> Answer {
        let (_, mut reply) = national_id(&call.json()?)?;
        if call.shaped(2, 1) {
            // As text, as the platform's errors have it.
            reply["errorCode"] = json!(reply["errorCode"].to_string());
        }
        Ok(Reply::ok(&reply))
    }

    fn geofence_check(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let (lat, lon) = (body.number("lat", -90.0..=90.0)?, body.number("lon", -180.0..=180.0)?);
        let names = body.texts("names")?;
        if let Some(unknown) = names.iter().find(|n| !self.geofences.contains_key(*n)) {
            return Err(wrong(call, &format!("Geofence '{unknown}' does not exist")).into());
        }
        let asked = self.geofences.iter().filter(|(n, g)| g.enabled && (names.is_empty() || names.contains(n)));
        let (mut inside, mut excluded, mut includes) = (false, false, false);
        for (_, fence) in asked {
            includes |= !fence.excludes();
            inside |= !fence.excludes() && fence.holds(lat, lon);
            excluded |= fence.excludes() && fence.holds(lat, lon);
        }
        Ok(Reply::ok(&json!({ "allowed": !excluded && (inside || !includes), "location": {} })))
    }
}
