//! Who or what stands before the simulated camera, and how it answers to what the screen shows.

use super::reaction::{Reaction, Shown, follow};
use super::species::Species;
use super::swap::FaceSwap;
use crate::adapters::camera::synthetic::{
    Background, Glasses, GroundTruth, Light, Presentation, Renderer, Scene, SubjectIdentity, SubjectState,
};
use crate::biometrics::pad::injection::DeviceFacts;
use crate::biometrics::pose::HeadPose;
use crate::geometry::{Affine, Size};
use crate::imaging::{Frame, warp};
use crate::workflow::challenge::gesture::Gesture;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use std::sync::Arc;

/// Seeds of subjects: training used those from 10 000 on.
const SUBJECTS: u64 = 10_000;
/// Frames of a video that is looped: 1.6 seconds at 15 frames/s.
const LOOP: usize = 24;

/// What stands before the camera at one moment: the picture, and where the face in it truly is.
#[derive(Debug, Clone)]
pub struct Sight {
    /// The picture.
    pub frame: Arc<Frame>,
    /// The face that it shows, if it shows one.
    pub truth: Option<GroundTruth>,
    /// Which of the pictures that the performer shows again and again it is; `None` for one that is shown once.
    pub kept: Option<usize>,
}

/// One person, modelled once for the presentations of every species.
pub struct Studio {
    identity: SubjectIdentity,
    person: Renderer,
    /// Whoever stands before the camera while the person's face is laid over theirs.
    other: Option<Renderer>,
}

impl Studio {
    /// Draws a person and models them.
    #[must_use]
    pub fn new(seed: u64, size: Size) -> Self {
        let identity = identity(&mut StdRng::seed_from_u64(seed));
        Self { person: Renderer::new(size, &identity), identity, other: None }
    }

    /// Skin tone 0-1, age in years, whether glasses are worn.
    #[must_use]
    pub fn person(&self) -> (f32, f32, bool) {
        (self.identity.tone, self.identity.age, self.identity.glasses != Glasses::None)
    }
}

/// Somebody, something, or both.
pub struct Performer<'a> {
    species: Species,
    random: StdRng,
    renderer: &'a mut Renderer,
    scene: Scene,
    /// The light before anything was asked.
    room: Light,
    rest: SubjectState,
    phase: [f32; 6],
    next_blink: f32,
    blink_began: f32,
    reaction: Reaction,
    /// Of the hand that holds a tablet.
    hand: Reaction,
    /// Gestures of a recording, done over and over whatever is asked.
    recorded: Vec<Gesture>,
    /// When the recording began to run.
    started: Option<f32>,
    last: f32,
    kept: Vec<Sight>,
    /// How often the pictures kept were given up for better ones.
    takes: usize,
    swap: Option<FaceSwap>,
    waved: bool,
    /// What a bright screen adds to the room's light on the face.
    screen: f32,
}

impl<'a> Performer<'a> {
    /// The performer of one presentation.
    ///
    /// - `recorded`: the gestures a recording shows, where one is played.
    #[must_use]
    pub fn new(species: Species, seed: u64, studio: &'a mut Studio, recorded: Vec<Gesture>) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let mut scene = scene(&mut random);
        scene.presentation = match species {
            Species::Print => Presentation::Print,
            Species::CutOutPrint => Presentation::CutOut,
            Species::TabletReplay => Presentation::Screen,
            _ => Presentation::Genuine,
        };
        if species == Species::VirtualCamera {
            scene.noise = 0.0;
        }
        let swap = (species == Species::FaceSwap).then(|| FaceSwap::of(&mut studio.person));
        let renderer = if swap.is_some() {
            let other = SubjectIdentity::from_seed(random.random_range(0..SUBJECTS));
            studio.other.insert(Renderer::new(studio.person.size(), &other))
        } else {
            &mut studio.person
        };
        let flat = matches!(species, Species::Print | Species::TabletReplay | Species::CutOutPrint);
        // A held photograph shows the face smaller than life: it is held where the frame is filled alike, and as straight as a hand can; the
        // renderer tilts it by about five degrees.
        let (near, far, straight) = match species {
            Species::Print => (0.33, 0.39, [-5.0, 4.0, -2.0]),
            Species::TabletReplay => (0.34, 0.40, [0.0; 3]),
            Species::CutOutPrint => (0.49, 0.57, [-5.0, 4.0, -2.0]),
            // As near as guidance would have brought them.
            _ => (0.46, 0.54, [0.0; 3]),
        };
        let reach = if flat { 2.0 } else { 4.0 };
        let [yaw, pitch, roll] = straight.map(|angle: f32| angle + random.random_range(-reach..reach));
        let rest = SubjectState {
            distance_m: random.random_range(near..far),
            offset_x_m: random.random_range(-0.012..0.012),
            offset_y_m: random.random_range(-0.012..0.012) + if flat { 0.03 } else { 0.0 },
            pose: HeadPose { yaw, pitch, roll: roll.clamp(-3.0, 3.0) },
            smile: random.random_range(0.0..0.15),
            ..SubjectState::default()
        };
        Self {
            species,
            renderer,
            room: scene.light,
            scene,
            rest,
            phase: std::array::from_fn(|_| random.random_range(0.0..std::f32::consts::TAU)),
            next_blink: random.random_range(1.0..3.5),
            blink_began: -1.0,
            reaction: Reaction::default(),
            hand: Reaction::default(),
            recorded,
            started: None,
            last: 0.0,
            kept: Vec::new(),
            takes: 0,
            swap,
            waved: random.random_bool(0.5),
            screen: random.random_range(0.03..0.08),
            random,
        }
    }

