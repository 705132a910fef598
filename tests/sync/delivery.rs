//! Enrolments through the engine: each arrives whole and once, in each person's order, whatever the services do.

use crate::book::{Turn as Fate, failure};
use crate::people::{enrolment, open, subject};
use crate::stage::{Services, deliver, engine, enrol, entries, intended, states};
use std::time::Duration;
use uuid::Uuid;
use visavis::advice::Advised as _;
use visavis::ports::gallery::{GalleryStore as _, PictureKind};
use visavis::ports::outbox::DeliveryState;
use visavis::ports::services::{Guarantee, ServiceError, ServiceFault, ServiceKind};
use visavis::runtime::sync::summary::LaneState;
use visavis::runtime::sync::{Action, SyncError};

const BAF: ServiceKind = ServiceKind::Baf;
const UQUDO: ServiceKind = ServiceKind::Uqudo;
const FACEKI: ServiceKind = ServiceKind::Faceki;

fn three() -> Services {
    Services::default()
        .with(BAF, Guarantee::ExactlyOnceByKey)
        .with(UQUDO, Guarantee::ExactlyOnceByLookUp)
        .with(FACEKI, Guarantee::AtMostOnce)
}

#[test]
fn what_arrives_is_the_record_as_it_was_enrolled() {
    let folder = tempfile::tempdir().unwrap();
    let services = three();
    let mut gallery = open(folder.path()).unwrap();
    for n in 1..=30 {
        enrol(&mut gallery, n, &[BAF, UQUDO, FACEKI]);
    }
    deliver(folder.path(), &services);
    for kind in [BAF, UQUDO, FACEKI] {
        let book = services.book(kind);
        assert_eq!(book.entries.len(), 30);
        for n in 1..=30 {
            let sent = enrolment(n, 0);
            let entry = book.entries.iter().find(|entry| entry.code == sent.registration_code).expect("delivered");
            assert!(entry.details.iter().zip(&sent.details).all(|(a, b)| a.0 == b.0 && a.1 == b.1.0));
            let frame = sent.pictures.iter().find(|picture| picture.kind == PictureKind::Frame).unwrap();
            assert_eq!(entry.faces, std::slice::from_ref(&frame.encoded.0));
        }
    }
    assert!(states(&gallery).iter().all(|state| *state == DeliveryState::Delivered));
    assert!(entries(&gallery).iter().all(|entry| entry.receipt.as_ref().is_some_and(|r| r.remote_reference.is_some())));
    gallery.verify().unwrap();
}

#[test]
fn nothing_is_queued_unless_the_enrolment_is_saved() {
    let folder = tempfile::tempdir().unwrap();
    let mut gallery = open(folder.path()).unwrap();
    enrol(&mut gallery, 1, &[BAF]);
    let twice = gallery.enrol(&intended(1, 0, &[BAF, UQUDO]));
    assert!(twice.is_err(), "the record exists already");
    assert_eq!(entries(&gallery).len(), 1);
    let revision = gallery.revision().unwrap();
    deliver(folder.path(), &three());
    assert_eq!(gallery.revision().unwrap(), revision, "no index has to be loaded again because something was delivered");
}

#[test]
fn lost_replies_end_as_each_guarantee_allows() {
    let folder = tempfile::tempdir().unwrap();
    let services = three();
    let mut gallery = open(folder.path()).unwrap();
    for kind in [BAF, UQUDO, FACEKI] {
        services.script(kind, [Fate::ReplyLost]);
    }
    enrol(&mut gallery, 1, &[BAF, UQUDO, FACEKI]);
    deliver(folder.path(), &services);
    let state = |kind| entries(&gallery).into_iter().find(|entry| entry.service == kind).unwrap();
    assert_eq!(state(BAF).progress.state, DeliveryState::Delivered);
    assert_eq!(services.calls(BAF, "enrol"), 2, "sent again under the same key");
    assert!(state(BAF).receipt.unwrap().repeated);
    assert_eq!(state(UQUDO).progress.state, DeliveryState::Delivered, "{:?}", state(UQUDO));
    assert_eq!((services.calls(UQUDO, "enrol"), services.calls(UQUDO, "status")), (1, 1), "asked, not sent again");
    let unknown = state(FACEKI);
    assert_eq!((unknown.progress.state, services.calls(FACEKI, "enrol")), (DeliveryState::OutcomeUnknown, 1));
    assert!(unknown.history.iter().any(|note| note.what == "unknown" && note.text.contains("SVC-02")), "{:?}", unknown.history);

    // Nothing but a person's word goes on with it.
    let mut engine = engine(folder.path(), &services).unwrap();
    engine.resume();
    engine.run_until_rest(Duration::from_secs(1), &mut |_| ());
    assert_eq!(services.calls(FACEKI, "enrol"), 1);
    assert_eq!(engine.act(unknown.key, Action::Retry).unwrap_err().advice().code, "SYN-04");
    engine.act(unknown.key, Action::Arrived(Some("ref-0".into()))).unwrap();
    engine.finish();
    assert_eq!(state(FACEKI).progress.state, DeliveryState::Delivered);
}

