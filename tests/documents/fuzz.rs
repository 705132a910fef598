//! Arbitrary characters and bytes: an answer or a coded refusal, never a panic.

use proptest::prelude::*;
use time::Date;
use time::macros::date;
use visavis::documents::aamva;
use visavis::documents::barcode::{classify, latin_bytes};
use visavis::documents::checks::{Evidence, Rules, decide};
use visavis::documents::mrz::confidence::field_confidences;
use visavis::documents::mrz::locate::locate;
use visavis::documents::mrz::{Line, read};

const TODAY: Date = date!(2026 - 01 - 01);

/// Lines that are often nearly right: widths of formats, mostly allowed characters.
fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => prop::sample::select(vec![9_usize, 30, 36, 44]).prop_flat_map(|n| prop::string::string_regex(&format!("[A-Z0-9<]{{{n}}}")).expect("a pattern")),
        2 => prop::sample::select(vec![30_usize, 36, 44]).prop_flat_map(|n| prop::string::string_regex(&format!("[A-Za-z0-9< «ÄßЖ]{{{n}}}")).expect("a pattern")),
        2 => "[PVIAC][A-Z<]UTO[A-Z<]{20,45}",
        1 => any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn zones(texts in prop::collection::vec(line(), 0..5), confidence in any::<f32>()) {
        let lines: Vec<Line> = texts.iter().map(|t| Line::with_confidences(t, &vec![confidence; t.chars().count()])).collect();
        if let Ok(reading) = read(&lines, TODAY) {
            let zone = field_confidences(&reading).zone;
            prop_assert!(zone.is_none_or(|z| (0.0..=1.0).contains(&z)), "{zone:?}");
        }
        let _ = locate(&lines, TODAY);
    }

    #[test]
    fn barcodes(bytes in payload()) {
        let reading = aamva::read(&bytes);
        prop_assert_eq!(reading.usable().is_ok(), reading.refusal.is_none());
        let _ = classify(&bytes, TODAY);
        let evidence = Evidence { barcode: Some(&reading), ..Evidence::default() };
        let decision = decide(&evidence, &Rules::default(), TODAY);
        prop_assert!(reading.refusal.is_none() || decision.overall != visavis::documents::checks::Overall::Ok, "refused payloads are never accepted");
    }

    #[test]
    fn decoder_text(text in any::<String>()) {
        let _ = latin_bytes(&text);
    }
}

const LICENCE: &str = "@\n\u{1e}\rANSI 636045090002DL00410095ZW01360008DLDAQT1\nDCSTESTPERSON\nDACSAM\nDADNONE\nDBA01022030\nDBD01022020\nDBB03041990\n\
                       DBC1\nDAU070 in\nDAK985010000\nDCGUSA\rZWZWA1\r";

/// `genuine` with some bytes changed, cut, doubled; as many changes as `count` says.
pub(crate) fn worn(genuine: Vec<u8>, count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), any::<u8>(), 0..4);
    prop::collection::vec(change, count).prop_map(move |changes| {
        let mut bytes = genuine.clone();
        for (at, byte, how) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.truncate(at),
                2 => bytes.insert(at, byte),
                _ => drop(bytes.remove(at)),
            }
        }
        bytes
    })
}

/// Payloads that are often nearly right: a licence with bytes changed, cut, doubled; or anything at all.
fn payload() -> impl Strategy<Value = Vec<u8>> {
    let damaged = worn(LICENCE.as_bytes().to_vec(), 0..8);
    let headed = prop::collection::vec(any::<u8>(), 0..200).prop_map(|rest| [b"@\n\x1e\rANSI ".to_vec(), rest].concat());
    let digits = "[0-9]{10,40}(DL|ID|EN|ZZ)[ -~\n\r]{0,80}".prop_map(|rest| [b"@\n\x1e\rANSI ".to_vec(), rest.into_bytes()].concat());
    prop_oneof![5 => damaged, 1 => headed, 2 => digits, 1 => prop::collection::vec(any::<u8>(), 0..300)]
}
