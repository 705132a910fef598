//! Hard stops: when the outbox is in such a state that nobody more should be enrolled, said in words.

use crate::advice::{Advice, Advised};
use crate::ports::services::ServiceKind;
use crate::units::UtcTime;

/// When to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StopLimits {
    /// Most deliveries that may wait; 0 for any number.
    pub max_waiting: u64,
    /// Most days without contact while something waits; 0 for any number.
    pub max_days_offline: u32,
    /// Least free space, bytes; 0 for none.
    pub min_free_bytes: u64,
}

/// What the limits are held against.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Situation {
    /// Deliveries that wait, all services together.
    pub waiting: u64,
    /// Per service: when the oldest delivery that waits was queued, and when the service last answered.
    pub silences: Vec<(ServiceKind, UtcTime, Option<UtcTime>)>,
    /// Free space beside the gallery, bytes, where it can be told.
    pub free_bytes: Option<u64>,
    /// Services that refuse our credentials.
    pub unauthorised: Vec<ServiceKind>,
}

/// Why nobody more should be enrolled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HardStop {
    /// Too much waits.
    #[error("{waiting} records wait to be delivered; {limit} are the most allowed")]
    QueueTooLong {
        /// How many wait.
        waiting: u64,
        /// How many may.
        limit: u64,
    },
    /// No contact for too long.
    #[error("{} has not been reached for {days} days; {limit} are the most allowed", .service.name())]
    OfflineTooLong {
        /// Which service.
        service: ServiceKind,
        /// Whole days.
        days: u32,
        /// How many may pass.
        limit: u32,
    },
    /// Hardly any space.
    #[error("only {free_megabytes} MB are free; {limit_megabytes} are the least allowed")]
    DiskNearlyFull {
        /// What is free, in 1 000 000 bytes.
        free_megabytes: u64,
        /// What must be.
        limit_megabytes: u64,
    },
    /// The credential is no longer taken.
    #[error("{} no longer takes this machine's credential", .service.name())]
    CredentialExpired {
        /// Which service.
        service: ServiceKind,
    },
}

impl HardStop {
    /// Whether enrolling must stop. A refused credential alone does not stop it: records wait safely until one of the other limits is met.
    #[must_use]
    pub const fn stops_enrolling(&self) -> bool {
        !matches!(self, Self::CredentialExpired { .. })
    }
}

impl Advised for HardStop {
    fn advice(&self) -> Advice {
        match self {
            Self::QueueTooLong { .. } => Advice::environment(
                "SYN-10",
                "Connect this machine, or carry the records with `visavis sync export`; enrolling goes on when fewer wait.",
            ),
            Self::OfflineTooLong { .. } => Advice::environment(
                "SYN-11",
                "Check the network and this machine's date, then run `visavis sync run`; or carry the records with `visavis sync export`.",
            ),
            Self::DiskNearlyFull { .. } => Advice::environment("SYN-12", "Free some space before anybody else is enrolled."),
            Self::CredentialExpired { .. } => {
                Advice { retry: false, ..Advice::environment("SYN-13", "Renew the credential, then run `visavis sync run`.") }
            }
        }
    }
}

/// Whole days from one time to a later one; a clock that was set back gives none.
#[must_use]
pub fn whole_days(from: UtcTime, to: UtcTime) -> u32 {
    u32::try_from(to.0.saturating_sub(from.0).max(0) / 86_400_000).unwrap_or(u32::MAX)
}

/// Every limit that is passed, the gravest first.
#[must_use]
pub fn hard_stops(limits: &StopLimits, situation: &Situation, now: UtcTime) -> Vec<HardStop> {
    let mut stops = Vec::new();
    if let Some(free) = situation.free_bytes.filter(|free| *free < limits.min_free_bytes) {
        let megabytes = |bytes: u64| bytes / 1_000_000;
        stops.push(HardStop::DiskNearlyFull { free_megabytes: megabytes(free), limit_megabytes: megabytes(limits.min_free_bytes) });
    }
    if limits.max_waiting > 0 && situation.waiting > limits.max_waiting {
        stops.push(HardStop::QueueTooLong { waiting: situation.waiting, limit: limits.max_waiting });
    }
    for (service, oldest, contact) in &situation.silences {
        // Something has waited since then without the service having been reached.
        let days = whole_days(contact.map_or(*oldest, |contact| contact.max(*oldest)), now);
        if limits.max_days_offline > 0 && days > limits.max_days_offline {
            stops.push(HardStop::OfflineTooLong { service: *service, days, limit: limits.max_days_offline });
        }
    }
    stops.extend(situation.unauthorised.iter().map(|service| HardStop::CredentialExpired { service: *service }));
    stops
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;
    const LIMITS: StopLimits = StopLimits { max_waiting: 100, max_days_offline: 7, min_free_bytes: 500_000_000 };

    fn codes(situation: &Situation, now: UtcTime) -> Vec<&'static str> {
        hard_stops(&LIMITS, situation, now).iter().map(|stop| stop.advice().code).collect()
    }

    #[test]
    fn each_limit_stops_with_its_own_words() {
        let calm = Situation { waiting: 100, free_bytes: Some(500_000_000), ..Situation::default() };
        assert_eq!(codes(&calm, UtcTime(0)), [""; 0]);
        let silent = |since: i64, contact: Option<i64>| vec![(ServiceKind::Baf, UtcTime(since), contact.map(UtcTime))];
        let cases = [
            (Situation { waiting: 101, ..calm.clone() }, 0, vec!["SYN-10"]),
            (Situation { free_bytes: Some(499_999_999), ..calm.clone() }, 0, vec!["SYN-12"]),
            (Situation { free_bytes: None, ..calm.clone() }, 0, vec![]),
            (Situation { silences: silent(0, None), ..calm.clone() }, 8 * DAY - 1, vec![]),
            (Situation { silences: silent(0, None), ..calm.clone() }, 8 * DAY, vec!["SYN-11"]),
            (Situation { silences: silent(0, Some(DAY)), ..calm.clone() }, 8 * DAY, vec![]),
            (Situation { silences: silent(6 * DAY, Some(0)), ..calm.clone() }, 8 * DAY, vec![]),
            (Situation { silences: silent(9 * DAY, None), ..calm.clone() }, 0, vec![]),
            (Situation { unauthorised: vec![ServiceKind::Uqudo], ..calm }, 0, vec!["SYN-13"]),
        ];
        for (situation, now, expected) in cases {
            assert_eq!(codes(&situation, UtcTime(now)), expected, "{situation:?}");
        }
    }

    #[test]
    fn limits_of_zero_never_stop() {
        let limits = StopLimits { max_waiting: 0, max_days_offline: 0, min_free_bytes: 0 };
        let silences = vec![(ServiceKind::Baf, UtcTime(0), None)];
        let situation = Situation { waiting: u64::MAX, silences, free_bytes: Some(0), unauthorised: Vec::new() };
        assert_eq!(hard_stops(&limits, &situation, UtcTime(i64::MAX)), []);
    }
}
