//! Barcodes in grey pictures, decoded by `rxing`.
//!
//! `rxing` tries a PDF417 at right angles only and reads it up to 2° askew, so a card is rectified first; what is left of a turn is tried
//! in small steps here. Its default features pin another version of `image` and stay off.

use crate::advice::{Advice, Advised};
use crate::documents::barcode::{Modules, Symbol, Symbology, latin_bytes};
use rxing::pdf417::encoder::PDF417;
use rxing::{BarcodeFormat, DecodeHints, Exceptions, RXingResult, helpers};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Turns that are tried one after the other, in degrees; with a tolerance of 2° each they cover 6° to both sides.
pub const TURNS: [f32; 3] = [0.0, 4.0, -4.0];

/// The longest side that is looked at.
const LONGEST_SIDE: u32 = 8192;
/// The shortest: the smallest symbol (a QR code of version 1) has 21 modules. Strips lower than that hold none, and the decoder needs minutes to
/// see it.
const SHORTEST_SIDE: u32 = 21;

/// Why no symbol came back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BarcodeError {
    /// There is none, or it cannot be read.
    #[error("no barcode could be read in the picture")]
    NotFound,
    /// The buffer is no picture of this size.
    #[error("a grey picture of {width} by {height} does not have {found} bytes")]
    Size {
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
        /// Bytes handed in.
        found: usize,
    },
    /// The decoder gave up in a way it should not.
    #[error("the barcode decoder failed")]
    Decoder,
    /// The text does not fit one symbol.
    #[error("a text of {characters} characters does not fit a PDF417")]
    TooLong {
        /// Characters handed in.
        characters: usize,
    },
}

impl Advised for BarcodeError {
    fn advice(&self) -> Advice {
        match self {
            Self::NotFound => {
                Advice { retry: true, ..Advice::input("DOC-20", "Hold the side with the barcode flat, closer, and without glare on it.") }
            }
            Self::Size { .. } => Advice::input("DOC-21", "Use a picture of at most 8192 pixels on its longer side."),
            Self::Decoder => {
                Advice { retry: true, ..Advice::input("DOC-22", "Capture the barcode again; if it fails again, type the details in.") }
            }
            Self::TooLong { .. } => Advice::input("DOC-60", "Shorten the text to what one symbol holds, about 1100 characters."),
        }
    }
}

/// Looks for one symbol of the given kinds. `grey`: `width * height` values, row by row, 0 black.
///
/// # Errors
/// [`BarcodeError`].
pub fn decode(grey: &[u8], width: u32, height: u32, kinds: &[Symbology], turns: &[f32]) -> Result<Symbol, BarcodeError> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 || pixels != grey.len() as u64 || width.max(height) > LONGEST_SIDE {
        return Err(BarcodeError::Size { width, height, found: grey.len() });
    }
    if width.min(height) < SHORTEST_SIDE {
        return Err(BarcodeError::NotFound);
    }
    let mut error = BarcodeError::NotFound;
    for &turn in turns {
        let picture = if turn == 0.0 { grey.to_vec() } else { turned(grey, width, height, turn) };
        match attempt(picture, width, height, kinds) {
            Ok(mut symbol) => {
                symbol.points.iter_mut().for_each(|p| *p = turn_point(*p, width, height, turn));
                return Ok(symbol);
            }
            Err(BarcodeError::NotFound) => {}
            Err(other) => error = other,
        }
    }
    Err(error)
}

const fn format(kind: Symbology) -> BarcodeFormat {
    match kind {
        Symbology::Pdf417 => BarcodeFormat::PDF_417,
        Symbology::QrCode => BarcodeFormat::QR_CODE,
        Symbology::Aztec => BarcodeFormat::AZTEC,
    }
}

fn attempt(grey: Vec<u8>, width: u32, height: u32, kinds: &[Symbology]) -> Result<Symbol, BarcodeError> {
    let mut hints = DecodeHints { PossibleFormats: Some(kinds.iter().map(|k| format(*k)).collect()), ..DecodeHints::default() };
    // Damaged symbols drive foreign index arithmetic: a panic there is a failed reading, not the end of the program.
    let result: Result<RXingResult, Exceptions> =
        catch_unwind(AssertUnwindSafe(|| helpers::detect_in_luma_filtered_with_hints(grey, width, height, None, &mut hints)))
            .map_err(|_| BarcodeError::Decoder)?;
    let found = result.map_err(|_| BarcodeError::NotFound)?;
    let kind = Symbology::ALL.into_iter().find(|k| format(*k) == *found.getBarcodeFormat()).ok_or(BarcodeError::NotFound)?;
    let text = found.getText();
    // A symbol that names its encoding (UTF-8 in a QR code) gives characters beyond one byte.
    let bytes = latin_bytes(text).unwrap_or_else(|| text.as_bytes().to_vec());
    Ok(Symbol { symbology: kind, bytes, points: found.getPoints().iter().map(|p| (p.x, p.y)).collect() })
}

/// A point of the picture turned by `degrees`, in the picture before turning.
fn turn_point((x, y): (f32, f32), width: u32, height: u32, degrees: f32) -> (f32, f32) {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (cx, cy) = (width as f32 / 2.0, height as f32 / 2.0);
    let (dx, dy) = (x - cx, y - cy);
    (cx + cos * dx - sin * dy, cy + sin * dx + cos * dy)
}

