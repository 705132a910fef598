//! The desk over the running application, its gallery and outbox, and twins of the services on loopback: nothing in between is made up but
//! the camera and the networks.

use crate::people::enrolment;
use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use visavis::adapters::camera::CameraChoice;
use visavis::adapters::gallery::sqlite::SqliteGallery;
use visavis::adapters::keys::FileKeyStore;
use visavis::adapters::sealed::Identity;
use visavis::adapters::services::secrets::SecretBox;
use visavis::adapters::twin::credentials::SECRET_KEY;
use visavis::adapters::twin::{Fault, Twin, TwinOptions, errors, pictures};
use visavis::biometrics::comparison::MatchLevel;
use visavis::biometrics::identification::decision::IdentificationPolicy;
use visavis::biometrics::observation::Observation;
use visavis::biometrics::pad::PadLayer;
use visavis::biometrics::template::{Template, TemplateFormat};
use visavis::config::{Change, Effective, with_changes};
use visavis::ports::audit::{AuditError, AuditEvent, AuditSink};
use visavis::ports::camera::{CameraError, CapturedFrame};
use visavis::ports::gallery::{GalleryStore, NewPicture, PictureKind};
use visavis::ports::inference::BackendDescription;
use visavis::ports::keys::{KeyProtection, KeyStore};
use visavis::ports::outbox::Outbox;
use visavis::ports::services::ServiceKind;
use visavis::runtime::application::Application;
use visavis::runtime::application::parts::{Parts, system_entropy};
use visavis::runtime::assessment::Observer;
use visavis::runtime::clock::{Clock as _, SystemClock};
use visavis::runtime::enrolled::DecisionRules;
use visavis::runtime::messages::{Command, Notice, Seat, Snapshot};
use visavis::runtime::settings::SettingsFile;
use visavis::runtime::sync::setup::Places;
use visavis::ui::app::{Backend, VisavisApp};
use visavis::ui::window::Options;
use visavis::units::{SensitiveBytes, SensitiveText, UtcTime};
use visavis::workflow::capture::event::{AssessmentFailure, Fault as MachineFault, Shot};
use visavis::workflow::capture_profile::{CaptureProfile, CaptureProfiles};
use visavis::workflow::flow::event::BurstAssessment;

/// Number of BAF's operation that takes the pictures.
const REGISTER: u16 = 2;
const PATIENCE: Duration = Duration::from_secs(60);

/// Networks that see nobody: no flow is part of these tests.
struct Blind;

impl Observer for Blind {
    fn observe(&mut self, _: &CapturedFrame, _: &CaptureProfile) -> Result<Observation, MachineFault> {
        Err(MachineFault::model("MOD-10"))
    }
    fn assess(&mut self, _: &[Shot]) -> Result<BurstAssessment, AssessmentFailure> {
        Err(AssessmentFailure::NotUsable)
    }
    fn assess_challenge(&mut self, _: &[Shot], _: &[Template]) -> Result<Vec<PadLayer>, AssessmentFailure> {
        Err(AssessmentFailure::NotUsable)
    }
}

#[derive(Clone, Default)]
struct Notebook(Arc<Mutex<Vec<AuditEvent>>>);

impl AuditSink for Notebook {
    fn append(&mut self, _: UtcTime, event: &AuditEvent) -> Result<(), AuditError> {
        self.0.lock().unwrap().push(event.clone());
        Ok(())
    }
}

struct Live(Option<Application>);

impl Backend for Live {
    fn handle(&mut self, command: Command) {
        self.0.as_mut().unwrap().handle(command);
    }
    fn poll(&mut self) -> Vec<Notice> {
        self.0.as_mut().unwrap().poll()
    }
    fn snapshot(&self) -> Snapshot {
        self.0.as_ref().unwrap().snapshot()
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        if let Some(application) = self.0.take() {
            application.shut_down(Duration::from_secs(20));
        }
    }
}

