//! Drawn figures: the brand mark, the ghost head that shows an asked-for pose, the welcome illustration.

use super::ring;
use crate::ui::look::Look;
use crate::ui::theme::{self, OVER_VIDEO};
use egui::{Color32, Painter, Rect, Shape, Stroke, Vec2, pos2, vec2};

/// The mark: two ovals that meet, face to face.
pub fn mark(painter: &Painter, rect: Rect, ink: Color32) {
    let size = rect.height();
    let oval = |dx: f32| Rect::from_center_size(rect.center() + vec2(dx * size, 0.0), vec2(size * 0.58, size * 0.84));
    let stroke = Stroke::new((size * 0.075).max(1.5), ink);
    painter.add(Shape::ellipse_filled(oval(-0.2).center(), oval(-0.2).size() / 2.0, theme::faded(ink, 0.28)));
    painter.add(Shape::ellipse_stroke(oval(-0.2).center(), oval(-0.2).size() / 2.0, stroke));
    painter.add(Shape::ellipse_stroke(oval(0.2).center(), oval(0.2).size() / 2.0, stroke));
}

/// Where the ghost head looks, as the subject sees it in the mirror: x to the screen's right, y up, both -1 to 1; tilt in degrees,
/// clockwise on the screen; `nearer` grows it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Pose {
    /// Turn to the screen's right.
    pub turn: f32,
    /// Chin up.
    pub lift: f32,
    /// Tilt, degrees clockwise.
    pub tilt: f32,
    /// Growth: 0 as it is, positive nearer.
    pub nearer: f32,
    /// Shift to the screen's right.
    pub shift_x: f32,
    /// Shift downwards.
    pub shift_y: f32,
    /// Eyes closed, 0-1.
    pub blink: f32,
    /// Smile, 0-1.
    pub smile: f32,
    /// Mouth open, 0-1.
    pub mouth: f32,
}

impl Pose {
    /// The pose on its way from straight ahead, `t` in 0-1.
    #[must_use]
    pub fn at(self, t: f32) -> Self {
        Self {
            turn: self.turn * t,
            lift: self.lift * t,
            tilt: self.tilt * t,
            nearer: self.nearer * t,
            shift_x: self.shift_x * t,
            shift_y: self.shift_y * t,
            blink: self.blink * t,
            smile: self.smile * t,
            mouth: self.mouth * t,
        }
    }
}

/// The small head that shows the asked-for pose, on its own disc over the video.
pub fn ghost_head(painter: &Painter, rect: Rect, pose: Pose, look: &Look) {
    let radius = rect.width() / 2.0;
    painter.circle_filled(rect.center(), radius, OVER_VIDEO.button);
    painter.circle_stroke(rect.center(), radius, Stroke::new(look.px(2.0), OVER_VIDEO.track));
    let ink = OVER_VIDEO.ink;
    let line = Stroke::new(look.px(4.0), ink);
    let grow = 0.92 + pose.nearer * 0.16;
    let head = vec2(radius * 0.56, radius * 0.74) * grow;
    let centre = rect.center() + vec2(pose.shift_x * radius * 0.28, pose.shift_y * radius * 0.22 - radius * 0.04);
    let (sin, cos) = pose.tilt.to_radians().sin_cos();
    // Features sit on a ball: turning the head slides them across it and squeezes them towards its edge.
    let on_head = |x: f32, y: f32| {
        let (x, y) = ((x + pose.turn * 0.42).clamp(-0.95, 0.95), (y - pose.lift * 0.34).clamp(-0.95, 0.95));
        let (x, y) = (x * head.x / 1.0 * 0.9, y * head.y * 0.9);
        centre + vec2(x * cos - y * sin, x * sin + y * cos)
    };
    let outline: Vec<_> = ring::arc_points(Rect::from_center_size(pos2(0.0, 0.0), head * 2.0), 0.0, 1.0)
        .into_iter()
        .map(|p| centre + vec2(p.x * cos - p.y * sin, p.x * sin + p.y * cos))
        .collect();
    painter.add(Shape::closed_line(outline, line));
    let near_right = 1.0 - pose.turn.max(0.0) * 0.5;
    let near_left = 1.0 + pose.turn.min(0.0) * 0.5;
    for at in [on_head(-0.38 * near_left, -0.18), on_head(0.38 * near_right, -0.18)] {
        if pose.blink > 0.5 {
            let half = vec2(radius * 0.09, 0.0);
            painter.add(Shape::line(vec![at - half, at + half], Stroke::new(look.px(3.5), ink)));
        } else {
            painter.circle_filled(at, radius * 0.054, ink);
        }
    }
    painter.add(Shape::line(
        vec![on_head(0.0, -0.12), on_head(0.08 * pose.turn.signum() * pose.turn.abs().min(1.0), 0.14)],
        Stroke::new(look.px(3.0), ink),
    ));
    let wide = 1.0 + 0.45 * pose.smile;
    let (left, right) =
        (on_head(-0.26 * near_left * wide, 0.46 - 0.10 * pose.smile), on_head(0.26 * near_right * wide, 0.46 - 0.10 * pose.smile));
    let lips = Stroke::new(look.px(3.0), ink);
    if pose.mouth > 0.1 {
        let (upper, lower) = (on_head(0.0, 0.46 - 0.06 * pose.mouth), on_head(0.0, 0.50 + 0.26 * pose.mouth));
        painter.add(Shape::closed_line(vec![left, upper, right, lower], lips));
    } else {
        painter.add(Shape::line(vec![left, on_head(0.0, 0.52 + 0.04 * pose.smile), right], lips));
    }
}

