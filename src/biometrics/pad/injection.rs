//! The PAD layer `injection`: whether frames come from a sensor at all. Frames that repeat, a picture without a sensor's noise, a face
//! without the noise of what is around it, impossible timestamps, a device known to play recordings, a size that the device does not have.

use super::{PadLayer, PadOutcome};
use crate::geometry::{Rect, Size};
use crate::imaging::Frame;
use crate::units::Moment;
use std::collections::HashMap;

/// Name of the layer.
pub const NAME: &str = "injection";
/// Name and version of the method.
pub const METHOD: &str = "frame-signs/1";

const COLUMNS: usize = 16;
const ROWS: usize = 12;
/// Cells of background that are needed to judge noise.
const LEAST_CELLS: usize = 10;
/// Looks that are needed.
const LEAST_FRAMES: usize = 6;

/// What is known about the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DeviceFacts {
    /// Name or driver are known to play recordings.
    pub virtual_device: bool,
    /// Size of frame that was negotiated; `None` where it is not known.
    pub size: Option<Size>,
    /// Practice mode: a stand-in is expected and says nothing.
    pub practice: bool,
    /// The camera lets its exposure be commanded.
    pub takes_exposure: bool,
}

/// What one frame tells without being looked at by a network. Holds sums over cells of the picture, no picture.
#[derive(Debug, Clone, PartialEq)]
pub struct FrameSigns {
    number: u64,
    at: Moment,
    size: Size,
    fingerprint: u64,
    /// Sums over the cells that show neither face nor body and are not clipped.
    cells: Vec<Option<u32>>,
    face_noise: Option<f32>,
    background_noise: Option<f32>,
    face_brightness: Option<f32>,
    background_brightness: Option<f32>,
}

impl FrameSigns {
    /// Reads a frame, about 20 000 samples of it.
    ///
    /// - `face`: box of the face, frame pixels.
    #[must_use]
    pub fn of(frame: &Frame, number: u64, at: Moment, face: Rect) -> Self {
        let (width, height) = (frame.width() as usize, frame.height() as usize);
        let step = (height / 120).max(1);
        let mut fingerprint = 0xcbf2_9ce4_8422_2325u64;
        let mut sums = [0u32; COLUMNS * ROWS];
        let mut counts = [0u32; COLUMNS * ROWS];
        let mut noise = [Residuals::default(), Residuals::default()];
        let mut light = [Mean::default(), Mean::default()];
        let hull = Rect::new(face.x - 0.45 * face.width, face.y - 0.55 * face.height, face.width * 1.9, height as f32);
        let inner = face.scaled_about_centre(0.7);
        for y in (step..height.saturating_sub(step)).step_by(step) {
            let (row, above, below) = (frame.row(y as u32), frame.row(y as u32 - 1), frame.row((y as u32 + 1).min(frame.height() - 1)));
            for x in (1..width.saturating_sub(1)).step_by(step) {
                let at = x * 3;
                let green = row[at + 1];
                for value in &row[at..at + 3] {
                    fingerprint = (fingerprint ^ u64::from(*value)).wrapping_mul(0x0000_0100_0000_01b3);
                }
                let cell = (y * ROWS / height) * COLUMNS + x * COLUMNS / width;
                sums[cell] += u32::from(row[at]) + u32::from(green) + u32::from(row[at + 2]);
                counts[cell] += 3;
                let point = crate::geometry::Point::new(x as f32, y as f32);
                let kind = if inner.contains(point) {
                    0
                } else if hull.contains(point) {
                    continue;
                } else {
                    1
                };
                light[kind].add(green);
                let around = [row[at - 2], row[at + 4], above[at + 1], below[at + 1]].iter().map(|v| i32::from(*v)).sum::<i32>();
                if (8..248).contains(&green) {
                    noise[kind].add((4 * i32::from(green) - around).unsigned_abs());
                }
            }
        }
        let cells = (0..COLUMNS * ROWS).map(|cell| {
            let (w, h) = (width as f32 / COLUMNS as f32, height as f32 / ROWS as f32);
            let place = Rect::new((cell % COLUMNS) as f32 * w, (cell / COLUMNS) as f32 * h, w, h);
            let mean = sums[cell] as f32 / counts[cell].max(1) as f32;
            (place.intersection_area(hull) == 0.0 && (8.0..248.0).contains(&mean)).then_some(sums[cell])
        });
        Self {
            number,
            at,
            size: frame.size(),
            fingerprint,
            cells: cells.collect(),
            face_noise: noise[0].level(),
            background_noise: noise[1].level(),
            face_brightness: light[0].value(),
            background_brightness: light[1].value(),
        }
    }

