//! How well documents are found: rendered scenes with known corners, counted and timed.

use super::document::line_reader::MrzLineReader;
use super::document::reading::{copy_signs, tampering, zone_of};
use crate::adapters::barcode::encode_pdf417;
use crate::adapters::camera::synthetic::document::{
    Alteration, Conditions, DeskKind, Finger, Holder, Page, PageKind, Presentation, Printer, Scene, ZONE_MM,
};
use crate::biometrics::evaluation::Rate;
use crate::documents::barcode::Modules;
use crate::documents::checks::Suspicion;
use crate::documents::mrz::write::write;
use crate::documents::picture::copies::Place;
use crate::documents::picture::{Found, Measures, copies, find, measure};
use crate::documents::zone::search::Found as Zone;
use crate::geometry::{Point, Rect, Size};
use crate::imaging::Frame;
use crate::ports::camera::{CapturedFrame, Origin};
use crate::runtime::clock::Clock;
use crate::runtime::drill::report::Counted;
use crate::units::Moment;
use crate::workflow::document_capture::DocumentObservation;
use crate::workflow::document_capture::gates::{DocumentGates, findings};
use serde::Serialize;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use time::Date;

/// Invented people whose documents are shown; drawing a face takes longer than a scene.
const PEOPLE: u64 = 12;
/// Largest corner error that counts as found, over the document's diagonal.
pub const TOLERANCE: f32 = 0.01;

/// What is rendered.
#[derive(Debug, Clone)]
pub struct ScenesPlan {
    /// Draws everything.
    pub seed: u64,
    /// Scenes with a document.
    pub count: usize,
    /// Size of the simulated camera's frames.
    pub size: Size,
    /// Threads.
    pub workers: usize,
    /// The day on which zones are judged.
    pub today: Date,
}

/// Makes a reader of zones for each worker; `None` leaves zones unread.
pub type Readers<'a> = &'a (dyn Fn() -> Option<MrzLineReader> + Sync);

/// A worker of the measurement ended without a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a worker of the measurement has stopped")]
pub struct WorkerLost;

impl crate::advice::Advised for WorkerLost {
    fn advice(&self) -> crate::advice::Advice {
        crate::advice::Advice::environment("SYS-38", "Run the measurement again, with fewer workers if memory is short.")
    }
}

/// What came of one scene.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Outcome {
    surface: DeskKind,
    kind: PageKind,
    held: bool,
    /// Corner error of the likeliest document over the diagonal; `None` where none was found.
    error: Option<f32>,
    /// Documents found beyond the one there is.
    extra: usize,
    /// Whether something was found on the same desk without the document, and whether it would be taken for one by its print.
    empty: [bool; 2],
    find_seconds: f64,
    measure_seconds: f64,
    /// Whether a capture would take the frame.
    compliant: bool,
    /// Whether every line of the zone was read right; `None` for pages without one, where a finger lies over it, and unread.
    zone_right: Option<bool>,
    /// What the document itself is suspected of: a screen, a photocopy.
    suspected: [bool; 2],
    /// Which copy was shown in its place, and what that was suspected of.
    copy: (Presentation, [bool; 2]),
    /// Whether somebody was suspected to have worked on the document itself; `None` where it could not be looked at.
    tampering: Option<bool>,
    /// The same of the document with work done on it, where it has something to work on.
    altered: Option<(Alteration, Option<bool>)>,
}

/// Times of a stage on one core, milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Times {
    /// Mean.
    pub mean: f64,
    /// 95 % are not longer.
    pub p95: f64,
    /// Longest.
    pub worst: f64,
}

/// Corner errors over the document's diagonal; scenes in which nothing was found are left out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Errors {
    /// Half are not larger.
    pub median: f32,
    /// 90 %.
    pub p90: f32,
    /// 95 %.
    pub p95: f32,
    /// 99 %.
    pub p99: f32,
}

/// A group of scenes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// For instance `held by hand`.
    pub name: String,
    /// Corners within [`TOLERANCE`].
    pub found: Counted,
}

/// How often a presentation was suspected. Of the documents themselves the rates are false alarms (as BPCER), of copies one minus the rate is what
/// got through (as APCER).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Suspected {
    /// `genuine`, or the species of copy.
    pub presentation: &'static str,
    /// Of being shown on a screen.
    pub screen_replay: Counted,
    /// Of being a photocopy or print.
    pub photocopy: Counted,
    /// Of either.
    pub either: Counted,
}

