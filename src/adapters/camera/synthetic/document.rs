//! Specimen documents: drawn pages of invented people, and pictures of them as a camera over a counter takes them.
//!
//! They are what practice mode shows and what the finder of documents is measured with: the corners are known exactly. Everything is drawn
//! from seeds on the processor, the same bytes for the same calls; no picture of a real document is in it.

mod desk;
mod holder;
mod lettering;
mod page;
mod pose;
mod presentation;
mod scene;

pub use desk::DeskKind;
pub use holder::Holder;
pub use page::{PAGE_RESOLUTION, Page, PageKind, Printer, ZONE_MM};
pub use pose::{Lens, Pose};
pub use presentation::Presentation;
pub use scene::{Conditions, Finger, Glare, Scene, Shot};
