//! Services that want a picture of the document: a record without one waits for a person, and goes out once it has one.

use crate::local_twins::{picture, start, targets};
use crate::people::{enrolment, open, subject};
use crate::stage::{RULES, entries, parts};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use visavis::adapters::gallery::sqlite::SqliteGallery;
use visavis::adapters::twin::FaultRates;
use visavis::advice::Advised as _;
use visavis::ports::gallery::{GalleryError, GalleryStore as _, NewEnrolment, NewPicture, PictureKind, RecordId};
use visavis::ports::outbox::DeliveryState;
use visavis::ports::services::ServiceKind;
use visavis::runtime::clock::{Clock, SystemClock};
use visavis::runtime::sync::engine::Engine;
use visavis::runtime::sync::{Action, Turn, act};
use visavis::units::UtcTime;

const WANT_DOCUMENTS: [ServiceKind; 2] = [ServiceKind::Faceki, ServiceKind::Onboarding];

fn shown(kind: PictureKind) -> NewPicture {
    NewPicture { kind, encoded: picture("person=ada", 0) }
}

fn deliver(folder: &Path) {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::start());
    let parts = parts(folder, targets(folder, &WANT_DOCUMENTS, 1, &clock), clock);
    let turn = Turn::take(&parts.turn).unwrap();
    let mut engine = Engine::start(parts, turn).unwrap();
    engine.run_until_rest(Duration::from_secs(1), &mut |_| ());
    engine.finish();
}

fn states(gallery: &SqliteGallery) -> Vec<DeliveryState> {
    entries(gallery).iter().map(|entry| entry.progress.state).collect()
}

#[test]
fn a_record_without_a_document_waits_for_a_person_and_goes_out_with_one() {
    let folder = tempfile::tempdir().unwrap();
    let twins = start(folder.path(), &WANT_DOCUMENTS, 1, |_| FaultRates::default());
    let mut gallery = open(folder.path()).unwrap();
    let record = enrolment(1, 0).record;
    gallery
        .enrol(&NewEnrolment { pictures: vec![shown(PictureKind::Frame)], deliver_to: WANT_DOCUMENTS.to_vec(), ..enrolment(1, 0) })
        .unwrap();
    deliver(folder.path());
    assert_eq!(states(&gallery), [DeliveryState::Refused; 2]);
    for entry in entries(&gallery) {
        assert_eq!(entry.fault.unwrap().advice().code, "SVC-21");
    }
    assert!(twins.iter().all(|twin| twin.ledger().calls.is_empty()), "nothing was sent");

    gallery.add_document(record, &[shown(PictureKind::DocumentFront), shown(PictureKind::DocumentBack)]).unwrap();
    for entry in entries(&gallery) {
        act(&mut gallery, entry.key, Action::Retry, &RULES, UtcTime(2)).unwrap();
    }
    deliver(folder.path());
    assert_eq!(states(&gallery), [DeliveryState::Delivered; 2]);
    assert!(twins.iter().all(|twin| twin.ledger().registrations_of_person("ada") == 1));
    gallery.verify().unwrap();
}

#[test]
fn only_pictures_of_documents_are_added_and_newer_ones_replace_them() {
    let folder = tempfile::tempdir().unwrap();
    let mut gallery = open(folder.path()).unwrap();
    gallery.enrol(&enrolment(1, 0)).unwrap();
    let record = enrolment(1, 0).record;
    for refused in [vec![], vec![shown(PictureKind::Frame)], vec![shown(PictureKind::DocumentFront), shown(PictureKind::Portrait)]] {
        assert!(matches!(gallery.add_document(record, &refused), Err(GalleryError::Unfit { .. })));
    }
    let nobody = RecordId(uuid::Uuid::from_u128(7));
    assert!(matches!(gallery.add_document(nobody, &[shown(PictureKind::DocumentFront)]), Err(GalleryError::NotFound { .. })));
    gallery.add_document(record, &[shown(PictureKind::DocumentFront), shown(PictureKind::DocumentBack)]).unwrap();
    let newer = NewPicture { kind: PictureKind::DocumentFront, encoded: picture("person=eve", 0) };
    gallery.add_document(record, std::slice::from_ref(&newer)).unwrap();
    assert_eq!(gallery.picture(subject(1), PictureKind::DocumentFront), Ok(Some(newer.encoded)));
    assert!(gallery.picture(subject(1), PictureKind::DocumentBack).unwrap().is_some(), "the other side stays");
    let receipt = gallery.erase(subject(1), "asked", UtcTime(2)).unwrap();
    assert_eq!(receipt.pictures, 4, "two of the face, two of the document");
    gallery.verify().unwrap();
}
