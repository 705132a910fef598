//! Does the exposure gate treat every skin tone alike? On the held-out tenth of UTKFace part 1, as taken and with the exposure
//! shifted in linear light.

use crate::reference;
use visavis::biometrics::detection::DetectorSettings;
use visavis::biometrics::evaluation::Rate;
use visavis::biometrics::quality::{Component, FACE_EXPOSURE_LIMIT, Tier};
use visavis::geometry::Size;
use visavis::imaging::Frame;
use visavis::imaging::luminance::{linear_from_srgb, srgb_from_linear};

const GROUPS: [&str; 5] = ["White", "Black", "Asian", "Indian", "other"];
/// Shifts in stops; 0 is the picture as taken.
const SHIFTS: [f64; 3] = [-3.0, 0.0, 3.0];
/// Black border around the tight crops, pixels, so that the whole head lies inside.
const BORDER: u32 = 60;

/// SHA-1 of a file name as an integer, modulo 10.
fn tenth(name: &str) -> u32 {
    sha1(name.as_bytes()).iter().fold(0, |rest, byte| (rest * 256 + u32::from(*byte)) % 10)
}

/// FIPS 180-4. The data set's split is defined with it; nothing secret depends on it.
fn sha1(message: &[u8]) -> [u8; 20] {
    let mut padded = message.to_vec();
    padded.push(0x80);
    padded.resize(padded.len().next_multiple_of(64) + if padded.len() % 64 > 56 { 64 } else { 0 }, 0);
    let end = padded.len() - 8;
    padded[end..].copy_from_slice(&(message.len() as u64 * 8).to_be_bytes());
    let mut state = [0x6745_2301_u32, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0];
    for block in padded.chunks_exact(64) {
        let mut words: Vec<u32> = block.as_chunks::<4>().0.iter().map(|b| u32::from_be_bytes(*b)).collect();
        for i in 16..80 {
            words.push((words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16]).rotate_left(1));
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (i, word) in words.iter().enumerate() {
            let (f, k) = match i / 20 {
                0 => ((b & c) | (!b & d), 0x5A82_7999),
                1 => (b ^ c ^ d, 0x6ED9_EBA1),
                2 => ((b & c) | (b & d) | (c & d), 0x8F1B_BCDC),
                _ => (b ^ c ^ d, 0xCA62_C1D6_u32),
            };
            let next = a.rotate_left(5).wrapping_add(f).wrapping_add(e).wrapping_add(k).wrapping_add(*word);
            (a, b, c, d, e) = (next, a, b.rotate_left(30), c, d);
        }
        for (s, v) in state.iter_mut().zip([a, b, c, d, e]) {
            *s = s.wrapping_add(v);
        }
    }
    let mut digest = [0; 20];
    digest.as_chunks_mut::<4>().0.iter_mut().zip(state).for_each(|(out, s)| *out = s.to_be_bytes());
    digest
}

#[test]
fn the_split_is_by_sha1() {
    let hex: String = sha1(b"abc").iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(hex, "a9993e364706816aba3e25717850c26c9cd0d89d");
    let long: String = sha1(b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(long, "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
}

/// The picture with the exposure shifted in linear light, clipped, and encoded to 8 bits again.
fn shifted(frame: &Frame, stops: f64) -> Frame {
    let table: [u8; 256] = std::array::from_fn(|v| {
        let linear = (linear_from_srgb(v as f64 / 255.0) * stops.exp2()).min(1.0);
        (srgb_from_linear(linear) * 255.0).round() as u8
    });
    let mut shifted = frame.clone();
    shifted.bytes_mut().iter_mut().for_each(|v| *v = table[usize::from(*v)]);
    shifted
}

fn bordered(frame: &Frame) -> Frame {
    let size = Size::new(frame.width() + 2 * BORDER, frame.height() + 2 * BORDER);
    let inside = |v: u32, length: u32| (BORDER..BORDER + length).contains(&v);
    Frame::from_fn(size, |x, y| {
        if inside(x, frame.width()) && inside(y, frame.height()) {
            frame.pixel_clamped(i64::from(x - BORDER), i64::from(y - BORDER))
        } else {
            [0; 3]
        }
    })
}

#[test]
fn exposure_is_judged_alike_for_every_group() {
    let Some(folder) = reference::folder("exposure gate, held-out tenth of UTKFace part 1") else { return };
    let images = folder.join("datasets/utkface-part1/images");
    let mut names: Vec<String> = std::fs::read_dir(&images)
        .expect("the reference data hold UTKFace")
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .filter(|name| tenth(name) == 0)
        .collect();
    names.sort();
    let mut pipeline = reference::pipeline(&folder);
    let detector = DetectorSettings::for_stills();
    let mut passed = [[Rate::default(); SHIFTS.len()]; GROUPS.len()];
    let (mut no_face, mut unlabelled) = (0, 0);
    for name in &names {
        let group = name.split('_').nth(2).and_then(|g| g.parse::<usize>().ok()).filter(|g| *g < GROUPS.len());
        let Some(group) = group else {
            unlabelled += 1;
            continue;
        };
        let frame = bordered(&reference::picture(&images.join(name)));
        let faces = pipeline.detect(&frame, &detector).expect("the detector runs");
        let Some(face) = faces.iter().max_by(|a, b| a.bounds.area().total_cmp(&b.bounds.area())) else {
            no_face += 1;
            continue;
        };
        for (shift, rate) in SHIFTS.iter().zip(&mut passed[group]) {
            let quality = pipeline.quality(&shifted(&frame, *shift), &faces, face, None, None, Tier::Standard);
            let native = quality.native(Component::FaceExposure);
            rate.trials += 1;
            rate.events += u64::from(native.is_some_and(|v| v.abs() < FACE_EXPOSURE_LIMIT));
        }
    }
    println!("{} pictures, {unlabelled} without a group, {no_face} without a detected face", names.len());
    println!("share passed by the exposure gate, with 95 % Clopper-Pearson intervals:");
    for (group, rates) in GROUPS.iter().zip(&passed) {
        println!("  {group} (n = {})", rates[0].trials);
        for (shift, rate) in SHIFTS.iter().zip(rates) {
            let interval = rate.interval();
            let percent = |v: f64| v * 100.0;
            println!(
                "    {shift:+} EV: {:6.2} %  [{:.2}, {:.2}]",
                percent(rate.value().unwrap_or(f64::NAN)),
                percent(interval.low),
                percent(interval.high)
            );
        }
    }
    assert!(no_face * 50 <= names.len(), "faces must be found in at least 98 % of the pictures");
    let share = |group: usize, shift: f64| {
        let at = SHIFTS.iter().position(|s| *s == shift).expect("one of the shifts");
        passed[group][at].value().expect("every group has pictures")
    };
    let as_taken: Vec<f64> = (0..GROUPS.len()).map(|g| share(g, 0.0)).collect();
    for (group, name) in GROUPS.iter().enumerate() {
        assert!(as_taken[group] >= 0.95, "{name}: {} pass as taken", as_taken[group]);
        assert!(share(group, 3.0) <= 0.10, "{name}: {} pass at +3 EV", share(group, 3.0));
        assert!(share(group, -3.0) <= 0.10, "{name}: {} pass at -3 EV", share(group, -3.0));
    }
    let (low, high) = as_taken.iter().fold((1.0_f64, 0.0_f64), |(l, h), v| (l.min(*v), h.max(*v)));
    println!("between groups: {:.2} points", (high - low) * 100.0);
    assert!(high - low <= 0.03, "the groups differ by {:.2} points", (high - low) * 100.0);
}
