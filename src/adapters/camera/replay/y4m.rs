//! YUV4MPEG2 files: raw 8-bit video with a text header. BT.601, limited range unless the header says full.

use super::{Reel, Shown, words};
use crate::geometry::Size;
use crate::imaging::{Frame, pixels};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek as _, SeekFrom};
use std::path::Path;

/// Longest header line accepted, bytes.
const LONGEST_LINE: u64 = 4096;
/// Most pixels in a frame.
const MOST_PIXELS: u64 = 100_000_000;

/// How chroma is stored relative to luma: columns and rows per sample; `None` is luma only.
type Subsampling = Option<(u32, u32)>;

#[derive(Debug, Clone, PartialEq)]
struct Header {
    size: Size,
    rate: Option<f32>,
    chroma: Subsampling,
    full_range: bool,
}

/// A raw video file.
pub(super) struct Y4m {
    reader: BufReader<File>,
    header: Header,
    frames_at: u64,
}

impl Y4m {
    pub(super) fn open(path: &Path) -> Result<Self, String> {
        let mut reader = BufReader::new(File::open(path).map_err(|e| words(&e))?);
        let line = read_line(&mut reader)?.ok_or("it is empty")?;
        let header = parse_header(&line)?;
        let frames_at = reader.stream_position().map_err(|e| words(&e))?;
        Ok(Self { reader, header, frames_at })
    }
}

impl Reel for Y4m {
    fn rate(&self) -> Option<f32> {
        self.header.rate
    }

    fn next(&mut self) -> Result<Option<Shown>, String> {
        Ok(read_frame(&mut self.reader, &self.header)?.map(|frame| (frame, None)))
    }

    fn rewind(&mut self) -> Result<(), String> {
        self.reader.seek(SeekFrom::Start(self.frames_at)).map(|_| ()).map_err(|e| words(&e))
    }
}

fn read_line(reader: &mut impl BufRead) -> Result<Option<Vec<u8>>, String> {
    let mut line = Vec::new();
    reader.take(LONGEST_LINE).read_until(b'\n', &mut line).map_err(|e| words(&e))?;
    match line.pop() {
        None => Ok(None),
        Some(b'\n') => Ok(Some(line)),
        Some(_) => Err("a header line has no end".to_owned()),
    }
}

fn parse_header(line: &[u8]) -> Result<Header, String> {
    let text = std::str::from_utf8(line).map_err(|_| "its header is not text")?;
    let mut words = text.split(' ').filter(|w| !w.is_empty());
    if words.next() != Some("YUV4MPEG2") {
        return Err("it does not begin with YUV4MPEG2".to_owned());
    }
    let (mut width, mut height, mut rate, mut chroma, mut full_range) = (0, 0, None, Some((2, 2)), false);
    for word in words {
        let (tag, value) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        match tag {
            "W" => width = value.parse().unwrap_or(0),
            "H" => height = value.parse().unwrap_or(0),
            "F" => rate = parse_rate(value),
            "C" => chroma = parse_chroma(value)?,
            "X" if value == "COLORRANGE=FULL" => full_range = true,
            _ => {}
        }
    }
    let size = Size::new(width, height);
    if size.pixels() == 0 || size.pixels() > MOST_PIXELS {
        return Err(format!("a frame size of {size} cannot be played"));
    }
    Ok(Header { size, rate, chroma, full_range })
}

fn parse_rate(value: &str) -> Option<f32> {
    let (frames, seconds) = value.split_once(':')?;
    let rate = frames.parse::<f32>().ok()? / seconds.parse::<f32>().ok()?;
    (rate.is_finite() && rate > 0.0).then_some(rate)
}

fn parse_chroma(value: &str) -> Result<Subsampling, String> {
    match value {
        "420" | "420jpeg" | "420mpeg2" | "420paldv" => Ok(Some((2, 2))),
        "422" => Ok(Some((2, 1))),
        "444" => Ok(Some((1, 1))),
        "mono" => Ok(None),
        other => Err(format!("the colour layout {other} cannot be played")),
    }
}

/// The next frame; `None` at the end of the file. A frame cut off is an error.
fn read_frame(reader: &mut impl BufRead, header: &Header) -> Result<Option<Frame>, String> {
    let Some(line) = read_line(reader)? else { return Ok(None) };
    if line != b"FRAME" && !line.starts_with(b"FRAME ") {
        return Err("a frame does not begin with FRAME".to_owned());
    }
    let Size { width, height } = header.size;
    let chroma_size = header.chroma.map_or(Size::default(), |(x, y)| Size::new(width.div_ceil(x), height.div_ceil(y)));
    let total = header.size.pixels() + 2 * chroma_size.pixels();
    let mut planes = Vec::new();
    reader.take(total).read_to_end(&mut planes).map_err(|e| words(&e))?;
    if planes.len() as u64 != total {
        return Err("its last frame is cut off".to_owned());
    }
    let (luma, chroma) = planes.split_at(header.size.pixels() as usize);
    let (u_plane, v_plane) = chroma.split_at(chroma.len() / 2);
    let pixel = |x: u32, y: u32| {
        let luma = luma[y as usize * width as usize + x as usize];
        let Some((step_x, step_y)) = header.chroma else { return (luma, 128, 128) };
        let at = (y / step_y) as usize * chroma_size.width as usize + (x / step_x) as usize;
        (luma, u_plane[at], v_plane[at])
    };
    Ok(Some(to_frame(header, pixel)))
}

