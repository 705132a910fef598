//! Training pictures of synthetic subjects with their truth: `rendered-pictures OUT [COUNT]`.
//!
//! Writes `OUT/train` and, a tenth as many, `OUT/validation`: JPEG pictures and `truth.jsonl`, one line a picture, in frame pixels.
//! The subjects of the two folders differ, and both differ from those that demonstrations, drills and tests draw (seeds below 10 000).
#![allow(clippy::print_stdout, reason = "a tool on the command line")]

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::Path;
use visavis::adapters::camera::synthetic::{
    Background, Glasses, GroundTruth, Light, Presentation, Renderer, Scene, SubjectIdentity, SubjectState,
};
use visavis::biometrics::pose::HeadPose;
use visavis::geometry::{Point, Size};
use visavis::imaging::encode;

const PICTURES_A_SUBJECT: u64 = 12;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().ok_or("usage: rendered-pictures OUT [COUNT]")?;
    let count: u64 = arguments.next().map_or(Ok(3000), |text| text.parse())?;
    write(&Path::new(&out).join("train"), 10_000, count)?;
    write(&Path::new(&out).join("validation"), 50_000, count / 10)
}

/// `count` pictures of the subjects from `first` on.
fn write(folder: &Path, first: u64, count: u64) -> Result<(), Box<dyn std::error::Error>> {
    std::fs::create_dir_all(folder)?;
    let mut list = std::io::BufWriter::new(std::fs::File::create(folder.join("truth.jsonl"))?);
    let mut number = 0;
    for subject in first.. {
        let mut random = StdRng::seed_from_u64(subject);
        let mut identity = SubjectIdentity::from_seed(subject);
        if random.random_bool(0.25) {
            identity = identity.with_glasses(if random.random_bool(0.5) { Glasses::Round } else { Glasses::Rectangular });
        }
        let size = if random.random_bool(0.3) { Size::new(1280, 720) } else { Size::new(640, 480) };
        let mut renderer = Renderer::new(size, &identity);
        for _ in 0..PICTURES_A_SUBJECT {
            if number == count {
                list.flush()?;
                println!("{count} pictures in {}", folder.display());
                return Ok(());
            }
            let (state, scene) = (state(&mut random), scene(&mut random));
            let rendered = renderer.render(&state, &scene, random.random_range(0..10_000));
            let Some(truth) = rendered.truth.first() else { continue };
            let file = format!("{number:05}.jpg");
            std::fs::write(folder.join(&file), encode::jpeg(&rendered.frame, random.random_range(70..96))?)?;
            serde_json::to_writer(&mut list, &line(&file, truth, size))?;
            list.write_all(b"\n")?;
            number += 1;
        }
    }
    Ok(())
}

/// A draw from about normal values around zero.
fn around(random: &mut StdRng, deviation: f32) -> f32 {
    (0..6).map(|_| random.random_range(-1.0..1.0f32)).sum::<f32>() / 2.0f32.sqrt() * deviation
}

fn state(random: &mut StdRng) -> SubjectState {
    let distance_m = 0.3 * 5.0f32.powf(random.random_range(0.0..1.0f32));
    let blink = random.random_range(0.0..1.0f32);
    let open = random.random_range(0.0..1.15f32);
    let (eye_openness_right, eye_openness_left) = match blink {
        b if b < 0.10 => (0.0, 0.0),
        b if b < 0.38 => (open, open),
        b if b < 0.44 => (open, 1.0),
        b if b < 0.50 => (1.0, open),
        _ => (1.0, 1.0),
    };
    let some = |random: &mut StdRng, share: f64| if random.random_bool(share) { random.random_range(0.0..1.0f32) } else { 0.0 };
    SubjectState {
        pose: HeadPose { yaw: around(random, 15.0), pitch: around(random, 10.0), roll: around(random, 6.0) },
        eye_openness_right,
        eye_openness_left,
        mouth_open: some(random, 0.35),
        smile: some(random, 0.4),
        brow_raise: some(random, 0.2),
        distance_m,
        offset_x_m: around(random, 0.12) * distance_m,
        offset_y_m: around(random, 0.08) * distance_m,
        gaze_yaw: around(random, 6.0),
        gaze_pitch: around(random, 4.0),
    }
}

fn scene(random: &mut StdRng) -> Scene {
    let presentation = match random.random_range(0..10) {
        0 => Presentation::Print,
        1 => Presentation::Screen,
        2 => Presentation::CutOut,
        _ => Presentation::Genuine,
    };
    Scene {
        light: Light {
            azimuth_deg: around(random, 35.0),
            elevation_deg: random.random_range(10.0..60.0),
            exposure_ev: around(random, 0.6),
            temperature_k: random.random_range(3500.0..7500.0),
            ambient: random.random_range(0.25..0.85),
        },
        background: [Background::Plain, Background::Office, Background::Busy][random.random_range(0..3)],
        noise: random.random_range(0.6..4.0),
        blur: if random.random_bool(0.3) { random.random_range(0.3..1.4) } else { 0.0 },
        presentation,
    }
}

fn line(file: &str, truth: &GroundTruth, size: Size) -> Value {
    let point = |p: Point| json!([p.x, p.y]);
    let points = |all: &[Point]| all.iter().map(|p| point(*p)).collect::<Value>();
    let (bounds, five, shape) = (truth.detection.bounds, truth.detection.landmarks, &truth.shape);
    let span = |start: f32, length: f32, end: u32| ((start + length).min(end as f32) - start.max(0.0)).max(0.0) / length.max(1.0);
    let inside = span(bounds.x, bounds.width, size.width) * span(bounds.y, bounds.height, size.height);
    json!({
        "file": file,
        "presentation": match truth.presentation {
            Presentation::Genuine => "in_person",
            Presentation::Print => "print",
            Presentation::Screen => "screen",
            Presentation::CutOut => "cut_out",
        },
        "box": [bounds.x, bounds.y, bounds.width, bounds.height],
        "box_inside": inside,
        "landmarks": {
            "right_eye": point(five.right_eye),
            "left_eye": point(five.left_eye),
            "nose": point(five.nose),
            "mouth_right": point(five.mouth_right),
            "mouth_left": point(five.mouth_left),
        },
        "pose": [truth.pose.yaw, truth.pose.pitch, truth.pose.roll],
        "eye_openings": truth.eye_openings,
        "mouth_opening": truth.mouth_opening,
        "points": {
            "nose_tip": point(shape.nose_tip),
            "chin": point(shape.chin),
            "right_eye": { "outline": points(&shape.right_eye.outline) },
            "left_eye": { "outline": points(&shape.left_eye.outline) },
            "mouth": {
                "outline": points(&shape.mouth.outline),
                "inner_lip_pairs": shape.mouth.inner_lip_pairs.iter().map(|(a, b)| json!([[a.x, a.y], [b.x, b.y]])).collect::<Value>(),
            },
        },
    })
}
