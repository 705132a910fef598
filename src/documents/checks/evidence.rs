//! What is known about a document, source by source.

use crate::documents::aamva::AamvaReading;
use crate::documents::dates::{BirthDate, PartialDate};
use crate::documents::mrz::confidence::field_confidences;
use crate::documents::mrz::{Reading, Sex};
use crate::documents::names::Truncation;
use crate::units::SensitiveText;
use std::fmt;
use time::Date;

/// Where a claim comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Machine-readable zone.
    Zone,
    /// Barcode.
    Barcode,
    /// Visual zone, read from the print.
    Print,
    /// Typed in by somebody.
    Typed,
}

/// Details about holder and document from one source. What the source does not say is `None`.
#[derive(Clone, Default, PartialEq)]
pub struct Details {
    /// Family name, primary identifier.
    pub family_name: Option<String>,
    /// Given names, secondary identifier.
    pub given_names: Option<String>,
    /// Which of the two may have been cut.
    pub names_cut: Truncation,
    /// Birth date.
    pub birth: Option<BirthDate>,
    /// Last day of validity.
    pub expiry: Option<PartialDate>,
    /// Day of issue.
    pub issue: Option<Date>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Document number.
    pub document_number: Option<String>,
    /// Issuer: a code of the zone, or the country of a licence.
    pub issuing_state: Option<String>,
    /// Nationality, a code of the zone.
    pub nationality: Option<String>,
    /// Confidence of the number, 0 to 1.
    pub number_confidence: Option<f32>,
    /// Confidence of the dates, 0 to 1: the lower of both.
    pub dates_confidence: Option<f32>,
}

/// Personal data: says nothing.
impl fmt::Debug for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Details(..)")
    }
}

/// What is known about the portrait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Portrait {
    /// Nobody looked.
    #[default]
    NotLooked,
    /// None found.
    Missing,
    /// Only a small or pale second portrait.
    GhostOnly,
    /// Found, with this many pixels between crown and chin.
    Found {
        /// Pixels between crown and chin.
        height_px: u32,
    },
}

/// What the gallery said about the document number, the gravest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum DuplicateSearch {
    /// Nobody looked.
    #[default]
    NotLooked,
    /// The gallery could not be asked.
    NoAnswer,
    /// Nobody is enrolled with it.
    Unused,
    /// It belongs to the enrolled person who stands there.
    SamePerson,
    /// Somebody is enrolled with it; whether it is who stands there could not be compared.
    NotCompared,
    /// Somebody else is enrolled with it.
    OtherPerson,
}

/// The portrait against the person who stands there.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Comparison {
    /// Nobody stood there.
    #[default]
    NotMade,
    /// One of the two pictures cannot be compared.
    NotComparable,
    /// Compared.
    Made {
        /// Whether they match at the threshold in force.
        matches: bool,
        /// 0 to 1: the score percent over one hundred.
        confidence: f32,
        /// Whether the threshold was measured for portraits of documents; one of live pictures stands for another false match rate here.
        for_documents: bool,
    },
}

/// Whether the face beside the document was seen alive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LivingFace {
    /// No face was asked for: the document alone is judged.
    #[default]
    NotAsked,
    /// The face came from a picture: it can be compared, and nobody was seen.
    Picture,
    /// A live capture whose attack detection had no answer.
    Open,
    /// A live capture that attack detection took for a living face.
    Alive,
    /// A live capture that attack detection took for an attack.
    Attack,
}

/// What was seen in a picture of a document that gives reason to suspect it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sign {
    /// Pixels of a screen, and its edge.
    ScreenInFrame,
    /// Pixels of a screen.
    ScreenPixels,
    /// A grey page in a coloured picture.
    NoColour,
    /// Faded ink.
    PaleInk,
    /// A patch in the zone.
    ZonePatched,
    /// A portrait that does not stand straight.
    PortraitAskew,
}

/// A hint about how the picture of the document came about.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Suspicion {
    /// Nobody looked.
    #[default]
    NotLooked,
    /// Nothing suspicious.
    None {
        /// 0 to 1.
        confidence: f32,
    },
    /// Something is suspicious.
    Suspected {
        /// 0 to 1.
        confidence: f32,
        /// What was seen.
        sign: Sign,
    },
}

impl Suspicion {
    /// The graver of two pictures of the same document: what is suspected on one of them is not taken back by the other.
    #[must_use]
    pub fn graver(self, other: Self) -> Self {
        match (self, other) {
            (Self::Suspected { confidence: a, .. }, Self::Suspected { confidence: b, .. }) if b > a => other,
            (Self::Suspected { .. }, _) => self,
            (_, Self::Suspected { .. }) => other,
            (Self::None { confidence: a }, Self::None { confidence: b }) => Self::None { confidence: a.min(b) },
            (Self::None { .. }, Self::NotLooked) => self,
            (Self::NotLooked, _) => other,
        }
    }
}

/// Everything that pictures of a document may give reason to suspect.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Suspicions {
    /// That a screen shows it.
    pub screen_replay: Suspicion,
    /// That it is a photocopy.
    pub photocopy: Suspicion,
    /// That somebody worked on it.
    pub tampering: Suspicion,
}

impl Suspicions {
    /// The graver ones of two pictures of the same document.
    #[must_use]
    pub fn graver(self, other: Self) -> Self {
        Self {
            screen_replay: self.screen_replay.graver(other.screen_replay),
            photocopy: self.photocopy.graver(other.photocopy),
            tampering: self.tampering.graver(other.tampering),
        }
    }
}

