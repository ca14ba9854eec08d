"""Rules as truth tables, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from joinedup.access.roles import Role
from joinedup.organisations import rules

AT = datetime(2026, 11, 18, 10, tzinfo=UTC)
DAY = timedelta(days=1)


def code(rule: rules.Rule | None) -> str:
    return rule.code if rule else ""


def test_every_rule_has_its_own_code_a_sentence_and_a_source() -> None:
    codes = [rule.code for rule in rules.RULES]
    assert codes == [f"OR-{number}" for number in range(1, len(codes) + 1)]
    for rule in rules.RULES:
        assert rule.sentence.endswith(".")
        assert rule.source


@pytest.mark.parametrize(
    ("postcode", "prefixes"),
    [
        ("zz1 1aa", ["ZZ1 1AA", "ZZ1 1A", "ZZ1 1", "ZZ1", "ZZ"]),
        ("ZZ11AA", ["ZZ1 1AA", "ZZ1 1A", "ZZ1 1", "ZZ1", "ZZ"]),
        ("ZZ111AA", ["ZZ11 1AA", "ZZ11 1A", "ZZ11 1", "ZZ11", "ZZ"]),
        ("Z1A 2BC", ["Z1A 2BC", "Z1A 2B", "Z1A 2", "Z1A", "Z"]),
        ("ZZ1", ["ZZ1", "ZZ"]),
        ("ZZ", []),
        ("", []),
        ("no fixed address", []),
        ("ZZ1 1A", []),
    ],
)
def test_prefixes_of_a_postcode(postcode: str, prefixes: list[str]) -> None:
    assert rules.postcode_prefixes(postcode) == prefixes


@pytest.mark.parametrize(
    ("postcode", "longest"),
    [("ZZ1 2AB", "ZZ1 2"), ("ZZ1 3AB", "ZZ1"), ("ZZ12 2AB", "ZZ"), ("ZY1 2AB", None), ("", None)],
)
def test_the_longest_prefix_wins(postcode: str, longest: str | None) -> None:
    assert rules.longest_prefix(postcode, ["ZZ", "ZZ1", "ZZ1 2"]) == longest


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("zz", "ZZ"), ("ZZ1", "ZZ1"), ("zz1 2", "ZZ1 2"), ("zz12ab", "ZZ1 2AB"), ("ZZ1  2a", "ZZ1 2A"),
        ("1ZZ", None), ("ZZ 1", None), ("", None), ("ZZZ1", None),
    ],
)  # fmt: skip
def test_a_prefix_is_kept_in_one_form(text: str, tidy: str | None) -> None:
    assert rules.tidy_prefix(text) == tidy


@pytest.mark.parametrize(
    ("shares", "refused"),
    [
        ({"a": 10_000}, ""), ({"a": 3_333, "b": 3_333, "c": 3_334}, ""), ({}, "OR-2"), ({"a": 9_999}, "OR-2"),
        ({"a": 10_001}, "OR-2"), ({"a": 10_000, "b": 0}, "OR-2"), ({"a": 11_000, "b": -1_000}, "OR-2"),
    ],
)  # fmt: skip
def test_funding_adds_up(shares: dict[str, int], refused: str) -> None:
    assert code(rules.funding_fault(shares)) == refused


@pytest.mark.parametrize(
    ("ends_at", "review_on", "is_secondment", "refused"),
    [
        (None, None, False, ""),
        (None, None, True, "OR-1"),
        (AT + DAY, None, True, ""),
        (None, date(2027, 3, 31), True, ""),
        (AT, None, False, "OR-5"),
        (AT - DAY, None, True, "OR-5"),
    ],
)
def test_dates_of_a_post(ends_at: datetime | None, review_on: date | None, is_secondment: bool, refused: str) -> None:
    assert code(rules.dates_fault(AT, ends_at, review_on, is_secondment=is_secondment)) == refused


@pytest.mark.parametrize(
    ("starts", "ends", "opened", "closed", "lies_within"),
    [
        (10, None, None, None, True),
        (10, None, 10, None, True),
        (10, None, 11, None, False),
        (10, None, 1, 20, False),
        (10, 20, 1, 20, True),
        (10, 21, 1, 20, False),
    ],
)
def test_a_post_lies_within_its_organisation(
    starts: int, ends: int | None, opened: int | None, closed: int | None, lies_within: bool
) -> None:
    days = [None if day is None else date(2026, 1, day) for day in (starts, ends, opened, closed)]
    assert days[0] is not None
    assert rules.within(days[0], days[1], days[2], days[3]) is lies_within


@pytest.mark.parametrize(
    ("role", "hours", "registered", "refused"),
    [
        (Role.KEY_WORKER, "1.00", False, ""),
        (Role.KEY_WORKER, "0", False, "OR-6"),
        (Role.KEY_WORKER, "1.01", False, "OR-6"),
        (Role.SOCIAL_WORKER, "0.5", False, "OR-7"),
        (Role.SOCIAL_WORKER, "0.5", True, ""),
    ],
)
def test_what_a_post_asks_of_its_holder(role: Role, hours: str, registered: bool, refused: str) -> None:
    assert code(rules.person_fault(role, Decimal(hours), is_registered_social_worker=registered)) == refused


@pytest.mark.parametrize(
    ("ends_at", "present_end", "refused"),
    [
        (AT, None, ""), (AT + DAY, None, ""), (AT - DAY, None, "OR-9"), (AT, AT + DAY, ""),
        (AT + DAY, AT, "OR-10"), (AT - 10 * DAY, None, "OR-9"),
    ],
)  # fmt: skip
def test_ending(ends_at: datetime, present_end: datetime | None, refused: str) -> None:
    assert code(rules.end_fault(AT, ends_at, AT - 5 * DAY, present_end)) == refused


def test_a_post_that_has_not_begun_ends_after_its_start() -> None:
    assert code(rules.end_fault(AT, AT, AT + DAY, None)) == "OR-5"


@pytest.mark.parametrize(
    ("ends_at", "present_end", "refused"),
    [(AT + 2 * DAY, AT + DAY, ""), (AT + DAY, AT + DAY, "OR-11"), (AT + DAY, AT, "OR-10"), (AT + DAY, None, "OR-11")],
)
def test_extending(ends_at: datetime, present_end: datetime | None, refused: str) -> None:
    assert code(rules.extension_fault(AT, ends_at, present_end)) == refused


@pytest.mark.parametrize(
    ("closed", "opened", "successor_closed", "refused"),
    [
        (None, None, None, ""), (31, 1, None, ""), (30, 1, None, "OR-18"), (None, 2, None, "OR-16"),
    ],
)  # fmt: skip
def test_succession(closed: int | None, opened: int | None, successor_closed: int | None, refused: str) -> None:
    fault = rules.succession_fault(
        date(2013, 4, 1),
        predecessor_closed_on=date(2013, 3, closed) if closed else None,
        successor_opened_on=date(2013, 4, opened) if opened else None,
        successor_closed_on=None,
    )
    assert code(fault) == refused


def test_a_successor_that_has_gone_takes_nothing_over() -> None:
    fault = rules.succession_fault(
        date(2013, 4, 1), predecessor_closed_on=None, successor_opened_on=None, successor_closed_on=date(2013, 3, 1)
    )
    assert code(fault) == "OR-16"


def test_a_line_of_successors_never_closes_into_a_circle() -> None:
    line = {"pct": ["ccg"], "ccg": ["icb", "other"]}
    assert rules.leads_back("pct", "icb", line)
    assert rules.leads_back("ccg", "ccg", line)
    assert not rules.leads_back("icb", "pct", line)
    assert not rules.leads_back("icb", "pct", {"icb": ["x"], "x": ["icb"]})
