"""Pathways without a database: what the files say, every fault, and what follows from a pathway."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from joinedup.casework import rules
from joinedup.casework.assessing import newest_spec
from joinedup.casework.pathway_file import PathwayFaults, pathway_from, read_file, shipped
from joinedup.casework.pathways import (
    EARLY_HELP,
    DayRule,
    PathwayChange,
    change_fault,
    changed_by,
    comings,
    expected_in_team,
    months_earlier,
    override_fault,
    pathway_lead_fault,
    spec_for,
    steps_shown,
    transition_day,
)

EARLY, SUPPORT, PANEL = (shipped()[code, 1] for code in (EARLY_HELP, "early_support", "panel"))
LEAST: dict[str, Any] = {"code": "bereavement", "name": "Bereavement", "summary": "After a death.", "levels": [2, 3]}


def test_early_help_is_what_a_case_always_was() -> None:
    assert EARLY.words.lead == "Lead professional"
    assert (EARLY.review_weeks, EARLY.panel, EARLY.steps, EARLY.extra, EARLY.team) == (None, None, (), (), ())
    assert spec_for(EARLY, newest_spec()).sections == newest_spec().sections
    assert EARLY.closing_choices == list(rules_of_closing())


def rules_of_closing() -> list[tuple[str, str]]:
    from joinedup.casework.codes import CLOSURES

    return list(CLOSURES.items())


def test_early_support_has_a_key_worker_and_a_page_about_me() -> None:
    assert SUPPORT.words.lead_inside == "key worker"
    sections = [each.code for each in spec_for(SUPPORT, newest_spec()).sections]
    assert {"about_me", "daily_living"} <= set(sections)
    assert sections.index("about_me") < sections.index("conclusions")
    asked = spec_for(SUPPORT, newest_spec()).by_code["daily_living"].question("disability")
    assert ("AUT", "Autism or Asperger syndrome") in asked.choices
    assert SUPPORT.need_choices[0][0] == "N2"
    assert SUPPORT.action_words("equipment") == "Equipment"


def test_the_panel_asks_less_and_something_of_its_own() -> None:
    sections = [each.code for each in spec_for(PANEL, newest_spec()).sections]
    assert "wellbeing" in sections
    assert "housing" not in sections
    assert sections[0] == "child"
    assert sections[-1] == "review"
    assert PANEL.panel is not None
    assert PANEL.panel.words_of("not_agreed") == "Not agreed"


@pytest.mark.parametrize(
    ("rule", "age", "born", "day"),
    [
        (DayRule.BIRTHDAY, 18, date(2010, 5, 6), date(2028, 5, 6)),
        (DayRule.BIRTHDAY, 18, date(2012, 2, 29), date(2030, 3, 1)),
        (DayRule.TERM_AFTER, 3, date(2024, 3, 31), date(2027, 4, 1)),
        (DayRule.TERM_AFTER, 3, date(2024, 4, 1), date(2027, 9, 1)),
        (DayRule.TERM_AFTER, 3, date(2024, 12, 31), date(2028, 1, 1)),
        (DayRule.SCHOOL_YEAR_AFTER, 4, date(2022, 8, 31), date(2026, 9, 1)),
        (DayRule.SCHOOL_YEAR_AFTER, 4, date(2022, 9, 1), date(2027, 9, 1)),
        (DayRule.SCHOOL_YEAR_AFTER, 11, date(2016, 1, 1), date(2027, 9, 1)),
    ],
)
def test_the_day_of_a_transition(rule: DayRule, age: int, born: date, day: date) -> None:
    assert transition_day(rule, age, born) == day


def test_what_comes_with_age_the_nearest_first() -> None:
    on = date(2026, 11, 18)
    ahead = comings(SUPPORT, date(2022, 10, 2), on)
    assert [each.code for each in ahead] == ["school", "secondary", "adult"]
    assert ahead[0].on == date(2027, 9, 1)
    assert ahead[0].from_day == date(2026, 9, 1)
    assert ahead[0].is_to_prepare(on)
    assert not ahead[1].is_to_prepare(on)
    assert comings(SUPPORT, None, on) == ()
    assert comings(EARLY, date(2022, 10, 2), on) == ()
    assert months_earlier(date(2027, 3, 31), 1) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({}, None),
        ({"wanted": None}, rules.PATHWAY_KNOWN),
        ({"is_off": True}, rules.PATHWAY_KNOWN),
        ({"now": "panel"}, rules.PATHWAY_ALREADY),
        ({"reason": "  "}, rules.PATHWAY_REASON),
        ({"level": 1}, rules.PATHWAY_LEVEL),
        ({"lead_role": "team_manager"}, rules.PATHWAY_LEAD_FIRST),
        ({"lead_role": "key_worker"}, None),
        ({"wanted": SUPPORT, "has_panel_request": True}, rules.PANEL_WAITS),
        ({"has_panel_request": True}, None),
    ],
)
def test_when_a_case_may_change_its_pathway(change: dict[str, Any], rule: rules.Rule | None) -> None:
    facts: dict[str, Any] = {"now": EARLY_HELP, "wanted": PANEL, "is_off": False, "level": 3, "reason": "It fits."}
    assert change_fault(PathwayChange(**(facts | change))) is rule


def test_words_and_clocks_of_the_partnership() -> None:
    changed = changed_by(
        PANEL, {"name": "The table", "lead": "Link worker", "review_weeks": 4, "panel_working_days": 10}
    )
    assert (changed.name, changed.words.lead, changed.review_weeks) == ("The table", "Link worker", 4)
    assert changed.panel is not None
    assert changed.panel.working_days == 10
    assert changed_by(PANEL, {}) == PANEL


@pytest.mark.parametrize(
    "said",
    [
        {"panel": {"colour": "red"}}, {"panel": "off"}, {"panel": {"is_off": 1}}, {"panel": {"name": " "}},
        {"panel": {"review_weeks": 0}}, {"panel": {"review_weeks": True}}, {EARLY_HELP: {"is_off": True}},
    ],
)  # fmt: skip
def test_a_setting_that_could_not_be_used(said: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        override_fault(said)
    override_fault({"panel": {"is_off": True}, EARLY_HELP: {"lead": "Family worker"}})


def test_who_is_expected_and_which_steps_are_done() -> None:
    there = expected_in_team(PANEL, {"nhs"})
    assert [each.is_there for each in there] == [False, True]
    assert [each.is_done for each in steps_shown(PANEL, {"panel_asked", "papers_complete"})] == [
        True,
        True,
        False,
        False,
    ]
    assert (
        pathway_lead_fault(pathway_from({**LEAST, "lead": {"roles": ["key_worker"]}}), "referrer")
        is rules.LEAD_OF_PATHWAY
    )
    assert pathway_lead_fault(EARLY, "referrer") is None


# --- The file.


def test_the_least_a_file_says() -> None:
    found = pathway_from(LEAST)
    assert (found.code, found.version, found.levels, found.words.lead) == (
        "bereavement",
        1,
        (2, 3),
        "Lead professional",
    )
    assert pathway_from(read_file(json.dumps(LEAST).encode(), "a.json")) == found


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"code": "Has Space"}, "code"),
        ({"name": ""}, "name"),
        ({"levels": []}, "levels"),
        ({"levels": [2, 9]}, "levels[1]"),
        ({"colour": "red"}, "colour"),
        ({"words": {"lead": ""}}, "words.lead"),
        ({"lead": {"roles": ["system_administrator"]}}, "lead.roles[0]"),
        ({"clocks": {"review_weeks": "six"}}, "clocks.review_weeks"),
        ({"assessment": {"sections": ["child"]}}, "assessment.sections"),
        ({"assessment": {"sections": ["child", "present", "agreement", "review", "no"]}}, "assessment.sections[4]"),
        ({"assessment": {"extra": [{"code": "child", "title": "T", "group": "G", "questions": [{"code": "ab", "label": "L"}]}]}}, "assessment.extra"),
        ({"assessment": {"extra": [{"code": "xx", "title": "T", "group": "G", "questions": []}]}}, "assessment.extra[0].questions"),
        ({"assessment": {"extra": [{"code": "xx", "title": "T", "group": "G", "questions": [{"code": "ab", "label": "L", "kind": "score"}]}]}}, "assessment.extra[0].questions[0].kind"),
        ({"assessment": {"extra": [{"code": "xx", "title": "T", "group": "G", "questions": [{"code": "ab", "label": "L", "kind": "choice"}]}]}}, "assessment.extra[0].questions[0].choices"),
        ({"steps": [{"code": "dance", "words": "Dance"}]}, "steps[0].code"),
        ({"steps": [{"code": "panel_asked", "words": "Asked"}]}, "steps[0].code"),
        ({"panel": {"working_days": 5, "disagree_days": 5, "decisions": [{"code": "not_agreed", "words": "No"}]}}, "panel.decisions"),
        ({"panel": {"working_days": 0, "disagree_days": 5, "decisions": [{"code": "agreed", "words": "Yes"}]}}, "panel.working_days"),
        ({"transitions": [{"code": "school", "words": "School", "rule": "whenever", "age": 4, "look_ahead_months": 6}]}, "transitions[0].rule"),
        ({"letters": ["about_me"]}, "letters"),
        ({"letters": ["panel_decision"]}, "letters"),
        ({"closures": ["RC77"]}, "closures[0]"),
        ({"team": [{"words": "A nurse", "kinds": ["hospital"]}]}, "team[0].kinds[0]"),
        ({"team": "nobody"}, "team"),
        ({"actions": [{"code": "walk", "words": "Walk"}, {"code": "walk", "words": "Walk"}]}, "actions"),
    ],
)  # fmt: skip
def test_a_fault_says_where_it_stands(change: dict[str, Any], where: str) -> None:
    with pytest.raises(PathwayFaults) as found:
        pathway_from(LEAST | change)
    assert where in {each.where for each in found.value.faults}
    assert all(each.reason.endswith((".", "]")) or each.reason for each in found.value.faults)


def test_every_fault_at_once() -> None:
    with pytest.raises(PathwayFaults) as found:
        pathway_from({"code": "x", "levels": [7], "words": {"boss": "No"}, "panel": {}})
    assert {"code", "name", "summary", "levels[0]", "words.boss", "panel.decisions", "panel.working_days"} <= {
        each.where for each in found.value.faults
    }


@pytest.mark.parametrize(
    ("content", "name"), [(b"[[", "a.toml"), (b"{", "a.json"), (b"[1]", "a.json"), (b"\xff", "a.toml")]
)
def test_a_file_that_is_no_table(content: bytes, name: str) -> None:
    with pytest.raises(PathwayFaults):
        read_file(content, name)
