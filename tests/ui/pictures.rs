//! Every screen as a picture. Set `VISAVIS_SCREENS_DIR` to keep them, and `VISAVIS_SCREENS` to parts of file names to render only those.

use visavis::geometry::Size;
use visavis::ui::theme::Theme;
use visavis::ui::{fixtures, storyboard};

#[test]
fn every_screen_can_be_rendered_without_a_display() {
    if let Some(folder) = std::env::var_os("VISAVIS_SCREENS_DIR") {
        let only = std::env::var("VISAVIS_SCREENS").ok();
        let written = storyboard::write_all(folder.as_ref(), only.as_deref()).unwrap();
        println!("wrote {} screens to {}", written.len(), folder.display());
        return;
    }
    for scene in fixtures::scenes() {
        let name = scene.name;
        let frame = storyboard::render(scene, Theme::Light, Size::new(640, 480));
        let first = frame.pixel_clamped(320, 240);
        assert!(frame.bytes().chunks_exact(3).any(|pixel| pixel != first), "{name} is blank");
    }
}
