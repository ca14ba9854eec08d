"""Levels: what they mean, and that one pair at the front door is at the level that bulk SQL finds."""

from collections.abc import Iterator
from datetime import date

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joinedup.engines.linkage.levels import (
    FIELDS,
    KINDS,
    SENTENCES,
    Address,
    Birth,
    Forename,
    Levels,
    Middle,
    Number,
    Surname,
    levels_of,
)
from joinedup.engines.linkage.levels_sql import DUCKDB, SPARK, conditions
from joinedup.engines.linkage.reading import FIELDS as COLUMNS
from joinedup.engines.linkage.standard import Standard, standardise
from joinedup.engines.linkage.standardising import standardise_table

TODAY = date(2026, 11, 18)


def record(**said: str) -> Standard:
    return standardise(today=TODAY, **said)


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Rowan", "ROWAN", Forename.SAME),
        ("Anne-Marie", "Annemarie", Forename.SAME),
        ("Elizabeth", "Liz", Forename.VARIANT),
        ("Mohammed", "Muhammad", Forename.VARIANT),
        ("Hui Suet", "Suet Hui", Forename.VARIANT),
        ("Tesfalidet", "Tesfaleedet", Forename.SPELLING),
        ("Muhammad Hassan", "Hassan", Forename.SAME),
        ("Darragh Donal", "Darragh", Forename.SAME),
        ("Mary Ann", "Mary", Forename.PART),
        ("Rowaan", "Rowan", Forename.SPELLING),
        ("Thistledown", "Thistledwon", Forename.SLIP),
        ("Hui", "Hui Suet", Forename.PART),
        ("Leo", "Leon", Forename.NEAR),
        ("Ronnie", "Ryan", Forename.NEAR),
        ("Zo", "Zoltan", Forename.NEAR),
        ("R", "Rowan", Forename.INITIAL),
        ("Lydia", "Oscar", Forename.DIFFERS),
        ("Hassan", "Hussain", Forename.NEAR),
        ("Baby", "Rowan", Forename.UNKNOWN),
    ],
)
def test_forenames(one: str, other: str, level: Forename) -> None:
    a, b = record(forename=one, surname="Testerfield"), record(forename=other, surname="Testerfield")
    assert levels_of(a, b).forename == levels_of(b, a).forename == level


def test_a_middle_name_may_be_the_one_in_use_unless_another_name_contradicts_it() -> None:
    henry = record(forename="Henry", middle="Joshua")
    assert levels_of(henry, record(forename="Joshua")).forename == Forename.MIDDLE
    assert levels_of(henry, record(forename="Joshua", middle="Henry")).forename == Forename.VARIANT
    assert levels_of(henry, record(forename="Joshua", middle="Adam")).forename == Forename.DIFFERS


def test_an_english_name_beside_one_of_syllables_may_be_one_childs_if_the_family_name_fits() -> None:
    kevin, ming = record(forename="Kevin", surname="Wong"), record(forename="Ka Ming", surname="Huang")
    assert levels_of(kevin, ming).forename == levels_of(ming, kevin).forename == Forename.KNOWN_AS
    assert levels_of(kevin, record(forename="Edward", surname="Wong")).forename == Forename.DIFFERS
    assert levels_of(record(forename="Kevin"), record(forename="Ka Ming")).forename == Forename.DIFFERS


def test_a_surname_that_is_a_middle_name_of_the_other_is_not_a_part_of_it() -> None:
    after = record(forename="Rowan", middle="Testerfield", surname="Brown")
    assert levels_of(record(surname="Testerfield"), after).surname == Surname.MIDDLE


def test_a_child_not_yet_named_may_be_born_weeks_from_the_day_expected() -> None:
    expected = record(forename="Baby", dob="2026-03-30")
    assert levels_of(expected, record(forename="Rowan", dob="2026-04-18")).birth == Birth.ESTIMATED
    assert levels_of(expected, record(forename="Rowan", dob="2026-06-18")).birth == Birth.YEAR
    assert levels_of(record(dob="2026-03-30"), record(dob="2026-04-18")).birth == Birth.YEAR


