//! Chips in the decision about a document: a genuine one passes, one that was tampered with refuses, an unknown one changes nothing.

use super::authentication::{TODAY, findings, printed};
use super::issuer::{Country, Kind, ZONE, zone_group};
use std::sync::Arc;
use visavis::biometrics::comparison::{Comparison, SimilarityScore, VerificationDecision};
use visavis::biometrics::pad::{PadDecision, PadOutcome};
use visavis::documents::checks::{Check, Overall, Portrait, Rules, Status, Suspicions};
use visavis::documents::chip::{ChipFindings, DataGroup, ElementaryFile, Trust};
use visavis::documents::mrz::{self, Line};
use visavis::geometry::Size;
use visavis::imaging::Frame;
use visavis::workflow::document::decision::{FaceEvidence, decide};
use visavis::workflow::document::{DocumentRead, NumberSearch, PortraitComparison};

/// What is decided about the passport, and the state of its chip's check, beside a living face that matches.
fn decided(chip: ChipFindings) -> (Overall, Status) {
    let lines: Vec<Line> = ZONE.as_bytes().chunks(44).map(|l| Line::new(std::str::from_utf8(l).unwrap())).collect();
    let read = DocumentRead {
        page: Arc::new(Frame::filled(Size::new(4, 4), [9; 3])),
        other_page: None,
        zone: Some(mrz::read(&lines, TODAY).unwrap()),
        barcode: None,
        symbol_zone: None,
        portrait: Portrait::Found { height_px: 200 },
        signature: None,
        compared: None,
        several: Some(false),
        suspicions: Suspicions::default(),
        chip: Some(chip),
    };
    let found = Comparison {
        score: SimilarityScore(0.7),
        score_percent: 95.0,
        threshold: SimilarityScore(0.44),
        false_match_rate: 1e-3,
        match_level: None,
        decision: VerificationDecision::Match,
    };
    let face = FaceEvidence {
        picture: None,
        comparison: Some(PortraitComparison { found, for_documents: true, measured_on: "printed people".to_owned() }),
        pad: Some(PadDecision { outcome: PadOutcome::BonaFide, layers: Vec::new() }),
        from_file: false,
    };
    let rules = Rules { refuse_expired: false, allow_specimens: true, ..Rules::default() };
    let decision = decide(&read, &face, &NumberSearch::default(), None, 1, &rules, TODAY);
    let line = decision.lines.iter().find(|l| l.title == Check::Chip.into()).unwrap();
    (decision.overall, line.status)
}

#[test]
fn a_genuine_chip_passes_and_a_tampered_one_refuses() {
    let country = Country::new(Kind::P256);
    let print = printed(ZONE);
    assert_eq!(decided(findings(&country.chip(), &country.trust(), Some(&print))), (Overall::Ok, Status::Passed));
    assert_eq!(decided(findings(&country.chip(), &Trust::new(), Some(&print))), (Overall::Ok, Status::Failed), "its issuer is not known");
    let other = printed(&ZONE.replace("ERIKSSON", "ERIKSSEN"));
    assert_eq!(
        decided(findings(&country.chip(), &country.trust(), Some(&other))),
        (Overall::Undecided, Status::Failed),
        "a letter of the name"
    );
    let mut tampered = country.chip();
    tampered.insert(ElementaryFile::DataGroup(DataGroup::ZONE), zone_group(&ZONE.replace("ERIKSSON", "ERIKSSEN")));
    assert_eq!(decided(findings(&tampered, &country.trust(), Some(&print))), (Overall::Refused, Status::Failed));
}
