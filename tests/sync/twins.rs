//! The real clients against the twins of their services: replies lost, cut, repeated and refused at random while the process that delivers is
//! killed again and again. The twins' own ledgers judge.
//!
//! In the normal test run 6 people and 3 kills. Of another size, with a log:
//! `VISAVIS_FAULT_RUN_TWINS=200,50,<seed> cargo test --release --test sync twins -- --nocapture`.

use crate::people::{enrolment, open, subject};
use crate::stage::{RULES, chance, entries, limits, parts};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use visavis::adapters::services::{self, Surroundings};
use visavis::adapters::twin::{FaultRates, Twin, TwinOptions, configuration, pictures};
use visavis::config::{Effective, ServicesConfig};
use visavis::ports::gallery::{GalleryError, GalleryStore as _, NewEnrolment, NewPicture, PictureKind};
use visavis::ports::outbox::DeliveryState;
use visavis::ports::services::{Guarantee, ServiceKind};
use visavis::runtime::clock::{Clock, SystemClock};
use visavis::runtime::sync::engine::Engine;
use visavis::runtime::sync::{Target, Turn};
use visavis::units::{SensitiveBytes, SensitiveText};
use visavis::workflow::sync::Rules;

const FOLDER: &str = "VISAVIS_TWINS_FOLDER";
const PEOPLE: &str = "VISAVIS_TWINS_PEOPLE";
const SEED: &str = "VISAVIS_TWINS_SEED";
const SIZE: &str = "VISAVIS_FAULT_RUN_TWINS";

/// Services that a record as it is kept now can be delivered to. FACEKI wants a picture of the document, which records do not hold yet; the
/// onboarding test wants an officer's request opened first.
const SERVICES: [ServiceKind; 3] = [ServiceKind::AwareId, ServiceKind::Uqudo, ServiceKind::Baf];

fn person(n: u64) -> NewEnrolment {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::GrayImage::from_pixel(48, 64, image::Luma([128])).write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    let picture = pictures::marked(&bytes.into_inner(), &format!("person=p{n};")).unwrap();
    NewEnrolment {
        pictures: vec![NewPicture { kind: PictureKind::Frame, encoded: SensitiveBytes(picture) }],
        details: vec![("full_name".into(), SensitiveText(format!("Ada Person {n}")))],
        deliver_to: SERVICES.to_vec(),
        ..enrolment(n, 0)
    }
}

fn config(folder: &Path) -> ServicesConfig {
    let text = std::fs::read_to_string(folder.join("twins.toml")).unwrap();
    Effective::from_layers(Some(&text), &[]).unwrap().config.services
}

fn targets(folder: &Path) -> Vec<Target> {
    let config = config(folder);
    let target = |kind: ServiceKind| {
        let (config, clock) = (config.clone(), SystemClock::start());
        assert!(services::is_on_this_machine(kind, &config));
        let connect = move || {
            let surroundings = Surroundings { utc: Arc::new(move || clock.utc()), elapsed: Arc::new(move || clock.now().0), secrets: None };
            services::connect(kind, &config, surroundings)
        };
        Target { kind, practice: false, loopback: true, limits: limits(2), connect: Box::new(connect) }
    };
    SERVICES.map(target).into_iter().collect()
}

