//! The twin from the command line.

use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// Ends the program when a test ends, however it ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_visavis"))
}

#[test]
fn a_started_twin_says_where_it_answers() {
    let mut child = program().args(["--json", "twin", "baf", "--seed", "3"]).stdout(Stdio::piped()).spawn().expect("the program starts");
    let output = child.stdout.take().expect("its output");
    let _running = Running(child);
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line).expect("a line");
    let document: Value = serde_json::from_str(&line).expect("JSON");
    assert_eq!((&document["schema"], &document["twins"][0]["service"]), (&"visavis.twin/1".into(), &"baf".into()));
    let address = document["twins"][0]["address"].as_str().expect("an address");
    assert!(document["twins"][0]["configuration"].as_str().is_some_and(|c| c.contains(address)));
    let client = reqwest::blocking::Client::builder().no_proxy().build().expect("a client");
    let ledger = client.get(format!("{address}/_twin/ledger")).send().expect("a reply").bytes().expect("a body");
    let ledger: Value = serde_json::from_slice(&ledger).expect("JSON");
    assert_eq!(ledger["service"], "baf");
}

#[test]
fn operations_are_listed_for_programs() {
    let output = program().args(["--json", "twin", "list"]).output().expect("the program runs");
    let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let operations = document["operations"].as_array().expect("a list");
    let numbered = |o: &&Value| o["service"] == "awareid" && (1..=95).contains(&o["number"].as_u64().unwrap_or(0));
    assert_eq!(operations.iter().filter(numbered).count(), 95);
    assert!(document["errors"].as_array().is_some_and(|e| e.len() == 5));
}

#[test]
fn wrong_words_are_refused() {
    for arguments in [["twin", "postoffice", "--seed", "1"], ["twin", "baf", "--faults", "wind=1"], ["twin", "baf", "--port", "70000"]] {
        let output = program().args(arguments).output().expect("the program runs");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
