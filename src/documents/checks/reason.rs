//! What the checks say, as values: a stable code each, and the English words beside it.

use super::{Check, Sign};
use crate::documents::mrz::Finding;
use crate::phrase::{Detail, Phrase, phrases};

phrases! {
    /// Something that a document says about its holder or itself, by name and never by value.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Claim: "claim" {
        /// Family name.
        FamilyName = "family-name", "family name";
        /// Given names.
        GivenNames = "given-names", "given names";
        /// Birth date.
        BirthDate = "birth-date", "birth date";
        /// Sex.
        Sex = "sex", "sex";
        /// Document number.
        DocumentNumber = "document-number", "document number";
        /// Expiry date.
        ExpiryDate = "expiry-date", "expiry date";
        /// Issue date.
        IssueDate = "issue-date", "issue date";
        /// Issuing state.
        IssuingState = "issuing-state", "issuing state";
        /// Issuing country of a licence.
        IssuingCountry = "issuing-country", "issuing country";
        /// Nationality.
        Nationality = "nationality", "nationality";
        /// Dates on which the holder of a licence comes of age.
        AgeMarks = "age-marks", "age marks";
    }
}

phrases! {
    /// How the dates of a document contradict each other.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum Contradiction: "contradiction" {
        /// Born after today.
        BornInTheFuture = "born-in-the-future", "the birth lies in the future";
        /// Issued before the birth.
        IssuedBeforeBirth = "issued-before-birth", "it was issued before the birth";
        /// Expired before the birth.
        ExpiredBeforeBirth = "expired-before-birth", "it expired before the birth";
        /// Expired before the day of issue.
        ExpiredBeforeIssue = "expired-before-issue", "it expired before it was issued";
        /// Older than people become.
        TooOld = "too-old", "nobody is that old";
        /// Not the birth date's anniversaries.
        AgeMarks = "age-marks", "its age marks do not fit the birth date";
    }
}

impl Contradiction {
    /// What it is about.
    #[must_use]
    pub const fn claim(self) -> Claim {
        match self {
            Self::BornInTheFuture | Self::TooOld => Claim::BirthDate,
            Self::IssuedBeforeBirth => Claim::IssueDate,
            Self::ExpiredBeforeBirth | Self::ExpiredBeforeIssue => Claim::ExpiryDate,
            Self::AgeMarks => Claim::AgeMarks,
        }
    }
}

