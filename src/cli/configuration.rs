//! `visavis config`.

use super::{Answer, Failure, Global, Printer, environment};
use crate::documents::checks::Rules;
use crate::workflow::capture_profile::CaptureProfiles;
use clap::Subcommand;
use serde::Serialize;

/// Shows or checks the configuration in force.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Every setting with its value and where it came from.
    Show,
    /// Whether the configuration can be used.
    Check,
}

#[derive(Serialize)]
struct Shown<'a> {
    file: String,
    settings: &'a [crate::config::Setting],
}

pub(super) fn run(global: &Global, command: &ConfigCommand, printer: &Printer) -> Result<Answer, Failure> {
    let effective = environment::configuration(global)?;
    // Profiles and states are known on higher floors than the configuration; one that is none is a configuration that cannot be used.
    CaptureProfiles::with_overrides(&effective.config.capture.profiles)?.get(&effective.config.capture.profile)?;
    Rules::check(&effective.config.documents)?;
    let file = environment::config_path(global)?.display().to_string();
    match command {
        ConfigCommand::Show => {
            let settings = effective.settings();
            printer.document("config", &Shown { file, settings }, || {
                let width = settings.iter().map(|s| s.key.len()).max().unwrap_or(0);
                let row = |s: &crate::config::Setting| format!("{:width$} = {}  ({})\n", s.key, s.value, origin(s.origin));
                settings.iter().map(row).collect()
            })?;
        }
        ConfigCommand::Check => {
            let there = std::path::Path::new(&file).exists();
            printer.document("config-check", &serde_json::json!({ "file": file, "exists": there, "usable": true }), || {
                if there { format!("{file}: usable") } else { format!("there is no {file}; the defaults are in force") }
            })?;
        }
    }
    Ok(Answer::Yes)
}

fn origin(origin: crate::config::Origin) -> &'static str {
    match origin {
        crate::config::Origin::Default => "default",
        crate::config::Origin::File => "file",
        crate::config::Origin::CommandLine => "command line",
    }
}
