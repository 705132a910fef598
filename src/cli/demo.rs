//! `visavis demo`: a guided practice enrolment, a verification of the same subject and a refusal of another one, with the rendered
//! subject. In a window where there is a display, with a guide that says what happens and can be taken over from; otherwise through the
//! same application and the same screens, painted to pictures. Both leave the same report.

mod guide;
mod guided;

use super::drive::{self, Answers, Patience};
use super::flows::ComparisonRow;
use super::output::tagged;
use super::search;
use super::window::{self, Live};
use super::{Answer, Failure, Global, Printer, assemble, parts};
use crate::adapters::camera::CameraChoice;
use crate::advice::{Advice, Advised as _};
use crate::biometrics::comparison::VerificationDecision;
use crate::geometry::Size;
use crate::imaging::{Frame, encode};
use crate::ports::gallery::SubjectId;
use crate::runtime::application::parts::CameraOpener;
use crate::runtime::clock::{Clock, SystemClock};
use crate::runtime::drill::obliging::{Prompt, obliging_camera};
use crate::runtime::drill::reaction::Shown;
use crate::runtime::messages::{Command, Seat};
use crate::ui::app::WindowError;
use crate::ui::storyboard::Studio;
use crate::units::{Moment, SensitiveText};
use crate::workflow::view::{CapturePhase, FlowKind, Outcome, Step, StepView};
use clap::Args;
use serde::Serialize;
use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// A guided practice run.
#[derive(Debug, Args)]
pub struct DemoCommand {
    /// Folder for the storyboard and the report.
    #[arg(long, value_name = "DIR", default_value = "visavis-demo")]
    out: PathBuf,
    /// Paints pictures even where there is a display.
    #[arg(long)]
    headless: bool,
    /// Has the subject enrol with a liveness challenge; needs landmarks that follow lids and lips, as the built-in pack's do.
    #[arg(long)]
    challenge: bool,
}

/// The storyboard's screen.
const SCREEN: Size = Size::new(1920, 1080);
/// Marks a folder as made by a demonstration, so that only such a folder is ever replaced.
const MARK: &str = ".visavis-demo";
/// The subject enrolled, and somebody else.
const SUBJECT: &str = "synthetic:identity=4";
/// The subject enrolled on another day: other light and place, turned a little, smiling.
const RETURN: &str = "synthetic:identity=4,default,warm,ev=-0.5,yaw=7,pitch=-3,smile=0.5,busy";
const STRANGER: &str = "synthetic:identity=8";

/// What the subject is said to have entered.
const DETAILS: [(&str, &str); 3] = [("full_name", "Robin Example"), ("date_of_birth", "1990-05-17"), ("document_number", "X1234567")];

#[derive(Serialize)]
struct Report {
    practice: bool,
    models: String,
    backend: String,
    enrolled: bool,
    verified: bool,
    stranger_refused: bool,
    steps: Vec<StepReport>,
    pictures: Vec<String>,
    seconds: f32,
}

#[derive(Clone, Serialize)]
struct StepReport {
    name: &'static str,
    outcome: String,
    comparison: Option<ComparisonRow>,
    seconds: f32,
}

pub(super) fn run(global: &Global, command: &DemoCommand, printer: &Printer) -> Result<Answer, Failure> {
    let mut parts = parts::Parts::new(global)?;
    if global.data_dir.is_none() {
        parts.data_dir = fresh_data_dir(&command.out)?;
    }
    parts.config.kiosk.attended = true;
    if command.challenge {
        let steps = &mut parts.config.flows.enrol.steps;
        let after_face = steps.iter().position(|s| s == "face").map_or(0, |at| at + 1);
        steps.insert(after_face, "liveness".to_owned());
    }
    let camera = CameraChoice::parse(global.camera.as_deref().unwrap_or(SUBJECT))?;
    std::fs::create_dir_all(&command.out).map_err(|e| unwritable(&command.out, &e))?;
    // Another subject, or pictures, come back as they are.
    let returning = global.camera.is_none().then_some(RETURN);
    let shown = if window::display() && !command.headless { in_a_window(&parts, &camera, returning, printer)? } else { None };
    let report = match shown {
        Some(report) => report,
        None => Demonstration::start(parts, camera, returning, &command.out, printer)?.play()?,
    };
    let path = command.out.join("report.json");
    std::fs::write(&path, tagged("demo", &report)? + "\n").map_err(|e| unwritable(&path, &e))?;
    let passed = report.enrolled && report.verified && report.stranger_refused;
    printer.document("demo", &report, || {
        let line = |s: &StepReport| format!("{:28} {} ({:.1} s)\n", s.name, s.outcome, s.seconds);
        let steps: String = report.steps.iter().map(line).collect();
        format!("{steps}{} pictures and report.json in {}\n", report.pictures.len(), command.out.display())
    })?;
    Ok(if passed { Answer::Yes } else { Answer::No })
}

