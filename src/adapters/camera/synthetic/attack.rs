//! Presentation attacks: a flat picture of the subject, printed or on a screen, held before the camera.

use super::light::{Light, Sensor};
use super::random::noise;
use super::raster::Canvas;
use super::sitter::{Extent, Sitter};
use super::state::{GroundTruth, Presentation, SubjectState};
use super::vector::{Rotation, Vec3, smoothstep, v3};
use super::view::{Placement, View};
use crate::biometrics::pose::HeadPose;
use crate::geometry::{Point, Size};
use crate::imaging::Frame;

/// Size of the photograph that is shown.
const PHOTO: Size = Size::new(480, 600);

/// A picture of a subject as an attacker would have it.
struct Photo {
    frame: Frame,
    /// Share of the head in each pixel, 0-255; empty where nothing is cut out.
    head: Vec<u8>,
    truth: GroundTruth,
}

/// Keeps the photograph of a print from frame to frame.
pub(super) struct Attack {
    kept: Option<(Presentation, Photo)>,
    /// Of the camera that took the photograph.
    sensor: Sensor,
}

/// The flat thing in the attacker's hand.
struct Sheet {
    half_width: f32,
    half_height: f32,
    /// Border of paper or bezel around the photograph, metres.
    border: f32,
    placement: Placement,
    normal: Vec3,
}

fn photograph(sitter: &mut Sitter, canvas: &mut Canvas, kind: Presentation, state: &SubjectState, sensor: &Sensor) -> Option<Photo> {
    let view = View::new(PHOTO, 21.0);
    let light = Light { azimuth_deg: -10.0, elevation_deg: 30.0, ambient: 0.75, exposure_ev: 0.0, temperature_k: 6300.0 };
    // A recording moves as the subject did; a print is still.
    let shown = match kind {
        Presentation::Screen => SubjectState { distance_m: 0.80, offset_x_m: 0.0, offset_y_m: 0.012, ..*state },
        _ => SubjectState { distance_m: 0.80, offset_y_m: 0.012, ..SubjectState::default() },
    };
    let mut frame = Frame::filled(PHOTO, [188, 194, 200]);
    let extent = if kind == Presentation::CutOut { Extent::HeadOnly } else { Extent::WithBody };
    let truth = sitter.draw(canvas, PHOTO, &view, &shown, &light, sensor, extent)?;
    canvas.lay_over(frame.bytes_mut(), PHOTO);
    let head = if kind == Presentation::CutOut { canvas.coverage(PHOTO) } else { Vec::new() };
    Some(Photo { frame, head, truth })
}

impl Attack {
    pub fn new() -> Self {
        Self { kept: None, sensor: Sensor::new() }
    }

    /// Draws the attack over `frame`; truth is that of the shown face where it appears in the frame.
    #[allow(clippy::too_many_arguments, reason = "everything the scene consists of, from one call site")]
    pub fn draw(
        &mut self,
        sitter: &mut Sitter,
        canvas: &mut Canvas,
        frame: &mut Frame,
        view: &View,
        state: &SubjectState,
        light: &Light,
        kind: Presentation,
        sensor: &Sensor,
        number: u64,
    ) -> Option<GroundTruth> {
        let keep = kind != Presentation::Screen && self.kept.as_ref().is_some_and(|(of, _)| *of == kind);
        if !keep {
            self.kept = Some((kind, photograph(sitter, canvas, kind, state, &self.sensor)?));
        }
        let (_, photo) = self.kept.as_ref()?;
        if kind == Presentation::CutOut {
            // Worn as a mask: the attacker stands behind it.
            let behind = SubjectState { distance_m: state.distance_m + 0.11, ..*state };
            let size = frame.size();
            sitter.draw(canvas, size, view, &behind, light, sensor, Extent::WithBody);
            canvas.lay_over(frame.bytes_mut(), size);
        }
        let sheet = Sheet::held(kind, state, number);
        sheet.draw(frame, photo, view, light, kind, sensor);
        Some(sheet.truth(photo, view, state, kind))
    }
}

