//! Triangles with a depth buffer, on a canvas that covers part of the frame at one or two samples per pixel and side.

use crate::geometry::{PixelRect, Size};

/// A vertex on the canvas with what is interpolated across the triangle.
#[derive(Debug, Clone, Copy)]
pub(super) struct Corner<const N: usize> {
    pub x: f32,
    pub y: f32,
    /// Reciprocal depth, per metre; greater is nearer.
    pub near: f32,
    pub values: [f32; N],
}

/// Where a vertex lies on the canvas.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    pub x: f32,
    pub y: f32,
    /// As a [`Corner`]'s.
    pub near: f32,
}

impl Place {
    /// Half-way to another place.
    pub fn midpoint(self, other: Self) -> Self {
        Self { x: 0.5 * (self.x + other.x), y: 0.5 * (self.y + other.y), near: 0.5 * (self.near + other.near) }
    }
}

impl<const N: usize> Corner<N> {
    const fn place(&self) -> Place {
        Place { x: self.x, y: self.y, near: self.near }
    }
}

/// Colour and depth of a part of the frame.
pub(super) struct Canvas {
    /// The part of the frame.
    pub area: PixelRect,
    /// Samples per pixel and side.
    pub samples: u32,
    pub width: usize,
    pub height: usize,
    /// sRGB and coverage (0 or 255).
    pub colour: Vec<[u8; 4]>,
    near: Vec<f32>,
}

impl Canvas {
    pub const fn empty() -> Self {
        Self { area: PixelRect { x: 0, y: 0, width: 0, height: 0 }, samples: 1, width: 0, height: 0, colour: Vec::new(), near: Vec::new() }
    }

    /// Clears the canvas and lets it cover another part.
    pub fn reset(&mut self, area: PixelRect, samples: u32) {
        self.area = area;
        self.samples = samples;
        self.width = (area.width * samples) as usize;
        self.height = (area.height * samples) as usize;
        self.colour.clear();
        self.colour.resize(self.width * self.height, [0; 4]);
        self.near.clear();
        self.near.resize(self.width * self.height, 0.0);
    }

    /// Canvas position of a frame position.
    pub fn place(&self, x: f32, y: f32) -> (f32, f32) {
        let s = self.samples as f32;
        ((x - self.area.x as f32) * s, (y - self.area.y as f32) * s)
    }

    /// Draws a triangle; `shade` gives the colour of a sample, or nothing to leave a hole. Faces that show their back are skipped when `cull`.
    /// The corners' `values` are made only when a sample of the triangle is in sight.
    #[inline]
    pub fn triangle<const N: usize>(
        &mut self,
        places: [Place; 3],
        cull: bool,
        values: impl FnMut() -> [[f32; N]; 3],
        mut shade: impl FnMut(&[f32; N]) -> Option<[u8; 3]>,
    ) {
        self.walk(places, cull, values, |pixel, values, near_slot, near| {
            if let Some([r, g, b]) = shade(values) {
                *pixel = [r, g, b, 255];
                *near_slot = near;
            }
        });
    }

    /// Draws a see-through triangle over what is there: `shade` gives a colour and its share in 0-256.
    #[inline]
    pub fn glaze<const N: usize>(&mut self, corners: [&Corner<N>; 3], mut shade: impl FnMut(&[f32; N]) -> ([u8; 3], u32)) {
        self.walk(
            corners.map(Corner::place),
            false,
            || corners.map(|c| c.values),
            |pixel, values, _, _| {
                let (over, share) = shade(values);
                if pixel[3] > 0 {
                    for c in 0..3 {
                        pixel[c] = ((u32::from(pixel[c]) * (256 - share) + u32::from(over[c]) * share) >> 8) as u8;
                    }
                }
            },
        );
    }

    #[inline]
    fn walk<const N: usize>(
        &mut self,
        places: [Place; 3],
        cull: bool,
        mut values: impl FnMut() -> [[f32; N]; 3],
        mut visit: impl FnMut(&mut [u8; 4], &[f32; N], &mut f32, f32),
    ) {
        let [a, b, c] = places;
        if a.near <= 0.0 || b.near <= 0.0 || c.near <= 0.0 {
            return;
        }
        let area = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
        if area.abs() < 1e-9 || (cull && area < 0.0) {
            return;
        }
        let Some((left, right)) = samples_between(a.x.min(b.x).min(c.x), a.x.max(b.x).max(c.x), self.width) else { return };
        let Some((top, bottom)) = samples_between(a.y.min(b.y).min(c.y), a.y.max(b.y).max(c.y), self.height) else { return };
        let inverse = 1.0 / area;
        let (step_b, step_c) = ((c.y - a.y) * inverse, -(b.y - a.y) * inverse);
        let mut known: Option<[[f32; N]; 3]> = None;
        for row in top..=bottom {
            let py = row as f32 + 0.5 - a.y;
            let px = left as f32 + 0.5 - a.x;
            let mut wb = (px * (c.y - a.y) - py * (c.x - a.x)) * inverse;
            let mut wc = (py * (b.x - a.x) - px * (b.y - a.y)) * inverse;
            let base = row * self.width;
            for column in left..=right {
                let wa = 1.0 - wb - wc;
                // A hair's breadth of overlap closes the seams between neighbours.
                if wa >= -1e-4 && wb >= -1e-4 && wc >= -1e-4 {
                    let near = a.near * wa + b.near * wb + c.near * wc;
                    let at = base + column;
                    if near > self.near[at] {
                        let [of_a, of_b, of_c] = known.get_or_insert_with(&mut values);
                        let here = std::array::from_fn(|k| of_a[k] * wa + of_b[k] * wb + of_c[k] * wc);
                        visit(&mut self.colour[at], &here, &mut self.near[at], near);
                    }
                }
                wb += step_b;
                wc += step_c;
            }
        }
    }

