//! What happens on the practice desk, second by second: the same for the same specimen.

use super::super::random::Draws;
use super::desk::DeskKind;
use super::pose::{Lens, Pose};
use super::presentation::Presentation;
use super::scene::{Finger, Glare, Scene};
use super::specimen::{Act, Specimen};
use crate::geometry::Size;
use std::f32::consts::{PI, TAU};

/// One part of the play.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The desk alone.
    Away,
    /// Brought in by hand.
    Arriving,
    /// One edge lifted.
    Tilted,
    /// The lens seeks its focus.
    Unfocused,
    /// A reflection passes over what has to be read.
    UnderGlare,
    /// Lies still.
    Still,
    /// Turned over by hand.
    Turning,
    /// Taken away.
    Leaving,
    /// Small in the picture.
    Far,
    /// In too little light.
    Dark,
    /// Pushed about.
    Moving,
}

/// What is to be seen at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Beat {
    /// The part.
    pub part: Part,
    /// Index of the side that lies up; `None` while no document is there.
    pub side: Option<usize>,
    /// Everything else.
    pub scene: Scene,
    /// The desk changes with it; equal numbers have equal desks.
    pub round: u64,
}

/// Seconds over which a picture is exposed.
const EXPOSURE: f32 = 0.012;
/// Share of the picture's height that a page takes.
const FILL: f32 = 0.8;
/// How much farther than that a document lies that is too far.
const TOO_FAR: f32 = 2.6;

/// The play of one specimen.
#[derive(Debug, Clone)]
pub(super) struct Play {
    size: Size,
    seed: u64,
    act: Act,
    /// Width and height of the page, millimetres.
    page: (f32, f32),
    parts: Vec<(Part, Option<usize>, f32)>,
}

impl Play {
    /// - `sides`: how many pages there are to show.
    pub fn new(specimen: &Specimen, size: Size, sides: usize) -> Self {
        let page = specimen.kind.sides().first().map_or((125.0, 88.0), |kind| kind.size_mm());
        Self { size, seed: specimen.seed, act: specimen.act, page, parts: parts(specimen.act, sides) }
    }

    /// What is to be seen at `seconds` from the beginning.
    pub fn at(&self, seconds: f64) -> Beat {
        let whole: f32 = self.parts.iter().map(|(_, _, length)| length).sum();
        let round = (seconds / f64::from(whole)).floor();
        let mut rest = (seconds - round * f64::from(whole)) as f32;
        let mut now = self.parts[0];
        for part in &self.parts {
            now = *part;
            if rest < part.2 {
                break;
            }
            rest -= part.2;
        }
        let (part, side, length) = now;
        let round = round as u64;
        let (scene, turned) = self.scene(round, part, rest.min(length) / length, seconds);
        // Half-way through the turn the other side comes up.
        let side = side.map(|s| if turned { 1 - s } else { s });
        Beat { part, side, scene, round }
    }

    /// The scene `u` (0-1) into a part, and whether the other side is up.
    fn scene(&self, round: u64, part: Part, u: f32, seconds: f64) -> (Scene, bool) {
        let mut d = Draws::new(self.seed.wrapping_mul(0x9e37).wrapping_add(round) ^ 0x706c_6179);
        let lens = Lens { size: self.size, focal: 0.83, barrel: d.between(-0.005, 0.02) };
        let focal = lens.focal * self.size.width as f32;
        let near = (focal * self.page.1 / (FILL * self.size.height as f32)).max(focal * self.page.0 / (0.88 * self.size.width as f32));
        let distance = if part == Part::Far { near * TOO_FAR } else { near };
        let head = if self.act == Act::UpsideDown { 180.0 } else { 0.0 };
        let rest = Pose {
            x: d.bell() * 0.02 * self.page.0,
            y: d.bell() * 0.02 * self.page.1,
            distance,
            turn: d.bell() * 3.0 + head,
            tip: d.bell() * 1.5,
            lean: d.bell() * 1.5,
        };
        let desk = Pose { distance: distance + 0.8, turn: d.between(0.0, 360.0), ..rest };
        let scene = Scene {
            lens,
            page: rest,
            desk,
            surface: d.pick(&DeskKind::ALL),
            clutter: 3 + (d.unit() * 3.0) as usize,
            // Exposed for the page, as cameras do by themselves: white paper stays below white.
            exposure: d.bell() * 0.1 - 0.25,
            warmth: d.bell() * 0.2,
            falloff: (d.between(0.0, 0.3), d.between(0.0, 360.0)),
            glare: None,
            fingers: Vec::new(),
            skin: d.unit(),
            blur: 0.6,
            motion: (0.0, 0.0),
            noise: 1.8,
            presentation: Presentation::Genuine,
            seed: self.seed.wrapping_add(round.wrapping_mul(0x51_7cc1)),
        };
        self.directed(scene, part, u, seconds)
    }

