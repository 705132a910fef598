//! Draws the face screen: mirrored picture, scrim with an oval cut-out whose stroke is the progress ring, one instruction.

use super::model::{self, Gesture, Prompt, Ring};
use crate::geometry::PixelRect;
use crate::runtime::messages::Command;
use crate::ui::look::Look;
use crate::ui::pictures::Shown;
use crate::ui::theme::{self, OVER_VIDEO, Type};
use crate::ui::widgets::button::{Button, Emphasis};
use crate::ui::widgets::figure::{self, Pose};
use crate::ui::widgets::text::{self, Style};
use crate::ui::widgets::video::Placement;
use crate::ui::widgets::{ribbon, ring, shortcut};
use crate::workflow::input::FlowInput;
use crate::workflow::view::CaptureView;
use egui::{Align, Align2, Rect, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};
use lucide_icons::Icon;

/// Bands above and below the oval.
pub(in crate::ui::screens) struct Bands {
    pub instruction: Rect,
    pub oval_target: Rect,
    pub foot: Rect,
}

/// Where instruction, oval and foot stand in `area`.
pub(in crate::ui::screens) fn bands(look: &Look, area: Rect, practice: bool) -> Bands {
    let portrait = area.height() > area.width();
    let margin = look.px(40.0);
    let foot_height = look.scale.touch();
    let foot = Rect::from_min_max(pos2(area.left() + margin, area.bottom() - margin - foot_height), area.max - vec2(margin, margin));
    // In a wide window the words stand beside the ribbon, in a tall one below it.
    let aside = if practice { ribbon::reach(look) } else { margin };
    let (top, inset, height) = if portrait {
        (area.top() + if practice { look.px(190.0) } else { look.px(96.0) }, margin, look.px(200.0))
    } else {
        (area.top() + look.px(28.0), aside.max(look.px(120.0)), look.px(124.0))
    };
    let instruction = Rect::from_min_size(pos2(area.left() + inset, top), vec2(area.width() - 2.0 * inset, height));
    let gap = look.px(if portrait { 64.0 } else { 24.0 });
    // The foot stands in the corners, so a wide window's oval may reach down between its parts.
    let lower = if portrait { foot.top() - gap } else { area.bottom() - look.px(48.0) };
    let side = if portrait { area.width() * 0.13 } else { look.px(48.0) };
    let oval_target = Rect::from_min_max(pos2(area.left() + side, instruction.bottom() + gap), pos2(area.right() - side, lower));
    Bands { instruction, oval_target, foot }
}

/// Draws the screen in `area`; returns where the oval stands.
pub fn face_ui(
    ui: &mut Ui,
    look: &Look,
    area: Rect,
    view: &CaptureView,
    practice: bool,
    picture: Option<Shown>,
    send: &mut dyn FnMut(Command),
) -> Rect {
    let painter = ui.painter().with_clip_rect(area);
    painter.rect_filled(area, 0.0, OVER_VIDEO.backdrop);
    let bands = bands(look, area, practice);
    let prompt = model::prompt(&look.words, view);

    let oval = match (view.frame_size, view.roi_in_frame, picture) {
        (Some(frame), Some(roi), Some(shown)) if model::shows_picture(view.phase) => {
            let placed = Placement::around(frame, roi, bands.oval_target);
            draw_picture(&painter, look, area, placed, shown);
            placed.screen_from_frame(PixelRect::to_rect(roi))
        }
        _ => stand_in_oval(bands.oval_target),
    };
    ring::scrim_with_cutout(&painter, area, oval, look.px(14.0), OVER_VIDEO.scrim);
    draw_ring(ui, look, oval, view, &prompt);
    draw_prompt(ui, look, bands.instruction, &prompt);
    if let Some(gesture) = prompt.gesture {
        draw_ghost(ui, look, area, oval, gesture);
    }
    draw_foot(ui, look, bands.foot, oval, view, send);
    if look.officer() {
        draw_quality(ui, look, area, bands.foot.top(), view);
    }
    oval
}

