//! Flows on scripted events, and under any sequence of them.

mod any_order;
mod challenged;
mod document;
mod picture_file;
mod search;
mod stated;

use super::event::{BurstAssessment, EnrolmentDraft, SavedEnrolment, SearchAnswer};
use super::setup::{FieldRule, FlowStart, SearchScope};
use super::*;
use crate::biometrics::comparison::{Comparison, SimilarityScore, VerificationDecision};
use crate::biometrics::identification::decision::IdentificationDecision;
use crate::biometrics::pad::injection::DeviceFacts;
use crate::biometrics::pad::{PadDecision, PadLayer, PadOutcome};
use crate::biometrics::template::{Template, TemplateFormat};
use crate::documents::checks::DuplicateSearch;
use crate::geometry::Size;
use crate::imaging::Frame;
use crate::ports::gallery::PadRecord;
use crate::units::{SensitiveText, UtcTime};
use crate::workflow::capture::event::AssessmentFailure;
use crate::workflow::challenge::sequence::Nonce;
use crate::workflow::document::NumberSearch;
use crate::workflow::registration_code::RegistrationCode;
use crate::workflow::scripted::{Scene, profile};
use crate::workflow::view::{CandidateView, SearchBasis, StepView};
use uuid::Uuid;

fn ms(millis: u64) -> Moment {
    Moment::from_millis(millis)
}

fn person(number: u128) -> SubjectId {
    SubjectId(Uuid::from_u128(number))
}

fn pad(outcome: PadOutcome) -> PadDecision {
    let layer = PadLayer { name: "passive", method: "scripted/1".into(), value: Some(0.9), limit: 0.5, outcome };
    PadDecision { outcome, layers: vec![layer] }
}

/// The template's score tells which attempt it came from.
fn assessment(attempt: AttemptId, outcome: PadOutcome) -> BurstAssessment {
    let format = TemplateFormat { recogniser: "scripted@0".into(), dimensions: 2 };
    let template = Template::new(format, vec![1.0, 2.0]).unwrap();
    let portrait = Arc::new(Frame::filled(Size::new(3, 4), [1; 3]));
    BurstAssessment { pad: pad(outcome), templates: vec![(template, attempt.0 as f32)], portrait, pictures: Vec::new() }
}

fn comparison(matched: bool) -> Comparison {
    let (score, percent, decision) =
        if matched { (0.7, 95.0, VerificationDecision::Match) } else { (0.1, 20.0, VerificationDecision::NonMatch) };
    Comparison {
        score: SimilarityScore(score),
        score_percent: percent,
        threshold: SimilarityScore(0.4),
        false_match_rate: 1e-3,
        match_level: matched.then_some(4),
        decision,
    }
}

fn candidate(number: u128, matched: bool) -> CandidateView {
    CandidateView {
        subject: person(number),
        display_name: SensitiveText("Somebody".into()),
        registration_code: RegistrationCode::from_entropy(number as u64).compact(),
        comparison: comparison(matched),
    }
}

fn ambiguous() -> SearchBasis {
    SearchBasis::of(IdentificationDecision::Ambiguous)
}

fn start(kind: FlowKind) -> FlowStart {
    FlowStart {
        kind,
        claim: None,
        source: PictureSource::Camera,
        scope: SearchScope::default(),
        attended: false,
        practice: false,
        serial: 7,
        begun_at: UtcTime::from_rfc3339("2026-11-21T08:00:00Z").unwrap(),
        today: time::macros::date!(2026 - 11 - 21),
        nonce: Nonce([7; 32]),
        device: DeviceFacts::default(),
    }
}

/// A flow with a clock; writes down what is shown and what is asked for.
struct Bench {
    flow: Flow,
    now: u64,
    frames: u64,
    log: Vec<String>,
    request: RequestId,
    attempt: AttemptId,
    draft: Option<Box<EnrolmentDraft>>,
    audit: Vec<AuditEvent>,
    /// What the gallery answers at once about a document's number; `None` lets it think.
    number: Option<NumberSearch>,
}

