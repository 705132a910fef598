//! The PAD layer `parallax`: whether the face changed as a head in three dimensions does.
//!
//! Turned: points of a flat picture move by a homography, those of a head do not, but by a three-dimensional fit with as many free numbers.
//! Nearer: what lies nearer to the camera grows more; on a flat picture everything grows alike.

use super::look::{Look, median};
use super::{PadLayer, PadOutcome};

/// Name of the layer.
pub const NAME: &str = "parallax";
/// Name and version of the method.
pub const METHOD: &str = "homography-against-depth/1";

/// Turn or nod from the neutral face from which on a look counts, degrees.
const TURNED: f32 = 9.0;
/// Growth from which on a look counts.
const NEARER: f32 = 1.15;
/// Looks of a kind that are needed.
const LEAST_LOOKS: usize = 2;

/// What the segments showed.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Parallax {
    /// Turn segments: share of the homography's residual that the fit in three dimensions explains, at most 1; about 0 for a flat picture.
    pub turned: Option<f32>,
    /// Turn segments: yaw told by the nose's place over yaw told by the mesh; about 0 for a flat picture.
    pub nose: Option<f32>,
    /// Come-closer segments: growth of near points over what a head would show; about 0 for a flat picture.
    pub nearer: Option<f32>,
}

/// Measures looks against the neutral ones.
///
/// - `focal`: the camera's focal length, frame pixels.
#[must_use]
pub fn measure(neutral: &[Look], looks: &[Look], focal: f32) -> Parallax {
    let Some(base) = average(neutral) else { return Parallax::default() };
    let pose = |get: fn(&Look) -> f32| median(neutral.iter().map(get));
    let (yaw, pitch, size) = (pose(|l| l.pose.yaw), pose(|l| l.pose.pitch), pose(|l| l.size));
    let nose_yaw = median(neutral.iter().filter_map(|l| l.nose_yaw));
    let of = |values: Vec<f32>| (values.len() >= LEAST_LOOKS).then(|| median(values.into_iter()));
    let turned = looks.iter().filter(|l| (l.pose.yaw - yaw).abs() >= TURNED || (l.pose.pitch - pitch).abs() >= TURNED);
    let nose = looks.iter().filter(|l| (l.pose.yaw - yaw).abs() >= TURNED);
    let nose = nose.filter_map(|l| Some((l.nose_yaw? - nose_yaw) / (l.pose.yaw - yaw)));
    let nearer = looks.iter().filter(|l| l.size / size >= NEARER);
    Parallax {
        turned: of(turned.filter_map(|l| explained(&base, &l.rigid)).collect()),
        nose: of(nose.collect()),
        nearer: of(nearer.filter_map(|l| growth_with_depth(&base, &l.rigid, l.size / size, focal)).collect()),
    }
}

/// Judges the turn segments; the smaller of what could be measured counts. Without a turn there is no answer.
///
/// Growth with depth is measured and not judged: landmarks of a network that knows faces show the perspective it expects, on rendered
/// people 0.1-0.7 of a head's where exact landmarks show 0.5-0.9.
#[must_use]
pub fn assess(neutral: &[Look], looks: &[Look], focal: f32, limit: f32) -> PadLayer {
    let found = measure(neutral, looks, focal);
    let value = found.turned.map(|turned| found.nose.map_or(turned, |nose| turned.min(nose)).clamp(0.0, 1.0));
    let outcome = match value {
        Some(value) if value >= limit => PadOutcome::BonaFide,
        Some(_) => PadOutcome::Attack,
        None => PadOutcome::NonResponse,
    };
    PadLayer { name: NAME, method: METHOD.to_owned(), value, limit, outcome }
}

/// Mean of the rigid points of several looks, each moved to the first one's place and size.
fn average(looks: &[Look]) -> Option<Vec<[f32; 3]>> {
    let first = looks.iter().find(|l| !l.rigid.is_empty())?;
    let mut sum = vec![[0.0f32; 3]; first.rigid.len()];
    let mut count = 0.0;
    for look in looks.iter().filter(|l| l.rigid.len() == first.rigid.len()) {
        let scale = first.size / look.size;
        for (s, p) in sum.iter_mut().zip(&look.rigid) {
            s[0] += (p[0] - look.centre.x) * scale;
            s[1] += (p[1] - look.centre.y) * scale;
            s[2] += p[2] * scale;
        }
        count += 1.0;
    }
    Some(sum.into_iter().map(|s| s.map(|v| v / count)).collect())
}

