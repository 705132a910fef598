//! Runs the program with a data folder of its own.

use crate::said::say;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A place to run the program in: nothing of the account's own configuration or data is touched.
pub struct Place {
    folder: tempfile::TempDir,
}

/// What a run answered.
pub struct Answer {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Answer {
    /// The one JSON document of standard output.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(self.stdout.trim()).unwrap_or_else(|e| panic!("{e}: {}\n{}", self.stdout, self.stderr))
    }

    /// Asserts the exit code, showing everything when it differs.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }

    /// Asserts a coded error, on standard error and as JSON.
    #[track_caller]
    pub fn expect_error(self, exit: i32, code: &str) {
        let answer = self.expect(exit);
        assert!(answer.stderr.contains(&format!("{code}: ")), "{}", answer.stderr);
        let json = answer.stdout.lines().last().and_then(|l| serde_json::from_str::<serde_json::Value>(l).ok()).expect("a JSON error");
        assert_eq!(json["schema"], "visavis.error/1");
        assert_eq!(json["error"]["code"], code);
        assert!(json["error"]["advice"].as_str().is_some_and(|a| !a.is_empty()));
    }
}

impl Place {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file into the place and returns its path.
    pub fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, content).expect("writable");
        path
    }

    /// Runs the program with `--json` and this place's data folder.
    pub fn run(&self, arguments: &[&str]) -> Answer {
        self.run_with("", b"", arguments)
    }

    /// As [`Self::run`], with the text that people see.
    pub fn plain(&self, arguments: &[&str]) -> Answer {
        let mut command = self.command("", arguments);
        command.args(arguments);
        ended(command, b"")
    }

    /// As [`Self::run`], with more configuration and with something on standard input.
    pub fn run_with(&self, configuration: &str, input: &[u8], arguments: &[&str]) -> Answer {
        self.run_in(&[], configuration, input, arguments)
    }

    /// As [`Self::run_with`], with variables of the environment. There is no display unless they name one.
    pub fn run_in(&self, environment: &[(&str, &str)], configuration: &str, input: &[u8], arguments: &[&str]) -> Answer {
        let mut command = self.command(configuration, arguments);
        command.arg("--json").args(arguments).envs(environment.iter().copied());
        ended(command, input)
    }

    /// The program with this place's folders; its configuration too, unless the arguments name another.
    fn command(&self, configuration: &str, arguments: &[&str]) -> Command {
        let configuration = format!("accept_model_terms = true\n[keys]\nstore = \"file\"\n{configuration}");
        let mut command = Command::new(env!("CARGO_BIN_EXE_visavis"));
        command.arg("--data-dir").arg(self.path().join("data"));
        if !arguments.contains(&"--config") {
            command.arg("--config").arg(self.file("visavis.toml", configuration.as_bytes()));
        }
        command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET");
        command
    }
}

/// Runs a program to its end.
fn ended(mut command: Command, input: &[u8]) -> Answer {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    // A program that reads nothing may be gone before it is written to.
    let _ = child.stdin.take().expect("piped").write_all(input);
    let Output { status, stdout, stderr } = child.wait_with_output().expect("the program ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8 output");
    Answer { code: status.code().expect("ended by itself, not by a signal"), stdout: text(stdout), stderr: text(stderr) }
}

/// Folder of the reference models and data, where it is here; says so where not.
pub fn reference(check: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("VISAVIS_REFERENCE_DIR").map(PathBuf::from).filter(|f| f.join("models/manifest.toml").is_file());
    match &folder {
        Some(_) => say(&format!("{check}: pack `reference`")),
        None => say(&format!("{check}: NOT RUN, it needs VISAVIS_REFERENCE_DIR")),
    }
    folder
}