    /// When the frame was taken.
    #[must_use]
    pub const fn taken(&self) -> Moment {
        self.at
    }

    /// Mean green of the face's middle, 0-255; `None` where too little of it is seen.
    #[must_use]
    pub const fn face_brightness(&self) -> Option<f32> {
        self.face_brightness
    }

    /// The same of what is neither face nor body.
    #[must_use]
    pub const fn background_brightness(&self) -> Option<f32> {
        self.background_brightness
    }
}

/// A mean being made.
#[derive(Default)]
struct Mean {
    sum: u64,
    count: u64,
}

impl Mean {
    fn add(&mut self, value: u8) {
        self.sum += u64::from(value);
        self.count += 1;
    }

    fn value(&self) -> Option<f32> {
        (self.count >= 100).then(|| self.sum as f32 / self.count as f32)
    }
}

/// Second differences of neighbouring pixels, counted.
struct Residuals {
    counts: [u32; 64],
    total: u32,
}

impl Default for Residuals {
    fn default() -> Self {
        Self { counts: [0; 64], total: 0 }
    }
}

impl Residuals {
    fn add(&mut self, residual: u32) {
        self.counts[(residual as usize).min(63)] += 1;
        self.total += 1;
    }

    /// Mean of the smaller half: texture and edges lie in the other one.
    fn level(&self) -> Option<f32> {
        if self.total < 100 {
            return None;
        }
        let half = self.total / 2;
        let (mut left, mut sum) = (half, 0u32);
        for (value, count) in (0..).zip(self.counts) {
            let taken = count.min(left);
            sum += taken * value;
            left -= taken;
        }
        Some(sum as f32 / half as f32)
    }
}

/// What the frames of a challenge told, each as a share of what is tolerated; above 1 is refused.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct InjectionSigns {
    /// Frames that are copies of an earlier one that is not their neighbour, over one.
    pub looped: f32,
    /// Frames that are copies of their neighbour, over a third of all.
    pub repeated: f32,
    /// Backgrounds without a trace of noise, over half of all pairs of frames.
    pub noiseless: f32,
    /// A face with less than a third of the noise around it, over half of all frames.
    pub smooth_face: f32,
    /// Times that stand still, run back or come faster than any camera, over a tenth of all.
    pub impossible_times: f32,
    /// A device known to play recordings, or frames of another size than the device's: 2 or 0.
    pub device: f32,
}

