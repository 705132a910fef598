//! Requests, replies and functions of operations, declared in one place each.

use super::wire::Reply;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What is known about one operation's types, for calls that come as JSON and for tests.
#[derive(Debug, Clone, Copy)]
pub struct Typed {
    /// Number of the operation.
    pub number: u16,
    /// Name of the function, which is the operation's name.
    pub name: &'static str,
    /// Reads a request strictly and writes it as the function would; `None` when there is no JSON body.
    pub request: Option<fn(Value) -> Result<Value, String>>,
    /// Whether a reply can be read.
    pub reply: fn(&[u8]) -> Result<(), String>,
}

/// For [`Typed::request`].
///
/// # Errors
/// What is wrong, by name of the field.
pub fn check_request<Q: Serialize + DeserializeOwned>(value: Value) -> Result<Value, String> {
    let request: Q = serde_json::from_value(value).map_err(|e| super::plain::plain(&e.to_string()))?;
    serde_json::to_value(&request).map_err(|e| e.to_string())
}

/// For [`Typed::reply`].
///
/// # Errors
/// As [`Reply::read`].
pub fn check_reply<R: Reply>(body: &[u8]) -> Result<(), String> {
    R::read(body).map(|_| ())
}

/// Declares a request: JSON names in camel case, unknown names refused on reading, `name?: Type` left out when absent.
macro_rules! request {
    ($(#[$meta:meta])* $name:ident { $($fields:tt)* }) => {
        $crate::adapters::services::typed::request!(@ [$(#[$meta])* $name] [] $($fields)*);
    };
    (@ [$($head:tt)*] [$($done:tt)*] $(#[$meta:meta])* $field:ident ? : $type:ty, $($rest:tt)*) => {
        $crate::adapters::services::typed::request!(@ [$($head)*] [
            $($done)* $(#[$meta])* #[serde(default, skip_serializing_if = "Option::is_none")] pub $field: Option<$type>,
        ] $($rest)*);
    };
    (@ [$($head:tt)*] [$($done:tt)*] $(#[$meta:meta])* $field:ident : $type:ty, $($rest:tt)*) => {
        $crate::adapters::services::typed::request!(@ [$($head)*] [$($done)* $(#[$meta])* pub $field: $type,] $($rest)*);
    };
    (@ [$(#[$meta:meta])* $name:ident] [$($done:tt)*]) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name { $($done)* }
    };
}

/// Declares a reply: JSON names in camel case, unknown names passed over, absent names at their default.
macro_rules! reply {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident : $type:ty),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Default, serde::Deserialize)]
        #[serde(default, rename_all = "camelCase")]
        pub struct $name { $($(#[$field_meta])* pub $field: $type),* }

        impl $crate::adapters::services::wire::JsonReply for $name {}
    };
}

/// Declares the typed functions of a client that has `session` and `operation(number)`, and the table of their types.
macro_rules! calls {
    (
        $client:ident;
        $($(#[$meta:meta])* $number:literal $name:ident $([$($parameter:ident),+])? ($($request:ty)?) -> $reply:ty;)+
    ) => {
        #[allow(clippy::missing_errors_doc, reason = "every call returns ServiceError as its faults describe")]
        impl $client {
            $($crate::adapters::services::typed::calls!(@ [$(#[$meta])*] $number $name [$($($parameter)+)?] ($($request)?) -> $reply);)+
        }

        /// Types of the functions above.
        pub(super) const TYPED: &[$crate::adapters::services::typed::Typed] = &[$(
            $crate::adapters::services::typed::Typed {
                number: $number,
                name: stringify!($name),
                request: $crate::adapters::services::typed::calls!(? $($request)?),
                reply: $crate::adapters::services::typed::check_reply::<$reply>,
            },
        )+];
    };
    (? $request:ty) => { Some($crate::adapters::services::typed::check_request::<$request>) };
    (?) => { None };
    (@ [$(#[$meta:meta])*] $number:literal $name:ident [$($parameter:ident)*] ($request:ty) -> $reply:ty) => {
        $(#[$meta])*
        pub fn $name(
            &mut self, $($parameter: &str,)* request: &$request,
        ) -> Result<$reply, $crate::ports::services::ServiceError> {
            self.session.json(Self::operation($number), &[$((stringify!($parameter), $parameter)),*], request)
        }
    };
    (@ [$(#[$meta:meta])*] $number:literal $name:ident [$($parameter:ident)*] () -> $reply:ty) => {
        $(#[$meta])*
        pub fn $name(&mut self, $($parameter: &str,)*) -> Result<$reply, $crate::ports::services::ServiceError> {
            let path = [$((stringify!($parameter), $parameter)),*];
            self.session.bare(Self::operation($number), &$crate::adapters::services::session::Extras { path: &path, query: &[] })
        }
    };
}

pub(super) use {calls, reply, request};