    /// Lays the canvas over a frame's bytes (RGB8 of `size`), averaging its samples.
    pub fn lay_over(&self, bytes: &mut [u8], size: Size) {
        let s = self.samples as usize;
        let all = (s * s * 255) as u32;
        for y in 0..self.area.height as usize {
            let start = ((self.area.y as usize + y) * size.width as usize + self.area.x as usize) * 3;
            let row = &mut bytes[start..start + self.area.width as usize * 3];
            for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
                if s == 1 {
                    let [r, g, b, cover] = self.colour[y * self.width + x];
                    if cover > 0 {
                        pixel.copy_from_slice(&[r, g, b]);
                    }
                    continue;
                }
                let mut sum = [0u32; 3];
                let mut cover = 0u32;
                for dy in 0..s {
                    for sample in &self.colour[(y * s + dy) * self.width + x * s..][..s] {
                        cover += u32::from(sample[3]);
                        for c in 0..3 {
                            sum[c] += u32::from(sample[c]);
                        }
                    }
                }
                if cover == 0 {
                    continue;
                }
                let n = (s * s) as u32;
                for c in 0..3 {
                    pixel[c] = ((sum[c] + u32::from(pixel[c]) * ((all - cover) / 255) + n / 2) / n) as u8;
                }
            }
        }
    }

    /// Share of each frame pixel that is covered, 0-255, for a frame of `size`.
    pub fn coverage(&self, size: Size) -> Vec<u8> {
        let s = self.samples as usize;
        let mut cover = vec![0u8; size.pixels() as usize];
        for y in 0..self.area.height as usize {
            for x in 0..self.area.width as usize {
                let sum: u32 = (0..s * s).map(|k| u32::from(self.colour[(y * s + k / s) * self.width + x * s + k % s][3])).sum();
                let at = (self.area.y as usize + y) * size.width as usize + self.area.x as usize + x;
                cover[at] = (sum / (s * s) as u32) as u8;
            }
        }
        cover
    }
}

/// First and last of `count` samples whose centres lie between two places; nothing if there is none. Samples' centres lie at halves.
#[inline]
fn samples_between(low: f32, high: f32, count: usize) -> Option<(usize, usize)> {
    let last = (high - 0.5).min(count as f32 - 1.0);
    if last < 0.0 {
        return None;
    }
    let first = (low - 0.5).max(0.0);
    // Rounding by conversion: the machine's own `ceil` is a call on processors of the oldest kind.
    let whole = first as usize;
    let (first, last) = (if (whole as f32) < first { whole.saturating_add(1) } else { whole }, last as usize);
    (first <= last).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn samples_are_those_whose_centres_lie_between(low in -9.0f32..40.0, length in 0.0f32..9.0, count in 1usize..30) {
            let expected: Vec<usize> = (0..count).filter(|s| *s as f32 >= low - 0.5 && *s as f32 <= low + length - 0.5).collect();
            let found: Vec<usize> = samples_between(low, low + length, count).map_or(Vec::new(), |(a, b)| (a..=b).collect());
            proptest::prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn values_are_asked_for_only_where_something_is_seen() {
        let mut canvas = Canvas::empty();
        canvas.reset(PixelRect { x: 0, y: 0, width: 8, height: 8 }, 1);
        let places = |near: f32| [(0.0, 0.0), (8.0, 0.0), (0.0, 8.0)].map(|(x, y)| Place { x, y, near });
        let mut asked = 0;
        for near in [1.0, 0.5, 2.0] {
            canvas.triangle(
                places(near),
                false,
                || {
                    asked += 1;
                    [[near]; 3]
                },
                |v| Some([v[0] as u8; 3]),
            );
        }
        assert_eq!(asked, 2, "the second lies behind the first");
        assert_eq!(canvas.colour[0], [2, 2, 2, 255]);
    }
}
