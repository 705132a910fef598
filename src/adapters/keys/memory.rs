//! Keys in memory, for tests and for galleries that need not outlive the process.

use super::{check_entry, check_name};
use crate::ports::keys::{KeyProtection, KeyStore, KeyStoreError};
use crate::units::SensitiveBytes;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A key store that forgets everything when its last clone is dropped. Clones share their keys.
#[derive(Debug, Clone, Default)]
pub struct MemoryKeyStore {
    keys: Arc<Mutex<BTreeMap<String, SensitiveBytes>>>,
}

impl KeyStore for MemoryKeyStore {
    fn protection(&self) -> KeyProtection {
        KeyProtection::Memory
    }

    fn get(&self, name: &str) -> Result<Option<SensitiveBytes>, KeyStoreError> {
        check_name(name)?;
        Ok(self.keys.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned())
    }

    fn put(&self, name: &str, key: &SensitiveBytes) -> Result<(), KeyStoreError> {
        check_entry(name, key)?;
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).insert(name.into(), key.clone());
        Ok(())
    }

    fn delete(&self, name: &str) -> Result<(), KeyStoreError> {
        check_name(name)?;
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_back_until_they_are_deleted() {
        let store = MemoryKeyStore::default();
        let key = SensitiveBytes(vec![7; 32]);
        assert_eq!(store.get("a").unwrap(), None);
        store.put("a", &key).unwrap();
        assert_eq!(store.clone().get("a").unwrap(), Some(key));
        assert!(store.put("a", &SensitiveBytes(vec![7; 31])).is_err());
        store.delete("a").unwrap();
        store.delete("a").unwrap();
        assert_eq!(store.get("a").unwrap(), None);
    }
}
