//! People who were enrolled before a service was configured.

use crate::people::{enrolment, open, subject};
use crate::stage::{Services, deliver, enrol, entries, intended};
use visavis::ports::camera::Origin;
use visavis::ports::gallery::{GalleryStore as _, NewEnrolment, PadRecord};
use visavis::ports::outbox::{Backfill, BackfillRequest, Outbox};
use visavis::ports::services::{Guarantee, ServiceKind};
use visavis::units::UtcTime;

const BAF: ServiceKind = ServiceKind::Baf;
const UQUDO: ServiceKind = ServiceKind::Uqudo;

fn request(after: Option<u64>, most: usize) -> BackfillRequest<'static> {
    // Records from picture files are not delivered.
    BackfillRequest { service: BAF, delivers: &|_, from_file| !from_file, after, most, only_count: false, at: UtcTime(1) }
}

#[test]
fn whoever_is_missing_is_queued_once_in_steps_and_delivered() {
    let folder = tempfile::tempdir().unwrap();
    let services = Services::default().with(BAF, Guarantee::ExactlyOnceByKey).with(UQUDO, Guarantee::ExactlyOnceByLookUp);
    let mut gallery = open(folder.path()).unwrap();
    for n in 1..=6 {
        enrol(&mut gallery, n, &[UQUDO]);
    }
    gallery.enrol(&intended(3, 1, &[UQUDO])).unwrap();
    enrol(&mut gallery, 7, &[BAF]);
    let file = NewEnrolment { origin: Origin::File, pad: PadRecord::NotAssessed { reason: "a file".into() }, ..enrolment(8, 0) };
    gallery.enrol(&file).unwrap();
    gallery.erase(subject(6), "asked", UtcTime(1)).unwrap();

    let counted = gallery.backfill(&BackfillRequest { only_count: true, ..request(None, 100) }).unwrap();
    assert_eq!(counted, Backfill { queued: 5, left_out: 1, next: None });
    let first = gallery.backfill(&request(None, 2)).unwrap();
    assert_eq!((first.queued, first.left_out, first.next.is_some()), (2, 0, true));
    // As after a crash: what was queued stays, the next run finds the rest.
    drop(gallery);
    let mut gallery = open(folder.path()).unwrap();
    assert_eq!(gallery.backfill(&request(None, 100)).unwrap(), Backfill { queued: 3, left_out: 1, next: None });
    assert_eq!(gallery.backfill(&request(None, 100)).unwrap(), Backfill { queued: 0, left_out: 1, next: None });

    deliver(folder.path(), &services);
    let book = services.book(BAF);
    for n in [1, 2, 4, 5, 7] {
        assert_eq!(book.times(&enrolment(n, 0).registration_code), 1, "person {n}");
    }
    assert_eq!((book.times(&enrolment(3, 0).registration_code), book.times(&enrolment(3, 1).registration_code)), (0, 1), "the active one");
    assert_eq!(book.entries.len(), 6);
    assert_eq!(entries(&gallery).iter().filter(|entry| entry.service == BAF).count(), 6);
}
