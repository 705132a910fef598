//! Chips that must not be accepted: every reason has its check and cause, and the verdict follows.

use super::authentication::{NOW, TODAY, check, findings, printed};
use super::issuer::{
    Certificate, Country, Key, Kind, PORTRAIT, ZONE, common, extension, face_group, name, oid, p256_generator, revocation_list, sequence,
    spelled_out, zone_group,
};
use visavis::documents::checks::Status;
use visavis::documents::chip::{
    Cause, ChipCheck, ChipFiles, ChipFindings, ChipRules, DataGroup, ElementaryFile, Question, Trust, Verdict, verify,
};

fn dg(number: u8) -> ElementaryFile {
    ElementaryFile::DataGroup(DataGroup::new(number).unwrap())
}

/// What a change of the country's own certificates leads to.
#[track_caller]
fn country_refused(change: impl FnOnce(&mut Country), which: ChipCheck, cause: Cause) {
    let mut country = Country::new(Kind::P256);
    change(&mut country);
    let found = findings(&country.chip(), &country.trust(), None);
    check(&found, which, Status::Failed, Some(cause));
    assert_eq!(found.verdict, Verdict::Refused);
    assert!(found.trusted_portrait().is_none());
}

#[test]
fn certificates_out_of_force_or_made_for_something_else() {
    use ChipCheck::{CountryAuthority, IssuingState, SignerCertificate};
    country_refused(|c| c.signer.validity.1 = "260601115959Z", SignerCertificate, Cause::Expired);
    country_refused(|c| c.signer.validity.0 = "260601120001Z", SignerCertificate, Cause::NotYetValid);
    country_refused(|c| c.authority.validity.1 = "260601115959Z", CountryAuthority, Cause::Expired);
    country_refused(|c| c.authority.validity.0 = "260601120001Z", CountryAuthority, Cause::NotYetValid);
    country_refused(|c| c.signer.usage = Some(0x04), SignerCertificate, Cause::WrongUsage);
    country_refused(|c| c.signer.usage = None, SignerCertificate, Cause::WrongUsage);
    country_refused(|c| c.signer.is_authority = true, SignerCertificate, Cause::WrongUsage);
    country_refused(|c| c.authority.usage = Some(0x80), CountryAuthority, Cause::WrongUsage);
    country_refused(|c| c.authority.usage = None, CountryAuthority, Cause::WrongUsage);
    country_refused(|c| c.authority.is_authority = false, CountryAuthority, Cause::WrongUsage);
    // A signer of master lists signs no documents.
    let master_list = extension("2.5.29.37", false, &sequence(&[oid("2.23.136.1.1.3")]));
    country_refused(|c| c.signer.more.push(master_list), SignerCertificate, Cause::WrongUsage);
    let condition = extension("1.2.3.4", true, &[5, 0]);
    country_refused(|c| c.signer.more.push(condition), SignerCertificate, Cause::WrongUsage);
    let abroad = |c: &mut Country| {
        c.authority.subject = name("FR", "CSCA");
        c.signer.subject = name("FR", "DS");
        c.issuer = c.authority.subject.clone();
    };
    country_refused(abroad, IssuingState, Cause::Differs);
}

#[test]
fn certificates_are_valid_in_their_last_second() {
    let mut country = Country::new(Kind::P256);
    country.signer.validity = ("260601120000Z", "260601120000Z");
    country.authority.validity = ("260601120000Z", "260601120000Z");
    assert_eq!(findings(&country.chip(), &country.trust(), None).verdict, Verdict::Authentic);
}

#[test]
fn an_unknown_authority_is_never_authentic() {
    let country = Country::new(Kind::P256);
    let found = findings(&country.chip(), &Trust::new(), None);
    check(&found, ChipCheck::CountryAuthority, Status::NotChecked, Some(Cause::AuthorityUnknown));
    check(&found, ChipCheck::Signature, Status::Passed, None);
    assert_eq!(found.verdict, Verdict::Undecided);
    // The same name with another key: a newer generation, or a forger; nobody can tell.
    let other = Certificate::authority(Key::new(Kind::P256, 9), country.authority.subject.clone());
    let mut trust = Trust::new();
    trust.add_certificate(&other.issue(&other.subject, other.key)).unwrap();
    let found = findings(&country.chip(), &trust, None);
    check(&found, ChipCheck::CountryAuthority, Status::NotChecked, Some(Cause::AuthorityUnknown));
    assert_eq!(found.verdict, Verdict::Undecided);
}

#[test]
fn a_signer_of_another_country_finds_no_authority() {
    let mut country = Country::new(Kind::P256);
    country.signer.subject = name("FR", "Utopia DS 1");
    let found = findings(&country.chip(), &country.trust(), None);
    check(&found, ChipCheck::CountryAuthority, Status::NotChecked, Some(Cause::AuthorityUnknown));
    check(&found, ChipCheck::IssuingState, Status::Failed, Some(Cause::Differs));
    assert_eq!(found.verdict, Verdict::Refused);
}

