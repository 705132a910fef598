//! A clip as a recording that services can play: motion JPEG in an AVI file, which needs no encoder beyond the pictures themselves.

use crate::geometry::Size;
use crate::imaging::decode::{DecodeLimits, decode_picture};
use crate::ports::services::EvidencePicture;
use crate::units::SensitiveBytes;

/// The file's only stream of pictures, compressed.
const CHUNK: &[u8; 4] = b"00dc";
/// Flag of the header: the file has an index.
const HAS_INDEX: u32 = 0x10;
/// Flag in the index: a picture that needs no other.
const KEY: u32 = 0x10;

/// An AVI file of the pictures, all shown equally long, of at most `most` bytes: where they are too many, every second one is left out until
/// they fit. `None` without two pictures of one size that fit.
#[must_use]
pub fn avi(pictures: &[EvidencePicture], most: usize) -> Option<SensitiveBytes> {
    let size = decode_picture(&pictures.first()?.jpeg.0, &DecodeLimits::default()).ok()?.size();
    let mut kept: Vec<&EvidencePicture> = pictures.iter().collect();
    while kept.len() >= 2 {
        let file = file(&kept, size);
        if file.0.len() <= most {
            return Some(file);
        }
        kept = kept.into_iter().step_by(2).collect();
    }
    None
}

fn file(pictures: &[&EvidencePicture], size: Size) -> SensitiveBytes {
    let (mut movie, mut index) = (b"movi".to_vec(), Vec::new());
    for picture in pictures {
        let offset = movie.len() as u32;
        chunk(&mut movie, CHUNK, &picture.jpeg.0);
        index.extend(CHUNK);
        [KEY, offset, picture.jpeg.0.len() as u32].iter().for_each(|v| index.extend(v.to_le_bytes()));
    }
    let mut body = b"AVI ".to_vec();
    chunk(&mut body, b"LIST", &headers(pictures, size));
    chunk(&mut body, b"LIST", &movie);
    chunk(&mut body, b"idx1", &index);
    let mut file = Vec::with_capacity(body.len() + 8);
    chunk(&mut file, b"RIFF", &body);
    SensitiveBytes(file)
}

fn headers(pictures: &[&EvidencePicture], size: Size) -> Vec<u8> {
    let (first, last) = (pictures.first().map_or(0, |p| p.taken_at.0), pictures.last().map_or(0, |p| p.taken_at.0));
    let gaps = pictures.len().saturating_sub(1).max(1) as i64;
    let micros = u32::try_from(((last - first).max(0) * 1000 / gaps).clamp(1_000, 10_000_000)).unwrap_or(250_000);
    let largest = pictures.iter().map(|p| p.jpeg.0.len()).max().unwrap_or(0) as u32;
    let count = pictures.len() as u32;
    let words = |values: &[u32]| values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
    let main = words(&[micros, 0, 0, HAS_INDEX, count, 0, 1, largest, size.width, size.height, 0, 0, 0, 0]);
    // Scale and rate: `micros` millionths of a second a picture. The shown rectangle is four words of 16 bits.
    let mut stream = b"vidsMJPG".to_vec();
    stream.extend(words(&[0, 0, 0, micros, 1_000_000, 0, count, largest, u32::MAX, 0, 0, size.width & 0xffff | size.height << 16]));
    let mut format = words(&[40, size.width, size.height, 1 | 24 << 16]);
    format.extend(b"MJPG");
    format.extend(words(&[size.width * size.height * 3, 0, 0, 0, 0]));
    let mut list = b"strl".to_vec();
    chunk(&mut list, b"strh", &stream);
    chunk(&mut list, b"strf", &format);
    let mut headers = b"hdrl".to_vec();
    chunk(&mut headers, b"avih", &main);
    chunk(&mut headers, b"LIST", &list);
    headers
}

/// Name, length, content, and a byte that makes the length even.
fn chunk(to: &mut Vec<u8>, name: &[u8; 4], content: &[u8]) {
    to.extend(name);
    to.extend((content.len() as u32).to_le_bytes());
    to.extend(content);
    if content.len() % 2 == 1 {
        to.push(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imaging::{Frame, encode};
    use crate::units::UtcTime;

    fn pictures(count: i64) -> Vec<EvidencePicture> {
        let picture = |i: i64| {
            let frame = Frame::from_fn(Size::new(48, 32), |x, y| [(x * 5) as u8, (y * 7) as u8, i as u8 * 9]);
            EvidencePicture { taken_at: UtcTime(1000 + i * 250), expression: None, jpeg: SensitiveBytes(encode::jpeg(&frame, 80).unwrap()) }
        };
        (0..count).map(picture).collect()
    }

    /// The chunks of a list, by name.
    fn chunks(mut bytes: &[u8]) -> Vec<(&[u8], &[u8])> {
        let mut found = Vec::new();
        while let Some((head, rest)) = bytes.split_first_chunk::<8>() {
            let length = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
            let whole = bytes.len() - rest.len();
            found.push((&bytes[whole - 8..whole - 4], &rest[..length]));
            bytes = &rest[(length + length % 2).min(rest.len())..];
        }
        found
    }

    fn word(bytes: &[u8], at: usize) -> u32 {
        u32::from_le_bytes(bytes[4 * at..4 * at + 4].try_into().unwrap())
    }

    #[test]
    fn the_file_holds_every_picture_where_its_index_says() {
        let pictures = pictures(7);
        let file = avi(&pictures, 1 << 20).unwrap();
        let riff = chunks(&file.0);
        assert_eq!((riff.len(), riff[0].0, &riff[0].1[..4]), (1, &b"RIFF"[..], &b"AVI "[..]));
        let parts = chunks(&riff[0].1[4..]);
        let [(_, headers), (_, movie), (_, index)] = parts[..] else { panic!("{} parts", parts.len()) };
        let main = chunks(&headers[4..])[0].1;
        assert_eq!((word(main, 0), word(main, 4), word(main, 8), word(main, 9)), (250_000, 7, 48, 32));
        assert_eq!((main.len(), chunks(&chunks(&headers[4..])[1].1[4..])[0].1.len()), (56, 56), "sizes of the format");
        let shown: Vec<&[u8]> = chunks(&movie[4..]).into_iter().map(|(_, jpeg)| jpeg).collect();
        assert_eq!(shown, pictures.iter().map(|p| &p.jpeg.0[..]).collect::<Vec<_>>());
        for (i, picture) in pictures.iter().enumerate() {
            let (offset, length) = (word(index, 4 * i + 2) as usize, word(index, 4 * i + 3) as usize);
            assert_eq!(&movie[offset + 8..offset + 8 + length], &picture.jpeg.0[..]);
        }
    }

    #[test]
    fn a_recording_fits_its_limit_or_there_is_none() {
        let pictures = pictures(9);
        let whole = avi(&pictures, usize::MAX).unwrap().0.len();
        let thinned = avi(&pictures, whole - 1).unwrap();
        assert!(thinned.0.len() < whole);
        assert_eq!(word(chunks(&chunks(&chunks(&thinned.0)[0].1[4..])[0].1[4..])[0].1, 4), 5);
        for (pictures, most) in [(&pictures[..], 300), (&pictures[..1], usize::MAX), (&[], usize::MAX)] {
            assert_eq!(avi(pictures, most), None);
        }
        let broken = [EvidencePicture { jpeg: SensitiveBytes(vec![1, 2, 3]), ..pictures[0].clone() }, pictures[1].clone()];
        assert_eq!(avi(&broken, usize::MAX), None);
    }
}