def test_names_in_each_others_box_count_once() -> None:
    levels = levels_of(record(forename="Rowan", surname="Ivy"), record(forename="Ivy", surname="Rowan"))
    assert (levels.forename, levels.surname) == (Forename.CROSSED, Surname.UNKNOWN)


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Testerfield", "TESTERFIELD", Surname.SAME),
        ("Kowalski", "Kowalska", Surname.FAMILY),
        ("Al-Hassan", "Alhassan", Surname.FAMILY),
        ("Testerfield", "Testerfeild", Surname.SLIP),
        ("Testerfield-Jones", "Jones", Surname.PART),
        ("Testerfield", "Brown", Surname.DIFFERS),
        ("Ferreira Silva", "Silva", Surname.PART),
        ("Abu-Bakr", "AbuBakr", Surname.FAMILY),
        ("De Vito", "Devito", Surname.PART),
        ("da Silva", "SILVA", Surname.SAME),
        ("da Silva", "Dasilva", Surname.PART),
    ],
)
def test_surnames(one: str, other: str, level: Surname) -> None:
    assert levels_of(record(surname=one), record(surname=other)).surname == level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("2014-03-02", "02/03/2014", Birth.SAME),
        ("2014-01-01", "2014-01-01", Birth.DEFAULT),
        ("2014-03-02", "2014-02-03", Birth.SWAPPED),
        ("2014-01-01", "2013-06-09", Birth.ESTIMATED),
        ("2014-03-02", "2014-03-12", Birth.DIGIT),
        ("2012-01-01", "2010-01-01", Birth.PARTS),
        ("2014-03-02", "2014-03-29", Birth.PARTS),
        ("2014-03-02", "2014-11-29", Birth.YEAR),
        ("2014-03-02", "1986-11-29", Birth.DIFFERS),
        ("2014-03-02", "31/02/2014", Birth.UNKNOWN),
    ],
)
def test_birthdays(one: str, other: str, level: Birth) -> None:
    assert levels_of(record(dob=one), record(dob=other)).birth == level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        (("Flat 3, 12 High Street", "ZZ1 1AA"), ("12 HIGH ST FLAT 3", "zz11aa"), Address.DWELLING),
        (("12 High Street", "ZZ1 1AA"), ("12 High St", ""), Address.DWELLING),
        (("12 High Street", "ZZ1 1AA"), ("12 High St", "ZZ1 1AB"), Address.TEXT),
        (("1A High Street", "ZZ1 1AA"), ("Flat A, 1 High Street", "ZZ1 1AA"), Address.DWELLING),
        (("1 A High Street", "ZZ1 1AA"), ("1A High Street", "ZZ1 1AA"), Address.DWELLING),
        (("12 High Street", "ZZ1 1AA"), ("14 High Street", "ZZ1 1AA"), Address.POSTCODE),
        (("12 High Street", "ZZ1 1AA"), ("12 Low Road", "ZZ1 9ZZ"), Address.DISTRICT),
        (("12 High Street", "ZZ1 1AA"), ("12 Low Road", "ZZ2 9ZZ"), Address.DIFFERS),
        (("12 High Street", "ZZ1 1AA"), ("No fixed abode", "ZZ99 3VZ"), Address.UNKNOWN),
    ],
)
def test_addresses(one: tuple[str, str], other: tuple[str, str], level: Address) -> None:
    a, b = (record(address1=each[0], postcode=each[1]) for each in (one, other))
    assert levels_of(a, b).address == level


def test_a_temporary_pupil_number_may_be_replaced() -> None:
    permanent, another = record(upn="A801200005001"), record(upn="H801200005002")
    assert permanent.upn.upn is None or levels_of(permanent, another).upn in {Number.UNKNOWN, Number.DIFFERS}
    same = record(nhs_number="999 000 0018")
    assert levels_of(same, record(nhs_number="9990000018")).nhs == Number.SAME
    assert record(nhs_number="9990000019").nhs is None


def test_every_level_has_a_sentence_and_a_condition() -> None:
    for dialect in (DUCKDB, SPARK):
        for name, levels in conditions(dialect).items():
            assert set(levels) == set(KINDS[name]) == set(SENTENCES[name])
            assert [int(each) for each in levels] == [-1, *range(len(levels) - 2, -1, -1)]


# --- SQL and Python agree -----------------------------------------------------------

