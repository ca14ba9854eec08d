"""A whole file: every record once, the same answer every time, and the same scores as for one pair."""

import csv
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import duckdb
import pytest

from joinedup.engines.linkage import batch, bulk
from joinedup.engines.linkage.batch import Settings, cluster, train
from joinedup.engines.linkage.candidates import find_candidates
from joinedup.engines.linkage.deciding import decide_all, find_twins
from joinedup.engines.linkage.decision import Outcome, decide, doubts, ruling
from joinedup.engines.linkage.levels import FIELDS, Address, Birth, Forename, Levels, Middle, Number, Sex, Surname
from joinedup.engines.linkage.model import Model
from joinedup.engines.linkage.reading import UnreadableRecords, read_records
from joinedup.engines.linkage.scoring import Frequencies, Scorer
from joinedup.engines.linkage.standard import standardise
from joinedup.engines.linkage.standardising import standardise_table
from tests.linkage.generate import make

TODAY = date(2026, 11, 18)
HEADER = [
    "record_id",
    "source",
    "forename",
    "middle",
    "surname",
    "dob",
    "sex",
    "address1",
    "postcode",
    "nhs_number",
    "upn",
]
SETTINGS = Settings(today=TODAY)

# Whose record, then the record. Every letter is a person.
CASES = """
a,schools,Rowan,Ivy,Testerfield,2014-03-02,F,12 High Street,ZZ1 1AA,,
a,health,ROWAN,,Testerfield,02/03/2014,Female,12 High St,zz11aa,9990000018,
a,police,Rowan,,Testerfeild,2014-03-02,F,7 Low Road,ZZ8 8ZZ,,
b,schools,Hazel,,Testerfield,2014-03-02,F,12 High Street,ZZ1 1AA,,
b,health,Hazel,,Testerfield,2014-03-02,F,12 High Street,ZZ1 1AA,9990000026,
c,housing,Oscar,,Testerfield,1986-11-29,M,12 High Street,ZZ1 1AA,,
c,health,Oscar,,Testerfield,1986-11-29,M,12 High Street,ZZ1 1AA,9990000034,
d,schools,Elizabeth,,Quillonby,2011-07-19,F,3 Mill Lane,ZZ2 2BB,,
d,health,Liz,,Quillonby,2011-07-19,F,3 Mill Lane,ZZ2 2BB,9990000042,
d,social,Elizabeth,,Quillonby-Marsh,2011-07-19,F,9 Bank Top,ZZ7 7QQ,9990000042,
e,health,Baby,,Thistledown,2026-10-02,M,5 Pond Row,ZZ3 3CC,,
e,social,Jasper,,Thistledown,2026-10-02,M,5 Pond Row,ZZ3 3CC,,
f,health,Kit,,Thistledown,1995-04-05,F,5 Pond Row,ZZ3 3CC,,
g,schools,Mohammed,,Karimbeg,2012-05-06,M,1 Oak Way,ZZ4 4DD,,
g,health,Muhammad,,Karimbeg,2012-05-06,M,1 Oak Way,ZZ4 4DD,,
h,police,,,,,,,,,
"""


def rows() -> list[list[str]]:
    return [line.split(",") for line in CASES.strip().splitlines()]


def write(
    path: Path,
    records: list[list[str]],
    number: Callable[[int], object] = lambda place: place,
    header: list[str] = HEADER,
) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows([number(place), *record[1:]] for place, record in enumerate(records))
    return path


def read(path: Path) -> dict[object, int]:
    return dict(duckdb.sql(f"select record_id, cluster_id from read_parquet('{path}')").fetchall())


def groups(found: dict[object, int]) -> set[frozenset[object]]:
    by_cluster: dict[int, set[object]] = {}
    for record, number in found.items():
        by_cluster.setdefault(number, set()).add(record)
    return {frozenset(each) for each in by_cluster.values()}


