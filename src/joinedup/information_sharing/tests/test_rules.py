"""The rules and the two lifecycles, as truth tables without a database."""

from __future__ import annotations

from datetime import date

import pytest

from joinedup.information_sharing import rules
from joinedup.information_sharing.lifecycle import (
    AGREEMENT_LABELS,
    AGREEMENT_MOVES,
    LIVE,
    REQUEST_LABELS,
    REQUEST_MOVES,
    REQUEST_OWNERS,
    AgreementState,
    RequestState,
    agreement_state_on,
    may_move_agreement,
    may_move_request,
)
from joinedup.information_sharing.rules import ItemRule, Said

TODAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    "level, family_agrees, has_basis, is_lawful",
    [
        (1, False, False, False), (2, False, False, False), (3, False, False, False), (4, False, False, True),
        (1, True, False, True), (2, True, False, True), (3, True, False, True), (4, True, False, True),
        (1, False, True, True), (2, False, True, True), (3, False, True, True), (4, True, True, True),
    ],
)  # fmt: skip
def test_whom_one_may_ask_without_the_family(level: int, family_agrees: bool, has_basis: bool, is_lawful: bool) -> None:
    assert rules.is_asking_lawful(level, family_agrees=family_agrees, has_basis=has_basis) is is_lawful


@pytest.mark.parametrize(
    "birth_date, age",
    [
        (None, None),
        (date(2015, 11, 18), 11),  # a birthday today
        (date(2015, 11, 19), 10),  # tomorrow
        (date(2027, 1, 1), 0),  # not yet born
        (date(2008, 2, 29), 18),
    ],
)
def test_age(birth_date: date | None, age: int | None) -> None:
    assert rules.age_on(birth_date, TODAY) == age


@pytest.mark.parametrize(
    "rule, age, level, starts",
    [
        (ItemRule(), None, 1, ""),
        (ItemRule(is_allowed=False), 30, 4, "the agreement leaves it out"),
        # The ages of the Family Context pilot: adult social care 15, housing 16, police 18, school 4 to 20.
        (ItemRule(minimum_age=15), 14, 4, "it is shared from the age of 15"),
        (ItemRule(minimum_age=15), 15, 4, ""),
        (ItemRule(minimum_age=16), 15, 4, "it is shared from the age of 16"),
        (ItemRule(minimum_age=18), 17, 4, "it is shared from the age of 18"),
        (ItemRule(minimum_age=18), 18, 4, ""),
        (ItemRule(minimum_age=4, maximum_age=20), 3, 4, "it is shared from the age of 4"),
        (ItemRule(minimum_age=4, maximum_age=20), 4, 4, ""),
        (ItemRule(minimum_age=4, maximum_age=20), 20, 4, ""),
        (ItemRule(minimum_age=4, maximum_age=20), 21, 4, "it is shared up to the age of 20"),
        (ItemRule(minimum_age=4), None, 4, "it depends on age"),
        (ItemRule(maximum_age=4), None, 4, "it depends on age"),
        (ItemRule(levels=frozenset({3, 4})), None, 2, "it is shared at levels 3 and 4 only"),
        (ItemRule(levels=frozenset({4})), None, 3, "it is shared at level 4 only"),
        (ItemRule(levels=frozenset({3, 4})), None, 3, ""),
    ],
)
def test_what_an_item_may_say(rule: ItemRule, age: int | None, level: int, starts: str) -> None:
    why = rules.why_not(rule, age=age, level=level)
    assert why.startswith(starts)
    assert bool(why) is bool(starts)


def test_rules_read_as_words() -> None:
    rule = ItemRule(minimum_age=4, maximum_age=20, years_back=2, levels=frozenset({4, 3, 2}))
    assert rules.rule_in_words(rule) == "Aged 4 to 20, the last 2 years, at levels 2, 3 and 4"
    assert rules.rule_in_words(ItemRule(minimum_age=18)) == "Aged 18 or over"
    assert rules.rule_in_words(ItemRule(maximum_age=17, years_back=1)) == "Aged 17 or under, the last year"
    assert rules.rule_in_words(ItemRule()) == ""


@pytest.mark.parametrize(
    "happened_on, years_back, is_too_long_ago",
    [
        (None, 2, False),
        (date(2000, 1, 1), None, False),
        (date(2024, 11, 18), 2, False),
        (date(2024, 11, 17), 2, True),
    ],
)
def test_how_far_back(happened_on: date | None, years_back: int | None, is_too_long_ago: bool) -> None:
    assert rules.is_too_long_ago(happened_on, years_back, TODAY) is is_too_long_ago


GOOD = {"involvement": "current", "worker": "Rowan", "as_of": TODAY, "proportionality": "Only what was asked."}