/// How often somebody was suspected to have worked on a document. Of documents as they are the rate is of false alarms, of altered ones one minus the
/// rate is what got through, where nothing could be looked at included.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tampered {
    /// `genuine`, or the alteration.
    pub document: &'static str,
    /// Suspected.
    pub suspected: Counted,
    /// Could not be looked at.
    pub not_looked: Counted,
}

/// The whole measurement.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScenesReport {
    /// What it was drawn from.
    pub seed: u64,
    /// Frame size.
    pub frame: [u32; 2],
    /// Largest corner error that counts as found, over the document's diagonal.
    pub tolerance: f32,
    /// Corners within the tolerance.
    pub found: Counted,
    /// Nothing found although a document is there.
    pub missed: Counted,
    /// Something else taken for the document.
    pub misplaced: Counted,
    /// A second document seen where there is one.
    pub extra: Counted,
    /// Something found on the same desk without a document.
    pub found_without_document: Counted,
    /// The same, with print on it that a capture would go on with.
    pub printed_without_document: Counted,
    /// Corner errors.
    pub error: Errors,
    /// By surface, kind of page, and whether it lies or is held.
    pub groups: Vec<Group>,
    /// Zones read right, every character of every line, on all scenes that show one with no finger over it.
    pub zones: Counted,
    /// The same on frames that a capture would have taken.
    pub zones_captured: Counted,
    /// What was suspected, of the documents themselves and of copies of them in the same places.
    pub suspicions: Vec<Suspected>,
    /// Whether somebody was suspected to have worked on them, of documents as they are and of altered ones in the same places.
    pub tampering: Vec<Tampered>,
    /// Finding.
    pub find_ms: Times,
    /// Measuring light, glare and sharpness.
    pub measure_ms: Times,
    /// Frames a second of both on one core.
    pub frames_per_second: f64,
}

impl ScenesPlan {
    /// Renders and looks for everything. The figures do not depend on the number of workers, except the times.
    ///
    /// - `readers`: makes each worker's reader of zones.
    /// - `progress`: called by the workers after every scene.
    ///
    /// # Errors
    /// [`WorkerLost`].
    pub fn run(&self, readers: Readers<'_>, clock: &Arc<dyn Clock>, progress: &(dyn Fn() + Sync)) -> Result<ScenesReport, WorkerLost> {
        let next = AtomicUsize::new(0);
        let work = || {
            let mut stage = Stage::new(self, readers());
            let mut done = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= self.count {
                    return done;
                }
                done.push((number, stage.play(number as u64, clock)));
                progress();
            }
        };
        let mut outcomes = std::thread::scope(|scope| {
            let start =
                |n: usize| std::thread::Builder::new().name(format!("scenes-{n}")).spawn_scoped(scope, work).map_err(|_| WorkerLost);
            let threads: Vec<_> = (0..self.workers.clamp(1, self.count.max(1))).map(start).collect();
            let mut outcomes = Vec::new();
            for thread in threads {
                outcomes.extend(thread?.join().map_err(|_| WorkerLost)?);
            }
            Ok(outcomes)
        })?;
        outcomes.sort_by_key(|(number, _)| *number);
        Ok(self.report(&outcomes.into_iter().map(|(_, outcome)| outcome).collect::<Vec<_>>()))
    }

    fn report(&self, outcomes: &[Outcome]) -> ScenesReport {
        let count = |of: &dyn Fn(&Outcome) -> bool| rate(outcomes.iter(), of);
        let mut errors: Vec<f32> = outcomes.iter().filter_map(|o| o.error).collect();
        errors.sort_by(f32::total_cmp);
        let error_at = |part: f64| quantile(&errors, part).unwrap_or(f32::NAN);
        let (find_ms, measure_ms) = (times(outcomes.iter().map(|o| o.find_seconds)), times(outcomes.iter().map(|o| o.measure_seconds)));
        ScenesReport {
            seed: self.seed,
            frame: [self.size.width, self.size.height],
            tolerance: TOLERANCE,
            found: count(&is_right),
            missed: count(&|o| o.error.is_none()),
            misplaced: count(&|o| o.error.is_some() && !is_right(o)),
            extra: count(&|o| o.extra > 0),
            found_without_document: count(&|o| o.empty[0]),
            printed_without_document: count(&|o| o.empty[1]),
            error: Errors { median: error_at(0.5), p90: error_at(0.9), p95: error_at(0.95), p99: error_at(0.99) },
            groups: groups(outcomes),
            zones: rate(outcomes.iter().filter(|o| o.zone_right.is_some()), &|o| o.zone_right == Some(true)),
            zones_captured: rate(outcomes.iter().filter(|o| o.compliant && o.zone_right.is_some()), &|o| o.zone_right == Some(true)),
            suspicions: suspicions(outcomes),
            tampering: tampered(outcomes),
            find_ms,
            measure_ms,
            frames_per_second: 1000.0 / (find_ms.mean + measure_ms.mean).max(1e-6),
        }
    }
}

