//! Chips: what a country signed is accepted, and nothing else.

mod authentication;
mod damage;
mod issuer;
mod openssl;
mod reading;
mod refusals;
