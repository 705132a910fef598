//! Operations of BAF.

use crate::adapters::services::operation::{Impact, Method, Operation, Origin};
use crate::ports::services::ServiceKind;

const VALIDATION: &str = "/api/v2/public/Validation";
const PATTERN: &str = "/api/v2/private/ActiveLivenessPattern";

const fn operation(number: u16, name: &'static str, method: Method, path: &'static str, origin: Origin, impact: Impact) -> Operation {
    Operation::new(ServiceKind::Baf, number, name, method, path, origin, impact)
}

/// The numbered operations. 1 to 3 are one call: what it does follows from the body and the applicant.
pub const OPERATIONS: &[Operation] = &[
    operation(1, "register_with_document", Method::Post, VALIDATION, Origin::Seed, Impact::Changes).slow(),
    operation(2, "register_face", Method::Post, VALIDATION, Origin::Seed, Impact::Changes),
    operation(3, "authorize_face", Method::Post, VALIDATION, Origin::Seed, Impact::Changes),
    operation(4, "by_applicant", Method::Post, VALIDATION, Origin::Seed, Impact::NotOffered),
    operation(5, "create_applicant", Method::Post, "/api/v2/private/Applicants", Origin::Doc, Impact::Changes),
    operation(6, "motion_patterns", Method::Get, PATTERN, Origin::Doc, Impact::Reads),
];

/// The other methods of row 6.
pub const SUPPORTING: &[Operation] = &[
    operation(61, "create_motion_pattern", Method::Post, PATTERN, Origin::Doc, Impact::Changes),
    operation(62, "delete_motion_pattern", Method::Delete, PATTERN, Origin::Inferred, Impact::Changes),
];