fn is_right(outcome: &Outcome) -> bool {
    outcome.error.is_some_and(|e| e < TOLERANCE)
}

fn rate<'a>(outcomes: impl Iterator<Item = &'a Outcome>, of: &dyn Fn(&Outcome) -> bool) -> Counted {
    rate_of(outcomes.map(of))
}

fn rate_of(happened: impl Iterator<Item = bool>) -> Counted {
    let mut rate = Rate::default();
    for happened in happened {
        rate.trials += 1;
        rate.events += u64::from(happened);
    }
    rate.into()
}

fn groups(outcomes: &[Outcome]) -> Vec<Group> {
    let group = |name: String, of: &dyn Fn(&Outcome) -> bool| Group { name, found: rate(outcomes.iter().filter(|o| of(o)), &is_right) };
    let mut groups = vec![group("lying".to_owned(), &|o| !o.held), group("held by hand".to_owned(), &|o| o.held)];
    groups.extend(DeskKind::ALL.map(|kind| group(format!("on {kind:?}").to_lowercase(), &|o| o.surface == kind)));
    groups.extend(PageKind::ALL.map(|kind| group(format!("{kind:?}"), &|o| o.kind == kind)));
    groups
}

fn tampered(outcomes: &[Outcome]) -> Vec<Tampered> {
    let of = |document: &'static str, looks: Vec<Option<bool>>| Tampered {
        document,
        suspected: rate_of(looks.iter().map(|l| *l == Some(true))),
        not_looked: rate_of(looks.iter().map(Option::is_none)),
    };
    let altered = |alteration| outcomes.iter().filter_map(move |o| o.altered.filter(|(a, _)| *a == alteration)).map(|(_, looked)| looked);
    let genuine = of("genuine", outcomes.iter().map(|o| o.tampering).collect());
    std::iter::once(genuine).chain(Alteration::ALL.map(|a| of(a.name(), altered(a).collect()))).collect()
}

fn suspicions(outcomes: &[Outcome]) -> Vec<Suspected> {
    let genuine = outcomes.iter().map(|o| (Presentation::Genuine, o.suspected));
    let shown: Vec<(Presentation, [bool; 2])> = genuine.chain(outcomes.iter().map(|o| o.copy)).collect();
    let count = |presentation: Presentation, of: fn(&[bool; 2]) -> bool| {
        let mut rate = Rate::default();
        for (_, suspected) in shown.iter().filter(|(p, _)| *p == presentation) {
            rate.trials += 1;
            rate.events += u64::from(of(suspected));
        }
        rate.into()
    };
    let suspected = |presentation: Presentation| Suspected {
        presentation: presentation.name(),
        screen_replay: count(presentation, |s| s[0]),
        photocopy: count(presentation, |s| s[1]),
        either: count(presentation, |s| s[0] || s[1]),
    };
    std::iter::once(Presentation::Genuine).chain(Presentation::COPIES).map(suspected).collect()
}

/// The value that this part of the sorted values does not exceed; `None` of nothing.
pub(super) fn quantile<T: Copy>(sorted: &[T], part: f64) -> Option<T> {
    let at = (part * sorted.len() as f64).ceil().max(1.0) as usize - 1;
    sorted.get(at).copied()
}

fn times(seconds: impl Iterator<Item = f64>) -> Times {
    let mut ms: Vec<f32> = seconds.map(|s| (s * 1000.0) as f32).collect();
    ms.sort_by(f32::total_cmp);
    let mean = ms.iter().map(|v| f64::from(*v)).sum::<f64>() / ms.len().max(1) as f64;
    let at = |part: f64| f64::from(quantile(&ms, part).unwrap_or(f32::NAN));
    Times { mean, p95: at(0.95), worst: at(1.0) }
}

