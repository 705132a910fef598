//! JPEG pictures one behind the other, with or without other bytes between them (multipart headers).

use super::{Reel, Shown, words};
use crate::imaging::pixels;
use std::fs::File;
use std::io::{BufReader, Read, Seek as _};
use std::path::Path;

/// Longest picture accepted, bytes.
const LONGEST: usize = 16_000_000;

/// A stream of JPEG pictures.
pub(super) struct MotionJpeg {
    reader: BufReader<File>,
}

impl MotionJpeg {
    pub(super) fn open(path: &Path) -> Result<Self, String> {
        Ok(Self { reader: BufReader::new(File::open(path).map_err(|e| words(&e))?) })
    }
}

impl Reel for MotionJpeg {
    fn rate(&self) -> Option<f32> {
        None
    }

    fn next(&mut self) -> Result<Option<Shown>, String> {
        let Some(picture) = next_picture(&mut self.reader).map_err(|e| words(&e))? else { return Ok(None) };
        pixels::mjpeg(&picture).map(|frame| Some((frame, None))).map_err(|e| words(&e))
    }

    fn rewind(&mut self) -> Result<(), String> {
        self.reader.rewind().map_err(|e| words(&e))
    }
}

/// The bytes of the next picture, from its start marker to its end marker; `None` when there is no further start. A picture cut off by the
/// end of the file is handed on as far as it goes.
fn next_picture(reader: &mut impl Read) -> std::io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let mut input = Input { reader, bytes: &mut bytes };
    if !input.find_start()? {
        return Ok(None);
    }
    while input.segment()? {}
    Ok(Some(bytes))
}

struct Input<'a, R> {
    reader: &'a mut R,
    bytes: &'a mut Vec<u8>,
}

impl<R: Read> Input<'_, R> {
    fn byte(&mut self) -> std::io::Result<Option<u8>> {
        let mut one = [0];
        match self.reader.read_exact(&mut one) {
            Ok(()) if self.bytes.len() >= LONGEST => Err(std::io::Error::other("a picture of more than 16 MB")),
            Ok(()) => {
                self.bytes.push(one[0]);
                Ok(Some(one[0]))
            }
            Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => Ok(None),
            Err(e) => Err(e),
        }
    }

    fn find_start(&mut self) -> std::io::Result<bool> {
        while let Some(byte) = self.byte()? {
            match self.bytes.as_slice() {
                [0xFF, 0xD8] => return Ok(true),
                [0xFF] => {}
                _ => {
                    self.bytes.clear();
                    if byte == 0xFF {
                        self.bytes.push(byte);
                    }
                }
            }
        }
        Ok(false)
    }

    /// Reads one marker with what belongs to it; `false` after the end marker or the end of the file. Lengths are followed, because an
    /// embedded preview has an end marker of its own.
    fn segment(&mut self) -> std::io::Result<bool> {
        let marker = loop {
            match self.byte()? {
                None => return Ok(false),
                Some(0x00 | 0xFF) => {}
                Some(marker) if self.bytes.len() >= 2 && self.bytes[self.bytes.len() - 2] == 0xFF => break marker,
                Some(_) => {}
            }
        };
        match marker {
            0xD9 => Ok(false),
            // Restart markers and stray starts stand alone; entropy-coded data is passed over by the loop above.
            0x01 | 0xD0..=0xD8 => Ok(true),
            _ => {
                let (Some(high), Some(low)) = (self.byte()?, self.byte()?) else { return Ok(false) };
                for _ in 2..u16::from_be_bytes([high, low]) {
                    if self.byte()?.is_none() {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_cut_at_their_own_end() {
        // An application segment that holds a whole little picture, then coded data with a stuffed byte and a restart marker.
        let one: &[u8] = &[
            0xFF, 0xD8, 0xFF, 0xE1, 0x00, 0x06, 0xFF, 0xD8, 0xFF, 0xD9, 0xFF, 0xDA, 0x00, 0x02, 0x12, 0xFF, 0x00, 0xFF, 0xD0, 0x34, 0xFF,
            0xD9,
        ];
        let two: &[u8] = &[0xFF, 0xD8, 0xFF, 0xD9];
        let mut stream = b"--boundary\r\n".to_vec();
        stream.extend([one, b"\r\n--boundary\xFF\r\n", two, &[0xFF, 0xFF], one, &[0xFF, 0xD8, 0xFF]].concat());
        let mut reader = stream.as_slice();
        let mut found = Vec::new();
        while let Some(picture) = next_picture(&mut reader).unwrap() {
            found.push(picture);
        }
        assert_eq!(found, [one, two, one, &[0xFF, 0xD8, 0xFF]]);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_end(bytes in proptest::collection::vec(proptest::prop_oneof![proptest::prelude::any::<u8>(), proptest::prelude::Just(0xFF), proptest::prelude::Just(0xD8)], 0..400)) {
            let mut reader = bytes.as_slice();
            let mut total = 0;
            while let Some(picture) = next_picture(&mut reader).unwrap() {
                proptest::prop_assert!(picture.starts_with(&[0xFF, 0xD8]));
                total += picture.len();
            }
            proptest::prop_assert!(total <= bytes.len());
        }
    }
}
