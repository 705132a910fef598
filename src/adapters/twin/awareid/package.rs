//! Face packages and what liveness says about them.

use super::super::exchange::{Call, Flaw, Reply};
use super::super::fields::{self, Fields as _};
use super::super::pictures::Picture;
use super::AwareId;
use serde_json::{Value, json};

const VERSION: &str = "Aware FaceLiveness Library, version twin";

/// A face package that was read.
pub(super) struct FacePackage {
    pub(super) face: Picture,
    pub(super) image: Vec<u8>,
}

/// Reads `{ "video": … }`.
pub(super) fn read(package: &Value) -> Result<FacePackage, Flaw> {
    let video = package.object("video")?;
    if let Some(meta) = video.optional_object("meta_data")?
        && let Some(members) = meta.as_object()
        && let Some((name, _)) = members.iter().find(|(_, v)| !v.is_string())
    {
        return Err(Flaw::WrongType(name.clone()));
    }
    let data = video.object("workflow_data")?;
    let workflow = data.text("workflow")?;
    let counts = frame_counts(workflow).ok_or_else(|| Flaw::NotAllowed("workflow".to_owned()))?;
    data.optional_number("rotation")?;
    let frames = frames(data.array("frames")?)?;
    if !counts.contains(&frames.len()) {
        return Err(Flaw::NotAllowed("frames".to_owned()));
    }
    // The worst frame speaks for all: one spoof among three is a spoof.
    let spoof = frames.iter().any(|(f, _)| f.spoof);
    let poor = frames.iter().all(|(f, _)| f.poor);
    let mixed = frames.iter().any(|(f, _)| f.person != frames[0].0.person && f.marked);
    let (first, image) = frames.into_iter().next().ok_or_else(|| Flaw::Missing("frames".to_owned()))?;
    Ok(FacePackage { face: Picture { spoof: spoof || mixed, poor, ..first }, image })
}

/// Frames of one size, with their bytes.
pub(super) fn frames(frames: &[Value]) -> Result<Vec<(Picture, Vec<u8>)>, Flaw> {
    let mut read = Vec::with_capacity(frames.len());
    for frame in frames {
        let bytes = frame.bytes("data")?;
        let picture = fields::picture("data", &bytes)?;
        frame.optional_array("tags")?.ok_or_else(|| Flaw::Missing("tags".to_owned()))?;
        frame.optional_number("timestamp")?.ok_or_else(|| Flaw::Missing("timestamp".to_owned()))?;
        read.push((picture, bytes));
    }
    if read.iter().any(|(p, _)| p.size != read[0].0.size) {
        return Err(Flaw::Sizes("data".to_owned()));
    }
    Ok(read)
}

/// How many frames a workflow takes; `None` for an unknown one.
fn frame_counts(workflow: &str) -> Option<&'static [usize]> {
    let family = workflow.strip_suffix(['2', '4', '6'])?;
    match family {
        "charlie" | "delta" => Some(&[1, 3, 5]),
        "hotel" | "foxtrot" => Some(&[1]),
        _ => None,
    }
}

/// The decision, score and reasons about one face.
pub(super) fn decision(face: &Picture) -> (&'static str, i32, Vec<&'static str>) {
    match face.faces {
        0 => ("UNABLE_TO_CALCULATE_LIVENESS", -1, vec!["NO_FACE_DETECTED"]),
        1 if face.poor => ("TOO_BLURRY", 0, vec![]),
        1 if face.spoof => ("SPOOF", 0, vec![]),
        1 => ("LIVE", 100, vec![]),
        _ => ("UNABLE_TO_CALCULATE_LIVENESS", -1, vec!["MULTIPLE_FACES_DETECTED"]),
    }
}

/// Whether liveness passes.
pub(super) fn live(face: &Picture) -> bool {
    decision(face).0 == "LIVE"
}

/// The `video` object of a reply.
///
/// - `captured`: whether it tells the captured frame, too.
pub(super) fn results(package: &FacePackage, captured: bool, call: &Call) -> Value {
    let (decision, score, feedback) = decision(&package.face);
    let mut video = json!({
        "liveness_result": { "decision": decision, "feedback": feedback, "score": score, "score_frr": 0.53 },
    });
    if captured {
        let compliant = if feedback.is_empty() { vec!["COMPLIANT_IMAGE"] } else { feedback };
        video["autocapture_result"] = json!({
            "captured_frame": fields::base64(&package.image),
            "captured_frame_is_constructed": false,
            "feedback": compliant,
        });
    }
    let mut reply = json!({ "video": video });
    if call.shaped(2, 1) {
        reply["version"] = json!(VERSION);
    } else {
        reply["video"]["version"] = json!(VERSION);
    }
    reply
}

impl AwareId {
    /// The face package in the field `name`, opened where it is an envelope.
    pub(super) fn face_package(&mut self, body: &Value, name: &str) -> Result<FacePackage, Flaw> {
        let package = self.envelope.open_if_closed(body.object(name)?)?;
        read(&package)
    }
}

/// A Knomi reply, whose content type is plain text on some servers.
pub(super) fn knomi_reply(call: &Call, value: &Value) -> Reply {
    let reply = Reply::ok(value);
    if call.shaped(3, 2) { reply.with_type("text/plain") } else { reply }
}
