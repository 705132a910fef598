//! The head as a signed distance: a smooth union of ellipsoids, capsules and spheres, shaped by the identity's proportions.
//!
//! Origin half-way between the eyes on the plane of the face; metres; the left half mirrors the right.

use super::identity::Proportions;
use super::vector::{Vec3, mix, v3};

/// Every ray from here leaves the head once.
pub(super) const CORE: Vec3 = v3(0.0, -0.045, -0.085);

fn sphere(p: Vec3, centre: Vec3, radius: f32) -> f32 {
    (p - centre).length() - radius
}

fn ellipsoid(p: Vec3, centre: Vec3, radii: Vec3) -> f32 {
    let q = p - centre;
    let a = v3(q.x / radii.x, q.y / radii.y, q.z / radii.z);
    let b = v3(a.x / radii.x, a.y / radii.y, a.z / radii.z);
    let k = a.length();
    k * (k - 1.0) / b.length().max(1e-6)
}

/// A capsule whose radius changes from one end to the other.
fn taper(p: Vec3, from: Vec3, to: Vec3, radius_from: f32, radius_to: f32) -> f32 {
    let along = to - from;
    let t = ((p - from).dot(along) / along.dot(along)).clamp(0.0, 1.0);
    (p - (from + along * t)).length() - mix(radius_from, radius_to, t)
}

/// Union with a fillet of about `k`.
fn join(a: f32, b: f32, k: f32) -> f32 {
    let h = (k - (a - b).abs()).max(0.0) / k;
    a.min(b) - h * h * k * 0.25
}

/// `a` without `b`, with a fillet of about `k`.
fn carve(a: f32, b: f32, k: f32) -> f32 {
    -join(-a, b, k)
}

/// Where the parts of one face are; derived once per identity.
#[derive(Debug, Clone, Copy)]
pub(super) struct Anatomy {
    w: f32,
    s: Proportions,
    /// Centre of the subject's left eyeball (positive x).
    pub eyeball: Vec3,
    pub eyeball_radius: f32,
    /// Tip of the nose, before the skin around it is rounded.
    pub nose_tip: Vec3,
    /// Height of the line between the lips on the middle plane.
    pub mouth_y: f32,
    pub chin_y: f32,
}

impl Anatomy {
    pub fn new(s: &Proportions) -> Self {
        let nose_y = -s.nose_length + s.nose_tip_lift;
        Self {
            w: s.width,
            s: *s,
            eyeball: v3(s.eye_x, -0.0005, -0.0175),
            eyeball_radius: 0.0143,
            nose_tip: v3(0.0, nose_y, 0.0125 + 0.004 * s.nose_tip),
            mouth_y: -s.mouth_y * s.height,
            chin_y: (-0.0985 - s.chin_drop) * s.height,
        }
    }