    /// What is known about the camera.
    #[must_use]
    pub fn device(&self) -> DeviceFacts {
        let virtual_device = self.species == Species::VirtualCamera;
        DeviceFacts { virtual_device, size: Some(self.renderer.size()), practice: false, takes_exposure: true }
    }

    /// Commands the camera's exposure, stops from its own choice. What is fed in instead of its frames does not follow.
    pub fn expose(&mut self, stops: f32) {
        self.renderer.set_exposure(if self.species.is_before_the_screen() { stops } else { 0.0 });
    }

    /// The frame `t` seconds after the start.
    pub fn frame(&mut self, shown: Shown, t: f32, number: u64) -> Sight {
        // Whoever attacks with a picture or a loop of them takes one of which the capture asks nothing more.
        if follow(shown.feedback, &mut self.rest, &mut self.scene.light, self.room, (t - self.last).clamp(0.0, 0.2)) {
            self.kept.clear();
            self.takes += 1;
        }
        self.last = t;
        self.renderer.set_screen_light(if shown.bright && self.species.is_before_the_screen() { self.screen } else { 0.0 });
        match self.species {
            Species::LoopedVideo => self.looped(t, number),
            Species::SingleStill => self.still(shown, t, number),
            Species::TabletReplay | Species::WrongOrderReplay => {
                self.play_recording(shown, t);
                if self.species == Species::TabletReplay {
                    return self.tablet(shown, t, number);
                }
                let state = self.state(t);
                self.render(&state, number)
            }
            Species::Print | Species::CutOutPrint => {
                self.reaction.look(shown, t, &mut self.random);
                let state = self.state(t);
                self.render(&state, number)
            }
            Species::FaceSwap => {
                self.reaction.look(shown, t, &mut self.random);
                let state = self.state(t);
                let below = self.render(&state, number);
                match &self.swap {
                    Some(swap) => swap.over(below, &mut self.random),
                    None => below,
                }
            }
            Species::Genuine | Species::VirtualCamera => {
                self.reaction.look(shown, t, &mut self.random);
                let state = self.state(t);
                self.render(&state, number)
            }
        }
    }

    fn render(&mut self, state: &SubjectState, number: u64) -> Sight {
        let rendered = self.renderer.render(state, &self.scene, number);
        Sight { frame: Arc::new(rendered.frame), truth: rendered.truth.into_iter().next(), kept: None }
    }

    /// A picture that is kept, with a number that no other of the presentation has.
    fn take(&mut self, state: &SubjectState, number: u64) -> Sight {
        Sight { kept: Some(self.takes * LOOP + self.kept.len()), ..self.render(state, number) }
    }

    /// The attacker has the recording stand still until the challenge begins, then lets it run: every gesture for two seconds, again and again.
    fn play_recording(&mut self, shown: Shown, t: f32) {
        if shown.challenge && self.started.is_none() {
            self.started = Some(t + 0.8);
        }
        let Some(since) = self.started.map(|start| t - start).filter(|since| *since >= 0.0) else { return };
        let at = (since / 2.0) as usize;
        if let Some(gesture) = self.recorded.get(at % self.recorded.len().max(1)).copied() {
            self.reaction.begin(gesture, t - since + 2.0 * at as f32 + 0.2);
        }
    }

    /// Standing, swaying, blinking now and then, and whatever gesture is under way.
    fn state(&mut self, t: f32) -> SubjectState {
        let wave = |rate: f32, k: usize| (t * rate * std::f32::consts::TAU + self.phase[k]).sin();
        let mut state = self.rest;
        state.pose.yaw += 1.0 * wave(0.23, 0) + 0.5 * wave(0.61, 3);
        state.pose.pitch += 0.8 * wave(0.19, 1) + 0.3 * wave(0.53, 4);
        state.pose.roll += 0.6 * wave(0.15, 2);
        state.offset_x_m += 0.003 * wave(0.21, 5);
        state.offset_y_m += 0.002 * wave(0.17, 4);
        state.distance_m += 0.004 * wave(0.13, 3);
        if t >= self.next_blink {
            self.blink_began = self.next_blink;
            self.next_blink = t + self.random.random_range(2.0..4.5);
        }
        let lids = lids(t - self.blink_began);
        state.eye_openness_left *= lids;
        state.eye_openness_right *= lids;
        self.reaction.apply(&mut state, t);
        state
    }