/// The welcome illustration: a head in the oval, the ring half run.
pub fn welcome(painter: &Painter, look: &Look, rect: Rect, progress: f32) {
    let ink = look.palette.on_brand;
    let oval = Rect::from_center_size(rect.center(), vec2(rect.height() * 0.72, rect.height() * 0.94));
    for (grow, share) in [(1.42, 0.05), (1.2, 0.07)] {
        painter.add(Shape::ellipse_filled(oval.center(), oval.size() / 2.0 * grow, theme::faded(ink, share)));
    }
    let clip = painter.with_clip_rect(oval.expand(oval.height() * 0.2));
    clip.add(Shape::ellipse_filled(oval.center(), oval.size() / 2.0, theme::faded(ink, 0.12)));
    // Shoulders, cut by the oval: drawn as the part of an ellipse that lies inside it.
    let soft = theme::faded(ink, 0.38);
    let shoulders = oval_clipped_shoulders(oval);
    clip.add(Shape::convex_polygon(shoulders, soft, Stroke::NONE));
    let head = Rect::from_center_size(oval.center() - vec2(0.0, oval.height() * 0.08), vec2(oval.width() * 0.44, oval.height() * 0.42));
    let neck = Rect::from_center_size(
        pos2(head.center().x, head.bottom() + oval.height() * 0.02),
        vec2(head.width() * 0.42, oval.height() * 0.16),
    );
    clip.rect_filled(neck, neck.width() * 0.4, soft);
    clip.add(Shape::ellipse_filled(head.center(), head.size() / 2.0, theme::mixed(look.palette.brand[1], ink, 0.72)));
    let width = look.px(9.0);
    ring::arc(painter, oval, 0.0, 1.0, width, theme::faded(ink, 0.25));
    ring::arc(painter, oval, 0.0, progress, width, ink);
}

/// The outline of shoulders that end at an oval's lower edge.
fn oval_clipped_shoulders(oval: Rect) -> Vec<egui::Pos2> {
    let centre = pos2(oval.center().x, oval.bottom() + oval.height() * 0.06);
    let radius = vec2(oval.width() * 0.46, oval.height() * 0.33);
    let inside = |p: egui::Pos2| {
        let d = (p - oval.center()) / (oval.size() / 2.0);
        d.x * d.x + d.y * d.y <= 1.0
    };
    let upper = ring::arc_points(Rect::from_center_size(centre, radius * 2.0), -0.25, 0.25).into_iter().filter(|&p| inside(p));
    let lower = ring::arc_points(oval.shrink(0.5), 0.2, 0.8).into_iter().filter(|&p| {
        let d = (p - centre) / radius;
        d.x * d.x + d.y * d.y <= 1.0
    });
    upper.chain(lower).collect()
}

/// The brand: mark and name on one line, starting at the left of `rect`.
pub fn brand_line(ui: &mut egui::Ui, look: &Look, rect: Rect, ink: Color32, font_role: crate::ui::theme::Type) {
    let size = rect.height();
    let mark_rect = Rect::from_min_size(rect.min, Vec2::splat(size));
    mark(ui.painter(), mark_rect, ink);
    let words = Rect::from_min_max(pos2(mark_rect.right() + size * 0.28, rect.top()), rect.max);
    let style = super::text::Style::bold(look, font_role).colour(ink);
    super::text::line(ui, words, egui::Align2::LEFT_CENTER, &style, &look.t("app-name"));
}
