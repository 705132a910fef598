//! Identity services: where records are delivered to, and who is asked for a second opinion. No flow depends on one.
//!
//! The trait is small on purpose. Each adapter knows every operation of its service; the flows and the outbox need these few, in our
//! words. What a service cannot do it says in its [`Capabilities`], and answers with [`ServiceFault::NotOffered`] when asked all the same.

use crate::advice::{Advice, Advised};
pub use crate::ports::gallery::clip::Expression;
use crate::units::{SensitiveBytes, SensitiveText, SubjectId, UtcTime};
use std::time::Duration;
use uuid::Uuid;

/// The services this version speaks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ServiceKind {
    /// AwareID and Knomi.
    AwareId,
    /// Uqudo Face API.
    Uqudo,
    /// FACEKI face match.
    Faceki,
    /// 3DiVi BAF.
    Baf,
    /// Onboarding BiometricTest (eNROLL).
    Onboarding,
}

impl ServiceKind {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 5] = [Self::AwareId, Self::Uqudo, Self::Faceki, Self::Baf, Self::Onboarding];

    /// The word used in configuration, JSON and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AwareId => "awareid",
            Self::Uqudo => "uqudo",
            Self::Faceki => "faceki",
            Self::Baf => "baf",
            Self::Onboarding => "onboarding",
        }
    }

    /// Reads [`Self::name`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What delivery can honestly promise for one kind of change at one service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guarantee {
    /// The service takes a key of ours and answers a repetition as it answered the first time, or refuses it as already done.
    ExactlyOnceByKey,
    /// After a lost reply the service can be asked whether the change arrived.
    ExactlyOnceByLookUp,
    /// Neither: a lost reply leaves the outcome unknown; it is never sent again without a person's word.
    AtMostOnce,
}

/// What a service can do, as configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Capabilities {
    /// Registers a person.
    pub enrol: bool,
    /// Compares a living face with a registered person.
    pub authenticate: bool,
    /// Compares two pictures.
    pub verify: bool,
    /// Searches everybody.
    pub search: bool,
    /// Adds a picture to its 1:N gallery apart from a registration.
    pub insert: bool,
    /// Removes a person or a picture.
    pub delete: bool,
    /// Whether after [`IdentityService::delete`] the person can no longer be matched; `false` leaves an erasure owed.
    pub delete_erases: bool,
    /// Tells what it knows about an earlier delivery.
    pub status: bool,
    /// Promise for enrolments.
    pub enrol_guarantee: Guarantee,
    /// Promise for deletions; where there are none nothing is called, and nothing can be in doubt.
    pub delete_guarantee: Guarantee,
}

/// A change to deliver. The same value is handed in again at every try of the same delivery.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// Identifies the delivery over all its tries; where the service takes a key, this is it.
    pub key: Uuid,
    /// The person it is about.
    pub subject: SubjectId,
    /// Registration code handed out here; the service's name for the person where it takes one from us.
    pub registration_code: String,
    /// Name the service gave this person or picture at an earlier delivery, where there was one.
    pub remote_reference: Option<String>,
    /// Entered fields: the configuration's key and the text.
    pub details: Vec<(String, SensitiveText)>,
    /// Pictures of the face, best first, JPEG or PNG.
    pub faces: Vec<SensitiveBytes>,
    /// Front and back of the document, where they were captured.
    pub document: Vec<SensitiveBytes>,
    /// Pictures of the liveness challenge, oldest first; empty unless they were asked for, and once they are no longer kept.
    pub evidence: Vec<EvidencePicture>,
}

/// One picture of the liveness challenge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidencePicture {
    /// When it was taken, reckoned back from the time at which the record was saved; the times between pictures are exact.
    pub taken_at: UtcTime,
    /// What the face shows; `None` where that was not measured.
    pub expression: Option<Expression>,
    /// The picture, JPEG.
    pub jpeg: SensitiveBytes,
}

/// What a service said about a change it took.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Receipt {
    /// The service's name for the person, picture or transaction; needed for later calls.
    pub remote_reference: Option<String>,
    /// Further identifiers of the service by name, for support. Never biometric, never secret.
    pub identifiers: Vec<(String, String)>,
    /// Whether the service knew the delivery from an earlier try.
    pub repeated: bool,
}

/// One check behind a service's answer, under the service's display name.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct ServiceCheck {
    /// The service's display name.
    pub name: String,
    /// `None` when the service did not check.
    pub passed: Option<bool>,
    /// Value as stated, where there is one.
    pub value: Option<String>,
}

