"""Write a labelled set: records of several agencies, look-ups, and the truth of both.

    python -m tests.linkage.generate --records 200000 --seed 11 --profile mixed --out DIR

Writes ``records.parquet`` and ``queries.parquet`` with the columns of ``joinedup linkage``, and ``truth.parquet`` and
``queries_truth.parquet``. The same seed and profile give the same files, with however many processes.
"""

from __future__ import annotations

import argparse
import multiprocessing
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.linkage.asking import DEFAULT, KINDS, questions
from tests.linkage.noise import AGENCIES, FIELDS, Rates, Writer
from tests.linkage.people import Person, Town, even_shares, usual_shares
from tests.linkage.places import Places

RECORD = ("record_id", "source", *FIELDS)
_CHUNK = 5000
_IDS = 40_000
_PER_HOUSEHOLD = 6.3


@dataclass(frozen=True)
class Profile:
    """A kind of set: how noisy, which traditions, how many towns."""

    rates: Rates = field(default_factory=Rates)
    even: bool = False
    towns: int = 6
    per_street: int = 24
    spare: float = 1.3


PROFILES = {
    "mixed": Profile(),
    "hard": Profile(Rates().times(1.8, nhs_cover=0.45)),
    "clean": Profile(Rates().times(0.3)),
    "diverse": Profile(even=True),
    "numberless": Profile(Rates(nhs_cover=0.0, upn_cover=0.0)),
    "numbered": Profile(Rates(nhs_cover=2.0)),
    "town": Profile(towns=1, per_street=60, spare=1.1),
}


@dataclass(frozen=True)
class _Part:
    """What one process makes: households from one seed of their own."""

    number: int
    households: int
    seed: int
    profile: str
    dwellings: int
    wanted: tuple[tuple[str, int], ...]


