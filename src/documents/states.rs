//! Codes of issuing states and nationalities: ISO 3166-1 alpha-3 and what Doc 9303-3 section 5 adds.

/// What kind of code it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateKind {
    /// A state or territory.
    State,
    /// An organisation that issues documents.
    Organisation,
    /// Only a nationality, never an issuer.
    Nationality,
    /// Still met on older documents.
    Withdrawn,
    /// Utopia: specimens, refused outside a test mode.
    Specimen,
}

/// A code and what it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// One to three letters, without filler.
    pub code: &'static str,
    /// ISO 3166-1 alpha-2, or the two letters certificates use; empty where there are none.
    pub alpha2: &'static str,
    /// English short name.
    pub name: &'static str,
    /// Kind.
    pub kind: StateKind,
}

impl State {
    /// Three letters as services write them: `DEU` for the zone's `D`.
    #[must_use]
    pub fn alpha3(self) -> &'static str {
        match self.code {
            "D" => "DEU",
            "SI" => "SVN",
            code => code,
        }
    }

    /// Whether documents are issued under it.
    #[must_use]
    pub const fn issues(self) -> bool {
        !matches!(self.kind, StateKind::Nationality)
    }
}

/// Finds a code of one to three letters, with or without its filler.
#[must_use]
pub fn find(code: &str) -> Option<State> {
    let code = code.trim_end_matches(['<', ' ']);
    let special = SPECIAL.iter().find(|s| s.code == code).copied();
    special.or_else(|| iso(|alpha3, _| alpha3 == code))
}

/// The issuer that somebody means by a code, `DEU` for the zone's `D` included.
#[must_use]
pub fn issuer(code: &str) -> Option<State> {
    find(if code == "DEU" { "D" } else { code }).filter(|state| state.issues())
}

/// Finds a state by its two letters.
#[must_use]
pub fn by_alpha2(alpha2: &str) -> Option<State> {
    match alpha2 {
        "DE" => find("D"),
        "KS" => find("RKS"),
        "UK" => find("GBR"),
        _ => iso(|_, two| two == alpha2),
    }
}

/// Whether two codes mean the same state: `D`, `D<<` and `DEU` do, and so do the six British nationalities.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    let state = |code: &str| {
        let code = code.trim_end_matches(['<', ' ']);
        find(if code == "DEU" { "D" } else { code })
    };
    match (state(a), state(b)) {
        (Some(a), Some(b)) => a.code == b.code || (!a.alpha2.is_empty() && a.alpha2 == b.alpha2),
        _ => a.trim_end_matches(['<', ' ']) == b.trim_end_matches(['<', ' ']),
    }
}

fn iso(wanted: impl Fn(&str, &str) -> bool) -> Option<State> {
    let row = ISO_3166.lines().find(|row| wanted(&row[..3], &row[4..6]))?;
    Some(State { code: &row[..3], alpha2: &row[4..6], name: &row[7..], kind: StateKind::State })
}

const fn special(code: &'static str, alpha2: &'static str, name: &'static str, kind: StateKind) -> State {
    State { code, alpha2, name, kind }
}

/// Codes outside ISO 3166-1, and Germany, whose code in the zone has one letter.
const SPECIAL: &[State] = &[
    special("D", "DE", "Germany", StateKind::State),
    special("EUE", "EU", "European Union", StateKind::Organisation),
    special("RKS", "KS", "Kosovo", StateKind::State),
    special("GBD", "GB", "United Kingdom (overseas territories citizen)", StateKind::Nationality),
    special("GBN", "GB", "United Kingdom (national overseas)", StateKind::Nationality),
    special("GBO", "GB", "United Kingdom (overseas citizen)", StateKind::Nationality),
    special("GBP", "GB", "United Kingdom (protected person)", StateKind::Nationality),
    special("GBS", "GB", "United Kingdom (subject)", StateKind::Nationality),
    special("UNO", "UN", "United Nations", StateKind::Organisation),
    special("UNA", "UN", "United Nations agency", StateKind::Organisation),
    special("UNK", "", "United Nations Interim Administration Mission in Kosovo", StateKind::Organisation),
    special("XBA", "", "African Development Bank", StateKind::Organisation),
    special("XIM", "", "African Export-Import Bank", StateKind::Organisation),
    special("XEC", "", "Economic Community of West African States", StateKind::Organisation),
    special("XCO", "", "Common Market for Eastern and Southern Africa", StateKind::Organisation),
    special("XCC", "", "Caribbean Community", StateKind::Organisation),
    special("XCE", "", "Council of Europe", StateKind::Organisation),
    special("XES", "", "Organization of Eastern Caribbean States", StateKind::Organisation),
    special("XMP", "", "Parliamentary Assembly of the Mediterranean", StateKind::Organisation),
    special("XDC", "", "Southern African Development Community", StateKind::Organisation),
    special("XOM", "", "Sovereign Military Order of Malta", StateKind::Organisation),
    special("XPO", "", "Interpol", StateKind::Organisation),
    special("XXA", "", "Stateless person", StateKind::Nationality),
    special("XXB", "", "Refugee (1951 Convention)", StateKind::Nationality),
    special("XXC", "", "Refugee (other)", StateKind::Nationality),
    special("XXX", "", "Unspecified nationality", StateKind::Nationality),
    special("IAO", "", "International Civil Aviation Organization", StateKind::Organisation),
    special("NTZ", "NT", "Neutral Zone", StateKind::Withdrawn),
    special("ANT", "AN", "Netherlands Antilles", StateKind::Withdrawn),
    special("INP", "", "Interpol", StateKind::Withdrawn),
    special("SI", "SI", "Slovenia", StateKind::Withdrawn),
    special("UTO", "", "Utopia", StateKind::Specimen),
];

