//! Bytes of the symbol → header and subfiles, with the tolerance that real issuers and scanners need.

use super::{AamvaRefusal, Warning};
use std::fmt;

const LF: u8 = 0x0A;
const CR: u8 = 0x0D;
const RS: u8 = 0x1E;

/// Most bytes a PDF417 can hold; anything longer is no barcode.
const MOST_BYTES: usize = 4096;

/// The header's numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Six digits.
    pub issuer: String,
    /// Version of the standard, 0 to 99.
    pub version: u8,
    /// Version of the jurisdiction; 0 where the version has none.
    pub jurisdiction_version: u8,
}

/// A subfile: its type and its elements in their order.
#[derive(Clone, PartialEq, Eq)]
pub struct Subfile {
    /// `DL`, `ID`, `EN` or `Z` and a letter.
    pub kind: String,
    /// Element id and value as they stand there, padding included.
    pub elements: Vec<(String, String)>,
}

impl Subfile {
    /// The first value of an element.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&str> {
        self.elements.iter().find(|(i, _)| i == id).map(|(_, value)| value.as_str())
    }
}

/// Personal data: says type and number of elements.
impl fmt::Debug for Subfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Subfile({}, {} elements)", self.kind, self.elements.len())
    }
}

/// A payload taken apart.
pub(super) struct Payload {
    pub header: Header,
    pub subfiles: Vec<Subfile>,
    pub warnings: Vec<Warning>,
}

/// A subfile as the header announces it.
struct Designator {
    kind: [u8; 2],
    offset: Option<usize>,
    length: Option<usize>,
}

fn digits(bytes: Option<&[u8]>) -> Option<usize> {
    let bytes = bytes?;
    bytes.iter().all(u8::is_ascii_digit).then(|| bytes.iter().fold(0, |n, b| 10 * n + usize::from(b - b'0')))
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|w| w == wanted)
}

const fn is_type(kind: [u8; 2]) -> bool {
    matches!(&kind, b"DL" | b"ID" | b"EN") || (kind[0] == b'Z' && kind[1].is_ascii_uppercase())
}

fn is_element_id(bytes: &[u8]) -> bool {
    bytes.len() >= 3 && matches!(bytes[0], b'D' | b'Z') && bytes[1..3].iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// Formats that are known and not read.
fn is_other_licence(bytes: &[u8]) -> bool {
    // Text of a magnetic stripe; ISO 18013-2 compact encoding, whose fields are divided by these two bytes.
    let stripe = bytes.first() == Some(&b'%') && bytes.get(1).is_some_and(u8::is_ascii_alphabetic);
    let compact = bytes.iter().filter(|b| **b == 0xD7).count() >= 2 && bytes.contains(&0xF7);
    // South African licences start with these version bytes and are encrypted.
    let south_african = bytes.starts_with(&[0x01, 0x9B, 0x09, 0x45]) || bytes.starts_with(&[0x01, 0xE1, 0x02, 0x45]);
    stripe || compact || south_african
}

/// Where the file type stands, and whether it is `ANSI `.
fn file_type(bytes: &[u8]) -> Option<(usize, bool)> {
    let head = &bytes[..bytes.len().min(24)];
    find(head, b"ANSI ").map(|at| (at, true)).or_else(|| find(head, b"AAMVA").map(|at| (at, false)))
}

pub(super) fn parse(bytes: &[u8]) -> Result<Payload, AamvaRefusal> {
    let bytes = &bytes[..bytes.len().min(MOST_BYTES)];
    let Some((at, is_ansi)) = file_type(bytes) else {
        return Err(if is_other_licence(bytes) { AamvaRefusal::UnsupportedFormat } else { AamvaRefusal::NoHeader });
    };
    let mut warnings = Vec::new();
    if !is_ansi {
        warnings.push(Warning::FileTypeNotAnsi);
    }
    // Offsets count from `@`; without it, from where it would stand.
    let base = bytes[..at].iter().position(|b| *b == b'@').unwrap_or_else(|| at.saturating_sub(4));
    let canonical = bytes.get(base..at) == Some(&[b'@', LF, RS, CR]);
    if !canonical {
        warnings.push(Warning::ControlCharsChanged);
    }
    let two = |from: usize| digits(bytes.get(from..from + 2)).and_then(|n| u8::try_from(n).ok());
    let number = at + 5;
    digits(bytes.get(number..number + 6)).ok_or(AamvaRefusal::NoHeader)?;
    let version = two(number + 6).ok_or(AamvaRefusal::NoHeader)?;
    let mut next = number + 8;
    let jurisdiction_version = if version < 2 {
        0
    } else {
        next += 2;
        two(next - 2).ok_or(AamvaRefusal::NoHeader)?
    };
    let entries = two(next).ok_or(AamvaRefusal::NoHeader)?;
    next += 2;
    let header = Header { issuer: String::from_utf8_lossy(&bytes[number..number + 6]).into_owned(), version, jurisdiction_version };
    let (designators, body) = designators(bytes, next, entries);
    if designators.len() != usize::from(entries) {
        warnings.push(Warning::EntryCountWrong);
    }
    let file = File { bytes, base, body, canonical };
    let subfiles = file.subfiles(&designators, &mut warnings)?;
    Ok(Payload { header, subfiles, warnings })
}

/// The designators from `next` on, and where the body starts.
fn designators(bytes: &[u8], mut next: usize, entries: u8) -> (Vec<Designator>, usize) {
    let mut found = Vec::new();
    for _ in 0..entries {
        let Some(entry) = bytes.get(next..next + 10) else { break };
        let kind = [entry[0], entry[1]];
        let (offset, length) = (digits(entry.get(2..6)), digits(entry.get(6..10)));
        // Letters in the offset field are met; the start of the body looks different.
        let broken = offset.is_none() && (is_element_id(&entry[2..]) || length.is_none());
        if !is_type(kind) || broken {
            break;
        }
        found.push(Designator { kind, offset, length });
        next += 10;
    }
    (found, next)
}

/// How far from its stated place a subfile is looked for first.
const NEAR: usize = 6;

struct File<'a> {
    bytes: &'a [u8],
    /// Offsets count from here.
    base: usize,
    /// The first byte after the header.
    body: usize,
    /// Separators are those of the standard.
    canonical: bool,
}