struct Desk {
    stage: Harness<'static, VisavisApp<Live>>,
    audit: Notebook,
    folder: tempfile::TempDir,
}

fn open(folder: &std::path::Path) -> SqliteGallery {
    let keys = FileKeyStore::open(&folder.join("keys")).unwrap();
    SqliteGallery::open(&folder.join("gallery.db"), &keys, false).unwrap()
}

/// A desk with one person enrolled for BAF, whose configuration file holds what `changes` says, given the folder of everything.
fn desk(changes: impl FnOnce(&std::path::Path) -> Vec<Change>) -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().to_owned();
    let changes = changes(&at);
    let file = at.join("visavis.toml");
    std::fs::write(&file, with_changes("[sync]\nfirst_delay_seconds = 1\nlook_up_after_seconds = 0\n", &changes).unwrap()).unwrap();
    let config = Effective::from_layers(Some(&std::fs::read_to_string(&file).unwrap()), &[]).unwrap().config;
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::GrayImage::from_pixel(48, 64, image::Luma([128])).write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    let picture = pictures::marked(&bytes.into_inner(), "person=ada;").unwrap();
    let clock = SystemClock::start();
    let person = visavis::ports::gallery::NewEnrolment {
        pictures: vec![NewPicture { kind: PictureKind::Frame, encoded: SensitiveBytes(picture) }],
        details: vec![("full_name".into(), SensitiveText("Ada Lovelace".into()))],
        deliver_to: vec![ServiceKind::Baf],
        enrolled_at: clock.utc(),
        ..enrolment(1, 0)
    };
    open(&at).enrol(&person).unwrap();
    let audit = Notebook::default();
    let (gallery_at, keys_at, outbox_at) = (at.clone(), at.clone(), at.clone());
    let format = TemplateFormat { recogniser: "none@0123456789abcdef".into(), dimensions: 128 };
    let parts = Parts {
        clock: Arc::new(clock),
        waker: Arc::new(|| {}),
        seat: Seat::Desk,
        config,
        profiles: CaptureProfiles::builtin(),
        camera: CameraChoice::default(),
        open_camera: Arc::new(|_, _| Err(CameraError::Unplugged)),
        list_cameras: Arc::new(Vec::new),
        camera_delays: Default::default(),
        observer: Box::new(Blind),
        models: "none".into(),
        restricted: Vec::new(),
        backend: BackendDescription { name: "tract", version: "0".into(), library: None, threads: 1 },
        rules: DecisionRules {
            format,
            calibration: None,
            document_calibration: None,
            level: MatchLevel::Three,
            policy: IdentificationPolicy::default(),
            margin_percent: 3.0,
            threads: 1,
        },
        open_gallery: Box::new(move |_| Ok(Box::new(open(&gallery_at)) as Box<dyn GalleryStore>)),
        keys: KeyProtection::File,
        identity: Arc::new(|| Ok(Identity::derive(&SensitiveBytes(vec![7; 32])))),
        settings: Some(SettingsFile::new(file, Vec::new())),
        audit: Box::new(audit.clone()),
        entropy: system_entropy(),
    };
    let mut application = Application::start(parts).unwrap();
    let places = Places {
        clock: Arc::new(clock),
        secrets: Arc::new(move || {
            let keys: Box<dyn KeyStore> = Box::new(FileKeyStore::open(&keys_at.join("keys"))?);
            Ok(SecretBox::new(&keys_at.join("secrets"), Arc::new(Mutex::new(keys))))
        }),
        open_outbox: Arc::new(move |_| Ok(Box::new(open(&outbox_at)) as Box<dyn Outbox>)),
        folder: at,
        free_space: Arc::new(|| Some(u64::MAX)),
    };
    application.deliver_with(places, true);
    let options = Options { reduced_motion: true, keyboard: false, ..Options::of(Seat::Desk) };
    let builder = Harness::builder().with_size([1600.0, 1000.0]).with_max_steps(24);
    let stage = builder.build_eframe(|cc| VisavisApp::new(&cc.egui_ctx, Live(Some(application)), options));
    let mut desk = Desk { stage, audit, folder };
    desk.stage.run_steps(4);
    desk
}

