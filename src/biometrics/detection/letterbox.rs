//! Shrinks a frame into a detector's fixed input without distorting it.
//!
//! The picture keeps its proportions, starts at the top left corner, and the rest of the input is black. Shrinking takes area means
//! (rows first, so that the long inner loops run over neighbouring bytes), enlarging is bilinear.

use crate::biometrics::model::Tensor;
use crate::biometrics::pack::InputContract;
use crate::geometry::{Point, Rect, Size};
use crate::imaging::Frame;

/// The plan for one frame size, reusable from frame to frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Letterbox {
    frame: Size,
    /// Frame pixels per input pixel, the same in both directions.
    scale: f32,
    columns: Vec<Span>,
    rows: Vec<Span>,
    /// Sums of source rows, one value per channel and frame column.
    sums: Vec<f32>,
}

/// Source pixels behind one input pixel, with weights that add up to 1.
#[derive(Debug, Clone, PartialEq)]
struct Span {
    start: usize,
    weights: Vec<f32>,
}

impl Letterbox {
    /// Plans the reduction of frames of size `frame` to an input of `contract`'s size.
    ///
    /// `largest_enlargement`: a small picture is enlarged at most this many times; the rest of the input stays black.
    #[must_use]
    pub fn plan(frame: Size, contract: &InputContract, largest_enlargement: f32) -> Self {
        let (width, height) = (frame.width.max(1) as f32, frame.height.max(1) as f32);
        let scale = (width / contract.width as f32).max(height / contract.height as f32).max(1.0 / largest_enlargement);
        let spans = |source: f32, input: usize| {
            let count = ((source / scale).round() as usize).clamp(1, input);
            (0..count).map(|i| Span::new(i, scale, source as usize)).collect::<Vec<_>>()
        };
        let (columns, rows) = (spans(width, contract.width), spans(height, contract.height));
        Self { frame, scale, columns, rows, sums: vec![0.0; frame.width.max(1) as usize * 3] }
    }

    /// Size of the frames this plan is for.
    #[must_use]
    pub const fn frame(&self) -> Size {
        self.frame
    }

    /// Fills a detector's input; parts beyond the picture become black.
    ///
    /// # Panics
    /// If `frame` has another size than planned, or `input` another shape than the contract's.
    pub fn fill(&mut self, frame: &Frame, contract: &InputContract, input: &mut Tensor) {
        assert_eq!(frame.size(), self.frame, "the plan belongs to another frame size");
        assert_eq!(input.shape, [1, 3, contract.height, contract.width], "the input has another shape");
        let planes = contract.planes();
        for (plane, (_, _, offset)) in input.data.chunks_exact_mut(contract.width * contract.height).zip(planes) {
            for (y, row) in plane.chunks_exact_mut(contract.width).enumerate() {
                let from = if y < self.rows.len() { self.columns.len() } else { 0 };
                row[from..].fill(offset);
            }
        }
        for (y, span) in self.rows.iter().enumerate() {
            self.sums.fill(0.0);
            for (i, weight) in span.weights.iter().enumerate() {
                for (sum, byte) in self.sums.iter_mut().zip(frame.row((span.start + i) as u32)) {
                    *sum += weight * f32::from(*byte);
                }
            }
            for (x, span) in self.columns.iter().enumerate() {
                let mut pixel = [0.0f32; 3];
                let source = &self.sums[span.start * 3..][..span.weights.len() * 3];
                for (weight, rgb) in span.weights.iter().zip(source.chunks_exact(3)) {
                    pixel[0] += weight * rgb[0];
                    pixel[1] += weight * rgb[1];
                    pixel[2] += weight * rgb[2];
                }
                for (k, (channel, factor, offset)) in planes.into_iter().enumerate() {
                    input.data[(k * contract.height + y) * contract.width + x] = pixel[channel] * factor + offset;
                }
            }
        }
    }

    /// A point of the input in frame pixels.
    #[must_use]
    pub fn point_in_frame(&self, point_in_input: Point) -> Point {
        Point::new(point_in_input.x * self.scale, point_in_input.y * self.scale)
    }

