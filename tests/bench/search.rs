//! Benchmark: exact 1:N search beside the memory bandwidth of the same run. `cargo bench --bench search`.
#![allow(clippy::print_stdout, reason = "a benchmark's answer is what it prints")]

use criterion::{BenchmarkId, Criterion, Throughput};
use std::time::Duration;
use visavis::biometrics::identification::Storage;
use visavis::runtime::benchmark::{Bandwidth, MadeUpPeople, SearchBenchmark, made_up_index, search_benchmark};
use visavis::runtime::search::search;

const THREADS: usize = 2;

fn searches(criterion: &mut Criterion, rows: usize, dimensions: usize) {
    let mut group = criterion.benchmark_group(format!("search {rows}x{dimensions} on {THREADS} threads"));
    group.measurement_time(Duration::from_secs(2)).warm_up_time(Duration::from_millis(500)).sample_size(20);
    let probe = MadeUpPeople::new(dimensions).nth(rows).expect("people without end");
    for (name, storage, bytes) in [("f32", Storage::F32, 4), ("i8", Storage::F32AndI8, 1)] {
        let index = made_up_index(rows, dimensions, storage);
        group.throughput(Throughput::Bytes((rows * dimensions * bytes) as u64));
        group.bench_function(BenchmarkId::new(name, index.kernel().name()), |b| {
            b.iter(|| search(&index, &probe, 10, None, THREADS).expect("one format"));
        });
    }
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    println!("read bandwidth on {THREADS} threads: {:.1} GB/s", Bandwidth::new(THREADS).read());
    searches(&mut criterion, 100_000, 128);
    searches(&mut criterion, 1_000_000, 128);
    for rows in [100_000, 1_000_000] {
        let report = search_benchmark(SearchBenchmark { rows, dimensions: 128, size: 10, threads: THREADS, rounds: 25 });
        println!(
            "bandwidth {:.1} GB/s, i8 {:.2} times as fast, same answers: {}",
            report.read_bandwidth, report.i8_speed_up, report.same_answers
        );
        for s in &report.searches {
            println!(
                "  {rows} x {} {} {}: median {:.2} ms, best {:.2} ms, {:.1} GB/s = {:.0} % of the bandwidth",
                s.dimensions,
                s.storage,
                s.kernel,
                s.median_ms,
                s.best_ms,
                s.gigabytes_per_second,
                s.bandwidth_fraction * 100.0
            );
        }
    }
    criterion.final_summary();
}
