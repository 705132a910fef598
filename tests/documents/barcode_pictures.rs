//! Every symbol of the reference pictures, read through the adapter.

use std::path::Path;
use std::time::Instant;
use visavis::adapters::barcode::{TURNS, decode};
use visavis::documents::barcode::{Payload, Symbology, classify};

fn grey(path: &Path) -> (Vec<u8>, u32, u32) {
    let picture = image::open(path).unwrap_or_else(|e| panic!("{}: {e}", path.display())).to_rgba8();
    // Transparent places are paper.
    let value = |p: &image::Rgba<u8>| {
        let [r, g, b, a] = p.0.map(u32::from);
        let grey = (299 * r + 587 * g + 114 * b) / 1000;
        ((grey * a + 255 * (255 - a)) / 255) as u8
    };
    (picture.pixels().map(value).collect(), picture.width(), picture.height())
}

#[test]
fn every_symbol_of_the_reference_pictures() {
    let Some(folder) = super::reference::folder("symbols") else { return };
    let images = folder.join("images");
    let mut table = csv::Reader::from_path(images.join("expected.csv")).expect("the table can be read");
    let (mut read, mut rows, mut wrong, mut extra) = (0, 0, Vec::new(), 0);
    let start = Instant::now();
    for record in table.records().map(|r| r.expect("a row")).filter(|r| &r[1] == "pdf417") {
        let path = images.join(&record[0]);
        let (values, width, height) = grey(&path);
        let found = decode(&values, width, height, &Symbology::ALL, &TURNS).map(|s| s.bytes);
        let raw = path.with_extension("bin");
        let expected = std::fs::read(&raw).unwrap_or_else(|_| record[5].as_bytes().to_vec());
        let right = found.as_deref() == Ok(expected.as_slice());
        match &record[2] {
            "read" => {
                rows += 1;
                read += usize::from(right);
                if !right {
                    wrong.push(format!("{}: {:?}", &record[0], found.map(|b| b.len())));
                }
            }
            _ => extra += usize::from(right),
        }
    }
    println!("symbols: {read} of {rows} read, {extra} of those that need not be, {:?} with opening the pictures", start.elapsed());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn drawn_cards_give_their_payload() {
    let Some(folder) = super::reference::folder("drawn cards") else { return };
    let drawn = folder.join("images/generated");
    let manifest = std::fs::read(drawn.join("manifest.json")).expect("the manifest can be read");
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).expect("JSON");
    let cases: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("aamva-cases.json")).expect("the table")).expect("JSON");
    let (mut read, mut askew, mut wrong) = (0, Vec::new(), Vec::new());
    for entry in manifest.as_array().expect("a list") {
        let Some(case) = entry["payload_case"].as_str() else { continue };
        let case = cases["cases"].as_array().expect("a list").iter().find(|c| c["id"] == case).expect("the case");
        let expected = visavis::documents::barcode::latin_bytes(case["payload"].as_str().expect("text")).expect("ISO 8859-1");
        let file = entry["file"].as_str().expect("a name");
        let (values, width, height) = grey(&drawn.join(file));
        match decode(&values, width, height, &[Symbology::Pdf417], &TURNS) {
            Ok(symbol) if symbol.bytes == expected => read += 1,
            // The proof that a card has to be rectified first.
            _ if entry["decodes_directly"] == false => askew.push(file.to_owned()),
            other => wrong.push(format!("{file}: {other:?}")),
        }
    }
    println!("drawn cards: {read} read; not without rectifying: {askew:?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(read >= 36, "all but the tilted one");
    let plain = classify(b"A PDF 417 barcode with ASCII text", time::macros::date!(2026 - 01 - 01));
    assert_eq!(plain, Payload::OtherText);
}
