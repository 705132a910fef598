//! `visavis document`: captures, reads and checks an identity document, alone or against a picture of a face.

use super::parts::{self, Parts};
use super::{Answer, Failure, Global, Printer, document_capture, document_chip, document_crops};
use crate::advice::Advice;
use crate::biometrics::comparison::shipped::Calibrations;
use crate::biometrics::comparison::{Calibration, MatchLevel};
use crate::biometrics::detection::{DetectorSettings, FaceSelection};
use crate::biometrics::pipeline::PipelineError;
use crate::biometrics::template::Template;
use crate::config::DocumentsConfig;
use crate::documents::checks::{Details, DuplicateSearch, LivingFace, Rules};
use crate::documents::mrz::{self, Line, Reading};
use crate::documents::states;
use crate::imaging::Frame;
use crate::phrase::Wording;
use crate::ports::camera::Origin;
use crate::runtime::clock::Clock as _;
use crate::runtime::document::answer::{Beside, DocumentAnswer, FaceMatch, GalleryFailure, answer, document_numbers, zone_text};
use crate::runtime::document::chip::{ChipRead, signed_portrait, verify_folder};
use crate::runtime::document::desk::flat_page;
use crate::runtime::document::duplicate::{is_same, search_number};
use crate::runtime::document::gathered::Gathered;
use crate::runtime::document::matching::{self, Thresholds};
use crate::runtime::document::private_file;
use crate::runtime::document::reading::{DocumentPortrait, DocumentReader, Side};
use crate::runtime::document::report::{self, Shown};
use crate::runtime::document::typed;
use crate::workflow::document::NumberSearch;
use crate::workflow::document::report::{About, Report, html};
use clap::{Args, Subcommand};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use time::Date;

/// `visavis document`.
#[derive(Debug, Args)]
pub struct DocumentCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Captures a document from the camera by itself, side by side, and keeps its pages.
    Capture(document_capture::CaptureCommand),
    /// Reads a document from a picture, or from the camera, and checks it.
    Read {
        #[command(flatten)]
        pictures: PictureArguments,
        #[command(flatten)]
        chip: document_chip::ChipArguments,
        #[command(flatten)]
        rules: RuleArguments,
    },
    /// The same, and its portrait against a picture of a face: a comparison only, since nobody is seen live; a person decides.
    Verify {
        #[command(flatten)]
        pictures: PictureArguments,
        /// Picture of a face. It is compared; it is no living face, so that the answer is `undecided` at best.
        #[arg(long, value_name = "FILE")]
        face: PathBuf,
        #[command(flatten)]
        chip: document_chip::ChipArguments,
        #[command(flatten)]
        rules: RuleArguments,
        /// Match level 1-5, false match rate 1e-2, 3e-3, 1e-3, 1e-4, 1e-5 [default: as configured].
        #[arg(long, value_name = "1-5")]
        level: Option<u8>,
    },
    /// Verifies the files of a chip: who signed them, whether they are unchanged, what they say.
    Chip(document_chip::ChipCommand),
    /// Reads the lines of a machine-readable zone that were typed in or came from a keyboard-wedge reader.
    Lines {
        /// File with the lines; `-` is standard input.
        #[arg(value_name = "FILE|-")]
        lines: PathBuf,
    },
}

