//! Properties of zones: what is written reads back, and check digits see what their theory says.

use proptest::prelude::*;
use time::Date;
use time::macros::date;
use visavis::documents::dates::PartialDate;
use visavis::documents::mrz::check_digit::{check_digit, value};
use visavis::documents::mrz::write::{MrzContent, write};
use visavis::documents::mrz::{CheckResult, Finding, Format, Line, Sex, Suggestion, read};

const TODAY: Date = date!(2026 - 01 - 01);

fn formats() -> impl Strategy<Value = Format> {
    prop::sample::select(vec![Format::Td1, Format::Td2, Format::Td3, Format::MrvA, Format::MrvB])
}

fn content() -> impl Strategy<Value = MrzContent> {
    let identity = (formats(), "[A-Z0-9]{1,13}", "[A-Z]{1,12}( [A-Z]{1,9}){0,2}", "([A-Z]{1,10}( [A-Z]{1,10}){0,2})?");
    let dates = (1927_i32..2026, 1_u8..=12, 1_u8..=28, 2000_i32..2070, 1_u8..=12, 1_u8..=28, 0..4);
    let rest = (prop::sample::select(vec![Sex::Female, Sex::Male, Sex::Unspecified]), "[A-Z0-9]{0,5}", "[A-Z0-9]{0,11}");
    (identity, dates, rest).prop_map(|((format, number, primary, secondary), (by, bm, bd, ey, em, ed, unknown), (sex, first, second))| {
        let number = if matches!(format, Format::Td1 | Format::Td2) { number } else { number.chars().take(9).collect() };
        // In TD2 a long number and other optional data share seven places.
        let first = if format == Format::Td2 && number.len() > 9 { String::new() } else { first };
        let birth = match unknown {
            0 => PartialDate::new(Some(by), None, None),
            1 => PartialDate::new(Some(by), Some(bm), None),
            2 => PartialDate::new(None, None, None),
            _ => PartialDate::new(Some(by), Some(bm), Some(bd)),
        };
        MrzContent {
            format,
            document_code: if format.is_visa() {
                "V"
            } else if format == Format::Td3 {
                "P"
            } else {
                "I"
            }
            .to_owned(),
            issuing_state: "UTO".to_owned(),
            document_number: number,
            nationality: "D".to_owned(),
            primary,
            secondary,
            birth: birth.expect("a date"),
            sex,
            expiry: PartialDate::new(Some(ey), Some(em), Some(ed)).expect("a date"),
            optional: [first, if format == Format::Td1 { second } else { String::new() }],
        }
    })
}

fn lines(texts: &[String]) -> Vec<Line> {
    texts.iter().map(|t| Line::new(t)).collect()
}

