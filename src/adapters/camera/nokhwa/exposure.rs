//! Commanded exposure over V4L2: the camera's exposure time set by hand for a while, then given back as it was.

use std::io;

/// `V4L2_CID_EXPOSURE_AUTO`: who chooses the exposure.
pub(super) const MODE: u32 = 0x009a_0901;
/// `V4L2_CID_EXPOSURE_ABSOLUTE`: its time, in units of 0.1 ms.
pub(super) const TIME: u32 = 0x009a_0902;
/// `V4L2_EXPOSURE_MANUAL`.
const BY_HAND: i64 = 1;
/// A step of the time may be at most this part of it, or small commands would come to nothing.
const FINEST: f64 = 0.05;

/// A control's bounds, as the driver lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    pub id: u32,
    pub least: i64,
    pub most: i64,
    pub step: i64,
    /// Neither disabled nor read-only. One that is merely inactive because the camera chooses by itself counts.
    pub writable: bool,
}

/// Reads and writes controls of a camera that streams.
pub(super) trait Controls {
    fn read(&self, id: u32) -> io::Result<i64>;
    fn write(&self, id: u32, value: i64) -> io::Result<()>;
}

/// The exposure of one camera.
#[derive(Debug)]
pub(super) struct Exposure {
    time: Bounds,
    before: Option<Before>,
}

/// What was in force before the first command.
#[derive(Debug, Clone, Copy)]
struct Before {
    mode: i64,
    time: i64,
}

impl Exposure {
    /// Where the camera lets its exposure time be set; `None` elsewhere.
    pub fn offered(controls: &[Bounds]) -> Option<Self> {
        let of = |id: u32| controls.iter().find(|c| c.id == id && c.writable).copied();
        of(MODE).filter(|mode| mode.least <= BY_HAND && mode.most >= BY_HAND)?;
        let time = of(TIME).filter(|time| time.step > 0 && time.most > time.least && time.least >= 0)?;
        Some(Self { time, before: None })
    }

    /// Sets the exposure so many stops from where it was before the first command; `None` gives the camera back.
    ///
    /// # Errors
    /// What the driver says, or that the time cannot be set finely enough.
    pub fn command(&mut self, controls: &impl Controls, stops: Option<f32>) -> io::Result<()> {
        let Some(stops) = stops else { return self.give_back(controls) };
        let before = match self.before {
            Some(before) => before,
            None => {
                let before = Before { mode: controls.read(MODE)?, time: controls.read(TIME)? };
                if before.time as f64 * FINEST < self.time.step as f64 {
                    return Err(io::Error::other("its exposure time cannot be set finely enough"));
                }
                controls.write(MODE, BY_HAND)?;
                self.before = Some(before);
                before
            }
        };
        controls.write(TIME, self.time(before.time, stops))
    }

    fn time(&self, before: i64, stops: f32) -> i64 {
        let wished = before as f64 * f64::from(stops.clamp(-3.0, 3.0)).exp2();
        let steps = ((wished - self.time.least as f64) / self.time.step as f64).round() as i64;
        (self.time.least + steps * self.time.step).clamp(self.time.least, self.time.most)
    }

    fn give_back(&mut self, controls: &impl Controls) -> io::Result<()> {
        let Some(before) = self.before.take() else { return Ok(()) };
        // The time first: a camera that chooses by itself refuses it.
        let time = controls.write(TIME, before.time);
        controls.write(MODE, before.mode).and(time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::collections::BTreeMap;

    /// A camera that refuses its exposure time while it chooses by itself, as most do.
    struct Camera(RefCell<BTreeMap<u32, i64>>);

    impl Controls for Camera {
        fn read(&self, id: u32) -> io::Result<i64> {
            self.0.borrow().get(&id).copied().ok_or_else(|| io::Error::other("no such control"))
        }
        fn write(&self, id: u32, value: i64) -> io::Result<()> {
            if id == TIME && self.read(MODE)? != BY_HAND {
                return Err(io::Error::other("inactive"));
            }
            self.0.borrow_mut().insert(id, value);
            Ok(())
        }
    }

    fn bounds(id: u32, least: i64, most: i64) -> Bounds {
        Bounds { id, least, most, step: 1, writable: true }
    }

    #[test]
    fn commands_move_the_time_and_giving_back_restores_everything() {
        let camera = Camera(RefCell::new(BTreeMap::from([(MODE, 3), (TIME, 156)])));
        let mut exposure = Exposure::offered(&[bounds(MODE, 0, 3), bounds(TIME, 3, 2047)]).unwrap();
        exposure.command(&camera, None).unwrap();
        assert_eq!(camera.read(MODE).unwrap(), 3, "nothing was taken, nothing is given back");
        for (stops, time) in [(0.15, 173), (-0.15, 141), (0.15, 173), (3.0, 1248), (-3.0, 20)] {
            exposure.command(&camera, Some(stops)).unwrap();
            assert_eq!((camera.read(MODE).unwrap(), camera.read(TIME).unwrap()), (BY_HAND, time), "always from where it was");
        }
        exposure.command(&camera, None).unwrap();
        assert_eq!((camera.read(MODE).unwrap(), camera.read(TIME).unwrap()), (3, 156));
    }

    #[test]
    fn only_cameras_whose_exposure_can_be_set_finely_offer_it() {
        let (mode, time) = (bounds(MODE, 0, 3), bounds(TIME, 3, 2047));
        assert!(Exposure::offered(&[mode, time]).is_some());
        for controls in [
            vec![],
            vec![mode],
            vec![time],
            vec![bounds(MODE, 2, 3), time],
            vec![mode, Bounds { writable: false, ..time }],
            vec![mode, Bounds { step: 0, ..time }],
            vec![mode, bounds(TIME, 9, 9)],
        ] {
            assert!(Exposure::offered(&controls).is_none(), "{controls:?}");
        }
        let camera = Camera(RefCell::new(BTreeMap::from([(MODE, 3), (TIME, 5)])));
        let mut exposure = Exposure::offered(&[mode, time]).unwrap();
        assert!(exposure.command(&camera, Some(0.15)).is_err(), "a step is a fifth of it");
        assert_eq!(camera.read(MODE).unwrap(), 3);
    }
}
