//! `visavis drill`: rendered attacks and genuine people through the whole capture flow, per species.

mod progress;
mod record;

use super::parts::Parts;
use super::{Answer, Failure, Global, Printer};
use crate::advice::Advice;
use crate::biometrics::pad::rules::PadRules;
use crate::biometrics::pipeline::FacePipeline;
use crate::config::LivenessConfig;
use crate::geometry::Size;
use crate::ports::inference::Inference as _;
use crate::runtime::assessment::PipelineObserver;
use crate::runtime::clock::{Clock, SystemClock};
use crate::runtime::drill::eyes::Eyes;
use crate::runtime::drill::report::{DrillReport, Networks, RunFacts};
use crate::runtime::drill::species::Species;
use crate::runtime::drill::{DrillPlan, Results};
use crate::workflow::capture_profile::{CaptureProfile, CaptureProfiles, Limit};
use clap::Args;
use progress::Progress;
use record::Record;
use std::path::PathBuf;
use std::sync::Arc;

/// `visavis drill`.
#[derive(Debug, Args)]
pub struct DrillCommand {
    /// Draws people, rooms, reactions and sequences.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Presentations of genuine people, and of every species.
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    presentations: u32,
    /// Species to play, more than once for several [default: all]; `none` plays the genuine people only.
    #[arg(long, value_name = "NAME")]
    species: Vec<String>,
    /// Worker threads, each with networks of its own [default: one per processor, at most eight].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=64))]
    workers: Option<u8>,
    /// Takes landmarks from the renderer instead of the networks and leaves the passive layers out: measures the judgement of the challenge
    /// alone.
    #[arg(long, conflicts_with = "assurance")]
    truth: bool,
    /// Switches the light of the screen on, whatever the configuration says.
    #[arg(long)]
    scene_light: bool,
    /// Commands the camera's exposure in steps, whatever the configuration says.
    #[arg(long)]
    commanded_exposure: bool,
    /// File for the part that assurance labels state.
    #[arg(long, value_name = "FILE")]
    assurance: Option<PathBuf>,
    /// File that notes every presentation down as soon as it is played. A drill that is repeated with the file goes on where it stopped, also
    /// with more presentations or other species.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Columns of the simulated camera's frames; rows follow at 4:3.
    #[arg(long, value_name = "N", default_value_t = 320, value_parser = clap::value_parser!(u32).range(240..=1920))]
    width: u32,
    /// Frames a second of the simulated camera.
    #[arg(long, value_name = "N", default_value_t = 15, value_parser = clap::value_parser!(u32).range(8..=60))]
    rate: u32,
}

impl DrillCommand {
    fn species(&self) -> Result<Vec<Species>, Failure> {
        if self.species.iter().any(|name| name == "none") {
            return Ok(Vec::new());
        }
        let known = Species::ATTACKS.map(Species::name).join(", ");
        let read = |name: &String| {
            Species::from_name(name).ok_or_else(|| {
                let advice = Advice::input("USE-30", "Name one of the species listed, or leave the option out for all of them.");
                Failure::new(format!("there is no species {name}; there are {known}"), advice)
            })
        };
        if self.species.is_empty() { Ok(Species::ATTACKS.to_vec()) } else { self.species.iter().map(read).collect() }
    }
}

/// The profile with one attempt, and with the least distance of the eyes that frames of that width can show.
fn profile(name: &str, width: u32) -> Result<Arc<CaptureProfile>, Failure> {
    let mut profile = (*CaptureProfiles::builtin().get(name)?).clone();
    let scale = width as f32 / 1280.0;
    let Limit { hint, block } = profile.face.inter_eye_px;
    profile.face.inter_eye_px = Limit { hint: hint * scale, block: block.map(|b| b * scale) };
    profile.attempts = 1;
    Ok(Arc::new(profile))
}

