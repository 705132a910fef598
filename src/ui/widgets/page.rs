//! The frame every kiosk screen shares: brand and steps above, buttons below.

use super::figure;
use super::steps;
use crate::ui::look::Look;
use crate::ui::theme::Type;
use crate::workflow::view::FlowView;
use egui::{Rect, Ui, pos2, vec2};

/// Rectangles of a kiosk screen.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Between the head and the foot.
    pub body: Rect,
    /// The row of buttons.
    pub foot: Rect,
}

/// Draws ground, brand and steps in `area`.
pub fn kiosk(ui: &mut Ui, look: &Look, area: Rect, flow: Option<&FlowView>) -> Page {
    ui.painter().rect_filled(area, 0.0, look.palette.surface);
    let margin = look.px(64.0);
    let head_height = look.px(44.0);
    let top = area.top() + look.px(40.0);
    let head = Rect::from_min_size(pos2(area.left() + margin, top), vec2(area.width() - 2.0 * margin, head_height));
    let mut below = head.bottom();
    if !look.officer() {
        figure::brand_line(ui, look, Rect::from_min_size(head.min, vec2(look.px(260.0), head_height)), look.palette.accent, Type::Body);
    }
    if let Some(flow) = flow {
        // In a tall window the brand and the ribbon leave the first row no room for the steps.
        let row = if look.scale.portrait && !look.officer() { head.translate(vec2(0.0, look.px(96.0))) } else { head };
        steps::show(ui, look, row, &flow.steps, flow.current);
        below = row.bottom();
    }
    let foot_height = look.scale.touch();
    let foot = Rect::from_min_max(
        pos2(area.left() + margin, area.bottom() - look.px(48.0) - foot_height),
        pos2(area.right() - margin, area.bottom() - look.px(48.0)),
    );
    let body = Rect::from_min_max(pos2(foot.left(), below + look.px(32.0)), pos2(foot.right(), foot.top() - look.px(32.0)));
    Page { body, foot }
}

/// A column centred in `rect`, at most `width` points wide.
#[must_use]
pub fn column(rect: Rect, width: f32) -> Rect {
    Rect::from_center_size(rect.center(), vec2(rect.width().min(width), rect.height()))
}

/// The foot as two equal halves with a gap, at most `width` points wide together, centred.
#[must_use]
pub fn halves(foot: Rect, width: f32, gap: f32) -> [Rect; 2] {
    let row = column(foot, width);
    let half = vec2((row.width() - gap) / 2.0, row.height());
    [Rect::from_min_size(row.min, half), Rect::from_min_size(pos2(row.right() - half.x, row.top()), half)]
}
