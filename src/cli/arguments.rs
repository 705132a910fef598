//! Arguments as typed.

use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;

/// Heading of the options that every command understands.
const EVERYWHERE: &str = "Options of every command";

/// What the exit codes mean, below the help.
const EXIT_CODES: &str = "Exit codes: 0 done or yes; 1 no match, attack, refused, undecided or unknown; 2 bad input or usage; \
3 camera, model, disk, network or another part of the environment.";

/// Enrols and verifies people in person, on this machine.
#[derive(Debug, Parser)]
#[command(name = "visavis", version, about, after_help = EXIT_CODES)]
pub struct Arguments {
    /// Options every command understands.
    #[command(flatten)]
    pub global: Global,
    /// What to do; without a command the window opens.
    #[command(subcommand)]
    pub command: Option<CommandLine>,
}

impl Arguments {
    /// Parses a command line, program name first. A command that is not whole is a usage error that says what is missing, not a page of
    /// help.
    ///
    /// # Errors
    /// The parser's error, which is also how help and version are asked for.
    pub fn parse_strictly(arguments: &[OsString]) -> Result<Self, clap::Error> {
        Self::from_arg_matches(&strict(Self::command()).try_get_matches_from(arguments)?)
    }
}

fn strict(command: clap::Command) -> clap::Command {
    command.arg_required_else_help(false).mut_subcommands(strict)
}

/// Options every command understands.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Configuration file [default: visavis.toml in the configuration folder].
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder of gallery, keys and installed models.
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Model pack: a folder with a manifest.toml, or the name of an installed pack.
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "DIR|PACK")]
    pub models: Option<String>,
    /// `webcam[:id] | replay:<file or folder> | synthetic[:scenario] | document[:kind]`
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "CAMERA")]
    pub camera: Option<String>,
    /// quick | liveness | portrait | knomi
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "NAME")]
    pub capture_profile: Option<String>,
    /// One JSON document (or JSON lines) on standard output.
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub json: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum CommandLine {
    /// The application full screen, for a subject.
    Kiosk,
    /// The officer's desk.
    Desk,
    /// A guided practice enrolment and verification with the rendered subject.
    Demo(super::demo::DemoCommand),
    /// Enrols a person, from the camera or from a picture file.
    Enrol(super::flows::EnrolCommand),
    /// New templates for a known person.
    ReEnrol(super::flows::ReEnrolCommand),
    /// Whether a person is who they claim to be: exit code 0 match, 1 no match.
    Authenticate(super::flows::AuthenticateCommand),
    /// Who a person is: exit code 0 identified, 1 unknown.
    Identify(super::flows::IdentifyCommand),
    /// What the machine sees in pictures, one JSON line a picture.
    Analyze(super::analyze::AnalyzeCommand),
    /// 1:1: whether two pictures show one person.
    Compare(super::compare::CompareCommand),
    /// Reads and checks an identity document, alone or against a picture of a face.
    Document(super::document::DocumentCommand),
    /// How long each stage takes on this machine.
    Bench(super::bench::BenchCommand),
    /// Error rates over picture files, with exact intervals.
    Evaluate(super::evaluate::EvaluateCommand),
    /// Rendered attacks and genuine people through the whole capture flow, per species.
    Drill(super::drill::DrillCommand),
    /// Named galleries, their members, and the people enrolled.
    Gallery(super::gallery::GalleryCommand),
    /// Completed enrolments, paged.
    Record(super::record::RecordCommand),
    /// What is owed to identity services: listed, delivered, decided, carried by hand.
    Sync(super::sync::SyncCommand),
    /// Identity services: what they can be asked, asking them, testing them.
    Remote(super::remote::RemoteCommand),
    /// Who is told of what happens here, what they still have to be told, and what happened.
    Events(super::events::EventsCommand),
    /// Model packs on this machine, and how to get one.
    Models(super::models::ModelsCommand),
    /// Configuration, cameras, models, backend, keys, galleries, disk, clock and identity services in one pass: exit code 1 when something failed.
    Doctor,
    /// The audit trail.
    #[command(subcommand)]
    Audit(super::audit::AuditCommand),
    /// The region of interest of a capture profile in a frame.
    Roi(super::roi::RoiCommand),
    /// A local server that answers as an identity service does.
    Twin(super::twin::TwinCommand),
    /// Shows or checks the configuration in force.
    #[command(subcommand)]
    Config(super::configuration::ConfigCommand),
}
