//! What the desk orders: an export or an import, with keys and passphrases as people give them; and this machine's own keys.

use super::{ExportReport, Progress, TransferError, export_gallery, import_gallery};
use crate::adapters::keys::new_key;
use crate::adapters::sealed::{Identity, MACHINE_KEY, Opener, PublicKey, Recipient, Trust};
use crate::ports::gallery::{GalleryStore, ImportReport};
use crate::ports::keys::{KeyStore, KeyStoreError};
use crate::units::{SensitiveText, UtcTime};
use std::path::PathBuf;

/// People leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportOrder {
    /// File to write.
    pub to: PathBuf,
    /// Members of this gallery only.
    pub gallery: Option<String>,
    /// Keys of the machines it is for, as `visavis gallery key` prints them there.
    pub recipients: Vec<String>,
    /// Sealed with a passphrase as well.
    pub passphrase: Option<SensitiveText>,
}

/// People enter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportOrder {
    /// File to read.
    pub from: PathBuf,
    /// Keys of the machines whose files are taken; `None` takes the file whoever sealed it.
    pub trusted: Option<Vec<String>>,
    /// Opened with a passphrase instead of this machine's key.
    pub passphrase: Option<SensitiveText>,
}

/// Keys that other machines need of this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineKeys {
    /// Others export to us with it.
    pub receives_as: String,
    /// Others know our files by it.
    pub signs_as: String,
    /// Of the signing key, for comparing by telephone.
    pub fingerprint: String,
}

impl From<&Identity> for MachineKeys {
    fn from(identity: &Identity) -> Self {
        let signs = identity.signs_as();
        Self { receives_as: identity.receives_as().to_text(), signs_as: signs.to_text(), fingerprint: signs.fingerprint() }
    }
}

/// This machine's identity; its key is made on first use.
///
/// # Errors
/// [`KeyStoreError`].
pub fn machine_identity(keys: &dyn KeyStore) -> Result<Identity, KeyStoreError> {
    let key = match keys.get(MACHINE_KEY)? {
        Some(key) => key,
        None => {
            let key = new_key()?;
            keys.put(MACHINE_KEY, &key)?;
            key
        }
    };
    Ok(Identity::derive(&key))
}

fn keys(texts: &[String]) -> Result<Vec<PublicKey>, TransferError> {
    Ok(texts.iter().map(|text| PublicKey::from_text(text)).collect::<Result<_, _>>()?)
}

impl ExportOrder {
    /// Carries it out.
    ///
    /// # Errors
    /// [`TransferError`]; no file is left.
    pub fn carry_out(
        &self,
        store: &dyn GalleryStore,
        identity: &Identity,
        at: UtcTime,
        progress: &Progress,
    ) -> Result<ExportReport, TransferError> {
        let mut recipients: Vec<Recipient> = keys(&self.recipients)?.into_iter().map(Recipient::Key).collect();
        recipients.extend(self.passphrase.clone().map(Recipient::Passphrase));
        export_gallery(store, self.gallery.as_deref(), &self.to, &recipients, identity, at, progress)
    }
}

impl ImportOrder {
    /// Carries it out.
    ///
    /// # Errors
    /// [`TransferError`]; the gallery is as it was.
    pub fn carry_out(
        &self,
        store: &mut dyn GalleryStore,
        identity: &Identity,
        progress: &Progress,
    ) -> Result<(ImportReport, PublicKey), TransferError> {
        let trusted = self.trusted.as_deref().map(keys).transpose()?;
        let trust = trusted.as_deref().map_or(Trust::Anyone, Trust::Only);
        let opener = self.passphrase.as_ref().map_or(Opener::Identity(identity), Opener::Passphrase);
        import_gallery(store, &self.from, opener, trust, progress)
    }
}
