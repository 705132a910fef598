//! Scaling along the axes: area average downwards, bilinear upwards, and letterboxing for detectors.

use super::Frame;
use super::warp::TensorFormat;
use crate::geometry::{Affine, PixelRect, Size};

/// Sum of the weights of one target pixel along one axis: 255 · 256 still fits 16 bits.
const WEIGHT_SUM: u16 = 256;

/// Which source pixels make each target pixel along one axis, and with what weight.
struct Taps {
    /// First source index per target index.
    starts: Vec<usize>,
    /// `per_target` weights for each target index; they add up to [`WEIGHT_SUM`].
    weights: Vec<u16>,
    per_target: usize,
}

impl Taps {
    /// Area average when shrinking, linear interpolation between pixel centres when growing. Both lengths are at least 1.
    fn new(source: usize, target: usize) -> Self {
        let ratio = source as f64 / target as f64;
        let widest = if ratio > 1.0 { ratio.ceil() as usize + 1 } else { 2 };
        let per_target = widest.min(source);
        let (mut starts, mut weights) = (Vec::with_capacity(target), vec![0; target * per_target]);
        for (i, weights) in weights.chunks_exact_mut(per_target).enumerate() {
            // The target pixel covers [from, to) of the source, never less than one source pixel around its centre.
            let centre = (i as f64 + 0.5) * ratio;
            let half = ratio.max(1.0) / 2.0;
            let (from, to) = (centre - half, centre + half);
            let last_start = source - per_target;
            let start = (from.floor().max(0.0) as usize).min(last_start);
            // Rounding the running sum, not the parts, keeps the total exact. What falls outside goes to the border pixels.
            let mut given = 0;
            for (k, weight) in weights.iter_mut().enumerate() {
                let until = if k + 1 == per_target { to } else { ((start + k + 1) as f64).clamp(from, to) };
                let sum = ((until - from) / (to - from) * f64::from(WEIGHT_SUM)).round() as u16;
                *weight = sum - given;
                given = sum;
            }
            starts.push(start);
        }
        Self { starts, weights, per_target }
    }

    fn of(&self, index: usize) -> (usize, &[u16]) {
        (self.starts[index], &self.weights[index * self.per_target..][..self.per_target])
    }
}

/// Runs `emit(row, x, rgb)` for every target pixel; `rgb` is scaled by 65536.
fn scale_rows(frame: &Frame, target: Size, mut emit: impl FnMut(usize, usize, [u32; 3])) {
    let (width, height) = (target.width.max(1) as usize, target.height.max(1) as usize);
    let columns = Taps::new(frame.width() as usize, width);
    let rows = Taps::new(frame.height() as usize, height);
    let mut sums = vec![0_u16; frame.width() as usize * 3];
    for y in 0..height {
        let (start, weights) = rows.of(y);
        for (k, weight) in weights.iter().enumerate() {
            let row = frame.row((start + k) as u32);
            if k == 0 {
                sums.iter_mut().zip(row).for_each(|(s, v)| *s = weight.wrapping_mul(u16::from(*v)));
            } else if *weight != 0 {
                sums.iter_mut().zip(row).for_each(|(s, v)| *s = s.wrapping_add(weight.wrapping_mul(u16::from(*v))));
            }
        }
        let (pixels, _) = sums.as_chunks::<3>();
        for (x, (start, weights)) in columns.starts.iter().zip(columns.weights.chunks_exact(columns.per_target)).enumerate() {
            let mut rgb = [0_u32; 3];
            for (w, p) in weights.iter().zip(&pixels[*start..*start + weights.len()]) {
                for (sum, v) in rgb.iter_mut().zip(p) {
                    *sum = sum.wrapping_add(u32::from(*w).wrapping_mul(u32::from(*v)));
                }
            }
            emit(y, x, rgb);
        }
    }
}

/// Scales a frame to `target`: area average along an axis that shrinks, bilinear along one that grows.
///
/// A zero side of `target` becomes one pixel. Each channel is within one level of the exact average.
#[must_use]
pub fn resize(frame: &Frame, target: Size) -> Frame {
    if target == frame.size() {
        return frame.clone();
    }
    let mut scaled = Frame::filled(target, [0; 3]);
    let width = scaled.width() as usize;
    let (pixels, _) = scaled.bytes_mut().as_chunks_mut::<3>();
    scale_rows(frame, target, |y, x, rgb| pixels[y * width + x] = rgb.map(|v| (v.wrapping_add(1 << 15) >> 16) as u8));
    scaled
}

