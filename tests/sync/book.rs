//! A service's own book: who stands there, and what the service promises about repetitions. The judge of every test here.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use uuid::Uuid;
use visavis::ports::services::{
    Capabilities, Delivery, Effect, Guarantee, IdentityService, Known, Opinion, Receipt, ServiceError, ServiceFault, ServiceKind,
};
use visavis::units::{SensitiveBytes, UtcTime};

/// One person's registration at a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    pub code: String,
    pub key: Uuid,
    pub reference: String,
    /// Number of the first entry of the same person.
    pub person: usize,
    /// Name the person was known by before, as the delivery said.
    pub earlier: Option<String>,
    /// Details and pictures as they arrived.
    pub details: Vec<(String, String)>,
    pub faces: Vec<Vec<u8>>,
    pub deleted: bool,
}

/// The book.
#[derive(Debug, Default)]
pub struct Book {
    pub entries: Vec<Registration>,
    /// Places of entries by key.
    by_key: HashMap<Uuid, usize>,
    /// Places of entries by reference.
    by_reference: HashMap<String, usize>,
    /// Calls by kind.
    pub calls: BTreeMap<&'static str, u64>,
    /// Kept without pictures, for runs of any length.
    pub slim: bool,
}

impl Book {
    /// One that keeps no pictures.
    pub fn without_pictures() -> Self {
        Self { slim: true, ..Self::default() }
    }

    /// How often an enrolment was registered, deleted ones included.
    pub fn times(&self, code: &str) -> usize {
        self.entries.iter().filter(|entry| entry.code == code).count()
    }

    /// Whether somebody stands there now.
    pub fn holds(&self, code: &str) -> bool {
        self.entries.iter().any(|entry| entry.code == code && !entry.deleted)
    }

    pub fn call(&mut self, what: &'static str) {
        *self.calls.entry(what).or_default() += 1;
    }

    pub fn calls(&self, what: &str) -> u64 {
        self.calls.get(what).copied().unwrap_or(0)
    }

    /// Registers; a repetition is known by its key only where the service takes one.
    pub fn enrol(&mut self, delivery: &Delivery, guarantee: Guarantee) -> Receipt {
        self.call("enrol");
        if guarantee == Guarantee::ExactlyOnceByKey
            && let Some(entry) = self.by_key.get(&delivery.key).map(|place| &self.entries[*place])
        {
            return Receipt { remote_reference: Some(entry.reference.clone()), identifiers: Vec::new(), repeated: true };
        }
        let reference = format!("ref-{}", self.entries.len());
        let earlier = delivery.remote_reference.as_ref().and_then(|name| self.by_reference.get(name)).map(|place| &self.entries[*place]);
        let person = earlier.map_or(self.entries.len(), |entry| entry.person);
        let slim = self.slim;
        self.by_key.insert(delivery.key, self.entries.len());
        self.by_reference.insert(reference.clone(), self.entries.len());
        self.entries.push(Registration {
            code: delivery.registration_code.clone(),
            key: delivery.key,
            reference: reference.clone(),
            person,
            earlier: delivery.remote_reference.clone(),
            details: delivery.details.iter().map(|(name, value)| (name.clone(), value.0.clone())).collect(),
            faces: delivery.faces.iter().filter(|_| !slim).map(|face| face.0.clone()).collect(),
            deleted: false,
        });
        Receipt { remote_reference: Some(reference), identifiers: vec![("transaction".into(), delivery.key.to_string())], repeated: false }
    }

    /// Deletes a person by the service's name, or by the code where that is all there is. Whether anybody was there.
    pub fn delete(&mut self, delivery: &Delivery) -> bool {
        self.call("delete");
        let named = |entry: &Registration| match &delivery.remote_reference {
            Some(reference) => entry.reference == *reference,
            None => entry.code == delivery.registration_code,
        };
        let people: Vec<usize> = self.entries.iter().filter(|entry| named(entry)).map(|entry| entry.person).collect();
        let mut found = false;
        for entry in self.entries.iter_mut().filter(|entry| people.contains(&entry.person)) {
            found |= !entry.deleted;
            entry.deleted = true;
        }
        found
    }