    /// Signed distance to the skin, metres; negative inside.
    pub fn distance(&self, point: Vec3) -> f32 {
        let s = &self.s;
        let w = self.w;
        let p = v3(point.x.abs(), point.y, point.z);
        let h = s.height;
        // Skull and the block of the face.
        let mut d = ellipsoid(p, v3(0.0, 0.030, -0.092), v3(0.0765 * w, 0.092, 0.100));
        d = join(d, ellipsoid(p, v3(0.0, -0.030 * h, -0.058), v3(0.0620 * w, 0.080 * h, 0.0605)), 0.030);
        // Jaw from the angle to the chin.
        let jaw = 0.0475 * s.jaw_width * w;
        d = join(
            d,
            taper(p, v3(jaw, self.chin_y + 0.042, -0.062), v3(0.011 * s.chin_width, self.chin_y + 0.006, -0.014), 0.0170, 0.0130),
            0.034,
        );
        d = join(d, ellipsoid(p, v3(0.0, self.chin_y + 0.003, -0.0135), v3(0.0165 * s.chin_width.sqrt(), 0.0145, 0.0165)), 0.020);
        // Cheekbones and cheeks.
        let bone = 0.0018 * (s.cheekbone - 1.0);
        d = join(d, ellipsoid(p, v3(0.0475 * w + bone, -0.026, -0.0335 + bone), v3(0.021, 0.0135, 0.022)), 0.022);
        d = join(d, sphere(p, v3(0.0320 * w, -0.052 * h, -0.0240), 0.0215 * s.cheek_fat), 0.030);
        // Brow ridge, then the hollow of the eye and the ball in it.
        d = join(
            d,
            taper(
                p,
                v3(0.008, 0.0165, -0.0115),
                v3(0.043 * w, 0.0175, -0.0300),
                0.0118 + 0.0022 * s.brow_ridge,
                0.0112 + 0.0012 * s.brow_ridge,
            ),
            0.016,
        );
        d = carve(d, ellipsoid(p, v3(s.eye_x + 0.001, -0.001, 0.0080), v3(0.0205, 0.0135, 0.0155)), 0.016);
        d = join(d, sphere(p, self.eyeball, self.eyeball_radius), 0.0045);
        // Muzzle, nose and its wings.
        d = join(d, ellipsoid(p, v3(0.0, self.mouth_y + 0.001, -0.0180), v3(0.031, 0.0235, 0.0215)), 0.020);
        let bridge = v3(0.0, 0.004, -0.0095 + 0.0045 * s.nose_bridge);
        let tip_radius = 0.0082 * s.nose_tip.max(0.7);
        d = join(d, taper(p, bridge, self.nose_tip, 0.0058, 0.0072 * s.nose_tip), 0.012);
        d = join(d, sphere(p, self.nose_tip + v3(0.0, -0.0005, 0.0004), tip_radius), 0.007);
        let wing = v3(0.0118 * s.nose_width, self.nose_tip.y - 0.0040, self.nose_tip.z - 0.0115);
        d = join(d, ellipsoid(p, wing, v3(0.0066, 0.0066, 0.0098)), 0.0055);
        let nostril = v3(0.0062 * s.nose_width, self.nose_tip.y - 0.0098, self.nose_tip.z - 0.0062);
        d = carve(d, ellipsoid(p, nostril, v3(0.0034, 0.0032, 0.0052)), 0.0035);
        // Lips, the philtrum and the fold under the lower lip.
        let half = s.mouth_half_width;
        let upper = self.mouth_y + 0.45 * s.lip_upper;
        let lower = self.mouth_y - 0.48 * s.lip_lower;
        d = join(
            d,
            taper(p, v3(0.004, upper, 0.0015), v3(half * 0.80, self.mouth_y + 0.0002, -0.0085), 0.38 * s.lip_upper + 0.0018, 0.0020),
            0.006,
        );
        d = join(
            d,
            taper(p, v3(0.000, lower, 0.0000), v3(half * 0.72, self.mouth_y - 0.0010, -0.0080), 0.42 * s.lip_lower + 0.0016, 0.0022),
            0.006,
        );
        d = carve(
            d,
            taper(p, v3(0.0, self.mouth_y + s.lip_upper + 0.005, 0.0088), v3(0.0, self.nose_tip.y - 0.014, 0.0088), 0.0016, 0.0012),
            0.006,
        );
        carve(d, ellipsoid(p, v3(0.0, lower - 0.62 * s.lip_lower - 0.004, 0.0105), v3(0.020, 0.0050, 0.0085)), 0.012)
    }

    /// Outward unit normal at a point near the skin.
    pub fn normal(&self, p: Vec3) -> Vec3 {
        let e = 0.0008;
        let d = |v: Vec3| self.distance(p + v) - self.distance(p - v);
        v3(d(v3(e, 0.0, 0.0)), d(v3(0.0, e, 0.0)), d(v3(0.0, 0.0, e))).normalised()
    }

    /// Distance from [`CORE`] to the skin along a unit `direction`, starting the search at `guess`, which must lie outside.
    pub fn radius(&self, direction: Vec3, guess: f32) -> f32 {
        let mut r = guess;
        for _ in 0..24 {
            let d = self.distance(CORE + direction * r);
            r -= d * 0.92;
            if d.abs() < 2e-5 {
                break;
            }
        }
        r.clamp(0.02, 0.25)
    }

    /// How open the surroundings of a skin point are, 0 (buried) to 1 (free).
    pub fn openness(&self, p: Vec3, normal: Vec3) -> f32 {
        let mut closed = 0.0;
        for (step, weight) in [(0.0025, 0.9), (0.006, 0.8), (0.013, 0.7), (0.026, 0.55)] {
            let d = self.distance(p + normal * step);
            closed += weight * ((step - d) / step).clamp(0.0, 1.0);
        }
        (1.0 - 0.34 * closed).clamp(0.25, 1.0)
    }
}
