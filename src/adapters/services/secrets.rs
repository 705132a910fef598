//! Secrets by reference: `env:NAME`, `file:PATH`, `keyring:NAME`. Never from the command line, never printed.
//!
//! The key store keeps keys of 32 bytes, a service's secret has any length. So `keyring:NAME` is a sealed file in the data folder whose
//! key is in the key store: `nonce (12) | ciphertext | tag (16)`, AES-256-GCM, the name as associated data. Without the key store's entry
//! the file is noise.

use super::wire::Private;
use crate::ports::keys::KeyStore;
use crate::ports::services::{ServiceError, ServiceFault, ServiceKind};
use crate::units::SensitiveBytes;
use aes_gcm::aead::{AeadInOut as _, KeyInit as _};
use aes_gcm::{Aes256Gcm, Nonce, Tag};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use zeroize::{Zeroize as _, Zeroizing};

/// Longest secret, bytes.
const LONGEST: u64 = 64 * 1024;
/// Name of the key that seals the secrets.
const SEALING_KEY: &str = "service-secrets";
const NONCE: usize = 12;
const TAG: usize = 16;

/// The key store, shared by the clients of all services.
pub type SharedKeys = Arc<Mutex<Box<dyn KeyStore>>>;

/// Where `keyring:` references lead.
#[derive(Clone)]
pub struct SecretBox {
    folder: PathBuf,
    keys: SharedKeys,
}

impl SecretBox {
    /// Secrets below `folder`, which is created when the first one is kept.
    #[must_use]
    pub fn new(folder: &Path, keys: SharedKeys) -> Self {
        Self { folder: folder.to_owned(), keys }
    }

    /// The key store itself, for device keys.
    #[must_use]
    pub const fn keys(&self) -> &SharedKeys {
        &self.keys
    }

    fn path(&self, name: &str) -> Result<PathBuf, String> {
        let usable = (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if usable {
            Ok(self.folder.join(format!("{name}.secret")))
        } else {
            Err("a secret's name may hold a-z, 0-9 and hyphens".to_owned())
        }
    }

    fn key(&self, create: bool) -> Result<Option<SensitiveBytes>, String> {
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let known = keys.get(SEALING_KEY).map_err(|e| e.to_string())?;
        if known.is_some() || !create {
            return Ok(known);
        }
        let key = SensitiveBytes(rand::random::<[u8; 32]>().to_vec());
        keys.put(SEALING_KEY, &key).map_err(|e| e.to_string())?;
        Ok(Some(key))
    }

    fn cipher(key: &SensitiveBytes) -> Result<Aes256Gcm, String> {
        Aes256Gcm::new_from_slice(&key.0).map_err(|_| "the key of the secrets is damaged".to_owned())
    }

    /// Keeps `secret` under `name`, durable on return.
    ///
    /// # Errors
    /// Plain words without the secret.
    pub fn keep(&self, name: &str, secret: &Private) -> Result<(), String> {
        let path = self.path(name)?;
        let cipher = Self::cipher(&self.key(true)?.ok_or_else(|| "the key store keeps nothing".to_owned())?)?;
        let nonce = rand::random::<[u8; NONCE]>();
        let mut sealed = Zeroizing::new(secret.0.as_bytes().to_vec());
        let tag = cipher
            .encrypt_inout_detached(&Nonce::from(nonce), name.as_bytes(), sealed.as_mut_slice().into())
            .map_err(|_| "the secret is too long".to_owned())?;
        let bytes = [&nonce[..], &sealed, &tag[..]].concat();
        let failed = |e: std::io::Error| format!("the secret cannot be kept: {e}");
        let mut folder = std::fs::DirBuilder::new();
        folder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        folder.create(&self.folder).map_err(failed)?;
        let beside = path.with_extension("new");
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&beside).map_err(failed)?;
        file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(failed)?;
        std::fs::rename(&beside, &path).map_err(failed)
    }

    /// Destroys the secret called `name`; no error if there is none.
    ///
    /// # Errors
    /// Plain words.
    pub fn forget(&self, name: &str) -> Result<(), String> {
        match std::fs::remove_file(self.path(name)?) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(format!("the secret cannot be removed: {error}")),
            _ => Ok(()),
        }
    }

    fn get(&self, name: &str) -> Result<Private, String> {
        let path = self.path(name)?;
        let bytes = std::fs::read(&path).map_err(|_| format!("there is no secret called {name}; see `visavis remote secret`"))?;
        let damaged = || format!("the secret {name} is damaged or was sealed on another machine");
        let key = self.key(false)?.ok_or_else(damaged)?;
        if bytes.len() < NONCE + TAG {
            return Err(damaged());
        }
        let (nonce, rest) = bytes.split_at(NONCE);
        let (sealed, tag) = rest.split_at(rest.len() - TAG);
        let mut open = Zeroizing::new(sealed.to_vec());
        let (nonce, tag) = (Nonce::try_from(nonce).map_err(|_| damaged())?, Tag::try_from(tag).map_err(|_| damaged())?);
        Self::cipher(&key)?.decrypt_inout_detached(&nonce, name.as_bytes(), open.as_mut_slice().into(), &tag).map_err(|_| damaged())?;
        Ok(Private(std::str::from_utf8(&open).map_err(|_| damaged())?.to_owned()))
    }
}

