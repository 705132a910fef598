//! Sampling a frame through an affine map, into a frame or straight into a network's input.

use super::Frame;
use crate::geometry::{Affine, Size};

/// Bits of the bilinear weights along one axis.
const WEIGHT_BITS: u32 = 11;
/// Scale of a sample: the two axes' weights multiplied.
const SAMPLE_ONE: f32 = (1_u32 << (2 * WEIGHT_BITS)) as f32;
/// Most samples averaged along one axis of a target pixel.
const MAX_SAMPLES_PER_AXIS: u32 = 4;

/// Order of a tensor's three planes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChannelOrder {
    /// Red first.
    Rgb,
    /// Blue first.
    Bgr,
}

/// How a tensor's values are made from 0-255 samples: `(v - mean) / std`, plane by plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TensorFormat {
    /// Order of the planes.
    pub order: ChannelOrder,
    /// Subtracted, 0-255, in the order of the planes.
    pub mean: [f32; 3],
    /// Divided by, 0-255 units, in the order of the planes; not zero.
    pub std: [f32; 3],
}

impl TensorFormat {
    /// Samples as they are, 0-255.
    #[must_use]
    pub const fn raw(order: ChannelOrder) -> Self {
        Self { order, mean: [0.0; 3], std: [1.0; 3] }
    }

    /// The same mean and deviation for all planes.
    #[must_use]
    pub const fn uniform(order: ChannelOrder, mean: f32, std: f32) -> Self {
        Self { order, mean: [mean; 3], std: [std; 3] }
    }

    /// The three planes' values of one RGB sample (0-255).
    #[must_use]
    pub fn values(&self, rgb: [f32; 3]) -> [f32; 3] {
        let (order, scale, bias) = self.affine(1.0);
        [0, 1, 2].map(|plane| rgb[order[plane]] * scale[plane] + bias[plane])
    }

    /// Source channel, factor and offset per plane, for samples of which `unit` is one level.
    pub(super) fn affine(&self, unit: f32) -> ([usize; 3], [f32; 3], [f32; 3]) {
        let order = match self.order {
            ChannelOrder::Rgb => [0, 1, 2],
            ChannelOrder::Bgr => [2, 1, 0],
        };
        (order, self.std.map(|s| unit / s), [0, 1, 2].map(|i| -self.mean[i] / self.std[i]))
    }
}

/// A frame with its map, ready to be sampled row by row.
struct Sampler<'a> {
    bytes: &'a [u8],
    width: i64,
    height: i64,
    stride: usize,
    map: Affine,
    fill: [u32; 3],
    /// Samples per axis of a target pixel; more than one when the picture shrinks, so that fine detail does not alias.
    per_axis: u32,
    /// For maps that keep rows and columns apart.
    upright: Option<Upright>,
}

/// What the rows of an upright map share.
struct Upright {
    /// Offset of the left source pixel in its row, and weight of its right neighbour; no offset at or beyond the border.
    columns: Vec<(Option<usize>, u32)>,
    /// Two source rows blended, scaled by one axis' weights.
    blended: Vec<u32>,
}

impl<'a> Sampler<'a> {
    fn new(frame: &'a Frame, source_from_target: &Affine, fill: [u8; 3]) -> Self {
        let [a, b, _, d, e, _] = source_from_target.0;
        let shrink = (a * e - b * d).abs().sqrt();
        Self {
            bytes: frame.bytes(),
            width: i64::from(frame.width()),
            height: i64::from(frame.height()),
            stride: frame.width() as usize * 3,
            map: *source_from_target,
            fill: fill.map(u32::from),
            // One bilinear sample covers two source pixels. A cast from not-a-number gives 0.
            per_axis: ((shrink / 1.6).round() as u32).clamp(1, MAX_SAMPLES_PER_AXIS),
            upright: None,
        }
    }

