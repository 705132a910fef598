//! Visavis enrols and verifies people in person, on the machine itself.
//!
//! # The house
//!
//! A file imports only from floors below it, never sideways between adapters, never up. `tests/tidy.rs` fails on a breach.
//!
//! ```text
//! 9 main.rs            parse arguments, build the parts, run
//! 8 cli/               one file per command family; prints, exits; no decisions
//! 7 ui/                app, theme tokens, strings, widgets, screens/<name>/{model,view}
//! 6 runtime/           named threads, channels, effect dispatch, supervision, clock
//! 5 workflow/          pure state machines: capture, challenge, enrolment, authentication, identification, sync, device_health
//! 5 adapters/          one foreign crate each: camera/ (webcam, replay, synthetic/), inference/, gallery/, keys/, packs/, sealed/, services/,
//!                      twin/, audit, barcode, chip (files, trusted certificates, a reader)
//! 4 ports/             FrameSource, Inference, GalleryStore, Outbox, EventStore, KeyStore, IdentityService, AuditSink
//! 3 documents/         picture/ (finds and measures a document), zone/ (finds and reads lines in pictures), mrz/, aamva/, barcode payloads,
//!                      chip/, dates, names, states, typed details, portrait, document_type, checks/
//! 3 biometrics/        detection, landmarks, pose, template, comparison, identification (+ kernels/), quality/, pad/
//! 2 imaging/           frames, pixel formats, resize, warp, colour, statistics
//! 1 geometry, units, advice, phrase, config
//! ```
//!
//! # The walk
//!
//! Camera frame → newest-frame slot ([`runtime::mailbox`]) → [`biometrics::pipeline`] (detect, landmarks, pose, quality) →
//! [`workflow::capture`] → [`workflow::view`] → [`ui`]. A burst → presentation attack detection and template
//! ([`runtime::assessment`]) → compare or search ([`runtime::enrolled`]) → [`workflow::flow`] → gallery commit
//! ([`adapters::gallery`]), which saves what is owed to identity services in the same write → [`runtime::sync`].
//!
//! A picture of a document → [`documents::zone`] (lines found, straightened, read by the network of [`runtime::document`]) →
//! [`documents::mrz`] → [`documents::checks`] → one decision → report. The files of a chip → [`documents::chip`] → the same decision
//! ([`workflow::document`]).
//!
//! # What is deliberately absent
//!
//! No flow needs the network. No asynchronous runtime outside the twin: ports block, and each has a thread with a name. No approximate
//! index: a search answers exactly what comparing one by one would. No picture, template or name in any log.

pub mod adapters;
pub mod advice;
pub mod biometrics;
pub mod cli;
pub mod config;
pub mod documents;
pub mod geometry;
pub mod imaging;
pub mod phrase;
pub mod ports;
pub mod runtime;
pub mod ui;
pub mod units;
pub mod workflow;
