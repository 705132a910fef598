//! Arguments as typed.

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Enrols and verifies people in person, on this machine.
#[derive(Debug, Parser)]
#[command(name = "visavis", version, about, disable_help_subcommand = true)]
pub struct Arguments {
    /// Options every command understands.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: CommandLine,
}

/// Options every command understands.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Configuration file [default: visavis.toml in the configuration folder].
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder of gallery, keys and installed models.
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Model pack: a folder with a manifest.toml, or the name of an installed pack.
    #[arg(long, global = true, value_name = "DIR|PACK")]
    pub models: Option<String>,
    /// webcam[:id] | replay:<file or folder> | synthetic[:scenario]
    #[arg(long, global = true, value_name = "CAMERA")]
    pub camera: Option<String>,
    /// quick | liveness | portrait | knomi
    #[arg(long, global = true, value_name = "NAME")]
    pub capture_profile: Option<String>,
    /// One JSON document (or JSON lines) on standard output.
    #[arg(long, global = true)]
    pub json: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum CommandLine {
    /// The region of interest of a capture profile in a frame.
    Roi(super::roi::RoiCommand),
    /// Shows or checks the configuration in force.
    #[command(subcommand)]
    Config(super::configuration::ConfigCommand),
}
