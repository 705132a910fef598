//! The textured head in one frame: moves the vertices, lights them and draws the cells.

use super::detail::{Detail, corners};
use super::eyes::{Eye, EyeState};
use super::head::{COLUMNS, Head, ROWS, normals};
use super::identity::Colours;
use super::light::{Illumination, Sensor, Shadow};
use super::mouth::between_lips;
use super::raster::{Canvas, Place};
use super::skin::{Level, Skin};
use super::state::SubjectState;
use super::vector::{Vec3, v3};
use super::view::{Placement, View};

/// What a grid cell is drawn as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cell {
    Skin,
    Eye(usize),
    Lips,
    /// The seam outside the mouth: nothing to draw.
    Seam,
}

/// The head of one identity, ready to be drawn.
pub(super) struct Face {
    pub head: Head,
    skin: Skin,
    pub eyes: [Eye; 2],
    colours: Colours,
    cells: Vec<Cell>,
    half_mouth: f32,
    hair_gloss: Vec<f32>,
    pub moved: Vec<Vec3>,
    normals: Vec<Vec3>,
    posed_as: Option<(f32, f32, f32)>,
    /// All cells, and fewer for a head that is small in the picture.
    details: [Detail; 2],
    seen: Seen,
}

/// What is known about the vertices in the frame that is being drawn.
#[derive(Default)]
struct Seen {
    places: Vec<Place>,
    /// Whether [`Self::values`] is made.
    known: Vec<bool>,
    /// Light that arrives, highlight, column and row.
    values: Vec<[f32; 6]>,
}

/// Where on the grid a cell is to be drawn smaller than this many samples, cells are drawn two by two.
const SMALL_CELL: f32 = 1.9;
/// Side of a cell in the middle of the face, metres.
const CELL: f32 = 0.00112;

/// What drawing needs besides the face.
pub(super) struct Stage<'a> {
    pub view: &'a View,
    pub placement: &'a Placement,
    /// In head space.
    pub light: &'a Illumination,
    pub sensor: &'a Sensor,
}

impl Face {
    pub fn new(head: Head, skin: Skin, eyes: [Eye; 2], colours: Colours, half_mouth: f32) -> Self {
        let cells = cells(&head, &eyes, half_mouth);
        let drawn = |i: usize| cells[i] != Cell::Seam;
        let details = [Detail::full(drawn), Detail::halved(drawn, |i| cells[i] == Cell::Skin, head.lip_row)];
        let hair_gloss = head.hairness.iter().map(|h| super::vector::smoothstep(0.0, 0.006, *h)).collect();
        Self {
            head,
            skin,
            eyes,
            colours,
            cells,
            half_mouth,
            hair_gloss,
            moved: Vec::new(),
            normals: Vec::new(),
            posed_as: None,
            details,
            seen: Seen::default(),
        }
    }

    /// Moves the vertices to an expression.
    pub fn express(&mut self, state: &SubjectState) {
        let wanted = (state.mouth_open.clamp(0.0, 1.0), state.smile.clamp(-0.6, 1.2), state.brow_raise.clamp(-0.6, 1.2));
        if self.posed_as == Some(wanted) {
            return;
        }
        let (open, smile, brows) = wanted;
        self.moved.clear();
        self.moved.extend(self.head.surface.iter().zip(&self.head.movers).map(|(p, m)| m.apply(*p, open, smile, brows)));
        normals(&self.moved, self.head.lip_row, &mut self.normals);
        self.posed_as = Some(wanted);
    }

    /// Draws the head; call [`Self::express`] first. Returns the shadow it casts on itself, for what is drawn next.
    pub fn draw(&mut self, canvas: &mut Canvas, stage: &Stage<'_>, state: &SubjectState) -> Shadow {
        let shadow = Shadow::cast(stage.light.towards, &self.moved);
        let camera = stage.placement.camera();
        let towards_camera = camera.normalised();
        let gaze = gaze(towards_camera, state);
        let eye_states = [state.eye_openness_right, state.eye_openness_left].map(|o| {
            // A smile narrows the eyes a little.
            EyeState::new(o * (1.0 - 0.16 * state.smile.clamp(0.0, 1.0)), gaze, towards_camera, stage.light)
        });
        let samples_per_metre = stage.view.focal * canvas.samples as f32 / camera.length().max(0.05);
        let level = &self.skin.levels[level(samples_per_metre).min(self.skin.levels.len() - 1)];
        let linear = linear_table();
        let mut seen = std::mem::take(&mut self.seen);
        let detail = &self.details[usize::from(CELL * samples_per_metre < SMALL_CELL)];
        seen.project(canvas, stage, &self.moved, detail);
        let lights = Lights { face: self, detail, stage, shadow: &shadow, camera };
        for (i, step) in &detail.patches {
            let patch = corners(*i, *step);
            match self.cells[*i] {
                Cell::Skin => lights.skin(canvas, &mut seen, patch, level, &linear),
                Cell::Eye(which) => lights.eye(canvas, &mut seen, patch, which, level, &linear, &eye_states[which]),
                Cell::Lips => lights.lips(canvas, &mut seen, patch),
                Cell::Seam => {}
            }
        }
        self.seen = seen;
        shadow
    }
}

