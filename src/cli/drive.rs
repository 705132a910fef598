//! Runs a flow of the application to its end without a window: gives the inputs a person would give and tells what happens.

use super::flows::Candidate;
use super::{Failure, Printer};
use crate::advice::{Advice, FaultKind};
use crate::geometry::Rect;
use crate::runtime::application::Application;
use crate::runtime::enrolled::NOT_COMPARABLE;
use crate::runtime::messages::{Command, Notice, Snapshot};
use crate::ui::strings::{Language, Words};
use crate::units::{Moment, SensitiveText};
use crate::workflow::challenge::gesture::Gesture;
use crate::workflow::input::FlowInput;
use crate::workflow::view::{CandidateView, CapturePhase, FlowView, Outcome, Step, StepView, TroubleView};
use std::time::Duration;

/// Pause between two looks at the application.
const PAUSE: Duration = Duration::from_millis(8);

/// Support code of a flow that was over before it had an answer.
pub(super) const NO_ANSWER: &str = "FLW-50";

/// What the person at the command line would answer.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// Consent was given on paper or in words.
    pub consent: bool,
    /// Key and text of the entry fields.
    pub details: Vec<(String, SensitiveText)>,
    /// Somebody enrolled already who may be the same person is somebody else.
    pub despite_duplicates: bool,
}

/// Gives up on a flow that gets nowhere.
///
/// What counts is that nothing moves, not how long it takes: a slow machine is given the time it needs.
pub(super) struct Patience {
    begun: Moment,
    moved: Moment,
    signs: Option<Signs>,
    troubled: Option<Moment>,
}

/// Time without any sign of life after which a flow is given up.
const STILL_LIMIT: Duration = Duration::from_secs(120);
/// Longest time a flow may take, whatever moves.
const WHOLE_LIMIT: Duration = Duration::from_secs(900);
/// Time that trouble with the camera may take to mend itself.
const TROUBLE_LIMIT: Duration = Duration::from_secs(10);

/// What changes on the screen while a flow gets on.
type Signs = (Step, std::mem::Discriminant<StepView>, Option<Rect>, u32, u32);

impl Patience {
    pub(super) const fn new(now: Moment) -> Self {
        Self { begun: now, moved: now, signs: None, troubled: None }
    }

    /// Takes note of what a flow shows; the error says why it is given up.
    pub(super) fn bear(&mut self, flow: &FlowView, now: Moment) -> Result<(), Failure> {
        let (face, progress, attempts) = match &flow.view {
            StepView::Face(view) => (view.face_in_frame, view.progress, view.attempts_left),
            StepView::Liveness(view) => (view.face_in_frame, view.progress, view.attempts_left),
            _ => (None, 0.0, 0),
        };
        let signs = (flow.current, std::mem::discriminant(&flow.view), face, progress.to_bits(), attempts);
        if self.signs != Some(signs) {
            (self.signs, self.moved) = (Some(signs), now);
        }
        if now.since(self.moved) > STILL_LIMIT || now.since(self.begun) > WHOLE_LIMIT {
            let advice = Advice::environment("FLW-51", "Start again; `visavis doctor` looks at camera and models.");
            return Err(Failure::new(where_it_stood(flow), advice));
        }
        Ok(())
    }

    /// Whether trouble that shows now is to be waited out.
    pub(super) fn bear_trouble(&mut self, trouble: Option<&TroubleView>, now: Moment) -> bool {
        match trouble {
            None => self.troubled = None,
            Some(view) if !view.recovering => return false,
            Some(_) => {}
        }
        trouble.is_none() || now.since(*self.troubled.get_or_insert(now)) < TROUBLE_LIMIT
    }
}

/// What was told to whoever waits at the command line, so that nothing is told twice.
struct Told<'a> {
    printer: &'a Printer,
    words: Words,
    last: String,
    /// The camera's own words, which a flow does not know.
    camera: Option<(String, Advice)>,
}

