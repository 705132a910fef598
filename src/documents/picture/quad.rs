//! Four corners in a picture.

use crate::geometry::{Point, Size};
use crate::imaging::perspective::Homography;

/// A convex quadrilateral in pixels, clockwise as seen in the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quad(pub [Point; 4]);

impl Quad {
    /// The outline of a whole picture.
    #[must_use]
    pub fn of_size(size: Size) -> Self {
        let (w, h) = (size.width as f32, size.height as f32);
        Self([Point::new(0.0, 0.0), Point::new(w, 0.0), Point::new(w, h), Point::new(0.0, h)])
    }

    /// The sides: from each corner to the next.
    #[must_use]
    pub fn sides(&self) -> [(Point, Point); 4] {
        std::array::from_fn(|i| (self.0[i], self.0[(i + 1) % 4]))
    }

    /// Lengths of the sides, pixels.
    #[must_use]
    pub fn lengths(&self) -> [f32; 4] {
        self.sides().map(|(a, b)| a.distance(b))
    }

    /// Mean length of the two diagonals, pixels.
    #[must_use]
    pub fn diagonal(&self) -> f32 {
        f32::midpoint(self.0[0].distance(self.0[2]), self.0[1].distance(self.0[3]))
    }

    /// Mean of the corners.
    #[must_use]
    pub fn centre(&self) -> Point {
        self.0[0].midpoint(self.0[2]).midpoint(self.0[1].midpoint(self.0[3]))
    }

    /// Signed area, square pixels: positive for corners that run clockwise in the picture.
    #[must_use]
    pub fn area(&self) -> f32 {
        self.sides().iter().map(|(a, b)| a.x * b.y - b.x * a.y).sum::<f32>() / 2.0
    }

    /// Whether it is convex and clockwise; not if a coordinate is not finite.
    #[must_use]
    pub fn is_convex(&self) -> bool {
        (0..4).all(|i| {
            let (a, b, c) = (self.0[i], self.0[(i + 1) % 4], self.0[(i + 2) % 4]);
            (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x) > 0.0
        })
    }

    /// Whether `point` lies inside.
    #[must_use]
    pub fn contains(&self, point: Point) -> bool {
        self.sides().iter().all(|(a, b)| (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x) >= 0.0)
    }

    /// Whether `point` lies inside, or outside by no more than `margin` pixels.
    #[must_use]
    pub fn contains_nearly(&self, point: Point, margin: f32) -> bool {
        let inwards = |a: &Point, b: &Point| ((b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x)) / a.distance(*b).max(1e-6);
        self.sides().iter().all(|(a, b)| inwards(a, b) >= -margin)
    }

    /// The same quadrilateral with its corners named from `first` on.
    #[must_use]
    pub fn starting_at(&self, first: usize) -> Self {
        Self(std::array::from_fn(|i| self.0[(first + i) % 4]))
    }

    /// The same corners, multiplied.
    #[must_use]
    pub fn scaled(&self, x: f32, y: f32) -> Self {
        Self(self.0.map(|p| Point::new(p.x * x, p.y * y)))
    }

    /// The largest distance of a corner from its counterpart in `other`, however the corners of either are counted, over `other`'s diagonal.
    #[must_use]
    pub fn corner_error(&self, other: &Self) -> f32 {
        let worst = |first: usize| self.starting_at(first).0.iter().zip(other.0).map(|(a, b)| a.distance(b)).fold(0.0, f32::max);
        (0..4).map(worst).fold(f32::INFINITY, f32::min) / other.diagonal()
    }

    /// The largest distance of a corner from the corner of the same name in `other`, pixels.
    #[must_use]
    pub fn largest_move(&self, other: &Self) -> f32 {
        self.0.iter().zip(other.0).map(|(a, b)| a.distance(b)).fold(0.0, f32::max)
    }

    /// Least distance of a corner from the border of a picture of that size, pixels; negative outside.
    #[must_use]
    pub fn margin(&self, size: Size) -> f32 {
        let (w, h) = (size.width as f32, size.height as f32);
        self.0.iter().flat_map(|p| [p.x, p.y, w - p.x, h - p.y]).fold(f32::INFINITY, f32::min)
    }

    /// Whether the two share area: some corner, or the centre, of one lies in the other.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let meets = |a: &Self, b: &Self| b.contains(a.centre()) || a.0.iter().any(|p| b.contains(*p));
        meets(self, other) || meets(other, self)
    }

    /// From a page of `width` by `height` (any unit, origin at the first corner) to the picture.
    #[must_use]
    pub fn picture_from_page(&self, width: f64, height: f64) -> Option<Homography> {
        let page_to_unit = Homography([1.0 / width, 0.0, 0.0, 0.0, 1.0 / height, 0.0, 0.0, 0.0, 1.0]);
        Some(Homography::from_unit_square(&self.0)?.after(&page_to_unit))
    }

    /// Width over height of the flat rectangle whose picture this is, its first side taken as a width.
    ///
    /// Assumes a pinhole camera with its axis through the picture's centre and a usual focal length (`FOCAL`); how far that is from the
    /// truth matters little for the tilts at which documents can be read. `None` for a quadrilateral that is no picture of a rectangle.
    ///
    /// # Source
    /// Zhang and He 2007, Whiteboard scanning and image enhancement, equations 11 to 20.
    #[must_use]
    pub fn ratio(&self, picture: Size) -> Option<f64> {
        let (across, down) = directions(self, picture);
        let ratio = (dot(across, across) / dot(down, down)).sqrt();
        (ratio.is_finite() && ratio > 0.0).then_some(ratio)
    }

    /// How far from square the corners of the flat page come out with the lens that is assumed, 0-1: the cosine of the angle between its sides.
    #[must_use]
    pub fn skew(&self, picture: Size) -> Option<f64> {
        let (across, down) = directions(self, picture);
        let skew = (dot(across, down) / (dot(across, across) * dot(down, down)).sqrt()).abs();
        skew.is_finite().then_some(skew)
    }
}

/// The page's two directions in space, each as long as the page in that direction, up to a common factor.
fn directions(quad: &Quad, picture: Size) -> ([f64; 3], [f64; 3]) {
    let (cx, cy) = (f64::from(picture.width) / 2.0, f64::from(picture.height) / 2.0);
    let focal = FOCAL * f64::from(picture.width.max(picture.height));
    let [m1, m2, m4, m3] = quad.0.map(|p| [(f64::from(p.x) - cx) / focal, (f64::from(p.y) - cy) / focal, 1.0]);
    let k2 = dot(cross(m1, m4), m3) / dot(cross(m2, m4), m3);
    let k3 = dot(cross(m1, m4), m2) / dot(cross(m3, m4), m2);
    (std::array::from_fn(|i| k2 * m2[i] - m1[i]), std::array::from_fn(|i| k3 * m3[i] - m1[i]))
}

/// The page's normal in space, unit length, z along the lens's axis; `None` where it cannot be told.
pub(super) fn page_normal(quad: &Quad, picture: Size) -> Option<[f64; 3]> {
    let (across, down) = directions(quad, picture);
    let normal = cross(across, down);
    let length = dot(normal, normal).sqrt();
    (length.is_finite() && length > 0.0).then(|| normal.map(|v| v / length))
}

/// Focal length over the picture's longer side that is assumed: a horizontal field of view of 58 degrees, between a webcam (62) and a
/// telephone's main camera (65 on 4:3, so 55 to 60 on 16:9).
pub(super) const FOCAL: f64 = 0.9;

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}