/// Share of the planar residual that depth explains.
fn explained(base: &[[f32; 3]], seen: &[[f32; 3]]) -> Option<f32> {
    if base.len() != seen.len() || base.len() < 8 {
        return None;
    }
    let (from, to) = (normalised(base), normalised(seen));
    let planar = homography_residual(&from, &to)? as f32;
    let solid = affine_residual(&from, &to)?;
    // Below this both are the landmarks' own noise, and their ratio says nothing.
    (planar > 1e-4).then(|| 1.0 - solid / planar)
}

/// Moved to the mean and scaled to a mean distance of one; depth alike.
fn normalised(points: &[[f32; 3]]) -> Vec<[f64; 3]> {
    let count = points.len() as f64;
    let mean: [f64; 3] = std::array::from_fn(|k| points.iter().map(|p| f64::from(p[k])).sum::<f64>() / count);
    let moved: Vec<[f64; 3]> = points.iter().map(|p| std::array::from_fn(|k| f64::from(p[k]) - mean[k])).collect();
    let scale = moved.iter().map(|p| p[0].hypot(p[1])).sum::<f64>() / count;
    moved.into_iter().map(|p| p.map(|v| v / scale.max(1e-9))).collect()
}

/// Root mean square distance after the best homography.
fn homography_residual(from: &[[f64; 3]], to: &[[f64; 3]]) -> Option<f64> {
    let rows = from.iter().zip(to).flat_map(|(p, q)| {
        let (x, y, u, v) = (p[0], p[1], q[0], q[1]);
        [([x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y], u), ([0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y], v)]
    });
    let h = least_squares(rows)?;
    let error = from.iter().zip(to).map(|(p, q)| {
        let w = h[6] * p[0] + h[7] * p[1] + 1.0;
        let (u, v) = ((h[0] * p[0] + h[1] * p[1] + h[2]) / w, (h[3] * p[0] + h[4] * p[1] + h[5]) / w);
        (u - q[0]).powi(2) + (v - q[1]).powi(2)
    });
    let mean = error.sum::<f64>() / from.len() as f64;
    mean.is_finite().then(|| mean.sqrt())
}

/// Root mean square distance after the best affine map of the points with their depth.
fn affine_residual(from: &[[f64; 3]], to: &[[f64; 3]]) -> Option<f32> {
    let rows = from.iter().zip(to).flat_map(|(p, q)| {
        let [x, y, z] = *p;
        [([x, y, z, 1.0, 0.0, 0.0, 0.0, 0.0], q[0]), ([0.0, 0.0, 0.0, 0.0, x, y, z, 1.0], q[1])]
    });
    let m = least_squares(rows)?;
    let error = from.iter().zip(to).map(|(p, q)| {
        let map = |k: usize| m[k] * p[0] + m[k + 1] * p[1] + m[k + 2] * p[2] + m[k + 3];
        (map(0) - q[0]).powi(2) + (map(4) - q[1]).powi(2)
    });
    let mean = error.sum::<f64>() / from.len() as f64;
    mean.is_finite().then(|| mean.sqrt() as f32)
}

/// Growth of near points over far ones, over what a head of that depth shows when it comes so much nearer.
fn growth_with_depth(base: &[[f32; 3]], seen: &[[f32; 3]], growth: f32, focal: f32) -> Option<f32> {
    if base.len() != seen.len() || base.len() < 8 || focal <= 1.0 {
        return None;
    }
    // Seen = similarity of base, but for the last two columns: displacement by perspective, along the point's own direction.
    let rows = base.iter().zip(seen).flat_map(|(p, q)| {
        let [x, y, z] = p.map(f64::from);
        let (u, v) = (f64::from(q[0]), f64::from(q[1]));
        [([x, -y, 1.0, 0.0, -z * x, 0.0, 0.0, 0.0], u), ([y, x, 0.0, 1.0, -z * y, 0.0, 0.0, 0.0], v)]
    });
    let m = least_squares_of::<5>(rows.map(|(row, value)| ([row[0], row[1], row[2], row[3], row[4]], value)))?;
    let expected = f64::from((growth - 1.0) / focal);
    let found = m[4] / m[0].hypot(m[1]).max(1e-9) / expected;
    found.is_finite().then_some(found as f32)
}

