//! Every row of the reference table of zones, and the rules of Doc 9303 that trip parsers as cases of our own.

use std::collections::{BTreeMap, BTreeSet};
use time::Date;
use time::macros::date;
use visavis::advice::Advised as _;
use visavis::documents::mrz::{ChangeKind, CheckResult, Finding, Format, Line, Mrz, MrzError, Reading, Suggestion, read};

const TODAY: Date = date!(2026 - 01 - 01);

fn reading(lines: &[&str]) -> Result<Reading, MrzError> {
    read(&lines.iter().map(|l| Line::new(l)).collect::<Vec<_>>(), TODAY)
}

fn strict(lines: &[&str]) -> Mrz {
    reading(lines).expect("lines of a format").as_given.expect("widths of a format")
}

fn format_word(format: Format) -> &'static str {
    match format {
        Format::Td1 => "TD1",
        Format::Td2 => "TD2",
        Format::Td3 => "TD3",
        Format::MrvA => "MRVA",
        Format::MrvB => "MRVB",
        Format::FrenchIdentityCard => "FRA_ID_2x36",
        Format::FrenchDrivingLicence => "FRA_DL_1x30",
        Format::SwissDrivingLicence => "CHE_DL_9_30_30",
    }
}

const fn check_word(check: CheckResult) -> &'static str {
    match check {
        CheckResult::Right => "ok",
        CheckResult::Wrong => "bad",
        CheckResult::Blank => "blank",
        CheckResult::Absent => "absent",
        CheckResult::NotApplicable => "na",
    }
}

fn yes_no(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}

/// Everything the table says about the strict reading of a row.
fn described(mrz: &Mrz) -> BTreeMap<&'static str, String> {
    let national = !mrz.format.is_icao();
    let date = |date: Option<String>| date.filter(|d| !d.starts_with("XXXX")).unwrap_or_default();
    let unless_national = |text: String| if national { String::new() } else { text };
    let sex = match mrz.sex {
        None if national && mrz.format != Format::FrenchIdentityCard => "",
        Some(_) if mrz.findings.contains(&Finding::Sex) => "?",
        Some(sex) => ["F", "M", "X"][sex as usize],
        None => "?",
    };
    BTreeMap::from([
        ("format", format_word(mrz.format).to_owned()),
        ("doc_code", mrz.document_code.clone()),
        ("issuing_state", mrz.issuing_state.clone()),
        ("doc_number", mrz.document_number.clone()),
        ("long_number", unless_national(yes_no(mrz.long_number))),
        ("nationality", mrz.nationality.clone()),
        ("primary", mrz.primary.clone()),
        ("secondary", mrz.secondary.clone()),
        ("name_maybe_truncated", unless_national(yes_no(mrz.name_may_be_truncated))),
        ("birth_raw", mrz.birth_raw.clone()),
        ("birth_date", date(mrz.birth.map(|b| b.date.to_string()))),
        ("birth_partial", unless_national(yes_no(mrz.birth_is_partial()))),
        ("sex", sex.to_owned()),
        ("expiry_raw", mrz.expiry_raw.clone()),
        ("expiry_date", date(mrz.expiry.map(|d| d.to_string()))),
        ("expired_on_ref", mrz.expired_on(TODAY).map(yes_no).unwrap_or_default()),
        ("optional1", mrz.optional[0].clone()),
        ("optional2", mrz.optional[1].clone()),
        ("check_doc", check_word(mrz.checks.document_number).to_owned()),
        ("check_birth", check_word(mrz.checks.birth).to_owned()),
        ("check_expiry", check_word(mrz.checks.expiry).to_owned()),
        ("check_optional", check_word(mrz.checks.optional).to_owned()),
        ("check_composite", check_word(mrz.checks.composite).to_owned()),
    ])
}

fn words(text: &str) -> BTreeSet<&str> {
    text.split_whitespace().collect()
}

/// What the reading did about misread characters, and the lines it ended with.
fn repaired(reading: &Reading) -> (&'static str, String) {
    match &reading.suggestion {
        Suggestion::NoneNeeded if reading.changes.is_empty() => ("none", String::new()),
        Suggestion::NoneNeeded => ("unique", reading.mrz.lines.join("|")),
        Suggestion::One(repair) => ("unique", repair.mrz.lines.join("|")),
        Suggestion::Ambiguous => ("ambiguous", String::new()),
        Suggestion::Impossible => ("impossible", String::new()),
    }
}