/// One worker's printer and what it has printed.
struct Stage<'a> {
    plan: &'a ScenesPlan,
    reader: Option<MrzLineReader>,
    printer: Printer,
    pages: HashMap<(PageKind, u64), Page>,
    symbols: HashMap<u64, Option<Modules>>,
}

impl<'a> Stage<'a> {
    fn new(plan: &'a ScenesPlan, reader: Option<MrzLineReader>) -> Self {
        Self { plan, reader, printer: Printer::new(), pages: HashMap::new(), symbols: HashMap::new() }
    }

    fn play(&mut self, number: u64, clock: &Arc<dyn Clock>) -> Outcome {
        let kinds = PageKind::ALL.len() as u64;
        let kind = PageKind::ALL[(number % kinds) as usize];
        let person = number / kinds % PEOPLE;
        let seed = self.plan.seed.wrapping_mul(1_000_003).wrapping_add(number);
        let scene = Scene::random(&Conditions::counter(self.plan.size), kind.size_mm(), seed);
        let shot = scene.take(Some(self.page(kind, person)));
        let begun = clock.now();
        let found = find(&shot.frame);
        let looked = clock.now();
        let measures = found.first().and_then(|f| measure(&shot.frame, f));
        let measured = clock.now();
        let zone = self.read(&shot.frame, found.first());
        let in_sight = self.reader.is_some() && !scene.fingers.iter().any(|f| reaches_zone(f, kind));
        let zone_right = in_sight.then(|| kind.zone()).flatten().map(|format| {
            let printed = write(&Holder::from_seed(person).zone(format)).unwrap_or_default();
            zone.as_ref().is_some_and(|z| z.reading.mrz.lines.iter().map(String::as_str).eq(printed.iter().map(String::as_str)))
        });
        let suspected = suspicions_of(&shot.frame, found.first(), zone.as_ref());
        let copy = self.copy(&scene, number, kind, person);
        let place = found.first().map(Place::of_page);
        let face = self.page(kind, person).portrait_mm.map(|p| face_of(&scene, kind, p));
        let tampering = worked_on(&shot.frame, place.as_ref(), zone.as_ref(), face.as_ref());
        let altered = self.altered(&scene, number, kind, person, face.as_ref());
        let error = found.first().zip(shot.corners).map(|(f, truth)| f.corners.corner_error(&truth));
        // The hands would still hold something.
        let empty = Scene { fingers: Vec::new(), ..scene.clone() }.take(None).frame;
        let ghost = find(&empty);
        let printed = |f: &Found| measure(&empty, f).is_some_and(|m| m.rise_mm.is_some_and(|rise| rise < 0.4));
        Outcome {
            surface: scene.surface,
            kind,
            held: !scene.fingers.is_empty(),
            error,
            extra: found.len().saturating_sub(1),
            empty: [!ghost.is_empty(), ghost.first().is_some_and(printed)],
            find_seconds: looked.since(begun).as_secs_f64(),
            measure_seconds: measures.map_or(0.0, |_| measured.since(looked).as_secs_f64()),
            compliant: is_compliant(shot.frame, found, measures),
            zone_right,
            suspected,
            copy,
            tampering,
            altered,
        }
    }

    /// The same page in the same place, as a copy.
    fn copy(&mut self, scene: &Scene, number: u64, kind: PageKind, person: u64) -> (Presentation, [bool; 2]) {
        let species = Presentation::COPIES[(number / PageKind::ALL.len() as u64 % 3) as usize];
        let shot = Scene { presentation: species, ..scene.clone() }.take(Some(self.page(kind, person)));
        let page = find(&shot.frame).first().copied();
        let zone = self.read(&shot.frame, page.as_ref());
        (species, suspicions_of(&shot.frame, page.as_ref(), zone.as_ref()))
    }

