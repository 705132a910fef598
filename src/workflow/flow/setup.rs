//! What a flow is made of: steps, fields, limits and delays as data.

use crate::biometrics::pad::injection::DeviceFacts;
use crate::biometrics::pad::rules::PadRules;
use crate::biometrics::pad::{ACTIVE_GATES, PASSIVE_GATES};
use crate::config::{Config, FlowConfig};
use crate::documents::checks::Rules as DocumentRules;
use crate::ports::gallery::SubjectId;
use crate::units::UtcTime;
use crate::workflow::capture::CaptureDelays;
use crate::workflow::capture_profile::CaptureProfile;
use crate::workflow::challenge::ChallengeSetup;
use crate::workflow::challenge::gesture::Gesture;
use crate::workflow::challenge::judge::JudgeRules;
use crate::workflow::challenge::sequence::Nonce;
use crate::workflow::document_capture::DocumentProfile;
use crate::workflow::guidance::moves::Optics;
use crate::workflow::view::{FlowKind, Step};
use std::sync::Arc;
use std::time::Duration;
use time::Date;

/// Key of the field that asks for a registration code.
pub const CODE_FIELD: &str = "registration_code";

/// How the text of a field is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Anything.
    Text,
    /// Contains a letter, of any script.
    Name,
    /// A date of birth, `YYYY-MM-DD`.
    Date,
    /// A date of birth as an officer is told it: day, month, year.
    StatedDate,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A document's or a customer's number.
    Number,
    /// A registration code.
    RegistrationCode,
}

/// One entry field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldRule {
    /// Its key.
    pub key: String,
    /// How its text is checked.
    pub kind: FieldKind,
    /// Whether it must be filled in.
    pub required: bool,
}

impl FieldRule {
    /// The field of that key; the kind follows from the key, any other key is free text.
    #[must_use]
    pub fn named(key: &str, required: bool) -> Self {
        let kind = match key {
            "full_name" | "given_names" | "surname" => FieldKind::Name,
            "date_of_birth" => FieldKind::Date,
            "email" => FieldKind::Email,
            "phone" => FieldKind::Phone,
            "document_number" | "customer_number" => FieldKind::Number,
            CODE_FIELD => FieldKind::RegistrationCode,
            _ => FieldKind::Text,
        };
        Self { key: key.to_owned(), kind, required }
    }

    /// Locale key of its label: `field-full-name`.
    #[must_use]
    pub fn label_key(&self) -> String {
        format!("field-{}", self.key.replace('_', "-"))
    }
}

/// Where the pictures of a flow come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PictureSource {
    /// The live camera, stand-ins included.
    Camera,
    /// One picture given as a file: sent as one [`super::event::FlowEvent::Observed`] with `origin: file`.
    File {
        /// Why, for the record.
        reason: String,
    },
}

/// All delays of a flow. Picked by hand, not measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FlowDelays {
    /// Time without an input after which the flow ends; `None` at a desk, where nobody is sent away.
    pub inactivity: Option<Duration>,
    /// Time an outcome stays on screen; `None` until somebody goes on.
    pub outcome: Option<Duration>,
    /// Longest time a search, comparison or save may take before the worker counts as lost.
    pub work: Duration,
    /// The capture's.
    pub capture: CaptureDelays,
}

impl Default for FlowDelays {
    fn default() -> Self {
        Self {
            inactivity: Some(Duration::from_secs(45)),
            outcome: Some(Duration::from_secs(20)),
            work: Duration::from_secs(20),
            capture: CaptureDelays::default(),
        }
    }
}

/// Whom a search looks at, and what its list holds. What is `None` is as the configuration has it, and everybody.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SearchScope {
    /// Members of this gallery only.
    pub gallery: Option<String>,
    /// These people only.
    pub among: Option<Vec<SubjectId>>,
    /// Entries of the candidate list, 1 to 1000.
    pub list_size: Option<usize>,
    /// Candidates are listed whose score percent is strictly above this, 0-100.
    pub cut_off_percent: Option<f32>,
}