/// Alpha-3, alpha-2 and short name, a row each.
const ISO_3166: &str = "\
AFG AF Afghanistan
ALA AX Åland Islands
ALB AL Albania
DZA DZ Algeria
ASM AS American Samoa
AND AD Andorra
AGO AO Angola
AIA AI Anguilla
ATA AQ Antarctica
ATG AG Antigua and Barbuda
ARG AR Argentina
ARM AM Armenia
ABW AW Aruba
AUS AU Australia
AUT AT Austria
AZE AZ Azerbaijan
BHS BS Bahamas
BHR BH Bahrain
BGD BD Bangladesh
BRB BB Barbados
BLR BY Belarus
BEL BE Belgium
BLZ BZ Belize
BEN BJ Benin
BMU BM Bermuda
BTN BT Bhutan
BOL BO Bolivia
BES BQ Bonaire, Sint Eustatius and Saba
BIH BA Bosnia and Herzegovina
BWA BW Botswana
BVT BV Bouvet Island
BRA BR Brazil
IOT IO British Indian Ocean Territory
BRN BN Brunei Darussalam
BGR BG Bulgaria
BFA BF Burkina Faso
BDI BI Burundi
CPV CV Cabo Verde
KHM KH Cambodia
CMR CM Cameroon
CAN CA Canada
CYM KY Cayman Islands
CAF CF Central African Republic
TCD TD Chad
CHL CL Chile
CHN CN China
CXR CX Christmas Island
CCK CC Cocos (Keeling) Islands
COL CO Colombia
COM KM Comoros
COG CG Congo
COD CD Democratic Republic of the Congo
COK CK Cook Islands
CRI CR Costa Rica
CIV CI Côte d'Ivoire
HRV HR Croatia
CUB CU Cuba
CUW CW Curaçao
CYP CY Cyprus
CZE CZ Czechia
DNK DK Denmark
DJI DJ Djibouti
DMA DM Dominica
DOM DO Dominican Republic
ECU EC Ecuador
EGY EG Egypt
SLV SV El Salvador
GNQ GQ Equatorial Guinea
ERI ER Eritrea
EST EE Estonia
SWZ SZ Eswatini
ETH ET Ethiopia
FLK FK Falkland Islands
FRO FO Faroe Islands
FJI FJ Fiji
FIN FI Finland
FRA FR France
GUF GF French Guiana
PYF PF French Polynesia
ATF TF French Southern Territories
GAB GA Gabon
GMB GM Gambia
GEO GE Georgia
GHA GH Ghana
GIB GI Gibraltar
GRC GR Greece
GRL GL Greenland
GRD GD Grenada
GLP GP Guadeloupe
GUM GU Guam
GTM GT Guatemala
GGY GG Guernsey
GIN GN Guinea
GNB GW Guinea-Bissau
GUY GY Guyana
HTI HT Haiti
HMD HM Heard Island and McDonald Islands
VAT VA Holy See
HND HN Honduras
HKG HK Hong Kong
HUN HU Hungary
ISL IS Iceland
IND IN India
IDN ID Indonesia
IRN IR Iran
IRQ IQ Iraq
IRL IE Ireland
IMN IM Isle of Man
ISR IL Israel
ITA IT Italy
JAM JM Jamaica
JPN JP Japan
JEY JE Jersey
JOR JO Jordan
KAZ KZ Kazakhstan
KEN KE Kenya
KIR KI Kiribati
PRK KP Democratic People's Republic of Korea
KOR KR Republic of Korea
KWT KW Kuwait
KGZ KG Kyrgyzstan
LAO LA Lao People's Democratic Republic
LVA LV Latvia
LBN LB Lebanon
LSO LS Lesotho
LBR LR Liberia
LBY LY Libya
LIE LI Liechtenstein
LTU LT Lithuania
LUX LU Luxembourg
MAC MO Macao
MDG MG Madagascar
MWI MW Malawi
MYS MY Malaysia
MDV MV Maldives
MLI ML Mali
MLT MT Malta
MHL MH Marshall Islands
MTQ MQ Martinique
MRT MR Mauritania
MUS MU Mauritius
MYT YT Mayotte
MEX MX Mexico
FSM FM Micronesia
MDA MD Moldova
MCO MC Monaco
MNG MN Mongolia
MNE ME Montenegro
MSR MS Montserrat
MAR MA Morocco
MOZ MZ Mozambique
MMR MM Myanmar
NAM NA Namibia
NRU NR Nauru
NPL NP Nepal
NLD NL Netherlands
NCL NC New Caledonia
NZL NZ New Zealand
NIC NI Nicaragua
NER NE Niger
NGA NG Nigeria
NIU NU Niue
NFK NF Norfolk Island
MKD MK North Macedonia
MNP MP Northern Mariana Islands
NOR NO Norway
OMN OM Oman
PAK PK Pakistan
PLW PW Palau
PSE PS Palestine
PAN PA Panama
PNG PG Papua New Guinea
PRY PY Paraguay
PER PE Peru
PHL PH Philippines
PCN PN Pitcairn
POL PL Poland
PRT PT Portugal
PRI PR Puerto Rico
QAT QA Qatar
REU RE Réunion
ROU RO Romania
RUS RU Russian Federation
RWA RW Rwanda
BLM BL Saint Barthélemy
SHN SH Saint Helena, Ascension and Tristan da Cunha
KNA KN Saint Kitts and Nevis
LCA LC Saint Lucia
MAF MF Saint Martin
SPM PM Saint Pierre and Miquelon
VCT VC Saint Vincent and the Grenadines
WSM WS Samoa
SMR SM San Marino
STP ST Sao Tome and Principe
SAU SA Saudi Arabia
SEN SN Senegal
SRB RS Serbia
SYC SC Seychelles
SLE SL Sierra Leone
SGP SG Singapore
SXM SX Sint Maarten
SVK SK Slovakia
SVN SI Slovenia
SLB SB Solomon Islands
SOM SO Somalia
ZAF ZA South Africa
SGS GS South Georgia and the South Sandwich Islands
SSD SS South Sudan
ESP ES Spain
LKA LK Sri Lanka
SDN SD Sudan
SUR SR Suriname
SJM SJ Svalbard and Jan Mayen
SWE SE Sweden
CHE CH Switzerland
SYR SY Syrian Arab Republic
TWN TW Taiwan
TJK TJ Tajikistan
TZA TZ Tanzania
THA TH Thailand
TLS TL Timor-Leste
TGO TG Togo
TKL TK Tokelau
TON TO Tonga
TTO TT Trinidad and Tobago
TUN TN Tunisia
TUR TR Türkiye
TKM TM Turkmenistan
TCA TC Turks and Caicos Islands
TUV TV Tuvalu
UGA UG Uganda
UKR UA Ukraine
ARE AE United Arab Emirates
GBR GB United Kingdom
USA US United States of America
UMI UM United States Minor Outlying Islands
URY UY Uruguay
UZB UZ Uzbekistan
VUT VU Vanuatu
VEN VE Venezuela
VNM VN Viet Nam
VGB VG Virgin Islands (British)
VIR VI Virgin Islands (U.S.)
WLF WF Wallis and Futuna
ESH EH Western Sahara
YEM YE Yemen
ZMB ZM Zambia
ZWE ZW Zimbabwe";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn germany_has_one_letter() {
        assert_eq!(find("D<<").map(|s| (s.name, s.alpha2, s.alpha3())), Some(("Germany", "DE", "DEU")));
        assert!(same("D", "DEU") && same("D<<", "D") && !same("D", "DNK"));
        assert_eq!(by_alpha2("DE").map(|s| s.code), Some("D"));
        assert!(find("DEU").is_none(), "the zone never says DEU");
    }

    #[test]
    fn codes_of_every_kind() {
        assert_eq!(find("ALA").map(|s| s.name), Some("Åland Islands"));
        assert_eq!(find("ZWE").map(|s| s.name), Some("Zimbabwe"));
        assert_eq!(find("UTO").map(|s| s.kind), Some(StateKind::Specimen));
        assert_eq!(find("XXB").map(State::issues), Some(false));
        assert_eq!(by_alpha2("UK").map(|s| s.code), Some("GBR"));
        assert!(same("GBD", "GBR"));
        for unknown in ["", "QQZ", "BDR", "SUR1", "UT0", "A", "ASU"] {
            assert!(find(unknown).is_none(), "{unknown}");
        }
        assert_eq!(ISO_3166.lines().count(), 248, "all 249 but Germany");
        assert!(ISO_3166.lines().all(|row| find(&row[..3]).is_some_and(|s| s.name == &row[7..])));
    }
}