/// Places under a check digit that is not the composite, with the digit's own place.
fn under_own_digit(format: Format) -> Vec<(usize, usize)> {
    let layout = format.layout();
    let spans = [Some(layout.number), layout.number_check, layout.birth, layout.birth_check, layout.expiry, layout.expiry_check];
    spans.into_iter().flatten().flat_map(|s| (s.from..s.to).map(move |p| (s.line, p))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn what_is_written_reads_back(content in content()) {
        let written = write(&content).expect("content that fits");
        let mrz = read(&lines(&written), TODAY).expect("a zone").as_given.expect("widths of the format");
        prop_assert!(mrz.format == content.format);
        prop_assert!(!mrz.findings.iter().any(|f| f.is_error() && *f != Finding::ExpiryBeforeBirth), "{:?} in {written:?}", mrz.findings);
        prop_assert_eq!(&mrz.document_number, &content.document_number);
        prop_assert_eq!(mrz.long_number, content.document_number.len() > 9);
        prop_assert_eq!(&mrz.optional, &content.optional);
        prop_assert_eq!(mrz.sex, Some(content.sex));
        prop_assert_eq!(mrz.birth.map(|b| b.date.to_string()), Some(content.birth.to_string()));
        prop_assert_eq!(mrz.expiry.map(|d| d.to_string()), Some(content.expiry.to_string()));
        prop_assert_eq!(mrz.nationality.as_str(), "D");
        let whole = content.primary.len() + content.secondary.len() + 2 <= mrz.format.layout().name.len();
        if whole {
            prop_assert_eq!(&mrz.primary, &content.primary);
            prop_assert_eq!(&mrz.secondary, &content.secondary);
        } else {
            prop_assert!(mrz.name_may_be_truncated || mrz.primary == content.primary && mrz.secondary == content.secondary, "{written:?}");
            prop_assert!(content.primary.starts_with(&mrz.primary));
        }
    }

    /// Theory: one wrong character is seen unless both characters are equal modulo ten.
    #[test]
    fn one_wrong_character_is_seen_unless_equal_modulo_ten(content in content(), pick in any::<prop::sample::Index>(), other in "[A-Z0-9<]") {
        let written = write(&content).expect("content that fits");
        // A long number has its digit elsewhere.
        prop_assume!(content.document_number.len() <= 9);
        let (line, place) = *pick.get(&under_own_digit(content.format));
        let mut characters: Vec<Vec<char>> = written.iter().map(|l| l.chars().collect()).collect();
        let (from, to) = (characters[line][place], other.chars().next().expect("one character"));
        prop_assume!(from != to);
        characters[line][place] = to;
        let layout = content.format.layout();
        // Filler in a digit's place is judged by other rules.
        prop_assume!(!(to == '<' && [layout.number_check, layout.birth_check, layout.expiry_check].into_iter().flatten().any(|s| s.holds(line, place))));
        let texts: Vec<String> = characters.into_iter().map(String::from_iter).collect();
        let mrz = read(&lines(&texts), TODAY).expect("a zone").as_given.expect("widths of the format");
        let seen = [mrz.checks.document_number, mrz.checks.birth, mrz.checks.expiry].contains(&CheckResult::Wrong);
        let is_digit_place = [layout.number_check, layout.birth_check, layout.expiry_check].into_iter().flatten().any(|s| s.holds(line, place));
        let same = value(from).expect("allowed") % 10 == value(to).expect("allowed") % 10;
        prop_assert_eq!(seen, is_digit_place || !same, "{} for {} at {}:{}", to, from, line, place);
    }

    /// Theory: neighbours exchanged are unseen exactly when they differ by a multiple of five.
    #[test]
    fn exchanged_neighbours_are_unseen_only_at_a_distance_of_five(text in "[A-Z0-9<]{2,30}", pick in any::<prop::sample::Index>()) {
        let mut characters: Vec<char> = text.chars().collect();
        let at = pick.index(characters.len() - 1);
        let distance = value(characters[at]).expect("allowed").abs_diff(value(characters[at + 1]).expect("allowed"));
        let before = check_digit(characters.iter().copied());
        characters.swap(at, at + 1);
        let unseen = before == check_digit(characters);
        // Weights 7 3, 3 1 and 1 7 differ by 4, 2 and 6: a difference of five is invisible to each.
        prop_assert_eq!(unseen, distance.is_multiple_of(5));
    }

    /// A suggestion always makes the zone right and changes exactly one look-alike.
    #[test]
    fn suggestions_are_right_and_single(content in content(), pick in any::<prop::sample::Index>(), other in "[A-Z0-9]") {
        let written = write(&content).expect("content that fits");
        let number = content.format.layout().number;
        let mut characters: Vec<Vec<char>> = written.iter().map(|l| l.chars().collect()).collect();
        characters[number.line][number.from + pick.index(number.len())] = other.chars().next().expect("one character");
        let texts: Vec<String> = characters.into_iter().map(String::from_iter).collect();
        let reading = read(&lines(&texts), TODAY).expect("a zone");
        if let Suggestion::One(repair) = &reading.suggestion {
            prop_assert!(!repair.mrz.looks_misread());
            let different = repair.mrz.lines.concat().chars().zip(reading.mrz.lines.concat().chars()).filter(|(a, b)| a != b).count();
            prop_assert_eq!(different, 1);
        }
        prop_assert_eq!(reading.mrz.looks_misread(), reading.suggestion != Suggestion::NoneNeeded);
    }
}

#[test]
fn the_writer_makes_the_specimen() {
    let content = MrzContent {
        format: Format::Td3,
        document_code: "P".to_owned(),
        issuing_state: "UTO".to_owned(),
        document_number: "L898902C3".to_owned(),
        nationality: "UTO".to_owned(),
        primary: "Eriksson".to_owned(),
        secondary: "Anna-Maria".to_owned(),
        birth: date!(1974 - 08 - 12).into(),
        sex: Sex::Female,
        expiry: date!(2012 - 04 - 15).into(),
        optional: ["ZE184226B".to_owned(), String::new()],
    };
    let expected = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"];
    assert_eq!(write(&content).expect("content that fits"), expected);
    let long = MrzContent {
        format: Format::Td2,
        document_code: "I".to_owned(),
        document_number: "D23145890734".to_owned(),
        optional: Default::default(),
        ..content
    };
    assert!(write(&long).expect("content that fits")[1].starts_with("D23145890<UTO7408122F12041597349<<<"));
    assert!(write(&MrzContent { document_number: "D2314589-".to_owned(), ..long.clone() }).is_err());
    assert!(write(&MrzContent { format: Format::SwissDrivingLicence, ..long }).is_err());
}
