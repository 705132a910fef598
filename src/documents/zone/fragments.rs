//! Which way text runs in a picture: dark strokes that run together into long blobs, and the directions of those blobs.

use super::pyramid::Pyramid;
use crate::imaging::luminance::Plane;

/// Longer sides at which blobs are looked for.
const SIDES: [u32; 3] = [480, 680, 960];
/// Bins of two degrees.
const BINS: usize = 90;
/// How far a stroke must be darker than the paper around it.
const LEAST_DARKNESS: u8 = 10;
/// Strokes are looked at in windows of this half size.
const NEIGHBOURHOOD: usize = 20;

/// A blob's second moments.
#[derive(Clone, Copy, Default)]
struct Moments {
    area: f64,
    x: f64,
    y: f64,
    xx: f64,
    yy: f64,
    xy: f64,
}

/// Directions of text, radians in (-π/2, π/2], the strongest first; at most `most`.
#[must_use]
pub fn directions(pyramid: &Pyramid, most: usize) -> Vec<f32> {
    let mut histogram = [0.0_f64; BINS];
    let picture = pyramid.size();
    for side in SIDES {
        // A view much larger than the picture has nothing more to show.
        if side as f32 > 3.0 * picture.width.max(picture.height) as f32 {
            continue;
        }
        for (angle, weight) in elongated(&pyramid.level(side, 0.0).plane) {
            let at = angle.to_degrees().rem_euclid(180.0) / 2.0 - 0.5;
            for offset in -2..=2_i32 {
                let bin = (at.round() as i32 + offset).rem_euclid(BINS as i32) as usize;
                histogram[bin] += weight * f64::from(3 - offset.abs());
            }
        }
    }
    let mut found = Vec::new();
    while found.len() < most {
        let Some((peak, highest)) = histogram.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1)) else { break };
        if highest <= 0.0 {
            break;
        }
        let around = |offset: i32| (peak as i32 + offset).rem_euclid(BINS as i32) as usize;
        let (sum, moment) = (-2..=2_i32).fold((0.0, 0.0), |(sum, moment), o| {
            let weight = histogram[around(o)];
            (sum + weight, moment + weight * f64::from(o))
        });
        let degrees = (peak as f64 + 0.5 + moment / sum) * 2.0;
        let degrees = if degrees > 90.0 { degrees - 180.0 } else { degrees };
        found.push(degrees.to_radians() as f32);
        (-5..=5).for_each(|o| histogram[around(o)] = 0.0);
    }
    found
}

/// Angle in radians and weight of every long thin blob of a view.
fn elongated(plane: &Plane) -> Vec<(f64, f64)> {
    let (width, height) = (plane.size.width as usize, plane.size.height as usize);
    if width < 16 || height < 16 {
        return Vec::new();
    }
    let dark = darker_than_paper(plane);
    let ink = strokes(&dark, width, height);
    let grown = grown(&ink, width, height);
    blobs(&grown, width, height).into_iter().filter_map(|m| lengthy(&m)).collect()
}

fn lengthy(m: &Moments) -> Option<(f64, f64)> {
    if m.area < 120.0 {
        return None;
    }
    let (x, y) = (m.x / m.area, m.y / m.area);
    let (xx, yy, xy) = (m.xx / m.area - x * x + 1.0 / 12.0, m.yy / m.area - y * y + 1.0 / 12.0, m.xy / m.area - x * y);
    let (half, spread) = ((xx + yy) / 2.0, ((xx - yy) / 2.0).hypot(xy));
    let length = (12.0 * (half + spread)).sqrt();
    let thickness = (12.0 * (half - spread).max(1e-6)).sqrt();
    let filled = m.area / (length * thickness);
    let text = length > 4.0 * thickness && (6.0..18.0).contains(&thickness) && filled > 0.6;
    text.then(|| (0.5 * (2.0 * xy).atan2(xx - yy), (length / thickness).powi(2)))
}

/// Closing by seven by seven pixels less the picture: thin dark strokes.
fn darker_than_paper(plane: &Plane) -> Vec<u8> {
    let (width, height) = (plane.size.width as usize, plane.size.height as usize);
    let extreme = |values: &[u8], pick: fn(u8, u8) -> u8| {
        let along = |values: &[u8], step: usize, count: usize, starts: &dyn Fn(usize) -> usize, lines: usize| {
            let mut out = vec![0_u8; values.len()];
            for line in 0..lines {
                let start = starts(line);
                for i in 0..count {
                    let (from, to) = (i.saturating_sub(3), (i + 3).min(count - 1));
                    let first = values[start + from * step];
                    out[start + i * step] = (from + 1..=to).fold(first, |best, k| pick(best, values[start + k * step]));
                }
            }
            out
        };
        let rows = along(values, 1, width, &|line| line * width, height);
        along(&rows, width, height, &|line| line, width)
    };
    let closed = extreme(&extreme(&plane.values, u8::max), u8::min);
    closed.iter().zip(&plane.values).map(|(c, v)| c.saturating_sub(*v)).collect()
}

