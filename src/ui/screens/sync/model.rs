//! What the sync screen knows: the part of the queue looked at, the delivery opened, what is being decided, packets.

use super::packets::PacketsModel;
use crate::ports::outbox::{DeliveryState, Entry, EntryQuery};
use crate::ports::services::ServiceKind;
use crate::runtime::messages::{Command, DeliveryRow, Notice, SyncView};
use crate::runtime::sync::Action;
use uuid::Uuid;

/// Rows asked for at once.
pub const PAGE_ROWS: u32 = 50;

/// Parts of the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Part {
    /// Everything.
    #[default]
    All,
    /// Goes on by itself.
    Waiting,
    /// Needs a person.
    Attention,
    /// Is there.
    Delivered,
}

impl Part {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 4] = [Self::All, Self::Waiting, Self::Attention, Self::Delivered];

    /// Locale key.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::All => "sync-all",
            Self::Waiting => "sync-waiting",
            Self::Attention => "sync-attention",
            Self::Delivered => "sync-delivered",
        }
    }

    /// States of it; empty for all.
    #[must_use]
    pub fn states(self) -> Vec<DeliveryState> {
        let holds = |state: &DeliveryState| match self {
            Self::All => false,
            Self::Waiting => state.is_waiting(),
            Self::Attention => state.needs_attention(),
            Self::Delivered => *state == DeliveryState::Delivered,
        };
        DeliveryState::ALL.into_iter().filter(holds).collect()
    }
}

/// What a person can decide about a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of Action")]
pub enum Decision {
    Retry,
    SetAside,
    Arrived,
    NotArrived,
}

impl Decision {
    /// Those that fit a state.
    #[must_use]
    pub const fn offered(state: DeliveryState) -> &'static [Self] {
        match state {
            DeliveryState::Queued | DeliveryState::Doubtful => &[Self::SetAside],
            DeliveryState::Refused | DeliveryState::SetAside => &[Self::Retry],
            DeliveryState::OutcomeUnknown | DeliveryState::Exported => &[Self::Arrived, Self::NotArrived],
            DeliveryState::ErasureOwed => &[Self::Arrived],
            DeliveryState::Sending | DeliveryState::Delivered => &[],
        }
    }

    /// Locale key of its button.
    #[must_use]
    pub const fn key(self, state: DeliveryState) -> &'static str {
        match (self, state) {
            (Self::Retry, _) => "decide-retry",
            (Self::SetAside, _) => "decide-set-aside",
            (Self::Arrived, DeliveryState::ErasureOwed) => "decide-erased",
            (Self::Arrived, _) => "decide-arrived",
            (Self::NotArrived, DeliveryState::Exported) => "decide-take-back",
            (Self::NotArrived, _) => "decide-not-arrived",
        }
    }
}

/// A decision being prepared: nothing happens without a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecideForm {
    /// Which delivery.
    pub key: Uuid,
    /// In which state it was.
    pub state: DeliveryState,
    /// What.
    pub decision: Decision,
    /// Why, as typed.
    pub reason: String,
    /// The service's name for the person, as typed; for what arrived.
    pub reference: String,
}

/// Longest reason and reference, characters.
pub const LONGEST: usize = 200;

impl DecideForm {
    /// The command, once there is a reason.
    #[must_use]
    pub fn command(&self) -> Option<Command> {
        let (reason, reference) = (self.reason.trim(), self.reference.trim());
        if reason.chars().count() < 3 || reason.chars().count() > LONGEST || reference.chars().count() > LONGEST {
            return None;
        }
        let action = match self.decision {
            Decision::Retry => Action::Retry,
            Decision::SetAside => Action::SetAside,
            Decision::Arrived => Action::Arrived((!reference.is_empty()).then(|| reference.to_owned())),
            Decision::NotArrived => Action::NotArrived,
        };
        Some(Command::DecideDelivery { key: self.key, action, reason: reason.to_owned() })
    }
}

/// The screen's state.
#[derive(Debug, Clone, Default)]
pub struct SyncModel {
    /// Part of the queue that is shown.
    pub part: Part,
    /// One service only.
    pub service: Option<ServiceKind>,
    /// First row shown.
    pub offset: u64,
    /// Rows of the page, once they arrive.
    pub rows: Option<Vec<DeliveryRow>>,
    /// Rows there are in all.
    pub total: u64,
    /// The row the keyboard is on.
    pub cursor: Option<usize>,
    /// The delivery in the drawer.
    pub open: Option<Uuid>,
    /// The decision being prepared.
    pub decide: Option<DecideForm>,
    /// Packets.
    pub packets: PacketsModel,
    asked: Option<EntryQuery>,
    /// Counts as of the last asking: when they change, the page is asked for again.
    seen: Vec<(Option<ServiceKind>, Vec<(DeliveryState, u64)>)>,
}

impl SyncModel {
    /// The question for the page that is shown.
    #[must_use]
    pub fn query(&self) -> EntryQuery {
        EntryQuery { service: self.service, states: self.part.states(), subject: None, offset: self.offset, limit: PAGE_ROWS }
    }

