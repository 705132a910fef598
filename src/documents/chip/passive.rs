//! Passive authentication: whether a trusted country authority stands behind the files of a chip.

use super::algorithms::SignatureFault;
use super::certificate::{Certificate, CertificateFault, same_name};
use super::data_groups::{common, personal_details, zone};
use super::files::{ChipFiles, DataGroup, ElementaryFile};
use super::findings::{Cause, ChipCheck, ChipFindings, ChipOutcome, GroupFinding, Verdict};
use super::portrait::{ChipPortrait, PortraitFault, portrait};
use super::revocation::{Revoked, plain_serial};
use super::security_object::{SecurityObject, SecurityObjectFault, SignerName};
use super::tlv::encode;
use super::trust::{IssuerSearch, Trust};
use crate::documents::checks::Status;
use crate::documents::mrz::{Mrz, Reading};
use crate::documents::states;
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
    outcomes.push(ChipOutcome::not_checked(
        ChipCheck::Original,
        Cause::NeedsReader,
        "Files can be copied to another chip; only a reader can tell an original from a copy.",
    ));
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
        None => ChipOutcome::not_checked(CHECK, Cause::NotRead, "EF.SOD was not read, so nothing says who made the chip's data."),
        Some(Err(SecurityObjectFault::Algorithm(SignatureFault::Unsupported(what)))) => {
            ChipOutcome::not_checked(CHECK, Cause::Unsupported, format!("EF.SOD uses {what}, which is not supported."))
        }
        Some(Err(fault)) => ChipOutcome::failed(CHECK, Cause::Unreadable, format!("EF.SOD cannot be read: {fault}.")),
        Some(Ok(object)) => {
            let mut outcome = ChipOutcome::passed(CHECK, "EF.SOD holds the signed hashes of the data groups.")
                .with("hash_function", object.hash.name())
                .with("content_type", object.content_type.to_string());
            if let Some((lds, unicode)) = &object.versions {
                outcome = outcome.with("lds_version", lds).with("unicode_version", unicode);
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
    let values =
        |outcome: ChipOutcome| outcome.with("unchanged", names(&|g| g.status == Status::Passed)).with("not_read", names(&|g| !g.read));
    if !has_object {
        return ChipOutcome::not_checked(CHECK, Cause::Earlier, "Without EF.SOD there are no hashes to compare with.");
    }
    let changed = names(&|g| g.status == Status::Failed && g.listed);
    if !changed.is_empty() {
        return values(ChipOutcome::failed(CHECK, Cause::HashDiffers, format!("Not as it was signed: {changed}.")));
    }
    let unlisted = names(&|g| g.status == Status::Failed);
    if !unlisted.is_empty() {
        return values(ChipOutcome::failed(CHECK, Cause::NotListed, format!("Nobody signed {unlisted}.")));
    }
    if !groups.iter().any(|g| g.group == DataGroup::ZONE && g.read) {
        return values(ChipOutcome::not_checked(CHECK, Cause::NotRead, "DG1, which says whose document it is, was not read."));
    }
    if !has_zone {
        return values(ChipOutcome::failed(CHECK, Cause::Unreadable, "DG1 is as it was signed, and holds no machine-readable zone."));
    }
    values(ChipOutcome::passed(CHECK, "Every data group that was read is as it was signed."))
}

/// Attributes, signature, certificate, authority, revocation and country: each needs the one before.
fn signature_checks(question: &Question<'_>, object: Option<&SecurityObject>, zone: Option<&Reading>) -> Vec<ChipOutcome> {
    let later = |check| ChipOutcome::not_checked(check, Cause::Earlier, "An earlier check has to pass first.");
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
        return ChipOutcome::failed(CHECK, Cause::NotCovered, "EF.SOD has no signed attributes.");
    };
    let hash = object.signer.digest.hash(&object.content);
    if attributes.message_digest.as_deref() != Some(&hash) {
        return ChipOutcome::failed(CHECK, Cause::HashDiffers, "The list of data groups is not the one that was signed.");
    }
    if attributes.content_type != Some(object.content_type) {
        return ChipOutcome::failed(CHECK, Cause::NotCovered, "What was signed was no list of data groups.");
    }
    let outcome = ChipOutcome::passed(CHECK, "The list of data groups is the one that was signed.")
        .with("hash_function", object.signer.digest.name());
    match attributes.signing_time.as_ref().map(|(tag, value)| Time::from_der(&encode(*tag, value))) {
        None => outcome,
        Some(Ok(time)) if time.to_unix_duration().as_secs() <= seconds(now) => outcome.with("signing_time", time.to_string()),
        Some(Ok(time)) => {
            ChipOutcome::failed(CHECK, Cause::NotYetValid, "It was signed in the future.").with("signing_time", time.to_string())
        }
        Some(Err(_)) => ChipOutcome::failed(CHECK, Cause::Unreadable, "The time of signing cannot be read."),
    }
}

