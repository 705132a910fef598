//! Passive authentication: whether a trusted country authority stands behind the files of a chip.

use super::algorithms::SignatureFault;
use super::certificate::{Certificate, CertificateFault, same_name};
use super::data_groups::{common, personal_details, zone};
use super::files::{ChipFiles, DataGroup, ElementaryFile};
use super::findings::{Cause, ChipCheck, ChipFindings, ChipOutcome, GroupFinding, Verdict};
use super::portrait::{ChipPortrait, PortraitFault, portrait};
use super::reason::{ChipReason, ChipValue, ChipWord};
use super::revocation::{Revoked, plain_serial};
use super::security_object::{SecurityObject, SecurityObjectFault, SignerName};
use super::tlv::encode;
use super::trust::{IssuerSearch, Trust};
use crate::documents::checks::{Claim, Status};
use crate::documents::mrz::{Mrz, Reading};
use crate::documents::states;
use crate::phrase::{Detail, Phrase};
use crate::units::UtcTime;
use time::Date;
use x509_cert::der::Decode as _;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::name::Name;
use x509_cert::time::Time;

/// What the operator demands of chips.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChipRules {
    /// Whether a chip is authentic only if a revocation list in force was looked at.
    pub revocation_required: bool,
}

/// What is asked about a chip.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The files as read.
    pub files: &'a ChipFiles,
    /// Who is trusted.
    pub trust: &'a Trust,
    /// The zone in print, where it was read.
    pub printed: Option<&'a Mrz>,
    /// Today at the desk; decides centuries.
    pub today: Date,
    /// Now; decides whether certificates are valid.
    pub now: UtcTime,
    /// What is demanded.
    pub rules: ChipRules,
}

/// Makes every check. Never refuses an input: what cannot be read is a finding.
#[must_use]
pub fn verify(question: &Question<'_>) -> ChipFindings {
    let files = question.files;
    let object = files.get(ElementaryFile::SecurityObject).map(SecurityObject::read);
    let read = object.as_ref().and_then(|o| o.as_ref().ok());
    let zone = files.group(DataGroup::ZONE).map(|file| zone(file, question.today));
    let zone = zone.and_then(Result::ok);
    let portrait = files.group(DataGroup::FACE).map(portrait);
    let groups = groups(files, read);
    let mut outcomes = vec![security_object(object.as_ref())];
    outcomes.push(data_groups(&groups, read.is_some(), zone.is_some()));
    outcomes.extend(signature_checks(question, read, zone.as_ref()));
    outcomes.push(zone_against_print(zone.as_ref(), question.printed));
    outcomes.push(file_list(files, read));
    outcomes.push(portrait_outcome(portrait.as_ref()));
    outcomes.push(ChipOutcome::not_checked(ChipCheck::Original, Cause::NeedsReader, ChipReason::CopyUndetected));
    ChipFindings {
        verdict: verdict(&outcomes, question.rules),
        outcomes,
        groups,
        zone,
        details: files.group(DataGroup::PERSONAL_DETAILS).and_then(|file| personal_details(file).ok()),
        portrait: portrait.and_then(Result::ok),
    }
}

/// Checks without which nothing is authentic.
const NEEDED: [ChipCheck; 7] = [
    ChipCheck::SecurityObject,
    ChipCheck::DataGroups,
    ChipCheck::SignedAttributes,
    ChipCheck::Signature,
    ChipCheck::SignerCertificate,
    ChipCheck::CountryAuthority,
    ChipCheck::IssuingState,
];

fn verdict(outcomes: &[ChipOutcome], rules: ChipRules) -> Verdict {
    let failed = |for_a_person: bool| outcomes.iter().any(|o| o.status == Status::Failed && o.for_a_person == for_a_person);
    let needed = |o: &&ChipOutcome| NEEDED.contains(&o.check) || (rules.revocation_required && o.check == ChipCheck::Revocation);
    if failed(false) {
        Verdict::Refused
    } else if failed(true) || outcomes.iter().filter(needed).any(|o| o.status != Status::Passed) {
        Verdict::Undecided
    } else {
        Verdict::Authentic
    }
}