    /// Prepares for rows of `width` pixels.
    fn prepared(mut self, width: u32) -> Self {
        let [_, b, _, d, ..] = self.map.0;
        if self.per_axis == 1 && b == 0.0 && d == 0.0 {
            let mut columns = Vec::with_capacity(width as usize);
            self.steps(0.5, 0.5, 1.0, width as usize, |sx, _| {
                let (ix, wx) = split(sx);
                let inside = (ix as u64) < (self.width - 1) as u64;
                columns.push((inside.then(|| ix as usize * 3), wx));
            });
            self.upright = Some(Upright { columns, blended: vec![0; self.stride] });
        }
        self
    }

    /// Runs `emit(x, rgb)` along target row `y`; `rgb` is scaled by [`SAMPLE_ONE`].
    fn row(&mut self, y: u32, width: u32, mut emit: impl FnMut(usize, [u32; 3])) {
        if let Some(mut upright) = self.upright.take() {
            self.upright_row(&mut upright, y, &mut emit);
            self.upright = Some(upright);
            return;
        }
        if self.per_axis == 1 {
            self.walk(f64::from(y) + 0.5, 0.5, 1.0, width as usize, &mut emit);
            return;
        }
        let n = self.per_axis;
        let mut sums = vec![[0_u32; 3]; width as usize];
        for sub_row in 0..n {
            for sub_column in 0..n {
                let offset = |i: u32| (f64::from(i) + 0.5) / f64::from(n);
                self.walk(f64::from(y) + offset(sub_row), offset(sub_column), 1.0, width as usize, |x, rgb| {
                    // 16 samples of 30 bits shortened by 4 fit 32 bits.
                    for (sum, v) in sums[x].iter_mut().zip(rgb) {
                        *sum = sum.wrapping_add(v >> 4);
                    }
                });
            }
        }
        for (x, sum) in sums.iter().enumerate() {
            emit(x, sum.map(|s| s / (n * n) * 16));
        }
    }

    /// A row of an upright map: the same sums, first down the two source rows, then along.
    fn upright_row(&self, upright: &mut Upright, y: u32, emit: &mut impl FnMut(usize, [u32; 3])) {
        let (mut place, one) = (0, 1_u32 << WEIGHT_BITS);
        self.steps(f64::from(y) + 0.5, 0.5, 1.0, 1, |_, sy| place = sy);
        let (iy, wy) = split(place);
        if (iy as u64) >= (self.height - 1) as u64 {
            self.walk(f64::from(y) + 0.5, 0.5, 1.0, upright.columns.len(), emit);
            return;
        }
        let rows = &self.bytes[iy as usize * self.stride..][..2 * self.stride];
        let (top, bottom) = rows.split_at(self.stride);
        for ((blended, top), bottom) in upright.blended.iter_mut().zip(top).zip(bottom) {
            *blended = u32::from(*top).wrapping_mul(one.wrapping_sub(wy)).wrapping_add(u32::from(*bottom).wrapping_mul(wy));
        }
        let mut left = None;
        for (x, (offset, wx)) in upright.columns.iter().enumerate() {
            let rgb = match offset.and_then(|at| upright.blended[at..].first_chunk::<6>()) {
                Some(pair) => {
                    let rest = one.wrapping_sub(*wx);
                    [0, 1, 2].map(|c| pair[c].wrapping_mul(rest).wrapping_add(pair[c + 3].wrapping_mul(*wx)))
                }
                None => {
                    let places = left.get_or_insert_with(|| {
                        let mut places = Vec::with_capacity(upright.columns.len());
                        self.steps(f64::from(y) + 0.5, 0.5, 1.0, upright.columns.len(), |sx, _| places.push(sx >> 32));
                        places
                    });
                    self.border(places[x], iy, *wx, wy)
                }
            };
            emit(x, rgb);
        }
    }

