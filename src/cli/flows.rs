//! `visavis enrol`, `authenticate`, `re-enrol` and `identify`: the flows, from the camera or from picture files.

use super::drive::{self, Answers};
use super::opinions::OpinionRow;
use super::search::{self, BasisRow};
use super::subject::SubjectArgument;
use super::{Answer, Failure, Global, Printer, assemble, parts, usage};
use crate::adapters::camera::CameraChoice;
use crate::biometrics::comparison::{Comparison, VerificationDecision};
use crate::config::{Config, FlowsConfig};
use crate::documents::checks::Overall;
use crate::ports::gallery::SubjectId;
use crate::ports::opinions::OpinionSet;
use crate::ports::services::ServiceKind;
use crate::runtime::application::{Application, FlowOrder};
use crate::runtime::clock::{Clock, SystemClock};
use crate::runtime::messages::Seat;
use crate::units::SensitiveText;
use crate::workflow::flow::setup::SearchScope;
use crate::workflow::registration_code::RegistrationCode;
use crate::workflow::view::{CandidateView, FlowKind, Outcome};
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Longest time to end the threads.
const SHUT_DOWN_LIMIT: Duration = Duration::from_secs(5);

/// A new person.
#[derive(Debug, Args)]
pub struct EnrolCommand {
    #[command(flatten)]
    consent: ConsentArguments,
    /// Details as a JSON object of texts; `-` reads standard input. Keeps names out of the process list.
    #[arg(long, value_name = "FILE")]
    details: Option<PathBuf>,
    /// One detail; visible in the process list.
    #[arg(long = "field", value_name = "KEY=VALUE")]
    fields: Vec<String>,
    #[command(flatten)]
    duplicates: DuplicateArguments,
    #[command(flatten)]
    picture: PictureArguments,
}

/// New templates for a known person.
#[derive(Debug, Args)]
pub struct ReEnrolCommand {
    /// Identifier or registration code.
    subject: SubjectArgument,
    #[command(flatten)]
    consent: ConsentArguments,
    #[command(flatten)]
    duplicates: DuplicateArguments,
    #[command(flatten)]
    picture: PictureArguments,
}

/// Whether a person is who they claim to be: exit code 0 match, 1 no match.
#[derive(Debug, Args)]
pub struct AuthenticateCommand {
    /// Identifier or registration code.
    subject: SubjectArgument,
    #[command(flatten)]
    picture: PictureArguments,
}

/// Who a person is: exit code 0 identified, 1 undecided or unknown.
#[derive(Debug, Args)]
pub struct IdentifyCommand {
    #[command(flatten)]
    search: SearchArguments,
    #[command(flatten)]
    picture: PictureArguments,
}

#[derive(Debug, Args)]
struct ConsentArguments {
    /// The person has consented, on paper or in words.
    #[arg(long)]
    consent: bool,
}

#[derive(Debug, Args)]
struct DuplicateArguments {
    /// Enrol although somebody who is enrolled already may be the same person: somebody looked, and it is another one.
    #[arg(long)]
    despite_duplicates: bool,
}

#[derive(Debug, Default, Args)]
struct SearchArguments {
    /// Search the members of this gallery only.
    #[arg(long, value_name = "NAME")]
    gallery: Option<String>,
    /// Search these people only: identifiers or registration codes.
    #[arg(long, value_name = "SUBJECT", num_args = 1..)]
    among: Vec<SubjectArgument>,
    /// Entries of the candidate list at most, instead of the configuration's `identification.candidates`.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    candidates: Option<u16>,
    /// List candidates above this score percent, instead of the configuration's `identification.cutoff_percent`.
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    cutoff: Option<f32>,
}

impl SearchArguments {
    /// The scope of the search; who or what is not there is refused before a picture is taken.
    fn scope(&self, parts: &parts::Parts, practice: bool) -> Result<SearchScope, Failure> {
        let mut scope = SearchScope { list_size: self.candidates.map(usize::from), cut_off_percent: self.cutoff, ..SearchScope::default() };
        if self.gallery.is_some() || !self.among.is_empty() {
            let store = parts.gallery(practice)?;
            if let Some(gallery) = &self.gallery {
                store.member_ids(gallery)?;
            }
            let among = self.among.iter().map(|subject| subject.resolve(&*store)).collect::<Result<Vec<_>, _>>()?;
            scope = SearchScope { gallery: self.gallery.clone(), among: (!among.is_empty()).then_some(among), ..scope };
        }
        Ok(scope)
    }
}

