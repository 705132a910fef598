//! The textured head in one frame: moves the vertices, lights them and draws the cells.

use super::eyes::{Eye, EyeState};
use super::head::{COLUMNS, Head, ROWS, normals};
use super::identity::Colours;
use super::light::{Illumination, Sensor, Shadow};
use super::mouth::between_lips;
use super::raster::{Canvas, Corner};
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
    corners: Vec<Corner<6>>,
}

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
            corners: Vec::new(),
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
        self.light_vertices(canvas, stage, &shadow);
        let camera = stage.placement.camera();
        let towards_camera = camera.normalised();
        let gaze = gaze(towards_camera, state);
        let eye_states = [state.eye_openness_right, state.eye_openness_left].map(|o| {
            // A smile narrows the eyes a little.
            EyeState::new(o * (1.0 - 0.16 * state.smile.clamp(0.0, 1.0)), gaze, towards_camera, stage.light)
        });
        let level = self.level(canvas, stage, camera);
        let level = &self.skin.levels[level];
        let linear = linear_table();
        let sheen = stage.light.key;
        for row in 0..ROWS - 1 {
            for column in 0..COLUMNS - 1 {
                let i = row * COLUMNS + column;
                match self.cells[i] {
                    Cell::Skin => self.quad(canvas, i, |v| Some(stage.sensor.code(lit_texel(level, &linear, v, sheen)))),
                    Cell::Eye(which) => self.eye_cell(canvas, i, which, level, &linear, stage, &eye_states[which]),
                    Cell::Lips => self.lip_cell(canvas, i, column, stage),
                    Cell::Seam => {}
                }
            }
        }
        shadow
    }

    fn light_vertices(&mut self, canvas: &Canvas, stage: &Stage<'_>, shadow: &Shadow) {
        let camera = stage.placement.camera();
        self.corners.clear();
        self.corners.reserve(ROWS * COLUMNS);
        for (i, p) in self.moved.iter().enumerate() {
            let (x, y, near) = stage.view.project(stage.placement.to_world(*p));
            let (x, y) = canvas.place(x, y);
            let normal = self.normals[i];
            let towards = (camera - *p).normalised();
            let (column, row) = ((i % COLUMNS) as f32, (i / COLUMNS) as f32);
            // Vertices that look away are never seen: save the light.
            let values = if normal.dot(towards) < -0.25 {
                [0.0, 0.0, 0.0, 0.0, column, row]
            } else {
                let lit = shadow.lit(*p + normal * 0.002);
                let open = self.head.openness[i];
                let hair = self.hair_gloss[i];
                let arrives = if hair > 0.5 {
                    stage.light.on_matter(normal, towards, open.max(0.7), lit)
                } else {
                    stage.light.on_skin(normal, towards, open, lit)
                };
                let sharpness = if hair > 0.5 { 22.0 } else { 13.0 };
                let shine = stage.light.highlight(normal, towards, sharpness, lit * open);
                [arrives.x, arrives.y, arrives.z, shine, column, row]
            };
            self.corners.push(Corner { x, y, near, values });
        }
    }

    /// The level of detail at which a texel is about a sample.
    fn level(&self, canvas: &Canvas, stage: &Stage<'_>, camera: Vec3) -> usize {
        let samples_per_metre = stage.view.focal * canvas.samples as f32 / camera.length().max(0.05);
        // At full detail a texel is about 0.28 mm.
        let texel = 0.00028 * samples_per_metre;
        let level = if texel > 0.62 {
            0
        } else if texel > 0.31 {
            1
        } else {
            2
        };
        level.min(self.skin.levels.len() - 1)
    }

    #[inline]
    fn quad(&self, canvas: &mut Canvas, i: usize, mut shade: impl FnMut(&[f32; 6]) -> Option<[u8; 3]>) {
        let (a, b, c, d) = (&self.corners[i], &self.corners[i + 1], &self.corners[i + COLUMNS], &self.corners[i + COLUMNS + 1]);
        canvas.triangle([a, b, c], true, &mut shade);
        canvas.triangle([b, d, c], true, &mut shade);
    }

    #[allow(clippy::too_many_arguments, reason = "one call site; the arguments are the frame's constants")]
    fn eye_cell(
        &self,
        canvas: &mut Canvas,
        i: usize,
        which: usize,
        level: &Level,
        linear: &[f32; 256],
        stage: &Stage<'_>,
        state: &EyeState,
    ) {
        let eye = &self.eyes[which];
        let corner = |k: usize| {
            let c = &self.corners[k];
            let [u, v] = eye.coordinates(self.head.skin[k]);
            let [r, g, b, s, column, row] = c.values;
            Corner { x: c.x, y: c.y, near: c.near, values: [r, g, b, s, column, row, u, v] }
        };
        let (a, b, c, d) = (corner(i), corner(i + 1), corner(i + COLUMNS), corner(i + COLUMNS + 1));
        let shade = |v: &[f32; 8]| {
            let six = [v[0], v[1], v[2], v[3], v[4], v[5]];
            let skin = lit_texel(level, linear, &six, stage.light.key);
            Some(stage.sensor.code(eye.shade(v[6], v[7], state, skin, [v[0], v[1], v[2]])))
        };
        canvas.triangle([&a, &b, &c], true, shade);
        canvas.triangle([&b, &d, &c], true, shade);
    }

    fn lip_cell(&self, canvas: &mut Canvas, i: usize, column: usize, stage: &Stage<'_>) {
        let gap = |k: usize| (self.moved[k] - self.moved[k + COLUMNS]).length();
        let across = |k: usize| self.head.skin[k].x / self.half_mouth;
        // The light of the mouth is that of the upper lip's front, so that it does not flicker with the lips' curl.
        let light = |k: usize| {
            let v = &self.corners[k - COLUMNS].values;
            [v[0], v[1], v[2]]
        };
        let corner = |k: usize, share: f32, top: usize| {
            let c = &self.corners[k];
            let [r, g, b] = light(top);
            Corner { x: c.x, y: c.y, near: c.near, values: [across(top), share, gap(top), r, g, b] }
        };
        if column + 1 >= COLUMNS {
            return;
        }
        let (a, b) = (corner(i, 0.0, i), corner(i + 1, 0.0, i + 1));
        let (c, d) = (corner(i + COLUMNS, 1.0, i), corner(i + COLUMNS + 1, 1.0, i + 1));
        let lips = self.colours.lips;
        let shade = |v: &[f32; 6]| Some(stage.sensor.code(between_lips(v[0], v[1], v[2], [v[3], v[4], v[5]], lips)));
        canvas.triangle([&a, &b, &c], false, shade);
        canvas.triangle([&b, &d, &c], false, shade);
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
