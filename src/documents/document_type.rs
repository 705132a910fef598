//! Which document lies there, by rules: size, machine-readable zone, barcode, what else was seen on it.

use super::aamva::{Licence, LicenceKind};
use super::mrz::{Format, Mrz};
use super::states::{self, State};

/// Kinds of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DocumentKind {
    /// Passport book, whatever its second letter.
    Passport,
    /// Travel document for refugees, stateless persons or aliens.
    TravelDocument,
    /// Identity card.
    IdentityCard,
    /// Residence permit.
    ResidencePermit,
    /// Crew member certificate.
    CrewCertificate,
    /// Visa.
    Visa,
    /// Driving licence.
    DrivingLicence,
    /// A card of the right size that says nothing about itself: a bank card, a blank, the front of a card with its zone on the back.
    UnknownCard,
    /// No known size, zone or barcode: no document.
    None,
}

impl DocumentKind {
    /// English name for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passport => "Passport",
            Self::TravelDocument => "Travel Document",
            Self::IdentityCard => "ID Card",
            Self::ResidencePermit => "Residence Permit",
            Self::CrewCertificate => "Crew Member Certificate",
            Self::Visa => "Visa",
            Self::DrivingLicence => "Driver License",
            Self::UnknownCard => "Unknown Card",
            Self::None => "",
        }
    }
}

/// Known sizes. Width by height tells ID-1 from the rest; it cannot tell ID-2 from ID-3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageShape {
    /// 85.60 × 53.98 mm.
    Id1,
    /// 105 × 74 or 125 × 88 mm.
    Id2OrId3,
    /// 120 × 80 mm.
    VisaA,
    /// An open passport, two pages over each other: 125 × 176 mm.
    OpenPassport,
}

/// How far a ratio may lie from a known one.
const RATIO_TOLERANCE: f64 = 0.06;

impl PageShape {
    /// Long side over short side; for the open passport width over height.
    #[must_use]
    pub const fn ratio(self) -> f64 {
        match self {
            Self::Id1 => 85.60 / 53.98,
            Self::Id2OrId3 => 125.0 / 88.0,
            Self::VisaA => 1.5,
            Self::OpenPassport => 125.0 / 176.0,
        }
    }

    /// The nearest known shape of an upright document; `None` if none lies within 6 %.
    #[must_use]
    pub fn of(width_over_height: f64) -> Option<Self> {
        let distance = |s: &Self| (width_over_height / s.ratio() - 1.0).abs();
        let all = [Self::Id1, Self::Id2OrId3, Self::VisaA, Self::OpenPassport];
        all.into_iter().filter(|s| distance(s) <= RATIO_TOLERANCE).min_by(|a, b| distance(a).total_cmp(&distance(b)))
    }
}

/// The side that was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Side {
    /// Portrait side.
    Front,
    /// The other.
    Back,
    /// Not known.
    #[default]
    Unknown,
}

/// What was seen on the document.
#[derive(Debug, Clone, Copy, Default)]
pub struct Seen<'a> {
    /// Width over height after rectifying.
    pub ratio: Option<f64>,
    /// The zone, if one was read.
    pub mrz: Option<&'a Mrz>,
    /// The licence, if a barcode gave one.
    pub licence: Option<&'a Licence>,
    /// Whether a large portrait was found.
    pub portrait: bool,
    /// Whether the files of its chip were read.
    pub chip: bool,
    /// Whether zone, barcode or portrait stood upside down.
    pub upside_down: bool,
    /// Whether the other side was captured already.
    pub other_side_captured: bool,
}

/// The answer, with the fields AwareID's validate-document call replies.
#[derive(Debug, Clone, PartialEq)]
pub struct Recognised {
    /// Kind of document.
    pub kind: DocumentKind,
    /// Shape of the page, if one fits.
    pub shape: Option<PageShape>,
    /// Format of the zone, if there is one.
    pub format: Option<Format>,
    /// Issuer, if its code is known.
    pub issuer: Option<State>,
    /// Side that was seen.
    pub side: Side,
    /// `validDocument`: a kind that can be read.
    pub valid_document: bool,
    /// `nextpageExpected`: another side is wanted.
    pub next_page_expected: bool,
    /// `rfidPresence`: 1 if its chip was read, 0 if none was or nobody tried.
    pub rfid_presence: i32,
    /// Whether a document of this kind and issuer has a chip by the rules it is issued under; `false` where no rule says so. A word of ours.
    pub chip_expected: bool,
    /// `mrzPresence`.
    pub mrz_presence: bool,
    /// `documentName`, for instance `Germany - Passport`.
    pub document_name: String,
    /// `countryName`.
    pub country_name: String,
    /// `icaocode`: the issuer as in the zone, filler trimmed; for licences the country.
    pub icao_code: String,
    /// `documentID`: a stable word of ours made of issuer and kind, for instance `D-passport`.
    pub document_id: String,
    /// `fidType`: the document code, `DL` or `ID`.
    pub fid_type: String,
    /// `year`: of the card's design, where a licence states it. `fidTypeId` and `childDocumentIDs` number editions in the service's own catalogue
    /// and have no counterpart.
    pub year: Option<i32>,
    /// `rotated180`.
    pub rotated_180: bool,
    /// How sure the rules are, 0 to 1.
    pub confidence: f32,
}

