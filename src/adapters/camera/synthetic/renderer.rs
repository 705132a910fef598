//! Puts subjects into a scene and takes the picture.

use super::attack::Attack;
use super::background;
use super::identity::SubjectIdentity;
use super::light::{Light, Sensor};
use super::raster::Canvas;
use super::sensor_noise::{Grain, blur};
use super::sitter::{Extent, Sitter};
use super::state::{Background, Presentation, Rendered, Scene, SubjectState};
use super::view::View;
use crate::geometry::Size;
use crate::imaging::Frame;

/// Horizontal field of view of the simulated webcam, degrees.
pub const HORIZONTAL_FOV_DEG: f32 = 62.0;

/// Draws one or more subjects before a simulated webcam. The same calls give the same bytes.
pub struct Renderer {
    size: Size,
    view: View,
    sitters: Vec<Sitter>,
    attacks: Vec<Attack>,
    canvas: Canvas,
    sensor: Sensor,
    grain: Grain,
    /// Rooms painted lately: what is behind the subject, its light, the exposure.
    empty_rooms: Vec<(Background, Light, f32, Frame)>,
    screen_light: f32,
    exposure: f32,
}

/// Rooms that are kept: a camera whose exposure is commanded goes to and fro between two.
const ROOMS: usize = 3;

impl Renderer {
    /// A renderer for pictures of `size` (each side at least 16 pixels) with one subject. Modelling a subject takes a moment.
    #[must_use]
    pub fn new(size: Size, identity: &SubjectIdentity) -> Self {
        let mut renderer = Self::empty(size);
        renderer.add(identity);
        renderer
    }

    /// A renderer without subjects.
    #[must_use]
    pub fn empty(size: Size) -> Self {
        let size = Size::new(size.width.max(16), size.height.max(16));
        Self {
            size,
            view: View::new(size, HORIZONTAL_FOV_DEG),
            sitters: Vec::new(),
            attacks: Vec::new(),
            canvas: Canvas::empty(),
            sensor: Sensor::new(),
            grain: Grain::new(),
            empty_rooms: Vec::new(),
            screen_light: 0.0,
            exposure: 0.0,
        }
    }

    /// Adds a subject; states are given in the order of adding.
    pub fn add(&mut self, identity: &SubjectIdentity) {
        self.sitters.push(Sitter::new(identity));
        self.attacks.push(Attack::new());
    }

    /// The same simulated place with another lens: horizontal field of view in degrees, 10-140.
    pub fn set_field_of_view(&mut self, horizontal_deg: f32) {
        self.view = View::new(self.size, horizontal_deg);
    }

    /// Light from a screen beside the camera, over the room's own light, 0 for none. It reaches subjects and what they hold, not the room
    /// behind them.
    pub const fn set_screen_light(&mut self, strength: f32) {
        self.screen_light = strength;
    }

    /// Commands the simulated camera's exposure: stops from its own choice. Everything before the lens follows.
    pub fn set_exposure(&mut self, stops: f32) {
        self.exposure = stops;
        self.sensor.expose(stops);
    }

    /// Focal length in pixels.
    #[must_use]
    pub const fn focal_length(&self) -> f32 {
        self.view.focal
    }

    /// Size of the pictures.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// The subject at a position, in the order of adding.
    #[must_use]
    pub fn identity(&self, position: usize) -> Option<&SubjectIdentity> {
        self.sitters.get(position).map(Sitter::identity)
    }

    /// Takes a picture of the first subject. `frame_index` selects the sensor's noise and the sway of a held picture.
    pub fn render(&mut self, state: &SubjectState, scene: &Scene, frame_index: u64) -> Rendered {
        self.render_all(std::slice::from_ref(state), scene, frame_index)
    }

    /// Takes a picture of as many subjects as there are states; none gives the empty room.
    pub fn render_all(&mut self, states: &[SubjectState], scene: &Scene, frame_index: u64) -> Rendered {
        let mut frame = self.room(scene);
        let near = scene.light.with_screen(self.screen_light);
        let mut truth = Vec::new();
        let mut order: Vec<usize> = (0..states.len().min(self.sitters.len())).collect();
        // Far subjects first.
        order.sort_by(|a, b| states[*b].distance_m.total_cmp(&states[*a].distance_m));
        let mut found = vec![None; order.len()];
        for i in order {
            let (sitter, state) = (&mut self.sitters[i], &states[i]);
            found[i] = if scene.presentation == Presentation::Genuine {
                let seen = sitter.draw(&mut self.canvas, self.size, &self.view, state, &near, &self.sensor, Extent::WithBody);
                self.canvas.lay_over(frame.bytes_mut(), self.size);
                seen
            } else {
                self.attacks[i].draw(
                    sitter,
                    &mut self.canvas,
                    &mut frame,
                    &self.view,
                    state,
                    &near,
                    scene.presentation,
                    &self.sensor,
                    frame_index,
                )
            };
        }
        truth.extend(found.into_iter().flatten());
        blur(&mut frame, scene.blur);
        self.grain.sprinkle(&mut frame, scene.noise, frame_index);
        Rendered { frame, truth }
    }

    fn room(&mut self, scene: &Scene) -> Frame {
        let exposure = self.exposure;
        let same = |(background, light, stops, _): &(Background, Light, f32, Frame)| {
            (*background, *light, *stops) == (scene.background, scene.light, exposure)
        };
        if let Some((.., room)) = self.empty_rooms.iter().find(|kept| same(kept)) {
            return room.clone();
        }
        let room = background::paint(self.size, scene.background, &scene.light, &self.sensor);
        if self.empty_rooms.len() == ROOMS {
            self.empty_rooms.remove(0);
        }
        self.empty_rooms.push((scene.background, scene.light, exposure, room.clone()));
        room
    }
}

/// A passport-like picture of an identity before a plain wall, without noise; width and height in the ratio 4:5 look best.
#[must_use]
pub fn portrait(identity: &SubjectIdentity, size: Size) -> Frame {
    let mut renderer = Renderer::new(size, identity);
    let (width, height) = (renderer.size.width as f32, renderer.size.height as f32);
    // The head takes about 62 % of the height, at a distance that does not enlarge the nose.
    let distance = 1.1f32;
    let focal = 0.62 * height * distance / 0.245;
    renderer.set_field_of_view(2.0 * (width / 2.0 / focal).atan().to_degrees());
    let state = SubjectState { distance_m: distance, offset_y_m: 0.012, smile: 0.12, ..SubjectState::default() };
    let light = Light { ambient: 0.62, azimuth_deg: 16.0, ..Light::default() };
    renderer.render(&state, &Scene { light, background: Background::Plain, noise: 0.0, ..Scene::default() }, 0).frame
}
