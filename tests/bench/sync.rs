//! Delivery at full size: enrolments a second with their intents, then deliveries a second by the real clients to the twins of BAF and AwareID
//! over HTTP on loopback, with calls and durable writes per record, and memory on the way.
//!
//! `cargo bench --bench sync`; `VISAVIS_BENCH_PEOPLE` sets the number of enrolments (20 000), each with one picture of 10 kB. The twins run in
//! a process of their own, so that the memory shown is that of delivery alone. Prints one line per figure.

#![allow(clippy::print_stdout, reason = "the figures are the output")]
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot run ends")]
#![allow(dead_code, reason = "the tests' services are used in part")]

#[path = "../sync/book.rs"]
mod book;
#[path = "../sync/local_twins.rs"]
mod local_twins;
#[path = "../faults/people.rs"]
mod people;
#[path = "../sync/stage.rs"]
mod stage;

use people::{enrolment, open};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use visavis::adapters::twin::FaultRates;
use visavis::ports::gallery::{GalleryStore as _, NewEnrolment, NewPicture, PictureKind};
use visavis::ports::services::ServiceKind;
use visavis::runtime::clock::{Clock, SystemClock};
use visavis::runtime::sync::Turn;
use visavis::runtime::sync::engine::Engine;

/// The folder that the process with the twins is told.
const SERVE: &str = "VISAVIS_BENCH_SERVE";
const PICTURE: usize = 10_000;
const SERVICES: [ServiceKind; 2] = [ServiceKind::Baf, ServiceKind::AwareId];
/// Calls under way at once, as `sync.at_once` is by default.
const AT_ONCE: usize = 4;

fn main() {
    if let Some(folder) = std::env::var_os(SERVE).map(PathBuf::from) {
        let twins = local_twins::start(&folder, &SERVICES, 1, |_| FaultRates::default());
        println!("{}", twins.iter().map(visavis::adapters::twin::Twin::base_url).collect::<Vec<_>>().join(" "));
        loop {
            std::thread::sleep(Duration::from_secs(3600));
        }
    }
    let people: u64 = std::env::var("VISAVIS_BENCH_PEOPLE").ok().and_then(|text| text.parse().ok()).unwrap_or(20_000);
    let folder = tempfile::tempdir().unwrap();
    let mut served = Command::new(std::env::current_exe().unwrap()).env(SERVE, folder.path()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(served.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let addresses: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    enrol(folder.path(), people);
    for (kind, address) in SERVICES.into_iter().zip(&addresses) {
        deliver(folder.path(), kind, address, people);
    }
    let _ = served.kill();
    let _ = served.wait();
}

fn enrol(folder: &Path, people: u64) {
    let mut gallery = open(folder).unwrap();
    let started = Instant::now();
    for n in 1..=people {
        let frame = local_twins::picture(&format!("person=p{n}"), PICTURE);
        let person = enrolment(n, 0);
        let templates = vec![person.templates[0].clone()];
        let pictures = vec![NewPicture { kind: PictureKind::Frame, encoded: frame }];
        gallery.enrol(&NewEnrolment { templates, pictures, deliver_to: SERVICES.to_vec(), ..person }).unwrap();
    }
    let seconds = started.elapsed().as_secs_f64();
    println!("{people} enrolments with two intents each, durable each: {:.0} a second", people as f64 / seconds);
}

fn deliver(folder: &Path, kind: ServiceKind, address: &str, people: u64) {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::start());
    let parts = stage::parts(folder, local_twins::targets(folder, &[kind], AT_ONCE, &clock), clock);
    let turn = Turn::take(&parts.turn).unwrap();
    let mut engine = Engine::start(parts, turn).unwrap();
    let started = Instant::now();
    let (mut shown, step) = (0, (people / 10).max(1));
    engine.run_until_rest(Duration::from_secs(1), &mut |tally| {
        if tally.delivered >= shown + step {
            shown = tally.delivered;
            let rate = shown as f64 / started.elapsed().as_secs_f64();
            println!("  {}: {shown} delivered, {rate:.0} a second, {} kB resident", kind.name(), resident_kilobytes());
        }
    });
    let (seconds, tally) = (started.elapsed().as_secs_f64(), engine.tally());
    engine.finish();
    let ledger = reqwest::blocking::get(format!("{address}/_twin/ledger")).unwrap().json::<serde_json::Value>().unwrap();
    let calls: u64 = ledger["calls"].as_object().unwrap().values().filter_map(serde_json::Value::as_u64).sum();
    let each = |count: u64| count as f64 / tally.delivered.max(1) as f64;
    println!(
        "{}: {} of {people} records with a picture of {PICTURE} bytes: {:.0} a second; {:.3} calls and {:.3} durable writes each",
        kind.name(),
        tally.delivered,
        tally.delivered as f64 / seconds,
        each(calls),
        each(tally.durable_writes)
    );
    assert_eq!((tally.delivered, ledger["holdings"].as_array().unwrap().len() as u64), (people, people));
}

/// Memory of this process, where the system tells.
fn resident_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0");
    line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
}
