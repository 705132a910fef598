//! Neck, shoulders and ears, and hair that hangs beside the face.

use super::hair::HairShape;
use super::identity::{Colours, SubjectIdentity};
use super::mesh::{Matter, Mesh};
use super::random::{fractal, noise};
use super::vector::{Vec3, bell, mix, smoothstep, v3};
use std::f32::consts::{PI, TAU};

/// Half width, half depth and depth of the centre of the trunk at a height.
fn cross_section(y: f32, broad: f32) -> (f32, f32, f32) {
    // From inside the skull down the neck, over the shoulders to the chest.
    const AT: [(f32, f32, f32, f32); 9] = [
        (-0.040, 0.050, 0.050, -0.095),
        (-0.090, 0.051, 0.053, -0.095),
        (-0.130, 0.053, 0.055, -0.097),
        (-0.146, 0.060, 0.060, -0.100),
        (-0.162, 0.088, 0.070, -0.102),
        (-0.180, 0.138, 0.080, -0.104),
        (-0.208, 0.180, 0.094, -0.104),
        (-0.258, 0.200, 0.108, -0.102),
        (-0.620, 0.205, 0.120, -0.100),
    ];
    let mut i = 0;
    while i + 2 < AT.len() && AT[i + 1].0 > y {
        i += 1;
    }
    let (a, b) = (AT[i], AT[i + 1]);
    let t = ((a.0 - y) / (a.0 - b.0)).clamp(0.0, 1.0);
    let t = t * t * (3.0 - 2.0 * t) * 0.5 + t * 0.5;
    (mix(a.1, b.1, t) * broad, mix(a.2, b.2, t), mix(a.3, b.3, t))
}

/// Neck and clothed shoulders, in body space (the head's space without its turns).
pub(super) fn body(identity: &SubjectIdentity, colours: &Colours) -> Mesh {
    const NECK_ROWS: usize = 26;
    const ROWS: usize = 36;
    const COLUMNS: usize = 73;
    let broad = 0.93 + 0.10 * (identity.shape.jaw_width - 0.94) / 0.14;
    let neck_scale = (0.97 + 0.35 * (identity.shape.jaw_width - 0.94)).clamp(0.84, 1.12);
    let seed = identity.seed() as u32;
    let angle = |column: usize| column as f32 / (COLUMNS - 1) as f32 * TAU - PI;
    let low_cut = if identity.lip_paint > 0.0 { 0.036 } else { 0.018 };
    let neckline = |column: usize| -0.137 - low_cut * bell(angle(column), 0.55) - 0.006 * bell(angle(column).abs() - 1.4, 0.5);
    let surface = |y: f32, column: usize, grow: f32| {
        let (half, depth, centre) = cross_section(y, broad);
        let narrow = mix(neck_scale, 1.0, smoothstep(-0.12, -0.17, y));
        let (s, c) = angle(column).sin_cos();
        // Squarer than an ellipse across the shoulders.
        let square = mix(1.0, 0.82, smoothstep(-0.15, -0.23, y));
        let shape = |v: f32| v.signum() * v.abs().powf(square);
        let apple = 0.003 * bell(angle(column), 0.22) * bell(y + 0.116, 0.010);
        v3((half * narrow + grow) * shape(s), y, centre + (depth * narrow + grow) * shape(c) + apple)
    };
    let outwards = |p: Vec3| v3(p.x, 0.03, p.z + 0.1).normalised();
    let mut mesh = Mesh::default();
    let neck_height = |row: usize| mix(-0.040, -0.215, row as f32 / (NECK_ROWS - 1) as f32);
    let skin = colours.skin;
    mesh.add_grid(
        NECK_ROWS,
        COLUMNS,
        |row, column| surface(neck_height(row), column, 0.0),
        outwards,
        |_, column, p| {
            let under_chin = mix(0.36, 1.0, smoothstep(-0.085, -0.160, p.y));
            let under_chin = mix(1.0, under_chin, smoothstep(1.9, 1.2, angle(column).abs()));
            let patch = 1.0 + 0.05 * fractal(p.x * 60.0, p.y * 60.0, seed);
            (skin.map(|v| v * 0.93 * patch), under_chin, Matter::Skin)
        },
    );
    let height = |row: usize, column: usize| {
        let t = row as f32 / (ROWS - 1) as f32;
        mix(neckline(column), -0.62, t.powf(1.5))
    };
    let garment = colours.garment;
    mesh.add_grid(
        ROWS,
        COLUMNS,
        // The collar stands off a little; its edge turns inwards.
        |row, column| surface(height(row, column), column, if row == 0 { 0.0005 } else { 0.0045 }),
        outwards,
        |row, _, p| {
            let fold = 1.0 + 0.10 * fractal(p.x * 14.0 + p.y * 9.0, p.y * 5.0, seed.wrapping_add(4));
            let hem = if row < 3 { 0.70 } else { 1.0 };
            (garment.map(|v| v * fold * hem), 0.95, Matter::Cloth)
        },
    );
    mesh
}

