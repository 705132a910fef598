//! Face packages as they go out, in the clear or encrypted, and this machine's signature.

use super::AwareId;
use super::device_key::{DeviceKey, signed_message};
use super::envelope::Sealer;
use super::shared::{FacePackage, Frame, Package, Video, WorkflowData};
use crate::adapters::services::limits;
use crate::adapters::services::wire::Private;
use crate::ports::services::{ServiceError, ServiceFault, ServiceKind};
use crate::units::SensitiveBytes;
use std::collections::BTreeMap;

const KIND: ServiceKind = ServiceKind::AwareId;

fn wrong(message: impl Into<String>) -> ServiceError {
    ServiceError::unsent(KIND, ServiceFault::Misconfigured, message)
}

/// How many frames a liveness workflow takes, by its family.
pub(super) fn frame_counts(workflow: &str) -> &'static [usize] {
    if workflow.starts_with("charlie") || workflow.starts_with("delta") {
        &[1, 3]
    } else if workflow.starts_with("hotel") || workflow.starts_with("foxtrot") {
        &[1]
    } else {
        &[1, 3, 5]
    }
}

impl AwareId {
    /// The configured number of frames, checked, under the configured workflow. Frames are stamped with the wall clock.
    ///
    /// # Errors
    /// `Unfit` when pictures break a limit or their number is not the workflow's.
    pub(super) fn face_package(&self, username: &str, faces: &[SensitiveBytes]) -> Result<FacePackage, ServiceError> {
        let chosen = &faces[..faces.len().min(self.config.frames)];
        limits::frames(KIND, self.config.pictures, frame_counts(&self.config.workflow), chosen)?;
        let now = (self.session.surroundings().utc)().0;
        let frames = chosen.iter().map(|face| Frame { data: Private::base64(&face.0), tags: Vec::new(), timestamp: now.into() }).collect();
        let meta_data = BTreeMap::from([
            ("username".to_owned(), Private::from(username)),
            ("client_version".to_owned(), Private::from(concat!("visavis ", env!("CARGO_PKG_VERSION")))),
        ]);
        let workflow = self.config.workflow.clone();
        Ok(FacePackage {
            video: Video { meta_data, workflow_data: WorkflowData { workflow, rotation: Some(0), security_level: None, frames } },
        })
    }

    /// The package as the configuration wants it sent. The public key is fetched or read once.
    ///
    /// # Errors
    /// As the fetch, and `Misconfigured` when the key or an algorithm is unusable.
    pub(super) fn packed(&mut self, package: FacePackage) -> Result<Package<FacePackage>, ServiceError> {
        if !self.config.envelope.enabled {
            return Ok(Package::Plain(package));
        }
        if self.sealer.is_none() {
            let path = &self.config.envelope.public_key_file;
            let pem = if path.is_empty() {
                self.public_key()?.0
            } else {
                std::fs::read_to_string(path).map_err(|e| wrong(format!("{path} cannot be read: {e}")))?
            };
            self.sealer = Some(Sealer::new(&pem, &self.config.envelope).map_err(wrong)?);
        }
        let plain = self.session.encode(&package)?;
        let sealer = self.sealer.as_ref().ok_or_else(|| wrong("there is no public key"))?;
        sealer.seal(&plain).map(Package::Sealed).map_err(wrong)
    }

    /// This machine's key.
    ///
    /// # Errors
    /// `Misconfigured` when the key store is not open.
    pub(super) fn device_key(&mut self) -> Result<&DeviceKey, ServiceError> {
        if self.device_key.is_none() {
            let secrets = self.session.surroundings().secrets.as_ref().ok_or_else(|| wrong("the key store is not open"))?;
            self.device_key = Some(DeviceKey::open(&self.config.device.curve, secrets).map_err(wrong)?);
        }
        self.device_key.as_ref().ok_or_else(|| wrong("there is no device key"))
    }

    /// The signature that proves this machine in an authentication.
    ///
    /// # Errors
    /// As [`Self::device_key`].
    pub(super) fn device_signature(&mut self, auth_token: &str) -> Result<String, ServiceError> {
        let message = signed_message(&self.config.device, auth_token);
        Ok(self.device_key()?.sign(message.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::frame_counts;

    #[test]
    fn frames_follow_the_family_of_the_workflow() {
        for (workflow, counts) in [("hotel4", &[1][..]), ("foxtrot2", &[1]), ("charlie6", &[1, 3]), ("delta4", &[1, 3])] {
            assert_eq!(frame_counts(workflow), counts, "{workflow}");
        }
    }
}
