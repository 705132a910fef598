//! What a service holds: the proof that no record was lost or doubled on the way.

use serde::Serialize;
use std::collections::BTreeMap;

/// One registration as the service keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Holding {
    /// Whose face it is, as the twin reads pictures.
    pub person: String,
    /// Name the caller gave, where the service takes one.
    pub key: Option<String>,
    /// Name the service gave.
    pub reference: String,
    /// How many times it was registered under this reference.
    pub registrations: u32,
    /// Deleted by the caller, though it may still match.
    pub deleted: bool,
}

/// Everything a service holds, and how often it was called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ledger {
    /// Name of the service.
    pub service: &'static str,
    /// Calls that reached an operation, by its number; a call processed twice counts twice.
    pub calls: BTreeMap<u16, u64>,
    /// Faults caused, by their word.
    pub faults: BTreeMap<&'static str, u64>,
    /// Oldest first.
    pub holdings: Vec<Holding>,
}

impl Ledger {
    /// Registrations of one person that were not deleted, over all references.
    #[must_use]
    pub fn registrations_of_person(&self, person: &str) -> u32 {
        self.standing().filter(|h| h.person == person).map(|h| h.registrations).sum()
    }

    /// Registrations under one of the caller's names that were not deleted.
    #[must_use]
    pub fn registrations_of_key(&self, key: &str) -> u32 {
        self.standing().filter(|h| h.key.as_deref() == Some(key)).map(|h| h.registrations).sum()
    }

    /// People who are registered more than once.
    #[must_use]
    pub fn doubled(&self) -> Vec<String> {
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        self.standing().for_each(|h| *counts.entry(h.person.as_str()).or_default() += h.registrations);
        counts.into_iter().filter(|(_, n)| *n > 1).map(|(person, _)| person.to_owned()).collect()
    }

    fn standing(&self) -> impl Iterator<Item = &Holding> {
        self.holdings.iter().filter(|h| !h.deleted)
    }
}
