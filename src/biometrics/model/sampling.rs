//! From a frame to a network's input: where the crop lies, and which sampling each kind of network wants.

use super::Tensor;
use crate::biometrics::pack::InputContract;
use crate::geometry::{Affine, Point, Rect, Size};
use crate::imaging::Frame;
use crate::imaging::warp;

impl InputContract {
    /// Columns and rows.
    #[must_use]
    pub const fn size(&self) -> Size {
        Size::new(self.width as u32, self.height as u32)
    }

    /// An input of zeros, f32 NCHW `[1, 3, height, width]`.
    #[must_use]
    pub fn tensor(&self) -> Tensor {
        Tensor::zeros(&[1, 3, self.height, self.width])
    }

    /// The map that stretches `crop_in_frame` over the whole input.
    #[must_use]
    pub fn frame_from_input(&self, crop_in_frame: Rect) -> Affine {
        let (sx, sy) = (crop_in_frame.width / self.width as f32, crop_in_frame.height / self.height as f32);
        Affine([sx, 0.0, crop_in_frame.x, 0.0, sy, crop_in_frame.y])
    }

    /// Fills `input` from `frame` through `frame_from_input`; black outside the frame, averaged where the picture shrinks.
    ///
    /// - `frame_from_input`: maps input pixels to frame pixels (pixel centres at +0.5 in both).
    /// - `input`: of [`Self::tensor`]'s shape.
    ///
    /// # Panics
    /// If `input` has another shape.
    pub fn sample(&self, frame: &Frame, frame_from_input: &Affine, input: &mut Tensor) {
        warp::sample_to_tensor(frame, frame_from_input, self.size(), &self.format, [0; 3], &mut input.data);
    }

    /// Fills `input` from an upright crop with one bilinear sample per value, however much the picture shrinks: for networks that were
    /// trained on plainly resized crops and that look at exactly the detail which averaging would remove.
    ///
    /// - `crop_in_frame`: frame pixels; coordinates outside the frame are moved to its border.
    pub fn sample_plainly(&self, frame: &Frame, crop_in_frame: Rect, input: &mut Tensor) {
        let map = self.frame_from_input(crop_in_frame);
        let plane = self.width * self.height;
        for y in 0..self.height {
            for x in 0..self.width {
                let at = map.apply(Point::new(x as f32 + 0.5, y as f32 + 0.5));
                let (left, top) = ((at.x - 0.5).floor(), (at.y - 0.5).floor());
                let (fx, fy) = (at.x - 0.5 - left, at.y - 0.5 - top);
                let corner = |dx: i64, dy: i64| {
                    frame.pixel_clamped((left as i64).saturating_add(dx), (top as i64).saturating_add(dy)).map(f32::from)
                };
                let corners = [corner(0, 0), corner(1, 0), corner(0, 1), corner(1, 1)];
                let weights = [(1.0 - fx) * (1.0 - fy), fx * (1.0 - fy), (1.0 - fx) * fy, fx * fy];
                let channel = |c: usize| corners.iter().zip(weights).map(|(p, w)| p[c] * w).sum::<f32>();
                let values = self.format.values([channel(0), channel(1), channel(2)]);
                for (k, value) in values.into_iter().enumerate() {
                    input.data[k * plane + y * self.width + x] = value;
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
    use crate::imaging::warp::{ChannelOrder, TensorFormat};

    fn contract(order: ChannelOrder) -> InputContract {
        InputContract { width: 4, height: 2, format: TensorFormat { order, mean: [10.0, 20.0, 30.0], std: [2.0, 4.0, 8.0] } }
    }

    #[test]
    fn both_samplings_order_and_normalise_alike() {
        let frame = Frame::filled(Size::new(4, 2), [110, 60, 46]);
        for (order, expected) in [(ChannelOrder::Rgb, [50.0, 10.0, 2.0]), (ChannelOrder::Bgr, [18.0, 10.0, 10.0])] {
            let contract = contract(order);
            let (mut mapped, mut plain) = (contract.tensor(), contract.tensor());
            contract.sample(&frame, &Affine::IDENTITY, &mut mapped);
            contract.sample_plainly(&frame, Rect::new(0.0, 0.0, 4.0, 2.0), &mut plain);
            assert_eq!(mapped.shape, [1, 3, 2, 4]);
            for input in [&mapped, &plain] {
                for (values, expected) in input.data.chunks(8).zip(expected) {
                    assert!(values.iter().all(|v| (v - expected).abs() < 1e-3), "{order:?}: {values:?}");
                }
            }
        }
    }

    #[test]
    fn plain_sampling_takes_single_points() {
        let frame = Frame::from_fn(Size::new(20, 2), |x, _| [(x * 10) as u8; 3]);
        let contract = InputContract { format: TensorFormat::raw(ChannelOrder::Rgb), ..contract(ChannelOrder::Rgb) };
        let mut input = contract.tensor();
        contract.sample_plainly(&frame, Rect::new(0.0, 0.0, 20.0, 2.0), &mut input);
        assert_eq!(input.data[..4], [20.0, 70.0, 120.0, 170.0]);
        for far in [Rect::new(1e9, -1e9, 5.0, 5.0), Rect::new(f32::NAN, 0.0, 5.0, f32::INFINITY)] {
            contract.sample_plainly(&frame, far, &mut input);
        }
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
