//! The head as a grid of vertices around a core, with the weights by which expressions move them.

use super::anatomy::{Anatomy, CORE};
use super::expression::Movers;
use super::hair::HairShape;
use super::identity::SubjectIdentity;
use super::random::noise;
use super::vector::{Vec3, smoothstep, v3};
use std::f32::consts::PI;

/// Columns of the grid; the first and the last meet at the back of the head.
pub(super) const COLUMNS: usize = 209;
/// Rows of the grid, from the crown down into the neck; two of them meet in the line between the lips.
pub(super) const ROWS: usize = 201;

/// Longitude of a column: 0 ahead, positive to the subject's left. Dense in front.
fn longitude(column: f32) -> f32 {
    let x = column / ((COLUMNS - 1) as f32) * 2.0 - 1.0;
    PI * (0.34 * x + 0.66 * x.powi(5))
}

/// Elevation of a row before the rows are moved to meet the mouth: positive up, row 0 at the crown.
fn elevation(row: f32) -> f32 {
    let y = 1.0 - row / ((ROWS - 2) as f32) * 2.0;
    let cubic = if y > 0.0 { 31.0 } else { 27.0 };
    (3.0 + 56.0 * y + cubic * y * y * y).to_radians()
}

fn direction(longitude: f32, elevation: f32) -> Vec3 {
    let (sl, cl) = longitude.sin_cos();
    let (se, ce) = elevation.sin_cos();
    v3(sl * ce, se, cl * ce)
}

/// A place on the grid, fractional column and row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct GridPoint {
    pub column: f32,
    pub row: f32,
}

/// One identity's head at rest.
pub(super) struct Head {
    pub anatomy: Anatomy,
    /// Skin and hair surface, row by row.
    pub surface: Vec<Vec3>,
    /// Skin before hair and the person's own bulges: the map on which features are placed.
    pub skin: Vec<Vec3>,
    /// Free sky above each vertex, 0-1.
    pub openness: Vec<f32>,
    /// How deep inside the hair each vertex is, metres; negative on bare skin.
    pub hairness: Vec<f32>,
    /// How expressions move each vertex.
    pub movers: Vec<Movers>,
    /// Upper one of the two rows that meet in the line between the lips.
    pub lip_row: usize,
    /// Height of that row at each column.
    pub lip_line: Vec<f32>,
    lip_shift: f32,
}

impl Head {
    pub fn new(identity: &SubjectIdentity) -> Self {
        let anatomy = Anatomy::new(&identity.shape);
        let hair = HairShape::new(identity);
        // The elevation of the line between the lips, seen from the core.
        let target = (anatomy.mouth_y - CORE.y).atan2(-CORE.z + 0.0005);
        let lip_row = (0..ROWS - 1)
            .min_by(|a, b| (elevation(*a as f32) - target).abs().total_cmp(&(elevation(*b as f32) - target).abs()))
            .unwrap_or(0);
        let mut head = Self {
            anatomy,
            surface: Vec::new(),
            skin: vec![Vec3::default(); COLUMNS * ROWS],
            openness: vec![1.0; COLUMNS * ROWS],
            hairness: vec![-1.0; COLUMNS * ROWS],
            movers: Vec::new(),
            lip_row,
            lip_line: Vec::new(),
            lip_shift: target - elevation(lip_row as f32),
        };
        head.place_skin();
        head.lip_line = (0..COLUMNS).map(|c| head.skin[head.lip_row * COLUMNS + c].y).collect();
        head.surface = head.skin.clone();
        head.individualise(identity);
        for i in 0..COLUMNS * ROWS {
            let p = head.skin[i];
            let hairness = hair.depth(p);
            head.hairness[i] = hairness;
            let lift = hair.thickness(p, hairness);
            if lift > 0.0 {
                let out = (p - v3(0.0, 0.0, -0.09)).normalised();
                head.surface[i] = head.surface[i] + out * lift;
            }
        }
        head.movers = Movers::of_grid(&head, identity);
        head
    }

    fn place_skin(&mut self) {
        let middle = COLUMNS / 2;
        for column in middle..COLUMNS {
            let mut guess = 0.17;
            for row in 0..ROWS {
                let towards = direction(longitude(column as f32), self.row_elevation(row));
                let r = self.anatomy.radius(towards, guess);
                // The next row starts a little outside of this one.
                guess = r + 0.012;
                let p = CORE + towards * r;
                let open = self.anatomy.openness(p, self.anatomy.normal(p));
                for (side, sign) in [(column, 1.0), (COLUMNS - 1 - column, -1.0)] {
                    self.skin[row * COLUMNS + side] = v3(p.x * sign, p.y, p.z);
                    self.openness[row * COLUMNS + side] = open;
                }
            }
        }
    }