#[test]
fn a_persons_enrolments_arrive_in_order_under_the_name_they_were_given() {
    let folder = tempfile::tempdir().unwrap();
    let services = three();
    let mut gallery = open(folder.path()).unwrap();
    for n in 1..=20 {
        enrol(&mut gallery, n, &[BAF]);
        for times in 1..=3 {
            gallery.enrol(&intended(n, times, &[BAF])).unwrap();
        }
    }
    // The first of person 1 fails for a while; the later ones of the same person wait, the others do not.
    services.script(BAF, (0..3).map(|_| Fate::Fails(failure(BAF, ServiceFault::Garbled))));
    deliver(folder.path(), &services);
    let book = services.book(BAF);
    assert_eq!(book.entries.len(), 80);
    for n in 1..=20 {
        let codes: Vec<String> = (0..=3).map(|times| enrolment(n, times).registration_code).collect();
        let mine: Vec<_> = book.entries.iter().filter(|entry| codes.contains(&entry.code)).collect();
        assert_eq!(mine.iter().map(|entry| &entry.code).collect::<Vec<_>>(), codes.iter().collect::<Vec<_>>());
        assert_eq!(mine[0].earlier, None);
        assert!(mine.windows(2).all(|pair| pair[1].earlier.as_ref() == Some(&pair[0].reference)), "person {n}");
    }
}

#[test]
fn a_poison_record_is_set_aside_and_the_others_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let services = Services::default().with(BAF, Guarantee::ExactlyOnceByKey);
    let mut gallery = open(folder.path()).unwrap();
    enrol(&mut gallery, 1, &[BAF]);
    services.script(BAF, (0..crate::stage::RULES.max_tries).map(|_| Fate::Fails(failure(BAF, ServiceFault::ServiceFailed))));
    deliver(folder.path(), &services);
    enrol(&mut gallery, 2, &[BAF]);
    services.script(BAF, [Fate::Fails(failure(BAF, ServiceFault::BadPicture))]);
    deliver(folder.path(), &services);
    enrol(&mut gallery, 3, &[BAF]);
    deliver(folder.path(), &services);
    assert_eq!(states(&gallery), [DeliveryState::SetAside, DeliveryState::Refused, DeliveryState::Delivered]);
    let before = entries(&gallery);
    assert_eq!(before[0].fault.as_ref().unwrap().fault, ServiceFault::ServiceFailed, "the reason is kept");
    let mut engine = engine(folder.path(), &services).unwrap();
    for entry in &before[..2] {
        engine.act(entry.key, Action::Retry).unwrap();
    }
    assert_eq!(engine.act(before[2].key, Action::Retry).unwrap_err().advice().code, "SYN-05");
    let unknown = engine.act(Uuid::from_u128(9), Action::Retry).unwrap_err();
    assert!(matches!(unknown, SyncError::Gallery(_)) && unknown.advice().code == "SYN-03", "{unknown}");
    engine.run_until_rest(Duration::from_secs(1), &mut |_| ());
    engine.finish();
    assert_eq!(states(&gallery), [DeliveryState::Delivered; 3]);
    assert_ne!(entries(&gallery)[1].key, before[1].key, "the service must not answer the old key as before");
}

