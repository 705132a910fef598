//! The one thing the domain knows about neural networks: tensors in, named tensors out.

pub mod sampling;

/// Float values with a shape, row-major (the last axis is contiguous).
#[derive(Clone, PartialEq)]
pub struct Tensor {
    /// Extent of every axis.
    pub shape: Vec<usize>,
    /// `shape.iter().product()` values.
    pub data: Vec<f32>,
}

impl Tensor {
    /// A tensor of zeros.
    #[must_use]
    pub fn zeros(shape: &[usize]) -> Self {
        Self { shape: shape.to_vec(), data: vec![0.0; shape.iter().product()] }
    }
}

/// Prints the shape only: a tensor may be a face.
impl std::fmt::Debug for Tensor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tensor{:?}", self.shape)
    }
}

/// What a run returned: output name and tensor, in the model's order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outputs(pub Vec<(String, Tensor)>);

impl Outputs {
    /// The output called `name`.
    ///
    /// # Errors
    /// [`ModelError::MissingOutput`] when the model has no such output.
    pub fn get(&self, name: &str) -> Result<&Tensor, ModelError> {
        let found = self.0.iter().find(|(n, _)| n == name);
        found.map(|(_, t)| t).ok_or_else(|| ModelError::MissingOutput { name: name.to_owned() })
    }

    /// The first output, for models that have one.
    ///
    /// # Errors
    /// [`ModelError::MissingOutput`] when the model returned nothing.
    pub fn first(&self) -> Result<&Tensor, ModelError> {
        self.0.first().map(|(_, t)| t).ok_or_else(|| ModelError::MissingOutput { name: "(first)".to_owned() })
    }
}

/// Why a model could not answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// The backend refused or failed the run.
    #[error("the model {model} could not run: {reason}")]
    Run {
        /// Model identifier from the manifest.
        model: String,
        /// The backend's words.
        reason: String,
    },
    /// The model lacks an output its family requires.
    #[error("the model has no output named {name}")]
    MissingOutput {
        /// Name that the family's post-processing asked for.
        name: String,
    },
    /// An output's shape is not what its family requires.
    #[error("the model's output {name} has shape {found:?}, expected {expected}")]
    Shape {
        /// Output name.
        name: String,
        /// Shape found.
        found: Vec<usize>,
        /// Words for the shape expected.
        expected: &'static str,
    },
    /// An output holds a value that is not a number.
    #[error("the model returned a value that is not a number")]
    NotFinite,
}

impl crate::advice::Advised for ModelError {
    fn advice(&self) -> crate::advice::Advice {
        crate::advice::Advice::environment("MOD-10", "Run `visavis models verify`; install the pack again if it reports a fault.")
    }
}

/// A loaded network. One caller at a time; the implementation may use threads of its own.
pub trait Model: Send {
    /// Runs the network once on `input` (NCHW unless the family says otherwise).
    ///
    /// # Errors
    /// [`ModelError::Run`] when the backend fails.
    fn run(&mut self, input: &Tensor) -> Result<Outputs, ModelError>;
}