/// What begins a flow, beside the configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowStart {
    /// Which flow.
    pub kind: FlowKind,
    /// The person claimed; `None` asks for a registration code where one is needed.
    pub claim: Option<SubjectId>,
    /// Where the pictures come from.
    pub source: PictureSource,
    /// Whom a search looks at.
    pub scope: SearchScope,
    /// Whether an officer sees the screen and decides: a desk, or a kiosk that the configuration calls attended.
    pub attended: bool,
    /// Practice mode.
    pub practice: bool,
    /// A number that no other flow of this process has; it keeps late answers apart.
    pub serial: u32,
    /// Wall-clock time at its beginning.
    pub begun_at: UtcTime,
    /// The day it is at the place: documents expire by it.
    pub today: Date,
    /// Unpredictable, this flow's own: the challenge is drawn from it.
    pub nonce: Nonce,
    /// What is known about the camera.
    pub device: DeviceFacts,
}

/// Everything a flow needs to know.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowSetup {
    /// What begins it.
    pub start: FlowStart,
    /// Steps in order.
    pub steps: Vec<Step>,
    /// Fields of the details step.
    pub fields: Vec<FieldRule>,
    /// Whether pictures given as files may take part.
    pub allow_files: bool,
    /// How a picture is taken.
    pub profile: Arc<CaptureProfile>,
    /// The camera's optics.
    pub optics: Optics,
    /// The liveness challenge, for flows that ask for one.
    pub challenge: ChallengeSetup,
    /// Whether the frames of a burst are looked at for signs that no sensor took them. Off only where it is measured what the other layers do.
    pub watch_for_injection: bool,
    /// All delays.
    pub delays: FlowDelays,
    /// How often a capture whose attempts were used up may begin again.
    pub retries: u32,
    /// How many registration codes may be tried.
    pub code_tries: u32,
    /// What is demanded of identity documents.
    pub documents: DocumentRules,
    /// How documents are captured.
    pub document_capture: DocumentProfile,
}

impl FlowSetup {
    /// The flow as it is without a configuration: enrolment asks for consent, the full name, a face and a review; authentication and
    /// re-enrolment for a registration code and a face; identification for a face.
    #[must_use]
    pub fn standard(start: FlowStart, profile: Arc<CaptureProfile>) -> Self {
        let steps = match start.kind {
            FlowKind::Enrol => vec![Step::Consent, Step::Details, Step::Face, Step::Review, Step::Result],
            FlowKind::ReEnrol => vec![Step::Consent, Step::Details, Step::Face, Step::Review, Step::Result],
            FlowKind::Authenticate => vec![Step::Details, Step::Face, Step::Result],
            FlowKind::Identify => vec![Step::Face, Step::Result],
            FlowKind::VerifyId => vec![Step::Document, Step::Face, Step::Result],
        };
        let challenge = ChallengeSetup {
            nonce: start.nonce,
            gestures: Gesture::ALL.to_vec(),
            judge: JudgeRules::default(),
            rules: PadRules::default(),
            attempts: profile.attempts,
            replacements: 1,
            scene_light: false,
            commanded_exposure: false,
            keep_clip: false,
            device: start.device,
            field_of_view_degrees: Optics::default().field_of_view_degrees,
            delays: CaptureDelays::default(),
        };
        let documents = demanded(DocumentRules::default(), start.practice);
        Self {
            start,
            steps,
            fields: vec![FieldRule::named("full_name", true)],
            allow_files: false,
            profile,
            optics: Optics::default(),
            challenge,
            watch_for_injection: true,
            delays: FlowDelays::default(),
            retries: 1,
            code_tries: 5,
            documents,
            document_capture: DocumentProfile::default(),
        }
        .checked()
    }

    /// The flow as the configuration describes it. Attended flows have no time limits of their own.
    #[must_use]
    pub fn from_config(start: FlowStart, config: &Config, profile: Arc<CaptureProfile>) -> Self {
        let flow: &FlowConfig = match start.kind {
            FlowKind::Enrol => &config.flows.enrol,
            FlowKind::Authenticate => &config.flows.authenticate,
            FlowKind::ReEnrol => &config.flows.re_enrol,
            FlowKind::Identify => &config.flows.identify,
            FlowKind::VerifyId => &config.flows.verify_id,
        };
        let timed = |seconds: u64| (!start.attended).then(|| Duration::from_secs(seconds));
        let delays = FlowDelays {
            inactivity: timed(config.kiosk.idle_seconds),
            outcome: timed(config.kiosk.result_seconds),
            ..FlowDelays::default()
        };
        let mut setup = Self::standard(start, profile);
        setup.steps = flow.steps.iter().filter_map(|name| step(name)).collect();
        if setup.profile.challenge && setup.start.source == PictureSource::Camera {
            setup.steps.push(Step::Liveness);
        }
        setup.fields = config.details.fields.iter().map(|f| FieldRule::named(&f.key, f.required)).collect();
        setup.allow_files = flow.allow_files;
        setup.documents = demanded(DocumentRules::from(&config.documents), setup.start.practice);
        setup.optics = Optics { field_of_view_degrees: config.camera.horizontal_fov };
        setup.delays = delays;
        setup.challenge = setup.challenge.configured(&config.liveness);
        setup.challenge.rules = PadRules::from_config(&config.pad);
        setup.challenge.field_of_view_degrees = config.camera.horizontal_fov;
        setup.checked()
    }

