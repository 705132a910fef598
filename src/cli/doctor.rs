//! `visavis doctor`: camera, models, backend, keys, gallery, disk, clock and identity services in one pass.

use super::{Answer, Failure, Global, Printer, environment, parts};
use crate::advice::{Advice, Advised};
use crate::ports::inference::Inference as _;
use crate::ports::keys::KeyProtection;
use crate::runtime::application::{TermsNotAccepted, identification_policy};
use crate::runtime::clock::Clock as _;
use crate::units::UtcTime;
use serde::Serialize;

/// Less free space than this is a warning, bytes.
const LITTLE_SPACE_BYTES: u64 = 500_000_000;

/// A clock before this is certainly wrong: the day this version was written.
const EARLIEST_UTC: &str = "2026-11-01T00:00:00Z";

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Ok,
    Warning,
    Failed,
}

#[derive(Serialize)]
struct Check {
    name: &'static str,
    state: State,
    says: String,
    code: Option<&'static str>,
    advice: Option<&'static str>,
    details: serde_json::Value,
}

impl Check {
    fn ok(name: &'static str, says: impl Into<String>) -> Self {
        Self { name, state: State::Ok, says: says.into(), code: None, advice: None, details: serde_json::Value::Null }
    }

    fn not_ok(name: &'static str, state: State, says: impl Into<String>, advice: Advice) -> Self {
        let (code, next) = (Some(advice.code), Some(advice.next_step));
        Self { name, state, says: says.into(), code, advice: next, details: serde_json::Value::Null }
    }

    fn failed(name: &'static str, failure: impl Into<Failure>) -> Self {
        let failure = failure.into();
        Self::not_ok(name, State::Failed, failure.message, failure.advice)
    }

    fn with(mut self, details: impl Serialize) -> Self {
        self.details = serde_json::to_value(details).unwrap_or_default();
        self
    }
}

pub(super) fn run(global: &Global, printer: &Printer) -> Result<Answer, Failure> {
    let mut checks = vec![configuration(global)];
    // Without a usable configuration nothing else can be judged as it would run.
    if let Ok(parts) = parts::Parts::new(global) {
        checks.extend([cameras(), models(&parts), decisions(&parts), backend(&parts), keys(&parts), galleries(&parts)]);
        checks.extend([disk(&parts), clock(&parts), services(&parts)]);
    }
    let worst = checks.iter().map(|c| c.state).max().unwrap_or(State::Failed);
    let shown = serde_json::json!({ "version": env!("CARGO_PKG_VERSION"), "state": worst, "checks": checks });
    printer.document("doctor", &shown, || checks.iter().map(line).collect())?;
    Ok(if worst == State::Failed { Answer::No } else { Answer::Yes })
}

fn line(check: &Check) -> String {
    let mark = match check.state {
        State::Ok => "ok     ",
        State::Warning => "WARNING",
        State::Failed => "FAILED ",
    };
    let next = match (check.code, check.advice) {
        (Some(code), Some(advice)) => format!("\n                   {code}: {advice}"),
        _ => String::new(),
    };
    format!("{mark}  {:9} {}{next}\n", check.name, check.says)
}

fn configuration(global: &Global) -> Check {
    let checked = environment::configuration(global).and_then(|_| environment::config_path(global));
    match checked {
        Ok(path) if path.exists() => Check::ok("settings", path.display().to_string()),
        Ok(path) => Check::ok("settings", format!("defaults ({} does not exist)", path.display())),
        Err(failure) => Check::failed("settings", failure),
    }
}

fn cameras() -> Check {
    let found = crate::adapters::camera::nokhwa::list();
    let physical: Vec<&str> = found.iter().filter(|c| !c.virtual_device).map(|c| c.name.as_str()).collect();
    let check = if physical.is_empty() {
        let none = crate::ports::camera::CameraError::NotFound { id: "webcam".to_owned() };
        let says = if found.is_empty() { "none found" } else { "only virtual cameras found" };
        Check::not_ok("cameras", State::Warning, says, none.advice())
    } else {
        Check::ok("cameras", physical.join(", "))
    };
    check.with(&found)
}