WORDS = st.sampled_from(
    [
        "rowan",
        "rowaan",
        "r",
        "liz",
        "elizabeth",
        "leo",
        "leon",
        "mohammed",
        "muhammad",
        "hassan",
        "hussain",
        "hui",
        "suet",
        "anne",
        "marie",
        "annemarie",
        "jones",
        "kowalski",
        "kowalska",
        "testerfield",
        "testerfeild",
        "al-hassan",
        "alhassan",
        "xu",
        "hsu",
        "meggie",
        "megan",
        "baby",
        "twin",
        "van",
        "singh",
        "o'brien",
        "obrien",
    ]
)
NAMES = st.one_of(
    st.none(), WORDS, st.lists(WORDS, min_size=2, max_size=3).map(" ".join), st.text("abeinors", max_size=6)
)
DAYS = st.sampled_from(
    [
        "2014-03-02",
        "2014-02-03",
        "2014-01-01",
        "2013-01-01",
        "2014-03-12",
        "2014-03-29",
        "2014-11-29",
        "1986-11-29",
        "1996-11-29",
    ]
)
RECORDS = st.fixed_dictionaries(
    {
        "source": st.just("x"),
        "forename": NAMES,
        "middle": NAMES,
        "surname": NAMES,
        "dob": st.one_of(st.none(), DAYS),
        "sex": st.sampled_from([None, "M", "female", "?"]),
        "address1": st.sampled_from([None, "12 High Street", "Flat 3, 12 High St", "Rose Cottage", "12 Low Road"]),
        "postcode": st.sampled_from([None, "ZZ1 1AA", "ZZ1 1AB", "ZZ2 1AA", "ZZ1", "ZZ99 3VZ"]),
        "nhs_number": st.sampled_from([None, "9990000018", "9990000026", "9990000027"]),
        "upn": st.sampled_from([None, "A801200005001", "B801200005001"]),
    }
)


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("set threads = 1")
        yield opened


def bulk_levels(
    database: duckdb.DuckDBPyConnection, rows: list[dict[str, str | None]]
) -> dict[tuple[int, int], Levels]:
    """The levels of every two of some records, by the conditions that Splink is given."""
    kinds = ", ".join(f"{name} varchar" for name in COLUMNS)
    database.execute(f"create or replace table record (rid integer, {kinds})")
    database.executemany(
        f"insert into record values ({', '.join('?' * (len(COLUMNS) + 1))})",
        [[place, *(row[name] for name in COLUMNS)] for place, row in enumerate(rows)],
    )
    standardise_table(database, today=TODAY)
    sides = []
    for side in "lr":
        columns = [each[0] for each in database.execute("describe standard").fetchall()]
        sides.append(f"(select {', '.join(f'{each} as {each}_{side}' for each in columns)} from standard)")
    cases = []
    for name, levels in conditions(DUCKDB).items():
        whens = " ".join(f"when {sql} then {int(level)}" for level, sql in levels.items() if sql != "ELSE")
        cases.append(f"case {whens} else 0 end as {name}_level")
    found = database.execute(
        f"select rid_l, rid_r, {', '.join(cases)} from {sides[0]}, {sides[1]} where rid_l < rid_r"
    ).fetchall()
    return {
        (left, right): Levels(*(KINDS[name](each) for name, each in zip(FIELDS, rest, strict=True)))  # type: ignore[arg-type]
        for left, right, *rest in found
    }


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(rows=st.lists(RECORDS, min_size=2, max_size=14))
def test_sql_and_python_choose_the_same_levels(
    database: duckdb.DuckDBPyConnection, rows: list[dict[str, str | None]]
) -> None:
    found = bulk_levels(database, rows)
    counts = {
        row[0]: row[1:] for row in database.execute("select rid, first_count, surname_count from standard").fetchall()
    }
    read = [
        standardise(
            today=TODAY,
            forename_count=counts[place][0],
            surname_count=counts[place][1],
            **{k: v for k, v in row.items() if k != "source"},
        )
        for place, row in enumerate(rows)
    ]
    for (left, right), levels in found.items():
        assert levels == levels_of(read[left], read[right]), (rows[left], rows[right])


def test_levels_are_symmetrical_and_a_record_agrees_with_itself() -> None:
    one = record(forename="Rowan", middle="Ivy", surname="Testerfield", dob="2014-03-02", sex="F", postcode="ZZ1 1AA")
    other = record(forename="Ivy", surname="Testerfield", dob="2014-03-12", postcode="ZZ1 1AB")
    assert levels_of(one, other) == levels_of(other, one)
    same = levels_of(one, one)
    assert (same.forename, same.middle, same.birth) == (Forename.SAME, Middle.SAME, Birth.SAME)
