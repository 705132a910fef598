//! Times of day at which the application delivers by itself.

use crate::people::open;
use crate::stage::{Services, enrol, parts};
use std::sync::Arc;
use std::time::Duration;
use visavis::config::Schedule;
use visavis::ports::services::{Guarantee, ServiceKind};
use visavis::runtime::clock::{Clock, SystemClock};
use visavis::runtime::sync::SyncWorker;
use visavis::units::UtcTime;

const BAF: ServiceKind = ServiceKind::Baf;

fn until(what: &str, met: impl Fn() -> bool) {
    for _ in 0..1000 {
        if met() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{what}");
}

#[test]
fn outside_its_hours_nothing_is_delivered_but_by_a_persons_word() {
    let folder = tempfile::tempdir().unwrap();
    let services = Services::default().with(BAF, Guarantee::ExactlyOnceByKey);
    enrol(&mut open(folder.path()).unwrap(), 1, &[BAF]);
    let clock = Arc::new(SystemClock::start());
    let hour = |ahead: i64| UtcTime(clock.utc().0 + ahead * 3_600_000).to_rfc3339()[11..13].to_owned();
    let later = format!("{}:00-{}:00", hour(2), hour(3));
    let mut parts = parts(folder.path(), services.targets(), Arc::clone(&clock) as Arc<dyn Clock>);
    parts.schedule = Schedule::parse(&[later], "+00:00").unwrap();
    let mut worker = SyncWorker::start(parts, Arc::new(|| ())).unwrap();
    worker.wake();
    until("it says when it opens", || worker.summary().opens_at.is_some_and(|at| at > clock.utc()) && worker.summary().waiting() == 1);
    assert_eq!(services.registered(BAF), 0);
    worker.run_now();
    until("a person's word counts", || services.registered(BAF) == 1);
    until("it is kept", || worker.summary().waiting() == 0);
    // The word is used up.
    enrol(&mut open(folder.path()).unwrap(), 2, &[BAF]);
    worker.wake();
    until("the next one waits", || worker.summary().waiting() == 1);
    assert_eq!(services.registered(BAF), 1);
    assert!(worker.shut_down(Duration::from_secs(20)));
}
