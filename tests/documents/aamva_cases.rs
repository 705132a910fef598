//! Every payload of the reference table, and the quirks of issuers and scanners as cases of our own.

use serde_json::Value;
use std::collections::BTreeSet;
use time::macros::date;
use visavis::advice::Advised as _;
use visavis::documents::aamva::{AamvaReading, AamvaRefusal, Licence, Warning, read};
use visavis::documents::mrz::Sex;

/// The licence's value of an expected key, as JSON.
fn value(licence: &Licence, key: &str) -> Value {
    let today = date!(2026 - 01 - 01);
    let text = |t: &Option<String>| t.clone().map_or(Value::Null, Value::from);
    let date = |d: Option<time::Date>| d.map_or(Value::Null, |d| d.to_string().into());
    let flag = |b: Option<bool>| b.map_or(Value::Null, Value::from);
    let letter = |c: Option<char>| c.map_or(Value::Null, |c| c.to_string().into());
    match key {
        "document_kind" => licence.kind.code().into(),
        "family_name" => licence.family_name.clone().into(),
        "given_names" => licence.given_names.clone().into(),
        "suffix" => text(&licence.suffix),
        "name_raw" => text(&licence.name_raw),
        "name_truncated" => {
            let cut = licence.truncation;
            serde_json::json!({ "family": letter(cut.family), "first": letter(cut.first), "middle": letter(cut.middle) })
        }
        "birth_date" => date(licence.birth),
        "expiry_date" => date(licence.expiry),
        "issue_date" => date(licence.issue),
        "sex" => licence.sex.map_or(Value::Null, |s| s.letter().to_string().into()),
        "eyes" => text(&licence.eyes),
        "hair" => text(&licence.hair),
        "height_cm" => licence.height_cm.map_or(Value::Null, Value::from),
        "weight" => text(&licence.weight),
        "weight_kg" => licence.weight_kg.map_or(Value::Null, Value::from),
        "weight_range" => text(&licence.weight_range),
        "street" => text(&licence.street),
        "street2" => text(&licence.street2),
        "city" => text(&licence.city),
        "region" => text(&licence.region),
        "postal_code" => text(&licence.postal_code),
        "document_number" => text(&licence.document_number),
        "document_discriminator" => text(&licence.document_discriminator),
        "inventory_control" => text(&licence.inventory_control),
        "vehicle_class" => text(&licence.vehicle_class),
        "restrictions" => text(&licence.restrictions),
        "endorsements" => text(&licence.endorsements),
        "issuing_country" => licence.issuing_country.map_or(Value::Null, Value::from),
        "compliance" => text(&licence.compliance),
        "card_revision_date" => date(licence.card_revision),
        "hazmat_expiry_date" => date(licence.hazmat_expiry),
        "limited_duration" => flag(licence.limited_duration),
        "under_18_until" => date(licence.under_until[0].1),
        "under_19_until" => date(licence.under_until[1].1),
        "under_21_until" => date(licence.under_until[2].1),
        "organ_donor" => flag(licence.organ_donor),
        "veteran" => flag(licence.veteran),
        "commercial" => flag(licence.commercial),
        "age_on_ref" => licence.age_on(today).map_or(Value::Null, Value::from),
        "expired_on_ref" => licence.expired_on(today).map_or(Value::Null, Value::from),
        other => panic!("the table has a key this test does not know: {other}"),
    }
}

const fn status(reading: &AamvaReading) -> &'static str {
    match (reading.refusal, reading.warnings.is_empty()) {
        (Some(_), _) => "rejected",
        (None, true) => "ok",
        (None, false) => "ok_with_warnings",
    }
}

#[test]
fn every_payload_of_the_reference_table() {
    let Some(folder) = super::reference::folder("licences") else { return };
    let table = std::fs::read(folder.join("aamva-cases.json")).expect("the table can be read");
    let table: Value = serde_json::from_slice(&table).expect("JSON");
    let cases = table["cases"].as_array().expect("a list");
    let mut wrong = Vec::new();
    for case in cases {
        let id = case["id"].as_str().expect("an id");
        let hex = case["payload_hex"].as_str().expect("bytes");
        let bytes: Vec<u8> = (0..hex.len() / 2).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).expect("hexadecimal")).collect();
        let reading = read(&bytes);
        let mut compare = |what: &str, found: Value, wanted: &Value| {
            if found != *wanted {
                wrong.push(format!("{id} {what}: {found}, expected {wanted}"));
            }
        };
        compare("status", status(&reading).into(), &case["status"]);
        let mut found: BTreeSet<String> = reading.warnings.iter().map(ToString::to_string).collect();
        found
            .extend(reading.refusal.filter(|r| matches!(r, AamvaRefusal::NoHeader | AamvaRefusal::Truncated)).map(|r| r.code().to_owned()));
        let wanted: BTreeSet<String> =
            case["warnings"].as_array().expect("a list").iter().map(|w| w.as_str().expect("text").to_owned()).collect();
        compare("warnings", serde_json::json!(found), &serde_json::json!(wanted));
        let subfiles = reading.subfiles.iter().map(|s| {
            let elements: serde_json::Map<String, Value> = s.elements.iter().map(|(id, v)| (id.clone(), v.clone().into())).collect();
            serde_json::json!({ "type": s.kind, "elements": elements })
        });
        compare("subfiles", subfiles.collect::<Vec<_>>().into(), &case["subfiles"]);
        for (key, expected) in case["expected"].as_object().expect("fields") {
            let found = reading.licence.as_ref().map_or(Value::Null, |l| value(l, key));
            compare(key, found, expected);
        }
        if case["status"] == "rejected" {
            assert!(reading.usable().expect_err("refused").advice().code.starts_with("DOC-"));
        }
    }
    assert!(wrong.is_empty(), "{} values differ:\n{}", wrong.len(), wrong.join("\n"));
    println!("licences: {} payloads as expected", cases.len());
    assert!(cases.len() >= 30, "the whole table");
}