pub(super) fn run(global: &Global, command: &DrillCommand, printer: &Printer) -> Result<Answer, Failure> {
    let parts = Parts::new(global)?;
    let workers = command.workers.map_or_else(crate::runtime::search::default_threads, usize::from);
    let rules = PadRules::from_config(&parts.config.pad);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::start());
    let (eyes, mut run) = if command.truth { truth(workers) } else { networks(&parts, workers, &clock, rules)? };
    let plan = DrillPlan {
        seed: command.seed,
        presentations: command.presentations as usize,
        heard_every: if command.presentations > 60 { 3 } else { 1 },
        species: command.species()?,
        size: Size::new(command.width, command.width * 3 / 4),
        rate: command.rate as f32,
        profile: profile("liveness", command.width)?,
        rules,
        liveness: LivenessConfig {
            scene_light: command.scene_light || parts.config.liveness.scene_light,
            commanded_exposure: command.commanded_exposure || parts.config.liveness.commanded_exposure,
            ..parts.config.liveness.clone()
        },
    };
    let (record, known) = match &command.record {
        None => (None, Results::new()),
        Some(path) => {
            let conditions =
                format!("visavis {}, {}, {} landmarks, {}", env!("CARGO_PKG_VERSION"), run.models, run.landmarks, plan.conditions());
            let (record, known) = Record::open(path, &conditions)?;
            (Some(record), known)
        }
    };
    run.from_record = plan.jobs().filter(|job| known.contains_key(job)).count();
    let begun = clock.now();
    let progress = Progress::new(printer, &clock, plan.jobs().count() - run.from_record);
    let results = plan.play(eyes, known, &|species, number, presented| {
        progress.step();
        record.as_ref().map_or(Ok(()), |record| record.note(species, number, presented))
    })?;
    progress.finish();
    run.seconds = clock.now().since(begun).as_secs_f64();
    let report = DrillReport::new(&plan, &results, run);
    if let Some(path) = &command.assurance {
        let unwritable = |reason: String| {
            let advice = Advice::environment("SYS-31", "Name a file in a folder that exists and can be written.");
            Failure::new(format!("the measurement cannot be written: {reason}"), advice)
        };
        let text = report.measurement().to_toml().map_err(|e| unwritable(e.to_string()))?;
        std::fs::write(path, text).map_err(|e| unwritable(e.to_string()))?;
    }
    printer.document("drill", &report, || text(&report))?;
    Ok(Answer::Yes)
}

fn truth(workers: usize) -> (Vec<Eyes>, RunFacts) {
    let eyes = std::iter::repeat_with(|| Eyes::Truth).take(workers).collect();
    let (models, backend) = ("none".to_owned(), "none".to_owned());
    (eyes, RunFacts { models, backend, landmarks: "truth", networks: Networks::default(), workers, from_record: 0, seconds: 0.0 })
}

/// One pipeline for each worker.
fn networks(parts: &Parts, workers: usize, clock: &Arc<dyn Clock>, rules: PadRules) -> Result<(Vec<Eyes>, RunFacts), Failure> {
    let (pack, inference) = (parts.pack()?, parts.inference()?);
    let (mut eyes, mut networks) = (Vec::new(), Networks::default());
    for _ in 0..workers {
        let pipeline = FacePipeline::load(&pack, |id, onnx| inference.load(id, onnx))?;
        networks = Networks {
            passive: pipeline.pad_method().unwrap_or_default().to_owned(),
            recogniser: pipeline.template_format().map(|format| format.recogniser.to_string()).unwrap_or_default(),
        };
        eyes.push(Eyes::Networks(Box::new(PipelineObserver::new(pipeline, Arc::clone(clock), rules))));
    }
    let backend = inference.backend();
    let backend = format!("{} {}", backend.name, backend.version);
    Ok((eyes, RunFacts { models: pack.title(), backend, landmarks: "networks", networks, workers, from_record: 0, seconds: 0.0 }))
}

fn text(report: &DrillReport) -> String {
    let percent = |rate: f64| format!("{:6.2} %", rate * 100.0);
    let range = |i: &crate::runtime::drill::report::IntervalReport| format!("[{:.2}, {:.2}]", i.low * 100.0, i.high * 100.0);
    let g = &report.genuine;
    let mut text = format!(
        "seed {}, {} presentations each, {} x {} at {} frames/s, preset {:?}, one attempt\n{:22} {} {} of {} ({} refused, {} without an answer), median {:.1} s\n",
        report.seed,
        report.presentations,
        report.frame[0],
        report.frame[1],
        report.rate,
        report.preset,
        "BPCER",
        percent(report.bpcer),
        range(&report.bpcer_interval),
        g.presentations,
        g.refused,
        g.non_response,
        g.median_seconds,
    );
    for s in &report.species {
        let alone: Vec<String> = s.layers.iter().map(|l| format!("{} {}", l.name, l.refused + l.no_answer)).collect();
        text += &format!(
            "APCER {:16} {} {}, without layers {}; stopped by {}\n",
            s.name,
            percent(s.apcer),
            range(&s.interval),
            percent(s.control.rate),
            alone.join(", ")
        );
    }
    text += &format!("not tested: {}\n{} workers, {:.0} s\n", report.untested.join(", "), report.workers, report.seconds);
    text
}