    /// Commands for what is not here yet, or not any more what it was.
    pub fn needed(&mut self, view: &SyncView) -> Vec<Command> {
        let counts: Vec<_> = view.summary.services.iter().map(|service| (service.service, service.counts.clone())).collect();
        let query = self.query();
        if self.asked.as_ref() == Some(&query) && self.seen == counts {
            return Vec::new();
        }
        (self.asked, self.seen) = (Some(query.clone()), counts);
        vec![Command::ListDeliveries(query)]
    }

    /// Shows another part of the queue.
    pub fn show(&mut self, part: Part, service: Option<ServiceKind>) {
        if (self.part, self.service) != (part, service) {
            (self.part, self.service, self.offset) = (part, service, 0);
            (self.cursor, self.rows) = (None, None);
        }
    }

    /// Turns the pages by `pages`.
    pub fn turn(&mut self, pages: i64) {
        let last = self.total.saturating_sub(1) / u64::from(PAGE_ROWS);
        let at = (self.offset / u64::from(PAGE_ROWS)) as i64;
        self.offset = (at + pages).clamp(0, last as i64) as u64 * u64::from(PAGE_ROWS);
        self.cursor = None;
    }

    /// The delivery in the drawer, while it is on the page.
    #[must_use]
    pub fn opened(&self) -> Option<&DeliveryRow> {
        let key = self.open?;
        self.rows.as_ref()?.iter().find(|row| row.entry.key == key)
    }

    /// Begins to decide.
    pub fn prepare(&mut self, entry: &Entry, decision: Decision) {
        let (key, state) = (entry.key, entry.progress.state);
        self.decide = Some(DecideForm { key, state, decision, reason: String::new(), reference: String::new() });
    }

    /// Moves the keyboard's row.
    pub fn move_cursor(&mut self, rows: i64) {
        let Some(count) = self.rows.as_ref().map(Vec::len).filter(|count| *count > 0) else { return };
        let at = self.cursor.map_or(if rows > 0 { -1 } else { 0 }, |at| at as i64);
        self.cursor = Some((at + rows).clamp(0, count as i64 - 1) as usize);
    }

    /// Takes an answer.
    pub fn receive(&mut self, notice: &Notice) {
        self.packets.receive(notice);
        match notice {
            Notice::Deliveries(query, page) if Some(query) == self.asked.as_ref() => {
                self.rows = Some(page.entries.clone());
                self.total = page.total;
                if page.entries.is_empty() && page.total > 0 && self.offset > 0 {
                    self.turn(0);
                }
            }
            Notice::DeliveryDecided(_) => (self.decide, self.asked) = (None, None),
            Notice::Changed | Notice::Erased(_) | Notice::PacketsMoved(_) => self.asked = None,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::gallery::Page;
    use crate::ui::sync_fixtures;

    #[test]
    fn every_state_is_in_the_parts_it_belongs_to() {
        let parts = [Part::Waiting, Part::Attention, Part::Delivered];
        for state in DeliveryState::ALL {
            assert_eq!(parts.iter().filter(|part| part.states().contains(&state)).count(), 1, "{state:?}");
            let offers = !Decision::offered(state).is_empty();
            assert!(offers || matches!(state, DeliveryState::Sending | DeliveryState::Delivered), "{state:?}");
        }
    }

    #[test]
    fn the_page_is_asked_for_again_when_something_moved() {
        let mut model = SyncModel::default();
        let mut view = sync_fixtures::sync();
        assert_eq!(model.needed(&view), [Command::ListDeliveries(model.query())]);
        assert!(model.needed(&view).is_empty());
        view.summary.services[0].counts = vec![(DeliveryState::Delivered, 1)];
        assert_eq!(model.needed(&view).len(), 1);
        let rows = sync_fixtures::deliveries();
        let old = EntryQuery { limit: PAGE_ROWS, offset: 50, ..EntryQuery::default() };
        model.receive(&Notice::Deliveries(old, Page { entries: rows.clone(), total: 3 }));
        assert!(model.rows.is_none(), "an answer to another question is not ours");
        model.receive(&Notice::Deliveries(model.query(), Page { entries: rows, total: 3 }));
        assert!(model.rows.is_some());
        model.show(Part::Attention, None);
        assert!(model.rows.is_none() && model.needed(&view).len() == 1);
    }

    #[test]
    fn nothing_is_decided_without_a_reason() {
        let row = sync_fixtures::deliveries().into_iter().find(|row| row.entry.progress.state == DeliveryState::OutcomeUnknown).unwrap();
        let mut model = SyncModel::default();
        model.prepare(&row.entry, Decision::Arrived);
        let form = model.decide.as_mut().unwrap();
        form.reason = "ok".into();
        assert_eq!(form.command(), None);
        form.reason = " seen in their console ".into();
        form.reference = "REF-7".into();
        let action = Action::Arrived(Some("REF-7".into()));
        assert_eq!(form.command(), Some(Command::DecideDelivery { key: row.entry.key, action, reason: "seen in their console".into() }));
        model.receive(&Notice::Failed("no".into(), crate::advice::Advice::input("SYN-05", "Look.")));
        assert!(model.decide.is_some(), "what was typed stays");
        model.receive(&Notice::DeliveryDecided(row.entry.key));
        assert!(model.decide.is_none());
    }
}
