//! Identity services and deliveries in words: names, promises, states, failures, limits. Each with the tone and sign that go with it.

use super::strings::{Words, grouped};
use super::widgets::card::Tone;
use crate::advice::Advised as _;
use crate::ports::outbox::DeliveryState;
use crate::ports::services::{Capabilities, Guarantee, ServiceError, ServiceFault, ServiceKind};
use crate::runtime::messages::SyncView;
use crate::runtime::sync::summary::{LaneState, ServiceSummary};
use crate::workflow::sync::stops::HardStop;
use lucide_icons::Icon;

/// A service's own name.
#[must_use]
pub fn name(words: &Words, kind: ServiceKind) -> String {
    words.t(&format!("service-{}", kind.name()))
}

/// A state of a delivery.
#[must_use]
pub const fn state(state: DeliveryState) -> (Tone, Icon, &'static str) {
    match state {
        DeliveryState::Queued => (Tone::Neutral, Icon::Clock, "delivery-queued"),
        DeliveryState::Sending => (Tone::Accent, Icon::Send, "delivery-sending"),
        DeliveryState::Doubtful => (Tone::Caution, Icon::CircleQuestionMark, "delivery-doubtful"),
        DeliveryState::Exported => (Tone::Neutral, Icon::Package, "delivery-exported"),
        DeliveryState::Delivered => (Tone::Positive, Icon::CircleCheck, "delivery-delivered"),
        DeliveryState::Refused => (Tone::Negative, Icon::CircleX, "delivery-refused"),
        DeliveryState::OutcomeUnknown => (Tone::Caution, Icon::CircleQuestionMark, "delivery-unknown"),
        DeliveryState::SetAside => (Tone::Caution, Icon::Archive, "delivery-set-aside"),
        DeliveryState::ErasureOwed => (Tone::Caution, Icon::Eraser, "delivery-owed"),
    }
}

/// What a state means and what happens next, in a sentence.
#[must_use]
pub fn state_line(words: &Words, state: DeliveryState) -> String {
    words.t(&format!("{}-line", self::state(state).2))
}

/// What delivery promises.
#[must_use]
pub const fn guarantee(guarantee: Guarantee) -> &'static str {
    match guarantee {
        Guarantee::ExactlyOnceByKey => "guarantee-key",
        Guarantee::ExactlyOnceByLookUp => "guarantee-look-up",
        Guarantee::AtMostOnce => "guarantee-at-most-once",
    }
}

/// What a service can do, by locale key.
#[must_use]
pub const fn abilities(capabilities: &Capabilities) -> [(&'static str, bool); 7] {
    [
        ("ability-enrol", capabilities.enrol),
        ("ability-authenticate", capabilities.authenticate),
        ("ability-verify", capabilities.verify),
        ("ability-search", capabilities.search),
        ("ability-insert", capabilities.insert),
        ("ability-delete", capabilities.delete),
        ("ability-status", capabilities.status),
    ]
}

const fn fault_key(fault: ServiceFault) -> &'static str {
    match fault {
        ServiceFault::Unreachable => "fault-unreachable",
        ServiceFault::Interrupted => "fault-interrupted",
        ServiceFault::Untrusted => "fault-untrusted",
        ServiceFault::NotAllowed => "fault-not-allowed",
        ServiceFault::Unauthorised => "fault-unauthorised",
        ServiceFault::Forbidden => "fault-forbidden",
        ServiceFault::Busy => "fault-busy",
        ServiceFault::ServiceFailed => "fault-service-failed",
        ServiceFault::Garbled => "fault-garbled",
        ServiceFault::Unfit => "fault-unfit",
        ServiceFault::Incomplete => "fault-incomplete",
        ServiceFault::BadPicture => "fault-bad-picture",
        ServiceFault::Rejected => "fault-rejected",
        ServiceFault::NotFound => "fault-not-found",
        ServiceFault::Duplicate => "fault-duplicate",
        ServiceFault::AttemptsUsed => "fault-attempts-used",
        ServiceFault::Closed => "fault-closed",
        ServiceFault::NotOffered => "fault-not-offered",
        ServiceFault::Misconfigured => "fault-misconfigured",
    }
}

/// What went wrong and what to do, with the support code and the service's own code.
#[must_use]
pub fn fault(words: &Words, error: &ServiceError) -> String {
    let own = error.code.as_ref().map(|code| format!(", {code}")).unwrap_or_default();
    format!("{} ({}{own})", words.t(fault_key(error.fault)), error.advice().code)
}

/// How a service's deliveries go.
#[must_use]
pub const fn lane(view: &SyncView, service: &ServiceSummary) -> (Tone, Icon, &'static str) {
    match &service.lane {
        LaneState::Stopped { .. } => (Tone::Negative, Icon::CircleX, "lane-stopped"),
        LaneState::Waiting { .. } => (Tone::Caution, Icon::CloudOff, "lane-waiting"),
        LaneState::NotConfigured => (Tone::Caution, Icon::Unplug, "lane-not-configured"),
        LaneState::Open | LaneState::Idle if view.paused => (Tone::Caution, Icon::Pause, "lane-paused"),
        LaneState::Open => (Tone::Positive, Icon::CloudCheck, "lane-open"),
        LaneState::Idle => (Tone::Neutral, Icon::Cloud, "lane-idle"),
    }
}

