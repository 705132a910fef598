//! Delivery by hand: whatever happens to the stick on its way, everybody arrives once and the receipts come home.

use crate::book::Turn as Fate;
use crate::people::{enrolment, open, subject};
use crate::stage::{RULES, Services, chance, enrol, entries, intended, states};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use visavis::adapters::gallery::sqlite::SqliteGallery;
use visavis::adapters::sealed::{Identity, Trust};
use visavis::ports::gallery::GalleryStore as _;
use visavis::ports::outbox::{DeliveryState, Outbox as _};
use visavis::ports::services::{Guarantee, ServiceKind};
use visavis::runtime::clock::SystemClock;
use visavis::runtime::sync::packets::{ExportReport, ExportTo, ImportFrom, Importer, PacketsReport, Progress, export_packets};
use visavis::units::{SensitiveBytes, UtcTime};

const BAF: ServiceKind = ServiceKind::Baf;
const FACEKI: ServiceKind = ServiceKind::Faceki;

fn identity(fill: u8) -> Identity {
    Identity::derive(&SensitiveBytes(vec![fill; 32]))
}

/// A kiosk without a network (identity 1), a branch with one (identity 2), a stick between them.
struct Field {
    kiosk: tempfile::TempDir,
    branch: tempfile::TempDir,
    stick: tempfile::TempDir,
    services: Services,
}

impl Field {
    fn new() -> Self {
        let folder = || tempfile::tempdir().unwrap();
        let services = Services::default().with(BAF, Guarantee::ExactlyOnceByLookUp).with(FACEKI, Guarantee::AtMostOnce);
        Self { kiosk: folder(), branch: folder(), stick: folder(), services }
    }

    fn export(&self) -> ExportReport {
        self.export_as(false, &Progress::default())
    }

    /// The kiosk's gallery with people from the first on, each to be delivered to the services.
    fn kiosk_with(&self, people: u64, services: &[ServiceKind]) -> SqliteGallery {
        let mut kiosk = open(self.kiosk.path()).unwrap();
        (1..=people).for_each(|n| enrol(&mut kiosk, n, services));
        kiosk
    }

    fn export_as(&self, practice: bool, progress: &Progress) -> ExportReport {
        let (one, two) = (identity(1), identity(2));
        let to = ExportTo { folder: self.stick.path(), service: None, recipient: two.receives_as(), identity: &one, practice };
        export_packets(&mut open(self.kiosk.path()).unwrap(), &to, &RULES, UtcTime(5), progress).unwrap()
    }

    fn import(&self, at: &Path, own: u8, trusted: u8) -> PacketsReport {
        self.import_as(at, own, trusted, &Progress::default())
    }

    fn import_as(&self, at: &Path, own: u8, trusted: u8, progress: &Progress) -> PacketsReport {
        let (own, trusted) = (identity(own), [identity(trusted).signs_as()]);
        let mut outbox = open(at).unwrap();
        let mut targets = self.services.targets();
        let mut importer =
            Importer { outbox: &mut outbox, targets: &mut targets, rules: RULES, clock: Arc::new(SystemClock::start()), chance: chance(3) };
        let patience = Duration::from_secs(2);
        let from = ImportFrom { folder: self.stick.path(), trust: Trust::Only(&trusted), identity: &own, practice: false, patience };
        importer.run(&from, progress).unwrap()
    }

    fn at_the_branch(&self) -> PacketsReport {
        self.import(self.branch.path(), 2, 1)
    }

    fn back_at_the_kiosk(&self) -> PacketsReport {
        self.import(self.kiosk.path(), 1, 2)
    }

    fn packets(&self) -> Vec<PathBuf> {
        let mut found: Vec<PathBuf> =
            std::fs::read_dir(self.stick.path().join("packets")).unwrap().map(|entry| entry.unwrap().path()).collect();
        found.sort();
        found
    }

    /// Everybody stands at the service once.
    #[track_caller]
    fn everybody_once(&self, kind: ServiceKind, people: u64) {
        let book = self.services.book(kind);
        assert!((1..=people).all(|n| book.times(&enrolment(n, 0).registration_code) == 1));
        assert_eq!(book.entries.len() as u64, people);
    }
}