    /// The same page in the same place, with work done on it: in turn of each kind that it has something for.
    fn altered(
        &mut self,
        scene: &Scene,
        number: u64,
        kind: PageKind,
        person: u64,
        face: Option<&[Point; 4]>,
    ) -> Option<(Alteration, Option<bool>)> {
        let page = self.page(kind, person).clone();
        let possible: Vec<Alteration> = Alteration::ALL
            .into_iter()
            .filter(|a| if *a == Alteration::PatchedZone { page.zone_mm.is_some() } else { page.portrait_mm.is_some() })
            .collect();
        let alteration = *possible.get((number / PageKind::ALL.len() as u64) as usize % possible.len().max(1))?;
        let altered = self.printer.altered(&page, alteration, scene.seed)?;
        let frame = scene.take(Some(&altered)).frame;
        let found = find(&frame).first().copied();
        let zone = self.read(&frame, found.as_ref());
        Some((alteration, worked_on(&frame, found.as_ref().map(Place::of_page).as_ref(), zone.as_ref(), face)))
    }

    /// A reader that fails reads nothing, and that is counted.
    fn read(&mut self, frame: &Frame, page: Option<&Found>) -> Option<Zone> {
        zone_of(frame, page, self.reader.as_mut()?, self.plan.today).ok().flatten()
    }

    fn page(&mut self, kind: PageKind, person: u64) -> &Page {
        let holder = Holder::from_seed(person);
        let symbol = self.symbols.entry(person).or_insert_with(|| encode_pdf417(&holder.licence_payload()).ok());
        self.pages.entry((kind, person)).or_insert_with(|| self.printer.page(kind, &holder, symbol.as_ref()))
    }
}

/// Whether a finger lies over the strip at the page's lower edge where its zone is.
fn reaches_zone(finger: &Finger, kind: PageKind) -> bool {
    let (half_width, half_height) = (kind.size_mm().0 / 2.0, kind.size_mm().1 / 2.0);
    let over = |t: f32| {
        let (x, y) = (finger.from.0 + t * (finger.to.0 - finger.from.0), finger.from.1 + t * (finger.to.1 - finger.from.1));
        x.abs() < half_width + finger.radius && y > half_height - ZONE_MM - finger.radius && y < half_height + finger.radius
    };
    (0..=40).any(|k| over(k as f32 / 40.0))
}

/// Where the face in a portrait is in the picture, about as a detector frames it: top left first as the page is read, then clockwise.
fn face_of(scene: &Scene, kind: PageKind, portrait: Rect) -> [Point; 4] {
    let (width, height) = kind.size_mm();
    let (centre, half) = (portrait.centre(), (portrait.width * 0.27, portrait.height * 0.29));
    let map = scene.page.picture_from_thing(&scene.lens);
    [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)].map(|(x, y): (f32, f32)| {
        let on_page = Point::new(centre.x - width / 2.0 + x * half.0, centre.y - height / 2.0 + y * half.1);
        scene.lens.bent(map.apply(on_page))
    })
}

/// Whether somebody is suspected to have worked on the document; `None` where that could not be looked at.
fn worked_on(frame: &Frame, page: Option<&Place>, zone: Option<&Zone>, face: Option<&[Point; 4]>) -> Option<bool> {
    match tampering(frame, page, zone, face) {
        Suspicion::NotLooked => None,
        Suspicion::None { .. } => Some(false),
        Suspicion::Suspected { .. } => Some(true),
    }
}

/// Whether a screen, and whether a photocopy is suspected.
fn suspicions_of(frame: &Frame, page: Option<&Found>, zone: Option<&Zone>) -> [bool; 2] {
    let suspected = |s: Suspicion| matches!(s, Suspicion::Suspected { .. });
    copy_signs(frame, page, zone).map_or([false; 2], |s| [suspected(copies::screen_replay(&s)), suspected(copies::photocopy(&s))])
}

/// Whether capture has nothing to ask for.
fn is_compliant(frame: Frame, found: Vec<Found>, measures: Option<Measures>) -> bool {
    let frame = CapturedFrame { frame: Arc::new(frame), number: 1, captured_at: Moment::default(), origin: Origin::Practice };
    findings(&DocumentGates::default(), &DocumentObservation { frame, found, measures }, None).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::clock::SystemClock;

    #[test]
    fn figures_do_not_depend_on_the_number_of_workers() {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::start());
        let run = |workers| {
            let plan = ScenesPlan { seed: 4, count: 7, size: Size::new(640, 360), workers, today: time::macros::date!(2026 - 01 - 01) };
            let report = plan.run(&|| None, &clock, &|| {}).expect("workers end");
            (report.found, report.missed, report.error, report.groups, report.suspicions)
        };
        let (one, two) = (run(1), run(2));
        assert_eq!(one, two);
        assert_eq!(one.0.trials, 7);
    }
}
