//! The ciphers of BAC and PACE: triple DES and AES, for secrecy in CBC mode, for integrity as retail MAC and CMAC.

use aes::cipher::block_padding::NoPadding;
use aes::cipher::{
    Array, BlockCipherDecrypt as _, BlockCipherEncrypt as _, BlockModeDecrypt as _, BlockModeEncrypt as _, KeyInit, KeyIvInit as _,
};
use aes::{Aes128, Aes192, Aes256};
use cmac::{Cmac, Mac as _};
use des::{Des, TdesEde2};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// A block cipher with its key length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cipher {
    /// Triple DES with two keys: all that BAC knows.
    TripleDes,
    /// AES-128.
    Aes128,
    /// AES-192.
    Aes192,
    /// AES-256.
    Aes256,
}

impl Cipher {
    /// Bytes of a block.
    #[must_use]
    pub const fn block(self) -> usize {
        if matches!(self, Self::TripleDes) { 8 } else { 16 }
    }

    /// Derives a key: hash over secret and counter, cut to length; DES keys get odd parity. Counter 1 for secrecy, 2 for integrity, 3 for
    /// the key of PACE.
    #[must_use]
    pub fn derive(self, secret: &[u8], counter: u32) -> Zeroizing<Vec<u8>> {
        let input = Zeroizing::new([secret, &counter.to_be_bytes()].concat());
        let mut key = Zeroizing::new(match self {
            Self::TripleDes | Self::Aes128 => Sha1::digest(&input[..]).to_vec(),
            Self::Aes192 | Self::Aes256 => Sha256::digest(&input[..]).to_vec(),
        });
        key.truncate(match self {
            Self::TripleDes | Self::Aes128 => 16,
            Self::Aes192 => 24,
            Self::Aes256 => 32,
        });
        if self == Self::TripleDes {
            key.iter_mut().for_each(|byte| *byte = (*byte & 0xFE) | u8::from((*byte >> 1).count_ones().is_multiple_of(2)));
        }
        key
    }

    /// Encrypts whole blocks; `None` if they are none, or the key has the wrong length.
    pub(super) fn encrypt(self, key: &[u8], vector: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
        if !plain.len().is_multiple_of(self.block()) {
            return None;
        }
        match self {
            Self::TripleDes => {
                cbc::Encryptor::<TdesEde2>::new_from_slices(key, vector).ok().map(|c| c.encrypt_padded_vec::<NoPadding>(plain))
            }
            Self::Aes128 => cbc::Encryptor::<Aes128>::new_from_slices(key, vector).ok().map(|c| c.encrypt_padded_vec::<NoPadding>(plain)),
            Self::Aes192 => cbc::Encryptor::<Aes192>::new_from_slices(key, vector).ok().map(|c| c.encrypt_padded_vec::<NoPadding>(plain)),
            Self::Aes256 => cbc::Encryptor::<Aes256>::new_from_slices(key, vector).ok().map(|c| c.encrypt_padded_vec::<NoPadding>(plain)),
        }
    }

    /// Decrypts whole blocks; `None` if they are none, or the key has the wrong length.
    pub(super) fn decrypt(self, key: &[u8], vector: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        if !sealed.len().is_multiple_of(self.block()) {
            return None;
        }
        match self {
            Self::TripleDes => cbc::Decryptor::<TdesEde2>::new_from_slices(key, vector).ok()?.decrypt_padded_vec::<NoPadding>(sealed).ok(),
            Self::Aes128 => cbc::Decryptor::<Aes128>::new_from_slices(key, vector).ok()?.decrypt_padded_vec::<NoPadding>(sealed).ok(),
            Self::Aes192 => cbc::Decryptor::<Aes192>::new_from_slices(key, vector).ok()?.decrypt_padded_vec::<NoPadding>(sealed).ok(),
            Self::Aes256 => cbc::Decryptor::<Aes256>::new_from_slices(key, vector).ok()?.decrypt_padded_vec::<NoPadding>(sealed).ok(),
        }
    }

    /// Eight bytes of authentication over `data`, which triple DES wants as whole blocks.
    pub(super) fn authenticate(self, key: &[u8], data: &[u8]) -> Option<[u8; 8]> {
        fn cmac<C: cmac::block_api::CmacCipher + KeyInit>(key: &[u8], data: &[u8]) -> Option<[u8; 8]>
        where
            Cmac<C>: KeyInit + cmac::Mac,
        {
            let mut mac = <Cmac<C> as KeyInit>::new_from_slice(key).ok()?;
            mac.update(data);
            mac.finalize().into_bytes().first_chunk::<8>().copied()
        }
        match self {
            Self::TripleDes => retail_mac(key, data),
            Self::Aes128 => cmac::<Aes128>(key, data),
            Self::Aes192 => cmac::<Aes192>(key, data),
            Self::Aes256 => cmac::<Aes256>(key, data),
        }
    }
}

/// ISO 9797-1 MAC algorithm 3 over whole blocks: DES in CBC mode with the first half of the key, the last block once more with both.
fn retail_mac(key: &[u8], data: &[u8]) -> Option<[u8; 8]> {
    let (blocks, rest) = data.as_chunks::<8>();
    if !rest.is_empty() || key.len() != 16 {
        return None;
    }
    let first = Des::new_from_slice(&key[..8]).ok()?;
    let second = Des::new_from_slice(&key[8..]).ok()?;
    let mut block = Array::from([0_u8; 8]);
    for chunk in blocks {
        block.iter_mut().zip(chunk).for_each(|(b, c)| *b ^= c);
        first.encrypt_block(&mut block);
    }
    second.decrypt_block(&mut block);
    first.encrypt_block(&mut block);
    Some(block.into())
}

/// `data` with a byte 80 and zeros up to whole blocks.
pub(super) fn padded(data: &[u8], block: usize) -> Vec<u8> {
    let mut padded = data.to_vec();
    padded.push(0x80);
    padded.resize(padded.len().next_multiple_of(block), 0);
    padded
}

/// The data before the padding; `None` if there is none.
pub(super) fn unpadded(data: &[u8]) -> Option<&[u8]> {
    let end = data.iter().rposition(|b| *b != 0)?;
    (data[end] == 0x80).then(|| &data[..end])
}
