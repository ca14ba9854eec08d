"""Spark gives the clusters that DuckDB gives. `./run deep tests/linkage` with JOINEDUP_EXTRAS=spark; needs Java 17."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.bench.watched import run_watched
from tests.linkage.generate import make

pytestmark = [
    pytest.mark.deep,
    pytest.mark.skipif(
        importlib.util.find_spec("pyspark") is None, reason="the extra joinedup[spark] is not installed"
    ),
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java 17"),
]


@pytest.mark.parametrize(("profile", "seed"), [("mixed", 71), ("hard", 72), ("diverse", 73)])
def test_spark_and_duckdb_agree(profile: str, seed: int, tmp_path: Path) -> None:
    make(5000, seed, profile, tmp_path, processes=1)
    records, model = tmp_path / "records.parquet", tmp_path / "model.json"
    run_watched("linkage", "train", "--records", records, "--out", model)
    found, review = {}, {}
    for backend in ("duckdb", "spark"):
        clusters, pairs = tmp_path / f"{backend}.parquet", tmp_path / f"{backend}-pairs.parquet"
        run_watched(
            *("linkage", "cluster", "--records", records, "--model", model, "--backend", backend),
            *("--clusters", clusters, "--pairs", pairs),
        )
        found[backend] = pq.read_table(clusters).sort_by("record_id").to_pylist()
        review[backend] = {
            frozenset((each["record_id_l"], each["record_id_r"])): each["probability"]
            for each in pq.read_table(pairs).to_pylist()
        }
    assert found["spark"] == found["duckdb"]
    assert review["spark"].keys() == review["duckdb"].keys()
    for pair, probability in review["duckdb"].items():
        assert review["spark"][pair] == pytest.approx(probability, abs=1e-6)