/// Reads the secret that `reference` names; white space around it is passed over.
///
/// # Errors
/// [`ServiceFault::Misconfigured`] in words that name the reference, never the secret.
pub fn resolve(service: ServiceKind, reference: &str, secrets: Option<&SecretBox>) -> Result<Private, ServiceError> {
    let wrong = |message: String| ServiceError::unsent(service, ServiceFault::Misconfigured, message);
    let secret = match reference.split_once(':') {
        Some(("env", name)) => std::env::var(name).map(Private).map_err(|_| wrong(format!("the environment has no {name}")))?,
        Some(("file", path)) => from_file(service, Path::new(path))?,
        Some(("keyring", name)) => {
            let secrets = secrets.ok_or_else(|| wrong("the key store is not open".to_owned()))?;
            secrets.get(name).map_err(wrong)?
        }
        _ => return Err(wrong("a secret is missing; write env:NAME, file:PATH or keyring:NAME".to_owned())),
    };
    let trimmed = Private(secret.0.trim().to_owned());
    if trimmed.0.is_empty() { Err(wrong(format!("the secret {reference} is empty"))) } else { Ok(trimmed) }
}

fn from_file(service: ServiceKind, path: &Path) -> Result<Private, ServiceError> {
    refuse_exposed(service, path)?;
    let wrong = |reason: &str| ServiceError::unsent(service, ServiceFault::Misconfigured, format!("{}: {reason}", path.display()));
    let file = std::fs::File::open(path).map_err(|e| wrong(&format!("cannot be read: {e}")))?;
    let mut text = String::new();
    let read = file.take(LONGEST + 1).read_to_string(&mut text);
    let secret = Private(text);
    match read {
        Ok(length) if length as u64 <= LONGEST => Ok(secret),
        Ok(_) => Err(wrong("is too long for a secret")),
        Err(_) => Err(wrong("is no text")),
    }
}

/// Refuses a file that other accounts can read or change.
///
/// # Errors
/// [`ServiceFault::Misconfigured`].
pub(super) fn refuse_exposed(service: ServiceKind, path: &Path) -> Result<(), ServiceError> {
    let wrong = |message: String| ServiceError::unsent(service, ServiceFault::Misconfigured, message);
    let metadata = std::fs::metadata(path).map_err(|e| wrong(format!("{} cannot be read: {e}", path.display())))?;
    if !metadata.is_file() {
        return Err(wrong(format!("{} is not a file", path.display())));
    }
    #[cfg(unix)]
    if std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o077 != 0 {
        return Err(wrong(format!("{} can be read by other accounts; make it mode 0600", path.display())));
    }
    Ok(())
}

/// Reads one secret from `source`, up to the longest allowed, and wipes what it read.
///
/// # Errors
/// Plain words.
pub fn read_secret(source: &mut dyn std::io::Read) -> Result<Private, String> {
    let mut text = String::new();
    let read = source.take(LONGEST + 1).read_to_string(&mut text);
    let secret = Private(text.trim().to_owned());
    text.zeroize();
    match read {
        Ok(length) if length as u64 > LONGEST => Err("the secret is too long".to_owned()),
        Ok(_) if secret.0.is_empty() => Err("the secret is empty".to_owned()),
        Ok(_) => Ok(secret),
        Err(_) => Err("the secret is no text".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::keys::{KeyProtection, KeyStoreError};
    use std::collections::BTreeMap;

    #[derive(Default)]
    struct Keys(Mutex<BTreeMap<String, SensitiveBytes>>);

    impl KeyStore for Keys {
        fn protection(&self) -> KeyProtection {
            KeyProtection::Memory
        }
        fn get(&self, name: &str) -> Result<Option<SensitiveBytes>, KeyStoreError> {
            Ok(self.0.lock().unwrap().get(name).cloned())
        }
        fn put(&self, name: &str, key: &SensitiveBytes) -> Result<(), KeyStoreError> {
            self.0.lock().unwrap().insert(name.to_owned(), key.clone());
            Ok(())
        }
        fn delete(&self, name: &str) -> Result<(), KeyStoreError> {
            self.0.lock().unwrap().remove(name);
            Ok(())
        }
    }

    fn secret_box(folder: &Path) -> SecretBox {
        SecretBox::new(folder, Arc::new(Mutex::new(Box::new(Keys::default()))))
    }

    #[test]
    fn kept_secrets_come_back_and_are_noise_on_disk() {
        let folder = tempfile::tempdir().unwrap();
        let secrets = secret_box(folder.path());
        secrets.keep("awareid", &"correct horse".into()).unwrap();
        let got = resolve(ServiceKind::AwareId, "keyring:awareid", Some(&secrets)).unwrap();
        assert_eq!(got.0, "correct horse");
        let bytes = std::fs::read(folder.path().join("awareid.secret")).unwrap();
        assert!(!bytes.windows(7).any(|w| w == b"correct"));
        std::fs::rename(folder.path().join("awareid.secret"), folder.path().join("baf.secret")).unwrap();
        assert!(resolve(ServiceKind::Baf, "keyring:baf", Some(&secrets)).is_err(), "a secret opens under its own name only");
        assert!(resolve(ServiceKind::Baf, "keyring:../baf", Some(&secrets)).is_err());
        secrets.forget("baf").unwrap();
        secrets.forget("baf").unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn files_that_others_can_read_are_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, "s3cret\n").unwrap();
        let reference = format!("file:{}", path.display());
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let error = resolve(ServiceKind::Uqudo, &reference, None).unwrap_err();
        assert_eq!(error.fault, ServiceFault::Misconfigured);
        assert!(!error.message.contains("s3cret"));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(resolve(ServiceKind::Uqudo, &reference, None).unwrap().0, "s3cret");
    }

    #[test]
    fn what_is_no_reference_is_refused_without_being_repeated() {
        for reference in ["", "hunter2", "argv:x", "env:VISAVIS_NO_SUCH_VARIABLE", "keyring:x"] {
            let error = resolve(ServiceKind::Uqudo, reference, None).unwrap_err();
            assert!(!error.message.contains("hunter2"), "{}", error.message);
        }
    }
}
