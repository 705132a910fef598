//! Erasing somebody who was delivered: nothing of them stays in the outbox but the name a service knows them by, and that only until they are
//! deleted there.

use crate::book::Turn as Fate;
use crate::pages::{Stored, connect, decrypted_pages, remnants};
use crate::people::{enrolment, open, subject};
use crate::stage::{Services, deliver, engine, enrol, entries, intended, states};
use std::time::Duration;
use visavis::ports::gallery::{GalleryError, GalleryStore as _};
use visavis::ports::outbox::{Change, ClaimRequest, DeliveryState, Note, Operation, Outbox as _, Progress};
use visavis::ports::services::{Guarantee, Receipt, ServiceKind};
use visavis::units::UtcTime;

const BAF: ServiceKind = ServiceKind::Baf;
const UQUDO: ServiceKind = ServiceKind::Uqudo;
const FACEKI: ServiceKind = ServiceKind::Faceki;

fn services() -> Services {
    Services::default()
        .with(BAF, Guarantee::ExactlyOnceByKey)
        .with(UQUDO, Guarantee::ExactlyOnceByLookUp)
        .with(FACEKI, Guarantee::AtMostOnce)
}

/// Everything the file holds about a person, their deliveries included.
fn stored(folder: &std::path::Path, n: u64) -> Vec<Vec<u8>> {
    let connection = connect(folder);
    let person = Stored::read(&connection, subject(n).0.as_bytes());
    let mut values = person.values();
    let mut statement = connection.prepare("SELECT key, receipt FROM outbox WHERE subject = ?1").unwrap();
    let rows = statement.query_map([person.number], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Option<Vec<u8>>>(1)?))).unwrap();
    for (key, receipt) in rows.map(Result::unwrap) {
        values.push(key);
        values.extend(receipt);
    }
    values
}

