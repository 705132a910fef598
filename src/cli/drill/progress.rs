//! How far a drill is and how long it will take: a bar at a terminal, now and then a sentence elsewhere.

use super::super::Printer;
use crate::runtime::clock::Clock;
use crate::units::Moment;
use std::io::{IsTerminal as _, Write as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Between two sentences.
const EVERY: Duration = Duration::from_secs(60);

pub(super) struct Progress {
    clock: Arc<dyn Clock>,
    bar: indicatif::ProgressBar,
    told: Mutex<Told>,
}

/// When what was said last.
struct Told {
    begun: Moment,
    last: Moment,
    done: usize,
    total: usize,
}

impl Progress {
    /// Of `total` presentations that are still to be played.
    pub fn new(printer: &Printer, clock: &Arc<dyn Clock>, total: usize) -> Self {
        let bar = if printer.json() || !std::io::stderr().is_terminal() {
            indicatif::ProgressBar::hidden()
        } else {
            let style = indicatif::ProgressStyle::with_template("{wide_bar} {pos} of {len}, {eta} left");
            indicatif::ProgressBar::new(total as u64).with_style(style.unwrap_or_else(|_| indicatif::ProgressStyle::default_bar()))
        };
        let begun = clock.now();
        Self { clock: Arc::clone(clock), bar, told: Mutex::new(Told { begun, last: begun, done: 0, total }) }
    }

    /// One more is done. The sentences go to standard error whoever reads the answer: a run takes half an hour.
    pub fn step(&self) {
        self.bar.inc(1);
        let sentence = self.told.lock().unwrap_or_else(PoisonError::into_inner).step(self.clock.now());
        if let Some(sentence) = sentence.filter(|_| self.bar.is_hidden()) {
            // Nobody is there to read it if it cannot be printed.
            let _ = writeln!(std::io::stderr(), "{sentence}");
        }
    }

    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Told {
    fn step(&mut self, now: Moment) -> Option<String> {
        self.done += 1;
        if now.since(self.last) < EVERY {
            return None;
        }
        self.last = now;
        let left = self.total.saturating_sub(self.done) as f64;
        let minutes = (now.since(self.begun).as_secs_f64() / self.done as f64 * left / 60.0).ceil();
        Some(format!("{} of {} presentations, about {minutes} min left", self.done, self.total))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_a_minute_says_what_is_left() {
        let at = |seconds| Moment(Duration::from_secs(seconds));
        let mut told = Told { begun: at(10), last: at(10), done: 0, total: 100 };
        assert_eq!(told.step(at(69)), None);
        assert_eq!(told.step(at(70)).unwrap(), "2 of 100 presentations, about 49 min left");
        assert_eq!(told.step(at(71)), None);
        assert_eq!(told.step(at(131)).unwrap(), "4 of 100 presentations, about 49 min left");
    }
}
