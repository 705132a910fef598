//! Example values of delivery for storyboards and window tests: services, their lamps, a queue with every state in it.

use super::fixtures::{Fixture, comparison, idle, in_flow, person, subject_id};
use super::screens::desk::model::Page as DeskPage;
use super::screens::services::form::ServiceForm;
use super::screens::sync::model::{Decision, SyncModel};
use super::storyboard::{Scene, Stage};
use super::window::Options;
use crate::ports::gallery::{Page, RecordId};
use crate::ports::opinions::{Agreement, LocalWord, OpinionSet, Question, Reply, SecondOpinion};
use crate::ports::outbox::{DeliveryState, Entry, EntryQuery, Note, Operation, Progress};
use crate::ports::services::{Capabilities, Guarantee, Opinion, Receipt, ServiceError, ServiceFault, ServiceKind};
use crate::runtime::application::PacketsDone;
use crate::runtime::messages::{Command, DeliveryRow, Notice, PacketsView, Seat, Snapshot, SyncView};
use crate::runtime::opinions::OpinionView;
use crate::runtime::services::{CredentialSource, ServiceView, TestPhase, TestReport, TestView, settings_of};
use crate::runtime::sync::packets::{PacketProblem, PacketsReport};
use crate::runtime::sync::summary::{LaneState, ServiceSummary, SyncSummary};
use crate::units::UtcTime;
use crate::workflow::sync::stops::HardStop;
use crate::workflow::view::{FlowKind, Outcome, Step, StepView};
use std::sync::Arc;
use uuid::Uuid;

const NOW: i64 = 1_795_242_600_000;
const MINUTE: i64 = 60_000;
const DAY: i64 = 86_400_000;

const fn guarantee(kind: ServiceKind) -> Guarantee {
    match kind {
        ServiceKind::Baf => Guarantee::ExactlyOnceByKey,
        ServiceKind::Onboarding => Guarantee::AtMostOnce,
        _ => Guarantee::ExactlyOnceByLookUp,
    }
}

fn capabilities(kind: ServiceKind) -> Capabilities {
    let all = kind == ServiceKind::AwareId;
    Capabilities {
        enrol: true,
        authenticate: all || kind == ServiceKind::Baf,
        verify: all || kind == ServiceKind::Uqudo,
        search: kind != ServiceKind::Onboarding && kind != ServiceKind::Baf,
        insert: all || kind == ServiceKind::Uqudo,
        delete: all || kind == ServiceKind::Uqudo,
        delete_erases: all,
        status: matches!(guarantee(kind), Guarantee::ExactlyOnceByLookUp),
        enrol_guarantee: guarantee(kind),
        delete_guarantee: guarantee(kind),
    }
}

/// A service, with an address and secrets or without.
#[must_use]
pub fn service(kind: ServiceKind, configured: bool) -> ServiceView {
    let address = if configured { format!("https://{}.example", kind.name()) } else { String::new() };
    let value = |key: &str| match key {
        "endpoint.base_url" => address.clone(),
        "endpoint.prefix" => String::new(),
        _ if configured => "branch-12".to_owned(),
        _ => String::new(),
    };
    let specs = settings_of(kind);
    let reference = |key: &str| if configured { format!("keyring:{}", own_name(kind, key)) } else { String::new() };
    ServiceView {
        service: kind,
        practice: false,
        delivers: configured && kind != ServiceKind::Faceki,
        settings: specs.iter().map(|s| (s.key, if s.secret { reference(s.key) } else { value(s.key) })).collect(),
        credentials: specs.iter().filter(|s| s.secret).map(|s| (s.key, CredentialSource::of(&reference(s.key)))).collect(),
        capabilities: configured.then(|| Ok(capabilities(kind))),
        address,
    }
}

fn own_name(kind: ServiceKind, key: &str) -> String {
    format!("{}-{}", kind.name(), key.rsplit('.').next().unwrap_or_default().replace('_', "-"))
}

/// All services; the onboarding test is not used here.
#[must_use]
pub fn services() -> Vec<ServiceView> {
    ServiceKind::ALL.map(|kind| service(kind, kind != ServiceKind::Onboarding)).to_vec()
}

