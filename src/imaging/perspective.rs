//! Projective maps between a flat thing and its picture, and sampling through them.

use super::Frame;
use crate::geometry::{Point, Size};

/// Most samples averaged along one axis of a target pixel.
const MAX_SAMPLES_PER_AXIS: u32 = 4;

/// A 3x3 projective map, row by row: `(x, y, 1)` goes to `(X/W, Y/W)`.
///
/// Name values `target_from_source`, so that chains cancel visibly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Homography(pub [f64; 9]);

impl Homography {
    /// The map that changes nothing.
    pub const IDENTITY: Self = Self([1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]);

    /// The map that takes the unit square's corners (0,0), (1,0), (1,1), (0,1) to `corners`, in that order.
    ///
    /// `None` when three of the corners lie on one line or a coordinate is not finite.
    ///
    /// # Source
    /// Heckbert 1989, Fundamentals of Texture Mapping, section 2.2.3.
    #[must_use]
    pub fn from_unit_square(corners: &[Point; 4]) -> Option<Self> {
        let [p0, p1, p2, p3] = corners.map(|p| (f64::from(p.x), f64::from(p.y)));
        let (dx1, dx2, sx) = (p1.0 - p2.0, p3.0 - p2.0, p0.0 - p1.0 + p2.0 - p3.0);
        let (dy1, dy2, sy) = (p1.1 - p2.1, p3.1 - p2.1, p0.1 - p1.1 + p2.1 - p3.1);
        let denominator = dx1 * dy2 - dx2 * dy1;
        let g = (sx * dy2 - dx2 * sy) / denominator;
        let h = (dx1 * sy - sx * dy1) / denominator;
        let map =
            Self([p1.0 - p0.0 + g * p1.0, p3.0 - p0.0 + h * p3.0, p0.0, p1.1 - p0.1 + g * p1.1, p3.1 - p0.1 + h * p3.1, p0.1, g, h, 1.0]);
        (map.0.iter().all(|v| v.is_finite()) && map.inverse().is_some()).then_some(map)
    }

    /// The map that takes each corner of `source` to the corner of `target` at the same place in the list.
    #[must_use]
    pub fn from_corners(source: &[Point; 4], target: &[Point; 4]) -> Option<Self> {
        Some(Self::from_unit_square(target)?.after(&Self::from_unit_square(source)?.inverse()?))
    }

    /// Applies `first`, then this map.
    #[must_use]
    pub fn after(&self, first: &Self) -> Self {
        let (a, b) = (&self.0, &first.0);
        Self(std::array::from_fn(|i| (0..3).map(|k| a[i / 3 * 3 + k] * b[k * 3 + i % 3]).sum()))
    }

    /// The inverse map, or `None` when there is none.
    #[must_use]
    pub fn inverse(&self) -> Option<Self> {
        let [a, b, c, d, e, f, g, h, i] = self.0;
        let (ca, cb, cc) = (e * i - f * h, f * g - d * i, d * h - e * g);
        let determinant = a * ca + b * cb + c * cc;
        let size = self.0.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        if !determinant.is_finite() || determinant.abs() <= 1e-14 * size.powi(3) {
            return None;
        }
        let adjugate = [ca, c * h - b * i, b * f - c * e, cb, a * i - c * g, c * d - a * f, cc, b * g - a * h, a * e - b * d];
        Some(Self(adjugate.map(|v| v / determinant)))
    }

    /// Maps one point; far away or not finite for a point on the line that the map sends to infinity.
    #[must_use]
    pub fn apply(&self, point: Point) -> Point {
        let (x, y) = self.apply_exact(f64::from(point.x), f64::from(point.y));
        Point::new(x as f32, y as f32)
    }

    /// Maps one point in double precision.
    #[must_use]
    pub fn apply_exact(&self, x: f64, y: f64) -> (f64, f64) {
        let m = &self.0;
        let w = m[6] * x + m[7] * y + m[8];
        ((m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w)
    }
}

/// Samples `frame` bilinearly at `source_from_target` of every target pixel's centre.
///
/// Outside the frame lies `fill`. Where the picture shrinks, several samples are averaged per pixel. A zero side of `target` becomes one pixel.
#[must_use]
pub fn sample_perspective(frame: &Frame, source_from_target: &Homography, target: Size, fill: [u8; 3]) -> Frame {
    let mut sampled = Frame::filled(target, fill);
    let target = sampled.size();
    let per_axis = samples_per_axis(source_from_target, target);
    let step = 1.0 / f64::from(per_axis);
    let share = 1.0 / (per_axis * per_axis) as f32;
    let view = View { bytes: frame.bytes(), width: i64::from(frame.width()), height: i64::from(frame.height()), fill: fill.map(f32::from) };
    let m = &source_from_target.0;
    for (row, y) in sampled.bytes_mut().chunks_exact_mut(target.width as usize * 3).zip(0u32..) {
        for (pixel, x) in row.as_chunks_mut::<3>().0.iter_mut().zip(0u32..) {
            let mut sum = [0.0_f32; 3];
            for sub in 0..per_axis * per_axis {
                let tx = f64::from(x) + (f64::from(sub % per_axis) + 0.5) * step;
                let ty = f64::from(y) + (f64::from(sub / per_axis) + 0.5) * step;
                let w = 1.0 / (m[6] * tx + m[7] * ty + m[8]);
                let value = view.at((m[0] * tx + m[1] * ty + m[2]) * w, (m[3] * tx + m[4] * ty + m[5]) * w);
                sum.iter_mut().zip(value).for_each(|(s, v)| *s += v);
            }
            *pixel = sum.map(|s| (s * share + 0.5) as u8);
        }
    }
    sampled
}

/// From how much the picture shrinks about the target's centre: one bilinear sample covers two source pixels.
fn samples_per_axis(source_from_target: &Homography, target: Size) -> u32 {
    let (cx, cy) = (f64::from(target.width) / 2.0, f64::from(target.height) / 2.0);
    let at = |x, y| source_from_target.apply_exact(x, y);
    let (o, a, b) = (at(cx, cy), at(cx + 1.0, cy), at(cx, cy + 1.0));
    let area = ((a.0 - o.0) * (b.1 - o.1) - (a.1 - o.1) * (b.0 - o.0)).abs();
    // A cast from not-a-number gives 0.
    ((area.sqrt() / 1.6).round() as u32).clamp(1, MAX_SAMPLES_PER_AXIS)
}

/// The bytes that are sampled.
struct View<'a> {
    bytes: &'a [u8],
    width: i64,
    height: i64,
    fill: [f32; 3],
}

