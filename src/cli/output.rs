//! Printing: text for people, versioned JSON for programs, and errors with a code and a next step.

use crate::advice::{Advice, Advised, FaultKind};
use serde::Serialize;
use std::process::ExitCode;

/// A command's error, ready to print.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What happened, with its causes.
    pub message: String,
    /// Code and next step.
    pub advice: Advice,
}

impl Failure {
    /// A failure that no module's error describes.
    #[must_use]
    pub fn new(message: impl Into<String>, advice: Advice) -> Self {
        Self { message: message.into(), advice }
    }
}

impl<E: Advised> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut message = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            message.push_str(": ");
            message.push_str(&cause.to_string());
            source = cause.source();
        }
        Self { message, advice: error.advice() }
    }
}

/// Writes answers to standard output and errors to standard error.
#[derive(Debug, Clone, Copy)]
pub struct Printer {
    json: bool,
}

impl Printer {
    /// A printer for people, or for programs with `json`.
    #[must_use]
    pub const fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether programs read the output.
    #[must_use]
    pub const fn json(&self) -> bool {
        self.json
    }

    /// Prints one document: `value`'s fields after `"schema": "visavis.<name>/1"`, or `text` for people.
    ///
    /// # Errors
    /// A failure with code `SYS-11` when standard output is closed or full.
    pub fn document(&self, name: &str, value: &impl Serialize, text: impl FnOnce() -> String) -> Result<(), Failure> {
        let written = if self.json { tagged(name, value)? } else { text().trim_end().to_owned() };
        line(&mut std::io::stdout(), &written)
    }

    /// A remark for people; nothing under `--json`.
    pub fn remark(&self, text: &str) {
        if !self.json {
            // A remark that cannot be printed changes nothing about the answer.
            let _ = line(&mut std::io::stderr(), text);
        }
    }

    /// Prints an error and returns its exit code.
    #[must_use]
    pub fn failure(&self, failure: &Failure) -> ExitCode {
        let Failure { message, advice } = failure;
        let _ = line(&mut std::io::stderr(), &format!("{}: {message}. {}", advice.code, advice.next_step));
        if self.json {
            let object = serde_json::json!({
                "schema": "visavis.error/1",
                "error": { "code": advice.code, "message": message, "advice": advice.next_step },
            });
            let _ = line(&mut std::io::stdout(), &object.to_string());
        }
        ExitCode::from(advice.kind.exit_code())
    }

    /// Prints help or a usage error as the argument parser words it.
    #[must_use]
    pub fn usage(&self, error: &clap::Error) -> ExitCode {
        if !error.use_stderr() {
            let _ = error.print();
            return ExitCode::SUCCESS;
        }
        if self.json {
            let text = error.to_string();
            let message = text.lines().next().unwrap_or("bad usage").trim_start_matches("error: ").to_owned();
            return self.failure(&Failure::new(message, usage_advice()));
        }
        let _ = error.print();
        ExitCode::from(FaultKind::Input.exit_code())
    }
}

/// A mistake in the arguments.
#[must_use]
pub fn usage(message: impl Into<String>) -> Failure {
    Failure::new(message, usage_advice())
}

/// The advice of every mistake in the arguments.
#[must_use]
pub const fn usage_advice() -> Advice {
    Advice::input("USE-01", "See `visavis --help`.")
}

/// `value` as JSON text that starts with its schema. Spliced as text, so that fields keep their order and numbers their shortest form.
fn tagged(name: &str, value: &impl Serialize) -> Result<String, Failure> {
    let failed = |error: serde_json::Error| {
        Failure::new(format!("the answer cannot be written as JSON: {error}"), Advice::environment("SYS-16", "Report this fault."))
    };
    let text = serde_json::to_string(value).map_err(failed)?;
    Ok(match text.strip_prefix('{') {
        Some("}") => format!("{{\"schema\":\"visavis.{name}/1\"}}"),
        Some(fields) => format!("{{\"schema\":\"visavis.{name}/1\",{fields}"),
        None => format!("{{\"schema\":\"visavis.{name}/1\",\"value\":{text}}}"),
    })
}

fn line(stream: &mut impl std::io::Write, text: &str) -> Result<(), Failure> {
    writeln!(stream, "{text}").and_then(|()| stream.flush()).map_err(|error| {
        Failure::new(format!("the answer cannot be written: {error}"), Advice::environment("SYS-11", "Check where the output goes."))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_carry_their_schema() {
        #[derive(Serialize)]
        struct Roi {
            x: u32,
        }
        let text = |value: Result<String, Failure>| value.expect("plain values");
        assert_eq!(text(tagged("roi", &Roi { x: 62 })), r#"{"schema":"visavis.roi/1","x":62}"#);
        assert_eq!(text(tagged("list", &[0.1f32])), r#"{"schema":"visavis.list/1","value":[0.1]}"#);
        assert_eq!(text(tagged("nothing", &serde_json::json!({}))), r#"{"schema":"visavis.nothing/1"}"#);
    }

    #[test]
    fn causes_are_told_once() {
        let failure = Failure::from(crate::config::ConfigError::Value { key: "matching.level", rule: "must be 1 to 5".into() });
        assert_eq!(failure.message, "matching.level must be 1 to 5");
        assert_eq!(failure.advice.kind.exit_code(), 2);
    }
}
