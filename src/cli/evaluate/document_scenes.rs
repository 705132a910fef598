//! `visavis evaluate document-scenes`: the finder of documents on rendered scenes.

use super::super::parts::Parts;
use super::super::{Answer, Failure, Printer};
use crate::geometry::Size;
use crate::runtime::clock::{Clock, SystemClock};
use crate::runtime::document::line_reader::MrzLineReader;
use crate::runtime::document_scenes::{ScenesPlan, ScenesReport};
use crate::runtime::drill::report::Counted;
use std::sync::Arc;
use time::Date;

/// What the options ask for.
pub(super) fn plan(count: u32, seed: u64, width: u32, workers: usize, today: Date) -> ScenesPlan {
    ScenesPlan { seed, count: count as usize, size: Size::new(width, width * 9 / 16), workers, today }
}

pub(super) fn run(parts: &Parts, plan: &ScenesPlan, printer: &Printer) -> Result<Answer, Failure> {
    let (pack, inference) = (parts.pack()?, parts.inference()?);
    // What fails to load once is said; workers load the same.
    MrzLineReader::load(&pack, &inference)?;
    let readers = || MrzLineReader::load(&pack, &inference).ok();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::start());
    let bar = if printer.json() { indicatif::ProgressBar::hidden() } else { indicatif::ProgressBar::new(plan.count as u64) };
    let report = plan.run(&readers, &clock, &|| bar.inc(1))?;
    bar.finish_and_clear();
    printer.document("document-scenes-evaluation", &report, || text(&report))?;
    Ok(Answer::Yes)
}

fn text(report: &ScenesReport) -> String {
    let share =
        |c: &Counted| format!("{:6.2} % [{:.2}, {:.2}] of {}", c.rate * 100.0, c.interval.low * 100.0, c.interval.high * 100.0, c.trials);
    let percent = |v: f32| f64::from(v) * 100.0;
    let e = &report.error;
    let mut text = format!(
        "{} x {}, seed {}\ncorners within {} % of the diagonal {}\nnot found {}\nsomething else found {}\na second one found {}\n\
         found without a document {}\nof these with print {}\nerror, % of the diagonal: median {:.3}, 90 % {:.3}, 95 % {:.3}, 99 % {:.3}\n",
        report.frame[0],
        report.frame[1],
        report.seed,
        percent(report.tolerance),
        share(&report.found),
        share(&report.missed),
        share(&report.misplaced),
        share(&report.extra),
        share(&report.found_without_document),
        share(&report.printed_without_document),
        percent(e.median),
        percent(e.p90),
        percent(e.p95),
        percent(e.p99),
    );
    for group in &report.groups {
        text += &format!("  {:16} {}\n", group.name, share(&group.found));
    }
    text += &format!("zones read right {}\nof frames a capture takes {}\n", share(&report.zones), share(&report.zones_captured));
    for s in &report.suspicions {
        text += &format!(
            "suspected {:12} of a screen {}; of a photocopy {}; of either {}\n",
            s.presentation,
            share(&s.screen_replay),
            share(&s.photocopy),
            share(&s.either)
        );
    }
    for t in &report.tampering {
        text += &format!(
            "suspected of work done on it, {:16} {}; not to be looked at {}\n",
            t.document,
            share(&t.suspected),
            share(&t.not_looked)
        );
    }
    for (name, t) in [("find", &report.find_ms), ("measure", &report.measure_ms)] {
        text += &format!("{name:8} {:.1} ms, 95 % {:.1}, longest {:.1}\n", t.mean, t.p95, t.worst);
    }
    text + &format!("{:.1} frames/s on one core\n", report.frames_per_second)
}
