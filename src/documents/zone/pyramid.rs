//! A grey picture with its halvings, and views of it at a wanted size and turn.

use crate::geometry::{Affine, Point, Size};
use crate::imaging::luminance::Plane;

/// Shortest side that is still halved.
const SMALLEST_SIDE: u32 = 16;

/// A grey picture and what remains of it when it is halved again and again.
pub struct Pyramid {
    planes: Vec<Plane>,
}

/// A view of the picture: turned and scaled, with the way back.
pub struct Level {
    /// The grey values.
    pub plane: Plane,
    /// From pixels of the view to pixels of the picture; pixel centres lie at +0.5 in both.
    pub picture_from_level: Affine,
}

impl Pyramid {
    /// Halves the picture until a side is shorter than 16 pixels.
    #[must_use]
    pub fn new(picture: Plane) -> Self {
        let mut planes = vec![picture];
        while let Some(last) = planes.last().filter(|p| p.size.width.min(p.size.height) >= 2 * SMALLEST_SIDE) {
            let next = halved(last);
            planes.push(next);
        }
        Self { planes }
    }

    /// Size of the picture.
    #[must_use]
    pub fn size(&self) -> Size {
        self.planes[0].size
    }

    /// The view whose longer side, before turning, has `longer_side` pixels; its x axis runs along `angle` (radians) in the picture.
    #[must_use]
    pub fn level(&self, longer_side: u32, angle: f32) -> Level {
        let size = self.size();
        let scale = longer_side as f32 / size.width.max(size.height) as f32;
        let (width, height) = (size.width as f32 * scale, size.height as f32 * scale);
        let (sin, cos) = angle.sin_cos();
        let wide = (width * cos.abs() + height * sin.abs()).ceil().max(1.0);
        let high = (width * sin.abs() + height * cos.abs()).ceil().max(1.0);
        // About the middle of both.
        let (c, s) = (cos / scale, sin / scale);
        let middle = Point::new(size.width as f32 / 2.0, size.height as f32 / 2.0);
        let map = Affine([c, -s, middle.x - c * wide / 2.0 + s * high / 2.0, s, c, middle.y - s * wide / 2.0 - c * high / 2.0]);
        let target = Size::new(wide as u32, high as u32);
        let source = self.at_scale(1.0 / scale);
        let mut values = Vec::with_capacity(target.pixels() as usize);
        for y in 0..target.height {
            for x in 0..target.width {
                let at = map.apply(Point::new(x as f32 + 0.5, y as f32 + 0.5));
                values.push(source.sample(at).round() as u8);
            }
        }
        Level { plane: Plane { size: target, values }, picture_from_level: map }
    }

    /// What to sample where one pixel of the target covers `shrink` pixels of the picture: the halving in which it covers at most one and a
    /// half, so that bilinear samples do not alias.
    #[must_use]
    pub fn at_scale(&self, shrink: f32) -> Sampler<'_> {
        let steps = if shrink > 1.5 { (shrink / 1.5).log2().ceil() as usize } else { 0 };
        let plane = &self.planes[steps.min(self.planes.len() - 1)];
        let size = self.size();
        let scale = (plane.size.width as f32 / size.width as f32, plane.size.height as f32 / size.height as f32);
        Sampler { plane, scale }
    }
}

/// Bilinear samples of one halving, addressed in pixels of the picture.
pub struct Sampler<'a> {
    plane: &'a Plane,
    scale: (f32, f32),
}

impl Sampler<'_> {
    /// The grey value at a point of the picture, 0-255; outside it the nearest border's.
    #[must_use]
    pub fn sample(&self, at: Point) -> f32 {
        let size = self.plane.size;
        let (right, bottom) = ((size.width - 1) as f32, (size.height - 1) as f32);
        // Clamping not-a-number gives the lower end.
        let x = (at.x * self.scale.0 - 0.5).max(0.0).min(right);
        let y = (at.y * self.scale.1 - 0.5).max(0.0).min(bottom);
        let (left, top) = (x as usize, y as usize);
        let (fx, fy) = (x - left as f32, y - top as f32);
        let width = size.width as usize;
        let (next, below) = (usize::from(left + 1 < width), if top + 1 < size.height as usize { width } else { 0 });
        let values = &self.plane.values;
        let at = top * width + left;
        let upper = f32::from(values[at]) * (1.0 - fx) + f32::from(values[at + next]) * fx;
        let lower = f32::from(values[at + below]) * (1.0 - fx) + f32::from(values[at + below + next]) * fx;
        upper * (1.0 - fy) + lower * fy
    }
}

/// Every two by two pixels averaged; a last odd row or column is left out.
fn halved(plane: &Plane) -> Plane {
    let size = Size::new(plane.size.width / 2, plane.size.height / 2);
    let mut values = Vec::with_capacity(size.pixels() as usize);
    for y in 0..size.height {
        let (upper, lower) = (plane.row(2 * y), plane.row(2 * y + 1));
        for (a, b) in upper.as_chunks::<2>().0.iter().zip(lower.as_chunks::<2>().0) {
            let sum = u16::from(a[0]) + u16::from(a[1]) + u16::from(b[0]) + u16::from(b[1]);
            values.push(((sum + 2) / 4) as u8);
        }
    }
    Plane { size, values }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp(width: u32, height: u32) -> Plane {
        let values = (0..height).flat_map(|_| (0..width).map(|x| x as u8)).collect();
        Plane { size: Size::new(width, height), values }
    }

    #[test]
    fn a_view_leads_back_to_the_picture() {
        let pyramid = Pyramid::new(ramp(200, 100));
        for (longer, angle) in [(200, 0.0), (100, 0.0), (400, 0.3), (150, -1.57)] {
            let level = pyramid.level(longer, angle);
            let middle = Point::new(level.plane.size.width as f32 / 2.0, level.plane.size.height as f32 / 2.0);
            let at = level.picture_from_level.apply(middle);
            assert!(at.distance(Point::new(100.0, 50.0)) < 1.0, "{longer} {angle}: {at:?}");
            let row = level.plane.row(level.plane.size.height / 2);
            let seen = f32::from(row[row.len() / 2]);
            assert!((seen - 100.0).abs() <= 2.0, "{longer} {angle}: {seen}");
        }
    }

    #[test]
    fn samples_beyond_the_border_are_the_border() {
        let pyramid = Pyramid::new(ramp(64, 64));
        for shrink in [0.5, 1.0, 4.0, 1e9] {
            let sampler = pyramid.at_scale(shrink);
            for at in [Point::new(-1e9, 5.0), Point::new(f32::NAN, f32::NAN), Point::new(f32::INFINITY, -3.0), Point::new(64.0, 64.0)] {
                assert!((0.0..=63.0).contains(&sampler.sample(at)), "{shrink} {at:?}");
            }
        }
    }
}