#[test]
fn every_row_of_the_reference_table() {
    let Some(folder) = super::reference::folder("zones") else { return };
    let mut table = csv::Reader::from_path(folder.join("mrz-cases.csv")).expect("the table can be read");
    let headers = table.headers().expect("a header line").clone();
    let mut wrong = Vec::new();
    let mut rows = 0;
    for record in table.records() {
        let record = record.expect("a row");
        rows += 1;
        let cell = |name: &str| record.get(headers.iter().position(|h| h == name).expect("a column")).expect("a cell");
        let lines: Vec<&str> = ["line1", "line2", "line3"].into_iter().map(cell).filter(|l| !l.is_empty()).collect();
        let result = reading(&lines);
        let mut compare = |column: &str, found: &str, wanted: &str| {
            if found != wanted {
                wrong.push(format!("{} {column}: {found:?}, expected {wanted:?}", cell("id")));
            }
        };
        let given = result.as_ref().ok().and_then(|r| r.as_given.as_ref());
        match given {
            None => compare("errors", "LENGTH", cell("errors")),
            Some(mrz) => {
                described(mrz).iter().for_each(|(column, found)| compare(column, found, cell(column)));
                compare("mrz_ok", &yes_no(mrz.is_right()), cell("mrz_ok"));
                let found: BTreeSet<&str> = mrz.findings.iter().filter(|f| f.is_error()).map(|f| f.code()).collect();
                if found != words(cell("errors")) {
                    compare("errors", &found.into_iter().collect::<Vec<_>>().join(" "), cell("errors"));
                }
            }
        }
        let (fix, fixed) = result.as_ref().map(repaired).unwrap_or_default();
        compare("ocr_fix", fix, cell("ocr_fix"));
        compare("fixed_mrz", &fixed, cell("fixed_mrz"));
    }
    assert!(wrong.is_empty(), "{} cells of {rows} rows differ:\n{}", wrong.len(), wrong.join("\n"));
    println!("zones: {rows} rows as expected");
    assert!(rows >= 251, "the whole table");
}

const NAMES: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<";
const DATA: &str = "L898902C36UTO7408122F1204159ZE184226B<<<<<10";

#[test]
fn the_specimen_of_the_standard() {
    let mrz = strict(&[NAMES, DATA]);
    assert!(mrz.is_right());
    assert_eq!((mrz.document_code.as_str(), mrz.issuing_state.as_str(), mrz.document_number.as_str()), ("P", "UTO", "L898902C3"));
    assert_eq!((mrz.primary.as_str(), mrz.secondary.as_str()), ("ERIKSSON", "ANNA MARIA"));
    assert_eq!(mrz.birth.map(|b| b.date.to_string()).as_deref(), Some("1974-08-12"));
    assert_eq!(mrz.optional[0], "ZE184226B");
    assert_eq!(mrz.checks.all(), [CheckResult::Right; 5]);
    assert_eq!(mrz.expired_on(date!(2012 - 04 - 15)), Some(false), "valid on its last day");
    assert_eq!(mrz.expired_on(date!(2012 - 04 - 16)), Some(true));
}

#[test]
fn a_name_is_cut_by_position() {
    let of = |name: &str| {
        let mrz = strict(&[&format!("{name:<<44}"), DATA]);
        (mrz.issuing_state, mrz.primary, mrz.secondary)
    };
    let three = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
    assert_eq!(of("P<D<<MUSTERMANN<<ERIKA"), three("D", "MUSTERMANN", "ERIKA"));
    assert_eq!(of("P<IND<<FIRST"), three("IND", "", "FIRST"));
    assert_eq!(of("P<UTOSATRIYA<SUDARPA"), three("UTO", "SATRIYA SUDARPA", ""));
    assert_eq!(of("P<UTOSTEVENSON<<PETER<<JOHN"), three("UTO", "STEVENSON", "PETER JOHN"));
}

#[test]
fn long_numbers_run_into_the_optional_data() {
    let of = |line: &str| {
        let mrz = strict(&[line, "3407127M9507122UTO<<<<<<<<<<<2", "STEVENSON<<PETER<JOHN<<<<<<<<<"]);
        (mrz.document_number, mrz.long_number, mrz.checks.document_number, mrz.optional[0].clone())
    };
    let row = |a: &str, b, c, d: &str| (a.to_owned(), b, c, d.to_owned());
    assert_eq!(of("I<UTOD23145890<7349<<<<<<<<<<<"), row("D23145890734", true, CheckResult::Right, ""));
    assert_eq!(of("I<UTOD23145890<7349<XY12<<<<<<"), row("D23145890734", true, CheckResult::Right, "XY12"));
    assert_eq!(of("I<UTOD23145890<7348<<<<<<<<<<<"), row("D23145890734", true, CheckResult::Wrong, ""));
    assert_eq!(of("I<UTOD23145890<7<<<<<<<<<<<<<<"), row("D23145890", false, CheckResult::Absent, "7"));
    assert_eq!(of("I<UTOD23145890<<<<<<<<<<<<<<<<"), row("D23145890", false, CheckResult::Absent, ""));
}