impl Desk {
    /// Lets the window work until something is there.
    #[track_caller]
    fn until(&mut self, what: &str, mut reached: impl FnMut(&Harness<'static, VisavisApp<Live>>) -> bool) {
        let start = Instant::now();
        while !reached(&self.stage) {
            assert!(start.elapsed() < PATIENCE, "never came to {what}: {:?}", self.stage.state().backend().snapshot().status.sync);
            std::thread::sleep(Duration::from_millis(5));
            self.stage.state_mut().poll();
            self.stage.run_steps(1);
        }
    }

    #[track_caller]
    fn see(&mut self, label: &str) {
        self.until(label, |stage| stage.query_all_by_label_contains(label).next().is_some());
    }

    #[track_caller]
    fn press(&mut self, label: &str) {
        self.until(label, |stage| stage.query_all_by_label(label).any(|n| !n.accesskit_node().is_disabled()));
        // Pages scroll: a pointer would have to bring it into view first.
        self.stage.get_all_by_label(label).last().unwrap().click_accesskit();
        self.stage.run_steps(3);
    }

    #[track_caller]
    fn write(&mut self, role: Role, label: &str, words: &str) {
        self.stage.get_by_role_and_label(role, label).focus();
        self.stage.run_steps(2);
        self.stage.event(egui::Event::Text(words.to_owned()));
        self.stage.run_steps(2);
    }

    fn configuration(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("visavis.toml")).unwrap()
    }
}

fn twin(service: ServiceKind) -> Twin {
    let clock = SystemClock::start();
    Twin::start(service, TwinOptions::new(Arc::new(move || clock.utc()))).unwrap()
}

/// The private key of the twin in a file of its own, and everything else that BAF needs.
fn set_up(folder: &std::path::Path, address: &str) -> Vec<Change> {
    let file = folder.join("key");
    std::fs::write(&file, SECRET_KEY).unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    vec![
        Change::set("services.baf.endpoint.base_url", address),
        Change::set("services.baf.endpoint.prefix", ""),
        Change::set("services.baf.private_key", format!("file:{}", file.display())),
        Change::set("sync.services", toml::Value::Array(vec!["baf".into()])),
    ]
}

#[test]
fn a_service_is_set_up_tested_and_delivered_to_from_the_screen_alone() {
    let twin = twin(ServiceKind::Baf);
    let mut desk = desk(|_| vec![Change::set("services.baf.endpoint.prefix", "")]);
    desk.press("Sync");
    desk.see("1 waits");
    desk.press("Services");
    desk.see("Set up 3DiVi BAF");
    desk.press("Set up 3DiVi BAF");
    desk.write(Role::TextInput, "Address", "http://127.0.0.1:9");
    desk.write(Role::PasswordInput, "Private key", "sk_wrong");
    desk.press("Test connection");
    desk.see("SVC-01");
    assert!(!desk.configuration().contains("127.0.0.1"), "a test keeps nothing");
    assert!(std::fs::read_dir(desk.folder.path().join("secrets")).unwrap().next().is_none(), "not even the secret");
    desk.press("Cancel");

    desk.press("Set up 3DiVi BAF");
    desk.write(Role::TextInput, "Address", &twin.base_url());
    desk.write(Role::PasswordInput, "Private key", SECRET_KEY);
    desk.press("Deliver registrations here");
    desk.press("Save");
    desk.see("The settings are saved and in force.");
    let file = desk.configuration();
    assert!(file.contains("keyring:baf-private-key") && file.contains("services = [\"baf\"]"), "{file}");
    assert!(!file.contains("sk_"), "a secret is never written there");
    desk.press("Test the connection to 3DiVi BAF");
    desk.see("Nothing was changed there");

    desk.press("Sync");
    desk.until("delivery", |_| twin.ledger().holdings.len() == 1);
    desk.see("Delivered 1");
    desk.press("Ada Lovelace, 3DiVi BAF: Delivered");
    desk.see("Receipt");
    desk.press("Open the person");
    desk.see("At the services");
    desk.see("receipt ");
}

