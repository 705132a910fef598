//! Issuer identification numbers and the jurisdictions behind them.

/// Where an issuer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Issuer {
    /// Six digits.
    pub number: u32,
    /// Two letters as element DAJ has them; empty for the State Department.
    pub jurisdiction: &'static str,
    /// ISO 3166-1 alpha-3.
    pub country: &'static str,
}

/// Finds an issuer by its six digits.
#[must_use]
pub fn find(number: &str) -> Option<Issuer> {
    let number: u32 = number.parse().ok()?;
    let of = |table: &'static [(&'static str, u32)], country| {
        table.iter().find(|(_, n)| *n == number).map(|(jurisdiction, _)| Issuer { number, jurisdiction, country })
    };
    of(UNITED_STATES, "USA").or_else(|| of(CANADA, "CAN")).or_else(|| of(MEXICO, "MEX"))
}

/// The country of a jurisdiction's two letters.
#[must_use]
pub fn country_of(jurisdiction: &str) -> Option<&'static str> {
    let within = |table: &[(&str, u32)]| !jurisdiction.is_empty() && table.iter().any(|(j, _)| *j == jurisdiction);
    if within(UNITED_STATES) {
        Some("USA")
    } else if within(CANADA) {
        Some("CAN")
    } else {
        None
    }
}

const UNITED_STATES: &[(&str, u32)] = &[
    ("AL", 636_033),
    ("AK", 636_059),
    ("AZ", 636_026),
    ("AR", 636_021),
    ("CA", 636_014),
    ("CO", 636_020),
    ("CT", 636_006),
    ("DE", 636_011),
    ("DC", 636_043),
    ("FL", 636_010),
    ("GA", 636_055),
    ("GU", 636_019),
    ("HI", 636_047),
    ("ID", 636_050),
    ("IL", 636_035),
    ("IN", 636_037),
    ("IA", 636_018),
    ("KS", 636_022),
    ("KY", 636_046),
    ("LA", 636_007),
    ("ME", 636_041),
    ("MD", 636_003),
    ("MA", 636_002),
    ("MI", 636_032),
    ("MN", 636_038),
    ("MS", 636_051),
    ("MO", 636_030),
    ("MT", 636_008),
    ("NE", 636_054),
    ("NV", 636_049),
    ("NH", 636_039),
    ("NJ", 636_036),
    ("NM", 636_009),
    ("NY", 636_001),
    ("NC", 636_004),
    ("ND", 636_034),
    ("OH", 636_023),
    ("OK", 636_058),
    ("OR", 636_029),
    ("PA", 636_025),
    ("RI", 636_052),
    ("SC", 636_005),
    ("SD", 636_042),
    ("TN", 636_053),
    ("TX", 636_015),
    ("UT", 636_040),
    ("VT", 636_024),
    ("VA", 636_000),
    ("WA", 636_045),
    ("WV", 636_061),
    ("WI", 636_031),
    ("WY", 636_060),
    ("AS", 604_427),
    ("MP", 604_430),
    ("PR", 604_431),
    ("VI", 636_062),
    ("", 636_027),
];

const CANADA: &[(&str, u32)] = &[
    ("AB", 604_432),
    ("BC", 636_028),
    ("MB", 636_048),
    ("NB", 636_017),
    ("NL", 636_016),
    ("NS", 636_013),
    ("NU", 604_433),
    ("ON", 636_012),
    ("PE", 604_426),
    ("QC", 604_428),
    ("SK", 636_044),
    ("YT", 604_429),
];

const MEXICO: &[(&str, u32)] = &[("CU", 636_056), ("HL", 636_057)];
