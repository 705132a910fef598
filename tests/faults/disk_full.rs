//! The disk is full: the call says so (`GAL-04`), nothing half-saved is left, what was saved is safe, and saving goes on when there is room.

use crate::people::{check_whole, enrolment, open, subject};
use crate::said::say;
use std::path::{Path, PathBuf};
use std::process::Command;
use visavis::advice::Advised as _;
use visavis::ports::gallery::{GalleryError, GalleryStore as _};
use visavis::units::UtcTime;

const FOLDER: &str = "VISAVIS_FAULT_SMALL_DISK";

/// A re-enrolment of person 1 that needs more room than any that was refused.
fn large_again() -> visavis::ports::gallery::NewEnrolment {
    let mut again = enrolment(1, 1);
    again.pictures[0].encoded.0.resize(900_000, 7);
    again
}

/// Enrols until the disk is full, checks, makes room with `more_room`, and goes on.
fn fill(folder: &Path, more_room: impl FnOnce(&visavis::adapters::gallery::sqlite::SqliteGallery)) {
    let mut gallery = open(folder).unwrap();
    let full = (1..500).find_map(|n| gallery.enrol(&enrolment(n, 0)).err().map(|error| (n, error)));
    let (refused, error) = full.expect("the disk is small");
    assert_eq!(error, GalleryError::DiskFull);
    assert_eq!(error.advice().code, "GAL-04");
    assert!(refused > 5, "there was room for some");
    // Again, and through every kind of write: refused whole or done whole.
    assert_eq!(gallery.enrol(&large_again()), Err(GalleryError::DiskFull));
    assert_eq!(check_whole(&gallery, 1), Some(1), "the earlier enrolment stays the active one");
    for n in (1..refused).filter(|n| n % 2 == 0) {
        let result = gallery.set_held(subject(n), true, UtcTime(1));
        assert!(matches!(result, Ok(()) | Err(GalleryError::DiskFull)), "{result:?}");
        assert_eq!(gallery.subject(subject(n)).unwrap().summary.held, result.is_ok(), "person {n}");
    }
    let whole = |gallery: &visavis::adapters::gallery::sqlite::SqliteGallery| {
        gallery.verify().unwrap();
        let there = (1..=refused).filter(|n| check_whole(gallery, *n) == Some(1)).collect::<Vec<_>>();
        assert_eq!(there, (1..refused).collect::<Vec<_>>());
    };
    whole(&gallery);
    more_room(&gallery);
    gallery.enrol(&enrolment(refused, 0)).unwrap();
    drop(gallery);
    let gallery = open(folder).unwrap();
    gallery.verify().unwrap();
    assert!((1..=refused).all(|n| check_whole(&gallery, n) == Some(1)));
}

#[test]
fn a_gallery_at_its_size_limit_refuses_and_recovers() {
    let folder = tempfile::tempdir().unwrap();
    // The limit belongs to the connection, so the file is filled through one that has it from the beginning.
    let mut gallery = open(folder.path()).unwrap();
    gallery.limit_size(1_000_000).unwrap();
    let (refused, error) = (1..500).find_map(|n| gallery.enrol(&enrolment(n, 0)).err().map(|error| (n, error))).unwrap();
    assert_eq!(error, GalleryError::DiskFull);
    assert_eq!(gallery.enrol(&large_again()), Err(GalleryError::DiskFull));
    gallery.verify().unwrap();
    assert!((1..refused).all(|n| check_whole(&gallery, n) == Some(1)) && check_whole(&gallery, refused).is_none());
    // Erasing needs no new page, and makes room.
    gallery.erase(subject(1), "asked", UtcTime(1)).unwrap();
    gallery.enrol(&enrolment(800, 0)).unwrap();
    gallery.limit_size(u64::MAX).unwrap();
    gallery.enrol(&enrolment(refused, 0)).unwrap();
    gallery.verify().unwrap();
}

/// Runs on a small file system when the other test has made one.
#[test]
fn fills_a_small_disk() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let folder = PathBuf::from(folder);
    let ballast = folder.join("ballast");
    std::fs::write(&ballast, vec![1; 600_000]).unwrap();
    fill(&folder, |_| std::fs::remove_file(&ballast).unwrap());
    println!("filled and recovered");
}

#[test]
fn a_full_file_system_refuses_and_recovers() {
    let folder = tempfile::tempdir().unwrap();
    let mount = format!("mount -t tmpfs -o size=3m,mode=700 tmpfs '{0}' && echo mounted && exec \"$@\"", folder.path().display());
    let run = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", &mount, "sh"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "disk_full::fills_a_small_disk", "--nocapture"])
        .env(FOLDER, folder.path())
        .output();
    let text = match &run {
        Ok(output) => format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)),
        Err(error) => error.to_string(),
    };
    if !text.starts_with("mounted") {
        say(&format!("NOT RUN on a real full file system: this machine gives no private mounts ({}); the size limit was", text.trim()));
        return;
    }
    assert!(text.contains("filled and recovered"), "{text}");
}