fn percent(text: &str) -> Result<f32, String> {
    let value: f32 = text.parse().map_err(|_| "not a number".to_owned())?;
    if (0.0..=100.0).contains(&value) { Ok(value) } else { Err("must be 0 to 100".to_owned()) }
}

#[derive(Debug, Args)]
struct PictureArguments {
    /// A picture file instead of the camera; the record says `origin: file`, presentation attacks are not looked for.
    #[arg(long, value_name = "FILE")]
    image: Option<PathBuf>,
    /// Ask this service for a second opinion once the outcome stands, beside those of the configuration; may be repeated.
    #[arg(long = "opinion", value_name = "SERVICE", value_parser = super::sync::service)]
    opinions: Vec<ServiceKind>,
}

#[derive(Serialize)]
struct Enrolled {
    outcome: &'static str,
    subject: SubjectId,
    registration_code: String,
    held: bool,
    /// Others who may be the same person, best first.
    duplicates: Vec<Candidate>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    opinions: Vec<OpinionRow>,
}

#[derive(Serialize)]
struct Verification {
    #[serde(flatten)]
    comparison: ComparisonRow,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    opinions: Vec<OpinionRow>,
}

#[derive(Serialize)]
struct Identification<'a> {
    /// `identified`, `undecided` (several are too much alike) or `unknown`.
    decision: &'static str,
    #[serde(flatten)]
    basis: BasisRow,
    candidates: &'a [Candidate],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    opinions: Vec<OpinionRow>,
}

/// A comparison as JSON shows it.
#[derive(Debug, Clone, Serialize)]
pub struct ComparisonRow {
    decision: &'static str,
    score: f32,
    #[serde(rename = "scorePercent")]
    score_percent: f32,
    threshold: f32,
    false_match_rate: f64,
    match_level: Option<u8>,
}

impl From<&Comparison> for ComparisonRow {
    fn from(c: &Comparison) -> Self {
        Self {
            decision: if c.decision == VerificationDecision::Match { "match" } else { "no_match" },
            score: c.score.0,
            score_percent: c.score_percent,
            threshold: c.threshold.0,
            false_match_rate: c.false_match_rate,
            match_level: c.match_level,
        }
    }
}

impl ComparisonRow {
    /// One line for people.
    pub fn line(&self) -> String {
        let one_in = (1.0 / self.false_match_rate).round();
        let word = if self.decision == "match" { "match" } else { "no match" };
        format!(
            "{word}: score {:.3} ({:.0} %), threshold {:.3} (one false match in {one_in})",
            self.score, self.score_percent, self.threshold
        )
    }
}

/// Somebody alike as JSON shows them.
#[derive(Serialize)]
pub(super) struct Candidate {
    subject: SubjectId,
    registration_code: String,
    #[serde(flatten)]
    comparison: ComparisonRow,
}

impl From<&CandidateView> for Candidate {
    fn from(c: &CandidateView) -> Self {
        Self { subject: c.subject, registration_code: c.registration_code.clone(), comparison: ComparisonRow::from(&c.comparison) }
    }
}

impl Candidate {
    /// One line for people.
    pub(super) fn line(&self) -> String {
        format!("{}  {}", self.registration_code, self.comparison.line())
    }
}

pub(super) fn enrol(global: &Global, command: &EnrolCommand, printer: &Printer) -> Result<Answer, Failure> {
    let answers =
        Answers { consent: command.consent.consent, details: details(command)?, despite_duplicates: command.duplicates.despite_duplicates };
    flow(global, FlowKind::Enrol, None, &SearchArguments::default(), &answers, &command.picture, printer)
}

