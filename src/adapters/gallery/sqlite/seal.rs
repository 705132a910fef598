//! Sealing of subject data, and the keys it needs.
//!
//! From the one 32-byte key in the key store HKDF-SHA-256 derives four that never meet: the page key of the database file, the key that
//! wraps subject keys, the key of lookup digests, and the key for what outlives a person (the reason of an erasure). Every person has a random
//! 32-byte key of their own; what is sealed under it is gone when that key is.
//!
//! A sealed value is `nonce (12) | ciphertext | tag (16)`, AES-256-GCM with a random nonce. Its associated data name what it is, the
//! person and the row, so that no value can be moved to another place and still open.

use crate::ports::gallery::GalleryError;
use crate::units::SensitiveBytes;
use aes_gcm::aead::{AeadInOut as _, KeyInit as _};
use aes_gcm::{Aes256Gcm, Nonce, Tag};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

const NONCE: usize = 12;
const TAG: usize = 16;
/// Length of a wrapped subject key: nonce, 32 bytes, tag.
pub(super) const WRAPPED: usize = NONCE + 32 + TAG;

/// What a sealed value is; part of its associated data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sealed {
    SubjectKey = 1,
    Profile = 2,
    Record = 3,
    Template = 4,
    Picture = 5,
    ErasureReason = 6,
    Receipt = 7,
    Opinions = 8,
    Webhook = 9,
    Event = 10,
}

impl Sealed {
    const fn what(self) -> &'static str {
        match self {
            Self::SubjectKey => "a person's key",
            Self::Profile => "a person's details",
            Self::Record => "a completed enrolment",
            Self::Template => "a template",
            Self::Picture => "a picture",
            Self::ErasureReason => "the reason of an erasure",
            Self::Receipt => "the receipt of a delivery",
            Self::Opinions => "what services said",
            Self::Webhook => "a receiver of events",
            Self::Event => "an event",
        }
    }
}

/// Where a sealed value stands: it opens nowhere else.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub kind: Sealed,
    pub subject: Uuid,
    pub row: i64,
}

impl Place {
    fn associated_data(self) -> [u8; 40] {
        let mut data = *b"visavis/gallery\0________________________";
        data[15] = self.kind as u8;
        data[16..32].copy_from_slice(self.subject.as_bytes());
        data[32..].copy_from_slice(&self.row.to_be_bytes());
        data
    }
}

/// Everything derived from the gallery's key.
pub(super) struct GalleryKeys {
    page: Zeroizing<[u8; 32]>,
    wrapping: Aes256Gcm,
    lasting: Aes256Gcm,
    lookup: Zeroizing<[u8; 32]>,
}

impl GalleryKeys {
    /// Derives from the 32 bytes of the key store.
    pub fn derive(master: &SensitiveBytes) -> Self {
        let root = Hkdf::<Sha256>::new(None, &master.0);
        let derive = |info: &[u8]| {
            let mut key = Zeroizing::new([0u8; 32]);
            root.expand(info, &mut *key).expect("32 bytes are fewer than HKDF's limit of 8160");
            key
        };
        let cipher = |info: &[u8]| Aes256Gcm::new((&*derive(info)).into());
        Self {
            page: derive(b"visavis/gallery/1 database pages"),
            wrapping: cipher(b"visavis/gallery/1 subject keys"),
            lasting: cipher(b"visavis/gallery/1 lasting"),
            lookup: derive(b"visavis/gallery/1 lookup digests"),
        }
    }

    /// The statement that unlocks the database file; a raw key, so SQLCipher derives nothing from it for the pages.
    pub fn unlock_statement(&self) -> Zeroizing<String> {
        use std::fmt::Write as _;
        let mut text = Zeroizing::new(String::with_capacity(96));
        text.push_str("PRAGMA key = \"x'");
        for byte in self.page.iter() {
            let _ = write!(text, "{byte:02x}");
        }
        text.push_str("'\"");
        text
    }

    /// A new random key for a person, and how it is stored in row `number`.
    pub fn new_subject_key(&self, subject: Uuid, number: i64) -> (SubjectKey, Vec<u8>) {
        let mut bytes = Zeroizing::new([0u8; 32]);
        rand::fill(&mut bytes[..]);
        let wrapped = seal(&self.wrapping, Place { kind: Sealed::SubjectKey, subject, row: number }, &bytes[..]);
        (SubjectKey { subject, cipher: Aes256Gcm::new((&*bytes).into()) }, wrapped)
    }

    /// A person's key from its stored form.
    pub fn unwrap_subject_key(&self, subject: Uuid, number: i64, wrapped: &[u8]) -> Result<SubjectKey, GalleryError> {
        let bytes = open(&self.wrapping, Place { kind: Sealed::SubjectKey, subject, row: number }, wrapped)?;
        let cipher = Aes256Gcm::new_from_slice(&bytes.0).map_err(|_| damaged(Sealed::SubjectKey))?;
        Ok(SubjectKey { subject, cipher })
    }

    /// Seals what outlives a person.
    pub fn seal_lasting(&self, place: Place, plain: &[u8]) -> Vec<u8> {
        seal(&self.lasting, place, plain)
    }

    /// Opens [`Self::seal_lasting`].
    pub fn open_lasting(&self, place: Place, sealed: &[u8]) -> Result<SensitiveBytes, GalleryError> {
        open(&self.lasting, place, sealed)
    }

