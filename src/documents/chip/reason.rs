//! What the checks of a chip say, as values: a stable code each, and the English words beside it.

use super::algorithms::SignatureFault;
use super::certificate::CertificateFault;
use super::data_groups::DataGroupFault;
use super::findings::{Cause, ChipCheck};
use super::portrait::PortraitFault;
use super::security_object::SecurityObjectFault;
use super::tlv::TlvError;
use crate::documents::checks::Claim;
use crate::phrase::{Known, Phrase, phrases};

phrases! {
    /// Why a check of a chip ended as it did: a sentence for the officer that names fields and files, never what they say about the holder.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum ChipReason: "chip-reason" {
        /// No EF.SOD.
        NoSecurityObject = "no-security-object", "EF.SOD was not read, so nothing says who made the chip's data.";
        /// Algorithms of EF.SOD.
        SecurityObjectUnsupported {
            /// Which.
            what: Unsupported,
        } = "security-object-unsupported", "EF.SOD uses {what}, which is not supported.";
        /// Damaged, or another file.
        SecurityObjectUnreadable {
            /// Why.
            fault: Phrase,
        } = "security-object-unreadable", "EF.SOD cannot be read: {fault}.";
        /// In order.
        SecurityObjectRead = "security-object-read", "EF.SOD holds the signed hashes of the data groups.";
        /// Nothing to compare with.
        NoHashes = "no-hashes", "Without EF.SOD there are no hashes to compare with.";
        /// Bytes that nobody signed.
        GroupsChanged {
            /// Which data groups.
            groups: String,
        } = "groups-changed", "Not as it was signed: {groups}.";
        /// Files that nobody signed.
        GroupsUnlisted {
            /// Which data groups.
            groups: String,
        } = "groups-unlisted", "Nobody signed {groups}.";
        /// No DG1.
        NoZoneGroup = "no-zone-group", "DG1, which says whose document it is, was not read.";
        /// DG1 without a zone.
        ZoneGroupEmpty = "zone-group-empty", "DG1 is as it was signed, and holds no machine-readable zone.";
        /// In order.
        GroupsUnchanged = "groups-unchanged", "Every data group that was read is as it was signed.";
        /// It needs another one.
        Earlier = "earlier", "An earlier check has to pass first.";
        /// Nothing signed.
        NoSignedAttributes = "no-signed-attributes", "EF.SOD has no signed attributes.";
        /// Another list.
        ListNotSigned = "list-not-signed", "The list of data groups is not the one that was signed.";
        /// Something else.
        OtherContentSigned = "other-content-signed", "What was signed was no list of data groups.";
        /// In order.
        ListSigned = "list-signed", "The list of data groups is the one that was signed.";
        /// Later than now.
        SignedInTheFuture = "signed-in-the-future", "It was signed in the future.";
        /// No time.
        SigningTimeUnreadable = "signing-time-unreadable", "The time of signing cannot be read.";
        /// No signer.
        NoSignerCertificate = "no-signer-certificate", "EF.SOD does not hold its signer's certificate.";
        /// Algorithms of the certificate.
        SignerCertificateUnsupported {
            /// Which.
            what: Unsupported,
        } = "signer-certificate-unsupported", "The signer's certificate uses {what}, which is not supported.";
        /// Damaged.
        SignerCertificateUnreadable {
            /// Why.
            fault: Phrase,
        } = "signer-certificate-unreadable", "The signer's certificate cannot be read: {fault}.";
        /// In order.
        SignatureRight = "signature-right", "The signature belongs to the signer's certificate.";
        /// Algorithms of the signature.
        SignatureUnsupported {
            /// Which.
            what: Unsupported,
        } = "signature-unsupported", "The signature uses {what}, which is not supported.";
        /// Not in order.
        SignatureWrong {
            /// Why.
            fault: Phrase,
        } = "signature-wrong", "The signature cannot be right: {fault}.";
        /// Over.
        SignerExpired = "signer-expired", "The signer's certificate has expired.";
        /// Too early.
        SignerNotYetValid = "signer-not-yet-valid", "The signer's certificate is not valid yet.";
        /// Another purpose.
        SignerWrongUsage = "signer-wrong-usage", "The signer's certificate is not made for signing documents.";
        /// A critical extension.
        SignerCondition {
            /// Its identifier.
            id: String,
        } = "signer-condition", "The signer's certificate has a condition that is not understood: {id}.";
        /// In order.
        SignerInForce = "signer-in-force", "The signer's certificate is in force and made for signing documents.";
        /// Nobody of that name.
        AuthorityUnknown = "authority-unknown",
            "No certificate of the authority that issued the signer's certificate is trusted here.";
        /// Another key.
        AuthorityOtherKey = "authority-other-key", "The authority is known here with other keys only; import its newer certificate.";
        /// Not its signature.
        AuthorityDidNotSign {
            /// Why.
            fault: Phrase,
        } = "authority-did-not-sign", "The authority named did not issue the signer's certificate: {fault}.";
        /// Over.
        AuthorityExpired = "authority-expired", "The authority's certificate has expired.";
        /// Too early.
        AuthorityNotYetValid = "authority-not-yet-valid", "The authority's certificate is not valid yet.";
        /// Another purpose.
        AuthorityWrongUsage = "authority-wrong-usage", "The trusted certificate is not made for issuing certificates.";
        /// Two countries.
        AuthorityOtherCountry = "authority-other-country", "Authority and signer name different countries.";
        /// In order.
        AuthorityIssued = "authority-issued", "A trusted country authority issued the signer's certificate.";
        /// On the list.
        SignerRevoked = "signer-revoked", "The signer's certificate has been revoked.";
        /// On the list.
        AuthorityRevoked = "authority-revoked", "The authority's certificate has been revoked.";
        /// In order.
        NotRevoked = "not-revoked", "The authority's list in force does not name the certificate.";
        /// No list.
        NoRevocationList = "no-revocation-list", "There is no revocation list of the authority here.";
        /// No good list.
        RevocationListUnusable = "revocation-list-unusable", "The authority's revocation list is out of date or cannot be used.";
        /// No DG1.
        ZoneNotRead = "zone-not-read", "DG1 was not read.";
        /// No country.
        SignerWithoutCountry = "signer-without-country", "The signer's certificate names no country.";
        /// In order.
        SignerOfIssuer = "signer-of-issuer", "The signer's country issued the document.";
        /// Another country.
        SignerOfOther = "signer-of-other", "The document names another issuer than its signer's country.";
        /// Nothing to compare with.
        PrintNotRead = "print-not-read", "The zone in print was not read.";
        /// In order.
        ChipAsPrint = "chip-as-print", "The zone in the chip is the zone in print.";
        /// Not in order.
        ChipDiffers {
            /// What differs.
            claims: Vec<Claim>,
        } = "chip-differs", "Chip and print differ: {claims}.";
        /// No EF.COM.
        NoFileList = "no-file-list", "EF.COM was not read; newer chips have none.";
        /// Nothing to compare with.
        NoListToCompare = "no-list-to-compare", "Without EF.SOD there is no list to compare with.";
        /// Damaged.
        FileListUnreadable {
            /// Why.
            fault: Phrase,
        } = "file-list-unreadable", "EF.COM cannot be read: {fault}.";
        /// In order.
        SameFileLists = "same-file-lists", "EF.COM and EF.SOD list the same data groups.";
        /// Not in order.
        FileListsDiffer = "file-lists-differ", "EF.COM and EF.SOD list different data groups; somebody may have taken files away.";
        /// No DG2.
        PortraitNotRead = "portrait-not-read", "DG2 was not read.";
        /// In order.
        PortraitKnown = "portrait-known", "There is a portrait in a known format.";
        /// None that can be used.
        PortraitUnusable {
            /// Why.
            fault: Phrase,
        } = "portrait-unusable", "DG2 has no usable portrait: {fault}.";
        /// What passive authentication does not see.
        CopyUndetected = "copy-undetected", "Files can be copied to another chip; only a reader can tell an original from a copy.";
    }
}