fn summary(kind: ServiceKind, counts: &[(DeliveryState, u64)]) -> ServiceSummary {
    ServiceSummary {
        service: Some(kind),
        lane: LaneState::Open,
        guarantee: Some(guarantee(kind)),
        counts: counts.to_vec(),
        last_contact: Some(UtcTime(NOW - 3 * MINUTE)),
        clock_offset: Some(1),
        ..ServiceSummary::default()
    }
}

/// Delivery that goes well.
#[must_use]
pub fn sync() -> SyncView {
    let services = vec![
        summary(ServiceKind::AwareId, &[(DeliveryState::Sending, 2), (DeliveryState::Delivered, 10_204)]),
        summary(ServiceKind::Uqudo, &[(DeliveryState::Delivered, 9_871), (DeliveryState::ErasureOwed, 1)]),
        summary(ServiceKind::Baf, &[(DeliveryState::Queued, 3), (DeliveryState::Delivered, 10_199), (DeliveryState::SetAside, 1)]),
    ];
    SyncView {
        summary: SyncSummary { services, ..SyncSummary::default() },
        delivering: true,
        paused: false,
        automatic: true,
        max_days_offline: 14,
        packets: None,
        testing: None,
    }
}

/// A service that does not answer.
#[must_use]
pub fn unreachable(kind: ServiceKind) -> ServiceError {
    ServiceError::unsent(kind, ServiceFault::Unreachable, "no connection")
}

/// The network has been away for three days.
#[must_use]
pub fn offline() -> SyncView {
    let mut view = sync();
    for service in &mut view.summary.services {
        let Some(kind) = service.service else { continue };
        service.lane = LaneState::Waiting { error: unreachable(kind) };
        service.counts = vec![(DeliveryState::Queued, 46), (DeliveryState::Delivered, 9_000)];
        service.last_contact = Some(UtcTime(NOW - 3 * DAY - 40 * MINUTE));
        service.oldest_waiting = Some(UtcTime(NOW - 3 * DAY));
        service.days_offline = 3;
    }
    view
}

fn entry(n: u64, service: ServiceKind, state: DeliveryState) -> Entry {
    let at = NOW - n as i64 * 17 * MINUTE;
    let note =
        |minutes: i64, what: &str, text: &str| Note { at: UtcTime(at + minutes * MINUTE), what: what.to_owned(), text: text.to_owned() };
    let receipt = || Receipt {
        remote_reference: Some(format!("4711-{n:04}")),
        identifiers: vec![("transactionId".to_owned(), format!("b6ea6be6-5e11-4946-9dc2-{n:012}"))],
        repeated: n.is_multiple_of(3),
    };
    let fault = |fault, code: Option<&str>| {
        Some(ServiceError { code: code.map(str::to_owned), ..ServiceError::unsent(service, fault, "as it said") })
    };
    let sent = note(1, "sending", "");
    let (fault, receipt, history) = match state {
        DeliveryState::Queued => (fault(ServiceFault::Unreachable, None), None, vec![sent, note(1, "waits", "SVC-01: no connection")]),
        DeliveryState::Sending => (None, None, vec![sent]),
        DeliveryState::Doubtful => {
            (fault(ServiceFault::Interrupted, None), None, vec![sent, note(2, "doubtful", "SVC-02: no answer in time")])
        }
        DeliveryState::Exported => (None, None, vec![note(30, "exported", "written to a sealed packet")]),
        DeliveryState::Delivered => (None, Some(receipt()), vec![sent, note(1, "delivered", "")]),
        DeliveryState::Refused => {
            (fault(ServiceFault::BadPicture, Some("120038")), None, vec![sent, note(1, "refused", "SVC-11: no face was found (120038)")])
        }
        DeliveryState::OutcomeUnknown => {
            (fault(ServiceFault::Interrupted, None), None, vec![sent, note(2, "unknown", "SVC-02: the connection broke")])
        }
        DeliveryState::SetAside => {
            (fault(ServiceFault::ServiceFailed, Some("500")), None, vec![sent, note(40, "set_aside", "SVC-08: it failed by itself (500)")])
        }
        DeliveryState::ErasureOwed => (None, Some(receipt()), vec![sent, note(1, "owed", "deleted there as far as the service goes")]),
    };
    let delete = state == DeliveryState::ErasureOwed;
    let changed = history.last().map_or(at, |note| note.at.0);
    Entry {
        key: Uuid::from_u128(u128::from(n) + 77),
        number: 20_000 - n,
        service,
        operation: if delete { Operation::Delete } else { Operation::Enrol },
        progress: Progress { state, tries: 1, doubts: 0, guarantee: Some(guarantee(service)) },
        subject: (!delete).then(|| subject_id(n)),
        record: (!delete).then(|| RecordId(Uuid::from_u128(u128::from(n) + 5))),
        queued_at: UtcTime(at),
        changed_at: UtcTime(changed),
        due_at: UtcTime(0),
        fault,
        receipt,
        history,
        packet_of: None,
    }
}