fn security_object(object: Option<&Result<SecurityObject, SecurityObjectFault>>) -> ChipOutcome {
    const CHECK: ChipCheck = ChipCheck::SecurityObject;
    match object {
        None => ChipOutcome::not_checked(CHECK, Cause::NotRead, ChipReason::NoSecurityObject),
        Some(Err(SecurityObjectFault::Algorithm(SignatureFault::Unsupported(what)))) => {
            ChipOutcome::not_checked(CHECK, Cause::Unsupported, ChipReason::SecurityObjectUnsupported { what: what.clone() })
        }
        Some(Err(fault)) => ChipOutcome::failed(CHECK, Cause::Unreadable, ChipReason::SecurityObjectUnreadable { fault: fault.into() }),
        Some(Ok(object)) => {
            let mut outcome = ChipOutcome::passed(CHECK, ChipReason::SecurityObjectRead)
                .with(ChipValue::HashFunction, object.hash.name())
                .with(ChipValue::ContentType, object.content_type.to_string());
            if let Some((lds, unicode)) = &object.versions {
                outcome = outcome.with(ChipValue::LdsVersion, lds.as_str()).with(ChipValue::UnicodeVersion, unicode.as_str());
            }
            outcome
        }
    }
}

fn groups(files: &ChipFiles, object: Option<&SecurityObject>) -> Vec<GroupFinding> {
    let all = (1..=16).filter_map(DataGroup::new);
    let finding = |group: DataGroup| {
        let bytes = files.group(group);
        let listed = object.and_then(|o| o.hash_of(group));
        let status = match (object, bytes, listed) {
            (None, ..) | (Some(_), None, _) => Status::NotChecked,
            (Some(object), Some(bytes), Some(hash)) if object.hash.hash(bytes) == hash => Status::Passed,
            _ => Status::Failed,
        };
        (bytes.is_some() || listed.is_some()).then_some(GroupFinding { group, listed: listed.is_some(), read: bytes.is_some(), status })
    };
    all.filter_map(finding).collect()
}

fn data_groups(groups: &[GroupFinding], has_object: bool, has_zone: bool) -> ChipOutcome {
    const CHECK: ChipCheck = ChipCheck::DataGroups;
    let names = |wanted: &dyn Fn(&GroupFinding) -> bool| {
        groups.iter().filter(|g| wanted(g)).map(|g| g.group.to_string()).collect::<Vec<_>>().join(", ")
    };
    let values = |outcome: ChipOutcome| {
        outcome.with(ChipValue::Unchanged, names(&|g| g.status == Status::Passed)).with(ChipValue::NotRead, names(&|g| !g.read))
    };
    if !has_object {
        return ChipOutcome::not_checked(CHECK, Cause::Earlier, ChipReason::NoHashes);
    }
    let changed = names(&|g| g.status == Status::Failed && g.listed);
    if !changed.is_empty() {
        return values(ChipOutcome::failed(CHECK, Cause::HashDiffers, ChipReason::GroupsChanged { groups: changed }));
    }
    let unlisted = names(&|g| g.status == Status::Failed);
    if !unlisted.is_empty() {
        return values(ChipOutcome::failed(CHECK, Cause::NotListed, ChipReason::GroupsUnlisted { groups: unlisted }));
    }
    if !groups.iter().any(|g| g.group == DataGroup::ZONE && g.read) {
        return values(ChipOutcome::not_checked(CHECK, Cause::NotRead, ChipReason::NoZoneGroup));
    }
    if !has_zone {
        return values(ChipOutcome::failed(CHECK, Cause::Unreadable, ChipReason::ZoneGroupEmpty));
    }
    values(ChipOutcome::passed(CHECK, ChipReason::GroupsUnchanged))
}

