//! Geofence definitions (78-83): circles and polygons are measured; administrative boundaries hold nothing, as the twin has no map.

use super::super::exchange::{Answer, Call, Flaw, Reply};
use super::super::fields::Fields as _;
use super::super::operation::Operation;
use super::{AwareId, platform, wrong};
use serde_json::{Value, json};

const LIST: &str = "/compliance/geofence/definitions";
const ONE: &str = "/compliance/geofence/definitions/{geofenceName}";

pub(super) const ROWS: &[Operation<AwareId>] = &[
    Operation::new(78, "list geofences", "GET", LIST, AwareId::list_geofences),
    Operation::new(79, "get geofence", "GET", ONE, AwareId::get_geofence),
    Operation::new(80, "update geofence", "PUT", ONE, AwareId::update_geofence),
    Operation::new(81, "create geofence", "POST", ONE, AwareId::create_geofence),
    Operation::new(82, "delete geofence", "DELETE", ONE, AwareId::delete_geofence),
    Operation::new(83, "toggle geofence", "PUT", "/compliance/geofence/definitions/{geofenceName}/toggle", AwareId::toggle_geofence),
];

/// Definitions kept at most.
const MOST: usize = 1000;
const EARTH_RADIUS_M: f64 = 6_371_000.0;

pub(super) struct Geofence {
    definition: Value,
    pub(super) enabled: bool,
}

impl Geofence {
    pub(super) fn excludes(&self) -> bool {
        self.definition["type"] == "exclude"
    }

    /// Whether a place, in degrees, is inside.
    pub(super) fn holds(&self, lat: f64, lon: f64) -> bool {
        let shape = &self.definition["geofence"];
        let at = |v: &Value| Some((v["lat"].as_f64()?, v["lon"].as_f64()?));
        if let (Some(centre), Some(radius)) = (at(&shape["center"]), shape["radius"].as_f64()) {
            return metres(centre, (lat, lon)) <= radius;
        }
        let corners: Vec<_> = shape["coordinates"].as_array().map_or_else(Vec::new, |c| c.iter().filter_map(at).collect());
        let mut inside = false;
        for (i, &(y1, x1)) in corners.iter().enumerate() {
            let (y2, x2) = corners[(i + 1) % corners.len()];
            if (y1 > lat) != (y2 > lat) && lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1 {
                inside = !inside;
            }
        }
        inside
    }
}

/// Great-circle distance.
fn metres((lat1, lon1): (f64, f64), (lat2, lon2): (f64, f64)) -> f64 {
    let (a, b) = (lat1.to_radians(), lat2.to_radians());
    let (dlat, dlon) = (b - a, (lon2 - lon1).to_radians());
    let h = (dlat / 2.0).sin().powi(2) + a.cos() * b.cos() * (dlon / 2.0).sin().powi(2);
    2.0 * EARTH_RADIUS_M * h.sqrt().min(1.0).asin()
}

fn definition(call: &Call) -> Result<Value, Flaw> {
    let body = call.json()?;
    if !["include", "exclude"].contains(&body.text("type")?) {
        return Err(Flaw::NotAllowed("type".to_owned()));
    }
    body.object("geofence")?;
    Ok(body)
}

fn missing(call: &Call) -> Reply {
    let text = format!("Geofence '{}' does not exist", call.parameter("geofenceName"));
    platform(Some(call), 404, "INPUT_VALUES_ERROR", &text)
}

impl AwareId {
    fn list_geofences(&mut self, _call: &Call) -> Answer {
        let item = |(name, g): (&String, &Geofence)| json!({ "name": name, "type": g.definition["type"], "geofence": g.definition["geofence"], "isEnabled": g.enabled });
        Ok(Reply::ok(&self.geofences.iter().map(item).collect::<Value>()))
    }

    fn get_geofence(&mut self, call: &Call) -> Answer {
        let fence = self.geofences.get(call.parameter("geofenceName")).ok_or_else(|| missing(call))?;
        Ok(Reply::ok(&fence.definition))
    }

    fn update_geofence(&mut self, call: &Call) -> Answer {
        let definition = definition(call)?;
        let fence = self.geofences.get_mut(call.parameter("geofenceName")).ok_or_else(|| missing(call))?;
        fence.definition = definition;
        Ok(Reply::ok(&fence.definition))
    }

    fn create_geofence(&mut self, call: &Call) -> Answer {
        let definition = definition(call)?;
        let name = call.parameter("geofenceName").to_owned();
        if self.geofences.contains_key(&name) || self.geofences.len() >= MOST {
            return Err(wrong(call, &format!("Geofence '{name}' exists already")).into());
        }
        self.geofences.insert(name, Geofence { definition: definition.clone(), enabled: true });
        Ok(Reply::ok(&definition))
    }

    fn delete_geofence(&mut self, call: &Call) -> Answer {
        self.geofences.remove(call.parameter("geofenceName")).ok_or_else(|| missing(call))?;
        Ok(Reply::empty(if call.shaped(2, 1) { 204 } else { 200 }))
    }

    fn toggle_geofence(&mut self, call: &Call) -> Answer {
        call.json()?;
        let name = call.parameter("geofenceName").to_owned();
        let fence = self.geofences.get_mut(&name).ok_or_else(|| missing(call))?;
        fence.enabled = !fence.enabled;
        let word = if fence.enabled { "enabled" } else { "disabled" };
        Ok(Reply::ok(&json!({ "isEnabled": fence.enabled, "message": format!("Geofence '{name}' was successfully '{word}'") })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fence(geofence: Value) -> Geofence {
        Geofence { definition: json!({ "type": "include", "geofence": geofence }), enabled: true }
    }

    #[test]
    fn circles_and_polygons_are_measured() {
        let circle = fence(json!({ "center": { "lat": 42.361_145, "lon": -71.057_083 }, "radius": 1000 }));
        assert!(circle.holds(42.361_145, -71.057_083) && circle.holds(42.369, -71.057));
        assert!(!circle.holds(42.371, -71.057));
        let triangle = fence(json!({ "coordinates": [{ "lat": 0, "lon": 0 }, { "lat": 10, "lon": 0 }, { "lat": 0, "lon": 10 }] }));
        assert!(triangle.holds(2.0, 2.0) && !triangle.holds(6.0, 6.0) && !triangle.holds(-1.0, 2.0));
        assert!(!fence(json!({ "administrativeBoundary": { "country": "US" } })).holds(42.0, -71.0));
    }
}
