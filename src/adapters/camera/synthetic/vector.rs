//! Vectors and rotations in metres: x to the picture's right, y up, z towards the camera.

use crate::biometrics::pose::HeadPose;
use std::ops::{Add, Mul, Neg, Sub};

/// A point or direction in space.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Vec3 {
    pub x: f32,
    pub y: f32,
    pub z: f32,
}

pub(super) const fn v3(x: f32, y: f32, z: f32) -> Vec3 {
    Vec3 { x, y, z }
}

impl Vec3 {
    pub fn dot(self, o: Self) -> f32 {
        self.x * o.x + self.y * o.y + self.z * o.z
    }

    pub fn cross(self, o: Self) -> Self {
        v3(self.y * o.z - self.z * o.y, self.z * o.x - self.x * o.z, self.x * o.y - self.y * o.x)
    }

    pub fn length(self) -> f32 {
        self.dot(self).sqrt()
    }

    /// The same direction with length one; straight ahead for a vanishing vector.
    pub fn normalised(self) -> Self {
        let length = self.length();
        if length > 1e-12 { self * (1.0 / length) } else { v3(0.0, 0.0, 1.0) }
    }

    /// Component-wise product.
    pub fn scaled(self, o: Self) -> Self {
        v3(self.x * o.x, self.y * o.y, self.z * o.z)
    }

    pub fn lerp(self, o: Self, t: f32) -> Self {
        self + (o - self) * t
    }
}

impl Add for Vec3 {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        v3(self.x + o.x, self.y + o.y, self.z + o.z)
    }
}

impl Sub for Vec3 {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        v3(self.x - o.x, self.y - o.y, self.z - o.z)
    }
}

impl Mul<f32> for Vec3 {
    type Output = Self;
    fn mul(self, s: f32) -> Self {
        v3(self.x * s, self.y * s, self.z * s)
    }
}

impl Neg for Vec3 {
    type Output = Self;
    fn neg(self) -> Self {
        v3(-self.x, -self.y, -self.z)
    }
}

/// A rotation, by rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rotation([Vec3; 3]);

impl Rotation {
    /// World from head: roll first, then pitch, then yaw, with the signs of [`HeadPose`].
    pub fn from_pose(pose: HeadPose) -> Self {
        let (sy, cy) = pose.yaw.to_radians().sin_cos();
        let (sp, cp) = pose.pitch.to_radians().sin_cos();
        let (sr, cr) = pose.roll.to_radians().sin_cos();
        // Columns are where the head's own axes end up.
        let turn = |v: Vec3| {
            let rolled = v3(cr * v.x - sr * v.y, sr * v.x + cr * v.y, v.z);
            let pitched = v3(rolled.x, cp * rolled.y + sp * rolled.z, cp * rolled.z - sp * rolled.y);
            v3(cy * pitched.x + sy * pitched.z, pitched.y, cy * pitched.z - sy * pitched.x)
        };
        let (a, b, c) = (turn(v3(1.0, 0.0, 0.0)), turn(v3(0.0, 1.0, 0.0)), turn(v3(0.0, 0.0, 1.0)));
        Self([v3(a.x, b.x, c.x), v3(a.y, b.y, c.y), v3(a.z, b.z, c.z)])
    }

    pub fn apply(&self, v: Vec3) -> Vec3 {
        v3(self.0[0].dot(v), self.0[1].dot(v), self.0[2].dot(v))
    }

    /// The inverse rotation applied.
    pub fn undo(&self, v: Vec3) -> Vec3 {
        self.0[0] * v.x + self.0[1] * v.y + self.0[2] * v.z
    }
}

/// 0 below `low`, 1 above `high`, smooth between; `low` may exceed `high` for a falling step.
pub(super) fn smoothstep(low: f32, high: f32, x: f32) -> f32 {
    let t = ((x - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

pub(super) fn mix(a: f32, b: f32, t: f32) -> f32 {
    a + (b - a) * t
}

/// A bell of height one and standard deviation `width`.
pub(super) fn bell(x: f32, width: f32) -> f32 {
    (-0.5 * (x / width) * (x / width)).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rotations_have_the_signs_of_the_pose() {
        let nose = v3(0.0, 0.0, 1.0);
        let crown = v3(0.0, 1.0, 0.0);
        assert!(Rotation::from_pose(HeadPose { yaw: 30.0, ..Default::default() }).apply(nose).x > 0.4, "the subject's left");
        assert!(Rotation::from_pose(HeadPose { pitch: 30.0, ..Default::default() }).apply(nose).y > 0.4, "upwards");
        assert!(Rotation::from_pose(HeadPose { roll: 30.0, ..Default::default() }).apply(crown).x < -0.4, "the right shoulder");
    }

    #[test]
    fn undoing_a_rotation_gives_the_vector_back() {
        let r = Rotation::from_pose(HeadPose { yaw: 31.0, pitch: -12.0, roll: 8.0 });
        let v = v3(0.3, -0.2, 0.9);
        assert!((r.undo(r.apply(v)) - v).length() < 1e-6);
    }
}