/// Attributes, signature, certificate, authority, revocation and country: each needs the one before.
fn signature_checks(question: &Question<'_>, object: Option<&SecurityObject>, zone: Option<&Reading>) -> Vec<ChipOutcome> {
    let later = |check| ChipOutcome::not_checked(check, Cause::Earlier, ChipReason::Earlier);
    let Some(object) = object else {
        return ChipCheck::ALL[2..8].iter().map(|check| later(*check)).collect();
    };
    let mut outcomes = vec![signed_attributes(object, question.now)];
    let signer = match signer_certificate(object) {
        Ok(signer) => signer,
        Err(outcome) => {
            outcomes.push(later(ChipCheck::Signature));
            outcomes.push(outcome);
            outcomes.extend(ChipCheck::ALL[5..8].iter().map(|check| later(*check)));
            return outcomes;
        }
    };
    let signature = signature(object, &signer);
    let signed = signature.status == Status::Passed;
    outcomes.push(signature);
    outcomes.push(certificate_in_force(&signer, question.now));
    let (authority, issuer) = country_authority(question, &signer);
    outcomes.push(authority);
    outcomes.push(match issuer {
        Some(issuer) => revocation(question, &signer, issuer),
        None => later(ChipCheck::Revocation),
    });
    outcomes.push(if signed { issuing_state(&signer, issuer, zone) } else { later(ChipCheck::IssuingState) });
    outcomes
}

fn signed_attributes(object: &SecurityObject, now: UtcTime) -> ChipOutcome {
    const CHECK: ChipCheck = ChipCheck::SignedAttributes;
    let Some(attributes) = &object.signer.attributes else {
        return ChipOutcome::failed(CHECK, Cause::NotCovered, ChipReason::NoSignedAttributes);
    };
    let hash = object.signer.digest.hash(&object.content);
    if attributes.message_digest.as_deref() != Some(&hash) {
        return ChipOutcome::failed(CHECK, Cause::HashDiffers, ChipReason::ListNotSigned);
    }
    if attributes.content_type != Some(object.content_type) {
        return ChipOutcome::failed(CHECK, Cause::NotCovered, ChipReason::OtherContentSigned);
    }
    let outcome = ChipOutcome::passed(CHECK, ChipReason::ListSigned).with(ChipValue::HashFunction, object.signer.digest.name());
    match attributes.signing_time.as_ref().map(|(tag, value)| Time::from_der(&encode(*tag, value))) {
        None => outcome,
        Some(Ok(time)) if time.to_unix_duration().as_secs() <= seconds(now) => outcome.with(ChipValue::SigningTime, time.to_string()),
        Some(Ok(time)) => {
            ChipOutcome::failed(CHECK, Cause::NotYetValid, ChipReason::SignedInTheFuture).with(ChipValue::SigningTime, time.to_string())
        }
        Some(Err(_)) => ChipOutcome::failed(CHECK, Cause::Unreadable, ChipReason::SigningTimeUnreadable),
    }
}

/// The certificate that the signer info names, among those in EF.SOD.
fn signer_certificate(object: &SecurityObject) -> Result<Certificate, ChipOutcome> {
    const CHECK: ChipCheck = ChipCheck::SignerCertificate;
    let missing = || ChipOutcome::not_checked(CHECK, Cause::NoCertificate, ChipReason::NoSignerCertificate);
    let mut fault = None;
    for bytes in object.certificates.iter().take(MOST_CERTIFICATES) {
        match Certificate::read(bytes) {
            Ok(certificate) if is_named(&certificate, &object.signer.name) => return Ok(certificate),
            Ok(_) => {}
            Err(error) => fault = fault.or(Some(error)),
        }
    }
    Err(match fault {
        None => missing(),
        Some(CertificateFault::Signature(SignatureFault::Unsupported(what))) => {
            ChipOutcome::not_checked(CHECK, Cause::Unsupported, ChipReason::SignerCertificateUnsupported { what })
        }
        Some(fault) => {
            ChipOutcome::failed(CHECK, Cause::Unreadable, ChipReason::SignerCertificateUnreadable { fault: Phrase::from(&fault) })
        }
    })
}

/// Certificates in EF.SOD that are looked at; issuers put one there.
const MOST_CERTIFICATES: usize = 8;

fn is_named(certificate: &Certificate, name: &SignerName) -> bool {
    match name {
        SignerName::KeyIdentifier(key) => certificate.subject_key.as_ref() == Some(key),
        SignerName::IssuerAndSerial { issuer, serial } => {
            let same_issuer = Name::from_der(issuer).is_ok_and(|issuer| same_name(&issuer, &certificate.issuer));
            same_issuer && plain_serial(serial) == plain_serial(&certificate.serial)
        }
    }
}

