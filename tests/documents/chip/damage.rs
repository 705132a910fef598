//! Changed and cut bytes, and bytes of no chip at all: never accepted, never a panic.

use super::authentication::{findings, printed};
use super::issuer::{Certificate, Country, Key, Kind, ZONE, common, face_group, name, revocation_list};
use crate::fuzz::worn;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::ops::Range;
use visavis::documents::chip::tlv::Objects;
use visavis::documents::chip::{ChipFiles, DataGroup, ElementaryFile, Trust, Verdict, portrait};

const SIGNED: ElementaryFile = ElementaryFile::SecurityObject;

fn dg(number: u8) -> ElementaryFile {
    ElementaryFile::DataGroup(DataGroup::new(number).unwrap())
}

/// The chip with one byte of a file changed.
fn changed(chip: &ChipFiles, file: ElementaryFile, at: usize, change: u8) -> ChipFiles {
    let mut bytes = chip.get(file).unwrap().to_vec();
    bytes[at] ^= change;
    let mut files = chip.clone();
    files.insert(file, bytes);
    files
}

#[test]
fn no_changed_byte_of_a_data_group_is_accepted() {
    let country = Country::new(Kind::P256);
    let (chip, trust) = (country.chip(), country.trust());
    for file in [dg(1), dg(2)] {
        for at in 0..chip.get(file).unwrap().len() {
            for change in [0x01, 0x80] {
                let found = findings(&changed(&chip, file, at, change), &trust, None);
                assert_eq!(found.verdict, Verdict::Refused, "{file}, byte {at}");
                assert!(found.trusted_portrait().is_none());
            }
        }
    }
}

/// Places in EF.SOD that no signature covers and that say nothing: versions of containers, parameters of hash functions, the list of hash
/// functions ahead of the content, string types of the signer's name.
fn meaningless(file: &[u8]) -> BTreeSet<usize> {
    let offset = |part: &[u8]| part.as_ptr() as usize - file.as_ptr() as usize;
    let range = |part: &[u8]| -> Range<usize> { offset(part)..offset(part) + part.len() };
    let take =
        |value: &'static str, objects: &mut Objects<'_>, tag: u32| objects.take(tag).unwrap_or_else(|_| panic!("{value}")).value.len();
    let mut places = BTreeSet::new();
    let content_info = Objects::new(file).take(0x77).unwrap().value;
    let mut fields = Objects::new(Objects::new(content_info).take(0x30).unwrap().value);
    take("content type", &mut fields, 0x06);
    let mut signed = Objects::new(Objects::new(fields.take(0xA0).unwrap().value).take(0x30).unwrap().value);
    places.extend(range(signed.take(0x02).unwrap().value));
    places.extend(range(signed.take(0x31).unwrap().value));
    take("content", &mut signed, 0x30);
    take("certificates", &mut signed, 0xA0);
    let mut info = Objects::new(Objects::new(signed.take(0x31).unwrap().value).take(0x30).unwrap().value);
    places.extend(range(info.take(0x02).unwrap().value));
    // The signer's name may be written in any type of string.
    let mut names = Objects::new(Objects::new(info.take(0x30).unwrap().value).take(0x30).unwrap().value);
    while let Some(part) = names.next().unwrap() {
        let mut attribute = Objects::new(Objects::new(part.value).take(0x30).unwrap().value);
        attribute.take(0x06).unwrap();
        places.insert(offset(attribute.next().unwrap().unwrap().raw));
    }
    let digest = info.take(0x30).unwrap().value;
    places.extend(range(&digest[digest.len() - 2..]));
    places
}

#[test]
fn no_changed_byte_that_means_something_is_accepted_in_the_security_object() {
    let country = Country::new(Kind::P256);
    let (chip, trust) = (country.chip(), country.trust());
    let file = chip.get(SIGNED).unwrap();
    let meaningless = meaningless(file);
    let mut accepted = BTreeSet::new();
    for at in 0..file.len() {
        for change in [0x01, 0x04, 0x80] {
            if findings(&changed(&chip, SIGNED, at, change), &trust, None).verdict == Verdict::Authentic {
                accepted.insert(at);
            }
        }
    }
    let more: Vec<&usize> = accepted.difference(&meaningless).collect();
    assert!(more.is_empty(), "bytes {more:?} of {} may change", file.len());
    assert!(meaningless.len() < 26, "{} bytes say nothing", meaningless.len());
}

#[test]
fn a_changed_certificate_of_the_authority_is_not_trusted() {
    let country = Country::new(Kind::P256);
    let chip = country.chip();
    let genuine = country.authority.issue(&country.authority.subject, country.authority.key);
    for at in 0..genuine.len() {
        let mut bytes = genuine.clone();
        bytes[at] ^= 1;
        let mut trust = Trust::new();
        // What no longer signed itself needs another authority behind it, and there is none.
        let _ = trust.add_certificate(&bytes);
        assert_ne!(findings(&chip, &trust, None).verdict, Verdict::Authentic, "byte {at}");
    }
}

#[test]
fn cut_files_are_refused() {
    let country = Country::new(Kind::P256);
    let (chip, trust) = (country.chip(), country.trust());
    for (file, bytes) in chip.iter() {
        for cut in 0..bytes.len() {
            let mut files = chip.clone();
            files.insert(file, bytes[..cut].to_vec());
            assert_ne!(findings(&files, &trust, Some(&printed(ZONE))).verdict, Verdict::Authentic, "{file} cut at {cut}");
        }
        let mut files = chip.clone();
        files.insert(file, [bytes, &[0]].concat());
        assert_ne!(findings(&files, &trust, None).verdict, Verdict::Authentic, "{file} with a byte more");
    }
}

/// Bytes that are often nearly right: a genuine file with some bytes changed, cut, doubled; or anything.
fn damaged(genuine: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![4 => worn(genuine, 1..6), 1 => prop::collection::vec(any::<u8>(), 0..300)]
}

fn genuine(file: ElementaryFile) -> Vec<u8> {
    Country::new(Kind::P256).chip().get(file).unwrap().to_vec()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn security_objects(bytes in damaged(genuine(SIGNED)), zone in damaged(genuine(dg(1))), common in damaged(common(&[0x61, 0x75]))) {
        let mut files = ChipFiles::new();
        files.insert(SIGNED, bytes);
        files.insert(ElementaryFile::Common, common);
        files.insert(dg(1), zone.clone());
        let found = findings(&files, &Country::new(Kind::P256).trust(), None);
        prop_assert!(found.verdict != Verdict::Authentic || zone == genuine(dg(1)), "only the genuine zone is authentic");
    }

    #[test]
    fn faces(bytes in damaged(face_group(&super::issuer::PORTRAIT))) {
        if let Ok(portrait) = portrait(&bytes) {
            prop_assert!(portrait.bytes.len() <= bytes.len());
        }
    }

    #[test]
    fn certificates(bytes in damaged(Certificate::authority(Key::new(Kind::P256, 1), name("UTO", "CSCA")).issue(&name("UTO", "CSCA"), Key::new(Kind::P256, 1)))) {
        let _ = Trust::new().add_certificate(&bytes);
    }

    #[test]
    fn revocation_lists(bytes in damaged(revocation_list(&name("UTO", "CSCA"), Key::new(Kind::P256, 1), ("260501000000Z", "260801000000Z"), &[&[1]]))) {
        let _ = Trust::new().add_revocation_list(&bytes);
    }
}