/// Where a frame lies inside a letterboxed picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Letterbox {
    /// Size of the frame.
    pub source: Size,
    /// Size of the letterboxed picture.
    pub target: Size,
    /// Where the whole frame lies in the target, centred; at least one pixel.
    pub content: PixelRect,
}

impl Letterbox {
    /// The largest centred placement of `source` in `target` that keeps the frame's proportions.
    #[must_use]
    pub fn fit(source: Size, target: Size) -> Self {
        let (source, target) = (at_least_one(source), at_least_one(target));
        let (sw, sh) = (f64::from(source.width), f64::from(source.height));
        let scale = (f64::from(target.width) / sw).min(f64::from(target.height) / sh);
        let width = ((sw * scale).round() as u32).clamp(1, target.width);
        let height = ((sh * scale).round() as u32).clamp(1, target.height);
        let content = PixelRect { x: (target.width - width) / 2, y: (target.height - height) / 2, width, height };
        Self { source, target, content }
    }

    /// From pixels of the letterboxed picture to pixels of the frame.
    #[must_use]
    pub fn source_from_target(&self) -> Affine {
        let sx = self.source.width as f32 / self.content.width as f32;
        let sy = self.source.height as f32 / self.content.height as f32;
        Affine([sx, 0.0, -(self.content.x as f32) * sx, 0.0, sy, -(self.content.y as f32) * sy])
    }

    /// From pixels of the frame to pixels of the letterboxed picture.
    #[must_use]
    pub fn target_from_source(&self) -> Affine {
        let sx = self.content.width as f32 / self.source.width as f32;
        let sy = self.content.height as f32 / self.source.height as f32;
        Affine([sx, 0.0, self.content.x as f32, 0.0, sy, self.content.y as f32])
    }
}

fn at_least_one(size: Size) -> Size {
    Size::new(size.width.max(1), size.height.max(1))
}

/// Scales a frame into `target` with its proportions kept, on a background of `fill`.
#[must_use]
pub fn letterbox(frame: &Frame, target: Size, fill: [u8; 3]) -> (Frame, Letterbox) {
    let fit = Letterbox::fit(frame.size(), target);
    let mut boxed = Frame::filled(fit.target, fill);
    let (left, top, width) = (fit.content.x as usize, fit.content.y as usize, fit.target.width as usize);
    let (pixels, _) = boxed.bytes_mut().as_chunks_mut::<3>();
    scale_rows(frame, Size::new(fit.content.width, fit.content.height), |y, x, rgb| {
        pixels[(top + y) * width + left + x] = rgb.map(|v| (v.wrapping_add(1 << 15) >> 16) as u8);
    });
    (boxed, fit)
}

