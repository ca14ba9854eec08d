"""What boards answer for by the API: the same figures, rules and viewers as the pages."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.models import Account
from joinedup.access.roles import Role
from joinedup.api.tests.test_api import client_with, is_problem, key_for
from joinedup.core.models import new_id
from joinedup.governance import services
from joinedup.governance.framework_standard import STANDARD
from joinedup.governance.models import ElementFigure, PublishedReport, ReportEntry
from joinedup.governance.services import EntrySaid
from joinedup.governance.tests.factories import make_person, make_table


def _client(actor: Actor) -> Any:
    return client_with(key_for(Account.objects.get(pk=actor.account_id)))


def _get(actor: Actor, path: str) -> Any:
    return _client(actor).get(f"/api/v1/governance/{path}")


def _publish(actor: Actor, report: Any, reference: str = "") -> Any:
    body = json.dumps({"reference": reference or report.reference})
    where = f"/api/v1/governance/progress/{report.pk}/published"
    return _client(actor).post(where, body, content_type="application/json")


@pytest.mark.django_db
def test_a_report_is_read_and_published_by_the_rules_of_its_page() -> None:
    table, now = make_table(), timezone.now()
    worker = make_person(Role.KEY_WORKER, table.organisations["COUNCIL"], "Amira Testerly")
    director = make_person(Role.DIRECTOR, table.organisations["NHS"], "Nora Testsign")
    then = now - timedelta(days=200)
    services.begin_framework(starts_on=then.date(), by=system(then), at=then)
    ElementFigure.objects.all().delete()  # judgement only
    since, until = (now - timedelta(days=180)).date(), (now - timedelta(days=1)).date()
    report = services.begin_report(
        board=table.board, title="Progress", starts_on=since, ends_on=until, by=system(now), at=now
    )
    assert _publish(table.officer, report).json()["rule"] == "GV-524"
    for entry in ReportEntry.objects.filter(report=report).select_related("element", "report"):
        said = EntrySaid("Done.", "More.", "In line.", "amber", "So it is.", "")
        services.write_entry(entry=entry, said=said, version=entry.version, by=system(now), at=now)
    (row,) = _get(director, "progress").json()
    assert (row["state"], row["digest"]) == ("draft", "")
    is_problem(_publish(director, report), 403)
    is_problem(_publish(table.officer, report, "PR-OTHER"), 404)
    assert not PublishedReport.objects.exists()
    made = _publish(table.officer, report)
    assert made.status_code == 201, made.content
    frozen = PublishedReport.objects.get()
    assert (made.json()["state"], made.json()["digest"], made.json()["is_intact"]) == ("published", frozen.digest, True)
    read = _get(director, f"progress/{report.pk}").json()
    elements = [each for layer in read["layers"] for each in layer["elements"]]
    assert sorted(each["letter"] for each in elements) == [each.letter for each in STANDARD]
    assert {(each["colour"], each["basis"]) for each in elements} == {("amber", "Judgement only")}
    assert _publish(table.officer, report).json()["rule"] == "GV-523"
    shown = _get(director, "progress/compared").json()
    assert [each["colours"] for each in shown["elements"]] == [["amber"]] * len(STANDARD)
    for path in ("progress", f"progress/{report.pk}", "progress/compared", "framework", "risks"):
        is_problem(_get(worker, path), 403)


@pytest.mark.django_db
def test_risks_decisions_and_a_plan_that_is_not_there() -> None:
    table = make_table()
    assert _get(table.officer, "risks").json() == []
    assert _get(table.officer, f"boards/{table.board.pk}/decisions").json() == []
    for path in (f"boards/{new_id()}/decisions", f"risks/{new_id()}", f"progress/{new_id()}", "plan"):
        is_problem(_get(table.officer, path), 404)
    worker = make_person(Role.KEY_WORKER, table.organisations["COUNCIL"], "Amira Testerly")
    is_problem(_get(worker, f"boards/{table.board.pk}/decisions"), 403)
    is_problem(_get(worker, "plan"), 403)
    is_problem(client_with("nothing").get("/api/v1/governance/risks"), 401)


def test_the_demo_s_risks_and_plan_are_those_of_the_pages(demo_database: object) -> None:
    officer = Account.objects.get(name="Gale Testminute")
    client = client_with(key_for(officer))

    def get(path: str) -> Any:
        found = client.get(f"/api/v1/governance/{path}")
        assert found.status_code == 200, found.content
        return found.json()

    rows = get("risks")
    values = [each["current"]["value"] for each in rows]
    assert values == sorted(values, reverse=True)
    one = get(f"risks/{rows[0]['id']}")
    assert one["reviews"][-1]["current"] == rows[0]["current"]
    assert sum(not each["done_on"] for each in one["actions"]) == rows[0]["open_actions"]
    plan = get("plan")
    counted = [each for priority in plan["priorities"] for each in priority["outcomes"] if each["now"]]
    assert [each["words"] for each in counted] == ["Fewer families have to come back for help"]
    assert all(
        each["target_on"] >= plan["adopted_on"] for priority in plan["priorities"] for each in priority["outcomes"]
    )
    page = client.get("/plan/").content.decode()
    assert all(each["title"] in page for each in plan["priorities"])
    assert ".00" not in page
    assert get("framework")[0]["elements"]
    assert {each["state"] for each in get("progress")} == {"draft", "published"}
