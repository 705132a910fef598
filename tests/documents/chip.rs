//! Chips: what a country signed is accepted, and nothing else.

mod authentication;
mod damage;
mod decision;
mod issuer;
mod openssl;
mod reading;
mod refusals;