phrases! {
    /// What an outcome shows beside its reason.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum ChipValue: "value" {
        /// Hash function.
        HashFunction = "hash-function", "hash function";
        /// Object identifier of what was signed.
        ContentType = "content-type", "content type";
        /// Version of the data structure.
        LdsVersion = "lds-version", "lds version";
        /// Version of Unicode.
        UnicodeVersion = "unicode-version", "unicode version";
        /// Data groups as they were signed.
        Unchanged = "unchanged", "unchanged";
        /// Data groups that were not read.
        NotRead = "not-read", "not read";
        /// When it was signed.
        SigningTime = "signing-time", "signing time";
        /// Signature scheme.
        Scheme = "scheme", "scheme";
        /// Kind of key.
        Key = "key", "key";
        /// Whom a certificate names.
        Subject = "subject", "subject";
        /// First day.
        ValidFrom = "valid-from", "valid from";
        /// Last day.
        ValidTo = "valid-to", "valid to";
        /// Signature algorithm of a certificate.
        Algorithm = "algorithm", "algorithm";
        /// SHA-256 of a certificate.
        Fingerprint = "fingerprint", "fingerprint";
        /// Who issued a certificate.
        Issuer = "issuer", "issuer";
        /// The signer's country.
        Signer = "signer", "signer";
        /// The document's issuer.
        IssuingState = "issuing-state", "issuing state";
        /// What differs.
        Fields = "fields", "fields";
        /// Format of a picture.
        Format = "format", "format";
        /// Length of a picture.
        Bytes = "bytes", "bytes";
        /// Why it did not pass.
        Cause = "cause", "cause";
    }
}

