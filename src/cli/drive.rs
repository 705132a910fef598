//! Runs a flow of the application to its end without a window: gives the inputs a person would give and tells what happens.

use super::{Failure, Printer};
use crate::advice::{Advice, FaultKind};
use crate::runtime::application::Application;
use crate::runtime::messages::{Command, Notice, Snapshot};
use crate::ui::strings::{Language, Words};
use crate::units::{Moment, SensitiveText};
use crate::workflow::challenge::gesture::Gesture;
use crate::workflow::input::FlowInput;
use crate::workflow::view::{CapturePhase, Feedback, FlowView, Outcome, StepView};
use std::time::Duration;

/// Pause between two looks at the application.
const PAUSE: Duration = Duration::from_millis(8);

/// What the person at the command line would answer.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// Consent was given on paper or in words.
    pub consent: bool,
    /// Key and text of the entry fields.
    pub details: Vec<(String, SensitiveText)>,
}

/// How a flow left the stage.
#[derive(Debug)]
pub(super) enum Ending {
    /// With an outcome.
    Outcome(Outcome),
    /// Machine trouble that does not mend itself.
    Trouble { message: String, code: &'static str },
}

/// Runs the flow in progress to its end. `seen` is called with every snapshot, for storyboards.
pub(super) fn run(
    application: &mut Application,
    answers: &Answers,
    limit: Duration,
    printer: &Printer,
    mut seen: impl FnMut(&Snapshot),
) -> Result<Ending, Failure> {
    let words = Words::new(Language::English);
    let start = application.clock().now();
    let mut told: Option<Feedback> = None;
    let mut told_gesture: Option<Gesture> = None;
    let mut filled = false;
    loop {
        fail_on(application.poll())?;
        let snapshot = application.snapshot();
        seen(&snapshot);
        let Some(flow) = &snapshot.flow else {
            return Err(Failure::new("the flow ended without an answer", Advice::environment("FLW-20", "Start again.")));
        };
        match &flow.view {
            StepView::Consent if answers.consent => application.handle(Command::Flow(FlowInput::Next)),
            StepView::Consent => return Err(no_consent()),
            StepView::Details(view) if !filled => {
                filled = true;
                for (key, value) in answers.details.iter().filter(|(key, _)| view.fields.iter().any(|f| f.key == *key)) {
                    application.handle(Command::Flow(FlowInput::FieldChanged { key: key.clone(), value: value.clone() }));
                    application.handle(Command::Flow(FlowInput::FieldLeft { key: key.clone() }));
                }
                application.handle(Command::Flow(FlowInput::Next));
            }
            StepView::Details(view) => return Err(details_refused(view, &words)),
            StepView::Face(view) => {
                let asked = view.instruction.feedback;
                if view.phase == CapturePhase::Positioning && told != Some(asked) {
                    told = Some(asked);
                    printer.remark(&words.t(asked.locale_key()));
                }
            }
            StepView::Liveness(view) => {
                if told_gesture != view.gesture {
                    told_gesture = view.gesture;
                    printer.remark(&words.t(view.gesture.map_or("challenge-settle", Gesture::ask_key)));
                }
            }
            StepView::Working { .. } => {}
            // Documents have a command of their own, which takes their pictures as files.
            StepView::Document(_) => {
                return Err(Failure::new("this flow asks for a document", Advice::input("FLW-37", "Use `visavis document`.")));
            }
            StepView::Review(_) => application.handle(Command::Flow(FlowInput::Next)),
            StepView::Outcome { outcome, .. } => return Ok(Ending::Outcome(outcome.clone())),
            StepView::Trouble(view) if !view.recovering => {
                return Ok(Ending::Trouble { message: words.t(view.message_key), code: view.code });
            }
            StepView::Trouble(view) if waited(application, start) > limit => {
                return Ok(Ending::Trouble { message: words.t(view.message_key), code: view.code });
            }
            StepView::Trouble(_) => {}
        }
        if waited(application, start) > limit {
            return Err(Failure::new(
                where_it_stood(flow),
                Advice::environment("FLW-21", "Start again; `visavis doctor` looks at camera and models."),
            ));
        }
        application.clock().sleep(PAUSE);
    }
}

fn waited(application: &Application, start: Moment) -> Duration {
    application.clock().now().since(start)
}

fn where_it_stood(flow: &FlowView) -> String {
    format!("the flow did not come to an end; it stood at {:?}", flow.current).to_lowercase()
}

fn fail_on(notices: Vec<Notice>) -> Result<(), Failure> {
    let failed = notices.into_iter().find_map(|notice| match notice {
        Notice::Failed(message, advice) => Some(Failure::new(message, advice)),
        _ => None,
    });
    failed.map_or(Ok(()), Err)
}

fn no_consent() -> Failure {
    Failure::new("nobody is enrolled without consent", Advice::input("FLW-22", "Ask for consent, then run the command with --consent."))
}

fn details_refused(view: &crate::workflow::view::DetailsView, words: &Words) -> Failure {
    let wrong = view.fields.iter().filter_map(|f| f.problem_key.map(|key| format!("{}: {}", f.key, words.t(key))));
    let wrong: Vec<String> = wrong.collect();
    let advice = Advice::input("FLW-23", "Give the fields with --details FILE or --field KEY=VALUE.");
    Failure::new(format!("the details cannot be used: {}", wrong.join("; ")), advice)
}

/// A refusal: bad input where a picture file was at fault, a fault of the machine where that is the reason, else policy's answer of *no*.
pub(super) fn refused(reason_key: &str, code: &'static str, from_file: bool) -> Failure {
    let words = Words::new(Language::English);
    let kind = match code.split('-').next() {
        Some("BIO" | "IMG") if from_file => FaultKind::Input,
        _ if from_file && code == "FLW-25" => FaultKind::Input,
        Some("MOD" | "SYS" | "GAL" | "KEY" | "CAM") => FaultKind::Environment,
        _ if code == "FLW-30" => FaultKind::Environment,
        _ => FaultKind::No,
    };
    let advice = Advice { code, next_step: "Nothing was saved.", kind, retry: true };
    Failure::new(words.t(reason_key).trim_end_matches('.'), advice)
}

/// Machine trouble as a failure.
pub(super) fn trouble(message: &str, code: &'static str) -> Failure {
    let advice = Advice {
        code,
        next_step: "Nothing was saved; `visavis doctor` looks at camera, models and gallery.",
        kind: FaultKind::Environment,
        retry: true,
    };
    Failure::new(message.trim_end_matches('.'), advice)
}
