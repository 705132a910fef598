//! Ovals: the cut-out in the scrim, and the stroke around it that doubles as the progress ring.

use crate::ui::theme;
use egui::epaint::{Mesh, Vertex};
use egui::{Color32, Direction, Painter, Pos2, Rect, Shape, Stroke, Vec2, pos2};
use std::f32::consts::TAU;

/// Points on an ellipse, clockwise from the top; `from` and `to` in turns.
#[must_use]
pub fn arc_points(oval: Rect, from: f32, to: f32) -> Vec<Pos2> {
    let steps = (((to - from).abs() * 160.0).ceil() as usize).max(2);
    (0..=steps)
        .map(|i| {
            let turn = (from + (to - from) * i as f32 / steps as f32) * TAU;
            oval.center() + Vec2::new(turn.sin() * oval.width() / 2.0, -turn.cos() * oval.height() / 2.0)
        })
        .collect()
}

/// Fills everything in `area` outside `oval`, softly at the oval's edge over `feather` points.
pub fn scrim_with_cutout(painter: &Painter, area: Rect, oval: Rect, feather: f32, colour: Color32) {
    let far = (area.width() + area.height()) * 2.0;
    let rings = [(oval.size() / 2.0, theme::CLEAR), (oval.size() / 2.0 + Vec2::splat(feather), colour), (Vec2::splat(far), colour)];
    let mut mesh = Mesh::default();
    let steps = 160u32;
    for i in 0..=steps {
        let turn = i as f32 / steps as f32 * TAU;
        for (radius, colour) in rings {
            let at = oval.center() + Vec2::new(turn.sin() * radius.x, -turn.cos() * radius.y);
            mesh.vertices.push(Vertex::untextured(at, colour));
        }
    }
    for i in 0..steps {
        let (here, next) = (i * 3, (i + 1) * 3);
        for band in 0..2 {
            mesh.indices.extend([here + band, here + band + 1, next + band]);
            mesh.indices.extend([next + band, here + band + 1, next + band + 1]);
        }
    }
    painter.with_clip_rect(area).add(Shape::mesh(mesh));
}

/// Strokes part of an oval with round ends; `from` and `to` in turns from the top, clockwise.
pub fn arc(painter: &Painter, oval: Rect, from: f32, to: f32, width: f32, colour: Color32) {
    if to - from < 1e-3 {
        return;
    }
    if to - from > 0.999 {
        // The last point is the first one again.
        let mut points = arc_points(oval, 0.0, 1.0);
        points.pop();
        painter.add(Shape::closed_line(points, Stroke::new(width, colour)));
        return;
    }
    let points = arc_points(oval, from, to);
    let ends = [points.first().copied(), points.last().copied()];
    painter.add(Shape::line(points, Stroke::new(width, colour)));
    for end in ends.into_iter().flatten() {
        painter.circle_filled(end, width / 2.0, colour);
    }
}

/// A waiting ring: a quarter that goes round, or a still three quarters with reduced motion.
pub fn waiting(ui: &egui::Ui, oval: Rect, width: f32, colour: Color32, track: Color32, reduced_motion: bool) {
    let painter = ui.painter();
    arc(painter, oval, 0.0, 1.0, width, track);
    if reduced_motion {
        arc(painter, oval, 0.0, 0.75, width, colour);
    } else {
        let turn = (ui.input(|i| i.time) * 0.7).fract() as f32;
        arc(painter, oval, turn, turn + 0.28, width, colour);
        ui.ctx().request_repaint_after(std::time::Duration::from_millis(33));
    }
}

/// Where `picture` ends inside `area`, fades its edge into `colour` over `depth` points.
pub fn fade_edges(painter: &Painter, picture: Rect, area: Rect, depth: f32, colour: Color32) {
    let painter = painter.with_clip_rect(area);
    let strip = |min: Pos2, max: Pos2, direction| {
        painter.add(Shape::gradient_rect(Rect::from_min_max(min, max), direction, [colour, theme::CLEAR]));
    };
    if picture.top() > area.top() {
        strip(picture.min, pos2(picture.right(), picture.top() + depth), Direction::TopDown);
    }
    if picture.bottom() < area.bottom() {
        strip(pos2(picture.left(), picture.bottom() - depth), picture.max, Direction::BottomUp);
    }
    if picture.left() > area.left() {
        strip(picture.min, pos2(picture.left() + depth, picture.bottom()), Direction::LeftToRight);
    }
    if picture.right() < area.right() {
        strip(pos2(picture.right() - depth, picture.top()), picture.max, Direction::RightToLeft);
    }
}

/// A vertical gradient in `area`.
pub fn fade(painter: &Painter, area: Rect, top: Color32, bottom: Color32) {
    let mut mesh = Mesh::default();
    for (at, colour) in [(area.left_top(), top), (area.right_top(), top), (area.left_bottom(), bottom), (area.right_bottom(), bottom)] {
        mesh.vertices.push(Vertex::untextured(pos2(at.x, at.y), colour));
    }
    mesh.indices = vec![0, 1, 2, 2, 1, 3];
    painter.add(Shape::mesh(mesh));
}
