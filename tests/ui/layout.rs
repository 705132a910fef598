//! Layout at the three sizes, in both languages: no text leaves the window, is cut short or runs into other text.

use egui::epaint::{ClippedShape, TextShape};
use egui::{Rect, Shape};
use visavis::runtime::messages::Seat;
use visavis::ui::fixtures;
use visavis::ui::storyboard::{SIZES, Studio};
use visavis::ui::strings::Language;
use visavis::ui::window::Options;

struct Painted {
    text: String,
    rect: Rect,
    clip: Rect,
    cut: bool,
}

fn collect(shape: &Shape, clip: Rect, found: &mut Vec<Painted>) {
    match shape {
        Shape::Vec(shapes) => shapes.iter().for_each(|s| collect(s, clip, found)),
        Shape::Text(text) => found.push(painted(text, clip)),
        _ => {}
    }
}

fn painted(shape: &TextShape, clip: Rect) -> Painted {
    let rect = Shape::Text(shape.clone()).visual_bounding_rect();
    Painted { text: shape.galley.text().to_owned(), rect, clip, cut: shape.galley.elided }
}

fn texts(shapes: &[ClippedShape]) -> Vec<Painted> {
    let mut found = Vec::new();
    for clipped in shapes {
        collect(&clipped.shape, clipped.clip_rect, &mut found);
    }
    found.retain(|t| !t.text.trim().is_empty() && t.rect.is_positive());
    found
}

#[test]
fn text_stays_inside_is_not_cut_and_does_not_collide() {
    let mut faults = Vec::new();
    for size in SIZES {
        let window = Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(size.width as f32, size.height as f32));
        for language in Language::ALL {
            for scene in fixtures::scenes() {
                let kiosk = scene.options.seat == Seat::Kiosk;
                let options = Options { language, reduced_motion: true, ..scene.options };
                let mut studio = Studio::new(scene.fixture, options, size);
                let _ = studio.pass(0.0, Vec::new());
                (scene.script)(&mut studio);
                let mut shapes = Vec::new();
                for _ in 0..4 {
                    shapes = studio.pass(0.5, Vec::new());
                }
                let found = texts(&shapes);
                assert!(!found.is_empty(), "{} shows no text", scene.name);
                let place = format!("{} {} {size}", scene.name, language.tag());
                for text in &found {
                    if !text.clip.intersects(text.rect) {
                        continue;
                    }
                    if !window.expand(1.0).contains_rect(text.rect.intersect(text.clip))
                        || (text.rect.left() < -1.0 || text.rect.right() > window.right() + 1.0)
                    {
                        faults.push(format!("{place}: “{}” leaves the window at {:?}", text.text, text.rect));
                    }
                    if text.rect.right() > text.clip.right() + 2.0 || text.rect.left() < text.clip.left() - 2.0 {
                        faults.push(format!("{place}: “{}” is clipped at the side", text.text));
                    }
                    if text.cut && kiosk {
                        faults.push(format!("{place}: “{}” is cut short", text.text));
                    }
                }
                if kiosk {
                    for (i, a) in found.iter().enumerate() {
                        for b in &found[i + 1..] {
                            let shared = a.rect.shrink(2.0).intersect(b.rect.shrink(2.0));
                            if shared.is_positive() && shared.area() > 12.0 {
                                faults.push(format!("{place}: “{}” runs into “{}”", a.text, b.text));
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

/// Painted areas that hold something: cards and tables, with their frames.
fn cards(shapes: &[ClippedShape], window: Rect) -> Vec<Rect> {
    fn within(shape: &Shape, found: &mut Vec<Rect>) {
        match shape {
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| within(shape, found)),
            Shape::Rect(area) if area.blur_width == 0.0 && area.fill.a() == 255 => found.push(area.rect),
            _ => {}
        }
    }
    let mut found = Vec::new();
    shapes.iter().for_each(|clipped| within(&clipped.shape, &mut found));
    found.retain(|card| card.width() > window.width() * 0.4 && card.height() > 60.0 && card.height() < window.height() * 0.6);
    found
}

#[test]
fn the_decision_and_the_services_opinions_stand_apart() {
    for size in SIZES {
        for language in Language::ALL {
            let scene = fixtures::scenes().into_iter().find(|scene| scene.name == "desk-match-opinions").expect("the scene");
            let mut studio = Studio::new(scene.fixture, Options { language, reduced_motion: true, ..scene.options }, size);
            (scene.script)(&mut studio);
            let mut shapes = Vec::new();
            for _ in 0..4 {
                shapes = studio.pass(0.5, Vec::new());
            }
            let window = Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(size.width as f32, size.height as f32));
            let cards = cards(&shapes, window);
            assert!(cards.len() >= 2, "{size}: the decision and the opinions: {cards:?}");
            for (i, a) in cards.iter().enumerate() {
                for b in &cards[i + 1..] {
                    let shared = a.intersect(*b);
                    let nested = a.contains_rect(*b) || b.contains_rect(*a);
                    assert!(nested || !shared.is_positive(), "{} {size}: {a:?} runs into {b:?}", language.tag());
                }
            }
        }
    }
}