impl Sheet {
    fn held(kind: Presentation, state: &SubjectState, number: u64) -> Self {
        let t = number as f32 / 30.0;
        let (half_width, border) = match kind {
            Presentation::Screen => (0.112, 0.010),
            Presentation::CutOut => (0.158, 0.0),
            _ => (0.105, 0.008),
        };
        let half_height = border + (half_width - border) * PHOTO.height as f32 / PHOTO.width as f32;
        let sway = |rate: f32, k: u32| noise(t * rate, k as f32 * 3.1, 90 + k);
        let print = kind != Presentation::Screen;
        let pose = HeadPose {
            yaw: if print { state.pose.yaw } else { 0.0 } + 5.0 + 2.5 * sway(0.7, 1),
            pitch: if print { state.pose.pitch } else { 0.0 } - 4.0 + 2.0 * sway(0.6, 2),
            roll: if print { state.pose.roll } else { 0.0 } + 2.0 + 1.5 * sway(0.5, 3),
        };
        let rotation = Rotation::from_pose(pose);
        let origin =
            v3(state.offset_x_m + 0.004 * sway(0.8, 4), state.offset_y_m - 0.03 + 0.004 * sway(0.9, 5), -state.distance_m.max(0.15));
        Self {
            half_width,
            half_height,
            border,
            placement: Placement::new(rotation, v3(0.0, 0.0, 0.0), origin),
            normal: rotation.apply(v3(0.0, 0.0, 1.0)),
        }
    }

    /// Photograph pixel to the sheet's own plane, metres.
    fn on_sheet(&self, p: Point) -> Vec3 {
        let across = self.half_width - self.border;
        let down = self.half_height - self.border;
        v3((p.x / PHOTO.width as f32 * 2.0 - 1.0) * across, (1.0 - p.y / PHOTO.height as f32 * 2.0) * down, 0.0)
    }

