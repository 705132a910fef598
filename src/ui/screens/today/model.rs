//! What the first page of the desk knows: the latest registrations, and who waits for an officer.

use crate::ports::gallery::{RecordSummary, SubjectId, SubjectQuery, SubjectSummary};
use crate::runtime::messages::{Command, Notice};

/// People looked at for those held.
const LATEST_PEOPLE: u32 = 200;
/// Registrations listed.
const LATEST_RECORDS: u32 = 12;

/// The page's state.
#[derive(Debug, Clone, Default)]
pub struct TodayModel {
    /// Latest registrations, newest first; `None` until they arrive.
    pub records: Option<Vec<RecordSummary>>,
    people: Vec<SubjectSummary>,
    asked: bool,
}

impl TodayModel {
    /// Commands for what is not here yet.
    pub fn needed(&mut self) -> Vec<Command> {
        if std::mem::replace(&mut self.asked, true) {
            return Vec::new();
        }
        let people = SubjectQuery { limit: LATEST_PEOPLE, ..SubjectQuery::default() };
        vec![Command::ListRecords { offset: 0, limit: LATEST_RECORDS }, Command::ListSubjects(people)]
    }

    /// Takes an answer.
    pub fn receive(&mut self, notice: &Notice) {
        match notice {
            Notice::Records(page) => self.records = Some(page.entries.clone()),
            Notice::Subjects(query, page) if query.limit == LATEST_PEOPLE => self.people = page.entries.clone(),
            Notice::Changed | Notice::Erased(_) => self.asked = false,
            _ => {}
        }
    }

    /// Asks again the next time, because a flow ended.
    pub fn stale(&mut self) {
        self.asked = false;
    }

    /// People held for an officer, latest first.
    #[must_use]
    pub fn held(&self) -> Vec<&SubjectSummary> {
        self.people.iter().filter(|p| p.held).collect()
    }

    /// Name of a person among the latest.
    #[must_use]
    pub fn name(&self, subject: SubjectId) -> Option<&str> {
        let person = self.people.iter().find(|p| p.subject == subject)?;
        Some(person.display_name.0.as_str()).filter(|n| !n.trim().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::gallery::Page;
    use crate::ui::fixtures;

    #[test]
    fn held_people_are_found_and_lists_are_asked_for_again_after_a_change() {
        let mut model = TodayModel::default();
        let commands = model.needed();
        assert_eq!(commands.len(), 2);
        assert!(model.needed().is_empty());
        for command in commands {
            if let Command::ListSubjects(query) = command {
                let entries: Vec<_> = (0..40).map(fixtures::person).collect();
                let held = entries.iter().filter(|p| p.held).count();
                assert!(held > 0);
                model.receive(&Notice::Subjects(query, Page { entries, total: 40 }));
                assert_eq!(model.held().len(), held);
            }
        }
        model.receive(&Notice::Changed);
        assert_eq!(model.needed().len(), 2);
    }
}
