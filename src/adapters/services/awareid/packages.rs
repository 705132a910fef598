//! Face packages as they go out, in the clear or encrypted, and this machine's signature.

use super::AwareId;
use super::device_key::{DeviceKey, signed_message};
use super::envelope::Sealer;
use super::shared::{FacePackage, Frame, Package, Video, WorkflowData};
use crate::adapters::services::limits;
use crate::adapters::services::wire::Private;
use crate::ports::services::{EvidencePicture, ServiceError, ServiceFault, ServiceKind};
use crate::units::{SensitiveBytes, UtcTime};
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

/// So many pictures of the challenge in which the face is most neutral, in the order in which they were taken; `None` where there are fewer.
/// A turned or speaking face is none that a passive check is made for.
fn most_neutral(evidence: &[EvidencePicture], count: usize) -> Option<Vec<(SensitiveBytes, UtcTime)>> {
    let mut measured: Vec<&EvidencePicture> = evidence.iter().filter(|p| p.expression.is_some()).collect();
    measured.sort_by_key(|p| std::cmp::Reverse(p.expression.map(|e| e.neutral)));
    measured.truncate(count);
    measured.sort_by_key(|p| p.taken_at);
    (count > 0 && measured.len() == count).then(|| measured.into_iter().map(|p| (p.jpeg.clone(), p.taken_at)).collect())
}

impl AwareId {
    /// The configured number of frames, checked, under the configured workflow: of the challenge with the times at which they were taken,
    /// where the configuration wants them and there are enough, else faces stamped with the wall clock.
    ///
    /// # Errors
    /// `Unfit` when pictures break a limit or their number is not the workflow's.
    pub(super) fn face_package(
        &self,
        username: &str,
        faces: &[SensitiveBytes],
        evidence: &[EvidencePicture],
    ) -> Result<FacePackage, ServiceError> {
        let now = (self.session.surroundings().utc)();
        let stamped = most_neutral(evidence, self.config.frames).filter(|_| self.config.frames_from == "challenge");
        let stamped = stamped.unwrap_or_else(|| faces.iter().take(self.config.frames).map(|face| (face.clone(), now)).collect());
        let (chosen, times): (Vec<SensitiveBytes>, Vec<UtcTime>) = stamped.into_iter().unzip();
        limits::frames(KIND, self.config.pictures, frame_counts(&self.config.workflow), &chosen)?;
        let frame =
            |(face, at): (&SensitiveBytes, UtcTime)| Frame { data: Private::base64(&face.0), tags: Vec::new(), timestamp: at.0.into() };
        let frames = chosen.iter().zip(times).map(frame).collect();
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
    use super::*;
    use crate::ports::services::Expression;

    #[test]
    fn the_most_neutral_pictures_go_out_in_their_order() {
        let picture = |at: i64, neutral: Option<u8>| EvidencePicture {
            taken_at: UtcTime(at),
            expression: neutral.map(|neutral| Expression { neutral, smile: 0 }),
            jpeg: SensitiveBytes(vec![at as u8]),
        };
        let evidence = [picture(1, Some(40)), picture(2, Some(95)), picture(3, None), picture(4, Some(90)), picture(5, Some(96))];
        let times = |count| most_neutral(&evidence, count).map(|chosen| chosen.iter().map(|(_, at)| at.0).collect::<Vec<_>>());
        assert_eq!(times(1), Some(vec![5]));
        assert_eq!(times(3), Some(vec![2, 4, 5]));
        assert_eq!((times(5), times(0)), (None, None), "the selfie goes out instead");
    }

    #[test]
    fn frames_follow_the_family_of_the_workflow() {
        for (workflow, counts) in [("hotel4", &[1][..]), ("foxtrot2", &[1]), ("charlie6", &[1, 3]), ("delta4", &[1, 3])] {
            assert_eq!(frame_counts(workflow), counts, "{workflow}");
        }
    }
}