phrases! {
    /// Why a check ended as it did: a sentence for the officer that names fields, never their values.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Reason: "reason" {
        /// No zone.
        NoZone = "no-zone", "No machine-readable zone was read.";
        /// A symbol holds lines of a zone, and none is printed.
        ZoneOnlyInSymbol = "zone-only-in-symbol",
            "The lines of a machine-readable zone were read from a symbol only; a person looks at the printed ones.";
        /// All right.
        CheckDigitsRight = "check-digits-right", "All check digits of the machine-readable zone are right.";
        /// Readings that nothing confirms.
        UnsureCharacters = "unsure-characters",
            "Characters that the check digits do not settle were not read surely; capture the document closer.";
        /// Misread.
        ZoneUnclear {
            /// What is wrong.
            findings: Vec<Finding>,
        } = "zone-unclear", "The machine-readable zone was not read cleanly ({findings}); capture it again.";
        /// Misread as often as it may be captured.
        ZoneUnreadable {
            /// What is wrong.
            findings: Vec<Finding>,
        } = "zone-unreadable", "The machine-readable zone is not readable ({findings}).";
        /// Read well, and wrong.
        ZoneBreaksStandard {
            /// What is wrong.
            findings: Vec<Finding>,
        } = "zone-breaks-standard", "The machine-readable zone breaks the standard ({findings}).";
        /// No dates.
        NoDates = "no-dates", "The document gave no dates.";
        /// In order.
        DatesFit = "dates-fit", "The dates exist and fit each other.";
        /// Not in order.
        DatesContradict {
            /// How, clause by clause.
            contradictions: Detail,
        } = "dates-contradict", "The dates contradict each other: {contradictions}.";
        /// Switched off.
        ExpiryAccepted = "expiry-accepted", "The rules accept expired documents.";
        /// A document without end.
        NoEnd = "no-end", "The document states no end of validity; a person decides.";
        /// Nothing read.
        NoExpiryDate = "no-expiry-date", "No expiry date was read.";
        /// Only day and month.
        ExpiryWithoutYear = "expiry-without-year", "The expiry date has no year.";
        /// Over.
        Expired = "expired", "The document has expired.";
        /// Over, and not for long.
        ExpiredLately = "expired-lately", "The document has expired; the rules accept it for some days more.";
        /// Open.
        ExpiryPartlyUnknown = "expiry-partly-unknown", "Whether the document has expired depends on the unknown part of its date.";
        /// In order.
        NotExpired = "not-expired", "The document has not expired.";
        /// Nothing read.
        NoIssueDate = "no-issue-date", "No date of issue was read.";
        /// Later than today.
        NotYetValid = "not-yet-valid", "The document is dated in the future: it is not valid yet.";
        /// In order.
        ValidAlready = "valid-already", "The document is valid already.";
        /// Switched off.
        NoAgeLimit = "no-age-limit", "The rules set no such limit.";
        /// Nothing read.
        NoBirthDate = "no-birth-date", "No birth date was read.";
        /// Open.
        BirthWithoutYear = "birth-without-year", "The birth date has no year; a person decides about the age.";
        /// At least the minimum age.
        OldEnough = "old-enough", "The holder is old enough.";
        /// Below the minimum age.
        TooYoung = "too-young", "The holder is too young.";
        /// At most the maximum age.
        YoungEnough = "young-enough", "The holder is young enough.";
        /// Above the maximum age.
        TooOld = "too-old", "The holder is too old.";
        /// Two years of birth fit.
        CenturyUncertain = "century-uncertain", "The century of the birth is uncertain; the year with four digits decides.";
        /// Day or month is missing and matters.
        BirthPartlyUnknown = "birth-partly-unknown", "The unknown part of the birth date decides about the age.";
        /// Nothing to compare with.
        OneSource = "one-source", "Only one of the two was read.";
        /// Nothing to compare.
        NothingInCommon = "nothing-in-common", "Both have no field in common.";
        /// In order.
        SourcesAgree = "sources-agree", "Every field in common agrees.";
        /// Not in order.
        SourcesDiffer {
            /// What differs.
            claims: Vec<Claim>,
        } = "sources-differ", "These differ: {claims}.";
        /// Nothing read.
        NoIssuer = "no-issuer", "No issuing state was read.";
        /// No such code.
        IssuerUnknown = "issuer-unknown", "The code of the issuing state is in no list.";
        /// A code of people, not of issuers.
        NationalityOnly = "nationality-only", "The code in the place of the issuing state is a nationality only.";
        /// Excluded by the rules.
        IssuerNotAccepted = "issuer-not-accepted", "Documents of this state are not accepted here.";
        /// In order.
        IssuerKnown = "issuer-known", "The issuing state is known.";
        /// Nothing read.
        NoNumber = "no-number", "No document number was read.";
        /// Marks that no number has.
        NumberCharacters = "number-characters", "The document number has characters no number has.";
        /// Nothing but zeros.
        NumberZeros = "number-zeros", "The document number is all zeros, as specimens have it.";
        /// Not the issuer's format.
        NumberUnlike = "number-unlike", "Numbers of this issuer look different.";
        /// The issuer's format.
        NumberLike = "number-like", "The number looks like numbers of its issuer.";
        /// No format to compare with.
        NumberPlausible = "number-plausible", "The number has only characters a number may have; the issuer's format is not known.";
        /// Not looked.
        PortraitNotLooked = "portrait-not-looked", "Nobody looked for a portrait.";
        /// None.
        NoPortrait = "no-portrait", "No portrait was found on the document.";
        /// Only the second one.
        GhostOnly = "ghost-only", "Only the small second portrait was found; it is not compared.";
        /// Too few pixels.
        PortraitSmall = "portrait-small", "The portrait is too small to be compared; hold the document closer.";
        /// In order.
        PortraitThere = "portrait-there", "There is a portrait that can be compared.";
        /// In order.
        OneDocument = "one-document", "No other document lies in the picture.";
        /// Not in order.
        SeveralDocuments = "several-documents", "More than one document lies in the picture; lay down one alone.";
        /// Nobody asked.
        GalleryNotAsked = "gallery-not-asked", "The gallery was not asked.";
        /// No answer.
        GalleryNoAnswer = "gallery-no-answer", "The gallery could not be asked.";
        /// In order.
        DocumentUnused = "document-unused", "Nobody is enrolled with this document.";
        /// In order.
        DocumentOfSamePerson = "document-of-same-person", "The document belongs to the enrolled person who stands there.";
        /// Open.
        DocumentNotCompared = "document-not-compared",
            "Somebody is enrolled with this document; whether it is the person who stands there could not be compared.";
        /// Not in order.
        DocumentOfOther = "document-of-other", "Somebody else is enrolled with this document.";
        /// Nothing read.
        NothingRead = "nothing-read", "Nothing was read.";
        /// In order.
        NoSpecimen = "no-specimen", "Nothing marks it as a specimen.";
        /// Allowed by the rules.
        SpecimenAccepted = "specimen-accepted", "It is a specimen; the rules accept it.";
        /// Not in order.
        Specimen = "specimen", "It is a specimen.";
        /// Nobody there.
        NoLivingFace = "no-living-face", "No living face was compared.";
        /// Unfit.
        FacesNotComparable = "faces-not-comparable", "The portrait or the living face cannot be compared; capture it again.";
        /// The same person, at a threshold for documents.
        FacesMatchForDocuments = "faces-match-for-documents",
            "The portrait shows the person; the threshold is the one for portraits of documents.";
        /// The same person, at a threshold for live pictures.
        FacesMatchForLive = "faces-match-for-live", "The portrait shows the person; the threshold is the one for live pictures.";
        /// Somebody else.
        FacesDiffer = "faces-differ", "The portrait shows somebody else.";
        /// The document alone.
        FaceNotAskedFor = "face-not-asked-for", "No face was asked for.";
        /// A picture in place of a person.
        ComparisonOnly = "comparison-only", "Comparison only: the face came from a picture, and nobody was seen live.";
        /// No answer.
        LivenessOpen = "liveness-open", "Whether a living face was in front of the camera could not be said.";
        /// In order.
        SeenAlive = "seen-alive", "A living face was in front of the camera.";
        /// Not in order.
        SeenAttack = "seen-attack", "What was in front of the camera did not look like a living face.";
        /// Nobody looked.
        NotLooked = "not-looked", "Nobody looked for it.";
        /// In order.
        NothingSuspicious = "nothing-suspicious", "Nothing suspicious was seen.";
        /// Pixels of a screen, and its edge.
        ScreenInFrame = "screen-in-frame", "The page shows the colours of a screen's pixels, and a dark frame is around it.";
        /// Pixels of a screen.
        ScreenPixels = "screen-pixels", "The page shows the colours of a screen's pixels.";
        /// A grey page in a coloured picture.
        NoColour = "no-colour", "The page has no colour, although the camera sees colours.";
        /// Faded ink.
        PaleInk = "pale-ink", "The ink is pale, as on a print of a print.";
        /// A patch in the zone.
        ZonePatched = "zone-patched", "Characters of the machine-readable zone stand on paper of another tone.";
        /// A portrait that does not stand straight.
        PortraitAskew = "portrait-askew", "The portrait stands askew on the page, as one that was pasted in does.";
        /// No chip.
        ChipNotRead = "chip-not-read", "The chip was not read.";
        /// In order.
        ChipGenuine = "chip-genuine", "The chip is genuine and agrees with the print.";
        /// Nobody vouches for it.
        ChipIssuerUnknown = "chip-issuer-unknown", "The chip was read, but its issuer is not known here.";
        /// Whose chip it is stays open.
        ChipNotCompared = "chip-not-compared", "The chip is genuine; there was no printed zone to compare it with.";
        /// Open.
        ChipForAPerson = "chip-for-a-person", "Something about the chip is for a person to decide; its checks say what.";
        /// Not in order.
        ChipRefused = "chip-refused", "The chip is not genuine or contradicts the print.";
    }
}

