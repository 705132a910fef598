//! Draws the settings page: what was changed is a draft until it is saved.
#![allow(clippy::too_many_arguments, reason = "a drawing function is handed its place, its values and its way to answer one by one")]

use super::draft::Draft;
use super::{appearance, decisions, documents, profiles};
use crate::runtime::messages::{Command, Snapshot};
use crate::ui::look::Look;
use crate::ui::pictures::Pictures;
use crate::ui::screens::desk::view::Frame;
use crate::ui::theme::Type;
use crate::ui::widgets::button::{Button, Emphasis};
use crate::ui::widgets::card::Tone;
use crate::ui::widgets::text::{self, Style};
use crate::ui::window::Options;
use egui::{Layout, Rect, ScrollArea, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2, pos2, vec2};
use lucide_icons::Icon;

/// Draws the page.
pub fn settings_ui(
    ui: &mut Ui,
    look: &Look,
    frame: Frame,
    snapshot: &Snapshot,
    options: &mut Options,
    previewing: &mut bool,
    draft: &mut Draft,
    pictures: &mut Pictures,
    send: &mut dyn FnMut(Command),
) {
    let status = &snapshot.status;
    let known = draft.profiles(status);
    let problem = known.as_ref().err().map(ToString::to_string);
    head_ui(ui, look, frame.head, status.settings.changeable, problem.is_none() && draft.demand_problems(status).is_empty(), draft, send);
    let mut body = frame.body;
    if let Some(problem) = &problem {
        let line = Rect::from_min_size(body.min, vec2(body.width(), look.px(46.0)));
        remark(ui, look, line, problem);
        body.min.y = line.bottom() + look.px(14.0);
    }
    // With contradicting limits the page goes on showing what is in force.
    let known = known.unwrap_or_else(|_| status.settings.profiles.clone());
    let mut child = ui.new_child(UiBuilder::new().max_rect(body));
    let gap = look.px(20.0);
    child.spacing_mut().item_spacing = Vec2::splat(gap);
    ScrollArea::vertical().id_salt("settings").auto_shrink([false, false]).show(&mut child, |ui| {
        let width = body.width();
        let two = width > look.px(900.0);
        let (looks, search, levels) = (look.px(284.0), look.px(306.0), look.px(if two { 284.0 + 306.0 + 20.0 } else { 570.0 }));
        let height = if two { levels } else { looks + search + levels + 2.0 * gap };
        let (first, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
        let column = if two { (width - gap) * 0.46 } else { width };
        let at_looks = Rect::from_min_size(first.min, vec2(column, looks));
        let at_search = Rect::from_min_size(pos2(first.left(), at_looks.bottom() + gap), vec2(column, search));
        let at_levels = if two {
            Rect::from_min_max(pos2(at_looks.right() + gap, first.top()), first.max)
        } else {
            Rect::from_min_max(pos2(first.left(), at_search.bottom() + gap), first.max)
        };
        appearance::appearance_ui(ui, look, at_looks, options, status, send);
        decisions::levels_ui(ui, look, at_levels, status, draft);
        decisions::search_ui(ui, look, at_search, status, draft);
        documents::documents_ui(ui, look, width, status, draft);
        let live = snapshot.preview.as_ref().filter(|_| *previewing).map(|captured| pictures.live(ui.ctx(), captured));
        profiles::cards_ui(ui, look, width, status, &known, live, draft);
        if let Ok(profile) = known.get(draft.profile_name(status)) {
            profiles::numbers_ui(ui, look, width, snapshot, &profile, live, previewing, draft, send);
        }
    });
}

/// What is not saved yet, and the two things to do about it.
fn head_ui(ui: &mut Ui, look: &Look, head: Rect, changeable: bool, valid: bool, draft: &mut Draft, send: &mut dyn FnMut(Command)) {
    let mut child = ui.new_child(UiBuilder::new().max_rect(head).layout(Layout::right_to_left(egui::Align::Center)));
    child.spacing_mut().item_spacing.x = look.px(12.0);
    let muted = Style::of(look, Type::DeskBody).colour(look.palette.ink_muted);
    if !changeable {
        text::label(&mut child, &muted, &look.t("settings-fixed"));
        return;
    }
    if draft.is_empty() {
        return;
    }
    let (save, discard) = (look.t("settings-save"), look.t("settings-discard"));
    if Button::desk(&save, Emphasis::Primary).icon(Icon::Check).enabled(valid).show(&mut child, look).clicked() {
        send(draft.save());
    }
    if Button::desk(&discard, Emphasis::Secondary).show(&mut child, look).clicked() {
        draft.discard();
    }
    text::label(&mut child, &muted, &look.words.n("settings-unsaved", draft.len() as u64));
}

fn remark(ui: &mut Ui, look: &Look, rect: Rect, words: &str) {
    let (ink, tint) = Tone::Caution.colours(look);
    ui.painter().rect(rect, look.scale.radius_small(), tint, Stroke::new(1.0, ink), StrokeKind::Inside);
    let icon = Rect::from_min_size(rect.min, vec2(look.px(44.0), rect.height()));
    text::icon(ui, icon, Tone::Caution.icon(), look.scale.icon(20.0), ink);
    let at = Rect::from_min_max(pos2(icon.right(), rect.top()), rect.max - vec2(look.px(12.0), 0.0));
    text::line(ui, at, egui::Align2::LEFT_CENTER, &Style::of(look, Type::DeskBody), words);
}