    /// What the proportions do not say: a field of bulges and hollows that is the person's own, nearly but not quite symmetric.
    fn individualise(&mut self, identity: &SubjectIdentity) {
        let seed = (identity.seed() as u32).wrapping_mul(31);
        let s = &identity.shape;
        for p in &mut self.surface {
            let x = p.x.abs();
            let own = |scale: f32, k: u32| noise(x * scale, p.y * scale + 9.0, seed.wrapping_add(k));
            let wave = |k: u32| noise(p.x * 22.0, p.y * 22.0, seed.wrapping_add(k));
            let broad = v3(own(26.0, 11) * 0.0030, own(26.0, 12) * 0.0036, own(26.0, 13) * 0.0042);
            let fine = v3(own(55.0, 14) * 0.0010, own(55.0, 15) * 0.0016, own(55.0, 16) * 0.0022);
            let symmetric = broad + fine;
            let side = if p.x < 0.0 { -1.0 } else { 1.0 };
            let centred = smoothstep(0.0, 0.012, x);
            let lopsided = v3(wave(1), wave(2), wave(3)) * 0.0010;
            let front = smoothstep(-0.10, -0.05, p.z);
            *p = *p
                + v3(side * symmetric.x * centred, symmetric.y, symmetric.z) * front
                + lopsided
                + v3(s.asymmetry * 0.0016 * smoothstep(-0.02, -0.11, p.y), 0.0, 0.0);
        }
    }

    fn row_elevation(&self, row: usize) -> f32 {
        // The second of the two meeting rows, and all below, count one less.
        let row = if row > self.lip_row { row - 1 } else { row };
        let away = (row as f32 - self.lip_row as f32) / 24.0;
        let pull = if away.abs() < 1.0 { (0.5 + 0.5 * (PI * away).cos()) * self.lip_shift } else { 0.0 };
        elevation(row as f32) + pull
    }

    /// Where on the grid the skin lies in front of `(x, y)`, at rest.
    pub fn locate(&self, x: f32, y: f32) -> GridPoint {
        let mut z = 0.0;
        let mut at = GridPoint { column: 0.0, row: 0.0 };
        for _ in 0..6 {
            let v = v3(x, y, z) - CORE;
            let lon = v.x.atan2(v.z);
            let ele = v.y.atan2(v.x.hypot(v.z));
            let mut low = 0.0f32;
            let mut high = (COLUMNS - 1) as f32;
            for _ in 0..24 {
                let mid = (low + high) / 2.0;
                if longitude(mid) < lon { low = mid } else { high = mid }
            }
            let (mut top, mut bottom) = (0usize, ROWS - 1);
            while bottom - top > 1 {
                let mid = (top + bottom) / 2;
                if self.row_elevation(mid) > ele { top = mid } else { bottom = mid }
            }
            let (a, b) = (self.row_elevation(top), self.row_elevation(bottom));
            let part = if (a - b).abs() > 1e-6 { ((a - ele) / (a - b)).clamp(0.0, 1.0) } else { 0.0 };
            at = GridPoint { column: low, row: top as f32 + part };
            z = sample(&self.skin, at).z;
        }
        at
    }
}

/// A grid's values between its vertices.
pub(super) fn sample(grid: &[Vec3], at: GridPoint) -> Vec3 {
    let column = (at.column.max(0.0) as usize).min(COLUMNS - 2);
    let row = (at.row.max(0.0) as usize).min(ROWS - 2);
    let (s, t) = (at.column - column as f32, at.row - row as f32);
    let i = row * COLUMNS + column;
    grid[i].lerp(grid[i + 1], s).lerp(grid[i + COLUMNS].lerp(grid[i + COLUMNS + 1], s), t)
}

/// Unit normals of a grid by differences, outwards; never across the line between the lips.
pub(super) fn normals(grid: &[Vec3], lip_row: usize, out: &mut Vec<Vec3>) {
    out.clear();
    out.resize(grid.len(), Vec3::default());
    for row in 0..ROWS {
        let up = if row == lip_row + 1 { row } else { row.saturating_sub(1) };
        let down = if row == lip_row { row } else { (row + 1).min(ROWS - 1) };
        for column in 0..COLUMNS {
            let left = if column == 0 { COLUMNS - 2 } else { column - 1 };
            let right = if column == COLUMNS - 1 { 1 } else { column + 1 };
            let across = grid[row * COLUMNS + right] - grid[row * COLUMNS + left];
            let along = grid[up * COLUMNS + column] - grid[down * COLUMNS + column];
            out[row * COLUMNS + column] = across.cross(along).normalised();
        }
    }
}
