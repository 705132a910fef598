//! `visavis models`: packs on this machine, and how to get one.

use super::thresholds::Thresholds;
use super::{Answer, Failure, Global, Printer, parts, usage};
use crate::adapters::packs::{MeasuredCalibrations, PackStore};
use crate::biometrics::comparison::ComparisonError;
use crate::biometrics::pack::{Manifest, Role};
use crate::biometrics::template::TemplateFormat;
use crate::ports::audit::{AuditEvent, AuditSink as _};
use crate::runtime::application::identification_policy;
use crate::runtime::clock::Clock as _;
use clap::{Args, Subcommand};
use serde::Serialize;
use std::path::PathBuf;

/// `visavis models`.
#[derive(Debug, Args)]
pub struct ModelsCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Packs that can be named, and the one in use.
    List,
    /// Length and SHA-256 of every file of a pack: exit code 1 when one differs.
    Verify {
        /// Name or folder; the pack in use where none is named.
        pack: Option<String>,
    },
    /// Installs a pack from its publishers, or from a folder that holds their files.
    Install {
        /// `open`: YuNet and SFace.
        pack: String,
        /// Takes the files from this folder instead of the network.
        #[arg(long, value_name = "DIR")]
        from: Option<PathBuf>,
        /// The publishers' quality model as well. It is verified and kept; this version does not run it.
        #[arg(long)]
        quality: bool,
    },
    /// Copies a pack from a folder with a manifest, verified.
    Import {
        /// Folder with a manifest.toml.
        folder: PathBuf,
    },
    /// Keeps what `visavis evaluate calibration` measured for the recogniser in use: the thresholds of every decision from then on.
    Calibrate {
        /// File that `visavis evaluate calibration --output` wrote.
        file: PathBuf,
    },
    /// What a model is for, where it comes from and how good it is.
    Card {
        /// Name or folder of the pack; the pack in use where none is named.
        #[arg(long)]
        pack: Option<String>,
        /// One role only: detector, landmarks, pose, recogniser, pad, mrz, quality.
        role: Option<String>,
    },
}

#[derive(Serialize)]
struct Pack {
    name: String,
    version: String,
    location: String,
    in_use: bool,
    usable: bool,
    /// Whether scores of its recogniser become decisions; `None` where it has no recogniser of its own.
    calibrated: Option<bool>,
    problem: Option<String>,
    roles: Vec<String>,
}

#[derive(Serialize)]
struct Check {
    role: String,
    model: String,
    file: String,
    sha256: String,
    ok: bool,
    code: Option<&'static str>,
    problem: Option<String>,
}

pub(super) fn run(global: &Global, command: &ModelsCommand, printer: &Printer) -> Result<Answer, Failure> {
    let parts = parts::Parts::new(global)?;
    let packs = parts.packs();
    match &command.action {
        Action::List => list(&parts, &packs, printer),
        Action::Verify { pack } => verify(&parts, &packs, pack.as_deref(), printer),
        Action::Install { pack, from, quality } => super::install::install(&parts, pack, from.as_deref(), *quality, printer),
        Action::Import { folder } => super::install::import(&parts, folder, printer),
        Action::Calibrate { file } => calibrate(&parts, file, printer),
        Action::Card { pack, role } => card(&parts, &packs, pack.as_deref(), role.as_deref(), printer),
    }
}

fn list(parts: &parts::Parts, packs: &PackStore, printer: &Printer) -> Result<Answer, Failure> {
    let in_use = parts.pack_location().ok();
    let known = parts.calibrations(None)?;
    let calibrated = |m: &Manifest| {
        m.role(Role::Recogniser).next().map(|spec| {
            let format = TemplateFormat { recogniser: spec.tag().into(), dimensions: 0 };
            spec.calibration.is_some() || known.of(&format).is_ok()
        })
    };
    let row = |summary: crate::adapters::packs::PackSummary| {
        let (name, version, roles, problem) = match &summary.manifest {
            Ok(m) => {
                let mut roles: Vec<String> = m.models.iter().map(|s| s.role.to_string()).collect();
                roles.dedup();
                (m.name.clone(), m.version.clone(), roles, None)
            }
            Err(e) => (String::new(), String::new(), Vec::new(), Some(e.to_string())),
        };
        let (location, usable) = (summary.location.to_string(), problem.is_none());
        let calibrated = summary.manifest.as_ref().ok().and_then(calibrated);
        Pack { name, version, location, in_use: in_use.as_ref() == Some(&summary.location), usable, calibrated, problem, roles }
    };
    let mut rows: Vec<Pack> = packs.list().into_iter().map(row).collect();
    if let Some(location) = in_use.as_ref().filter(|_| !rows.iter().any(|r| r.in_use)) {
        rows.push(row(crate::adapters::packs::PackSummary { manifest: packs.manifest(location), location: location.clone() }));
    }
    printer.document("models", &serde_json::json!({ "packs": rows }), || {
        if rows.is_empty() {
            return "no model pack is here; `visavis models install open` gets one".to_owned();
        }
        let line = |p: &Pack| {
            let mark = if p.in_use { "*" } else { " " };
            let what = p.problem.clone().unwrap_or_else(|| p.roles.join(", "));
            let undecided = if p.calibrated == Some(false) { "; not calibrated: decides nothing" } else { "" };
            format!("{mark} {} {}  {}\n    {what}{undecided}\n", p.name, p.version, p.location)
        };
        rows.iter().map(line).collect()
    })?;
    Ok(Answer::Yes)
}