    /// Runs `visit` at `count` points of the target at `(x0 + i·step, y)`: positions relative to pixel centres, 32 bits behind the point.
    #[inline(always)]
    fn steps(&self, y: f64, x0: f64, step: f64, count: usize, mut visit: impl FnMut(i64, i64)) {
        const ONE: f64 = (1_u64 << 32) as f64;
        let m = self.map.0.map(f64::from);
        // Casts saturate and the sums may wrap: both only for maps that lead far outside, where the fill is sampled.
        let mut sx = ((m[0] * x0 + m[1] * y + m[2] - 0.5) * ONE) as i64;
        let mut sy = ((m[3] * x0 + m[4] * y + m[5] - 0.5) * ONE) as i64;
        let (dx, dy) = ((m[0] * step * ONE) as i64, (m[3] * step * ONE) as i64);
        for _ in 0..count {
            visit(sx, sy);
            sx = sx.wrapping_add(dx);
            sy = sy.wrapping_add(dy);
        }
    }

    /// Samples `count` points of the target at `(x0 + i·step, y)`.
    #[inline(always)]
    fn walk(&self, y: f64, x0: f64, step: f64, count: usize, mut emit: impl FnMut(usize, [u32; 3])) {
        let (inner_width, inner_height) = ((self.width - 1) as u64, (self.height - 1) as u64);
        let mut i = 0_usize;
        self.steps(y, x0, step, count, |sx, sy| {
            let ((ix, wx), (iy, wy)) = (split(sx), split(sy));
            let rgb = if (ix as u64) < inner_width && (iy as u64) < inner_height {
                let at = (iy as usize).wrapping_mul(self.stride).wrapping_add((ix as usize).wrapping_mul(3));
                let pair = |at: usize| -> &[u8; 6] { self.bytes[at..].first_chunk().expect("the right neighbour is inside the row") };
                let (top, bottom) = (pair(at), pair(at.wrapping_add(self.stride)));
                let weights = weights(wx, wy);
                [0, 1, 2].map(|c| blend([top[c], top[c + 3], bottom[c], bottom[c + 3]].map(u32::from), weights))
            } else {
                self.border(ix, iy, wx, wy)
            };
            emit(i, rgb);
            i = i.wrapping_add(1);
        });
    }

    /// One sample at or beyond the border, where pixels outside have the fill's colour.
    #[cold]
    fn border(&self, ix: i64, iy: i64, wx: u32, wy: u32) -> [u32; 3] {
        let corner = |x: i64, y: i64| -> [u32; 3] {
            if x < 0 || y < 0 || x >= self.width || y >= self.height {
                return self.fill;
            }
            let at = y as usize * self.stride + x as usize * 3;
            [0, 1, 2].map(|c| u32::from(self.bytes[at + c]))
        };
        let (right, below) = (ix.wrapping_add(1), iy.wrapping_add(1));
        let corners = [corner(ix, iy), corner(right, iy), corner(ix, below), corner(right, below)];
        [0, 1, 2].map(|c| blend(corners.map(|p| p[c]), weights(wx, wy)))
    }
}

/// Whole pixels of a position, and the weight of the next one.
#[inline(always)]
const fn split(position: i64) -> (i64, u32) {
    (position >> 32, ((position >> (32 - WEIGHT_BITS)) & ((1 << WEIGHT_BITS) - 1)) as u32)
}

/// Weights of top left, top right, bottom left and bottom right; they add up to 2^22.
#[inline(always)]
fn weights(wx: u32, wy: u32) -> [u32; 4] {
    let both = wx.wrapping_mul(wy);
    let (right, bottom) = ((wx << WEIGHT_BITS).wrapping_sub(both), (wy << WEIGHT_BITS).wrapping_sub(both));
    let rest = right.wrapping_add(bottom).wrapping_add(both);
    [(1_u32 << (2 * WEIGHT_BITS)).wrapping_sub(rest), right, bottom, both]
}

/// Weighted sum of four values; at most 255 · 2^22.
#[inline(always)]
fn blend(values: [u32; 4], weights: [u32; 4]) -> u32 {
    let product = |i: usize| values[i].wrapping_mul(weights[i]);
    product(0).wrapping_add(product(1)).wrapping_add(product(2).wrapping_add(product(3)))
}