/// An oval of a head's proportions while there is no picture to place it by.
pub(in crate::ui::screens) fn stand_in_oval(target: Rect) -> Rect {
    let height = target.height().min(target.width() / 0.72);
    Rect::from_center_size(target.center(), vec2(height * 0.72, height))
}

/// Draws the mirrored picture.
pub(in crate::ui::screens) fn draw_picture(painter: &egui::Painter, look: &Look, area: Rect, placed: Placement, shown: Shown) {
    placed.draw(painter, shown.texture);
    ring::fade_edges(painter, placed.on_screen, area, look.px(140.0), OVER_VIDEO.backdrop);
}

fn draw_ring(ui: &Ui, look: &Look, oval: Rect, view: &CaptureView, prompt: &Prompt) {
    let width = look.px(12.0);
    let stroke_oval = oval.expand(width * 0.7);
    let id = egui::Id::unique("capture-ring");
    let progress = ui.ctx().animate_value_with_time(id, view.progress.clamp(0.0, 1.0), look.transition_secs());
    match prompt.ring {
        Ring::Guiding => ring::arc(ui.painter(), stroke_oval, 0.0, 1.0, look.px(6.0), OVER_VIDEO.guide),
        Ring::Filling => {
            ring::arc(ui.painter(), stroke_oval, 0.0, 1.0, width, theme::faded(OVER_VIDEO.positive, 0.3));
            ring::arc(ui.painter(), stroke_oval, 0.0, progress, width, OVER_VIDEO.positive);
            check_mark(ui, look, stroke_oval, OVER_VIDEO.positive, Icon::Check);
        }
        Ring::Waiting => {
            ring::waiting(ui, stroke_oval, width, OVER_VIDEO.positive, theme::faded(OVER_VIDEO.positive, 0.25), look.reduced_motion)
        }
        Ring::Done => {
            ring::arc(ui.painter(), stroke_oval, 0.0, 1.0, width, OVER_VIDEO.positive);
            check_mark(ui, look, stroke_oval, OVER_VIDEO.positive, Icon::Check);
        }
        Ring::Over => {
            ring::arc(ui.painter(), stroke_oval, 0.0, 1.0, look.px(6.0), OVER_VIDEO.caution);
            check_mark(ui, look, stroke_oval, OVER_VIDEO.caution, prompt.icon);
        }
    }
    // The picture was taken: the ring blooms outwards once.
    let taken = matches!(prompt.ring, Ring::Waiting | Ring::Done) && view.frame_size.is_some();
    let bloom = ui.ctx().animate_bool_with_time(id.with("bloom"), taken, look.transition_secs());
    if bloom > 0.0 && bloom < 1.0 {
        let spread = stroke_oval.expand(look.px(48.0) * bloom);
        ring::arc(ui.painter(), spread, 0.0, 1.0, width, theme::faded(OVER_VIDEO.positive, 1.0 - bloom));
    }
}

/// The sign on the lower end of the ring, so that its colour is never the only message.
pub(in crate::ui::screens) fn check_mark(ui: &Ui, look: &Look, oval: Rect, colour: egui::Color32, icon: Icon) {
    let at = Rect::from_center_size(oval.center_bottom(), Vec2::splat(look.px(64.0)));
    ui.painter().circle_filled(at.center(), at.width() / 2.0, colour);
    text::icon(ui, at, icon, look.scale.icon(38.0), OVER_VIDEO.backdrop);
}