/// Why nobody more is enrolled, or what else must be mended.
#[must_use]
pub fn stop(words: &Words, stop: &HardStop) -> String {
    let code = stop.advice().code;
    let said = match stop {
        HardStop::QueueTooLong { waiting, limit } => {
            words.with("stop-queue", &[("waiting", &grouped(*waiting)), ("limit", &grouped(*limit))])
        }
        HardStop::OfflineTooLong { service, days, limit } => {
            let texts = [("service", name(words, *service)), ("days", days.to_string()), ("limit", limit.to_string())];
            words.with("stop-offline", &texts.each_ref().map(|(key, text)| (*key, text.as_str())))
        }
        HardStop::DiskNearlyFull { free_megabytes, limit_megabytes } => {
            words.with("stop-disk", &[("free", &grouped(*free_megabytes)), ("limit", &grouped(*limit_megabytes))])
        }
        HardStop::CredentialExpired { service } => words.with("stop-credential", &[("service", &name(words, *service))]),
    };
    format!("{said} ({code})")
}

/// The banner over the desk's pages: the gravest thing about delivery, where there is anything.
#[must_use]
pub fn banner(words: &Words, view: &SyncView) -> Option<(Tone, Icon, String)> {
    let summary = &view.summary;
    if let Some((message, advice)) = &summary.trouble {
        return Some((Tone::Caution, Icon::TriangleAlert, words.failure("banner-trouble", message, *advice)));
    }
    if let Some(first) = summary.stops.first() {
        let (tone, icon) = if first.stops_enrolling() { (Tone::Negative, Icon::Ban) } else { (Tone::Caution, Icon::KeyRound) };
        return Some((tone, icon, stop(words, first)));
    }
    let waiting = summary.waiting();
    if view.paused {
        return Some((Tone::Caution, Icon::Pause, words.n("banner-paused", waiting)));
    }
    let silent = summary.services.iter().find_map(|service| match &service.lane {
        LaneState::Waiting { error } | LaneState::Stopped { error } => Some((service, error)),
        _ => None,
    });
    let (service, error) = silent?;
    let kind = service.service?;
    let what = fault(words, error);
    let limit = view.max_days_offline;
    let left = if limit > 0 && waiting > 0 {
        format!(" {}", words.n("banner-days-left", u64::from((limit + 1).saturating_sub(service.days_offline))))
    } else {
        String::new()
    };
    let queue = words.n("banner-waiting", waiting);
    let (tone, icon) =
        if matches!(service.lane, LaneState::Stopped { .. }) { (Tone::Negative, Icon::CircleX) } else { (Tone::Caution, Icon::CloudOff) };
    Some((tone, icon, format!("{}: {what} {queue}{left}", name(words, kind))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::services::Effect;
    use crate::ui::strings::Language;

    #[test]
    fn everything_has_words_in_every_language() {
        for language in Language::ALL {
            let words = Words::new(language);
            let mut keys: Vec<String> =
                DeliveryState::ALL.iter().flat_map(|s| [state(*s).2.to_owned(), format!("{}-line", state(*s).2)]).collect();
            keys.extend(ServiceFault::ALL.map(|f| fault_key(f).to_owned()));
            keys.extend(ServiceKind::ALL.map(|k| format!("service-{}", k.name())));
            keys.extend(
                [Guarantee::ExactlyOnceByKey, Guarantee::ExactlyOnceByLookUp, Guarantee::AtMostOnce].map(|g| guarantee(g).to_owned()),
            );
            for kind in ServiceKind::ALL {
                keys.extend(crate::runtime::services::settings_of(kind).iter().map(|spec| spec.label.to_owned()));
            }
            let missing: Vec<_> = keys.iter().filter(|key| !words.has(key)).collect();
            assert!(missing.is_empty(), "{} lacks {missing:?}", language.tag());
        }
    }

    #[test]
    fn the_banner_counts_the_days_that_are_left() {
        let words = Words::new(Language::English);
        let error =
            ServiceError { effect: Effect::None, ..ServiceError::unsent(ServiceKind::Baf, ServiceFault::Unreachable, "no connection") };
        let mut view = SyncView { delivering: true, automatic: true, max_days_offline: 14, ..SyncView::default() };
        assert!(banner(&words, &view).is_none());
        view.summary.services = vec![ServiceSummary {
            service: Some(ServiceKind::Baf),
            lane: LaneState::Waiting { error },
            counts: vec![(DeliveryState::Queued, 12)],
            days_offline: 3,
            ..ServiceSummary::default()
        }];
        let (tone, _, said) = banner(&words, &view).unwrap();
        assert_eq!(tone, Tone::Caution);
        assert!(said.contains("12") && said.contains("SVC-01"), "{said}");
        // The thirteenth day without contact is the last but two on which somebody can be enrolled: more than 14 stop it.
        assert!(said.contains("12 days"), "{said}");
        view.summary.stops = vec![HardStop::OfflineTooLong { service: ServiceKind::Baf, days: 15, limit: 14 }];
        assert_eq!(banner(&words, &view).unwrap().0, Tone::Negative);
    }
}
