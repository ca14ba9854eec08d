"""Going live on the pages: a file is sent, worked on in the background, its result read, and the reconciliation signed."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from joinedup.access.background import run_in_name
from joinedup.access.models import Account
from joinedup.access.roles import Role
from joinedup.casework.golive_work import COLUMNS, Work
from joinedup.casework.models import GoLiveRun, Plan
from joinedup.casework.tests.test_golive_work import ROWS, make_start
from joinedup.casework.tests.test_views import Visitor, words
from joinedup.core.models import Job, StoredFile
from joinedup.organisations.tests.factories import AT, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def marlow() -> Account:
    make_start()
    return make_post(role=Role.FRONT_DOOR_MANAGER, name="Marlow Testington")[0]


def plans(*more: dict[str, str]) -> SimpleUploadedFile:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.titles[0] for column in COLUMNS[Work.PLANS]])
    for row in (*ROWS[Work.PLANS], *more):
        writer.writerow([row.get(column.name, "") for column in COLUMNS[Work.PLANS]])
    return SimpleUploadedFile("plans.csv", out.getvalue().encode())


def send(visitor: Visitor, what: str, file: SimpleUploadedFile) -> GoLiveRun:
    """Send it, and let the worker do what was asked."""
    sent = visitor.send("golive_new", {"agency": "COUNCIL", "kind": "plans", "what": what, "file": file})
    assert sent.status_code == 302, words(sent)
    run = GoLiveRun.objects.order_by("-asked_at", "-pk")[0]
    assert sent["Location"].endswith(f"/{run.job_id}/")
    waiting = visitor.open("work_progress", job_id=run.job_id)
    assert waiting.status_code == 200
    run_in_name(run.job_id, clock=lambda: AT + timedelta(minutes=1))
    run.refresh_from_db()
    assert run.ended_at == AT + timedelta(minutes=1)
    return run


def test_tried_brought_over_compared_and_signed(marlow: Account) -> None:
    visitor = Visitor(marlow)
    tried = send(visitor, "try", plans())
    assert Plan.objects.count() == 0  # a dry run leaves nothing, and says what would have happened
    assert tried.counts["created"] == 1
    brought = send(
        visitor, "bring", plans({"reference": "P9", "case": "C404", "opened_on": "3/9/2026", "status": "open"})
    )
    assert Plan.objects.count() == 1
    assert (brought.counts["created"], brought.counts["rejected"]) == (1, 1)
    page = words(visitor.open("golive_run", golive_run_id=brought.pk))
    assert "C404" in page
    listed = visitor.open("golive_csv", golive_run_id=brought.pk)
    assert "C404" in listed.content.decode("utf-8-sig")
    assert StoredFile.objects.count() == 0  # what was worked on is not kept
    compared = send(visitor, "compare", plans())
    page = words(visitor.open("golive_run", golive_run_id=compared.pk))
    assert "Marlow Testington" in page
    signed = visitor.send(
        "golive_run", {"name": "Marlow Testington", "signed_as": "The front door"}, golive_run_id=compared.pk
    )
    assert signed.status_code == 302, words(signed)
    compared.refresh_from_db()
    assert compared.signed_at == AT
    assert "plans.csv" in words(visitor.open("golive"))


def test_a_file_that_is_no_such_table_is_refused_on_the_page(marlow: Account) -> None:
    visitor = Visitor(marlow)
    wrong = SimpleUploadedFile("plans.csv", b"colour,shape\nred,round\n")
    answer = visitor.send("golive_new", {"agency": "COUNCIL", "kind": "plans", "what": "try", "file": wrong})
    assert answer.status_code == 200
    assert "There is a problem" in words(answer)
    assert (GoLiveRun.objects.count(), Job.objects.count()) == (0, 0)


def test_a_file_that_waited_too_long_is_said_to_be_gone(marlow: Account) -> None:
    visitor = Visitor(marlow)
    visitor.send("golive_new", {"agency": "COUNCIL", "kind": "plans", "what": "bring", "file": plans()})
    run = GoLiveRun.objects.get()
    StoredFile.objects.all().delete()
    run_in_name(run.job_id, clock=lambda: AT + timedelta(days=2))
    job = Job.objects.get()
    assert job.state == "failed"
    assert "Send it again" in words(visitor.open("work_progress", job_id=job.pk))
    assert Plan.objects.count() == 0


def test_a_team_manager_finds_nothing(marlow: Account) -> None:
    nia, _ = make_post(role=Role.TEAM_MANAGER, name="Nia Testnorth")
    for page in ("golive", "golive_new"):
        assert Visitor(nia).open(page).status_code in {403, 404}
