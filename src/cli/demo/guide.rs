//! The guide of a demonstration in a window: what it does when, as a state machine with injected time.

use super::{DETAILS, STRANGER, StepReport, in_words};
use crate::cli::flows::ComparisonRow;
use crate::ports::gallery::SubjectId;
use crate::runtime::messages::{Command, GuideAction, GuideView, Snapshot};
use crate::units::{Moment, SensitiveText};
use crate::workflow::input::FlowInput;
use crate::workflow::view::{FlowKind, Outcome, Step, StepView};
use std::time::Duration;

/// Time a screen stays so that it can be read. Picked by hand.
const READ: Duration = Duration::from_millis(3_500);
/// Time a result stays.
const RESULT: Duration = Duration::from_millis(5_500);
/// Time between two fields that fill in by themselves.
const TYPE: Duration = Duration::from_millis(800);

/// Where the demonstration is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Welcome,
    Enrol,
    Verify,
    Stranger,
    Over,
    TakenOver,
}

impl Part {
    const STEPS: usize = 3;

    const fn number(self) -> usize {
        match self {
            Self::Welcome | Self::Enrol => 1,
            Self::Verify => 2,
            Self::Stranger | Self::Over | Self::TakenOver => Self::STEPS,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Welcome | Self::Enrol => "enrol the subject",
            Self::Verify => "verify the same subject",
            Self::Stranger | Self::Over | Self::TakenOver => "verify a stranger",
        }
    }
}

/// The guide.
pub(super) struct Guide {
    returning: Option<&'static str>,
    part: Part,
    part_since: Moment,
    /// The screen seen last, and since when.
    seen: Option<Step>,
    since: Moment,
    typed: usize,
    /// Somebody pressed the button to go on.
    hurried: bool,
    subject: Option<SubjectId>,
    /// A flow that was asked for has appeared.
    begun: bool,
    passed: [bool; Part::STEPS],
    steps: Vec<StepReport>,
}

impl Guide {
    /// - `returning`: the camera before which the subject comes back.
    pub(super) const fn new(now: Moment, returning: Option<&'static str>) -> Self {
        Self {
            returning,
            part: Part::Welcome,
            part_since: now,
            seen: None,
            since: now,
            typed: 0,
            hurried: false,
            subject: None,
            begun: false,
            passed: [false; Part::STEPS],
            steps: Vec::new(),
        }
    }

    /// Whether the subject was enrolled, verified, and the stranger refused.
    pub(super) const fn passed(&self) -> [bool; Part::STEPS] {
        self.passed
    }

    /// What was done so far.
    pub(super) fn steps(&self) -> Vec<StepReport> {
        self.steps.clone()
    }

    /// Takes the press of a button of the bar.
    pub(super) const fn act(&mut self, action: GuideAction) {
        match action {
            GuideAction::GoOn => self.hurried = true,
            GuideAction::TakeOver => self.part = Part::TakenOver,
        }
    }

    /// What the bar says; nothing once somebody has taken over.
    pub(super) fn view(&self, snapshot: &Snapshot) -> Option<GuideView> {
        if self.part == Part::TakenOver {
            return None;
        }
        let over = self.part == Part::Over;
        let caption_key = match (self.part, snapshot.flow.as_ref().map(|f| &f.view)) {
            (Part::Over, _) if self.passed.iter().all(|p| *p) => "guide-over",
            (Part::Over, _) => "guide-failed",
            (_, Some(StepView::Trouble(_))) => "guide-trouble",
            (_, Some(StepView::Consent)) => "guide-consent",
            (_, Some(StepView::Details(_))) => "guide-details",
            (Part::Enrol, Some(StepView::Face(_) | StepView::Working { .. })) => "guide-face",
            (_, Some(StepView::Review(_))) => "guide-review",
            (Part::Enrol, Some(StepView::Outcome { .. })) => "guide-enrolled",
            (Part::Verify, Some(StepView::Outcome { .. })) => "guide-verified",
            (Part::Verify, _) => "guide-verify",
            (Part::Stranger, Some(StepView::Outcome { .. })) => "guide-refused",
            (Part::Stranger, _) => "guide-stranger",
            _ => "guide-welcome",
        };
        Some(GuideView { caption_key, step: self.part.number(), steps: Part::STEPS, over })
    }

