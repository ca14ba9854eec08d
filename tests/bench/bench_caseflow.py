"""How long a five-year replication of a flow of cases takes: our two kernels, and SimPy and Ciw in the same run.
`./run bench tests/bench/bench_caseflow.py`; the figures go to docs/measurements/caseflow.md.

The flow is the benchmark in `engines/caseflow/examples`: twenty contacts a working day, triage, three teams of forty workers with twelve
families each, reviews every thirty days. Times are of the processor, in one process, the middle of several; what is on the clock
for a hundred and a thousand replications is with two threads.
"""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest

from joinedup.engines.caseflow import answers, fewest, read_text, settled, simulate, stream
from joinedup.engines.caseflow.simulating import Work
from tests.bench.simulators import ciw_replication, simpy_replication

pytestmark = pytest.mark.bench
REPORT = Path(os.environ.get("JOINEDUP_BENCH_REPORT", Path(__file__).parents[2] / "docs/measurements/caseflow.md"))
MODEL = read_text(resources.files("joinedup.engines.caseflow").joinpath("examples/benchmark.toml").read_bytes())
MODEL_SETTLED = settled(MODEL)
REPEATS = 5


def _busy(work: Callable[[], object], times: int, repeats: int) -> float:
    """Milliseconds of the processor each, the middle of several."""
    took = []
    for _ in range(repeats):
        began = time.process_time()
        work()
        took.append((time.process_time() - began) * 1000 / times)
    return statistics.median(took)


def _peers() -> list[tuple[str, float, list[float]]]:
    """SimPy and Ciw: milliseconds, and each replication's mean wait at the first team."""
    found = []
    for name, replicate, repeats in (("SimPy 4", simpy_replication, 6), ("Ciw 3", ciw_replication, 3)):
        took, waits = [], []
        for seed in range(repeats):
            began = time.process_time()
            count, wait = replicate(MODEL_SETTLED, seed)
            took.append((time.process_time() - began) * 1000)
            assert 4000 < count < 5600
            waits.append(wait)
        found.append((name, statistics.median(took), waits))
    return found


def test_a_replication_of_five_years() -> None:
    recursion = _busy(lambda: Work(MODEL_SETTLED, 1, "recursion")(range(50)), 50, REPEATS)
    events = _busy(lambda: Work(MODEL_SETTLED, 1, "event loop")(range(5)), 5, REPEATS)
    one, two = (simulate(MODEL, replications=5, seed=1, kernel=kernel) for kernel in ("recursion", "event loop"))
    assert one.checksum == two.checksum
    peers = _peers()
    began = time.perf_counter()
    hundred = simulate(MODEL, replications=100, seed=1)
    on_the_clock = time.perf_counter() - began
    began, halves = time.perf_counter(), []
    for so_far in stream(MODEL, replications=1000, seed=1):
        halves.append((so_far.replications, so_far.estimate("Team A", "mean_wait").half or 0.0))
    thousand = time.perf_counter() - began
    began = time.perf_counter()
    for _ in range(100):
        answers(MODEL)
    formula = (time.perf_counter() - began) * 10
    began = time.perf_counter()
    needed = fewest(MODEL, seed=1)
    searching = time.perf_counter() - began
    assert needed.stations["Triage"].servers == 7
    assert all(39 <= needed.stations[f"Team {each}"].servers <= 41 for each in "ABC")

    simpy = peers[0][1]
    ours = hundred.estimate("Team A", "mean_wait")
    rows = [
        f"| ours, recursion (NumPy) | {recursion:.1f} | {simpy / recursion:.0f} × | {ours.value:.3f} ± {ours.half:.3f} (100) |",
        f"| ours, event loop (Python) | {events:.0f} | {simpy / events:.1f} × | the same to the last digit |",
        *(
            f"| {name} | {took:.0f} | {simpy / took:.2f} × | {statistics.fmean(waits):.3f} ({len(waits)}) |"
            for name, took, waits in peers
        ),
    ]
    shrinking = ", ".join(
        f"±{half:.3f} after {count:,}" for count, half in halves if count in {50, 100, 250, 500, 1000}
    )
    staffing = ", ".join(f"{name} {each.servers} ({each.within.value:.1%})" for name, each in needed.stations.items())
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(
        "# Case flow: a replication of five years\n\n"
        f"Measured on {time.strftime('%d %B %Y').lstrip('0')}: {os.cpu_count()} cores ({platform.machine()}), load average"
        f" {os.getloadavg()[0]:.1f}. Written by `./run bench tests/bench/bench_caseflow.py`.\n\n"
        "Twenty contacts a working day, triage, three teams of forty workers with twelve families each, reviews every thirty days:"
        " about 25,000 cases in a replication. Milliseconds of the processor for one replication, one process, the middle of"
        " several.\n\n"
        "| program | ms | against SimPy | mean wait at the first team, days (replications) |\n|---|---|---|---|\n"
        + "\n".join(rows)
        + "\n\n"
        f"On the clock, two threads: {on_the_clock:.2f} s for 100 replications; {thousand:.1f} s for 1,000, streamed, the mean wait"
        f" {shrinking}. By formula: {formula:.1f} ms.\n\n"
        f"The least staffing for the targets (95 % within a day at triage, wait and work together; within five days at the teams),"
        f" 200 replications, {needed.evaluations} evaluations: {staffing}, in {searching:.1f} s. This is the benchmark's answer, no"
        " council's.\n",
        encoding="utf-8",
    )