#[derive(Debug, Args)]
struct PictureArguments {
    /// Picture of the document, the side with the portrait or the zone [default: captured from the camera].
    #[arg(value_name = "FILE")]
    front: Option<PathBuf>,
    /// Picture of its other side.
    #[arg(long, value_name = "FILE", requires = "front")]
    back: Option<PathBuf>,
    #[command(flatten)]
    capture: document_capture::CaptureArguments,
    /// Details that were typed in, as a JSON file; `-` is standard input.
    #[arg(long, value_name = "FILE|-")]
    typed: Option<PathBuf>,
    /// Report to write, one page of HTML.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Puts portrait, signature and face into the report.
    #[arg(long, requires = "report")]
    with_pictures: bool,
    /// Folder for what is cut out, as PNG: the flat pages, portrait and signature; made if it does not exist.
    #[arg(long, value_name = "DIR")]
    crops: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct RuleArguments {
    /// Youngest age accepted [default: as configured].
    #[arg(long, value_name = "YEARS", value_parser = clap::value_parser!(i32).range(0..=130))]
    minimum_age: Option<i32>,
    /// Oldest age accepted [default: as configured].
    #[arg(long, value_name = "YEARS", value_parser = clap::value_parser!(i32).range(0..=130))]
    maximum_age: Option<i32>,
    /// Issuer accepted, a code of the zone such as UTO; more than once for several [default: as configured].
    #[arg(long, value_name = "CODE", value_parser = issuer)]
    issuer: Vec<String>,
    /// Accepts specimens: for demonstrations and tests.
    #[arg(long)]
    allow_specimens: bool,
    /// Accepts expired documents.
    #[arg(long)]
    allow_expired: bool,
    /// Does without a portrait.
    #[arg(long)]
    without_portrait: bool,
}

/// A code under which documents are issued, as a zone has it.
fn issuer(text: &str) -> Result<String, String> {
    let code = text.trim().to_uppercase();
    match states::issuer(&code) {
        Some(_) => Ok(code),
        None => Err("no state issues documents under it; write its code as documents have it, such as FRA, D or DEU".to_owned()),
    }
}

impl RuleArguments {
    /// The configured demands, with what was asked for here laid over them.
    fn rules(&self, configured: &DocumentsConfig) -> Rules {
        let configured = Rules::from(configured);
        Rules {
            minimum_age: self.minimum_age.or(configured.minimum_age),
            maximum_age: self.maximum_age.or(configured.maximum_age),
            refuse_expired: configured.refuse_expired && !self.allow_expired,
            allow_specimens: self.allow_specimens,
            issuers: if self.issuer.is_empty() { configured.issuers } else { self.issuer.clone() },
            portrait_required: !self.without_portrait,
            ..configured
        }
    }
}

/// Specimens are what one practises with.
fn rules_for(rules: &Rules, origin: Origin) -> Rules {
    if origin == Origin::Practice { rules.clone().for_practice() } else { rules.clone() }
}

/// The document's sides as read, never empty, and where their pictures came from.
struct Sides {
    read: Vec<Side>,
    /// Their pages, flat where their corners were found; none of files where nobody asked for crops.
    pages: Vec<Frame>,
    origin: Origin,
}

impl Sides {
    fn all(&self) -> Vec<&Side> {
        self.read.iter().collect()
    }

    fn gathered(&self) -> Gathered<'_> {
        Gathered::of(&self.all())
    }
}

pub(super) fn run(global: &Global, command: &DocumentCommand, printer: &Printer) -> Result<Answer, Failure> {
    // The files of a chip need no model pack.
    if let What::Chip(command) = &command.what {
        return document_chip::run(global, command, printer);
    }
    let parts = Parts::new(global)?;
    match &command.what {
        What::Chip(command) => document_chip::run(global, command, printer),
        What::Capture(command) => document_capture::run(&parts, command, printer),
        What::Read { pictures, chip, rules } => {
            let typed = typed_details(pictures)?;
            let mut reader = DocumentReader::load(&parts.pack()?, &parts.inference()?)?;
            parts.announce(&reader.faces, printer);
            let sides = read(&parts, &mut reader, pictures, printer)?;
            let chip = read_chip(&parts, &mut reader, chip, &sides)?;
            let beside =
                Beside { typed: typed.as_ref(), chip: chip.as_ref(), captures: 1, origin: Some(sides.origin), ..Beside::default() };
            let answered =
                answer(&sides.all(), beside, None, &rules_for(&rules.rules(&parts.config.documents), sides.origin), parts.today());
            let portrait = compared_portrait(chip.as_ref(), &sides);
            finish(&parts, printer, pictures, &sides, (portrait, None), &answered)
        }
        What::Verify { pictures, face, chip, rules, level } => {
            verify(&parts, printer, pictures, (face, chip), &rules.rules(&parts.config.documents), *level)
        }
        What::Lines { lines } => typed_lines(&parts, printer, lines),
    }
}

fn verify(
    parts: &Parts,
    printer: &Printer,
    pictures: &PictureArguments,
    (face, chip): (&Path, &document_chip::ChipArguments),
    rules: &Rules,
    level: Option<u8>,
) -> Result<Answer, Failure> {
    let level = level.map(MatchLevel::try_from).transpose()?.unwrap_or_else(|| parts.level());
    let typed = typed_details(pictures)?;
    let mut reader = DocumentReader::load(&parts.pack()?, &parts.inference()?)?;
    parts.announce(&reader.faces, printer);
    let live = parts.calibration(&reader.faces)?;
    // Refused before the pictures are looked at.
    live.at_level(level)?;
    let sides = read(parts, &mut reader, pictures, printer)?;
    let settings = DetectorSettings { face_detection_mode: FaceSelection::FaceOrderingBySize, ..DetectorSettings::for_stills() };
    let living = parts::picture(face)?;
    let found = reader.faces.only_face(&living, &settings)?;
    let template = match reader.faces.embed(&living, &found) {
        Ok(template) => Some(template),
        Err(PipelineError::Embed(_)) => None,
        Err(other) => return Err(other.into()),
    };
    let known = Calibrations::for_documents();
    let format = parts::format_of(&reader.faces)?;
    let thresholds = Thresholds { documents: known.of(&format).ok(), live: &live, level };
    let chip = read_chip(parts, &mut reader, chip, &sides)?;
    let portrait = compared_portrait(chip.as_ref(), &sides);
    let (comparison, shown) = matching::compare(portrait, template.as_ref(), rules, thresholds)?;
    let (number, gallery_failure) = number_search(parts, &sides, template.as_ref(), &live, level);
    let beside = Beside {
        typed: typed.as_ref(),
        comparison,
        living: LivingFace::Picture,
        chip: chip.as_ref(),
        captures: 1,
        origin: Some(sides.origin),
        number: Some(&number),
        gallery_failure: gallery_failure.as_ref(),
    };
    let answered = answer(&sides.all(), beside, Some(shown), &rules_for(rules, sides.origin), parts.today());
    finish(parts, printer, pictures, &sides, (portrait, Some(&living)), &answered)
}

