//! Cameras of systems other than Linux, as nokhwa lists them.

use super::identity;
use crate::ports::camera::CameraFormat;

/// A camera as listed; formats are known only once it is open.
pub(super) struct Node {
    pub(super) index: u32,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) virtual_device: bool,
    pub(super) formats: Vec<CameraFormat>,
}

/// Commands to a camera: none on these systems, whose exposure nokhwa sets in units that differ from camera to camera.
pub(super) struct Commands;

impl Commands {
    pub(super) const fn of(_: u32) -> Self {
        Self
    }

    pub(super) const fn takes_exposure(&self) -> bool {
        false
    }

    pub(super) fn expose(&mut self, _: Option<f32>) -> Result<(), String> {
        Ok(())
    }
}

/// Every camera the system lists; none where access is refused.
pub(super) fn nodes() -> Vec<Node> {
    if !access_granted() {
        return Vec::new();
    }
    let cameras = nokhwa::query(nokhwa::utils::ApiBackend::Auto).unwrap_or_default();
    let node = |camera: nokhwa::utils::CameraInfo| {
        let index = camera.index().as_index().ok()?;
        let name = camera.human_name();
        // Media Foundation's symbolic link and AVFoundation's unique identifier both survive a restart.
        let link = Some(camera.misc()).filter(|m| !m.trim().is_empty());
        let id = identity::identity(link.as_deref(), None, &name, &index.to_string());
        Some(Node { index, id, virtual_device: identity::is_virtual(&name, "", ""), name, formats: Vec::new() })
    };
    cameras.into_iter().filter_map(node).collect()
}

/// Asks for access, once per process, and waits for the answer.
#[cfg(target_os = "macos")]
fn access_granted() -> bool {
    static GRANTED: std::sync::OnceLock<bool> = std::sync::OnceLock::new();
    *GRANTED.get_or_init(|| {
        let (answer, answered) = std::sync::mpsc::sync_channel(1);
        nokhwa::nokhwa_initialize(move |granted| _ = answer.try_send(granted));
        answered.recv().unwrap_or(false)
    })
}

#[cfg(not(target_os = "macos"))]
const fn access_granted() -> bool {
    true
}
