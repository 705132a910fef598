//! The outbox through its port: what may be claimed when, and what a change leaves behind.

use super::super::tests::{again, desk, person};
use super::{HISTORY_END, HISTORY_START};
use crate::ports::gallery::clip::{self, ClipFrame, Expression};
use crate::ports::gallery::{GalleryStore as _, NewEnrolment, NewPicture, PictureKind, SubjectId};
use crate::ports::outbox::{Change, ClaimRequest, Claimed, DeliveryState, EntryQuery, Note, Operation, Outbox as _, Progress};
use crate::ports::services::{Guarantee, Receipt, ServiceKind};
use crate::units::{SensitiveBytes, UtcTime};
use std::time::Duration;
use uuid::Uuid;

const BAF: ServiceKind = ServiceKind::Baf;
const NOW: UtcTime = UtcTime(1_000_000);

fn to(services: &[ServiceKind], enrolment: NewEnrolment) -> NewEnrolment {
    NewEnrolment { deliver_to: services.to_vec(), ..enrolment }
}

fn claim(state: DeliveryState, count: usize) -> ClaimRequest {
    ClaimRequest {
        service: BAF,
        state,
        count,
        enrol_guarantee: Guarantee::ExactlyOnceByLookUp,
        delete_guarantee: Guarantee::AtMostOnce,
        longest_delay: Duration::from_secs(60),
        evidence: false,
        except: Vec::new(),
    }
}

fn change(claimed: &Claimed, state: DeliveryState) -> Change {
    Change {
        key: claimed.key,
        from: claimed.progress.state,
        to: Progress { state, ..claimed.progress },
        due_at: UtcTime(0),
        receipt: None,
        fault: None,
        note: Note { at: NOW, what: "test".into(), text: String::new() },
        new_key: None,
        forget_name: false,
    }
}

fn people(claimed: &[Claimed]) -> Vec<SubjectId> {
    claimed.iter().map(|claimed| claimed.delivery.as_ref().unwrap().subject).collect()
}

#[test]
fn pictures_of_the_challenge_come_only_when_asked_for_and_as_long_as_they_are_kept() {
    let mut desk = desk();
    let frame = |millis, smile| ClipFrame {
        millis,
        expression: Some(Expression { neutral: 100 - smile, smile }),
        jpeg: SensitiveBytes(vec![smile; 40]),
    };
    let clip = clip::encode(&[frame(0, 1), frame(260, 40), frame(520, 3)]);
    for seed in 1..=2 {
        let mut enrolment = to(&[BAF], NewEnrolment { enrolled_at: UtcTime(500_000), ..person(seed, "Ada") });
        // The second one's cannot be read: the delivery goes without.
        let encoded = if seed == 1 { clip.clone() } else { SensitiveBytes(vec![1, 2, 3]) };
        enrolment.pictures.push(NewPicture { kind: PictureKind::Clip, encoded });
        desk.gallery.enrol(&enrolment).unwrap();
    }
    let mut evidence = |evidence| {
        let request = ClaimRequest { evidence, state: DeliveryState::Queued, ..claim(DeliveryState::Queued, 2) };
        let claimed = desk.gallery.exchange(&[], &[request], NOW).unwrap();
        let back: Vec<Change> = claimed.iter().map(|c| change(c, DeliveryState::Queued)).collect();
        desk.gallery.exchange(&back, &[], NOW).unwrap();
        claimed.into_iter().map(|c| c.delivery.unwrap()).map(|d| (d.faces.len(), d.evidence)).collect::<Vec<_>>()
    };
    let asked = evidence(true);
    let times: Vec<i64> = asked[0].1.iter().map(|p| p.taken_at.0).collect();
    assert_eq!(times, [499_480, 499_740, 500_000]);
    assert_eq!(asked[0].1[1].expression, Some(Expression { neutral: 60, smile: 40 }));
    assert_eq!((asked[1].0, asked[1].1.len()), (asked[0].0, 0));
    assert!(evidence(false).iter().all(|(faces, pictures)| *faces > 0 && pictures.is_empty()));
    desk.gallery.forget_clips(UtcTime(500_001)).unwrap();
    let request = ClaimRequest { evidence: true, ..claim(DeliveryState::Queued, 2) };
    let claimed = desk.gallery.exchange(&[], &[request], NOW).unwrap();
    assert!(claimed.into_iter().all(|c| c.delivery.unwrap().evidence.is_empty()), "what is no longer kept cannot be sent");
}

#[test]
fn claims_keep_the_order_of_each_person_and_take_nobody_twice() {
    let mut desk = desk();
    for seed in 1..=3 {
        desk.gallery.enrol(&to(&[BAF], person(seed, "Ada"))).unwrap();
    }
    desk.gallery.enrol(&to(&[BAF, ServiceKind::Uqudo], again(1, 1))).unwrap();
    let first = desk.gallery.exchange(&[], &[claim(DeliveryState::Queued, 2)], NOW).unwrap();
    assert_eq!(people(&first), [person(1, "").subject, person(2, "").subject]);
    assert!(first.iter().all(|c| c.progress.state == DeliveryState::Sending));
    assert!(first.iter().all(|c| c.progress.guarantee == Some(Guarantee::ExactlyOnceByLookUp)), "the promise is kept with it");
    let second = desk.gallery.exchange(&[], &[claim(DeliveryState::Queued, 9)], NOW).unwrap();
    assert_eq!(people(&second), [person(3, "").subject], "the second of person 1 waits for the first");
    for (state, waits) in [(DeliveryState::Doubtful, true), (DeliveryState::OutcomeUnknown, true), (DeliveryState::Delivered, false)] {
        let from = if state == DeliveryState::Doubtful { first[0].clone() } else { Claimed { progress: last(&desk), ..first[0].clone() } };
        let done = change(&from, state);
        let next = desk.gallery.exchange(&[done], &[claim(DeliveryState::Queued, 9)], NOW).unwrap();
        assert_eq!(next.is_empty(), waits, "behind {state:?}");
    }
}