pub(super) fn re_enrol(global: &Global, command: &ReEnrolCommand, printer: &Printer) -> Result<Answer, Failure> {
    let answers =
        Answers { consent: command.consent.consent, details: Vec::new(), despite_duplicates: command.duplicates.despite_duplicates };
    flow(global, FlowKind::ReEnrol, Some(&command.subject), &SearchArguments::default(), &answers, &command.picture, printer)
}

pub(super) fn authenticate(global: &Global, command: &AuthenticateCommand, printer: &Printer) -> Result<Answer, Failure> {
    let everybody = SearchArguments::default();
    flow(global, FlowKind::Authenticate, Some(&command.subject), &everybody, &Answers::default(), &command.picture, printer)
}

pub(super) fn identify(global: &Global, command: &IdentifyCommand, printer: &Printer) -> Result<Answer, Failure> {
    flow(global, FlowKind::Identify, None, &command.search, &Answers::default(), &command.picture, printer)
}

fn details(command: &EnrolCommand) -> Result<Vec<(String, SensitiveText)>, Failure> {
    let mut details = Vec::new();
    if let Some(path) = &command.details {
        let text = if path.as_os_str() == "-" { std::io::read_to_string(std::io::stdin()) } else { std::fs::read_to_string(path) };
        let text = SensitiveText(text.map_err(|e| usage(format!("the details cannot be read: {e}")))?);
        // The parser's own words could repeat what was entered.
        let object: std::collections::BTreeMap<String, String> =
            serde_json::from_str(&text.0).map_err(|_| usage("the details are not a JSON object of texts"))?;
        details.extend(object.into_iter().map(|(key, value)| (key, SensitiveText(value))));
    }
    for field in &command.fields {
        let (key, value) = field.split_once('=').ok_or_else(|| usage("a field is written KEY=VALUE"))?;
        details.push((key.to_owned(), SensitiveText(value.to_owned())));
    }
    Ok(details)
}

/// Refuses details that no field of the configuration would take: nothing that was given is dropped in silence.
fn fields_exist(config: &Config, answers: &Answers) -> Result<(), Failure> {
    let asked = config.flows.enrol.steps.iter().any(|step| step == "details");
    let fields: Vec<&str> = config.details.fields.iter().filter(|_| asked).map(|field| field.key.as_str()).collect();
    match answers.details.iter().find(|(key, _)| !fields.contains(&key.as_str())) {
        None => Ok(()),
        Some((key, _)) if fields.is_empty() => {
            Err(drive::unusable_details(&format!("there is no field {key}; no details are asked for here")))
        }
        Some((key, _)) => Err(drive::unusable_details(&format!("there is no field {key}; the fields are {}", fields.join(", ")))),
    }
}

fn flow(
    global: &Global,
    kind: FlowKind,
    claim: Option<&SubjectArgument>,
    search: &SearchArguments,
    answers: &Answers,
    picture: &PictureArguments,
    printer: &Printer,
) -> Result<Answer, Failure> {
    let mut parts = parts::Parts::new(global)?;
    fields_exist(&parts.config, answers)?;
    ask_also(&mut parts.config.flows, kind, &picture.opinions);
    let image = picture.image.as_ref().map(|path| parts::picture(path).map(Arc::new)).transpose()?;
    let camera = match &image {
        // A picture file is no stand-in camera: it goes to the real gallery, and the camera stays shut.
        Some(_) => CameraChoice::default(),
        None => assemble::camera(&parts)?,
    };
    let practice = camera.origin() == crate::ports::camera::Origin::Practice;
    let claim = claim.map(|subject| subject.resolve(&*parts.gallery(practice)?)).transpose()?;
    let scope = search.scope(&parts, practice)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::start());
    let mut application = assemble::application(&parts, Seat::Desk, camera, clock, Arc::new(|| {}))?;
    super::sync::attach(&parts, &mut application, false)?;
    assemble::announce(&application, image.is_some(), printer);
    let picture = image.as_ref().map(|frame| (Arc::clone(frame), "given on the command line".to_owned()));
    application.order_flow(FlowOrder { kind, claim, scope, picture });
    let ending = drive::run(&mut application, answers, printer, |_| {});
    let limit = Duration::from_secs(u64::from(parts.config.opinions.seconds) + 5);
    let opinions = if ending.is_ok() { opinions(&mut application, limit) } else { None };
    let duplicates = application.flow().map(|flow| flow.duplicates().iter().map(Candidate::from).collect()).unwrap_or_default();
    let closed = close(application);
    let answer = tell(ending?, duplicates, opinions.as_ref(), image.is_some(), printer);
    closed.and(answer)
}

