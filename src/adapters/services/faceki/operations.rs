//! Operations of FACEKI.

use crate::adapters::services::operation::{BodyKind, Impact, Method, Operation, Origin};
use crate::ports::services::ServiceKind;

const fn operation(number: u16, name: &'static str, method: Method, path: &'static str, impact: Impact) -> Operation {
    Operation::new(ServiceKind::Faceki, number, name, method, path, Origin::Doc, impact)
}

/// All operations. A face match reads, though it is paid. The token, 2, is asked for by itself.
pub const OPERATIONS: &[Operation] = &[
    operation(1, "search_by_face", Method::Post, "/api/v3/kyc_verification/search-by-face", Impact::Reads).body(BodyKind::Multipart),
    operation(2, "access_token", Method::Get, "/auth/api/access-token", Impact::Reads),
    operation(3, "kyc_verification", Method::Post, "/api/v3/kyc_verification", Impact::Changes).body(BodyKind::Multipart).slow(),
    operation(4, "analyze_face", Method::Post, "/api/v3/kyc_verification/analyzeFace", Impact::Reads).body(BodyKind::Multipart),
    operation(5, "workflow_rules", Method::Get, "/api/v3/workflows/rules", Impact::Reads),
];
