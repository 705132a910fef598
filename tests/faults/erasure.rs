//! Erasing a person, seen from below: what the decrypted pages of the file and its log still hold.
//!
//! What is shown. Canaries are planted in every field, template and picture of some people. Before the erasure (the control) the scan finds
//! on the decrypted pages their identifiers, wrapped keys, digests and sealed values, and the keys found open the values to the canaries,
//! so the scan can see what it looks for. No canary stands on any page unsealed, erased or not. After the erasure no 16 bytes in a row
//! of any of it are left on any page: table, index, free or overflow page of the file, current or stale frame of the log. The same scan of
//! a file from which rows were deleted without `secure_delete` does find remnants, so it does look at free space.
//!
//! Not shown, because it cannot be seen from here: copies of *encrypted* pages that the file system or the disk keep of their own accord.

use crate::pages::{PIECE, Stored, connect, decrypted_pages, master_key, pieces_found, remnants};
use crate::people::{check_whole, enrolment, noise, open, subject};
use std::path::Path;
use visavis::adapters::gallery::sqlite::SqliteGallery;
use visavis::ports::gallery::{GalleryStore as _, NewEnrolment};
use visavis::units::UtcTime;

/// Everything that was entered or captured, as it would look unsealed.
fn canaries(enrolment: &NewEnrolment) -> Vec<Vec<u8>> {
    let details = enrolment.details.iter().map(|(_, value)| value.0.clone().into_bytes());
    let templates = enrolment.templates.iter().map(|(t, _)| t.values().iter().flat_map(|v| v.to_le_bytes()).collect());
    let pictures = enrolment.pictures.iter().map(|picture| picture.encoded.0.clone());
    details.chain(templates).chain(pictures).chain([enrolment.registration_code.clone().into_bytes(), b"canary-layer".to_vec()]).collect()
}

/// A gallery with a past: forty people, every third enrolled twice, every seventh a member of a gallery.
fn lived_in(folder: &Path) -> SqliteGallery {
    let mut gallery = open(folder).unwrap();
    gallery.create_gallery("Staff", UtcTime(1)).unwrap();
    for n in 1..=40 {
        gallery.enrol(&enrolment(n, 0)).unwrap();
        if n % 3 == 0 {
            gallery.enrol(&enrolment(n / 3, 1)).unwrap();
        }
        if n % 7 == 0 {
            gallery.add_member("Staff", subject(n), UtcTime(2)).unwrap();
        }
    }
    gallery
}

fn stored(folder: &Path, n: u64) -> Stored {
    Stored::read(&connect(folder), subject(n).0.as_bytes())
}

fn enrolments(n: u64) -> Vec<NewEnrolment> {
    (0..if n <= 13 { 2 } else { 1 }).map(|times| enrolment(n, times)).collect()
}

#[test]
fn an_erased_person_is_on_no_page() {
    let folder = tempfile::tempdir().unwrap();
    let mut gallery = lived_in(folder.path());
    let erased: Vec<u64> = vec![7, 1, 40, 21, 22, 14];
    let master = master_key(folder.path());

    // The control: everything is there to be found, sealed.
    let pages = decrypted_pages(folder.path());
    let mut before = Vec::new();
    for n in &erased {
        let stored = stored(folder.path(), *n);
        for (value, found) in stored.values().iter().zip(pieces_found(&pages, &stored.values())) {
            // Where a value runs over to the next page, the pieces across the edge are missing.
            let enough = value.len().saturating_sub(PIECE) * 9 / 10 + 1;
            assert!(found >= enough, "person {n}: {found} pieces of {} bytes", value.len());
        }
        let opened = stored.open(&master);
        let latest = enrolments(*n).len() - 1;
        for (times, enrolment) in enrolments(*n).iter().enumerate() {
            // What an earlier enrolment entered was replaced; its templates and pictures are history.
            let replaced = if times < latest { enrolment.details.len() } else { 0 };
            for canary in &canaries(enrolment)[replaced..] {
                let inside = opened.iter().any(|plain| plain.windows(canary.len()).any(|window| window == canary));
                assert!(inside, "person {n}: the stored values are the canaries, sealed");
            }
        }
        before.push(stored);
    }

    let canaries_of_all: Vec<Vec<u8>> = erased.iter().flat_map(|n| enrolments(*n)).flat_map(|e| canaries(&e)).collect();
    assert_eq!(remnants(&pages, &canaries_of_all), 0, "nothing stands unsealed");

    for (n, stored) in erased.iter().zip(&before) {
        gallery.erase(subject(*n), "asked", UtcTime(9)).unwrap();
        let pages = decrypted_pages(folder.path());
        assert_eq!(pieces_found(&pages, &stored.values()), vec![0; stored.values().len()], "person {n}");
    }
    // And at the end, with everybody's values at once, while the others are whole.
    let pages = decrypted_pages(folder.path());
    let all: Vec<Vec<u8>> = before.iter().flat_map(Stored::values).chain(canaries_of_all).collect();
    println!("{} pages and {} values of {} people searched for pieces of {PIECE} bytes", pages.len(), all.len(), erased.len());
    assert_eq!(remnants(&pages, &all), 0);
    gallery.verify().unwrap();
    for n in (1..=40).filter(|n| !erased.contains(n)) {
        assert_eq!(check_whole(&gallery, n), Some(enrolments(n).len() as u64));
    }
}

