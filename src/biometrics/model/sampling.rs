//! From a frame to a network's input: sampling through an affine map, channel order and normalisation.

use super::Tensor;
use crate::biometrics::pack::{ChannelOrder, InputContract};
use crate::geometry::{Affine, Point, Rect};
use crate::imaging::Frame;

/// How source pixels become one input value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reduction {
    /// Bilinear at one point, as networks trained on plainly resized crops expect.
    Point,
    /// The mean of several bilinear samples where the map shrinks the picture, so that fine detail does not alias.
    Area,
}

/// Most samples along one side that [`Reduction::Area`] averages.
const MAX_SAMPLES_PER_SIDE: u32 = 8;

impl InputContract {
    /// An input of zeros, f32 NCHW `[1, 3, height, width]`.
    #[must_use]
    pub fn tensor(&self) -> Tensor {
        Tensor::zeros(&[1, 3, self.height, self.width])
    }

    /// Per output plane: index of the frame's channel, factor and offset that normalise a sample.
    pub(crate) fn planes(&self) -> [(usize, f32, f32); 3] {
        let channels = match self.order {
            ChannelOrder::Rgb => [0, 1, 2],
            ChannelOrder::Bgr => [2, 1, 0],
        };
        std::array::from_fn(|k| (channels[k], 1.0 / self.std[k], -self.mean[k] / self.std[k]))
    }

    /// The map that stretches `crop_in_frame` over the whole input.
    #[must_use]
    pub fn frame_from_input(&self, crop_in_frame: Rect) -> Affine {
        let (sx, sy) = (crop_in_frame.width / self.width as f32, crop_in_frame.height / self.height as f32);
        Affine([sx, 0.0, crop_in_frame.x, 0.0, sy, crop_in_frame.y])
    }

    /// Fills `input` from `frame` through `frame_from_input`; black outside the frame.
    ///
    /// - `frame_from_input`: maps input pixels to frame pixels (pixel centres at +0.5 in both).
    /// - `input`: of [`Self::tensor`]'s shape.
    pub fn sample(&self, frame: &Frame, frame_from_input: &Affine, reduction: Reduction, input: &mut Tensor) {
        let per_side = match reduction {
            Reduction::Point => 1,
            Reduction::Area => samples_per_side(frame_from_input),
        };
        let planes = self.planes();
        let size = self.width * self.height;
        let (first, rest) = input.data.split_at_mut(size);
        let (second, third) = rest.split_at_mut(size);
        let sampler = Sampler::new(frame);
        let [ax, bx, cx, ay, by, cy] = frame_from_input.0;
        let weight = 1.0 / (per_side * per_side) as f32;
        for row in 0..self.height {
            for column in 0..self.width {
                let mut sum = [0.0f32; 3];
                for j in 0..per_side {
                    let v = row as f32 + (j as f32 + 0.5) / per_side as f32;
                    for i in 0..per_side {
                        let u = column as f32 + (i as f32 + 0.5) / per_side as f32;
                        sampler.add(ax * u + bx * v + cx, ay * u + by * v + cy, &mut sum);
                    }
                }
                let at = row * self.width + column;
                let value = |k: usize| sum[planes[k].0] * weight * planes[k].1 + planes[k].2;
                first[at] = value(0);
                second[at] = value(1);
                third[at] = value(2);
            }
        }
    }
}

/// Enough samples that every source pixel counts: one bilinear sample covers about two.
fn samples_per_side(frame_from_input: &Affine) -> u32 {
    let [ax, bx, _, ay, by, _] = frame_from_input.0;
    let scale = ax.hypot(ay).max(bx.hypot(by));
    if scale.is_finite() { ((scale / 2.0).ceil() as u32).clamp(1, MAX_SAMPLES_PER_SIDE) } else { 1 }
}

/// Bilinear look-ups in one frame.
struct Sampler<'a> {
    bytes: &'a [u8],
    width: i64,
    height: i64,
}

impl<'a> Sampler<'a> {
    fn new(frame: &'a Frame) -> Self {
        Self { bytes: frame.bytes(), width: i64::from(frame.width()), height: i64::from(frame.height()) }
    }

