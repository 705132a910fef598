//! The end of an application that delivers: every thread ends in order, whatever the services, the outbox and the packets are at.

use crate::stage::{Stage, stage_configured};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;
use visavis::adapters::sealed::Identity;
use visavis::adapters::twin::credentials::SECRET_KEY;
use visavis::adapters::twin::{Fault, Twin, TwinOptions};
use visavis::ports::audit::AuditEvent;
use visavis::ports::gallery::GalleryError;
use visavis::ports::outbox::{DeliveryState, EntryQuery, Outbox};
use visavis::ports::services::ServiceKind;
use visavis::runtime::application::{PacketOrder, PacketsDone};
use visavis::runtime::clock::{Clock as _, SystemClock};
use visavis::runtime::messages::{Command, Notice, Seat};
use visavis::runtime::sync::setup::Places;
use visavis::units::SensitiveBytes;
use visavis::workflow::input::FlowInput;

fn twin() -> Twin {
    let clock = SystemClock::start();
    Twin::start(ServiceKind::Baf, TwinOptions::new(Arc::new(move || clock.utc()))).unwrap()
}

/// A desk that owes its practice enrolments to BAF at an address; the folder holds the service's key.
fn desk(address: &str) -> (Stage, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key");
    std::fs::write(&key, SECRET_KEY).unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let text = format!(
        "[sync]\nservices = ['baf']\n[services.baf]\nprivate_key = 'file:{}'\n\
         [services.baf.endpoint]\nbase_url = '{address}'\nprefix = ''\npractice = true\n",
        key.display()
    );
    (stage_configured(Seat::Desk, &text, None, |store| store), folder)
}

fn enrol(stage: &mut Stage, n: u8) {
    stage.start_enrolment();
    stage.finish_enrolment(n);
    stage.input(FlowInput::Next);
}

fn states(stage: &Stage) -> Vec<DeliveryState> {
    let page = stage.opener()().unwrap().entries(&EntryQuery { limit: 100, ..EntryQuery::default() }).unwrap();
    page.entries.iter().map(|entry| entry.progress.state).collect()
}

#[test]
fn a_service_that_is_not_there_keeps_nobody() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (mut stage, _folder) = desk(&format!("http://{nobody}"));
    let places = stage.places();
    stage.app.deliver_with(places, true);
    enrol(&mut stage, 1);
    // The lane waits on a clock that nobody moves.
    stage.until("a failed try", |s| s.app.sync_summary().is_some_and(|summary| summary.worst().is_some_and(|(_, a)| a.code == "SVC-01")));
    assert_eq!(states(&stage), [DeliveryState::Queued]);
    assert!(stage.end());
}

#[test]
fn an_answer_that_is_under_way_is_waited_for_and_kept() {
    let twin = twin();
    twin.next_for(2, Fault::Slow(Duration::from_millis(1500)));
    let (mut stage, _folder) = desk(&twin.base_url());
    let places = stage.places();
    stage.app.deliver_with(places, true);
    enrol(&mut stage, 1);
    stage.work_until("the call", |_| twin.ledger().calls.get(&2) == Some(&1));
    let open = stage.opener();
    let _kept = stage.end_and_keep();
    let page = open().unwrap().entries(&EntryQuery { limit: 100, ..EntryQuery::default() }).unwrap();
    assert_eq!(page.entries.iter().map(|entry| entry.progress.state).collect::<Vec<_>>(), [DeliveryState::Delivered]);
}

#[test]
fn an_outbox_that_stays_locked_keeps_nobody() {
    let (mut stage, _folder) = desk("http://127.0.0.1:9");
    let places = Places { open_outbox: Arc::new(|_| Err(GalleryError::Locked)), ..stage.places() };
    stage.app.deliver_with(places, true);
    stage.until("the trouble", |s| s.app.sync_summary().is_some_and(|summary| summary.trouble.is_some()));
    assert!(stage.end());
}

/// Closed, the thread that moves packets waits before it opens its outbox.
#[derive(Default)]
struct Gate(Mutex<bool>, Condvar);

impl Gate {
    fn open(&self) {
        *self.0.lock().unwrap() = true;
        self.1.notify_all();
    }

    fn pass(&self) {
        drop(self.1.wait_while(self.0.lock().unwrap(), |open| !*open).unwrap());
    }
}