fn signature(object: &SecurityObject, signer: &Certificate) -> ChipOutcome {
    const CHECK: ChipCheck = ChipCheck::Signature;
    let Some(attributes) = &object.signer.attributes else {
        return ChipOutcome::failed(CHECK, Cause::NotCovered, ChipReason::NoSignedAttributes);
    };
    let verified = object.signer.scheme.clone().and_then(|scheme| {
        signer.key.verify(scheme, &attributes.signed, &object.signer.signature)?;
        Ok(scheme)
    });
    match verified {
        Ok(scheme) => ChipOutcome::passed(CHECK, ChipReason::SignatureRight)
            .with(ChipValue::Scheme, scheme.name())
            .with(ChipValue::Key, signer.key.name()),
        Err(SignatureFault::Unsupported(what)) => {
            ChipOutcome::not_checked(CHECK, Cause::Unsupported, ChipReason::SignatureUnsupported { what })
        }
        Err(fault) => ChipOutcome::failed(CHECK, Cause::SignatureWrong, ChipReason::SignatureWrong { fault: Phrase::from(&fault) })
            .with(ChipValue::Key, signer.key.name()),
    }
}

fn seconds(now: UtcTime) -> u64 {
    u64::try_from(now.0 / 1000).unwrap_or(0)
}

/// A day of the calendar, for the report.
fn day(unix_seconds: u64) -> Detail {
    let instant = i64::try_from(unix_seconds).ok().and_then(|s| time::OffsetDateTime::from_unix_timestamp(s).ok());
    instant.map_or_else(|| Phrase::from(ChipWord::Never).into(), |t| t.date().to_string().into())
}

fn described(outcome: ChipOutcome, certificate: &Certificate) -> ChipOutcome {
    outcome
        .with(ChipValue::Subject, certificate.subject.to_string())
        .with(ChipValue::ValidFrom, day(certificate.not_before))
        .with(ChipValue::ValidTo, day(certificate.not_after))
        .with(ChipValue::Algorithm, certificate.scheme().name())
        .with(ChipValue::Fingerprint, certificate.fingerprint.clone())
}

/// Why a certificate is not in force.
fn out_of_force(certificate: &Certificate, now: UtcTime) -> Option<Cause> {
    if seconds(now) < certificate.not_before {
        Some(Cause::NotYetValid)
    } else if seconds(now) > certificate.not_after {
        Some(Cause::Expired)
    } else {
        None
    }
}

/// Everything under it is a purpose of Doc 9303 other than signing documents: master lists, deviation lists, visible seals.
const ICAO_PURPOSES: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.136.1.1");

fn certificate_in_force(signer: &Certificate, now: UtcTime) -> ChipOutcome {
    const CHECK: ChipCheck = ChipCheck::SignerCertificate;
    let other_purpose = signer.extended_usage.iter().any(|id| id.to_string().starts_with(&format!("{ICAO_PURPOSES}.")));
    let outcome = if let Some(cause) = out_of_force(signer, now) {
        let reason = if cause == Cause::Expired { ChipReason::SignerExpired } else { ChipReason::SignerNotYetValid };
        ChipOutcome::failed(CHECK, cause, reason)
    } else if !signer.usage.is_some_and(|u| u.digital_signature()) || signer.is_authority || other_purpose {
        ChipOutcome::failed(CHECK, Cause::WrongUsage, ChipReason::SignerWrongUsage)
    } else if let Some(id) = signer.unknown_critical {
        ChipOutcome::failed(CHECK, Cause::WrongUsage, ChipReason::SignerCondition { id: id.to_string() })
    } else {
        ChipOutcome::passed(CHECK, ChipReason::SignerInForce)
    };
    described(outcome, signer)
}