impl Seen {
    fn project(&mut self, canvas: &Canvas, stage: &Stage<'_>, moved: &[Vec3], detail: &Detail) {
        self.places.resize(moved.len(), Place::default());
        self.values.resize(moved.len(), [0.0; 6]);
        self.known.clear();
        self.known.resize(moved.len(), false);
        for i in &detail.vertices {
            let (x, y, near) = stage.view.project(stage.placement.to_world(moved[*i]));
            let (x, y) = canvas.place(x, y);
            self.places[*i] = Place { x, y, near };
        }
        for (i, [one, other]) in &detail.halfway {
            self.places[*i] = self.places[*one].midpoint(self.places[*other]);
        }
    }
}

/// Triangles of a patch by its corners.
const TRIANGLES: [[usize; 3]; 2] = [[0, 1, 2], [1, 3, 2]];

/// Lights vertices that are seen, and draws patches with them.
struct Lights<'a> {
    face: &'a Face,
    detail: &'a Detail,
    stage: &'a Stage<'a>,
    shadow: &'a Shadow,
    camera: Vec3,
}

impl Lights<'_> {
    /// Light, highlight, column and row of a vertex.
    fn at(&self, seen: &mut Seen, i: usize) -> [f32; 6] {
        if !seen.known[i] {
            seen.values[i] = match self.detail.ends(i) {
                None => self.light(i),
                Some(ends) => {
                    let [one, other] = ends.map(|end| self.at(seen, end));
                    std::array::from_fn(|k| 0.5 * (one[k] + other[k]))
                }
            };
            seen.known[i] = true;
        }
        seen.values[i]
    }

    fn light(&self, i: usize) -> [f32; 6] {
        let (face, light) = (self.face, self.stage.light);
        let (p, normal) = (face.moved[i], face.normals[i]);
        let towards = (self.camera - p).normalised();
        let (column, row) = ((i % COLUMNS) as f32, (i / COLUMNS) as f32);
        // Vertices that look away are never seen but at an edge.
        if normal.dot(towards) < -0.25 {
            return [0.0, 0.0, 0.0, 0.0, column, row];
        }
        let lit = self.shadow.lit(p + normal * 0.002);
        let open = face.head.openness[i];
        let hair = face.hair_gloss[i];
        let arrives =
            if hair > 0.5 { light.on_matter(normal, towards, open.max(0.7), lit) } else { light.on_skin(normal, towards, open, lit) };
        let sharpness = if hair > 0.5 { 22.0 } else { 13.0 };
        let shine = light.highlight(normal, towards, sharpness, lit * open);
        [arrives.x, arrives.y, arrives.z, shine, column, row]
    }

    #[inline]
    fn skin(&self, canvas: &mut Canvas, seen: &mut Seen, patch: [usize; 4], level: &Level, linear: &[f32; 256]) {
        let places = patch.map(|k| seen.places[k]);
        let (sensor, sheen) = (self.stage.sensor, self.stage.light.key);
        for triangle in TRIANGLES {
            let values = || triangle.map(|k| self.at(seen, patch[k]));
            canvas.triangle(triangle.map(|k| places[k]), true, values, |v| Some(sensor.code(lit_texel(level, linear, v, sheen))));
        }
    }

    #[allow(clippy::too_many_arguments, reason = "one call site; the arguments are the frame's constants")]
    fn eye(
        &self,
        canvas: &mut Canvas,
        seen: &mut Seen,
        patch: [usize; 4],
        which: usize,
        level: &Level,
        linear: &[f32; 256],
        state: &EyeState,
    ) {
        let eye = &self.face.eyes[which];
        let places = patch.map(|k| seen.places[k]);
        for triangle in TRIANGLES {
            let values = || {
                triangle.map(|k| {
                    let [u, v] = eye.coordinates(self.face.head.skin[patch[k]]);
                    let [r, g, b, s, column, row] = self.at(seen, patch[k]);
                    [r, g, b, s, column, row, u, v]
                })
            };
            canvas.triangle(triangle.map(|k| places[k]), true, values, |v| {
                let six = [v[0], v[1], v[2], v[3], v[4], v[5]];
                let skin = lit_texel(level, linear, &six, self.stage.light.key);
                Some(self.stage.sensor.code(eye.shade(v[6], v[7], state, skin, [v[0], v[1], v[2]])))
            });
        }
    }

    /// A patch between the lips: its lower corners differ from the upper ones in nothing but their share of the gap.
    fn lips(&self, canvas: &mut Canvas, seen: &mut Seen, patch: [usize; 4]) {
        let face = self.face;
        let lips = face.colours.lips;
        let places = patch.map(|k| seen.places[k]);
        for triangle in TRIANGLES {
            let values = || {
                triangle.map(|k| {
                    let top = patch[k % 2];
                    let gap = (face.moved[top] - face.moved[top + COLUMNS]).length();
                    // The light of the mouth is that of the upper lip's front, so that it does not flicker with the lips' curl.
                    let [r, g, b, ..] = self.at(seen, top - COLUMNS);
                    [face.head.skin[top].x / face.half_mouth, if k < 2 { 0.0 } else { 1.0 }, gap, r, g, b]
                })
            };
            canvas.triangle(triangle.map(|k| places[k]), false, values, |v| {
                Some(self.stage.sensor.code(between_lips(v[0], v[1], v[2], [v[3], v[4], v[5]], lips)))
            });
        }
    }
}

