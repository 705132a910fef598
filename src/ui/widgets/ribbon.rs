//! The practice ribbon: a diagonal band across the top right corner of every screen in practice mode.

use super::text::{self, Style};
use crate::ui::look::Look;
use crate::ui::theme::{ON_RIBBON, RIBBON, Type};
use egui::epaint::TextShape;
use egui::{Align2, LayerId, Order, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, vec2};

/// How far the ribbon reaches along either edge, points.
#[must_use]
pub fn reach(look: &Look) -> f32 {
    if look.officer() { look.px(128.0) } else { look.px(250.0) }
}

/// Draws it over everything else, in the top right corner of `screen`; presses pass through.
pub fn practice(ui: &mut Ui, look: &Look, screen: Rect) {
    let reach = reach(look);
    let band = if look.officer() { look.px(30.0) } else { look.px(58.0) };
    let painter = ui.ctx().layer_painter(LayerId::new(Order::Foreground, egui::Id::unique("practice-ribbon"))).with_clip_rect(screen);
    let corner = screen.right_top();
    // Across the corner: outer edge `reach` from it, inner edge nearer by the band's width measured along the screen's edge.
    let inner = reach - band * std::f32::consts::SQRT_2;
    let points = vec![corner - vec2(reach, 0.0), corner - vec2(inner, 0.0), corner + vec2(0.0, inner), corner + vec2(0.0, reach)];
    painter.add(Shape::convex_polygon(points, RIBBON, Stroke::NONE));
    let middle = (reach + inner) / 2.0;
    let style = Style::bold(look, if look.officer() { Type::DeskCaption } else { Type::Heading }).colour(ON_RIBBON);
    let words = look.t("practice-ribbon");
    let galley = text::layout_fitted(ui, &style, &words, inner * std::f32::consts::SQRT_2 * 0.8);
    let centre = corner + vec2(-middle / 2.0, middle / 2.0);
    let at = Align2::CENTER_CENTER.align_size_within_rect(galley.size(), Rect::from_center_size(centre, galley.size()));
    painter.add(TextShape::new(at.min, galley, ON_RIBBON).with_angle_and_anchor(std::f32::consts::FRAC_PI_4, Align2::CENTER_CENTER));
    let named = Rect::from_center_size(centre, vec2(band, band));
    let response = ui.interact(named, egui::Id::unique("practice-ribbon-name"), Sense::hover());
    let name = look.t("practice-name");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &name));
}
