//! `visavis remote`: what identity services can be asked, asking them, testing them, and the secrets they want.

use super::parts::Parts;
use super::{Answer, Failure, Global, Printer, usage};
use crate::adapters::services::call::{Input, call};
use crate::adapters::services::operation::{Operation, Route};
use crate::adapters::services::{self as services, secrets};
use crate::advice::Advice;
use crate::ports::services::{ServiceError, ServiceKind};
use crate::units::SensitiveBytes;
use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Largest file a call reads.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// `visavis remote`.
#[derive(Debug, Args)]
pub struct RemoteCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Every operation of every service, with its method and path in force.
    List {
        /// One service only.
        service: Option<Service>,
        /// Also the operations around the numbered ones.
        #[arg(long)]
        supporting: bool,
    },
    /// Calls one operation and prints the reply.
    Call(CallArguments),
    /// Tests address, trust and credentials of the configured services, without changing anything.
    Check {
        /// One service only.
        service: Option<Service>,
    },
    /// The secrets that the configuration names with `keyring:NAME`.
    #[command(subcommand)]
    Secret(SecretAction),
}

#[derive(Debug, Subcommand)]
enum SecretAction {
    /// Keeps the secret read from standard input.
    Set {
        /// Its name: a-z, 0-9 and hyphens.
        name: String,
    },
    /// Destroys a secret.
    Remove {
        /// Its name.
        name: String,
    },
}

#[derive(Debug, Args)]
struct CallArguments {
    /// Which service.
    service: Service,
    /// Number or name of the operation, as listed.
    operation: String,
    /// JSON body: a file, or `-` for standard input.
    #[arg(long, value_name = "FILE|-")]
    body: Option<PathBuf>,
    /// A value of the path, the query or the body; dots lead into objects. Visible to other processes: nothing secret.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
    /// A file for a field of the form, or as base64 for a field of the body.
    #[arg(long = "file", value_name = "FIELD=PATH")]
    files: Vec<String>,
    /// Send the body as it is, even where it differs from the operation's description.
    #[arg(long)]
    raw: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "lowercase")]
enum Service {
    Awareid,
    Uqudo,
    Faceki,
    Baf,
    Onboarding,
}

impl Service {
    const fn kind(self) -> ServiceKind {
        match self {
            Self::Awareid => ServiceKind::AwareId,
            Self::Uqudo => ServiceKind::Uqudo,
            Self::Faceki => ServiceKind::Faceki,
            Self::Baf => ServiceKind::Baf,
            Self::Onboarding => ServiceKind::Onboarding,
        }
    }
}

#[derive(Serialize)]
struct OperationRow {
    service: &'static str,
    number: u16,
    name: &'static str,
    method: crate::adapters::services::operation::Method,
    path: String,
    origin: crate::adapters::services::operation::Origin,
    offered: bool,
}

/// What became of testing one service.
#[derive(Serialize)]
pub(super) struct CheckRow {
    service: &'static str,
    usable: bool,
    clock_offset_seconds: Option<i64>,
    capabilities: Option<crate::ports::services::Capabilities>,
    code: Option<&'static str>,
    message: Option<String>,
    advice: Option<&'static str>,
    #[serde(skip)]
    failed: Option<Advice>,
}

impl CheckRow {
    /// What to do about it, where it cannot be used.
    pub(super) const fn advice(&self) -> Option<Advice> {
        self.failed
    }

    /// One line without the advice.
    pub(super) fn line(&self) -> String {
        match &self.message {
            Some(message) => format!("{}: {message}", self.service),
            None => format!("{} usable{}", self.service, self.clock()),
        }
    }

    fn clock(&self) -> String {
        match self.clock_offset_seconds {
            Some(offset) if offset.abs() > 30 => format!("; its clock differs by {offset} s"),
            _ => String::new(),
        }
    }
}

pub(super) fn run(global: &Global, command: &RemoteCommand, printer: &Printer) -> Result<Answer, Failure> {
    let parts = Parts::new(global)?;
    match &command.action {
        Action::List { service, supporting } => list(&parts, *service, *supporting, printer),
        Action::Call(arguments) => call_one(&parts, arguments, printer),
        Action::Check { service } => check(&parts, *service, printer),
        Action::Secret(action) => secret(&parts, action, printer),
    }
}

fn kinds(service: Option<Service>) -> Vec<ServiceKind> {
    service.map_or_else(|| ServiceKind::ALL.to_vec(), |s| vec![s.kind()])
}

fn list(parts: &Parts, service: Option<Service>, supporting: bool, printer: &Printer) -> Result<Answer, Failure> {
    let row = |operation: &Operation| {
        let endpoint = services::endpoint(operation.service, &parts.config.services);
        let route = Route::of(operation, &endpoint.operations);
        OperationRow {
            service: operation.service.name(),
            number: operation.number,
            name: operation.name,
            method: route.method,
            path: route.path,
            origin: operation.origin,
            offered: operation.impact != crate::adapters::services::operation::Impact::NotOffered,
        }
    };
    let mut rows = Vec::new();
    for kind in kinds(service) {
        rows.extend(services::operations(kind).iter().map(row));
        if supporting {
            rows.extend(services::supporting(kind).iter().map(row));
        }
    }
    printer.document("remote_list", &serde_json::json!({ "operations": rows }), || {
        let line = |r: &OperationRow| {
            let (method, origin) = (format!("{:?}", r.method).to_uppercase(), format!("{:?}", r.origin).to_lowercase());
            format!("{:<10} {:>3}  {:<38} {method:<6} {:<62} {origin}\n", r.service, r.number, r.name, r.path)
        };
        rows.iter().map(line).collect()
    })?;
    Ok(Answer::Yes)
}

