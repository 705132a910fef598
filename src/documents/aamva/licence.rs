//! Elements → typed fields of a licence or identity card.

use super::payload::{Header, Subfile};
use super::values::{height_cm, names, postal_code, said};
use super::{Warning, issuers};
use crate::documents::dates::{DigitOrder, age_on, eight_digits};
use crate::documents::mrz::Sex;
use std::fmt;
use time::Date;

/// What kind of card it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LicenceKind {
    /// Subfile DL.
    DrivingLicence,
    /// Subfile ID.
    IdentityCard,
    /// Subfile EN; such cards also carry a TD1 zone to compare with.
    EnhancedDrivingLicence,
}

impl LicenceKind {
    /// A stable word for reports.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::DrivingLicence => "driver_licence",
            Self::IdentityCard => "id_card",
            Self::EnhancedDrivingLicence => "enhanced_driver_licence",
        }
    }
}

/// What the card says about a name having been cut: T, N or U.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NameTruncation {
    /// DDE.
    pub family: Option<char>,
    /// DDF.
    pub first: Option<char>,
    /// DDG.
    pub middle: Option<char>,
}

impl NameTruncation {
    /// Whether any part was cut, or may have been.
    #[must_use]
    pub fn may_be_cut(self) -> bool {
        [self.family, self.first].into_iter().flatten().any(|c| c != 'N') || self.middle == Some('T')
    }
}

/// The fields of a licence. Text is without padding; empty means: said to be none.
#[derive(Clone, PartialEq, Eq)]
pub struct Licence {
    /// Numbers of the header.
    pub header: Header,
    /// Kind of card.
    pub kind: LicenceKind,
    /// Family name.
    pub family_name: String,
    /// First and middle names, divided by blanks.
    pub given_names: String,
    /// Suffix such as JR.
    pub suffix: Option<String>,
    /// The element as it stands, where all names stand in one.
    pub name_raw: Option<String>,
    /// What the card says about cut names.
    pub truncation: NameTruncation,
    /// Birth date.
    pub birth: Option<Date>,
    /// Last day of validity.
    pub expiry: Option<Date>,
    /// Day of issue.
    pub issue: Option<Date>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Colour of the eyes, a code of three letters as a rule.
    pub eyes: Option<String>,
    /// Colour of the hair.
    pub hair: Option<String>,
    /// Height in whole centimetres.
    pub height_cm: Option<u16>,
    /// Weight as printed, pounds as a rule.
    pub weight: Option<String>,
    /// Weight in kilograms.
    pub weight_kg: Option<u16>,
    /// Weight range 0-9.
    pub weight_range: Option<String>,
    /// First line of the address.
    pub street: Option<String>,
    /// Second line of the address.
    pub street2: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Jurisdiction of the address, two letters.
    pub region: Option<String>,
    /// `12345`, `12345-6789` or `A1A 1A1`.
    pub postal_code: Option<String>,
    /// Licence or card number.
    pub document_number: Option<String>,
    /// Number that tells cards of one person apart.
    pub document_discriminator: Option<String>,
    /// Inventory control number.
    pub inventory_control: Option<String>,
    /// Vehicle class; empty for none.
    pub vehicle_class: Option<String>,
    /// Restrictions; empty for none.
    pub restrictions: Option<String>,
    /// Endorsements; empty for none.
    pub endorsements: Option<String>,
    /// USA, CAN or MEX.
    pub issuing_country: Option<&'static str>,
    /// Two letters of the issuer's jurisdiction.
    pub issuing_jurisdiction: Option<&'static str>,
    /// Place of birth.
    pub place_of_birth: Option<String>,
    /// F fully compliant, N not, M materially.
    pub compliance: Option<String>,
    /// Day the card's design was revised.
    pub card_revision: Option<Date>,
    /// Last day of the hazardous-materials endorsement.
    pub hazmat_expiry: Option<Date>,
    /// Limited duration.
    pub limited_duration: Option<bool>,
    /// The holder is under 18, 19, 21 until these days.
    pub under_until: [(i32, Option<Date>); 3],
    /// Organ donor.
    pub organ_donor: Option<bool>,
    /// Veteran.
    pub veteran: Option<bool>,
    /// Commercial licence.
    pub commercial: Option<bool>,
    /// Non-domiciled commercial licence.
    pub non_domiciled: Option<bool>,
    /// Enhanced licence, by its indicator.
    pub enhanced: Option<bool>,
    /// Permit.
    pub permit: Option<bool>,
}

