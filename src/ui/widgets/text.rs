//! Text at a place: measured, painted, and known to the screen reader.

use crate::ui::look::Look;
use crate::ui::theme::Type;
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Align, Align2, Color32, FontId, Galley, Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo};
use lucide_icons::Icon;
use std::sync::Arc;

/// How a text is set.
#[derive(Debug, Clone)]
pub struct Style {
    /// Font and size.
    pub font: FontId,
    /// Colour.
    pub colour: Color32,
    /// Alignment of its lines.
    pub align: Align,
    /// Lines at most; the last one ends in an ellipsis. 0 is no limit.
    pub rows: usize,
}

impl Style {
    /// A role in the ink of the theme, starting at the left.
    #[must_use]
    pub fn of(look: &Look, role: Type) -> Self {
        Self { font: look.scale.font(role), colour: look.palette.ink, align: Align::Min, rows: 0 }
    }

    /// The role in bold.
    #[must_use]
    pub fn bold(look: &Look, role: Type) -> Self {
        Self { font: look.scale.bold(role), ..Self::of(look, role) }
    }

    /// In another colour.
    #[must_use]
    pub const fn colour(mut self, colour: Color32) -> Self {
        self.colour = colour;
        self
    }

    /// Lines centred.
    #[must_use]
    pub const fn centred(mut self) -> Self {
        self.align = Align::Center;
        self
    }

    /// At most this many lines.
    #[must_use]
    pub const fn rows(mut self, rows: usize) -> Self {
        self.rows = rows;
        self
    }

    /// At another size, points.
    #[must_use]
    pub fn size(mut self, points: f32) -> Self {
        self.font.size = points;
        self
    }
}

/// Lays a text out in `width` points.
#[must_use]
pub fn layout(ui: &Ui, style: &Style, text: &str, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::single_section(text.to_owned(), TextFormat::simple(style.font.clone(), style.colour));
    job.halign = style.align;
    job.wrap = TextWrapping {
        max_width: width.max(1.0),
        max_rows: if style.rows == 0 { usize::MAX } else { style.rows },
        break_anywhere: style.rows == 1,
        ..Default::default()
    };
    ui.painter().layout_job(job)
}

/// Lays a text out on one line, smaller where it would not fit in `width`, but never below 60 %.
#[must_use]
pub fn layout_fitted(ui: &Ui, style: &Style, text: &str, width: f32) -> Arc<Galley> {
    let mut style = style.clone();
    style.rows = 1;
    let full = layout(ui, &style, text, f32::INFINITY);
    if full.size().x > width {
        style.font.size = (style.font.size * width / full.size().x * 2.0).floor().max(style.font.size * 1.2) / 2.0;
        return layout(ui, &style, text, width);
    }
    full
}

/// Paints a laid out text so that its box lies in `rect` as `anchor` says, and names it for the screen reader.
pub fn place(ui: &mut Ui, rect: Rect, anchor: Align2, style: &Style, text: &str, galley: Arc<Galley>) -> Response {
    let at = anchor.align_size_within_rect(galley.size(), rect);
    let origin = match style.align {
        Align::Min => at.left_top(),
        Align::Center => at.center_top(),
        Align::Max => at.right_top(),
    };
    ui.painter().galley(origin, galley, style.colour);
    let response = ui.interact(at, ui.next_auto_id(), Sense::hover());
    ui.skip_ahead_auto_ids(1);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    response
}

/// A paragraph in `rect`, wrapped to its width, from the top. Returns its height.
pub fn paragraph(ui: &mut Ui, rect: Rect, style: &Style, text: &str) -> f32 {
    let galley = layout(ui, style, text, rect.width());
    let height = galley.size().y;
    let anchor = Align2([style.align, Align::Min]);
    place(ui, rect, anchor, style, text, galley);
    height
}

/// One line at a place in `rect`, made smaller or cut where it would not fit.
pub fn line(ui: &mut Ui, rect: Rect, anchor: Align2, style: &Style, text: &str) -> Rect {
    let style = Style { align: Align::Min, ..style.clone() };
    let galley = layout_fitted(ui, &style, text, rect.width());
    place(ui, rect, anchor, &style, text, galley).rect
}

/// An icon centred in `rect`; decoration only, the word beside it is what the screen reader says.
pub fn icon(ui: &Ui, rect: Rect, icon: Icon, font: FontId, colour: Color32) {
    let galley = ui.painter().layout_no_wrap(char::from(icon).to_string(), font, colour);
    // The icon font's line is taller than its glyphs; the ink is centred, not the line.
    let ink = galley.mesh_bounds;
    let offset = if ink.is_finite() && ink.is_positive() { ink.center() } else { galley.rect.center() };
    ui.painter().galley(rect.center() - offset.to_vec2(), galley, colour);
}

/// Desk text in the flow of a layout: takes the room it needs.
pub fn label(ui: &mut Ui, style: &Style, text: &str) -> Response {
    let width = ui.available_width();
    let galley = layout(ui, style, text, width);
    let (rect, _) = ui.allocate_exact_size(Vec2::new(galley.size().x.min(width), galley.size().y), Sense::hover());
    place(ui, rect, Align2([style.align, Align::Min]), style, text, galley)
}
