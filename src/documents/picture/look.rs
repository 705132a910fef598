//! What a page looks like from afar: enough to tell the one side of a document from the other.

use crate::imaging::luminance::Plane;

const COLUMNS: usize = 16;
const ROWS: usize = 11;

/// Looks that are so alike are the same side. Of 333 pairs of the two sides of one rendered card, each in a scene of its own (seeds 5 to 7 of
/// `evaluate document-scenes`), none was more alike than 0.56: a card that was turned is seen to be. Of 468 pairs of the same side in two scenes, with
/// other light, glare and fingers, half are above 0.85; within one capture, where the light stays, it is the higher limit that matters.
const SAME: f32 = 0.9;
/// Standard deviation below which a page has nothing to be told by, levels.
const PLAIN: f32 = 3.0;

/// Mean grey values of a page in a coarse grid, upper row first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look([u8; COLUMNS * ROWS]);

impl Look {
    /// Of a flattened page.
    #[must_use]
    pub fn of(page: &Plane) -> Self {
        let (width, height) = (page.size.width as usize, page.size.height as usize);
        Self(std::array::from_fn(|i| {
            let (column, row) = (i % COLUMNS, i / COLUMNS);
            let (left, right) = (column * width / COLUMNS, (column + 1) * width / COLUMNS);
            let (mut sum, mut count) = (0_u32, 0_u32);
            for y in row * height / ROWS..(row + 1) * height / ROWS {
                sum += page.row(y as u32)[left..right].iter().map(|v| u32::from(*v)).sum::<u32>();
                count += (right - left) as u32;
            }
            (sum / count.max(1)) as u8
        }))
    }

    /// Whether the two are pictures of the same side, either way up, whatever the light. A page without anything on it is like no other.
    #[must_use]
    pub fn is_same_side(&self, other: &Self) -> bool {
        let mut over = self.0;
        over.reverse();
        correlation(&self.0, &other.0).max(correlation(&over, &other.0)) > SAME
    }
}

/// -1 to 1; 0 where one of the two is plain.
fn correlation(a: &[u8], b: &[u8]) -> f32 {
    let n = a.len() as f32;
    let mean = |v: &[u8]| v.iter().map(|x| f32::from(*x)).sum::<f32>() / n;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let sum =
        |f: &dyn Fn(f32, f32) -> f32| a.iter().zip(b).map(|(x, y)| f(f32::from(*x) - mean_a, f32::from(*y) - mean_b)).sum::<f32>() / n;
    let (aa, bb, ab) = (sum(&|x, _| x * x), sum(&|_, y| y * y), sum(&|x, y| x * y));
    if aa.sqrt().min(bb.sqrt()) < PLAIN { 0.0 } else { ab / (aa * bb).sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    fn page(shade: impl Fn(u32, u32) -> u8) -> Look {
        let size = Size::new(344, 216);
        let values = (0..size.height).flat_map(|y| (0..size.width).map(move |x| (x, y))).map(|(x, y)| shade(x, y)).collect();
        Look::of(&Plane { size, values })
    }

    #[test]
    fn a_side_is_known_again_in_other_light_and_upside_down() {
        let front = |x: u32, y: u32| if x < 120 && (40..170).contains(&y) { 90 } else { 220 };
        let back = |_: u32, y: u32| if y > 130 { 120 } else { 220 };
        let brighter = move |x: u32, y: u32| (f32::from(front(x, y)) * 0.7 + 30.0 + x as f32 * 0.03) as u8;
        let over = move |x: u32, y: u32| front(343 - x, 215 - y);
        assert!(page(front).is_same_side(&page(brighter)));
        assert!(page(front).is_same_side(&page(over)));
        assert!(!page(front).is_same_side(&page(back)));
        assert!(!page(|_, _| 200).is_same_side(&page(|_, _| 201)));
    }
}
