//! Where every field of every format stands, as tables of Doc 9303-4 to -7 and of the national layouts that look like them.

/// A format of machine-readable zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Three lines of 30, on cards.
    Td1,
    /// Two lines of 36, on documents of size ID-2.
    Td2,
    /// Two lines of 44, on passports.
    Td3,
    /// Two lines of 44, on visas of full size.
    MrvA,
    /// Two lines of 36, on visas of small size.
    MrvB,
    /// French identity card before 2021: two lines of 36, not TD2.
    FrenchIdentityCard,
    /// French driving licence: one line of 30.
    FrenchDrivingLicence,
    /// Swiss driving licence: lines of 9, 30 and 30, without check digits.
    SwissDrivingLicence,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 8] = [
        Self::Td1,
        Self::Td2,
        Self::Td3,
        Self::MrvA,
        Self::MrvB,
        Self::FrenchIdentityCard,
        Self::FrenchDrivingLicence,
        Self::SwissDrivingLicence,
    ];

    /// A short name for reports, for instance `TD1`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Td1 => "TD1",
            Self::Td2 => "TD2",
            Self::Td3 => "TD3",
            Self::MrvA => "MRV-A",
            Self::MrvB => "MRV-B",
            Self::FrenchIdentityCard => "FRA-ID",
            Self::FrenchDrivingLicence => "FRA-DL",
            Self::SwissDrivingLicence => "CHE-DL",
        }
    }

    /// Whether Doc 9303 describes it.
    #[must_use]
    pub const fn is_icao(self) -> bool {
        matches!(self, Self::Td1 | Self::Td2 | Self::Td3 | Self::MrvA | Self::MrvB)
    }

    /// Whether it is a visa: no composite, no digit over the optional data, numbers cut at nine characters.
    #[must_use]
    pub const fn is_visa(self) -> bool {
        matches!(self, Self::MrvA | Self::MrvB)
    }

    /// Characters of each line.
    #[must_use]
    pub const fn widths(self) -> &'static [usize] {
        match self {
            Self::Td1 => &[30, 30, 30],
            Self::Td2 | Self::MrvB | Self::FrenchIdentityCard => &[36, 36],
            Self::Td3 | Self::MrvA => &[44, 44],
            Self::FrenchDrivingLicence => &[30],
            Self::SwissDrivingLicence => &[9, 30, 30],
        }
    }

    /// The format that lines of these widths have; where widths are shared, the first characters decide.
    #[must_use]
    pub fn of_lines(lines: &[Vec<char>]) -> Option<Self> {
        let first = |line: usize, n: usize| -> String { lines[line].iter().take(n).collect() };
        match lines.iter().map(Vec::len).collect::<Vec<_>>().as_slice() {
            [30, 30, 30] => Some(Self::Td1),
            [36, 36] if first(0, 5) == "IDFRA" => Some(Self::FrenchIdentityCard),
            [36, 36] => Some(if first(0, 1) == "V" { Self::MrvB } else { Self::Td2 }),
            [44, 44] => Some(if first(0, 1) == "V" { Self::MrvA } else { Self::Td3 }),
            [30] => Some(Self::FrenchDrivingLicence),
            [9, 30, 30] => Some(Self::SwissDrivingLicence),
            _ => None,
        }
    }

    /// Whether a line 1 of this format may start with this letter.
    #[must_use]
    pub const fn may_start_with(self, letter: char) -> bool {
        match self {
            Self::Td1 | Self::Td2 => matches!(letter, 'A' | 'C' | 'I'),
            Self::Td3 => letter == 'P',
            Self::MrvA | Self::MrvB => letter == 'V',
            Self::FrenchIdentityCard => letter == 'I',
            Self::FrenchDrivingLicence => letter == 'D',
            Self::SwissDrivingLicence => true,
        }
    }

    /// Where its fields stand.
    #[must_use]
    pub const fn layout(self) -> &'static Layout {
        match self {
            Self::Td1 => &TD1,
            Self::Td2 => &TD2,
            Self::Td3 => &TD3,
            Self::MrvA => &MRV_A,
            Self::MrvB => &MRV_B,
            Self::FrenchIdentityCard => &FRENCH_IDENTITY_CARD,
            Self::FrenchDrivingLicence => &FRENCH_DRIVING_LICENCE,
            Self::SwissDrivingLicence => &SWISS_DRIVING_LICENCE,
        }
    }
}