/// A service's answer about a person or a pair of pictures.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Opinion {
    /// The service's overall word; `None` where it left the question open.
    pub matched: Option<bool>,
    /// Score in percent, 0-100, where the service states one on such a scale.
    pub score_percent: Option<f64>,
    /// Candidates of a search: the service's reference and score percent, best first.
    pub candidates: Vec<(String, Option<f64>)>,
    /// Every check it listed.
    pub checks: Vec<ServiceCheck>,
}

/// What a service knows about a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// It arrived.
    Arrived(Receipt),
    /// It did not arrive.
    Absent,
    /// It is being worked on.
    Pending,
}

/// What went wrong, in our words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceFault {
    /// No connection, name not found, refused: nothing was sent.
    Unreachable,
    /// The connection broke or timed out after sending began.
    Interrupted,
    /// The certificate is expired, self-signed, of another host, or not trusted.
    Untrusted,
    /// The address is not on the list of allowed hosts, or not encrypted.
    NotAllowed,
    /// Credentials are missing, wrong or expired.
    Unauthorised,
    /// Credentials are good but lack the permission.
    Forbidden,
    /// Too many calls for now.
    Busy,
    /// The service failed by itself.
    ServiceFailed,
    /// The reply cannot be understood.
    Garbled,
    /// What was sent breaks a limit or a format of the service; noticed before or after sending.
    Unfit,
    /// The record lacks something the service wants, such as a picture of the document; nothing was sent.
    Incomplete,
    /// No face, several faces, a bad picture: capture again.
    BadPicture,
    /// The service judged the person not to be alive or not to match.
    Rejected,
    /// The person, picture or transaction is not known there.
    NotFound,
    /// It is there already.
    Duplicate,
    /// All attempts the service allows were used.
    AttemptsUsed,
    /// The request was closed or finished there.
    Closed,
    /// The service does not offer this operation.
    NotOffered,
    /// A setting this call needs is missing or wrong.
    Misconfigured,
}

impl ServiceFault {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::Unreachable,
        Self::Interrupted,
        Self::Untrusted,
        Self::NotAllowed,
        Self::Unauthorised,
        Self::Forbidden,
        Self::Busy,
        Self::ServiceFailed,
        Self::Garbled,
        Self::Unfit,
        Self::Incomplete,
        Self::BadPicture,
        Self::Rejected,
        Self::NotFound,
        Self::Duplicate,
        Self::AttemptsUsed,
        Self::Closed,
        Self::NotOffered,
        Self::Misconfigured,
    ];
}

/// Whether the service may have acted on a call that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Certainly not: nothing was sent, or the service said so.
    None,
    /// Nobody knows.
    Unknown,
}

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, serde::Serialize, serde::Deserialize)]
#[error("{} answered: {message}", .service.name())]
pub struct ServiceError {
    /// Which service.
    pub service: ServiceKind,
    /// In our words.
    pub fault: ServiceFault,
    /// Code as the service stated it, where it did.
    pub code: Option<String>,
    /// Text for people, without secrets and without anything about the person.
    pub message: String,
    /// Whether it may have acted.
    pub effect: Effect,
    /// How long the service asked us to wait.
    pub retry_after: Option<Duration>,
}

impl ServiceError {
    /// An error before anything was sent.
    #[must_use]
    pub fn unsent(service: ServiceKind, fault: ServiceFault, message: impl Into<String>) -> Self {
        Self { service, fault, code: None, message: message.into(), effect: Effect::None, retry_after: None }
    }

    /// The service cannot do `what`.
    #[must_use]
    pub fn not_offered(service: ServiceKind, what: &str) -> Self {
        Self::unsent(service, ServiceFault::NotOffered, format!("{what} is not offered there"))
    }
}