#[test]
fn records_travel_and_receipts_come_home() {
    let field = Field::new();
    let mut kiosk = field.kiosk_with(12, &[BAF, FACEKI]);
    assert_eq!(field.export(), ExportReport { packets: 24, written: 24, ..ExportReport::default() });
    assert_eq!(states(&kiosk), [DeliveryState::Exported; 24]);
    let report = field.at_the_branch();
    assert_eq!((report.packets, report.delivered, report.receipts_written), (24, 24, 24), "{report:?}");
    assert!(report.is_complete());
    field.everybody_once(BAF, 12);
    field.everybody_once(FACEKI, 12);
    let sent = enrolment(3, 0);
    let arrived = field.services.book(BAF).entries.iter().find(|entry| entry.code == sent.registration_code).cloned().unwrap();
    assert_eq!(arrived.faces, [sent.pictures[0].encoded.0.clone()], "whole");
    let home = field.back_at_the_kiosk();
    assert_eq!((home.receipts_taken, home.not_for_us), (24, 25), "{home:?}");
    assert!(home.is_complete());
    assert!(entries(&kiosk).iter().all(|entry| entry.progress.state == DeliveryState::Delivered && entry.receipt.is_some()));
    // Later erasures know whom to delete.
    kiosk.erase(subject(3), "asked", UtcTime(9)).unwrap();
    crate::stage::deliver(field.kiosk.path(), &field.services);
    assert!(!field.services.book(BAF).holds(&sent.registration_code));
    assert_eq!(field.back_at_the_kiosk().receipts_taken, 0, "the same receipts again change nothing");
}

#[test]
fn the_same_packets_again_deliver_nothing() {
    let field = Field::new();
    field.kiosk_with(5, &[FACEKI]);
    field.export();
    field.at_the_branch();
    // The stick is copied, brought again, and exported to once more before any receipt came home.
    assert_eq!(field.export().written, 0, "what is there is left as it is");
    for path in field.packets() {
        std::fs::copy(&path, path.with_file_name(format!("9{}", path.file_name().unwrap().to_string_lossy()))).unwrap();
    }
    let again = field.at_the_branch();
    assert_eq!((again.packets, again.delivered, again.settled_before), (10, 0, 10), "{again:?}");
    field.everybody_once(FACEKI, 5);
}

#[test]
fn an_export_that_broke_off_is_finished_by_the_next() {
    let field = Field::new();
    let kiosk = field.kiosk_with(6, &[BAF]);
    field.export();
    // As after pulling the stick: some packets and the manifest never got there.
    for path in field.packets().into_iter().skip(2) {
        std::fs::remove_file(path).unwrap();
    }
    std::fs::remove_file(field.stick.path().join("manifest.visavis")).unwrap();
    assert_eq!(states(&kiosk), [DeliveryState::Exported; 6], "nothing goes by the network as well");
    crate::stage::deliver(field.kiosk.path(), &field.services);
    assert_eq!(field.services.calls(BAF, "enrol"), 0);
    assert_eq!(field.export(), ExportReport { packets: 6, written: 4, ..ExportReport::default() });
    assert!(field.at_the_branch().is_complete());
    field.everybody_once(BAF, 6);
}

#[test]
fn missing_and_altered_packets_are_named_and_the_others_arrive() {
    let field = Field::new();
    field.kiosk_with(8, &[BAF]);
    field.export();
    let packets = field.packets();
    let lost = packets[1].clone();
    let whole = std::fs::read(&packets[3]).unwrap();
    let kept = field.stick.path().join("kept-elsewhere");
    std::fs::rename(&lost, &kept).unwrap();
    for (path, from_end) in [(&packets[3], 10), (&packets[5], 9000)] {
        let mut bytes = std::fs::read(path).unwrap();
        let change = bytes.len() - from_end;
        bytes[change] ^= 1;
        std::fs::write(path, bytes).unwrap();
    }
    let report = field.at_the_branch();
    assert_eq!(report.missing, [lost.file_name().unwrap().to_string_lossy()]);
    assert_eq!((report.delivered, report.packets), (5, 5));
    assert_eq!(report.problems.len(), 4, "by the manifest and by the packets themselves: {:?}", report.problems);
    assert!(report.problems.iter().all(|problem| problem.code == "GAL-43"));
    assert!(!report.is_complete());
    std::fs::write(&packets[3], whole).unwrap();
    std::fs::remove_file(&packets[5]).unwrap();
    std::fs::rename(&kept, &lost).unwrap();
    assert_eq!(field.export().written, 1);
    assert!(field.at_the_branch().is_complete());
    field.everybody_once(BAF, 8);
}

