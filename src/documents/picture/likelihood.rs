//! How likely a candidate is a document: a logistic model of what was seen of it.
//!
//! The weights were fitted to rendered scenes (`evaluate document-scenes`, seeds 5 to 9 and 11 to 14: 945 with a document, the same desks without
//! one, 48 candidates each), a candidate being right whose corners lie within 1 % of the diagonal. Fitted on all seeds but one and tried on that
//! one, the likeliest candidate is the document in 95.6 % of the scenes, at a limit that three of ten empty desks pass; weights chosen by hand
//! gave 94.4 %. More of what can be measured (33 values), and a small network instead of a sum, gained less than half a point.
//!
//! | Log-odds above | Right outlines | Wrong ones, of 38 | Empty desks |
//! | --- | --- | --- | --- |
//! | -3.3, reported | 99.6 % | 32 | 29 % |
//! | 1.4, taken by a capture | 90 % | 0 | 1.6 % |

use super::candidates::Candidate;
use super::form::PageForm;
use super::refine::Refined;
use crate::documents::document_type::PageShape;

/// Log-odds of a candidate of which nothing speaks for or against it.
const NOTHING: f32 = -37.642;
/// Of what the reduced picture showed: the score, how clearly the sides end at the corners, whether all are brighter on the same side.
const SCORE: f32 = 6.391;
const ENDS: f32 = 10.965;
const POLARITY: f32 = 9.88;
/// Of the ratio's deviation from the known shape's for how askew the corners are, up to [`FARTHEST`].
const DEVIATION: f32 = -187.3;
const FARTHEST: f32 = 0.09;
/// Of the rarer shapes: how often documents of these shapes are shown, and that a portrait with the strip below it has the ratio of a visa.
const VISA_A: f32 = -1.732;
const ID2_OR_ID3: f32 = -0.583;
/// Of the shares of the sides that were found again at full size: of all that were seen together, and of the one seen least.
const MEAN: f32 = 7.483;
const LEAST: f32 = 5.923;
/// Of the logarithms of: the step across the faintest side, the most distinct side's step over it, the unrest along the most restless margin, and
/// how far the margins' colours differ. A page has one paper, and its print ends before its edge; levels.
const FAINTEST: f32 = 0.653;
const UNEVEN: f32 = 0.391;
const UNREST: f32 = 0.907;
const DIFFER: f32 = -0.677;
/// Of a side that was only supposed: that it was found at full size after all, and how clear the three others are in the reduced picture, which
/// the score counts already.
const FOUND_AFTER_ALL: f32 = 7.169;
const THREE_CLEAR: f32 = -6.696;

/// Log-odds that a refined candidate is a document.
pub(super) fn log_odds(candidate: &Candidate, refined: &Refined, form: &PageForm) -> f32 {
    let seen: Vec<usize> = (0..4).filter(|k| refined.support[*k] > 0.0).collect();
    let all = |values: &[f32; 4]| -> Vec<f32> { seen.iter().map(|k| values[*k]).collect() };
    let (support, contrast) = (all(&refined.support), all(&refined.contrast));
    let least = |values: &[f32]| values.iter().copied().fold(f32::INFINITY, f32::min);
    let most = |values: &[f32]| values.iter().copied().fold(0.0, f32::max);
    let mean = support.iter().sum::<f32>() / support.len().max(1) as f32;
    let shape = match form.shape {
        PageShape::VisaA => VISA_A,
        PageShape::Id2OrId3 => ID2_OR_ID3,
        PageShape::Id1 | PageShape::OpenPassport => 0.0,
    };
    let (faintest, strongest) = (least(&contrast).ln_1p(), most(&contrast).ln_1p());
    let supposed = match candidate.inferred {
        None => 0.0,
        Some(_) => THREE_CLEAR * candidate.clearness + if seen.len() == 4 { FOUND_AFTER_ALL } else { 0.0 },
    };
    NOTHING
        + SCORE * candidate.score
        + ENDS * candidate.ends
        + POLARITY * candidate.polarity
        + DEVIATION * (form.deviation_for_skew() as f32).min(FARTHEST)
        + shape
        + MEAN * mean
        + LEAST * least(&support)
        + FAINTEST * faintest
        + UNEVEN * (strongest - faintest)
        + UNREST * most(&refined.unrest).ln_1p()
        + DIFFER * margins_differ(refined).ln_1p()
        + supposed
}

/// The same as a probability, 0-1.
pub(super) fn confidence(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// The largest difference, in any colour, between the margins inside two sides; the margin of a side that was not seen differs from none.
fn margins_differ(refined: &Refined) -> f32 {
    let away = |i: usize, j: usize| (0..3).map(|c| (refined.margin[i][c] - refined.margin[j][c]).abs()).fold(0.0, f32::max);
    (0..4).flat_map(|i| (0..i).map(move |j| away(i, j))).fold(0.0, f32::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::picture::quad::Quad;
    use crate::geometry::Point;

    fn candidate() -> Candidate {
        let corner = |x: f32, y: f32| Point::new(100.0 + 428.0 * x, 80.0 + 270.0 * y);
        let quad = Quad([corner(0.0, 0.0), corner(1.0, 0.0), corner(1.0, 1.0), corner(0.0, 1.0)]);
        Candidate { quad, score: 0.75, inferred: None, ends: 1.0, polarity: 1.0, clearness: 0.9, kin: (4, 0) }
    }

    fn refined(quad: Quad) -> Refined {
        let sides = [0.9; 4];
        Refined { quad, support: sides, contrast: [60.0; 4], margin: [[230.0; 3]; 4], unrest: [3.0; 4] }
    }

    fn odds(candidate: &Candidate, refined: &Refined, ratio: f64) -> f32 {
        let form = PageForm { shape: PageShape::Id1, ratio, skew: 0.0, long_side: 0 };
        confidence(log_odds(candidate, refined, &form))
    }

    #[test]
    fn a_page_seen_whole_is_sure_and_everything_that_is_amiss_makes_it_less_so() {
        let ratio = PageShape::Id1.ratio();
        let (page, whole) = (candidate(), refined(candidate().quad));
        let sure = odds(&page, &whole, ratio);
        assert!(sure > 0.95, "{sure}");
        let covered = Refined { support: [0.9, 0.9, 0.3, 0.9], ..whole };
        let patched = Refined { margin: [[230.0; 3], [230.0; 3], [40.0, 90.0, 30.0], [230.0; 3]], ..whole };
        let faint = Refined { contrast: [60.0, 60.0, 2.0, 60.0], ..whole };
        for (what, other) in [("covered", covered), ("of two papers", patched), ("faint", faint)] {
            assert!(odds(&page, &other, ratio) < sure, "{what}");
        }
        assert!(odds(&page, &whole, ratio * 1.05) < sure, "of another shape");
        assert!(odds(&Candidate { ends: 0.6, ..page }, &whole, ratio) < sure, "sides that run on");
        assert!(
            odds(
                &Candidate { inferred: Some((2, ratio)), score: 0.45, ..page },
                &Refined { support: [0.9, 0.9, 0.0, 0.9], ..whole },
                ratio
            ) < sure
        );
    }

    #[test]
    fn a_side_that_was_not_seen_has_no_margin_that_could_differ() {
        let mut seen = refined(candidate().quad);
        seen.margin[2] = [f32::NAN; 3];
        assert!(margins_differ(&seen).abs() < 1e-6);
        seen.margin[1] = [200.0, 230.0, 230.0];
        assert!((margins_differ(&seen) - 30.0).abs() < 1e-4);
    }
}
