//! The process is killed, or the power goes, at any moment: everything reported as saved is there and whole, nothing half-saved is.

use crate::people::{check_whole, enrolment, noise, open, subject};
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;
use visavis::ports::gallery::GalleryStore as _;
use visavis::units::UtcTime;

/// Folder that the child works in, and the first person's number; without it the child test checks itself on a few people.
const FOLDER: &str = "VISAVIS_FAULT_FOLDER";
const START: &str = "VISAVIS_FAULT_START";
/// Rounds that end with `kill -9`.
const KILLS: u64 = 36;

/// What one round of the child does after another: people enrol, every third enrols again, every fifth is erased.
/// Each is reported only after its call returned.
#[test]
fn enrols_until_killed() {
    let (folder, start, rounds) = match std::env::var(FOLDER) {
        Ok(folder) => (folder.into(), std::env::var(START).unwrap().parse().unwrap(), u64::MAX),
        Err(_) => (tempfile::tempdir().unwrap().keep(), 1, 6),
    };
    let mut gallery = open(&folder).unwrap();
    println!("opened");
    for n in (start..).take(rounds as usize) {
        gallery.enrol(&enrolment(n, 0)).unwrap();
        println!("saved {n} 1");
        if n % 3 == 0 {
            gallery.enrol(&enrolment(n, 1)).unwrap();
            println!("saved {n} 2");
        }
        if n % 5 == 0 {
            gallery.erase(subject(n), "test", UtcTime(1)).unwrap();
            println!("saved {n} 0");
        }
    }
    gallery.verify().unwrap();
    assert_eq!((1..=6).map(|n| check_whole(&gallery, n).unwrap_or(0)).collect::<Vec<_>>(), [1, 1, 2, 1, 0, 2]);
    drop(gallery);
    std::fs::remove_dir_all(folder).unwrap();
}

fn spawn(folder: &Path, start: u64) -> (Child, Receiver<String>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "power_loss::enrols_until_killed", "--nocapture"])
        .env(FOLDER, folder)
        .env(START, start.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    let (send, lines) = sync_channel(100_000);
    std::thread::Builder::new()
        .name("child-output".into())
        .spawn(move || stdout.lines().map_while(Result::ok).for_each(|line| drop(send.send(line))))
        .unwrap();
    (child, lines)
}

/// Kills with SIGKILL and returns everything that was reported before.
fn kill(mut child: Child, lines: &Receiver<String>) -> Vec<String> {
    child.kill().unwrap();
    child.wait().unwrap();
    lines.iter().collect()
}

#[test]
fn a_kill_at_any_moment_loses_nothing_that_was_reported() {
    let folder = tempfile::tempdir().unwrap();
    let seed: u64 = 0x6b69_6c6c;
    // Person number to the number of enrolments reported; 0 after an erasure.
    let mut reported: BTreeMap<u64, u64> = BTreeMap::new();
    let mut unreported = 0;
    for round in 0..KILLS {
        let start = reported.keys().next_back().map_or(1, |last| last + 2);
        let (child, lines) = spawn(folder.path(), start);
        let random = noise(seed + round, 4);
        let mut seen = Vec::new();
        // Some rounds die while the gallery is being opened or created, the others after a few reports and a moment.
        let reports = if round % 6 == 0 { 0 } else { 1 + usize::from(random[0] % 5) };
        while seen.iter().filter(|line: &&String| line.starts_with("saved")).count() < reports {
            seen.push(lines.recv_timeout(Duration::from_secs(60)).expect("the child reports"));
        }
        let pause = Duration::from_micros(u64::from(u16::from_le_bytes([random[1], random[2]])) / if reports == 0 { 1 } else { 5 });
        seen.extend(lines.recv_timeout(pause));
        seen.extend(kill(child, &lines));
        let before = reported.clone();
        for line in seen.iter().filter_map(|line| line.split("saved ").nth(1)) {
            let (n, times) = line.split_once(' ').expect("two numbers");
            reported.insert(n.parse().unwrap(), times.parse().unwrap());
        }
        let gallery = open(folder.path()).unwrap_or_else(|error| panic!("round {round}: {error}"));
        gallery.verify().unwrap_or_else(|error| panic!("round {round}: {error}"));
        let newest = reported.keys().next_back().copied().unwrap_or(0).max(start);
        for n in 1..=newest + 1 {
            let there = check_whole(&gallery, n).unwrap_or(0);
            let said = reported.get(&n).copied();
            // At most the one call that the kill interrupted may have been saved without having been reported.
            let interrupted = match (said, n >= start) {
                (Some(1), true) => there == 2 || there == 0,
                (Some(2), true) => there == 0,
                (None, true) => there == 1,
                _ => false,
            };
            if said.unwrap_or(0) != there {
                assert!(interrupted, "round {round}, person {n}: reported {said:?}, found {there} (before: {:?})", before.get(&n));
                unreported += 1;
                reported.insert(n, there);
            }
        }
        let people = reported.values().filter(|times| **times > 0).count() as u64;
        assert_eq!(gallery.galleries().unwrap()[0].members, people, "round {round}: nobody else is there");
    }
    println!("{KILLS} kills, {} people reported, {unreported} calls saved but not yet reported", reported.len());
    assert!(reported.len() as u64 > KILLS);
}

