//! The configuration as checked values.

use super::camera::CameraConfig;
use serde::{Deserialize, Serialize};

/// Everything that can be set.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Whether the terms of a research-only model pack were accepted.
    pub accept_model_terms: bool,
    /// Which models.
    pub models: ModelsConfig,
    /// Which backend runs them.
    pub inference: InferenceConfig,
    /// Which camera.
    pub camera: CameraConfig,
    /// How a face is captured.
    pub capture: CaptureConfig,
    /// 1:1 decisions.
    pub matching: MatchingConfig,
    /// 1:N decisions.
    pub identification: IdentificationConfig,
    /// Steps of each flow.
    pub flows: FlowsConfig,
    /// What is asked at enrolment.
    pub details: DetailsConfig,
    /// What is demanded of identity documents.
    pub documents: super::DocumentsConfig,
    /// Behaviour of an attended or unattended kiosk.
    pub kiosk: KioskConfig,
    /// Presentation attack detection.
    pub pad: PadConfig,
    /// The liveness challenge.
    pub liveness: LivenessConfig,
    /// Where keys are kept.
    pub keys: KeysConfig,
    /// Second opinions.
    pub opinions: OpinionsConfig,
    /// Events for registered receivers.
    pub events: super::EventsConfig,
    /// Delivery to identity services.
    pub sync: super::SyncConfig,
    /// Identity services.
    pub services: super::services::ServicesConfig,
    /// Looks.
    pub window: WindowConfig,
}

/// Which models.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelsConfig {
    /// Name of an installed pack, or a folder.
    pub pack: String,
}

/// Backend by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BackendChoice {
    /// ONNX Runtime where found, else the pure-Rust one.
    Auto,
    /// ONNX Runtime or an error.
    OnnxRuntime,
    /// The pure-Rust one.
    Tract,
}

/// Which backend runs the models.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InferenceConfig {
    /// Path of an ONNX Runtime library; empty searches.
    pub library: String,
    /// Which backend.
    pub backend: BackendChoice,
    /// Threads of one run, 1-64.
    pub threads: usize,
}

/// How a face is captured.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaptureConfig {
    /// Name of the capture profile.
    pub profile: String,
    /// Single keys of profiles laid over the built-in ones, and profiles of one's own; checked by whoever knows profiles.
    pub profiles: toml::Table,
}

/// 1:1 decisions.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatchingConfig {
    /// Match level, 1-5.
    pub level: u8,
}

/// 1:N decisions.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentificationConfig {
    /// Longest candidate list, 1-1000.
    pub candidates: usize,
    /// Cut-off, 0-100.
    pub cutoff_percent: f32,
    /// False positive identification rate over the whole gallery, a fraction in (0, 0.5].
    pub false_positive_rate: f64,
    /// Margin to the runner-up, score percent, 0-100.
    pub margin_percent: f32,
}

/// One flow.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlowConfig {
    /// Names of its steps in order.
    pub steps: Vec<String>,
    /// Whether pictures given as files may take part.
    pub allow_files: bool,
    /// Services asked for a second opinion once the outcome stands; it changes nothing.
    #[serde(default)]
    pub opinions: Vec<String>,
}

/// Second opinions.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpinionsConfig {
    /// Longest wait for all of them, seconds, 1-60.
    pub seconds: u32,
}

/// All flows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FlowsConfig {
    /// First enrolment.
    pub enrol: FlowConfig,
    /// 1:1 against one's own record.
    pub authenticate: FlowConfig,
    /// New templates for a known person.
    pub re_enrol: FlowConfig,
    /// 1:N.
    pub identify: FlowConfig,
    /// An identity document against the person who holds it.
    pub verify_id: FlowConfig,
}

/// One entry field.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldConfig {
    /// Key, lower-case letters, digits and `_`.
    pub key: String,
    /// Whether it must be filled in.
    pub required: bool,
}

/// What is asked at enrolment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetailsConfig {
    /// Fields in order.
    pub fields: Vec<FieldConfig>,
}

/// Kiosk behaviour.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KioskConfig {
    /// Whether an officer stands beside it.
    pub attended: bool,
    /// Seconds without a touch before a flow ends, 10-600.
    pub idle_seconds: u64,
    /// Seconds a result stays, 5-300.
    pub result_seconds: u64,
}

/// Preset by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PadPresetName {
    /// Kind to people.
    Usability,
    /// Between the two.
    Balanced,
    /// Hard on attacks.
    Security,
}

