//! Which gestures are asked for: drawn from a nonce of the session, so that nobody knows them before and anybody can check them afterwards.

use super::gesture::Gesture;
use sha2::{Digest as _, Sha256};
use std::time::Duration;

/// Unpredictable bytes of one session, used for nothing else.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Nonce(pub [u8; 32]);

impl Nonce {
    /// First half of its SHA-256, in hexadecimal, for the audit trail: it tells two sessions apart and foretells nothing.
    #[must_use]
    pub fn digest(&self) -> String {
        Sha256::digest(self.0).iter().take(16).map(|b| format!("{b:02x}")).collect()
    }
}

/// Prints its digest only.
impl std::fmt::Debug for Nonce {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Nonce({})", self.digest())
    }
}

/// Draws from a nonce: SHA-256 over nonce, attempt and a counter.
#[derive(Debug, Clone)]
pub struct Draw {
    nonce: Nonce,
    attempt: u32,
    counter: u32,
}

impl Draw {
    /// Draws for one attempt of a session, 1 for the first.
    #[must_use]
    pub const fn new(nonce: Nonce, attempt: u32) -> Self {
        Self { nonce, attempt, counter: 0 }
    }

    /// A number below `bound`, which is at least 1 and small against 2^32.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let mut hash = Sha256::new();
        hash.update(b"visavis challenge/1");
        hash.update(self.nonce.0);
        hash.update(self.attempt.to_be_bytes());
        hash.update(self.counter.to_be_bytes());
        self.counter += 1;
        let bytes = hash.finalize();
        let value = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        value as usize % bound.max(1)
    }

    fn take(&mut self, from: &mut Vec<Gesture>) -> Option<Gesture> {
        if from.is_empty() {
            return None;
        }
        let at = self.below(from.len());
        Some(from.remove(at))
    }

    /// A sequence of `count` gestures out of `allowed`, none twice. Shorter where too few are allowed.
    ///
    /// As far as they are allowed, at least one gesture is a turn, which shows depth, and from two on at least one is of the face itself,
    /// which a still face laid over a moving head cannot do.
    #[must_use]
    pub fn sequence(&mut self, allowed: &[Gesture], count: usize) -> Vec<Gesture> {
        let mut pool: Vec<Gesture> = Vec::new();
        for gesture in allowed {
            if !pool.contains(gesture) {
                pool.push(*gesture);
            }
        }
        let mut drawn: Vec<Gesture> = Vec::new();
        for certain in [Gesture::is_turn, Gesture::is_facial] {
            let mut kind: Vec<Gesture> = pool.iter().copied().filter(|g| certain(*g)).collect();
            drawn.extend(self.take(&mut kind));
        }
        drawn.truncate(count);
        pool.retain(|g| !drawn.contains(g));
        while drawn.len() < count {
            let Some(next) = self.take(&mut pool) else { break };
            drawn.push(next);
        }
        // What is certain stands anywhere.
        for i in (1..drawn.len()).rev() {
            drawn.swap(i, self.below(i + 1));
        }
        drawn
    }

    /// Pauses before `count` gestures, 150 to 700 milliseconds each.
    #[must_use]
    pub fn pauses(&mut self, count: usize) -> Vec<Duration> {
        (0..count).map(|_| Duration::from_millis(150 + self.below(551) as u64)).collect()
    }

    /// Another gesture in place of `instead_of`: one that the sequence does not hold, a turn for the only turn, one of the face for the only
    /// one of the face.
    #[must_use]
    pub fn replacement(&mut self, allowed: &[Gesture], sequence: &[Gesture], instead_of: Gesture) -> Option<Gesture> {
        let kept: Vec<fn(Gesture) -> bool> = [Gesture::is_turn as fn(Gesture) -> bool, Gesture::is_facial]
            .into_iter()
            .filter(|kind| kind(instead_of) && sequence.iter().filter(|g| kind(**g)).count() == 1)
            .collect();
        let fits = |g: Gesture| !sequence.contains(&g) && kept.iter().all(|kind| kind(g));
        let mut pool: Vec<Gesture> = allowed.iter().copied().filter(|g| fits(*g)).collect();
        pool.dedup();
        self.take(&mut pool)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn nonce(number: u64) -> Nonce {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&number.to_le_bytes());
        Nonce(bytes)
    }

    #[test]
    fn a_session_has_its_own_sequence_and_every_attempt_another() {
        let draw = |n, attempt| Draw::new(nonce(n), attempt).sequence(&Gesture::ALL, 3);
        assert_eq!(draw(1, 1), draw(1, 1));
        let different = (0..100).filter(|n| draw(*n, 1) != draw(*n, 2)).count();
        assert!(different > 90, "{different}");
        assert!(!format!("{:?}", nonce(7)).contains("7, 0"), "the nonce itself is not printed");
    }

    #[test]
    fn every_gesture_comes_at_every_place_about_as_often() {
        let mut counts: HashMap<(usize, Gesture), u32> = HashMap::new();
        for n in 0..4000 {
            let sequence = Draw::new(nonce(n), 1).sequence(&Gesture::ALL, 3);
            assert_eq!(sequence.len(), 3);
            assert!(sequence.iter().any(|g| g.is_turn()) && sequence.iter().any(|g| g.is_facial()), "{sequence:?}");
            assert!((1..3).all(|i| !sequence[..i].contains(&sequence[i])), "{sequence:?}");
            sequence.into_iter().enumerate().for_each(|at| *counts.entry(at).or_default() += 1);
        }
        for place in 0..3 {
            for gesture in Gesture::ALL {
                // A turn and a gesture of the face are certain; the third is one of the six others.
                let certain = if gesture.is_turn() || gesture.is_facial() { 0.5 } else { 0.0 };
                let expected = 4000.0 * (certain + (1.0 - certain) / 6.0) / 3.0;
                let found = f64::from(counts[&(place, gesture)]);
                assert!((found / expected - 1.0).abs() < 0.2, "{gesture:?} at {place}: {found}, about {expected} expected");
            }
        }
    }

    #[test]
    fn a_replacement_is_another_gesture_and_keeps_a_turn_and_one_of_the_face() {
        for n in 0..200 {
            let mut draw = Draw::new(nonce(n), 1);
            let sequence = draw.sequence(&Gesture::ALL, 3);
            for gesture in &sequence {
                let Some(other) = draw.replacement(&Gesture::ALL, &sequence, *gesture) else {
                    assert!(gesture.is_turn());
                    continue;
                };
                assert!(!sequence.contains(&other));
                let after: Vec<Gesture> = sequence.iter().copied().filter(|g| g != gesture).chain([other]).collect();
                let kept = after.iter().any(|g| g.is_turn()) && after.iter().any(|g| g.is_facial());
                assert!(kept, "{sequence:?}: {other:?} for {gesture:?}");
            }
        }
        assert!(Draw::new(nonce(1), 1).replacement(&[Gesture::TurnLeft], &[Gesture::TurnLeft], Gesture::TurnLeft).is_none());
    }

    #[test]
    fn few_allowed_gestures_give_a_short_sequence() {
        let mut draw = Draw::new(nonce(1), 1);
        assert_eq!(draw.sequence(&[Gesture::TurnLeft, Gesture::TurnLeft], 3), [Gesture::TurnLeft]);
        assert!(draw.sequence(&[], 3).is_empty());
        assert!(draw.sequence(&Gesture::ALL, 1)[0].is_turn());
        let heads = [Gesture::TurnLeft, Gesture::TurnRight, Gesture::LookUp];
        assert_eq!(draw.sequence(&heads, 3).len(), 3, "where nobody may be asked for a gesture of the face, none is missed");
    }
}
