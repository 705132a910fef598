//! A small processor-only painter for egui's triangles, so that every screen can be rendered with no display and no OpenGL:
//! storyboards, screenshots, tests, and `visavis demo` on a server.
//!
//! It draws what `Context::tessellate` returns as a GPU would: textured triangles with vertex colours, clip rectangles, and
//! premultiplied-alpha blending in gamma space (egui expects exactly that, or text looks wrong). Edges come out smooth because egui
//! feathers its shapes with transparent vertices. Written here because `egui_software_backend` follows egui 0.34 and this window is
//! built on 0.37.

use crate::geometry::Size;
use crate::imaging::Frame;
use egui::epaint::{ClippedPrimitive, Primitive, Vertex};
use egui::{Color32, Mesh, TextureFilter, TextureId, TexturesDelta};
use std::collections::HashMap;

/// One picture that triangles are filled from.
struct Texture {
    size: [usize; 2],
    texels: Vec<Color32>,
    nearest: bool,
}

impl Texture {
    fn texel(&self, x: isize, y: isize) -> [f32; 4] {
        let x = x.clamp(0, self.size[0] as isize - 1) as usize;
        let y = y.clamp(0, self.size[1] as isize - 1) as usize;
        self.texels[y * self.size[0] + x].to_array().map(f32::from)
    }

    /// The colour at texture coordinates in 0-1, 0-255 per channel.
    fn sample(&self, u: f32, v: f32) -> [f32; 4] {
        let (x, y) = (u * self.size[0] as f32, v * self.size[1] as f32);
        if self.nearest {
            return self.texel(x.floor() as isize, y.floor() as isize);
        }
        let (x, y) = (x - 0.5, y - 0.5);
        let (left, top) = (x.floor(), y.floor());
        let (right_share, bottom_share) = (x - left, y - top);
        let (left, top) = (left as isize, top as isize);
        // Glyphs sit on whole texels, so most samples need one texel only.
        if right_share < 1e-3 && bottom_share < 1e-3 {
            return self.texel(left, top);
        }
        let corners = [self.texel(left, top), self.texel(left + 1, top), self.texel(left, top + 1), self.texel(left + 1, top + 1)];
        std::array::from_fn(|c| {
            let upper = corners[0][c] + (corners[1][c] - corners[0][c]) * right_share;
            let lower = corners[2][c] + (corners[3][c] - corners[2][c]) * right_share;
            upper + (lower - upper) * bottom_share
        })
    }
}

/// Holds the textures of one egui context and paints its output.
#[derive(Default)]
pub struct SoftwarePainter {
    textures: HashMap<TextureId, Texture>,
}

/// The picture being painted: opaque, gamma space, 0-255.
struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<[u8; 4]>,
}

/// Whole pixels that may be written: `[left, right)` x `[top, bottom)`.
#[derive(Clone, Copy)]
struct Clip {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

/// A value that changes linearly over a triangle: `at_origin + x·dx + y·dy`.
#[derive(Clone, Copy)]
struct Plane {
    at_origin: f32,
    dx: f32,
    dy: f32,
}

impl SoftwarePainter {
    /// A painter without textures.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes over changed textures; call with every pass's delta, also of passes that are not painted.
    pub fn update_textures(&mut self, mut delta: TexturesDelta) {
        for (id, changes) in delta.set.drain() {
            for change in changes {
                let egui::ImageData::Color(picture) = &change.image;
                if let Some([left, top]) = change.pos {
                    let Some(texture) = self.textures.get_mut(&id) else { continue };
                    for (row, line) in picture.pixels.chunks_exact(picture.size[0]).enumerate() {
                        let at = (top + row) * texture.size[0] + left;
                        texture.texels[at..at + line.len()].copy_from_slice(line);
                    }
                } else {
                    let nearest = change.options.magnification == TextureFilter::Nearest;
                    self.textures.insert(id, Texture { size: picture.size, texels: picture.pixels.clone(), nearest });
                }
            }
        }
        for id in delta.free.drain() {
            self.textures.remove(&id);
        }
    }

