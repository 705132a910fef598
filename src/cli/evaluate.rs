//! `visavis evaluate`: error rates over picture files, every one with its exact interval.

mod document_scenes;

use super::parts::{self, Parts};
use super::{Answer, Failure, Global, Printer};
use crate::advice::Advice;
use crate::biometrics::evaluation::Rate;
use crate::biometrics::evaluation::report::{IdentificationReport, RateReport, VerificationReport};
use crate::biometrics::identification::decision::IdentificationPolicy;
use crate::biometrics::pad::rules::PadRules;
use crate::biometrics::pipeline::FacePipeline;
use crate::ports::inference::Inference as _;
use crate::runtime::application::identification_policy;
use crate::runtime::document::line_reader::MrzLineReader;
use crate::runtime::evaluation::documents;
use crate::runtime::evaluation::extraction::{Extraction, FaceRule, InferenceWatch, extract};
use crate::runtime::evaluation::folders::{LabelledPicture, people};
use crate::runtime::evaluation::pairs::PairList;
use crate::runtime::evaluation::print_scan;
use crate::runtime::evaluation::quality;
use crate::runtime::evaluation::runs;
use crate::runtime::evaluation::stills::{self, PadReport};
use clap::{Args, Subcommand};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// `visavis evaluate`.
#[derive(Debug, Args)]
pub struct EvaluateCommand {
    /// Threads, each with networks of its own [default: one per processor, at most eight].
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=64))]
    workers: Option<u8>,
    #[command(subcommand)]
    what: Evaluation,
}

#[derive(Debug, Subcommand)]
enum Evaluation {
    /// 1:1 over a list of pairs: accuracy, EER, FNMR at stated FMRs.
    Verification {
        /// List with the columns reference,probe,mated[,fold].
        #[arg(long, value_name = "CSV")]
        pairs: PathBuf,
        /// Folder that the list's paths start from.
        #[arg(long, value_name = "DIR")]
        root: PathBuf,
    },
    /// 1:N over folders, one folder a person: FNIR at stated FPIRs. Probes of people who are not in the gallery are strangers.
    Identification {
        /// People enrolled.
        #[arg(long, value_name = "DIR")]
        gallery: PathBuf,
        /// People searched for.
        #[arg(long, value_name = "DIR")]
        probes: PathBuf,
    },
    /// The passive layer over pictures: APCER of every species, BPCER, pictures without an answer.
    Pad {
        /// Folder of bona fide pictures.
        #[arg(long, value_name = "DIR")]
        bona_fide: PathBuf,
        /// Folder of attack pictures of one species; more than once for several.
        #[arg(long, value_name = "NAME=DIR", value_parser = named_folder)]
        attack: Vec<(String, PathBuf)>,
    },
    /// Whether the quality measures tell which pictures will fail: errors left when the worst pictures of a list are left out.
    Quality {
        /// List with the columns reference,probe,mated; its mated pairs count.
        #[arg(long, value_name = "CSV")]
        pairs: PathBuf,
        /// Folder that the list's paths start from.
        #[arg(long, value_name = "DIR")]
        root: PathBuf,
    },
    /// Zones and barcodes read from pictures, against the text that they must give.
    Document {
        /// Folder that the list's paths start from [default: the folder of the list].
        #[arg(long, value_name = "DIR")]
        root: Option<PathBuf>,
        /// List with the columns file,kind,class,expected.
        #[arg(long, value_name = "CSV")]
        expected: PathBuf,
    },
    /// The finder of documents on rendered scenes with known corners: corner errors, misses, false finds, times.
    DocumentScenes {
        /// Scenes.
        #[arg(long, value_name = "N", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        count: u32,
        /// Draws documents, places and light.
        #[arg(long, value_name = "N", default_value_t = 1)]
        seed: u64,
        /// Columns of the simulated camera's frames; rows follow at 16:9.
        #[arg(long, value_name = "N", default_value_t = 1280, value_parser = clap::value_parser!(u32).range(320..=3840))]
        width: u32,
    },
    /// Thresholds at stated FMRs, from all comparisons between the people of a folder, one folder a person; as TOML.
    Calibration {
        /// Folder of people.
        #[arg(long, value_name = "DIR")]
        root: PathBuf,
        /// Thresholds for portraits of documents instead: one picture of every comparison goes through simulated print and scan.
        #[arg(long)]
        printed: bool,
        /// Where the pictures came from, in words that the calibration keeps.
        #[arg(long, value_name = "TEXT", default_value = "not stated")]
        data: String,
        /// File to write [default: standard output].
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

pub(super) fn run(global: &Global, command: &EvaluateCommand, printer: &Printer) -> Result<Answer, Failure> {
    let parts = Parts::new(global)?;
    let workers = command.workers.map_or_else(crate::runtime::search::default_threads, usize::from);
    let bench = Bench { parts: &parts, workers, printer };
    match &command.what {
        Evaluation::Verification { pairs, root } => bench.verification(pairs, root),
        Evaluation::Identification { gallery, probes } => bench.identification(gallery, probes),
        Evaluation::Pad { bona_fide, attack } => bench.pad(bona_fide, attack),
        Evaluation::Quality { pairs, root } => bench.quality(pairs, root),
        Evaluation::Document { root, expected } => bench.document(root.as_deref(), expected),
        Evaluation::DocumentScenes { count, seed, width } => {
            document_scenes::run(&parts, &document_scenes::plan(*count, *seed, *width, workers, parts.today()), printer)
        }
        Evaluation::Calibration { root, printed, data, output } => bench.calibration(root, *printed, data, output.as_deref()),
    }
}

/// What every evaluation works with.
struct Bench<'a> {
    parts: &'a Parts,
    workers: usize,
    printer: &'a Printer,
}

impl Bench<'_> {
    /// One pipeline a worker, all watched.
    fn pipelines(&self, watch: &InferenceWatch) -> Result<Vec<FacePipeline>, Failure> {
        let (pack, inference) = (self.parts.pack()?, self.parts.inference()?);
        let load = |_| FacePipeline::load(&pack, |id, onnx| inference.load(id, onnx).map(|model| watch.over(model)));
        Ok((0..self.workers).map(load).collect::<Result<_, _>>()?)
    }

