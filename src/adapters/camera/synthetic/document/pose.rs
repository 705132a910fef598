//! A flat thing before a pinhole camera whose lens bends straight lines a little.

use crate::documents::picture::Quad;
use crate::geometry::{Point, Size};
use crate::imaging::perspective::Homography;

/// The camera.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lens {
    /// Size of the pictures.
    pub size: Size,
    /// Focal length over the picture's width; 0.83 is a horizontal field of view of 62 degrees.
    pub focal: f32,
    /// Share by which the corner of the picture is drawn towards its middle; negative pushes it away.
    pub barrel: f32,
}

/// Where a thing is and how it is turned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pose {
    /// Its centre, millimetres to the right of and below the camera's axis.
    pub x: f32,
    /// Downwards.
    pub y: f32,
    /// Millimetres before the lens.
    pub distance: f32,
    /// Degrees clockwise in the picture.
    pub turn: f32,
    /// Degrees by which its far edge (before the turn is applied: its upper edge) is tipped away.
    pub tip: f32,
    /// Degrees by which its right edge is tipped away.
    pub lean: f32,
}

impl Pose {
    /// Straight before the lens.
    #[must_use]
    pub const fn flat(distance: f32) -> Self {
        Self { x: 0.0, y: 0.0, distance, turn: 0.0, tip: 0.0, lean: 0.0 }
    }

    /// From millimetres of the thing, its centre at the origin, to pixels of a picture without the lens's bending.
    #[must_use]
    pub fn picture_from_thing(&self, lens: &Lens) -> Homography {
        let (focal, cx, cy) = lens.centre();
        let [(st, ct), (sp, cp), (sl, cl)] = [self.turn, self.tip, self.lean].map(|d| f64::from(d).to_radians().sin_cos());
        // Lean about the vertical axis after tip about the horizontal one after turn in the plane.
        let tilted = |vx: f64, vy: f64| [cl * vx + sl * sp * vy, cp * vy, sl * vx - cl * sp * vy];
        let (a, b) = (tilted(ct, st), tilted(-st, ct));
        let (x, y, z) = (f64::from(self.x), f64::from(self.y), f64::from(self.distance));
        Homography([
            focal * a[0] + cx * a[2],
            focal * b[0] + cx * b[2],
            focal * x + cx * z,
            focal * a[1] + cy * a[2],
            focal * b[1] + cy * b[2],
            focal * y + cy * z,
            a[2],
            b[2],
            z,
        ])
    }

    /// Corners in the picture of a thing of that size, its top left corner first, the lens's bending included.
    #[must_use]
    pub fn corners(&self, lens: &Lens, (width, height): (f32, f32)) -> Quad {
        let map = self.picture_from_thing(lens);
        let (w, h) = (width / 2.0, height / 2.0);
        Quad([(-w, -h), (w, -h), (w, h), (-w, h)].map(|(x, y)| lens.bent(map.apply(Point::new(x, y)))))
    }
}

impl Lens {
    /// A webcam.
    #[must_use]
    pub const fn webcam(size: Size) -> Self {
        Self { size, focal: 0.83, barrel: 0.0 }
    }

    fn centre(&self) -> (f64, f64, f64) {
        let (w, h) = (f64::from(self.size.width), f64::from(self.size.height));
        (f64::from(self.focal) * w, w / 2.0, h / 2.0)
    }

    /// Where a pixel would be without the lens's bending.
    #[must_use]
    pub fn straight(&self, p: Point) -> Point {
        let (cx, cy) = (self.size.width as f32 / 2.0, self.size.height as f32 / 2.0);
        let (dx, dy) = (p.x - cx, p.y - cy);
        let grow = 1.0 + self.barrel * (dx * dx + dy * dy) / (cx * cx + cy * cy);
        Point::new(cx + dx * grow, cy + dy * grow)
    }

    /// The inverse of [`Self::straight`].
    #[must_use]
    pub fn bent(&self, p: Point) -> Point {
        let mut q = p;
        for _ in 0..12 {
            let s = self.straight(q);
            q = Point::new(q.x + p.x - s.x, q.y + p.y - s.y);
        }
        q
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LENS: Lens = Lens { size: Size::new(1280, 720), focal: 0.83, barrel: 0.03 };

    #[test]
    fn a_flat_page_has_its_size() {
        let lens = Lens { barrel: 0.0, ..LENS };
        let quad = Pose::flat(300.0).corners(&lens, (125.0, 88.0));
        let scale = 0.83 * 1280.0 / 300.0;
        assert!((quad.lengths()[0] - 125.0 * scale).abs() < 0.1 && (quad.lengths()[1] - 88.0 * scale).abs() < 0.1);
        assert!(quad.is_convex() && quad.centre().distance(Point::new(640.0, 360.0)) < 0.1);
        assert!((quad.ratio(lens.size).expect("a rectangle") - 125.0 / 88.0).abs() < 1e-3);
    }

    #[test]
    fn the_ratio_survives_any_pose() {
        let lens = Lens { focal: 0.9, barrel: 0.0, ..LENS };
        for (turn, tip, lean) in [(0.0, 30.0, 0.0), (40.0, -25.0, 10.0), (190.0, 15.0, -35.0), (90.0, 20.0, 20.0)] {
            let quad = Pose { x: 15.0, y: -10.0, distance: 320.0, turn, tip, lean }.corners(&lens, (125.0, 88.0));
            let ratio = quad.ratio(lens.size).expect("a rectangle");
            assert!((ratio - 125.0 / 88.0).abs() < 2e-3, "{turn} {tip} {lean}: {ratio}");
        }
    }

    #[test]
    fn the_lens_bends_and_unbends() {
        for p in [Point::new(3.0, 5.0), Point::new(1200.0, 700.0), Point::new(640.0, 360.0)] {
            assert!(LENS.straight(LENS.bent(p)).distance(p) < 0.01);
        }
        assert!(LENS.straight(Point::new(1279.0, 719.0)).x > 1279.0);
    }
}
