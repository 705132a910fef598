//! The log: one line per event on standard error, for support. Nothing about a person is ever logged; panics name their place, not their
//! values.

use tracing::Level;

/// Starts logging at `level` and sends panics there. Does nothing when a log was started before (tests, embedding).
pub fn start(level: Level) {
    let coloured = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let log = tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).with_ansi(coloured).with_target(false).finish();
    if tracing::subscriber::set_global_default(log).is_err() {
        return;
    }
    std::panic::set_hook(Box::new(|panic| {
        let thread = std::thread::current();
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        // A formatted message could carry a value; a constant one cannot.
        let message = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("a formatted message, left out");
        tracing::error!(thread = thread.name().unwrap_or("unnamed"), place, message, "internal fault");
    }));
}
