//! Keeping: changes and claims in one durable write, and what happens while the file cannot be written.

use super::{Engine, Trouble};
use crate::advice::Advised as _;
use crate::ports::gallery::GalleryError;
use crate::ports::outbox::{ClaimRequest, DeliveryState};
use crate::units::Moment;
use std::time::Duration;

/// How often contact with a service is noted in the file.
const NOTE_CONTACT: Duration = Duration::from_secs(60);
/// Pauses while the file cannot be written.
pub(super) const FIRST_TROUBLE: Duration = Duration::from_millis(100);
const LONGEST_TROUBLE: Duration = Duration::from_secs(5);

impl Engine {
    /// Keeps the changes and claims, in one durable write. What cannot be kept now is kept later; nothing is claimed meanwhile.
    pub(super) fn exchange(&mut self, claims: Vec<ClaimRequest>) {
        let now = self.clock.now();
        let wanted = !self.changes.is_empty() || !claims.is_empty();
        if !wanted {
            return;
        }
        let utc = self.clock.utc();
        match self.outbox.exchange(&self.changes, &claims, utc) {
            Ok(claimed) => {
                if !self.changes.is_empty() || claimed.iter().any(|c| c.progress.state == DeliveryState::Sending) {
                    self.tally.durable_writes += 1;
                }
                self.count_changes();
                self.trouble = None;
                for (lane, claimed) in self.prepared.drain(..) {
                    self.lanes[lane].ahead.push_front(claimed);
                }
                self.keep(claimed, &claims, utc);
                self.note_contacts(now);
            }
            Err(GalleryError::Damaged { what }) if !self.changes.is_empty() => self.exchange_singly(&what),
            Err(error) => self.fail(error, now),
        }
    }

    /// One change that meets damaged data must not hold up the others.
    fn exchange_singly(&mut self, what: &str) {
        tracing::error!(what, "the outbox holds damaged data");
        let (now, utc) = (self.clock.now(), self.clock.utc());
        for change in std::mem::take(&mut self.changes) {
            match self.outbox.exchange(std::slice::from_ref(&change), &[], utc) {
                Ok(_) => self.tally.durable_writes += 1,
                Err(GalleryError::Damaged { .. }) => tracing::error!(delivery = %change.key, "its entry is damaged; it stays as it is"),
                Err(error) => {
                    self.changes.push(change);
                    self.fail(error, now);
                }
            }
        }
    }

    pub(super) fn fail(&mut self, error: GalleryError, now: Moment) {
        tracing::warn!(code = error.advice().code, %error, "sync");
        let pause = self.trouble.as_ref().map_or(FIRST_TROUBLE, |trouble| (trouble.pause * 2).min(LONGEST_TROUBLE));
        self.trouble = Some(Trouble { error, until: now + pause, pause });
    }

    fn count_changes(&mut self) {
        for change in self.changes.drain(..) {
            let counter = match change.to.state {
                DeliveryState::Delivered => &mut self.tally.delivered,
                DeliveryState::Refused => &mut self.tally.refused,
                DeliveryState::OutcomeUnknown => &mut self.tally.outcome_unknown,
                DeliveryState::SetAside | DeliveryState::ErasureOwed => &mut self.tally.set_aside,
                DeliveryState::Queued | DeliveryState::Doubtful if change.fault.is_some() => &mut self.tally.failed_tries,
                _ => continue,
            };
            *counter += 1;
        }
    }

    fn note_contacts(&mut self, now: Moment) {
        for lane in &mut self.lanes {
            if let Some(contact) = lane.contact
                && lane.noted.is_none_or(|then| now.since(then) >= NOTE_CONTACT)
            {
                lane.noted = Some(now);
                if let Err(error) = self.outbox.note_contact(lane.target.kind, contact) {
                    tracing::warn!(code = error.advice().code, %error, "sync");
                }
            }
        }
    }
}
