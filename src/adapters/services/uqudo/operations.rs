//! Operations of the Uqudo Face API.

use crate::adapters::services::operation::{BodyKind, Impact, Method, Operation, Origin};
use crate::ports::services::ServiceKind;

const fn operation(number: u16, name: &'static str, method: Method, path: &'static str, impact: Impact) -> Operation {
    Operation::new(ServiceKind::Uqudo, number, name, method, path, Origin::Doc, impact)
}

/// All operations. The path of 5 really contains `search`.
pub const OPERATIONS: &[Operation] = &[
    operation(1, "face_session", Method::Post, "/api/v1/face", Impact::Changes).body(BodyKind::Multipart),
    operation(2, "face_match", Method::Post, "/api/v1/face/match", Impact::Reads),
    operation(3, "one_to_n_search", Method::Post, "/api/v1/face/one-to-n/search", Impact::Changes),
    operation(4, "one_to_n_insert", Method::Post, "/api/v1/face/one-to-n/insert", Impact::Changes),
    operation(5, "one_to_n_delete", Method::Delete, "/api/v1/face/one-to-n/search/{one_to_n_verification_id}", Impact::Changes),
];
