//! Lines that could be one zone: alike in height, parallel, one below the other at the pitch that Doc 9303 prints.

use super::line::TextLine;

/// From one line to the next, in heights of capitals: 4.23 mm on cards to 6.35 mm elsewhere over 2.4 mm, with room for layouts that are off.
const PITCH: std::ops::Range<f32> = 1.2..3.6;
/// Largest ratio of the heights of two lines.
const HEIGHTS: f32 = 1.43;
/// Least overlap of two lines, as a share of both together.
const OVERLAP: f32 = 0.6;
/// Largest difference of slopes.
const SLOPES: f32 = 0.05;
/// Lines whose ends differ by less than this many heights of capitals get common ends.
const RAGGED: f32 = 6.0;

/// Two or three lines, top to bottom.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The lines.
    pub lines: Vec<TextLine>,
    /// How unlike a zone it is; small is good.
    pub oddness: f32,
}

impl Group {
    /// Whether a line of both lies in the same place.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let same = |a: &TextLine, b: &TextLine| {
            let (left, right) = (a.left.max(b.left), a.right.min(b.right));
            let x = (left + right) / 2.0;
            right > left && (a.middle.at(x) - b.middle.at(x)).abs() < a.capitals.max(b.capitals)
        };
        self.lines.iter().any(|a| other.lines.iter().any(|b| same(a, b)))
    }
}

/// Every group of two or three lines, most likely first. `lines` come from one view.
#[must_use]
pub fn groups(mut lines: Vec<TextLine>) -> Vec<Group> {
    let middle = |l: &TextLine| (l.left + l.right) / 2.0;
    let height = |l: &TextLine| l.middle.at(middle(l));
    lines.sort_by(|a, b| height(a).total_cmp(&height(b)));
    let mut found = Vec::new();
    for (i, first) in lines.iter().enumerate() {
        let mut chain = vec![*first];
        for next in &lines[i + 1..] {
            if chain.last().is_some_and(|last| follows(last, next)) {
                chain.push(*next);
            }
        }
        if chain.len() >= 3 {
            found.push(group(&chain[..3]));
        }
        if chain.len() >= 2 {
            found.push(group(&chain[..2]));
        }
    }
    found.sort_by(|a, b| a.oddness.total_cmp(&b.oddness));
    found
}

fn follows(upper: &TextLine, lower: &TextLine) -> bool {
    let ratio = lower.capitals / upper.capitals;
    let (left, right) = (upper.left.max(lower.left), upper.right.min(lower.right));
    let all = upper.right.max(lower.right) - upper.left.min(lower.left);
    let x = (left + right) / 2.0;
    let pitch = (lower.middle.at(x) - upper.middle.at(x)) / ((upper.capitals + lower.capitals) / 2.0);
    (HEIGHTS.recip()..HEIGHTS).contains(&ratio)
        && PITCH.contains(&pitch)
        && right - left > OVERLAP * all
        && (upper.middle.slope(x) - lower.middle.slope(x)).abs() < SLOPES
}

fn group(lines: &[TextLine]) -> Group {
    let expected: &[f32] = if lines.len() == 3 { &[30.0] } else { &[36.0, 44.0] };
    let off = |l: &TextLine| expected.iter().map(|n| (l.characters() / n).ln().abs()).fold(f32::INFINITY, f32::min);
    let capitals = lines[0].capitals;
    let ragged: f32 = lines.windows(2).map(|w| ((w[0].left - w[1].left).abs() + (w[0].right - w[1].right).abs()) / capitals).sum();
    let oddness = lines.iter().map(off).sum::<f32>() / lines.len() as f32 + 0.03 * ragged;
    let mut lines = lines.to_vec();
    align(&mut lines);
    Group { lines, oddness }
}

/// All lines of a zone start and end at the same place, filler included: ends that differ a little become the outermost.
fn align(lines: &mut [TextLine]) {
    let far = RAGGED * lines[0].capitals;
    let left = lines.iter().map(|l| l.left).fold(f32::INFINITY, f32::min);
    let right = lines.iter().map(|l| l.right).fold(f32::NEG_INFINITY, f32::max);
    for line in lines {
        if line.left - left < far {
            line.left = left;
        }
        if right - line.right < far {
            line.right = right;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::ridges::Curve;
    use super::*;
    use crate::geometry::Affine;

    fn line(y: f32, left: f32, right: f32) -> TextLine {
        TextLine { middle: Curve([y, 0.0, 0.0]), left, right, capitals: 8.0, picture_from_level: Affine::IDENTITY }
    }

    #[test]
    fn lines_of_a_zone_stand_together_and_get_common_ends() {
        let found = groups(vec![line(121.0, 12.0, 380.0), line(20.0, 10.0, 150.0), line(100.0, 10.0, 350.0)]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].lines.iter().all(|l| (l.left, l.right) == (10.0, 380.0)), "{found:?}");
        assert!(found[0].lines[0].middle.at(0.0) < found[0].lines[1].middle.at(0.0));
    }

    #[test]
    fn three_lines_are_tried_as_three_and_as_two() {
        let found = groups(vec![line(50.0, 0.0, 255.0), line(64.0, 0.0, 255.0), line(78.0, 0.0, 255.0)]);
        assert_eq!(found[0].lines.len(), 3, "thirty characters wide, so three lines come first");
        assert!(found.iter().any(|g| g.lines.len() == 2));
    }

    #[test]
    fn lines_apart_askew_or_of_other_sizes_do_not() {
        let mut askew = line(120.0, 10.0, 380.0);
        askew.middle.0[1] = 0.1;
        let larger = TextLine { capitals: 13.0, ..line(125.0, 10.0, 380.0) };
        for other in [line(160.0, 10.0, 380.0), line(105.0, 10.0, 380.0), line(120.0, 300.0, 600.0), askew, larger] {
            assert_eq!(groups(vec![line(100.0, 10.0, 380.0), other]), [], "{other:?}");
        }
        assert_eq!(groups(Vec::new()), []);
    }
}
