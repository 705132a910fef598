//! Every operation of every service, called with JSON as `visavis remote call` does: method, path, body and files as they go out.

use super::request_bodies::BODIES;
use super::server::{Reply, Request, Server};
use super::stage::{Hands, TOKEN, config, picture};
use serde_json::Value;
use visavis::adapters::services::call::{Input, Output, call};
use visavis::adapters::services::operation::{BodyKind, Impact, Operation};
use visavis::adapters::services::{find, operations, supporting, typed};
use visavis::ports::services::{ServiceError, ServiceFault, ServiceKind};
use visavis::units::SensitiveBytes;

fn body_of(operation: &Operation) -> Option<Value> {
    let row = BODIES.iter().find(|(kind, number, _)| (*kind, *number) == (operation.service, operation.number))?;
    Some(serde_json::from_str(row.2).expect(row.2))
}

fn input(operation: &Operation) -> Input {
    let mut input = Input { body: body_of(operation), ..Input::default() };
    input.sets = Operation::parameters(operation.path).into_iter().map(|name| (name.to_owned(), format!("{name}/1"))).collect();
    if operation.body == BodyKind::Multipart {
        let field = if operation.service == ServiceKind::Uqudo { "idPhoto" } else { "selfie" };
        input.files = vec![(field.to_owned(), picture())];
    }
    input
}

fn called(operation: &Operation, input: Input, more: &str) -> (Result<Output, ServiceError>, Option<Request>) {
    let server = Server::start(|r| if r.path() == "/token" { Reply::json(200, TOKEN) } else { Reply::json(200, "{}") });
    let config = config(&server.address(), more);
    let done = call(operation, input, &config, Hands::default().surroundings());
    (done, server.seen().into_iter().rfind(|r| r.path() != "/token"))
}

#[test]
fn the_services_have_as_many_operations_as_their_descriptions() {
    let counts = ServiceKind::ALL.map(|kind| operations(kind).len());
    assert_eq!(counts, [95, 5, 5, 6, 4]);
    for kind in ServiceKind::ALL {
        for (index, operation) in operations(kind).iter().enumerate() {
            assert_eq!((operation.service, usize::from(operation.number)), (kind, index + 1));
            assert_eq!(find(kind, operation.name), Some(operation), "names are unique");
        }
    }
}

#[test]
fn every_operation_has_a_typed_function_of_its_name() {
    for kind in ServiceKind::ALL {
        let all: Vec<&Operation> = operations(kind).iter().chain(supporting(kind)).collect();
        let typed = typed(kind);
        assert_eq!(typed.len(), all.len(), "{kind:?}");
        for operation in all {
            let found = typed.iter().find(|t| t.number == operation.number).unwrap_or_else(|| panic!("{} is missing", operation.name));
            assert_eq!(found.name, operation.name);
            let json = matches!(operation.body, BodyKind::Json | BodyKind::PlainText) && operation.impact != Impact::NotOffered;
            assert_eq!(found.request.is_some(), json, "{}", operation.name);
        }
    }
}

#[test]
fn every_operation_goes_out_as_described() {
    for operation in ServiceKind::ALL.into_iter().flat_map(operations) {
        let (kind, name) = (operation.service, operation.name);
        let (done, request) = called(operation, input(operation), "[services.onboarding]\nallow_deprecated = true\n");
        if operation.impact == Impact::NotOffered {
            assert_eq!(done.expect_err(name).fault, ServiceFault::NotOffered);
            assert!(request.is_none(), "{name} called something");
            continue;
        }
        if (kind, operation.number) == (ServiceKind::Faceki, 2) {
            assert_eq!(done.expect("signed in").reply["signed_in"], true);
            continue;
        }
        if kind == ServiceKind::Onboarding && matches!(operation.number, 3 | 4) {
            assert!(done.expect("an answer").surprise.is_some(), "an empty object is no picture");
        } else {
            done.unwrap_or_else(|e| panic!("{name}: {e:?}"));
        }
        let request = request.unwrap_or_else(|| panic!("{name} called nothing"));
        assert_eq!(request.method, format!("{:?}", operation.method).to_uppercase(), "{name}");
        let mut path = operation.path.to_owned();
        for parameter in Operation::parameters(operation.path) {
            path = path.replace(&format!("{{{parameter}}}"), &format!("{parameter}%2F1"));
        }
        assert_eq!(request.path(), path, "{name}");
        let media = request.header("content-type").unwrap_or_default();
        match operation.body {
            BodyKind::Nothing => assert!(request.body.is_empty(), "{name}"),
            BodyKind::Json => assert_eq!(media, "application/json", "{name}"),
            BodyKind::PlainText => assert_eq!(media, "text/plain", "{name}"),
            BodyKind::Multipart => assert!(media.starts_with("multipart/form-data; boundary="), "{name}"),
        }
        if let (Some(expected), BodyKind::Json | BodyKind::PlainText) = (body_of(operation), operation.body) {
            let sent: Value = serde_json::from_slice(&request.body).expect("JSON");
            assert_eq!(sent, expected, "{name}: nothing is lost and nothing added");
        }
        if operation.body == BodyKind::Multipart {
            assert!(request.body.windows(picture().0.len()).any(|w| w == picture().0), "{name}: the file went out as it is");
        }
    }
}

