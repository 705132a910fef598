//! What a doubt costs: look-ups at the services, bounded per record however many people are enrolled and however often calls fail.

use crate::local_twins::{picture, start, targets};
use crate::people::{enrolment, open, subject};
use crate::stage::{RULES, entries, parts};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use visavis::adapters::twin::{Fault, FaultRates, Twin};
use visavis::ports::gallery::{GalleryStore as _, NewEnrolment, NewPicture, PictureKind};
use visavis::ports::outbox::DeliveryState;
use visavis::ports::services::ServiceKind;
use visavis::runtime::clock::{Clock, SystemClock};
use visavis::runtime::sync::Turn;
use visavis::runtime::sync::engine::{Engine, Tally};
use visavis::units::UtcTime;
use visavis::workflow::sync::Rules;

const AWAREID: ServiceKind = ServiceKind::AwareId;
const UQUDO: ServiceKind = ServiceKind::Uqudo;

/// Operations by which AwareID is asked about somebody: member of the gallery, match by face, listing.
const ASKING: [u16; 3] = [75, 67, 84];

fn person(n: u64, to: ServiceKind) -> NewEnrolment {
    let pictures = vec![NewPicture { kind: PictureKind::Frame, encoded: picture(&format!("person=p{n}"), 0) }];
    NewEnrolment { pictures, deliver_to: vec![to], ..enrolment(n, 0) }
}

/// Delivers what can be delivered; a doubt is looked into after `look_up_after`.
fn deliver_with(folder: &Path, kind: ServiceKind, look_up_after: Duration) -> Tally {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::start());
    let mut parts = parts(folder, targets(folder, &[kind], 1, &clock), clock);
    parts.rules = Rules { max_tries: 60, look_up_after, ..RULES };
    let turn = Turn::take(&parts.turn).unwrap();
    let mut engine = Engine::start(parts, turn).unwrap();
    engine.run_until_rest(RULES.longest_delay, &mut |_| ());
    let tally = engine.tally();
    engine.finish();
    tally
}

fn deliver(folder: &Path, kind: ServiceKind) -> Tally {
    deliver_with(folder, kind, RULES.look_up_after)
}

fn calls(twin: &Twin, operations: &[u16]) -> u64 {
    let ledger = twin.ledger();
    operations.iter().map(|number| ledger.calls.get(number).copied().unwrap_or(0)).sum()
}

/// A service with many people, each call of which fails now and then.
fn crowded(folder: &Path, kind: ServiceKind, people: u64) -> Twin {
    let twin = start(folder, &[kind], 7, |_| FaultRates::default()).remove(0);
    let mut gallery = open(folder).unwrap();
    (1..=people).for_each(|n| gallery.enrol(&person(n, kind)).unwrap());
    deliver(folder, kind);
    assert_eq!(twin.ledger().holdings.len() as u64, people);
    twin
}

#[test]
fn a_lost_reply_costs_two_look_ups_at_awareid_however_many_people_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let twin = crowded(folder.path(), AWAREID, 250);
    let before = calls(&twin, &ASKING);
    twin.next_for(66, Fault::LoseReply);
    open(folder.path()).unwrap().enrol(&person(900, AWAREID)).unwrap();
    let tally = deliver(folder.path(), AWAREID);
    assert_eq!((tally.delivered, tally.look_ups), (1, 1));
    assert_eq!(calls(&twin, &ASKING) - before, 2, "whether they are there, and under which code");
    let gallery = open(folder.path()).unwrap();
    let receipt = entries(&gallery).pop().unwrap().receipt.unwrap();
    let held = twin.ledger().holdings.into_iter().find(|h| h.person == "p900").unwrap();
    assert_eq!(receipt.remote_reference, Some(held.reference));
}

#[test]
fn a_doubt_takes_few_look_ups_even_when_every_third_call_fails() {
    for kind in [AWAREID, UQUDO] {
        let folder = tempfile::tempdir().unwrap();
        let twin = crowded(folder.path(), kind, 250);
        let registering = if kind == AWAREID { 66 } else { 3 };
        twin.set_rates(FaultRates::parse("reset=0.1,lost=0.1,truncated=0.1,busy=0.05,retry_after=0").unwrap());
        let mut gallery = open(folder.path()).unwrap();
        let mut worst = 0;
        for n in 900..912 {
            twin.next_for(registering, Fault::LoseReply);
            gallery.enrol(&person(n, kind)).unwrap();
            let asking: &[u16] = if kind == AWAREID { &ASKING } else { &[3] };
            let before = calls(&twin, asking);
            deliver(folder.path(), kind);
            assert_eq!(entries(&gallery).pop().unwrap().progress.state, DeliveryState::Delivered, "{} {n}", kind.name());
            worst = worst.max(calls(&twin, asking) - before);
        }
        assert!(worst <= 20, "{}: {worst} calls about one record", kind.name());
        assert_eq!(twin.ledger().doubled(), [""; 0]);
    }
}

#[test]
fn who_is_erased_in_doubt_is_found_in_a_listing_whose_walk_goes_on_where_it_broke() {
    let folder = tempfile::tempdir().unwrap();
    let twin = crowded(folder.path(), AWAREID, 450);
    let mut gallery = open(folder.path()).unwrap();
    twin.next_for(66, Fault::LoseReply);
    gallery.enrol(&person(900, AWAREID)).unwrap();
    deliver_with(folder.path(), AWAREID, Duration::from_secs(3600));
    assert_eq!(entries(&gallery).pop().unwrap().progress.state, DeliveryState::Doubtful);
    gallery.erase(subject(900), "asked", UtcTime(1)).unwrap();
    let place = twin.ledger().holdings.iter().position(|holding| holding.person == "p900").unwrap();
    for _ in 0..10 {
        twin.next_for(84, Fault::Slow(Duration::ZERO));
        twin.next_for(84, Fault::Reset);
    }
    deliver(folder.path(), AWAREID);
    assert_eq!(twin.ledger().registrations_of_person("p900"), 0, "the person is gone there");
    assert_eq!(calls(&twin, &[84]), place as u64 / 100 + 1, "every page up to theirs was read once");
    assert_eq!(entries(&gallery).pop().unwrap().progress.state, DeliveryState::Delivered);
}

#[test]
fn who_enrolled_twice_is_deleted_under_both_names() {
    let folder = tempfile::tempdir().unwrap();
    let twin = start(folder.path(), &[AWAREID], 7, |_| FaultRates::default()).remove(0);
    let mut gallery = open(folder.path()).unwrap();
    for again in 0..2 {
        let pictures = vec![NewPicture { kind: PictureKind::Frame, encoded: picture("person=p1", 0) }];
        gallery.enrol(&NewEnrolment { pictures, deliver_to: vec![AWAREID], ..enrolment(1, again) }).unwrap();
    }
    deliver(folder.path(), AWAREID);
    assert_eq!(twin.ledger().registrations_of_person("p1"), 2, "the service knows each enrolment by its own user name");
    gallery.erase(subject(1), "asked", UtcTime(1)).unwrap();
    deliver(folder.path(), AWAREID);
    assert_eq!(twin.ledger().registrations_of_person("p1"), 0);
    assert!(entries(&gallery).iter().all(|entry| entry.progress.state == DeliveryState::Delivered));
}
