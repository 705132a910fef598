//! The pose family `fsanet`: a square crop in; yaw, pitch, roll in degrees out; several networks are averaged.

use super::HeadPose;
use super::proxy::roll_of_eyes;
use crate::biometrics::detection::FaceDetection;
use crate::biometrics::model::sampling::frame_from_square;
use crate::biometrics::model::{Model, ModelError, Tensor};
use crate::biometrics::pack::InputContract;
use crate::imaging::Frame;

/// One network of the ensemble.
struct Member {
    model: Box<dyn Model>,
    contract: InputContract,
    box_scale: f32,
    input: Tensor,
}

/// A loaded pose ensemble.
pub struct FsaNet {
    members: Vec<Member>,
}

impl FsaNet {
    /// An ensemble without members; add at least one.
    #[must_use]
    pub const fn new() -> Self {
        Self { members: Vec::new() }
    }

    /// Adds a loaded network.
    ///
    /// - `box_scale`: side of the crop over the longer side of the face box.
    pub fn add(&mut self, model: Box<dyn Model>, contract: InputContract, box_scale: f32) {
        self.members.push(Member { model, input: contract.tensor(), contract, box_scale });
    }

    /// Measures one face.
    ///
    /// The networks' yaw is positive to the subject's right, so its sign is turned. Their roll is poorer than the line through the
    /// detector's eyes, which is used instead; see the conformance test `vision`.
    ///
    /// # Errors
    /// [`ModelError`] if a network fails, gives another shape, or a value that is not finite.
    pub fn measure(&mut self, frame: &Frame, face: &FaceDetection) -> Result<HeadPose, ModelError> {
        let mut sum = [0.0f32; 3];
        for member in &mut self.members {
            let side = face.bounds.width.max(face.bounds.height) * member.box_scale;
            let map = frame_from_square(face.bounds.centre(), side, 0.0, member.contract.width);
            member.contract.sample(frame, &map, &mut member.input);
            let outputs = member.model.run(&member.input)?;
            let angles = outputs.first()?;
            if angles.data.len() != 3 {
                let found = angles.shape.clone();
                return Err(ModelError::Shape { name: "(first)".to_owned(), found, expected: "three angles" });
            }
            sum.iter_mut().zip(&angles.data).for_each(|(s, a)| *s += a);
        }
        if self.members.is_empty() || sum.iter().any(|v| !v.is_finite()) {
            return Err(ModelError::NotFinite);
        }
        let [yaw, pitch, _] = sum.map(|s| s / self.members.len() as f32);
        Ok(HeadPose { yaw: -yaw, pitch, roll: roll_of_eyes(&face.landmarks) })
    }
}

impl Default for FsaNet {
    fn default() -> Self {
        Self::new()
    }
}
