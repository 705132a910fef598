//! A window under test: the real application over a fixture, driven by keys and labels.

use egui_kittest::Harness;
use visavis::runtime::messages::{Command, Seat, Snapshot};
use visavis::ui::app::VisavisApp;
use visavis::ui::fixtures::Fixture;
use visavis::ui::window::Options;

pub type Stage = Harness<'static, VisavisApp<Fixture>>;

/// A window of 1280x800 showing `snapshot`.
pub fn stage(seat: Seat, snapshot: Snapshot) -> Stage {
    let options = Options { reduced_motion: true, keyboard: false, ..Options::of(seat) };
    let builder = Harness::builder().with_size([1280.0, 800.0]).with_max_steps(24);
    let mut stage = builder.build_eframe(|cc| VisavisApp::new(&cc.egui_ctx, Fixture::new(snapshot), options));
    stage.run_steps(4);
    stage
}

/// Commands the window sent, oldest first.
pub fn commands(stage: &Stage) -> &[Command] {
    &stage.state().backend().commands
}

/// Presses a key and lets the window answer.
pub fn press(stage: &mut Stage, key: egui::Key) {
    stage.key_press(key);
    stage.run_steps(3);
}