/// What is darker than its neighbourhood on average.
fn strokes(dark: &[u8], width: usize, height: usize) -> Vec<bool> {
    let stride = width + 1;
    let mut sums = vec![0_u32; stride * (height + 1)];
    for y in 0..height {
        let mut row = 0;
        for x in 0..width {
            row += u32::from(dark[y * width + x]);
            sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1].wrapping_add(row);
        }
    }
    let mut ink = vec![false; dark.len()];
    for y in 0..height {
        let (top, bottom) = (y.saturating_sub(NEIGHBOURHOOD), (y + NEIGHBOURHOOD + 1).min(height));
        for x in 0..width {
            let value = dark[y * width + x];
            if value > LEAST_DARKNESS {
                let (left, right) = (x.saturating_sub(NEIGHBOURHOOD), (x + NEIGHBOURHOOD + 1).min(width));
                let at = |x: usize, y: usize| sums[y * stride + x];
                let sum = at(right, bottom).wrapping_sub(at(left, bottom)).wrapping_sub(at(right, top)).wrapping_add(at(left, top));
                let count = ((right - left) * (bottom - top)) as u32;
                ink[y * width + x] = u32::from(value) * count * 10 > sum * 11;
            }
        }
    }
    ink
}

/// Strokes grown by two pixels, so that the characters of a line touch and lines do not.
fn grown(ink: &[bool], width: usize, height: usize) -> Vec<bool> {
    let mut out = vec![false; ink.len()];
    for y in 0..height {
        for x in 0..width {
            if !ink[y * width + x] {
                continue;
            }
            for (dy, reach) in [(-2_i64, 1_i64), (-1, 2), (0, 2), (1, 2), (2, 1)] {
                let row = y as i64 + dy;
                if (0..height as i64).contains(&row) {
                    let (from, to) = ((x as i64 - reach).max(0), (x as i64 + reach).min(width as i64 - 1));
                    out[row as usize * width + from as usize..=row as usize * width + to as usize].fill(true);
                }
            }
        }
    }
    out
}

/// Moments of every connected blob.
fn blobs(mask: &[bool], width: usize, height: usize) -> Vec<Moments> {
    let mut seen = vec![false; mask.len()];
    let mut found = Vec::new();
    let mut todo = Vec::new();
    for start in 0..mask.len() {
        if !mask[start] || seen[start] {
            continue;
        }
        let mut moments = Moments::default();
        seen[start] = true;
        todo.push(start);
        while let Some(at) = todo.pop() {
            let (x, y) = (at % width, at / width);
            let (fx, fy) = (x as f64, y as f64);
            moments.area += 1.0;
            moments.x += fx;
            moments.y += fy;
            moments.xx += fx * fx;
            moments.yy += fy * fy;
            moments.xy += fx * fy;
            let mut visit = |next: usize| {
                if mask[next] && !seen[next] {
                    seen[next] = true;
                    todo.push(next);
                }
            };
            if x > 0 {
                visit(at - 1);
            }
            if x + 1 < width {
                visit(at + 1);
            }
            if y > 0 {
                visit(at - width);
            }
            if y + 1 < height {
                visit(at + width);
            }
        }
        found.push(moments);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    /// Bars of a text-like line at an angle.
    fn picture(degrees: f32) -> Plane {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let size = Size::new(600, 600);
        let value = |x: u32, y: u32| {
            let (dx, dy) = (x as f32 - 300.0, y as f32 - 300.0);
            let (along, across) = (dx * cos + dy * sin, -dx * sin + dy * cos);
            let line = (across.abs() < 5.0 || (across - 25.0).abs() < 5.0) && along.abs() < 230.0;
            if line && along.rem_euclid(6.0) < 2.5 { 30 } else { 210 }
        };
        Plane { size, values: (0..600).flat_map(|y| (0..600).map(move |x| value(x, y))).collect() }
    }

    #[test]
    fn the_direction_of_text_is_found() {
        for degrees in [0.0, 12.0, -33.0, 61.0, 90.0] {
            let found = directions(&Pyramid::new(picture(degrees)), 1);
            let off = (found[0].to_degrees() - degrees + 90.0).rem_euclid(180.0) - 90.0;
            assert!(off.abs() < 2.0, "{degrees}: {found:?}");
        }
    }

    #[test]
    fn an_empty_picture_has_no_direction() {
        for size in [Size::new(1, 1), Size::new(800, 20), Size::new(300, 300)] {
            let plane = Plane { size, values: vec![128; size.pixels() as usize] };
            assert_eq!(directions(&Pyramid::new(plane), 3), Vec::<f32>::new());
        }
    }
}