fn models(parts: &parts::Parts) -> Check {
    let checked = parts.pack_location().and_then(|location| {
        let checks = parts.packs().verify(&location)?;
        Ok((location, checks))
    });
    let (location, checks) = match checked {
        Ok(found) => found,
        Err(error) => return Check::failed("models", error),
    };
    let rows: Vec<_> = checks
        .iter()
        .map(|c| serde_json::json!({ "role": c.spec.role.to_string(), "model": c.spec.id, "licence": c.spec.licence, "ok": c.outcome.is_ok() }))
        .collect();
    let says = format!("{location}: {}", checks.iter().map(|c| c.spec.id.as_str()).collect::<Vec<_>>().join(", "));
    let restricted = super::assemble::restricted_models(checks.iter().map(|c| &c.spec));
    let terms = (!parts.config.accept_model_terms && !restricted.is_empty()).then_some(TermsNotAccepted { models: restricted });
    match (checks.into_iter().find_map(|c| c.outcome.err()), terms) {
        (Some(error), _) => Check::failed("models", error).with(rows),
        (None, Some(terms)) => {
            let says = format!("{says}; nobody real is enrolled until their terms are accepted");
            Check::not_ok("models", State::Warning, says, terms.advice()).with(rows)
        }
        (None, None) => Check::ok("models", says).with(rows),
    }
}

/// Whether scores become decisions with the pack in use, and whether searches of the gallery can name anybody.
fn decisions(parts: &parts::Parts) -> Check {
    let calibration = parts.pack().and_then(|pack| parts.calibration_of(&pack));
    let (rate, calibration) = match calibration.and_then(|calibration| Ok((calibration.at_level(parts.level())?.fmr, calibration))) {
        Ok(found) => found,
        Err(failure) => return Check::not_ok("decisions", State::Warning, failure.message, failure.advice),
    };
    let policy = identification_policy(&parts.config);
    let reach = policy.largest_search(&calibration);
    let says = format!(
        "level {}, one false match in {}, {}; searches name somebody among {reach} templates at most",
        parts.level().number(),
        (1.0 / rate).round(),
        calibration.recogniser()
    );
    // A gallery that cannot be asked is a matter of its own check.
    let people = people_in(parts, false).ok().flatten().unwrap_or(0);
    let details = serde_json::json!({
        "level": parts.level().number(),
        "false_match_rate": rate,
        "recogniser": calibration.recogniser(),
        "false_positive_identification_rate": policy.false_positive_identification_rate,
        "searches_reach": reach,
        "people": people,
    });
    if people > reach as u64 {
        let advice = Advice::environment(
            "BIO-25",
            "Measure thresholds that reach further with `visavis gallery calibrate --output FILE` and `visavis models calibrate FILE`, or search \
             named galleries (`--gallery`).",
        );
        return Check::not_ok("decisions", State::Warning, format!("{says}, and {people} are enrolled: nobody is named"), advice)
            .with(details);
    }
    Check::ok("decisions", says).with(details)
}

/// The identity services of the configuration, each asked without changing anything.
fn services(parts: &parts::Parts) -> Check {
    let rows = match super::remote::checked(parts, None) {
        Ok(rows) if rows.is_empty() => return Check::ok("services", "none configured"),
        Ok(rows) => rows,
        Err(failure) => return Check::failed("services", failure),
    };
    let says: Vec<String> = rows.iter().map(super::remote::CheckRow::line).collect();
    match rows.iter().find_map(super::remote::CheckRow::advice) {
        // Enrolling goes on without a service; what is owed waits.
        Some(advice) => Check::not_ok("services", State::Warning, says.join("; "), advice),
        None => Check::ok("services", says.join("; ")),
    }
    .with(&rows)
}