    /// Paints tessellated shapes on a ground of one colour.
    ///
    /// - `size`: pixels of the picture.
    /// - `pixels_per_point`: as the shapes were tessellated.
    #[must_use]
    pub fn paint(&self, size: Size, pixels_per_point: f32, primitives: &[ClippedPrimitive], ground: Color32) -> Frame {
        let size = Size::new(size.width.max(1), size.height.max(1));
        let (width, height) = (size.width as usize, size.height as usize);
        let mut canvas = Canvas { width, height, pixels: vec![ground.to_array(); width * height] };
        for ClippedPrimitive { clip_rect, primitive } in primitives {
            // Paint callbacks are for GPUs only, and this window has none.
            let Primitive::Mesh(mesh) = primitive else { continue };
            let side = |points: f32, limit: usize| (points * pixels_per_point).round().clamp(0.0, limit as f32) as usize;
            let clip = Clip {
                left: side(clip_rect.min.x, width),
                top: side(clip_rect.min.y, height),
                right: side(clip_rect.max.x, width),
                bottom: side(clip_rect.max.y, height),
            };
            if clip.left < clip.right
                && clip.top < clip.bottom
                && let Some(texture) = self.textures.get(&mesh.texture_id)
            {
                canvas.mesh(mesh, texture, pixels_per_point, clip);
            }
        }
        let rgb = canvas.pixels.iter().flat_map(|p| [p[0], p[1], p[2]]).collect();
        Frame::new(size, rgb).expect("one pixel was kept for every column and row")
    }
}

impl Canvas {
    fn mesh(&mut self, mesh: &Mesh, texture: &Texture, pixels_per_point: f32, clip: Clip) {
        for corners in mesh.indices.chunks_exact(3) {
            let corner = |i: u32| {
                let mut vertex = mesh.vertices[i as usize];
                vertex.pos = (vertex.pos.to_vec2() * pixels_per_point).to_pos2();
                vertex
            };
            self.triangle([corner(corners[0]), corner(corners[1]), corner(corners[2])], texture, clip);
        }
    }