/// The chip whose files were named, verified and compared with the printed zone.
fn read_chip(
    parts: &Parts,
    reader: &mut DocumentReader,
    arguments: &document_chip::ChipArguments,
    sides: &Sides,
) -> Result<Option<ChipRead>, Failure> {
    let Some(folder) = &arguments.chip else { return Ok(None) };
    let printed = sides.gathered().zone().map(|reading| &reading.mrz);
    let authorities = arguments.trust.authorities(&parts.data_dir);
    let chip = verify_folder(folder, authorities.as_deref(), printed, arguments.trust.rules(), &parts.clock)?;
    Ok(Some(ChipRead { portrait: signed_portrait(&mut reader.faces, &chip.findings)?, ..chip }))
}

/// The portrait that an authority signed, or else the printed one.
fn compared_portrait<'a>(chip: Option<&'a ChipRead>, sides: &'a Sides) -> Option<&'a DocumentPortrait> {
    chip.and_then(|chip| chip.portrait.as_ref()).or_else(|| sides.gathered().portrait)
}

/// Asks the gallery who is enrolled with the document's number. One that does not exist is not made for the question, and the check stays
/// open; where one is there and gives no answer, a person decides.
fn number_search(
    parts: &Parts,
    sides: &Sides,
    face: Option<&Template>,
    live: &Calibration,
    level: MatchLevel,
) -> (NumberSearch, Option<GalleryFailure>) {
    let numbers = document_numbers(&sides.all());
    let practice = sides.origin == Origin::Practice;
    let missing = matches!(parts.gallery_path(practice).try_exists(), Ok(false));
    if numbers.is_empty() || missing {
        return (NumberSearch::default(), None);
    }
    let asked = parts.gallery(practice).and_then(|gallery| {
        let mut holds = |holder| Ok(is_same(&gallery.templates_of(holder)?, face.map_or(&[], std::slice::from_ref), Some(live), level));
        Ok(search_number(&*gallery, &numbers, &mut holds)?)
    });
    match asked {
        Ok(found) => (found, None),
        Err(Failure { message, advice, .. }) => {
            tracing::warn!(code = advice.code, "the gallery could not be asked about the document");
            let failure = GalleryFailure { code: advice.code, message, advice: advice.next_step };
            (NumberSearch { found: DuplicateSearch::NoAnswer, record: None }, Some(failure))
        }
    }
}

fn read(parts: &Parts, reader: &mut DocumentReader, pictures: &PictureArguments, printer: &Printer) -> Result<Sides, Failure> {
    let today = parts.today();
    let Some(front) = &pictures.front else {
        let taken = document_capture::capture(parts, &pictures.capture, printer)?;
        let read = taken.shots.iter().map(|shot| {
            let (side, page) = reader.shot(shot, today, &parts.clock)?;
            Ok((side, page.picture))
        });
        let (read, pages) = read.collect::<Result<Vec<_>, Failure>>()?.into_iter().unzip();
        return Ok(Sides { read, pages, origin: taken.origin });
    };
    let mut sides = Sides { read: Vec::new(), pages: Vec::new(), origin: Origin::File };
    for path in std::iter::once(front).chain(&pictures.back) {
        let picture = parts::picture(path)?;
        let side = reader.side(&picture, today, &parts.clock)?;
        if pictures.crops.is_some() {
            sides.pages.push(flat_page(&picture, &side));
        }
        sides.read.push(side);
    }
    Ok(sides)
}

/// Reads a small text from a file or from standard input; never from the arguments, where every process could see it.
fn text(path: &Path, what: &str) -> Result<String, Failure> {
    let failed = |reason: String| {
        Failure::new(
            format!("the {what} cannot be read: {reason}"),
            Advice::input("USE-31", "Name a text file that exists, or - for standard input."),
        )
    };
    let mut bytes = Vec::new();
    let limit = typed::LONGEST as u64 + 1;
    let read = if path == Path::new("-") {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes))
    };
    read.map_err(|e| failed(e.kind().to_string()))?;
    if bytes.len() > typed::LONGEST {
        return Err(failed("it is longer than 64 KiB".to_owned()));
    }
    String::from_utf8(bytes).map_err(|_| failed("it is no UTF-8 text".to_owned()))
}

