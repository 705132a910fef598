//! Floor 8: the command line, one file per command family. Prints and exits, decides nothing.

mod analyze;
mod arguments;
mod assemble;
mod audit;
mod bench;
mod compare;
mod configuration;
mod demo;
mod doctor;
mod document;
mod document_capture;
mod document_chip;
mod document_crops;
mod drill;
mod drive;
mod environment;
mod evaluate;
mod events;
mod flows;
mod gallery;
mod install;
mod models;
mod opinions;
mod output;
mod parts;
mod record;
mod remote;
mod roi;
mod search;
mod subject;
mod sync;
mod thresholds;
mod twin;
mod window;

use crate::runtime::messages::Seat;
pub use arguments::{Arguments, CommandLine, Global};
use output::usage;
pub use output::{Failure, Printer};

use std::ffi::OsString;
use std::process::ExitCode;

/// Runs one command line, program name included, and says how the process should end.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let json = arguments.iter().any(|a| a == "--json");
    let printer = Printer::new(json);
    let parsed = match Arguments::parse_strictly(&arguments) {
        Ok(parsed) => parsed,
        Err(error) => return printer.usage(&error),
    };
    let done = dispatch(&parsed, &printer);
    match done {
        Ok(Answer::Yes) => ExitCode::SUCCESS,
        Ok(Answer::No) => ExitCode::from(1),
        Err(failure) => printer.failure(&failure),
    }
}

/// What a command that ran to its end answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Done, or yes.
    Yes,
    /// No match, attack, check failed, undecided or unknown.
    No,
}

fn dispatch(arguments: &Arguments, printer: &Printer) -> Result<Answer, Failure> {
    let Some(command) = &arguments.command else {
        return window::run(&arguments.global, Seat::Kiosk, false, printer);
    };
    match command {
        CommandLine::Kiosk => window::run(&arguments.global, Seat::Kiosk, true, printer),
        CommandLine::Desk => window::run(&arguments.global, Seat::Desk, false, printer),
        CommandLine::Demo(command) => demo::run(&arguments.global, command, printer),
        CommandLine::Enrol(command) => flows::enrol(&arguments.global, command, printer),
        CommandLine::ReEnrol(command) => flows::re_enrol(&arguments.global, command, printer),
        CommandLine::Authenticate(command) => flows::authenticate(&arguments.global, command, printer),
        CommandLine::Identify(command) => flows::identify(&arguments.global, command, printer),
        CommandLine::Analyze(command) => analyze::run(&arguments.global, command, printer),
        CommandLine::Compare(command) => compare::run(&arguments.global, command, printer),
        CommandLine::Bench(command) => bench::run(&arguments.global, command, printer),
        CommandLine::Evaluate(command) => evaluate::run(&arguments.global, command, printer),
        CommandLine::Drill(command) => drill::run(&arguments.global, command, printer),
        CommandLine::Gallery(command) => gallery::run(&arguments.global, command, printer),
        CommandLine::Record(command) => record::run(&arguments.global, command, printer),
        CommandLine::Sync(command) => sync::run(&arguments.global, command, printer),
        CommandLine::Events(command) => events::run(&arguments.global, command, printer),
        CommandLine::Remote(command) => remote::run(&arguments.global, command, printer),
        CommandLine::Models(command) => models::run(&arguments.global, command, printer),
        CommandLine::Document(command) => document::run(&arguments.global, command, printer),
        CommandLine::Doctor => doctor::run(&arguments.global, printer),
        CommandLine::Audit(command) => audit::run(&arguments.global, command, printer),
        CommandLine::Roi(command) => roi::run(&arguments.global, command, printer),
        CommandLine::Twin(command) => twin::run(command, printer),
        CommandLine::Config(command) => configuration::run(&arguments.global, command, printer),
    }
}
