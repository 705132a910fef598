//! What is drawn over the live picture of a document: where it should lie, where it was found, the glare on it, and how to turn it over.

use crate::documents::picture::Quad;
use crate::ui::look::Look;
use crate::ui::theme::{self, OVER_VIDEO};
use crate::ui::widgets::text;
use crate::ui::widgets::video::Placement;
use egui::{Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Ui, Vec2, vec2};
use lucide_icons::Icon;
use std::f32::consts::TAU;

/// Four corners of a page of passport shape, where it is easiest to read.
pub(super) fn corners(painter: &Painter, look: &Look, rect: Rect) {
    let width = (rect.width() * 0.82).min(rect.height() * 0.94 * 1.42);
    let page = Rect::from_center_size(rect.center(), vec2(width, width / 1.42));
    let stroke = Stroke::new(look.px(4.0), OVER_VIDEO.ink);
    let arm = look.px(44.0);
    for (corner, x, y) in
        [(page.left_top(), 1.0, 1.0), (page.right_top(), -1.0, 1.0), (page.right_bottom(), -1.0, -1.0), (page.left_bottom(), 1.0, -1.0)]
    {
        painter.line_segment([corner, corner + vec2(arm * x, 0.0)], stroke);
        painter.line_segment([corner, corner + vec2(0.0, arm * y)], stroke);
    }
}

fn on_screen(placed: &Placement, quad: &Quad) -> [Pos2; 4] {
    quad.0.map(|p| placed.unmirrored(p))
}

/// The document's outline with its corners; solid and green when it lies well, white while something is to be changed.
pub(super) fn outline(painter: &Painter, look: &Look, placed: &Placement, quad: &Quad, good: bool) {
    let points = on_screen(placed, quad);
    let colour = if good { OVER_VIDEO.positive } else { OVER_VIDEO.guide };
    // A dark line beneath keeps it visible on white paper.
    let lines = [(look.px(if good { 11.0 } else { 8.0 }), OVER_VIDEO.scrim), (look.px(if good { 6.0 } else { 3.0 }), colour)];
    for (width, colour) in lines {
        painter.add(Shape::closed_line(points.to_vec(), Stroke::new(width, colour)));
    }
    let arm = look.px(46.0);
    for i in 0..4 {
        for other in [points[(i + 1) % 4], points[(i + 3) % 4]] {
            let along = other - points[i];
            let reach = arm.min(along.length() * 0.4);
            painter.line_segment([points[i], points[i] + along.normalized() * reach], Stroke::new(look.px(8.0), colour));
        }
    }
}

/// The box around the glare, hatched, so that its meaning does not hang on the colour.
pub(super) fn glare(painter: &Painter, look: &Look, placed: &Placement, quad: &Quad) {
    let points = on_screen(placed, quad);
    let stroke = Stroke::new(look.px(4.0), OVER_VIDEO.caution);
    painter.add(Shape::closed_line(points.to_vec(), Stroke::new(look.px(8.0), OVER_VIDEO.scrim)));
    painter.add(Shape::closed_line(points.to_vec(), stroke));
    let between = |a: Pos2, b: Pos2, t: f32| a + (b - a) * t;
    for k in 1..6 {
        let t = k as f32 / 6.0;
        let ends = [between(points[0], points[1], t), between(points[0], points[3], t)];
        painter.line_segment(ends, Stroke::new(look.px(2.0), theme::faded(OVER_VIDEO.caution, 0.8)));
        let ends = [between(points[2], points[3], 1.0 - t), between(points[2], points[1], 1.0 - t)];
        painter.line_segment(ends, Stroke::new(look.px(2.0), theme::faded(OVER_VIDEO.caution, 0.8)));
    }
}

/// A card that turns over about its upright axis; still, with an arrow, with reduced motion.
pub(super) fn turn_over(ui: &Ui, look: &Look, picture: Rect, area: Rect) {
    ui.painter().rect_filled(picture, look.scale.radius(), OVER_VIDEO.scrim);
    let size = vec2(look.px(280.0), look.px(280.0) / 1.586);
    let turn = if look.reduced_motion {
        0.12
    } else {
        ui.ctx().request_repaint_after(std::time::Duration::from_millis(33));
        // Turned in a second, then a rest, so that the eye can follow.
        let phase = (ui.input(|i| i.time) % 2.0) as f32;
        let u = phase.min(1.0);
        u * u * (3.0 - 2.0 * u) * 0.5
    };
    let (width, back) = ((turn * TAU).cos(), turn > 0.25);
    let middle = area.center() - vec2(0.0, look.px(28.0));
    let card = Rect::from_center_size(middle, vec2((size.x * width.abs()).max(look.px(6.0)), size.y));
    let stroke = Stroke::new(look.px(5.0), OVER_VIDEO.ink);
    ui.painter().rect(card, look.scale.radius_small(), OVER_VIDEO.button, stroke, StrokeKind::Inside);
    let ink = theme::faded(OVER_VIDEO.ink, 0.85);
    let at = |x: f32, y: f32| card.left_top() + vec2(card.width() * x, card.height() * y);
    if back {
        for row in [0.66, 0.76, 0.86] {
            ui.painter().line_segment([at(0.08, row), at(0.92, row)], Stroke::new(look.px(5.0), ink));
        }
    } else {
        ui.painter().rect_filled(Rect::from_min_max(at(0.08, 0.24), at(0.38, 0.82)), look.px(4.0), ink);
        for row in [0.3, 0.45, 0.6] {
            ui.painter().line_segment([at(0.46, row), at(0.9, row)], Stroke::new(look.px(5.0), ink));
        }
    }
    let arrow = Rect::from_center_size(middle + vec2(0.0, size.y / 2.0 + look.px(56.0)), Vec2::splat(look.px(72.0)));
    text::icon(ui, arrow, Icon::RefreshCw, look.scale.icon(52.0), OVER_VIDEO.ink);
}
