//! Head pose: the value here; networks and the estimate from landmarks in the files beside.

pub mod fsanet;
pub mod proxy;

/// Head pose in degrees: yaw positive to the subject's left, pitch positive upwards, roll positive towards the subject's right shoulder.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct HeadPose {
    /// Turn of the head.
    pub yaw: f32,
    /// Chin up or down.
    pub pitch: f32,
    /// Tilt towards a shoulder.
    pub roll: f32,
}
