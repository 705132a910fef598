//! Spectacles: rims, bridge and temples as tubes, lenses as a faint glaze or nearly black.

use super::head::Head;
use super::identity::{Glasses, SubjectIdentity};
use super::mesh::{Matter, Mesh};
use super::vector::{Vec3, v3};
use std::f32::consts::TAU;

/// Frame and lenses in head space.
pub(super) struct Spectacles {
    pub frame: Mesh,
    /// One closed fan per lens: centre first, then the rim.
    pub lenses: [Vec<Vec3>; 2],
    /// Light that does not come through a lens, of 256.
    pub darkness: u32,
}

/// The spectacles of an identity, if it wears any.
pub(super) fn spectacles(identity: &SubjectIdentity, head: &Head) -> Option<Spectacles> {
    let (half_w, half_h, power, radius, colour) = match identity.glasses {
        Glasses::None => return None,
        Glasses::Round => (0.0225, 0.0205, 2.1, 0.00075, [0.16, 0.13, 0.10]),
        Glasses::Rectangular => (0.0255, 0.0170, 4.0, 0.0017, [0.016, 0.014, 0.014]),
        Glasses::Dark => (0.0275, 0.0215, 3.0, 0.0016, [0.012, 0.011, 0.011]),
    };
    let eye_x = identity.shape.eye_x + 0.0006;
    let bridge_y = 0.0005;
    let bridge_z = super::head::sample(&head.skin, head.locate(0.0, bridge_y)).z;
    let z = (bridge_z + 0.0035).max(head.anatomy.eyeball.z + head.anatomy.eyeball_radius + 0.0105);
    let rim = |side: f32| -> Vec<Vec3> {
        (0..=44)
            .map(|k| {
                let (s, c) = (k as f32 / 44.0 * TAU).sin_cos();
                let shape = |v: f32| v.signum() * v.abs().powf(2.0 / power);
                let x = eye_x + half_w * shape(c);
                let y = -0.0025 + half_h * shape(s);
                // Lenses curve around the face and lean forward at the brow.
                v3(side * x, y, z - 5.2 * (x - 0.012).max(0.0).powi(2) + 0.06 * y)
            })
            .collect()
    };
    let mut frame = Mesh::default();
    let mut lenses = [Vec::new(), Vec::new()];
    for (lens, side) in lenses.iter_mut().zip([-1.0f32, 1.0]) {
        let path = rim(side);
        frame.add_tube(&path, radius, colour, Matter::Gloss);
        let outer = eye_x + half_w;
        let hinge = v3(side * outer, 0.004, z - 5.2 * (outer - 0.012).powi(2));
        let over_ear = v3(side * 0.0765 * identity.shape.width, 0.006, -0.088);
        let elbow = v3(side * (outer + 0.0035).max(0.0670 * identity.shape.width), 0.0045, hinge.z - 0.006);
        frame.add_tube(&[hinge, elbow, over_ear], radius * 1.05, colour, Matter::Gloss);
        lens.push(v3(side * eye_x, -0.0025, z));
        lens.extend(path);
    }
    let inner = eye_x - half_w;
    let lift = if identity.glasses == Glasses::Round { 0.004 } else { 0.005 };
    let bridge: Vec<Vec3> = (0..=8)
        .map(|k| {
            let t = k as f32 / 4.0 - 1.0;
            v3(t * (inner + 0.001), lift + 0.0025 * (1.0 - t * t), z + 0.0015 * (1.0 - t * t))
        })
        .collect();
    frame.add_tube(&bridge, radius, colour, Matter::Gloss);
    // A usual sunglass lens lets about a tenth of the light through, twice: in and out again.
    let darkness = if identity.glasses == Glasses::Dark { 244 } else { 0 };
    Some(Spectacles { frame, lenses, darkness })
}