/// How far the first delivery is.
fn last(desk: &super::super::tests::Desk) -> Progress {
    let page = desk.gallery.entries(&EntryQuery { limit: 1000, ..EntryQuery::default() }).unwrap();
    page.entries.last().unwrap().progress
}

#[test]
fn what_is_put_off_waits_unless_the_clock_was_set() {
    let mut desk = desk();
    desk.gallery.enrol(&to(&[BAF], person(1, "Ada"))).unwrap();
    let claimed = desk.gallery.exchange(&[], &[claim(DeliveryState::Queued, 1)], NOW).unwrap().remove(0);
    let put_off = Change { due_at: UtcTime(NOW.0 + 30_000), ..change(&claimed, DeliveryState::Queued) };
    desk.gallery.exchange(&[put_off], &[], NOW).unwrap();
    assert_eq!(desk.gallery.next_due(BAF, NOW).unwrap(), Some(UtcTime(NOW.0 + 30_000)));
    let due_at = |gallery: &mut super::SqliteGallery, now: i64| {
        let found = gallery.exchange(&[], &[claim(DeliveryState::Queued, 1)], UtcTime(now)).unwrap();
        let back: Vec<Change> =
            found.iter().map(|claimed| Change { due_at: UtcTime(NOW.0 + 30_000), ..change(claimed, DeliveryState::Queued) }).collect();
        gallery.exchange(&back, &[], UtcTime(now)).unwrap();
        found.len()
    };
    assert_eq!(due_at(&mut desk.gallery, NOW.0 + 29_999), 0);
    assert_eq!(due_at(&mut desk.gallery, NOW.0 + 30_000), 1);
    assert_eq!(due_at(&mut desk.gallery, NOW.0 - 86_400_000), 1, "no pause is that long: the clock was set back");
}

#[test]
fn a_change_of_another_state_is_left_out_and_histories_stay_short() {
    let mut desk = desk();
    desk.gallery.enrol(&to(&[BAF], person(1, "Ada"))).unwrap();
    let claimed = desk.gallery.exchange(&[], &[claim(DeliveryState::Queued, 1)], NOW).unwrap().remove(0);
    let receipt = Receipt { remote_reference: Some("r".into()), identifiers: vec![("t".into(), "1".into())], repeated: false };
    let done = Change { receipt: Some(receipt.clone()), ..change(&claimed, DeliveryState::Delivered) };
    desk.gallery.exchange(std::slice::from_ref(&done), &[], NOW).unwrap();
    desk.gallery.exchange(&[Change { receipt: None, ..change(&claimed, DeliveryState::Refused) }], &[], NOW).unwrap();
    let entry = desk.gallery.entry(claimed.key).unwrap();
    assert_eq!((entry.progress.state, entry.receipt, entry.history.len()), (DeliveryState::Delivered, Some(receipt), 1));
    let mut from = Claimed { progress: entry.progress, ..claimed };
    for round in 0..100 {
        let mut next = change(&from, if round % 2 == 0 { DeliveryState::Queued } else { DeliveryState::Delivered });
        next.note.text = round.to_string();
        from.progress = next.to;
        desk.gallery.exchange(&[next], &[], NOW).unwrap();
    }
    let history = desk.gallery.entry(from.key).unwrap().history;
    assert_eq!(history.len(), HISTORY_START + HISTORY_END);
    assert_eq!((history[0].text.as_str(), history.last().unwrap().text.as_str()), ("", "99"), "beginning and end are kept");
    assert!(desk.gallery.entry(Uuid::from_u128(5)).is_err());
}

#[test]
fn counts_and_pages_agree() {
    let mut desk = desk();
    for seed in 1..=5 {
        desk.gallery.enrol(&to(&[BAF, ServiceKind::Uqudo], person(seed, "Ada"))).unwrap();
    }
    let claimed = desk.gallery.exchange(&[], &[claim(DeliveryState::Queued, 2)], NOW).unwrap();
    desk.gallery.exchange(&[change(&claimed[0], DeliveryState::Delivered)], &[], NOW).unwrap();
    desk.gallery.note_contact(BAF, UtcTime(77)).unwrap();
    let counts = desk.gallery.counts().unwrap();
    assert_eq!(counts.iter().map(|c| c.service).collect::<Vec<_>>(), [ServiceKind::Uqudo, BAF]);
    let expected = [(DeliveryState::Queued, 3), (DeliveryState::Sending, 1), (DeliveryState::Delivered, 1)];
    assert_eq!((counts[1].counts.as_slice(), counts[1].last_contact), (&expected[..], Some(UtcTime(77))));
    assert_eq!(counts[1].oldest_waiting, Some(person(2, "").enrolled_at));
    let query =
        EntryQuery { service: Some(BAF), states: vec![DeliveryState::Queued, DeliveryState::Delivered], limit: 3, ..EntryQuery::default() };
    let page = desk.gallery.entries(&query).unwrap();
    assert_eq!((page.total, page.entries.len()), (4, 3));
    assert!(page.entries.iter().all(|entry| entry.operation == Operation::Enrol && entry.service == BAF));
    let of_one = EntryQuery { subject: Some(person(3, "").subject), limit: 9, ..EntryQuery::default() };
    assert_eq!(desk.gallery.entries(&of_one).unwrap().total, 2);
    assert_eq!(desk.gallery.interrupted(UtcTime(0)).unwrap().len(), 1);
}
