//! The contract between the clients and the twins: whatever a twin takes, the typed request of that operation can say; whatever it answers with
//! success, the typed reply can read. Every call of these tests is held to it.

use visavis::adapters::services::operation::{Impact, Operation};
use visavis::adapters::services::typed::Typed;
use visavis::adapters::services::{operations, supporting, typed};
use visavis::ports::services::ServiceKind;

/// Whether the path ends in the pattern, whatever stands for its `{names}`.
fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').skip(1).collect(), path.split('/').skip(1).collect());
    let Some(start) = path.len().checked_sub(pattern.len()) else { return false };
    pattern.iter().zip(&path[start..]).all(|(pattern, part)| pattern.starts_with('{') || pattern == part)
}

/// Operations a call may be; several share one method and path where the body alone tells them apart.
fn called(service: ServiceKind, method: &str, path: &str) -> Vec<(&'static Operation, &'static Typed)> {
    let all = typed(service);
    let mut found: Vec<_> = operations(service)
        .iter()
        .chain(supporting(service))
        .filter(|o| o.impact != Impact::NotOffered && format!("{:?}", o.method).to_uppercase() == method && fits(o.path, path))
        .filter_map(|o| Some((o, *all.iter().find(|t| t.number == o.number)?)))
        .collect();
    // A longer pattern names the operation more closely: `…/b2c/sdk/preface/version` is not `…/version` of another.
    let longest = found.iter().map(|(o, _)| o.path.split('/').count()).max();
    found.retain(|(o, _)| Some(o.path.split('/').count()) == longest);
    found
}

/// Holds one successful exchange to the clients' types.
#[track_caller]
pub fn check(service: ServiceKind, method: &str, path: &str, sent: Option<&[u8]>, reply: &[u8]) {
    let operations = called(service, method, path);
    if operations.is_empty() {
        return;
    }
    let place = || format!("{} {method} {path}", service.name());
    let body: Option<serde_json::Value> = sent.and_then(|bytes| serde_json::from_slice(bytes).ok());
    let mut reasons = Vec::new();
    for (operation, typed) in &operations {
        let request = match (&body, typed.request) {
            (Some(body), Some(read)) => read(body.clone()).map(drop),
            _ => Ok(()),
        };
        match request.and_then(|()| (typed.reply)(reply)) {
            Ok(()) => return,
            Err(reason) => reasons.push(format!("{}: {reason}", operation.name)),
        }
    }
    panic!("{}: the client cannot say or read what the twin takes and answers: {reasons:?}\n{}", place(), String::from_utf8_lossy(reply));
}

#[test]
fn patterns_are_told_from_what_only_looks_like_them() {
    assert!(fits("/a/{name}/b", "/prefix/a/x/b") && fits("/a", "/a"));
    assert!(!fits("/a/b", "/b") && !fits("/a/{name}", "/a") && !fits("/a", "/a/b"));
    let numbers = |method, path| called(ServiceKind::Baf, method, path).iter().map(|(o, _)| o.number).collect::<Vec<_>>();
    assert_eq!(numbers("POST", "/publicapi/api/v2/public/Validation"), [1, 2, 3]);
    assert_eq!(numbers("GET", "/nowhere"), [0u16; 0]);
}