impl Reason {
    /// How dates contradict each other.
    #[must_use]
    pub fn dates_contradict(contradictions: &[Contradiction]) -> Self {
        let clauses = contradictions.iter().map(Phrase::from).collect();
        Self::DatesContradict { contradictions: Detail::List(clauses, "; ") }
    }
}

/// The sentence about what was seen.
impl From<Sign> for Reason {
    fn from(sign: Sign) -> Self {
        match sign {
            Sign::ScreenInFrame => Self::ScreenInFrame,
            Sign::ScreenPixels => Self::ScreenPixels,
            Sign::NoColour => Self::NoColour,
            Sign::PaleInk => Self::PaleInk,
            Sign::ZonePatched => Self::ZonePatched,
            Sign::PortraitAskew => Self::PortraitAskew,
        }
    }
}

/// The title of a check.
impl From<Check> for Phrase {
    fn from(check: Check) -> Self {
        Self::of("check-title", check.code(), check.title())
    }
}

/// What is wrong with a zone; in English by its code.
impl From<Finding> for Phrase {
    fn from(finding: Finding) -> Self {
        Self::of("finding", finding.code(), finding.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_complete_in_english() {
        let claims = vec![Claim::BirthDate, Claim::Sex];
        assert_eq!(Reason::SourcesDiffer { claims }.to_string(), "These differ: birth date, sex.");
        let both = [Contradiction::TooOld, Contradiction::AgeMarks];
        assert_eq!(
            Reason::dates_contradict(&both).to_string(),
            "The dates contradict each other: nobody is that old; its age marks do not fit the birth date."
        );
        let findings = vec![Finding::CheckBirth, Finding::CheckComposite];
        assert_eq!(
            Reason::ZoneUnreadable { findings }.to_string(),
            "The machine-readable zone is not readable (CHECK_BIRTH, CHECK_COMPOSITE)."
        );
    }
}
