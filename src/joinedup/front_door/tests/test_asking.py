"""What counts as asking again, and what must be confirmed: truth tables without a database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from joinedup.front_door import asking
from joinedup.front_door.asking import Kind, Still

DAY = date(2026, 11, 18)
DAYS = {"contact": 28, "safety": 28, "health": 28}


@pytest.mark.parametrize(
    ("name", "typed", "known"),
    [
        ("given_name", "ROWAN ", "Rowan"),
        ("family_name", "o'testerfield", "O’Testerfield"),
        ("postcode", "zz11aa", "ZZ1 1AA"),
        ("phone", "+44 7700 900123", "07700 900 123"),
        ("safe_contact_details", "07700-900123", "07700 900 123"),
        ("safe_contact_details", "Rowan@Home.example", "rowan@home.example"),
        ("nhs_number", "999 000 0018", "9990000018"),
        ("address", "1, example row", "1 Example Row"),
        ("birth_date", date(2015, 3, 14), date(2015, 3, 14)),
        ("communication_needs", "Large  print", "large print"),
    ],
)
def test_the_same_however_it_is_written(name: str, typed: object, known: object) -> None:
    assert asking.repeated({name: typed}, {name: known}) == [name]


@pytest.mark.parametrize(
    ("name", "typed", "known"),
    [
        ("given_name", "Rowan", "Robin"),
        ("postcode", "ZZ1 1AB", "ZZ1 1AA"),
        ("phone", "07700 900 124", "07700 900 123"),
        ("birth_date", date(2015, 3, 14), date(2015, 4, 3)),
        ("address", "", "1 Example Row"),
        ("address", "1 Example Row", ""),
        ("sex", "U", "U"),
        ("worry", "Hungry.", "Hungry."),
    ],
)
def test_different_or_unsaid_is_no_repeat(name: str, typed: object, known: object) -> None:
    assert asking.repeated({name: typed}, {name: known}) == []


SAID = {"address": "1 Example Row", "postcode": "ZZ1 1AA"}


@pytest.mark.parametrize(
    ("shown", "answer", "typed", "expected"),
    [
        ((), None, SAID, ["address", "postcode"]),  # typed into an empty form
        (("address", "postcode"), None, SAID, []),  # stood there and was kept
        (("address",), None, SAID, ["postcode"]),
        ((), Still.YES, SAID, []),  # confirmed with one answer
        ((), Still.NOT_KNOWN, {}, []),
        ((), Still.CHANGED, {"address": "2 Other Road", "postcode": "ZZ1 1AA"}, ["postcode"]),
        ((), Still.CHANGED, SAID, ["address", "postcode"]),  # said to have changed, and typed the same
        (("address", "postcode"), None, {"address": "2 Other Road", "postcode": "ZZ2 2BB"}, []),  # put right
    ],
)
def test_shown_confirmed_or_typed_again(
    shown: tuple[str, ...], answer: Still | None, typed: dict[str, str], expected: list[str]
) -> None:
    asked = {"home": answer.value} if answer else {}
    assert asking.repeated(typed, SAID, shown=shown, asked=asked) == expected


@pytest.mark.parametrize(
    ("kind", "days_ago", "expected"),
    [
        (Kind.CONTACT, 28, False),
        (Kind.CONTACT, 29, True),
        (Kind.SAFETY, 29, True),
        (Kind.HEALTH, 29, True),
        (Kind.IDENTITY, 4000, False),
    ],
)
def test_when_a_fact_must_be_confirmed(kind: Kind, days_ago: int, expected: bool) -> None:
    assert asking.is_old(kind, DAY - timedelta(days=days_ago), on=DAY, days=DAYS) is expected


def test_the_setting_goes_by_kind() -> None:
    said_on = DAY - timedelta(days=10)
    assert asking.is_old(Kind.SAFETY, said_on, on=DAY, days=DAYS | {"safety": 7})
    assert not asking.is_old(Kind.CONTACT, said_on, on=DAY, days=DAYS | {"safety": 7})


def test_every_group_is_made_of_fields_of_kinds_that_do_not_keep() -> None:
    for kind, label, names in asking.GROUPS.values():
        assert kind is not Kind.IDENTITY
        assert label
        assert set(names) <= set(asking.FIELDS)