impl ChipValue {
    /// A stable word for reports: `lds_version`.
    #[must_use]
    pub fn name(self) -> String {
        self.code().replace('-', "_")
    }
}

phrases! {
    /// What a chip uses and is not read here.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Unsupported: "unsupported" {
        /// A hash function.
        HashFunction {
            /// Its object identifier.
            id: String,
        } = "hash-function", "hash function {id}";
        /// A signature algorithm.
        SignatureAlgorithm {
            /// Its object identifier.
            id: String,
        } = "signature-algorithm", "signature algorithm {id}";
        /// A mask generation function.
        MaskGeneration {
            /// Its object identifier.
            id: String,
        } = "mask-generation", "mask generation {id}";
        /// A parameter.
        PssParameter = "pss-parameter", "a parameter of RSASSA-PSS";
        /// Two hash functions in one scheme.
        PssTwoHashes = "pss-two-hashes", "RSASSA-PSS with two hash functions";
        /// A named curve.
        Curve {
            /// Its name or object identifier.
            name: String,
        } = "curve", "curve {name}";
        /// A curve by its parameters.
        CurveSpelledOut = "curve-spelled-out", "a curve spelled out that is none of the known ones";
        /// A public key.
        PublicKey {
            /// Its object identifier.
            id: String,
        } = "public-key", "public key {id}";
    }
}

phrases! {
    /// Values that are words.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum ChipWord: "chip-word" {
        /// A certificate without end.
        Never = "never", "never";
    }
}

impl From<Unsupported> for crate::phrase::Detail {
    fn from(what: Unsupported) -> Self {
        Phrase::from(what).into()
    }
}

/// The title of a check.
impl From<ChipCheck> for Phrase {
    fn from(check: ChipCheck) -> Self {
        Self::of("chip-title", check.name(), check.title())
    }
}

/// Why a check did not pass, in a word or two.
impl From<Cause> for Phrase {
    fn from(cause: Cause) -> Self {
        Self::of("cause", cause.name(), &cause.name().replace('_', " "))
    }
}

fn fault(code: &str, fault: &dyn std::error::Error) -> Phrase {
    Phrase::of("chip-fault", code, &fault.to_string())
}

