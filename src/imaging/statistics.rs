//! Masks, histograms and the numbers read off them.

use super::luminance::Plane;
use crate::geometry::{PixelRect, Point, Size};

/// Which pixels count: one byte per pixel, 0 or 1.
#[derive(Clone, PartialEq, Eq)]
pub struct Mask {
    /// Columns and rows.
    pub size: Size,
    /// `width * height` values, 0 or 1.
    pub values: Vec<u8>,
}

impl Mask {
    /// A mask in which no pixel counts.
    #[must_use]
    pub fn empty(size: Size) -> Self {
        Self { size, values: vec![0; size.pixels() as usize] }
    }

    /// The pixels whose centre lies inside the convex polygon `corners` (either winding, in order).
    ///
    /// Corners may lie outside the picture. Fewer than three corners, or a coordinate that is not finite, give an empty mask.
    #[must_use]
    pub fn convex_polygon(size: Size, corners: &[Point]) -> Self {
        let mut mask = Self::empty(size);
        if corners.len() < 3 || corners.iter().any(|p| !p.x.is_finite() || !p.y.is_finite()) {
            return mask;
        }
        let width = size.width as usize;
        for (y, row) in mask.values.chunks_exact_mut(width.max(1)).enumerate() {
            if let Some((left, right)) = span_at(corners, y as f32 + 0.5) {
                // Pixel x counts when left <= x + 0.5 < right.
                let first = (left - 0.5).ceil().clamp(0.0, width as f32) as usize;
                let end = (right - 0.5).ceil().clamp(0.0, width as f32) as usize;
                if first < end {
                    row[first..end].fill(1);
                }
            }
        }
        mask
    }

    /// Number of pixels that count.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.values.iter().map(|v| u64::from(*v)).sum()
    }

    /// One row.
    ///
    /// # Panics
    /// If `y` is not below the height.
    #[must_use]
    pub fn row(&self, y: u32) -> &[u8] {
        let width = self.size.width as usize;
        &self.values[y as usize * width..][..width]
    }

    /// Takes out every pixel that counts in `other`, which has the same size.
    pub fn subtract(&mut self, other: &Self) {
        debug_assert_eq!(self.size, other.size);
        self.values.iter_mut().zip(&other.values).for_each(|(v, o)| *v &= 1 - *o);
    }
}

/// Prints size and count only.
impl std::fmt::Debug for Mask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mask({}, {} set)", self.size, self.count())
    }
}

/// Where the horizontal line at `y` enters and leaves the polygon.
fn span_at(corners: &[Point], y: f32) -> Option<(f32, f32)> {
    let (mut left, mut right) = (f32::INFINITY, f32::NEG_INFINITY);
    for (a, b) in corners.iter().zip(corners.iter().cycle().skip(1)) {
        if (a.y <= y) != (b.y <= y) {
            let x = a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x);
            left = left.min(x);
            right = right.max(x);
        }
    }
    (left <= right).then_some((left, right))
}

/// The smallest convex polygon around `points`, counter-clockwise on paper (y down: clockwise), without repeated corners.
///
/// Points that are not finite are left out; fewer than three remaining points come back as they are.
#[must_use]
pub fn convex_hull(points: &[Point]) -> Vec<Point> {
    let mut sorted: Vec<Point> = points.iter().copied().filter(|p| p.x.is_finite() && p.y.is_finite()).collect();
    sorted.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    sorted.dedup();
    if sorted.len() < 3 {
        return sorted;
    }
    let turns_right = |a: Point, b: Point, c: Point| (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) <= 0.0;
    let chain = |points: &mut dyn Iterator<Item = Point>| {
        let mut chain: Vec<Point> = Vec::new();
        for p in points {
            while chain.len() >= 2 && turns_right(chain[chain.len() - 2], chain[chain.len() - 1], p) {
                chain.pop();
            }
            chain.push(p);
        }
        chain.pop();
        chain
    };
    let mut hull = chain(&mut sorted.iter().copied());
    hull.extend(chain(&mut sorted.iter().rev().copied()));
    hull
}

