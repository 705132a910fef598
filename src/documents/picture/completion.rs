//! The fourth side of a page of which three sides and the proportions are known.

use super::quad::{FOCAL, Quad};
use crate::geometry::{Point, Size};

/// A straight line `nx·x + ny·y = d` in a picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Straight {
    pub nx: f32,
    pub ny: f32,
    pub d: f32,
}

impl Straight {
    /// The line through two points.
    pub fn through(a: Point, b: Point) -> Self {
        let length = a.distance(b).max(1e-6);
        let (nx, ny) = (-(b.y - a.y) / length, (b.x - a.x) / length);
        Self { nx, ny, d: nx * a.x + ny * a.y }
    }
}

type Vector = [f64; 3];

/// A page seen by a pinhole camera with the usual focal length, known from the line of one side and the lines of its two neighbours.
pub(super) struct ThreeSides {
    /// Corners at the two ends of the known side, in space; the page's plane is at an arbitrary distance.
    ends: [Vector; 2],
    /// The same corners in the picture.
    seen: [Point; 2],
    /// Length of the known side, in the unit of space.
    length: f64,
    /// Direction of the two neighbours, unit length.
    away: Vector,
    centre: (f64, f64),
    focal: f64,
}

impl ThreeSides {
    /// `None` where the three lines are no picture of three sides of a rectangle.
    pub fn new(side: Straight, neighbours: [Straight; 2], picture: Size) -> Option<Self> {
        let centre = (f64::from(picture.width) / 2.0, f64::from(picture.height) / 2.0);
        let focal = FOCAL * f64::from(picture.width.max(picture.height));
        // The plane through the lens in which a line of the picture lies.
        let plane = |l: Straight| -> Vector {
            let (nx, ny) = (f64::from(l.nx), f64::from(l.ny));
            [nx, ny, (nx * centre.0 + ny * centre.1 - f64::from(l.d)) / focal]
        };
        let (own, first, second) = (plane(side), plane(neighbours[0]), plane(neighbours[1]));
        let away = unit(cross(first, second))?;
        let along = unit(cross(own, away))?;
        let page = unit(cross(away, along))?;
        let corner = |neighbour: Vector| {
            let ray = unit(cross(own, neighbour))?;
            let depth = dot(page, ray);
            (depth.abs() > 0.05).then(|| ray.map(|v| v / depth))
        };
        let ends = [corner(first)?, corner(second)?];
        // All before the camera, or all behind it: the rays' directions are not known.
        if (ends[0][2] > 0.0) != (ends[1][2] > 0.0) {
            return None;
        }
        let along: Vector = std::array::from_fn(|i| ends[1][i] - ends[0][i]);
        let seen = [in_picture(ends[0], centre, focal)?, in_picture(ends[1], centre, focal)?];
        Some(Self { ends, seen, length: dot(along, along).sqrt(), away, centre, focal })
    }

    /// The page whose other sides are `times` as long as the known one, on either side of it: known corners first, then the far ones.
    /// `None` for what would lie behind the camera.
    pub fn page(&self, times: f64, forward: bool) -> Option<[Point; 4]> {
        let far = self.length * if forward { times } else { -times };
        let before = self.ends[0][2] > 0.0;
        let corner = |from: Vector| {
            let moved: Vector = std::array::from_fn(|i| from[i] + self.away[i] * far);
            in_picture(moved, self.centre, self.focal).filter(|_| (moved[2] > 0.0) == before)
        };
        let [a, b] = self.seen;
        Some([a, b, corner(self.ends[1])?, corner(self.ends[0])?])
    }
}

/// A point of space in the picture; `None` beside the lens.
fn in_picture(p: Vector, centre: (f64, f64), focal: f64) -> Option<Point> {
    let scale = focal / p[2];
    (p[2].abs() > 1e-6).then(|| Point::new((p[0] * scale + centre.0) as f32, (p[1] * scale + centre.1) as f32))
}

/// The same quadrilateral with the side after corner `open` moved to where proportions want it; `times` as for [`ThreeSides::page`].
pub(super) fn complete(quad: &Quad, open: usize, times: f64, picture: Size) -> Option<Quad> {
    let corner = |i: usize| quad.0[(open + i) % 4];
    // Corners 2 and 3 after the open side are the known side's; 1-2 and 3-0 are its neighbours.
    let side = Straight::through(corner(2), corner(3));
    let neighbours = [Straight::through(corner(1), corner(2)), Straight::through(corner(3), corner(0))];
    let known = ThreeSides::new(side, neighbours, picture)?;
    let near = |page: &[Point; 4]| page[3].distance(corner(0)) + page[2].distance(corner(1));
    let pages = [true, false].into_iter().filter_map(|forward| known.page(times, forward));
    let page = pages.min_by(|a, b| near(a).total_cmp(&near(b)))?;
    // known corners first: page[0] is corner 2, page[1] corner 3, page[2] corner 0, page[3] corner 1.
    let mut corners = quad.0;
    corners[open % 4] = page[2];
    corners[(open + 1) % 4] = page[3];
    Some(Quad(corners))
}

fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross(a: Vector, b: Vector) -> Vector {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

fn unit(v: Vector) -> Option<Vector> {
    let length = dot(v, v).sqrt();
    (length > 1e-9 && length.is_finite()).then(|| v.map(|x| x / length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fourth_side_is_where_it_was() {
        let size = Size::new(1280, 720);
        // A page of ratio 1.42 at f = 0.9 · 1280, turned and tilted; corners from its pose.
        let focal = FOCAL * 1280.0;
        let (right, down) = ([0.93, 0.21, 0.30], cross([-0.31, 0.02, 0.95], [0.93, 0.21, 0.30]));
        let (right, down) = (unit(right).expect("a vector"), unit(down).expect("a vector"));
        let corner = |u: f64, v: f64| {
            let p: Vector = std::array::from_fn(|i| [-0.2, 0.1, 4.0][i] + right[i] * u * 1.42 + down[i] * v);
            Point::new((p[0] / p[2] * focal + 640.0) as f32, (p[1] / p[2] * focal + 360.0) as f32)
        };
        let quad = Quad([corner(-0.5, -0.5), corner(0.5, -0.5), corner(0.5, 0.5), corner(-0.5, 0.5)]);
        assert!(quad.is_convex() && (quad.ratio(size).expect("a rectangle") - 1.42).abs() < 1e-3);
        for open in 0..4 {
            let mut off = quad;
            off.0[open] = off.0[open].midpoint(off.0[(open + 3) % 4]);
            off.0[(open + 1) % 4] = off.0[(open + 1) % 4].midpoint(off.0[(open + 2) % 4]);
            // Sides 0 and 2 are long ones: their neighbours are shorter.
            let times = if open % 2 == 0 { 1.0 / 1.42 } else { 1.42 };
            let found = complete(&off, open, times, size).expect("three sides");
            assert!(found.largest_move(&quad) < 0.5, "side {open}: {found:?} for {quad:?}");
        }
    }

    #[test]
    fn three_lines_that_meet_nowhere_are_refused() {
        let size = Size::new(640, 480);
        let line = Straight { nx: 0.0, ny: 1.0, d: 100.0 };
        assert!(ThreeSides::new(line, [line, line], size).is_none());
    }
}
