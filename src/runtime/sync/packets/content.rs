//! What is inside sealed packets, receipts and manifests.
//!
//! A packet is its opening line, `u32 length | JSON`, then the pictures the JSON names sizes of, in its order. Receipts and manifests are
//! an opening line and `u32 length | JSON`.

use crate::adapters::sealed::SealedError;
use crate::adapters::sealed::sized::{Read, Write, read_bytes};
use crate::ports::gallery::SubjectId;
use crate::ports::outbox::{DeliveryState, Operation, Parcel};
use crate::ports::services::{Delivery, Receipt, ServiceError, ServiceKind};
use crate::units::{SensitiveBytes, SensitiveText};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

const PACKET: &[u8] = b"visavis.sync-packet/1\n";
const RECEIPT: &[u8] = b"visavis.sync-receipt/1\n";
const MANIFEST: &[u8] = b"visavis.sync-manifest/1\n";
const LONGEST_TEXT: usize = 64 << 20;
const LONGEST_PICTURE: usize = 64 << 20;
const MOST_PICTURES: usize = 64;
/// What damage is said to be in.
const PART: &str = "its content";

/// A packet, opened.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Packet {
    pub parcel: Parcel,
    /// Whether it comes from a practice gallery.
    pub practice: bool,
    /// Key the receipt is sealed for.
    pub reply_to: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PacketText {
    key: Uuid,
    service: ServiceKind,
    operation: Operation,
    number: u64,
    after: Option<Uuid>,
    practice: bool,
    reply_to: String,
    subject: SubjectId,
    registration_code: String,
    remote_reference: Option<String>,
    details: Vec<(String, String)>,
    /// Sizes in bytes.
    faces: Vec<usize>,
    document: Vec<usize>,
}

impl Drop for PacketText {
    fn drop(&mut self) {
        use zeroize::Zeroize as _;
        self.details.iter_mut().for_each(|(_, value)| value.zeroize());
    }
}

/// How a packet's delivery ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReceiptText {
    pub key: Uuid,
    pub state: DeliveryState,
    pub receipt: Option<Receipt>,
    pub fault: Option<ServiceError>,
    /// When it ended, milliseconds since 1970.
    pub ended_at: i64,
}

/// The packets of one folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ManifestText {
    pub packets: Vec<ManifestEntry>,
}

/// One packet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ManifestEntry {
    pub file: String,
    pub key: Uuid,
    pub bytes: u64,
    /// Of the sealed file, lower-case hexadecimal.
    pub sha256: String,
}

pub(super) fn write_packet(packet: &Packet, write: &mut Write<'_>) -> Result<(), SealedError> {
    let Parcel { service, operation, number, after, delivery } = &packet.parcel;
    let sizes = |pictures: &[SensitiveBytes]| pictures.iter().map(|picture| picture.0.len()).collect();
    let text = PacketText {
        key: delivery.key,
        service: *service,
        operation: *operation,
        number: *number,
        after: *after,
        practice: packet.practice,
        reply_to: packet.reply_to.clone(),
        subject: delivery.subject,
        registration_code: delivery.registration_code.clone(),
        remote_reference: delivery.remote_reference.clone(),
        details: delivery.details.iter().map(|(name, value)| (name.clone(), value.0.clone())).collect(),
        faces: sizes(&delivery.faces),
        document: sizes(&delivery.document),
    };
    write_text(PACKET, &text, write)?;
    delivery.faces.iter().chain(&delivery.document).try_for_each(|picture| write(&picture.0))
}

pub(super) fn read_packet(read: &mut Read<'_>) -> Result<Packet, SealedError> {
    let mut text: PacketText = read_text(PACKET, read)?;
    if text.faces.len() + text.document.len() > MOST_PICTURES {
        return Err(broken());
    }
    let mut pictures =
        |sizes: &[usize]| sizes.iter().map(|size| read_bytes(read, *size, LONGEST_PICTURE, PART)).collect::<Result<Vec<_>, _>>();
    let faces = pictures(&text.faces)?;
    let document = pictures(&text.document)?;
    let delivery = Delivery {
        key: text.key,
        subject: text.subject,
        registration_code: std::mem::take(&mut text.registration_code),
        remote_reference: text.remote_reference.take(),
        details: std::mem::take(&mut text.details).into_iter().map(|(name, value)| (name, SensitiveText(value))).collect(),
        faces,
        document,
        // Evidence stays where it was taken.
        evidence: Vec::new(),
    };
    let parcel = Parcel { service: text.service, operation: text.operation, number: text.number, after: text.after, delivery };
    Ok(Packet { parcel, practice: text.practice, reply_to: std::mem::take(&mut text.reply_to) })
}

