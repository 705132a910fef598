//! Builds a pipeline out of a loaded pack, one network per role.

use super::FacePipeline;
use crate::advice::{Advice, Advised};
use crate::biometrics::detection::yunet::Yunet;
use crate::biometrics::landmarks::facemesh::FaceMesh;
use crate::biometrics::model::Model;
use crate::biometrics::pack::{Family, LoadedModel, LoadedPack, Role};
use crate::biometrics::pad::passive::{DEFAULT_LIMIT, PassivePad};
use crate::biometrics::pose::fsanet::FsaNet;
use crate::biometrics::recogniser::Recogniser;
use crate::biometrics::template::TemplateFormat;

/// Why a pipeline could not be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AssemblyError<E: std::error::Error> {
    /// The pack has no detector.
    #[error("the model pack {pack} has no model for the role {role}")]
    RoleMissing {
        /// The pack.
        pack: String,
        /// The role.
        role: Role,
    },
    /// A network could not be loaded.
    #[error(transparent)]
    Load(E),
}

impl<E: Advised> Advised for AssemblyError<E> {
    fn advice(&self) -> Advice {
        match self {
            Self::RoleMissing { .. } => Advice::environment("MOD-08", "Use a pack with a model for this role; see `visavis models list`."),
            Self::Load(e) => e.advice(),
        }
    }
}

impl FacePipeline {
    /// Loads every network of the pack that the pipeline runs.
    ///
    /// - `load`: turns a model's identifier and bytes into a network, for instance
    ///   `|id, onnx| inference.load(id, onnx)` over the inference port.
    ///
    /// # Errors
    /// [`AssemblyError::RoleMissing`] without a detector; [`AssemblyError::Load`] with the loader's own error.
    pub fn load<E: std::error::Error>(
        pack: &LoadedPack,
        mut load: impl FnMut(&str, &[u8]) -> Result<Box<dyn Model>, E>,
    ) -> Result<Self, AssemblyError<E>> {
        let mut detector = None;
        let mut landmarks = None;
        let mut pose: Option<FsaNet> = None;
        let mut recogniser = None;
        let mut pad: Option<PassivePad> = None;
        let mut calibration = None;
        let mut aligned_by_mesh = false;
        for LoadedModel { spec, onnx, calibration: scores, .. } in &pack.models {
            let mut network = || load(&spec.id, onnx).map_err(AssemblyError::Load);
            match &spec.family {
                Family::Yunet { strides, second_look_below } => {
                    detector = Some(Yunet::new(network()?, spec.input, strides.clone()).with_second_look_below(*second_look_below));
                }
                Family::Facemesh468 { box_scale } => landmarks = Some(FaceMesh::new(network()?, spec.input, *box_scale)),
                Family::Fsanet { box_scale } => pose.get_or_insert_default().add(network()?, spec.input, *box_scale),
                Family::Aligned112 { crop, dimensions, flip_average, aligned_by_mesh: by_mesh } => {
                    let format = TemplateFormat { recogniser: spec.tag().into(), dimensions: *dimensions };
                    recogniser = Some(Recogniser::new(network()?, spec.input, *crop, *flip_average, format));
                    calibration.clone_from(scores);
                    aligned_by_mesh = *by_mesh;
                }
                Family::Minifasnet { crop_scale, bona_fide_class } => {
                    let layer = pad.get_or_insert_with(|| PassivePad::new(spec.limit.unwrap_or(DEFAULT_LIMIT)));
                    layer.add(&spec.tag(), network()?, spec.input, *crop_scale, *bona_fide_class);
                }
                // Read by documents, not by the face pipeline.
                Family::MrzCtc | Family::Other(_) => {}
            }
        }
        let detector = detector.ok_or(AssemblyError::RoleMissing { pack: pack.title(), role: Role::Detector })?;
        Ok(Self { title: pack.title(), detector, landmarks, pose, recogniser, aligned_by_mesh, pad, calibration })
    }
}
