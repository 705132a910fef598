//! Specimen documents: drawn pages of invented people, and pictures of them as a camera over a counter takes them.
//!
//! They are what practice mode shows and what the finder of documents is measured with: the corners are known exactly. Everything is drawn
//! from seeds on the processor, the same bytes for the same calls; no picture of a real document is in it.

mod desk;
mod holder;
mod lettering;
mod page;
mod play;
mod pose;
mod presentation;
mod scene;
mod source;
mod specimen;

pub use desk::DeskKind;
pub use holder::Holder;
pub use page::{Alteration, PAGE_RESOLUTION, Page, PageKind, Printer, ZONE_MM};
pub use play::Part;
pub use pose::{Lens, Pose};
pub use presentation::Presentation;
pub use scene::{Backdrop, Conditions, Finger, Glare, Scene, Shot};
pub use source::{DeskTruth, SpecimenSource, SymbolPrinter};
pub use specimen::{Act, Specimen, SpecimenKind};
