//! People as bytes inside a sealed gallery export.
//!
//! The opening line, then for each person `u32 length | JSON | templates | pictures`, then a zero length. The JSON names sizes; templates
//! are little-endian f32 values, pictures their encoded bytes, both in the order of the JSON.

use crate::adapters::sealed::SealedError;
use crate::adapters::sealed::sized::{Read, Write, read_bytes};
use crate::biometrics::template::{Template, TemplateFormat};
use crate::ports::camera::Origin;
use crate::ports::gallery::{NewPicture, PadRecord, PictureKind, PortableRecord, PortableSubject, PortableTemplate, RecordId, SubjectId};
use crate::units::{SensitiveText, UtcTime};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// First bytes of the content.
pub(super) const OPENING: &[u8] = b"visavis.gallery-export/1\n";
/// Marks the end of the people.
pub(super) const END: [u8; 4] = [0; 4];
/// Most bytes of one person's JSON, and of one picture.
const LONGEST_TEXT: usize = 4 << 20;
const LONGEST_PICTURE: usize = 64 << 20;
const MOST_DIMENSIONS: usize = 1 << 16;
/// What damage is said to be in.
const PART: &str = "a person in it";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    subject: SubjectId,
    details: Vec<(String, String)>,
    held: bool,
    updated_at: i64,
    galleries: Vec<String>,
    records: Vec<Record>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    record: RecordId,
    registration_code: String,
    flow: String,
    enrolled_at: i64,
    origin: Origin,
    pad: PadRecord,
    active: bool,
    templates: Vec<TemplateEntry>,
    pictures: Vec<PictureEntry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TemplateEntry {
    recogniser: String,
    dimensions: usize,
    capture_score: f32,
    created_at: i64,
    retired_at: Option<i64>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PictureEntry {
    kind: PictureKind,
    bytes: usize,
}

impl Drop for Person {
    fn drop(&mut self) {
        use zeroize::Zeroize as _;
        self.details.iter_mut().for_each(|(_, value)| value.zeroize());
    }
}

/// Writes one person.
pub(super) fn encode(person: &PortableSubject, write: &mut Write<'_>) -> Result<(), SealedError> {
    let text = Zeroizing::new(serde_json::to_vec(&describe(person)).expect("text, lists and numbers always have a JSON form"));
    let length = u32::try_from(text.len())
        .ok()
        .filter(|length| *length as usize <= LONGEST_TEXT)
        .ok_or_else(|| SealedError::Unsupported { reason: "one person's history is too long for an export".into() })?;
    write(&length.to_be_bytes())?;
    write(&text)?;
    for record in &person.records {
        for template in &record.templates {
            let values = template.template.values().iter().flat_map(|value| value.to_le_bytes());
            write(&Zeroizing::new(values.collect::<Vec<u8>>()))?;
        }
        for picture in &record.pictures {
            write(&picture.encoded.0)?;
        }
    }
    Ok(())
}

fn describe(person: &PortableSubject) -> Person {
    let record = |record: &PortableRecord| Record {
        record: record.record,
        registration_code: record.registration_code.clone(),
        flow: record.flow.clone(),
        enrolled_at: record.enrolled_at.0,
        origin: record.origin,
        pad: record.pad.clone(),
        active: record.active,
        templates: record.templates.iter().map(describe_template).collect(),
        pictures: record.pictures.iter().map(|p| PictureEntry { kind: p.kind, bytes: p.encoded.0.len() }).collect(),
    };
    Person {
        subject: person.subject,
        details: person.details.iter().map(|(name, value)| (name.clone(), value.0.clone())).collect(),
        held: person.held,
        updated_at: person.updated_at.0,
        galleries: person.galleries.clone(),
        records: person.records.iter().map(record).collect(),
    }
}

fn describe_template(template: &PortableTemplate) -> TemplateEntry {
    TemplateEntry {
        recogniser: template.template.format().recogniser.to_string(),
        dimensions: template.template.format().dimensions,
        capture_score: template.capture_score,
        created_at: template.created_at.0,
        retired_at: template.retired_at.map(|at| at.0),
    }
}

/// Checks the opening line.
pub(super) fn read_opening(read: &mut Read<'_>) -> Result<(), SealedError> {
    let mut opening = [0; OPENING.len()];
    read(&mut opening)?;
    if opening == OPENING { Ok(()) } else { Err(SealedError::Unsupported { reason: "its content has another version".into() }) }
}

/// Reads one person; `None` at the end.
pub(super) fn decode(read: &mut Read<'_>) -> Result<Option<PortableSubject>, SealedError> {
    let mut length = [0; 4];
    read(&mut length)?;
    let length = u32::from_be_bytes(length) as usize;
    if length == 0 {
        return Ok(None);
    }
    let text = read_bytes(read, length, LONGEST_TEXT, PART)?;
    let mut person: Person = serde_json::from_slice(&text.0).map_err(|_| broken())?;
    let records = std::mem::take(&mut person.records).into_iter().map(|record| read_record(record, read));
    Ok(Some(PortableSubject {
        subject: person.subject,
        held: person.held,
        updated_at: UtcTime(person.updated_at),
        galleries: std::mem::take(&mut person.galleries),
        records: records.collect::<Result<_, _>>()?,
        details: std::mem::take(&mut person.details).into_iter().map(|(name, value)| (name, SensitiveText(value))).collect(),
    }))
}

fn read_record(record: Record, read: &mut Read<'_>) -> Result<PortableRecord, SealedError> {
    let templates = record.templates.into_iter().map(|entry| read_template(entry, read)).collect::<Result<_, _>>()?;
    let picture =
        |entry: PictureEntry| read_bytes(read, entry.bytes, LONGEST_PICTURE, PART).map(|encoded| NewPicture { kind: entry.kind, encoded });
    Ok(PortableRecord {
        record: record.record,
        registration_code: record.registration_code,
        flow: record.flow,
        enrolled_at: UtcTime(record.enrolled_at),
        origin: record.origin,
        pad: record.pad,
        active: record.active,
        templates,
        pictures: record.pictures.into_iter().map(picture).collect::<Result<_, _>>()?,
    })
}

fn read_template(entry: TemplateEntry, read: &mut Read<'_>) -> Result<PortableTemplate, SealedError> {
    if entry.dimensions > MOST_DIMENSIONS || !entry.capture_score.is_finite() {
        return Err(broken());
    }
    let bytes = read_bytes(read, entry.dimensions * 4, MOST_DIMENSIONS * 4, PART)?;
    let values = bytes.0.as_chunks::<4>().0.iter().map(|word| f32::from_le_bytes(*word)).collect();
    let format = TemplateFormat { recogniser: entry.recogniser.into(), dimensions: entry.dimensions };
    Ok(PortableTemplate {
        template: Template::new(format, values).map_err(|_| broken())?,
        capture_score: entry.capture_score,
        created_at: UtcTime(entry.created_at),
        retired_at: entry.retired_at.map(UtcTime),
    })
}

const fn broken() -> SealedError {
    SealedError::Damaged { what: PART }
}