    /// The scene at rest with what the part does to it.
    fn directed(&self, mut scene: Scene, part: Part, u: f32, seconds: f64) -> (Scene, bool) {
        let rest = scene.page;
        let (width, height) = self.page;
        // Far enough to the side to be out of the picture.
        let aside = rest.distance / scene.lens.focal / 2.0 + width * 0.75;
        let mut turned = false;
        let carried = |e: f32| Pose {
            x: rest.x + aside * (1.0 - e),
            distance: rest.distance * (1.0 - 0.1 * (PI * e).sin()),
            turn: rest.turn + 22.0 * (1.0 - e),
            ..rest
        };
        let velocity = |from: Pose, to: Pose, share: f32, length: f32| {
            let scale = scene.lens.focal * scene.lens.size.width as f32 / rest.distance * EXPOSURE / (share * length);
            ((to.x - from.x) * scale, (to.y - from.y) * scale)
        };
        match part {
            Part::Away | Part::Still | Part::Far => {}
            Part::Arriving | Part::Leaving => {
                let along = |u: f32| carried(eased(if part == Part::Arriving { u } else { 1.0 - u }));
                scene.page = along(u);
                scene.motion = velocity(along(u), along(u + 0.01), 0.01, CARRIED);
                scene.fingers = vec![self.thumb()];
            }
            Part::Tilted => {
                // Lifted and let down again, except where it never is.
                let lifted = if self.act == Act::Tilted { 1.0 } else { (u / 0.25).min((1.0 - u) / 0.25).clamp(0.0, 1.0) };
                scene.page = Pose { tip: rest.tip + 38.0 * eased(lifted), distance: rest.distance * (1.0 + 0.06 * lifted), ..rest };
                scene.fingers = vec![self.thumb()];
            }
            Part::Unfocused => scene.blur = if self.act == Act::Blurred { 4.5 } else { 0.6 + 4.0 * (1.0 - u) },
            Part::UnderGlare => {
                let x = if self.act == Act::Glare { 0.1 * (seconds as f32 * 0.9).sin() } else { 0.6 * u - 0.3 };
                scene.glare = Some(Glare { x: x * width, y: 0.36 * height, radius: 0.16 * height, strength: 1.6 });
            }
            Part::Dark => (scene.exposure, scene.noise) = (scene.exposure - 4.8, 3.0),
            Part::Turning => {
                turned = u >= 0.5;
                let lean = if turned { -86.0 * (1.0 - eased(2.0 * u - 1.0)) } else { 86.0 * eased(2.0 * u) };
                let lift = 1.0 - 0.06 * (PI * u).sin();
                scene.page = Pose { lean: rest.lean + lean, distance: rest.distance * lift, ..rest };
                if lean.abs() < 40.0 {
                    scene.fingers = vec![self.thumb()];
                }
            }
            Part::Moving => {
                let pushed = |t: f32| Pose {
                    x: rest.x + 0.08 * width * (t * TAU / 1.1).sin(),
                    y: rest.y + 0.05 * height * (t * TAU / 0.8).sin(),
                    ..rest
                };
                let t = (seconds % 1000.0) as f32;
                scene.page = pushed(t);
                scene.motion = velocity(pushed(t), pushed(t + 0.01), 0.01, 1.0);
                scene.fingers = vec![self.thumb()];
            }
        }
        (scene, turned)
    }

    /// A thumb over the right edge.
    fn thumb(&self) -> Finger {
        let (half, radius) = (self.page.0 / 2.0, 0.1 * self.page.1);
        Finger { from: (half + 75.0, 14.0), to: (half - 0.08 * self.page.0, 4.0), radius }
    }
}

/// Seconds of bringing in and taking away.
const CARRIED: f32 = 1.2;

fn parts(act: Act, sides: usize) -> Vec<(Part, Option<usize>, f32)> {
    let first = (sides > 0).then_some(0);
    let always = |part| vec![(part, first, 60.0)];
    if sides == 0 {
        return vec![(Part::Away, None, 60.0)];
    }
    match act {
        Act::Far => always(Part::Far),
        Act::Tilted => always(Part::Tilted),
        Act::Blurred => always(Part::Unfocused),
        Act::Glare => always(Part::UnderGlare),
        Act::Dark => always(Part::Dark),
        Act::Moving => always(Part::Moving),
        Act::Still | Act::UpsideDown if sides == 1 => always(Part::Still),
        Act::Still | Act::UpsideDown => {
            vec![(Part::Still, first, 4.0), (Part::Turning, first, 1.4), (Part::Still, Some(1), 4.0), (Part::Turning, Some(1), 1.4)]
        }
        Act::Visit => {
            let mut parts = vec![
                (Part::Away, None, 0.8),
                (Part::Arriving, first, CARRIED),
                (Part::Tilted, first, 1.0),
                (Part::Unfocused, first, 1.0),
                (Part::UnderGlare, first, 1.0),
                (Part::Still, first, 4.0),
            ];
            if sides > 1 {
                parts.extend([(Part::Turning, first, 1.4), (Part::Unfocused, Some(1), 0.7), (Part::Still, Some(1), 4.0)]);
            }
            parts.push((Part::Leaving, Some(sides.min(2) - 1), CARRIED));
            parts
        }
    }
}

/// Slow at both ends.
fn eased(u: f32) -> f32 {
    let u = u.clamp(0.0, 1.0);
    u * u * (3.0 - 2.0 * u)
}
