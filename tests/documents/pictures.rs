//! Zones and barcodes read from the specimen pictures of the reference data, with the pack that is built in.

use super::reference::folder;
use std::path::PathBuf;
use time::macros::date;
use visavis::adapters::inference::ort::{InferenceOptions, OrtInference};
use visavis::adapters::packs::PackStore;
use visavis::runtime::clock::SystemClock;
use visavis::runtime::document::line_reader::MrzLineReader;
use visavis::runtime::evaluation::documents::{DocumentReport, Kind, Outcome, evaluate, read_list};

fn report(kind: Kind) -> Option<DocumentReport> {
    let list = folder("specimen pictures")?.join("images/expected.csv");
    let home = tempfile::tempdir().unwrap();
    let packs = PackStore::new(home.path());
    let pack = packs.load(&packs.default_location().unwrap()).unwrap();
    let inference = OrtInference::start(&InferenceOptions { library: None, threads: 1, force: None }).unwrap();
    let mut reader = MrzLineReader::load(&pack, &inference).unwrap();
    let mut cases = read_list(&list).unwrap();
    cases.retain(|c| c.kind == kind);
    let root: PathBuf = list.parent().unwrap().to_owned();
    Some(evaluate(&cases, &root, &mut reader, date!(2026 - 01 - 01), &SystemClock::start(), &|| {}).unwrap())
}

#[test]
fn zones_of_specimens_are_read() {
    let Some(report) = report(Kind::Mrz) else { return };
    println!("{report}");
    let share = |rate: visavis::biometrics::evaluation::report::RateReport| rate.value.unwrap();
    assert!(share(report.zones_read) >= 0.90, "{report}");
    assert!(share(report.wide_zones_read) >= 0.95, "{report}");
    assert_eq!(report.zones_wrongly_accepted.events, 0, "{report}");
    // A national layout is named as what it is, and a malformed print stays visible.
    let row = |file: &str| report.rows.iter().find(|r| r.file.ends_with(file)).unwrap();
    assert_eq!(row("id1.jpg").format, Some("FRA-ID"));
    assert_eq!(row("id_fail.png").outcome, Outcome::Refused);
    assert_ne!(row("0_id-esp.png").outcome, Outcome::Exact);
}

#[test]
fn symbols_of_specimens_are_read() {
    let Some(report) = report(Kind::Pdf417) else { return };
    assert_eq!(report.symbols_read.events, report.symbols_read.trials, "{report}");
    assert!(report.symbols_read.trials > 40);
}