#[test]
fn delivers_to_twins_until_killed() {
    let Ok(folder) = std::env::var(FOLDER).map(PathBuf::from) else { return };
    let people: u64 = std::env::var(PEOPLE).unwrap().parse().unwrap();
    let seed: u64 = std::env::var(SEED).unwrap().parse().unwrap();
    let mut gallery = open(&folder).unwrap();
    println!("opened");
    for n in 1..=people {
        match gallery.enrol(&person(n)) {
            Ok(()) | Err(GalleryError::Conflict { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    }
    let mut parts = parts(&folder, targets(&folder), Arc::new(SystemClock::start()));
    parts.rules = Rules { max_tries: 1000, max_doubts: 10_000, look_up_after: Duration::from_millis(60), ..RULES };
    parts.chance = chance(seed);
    let turn = Turn::take(&parts.turn).unwrap();
    let mut engine = Engine::start(parts, turn).unwrap();
    engine.run_until_rest(Duration::from_secs(3), &mut |_| ());
    println!("{:?}", engine.tally());
    engine.finish();
    println!("settled");
}

/// Starts the child and kills it after a while, or waits for its end; returns what it said.
fn round(folder: &Path, people: u64, seed: u64, pause: Option<Duration>) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "twins::delivers_to_twins_until_killed", "--nocapture"])
        .env(FOLDER, folder)
        .env(PEOPLE, people.to_string())
        .env(SEED, seed.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut said: Vec<String> = lines.by_ref().map_while(Result::ok).take_while(|line| !line.ends_with("opened")).collect();
    if let Some(pause) = pause {
        std::thread::sleep(pause);
        child.kill().unwrap();
    }
    said.extend(lines.map_while(Result::ok));
    let ended = child.wait().unwrap();
    assert!(pause.is_some() || ended.success(), "{said:?}");
    said
}

#[test]
fn the_real_clients_lose_and_double_nobody_at_their_twins() {
    let size = std::env::var(SIZE).unwrap_or_else(|_| "6,3,4711".to_owned());
    let numbers: Vec<u64> = size.split(',').map(|part| part.trim().parse().expect("three numbers: people, kills, seed")).collect();
    let [people, kills, seed] = numbers[..] else { panic!("three numbers: people, kills, seed") };
    let folder = tempfile::tempdir().unwrap();
    let clock = SystemClock::start();
    let mut text = String::new();
    let mut twins = Vec::new();
    for kind in SERVICES {
        let now = SystemClock::start();
        let faults = FaultRates::parse("lost=0.05,truncated=0.03,repeated=0.03,failed=0.03,reset=0.03,busy=0.02,retry_after=0").unwrap();
        let options = TwinOptions { seed, faults, ..TwinOptions::new(Arc::new(move || now.utc())) };
        let twin = Twin::start(kind, options).unwrap();
        text += &with_files(folder.path(), &configuration(kind, &twin.base_url()));
        twins.push(twin);
    }
    std::fs::write(folder.path().join("twins.toml"), text).unwrap();
    let mut random = chance(seed);
    for _ in 0..kills {
        round(folder.path(), people, random(), Some(Duration::from_millis(20 + random() % 400)));
    }
    let mut said = Vec::new();
    for _ in 0..20 {
        said = round(folder.path(), people, random(), None);
        let open = entries(&open(folder.path()).unwrap());
        if open.iter().all(|entry| !entry.progress.state.is_waiting()) {
            break;
        }
    }
    let gallery = open(folder.path()).unwrap();
    let promises: Vec<(ServiceKind, Guarantee)> =
        targets(folder.path()).iter_mut().map(|target| (target.kind, (target.connect)().unwrap().capabilities().enrol_guarantee)).collect();
    for (twin, (kind, guarantee)) in twins.iter().zip(promises) {
        let ledger = twin.ledger();
        assert_eq!(ledger.doubled(), [""; 0], "{} holds nobody twice", kind.name());
        let mine: Vec<_> = entries(&gallery).into_iter().filter(|entry| entry.service == kind).collect();
        assert_eq!(mine.len() as u64, people);
        let mut unknown = 0;
        for entry in mine {
            let n = (1..=people).find(|n| Some(subject(*n)) == entry.subject).unwrap();
            let held = ledger.registrations_of_person(&format!("p{n}"));
            match entry.progress.state {
                DeliveryState::Delivered => assert_eq!(held, 1, "{} {entry:?}", kind.name()),
                DeliveryState::OutcomeUnknown if guarantee == Guarantee::AtMostOnce => unknown += 1,
                _ => panic!("{}: {entry:?}", kind.name()),
            }
        }
        println!("{:10} {guarantee:?}: {people} people, {unknown} unknown, {} kept", kind.name(), ledger.holdings.len());
    }
    println!("{said:?} {:?}", clock.now().0);
}

/// The twin's snippet names environment variables and their values; here the secrets lie in files.
fn with_files(folder: &Path, snippet: &str) -> String {
    let mut text = snippet.to_owned();
    for line in snippet.lines() {
        let Some((name, value)) = line.strip_prefix("# export ").and_then(|rest| rest.split_once('=')) else { continue };
        let path = folder.join(name);
        std::fs::write(&path, value).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        text = text.replace(&format!("env:{name}"), &format!("file:{}", path.display()));
    }
    text
}
