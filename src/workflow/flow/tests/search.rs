//! What a search shows, and to whom.

use super::*;
use crate::biometrics::identification::decision::UnknownReason;

#[test]
fn an_identification_shows_others_to_officers_only() {
    for (attended, decided, found, expected) in [
        (false, true, vec![candidate(1, true), candidate(2, false)], "= identified true, 1 shown"),
        (true, true, vec![candidate(1, true), candidate(2, false)], "= identified true, 2 shown"),
        (false, false, vec![candidate(1, true), candidate(2, true)], "= identified false, 0 shown"),
        (true, false, vec![candidate(1, true)], "= identified false, 1 shown"),
        (true, true, vec![], "= identified false, 0 shown"),
        (true, true, vec![candidate(1, false)], "= identified false, 1 shown"),
    ] {
        let mut bench = Bench::begun(FlowStart { attended, ..start(FlowKind::Identify) });
        bench.face(PadOutcome::BonaFide);
        let request = bench.request;
        bench.send(FlowEvent::Searched { request, result: Ok(SearchAnswer { candidates: found, decided, basis: ambiguous() }) });
        assert_eq!(bench.screen(), expected);
    }
}

#[test]
fn a_search_says_undecided_unknown_or_who_and_never_more_than_its_numbers_bear_out() {
    use IdentificationDecision::{Ambiguous, Identified, Unknown};
    let too_large =
        Unknown(UnknownReason::UnsupportedGallerySize { needed_false_match_rate: 1e-6, supported: 1005, strictest_rate: 0.095 });
    for (decision, decided, found, shown, audited) in [
        (Identified(person(1)), true, vec![candidate(1, true)], Identified(person(1)), "identified"),
        (Ambiguous, false, vec![candidate(1, true), candidate(2, true)], Ambiguous, "undecided"),
        (too_large, false, vec![candidate(1, false)], too_large, "unknown"),
        // Named, and below the threshold.
        (Identified(person(1)), true, vec![candidate(1, false)], Unknown(UnknownReason::BelowThreshold), "unknown"),
    ] {
        let mut bench = Bench::begun(FlowStart { attended: true, ..start(FlowKind::Identify) });
        bench.face(PadOutcome::BonaFide);
        let basis = SearchBasis { searched: 77, ..SearchBasis::of(decision) };
        let request = bench.request;
        bench.send(FlowEvent::Searched { request, result: Ok(SearchAnswer { candidates: found, decided, basis }) });
        let Some(Outcome::Identified { basis, .. }) = bench.flow.outcome() else { panic!("{}", bench.screen()) };
        assert_eq!((basis.decision, basis.searched), (shown, 77));
        assert!(matches!(bench.end(), Some(AuditEvent::FlowEnded { outcome, .. }) if outcome == audited));
    }
}

#[test]
fn a_search_looks_at_those_it_was_asked_about() {
    for (gallery, expected) in [(None, "  identify"), (Some("visitors"), "  identify in visitors")] {
        let scope = SearchScope { gallery: gallery.map(str::to_owned), ..SearchScope::default() };
        let mut bench = Bench::begun(FlowStart { scope, ..start(FlowKind::Identify) });
        bench.face(PadOutcome::BonaFide);
        assert!(bench.log.iter().any(|line| line == expected), "{:?}", bench.log);
    }
}
