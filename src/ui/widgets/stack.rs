//! A column measured before it is drawn, so that it can be centred as a whole.

use super::card::{self, Tone};
use super::text::{self, Style};
use crate::ui::look::Look;
use egui::{Align, Align2, Galley, Rect, Ui, Vec2};
use lucide_icons::Icon;
use std::sync::Arc;

enum Item {
    Gap(f32),
    Text { style: Style, text: String, galley: Arc<Galley> },
    Disc { icon: Icon, tone: Tone, size: f32 },
    Space { height: f32, key: usize },
}

/// Builds the column, then [`Stack::show`]s it.
pub struct Stack {
    width: f32,
    items: Vec<Item>,
    spaces: usize,
}

impl Stack {
    /// An empty column, `width` points wide.
    #[must_use]
    pub const fn new(width: f32) -> Self {
        Self { width, items: Vec::new(), spaces: 0 }
    }

    /// Empty room, points.
    pub fn gap(&mut self, points: f32) -> &mut Self {
        self.items.push(Item::Gap(points));
        self
    }

    /// A paragraph.
    pub fn text(&mut self, ui: &Ui, style: &Style, text: &str) -> &mut Self {
        let galley =
            if style.rows == 1 { text::layout_fitted(ui, style, text, self.width) } else { text::layout(ui, style, text, self.width) };
        self.items.push(Item::Text { style: style.clone(), text: text.to_owned(), galley });
        self
    }

    /// An icon on its disc, `size` points across.
    pub fn disc(&mut self, icon: Icon, tone: Tone, size: f32) -> &mut Self {
        self.items.push(Item::Disc { icon, tone, size });
        self
    }

    /// Room that the caller fills; its rectangle comes back from [`Stack::show`], in order.
    pub fn space(&mut self, height: f32) -> &mut Self {
        self.items.push(Item::Space { height, key: self.spaces });
        self.spaces += 1;
        self
    }

    /// Height of the column, points.
    #[must_use]
    pub fn height(&self) -> f32 {
        self.items
            .iter()
            .map(|item| match item {
                Item::Gap(points) => *points,
                Item::Text { galley, .. } => galley.size().y,
                Item::Disc { size, .. } => *size,
                Item::Space { height, .. } => *height,
            })
            .sum()
    }

    /// Draws the column in `rect`, aligned as `align` says: across, down. Returns the rectangles of the spaces.
    pub fn show(self, ui: &mut Ui, look: &Look, rect: Rect, align: Align2) -> Vec<Rect> {
        let outer = align.align_size_within_rect(Vec2::new(self.width, self.height()), rect);
        let mut y = outer.top();
        let mut spaces = Vec::new();
        for item in self.items {
            let row = |height: f32| Rect::from_min_size(egui::pos2(outer.left(), y), Vec2::new(self.width, height));
            match item {
                Item::Gap(points) => y += points,
                Item::Text { style, text, galley } => {
                    let height = galley.size().y;
                    text::place(ui, row(height), Align2([style.align, Align::Min]), &style, &text, galley);
                    y += height;
                }
                Item::Disc { icon, tone, size } => {
                    let at = Align2([align.x(), Align::Min]).align_size_within_rect(Vec2::splat(size), row(size));
                    card::disc(ui, look, at, icon, tone);
                    y += size;
                }
                Item::Space { height, key } => {
                    debug_assert_eq!(key, spaces.len());
                    spaces.push(row(height));
                    y += height;
                }
            }
        }
        spaces
    }
}