/// What one preset of presentation attack detection asks.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PadPresetConfig {
    /// AwareID's level it answers to: 2, 4 or 6.
    pub level: u8,
    /// Pictures of a burst that are looked at, 1-30.
    pub passive_images: u32,
    /// Pictures that must be clear enough to vote, at most `passive_images`.
    pub passive_votes: u32,
    /// Added to the log-odds of the model card's limit, -5 to 5.
    pub passive_shift: f32,
    /// Gestures of a challenge, 1-6.
    pub gestures: u32,
    /// Least perspective change over what a head would show, [0, 1].
    pub parallax: f32,
    /// Least similarity of the faces before and during the challenge, cosine.
    pub continuity: f32,
    /// Scales the speeds a living head may reach, 0.5-3.
    pub dynamics: f32,
}

/// The presets.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the names are the presets'")]
pub struct PadPresets {
    pub usability: PadPresetConfig,
    pub balanced: PadPresetConfig,
    pub security: PadPresetConfig,
}

/// Presentation attack detection.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PadConfig {
    /// The preset in force.
    pub preset: PadPresetName,
    /// All presets.
    pub presets: PadPresets,
}

impl PadConfig {
    /// The preset in force.
    #[must_use]
    pub const fn in_force(&self) -> &PadPresetConfig {
        match self.preset {
            PadPresetName::Usability => &self.presets.usability,
            PadPresetName::Balanced => &self.presets.balanced,
            PadPresetName::Security => &self.presets.security,
        }
    }

    fn problem(&self) -> Option<(&'static str, String)> {
        let PadPresets { usability, balanced, security } = &self.presets;
        let wrong = |p: &&PadPresetConfig| {
            !([2, 4, 6].contains(&p.level)
                && (1..=30).contains(&p.passive_images)
                && (1..=p.passive_images).contains(&p.passive_votes)
                && (-5.0..=5.0).contains(&p.passive_shift)
                && (1..=6).contains(&p.gestures)
                && (0.0..=1.0).contains(&p.parallax)
                && (-1.0..=1.0).contains(&p.continuity)
                && (0.5..=3.0).contains(&p.dynamics))
        };
        [usability, balanced, security].iter().any(wrong).then(|| ("pad.presets", "holds a value outside its range".to_owned()))
    }
}

/// The liveness challenge.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LivenessConfig {
    /// Names of the gestures that may be drawn.
    pub gestures: Vec<String>,
    /// Seconds for each, 2-20.
    pub gesture_seconds: f32,
    /// Gestures that may be exchanged for another one, 0-3.
    pub replacements: u32,
    /// Whether the screen throws light on the face in slow steps and the face's answer is looked for.
    pub scene_light: bool,
    /// Whether the camera's exposure is commanded in small steps, where it takes commands, and the frames have to follow.
    pub commanded_exposure: bool,
    /// Days that the pictures of a challenge are kept with the enrolment, 0-3650; 0 keeps none.
    pub evidence_days: u32,
}

/// Names a gesture may have; the last one is another vendor's name of coming closer.
const KNOWN_GESTURES: [&str; 9] =
    ["turn-left", "turn-right", "look-up", "look-down", "blink", "smile", "open-mouth", "come-closer", "magnifeye"];

impl LivenessConfig {
    fn problem(&self) -> Option<(&'static str, String)> {
        if let Some(name) = self.gestures.iter().find(|g| !KNOWN_GESTURES.contains(&g.as_str())) {
            return Some(("liveness.gestures", format!("has no gesture called {name}; there are {}", KNOWN_GESTURES.join(", "))));
        }
        if !self.gestures.iter().any(|g| g.starts_with("turn-")) {
            return Some(("liveness.gestures", "must hold turn-left or turn-right: only a turn shows depth".to_owned()));
        }
        if !self.gestures.iter().any(|g| ["blink", "open-mouth"].contains(&g.as_str())) {
            let why = "must hold blink or open-mouth: a still face laid over a moving head does neither, and a smile is too faint to tell";
            return Some(("liveness.gestures", why.to_owned()));
        }
        if !(2.0..=20.0).contains(&self.gesture_seconds) {
            return Some(("liveness.gesture_seconds", "must be 2 to 20".to_owned()));
        }
        if self.evidence_days > 3650 {
            return Some(("liveness.evidence_days", "must be 0 to 3650".to_owned()));
        }
        (self.replacements > 3).then(|| ("liveness.replacements", "must be 0 to 3".to_owned()))
    }
}

/// Key store by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyStoreChoice {
    /// The system's, else a file.
    Auto,
    /// The system's or an error.
    Os,
    /// A file.
    File,
}

