//! Where the machine's secrets are kept.

use crate::advice::{Advice, Advised};
use crate::units::SensitiveBytes;

/// Where the keys are kept, for `doctor`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyProtection {
    /// The operating system's key store.
    OsKeyStore,
    /// A file readable by this account only: weaker, `doctor` warns.
    File,
    /// Memory, for tests.
    Memory,
}

/// Why a key could not be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyStoreError {
    /// The store cannot be reached.
    #[error("the key store cannot be used: {reason}")]
    Unavailable {
        /// Why, without any secret.
        reason: String,
    },
    /// What is stored under that name is not a key.
    #[error("the key {name} is damaged")]
    Damaged {
        /// Name of the key.
        name: String,
    },
    /// The fallback file can be read by other accounts.
    #[error("the key file can be read by other accounts")]
    Exposed,
}

impl Advised for KeyStoreError {
    fn advice(&self) -> Advice {
        match self {
            Self::Unavailable { .. } => {
                Advice::environment("KEY-01", "Unlock the system's key store, or set `keys.store = \"file\"` in the configuration.")
            }
            Self::Damaged { .. } => {
                Advice::environment("KEY-02", "Restore the key from its backup; without it the gallery cannot be opened.")
            }
            Self::Exposed => Advice::environment("KEY-03", "Make the key file readable by this account only (mode 0600)."),
        }
    }
}

/// Keeps 32-byte keys by name. One caller at a time.
pub trait KeyStore: Send {
    /// Where keys are kept.
    fn protection(&self) -> KeyProtection;

    /// The key called `name`, if there is one.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    fn get(&self, name: &str) -> Result<Option<SensitiveBytes>, KeyStoreError>;

    /// Stores `key` under `name`, durable on return; replaces an earlier one.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    fn put(&self, name: &str, key: &SensitiveBytes) -> Result<(), KeyStoreError>;

    /// Destroys the key called `name`; no error if there is none.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    fn delete(&self, name: &str) -> Result<(), KeyStoreError>;
}