/// Personal data: says header and kind only.
impl fmt::Debug for Licence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Licence").field("header", &self.header).field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl Licence {
    /// Completed years of life on `today`.
    #[must_use]
    pub fn age_on(&self, today: Date) -> Option<i32> {
        self.birth.map(|b| age_on(b, today))
    }

    /// Whether it had expired before `today`; it is valid on its last day.
    #[must_use]
    pub fn expired_on(&self, today: Date) -> Option<bool> {
        self.expiry.map(|e| e < today)
    }

    /// Family name, given names and suffix.
    #[must_use]
    pub fn full_name(&self) -> String {
        [Some(self.given_names.as_str()), Some(self.family_name.as_str()), self.suffix.as_deref()]
            .into_iter()
            .flatten()
            .filter(|p| !p.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

struct Names {
    family: String,
    given: String,
    suffix: Option<String>,
    raw: Option<String>,
}

/// The elements of the licence, looked up over all its subfiles.
struct Elements<'a> {
    main: Option<&'a Subfile>,
    version: u8,
}

impl<'a> Elements<'a> {
    fn raw(&self, id: &str) -> Option<&'a str> {
        self.main?.get(id)
    }

    fn said(&self, id: &str) -> Option<&'a str> {
        said(self.raw(id))
    }

    fn text(&self, id: &str) -> Option<String> {
        self.said(id).map(str::to_owned)
    }

    /// Empty where the element is there and says none.
    fn or_none(&self, id: &str) -> Option<String> {
        self.raw(id).map(|value| said(Some(value)).unwrap_or_default().to_owned())
    }

    fn flag(&self, id: &str) -> Option<bool> {
        match self.said(id)? {
            "1" | "Y" => Some(true),
            "0" | "N" => Some(false),
            _ => None,
        }
    }

    fn date(&self, id: &str, order: DigitOrder, warnings: &mut Vec<Warning>) -> Option<Date> {
        let text = self.said(id)?;
        if let Some(date) = eight_digits(text, order) {
            return Some(date);
        }
        let other = eight_digits(text, order.other());
        warnings.push(if other.is_some() { Warning::DateOrderUnexpected } else { Warning::DateInvalid(id.to_owned()) });
        other
    }

    /// `LAST,FIRST,MIDDLE,SUFFIX` in one element.
    fn all_in_one(raw: &str) -> Names {
        let mut parts = raw.split(',').map(str::trim);
        let family = parts.next().unwrap_or_default().to_owned();
        let rest: Vec<&str> = parts.collect();
        let (given, suffix) = rest.split_at(rest.len().min(2));
        let suffix = suffix.iter().find(|s| !s.is_empty()).map(|s| (*s).to_owned());
        Names { family, given: names(&given.join(" ")), suffix, raw: Some(raw.trim().to_owned()) }
    }

    fn names(&self, warnings: &mut Vec<Warning>) -> Names {
        let suffix = self.text("DCU").or_else(|| self.text("DAE"));
        let family = self.said("DCS").or_else(|| self.said("DAB"));
        let given = match (self.said("DAC"), self.said("DAD")) {
            (None, None) => self.said("DCT").map(names),
            (first, middle) => Some(names(&[first, middle].into_iter().flatten().collect::<Vec<_>>().join(" "))),
        };
        match (family, given) {
            (Some(family), Some(given)) => Names { family: family.trim_end_matches(',').to_owned(), given, suffix, raw: None },
            (family, given) => {
                let Some(raw) = family.filter(|f| f.contains(',')).or_else(|| self.said("DAA")) else {
                    // A person may have one name only; which of the two it is does not matter.
                    return Names { family: family.unwrap_or_default().to_owned(), given: given.unwrap_or_default(), suffix, raw: None };
                };
                if self.version >= 2 {
                    warnings.push(Warning::NameInOneElement);
                }
                let divided = Self::all_in_one(raw);
                Names { suffix: divided.suffix.clone().or(suffix), ..divided }
            }
        }
    }

    fn sex(&self, warnings: &mut Vec<Warning>) -> Option<Sex> {
        let text = self.said("DBC")?;
        let (sex, numeric) = match text {
            "1" => (Some(Sex::Male), true),
            "2" => (Some(Sex::Female), true),
            "9" => (Some(Sex::Unspecified), true),
            "M" => (Some(Sex::Male), false),
            "F" => (Some(Sex::Female), false),
            "X" => (Some(Sex::Unspecified), false),
            _ => (None, false),
        };
        // Version 01 wrote letters.
        if !numeric && (self.version >= 2 || sex.is_none()) {
            warnings.push(Warning::SexNotNumeric);
        }
        sex
    }

    fn height(&self, warnings: &mut Vec<Warning>) -> Option<u16> {
        if let Some(text) = self.said("DAU") {
            let (height, standard) = height_cm(text, self.version < 2);
            if !standard || height.is_none() {
                warnings.push(Warning::HeightFormat);
            }
            return height;
        }
        self.said("DAV").and_then(|cm| cm.parse().ok()).filter(|cm| (30..=300).contains(cm))
    }

    fn country(&self, by_issuer: Option<&'static str>, warnings: &mut Vec<Warning>) -> Option<&'static str> {
        let Some(text) = self.said("DCG") else { return by_issuer };
        let (country, standard) = match text.to_ascii_uppercase().as_str() {
            "USA" => (Some("USA"), true),
            "CAN" => (Some("CAN"), true),
            "MEX" => (Some("MEX"), true),
            "US" | "U.S.A." => (Some("USA"), false),
            "CDN" | "CA" | "CANADA" => (Some("CAN"), false),
            _ => (by_issuer, false),
        };
        if !standard {
            warnings.push(Warning::CountryCode);
        }
        country
    }

    fn note_missing(&self, kind: LicenceKind, country: Option<&str>, warnings: &mut Vec<Warning>) {
        let always: &[&str] = match self.version {
            // The first versions left much to the issuer.
            0 | 1 => &["DAQ", "DBB", "DBA"],
            2 | 3 => &["DBA", "DCS", "DBD", "DBB", "DBC", "DAY", "DAU", "DAG", "DAI", "DAJ", "DAK", "DAQ", "DCF", "DCG"],
            _ => &[
                "DBA", "DCS", "DAC", "DAD", "DBD", "DBB", "DBC", "DAY", "DAU", "DAG", "DAI", "DAJ", "DAK", "DAQ", "DCF", "DCG", "DDE",
                "DDF", "DDG",
            ],
        };
        let driving: &[&str] = match (kind, self.version) {
            (LicenceKind::IdentityCard, _) => &[],
            (_, 0 | 1) => &["DAR"],
            _ => &["DCA", "DCB", "DCD"],
        };
        let federal: &[&str] =
            if self.version == 2 && country == Some("USA") && kind != LicenceKind::IdentityCard { &["DCH"] } else { &[] };
        let required = always.iter().chain(driving).chain(federal);
        // Number and birth date must say something; the others only have to be there.
        let is_missing = |id: &&&str| if matches!(**id, "DAQ" | "DBB") { self.said(id).is_none() } else { self.raw(id).is_none() };
        warnings.extend(required.filter(is_missing).map(|id| Warning::MandatoryMissing((*id).to_owned())));
    }
}

