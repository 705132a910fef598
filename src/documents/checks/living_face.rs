//! Whoever the portrait is compared with was seen alive. A picture of a face is none: whoever holds the document can have one.

use super::{Check, Consequence, Evidence, LivingFace, Outcome, Reason};

pub(super) fn check(evidence: &Evidence<'_>) -> Outcome {
    match evidence.living {
        LivingFace::NotAsked => Outcome::not_checked(Check::LivingFace, Reason::FaceNotAskedFor),
        LivingFace::Picture => Outcome::not_checked(Check::LivingFace, Reason::ComparisonOnly),
        LivingFace::Open => Outcome::not_checked(Check::LivingFace, Reason::LivenessOpen),
        LivingFace::Alive => Outcome::passed(Check::LivingFace, Reason::SeenAlive, None),
        LivingFace::Attack => Outcome::failed(Check::LivingFace, Reason::SeenAttack, Consequence::Refuse, None),
    }
}