/// A queue with every state in it.
#[must_use]
pub fn deliveries() -> Vec<DeliveryRow> {
    let kinds = [ServiceKind::AwareId, ServiceKind::Uqudo, ServiceKind::Baf];
    let states = [
        DeliveryState::Sending,
        DeliveryState::Queued,
        DeliveryState::Delivered,
        DeliveryState::OutcomeUnknown,
        DeliveryState::Delivered,
        DeliveryState::Refused,
        DeliveryState::Doubtful,
        DeliveryState::Delivered,
        DeliveryState::SetAside,
        DeliveryState::Exported,
        DeliveryState::ErasureOwed,
        DeliveryState::Delivered,
    ];
    let row = |(n, state): (u64, DeliveryState)| {
        let entry = entry(n, kinds[n as usize % kinds.len()], state);
        let person = entry.subject.map(|_| person(n));
        DeliveryRow { entry, person }
    };
    (0..).zip(states).map(row).collect()
}

/// The imaginary queue's answer.
#[must_use]
pub fn listed(query: &EntryQuery) -> Page<DeliveryRow> {
    let fits = |row: &DeliveryRow| {
        (query.states.is_empty() || query.states.contains(&row.entry.progress.state))
            && query.service.is_none_or(|service| row.entry.service == service)
    };
    let mut rows: Vec<DeliveryRow> = deliveries();
    if let Some(subject) = query.subject {
        // Whoever is looked at has a receipt of each service.
        rows.truncate(3);
        for row in &mut rows {
            row.entry.subject = Some(subject);
        }
    } else {
        rows.retain(fits);
    }
    let total = rows.len() as u64;
    let entries = rows.into_iter().skip(query.offset as usize).take(query.limit as usize).collect();
    Page { entries, total }
}

/// Answers of the example backend to questions about services and deliveries.
#[must_use]
pub fn answer(command: &Command) -> Option<Notice> {
    Some(match command {
        Command::ListServices => Notice::Services(Arc::new(services())),
        Command::ListDeliveries(query) => Notice::Deliveries(query.clone(), listed(query)),
        Command::SaveService(_) => Notice::SettingsKept,
        Command::DecideDelivery { key, .. } => Notice::DeliveryDecided(*key),
        _ => return None,
    })
}

fn go(studio: &mut dyn Stage, page: DeskPage) {
    let _ = studio.app().window_mut().desk_mut().go(page);
    studio.step(0.1, Vec::new());
    studio.step(0.1, Vec::new());
}

fn open(studio: &mut dyn Stage, state: DeliveryState) -> &mut SyncModel {
    go(studio, DeskPage::Sync);
    let row = deliveries().into_iter().find(|row| row.entry.progress.state == state);
    let model = &mut studio.app().window_mut().desk_mut().sync;
    model.open = row.map(|row| row.entry.key);
    model
}

fn with(view: SyncView) -> Snapshot {
    let mut snapshot = idle(false);
    snapshot.status.sync = Some(view);
    snapshot
}

/// What three services said about a match, one of them still thinking.
#[must_use]
pub fn opinions() -> OpinionView {
    let said = |matched, score_percent| {
        Reply::Said(Opinion { matched: Some(matched), score_percent: Some(score_percent), candidates: Vec::new(), checks: Vec::new() })
    };
    let opinion = |service, question, reply, agreement| SecondOpinion { service, question: Some(question), reply, agreement, millis: 410 };
    let opinions = vec![
        opinion(ServiceKind::AwareId, Question::Authenticate, said(true, 97.0), Agreement::Agrees),
        opinion(ServiceKind::Uqudo, Question::Verify, said(false, 31.0), Agreement::Disagrees),
    ];
    let set = OpinionSet {
        session: Uuid::from_u128(3),
        flow: "authenticate".to_owned(),
        subject: Some(subject_id(0)),
        local: LocalWord::Match,
        asked_at: NOW,
        opinions,
    };
    OpinionView { set, waiting: vec![ServiceKind::Baf] }
}