#[test]
fn refused_credentials_stop_the_lane_with_words_and_cost_no_record_a_try() {
    let folder = tempfile::tempdir().unwrap();
    let services = Services::default().with(BAF, Guarantee::ExactlyOnceByKey).with(UQUDO, Guarantee::ExactlyOnceByKey);
    let mut gallery = open(folder.path()).unwrap();
    for n in 1..=10 {
        enrol(&mut gallery, n, &[BAF, UQUDO]);
    }
    services.script(BAF, (0..2).map(|_| Fate::Fails(failure(BAF, ServiceFault::Unauthorised))));
    let mut engine = engine(folder.path(), &services).unwrap();
    engine.run_until_rest(Duration::from_secs(1), &mut |_| ());
    let summary = engine.summary();
    let lane = |kind| summary.services.iter().find(|service| service.service == Some(kind)).unwrap();
    assert!(matches!(&lane(BAF).lane, LaneState::Stopped { error } if error.fault == ServiceFault::Unauthorised));
    assert_eq!((lane(BAF).count(DeliveryState::Queued), lane(UQUDO).count(DeliveryState::Delivered)), (10, 10));
    assert_eq!(summary.stops.iter().map(|stop| stop.advice().code).collect::<Vec<_>>(), ["SYN-13"]);
    assert_eq!(summary.worst().unwrap().1.code, "SYN-13");
    assert!(entries(&gallery).iter().all(|entry| entry.progress.tries == 0));
    engine.resume();
    engine.run_until_rest(Duration::from_secs(1), &mut |_| ());
    engine.finish();
    assert!(states(&gallery).iter().all(|state| *state == DeliveryState::Delivered));
    assert_eq!(services.registered(BAF), 10);
}

#[test]
fn busy_services_are_left_alone_as_long_as_they_ask() {
    let folder = tempfile::tempdir().unwrap();
    let services = Services::default().with(BAF, Guarantee::ExactlyOnceByKey);
    let mut gallery = open(folder.path()).unwrap();
    for n in 1..=5 {
        enrol(&mut gallery, n, &[BAF]);
    }
    let busy = ServiceError { retry_after: Some(Duration::from_secs(3600)), ..failure(BAF, ServiceFault::Busy) };
    services.script(BAF, [Fate::Fails(busy.clone()), Fate::Fails(busy)]);
    let mut target = services.targets().remove(0);
    target.limits.longest_request = Duration::from_secs(3600);
    let clock = std::sync::Arc::new(visavis::runtime::clock::SystemClock::start());
    let parts = crate::stage::parts(folder.path(), vec![target], clock);
    let turn = visavis::runtime::sync::Turn::take(&parts.turn).unwrap();
    let mut engine = visavis::runtime::sync::engine::Engine::start(parts, turn).unwrap();
    engine.run_until_rest(Duration::from_secs(60), &mut |_| ());
    engine.finish();
    // Two were under way when the first was told; nothing began after that, and what was claimed ahead was given back.
    assert_eq!(states(&gallery), [DeliveryState::Queued; 5]);
    assert_eq!(services.registered(BAF), 0);
}

#[test]
fn a_client_that_panics_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let services = three();
    let mut gallery = open(folder.path()).unwrap();
    services.script(BAF, [Fate::Panics, Fate::Panics]);
    services.script(FACEKI, [Fate::Panics]);
    for n in 1..=6 {
        enrol(&mut gallery, n, &[BAF, FACEKI]);
    }
    deliver(folder.path(), &services);
    let of = |kind| entries(&gallery).into_iter().filter(|e| e.service == kind).map(|e| e.progress.state).collect::<Vec<_>>();
    assert_eq!(of(BAF), [DeliveryState::Delivered; 6]);
    assert_eq!(of(FACEKI).iter().filter(|state| **state == DeliveryState::OutcomeUnknown).count(), 1);
    assert_eq!(of(FACEKI).iter().filter(|state| **state == DeliveryState::Delivered).count(), 5);
}

#[test]
fn records_held_for_an_officer_wait_and_others_do_not() {
    let folder = tempfile::tempdir().unwrap();
    let services = Services::default().with(BAF, Guarantee::ExactlyOnceByKey);
    let mut gallery = open(folder.path()).unwrap();
    let held = visavis::ports::gallery::NewEnrolment { held: true, ..intended(1, 0, &[BAF]) };
    gallery.enrol(&held).unwrap();
    enrol(&mut gallery, 2, &[BAF]);
    deliver(folder.path(), &services);
    assert_eq!(states(&gallery), [DeliveryState::Queued, DeliveryState::Delivered]);
    gallery.set_held(subject(1), false, visavis::units::UtcTime(5)).unwrap();
    deliver(folder.path(), &services);
    assert_eq!(states(&gallery), [DeliveryState::Delivered; 2]);
}