#[test]
fn forced_types_are_recorded_and_repairs_only_suggested() {
    let forced = reading(&[NAMES, &DATA.replace("7408122", "74O8I22")]).expect("a zone");
    assert!(forced.mrz.is_right());
    assert_eq!(
        forced.changes.iter().map(|c| (c.place, c.kind)).collect::<Vec<_>>(),
        [(15, ChangeKind::ForcedByType), (17, ChangeKind::ForcedByType)]
    );
    assert_eq!(forced.suggestion, Suggestion::NoneNeeded);

    let number =
        reading(&["P<UTOSPECIMEN<<OTTO<<<<<<<<<<<<<<<<<<<<<<<<<", "AB1234O676UTO8012056M3106280<<<<<<<<<<<<<<<2"]).expect("a zone");
    assert!(!number.mrz.is_right(), "the suggestion is not taken over");
    assert_eq!(number.mrz.document_number, "AB1234O67");
    let Suggestion::One(repair) = number.suggestion else { panic!("{:?}", number.suggestion) };
    assert_eq!(repair.mrz.document_number, "AB1234067");
    assert!(!repair.recogniser_was_unsure, "a recogniser without confidences is no evidence");
}

#[test]
fn the_recognisers_doubt_is_evidence_for_a_repair() {
    let names = Line::new("P<UTOSPECIMEN<<OTTO<<<<<<<<<<<<<<<<<<<<<<<<<");
    let mut confidences = [0.97; 44];
    let unsure = |confidences: &[f32]| {
        let data = Line::with_confidences("AB1234O676UTO8012056M3106280<<<<<<<<<<<<<<<2", confidences);
        match read(&[names.clone(), data], TODAY).expect("a zone").suggestion {
            Suggestion::One(repair) => repair.recogniser_was_unsure,
            other => panic!("{other:?}"),
        }
    };
    assert!(!unsure(&confidences));
    confidences[6] = 0.4;
    assert!(unsure(&confidences));
    confidences[6] = 0.8;
    assert!(unsure(&confidences), "less sure than of any other place");
    confidences[1] = 0.7;
    assert!(!unsure(&confidences), "another place was doubted more");
}

#[test]
fn odd_zones_are_remarked_upon_but_right() {
    let odd = |names: &str, data: &str| strict(&[names, data]).findings;
    assert_eq!(odd("P<QQZERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", DATA), [Finding::StateUnknown]);
    assert_eq!(odd("P<UTOERIKSSON<<ANNA<MARIA<<<C<C<<<<<<<<<<<<<", DATA), [Finding::StrayLetters]);
    assert_eq!(odd(NAMES, &DATA.replace("2F1", "2X1")), [Finding::Sex, Finding::SexLetterX]);
}

#[test]
fn national_layouts_are_named_not_failed() {
    let french = strict(&["IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<", "9409923102854CORINNE<<<<<<<6512068F4"]);
    assert_eq!((french.format, french.is_right()), (Format::FrenchIdentityCard, true));
    assert_eq!((french.primary.as_str(), french.secondary.as_str()), ("BERTHIER", "CORINNE"));
    let licence = strict(&["D1FRA13AA000026181231MARTIN<<9"]);
    assert_eq!((licence.format, licence.is_right()), (Format::FrenchDrivingLicence, true));
    let swiss = strict(&["AAA001D<<", "FACHE305142128097<<800126<<<<<", "MARCHAND<<FABIENNE<<<<<<<<<<<<"]);
    assert_eq!((swiss.format, swiss.is_right()), (Format::SwissDrivingLicence, true));
}

#[test]
fn lines_of_no_format_are_refused_with_advice() {
    let error = reading(&[NAMES, &DATA[1..]]).expect_err("one character is missing");
    assert_eq!(error, MrzError::NoFormat { widths: vec![44, 43] });
    assert_eq!(error.advice().code, "DOC-01");
    assert!(error.advice().retry);
    assert_eq!(reading(&[]).expect_err("no lines"), MrzError::NoFormat { widths: vec![] });
}

#[test]
fn nothing_personal_shows_in_debug() {
    let reading = reading(&[NAMES, &DATA.replace("7408122", "74O8I22")]).expect("a zone");
    let shown = format!("{reading:?}");
    for secret in ["ERIKSSON", "L898902C3", "1974", "740812", "ANNA"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
