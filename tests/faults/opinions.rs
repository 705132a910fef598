//! Second opinions: asked once the outcome stands, shown and kept beside it; whatever a service says, does or fails to do, the outcome stays.

use crate::stage::{Stage, stage_configured};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use visavis::adapters::keys::MemoryKeyStore;
use visavis::adapters::services::secrets::SecretBox;
use visavis::adapters::twin::credentials::{CLIENT_ID, CLIENT_SECRET};
use visavis::adapters::twin::{Fault, Twin, TwinOptions};
use visavis::biometrics::comparison::VerificationDecision;
use visavis::ports::gallery::GalleryError;
use visavis::ports::keys::KeyStore;
use visavis::ports::opinions::{Agreement, LocalWord, OpinionSet, Question, Reply};
use visavis::ports::services::{ServiceFault, ServiceKind};
use visavis::runtime::clock::{Clock as _, SystemClock};
use visavis::runtime::messages::Seat;
use visavis::runtime::sync::setup::Places;
use visavis::workflow::input::FlowInput;
use visavis::workflow::view::{FlowKind, Outcome};

/// Number of Uqudo's operation that compares two pictures.
const COMPARE: u16 = 2;

struct Scene {
    stage: Stage,
    twin: Twin,
    code: String,
    _folder: tempfile::TempDir,
}

/// A desk that asks Uqudo, which answers, and FACEKI, which is not there, with person 1 enrolled.
fn scene() -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let clock = SystemClock::start();
    let twin = Twin::start(ServiceKind::Uqudo, TwinOptions::new(Arc::new(move || clock.utc()))).unwrap();
    let secret = folder.path().join("secret");
    std::fs::write(&secret, CLIENT_SECRET).unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(&secret, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let text = format!(
        "[flows.authenticate]\nopinions = ['uqudo', 'faceki']\n[opinions]\nseconds = 20\n\
         [services.uqudo.endpoint]\nbase_url = '{}'\npractice = true\n\
         [services.uqudo.endpoint.token]\naddress = '/api/oauth/token'\nclient_id = '{CLIENT_ID}'\nsecret = 'file:{}'\n\
         [services.faceki]\nworkflow_id = 'w'\n[services.faceki.endpoint]\nbase_url = 'http://{nobody}'\npractice = true\n\
         [services.faceki.endpoint.token]\nclient_id = 'x'\nsecret = 'file:{}'\n",
        twin.base_url(),
        secret.display(),
        secret.display()
    );
    let mut stage = stage_configured(Seat::Desk, &text, None, |store| store);
    let places = Places {
        clock: stage.clock.clone(),
        secrets: Arc::new(|| {
            let keys: Box<dyn KeyStore> = Box::new(MemoryKeyStore::default());
            Ok(SecretBox::new(std::path::Path::new("nowhere"), Arc::new(Mutex::new(keys))))
        }),
        open_outbox: Arc::new(|_| Err(GalleryError::Locked)),
        folder: folder.path().to_owned(),
        free_space: Arc::new(|| None),
    };
    stage.app.deliver_with(places, false);
    stage.start_enrolment();
    let code = stage.finish_enrolment(1);
    stage.input(FlowInput::Next);
    Scene { stage, twin, code, _folder: folder }
}

impl Scene {
    /// Authenticates with face `n`; the decision, and what the services said once all answered or were too late.
    fn authenticate(&mut self, n: u8, in_between: impl FnOnce(&mut Stage)) -> (VerificationDecision, OpinionSet) {
        self.stage.start(FlowKind::Authenticate);
        self.stage.enter("registration_code", &self.code);
        self.stage.input(FlowInput::Next);
        self.stage.show_until(n, "the outcome", |s| s.outcome().is_some());
        let decided = decision(&self.stage);
        in_between(&mut self.stage);
        self.stage.until("every opinion", |s| s.app.snapshot().opinions.is_some_and(|view| view.waiting.is_empty()));
        assert_eq!(decision(&self.stage), decided, "no opinion changes an outcome");
        let set = self.stage.app.snapshot().opinions.unwrap().set;
        (decided, set)
    }
}

fn decision(stage: &Stage) -> VerificationDecision {
    match stage.outcome() {
        Some(Outcome::Verified { comparison, .. }) => comparison.decision,
        other => panic!("not verified: {other:?}"),
    }
}

#[test]
fn services_are_asked_beside_the_decision_and_one_that_is_away_is_said_to_be() {
    let mut scene = scene();
    let (decided, set) = scene.authenticate(1, |_| ());
    assert_eq!((decided, set.local), (VerificationDecision::Match, LocalWord::Match));
    let uqudo = &set.opinions[0];
    assert_eq!(
        (uqudo.service, uqudo.question, uqudo.agreement),
        (ServiceKind::Uqudo, Some(Question::Verify), Agreement::Agrees),
        "{set:?}"
    );
    let faceki = &set.opinions[1];
    assert_eq!(faceki.agreement, Agreement::Open);
    assert!(
        matches!(&faceki.reply, Reply::NotAsked) || matches!(&faceki.reply, Reply::Failed(e) if e.fault == ServiceFault::Unreachable),
        "{faceki:?}"
    );
}

#[test]
fn a_local_refusal_stays_one_whatever_a_service_says() {
    let mut scene = scene();
    let (decided, set) = scene.authenticate(2, |_| ());
    assert_eq!((decided, set.local), (VerificationDecision::NonMatch, LocalWord::NoMatch));
    assert_eq!(set.opinions[0].agreement, Agreement::Agrees, "{set:?}");
}

#[test]
fn whoever_does_not_answer_in_time_is_too_late_and_holds_nobody_up() {
    let mut scene = scene();
    scene.twin.next_for(COMPARE, Fault::Slow(Duration::from_secs(10)));
    let (decided, set) = scene.authenticate(1, |stage| {
        let asked = |s: &Stage| s.app.snapshot().opinions.is_some();
        stage.wait_until("the question", asked);
        stage.clock.advance(Duration::from_secs(21));
        stage.poll();
    });
    assert_eq!(decided, VerificationDecision::Match);
    assert_eq!((&set.opinions[0].reply, set.opinions[0].agreement), (&Reply::TooLate, Agreement::Open));
}