fn typed_details(pictures: &PictureArguments) -> Result<Option<Details>, Failure> {
    let Some(path) = &pictures.typed else { return Ok(None) };
    Ok(Some(typed::read(&text(path, "typed details")?)?))
}

/// The zone whose lines a file or standard input holds.
pub(super) fn zone_of_text(path: &Path, what: &str, today: Date) -> Result<Reading, Failure> {
    let text = text(path, what)?;
    let lines: Vec<Line> = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(Line::new).collect();
    Ok(mrz::locate::locate(&lines, today)?.reading)
}

fn typed_lines(parts: &Parts, printer: &Printer, path: &Path) -> Result<Answer, Failure> {
    let shown = zone_text(&zone_of_text(path, "lines", parts.today())?, None);
    printer.document("document-lines", &shown, || {
        let findings = if shown.findings.is_empty() { "nothing wrong".to_owned() } else { shown.findings.join(", ") };
        format!("{}: {findings}\n{}", shown.format, shown.lines.join("\n"))
    })?;
    Ok(if shown.right { Answer::Yes } else { Answer::No })
}

fn finish(
    parts: &Parts,
    printer: &Printer,
    pictures: &PictureArguments,
    sides: &Sides,
    (portrait, face): (Option<&DocumentPortrait>, Option<&Frame>),
    answered: &DocumentAnswer,
) -> Result<Answer, Failure> {
    if let Some(folder) = &pictures.crops {
        document_crops::write(folder, &sides.gathered(), &sides.pages)?;
    }
    if let Some(path) = &pictures.report {
        let signature = sides.gathered().signature.map(|s| &s.crop);
        let shown = Shown { page: None, portrait: portrait.map(|p| &p.crop), signature, face };
        let shown = report::pictures(if pictures.with_pictures { shown } else { Shown::default() })?;
        let practice = sides.origin == Origin::Practice;
        let about = About { at: parts.clock.utc(), program: report::PROGRAM, practice, wording: Wording::ENGLISH };
        private_file::write(path, html(&Report::from(answered), &about, &shown).as_bytes()).map_err(|error| {
            let advice = Advice::environment("SYS-24", "Name a file in a folder that exists and can be written.");
            Failure::new(format!("the report cannot be written: {error}"), advice)
        })?;
    }
    printer.document("document", answered, || in_words(answered))?;
    Ok(if answered.overall == "ok" { Answer::Yes } else { Answer::No })
}

fn in_words(a: &DocumentAnswer) -> String {
    let name = if a.document.document_name.is_empty() { "no document recognised" } else { &a.document.document_name };
    let again = if a.retry_document_capture { "; capture it again" } else { "" };
    let practice = if a.origin == Origin::Practice.text() { "practice, " } else { "" };
    let mut text = format!("{practice}{}: {name}{again}\n", a.overall);
    if let Some(z) = &a.zone {
        text.push_str(&format!("{}\n{}\n", z.format, z.lines.join("\n")));
    }
    if let Some(b) = &a.barcode {
        text.push_str(&format!("{}: {}\n", b.symbology, b.payload.replace('_', " ")));
    }
    if let Some(f) = &a.face_match {
        let portrait = if a.portrait_from == Some("chip") { "portrait of the chip" } else { "portrait" };
        text.push_str(&format!("{portrait} and face: {}\n", match_in_words(f)));
    }
    for c in &a.checks {
        let record = c.record.as_ref().map_or_else(String::new, |code| format!(" Its record: {code}."));
        text.push_str(&format!("  {:12} {:36} {}{record}\n", c.status.replace('_', " "), c.title, c.reason));
    }
    if let Some(chip) = &a.chip {
        text.push_str(&format!("chip: {}\n", document_chip::in_words(chip)));
    }
    if let Some(GalleryFailure { code, message, advice }) = &a.gallery_failure {
        text.push_str(&format!("{code}: the gallery could not be asked who is enrolled with this document: {message}. {advice}\n"));
    }
    for advice in &a.advice {
        text.push_str(&format!("{}: {}. {}\n", advice.code, advice.message, advice.advice));
    }
    text
}

fn match_in_words(f: &FaceMatch) -> String {
    let percent = f.score_percent.map_or_else(String::new, |p| format!(" ({p:.1} %)"));
    format!("{}{percent}, threshold of {} pictures", f.decision.replace('_', " "), f.calibration)
}