    /// Layers of presentation attack detection that a live capture has to pass in this flow.
    #[must_use]
    pub fn gates(&self) -> &'static [&'static str] {
        if self.asks_for_a_challenge() { &ACTIVE_GATES } else { &PASSIVE_GATES }
    }

    /// Whether a liveness challenge is a step of this flow.
    #[must_use]
    pub fn asks_for_a_challenge(&self) -> bool {
        self.steps.contains(&Step::Liveness)
    }

    /// Name of the flow, as the record and the audit trail keep it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self.start.kind {
            FlowKind::Enrol => "enrol",
            FlowKind::Authenticate => "authenticate",
            FlowKind::ReEnrol => "re-enrol",
            FlowKind::Identify => "identify",
            FlowKind::VerifyId => "verify-id",
        }
    }

    /// Makes the steps and fields those that the kind of flow needs, whatever was asked for: a face, then a result at the end; a code where
    /// a person is claimed and not known; nothing to fill in where nothing is needed. Steps that no flow can carry out stay in: the flow
    /// refuses when it comes to one, instead of leaving a check out.
    pub(in crate::workflow) fn checked(mut self) -> Self {
        let mut steps: Vec<Step> = Vec::new();
        for step in self.steps.iter().copied().filter(|s| *s != Step::Result) {
            if !steps.contains(&step) {
                steps.push(step);
            }
        }
        if matches!(self.start.kind, FlowKind::Authenticate | FlowKind::ReEnrol) {
            self.fields = vec![FieldRule::named(CODE_FIELD, true)];
            steps.retain(|s| *s != Step::Details);
            if self.start.claim.is_none() {
                steps.insert(usize::from(steps.first() == Some(&Step::Consent)), Step::Details);
            }
        }
        if matches!(self.start.kind, FlowKind::Identify | FlowKind::VerifyId) || self.fields.is_empty() {
            steps.retain(|s| *s != Step::Details);
        }
        if !matches!(self.start.kind, FlowKind::Enrol | FlowKind::ReEnrol) {
            steps.retain(|s| *s != Step::Review);
        }
        if !steps.contains(&Step::Face) {
            let at = steps.iter().position(|s| *s == Step::Review).unwrap_or(steps.len());
            steps.insert(at, Step::Face);
        }
        if let (Some(review), Some(face)) = (steps.iter().position(|s| *s == Step::Review), steps.iter().position(|s| *s == Step::Face))
            && review < face
        {
            steps.swap(review, face);
        }
        if self.start.kind == FlowKind::VerifyId {
            // The document comes first, so that only the face is left to wait for.
            steps.retain(|s| *s != Step::Document);
            let consented = usize::from(steps.first() == Some(&Step::Consent));
            steps.insert(consented, Step::Document);
        }
        // The challenge is put to the face that was just taken.
        if steps.contains(&Step::Liveness) {
            steps.retain(|s| *s != Step::Liveness);
            let face = steps.iter().position(|s| *s == Step::Face).unwrap_or(0);
            steps.insert(face + 1, Step::Liveness);
        }
        steps.push(Step::Result);
        self.steps = steps;
        self
    }
}

/// Specimens are what one practises with.
fn demanded(rules: DocumentRules, practice: bool) -> DocumentRules {
    if practice { rules.for_practice() } else { rules }
}

fn step(name: &str) -> Option<Step> {
    Some(match name {
        "consent" => Step::Consent,
        "details" => Step::Details,
        "document" => Step::Document,
        "face" => Step::Face,
        "liveness" => Step::Liveness,
        "review" => Step::Review,
        "result" => Step::Result,
        _ => return None,
    })
}