pub(super) fn write_receipt(receipt: &ReceiptText, write: &mut Write<'_>) -> Result<(), SealedError> {
    write_text(RECEIPT, receipt, write)
}

pub(super) fn read_receipt(read: &mut Read<'_>) -> Result<ReceiptText, SealedError> {
    read_text(RECEIPT, read)
}

pub(super) fn write_manifest(manifest: &ManifestText, write: &mut Write<'_>) -> Result<(), SealedError> {
    write_text(MANIFEST, manifest, write)
}

pub(super) fn read_manifest(read: &mut Read<'_>) -> Result<ManifestText, SealedError> {
    read_text(MANIFEST, read)
}

fn write_text(opening: &[u8], value: &impl Serialize, write: &mut Write<'_>) -> Result<(), SealedError> {
    let text = Zeroizing::new(serde_json::to_vec(value).expect("text, lists and numbers always have a JSON form"));
    let length = u32::try_from(text.len())
        .ok()
        .filter(|length| *length as usize <= LONGEST_TEXT)
        .ok_or_else(|| SealedError::Unsupported { reason: "it would hold too much".into() })?;
    write(opening)?;
    write(&length.to_be_bytes())?;
    write(&text)
}

fn read_text<T: DeserializeOwned>(opening: &[u8], read: &mut Read<'_>) -> Result<T, SealedError> {
    let found = read_bytes(read, opening.len(), opening.len(), PART)?;
    if found.0 != opening {
        return Err(SealedError::Unsupported { reason: "its content has another version".into() });
    }
    let mut length = [0; 4];
    read(&mut length)?;
    let text = read_bytes(read, u32::from_be_bytes(length) as usize, LONGEST_TEXT, PART)?;
    serde_json::from_slice(&text.0).map_err(|_| broken())
}

const fn broken() -> SealedError {
    SealedError::Damaged { what: PART }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet() -> Packet {
        let delivery = Delivery {
            key: Uuid::from_u128(1),
            subject: SubjectId(Uuid::from_u128(2)),
            registration_code: "CODE0001".into(),
            remote_reference: Some("r-1".into()),
            details: vec![("full_name".into(), SensitiveText("Ada \"Größe\"".into()))],
            faces: vec![SensitiveBytes(vec![7; 100_000]), SensitiveBytes(Vec::new())],
            document: vec![SensitiveBytes(vec![9; 3])],
            evidence: Vec::new(),
        };
        let parcel =
            Parcel { service: ServiceKind::Baf, operation: Operation::Enrol, number: 7, after: Some(Uuid::from_u128(3)), delivery };
        Packet { parcel, practice: false, reply_to: "key".into() }
    }

    fn read_from(bytes: &[u8]) -> Result<Packet, SealedError> {
        let mut rest = bytes;
        read_packet(&mut |buffer| {
            let (now, later) = rest.split_at_checked(buffer.len()).ok_or(broken())?;
            buffer.copy_from_slice(now);
            rest = later;
            Ok(())
        })
    }

    #[test]
    fn packets_come_back_whole_and_any_cut_is_seen() {
        let mut bytes = Vec::new();
        let write = &mut |part: &[u8]| {
            bytes.extend_from_slice(part);
            Ok(())
        };
        write_packet(&packet(), write).unwrap();
        assert_eq!(read_from(&bytes).unwrap(), packet());
        for cut in [0, 5, 21, 25, 40, bytes.len() - 1] {
            assert!(read_from(&bytes[..cut]).is_err(), "cut at {cut}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_an_answer(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
            let _ = read_from(&[PACKET, &bytes].concat());
        }
    }
}
