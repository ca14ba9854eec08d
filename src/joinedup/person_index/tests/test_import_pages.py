"""The pages of an import: the file kept, its columns said, started once, its receipt, and who may."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from joinedup.access.background import run_in_name
from joinedup.access.models import Account, AuditEvent
from joinedup.access.roles import Role
from joinedup.core.models import Job, StoredFile
from joinedup.core.running import tidy_jobs
from joinedup.organisations.models import Post
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post, make_team
from joinedup.person_index import services
from joinedup.person_index.models import AgencyRecord, ImportRun, ImportUpload, RememberedMapping
from tests.support.database import Database

MESSY = (
    "Ref No;Full name;Born;Quirk\n"
    "X-1;ROWAN TESTERFIELD;14/03/2015;ZZ1 1AA\n"
    "X-2;;31/02/2015;\n"
    "X-3;Mo Testerfield;2 January 1990;ZZ1 1AB\n"
).encode("windows-1252")


@pytest.fixture
def manager(fresh_database: Database) -> Account:
    make_organisation(code="HOUSING", name="Exampleshire Homes")
    return make_post(role=Role.FRONT_DOOR_MANAGER, team=make_team(code="DOOR", kind="front_door"))[0]


class At:
    """A client at a moment."""

    def __init__(self, account: Account, at: Any = AT) -> None:
        self.client, self.at = Client(), at
        with patch("joinedup.access.middleware.timezone.now", return_value=at):
            self.client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")

    def get(self, name: str, *args: Any, follow: bool = False) -> Any:
        with patch("joinedup.access.middleware.timezone.now", return_value=self.at):
            return self.client.get(reverse(name, args=args), secure=True, follow=follow)

    def post(self, name: str, data: dict[str, Any], *args: Any) -> Any:
        with patch("joinedup.access.middleware.timezone.now", return_value=self.at):
            return self.client.post(reverse(name, args=args), data, secure=True)

    def send(self, content: bytes = MESSY, name: str = "tenants.csv") -> Any:
        return self.post("import_new", {"agency": "HOUSING", "file": SimpleUploadedFile(name, content)})


def run(job: Job) -> Any:
    return run_in_name(job.pk, clock=lambda: AT + timedelta(minutes=1))


def test_from_a_messy_file_to_its_receipt(manager: Account) -> None:
    at = At(manager)
    answer = at.send()
    upload = ImportUpload.objects.get()
    assert answer["Location"] == reverse("import_columns", args=[upload.pk])
    page = at.get("import_columns", upload.pk)
    assert "ROWAN TESTERFIELD" in page.text
    said = {f"column-{n}": name for n, name in enumerate(["agency_reference", "full_name", "birth_date", "postcode"])}
    answer = at.post("import_columns", said | {"date_order": "day-first", "is_remembered": "yes"}, upload.pk)
    assert answer.status_code == 302
    page = at.get("import_check", upload.pk)
    assert "31/02/2015" in page.text
    assert "ZZ1 1AA" in page.text
    answer = at.post("import_check", {}, upload.pk)
    job = Job.objects.get()
    assert answer["Location"] == reverse("work_progress", args=[job.pk])
    assert RememberedMapping.objects.count() == 1
    assert "Waiting" in at.get("work_progress", job.pk).text
    run(job)
    done = ImportRun.objects.get()
    assert at.get("work_progress", job.pk)["Location"] == reverse("import_receipt", args=[done.pk])
    receipt = at.get("import_receipt", done.pk).text
    assert "31/02/2015" not in receipt
    assert "records changed" in receipt
    assert (done.counts["created"], done.counts["rejected"]) == (2, 1)
    assert AgencyRecord.objects.get(agency_reference="X-1").postcode == "ZZ1 1AA"
    assert (StoredFile.objects.count(), ImportUpload.objects.count()) == (0, 0)
    assert "31/02/2015" in at.get("import_rejected", done.pk).text
    assert "X-1" in at.get("import_records_of", done.pk, "new").text
    download = at.get("import_rejected_csv", done.pk)
    assert download.content.decode("utf-8-sig").startswith("row,field,value,reason")
    assert "tenants.csv" in at.get("import_list").text
    assert "Import tenants.csv" in at.get("work").text


def test_an_import_is_undone_with_its_reason(manager: Account) -> None:
    test_from_a_messy_file_to_its_receipt(manager)
    at, done = At(manager), ImportRun.objects.get()
    assert "Enter why" in at.post("import_undo", {"reason": ""}, done.pk).text
    answer = at.post("import_undo", {"reason": "The wrong file."}, done.pk)
    again = at.post("import_undo", {"reason": "The wrong file."}, done.pk)
    job = Job.objects.get(kind="person_index.undo_import")
    assert answer["Location"] == again["Location"] == reverse("work_progress", args=[job.pk])
    run(job)
    receipt = at.get("import_receipt", done.pk).text
    assert "The wrong file." in receipt
    assert "Undone" in receipt
    assert AgencyRecord.objects.count() == 0
    assert at.get("import_undo", done.pk).status_code == 302
    assert "no longer be undone" in at.get("import_receipt", done.pk).text


def test_after_a_day_an_import_stays(manager: Account) -> None:
    test_from_a_messy_file_to_its_receipt(manager)
    late = At(manager, AT + timedelta(hours=26))
    assert late.get("import_undo", ImportRun.objects.get().pk).status_code == 302
    assert "can no longer be undone" in late.get("import_receipt", ImportRun.objects.get().pk).text


def test_the_next_file_is_read_as_remembered(manager: Account) -> None:
    test_from_a_messy_file_to_its_receipt(manager)
    at = At(manager)
    at.send(MESSY.replace(b"X-", b"Y-"))
    upload = ImportUpload.objects.get()
    assert "remembered from an earlier file" in at.get("import_columns", upload.pk).text
    job = services.start_import(upload=upload, by=actor_of(manager), at=AT)
    run(job)
    assert AgencyRecord.objects.get(agency_reference="Y-1").postcode == "ZZ1 1AA"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("tenants.csv", b"%PDF-1.7 nothing", "not a table"),
        ("tenants.xlsx", b"ref,name\n1,x\n", "no workbook inside"),
        ("tenants.csv", b"", "empty"),
    ],
)
def test_what_is_no_table_is_refused_and_not_kept(manager: Account, name: str, content: bytes, words: str) -> None:
    page = At(manager).send(content, name)
    assert page.status_code == 200
    assert words in page.text
    assert StoredFile.objects.count() == 0


def test_a_file_too_large_is_refused(manager: Account, settings: Any) -> None:
    settings.IMPORT_MEGABYTES = 0.00001
    assert "smaller than" in At(manager).send().text
    assert StoredFile.objects.count() == 0


def test_two_columns_cannot_hold_the_same(manager: Account) -> None:
    at = At(manager)
    at.send()
    upload = ImportUpload.objects.get()
    said = {f"column-{n}": "full_name" for n in range(4)}
    page = at.post("import_columns", said | {"date_order": "day-first"}, upload.pk)
    assert "Two columns are mapped to full_name" in page.text
    assert "There is a problem" in page.text


def test_another_sheet_of_a_workbook(manager: Account) -> None:
    book = openpyxl.Workbook()
    book.active.append(["About this file"])
    book.active.append(["It comes from the housing system"])
    people = book.create_sheet("People")
    people.append(["Ref", "Forename", "Surname"])
    people.append(["Z-1", "Rowan", "Testerfield"])
    kept = io.BytesIO()
    book.save(kept)
    at = At(manager)
    at.send(kept.getvalue(), "tenants.xlsx")
    upload = ImportUpload.objects.get()
    assert "Choose another sheet" in at.get("import_columns", upload.pk).text
    at.post("import_sheet", {"sheet": "People"}, upload.pk)
    assert "Z-1" in at.get("import_columns", upload.pk).text
    upload.refresh_from_db()
    run(services.start_import(upload=upload, by=actor_of(manager), at=AT))
    assert AgencyRecord.objects.get().agency_reference == "Z-1"


def test_started_twice_it_is_imported_once(manager: Account) -> None:
    at = At(manager)
    at.send()
    upload = ImportUpload.objects.get()
    first, second = at.post("import_check", {}, upload.pk), at.post("import_check", {}, upload.pk)
    assert first["Location"] == second["Location"]
    assert Job.objects.count() == 1


def test_a_cancelled_import_leaves_the_file_to_be_started_again(manager: Account) -> None:
    at = At(manager)
    at.send()
    upload = ImportUpload.objects.get()
    at.post("import_check", {}, upload.pk)
    job = Job.objects.get()
    at.post("work_cancel", {}, job.pk)
    run(job)
    assert (ImportRun.objects.count(), AgencyRecord.objects.count()) == (0, 0)
    assert "Cancelled" in at.get("import_list").text
    at.post("import_check", {}, upload.pk)
    run(Job.objects.exclude(pk=job.pk).get())
    assert ImportRun.objects.count() == 1


def test_a_post_that_ended_meanwhile_stops_the_import(manager: Account) -> None:
    at = At(manager)
    at.send()
    at.post("import_check", {}, ImportUpload.objects.get().pk)
    Post.objects.filter(account=manager).update(ends_at=AT)
    run(Job.objects.get())
    job = Job.objects.get()
    assert job.state == "failed"
    assert "You may not import" in job.message
    assert AgencyRecord.objects.count() == 0
    assert AuditEvent.objects.filter(kind="refusal", actor_id=manager.pk, rule__startswith="permission:").exists()


def test_a_removed_file_and_one_whose_day_is_over_are_gone(manager: Account) -> None:
    at = At(manager)
    at.send()
    at.send()
    first, second = ImportUpload.objects.order_by("pk")
    at.post("import_discard", {}, first.pk)
    assert ImportUpload.objects.get().pk == second.pk
    tomorrow = At(manager, AT + timedelta(hours=25))
    assert tomorrow.get("import_columns", second.pk).status_code == 404
    tidy_jobs(at=AT + timedelta(hours=25))
    assert StoredFile.objects.count() == 0


def test_a_file_is_its_sender_s_alone(manager: Account) -> None:
    At(manager).send()
    other = make_post(role=Role.FRONT_DOOR_MANAGER, team=make_team(code="DOOR2", kind="front_door"))[0]
    upload = ImportUpload.objects.get()
    for name in ("import_columns", "import_check"):
        assert At(other).get(name, upload.pk).status_code == 404
    worker = make_post(role=Role.FRONT_DOOR_WORKER, team=make_team(code="DOOR3", kind="front_door"))[0]
    for name in ("import_list", "import_new"):
        assert At(worker).get(name).status_code == 403


def test_five_files_at_most_wait(manager: Account) -> None:
    at = At(manager)
    for _ in range(5):
        at.send()
    assert "5 files wait already" in at.send().text


def test_a_job_is_its_starter_s_alone(manager: Account) -> None:
    at = At(manager)
    at.send()
    at.post("import_check", {}, ImportUpload.objects.get().pk)
    job = Job.objects.get()
    other = At(make_post(role=Role.FRONT_DOOR_MANAGER, team=make_team(code="DOOR2", kind="front_door"))[0])
    for name in ("work_progress", "work_state"):
        assert other.get(name, job.pk).status_code == 404
    assert other.post("work_cancel", {}, job.pk).status_code == 404
    assert at.get("work_state", job.pk).json()["is_under_way"] is True


def test_lists_ask_the_database_little(manager: Account) -> None:
    at = At(manager)
    for _ in range(3):
        services.import_records(
            agency_code="HOUSING", file_name="t.csv", content=MESSY, by=actor_of(manager), at=AT
        )  # fmt: skip
    for name in ("import_list", "work"):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            at.get(name)
        assert len(asked) <= 12, [query["sql"][:80] for query in asked]
