//! What the sides of a document say together: of each kind of evidence the best there is. Window and command line decide about the same.

use super::reading::{DocumentPortrait, Side, suspicions};
use crate::documents::aamva::AamvaReading;
use crate::documents::checks::{Evidence, Portrait, Suspicions};
use crate::documents::mrz::Reading;
use crate::documents::remarks::Remark;
use crate::documents::signature::Signature;

/// One document from its sides.
#[derive(Debug, Clone, Copy)]
pub struct Gathered<'a> {
    /// The side with the printed zone that counts: one that reads right before others.
    pub zoned: Option<&'a Side>,
    /// The licence in a barcode.
    pub licence: Option<&'a AamvaReading>,
    /// The lines of a zone in a symbol.
    pub symbol_zone: Option<&'a Reading>,
    /// The portrait.
    pub portrait: Option<&'a DocumentPortrait>,
    /// The holder's signature.
    pub signature: Option<&'a Signature>,
    /// Ghost portraits of all sides.
    pub ghosts: usize,
    /// Long over short side of its pages; `None` where no edges were seen.
    pub ratio: Option<f64>,
    /// What its pictures give reason to suspect.
    pub suspicions: Suspicions,
    /// Whether another document lies beside it; `None` without a zone, by which others are noticed.
    pub several: Option<bool>,
}

impl<'a> Gathered<'a> {
    /// Gathers.
    #[must_use]
    pub fn of(sides: &[&'a Side]) -> Self {
        let sides = || sides.iter().copied();
        let right = |side: &&Side| side.reading().is_some_and(|r| r.mrz.is_right());
        let zoned = sides().find(right).or_else(|| sides().find(|side| side.reading().is_some()));
        Self {
            zoned,
            licence: sides().find_map(Side::licence),
            symbol_zone: sides().find_map(Side::symbol_zone),
            portrait: sides().find_map(|side| side.portrait.as_ref()),
            signature: sides().find_map(|side| side.signature.as_ref()),
            ghosts: sides().map(|side| side.ghosts).sum(),
            ratio: sides().find_map(|side| side.ratio),
            suspicions: suspicions(sides()),
            several: zoned.map(|_| sides().any(|side| side.remarks.contains(&Remark::SeveralDocuments))),
        }
    }

    /// Whether nothing of a document was found.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        self.zoned.is_none() && self.licence.is_none() && self.symbol_zone.is_none() && self.portrait.is_none()
    }

