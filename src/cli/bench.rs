//! `visavis bench`: how long each stage takes on this machine.

mod live;

use super::parts::{self, Parts};
use super::{Answer, Failure, Global, Printer};
use crate::adapters::camera::synthetic::{Renderer, Scene, SubjectIdentity, SubjectState};
use crate::biometrics::detection::{FaceDetection, FiveLandmarks};
use crate::geometry::{Point, Rect, Size};
use crate::imaging::Frame;
use crate::ports::inference::{BackendDescription, Inference as _};
use crate::runtime::benchmark::documents::{self, DocumentTiming, Spread, time_documents};
use crate::runtime::benchmark::stages::{Stage, StageTiming, time_stages};
use crate::runtime::benchmark::{SearchBenchmark, SearchBenchmarkReport, search_benchmark};
use crate::runtime::document::reading::DocumentReader;
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::path::PathBuf;

/// `visavis bench`.
#[derive(Debug, Args)]
pub struct BenchCommand {
    /// Only this stage.
    stage: Option<Chosen>,
    /// Picture to work on [default: the synthetic subject at 1280x720].
    #[arg(long, value_name = "FILE")]
    image: Option<PathBuf>,
    /// Timed runs of a stage.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    rounds: u16,
    /// Templates of the made-up gallery that is searched [default: 100 000; 10 000 for `live`].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=20_000_000))]
    people: Option<u32>,
    /// Values of a made-up template.
    #[arg(long, value_name = "D", default_value_t = 128, value_parser = clap::value_parser!(u16).range(1..=4096))]
    dimensions: u16,
    /// How long the live loop is watched, seconds.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=3600))]
    seconds: u16,
    /// Threads of a search [default: one per processor, at most eight].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=64))]
    threads: Option<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Chosen {
    Detector,
    Landmarks,
    Pose,
    Quality,
    Pad,
    Recogniser,
    Pipeline,
    Template,
    Search,
    /// The application with a stand-in camera and 10 000 people; only where it is named.
    Live,
    /// Practice documents, from a frame to guidance and from pictures to a decision; only where it is named.
    Documents,
}

impl Chosen {
    const fn stage(self) -> Option<Stage> {
        Some(match self {
            Self::Detector => Stage::Detector,
            Self::Landmarks => Stage::Landmarks,
            Self::Pose => Stage::Pose,
            Self::Quality => Stage::Quality,
            Self::Pad => Stage::Pad,
            Self::Recogniser => Stage::Recogniser,
            Self::Pipeline => Stage::Pipeline,
            Self::Template => Stage::Template,
            Self::Search | Self::Live | Self::Documents => return None,
        })
    }
}

#[derive(Serialize)]
struct Stages {
    pack: String,
    backend: BackendDescription,
    width: u32,
    height: u32,
    stages: Vec<StageTiming>,
}

#[derive(Serialize)]
struct Benchmark {
    #[serde(flatten)]
    stages: Option<Stages>,
    search: Option<SearchBenchmarkReport>,
}

pub(super) fn run(global: &Global, command: &BenchCommand, printer: &Printer) -> Result<Answer, Failure> {
    if command.stage == Some(Chosen::Live) {
        let report = live::measure(global, command.people.unwrap_or(10_000), command.seconds, command.rounds)?;
        printer.document("live-benchmark", &report, || report.to_string())?;
        return Ok(Answer::Yes);
    }
    if command.stage == Some(Chosen::Documents) {
        return documents_timed(global, command.rounds, printer);
    }
    let wanted: Vec<Stage> = match command.stage {
        None => Stage::ALL.to_vec(),
        Some(chosen) => chosen.stage().into_iter().collect(),
    };
    let stages = if wanted.is_empty() { None } else { Some(stages(global, command, &wanted)?) };
    let searched = matches!(command.stage, None | Some(Chosen::Search));
    let search = searched.then(|| {
        search_benchmark(SearchBenchmark {
            rows: command.people.unwrap_or(100_000) as usize,
            dimensions: command.dimensions.into(),
            size: 10,
            threads: command.threads.map_or_else(crate::runtime::search::default_threads, usize::from),
            rounds: command.rounds.into(),
        })
    });
    let shown = Benchmark { stages, search };
    printer.document("benchmark", &shown, || text(&shown))?;
    Ok(Answer::Yes)
}

#[derive(Serialize)]
struct Documents {
    pack: String,
    backend: BackendDescription,
    documents: Vec<DocumentTiming>,
}

fn documents_timed(global: &Global, rounds: u16, printer: &Printer) -> Result<Answer, Failure> {
    let parts = Parts::new(global)?;
    let inference = parts.inference()?;
    let mut reader = DocumentReader::load(&parts.pack()?, &inference)?;
    let rounds = u64::from(rounds);
    let bar = if printer.json() { indicatif::ProgressBar::hidden() } else { indicatif::ProgressBar::new(rounds * documents::KINDS) };
    let timed = time_documents(&mut reader, rounds, &|| bar.inc(1))?;
    bar.finish_and_clear();
    let shown = Documents { pack: reader.faces.title().to_owned(), backend: inference.backend(), documents: timed };
    printer.document("documents-benchmark", &shown, || documents_text(&shown))?;
    Ok(Answer::Yes)
}

fn documents_text(shown: &Documents) -> String {
    let mut text = format!("{}; {}\n", shown.pack, shown.backend);
    let spread = |s: &Option<Spread>| {
        s.map_or_else(
            || "nothing timed".to_owned(),
            |s| format!("median {:6.1} ms, 95 % {:6.1}, longest {:6.1}", s.median_ms, s.p95_ms, s.worst_ms),
        )
    };
    for t in &shown.documents {
        text += &format!(
            "{} ({} picture(s)): {} decided, {} accepted, {} not taken\n  a frame to guidance     {}\n  pictures to a decision  {}\n",
            t.document,
            t.pictures,
            t.decided,
            t.accepted,
            t.not_taken,
            spread(&t.guidance),
            spread(&t.decision)
        );
    }
    text
}

fn stages(global: &Global, command: &BenchCommand, wanted: &[Stage]) -> Result<Stages, Failure> {
    let parts = Parts::new(global)?;
    let mut pipeline = parts.pipeline()?;
    let (frame, assumed) = match &command.image {
        Some(path) => {
            let frame = parts::picture(path)?;
            let face = middle(&frame);
            (frame, face)
        }
        None => {
            let mut renderer = Renderer::new(Size::new(1280, 720), &SubjectIdentity::from_seed(1));
            let rendered = renderer.render(&SubjectState::default(), &Scene::default(), 0);
            let face = rendered.truth.first().map_or_else(|| middle(&rendered.frame), |truth| truth.detection);
            (rendered.frame, face)
        }
    };
    let timings = time_stages(&mut pipeline, &frame, &assumed, wanted, command.rounds.into())?;
    let backend = parts.inference()?.backend();
    Ok(Stages { pack: pipeline.title().to_owned(), backend, width: frame.width(), height: frame.height(), stages: timings })
}

/// A face in the middle of a picture, half as high as it.
fn middle(frame: &Frame) -> FaceDetection {
    let (width, height) = (frame.width() as f32, frame.height() as f32);
    let side = width.min(height) / 2.0;
    let (left, top) = ((width - side) / 2.0, (height - side) / 2.0);
    let at = |x: f32, y: f32| Point::new(left + side * x, top + side * y);
    let landmarks = FiveLandmarks {
        right_eye: at(0.3, 0.4),
        left_eye: at(0.7, 0.4),
        nose: at(0.5, 0.6),
        mouth_right: at(0.35, 0.8),
        mouth_left: at(0.65, 0.8),
    };
    FaceDetection { bounds: Rect::new(left, top, side, side), score: 1.0, landmarks }
}

fn text(shown: &Benchmark) -> String {
    let mut text = String::new();
    if let Some(s) = &shown.stages {
        text += &format!("{}; {}; picture {}x{}\n", s.pack, s.backend, s.width, s.height);
        for t in &s.stages {
            let name = format!("{:?}", t.stage).to_lowercase();
            text += &format!("{name:<12} median {:8.2} ms, best {:8.2} ms, {} runs\n", t.median_ms, t.best_ms, t.rounds);
        }
    }
    if let Some(search) = &shown.search {
        for t in &search.searches {
            text += &format!(
                "search {} x {} {:<4} median {:8.2} ms, best {:8.2} ms on {} thread(s), {}: {:.1} GB/s, {:.0} % of the bandwidth\n",
                t.rows,
                t.dimensions,
                t.storage,
                t.median_ms,
                t.best_ms,
                t.threads,
                t.kernel,
                t.gigabytes_per_second,
                t.bandwidth_fraction * 100.0
            );
        }
        let alike = if search.same_answers { "the same" } else { "DIFFERENT" };
        text += &format!(
            "reading memory {:.1} GB/s in the same run; i8 {:.1} times as fast as f32, {alike} answers\n",
            search.read_bandwidth, search.i8_speed_up
        );
    }
    text
}
