//! Another program uses the gallery: reading goes on, writing waits a moment and then says so (`GAL-03`), nothing is lost or half-saved.

use crate::pages::connect;
use crate::people::{check_whole, enrolment, open, subject};
use visavis::advice::Advised as _;
use visavis::ports::gallery::{GalleryError, GalleryStore as _, SubjectQuery};
use visavis::units::UtcTime;

#[test]
fn a_write_under_anothers_write_is_refused_and_works_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let mut gallery = open(folder.path()).unwrap();
    gallery.enrol(&enrolment(1, 0)).unwrap();
    let other = connect(folder.path());
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused: [(&str, Result<(), GalleryError>); 5] = [
        ("enrol", gallery.enrol(&enrolment(2, 0))),
        ("enrol again", gallery.enrol(&enrolment(1, 1))),
        ("erase", gallery.erase(subject(1), "asked", UtcTime(1)).map(drop)),
        ("hold", gallery.set_held(subject(1), true, UtcTime(1))),
        ("gallery", gallery.create_gallery("Staff", UtcTime(1))),
    ];
    for (what, result) in refused {
        let error = result.expect_err(what);
        assert_eq!((&error, error.advice().code), (&GalleryError::Locked, "GAL-03"), "{what}");
    }
    // Meanwhile the other program's unfinished work is not seen, and everything can be read and opened.
    assert_eq!(check_whole(&gallery, 1), Some(1));
    assert_eq!(open(folder.path()).unwrap().subjects(&SubjectQuery { limit: 5, ..SubjectQuery::default() }).unwrap().total, 1);
    other.execute_batch("ROLLBACK").unwrap();
    gallery.enrol(&enrolment(2, 0)).unwrap();
    gallery.enrol(&enrolment(1, 1)).unwrap();
    assert_eq!((check_whole(&gallery, 1), check_whole(&gallery, 2)), (Some(2), Some(1)));
    assert_eq!(gallery.galleries().unwrap().len(), 1);
    gallery.verify().unwrap();
}

#[test]
fn a_gallery_that_another_program_keeps_to_itself_says_so_at_once() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()).unwrap());
    let other = connect(folder.path());
    other.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; DELETE FROM members; COMMIT;").unwrap_or_else(|error| {
        assert_eq!(error, rusqlite::Error::ExecuteReturnedResults);
        other.execute_batch("BEGIN IMMEDIATE; DELETE FROM members; COMMIT;").unwrap();
    });
    assert_eq!(open(folder.path()).err(), Some(GalleryError::Locked));
    drop(other);
    assert!(open(folder.path()).is_ok());
}

/// Two galleries open at once in two threads, both writing all the time: every call is done or refused, and what was done is there.
#[test]
fn two_writers_never_lose_a_call() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()).unwrap());
    let write = |first: u64| {
        let mut gallery = open(folder.path()).unwrap();
        (first..first + 15)
            .filter(|n| match gallery.enrol(&enrolment(*n, 0)) {
                Ok(()) => true,
                Err(error) => {
                    assert_eq!(error, GalleryError::Locked);
                    false
                }
            })
            .collect::<Vec<u64>>()
    };
    let saved = std::thread::scope(|scope| {
        let other = scope.spawn(|| write(100));
        [write(1), other.join().unwrap()].concat()
    });
    let gallery = open(folder.path()).unwrap();
    gallery.verify().unwrap();
    let there: Vec<u64> = (1..200).filter(|n| check_whole(&gallery, *n).is_some()).collect();
    assert_eq!(there, saved);
}