impl Bench {
    fn new(setup: FlowSetup) -> Self {
        let flow = Flow::new(setup, ms(0));
        let (request, attempt) = (RequestId(u64::MAX), AttemptId(u64::MAX));
        Self {
            flow,
            now: 0,
            frames: 0,
            log: Vec::new(),
            request,
            attempt,
            draft: None,
            audit: Vec::new(),
            number: Some(NumberSearch { found: DuplicateSearch::Unused, record: None }),
        }
    }

    /// Begun, by the standard steps.
    fn begun(start: FlowStart) -> Self {
        let mut bench = Self::new(FlowSetup::standard(start, profile("quick")));
        bench.send(FlowEvent::Begin);
        bench
    }

    fn send(&mut self, event: FlowEvent) -> &mut Self {
        let mut number = None;
        for effect in self.flow.handle(event, ms(self.now)) {
            let line = match effect {
                FlowEffect::UseCamera(on) => format!("  camera {on}"),
                FlowEffect::Expose(stops) => format!("  exposure {stops:?}"),
                FlowEffect::ShowPreview(on) => format!("  preview {on}"),
                FlowEffect::LookForDocument(on) => format!("  look for documents {on}"),
                FlowEffect::AssessBurst { attempt, shots } => {
                    self.attempt = attempt;
                    format!("  assess {} shots", shots.len())
                }
                FlowEffect::AssessChallenge { attempt, shots, .. } => {
                    self.attempt = attempt;
                    format!("  assess challenge, {} shots", shots.len())
                }
                FlowEffect::LookUpCode { request, code } => self.asked(request, format!("  look up {code}")),
                FlowEffect::SearchDuplicates { request, except, .. } => {
                    self.asked(request, format!("  search duplicates, except {}", except.is_some()))
                }
                FlowEffect::Compare { request, .. } => self.asked(request, "  compare".into()),
                FlowEffect::ReadDocument { request, source, before } => {
                    self.asked(request, format!("  read {source:?}, known {}", before.is_some()))
                }
                FlowEffect::ComparePortrait { request, .. } => self.asked(request, "  compare the portrait".into()),
                FlowEffect::LookUpNumber { request, numbers, .. } => {
                    number = self.number.clone().map(|found| FlowEvent::NumberLookedUp { request, result: Ok(found) });
                    self.asked(request, format!("  look up {} numbers", numbers.len()))
                }
                FlowEffect::Identify { request, scope, .. } => {
                    let within = scope.gallery.map_or_else(String::new, |gallery| format!(" in {gallery}"));
                    self.asked(request, format!("  identify{within}"))
                }
                FlowEffect::Save { request, enrolment } => {
                    let line = format!("  save {:?} {:?}, held {}", enrolment.origin, enrolment.pad, enrolment.held);
                    self.draft = Some(enrolment);
                    self.asked(request, line)
                }
                FlowEffect::WriteAudit(event) => {
                    self.audit.push(event);
                    continue;
                }
                FlowEffect::Finished(end) => format!("  finished {end:?}"),
            };
            self.log.push(line);
        }
        if let Some(answer) = number {
            return self.send(answer);
        }
        let screen = self.screen();
        if self.log.iter().rev().find(|line| line.starts_with('=')).is_none_or(|last| *last != screen) {
            self.log.push(screen);
        }
        self
    }

    fn asked(&mut self, request: RequestId, line: String) -> String {
        self.request = request;
        line
    }

    fn screen(&self) -> String {
        match self.flow.view(ms(self.now)).view {
            StepView::Consent => "= consent".into(),
            StepView::Details(view) => format!("= details, complete {}", view.complete),
            StepView::Document(view) => format!("= document, reading {}, refused {}", view.reading, view.refusal.is_some()),
            StepView::Outcome { outcome: Outcome::Document(decision), .. } => format!("= decided {:?}", decision.overall),
            StepView::Face(view) => format!("= face {:?}", view.phase),
            StepView::Liveness(view) => format!("= liveness {:?} {:?}", view.phase, view.gesture),
            StepView::Working { what_key } => format!("= {what_key}"),
            StepView::Review(view) => format!("= review, {} duplicates", view.duplicates.len()),
            StepView::Outcome { outcome: Outcome::Enrolled { held, .. }, .. } => format!("= enrolled, held {held}"),
            StepView::Outcome { outcome: Outcome::Verified { comparison, .. }, .. } => format!("= verified {:?}", comparison.decision),
            StepView::Outcome { outcome: Outcome::Identified { candidates, decided, .. }, .. } => {
                format!("= identified {decided}, {} shown", candidates.len())
            }
            StepView::Outcome { outcome: Outcome::Refused { reason_key, code, .. }, .. } => format!("= refused {code} {reason_key}"),
            StepView::Trouble(view) => format!("= trouble {} recovering {}", view.code, view.recovering),
        }
    }