impl InjectionSigns {
    /// Reads the signs of frames in order; `None` for fewer than six.
    #[must_use]
    pub fn of(frames: &[FrameSigns], device: &DeviceFacts) -> Option<Self> {
        if frames.len() < LEAST_FRAMES {
            return None;
        }
        let mut seen: HashMap<u64, usize> = HashMap::new();
        let (mut looped, mut repeated) = (0usize, 0usize);
        for (i, frame) in frames.iter().enumerate() {
            match seen.insert(frame.fingerprint, i) {
                Some(before) if before + 1 == i => repeated += 1,
                Some(_) => looped += 1,
                None => {}
            }
        }
        let pairs = || frames.windows(2).map(|p| (&p[0], &p[1]));
        let judged: Vec<f32> = pairs().filter_map(|(a, b)| unchanged(a, b)).collect();
        let noiseless = share(judged.iter().filter(|s| **s > 0.9).count(), judged.len());
        let ratios: Vec<f32> = frames.iter().filter_map(|f| Some(f.face_noise? / f.background_noise.filter(|b| *b > 0.3)?)).collect();
        let smooth = share(ratios.iter().filter(|r| **r < 0.35).count(), ratios.len());
        let impossible = pairs().filter(|(a, b)| {
            let frames = b.number.saturating_sub(a.number).max(1) as u32;
            b.at <= a.at || b.number <= a.number || (b.at.since(a.at) / frames).as_micros() < 2_000
        });
        let other_size = frames.iter().any(|f| f.size != frames[0].size || device.size.is_some_and(|s| s != f.size));
        let refused = !device.practice && device.virtual_device;
        Some(Self {
            looped: looped as f32 / 1.5,
            repeated: share(repeated, frames.len()) * 3.0,
            noiseless: noiseless * 2.0,
            smooth_face: smooth * 2.0,
            impossible_times: share(impossible.count(), frames.len()) * 10.0,
            device: if refused || other_size { 2.0 } else { 0.0 },
        })
    }

    /// The worst of them.
    #[must_use]
    pub fn worst(&self) -> f32 {
        [self.looped, self.repeated, self.noiseless, self.smooth_face, self.impossible_times, self.device].into_iter().fold(0.0, f32::max)
    }
}

/// Share of the background cells of two frames that are exactly alike; `None` where too little background is seen.
fn unchanged(a: &FrameSigns, b: &FrameSigns) -> Option<f32> {
    let both: Vec<bool> = a.cells.iter().zip(&b.cells).filter_map(|(a, b)| Some((*a)? == (*b)?)).collect();
    (both.len() >= LEAST_CELLS).then(|| share(both.iter().filter(|same| **same).count(), both.len()))
}

fn share(part: usize, whole: usize) -> f32 {
    part as f32 / whole.max(1) as f32
}

/// Judges the frames of a challenge. The value is 1 / (1 + w), w being the worst sign, so that 0.5 is the limit.
#[must_use]
pub fn assess(frames: &[FrameSigns], device: &DeviceFacts) -> PadLayer {
    let layer = |value: Option<f32>, outcome| PadLayer { name: NAME, method: METHOD.to_owned(), value, limit: 0.5, outcome };
    match InjectionSigns::of(frames, device).map(|signs| signs.worst()) {
        None => layer(None, PadOutcome::NonResponse),
        Some(worst) => layer(Some(1.0 / (1.0 + worst)), if worst <= 1.0 { PadOutcome::BonaFide } else { PadOutcome::Attack }),
    }
}

