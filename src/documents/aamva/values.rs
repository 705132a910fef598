//! Single values as issuers write them: heights, postal codes, names, "no such data".

/// The value without padding; `None` for nothing, `NONE` and `unavl`.
pub(super) fn said(value: Option<&str>) -> Option<&str> {
    let value = value?.trim();
    (!value.is_empty() && !value.eq_ignore_ascii_case("NONE") && !value.eq_ignore_ascii_case("unavl")).then_some(value)
}

/// A height in whole centimetres and whether its form is one of the standard's. `old`: version 01, feet and inches as `509`.
pub(super) fn height_cm(text: &str, old: bool) -> (Option<u16>, bool) {
    let lower = text.trim().to_ascii_lowercase();
    let numbers: Vec<u32> = lower.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect();
    let plausible = |cm: f64| (30.0..=300.0).contains(&cm).then_some(cm as u16);
    // Halves go to the even number, as the published expectations do.
    let inches = |inches: u32| plausible((f64::from(inches) * 2.54).round_ties_even());
    let feet = |feet: u32, rest: u32| if rest < 12 && feet < 10 { inches(12 * feet + rest) } else { None };
    let pure_digits = lower.len() == 3 && lower.bytes().all(|b| b.is_ascii_digit());
    match numbers.as_slice() {
        [n] if lower.ends_with("in") => (inches(*n), true),
        [n] if lower.ends_with("cm") => (plausible(f64::from(*n)), true),
        [n] if pure_digits && old => (feet(n / 100, n % 100), true),
        [f, i] => (feet(*f, *i), false),
        // A bare number: inches below 100, otherwise feet and inches or centimetres.
        [n] if *n < 100 => (inches(*n), false),
        [n] if pure_digits && n % 100 < 12 && *n >= 300 => (feet(n / 100, n % 100), false),
        [n] => (plausible(f64::from(*n)), false),
        _ => (None, false),
    }
}

/// A postal code: `12345`, `12345-6789` or `A1A 1A1`; anything else as it stands, without blanks around it.
pub(super) fn postal_code(text: &str) -> String {
    let compact: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if compact.bytes().all(|b| b.is_ascii_digit()) {
        return match (compact.get(..5), compact.get(5..)) {
            (Some(five), Some(four)) if four.len() == 4 && four != "0000" => format!("{five}-{four}"),
            (Some(five), Some(rest)) if rest.bytes().all(|b| b == b'0') => five.to_owned(),
            _ => compact,
        };
    }
    let canadian = compact.len() == 6
        && compact.bytes().enumerate().all(|(i, b)| if i % 2 == 0 { b.is_ascii_alphabetic() } else { b.is_ascii_digit() });
    if canadian { format!("{} {}", &compact[..3], &compact[3..]).to_ascii_uppercase() } else { text.trim().to_owned() }
}

/// Several names in one element: commas and runs of blanks become one blank.
pub(super) fn names(text: &str) -> String {
    text.split(|c: char| c == ',' || c.is_whitespace()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heights_of_every_form() {
        for (text, old, expected) in [
            ("073 in", false, (Some(185), true)),
            ("066 IN", false, (Some(168), true)),
            ("075 in", false, (Some(190), true)),
            ("181 cm", false, (Some(181), true)),
            ("509", true, (Some(175), true)),
            ("5'-09\"", false, (Some(175), false)),
            ("5-09", false, (Some(175), false)),
            ("509", false, (Some(175), false)),
            ("513", true, (None, true)),
            ("tall", false, (None, false)),
            ("999 in", false, (None, true)),
            ("99999999999 in", false, (None, false)),
        ] {
            assert_eq!(height_cm(text, old), expected, "{text}");
        }
    }

    #[test]
    fn postal_codes_of_both_countries() {
        for (text, expected) in [
            ("123459999  ", "12345-9999"),
            ("787010000", "78701"),
            ("12345-6789", "12345-6789"),
            ("29201", "29201"),
            ("M5V0A0     ", "M5V 0A0"),
            ("m5v 0a0", "M5V 0A0"),
            ("1234", "1234"),
            ("12345000000", "12345"),
        ] {
            assert_eq!(postal_code(text), expected);
        }
    }

    #[test]
    fn nothing_is_said_in_several_ways() {
        assert_eq!(said(Some("NONE")), None);
        assert_eq!(said(Some(" unavl ")), None);
        assert_eq!(said(Some("   ")), None);
        assert_eq!(said(Some("K ")), Some("K"));
        assert_eq!(names("A,B  C"), "A B C");
    }
}
