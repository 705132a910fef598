//! Key stores: the operating system's, with a file as fallback.
//!
//! The choice is made once per data folder and remembered in `keys/store`, so that a gallery whose key is in the system's key store is
//! never opened with a fresh key because that store happens to be locked today.

pub mod file;
pub mod memory;
pub mod os;

pub use file::FileKeyStore;
pub use memory::MemoryKeyStore;
pub use os::OsKeyStore;

use crate::ports::keys::{KeyStore, KeyStoreError};
use std::path::Path;

/// Where the configuration wants the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyStorePreference {
    /// The system's key store when it answers, a file otherwise; the first choice is kept.
    #[default]
    Auto,
    /// The system's key store or nothing.
    Os,
    /// A file readable by this account only.
    File,
}

impl std::str::FromStr for KeyStorePreference {
    type Err = KeyStoreError;
    fn from_str(text: &str) -> Result<Self, KeyStoreError> {
        match text {
            "auto" => Ok(Self::Auto),
            "os" => Ok(Self::Os),
            "file" => Ok(Self::File),
            _ => Err(KeyStoreError::Unavailable { reason: format!("`{text}` is not one of auto, os, file") }),
        }
    }
}

/// Opens the key store of a data folder.
///
/// With [`KeyStorePreference::Auto`] the choice of the first call is kept in `<data_dir>/keys/store`; a store chosen then and not
/// reachable now is an error, never a silent change to the other one.
///
/// # Errors
/// [`KeyStoreError::Unavailable`] when the store wanted cannot be reached, [`KeyStoreError::Exposed`] when the key folder can be
/// changed or its files read by other accounts.
pub fn open_key_store(preference: KeyStorePreference, data_dir: &Path) -> Result<Box<dyn KeyStore>, KeyStoreError> {
    let files = FileKeyStore::open(&data_dir.join("keys"))?;
    let remembered = files.remembered_choice()?;
    match (preference, remembered) {
        (KeyStorePreference::File, _) | (KeyStorePreference::Auto, Some(file::Choice::File)) => Ok(Box::new(files)),
        (KeyStorePreference::Os | KeyStorePreference::Auto, Some(file::Choice::Os { realm })) => Ok(Box::new(OsKeyStore::open(&realm)?)),
        (KeyStorePreference::Os, None | Some(file::Choice::File)) => {
            let realm = file::new_realm();
            let store = OsKeyStore::open(&realm)?;
            files.remember_choice(&file::Choice::Os { realm })?;
            Ok(Box::new(store))
        }
        (KeyStorePreference::Auto, None) => {
            let realm = file::new_realm();
            match OsKeyStore::open(&realm) {
                Ok(store) => {
                    files.remember_choice(&file::Choice::Os { realm })?;
                    Ok(Box::new(store))
                }
                Err(error) => {
                    tracing::warn!(%error, "keys are kept in a file");
                    files.remember_choice(&file::Choice::File)?;
                    Ok(Box::new(files))
                }
            }
        }
    }
}

/// A new random 32-byte key.
///
/// # Errors
/// [`KeyStoreError::Unavailable`] when the system gives no random bytes.
pub fn new_key() -> Result<crate::units::SensitiveBytes, KeyStoreError> {
    use rand::TryRng as _;
    let mut key = crate::units::SensitiveBytes(vec![0; KEY_BYTES]);
    rand::rngs::SysRng
        .try_fill_bytes(&mut key.0)
        .map_err(|error| KeyStoreError::Unavailable { reason: format!("the system gives no random bytes: {error}") })?;
    Ok(key)
}

/// Length of every key.
pub const KEY_BYTES: usize = 32;

/// Whether `name` may name a key: 1-64 characters of `a-z`, `0-9` and `-`. Names become file names.
fn name_is_usable(name: &str) -> bool {
    (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Refuses names and keys that no store may hold.
fn check_entry(name: &str, key: &crate::units::SensitiveBytes) -> Result<(), KeyStoreError> {
    check_name(name)?;
    if key.0.len() == KEY_BYTES { Ok(()) } else { Err(KeyStoreError::Damaged { name: name.into() }) }
}

/// Refuses names that no store may hold.
fn check_name(name: &str) -> Result<(), KeyStoreError> {
    if name_is_usable(name) {
        Ok(())
    } else {
        Err(KeyStoreError::Unavailable { reason: "a key's name may hold a-z, 0-9 and hyphens only".into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::keys::KeyProtection;

    #[test]
    fn the_file_store_is_chosen_and_kept_where_no_system_store_answers() {
        let folder = tempfile::tempdir().unwrap();
        let store = open_key_store(KeyStorePreference::File, folder.path()).unwrap();
        assert_eq!(store.protection(), KeyProtection::File);
        let key = new_key().unwrap();
        store.put("gallery", &key).unwrap();
        let files = FileKeyStore::open(&folder.path().join("keys")).unwrap();
        files.remember_choice(&file::Choice::File).unwrap();
        let again = open_key_store(KeyStorePreference::Auto, folder.path()).unwrap();
        assert_eq!(again.protection(), KeyProtection::File);
        assert_eq!(again.get("gallery").unwrap(), Some(key));
    }

    #[test]
    fn names_that_could_leave_the_folder_are_refused() {
        for name in ["", "../x", "A", "a/b", "a.key", &"a".repeat(65)] {
            assert!(!name_is_usable(name), "{name}");
        }
        assert!(name_is_usable("practice-gallery"));
    }

    #[test]
    fn preferences_are_read_from_the_configuration() {
        assert_eq!("os".parse(), Ok(KeyStorePreference::Os));
        assert!("keychain".parse::<KeyStorePreference>().is_err());
    }
}
