"""Comparing notes as truth tables: footing, time left, what is old, what differs, and the picture."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.front_door import comparing, rules
from joinedup.front_door.codes import Answer
from joinedup.front_door.comparing import Fact, Footing, Statement, Stretch

ON = date(2026, 11, 18)
AT = datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo("Europe/London"))


def test_every_rule_has_a_code_of_its_own_and_a_sentence() -> None:
    codes = [rule.code for rule in comparing.RULES]
    assert len(set(codes)) == len(codes) == 24
    assert not set(codes) & {rule.code for rule in rules.RULES}
    assert all(rule.sentence.rstrip("}")[-1] in ".:y" and rule.source for rule in comparing.RULES)


class TestFooting:
    @pytest.mark.parametrize(
        ("level", "rating", "agrees", "expected"),
        [
            (1, "green", Answer.YES, Footing.AGREED),
            (4, "red", Answer.YES, Footing.AGREED),
            (4, "green", Answer.NO, Footing.SERIOUS),
            (4, "", Answer.NOT_ASKED, Footing.SERIOUS),
            (2, "red", Answer.NO, Footing.SERIOUS),
            (None, "red", Answer.NO, Footing.SERIOUS),
            (3, "amber", Answer.NO, Footing.BASIS),
            (3, "amber", Answer.NOT_ASKED, Footing.BASIS),
            (1, "", Answer.NO, Footing.BASIS),
            (None, "", Answer.NOT_ASKED, Footing.BASIS),
        ],
    )
    def test_agreement_or_seriousness_or_a_basis(
        self, level: int | None, rating: str, agrees: Answer, expected: Footing
    ) -> None:
        assert comparing.footing_for(level, rating, agrees) == expected

    @pytest.mark.parametrize(
        ("footing", "level", "why", "expected"),
        [
            (Footing.AGREED, 2, "", None),
            (Footing.AGREED, None, "", comparing.LEVEL_SAID),
            (Footing.AGREED, 5, "", comparing.LEVEL_SAID),
            (Footing.SERIOUS, 4, " ", comparing.WHY_WITHOUT),
            (Footing.SERIOUS, 4, "A child says they are being hurt.", None),
            (Footing.BASIS, 3, "", comparing.WHY_WITHOUT),
            (Footing.BASIS, 3, "Rang three times.", None),
        ],
    )
    def test_what_is_missing(self, footing: Footing, level: int | None, why: str, expected: rules.Rule | None) -> None:
        assert comparing.asking_fault(footing, level, why) is expected

    def test_red_is_asked_about_as_level_4(self) -> None:
        assert comparing.level_asked_at(2, Footing.SERIOUS) == 4
        assert comparing.level_asked_at(2, Footing.AGREED) == 2
        assert comparing.level_asked_at(3, Footing.BASIS) == 3


class TestTime:
    @pytest.mark.parametrize(
        ("left", "words"),
        [
            (timedelta(), "0 minutes left"),
            (timedelta(seconds=59), "0 minutes left"),
            (timedelta(minutes=1), "1 minute left"),
            (timedelta(minutes=125), "2 hours 5 minutes left"),
            (timedelta(hours=4), "4 hours left"),
            (timedelta(days=1, hours=3, minutes=20), "1 day 3 hours left"),
            (timedelta(minutes=-61), "overdue by 1 hour 1 minute"),
            (timedelta(days=-2), "overdue by 2 days"),
        ],
    )
    def test_words(self, left: timedelta, words: str) -> None:
        assert comparing.time_left(AT, AT + left) == words

    @pytest.mark.parametrize(("days_ago", "expected"), [(0, False), (28, False), (29, True), (-1, False)])
    def test_old_from_the_day_after_the_setting(self, days_ago: int, expected: bool) -> None:
        assert comparing.is_old(ON - timedelta(days=days_ago), ON, 28) is expected

    def test_no_day_is_old(self) -> None:
        assert comparing.is_old(None, ON, 28)


def said(fact: Fact, value: str, source: str, as_of: date | None = None, about: str = "Rowan") -> Statement:
    key = comparing.home_key(value) if fact == Fact.ADDRESS else value
    return Statement(about, fact, value, key, source, as_of)


class TestDisagreement:
    def test_nothing_where_all_say_the_same(self) -> None:
        same = [
            said(Fact.ADDRESS, "1 Example Row, ZZ1 1AA", "School"),
            said(Fact.ADDRESS, "1 EXAMPLE ROW ZZ1 1AA", "GP"),
        ]
        assert comparing.disagreements(same) == ()

    def test_silence_is_no_version(self) -> None:
        assert (
            comparing.disagreements([said(Fact.BIRTH_DATE, "4 May 2017", "School"), said(Fact.BIRTH_DATE, "", "GP")])
            == ()
        )

    def test_a_sentence_names_who_says_what_newest_first(self) -> None:
        found = comparing.disagreements(
            [
                said(Fact.ADDRESS, "1 Example Row", "School", date(2026, 3, 1)),
                said(Fact.ADDRESS, "2 Other Road", "Police", date(2026, 11, 2)),
                said(Fact.ADDRESS, "1 example row", "GP", date(2025, 3, 1)),
            ]
        )
        assert len(found) == 1
        assert found[0].sentence == (
            "Sources have 2 different addresses for Rowan. Police: 2 Other Road (as of 2 November 2026); "
            "School and GP: 1 Example Row (as of 1 March 2026). "
            "It may be a move, or a second home. Ask before anybody writes or visits."
        )

    def test_people_and_facts_are_kept_apart(self) -> None:
        found = comparing.disagreements(
            [
                said(Fact.BIRTH_DATE, "4 May 2017", "School"),
                said(Fact.BIRTH_DATE, "5 April 2017", "Housing"),
                said(Fact.BIRTH_DATE, "1 May 2015", "School", about="Ash"),
                said(Fact.ADDRESS, "1 Example Row", "School"),
            ]
        )
        assert [(each.about, each.fact) for each in found] == [("Rowan", Fact.BIRTH_DATE)]

    @pytest.mark.parametrize(
        ("one", "other", "same"),
        [
            (("1 Example Row", "ZZ1 1AA"), ("1 example row, Exampletown zz11aa", ""), True),
            (("1 Example Row", "ZZ1 1AA"), ("1 Example Row", "ZZ1 1AB"), False),
            (("1 Example Row", ""), ("1, Example  Row", ""), True),
            (("1 Example Row", ""), ("2 Example Row", ""), False),
            (("", ""), ("", ""), True),
        ],
    )
    def test_one_home(self, one: tuple[str, str], other: tuple[str, str], same: bool) -> None:
        assert (comparing.home_key(*one) == comparing.home_key(*other)) is same

    def test_a_household_is_the_same_in_any_order(self) -> None:
        assert comparing.household_key(["Ash  Testerfield", "Bo"]) == comparing.household_key(["bo", "ash testerfield"])

    def test_whose_level_differs(self) -> None:
        others = [("Police", 3), ("School", 2), ("GP", 4)]
        assert comparing.differing_judges(2, others) == ("Police (level 3)", "GP (level 4)")
        assert comparing.differing_judges(3, [("Police", 3)]) == ()


days = st.dates(min_value=date(2015, 1, 1), max_value=ON)


class TestPicture:
    def test_a_current_involvement_reaches_today(self) -> None:
        (bar,) = comparing.bars([Stretch("School", "Rowan", True, date(2024, 11, 18), None, date(2026, 11, 2))], ON)
        assert bar.left + bar.width == 1000
        assert 595 <= bar.left <= 605  # three of five years have passed
        assert bar.mark is not None
        assert not bar.is_start_guessed
        assert bar.words == "Current since 18 November 2024, last contact 2 November 2026"

    def test_what_ended_before_the_picture_has_no_bar(self) -> None:
        assert comparing.bars([Stretch("Police", "Rowan", False, date(2018, 1, 1), date(2019, 1, 1))], ON) == ()

    def test_a_past_one_without_days_has_no_bar(self) -> None:
        assert comparing.bars([Stretch("Police", "Rowan", False, None, None)], ON) == ()

    def test_years_are_marked(self) -> None:
        marks = comparing.year_marks(ON)
        assert [year for year, _ in marks] == [2022, 2023, 2024, 2025, 2026]
        places = [place for _, place in marks]
        assert places == sorted(places)

    @given(st.booleans(), st.none() | days, st.none() | days, st.none() | days)
    def test_every_bar_lies_within_the_picture(
        self, is_current: bool, starts_on: date | None, ends_on: date | None, last: date | None
    ) -> None:
        for bar in comparing.bars([Stretch("School", "Rowan", is_current, starts_on, ends_on, last)], ON):
            assert bar.left >= 0
            assert bar.width >= 8
            assert bar.left + bar.width <= 1000
            assert bar.mark is None or 0 <= bar.mark <= 1000
