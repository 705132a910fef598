//! Secure messaging (Doc 9303-11 section 9.8): every command and answer encrypted, authenticated and counted.

use super::apdu::{Command, Response};
use super::cipher::{Cipher, padded, unpadded};
use crate::documents::chip::tlv::{Objects, encode};
use std::fmt;
use zeroize::Zeroizing;

/// A session with a chip. After an error it is over: keys must be agreed on again.
pub struct SecureMessaging {
    cipher: Cipher,
    encryption: Zeroizing<Vec<u8>>,
    authentication: Zeroizing<Vec<u8>>,
    /// The send sequence counter, as many bytes as a block has.
    counter: u128,
}

/// Keys are secret: says the cipher only.
impl fmt::Debug for SecureMessaging {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecureMessaging({:?})", self.cipher)
    }
}

impl SecureMessaging {
    /// A session with keys of both kinds, derived from a shared secret. `counter`: eight bytes for BAC, nothing for PACE.
    #[must_use]
    pub fn new(cipher: Cipher, secret: &[u8], counter: [u8; 8]) -> Self {
        let (encryption, authentication) = (cipher.derive(secret, 1), cipher.derive(secret, 2));
        Self { cipher, encryption, authentication, counter: u128::from(u64::from_be_bytes(counter)) }
    }

    /// Authentication outside messages: the tokens of PACE.
    pub(super) fn authenticate(&self, data: &[u8]) -> Option<[u8; 8]> {
        let whole = if self.cipher == Cipher::TripleDes { padded(data, 8) } else { data.to_vec() };
        self.cipher.authenticate(&self.authentication, &whole)
    }

    fn counted(&mut self) -> Vec<u8> {
        self.counter = self.counter.wrapping_add(1);
        self.counter.to_be_bytes()[16 - self.cipher.block()..].to_vec()
    }

    fn vector(&self, counter: &[u8]) -> Option<Vec<u8>> {
        match self.cipher {
            Cipher::TripleDes => Some(vec![0; 8]),
            _ => self.cipher.encrypt(&self.encryption, &[0; 16], counter),
        }
    }

    /// Protects a command.
    ///
    /// Never `None` for commands of this module: keys have the length of their cipher, and data are padded.
    #[must_use]
    pub fn protect(&mut self, command: &Command) -> Option<Command> {
        let block = self.cipher.block();
        let counter = self.counted();
        let class = command.class | 0x0C;
        let header = [class, command.instruction, command.parameters[0], command.parameters[1]];
        let mut objects = Vec::new();
        if !command.data.is_empty() {
            let vector = self.vector(&counter)?;
            let sealed = self.cipher.encrypt(&self.encryption, &vector, &padded(&command.data, block))?;
            // Odd instructions carry objects already; only others say that padding was added.
            objects.extend(if command.instruction & 1 == 1 { encode(0x85, &sealed) } else { encode(0x87, &[&[1], &sealed[..]].concat()) });
        }
        if let Some(expected) = command.expected {
            let length = if expected > 256 { (expected as u16).to_be_bytes().to_vec() } else { vec![expected as u8] };
            objects.extend(encode(0x97, &length));
        }
        let mut covered = [&counter[..], &padded(&header, block)].concat();
        if !objects.is_empty() {
            covered.extend(padded(&objects, block));
        }
        let authentication = self.cipher.authenticate(&self.authentication, &covered)?;
        objects.extend(encode(0x8E, &authentication));
        let expected = Some(if objects.len() > 255 || command.expected.is_some_and(|e| e > 256) { 65_536 } else { 256 });
        Some(Command { class, data: objects, expected, ..command.clone() })
    }

    /// Takes a protected answer apart; `None` if it is not what the chip sent for the last command.
    #[must_use]
    pub fn unprotect(&mut self, response: &Response) -> Option<Response> {
        let counter = self.counted();
        let mut objects = Objects::new(&response.data);
        let sealed = match objects.peek()? {
            0x87 | 0x85 => Some(objects.next().ok()??),
            _ => None,
        };
        let status = objects.take(0x99).ok()?;
        let authentication = objects.take(0x8E).ok()?;
        objects.end().ok()?;
        let block = self.cipher.block();
        let said = [sealed.map_or(&[][..], |s| s.raw), status.raw].concat();
        let covered = [&counter[..], &padded(&said, block)].concat();
        let expected = self.cipher.authenticate(&self.authentication, &covered)?;
        // Every byte is looked at, so that time tells nothing about the first wrong one.
        let differing = expected.iter().zip(authentication.value).fold(0, |d, (a, b)| d | (a ^ b));
        if authentication.value.len() != 8 || differing != 0 {
            return None;
        }
        let data = match sealed {
            None => Vec::new(),
            Some(object) => {
                let sealed = if object.tag == 0x87 { object.value.strip_prefix(&[1])? } else { object.value };
                let plain = self.cipher.decrypt(&self.encryption, &self.vector(&counter)?, sealed)?;
                unpadded(&plain)?.to_vec()
            }
        };
        let status = <[u8; 2]>::try_from(status.value).ok()?;
        Some(Response { data, status: u16::from_be_bytes(status) })
    }
}
