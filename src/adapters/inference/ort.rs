//! The `ort` crate: ONNX Runtime loaded at run time, or the pure-Rust backend built in. One backend per process.

use super::graph;
use super::library::{self, Tried};
use crate::biometrics::model::{Model, ModelError, Outputs, Tensor};
use crate::ports::inference::{BackendDescription, Inference, InferenceError};
use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;
use ort::value::TensorRef;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Which library does the arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Backend {
    /// ONNX Runtime 1.24 or newer, found at run time.
    OnnxRuntime,
    /// The pure-Rust backend in the binary; one thread.
    Tract,
}

impl Backend {
    /// The word used in configuration and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OnnxRuntime => "onnxruntime",
            Self::Tract => "tract",
        }
    }
}

/// How to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InferenceOptions {
    /// Library to try first.
    pub library: Option<PathBuf>,
    /// Threads one run may use; 0 counts as 1. The pure-Rust backend always uses 1.
    pub threads: usize,
    /// Only this backend; `None` prefers ONNX Runtime and falls back to the pure-Rust one.
    pub force: Option<Backend>,
}

impl Default for InferenceOptions {
    fn default() -> Self {
        Self { library: None, threads: 1, force: None }
    }
}

/// The backend of this process. Cheap to clone.
#[derive(Clone)]
pub struct OrtInference {
    started: Arc<Started>,
}

struct Started {
    environment: ort::environment::Environment,
    description: BackendDescription,
    tried: Vec<Tried>,
}

/// The one backend of the process: a second start gets the same one, because the environment cannot be replaced.
static STARTED: Mutex<Option<Arc<Started>>> = Mutex::new(None);

impl OrtInference {
    /// Starts the backend, or hands out the one that runs already.
    ///
    /// A process has one backend for life: later calls return the first one and ignore `threads` and `library`.
    ///
    /// # Errors
    /// [`InferenceError::NoBackend`] when the forced backend is not available or another one runs already.
    pub fn start(options: &InferenceOptions) -> Result<Self, InferenceError> {
        let mut slot = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
        let started = match &*slot {
            Some(started) => Arc::clone(started),
            None => {
                let started = Arc::new(start(options)?);
                *slot = Some(Arc::clone(&started));
                started
            }
        };
        match options.force {
            Some(forced) if forced.name() != started.description.name => Err(InferenceError::NoBackend {
                reason: format!("this process runs {}, and a process has one backend", started.description.name),
            }),
            _ => Ok(Self { started }),
        }
    }

    /// Every library looked at, with the reason where it was not used.
    #[must_use]
    pub fn tried(&self) -> &[Tried] {
        &self.started.tried
    }
}

fn start(options: &InferenceOptions) -> Result<Started, InferenceError> {
    let threads = options.threads.max(1);
    let mut tried = Vec::new();
    if options.force != Some(Backend::Tract) {
        for candidate in library::candidates(options.library.as_deref()) {
            let path = candidate.path.clone();
            if !path.is_file() {
                tried.push(Tried { candidate, refused: Some("there is no such file".to_owned()) });
                continue;
            }
            match ort::init_from(&path) {
                Ok(builder) => {
                    let environment = build(builder)?;
                    tried.push(Tried { candidate, refused: None });
                    let version = runtime_version(ort::info(), &path);
                    let description = BackendDescription { name: Backend::OnnxRuntime.name(), version, library: Some(path), threads };
                    return Ok(Started { environment, description, tried });
                }
                Err(error) => tried.push(Tried { candidate, refused: Some(error.to_string()) }),
            }
        }
    }
    if options.force == Some(Backend::OnnxRuntime) {
        let looked: Vec<String> = tried.iter().map(|t| t.candidate.path.display().to_string()).collect();
        let looked = if looked.is_empty() { "none was found".to_owned() } else { format!("tried {}", looked.join(", ")) };
        return Err(InferenceError::NoBackend { reason: format!("no usable ONNX Runtime library ({looked})") });
    }
    if !ort::set_api(ort_tract::api()) {
        return Err(InferenceError::NoBackend { reason: "another backend was set before".to_owned() });
    }
    let environment = build(ort::init())?;
    let description = BackendDescription { name: Backend::Tract.name(), version: TRACT_VERSION.to_owned(), library: None, threads: 1 };
    Ok(Started { environment, description, tried })
}

/// Version of the pure-Rust backend this release is built with; `Cargo.toml` pins it.
const TRACT_VERSION: &str = "0.23 (ort-tract 0.5.0)";

