//! The audit trail as a file of JSON lines, each bound to the one before it by SHA-256.
//!
//! A line is `{"schema":"visavis.audit/1","sequence":N,"at":"…",…event…,"previous":"<hash>","hash":"<hash>"}`; its hash covers the line up
//! to the hash field. Changing, removing or inserting a line breaks the chain from there on. Cutting off the end cannot be seen in the file
//! alone: compare [`TrailSummary::last_hash`] with a copy kept elsewhere.

use crate::ports::audit::{AuditError, AuditEvent, AuditSink};
use crate::units::UtcTime;
use sha2::{Digest as _, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

/// Hash before the first line.
const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// Longer lines are not ours.
const MAX_LINE: u64 = 64 * 1024;

#[derive(serde::Serialize)]
struct Body<'a> {
    schema: &'static str,
    sequence: u64,
    at: String,
    #[serde(flatten)]
    event: &'a AuditEvent,
    previous: &'a str,
}

/// What [`verify`] found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TrailSummary {
    /// Sound entries.
    pub entries: u64,
    /// Hash of the last one, hexadecimal; zeros for an empty trail.
    pub last_hash: String,
}

/// The trail in one file. Several processes may append: each append locks the file and continues from what is there.
#[derive(Debug)]
pub struct FileAudit {
    file: File,
    /// Length of the file after our last append, with the chain's state there.
    known: Option<(u64, TrailSummary)>,
}

impl FileAudit {
    /// Opens or creates the trail. On Unix a new file can be read by this account only.
    ///
    /// # Errors
    /// [`AuditError::Unwritable`] when the file cannot be opened.
    pub fn open(path: &Path) -> Result<Self, AuditError> {
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(unwritable)?;
        Ok(Self { file, known: None })
    }

    fn append_locked(&mut self, at: UtcTime, event: &AuditEvent) -> Result<(), AuditError> {
        let length = self.file.metadata().map_err(unwritable)?.len();
        let mut state = match self.known.take() {
            Some((known_length, state)) if known_length == length => state,
            _ => {
                let (state, torn) = self.read_state(length)?;
                if torn > 0 {
                    self.file.set_len(length - torn).map_err(unwritable)?;
                    self.write_line(state, at, &AuditEvent::TornEnd { bytes: torn })?
                } else {
                    state
                }
            }
        };
        state = self.write_line(state, at, event)?;
        self.file.sync_data().map_err(unwritable)?;
        self.known = Some((self.file.metadata().map_err(unwritable)?.len(), state));
        Ok(())
    }

    fn write_line(&mut self, state: TrailSummary, at: UtcTime, event: &AuditEvent) -> Result<TrailSummary, AuditError> {
        let body = Body { schema: "visavis.audit/1", sequence: state.entries, at: at.to_rfc3339(), event, previous: &state.last_hash };
        let mut line = serde_json::to_string(&body).map_err(|e| AuditError::Unwritable { reason: e.to_string() })?;
        line.pop();
        let hash = hex(&Sha256::digest(line.as_bytes()));
        line.push_str(&format!(",\"hash\":\"{hash}\"}}\n"));
        // One write call: a line is torn by a loss of power only, which the next opening mends.
        self.file.write_all(line.as_bytes()).map_err(unwritable)?;
        Ok(TrailSummary { entries: state.entries + 1, last_hash: hash })
    }

    /// The chain's state from the last whole line, and the bytes of a torn line after it.
    fn read_state(&mut self, length: u64) -> Result<(TrailSummary, u64), AuditError> {
        let start = length.saturating_sub(2 * MAX_LINE);
        let mut tail = Vec::new();
        self.file.seek(SeekFrom::Start(start)).map_err(unreadable)?;
        (&self.file).take(length - start).read_to_end(&mut tail).map_err(unreadable)?;
        let whole = tail.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let torn = (tail.len() - whole) as u64;
        let lines = &tail[..whole];
        let Some(text) = lines.split(|b| *b == b'\n').rfind(|line| !line.is_empty()) else {
            return Ok((TrailSummary { entries: 0, last_hash: GENESIS.to_owned() }, torn));
        };
        // The chain is continued even from an altered line, so that nothing is lost; `verify` names the line.
        let (sequence, hash) = split(text).map_or((0, GENESIS), |(_, hash)| (sequence_of(text).unwrap_or(0), hash));
        Ok((TrailSummary { entries: sequence + 1, last_hash: hash.to_owned() }, torn))
    }
}

impl AuditSink for FileAudit {
    fn append(&mut self, at: UtcTime, event: &AuditEvent) -> Result<(), AuditError> {
        self.file.lock().map_err(unwritable)?;
        let appended = self.append_locked(at, event);
        let unlocked = self.file.unlock().map_err(unwritable);
        appended.and(unlocked)
    }
}