impl Told<'_> {
    fn tell(&mut self, text: String) {
        if self.last != text {
            self.printer.remark(&text);
            self.last = text;
        }
    }

    fn trouble(&mut self, application: &Application, view: &TroubleView) -> Failure {
        self.camera = application.camera_trouble().or(self.camera.take());
        troubled(self.camera.as_ref(), view, &self.words.t(view.message_key))
    }
}

/// Runs the flow in progress to its outcome. `seen` is called with every snapshot, for storyboards.
///
/// # Errors
/// A [`Failure`] when the flow asks for what was not given, meets trouble that does not mend itself, or gets nowhere.
pub(super) fn run(
    application: &mut Application,
    answers: &Answers,
    printer: &Printer,
    mut seen: impl FnMut(&Snapshot),
) -> Result<Outcome, Failure> {
    let mut told = Told { printer, words: Words::new(Language::English), last: String::new(), camera: None };
    let mut patience = Patience::new(application.clock().now());
    let mut filled = false;
    loop {
        fail_on(application.poll())?;
        let snapshot = application.snapshot();
        seen(&snapshot);
        let now = application.clock().now();
        let Some(flow) = &snapshot.flow else {
            return Err(Failure::new("the flow ended without an answer", Advice::environment(NO_ANSWER, "Start again.")));
        };
        let trouble = if let StepView::Trouble(view) = &flow.view { Some(view) } else { None };
        let borne = patience.bear_trouble(trouble, now);
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
            StepView::Details(view) => return Err(details_refused(view, &told.words)),
            StepView::Face(view) => {
                if view.phase == CapturePhase::Positioning {
                    told.tell(told.words.t(view.instruction.feedback.locale_key()));
                }
            }
            StepView::Liveness(view) => told.tell(told.words.t(view.gesture.map_or("challenge-settle", Gesture::ask_key))),
            StepView::Working { .. } => {}
            // Documents have a command of their own, which takes their pictures as files.
            StepView::Document(_) => {
                return Err(Failure::new("this flow asks for a document", Advice::input("FLW-37", "Use `visavis document`.")));
            }
            StepView::Review(view) if !view.duplicates.is_empty() && !answers.despite_duplicates => {
                return Err(enrolled_already(&view.duplicates));
            }
            StepView::Review(_) => application.handle(Command::Flow(FlowInput::Next)),
            StepView::Outcome { outcome, .. } => return Ok(outcome.clone()),
            StepView::Trouble(view) => {
                let failure = told.trouble(application, view);
                if !borne {
                    return Err(failure);
                }
                told.tell(format!("{}: {}; waiting for it", failure.advice.code, failure.message));
            }
        }
        patience.bear(flow, now)?;
        application.clock().sleep(PAUSE);
    }
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
    Failure::new("nobody is enrolled without consent", Advice::input("FLW-52", "Ask for consent, then run the command with --consent."))
}

fn enrolled_already(duplicates: &[CandidateView]) -> Failure {
    let found: Vec<String> = duplicates.iter().map(|c| Candidate::from(c).line()).collect();
    let advice = Advice::no(
        "FLW-38",
        "Look at the person with `visavis gallery show`; if it is somebody else, run the command again with --despite-duplicates.",
    );
    Failure::new(format!("this person may be enrolled already: {}", found.join("; ")), advice)
}

fn details_refused(view: &crate::workflow::view::DetailsView, words: &Words) -> Failure {
    let wrong = view.fields.iter().filter_map(|f| f.problem_key.map(|key| format!("{}: {}", f.key, words.t(key))));
    unusable_details(&wrong.collect::<Vec<_>>().join("; "))
}

