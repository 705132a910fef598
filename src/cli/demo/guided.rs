//! The demonstration in a window: the application with a guide at its side, and the same report at the end.

use super::Report;
use super::guide::Guide;
use crate::adapters::camera::CameraChoice;
use crate::cli::window::{self, Live};
use crate::cli::{Failure, Printer, parts};
use crate::runtime::clock::{Clock, SystemClock};
use crate::runtime::messages::{Command, Notice, Seat, Snapshot};
use crate::ui::app::Backend;
use std::sync::{Arc, Mutex, PoisonError};

/// What is left when the window is closed.
#[derive(Clone, Default)]
struct Left(Arc<Mutex<Option<Report>>>);

/// The application, and the guide that presses its buttons.
struct Guided {
    live: Live,
    guide: Guide,
    clock: SystemClock,
    left: Left,
}

impl Guided {
    fn new(live: Live, left: Left, returning: Option<&'static str>) -> Self {
        let clock = SystemClock::start();
        Self { guide: Guide::new(clock.now(), returning), live, clock, left }
    }

    fn note(&self, snapshot: &Snapshot) {
        let [enrolled, verified, stranger_refused] = self.guide.passed();
        let status = &snapshot.status;
        let report = Report {
            practice: status.practice,
            models: status.models.clone(),
            backend: format!("{} {}", status.backend.name, status.backend.version),
            enrolled,
            verified,
            stranger_refused,
            steps: self.guide.steps(),
            pictures: Vec::new(),
            seconds: self.clock.now().0.as_secs_f32(),
        };
        *self.left.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(report);
    }
}

impl Backend for Guided {
    fn handle(&mut self, command: Command) {
        match command {
            Command::Guide(action) => self.guide.act(action),
            other => self.live.handle(other),
        }
    }

    fn poll(&mut self) -> Vec<Notice> {
        let notices = self.live.poll();
        let snapshot = self.live.snapshot();
        let commands = self.guide.advance(&snapshot, self.clock.now());
        if !commands.is_empty() {
            self.note(&snapshot);
        }
        commands.into_iter().for_each(|command| self.live.handle(command));
        notices
    }

    fn snapshot(&self) -> Snapshot {
        let snapshot = self.live.snapshot();
        let guide = self.guide.view(&snapshot);
        Snapshot { guide, ..snapshot }
    }
}

/// Opens the window and returns what was done in it when it is closed.
pub(super) fn play(
    parts: &parts::Parts,
    camera: CameraChoice,
    returning: Option<&'static str>,
    printer: &Printer,
) -> Result<Report, Failure> {
    let left = Left::default();
    let kept = left.clone();
    window::open_with(parts, camera, Seat::Kiosk, false, printer, move |live| {
        let guided = Guided::new(live, kept, returning);
        // A window that is closed at once leaves a report as well.
        guided.note(&guided.live.snapshot());
        guided
    })?;
    let report = left.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    report.ok_or_else(|| crate::cli::drive::trouble("the demonstration's window left no report", crate::cli::drive::NO_ANSWER))
}