/// Many small rows come and go, so that table and index pages are split, refilled and merged all the time.
#[test]
fn no_page_that_was_split_or_merged_keeps_a_copy() {
    let folder = tempfile::tempdir().unwrap();
    let mut gallery = open(folder.path()).unwrap();
    let reader = connect(folder.path());
    let mut there = Vec::new();
    let mut gone: Vec<Vec<u8>> = Vec::new();
    for n in 1..=240 {
        let mut small = enrolment(n, 0);
        small.pictures.iter_mut().for_each(|picture| picture.encoded.0.truncate(200 + (n % 7) as usize * 40));
        gallery.enrol(&small).unwrap();
        there.push(n);
        if n > 60 && n % 3 != 0 {
            let n = there.remove(noise(n, 1)[0] as usize % there.len());
            gone.extend(Stored::read(&reader, subject(n).0.as_bytes()).values());
            gallery.erase(subject(n), "asked", UtcTime(9)).unwrap();
        }
    }
    let found = pieces_found(&decrypted_pages(folder.path()), &gone);
    assert_eq!(found.iter().sum::<usize>(), 0, "of {} values of {} people", gone.len(), 240 - there.len());
    gallery.verify().unwrap();
}

#[test]
fn the_scan_sees_free_space() {
    let folder = tempfile::tempdir().unwrap();
    drop(lived_in(folder.path()));
    let stored = stored(folder.path(), 7);
    let connection = connect(folder.path());
    connection
        .execute_batch(&format!(
            "PRAGMA foreign_keys = OFF; PRAGMA secure_delete = OFF; DELETE FROM pictures WHERE subject = {0}; DELETE FROM templates WHERE subject = {0};
             PRAGMA wal_checkpoint(TRUNCATE);",
            stored.number
        ))
        .unwrap_or_else(|error| assert_eq!(error, rusqlite::Error::ExecuteReturnedResults));
    drop(connection);
    let deleted: Vec<Vec<u8>> = stored.sealed.iter().filter(|(kind, ..)| *kind >= 4).map(|(.., bytes)| bytes.clone()).collect();
    assert!(remnants(&decrypted_pages(folder.path()), &deleted) > 10_000, "deleted without `secure_delete`, most of it is still there");
}

#[test]
fn an_erasure_waits_for_a_reader_and_for_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let mut gallery = lived_in(folder.path());
    let stored = stored(folder.path(), 30);
    // Another program is in the middle of reading, so the log cannot be truncated.
    let reader = connect(folder.path());
    reader.execute_batch("BEGIN").unwrap();
    reader.query_row("SELECT count(*) FROM subjects", [], |row| row.get::<_, i64>(0)).unwrap();
    gallery.erase(subject(30), "asked", UtcTime(9)).unwrap();
    assert_eq!(check_whole(&gallery, 30), None);
    assert!(remnants(&decrypted_pages(folder.path()), &stored.values()) > 0, "the log still holds encrypted pages");
    // As after a crash: a copy of the files as they are, opened by a new process.
    let copy = tempfile::tempdir().unwrap();
    let keys = visavis::adapters::keys::FileKeyStore::open(&copy.path().join("keys")).unwrap();
    visavis::ports::keys::KeyStore::put(&keys, "gallery", &visavis::units::SensitiveBytes(master_key(folder.path()))).unwrap();
    for name in ["gallery.db", "gallery.db-wal"] {
        std::fs::copy(folder.path().join(name), copy.path().join(name)).unwrap();
    }
    let restarted = open(copy.path()).unwrap();
    assert_eq!(remnants(&decrypted_pages(copy.path()), &stored.values()), 0, "finished at the next start");
    drop(restarted);
    reader.execute_batch("COMMIT").unwrap();
    gallery.enrol(&enrolment(99, 0)).unwrap();
    assert_eq!(remnants(&decrypted_pages(folder.path()), &stored.values()), 0, "finished with the next write");
}

#[test]
fn a_deleted_record_is_on_no_page() {
    let folder = tempfile::tempdir().unwrap();
    let mut gallery = lived_in(folder.path());
    let before = stored(folder.path(), 5);
    gallery.delete_record(enrolment(5, 0).record).unwrap();
    let after = stored(folder.path(), 5).values();
    let gone: Vec<Vec<u8>> = before.values().into_iter().filter(|value| !after.contains(value)).collect();
    assert_eq!(gone.len(), 2 + 1 + 2 + 2, "identifier, digest, record, templates, pictures");
    assert_eq!(remnants(&decrypted_pages(folder.path()), &gone), 0);
}
