//! Writing a sealed file: header, chunks as they fill, signature; in place only when whole.

use super::header::Header;
use super::identity::Identity;
use super::recipients::{Recipient, derive, wrap_all};
use super::{CHUNK, Kind, LAST, SealedError, TAG};
use crate::units::UtcTime;
use aes_gcm::Aes256Gcm;
use aes_gcm::Nonce;
use aes_gcm::aead::AeadInOut as _;
use p256::ecdsa::Signature;
use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use sha2::{Digest as _, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::Path;
use zeroize::Zeroizing;

/// Seals what is written to it.
pub struct SealedWriter<W> {
    to: W,
    cipher: Aes256Gcm,
    /// Hash of everything before the chunks.
    opening: [u8; 32],
    hash: Sha256,
    counter: u64,
    pending: Zeroizing<Vec<u8>>,
}

impl<W: Write> SealedWriter<W> {
    /// Writes the header with a fresh key, wrapped for every recipient.
    ///
    /// # Errors
    /// [`SealedError::NoRecipient`], [`SealedError::Unsupported`] for too many recipients, or an error of `to`.
    pub fn new(mut to: W, kind: Kind, recipients: &[Recipient], identity: &Identity, at: UtcTime) -> Result<Self, SealedError> {
        let file_key = Zeroizing::new(rand::random::<[u8; 32]>());
        let file: [u8; 16] = rand::random();
        let (cipher, commitment) = derive(&file_key, &file);
        let wrapped = wrap_all(recipients, &file_key, &file)?;
        let header = Header::new(kind, identity.signs_as().0.to_vec(), file, at.0, commitment, wrapped).encode();
        to.write_all(&header)?;
        let opening = Sha256::digest(&header).into();
        let hash = Sha256::new_with_prefix(&header);
        Ok(Self { to, cipher, opening, hash, counter: 0, pending: Zeroizing::new(Vec::with_capacity(CHUNK + TAG)) })
    }

    /// Seals more content.
    ///
    /// # Errors
    /// Those of the writer below.
    pub fn write(&mut self, mut content: &[u8]) -> Result<(), SealedError> {
        while !content.is_empty() {
            // A full chunk waits until more comes, because it may be the last.
            if self.pending.len() == CHUNK {
                self.write_chunk(false)?;
            }
            let (now, later) = content.split_at(content.len().min(CHUNK - self.pending.len()));
            self.pending.extend_from_slice(now);
            content = later;
        }
        Ok(())
    }

    /// Writes the last chunk and the signature.
    ///
    /// # Errors
    /// Those of the writer below.
    pub fn finish(mut self, identity: &Identity) -> Result<W, SealedError> {
        self.write_chunk(true)?;
        let digest = signed_digest(self.hash);
        let signature: Signature = identity.signing.sign_prehash(&digest).map_err(|_| SealedError::BadKey)?;
        self.to.write_all(&signature.to_bytes())?;
        self.to.flush()?;
        Ok(self.to)
    }

    fn write_chunk(&mut self, last: bool) -> Result<(), SealedError> {
        let word = chunk_word(self.pending.len() + TAG, last);
        let data = chunk_data(&self.opening, word);
        let tag = self
            .cipher
            .encrypt_inout_detached(&chunk_nonce(self.counter, last), &data, self.pending.as_mut_slice().into())
            .expect("a chunk is far from AES-GCM's limit");
        self.pending.extend_from_slice(&tag);
        for part in [&word.to_be_bytes()[..], &self.pending] {
            self.hash.update(part);
            self.to.write_all(part)?;
        }
        self.pending.clear();
        self.counter += 1;
        Ok(())
    }
}

fn chunk_word(length: usize, last: bool) -> u32 {
    u32::try_from(length).expect("a chunk is short") | if last { LAST } else { 0 }
}

pub(super) fn chunk_data(opening: &[u8; 32], word: u32) -> [u8; 36] {
    let mut data = [0; 36];
    data[..32].copy_from_slice(opening);
    data[32..].copy_from_slice(&word.to_be_bytes());
    data
}

/// Three zeros, the chunk's counter, whether it is the last: never the same twice under one file key.
pub(super) fn chunk_nonce(counter: u64, last: bool) -> Nonce<aes_gcm::aead::consts::U12> {
    let mut nonce = [0; 12];
    nonce[3..11].copy_from_slice(&counter.to_be_bytes());
    nonce[11] = u8::from(last);
    nonce.into()
}

/// What is signed: the hash of everything before the signature, under a name of its own.
pub(super) fn signed_digest(hash: Sha256) -> [u8; 32] {
    Sha256::new_with_prefix(b"visavis/sealed/1 signature\0").chain_update(hash.finalize()).finalize().into()
}

/// Writes a file whole or not at all: beside its place, synced, then renamed. `content` fills it and hands the writer back.
///
/// # Errors
/// Those of `content`, and [`SealedError::DiskFull`] or [`SealedError::Io`]; no file is left then, and an earlier one stays.
pub fn write_file<T, E: From<SealedError>>(
    path: &Path,
    content: impl FnOnce(BufWriter<File>) -> Result<(BufWriter<File>, T), E>,
) -> Result<T, E> {
    let mut name = path.file_name().map(std::ffi::OsStr::to_owned).unwrap_or_default();
    name.push(format!(".partial-{}", std::process::id()));
    let beside = path.with_file_name(name);
    let written = write_beside(&beside, path, content);
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    written
}

fn write_beside<T, E: From<SealedError>>(
    beside: &Path,
    path: &Path,
    content: impl FnOnce(BufWriter<File>) -> Result<(BufWriter<File>, T), E>,
) -> Result<T, E> {
    let refuse = |error: std::io::Error| E::from(SealedError::from(error));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let (writer, value) = content(BufWriter::new(options.open(beside).map_err(refuse)?))?;
    let file = writer.into_inner().map_err(|error| refuse(error.into_error()))?;
    file.sync_all().map_err(refuse)?;
    std::fs::rename(beside, path).map_err(refuse)?;
    if cfg!(unix) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(refuse)?;
    }
    Ok(value)
}