    fn extract(&self, pictures: &[PathBuf]) -> Result<(Extraction, FacePipeline), Failure> {
        self.extract_by(pictures, &FaceRule::default())
    }

    fn extract_by(&self, pictures: &[PathBuf], rule: &FaceRule) -> Result<(Extraction, FacePipeline), Failure> {
        let watch = InferenceWatch::start();
        let mut pipelines = self.pipelines(&watch)?;
        // One more than works, for what the caller asks of the pack afterwards.
        let spare = self.parts.pipeline()?;
        parts::format_of(&spare)?;
        self.parts.announce(&spare, self.printer);
        let bar = if self.printer.json() { indicatif::ProgressBar::hidden() } else { indicatif::ProgressBar::new(pictures.len() as u64) };
        pipelines.truncate(pictures.len().max(1));
        let extraction = extract(pictures, pipelines, rule, &watch, &|| bar.inc(1))?;
        bar.finish_and_clear();
        Ok((extraction, spare))
    }

    fn verification(&self, pairs: &Path, root: &Path) -> Result<Answer, Failure> {
        let list = PairList::read(pairs)?;
        list.check_pictures(root)?;
        let pictures: Vec<PathBuf> = list.pictures.iter().map(|picture| root.join(picture)).collect();
        let (extraction, pipeline) = self.extract(&pictures)?;
        let report = runs::verification(&list, &extraction, &parts::format_of(&pipeline)?)?;
        #[derive(Serialize)]
        struct Shown<'a> {
            #[serde(flatten)]
            report: &'a VerificationReport,
            not_acquired: Vec<&'a crate::runtime::evaluation::extraction::NotAcquired>,
        }
        let shown = Shown { report: &report, not_acquired: extraction.not_acquired() };
        self.printer.document("verification-evaluation", &shown, || verification_text(&report))?;
        Ok(Answer::Yes)
    }

    fn identification(&self, gallery: &Path, probes: &Path) -> Result<Answer, Failure> {
        let (gallery, probes) = (people(gallery)?, people(probes)?);
        let paths = |of: &[LabelledPicture]| of.iter().map(|p| p.path.clone()).collect::<Vec<_>>();
        let (enrolled, _) = self.extract(&paths(&gallery))?;
        let (asked, pipeline) = self.extract(&paths(&probes))?;
        let format = parts::format_of(&pipeline)?;
        let least_margin_percent = self.parts.config.identification.margin_percent;
        let policy = IdentificationPolicy { least_margin_percent, ..identification_policy(&self.parts.config) };
        let (index, searches) = runs::searches((&gallery, &enrolled), (&probes, &asked), &format, policy.search_size())?;
        let (a, b) = (enrolled.failure_to_acquire(), asked.failure_to_acquire());
        let pictures = Rate { events: a.events + b.events, trials: a.trials + b.trials };
        let calibration = self.parts.calibration(&pipeline).ok();
        let report = IdentificationReport::new(&index, &searches, pictures, &policy, calibration.as_ref());
        self.printer.document("identification-evaluation", &report, || identification_text(&report))?;
        Ok(Answer::Yes)
    }

    fn pad(&self, bona_fide: &Path, attacks: &[(String, PathBuf)]) -> Result<Answer, Failure> {
        let watch = InferenceWatch::start();
        let mut pipelines = self.pipelines(&watch)?;
        let spare = self.parts.pipeline()?;
        self.parts.announce(&spare, self.printer);
        let mut all: Vec<PathBuf> = Vec::new();
        let mut sizes = Vec::new();
        for folder in std::iter::once(bona_fide).chain(attacks.iter().map(|(_, folder)| folder.as_path())) {
            let pictures = people(folder)?;
            sizes.push(pictures.len());
            all.extend(pictures.into_iter().map(|p| p.path));
        }
        pipelines.truncate(all.len().max(1));
        let rules = PadRules::from_config(&self.parts.config.pad);
        let bar = if self.printer.json() { indicatif::ProgressBar::hidden() } else { indicatif::ProgressBar::new(all.len() as u64) };
        let mut judged = stills::judge(&all, pipelines, &rules, &|| bar.inc(1))?.into_iter();
        bar.finish_and_clear();
        let mut take = |count: usize| judged.by_ref().take(count).collect::<Vec<_>>();
        let genuine = take(sizes[0]);
        let species: Vec<(String, Vec<_>)> =
            attacks.iter().zip(&sizes[1..]).map(|((name, _), count)| (name.clone(), take(*count))).collect();
        let report = PadReport::new(spare.title(), &rules, &genuine, &species);
        self.printer.document("pad-evaluation", &report, || report.to_string())?;
        Ok(Answer::Yes)
    }

    fn quality(&self, pairs: &Path, root: &Path) -> Result<Answer, Failure> {
        let list = PairList::read(pairs)?;
        list.check_pictures(root)?;
        let pictures: Vec<PathBuf> = list.pictures.iter().map(|picture| root.join(picture)).collect();
        let mut pipelines = self.pipelines(&InferenceWatch::start())?;
        let spare = self.parts.pipeline()?;
        let recogniser = parts::format_of(&spare)?.recogniser;
        self.parts.announce(&spare, self.printer);
        pipelines.truncate(pictures.len().max(1));
        let bar = if self.printer.json() { indicatif::ProgressBar::hidden() } else { indicatif::ProgressBar::new(pictures.len() as u64) };
        let measured = quality::measure(&pictures, pipelines, &|| bar.inc(1))?;
        bar.finish_and_clear();
        let report = quality::evaluate(&list, &measured, &recogniser)?;
        self.printer.document("quality-evaluation", &report, || report.to_string())?;
        Ok(Answer::Yes)
    }

    fn document(&self, root: Option<&Path>, list: &Path) -> Result<Answer, Failure> {
        let cases = documents::read_list(list)?;
        let root = root.or_else(|| list.parent()).unwrap_or_else(|| Path::new(""));
        let mut reader = MrzLineReader::load(&self.parts.pack()?, &self.parts.inference()?)?;
        let bar = if self.printer.json() { indicatif::ProgressBar::hidden() } else { indicatif::ProgressBar::new(cases.len() as u64) };
        let today = self.parts.today();
        let report = documents::evaluate(&cases, root, &mut reader, today, &self.parts.clock, &|| bar.inc(1))?;
        bar.finish_and_clear();
        self.printer.document("document-evaluation", &report, || report.to_string())?;
        Ok(Answer::Yes)
    }

    fn calibration(&self, root: &Path, printed: bool, data: &str, output: Option<&Path>) -> Result<Answer, Failure> {
        let pictures = people(root)?;
        let paths: Vec<PathBuf> = pictures.iter().map(|p| p.path.clone()).collect();
        let (extraction, pipeline) = self.extract(&paths)?;
        let format = parts::format_of(&pipeline)?;
        let calibration = if printed {
            let (prints, _) = self.extract_by(&paths, &FaceRule { printed: true, ..FaceRule::default() })?;
            runs::printed_calibration(&pictures, &prints, &extraction, &format, &format!("{data}; {}", print_scan::LABEL))?
        } else {
            runs::calibration(&pictures, &extraction, &format, data)?
        };
        let text = calibration.to_toml();
        if let Some(path) = output {
            write_calibration(path, &text)?;
        }
        #[derive(Serialize)]
        struct Shown<'a> {
            recogniser: &'a str,
            non_mated_comparisons: u64,
            failure_to_acquire: RateReport,
            calibration: &'a str,
        }
        let shown = Shown {
            recogniser: calibration.recogniser(),
            non_mated_comparisons: calibration.non_mated(),
            failure_to_acquire: extraction.failure_to_acquire().into(),
            calibration: &text,
        };
        self.printer.document("calibration-evaluation", &shown, || {
            output.map_or_else(|| text.clone(), |path| format!("{} thresholds in {}", calibration.points().len(), path.display()))
        })?;
        Ok(Answer::Yes)
    }
}

