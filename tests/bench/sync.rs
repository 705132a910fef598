//! Delivery at full size: enrolments a second with their intents, deliveries a second to a service on loopback, durable writes and memory.
//!
//! `cargo bench --bench sync`; `VISAVIS_BENCH_PEOPLE` sets the number of enrolments (20 000), each with one picture of 10 kB. The service runs
//! in a process of its own, so that the memory shown is that of delivery alone. Prints one line per figure.

#![allow(clippy::print_stdout, reason = "the figures are the output")]
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot run ends")]
#![allow(dead_code, reason = "the tests' services are used in part")]

#[path = "../sync/book.rs"]
mod book;
#[path = "../sync/network.rs"]
mod network;
#[path = "../faults/people.rs"]
mod people;
#[path = "../sync/stage.rs"]
mod stage;

use network::{Mischief, Remote, serve_calmly};
use people::{enrolment, noise, open};
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use visavis::ports::gallery::{GalleryStore as _, NewEnrolment, NewPicture, PictureKind};
use visavis::ports::services::{Guarantee, IdentityService, ServiceError, ServiceKind};
use visavis::runtime::clock::SystemClock;
use visavis::runtime::sync::engine::Engine;
use visavis::runtime::sync::{Target, Turn};
use visavis::units::SensitiveBytes;

const SERVE: &str = "VISAVIS_BENCH_SERVE";
const PICTURE: usize = 10_000;

fn main() {
    if std::env::var_os(SERVE).is_some() {
        let book = Arc::new(Mutex::new(book::Book::without_pictures()));
        println!("{}", serve_calmly(Guarantee::ExactlyOnceByKey, book, Arc::new(Mischief::default())));
        loop {
            std::thread::sleep(Duration::from_secs(3600));
        }
    }
    let people: u64 = std::env::var("VISAVIS_BENCH_PEOPLE").ok().and_then(|text| text.parse().ok()).unwrap_or(20_000);
    let mut service = Command::new(std::env::current_exe().unwrap()).env(SERVE, "1").stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(service.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().parse().unwrap();

    let folder = tempfile::tempdir().unwrap();
    let mut gallery = open(folder.path()).unwrap();
    let started = Instant::now();
    for n in 1..=people {
        let picture = NewPicture { kind: PictureKind::Frame, encoded: SensitiveBytes(noise(n, PICTURE)) };
        let person = enrolment(n, 0);
        let templates = vec![person.templates[0].clone()];
        gallery.enrol(&NewEnrolment { templates, pictures: vec![picture], deliver_to: vec![ServiceKind::Baf], ..person }).unwrap();
    }
    let seconds = started.elapsed().as_secs_f64();
    println!("{people} enrolments with their intents, durable each: {:.0} a second", people as f64 / seconds);
    drop(gallery);

    let connect = move || -> Result<Box<dyn IdentityService>, ServiceError> {
        Ok(Box::new(Remote::new(ServiceKind::Baf, Guarantee::ExactlyOnceByKey, address)))
    };
    let target = Target { kind: ServiceKind::Baf, practice: false, loopback: true, limits: stage::limits(4), connect: Box::new(connect) };
    let parts = stage::parts(folder.path(), vec![target], Arc::new(SystemClock::start()));
    let turn = Turn::take(&parts.turn).unwrap();
    let mut engine = Engine::start(parts, turn).unwrap();
    let started = Instant::now();
    let (mut shown, step) = (0, (people / 10).max(1));
    engine.run_until_rest(Duration::from_secs(1), &mut |tally| {
        if tally.delivered >= shown + step {
            shown = tally.delivered;
            println!(
                "  {shown} delivered, {:.0} a second, {} kB resident",
                shown as f64 / started.elapsed().as_secs_f64(),
                resident_kilobytes()
            );
        }
    });
    let (seconds, tally) = (started.elapsed().as_secs_f64(), engine.tally());
    engine.finish();
    println!(
        "{} of {people} deliveries of {PICTURE} bytes: {:.0} a second; {:.3} durable writes each",
        tally.delivered,
        tally.delivered as f64 / seconds,
        tally.durable_writes as f64 / tally.delivered.max(1) as f64
    );
    let _ = service.kill();
    let _ = service.wait();
    assert_eq!(tally.delivered, people);
}

/// Memory of this process, where the system tells.
fn resident_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0");
    line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
}