fn kind_of(mrz: &Mrz) -> DocumentKind {
    let code = mrz.document_code.as_str();
    match mrz.format {
        Format::MrvA | Format::MrvB => DocumentKind::Visa,
        Format::FrenchDrivingLicence | Format::SwissDrivingLicence => DocumentKind::DrivingLicence,
        // Two-letter codes of newer rules; older letters of states vary, so every other P is a passport.
        Format::Td3 if matches!(code, "PR" | "PT") => DocumentKind::TravelDocument,
        Format::Td3 => DocumentKind::Passport,
        _ if code == "AC" => DocumentKind::CrewCertificate,
        // Permits name a nationality that is not the issuer's.
        _ if matches!(code, "IR" | "AR" | "CR") || code.starts_with('A') => DocumentKind::ResidencePermit,
        _ if !mrz.nationality.is_empty() && !states::same(&mrz.nationality, &mrz.issuing_state) && mrz.issuing_state != "UTO" => {
            DocumentKind::ResidencePermit
        }
        _ => DocumentKind::IdentityCard,
    }
}

/// Issuers whose identity cards have a chip by Union law: member states that issue such cards, and the states of the Economic Area that follow them.
/// Cards from before August 2021 may have none and be valid still.
///
/// # Source
/// Regulation (EU) 2019/1157.
const CHIP_CARDS: [&str; 28] = [
    "AUT", "BEL", "BGR", "CYP", "CZE", "D", "ESP", "EST", "FIN", "FRA", "GRC", "HRV", "HUN", "ISL", "ITA", "LIE", "LTU", "LUX", "LVA",
    "MLT", "NLD", "NOR", "POL", "PRT", "ROU", "SVK", "SVN", "SWE",
];

/// Nearly every state puts a chip into its passports; cards have one where a rule says so, and residence permits of the same states do.
fn chip_expected(kind: DocumentKind, issuer: &str) -> bool {
    match kind {
        DocumentKind::Passport => true,
        DocumentKind::IdentityCard | DocumentKind::ResidencePermit => CHIP_CARDS.contains(&issuer),
        _ => false,
    }
}

/// Names the document. Never refuses by itself: an unknown card is answered as one.
#[must_use]
pub fn recognise(seen: &Seen<'_>) -> Recognised {
    let shape = seen.ratio.and_then(PageShape::of);
    let (kind, issuer_code, confidence) = match (seen.mrz, seen.licence) {
        (Some(mrz), licence) => {
            let right = mrz.is_right();
            let kind = match licence {
                Some(l) if l.kind == LicenceKind::EnhancedDrivingLicence => DocumentKind::DrivingLicence,
                _ => kind_of(mrz),
            };
            (kind, mrz.issuing_state.clone(), if right { 0.95 } else { 0.6 })
        }
        (None, Some(licence)) => {
            let kind = if licence.kind == LicenceKind::IdentityCard { DocumentKind::IdentityCard } else { DocumentKind::DrivingLicence };
            (kind, licence.issuing_country.unwrap_or_default().to_owned(), 0.95)
        }
        (None, None) => match shape {
            // The front of a card says nothing by rules; a passport page without a zone is no passport.
            Some(PageShape::Id1) => (DocumentKind::UnknownCard, String::new(), if seen.portrait { 0.5 } else { 0.3 }),
            _ => (DocumentKind::None, String::new(), 0.5),
        },
    };
    let issuer = states::find(&issuer_code);
    let card_zone = seen.mrz.is_some_and(|m| m.format == Format::Td1);
    let side = match (card_zone || seen.licence.is_some(), seen.portrait, seen.mrz) {
        (true, false, _) => Side::Back,
        (_, true, _) => Side::Front,
        (false, false, Some(_)) => Side::Front,
        _ => Side::Unknown,
    };
    let two_sided = shape == Some(PageShape::Id1) || card_zone || seen.licence.is_some();
    let readable = !matches!(kind, DocumentKind::None | DocumentKind::UnknownCard);
    // The front of a card with a portrait may yet turn out readable by its back.
    let valid_document = readable || (kind == DocumentKind::UnknownCard && seen.portrait);
    let country_name = issuer.map(|i| i.name.to_owned()).unwrap_or_default();
    let document_name = [country_name.as_str(), kind.name()].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" - ");
    let word = kind.name().to_lowercase().replace(' ', "-");
    let fid_type = match (seen.mrz, seen.licence) {
        (Some(mrz), _) => mrz.document_code.clone(),
        (None, Some(licence)) if licence.kind == LicenceKind::IdentityCard => "ID".to_owned(),
        (None, Some(_)) => "DL".to_owned(),
        _ => String::new(),
    };
    Recognised {
        kind,
        shape,
        format: seen.mrz.map(|m| m.format),
        issuer,
        side,
        valid_document,
        next_page_expected: valid_document && two_sided && !seen.other_side_captured,
        rfid_presence: i32::from(seen.chip),
        chip_expected: chip_expected(kind, &issuer_code),
        mrz_presence: seen.mrz.is_some(),
        document_name,
        country_name,
        document_id: if readable { format!("{issuer_code}-{word}") } else { String::new() },
        icao_code: issuer_code,
        fid_type,
        year: seen.licence.and_then(|licence| licence.card_revision).map(time::Date::year),
        rotated_180: seen.upside_down,
        confidence,
    }
}

