//! Exports and imports between real galleries; files changed on the way.

use super::*;
use crate::adapters::gallery::sqlite::SqliteGallery;
use crate::adapters::keys::MemoryKeyStore;
use crate::biometrics::template::{Template, TemplateFormat};
use crate::ports::camera::Origin;
use crate::ports::gallery::*;
use crate::units::{SensitiveBytes, SensitiveText};
use uuid::Uuid;

struct Desk {
    folder: tempfile::TempDir,
    gallery: SqliteGallery,
}

fn desk() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let gallery = SqliteGallery::open(&folder.path().join("gallery.db"), &MemoryKeyStore::default(), false).unwrap();
    Desk { folder, gallery }
}

fn identity(fill: u8) -> Identity {
    Identity::derive(&SensitiveBytes(vec![fill; 32]))
}

fn person(seed: u32, picture: usize) -> NewEnrolment {
    let template = |recogniser: &str, dimensions: usize| {
        let values = (0..dimensions).map(|i| ((seed as usize * 7 + i * 3) % 11) as f32 - 4.5).collect();
        (Template::new(TemplateFormat { recogniser: recogniser.into(), dimensions }, values).unwrap(), 0.5)
    };
    NewEnrolment {
        subject: SubjectId(Uuid::from_u128(0x1000 + u128::from(seed))),
        record: RecordId(Uuid::from_u128(0x2000 + u128::from(seed))),
        registration_code: format!("CODE{seed:04}"),
        details: vec![("name".into(), SensitiveText(format!("Name {seed}"))), ("note".into(), SensitiveText("größer \"x\"\n".into()))],
        templates: vec![template("one@0123456789abcdef", 8), template("two@fedcba9876543210", 5)],
        pictures: vec![NewPicture { kind: PictureKind::Portrait, encoded: SensitiveBytes((0..picture).map(|i| i as u8).collect()) }],
        galleries: vec!["Staff".into()],
        origin: Origin::Camera,
        pad: PadRecord::NotAssessed { reason: "test".into() },
        flow: "enrol".into(),
        enrolled_at: UtcTime(1000 + i64::from(seed)),
        held: seed.is_multiple_of(2),
        deliver_to: Vec::new(),
        announce: None,
    }
}

/// A gallery of three people, exported for identity 2 by identity 1.
fn exported(picture: usize) -> (Desk, std::path::PathBuf, ExportReport) {
    let mut desk = desk();
    desk.gallery.create_gallery("Staff", UtcTime(1)).unwrap();
    for seed in 1..=3 {
        desk.gallery.enrol(&person(seed, picture)).unwrap();
    }
    let path = desk.folder.path().join("people.visavis");
    let to = [Recipient::Key(identity(2).receives_as())];
    let report = export_gallery(&desk.gallery, None, &path, &to, &identity(1), UtcTime(9), &Progress::default()).unwrap();
    (desk, path, report)
}

fn import(gallery: &mut SqliteGallery, bytes: &[u8]) -> Result<(ImportReport, PublicKey), TransferError> {
    import_from(gallery, bytes, Opener::Identity(&identity(2)), Trust::Only(&[identity(1).signs_as()]), &Progress::default())
}

#[test]
fn people_travel_in_a_file_and_arrive_once() {
    let (from, path, report) = exported(200_000);
    assert_eq!(report, ExportReport { people: 3, records: 3, pictures: 3 });
    let mut to = desk();
    let trusted = [identity(1).signs_as()];
    let mut take =
        || import_gallery(&mut to.gallery, &path, Opener::Identity(&identity(2)), Trust::Only(&trusted), &Progress::default()).unwrap();
    let (first, signer) = take();
    assert_eq!((first.people_added, first.records_added, first.templates_added, first.pictures_added), (3, 3, 6, 3));
    assert_eq!(signer, identity(1).signs_as());
    assert_eq!(take().0, ImportReport { people_unchanged: 3, ..ImportReport::default() });
    to.gallery.verify().unwrap();
    for seed in 1..=3 {
        let subject = person(seed, 0).subject;
        assert_eq!(to.gallery.subject(subject).unwrap(), from.gallery.subject(subject).unwrap());
        assert!(to.gallery.picture(subject, PictureKind::Portrait) == from.gallery.picture(subject, PictureKind::Portrait));
    }
    assert_eq!(to.gallery.member_ids("Staff").unwrap().len(), 3);
    let bytes = std::fs::read(path).unwrap();
    assert!(!bytes.windows(6).any(|window| window == b"Name 1"), "nothing stands in the clear");
}

#[test]
fn one_gallery_can_be_exported_and_a_missing_one_leaves_no_file() {
    let (mut from, path, _) = exported(10);
    from.gallery.remove_member("Staff", person(2, 0).subject).unwrap();
    let to = [Recipient::Key(identity(2).receives_as())];
    let report = export_gallery(&from.gallery, Some("staff"), &path, &to, &identity(1), UtcTime(9), &Progress::default()).unwrap();
    assert_eq!(report.people, 2);
    let missing = from.folder.path().join("missing.visavis");
    let refused = export_gallery(&from.gallery, Some("Guests"), &missing, &to, &identity(1), UtcTime(9), &Progress::default());
    assert!(matches!(refused, Err(TransferError::Gallery(GalleryError::NotFound { what: "gallery", .. }))));
    assert!(!missing.exists());
}