#[test]
fn bodies_are_written_strictly() {
    for (kind, number, text) in BODIES.iter().filter(|(_, _, text)| text.starts_with('{')) {
        let operation = find(*kind, &number.to_string()).expect("listed");
        let mut body: Value = serde_json::from_str(text).expect(text);
        body["noSuchMember"] = Value::Bool(true);
        let with = |raw| Input { body: Some(body.clone()), raw, ..input(operation) };
        let (done, request) = called(operation, with(false), "");
        assert_eq!(done.expect_err(operation.name).fault, ServiceFault::Unfit, "{}", operation.name);
        assert!(request.is_none());
    }
    let operation = find(ServiceKind::AwareId, "enrolment_start").expect("listed");
    let raw = Input { body: Some(serde_json::json!({ "noSuchMember": 1 })), raw: true, ..Input::default() };
    assert!(called(operation, raw, "").1.is_some(), "`raw` sends what it is given");
}

#[test]
fn mandatory_members_are_asked_for_before_sending() {
    for (name, missing) in [("enrolment_start", "username"), ("gallery_register_user", "image"), ("enrolment_add_face", "enrollmentToken")]
    {
        let operation = find(ServiceKind::AwareId, name).expect("listed");
        let mut body = body_of(operation).expect("a body");
        body.as_object_mut().expect("an object").remove(missing);
        let (done, request) = called(operation, Input { body: Some(body), ..Input::default() }, "");
        assert!(done.expect_err(name).message.contains(missing));
        assert!(request.is_none());
    }
}

#[test]
fn the_configuration_changes_methods_paths_and_prefixes() {
    let operation = find(ServiceKind::AwareId, "38").expect("listed");
    let more = "[services.awareid.endpoint]\nprefix = \"/b2c\"\n[services.awareid.endpoint.operations.enrolment_add_pin]\nmethod = \"PUT\"\npath = \"/onboarding/pin\"\n";
    let request = called(operation, input(operation), more).1.expect("called");
    assert_eq!((request.method.as_str(), request.path()), ("PUT", "/b2c/onboarding/pin"));
}

#[test]
fn deprecated_reads_are_behind_a_switch() {
    let operation = find(ServiceKind::Onboarding, "3").expect("listed");
    let (done, request) = called(operation, Input::default(), "");
    assert_eq!(done.expect_err("switched off").fault, ServiceFault::NotOffered);
    assert!(request.is_none());
}

#[test]
fn files_are_held_to_the_services_limits_before_anything_is_sent() {
    let more = "[services.faceki.pictures]\nmax_bytes = 1000\n[services.awareid.pictures]\nmax_bytes = 1000\n";
    let mut large = picture();
    large.0.resize(2000, 0);
    let damaged = SensitiveBytes(picture().0[..24].to_vec());
    let text = SensitiveBytes(b"GIF89a".to_vec());
    for (kind, name, field) in [(ServiceKind::Faceki, "search_by_face", "selfie"), (ServiceKind::AwareId, "gallery_match_face", "image")] {
        let operation = find(kind, name).expect("listed");
        let with = |file: &SensitiveBytes, raw| Input { files: vec![(field.to_owned(), file.clone())], raw, ..Input::default() };
        for file in [&large, &damaged] {
            let (done, request) = called(operation, with(file, false), more);
            assert_eq!((done.expect_err(name).fault, request.is_none()), (ServiceFault::Unfit, true), "{name}");
        }
        assert!(called(operation, with(&picture(), false), "").0.is_ok(), "{name}");
    }
    let (refused, request) = called(
        find(ServiceKind::Faceki, "search_by_face").expect("listed"),
        Input { files: vec![("selfie".to_owned(), text)], ..Input::default() },
        "",
    );
    assert!(refused.expect_err("no picture").message.contains("selfie") && request.is_none());
}