def test_families_twins_and_moves(tmp_path: Path) -> None:
    records = write(tmp_path / "records.csv", rows())
    made = cluster(records, tmp_path / "out.parquet", SETTINGS, model=Model.default(), pairs=tmp_path / "pairs.parquet")
    found = read(tmp_path / "out.parquet")
    people: dict[str, set[object]] = {}
    for place, row in enumerate(rows()):
        people.setdefault(row[0], set()).add(place)
    assert groups(found) == {frozenset(each) for each in people.values()}
    assert (made.records, made.people) == (16, 8)
    review = duckdb.sql(f"describe select * from read_parquet('{tmp_path / 'pairs.parquet'}')").fetchall()
    assert [each[0] for each in review] == ["record_id_l", "record_id_r", "probability"]
    assert {path.name for path in tmp_path.iterdir()} == {"records.csv", "out.parquet", "pairs.parquet"}


def test_the_order_of_rows_and_the_type_of_numbers_do_not_matter(tmp_path: Path) -> None:
    ids = [f"R{place:02d}" for place in range(len(rows()))]
    straight = write(tmp_path / "straight.csv", rows(), lambda place: ids[place])
    cluster(straight, tmp_path / "one.parquet", SETTINGS, model=Model.default())
    order = list(range(len(ids)))
    random.Random(7).shuffle(order)
    shuffled = write(tmp_path / "shuffled.csv", [rows()[each] for each in order], lambda place: ids[order[place]])
    cluster(shuffled, tmp_path / "two.parquet", SETTINGS, model=Model.default())
    assert read(tmp_path / "one.parquet") == read(tmp_path / "two.parquet")
    assert set(read(tmp_path / "one.parquet")) == set(ids)
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()


def test_fifty_records_and_missing_columns_teach_no_nonsense(tmp_path: Path) -> None:
    records = write(
        tmp_path / "records.csv",
        [[row[0], row[2], row[4]] for row in rows()],
        header=["record_id", "forename", "surname"],
    )
    model = train(records, tmp_path / "model.json", SETTINGS)
    assert model.general.fields == Model.default().general.fields
    assert Model.read(tmp_path / "model.json") == model
    made = cluster(records, tmp_path / "out.parquet", SETTINGS)
    assert made.people == made.records == 16  # a name alone is nobody


def test_people_decide(tmp_path: Path) -> None:
    records = write(tmp_path / "records.csv", rows())
    decided = replace(SETTINGS, must_link=[(0, 3)], cannot_link=[(13, 14)])
    cluster(records, tmp_path / "out.parquet", decided, model=Model.default())
    found = read(tmp_path / "out.parquet")
    assert found[0] == found[3]
    assert found[13] != found[14]


def test_bulk_scores_are_the_scores_of_one_pair() -> None:
    with duckdb.connect() as database:
        database.execute("set threads = 1")
        kinds = ", ".join(f"{name} varchar" for name in HEADER[1:])
        database.execute(f"create table record (rid integer, record_id integer, {kinds})")
        database.executemany(
            f"insert into record values ({', '.join('?' * 12)})",
            [[place, place, *(value or None for value in row[1:])] for place, row in enumerate(rows())],
        )
        standardise_table(database, today=TODAY)
        find_candidates(database)
        bulk.score_candidates(database, Model.default())
        find_twins(database)
        decide_all(database, Model.default())
        counts = database.execute(
            'select "first", first_count, surname, surname_count, rid, communal from standard'
        ).fetchall()
        known = sum(each[0] is not None for each in counts), sum(each[2] is not None for each in counts)
        names = {each[0]: each[1] / known[0] for each in counts if each[0]}
        surnames = {each[2]: each[3] / known[1] for each in counts if each[2]}
        scorer = Scorer(Model.default(), Frequencies(names, surnames))
        firsts = {each[4]: (each[1], each[3]) for each in counts}
        read_again = [
            standardise(
                today=TODAY,
                forename_count=firsts[place][0],
                surname_count=firsts[place][1],
                **dict(zip(HEADER[2:], row[2:], strict=True)),
            )  # type: ignore[arg-type]
            for place, row in enumerate(rows())
        ]
        levels = ", ".join(FIELDS)
        found = database.execute(f"select l, r, bits, most, wanted, rule, twins, {levels} from decided").fetchall()
    assert len(found) >= 15
    for left, right, bits, most, wanted, rule, twins, *held in found:
        score = scorer.score(read_again[left], read_again[right])
        assert tuple(score.levels) == tuple(held)
        assert score.bits == pytest.approx(bits, abs=1e-6)
        said = decide(read_again[left], read_again[right], score, link=0.95, review=0.5, twins=twins)
        assert (said.outcome is Outcome.LINKED) == (most == "linked" and bits >= wanted), (left, right, rule)