/// How often each of the 256 values occurs.
#[derive(Clone, PartialEq, Eq)]
pub struct Histogram {
    /// Pixels per value.
    pub bins: [u32; 256],
    /// All pixels counted.
    pub total: u32,
}

impl Histogram {
    /// Counts bytes.
    #[must_use]
    pub fn of(values: impl IntoIterator<Item = u8>) -> Self {
        let mut bins = [0_u32; 256];
        for v in values {
            bins[usize::from(v)] += 1;
        }
        Self { bins, total: bins.iter().sum() }
    }

    /// Counts the values of `plane` where `mask`, of the same size, is set.
    #[must_use]
    pub fn masked(plane: &Plane, mask: &Mask) -> Self {
        debug_assert_eq!(plane.size, mask.size);
        let mut bins = [0_u32; 256];
        for (v, m) in plane.values.iter().zip(&mask.values) {
            bins[usize::from(*v)] += u32::from(*m);
        }
        Self { bins, total: bins.iter().sum() }
    }

    /// Counts the values of `plane` inside `area`, those outside `mask` as 0; `None` when the area is empty or leaves the plane.
    #[must_use]
    pub fn of_area(plane: &Plane, mask: &Mask, area: PixelRect) -> Option<Self> {
        let (right, bottom) = (area.x.checked_add(area.width)?, area.y.checked_add(area.height)?);
        if area.width == 0 || area.height == 0 || right > plane.size.width || bottom > plane.size.height {
            return None;
        }
        let columns = area.x as usize..right as usize;
        let rows = area.y..bottom;
        Some(Self::of(rows.flat_map(|y| {
            let values = plane.row(y)[columns.clone()].iter();
            values.zip(&mask.row(y)[columns.clone()]).map(|(v, m)| v * m)
        })))
    }

    /// Mean value; `None` when nothing was counted.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        let sum: f64 = self.bins.iter().zip(0u32..).map(|(n, v)| f64::from(*n) * f64::from(v)).sum();
        (self.total > 0).then(|| sum / f64::from(self.total))
    }

    /// Mean squared distance from the mean; `None` when nothing was counted.
    #[must_use]
    pub fn variance(&self) -> Option<f64> {
        let mean = self.mean()?;
        let sum: f64 = self.bins.iter().zip(0u32..).map(|(n, v)| f64::from(*n) * (f64::from(v) - mean).powi(2)).sum();
        Some(sum / f64::from(self.total))
    }

    /// Shannon entropy in bits, 0-8; `None` when nothing was counted.
    #[must_use]
    pub fn entropy(&self) -> Option<f64> {
        let total = f64::from(self.total);
        let counted = self.bins.iter().filter(|n| **n > 0).map(|n| f64::from(*n) / total);
        (self.total > 0).then(|| counted.map(|p| -p * p.log2()).sum())
    }

    /// Share of the values from `first` to `last`, both counted; `None` when nothing was counted.
    #[must_use]
    pub fn share(&self, first: u8, last: u8) -> Option<f64> {
        let inside: u32 = self.bins[usize::from(first)..=usize::from(last)].iter().sum();
        (self.total > 0).then(|| f64::from(inside) / f64::from(self.total))
    }

    /// The smallest value that at least `fraction` of the pixels do not exceed; `None` when nothing was counted.
    #[must_use]
    pub fn percentile(&self, fraction: f64) -> Option<u8> {
        let wanted = (fraction.clamp(0.0, 1.0) * f64::from(self.total)).ceil().max(1.0) as u64;
        let mut seen = 0_u64;
        let found = self.bins.iter().position(|n| {
            seen += u64::from(*n);
            seen >= wanted
        });
        found.map(|v| v as u8)
    }

    /// Shared area of the two normalised histograms, 0-1; `None` when either is empty.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Option<f64> {
        if self.total == 0 || other.total == 0 {
            return None;
        }
        let (a, b) = (f64::from(self.total), f64::from(other.total));
        Some(self.bins.iter().zip(&other.bins).map(|(x, y)| (f64::from(*x) / a).min(f64::from(*y) / b)).sum())
    }
}

