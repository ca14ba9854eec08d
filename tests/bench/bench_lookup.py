"""How long a look-up takes among a million, and how often it is right. `pytest -m bench tests/bench/bench_lookup.py`.

The command makes its own database with the product's tables and asks one question after another through the code of the
search page. Figures go to docs/measurements/lookup.md.
"""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.linkage.lookups import measure_lookup

pytestmark = pytest.mark.bench

# Two records and a bit for each person: 2,100,000 records are a million people.
RECORDS = int(os.environ.get("JOINEDUP_BENCH_RECORDS", "2100000"))
REPORT = Path(__file__).parents[2] / "docs" / "measurements" / "lookup.md"
_ROWS = (
    ("in_five", "known, answerable: right person in the first five"), ("first", "known, answerable: right person first"),
    ("certain_known", "known, answerable: called certain"), ("twin_first", "twins: right one first"),
    ("twin_in_five", "twins: right one in the first five"), ("twin_other_certain", "twins: the other called certain"),
    ("certain_wrong", "called certain and wrong"), ("absent_certain", "absent: somebody called certain"),
    ("absent_sibling_certain", "absent sibling: somebody called certain"),
    ("absent_twin_certain", "absent twin: somebody called certain"),
    ("adopted_other_certain", "the other adopted identity called certain (number)"),
    ("lookup_group_gap", "gap between name groups in the first five"),
)  # fmt: skip


def _run(*arguments: object) -> float:
    began = time.monotonic()
    subprocess.run([sys.executable, "-m", *map(str, arguments)], check=True)
    return time.monotonic() - began


def test_a_lookup_among_a_million(tmp_path: Path) -> None:
    import duckdb

    _run("tests.linkage.generate", "--records", RECORDS, "--seed", 71, "--out", tmp_path)
    clusters, results = tmp_path / "clusters.parquet", tmp_path / "results.parquet"
    duckdb.sql(
        f"COPY (SELECT record_id, person_id AS cluster_id FROM '{tmp_path / 'truth.parquet'}') TO '{clusters}' (FORMAT parquet)"
    )
    files = {name: tmp_path / f"{name}.parquet" for name in ("records", "queries")}
    took = _run(
        "joinedup.cli.main", "linkage", "lookup", "--records", files["records"], "--clusters", clusters, "--queries",
        files["queries"], "--results", results,
    )  # fmt: skip
    people = duckdb.sql(f"SELECT count(DISTINCT cluster_id) FROM '{clusters}'").fetchall()[0][0]
    found = measure_lookup(tmp_path, results)
    asked = f"(SELECT query_id, any_value(latency_ms) AS ms FROM '{results}' GROUP BY query_id)"
    times = duckdb.sql(f"SELECT quantile_cont(ms, [0.5, 0.95, 0.99]), max(ms) FROM {asked}").fetchall()[0]
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    REPORT.write_text(_report(people, took, times, megabytes, found), encoding="utf-8")
    assert found["adopted_other_certain"] == 0


def _report(people: int, took: float, times: Any, megabytes: float, found: dict[str, Any]) -> str:
    (half, most, nearly_all), longest = times
    load = os.getloadavg()[0]
    lines = [
        "# Looking somebody up\n",
        f"Measured with {os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, load average "
        f"{load:.1f} at the end. Written by `pytest -m bench tests/bench/bench_lookup.py`.\n",
        f"{RECORDS:,} invented records of {people:,} people, {found['lookups']:,} questions. The time of a question is that "
        "of the database and of scoring. Target: 10 ms for 95 of 100.\n",
        "| p50 ms | p95 ms | p99 ms | longest ms | all in all s | most memory of a process MB |",
        "|---|---|---|---|---|---|",
        f"| {half:.1f} | {most:.1f} | {nearly_all:.1f} | {longest:.0f} | {took:.0f} | {megabytes:.0f} |",
        "",
        "| what | |",
        "|---|---|",
    ]
    lines += [f"| {words} | {found[name]:.4f} |" for name, words in _ROWS if found.get(name) is not None]
    return "\n".join(lines) + "\n"