#[test]
fn a_delivered_person_is_erased_everywhere_and_is_on_no_page() {
    let folder = tempfile::tempdir().unwrap();
    let services = services();
    let mut gallery = open(folder.path()).unwrap();
    for n in 1..=12 {
        enrol(&mut gallery, n, &[BAF, UQUDO, FACEKI]);
    }
    gallery.enrol(&intended(5, 1, &[BAF])).unwrap();
    deliver(folder.path(), &services);
    let values = stored(folder.path(), 5);
    assert!(values.len() > 12 && remnants(&decrypted_pages(folder.path()), &values) > 1000, "there to be found before");
    let references: Vec<Vec<u8>> = services.book(BAF).entries.iter().map(|entry| entry.reference.clone().into_bytes()).collect();

    gallery.erase(subject(5), "asked", UtcTime(9)).unwrap();
    assert_eq!(remnants(&decrypted_pages(folder.path()), &values), 0, "nothing of it is on any page");
    let deletions: Vec<_> = entries(&gallery).into_iter().filter(|entry| entry.operation == Operation::Delete).collect();
    assert_eq!(deletions.len(), 4, "one for each name a service gave, two of them at the first");
    assert!(deletions.iter().all(|deletion| deletion.subject.is_none() && deletion.record.is_none()));
    gallery.verify().unwrap();

    deliver(folder.path(), &services);
    for times in 0..=1 {
        let code = enrolment(5, times).registration_code;
        assert!([BAF, UQUDO, FACEKI].iter().all(|kind| !services.book(*kind).holds(&code)), "gone at every service");
    }
    assert!([BAF, UQUDO, FACEKI].iter().all(|kind| services.book(*kind).holds(&enrolment(6, 0).registration_code)), "the others stay");
    let connection = connect(folder.path());
    let kept: i64 = connection
        .query_row("SELECT count(*) FROM outbox WHERE operation = 'delete' AND receipt IS NOT NULL", [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, 0, "the name goes when the deletion is done");
    // No name a service gave stands unsealed on any page, erased or not.
    assert_eq!(remnants(&decrypted_pages(folder.path()), &references.into_iter().filter(|r| r.len() > 5).collect::<Vec<_>>()), 0);
    gallery.verify().unwrap();
}

#[test]
fn who_never_left_the_machine_needs_no_deletion() {
    let folder = tempfile::tempdir().unwrap();
    let mut gallery = open(folder.path()).unwrap();
    enrol(&mut gallery, 1, &[BAF, UQUDO]);
    gallery.erase(subject(1), "asked", UtcTime(9)).unwrap();
    assert_eq!(entries(&gallery), []);
}

#[test]
fn an_unknown_outcome_leads_to_a_deletion_by_the_code() {
    let folder = tempfile::tempdir().unwrap();
    let services = services();
    let mut gallery = open(folder.path()).unwrap();
    services.script(FACEKI, [Fate::ReplyLost]);
    enrol(&mut gallery, 1, &[FACEKI]);
    deliver(folder.path(), &services);
    assert_eq!(states(&gallery), [DeliveryState::OutcomeUnknown]);
    gallery.erase(subject(1), "asked", UtcTime(9)).unwrap();
    deliver(folder.path(), &services);
    assert_eq!(states(&gallery), [DeliveryState::Delivered]);
    assert_eq!(services.book(FACEKI).times(&enrolment(1, 0).registration_code), 1);
    assert!(!services.book(FACEKI).holds(&enrolment(1, 0).registration_code));
}

#[test]
fn a_deletion_that_does_not_erase_stays_owed_until_a_person_says_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let mut services = services();
    services.change(BAF, |capabilities| capabilities.delete_erases = false);
    services.change(UQUDO, |capabilities| capabilities.delete = false);
    let mut gallery = open(folder.path()).unwrap();
    enrol(&mut gallery, 1, &[BAF, UQUDO]);
    deliver(folder.path(), &services);
    gallery.erase(subject(1), "asked", UtcTime(9)).unwrap();
    deliver(folder.path(), &services);
    assert_eq!(states(&gallery), [DeliveryState::ErasureOwed; 2]);
    assert_eq!((services.calls(BAF, "delete"), services.calls(UQUDO, "delete")), (1, 0));
    let owed = entries(&gallery).remove(0);
    assert!(owed.receipt.is_some(), "the name is kept for whoever deletes by hand");
    let mut engine = engine(folder.path(), &services).unwrap();
    engine.act(owed.key, visavis::runtime::sync::Action::Arrived(None)).unwrap();
    engine.finish();
    assert_eq!(gallery.entry(owed.key).unwrap().receipt, None);
}

/// Somebody is erased while a worker sends their enrolment: the deletion waits for the answer and learns the name from it.
#[test]
fn a_deletion_waits_for_what_is_under_way() {
    let folder = tempfile::tempdir().unwrap();
    let mut gallery = open(folder.path()).unwrap();
    enrol(&mut gallery, 1, &[BAF]);
    let claim = |state| ClaimRequest {
        service: BAF,
        state,
        count: 5,
        enrol_guarantee: Guarantee::AtMostOnce,
        delete_guarantee: Guarantee::ExactlyOnceByKey,
        longest_delay: Duration::from_secs(1),
        evidence: false,
        except: Vec::new(),
    };
    let sent = gallery.exchange(&[], &[claim(DeliveryState::Queued)], UtcTime(5)).unwrap().remove(0);
    gallery.erase(subject(1), "asked", UtcTime(6)).unwrap();
    assert_eq!(gallery.exchange(&[], &[claim(DeliveryState::Queued)], UtcTime(7)).unwrap(), [], "not before the answer");
    let answer = Change {
        key: sent.key,
        from: DeliveryState::Sending,
        to: Progress { state: DeliveryState::Delivered, ..sent.progress },
        due_at: UtcTime(0),
        receipt: Some(Receipt { remote_reference: Some("the-name-it-was-given".into()), identifiers: Vec::new(), repeated: false }),
        fault: None,
        note: Note { at: UtcTime(8), what: "delivered".into(), text: String::new() },
        new_key: None,
        forget_name: false,
    };
    let deletion = gallery.exchange(&[answer], &[claim(DeliveryState::Queued)], UtcTime(8)).unwrap().remove(0);
    let delivery = deletion.delivery.unwrap();
    assert_eq!((deletion.operation, delivery.remote_reference.as_deref()), (Operation::Delete, Some("the-name-it-was-given")));
    assert!(delivery.subject.0.is_nil() && delivery.registration_code.is_empty() && delivery.details.is_empty());
    assert!(delivery.faces.is_empty(), "a deletion carries nothing else");

    // Had the process died instead, the next start lets the deletion go, by the code.
    enrol(&mut gallery, 2, &[BAF]);
    let sent = gallery.exchange(&[], &[claim(DeliveryState::Queued)], UtcTime(9)).unwrap();
    assert_eq!(sent.len(), 1);
    gallery.erase(subject(2), "asked", UtcTime(10)).unwrap();
    let mut restarted = open(folder.path()).unwrap();
    // The first deletion was under way itself.
    assert_eq!(restarted.interrupted(UtcTime(20)).unwrap().len(), 1);
    // What the dead process sent last may still arrive: deleting before that would leave the person there.
    assert!(restarted.exchange(&[], &[claim(DeliveryState::Queued)], UtcTime(19)).unwrap().is_empty());
    let deletion = restarted.exchange(&[], &[claim(DeliveryState::Queued)], UtcTime(20)).unwrap().remove(0);
    assert_eq!(deletion.delivery.unwrap().registration_code, enrolment(2, 0).registration_code);
}