/// Draws a PDF417 as licences carry it: error correction level 5, rows three modules high.
///
/// - `text`: characters of ISO 8859-1.
///
/// # Errors
/// [`BarcodeError::TooLong`], also for characters outside ISO 8859-1.
pub fn encode_pdf417(text: &str) -> Result<Modules, BarcodeError> {
    const LEVEL: u32 = 5;
    const ROW_HEIGHT: usize = 3;
    let too_long = BarcodeError::TooLong { characters: text.chars().count() };
    let drawn = catch_unwind(|| {
        let mut encoder = PDF417::new();
        // Up to 13 columns of data are 286 modules: 75 mm at 0.26 mm a module.
        encoder.setDimensions(13, 10, 90, 3);
        encoder.generateBarcodeLogic(text, LEVEL)?;
        Ok::<_, Exceptions>(encoder.getBarcodeMatrix().as_ref().map(|matrix| matrix.getScaledMatrix(1, ROW_HEIGHT)))
    });
    match drawn {
        Ok(Ok(Some(rows))) if rows.first().is_some_and(|row| !row.is_empty()) => {
            // The encoder numbers rows from the bottom.
            let dark: Vec<bool> = rows.iter().rev().flat_map(|row| row.iter().map(|v| *v == 1)).collect();
            Ok(Modules { columns: rows[0].len(), rows: rows.len(), dark })
        }
        _ => Err(too_long),
    }
}

/// The picture turned about its centre, bilinear, white beyond its edges.
fn turned(grey: &[u8], width: u32, height: u32, degrees: f32) -> Vec<u8> {
    let (w, h) = (width as i64, height as i64);
    let at = |x: i64, y: i64| if (0..w).contains(&x) && (0..h).contains(&y) { f32::from(grey[(y * w + x) as usize]) } else { 255.0 };
    let mut turned = Vec::with_capacity(grey.len());
    for y in 0..height {
        for x in 0..width {
            let (fx, fy) = turn_point((x as f32, y as f32), width, height, degrees);
            let (x0, y0) = (fx.floor(), fy.floor());
            let (ax, ay) = (fx - x0, fy - y0);
            let (x0, y0) = (x0 as i64, y0 as i64);
            let upper = at(x0, y0) * (1.0 - ax) + at(x0 + 1, y0) * ax;
            let lower = at(x0, y0 + 1) * (1.0 - ax) + at(x0 + 1, y0 + 1) * ax;
            turned.push((upper * (1.0 - ay) + lower * ay).round() as u8);
        }
    }
    turned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_without_a_symbol_are_answered() {
        let noise: Vec<u8> = (0_u32..320 * 200).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        assert_eq!(decode(&noise, 320, 200, &Symbology::ALL, &TURNS), Err(BarcodeError::NotFound));
        assert_eq!(decode(&[255; 1], 1, 1, &Symbology::ALL, &[0.0]), Err(BarcodeError::NotFound));
    }

    #[test]
    fn strips_too_narrow_for_a_symbol_are_answered_at_once() {
        // The decoder needs from seconds to minutes for each of these.
        for (width, height) in [(40, 2), (400, 1), (8000, 20), (6, 2000)] {
            let grey = vec![128; (width * height) as usize];
            assert_eq!(decode(&grey, width, height, &Symbology::ALL, &TURNS), Err(BarcodeError::NotFound), "{width}x{height}");
        }
    }

    #[test]
    fn square_symbols_are_read() {
        use rxing::Writer as _;
        let text = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<";
        let matrices = [
            (Symbology::QrCode, rxing::qrcode::QRCodeWriter.encode(text, &BarcodeFormat::QR_CODE, 40, 40)),
            (Symbology::Aztec, rxing::aztec::AztecWriter.encode(text, &BarcodeFormat::AZTEC, 40, 40)),
        ];
        for (kind, matrix) in matrices {
            let matrix = matrix.expect("a short text");
            let (module, quiet) = (4, 24);
            let (width, height) = (matrix.getWidth() * module + 2 * quiet, matrix.getHeight() * module + 2 * quiet);
            let dark = |x: u32, y: u32| {
                let inside = x >= quiet && y >= quiet && x < width - quiet && y < height - quiet;
                inside && matrix.get((x - quiet) / module, (y - quiet) / module)
            };
            let grey: Vec<u8> = (0..width * height).map(|i| if dark(i % width, i / width) { 20 } else { 230 }).collect();
            let symbol = decode(&grey, width, height, &Symbology::ALL, &[0.0]).expect("a clean symbol");
            assert_eq!((symbol.symbology, symbol.bytes.as_slice()), (kind, text.as_bytes()));
        }
    }

    #[test]
    fn what_is_drawn_is_read() {
        let text = "@\n\u{1e}\rANSI 636099100001DL00310040DLDAQXX1234567\nDCSSAMPLE\r";
        let modules = encode_pdf417(text).expect("a short text");
        let (side, quiet) = (2, 8);
        let (width, height) = (modules.columns * side + 2 * quiet, modules.rows * side + 2 * quiet);
        let dark = |x: usize, y: usize| x >= quiet && y >= quiet && modules.is_dark((x - quiet) / side, (y - quiet) / side);
        let grey: Vec<u8> = (0..width * height).map(|i| if dark(i % width, i / width) { 0 } else { 255 }).collect();
        let symbol = decode(&grey, width as u32, height as u32, &[Symbology::Pdf417], &[0.0]).expect("a clean symbol");
        assert_eq!(symbol.bytes, text.as_bytes());
        assert_eq!(encode_pdf417(&"x".repeat(4000)), Err(BarcodeError::TooLong { characters: 4000 }));
        assert_eq!(encode_pdf417(""), Err(BarcodeError::TooLong { characters: 0 }));
    }

    #[test]
    fn buffers_of_another_size_are_refused() {
        for (width, height) in [(0, 0), (u32::MAX, u32::MAX), (100, 1), (110, 2), (0, 110)] {
            let error = BarcodeError::Size { width, height, found: 110 };
            assert_eq!(decode(&[0; 110], width, height, &Symbology::ALL, &[0.0]), Err(error));
        }
    }
}
