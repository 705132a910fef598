//! Hints that a screen or a copy was held up, or that somebody worked on the document. They refuse nobody: a person looks.

use super::{Check, Consequence, Outcome, Reason, Suspicion};

pub(super) fn check(check: Check, suspicion: Suspicion) -> Outcome {
    match suspicion {
        Suspicion::NotLooked => Outcome::not_checked(check, Reason::NotLooked),
        Suspicion::None { confidence } => Outcome::passed(check, Reason::NothingSuspicious, Some(confidence)),
        Suspicion::Suspected { confidence, sign } => {
            // What is no more than a hint stays one; only sure signs of a screen or a copy go to a person.
            let consequence = if check != Check::Tampering && confidence >= SURE { Consequence::Person } else { Consequence::Hint };
            Outcome::failed(check, sign.into(), consequence, Some(confidence))
        }
    }
}

/// From here on a suspicion keeps a document from being accepted without a person.
const SURE: f32 = 0.8;
