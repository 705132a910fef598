//! Hand-off to a phone and galleries: operations 63-77.
#![allow(missing_docs, reason = "names and meanings are the service's")]

use super::AwareId;
use crate::adapters::services::typed::{calls, reply, request};
use crate::adapters::services::wire::{Done, Private, integer, list, number, text};
use serde_json::Value;

request! {
    NotifyOptions {
        notify_by_email?: bool,
        #[serde(rename = "notifyBySMS")]
        notify_by_sms?: bool,
    }
}

request! {
    TriggerEnrolment {
        username: Private,
        email?: Private,
        phone_number?: Private,
        notify_options?: NotifyOptions,
    }
}

request! {
    TriggerAuthentication {
        username: Private,
        notify_options?: NotifyOptions,
    }
}

reply! {
    Triggered {
        status: Option<String>,
        #[serde(rename = "sessionCallbackURL")]
        session_callback_url: Private,
        /// Base64 of a PNG.
        qrcode_image: Private,
        session_token: Private,
        jwt_token: Private,
    }
}

reply! {
    OperationStatus {
        /// `Pending`; others are open.
        completion_status: Option<String>,
    }
}

request! {
    RegisterUser {
        username: Private,
        email: Private,
        image: Private,
        first_name?: Private,
        last_name?: Private,
        phone_number?: Private,
    }
}

reply! {
    Registered {
        #[serde(deserialize_with = "text")]
        registration_code: Option<String>,
    }
}

request! {
    MatchFace {
        image: Private,
        gallery_name?: String,
        candidate_list_size?: u32,
        /// Results lie strictly above.
        cutoff_score_percent?: serde_json::Number,
        include_image?: bool,
        /// Limits the search; empty: everybody.
        candidate_list?: Vec<String>,
    }
}

reply! {
    Candidate {
        #[serde(deserialize_with = "text")]
        registration_code: Option<String>,
        #[serde(deserialize_with = "number")]
        score_percent: Option<f64>,
        #[serde(deserialize_with = "number")]
        score: Option<f64>,
        username: Private,
        image: Private,
    }
}

reply! {
    Candidates {
        #[serde(deserialize_with = "integer")]
        match_count: Option<i64>,
        #[serde(deserialize_with = "list")]
        list: Vec<Candidate>,
    }
}

request! {
    GalleryName {
        gallery_name: String,
    }
}

/// A gallery as listed: its name, or an object that holds it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(untagged)]
pub enum ListedGallery {
    Name(String),
    Object {
        #[serde(rename = "galleryName")]
        gallery_name: String,
    },
}

impl ListedGallery {
    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Name(name) | Self::Object { gallery_name: name } => name,
        }
    }
}

reply! {
    Galleries {
        #[serde(deserialize_with = "list")]
        list: Vec<ListedGallery>,
    }
}

request! {
    /// One of code and user name.
    Membership {
        gallery_name: String,
        registration_code?: String,
        username?: Private,
    }
}

request! {
    /// People by either list.
    Memberships {
        gallery_names: Vec<String>,
        usernames?: Vec<Private>,
        registration_codes?: Vec<String>,
    }
}

reply! {
    Exists {
        exist: Option<bool>,
    }
}

request! {
    /// One of code and user name.
    Registration {
        registration_code?: String,
        username?: Private,
    }
}

request! {
    ListRegistrations {
        gallery_name?: String,
        /// From 1.
        page_number?: u32,
        page_size?: u32,
        include_image?: bool,
        include_template?: bool,
    }
}

reply! {
    Member {
        #[serde(deserialize_with = "text")]
        registration_code: Option<String>,
        username: Private,
        /// In some listings beside the user name, in some instead of it.
        name: Private,
        email: Private,
        phone_number: Option<Value>,
        start_date: Option<String>,
        image: Private,
        template: Private,
    }
}

impl Member {
    /// The name by which the person was registered.
    #[must_use]
    pub fn registered_as(&self) -> &str {
        if self.username.0.is_empty() { &self.name.0 } else { &self.username.0 }
    }
}

reply! {
    /// A page; pages count from 1.
    Members {
        #[serde(deserialize_with = "integer")]
        page_number: Option<i64>,
        #[serde(deserialize_with = "integer")]
        page_size: Option<i64>,
        #[serde(deserialize_with = "integer")]
        total_records: Option<i64>,
        #[serde(deserialize_with = "integer")]
        total_pages: Option<i64>,
        #[serde(deserialize_with = "list")]
        list: Vec<Member>,
    }
}

calls! {
    AwareId;
    /// Hands an enrolment over to the person's phone.
    63 b2c_trigger_enrolment(TriggerEnrolment) -> Triggered;
    /// Hands an authentication over to the person's phone.
    64 b2c_trigger_authentication(TriggerAuthentication) -> Triggered;
    /// How far the person got; ask every 2-3 seconds.
    65 b2c_operation_status[session_token]() -> OperationStatus;
    /// Registers a person with one picture.
    66 gallery_register_user(RegisterUser) -> Registered;
    /// Searches a gallery; no liveness is checked.
    67 gallery_match_face(MatchFace) -> Candidates;
    /// Creates a gallery.
    68 gallery_add(GalleryName) -> Done;
    /// Deletes a gallery; its people stay in the default one.
    69 gallery_delete(GalleryName) -> Done;
    /// All galleries.
    70 gallery_list() -> Galleries;
    /// Adds a person to a gallery.
    71 gallery_add_registration(Membership) -> Done;
    /// Adds people to galleries.
    72 gallery_add_registrations(Memberships) -> Done;
    /// Removes a person from a gallery.
    73 gallery_delete_registration(Membership) -> Done;
    /// Removes people from galleries.
    74 gallery_delete_registrations(Memberships) -> Done;
    /// Whether a person is in a gallery.
    75 gallery_contains(Membership) -> Exists;
    /// Galleries of a person.
    76 gallery_list_of_registration(Registration) -> Galleries;
    /// People of a gallery, paged.
    77 gallery_list_registrations(ListRegistrations) -> Members;
}
