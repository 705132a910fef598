"""Exact search with FAISS: rows.f32 probes.f32 dimensions threads. Prints the median milliseconds of a search for ten and the first probe's ten."""

import sys
import time

import faiss
import numpy

dimensions, threads = int(sys.argv[3]), int(sys.argv[4])
faiss.omp_set_num_threads(threads)
rows = numpy.fromfile(sys.argv[1], dtype=numpy.float32).reshape(-1, dimensions)
probes = numpy.fromfile(sys.argv[2], dtype=numpy.float32).reshape(-1, dimensions)
index = faiss.IndexFlatIP(dimensions)
index.add(rows)
times, first = [], None
for probe in probes:
    start = time.perf_counter()
    _, found = index.search(probe[None, :], 10)
    times.append((time.perf_counter() - start) * 1000)
    first = found[0] if first is None else first
print(sorted(times[1:])[len(times[1:]) // 2])
print(" ".join(str(row) for row in first))