/// The level of detail at which a texel is about a sample.
fn level(samples_per_metre: f32) -> usize {
    // At full detail a texel is a quarter of a cell.
    let texel = 0.25 * CELL * samples_per_metre;
    if texel > 0.62 {
        0
    } else if texel > 0.31 {
        1
    } else {
        2
    }
}

/// Gaze follows the camera within what eyes can do, plus the commanded turn away.
fn gaze(towards_camera: Vec3, state: &SubjectState) -> Vec3 {
    let yaw = (towards_camera.x.atan2(towards_camera.z).to_degrees() * 0.85).clamp(-28.0, 28.0) + state.gaze_yaw;
    let pitch = (towards_camera.y.asin().to_degrees() * 0.85).clamp(-18.0, 18.0) + state.gaze_pitch;
    let (sy, cy) = yaw.to_radians().sin_cos();
    let (sp, cp) = pitch.to_radians().sin_cos();
    v3(sy * cp, sp, cy * cp)
}

fn linear_table() -> [f32; 256] {
    std::array::from_fn(|i| (i as f32 / 255.0) * (i as f32 / 255.0))
}

#[inline]
fn lit_texel(level: &Level, linear: &[f32; 256], v: &[f32; 6], sheen: Vec3) -> [f32; 3] {
    let [r, g, b, gloss] = level.texel(v[4], v[5]);
    let shine = v[3] * f32::from(gloss) * (1.0 / 255.0);
    [linear[r as usize] * v[0] + shine * sheen.x, linear[g as usize] * v[1] + shine * sheen.y, linear[b as usize] * v[2] + shine * sheen.z]
}

fn cells(head: &Head, eyes: &[Eye; 2], half_mouth: f32) -> Vec<Cell> {
    (0..(ROWS - 1) * COLUMNS)
        .map(|i| {
            let (row, column) = (i / COLUMNS, i % COLUMNS);
            if column + 1 >= COLUMNS {
                return Cell::Seam;
            }
            let p = head.skin[i];
            if row == head.lip_row {
                let near = p.x.abs().min(head.skin[i + 1].x.abs());
                return if p.z > -0.06 && near < half_mouth * 1.04 { Cell::Lips } else { Cell::Seam };
            }
            if p.z > -0.06 {
                for (which, eye) in eyes.iter().enumerate() {
                    let [u, v] = eye.coordinates(p);
                    if u.abs() < 1.5 && v.abs() < 1.0 {
                        return Cell::Eye(which);
                    }
                }
            }
            Cell::Skin
        })
        .collect()
}
