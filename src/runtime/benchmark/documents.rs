//! Times documents on this machine: from a frame to guidance, and from the pictures that a capture took to the decision.

use crate::adapters::barcode::encode_pdf417;
use crate::adapters::camera::synthetic::document::{Act, Specimen, SpecimenKind, SpecimenSource};
use crate::documents::checks::Rules;
use crate::ports::camera::{CameraError, CapturedFrame, FrameSource as _, Origin};
use crate::runtime::clock::{Clock, SystemClock, civil_day};
use crate::runtime::document::answer::{Beside, answer};
use crate::runtime::document::reading::{DocumentError, DocumentReader};
use crate::runtime::document::watch::observe;
use crate::runtime::document_scenes::quantile;
use crate::workflow::document_capture::gates::{DocumentGates, findings};
use crate::workflow::document_capture::{DocumentShot, Side};
use serde::Serialize;
use std::sync::Arc;

/// What is shown, with the practice specimens of its sides.
const SHOWN: [(&str, &[SpecimenKind]); 5] = [
    ("passport", &[SpecimenKind::Td3]),
    ("official card", &[SpecimenKind::Td2]),
    ("visa", &[SpecimenKind::Visa]),
    ("identity card, both sides", &[SpecimenKind::Td1Front, SpecimenKind::Td1Back]),
    ("driving licence, both sides", &[SpecimenKind::LicenceFront, SpecimenKind::LicenceBack]),
];

/// Frames of a specimen that are looked at for one that a capture would take.
const MOST_FRAMES: u64 = 12;

/// Why documents could not be timed.
#[derive(Debug, thiserror::Error)]
pub enum DocumentTimingError {
    /// A specimen cannot be shown.
    #[error(transparent)]
    Camera(#[from] CameraError),
    /// A network failed.
    #[error(transparent)]
    Document(#[from] DocumentError),
}

impl crate::advice::Advised for DocumentTimingError {
    fn advice(&self) -> crate::advice::Advice {
        match self {
            Self::Camera(e) => e.advice(),
            Self::Document(e) => e.advice(),
        }
    }
}

/// Milliseconds of something done several times.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Spread {
    /// Half took no longer.
    pub median_ms: f64,
    /// 95 % took no longer.
    pub p95_ms: f64,
    /// Longest.
    pub worst_ms: f64,
}

impl Spread {
    /// `None` of nothing.
    fn of(mut times: Vec<f64>) -> Option<Self> {
        times.sort_by(f64::total_cmp);
        let at = |part: f64| quantile(&times, part);
        Some(Self { median_ms: at(0.5)?, p95_ms: at(0.95)?, worst_ms: at(1.0)? })
    }
}

/// One kind of document, timed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DocumentTiming {
    /// Which.
    pub document: &'static str,
    /// Pictures of each: its sides.
    pub pictures: usize,
    /// Documents decided about.
    pub decided: usize,
    /// Of these, how many were accepted: what is timed is the whole work, not an early end.
    pub accepted: usize,
    /// Specimens of which no frame was one that a capture takes.
    pub not_taken: usize,
    /// From a frame to what guidance knows of it: finding the page and measuring it.
    pub guidance: Option<Spread>,
    /// From all pictures to the decision: pages cut out, zone, symbol and portrait read and judged, every check.
    pub decision: Option<Spread>,
}

/// Times `rounds` practice documents of each kind.
///
/// # Errors
/// [`DocumentTimingError`].
pub fn time_documents(reader: &mut DocumentReader, rounds: u64, progress: &dyn Fn()) -> Result<Vec<DocumentTiming>, DocumentTimingError> {
    let clock = SystemClock::start();
    let today = civil_day(&clock);
    let rules = Rules::default().for_practice();
    let mut timings = Vec::new();
    for (document, sides) in SHOWN {
        let (mut guidance, mut decision) = (Vec::new(), Vec::new());
        let (mut accepted, mut not_taken) = (0, 0);
        for seed in 1..=rounds {
            let shots = sides.iter().enumerate().map(|(n, kind)| shot(*kind, n, seed, &clock, &mut guidance));
            let shots: Vec<DocumentShot> = shots.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
            if shots.len() < sides.len() {
                not_taken += 1;
            } else {
                let begun = clock.now();
                let read = shots.iter().map(|shot| reader.shot(shot, today, &clock)).collect::<Result<Vec<_>, _>>()?;
                let read: Vec<_> = read.iter().map(|(side, _)| side).collect();
                let beside = Beside { captures: 1, origin: Some(Origin::Practice), ..Beside::default() };
                let answer = answer(&read, beside, None, &rules, today);
                decision.push(clock.now().since(begun).as_secs_f64() * 1e3);
                accepted += usize::from(answer.overall == "ok");
            }
            progress();
        }
        timings.push(DocumentTiming {
            document,
            pictures: sides.len(),
            decided: decision.len(),
            accepted,
            not_taken,
            guidance: Spread::of(guidance),
            decision: Spread::of(decision),
        });
    }
    Ok(timings)
}

/// Kinds of documents that [`time_documents`] shows.
pub const KINDS: u64 = SHOWN.len() as u64;

/// The first frame of a specimen that a capture would take.
fn shot(
    kind: SpecimenKind,
    number: usize,
    seed: u64,
    clock: &dyn Clock,
    guidance: &mut Vec<f64>,
) -> Result<Option<DocumentShot>, CameraError> {
    let specimen = Specimen { kind, seed, act: Act::Still, ..Specimen::default() };
    let mut source = SpecimenSource::open(&specimen, |payload| encode_pdf417(payload).ok(), Box::new(|_| {}))?;
    for n in 0..MOST_FRAMES {
        let frame = Arc::new(source.next_frame()?);
        let begun = clock.now();
        let seen = observe(CapturedFrame { frame, number: n, captured_at: begun, origin: Origin::Practice });
        guidance.push(clock.now().since(begun).as_secs_f64() * 1e3);
        if findings(&DocumentGates::default(), &seen, None).is_empty() {
            let side = if number == 0 { Side::First } else { Side::Second };
            let (found, measures) = (seen.found.first().copied(), seen.measures);
            return Ok(Some(DocumentShot { side, frame: seen.frame, found, measures, by_hand: false }));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn practice_specimens_can_be_taken() {
        let clock = SystemClock::start();
        let sides = || SHOWN.iter().flat_map(|(_, sides)| sides.iter().enumerate());
        let never_taken: Vec<_> = (1..=8)
            .flat_map(|seed| sides().map(move |(number, kind)| (*kind, number, seed)))
            .filter(|&(kind, number, seed)| shot(kind, number, seed, &clock, &mut Vec::new()).expect("a specimen").is_none())
            .collect();
        assert_eq!(never_taken, [], "no frame of these is one that a capture takes");
    }

    #[test]
    fn a_spread_is_of_its_own_values() {
        assert_eq!(Spread::of(Vec::new()), None);
        let spread = Spread::of((1..=40).map(f64::from).rev().collect()).expect("values");
        assert_eq!((spread.median_ms, spread.p95_ms, spread.worst_ms), (20.0, 38.0, 40.0));
    }
}