fn with_opinions() -> Snapshot {
    let outcome = Outcome::Verified { comparison: comparison(0.63), subject: subject_id(0) };
    let view = StepView::Outcome { outcome, returns_in: None };
    Snapshot { opinions: Some(opinions()), ..in_flow(FlowKind::Authenticate, Step::Result, view, false) }
}

/// An import that was broken off, with a packet that was altered on its way.
fn imported() -> PacketsReport {
    let problem = PacketProblem {
        file: "0000000231-0196f0c2-9a5e-7c11-b2f3-0c4a1d7e5b60.visavis".to_owned(),
        code: "GAL-43",
        message: "the file is damaged or was altered: it is not what the manifest names".to_owned(),
    };
    PacketsReport {
        packets: 160,
        delivered: 154,
        settled_before: 4,
        attention: 2,
        left: 251,
        receipts_written: 160,
        problems: vec![problem],
        cancelled: true,
        ..PacketsReport::default()
    }
}

/// Scenes of delivery.
#[must_use]
pub fn scenes() -> Vec<Scene> {
    let desk = |name, snapshot: Snapshot, script| Scene { name, options: Options::of(Seat::Desk), fixture: Fixture::new(snapshot), script };
    let stopped = || {
        let mut view = offline();
        view.summary.stops = vec![HardStop::OfflineTooLong { service: ServiceKind::Baf, days: 15, limit: 14 }];
        view
    };
    let exporting = PacketsView { importing: false, done: 118, of: 412, cancelled: false };
    let testing = SyncView { testing: Some(TestView { service: ServiceKind::Uqudo, phase: TestPhase::Contacting }), ..sync() };
    vec![
        desk("desk-today-offline", with(offline()), |_| {}),
        desk("desk-services", idle(false), |s| go(s, DeskPage::Services)),
        desk("desk-services-tested", with(testing), |s| {
            go(s, DeskPage::Services);
            let model = &mut s.app().window_mut().desk_mut().services;
            let report = |service, found, clock_offset| Arc::new(TestReport { service, at: UtcTime(NOW), millis: 84, clock_offset, found });
            let good = report(ServiceKind::AwareId, Ok(capabilities(ServiceKind::AwareId)), Some(-340));
            let refused = ServiceError::unsent(ServiceKind::Baf, ServiceFault::Unauthorised, "401");
            model.reports = [good, report(ServiceKind::Baf, Err(refused), None)].map(|report| (report.service, report)).into();
        }),
        desk("desk-services-form", idle(false), |s| {
            go(s, DeskPage::Services);
            s.app().window_mut().desk_mut().services.form = Some(ServiceForm::new(&service(ServiceKind::AwareId, true)));
        }),
        desk("desk-sync", idle(false), |s| go(s, DeskPage::Sync)),
        desk("desk-sync-offline", with(stopped()), |s| go(s, DeskPage::Sync)),
        desk("desk-sync-delivered", idle(false), |s| _ = open(s, DeliveryState::Delivered)),
        desk("desk-sync-unknown", idle(false), |s| _ = open(s, DeliveryState::OutcomeUnknown)),
        desk("desk-sync-decide", idle(false), |s| {
            let row = deliveries().into_iter().find(|row| row.entry.progress.state == DeliveryState::OutcomeUnknown);
            let model = open(s, DeliveryState::OutcomeUnknown);
            if let Some(row) = row {
                model.prepare(&row.entry, Decision::Arrived);
            }
        }),
        desk("desk-sync-export", idle(false), |s| {
            go(s, DeskPage::Sync);
            let _ = s.app().window_mut().desk_mut().sync.packets.open(false, None);
        }),
        desk("desk-sync-exporting", with(SyncView { packets: Some(exporting), ..sync() }), |s| go(s, DeskPage::Sync)),
        desk("desk-sync-imported", idle(false), |s| {
            go(s, DeskPage::Sync);
            s.app().window_mut().desk_mut().sync.packets.done = Some(PacketsDone::Imported(imported()));
        }),
        desk("desk-match-opinions", with_opinions(), |_| {}),
        desk("desk-sync-none", with(SyncView::default()), |s| go(s, DeskPage::Sync)),
    ]
}