fn country_authority<'a>(question: &Question<'a>, signer: &Certificate) -> (ChipOutcome, Option<&'a Certificate>) {
    const CHECK: ChipCheck = ChipCheck::CountryAuthority;
    let issuer = |outcome: ChipOutcome| outcome.with(ChipValue::Issuer, signer.issuer.to_string());
    let authority = match question.trust.issuer_of(signer) {
        IssuerSearch::Found(authority) => authority,
        IssuerSearch::Unknown => {
            let reason = ChipReason::AuthorityUnknown;
            return (issuer(ChipOutcome::not_checked(CHECK, Cause::AuthorityUnknown, reason)), None);
        }
        IssuerSearch::OtherKey => {
            let reason = ChipReason::AuthorityOtherKey;
            return (issuer(ChipOutcome::not_checked(CHECK, Cause::AuthorityUnknown, reason)), None);
        }
        IssuerSearch::Wrong(fault) => {
            let reason = ChipReason::AuthorityDidNotSign { fault: Phrase::from(&fault) };
            return (issuer(ChipOutcome::failed(CHECK, Cause::AuthorityDidNotSign, reason)), None);
        }
    };
    let outcome = if let Some(cause) = out_of_force(authority, question.now) {
        let reason = if cause == Cause::Expired { ChipReason::AuthorityExpired } else { ChipReason::AuthorityNotYetValid };
        ChipOutcome::failed(CHECK, cause, reason)
    } else if !authority.is_authority || !authority.usage.is_some_and(|u| u.key_cert_sign()) || authority.unknown_critical.is_some() {
        ChipOutcome::failed(CHECK, Cause::WrongUsage, ChipReason::AuthorityWrongUsage)
    } else if authority.country() != signer.country() {
        ChipOutcome::failed(CHECK, Cause::Differs, ChipReason::AuthorityOtherCountry)
    } else {
        ChipOutcome::passed(CHECK, ChipReason::AuthorityIssued)
    };
    (described(outcome, authority), Some(authority))
}

fn revocation(question: &Question<'_>, signer: &Certificate, issuer: &Certificate) -> ChipOutcome {
    const CHECK: ChipCheck = ChipCheck::Revocation;
    let now = seconds(question.now);
    let of_authority = question.trust.revoked(issuer, issuer, now);
    match (question.trust.revoked(signer, issuer, now), of_authority) {
        (Revoked::Yes, _) => ChipOutcome::failed(CHECK, Cause::Revoked, ChipReason::SignerRevoked),
        (_, Revoked::Yes) => ChipOutcome::failed(CHECK, Cause::Revoked, ChipReason::AuthorityRevoked),
        (Revoked::No, _) => ChipOutcome::passed(CHECK, ChipReason::NotRevoked),
        (Revoked::NoList, _) => ChipOutcome::not_checked(CHECK, Cause::NoRevocationList, ChipReason::NoRevocationList),
        (Revoked::NoUsableList, _) => ChipOutcome::not_checked(CHECK, Cause::NoRevocationList, ChipReason::RevocationListUnusable),
    }
}

fn issuing_state(signer: &Certificate, issuer: Option<&Certificate>, zone: Option<&Reading>) -> ChipOutcome {
    const CHECK: ChipCheck = ChipCheck::IssuingState;
    let Some(zone) = zone else { return ChipOutcome::not_checked(CHECK, Cause::NotRead, ChipReason::ZoneNotRead) };
    let state = zone.mrz.issuing_state.as_str();
    let Some(country) = signer.country().or_else(|| issuer.and_then(Certificate::country)) else {
        return ChipOutcome::failed(CHECK, Cause::Differs, ChipReason::SignerWithoutCountry);
    };
    let agrees = signs_for(&country, state);
    let outcome = if agrees {
        ChipOutcome::passed(CHECK, ChipReason::SignerOfIssuer)
    } else {
        ChipOutcome::failed(CHECK, Cause::Differs, ChipReason::SignerOfOther)
    };
    outcome.with(ChipValue::Signer, country).with(ChipValue::IssuingState, state)
}

/// Whether certificates of `country` (two letters; some write three) sign documents of `state`, a code of the zone.
fn signs_for(country: &str, state: &str) -> bool {
    let letters = match states::find(state) {
        // Organisations without an ISO code of two letters use these in certificates (Doc 9303-3 section 5).
        Some(found) if found.alpha2.is_empty() => match found.code {
            "XOM" => "XO",
            "UNK" => "KS",
            "XPO" | "INP" => "XP",
            _ => return country == found.code || (country.len() == 2 && found.code.starts_with(country)),
        },
        Some(found) => found.alpha2,
        None => return country == state,
    };
    country == letters || states::same(country, state) || (letters == "GB" && country == "UK")
}