/// The certificate that the signer info names, among those in EF.SOD.
fn signer_certificate(object: &SecurityObject) -> Result<Certificate, ChipOutcome> {
    const CHECK: ChipCheck = ChipCheck::SignerCertificate;
    let missing = || ChipOutcome::not_checked(CHECK, Cause::NoCertificate, "EF.SOD does not hold its signer's certificate.");
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
            ChipOutcome::not_checked(CHECK, Cause::Unsupported, format!("The signer's certificate uses {what}, which is not supported."))
        }
        Some(fault) => ChipOutcome::failed(CHECK, Cause::Unreadable, format!("The signer's certificate cannot be read: {fault}.")),
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
        return ChipOutcome::failed(CHECK, Cause::NotCovered, "EF.SOD has no signed attributes.");
    };
    let verified = object.signer.scheme.clone().and_then(|scheme| {
        signer.key.verify(scheme, &attributes.signed, &object.signer.signature)?;
        Ok(scheme)
    });
    match verified {
        Ok(scheme) => ChipOutcome::passed(CHECK, "The signature belongs to the signer's certificate.")
            .with("scheme", scheme.name())
            .with("key", signer.key.name()),
        Err(SignatureFault::Unsupported(what)) => {
            ChipOutcome::not_checked(CHECK, Cause::Unsupported, format!("The signature uses {what}, which is not supported."))
        }
        Err(fault) => ChipOutcome::failed(CHECK, Cause::SignatureWrong, format!("The signature cannot be right: {fault}."))
            .with("key", signer.key.name()),
    }
}

fn seconds(now: UtcTime) -> u64 {
    u64::try_from(now.0 / 1000).unwrap_or(0)
}

/// A day of the calendar, for the report.
fn day(unix_seconds: u64) -> String {
    let instant = i64::try_from(unix_seconds).ok().and_then(|s| time::OffsetDateTime::from_unix_timestamp(s).ok());
    instant.map_or_else(|| "never".to_owned(), |t| t.date().to_string())
}

fn described(outcome: ChipOutcome, certificate: &Certificate) -> ChipOutcome {
    outcome
        .with("subject", certificate.subject.to_string())
        .with("valid_from", day(certificate.not_before))
        .with("valid_to", day(certificate.not_after))
        .with("algorithm", certificate.scheme().name())
        .with("fingerprint", certificate.fingerprint.clone())
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
        let reason =
            if cause == Cause::Expired { "The signer's certificate has expired." } else { "The signer's certificate is not valid yet." };
        ChipOutcome::failed(CHECK, cause, reason)
    } else if !signer.usage.is_some_and(|u| u.digital_signature()) || signer.is_authority || other_purpose {
        ChipOutcome::failed(CHECK, Cause::WrongUsage, "The signer's certificate is not made for signing documents.")
    } else if let Some(id) = signer.unknown_critical {
        ChipOutcome::failed(CHECK, Cause::WrongUsage, format!("The signer's certificate has a condition that is not understood: {id}."))
    } else {
        ChipOutcome::passed(CHECK, "The signer's certificate is in force and made for signing documents.")
    };
    described(outcome, signer)
}