/// Walks the whole chain.
///
/// # Errors
/// [`AuditError::Altered`] with the first line that does not fit, [`AuditError::Unreadable`] when the file cannot be read.
pub fn verify(path: &Path) -> Result<TrailSummary, AuditError> {
    let mut reader = BufReader::new(File::open(path).map_err(unreadable)?);
    let mut summary = TrailSummary { entries: 0, last_hash: GENESIS.to_owned() };
    loop {
        let mut line = Vec::new();
        if (&mut reader).take(MAX_LINE).read_until(b'\n', &mut line).map_err(unreadable)? == 0 {
            return Ok(summary);
        }
        let altered = AuditError::Altered { line: summary.entries + 1 };
        let Some((body, hash)) = line.strip_suffix(b"\n").and_then(split) else { return Err(altered) };
        let text: serde_json::Value = serde_json::from_slice(line.trim_ascii_end()).map_err(|_| altered.clone())?;
        let follows = text["previous"] == *summary.last_hash && text["sequence"] == summary.entries;
        if !follows || hex(&Sha256::digest(body)) != hash {
            return Err(altered);
        }
        summary = TrailSummary { entries: summary.entries + 1, last_hash: hash.to_owned() };
    }
}

/// A line without its hash field, and the hash.
fn split(line: &[u8]) -> Option<(&[u8], &str)> {
    const FIELD: &[u8] = b",\"hash\":\"";
    let rest = line.strip_suffix(b"\"}")?;
    let (front, hash) = rest.split_at_checked(rest.len().checked_sub(64)?)?;
    let hash = std::str::from_utf8(hash).ok().filter(|h| h.bytes().all(|b| b.is_ascii_hexdigit()))?;
    Some((front.strip_suffix(FIELD)?, hash))
}

fn sequence_of(line: &[u8]) -> Option<u64> {
    serde_json::from_slice::<serde_json::Value>(line).ok()?["sequence"].as_u64()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[allow(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn unwritable(error: std::io::Error) -> AuditError {
    AuditError::Unwritable { reason: error.to_string() }
}

#[allow(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn unreadable(error: std::io::Error) -> AuditError {
    AuditError::Unreadable { reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn camera(n: usize) -> AuditEvent {
        AuditEvent::CameraChanged { camera: format!("webcam:{n}") }
    }

    fn trail(entries: usize) -> (tempfile::TempDir, std::path::PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("audit.jsonl");
        let mut audit = FileAudit::open(&path).unwrap();
        (0..entries).for_each(|n| audit.append(UtcTime(n as i64), &camera(n)).unwrap());
        (dir, path)
    }

    #[test]
    fn a_trail_written_by_two_holders_is_one_chain() {
        let (_dir, path) = trail(3);
        let mut first = FileAudit::open(&path).unwrap();
        let mut second = FileAudit::open(&path).unwrap();
        for n in 0..4 {
            first.append(UtcTime(0), &camera(n)).unwrap();
            second.append(UtcTime(-1), &AuditEvent::Started { version: "0".into(), practice: true }).unwrap();
        }
        assert_eq!(verify(&path).map(|s| s.entries), Ok(11));
    }

    #[test]
    fn every_altered_line_is_found() {
        let (_dir, path) = trail(5);
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for at in 0..5 {
            let changed: String = lines
                .iter()
                .enumerate()
                .map(|(i, l)| if i == at { l.replace("webcam", "replay") } else { (*l).to_owned() } + "\n")
                .collect();
            std::fs::write(&path, changed).unwrap();
            assert_eq!(verify(&path), Err(AuditError::Altered { line: at as u64 + 1 }), "changed line {at}");
        }
        for at in 0..4 {
            let removed: String = lines.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, l)| format!("{l}\n")).collect();
            std::fs::write(&path, removed).unwrap();
            assert_eq!(verify(&path), Err(AuditError::Altered { line: at as u64 + 1 }), "removed line {at}");
        }
    }

    #[test]
    fn a_torn_end_is_cut_off_and_said_so() {
        let (_dir, path) = trail(3);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, &text[..text.len() - 20]).unwrap();
        assert_eq!(verify(&path), Err(AuditError::Altered { line: 3 }));
        FileAudit::open(&path).unwrap().append(UtcTime(9), &camera(9)).unwrap();
        assert_eq!(verify(&path).map(|s| s.entries), Ok(4));
        assert!(std::fs::read_to_string(&path).unwrap().contains("torn_end"));
    }

    #[test]
    fn an_empty_trail_is_sound_and_a_missing_one_is_not() {
        let (dir, path) = trail(0);
        assert_eq!(verify(&path).map(|s| s.entries), Ok(0));
        assert!(matches!(verify(&dir.path().join("none")), Err(AuditError::Unreadable { .. })));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("audit.jsonl");
            std::fs::write(&path, &bytes).unwrap();
            let sound = verify(&path);
            proptest::prop_assert!(bytes.is_empty() == sound.is_ok());
            FileAudit::open(&path).unwrap().append(UtcTime(0), &camera(0)).unwrap();
        }
    }
}