    fn triangle(&mut self, corners: [Vertex; 3], texture: &Texture, clip: Clip) {
        let [a, b, c] = corners.map(|v| v.pos);
        let (ab, ac) = (b - a, c - a);
        let doubled_area = ab.x * ac.y - ab.y * ac.x;
        if doubled_area.abs() < 1e-6 || !doubled_area.is_finite() {
            return;
        }
        let plane = |values: [f32; 3]| {
            let (db, dc) = (values[1] - values[0], values[2] - values[0]);
            let dx = (db * ac.y - dc * ab.y) / doubled_area;
            let dy = (dc * ab.x - db * ac.x) / doubled_area;
            Plane { at_origin: values[0] - dx * a.x - dy * a.y, dx, dy }
        };
        let colours: [Plane; 4] = std::array::from_fn(|i| plane(corners.map(|v| f32::from(v.color.to_array()[i]))));
        let flat = corners[0].color == corners[1].color && corners[1].color == corners[2].color;
        let plain = corners.iter().all(|v| v.uv == egui::epaint::WHITE_UV);
        let (u, v) = (plane(corners.map(|v| v.uv.x)), plane(corners.map(|v| v.uv.y)));

        let top = a.y.min(b.y).min(c.y);
        let bottom = a.y.max(b.y).max(c.y);
        let first = (top - 0.5).ceil().max(clip.top as f32) as usize;
        let last = (bottom - 0.5).ceil().clamp(0.0, clip.bottom as f32) as usize;
        for row in first..last {
            let y = row as f32 + 0.5;
            let Some((from, to)) = span(a, b, c, y) else { continue };
            let left = (from - 0.5).ceil().max(clip.left as f32) as usize;
            let right = (to - 0.5).ceil().clamp(0.0, clip.right as f32) as usize;
            if left >= right {
                continue;
            }
            let line = &mut self.pixels[row * self.width..][left..right];
            if flat && plain {
                let colour = corners[0].color;
                match colour.a() {
                    255 => line.fill(colour.to_array()),
                    _ if colour == Color32::TRANSPARENT => {}
                    _ => line.iter_mut().for_each(|pixel| blend(pixel, colour.to_array().map(f32::from))),
                }
                continue;
            }
            for (i, pixel) in line.iter_mut().enumerate() {
                let x = (left + i) as f32 + 0.5;
                let at = |p: &Plane| p.at_origin + p.dx * x + p.dy * y;
                let mut colour: [f32; 4] = std::array::from_fn(|i| at(&colours[i]).clamp(0.0, 255.0));
                if !plain {
                    let texel = texture.sample(at(&u), at(&v));
                    colour = std::array::from_fn(|i| colour[i] * texel[i] / 255.0);
                }
                if plain {
                    // Gradients are dithered by less than one step, or dark ones show bands.
                    let noise = dither(left + i, row);
                    for channel in &mut colour[..3] {
                        *channel = (*channel + noise).clamp(0.0, 255.0);
                    }
                }
                blend(pixel, colour);
            }
        }
        debug_assert!(self.pixels.len() == self.width * self.height);
    }
}

/// Where a row's centre line enters and leaves the triangle. Neighbours that share an edge compute the same crossing, so no pixel
/// on it is painted twice or left out.
fn span(a: egui::Pos2, b: egui::Pos2, c: egui::Pos2, y: f32) -> Option<(f32, f32)> {
    let (mut from, mut to) = (f32::INFINITY, f32::NEG_INFINITY);
    for (p, q) in [(a, b), (b, c), (c, a)] {
        let (upper, lower) = if (p.y, p.x) <= (q.y, q.x) { (p, q) } else { (q, p) };
        if upper.y <= y && y < lower.y {
            let x = upper.x + (y - upper.y) * (lower.x - upper.x) / (lower.y - upper.y);
            from = from.min(x);
            to = to.max(x);
        }
    }
    (from < to).then_some((from, to))
}

/// Interleaved gradient noise (Jimenez 2014), in (-0.5, 0.5).
fn dither(x: usize, y: usize) -> f32 {
    let noise = 0.067_110_56 * x as f32 + 0.005_837_15 * y as f32;
    ((52.982_92 * noise.fract()).fract() - 0.5) * 0.95
}

/// Lays a premultiplied colour, 0-255, on an opaque pixel.
fn blend(pixel: &mut [u8; 4], over: [f32; 4]) {
    let keep = 1.0 - over[3] / 255.0;
    for channel in 0..3 {
        pixel[channel] = (over[channel] + f32::from(pixel[channel]) * keep + 0.5).min(255.0) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::TextureOptions;
    use egui::epaint::{ColorImage, ImageDelta};
    use egui::{Pos2, Rect, pos2};

    const WHITE: TextureId = TextureId::Managed(0);

    fn painter() -> SoftwarePainter {
        let mut painter = SoftwarePainter::new();
        let mut delta = TexturesDelta::default();
        delta.push(WHITE, ImageDelta::full(ColorImage::filled([1, 1], Color32::WHITE), TextureOptions::LINEAR));
        painter.update_textures(delta);
        painter
    }

    fn quad(rect: Rect, colours: [Color32; 4], texture: TextureId, textured: bool) -> Mesh {
        let mut mesh = Mesh::with_texture(texture);
        let corners = [
            (rect.left_top(), pos2(0.0, 0.0)),
            (rect.right_top(), pos2(1.0, 0.0)),
            (rect.left_bottom(), pos2(0.0, 1.0)),
            (rect.right_bottom(), pos2(1.0, 1.0)),
        ];
        for ((pos, uv), color) in corners.into_iter().zip(colours) {
            mesh.vertices.push(Vertex { pos, uv: if textured { uv } else { egui::epaint::WHITE_UV }, color });
        }
        mesh.indices = vec![0, 1, 2, 2, 1, 3];
        mesh
    }

    fn clipped(mesh: Mesh, clip_rect: Rect) -> ClippedPrimitive {
        ClippedPrimitive { clip_rect, primitive: Primitive::Mesh(mesh) }
    }

    #[test]
    fn a_rectangle_covers_its_pixels_once_and_no_other() {
        let half = Color32::from_rgba_premultiplied(64, 0, 0, 128);
        let rect = Rect::from_min_max(pos2(1.0, 1.0), pos2(6.0, 5.0));
        let frame =
            painter().paint(Size::new(8, 8), 1.0, &[clipped(quad(rect, [half; 4], WHITE, false), Rect::EVERYTHING)], Color32::BLACK);
        for y in 0..8 {
            for x in 0..8 {
                let inside = (1..6).contains(&x) && (1..5).contains(&y);
                assert_eq!(frame.pixel_clamped(x, y), if inside { [64, 0, 0] } else { [0, 0, 0] }, "at {x},{y}");
            }
        }
    }

    #[test]
    fn nothing_is_painted_outside_the_clip_rectangle() {
        let clip = Rect::from_min_max(pos2(2.0, 2.0), pos2(4.0, 4.0));
        let everywhere = Rect::from_min_max(Pos2::ZERO, pos2(8.0, 8.0));
        let frame =
            painter().paint(Size::new(8, 8), 1.0, &[clipped(quad(everywhere, [Color32::WHITE; 4], WHITE, false), clip)], Color32::BLACK);
        let white = (0..8i64).flat_map(|y| (0..8i64).map(move |x| (x, y))).filter(|&(x, y)| frame.pixel_clamped(x, y) == [255; 3]).count();
        assert_eq!(white, 4);
    }

    #[test]
    fn colours_change_evenly_between_corners() {
        let (dark, light) = (Color32::from_gray(0), Color32::from_gray(200));
        let rect = Rect::from_min_max(Pos2::ZERO, pos2(10.0, 2.0));
        let mesh = quad(rect, [dark, light, dark, light], WHITE, false);
        let frame = painter().paint(Size::new(10, 2), 1.0, &[clipped(mesh, Rect::EVERYTHING)], Color32::BLACK);
        for x in 0..10 {
            assert!((i64::from(frame.pixel_clamped(x, 0)[0]) - (x * 20 + 10)).abs() <= 1);
        }
    }

    #[test]
    fn textures_are_drawn_smoothly_updated_in_part_and_freed() {
        let mut painter = painter();
        let id = TextureId::Managed(7);
        let mut delta = TexturesDelta::default();
        delta.push(id, ImageDelta::full(ColorImage::new([2, 1], vec![Color32::BLACK, Color32::WHITE]), TextureOptions::LINEAR));
        painter.update_textures(delta);
        let rect = Rect::from_min_max(Pos2::ZERO, pos2(8.0, 1.0));
        let shapes = [clipped(quad(rect, [Color32::WHITE; 4], id, true), Rect::EVERYTHING)];
        let frame = painter.paint(Size::new(8, 1), 1.0, &shapes, Color32::BLACK);
        let row: Vec<u8> = (0..8).map(|x| frame.pixel_clamped(x, 0)[0]).collect();
        assert_eq!((row[0], row[7]), (0, 255));
        assert!(row.windows(2).all(|w| w[0] <= w[1]) && row[3] > 60 && row[4] < 200, "{row:?}");

        let mut delta = TexturesDelta::default();
        delta.push(id, ImageDelta::partial([0, 0], ColorImage::filled([1, 1], Color32::WHITE), TextureOptions::LINEAR));
        painter.update_textures(delta);
        assert_eq!(painter.paint(Size::new(8, 1), 1.0, &shapes, Color32::BLACK).pixel_clamped(0, 0), [255; 3]);

        let mut delta = TexturesDelta::default();
        delta.free(id);
        painter.update_textures(delta);
        assert_eq!(painter.paint(Size::new(8, 1), 1.0, &shapes, Color32::BLACK).pixel_clamped(7, 0), [0; 3]);
    }

    #[test]
    fn wild_triangles_are_survived() {
        for wild in [f32::NAN, f32::INFINITY, -1e30, 1e30] {
            let mut mesh = quad(Rect::from_min_max(Pos2::ZERO, pos2(4.0, 4.0)), [Color32::WHITE; 4], WHITE, true);
            mesh.vertices[1].pos.x = wild;
            let frame = painter().paint(Size::new(4, 4), 1.0, &[clipped(mesh, Rect::EVERYTHING)], Color32::BLACK);
            assert_eq!(frame.width(), 4);
        }
    }
}
