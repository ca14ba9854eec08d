"""Pages of case work in a whole town, as each kind of role that opens them, and at a tenth of its size.

`./run bench tests/bench/bench_casework.py`; figures go to docs/measurements/casework.md. JOINEDUP_BENCH_TOWN names a data folder
that holds a town already, JOINEDUP_BENCH_SMALL one of a tenth of its size; else they are loaded.
"""

from __future__ import annotations

import os
import re
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from joinedup.cli.postgres import EmbeddedPostgres
from tests.bench.bench_pages import _django_uses
from tests.bench.bench_town import _client
from tests.platform.processes import joinedup
from tests.support.figures import write_section

pytestmark = pytest.mark.bench
CHILDREN = int(os.environ.get("JOINEDUP_BENCH_CHILDREN", "46000"))
TIMES = int(os.environ.get("JOINEDUP_BENCH_TIMES", "30"))
LEAD, MANAGER, SUPERVISED = "Amira Testerly", "Nia Testnorth", "Ben Testerson"
OTHERS = ("Rowan Testerfield", "Ffion Testlake", "Marlow Testington", "Stella Testwick", "Iris Testguard")
# A page may take a few statements more in a larger town (one more of a list, another pair of accounts), never many.
FEW, MOST = 2, 25
_TABLES = ("person_index_person", "casework_case", "casework_plan", "casework_review", "casework_meeting", "casework_casenote",
           "casework_assessment", "chronology_event", "access_auditevent")  # fmt: skip


@dataclass(frozen=True)
class Timed:
    """A page as somebody opened it."""

    page: str
    who: str
    median: float
    p95: float
    statements: int


def _time(client: Client, page: str, who: str, address: str) -> Timed:
    """One after another, in the process."""
    assert client.get(address).status_code == 200, f"{page} as {who}: {address}"
    connection.force_debug_cursor = True
    before = len(connection.queries_log)
    client.get(address)
    statements = len(connection.queries_log) - before
    connection.force_debug_cursor = False
    took = []
    for _ in range(TIMES):
        start = time.perf_counter()
        client.get(address)
        took.append((time.perf_counter() - start) * 1000)
    return Timed(page, who, statistics.median(took), statistics.quantiles(took, n=20)[-1], statements)


def _case_of(who: str) -> str:
    """The address of the case of somebody's, or of the team they manage, in which most has happened."""
    from joinedup.casework.models import Case

    mine = Case.objects.open().filter(plans__state="open", assessments__isnull=False)
    led = mine.filter(lead_professional__account__name=who)
    managed = mine.filter(team__posts__account__name=who, team__posts__role="team_manager")
    found = max({*led, *managed}, key=lambda case: (case.notes.count(), str(case.pk)))
    return f"/cases/{found.pk}/"


def _pages() -> Iterator[Timed]:
    for who in (LEAD, MANAGER, SUPERVISED):
        client, case = _client(who), _case_of(who)
        assessments = client.get(f"{case}assessments/").content.decode()
        found = re.search(r'(?<=")/assessments/[0-9a-f-]{36}/(?=")', assessments)
        meetings = client.get(f"{case}meetings/").content.decode()
        meeting = re.search(rf"{case}meetings/[0-9a-f-]{{36}}/", meetings)
        pages = {
            "first page": "/", "my cases": "/cases/", "this week": "/cases/this-week/", "what waits": "/case-duties/",
            "overview": case, "team": f"{case}team/", "plan": f"{case}plan/", "how far": f"{case}plan/way/",
            "reviews": f"{case}reviews/", "meetings": f"{case}meetings/", "notes": f"{case}notes/",
            "chronology": f"{case}chronology/", "family tree": f"{case}family-tree/", "agreement": f"{case}agreement/",
            "assessments": f"{case}assessments/", "assessment": found.group(0) if found else "",
            "meeting": meeting.group(0) if meeting else "", "record a visit": f"{case}notes/new/",
        }  # fmt: skip
        if who == MANAGER:
            pages["board"] = "/cases/board/"
        for page, address in pages.items():
            if address:
                yield _time(client, page, who, address)
    for who in OTHERS:
        yield _time(_client(who), "first page", who, "/")


def _measured(data: Path, blocker: Any) -> tuple[list[Timed], dict[str, int]]:
    with EmbeddedPostgres(data) as urls, blocker.unblock(), _django_uses(urls):
        with connection.cursor() as cursor:
            rows = {}
            for table in _TABLES:
                cursor.execute(f"SELECT count(*) FROM {table}")
                rows[table] = cursor.fetchone()[0]
            cursor.execute("SELECT count(*) FROM casework_case WHERE state <> 'closed'")
            rows["open cases"] = cursor.fetchone()[0]
        return list(_pages()), rows


def _town(name: str, children: int, tmp_path: Path) -> Path:
    """A town that is there already, its database brought up to date; or a new one."""
    given = os.environ.get(name)
    data = Path(given) if given else tmp_path / name.lower()
    done = (
        joinedup("migrate", "--data", data)
        if given
        else joinedup("demo", "load", "--children", str(children), "--data", data)
    )
    assert done.returncode == 0, done.stderr
    return data


def test_pages_of_case_work(tmp_path: Path, django_db_setup: None, django_db_blocker: Any) -> None:
    small, small_rows = _measured(_town("JOINEDUP_BENCH_SMALL", CHILDREN // 10, tmp_path), django_db_blocker)
    large, rows = _measured(_town("JOINEDUP_BENCH_TOWN", CHILDREN, tmp_path), django_db_blocker)
    before = {(each.page, each.who): each for each in small}
    pairs = [(each, before[each.page, each.who]) for each in large if (each.page, each.who) in before]
    _write(pairs, rows, small_rows)
    assert [each for each, less in pairs if each.statements > less.statements + FEW] == [], "grows with the data"
    assert [each for each in large if each.statements > MOST] == [], "too many statements"


def _write(pairs: list[tuple[Timed, Timed]], rows: dict[str, int], small_rows: dict[str, int]) -> None:
    held = ", ".join(f"{count:,} {name}" for name, count in rows.items())
    lines = [
        f"| {each.page} | {each.who} | {each.median:.0f} | {each.p95:.0f} | {each.statements} | {less.median:.0f} | {less.statements} |"
        for each, less in pairs
    ]
    write_section("casework.md", "Pages in a whole town", "\n".join([
        f"{held}. Beside it a town a tenth as large, with {small_rows['open cases']:,} open cases. One page after another, "
        f"{TIMES} times each, in the process. {LEAD} and {SUPERVISED} are key workers, {MANAGER} manages a team; each looks at "
        "the open case of theirs with the most notes. Written by `./run bench tests/bench/bench_casework.py`.", "",
        "| page | as | median ms | p95 ms | statements | median ms at a tenth | statements at a tenth |",
        "|---|---|---|---|---|---|---|", *lines,
    ]))  # fmt: skip
