//! What was found out about a chip: every check with its state, cause and values, and what follows.

use super::data_groups::PersonalDetails;
use super::files::DataGroup;
use super::portrait::ChipPortrait;
use super::reason::{ChipReason, ChipValue};
use crate::documents::checks::Status;
use crate::documents::mrz::Reading;
use crate::phrase::Detail;

/// The checks of a chip, in the order they are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChipCheck {
    /// EF.SOD is there and readable.
    SecurityObject,
    /// The data groups are those that were signed.
    DataGroups,
    /// What was signed covers the list of data groups.
    SignedAttributes,
    /// The signature belongs to the signer's certificate.
    Signature,
    /// The signer's certificate is in force and made for signing documents.
    SignerCertificate,
    /// A trusted country authority issued the signer's certificate.
    CountryAuthority,
    /// The signer's certificate has not been revoked.
    Revocation,
    /// The signer's country issued the document.
    IssuingState,
    /// The zone in the chip is the zone in print.
    ZoneAgainstPrint,
    /// EF.COM and EF.SOD list the same data groups.
    FileList,
    /// There is a portrait in a known format.
    Portrait,
    /// The chip itself is no copy.
    Original,
}

impl ChipCheck {
    /// Every check.
    pub const ALL: [Self; 12] = [
        Self::SecurityObject,
        Self::DataGroups,
        Self::SignedAttributes,
        Self::Signature,
        Self::SignerCertificate,
        Self::CountryAuthority,
        Self::Revocation,
        Self::IssuingState,
        Self::ZoneAgainstPrint,
        Self::FileList,
        Self::Portrait,
        Self::Original,
    ];

    /// A stable word for reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SecurityObject => "security_object",
            Self::DataGroups => "data_groups",
            Self::SignedAttributes => "signed_attributes",
            Self::Signature => "signature",
            Self::SignerCertificate => "signer_certificate",
            Self::CountryAuthority => "country_authority",
            Self::Revocation => "revocation",
            Self::IssuingState => "issuing_state",
            Self::ZoneAgainstPrint => "zone_against_print",
            Self::FileList => "file_list",
            Self::Portrait => "portrait",
            Self::Original => "original",
        }
    }

    /// A short name for people.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::SecurityObject => "Security object",
            Self::DataGroups => "Data groups unchanged",
            Self::SignedAttributes => "Signed attributes",
            Self::Signature => "Signature",
            Self::SignerCertificate => "Signer's certificate",
            Self::CountryAuthority => "Country authority",
            Self::Revocation => "Not revoked",
            Self::IssuingState => "Signer's country",
            Self::ZoneAgainstPrint => "Chip and print",
            Self::FileList => "List of files",
            Self::Portrait => "Portrait in the chip",
            Self::Original => "Original chip",
        }
    }
}

/// Why a check did not pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// The file it needs was not read.
    NotRead,
    /// A file or certificate cannot be read.
    Unreadable,
    /// An algorithm is not read here.
    Unsupported,
    /// Bytes differ from those that were signed.
    HashDiffers,
    /// A file was read that nobody signed.
    NotListed,
    /// What was signed does not cover the list of data groups.
    NotCovered,
    /// The signature is wrong.
    SignatureWrong,
    /// The signer's certificate is not in the chip.
    NoCertificate,
    /// The certificate is not valid any more.
    Expired,
    /// The certificate is not valid yet.
    NotYetValid,
    /// The certificate is not made for this.
    WrongUsage,
    /// No authority of this country and key is trusted here.
    AuthorityUnknown,
    /// The authority did not sign the certificate.
    AuthorityDidNotSign,
    /// A list names the certificate.
    Revoked,
    /// There is no list that could be used.
    NoRevocationList,
    /// Two sources say different things.
    Differs,
    /// An earlier check has to pass first.
    Earlier,
    /// It cannot be found out from files.
    NeedsReader,
}

impl Cause {
    /// Every cause.
    pub const ALL: [Self; 18] = [
        Self::NotRead,
        Self::Unreadable,
        Self::Unsupported,
        Self::HashDiffers,
        Self::NotListed,
        Self::NotCovered,
        Self::SignatureWrong,
        Self::NoCertificate,
        Self::Expired,
        Self::NotYetValid,
        Self::WrongUsage,
        Self::AuthorityUnknown,
        Self::AuthorityDidNotSign,
        Self::Revoked,
        Self::NoRevocationList,
        Self::Differs,
        Self::Earlier,
        Self::NeedsReader,
    ];

