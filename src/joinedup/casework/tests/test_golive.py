"""Bringing open cases over: reading the extract, opening the cases with their true dates, and reconciling."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from joinedup.access.actor import system
from joinedup.access.models import AuditEvent
from joinedup.access.roles import Role
from joinedup.casework import golive, services
from joinedup.casework.golive import Extract, Here, LegacyCase, read_extract, reconcile
from joinedup.casework.models import Case, CaseBroughtOver, CaseMember
from joinedup.casework.queries import reconciliation
from joinedup.chronology.models import Event
from joinedup.core.errors import NotPermitted
from joinedup.engines.linkage.identifiers import birth_date
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post, make_team
from joinedup.person_index.services import import_records

TODAY = date(2026, 11, 18)
HEADER = [
    "Case reference", "Person references", "Household", "Level", "Opened on", "Team code",
    "Lead professional e-mail", "Next review on", "Status",
]  # fmt: skip
ROW = ["C1", "P1; P2", "H1", "3", "1/9/2026", "NORTH", "amira@council.example", "2026-12-01", "open"]


def read(*rows: list[str], header: list[str] = HEADER) -> Extract:
    numbered = [(place, row) for place, row in enumerate(rows, start=2)]
    return read_extract(header, numbered, read_date=lambda text: birth_date(text, today=TODAY), today=TODAY)


def row(**changes: str) -> list[str]:
    names = ("reference", "people", "household", "level", "opened_on", "team", "lead", "next_review_on", "status")
    return [changes.get(name, cell) for name, cell in zip(names, ROW, strict=True)]


# --- Reading, without a database --------------------------------------------------------------------------------------


def test_a_row_as_it_comes() -> None:
    extract = read(ROW)
    assert extract.faults == []
    assert extract.cases == [
        LegacyCase(
            2, "C1", ("P1", "P2"), "H1", 3, date(2026, 9, 1), "NORTH", "amira@council.example", date(2026, 12, 1)
        )
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reference": ""}, "reference"),
        ({"reference": "x" * 61}, "reference"),
        ({"people": " "}, "people"),
        ({"level": "5"}, "level"),
        ({"level": "three"}, "level"),
        ({"opened_on": "31/2/2026"}, "opened on"),
        ({"opened_on": "1/12/2026"}, "opened on"),
        ({"opened_on": "1/1/1970"}, "opened on"),
        ({"opened_on": ""}, "opened on"),
        ({"team": ""}, "team"),
        ({"next_review_on": "soon"}, "next review on"),
        ({"status": "dormant"}, "status"),
    ],
)
def test_a_row_that_cannot_be_read_says_where_and_why(changes: dict[str, str], field: str) -> None:
    extract = read(row(**changes))
    assert [(fault.row, fault.field) for fault in extract.faults] == [(2, field)]
    assert extract.faults[0].reason.endswith((".", "?"))
    assert extract.cases == []
    assert len(extract.lines) == 1, "it counts in the reconciliation all the same"


def test_every_fault_of_a_row_is_said_at_once() -> None:
    extract = read(row(level="9", team="", opened_on="never"))
    assert {fault.field for fault in extract.faults} == {"level", "team", "opened on"}


def test_closed_rows_stay_behind_and_doubles_are_faults() -> None:
    extract = read(ROW, row(reference="C2", status="Closed"), ROW)
    assert (extract.read, extract.closed, len(extract.cases)) == (3, 1, 1)
    assert [(fault.row, fault.reason) for fault in extract.faults] == [(4, "This case is in row 2 already.")]


def test_titles_are_found_by_what_they_say_and_missing_ones_named() -> None:
    header = ["CASE ID", "client ids", "Tier", "Start date", "Team"]
    extract = read(["C1", "P1,P2|P3", "Level 2", "2026-09-01", "north"], header=header)
    assert extract.cases[0].people == ("P1", "P2", "P3")
    assert (extract.cases[0].level, extract.cases[0].lead) == (2, "")
    with pytest.raises(ValueError, match="people, team"):
        read([], header=["Case reference", "Level", "Opened on"])


CELLS = st.sampled_from(["", "C1", "C2", "P1", "1", "2", "9", "NORTH", "SOUTH", "1/9/2026", "x", "open", "closed"])
CASES_HERE = st.lists(
    st.builds(
        Here,
        case=st.uuids().map(str),
        legacy_reference=st.sampled_from(["", "C1", "C2", "C3"]),
        team=st.sampled_from(["NORTH", "SOUTH"]),
        level=st.sampled_from("1234"),
        lead=st.sampled_from(["nobody", "a@b.example"]),
        month=st.sampled_from(["2026-09", "2026-10"]),
    ),
    max_size=8,
    unique_by=lambda one: one.legacy_reference or one.case,
)


@given(rows=st.lists(st.lists(CELLS, min_size=9, max_size=9), max_size=12), here=CASES_HERE)
def test_the_totals_add_up_whatever_comes(rows: list[list[str]], here: list[Here]) -> None:
    extract = read(*rows)
    faulty = {fault.row for fault in extract.faults}
    assert extract.read == extract.closed + len(extract.cases) + len(faulty)
    found = reconcile(extract, here)
    assert found.legacy == extract.read - extract.closed
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for count in found.counts:
        sums[count.kind][0] += count.legacy
        sums[count.kind][1] += count.here
    for kind, (legacy, now) in sums.items():
        assert (legacy, now) == (found.legacy, found.here), kind
    # What is not here and what is only here explain the difference of the totals exactly.
    missing = sum(one.what == "not here" for one in found.differences)
    extra = sum(one.what == "only here" for one in found.differences)
    assert found.legacy - missing == found.here - extra


# --- Bringing over ----------------------------------------------------------------------------------------------------

PEOPLE = """reference,given name,family name,date of birth,sex,postcode,household,part
P1,Rowan,Testerfield,1/2/2019,F,ZZ1 1AA,H1,child
P2,Robin,Testerfield,1/2/1990,F,ZZ1 1AA,H1,parent
P3,Sorrel,Testlake,1/2/2018,M,ZZ1 1AB,H3,child
P4,Alder,Testmoor,1/2/2017,M,,,
P5,Hazel,Testmoor,3/4/1985,F,,,
"""


@pytest.fixture
def world(db: None) -> dict[str, Any]:
    council = make_organisation(code="COUNCIL", name="Testerfield Council")
    import_records(agency_code="COUNCIL", file_name="p.csv", content=PEOPLE.encode(), by=system(AT), at=AT)
    team = make_team(code="NORTH", host=council)
    amira, post = make_post(role=Role.KEY_WORKER, team=team, name="Amira Testerly", email="amira@council.example")
    manager, _ = make_post(role=Role.TEAM_MANAGER, team=team, name="Nia Testnorth")
    return {"council": council, "team": team, "post": post, "amira": amira, "manager": manager}


def bring(world: dict[str, Any], *rows: list[str], at: Any = AT) -> services.BroughtOver:
    return services.bring_cases_over(agency=world["council"], extract=read(*rows), by=system(at), at=at)


def test_a_case_comes_over_with_its_true_dates(world: dict[str, Any]) -> None:
    result = bring(world, ROW)
    assert (result.counts, result.rejected) == (
        {"read": 1, "created": 1, "unchanged": 0, "closed": 0, "rejected": 0},
        [],
    )
    case = Case.objects.get()
    assert timezone.localdate(case.opened_at) == date(2026, 9, 1)
    assert (case.level, case.state, case.lead_professional, case.team) == (3, "open", world["post"], world["team"])
    assert case.family.household_reference == "H1"
    assert sorted(case.people.values_list("part", flat=True)) == ["child", "parent"]
    assert CaseMember.objects.get().part == "lead"
    brought = CaseBroughtOver.objects.get()
    assert (brought.reference, brought.next_review_on) == ("C1", date(2026, 12, 1))
    events = {event.kind: event for event in Event.objects.filter(source_id=str(case.pk))}
    assert timezone.localdate(events["casework.case_opened"].at) == date(2026, 9, 1)
    assert events["casework.case_brought_over"].at == AT
    assert "Brought over from Testerfield Council, case C1" in events["casework.case_opened"].words.words["reason"]
    assert set(Case.objects.visible_to(actor_of(world["amira"], AT))) == {case}
    row_of_trail = AuditEvent.objects.get(action="casework.bring_cases_over")
    assert len(row_of_trail.people) == 2


def test_again_changes_nothing_and_what_the_old_system_changed_is_reported(world: dict[str, Any]) -> None:
    bring(world, ROW)
    before = list(Case.objects.values())
    again = bring(world, ROW, at=AT + timedelta(days=1))
    assert again.counts == {"read": 1, "created": 0, "unchanged": 1, "closed": 0, "rejected": 0}
    changed = bring(world, row(level="4"), at=AT + timedelta(days=1))
    assert [fault.field for fault in changed.rejected] == ["reference"]
    assert "brought over" in changed.rejected[0].reason
    assert list(Case.objects.values()) == before
    assert Event.objects.filter(kind="casework.case_opened").count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"people": "P1 P99"}, "people", "P99"),
        ({"people": "P2"}, "people", "at least one child"),
        ({"team": "NOWHERE"}, "team", "no team"),
        ({"lead": "nobody@council.example"}, "lead", "key worker"),
        ({"people": "P1 P3", "household": ""}, "people", "different families"),
    ],
)
def test_what_is_not_known_is_rejected_and_nothing_of_it_stays(
    world: dict[str, Any], changes: dict[str, str], field: str, words: str
) -> None:
    result = bring(world, row(**changes), row(reference="C9", people="P3", household="H3", lead=""))
    assert [(fault.row, fault.field) for fault in result.rejected] == [(2, field)]
    assert words in result.rejected[0].reason
    assert result.counts["created"] == 1
    assert Case.objects.get().state == "waiting_for_lead"
    assert CaseBroughtOver.objects.get().reference == "C9"


def test_one_open_case_for_a_family(world: dict[str, Any]) -> None:
    result = bring(world, ROW, row(reference="C2"))
    assert [fault.row for fault in result.rejected] == [3]
    assert "already has an open case" in result.rejected[0].reason


def test_people_without_a_household_become_a_family(world: dict[str, Any]) -> None:
    assert bring(world, row(people="P4 P5", household="")).counts["created"] == 1
    parts = dict(Case.objects.get().family.members.values_list("person__given_name", "part"))
    assert parts == {"Alder": "child", "Hazel": "parent"}


def test_nobody_brings_cases_over_through_the_site(world: dict[str, Any]) -> None:
    with pytest.raises(NotPermitted):
        services.bring_cases_over(agency=world["council"], extract=read(ROW), by=actor_of(world["manager"], AT), at=AT)


def test_the_reconciliation_names_what_is_behind_each_difference(world: dict[str, Any]) -> None:
    rows = [
        ROW,
        row(reference="C2", people="P3", household="H3", lead="", opened_on="2/10/2026"),
        row(reference="C3", people="P99", household=""),
        row(reference="C4", level="7"),
    ]
    bring(world, *rows)
    found = reconciliation(system(AT), world["council"], read(*rows))
    assert (found.legacy, found.here) == (4, 2)
    assert {(one.what, one.legacy_reference) for one in found.differences} == {
        ("not here", "C3"),
        ("not here", "C4"),
        ("no lead professional", "C2"),
    }
    assert found.unknown_references == [(4, "P99")]
    assert found.children_without_case == []
    months = {count.value: (count.legacy, count.here) for count in found.counts if count.kind == "month"}
    assert months == {"2026-09": (2, 1), "2026-10": (1, 1), "not readable": (1, 0)}
    # Somebody works on: the level changes here, and a case is opened that the old system never had.
    Case.objects.filter(brought_over__reference="C1").update(level=4)
    levels = reconciliation(system(AT), world["council"], read(ROW)).differences
    assert ("other level", "3 there, 4 here.") in {(one.what, one.reason) for one in levels}
    assert ("only here", "C2") in {(one.what, one.legacy_reference) for one in levels}


def test_an_even_reconciliation_says_so(world: dict[str, Any]) -> None:
    bring(world, ROW)
    assert reconciliation(system(AT), world["council"], read(ROW)).is_even
    assert golive.KINDS == ("team", "level", "lead", "month")
