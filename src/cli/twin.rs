//! `visavis twin`: a local server that answers as an identity service does.

use super::{Answer, Failure, Printer};
use crate::adapters::twin::{self, FaultRates, Twin, TwinOptions};
use crate::ports::services::ServiceKind;
use crate::runtime::clock::{Clock as _, SystemClock};
use clap::Args;
use serde::Serialize;
use std::sync::Arc;

/// A local server that answers as an identity service does. It listens on this machine only and forgets everything when it ends.
#[derive(Debug, Args)]
pub struct TwinCommand {
    /// awareid | uqudo | faceki | baf | onboarding | all; `list` prints every operation and documented error instead.
    #[arg(value_name = "SERVICE", value_parser = parse_what)]
    what: What,
    /// Port; with `all` the first of five in a row. 0 lets the system choose.
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    port: u16,
    /// Faults drawn for every call, such as `slow=0.1,slow_ms=500,lost=0.05,busy=0.02,retry_after=2`.
    #[arg(long, value_name = "PLAN", default_value = "")]
    faults: String,
    /// Seed of identifiers, keys and drawn faults.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Lifetime of access tokens, seconds [default: what the service documents].
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    token_seconds: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    One(ServiceKind),
    All,
    List,
}

fn parse_what(text: &str) -> Result<What, String> {
    match text {
        "all" => Ok(What::All),
        "list" => Ok(What::List),
        name => ServiceKind::from_name(name).map(What::One).ok_or_else(|| {
            let names: Vec<&str> = ServiceKind::ALL.into_iter().map(ServiceKind::name).collect();
            format!("expected {}, all or list", names.join(", "))
        }),
    }
}

#[derive(Serialize)]
struct Listed {
    operations: Vec<twin::OperationRow>,
    errors: Vec<ServiceErrors>,
}

#[derive(Serialize)]
struct ServiceErrors {
    service: &'static str,
    names: Vec<&'static str>,
}

#[derive(Serialize)]
struct Running {
    twins: Vec<RunningTwin>,
}

#[derive(Serialize)]
struct RunningTwin {
    service: &'static str,
    address: String,
    configuration: String,
}

pub(super) fn run(command: &TwinCommand, printer: &Printer) -> Result<Answer, Failure> {
    let services = match command.what {
        What::List => return list(printer),
        What::One(service) => vec![service],
        What::All => ServiceKind::ALL.to_vec(),
    };
    let clock = SystemClock::start();
    let faults = FaultRates::parse(&command.faults)?;
    let mut twins = Vec::new();
    for (place, service) in (0u16..).zip(services) {
        let mut options = TwinOptions::new(Arc::new(move || clock.utc()));
        options.port = if command.port == 0 { 0 } else { command.port.saturating_add(place) };
        options.seed = command.seed;
        options.faults = faults;
        options.token_seconds = command.token_seconds;
        twins.push(Twin::start(service, options)?);
    }
    let running = |t: &Twin| RunningTwin {
        service: t.service().name(),
        address: t.base_url(),
        configuration: twin::configuration(t.service(), &t.base_url()),
    };
    let running = Running { twins: twins.iter().map(running).collect() };
    printer.document("twin", &running, || {
        let part = |t: &RunningTwin| format!("{} answers at {}\n\n{}", t.service, t.address, t.configuration);
        running.twins.iter().map(part).collect::<Vec<_>>().join("\n")
    })?;
    printer.remark("Put the lines above into visavis.toml. What was registered: GET /_twin/ledger. End with Ctrl-C.");
    loop {
        // Until the process is ended from outside.
        std::thread::park();
    }
}

fn list(printer: &Printer) -> Result<Answer, Failure> {
    let errors = ServiceKind::ALL.into_iter().map(|s| ServiceErrors { service: s.name(), names: twin::errors(s) }).collect();
    let listed = Listed { operations: twin::operations(), errors };
    printer.document("twin-operations", &listed, || {
        let row = |o: &twin::OperationRow| format!("{:10} {:>3} {:6} {:75} {}\n", o.service, o.number, o.method, o.path, o.name);
        let errors = |e: &ServiceErrors| format!("{} documents: {}\n", e.service, e.names.join(" "));
        let rows: String = listed.operations.iter().map(row).collect();
        rows + &listed.errors.iter().map(errors).collect::<String>()
    })?;
    Ok(Answer::Yes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_named_as_elsewhere() {
        assert_eq!(parse_what("baf"), Ok(What::One(ServiceKind::Baf)));
        assert_eq!(parse_what("all"), Ok(What::All));
        assert_eq!(parse_what("list"), Ok(What::List));
        assert!(parse_what("BAF").is_err_and(|e| e.contains("awareid")));
    }
}
