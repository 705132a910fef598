//! Requests and replies of the Uqudo Face API.
#![allow(missing_docs, reason = "names and meanings are the service's")]

use crate::adapters::services::typed::{reply, request};
use crate::adapters::services::wire::{Private, boolean, integer, text};

request! {
    /// Two pictures and the lowest level that counts, 1-5.
    Match {
        source_image: Private,
        target_image: Private,
        minimum_match_level?: u8,
    }
}

reply! {
    /// `matches` is already the comparison with the minimum; levels may lie outside 1-5 at the ends.
    MatchReply {
        #[serde(rename = "match", deserialize_with = "boolean")]
        matches: Option<bool>,
        #[serde(deserialize_with = "integer")]
        match_level: Option<i64>,
    }
}

request! {
    /// A face, and whether to add it when nobody matches.
    Search {
        id_photo: Private,
        insert?: bool,
    }
}

request! {
    /// A face to add.
    Insert {
        id_photo: Private,
    }
}

reply! {
    /// Outcome of a search or an insertion.
    OneToN {
        #[serde(rename = "oneToNVerificationId", deserialize_with = "text")]
        verification_id: Option<String>,
        #[serde(rename = "oneToNVerificationMatch", deserialize_with = "boolean")]
        verification_match: Option<bool>,
    }
}

reply! {
    /// A session for the vendor's own software.
    FaceSession {
        session_id: Option<String>,
    }
}