@pytest.mark.parametrize(
    "said, codes",
    [
        ({}, []),
        ({"worker": "", "worker_role": "Nurse"}, []),
        ({"worker": "", "worker_role": " "}, ["IS-21"]),
        ({"involvement": "historic", "worker": ""}, []),
        ({"involvement": "none_found", "worker": ""}, []),
        ({"involvement": "none_found"}, ["IS-30"]),
        ({"involvement": "none_found", "worker": "", "has_items": True}, ["IS-30"]),
        ({"involvement": "none_found", "worker": "", "started_on": date(2026, 1, 1)}, ["IS-30"]),
        ({"as_of": None}, ["IS-22"]),
        ({"as_of": date(2026, 11, 19)}, ["IS-22"]),
        ({"started_on": date(2026, 11, 19)}, ["IS-23"]),
        ({"started_on": date(2026, 5, 2), "last_contact_on": date(2026, 5, 1)}, ["IS-23"]),
        ({"started_on": date(2026, 5, 2), "last_contact_on": date(2026, 5, 2)}, []),
        ({"last_contact_on": date(2026, 11, 19)}, ["IS-23"]),
        ({"coverage_from": date(2026, 5, 2), "coverage_to": date(2026, 5, 1)}, ["IS-23"]),
        ({"proportionality": " "}, ["IS-24"]),
        ({"level_of_need": 3}, ["IS-31"]),
        ({"level_of_need": 3, "judgement": "Two moves in a year."}, []),
        ({"judgement": "Settled."}, []),
    ],
)
def test_what_an_answer_must_say(said: dict[str, object], codes: list[str]) -> None:
    faults = rules.faults_of_answer(Said(**(GOOD | said)), on=TODAY)  # type: ignore[arg-type]
    assert [rule.code for rule, _ in faults] == codes


@pytest.mark.parametrize(
    "code, words, is_reasoned",
    [("more_harm", "", True), ("other", "", False), ("other", " ", False), ("other", "We moved office", True), ("", "x", False), ("nonsense", "x", False)],
)  # fmt: skip
def test_why_somebody_refuses(code: str, words: str, is_reasoned: bool) -> None:
    assert rules.is_refusal_reasoned(code, words) is is_reasoned


@pytest.mark.parametrize(
    "missing", ["parties", "allowed_items", "purposes", "bases", "askers", "answerers", "impact", "dates"]
)
def test_nobody_signs_what_is_unfinished(missing: str) -> None:
    facts = {
        "parties": 2, "allowed_items": [0, 3], "purposes": 1, "bases": 1, "askers": 1, "answerers": 1,
        "has_impact_assessment": missing != "impact", "has_dates": missing != "dates",
    }  # fmt: skip
    if missing in facts:
        facts[missing] = [0, 0] if missing == "allowed_items" else 1 if missing == "parties" else 0
    assert len(rules.missing_to_sign(**facts)) == 1  # type: ignore[arg-type]


def test_whole_drafts_can_be_signed() -> None:
    assert (
        rules.missing_to_sign(
            parties=2, allowed_items=[0, 1], purposes=1, bases=1, askers=1, answerers=1, has_impact_assessment=True,
            has_dates=True,
        )
        == []
    )  # fmt: skip


@pytest.mark.parametrize(
    "starts, review, expires, is_right",
    [
        (None, None, None, True),
        (date(2026, 1, 1), date(2026, 6, 1), date(2026, 12, 31), True),
        (date(2026, 1, 1), date(2026, 12, 31), date(2026, 12, 31), True),
        (date(2026, 1, 1), date(2025, 12, 31), date(2026, 12, 31), False),
        (date(2026, 1, 1), date(2027, 1, 1), date(2026, 12, 31), False),
        (date(2026, 1, 1), None, date(2026, 1, 1), False),
    ],
)
def test_dates_of_an_agreement(starts: date | None, review: date | None, expires: date | None, is_right: bool) -> None:
    assert rules.are_dates_in_order(starts_on=starts, review_on=review, expires_on=expires) is is_right


# --- The lifecycles.

START, END = date(2026, 11, 1), date(2026, 12, 1)


@pytest.mark.parametrize(
    "written, day, stands",
    [
        ("draft", date(2026, 11, 15), "draft"),
        ("ended", date(2026, 11, 15), "ended"),
        ("expired", date(2026, 11, 15), "expired"),
        ("signed", date(2026, 10, 31), "signed"),
        ("signed", date(2026, 11, 1), "in_force"),  # whether or not any job has run
        ("signed", date(2026, 12, 1), "expired"),
        ("in_force", date(2026, 11, 30), "in_force"),
        ("in_force", date(2026, 12, 1), "expired"),  # the very day
        ("in_force", date(2027, 12, 1), "expired"),
    ],
)
def test_an_agreement_stands_as_the_day_says(written: str, day: date, stands: str) -> None:
    assert agreement_state_on(AgreementState(written), starts_on=START, expires_on=END, on=day) == stands


def test_only_what_every_party_signed_comes_into_force() -> None:
    before = {start for start, ends in AGREEMENT_MOVES.items() if AgreementState.IN_FORCE in ends}
    assert before == {AgreementState.SIGNED}
    assert {start for start, ends in AGREEMENT_MOVES.items() if AgreementState.SIGNED in ends} == {AgreementState.DRAFT}


def test_every_state_has_its_moves_its_words_and_its_owner() -> None:
    assert set(AGREEMENT_MOVES) == set(AGREEMENT_LABELS) == set(AgreementState)
    assert set(REQUEST_MOVES) == set(REQUEST_LABELS) == set(REQUEST_OWNERS) == set(RequestState)
    assert all(REQUEST_OWNERS[state] != "nobody" for state in LIVE)


def test_every_live_request_can_be_closed_and_nothing_comes_back() -> None:
    assert all(may_move_request(state, RequestState.CLOSED) for state in LIVE)
    assert not any(may_move_request(RequestState.CLOSED, state) for state in RequestState)
    assert not any(may_move_request(RequestState.WITHDRAWN, state) for state in RequestState)
    assert not any(may_move_agreement(AgreementState.ENDED, state) for state in AgreementState)
    assert not any(may_move_agreement(AgreementState.EXPIRED, state) for state in AgreementState)