fn zone_against_print(zone: Option<&Reading>, printed: Option<&Mrz>) -> ChipOutcome {
    const CHECK: ChipCheck = ChipCheck::ZoneAgainstPrint;
    let Some(zone) = zone else { return ChipOutcome::not_checked(CHECK, Cause::NotRead, ChipReason::ZoneNotRead) };
    let Some(printed) = printed else {
        return ChipOutcome::not_checked(CHECK, Cause::NotRead, ChipReason::PrintNotRead);
    };
    let chip = &zone.mrz;
    let fields = [
        (Claim::DocumentNumber, chip.document_number == printed.document_number),
        (Claim::BirthDate, chip.birth_raw == printed.birth_raw),
        (Claim::ExpiryDate, chip.expiry_raw == printed.expiry_raw),
        (Claim::IssuingState, states::same(&chip.issuing_state, &printed.issuing_state)),
        (Claim::Nationality, states::same(&chip.nationality, &printed.nationality)),
        (Claim::Sex, chip.sex == printed.sex),
        (Claim::FamilyName, chip.primary == printed.primary),
        (Claim::GivenNames, chip.secondary == printed.secondary),
    ];
    let differing: Vec<Claim> = fields.iter().filter(|(_, same)| !same).map(|(claim, _)| *claim).collect();
    if differing.is_empty() {
        return ChipOutcome::passed(CHECK, ChipReason::ChipAsPrint);
    }
    let outcome = ChipOutcome::failed(CHECK, Cause::Differs, ChipReason::ChipDiffers { claims: differing.clone() })
        .with(ChipValue::Fields, differing.clone());
    // Names, sex and states have no check digit: a misread letter there refuses nobody.
    let proven =
        differing.iter().any(|f| matches!(f, Claim::DocumentNumber | Claim::BirthDate | Claim::ExpiryDate)) && !printed.looks_misread();
    if proven { outcome } else { outcome.for_a_person() }
}

fn file_list(files: &ChipFiles, object: Option<&SecurityObject>) -> ChipOutcome {
    const CHECK: ChipCheck = ChipCheck::FileList;
    let Some(file) = files.get(ElementaryFile::Common) else {
        return ChipOutcome::not_checked(CHECK, Cause::NotRead, ChipReason::NoFileList);
    };
    let Some(object) = object else {
        return ChipOutcome::not_checked(CHECK, Cause::Earlier, ChipReason::NoListToCompare);
    };
    match common(file) {
        Err(fault) => {
            ChipOutcome::failed(CHECK, Cause::Unreadable, ChipReason::FileListUnreadable { fault: Phrase::from(&fault) }).for_a_person()
        }
        Ok(common) => {
            let mut signed: Vec<DataGroup> = object.hashes.iter().map(|(group, _)| *group).collect();
            signed.sort_unstable();
            if common.groups == signed {
                return ChipOutcome::passed(CHECK, ChipReason::SameFileLists).with(ChipValue::LdsVersion, common.lds_version);
            }
            ChipOutcome::failed(CHECK, Cause::Differs, ChipReason::FileListsDiffer).for_a_person()
        }
    }
}

fn portrait_outcome(portrait: Option<&Result<ChipPortrait, PortraitFault>>) -> ChipOutcome {
    const CHECK: ChipCheck = ChipCheck::Portrait;
    match portrait {
        None => ChipOutcome::not_checked(CHECK, Cause::NotRead, ChipReason::PortraitNotRead),
        Some(Ok(portrait)) => ChipOutcome::passed(CHECK, ChipReason::PortraitKnown)
            .with(ChipValue::Format, portrait.format.name())
            .with(ChipValue::Bytes, portrait.bytes.len().to_string()),
        Some(Err(fault @ PortraitFault::NewerRecord)) => {
            ChipOutcome::not_checked(CHECK, Cause::Unsupported, ChipReason::PortraitUnusable { fault: fault.into() })
        }
        Some(Err(fault)) => {
            ChipOutcome::failed(CHECK, Cause::Unreadable, ChipReason::PortraitUnusable { fault: fault.into() }).for_a_person()
        }
    }
}
