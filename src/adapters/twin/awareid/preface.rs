//! Knomi Web: region of interest, image analysis, autocapture, and liveness as text (20-25).

use super::super::exchange::{Answer, Call, Flaw, Reply};
use super::super::fields::Fields as _;
use super::super::operation::Operation;
use super::super::pictures::Picture;
use super::AwareId;
use super::package::{self, knomi_reply};
use serde_json::{Value, json};

pub(super) const ROWS: &[Operation<AwareId>] = &[
    Operation::new(20, "preface version", "GET", "/b2c/sdk/preface/version", AwareId::preface_version),
    Operation::new(21, "region of interest", "POST", "/b2c/sdk/preface/calculateROI", AwareId::region),
    Operation::new(22, "analyse image", "POST", "/b2c/sdk/preface/analyzeImage", AwareId::analyze_image),
    Operation::new(23, "autocapture video", "POST", "/b2c/sdk/preface/autocaptureVideo", AwareId::autocapture),
    Operation::new(
        24,
        "autocapture video, encrypted",
        "POST",
        "/b2c/sdk/preface/autocaptureVideoEncrypted",
        AwareId::autocapture_encrypted,
    ),
    // Its body is the envelope as plain text, which makes no difference to reading it.
    Operation::new(25, "analyse liveness, encrypted", "POST", "/b2c/sdk/faceliveness/analyzeEncrypted", AwareId::analyze_encrypted),
];

fn resolution(value: &Value) -> Result<(i64, i64), Flaw> {
    Ok((value.integer("width", 1..=65_535)?, value.integer("height", 1..=65_535)?))
}

fn profile(body: &Value) -> Result<(), Flaw> {
    body.object("profile")?.text("xml").map(|_| ())
}

/// What the analyser says about one frame.
fn feedback(face: &Picture) -> &'static str {
    match face.faces {
        0 => "NO_FACE_DETECTED",
        1 if face.poor => "INSUFFICIENT_LIGHTING",
        1 => "COMPLIANT_IMAGE",
        _ => "MULTIPLE_FACES_DETECTED",
    }
}

impl AwareId {
    fn preface_version(&mut self, call: &Call) -> Answer {
        let text = "Aware KnomiFaceAnalyzer Library, version twin";
        Ok(if call.shaped(2, 1) { Reply::text(200, text) } else { Reply::ok(&json!(text)) })
    }

    fn region(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        profile(&body)?;
        let (width, height) = resolution(body.object("resolution")?)?;
        // Four fifths of the height and three quarters of the width, in the middle and at the top.
        let (w, h) = ((width * 3 / 4).max(1), (height * 4 / 5).max(1));
        Ok(knomi_reply(call, &json!({ "height": h, "width": w, "x": (width - w) / 2, "y": 0 })))
    }

    fn analyze_image(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let mut images = Vec::new();
        for image in body.array("images")? {
            let face = image.object("input")?.picture("imageData")?;
            let mut outputs = Vec::new();
            for output in image.optional_array("output")?.map_or(&[][..], Vec::as_slice) {
                let value = |name: &str| match name {
                    "IMAGE_WIDTH" => Some(face.size.0),
                    "IMAGE_HEIGHT" => Some(face.size.1),
                    _ => None,
                };
                let metrics = output.texts("metrics")?;
                let metrics: Vec<Value> = metrics.iter().filter_map(|n| Some(json!({ "name": n, "value": value(n)? }))).collect();
                outputs.push(json!({ "id": output.get("id"), "isCompliant": feedback(&face) == "COMPLIANT_IMAGE", "metrics": metrics }));
            }
            let mut analysed = json!({ "id": image.get("id") });
            if face.faces > 0 || call.shaped(2, 1) {
                analysed["faces"] = (0..face.faces).map(|_| json!({ "output": outputs })).collect();
            }
            images.push(analysed);
        }
        Ok(knomi_reply(call, &json!({ "images": images })))
    }

    fn autocapture(&mut self, call: &Call) -> Answer {
        autocaptured(call, &call.json()?)
    }

    fn autocapture_encrypted(&mut self, call: &Call) -> Answer {
        let body = self.envelope.open(&call.json()?)?;
        autocaptured(call, &body)
    }
}

fn autocaptured(call: &Call, body: &Value) -> Answer {
    profile(body)?;
    if body.required("rotation")?.as_str().is_none() && body.optional_integer("rotation")?.is_none() {
        return Err(Flaw::WrongType("rotation".to_owned()).into());
    }
    resolution(body.object("resolutionPreview")?)?;
    resolution(body.object("resolutionCapture")?)?;
    for name in ["faceMinimumSize", "faceMaximumSize", "faceSensitivity", "faceGranularity"] {
        if body.optional_number(name)?.is_some_and(|v| v <= 0.0 || v > 1.0) {
            return Err(Flaw::NotAllowed(name.to_owned()).into());
        }
    }
    let modes = ["FACE_ORDERING_BY_SIZE", "FACE_ORDERING_BY_SCORE", "DOMINANT_FACE_BY_SIZE", "DOMINANT_FACE_BY_SCORE"];
    if body.optional_text("faceDetectionMode")?.is_some_and(|m| !modes.contains(&m)) {
        return Err(Flaw::NotAllowed("faceDetectionMode".to_owned()).into());
    }
    let needed = body.optional_number("autocaptureMinimumFrameCount")?.unwrap_or(1.0);
    if needed < 1.0 {
        return Err(Flaw::NotAllowed("autocaptureMinimumFrameCount".to_owned()).into());
    }
    let frames = package::frames(body.array("frames")?)?;
    let (mut row, mut captured) = (0.0, None);
    let mut results = Vec::new();
    for (index, (face, _)) in frames.iter().enumerate() {
        let said = feedback(face);
        row = if said == "COMPLIANT_IMAGE" { row + 1.0 } else { 0.0 };
        if row >= needed && captured.is_none() {
            captured = Some(index);
        }
        results.push(json!({ "compliant": said == "COMPLIANT_IMAGE", "feedback": [said] }));
    }
    let result = json!({ "captured": captured.is_some(), "capturedFrameIndex": captured.unwrap_or(0) });
    Ok(knomi_reply(call, &json!({ "frameResults": results, "results": result })))
}
