//! The gallery at full size: how long a commit, an opening, loading every template, listing and searching take.
//!
//! `cargo bench --bench gallery`; `VISAVIS_BENCH_PEOPLE` sets the number of people (100 000). Prints one line per figure.

#![allow(clippy::print_stdout, reason = "the figures are the output")]
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot run ends")]

use std::hint::black_box;
use std::time::{Duration, Instant};
use uuid::Uuid;
use visavis::adapters::gallery::sqlite::SqliteGallery;
use visavis::adapters::keys::MemoryKeyStore;
use visavis::biometrics::template::{Template, TemplateFormat};
use visavis::ports::camera::Origin;
use visavis::ports::gallery::{
    GalleryStore as _, NewEnrolment, NewPicture, PadOutcomeText, PadRecord, PictureKind, PortableRecord, PortableSubject, PortableTemplate,
    RecordId, SubjectId, SubjectOrder, SubjectQuery,
};
use visavis::units::{SensitiveBytes, SensitiveText, UtcTime};

const DIMENSIONS: usize = 128;

fn format() -> TemplateFormat {
    TemplateFormat { recogniser: "bench@0123456789abcdef".into(), dimensions: DIMENSIONS }
}

fn template(n: u64) -> Template {
    let mut state = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1 << 24) as f32 - 0.5
    };
    Template::new(format(), (0..DIMENSIONS).map(|_| next()).collect()).unwrap()
}

fn pad() -> PadRecord {
    PadRecord::Assessed {
        outcome: PadOutcomeText::BonaFide,
        layers: vec![("texture".into(), Some(0.9), 0.5)],
        methods: Vec::new(),
        assurance: None,
    }
}

fn details(n: u64) -> Vec<(String, SensitiveText)> {
    let names = ["Ada", "Zoë", "Émile", "Bo", "Chidi", "Dagný", "Farid", "Grace"];
    let name = format!("{} Person {n}", names[(n % 8) as usize]);
    vec![
        ("name".into(), SensitiveText(name)),
        ("born".into(), SensitiveText(format!("19{:02}-04-01", n % 100))),
        ("document".into(), SensitiveText(format!("X{n:09}"))),
    ]
}

fn person(n: u64) -> PortableSubject {
    let template = PortableTemplate { template: template(n), capture_score: 0.9, created_at: UtcTime(n as i64), retired_at: None };
    PortableSubject {
        subject: SubjectId(Uuid::from_u64_pair(1, n)),
        details: details(n),
        held: false,
        updated_at: UtcTime(n as i64),
        galleries: Vec::new(),
        records: vec![PortableRecord {
            record: RecordId(Uuid::from_u64_pair(2, n)),
            registration_code: format!("B{n:07}"),
            flow: "enrol".into(),
            enrolled_at: UtcTime(n as i64),
            origin: Origin::Camera,
            pad: pad(),
            active: true,
            templates: vec![template],
            pictures: Vec::new(),
        }],
    }
}

fn enrolment(n: u64) -> NewEnrolment {
    NewEnrolment {
        subject: SubjectId(Uuid::from_u64_pair(3, n)),
        record: RecordId(Uuid::from_u64_pair(4, n)),
        registration_code: format!("E{n:07}"),
        details: details(n),
        templates: vec![(template(n), 0.9)],
        pictures: vec![
            NewPicture { kind: PictureKind::Frame, encoded: SensitiveBytes(vec![n as u8; 200_000]) },
            NewPicture { kind: PictureKind::Portrait, encoded: SensitiveBytes(vec![n as u8; 30_000]) },
        ],
        galleries: Vec::new(),
        origin: Origin::Camera,
        pad: pad(),
        flow: "enrol".into(),
        enrolled_at: UtcTime(n as i64),
        held: false,
        deliver_to: Vec::new(),
        announce: None,
    }
}

/// Time this thread has had a processor, where the system tells: on a busy machine the honest figure.
fn processor_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

fn report(what: &str, mut times: Vec<Duration>, processor: Option<Duration>) {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    let processor = processor.map_or(String::new(), |p| format!(", processor {:.1} ms each", p.as_secs_f64() * 1e3 / times.len() as f64));
    println!("{what}: median {:.1} ms, 95 % {:.1} ms, longest {:.1} ms of {}{processor}", at(0.5), at(0.95), at(1.0), times.len());
}

fn timed(what: &str, count: usize, mut work: impl FnMut()) {
    let before = processor_time();
    let times = (0..count).map(|_| {
        let start = Instant::now();
        work();
        start.elapsed()
    });
    let times = times.collect();
    report(what, times, processor_time().zip(before).map(|(after, before)| after.saturating_sub(before)));
}

fn main() {
    let people = std::env::var("VISAVIS_BENCH_PEOPLE").map_or(100_000, |text| text.parse().unwrap());
    // Beside the build, so that a commit meets a disk and not a file system in memory.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let (path, keys) = (folder.path().join("gallery.db"), MemoryKeyStore::default());
    let mut gallery = SqliteGallery::open(&path, &keys, false).unwrap();
    timed(&format!("import {people} people"), 1, || drop(gallery.import(&mut (0..people).map(|n| Ok(person(n)))).unwrap()));
    drop(gallery);
    println!("file: {:.1} MB", std::fs::metadata(&path).unwrap().len() as f64 / 1e6);

    timed("open", 10, || drop(SqliteGallery::open(&path, &keys, false).unwrap()));
    timed("open and load every template", 5, || {
        let gallery = SqliteGallery::open(&path, &keys, false).unwrap();
        let mut count = 0;
        gallery
            .for_each_template(&format(), &mut |indexed| {
                count += usize::from(black_box(&indexed).template.values().len() == DIMENSIONS);
            })
            .unwrap();
        assert_eq!(count as u64, people);
    });

    let mut gallery = SqliteGallery::open(&path, &keys, false).unwrap();
    let query = |text: &str, order, offset| SubjectQuery { text: text.into(), gallery: None, order, offset, limit: 50 };
    let list = |gallery: &SqliteGallery, query: &SubjectQuery| drop(black_box(gallery.subjects(query).unwrap()));
    timed("first page of 50, newest", 20, || list(&gallery, &query("", SubjectOrder::Newest, 0)));
    timed("middle page of 50, newest", 20, || list(&gallery, &query("", SubjectOrder::Newest, people / 2)));
    timed("first search by text (decrypts the directory)", 1, || list(&gallery, &query("person 99", SubjectOrder::Newest, 0)));
    timed("search by text", 20, || list(&gallery, &query("person 99", SubjectOrder::Newest, 0)));
    timed("first page by name (sorts)", 1, || list(&gallery, &query("", SubjectOrder::Name, 0)));
    timed("page by name", 20, || list(&gallery, &query("", SubjectOrder::Name, people / 2)));
    timed("find by registration code", 50, || {
        assert!(gallery.subject_by_code("b000-0007").unwrap().is_some());
    });
    let mut n = 0;
    timed("enrol with 230 kB of pictures, durable", 200, || {
        n += 1;
        gallery.enrol(&enrolment(n)).unwrap();
    });
    timed("erase, log truncated", 20, || {
        gallery.erase(enrolment(n).subject, "bench", UtcTime(1)).unwrap();
        n -= 1;
    });
}