#[cfg(test)]
mod tests {
    use super::super::mrz::{Line, read};
    use super::*;
    use time::macros::date;

    fn zone(lines: &[&str]) -> Mrz {
        read(&lines.iter().map(|l| Line::new(l)).collect::<Vec<_>>(), date!(2026 - 01 - 01)).expect("a zone").mrz
    }

    #[test]
    fn a_passport_page() {
        let mrz = zone(&["P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<", "C01X0006H1D<<6408125F1710319<<<<<<<<<<<<<<<0"]);
        let page = recognise(&Seen { ratio: Some(1.42), mrz: Some(&mrz), portrait: true, chip: true, ..Seen::default() });
        assert_eq!((page.document_name.as_str(), page.icao_code.as_str(), page.fid_type.as_str()), ("Germany - Passport", "D", "P"));
        assert!(page.valid_document && page.mrz_presence && !page.next_page_expected);
        assert_eq!(page.rfid_presence, 1);
    }

    #[test]
    fn a_chip_is_expected_where_a_rule_says_so() {
        let expected = |lines: &[&str]| recognise(&Seen { mrz: Some(&zone(lines)), ..Seen::default() }).chip_expected;
        assert!(expected(&["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"]));
        assert!(expected(&["I<D<<L01X00T471<<<<<<<<<<<<<<<", "8512316F3301018D<<<<<<<<<<<<<4", "TESTPERSON<<SPECIMEN<SAMPLE<<<"]));
        // A card of a state that no rule binds, and a visa sticker.
        assert!(!expected(&["I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"]));
        assert!(!expected(&["V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<"]));
        assert!(CHIP_CARDS.iter().all(|code| states::find(code).is_some()) && CHIP_CARDS.is_sorted());
        assert!(!recognise(&Seen::default()).chip_expected);
    }

    #[test]
    fn both_sides_of_a_card() {
        let back = zone(&["I<D<<L01X00T471<<<<<<<<<<<<<<<", "8512316F3301018D<<<<<<<<<<<<<4", "TESTPERSON<<SPECIMEN<SAMPLE<<<"]);
        let seen = Seen { ratio: Some(1.586), mrz: Some(&back), ..Seen::default() };
        let answer = recognise(&seen);
        assert_eq!((answer.kind, answer.side, answer.next_page_expected), (DocumentKind::IdentityCard, Side::Back, true));
        assert!(!recognise(&Seen { other_side_captured: true, ..seen }).next_page_expected);
        let front = recognise(&Seen { ratio: Some(1.57), portrait: true, ..Seen::default() });
        assert!(front.valid_document && front.next_page_expected);
    }

    #[test]
    fn what_is_no_document() {
        let bank_card = recognise(&Seen { ratio: Some(1.586), ..Seen::default() });
        assert_eq!((bank_card.kind, bank_card.valid_document), (DocumentKind::UnknownCard, false));
        let cover = recognise(&Seen { ratio: Some(0.71), ..Seen::default() });
        assert_eq!((cover.kind, cover.valid_document, cover.document_name.as_str()), (DocumentKind::None, false, ""));
        assert_eq!(recognise(&Seen::default()).kind, DocumentKind::None);
        assert_eq!(recognise(&Seen { ratio: Some(f64::NAN), ..Seen::default() }).shape, None);
    }

    #[test]
    fn permits_visas_and_crews() {
        let permit = zone(&["IRPRTR0000001A2<<<<<<<<<<<<<<<", "9002155F3202148BRA<<<<<<<<<<<6", "TESTPERSON<<SPECIMEN<SAMPLE<<<"]);
        assert_eq!(recognise(&Seen { mrz: Some(&permit), ..Seen::default() }).document_name, "Portugal - Residence Permit");
        let visa = zone(&["VCUTOTESTPERSON<<SPECIMEN<SAMPLE<<<<", "V0000001A0UTO9002155M3202148<<<<<<<<"]);
        assert_eq!(recognise(&Seen { mrz: Some(&visa), ..Seen::default() }).kind, DocumentKind::Visa);
        let crew = zone(&["ACUTOC0000001A7<<<<<<<<<<<<<<<", "9002155M3202148UTO<<<<<<<<<<<6", "TESTPERSON<<SPECIMEN<SAMPLE<<<"]);
        assert_eq!(recognise(&Seen { mrz: Some(&crew), ..Seen::default() }).kind, DocumentKind::CrewCertificate);
    }

    #[test]
    fn ratios() {
        assert_eq!(PageShape::of(1.586), Some(PageShape::Id1));
        assert_eq!(PageShape::of(1.42), Some(PageShape::Id2OrId3));
        assert_eq!(PageShape::of(0.71), Some(PageShape::OpenPassport));
        assert_eq!(PageShape::of(1.0), None);
    }
}