const ELEMENTS: &str = "DLDAQT1\nDCSTESTPERSON\nDACSAM\nDADNONE\nDBA01022030\nDBD01022020\nDBB03041990\nDBC1\nDAYBRO\nDAU070 in\nDAG1 A ST\nDAIOLYMPIA\nDAJWA\n\
                        DAK985010000\nDCFX1\nDCGUSA\nDCAD\nDCBNONE\nDCDNONE\nDDEN\nDDFN\nDDGN\r";

fn payload(elements: &str) -> Vec<u8> {
    format!("@\n\u{1e}\rANSI 636045090001DL0031{:04}{elements}", elements.len()).into_bytes()
}

fn warned(bytes: &[u8]) -> Vec<String> {
    let reading = read(bytes);
    assert_eq!(reading.refusal, None);
    reading.warnings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_clean_payload_has_no_warning() {
    assert_eq!(warned(&payload(ELEMENTS)), Vec::<String>::new());
    let reading = read(&payload(ELEMENTS));
    let licence = reading.usable().expect("a licence");
    assert_eq!(licence.birth, Some(date!(1990 - 03 - 04)));
    assert_eq!(licence.expiry, Some(date!(2030 - 01 - 02)), "the other order is not tried where the first is valid");
    assert_eq!((licence.given_names.as_str(), licence.sex), ("SAM", Some(Sex::Male)));
    assert_eq!(licence.expired_on(date!(2030 - 01 - 02)), Some(false), "valid on its last day");
}

#[test]
fn quirks_of_issuers_are_tolerated_with_a_warning() {
    let change = |from: &str, to: &str| payload(&ELEMENTS.replace(from, to));
    assert_eq!(warned(&change("DBC1", "DBCF")), ["SEX_NOT_NUMERIC"]);
    assert_eq!(warned(&change("DCGUSA", "DCGUS")), ["COUNTRY_CODE"]);
    assert_eq!(warned(&change("DCGUSA\n", "")), ["MANDATORY_MISSING DCG"]);
    assert_eq!(warned(&change("DAJWA", "DAJOR")), ["IIN_JURISDICTION_MISMATCH"]);
    assert_eq!(warned(&change("DBB03041990", "DBB19900304")), ["DATE_ORDER_UNEXPECTED"]);
    assert_eq!(warned(&change("DBD01022020", "DBD31312020")), ["DATE_INVALID DBD"]);
    assert_eq!(warned(&change("DDGN\r", "DDGN\nX\r")), Vec::<String>::new(), "a stray letter at the end");
    assert_eq!(warned(&change("DDGN\r", "DDGN\nZZZunknown\r")), Vec::<String>::new(), "unknown elements are kept");
    assert_eq!(
        warned(&change("DCSTESTPERSON\nDACSAM\nDADNONE", "DCSTESTPERSON, SAM")),
        ["MANDATORY_MISSING DAC", "MANDATORY_MISSING DAD", "NAME_IN_ONE_ELEMENT"]
    );
    let letters = String::from_utf8(payload(ELEMENTS)).unwrap().replace("DL0031", "DLABCD").into_bytes();
    assert_eq!(warned(&letters), ["OFFSET_WRONG"]);
    let headless = String::from_utf8(payload(ELEMENTS)).unwrap().replace("DLDAQ", "DAQ").into_bytes();
    assert_eq!(read(&headless).usable().expect("no type letters before the first element").family_name, "TESTPERSON");
}

#[test]
fn refusals_are_coded() {
    let refused = |bytes: &[u8]| read(bytes).usable().expect_err("a refusal");
    assert_eq!(refused(b""), AamvaRefusal::NoHeader);
    assert_eq!(refused(b"https://example.org/"), AamvaRefusal::NoHeader);
    assert_eq!(refused(b"%WASAMPLE$JO^1 A ST^?"), AamvaRefusal::UnsupportedFormat);
    assert_eq!(refused(b"\x01\xD7ABC\xF7DEF\xD7GHI"), AamvaRefusal::UnsupportedFormat);
    assert_eq!(refused(&payload(ELEMENTS)[..150]), AamvaRefusal::Truncated);
    assert_eq!(refused(&payload(&ELEMENTS.replace("DAQT1", "DAQNONE"))), AamvaRefusal::MandatoryMissing);
    assert_eq!(refused(&payload(&ELEMENTS.replace("DBB03041990", "DBB02301990"))), AamvaRefusal::BirthDateInvalid);
    assert!(read(&payload(&ELEMENTS.replace("DBB03041990", "DBB02301990"))).warnings.contains(&Warning::DateInvalid("DBB".to_owned())));
}

#[test]
fn nothing_personal_shows_in_debug() {
    let shown = format!("{:?}", read(&payload(ELEMENTS)));
    for secret in ["TESTPERSON", "SAM", "1990", "OLYMPIA"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