/// Samples `frame` bilinearly at `source_from_target` of every target pixel's centre.
///
/// Outside the frame lies `fill`. When the picture shrinks to less than 0.4, several samples are averaged per pixel.
/// A zero side of `target` becomes one pixel.
#[must_use]
pub fn sample_affine(frame: &Frame, source_from_target: &Affine, target: Size, fill: [u8; 3]) -> Frame {
    let mut sampled = Frame::filled(target, fill);
    let width = sampled.width();
    let mut sampler = Sampler::new(frame, source_from_target, fill).prepared(width);
    for (row, y) in sampled.bytes_mut().chunks_exact_mut(width as usize * 3).zip(0..) {
        let (pixels, _) = row.as_chunks_mut::<3>();
        sampler.row(y, width, |x, rgb| {
            pixels[x] = rgb.map(|v| (v.wrapping_add(1 << (2 * WEIGHT_BITS - 1)) >> (2 * WEIGHT_BITS)) as u8);
        });
    }
    sampled
}

/// As [`sample_affine`], but straight into one NCHW tensor `[1, 3, height, width]`, without rounding to whole levels.
///
/// - `out`: exactly `3 · width · height` values of `target`, whose sides are not zero.
///
/// # Panics
/// If `out` has another length.
pub fn sample_to_tensor(frame: &Frame, source_from_target: &Affine, target: Size, format: &TensorFormat, fill: [u8; 3], out: &mut [f32]) {
    let plane = target.pixels() as usize;
    assert_eq!(out.len(), plane * 3, "the tensor holds three planes of {target}");
    if plane == 0 {
        return;
    }
    let mut sampler = Sampler::new(frame, source_from_target, fill).prepared(target.width);
    let (order, scale, bias) = format.affine(1.0 / SAMPLE_ONE);
    let width = target.width as usize;
    let (first, rest) = out.split_at_mut(plane);
    let (second, third) = rest.split_at_mut(plane);
    let rows = first.chunks_exact_mut(width).zip(second.chunks_exact_mut(width)).zip(third.chunks_exact_mut(width));
    for (((first, second), third), y) in rows.zip(0..) {
        sampler.row(y, target.width, |x, rgb| {
            // At most 255 · 2^22 < 2^30: fits a signed integer, which converts faster.
            first[x] = rgb[order[0]] as i32 as f32 * scale[0] + bias[0];
            second[x] = rgb[order[1]] as i32 as f32 * scale[1] + bias[1];
            third[x] = rgb[order[2]] as i32 as f32 * scale[2] + bias[2];
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Point;

    fn ramp(size: Size) -> Frame {
        Frame::from_fn(size, |x, y| [(x * 3) as u8, (y * 3) as u8, 40])
    }

    #[test]
    fn the_identity_changes_nothing() {
        let frame = Frame::from_fn(Size::new(17, 9), |x, y| [(x * 13) as u8, (y * 29) as u8, (x * y) as u8]);
        assert_eq!(sample_affine(&frame, &Affine::IDENTITY, frame.size(), [0; 3]), frame);
    }

    #[test]
    fn samples_are_the_bilinear_formula() {
        let frame = Frame::from_fn(Size::new(40, 30), |x, y| [(x * 37 + y * 11) as u8, (x * y) as u8, (200 - x * 3) as u8]);
        let (sin, cos) = 0.3_f32.sin_cos();
        let map = Affine([cos, -sin, 9.0, sin, cos, -2.0]);
        let target = Size::new(34, 34);
        let fill = [10, 20, 30];
        let sampled = sample_affine(&frame, &map, target, fill);
        let at = |x: i64, y: i64| if x < 0 || y < 0 || x >= 40 || y >= 30 { fill } else { frame.pixel_clamped(x, y) };
        for y in 0..34 {
            for x in 0..34 {
                let p = map.apply(Point::new(x as f32 + 0.5, y as f32 + 0.5));
                let (px, py) = (p.x - 0.5, p.y - 0.5);
                let (fx, fy) = (px - px.floor(), py - py.floor());
                let (ix, iy) = (px.floor() as i64, py.floor() as i64);
                for c in 0..3 {
                    let [tl, tr, bl, br] = [at(ix, iy), at(ix + 1, iy), at(ix, iy + 1), at(ix + 1, iy + 1)].map(|v| f32::from(v[c]));
                    let want = (tl * (1.0 - fx) + tr * fx) * (1.0 - fy) + (bl * (1.0 - fx) + br * fx) * fy;
                    let got = f32::from(sampled.pixel_clamped(x, y)[c]);
                    assert!((got - want).abs() <= 0.8, "({x}, {y}) channel {c}: {got} for {want}");
                }
            }
        }
    }

    /// Rows and columns apart or not, the sums are the same to the last bit: a map that turns by nothing that shows goes the other way.
    #[test]
    fn upright_maps_are_sampled_alike_by_both_ways() {
        let frame = Frame::from_fn(Size::new(41, 31), |x, y| [(x * 37 + y * 11) as u8, (x * y) as u8, (200 - x * 3) as u8]);
        for (scale, dx, dy) in [(0.37, -3.2, 2.4), (1.3, 4.0, -6.5), (0.5, 0.25, 0.25), (-0.7, 39.0, 1.0), (1.0, 500.0, 0.0)] {
            let upright = Affine([scale, 0.0, dx, 0.0, scale, dy]);
            let turned = Affine([scale, f32::MIN_POSITIVE, dx, 0.0, scale, dy]);
            let target = Size::new(53, 47);
            let sampled = |map| sample_affine(&frame, &map, target, [3, 90, 200]);
            assert_eq!(sampled(upright), sampled(turned), "{scale} {dx} {dy}");
        }
    }

    #[test]
    fn shrinking_averages_instead_of_skipping() {
        let frame = Frame::from_fn(Size::new(64, 64), |x, y| [if (x + y) % 2 == 0 { 0 } else { 255 }; 3]);
        let map = Affine([4.0, 0.0, 0.0, 0.0, 4.0, 0.0]);
        let shrunk = sample_affine(&frame, &map, Size::new(16, 16), [0; 3]);
        assert!(shrunk.bytes().iter().all(|v| (120..=135).contains(v)));
    }

    #[test]
    fn the_tensor_holds_the_same_samples() {
        let frame = ramp(Size::new(60, 50));
        let map = Affine([0.9, 0.1, 3.0, -0.1, 0.9, 5.0]);
        let target = Size::new(24, 20);
        let picture = sample_affine(&frame, &map, target, [0; 3]);
        let format = TensorFormat { order: ChannelOrder::Bgr, mean: [1.0, 2.0, 3.0], std: [2.0, 4.0, 5.0] };
        let mut out = vec![f32::NAN; 3 * 480];
        sample_to_tensor(&frame, &map, target, &format, [0; 3], &mut out);
        for (i, [r, g, b]) in picture.bytes().as_chunks::<3>().0.iter().enumerate() {
            assert!((out[i] * 2.0 + 1.0 - f32::from(*b)).abs() <= 0.51);
            assert!((out[480 + i] * 4.0 + 2.0 - f32::from(*g)).abs() <= 0.51);
            assert!((out[960 + i] * 5.0 + 3.0 - f32::from(*r)).abs() <= 0.51);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_map_is_survived(m in proptest::array::uniform6(proptest::num::f32::ANY), w in 1u32..9, h in 1u32..9) {
            let frame = ramp(Size::new(w, h));
            let sampled = sample_affine(&frame, &Affine(m), Size::new(5, 4), [9; 3]);
            proptest::prop_assert_eq!(sampled.size(), Size::new(5, 4));
        }
    }
}
