//! Draws what is demanded of identity documents: each demand with its field, a line about what it does, and what is wrong with it.

use super::demands::{Demand, DemandProblem};
use super::draft::Draft;
use crate::config::DocumentsConfig;
use crate::runtime::messages::Status;
use crate::ui::look::Look;
use crate::ui::screens::today::view::panel;
use crate::ui::theme::Type;
use crate::ui::widgets::entry::Entry;
use crate::ui::widgets::segmented;
use crate::ui::widgets::stepper::Stepper;
use crate::ui::widgets::text::{self, Style};
use egui::{Align2, Id, Rect, Sense, Ui, pos2, vec2};
use lucide_icons::Icon;

/// Rows of a column.
const ROWS: usize = 3;

/// What stands at the right of a row.
enum Control {
    Typed(Demand, &'static str),
    Expired,
    Captures,
}

/// A row before it is drawn.
struct Row {
    label: &'static str,
    line: &'static str,
    control: Control,
}

const COLUMNS: [[Row; ROWS]; 2] = [
    [
        Row {
            label: "settings-documents-minimum",
            line: "settings-documents-minimum-line",
            control: Control::Typed(Demand::MinimumAge, "settings-documents-no-limit"),
        },
        Row {
            label: "settings-documents-maximum",
            line: "settings-documents-maximum-line",
            control: Control::Typed(Demand::MaximumAge, "settings-documents-no-limit"),
        },
        Row {
            label: "settings-documents-issuers",
            line: "settings-documents-issuers-line",
            control: Control::Typed(Demand::Issuers, "settings-documents-any"),
        },
    ],
    [
        Row { label: "settings-documents-expired", line: "settings-documents-expired-line", control: Control::Expired },
        Row { label: "settings-documents-days", line: "settings-documents-days-line", control: Control::Typed(Demand::ExpiredDays, "") },
        Row { label: "settings-documents-captures", line: "settings-documents-captures-line", control: Control::Captures },
    ],
];

/// Draws the panel, `width` points wide, in the flow of the page.
pub(super) fn documents_ui(ui: &mut Ui, look: &Look, width: f32, status: &Status, draft: &mut Draft) {
    let two = width > look.px(900.0);
    let row = look.px(92.0);
    let head = text::layout(ui, &caption(look), &look.t("settings-documents-line"), width - look.px(48.0)).size().y + look.px(16.0);
    let rows = if two { ROWS } else { 2 * ROWS };
    let (rect, _) = ui.allocate_exact_size(vec2(width, look.px(74.0) + head + rows as f32 * row - look.px(12.0)), Sense::hover());
    let inner = panel(ui, look, rect, &look.t("settings-documents"));
    text::paragraph(ui, inner, &caption(look), &look.t("settings-documents-line"));
    let gap = look.px(48.0);
    let column = if two { (inner.width() - gap) / 2.0 } else { inner.width() };
    let problems = draft.demand_problems(status);
    for (i, rows) in COLUMNS.iter().enumerate() {
        let (across, down) = if two { (i as f32 * (column + gap), 0.0) } else { (0.0, (i * ROWS) as f32 * row) };
        for (j, shown) in rows.iter().enumerate() {
            let min = inner.min + vec2(across, head + down + j as f32 * row);
            row_ui(ui, look, Rect::from_min_size(min, vec2(column, row)), shown, &problems, status, draft);
        }
    }
}

fn caption(look: &Look) -> Style {
    Style::of(look, Type::DeskCaption).colour(look.palette.ink_muted)
}

fn row_ui(ui: &mut Ui, look: &Look, rect: Rect, row: &Row, problems: &[(Demand, DemandProblem)], status: &Status, draft: &mut Draft) {
    let changeable = status.settings.changeable;
    let label = look.t(row.label);
    let demands = draft.documents(status);
    let width = match row.control {
        Control::Typed(Demand::Issuers, _) => (rect.width() * 0.6).min(look.px(300.0)),
        Control::Typed(..) | Control::Captures => Stepper::width(look),
        Control::Expired => {
            let names = [look.t("settings-documents-refuse"), look.t("settings-documents-accept")];
            segmented::width(ui, look, &[&names[0], &names[1]], Type::DeskBody).min(rect.width() * 0.62)
        }
    };
    let at = Rect::from_min_size(pos2(rect.right() - width, rect.top()), vec2(width, look.px(38.0)));
    let name = Rect::from_min_max(rect.min, pos2(at.left() - look.px(12.0), at.bottom()));
    text::line(ui, name, Align2::LEFT_CENTER, &Style::of(look, Type::DeskBody), &label);
    let idle = !demands.refuse_expired;
    let mut wrong = None;
    let mut line = row.line;
    match row.control {
        Control::Typed(demand, hint) => {
            wrong = problems.iter().find(|(of, _)| *of == demand).map(|(_, problem)| problem.words(&look.words));
            let days = demand == Demand::ExpiredDays;
            if days && idle {
                line = "settings-documents-days-idle";
            }
            let hint = if days { String::from("0") } else { look.t(hint) };
            let mut value = draft.demand_text(status, demand);
            let enabled = changeable && !(days && idle);
            let entry = Entry { label: &label, hint: &hint, role: Type::DeskBody, wrong: wrong.is_some(), enabled };
            let response = entry.show_at(ui, look, at, Id::unique(demand.key()), &mut value);
            if response.changed() {
                draft.type_demand(status, demand, &value);
            }
            if response.lost_focus() {
                draft.leave_demand(demand);
            }
        }
        Control::Expired => {
            let names = [look.t("settings-documents-refuse"), look.t("settings-documents-accept")];
            let chosen = usize::from(idle);
            let pressed = segmented::show_at(ui, look, at, &label, &[&names[0], &names[1]], chosen, Type::DeskBody);
            if let Some(i) = pressed.filter(|_| changeable) {
                draft.refuse_expired(status, i == 0);
            }
        }
        Control::Captures => {
            let (captures, range) = (demands.most_captures, DocumentsConfig::CAPTURES);
            let (less, more) = (captures > *range.start(), captures < *range.end());
            let value = captures.to_string();
            let steps = Stepper { label: &label, value: &value, less, more, changed: false, enabled: changeable }.show_at(ui, look, at);
            if steps != 0 {
                draft.set_captures(status, captures.saturating_add_signed(steps));
            }
        }
    }
    let below = Rect::from_min_max(pos2(rect.left(), at.bottom() + look.px(4.0)), rect.max);
    match wrong {
        Some(wrong) => problem_ui(ui, look, below, &wrong),
        None => _ = text::paragraph(ui, below, &caption(look).rows(2), &look.t(line)),
    }
}

/// What is wrong, with its icon, where the line about the demand stands otherwise.
fn problem_ui(ui: &mut Ui, look: &Look, rect: Rect, words: &str) {
    let icon = Rect::from_min_size(rect.min, vec2(look.px(20.0), look.px(18.0)));
    text::icon(ui, icon, Icon::CircleAlert, look.scale.icon(15.0), look.palette.negative);
    let room = Rect::from_min_max(pos2(icon.right() + look.px(4.0), rect.top()), rect.max);
    text::paragraph(ui, room, &Style::of(look, Type::DeskCaption).colour(look.palette.negative).rows(2), words);
}
