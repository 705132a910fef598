//! How delivery stands, as the status bar, the sync screen and `visavis sync status` show it.

use super::Target;
use crate::advice::{Advice, Advised};
use crate::ports::gallery::GalleryError;
use crate::ports::outbox::{DeliveryState, Outbox, ServiceCounts};
use crate::ports::services::{Guarantee, ServiceError, ServiceKind};
use crate::units::UtcTime;
use crate::workflow::sync::stops::{HardStop, Situation, StopLimits, hard_stops, whole_days};

/// Whether deliveries go out to a service.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum LaneState {
    /// They do.
    Open,
    /// It failed and is tried again by itself.
    Waiting {
        /// What happened.
        error: ServiceError,
    },
    /// A person must mend something first.
    Stopped {
        /// What.
        error: ServiceError,
    },
    /// Something waits for a service that the configuration does not have, or not for this gallery.
    NotConfigured,
    /// Nobody delivers at the moment.
    #[default]
    Idle,
}

/// One service.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ServiceSummary {
    /// Which; `None` only in a value made from nothing.
    pub service: Option<ServiceKind>,
    /// Whether deliveries go out.
    pub lane: LaneState,
    /// What delivery promises for enrolments; `None` where the service is not configured.
    pub guarantee: Option<Guarantee>,
    /// Deliveries in each state that has any.
    pub counts: Vec<(DeliveryState, u64)>,
    /// When the oldest one that waits was queued.
    pub oldest_waiting: Option<UtcTime>,
    /// When the service last answered.
    pub last_contact: Option<UtcTime>,
    /// Whole days something has waited without the service having been reached.
    pub days_offline: u32,
    /// The service's clock less ours, seconds, as of its last answer.
    pub clock_offset: Option<i64>,
}

impl ServiceSummary {
    /// Deliveries in a state.
    #[must_use]
    pub fn count(&self, state: DeliveryState) -> u64 {
        self.counts.iter().find(|(listed, _)| *listed == state).map_or(0, |(_, count)| *count)
    }

    fn sum(&self, wanted: impl Fn(DeliveryState) -> bool) -> u64 {
        self.counts.iter().filter(|(state, _)| wanted(*state)).map(|(_, count)| count).sum()
    }
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SyncSummary {
    /// Every service that is configured or has deliveries, in order.
    pub services: Vec<ServiceSummary>,
    /// Limits that are passed, the gravest first.
    pub stops: Vec<HardStop>,
    /// When the schedule next lets the application deliver by itself; `None` while it does.
    pub opens_at: Option<UtcTime>,
    /// What keeps delivery itself from working, with its code and next step.
    pub trouble: Option<(String, Advice)>,
}

impl SyncSummary {
    /// Deliveries that go on by themselves.
    #[must_use]
    pub fn waiting(&self) -> u64 {
        self.services.iter().map(|service| service.sum(DeliveryState::is_waiting)).sum()
    }

    /// Deliveries that need a person.
    #[must_use]
    pub fn attention(&self) -> u64 {
        self.services.iter().map(|service| service.sum(DeliveryState::needs_attention)).sum()
    }

    /// The last word on what is wrong, for a status bar: text, code and next step.
    #[must_use]
    pub fn worst(&self) -> Option<(String, Advice)> {
        let stop = self.stops.first().map(|stop| (stop.to_string(), stop.advice()));
        let lane = || {
            self.services.iter().find_map(|service| match &service.lane {
                LaneState::Stopped { error } | LaneState::Waiting { error } => Some((error.to_string(), error.advice())),
                _ => None,
            })
        };
        self.trouble.clone().or(stop).or_else(lane)
    }

    /// Whether nobody more should be enrolled, and why.
    #[must_use]
    pub fn stops_enrolling(&self) -> Option<HardStop> {
        self.stops.iter().find(|stop| stop.stops_enrolling()).copied()
    }

    pub(super) fn with_trouble(error: &impl Advised) -> Self {
        Self { trouble: Some((error.to_string(), error.advice())), ..Self::default() }
    }
}

/// A lane as it stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct LaneView {
    pub service: Option<ServiceKind>,
    pub lane: LaneState,
    pub guarantee: Option<Guarantee>,
    pub clock_offset: Option<i64>,
}

/// Puts counts and lanes together.
pub(super) fn compose(
    counts: Vec<ServiceCounts>,
    lanes: &[LaneView],
    limits: &StopLimits,
    free_bytes: Option<u64>,
    now: UtcTime,
) -> SyncSummary {
    let mut kinds: Vec<ServiceKind> = counts.iter().map(|c| c.service).chain(lanes.iter().filter_map(|lane| lane.service)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut summary = SyncSummary::default();
    for kind in kinds {
        let lane = lanes.iter().find(|lane| lane.service == Some(kind)).cloned();
        let counted = counts.iter().find(|counted| counted.service == kind).cloned();
        let mut service = ServiceSummary { service: Some(kind), lane: LaneState::NotConfigured, ..ServiceSummary::default() };
        if let Some(LaneView { lane, guarantee, clock_offset, .. }) = lane {
            (service.lane, service.guarantee, service.clock_offset) = (lane, guarantee, clock_offset);
        }
        if let Some(ServiceCounts { counts, oldest_waiting, last_contact, .. }) = counted {
            (service.counts, service.oldest_waiting, service.last_contact) = (counts, oldest_waiting, last_contact);
        }
        if let Some(oldest) = service.oldest_waiting {
            service.days_offline = whole_days(service.last_contact.map_or(oldest, |contact| contact.max(oldest)), now);
        }
        summary.services.push(service);
    }
    let situation = Situation {
        waiting: summary.waiting(),
        silences: summary
            .services
            .iter()
            .filter_map(|service| Some((service.service?, service.oldest_waiting?, service.last_contact)))
            .collect(),
        free_bytes,
        unauthorised: summary
            .services
            .iter()
            .filter(|service| {
                matches!(&service.lane, LaneState::Stopped { error }
                    if error.fault == crate::ports::services::ServiceFault::Unauthorised)
            })
            .filter_map(|service| service.service)
            .collect(),
    };
    summary.stops = hard_stops(limits, &situation, now);
    summary
}

/// How the outbox stands while nobody delivers, for commands.
///
/// # Errors
/// [`GalleryError`] when the outbox cannot be read.
pub fn summarise(
    outbox: &dyn Outbox,
    targets: &[Target],
    practice: bool,
    limits: &StopLimits,
    free_bytes: Option<u64>,
    now: UtcTime,
) -> Result<SyncSummary, GalleryError> {
    let lanes: Vec<LaneView> = targets
        .iter()
        .filter(|target| target.takes(practice))
        .map(|target| LaneView { service: Some(target.kind), guarantee: Some(target.guarantee), ..LaneView::default() })
        .collect();
    Ok(compose(outbox.counts()?, &lanes, limits, free_bytes, now))
}
