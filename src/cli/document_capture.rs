//! `visavis document capture`: a document captured from the camera by itself, side by side, its pages kept and read.

use super::parts::Parts;
use super::{Answer, Failure, Printer, assemble};
use crate::advice::Advice;
use crate::documents::document_type::PageShape;
use crate::imaging::encode;
use crate::ports::camera::Origin;
use crate::runtime::camera::{SourceFactory, open_camera};
use crate::runtime::clock::{Clock, pacer};
use crate::runtime::document::answer::{ZoneText, zone_text};
use crate::runtime::document::gathered::Gathered;
use crate::runtime::document::pages::Page;
use crate::runtime::document::private_file;
use crate::runtime::document::reading::{DocumentReader, Side as Read};
use crate::runtime::document::session::CaptureSession;
use crate::ui::strings::{Language, Words};
use crate::workflow::device_health::HealthDelays;
use crate::workflow::document_capture::{DocumentProfile, DocumentShot, Side, Sides};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Pause between two looks at the capture.
const PAUSE: Duration = Duration::from_millis(8);
/// Longest wait for its threads.
const SHUT_DOWN_LIMIT: Duration = Duration::from_secs(5);

/// `visavis document capture`.
#[derive(Debug, Args)]
pub struct CaptureCommand {
    /// Folder for the pages, as PNG; made if it does not exist.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    how: CaptureArguments,
}

/// How a document is captured from the camera.
#[derive(Debug, Clone, Args)]
pub struct CaptureArguments {
    /// Sides that are captured from the camera: of cards both, of everything else one, unless it is said here.
    #[arg(long, value_enum, default_value_t = SidesArgument::Auto)]
    sides: SidesArgument,
    /// Most seconds for one side.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum SidesArgument {
    Auto,
    One,
    Both,
}

/// What the camera gave.
pub(super) struct Taken {
    /// Sides, the first side first; never empty.
    pub shots: Vec<DocumentShot>,
    /// Whether the frames may be trusted.
    pub origin: Origin,
    camera: String,
    seconds: f32,
    frames: u64,
    dropped: u64,
}

#[derive(Serialize)]
struct Shown {
    /// `camera` or `practice`.
    origin: &'static str,
    camera: String,
    seconds: f32,
    frames: u64,
    /// Frames that nobody looked at because newer ones came.
    frames_dropped: u64,
    pages: Vec<PageShown>,
    /// The zone of whichever side reads right, or else reads at all.
    zone: Option<ZoneText>,
}

#[derive(Serialize)]
struct PageShown {
    /// `first` or `second`.
    side: &'static str,
    file: PathBuf,
    width: u32,
    height: u32,
    /// `id1`, `id2_or_id3` or `visa`.
    shape: Option<&'static str>,
    dpi: Option<u32>,
    /// Dots an inch that the camera had on the page.
    camera_dpi: Option<u32>,
    /// Whether it stood on its head and was turned.
    upside_down: bool,
    /// Corners in the camera's frame.
    corners: Option<[[f32; 2]; 4]>,
    frame_number: u64,
    tilt_degrees: Option<f32>,
    /// Millimetres from print to paper: the smaller the sharper.
    rise_mm: Option<f32>,
    zone: bool,
    barcode: bool,
    portrait: bool,
}

pub(super) fn run(parts: &Parts, command: &CaptureCommand, printer: &Printer) -> Result<Answer, Failure> {
    std::fs::create_dir_all(&command.out).map_err(|e| unwritable(&command.out, &e))?;
    let mut reader = DocumentReader::load(&parts.pack()?, &parts.inference()?)?;
    let taken = capture(parts, &command.how, printer)?;
    let (mut pages, mut read) = (Vec::new(), Vec::new());
    for (number, shot) in taken.shots.iter().enumerate() {
        let (side, page) = reader.shot(shot, parts.today(), &parts.clock)?;
        let file = command.out.join(format!("page-{}.png", number + 1));
        private_file::write(&file, &encode::png(&page.picture)?).map_err(|e| unwritable(&file, &e))?;
        pages.push(page_shown(shot, &side, &page, file));
        read.push(side);
    }
    let zoned = Gathered::of(&read.iter().collect::<Vec<_>>()).zoned;
    let zone = zoned.and_then(|side| side.reading().map(|reading| zone_text(reading, side.zone.as_ref())));
    let Taken { origin, camera, seconds, frames, dropped, .. } = taken;
    let shown = Shown { origin: origin.text(), camera, seconds, frames, frames_dropped: dropped, pages, zone };
    printer.document("document-capture", &shown, || in_words(&shown))?;
    Ok(Answer::Yes)
}