/// A stretch of one line: places `from..to`, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The line, from 0.
    pub line: usize,
    /// The first place.
    pub from: usize,
    /// One past the last place.
    pub to: usize,
}

impl Span {
    /// Number of characters.
    #[must_use]
    pub const fn len(self) -> usize {
        self.to - self.from
    }

    /// Whether it holds no character.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.to == self.from
    }

    /// Whether a place lies inside.
    #[must_use]
    pub const fn holds(self, line: usize, place: usize) -> bool {
        self.line == line && self.from <= place && place < self.to
    }

    /// The characters; lines must have the widths of the format.
    #[must_use]
    pub fn of(self, lines: &[Vec<char>]) -> &[char] {
        &lines[self.line][self.from..self.to]
    }
}

/// Line and places as the standard counts them, from 1 and inclusive.
const fn span(line: usize, first: usize, last: usize) -> Span {
    Span { line: line - 1, from: first - 1, to: last }
}

/// Where the fields of a format stand.
#[derive(Debug)]
pub struct Layout {
    /// Document code.
    pub code: Span,
    /// Issuing state or organisation.
    pub state: Span,
    /// Name: primary and secondary identifier, or the primary alone where `given` is set.
    pub name: Span,
    /// Given names in a field of their own (French identity card).
    pub given: Option<Span>,
    /// Document number.
    pub number: Span,
    /// Its check digit.
    pub number_check: Option<Span>,
    /// Whether a long number continues in the first optional field.
    pub number_overflows: bool,
    /// Nationality.
    pub nationality: Option<Span>,
    /// Birth date.
    pub birth: Option<Span>,
    /// Its check digit.
    pub birth_check: Option<Span>,
    /// Sex.
    pub sex: Option<Span>,
    /// Expiry date.
    pub expiry: Option<Span>,
    /// Its check digit.
    pub expiry_check: Option<Span>,
    /// Optional data.
    pub optional: [Option<Span>; 2],
    /// The check digit of the first optional field.
    pub optional_check: Option<Span>,
    /// The composite check digit.
    pub composite: Option<Span>,
    /// What the composite covers, in order.
    pub composite_over: &'static [Span],
}

const TD1: Layout = Layout {
    code: span(1, 1, 2),
    state: span(1, 3, 5),
    name: span(3, 1, 30),
    given: None,
    number: span(1, 6, 14),
    number_check: Some(span(1, 15, 15)),
    number_overflows: true,
    nationality: Some(span(2, 16, 18)),
    birth: Some(span(2, 1, 6)),
    birth_check: Some(span(2, 7, 7)),
    sex: Some(span(2, 8, 8)),
    expiry: Some(span(2, 9, 14)),
    expiry_check: Some(span(2, 15, 15)),
    optional: [Some(span(1, 16, 30)), Some(span(2, 19, 29))],
    optional_check: None,
    composite: Some(span(2, 30, 30)),
    composite_over: &[span(1, 6, 30), span(2, 1, 7), span(2, 9, 15), span(2, 19, 29)],
};

const TD3: Layout = Layout {
    code: span(1, 1, 2),
    state: span(1, 3, 5),
    name: span(1, 6, 44),
    given: None,
    number: span(2, 1, 9),
    number_check: Some(span(2, 10, 10)),
    number_overflows: false,
    nationality: Some(span(2, 11, 13)),
    birth: Some(span(2, 14, 19)),
    birth_check: Some(span(2, 20, 20)),
    sex: Some(span(2, 21, 21)),
    expiry: Some(span(2, 22, 27)),
    expiry_check: Some(span(2, 28, 28)),
    optional: [Some(span(2, 29, 42)), None],
    optional_check: Some(span(2, 43, 43)),
    composite: Some(span(2, 44, 44)),
    composite_over: &[span(2, 1, 10), span(2, 14, 20), span(2, 22, 43)],
};