    /// Digest of a registration code, of its canonical form.
    pub fn code_digest(&self, canonical: &str) -> [u8; 16] {
        self.digest(b"code", canonical.as_bytes())
    }

    /// Digest of an erased person's identifier.
    pub fn subject_digest(&self, subject: Uuid) -> [u8; 16] {
        self.digest(b"subject", subject.as_bytes())
    }

    fn digest(&self, domain: &[u8], value: &[u8]) -> [u8; 16] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.lookup[..]).expect("HMAC takes keys of any length");
        mac.update(domain);
        mac.update(&[0]);
        mac.update(value);
        let full = mac.finalize().into_bytes();
        let mut short = [0; 16];
        short.copy_from_slice(&full[..16]);
        short
    }
}

/// One person's key.
pub(super) struct SubjectKey {
    subject: Uuid,
    cipher: Aes256Gcm,
}

impl SubjectKey {
    /// Seals `plain` for row `row` of the table that holds `kind`.
    pub fn seal(&self, kind: Sealed, row: i64, plain: &[u8]) -> Vec<u8> {
        seal(&self.cipher, Place { kind, subject: self.subject, row }, plain)
    }

    /// Opens [`Self::seal`].
    pub fn open(&self, kind: Sealed, row: i64, sealed: &[u8]) -> Result<SensitiveBytes, GalleryError> {
        open(&self.cipher, Place { kind, subject: self.subject, row }, sealed)
    }
}

fn seal(cipher: &Aes256Gcm, place: Place, plain: &[u8]) -> Vec<u8> {
    let mut sealed = Vec::with_capacity(NONCE + plain.len() + TAG);
    sealed.extend_from_slice(&rand::random::<[u8; NONCE]>());
    sealed.extend_from_slice(plain);
    let nonce = Nonce::try_from(&sealed[..NONCE]).expect("the nonce is 12 bytes");
    let tag = cipher
        .encrypt_inout_detached(&nonce, &place.associated_data(), (&mut sealed[NONCE..]).into())
        .expect("no value comes near AES-GCM's limit of 64 GiB");
    sealed.extend_from_slice(&tag);
    sealed
}

fn open(cipher: &Aes256Gcm, place: Place, sealed: &[u8]) -> Result<SensitiveBytes, GalleryError> {
    let broken = || damaged(place.kind);
    let (nonce, rest) = sealed.split_at_checked(NONCE).ok_or_else(broken)?;
    let (ciphertext, tag) = rest.split_at_checked(rest.len().wrapping_sub(TAG)).ok_or_else(broken)?;
    let nonce = Nonce::try_from(nonce).map_err(|_| broken())?;
    let tag = Tag::try_from(tag).map_err(|_| broken())?;
    let mut plain = SensitiveBytes(ciphertext.to_vec());
    cipher.decrypt_inout_detached(&nonce, &place.associated_data(), plain.0.as_mut_slice().into(), &tag).map_err(|_| broken())?;
    Ok(plain)
}

pub(super) fn damaged(kind: Sealed) -> GalleryError {
    GalleryError::Damaged { what: kind.what().into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(fill: u8) -> GalleryKeys {
        GalleryKeys::derive(&SensitiveBytes(vec![fill; 32]))
    }

    #[test]
    fn values_open_in_their_place_only() {
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let keys = keys(1);
        let (key, wrapped) = keys.new_subject_key(one, 7);
        assert_eq!(wrapped.len(), WRAPPED);
        let sealed = key.seal(Sealed::Template, 3, b"plain");
        assert!(!sealed.windows(5).any(|w| w == b"plain"));
        let again = keys.unwrap_subject_key(one, 7, &wrapped).unwrap();
        assert_eq!(again.open(Sealed::Template, 3, &sealed).unwrap().0, b"plain");
        assert!(again.open(Sealed::Template, 4, &sealed).is_err(), "another row");
        assert!(again.open(Sealed::Picture, 3, &sealed).is_err(), "another kind");
        assert!(keys.unwrap_subject_key(two, 7, &wrapped).is_err(), "another person");
        assert!(keys.unwrap_subject_key(one, 8, &wrapped).is_err(), "another row");
        assert!(super::tests::keys(2).unwrap_subject_key(one, 7, &wrapped).is_err(), "another gallery key");
    }

    #[test]
    fn any_changed_or_missing_byte_is_found() {
        let (key, _) = keys(1).new_subject_key(Uuid::nil(), 1);
        let sealed = key.seal(Sealed::Profile, 1, b"details");
        for i in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[i] ^= 1;
            assert!(key.open(Sealed::Profile, 1, &changed).is_err());
            assert!(key.open(Sealed::Profile, 1, &sealed[..i]).is_err());
        }
    }

    #[test]
    fn equal_values_never_look_equal_and_digests_always_do() {
        let keys = keys(1);
        let (key, _) = keys.new_subject_key(Uuid::nil(), 1);
        assert_ne!(key.seal(Sealed::Profile, 1, b"x"), key.seal(Sealed::Profile, 1, b"x"));
        assert_eq!(keys.code_digest("ABCDEFGH"), keys.code_digest("ABCDEFGH"));
        assert_ne!(keys.code_digest("ABCDEFGH"), super::tests::keys(2).code_digest("ABCDEFGH"));
    }
}
