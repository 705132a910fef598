//! What is behind the subject; painted once per scene.

use super::light::{Light, Sensor};
use super::random::{Draws, noise};
use super::state::Background;
use super::vector::{Vec3, smoothstep, v3};
use crate::geometry::Size;
use crate::imaging::Frame;

struct Thing {
    x: f32,
    y: f32,
    half_width: f32,
    half_height: f32,
    soft: f32,
    colour: Vec3,
}

/// Paints a background in the scene's light.
pub(super) fn paint(size: Size, kind: Background, light: &Light, sensor: &Sensor) -> Frame {
    let things = things(kind);
    let tint = light.colour() * light.gain();
    let side = light.azimuth_deg.to_radians().sin() * (1.0 - light.ambient) * 0.5;
    let (width, height) = (size.width as f32, size.height as f32);
    let scale = height.min(width * 0.75);
    // Half the rows and columns suffice for what is out of focus.
    let (columns, rows) = (size.width.div_ceil(2) as usize, size.height.div_ceil(2) as usize);
    let mut small = Vec::with_capacity(columns * rows);
    for row in 0..rows {
        for column in 0..columns {
            let x = ((column * 2) as f32 - width / 2.0) / scale;
            let y = (height / 2.0 - (row * 2) as f32) / scale;
            let mut colour = wall(kind, x, y);
            for t in &things {
                let across = smoothstep(t.half_width + t.soft, t.half_width - t.soft, (x - t.x).abs());
                if across > 0.0 {
                    let cover = across * smoothstep(t.half_height + t.soft, t.half_height - t.soft, (y - t.y).abs());
                    colour = colour.lerp(t.colour, cover);
                }
            }
            // Opposite to the light the wall is brighter: the light falls across the room.
            let fall = 1.0 - 0.10 * (x * x + y * y) + side * x.clamp(-1.0, 1.0);
            small.push(colour.scaled(tint) * fall.max(0.2));
        }
    }
    Frame::from_fn(size, |x, y| {
        let (fx, fy) = (x as f32 / 2.0, y as f32 / 2.0);
        let (c, r) = ((fx as usize).min(columns - 1), (fy as usize).min(rows - 1));
        let (c1, r1) = ((c + 1).min(columns - 1), (r + 1).min(rows - 1));
        let (s, t) = (fx - c as f32, fy - r as f32);
        let top = small[r * columns + c].lerp(small[r * columns + c1], s);
        let bottom = small[r1 * columns + c].lerp(small[r1 * columns + c1], s);
        let v = top.lerp(bottom, t);
        sensor.code([v.x, v.y, v.z])
    })
}

fn wall(kind: Background, x: f32, y: f32) -> Vec3 {
    match kind {
        Background::Plain => v3(0.44, 0.45, 0.46) * (1.0 + 0.04 * y),
        Background::Office => v3(0.40, 0.385, 0.36) * (0.92 + 0.10 * y + 0.05 * noise(x * 2.0, y * 2.0, 5)),
        Background::Busy => v3(0.24, 0.22, 0.20) * (1.0 + 0.4 * noise(x * 9.0, y * 9.0, 6)),
    }
}

fn things(kind: Background) -> Vec<Thing> {
    match kind {
        Background::Plain => Vec::new(),
        Background::Office => {
            let mut things = vec![
                Thing { x: -0.78, y: 0.16, half_width: 0.21, half_height: 0.30, soft: 0.018, colour: v3(0.80, 0.86, 0.92) },
                Thing { x: -0.78, y: 0.16, half_width: 0.010, half_height: 0.30, soft: 0.012, colour: v3(0.42, 0.41, 0.40) },
                Thing { x: 0.70, y: -0.02, half_width: 0.22, half_height: 0.52, soft: 0.020, colour: v3(0.19, 0.14, 0.10) },
                Thing { x: -0.60, y: -0.46, half_width: 0.5, half_height: 0.12, soft: 0.02, colour: v3(0.22, 0.19, 0.17) },
            ];
            let mut d = Draws::new(21);
            for shelf in 0..4 {
                for book in 0..9 {
                    let shade = d.between(0.05, 0.35);
                    things.push(Thing {
                        x: 0.515 + 0.046 * book as f32,
                        y: -0.34 + 0.22 * shelf as f32,
                        half_width: d.between(0.010, 0.021),
                        half_height: d.between(0.055, 0.085),
                        soft: 0.010,
                        colour: v3(shade * d.between(0.7, 1.5), shade, shade * d.between(0.6, 1.4)),
                    });
                }
            }
            things
        }
        Background::Busy => {
            let mut d = Draws::new(33);
            (0..90)
                .map(|_| Thing {
                    x: d.between(-1.0, 1.0),
                    y: d.between(-0.6, 0.6),
                    half_width: d.between(0.01, 0.13),
                    half_height: d.between(0.01, 0.13),
                    soft: d.between(0.003, 0.012),
                    colour: v3(d.between(0.03, 0.7), d.between(0.03, 0.6), d.between(0.03, 0.6)),
                })
                .collect()
        }
    }
}
