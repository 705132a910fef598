//! What every caller may rely on, through the port.

use super::SqliteGallery;
use crate::adapters::keys::MemoryKeyStore;
use crate::biometrics::template::{Template, TemplateFormat};
use crate::ports::camera::Origin;
use crate::ports::gallery::*;
use crate::ports::keys::KeyStore as _;
use crate::units::{SensitiveBytes, SensitiveText, UtcTime};
use uuid::Uuid;

const FORMAT: &str = "recogniser@0123456789abcdef";

pub(super) struct Desk {
    folder: tempfile::TempDir,
    keys: MemoryKeyStore,
    pub(super) gallery: SqliteGallery,
}

pub(super) fn desk() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let keys = MemoryKeyStore::default();
    let gallery = SqliteGallery::open(&folder.path().join("gallery.db"), &keys, false).unwrap();
    Desk { folder, keys, gallery }
}

impl Desk {
    fn another(&self) -> SqliteGallery {
        SqliteGallery::open(&self.folder.path().join("gallery.db"), &self.keys, false).unwrap()
    }
}

#[test]
fn a_first_start_may_open_the_gallery_on_several_threads_at_once() {
    for _ in 0..6 {
        let (folder, keys) = (tempfile::tempdir().unwrap(), MemoryKeyStore::default());
        let path = folder.path().join("gallery.db");
        let begin = std::sync::Barrier::new(8);
        let opened: Vec<_> = std::thread::scope(|scope| {
            let open = || {
                begin.wait();
                SqliteGallery::open(&path, &keys, false).map(|mut gallery| gallery.create_gallery("one of us", UtcTime(1)).is_ok())
            };
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let created: Vec<bool> = opened.into_iter().map(|one| one.expect("nobody is sent away")).collect();
        assert_eq!(created.iter().filter(|created| **created).count(), 1, "all of them opened the same file: {created:?}");
    }
}

fn template(seed: u32, recogniser: &str) -> Template {
    let format = TemplateFormat { recogniser: recogniser.into(), dimensions: 8 };
    Template::new(format, (0..8).map(|i| ((seed * 7 + i * 3) % 11) as f32 - 4.5).collect()).unwrap()
}

/// Same direction: normalising again may change the last bit.
fn same(a: &[Template], b: &[Template]) -> bool {
    a.len() == b.len()
        && a.iter().zip(b).all(|(a, b)| a.format() == b.format() && a.values().iter().zip(b.values()).all(|(x, y)| (x - y).abs() < 1e-6))
}

pub(super) fn person(seed: u32, name: &str) -> NewEnrolment {
    NewEnrolment {
        subject: SubjectId(Uuid::from_u128(0x1000 + u128::from(seed))),
        record: RecordId(Uuid::from_u128(0x2000 + u128::from(seed))),
        registration_code: format!("CODE{seed:04}"),
        details: vec![("name".into(), SensitiveText(name.into())), ("city".into(), SensitiveText(format!("City {seed}")))],
        templates: vec![(template(seed, FORMAT), 0.8)],
        pictures: vec![
            NewPicture { kind: PictureKind::Frame, encoded: SensitiveBytes(vec![seed as u8; 9000]) },
            NewPicture { kind: PictureKind::Portrait, encoded: SensitiveBytes(vec![seed as u8 ^ 0xff; 700]) },
        ],
        galleries: Vec::new(),
        origin: Origin::Camera,
        pad: PadRecord::Assessed {
            outcome: PadOutcomeText::BonaFide,
            layers: vec![("moire".into(), Some(0.25), 0.5), ("blink".into(), None, 1.0)],
            methods: vec!["moire/1".into(), "blink/2".into()],
            assurance: None,
        },
        flow: "enrol".into(),
        enrolled_at: UtcTime(1_000_000 + i64::from(seed)),
        held: false,
        deliver_to: Vec::new(),
        announce: None,
    }
}

/// A re-enrolment of `person(seed, …)`.
pub(super) fn again(seed: u32, times: u32) -> NewEnrolment {
    NewEnrolment {
        record: RecordId(Uuid::from_u128(0x3000 + u128::from(seed) * 100 + u128::from(times))),
        templates: vec![(template(seed + 50 * times, FORMAT), 0.9)],
        pictures: vec![NewPicture { kind: PictureKind::Portrait, encoded: SensitiveBytes(vec![0xaa; 800 + times as usize]) }],
        enrolled_at: UtcTime(2_000_000 + i64::from(times)),
        details: Vec::new(),
        ..person(seed, "")
    }
}

fn names(gallery: &SqliteGallery, query: &SubjectQuery) -> Vec<String> {
    gallery.subjects(query).unwrap().entries.iter().map(|entry| entry.display_name.0.clone()).collect()
}

#[test]
fn an_enrolment_comes_back_whole_after_a_restart() {
    let mut desk = desk();
    let enrolment = NewEnrolment { galleries: vec!["Staff".into()], held: true, ..person(1, "Ada Lovelace") };
    desk.gallery.create_gallery("Staff", UtcTime(5)).unwrap();
    desk.gallery.enrol(&enrolment).unwrap();
    let reopened = desk.another();
    desk.gallery = reopened;
    let details = desk.gallery.subject(enrolment.subject).unwrap();
    assert_eq!(details.details, enrolment.details);
    assert_eq!(details.galleries, ["Staff", "default"]);
    assert_eq!(details.formats, [enrolment.templates[0].0.format().clone()]);
    let expected = SubjectSummary {
        subject: enrolment.subject,
        registration_code: "CODE0001".into(),
        display_name: SensitiveText("Ada Lovelace".into()),
        enrolled_at: enrolment.enrolled_at,
        updated_at: enrolment.enrolled_at,
        templates: 1,
        origin: Origin::Camera,
        held: true,
    };
    assert_eq!(details.summary, expected);
    let record = RecordSummary {
        record: enrolment.record,
        subject: enrolment.subject,
        registration_code: "CODE0001".into(),
        flow: "enrol".into(),
        enrolled_at: enrolment.enrolled_at,
        origin: Origin::Camera,
        pad: enrolment.pad.clone(),
        active: true,
    };
    assert_eq!(details.records.as_slice(), std::slice::from_ref(&record));
    assert_eq!(desk.gallery.record(enrolment.record).unwrap(), record);
    assert!(same(&desk.gallery.templates_of(enrolment.subject).unwrap(), &[enrolment.templates[0].0.clone()]));
    for picture in &enrolment.pictures {
        assert_eq!(desk.gallery.picture(enrolment.subject, picture.kind).unwrap(), Some(picture.encoded.clone()));
    }
}

#[test]
fn a_re_enrolment_retires_the_templates_and_keeps_the_history() {
    let mut desk = desk();
    let first = person(1, "Ada");
    let second = NewEnrolment { registration_code: "CODE9999".into(), ..again(1, 1) };
    desk.gallery.enrol(&first).unwrap();
    desk.gallery.enrol(&second).unwrap();
    let details = desk.gallery.subject(first.subject).unwrap();
    assert_eq!(details.details, first.details, "entering nothing keeps what was known");
    assert_eq!((details.summary.enrolled_at, details.summary.updated_at), (first.enrolled_at, second.enrolled_at));
    assert_eq!(details.summary.templates, 1);
    assert_eq!(details.records.iter().map(|r| (r.record, r.active)).collect::<Vec<_>>(), [(second.record, true), (first.record, false)]);
    assert!(same(&desk.gallery.templates_of(first.subject).unwrap(), &[second.templates[0].0.clone()]));
    assert_eq!(desk.gallery.picture(first.subject, PictureKind::Portrait).unwrap(), Some(second.pictures[0].encoded.clone()));
    assert_eq!(desk.gallery.picture(first.subject, PictureKind::Frame).unwrap(), Some(first.pictures[0].encoded.clone()));
    for code in ["code-0001", "CODE 9999"] {
        assert_eq!(desk.gallery.subject_by_code(code).unwrap(), Some(first.subject), "{code}");
    }
    let mut seen = Vec::new();
    desk.gallery.for_each_template(first.templates[0].0.format(), &mut |t| seen.push(t.template)).unwrap();
    assert!(same(&seen, &[second.templates[0].0.clone()]), "retired templates never reach the index");
    assert!(matches!(desk.gallery.delete_record(second.record), Err(GalleryError::Stays { .. })));
    desk.gallery.delete_record(first.record).unwrap();
    assert!(matches!(desk.gallery.record(first.record), Err(GalleryError::NotFound { what: "record", .. })));
    assert_eq!(desk.gallery.picture(first.subject, PictureKind::Frame).unwrap(), None);
    assert_eq!(desk.gallery.subject_by_code("CODE0001").unwrap(), None);
}

#[test]
fn clips_are_forgotten_when_they_are_due_and_nothing_else_is() {
    let mut desk = desk();
    for seed in [1, 2] {
        let mut enrolment = person(seed, &format!("CODE{seed}"));
        enrolment.pictures.push(NewPicture { kind: PictureKind::Clip, encoded: SensitiveBytes(vec![seed as u8; 50]) });
        desk.gallery.enrol(&enrolment).unwrap();
    }
    let (first, second) = (person(1, "CODE1").subject, person(2, "CODE2").subject);
    assert_eq!(desk.gallery.forget_clips(UtcTime(1_000_001)).unwrap(), 0);
    assert_eq!(desk.gallery.forget_clips(UtcTime(1_000_002)).unwrap(), 1);
    assert_eq!(desk.gallery.picture(first, PictureKind::Clip).unwrap(), None);
    assert!(desk.gallery.picture(second, PictureKind::Clip).unwrap().is_some());
    assert!(desk.gallery.picture(first, PictureKind::Frame).unwrap().is_some());
    desk.gallery.verify().unwrap();
}

#[test]
fn what_must_not_be_saved_is_refused_and_leaves_nothing() {
    let mut desk = desk();
    desk.gallery.enrol(&person(1, "Ada")).unwrap();
    let before = desk.gallery.revision().unwrap();
    let nan = PadRecord::Assessed {
        outcome: PadOutcomeText::BonaFide,
        layers: vec![("x".into(), Some(f32::NAN), 1.0)],
        methods: Vec::new(),
        assurance: None,
    };
    let cases: Vec<(&str, NewEnrolment, fn(&GalleryError) -> bool)> = vec![
        ("practice", NewEnrolment { origin: Origin::Practice, ..person(2, "") }, |e| matches!(e, GalleryError::ForeignOrigin { .. })),
        ("no template", NewEnrolment { templates: Vec::new(), ..person(2, "") }, |e| matches!(e, GalleryError::Unfit { .. })),
        ("not a number", NewEnrolment { pad: nan, ..person(2, "") }, |e| matches!(e, GalleryError::Unfit { .. })),
        ("known record", NewEnrolment { record: person(1, "").record, ..person(2, "") }, |e| {
            matches!(e, GalleryError::Conflict { what: "record", .. })
        }),
        ("another's code", NewEnrolment { registration_code: "code-00o1".into(), ..person(2, "") }, |e| {
            matches!(e, GalleryError::Conflict { .. })
        }),
        ("no such gallery", NewEnrolment { galleries: vec!["Staff".into()], ..person(2, "") }, |e| {
            matches!(e, GalleryError::NotFound { what: "gallery", .. })
        }),
    ];
    for (what, enrolment, expected) in cases {
        let error = desk.gallery.enrol(&enrolment).unwrap_err();
        assert!(expected(&error), "{what}: {error:?}");
        assert!(!error.to_string().contains("00o1") && !error.to_string().contains("CODE"), "a code leads to a person");
        assert!(matches!(desk.gallery.subject(enrolment.subject), Err(GalleryError::NotFound { what: "person", .. })), "{what}");
    }
    assert_eq!(desk.gallery.revision().unwrap(), before);
    assert_eq!(desk.gallery.subjects(&SubjectQuery { limit: 9, ..SubjectQuery::default() }).unwrap().total, 1);
}

#[test]
fn practice_and_real_files_are_never_mixed() {
    let folder = tempfile::tempdir().unwrap();
    let keys = MemoryKeyStore::default();
    let path = folder.path().join("practice.db");
    let mut practice = SqliteGallery::open(&path, &keys, true).unwrap();
    practice.enrol(&NewEnrolment { origin: Origin::Practice, ..person(1, "") }).unwrap();
    for origin in [Origin::Camera, Origin::File] {
        let refused = practice.enrol(&NewEnrolment { origin, ..person(2, "") });
        assert_eq!(refused, Err(GalleryError::ForeignOrigin { origin, practice_gallery: true }));
    }
    drop(practice);
    keys.put("gallery", &keys.get("practice-gallery").unwrap().unwrap()).unwrap();
    assert!(matches!(SqliteGallery::open(&path, &keys, false), Err(GalleryError::ForeignOrigin { practice_gallery: true, .. })));
}

#[test]
fn lists_are_ordered_searched_filtered_and_paged() {
    let mut desk = desk();
    desk.gallery.create_gallery("Staff", UtcTime(5)).unwrap();
    for (seed, name) in [(1, "Émile"), (2, "ada"), (3, "Zoë"), (4, "Bo")] {
        desk.gallery.enrol(&person(seed, name)).unwrap();
    }
    for seed in [2, 3] {
        desk.gallery.add_member("Staff", person(seed, "").subject, UtcTime(6)).unwrap();
    }
    let query = |text: &str, gallery: Option<&str>, order, offset, limit| SubjectQuery {
        text: text.into(),
        gallery: gallery.map(Into::into),
        order,
        offset,
        limit,
    };
    use SubjectOrder::{Name, Newest, Oldest};
    let cases: [(SubjectQuery, &[&str]); 14] = [
        (query("", None, Newest, 0, 10), &["Bo", "Zoë", "ada", "Émile"]),
        (query("", None, Oldest, 0, 10), &["Émile", "ada", "Zoë", "Bo"]),
        (query("", None, Name, 0, 10), &["ada", "Bo", "Zoë", "Émile"]),
        (query("", None, Newest, 1, 2), &["Zoë", "ada"]),
        (query("", None, Name, 3, 2), &["Émile"]),
        (query("", None, Newest, 9, 2), &[]),
        (query("", Some("Staff"), Newest, 0, 10), &["Zoë", "ada"]),
        (query("", Some("staff"), Name, 0, 10), &["ada", "Zoë"]),
        (query("", Some("default"), Newest, 0, 1), &["Bo"]),
        (query("ÉMI", None, Newest, 0, 10), &["Émile"]),
        (query("city 3", None, Oldest, 0, 10), &["Zoë"]),
        (query("code-000", None, Oldest, 0, 10), &["Émile", "ada", "Zoë", "Bo"]),
        (query("o", Some("Staff"), Newest, 0, 10), &["Zoë", "ada"]),
        (query("nobody", None, Newest, 0, 10), &[]),
    ];
    for (query, expected) in cases {
        // "o" also stands for the zero of the codes, so ada is found by hers.
        assert_eq!(names(&desk.gallery, &query), expected, "{query:?}");
    }
    assert_eq!(desk.gallery.subjects(&query("", Some("Staff"), Newest, 1, 1)).unwrap().total, 2);
    assert_eq!(desk.gallery.subjects(&query("e", None, Newest, 9, 1)).unwrap().total, 4);
    let missing = desk.gallery.subjects(&query("", Some("Guests"), Newest, 0, 1));
    assert!(matches!(missing, Err(GalleryError::NotFound { what: "gallery", .. })));
}

#[test]
fn the_directory_follows_what_other_processes_do() {
    let mut desk = desk();
    let by_name = SubjectQuery { order: SubjectOrder::Name, limit: 10, ..SubjectQuery::default() };
    desk.gallery.enrol(&person(1, "Ada")).unwrap();
    assert_eq!(names(&desk.gallery, &by_name), ["Ada"]);
    let mut other = desk.another();
    other.enrol(&person(2, "Bo")).unwrap();
    other.enrol(&NewEnrolment { details: vec![("name".into(), SensitiveText("Zoë".into()))], ..again(1, 1) }).unwrap();
    assert_eq!(names(&desk.gallery, &by_name), ["Bo", "Zoë"]);
    let seen = desk.gallery.revision().unwrap();
    other.erase(person(2, "").subject, "asked", UtcTime(9)).unwrap();
    assert_ne!(desk.gallery.revision().unwrap(), seen, "an index in memory must learn of it");
    assert_eq!(names(&desk.gallery, &by_name), ["Zoë"]);
}

#[test]
fn galleries_are_created_filled_left_and_deleted() {
    let mut desk = desk();
    let (ada, bo) = (person(1, "Ada"), person(2, "Bo"));
    desk.gallery.enrol(&ada).unwrap();
    desk.gallery.enrol(&bo).unwrap();
    for name in ["", " x", "default", "DEFAULT", "a\nb", &"n".repeat(65)] {
        assert!(matches!(desk.gallery.create_gallery(name, UtcTime(7)), Err(GalleryError::BadName { .. })), "{name:?}");
    }
    desk.gallery.create_gallery("VIP", UtcTime(7)).unwrap();
    assert!(matches!(desk.gallery.create_gallery("vip", UtcTime(7)), Err(GalleryError::Conflict { .. })));
    for _ in 0..2 {
        desk.gallery.add_member("VIP", bo.subject, UtcTime(8)).unwrap();
    }
    desk.gallery.add_member("default", bo.subject, UtcTime(8)).unwrap();
    let summary = |name: &str, members, created| GallerySummary { name: name.into(), members, created_at: UtcTime(created) };
    assert_eq!(desk.gallery.galleries().unwrap(), [summary("default", 2, ada.enrolled_at.0), summary("VIP", 1, 7)]);
    assert!(desk.gallery.contains("VIP", bo.subject).unwrap() && !desk.gallery.contains("VIP", ada.subject).unwrap());
    assert!(desk.gallery.contains("default", ada.subject).unwrap());
    assert!(!desk.gallery.contains("default", person(9, "").subject).unwrap());
    assert_eq!(desk.gallery.member_ids("VIP").unwrap(), [bo.subject]);
    assert_eq!(desk.gallery.member_ids("default").unwrap(), [ada.subject, bo.subject]);
    assert!(matches!(desk.gallery.remove_member("default", bo.subject), Err(GalleryError::Stays { .. })));
    assert!(matches!(desk.gallery.delete_gallery("default"), Err(GalleryError::Stays { .. })));
    desk.gallery.remove_member("VIP", bo.subject).unwrap();
    assert_eq!(desk.gallery.member_ids("VIP").unwrap(), []);
    desk.gallery.add_member("VIP", bo.subject, UtcTime(8)).unwrap();
    desk.gallery.delete_gallery("VIP").unwrap();
    assert!(matches!(desk.gallery.member_ids("VIP"), Err(GalleryError::NotFound { .. })));
    assert!(desk.gallery.subject(bo.subject).is_ok(), "members stay enrolled");
}

#[test]
fn records_are_paged_newest_first() {
    let mut desk = desk();
    for seed in 1..=5 {
        desk.gallery.enrol(&person(seed, "x")).unwrap();
    }
    let page = desk.gallery.records(1, 2).unwrap();
    assert_eq!(page.total, 5);
    assert_eq!(page.entries.iter().map(|r| r.record).collect::<Vec<_>>(), [person(4, "").record, person(3, "").record]);
    assert!(desk.gallery.records(5, 2).unwrap().entries.is_empty());
}

#[test]
fn templates_are_replaced_for_another_recogniser() {
    let mut desk = desk();
    desk.gallery.enrol(&person(1, "Ada")).unwrap();
    let fresh = template(9, "other@fedcba9876543210");
    desk.gallery.replace_templates(person(1, "").subject, &[(fresh.clone(), 0.5)], UtcTime(3_000_000)).unwrap();
    assert!(same(&desk.gallery.templates_of(person(1, "").subject).unwrap(), std::slice::from_ref(&fresh)));
    let count = |format: &TemplateFormat| {
        let mut seen = 0;
        desk.gallery.for_each_template(format, &mut |_| seen += 1).unwrap();
        seen
    };
    assert_eq!((count(fresh.format()), count(template(1, FORMAT).format()), count(template(1, "never").format())), (1, 0, 0));
    let summary = desk.gallery.subject(person(1, "").subject).unwrap().summary;
    assert_eq!((summary.templates, summary.updated_at), (1, UtcTime(3_000_000)));
    assert!(matches!(desk.gallery.replace_templates(person(1, "").subject, &[], UtcTime(0)), Err(GalleryError::Unfit { .. })));
}

#[test]
fn held_records_are_released() {
    let mut desk = desk();
    desk.gallery.enrol(&NewEnrolment { held: true, ..person(1, "Ada") }).unwrap();
    desk.gallery.set_held(person(1, "").subject, false, UtcTime(4_000_000)).unwrap();
    let summary = desk.gallery.subject(person(1, "").subject).unwrap().summary;
    assert_eq!((summary.held, summary.updated_at), (false, UtcTime(4_000_000)));
}

#[test]
fn an_erased_person_is_gone_and_stays_gone() {
    let mut desk = desk();
    desk.gallery.create_gallery("Staff", UtcTime(5)).unwrap();
    desk.gallery.enrol(&NewEnrolment { galleries: vec!["Staff".into()], ..person(1, "Ada") }).unwrap();
    desk.gallery.enrol(&again(1, 1)).unwrap();
    desk.gallery.enrol(&person(2, "Bo")).unwrap();
    let receipt = desk.gallery.erase(person(1, "").subject, "asked in writing", UtcTime(9)).unwrap();
    assert_eq!(receipt, ErasureReceipt { subject: person(1, "").subject, templates: 2, pictures: 3, records: 2 });
    assert!(matches!(desk.gallery.subject(person(1, "").subject), Err(GalleryError::NotFound { .. })));
    assert_eq!(desk.gallery.subject_by_code("CODE0001").unwrap(), None);
    assert_eq!(desk.gallery.member_ids("Staff").unwrap(), []);
    assert_eq!(names(&desk.gallery, &SubjectQuery { text: "a".into(), limit: 9, ..SubjectQuery::default() }), [""; 0]);
    let erasures = desk.gallery.erasures().unwrap();
    assert_eq!((erasures[0].reason.0.as_str(), erasures[0].destroyed), ("asked in writing", (2, 3, 2)));
    assert!(
        matches!(desk.gallery.enrol(&again(1, 2)), Err(GalleryError::Conflict { what: "person", .. })),
        "an old copy brings nobody back"
    );
    assert!(matches!(desk.gallery.erase(person(1, "").subject, "", UtcTime(9)), Err(GalleryError::NotFound { .. })));
    assert!(desk.gallery.subject(person(2, "").subject).is_ok());
    let log = desk.folder.path().join("gallery.db-wal");
    assert!(std::fs::metadata(log).unwrap().len() < 20_000, "the log was truncated");
}

#[test]
fn a_gallery_is_never_opened_with_another_or_a_fresh_key() {
    let desk = desk();
    let path = desk.folder.path().join("gallery.db");
    let empty = MemoryKeyStore::default();
    assert_eq!(SqliteGallery::open(&path, &empty, false).err(), Some(GalleryError::WrongKey));
    assert_eq!(empty.get("gallery").unwrap(), None, "no key was made for an existing file");
    empty.put("gallery", &SensitiveBytes(vec![3; 32])).unwrap();
    assert_eq!(SqliteGallery::open(&path, &empty, false).err(), Some(GalleryError::WrongKey));
    assert!(std::fs::read(&path).unwrap().get(..15) != Some(b"SQLite format 3"), "the file is encrypted from its first byte");
}

#[test]
fn a_newer_schema_leaves_the_file_as_it_is() {
    let desk = desk();
    let path = desk.folder.path().join("gallery.db");
    let newer = "INSERT INTO schema_migrations (number, name, checksum) VALUES (99, 'later', x'00')";
    desk.gallery.connection.execute(newer, []).unwrap();
    let Desk { folder, keys, gallery } = desk;
    drop(gallery);
    let before = std::fs::read(&path).unwrap();
    let refused = SqliteGallery::open(&path, &keys, false).err();
    assert_eq!(refused, Some(GalleryError::TooNew { found: 99, known: super::migrations::MIGRATIONS.len() as u32 }));
    assert_eq!(std::fs::read(&path).unwrap(), before);
    drop(folder);
}

fn exported(gallery: &SqliteGallery, name: Option<&str>) -> Vec<PortableSubject> {
    let mut people = Vec::new();
    gallery
        .export(name, &mut |person| {
            people.push(person);
            Ok(())
        })
        .unwrap();
    people
}

fn import(gallery: &mut SqliteGallery, people: &[PortableSubject]) -> Result<ImportReport, GalleryError> {
    gallery.import(&mut people.iter().cloned().map(Ok))
}

#[test]
fn people_move_to_another_gallery_whole_and_once() {
    let mut from = desk();
    from.gallery.create_gallery("Staff", UtcTime(5)).unwrap();
    from.gallery.enrol(&NewEnrolment { galleries: vec!["Staff".into()], held: true, ..person(1, "Ada") }).unwrap();
    from.gallery.enrol(&again(1, 1)).unwrap();
    from.gallery.enrol(&person(2, "Bo")).unwrap();
    let people = exported(&from.gallery, None);
    assert_eq!(people.len(), 2);
    assert_eq!(exported(&from.gallery, Some("Staff")), people[..1]);

    let mut to = desk();
    let report = import(&mut to.gallery, &people).unwrap();
    let expected = ImportReport { people_added: 2, records_added: 3, templates_added: 3, pictures_added: 5, ..ImportReport::default() };
    assert_eq!(report, expected);
    to.gallery.verify().unwrap();
    assert_eq!(exported(&to.gallery, None), people);
    for seed in [1, 2] {
        assert_eq!(to.gallery.subject(person(seed, "").subject).unwrap(), from.gallery.subject(person(seed, "").subject).unwrap());
    }
    let revision = to.gallery.revision().unwrap();
    assert_eq!(import(&mut to.gallery, &people).unwrap(), ImportReport { people_unchanged: 2, ..ImportReport::default() });
    assert_eq!(to.gallery.revision().unwrap(), revision);
}

#[test]
fn an_import_updates_forward_and_never_backward() {
    let (mut from, mut to) = (desk(), desk());
    from.gallery.enrol(&person(1, "Ada")).unwrap();
    let old = exported(&from.gallery, None);
    from.gallery.enrol(&NewEnrolment { details: vec![("name".into(), SensitiveText("Ada K.".into()))], ..again(1, 1) }).unwrap();
    let new = exported(&from.gallery, None);
    import(&mut to.gallery, &old).unwrap();
    let report = import(&mut to.gallery, &new).unwrap();
    assert_eq!((report.people_updated, report.records_added), (1, 1));
    assert_eq!(to.gallery.subject(person(1, "").subject).unwrap(), from.gallery.subject(person(1, "").subject).unwrap());
    to.gallery.verify().unwrap();
    // The older state arrives last at a third place, where it was never seen.
    let mut third = desk();
    third.gallery.enrol(&NewEnrolment { details: vec![("name".into(), SensitiveText("Ada K.".into()))], ..again(1, 1) }).unwrap();
    let report = import(&mut third.gallery, &old).unwrap();
    assert_eq!((report.people_updated, report.records_added), (1, 1));
    let details = third.gallery.subject(person(1, "").subject).unwrap();
    assert_eq!(details.summary.display_name.0, "Ada K.");
    assert_eq!(
        details.records.iter().map(|r| (r.record, r.active)).collect::<Vec<_>>(),
        [(again(1, 1).record, true), (person(1, "").record, false)]
    );
    assert_eq!(
        third.gallery.picture(details.summary.subject, PictureKind::Portrait).unwrap(),
        Some(again(1, 1).pictures[0].encoded.clone())
    );
    assert!(same(&third.gallery.templates_of(details.summary.subject).unwrap(), &[again(1, 1).templates[0].0.clone()]));
    third.gallery.verify().unwrap();
}

#[test]
fn templates_of_another_recogniser_are_kept_beside_each_other() {
    let (mut from, mut to) = (desk(), desk());
    from.gallery.enrol(&person(1, "Ada")).unwrap();
    import(&mut to.gallery, &exported(&from.gallery, None)).unwrap();
    let other = template(9, "other@fedcba9876543210");
    from.gallery.replace_templates(person(1, "").subject, &[(other.clone(), 0.5)], UtcTime(3_000_000)).unwrap();
    let report = import(&mut to.gallery, &exported(&from.gallery, None)).unwrap();
    assert_eq!((report.people_updated, report.templates_added), (1, 1));
    assert!(same(&to.gallery.templates_of(person(1, "").subject).unwrap(), &[person(1, "").templates[0].0.clone(), other]));
    to.gallery.verify().unwrap();
}

#[test]
fn an_import_brings_nobody_back_and_takes_nobodys_place() {
    let (mut from, mut to) = (desk(), desk());
    from.gallery.enrol(&person(1, "Ada")).unwrap();
    from.gallery.enrol(&person(2, "Bo")).unwrap();
    from.gallery.enrol(&person(3, "Cy")).unwrap();
    let people = exported(&from.gallery, None);
    to.gallery.enrol(&person(1, "Ada")).unwrap();
    to.gallery.erase(person(1, "").subject, "asked", UtcTime(9)).unwrap();
    to.gallery.enrol(&NewEnrolment { registration_code: "CODE0002".into(), ..person(7, "Dee") }).unwrap();
    let report = import(&mut to.gallery, &people).unwrap();
    assert_eq!((report.people_added, report.people_erased_before, report.conflicts), (1, 1, vec![person(2, "").subject]));
    to.gallery.verify().unwrap();
}

#[test]
fn an_import_that_breaks_off_leaves_nothing() {
    let (mut from, mut to) = (desk(), desk());
    from.gallery.create_gallery("Staff", UtcTime(5)).unwrap();
    for seed in 1..=3 {
        from.gallery.enrol(&NewEnrolment { galleries: vec!["Staff".into()], ..person(seed, "x") }).unwrap();
    }
    let people = exported(&from.gallery, None);
    let broken_off = to.gallery.import(&mut people.iter().cloned().map(Ok).chain([Err(Interrupted)]));
    assert!(matches!(broken_off, Err(GalleryError::Unfit { .. })));
    let mut bad: Vec<Vec<PortableSubject>> = vec![people.clone(); 4];
    bad[0][2].records[0].active = false;
    bad[1][2].records[0].origin = Origin::Practice;
    bad[2][2].records[0].templates.clear();
    bad[3][2].galleries = vec!["a\u{7}".into()];
    for people in bad {
        assert!(import(&mut to.gallery, &people).is_err());
    }
    assert_eq!(
        (to.gallery.revision().unwrap(), to.gallery.galleries().unwrap().len(), to.gallery.galleries().unwrap()[0].members),
        (0, 1, 0)
    );
}