/// Packs every pixel as a pair with itself, converts by the one colour conversion there is, and takes every other pixel.
fn to_frame(header: &Header, pixel: impl Fn(u32, u32) -> (u8, u8, u8)) -> Frame {
    let range = Range::new(header.full_range);
    let Size { width, height } = header.size;
    let mut row = vec![0; width as usize * 4];
    let mut rgb = Vec::with_capacity(header.size.pixels() as usize * 3);
    for y in 0..height {
        for (x, packed) in row.chunks_exact_mut(4).enumerate() {
            let (luma, u, v) = pixel(x as u32, y);
            let luma = range.luma[luma as usize];
            packed.copy_from_slice(&[luma, range.chroma[u as usize], luma, range.chroma[v as usize]]);
        }
        let doubled = pixels::yuyv(Size::new(width * 2, 1), &row).expect("four bytes were packed for every pixel of the row");
        rgb.extend(doubled.bytes().chunks_exact(6).flat_map(|pair| &pair[..3]));
    }
    Frame::new(header.size, rgb).expect("three bytes were taken for every pixel")
}

/// Maps stored values to limited range.
struct Range {
    luma: [u8; 256],
    chroma: [u8; 256],
}

impl Range {
    fn new(full: bool) -> Self {
        let map = |scale: f32, centre: f32, offset: f32| {
            std::array::from_fn(|v| if full { ((v as f32 - centre) * scale + offset).round().clamp(0.0, 255.0) as u8 } else { v as u8 })
        };
        Self { luma: map(219.0 / 255.0, 0.0, 16.0), chroma: map(224.0 / 255.0, 128.0, 128.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read() {
        let cases: &[(&str, Option<Header>)] = &[
            (
                "YUV4MPEG2 W640 H480 F30000:1001 Ip A1:1 C420jpeg XYSCSS=420JPEG",
                Some(Header { size: Size::new(640, 480), rate: Some(30000.0 / 1001.0), chroma: Some((2, 2)), full_range: false }),
            ),
            ("YUV4MPEG2 W3 H5 Cmono XCOLORRANGE=FULL", Some(Header { size: Size::new(3, 5), rate: None, chroma: None, full_range: true })),
            ("YUV4MPEG2 W3 H5 F0:0", Some(Header { size: Size::new(3, 5), rate: None, chroma: Some((2, 2)), full_range: false })),
            ("YUV4MPEG2 W640", None),
            ("YUV4MPEG2 W640 H480 C420p10", None),
            ("YUV4MPEG2 W99999 H99999", None),
            ("MPEG W640 H480", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_header(text.as_bytes()).ok(), *expected, "{text}");
        }
    }

    #[test]
    fn every_layout_gives_the_same_colours() {
        // White, black, grey and a red, each 2x2 pixels, so that subsampling loses nothing.
        let colours = [(235, 128, 128), (16, 128, 128), (126, 128, 128), (81, 90, 240)];
        let expected = [[255, 255, 255], [0, 0, 0], [128, 128, 128], [254, 0, 0]];
        let mut seen = Vec::new();
        for (step_x, step_y) in [(2, 2), (2, 1), (1, 1)] {
            let header = Header { size: Size::new(8, 2), rate: None, chroma: Some((step_x, step_y)), full_range: false };
            let mut file = b"FRAME Ip\n".to_vec();
            file.extend((0..16).map(|i| colours[i % 8 / 2].0));
            let chroma = |pick: fn((u8, u8, u8)) -> u8| {
                (0..2 / step_y).flat_map(move |_| (0..8 / step_x).map(move |x| pick(colours[(x * step_x / 2) as usize])))
            };
            file.extend(chroma(|c| c.1));
            file.extend(chroma(|c| c.2));
            let mut reader = file.as_slice();
            let frame = read_frame(&mut reader, &header).unwrap().expect("one frame");
            for (i, colour) in expected.iter().enumerate() {
                let found = frame.pixel_clamped(i as i64 * 2, 1);
                assert!(found.iter().zip(colour).all(|(a, b)| a.abs_diff(*b) <= 1), "{found:?} for {colour:?}");
            }
            assert_eq!(read_frame(&mut reader, &header), Ok(None));
            seen.push(frame);
        }
        assert!(seen.windows(2).all(|w| w[0] == w[1]));
    }

    #[test]
    fn full_range_reaches_black_and_white() {
        let header = parse_header(b"YUV4MPEG2 W3 H1 Cmono XCOLORRANGE=FULL").unwrap();
        let frame = read_frame(&mut b"FRAME\n\x00\x80\xff".as_slice(), &header).unwrap().expect("one frame");
        assert_eq!(frame.bytes(), [0, 0, 0, 128, 128, 128, 255, 255, 255]);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
            let _ = parse_header(&bytes);
            let header = Header { size: Size::new(3, 3), rate: None, chroma: Some((2, 2)), full_range: false };
            let _ = read_frame(&mut [b"FRAME\n".as_slice(), &bytes].concat().as_slice(), &header);
            let _ = read_frame(&mut bytes.as_slice(), &header);
        }
    }
}
