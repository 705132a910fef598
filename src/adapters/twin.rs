//! The twin: a local server that answers as the five identity services do, for tests, for the fault run, and for people without an account.
//!
//! ```text
//! connection (line) → router (server) → fault plan (faults) → one service (baf, onboarding, uqudo, faceki, awareid/) → reply
//! ```
//!
//! It listens on loopback only, keeps its state in memory, and offers no more than the real service does: where that has no key that makes
//! a repetition harmless, the twin doubles the record too, and its [`Ledger`] shows it.
//!
//! # Who is who
//!
//! There is no face network in here. Two pictures show the same person when they are the same bytes, or when they carry the same
//! `person=` mark ([`pictures`]); otherwise they show different people. A document without a mark is taken to belong to whoever shows it.

mod awareid;
mod baf;
mod bounded;
mod exchange;
mod faceki;
mod faults;
mod fields;
mod forms;
mod ledger;
mod line;
mod mint;
mod onboarding;
mod operation;
pub mod pictures;
mod server;
mod snippet;
mod tokens;
mod uqudo;

pub use faults::{Fault, FaultRates, FaultRatesError};
pub use ledger::{Holding, Ledger};
pub use operation::OperationRow;
pub use snippet::configuration;

use crate::advice::{Advice, Advised};
use crate::ports::services::ServiceKind;
use crate::units::UtcTime;
use operation::{Hosted, Outline};
use server::Shared;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// What every twin accepts as credentials. They open nothing but a twin.
pub mod credentials {
    /// Client or tenant identifier.
    pub const CLIENT_ID: &str = "twin";
    /// Client or tenant secret.
    pub const CLIENT_SECRET: &str = "twin-secret";
    /// A client whose token is good but lacks permissions: Uqudo's 1:N calls answer it with 403.
    pub const LIMITED_CLIENT_ID: &str = "twin-limited";
    /// AwareID's second header.
    pub const API_KEY: &str = "twin-key";
    /// BAF's secret key for the calls of a back end.
    pub const SECRET_KEY: &str = "sk_twin";
    /// AwareID's realm.
    pub const REALM: &str = "twin-consumers";
    /// FACEKI's workflow.
    pub const WORKFLOW: &str = "twin-workflow";
}

/// Reads the wall clock.
pub type Now = Arc<dyn Fn() -> UtcTime + Send + Sync>;

/// How a twin behaves.
#[derive(Clone)]
pub struct TwinOptions {
    /// Port on loopback; 0 lets the system choose.
    pub port: u16,
    /// Seed of every identifier, key and drawn fault.
    pub seed: u64,
    /// Faults drawn for every call.
    pub faults: FaultRates,
    /// Lifetime of access tokens, seconds; `None` for what the service documents.
    pub token_seconds: Option<u32>,
    /// Most people kept; further registrations are answered as an internal error.
    pub max_people: usize,
    /// The twin's clock.
    pub now: Now,
}

impl TwinOptions {
    /// No faults, a port of the system's choice, room for 100 000 people.
    #[must_use]
    pub fn new(now: Now) -> Self {
        Self { port: 0, seed: 1, faults: FaultRates::default(), token_seconds: None, max_people: 100_000, now }
    }
}

/// Why a twin did not start.
#[derive(Debug, thiserror::Error)]
pub enum TwinError {
    /// The port is taken or may not be used.
    #[error("port {port} on this machine cannot be opened")]
    Port {
        /// The port asked for.
        port: u16,
        /// What the system said.
        source: std::io::Error,
    },
    /// The system gave no thread.
    #[error("the twin's thread cannot be started")]
    Thread {
        /// What the system said.
        source: std::io::Error,
    },
}

impl Advised for TwinError {
    fn advice(&self) -> Advice {
        match self {
            Self::Port { .. } => Advice::environment("TWN-01", "Choose another port with --port, or 0 for any free one."),
            Self::Thread { .. } => Advice::environment("TWN-02", "Close other programs and try again."),
        }
    }
}

/// A running twin of one service; stops when dropped.
pub struct Twin {
    service: ServiceKind,
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Twin {
    /// Starts listening on loopback; calls are served when this returns.
    ///
    /// # Errors
    /// [`TwinError`].
    pub fn start(service: ServiceKind, options: TwinOptions) -> Result<Self, TwinError> {
        let port = options.port;
        let refused = |source| TwinError::Port { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(refused)?;
        listener.set_nonblocking(true).map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let shared = Arc::new(Shared::new(hosted(service, &options), service, &options, address));
        let (stop, stopped) = oneshot::channel();
        let served = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name(format!("twin-{}", service.name()))
            .spawn(move || server::run(listener, served, stopped))
            .map_err(|source| TwinError::Thread { source })?;
        Ok(Self { service, address, shared, stop: Some(stop), thread: Some(thread) })
    }

    /// Which service it answers as.
    #[must_use]
    pub const fn service(&self) -> ServiceKind {
        self.service
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:port`, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Puts a fault in the queue for the next call of any numbered operation; calls for tokens and other helpers do not take it.
    pub fn next(&self, fault: Fault) {
        self.shared.faults().queue(None, fault);
    }

    /// Puts a fault in the queue for the next call of one operation; 0 stands for calls for tokens.
    pub fn next_for(&self, number: u16, fault: Fault) {
        self.shared.faults().queue(Some(number), fault);
    }

    /// Replaces the rates of drawn faults.
    pub fn set_rates(&self, rates: FaultRates) {
        self.shared.faults().set_rates(rates);
    }

    /// What the service holds now.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        self.shared.ledger()
    }
}

impl Drop for Twin {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The server may be gone already; then there is nothing to stop.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn hosted(service: ServiceKind, options: &TwinOptions) -> Box<dyn Hosted> {
    match service {
        ServiceKind::AwareId => Box::new(awareid::AwareId::new(options)),
        ServiceKind::Uqudo => Box::new(uqudo::Uqudo::new(options)),
        ServiceKind::Faceki => Box::new(faceki::Faceki::new(options)),
        ServiceKind::Baf => Box::new(baf::Baf::new(options)),
        ServiceKind::Onboarding => Box::new(onboarding::Onboarding::new(options)),
    }
}

fn outline(service: ServiceKind) -> Outline {
    match service {
        ServiceKind::AwareId => Outline::of::<awareid::AwareId>(),
        ServiceKind::Uqudo => Outline::of::<uqudo::Uqudo>(),
        ServiceKind::Faceki => Outline::of::<faceki::Faceki>(),
        ServiceKind::Baf => Outline::of::<baf::Baf>(),
        ServiceKind::Onboarding => Outline::of::<onboarding::Onboarding>(),
    }
}

/// Every operation the twins answer, numbered as the services' pages do; 0 or over 60 where a page has no number of
/// its own for it.
///
/// An operation whose page gives no method and path is listed with both empty and answered by nothing.
#[must_use]
pub fn operations() -> Vec<OperationRow> {
    ServiceKind::ALL.into_iter().flat_map(|service| outline(service).rows(service)).collect()
}

/// Names of the errors that `service` documents, for [`Fault::Documented`].
#[must_use]
pub fn errors(service: ServiceKind) -> Vec<&'static str> {
    outline(service).errors
}
