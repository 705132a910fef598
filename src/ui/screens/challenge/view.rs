//! Draws the challenge: the mirrored picture in an oval, a countdown ring around it and a progress ring on it, a head that does the
//! movement, an arrow where it goes somewhere.

use super::model;
use crate::geometry::PixelRect;
use crate::runtime::messages::Command;
use crate::ui::look::Look;
use crate::ui::pictures::Shown;
use crate::ui::screens::face::model::Ring;
use crate::ui::screens::face::view::{bands, check_mark, draw_picture, draw_prompt, stand_in_oval};
use crate::ui::theme::{self, OVER_VIDEO};
use crate::ui::widgets::button::{Button, Emphasis};
use crate::ui::widgets::video::Placement;
use crate::ui::widgets::{figure, ring, shortcut};
use crate::workflow::challenge::gesture::Gesture;
use crate::workflow::input::FlowInput;
use crate::workflow::view::{ChallengePhase, ChallengeView};
use egui::{Rect, Shape, Stroke, Ui, Vec2, pos2, vec2};
use lucide_icons::Icon;

/// Draws the screen in `area`.
pub fn challenge_ui(
    ui: &mut Ui,
    look: &Look,
    area: Rect,
    view: &ChallengeView,
    practice: bool,
    picture: Option<Shown>,
    send: &mut dyn FnMut(Command),
) {
    let painter = ui.painter().with_clip_rect(area);
    painter.rect_filled(area, 0.0, OVER_VIDEO.backdrop);
    let bands = bands(look, area, practice);
    let prompt = model::prompt(&look.words, view);
    let oval = match (view.frame_size, picture) {
        (Some(frame), Some(shown)) if model::shows_picture(view.phase) => {
            let region = model::region(frame);
            let placed = Placement::around(frame, region, bands.oval_target);
            draw_picture(&painter, look, area, placed, shown);
            placed.screen_from_frame(PixelRect::to_rect(region))
        }
        _ => stand_in_oval(bands.oval_target),
    };
    ring::scrim_with_cutout(&painter, area, oval, look.px(14.0), OVER_VIDEO.scrim);
    if let Some(level) = view.light {
        draw_light(&painter, look, area, level);
    }
    draw_rings(ui, look, oval, view, prompt.ring);
    draw_prompt(ui, look, bands.instruction, &prompt);
    if let Some(gesture) = view.gesture.filter(|_| view.phase == ChallengePhase::Asking) {
        draw_movement(ui, look, area, oval, gesture);
    }
    draw_steps(ui, look, oval, view);
    draw_foot(ui, look, bands.foot, view, send);
}

/// A border that throws light on the face, at one of two levels.
fn draw_light(painter: &egui::Painter, look: &Look, area: Rect, level: f32) {
    let width = look.px(56.0);
    let colour = OVER_VIDEO.light[usize::from(level >= 0.5)];
    painter.rect_stroke(area, 0.0, Stroke::new(width, colour), egui::StrokeKind::Inside);
}

fn draw_rings(ui: &Ui, look: &Look, oval: Rect, view: &ChallengeView, kind: Ring) {
    let width = look.px(12.0);
    let inner = oval.expand(width * 0.7);
    let outer = inner.expand(width * 1.6);
    match kind {
        Ring::Waiting => {
            ring::waiting(ui, inner, width, OVER_VIDEO.positive, theme::faded(OVER_VIDEO.positive, 0.25), look.reduced_motion);
        }
        Ring::Done => {
            ring::arc(ui.painter(), inner, 0.0, 1.0, width, OVER_VIDEO.positive);
            check_mark(ui, look, inner, OVER_VIDEO.positive, Icon::Check);
        }
        Ring::Over => {
            ring::arc(ui.painter(), inner, 0.0, 1.0, look.px(6.0), OVER_VIDEO.caution);
            check_mark(ui, look, inner, OVER_VIDEO.caution, Icon::RefreshCw);
        }
        Ring::Guiding | Ring::Filling => {
            let id = egui::Id::unique("challenge-ring");
            let progress = ui.ctx().animate_value_with_time(id, view.progress.clamp(0.0, 1.0), look.transition_secs());
            ring::arc(ui.painter(), inner, 0.0, 1.0, width, theme::faded(OVER_VIDEO.guide, 0.3));
            ring::arc(ui.painter(), inner, 0.0, progress, width, OVER_VIDEO.positive);
            // The time that is left runs down around it.
            ring::arc(ui.painter(), outer, 0.0, view.time_left.clamp(0.0, 1.0), look.px(5.0), OVER_VIDEO.guide);
        }
    }
}