    /// The printed zone.
    #[must_use]
    pub fn zone(&self) -> Option<&'a Reading> {
        self.zoned.and_then(Side::reading)
    }

    /// Whether there is a portrait, and how large.
    #[must_use]
    pub const fn found_portrait(&self) -> Portrait {
        match self.portrait {
            Some(portrait) => Portrait::Found { height_px: portrait.height_px },
            None if self.ghosts > 0 => Portrait::GhostOnly,
            None => Portrait::Missing,
        }
    }

    /// What is printed and encoded, for the checks.
    #[must_use]
    pub fn evidence(&self) -> Evidence<'a> {
        Evidence {
            zone: self.zone(),
            barcode: self.licence,
            symbol_zone: self.symbol_zone,
            portrait: self.found_portrait(),
            suspicions: self.suspicions,
            several_documents: self.several,
            ..Evidence::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::barcode::{Symbol, Symbology, classify};
    use crate::documents::checks::{Overall, Rules, Suspicion, decide};
    use crate::documents::mrz::{self, Line};
    use crate::documents::zone::search::Found;
    use crate::geometry::{Point, Size};
    use crate::imaging::Frame;
    use crate::runtime::document::answer::{Beside, answer};
    use crate::runtime::document::reading::SideTimes;
    use time::macros::date;

    const TODAY: time::Date = date!(2026 - 11 - 21);
    const PRINTED: [&str; 2] = ["P<FRADURAND<<AMELIE<<<<<<<<<<<<<<<<<<<<<<<<<", "18AB123451FRA9004230F3102112<<<<<<<<<<<<<<<4"];
    const OTHER: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";

    fn side(printed: bool, symbol: Option<&str>) -> Side {
        let lines = PRINTED.map(Line::new);
        let corners = [(0.0, 80.0), (100.0, 80.0), (100.0, 95.0), (0.0, 95.0)].map(|(x, y)| Point::new(x, y));
        let reading = mrz::read(&lines, TODAY).expect("a zone");
        Side {
            size: Size::new(100, 100),
            zone: printed.then_some(Found { reading, corners, capitals: 20.0, weakest: 0.9, others: 0 }),
            symbol: symbol.map(|text| {
                let bytes = text.as_bytes().to_vec();
                let payload = classify(&bytes, TODAY);
                (Symbol { symbology: Symbology::QrCode, bytes, points: Vec::new() }, payload)
            }),
            portrait: None,
            signature: None,
            ghosts: 0,
            ratio: None,
            page: None,
            signs: None,
            tampering: Suspicion::NotLooked,
            remarks: Vec::new(),
            times: SideTimes::default(),
        }
    }

    /// What window and command line decide: they must not differ.
    fn decided(sides: &[&Side]) -> &'static str {
        let rules = Rules { portrait_required: false, allow_specimens: true, refuse_expired: false, ..Rules::default() };
        let answered = answer(sides, Beside::default(), None, &rules, TODAY);
        let by_window = decide(&Evidence { captures: 1, ..Gathered::of(sides).evidence() }, &rules, TODAY);
        assert_eq!(answered.values.overall, by_window.overall);
        assert_eq!(answered.overall == "ok", by_window.overall == Overall::Ok);
        answered.overall
    }

    #[test]
    fn a_page_without_its_zone_is_not_accepted_for_a_symbol_that_holds_one() {
        let own = PRINTED.join("\n");
        assert_eq!(decided(&[&side(true, None)]), "ok");
        assert_eq!(decided(&[&side(false, Some(&own))]), "undecided");
        assert_eq!(decided(&[&side(true, Some(&own))]), "ok");
        assert_eq!(decided(&[&side(true, Some(OTHER))]), "refused");
        assert_eq!(decided(&[&side(true, None), &side(false, Some(OTHER))]), "refused", "on the other side too");
        let alone = side(false, Some(&own));
        let answered = answer(&[&alone], Beside::default(), None, &Rules::default(), TODAY);
        assert!(answered.zone.is_none() && answered.barcode.is_some_and(|b| b.zone.is_some_and(|z| z.right)));
    }

    #[test]
    fn the_front_of_a_card_is_turned_over_and_a_bank_card_is_none() {
        let portrait = || DocumentPortrait {
            corners: [(10.0, 20.0), (30.0, 20.0), (30.0, 50.0), (10.0, 50.0)].map(|(x, y)| Point::new(x, y)),
            height_px: 200,
            capture_score: 60.0,
            crop: Frame::filled(Size::new(4, 4), [90; 3]),
            template: None,
        };
        let card = |portrait: Option<DocumentPortrait>| Side {
            remarks: vec![if portrait.is_some() { Remark::NothingReadable } else { Remark::NothingRecognised }],
            ratio: Some(1.586),
            portrait,
            ..side(false, None)
        };
        let asked = |side: &Side| {
            let answered = answer(&[side], Beside::default(), None, &Rules::default(), TODAY);
            let words: Vec<&str> = answered.advice.iter().map(|a| a.word).collect();
            (answered.document.valid_document, answered.document.next_page_expected, words)
        };
        assert_eq!(asked(&card(Some(portrait()))), (true, true, vec!["other_side"]));
        assert_eq!(asked(&card(None)), (false, false, vec!["nothing_recognised"]));
        // A portrait that stands on its head turns the page, also where nothing else can be read.
        let rotated = |side: &Side| answer(&[side], Beside::default(), None, &Rules::default(), TODAY).document.rotated_180;
        let mut turned = portrait();
        turned.corners.rotate_left(2);
        assert_eq!((rotated(&card(Some(portrait()))), rotated(&card(Some(turned)))), (false, true));
        // Without its edges a face in a picture is no card.
        assert_eq!(asked(&Side { ratio: None, ..card(Some(portrait())) }), (false, false, vec!["nothing_readable"]));
    }

    #[test]
    fn another_document_beside_it_counts_on_whichever_side_it_lies() {
        let beside = Side { remarks: vec![Remark::SeveralDocuments], ..side(true, None) };
        assert_eq!(decided(&[&beside]), "undecided");
        assert_eq!(decided(&[&side(true, None), &beside]), "undecided");
    }
}
