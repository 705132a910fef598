//! Recordings played as a camera.

use super::*;
use crate::geometry::Size;
use crate::imaging::encode;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

type Waits = Arc<Mutex<Vec<u128>>>;

fn notebook() -> (Pacer, Waits) {
    let waits = Waits::default();
    let noted = Arc::clone(&waits);
    (Box::new(move |d| noted.lock().unwrap().push(d.as_millis())), waits)
}

fn open(path: &Path, once: bool, rate: Option<f32>) -> ReplaySource {
    ReplaySource::open(path, once, rate, notebook().0).expect("it can be played")
}

fn picture(width: u32, height: u32, level: u8) -> Frame {
    Frame::filled(Size::new(width, height), [level; 3])
}

fn saved(dir: &Path, name: &str, frame: &Frame) -> PathBuf {
    let path = dir.join(name);
    std::fs::write(&path, encode::png(frame).unwrap()).unwrap();
    path
}

fn levels(source: &mut ReplaySource, count: usize) -> Vec<u8> {
    (0..count).map(|_| source.next_frame().unwrap().bytes()[0]).collect()
}

#[test]
fn a_picture_repeats_or_is_shown_once() {
    let dir = tempfile::tempdir().unwrap();
    let path = saved(dir.path(), "a.png", &picture(4, 3, 9));
    let mut source = open(&path, false, None);
    assert_eq!(source.format(), CameraFormat { pixels: PixelFormat::Rgb, width: 4, height: 3, rate: 30.0 });
    assert_eq!(source.origin(), Origin::Practice);
    assert_eq!(levels(&mut source, 5), [9; 5]);
    let mut source = open(&path, true, None);
    assert!(source.next_frame().is_ok());
    assert_eq!(source.next_frame(), Err(CameraError::Ended));
}

#[test]
fn a_folder_plays_by_number_with_whatever_sizes_and_begins_again() {
    let dir = tempfile::tempdir().unwrap();
    saved(dir.path(), "f10.png", &picture(2, 2, 30));
    saved(dir.path(), "f9.png", &picture(6, 4, 20));
    saved(dir.path(), "f1.png", &picture(4, 4, 10));
    std::fs::write(dir.path().join("notes.txt"), "not a picture").unwrap();
    let mut source = open(dir.path(), false, None);
    assert_eq!(levels(&mut source, 2), [10, 20]);
    assert_eq!((source.format().width, source.format().height), (6, 4), "the size in force follows the frames");
    assert_eq!(levels(&mut source, 3), [30, 10, 20]);
}

#[test]
fn frames_stay_as_long_as_the_rate_or_the_recording_says() {
    let dir = tempfile::tempdir().unwrap();
    let still = saved(dir.path(), "a.png", &picture(4, 3, 9));
    let gif = dir.path().join("b.gif");
    write_gif(&gif, &[(10, 200), (20, 50)]);
    let cases =
        [(&still, Some(25.0), [0, 40, 40]), (&still, None, [0, 33, 33]), (&gif, None, [0, 200, 50]), (&gif, Some(10.0), [0, 100, 100])];
    for (path, rate, expected) in cases {
        let (pace, waits) = notebook();
        let mut source = ReplaySource::open(path, false, rate, pace).unwrap();
        let _ = levels(&mut source, 3);
        assert_eq!(*waits.lock().unwrap(), expected, "{} at {rate:?}", path.display());
    }
}

fn write_gif(path: &Path, frames: &[(u8, u32)]) {
    let mut encoder = image::codecs::gif::GifEncoder::new(std::fs::File::create(path).unwrap());
    for (level, millis) in frames {
        let buffer = image::RgbaImage::from_pixel(8, 6, image::Rgba([*level, *level, *level, 255]));
        let delay = image::Delay::from_numer_denom_ms(*millis, 1);
        encoder.encode_frame(image::Frame::from_parts(buffer, 0, 0, delay)).unwrap();
    }
}

#[test]
fn an_animation_plays_its_frames_and_begins_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.gif");
    write_gif(&path, &[(0, 100), (255, 100), (0, 100)]);
    let mut source = open(&path, false, None);
    assert_eq!(levels(&mut source, 7), [0, 255, 0, 0, 255, 0, 0]);
    let mut source = open(&path, true, None);
    let _ = levels(&mut source, 3);
    assert_eq!(source.next_frame(), Err(CameraError::Ended));
}

#[test]
fn video_files_play_and_begin_again() {
    let dir = tempfile::tempdir().unwrap();
    let y4m = dir.path().join("a.y4m");
    std::fs::write(&y4m, b"YUV4MPEG2 W2 H1 F15:1 Cmono\nFRAME\n\x10\x10FRAME\n\xeb\xeb").unwrap();
    let mut source = open(&y4m, false, None);
    assert_eq!(source.format().rate, 15.0);
    assert_eq!(levels(&mut source, 3), [0, 255, 0]);

    let mjpeg = dir.path().join("a.mjpeg");
    let pictures: Vec<u8> = [40, 200].iter().flat_map(|level| encode::jpeg(&picture(16, 16, *level), 95).unwrap()).collect();
    std::fs::write(&mjpeg, pictures).unwrap();
    let found = levels(&mut open(&mjpeg, false, None), 3);
    assert!(found.iter().zip([40_u8, 200, 40]).all(|(a, b)| a.abs_diff(b) <= 2), "{found:?}");
}

#[test]
fn what_cannot_be_played_is_said_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    std::fs::create_dir(dir.path().join("empty")).unwrap();
    let cases = [
        dir.path().join("missing.png"),
        dir.path().join("empty"),
        file("zero.png", b""),
        file("text.jpg", b"this is not a picture"),
        file("cut.y4m", b"YUV4MPEG2 W2 H2\nFRAME\n\x01"),
        file("none.y4m", b"YUV4MPEG2 W2 H2\n"),
        file("none.mjpeg", b"nothing here"),
    ];
    for path in cases {
        let refusal = ReplaySource::open(&path, false, None, notebook().0).expect_err("it cannot be played");
        assert!(matches!(&refusal, CameraError::Unplayable { what, .. } if what.contains(&*path.to_string_lossy())), "{refusal}");
    }
}