/// Prints the count only: a histogram of a face says something about its skin.
impl std::fmt::Debug for Histogram {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Histogram({} pixels)", self.total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polygons_cover_their_area() {
        let square = [Point::new(2.0, 1.0), Point::new(6.0, 1.0), Point::new(6.0, 4.0), Point::new(2.0, 4.0)];
        let mask = Mask::convex_polygon(Size::new(10, 8), &square);
        assert_eq!(mask.count(), 12);
        assert_eq!(mask.row(1), [0, 0, 1, 1, 1, 1, 0, 0, 0, 0]);
        let reversed: Vec<Point> = square.iter().rev().copied().collect();
        assert_eq!(Mask::convex_polygon(Size::new(10, 8), &reversed), mask);
        let outside = square.map(|p| Point::new(p.x - 4.0, p.y - 2.0));
        assert_eq!(Mask::convex_polygon(Size::new(10, 8), &outside).count(), 4);
        assert_eq!(Mask::convex_polygon(Size::new(10, 8), &square[..2]).count(), 0);
        assert_eq!(Mask::convex_polygon(Size::new(4, 4), &[Point::new(f32::NAN, 0.0); 3]).count(), 0);
        let disc: Vec<Point> =
            (0..90).map(|i| (i as f32 * 4.0).to_radians()).map(|a| Point::new(50.0 + 40.0 * a.cos(), 50.0 + 40.0 * a.sin())).collect();
        let area = Mask::convex_polygon(Size::new(100, 100), &disc).count() as f64;
        assert!((area / (std::f64::consts::PI * 1600.0) - 1.0).abs() < 0.01);
    }

    #[test]
    fn the_hull_drops_what_lies_inside() {
        let points: Vec<Point> = [(0.0, 0.0), (4.0, 0.0), (2.0, 1.0), (4.0, 4.0), (0.0, 4.0), (2.0, 2.0), (4.0, 0.0), (f32::NAN, 1.0)]
            .map(|(x, y)| Point::new(x, y))
            .to_vec();
        let hull = convex_hull(&points);
        assert_eq!(hull.len(), 4);
        assert_eq!(Mask::convex_polygon(Size::new(6, 6), &hull).count(), 16);
        assert_eq!(convex_hull(&points[..2]).len(), 2);
    }

    #[test]
    fn numbers_of_a_known_histogram() {
        let h = Histogram::of([0, 0, 10, 30]);
        assert_eq!(h.mean(), Some(10.0));
        assert_eq!(h.variance(), Some(150.0));
        assert_eq!(h.entropy(), Some(1.5));
        assert_eq!(h.share(0, 10), Some(0.75));
        assert_eq!([0.0, 0.5, 0.51, 0.75, 1.0].map(|f| h.percentile(f).unwrap()), [0, 0, 10, 10, 30]);
        assert_eq!(h.intersection(&Histogram::of([0, 10, 10, 10])), Some(0.5));
        let none = Histogram::of([]);
        assert!(none.mean().is_none() && none.entropy().is_none() && none.percentile(0.5).is_none());
        assert!(none.intersection(&h).is_none());
    }

    #[test]
    fn areas_outside_the_plane_are_not_assessed() {
        let size = Size::new(4, 4);
        let plane = Plane { size, values: (0..16).collect() };
        let mut mask = Mask::empty(size);
        mask.values[5] = 1;
        let area = PixelRect { x: 1, y: 1, width: 2, height: 2 };
        let h = Histogram::of_area(&plane, &mask, area).unwrap();
        assert_eq!((h.bins[5], h.bins[0], h.total), (1, 3, 4));
        assert!(Histogram::of_area(&plane, &mask, PixelRect { x: 3, ..area }).is_none());
        assert!(Histogram::of_area(&plane, &mask, PixelRect { width: 0, ..area }).is_none());
        assert_eq!(Histogram::masked(&plane, &mask).mean(), Some(5.0));
    }
}