def make(
    records: int, seed: int, profile: str, out: Path, *, wanted: dict[str, int] | None = None, processes: int = 2
) -> None:
    """Write the four files of one set into a folder."""
    households = int(records / _PER_HOUSEHOLD * 1.04) + 30
    wanted = wanted or DEFAULT
    size = min(_CHUNK, households)
    parts = -(-households // size)
    share = tuple((kind, int(wanted.get(kind, 0) * 1.3 / parts) + 1) for kind in KINDS)  # some will be cut off
    dwellings = int(households * PROFILES[profile].spare)
    tables: list[tuple[pa.Table, pa.Table, pa.Table, pa.Table]] = []
    total = 0
    for made in _run(size, seed, profile, dwellings, share, processes if parts > 1 else 1, parts):
        tables.append(made)
        total += made[0].num_rows
        if total >= records:
            break
    rows, truth, asked, answers = (pa.concat_tables(each) for each in zip(*tables, strict=True))
    out.mkdir(parents=True, exist_ok=True)
    _write_records(rows.slice(0, records), truth.slice(0, records), seed, out)
    _write_questions(asked, answers, set(truth.slice(0, records)["person_id"].to_pylist()), seed, wanted, out)


def _run(
    size: int, seed: int, profile: str, dwellings: int, share: tuple[tuple[str, int], ...], processes: int, parts: int
) -> Iterator[Any]:
    """Yield parts in their order, a few ahead of need, for as long as somebody asks."""
    jobs = (_Part(number, size, seed, profile, dwellings, share) for number in range(10**6))
    if processes == 1:
        yield from map(_make_part, jobs)
        return
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        first = [next(jobs) for _ in range(parts)]
        yield from pool.imap(_make_part, first)
        while True:
            yield from pool.imap(_make_part, [next(jobs)])


def _make_part(part: _Part) -> tuple[pa.Table, pa.Table, pa.Table, pa.Table]:
    profile = PROFILES[part.profile]
    rng = Random(f"{part.seed} {part.profile} {part.number}")
    places = Places(part.seed, part.dwellings, towns=profile.towns, per_street=profile.per_street)
    shares = even_shares() if profile.even else usual_shares()
    town = Town(rng, places, first_id=part.number * _IDS, seed=part.seed, shares=shares)
    for _ in range(part.households):
        town.add_household()
    writer = Writer(rng, places, profile.rates, part.seed)
    rows: list[list[str | None]] = []
    truth: list[tuple[Any, ...]] = []
    for who in town.people:
        for source, values, kinds in _records_of(who, writer, profile.rates):
            rows.append([source, *values])
            truth.append(_true(who, kinds))
    known = {each[0] for each in truth}
    asked = questions(rng, writer, town.people, known, dict(part.wanted))
    columns = list(zip(*rows, strict=True))
    facts = list(zip(*truth, strict=True))
    return (
        pa.table([pa.array(each, pa.string()) for each in columns], names=RECORD[1:]),
        pa.table([pa.array(each, kind) for each, kind in zip(facts, _TRUE.values(), strict=True)], names=list(_TRUE)),
        pa.table(
            [pa.array([each.values[place] for each in asked], pa.string()) for place in range(len(FIELDS))],
            names=FIELDS,
        ),
        pa.table(
            [
                pa.array([each.kind for each in asked], pa.string()),
                pa.array([each.person for each in asked], pa.int64()),
                pa.array([each.pattern for each in asked], pa.string()),
                pa.array([each.answerable for each in asked], pa.bool_()),
                pa.array([each.group for each in asked], pa.string()),
                pa.array(["|".join(each.noise) for each in asked], pa.string()),
                pa.array([each.others for each in asked], pa.list_(pa.int64())),
            ],
            names=["kind", "person_id", "pattern", "answerable", "name_group", "noise", "others"],
        ),
    )


_TRUE = {
    "person_id": pa.int64(),
    "household_id": pa.int64(),
    "family_id": pa.int64(),
    "twin_set_id": pa.int64(),
    "adopted_pair_id": pa.int64(),
    "role": pa.string(),
    "name_group": pa.string(),
    "unaccompanied": pa.bool_(),
    "noise": pa.string(),
}


def _true(who: Person, kinds: list[str]) -> tuple[Any, ...]:
    return (
        who.id,
        who.household,
        who.family,
        who.twins or None,
        who.adopted or None,
        who.role,
        who.group,
        who.estimated,
        "|".join(dict.fromkeys(kinds)),
    )


def _records_of(who: Person, writer: Writer, rates: Rates) -> Iterator[tuple[str, list[str | None], list[str]]]:
    """Yield the records of one person at every agency that knows them, now and then two at one."""
    if who.unseen:
        return
    rng = writer.rng
    age = who.age
    for agency in AGENCIES:
        chance = agency.infant if age < 4.5 else agency.pupil if age < 18.5 else agency.adult
        if agency.code == "health_visiting" and age >= 4.5:
            chance = chance if age < 8 else 0.0
        if agency.code == "youth_offending" and age < 10:
            chance = 0.0
        if who.often_moved or who.estimated:
            chance = 0.95 if agency.code == "social_care" else chance
        if rng.random() >= chance:
            continue
        yield agency.code, *writer.record(who, agency)
        if rng.random() < rates.same_agency:
            yield agency.code, *writer.record(who, agency)


def _write_records(rows: pa.Table, truth: pa.Table, seed: int, out: Path) -> None:
    order = pa.array(np.random.default_rng(seed).permutation(rows.num_rows))
    numbers = pa.array(np.arange(1, rows.num_rows + 1), pa.int64())
    pq.write_table(rows.take(order).add_column(0, "record_id", numbers), out / "records.parquet")
    pq.write_table(truth.take(order).add_column(0, "record_id", numbers), out / "truth.parquet")


def _write_questions(
    asked: pa.Table, answers: pa.Table, known: set[int], seed: int, wanted: dict[str, int], out: Path
) -> None:
    """Keep as many of each kind as wanted, in an order that tells nothing; none whose people were cut off the end."""
    rng = Random(seed)
    kept: list[int] = []
    facts = answers.to_pylist()
    for kind in KINDS:
        needs_other = kind in ("twin", "absent_sibling", "absent_twin", "adopted")
        right = [
            place
            for place, each in enumerate(facts)
            if each["kind"] == kind
            and (each["person_id"] is None or each["person_id"] in known)
            and (not needs_other or any(other in known for other in each["others"]) or kind == "adopted")
        ]
        kept += rng.sample(right, min(len(right), wanted.get(kind, 0)))
    rng.shuffle(kept)
    numbers = pa.array(range(1, len(kept) + 1), pa.int64())
    for table, name in ((asked, "queries"), (answers, "queries_truth")):
        pq.write_table(
            table.take(pa.array(kept, pa.int64())).add_column(0, "query_id", numbers), out / f"{name}.parquet"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--profile", choices=sorted(PROFILES), default="mixed")
    parser.add_argument("--queries", type=int, default=sum(DEFAULT.values()))
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    wanted = {kind: max(1, round(count * given.queries / sum(DEFAULT.values()))) for kind, count in DEFAULT.items()}
    make(given.records, given.seed, given.profile, given.out, wanted=wanted, processes=given.processes)


if __name__ == "__main__":
    main()
