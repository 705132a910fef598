//! Printing: text for people, versioned JSON for programs, and errors with a code and a next step.

use crate::advice::{Advice, Advised};
use serde::Serialize;
use std::process::ExitCode;

/// A command's error, ready to print.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What happened, with its causes.
    pub message: String,
    /// Code and next step.
    pub advice: Advice,
    /// The file it is about, where the command was given several.
    pub file: Option<String>,
}

impl Failure {
    /// A failure that no module's error describes.
    #[must_use]
    pub fn new(message: impl Into<String>, advice: Advice) -> Self {
        Self { message: message.into(), advice, file: None }
    }

    /// The same about one file of several; text names the file once.
    #[must_use]
    pub fn about(mut self, file: &std::path::Path) -> Self {
        let name = file.display().to_string();
        if !self.message.contains(&name) {
            self.message = format!("{name}: {}", self.message);
        }
        self.file = Some(name);
        self
    }

    /// What happened and what to do, on one line whatever names and parsers put into it.
    pub(super) fn sentence(&self) -> String {
        let message = one_line(&self.message);
        let stop = if message.ends_with(['.', '!', '?']) { "" } else { "." };
        format!("{}: {message}{stop} {}", self.advice.code, self.advice.next_step)
    }
}

/// `text` without line breaks and other control characters; runs of space become one.
fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
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
        Self { message, advice: error.advice(), file: None }
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
        if self.json {
            return line(&mut std::io::stdout(), &tagged(name, value)?);
        }
        let text = text();
        // A list without entries says so.
        line(&mut std::io::stdout(), if text.trim().is_empty() { "none" } else { text.trim_end() })
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
        let advice = failure.advice;
        let _ = line(&mut std::io::stderr(), &failure.sentence());
        if self.json {
            let mut error = serde_json::json!({ "code": advice.code, "message": one_line(&failure.message), "advice": advice.next_step });
            if let Some(file) = &failure.file {
                error["file"] = file.as_str().into();
            }
            let _ = line(&mut std::io::stdout(), &serde_json::json!({ "schema": "visavis.error/1", "error": error }).to_string());
        }
        ExitCode::from(advice.kind.exit_code())
    }

    /// Prints help, or a usage error as every other error is printed.
    #[must_use]
    pub fn usage(&self, error: &clap::Error) -> ExitCode {
        if !error.use_stderr() {
            let _ = error.print();
            // The parser leaves out the last line's end after what stands below its options.
            if !error.to_string().ends_with('\n') {
                let _ = line(&mut std::io::stdout(), "");
            }
            return ExitCode::SUCCESS;
        }
        self.failure(&usage(parsers_words(error)))
    }
}

/// What the argument parser found wrong, without its usage lines.
fn parsers_words(error: &clap::Error) -> String {
    let text = error.to_string();
    let said = text.lines().map(str::trim).take_while(|l| !l.starts_with("Usage:") && !l.starts_with("For more information"));
    let said: Vec<&str> = said.filter(|l| !l.is_empty()).collect();
    said.join(" ").trim_start_matches("error: ").replace(" tip: ", "; ")
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
pub(super) fn tagged(name: &str, value: &impl Serialize) -> Result<String, Failure> {
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
    fn an_error_is_one_line_with_one_stop() {
        let said = |message: &str| Failure::new(message, Advice::input("GAL-07", "Choose another name.")).sentence();
        assert_eq!(said("there is\na  name\t\u{7}here"), "GAL-07: there is a name here. Choose another name.");
        assert_eq!(said("Please fill this in."), "GAL-07: Please fill this in. Choose another name.");
        let failure = Failure::new("no face", Advice::input("BIO-01", "Look.")).about(std::path::Path::new("a.png"));
        assert_eq!((failure.sentence().as_str(), failure.file.as_deref()), ("BIO-01: a.png: no face. Look.", Some("a.png")));
        assert_eq!(failure.about(std::path::Path::new("a.png")).message, "a.png: no face", "named once");
    }

    #[test]
    fn causes_are_told_once() {
        let failure = Failure::from(crate::config::ConfigError::Value { key: "matching.level", rule: "must be 1 to 5".into() });
        assert_eq!(failure.message, "matching.level must be 1 to 5");
        assert_eq!(failure.advice.kind.exit_code(), 2);
    }
}
