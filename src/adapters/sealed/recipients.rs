//! Wrapping the file key for its recipients, and finding the wrapped key that is ours.

use super::header::{Bytes, Header, Wrapped, damaged};
use super::identity::{Identity, PublicKey};
use super::{SealedError, TAG};
use crate::units::SensitiveText;
use aes_gcm::aead::{AeadInOut as _, KeyInit as _};
use aes_gcm::{Aes256Gcm, Nonce, Tag};
use hkdf::Hkdf;
use p256::SecretKey;
use sha2::Sha256;
use zeroize::Zeroizing;

/// Most recipients of one file.
const MOST: usize = 64;
/// Most of them by passphrase: each costs whoever opens the file memory and time.
const MOST_PASSPHRASES: usize = 2;
/// Argon2id: 64 MiB, three passes, one lane (RFC 9106, second recommended option).
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
/// What a file may ask of whoever opens it.
const MEMORY_LIMIT_KIB: u32 = 256 * 1024;
const PASSES_LIMIT: u32 = 16;

/// Somebody a file is sealed for.
#[derive(Debug, Clone)]
pub enum Recipient {
    /// Whoever has the private key.
    Key(PublicKey),
    /// Whoever knows the passphrase.
    Passphrase(SensitiveText),
}

/// What a file is opened with.
#[derive(Debug, Clone, Copy)]
pub enum Opener<'a> {
    /// This machine's key.
    Identity(&'a Identity),
    /// A passphrase.
    Passphrase(&'a SensitiveText),
}

pub(super) type FileKey = Zeroizing<[u8; 32]>;

/// Content key and commitment of a file.
pub(super) fn derive(file_key: &FileKey, file: &[u8; 16]) -> (Aes256Gcm, [u8; 32]) {
    let root = Hkdf::<Sha256>::new(Some(file), &file_key[..]);
    let mut content = Zeroizing::new([0u8; 32]);
    let mut commitment = [0u8; 32];
    root.expand(b"visavis/sealed/1 content", &mut *content).expect("32 bytes are fewer than HKDF's limit");
    root.expand(b"visavis/sealed/1 commitment", &mut commitment).expect("32 bytes are fewer than HKDF's limit");
    (Aes256Gcm::new((&*content).into()), commitment)
}

pub(super) fn wrap_all(recipients: &[Recipient], file_key: &FileKey, file: &[u8; 16]) -> Result<Vec<Wrapped>, SealedError> {
    let passphrases = recipients.iter().filter(|r| matches!(r, Recipient::Passphrase(_))).count();
    if recipients.is_empty() {
        return Err(SealedError::NoRecipient);
    }
    if recipients.len() > MOST || passphrases > MOST_PASSPHRASES {
        return Err(SealedError::Unsupported { reason: format!("more than {MOST} recipients or {MOST_PASSPHRASES} passphrases") });
    }
    recipients.iter().map(|recipient| wrap(recipient, file_key, file)).collect()
}

fn wrap(recipient: &Recipient, file_key: &FileKey, file: &[u8; 16]) -> Result<Wrapped, SealedError> {
    match recipient {
        Recipient::Key(public) => {
            let one_time = random_secret();
            let ephemeral = PublicKey::of(&one_time.public_key());
            let shared = one_time.diffie_hellman(&public.point()?);
            let wrapping = agree(shared.raw_secret_bytes(), file, &ephemeral, public);
            let key = Bytes(seal_key(&wrapping, file_key, file));
            Ok(Wrapped::P256 { recipient: Bytes(public.0.to_vec()), ephemeral: Bytes(ephemeral.0.to_vec()), key })
        }
        Recipient::Passphrase(passphrase) => {
            let salt: [u8; 16] = rand::random();
            let wrapping = stretch(passphrase, &salt, MEMORY_KIB, PASSES)?;
            let key = Bytes(seal_key(&wrapping, file_key, file));
            Ok(Wrapped::Passphrase { memory_kib: MEMORY_KIB, passes: PASSES, salt: Bytes(salt.to_vec()), key })
        }
    }
}

/// Finds and unwraps the file key that is for `opener`.
pub(super) fn unwrap(header: &Header, opener: Opener<'_>) -> Result<FileKey, SealedError> {
    let passphrases = header.recipients.iter().filter(|w| matches!(w, Wrapped::Passphrase { .. })).count();
    if header.recipients.len() > MOST || passphrases > MOST_PASSPHRASES {
        return Err(damaged());
    }
    let file = header.file()?;
    for wrapped in &header.recipients {
        let opened = match (wrapped, opener) {
            (Wrapped::P256 { recipient, ephemeral, key }, Opener::Identity(identity)) => {
                let own = identity.receives_as();
                if recipient.0 != own.0 {
                    continue;
                }
                let ephemeral = PublicKey::from_bytes(&ephemeral.0).map_err(|_| damaged())?;
                let shared = identity.agreement.diffie_hellman(&ephemeral.point()?);
                open_key(&agree(shared.raw_secret_bytes(), &file, &ephemeral, &own), &key.0, &file)
            }
            (Wrapped::Passphrase { memory_kib, passes, salt, key }, Opener::Passphrase(passphrase)) => {
                if *memory_kib > MEMORY_LIMIT_KIB || *passes > PASSES_LIMIT {
                    return Err(SealedError::Unsupported { reason: "opening it would take too much memory or time".into() });
                }
                open_key(&stretch(passphrase, &salt.0, *memory_kib, *passes)?, &key.0, &file)
            }
            _ => continue,
        };
        if let Some(file_key) = opened {
            return Ok(file_key);
        }
    }
    Err(SealedError::NotForUs)
}

fn agree(shared: &[u8], file: &[u8; 16], ephemeral: &PublicKey, recipient: &PublicKey) -> Aes256Gcm {
    let info = [&b"visavis/sealed/1 p256"[..], &ephemeral.0, &recipient.0].concat();
    let mut key = Zeroizing::new([0u8; 32]);
    Hkdf::<Sha256>::new(Some(file), shared).expand(&info, &mut *key).expect("32 bytes are fewer than HKDF's limit");
    Aes256Gcm::new((&*key).into())
}

fn stretch(passphrase: &SensitiveText, salt: &[u8], memory_kib: u32, passes: u32) -> Result<Aes256Gcm, SealedError> {
    let params = argon2::ParamsBuilder::new().m_cost(memory_kib).t_cost(passes).p_cost(1).output_len(32).build();
    let params = params.map_err(|_| damaged())?;
    let mut key = Zeroizing::new([0u8; 32]);
    argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
        .hash_password_into(passphrase.0.as_bytes(), salt, &mut key[..])
        .map_err(|_| damaged())?;
    Ok(Aes256Gcm::new((&*key).into()))
}

/// The wrapping key is used once, so its nonce may be zero.
fn seal_key(wrapping: &Aes256Gcm, file_key: &FileKey, file: &[u8; 16]) -> Vec<u8> {
    let mut sealed = file_key.to_vec();
    let tag = wrapping.encrypt_inout_detached(&Nonce::default(), file, sealed.as_mut_slice().into()).expect("32 bytes are no limit");
    sealed.extend_from_slice(&tag);
    sealed
}

fn open_key(wrapping: &Aes256Gcm, sealed: &[u8], file: &[u8; 16]) -> Option<FileKey> {
    let (bytes, tag) = sealed.split_at_checked(sealed.len().checked_sub(TAG)?)?;
    let mut file_key = Zeroizing::new(<[u8; 32]>::try_from(bytes).ok()?);
    let tag = Tag::try_from(tag).ok()?;
    wrapping.decrypt_inout_detached(&Nonce::default(), file, file_key.as_mut_slice().into(), &tag).ok()?;
    Some(file_key)
}

fn random_secret() -> SecretKey {
    std::iter::repeat_with(|| SecretKey::from_slice(&Zeroizing::new(rand::random::<[u8; 32]>())[..]).ok())
        .flatten()
        .next()
        .expect("nearly every string is a scalar")
}
