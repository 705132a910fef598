//! The clients of the identity services against small servers of their own: trust, meaning of replies, tokens, decoders.

mod decoders;
mod delivery;
mod meaning;
mod request_bodies;
mod requests;
mod secrecy;
mod server;
mod stage;
mod tls;
mod tokens;