#[test]
fn an_unreachable_service_is_a_banner_and_a_pause_is_kept() {
    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut desk = desk(|folder| set_up(folder, &format!("http://{unused}")));
    desk.see("3DiVi BAF: It cannot be reached");
    desk.see("Enrolling goes on for");
    desk.press("Look at it");
    desk.see("Cannot be reached, tried again");
    desk.press("Pause");
    desk.see("Delivery is paused; 1 waits");
    desk.until("the thread's end", |stage| stage.state().backend().snapshot().status.sync.is_some_and(|sync| !sync.delivering));
    desk.press("Go on");
    desk.see("Cannot be reached, tried again");
    desk.press("Ada Lovelace, 3DiVi BAF: Waits");
    desk.press("Set it aside…");
    desk.press("Set it aside");
    assert!(desk.audit.0.lock().unwrap().iter().all(|e| !matches!(e, AuditEvent::DeliveryDecided { .. })), "not without a reason");
    desk.write(Role::TextInput, "Why", "branch closes today");
    desk.press("Set it aside");
    desk.see("Done; it is in the history.");
    desk.see("by a person's word: branch closes today");
    let audit = desk.audit.0.lock().unwrap().clone();
    assert!(audit.contains(&AuditEvent::DeliveryPaused { paused: true }) && audit.contains(&AuditEvent::DeliveryPaused { paused: false }));
    let decided = |e: &AuditEvent| matches!(e, AuditEvent::DeliveryDecided { decision, reason, .. } if decision == "set_aside" && reason == "branch closes today");
    assert!(audit.iter().any(decided), "{audit:?}");
}

#[test]
fn a_refused_record_is_sent_again_by_a_person_with_a_reason() {
    let twin = twin(ServiceKind::Baf);
    let no_face = errors(ServiceKind::Baf).into_iter().find(|name| *name == "120038-none").unwrap();
    twin.next_for(REGISTER, Fault::Documented(no_face.to_owned()));
    let mut desk = desk(|folder| set_up(folder, &twin.base_url()));
    desk.press("Sync");
    desk.see("Ada Lovelace, 3DiVi BAF: Refused");
    desk.press("Ada Lovelace, 3DiVi BAF: Refused");
    desk.press("Send it again…");
    desk.write(Role::TextInput, "Why", "picture seen, it is fine");
    desk.press("Send it again");
    desk.until("delivery", |_| twin.ledger().holdings.len() == 1);
    desk.see("Ada Lovelace, 3DiVi BAF: Delivered");
}

#[test]
fn packets_leave_for_the_branch_while_delivery_rests() {
    let branch = Identity::derive(&SensitiveBytes(vec![9; 32]));
    let key = Change::set("sync.branch_key", branch.receives_as().to_text());
    let mut desk = desk(|folder| [set_up(folder, "http://127.0.0.1:9"), vec![key]].concat());
    desk.press("Sync");
    desk.see("Ada Lovelace, 3DiVi BAF: Waits");
    desk.press("Write packets…");
    let stick = desk.folder.path().join("stick");
    desk.write(Role::TextInput, "Folder", stick.to_str().unwrap());
    desk.press("Write");
    desk.see("1 packets are in the folder, 1 of them written now.");
    assert_eq!(std::fs::read_dir(stick.join("packets")).unwrap().count(), 1);
    desk.press("Close");
    desk.see("Ada Lovelace, 3DiVi BAF: In a packet");
    let audit = desk.audit.0.lock().unwrap().clone();
    assert!(audit.contains(&AuditEvent::PacketsMoved { direction: "export".into(), packets: 1 }), "{audit:?}");
    desk.until("delivery again", |stage| stage.state().backend().snapshot().status.sync.is_some_and(|sync| sync.delivering));
}
