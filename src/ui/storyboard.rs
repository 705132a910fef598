//! Renders screens to pictures with the software painter: no display, no OpenGL.

use super::app::{Backend, VisavisApp};
use super::fixtures::{self, Fixture};
use super::software::SoftwarePainter;
use super::theme::Theme;
use super::window::Options;
use crate::geometry::Size;
use crate::imaging::Frame;
use egui::epaint::ClippedShape;

/// A window without a display.
pub struct Studio<B: Backend> {
    ctx: egui::Context,
    painter: SoftwarePainter,
    app: VisavisApp<B>,
    size: Size,
    time: f64,
}

impl<B: Backend> Studio<B> {
    /// A window of `size` pixels over `backend`.
    #[must_use]
    pub fn new(backend: B, options: Options, size: Size) -> Self {
        let ctx = egui::Context::default();
        let app = VisavisApp::new(&ctx, backend, options);
        Self { ctx, painter: SoftwarePainter::new(), app, size, time: 0.0 }
    }

    /// The application in the window.
    pub const fn app(&mut self) -> &mut VisavisApp<B> {
        &mut self.app
    }

    /// Runs one pass with events, `seconds` after the last one; returns what it would paint.
    pub fn pass(&mut self, seconds: f64, events: Vec<egui::Event>) -> Vec<ClippedShape> {
        self.time += seconds;
        let screen = egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(self.size.width as f32, self.size.height as f32));
        let input = egui::RawInput { screen_rect: Some(screen), time: Some(self.time), events, focused: true, ..Default::default() };
        self.app.poll();
        let app = &mut self.app;
        let output = self.ctx.run_ui(input, |ui| app.show(ui));
        self.painter.update_textures(output.textures_delta);
        output.shapes
    }

    /// Lets transitions end and answers arrive, then paints.
    #[must_use]
    pub fn picture(&mut self) -> Frame {
        // Panels and tables learn their sizes in one pass and use them in the next; transitions last a fifth of a second.
        let mut shapes = Vec::new();
        for _ in 0..5 {
            shapes = self.pass(0.3, Vec::new());
        }
        self.paint(shapes)
    }

    /// Paints the shapes of a pass.
    #[must_use]
    pub fn paint(&mut self, shapes: Vec<ClippedShape>) -> Frame {
        let primitives = self.ctx.tessellate(shapes, 1.0);
        self.painter.paint(self.size, 1.0, &primitives, super::theme::OVER_VIDEO.backdrop)
    }
}

/// A window that the script of a [`Scene`] works on.
pub trait Stage {
    /// The application in the window.
    fn app(&mut self) -> &mut VisavisApp<Fixture>;
    /// Runs one pass with events, `seconds` after the last one.
    fn step(&mut self, seconds: f64, events: Vec<egui::Event>);
}

impl Stage for Studio<Fixture> {
    fn app(&mut self) -> &mut VisavisApp<Fixture> {
        &mut self.app
    }

    fn step(&mut self, seconds: f64, events: Vec<egui::Event>) {
        let _ = self.pass(seconds, events);
    }
}

/// One picture of the storyboard.
pub struct Scene {
    /// File name without theme, size and ending.
    pub name: &'static str,
    /// How the window starts.
    pub options: Options,
    /// What is behind it.
    pub fixture: Fixture,
    /// What is done before the picture is taken.
    pub script: fn(&mut dyn Stage),
}

/// Sizes every screen is designed for.
pub const SIZES: [Size; 3] = [Size::new(1920, 1080), Size::new(1280, 800), Size::new(1080, 1920)];

/// Renders one scene.
#[must_use]
pub fn render(scene: Scene, theme: Theme, size: Size) -> Frame {
    let options = Options { theme, ..scene.options };
    let mut studio = Studio::new(scene.fixture, options, size);
    let _ = studio.pass(0.0, Vec::new());
    (scene.script)(&mut studio);
    studio.picture()
}

/// Writes every example screen in both themes at every size as `<name>-<theme>-<width>x<height>.png`.
///
/// # Errors
/// What the file system says.
pub fn write_all(folder: &std::path::Path, only: Option<&str>) -> std::io::Result<Vec<std::path::PathBuf>> {
    std::fs::create_dir_all(folder)?;
    let mut written = Vec::new();
    for size in SIZES {
        for theme in [Theme::Light, Theme::Dark] {
            for scene in fixtures::scenes() {
                let file = format!("{}-{}-{size}.png", scene.name, if theme == Theme::Light { "light" } else { "dark" });
                if only.is_some_and(|wanted| !wanted.split(',').any(|part| file.contains(part))) {
                    continue;
                }
                let frame = render(scene, theme, size);
                let path = folder.join(file);
                let saved = image::save_buffer(&path, frame.bytes(), frame.width(), frame.height(), image::ExtendedColorType::Rgb8);
                saved.map_err(std::io::Error::other)?;
                written.push(path);
            }
        }
    }
    Ok(written)
}
