//! Benchmark: exact 1:N search beside the memory bandwidth of the same run. `cargo bench --bench search`.
//!
//! With `VISAVIS_FAISS_PYTHON` (a Python with `faiss-cpu`) FAISS searches the same rows for the same people in the same run.
#![allow(clippy::print_stdout, reason = "a benchmark's answer is what it prints")]

use criterion::{BenchmarkId, Criterion, Throughput};
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use visavis::biometrics::identification::Storage;
use visavis::biometrics::template::Template;
use visavis::runtime::benchmark::{Bandwidth, MadeUpPeople, SearchBenchmark, made_up_index, search_benchmark};
use visavis::runtime::search::search;

const THREADS: usize = 2;
const DIMENSIONS: usize = 128;
const ROUNDS: usize = 25;

/// FAISS's `IndexFlatIP` on our rows: its time, and whether it names the same ten.
fn beside_faiss(python: &Path, rows: usize) {
    let scratch = tempfile::tempdir().expect("a folder can be made");
    let write = |name: &str, people: &mut dyn Iterator<Item = Template>| {
        let bytes: Vec<u8> = people.flat_map(|t| t.values().iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<_>>()).collect();
        let path = scratch.path().join(name);
        std::fs::write(&path, bytes).expect("the rows can be written");
        path
    };
    let gallery = write("rows.f32", &mut MadeUpPeople::new(DIMENSIONS).take(rows));
    let probes = write("probes.f32", &mut MadeUpPeople::new(DIMENSIONS).skip(rows).take(ROUNDS));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/faiss_search.py");
    let numbers = [DIMENSIONS, THREADS].map(|n| n.to_string());
    let output = Command::new(python).arg(script).args([gallery, probes]).args(numbers).output().expect("the script starts");
    let text = String::from_utf8_lossy(&output.stdout);
    let (time, theirs) = text.trim().split_once('\n').unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let index = made_up_index(rows, DIMENSIONS, Storage::F32);
    let probe = MadeUpPeople::new(DIMENSIONS).nth(rows).expect("people without end");
    let ours = search(&index, &probe, 10, None, THREADS).expect("one format");
    let ours: Vec<String> = ours.iter().map(|candidate| candidate.subject.0.as_u128().to_string()).collect();
    println!("  {rows} x {DIMENSIONS} FAISS IndexFlatIP: median {time} ms, the same ten: {}", ours.join(" ") == theirs.trim());
}

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
        let report = search_benchmark(SearchBenchmark { rows, dimensions: DIMENSIONS, size: 10, threads: THREADS, rounds: ROUNDS });
        println!(
            "bandwidth {:.1} GB/s, i8 {:.2} times as fast, same answers: {}",
            report.read_bandwidth, report.i8_speed_up, report.same_answers
        );
        if let Some(python) = std::env::var_os("VISAVIS_FAISS_PYTHON") {
            beside_faiss(Path::new(&python), rows);
        }
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
