//! The camera's perspective, and where a subject stands before it.

use super::vector::{Rotation, Vec3, v3};
use crate::geometry::{Point, Size};

/// A pinhole camera at the world's origin that looks along negative z, eyes level with the subject's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct View {
    /// Focal length, pixels.
    pub focal: f32,
    /// The optical axis in the frame.
    pub centre: Point,
}

impl View {
    pub fn new(size: Size, horizontal_fov_deg: f32) -> Self {
        let half = (horizontal_fov_deg.clamp(10.0, 140.0) / 2.0).to_radians();
        let (width, height) = (size.width as f32, size.height as f32);
        Self { focal: width / 2.0 / half.tan(), centre: Point::new(width / 2.0, height / 2.0) }
    }

    /// Frame position and reciprocal depth of a world point; depth zero behind the camera.
    #[inline]
    pub fn project(&self, p: Vec3) -> (f32, f32, f32) {
        let depth = -p.z;
        if depth < 0.02 {
            return (0.0, 0.0, 0.0);
        }
        let near = 1.0 / depth;
        (self.centre.x + self.focal * p.x * near, self.centre.y - self.focal * p.y * near, near)
    }
}

/// Where an object's own space lies in the world.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placement {
    rotation: Rotation,
    pivot: Vec3,
    origin: Vec3,
}

impl Placement {
    /// Turned by `rotation` about `pivot` (own space), with own space's unturned origin at `origin` in the world.
    pub const fn new(rotation: Rotation, pivot: Vec3, origin: Vec3) -> Self {
        Self { rotation, pivot, origin }
    }

    #[inline]
    pub fn to_world(self, p: Vec3) -> Vec3 {
        self.origin + self.pivot + self.rotation.apply(p - self.pivot)
    }

    /// The camera's place in own space.
    pub fn camera(&self) -> Vec3 {
        self.pivot + self.rotation.undo(v3(0.0, 0.0, 0.0) - self.origin - self.pivot)
    }

    /// A world direction in own space.
    pub fn direction(&self, world: Vec3) -> Vec3 {
        self.rotation.undo(world)
    }
}