/// Plays in a window; `None` where the display named in the environment does not serve, so that the story is painted instead.
fn in_a_window(
    parts: &parts::Parts,
    camera: &CameraChoice,
    returning: Option<&'static str>,
    printer: &Printer,
) -> Result<Option<Report>, Failure> {
    match guided::play(parts, camera.clone(), returning, printer) {
        Err(failure) if failure.advice.code == WindowError::NoDisplay.advice().code => {
            printer.remark(&format!("{}; pictures are painted instead", failure.message));
            Ok(None)
        }
        played => played.map(Some),
    }
}

/// An empty data folder below `out`; one that an earlier demonstration left is replaced, any other is kept.
fn fresh_data_dir(out: &Path) -> Result<PathBuf, Failure> {
    let data = out.join("data");
    if data.join(MARK).exists() {
        std::fs::remove_dir_all(&data).map_err(|e| unwritable(&data, &e))?;
    }
    std::fs::create_dir_all(&data).and_then(|()| std::fs::write(data.join(MARK), "")).map_err(|e| unwritable(&data, &e))?;
    Ok(data)
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    let advice = Advice::environment("SYS-17", "Choose a folder that can be written.");
    Failure::new(format!("{} cannot be written: {error}", path.display()), advice)
}

/// Opens rendered cameras before which the subject does what the screen asks, and all others as they are.
fn obliging(prompt: Prompt) -> CameraOpener {
    Arc::new(move |choice: &CameraChoice, pace| match choice {
        CameraChoice::Synthetic { scenario } => Ok(Box::new(obliging_camera(scenario, prompt.clone(), pace)?)),
        other => crate::runtime::camera::open_camera(other, pace),
    })
}

/// The application, the screens over it, and what was seen.
struct Demonstration<'a> {
    studio: Studio<Live>,
    prompt: Prompt,
    returning: Option<&'static str>,
    out: &'a Path,
    clock: Arc<dyn Clock>,
    started: Moment,
    taken: BTreeSet<String>,
    pictures: Vec<String>,
}

