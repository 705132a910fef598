//! How smiling, opening the mouth and raising the brows move the skin.

use super::anatomy::Anatomy;
use super::head::{COLUMNS, Head, ROWS};
use super::identity::SubjectIdentity;
use super::vector::{Vec3, bell, mix, smoothstep, v3};

/// The joint about which the jaw turns.
const JAW_JOINT: Vec3 = v3(0.0, -0.005, -0.080);
/// Turn of the jaw with the mouth fully open.
const JAW_TURN: f32 = 0.36;

/// How one vertex follows expressions.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Movers {
    /// Share of the jaw's turn.
    pub jaw: f32,
    /// Shift at a full smile, metres.
    pub smile: Vec3,
    /// Shift with the brows fully raised, metres.
    pub brows: Vec3,
    /// Shift that is always there: the identity's line of the mouth.
    pub rest: Vec3,
}

impl Movers {
    /// The movers of every vertex of a head.
    pub fn of_grid(head: &Head, identity: &SubjectIdentity) -> Vec<Self> {
        (0..ROWS * COLUMNS)
            .map(|i| {
                let above_lips = head.skin[i].y - head.lip_line[i % COLUMNS];
                Self::of_vertex(head.skin[i], above_lips, i / COLUMNS > head.lip_row, &head.anatomy, identity)
            })
            .collect()
    }

    fn of_vertex(p: Vec3, dy: f32, below_lips: bool, anatomy: &Anatomy, identity: &SubjectIdentity) -> Self {
        let s = &identity.shape;
        let front = smoothstep(-0.070, -0.030, p.z);
        let half = s.mouth_half_width;
        let across = p.x.abs() / half;
        // At the corners and beyond, both lips go the same way.
        let corner = 0.34 * smoothstep(0.60, 1.0, across) * front;
        let jaw = if below_lips {
            let centre = (1.0 - across * across).max(0.0).powf(0.42);
            let neck = smoothstep(anatomy.chin_y - 0.035, anatomy.chin_y - 0.012, p.y).max(0.2);
            mix(corner.max(centre), neck, smoothstep(-0.001, -0.024, dy))
        } else {
            // The upper lip rises a little; the cheek beside the corner follows the jaw.
            corner * bell(dy, 0.020) - 0.07 * (1.0 - across * across).max(0.0) * bell(dy, 0.010)
        };

        let side = p.x.signum();
        let at_corner = bell(across - 1.0, 0.42) * bell(dy, 0.016);
        let cheek = bell(p.x.abs() - 0.038, 0.014) * bell(p.y + 0.034, 0.014);
        let lip = bell(across, 0.7) * bell(dy, 0.011);
        let smile = v3(
            side * (0.0085 * at_corner + 0.002 * cheek),
            0.0068 * at_corner + 0.0040 * cheek - 0.0006 * lip,
            0.0030 * cheek - 0.0040 * at_corner - 0.0016 * lip,
        ) * front;

        let over_eye = smoothstep(0.004, 0.015, p.y) * smoothstep(0.062, 0.030, p.y);
        let brows = v3(0.0, 0.0062 * over_eye, 0.0) * front;
        let curve = (across * across - 0.35).clamp(-0.35, 0.9) * bell(dy, 0.010) * front;
        Self { jaw, smile, brows, rest: v3(0.0, s.mouth_curve * curve, 0.0) }
    }

    /// Where `p` goes.
    pub fn apply(&self, p: Vec3, mouth_open: f32, smile: f32, brow_raise: f32) -> Vec3 {
        let mut q = p + self.rest + self.smile * smile + self.brows * brow_raise;
        let turn = self.jaw * mouth_open * JAW_TURN;
        if turn != 0.0 {
            let (s, c) = turn.sin_cos();
            let r = q - JAW_JOINT;
            // Downwards and backwards about the axis from ear to ear.
            q = JAW_JOINT + v3(r.x, c * r.y - s * r.z, s * r.y + c * r.z);
        }
        q
    }
}