/// Both ears, in head space.
pub(super) fn ears(identity: &SubjectIdentity, colours: &Colours) -> Mesh {
    const RINGS: usize = 9;
    const SPOKES: usize = 33;
    let mut mesh = Mesh::default();
    // Hanging hair covers the ears.
    if HairShape::new(identity).hangs_to().is_some() {
        return mesh;
    }
    let size = identity.shape.ear * 0.92;
    let skin: [f32; 3] = std::array::from_fn(|c| colours.skin[c] * [1.0, 0.84, 0.82][c]);
    for side in [-1.0f32, 1.0] {
        let root = v3(side * 0.0705 * identity.shape.width, -0.016, -0.086);
        let point = |ring: usize, spoke: usize| {
            let r = ring as f32 / (RINGS - 1) as f32;
            let angle = spoke as f32 / (SPOKES - 1) as f32 * TAU;
            let (s, c) = angle.sin_cos();
            // Broad above, narrow at the lobe; in the plane: back (a) and up (b).
            let b = s * 0.031 * size;
            let a = c * (0.0165 + 0.0045 * s) * size;
            // Rim, hollow and the small lip in front.
            let height =
                0.0060 * bell(r - 0.86, 0.13) - 0.0060 * bell(r - 0.32, 0.26) + 0.0030 * bell(r - 0.55, 0.10) * smoothstep(0.3, 0.9, -c);
            let out = 0.0020 + height * (1.0 - 0.3 * smoothstep(-0.3, -1.0, s)) + (a * r) * 0.42;
            let rim_in = if ring == RINGS - 1 { -0.004 } else { 0.0 };
            root + v3(side * (out + rim_in + 0.004), b * r + 0.25 * a * r, -(a * r) * 0.92)
        };
        mesh.add_grid(
            RINGS,
            SPOKES,
            point,
            |_| v3(side, 0.0, 0.35).normalised(),
            |ring, _, _| {
                let r = ring as f32 / (RINGS - 1) as f32;
                (skin, mix(0.35, 0.95, smoothstep(0.15, 0.75, r)), Matter::Skin)
            },
        );
    }
    mesh
}

/// Hair that hangs beside and behind the face, in head space; empty for short hair.
pub(super) fn curtain(identity: &SubjectIdentity, colours: &Colours) -> Mesh {
    const ROWS: usize = 40;
    const COLUMNS: usize = 181;
    let shape = HairShape::new(identity);
    let mut mesh = Mesh::default();
    let Some(end) = shape.hangs_to() else { return mesh };
    let seed = shape.seed();
    let width = identity.shape.width;
    let point = |row: usize, column: usize| {
        let t = row as f32 / (ROWS - 1) as f32;
        let around = column as f32 / (COLUMNS - 1) as f32 * 2.0 - 1.0;
        // From the left cheek round the back to the right cheek; the front edges swing inwards at the jaw.
        let opening = mix(0.98, 0.86, smoothstep(0.1, 0.6, t)) + 0.10 * smoothstep(0.75, 1.0, t);
        let angle = PI - around * (PI - opening);
        let uneven = 0.010 * noise(around * 40.0, 2.0, seed) * t;
        let y = mix(0.078, end + uneven, t);
        let flare = mix(0.0, 0.016, smoothstep(0.0, 0.55, t)) - 0.006 * smoothstep(0.8, 1.0, t);
        let dome = smoothstep(-0.15, 0.45, t);
        let wave = 0.0022 * noise(around * 46.0 + 3.0 * t, t * 5.0, seed.wrapping_add(2))
            + 0.0012 * noise(around * 120.0, t * 3.0, seed.wrapping_add(3));
        let rx = (0.071 + 0.016 * dome + flare + wave) * width;
        let rz = 0.096 + 0.014 * dome + flare + wave;
        v3(rx * angle.sin(), y, -0.095 + rz * angle.cos() * if angle.cos() > 0.0 { 0.80 } else { 1.0 })
    };
    mesh.add_grid(
        ROWS,
        COLUMNS,
        point,
        |p| v3(p.x, 0.0, p.z + 0.095).normalised(),
        |row, column, p: Vec3| {
            let t = row as f32 / (ROWS - 1) as f32;
            let strand =
                1.0 + 0.34 * noise(column as f32 * 0.8, t * 4.0, seed) + 0.26 * noise(column as f32 * 0.23, t * 3.0, seed.wrapping_add(9));
            let edge = smoothstep(0.0, 6.0, column.min(COLUMNS - 1 - column) as f32);
            let open = mix(0.62, 0.95, edge) * mix(1.0, 0.75, smoothstep(-0.10, -0.16, p.y));
            (colours.hair.map(|v| v * strand.max(0.4)), open, Matter::Hair)
        },
    );
    mesh
}

/// The knot of hair that is tied, in head space; empty for other styles.
pub(super) fn knot(identity: &SubjectIdentity, colours: &Colours) -> Mesh {
    const RINGS: usize = 15;
    const SPOKES: usize = 31;
    let mut mesh = Mesh::default();
    if identity.hair != super::identity::HairStyle::Tied {
        return mesh;
    }
    let seed = HairShape::new(identity).seed();
    let centre = v3(0.0, 0.138, -0.112);
    let point = |ring: usize, spoke: usize| {
        let polar = ring as f32 / (RINGS - 1) as f32 * PI;
        let angle = spoke as f32 / (SPOKES - 1) as f32 * TAU;
        let r = 0.031 + 0.0025 * (angle * 3.0 + polar * 4.0).sin();
        centre + v3(r * 1.12 * polar.sin() * angle.cos(), r * 0.82 * polar.cos(), r * polar.sin() * angle.sin())
    };
    mesh.add_grid(
        RINGS,
        SPOKES,
        point,
        |p| (p - centre).normalised(),
        |ring, spoke, p| {
            let twist = noise(ring as f32 * 1.4 + spoke as f32 * 0.9, ring as f32 * 0.7, seed);
            (colours.hair.map(|v| v * (1.0 + 0.4 * twist)), mix(0.5, 0.95, smoothstep(-0.02, 0.01, p.y - centre.y)), Matter::Hair)
        },
    );
    mesh
}