def test_a_run_that_was_killed_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = write(tmp_path / "records.csv", rows())

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(batch, "decide_all", killed)
        with pytest.raises(KeyboardInterrupt):
            cluster(records, tmp_path / "out.parquet", SETTINGS)
    kept = [path.name for path in tmp_path.glob(".out.parquet.*")]
    assert len(kept) == 1
    with monkeypatch.context() as patched:
        for stage in ("read_records", "standardise_table", "train_general", "find_candidates"):
            patched.setattr(batch, stage, killed)
        made = cluster(records, tmp_path / "out.parquet", SETTINGS)
    assert made.records == 16
    assert not list(tmp_path.glob(".out.parquet.*"))
    fresh = cluster(records, tmp_path / "again.parquet", SETTINGS)
    assert fresh == made
    assert (tmp_path / "out.parquet").read_bytes() == (tmp_path / "again.parquet").read_bytes()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("record_id,forename\n1,Rowan\n1,Hazel\n", "record_id 1 stands 2 times"),
        ("forename\nRowan\n", "no column record_id"),
        ("record_id,forename\n,Rowan\n", "1 record has none"),
        ("", "no column record_id"),
    ],
)
def test_faults_are_said(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "records.csv"
    path.write_text(text, encoding="utf-8")
    with duckdb.connect() as database, pytest.raises(UnreadableRecords, match=fault):
        read_records(database, path)


def test_dates_as_dates_and_numbers_as_numbers_are_read(tmp_path: Path) -> None:
    path = tmp_path / "records.parquet"
    duckdb.sql(
        "select * from (values (7, timestamp '2014-03-02 00:00:00', 9990000018), (9, null, null))"
        " records(record_id, dob, nhs_number)"
    ).write_parquet(str(path))
    with duckdb.connect() as database:
        assert read_records(database, path) == 2
        standardise_table(database, today=TODAY)
        assert database.execute("select born, nhs from standard order by rid").fetchall() == [
            ("20140302", "9990000018"),
            (None, None),
        ]


def test_pairs_left_out_could_not_have_been_linked() -> None:
    elsewhere = {Address.UNKNOWN, Address.DIFFERS, Address.DISTRICT}
    numbers = (Number.UNKNOWN, Number.DIFFERS)
    kinds = (Forename, Middle, Surname, Sex, Address, numbers, numbers)
    for forename, middle, surname, sex, address, nhs, upn in product(*kinds):
        levels = Levels(forename, middle, surname, Birth.DIFFERS, sex, address, nhs, upn)
        found = ruling(levels)
        assert found.most != Outcome.LINKED
        assert doubts(levels) > 2, "a second look would not link it either"
        if forename == Forename.DIFFERS and address not in elsewhere:
            assert found.most == Outcome.APART


def test_leaving_out_hopeless_pairs_changes_no_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(3_000, 4_711, "town", tmp_path)
    lean = cluster(tmp_path / "records.parquet", tmp_path / "lean.parquet", SETTINGS, model=Model.default())
    with monkeypatch.context() as patched:
        patched.setattr(batch, "leave_out_hopeless", lambda _database: None)
        whole = cluster(tmp_path / "records.parquet", tmp_path / "whole.parquet", SETTINGS, model=Model.default())
    assert read(tmp_path / "lean.parquet") == read(tmp_path / "whole.parquet")
    assert lean.people == whole.people