    fn input(&mut self, input: FlowInput) -> &mut Self {
        self.send(FlowEvent::Input(input))
    }

    fn next(&mut self) -> &mut Self {
        self.input(FlowInput::Next)
    }

    fn fill(&mut self, key: &str, value: &str) -> &mut Self {
        self.input(FlowInput::FieldChanged { key: key.into(), value: SensitiveText(value.into()) });
        self.input(FlowInput::FieldLeft { key: key.into() })
    }

    fn show(&mut self, scene: &Scene, frames: usize) -> &mut Self {
        for _ in 0..frames {
            self.now += 40;
            self.frames += 1;
            let (frame, observation) = scene.captured(self.frames, ms(self.now));
            self.send(FlowEvent::Observed { frame, observation });
        }
        self
    }

    fn wait(&mut self, millis: u64) -> &mut Self {
        self.now += millis;
        self.send(FlowEvent::Tick)
    }

    fn assessed(&mut self, outcome: PadOutcome) -> &mut Self {
        let attempt = self.attempt;
        self.send(FlowEvent::BurstAssessed { attempt, result: Ok(assessment(attempt, outcome)) })
    }

    /// Shows a good face and has it assessed.
    fn face(&mut self, outcome: PadOutcome) -> &mut Self {
        self.show(&Scene::default(), 8).assessed(outcome)
    }

    fn duplicates(&mut self, found: Vec<CandidateView>) -> &mut Self {
        let request = self.request;
        self.send(FlowEvent::DuplicatesFound { request, result: Ok(found) })
    }

    fn compared(&mut self, result: Result<Option<Comparison>, Fault>) -> &mut Self {
        let request = self.request;
        self.send(FlowEvent::Compared { request, result })
    }

    fn looked_up(&mut self, result: Option<SubjectId>) -> &mut Self {
        let request = self.request;
        self.send(FlowEvent::CodeLookedUp { request, result: Ok(result) })
    }

    fn saved(&mut self, result: Result<(), Fault>) -> &mut Self {
        let request = self.request;
        let saved = SavedEnrolment { subject: person(1), registration_code: RegistrationCode::from_entropy(5) };
        self.send(FlowEvent::Saved { request, result: result.map(|()| saved) })
    }

    fn end(&self) -> Option<&AuditEvent> {
        self.audit.iter().rev().find(|e| matches!(e, AuditEvent::FlowEnded { .. }))
    }
}

fn enrolling(attended: bool) -> Bench {
    let mut bench = Bench::begun(FlowStart { attended, ..start(FlowKind::Enrol) });
    bench.next().fill("full_name", "Ada Lovelace").next();
    bench
}

