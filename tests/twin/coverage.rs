//! Nothing is forgotten: every operation of every service's page has a descriptor, a typed client function, a row for the command line,
//! a handler of the twin at the same method and path, and a contract test.

use std::collections::BTreeMap;
use std::path::Path;
use visavis::adapters::services::operation::Impact;
use visavis::adapters::{services, twin};
use visavis::ports::services::ServiceKind;

/// Highest number of each page.
const PAGES: [(ServiceKind, u16); 5] =
    [(ServiceKind::AwareId, 95), (ServiceKind::Uqudo, 5), (ServiceKind::Faceki, 5), (ServiceKind::Baf, 6), (ServiceKind::Onboarding, 4)];

/// The heading that its source leaves empty: the client's function answers that it is not offered, the twin answers nothing.
const NOT_OFFERED: (ServiceKind, u16) = (ServiceKind::Baf, 4);

/// The contract tests of a service, as text.
fn contract_tests(service: ServiceKind) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/twin");
    let mut files = vec![folder.join(format!("{}.rs", service.name()))];
    files.extend(std::fs::read_dir(folder.join(service.name())).into_iter().flatten().flatten().map(|entry| entry.path()));
    files.iter().filter_map(|file| std::fs::read_to_string(file).ok()).collect()
}

/// A path with every parameter written alike: the two sides may name them differently.
fn parameters_alike(path: &str) -> String {
    path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part }).collect::<Vec<_>>().join("/")
}

#[test]
fn every_operation_is_complete() {
    let rows = twin::operations();
    let mut problems = Vec::new();
    for (service, last) in PAGES {
        let numbers: Vec<u16> = services::operations(service).iter().map(|o| o.number).collect();
        if numbers != (1..=last).collect::<Vec<_>>() {
            problems.push(format!("{}: the table lists {numbers:?}", service.name()));
        }
        let mut functions: BTreeMap<u16, Vec<&str>> = BTreeMap::new();
        services::typed(service).iter().for_each(|typed| functions.entry(typed.number).or_default().push(typed.name));
        let tests = contract_tests(service);
        for operation in services::operations(service) {
            let mut lacks = |what: &str| problems.push(format!("{} {} {}: {what}", service.name(), operation.number, operation.name));
            let row = rows.iter().find(|row| row.service == service.name() && row.number == operation.number);
            let known = services::find(service, &operation.number.to_string());
            if known.map(|o| o.name) != Some(operation.name) || services::find(service, operation.name).is_none() {
                lacks("the command line does not find it by number and name");
            }
            if functions.get(&operation.number).map(Vec::as_slice) != Some(&[operation.name]) {
                lacks("there is not exactly one typed function of its name");
            }
            if (service, operation.number) == NOT_OFFERED {
                if operation.impact != Impact::NotOffered || row.is_none_or(|row| !row.path.is_empty()) {
                    lacks("it is offered, though its page gives nothing to call");
                }
                continue;
            }
            let method = format!("{:?}", operation.method).to_uppercase();
            match row {
                None => lacks("the twin has no handler"),
                Some(row) if row.method != method || !parameters_alike(&row.path).ends_with(&parameters_alike(operation.path)) => {
                    lacks(&format!("the client calls {method} {}, the twin answers {} {}", operation.path, row.method, row.path));
                }
                Some(_) => {}
            }
            // AwareID's tour calls operations by number and checks by itself that it made all 95 calls.
            let path = operation.path.split('{').next().unwrap_or(operation.path).trim_end_matches('/');
            if service != ServiceKind::AwareId && !tests.contains(path.rsplit('/').next().unwrap_or(path)) {
                lacks("no contract test names its path");
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
