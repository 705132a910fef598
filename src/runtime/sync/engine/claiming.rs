//! Claiming: what each lane has room for, what it got, and when there may be more.

use super::{Engine, ServiceLane, is_open};
use crate::ports::outbox::{ClaimRequest, Claimed, DeliveryState};
use crate::ports::services::Guarantee;
use crate::units::{Moment, UtcTime};
use crate::workflow::sync::lane::Circuit;
use std::time::Duration;
use uuid::Uuid;

/// Deliveries claimed before a worker is free for them, where a crash costs no more than a repetition. With a service that promises neither
/// key nor look-up nothing is claimed ahead: what is claimed there and not sent would be unknown after a crash.
const AHEAD: usize = 24;

impl Engine {
    /// What to claim now.
    pub(super) fn claims(&mut self, now: Moment) -> Vec<ClaimRequest> {
        let mut claims = Vec::new();
        for index in 0..self.lanes.len() {
            let room = self.lanes[index].lane.room(now);
            if room > 0 && self.lanes[index].workers.iter().flatten().count() == 0 {
                self.connect(index, now);
            }
            if self.lanes[index].lane.room(now) == 0 && !is_open(&self.lanes[index].lane) {
                self.give_back(index);
            }
            let in_hand: Vec<Uuid> = self.in_hand.keys().copied().chain(self.lanes[index].ahead.iter().map(|c| c.key)).collect();
            let lane = &mut self.lanes[index];
            let (Some(capabilities), false) = (lane.capabilities, lane.drained) else { continue };
            let room = lane.lane.room(now);
            let careful = [capabilities.enrol_guarantee, capabilities.delete_guarantee].contains(&Guarantee::AtMostOnce);
            let ahead = if careful || !is_open(&lane.lane) || lane.target.limits.per_second.is_some() { 0 } else { AHEAD };
            let count = (room + ahead).saturating_sub(lane.ahead.len());
            if count == 0 {
                continue;
            }
            let request = |state, count, except| ClaimRequest {
                service: lane.target.kind,
                state,
                count,
                enrol_guarantee: capabilities.enrol_guarantee,
                delete_guarantee: capabilities.delete_guarantee,
                longest_delay: if lane.hurry { Duration::ZERO } else { self.rules.longest_delay.max(self.rules.look_up_after) },
                evidence: lane.target.evidence,
                except,
            };
            if capabilities.status {
                // Doubts first: they are the oldest, and others of the same person wait for them.
                claims.push(request(DeliveryState::Doubtful, count.div_ceil(2), in_hand));
            }
            claims.push(request(DeliveryState::Queued, count, Vec::new()));
        }
        claims
    }

    pub(super) fn keep(&mut self, claimed: Vec<Claimed>, claims: &[ClaimRequest], utc: UtcTime) {
        for lane in &mut self.lanes {
            let asked = |state| claims.iter().find(|claim| claim.service == lane.target.kind && claim.state == state);
            let got = |state| claimed.iter().filter(|c| c.service == lane.target.kind && c.progress.state == state).count();
            let short = |asked_state, got_state| asked(asked_state).is_some_and(|claim| got(got_state) < claim.count);
            if short(DeliveryState::Queued, DeliveryState::Sending) {
                let no_doubts = asked(DeliveryState::Doubtful).is_none() || short(DeliveryState::Doubtful, DeliveryState::Doubtful);
                (lane.drained, lane.drained_at) = (no_doubts, utc);
                lane.hurry = false;
            }
        }
        for claimed in claimed {
            let Some(lane) = self.lane_of(claimed.service) else { continue };
            if claimed.progress.state == DeliveryState::Doubtful {
                self.lanes[lane].ahead.push_front(claimed);
            } else {
                self.lanes[lane].ahead.push_back(claimed);
            }
        }
    }

    /// When something may be claimed again by itself. The times are those from before the claim: what became due since is not overlooked.
    pub(super) fn next(&self, now: Moment, utc: UtcTime) -> Option<Moment> {
        let lane_next = |lane: &ServiceLane| {
            if let Some((at, _)) = lane.lane.next_deadline() {
                return Some(at);
            }
            if matches!(lane.lane.circuit(), Circuit::Stopped { .. }) {
                return None;
            }
            let due = self.outbox.next_due(lane.target.kind, if lane.drained { lane.drained_at } else { utc }).ok().flatten()?;
            let ahead = u64::try_from(due.0.saturating_sub(utc.0)).unwrap_or(0);
            let longest = self.rules.longest_delay.max(self.rules.look_up_after);
            let longest = u64::try_from(longest.as_millis()).unwrap_or(u64::MAX);
            Some(now + Duration::from_millis(ahead.min(longest)))
        };
        let trouble = self.trouble.as_ref().map(|trouble| trouble.until);
        self.lanes.iter().filter_map(lane_next).chain(trouble).min()
    }
}
