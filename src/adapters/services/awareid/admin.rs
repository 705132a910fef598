//! Geofences, administration, webhooks and events: operations 78-95, and the public key.
#![allow(missing_docs, reason = "names and meanings are the service's")]

use super::AwareId;
use super::gallery::Members;
use crate::adapters::services::typed::{calls, reply, request};
use crate::adapters::services::wire::{Anything, Done, Line, Open, Private, list, text};
use serde_json::Value;

request! {
    /// `type` is `include`; the three shapes of `geofence` are free JSON.
    GeofenceDefinition {
        #[serde(rename = "type")]
        kind: String,
        geofence: Open,
        name?: String,
        is_enabled?: bool,
    }
}

request! {
    /// An empty object.
    Nothing {}
}

reply! {
    Toggled {
        is_enabled: Option<bool>,
        message: Option<String>,
    }
}

request! {
    /// Both from 1.
    Page {
        page_number: u32,
        page_size: u32,
    }
}

reply! {
    RegistrationDetails {
        name: Private,
        email: Private,
        phone_number: Option<Value>,
        start_date: Option<String>,
        #[serde(deserialize_with = "text")]
        registration_code: Option<String>,
        #[serde(deserialize_with = "list")]
        registered_devices: Vec<Open>,
        #[serde(deserialize_with = "list")]
        activities: Vec<Open>,
    }
}

reply! {
    CustomerConfig {
        onboarding_config: Open,
        document_verification_config: Option<Open>,
        service_version: Option<String>,
        /// Not an ISO time.
        expiration_time: Option<String>,
    }
}

request! {
    /// Written back whole: missing parts make the server fail.
    UpdateConfig {
        onboarding_config: Open,
    }
}

request! {
    Recording {
        /// `enrollment`, `authentication` or `re-enrollment`.
        #[serde(rename = "type")]
        kind: String,
        token: Private,
        #[serde(rename = "presignedURL")]
        presigned_url?: bool,
    }
}

/// Credentials of the storage.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct StorageCredential {
    pub access_key_id: Private,
    pub secret_access_key: Private,
    pub session_token: Private,
    pub expiration: Option<String>,
}

reply! {
    RecordingPlace {
        vendor: Option<String>,
        bucket_name: Option<String>,
        object_key: Option<String>,
        credential: Option<StorageCredential>,
        #[serde(rename = "presignedURL")]
        presigned_url: Private,
    }
}

request! {
    RegisterWebhook {
        url: String,
        auth_header_key?: String,
        auth_header_value?: Private,
        encrypt_message_body?: bool,
        add_signature_header?: bool,
        events: Vec<String>,
    }
}

request! {
    UpdateWebhook {
        generate_new_secret?: bool,
        url?: String,
        auth_header_key?: String,
        auth_header_value?: Private,
        encrypt_message_body?: bool,
        add_signature_header?: bool,
        events?: Vec<String>,
    }
}

reply! {
    WebhookSecret {
        /// Base64 of 32 bytes, told once.
        secret: Private,
        webhook_id: Option<String>,
    }
}

reply! {
    Webhook {
        webhook_id: Option<String>,
        url: Option<String>,
        /// Named so here, and `secret` where it is told first.
        secret_key: Private,
        secret: Private,
        auth_header_key: Option<String>,
        auth_header_value: Option<Private>,
        encrypt_message_body: Option<bool>,
        add_signature_header: Option<bool>,
        #[serde(deserialize_with = "list")]
        events: Vec<String>,
    }
}

reply! {
    Webhooks {
        #[serde(deserialize_with = "list")]
        list: Vec<Webhook>,
    }
}

request! {
    Transaction {
        /// Number or text.
        transaction_num: Value,
    }
}

request! {
    EventQuery {
        webhook_id: String,
        list: Vec<Transaction>,
    }
}

reply! {
    Event {
        id: Option<String>,
        /// With a zone offset that may lack its colon.
        created: Option<String>,
        #[serde(rename = "type")]
        kind: Option<String>,
        operation_token: Private,
        username: Private,
        /// Depends on the type.
        data: Option<Value>,
    }
}

reply! {
    Events {
        #[serde(deserialize_with = "list")]
        list: Vec<Event>,
    }
}

calls! {
    AwareId;
    /// All geofences.
    78 geofence_list() -> Anything;
    /// One geofence.
    79 geofence_get[geofence_name]() -> Anything;
    /// Replaces one.
    80 geofence_update[geofence_name](GeofenceDefinition) -> Done;
    /// Creates one.
    81 geofence_create[geofence_name](GeofenceDefinition) -> Done;
    /// Deletes one.
    82 geofence_delete[geofence_name]() -> Done;
    /// Switches one on or off.
    83 geofence_toggle[geofence_name](Nothing) -> Toggled;
    /// Completed enrolments, paged.
    84 admin_registrations(Page) -> Members;
    /// One enrolment.
    85 admin_registration[registration_code]() -> RegistrationDetails;
    /// Deletes an enrolment; a second time fails.
    86 admin_delete_registration[registration_code]() -> Done;
    /// The tenant's configuration.
    87 admin_configuration() -> CustomerConfig;
    /// Writes it back.
    88 admin_update_configuration(UpdateConfig) -> Done;
    /// Where a recording is.
    89 admin_recording(Recording) -> RecordingPlace;
    /// All webhooks.
    90 webhook_list() -> Webhooks;
    /// Registers a webhook.
    91 webhook_register(RegisterWebhook) -> WebhookSecret;
    /// One webhook.
    92 webhook_get[webhook_id]() -> Webhook;
    /// Deletes one.
    93 webhook_delete[webhook_id]() -> Done;
    /// Changes one, and its secret when wanted.
    94 webhook_update[webhook_id](UpdateWebhook) -> WebhookSecret;
    /// What happened in transactions.
    95 event_data(EventQuery) -> Events;
    /// PEM of the key that packages are encrypted to.
    101 public_key() -> Line;
}
