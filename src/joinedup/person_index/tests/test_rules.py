"""The rules of the person index as truth tables, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import permutations

import pytest

from joinedup.person_index.rules import RULES, RecordFacts, StatedFacts, derive_facts, part_in_household

ON = date(2026, 11, 18)


def record(reference: str, as_of: date, **facts: object) -> RecordFacts:
    return RecordFacts(reference, (as_of, datetime(2026, 11, 18, tzinfo=UTC)), **facts)  # type: ignore[arg-type]


OLD = record("a", date(2024, 1, 1), given_name="Rowan", family_name="Testerfield", birth_date=date(2015, 3, 14),
             postcode="ZZ1 1AA", upn="B801200005001")  # fmt: skip
NEW = record("b", date(2026, 1, 1), given_name="Rowan", family_name="Fieldtester", birth_date=date(2015, 4, 13),
             postcode="ZZ2 2BB", sex="F")  # fmt: skip
BABY = record("c", date(2026, 6, 1), given_name="Baby", family_name="Testerfield")


def test_the_newest_record_comes_first_whatever_the_order() -> None:
    found = {derive_facts(StatedFacts(), order) for order in permutations([OLD, NEW, BABY])}
    assert len(found) == 1
    facts = found.pop()
    assert (facts.given_name, facts.family_name) == ("Rowan", "Fieldtester")  # "Baby" is no name
    assert facts.birth_date == date(2015, 4, 13)
    assert facts.birth_dates == (date(2015, 4, 13), date(2015, 3, 14))
    assert facts.postcodes == ("ZZ2 2BB", "ZZ1 1AA")
    assert (facts.sex, facts.upn) == ("F", "B801200005001")


def test_what_was_stated_comes_before_records() -> None:
    stated = StatedFacts(names=(("Ro", "Testwood"),), birth_date=date(2016, 1, 2), sex="M", postcodes=("ZZ3 3CC",))
    facts = derive_facts(stated, [OLD, NEW])
    assert (facts.given_name, facts.family_name, facts.sex) == ("Ro", "Testwood", "M")
    assert facts.birth_date == date(2016, 1, 2)
    assert set(facts.surnames) == {"Testwood", "Fieldtester", "Testerfield"}


def test_taking_a_record_away_gives_back_what_was() -> None:
    before = derive_facts(StatedFacts(), [OLD])
    assert derive_facts(StatedFacts(), [OLD, NEW]) != before
    assert derive_facts(StatedFacts(), [OLD]) == before


@pytest.mark.parametrize(
    ("born", "youngest", "part"),
    [
        (date(2015, 3, 14), date(2015, 3, 14), "child"),
        (date(2008, 11, 19), date(2015, 3, 14), "child"),  # 18 tomorrow
        (date(2008, 11, 18), date(2015, 3, 14), "other"),  # a grown-up brother
        (date(1990, 1, 2), date(2015, 3, 14), "parent"),
        (date(1990, 1, 2), date(1990, 1, 2), "other"),  # nobody there is a child
        (None, date(2015, 3, 14), "other"),
    ],
)
def test_parts_in_a_household(born: date | None, youngest: date, part: str) -> None:
    assert part_in_household(born, youngest, ON) == part


def test_every_rule_has_its_own_code_a_sentence_and_a_source() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert all(rule.sentence.endswith(".") and rule.source for rule in RULES)