#[test]
fn a_forged_signer_is_refused() {
    // Somebody names the authority, its key included, and signs with their own.
    let genuine = Country::new(Kind::P256);
    let mut forger = genuine.clone();
    forger.issuing_key = Key::new(Kind::P256, 9);
    let identifiers = genuine.signer.issue(&genuine.issuer, genuine.issuing_key);
    let at = identifiers.windows(5).position(|w| w == [0x06, 0x03, 0x55, 0x1D, 0x23]).unwrap() - 2;
    let length = 2 + usize::from(identifiers[at + 1]);
    forger.signer.key_identifiers = false;
    forger.signer.more.push(identifiers[at..at + length].to_vec());
    let found = findings(&forger.chip(), &genuine.trust(), None);
    check(&found, ChipCheck::CountryAuthority, Status::Failed, Some(Cause::AuthorityDidNotSign));
    assert_eq!(found.verdict, Verdict::Refused);
    // The same without any key identifier.
    forger.signer.more.clear();
    let found = findings(&forger.chip(), &genuine.trust(), None);
    check(&found, ChipCheck::CountryAuthority, Status::Failed, Some(Cause::AuthorityDidNotSign));
}

#[test]
fn names_may_be_written_in_other_types_and_cases() {
    let country = Country::new(Kind::P256);
    let mut other = country.authority.clone();
    other.subject = name("uto", "UTOPIA  CSCA");
    other.key_identifiers = false;
    let mut trust = Trust::new();
    trust.add_certificate(&other.issue(&other.subject, other.key)).unwrap();
    assert_eq!(findings(&country.chip(), &trust, None).verdict, Verdict::Authentic);
}

#[test]
fn the_second_of_two_generations_is_found() {
    let country = Country::new(Kind::P256);
    let older = Certificate::authority(Key::new(Kind::Rsa, 1), country.authority.subject.clone());
    let mut trust = Trust::new();
    trust.add_certificate(&older.issue(&older.subject, older.key)).unwrap();
    // A link certificate: the new key under the old signature, issuer and subject alike.
    trust.add_certificate(&country.authority.issue(&older.subject, older.key)).unwrap();
    assert_eq!(trust.authorities(), 2);
    assert_eq!(findings(&country.chip(), &trust, None).verdict, Verdict::Authentic);
}

#[test]
fn an_authority_that_did_not_sign_itself_is_not_trusted() {
    let country = Country::new(Kind::P256);
    let mut authority = country.authority.issue(&country.authority.subject, country.authority.key);
    *authority.last_mut().unwrap() ^= 1;
    assert!(Trust::new().add_certificate(&authority).is_err());
}

fn with_lists(lists: &[Vec<u8>], required: bool) -> ChipFindings {
    let country = Country::new(Kind::P256);
    let mut trust = country.trust();
    lists.iter().for_each(|l| trust.add_revocation_list(l).unwrap());
    let files = country.chip();
    let rules = ChipRules { revocation_required: required };
    verify(&Question { files: &files, trust: &trust, printed: None, today: TODAY, now: NOW, rules })
}

#[test]
fn revocation_lists_count_as_far_as_they_reach() {
    let country = Country::new(Kind::P256);
    let (subject, key, serial) = (&country.authority.subject, country.authority.key, country.signer.serial.as_slice());
    let in_force = ("260501000000Z", "260801000000Z");
    let past = ("260101000000Z", "260401000000Z");
    let list = |updates, serials: &[&[u8]]| revocation_list(subject, key, updates, serials);
    let none = with_lists(&[], false);
    check(&none, ChipCheck::Revocation, Status::NotChecked, Some(Cause::NoRevocationList));
    assert_eq!((none.verdict, with_lists(&[], true).verdict), (Verdict::Authentic, Verdict::Undecided));
    let clean = with_lists(&[list(in_force, &[&[0x77]])], true);
    check(&clean, ChipCheck::Revocation, Status::Passed, None);
    assert_eq!(clean.verdict, Verdict::Authentic);
    for updates in [in_force, past] {
        let revoked = with_lists(&[list(updates, &[&[0x77], serial])], false);
        check(&revoked, ChipCheck::Revocation, Status::Failed, Some(Cause::Revoked));
        assert_eq!(revoked.verdict, Verdict::Refused);
    }
    let authority = with_lists(&[list(in_force, &[&[1]])], false);
    check(&authority, ChipCheck::Revocation, Status::Failed, Some(Cause::Revoked));
    let outdated = with_lists(&[list(past, &[])], true);
    check(&outdated, ChipCheck::Revocation, Status::NotChecked, Some(Cause::NoRevocationList));
    assert_eq!(outdated.verdict, Verdict::Undecided);
    // Somebody else's list under the authority's name says nothing.
    let foreign = with_lists(&[revocation_list(subject, Key::new(Kind::P256, 9), in_force, &[serial])], false);
    check(&foreign, ChipCheck::Revocation, Status::NotChecked, Some(Cause::NoRevocationList));
}