fn country_authority<'a>(question: &Question<'a>, signer: &Certificate) -> (ChipOutcome, Option<&'a Certificate>) {
    const CHECK: ChipCheck = ChipCheck::CountryAuthority;
    let issuer = |outcome: ChipOutcome| outcome.with("issuer", signer.issuer.to_string());
    let authority = match question.trust.issuer_of(signer) {
        IssuerSearch::Found(authority) => authority,
        IssuerSearch::Unknown => {
            let reason = "No certificate of the authority that issued the signer's certificate is trusted here.";
            return (issuer(ChipOutcome::not_checked(CHECK, Cause::AuthorityUnknown, reason)), None);
        }
        IssuerSearch::OtherKey => {
            let reason = "The authority is known here with other keys only; import its newer certificate.";
            return (issuer(ChipOutcome::not_checked(CHECK, Cause::AuthorityUnknown, reason)), None);
        }
        IssuerSearch::Wrong(fault) => {
            let reason = format!("The authority named did not issue the signer's certificate: {fault}.");
            return (issuer(ChipOutcome::failed(CHECK, Cause::AuthorityDidNotSign, reason)), None);
        }
    };
    let outcome = if let Some(cause) = out_of_force(authority, question.now) {
        let reason = if cause == Cause::Expired {
            "The authority's certificate has expired."
        } else {
            "The authority's certificate is not valid yet."
        };
        ChipOutcome::failed(CHECK, cause, reason)
    } else if !authority.is_authority || !authority.usage.is_some_and(|u| u.key_cert_sign()) || authority.unknown_critical.is_some() {
        ChipOutcome::failed(CHECK, Cause::WrongUsage, "The trusted certificate is not made for issuing certificates.")
    } else if authority.country() != signer.country() {
        ChipOutcome::failed(CHECK, Cause::Differs, "Authority and signer name different countries.")
    } else {
        ChipOutcome::passed(CHECK, "A trusted country authority issued the signer's certificate.")
    };
    (described(outcome, authority), Some(authority))
}

fn revocation(question: &Question<'_>, signer: &Certificate, issuer: &Certificate) -> ChipOutcome {
    const CHECK: ChipCheck = ChipCheck::Revocation;
    let now = seconds(question.now);
    let of_authority = question.trust.revoked(issuer, issuer, now);
    match (question.trust.revoked(signer, issuer, now), of_authority) {
        (Revoked::Yes, _) => ChipOutcome::failed(CHECK, Cause::Revoked, "The signer's certificate has been revoked."),
        (_, Revoked::Yes) => ChipOutcome::failed(CHECK, Cause::Revoked, "The authority's certificate has been revoked."),
        (Revoked::No, _) => ChipOutcome::passed(CHECK, "The authority's list in force does not name the certificate."),
        (Revoked::NoList, _) => {
            ChipOutcome::not_checked(CHECK, Cause::NoRevocationList, "There is no revocation list of the authority here.")
        }
        (Revoked::NoUsableList, _) => {
            ChipOutcome::not_checked(CHECK, Cause::NoRevocationList, "The authority's revocation list is out of date or cannot be used.")
        }
    }
}

