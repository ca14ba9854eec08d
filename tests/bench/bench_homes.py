"""What each role opens first, the loop, progress reports, a child's page and a board's meeting in a whole town, and at a tenth of
its size.

`./run bench tests/bench/bench_homes.py`; figures go to docs/measurements/governance.md. JOINEDUP_BENCH_TOWN names a data folder
that holds a town already, JOINEDUP_BENCH_SMALL one of a tenth of its size; else they are loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from joinedup.cli.postgres import EmbeddedPostgres
from tests.bench.bench_casework import CHILDREN, FEW, LEAD, MANAGER, MOST, TIMES, Timed, _time, _town
from tests.bench.bench_pages import _django_uses
from tests.bench.bench_town import _client
from tests.support.figures import write_section

pytestmark = pytest.mark.bench
# One person of every role that has questions of its own.
ROLES = {
    "Ffion Testlake": "front door", LEAD: "lead professional", MANAGER: "team manager", "Penny Testpool": "pool manager",
    "Florin Testshilling": "finance director", "Connie Testneeds": "commissioner", "Dora Testdirector": "director",
    "Bea Testmember": "board member", "Scott Testscrutiny": "scrutiny", "Gale Testminute": "governance officer",
    "Sterling Testpound": "section 151 officer", "Perry Testplan": "programme manager", "Rowan Testerfield": "school",
    "Hazel Mockwell": "family doctor",
}  # fmt: skip
_DIRECTOR, _OFFICER = "Dora Testdirector", "Gale Testminute"
_TABLES = ("person_index_person", "casework_case", "front_door_contact", "access_auditevent")


def _governance() -> Iterator[tuple[str, str, str]]:
    """Page, who opens it, its address."""
    from joinedup.governance.lifecycle import MeetingState, ReportState
    from joinedup.governance.models import AdoptedPlan, Meeting, ProgressReport

    yield "the loop", _DIRECTOR, "/loop/"
    for state in (ReportState.DRAFT, ReportState.PUBLISHED):
        row = ProgressReport.objects.filter(state=state).order_by("-ends_on").first()
        if row is not None:
            for who in (_DIRECTOR, _OFFICER):
                yield f"progress report, {state.value}", who, f"/boards/progress/{row.pk}/"
    for state in (MeetingState.CALLED, MeetingState.MINUTES_AGREED):
        meeting = Meeting.objects.filter(state=state).order_by("-starts_at").first()
        if meeting is not None:
            yield f"meeting, {state.value}", _OFFICER, f"/boards/meetings/{meeting.pk}/"
    yield "boards", _OFFICER, "/boards/"
    yield "risks", _DIRECTOR, "/boards/risks/"
    plan = AdoptedPlan.objects.order_by("-adopted_at").first()
    if plan is not None:
        yield "children's plan", _OFFICER, f"/boards/plans/{plan.plan_id}/"
    yield "the plan for everybody", _OFFICER, "/plan/"


def _child() -> str:
    """The address of the child of the lead's own cases about whom most was recorded."""
    from joinedup.casework.models import Case

    rows = Case.objects.open().filter(plans__state="open", lead_professional__account__name=LEAD)
    case = max(set(rows), key=lambda one: (one.notes.count(), str(one.pk)))
    place = case.people.filter(part="child").order_by("pk").first()
    assert place is not None
    return f"/people/{place.person_id}/"


def _pages() -> Iterator[Timed]:
    for who in ROLES:
        yield _time(_client(who), "first page", who, "/")
    for page, who, address in _governance():
        yield _time(_client(who), page, who, address)
    for who in (LEAD, MANAGER):
        yield _time(_client(who), "a child", who, _child())


def _measured(data: Path, blocker: Any) -> tuple[list[Timed], dict[str, int]]:
    rows = {}
    with EmbeddedPostgres(data) as urls, blocker.unblock(), _django_uses(urls):
        with connection.cursor() as cursor:
            for table in _TABLES:
                cursor.execute(f"SELECT count(*) FROM {table}")
                rows[table] = cursor.fetchone()[0]
        return list(_pages()), rows


def test_first_pages_and_governance(tmp_path: Path, django_db_setup: None, django_db_blocker: Any) -> None:
    small, small_rows = _measured(_town("JOINEDUP_BENCH_SMALL", CHILDREN // 10, tmp_path), django_db_blocker)
    large, rows = _measured(_town("JOINEDUP_BENCH_TOWN", CHILDREN, tmp_path), django_db_blocker)
    before = {(each.page, each.who): each for each in small}
    pairs = [(each, before[each.page, each.who]) for each in large if (each.page, each.who) in before]
    assert {each.who for each, _ in pairs if each.page == "first page"} == set(ROLES)
    assert {"the loop", "a child", "progress report, published"} <= {each.page for each, _ in pairs}
    _write(pairs, rows, small_rows)
    assert [each for each, less in pairs if each.statements > less.statements + FEW] == [], "grows with the data"
    assert [each for each in large if each.statements > MOST] == [], "too many statements"


def _write(pairs: list[tuple[Timed, Timed]], rows: dict[str, int], small_rows: dict[str, int]) -> None:
    held, few = (", ".join(f"{count:,} {name}" for name, count in each.items()) for each in (rows, small_rows))
    lines = [
        f"| {each.page} | {each.who}{f' ({ROLES[each.who]})' if each.who in ROLES else ''} | {each.median:.0f} | {each.p95:.0f} "
        f"| {each.statements} | {less.median:.0f} | {less.p95:.0f} | {less.statements} |"
        for each, less in pairs
    ]
    write_section("governance.md", "First pages and what boards read, in a whole town", "\n".join([
        f"{held}. Beside it a town a tenth as large: {few}. One page after another, {TIMES} times each, in the process; the child "
        f"is the one of {LEAD}’s cases with the most notes. Written by `./run bench tests/bench/bench_homes.py`.", "",
        "| page | as | median ms | p95 ms | statements | median ms at a tenth | p95 at a tenth | statements at a tenth |",
        "|---|---|---|---|---|---|---|---|", *lines,
    ]))  # fmt: skip
