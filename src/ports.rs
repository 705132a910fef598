//! Floor 4: what the application asks of the world, as traits. Adapters implement them; ports are blocking and live on named worker threads.

pub mod audit;
pub mod camera;
pub mod events;
pub mod gallery;
pub mod inference;
pub mod keys;
pub mod opinions;
pub mod outbox;
pub mod services;

pub use audit::{AuditError, AuditSink};
pub use camera::{CameraError, CapturedFrame, FrameSource};
pub use gallery::{GalleryError, GalleryStore};
pub use inference::{Inference, InferenceError};
pub use keys::{KeyStore, KeyStoreError};
pub use outbox::Outbox;
pub use services::{IdentityService, ServiceError};