/// Judges the frames of a burst, in any order; `None` where they are too few to say anything and nothing is known against the device, and in
/// practice mode, where a picture may stand in.
#[must_use]
pub fn assess_burst(mut frames: Vec<FrameSigns>, device: &DeviceFacts) -> Option<PadLayer> {
    if device.practice {
        return None;
    }
    frames.sort_by_key(|frame| frame.number);
    let layer = assess(&frames, device);
    if layer.outcome != PadOutcome::NonResponse {
        return Some(layer);
    }
    device.virtual_device.then_some(PadLayer { value: Some(0.0), outcome: PadOutcome::Attack, ..layer })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size::new(160, 120);
    const FACE: Rect = Rect::new(60.0, 40.0, 40.0, 50.0);

    /// A picture whose noise depends on the seed; a strength of 0 is none.
    fn picture(seed: u64, background: i32, face: i32) -> Frame {
        Frame::from_fn(SIZE, |x, y| {
            let mix = (u64::from(x) * 7919 + u64::from(y) * 104_729 + seed * 15_485_863).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
            let strength = if FACE.contains(crate::geometry::Point::new(x as f32, y as f32)) { face } else { background };
            let noise = (mix % 1000) as i32 * (2 * strength + 1) / 1000 - strength;
            [(90 + x as i32 / 8 + noise) as u8; 3]
        })
    }

    fn frames(picture: impl Fn(u64) -> Frame) -> Vec<FrameSigns> {
        (0..20).map(|i| FrameSigns::of(&picture(i), i, Moment::from_millis(1000 + i * 33), FACE)).collect()
    }

    fn outcome(frames: &[FrameSigns]) -> PadOutcome {
        assess(frames, &DeviceFacts::default()).outcome
    }

    #[test]
    fn a_sensor_is_believed() {
        let signs = frames(|i| picture(i, 3, 3));
        assert_eq!(outcome(&signs), PadOutcome::BonaFide, "{:?}", InjectionSigns::of(&signs, &DeviceFacts::default()));
        assert_eq!(outcome(&signs[..5]), PadOutcome::NonResponse);
    }

    #[test]
    fn files_that_are_played_are_not() {
        let of = |signs: &[FrameSigns]| InjectionSigns::of(signs, &DeviceFacts::default()).unwrap();
        let looped = frames(|i| picture(i % 8, 3, 3));
        assert!(of(&looped).looped > 1.0 && outcome(&looped) == PadOutcome::Attack);
        let still = frames(|_| picture(1, 3, 3));
        assert!(of(&still).repeated > 1.0 && outcome(&still) == PadOutcome::Attack);
        let clean = frames(|i| picture(i, 0, 3));
        assert!(of(&clean).noiseless > 1.0 && outcome(&clean) == PadOutcome::Attack, "{:?}", of(&clean));
        let pasted = frames(|i| picture(i, 4, 0));
        assert!(of(&pasted).smooth_face > 1.0 && outcome(&pasted) == PadOutcome::Attack, "{:?}", of(&pasted));
    }

    #[test]
    fn impossible_times_are_refused() {
        let signs = |at: fn(u64) -> u64| -> Vec<FrameSigns> {
            (0..20).map(|i| FrameSigns::of(&picture(i, 3, 3), i, Moment::from_millis(at(i)), FACE)).collect()
        };
        assert_eq!(outcome(&signs(|i| 1000 + i * 8)), PadOutcome::BonaFide, "120 frames a second");
        assert_eq!(outcome(&signs(|_| 1000)), PadOutcome::Attack);
        assert_eq!(outcome(&signs(|i| 1000 + i)), PadOutcome::Attack);
        assert_eq!(outcome(&signs(|i| 9000 - i * 33)), PadOutcome::Attack);
    }

    #[test]
    fn a_burst_may_be_short_and_out_of_order() {
        let mut signs = frames(|i| picture(i, 3, 3));
        signs.swap(2, 9);
        let trusted = DeviceFacts::default();
        assert_eq!(assess_burst(signs.clone(), &trusted).map(|l| l.outcome), Some(PadOutcome::BonaFide));
        assert_eq!(assess_burst(signs[..3].to_vec(), &trusted), None, "three frames say nothing");
        let player = DeviceFacts { virtual_device: true, ..trusted };
        assert_eq!(assess_burst(signs[..3].to_vec(), &player).map(|l| l.outcome), Some(PadOutcome::Attack));
        assert_eq!(assess_burst(Vec::new(), &DeviceFacts { practice: true, ..player }), None);
        assert_eq!(assess_burst(frames(|_| picture(1, 3, 3)), &trusted).map(|l| l.outcome), Some(PadOutcome::Attack));
    }

    #[test]
    fn devices_that_play_recordings_are_refused_but_in_practice() {
        let signs = frames(|i| picture(i, 3, 3));
        let device = DeviceFacts { virtual_device: true, ..DeviceFacts::default() };
        assert_eq!(assess(&signs, &device).outcome, PadOutcome::Attack);
        assert_eq!(assess(&signs, &DeviceFacts { practice: true, ..device }).outcome, PadOutcome::BonaFide);
        let other = DeviceFacts { size: Some(Size::new(640, 480)), ..DeviceFacts::default() };
        assert_eq!(assess(&signs, &other).outcome, PadOutcome::Attack);
    }
}
