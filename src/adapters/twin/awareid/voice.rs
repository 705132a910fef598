//! Voice liveness (7-11) and the voice matcher (15-17). A voice is told by the bytes of its WAV file, or by its mark.

use super::super::exchange::{Answer, Call, Flaw, Reply};
use super::super::fields::Fields as _;
use super::super::operation::Operation;
use super::super::pictures::Picture;
use super::AwareId;
use super::knomi::{OTHER, SAME, template};
use super::package::knomi_reply;
use serde_json::{Value, json};

pub(super) const ROWS: &[Operation<AwareId>] = &[
    Operation::new(7, "voice liveness version", "GET", "/voiceliveness/version", AwareId::voice_version),
    Operation::new(8, "analyse voice liveness", "POST", "/voiceliveness/analyze", AwareId::voice_analyze),
    Operation::new(9, "analyse voice liveness, encrypted", "POST", "/voiceliveness/analyzeEncrypted", AwareId::voice_analyze_encrypted),
    Operation::new(10, "voice sample length", "POST", "/voiceliveness/calculateLength", AwareId::voice_length),
    Operation::new(
        11,
        "voice sample length, encrypted",
        "POST",
        "/voiceliveness/calculateLengthEncrypted",
        AwareId::voice_length_encrypted,
    ),
    Operation::new(15, "voice matcher version", "GET", "/nexavoice/version", AwareId::voice_matcher_version),
    Operation::new(16, "compare voices 1:1", "POST", "/nexavoice/compare", AwareId::voice_compare),
    Operation::new(17, "export voice template", "POST", "/nexavoice/export", AwareId::voice_export),
];

/// A voice package that was read.
pub(super) struct VoicePackage {
    pub(super) voice: Picture,
    /// Seconds over all samples.
    length: f64,
}

impl VoicePackage {
    pub(super) const fn live(&self) -> bool {
        !self.voice.spoof && !self.voice.poor
    }

    pub(super) fn results(&self) -> Value {
        let (decision, score) = if self.live() { ("LIVE", 100.0) } else { ("SPOOF", 0.0) };
        json!({ "voice": { "livenessResult": { "decision": decision, "score": score, "score_frr": 5.0 } } })
    }
}

/// Reads `{ "voice": … }`.
pub(super) fn read(package: &Value) -> Result<VoicePackage, Flaw> {
    let voice = package.object("voice")?;
    if voice.optional_text("workflow")?.is_some_and(|w| !["alfa2", "alfa4", "alfa6"].contains(&w)) {
        return Err(Flaw::NotAllowed("workflow".to_owned()));
    }
    if voice.optional_number("securityLevel")?.is_some_and(|l| !(0.0..=100.0).contains(&l)) {
        return Err(Flaw::NotAllowed("securityLevel".to_owned()));
    }
    voice.optional_object("meta_data")?;
    let mut samples = Vec::new();
    for item in voice.array("voiceSamples")? {
        samples.push(sample(item)?);
    }
    let length = samples.iter().map(|(_, seconds)| seconds).sum();
    let (voice, _) = samples.into_iter().next().ok_or_else(|| Flaw::Missing("voiceSamples".to_owned()))?;
    Ok(VoicePackage { voice, length })
}

/// One sample and its length in seconds.
fn sample(item: &Value) -> Result<(Picture, f64), Flaw> {
    let bytes = item.bytes("data")?;
    let voice = Picture::voice(&bytes).ok_or_else(|| Flaw::Unreadable("data".to_owned()))?;
    let rate = u32::from_le_bytes([bytes[28], bytes[29], bytes[30], bytes[31]]).max(1);
    Ok((voice, (bytes.len() - 44) as f64 / f64::from(rate)))
}

fn length_reply(call: &Call, package: &VoicePackage) -> Reply {
    let name = ["length", "duration", "lengthInSeconds"][(call.shape % 3) as usize];
    Reply::ok(&json!({ "voice": { name: package.length } }))
}

fn one_side(side: &Value) -> Result<String, Flaw> {
    let item = side.array("voiceSamples")?.first().ok_or_else(|| Flaw::Missing("voiceSamples".to_owned()))?;
    phrase(item)?;
    sample(item).map(|(voice, _)| voice.person)
}

fn phrase(item: &Value) -> Result<(), Flaw> {
    if item.text("voiceSampleType")? == "STATIC_PHRASE" { Ok(()) } else { Err(Flaw::NotAllowed("voiceSampleType".to_owned())) }
}

impl AwareId {
    fn voice_version(&mut self, _call: &Call) -> Answer {
        Ok(Reply::text(200, "Aware VoiceLiveness Library, version twin"))
    }

    fn voice_analyze(&mut self, call: &Call) -> Answer {
        Ok(knomi_reply(call, &read(&call.json()?)?.results()))
    }

    fn voice_analyze_encrypted(&mut self, call: &Call) -> Answer {
        let package = read(&self.envelope.open(&call.json()?)?)?;
        Ok(knomi_reply(call, &package.results()))
    }

    fn voice_length(&mut self, call: &Call) -> Answer {
        Ok(length_reply(call, &read(&call.json()?)?))
    }

    fn voice_length_encrypted(&mut self, call: &Call) -> Answer {
        let package = read(&self.envelope.open(&call.json()?)?)?;
        Ok(length_reply(call, &package))
    }

    fn voice_matcher_version(&mut self, _call: &Call) -> Answer {
        Ok(Reply::text(200, "Aware NexaVoice Library, version twin"))
    }

    fn voice_compare(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let (probe, gallery) = (body.object("probe")?, body.object("gallery")?);
        let comparator = body.object("workflow")?.object("comparator")?;
        if comparator.text("algorithm")? != "V500" {
            return Err(Flaw::NotAllowed("algorithm".to_owned()).into());
        }
        comparator.array("voiceTypes")?;
        let (score, percent) = if one_side(probe)? == one_side(gallery)? { SAME } else { OTHER };
        Ok(knomi_reply(call, &json!({ "score": score, "scorePercent": percent })))
    }

    /// Takes both forms that the page shows: wrapped in `encounter`, and flat.
    fn voice_export(&mut self, call: &Call) -> Answer {
        let body = call.json()?;
        let encounter = body.optional_object("encounter")?.unwrap_or(&body);
        phrase(encounter)?;
        let (voice, _) = sample(encounter)?;
        Ok(knomi_reply(call, &json!({ "export": template(&voice.person) })))
    }

    /// The voice package in the field `name`, opened where it is an envelope.
    pub(super) fn voice_package(&mut self, body: &Value, name: &str) -> Result<VoicePackage, Flaw> {
        let package = self.envelope.open_if_closed(body.object(name)?)?;
        read(&package)
    }
}