/// Draws the instruction with its icon, and tells the screen reader.
pub(in crate::ui::screens) fn draw_prompt(ui: &mut Ui, look: &Look, rect: Rect, prompt: &Prompt) {
    let style = Style::of(look, Type::Instruction).colour(OVER_VIDEO.ink);
    let amount_style = Style::of(look, Type::Heading).colour(OVER_VIDEO.ink_muted);
    let icon_box = look.px(64.0);
    let gap = look.px(20.0);
    let galley = text::layout_fitted(ui, &style, &prompt.words, rect.width() - icon_box - gap);
    let amount = prompt.amount.as_ref().map(|words| (words, text::layout_fitted(ui, &amount_style, words, rect.width())));
    let amount_height = amount.as_ref().map_or(0.0, |(_, g)| g.size().y);
    let total = galley.size().y + amount_height;
    let top = rect.center().y - total / 2.0;
    let row_width = icon_box + gap + galley.size().x;
    let left = rect.center().x - row_width / 2.0;
    let icon_rect = Rect::from_min_size(pos2(left, top + (galley.size().y - icon_box) / 2.0), Vec2::splat(icon_box));
    let ink = if prompt.ring == Ring::Filling || prompt.ring == Ring::Done { OVER_VIDEO.positive } else { OVER_VIDEO.ink };
    text::icon(ui, icon_rect, prompt.icon, look.scale.icon(52.0), ink);
    ui.painter().galley(pos2(left + icon_box + gap, top), galley.clone(), style.colour);
    // One name for the screen reader, with the amount, announced whenever it changes.
    let spoken = prompt.amount.as_ref().map_or_else(|| prompt.words.clone(), |amount| format!("{}, {amount}", prompt.words));
    let response =
        ui.interact(Rect::from_min_size(pos2(left, top), vec2(row_width, total)), egui::Id::unique("instruction"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(egui::accesskit::Live::Polite));
    if let Some((_, galley)) = amount {
        let at = Align2([Align::Center, Align::Min])
            .align_size_within_rect(galley.size(), Rect::from_min_max(pos2(rect.left(), top + total - amount_height), rect.max));
        ui.painter().galley(at.min, galley, amount_style.colour);
    }
}

fn ghost_pose(gesture: Gesture) -> Pose {
    let side = |right: bool| if right { 1.0 } else { -1.0 };
    match gesture {
        Gesture::Turn { right } => Pose { turn: side(right), ..Pose::default() },
        Gesture::Chin { up } => Pose { lift: side(up), ..Pose::default() },
        Gesture::Tilt { right } => Pose { tilt: 22.0 * side(right), ..Pose::default() },
        Gesture::Distance { closer } => Pose { nearer: side(closer), ..Pose::default() },
        Gesture::Aside { right } => Pose { shift_x: side(right), ..Pose::default() },
        Gesture::Height { down } => Pose { shift_y: side(down), ..Pose::default() },
    }
}

fn draw_ghost(ui: &Ui, look: &Look, area: Rect, oval: Rect, gesture: Gesture) {
    let size = look.px(168.0);
    let beside = oval.center() + vec2(oval.width() * 0.5 + size * 0.72, oval.height() * 0.22);
    // A narrow window has no room beside the oval: its lower right corner is free, because the oval is round.
    let lowest = area.right() - size * 0.5 - look.px(32.0);
    let at = if beside.x > lowest { pos2(lowest, oval.bottom() - size * 0.25) } else { beside };
    let t = if look.reduced_motion {
        1.0
    } else {
        ui.ctx().request_repaint_after(std::time::Duration::from_millis(33));
        // Out in a second, rest, and back: a gesture, not a wobble.
        let phase = (ui.input(|i| i.time) % 2.4) as f32 / 2.4;
        let up = (phase * 2.4).min(1.0);
        let down = ((phase - 0.8) / 0.2).clamp(0.0, 1.0);
        let smooth = |t: f32| t * t * (3.0 - 2.0 * t);
        0.25 + 0.75 * smooth(up) * (1.0 - smooth(down))
    };
    figure::ghost_head(ui.painter(), Rect::from_center_size(at, Vec2::splat(size)), ghost_pose(gesture).at(t), look);
}

fn draw_foot(ui: &mut Ui, look: &Look, foot: Rect, oval: Rect, view: &CaptureView, send: &mut dyn FnMut(Command)) {
    let cancel = look.t("action-cancel");
    let button = Button::new(&cancel, Emphasis::OverVideo).icon(Icon::X);
    let width = button.width(ui, look).min(foot.width() * 0.5);
    let at = Rect::from_min_size(pos2(foot.right() - width, foot.top()), vec2(width, foot.height()));
    if button.show_at(ui, look, at).clicked() || shortcut::back(ui) {
        send(Command::Flow(FlowInput::Cancel));
    }
    let words = look.words.n("attempts-left", u64::from(view.attempts_left));
    let style = Style::bold(look, Type::Body).colour(OVER_VIDEO.ink);
    let icon = Rect::from_min_size(foot.min, vec2(look.px(40.0), foot.height()));
    text::icon(ui, icon, Icon::RefreshCw, look.scale.icon(30.0), OVER_VIDEO.ink_muted);
    let limit = if foot.center().y < oval.bottom() { oval.left() - foot.left() } else { at.left() - foot.left() };
    let room = Rect::from_min_size(
        pos2(icon.right() + look.px(12.0), foot.top()),
        vec2((limit - look.px(80.0)).max(look.px(160.0)), foot.height()),
    );
    text::line(ui, room, Align2::LEFT_CENTER, &style, &words);
}

/// The officer's strip: one slim bar per measured property.
fn draw_quality(ui: &mut Ui, look: &Look, area: Rect, bottom: f32, view: &CaptureView) {
    if view.quality.is_empty() {
        return;
    }
    let row = look.px(34.0);
    let width = look.px(230.0);
    let height = row * view.quality.len() as f32 + look.px(24.0);
    let panel = Rect::from_min_size(pos2(area.left() + look.px(24.0), bottom - look.px(24.0) - height), vec2(width, height));
    ui.painter().rect_filled(panel, look.scale.radius_small(), OVER_VIDEO.button);
    let inner = panel.shrink(look.px(12.0));
    for (i, bar) in view.quality.iter().enumerate() {
        let at = Rect::from_min_size(inner.min + vec2(0.0, row * i as f32), vec2(inner.width(), row));
        quality_row(ui, look, at, bar);
    }
}

fn quality_row(ui: &mut Ui, look: &Look, at: Rect, bar: &crate::workflow::view::QualityBar) {
    let (colour, icon) = match (bar.score, bar.passed) {
        (None, _) => (OVER_VIDEO.ink_muted, Icon::Minus),
        (_, true) => (OVER_VIDEO.positive, Icon::Check),
        (_, false) => (OVER_VIDEO.caution, Icon::TriangleAlert),
    };
    let icon_rect = Rect::from_min_size(at.min, vec2(look.px(18.0), at.height() - look.px(8.0)));
    text::icon(ui, icon_rect, icon, look.scale.icon(14.0), colour);
    let style = Style::of(look, Type::DeskCaption).colour(OVER_VIDEO.ink);
    let words =
        Rect::from_min_max(pos2(icon_rect.right() + look.px(6.0), at.top()), pos2(at.right() - look.px(34.0), at.bottom() - look.px(8.0)));
    text::line(ui, words, Align2::LEFT_CENTER, &style, &look.words.label(bar.label_key));
    let value = bar.score.map_or_else(|| look.t("quality-none"), |score| score.to_string());
    let number = Rect::from_min_max(pos2(at.right() - look.px(34.0), at.top()), pos2(at.right(), at.bottom() - look.px(8.0)));
    text::line(ui, number, Align2::RIGHT_CENTER, &Style::bold(look, Type::DeskCaption).colour(OVER_VIDEO.ink), &value);
    let track = Rect::from_min_max(pos2(at.left(), at.bottom() - look.px(7.0)), pos2(at.right(), at.bottom() - look.px(3.0)));
    ui.painter().rect_filled(track, track.height() / 2.0, OVER_VIDEO.track);
    if let Some(score) = bar.score {
        let filled = Rect::from_min_size(track.min, vec2(track.width() * f32::from(score.min(100)) / 100.0, track.height()));
        ui.painter().rect_filled(filled, track.height() / 2.0, colour);
    }
}