#[test]
fn a_kill_during_the_first_start_leaves_a_gallery_that_opens() {
    for round in 0..12 {
        let folder = tempfile::tempdir().unwrap();
        let (child, lines) = spawn(folder.path(), 1);
        let _ = lines.recv_timeout(Duration::from_micros(u64::from(noise(round, 1)[0]) * 200));
        kill(child, &lines);
        let mut gallery = open(folder.path()).unwrap_or_else(|error| panic!("round {round}: {error}"));
        gallery.enrol(&enrolment(900, 0)).unwrap();
        gallery.verify().unwrap();
    }
}

/// A power cut can leave any beginning of the log on the disk, and the last block of it torn.
#[test]
fn a_log_cut_or_torn_anywhere_leaves_a_beginning_of_what_was_saved() {
    let folder = tempfile::tempdir().unwrap();
    let mut gallery = open(folder.path()).unwrap();
    let mut lengths = Vec::new();
    let log = folder.path().join("gallery.db-wal");
    for n in 1..=8 {
        gallery.enrol(&enrolment(n, 0)).unwrap();
        lengths.push(std::fs::metadata(&log).unwrap().len());
    }
    let whole = std::fs::read(&log).unwrap();
    assert!(lengths.is_sorted(), "the log was not copied back yet");
    for round in 0..40u64 {
        let random = u64::from_le_bytes(noise(0x7077 + round, 8).try_into().unwrap());
        let cut = (random % (whole.len() as u64 + 1)) as usize;
        let mut log = whole[..cut].to_vec();
        if round % 2 == 1 {
            // Torn: the blocks after the cut were allocated and hold something else.
            log.extend(noise(random, whole.len() - cut));
        }
        let copy = tempfile::tempdir().unwrap();
        std::fs::create_dir(copy.path().join("keys")).unwrap();
        make_private(&copy.path().join("keys"));
        std::fs::copy(folder.path().join("keys/gallery.key"), copy.path().join("keys/gallery.key")).unwrap();
        std::fs::copy(folder.path().join("gallery.db"), copy.path().join("gallery.db")).unwrap();
        std::fs::write(copy.path().join("gallery.db-wal"), &log).unwrap();
        let mut reopened = open(copy.path()).unwrap_or_else(|error| panic!("round {round}, cut at {cut}: {error}"));
        reopened.verify().unwrap_or_else(|error| panic!("round {round}, cut at {cut}: {error}"));
        let there: Vec<bool> = (1..=8).map(|n| check_whole(&reopened, n).is_some()).collect();
        let count = there.iter().take_while(|there| **there).count();
        assert!(there[count..].iter().all(|there| !there), "a beginning, without gaps: {there:?}");
        // A call that returned had its part of the log synced before, so a cut behind that part keeps it.
        let synced = lengths.iter().take_while(|length| **length <= cut as u64).count();
        assert!(count >= synced, "cut at {cut}: {count} people of {synced}");
        reopened.enrol(&enrolment(99, 0)).unwrap();
    }
}

fn make_private(folder: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).unwrap();
    }
    #[cfg(not(unix))]
    let _ = folder;
}