fn issuing_state(signer: &Certificate, issuer: Option<&Certificate>, zone: Option<&Reading>) -> ChipOutcome {
    const CHECK: ChipCheck = ChipCheck::IssuingState;
    let Some(zone) = zone else { return ChipOutcome::not_checked(CHECK, Cause::NotRead, "DG1 was not read.") };
    let state = zone.mrz.issuing_state.as_str();
    let Some(country) = signer.country().or_else(|| issuer.and_then(Certificate::country)) else {
        return ChipOutcome::failed(CHECK, Cause::Differs, "The signer's certificate names no country.");
    };
    let agrees = signs_for(&country, state);
    let outcome = if agrees {
        ChipOutcome::passed(CHECK, "The signer's country issued the document.")
    } else {
        ChipOutcome::failed(CHECK, Cause::Differs, "The document names another issuer than its signer's country.")
    };
    outcome.with("signer", country).with("issuing_state", state)
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
    let Some(zone) = zone else { return ChipOutcome::not_checked(CHECK, Cause::NotRead, "DG1 was not read.") };
    let Some(printed) = printed else {
        return ChipOutcome::not_checked(CHECK, Cause::NotRead, "The zone in print was not read.");
    };
    let chip = &zone.mrz;
    let fields = [
        ("document number", chip.document_number == printed.document_number),
        ("birth date", chip.birth_raw == printed.birth_raw),
        ("expiry date", chip.expiry_raw == printed.expiry_raw),
        ("issuing state", states::same(&chip.issuing_state, &printed.issuing_state)),
        ("nationality", states::same(&chip.nationality, &printed.nationality)),
        ("sex", chip.sex == printed.sex),
        ("family name", chip.primary == printed.primary),
        ("given names", chip.secondary == printed.secondary),
    ];
    let differing: Vec<&str> = fields.iter().filter(|(_, same)| !same).map(|(name, _)| *name).collect();
    if differing.is_empty() {
        return ChipOutcome::passed(CHECK, "The zone in the chip is the zone in print.");
    }
    let list = differing.join(", ");
    let outcome = ChipOutcome::failed(CHECK, Cause::Differs, format!("Chip and print differ: {list}.")).with("fields", list);
    // Names, sex and states have no check digit: a misread letter there refuses nobody.
    let proven = differing.iter().any(|f| matches!(*f, "document number" | "birth date" | "expiry date")) && !printed.looks_misread();
    if proven { outcome } else { outcome.for_a_person() }
}

fn file_list(files: &ChipFiles, object: Option<&SecurityObject>) -> ChipOutcome {
    const CHECK: ChipCheck = ChipCheck::FileList;
    let Some(file) = files.get(ElementaryFile::Common) else {
        return ChipOutcome::not_checked(CHECK, Cause::NotRead, "EF.COM was not read; newer chips have none.");
    };
    let Some(object) = object else {
        return ChipOutcome::not_checked(CHECK, Cause::Earlier, "Without EF.SOD there is no list to compare with.");
    };
    match common(file) {
        Err(fault) => ChipOutcome::failed(CHECK, Cause::Unreadable, format!("EF.COM cannot be read: {fault}.")).for_a_person(),
        Ok(common) => {
            let mut signed: Vec<DataGroup> = object.hashes.iter().map(|(group, _)| *group).collect();
            signed.sort_unstable();
            if common.groups == signed {
                return ChipOutcome::passed(CHECK, "EF.COM and EF.SOD list the same data groups.").with("lds_version", common.lds_version);
            }
            ChipOutcome::failed(CHECK, Cause::Differs, "EF.COM and EF.SOD list different data groups; somebody may have taken files away.")
                .for_a_person()
        }
    }
}

fn portrait_outcome(portrait: Option<&Result<ChipPortrait, PortraitFault>>) -> ChipOutcome {
    const CHECK: ChipCheck = ChipCheck::Portrait;
    match portrait {
        None => ChipOutcome::not_checked(CHECK, Cause::NotRead, "DG2 was not read."),
        Some(Ok(portrait)) => ChipOutcome::passed(CHECK, "There is a portrait in a known format.")
            .with("format", portrait.format.name())
            .with("bytes", portrait.bytes.len().to_string()),
        Some(Err(fault @ PortraitFault::NewerRecord)) => {
            ChipOutcome::not_checked(CHECK, Cause::Unsupported, format!("DG2 has no usable portrait: {fault}."))
        }
        Some(Err(fault)) => ChipOutcome::failed(CHECK, Cause::Unreadable, format!("DG2 has no usable portrait: {fault}.")).for_a_person(),
    }
}
