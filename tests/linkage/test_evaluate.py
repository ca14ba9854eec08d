"""The evaluator counts what it says, on a set small enough to count by hand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.linkage.evaluate import CLUSTER_PROMISES, Promise, measure_clusters, shown, table, worst
from tests.linkage.lookups import gap_in_words, likely_share, measure_lookup, worst_lookups
from tests.linkage.noise import FIELDS
from tests.linkage.words import words

# record, person, household, family, twin set, adopted pair, group, noise
TRUTH = [
    (1, 10, 1, 1, 7, None, "english", ""),
    (2, 10, 1, 1, 7, None, "english", "nickname"),
    (3, 10, 1, 1, 7, None, "english", "nickname|dob_digit"),
    (4, 11, 1, 1, 7, None, "english", ""),
    (5, 12, 1, 1, None, None, "polish", ""),
    (6, 12, 1, 1, None, None, "polish", ""),
    (7, 13, 1, 2, None, None, "polish", ""),
    (8, 14, 2, 3, None, 14, "english", ""),
    (9, 15, 3, 4, None, 14, "english", ""),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    kinds = [pa.int64()] * 6 + [pa.string()] * 2
    names = words("record_id person_id household_id family_id twin_set_id adopted_pair_id name_group noise")
    columns = [pa.array(each, kind) for each, kind in zip(zip(*TRUTH, strict=True), kinds, strict=True)]
    pq.write_table(pa.table(dict(zip(names, columns, strict=True))), tmp_path / "truth.parquet")
    blank = pa.nulls(len(TRUTH), pa.string())
    records = {"record_id": columns[0], "source": blank, **dict.fromkeys(FIELDS, blank)}
    pq.write_table(pa.table(records), tmp_path / "records.parquet")
    return tmp_path


def clusters(folder: Path, *groups: tuple[int, ...]) -> Path:
    rows = [(record, number) for number, group in enumerate(groups) for record in group]
    path = folder / "clusters.parquet"
    records, numbers = zip(*rows, strict=True)
    pq.write_table(pa.table({"record_id": records, "cluster_id": numbers}), path)
    return path


def test_all_right(folder: Path) -> None:
    figures = measure_clusters(folder, clusters(folder, (1, 2, 3), (4,), (5, 6), (7,), (8,), (9,)))
    assert figures["true_pairs"] == figures["linked_pairs"] == 4
    assert (figures["precision"], figures["recall"], figures["f1"], figures["biggest"]) == (1.0, 1.0, 1.0, 3)
    assert figures["merged_people"] == figures["adopted_joined"] == 0


def test_a_missed_pair_and_a_merged_twin(folder: Path) -> None:
    figures = measure_clusters(folder, clusters(folder, (1, 2, 4), (3,), (5, 6), (7,), (8,), (9,)))
    assert figures["precision"] == pytest.approx(2 / 4)
    assert figures["recall"] == pytest.approx(2 / 4)
    assert (figures["twins_pairs"], figures["twins_merged"]) == (1, 1.0)
    assert (figures["siblings_pairs"], figures["siblings_merged"]) == (2, 0.0)
    noise = {each["noise"]: (each["pairs"], each["recall"]) for each in figures["by_noise"]}
    assert noise == {"nickname": (3, pytest.approx(1 / 3)), "dob_digit": (2, 0.0), "none": (1, 1.0)}
    groups = {each["group"]: (each["pairs"], each["recall"]) for each in figures["by_group"]}
    assert groups == {"english": (3, pytest.approx(1 / 3)), "polish": (1, 1.0)}


def test_siblings_household_and_adopted_are_told_apart(folder: Path) -> None:
    figures = measure_clusters(folder, clusters(folder, (1, 2, 3), (4, 5, 6, 7), (8, 9)))
    assert figures["siblings_merged"] == pytest.approx(1 / 2)
    assert (figures["household_pairs"], figures["household_merged"]) == (3, pytest.approx(2 / 3))
    assert figures["adopted_joined"] == 1
    assert "Merged though different people: adopted" in worst(folder, folder / "clusters.parquet")


def test_pairs_for_review(folder: Path) -> None:
    pairs = folder / "pairs.parquet"
    pq.write_table(pa.table({"record_id_l": [3, 8], "record_id_r": [1, 9], "probability": [0.9, 0.5]}), pairs)
    figures = measure_clusters(folder, clusters(folder, (1, 2), (3,), (4,), (5, 6), (7,), (8,), (9,)), pairs)
    assert (figures["review_pairs"], figures["review_same"]) == (2, 0.5)
    assert figures["missed_in_review"] == pytest.approx(1 / 2)
    assert figures["review_adopted"] == 1


@pytest.mark.parametrize("groups", [((1, 2),), ((1, 2, 3, 4, 5, 6, 7, 8, 9), (1,)), ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10),)])
def test_every_record_stands_in_one_cluster_or_nothing_is_measured(
    folder: Path, groups: tuple[tuple[int, ...], ...]
) -> None:
    with pytest.raises(ValueError, match="records have no cluster"):
        measure_clusters(folder, clusters(folder, *groups))


def test_the_table_says_what_is_kept() -> None:
    text = table({"precision": 0.9985, "recall": 0.5}, CLUSTER_PROMISES[:2])
    assert "0.9985 | at least 0.998 | yes" in text
    assert "0.5 | at least 0.92 | **no**" in text
    assert not Promise("x", "x", most=0).kept_by(None)
    assert shown(None) == "not measured"
    assert shown(0.0) == "0"


# --- look-ups ---

ASKED: list[tuple[int, str, int | None, bool, list[int]]] = [
    (1, "known", 10, True, []),
    (2, "known", 12, True, []),
    (3, "known", 13, False, []),
    (4, "twin", 10, True, [11]),
    (5, "absent", None, True, []),
    (6, "absent_twin", None, True, [11]),
    (7, "adopted", 14, True, [15]),
]


def answers(folder: Path, rows: list[tuple[int, int, int | None, float | None, float]]) -> dict[str, Any]:
    kinds = [pa.int64(), pa.int64(), pa.int64(), pa.float64(), pa.float64()]
    names = ["query_id", "rank", "record_id", "probability", "latency_ms"]
    columns = [pa.array(each, kind) for each, kind in zip(zip(*rows, strict=True), kinds, strict=True)]
    pq.write_table(pa.table(dict(zip(names, columns, strict=True))), folder / "results.parquet")
    numbers, kind, person, answerable, others = zip(*ASKED, strict=True)
    truth = {
        "query_id": numbers,
        "kind": kind,
        "person_id": person,
        "pattern": ["name_dob"] * len(ASKED),
        "answerable": answerable,
        "name_group": ["english"] * len(ASKED),
        "noise": ["nickname"] * len(ASKED),
        "others": others,
    }
    pq.write_table(pa.table(truth), folder / "queries_truth.parquet")
    blank = pa.nulls(len(ASKED), pa.string())
    pq.write_table(pa.table({"query_id": numbers, **dict.fromkeys(FIELDS, blank)}), folder / "queries.parquet")
    return measure_lookup(folder, folder / "results.parquet")


def test_lookups_are_counted_by_person(folder: Path) -> None:
    figures = answers(
        folder,
        [
            (1, 1, 2, 0.99, 1.0),
            (2, 1, 7, 0.97, 2.0),
            (2, 2, 5, 0.5, 2.0),
            (3, 1, None, None, 3.0),
            (4, 1, 4, 0.96, 4.0),
            (4, 2, 1, 0.9, 4.0),
            (5, 1, None, None, 5.0),
            (6, 1, 4, 0.99, 6.0),
            (7, 1, 9, 0.99, 7.0),
        ],
    )
    assert (figures["first"], figures["in_five"], figures["in_five_all"]) == (0.5, 1.0, pytest.approx(2 / 3))
    assert figures["certain_known"] == 0.5
    assert (figures["twin_first"], figures["twin_in_five"], figures["twin_other_certain"]) == (0.0, 1.0, 1.0)
    assert (figures["absent_certain"], figures["absent_twin_certain"]) == (0.0, 1.0)
    assert figures["adopted_other_certain"] == 1
    assert (figures["certain_wrong"], figures["certain_wrong_of"]) == (pytest.approx(3 / 4), 4)
    assert figures["p50"] == 4.0
    assert "called certain and wrong: 4" in worst_lookups(folder, folder / "results.parquet")


def test_every_lookup_is_answered_or_nothing_is_measured(folder: Path) -> None:
    with pytest.raises(ValueError, match="6 look-ups have no row"):
        answers(folder, [(1, 1, 2, 0.99, 1.0)])


def test_the_gap_says_how_sure_it_is() -> None:
    low, high = likely_share(25, 26)
    assert low == pytest.approx(0.811, abs=0.001)
    assert high == pytest.approx(0.993, abs=0.001)
    said = gap_in_words({"english": (987, 993), "romanian": (25, 26), "hindu": (155, 155), "tamil": (0, 5)})
    assert "romanian 25 of 26 (0.811–0.993)" in said
    assert "hindu 155 of 155" in said
    assert "smallest group has 26" in said
    assert "tamil" not in said
    surer = gap_in_words({"english": (9870, 9930), "romanian": (994, 1000)})
    by_chance = [float(re.findall(r"up to ([0-9.]+) by chance", each)[0]) for each in (said, surer)]
    assert by_chance[0] > by_chance[1] > 0
