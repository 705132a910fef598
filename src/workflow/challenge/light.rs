//! The light that the screen shows during a challenge: two levels, in steps drawn from the session's nonce.

use super::sequence::Draw;
use crate::units::Moment;
use std::time::Duration;

/// Steps drawn; together longer than any challenge.
const STEPS: usize = 160;
/// Shortest step. Two of them are one flash: 1.1 flashes a second at most, well below the three that guidance on photosensitivity allows.
pub const SHORTEST: Duration = Duration::from_millis(450);
/// Longest step.
pub const LONGEST: Duration = Duration::from_millis(800);

/// One attempt's light.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LightShow {
    began: Moment,
    /// Whether it begins bright.
    bright: bool,
    steps: Vec<Duration>,
}

impl LightShow {
    /// Draws the light of an attempt that begins now.
    #[must_use]
    pub fn draw(draw: &mut Draw, began: Moment) -> Self {
        let span = (LONGEST - SHORTEST).as_millis() as usize;
        let steps = (0..STEPS).map(|_| SHORTEST + Duration::from_millis(draw.below(span + 1) as u64)).collect();
        Self { began, bright: draw.below(2) == 1, steps }
    }

    /// The level at a moment: 0 or 1.
    #[must_use]
    pub fn level(&self, own: Moment) -> f32 {
        let mut left = own.since(self.began);
        let mut bright = self.bright;
        for step in &self.steps {
            if left < *step {
                break;
            }
            left -= *step;
            bright = !bright;
        }
        if bright { 1.0 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::challenge::sequence::Nonce;

    #[test]
    fn steps_are_slow_enough_for_everybody_and_nobodys_guess() {
        let show = |n: u8| LightShow::draw(&mut Draw::new(Nonce([n; 32]), 1), Moment::from_millis(500));
        let levels = |show: &LightShow| (0..2000).map(|i| show.level(Moment::from_millis(500 + i * 10))).collect::<Vec<_>>();
        for n in 0..20 {
            let levels = levels(&show(n));
            let changes: Vec<usize> = (1..levels.len()).filter(|i| levels[*i] != levels[i - 1]).collect();
            assert!(changes.len() > 20, "{}", changes.len());
            assert!(changes.windows(2).all(|c| (c[1] - c[0]) * 10 >= 440), "no flash faster than 1.2 a second");
        }
        assert_eq!(levels(&show(1)), levels(&show(1)));
        let same = levels(&show(1)).iter().zip(levels(&show(2))).filter(|(a, b)| **a == *b).count();
        assert!((500..1500).contains(&same), "{same} of 2000");
        assert!([0.0, 1.0].contains(&show(3).level(Moment::default())), "before it began");
    }
}