#[test]
fn an_enrolment_from_consent_to_code() {
    let mut bench = enrolling(false);
    bench.face(PadOutcome::BonaFide).duplicates(vec![]).next().saved(Ok(())).wait(20_000);
    insta::assert_snapshot!(bench.log.join("\n"), @r#"
    = consent
    = details, complete false
    = details, complete true
      camera true
      preview true
    = face Positioning
    = face Holding
    = face Capturing
      assess 4 shots
    = face Assessing
      preview false
      camera false
      search duplicates, except false
    = working-searching
    = review, 0 duplicates
      save Camera Assessed { outcome: BonaFide, layers: [("passive", Some(0.9), 0.5)], methods: ["scripted/1"], assurance: Some(AssuranceText { level: Passive, species: [], untested: [] }) }, held false
    = working-saving
    = enrolled, held false
      finished Completed
    = working-title
    "#);
    assert_eq!(bench.draft.unwrap().details, [("full_name".to_owned(), SensitiveText("Ada Lovelace".into()))]);
}

#[test]
fn an_authentication() {
    let mut bench = Bench::begun(start(FlowKind::Authenticate));
    let code = RegistrationCode::from_entropy(99);
    bench.fill("registration_code", &code.to_string().to_lowercase()).next().looked_up(None);
    bench.fill("registration_code", &code.to_string()).next().looked_up(Some(person(4)));
    bench.face(PadOutcome::BonaFide).compared(Ok(Some(comparison(true)))).next();
    insta::assert_snapshot!(bench.log.join("\n"), @r"
    = details, complete false
    = details, complete true
      look up 3300-000R
    = working-searching
    = details, complete false
    = details, complete true
      look up 3300-000R
    = working-searching
      camera true
      preview true
    = face Positioning
    = face Holding
    = face Capturing
      assess 4 shots
    = face Assessing
      preview false
      camera false
      compare
    = working-comparing
    = verified Match
      finished Completed
    = working-title
    ");
}

#[test]
fn a_refused_presentation_never_enrols() {
    let mut bench = enrolling(true);
    for _ in 0..3 {
        bench.face(PadOutcome::Attack).wait(2_500);
        bench.input(FlowInput::Override { reason: "I know them".into() });
    }
    assert_eq!(bench.screen(), "= refused FLW-21 refused-pad");
    bench.input(FlowInput::Retry);
    for _ in 0..3 {
        bench.face(PadOutcome::Attack).wait(2_500);
    }
    assert_eq!(bench.screen(), "= refused FLW-24 refused-attempts");
    assert!(!bench.flow.outcome().unwrap().offers_retry());
    bench.input(FlowInput::Retry);
    assert_eq!(bench.screen(), "= refused FLW-24 refused-attempts");
    assert!(bench.draft.is_none());
    assert_eq!(bench.audit.iter().filter(|e| matches!(e, AuditEvent::PresentationRefused { .. })).count(), 6);
}

#[test]
fn an_officer_may_go_on_without_an_answer_and_that_is_recorded() {
    for (attended, reason, expected) in
        [(true, "passport seen", "= working-searching"), (true, "  ", "= face AttemptOver"), (false, "passport seen", "= face AttemptOver")]
    {
        let mut bench = enrolling(attended);
        bench.face(PadOutcome::NonResponse).input(FlowInput::Override { reason: reason.into() });
        assert_eq!(bench.screen(), expected, "{attended} {reason}");
    }
    let mut bench = enrolling(true);
    bench.face(PadOutcome::NonResponse).input(FlowInput::Override { reason: "passport seen".into() }).duplicates(vec![]).next();
    assert_eq!(bench.draft.unwrap().pad, PadRecord::NotAssessed { reason: "passport seen".into() });
    assert!(bench.audit.contains(&AuditEvent::Overridden { flow: "enrol".into(), reason: "passport seen".into() }));
}

#[test]
fn duplicates_are_the_officers_business() {
    let mut kiosk = enrolling(false);
    kiosk.face(PadOutcome::BonaFide).duplicates(vec![candidate(3, true)]);
    assert_eq!(kiosk.screen(), "= review, 0 duplicates");
    kiosk.next().saved(Ok(()));
    assert_eq!(kiosk.screen(), "= enrolled, held true");

    let mut desk = enrolling(true);
    desk.face(PadOutcome::BonaFide).duplicates(vec![candidate(3, true)]);
    assert_eq!(desk.screen(), "= review, 1 duplicates");
    desk.next().saved(Ok(()));
    assert_eq!(desk.screen(), "= enrolled, held false");

    let mut setup = FlowSetup::standard(FlowStart { attended: true, ..start(FlowKind::Enrol) }, profile("quick"));
    setup.steps.retain(|s| *s == Step::Face || *s == Step::Result);
    let mut unseen = Bench::new(setup);
    unseen.send(FlowEvent::Begin).face(PadOutcome::BonaFide).duplicates(vec![candidate(3, true)]);
    assert!(unseen.draft.unwrap().held, "nobody has seen the duplicates");
}

#[test]
fn a_re_enrolment_replaces_only_ones_own_record() {
    let begun = |attended| {
        let mut bench = Bench::begun(FlowStart { attended, claim: Some(person(4)), ..start(FlowKind::ReEnrol) });
        bench.next().face(PadOutcome::BonaFide);
        bench
    };
    let mut bench = begun(false);
    bench.compared(Ok(Some(comparison(true)))).duplicates(vec![candidate(4, true)]).next().saved(Ok(()));
    assert_eq!(bench.screen(), "= enrolled, held false");
    let draft = bench.draft.unwrap();
    assert_eq!((draft.subject, draft.details.len()), (Some(person(4)), 0));
    for result in [None, Some(comparison(false))] {
        let mut bench = begun(false);
        bench.compared(Ok(result));
        assert_eq!(bench.screen(), "= refused FLW-26 refused-not-the-same");
        let mut bench = begun(true);
        bench.compared(Ok(result)).duplicates(vec![]).next();
        assert!(bench.draft.is_some(), "an officer has seen it");
    }
}

#[test]
fn every_fault_of_the_work_fails_closed_and_can_be_retried() {
    let gallery = Fault::gallery("GAL-04");
    let mut bench = enrolling(true);
    bench.face(PadOutcome::BonaFide);
    let request = bench.request;
    bench.send(FlowEvent::DuplicatesFound { request, result: Err(gallery) });
    assert_eq!(bench.screen(), "= trouble GAL-04 recovering false");
    bench.input(FlowInput::Retry).duplicates(vec![]).next().saved(Err(gallery));
    assert_eq!(bench.screen(), "= trouble GAL-04 recovering false");
    bench.input(FlowInput::Retry).saved(Ok(()));
    assert_eq!(bench.screen(), "= enrolled, held false");
}

#[test]
fn a_save_that_was_given_up_is_not_repeated() {
    let mut bench = enrolling(true);
    bench.face(PadOutcome::BonaFide).duplicates(vec![]).next().wait(20_000);
    assert_eq!(bench.screen(), "= trouble FLW-31 recovering false");
    let before = bench.request;
    bench.input(FlowInput::Retry);
    assert_eq!(bench.request, before, "it may still come through");
    bench.saved(Ok(()));
    assert_eq!(bench.screen(), "= enrolled, held false");
}

#[test]
fn inconsistent_numbers_are_no_match() {
    let mut wrong = comparison(true);
    wrong.score = SimilarityScore(f32::NAN);
    let mut low = comparison(true);
    low.score = SimilarityScore(0.2);
    for bad in [wrong, low] {
        let mut bench = Bench::begun(FlowStart { claim: Some(person(4)), ..start(FlowKind::Authenticate) });
        bench.face(PadOutcome::BonaFide).compared(Ok(Some(bad)));
        assert_eq!(bench.screen(), "= refused FLW-32 refused-not-compared");
    }
}

#[test]
fn practice_is_tagged_by_what_the_camera_says() {
    let mut bench = enrolling(true);
    bench.show(&Scene { origin: Origin::Practice, ..Scene::default() }, 8).assessed(PadOutcome::BonaFide).duplicates(vec![]);
    assert!(bench.flow.view(ms(bench.now)).practice);
    bench.next();
    assert_eq!(bench.draft.unwrap().origin, Origin::Practice);
}

#[test]
fn nobody_there_ends_the_flow_with_a_visible_countdown() {
    for inputs in [0, 1] {
        let mut bench = Bench::begun(start(FlowKind::Enrol));
        (0..inputs).for_each(|_| _ = bench.next());
        assert_eq!(bench.flow.next_deadline().unwrap().0, ms(45_000));
        bench.wait(44_999);
        assert!(!bench.flow.is_over());
        bench.wait(1);
        assert!(bench.flow.is_over());
        assert!(
            matches!(bench.end(), Some(AuditEvent::FlowEnded { outcome, code: Some(code), .. }) if outcome == "cancelled" && code == "FLW-02")
        );
    }
    let mut bench = Bench::begun(start(FlowKind::Enrol));
    bench.input(FlowInput::RefuseConsent).wait(5_000);
    let StepView::Outcome { returns_in, .. } = bench.flow.view(ms(bench.now)).view else { panic!("{}", bench.screen()) };
    assert_eq!(returns_in, Some(Duration::from_secs(15)));
    bench.wait(15_000);
    assert_eq!(bench.log.last().unwrap(), "= working-title");
    assert!(bench.flow.is_over());
}

#[test]
fn a_lost_camera_is_trouble_that_mends_itself() {
    let mut bench = enrolling(false);
    bench.show(&Scene::default(), 6).send(FlowEvent::Lost(Fault::camera("CAM-05")));
    assert_eq!(bench.screen(), "= trouble CAM-05 recovering true");
    bench.wait(30_000).send(FlowEvent::Recovered);
    assert_eq!(bench.screen(), "= face Positioning");
    bench.face(PadOutcome::BonaFide);
    assert_eq!(bench.screen(), "= working-searching");

    // Lost before the face step began, and nobody waits for ever.
    let mut bench = Bench::begun(start(FlowKind::Enrol));
    bench.send(FlowEvent::Lost(Fault::camera("CAM-01"))).next().fill("full_name", "Ada").next();
    assert_eq!(bench.screen(), "= trouble CAM-01 recovering true");
    bench.wait(45_000);
    assert!(bench.flow.is_over());
}

#[test]
fn going_back_forgets_what_rested_on_the_picture() {
    let mut bench = enrolling(true);
    bench.face(PadOutcome::BonaFide).duplicates(vec![candidate(3, true)]).input(FlowInput::Back);
    assert_eq!(bench.screen(), "= face Positioning");
    bench.input(FlowInput::Back);
    assert_eq!(bench.screen(), "= details, complete true");
    bench.next().face(PadOutcome::BonaFide);
    assert_eq!(bench.screen(), "= working-searching", "duplicates are looked for again");
}

#[test]
fn five_unknown_codes_are_enough() {
    let mut bench = Bench::begun(start(FlowKind::Authenticate));
    for _ in 0..5 {
        bench.fill("registration_code", &RegistrationCode::from_entropy(3).to_string()).next().looked_up(None);
    }
    assert_eq!(bench.screen(), "= refused FLW-04 refused-unknown-code");
}

#[test]
fn steps_are_put_right_and_unknown_checks_are_not_left_out() {
    let steps = |kind, steps: &[Step]| {
        let mut bench = FlowSetup::standard(start(kind), profile("quick"));
        bench.steps = steps.to_vec();
        bench.checked().steps
    };
    use Step::*;
    assert_eq!(steps(FlowKind::Enrol, &[]), [Face, Result]);
    assert_eq!(steps(FlowKind::Enrol, &[Review, Face, Details, Face]), [Face, Review, Details, Result]);
    assert_eq!(steps(FlowKind::Authenticate, &[Face, Result]), [Details, Face, Result]);
    assert_eq!(steps(FlowKind::Identify, &[Details, Face, Review]), [Face, Result]);
    let mut setup = FlowSetup::standard(start(FlowKind::Enrol), profile("quick"));
    setup.fields = vec![FieldRule::named("full_name", true)];
    for (first, screen) in [(Document, "= refused FLW-06 refused-step-not-supported"), (Liveness, "= refused FLW-07 refused-incomplete")] {
        setup.steps = vec![first, Face, Result];
        let mut bench = Bench::new(setup.clone());
        bench.send(FlowEvent::Begin);
        assert_eq!(bench.screen(), screen);
    }
}

/// Every locale key that this floor can name is in every locale.
#[test]
fn every_key_has_words() {
    let sources = [
        include_str!("../capture.rs"),
        include_str!("../capture/event.rs"),
        include_str!("../guidance/feedback.rs"),
        include_str!("../guidance/gates.rs"),
        include_str!("../flow.rs"),
        include_str!("answers.rs"),
        include_str!("details.rs"),
        include_str!("gathered.rs"),
        include_str!("inputs.rs"),
        include_str!("shown.rs"),
    ];
    let families = ["feedback-", "attempt-", "refused-", "problem-", "working-", "trouble-", "quality-"];
    let quoted = sources.iter().flat_map(|text| text.split('"'));
    let key = |word: &&str| families.iter().any(|f| word.starts_with(f)) && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    let mut keys: Vec<&str> = quoted.filter(key).collect();
    keys.sort_unstable();
    keys.dedup();
    assert!(keys.len() > 60, "{keys:?}");
    for locale in [include_str!("../../../assets/locales/en.ftl"), include_str!("../../../assets/locales/de.ftl")] {
        let missing: Vec<_> = keys.iter().filter(|key| !locale.lines().any(|l| l.split(" =").next() == Some(**key))).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
