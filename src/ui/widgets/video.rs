//! The live picture: mirrored as people know themselves, placed so that the region of interest stands where the screen wants it.

use crate::geometry::{self, PixelRect, Size};
use crate::ui::theme::UNTINTED;
use egui::{Painter, Rect, TextureId, Vec2, pos2, vec2};

/// Where a whole frame lies on the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placement {
    /// The frame's rectangle on the screen; may reach outside it.
    pub on_screen: Rect,
    frame: Size,
}

impl Placement {
    /// Fills `screen`, cutting off what does not fit.
    #[must_use]
    pub fn covering(frame: Size, screen: Rect) -> Self {
        let size = vec2(frame.width.max(1) as f32, frame.height.max(1) as f32);
        let scale = (screen.width() / size.x).max(screen.height() / size.y);
        Self { on_screen: Rect::from_center_size(screen.center(), size * scale), frame }
    }

    /// Fits into `screen` whole.
    #[must_use]
    pub fn inside(frame: Size, screen: Rect) -> Self {
        let size = vec2(frame.width.max(1) as f32, frame.height.max(1) as f32);
        let scale = (screen.width() / size.x).min(screen.height() / size.y);
        Self { on_screen: Rect::from_center_size(screen.center(), size * scale), frame }
    }

    /// Brings the region of interest (frame pixels) into `target`, as large as fits.
    #[must_use]
    pub fn around(frame: Size, roi_in_frame: PixelRect, target: Rect) -> Self {
        let roi = roi_in_frame.to_rect();
        let scale = (target.width() / roi.width.max(1.0)).min(target.height() / roi.height.max(1.0));
        let size = vec2(frame.width as f32, frame.height as f32) * scale;
        let centre = roi.centre();
        let mirrored_x = frame.width as f32 - centre.x;
        let origin = target.center() - vec2(mirrored_x, centre.y) * scale;
        Self { on_screen: Rect::from_min_size(origin, size), frame }
    }

    /// A rectangle of the frame (unmirrored pixels) as the mirrored picture shows it.
    #[must_use]
    pub fn screen_from_frame(&self, rect_in_frame: geometry::Rect) -> Rect {
        let scale = self.on_screen.width() / self.frame.width.max(1) as f32;
        let left = self.frame.width as f32 - rect_in_frame.right();
        let min = self.on_screen.min + vec2(left, rect_in_frame.y) * scale;
        Rect::from_min_size(min, Vec2::new(rect_in_frame.width, rect_in_frame.height) * scale)
    }

    /// A point of the frame as the unmirrored picture shows it.
    #[must_use]
    pub fn unmirrored(&self, point: geometry::Point) -> egui::Pos2 {
        let scale = self.on_screen.width() / self.frame.width.max(1) as f32;
        self.on_screen.min + vec2(point.x, point.y) * scale
    }

    /// Draws the frame, mirrored.
    pub fn draw(&self, painter: &Painter, texture: TextureId) {
        painter.image(texture, self.on_screen, Rect::from_min_max(pos2(1.0, 0.0), pos2(0.0, 1.0)), UNTINTED);
    }
}

/// Draws a picture unmirrored so that it fills `rect`, cut to fit, with rounded corners.
pub fn picture_filling(painter: &Painter, rect: Rect, radius: egui::CornerRadius, texture: TextureId, size: Size) {
    let (width, height) = (size.width.max(1) as f32, size.height.max(1) as f32);
    let scale = (rect.width() / width).max(rect.height() / height);
    let shown = vec2(rect.width() / (width * scale), rect.height() / (height * scale));
    let uv = Rect::from_center_size(pos2(0.5, 0.5), shown);
    painter.add(egui::epaint::RectShape::filled(rect, radius, UNTINTED).with_texture(texture, uv));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_region_of_interest_lands_in_its_target_mirrored() {
        let frame = Size::new(1280, 720);
        let roi = PixelRect { x: 100, y: 72, width: 400, height: 576 };
        let target = Rect::from_center_size(pos2(960.0, 560.0), vec2(1800.0, 800.0));
        let placed = Placement::around(frame, roi, target);
        let on_screen = placed.screen_from_frame(roi.to_rect());
        assert!((on_screen.center() - target.center()).length() < 0.5);
        assert!((on_screen.height() - 800.0).abs() < 0.5);
        // A face at the left of the unmirrored picture appears at the right of the screen.
        let face = placed.screen_from_frame(geometry::Rect::new(0.0, 0.0, 100.0, 100.0));
        assert!(face.center().x > on_screen.center().x);
    }

    #[test]
    fn covering_leaves_no_gap() {
        for (width, height) in [(640, 480), (1280, 720), (480, 640)] {
            let screen = Rect::from_min_size(pos2(0.0, 0.0), vec2(1080.0, 1920.0));
            assert!(Placement::covering(Size::new(width, height), screen).on_screen.expand(0.5).contains_rect(screen));
            assert!(screen.expand(0.5).contains_rect(Placement::inside(Size::new(width, height), screen).on_screen));
        }
    }
}