pub(super) fn build(header: &Header, subfiles: &[Subfile], warnings: &mut Vec<Warning>) -> Licence {
    let main = subfiles.iter().find(|s| matches!(s.kind.as_str(), "DL" | "ID" | "EN"));
    let kind = match main.map(|s| s.kind.as_str()) {
        Some("ID") => LicenceKind::IdentityCard,
        Some("EN") => LicenceKind::EnhancedDrivingLicence,
        _ => LicenceKind::DrivingLicence,
    };
    let old = header.version < 2;
    let elements = Elements { main, version: header.version };
    let issuer = issuers::find(&header.issuer);
    let region = elements.text("DAJ");
    let by_issuer = issuer.map(|i| i.country).or_else(|| region.as_deref().and_then(issuers::country_of));
    let country = elements.country(by_issuer, warnings);
    if let (Some(issuer), Some(region)) = (issuer, &region)
        && !issuer.jurisdiction.is_empty()
        && !issuer.jurisdiction.eq_ignore_ascii_case(region)
    {
        warnings.push(Warning::IinJurisdictionMismatch);
    }
    elements.note_missing(kind, country, warnings);
    let order = if old || country == Some("CAN") { DigitOrder::YearFirst } else { DigitOrder::MonthFirst };
    let Names { family, given, suffix, raw } = elements.names(warnings);
    let mut date = |id: &str| elements.date(id, order, warnings);
    let (birth, expiry, issue) = (date("DBB"), date("DBA"), date("DBD"));
    let (card_revision, hazmat_expiry) = (date("DDB"), date("DDC"));
    let under_until = [(18, date("DDH")), (19, date("DDI")), (21, date("DDJ"))];
    if expiry.zip(issue).is_some_and(|(expiry, issue)| expiry < issue) {
        warnings.push(Warning::ExpiryBeforeIssue);
    }
    let letter = |id: &str| elements.said(id).and_then(|v| v.chars().next()).filter(|c| matches!(c, 'T' | 'N' | 'U'));
    let [class, restrictions, endorsements] = if old { ["DAR", "DAS", "DAT"] } else { ["DCA", "DCB", "DCD"] };
    Licence {
        header: header.clone(),
        kind,
        family_name: family,
        given_names: given,
        suffix,
        name_raw: raw,
        truncation: NameTruncation { family: letter("DDE"), first: letter("DDF"), middle: letter("DDG") },
        birth,
        expiry,
        issue,
        sex: elements.sex(warnings),
        eyes: elements.text("DAY"),
        hair: elements.text("DAZ"),
        height_cm: elements.height(warnings),
        weight: elements.text("DAW"),
        weight_kg: elements.said("DAX").and_then(|kg| kg.parse().ok()),
        weight_range: elements.text("DCE"),
        street: elements.text("DAG"),
        street2: elements.text("DAH"),
        city: elements.text("DAI"),
        region,
        postal_code: elements.said("DAK").map(postal_code),
        document_number: elements.text("DAQ"),
        document_discriminator: elements.text("DCF"),
        inventory_control: elements.text("DCK"),
        vehicle_class: elements.or_none(class),
        restrictions: elements.or_none(restrictions),
        endorsements: elements.or_none(endorsements),
        issuing_country: country,
        issuing_jurisdiction: issuer.map(|i| i.jurisdiction).filter(|j| !j.is_empty()),
        place_of_birth: elements.text("DCI"),
        compliance: elements.text("DDA"),
        card_revision,
        hazmat_expiry,
        limited_duration: elements.flag("DDD"),
        under_until,
        organ_donor: elements.flag("DDK"),
        veteran: elements.flag("DDL"),
        commercial: elements.flag("DDM"),
        non_domiciled: elements.flag("DDN"),
        enhanced: elements.flag("DDO"),
        permit: elements.flag("DDP"),
    }
}
