//! People for the gallery's fault tests: everything about person `n` follows from `n`, so that what comes back can be checked whole.

use std::path::Path;
use uuid::Uuid;
use visavis::adapters::gallery::sqlite::SqliteGallery;
use visavis::adapters::keys::FileKeyStore;
use visavis::biometrics::template::{Template, TemplateFormat};
use visavis::ports::camera::Origin;
use visavis::ports::gallery::{
    GalleryError, GalleryStore as _, NewEnrolment, NewPicture, PadOutcomeText, PadRecord, PictureKind, RecordId, SubjectId,
};
use visavis::units::{SensitiveBytes, SensitiveText, UtcTime};

/// Opens the gallery of a folder, with its key in a file beside it.
pub fn open(folder: &Path) -> Result<SqliteGallery, GalleryError> {
    SqliteGallery::open(&folder.join("gallery.db"), &FileKeyStore::open(&folder.join("keys"))?, false)
}

pub fn subject(n: u64) -> SubjectId {
    SubjectId(Uuid::from_u64_pair(0x5b1e_c700_0000_7000, 0x8000_0000_0000_0000 | n))
}

/// Bytes that follow from `n` and look random (splitmix64).
pub fn noise(n: u64, length: usize) -> Vec<u8> {
    let mut state = n;
    let words = std::iter::repeat_with(|| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)).to_le_bytes()
    });
    words.flatten().take(length).collect()
}

pub fn template(n: u64) -> Template {
    let format = TemplateFormat { recogniser: "fault-test@0123456789abcdef".into(), dimensions: 128 };
    let values = noise(n ^ 0xface, 128).into_iter().map(|byte| f32::from(byte) - 127.5).collect();
    Template::new(format, values).expect("no byte is 127.5")
}

/// Enrolment number `times` of person `n`, 0 being the first.
pub fn enrolment(n: u64, times: u64) -> NewEnrolment {
    let key = n * 1000 + times;
    NewEnrolment {
        subject: subject(n),
        record: RecordId(Uuid::from_u64_pair(0x0ec0_4d00_0000_7000, 0x8000_0000_0000_0000 | key)),
        registration_code: format!("{:08}", key % 100_000_000),
        details: vec![
            ("name".into(), SensitiveText(format!("Canary-Name-{key}"))),
            ("document".into(), SensitiveText(format!("Canary-Document-{key}"))),
        ],
        templates: vec![(template(key), 0.5), (template(key + 500_000_000), 0.25)],
        pictures: vec![
            NewPicture { kind: PictureKind::Frame, encoded: SensitiveBytes(noise(key, 30_000 + (key % 50_000) as usize)) },
            NewPicture { kind: PictureKind::Portrait, encoded: SensitiveBytes(noise(!key, 3_000)) },
        ],
        galleries: Vec::new(),
        origin: Origin::Camera,
        pad: PadRecord::Assessed {
            outcome: PadOutcomeText::BonaFide,
            layers: vec![("canary-layer".into(), Some(0.5), 0.75)],
            methods: Vec::new(),
            assurance: None,
        },
        flow: "enrol".into(),
        enrolled_at: UtcTime(1_700_000_000_000 + key as i64),
        held: false,
        deliver_to: Vec::new(),
        announce: None,
    }
}

/// How often person `n` was enrolled, after checking that the latest enrolment is whole, or `None` when the person is not there.
#[track_caller]
pub fn check_whole(gallery: &SqliteGallery, n: u64) -> Option<u64> {
    check_whole_as(gallery, n, &enrolment)
}

/// As [`check_whole`], for people whose enrolments were made by `made`.
#[track_caller]
pub fn check_whole_as(gallery: &SqliteGallery, n: u64, made: &dyn Fn(u64, u64) -> NewEnrolment) -> Option<u64> {
    let details = match gallery.subject(subject(n)) {
        Ok(details) => details,
        Err(GalleryError::NotFound { .. }) => return None,
        Err(error) => panic!("person {n}: {error}"),
    };
    let times = details.records.len() as u64;
    let latest = made(n, times - 1);
    assert_eq!(details.details, latest.details, "person {n}");
    assert_eq!(details.records[0].record, latest.record, "person {n}");
    assert_eq!(details.records[0].pad, latest.pad, "person {n}");
    assert_eq!(details.summary.templates, 2, "person {n}");
    let templates = gallery.templates_of(subject(n)).expect("templates");
    for (found, (saved, _)) in templates.iter().zip(&latest.templates) {
        assert!(found.values().iter().zip(saved.values()).all(|(a, b)| (a - b).abs() < 1e-6), "person {n}");
    }
    for picture in &latest.pictures {
        assert!(gallery.picture(subject(n), picture.kind).expect("picture").as_ref() == Some(&picture.encoded), "person {n}");
    }
    assert_eq!(gallery.subject_by_code(&latest.registration_code), Ok(Some(subject(n))), "person {n}");
    Some(times)
}
