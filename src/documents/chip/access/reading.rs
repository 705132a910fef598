//! Reading a chip from the first command to the last file.

use super::AccessError;
use super::apdu::{Command, Response};
use super::bac::basic_access;
use super::keys::AccessKey;
use super::pace::{PaceInfo, pace};
use super::secure_messaging::SecureMessaging;
use crate::documents::chip::data_groups::common;
use crate::documents::chip::files::{ChipFiles, DataGroup, ElementaryFile, LONGEST_FILE};
use crate::documents::chip::tlv;

/// What is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The file.
    pub file: ElementaryFile,
    /// Bytes read so far.
    pub read: usize,
    /// Bytes it has.
    pub length: usize,
}

/// Bytes asked for at once: with protection they fit a short answer.
const CHUNK: usize = 220;

/// Data groups that are read where the chip has them. Fingers and irises (DG3, DG4) need more rights, and are none of our business.
const WANTED: [u8; 7] = [1, 2, 11, 12, 13, 14, 15];

/// Opens the chip with PACE, or BAC where it has no PACE that is spoken here, and reads its files.
///
/// # Errors
/// [`AccessError`].
pub fn read_chip<E: std::error::Error + 'static>(
    key: &AccessKey,
    random: &mut dyn FnMut(&mut [u8]),
    transmit: &mut dyn FnMut(&[u8]) -> Result<Vec<u8>, E>,
    progress: &mut dyn FnMut(Progress),
) -> Result<ChipFiles, AccessError<E>> {
    let mut reader = Reader { transmit, session: None, damaged: false };
    let mut files = ChipFiles::new();
    let mut session = None;
    // A chip that refuses this has nothing there; the file is asked for all the same.
    reader.raw(&Command::select_master_file())?;
    if let Some(card_access) = reader.file(ElementaryFile::CardAccess, progress)? {
        if let Some(info) = PaceInfo::strongest(&card_access)? {
            session = Some(pace(&info, key, random, &mut |command| reader.raw(command)).map_err(unwrapped)?);
        }
        files.insert(ElementaryFile::CardAccess, card_access);
    }
    reader.session = session;
    let selected = reader.send(&Command::select_application())?;
    if selected.status != Response::OK {
        return Err(AccessError::Status { command: "SELECT", status: selected.status });
    }
    if reader.session.is_none() {
        let mut drawn = [0; 24];
        random(&mut drawn);
        let session = basic_access(key, drawn, &mut |command| reader.raw(command)).map_err(unwrapped)?;
        reader.session = Some(session);
    }
    for file in [ElementaryFile::Common, ElementaryFile::SecurityObject] {
        if let Some(bytes) = reader.file(file, progress)? {
            files.insert(file, bytes);
        }
    }
    let listed = files.get(ElementaryFile::Common).and_then(|file| common(file).ok()).map(|common| common.groups);
    for group in WANTED.into_iter().filter_map(DataGroup::new).filter(|g| listed.as_ref().is_none_or(|l| l.contains(g))) {
        if let Some(bytes) = reader.file(ElementaryFile::DataGroup(group), progress)? {
            files.insert(ElementaryFile::DataGroup(group), bytes);
        }
    }
    Ok(files)
}

/// An error of a protocol, whose own reader error is one of ours already.
fn unwrapped<E: std::error::Error + 'static>(error: AccessError<AccessError<E>>) -> AccessError<E> {
    match error {
        AccessError::Reader(inner) => inner,
        AccessError::Status { command, status } => AccessError::Status { command, status },
        AccessError::WrongKey => AccessError::WrongKey,
        AccessError::Integrity => AccessError::Integrity,
        AccessError::Answer(error) => AccessError::Answer(error),
        AccessError::NoProtocol => AccessError::NoProtocol,
        AccessError::FileLength { file, bytes } => AccessError::FileLength { file, bytes },
    }
}

struct Reader<'a, E> {
    transmit: &'a mut dyn FnMut(&[u8]) -> Result<Vec<u8>, E>,
    session: Option<SecureMessaging>,
    /// A protected answer was wrong: nothing more is sent.
    damaged: bool,
}

impl<E: std::error::Error + 'static> Reader<'_, E> {
    fn raw(&mut self, command: &Command) -> Result<Response, AccessError<E>> {
        let answer = (self.transmit)(&command.to_bytes()).map_err(AccessError::Reader)?;
        Response::from_bytes(&answer).ok_or(AccessError::Integrity)
    }

    fn send(&mut self, command: &Command) -> Result<Response, AccessError<E>> {
        if self.damaged {
            return Err(AccessError::Integrity);
        }
        let Some(session) = &mut self.session else { return self.raw(command) };
        let protected = session.protect(command).ok_or(AccessError::Integrity)?;
        let answer = (self.transmit)(&protected.to_bytes()).map_err(AccessError::Reader)?;
        let answer = Response::from_bytes(&answer).ok_or(AccessError::Integrity)?;
        let opened = self.session.as_mut().and_then(|s| s.unprotect(&answer));
        self.damaged = opened.is_none();
        opened.ok_or(AccessError::Integrity)
    }

    /// A whole file; `None` if the chip has none or does not give it.
    fn file(&mut self, file: ElementaryFile, progress: &mut dyn FnMut(Progress)) -> Result<Option<Vec<u8>>, AccessError<E>> {
        if self.send(&Command::select(file.identifier()))?.status != Response::OK {
            return Ok(None);
        }
        let start = self.send(&Command::read_binary(0, 8))?;
        // 6282: the file ends before what was asked for, and that is all of it.
        if !matches!(start.status, Response::OK | 0x6282) {
            return Ok(None);
        }
        let (_, header, value) = tlv::header(&start.data)?;
        let length = header.saturating_add(value);
        if length > LONGEST_FILE {
            return Err(AccessError::FileLength { file: file.to_string(), bytes: length });
        }
        let mut bytes = start.data;
        bytes.truncate(length);
        while bytes.len() < length {
            progress(Progress { file, read: bytes.len(), length });
            let wanted = CHUNK.min(length - bytes.len()) as u8;
            let answer = self.send(&Command::read_binary(bytes.len() as u32, wanted))?;
            if !matches!(answer.status, Response::OK | 0x6282) {
                return Err(AccessError::Status { command: "READ BINARY", status: answer.status });
            }
            let part = if bytes.len() < 0x8000 { answer.data } else { tlv::only(&answer.data, 0x53)?.to_vec() };
            if part.is_empty() || part.len() > usize::from(wanted) {
                return Err(AccessError::Integrity);
            }
            bytes.extend(part);
        }
        progress(Progress { file, read: length, length });
        Ok(Some(bytes))
    }
}