#[test]
fn a_practice_gallery_takes_no_real_people() {
    let (_from, path, _) = exported(10);
    let folder = tempfile::tempdir().unwrap();
    let mut practice = SqliteGallery::open(&folder.path().join("practice.db"), &MemoryKeyStore::default(), true).unwrap();
    let refused = import_gallery(&mut practice, &path, Opener::Identity(&identity(2)), Trust::Anyone, &Progress::default());
    assert!(matches!(refused, Err(TransferError::Gallery(GalleryError::ForeignOrigin { .. }))));
}

/// A small generator (xorshift) so that every run sees the same cases.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below as u64) as usize
    }

    /// Changes, cuts, doubles, moves or overwrites some bytes.
    fn mutate(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut changed = bytes.to_vec();
        for _ in 0..=self.roll(3) {
            let (a, b) = (self.roll(changed.len()), self.roll(changed.len()));
            let (start, end) = (a.min(b), a.max(b));
            match self.roll(7) {
                0 => changed[a] ^= 1 << self.roll(8),
                1 => changed.truncate(a.max(1)),
                2 => drop(changed.drain(start..end)),
                3 => changed.insert(a, self.roll(256) as u8),
                4 => changed.swap(a, b),
                5 => changed.extend_from_within(start..end),
                _ => changed[start..end.min(start + 8)].fill(self.roll(256) as u8),
            }
            if changed.is_empty() {
                changed.push(0);
            }
        }
        changed
    }
}

#[test]
fn no_changed_file_is_taken_in() {
    let (_from, path, _) = exported(300);
    let whole = std::fs::read(path).unwrap();
    let mut to = desk();
    let mut dice = Dice(0x5eed);
    for case in 0..4000 {
        let changed = dice.mutate(&whole);
        if changed != whole {
            assert!(import(&mut to.gallery, &changed).is_err(), "case {case}");
        }
    }
    assert_eq!(to.gallery.revision().unwrap(), 0, "nothing was kept of any");
    assert_eq!(import(&mut to.gallery, &whole).unwrap().0.people_added, 3);
}

/// The trusted sealer itself writes nonsense: refused whole, or taken in whole and consistent; never a panic.
#[test]
fn nonsense_from_a_trusted_sealer_is_refused_whole() {
    let (from, ..) = exported(40);
    let mut plain = OPENING.to_vec();
    from.gallery
        .export(None, &mut |person| {
            portable::encode(&person, &mut |bytes| {
                plain.extend_from_slice(bytes);
                Ok(())
            })
            .map_err(|_| Interrupted)
        })
        .unwrap();
    plain.extend_from_slice(&portable::END);
    let seal = |content: &[u8]| {
        let to = [Recipient::Key(identity(2).receives_as())];
        let mut writer = SealedWriter::new(Vec::new(), Kind::GalleryExport, &to, &identity(1), UtcTime(0)).unwrap();
        writer.write(content).unwrap();
        writer.finish(&identity(1)).unwrap()
    };
    let mut to = desk();
    let mut dice = Dice(0xfeed);
    let (mut refused, mut taken, mut revision) = (0, 0, 0);
    for case in 0..1500 {
        let result = import(&mut to.gallery, &seal(&dice.mutate(&plain)));
        let now = to.gallery.revision().unwrap();
        if result.is_ok() {
            taken += 1;
        } else {
            refused += 1;
            assert_eq!(now, revision, "case {case} was refused and kept something");
        }
        revision = now;
    }
    to.gallery.verify().unwrap();
    println!("{refused} refused, {taken} taken in whole");
    assert!(refused > 500);
}

use portable::OPENING;

#[test]
fn what_is_broken_off_leaves_no_file_and_takes_nobody_in() {
    let (desk, path, _) = exported(2_000);
    let stopped = Progress::default();
    stopped.cancel();
    let unwritten = path.with_extension("second");
    let to = [Recipient::Key(identity(2).receives_as())];
    let refused = export_gallery(&desk.gallery, None, &unwritten, &to, &identity(1), UtcTime(9), &stopped);
    assert_eq!(refused, Err(TransferError::Cancelled));
    assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().filter(|e| e.as_ref().unwrap().path() == unwritten).count(), 0);
    let mut empty = self::desk();
    let refused = import_gallery(&mut empty.gallery, &path, Opener::Identity(&identity(2)), Trust::Anyone, &stopped);
    assert_eq!(refused, Err(TransferError::Cancelled));
    let watched = Progress::default();
    let taken = import_gallery(&mut empty.gallery, &path, Opener::Identity(&identity(2)), Trust::Anyone, &watched).unwrap();
    assert_eq!((taken.0.people_added, watched.done()), (3, 3), "the interrupted import had kept nobody");
}
