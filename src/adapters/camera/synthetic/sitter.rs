//! One subject, modelled and ready to be drawn into a scene.

use super::body;
use super::eyes::Eye;
use super::face::{Face, Stage};
use super::glasses::{Spectacles, spectacles};
use super::head::Head;
use super::identity::SubjectIdentity;
use super::light::{Light, Sensor, Shadow};
use super::mesh::Mesh;
use super::raster::{Canvas, Corner};
use super::skin::Skin;
use super::state::{GroundTruth, SubjectState};
use super::truth::Marks;
use super::vector::{Rotation, Vec3, v3};
use super::view::{Placement, View};
use crate::biometrics::pose::HeadPose;
use crate::geometry::{PixelRect, Size};

/// Where the head turns on the neck, head space.
const NECK: Vec3 = v3(0.0, -0.055, -0.085);

/// One subject's meshes and textures.
pub(super) struct Sitter {
    identity: SubjectIdentity,
    face: Face,
    marks: Marks,
    body: Mesh,
    ears: Mesh,
    curtain: Mesh,
    knot: Mesh,
    spectacles: Option<Spectacles>,
}

/// How much of the sitter to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    WithBody,
    HeadOnly,
}

impl Sitter {
    pub fn new(identity: &SubjectIdentity) -> Self {
        let colours = identity.colours();
        let head = Head::new(identity);
        let skin = Skin::paint(identity, &head);
        let eyes = [-1.0, 1.0].map(|side| Eye::new(identity, &colours, side));
        let spectacles = spectacles(identity, &head);
        let face = Face::new(head, skin, eyes, colours, identity.shape.mouth_half_width);
        let marks = Marks::new(&face, identity);
        Self {
            identity: identity.clone(),
            marks,
            face,
            body: body::body(identity, &colours),
            ears: body::ears(identity, &colours),
            curtain: body::curtain(identity, &colours),
            knot: body::knot(identity, &colours),
            spectacles,
        }
    }

    pub const fn identity(&self) -> &SubjectIdentity {
        &self.identity
    }

    #[allow(clippy::too_many_arguments, reason = "everything the picture depends on, from two call sites")]
    /// Draws the sitter on the canvas, which it first sets to the part of the frame it needs; truth unless behind the camera.
    pub fn draw(
        &mut self,
        canvas: &mut Canvas,
        size: Size,
        view: &View,
        state: &SubjectState,
        light: &Light,
        sensor: &Sensor,
        extent: Extent,
    ) -> Option<GroundTruth> {
        let distance = state.distance_m.max(0.12);
        let origin = v3(state.offset_x_m, state.offset_y_m, -distance);
        let area = visible_area(size, view, origin);
        // Two samples per pixel and side, unless the subject fills the picture: then edges are smooth enough.
        let samples = if view.focal / distance < 1150.0 { 2 } else { 1 };
        canvas.reset(area, samples);
        if area.width == 0 || area.height == 0 {
            return None;
        }
        let placement = Placement::new(Rotation::from_pose(state.pose), NECK, origin);
        let body_pose = HeadPose { yaw: state.pose.yaw * 0.22, pitch: 0.0, roll: state.pose.roll * 0.12 };
        let below = Placement::new(Rotation::from_pose(body_pose), NECK, origin);
        let world_light = light.illumination(v3(0.0, 0.0, 1.0));
        let head_light = world_light.turned(|v| placement.direction(v));
        let body_light = world_light.turned(|v| below.direction(v));

        self.face.express(state);
        let stage = Stage { view, placement: &placement, light: &head_light, sensor };
        let shadow: Shadow = self.face.draw(canvas, &stage, state);
        self.ears.draw(canvas, view, &placement, &head_light, sensor, |p| shadow.lit(p + v3(p.x.signum() * 0.006, 0.0, 0.004)));
        self.curtain.draw(canvas, view, &placement, &head_light, sensor, |p| 0.35 + 0.65 * shadow.lit(p + v3(p.x, 0.0, p.z + 0.09) * 0.12));
        self.knot.draw(canvas, view, &placement, &head_light, sensor, |_| 0.9);
        if extent == Extent::WithBody {
            let under_chin = |p: Vec3| shadow.lit(placement_shift(p));
            self.body.draw(canvas, view, &below, &body_light, sensor, under_chin);
        }
        if let Some(glasses) = &self.spectacles {
            glasses.frame.draw(canvas, view, &placement, &head_light, sensor, |_| 1.0);
            glaze(canvas, view, &placement, glasses, &head_light, sensor);
        }
        self.marks.truth(&self.face, view, &placement, state)
    }
}

/// Body points a little forward, so that the neck does not shade itself in the head's shadow grid.
fn placement_shift(p: Vec3) -> Vec3 {
    p + v3(0.0, 0.0, 0.004)
}

/// Lenses reflect a little of the room above, more towards their upper edge.
fn glaze(
    canvas: &mut Canvas,
    view: &View,
    placement: &Placement,
    glasses: &Spectacles,
    light: &super::light::Illumination,
    sensor: &Sensor,
) {
    let tone = sensor.code([light.sky.x * 1.4, light.sky.y * 1.4, light.sky.z * 1.4]);
    for fan in &glasses.lenses {
        let corners: Vec<Corner<1>> = fan
            .iter()
            .map(|p| {
                let (x, y, near) = view.project(placement.to_world(*p));
                let (x, y) = canvas.place(x, y);
                Corner { x, y, near, values: [(p.y + 0.02) / 0.04] }
            })
            .collect();
        for k in 1..corners.len() - 1 {
            if glasses.darkness > 0 {
                canvas.glaze([&corners[0], &corners[k], &corners[k + 1]], |_| ([4, 4, 5], glasses.darkness));
            }
            canvas.glaze([&corners[0], &corners[k], &corners[k + 1]], |v| (tone, (8.0 + 16.0 * v[0].clamp(0.0, 1.0)) as u32));
        }
    }
}

/// The part of the frame that head, hair and body can touch.
fn visible_area(size: Size, view: &View, origin: Vec3) -> PixelRect {
    let near = 1.0 / (-origin.z - 0.05).max(0.06);
    let (x, y) = (view.centre.x + view.focal * origin.x * near, view.centre.y - view.focal * origin.y * near);
    let reach = view.focal * near;
    let clamp = |v: f32, top: u32| v.clamp(0.0, top as f32) as u32;
    let (left, right) = (clamp(x - 0.27 * reach, size.width), clamp(x + 0.27 * reach + 1.0, size.width));
    let (top, bottom) = (clamp(y - 0.20 * reach, size.height), clamp(y + 0.62 * reach + 1.0, size.height));
    PixelRect { x: left, y: top, width: right - left, height: bottom - top }
}