impl Advised for ServiceError {
    fn advice(&self) -> Advice {
        let final_fault = |code, step| Advice { retry: false, ..Advice::environment(code, step) };
        match self.fault {
            ServiceFault::Unreachable => {
                Advice::environment("SVC-01", "Check the network and the service's address; records wait safely here.")
            }
            ServiceFault::Interrupted => {
                Advice::environment("SVC-02", "Nothing to do here: the delivery is reconciled or listed for a decision.")
            }
            ServiceFault::Untrusted => {
                final_fault("SVC-03", "Check the clock and the service's certificate; name a private authority in `ca_file`.")
            }
            ServiceFault::NotAllowed => final_fault("SVC-04", "Correct the address, or add its host to `allowed_hosts`."),
            ServiceFault::Unauthorised => final_fault("SVC-05", "Renew the service's credentials; see `visavis remote check`."),
            ServiceFault::Forbidden => final_fault("SVC-06", "Ask the service's provider to grant this permission to the account."),
            ServiceFault::Busy => Advice::environment("SVC-07", "Wait; the delivery is tried again by itself."),
            ServiceFault::ServiceFailed => Advice::environment("SVC-08", "Wait; tell the service's provider if it goes on."),
            ServiceFault::Garbled => {
                Advice::environment("SVC-09", "Check the address and its prefix: something else may be answering there.")
            }
            ServiceFault::Unfit => Advice::input("SVC-10", "Capture again within the service's limits."),
            ServiceFault::Incomplete => Advice {
                retry: false,
                ..Advice::input(
                    "SVC-21",
                    "Add the document's picture with `visavis record document`, then `visavis sync retry`; or enrol with the document.",
                )
            },
            ServiceFault::BadPicture => Advice { retry: true, ..Advice::input("SVC-11", "Capture the face again.") },
            ServiceFault::Rejected => {
                Advice { retry: false, ..Advice::no("SVC-12", "Let an officer decide; the service's checks are listed.") }
            }
            ServiceFault::NotFound => {
                Advice { retry: false, ..Advice::no("SVC-13", "Check the reference; the person may never have arrived there.") }
            }
            ServiceFault::Duplicate => Advice { retry: false, ..Advice::no("SVC-14", "Nothing to do: the service has it already.") },
            ServiceFault::AttemptsUsed => {
                Advice { retry: false, ..Advice::no("SVC-15", "Start a new registration there with `visavis sync retry`.") }
            }
            ServiceFault::Closed => Advice { retry: false, ..Advice::no("SVC-16", "Start a new request there with `visavis sync retry`.") },
            ServiceFault::NotOffered => Advice::input("SVC-17", "See `visavis remote list` for what each service offers."),
            ServiceFault::Misconfigured => {
                final_fault("SVC-18", "Complete the service's section in the configuration; see `visavis config check`.")
            }
        }
    }
}

/// An identity service as the flows and the outbox see it. Calls block; each service has a worker thread of its own.
#[allow(clippy::missing_errors_doc, reason = "every call returns ServiceError as its faults describe")]
pub trait IdentityService: Send {
    /// Which service.
    fn kind(&self) -> ServiceKind;
    /// What it can do, as configured.
    fn capabilities(&self) -> Capabilities;
    /// Tests address, trust and credentials without changing anything.
    fn check(&mut self) -> Result<(), ServiceError>;
    /// What must be known before [`Self::enrol`] so that a repetition can be told from the first try. The caller stores the answer, durable,
    /// as the delivery's `remote_reference` and only then enrols. `None` where nothing is needed, or it is known already. Making it twice
    /// doubles nobody.
    fn prepare(&mut self, _: &Delivery) -> Result<Option<String>, ServiceError> {
        Ok(None)
    }
    /// Registers a person.
    fn enrol(&mut self, delivery: &Delivery) -> Result<Receipt, ServiceError>;
    /// Compares living faces with a person known there by `reference`.
    fn authenticate(&mut self, _reference: &str, _faces: &[SensitiveBytes]) -> Result<Opinion, ServiceError> {
        Err(ServiceError::not_offered(self.kind(), "comparing with a registered person"))
    }
    /// Compares two pictures.
    fn verify(&mut self, _reference_picture: &SensitiveBytes, _probe_picture: &SensitiveBytes) -> Result<Opinion, ServiceError> {
        Err(ServiceError::not_offered(self.kind(), "comparing two pictures"))
    }
    /// Searches everybody.
    fn search(&mut self, _picture: &SensitiveBytes) -> Result<Opinion, ServiceError> {
        Err(ServiceError::not_offered(self.kind(), "searching everybody"))
    }
    /// Adds a picture to its 1:N gallery.
    fn insert(&mut self, _delivery: &Delivery) -> Result<Receipt, ServiceError> {
        Err(ServiceError::not_offered(self.kind(), "adding a picture"))
    }
    /// Removes a person or a picture.
    fn delete(&mut self, _delivery: &Delivery) -> Result<Receipt, ServiceError> {
        Err(ServiceError::not_offered(self.kind(), "removing a person"))
    }
    /// What it knows about an earlier delivery.
    fn status(&mut self, _delivery: &Delivery) -> Result<Known, ServiceError> {
        Err(ServiceError::not_offered(self.kind(), "asking about an earlier delivery"))
    }
    /// The service's clock less ours as of the last reply, seconds, where a reply carried a date.
    fn clock_offset(&self) -> Option<i64>;
    /// Tells an adapter without a clock of its own the time.
    fn now_is(&mut self, _now: UtcTime) {}
}
