//! Reading a sealed file, chunk by chunk.

use super::header::{Header, damaged};
use super::identity::PublicKey;
use super::recipients::{Opener, derive, unwrap};
use super::writer::{chunk_data, chunk_nonce, signed_digest};
use super::{CHUNK, Kind, LAST, SealedError, TAG};
use crate::units::UtcTime;
use aes_gcm::aead::AeadInOut as _;
use aes_gcm::{Aes256Gcm, Tag};
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use sha2::{Digest as _, Sha256};
use std::io::{ErrorKind, Read};
use zeroize::Zeroizing;

/// Whose files are taken.
#[derive(Debug, Clone, Copy)]
pub enum Trust<'a> {
    /// Anybody's: the caller shows who it was.
    Anyone,
    /// These only.
    Only(&'a [PublicKey]),
}

/// Opens what was sealed. Nothing read may be acted upon before [`Self::finish`].
pub struct SealedReader<R> {
    from: R,
    cipher: Aes256Gcm,
    signer: PublicKey,
    sealed_at: UtcTime,
    opening: [u8; 32],
    hash: Sha256,
    counter: u64,
    chunk: Zeroizing<Vec<u8>>,
    used: usize,
    ended: bool,
}

impl<R: Read> SealedReader<R> {
    /// Reads the header and unwraps the key.
    ///
    /// # Errors
    /// [`SealedError`]: `NotSealed`, `Unsupported` (also for another kind), `Untrusted`, `NotForUs`, `Damaged`, `Io`.
    pub fn open(mut from: R, kind: Kind, opener: Opener<'_>, trust: Trust<'_>) -> Result<Self, SealedError> {
        let (header, bytes) = Header::decode(&mut from)?;
        if header.kind != kind {
            return Err(SealedError::Unsupported { reason: "it holds something else".into() });
        }
        let signer = PublicKey::from_bytes(&header.sealed_by.0).map_err(|_| damaged())?;
        if let Trust::Only(trusted) = trust
            && !trusted.contains(&signer)
        {
            return Err(SealedError::Untrusted { signer: signer.fingerprint() });
        }
        let (cipher, commitment) = derive(&unwrap(&header, opener)?, &header.file()?);
        if header.commitment.0 != commitment {
            return Err(damaged());
        }
        Ok(Self {
            from,
            cipher,
            signer,
            sealed_at: UtcTime(header.sealed_at),
            opening: Sha256::digest(&bytes).into(),
            hash: Sha256::new_with_prefix(&bytes),
            counter: 0,
            chunk: Zeroizing::new(Vec::with_capacity(CHUNK + TAG)),
            used: 0,
            ended: false,
        })
    }

    /// When it was sealed, by the sealer's clock; certain only after [`Self::finish`].
    #[must_use]
    pub const fn sealed_at(&self) -> UtcTime {
        self.sealed_at
    }

    /// Fills `buffer` with content.
    ///
    /// # Errors
    /// [`SealedError::Damaged`] when a chunk fails its check or the content ends before `buffer` is full.
    pub fn read_exact(&mut self, mut buffer: &mut [u8]) -> Result<(), SealedError> {
        while !buffer.is_empty() {
            if self.used == self.chunk.len() && !self.next_chunk()? {
                return Err(SealedError::Damaged { what: "its content ends too early" });
            }
            let count = buffer.len().min(self.chunk.len() - self.used);
            let (now, later) = buffer.split_at_mut(count);
            now.copy_from_slice(&self.chunk[self.used..self.used + count]);
            self.used += count;
            buffer = later;
        }
        Ok(())
    }

    /// Checks that all content was read and the signature is the sealer's; says who that was.
    ///
    /// # Errors
    /// [`SealedError::Damaged`].
    pub fn finish(mut self) -> Result<PublicKey, SealedError> {
        if self.used < self.chunk.len() || self.next_chunk()? && !self.chunk.is_empty() || !self.ended {
            return Err(SealedError::Damaged { what: "it holds more than its content" });
        }
        let mut bytes = [0u8; 64];
        self.from.read_exact(&mut bytes)?;
        if read_some(&mut self.from, &mut [0])? != 0 {
            return Err(SealedError::Damaged { what: "something follows its end" });
        }
        let broken = || SealedError::Damaged { what: "its signature" };
        let signature = Signature::from_slice(&bytes).map_err(|_| broken())?;
        let key = VerifyingKey::from_sec1_bytes(&self.signer.0).map_err(|_| broken())?;
        key.verify_prehash(&signed_digest(self.hash), &signature).map_err(|_| broken())?;
        Ok(self.signer)
    }

    /// Opens the next chunk; `false` after the last.
    fn next_chunk(&mut self) -> Result<bool, SealedError> {
        if self.ended {
            return Ok(false);
        }
        let mut word = [0; 4];
        self.from.read_exact(&mut word)?;
        let broken = || SealedError::Damaged { what: "a part of its content" };
        let (word, bytes) = (u32::from_be_bytes(word), word);
        let (last, length) = (word & LAST != 0, (word & !LAST) as usize);
        // Only the last chunk may be short.
        if !(TAG..=CHUNK + TAG).contains(&length) || (!last && length != CHUNK + TAG) {
            return Err(broken());
        }
        self.chunk.resize(length, 0);
        self.used = 0;
        self.from.read_exact(&mut self.chunk)?;
        self.hash.update(bytes);
        self.hash.update(&self.chunk[..]);
        let tag = Tag::try_from(&self.chunk[length - TAG..]).map_err(|_| broken())?;
        self.chunk.truncate(length - TAG);
        let data = chunk_data(&self.opening, word);
        let opened = self.cipher.decrypt_inout_detached(&chunk_nonce(self.counter, last), &data, self.chunk.as_mut_slice().into(), &tag);
        if opened.is_err() {
            self.chunk.clear();
            return Err(broken());
        }
        self.counter += 1;
        self.ended = last;
        Ok(true)
    }
}

fn read_some(from: &mut impl Read, buffer: &mut [u8]) -> Result<usize, SealedError> {
    loop {
        match from.read(buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            other => return Ok(other?),
        }
    }
}