/// What the chip said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ChipAnswer {
    /// Not read.
    #[default]
    NotRead,
    /// Genuine, and it says what the print says.
    Genuine,
    /// Genuine, but there was no printed zone to compare it with: it may be the chip of another document.
    NotCompared,
    /// Read, but nobody known vouches for it.
    Undecided,
    /// Something about it is for a person to decide.
    ForAPerson,
    /// Altered, copied wrongly, or it contradicts the print.
    Refused,
}

/// Everything the checks look at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Evidence<'a> {
    /// The zone as read.
    pub zone: Option<&'a Reading>,
    /// The licence as read.
    pub barcode: Option<&'a AamvaReading>,
    /// Lines of a zone that a symbol holds. Anybody can print one: they are compared with the printed zone and never stand in for it.
    pub symbol_zone: Option<&'a Reading>,
    /// The visual zone.
    pub print: Option<&'a Details>,
    /// What was typed in.
    pub typed: Option<&'a Details>,
    /// The portrait.
    pub portrait: Portrait,
    /// Whether more than one document lies in its pictures; `None` if nobody looked.
    pub several_documents: Option<bool>,
    /// The gallery's answer.
    pub duplicate: DuplicateSearch,
    /// Registration code of the record the answer is about, for whoever may see it.
    pub duplicate_record: Option<&'a str>,
    /// The portrait against the living face.
    pub comparison: Comparison,
    /// Whether that face was seen alive.
    pub living: LivingFace,
    /// What its pictures give reason to suspect.
    pub suspicions: Suspicions,
    /// The chip.
    pub chip: ChipAnswer,
    /// How often the document was captured so far, this time included.
    pub captures: u32,
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn lower(a: Option<f32>, b: Option<f32>) -> Option<f32> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

impl Evidence<'_> {
    /// The claims of the licence.
    pub(super) fn licence(&self) -> Option<Details> {
        self.barcode.and_then(of_barcode)
    }

    /// The claims of a zone in a symbol.
    pub(super) fn symbol(&self) -> Option<Details> {
        self.symbol_zone.map(of_zone)
    }

    /// The claims of one source; `None` if it was not read.
    #[must_use]
    pub fn details(&self, source: Source) -> Option<Details> {
        match source {
            Source::Zone => self.zone.map(of_zone),
            Source::Barcode => self.licence().or_else(|| self.symbol()),
            Source::Print => self.print.cloned(),
            Source::Typed => self.typed.cloned(),
        }
    }

    /// Every number the document states, as zone and barcodes have it.
    #[must_use]
    pub fn document_numbers(&self) -> Vec<SensitiveText> {
        let mut numbers: Vec<String> = Vec::new();
        let read = self.document().into_iter().map(|(_, details)| details);
        for details in read.chain(self.symbol()) {
            numbers.extend(details.document_number.filter(|n| !numbers.contains(n)));
        }
        numbers.into_iter().map(SensitiveText).collect()
    }

    /// The claims of the document itself, the most reliable source first: licence and zone carry their own redundancy, print does not.
    /// A zone in a symbol is none of them.
    #[must_use]
    pub fn document(&self) -> Vec<(Source, Details)> {
        let sources =
            [(Source::Zone, self.details(Source::Zone)), (Source::Barcode, self.licence()), (Source::Print, self.details(Source::Print))];
        sources.into_iter().filter_map(|(source, details)| Some((source, details?))).collect()
    }

    /// The first claim any source of the document makes about something.
    pub(super) fn first<T>(&self, claim: impl Fn(&Details) -> Option<T>) -> Option<T> {
        self.document().iter().find_map(|(_, details)| claim(details))
    }

    /// The birth date; a source with four-digit years decides the century of the zone.
    pub(super) fn birth(&self) -> Option<BirthDate> {
        let zone = self.details(Source::Zone).and_then(|d| d.birth);
        let full =
            [self.licence(), self.details(Source::Print)].into_iter().flatten().find_map(|d| d.birth).filter(|b| b.alternative.is_none());
        let Some(zone) = zone else { return full };
        match full {
            Some(full) if [Some(zone.date), zone.alternative].into_iter().flatten().any(|d| d.can_equal(full.date)) => Some(full),
            _ => Some(zone),
        }
    }
}

fn of_zone(reading: &Reading) -> Details {
    let mrz = &reading.mrz;
    let confidences = field_confidences(reading);
    Details {
        family_name: filled(&mrz.primary),
        given_names: filled(&mrz.secondary),
        names_cut: Truncation { first: mrz.name_may_be_truncated, second: mrz.name_may_be_truncated },
        birth: mrz.birth.filter(|b| !b.date.is_unknown()),
        expiry: mrz.expiry.filter(|d| !d.is_unknown()),
        issue: None,
        sex: mrz.sex,
        document_number: filled(&mrz.document_number),
        issuing_state: filled(&mrz.issuing_state),
        nationality: filled(&mrz.nationality),
        number_confidence: confidences.document_number,
        dates_confidence: lower(confidences.birth, confidences.expiry),
    }
}

fn of_barcode(reading: &AamvaReading) -> Option<Details> {
    let licence = reading.licence.as_ref()?;
    let cut = |c: Option<char>| c.is_some_and(|c| c != 'N');
    let truncation = licence.truncation;
    Some(Details {
        family_name: filled(&licence.family_name),
        given_names: filled(&licence.given_names),
        names_cut: Truncation { first: cut(truncation.family), second: cut(truncation.first) || cut(truncation.middle) },
        birth: licence.birth.map(|b| BirthDate::certain(b.into())),
        expiry: licence.expiry.map(PartialDate::from),
        issue: licence.issue,
        sex: licence.sex,
        document_number: licence.document_number.clone(),
        issuing_state: licence.issuing_country.map(str::to_owned),
        nationality: None,
        // Error correction of the symbol leaves no single wrong character.
        number_confidence: Some(1.0),
        dates_confidence: Some(1.0),
    })
}