/// As [`letterbox`], but straight into one NCHW tensor `[1, 3, height, width]`.
///
/// - `out`: exactly `3 · width · height` values of `target`.
///
/// # Panics
/// If `out` has another length.
pub fn letterbox_to_tensor(frame: &Frame, target: Size, format: &TensorFormat, fill: [u8; 3], out: &mut [f32]) -> Letterbox {
    let fit = Letterbox::fit(frame.size(), target);
    let plane = fit.target.pixels() as usize;
    assert_eq!(out.len(), plane * 3, "the tensor holds three planes of {target}");
    let width = fit.target.width as usize;
    let (left, top) = (fit.content.x as usize, fit.content.y as usize);
    let fill_value = format.values(fill.map(f32::from));
    let (first, rest) = out.split_at_mut(plane);
    let (second, third) = rest.split_at_mut(plane);
    if (fit.content.width, fit.content.height) != (fit.target.width, fit.target.height) {
        first.fill(fill_value[0]);
        second.fill(fill_value[1]);
        third.fill(fill_value[2]);
    }
    let (order, scale, bias) = format.affine(1.0 / 65_536.0);
    scale_rows(frame, Size::new(fit.content.width, fit.content.height), |y, x, rgb| {
        let at = (top + y) * width + left + x;
        // At most 255 · 65536: fits a signed integer, which converts faster.
        first[at] = rgb[order[0]] as i32 as f32 * scale[0] + bias[0];
        second[at] = rgb[order[1]] as i32 as f32 * scale[1] + bias[1];
        third[at] = rgb[order[2]] as i32 as f32 * scale[2] + bias[2];
    });
    fit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Point;
    use crate::imaging::warp::ChannelOrder;

    #[test]
    fn weights_of_every_target_pixel_add_up() {
        for (source, target) in [(1, 1), (1, 9), (9, 1), (7, 3), (3, 7), (1280, 320), (1280, 333), (250, 640), (5000, 2)] {
            let taps = Taps::new(source, target);
            for i in 0..target {
                let (start, weights) = taps.of(i);
                assert_eq!(weights.iter().sum::<u16>(), WEIGHT_SUM, "{source} -> {target}");
                assert!(start + weights.len() <= source);
            }
        }
    }

    #[test]
    fn shrinking_averages_areas() {
        let frame = Frame::from_fn(Size::new(6, 4), |x, y| [(x * 40) as u8, (y * 60) as u8, if (x + y) % 2 == 0 { 0 } else { 255 }]);
        let half = resize(&frame, Size::new(3, 2));
        assert_eq!(half.row(0), [20, 30, 128, 100, 30, 128, 180, 30, 128]);
        // 6 to 4: each target pixel covers one and a half source pixels.
        assert_eq!(resize(&frame, Size::new(4, 4)).row(0).as_chunks::<3>().0[0][0], 13);
        assert_eq!(resize(&frame, frame.size()), frame);
        assert_eq!(resize(&frame, Size::new(0, 0)).size(), Size::new(1, 1));
    }

    #[test]
    fn growing_is_linear_between_centres() {
        let frame = Frame::from_fn(Size::new(2, 1), |x, _| [(x * 200) as u8; 3]);
        let grown = resize(&frame, Size::new(4, 1));
        assert_eq!(grown.bytes().as_chunks::<3>().0.iter().map(|p| p[0]).collect::<Vec<_>>(), [0, 50, 150, 200]);
    }

    #[test]
    fn the_tensor_is_the_letterboxed_picture() {
        let frame = Frame::from_fn(Size::new(50, 30), |x, y| [(x * 5) as u8, (y * 8) as u8, 77]);
        let target = Size::new(32, 32);
        let fill = [1, 2, 3];
        let (boxed, fit) = letterbox(&frame, target, fill);
        assert_eq!(fit.content, PixelRect { x: 0, y: 6, width: 32, height: 19 });
        assert_eq!(boxed.pixel_clamped(3, 2), fill);
        let format = TensorFormat { order: ChannelOrder::Bgr, mean: [10.0, 20.0, 30.0], std: [2.0, 4.0, 8.0] };
        let mut out = vec![0.0; 3 * 32 * 32];
        assert_eq!(letterbox_to_tensor(&frame, target, &format, fill, &mut out), fit);
        for (x, y) in [(0, 0), (5, 10), (31, 20), (17, 31)] {
            let [r, g, b] = boxed.pixel_clamped(x, y).map(f32::from);
            let at = (y * 32 + x) as usize;
            assert!((out[at] - (b - 10.0) / 2.0).abs() <= 0.3);
            assert!((out[1024 + at] - (g - 20.0) / 4.0).abs() <= 0.2);
            assert!((out[2048 + at] - (r - 30.0) / 8.0).abs() <= 0.1);
        }
    }

    proptest::proptest! {
        #[test]
        fn letterbox_and_back_is_the_same_point(sw in 1u32..3000, sh in 1u32..3000, tw in 1u32..800, th in 1u32..800,
                                                fx in 0f32..1.0, fy in 0f32..1.0) {
            let fit = Letterbox::fit(Size::new(sw, sh), Size::new(tw, th));
            proptest::prop_assert!(fit.content.x + fit.content.width <= tw && fit.content.y + fit.content.height <= th);
            let point = Point::new(fx * sw as f32, fy * sh as f32);
            let boxed = fit.target_from_source().apply(point);
            proptest::prop_assert!(fit.source_from_target().apply(boxed).distance(point) < 0.5);
            let inside = fit.content.to_rect();
            proptest::prop_assert!(boxed.x >= inside.x - 0.01 && boxed.x <= inside.right() + 0.01);
            proptest::prop_assert!(boxed.y >= inside.y - 0.01 && boxed.y <= inside.bottom() + 0.01);
        }

        #[test]
        fn a_flat_picture_stays_flat(w in 1u32..40, h in 1u32..40, tw in 1u32..60, th in 1u32..60, v in 0u8..=255) {
            let frame = Frame::filled(Size::new(w, h), [v, 255 - v, 7]);
            let scaled = resize(&frame, Size::new(tw, th));
            proptest::prop_assert!(scaled.bytes().as_chunks::<3>().0.iter().all(|p| *p == [v, 255 - v, 7]));
        }
    }
}