/// The head that does the movement, and the arrow where it goes.
fn draw_movement(ui: &Ui, look: &Look, area: Rect, oval: Rect, gesture: Gesture) {
    let size = look.px(208.0);
    let beside = oval.center() + vec2(oval.width() * 0.5 + size * 0.72, 0.0);
    let farthest = area.right() - size * 0.5 - look.px(32.0);
    let at = if beside.x > farthest { pos2(farthest, oval.bottom() - size * 0.25) } else { beside };
    let amount = if look.reduced_motion {
        1.0
    } else {
        ui.ctx().request_repaint_after(std::time::Duration::from_millis(33));
        model::swing(gesture, ui.input(|i| i.time))
    };
    figure::ghost_head(ui.painter(), Rect::from_center_size(at, Vec2::splat(size)), model::pose(gesture).at(amount), look);
    if let Some((x, y)) = model::arrow(gesture) {
        let direction = vec2(x, y);
        let reach = vec2(oval.width(), oval.height()) * 0.5 + Vec2::splat(look.px(54.0));
        let tip = oval.center() + vec2(direction.x * reach.x, direction.y * (reach.y - look.px(96.0))) + direction * look.px(22.0) * amount;
        let across = vec2(-direction.y, direction.x);
        let (long, wide) = (look.px(44.0), look.px(34.0));
        let head = vec![tip, tip - direction * long + across * wide, tip - direction * long - across * wide];
        ui.painter().add(Shape::convex_polygon(head, OVER_VIDEO.ink, Stroke::NONE));
    }
}

/// One dot a movement: done, current, to come.
fn draw_steps(ui: &Ui, look: &Look, oval: Rect, view: &ChallengeView) {
    let gap = look.px(34.0);
    let left = oval.center().x - gap * (view.steps.saturating_sub(1)) as f32 / 2.0;
    for i in 0..view.steps {
        let at = pos2(left + gap * i as f32, oval.top() + look.px(30.0));
        let (radius, colour) = match () {
            () if i < view.step => (look.px(9.0), OVER_VIDEO.positive),
            () if i == view.step => (look.px(11.0), OVER_VIDEO.ink),
            () => (look.px(7.0), OVER_VIDEO.track),
        };
        ui.painter().circle_filled(at, radius, colour);
    }
}

fn draw_foot(ui: &mut Ui, look: &Look, foot: Rect, view: &ChallengeView, send: &mut dyn FnMut(Command)) {
    let cancel = look.t("action-cancel");
    let button = Button::new(&cancel, Emphasis::OverVideo).icon(Icon::X);
    let width = button.width(ui, look).min(foot.width() * 0.32);
    let at = Rect::from_min_size(pos2(foot.right() - width, foot.top()), vec2(width, foot.height()));
    if button.show_at(ui, look, at).clicked() || shortcut::back(ui) {
        send(Command::Flow(FlowInput::Cancel));
    }
    if look.officer() && view.phase != ChallengePhase::Assessing {
        let cannot = look.t("action-cannot-do");
        let button = Button::new(&cannot, Emphasis::OverVideo).icon(Icon::UserRound);
        let width = button.width(ui, look).min(foot.width() * 0.30);
        let at = Rect::from_center_size(foot.center(), vec2(width, foot.height()));
        if button.show_at(ui, look, at).clicked() {
            send(Command::Flow(FlowInput::CannotDo));
        }
    }
    if view.can_replace {
        let another = look.t("action-another-gesture");
        let button = Button::new(&another, Emphasis::OverVideo).icon(Icon::RefreshCw);
        let width = button.width(ui, look).min(foot.width() * 0.32);
        let at = Rect::from_min_size(foot.min, vec2(width, foot.height()));
        if button.show_at(ui, look, at).clicked() {
            send(Command::Flow(FlowInput::AnotherGesture));
        }
    }
}