#[test]
fn a_deletion_names_the_enrolment_that_was_sent_not_a_later_one_that_was_not() {
    let folder = tempfile::tempdir().unwrap();
    let mut gallery = open(folder.path()).unwrap();
    let claim = ClaimRequest {
        service: UQUDO,
        state: DeliveryState::Queued,
        count: 5,
        enrol_guarantee: Guarantee::ExactlyOnceByLookUp,
        delete_guarantee: Guarantee::ExactlyOnceByKey,
        longest_delay: Duration::from_secs(1),
        evidence: false,
        except: Vec::new(),
    };
    enrol(&mut gallery, 1, &[UQUDO]);
    assert_eq!(gallery.exchange(&[], std::slice::from_ref(&claim), UtcTime(5)).unwrap().len(), 1);
    gallery.enrol(&intended(1, 1, &[UQUDO])).unwrap();
    gallery.erase(subject(1), "asked", UtcTime(6)).unwrap();
    // The process died before the answer: the service may know the person by the first code, and by no other.
    assert!(gallery.interrupted(UtcTime(0)).unwrap().is_empty());
    let deletion = gallery.exchange(&[], &[claim], UtcTime(7)).unwrap().remove(0);
    assert_eq!(deletion.operation, Operation::Delete);
    assert_eq!(deletion.delivery.unwrap().registration_code, enrolment(1, 0).registration_code);
}

#[test]
fn deleting_an_old_record_keeps_the_name_for_later_and_sends_nothing_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let services = services();
    let mut gallery = open(folder.path()).unwrap();
    enrol(&mut gallery, 1, &[BAF]);
    deliver(folder.path(), &services);
    gallery.enrol(&intended(1, 1, &[BAF, UQUDO])).unwrap();
    gallery.enrol(&intended(1, 2, &[])).unwrap();
    gallery.delete_record(enrolment(1, 0).record).unwrap();
    gallery.delete_record(enrolment(1, 1).record).unwrap();
    assert_eq!(entries(&gallery).len(), 1, "what was never sent goes with its record");
    deliver(folder.path(), &services);
    assert_eq!((services.registered(BAF), services.registered(UQUDO)), (1, 0));
    assert!(matches!(gallery.record(enrolment(1, 0).record), Err(GalleryError::NotFound { .. })));
    gallery.erase(subject(1), "asked", UtcTime(9)).unwrap();
    deliver(folder.path(), &services);
    assert!(!services.book(BAF).holds(&enrolment(1, 0).registration_code), "its receipt still says whom to delete");
}