#[test]
fn packets_of_strangers_and_of_practice_are_not_delivered() {
    let field = Field::new();
    enrol(&mut open(field.kiosk.path()).unwrap(), 1, &[BAF]);
    field.export();
    let report = field.import(field.branch.path(), 2, 9);
    assert_eq!(report.problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["GAL-44"; 2], "packet and manifest");
    std::fs::remove_dir_all(field.stick.path().join("packets")).unwrap();
    field.export_as(true, &Progress::default());
    let report = field.at_the_branch();
    assert_eq!(report.problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["GAL-41"], "{report:?}");
    assert_eq!(field.services.calls(BAF, "enrol"), 0);
}

#[test]
fn each_persons_order_is_kept_however_the_files_are_named() {
    let field = Field::new();
    let mut kiosk = open(field.kiosk.path()).unwrap();
    for n in 1..=4 {
        enrol(&mut kiosk, n, &[BAF]);
        gallery_again(&mut kiosk, n, 1);
        gallery_again(&mut kiosk, n, 2);
    }
    field.export();
    std::fs::remove_file(field.stick.path().join("manifest.visavis")).unwrap();
    // Named backwards; the first packet of person 2 is missing.
    let packets = field.packets();
    for (path, position) in packets.iter().zip((10..99).rev()) {
        std::fs::rename(path, path.with_file_name(format!("{position}.visavis"))).unwrap();
    }
    let missing = packets[3].with_file_name(format!("{}.visavis", 98 - 3));
    let aside = field.stick.path().join("aside");
    std::fs::rename(&missing, &aside).unwrap();
    let report = field.at_the_branch();
    assert_eq!((report.delivered, report.left), (9, 2), "two wait for the missing one: {report:?}");
    std::fs::rename(&aside, &missing).unwrap();
    assert!(field.at_the_branch().is_complete());
    let book = field.services.book(BAF);
    for n in 1..=4 {
        let codes: Vec<String> = (0..=2).map(|times| enrolment(n, times).registration_code).collect();
        let mine: Vec<_> = book.entries.iter().filter(|entry| codes.contains(&entry.code)).collect();
        assert_eq!(mine.iter().map(|entry| entry.code.clone()).collect::<Vec<_>>(), codes, "person {n}");
        assert!(mine.windows(2).all(|pair| pair[1].earlier.as_ref() == Some(&pair[0].reference)), "under the name it was given");
    }
}

fn gallery_again(kiosk: &mut visavis::adapters::gallery::sqlite::SqliteGallery, n: u64, times: u64) {
    kiosk.enrol(&intended(n, times, &[BAF])).unwrap();
}

#[test]
fn lost_replies_at_the_branch_end_as_the_guarantee_allows() {
    let field = Field::new();
    let mut kiosk = open(field.kiosk.path()).unwrap();
    enrol(&mut kiosk, 1, &[BAF, FACEKI]);
    field.services.script(BAF, [Fate::ReplyLost]);
    field.services.script(FACEKI, [Fate::ReplyLost]);
    field.export();
    let report = field.at_the_branch();
    assert_eq!((report.delivered, report.attention, report.left), (1, 1, 0), "{report:?}");
    assert_eq!(field.services.calls(BAF, "enrol"), 1, "asked, not sent again");
    field.at_the_branch();
    assert_eq!(field.services.calls(FACEKI, "enrol"), 1, "never again by itself");
    field.back_at_the_kiosk();
    let mut ends = states(&kiosk);
    ends.sort();
    assert_eq!(ends, [DeliveryState::Delivered, DeliveryState::OutcomeUnknown], "the kiosk learns both");
    // A person at the branch finds out; the next receipt brings it home.
    let mut branch = open(field.branch.path()).unwrap();
    let unknown = entries(&branch).into_iter().find(|entry| entry.progress.state == DeliveryState::OutcomeUnknown).unwrap();
    let action = visavis::runtime::sync::Action::Arrived(Some("ref-0".into()));
    visavis::runtime::sync::act(&mut branch, unknown.key, action, &RULES, UtcTime(7)).unwrap();
    field.at_the_branch();
    assert_eq!(field.back_at_the_kiosk().receipts_taken, 1);
    assert_eq!(states(&kiosk), [DeliveryState::Delivered; 2]);
}