/// Ends the application's threads. What was reported saved is safe whatever this says.
fn close(application: Application) -> Result<Answer, Failure> {
    application.shut_down(SHUT_DOWN_LIMIT);
    Ok(Answer::Yes)
}

/// Adds services to those that the configuration asks in a flow.
fn ask_also(flows: &mut FlowsConfig, kind: FlowKind, services: &[ServiceKind]) {
    let flow = match kind {
        FlowKind::Enrol => &mut flows.enrol,
        FlowKind::Authenticate => &mut flows.authenticate,
        FlowKind::ReEnrol => &mut flows.re_enrol,
        FlowKind::Identify => &mut flows.identify,
        FlowKind::VerifyId => &mut flows.verify_id,
    };
    for service in services {
        if !flow.opinions.iter().any(|name| name == service.name()) {
            flow.opinions.push(service.name().to_owned());
        }
    }
}

/// Waits for the second opinions, where any were asked for.
fn opinions(application: &mut Application, limit: Duration) -> Option<OpinionSet> {
    let start = application.clock().now();
    while application.clock().now().since(start) < limit {
        // The answer is in; what else is noticed meanwhile changes nothing about it.
        let _ = application.poll();
        if let Some(settled) = application.settled_opinions() {
            return settled.map(|view| view.set);
        }
        application.clock().sleep(Duration::from_millis(8));
    }
    None
}

fn tell(
    outcome: Outcome,
    duplicates: Vec<Candidate>,
    opinions: Option<&OpinionSet>,
    from_file: bool,
    printer: &Printer,
) -> Result<Answer, Failure> {
    let opinions = super::opinions::rows(opinions);
    let said: String = opinions.iter().map(OpinionRow::line).collect();
    match outcome {
        Outcome::Enrolled { subject, registration_code, held } => {
            let code = RegistrationCode::parse(&registration_code).map_or(registration_code, |code| code.to_string());
            let alike: String = duplicates.iter().map(|c| format!("may be enrolled already as {}\n", c.line())).collect();
            let outcome = if held { "held" } else { "enrolled" };
            let shown = Enrolled { outcome, subject, registration_code: code.clone(), held, duplicates, opinions };
            let words = if held { "enrolled, held for an officer" } else { "enrolled" };
            printer.document("enrolment", &shown, || format!("{words}; registration code {code}\n{alike}{said}"))?;
            Ok(Answer::Yes)
        }
        Outcome::Verified { comparison, .. } => {
            let row = ComparisonRow::from(&comparison);
            let shown = Verification { comparison: row, opinions };
            printer.document("verification", &shown, || format!("{}\n{said}", shown.comparison.line()))?;
            Ok(if comparison.decision == VerificationDecision::Match { Answer::Yes } else { Answer::No })
        }
        Outcome::Identified { candidates, decided, basis } => {
            let rows: Vec<Candidate> = candidates.iter().map(Candidate::from).collect();
            let shown = Identification { decision: search::word(&basis), basis: BasisRow::from(&basis), candidates: &rows, opinions };
            printer.document("identification", &shown, || {
                let line = |c: &Candidate| format!("{}\n", c.line());
                format!("{}\n{}{said}", search::sentence(&basis), rows.iter().map(line).collect::<String>())
            })?;
            Ok(if decided { Answer::Yes } else { Answer::No })
        }
        Outcome::Document(decision) => {
            let accepted = decision.overall == Overall::Ok;
            printer
                .document("document", &serde_json::json!({ "accepted": accepted }), || format!("{:?}", decision.overall).to_lowercase())?;
            Ok(if accepted { Answer::Yes } else { Answer::No })
        }
        Outcome::Refused { reason_key, code, .. } => Err(drive::refused(reason_key, code, from_file)),
    }
}