fn build(builder: ort::environment::EnvironmentBuilder) -> Result<ort::environment::Environment, InferenceError> {
    builder.with_telemetry(false).build().map_err(|e| InferenceError::NoBackend { reason: first_line(&e) })
}

/// The library's version from its file name, else from its build information.
fn runtime_version(info: &str, path: &std::path::Path) -> String {
    let is_version = |v: &str| v.contains('.') && v.chars().all(|c| c.is_ascii_digit() || c == '.');
    let real = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let name = real.file_name().and_then(|n| n.to_str()).unwrap_or_default();
    let from_name = name.strip_prefix("libonnxruntime.so.").filter(|v| is_version(v));
    let from_info = info.split("git-branch=rel-").nth(1).and_then(|rest| rest.split(',').next());
    from_name.or(from_info).unwrap_or(info).to_owned()
}

impl Inference for OrtInference {
    fn backend(&self) -> BackendDescription {
        self.started.description.clone()
    }

    fn load(&self, model: &str, onnx: &[u8]) -> Result<Box<dyn Model>, InferenceError> {
        let refuse = |reason: String| InferenceError::Unloadable { model: model.to_owned(), reason };
        let prepared = graph::prepare(onnx).map_err(refuse)?;
        let session = self.session(&prepared.onnx).map_err(|e| refuse(first_line(&e)))?;
        Ok(Box::new(OrtModel {
            id: model.to_owned(),
            input: prepared.input,
            input_shape: prepared.input_shape,
            outputs: prepared.outputs,
            session,
        }))
    }
}

impl OrtInference {
    fn session(&self, onnx: &[u8]) -> ort::Result<Session> {
        let description = &self.started.description;
        let mut builder = Session::builder(&self.started.environment)?.with_optimization_level(GraphOptimizationLevel::Level3)?;
        if description.name == Backend::OnnxRuntime.name() {
            // Spinning workers take the other core away from capture and drawing, and gain nothing on two cores.
            builder = builder.with_intra_threads(description.threads)?.with_intra_op_spinning(false)?.with_inter_op_spinning(false)?;
        }
        builder.commit_from_memory(onnx)
    }
}

struct OrtModel {
    id: String,
    input: String,
    /// Axes the file states; 0 where it leaves one open.
    input_shape: Vec<u64>,
    outputs: Vec<String>,
    session: Session,
}

impl Model for OrtModel {
    fn run(&mut self, input: &Tensor) -> Result<Outputs, ModelError> {
        let fail = |e: ort::Error| ModelError::Run { model: self.id.clone(), reason: first_line(&e) };
        // Checked here, because a backend may do worse than refuse.
        let fits = |(stated, given): (&u64, &usize)| *stated == 0 || *stated == *given as u64;
        if input.shape.len() != self.input_shape.len() || !self.input_shape.iter().zip(&input.shape).all(fits) {
            let reason = format!("it takes {:?}, and the manifest says {:?}", self.input_shape, input.shape);
            return Err(ModelError::Run { model: self.id.clone(), reason });
        }
        let value = TensorRef::from_array_view((input.shape.as_slice(), input.data.as_slice())).map_err(fail)?;
        let results = self.session.run(ort::inputs![self.input.as_str() => value]).map_err(fail)?;
        let mut outputs = Vec::with_capacity(self.outputs.len());
        for name in &self.outputs {
            let result = results.get(name).ok_or_else(|| ModelError::MissingOutput { name: name.clone() })?;
            let (shape, data) = result.try_extract_tensor::<f32>().map_err(fail)?;
            let shape = shape.iter().map(|d| usize::try_from(*d).unwrap_or(0)).collect();
            outputs.push((name.clone(), Tensor { shape, data: data.to_vec() }));
        }
        Ok(Outputs(outputs))
    }
}

/// The backend's words without the pages of context some errors carry.
fn first_line<T>(error: &ort::Error<T>) -> String {
    let text = error.to_string();
    let line = text.lines().map(str::trim).find(|l| !l.is_empty()).unwrap_or("no reason given");
    line.chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read_from_name_or_build_information() {
        let info = "ORT Build Info: git-branch=rel-1.24.1, git-commit-id=1, build type=Release";
        for (path, expected) in [("/x/libonnxruntime.so.1.31.1", "1.31.1"), ("/x/onnxruntime.dll", "1.24.1")] {
            assert_eq!(runtime_version(info, std::path::Path::new(path)), expected);
        }
        assert_eq!(runtime_version("custom", std::path::Path::new("/x/libonnxruntime.so")), "custom");
    }
}
