//! Evaluations over picture files: reads lists and folders, makes templates on several threads, measures.

pub mod documents;
pub mod enrolled;
pub mod extraction;
pub mod folders;
pub mod pairs;
pub mod print_scan;
pub mod quality;
pub mod runs;
pub mod stills;
pub mod workers;

use crate::advice::{Advice, Advised};
use crate::biometrics::comparison::ComparisonError;
use crate::biometrics::evaluation::EvaluationError;
use crate::biometrics::pipeline::PipelineError;
use crate::biometrics::template::TemplateError;

/// Why an evaluation could not be carried out. Pictures are named by their number in the list, never by their file name: file names of
/// such sets are people's names.
#[derive(Debug, thiserror::Error)]
pub enum EvaluationFault {
    /// The list or a folder cannot be read.
    #[error("the {what} cannot be read: {reason}")]
    Unreadable {
        /// `list` or `folder`.
        what: &'static str,
        /// Why.
        reason: String,
    },
    /// A row of the list is wrong.
    #[error("row {row} of the list {reason}")]
    Row {
        /// Row, the header being 1.
        row: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// A picture of the list is not there.
    #[error("picture {number} of the evaluation cannot be read: {reason}")]
    Picture {
        /// Its number among the distinct pictures, from 1, in order of appearance.
        number: usize,
        /// Why.
        reason: String,
    },
    /// There is nothing to evaluate.
    #[error("there is no picture to evaluate")]
    Nothing,
    /// The networks failed on a picture.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    /// The figures cannot be computed.
    #[error(transparent)]
    Evaluation(#[from] EvaluationError),
    /// No calibration can be made.
    #[error(transparent)]
    Comparison(#[from] ComparisonError),
    /// Templates cannot be compared.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The line reader failed on a picture.
    #[error(transparent)]
    Model(#[from] crate::biometrics::model::ModelError),
    /// A worker ended without an answer.
    #[error("a worker of the evaluation has stopped")]
    WorkerLost,
}

impl Advised for EvaluationFault {
    fn advice(&self) -> Advice {
        match self {
            Self::Unreadable { .. } => Advice::input(
                "USE-20",
                "Name a list with the columns that `visavis evaluate` wants for it, or a folder with one folder a person.",
            ),
            Self::Row { .. } => {
                Advice::input("USE-21", "Correct the row as the message says; `visavis evaluate --help` names the columns.")
            }
            Self::Picture { .. } => Advice::input("USE-22", "Check that --root is the folder the list's paths start from."),
            Self::Nothing => Advice::input("USE-23", "Name a list or a folder with pictures."),
            Self::Pipeline(error) => error.advice(),
            Self::Evaluation(error) => error.advice(),
            Self::Comparison(error) => error.advice(),
            Self::Template(error) => error.advice(),
            Self::Model(error) => error.advice(),
            Self::WorkerLost => Advice::environment("SYS-22", "Run the evaluation again, with fewer workers if memory is short."),
        }
    }
}
