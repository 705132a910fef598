//! Coloured meshes without texture: body, ears, hanging hair, glasses.

use super::light::{Illumination, Sensor};
use super::raster::{Canvas, Place};
use super::vector::{Vec3, v3};
use super::view::{Placement, View};

/// How a surface answers to light.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Matter {
    Skin,
    Cloth,
    Hair,
    Gloss,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct MeshVertex {
    pub at: Vec3,
    pub normal: Vec3,
    /// Linear albedo.
    pub colour: [f32; 3],
    pub open: f32,
    pub matter: Matter,
}

impl MeshVertex {
    /// Linear colour towards the camera.
    fn sent_back(&self, camera: Vec3, light: &Illumination, lit: impl Fn(Vec3) -> f32) -> [f32; 3] {
        let towards = (camera - self.at).normalised();
        let share = lit(self.at);
        let shine = |strength: f32, sharpness: f32| strength * light.highlight(self.normal, towards, sharpness, share);
        let matte = || light.on_matter(self.normal, towards, self.open, share);
        let (arrives, shine) = match self.matter {
            Matter::Skin => (light.on_skin(self.normal, towards, self.open, share), shine(0.3, 14.0)),
            Matter::Cloth => (matte(), 0.0),
            Matter::Hair => (matte(), shine(0.12, 22.0)),
            Matter::Gloss => (matte(), shine(0.9, 60.0)),
        };
        let shine = light.key * shine;
        [arrives.x * self.colour[0] + shine.x, arrives.y * self.colour[1] + shine.y, arrives.z * self.colour[2] + shine.z]
    }
}

/// Vertices and triangles in the space of head or body.
#[derive(Debug, Clone, Default)]
pub(super) struct Mesh {
    pub vertices: Vec<MeshVertex>,
    pub triangles: Vec<[u32; 3]>,
}

impl Mesh {
    /// Adds a grid of `rows` by `columns` points with normals from its own shape. `outwards` tells a normal's side.
    pub fn add_grid(
        &mut self,
        rows: usize,
        columns: usize,
        point: impl Fn(usize, usize) -> Vec3,
        outwards: impl Fn(Vec3) -> Vec3,
        paint: impl Fn(usize, usize, Vec3) -> ([f32; 3], f32, Matter),
    ) {
        let base = self.vertices.len() as u32;
        for row in 0..rows {
            for column in 0..columns {
                let at = point(row, column);
                let across = point(row, (column + 1).min(columns - 1)) - point(row, column.saturating_sub(1));
                let along = point((row + 1).min(rows - 1), column) - point(row.saturating_sub(1), column);
                let mut normal = across.cross(along);
                normal = if normal.dot(normal) < 1e-16 { outwards(at) } else { normal.normalised() };
                if normal.dot(outwards(at)) < 0.0 {
                    normal = -normal;
                }
                let (colour, open, matter) = paint(row, column, at);
                self.vertices.push(MeshVertex { at, normal, colour, open, matter });
            }
        }
        let columns = columns as u32;
        for row in 0..rows as u32 - 1 {
            for column in 0..columns - 1 {
                let a = base + row * columns + column;
                self.triangles.push([a, a + 1, a + columns]);
                self.triangles.push([a + 1, a + columns + 1, a + columns]);
            }
        }
    }

    /// Adds a tube along `path`.
    pub fn add_tube(&mut self, path: &[Vec3], radius: f32, colour: [f32; 3], matter: Matter) {
        const SIDES: usize = 7;
        let ring = |row: usize, side: usize| {
            let along = (path[(row + 1).min(path.len() - 1)] - path[row.saturating_sub(1)]).normalised();
            let helper = if along.z.abs() > 0.8 { v3(0.0, 1.0, 0.0) } else { v3(0.0, 0.0, 1.0) };
            let u = along.cross(helper).normalised();
            let v = along.cross(u);
            let (s, c) = (side as f32 / (SIDES - 1) as f32 * std::f32::consts::TAU).sin_cos();
            u * (c * radius) + v * (s * radius)
        };
        let base = self.vertices.len();
        for (row, centre) in path.iter().enumerate() {
            for side in 0..SIDES {
                let out = ring(row, side);
                self.vertices.push(MeshVertex { at: *centre + out, normal: out.normalised(), colour, open: 0.9, matter });
            }
        }
        for row in 0..path.len() - 1 {
            for side in 0..SIDES - 1 {
                let a = (base + row * SIDES + side) as u32;
                let below = a + SIDES as u32;
                self.triangles.push([a, a + 1, below]);
                self.triangles.push([a + 1, below + 1, below]);
            }
        }
    }

    /// Draws the mesh, both sides, with `light` in the mesh's own space; `lit` gives the share of the main light at a point.
    pub fn draw(
        &self,
        canvas: &mut Canvas,
        view: &View,
        placement: &Placement,
        light: &Illumination,
        sensor: &Sensor,
        lit: impl Fn(Vec3) -> f32,
    ) {
        let camera = placement.camera();
        let places: Vec<Place> = self
            .vertices
            .iter()
            .map(|v| {
                let (x, y, near) = view.project(placement.to_world(v.at));
                let (x, y) = canvas.place(x, y);
                Place { x, y, near }
            })
            .collect();
        // Most vertices are hidden by the head or lie outside the picture: light those that are seen.
        let mut known: Vec<Option<[f32; 3]>> = vec![None; self.vertices.len()];
        for triangle in &self.triangles {
            let corners = triangle.map(|i| i as usize);
            let values = || corners.map(|i| *known[i].get_or_insert_with(|| self.vertices[i].sent_back(camera, light, &lit)));
            canvas.triangle(corners.map(|i| places[i]), false, values, |v| Some(sensor.code(*v)));
        }
    }
}
