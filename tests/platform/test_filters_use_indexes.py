"""The filters of who sees what find their rows by index: no plan reads a whole big table, in a small town with its
statistics taken. `./run deep`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from joinedup.cli.postgres import EmbeddedPostgres
from tests.bench.bench_pages import _django_uses
from tests.platform.processes import clean_environment

pytestmark = pytest.mark.deep
CHILDREN = 2000
# Tables that grow with the town, the files it takes in and the years it keeps.
BIG = {"person_index_person", "person_index_agencyrecord", "person_index_recordlink", "person_index_familymember",
       "access_auditevent", "chronology_event"}  # fmt: skip
LEAD, MANAGER, WORKER, GUARDIAN = "Amira Testerly", "Nia Testnorth", "Ffion Testlake", "Iris Testguard"


@pytest.fixture(scope="module")
def town(tmp_path_factory: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A town of 2,000 children, loaded by the command itself and analysed."""
    data: Path = tmp_path_factory.mktemp("town")
    command = [sys.executable, "-m", "joinedup", "demo", "load", "--children", str(CHILDREN), "--data", str(data)]
    subprocess.run(command, env=clean_environment(), capture_output=True, text=True, check=True)
    with EmbeddedPostgres(data) as urls:
        import psycopg

        with psycopg.connect(urls.owner, autocommit=True) as owner:
            owner.execute("ANALYZE")
        with django_db_blocker.unblock(), _django_uses(urls):
            yield


def viewer(name: str) -> Any:
    from django.utils import timezone

    from joinedup.access.models import Account
    from joinedup.access.queries import actor_for_account

    return actor_for_account(Account.objects.get(name=name).pk, at=timezone.now())


def read_whole(rows: Any) -> set[str]:
    """Which big tables the plan of a queryset reads from end to end. Sequential scans are allowed: the planner chooses."""
    text, given = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_seqscan")
        assert cursor.fetchone() == ("on",)
        cursor.execute(f"EXPLAIN (FORMAT JSON) {text}", given)
        plan = cursor.fetchone()[0]
    found: set[str] = set()
    nodes = [(json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]]
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        if node["Node Type"] in {"Seq Scan", "Parallel Seq Scan"}:
            found.add(node["Relation Name"])
    return found & BIG


def test_the_town_is_big_enough_to_tell(town: None) -> None:
    """A whole read that nobody can avoid is seen as one, and the tables are larger than the planner would shrug at."""
    from joinedup.access.models import AuditEvent
    from joinedup.person_index.models import AgencyRecord, Person

    assert Person.objects.count() > 3000
    assert AgencyRecord.objects.count() > 3000
    assert AuditEvent.objects.count() > 500
    assert read_whole(Person.objects.filter(communication_needs="large print")) == {"person_index_person"}


@pytest.mark.parametrize("name", [LEAD, MANAGER, WORKER, GUARDIAN])
def test_one_record_is_found_by_its_id(town: None, name: str) -> None:
    from joinedup.casework.models import Case
    from joinedup.front_door.models import Referral
    from joinedup.person_index.models import Person

    by = viewer(name)
    for model in (Person, Case, Referral):
        one = model.objects.values_list("pk", flat=True).first()
        rows = model.objects.visible_to(by).filter(pk=one)
        assert read_whole(rows) == set(), f"{model.__name__} as {name}"


@pytest.mark.parametrize("name", [LEAD, MANAGER, WORKER, GUARDIAN])
def test_lists_read_no_big_table_whole(town: None, name: str) -> None:
    """A page of cases, of referrals and of people, the newest first."""
    from joinedup.casework.models import Case
    from joinedup.front_door.models import Referral
    from joinedup.person_index.models import Person

    by = viewer(name)
    lists = {
        "cases": Case.objects.visible_to(by).order_by("-opened_at", "-pk")[:26],
        "referrals": Referral.objects.visible_to(by).order_by("-received_at", "-pk")[:26],
        "people": Person.objects.visible_to(by).order_by("-pk")[:26],
        "some people": Person.objects.visible_to(by).filter(
            pk__in=list(Person.objects.values_list("pk", flat=True)[:20])
        ),
    }
    whole = {what: read_whole(rows) for what, rows in lists.items()}
    assert {what: tables for what, tables in whole.items() if tables} == {}