fn call_one(parts: &Parts, arguments: &CallArguments, printer: &Printer) -> Result<Answer, Failure> {
    let kind = arguments.service.kind();
    let operation = services::find(kind, &arguments.operation)
        .ok_or_else(|| usage(format!("{} has no operation {}; see `visavis remote list`", kind.name(), arguments.operation)))?;
    let pair = |text: &String| match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(usage(format!("{text:?} is not of the form name=value"))),
    };
    let sets = arguments.sets.iter().map(pair).collect::<Result<Vec<_>, _>>()?;
    let mut files = Vec::new();
    for text in &arguments.files {
        let (field, path) = pair(text)?;
        files.push((field, SensitiveBytes(read(Path::new(&path))?)));
    }
    let body = match &arguments.body {
        None => None,
        Some(path) => {
            let bytes = if path == Path::new("-") { read_all(&mut std::io::stdin().lock(), "standard input")? } else { read(path)? };
            Some(serde_json::from_slice(&bytes).map_err(|e| usage(format!("the body is no JSON: {e}")))?)
        }
    };
    let input = Input { body, sets, files, raw: arguments.raw };
    let output = call(operation, input, &parts.config.services, parts.service_surroundings()?)?;
    if let Some(surprise) = &output.surprise {
        printer.remark(&format!("{surprise}; printed as it came"));
    }
    let document = serde_json::json!({
        "service": kind.name(),
        "number": operation.number,
        "name": operation.name,
        "status": output.status,
        "reply": output.reply,
        "surprise": output.surprise,
    });
    printer.document("remote_call", &document, || match &output.reply {
        serde_json::Value::String(text) => text.clone(),
        other => serde_json::to_string_pretty(other).unwrap_or_else(|_| other.to_string()),
    })?;
    Ok(Answer::Yes)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut file = std::fs::File::open(path).map_err(|e| unreadable(&path.display().to_string(), &e))?;
    read_all(&mut file, &path.display().to_string())
}

fn read_all(source: &mut dyn std::io::Read, name: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    source.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|e| unreadable(name, &e))?;
    if bytes.len() as u64 > MOST_BYTES { Err(unreadable(name, &std::io::Error::other("it is too long"))) } else { Ok(bytes) }
}

fn unreadable(name: &str, error: &std::io::Error) -> Failure {
    usage(format!("{name} cannot be read: {error}"))
}

/// Every service asked for, or every one configured.
fn check(parts: &Parts, service: Option<Service>, printer: &Printer) -> Result<Answer, Failure> {
    let rows = checked(parts, service.map(Service::kind))?;
    if rows.is_empty() {
        return Err(Failure::new(
            "no identity service is configured",
            Advice::input("SVC-19", "Give a service a base_url in the configuration; see `visavis config show`."),
        ));
    }
    let usable = rows.iter().all(|r| r.usable);
    printer.document("remote_check", &serde_json::json!({ "services": rows }), || rows.iter().map(check_text).collect())?;
    Ok(if usable { Answer::Yes } else { Answer::No })
}

/// Tests one service, or every one that is configured; none configured, no rows.
pub(super) fn checked(parts: &Parts, service: Option<ServiceKind>) -> Result<Vec<CheckRow>, Failure> {
    let config = &parts.config.services;
    let configured = || ServiceKind::ALL.into_iter().filter(|kind| services::is_configured(*kind, config)).collect();
    let asked: Vec<ServiceKind> = service.map_or_else(configured, |kind| vec![kind]);
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let surroundings = parts.service_surroundings()?;
    let mut rows = Vec::new();
    for kind in asked {
        let row = |client: Option<&dyn crate::ports::services::IdentityService>, failed: Option<&ServiceError>| {
            let advice = failed.map(crate::advice::Advised::advice);
            CheckRow {
                service: kind.name(),
                usable: failed.is_none(),
                clock_offset_seconds: client.and_then(crate::ports::services::IdentityService::clock_offset),
                capabilities: client.map(crate::ports::services::IdentityService::capabilities),
                code: advice.map(|a| a.code),
                message: failed.map(|e| e.message.clone()),
                advice: advice.map(|a| a.next_step),
                failed: advice,
            }
        };
        rows.push(match services::connect(kind, config, surroundings.clone()) {
            Err(failed) => row(None, Some(&failed)),
            Ok(mut client) => {
                let done = client.check();
                row(Some(&*client), done.as_ref().err())
            }
        });
    }
    Ok(rows)
}

fn check_text(row: &CheckRow) -> String {
    let clock = row.clock();
    match (&row.message, row.failed) {
        (Some(message), Some(advice)) => format!("{:<10} {}{clock}\n", row.service, Failure::new(message, advice).sentence()),
        _ => format!("{:<10} usable{clock}\n", row.service),
    }
}

fn secret(parts: &Parts, action: &SecretAction, printer: &Printer) -> Result<Answer, Failure> {
    let refused = |message: String| {
        Failure::new(message, Advice::environment("SVC-20", "Check the key store with `visavis doctor`, and the secret's name."))
    };
    let secrets = parts.secrets()?;
    let (name, done) = match action {
        SecretAction::Set { name } => {
            let secret = secrets::read_secret(&mut std::io::stdin().lock()).map_err(refused)?;
            secrets.keep(name, &secret).map_err(refused)?;
            (name, "kept")
        }
        SecretAction::Remove { name } => {
            secrets.forget(name).map_err(refused)?;
            (name, "removed")
        }
    };
    printer.document("remote_secret", &serde_json::json!({ "name": name, "done": done }), || format!("{done}: keyring:{name}"))?;
    Ok(Answer::Yes)
}
