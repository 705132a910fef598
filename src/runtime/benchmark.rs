//! Times searches on this machine, beside the memory bandwidth measured in the same run.

pub mod documents;
pub mod stages;

use super::clock::{Clock as _, SystemClock};
use super::search::search;
use crate::biometrics::identification::{Index, Kernel, Storage};
use crate::biometrics::template::{Template, TemplateFormat};
use crate::units::SubjectId;
use serde::Serialize;
use uuid::Uuid;

/// What to search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchBenchmark {
    /// Templates, one a subject.
    pub rows: usize,
    /// Values of a template.
    pub dimensions: usize,
    /// Candidates asked for.
    pub size: usize,
    /// Threads.
    pub threads: usize,
    /// Timed searches; the first ones warm up and are not counted.
    pub rounds: usize,
}

/// One way of searching, timed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SearchTiming {
    /// `f32`, or `i8` with exact scores for what could matter.
    pub storage: &'static str,
    /// Kernel, picked for this processor.
    pub kernel: &'static str,
    /// Templates.
    pub rows: usize,
    /// Values of a template.
    pub dimensions: usize,
    /// Threads.
    pub threads: usize,
    /// Fastest search, milliseconds.
    pub best_ms: f64,
    /// Median search, milliseconds.
    pub median_ms: f64,
    /// What the coarse pass reads in the median search, thousand million bytes a second.
    pub gigabytes_per_second: f64,
    /// That as a fraction of the bandwidth of the same run.
    pub bandwidth_fraction: f64,
}

/// Searches and the bandwidth around them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SearchBenchmarkReport {
    /// Reading memory with as many threads, thousand million bytes a second: the median over the run.
    pub read_bandwidth: f64,
    /// One entry per way of searching.
    pub searches: Vec<SearchTiming>,
    /// How much faster the 8-bit search is.
    pub i8_speed_up: f64,
    /// Whether both gave the same candidates in the same order.
    pub same_answers: bool,
}

/// Uniformly random directions from a fixed seed: every run searches the same made-up people.
#[derive(Debug, Clone)]
pub struct MadeUpPeople {
    state: u64,
    format: TemplateFormat,
}

impl MadeUpPeople {
    /// People whose templates have `dimensions` values.
    #[must_use]
    pub fn new(dimensions: usize) -> Self {
        Self { state: 0x1234_5678_9abc_def1, format: TemplateFormat { recogniser: "made-up@0000000000000000".into(), dimensions } }
    }

    /// Their format.
    #[must_use]
    pub const fn format(&self) -> &TemplateFormat {
        &self.format
    }

    /// About normal, from four uniform parts.
    fn value(&mut self) -> f32 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        let parts = self.state;
        (0..4).map(|i| ((parts >> (16 * i)) & 0xffff) as f32).sum::<f32>() / 65_535.0 - 2.0
    }
}

impl Iterator for MadeUpPeople {
    type Item = Template;
    fn next(&mut self) -> Option<Template> {
        let values = (0..self.format.dimensions).map(|_| self.value()).collect();
        Template::new(self.format.clone(), values).ok()
    }
}

/// An index of made-up people.
#[must_use]
pub fn made_up_index(rows: usize, dimensions: usize, storage: Storage) -> Index {
    let people = MadeUpPeople::new(dimensions);
    let mut index = Index::with(people.format().clone(), storage, Kernel::fastest());
    for (n, template) in people.take(rows).enumerate() {
        index.insert(SubjectId(Uuid::from_u128(n as u128)), &template).expect("one format");
    }
    index
}

/// Times both ways of searching the same made-up gallery, with the bandwidth measured before, between and after them.
#[must_use]
pub fn search_benchmark(what: SearchBenchmark) -> SearchBenchmarkReport {
    let mut bandwidth = Bandwidth::new(what.threads);
    let probes: Vec<Template> = MadeUpPeople::new(what.dimensions).skip(what.rows).take(what.rounds.max(1)).collect();
    let mut readings = vec![bandwidth.read()];
    let (mut searches, mut answers) = (Vec::new(), Vec::new());
    for (storage, name, bytes) in [(Storage::F32, "f32", 4), (Storage::F32AndI8, "i8", 1)] {
        let index = made_up_index(what.rows, what.dimensions, storage);
        let find = |probe: &Template| search(&index, probe, what.size, None, what.threads).expect("one format");
        find(&probes[0]);
        let clock = SystemClock::start();
        let mut times = Vec::new();
        for probe in &probes {
            let begun = clock.now();
            let found = find(probe);
            times.push(clock.now().since(begun).as_secs_f64() * 1e3);
            answers.push(found);
        }
        times.sort_by(f64::total_cmp);
        let median_ms = times[times.len() / 2];
        searches.push(SearchTiming {
            storage: name,
            kernel: index.kernel().name(),
            rows: what.rows,
            dimensions: what.dimensions,
            threads: what.threads,
            best_ms: times[0],
            median_ms,
            gigabytes_per_second: (what.rows * what.dimensions * bytes) as f64 / median_ms / 1e6,
            bandwidth_fraction: 0.0,
        });
        readings.push(bandwidth.read());
    }
    readings.sort_by(f64::total_cmp);
    let read_bandwidth = readings[readings.len() / 2];
    for search in &mut searches {
        search.bandwidth_fraction = search.gigabytes_per_second / read_bandwidth;
    }
    let (f32_answers, i8_answers) = answers.split_at(probes.len());
    SearchBenchmarkReport {
        read_bandwidth,
        i8_speed_up: searches[0].median_ms / searches[1].median_ms,
        same_answers: f32_answers == i8_answers,
        searches,
    }
}

/// Memory that no cache holds, read from end to end.
pub struct Bandwidth {
    words: Vec<u64>,
    threads: usize,
}

impl Bandwidth {
    const BYTES: usize = 512 << 20;

    /// Memory for that many threads to read.
    #[must_use]
    pub fn new(threads: usize) -> Self {
        // Written, so that every page exists and is its own.
        Self { words: (0..Self::BYTES as u64 / 8).collect(), threads: threads.max(1) }
    }

    /// Reads everything five times and returns the median, thousand million bytes a second.
    #[must_use]
    pub fn read(&mut self) -> f64 {
        let clock = SystemClock::start();
        let mut rates: Vec<f64> = (0..5)
            .map(|_| {
                let begun = clock.now();
                let share = self.words.len().div_ceil(self.threads);
                let sum = std::thread::scope(|scope| {
                    let sums: Vec<_> = self.words.chunks(share).map(|part| scope.spawn(|| add_up(part))).collect();
                    sums.into_iter().map(|s| s.join().unwrap_or(0)).fold(0, u64::wrapping_add)
                });
                std::hint::black_box(sum);
                Self::BYTES as f64 / clock.now().since(begun).as_secs_f64() / 1e9
            })
            .collect();
        rates.sort_by(f64::total_cmp);
        rates[2]
    }
}

fn add_up(words: &[u64]) -> u64 {
    let mut sums = [0_u64; 16];
    for line in words.chunks_exact(16) {
        for (sum, word) in sums.iter_mut().zip(line) {
            *sum = sum.wrapping_add(*word);
        }
    }
    sums.into_iter().fold(0, u64::wrapping_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_find_the_same_people() {
        let report = search_benchmark(SearchBenchmark { rows: 5000, dimensions: 40, size: 10, threads: 2, rounds: 4 });
        assert!(report.same_answers);
        assert_eq!(report.searches.iter().map(|s| s.storage).collect::<Vec<_>>(), ["f32", "i8"]);
        assert!(report.read_bandwidth > 0.0);
    }
}
