//! `visavis bench live`: the application as a kiosk runs it, without its window: how soon the first picture is there, how many frames a
//! second are judged, what a 1:N decision costs, and how much memory it all takes.

use super::super::parts::{self, Parts};
use super::super::{Failure, Global, assemble, drive};
use crate::adapters::camera::CameraChoice;
use crate::advice::Advice;
use crate::biometrics::template::Template;
use crate::config::KeyStoreChoice;
use crate::ports::camera::{CapturedFrame, Origin};
use crate::ports::gallery::{PadRecord, PortableRecord, PortableSubject, PortableTemplate, RecordId, SubjectId};
use crate::ports::inference::BackendDescription;
use crate::runtime::application::Application;
use crate::runtime::assessment::Observer;
use crate::runtime::benchmark::MadeUpPeople;
use crate::runtime::clock::{Clock, SystemClock};
use crate::runtime::enrolled::Enrolled;
use crate::runtime::messages::{Command, Seat};
use crate::units::{SensitiveText, UtcTime};
use crate::workflow::flow::setup::SearchScope;
use crate::workflow::view::FlowKind;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use uuid::Uuid;

/// Nobody stands before the camera at the right place for long, so that no capture ends the loop that is measured.
const CAMERA: &str = "synthetic:too-far,yaw=4";
/// Longest wait for the first picture.
const FIRST_PICTURE: Duration = Duration::from_secs(60);
/// Pause between two looks at the application, as a window at 120 frames a second has it.
const PAUSE: Duration = Duration::from_millis(8);

/// The figures.
#[derive(Debug, Serialize)]
pub(super) struct LiveReport {
    pack: String,
    backend: BackendDescription,
    /// People in the practice gallery.
    enrolled: u64,
    /// From reading the configuration to the application's threads running, models and gallery loaded.
    start_ms: f64,
    /// From there to the first picture of the camera.
    first_picture_ms: f64,
    /// How long the loop was watched.
    seconds: f64,
    /// Frames a second that the stand-in camera gave.
    delivered_per_second: f64,
    /// Frames a second that were judged: detection, landmarks, pose, quality.
    judged_per_second: f64,
    /// Processor time over wall time, all threads: the rendered subject included.
    processors: Option<f64>,
    /// Median 1:N search among all, with its decision.
    identification_ms: f64,
    /// Searches timed.
    identifications: usize,
    /// Largest memory so far (VmHWM), bytes; `None` where the system does not say.
    peak_memory_bytes: Option<u64>,
}

/// A data folder of its own, gone afterwards.
struct Scratch(PathBuf);

