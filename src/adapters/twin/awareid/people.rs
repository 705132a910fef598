//! Everybody who is registered, and the galleries they are in.

use super::super::ledger::Holding;
use super::device::DeviceKey;
use crate::units::UtcTime;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

/// The gallery everybody is in.
pub(super) const DEFAULT_GALLERY: &str = "(default)";
/// Pictures kept over all people, bytes; beyond it the oldest picture is given up, and such a person is listed with an empty one.
const PICTURES: usize = 64 * 1024 * 1024;
/// Activities kept for a person.
const ACTIVITIES: usize = 100;

/// What is known of an applicant when they start.
#[derive(Debug, Clone, Default)]
pub(super) struct Identity {
    pub(super) username: String,
    pub(super) email: String,
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) phone_number: String,
}

#[derive(Debug, Clone)]
pub(super) struct Device {
    pub(super) id: String,
    pub(super) key: Option<DeviceKey>,
    pub(super) registered: UtcTime,
}

/// One registration.
pub(super) struct Person {
    pub(super) code: String,
    pub(super) identity: Identity,
    pub(super) face: Option<String>,
    pub(super) voice: Option<String>,
    pub(super) image: Vec<u8>,
    pub(super) devices: Vec<Device>,
    pub(super) start: UtcTime,
    pub(super) activities: Vec<Value>,
}

impl Person {
    pub(super) fn acted(&mut self, kind: &str, status: &str, at: UtcTime) {
        if self.activities.len() < ACTIVITIES {
            self.activities.push(json!({ "type": kind, "status": status, "timestamp": at.to_rfc3339() }));
        }
    }

    pub(super) fn name(&self) -> String {
        let Identity { first_name, last_name, username, .. } = &self.identity;
        let name = format!("{first_name} {last_name}").trim().to_owned();
        if name.is_empty() { username.clone() } else { name }
    }
}

/// Registrations by code and by user name.
pub(super) struct People {
    by_code: BTreeMap<String, Person>,
    by_username: HashMap<String, String>,
    pub(super) galleries: BTreeMap<String, BTreeSet<String>>,
    pictures: VecDeque<(String, usize)>,
    picture_bytes: usize,
    max: usize,
}

impl People {
    pub(super) fn new(max: usize) -> Self {
        Self {
            by_code: BTreeMap::new(),
            by_username: HashMap::new(),
            galleries: BTreeMap::new(),
            pictures: VecDeque::new(),
            picture_bytes: 0,
            max,
        }
    }

    pub(super) fn full(&self) -> bool {
        self.by_code.len() >= self.max
    }

    /// Adds a person whose user name is free.
    pub(super) fn add(&mut self, person: Person) {
        let (code, bytes) = (person.code.clone(), person.image.len());
        self.by_username.insert(person.identity.username.clone(), code.clone());
        self.by_code.insert(code.clone(), person);
        self.picture_bytes += bytes;
        self.pictures.push_back((code, bytes));
        while self.picture_bytes > PICTURES {
            let Some((oldest, bytes)) = self.pictures.pop_front() else { break };
            self.picture_bytes -= bytes;
            if let Some(person) = self.by_code.get_mut(&oldest) {
                person.image = Vec::new();
            }
        }
    }

    pub(super) fn remove(&mut self, code: &str) -> Option<Person> {
        let person = self.by_code.remove(code)?;
        self.by_username.remove(&person.identity.username);
        self.galleries.values_mut().for_each(|members| {
            members.remove(code);
        });
        Some(person)
    }

    pub(super) fn get(&self, code: &str) -> Option<&Person> {
        self.by_code.get(code)
    }

    pub(super) fn get_mut(&mut self, code: &str) -> Option<&mut Person> {
        self.by_code.get_mut(code)
    }

    pub(super) fn code_of(&self, username: &str) -> Option<&str> {
        self.by_username.get(username).map(String::as_str)
    }

    /// By registration code.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Person> {
        self.by_code.values()
    }

    pub(super) fn face_known(&self, face: &str) -> bool {
        self.iter().any(|p| p.face.as_deref() == Some(face))
    }

    /// Whether `code` is a member; everybody is of the default gallery.
    pub(super) fn member(&self, gallery: &str, code: &str) -> bool {
        gallery == DEFAULT_GALLERY || self.galleries.get(gallery).is_some_and(|members| members.contains(code))
    }

    pub(super) fn gallery_exists(&self, gallery: &str) -> bool {
        gallery == DEFAULT_GALLERY || self.galleries.contains_key(gallery)
    }

    pub(super) fn holdings(&self) -> Vec<Holding> {
        let holding = |p: &Person| Holding {
            person: p.face.clone().unwrap_or_default(),
            key: Some(p.identity.username.clone()),
            reference: p.code.clone(),
            registrations: 1,
            deleted: false,
        };
        self.iter().map(holding).collect()
    }
}
