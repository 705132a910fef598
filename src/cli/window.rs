//! `visavis`, `visavis kiosk` and `visavis desk`: the application in its window.

use super::{Answer, Failure, Global, Printer, assemble, parts};
use crate::config::ThemeChoice;
use crate::runtime::application::Application;
use crate::runtime::clock::{Clock, SystemClock};
use crate::runtime::messages::{Command, Notice, Seat, Snapshot};
use crate::ui::app::{Backend, WindowError, run_window};
use crate::ui::strings::Language;
use crate::ui::theme::Theme;
use crate::ui::window::Options;
use std::sync::Arc;

/// The application as the window talks to it; its threads end in order when the window closes.
pub(super) struct Live(Option<Application>);

impl Live {
    pub(super) const fn new(application: Application) -> Self {
        Self(Some(application))
    }

    /// The application.
    pub(super) fn application(&mut self) -> &mut Application {
        self.0.as_mut().expect("taken only when dropped")
    }
}

impl Backend for Live {
    fn handle(&mut self, command: Command) {
        self.application().handle(command);
    }

    fn poll(&mut self) -> Vec<Notice> {
        self.application().poll()
    }

    fn snapshot(&self) -> Snapshot {
        self.0.as_ref().expect("taken only when dropped").snapshot()
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        if let Some(application) = self.0.take() {
            application.shut_down(std::time::Duration::from_secs(3));
        }
    }
}

/// Whether there is a display to open a window on.
pub(super) fn display() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty());
    !cfg!(all(unix, not(target_os = "macos"))) || ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"].into_iter().any(set)
}

pub(super) fn run(global: &Global, seat: Seat, full_screen: bool, printer: &Printer) -> Result<Answer, Failure> {
    let parts = parts::Parts::new(global)?;
    let camera = assemble::camera(&parts)?;
    open_with(&parts, camera, seat, full_screen, printer, |live| live)?;
    Ok(Answer::Yes)
}

/// Opens the window over a fresh application, with `wrap` around it, and returns when it is closed.
pub(super) fn open_with<B: Backend + 'static>(
    parts: &parts::Parts,
    camera: crate::adapters::camera::CameraChoice,
    seat: Seat,
    full_screen: bool,
    printer: &Printer,
    wrap: impl FnOnce(Live) -> B + 'static,
) -> Result<(), Failure> {
    if !display() {
        return Err(WindowError::NoDisplay.into());
    }
    let options = options(parts, seat, full_screen);
    // The application needs the window's waker, and the window must not open when the application cannot start: wake through a slot.
    let slot: Arc<std::sync::OnceLock<crate::runtime::messages::Waker>> = Arc::default();
    let waking = Arc::clone(&slot);
    let waker: crate::runtime::messages::Waker = Arc::new(move || {
        if let Some(wake) = waking.get() {
            wake();
        }
    });
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::start());
    let mut application = assemble::application(parts, seat, camera, clock, Arc::clone(&waker))?;
    super::sync::attach(parts, &mut application, true)?;
    assemble::announce(&application, false, printer);
    let live = Live::new(application);
    run_window(options, move |wake| {
        // The window is made once; a second waker cannot come.
        let _ = slot.set(wake);
        wrap(live)
    })?;
    Ok(())
}

/// The window's options from the configuration.
pub(super) fn options(parts: &parts::Parts, seat: Seat, full_screen: bool) -> Options {
    let window = &parts.config.window;
    Options {
        theme: if window.theme == ThemeChoice::Dark { Theme::Dark } else { Theme::Light },
        language: Language::from_tag(&window.language).unwrap_or(Language::English),
        reduced_motion: window.reduced_motion,
        full_screen,
        ..Options::of(seat)
    }
}