    /// A tablet in the hand: the recording plays, and the hand brings it nearer when that is asked.
    fn tablet(&mut self, shown: Shown, t: f32, number: u64) -> Sight {
        let mut state = self.state(t);
        // What the recorded person does with the distance is on the screen; the screen's own distance is the hand's.
        state.distance_m = self.rest.distance_m;
        self.hand.look(Shown { gesture: shown.gesture.filter(|(_, g)| *g == Gesture::ComeCloser), ..shown }, t, &mut self.random);
        let mut held = state;
        self.hand.apply(&mut held, t);
        state.distance_m = held.distance_m;
        self.render(&state, number)
    }

    /// A short recording, again and again.
    fn looped(&mut self, t: f32, number: u64) -> Sight {
        if self.kept.len() < LOOP {
            let state = self.state(t);
            let sight = self.take(&state, number);
            self.kept.push(sight);
        }
        self.kept[number as usize % LOOP.min(self.kept.len())].clone()
    }

    /// One picture; in every second presentation moved about as the gestures ask.
    fn still(&mut self, shown: Shown, t: f32, number: u64) -> Sight {
        if self.kept.is_empty() {
            let state = self.rest;
            let sight = self.take(&state, number);
            self.kept.push(sight);
        }
        if !self.waved {
            return self.kept[0].clone();
        }
        self.reaction.look(shown, t, &mut self.random);
        let mut wish = SubjectState { pose: HeadPose::default(), ..self.rest };
        self.reaction.apply(&mut wish, t);
        let kept = &self.kept[0];
        let (width, height) = (kept.frame.width() as f32, kept.frame.height() as f32);
        let grown = self.rest.distance_m / wish.distance_m;
        let (yaw, pitch) = (wish.pose.yaw.to_radians(), wish.pose.pitch.to_radians());
        let sway = |rate: f32, k: usize| (t * rate * std::f32::consts::TAU + self.phase[k]).sin();
        // Narrowed as a turned picture is, shifted as a turned head is.
        let (sx, sy) = (grown * yaw.cos(), grown * pitch.cos());
        let (dx, dy) = (0.35 * width * yaw.sin() * 0.3 + 0.6 * sway(0.3, 0), -0.35 * height * pitch.sin() * 0.3 + 0.5 * sway(0.23, 1));
        let source_from_target =
            Affine([1.0 / sx, 0.0, width / 2.0 - (width / 2.0 + dx) / sx, 0.0, 1.0 / sy, height / 2.0 - (height / 2.0 + dy) / sy]);
        let frame = warp::sample_affine(&kept.frame, &source_from_target, kept.frame.size(), [120; 3]);
        let moved = kept.truth.as_ref().zip(source_from_target.inverse());
        Sight {
            frame: Arc::new(frame),
            kept: None,
            truth: moved.map(|(truth, target_from_source)| truth.mapped(|p| target_from_source.apply(p), grown)),
        }
    }
}

fn identity(random: &mut StdRng) -> SubjectIdentity {
    let mut identity = SubjectIdentity::from_seed(random.random_range(0..SUBJECTS)).with_tone(random.random_range(0.0..=1.0));
    let glasses = match random.random_range(0..6) {
        0 => Glasses::Round,
        1 => Glasses::Rectangular,
        _ => Glasses::None,
    };
    identity.age = random.random_range(18.0..80.0);
    identity = identity.with_glasses(glasses);
    identity
}

fn scene(random: &mut StdRng) -> Scene {
    Scene {
        light: Light {
            azimuth_deg: random.random_range(-30.0..30.0),
            elevation_deg: random.random_range(20.0..50.0),
            exposure_ev: random.random_range(-0.3..0.3),
            temperature_k: random.random_range(4500.0..6800.0),
            ambient: random.random_range(0.45..0.8),
        },
        background: [Background::Plain, Background::Office, Background::Busy][random.random_range(0..3)],
        noise: random.random_range(1.2..3.0),
        blur: 0.0,
        presentation: Presentation::Genuine,
    }
}

/// Opening of the lids `t` seconds after a blink began, 0-1.
fn lids(t: f32) -> f32 {
    if !(0.0..0.24).contains(&t) {
        return 1.0;
    }
    if t < 0.08 { 1.0 - t / 0.08 } else { ((t - 0.14) / 0.10).clamp(0.0, 1.0) }
}