#[test]
fn practice_and_real_records_never_meet() {
    let folder = tempfile::tempdir().unwrap();
    let services = Services::default().with(BAF, Guarantee::ExactlyOnceByKey);
    let mut target = services.targets().remove(0);
    let table = [(false, false, true, false), (false, true, true, false), (true, false, false, false), (true, true, false, true)];
    for (practice, loopback, takes_real, takes_practice) in table {
        (target.practice, target.loopback) = (practice, loopback);
        assert_eq!((target.takes(false), target.takes(true)), (takes_real, takes_practice), "practice {practice}, loopback {loopback}");
    }
    // An engine leaves such a service out: nothing goes there, and it is said why.
    let mut gallery = open(folder.path()).unwrap();
    enrol(&mut gallery, 1, &[BAF]);
    (target.practice, target.loopback) = (true, true);
    let clock = std::sync::Arc::new(visavis::runtime::clock::SystemClock::start());
    let parts = crate::stage::parts(folder.path(), vec![target], clock);
    let turn = visavis::runtime::sync::Turn::take(&parts.turn).unwrap();
    let mut engine = visavis::runtime::sync::engine::Engine::start(parts, turn).unwrap();
    engine.run_until_rest(Duration::from_secs(1), &mut |_| ());
    assert_eq!(engine.summary().services[0].lane, LaneState::NotConfigured);
    engine.finish();
    assert_eq!(states(&gallery), [DeliveryState::Queued]);
    assert_eq!(services.calls(BAF, "enrol"), 0);
}

#[test]
fn only_one_process_delivers_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let services = three();
    open(folder.path()).unwrap();
    let first = engine(folder.path(), &services).unwrap();
    let second = engine(folder.path(), &services);
    assert_eq!(second.err().map(|error| error.advice().code), Some("SYN-01"));
    first.finish();
    engine(folder.path(), &services).unwrap().finish();
}

#[test]
fn a_full_disk_loses_no_answer() {
    let folder = tempfile::tempdir().unwrap();
    let services = three();
    let mut gallery = open(folder.path()).unwrap();
    for n in 1..=8 {
        enrol(&mut gallery, n, &[BAF, UQUDO, FACEKI]);
    }
    let here = folder.path().to_owned();
    let clock = std::sync::Arc::new(visavis::runtime::clock::SystemClock::start());
    let mut parts = crate::stage::parts(folder.path(), services.targets(), clock);
    let full = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let filled = std::sync::Arc::clone(&full);
    parts.open_outbox = Box::new(move || Ok(Box::new(crate::stage::Filling { inner: open(&here)?, full: std::sync::Arc::clone(&filled) })));
    let turn = visavis::runtime::sync::Turn::take(&parts.turn).unwrap();
    let mut engine = visavis::runtime::sync::engine::Engine::start(parts, turn).unwrap();
    engine.step(true);
    full.store(true, std::sync::atomic::Ordering::SeqCst);
    for _ in 0..8 {
        engine.step(true);
    }
    assert_eq!(engine.summary().trouble.map(|(_, advice)| advice.code), Some("GAL-04"), "it says so");
    full.store(false, std::sync::atomic::Ordering::SeqCst);
    engine.run_until_rest(Duration::from_secs(10), &mut |_| ());
    engine.finish();
    assert!(states(&gallery).iter().all(|state| *state == DeliveryState::Delivered), "{:?}", states(&gallery));
    for kind in [BAF, UQUDO, FACEKI] {
        assert_eq!((services.registered(kind), services.calls(kind, "enrol")), (8, 8));
    }
}