fn verify(parts: &parts::Parts, packs: &PackStore, pack: Option<&str>, printer: &Printer) -> Result<Answer, Failure> {
    use crate::advice::Advised as _;
    let location = pack.map_or_else(|| parts.pack_location(), |name| packs.locate(name))?;
    let check = |c: crate::adapters::packs::ModelCheck| Check {
        role: c.spec.role.to_string(),
        model: c.spec.id.clone(),
        file: c.spec.file.clone(),
        sha256: c.spec.sha256.clone(),
        ok: c.outcome.is_ok(),
        code: c.outcome.as_ref().err().map(|e| e.advice().code),
        problem: c.outcome.err().map(|e| e.to_string()),
    };
    let checks: Vec<Check> = packs.verify(&location)?.into_iter().map(check).collect();
    let sound = checks.iter().all(|c| c.ok);
    printer.document(
        "models-verify",
        &serde_json::json!({ "location": location.to_string(), "sound": sound, "models": checks }),
        || {
            let line = |c: &Check| match (&c.problem, c.code) {
                (Some(problem), Some(code)) => format!("FAILED  {:10} {} {code}: {problem}\n", c.role, c.model),
                _ => format!("ok      {:10} {} {}\n", c.role, c.model, &c.sha256[..16]),
            };
            checks.iter().map(line).collect()
        },
    )?;
    Ok(if sound { Answer::Yes } else { Answer::No })
}

/// Keeps a calibration, if it was measured with the recogniser in use.
fn calibrate(parts: &parts::Parts, file: &std::path::Path, printer: &Printer) -> Result<Answer, Failure> {
    let calibration = MeasuredCalibrations::parse(file)?;
    let pack = parts.pack()?;
    let recogniser = pack.role(Role::Recogniser).next().ok_or_else(|| parts::no_recogniser(&pack.title()))?.spec.tag();
    if calibration.recogniser() != recogniser {
        let calibrated = calibration.recogniser().to_owned();
        return Err(ComparisonError::WrongCalibration { calibrated, recogniser }.into());
    }
    // The trail is opened first: thresholds that could not be recorded are not changed.
    let mut audit = parts.audit()?;
    let path = parts.packs().calibrations().keep(&calibration)?;
    audit.append(parts.clock.utc(), &AuditEvent::SettingsChanged { keys: vec![format!("calibration.{recogniser}")] })?;
    let rates: Vec<f64> = calibration.points().iter().map(|point| point.fmr).collect();
    let shown = serde_json::json!({ "recogniser": recogniser, "file": path.display().to_string(), "false_match_rates": rates });
    printer.document("models-calibrate", &shown, || format!("{} thresholds of {recogniser} are in force", rates.len()))?;
    Ok(Answer::Yes)
}

fn card(parts: &parts::Parts, packs: &PackStore, pack: Option<&str>, role: Option<&str>, printer: &Printer) -> Result<Answer, Failure> {
    let location = pack.map_or_else(|| parts.pack_location(), |name| packs.locate(name))?;
    let role = role.map(role_of).transpose()?;
    let cards = packs.cards(&location, role)?;
    let shown: Vec<_> = cards.iter().map(|(model, text)| serde_json::json!({ "model": model, "card": text })).collect();
    let wanted = role.is_none_or(|role| role == Role::Recogniser);
    // A pack that cannot be loaded still has its cards; `models verify` says what is wrong with it.
    let calibration = packs.load(&location).ok().filter(|_| wanted).and_then(|pack| parts.calibration_of(&pack).ok());
    let thresholds = calibration.as_ref().map(|calibration| Thresholds::of(calibration, &identification_policy(&parts.config)));
    printer.document("model-cards", &serde_json::json!({ "cards": shown, "thresholds": thresholds }), || {
        let cards: String = cards.iter().map(|(_, text)| format!("{text}\n\n")).collect();
        cards + &thresholds.as_ref().map_or_else(String::new, Thresholds::text)
    })?;
    Ok(Answer::Yes)
}

fn role_of(text: &str) -> Result<Role, Failure> {
    let known = [Role::Detector, Role::Landmarks, Role::Pose, Role::Recogniser, Role::Pad, Role::Mrz, Role::Quality];
    let found = known.into_iter().find(|role| role.to_string() == text);
    found.ok_or_else(|| {
        let names: Vec<String> = known.iter().map(Role::to_string).collect();
        usage(format!("{text} is no role; there are {}", names.join(", ")))
    })
}