fn tag(tag: u32) -> String {
    format!("{tag:X}")
}

impl From<&TlvError> for Phrase {
    fn from(error: &TlvError) -> Self {
        match error {
            TlvError::Truncated => fault("truncated", error),
            TlvError::Header => fault("header", error),
            TlvError::Unexpected { expected, found } => {
                fault("unexpected", error).with("found", tag(*found)).with("expected", tag(*expected))
            }
            TlvError::Missing { expected } => fault("missing", error).with("expected", tag(*expected)),
            TlvError::Trailing => fault("trailing", error),
            TlvError::Value { tag: value } => fault("value", error).with("tag", tag(*value)),
        }
    }
}

impl From<&SignatureFault> for Phrase {
    fn from(error: &SignatureFault) -> Self {
        match error {
            SignatureFault::Encoding(inner) => inner.into(),
            SignatureFault::Unsupported(what) => fault("unsupported", error).with("what", what.clone()),
            SignatureFault::Key => fault("key", error),
            SignatureFault::Wrong => fault("wrong", error),
        }
    }
}

impl From<&CertificateFault> for Phrase {
    fn from(error: &CertificateFault) -> Self {
        match error {
            CertificateFault::Encoding => fault("no-certificate", error),
            CertificateFault::TwoAlgorithms => fault("two-algorithms", error),
            CertificateFault::Signature(inner) => inner.into(),
        }
    }
}

impl From<&SecurityObjectFault> for Phrase {
    fn from(error: &SecurityObjectFault) -> Self {
        match error {
            SecurityObjectFault::Encoding(inner) => inner.into(),
            SecurityObjectFault::Algorithm(inner) => inner.into(),
            SecurityObjectFault::OtherContent => fault("other-content", error),
            SecurityObjectFault::List => fault("list", error),
            SecurityObjectFault::Signers(count) => fault("signers", error).with("count", count.to_string()),
        }
    }
}

impl From<&DataGroupFault> for Phrase {
    fn from(error: &DataGroupFault) -> Self {
        match error {
            DataGroupFault::Encoding(inner) => inner.into(),
            DataGroupFault::UnknownGroup(group) => fault("unknown-group", error).with("tag", tag(u32::from(*group))),
            DataGroupFault::NoZone(count) => fault("no-zone", error).with("count", count.to_string()),
        }
    }
}

impl From<&PortraitFault> for Phrase {
    fn from(error: &PortraitFault) -> Self {
        match error {
            PortraitFault::Encoding(inner) => inner.into(),
            PortraitFault::Record => fault("record", error),
            PortraitFault::NewerRecord => fault("newer-record", error),
            PortraitFault::Format => fault("format", error),
        }
    }
}

/// Every key of a fault with what is filled in.
#[must_use]
pub fn known_faults() -> Vec<Known> {
    let tlv = [
        TlvError::Truncated,
        TlvError::Header,
        TlvError::Unexpected { expected: 0, found: 0 },
        TlvError::Missing { expected: 0 },
        TlvError::Trailing,
        TlvError::Value { tag: 0 },
    ];
    let signature = [SignatureFault::Unsupported(Unsupported::PssParameter), SignatureFault::Key, SignatureFault::Wrong];
    let certificate = [CertificateFault::Encoding, CertificateFault::TwoAlgorithms];
    let object = [SecurityObjectFault::OtherContent, SecurityObjectFault::List, SecurityObjectFault::Signers(0)];
    let group = [DataGroupFault::UnknownGroup(0), DataGroupFault::NoZone(0)];
    let portrait = [PortraitFault::Record, PortraitFault::NewerRecord, PortraitFault::Format];
    let phrases = tlv
        .iter()
        .map(Phrase::from)
        .chain(signature.iter().map(Phrase::from))
        .chain(certificate.iter().map(Phrase::from))
        .chain(object.iter().map(Phrase::from))
        .chain(group.iter().map(Phrase::from))
        .chain(portrait.iter().map(Phrase::from));
    phrases.map(|phrase| phrase.known()).collect()
}