/// A desk with three records that wait, an export ordered, and the gate before it.
fn exporting() -> (Stage, Arc<Gate>, tempfile::TempDir) {
    let (mut stage, folder) = desk("http://127.0.0.1:9");
    let gate = Arc::new(Gate::default());
    let (places, closed) = (stage.places(), Arc::clone(&gate));
    let open = Arc::clone(&places.open_outbox);
    let open_outbox = Arc::new(move |practice| -> Result<Box<dyn Outbox>, GalleryError> {
        if std::thread::current().name() == Some("packets") {
            closed.pass();
        }
        open(practice)
    });
    stage.app.deliver_with(Places { open_outbox, ..places }, false);
    (1..=3).for_each(|n| enrol(&mut stage, n));
    let branch = Identity::derive(&SensitiveBytes(vec![3; 32])).receives_as().to_text();
    stage.app.handle(Command::MovePackets(PacketOrder::Export { folder: folder.path().join("stick"), service: None, recipient: branch }));
    stage.poll();
    (stage, gate, folder)
}

fn moved(stage: &Stage) -> Option<PacketsDone> {
    stage.notices.iter().find_map(|notice| if let Notice::PacketsMoved(done) = notice { Some(done.clone()) } else { None })
}

#[test]
fn an_export_is_broken_off_and_everything_waits_as_before() {
    let (mut stage, gate, _folder) = exporting();
    let view = |s: &Stage| s.app.snapshot().status.sync.and_then(|sync| sync.packets);
    assert_eq!(view(&stage).map(|packets| packets.cancelled), Some(false));
    stage.app.handle(Command::CancelPackets);
    assert_eq!(view(&stage).map(|packets| packets.cancelled), Some(true), "the screen says that it stops");
    // Lists are answered while packets are moved.
    stage.app.handle(Command::ListDeliveries(EntryQuery { limit: 10, ..EntryQuery::default() }));
    stage.until("the list", |s| s.notices.iter().any(|n| matches!(n, Notice::Deliveries(_, page) if page.total == 3)));
    assert_eq!(moved(&stage), None);
    gate.open();
    stage.until("the end of the export", |s| moved(s).is_some());
    assert!(matches!(moved(&stage), Some(PacketsDone::Exported(report)) if report.cancelled && report.packets == 0));
    assert_eq!((view(&stage), states(&stage)), (None, vec![DeliveryState::Queued; 3]));
    assert!(stage.end());
}

#[test]
fn an_export_under_way_ends_with_the_application() {
    let (stage, gate, folder) = exporting();
    let (audit, open, stick) = (stage.audit.clone(), stage.opener(), folder.path().join("stick"));
    gate.open();
    let _kept = stage.end_and_keep();
    let page = open().unwrap().entries(&EntryQuery { limit: 100, ..EntryQuery::default() }).unwrap();
    let count = |state| page.entries.iter().filter(|entry| entry.progress.state == state).count() as u64;
    let written = count(DeliveryState::Exported);
    // However far it got: what has no packet waits as before, and the trail says how much there is.
    assert_eq!(
        (count(DeliveryState::Queued) + written, std::fs::read_dir(stick.join("packets")).map_or(0, Iterator::count) as u64),
        (3, written)
    );
    let events = audit.0.lock().unwrap();
    assert!(events.iter().any(|event| matches!(event, AuditEvent::PacketsMoved { packets, .. } if *packets == written)), "{events:?}");
}

#[test]
fn a_delivering_thread_that_dies_is_said_to_and_the_next_order_begins_anew() {
    let twin = twin();
    let (mut stage, _folder) = desk(&twin.base_url());
    let places = stage.places();
    let open = Arc::clone(&places.open_outbox);
    let healthy = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let seen = Arc::clone(&healthy);
    let open_outbox = Arc::new(move |practice| -> Result<Box<dyn Outbox>, GalleryError> {
        let sync = std::thread::current().name() == Some("sync");
        assert!(!sync || seen.load(std::sync::atomic::Ordering::SeqCst), "scripted");
        open(practice)
    });
    stage.app.deliver_with(Places { open_outbox, ..places }, true);
    stage.until("the notice", |s| s.notices.iter().any(|n| matches!(n, Notice::Failed(_, advice) if advice.code == "SYN-07")));
    let sync = |s: &Stage| s.app.snapshot().status.sync.expect("delivery");
    assert!(!sync(&stage).delivering);
    assert_eq!(sync(&stage).summary.trouble.map(|(_, advice)| advice.code), Some("SYN-07"));
    enrol(&mut stage, 1);
    assert_eq!(states(&stage), [DeliveryState::Queued]);
    healthy.store(true, std::sync::atomic::Ordering::SeqCst);
    stage.app.handle(Command::DeliverNow);
    let delivered = |s: &Stage| sync(s).summary.services.iter().any(|service| service.count(DeliveryState::Delivered) == 1);
    stage.work_until("the delivery", |s| sync(s).delivering && delivered(s));
    assert_eq!(states(&stage), [DeliveryState::Delivered]);
    assert!(stage.end());
}