#[test]
fn somebody_erased_while_the_packet_travelled_is_deleted_when_it_has_arrived() {
    let field = Field::new();
    let mut kiosk = open(field.kiosk.path()).unwrap();
    enrol(&mut kiosk, 1, &[BAF]);
    field.export();
    kiosk.erase(subject(1), "asked", UtcTime(6)).unwrap();
    crate::stage::deliver(field.kiosk.path(), &field.services);
    assert_eq!(field.services.calls(BAF, "delete"), 0, "nobody is there yet");
    // The deletion travels too, and follows the enrolment.
    assert_eq!(field.export().packets, 1);
    let report = field.at_the_branch();
    assert_eq!((report.delivered, report.left), (2, 0), "{report:?}");
    assert!(!field.services.book(BAF).holds(&enrolment(1, 0).registration_code));
    assert_eq!(field.services.book(BAF).times(&enrolment(1, 0).registration_code), 1);
    field.back_at_the_kiosk();
    assert_eq!(states(&kiosk), [DeliveryState::Delivered]);
    assert_eq!(kiosk.entries(&visavis::ports::outbox::EntryQuery { limit: 9, ..Default::default() }).unwrap().entries[0].receipt, None);
}

/// Progress that does something to itself at every step, told what is done.
fn acting(act: impl Fn(&Progress, u64) + Send + Sync + 'static) -> Arc<Progress> {
    Arc::new_cyclic(|me: &std::sync::Weak<Progress>| {
        let me = me.clone();
        Progress::telling(move |done, _| me.upgrade().iter().for_each(|progress| act(progress, done)))
    })
}

/// Progress that breaks itself off once so many packets are done.
fn broken_off_at(packets: u64) -> Arc<Progress> {
    acting(move |progress, done| {
        if done >= packets {
            progress.cancel();
        }
    })
}

#[test]
fn an_export_that_is_broken_off_gives_back_what_it_did_not_write() {
    let field = Field::new();
    let kiosk = field.kiosk_with(10, &[BAF]);
    let report = field.export_as(false, &broken_off_at(3));
    assert_eq!(report, ExportReport { packets: 3, written: 3, cancelled: true, ..ExportReport::default() });
    let count = |gallery, state| states(gallery).iter().filter(|found| **found == state).count();
    assert_eq!((count(&kiosk, DeliveryState::Exported), count(&kiosk, DeliveryState::Queued)), (3, 7));
    crate::stage::deliver(field.kiosk.path(), &field.services);
    assert_eq!(field.services.registered(BAF), 7, "what has no packet goes by the network again");
    assert!(field.at_the_branch().is_complete(), "the manifest names what was written");
    field.everybody_once(BAF, 10);
    assert_eq!(field.back_at_the_kiosk().receipts_taken, 3);
    assert_eq!(states(&kiosk), [DeliveryState::Delivered; 10]);
}

#[test]
fn somebody_erased_while_an_export_is_broken_off_is_deleted_nowhere_and_waits_for_nothing() {
    let field = Field::new();
    let kiosk = field.kiosk_with(4, &[BAF]);
    let here = field.kiosk.path().to_owned();
    let progress = acting(move |progress, done| {
        if done == 2 {
            open(&here).unwrap().erase(subject(4), "asked", UtcTime(6)).unwrap();
            progress.cancel();
        }
    });
    assert_eq!(field.export_as(false, &progress).packets, 2);
    crate::stage::deliver(field.kiosk.path(), &field.services);
    assert!(states(&kiosk).iter().all(|state| *state != DeliveryState::Queued), "{:?}", entries(&kiosk));
    assert_eq!((field.services.registered(BAF), field.services.calls(BAF, "enrol")), (1, 1), "only the one that was given back");
}

#[test]
fn an_import_that_is_broken_off_goes_on_where_it_stopped() {
    let field = Field::new();
    field.kiosk_with(40, &[FACEKI]);
    field.export();
    let report = field.import_as(field.branch.path(), 2, 1, &broken_off_at(1));
    assert!(report.cancelled && !report.is_complete(), "{report:?}");
    assert_eq!((report.delivered + report.left, field.services.registered(FACEKI) as u64), (40, report.delivered), "{report:?}");
    assert!(report.left > 0);
    let before_anything = broken_off_at(0);
    let untouched = field.import_as(field.branch.path(), 2, 1, &before_anything);
    assert_eq!((untouched.cancelled, untouched.packets, untouched.left), (true, 0, 40));
    let rest = field.at_the_branch();
    assert!(rest.is_complete(), "{rest:?}");
    assert_eq!(rest.delivered, report.left);
    field.everybody_once(FACEKI, 40);
}