impl<'a> Demonstration<'a> {
    fn start(
        parts: parts::Parts,
        camera: CameraChoice,
        returning: Option<&'static str>,
        out: &'a Path,
        printer: &Printer,
    ) -> Result<Self, Failure> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::start());
        let prompt = Prompt::default();
        let open = obliging(prompt.clone());
        let application = assemble::application_before(&parts, Seat::Kiosk, camera, Arc::clone(&clock), Arc::new(|| {}), open)?;
        assemble::announce(&application, false, printer);
        let options = window::options(&parts, Seat::Kiosk, false);
        let studio = Studio::new(Live::new(application), crate::ui::window::Options { keyboard: false, ..options }, SCREEN);
        let started = clock.now();
        Ok(Self { studio, prompt, returning, out, clock, started, taken: BTreeSet::new(), pictures: Vec::new() })
    }

    fn play(mut self) -> Result<Report, Failure> {
        self.picture("attract")?;
        let details = DETAILS.map(|(key, value)| (key.to_owned(), SensitiveText(value.to_owned()))).to_vec();
        let answers = Answers { consent: true, details, ..Answers::default() };
        let mut steps = Vec::new();

        let (outcome, seconds) = self.flow("enrol", FlowKind::Enrol, None, &answers)?;
        let subject = match &outcome {
            Outcome::Enrolled { subject, .. } => Some(*subject),
            _ => None,
        };
        steps.push(StepReport { name: "enrol the subject", outcome: in_words(&outcome), comparison: None, seconds });

        if let Some(camera) = self.returning {
            self.application().handle(Command::UseCamera(camera.to_owned()));
        }
        let (verified, report) = self.verification("verify the same subject", "same", subject)?;
        steps.push(report);
        self.application().handle(Command::UseCamera(STRANGER.to_owned()));
        let (stranger, report) = self.verification("verify a stranger", "stranger", subject)?;
        steps.push(report);

        let status = self.application().snapshot().status;
        Ok(Report {
            practice: status.practice,
            models: status.models,
            backend: format!("{} {}", status.backend.name, status.backend.version),
            enrolled: subject.is_some(),
            verified: verified == Some(VerificationDecision::Match),
            stranger_refused: stranger == Some(VerificationDecision::NonMatch),
            steps,
            seconds: self.clock.now().since(self.started).as_secs_f32(),
            pictures: self.pictures,
        })
    }

    fn application(&mut self) -> &mut crate::runtime::application::Application {
        self.studio.app().backend_mut().application()
    }

    fn verification(
        &mut self,
        name: &'static str,
        part: &str,
        subject: Option<SubjectId>,
    ) -> Result<(Option<VerificationDecision>, StepReport), Failure> {
        let Some(subject) = subject else {
            return Ok((None, StepReport { name, outcome: "nobody was enrolled".to_owned(), comparison: None, seconds: 0.0 }));
        };
        let (outcome, seconds) = self.flow(part, FlowKind::Authenticate, Some(subject), &Answers::default())?;
        let comparison = match &outcome {
            Outcome::Verified { comparison, .. } => Some(*comparison),
            _ => None,
        };
        let row = comparison.as_ref().map(ComparisonRow::from);
        Ok((comparison.map(|c| c.decision), StepReport { name, outcome: in_words(&outcome), comparison: row, seconds }))
    }

    /// Runs one flow, painting each screen once where it tells something.
    fn flow(&mut self, part: &str, kind: FlowKind, claim: Option<SubjectId>, answers: &Answers) -> Result<(Outcome, f32), Failure> {
        let begun = self.clock.now();
        let mut patience = Patience::new(begun);
        self.application().handle(Command::StartFlow { flow: kind, claim });
        let mut answered: HashSet<Step> = HashSet::new();
        loop {
            let _ = self.studio.pass(1.0 / 30.0, Vec::new());
            let snapshot = self.application().snapshot();
            let Some(flow) = snapshot.flow else {
                return Err(drive::trouble("the demonstration's flow ended without an answer", drive::NO_ANSWER));
            };
            self.prompt.set(match &flow.view {
                StepView::Liveness(view) => Shown { challenge: true, gesture: view.gesture.map(|g| (view.step, g)), ..Shown::default() },
                _ => Shown::default(),
            });
            match &flow.view {
                StepView::Face(view) => {
                    let scene = match view.phase {
                        CapturePhase::Positioning if view.face_in_frame.is_some() && view.instruction.amount.is_some() => {
                            Some("positioning")
                        }
                        CapturePhase::Holding if view.progress > 0.4 => Some("holding"),
                        _ => None,
                    };
                    if let Some(scene) = scene {
                        self.picture(&format!("{part}-{scene}"))?;
                    }
                }
                StepView::Outcome { outcome, .. } => {
                    let outcome = outcome.clone();
                    self.picture(&format!("{part}-result"))?;
                    self.application().handle(Command::Flow(crate::workflow::input::FlowInput::Next));
                    return Ok((outcome, self.clock.now().since(begun).as_secs_f32()));
                }
                StepView::Trouble(view) if !view.recovering => {
                    return Err(drive::troubled(self.application().camera_trouble().as_ref(), view, "the demonstration ran into trouble"));
                }
                StepView::Liveness(view) => {
                    if let Some(gesture) = view.gesture.filter(|_| view.progress > 0.4) {
                        self.picture(&format!("{part}-{}", gesture.name()))?;
                    }
                }
                // The demonstration shows no documents.
                StepView::Working { .. } | StepView::Trouble(_) | StepView::Document(_) => {}
                StepView::Consent | StepView::Details(_) | StepView::Review(_) => {
                    if answered.insert(flow.current) {
                        self.answer(part, flow.current, answers)?;
                    }
                }
            }
            patience.bear(&flow, self.clock.now())?;
            self.clock.sleep(Duration::from_millis(8));
        }
    }

    /// Gives the input of a screen that waits for a person, painting it first.
    fn answer(&mut self, part: &str, step: Step, answers: &Answers) -> Result<(), Failure> {
        use crate::workflow::input::FlowInput;
        if step == Step::Details {
            for (key, value) in &answers.details {
                self.application().handle(Command::Flow(FlowInput::FieldChanged { key: key.clone(), value: value.clone() }));
                self.application().handle(Command::Flow(FlowInput::FieldLeft { key: key.clone() }));
            }
        }
        self.picture(&format!("{part}-{}", format!("{step:?}").to_lowercase()))?;
        self.application().handle(Command::Flow(FlowInput::Next));
        Ok(())
    }

    /// Paints the screen as it stands, once a name.
    fn picture(&mut self, name: &str) -> Result<(), Failure> {
        if !self.taken.insert(name.to_owned()) {
            return Ok(());
        }
        let frame: Frame = self.studio.picture();
        let file = format!("{:02}-{name}.png", self.pictures.len() + 1);
        let path = self.out.join(&file);
        std::fs::write(&path, encode::png(&frame)?).map_err(|e| unwritable(&path, &e))?;
        self.pictures.push(file);
        Ok(())
    }
}

fn in_words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Enrolled { registration_code, held: false, .. } => format!("enrolled, code {registration_code}"),
        Outcome::Enrolled { registration_code, held: true, .. } => format!("held for an officer, code {registration_code}"),
        Outcome::Verified { comparison, .. } => ComparisonRow::from(comparison).line(),
        Outcome::Identified { basis, .. } => search::word(basis).to_owned(),
        Outcome::Document(decision) => format!("document: {:?}", decision.overall).to_lowercase(),
        Outcome::Refused { code, .. } => format!("refused ({code})"),
    }
}
