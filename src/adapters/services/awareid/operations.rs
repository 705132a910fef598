//! Operations of AwareID and Knomi. What is marked `Inferred` holds a guess in method, prefix or path.

use crate::adapters::services::operation::Impact::{Changes, Reads};
use crate::adapters::services::operation::Method::{Delete, Get, Post, Put};
use crate::adapters::services::operation::Origin::{Doc, Inferred, Seed};
use crate::adapters::services::operation::{BodyKind, Impact, Method, Operation, Origin};
use crate::ports::services::ServiceKind;

const fn operation(number: u16, name: &'static str, method: Method, path: &'static str, origin: Origin, impact: Impact) -> Operation {
    Operation::new(ServiceKind::AwareId, number, name, method, path, origin, impact)
}

/// All operations, by number.
pub const OPERATIONS: &[Operation] = &[
    // Face liveness
    operation(1, "face_version", Get, "/faceliveness/version", Seed, Reads),
    operation(2, "face_analyze", Post, "/faceliveness/analyze", Doc, Reads),
    operation(3, "face_check_liveness", Post, "/faceliveness/checkLiveness", Doc, Reads),
    operation(4, "face_analyze_encrypted", Post, "/faceliveness/analyzeEncrypted", Doc, Reads),
    operation(5, "face_check_liveness_encrypted", Post, "/faceliveness/checkLivenessEncrypted", Doc, Reads),
    operation(6, "face_check_active_liveness_encrypted", Post, "/faceliveness/checkActiveLivenessEncrypted", Doc, Reads),
    // Voice liveness
    operation(7, "voice_version", Get, "/voiceliveness/version", Seed, Reads),
    operation(8, "voice_analyze", Post, "/voiceliveness/analyze", Doc, Reads),
    operation(9, "voice_analyze_encrypted", Post, "/voiceliveness/analyzeEncrypted", Inferred, Reads),
    operation(10, "voice_length", Post, "/voiceliveness/calculateLength", Inferred, Reads),
    operation(11, "voice_length_encrypted", Post, "/voiceliveness/calculateLengthEncrypted", Inferred, Reads),
    // Face matcher
    operation(12, "face_matcher_version", Get, "/nexaface/version", Seed, Reads),
    operation(13, "face_compare", Post, "/nexaface/compare", Doc, Reads),
    operation(14, "face_export", Post, "/nexaface/export", Doc, Reads),
    // Voice matcher
    operation(15, "voice_matcher_version", Get, "/nexavoice/version", Seed, Reads),
    operation(16, "voice_compare", Post, "/nexavoice/compare", Inferred, Reads),
    operation(17, "voice_export", Post, "/nexavoice/export", Inferred, Reads),
    // Document
    operation(18, "document_validate_type", Post, "/documentVerification/validateDocumentType", Doc, Reads).slow(),
    operation(19, "document_verify", Post, "/documentVerification/verifyDocumentsAndBiometrics", Doc, Reads).slow(),
    // Knomi Web
    operation(20, "preface_version", Get, "/b2c/sdk/preface/version", Seed, Reads),
    operation(21, "preface_roi", Post, "/b2c/sdk/preface/calculateROI", Doc, Reads),
    operation(22, "preface_analyze_image", Post, "/b2c/sdk/preface/analyzeImage", Doc, Reads),
    operation(23, "preface_autocapture", Post, "/b2c/sdk/preface/autocaptureVideo", Inferred, Reads),
    operation(24, "preface_autocapture_encrypted", Post, "/b2c/sdk/preface/autocaptureVideoEncrypted", Doc, Reads),
    operation(25, "sdk_face_analyze_encrypted", Post, "/b2c/sdk/faceliveness/analyzeEncrypted", Seed, Reads).body(BodyKind::PlainText),
    operation(26, "sdk_document_validate_type", Post, "/b2c/sdk/documentVerification/validateDocumentType", Doc, Reads).slow(),
    operation(27, "sdk_document_verify", Post, "/b2c/sdk/documentVerification/verifyDocumentsAndBiometrics", Inferred, Reads).slow(),
    // Compliance
    operation(28, "compliance_national_id", Post, "/compliance/nationalId/checkNationalIdNumber", Inferred, Reads),
    operation(29, "compliance_geofence", Post, "/compliance/geofence/check", Inferred, Reads),
    // Enrolment
    operation(30, "enrolment_start", Post, "/onboarding/enrollment/enroll", Seed, Changes),
    operation(31, "enrolment_add_device", Post, "/onboarding/enrollment/addDevice", Doc, Changes),
    operation(32, "enrolment_add_face", Post, "/onboarding/enrollment/addFace", Doc, Changes),
    operation(33, "enrolment_add_voice", Post, "/onboarding/enrollment/addVoice", Doc, Changes),
    operation(34, "enrolment_validate_document_type", Post, "/onboarding/enrollment/validateDocumentType", Doc, Reads).slow(),
    operation(35, "enrolment_add_document", Post, "/onboarding/enrollment/addDocumentOCR", Doc, Changes).slow(),
    operation(36, "enrolment_chip_challenge", Post, "/onboarding/enrollment/getICAOChallenge", Inferred, Changes),
    operation(37, "enrolment_add_chip", Post, "/onboarding/enrollment/addDocumentICAO", Seed, Changes).slow(),
    operation(38, "enrolment_add_pin", Post, "/onboarding/enrollment/addPIN", Inferred, Changes),
    operation(39, "enrolment_complete_pin", Post, "/onboarding/enrollment/addPIN/complete", Inferred, Changes),
    operation(40, "enrolment_verify_pii", Post, "/onboarding/enrollment/mobileMatch/verifyPII", Seed, Changes),
    operation(41, "enrolment_verify_code", Post, "/onboarding/enrollment/mobileMatch/verifyPIN", Inferred, Changes),
    operation(42, "enrolment_questions", Post, "/onboarding/enrollment/KBA/questions", Seed, Changes),
    operation(43, "enrolment_answers", Post, "/onboarding/enrollment/KBA/answers", Inferred, Changes),
    operation(44, "enrolment_device_risk", Post, "/onboarding/enrollment/checkDeviceSecurity", Inferred, Changes),
    operation(45, "enrolment_watchlist", Post, "/onboarding/enrollment/checkWatchlist", Inferred, Changes),
    operation(46, "enrolment_national_id", Post, "/onboarding/enrollment/checkNationalIdNumber", Inferred, Changes),
    operation(47, "enrolment_cancel", Post, "/onboarding/enrollment/cancel", Doc, Changes),
    // Authentication
    operation(48, "authentication_start", Post, "/onboarding/authentication/authenticate", Seed, Changes),
    operation(49, "authentication_verify_device", Post, "/onboarding/authentication/verifyDevice", Doc, Changes),
    operation(50, "authentication_verify_face", Post, "/onboarding/authentication/verifyFace", Doc, Changes),
    operation(51, "authentication_verify_voice", Post, "/onboarding/authentication/verifyVoice", Inferred, Changes),
    operation(52, "authentication_verify_pin", Post, "/onboarding/authentication/verifyPIN", Inferred, Changes),
    operation(53, "authentication_device_risk", Post, "/onboarding/authentication/checkDeviceSecurity", Inferred, Changes),
    operation(54, "authentication_national_id", Post, "/onboarding/authentication/checkNationalIdNumber", Inferred, Changes),
    operation(55, "authentication_cancel", Post, "/onboarding/authentication/cancel", Doc, Changes),
    // Re-enrolment
    operation(56, "re_enrolment_verify_face", Post, "/onboarding/reEnrollment/verifyFace", Inferred, Changes),
    operation(57, "re_enrolment_verify_voice", Post, "/onboarding/reEnrollment/verifyVoice", Inferred, Changes),
    operation(58, "re_enrolment_reset_pin", Post, "/onboarding/reEnrollment/resetPIN", Inferred, Changes),
    operation(59, "re_enrolment_complete_pin", Post, "/onboarding/reEnrollment/resetPIN/complete", Inferred, Changes),
    operation(60, "re_enrolment_device_risk", Post, "/onboarding/reEnrollment/checkDeviceSecurity", Inferred, Changes),
    operation(61, "re_enrolment_complete", Post, "/onboarding/reEnrollment/reEnroll", Inferred, Changes),
    operation(62, "re_enrolment_cancel", Post, "/onboarding/reEnrollment/cancel", Inferred, Changes),
    // B2C
    operation(63, "b2c_trigger_enrolment", Post, "/onboarding/b2c/triggerEnroll", Inferred, Changes),
    operation(64, "b2c_trigger_authentication", Post, "/onboarding/b2c/triggerAuthenticate", Inferred, Changes),
    operation(65, "b2c_operation_status", Get, "/onboarding/b2c/operationStatus/{session_token}", Seed, Reads),
    // Gallery
    operation(66, "gallery_register_user", Post, "/onboarding/gallery/registerUser", Doc, Changes),
    operation(67, "gallery_match_face", Post, "/onboarding/gallery/matchFace", Doc, Reads),
    operation(68, "gallery_add", Post, "/onboarding/gallery/addGallery", Doc, Changes),
    operation(69, "gallery_delete", Post, "/onboarding/gallery/deleteGallery", Doc, Changes),
    operation(70, "gallery_list", Get, "/onboarding/gallery/listGallery", Seed, Reads),
    operation(71, "gallery_add_registration", Post, "/onboarding/gallery/addRegistrationToGallery", Doc, Changes),
    operation(72, "gallery_add_registrations", Post, "/onboarding/gallery/addRegistrationsToGalleries", Doc, Changes),
    operation(73, "gallery_delete_registration", Post, "/onboarding/gallery/deleteRegistrationFromGallery", Doc, Changes),
    operation(74, "gallery_delete_registrations", Post, "/onboarding/gallery/deleteRegistrationsFromGalleries", Doc, Changes),
    operation(75, "gallery_contains", Post, "/onboarding/gallery/isRegistrationInGallery", Doc, Reads),
    operation(76, "gallery_list_of_registration", Post, "/onboarding/gallery/listGalleryOfRegistration", Doc, Reads),
    operation(77, "gallery_list_registrations", Post, "/onboarding/gallery/listRegistrationInGallery", Doc, Reads),
    // Geofence
    operation(78, "geofence_list", Get, "/compliance/geofence/definitions", Seed, Reads),
    operation(79, "geofence_get", Get, "/compliance/geofence/definitions/{geofence_name}", Seed, Reads),
    operation(80, "geofence_update", Put, "/compliance/geofence/definitions/{geofence_name}", Inferred, Changes),
    operation(81, "geofence_create", Post, "/compliance/geofence/definitions/{geofence_name}", Inferred, Changes),
    operation(82, "geofence_delete", Delete, "/compliance/geofence/definitions/{geofence_name}", Seed, Changes),
    operation(83, "geofence_toggle", Put, "/compliance/geofence/definitions/{geofence_name}/toggle", Inferred, Changes),
    // Admin
    operation(84, "admin_registrations", Post, "/onboarding/admin/registration", Doc, Reads),
    operation(85, "admin_registration", Get, "/onboarding/admin/registration/{registration_code}", Seed, Reads),
    operation(86, "admin_delete_registration", Delete, "/onboarding/admin/registration/{registration_code}", Seed, Changes),
    operation(87, "admin_configuration", Get, "/onboarding/admin/customerConfig", Seed, Reads),
    operation(88, "admin_update_configuration", Post, "/onboarding/admin/customerConfig", Doc, Changes),
    operation(89, "admin_recording", Post, "/onboarding/admin/recording", Inferred, Reads),
    // Webhook
    operation(90, "webhook_list", Get, "/webhook/registration", Seed, Reads),
    operation(91, "webhook_register", Post, "/webhook/registration", Inferred, Changes),
    operation(92, "webhook_get", Get, "/webhook/registration/{webhook_id}", Seed, Reads),
    operation(93, "webhook_delete", Delete, "/webhook/registration/{webhook_id}", Seed, Changes),
    operation(94, "webhook_update", Put, "/webhook/registration/{webhook_id}", Inferred, Changes),
    // Event
    operation(95, "event_data", Post, "/webhook/event", Inferred, Reads),
];

/// What is needed around them.
pub const SUPPORTING: &[Operation] = &[operation(101, "public_key", Get, "/onboarding/admin/getPublicKey", Doc, Reads)];