/// Captures from the camera of configuration and options; says on standard error what the person should do.
///
/// # Errors
/// `DOC-62` when it takes too long, the camera's code when it is lost and does not come back.
pub(super) fn capture(parts: &Parts, how: &CaptureArguments, printer: &Printer) -> Result<Taken, Failure> {
    let choice = assemble::camera(parts)?;
    let clock: Arc<dyn Clock> = Arc::new(parts.clock);
    let (opened, paced) = (choice.clone(), Arc::clone(&clock));
    let factory: SourceFactory = Arc::new(move || open_camera(&opened, pacer(Arc::clone(&paced))));
    let sides = match how.sides {
        SidesArgument::Auto => Sides::ByShape,
        SidesArgument::One => Sides::One,
        SidesArgument::Both => Sides::Both,
    };
    let profile = DocumentProfile { sides, limit: Duration::from_secs(how.timeout), ..DocumentProfile::default() };
    let practice = if choice.origin() == Origin::Camera { "" } else { "; practice mode: nothing here is trusted" };
    printer.remark(&format!("camera: {choice}{practice}"));
    let begun = clock.now();
    let mut session =
        CaptureSession::start(factory, profile, HealthDelays::default(), Arc::clone(&clock), Arc::new(|| ())).map_err(no_thread)?;
    let ended = guide(&mut session, &*clock, printer);
    let (frames, dropped) = session.frames();
    // Until the camera said otherwise it is what its address says.
    let origin = session.origin().unwrap_or_else(|| choice.origin());
    session.shut_down(SHUT_DOWN_LIMIT);
    let shots = ended?;
    Ok(Taken { shots, origin, camera: choice.to_string(), seconds: clock.now().since(begun).as_secs_f32(), frames, dropped })
}

/// Polls the capture to its end; every new instruction is a remark.
fn guide(session: &mut CaptureSession, clock: &dyn Clock, printer: &Printer) -> Result<Vec<DocumentShot>, Failure> {
    let words = Words::new(Language::English);
    let (mut told, mut taken) = (None, 0);
    loop {
        let ended = session.poll().map(|end| end.map(<[DocumentShot]>::to_vec));
        if session.shots().len() > taken {
            taken = session.shots().len();
            printer.remark(&words.t(if taken == 1 { "document-first-taken" } else { "document-second-taken" }));
        }
        if let Some(ended) = ended {
            return Ok(ended?);
        }
        let view = session.view();
        let due = (view.instruction, view.code);
        if view.side.is_some() && told != Some(due) {
            printer.remark(&words.t(view.instruction.locale_key()));
        } else if let Some(code) = view.code.filter(|_| told != Some(due)) {
            printer.remark(&format!("{} {code}", words.t("document-no-frames")));
        }
        told = Some(due);
        clock.sleep(PAUSE);
    }
}

fn page_shown(shot: &DocumentShot, read: &Read, page: &Page, file: PathBuf) -> PageShown {
    let shape = page.place.map(|(shape, _)| match shape {
        PageShape::Id1 => "id1",
        PageShape::Id2OrId3 | PageShape::OpenPassport => "id2_or_id3",
        PageShape::VisaA => "visa",
    });
    let whole = |dpi: Option<f64>| dpi.map(|d| d.round() as u32);
    PageShown {
        side: if shot.side == Side::First { "first" } else { "second" },
        file,
        width: page.picture.width(),
        height: page.picture.height(),
        shape,
        dpi: whole(page.dpi),
        camera_dpi: whole(page.camera_dpi),
        upside_down: page.upside_down,
        corners: page.place.map(|(_, quad)| quad.0.map(|p| [p.x, p.y])),
        frame_number: shot.frame.number,
        tilt_degrees: shot.measures.map(|m| m.tilt_deg),
        rise_mm: shot.measures.and_then(|m| m.rise_mm),
        zone: read.reading().is_some(),
        barcode: read.symbol.is_some(),
        portrait: read.portrait.is_some(),
    }
}

fn in_words(shown: &Shown) -> String {
    let mut text = format!("{} page(s) in {:.1} s, {} frames\n", shown.pages.len(), shown.seconds, shown.frames);
    for page in &shown.pages {
        let dpi = page.camera_dpi.map_or_else(String::new, |dpi| format!(", the camera had {dpi} dpi on it"));
        let over = if page.upside_down { ", turned the right way up" } else { "" };
        text += &format!("{} {} x {}{dpi}{over}\n", page.file.display(), page.width, page.height);
    }
    match &shown.zone {
        Some(zone) => text + &format!("{}\n{}\n", zone.format, zone.lines.join("\n")),
        None => text + "no machine-readable zone was read\n",
    }
}

pub(super) fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    let advice = Advice::environment("SYS-17", "Choose a folder that can be written.");
    Failure::new(format!("{} cannot be written: {error}", path.display()), advice)
}

fn no_thread(error: std::io::Error) -> Failure {
    Failure::new(
        format!("a thread could not be started: {error}"),
        Advice::environment("SYS-18", "Close other programs, then start again."),
    )
}
