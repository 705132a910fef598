//! Genuine chips: every kind of key, both versions of the list, portrait and zone taken out.

use super::issuer::{Country, Kind, PORTRAIT, ZONE, face_group, zone_group};
use time::Date;
use time::macros::date;
use visavis::documents::checks::Status;
use visavis::documents::chip::{
    Cause, ChipCheck, ChipFiles, ChipFindings, ChipRules, ChipValue, DataGroup, ElementaryFile, PortraitFormat, Question, Trust, Verdict,
    verify,
};
use visavis::documents::mrz::{self, Line, Mrz};
use visavis::units::UtcTime;

pub const TODAY: Date = date!(2026 - 06 - 01);
/// Noon of that day.
pub const NOW: UtcTime = UtcTime(1_780_315_200_000);

/// What is found on a chip on that day.
pub fn findings(files: &ChipFiles, trust: &Trust, printed: Option<&Mrz>) -> ChipFindings {
    verify(&Question { files, trust, printed, today: TODAY, now: NOW, rules: ChipRules::default() })
}

pub fn printed(zone: &str) -> Mrz {
    let lines: Vec<Line> = zone.as_bytes().chunks(44).map(|l| Line::new(std::str::from_utf8(l).unwrap())).collect();
    mrz::read(&lines, TODAY).unwrap().mrz
}

#[track_caller]
pub fn check(findings: &ChipFindings, check: ChipCheck, status: Status, cause: Option<Cause>) {
    let found = findings.outcome(check);
    assert_eq!((found.status, found.cause), (status, cause), "{check:?}: {}", found.reason);
}

#[test]
fn the_clock_of_these_tests_is_right() {
    assert_eq!(NOW.to_rfc3339(), "2026-06-01T12:00:00.000Z");
    assert!(printed(ZONE).is_right(), "{:?}", printed(ZONE));
}

#[test]
fn every_kind_of_key_is_accepted() {
    for kind in Kind::ALL {
        let country = Country::new(kind);
        let found = findings(&country.chip(), &country.trust(), Some(&printed(ZONE)));
        assert_eq!(found.verdict, Verdict::Authentic, "{kind:?}: {:#?}", found.outcomes);
        let checked: Vec<ChipCheck> = found.outcomes.iter().filter(|o| o.status == Status::Passed).map(|o| o.check).collect();
        let all_but = [ChipCheck::Revocation, ChipCheck::Original];
        assert_eq!(checked, ChipCheck::ALL.into_iter().filter(|c| !all_but.contains(c)).collect::<Vec<_>>(), "{kind:?}");
    }
}

#[test]
fn zone_and_portrait_come_out_as_they_went_in() {
    let country = Country::new(Kind::P256);
    let found = findings(&country.chip(), &country.trust(), None);
    let zone = &found.zone.as_ref().unwrap().mrz;
    assert_eq!((zone.primary.as_str(), zone.document_number.as_str()), ("ERIKSSON", "L898902C3"));
    let portrait = found.trusted_portrait().unwrap();
    assert_eq!((portrait.format, portrait.bytes.as_slice(), portrait.stated_size), (PortraitFormat::Jpeg, &PORTRAIT[..], (300, 400)));
    let said = format!("{found:?}");
    assert!(!said.contains("ERIKSSON") && !said.contains("L898902C3"), "{said}");
}

#[test]
fn the_newer_list_with_versions_is_read() {
    let country = Country::new(Kind::P256);
    let groups = [(1, zone_group(ZONE)), (2, face_group(&PORTRAIT))];
    let mut files = country.chip();
    files.insert(ElementaryFile::SecurityObject, country.security_object(&groups, 1));
    let found = findings(&files, &country.trust(), None);
    assert_eq!(found.verdict, Verdict::Authentic);
    assert!(found.outcome(ChipCheck::SecurityObject).values.contains(&(ChipValue::LdsVersion, "0108".into())));
}

#[test]
fn jpeg_2000_is_known_by_its_first_bytes() {
    let file = b"\0\0\0\x0CjP  \r\n\x87\n and so on".to_vec();
    let codestream = [0xFF, 0x4F, 0xFF, 0x51, 0, 41].to_vec();
    for picture in [file, codestream] {
        let portrait = visavis::documents::chip::portrait(&face_group(&picture)).unwrap();
        assert_eq!((portrait.format, portrait.bytes), (PortraitFormat::Jpeg2000, picture));
    }
}

#[test]
fn without_the_portrait_the_rest_is_still_authentic() {
    let country = Country::new(Kind::P256);
    let mut files = ChipFiles::new();
    let chip = country.chip();
    for file in [ElementaryFile::SecurityObject, ElementaryFile::DataGroup(DataGroup::ZONE)] {
        files.insert(file, chip.get(file).unwrap().to_vec());
    }
    let found = findings(&files, &country.trust(), None);
    assert_eq!(found.verdict, Verdict::Authentic);
    check(&found, ChipCheck::Portrait, Status::NotChecked, Some(Cause::NotRead));
    assert_eq!(
        found.groups.iter().map(|g| (g.group.number(), g.read, g.status)).collect::<Vec<_>>(),
        [(1, true, Status::Passed), (2, false, Status::NotChecked)]
    );
    assert!(found.trusted_portrait().is_none());
}
