//! A window under test: the real application over a fixture, driven by keys and labels.

use egui_kittest::Harness;
use visavis::runtime::messages::{Command, Seat, Snapshot};
use visavis::ui::app::VisavisApp;
use visavis::ui::fixtures::Fixture;
use visavis::ui::storyboard::{self, Scene};
use visavis::ui::strings::Language;
use visavis::ui::window::Options;

pub type Stage = Harness<'static, VisavisApp<Fixture>>;

/// A window of 1280x800 showing `snapshot`.
pub fn stage(seat: Seat, snapshot: Snapshot) -> Stage {
    stage_in(Language::English, seat, snapshot)
}

/// The same in a language.
pub fn stage_in(language: Language, seat: Seat, snapshot: Snapshot) -> Stage {
    let options = Options { language, reduced_motion: true, keyboard: false, ..Options::of(seat) };
    let builder = Harness::builder().with_size([1280.0, 800.0]).with_max_steps(24);
    let mut stage = builder.build_eframe(|cc| VisavisApp::new(&cc.egui_ctx, Fixture::new(snapshot), options));
    stage.run_steps(4);
    stage
}

/// A window of 1280x800 at one of the storyboard's scenes.
pub fn at_scene(scene: Scene) -> Stage {
    let script = scene.script;
    let mut stage = stage(scene.options.seat, scene.fixture.snapshot);
    script(&mut Acted(&mut stage));
    stage.run_steps(4);
    stage
}

/// What a scene's script works on.
struct Acted<'a>(&'a mut Stage);

impl storyboard::Stage for Acted<'_> {
    fn app(&mut self) -> &mut VisavisApp<Fixture> {
        self.0.state_mut()
    }

    fn step(&mut self, _seconds: f64, events: Vec<egui::Event>) {
        events.into_iter().for_each(|event| self.0.event(event));
        self.0.run_steps(1);
    }
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
