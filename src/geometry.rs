//! Points, sizes, rectangles and affine maps in pixel space: origin top left, x to the right, y down.
//!
//! Pixel `(i, j)` covers the square from `(i, j)` to `(i + 1, j + 1)`; its centre is at `(i + 0.5, j + 0.5)`.
//! The space a value lives in is part of its name at every use (`roi_in_frame`, `crop_from_frame`).

/// A point in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// Pixels to the right of the left edge.
    pub x: f32,
    /// Pixels below the top edge.
    pub y: f32,
}

impl Point {
    /// A point from its coordinates, pixels.
    #[must_use]
    pub const fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }

    /// Euclidean distance to `other`, pixels.
    #[must_use]
    pub fn distance(self, other: Self) -> f32 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// The point half-way to `other`.
    #[must_use]
    pub fn midpoint(self, other: Self) -> Self {
        Self::new((self.x + other.x) / 2.0, (self.y + other.y) / 2.0)
    }
}

/// Whole pixels of a picture or a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Size {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

impl Size {
    /// A size from columns and rows.
    #[must_use]
    pub const fn new(width: u32, height: u32) -> Self {
        Self { width, height }
    }

    /// Number of pixels; never overflows.
    #[must_use]
    pub const fn pixels(self) -> u64 {
        self.width as u64 * self.height as u64
    }
}

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

/// An axis-aligned rectangle with fractional coordinates, pixels.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rect {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width, never negative for a valid rectangle.
    pub width: f32,
    /// Height, never negative for a valid rectangle.
    pub height: f32,
}

impl Rect {
    /// A rectangle from its top-left corner and its size.
    #[must_use]
    pub const fn new(x: f32, y: f32, width: f32, height: f32) -> Self {
        Self { x, y, width, height }
    }

    /// The x coordinate of the right edge.
    #[must_use]
    pub fn right(self) -> f32 {
        self.x + self.width
    }

    /// The y coordinate of the bottom edge.
    #[must_use]
    pub fn bottom(self) -> f32 {
        self.y + self.height
    }

    /// The centre.
    #[must_use]
    pub fn centre(self) -> Point {
        Point::new(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// Area in square pixels; 0 for an inverted rectangle.
    #[must_use]
    pub fn area(self) -> f32 {
        self.width.max(0.0) * self.height.max(0.0)
    }

    /// Area shared with `other`; 0 when the two do not overlap.
    #[must_use]
    pub fn intersection_area(self, other: Self) -> f32 {
        let width = self.right().min(other.right()) - self.x.max(other.x);
        let height = self.bottom().min(other.bottom()) - self.y.max(other.y);
        width.max(0.0) * height.max(0.0)
    }

    /// Intersection over union, in [0, 1]; 0 when either is empty or a value is not finite.
    #[must_use]
    pub fn iou(self, other: Self) -> f32 {
        let shared = self.intersection_area(other);
        let union = self.area() + other.area() - shared;
        if union > 0.0 && shared.is_finite() && union.is_finite() { (shared / union).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// Whether `point` lies inside; the left and top edges belong to the rectangle.
    #[must_use]
    pub fn contains(self, point: Point) -> bool {
        point.x >= self.x && point.x < self.right() && point.y >= self.y && point.y < self.bottom()
    }

    /// The same centre with both sides multiplied by `factor`.
    #[must_use]
    pub fn scaled_about_centre(self, factor: f32) -> Self {
        let (width, height) = (self.width * factor, self.height * factor);
        let centre = self.centre();
        Self::new(centre.x - width / 2.0, centre.y - height / 2.0, width, height)
    }
}

/// An axis-aligned rectangle of whole pixels, inside some stated picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct PixelRect {
    /// First column.
    pub x: u32,
    /// First row.
    pub y: u32,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

impl PixelRect {
    /// The same rectangle with fractional coordinates.
    #[must_use]
    pub fn to_rect(self) -> Rect {
        Rect::new(self.x as f32, self.y as f32, self.width as f32, self.height as f32)
    }
}

/// A 2x3 affine map: `x' = m[0]·x + m[1]·y + m[2]`, `y' = m[3]·x + m[4]·y + m[5]`.
///
/// Name values `target_from_source`, so that chains cancel visibly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Affine(pub [f32; 6]);

impl Affine {
    /// The map that changes nothing.
    pub const IDENTITY: Self = Self([1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);

    /// Maps one point.
    #[must_use]
    pub fn apply(&self, point: Point) -> Point {
        let m = &self.0;
        Point::new(m[0] * point.x + m[1] * point.y + m[2], m[3] * point.x + m[4] * point.y + m[5])
    }

    /// The inverse map, or `None` when the map is singular.
    #[must_use]
    pub fn inverse(&self) -> Option<Self> {
        let [a, b, c, d, e, f] = self.0.map(f64::from);
        let det = a * e - b * d;
        if !det.is_finite() || det.abs() < 1e-12 {
            return None;
        }
        let inverse = [e / det, -b / det, (b * f - e * c) / det, -d / det, a / det, (d * c - a * f) / det];
        Some(Self(inverse.map(|v| v as f32)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disjoint_rectangles_share_nothing() {
        let a = Rect::new(0.0, 0.0, 10.0, 10.0);
        let b = Rect::new(20.0, 20.0, 10.0, 10.0);
        assert_eq!(a.iou(b), 0.0);
        assert_eq!(a.iou(a), 1.0);
    }

    #[test]
    fn inverse_undoes_the_map() {
        let m = Affine([2.0, -1.0, 5.0, 1.0, 2.0, -3.0]);
        let p = Point::new(7.0, 11.0);
        let back = m.inverse().expect("the determinant is 5").apply(m.apply(p));
        assert!(back.distance(p) < 1e-4);
        assert_eq!(Affine([1.0, 2.0, 0.0, 2.0, 4.0, 0.0]).inverse(), None);
    }

    proptest::proptest! {
        #[test]
        fn iou_is_a_fraction(ax in -50f32..50.0, ay in -50f32..50.0, aw in -5f32..60.0, ah in -5f32..60.0,
                             bx in -50f32..50.0, by in -50f32..50.0, bw in -5f32..60.0, bh in -5f32..60.0) {
            let (a, b) = (Rect::new(ax, ay, aw, ah), Rect::new(bx, by, bw, bh));
            let iou = a.iou(b);
            proptest::prop_assert!((0.0..=1.0).contains(&iou));
            proptest::prop_assert_eq!(iou, b.iou(a));
            if a.intersection_area(b) == 0.0 { proptest::prop_assert_eq!(iou, 0.0); }
        }
    }
}
