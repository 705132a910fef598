//! The application behind a native window: polls in `logic`, draws in `ui`, and never waits.

use super::theme;
use super::window::{Options, Window};
use crate::runtime::messages::{Command, Notice, Snapshot, Waker};

/// What a window talks to. The application implements it; fixtures implement it for tests and storyboards. No call may block.
pub trait Backend {
    /// Takes a command; its answer arrives through [`Backend::poll`].
    fn handle(&mut self, command: Command);
    /// Answers since the last call.
    fn poll(&mut self) -> Vec<Notice>;
    /// What to draw.
    fn snapshot(&self) -> Snapshot;
}

/// Why no window could be opened. The platform's own words are in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WindowError {
    /// No display answers.
    #[error("no window can be opened: there is no display")]
    NoDisplay,
    /// The display is there, and nothing can be drawn on it.
    #[error("no window can be opened: this display cannot be drawn on")]
    NoDrawing,
}

impl crate::advice::Advised for WindowError {
    fn advice(&self) -> crate::advice::Advice {
        crate::advice::Advice::environment(
            "SYS-23",
            "Start it from a desktop session; `visavis demo --out DIR` needs no display, and every flow has a command.",
        )
    }
}

/// A window over a backend.
pub struct VisavisApp<B: Backend> {
    backend: B,
    window: Window,
    snapshot: Snapshot,
}

impl<B: Backend> VisavisApp<B> {
    /// A window over `backend`; installs fonts into `ctx`.
    pub fn new(ctx: &egui::Context, backend: B, options: Options) -> Self {
        theme::install_fonts(ctx);
        let snapshot = backend.snapshot();
        Self { backend, window: Window::new(options), snapshot }
    }

    /// Drains answers and takes the newest snapshot.
    pub fn poll(&mut self) {
        for notice in self.backend.poll() {
            self.window.receive(notice);
        }
        self.snapshot = self.backend.snapshot();
    }

    /// Draws one pass and hands the commands it caused to the backend.
    pub fn show(&mut self, ui: &mut egui::Ui) {
        let mut commands = Vec::new();
        self.window.show(ui, &self.snapshot, &mut |command| commands.push(command));
        for command in commands {
            self.backend.handle(command);
        }
    }

    /// The backend, for tests.
    #[must_use]
    pub const fn backend(&self) -> &B {
        &self.backend
    }

    /// The backend, for tests.
    pub const fn backend_mut(&mut self) -> &mut B {
        &mut self.backend
    }

    /// The window's own state, for tests.
    pub const fn window_mut(&mut self) -> &mut Window {
        &mut self.window
    }
}

impl<B: Backend> eframe::App for VisavisApp<B> {
    fn logic(&mut self, _ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.poll();
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        self.show(ui);
    }
}

/// A waker that makes a window draw again; hand it to the application before the window opens.
#[must_use]
pub fn waker(ctx: &egui::Context) -> Waker {
    let ctx = ctx.clone();
    std::sync::Arc::new(move || ctx.request_repaint())
}

/// Opens the window and runs until it is closed.
///
/// `make` is called once with the waker that makes the window draw again, and returns the backend.
///
/// # Errors
/// [`WindowError`] when there is no display or no way to draw on it.
pub fn run_window<B: Backend + 'static>(options: Options, make: impl FnOnce(Waker) -> B + 'static) -> Result<(), WindowError> {
    let viewport = egui::ViewportBuilder::default()
        .with_title("Visavis")
        .with_app_id("visavis")
        .with_inner_size([1280.0, 800.0])
        .with_min_inner_size([800.0, 600.0])
        .with_fullscreen(options.full_screen);
    let native = eframe::NativeOptions { viewport, ..Default::default() };
    eframe::run_native(
        "visavis",
        native,
        Box::new(move |cc| {
            let backend = make(waker(&cc.egui_ctx));
            Ok(Box::new(VisavisApp::new(&cc.egui_ctx, backend, options)))
        }),
    )
    .map_err(|error| {
        tracing::debug!(%error, "no window");
        match error {
            eframe::Error::Winit(_) | eframe::Error::WinitEventLoop(_) => WindowError::NoDisplay,
            _ => WindowError::NoDrawing,
        }
    })
}