const TD2: Layout = Layout {
    name: span(1, 6, 36),
    number_overflows: true,
    optional: [Some(span(2, 29, 35)), None],
    optional_check: None,
    composite: Some(span(2, 36, 36)),
    composite_over: &[span(2, 1, 10), span(2, 14, 20), span(2, 22, 35)],
    ..TD3
};

const MRV_A: Layout = Layout { optional: [Some(span(2, 29, 44)), None], optional_check: None, composite: None, composite_over: &[], ..TD3 };

const MRV_B: Layout = Layout { name: span(1, 6, 36), optional: [Some(span(2, 29, 36)), None], ..MRV_A };

const FRENCH_IDENTITY_CARD: Layout = Layout {
    name: span(1, 6, 30),
    given: Some(span(2, 14, 27)),
    number: span(2, 1, 12),
    number_check: Some(span(2, 13, 13)),
    number_overflows: false,
    nationality: None,
    birth: Some(span(2, 28, 33)),
    birth_check: Some(span(2, 34, 34)),
    sex: Some(span(2, 35, 35)),
    expiry: None,
    expiry_check: None,
    optional: [Some(span(1, 31, 36)), None],
    composite: Some(span(2, 36, 36)),
    composite_over: &[span(1, 1, 36), span(2, 1, 35)],
    ..TD2
};

const FRENCH_DRIVING_LICENCE: Layout = Layout {
    name: span(1, 22, 29),
    given: None,
    number: span(1, 6, 14),
    number_check: Some(span(1, 15, 15)),
    birth: None,
    birth_check: None,
    sex: None,
    expiry: Some(span(1, 16, 21)),
    optional: [None, None],
    composite: Some(span(1, 30, 30)),
    composite_over: &[span(1, 1, 29)],
    ..FRENCH_IDENTITY_CARD
};

const SWISS_DRIVING_LICENCE: Layout = Layout {
    code: span(2, 1, 2),
    state: span(2, 3, 5),
    name: span(3, 1, 30),
    number: span(2, 6, 17),
    number_check: None,
    birth: Some(span(2, 20, 25)),
    expiry: None,
    composite: None,
    composite_over: &[],
    ..FRENCH_DRIVING_LICENCE
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_span_lies_inside_its_line() {
        for format in Format::ALL {
            let layout = format.layout();
            let mut spans = vec![layout.code, layout.state, layout.name, layout.number];
            spans.extend([layout.given, layout.number_check, layout.nationality, layout.birth, layout.birth_check].into_iter().flatten());
            spans.extend([layout.sex, layout.expiry, layout.expiry_check, layout.optional_check, layout.composite].into_iter().flatten());
            spans.extend(layout.optional.iter().flatten());
            spans.extend(layout.composite_over);
            for span in spans {
                assert!(span.to <= format.widths()[span.line] && !span.is_empty(), "{format:?} {span:?}");
            }
        }
    }

    #[test]
    fn the_places_of_icao_formats_are_used_once() {
        for format in Format::ALL.into_iter().filter(|f| f.is_icao()) {
            let layout = format.layout();
            let all = [Some(layout.code), Some(layout.state), Some(layout.name), Some(layout.number), layout.number_check];
            let more = [layout.nationality, layout.birth, layout.birth_check, layout.sex, layout.expiry, layout.expiry_check];
            let rest = [layout.optional[0], layout.optional[1], layout.optional_check, layout.composite];
            let places: usize = all.iter().chain(&more).chain(&rest).flatten().map(|s| s.len()).sum();
            assert_eq!(places, format.widths().iter().sum::<usize>(), "{format:?}");
        }
    }
}