/// Where keys are kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeysConfig {
    /// Which store.
    pub store: KeyStoreChoice,
}

/// Theme by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum ThemeChoice {
    Light,
    Dark,
    System,
}

/// Looks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WindowConfig {
    /// Light, dark, or as the system has it.
    pub theme: ThemeChoice,
    /// Language tag.
    pub language: String,
    /// Whether motion is kept to what is needed.
    pub reduced_motion: bool,
}

/// Names a step may have in a flow.
const KNOWN_STEPS: [&str; 6] = ["consent", "details", "face", "liveness", "review", "result"];

impl Config {
    /// Ranges and names that types alone cannot say.
    pub(super) fn problem(&self) -> Option<(&'static str, String)> {
        let within = |ok: bool, key: &'static str, rule: &str| (!ok).then(|| (key, rule.to_owned()));
        let identification = &self.identification;
        within((1..=64).contains(&self.inference.threads), "inference.threads", "must be 1 to 64")
            .or_else(|| self.camera.problem())
            .or_else(|| within((1..=5).contains(&self.matching.level), "matching.level", "must be 1 to 5"))
            .or_else(|| within((1..=1000).contains(&identification.candidates), "identification.candidates", "must be 1 to 1000"))
            .or_else(|| within((0.0..=100.0).contains(&identification.cutoff_percent), "identification.cutoff_percent", "must be 0 to 100"))
            .or_else(|| within((0.0..=100.0).contains(&identification.margin_percent), "identification.margin_percent", "must be 0 to 100"))
            .or_else(|| {
                let rate = identification.false_positive_rate;
                within(rate > 0.0 && rate <= 0.5, "identification.false_positive_rate", "must be above 0 and at most 0.5")
            })
            .or_else(|| within((10..=600).contains(&self.kiosk.idle_seconds), "kiosk.idle_seconds", "must be 10 to 600"))
            .or_else(|| within((5..=300).contains(&self.kiosk.result_seconds), "kiosk.result_seconds", "must be 5 to 300"))
            .or_else(|| self.pad.problem())
            .or_else(|| self.liveness.problem())
            .or_else(|| within((1..=60).contains(&self.opinions.seconds), "opinions.seconds", "must be 1 to 60"))
            .or_else(|| self.flow_problem())
            .or_else(|| self.field_problem())
            .or_else(|| self.documents.problem())
            .or_else(|| self.events.problem())
            .or_else(|| self.sync.problem())
            .or_else(|| self.services.problem())
    }

    fn flow_problem(&self) -> Option<(&'static str, String)> {
        let flows = [
            ("flows.enrol.steps", &self.flows.enrol),
            ("flows.authenticate.steps", &self.flows.authenticate),
            ("flows.re-enrol.steps", &self.flows.re_enrol),
            ("flows.identify.steps", &self.flows.identify),
            ("flows.verify-id.steps", &self.flows.verify_id),
        ];
        flows.into_iter().find_map(|(key, flow)| {
            if let Some(name) = flow.opinions.iter().find(|name| !super::SERVICE_NAMES.contains(&name.as_str())) {
                return Some((key, format!("asks a service called {name} for an opinion; there are {}", super::SERVICE_NAMES.join(", "))));
            }
            // Only one flow takes a document; the others would have to leave the check out.
            let known: Vec<&str> = KNOWN_STEPS.into_iter().chain((key == "flows.verify-id.steps").then_some("document")).collect();
            if let Some(step) = flow.steps.iter().find(|s| !known.contains(&s.as_str())) {
                return Some((key, format!("has no step called {step}; there are {}", known.join(", "))));
            }
            let face = flow.steps.iter().position(|s| s == "face");
            let ordered = flow.steps.last().is_some_and(|s| s == "result") && face.is_some();
            let distinct = (1..flow.steps.len()).all(|i| !flow.steps[..i].contains(&flow.steps[i]));
            (!ordered || !distinct).then(|| (key, "must hold `face`, end with `result` and name no step twice".to_owned()))
        })
    }

    fn field_problem(&self) -> Option<(&'static str, String)> {
        let fields = &self.details.fields;
        let valid = |key: &str| {
            !key.is_empty() && key.len() <= 40 && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        if let Some(field) = fields.iter().find(|f| !valid(&f.key)) {
            return Some(("details.fields", format!("the key {:?} must be lower-case letters, digits and _", field.key)));
        }
        let repeated = (1..fields.len()).find(|&i| fields[..i].iter().any(|f| f.key == fields[i].key))?;
        Some(("details.fields", format!("names {} twice", fields[repeated].key)))
    }
}
