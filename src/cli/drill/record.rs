//! The record of a drill: a line for every presentation as soon as it has been played, so that an interrupted run goes on where it stopped.

use super::super::Failure;
use crate::advice::Advice;
use crate::runtime::drill::presentation::Presented;
use crate::runtime::drill::species::Species;
use crate::runtime::drill::{DrillError, Results};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Largest record read, bytes; a line takes about half a kilobyte.
const LARGEST: u64 = 256 * 1024 * 1024;
const SCHEMA: &str = "visavis.drill-record/2";

/// First line: what the drill was run with.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    schema: String,
    conditions: String,
}

/// Every other line.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    species: String,
    number: usize,
    presented: Presented,
}

/// A record that is being continued.
pub(super) struct Record {
    file: Mutex<File>,
}

impl Record {
    /// Opens or begins the record of a drill under these `conditions`; what it holds already comes with it.
    pub fn open(path: &Path, conditions: &str) -> Result<(Self, Results), Failure> {
        let header = Header { schema: SCHEMA.to_owned(), conditions: conditions.to_owned() };
        let text = match std::fs::metadata(path) {
            Ok(facts) if facts.len() > LARGEST => return Err(foreign("it is too large")),
            Ok(_) => std::fs::read_to_string(path).map_err(|e| foreign(&e.to_string()))?,
            Err(_) => String::new(),
        };
        let (known, whole) = if text.is_empty() { (Results::new(), 0) } else { read(&text, &header)? };
        let mut file = File::options().create(true).append(true).open(path).map_err(unwritable)?;
        // What was being written when the machine stopped is played again.
        file.set_len(whole as u64).map_err(unwritable)?;
        if text.is_empty() {
            write(&mut file, &header)?;
        }
        Ok((Self { file: Mutex::new(file) }, known))
    }

    /// Notes a presentation down.
    pub fn note(&self, species: Species, number: usize, presented: &Presented) -> Result<(), DrillError> {
        let line = Line { species: species.name().to_owned(), number, presented: presented.clone() };
        write(&mut self.file.lock().unwrap_or_else(PoisonError::into_inner), &line)
    }
}

fn write(file: &mut File, line: &impl Serialize) -> Result<(), DrillError> {
    let mut text = serde_json::to_string(line).map_err(unwritable)?;
    text.push('\n');
    file.write_all(text.as_bytes()).and_then(|()| file.flush()).map_err(unwritable)
}

fn unwritable(reason: impl std::fmt::Display) -> DrillError {
    DrillError::Unwritable { reason: reason.to_string() }
}

/// What a record holds, and the length of its whole lines in bytes.
fn read(text: &str, expected: &Header) -> Result<(Results, usize), Failure> {
    let whole = text.rfind('\n').map_or(0, |end| end + 1);
    let mut lines = text[..whole].lines();
    let header = lines.next().and_then(|line| serde_json::from_str::<Header>(line).ok());
    match header {
        Some(header) if header == *expected => {}
        Some(header) if header.schema == SCHEMA => return Err(foreign("it was begun with another seed, other models or other settings")),
        _ => return Err(foreign("it is no record of a drill")),
    }
    let mut known = Results::new();
    for (number, line) in lines.enumerate() {
        let broken = || foreign(&format!("line {} cannot be read", number + 2));
        let Line { species, number, presented } = serde_json::from_str(line).map_err(|_| broken())?;
        let species = if species == Species::Genuine.name() { Some(Species::Genuine) } else { Species::from_name(&species) };
        known.insert((species.ok_or_else(broken)?, number), presented);
    }
    Ok((known, whole))
}

fn foreign(reason: &str) -> Failure {
    let advice = Advice::input("USE-35", "Name a file that does not exist yet, or repeat the command with which the record was begun.");
    Failure::new(format!("the record does not belong to this drill: {reason}"), advice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::biometrics::pad::PadOutcome;

    fn presented(seconds: f32) -> Presented {
        Presented {
            control: true,
            outcome: PadOutcome::Attack,
            code: Some("FLW-21".to_owned()),
            layers: Vec::new(),
            seconds,
            challenge_seconds: None,
            not_captured: None,
            stopped_at: None,
            person: (0.1, 33.3, false),
        }
    }

    #[test]
    fn an_interrupted_record_goes_on_after_its_last_whole_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("drill.jsonl");
        {
            let (record, known) = Record::open(&path, "seed 1").unwrap();
            assert!(known.is_empty());
            record.note(Species::Genuine, 0, &presented(8.1)).unwrap();
            record.note(Species::Print, 0, &presented(0.3)).unwrap();
        }
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, &text[..text.len() - 9]).unwrap();
        let (record, known) = Record::open(&path, "seed 1").unwrap();
        assert_eq!(known, Results::from([((Species::Genuine, 0), presented(8.1))]));
        record.note(Species::Print, 0, &presented(0.4)).unwrap();
        drop(record);
        let (_, known) = Record::open(&path, "seed 1").unwrap();
        assert_eq!((known.len(), known[&(Species::Print, 0)].seconds), (2, 0.4));
    }

    #[test]
    fn a_record_of_something_else_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("drill.jsonl");
        drop(Record::open(&path, "seed 1").unwrap());
        let refused = |conditions| Record::open(&path, conditions).map(|_| ()).unwrap_err();
        assert!(refused("seed 2").message.contains("another seed"));
        for text in ["shopping\n", "{\"schema\":\"visavis.drill/1\"}\n", "no end of line"] {
            std::fs::write(&path, text).unwrap();
            assert_eq!(refused("seed 1").advice.code, "USE-35", "{text}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
        std::fs::write(&path, "").unwrap();
        let (record, _) = Record::open(&path, "seed 1").unwrap();
        record.note(Species::Print, 3, &presented(1.0)).unwrap();
        let text = std::fs::read_to_string(&path).unwrap() + "{\"species\":\"dance\",\"number\":1}\n";
        std::fs::write(&path, text).unwrap();
        assert!(refused("seed 1").message.contains("line 3"));
    }
}
