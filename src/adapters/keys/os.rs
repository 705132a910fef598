//! Keys in the operating system's key store: Secret Service on Linux, Keychain on macOS, Credential Manager on Windows.
//!
//! Every call is made on one named thread and awaited with a limit, because a session bus that is there but does not answer, or a
//! prompt nobody sees at a kiosk, would block for ever.

use super::{check_entry, check_name};
use crate::ports::keys::{KeyProtection, KeyStore, KeyStoreError};
use crate::units::SensitiveBytes;
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

/// How long the first contact may take before the store counts as unreachable.
const PROBE_LIMIT: Duration = Duration::from_secs(3);
/// How long one call may take; a person may have to type a password for the first one.
const CALL_LIMIT: Duration = Duration::from_secs(60);
/// Name of the application in the system's key store.
const SERVICE: &str = "visavis";

enum Request {
    Probe,
    Get(String),
    Put(String, SensitiveBytes),
    Delete(String),
}

type Reply = Result<Option<SensitiveBytes>, KeyStoreError>;

/// The system's key store, as one data folder sees it.
#[derive(Debug)]
pub struct OsKeyStore {
    realm: String,
    requests: SyncSender<(Request, SyncSender<Reply>)>,
}

impl OsKeyStore {
    /// Contacts the system's key store. `realm` keeps the keys of several data folders apart.
    ///
    /// # Errors
    /// [`KeyStoreError::Unavailable`] when there is none, or it does not answer within three seconds.
    pub fn open(realm: &str) -> Result<Self, KeyStoreError> {
        if let Some(reason) = no_session() {
            return Err(KeyStoreError::Unavailable { reason: reason.into() });
        }
        // The thread ends when its sender is dropped; a call that hangs keeps only that thread, never the caller.
        let (requests, inbox) = sync_channel::<(Request, SyncSender<Reply>)>(1);
        std::thread::Builder::new()
            .name("key-store".into())
            .spawn(move || {
                for (request, reply) in inbox {
                    let _ = reply.try_send(serve(&request));
                }
            })
            .map_err(|error| KeyStoreError::Unavailable { reason: error.to_string() })?;
        let store = Self { realm: realm.into(), requests };
        store.call(Request::Probe, PROBE_LIMIT)?;
        Ok(store)
    }

    fn call(&self, request: Request, limit: Duration) -> Reply {
        let gone = || KeyStoreError::Unavailable { reason: "its worker has stopped or is still busy".into() };
        let (reply, answer) = sync_channel(1);
        self.requests.try_send((request, reply)).map_err(|_| gone())?;
        answer.recv_timeout(limit).unwrap_or_else(|error| {
            Err(match error {
                RecvTimeoutError::Timeout => {
                    KeyStoreError::Unavailable { reason: format!("it did not answer within {} s", limit.as_secs()) }
                }
                RecvTimeoutError::Disconnected => gone(),
            })
        })
    }

    fn account(&self, name: &str) -> String {
        format!("{}/{name}", self.realm)
    }
}

impl KeyStore for OsKeyStore {
    fn protection(&self) -> KeyProtection {
        KeyProtection::OsKeyStore
    }

    fn get(&self, name: &str) -> Result<Option<SensitiveBytes>, KeyStoreError> {
        check_name(name)?;
        let found = self.call(Request::Get(self.account(name)), CALL_LIMIT)?;
        if let Some(key) = &found {
            check_entry(name, key)?;
        }
        Ok(found)
    }

    fn put(&self, name: &str, key: &SensitiveBytes) -> Result<(), KeyStoreError> {
        check_entry(name, key)?;
        self.call(Request::Put(self.account(name), key.clone()), CALL_LIMIT).map(drop)
    }

    fn delete(&self, name: &str) -> Result<(), KeyStoreError> {
        check_name(name)?;
        self.call(Request::Delete(self.account(name)), CALL_LIMIT).map(drop)
    }
}

/// Why there can be no key store in this session, where that can be told without asking.
fn no_session() -> Option<&'static str> {
    let has = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if cfg!(all(unix, not(target_os = "macos"))) && !has("DBUS_SESSION_BUS_ADDRESS") {
        return Some("this session has no message bus (DBUS_SESSION_BUS_ADDRESS is not set)");
    }
    None
}

fn serve(request: &Request) -> Reply {
    let entry = |account: &str| keyring::Entry::new(SERVICE, account).map_err(|error| translate(account, &error));
    match request {
        Request::Probe => match keyring::Entry::store_status() {
            // Asking for an entry that is not there proves that the store answers.
            Ok(()) => serve(&Request::Get("probe".into())).map(|_| None),
            Err(error) => Err(KeyStoreError::Unavailable { reason: error.to_string() }),
        },
        Request::Get(account) => match entry(account)?.get_secret() {
            Ok(secret) => Ok(Some(SensitiveBytes(secret))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(translate(account, &error)),
        },
        Request::Put(account, key) => entry(account)?.set_secret(&key.0).map(|()| None).map_err(|error| translate(account, &error)),
        Request::Delete(account) => match entry(account)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(translate(account, &error)),
        },
    }
}

/// The store's words without what it stored: some of its errors carry the secret.
fn translate(account: &str, error: &keyring::Error) -> KeyStoreError {
    match error {
        keyring::Error::BadEncoding(_) | keyring::Error::BadDataFormat(..) | keyring::Error::Ambiguous(_) => {
            KeyStoreError::Damaged { name: account.rsplit('/').next().unwrap_or(account).into() }
        }
        keyring::Error::PlatformFailure(cause) | keyring::Error::NoStorageAccess(cause) => {
            KeyStoreError::Unavailable { reason: cause.to_string() }
        }
        keyring::Error::NoDefaultStore => KeyStoreError::Unavailable { reason: "there is none in this session".into() },
        keyring::Error::TooLong(what, limit) => KeyStoreError::Unavailable { reason: format!("{what} is longer than {limit}") },
        _ => KeyStoreError::Unavailable { reason: "it refused the request".into() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_never_carries_what_was_stored() {
        let error = keyring::Error::BadEncoding(b"secret".to_vec());
        assert_eq!(translate("realm/gallery", &error), KeyStoreError::Damaged { name: "gallery".into() });
    }

    #[test]
    fn a_worker_that_is_gone_or_busy_is_an_error_and_never_a_hang() {
        let (requests, inbox) = sync_channel(1);
        let store = OsKeyStore { realm: "test".into(), requests };
        // Nobody reads the inbox: the first call runs into its limit, the second finds the slot taken.
        assert!(matches!(store.call(Request::Probe, Duration::from_millis(1)), Err(KeyStoreError::Unavailable { .. })));
        assert!(matches!(store.call(Request::Probe, Duration::from_secs(3600)), Err(KeyStoreError::Unavailable { .. })));
        drop(inbox);
        assert!(matches!(store.get("gallery"), Err(KeyStoreError::Unavailable { .. })));
    }
}