impl View<'_> {
    /// The picture between its pixels' centres.
    #[inline(always)]
    fn at(&self, x: f64, y: f64) -> [f32; 3] {
        let (x, y) = (x - 0.5, y - 0.5);
        let (fx, fy) = (x.floor(), y.floor());
        let (tx, ty) = ((x - fx) as f32, (y - fy) as f32);
        let (ix, iy) = (fx as i64, fy as i64);
        if ix >= 0 && iy >= 0 && ix + 1 < self.width && iy + 1 < self.height {
            let at = (iy * self.width + ix) as usize * 3;
            let below = at + self.width as usize * 3;
            let (top, bottom) = (&self.bytes[at..at + 6], &self.bytes[below..below + 6]);
            return std::array::from_fn(|c| {
                let upper = f32::from(top[c]) + (f32::from(top[c + 3]) - f32::from(top[c])) * tx;
                let lower = f32::from(bottom[c]) + (f32::from(bottom[c + 3]) - f32::from(bottom[c])) * tx;
                upper + (lower - upper) * ty
            });
        }
        self.border(ix, iy, tx, ty)
    }

    /// At or beyond the border, where pixels outside have the fill's colour.
    #[cold]
    fn border(&self, ix: i64, iy: i64, tx: f32, ty: f32) -> [f32; 3] {
        let corner = |x: i64, y: i64| -> [f32; 3] {
            if x < 0 || y < 0 || x >= self.width || y >= self.height {
                return self.fill;
            }
            let at = (y * self.width + x) as usize * 3;
            std::array::from_fn(|c| f32::from(self.bytes[at + c]))
        };
        let (right, below) = (ix.saturating_add(1), iy.saturating_add(1));
        let [a, b, c, d] = [corner(ix, iy), corner(right, iy), corner(ix, below), corner(right, below)];
        std::array::from_fn(|k| {
            let (upper, lower) = (a[k] + (b[k] - a[k]) * tx, c[k] + (d[k] - c[k]) * tx);
            upper + (lower - upper) * ty
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TARGET: [Point; 4] = [Point::new(300.0, 120.0), Point::new(1010.0, 60.0), Point::new(1090.0, 590.0), Point::new(230.0, 640.0)];

    #[test]
    fn corners_go_to_corners_and_back() {
        let page = [Point::new(0.0, 0.0), Point::new(125.0, 0.0), Point::new(125.0, 88.0), Point::new(0.0, 88.0)];
        let map = Homography::from_corners(&page, &TARGET).expect("four corners in general position");
        let back = map.inverse().expect("invertible");
        for (from, to) in page.iter().zip(TARGET) {
            assert!(map.apply(*from).distance(to) < 1e-3);
            assert!(back.apply(to).distance(*from) < 1e-3);
        }
        // Straight lines stay straight.
        let (a, b, c) = (map.apply(Point::new(10.0, 10.0)), map.apply(Point::new(60.0, 40.0)), map.apply(Point::new(110.0, 70.0)));
        assert!(((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)).abs() < 0.2);
    }

    #[test]
    fn corners_on_a_line_are_refused() {
        let line = [Point::new(0.0, 0.0), Point::new(1.0, 1.0), Point::new(2.0, 2.0), Point::new(0.0, 5.0)];
        assert_eq!(Homography::from_unit_square(&line), None);
        assert_eq!(Homography::from_unit_square(&[Point::new(f32::NAN, 0.0); 4]), None);
        assert_eq!(Homography::from_unit_square(&[Point::default(); 4]), None);
    }

    #[test]
    fn a_straight_map_copies_pixels() {
        let frame = Frame::from_fn(Size::new(20, 10), |x, y| [(x * 10) as u8, (y * 20) as u8, 99]);
        assert_eq!(sample_perspective(&frame, &Homography::IDENTITY, frame.size(), [0; 3]), frame);
        let moved = Homography([1.0, 0.0, 5.0, 0.0, 1.0, 2.0, 0.0, 0.0, 1.0]);
        let part = sample_perspective(&frame, &moved, Size::new(20, 10), [7, 8, 9]);
        assert_eq!(part.pixel_clamped(3, 4), [80, 120, 99]);
        assert_eq!(part.pixel_clamped(17, 1), [7, 8, 9]);
        let half = Homography([2.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 1.0]);
        assert_eq!(sample_perspective(&frame, &half, Size::new(10, 5), [0; 3]).pixel_clamped(2, 1), [45, 50, 99]);
        let nowhere = Homography([f64::NAN; 9]);
        assert_eq!(sample_perspective(&frame, &nowhere, Size::new(2, 2), [1, 2, 3]).size(), Size::new(2, 2));
    }
}
