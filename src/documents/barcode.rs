//! What the payload of a barcode is: a licence, a zone, a seal, or nothing of a document.

use super::aamva::{self, AamvaReading, AamvaRefusal};
use super::mrz::{self, Line, Reading};
use std::fmt;
use time::Date;

/// Kinds of symbol that documents carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Symbology {
    /// PDF417.
    Pdf417,
    /// QR code.
    QrCode,
    /// Aztec code.
    Aztec,
}

impl Symbology {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Pdf417, Self::QrCode, Self::Aztec];

    /// Its usual name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pdf417 => "PDF417",
            Self::QrCode => "QR code",
            Self::Aztec => "Aztec code",
        }
    }
}

/// A decoded symbol.
#[derive(Clone, PartialEq)]
pub struct Symbol {
    /// Kind of symbol.
    pub symbology: Symbology,
    /// The payload's bytes.
    pub bytes: Vec<u8>,
    /// Points of the symbol in picture coordinates (pixels from the top left), as the decoder gives them; may be empty.
    pub points: Vec<(f32, f32)>,
}

/// The payload is personal: says kind and length only.
impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Symbol({}, {} bytes)", self.symbology.name(), self.bytes.len())
    }
}

/// The modules of a symbol, without its quiet zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Modules {
    /// Modules across.
    pub columns: usize,
    /// Modules down; a row of a PDF417 is several modules high.
    pub rows: usize,
    /// `columns * rows` values, row by row.
    pub dark: Vec<bool>,
}

impl Modules {
    /// Whether a module is dark; one outside the symbol is not.
    #[must_use]
    pub fn is_dark(&self, column: usize, row: usize) -> bool {
        column < self.columns && self.dark.get(row * self.columns + column).copied().unwrap_or(false)
    }
}

/// What a payload is.
#[derive(Debug, Clone, PartialEq)]
pub enum Payload {
    /// A licence or identity card of the AAMVA standard; it may still be refused.
    Licence(Box<AamvaReading>),
    /// The lines of a machine-readable zone.
    Zone(Box<Reading>),
    /// A visible digital seal of Doc 9303-13; its signature is not verified here.
    DigitalSeal,
    /// A licence in a format that is not read.
    UnsupportedLicence,
    /// A web address.
    WebAddress,
    /// Text of no document.
    OtherText,
    /// Bytes of no document.
    OtherBytes,
}

impl Payload {
    /// Whether it says anything about a holder that can be compared.
    #[must_use]
    pub const fn is_document(&self) -> bool {
        matches!(self, Self::Licence(_) | Self::Zone(_))
    }
}

/// The first byte of a visible digital seal.
const SEAL: u8 = 0xDC;

/// Says what the bytes are. `today` decides centuries in a zone.
#[must_use]
pub fn classify(bytes: &[u8], today: Date) -> Payload {
    let reading = aamva::read(bytes);
    match reading.refusal {
        Some(AamvaRefusal::UnsupportedFormat) => return Payload::UnsupportedLicence,
        Some(AamvaRefusal::NoHeader) => {}
        _ => return Payload::Licence(Box::new(reading)),
    }
    if bytes.first() == Some(&SEAL) {
        return Payload::DigitalSeal;
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) => text,
        _ => return Payload::OtherBytes,
    };
    let lines: Vec<Line> = text.lines().filter(|l| !l.trim().is_empty()).map(|l| Line::new(l.trim())).collect();
    if (1..=3).contains(&lines.len())
        && let Ok(located) = mrz::locate::locate(&lines, today)
    {
        return Payload::Zone(Box::new(located.reading));
    }
    let lower = text.trim_start().get(..8).unwrap_or(text).to_ascii_lowercase();
    if lower.starts_with("http://") || lower.starts_with("https://") { Payload::WebAddress } else { Payload::OtherText }
}

/// The bytes behind text that a decoder made of them as ISO 8859-1 or Windows-1252, which it treats alike; `None` if a character is in
/// neither, so that the text was made otherwise.
#[must_use]
pub fn latin_bytes(text: &str) -> Option<Vec<u8>> {
    /// Windows-1252 from 0x80 on; places it leaves empty stand for themselves.
    const WINDOWS_1252: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}', '\u{90}', '‘', '’', '“', '”', '•',
        '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
    ];
    let byte = |c: char| {
        let extended = WINDOWS_1252.iter().position(|w| *w == c).and_then(|i| u8::try_from(0x80 + i).ok());
        extended.or_else(|| u8::try_from(u32::from(c)).ok())
    };
    text.chars().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    const TODAY: Date = date!(2026 - 01 - 01);

    #[test]
    fn payloads_are_told_apart() {
        let of = |bytes: &[u8]| classify(bytes, TODAY);
        assert_eq!(of(b""), Payload::OtherText);
        assert_eq!(of(b"https://example.org/id"), Payload::WebAddress);
        assert_eq!(of(b"THIS IS NOT A LICENCE"), Payload::OtherText);
        assert_eq!(of(&[0xDC, 3, 0]), Payload::DigitalSeal);
        assert_eq!(of(&[0xFF, 0, 1]), Payload::OtherBytes);
        assert_eq!(of(b"%WASAMPLE$JO^"), Payload::UnsupportedLicence);
        let zone = of(b"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\r\nL898902C36UTO7408122F1204159ZE184226B<<<<<10");
        assert!(matches!(&zone, Payload::Zone(reading) if reading.mrz.is_right()), "{zone:?}");
        assert!(zone.is_document());
        let licence = of(b"@\n\x1e\rANSI 636045090001DL00310020DLDAQ1\r");
        assert!(matches!(&licence, Payload::Licence(reading) if reading.refusal == Some(AamvaRefusal::MandatoryMissing)), "{licence:?}");
    }

    #[test]
    fn every_byte_survives_the_text_of_a_decoder() {
        let windows = "\u{1e}é€Ÿ\u{81}ÿ";
        assert_eq!(latin_bytes(windows), Some(vec![0x1e, 0xE9, 0x80, 0x9F, 0x81, 0xFF]));
        assert_eq!(latin_bytes("Ж"), None);
    }
}