    fn draw(&self, frame: &mut Frame, photo: &Photo, view: &View, light: &Light, kind: Presentation, sensor: &Sensor) {
        let corners = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]
            .map(|(x, y)| view.project(self.placement.to_world(v3(x * self.half_width, y * self.half_height, 0.0))));
        if corners.iter().any(|c| c.2 <= 0.0) {
            return;
        }
        let size = frame.size();
        let edge = |f: fn(f32, f32) -> f32, start: f32, get: fn(&(f32, f32, f32)) -> f32| corners.iter().map(get).fold(start, f);
        let left = edge(f32::min, f32::MAX, |c| c.0).max(0.0) as u32;
        let right = edge(f32::max, 0.0, |c| c.0).clamp(0.0, size.width as f32) as u32;
        let top = edge(f32::min, f32::MAX, |c| c.1).max(0.0) as u32;
        let bottom = edge(f32::max, 0.0, |c| c.1).clamp(0.0, size.height as f32) as u32;
        let camera = self.placement.camera();
        let arrives = light.illumination(v3(0.0, 0.0, 1.0)).on_matter(self.normal, v3(0.0, 0.0, 1.0), 1.0, 1.0);
        let bytes = frame.bytes_mut();
        for y in top..bottom {
            for x in left..right {
                let ray = v3(x as f32 + 0.5 - view.centre.x, view.centre.y - (y as f32 + 0.5), -view.focal);
                let ray = self.placement.direction(ray);
                if ray.z.abs() < 1e-6 {
                    continue;
                }
                let hit = camera + ray * (-camera.z / ray.z);
                if hit.x.abs() > self.half_width || hit.y.abs() > self.half_height {
                    continue;
                }
                let at = ((y * size.width + x) * 3) as usize;
                let share = self.outline(photo, hit, kind);
                if share <= 0.0 {
                    continue;
                }
                let code = sensor.code(self.colour(photo, hit, kind, arrives, light.gain()));
                for c in 0..3 {
                    bytes[at + c] = (f32::from(bytes[at + c]) * (1.0 - share) + f32::from(code[c]) * share + 0.5) as u8;
                }
            }
        }
    }

    /// Photograph coordinates of a point of the sheet, 0-1 inside the picture.
    fn within(&self, hit: Vec3) -> (f32, f32) {
        (0.5 + 0.5 * hit.x / (self.half_width - self.border), 0.5 - 0.5 * hit.y / (self.half_height - self.border))
    }

    fn outline(&self, photo: &Photo, hit: Vec3, kind: Presentation) -> f32 {
        if kind != Presentation::CutOut {
            return 1.0;
        }
        let (u, v) = self.within(hit);
        let x = ((u * PHOTO.width as f32) as usize).min(PHOTO.width as usize - 1);
        let y = ((v * PHOTO.height as f32) as usize).min(PHOTO.height as usize - 1);
        f32::from(photo.head[y * PHOTO.width as usize + x]) / 255.0
    }

    /// Linear colour of a point of the sheet.
    fn colour(&self, photo: &Photo, hit: Vec3, kind: Presentation, arrives: Vec3, gain: f32) -> [f32; 3] {
        let (u, v) = self.within(hit);
        let inside = (0.0..1.0).contains(&u) && (0.0..1.0).contains(&v);
        let light = [arrives.x, arrives.y, arrives.z];
        if kind == Presentation::Screen {
            if !inside {
                return light.map(|l| 0.012 * l);
            }
            let picture = bilinear(&photo.frame, u, v);
            // The screen's own pixels beat with the camera's.
            let pitch = 0.000_265;
            let grid = (hit.x / pitch * std::f32::consts::TAU).sin() * 0.11 + (hit.y / pitch * std::f32::consts::TAU).sin() * 0.09;
            let fringe = [1.0 + grid, 1.0 + grid * 0.4, 1.0 - grid * 0.8];
            let glare = 0.10 * smoothstep(0.10, 0.0, (hit.x * 0.8 + hit.y * 0.6 - 0.03).abs()) + 0.012;
            return std::array::from_fn(|c| {
                picture[c].powf(1.12) * 1.15 * fringe[c] * [0.93, 1.0, 1.16][c] + glare * light[c] * gain.min(1.0)
            });
        }
        let paper = if inside { bilinear(&photo.frame, u, v).map(|p| 0.045 + 0.74 * p.powf(0.94)) } else { [0.80; 3] };
        let fibre = 1.0 + 0.02 * noise(hit.x * 2600.0, hit.y * 2600.0, 3);
        // A sheet held by hand is never quite flat.
        let bend = 1.0 + 0.05 * (hit.x * 24.0 + 0.6).sin();
        std::array::from_fn(|c| paper[c] * light[c] * fibre * bend)
    }

    fn truth(&self, photo: &Photo, view: &View, state: &SubjectState, kind: Presentation) -> GroundTruth {
        let map = |p: Point| {
            let (x, y, _) = view.project(self.placement.to_world(self.on_sheet(p)));
            Point::new(x, y)
        };
        let metres_per_pixel = 2.0 * (self.half_width - self.border) / PHOTO.width as f32;
        let growth = metres_per_pixel * view.focal / state.distance_m.max(0.15);
        GroundTruth { distance_m: state.distance_m, presentation: kind, ..photo.truth.mapped(map, growth) }
    }
}

/// Linear colour of a photograph between its pixels.
fn bilinear(frame: &Frame, u: f32, v: f32) -> [f32; 3] {
    let x = u * frame.width() as f32 - 0.5;
    let y = v * frame.height() as f32 - 0.5;
    let (fx, fy) = (x.floor(), y.floor());
    let (s, t) = (x - fx, y - fy);
    let at = |dx: i64, dy: i64| frame.pixel_clamped(fx as i64 + dx, fy as i64 + dy);
    let (a, b, c, d) = (at(0, 0), at(1, 0), at(0, 1), at(1, 1));
    std::array::from_fn(|k| {
        let top = f32::from(a[k]) * (1.0 - s) + f32::from(b[k]) * s;
        let bottom = f32::from(c[k]) * (1.0 - s) + f32::from(d[k]) * s;
        let coded = (top * (1.0 - t) + bottom * t) / 255.0;
        coded * coded * (0.30 + 0.70 * coded.sqrt())
    })
}