#[test]
fn a_start_while_the_disk_is_full_waits_and_settles_what_was_interrupted_first() {
    let folder = tempfile::tempdir().unwrap();
    let services = Services::default().with(UQUDO, Guarantee::ExactlyOnceByLookUp);
    let mut gallery = open(folder.path()).unwrap();
    enrol(&mut gallery, 1, &[UQUDO]);
    // As a process leaves it that was killed while it sent.
    let claim = visavis::ports::outbox::ClaimRequest {
        service: UQUDO,
        state: DeliveryState::Queued,
        count: 1,
        enrol_guarantee: Guarantee::ExactlyOnceByLookUp,
        delete_guarantee: Guarantee::ExactlyOnceByKey,
        longest_delay: Duration::from_secs(1),
        evidence: false,
        except: Vec::new(),
    };
    visavis::ports::outbox::Outbox::exchange(&mut gallery, &[], &[claim], visavis::units::UtcTime(1)).unwrap();
    let here = folder.path().to_owned();
    let clock = std::sync::Arc::new(visavis::runtime::clock::SystemClock::start());
    let mut parts = crate::stage::parts(folder.path(), services.targets(), clock);
    let full = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
    let filled = std::sync::Arc::clone(&full);
    parts.open_outbox = Box::new(move || Ok(Box::new(crate::stage::Filling { inner: open(&here)?, full: std::sync::Arc::clone(&filled) })));
    let turn = visavis::runtime::sync::Turn::take(&parts.turn).unwrap();
    let mut engine = visavis::runtime::sync::engine::Engine::start(parts, turn).unwrap();
    for _ in 0..3 {
        engine.step(true);
    }
    assert_eq!(engine.summary().trouble.map(|(_, advice)| advice.code), Some("GAL-04"), "it says so");
    assert_eq!((states(&gallery), services.calls(UQUDO, "enrol")), (vec![DeliveryState::Sending], 0));
    full.store(false, std::sync::atomic::Ordering::SeqCst);
    engine.run_until_rest(Duration::from_secs(10), &mut |_| ());
    engine.finish();
    assert_eq!(states(&gallery), [DeliveryState::Delivered]);
    assert_eq!((services.calls(UQUDO, "status"), services.registered(UQUDO)), (1, 1), "asked before it was sent again");
}

#[test]
fn an_applicant_whose_attempts_are_used_up_is_named_anew_and_erased_under_both_names() {
    use crate::local_twins::{picture, start, targets};
    use visavis::adapters::twin::{Fault, FaultRates};
    use visavis::ports::gallery::NewPicture;
    let folder = tempfile::tempdir().unwrap();
    let twin = start(folder.path(), &[BAF], 1, |_| FaultRates::default()).remove(0);
    let mut gallery = open(folder.path()).unwrap();
    let pictures = vec![NewPicture { kind: PictureKind::Frame, encoded: picture("person=ada", 0) }];
    gallery.enrol(&visavis::ports::gallery::NewEnrolment { pictures, ..intended(1, 0, &[BAF]) }).unwrap();
    let deliver = || {
        let clock: std::sync::Arc<dyn visavis::runtime::clock::Clock> = std::sync::Arc::new(visavis::runtime::clock::SystemClock::start());
        let parts = crate::stage::parts(folder.path(), targets(folder.path(), &[BAF], 1, &clock), clock);
        let turn = visavis::runtime::sync::Turn::take(&parts.turn).unwrap();
        let mut engine = visavis::runtime::sync::engine::Engine::start(parts, turn).unwrap();
        engine.run_until_rest(Duration::from_secs(1), &mut |_| ());
        engine.finish();
    };
    let name = |gallery: &visavis::adapters::gallery::sqlite::SqliteGallery| {
        entries(gallery)[0].receipt.as_ref().and_then(|receipt| receipt.remote_reference.clone())
    };
    twin.next_for(2, Fault::Documented("120037".to_owned()));
    deliver();
    let refused = &entries(&gallery)[0];
    assert_eq!((refused.progress.state, refused.fault.as_ref().unwrap().fault), (DeliveryState::Refused, ServiceFault::AttemptsUsed));
    let first = name(&gallery).expect("the applicant that was made");
    let again = |gallery: &mut visavis::adapters::gallery::sqlite::SqliteGallery| {
        let key = entries(gallery)[0].key;
        visavis::runtime::sync::act(gallery, key, Action::Retry, &crate::stage::RULES, visavis::units::UtcTime(3)).unwrap();
    };
    again(&mut gallery);
    assert_eq!(name(&gallery), None);
    // A bad picture is no reason for another applicant.
    twin.next_for(2, Fault::Documented("120038-none".to_owned()));
    deliver();
    let second = name(&gallery).expect("another applicant");
    assert_ne!(first, second);
    again(&mut gallery);
    deliver();
    assert_eq!((states(&gallery), name(&gallery)), (vec![DeliveryState::Delivered], Some(second)));
    assert_eq!((twin.ledger().calls[&5], twin.ledger().registrations_of_person("ada")), (2, 1));
    gallery.verify().unwrap();
    gallery.erase(subject(1), "asked", visavis::units::UtcTime(9)).unwrap();
    deliver();
    assert_eq!(states(&gallery), [DeliveryState::ErasureOwed; 2], "both applicants are owed at a service that deletes nobody");
}