#[test]
fn a_curve_of_ones_own_is_refused() {
    // The key of another, with a generator for which the private key is known: the number one.
    let genuine = Country::new(Kind::P256Explicit);
    let mut certificate = genuine.authority.issue(&genuine.authority.subject, genuine.authority.key);
    let generator = p256_generator();
    let at = certificate.windows(generator.len()).position(|w| w == generator).unwrap();
    let public = genuine.authority.key.public();
    certificate[at..at + generator.len()].copy_from_slice(&public[public.len() - generator.len()..]);
    assert!(Trust::new().add_certificate(&certificate).unwrap_err().to_string().contains("curve"));
    assert_eq!(spelled_out(&generator).len(), spelled_out(&public[public.len() - generator.len()..]).len());
}

#[test]
fn files_that_nobody_signed_or_that_are_missing() {
    let country = Country::new(Kind::P256);
    let trust = country.trust();
    let mut more = country.chip();
    more.insert(dg(11), vec![0x6B, 0]);
    let found = findings(&more, &trust, None);
    check(&found, ChipCheck::DataGroups, Status::Failed, Some(Cause::NotListed));
    assert_eq!(found.verdict, Verdict::Refused);
    let mut swapped = country.chip();
    let other = ZONE.replace("ERIKSSON", "ERICSSON");
    swapped.insert(dg(1), zone_group(&other));
    let found = findings(&swapped, &trust, None);
    check(&found, ChipCheck::DataGroups, Status::Failed, Some(Cause::HashDiffers));
    assert_eq!(found.verdict, Verdict::Refused);
    let mut no_zone = ChipFiles::new();
    no_zone.insert(ElementaryFile::SecurityObject, country.chip().get(ElementaryFile::SecurityObject).unwrap().to_vec());
    let found = findings(&no_zone, &trust, None);
    check(&found, ChipCheck::DataGroups, Status::NotChecked, Some(Cause::NotRead));
    assert_eq!(found.verdict, Verdict::Undecided);
    let mut unsigned = country.chip();
    unsigned.insert(ElementaryFile::SecurityObject, vec![]);
    assert_eq!(findings(&unsigned, &trust, None).verdict, Verdict::Refused);
    let found = findings(&ChipFiles::new(), &trust, None);
    assert_eq!(found.verdict, Verdict::Undecided);
    assert!(found.outcomes.iter().all(|o| o.status == Status::NotChecked));
}

#[test]
fn another_list_in_the_unsigned_file_goes_to_a_person() {
    let country = Country::new(Kind::P256);
    for tags in [&[0x61][..], &[0x61, 0x75, 0x6F], &[0x61, 0x75, 0x99]] {
        let mut files = country.chip();
        files.insert(ElementaryFile::Common, common(tags));
        let found = findings(&files, &country.trust(), None);
        assert_eq!((found.outcome(ChipCheck::FileList).status, found.verdict), (Status::Failed, Verdict::Undecided), "{tags:X?}");
    }
}

#[test]
fn the_zone_in_print_must_be_the_one_in_the_chip() {
    let country = Country::new(Kind::P256);
    let (files, trust) = (country.chip(), country.trust());
    let of = |zone: &str| findings(&files, &trust, Some(&printed(zone)));
    // Another right zone: number 1 in place of 3 at the end changes its digit and the composite.
    let other = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C14UTO7408122F2904157ZE184226B<<<<<1";
    let composite = (0..10).map(|d| format!("{other}{d}")).find(|z| printed(z).is_right()).unwrap();
    let found = of(&composite);
    check(&found, ChipCheck::ZoneAgainstPrint, Status::Failed, Some(Cause::Differs));
    assert_eq!(found.verdict, Verdict::Refused);
    assert!(found.outcome(ChipCheck::ZoneAgainstPrint).reason.to_string().contains("document number"));
    // A letter of the name is under no check digit, so reading may be at fault.
    let found = of(&ZONE.replace("ERIKSSON", "ERICSSON"));
    check(&found, ChipCheck::ZoneAgainstPrint, Status::Failed, Some(Cause::Differs));
    assert_eq!(found.verdict, Verdict::Undecided);
    // A misread number breaks its digit.
    assert_eq!(of(&ZONE.replace("L898902C3", "L898902C8")).verdict, Verdict::Undecided);
}

#[test]
fn a_newer_face_record_is_said_to_be_unread() {
    use visavis::documents::chip::tlv::encode;
    let country = Country::new(Kind::P256);
    let record = encode(0x75, &encode(0x7F61, &[vec![2, 1, 1], encode(0x7F60, &encode(0x7F2E, &encode(0xA1, &[1, 2, 3])))].concat()));
    let groups = [(1, zone_group(ZONE)), (2, record.clone())];
    let mut files = country.chip();
    files.insert(ElementaryFile::SecurityObject, country.security_object(&groups, 0));
    files.insert(dg(2), record);
    let found = findings(&files, &country.trust(), None);
    check(&found, ChipCheck::Portrait, Status::NotChecked, Some(Cause::Unsupported));
    assert_eq!((found.verdict, found.portrait), (Verdict::Authentic, None));
    assert_ne!(face_group(&PORTRAIT), face_group(&[]));
}