/// Writes a calibration's text where it was asked for.
pub(super) fn write_calibration(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(|error| {
        let advice = Advice::environment("SYS-21", "Name a file in a folder that exists and can be written.");
        Failure::new(format!("the calibration cannot be written: {error}"), advice)
    })
}

/// `print=folder` as a species and its folder.
fn named_folder(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, folder)) if !name.trim().is_empty() && !folder.is_empty() => Ok((name.trim().to_owned(), PathBuf::from(folder))),
        _ => Err("write the species' name, an equals sign and its folder".to_owned()),
    }
}

fn verification_text(report: &VerificationReport) -> String {
    let mut text = format!(
        "{} pairs, {} mated and {} non-mated compared\nfailure to acquire  {}\naccuracy            {}\nEER                 {:.2} % [{:.2}, {:.2}]\n",
        report.pairs,
        report.mated,
        report.non_mated,
        report.failure_to_acquire,
        report.accuracy,
        report.eer.value * 100.0,
        report.eer.interval.low * 100.0,
        report.eer.interval.high * 100.0,
    );
    for (name, point) in report.fnmr_at_fmr.iter().rev() {
        match point {
            Some(p) => {
                let note = if p.supported { "" } else { "; fewer comparisons than three divided by the rate" };
                text += &format!("FNMR at FMR {name}    {} at threshold {:.4}{note}\n", p.fnmr, p.threshold);
            }
            None => text += &format!("FNMR at FMR {name}    not measured: too few non-mated comparisons\n"),
        }
    }
    let t = &report.time;
    text + &format!(
        "{:.1} pictures/s; {:.1} s in all, of which the networks {:.1} s on {} workers: ratio {:.2}\n",
        report.images_per_second, t.wall_seconds, t.inference_seconds, t.workers, t.wall_over_inference
    )
}

fn identification_text(report: &IdentificationReport) -> String {
    let mut text = format!(
        "{} people enrolled with {} templates; {} searches for them, {} for strangers\nfailure to acquire  {}\nnot ranked first    {}\n",
        report.subjects,
        report.templates,
        report.mated_searches,
        report.non_mated_searches,
        report.failure_to_acquire,
        report.rank_one_miss
    );
    for (name, point) in report.fnir_at_fpir.iter().rev() {
        match point {
            Some(p) => text += &format!("FNIR at FPIR {name}   {} at threshold {:.4}\n", p.fnir, p.threshold),
            None => text += &format!("FNIR at FPIR {name}   not measured: too few searches for strangers\n"),
        }
    }
    match &report.at_policy {
        Some(p) => {
            let (seen, expected) = (&p.seen, p.expected_fpir * 100.0);
            text +=
                &format!("in force: threshold {:.4}, FPIR {} (expected {expected:.2} %), FNIR {}\n", seen.threshold, seen.fpir, seen.fnir);
        }
        None => text += "in force: nobody would be identified, the calibration does not support a gallery of this size\n",
    }
    text
}
