//! Keys in files that only this account can read: the fallback where the system has no key store. Weaker, because whoever reads the disk
//! as this account has the keys; `doctor` warns.
//!
//! One file per key, `<name>.key`, holding `visavis-key/1 <64 hexadecimal digits> <first 8 of their SHA-256>`. A key is written beside its
//! place, synced, renamed, and the folder synced: after a crash there is the old key or the new one, whole.

use super::{KEY_BYTES, check_entry, check_name};
use crate::ports::keys::{KeyProtection, KeyStore, KeyStoreError};
use crate::units::SensitiveBytes;
use sha2::{Digest as _, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// A folder of key files.
#[derive(Debug)]
pub struct FileKeyStore {
    folder: PathBuf,
}

/// Which store a data folder uses, as remembered beside the keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Choice {
    /// The system's key store, under this realm.
    Os {
        /// Keeps two data folders of one account apart.
        realm: String,
    },
    /// The files of this folder.
    File,
}

/// A new random name for a data folder's entries in the system's key store.
pub(super) fn new_realm() -> String {
    hex(&rand::random::<[u8; 8]>())
}

const CHOICE_FILE: &str = "store";

impl FileKeyStore {
    /// Opens the folder, creating it for this account only.
    ///
    /// # Errors
    /// [`KeyStoreError::Unavailable`] when it cannot be created, [`KeyStoreError::Exposed`] when other accounts may write into it.
    pub fn open(folder: &Path) -> Result<Self, KeyStoreError> {
        create_private_folder(folder).map_err(|error| unavailable(folder, &error))?;
        let metadata = std::fs::metadata(folder).map_err(|error| unavailable(folder, &error))?;
        if folder_is_writable_by_others(&metadata) {
            return Err(KeyStoreError::Exposed);
        }
        Ok(Self { folder: folder.to_owned() })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.key"))
    }

    pub(super) fn remembered_choice(&self) -> Result<Option<Choice>, KeyStoreError> {
        let Some(text) = self.read(&self.folder.join(CHOICE_FILE))? else { return Ok(None) };
        match text.trim().split_once(' ') {
            Some(("os", realm)) if !realm.is_empty() && realm.bytes().all(|b| b.is_ascii_hexdigit()) => {
                Ok(Some(Choice::Os { realm: realm.into() }))
            }
            None if text.trim() == "file" => Ok(Some(Choice::File)),
            _ => Err(KeyStoreError::Unavailable { reason: "the remembered choice of key store is damaged".into() }),
        }
    }

    pub(super) fn remember_choice(&self, choice: &Choice) -> Result<(), KeyStoreError> {
        let text = match choice {
            Choice::Os { realm } => format!("os {realm}\n"),
            Choice::File => "file\n".into(),
        };
        self.replace(&self.folder.join(CHOICE_FILE), text.as_bytes())
    }

    /// The text of a private file; `None` when there is none.
    fn read(&self, path: &Path) -> Result<Option<Zeroizing<String>>, KeyStoreError> {
        let mut file = match open_without_following(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unavailable(path, &error)),
        };
        let metadata = file.metadata().map_err(|error| unavailable(path, &error))?;
        if file_is_readable_by_others(&metadata) {
            return Err(KeyStoreError::Exposed);
        }
        let mut text = Zeroizing::new(String::with_capacity(128));
        match (&mut file).take(4096).read_to_string(&mut text) {
            Ok(_) => Ok(Some(text)),
            // Not text at all: the caller's check of the content fails and names the key.
            Err(error) if error.kind() == ErrorKind::InvalidData => Ok(Some(Zeroizing::new(String::new()))),
            Err(error) => Err(unavailable(path, &error)),
        }
    }

    /// Puts `content` at `path`, whole and durable, readable by this account only.
    fn replace(&self, path: &Path, content: &[u8]) -> Result<(), KeyStoreError> {
        let beside = path.with_extension(format!("new-{}", std::process::id()));
        let written = write_private(&beside, content)
            .and_then(|()| std::fs::rename(&beside, path))
            .and_then(|()| File::open(&self.folder).and_then(|folder| folder.sync_all()).or_else(ignore_on_windows));
        written.map_err(|error| {
            let _ = std::fs::remove_file(&beside);
            unavailable(path, &error)
        })
    }
}

impl KeyStore for FileKeyStore {
    fn protection(&self) -> KeyProtection {
        KeyProtection::File
    }

    fn get(&self, name: &str) -> Result<Option<SensitiveBytes>, KeyStoreError> {
        check_name(name)?;
        let Some(text) = self.read(&self.path(name))? else { return Ok(None) };
        decode(&text).map(Some).ok_or_else(|| KeyStoreError::Damaged { name: name.into() })
    }

    fn put(&self, name: &str, key: &SensitiveBytes) -> Result<(), KeyStoreError> {
        check_entry(name, key)?;
        self.replace(&self.path(name), encode(key).as_bytes())
    }

    fn delete(&self, name: &str) -> Result<(), KeyStoreError> {
        check_name(name)?;
        let path = self.path(name);
        match OpenOptions::new().write(true).open(&path) {
            Ok(mut file) => {
                // Best effort only: a journalling or copy-on-write file system may keep the old block.
                let length = file.metadata().map_or(0, |m| usize::try_from(m.len()).unwrap_or(0)).min(4096);
                let _ = file.write_all(&vec![0; length]).and_then(|()| file.sync_all());
            }
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(_) => {}
        }
        std::fs::remove_file(&path)
            .and_then(|()| File::open(&self.folder).and_then(|folder| folder.sync_all()).or_else(ignore_on_windows))
            .map_err(|error| unavailable(&path, &error))
    }
}