fn backend(parts: &parts::Parts) -> Check {
    match parts.inference() {
        Ok(inference) => {
            let description = inference.backend();
            let place = description.library.as_ref().map_or_else(|| "built in".to_owned(), |p| p.display().to_string());
            let says = format!("{description}, {place}");
            let details = serde_json::json!({ "backend": description, "tried": inference.tried() });
            if description.library.is_some() {
                return Check::ok("inference", says).with(details);
            }
            let advice =
                Advice::environment("MOD-20", "Install ONNX Runtime 1.24 or newer for more speed (`pip install onnxruntime` is enough).");
            Check::not_ok("inference", State::Warning, says, advice).with(details)
        }
        Err(failure) => Check::failed("inference", failure),
    }
}

fn keys(parts: &parts::Parts) -> Check {
    match parts.keys().map(|store| store.protection()) {
        Ok(KeyProtection::File) => {
            let advice = Advice::environment(
                "KEY-10",
                "Unlock the system's key store before the first enrolment, or keep the data folder on an encrypted disk.",
            );
            Check::not_ok("keys", State::Warning, "kept in a file that this account can read", advice)
        }
        Ok(protection) => Check::ok("keys", "kept in the system's key store").with(protection),
        Err(failure) => Check::failed("keys", failure),
    }
}

/// People in the real or the practice gallery; `None` where there is no file yet.
fn people_in(parts: &parts::Parts, practice: bool) -> Result<Option<u64>, Failure> {
    if !parts.gallery_path(practice).exists() {
        return Ok(None);
    }
    let everybody = crate::ports::gallery::SubjectQuery { limit: 1, ..Default::default() };
    Ok(Some(parts.gallery(practice)?.subjects(&everybody)?.total))
}

fn galleries(parts: &parts::Parts) -> Check {
    let count = |practice| people_in(parts, practice);
    match count(false).and_then(|real| Ok((real, count(true)?))) {
        Ok((real, practice)) => {
            let words = |n: Option<u64>| n.map_or_else(|| "not there yet".to_owned(), |n| format!("{n} people"));
            Check::ok("gallery", format!("{}; practice: {}", words(real), words(practice)))
        }
        Err(failure) => Check::failed("gallery", failure),
    }
}

fn disk(parts: &parts::Parts) -> Check {
    let folder = match parts.data_folder() {
        Ok(folder) => folder,
        Err(failure) => return Check::failed("disk", failure),
    };
    let free = free_bytes(folder);
    let place = folder.display();
    match free {
        Some(bytes) if bytes < LITTLE_SPACE_BYTES => {
            let advice = Advice::environment("SYS-14", "Free some space: enrolments are refused when the disk is full.");
            Check::not_ok("disk", State::Warning, format!("{} MB free at {place}", bytes / 1_000_000), advice)
        }
        Some(bytes) => Check::ok("disk", format!("{} MB free at {place}", bytes / 1_000_000)),
        None => Check::ok("disk", format!("free space of {place} is not known on this system")),
    }
}

#[cfg(unix)]
pub(super) fn free_bytes(folder: &std::path::Path) -> Option<u64> {
    let stat = rustix::fs::statvfs(folder).ok()?;
    stat.f_bavail.checked_mul(stat.f_frsize)
}

#[cfg(not(unix))]
pub(super) fn free_bytes(_folder: &std::path::Path) -> Option<u64> {
    None
}

fn clock(parts: &parts::Parts) -> Check {
    let now = parts.clock.utc();
    if UtcTime::from_rfc3339(EARLIEST_UTC).is_some_and(|earliest| now < earliest) {
        let advice = Advice::environment("SYS-15", "Set the clock: times in records and deliveries would be wrong.");
        return Check::not_ok("clock", State::Warning, now.to_rfc3339(), advice);
    }
    Check::ok("clock", now.to_rfc3339())
}
