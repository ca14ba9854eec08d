"""How long a look-up takes among a million, and how often it is right. `pytest -m bench tests/bench/bench_lookup.py`.

The command makes its own database with the product's tables and asks one question after another through the code of the
search page. Two runs: 200,000 records of a held-back seed for how often it is right, and 2,100,000 records, which are a
million people, for how long it takes. Figures go to docs/measurements/lookup.md.

JOINEDUP_BENCH_RECORDS and JOINEDUP_BENCH_PEOPLE_RECORDS try it out with fewer; then the report goes to the test's folder.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.bench.watched import Watched, run_watched
from tests.linkage.lookups import LOOKUP_PROMISES, measure_lookup

pytestmark = pytest.mark.bench

SEED = 90001  # held back: nothing was ever tuned to it
ANOTHER_SEED = 90002
FULL, FULL_PEOPLE = 200_000, 2_100_000  # two records and a bit for each person
RECORDS = int(os.environ.get("JOINEDUP_BENCH_RECORDS", str(FULL)))
PEOPLE_RECORDS = int(os.environ.get("JOINEDUP_BENCH_PEOPLE_RECORDS", str(FULL_PEOPLE)))
REPORT = Path(__file__).parents[2] / "docs" / "measurements" / "lookup.md"
_BINS = (0.0, 0.01, 0.05, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.99, 1.0001)


@dataclass(frozen=True)
class Run:
    """One set of people looked up: where it is, what the command took, and what came of it."""

    folder: Path
    people: int
    took: Watched
    times: tuple[float, float, float, float]
    figures: dict[str, Any]

    @property
    def loading(self) -> float:
        """Seconds before the first question: reading, keys, indexes."""
        asked = self.figures["lookups"] * self.figures["mean"] / 1000
        return self.took.seconds - asked


def _run(folder: Path, records: int, seed: int) -> Run:
    import duckdb

    generate = ["-m", "tests.linkage.generate", "--records", records, "--seed", seed, "--out", folder]
    subprocess.run([sys.executable, *map(str, generate)], check=True)
    clusters, results = folder / "clusters.parquet", folder / "results.parquet"
    truth = folder / "truth.parquet"
    duckdb.sql(f"COPY (SELECT record_id, person_id AS cluster_id FROM '{truth}') TO '{clusters}' (FORMAT parquet)")
    took = run_watched(
        "linkage", "lookup", "--records", folder / "records.parquet", "--clusters", clusters,
        "--queries", folder / "queries.parquet", "--results", results, every=1.0,
    )  # fmt: skip
    people = duckdb.sql(f"SELECT count(DISTINCT cluster_id) FROM '{clusters}'").fetchall()[0][0]
    asked = f"(SELECT query_id, any_value(latency_ms) AS ms FROM '{results}' GROUP BY query_id)"
    sql = f"SELECT quantile_cont(ms, [0.5, 0.95, 0.99]), max(ms), avg(ms) FROM {asked}"
    (half, most, nearly_all), longest, mean = duckdb.sql(sql).fetchall()[0]
    figures = measure_lookup(folder, results) | {"mean": mean}
    return Run(folder, people, took, (half, most, nearly_all, longest), figures)


def test_a_lookup_among_a_million(tmp_path: Path) -> None:
    small = _run(tmp_path / "quality", RECORDS, SEED)
    large = _run(tmp_path / "million", PEOPLE_RECORDS, ANOTHER_SEED)
    is_whole = (RECORDS, PEOPLE_RECORDS) == (FULL, FULL_PEOPLE)
    report = REPORT if is_whole else tmp_path / "lookup.md"
    report.write_text(_report(small, large), encoding="utf-8")
    print(report.read_text())
    for run in (small, large):
        assert run.figures["adopted_other_certain"] == 0
        assert run.figures["certain_wrong"] <= 0.01


def _report(small: Run, large: Run) -> str:
    lines = [
        "# Looking somebody up\n",
        f"Measured with {os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, load average "
        f"{os.getloadavg()[0]:.1f} at the end. Written by `pytest -m bench tests/bench/bench_lookup.py`.\n",
        "Invented people of eighteen name traditions, of seeds that nothing was tuned to, with their true clusters. The "
        "time of a question is that of the database and of scoring together.\n",
        "| people | records | questions | p50 ms | p95 ms | p99 ms | longest ms | loading s | most memory MB, all processes |",
        "|---|---|---|---|---|---|---|---|---|",
        *(_times(run, records) for run, records in ((small, RECORDS), (large, PEOPLE_RECORDS))),
        "",
        "## How often it is right\n",
        f"| | promise | {small.people:,} people | {large.people:,} people |",
        "|---|---|---|---|",
    ]
    for name, words, least, most in LOOKUP_PROMISES:
        promise = f"≥ {least}" if least is not None else f"≤ {most}"
        lines.append(f"| {words} | {promise} | {_figure(small, name)} | {_figure(large, name)} |")
    lines += ["", small.figures["lookup_gap_in_words"]]
    lines += ["", "## Is a chance what it says?\n", *_reliability(small)]
    for kind, heading in (("lookup_by_group", "By name group"), ("lookup_by_kind", "By what was asked"),
                          ("lookup_by_noise", "By kind of noise")):  # fmt: skip
        lines += ["", f"## {heading}\n", "| | questions | first five | first | certain |", "|---|---|---|---|---|"]
        for row in small.figures[kind]:
            name, number, *shares = row.values()
            lines.append(f"| {name} | {number} | " + " | ".join(f"{each:.3f}" for each in shares) + " |")
    return "\n".join(lines) + "\n"


def _times(run: Run, records: int) -> str:
    half, most, nearly_all, longest = run.times
    return (
        f"| {run.people:,} | {records:,} | {run.figures['lookups']:,} | {half:.1f} | {most:.1f} | {nearly_all:.1f} |"
        f" {longest:.0f} | {run.loading:.0f} | {run.took.megabytes:,.0f} |"
    )


def _figure(run: Run, name: str) -> str:
    value = run.figures.get(name)
    if value is None:
        return ""
    count, whole = run.figures.get(f"{name}_count"), run.figures.get(f"{name}_of")
    said = f"{value:.4f}" if isinstance(value, float) else str(value)
    return f"{said} ({count} of {whole})" if count is not None and whole else said


def _reliability(run: Run) -> list[str]:
    """Of the first answers with about one probability, how many are the person asked about; every question counts."""
    import duckdb

    folder = run.folder
    rows = duckdb.sql(
        f"""SELECT r.probability, coalesce(t.person_id = q.person_id, false)
            FROM '{folder / "results.parquet"}' r JOIN '{folder / "queries_truth.parquet"}' q USING (query_id)
            LEFT JOIN '{folder / "truth.parquet"}' t USING (record_id)
            WHERE r.rank = 1 AND r.probability IS NOT NULL"""
    ).fetchall()
    lines = ["| said | first answers | said on average | were right |", "|---|---|---|---|"]
    for low, high in pairwise(_BINS):
        held = [(chance, is_right) for chance, is_right in rows if low <= chance < high]
        if held:
            said, right = (sum(each[place] for each in held) / len(held) for place in (0, 1))
            lines.append(f"| {low:.2f}–{min(high, 1.0):.2f} | {len(held)} | {said:.3f} | {right:.3f} |")
    return lines