/// Details that cannot be used, and why.
pub(super) fn unusable_details(why: &str) -> Failure {
    let advice = Advice::input("FLW-53", "Give the fields with --details FILE or --field KEY=VALUE.");
    Failure::new(format!("the details cannot be used: {why}"), advice)
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

/// Trouble that a flow shows as a failure: in the camera's own words where it is the camera's.
pub(super) fn troubled(camera: Option<&(String, Advice)>, view: &TroubleView, message: &str) -> Failure {
    match camera {
        Some((message, advice)) if advice.code == view.code => Failure::new(message.clone(), *advice),
        _ => trouble(message, view.code),
    }
}

/// Machine trouble as a failure.
pub(super) fn trouble(message: &str, code: &'static str) -> Failure {
    if code == NOT_COMPARABLE.code {
        return Failure::new(message.trim_end_matches('.'), NOT_COMPARABLE);
    }
    let advice = Advice {
        code,
        next_step: "Nothing was saved; `visavis doctor` looks at camera, models and gallery.",
        kind: FaultKind::Environment,
        retry: true,
    };
    Failure::new(message.trim_end_matches('.'), advice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::view::{ChallengePhase, FlowKind};

    fn flow(view: StepView) -> FlowView {
        FlowView {
            flow: FlowKind::Identify,
            steps: vec![Step::Face, Step::Result],
            current: Step::Face,
            view,
            practice: false,
            gallery: None,
        }
    }

    fn working() -> FlowView {
        flow(StepView::Working { what_key: "working-searching" })
    }

    fn liveness(face: Option<Rect>) -> FlowView {
        let mut view = crate::ui::fixtures::challenge(ChallengePhase::Asking, None, 0.4);
        view.face_in_frame = face;
        flow(StepView::Liveness(view))
    }

    fn at(seconds: u64) -> Moment {
        Moment::from_millis(seconds * 1000)
    }

    #[test]
    fn a_slow_machine_has_the_time_it_needs_as_long_as_something_moves() {
        let mut patience = Patience::new(at(0));
        for minute in 0..14_u64 {
            let face = Rect { x: minute as f32, y: 5.0, width: 60.0, height: 80.0 };
            assert!(patience.bear(&liveness(Some(face)), at(minute * 60)).is_ok(), "minute {minute}");
        }
        let given_up = patience.bear(&liveness(None), at(901)).expect_err("not for ever");
        assert_eq!(given_up.advice.code, "FLW-51");
        let mut patience = Patience::new(at(0));
        assert!(patience.bear(&working(), at(0)).is_ok() && patience.bear(&working(), at(120)).is_ok());
        assert_eq!(patience.bear(&working(), at(121)).expect_err("nothing moves").advice.code, "FLW-51");
    }

    #[test]
    fn trouble_is_waited_out_for_ten_seconds_and_not_at_all_where_it_stays() {
        let trouble = |recovering| TroubleView { message_key: "trouble-camera", code: "CAM-01", recovering };
        let mut patience = Patience::new(at(0));
        assert!(!patience.bear_trouble(Some(&trouble(false)), at(1)));
        assert!(patience.bear_trouble(Some(&trouble(true)), at(1)) && patience.bear_trouble(Some(&trouble(true)), at(10)));
        assert!(patience.bear_trouble(None, at(11)), "it is well again");
        assert!(patience.bear_trouble(Some(&trouble(true)), at(12)) && patience.bear_trouble(Some(&trouble(true)), at(21)));
        assert!(!patience.bear_trouble(Some(&trouble(true)), at(22)));
    }

    #[test]
    fn a_refusal_is_bad_input_only_where_a_picture_is_at_fault() {
        for (code, from_file, exit) in [
            ("BIO-01", true, 2),
            ("FLW-25", true, 2),
            ("FLW-25", false, 1),
            ("BIO-07", false, 1),
            ("MOD-10", true, 3),
            ("FLW-30", true, 3),
            ("FLW-26", true, 1),
        ] {
            assert_eq!(refused("refused-quality", code, from_file).advice.kind.exit_code(), exit, "{code} {from_file}");
        }
    }
}