    /// Adds the bilinear sample at `(x, y)`, frame pixels, to `sum`.
    #[inline]
    fn add(&self, x: f32, y: f32, sum: &mut [f32; 3]) {
        let (x, y) = (x - 0.5, y - 0.5);
        let (left, top) = (x.floor(), y.floor());
        let (fx, fy) = (x - left, y - top);
        let (left, top) = (left as i64, top as i64);
        let weights = [(1.0 - fx) * (1.0 - fy), fx * (1.0 - fy), (1.0 - fx) * fy, fx * fy];
        if left >= 0 && top >= 0 && left + 1 < self.width && top + 1 < self.height {
            let at = ((top * self.width + left) * 3) as usize;
            let below = at + self.width as usize * 3;
            let (upper, lower) = (&self.bytes[at..at + 6], &self.bytes[below..below + 6]);
            for c in 0..3 {
                sum[c] += weights[0] * f32::from(upper[c])
                    + weights[1] * f32::from(upper[c + 3])
                    + weights[2] * f32::from(lower[c])
                    + weights[3] * f32::from(lower[c + 3]);
            }
        } else {
            for (k, weight) in weights.into_iter().enumerate() {
                let (x, y) = (left.saturating_add((k & 1) as i64), top.saturating_add((k >> 1) as i64));
                if (0..self.width).contains(&x) && (0..self.height).contains(&y) {
                    let at = ((y * self.width + x) * 3) as usize;
                    for c in 0..3 {
                        sum[c] += weight * f32::from(self.bytes[at + c]);
                    }
                }
            }
        }
    }
}

/// The map from a rotated square crop's pixels to the frame's.
///
/// - `centre_in_frame`, `side_in_frame`: frame pixels.
/// - `roll`: radians; the crop's x axis points along `(cos, sin)` in the frame.
/// - `input_side`: pixels of the crop.
#[must_use]
pub fn frame_from_square(centre_in_frame: Point, side_in_frame: f32, roll: f32, input_side: usize) -> Affine {
    let scale = side_in_frame / input_side as f32;
    let (sin, cos) = (roll.sin() * scale, roll.cos() * scale);
    let half = input_side as f32 / 2.0;
    Affine([cos, -sin, centre_in_frame.x - cos * half + sin * half, sin, cos, centre_in_frame.y - sin * half - cos * half])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    fn contract(order: ChannelOrder) -> InputContract {
        InputContract { width: 4, height: 2, order, mean: [10.0, 20.0, 30.0], std: [2.0, 4.0, 8.0] }
    }

    #[test]
    fn planes_are_ordered_and_normalised() {
        let frame = Frame::filled(Size::new(4, 2), [110, 60, 46]);
        for (order, expected) in [(ChannelOrder::Rgb, [50.0, 10.0, 2.0]), (ChannelOrder::Bgr, [18.0, 10.0, 10.0])] {
            let contract = contract(order);
            let mut input = contract.tensor();
            contract.sample(&frame, &Affine::IDENTITY, Reduction::Point, &mut input);
            assert_eq!(input.shape, [1, 3, 2, 4]);
            for (plane, value) in input.data.chunks(8).zip(expected) {
                assert!(plane.iter().all(|v| (v - value).abs() < 1e-4), "{order:?}: {plane:?}");
            }
        }
    }

    #[test]
    fn outside_the_frame_is_black() {
        let frame = Frame::filled(Size::new(4, 2), [255; 3]);
        let contract = InputContract { mean: [0.0; 3], std: [1.0; 3], ..contract(ChannelOrder::Rgb) };
        let mut input = contract.tensor();
        for map in [Affine([1.0, 0.0, 100.0, 0.0, 1.0, 0.0]), Affine([f32::NAN; 6]), Affine([1e30, 0.0, 1e30, 0.0, 1e30, -1e30])] {
            contract.sample(&frame, &map, Reduction::Area, &mut input);
            assert!(input.data.iter().all(|v| *v == 0.0 || v.is_nan()), "{map:?}");
        }
    }

    #[test]
    fn shrinking_by_area_takes_the_mean() {
        // Columns alternate between black and white; a fourfold reduction must be grey everywhere, a point sample need not be.
        let frame = Frame::from_fn(Size::new(16, 8), |x, _| [if x % 2 == 0 { 0 } else { 200 }; 3]);
        let contract = InputContract { mean: [0.0; 3], std: [1.0; 3], ..contract(ChannelOrder::Rgb) };
        let mut input = contract.tensor();
        contract.sample(&frame, &Affine([4.0, 0.0, 0.0, 0.0, 4.0, 0.0]), Reduction::Area, &mut input);
        assert!(input.data.iter().all(|v| (v - 100.0).abs() < 1e-3), "{:?}", input.data);
    }

    #[test]
    fn a_level_square_is_centred() {
        let map = frame_from_square(Point::new(50.0, 40.0), 20.0, 0.0, 10);
        assert_eq!(map.apply(Point::new(5.0, 5.0)), Point::new(50.0, 40.0));
        assert_eq!(map.apply(Point::new(0.0, 0.0)), Point::new(40.0, 30.0));
        let turned = frame_from_square(Point::new(50.0, 40.0), 20.0, std::f32::consts::FRAC_PI_2, 10);
        let p = turned.apply(Point::new(10.0, 5.0));
        assert!(p.distance(Point::new(50.0, 50.0)) < 1e-4, "the crop's right is the frame's down: {p:?}");
    }
}