    /// A point of the frame in input pixels.
    #[must_use]
    pub fn point_in_input(&self, point_in_frame: Point) -> Point {
        Point::new(point_in_frame.x / self.scale, point_in_frame.y / self.scale)
    }

    /// A rectangle of the input in frame pixels.
    #[must_use]
    pub fn rect_in_frame(&self, rect_in_input: Rect) -> Rect {
        let s = self.scale;
        Rect::new(rect_in_input.x * s, rect_in_input.y * s, rect_in_input.width * s, rect_in_input.height * s)
    }
}

impl Span {
    fn new(index: usize, scale: f32, length: usize) -> Self {
        let last = length - 1;
        if scale < 1.0 {
            let at = ((index as f32 + 0.5) * scale - 0.5).clamp(0.0, last as f32);
            let start = (at as usize).min(last.saturating_sub(1));
            let second = at - start as f32;
            return if length == 1 { Self { start: 0, weights: vec![1.0] } } else { Self { start, weights: vec![1.0 - second, second] } };
        }
        let (from, to) = (index as f32 * scale, ((index + 1) as f32 * scale).min(length as f32));
        let start = (from as usize).min(last);
        let end = (to.ceil() as usize).clamp(start + 1, length);
        let mut weights: Vec<f32> = (start..end).map(|i| ((i + 1) as f32).min(to) - (i as f32).max(from)).map(|w| w.max(0.0)).collect();
        let sum: f32 = weights.iter().sum();
        if sum > 0.0 {
            weights.iter_mut().for_each(|w| *w /= sum);
        } else {
            weights[0] = 1.0;
        }
        // A sliver of rounding error is not worth a pass over a row.
        while weights.len() > 1 && weights.last().is_some_and(|w| *w < 1e-4) {
            weights.pop();
        }
        Self { start, weights }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::biometrics::pack::ChannelOrder;

    const CONTRACT: InputContract = InputContract { width: 64, height: 48, order: ChannelOrder::Rgb, mean: [0.0; 3], std: [1.0; 3] };

    #[test]
    fn shrinking_takes_means_and_the_rest_is_black() {
        let frame = Frame::from_fn(Size::new(128, 64), |x, _| [if x % 2 == 0 { 50 } else { 150 }, 10, 20]);
        let mut plan = Letterbox::plan(frame.size(), &CONTRACT, 4.0);
        let mut input = CONTRACT.tensor();
        input.data.fill(7.0);
        plan.fill(&frame, &CONTRACT, &mut input);
        for y in 0..48 {
            for x in 0..64 {
                let at = |k: usize| input.data[(k * 48 + y) * 64 + x];
                let expected = if y < 32 { [100.0, 10.0, 20.0] } else { [0.0; 3] };
                for (k, value) in expected.into_iter().enumerate() {
                    assert!((at(k) - value).abs() < 1e-3, "({x},{y}) plane {k}: {}", at(k));
                }
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn there_and_back_is_within_half_a_pixel(w in 1u32..3000, h in 1u32..3000, x in 0f32..1.0, y in 0f32..1.0) {
            let plan = Letterbox::plan(Size::new(w, h), &CONTRACT, 4.0);
            let point = Point::new(x * w as f32, y * h as f32);
            let there = plan.point_in_input(point);
            proptest::prop_assert!(there.x <= 64.5 && there.y <= 48.5, "{there:?} is outside the input");
            proptest::prop_assert!(plan.point_in_frame(there).distance(point) < 0.5);
        }

        #[test]
        fn a_flat_picture_stays_flat(w in 1u32..200, h in 1u32..200) {
            let frame = Frame::filled(Size::new(w, h), [90, 90, 90]);
            let mut plan = Letterbox::plan(frame.size(), &CONTRACT, 4.0);
            let mut input = CONTRACT.tensor();
            plan.fill(&frame, &CONTRACT, &mut input);
            proptest::prop_assert!(input.data.iter().all(|v| *v == 0.0 || (v - 90.0).abs() < 0.01));
            proptest::prop_assert!((input.data[0] - 90.0).abs() < 0.01);
        }
    }
}
