//! The PAD layer `dynamics`: whether what moved moved as a living head does. No cut, no jump of pose, no speed that necks do not reach, and
//! never quite still.

use super::look::Look;
use super::{PadLayer, PadOutcome};

/// Name of the layer.
pub const NAME: &str = "dynamics";
/// Name and version of the method.
pub const METHOD: &str = "head-motion/1";

/// Speeds that a living head stays below, and how still nobody stands.
///
/// Voluntary head turns peak at 200-300 degrees a second; the rest is picked by hand with room for the landmarks' own noise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DynamicsLimits {
    /// Turning and nodding, degrees a second.
    pub turn: f32,
    /// Change of that speed between two frames, degrees a second.
    pub turn_change: f32,
    /// Sideways and up, distances of the eyes a second.
    pub shift: f32,
    /// Growth or shrinkage, natural logarithm a second.
    pub growth: f32,
    /// Smallest change between two frames that counts as a jump whatever the speed: degrees.
    pub jump_degrees: f32,
    /// The same: distances of the eyes.
    pub jump_shift: f32,
    /// Longest time without the face, milliseconds.
    pub gap_ms: u64,
    /// Largest share of frames in which not a landmark moves.
    pub still: f32,
}

impl Default for DynamicsLimits {
    fn default() -> Self {
        Self { turn: 320.0, turn_change: 420.0, shift: 9.0, growth: 4.8, jump_degrees: 14.0, jump_shift: 0.7, gap_ms: 900, still: 0.4 }
    }
}

impl DynamicsLimits {
    /// Limits that are `factor` times as wide.
    #[must_use]
    pub fn scaled(self, factor: f32) -> Self {
        Self {
            turn: self.turn * factor,
            turn_change: self.turn_change * factor,
            shift: self.shift * factor,
            growth: self.growth * factor,
            jump_degrees: self.jump_degrees * factor,
            jump_shift: self.jump_shift * factor,
            ..self
        }
    }
}

/// Judges looks in the order of their frames. Fewer than eight are no answer.
///
/// The value is 1 / (1 + w), w being the worst of all measures over its limit, so that 0.5 is the limit.
#[must_use]
pub fn assess(looks: &[Look], limits: &DynamicsLimits) -> PadLayer {
    let layer = |value: Option<f32>, outcome| PadLayer { name: NAME, method: METHOD.to_owned(), value, limit: 0.5, outcome };
    if looks.len() < 8 {
        return layer(None, PadOutcome::NonResponse);
    }
    let worst = worst(looks, limits);
    let value = 1.0 / (1.0 + worst.max(0.0));
    layer(Some(value), if worst <= 1.0 { PadOutcome::BonaFide } else { PadOutcome::Attack })
}

/// The worst measure over its limit.
fn worst(looks: &[Look], limits: &DynamicsLimits) -> f32 {
    let mut worst = 0.0f32;
    let mut still = 0usize;
    let mut speed_before: Option<[f32; 2]> = None;
    for pair in looks.windows(2) {
        let (a, b) = (&pair[0], &pair[1]);
        let dt = b.at.since(a.at).as_secs_f32();
        if dt <= 0.0 {
            // Time that stands still or runs back: the injection layer's business; nothing can be said of speeds.
            speed_before = None;
            continue;
        }
        worst = worst.max(dt * 1000.0 / limits.gap_ms as f32);
        let size = a.size.min(b.size).max(1.0);
        let (yaw, pitch) = (b.pose.yaw - a.pose.yaw, b.pose.pitch - a.pose.pitch);
        let shift = a.centre.distance(b.centre) / size;
        let growth = (b.size / a.size).ln().abs();
        // What is smaller than a jump may be the landmarks' noise, however short the time.
        let over = |amount: f32, least: f32, speed_limit: f32| {
            if amount.abs() > least { amount.abs() / dt / speed_limit } else { 0.0 }
        };
        worst = worst.max(over(yaw, limits.jump_degrees, limits.turn)).max(over(pitch, limits.jump_degrees, limits.turn));
        worst = worst.max(over(shift, limits.jump_shift, limits.shift)).max(over(growth, 0.12, limits.growth));
        let speed = [yaw / dt, pitch / dt];
        if let Some(before) = speed_before {
            let change = |k: usize| speed[k] - before[k];
            let real = |k: usize, d: f32| if d.abs() > limits.jump_degrees { change(k).abs() / limits.turn_change } else { 0.0 };
            worst = worst.max(real(0, yaw)).max(real(1, pitch));
        }
        speed_before = Some(speed);
        still += usize::from(shift < 1e-5 && growth < 1e-6 && a.nose.distance(b.nose) < 1e-3);
    }
    let share = still as f32 / (looks.len() - 1) as f32;
    worst.max(share / limits.still)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::biometrics::pad::test_looks::{look, track};

    fn outcome(looks: &[Look]) -> PadOutcome {
        assess(looks, &DynamicsLimits::default()).outcome
    }

    #[test]
    fn a_turning_head_is_natural() {
        let looks = track(60, |t, l| l.pose.yaw = 25.0 * (t * 2.5).sin());
        assert_eq!(outcome(&looks), PadOutcome::BonaFide);
    }

    #[test]
    fn a_jump_of_pose_and_a_cut_are_not() {
        let jump = track(60, |t, l| l.pose.yaw = if t > 1.0 { 24.0 } else { 0.0 });
        assert_eq!(outcome(&jump), PadOutcome::Attack);
        let cut = track(60, |t, l| l.centre.x += if t > 1.0 { 90.0 } else { 0.0 });
        assert_eq!(outcome(&cut), PadOutcome::Attack);
        let grown = track(60, |t, l| l.size *= if t > 1.0 { 1.5 } else { 1.0 });
        assert_eq!(outcome(&grown), PadOutcome::Attack);
    }

    #[test]
    fn nobody_is_quite_still() {
        let frozen: Vec<Look> = (0..40).map(|i| look(i, i * 33)).collect();
        assert_eq!(outcome(&frozen), PadOutcome::Attack);
    }

    #[test]
    fn a_gap_too_long_is_refused_and_too_few_looks_are_no_answer() {
        let mut looks = track(40, |_, _| {});
        assert_eq!(outcome(&looks), PadOutcome::BonaFide);
        for l in &mut looks[20..] {
            l.at = l.at + std::time::Duration::from_secs(2);
        }
        assert_eq!(outcome(&looks), PadOutcome::Attack);
        assert_eq!(outcome(&looks[..5]), PadOutcome::NonResponse);
    }

    #[test]
    fn clocks_that_stand_or_run_back_give_a_value_all_the_same() {
        let mut looks = track(40, |_, _| {});
        looks[10].at = looks[9].at;
        looks[20].at = crate::units::Moment::default();
        assert!(assess(&looks, &DynamicsLimits::default()).value.is_some_and(f32::is_finite));
    }
}
