//! A reduced picture and the thin edges in it.

use crate::geometry::Size;
use crate::imaging::Frame;
use crate::imaging::resize::resize;

/// Longest side of the reduced picture, pixels: noise averages out, and the sides of a document are still long.
const REDUCED: u32 = 480;

/// Least strength of an edge: a step of two and a half levels. Picked by hand; the share below is what matters in most pictures.
const WEAKEST: i32 = 10;

/// At most this share of the pixels are edges; of a busy picture only the strongest.
const LARGEST_SHARE: f32 = 0.26;

/// One edge pixel.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    /// Centre, pixels of the reduced picture.
    pub x: f32,
    pub y: f32,
    /// Direction towards the brighter side, unit length.
    pub nx: f32,
    pub ny: f32,
    /// Square root of its strength: of two edges the fainter counts less, but not for nothing.
    pub weight: f32,
}

/// The reduced picture's edges.
pub(super) struct Edges {
    /// Size of the reduced picture.
    pub size: Size,
    /// Pixels of the frame over pixels of the reduced picture, across and down.
    pub scale: (f32, f32),
    /// Thin edges.
    pub all: Vec<Edge>,
}

/// Reduces a frame and finds its edges, in whichever colour channel they are strongest.
pub(super) fn edges(frame: &Frame) -> Edges {
    let longest = frame.width().max(frame.height());
    let factor = longest.div_ceil(REDUCED).max(1);
    let size = Size::new((frame.width() / factor).max(1), (frame.height() / factor).max(1));
    let reduced = resize(frame, size);
    let scale = (frame.width() as f32 / size.width as f32, frame.height() as f32 / size.height as f32);
    let gradient = Gradient::of(&reduced);
    let threshold = gradient.threshold();
    let (width, height) = (size.width as usize, size.height as usize);
    let mut all = Vec::new();
    for y in 2..height.saturating_sub(2) {
        for x in 2..width.saturating_sub(2) {
            let at = y * width + x;
            if gradient.strength[at] >= threshold && gradient.is_crest(at, width) {
                let (gx, gy) = gradient.direction[at];
                let (gx, gy) = (f32::from(gx), f32::from(gy));
                let length = (gx * gx + gy * gy).sqrt().max(1e-6);
                let (nx, ny) = (gx / length, gy / length);
                let shift = gradient.crest_shift(at, width, nx, ny);
                all.push(Edge {
                    x: x as f32 + 0.5 + nx * shift,
                    y: y as f32 + 0.5 + ny * shift,
                    nx,
                    ny,
                    weight: (gradient.strength[at] as f32).sqrt(),
                });
            }
        }
    }
    Edges { size, scale, all }
}

/// Sobel gradients: four times the step across an edge.
struct Gradient {
    direction: Vec<(i16, i16)>,
    /// Absolute horizontal plus absolute vertical part.
    strength: Vec<i32>,
}

impl Gradient {
    fn of(frame: &Frame) -> Self {
        let (width, height) = (frame.width() as usize, frame.height() as usize);
        let mut direction = vec![(0, 0); width * height];
        let mut strength = vec![0; width * height];
        let bytes = frame.bytes();
        let stride = width * 3;
        for y in 1..height.saturating_sub(1) {
            let (above, row, below) =
                (&bytes[(y - 1) * stride..][..stride], &bytes[y * stride..][..stride], &bytes[(y + 1) * stride..][..stride]);
            for x in 1..width.saturating_sub(1) {
                let (mut best, mut best_strength) = ((0, 0), -1);
                for c in x * 3..x * 3 + 3 {
                    let v = |line: &[u8], at: usize| i32::from(line[at]);
                    let (left, right) = (c - 3, c + 3);
                    let gx = v(above, right) + 2 * v(row, right) + v(below, right) - v(above, left) - 2 * v(row, left) - v(below, left);
                    let gy = v(below, left) + 2 * v(below, c) + v(below, right) - v(above, left) - 2 * v(above, c) - v(above, right);
                    let s = gx.abs() + gy.abs();
                    if s > best_strength {
                        (best, best_strength) = ((gx as i16, gy as i16), s);
                    }
                }
                direction[y * width + x] = best;
                strength[y * width + x] = best_strength;
            }
        }
        Self { direction, strength }
    }

    fn threshold(&self) -> i32 {
        let mut counts = [0_u32; 2048];
        for s in &self.strength {
            counts[(*s as usize).min(2047)] += 1;
        }
        let most = (self.strength.len() as f32 * LARGEST_SHARE) as u32;
        let mut above = 0;
        for (value, count) in counts.iter().enumerate().rev() {
            above += count;
            if above > most {
                return (value as i32 + 1).max(WEAKEST);
            }
        }
        WEAKEST
    }

    /// Whether no neighbour across the edge is stronger.
    fn is_crest(&self, at: usize, width: usize) -> bool {
        let step = self.step(at, width);
        let s = self.strength[at];
        s >= self.strength[at - step] && s > self.strength[at + step]
    }

    /// Distance between neighbours across the edge in the buffer: across, down or along a diagonal.
    fn step(&self, at: usize, width: usize) -> usize {
        let (gx, gy) = self.direction[at];
        let (ax, ay) = (i32::from(gx).abs(), i32::from(gy).abs());
        if ax * 5 > ay * 12 {
            1
        } else if ay * 5 > ax * 12 {
            width
        } else if (gx > 0) == (gy > 0) {
            width + 1
        } else {
            width - 1
        }
    }

    /// How far the crest lies from the pixel's centre towards the brighter side, pixels.
    fn crest_shift(&self, at: usize, width: usize, nx: f32, ny: f32) -> f32 {
        let step = self.step(at, width);
        let (before, here, after) = (self.strength[at - step] as f32, self.strength[at] as f32, self.strength[at + step] as f32);
        let curvature = before - 2.0 * here + after;
        if curvature >= -1e-3 {
            return 0.0;
        }
        let shift = (0.5 * (before - after) / curvature).clamp(-0.5, 0.5);
        // The buffer's next neighbour lies to the right or below; a diagonal step is longer.
        let (dx, dy) = match step {
            1 => (1.0, 0.0),
            s if s == width => (0.0, 1.0),
            s if s == width + 1 => (1.0, 1.0),
            _ => (-1.0, 1.0),
        };
        shift * (dx * nx + dy * ny)
    }
}