impl File<'_> {
    fn is_at(&self, start: usize, kind: [u8; 2]) -> bool {
        start >= self.body && self.bytes.get(start..start + 2) == Some(&kind)
    }

    /// Where a subfile of this type starts: near the stated place, at the start of a segment, or anywhere in front of an element.
    fn search(&self, stated: Option<usize>, kind: [u8; 2], from: usize) -> Option<usize> {
        let near = stated.and_then(|stated| {
            let start_near = |start: usize| {
                self.is_at(start, kind) && (start == self.body || self.bytes[start - 1] == CR || is_element_id(&self.bytes[start + 2..]))
            };
            (0..=NEAR).flat_map(|d| [stated.checked_sub(d), Some(stated + d)]).flatten().find(|s| start_near(*s))
        });
        let segment = || {
            let starts = (from..self.bytes.len()).filter(|s| *s == self.body || matches!(self.bytes[s - 1], CR | LF));
            starts.into_iter().find(|s| self.is_at(*s, kind))
        };
        let anywhere = || (from..self.bytes.len().saturating_sub(4)).find(|s| self.is_at(*s, kind) && is_element_id(&self.bytes[s + 2..]));
        near.or_else(segment).or_else(anywhere)
    }

    fn subfiles(&self, designators: &[Designator], warnings: &mut Vec<Warning>) -> Result<Vec<Subfile>, AamvaRefusal> {
        let mut starts: Vec<(usize, &Designator, usize)> = Vec::new();
        let mut from = self.body;
        for designator in designators {
            let stated = designator.offset.map(|o| o + self.base);
            let start = match stated.filter(|s| self.is_at(*s, designator.kind)) {
                Some(start) => Some((start, start + 2)),
                None => {
                    warnings.push(Warning::OffsetWrong);
                    let bare = || (starts.is_empty() && is_element_id(&self.bytes[self.body..])).then_some((self.body, self.body));
                    self.search(stated, designator.kind, from).map(|s| (s, s + 2)).or_else(bare)
                }
            };
            let Some((start, content)) = start else { continue };
            from = start + 2;
            starts.push((start, designator, content));
        }
        if designators.is_empty() {
            // No usable designator: the first licence subfile after the header.
            warnings.push(Warning::OffsetWrong);
            let kinds = [*b"DL", *b"ID", *b"EN"];
            let first = kinds.into_iter().filter_map(|k| self.search(None, k, self.body).map(|s| (s, k))).min();
            let (start, kind) = first.ok_or(AamvaRefusal::NoHeader)?;
            let subfile = Subfile { kind: text(&kind), elements: self.elements(start + 2, self.end(start, None), warnings) };
            return Ok(vec![subfile]);
        }
        let mut subfiles = Vec::new();
        for (i, (start, designator, content)) in starts.iter().enumerate() {
            let next = starts.iter().map(|(s, ..)| *s).filter(|s| s > start).min();
            let end = self.end(*start, next);
            if self.canonical
                && let Some(length) = designator.length
            {
                let stated_end = designator.offset.map_or(0, |o| o + self.base) + length;
                // The closing CR belongs to the length.
                let closed = end < self.bytes.len() && self.bytes[end] == CR;
                let real_end = end + usize::from(closed);
                if !closed && i + 1 == starts.len() && start + length > self.bytes.len() + 1 && stated_end > self.bytes.len() + 1 {
                    return Err(AamvaRefusal::Truncated);
                }
                if start + length != real_end && stated_end != real_end {
                    warnings.push(Warning::LengthWrong);
                }
            }
            subfiles.push(Subfile { kind: text(&designator.kind), elements: self.elements(*content, end, warnings) });
        }
        Ok(subfiles)
    }

    /// One past the last byte of a subfile, without its closing CR.
    fn end(&self, start: usize, next: Option<usize>) -> usize {
        let limit = next.unwrap_or(self.bytes.len());
        if !self.canonical {
            return limit;
        }
        self.bytes[start..limit].iter().position(|b| *b == CR).map_or(limit, |p| start + p)
    }

    fn elements(&self, from: usize, to: usize, warnings: &mut Vec<Warning>) -> Vec<(String, String)> {
        let mut elements: Vec<(String, String)> = Vec::new();
        for line in self.bytes.get(from..to).unwrap_or_default().split(|b| matches!(*b, LF | CR)) {
            // Stray letters at the end, and what is no element at all, are left out.
            let Some((id, value)) = line.split_at_checked(3) else { continue };
            if !id.iter().all(u8::is_ascii_alphanumeric) {
                continue;
            }
            let id = text(id);
            if elements.iter().any(|(known, _)| *known == id) {
                warnings.push(Warning::DuplicateElement);
                continue;
            }
            elements.push((id, text(value)));
        }
        elements
    }
}

/// Bytes are ISO 8859-1; control characters of reader or issuer are dropped.
fn text(bytes: &[u8]) -> String {
    bytes.iter().map(|b| char::from(*b)).filter(|c| !c.is_control()).collect()
}
