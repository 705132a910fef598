//! The pack's reader of lines of a machine-readable zone (family `mrz-ctc`), run through the inference port.

use crate::advice::{Advice, Advised};
use crate::biometrics::model::{Model, ModelError, Tensor};
use crate::biometrics::pack::{Family, InputContract, LoadedPack, Role};
use crate::documents::zone::decode::{CLASSES, Scores};
use crate::documents::zone::line::LinePicture;
use crate::documents::zone::search::LineReader;
use crate::geometry::Size;
use crate::ports::inference::{Inference, InferenceError};

/// Why there is no line reader.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineReaderError {
    /// The pack has no network for the role that this version runs.
    #[error("the model pack {pack} has no model for the role {}", Role::Mrz)]
    Missing {
        /// The pack.
        pack: String,
    },
    /// The network could not be loaded.
    #[error(transparent)]
    Load(#[from] InferenceError),
}

impl Advised for LineReaderError {
    fn advice(&self) -> Advice {
        match self {
            Self::Missing { .. } => Advice::environment("MOD-08", "Use a pack with a model for this role; see `visavis models list`."),
            Self::Load(error) => error.advice(),
        }
    }
}

/// Reads lines one after the other: the contract of the family has a batch of one.
pub struct MrzLineReader {
    model: Box<dyn Model>,
    contract: InputContract,
    input: Tensor,
}

impl MrzLineReader {
    /// The line reader of a pack.
    ///
    /// # Errors
    /// [`LineReaderError`].
    pub fn load(pack: &LoadedPack, inference: &dyn Inference) -> Result<Self, LineReaderError> {
        let found = pack.role(Role::Mrz).find(|m| m.spec.family == Family::MrzCtc);
        let loaded = found.ok_or_else(|| LineReaderError::Missing { pack: pack.title() })?;
        Ok(Self::new(inference.load(&loaded.spec.id, &loaded.onnx)?, loaded.spec.input))
    }

    /// A reader over a loaded network.
    #[must_use]
    pub fn new(model: Box<dyn Model>, contract: InputContract) -> Self {
        Self { model, contract, input: contract.tensor() }
    }

    fn one(&mut self, line: &LinePicture) -> Result<Scores, ModelError> {
        let plane = self.contract.width * self.contract.height;
        for (i, grey) in line.grey.iter().take(plane).enumerate() {
            for (k, value) in self.contract.format.values([grey * 255.0; 3]).into_iter().enumerate() {
                self.input.data[k * plane + i] = value;
            }
        }
        let outputs = self.model.run(&self.input)?;
        let logits = outputs.get("logits")?;
        let wrong = || ModelError::Shape { name: "logits".to_owned(), found: logits.shape.clone(), expected: "[1, columns, 38]" };
        if logits.shape.last() != Some(&CLASSES) {
            return Err(wrong());
        }
        if logits.data.iter().any(|v| !v.is_finite()) {
            return Err(ModelError::NotFinite);
        }
        Scores::from_logits(&logits.data).ok_or_else(wrong)
    }
}

impl LineReader for MrzLineReader {
    type Error = ModelError;

    fn size(&self) -> Size {
        self.contract.size()
    }

    fn read(&mut self, lines: &[LinePicture]) -> Result<Vec<Scores>, ModelError> {
        lines.iter().map(|line| self.one(line)).collect()
    }
}