fn encode(key: &SensitiveBytes) -> Zeroizing<String> {
    let digits = Zeroizing::new(hex(&key.0));
    Zeroizing::new(format!("visavis-key/1 {} {}\n", *digits, hex(&Sha256::digest(&key.0)[..4])))
}

fn decode(text: &str) -> Option<SensitiveBytes> {
    let mut words = text.split_ascii_whitespace();
    let (version, digits, check, end) = (words.next()?, words.next()?, words.next()?, words.next());
    if version != "visavis-key/1" || end.is_some() || digits.len() != 2 * KEY_BYTES || !digits.is_ascii() {
        return None;
    }
    let bytes = (0..KEY_BYTES).map(|i| u8::from_str_radix(&digits[2 * i..2 * i + 2], 16).ok()).collect::<Option<Vec<u8>>>();
    let key = SensitiveBytes(bytes?);
    (hex(&Sha256::digest(&key.0)[..4]) == check).then_some(key)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn unavailable(path: &Path, error: &std::io::Error) -> KeyStoreError {
    KeyStoreError::Unavailable { reason: format!("{}: {error}", path.display()) }
}

/// Folders cannot be opened, and need not be synced, on Windows.
fn ignore_on_windows(error: std::io::Error) -> std::io::Result<()> {
    if cfg!(windows) { Ok(()) } else { Err(error) }
}

fn write_private(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600).custom_flags(libc::O_NOFOLLOW);
    }
    let mut file = options.open(path)?;
    #[cfg(unix)]
    {
        // A leftover of an earlier crash keeps the mode it had.
        use std::os::unix::fs::PermissionsExt as _;
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    }
    file.write_all(content)?;
    file.sync_all()
}

fn open_without_following(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags(libc::O_NOFOLLOW);
    }
    options.open(path)
}

fn create_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

#[cfg(unix)]
fn file_is_readable_by_others(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o077 != 0
}

#[cfg(unix)]
fn folder_is_writable_by_others(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o022 != 0
}

// Elsewhere the profile folder's access list protects the files; there is no mode to check.
#[cfg(not(unix))]
fn file_is_readable_by_others(_: &std::fs::Metadata) -> bool {
    false
}

#[cfg(not(unix))]
fn folder_is_writable_by_others(_: &std::fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> (tempfile::TempDir, FileKeyStore) {
        let folder = tempfile::tempdir().unwrap();
        let store = FileKeyStore::open(&folder.path().join("keys")).unwrap();
        (folder, store)
    }

    #[test]
    fn keys_outlive_the_process_and_replace_each_other() {
        let (folder, store) = store();
        assert_eq!(store.get("gallery").unwrap(), None);
        for fill in [1, 2] {
            let key = SensitiveBytes(vec![fill; 32]);
            store.put("gallery", &key).unwrap();
            let again = FileKeyStore::open(&folder.path().join("keys")).unwrap();
            assert_eq!(again.get("gallery").unwrap(), Some(key));
        }
        store.delete("gallery").unwrap();
        store.delete("gallery").unwrap();
        assert_eq!(store.get("gallery").unwrap(), None);
        assert_eq!(std::fs::read_dir(folder.path().join("keys")).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn exposed_files_and_folders_are_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let (folder, store) = store();
        store.put("gallery", &SensitiveBytes(vec![1; 32])).unwrap();
        let path = folder.path().join("keys/gallery.key");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        for mode in [0o640, 0o604, 0o660] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(store.get("gallery"), Err(KeyStoreError::Exposed), "{mode:o}");
        }
        std::fs::set_permissions(folder.path().join("keys"), std::fs::Permissions::from_mode(0o770)).unwrap();
        assert!(matches!(FileKeyStore::open(&folder.path().join("keys")), Err(KeyStoreError::Exposed)));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_place_of_a_key_is_not_followed() {
        let (folder, store) = store();
        store.put("gallery", &SensitiveBytes(vec![1; 32])).unwrap();
        std::os::unix::fs::symlink(folder.path().join("keys/gallery.key"), folder.path().join("keys/other.key")).unwrap();
        assert!(matches!(store.get("other"), Err(KeyStoreError::Unavailable { .. })));
    }

    #[test]
    fn damage_is_found() {
        let (folder, store) = store();
        store.put("gallery", &SensitiveBytes(vec![0xab; 32])).unwrap();
        let path = folder.path().join("keys/gallery.key");
        let whole = std::fs::read(&path).unwrap();
        let mut cases = vec![Vec::new(), b"\xff\xfe".to_vec(), whole[..whole.len() - 6].to_vec(), [whole.clone(), b"x".to_vec()].concat()];
        cases.extend((0..whole.len() - 1).map(|i| {
            let mut changed = whole.clone();
            changed[i] = if changed[i] == b'0' { b'1' } else { b'0' };
            changed
        }));
        for case in cases {
            std::fs::write(&path, &case).unwrap();
            assert_eq!(store.get("gallery"), Err(KeyStoreError::Damaged { name: "gallery".into() }), "{}", String::from_utf8_lossy(&case));
        }
    }

    #[test]
    fn the_choice_of_store_is_remembered() {
        let (_folder, store) = store();
        assert_eq!(store.remembered_choice().unwrap(), None);
        for choice in [Choice::File, Choice::Os { realm: new_realm() }] {
            store.remember_choice(&choice).unwrap();
            assert_eq!(store.remembered_choice().unwrap(), Some(choice));
        }
    }
}