    /// Looks at what is on the screen and says what to do; to be called often.
    pub(super) fn advance(&mut self, snapshot: &Snapshot, now: Moment) -> Vec<Command> {
        let Some(flow) = &snapshot.flow else { return self.between_flows(now) };
        self.begun = true;
        if self.seen != Some(flow.current) {
            (self.seen, self.since, self.typed, self.hurried) = (Some(flow.current), now, 0, false);
        }
        let next = || vec![Command::Flow(FlowInput::Next)];
        match &flow.view {
            _ if matches!(self.part, Part::Over | Part::TakenOver) => Vec::new(),
            StepView::Consent | StepView::Review(_) if self.rested(now, READ) => self.answered(now, next()),
            StepView::Details(view) => {
                let typing = DETAILS.get(self.typed).filter(|(key, _)| view.fields.iter().any(|f| f.key == *key));
                match typing {
                    Some((key, value)) if self.rested(now, TYPE) => {
                        self.typed += 1;
                        let (key, value) = ((*key).to_owned(), SensitiveText((*value).to_owned()));
                        self.answered(
                            now,
                            vec![
                                Command::Flow(FlowInput::FieldChanged { key: key.clone(), value }),
                                Command::Flow(FlowInput::FieldLeft { key }),
                            ],
                        )
                    }
                    Some(_) => Vec::new(),
                    None if self.rested(now, TYPE) => self.answered(now, next()),
                    None => Vec::new(),
                }
            }
            StepView::Outcome { outcome, .. } if self.rested(now, RESULT) => self.finish(outcome, now),
            StepView::Trouble(view) if !view.recovering => {
                self.part = Part::Over;
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn between_flows(&mut self, now: Moment) -> Vec<Command> {
        self.seen = None;
        match self.part {
            Part::Welcome if self.rested(now, READ) => self.begin(Part::Enrol, FlowKind::Enrol, None, now),
            Part::Enrol | Part::Verify | Part::Stranger if self.begun => {
                // Somebody ended the flow themselves: they want to look around.
                self.part = Part::TakenOver;
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn begin(&mut self, part: Part, flow: FlowKind, claim: Option<SubjectId>, now: Moment) -> Vec<Command> {
        (self.part, self.part_since, self.begun) = (part, now, false);
        self.answered(now, vec![Command::StartFlow { flow, claim }])
    }

    /// A result was seen: it is noted, and the next part begins.
    fn finish(&mut self, outcome: &Outcome, now: Moment) -> Vec<Command> {
        let comparison = match outcome {
            Outcome::Verified { comparison, .. } => Some(comparison),
            _ => None,
        };
        let matched = comparison.map(|c| c.decision == crate::biometrics::comparison::VerificationDecision::Match);
        self.steps.push(StepReport {
            name: self.part.name(),
            outcome: in_words(outcome),
            comparison: comparison.map(ComparisonRow::from),
            seconds: now.since(self.part_since).as_secs_f32(),
        });
        let mut commands = vec![Command::Flow(FlowInput::Next)];
        let claim = match (self.part, outcome) {
            (Part::Enrol, Outcome::Enrolled { subject, .. }) => {
                self.passed[0] = true;
                self.subject = Some(*subject);
                self.subject
            }
            (Part::Verify, _) => {
                self.passed[1] = matched == Some(true);
                self.subject
            }
            (Part::Stranger, _) => {
                self.passed[2] = matched == Some(false);
                None
            }
            _ => None,
        };
        match (self.part, claim) {
            (Part::Enrol, Some(_)) => {
                commands.extend(self.returning.map(|camera| Command::UseCamera(camera.to_owned())));
                commands.extend(self.begin(Part::Verify, FlowKind::Authenticate, claim, now));
            }
            (Part::Verify, Some(_)) => {
                commands.push(Command::UseCamera(STRANGER.to_owned()));
                commands.extend(self.begin(Part::Stranger, FlowKind::Authenticate, claim, now));
            }
            _ => self.part = Part::Over,
        }
        commands
    }

    /// Whether the screen has stood for so long, or somebody pressed the button.
    fn rested(&self, now: Moment, long: Duration) -> bool {
        self.hurried || now.since(self.since) >= long
    }

    fn answered(&mut self, now: Moment, commands: Vec<Command>) -> Vec<Command> {
        (self.since, self.hurried) = (now, false);
        commands
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::demo::RETURN;
    use crate::ui::fixtures;
    use crate::workflow::view::{CapturePhase, DetailsView, Feedback, ReviewView};

    fn at(seconds: u64) -> Moment {
        Moment::from_millis(seconds * 1000)
    }

    fn in_flow(step: Step, view: StepView) -> Snapshot {
        fixtures::in_flow(FlowKind::Enrol, step, view, true)
    }

    fn outcome(outcome: Outcome) -> Snapshot {
        in_flow(Step::Result, StepView::Outcome { outcome, returns_in: None })
    }

    fn flows(commands: &[Command]) -> Vec<(FlowKind, bool)> {
        commands
            .iter()
            .filter_map(|c| if let Command::StartFlow { flow, claim } = c { Some((*flow, claim.is_some())) } else { None })
            .collect()
    }

    #[test]
    fn it_plays_the_three_parts_and_reports_them() {
        let mut guide = Guide::new(at(0), Some(RETURN));
        assert!(guide.advance(&fixtures::idle(true), at(1)).is_empty(), "the first screen can be read");
        assert_eq!(flows(&guide.advance(&fixtures::idle(true), at(4))), [(FlowKind::Enrol, false)]);
        let consent = in_flow(Step::Consent, StepView::Consent);
        assert!(guide.advance(&consent, at(5)).is_empty());
        assert_eq!(guide.advance(&consent, at(9)), [Command::Flow(FlowInput::Next)]);
        assert!(guide.advance(&consent, at(9)).is_empty(), "it does not answer twice");

        let mut view = fixtures::details();
        view.fields.truncate(1);
        let details = in_flow(Step::Details, StepView::Details(DetailsView { complete: true, ..view }));
        assert!(guide.advance(&details, at(10)).is_empty());
        let typed = guide.advance(&details, at(11));
        assert!(matches!(&typed[..], [Command::Flow(FlowInput::FieldChanged { key, .. }), _] if key == "full_name"), "{typed:?}");
        assert_eq!(guide.advance(&details, at(12)), [Command::Flow(FlowInput::Next)]);

        let face = in_flow(Step::Face, StepView::Face(fixtures::capture(CapturePhase::Positioning, Feedback::FaceTooFar, None, 0.0)));
        assert!((13..60).all(|s| guide.advance(&face, at(s)).is_empty()), "the subject does this part alone");
        let review = in_flow(Step::Review, StepView::Review(ReviewView { portrait: None, details: Vec::new(), duplicates: Vec::new() }));
        assert!(guide.advance(&review, at(60)).is_empty());
        guide.act(GuideAction::GoOn);
        assert_eq!(guide.advance(&review, at(61)), [Command::Flow(FlowInput::Next)], "the button goes on at once");

        let subject = fixtures::subject_id(3);
        let enrolled = outcome(Outcome::Enrolled { subject, registration_code: fixtures::code(3), held: false });
        guide.advance(&enrolled, at(62));
        let commands = guide.advance(&enrolled, at(70));
        assert!(commands.contains(&Command::UseCamera(RETURN.to_owned())), "the same person on another day");
        assert_eq!(flows(&commands), [(FlowKind::Authenticate, true)]);
        assert!(guide.advance(&fixtures::idle(true), at(70)).is_empty(), "the next flow has not appeared yet");
        let verified = |score| outcome(Outcome::Verified { comparison: fixtures::comparison(score), subject });
        guide.advance(&face, at(71));
        guide.advance(&verified(0.8), at(80));
        let commands = guide.advance(&verified(0.8), at(90));
        assert!(commands.contains(&Command::UseCamera(STRANGER.to_owned())));
        assert_eq!(flows(&commands), [(FlowKind::Authenticate, true)]);
        guide.advance(&face, at(91));
        guide.advance(&verified(0.1), at(100));
        assert_eq!(guide.advance(&verified(0.1), at(110)), [Command::Flow(FlowInput::Next)]);
        assert_eq!(guide.passed(), [true; 3]);
        assert_eq!(
            guide.steps().iter().map(|s| s.name).collect::<Vec<_>>(),
            ["enrol the subject", "verify the same subject", "verify a stranger"]
        );
        let view = guide.view(&fixtures::idle(true)).unwrap();
        assert!(view.over && view.caption_key == "guide-over");
    }

    #[test]
    fn whoever_takes_over_is_left_alone() {
        let mut guide = Guide::new(at(0), None);
        guide.act(GuideAction::TakeOver);
        assert!(guide.advance(&fixtures::idle(true), at(100)).is_empty());
        assert_eq!(guide.view(&fixtures::idle(true)), None);

        let mut guide = Guide::new(at(0), None);
        guide.advance(&fixtures::idle(true), at(4));
        guide.advance(&in_flow(Step::Consent, StepView::Consent), at(5));
        assert!(guide.advance(&fixtures::idle(true), at(6)).is_empty());
        assert_eq!(guide.view(&fixtures::idle(true)), None, "a flow ended by hand is a person who wants to drive");
    }

    #[test]
    fn a_stranger_who_passes_is_no_success() {
        let mut guide = Guide::new(at(0), None);
        guide.part = Part::Stranger;
        let passed = outcome(Outcome::Verified { comparison: fixtures::comparison(0.9), subject: fixtures::subject_id(1) });
        guide.advance(&passed, at(1));
        guide.advance(&passed, at(10));
        assert!(!guide.passed()[2]);
        assert_eq!(guide.view(&passed).unwrap().caption_key, "guide-failed");
    }
}