impl Scratch {
    /// Below the account's data folder, so that a gallery meets the disk it would be on.
    fn below(data_folder: &Path) -> Self {
        Self(data_folder.join(format!("bench-{}", Uuid::now_v7())))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is named for what it is.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Counts the frames that are judged.
struct Counting {
    inner: Box<dyn Observer>,
    judged: Arc<AtomicU64>,
}

impl Observer for Counting {
    fn observe(
        &mut self,
        frame: &CapturedFrame,
        profile: &crate::workflow::capture_profile::CaptureProfile,
    ) -> Result<crate::biometrics::observation::Observation, crate::workflow::capture::event::Fault> {
        self.judged.fetch_add(1, Ordering::Relaxed);
        self.inner.observe(frame, profile)
    }

    fn assess(
        &mut self,
        shots: &[crate::workflow::capture::event::Shot],
    ) -> Result<crate::workflow::flow::event::BurstAssessment, crate::workflow::capture::event::AssessmentFailure> {
        self.inner.assess(shots)
    }

    fn assess_challenge(
        &mut self,
        shots: &[crate::workflow::capture::event::Shot],
        templates: &[Template],
    ) -> Result<Vec<crate::biometrics::pad::PadLayer>, crate::workflow::capture::event::AssessmentFailure> {
        self.inner.assess_challenge(shots, templates)
    }
}

/// Measures with `people` made-up people enrolled, watching for `seconds`, timing `rounds` searches.
pub(super) fn measure(global: &Global, people: u32, seconds: u16, rounds: u16) -> Result<LiveReport, Failure> {
    let mut parts = Parts::new(global)?;
    let scratch = Scratch::below(parts.data_folder()?);
    parts.models_dir = Some(std::mem::replace(&mut parts.data_dir, scratch.0.clone()));
    // The benchmark's key does not belong into the account's key store.
    parts.config.keys.store = KeyStoreChoice::File;
    let pipeline = parts.pipeline()?;
    let format = parts::format_of(&pipeline)?;
    let made_up = MadeUpPeople::new(format.dimensions).take(people as usize);
    let mut persons = (1..).zip(made_up).filter_map(|(n, template)| {
        let template = Template::new(format.clone(), template.values().to_vec()).ok()?;
        Some(Ok(person(n, template)))
    });
    parts.gallery(true)?.import(&mut persons)?;
    let rules = assemble::rules(&parts, &pipeline)?;
    drop(pipeline);

    let clock: Arc<dyn Clock> = Arc::new(SystemClock::start());
    let camera = CameraChoice::parse(CAMERA)?;
    let judged = Arc::new(AtomicU64::new(0));
    let begun = clock.now();
    let mut built = assemble::built(&parts, Seat::Desk, camera, Arc::clone(&clock), Arc::new(|| {}), assemble::system_camera_opener())?;
    built.observer = Box::new(Counting { inner: built.observer, judged: Arc::clone(&judged) });
    let mut application = Application::start(built)?;
    let started = clock.now();
    application.handle(Command::StartFlow { flow: FlowKind::Identify, claim: None });
    while application.snapshot().preview.is_none() {
        let _ = application.poll();
        if clock.now().since(started) > FIRST_PICTURE {
            return Err(Failure::new("no picture came", Advice::environment("SYS-39", "Run `visavis doctor`, then measure again.")));
        }
        clock.sleep(Duration::from_millis(1));
    }
    let first = clock.now();
    let watched = watch(&mut application, &*clock, &judged, Duration::from_secs(seconds.into()));
    let status = application.snapshot().status;
    application.shut_down(Duration::from_secs(5));

    let mut enrolled = Enrolled::load(parts.gallery(true)?, rules)?;
    let mut times = Vec::new();
    for probe in MadeUpPeople::new(format.dimensions).skip(people as usize).take(rounds.into()) {
        let Ok(probe) = Template::new(format.clone(), probe.values().to_vec()) else { continue };
        let begun = clock.now();
        enrolled.identify(&[probe], &SearchScope::default()).map_err(|fault| drive::trouble("the search failed", fault.code))?;
        times.push(milliseconds(clock.now().since(begun)));
    }
    times.sort_by(f64::total_cmp);
    Ok(LiveReport {
        pack: status.models,
        backend: status.backend,
        enrolled: status.enrolled,
        start_ms: milliseconds(started.since(begun)),
        first_picture_ms: milliseconds(first.since(started)),
        seconds: watched.seconds,
        delivered_per_second: watched.delivered as f64 / watched.seconds,
        judged_per_second: watched.judged as f64 / watched.seconds,
        processors: watched.processor.map(|busy| busy / watched.seconds),
        identification_ms: times.get(times.len() / 2).copied().unwrap_or(f64::NAN),
        identifications: times.len(),
        peak_memory_bytes: peak_memory(),
    })
}

struct Watched {
    seconds: f64,
    delivered: u64,
    judged: u64,
    processor: Option<f64>,
}

/// Polls the application as a window does, and counts.
fn watch(application: &mut Application, clock: &dyn Clock, judged: &AtomicU64, long: Duration) -> Watched {
    let number = |application: &Application| application.snapshot().preview.map_or(0, |frame| frame.number);
    let (begun, busy_before) = (clock.now(), processor_seconds());
    let (judged_before, first) = (judged.load(Ordering::Relaxed), number(application));
    while clock.now().since(begun) < long {
        let _ = application.poll();
        std::hint::black_box(application.snapshot());
        clock.sleep(PAUSE);
    }
    Watched {
        seconds: clock.now().since(begun).as_secs_f64(),
        delivered: number(application).saturating_sub(first),
        judged: judged.load(Ordering::Relaxed) - judged_before,
        processor: processor_seconds().zip(busy_before).map(|(after, before)| after - before),
    }
}

fn person(n: u64, template: Template) -> PortableSubject {
    let at = UtcTime(n as i64);
    let template = PortableTemplate { template, capture_score: 80.0, created_at: at, retired_at: None };
    PortableSubject {
        subject: SubjectId(Uuid::from_u64_pair(1, n)),
        details: vec![("full_name".into(), SensitiveText(format!("Person {n}")))],
        held: false,
        updated_at: at,
        galleries: Vec::new(),
        records: vec![PortableRecord {
            record: RecordId(Uuid::from_u64_pair(2, n)),
            registration_code: format!("B{n:07}"),
            flow: "enrol".into(),
            enrolled_at: at,
            origin: Origin::Practice,
            pad: PadRecord::NotAssessed { reason: "made up for a benchmark".into() },
            active: true,
            templates: vec![template],
            pictures: Vec::new(),
        }],
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// A line of `/proc/self/status` in kilobytes.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

/// Processor time of all threads so far.
fn processor_seconds() -> Option<f64> {
    let tasks = std::fs::read_dir("/proc/self/task").ok()?;
    let nanos = tasks.flatten().filter_map(|task| std::fs::read_to_string(task.path().join("schedstat")).ok());
    let nanos: u64 = nanos.filter_map(|text| text.split(' ').next()?.parse::<u64>().ok()).sum();
    Some(nanos as f64 / 1e9)
}

impl std::fmt::Display for LiveReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}; {} {}; {} people enrolled", self.pack, self.backend.name, self.backend.version, self.enrolled)?;
        writeln!(f, "start, models and gallery loaded  {:8.0} ms", self.start_ms)?;
        writeln!(f, "from there to the first picture   {:8.0} ms", self.first_picture_ms)?;
        let busy = self.processors.map_or_else(String::new, |p| format!(", {p:.2} processors busy"));
        writeln!(
            f,
            "live loop                         {:8.1} frames/s judged of {:.1} delivered, over {:.0} s{busy}",
            self.judged_per_second, self.delivered_per_second, self.seconds
        )?;
        writeln!(f, "1:N with its decision             {:8.2} ms, median of {}", self.identification_ms, self.identifications)?;
        match self.peak_memory_bytes {
            Some(bytes) => writeln!(f, "largest memory (VmHWM)            {:8.0} MB", bytes as f64 / 1e6),
            None => writeln!(f, "largest memory                    not known on this system"),
        }
    }
}
