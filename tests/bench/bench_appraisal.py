"""How long a Monte Carlo appraisal takes and how much memory. `./run bench tests/bench/bench_appraisal.py`; the figures go to
docs/measurements/appraisal.md.

A case of 30 lines of benefit and three of cost, its every input uncertain, drawn 1,000, 100,000 and 2,000,000 times, each in
a process of its own.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.bench
REPORT = Path(os.environ.get("JOINEDUP_BENCH_REPORT", Path(__file__).parents[2] / "docs/measurements/appraisal.md"))
LINES = 30
DRAWS = (1_000, 100_000, 2_000_000)
REPEATS = 5

# What runs in a process of its own: reads a model, draws it, and says what that took.
PROGRAM = """
import json, sys, time
from pathlib import Path
from joinedup.engines.appraisal import appraise, read_text, simulate, tornado
def peak():  # of this program alone: what the kernel calls ru_maxrss is handed on by whoever started it
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
began = time.perf_counter()
model = read_text(Path(sys.argv[1]).read_bytes())
read = time.perf_counter() - began
began = time.perf_counter()
found = appraise(model)
once = time.perf_counter() - began
began = time.perf_counter()
tornado(model)
bars = time.perf_counter() - began
before = peak()
times, size = [], int(sys.argv[4]) if len(sys.argv) > 4 else 8192
for _ in range(int(sys.argv[3])):
    began = time.perf_counter()
    drawn = simulate(model, draws=int(sys.argv[2]), seed=1, at_a_time=size)
    times.append(time.perf_counter() - began)
after = peak()
print(json.dumps({"read": read, "once": once, "bars": bars, "times": sorted(times), "before": before, "after": after,
                  "mean": drawn.npv_fiscal.mean, "error": drawn.npv_fiscal.standard_error, "npv": found.npv_fiscal}))
"""


def _model(path: Path) -> None:
    """Inputs invented; every one of the eight kinds of uncertain input in every line."""
    benefits = [
        {
            "code": f"B{number}", "prevalence": 0.2, "engagement": 0.8, "retention": 0.85, "impact": 0.3, "deadweight": 0.2,
            "attribution": 0.9, "displacement": 0.05, "unit_cost": {"fiscal": 9000 + 100 * number, "social": 2000},
            "agencies": {"Council": 0.5, "NHS": 0.3, "Police": 0.2}, "lag": number % 3, "drop_off": 0.1,
            "grade": 1 + number % 6, "cashable": 0.3,
        }
        for number in range(LINES)
    ]  # fmt: skip
    costs = [
        {"code": name, "amounts": [900_000] * 5, "grade": grade, "agencies": {name: 1}}
        for grade, name in enumerate(("Council", "NHS", "Police"), start=2)
    ]
    model = {"years": 5, "discount": "green-book", "cohort": {"size": [300] * 5}, "costs": costs, "benefits": benefits}
    path.write_text(json.dumps(model), encoding="utf-8")


def _run(model: Path, draws: int, repeats: int, *at_a_time: int) -> dict[str, Any]:
    arguments = [str(model), str(draws), str(repeats), *map(str, at_a_time)]
    done = subprocess.run([sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_monte_carlo(tmp_path: Path) -> None:
    model = tmp_path / "model.json"
    _model(model)
    rows, first, at_a_time_mean = [], None, 0.0
    for draws in DRAWS:
        took = _run(model, draws, REPEATS if draws < DRAWS[-1] else 1)
        first = first or took
        middle = took["times"][len(took["times"]) // 2]
        at_a_time_mean = took["mean"] if draws == 100_000 else at_a_time_mean
        assert abs(took["mean"] - took["npv"]) <= 5 * took["error"]
        rows.append(
            f"| {draws:,} | {middle:.3f} | {took['times'][0]:.3f} | {took['after'] - took['before']:.0f} | {took['after']:.0f} |"
            f" £{took['mean']:,.0f} ± {took['error']:,.0f} |"
        )
    whole = _run(model, 100_000, 1, 100_000)
    assert first is not None
    assert whole["mean"] == at_a_time_mean
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(
        "# Appraisal: a hundred thousand draws\n\n"
        f"Measured on {time.strftime('%d %B %Y').lstrip('0')}: {os.cpu_count()} cores ({platform.machine()}), load average"
        f" {os.getloadavg()[0]:.1f}, one process. Written by `./run bench tests/bench/bench_appraisal.py`.\n\n"
        f"A case over five years with {LINES} lines of benefit, eight uncertain inputs in each, three lines of cost and one"
        f" cohort: {LINES * 8 + 4} inputs a draw. The model's own answer is £{first['npv']:,.0f}.\n\n"
        "| draws | seconds (middle) | seconds (best) | MB more than before | peak MB | mean of the draws |\n"
        "|---|---|---|---|---|---|\n" + "\n".join(rows) + "\n\n"
        f"Draws are held 8,192 at a time; 100,000 held all at once give the same digits and take"
        f" {whole['after'] - whole['before']:.0f} MB more than before. What stays is two numbers a draw, for the percentiles.\n\n"
        f"Reading the model takes {1000 * first['read']:.1f} ms, working it out once {1000 * first['once']:.1f} ms, the"
        f" tornado of all its inputs {1000 * first['bars']:.1f} ms.\n",
        encoding="utf-8",
    )
