"""The promises of linkage on a small set, by the commands that other programs rely on. The bench measures large ones."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from pyarrow.csv import write_csv

from tests.bench.watched import run_watched
from tests.linkage.evaluate import measure_clusters
from tests.linkage.generate import make
from tests.linkage.lookups import measure_lookup

WANTED = {"known": 250, "twin": 40, "absent": 60, "absent_sibling": 30, "absent_twin": 15, "adopted": 24}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("quality")
    make(5000, 61, "mixed", out, wanted=WANTED, processes=1)
    csv = out / "records.csv"  # lookups read the parquet: both are read alike
    write_csv(pq.read_table(out / "records.parquet"), csv)
    run_watched(
        *("linkage", "cluster", "--records", csv, "--clusters", out / "clusters.parquet"),
        *("--pairs", out / "pairs.parquet"),
    )
    return out


def test_the_promises_of_clusters(folder: Path) -> None:
    figures = measure_clusters(folder, folder / "clusters.parquet", folder / "pairs.parquet")
    assert figures["precision"] >= 0.995
    assert figures["recall"] >= 0.88
    assert figures["adopted_joined"] == 0
    assert figures["twins_merged"] <= 0.03
    assert figures["siblings_merged"] <= 0.003
    assert figures["household_merged"] <= 0.002
    assert figures["biggest"] <= 15


def test_pairs_to_review_are_not_linked_already(folder: Path) -> None:
    cluster = dict(
        zip(*(column.to_pylist() for column in pq.read_table(folder / "clusters.parquet").columns), strict=True)
    )
    pairs = pq.read_table(folder / "pairs.parquet").to_pylist()
    assert pairs
    assert set(pairs[0]) == {"record_id_l", "record_id_r", "probability"}
    for each in pairs:
        assert cluster[each["record_id_l"]] != cluster[each["record_id_r"]]
        assert 0 <= each["probability"] <= 1


def test_the_promises_of_lookups(folder: Path) -> None:
    run_watched(
        *("linkage", "lookup", "--records", folder / "records.parquet", "--clusters", folder / "clusters.parquet"),
        *("--queries", folder / "queries.parquet", "--results", folder / "results.parquet"),
    )
    figures = measure_lookup(folder, folder / "results.parquet")
    assert figures["in_five"] >= 0.97
    assert figures["first"] >= 0.95
    assert figures["certain_known"] >= 0.7
    assert figures["twin_in_five"] >= 0.97
    assert figures["adopted_other_certain"] == 0
    assert figures["certain_wrong"] <= 0.005
    assert figures["absent_certain"] <= 0.02
    assert figures["absent_sibling_certain"] <= 0.04