fn least_squares(rows: impl Iterator<Item = ([f64; 8], f64)>) -> Option<[f64; 8]> {
    least_squares_of::<8>(rows)
}

/// Solves the normal equations by elimination with pivots; `None` where they are singular.
fn least_squares_of<const N: usize>(rows: impl Iterator<Item = ([f64; N], f64)>) -> Option<[f64; N]> {
    let mut a = [[0.0f64; N]; N];
    let mut b = [0.0f64; N];
    for (row, value) in rows {
        for i in 0..N {
            for j in 0..N {
                a[i][j] += row[i] * row[j];
            }
            b[i] += row[i] * value;
        }
    }
    for k in 0..N {
        let pivot = (k..N).max_by(|i, j| a[*i][k].abs().total_cmp(&a[*j][k].abs()))?;
        if a[pivot][k].abs() < 1e-12 {
            return None;
        }
        a.swap(k, pivot);
        b.swap(k, pivot);
        for i in k + 1..N {
            let factor = a[i][k] / a[k][k];
            let upper = a[k];
            for (value, above) in a[i].iter_mut().zip(upper).skip(k) {
                *value -= factor * above;
            }
            b[i] -= factor * b[k];
        }
    }
    let mut x = [0.0f64; N];
    for k in (0..N).rev() {
        let rest: f64 = (k + 1..N).map(|j| a[k][j] * x[j]).sum();
        x[k] = (b[k] - rest) / a[k][k];
    }
    x.iter().all(|v| v.is_finite()).then_some(x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::biometrics::pad::test_looks::{Body, seen};

    const FOCAL: f32 = 1065.0;

    fn scene(body: Body) -> (Vec<Look>, Vec<Look>) {
        let neutral = (0..5).map(|i| seen(body, i, 0.0, 0.60)).collect();
        let turned = (0..6).map(|i| seen(body, 10 + i, 12.0 + 2.0 * i as f32, 0.60));
        let near = (0..6).map(|i| seen(body, 20 + i, 0.0, 0.44));
        (neutral, turned.chain(near).collect())
    }

    #[test]
    fn a_head_shows_depth() {
        let (neutral, looks) = scene(Body::Head);
        let found = measure(&neutral, &looks, FOCAL);
        assert!(found.turned.unwrap() > 0.8, "{found:?}");
        assert!((0.7..1.4).contains(&found.nearer.unwrap()), "{found:?}");
        assert_eq!(assess(&neutral, &looks, FOCAL, 0.4).outcome, PadOutcome::BonaFide);
    }

    #[test]
    fn a_picture_that_is_waved_about_does_not() {
        let (neutral, looks) = scene(Body::Picture);
        let found = measure(&neutral, &looks, FOCAL);
        assert!(found.turned.unwrap() < 0.2, "{found:?}");
        assert!(found.nearer.unwrap() < 0.2, "{found:?}");
        assert_eq!(assess(&neutral, &looks, FOCAL, 0.4).outcome, PadOutcome::Attack);
    }

    #[test]
    fn without_a_turn_there_is_no_answer() {
        let (neutral, looks) = scene(Body::Head);
        assert_eq!(assess(&neutral, &looks[6..], FOCAL, 0.4).outcome, PadOutcome::NonResponse);
        assert_eq!(assess(&[], &looks, FOCAL, 0.4).outcome, PadOutcome::NonResponse);
        let mut blind = looks;
        blind.iter_mut().for_each(|l| l.rigid.clear());
        assert_eq!(assess(&neutral, &blind, FOCAL, 0.4).outcome, PadOutcome::NonResponse);
    }
}
