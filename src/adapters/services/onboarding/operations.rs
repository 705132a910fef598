//! Operations of Onboarding BiometricTest.

use crate::adapters::services::operation::{Impact, Method, Operation, Origin};
use crate::ports::services::ServiceKind;

const fn operation(number: u16, name: &'static str, method: Method, path: &'static str, origin: Origin, impact: Impact) -> Operation {
    Operation::new(ServiceKind::Onboarding, number, name, method, path, origin, impact)
}

/// The numbered operations; paths stand below the prefix `/Onboarding`. The path of 4 is spelled so by the service.
pub const OPERATIONS: &[Operation] = &[
    operation(1, "upload_selfie_image", Method::Post, "/api/v1/onboarding/BiometricTest/UploadSelfieImage", Origin::Seed, Impact::Changes),
    operation(2, "approve", Method::Post, "/api/v1/onboarding/BiometricTest/Approve", Origin::Seed, Impact::Changes),
    operation(3, "get_selfie_image", Method::Get, "/api/v1/onboarding/BiometricTest/GetSelfieImage", Origin::Seed, Impact::Reads),
    operation(
        4,
        "get_document_portrait_image",
        Method::Get,
        "/api/v1/onboarding/BiometricTest/GetDocumetPortraitImage",
        Origin::Seed,
        Impact::Reads,
    ),
];

/// Steps around the numbered operations. The session token, step A, is asked for by itself.
pub const SUPPORTING: &[Operation] = &[
    operation(102, "steps_configuration", Method::Get, "/api/v1/Configuration/GetStepsConfiguration", Origin::Inferred, Impact::Reads),
    operation(103, "initialize_request", Method::Post, "/api/v1/onboarding/Request/InitializeRequest", Origin::Inferred, Impact::Changes),
    operation(
        104,
        "select_document",
        Method::Post,
        "/api/v1/onboarding/Request/SelectNationalIdStep/{is_national_id}",
        Origin::Doc,
        Impact::Changes,
    ),
    operation(
        105,
        "upload_national_id_front",
        Method::Post,
        "/api/v1/onboarding/NationalId/UploadFrontImage",
        Origin::Doc,
        Impact::Changes,
    )
    .slow(),
    operation(106, "upload_national_id_back", Method::Post, "/api/v1/onboarding/NationalId/UploadBackImage", Origin::Doc, Impact::Changes)
        .slow(),
    operation(107, "upload_passport", Method::Post, "/api/v1/onboarding/Passport/UploadPassportImage", Origin::Doc, Impact::Changes).slow(),
    operation(108, "approve_passport", Method::Post, "/api/v1/onboarding/Passport/Approve", Origin::Doc, Impact::Changes),
    operation(109, "applicant_id", Method::Get, "/api/v1/Applicant/GetApplicantId", Origin::Inferred, Impact::Reads),
];