    /// A stable word for reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotRead => "not_read",
            Self::Unreadable => "unreadable",
            Self::Unsupported => "unsupported",
            Self::HashDiffers => "hash_differs",
            Self::NotListed => "not_listed",
            Self::NotCovered => "not_covered",
            Self::SignatureWrong => "signature_wrong",
            Self::NoCertificate => "no_certificate",
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
            Self::WrongUsage => "wrong_usage",
            Self::AuthorityUnknown => "authority_unknown",
            Self::AuthorityDidNotSign => "authority_did_not_sign",
            Self::Revoked => "revoked",
            Self::NoRevocationList => "no_revocation_list",
            Self::Differs => "differs",
            Self::Earlier => "earlier_check",
            Self::NeedsReader => "needs_reader",
        }
    }
}

/// The outcome of one check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChipOutcome {
    /// Which check.
    pub check: ChipCheck,
    /// Its state; *not checked* never counts as passed.
    pub status: Status,
    /// Why it did not pass.
    pub cause: Option<Cause>,
    /// Why, for the officer.
    pub reason: ChipReason,
    /// What the check saw: algorithms, names of authorities, dates, numbers of data groups.
    pub values: Vec<(ChipValue, Detail)>,
    pub(super) for_a_person: bool,
}

impl ChipOutcome {
    fn new(check: ChipCheck, status: Status, cause: Option<Cause>, reason: ChipReason) -> Self {
        Self { check, status, cause, reason, values: Vec::new(), for_a_person: false }
    }

    pub(super) fn passed(check: ChipCheck, reason: ChipReason) -> Self {
        Self::new(check, Status::Passed, None, reason)
    }

    pub(super) fn failed(check: ChipCheck, cause: Cause, reason: ChipReason) -> Self {
        Self::new(check, Status::Failed, Some(cause), reason)
    }

    pub(super) fn not_checked(check: ChipCheck, cause: Cause, reason: ChipReason) -> Self {
        Self::new(check, Status::NotChecked, Some(cause), reason)
    }

    pub(super) fn with(mut self, name: ChipValue, value: impl Into<Detail>) -> Self {
        self.values.push((name, value.into()));
        self
    }

    /// Whether failing leaves the decision to a person instead of refusing.
    #[must_use]
    pub const fn is_for_a_person(&self) -> bool {
        self.for_a_person
    }

    pub(super) const fn for_a_person(mut self) -> Self {
        self.for_a_person = true;
        self
    }
}

/// One data group against the signed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupFinding {
    /// Which.
    pub group: DataGroup,
    /// Whether the list names it.
    pub listed: bool,
    /// Whether it was read.
    pub read: bool,
    /// Whether its hash is the listed one.
    pub status: Status,
}

/// What follows from all checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// A trusted country authority stands behind the data that were read.
    Authentic,
    /// Something contradicts that.
    Refused,
    /// Nothing contradicts it, and something that is needed was not checked; or a person has to look.
    Undecided,
}

impl Verdict {
    /// A stable word for reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Authentic => "authentic",
            Self::Refused => "refused",
            Self::Undecided => "undecided",
        }
    }
}

/// Everything about one chip.
#[derive(Debug, Clone, PartialEq)]
pub struct ChipFindings {
    /// What follows.
    pub verdict: Verdict,
    /// Every check, in the order of [`ChipCheck`].
    pub outcomes: Vec<ChipOutcome>,
    /// Every data group that is listed or was read.
    pub groups: Vec<GroupFinding>,
    /// The zone of DG1, where it can be read. Its data are worth as much as the verdict.
    pub zone: Option<Reading>,
    /// What DG11 adds.
    pub details: Option<PersonalDetails>,
    /// The portrait of DG2, where it can be read. See [`ChipFindings::trusted_portrait`].
    pub portrait: Option<ChipPortrait>,
}

impl ChipFindings {
    /// The outcome of one check.
    ///
    /// # Panics
    /// Never: every check has an outcome.
    #[must_use]
    pub fn outcome(&self, check: ChipCheck) -> &ChipOutcome {
        self.outcomes.iter().find(|o| o.check == check).expect("every check has an outcome")
    }

    /// The portrait if a trusted authority stands behind it: then it is preferred over the printed one.
    #[must_use]
    pub fn trusted_portrait(&self) -> Option<&ChipPortrait> {
        let signed = self.groups.iter().any(|g| g.group == DataGroup::FACE && g.status == Status::Passed);
        self.portrait.as_ref().filter(|_| signed && self.verdict == Verdict::Authentic)
    }
}