    pub fn status(&mut self, key: Uuid) -> Known {
        self.call("status");
        match self.by_key.get(&key).map(|place| &self.entries[*place]) {
            Some(entry) => {
                Known::Arrived(Receipt { remote_reference: Some(entry.reference.clone()), identifiers: Vec::new(), repeated: true })
            }
            None => Known::Absent,
        }
    }
}

/// Capabilities of a service with one promise for everything.
pub fn capabilities(guarantee: Guarantee) -> Capabilities {
    Capabilities {
        enrol: true,
        authenticate: false,
        verify: false,
        search: false,
        insert: false,
        delete: true,
        delete_erases: true,
        status: guarantee == Guarantee::ExactlyOnceByLookUp,
        enrol_guarantee: guarantee,
        // Deleting twice deletes once.
        delete_guarantee: Guarantee::ExactlyOnceByKey,
    }
}

/// What a call does: looked up before each, oldest first.
pub type Script = Arc<Mutex<Vec<Turn>>>;

/// One call's fate.
#[derive(Debug, Clone, PartialEq)]
pub enum Turn {
    /// It works.
    Works,
    /// It works, and the reply is lost.
    ReplyLost,
    /// Nothing was done, and the error says so.
    Fails(ServiceError),
    /// The client panics.
    Panics,
}

/// A service in this process, whose calls follow a script; without one left they work.
pub struct Scripted {
    pub kind: ServiceKind,
    pub capabilities: Capabilities,
    pub book: Arc<Mutex<Book>>,
    pub script: Script,
}

pub fn failure(kind: ServiceKind, fault: ServiceFault) -> ServiceError {
    ServiceError::unsent(kind, fault, "as the script says")
}

impl Scripted {
    fn call<T>(&mut self, work: impl FnOnce(&mut Book) -> Result<T, ServiceError>) -> Result<T, ServiceError> {
        let turn = {
            let mut script = self.script.lock().unwrap();
            if script.is_empty() { Turn::Works } else { script.remove(0) }
        };
        match turn {
            Turn::Fails(error) => Err(error),
            Turn::Panics => panic!("as the script says"),
            Turn::Works => work(&mut self.book.lock().unwrap()),
            Turn::ReplyLost => {
                work(&mut self.book.lock().unwrap())?;
                Err(ServiceError { effect: Effect::Unknown, ..failure(self.kind, ServiceFault::Interrupted) })
            }
        }
    }
}

fn not_offered<T>(kind: ServiceKind) -> Result<T, ServiceError> {
    Err(failure(kind, ServiceFault::NotOffered))
}

impl IdentityService for Scripted {
    fn kind(&self) -> ServiceKind {
        self.kind
    }
    fn capabilities(&self) -> Capabilities {
        self.capabilities
    }
    fn check(&mut self) -> Result<(), ServiceError> {
        Ok(())
    }
    fn enrol(&mut self, delivery: &Delivery) -> Result<Receipt, ServiceError> {
        let guarantee = self.capabilities.enrol_guarantee;
        self.call(|book| Ok(book.enrol(delivery, guarantee)))
    }
    fn authenticate(&mut self, _: &str, _: &[SensitiveBytes]) -> Result<Opinion, ServiceError> {
        not_offered(self.kind)
    }
    fn verify(&mut self, _: &SensitiveBytes, _: &SensitiveBytes) -> Result<Opinion, ServiceError> {
        not_offered(self.kind)
    }
    fn search(&mut self, _: &SensitiveBytes) -> Result<Opinion, ServiceError> {
        not_offered(self.kind)
    }
    fn insert(&mut self, _: &Delivery) -> Result<Receipt, ServiceError> {
        not_offered(self.kind)
    }
    fn delete(&mut self, delivery: &Delivery) -> Result<Receipt, ServiceError> {
        let kind = self.kind;
        self.call(|book| {
            if book.delete(delivery) {
                Ok(Receipt { remote_reference: None, identifiers: Vec::new(), repeated: false })
            } else {
                Err(failure(kind, ServiceFault::NotFound))
            }
        })
    }
    fn status(&mut self, delivery: &Delivery) -> Result<Known, ServiceError> {
        self.call(|book| Ok(book.status(delivery.key)))
    }
    fn clock_offset(&self) -> Option<i64> {
        None
    }
    fn now_is(&mut self, _: UtcTime) {}
}
