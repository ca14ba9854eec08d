"""Observations for the agency that made them: finding, withdrawing, importing through pages, the API; nobody else's."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.background import run_in_name
from joinedup.access.models import AuditEvent
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.models import Job
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post
from joinedup.person_index import queries, services
from joinedup.person_index.models import ImportUpload, Observation, ObservationRun, RememberedMapping
from joinedup.person_index.observing import FIELDS, faults_of_columns, guessed_columns, read_given
from joinedup.person_index.tests.factories import make_record, person_of

pytestmark = pytest.mark.django_db
HEAD = "reference,kind,date,value\n"


class Cast:
    """Two agencies; a data lead of each, the front door's manager, and a teacher."""

    def __init__(self) -> None:
        self.schools = make_organisation(code="SCHOOLS", name="Sample Schools", kind="school")
        self.police = make_organisation(code="POLICE", name="Sample Police", kind="police")
        made = {
            "Della": make_post(role=Role.DATA_LEAD, employer=self.schools, name="Della Testfold"),
            "Pip": make_post(role=Role.DATA_LEAD, employer=self.police, name="Pip Testfold"),
            "Marlow": make_post(role=Role.FRONT_DOOR_MANAGER, name="Marlow Testington"),
            "Rowan": make_post(role=Role.REFERRER, employer=self.schools, name="Rowan Testerfield"),
        }
        self.accounts = {name: account for name, (account, _) in made.items()}
        self.isla = make_record(
            agency=self.schools, agency_reference="P1", given_name="Isla", family_name="Testerwick",
            birth_date=date(2014, 5, 2),
        )  # fmt: skip
        make_record(agency=self.police, agency_reference="N1", given_name="Mo", family_name="Testerwood",
                    birth_date=date(2013, 5, 2))  # fmt: skip

    def by(self, name: str) -> Actor:
        return actor_of(self.accounts[name], AT)

    def bring(self, lines: str, by: str = "Della", agency: str = "SCHOOLS", at: Any = AT) -> Any:
        content = f"{HEAD}{lines}\n".encode()
        return services.import_observations(
            agency_code=agency, file_name="seen.csv", content=content, by=actor_of(self.accounts[by], at), at=at
        )


@pytest.fixture
def cast() -> Cast:
    return Cast()


def now_held() -> list[tuple[str, str, Decimal | None]]:
    rows = Observation.objects.filter(replaced_at__isnull=True).order_by("happened_on", "kind")
    return list(rows.values_list("record__agency_reference", "kind", "value"))


# --- Columns, without a database.


@pytest.mark.parametrize(
    ("header", "said", "held"),
    [
        (["Pupil ID", "Event type", "Date", "%"], {}, ["agency_reference", "kind", "happened_on", ""]),
        (["Pupil ID", "Was ist", "Date"], {"Was ist": "kind"}, ["agency_reference", "kind", "happened_on"]),
        (["ref", "id", "kind", "date"], {"id": "agency_reference", "ref": ""}, ["", "agency_reference", "kind", "happened_on"]),
        (["ref", "id", "kind", "date"], {}, ["agency_reference", "", "kind", "happened_on"]),
        (["ref", "kind", "date", "attendance"], {"date": "ended_on"}, ["agency_reference", "kind", "ended_on", "value"]),
    ],
)  # fmt: skip
def test_which_column_holds_what(header: list[str], said: dict[str, str], held: list[str]) -> None:
    assert guessed_columns(header, said) == held


def test_faults_of_what_was_said_of_columns() -> None:
    assert faults_of_columns({"a": "kind", "b": "", "c": ""}) == []
    assert faults_of_columns({"a": "kind", "b": "kind"}) == ["Two columns hold “What was observed”."]
    assert faults_of_columns({"a": "ethnicity"}) == ["“ethnicity” is nothing a column can hold."]


def test_what_comes_one_by_one_is_read_as_a_file_is() -> None:
    good = {"agency_reference": "P1", "kind": "attendance", "happened_on": "2026-11-02", "value": "71"}
    file = read_given([good, {**good, "value": "101"}, {**good, "kind": "horoscope"}], today=AT.date())
    assert [(row.line, row.value) for row in file.rows] == [(1, Decimal("71.00"))]
    assert [(each.row, each.field) for each in file.rejected] == [(2, "value"), (3, "kind")]
    assert set(good) <= set(FIELDS)


# --- Whose they are.


def test_an_agency_finds_its_own_and_every_look_is_audited(cast: Cast) -> None:
    cast.bring("P1,attendance,2026-11-02,71\nP1,suspension,2026-11-03,2")
    cast.bring("N1,missing_episode,2026-11-02,", by="Pip", agency="POLICE")
    seen = queries.observations_of_own(cast.by("Della"))
    assert sorted((row.name, row.words) for row in seen.rows) == [
        ("Isla Testerwick", "Attendance 71 per cent"), ("Isla Testerwick", "Suspended for 2 days"),
    ]  # fmt: skip
    row = AuditEvent.objects.filter(purpose="own organisation’s observations").latest("id")
    assert (row.kind, row.people) == ("search", [person_of(cast.isla).pk])
    assert len(queries.observations_of_own(cast.by("Della"), kind="suspension").rows) == 1
    assert queries.observations_of_own(cast.by("Della"), reference="N1").rows == ()
    assert [row.agency_reference for row in queries.observations_of_own(cast.by("Pip")).rows] == ["N1"]


def test_the_list_goes_on_where_the_page_ended(cast: Cast) -> None:
    cast.bring("\n".join(f"P1,attendance,2026-10-{day:02},71" for day in range(1, 8)))
    first = queries.observations_of_own(cast.by("Della"), limit=4)
    from uuid import UUID

    rest = queries.observations_of_own(cast.by("Della"), limit=4, before=UUID(first.next_before))
    assert (len(first.rows), len(rest.rows), rest.next_before) == (4, 3, "")
    assert not {row.id for row in first.rows} & {row.id for row in rest.rows}


@pytest.mark.parametrize("name", ["Marlow", "Rowan"])
def test_nobody_else_reads_or_withdraws_them(cast: Cast, name: str) -> None:
    cast.bring("P1,attendance,2026-11-02,71")
    with pytest.raises(NotPermitted):
        queries.observations_of_own(cast.by(name))
    with pytest.raises(NotPermitted):
        services.withdraw_observation(observation=Observation.objects.get(), reason="No.", by=cast.by(name), at=AT)


def test_another_agency_neither_sees_withdraws_nor_sends_it(cast: Cast) -> None:
    cast.bring("P1,attendance,2026-11-02,71")
    observation = Observation.objects.get()
    with pytest.raises(NotVisible):
        queries.observation_line(cast.by("Pip"), observation.pk)
    with pytest.raises(NotPermitted):
        services.withdraw_observation(observation=observation, reason="No.", by=cast.by("Pip"), at=AT)
    with pytest.raises(NotPermitted):
        cast.bring("P1,attendance,2026-11-02,10", by="Pip")
    with pytest.raises(NotPermitted):
        services.undo_observations(run=ObservationRun.objects.get(), reason="No.", by=cast.by("Pip"), at=AT)
    with pytest.raises(NotVisible):
        queries.observation_run(cast.by("Pip"), ObservationRun.objects.get().pk)
    assert now_held() == [("P1", "attendance", Decimal("71.00"))]


def test_whoever_is_restricted_is_in_no_list(cast: Cast) -> None:
    from joinedup.person_index.models import Restriction

    cast.bring("P1,attendance,2026-11-02,71")
    Restriction.objects.create(
        person=person_of(cast.isla), category="witness_protection", reason="Invented.",
        starts_at=AT - timedelta(days=1), review_by=AT.date() + timedelta(days=90),
    )  # fmt: skip
    assert queries.observations_of_own(cast.by("Della")).rows == ()
    with pytest.raises(NotVisible):
        queries.observation_for_change(cast.by("Della"), Observation.objects.get().pk)


# --- Withdrawing and undoing.


def test_what_was_withdrawn_counts_no_more_stays_on_record_and_does_not_come_back(cast: Cast) -> None:
    cast.bring("P1,attendance,2026-11-02,71")
    observation = queries.observation_for_change(cast.by("Della"), Observation.objects.get().pk)
    with pytest.raises(Refused) as refusal:
        services.withdraw_observation(observation=observation, reason=" ", by=cast.by("Della"), at=AT)
    assert refusal.value.rule == "PI-10"
    services.withdraw_observation(observation=observation, reason="Another Isla.", by=cast.by("Della"), at=AT)
    assert now_held() == []
    kept = Observation.objects.get()
    assert (kept.replaced_at, kept.withdrawn_by, kept.withdrawal_reason) == (
        AT, cast.accounts["Della"].pk, "Another Isla.",
    )  # fmt: skip
    with pytest.raises(Refused):
        services.withdraw_observation(observation=observation, reason="Again.", by=cast.by("Della"), at=AT)
    again = cast.bring("P1,attendance,2026-11-02,71")
    assert (again.counts["created"], again.counts["rejected"]) == (0, 1)
    assert "has withdrawn this observation" in again.rejected[0].reason
    right = cast.bring("P1,attendance,2026-11-02,96")
    assert right.counts["created"] == 1


def test_an_import_is_taken_back_and_what_it_replaced_is_as_it_was(cast: Cast) -> None:
    cast.bring("P1,attendance,2026-11-02,71\nP1,suspension,2026-11-03,2")
    second = cast.bring("P1,attendance,2026-11-02,95\nP1,attendance,2026-11-09,80")
    run = ObservationRun.objects.get(pk=second.run_id)
    done = services.undo_observations(run=run, reason="Wrong week.", by=cast.by("Marlow"), at=AT + timedelta(hours=2))
    assert {name: done.undone[name] for name in ("removed", "restored", "kept")} == {
        "removed": 2, "restored": 1, "kept": 0,
    }  # fmt: skip
    assert now_held() == [("P1", "attendance", Decimal("71.00")), ("P1", "suspension", Decimal("2.00"))]
    with pytest.raises(Refused) as refusal:
        services.undo_observations(run=run, reason="Again.", by=cast.by("Della"), at=AT)
    assert refusal.value.rule == "PI-15"
    assert cast.bring("P1,attendance,2026-11-02,95").counts["updated"] == 1  # the same may be sent again


def test_what_came_later_stays_when_an_import_is_taken_back(cast: Cast) -> None:
    first = cast.bring("P1,attendance,2026-11-02,71\nP1,attendance,2026-11-09,60")
    cast.bring("P1,attendance,2026-11-02,95")
    run = ObservationRun.objects.get(pk=first.run_id)
    done = services.undo_observations(run=run, reason="Wrong.", by=cast.by("Della"), at=AT)
    assert (done.undone["removed"], done.undone["kept"]) == (1, 1)
    assert now_held() == [("P1", "attendance", Decimal("95.00"))]


def test_after_a_day_an_import_stays(cast: Cast) -> None:
    made = cast.bring("P1,attendance,2026-11-02,71")
    run = ObservationRun.objects.get(pk=made.run_id)
    late = AT + timedelta(days=1, seconds=1)
    with pytest.raises(Refused):
        services.undo_observations(run=run, reason="Late.", by=actor_of(cast.accounts["Della"], late), at=late)
    assert not queries.observation_run(actor_of(cast.accounts["Della"], late), run.pk).can_be_undone


# --- Pages.


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages read the clock; here it stands still."""
    monkeypatch.setattr(timezone, "now", lambda: AT)


def run_jobs() -> None:
    for job in Job.objects.filter(state="waiting"):
        run_in_name(job.pk, clock=lambda: AT)


def test_a_file_is_sent_mapped_checked_imported_and_undone(clock: None, client: Any, cast: Cast) -> None:
    client.force_login(cast.accounts["Della"])
    text = "Kind nr;Was;Wann;Zahl\nP1;attendance;2/11/2026;71\nX9;attendance;2/11/2026;71\nP1;attendance;31/2/2026;71\n"
    page = client.get(reverse("observation_new")).content.decode()
    assert "Sample Schools" in page
    assert "Sample Police" not in page
    sent = {"agency": "SCHOOLS", "file": SimpleUploadedFile("november.csv", text.encode())}
    columns = client.post(reverse("observation_new"), sent, follow=True)
    assert "The file has no column for the reference and the kind and the date." in columns.content.decode()
    address = columns.request["PATH_INFO"]
    twice = {"column-0": "kind", "column-1": "kind", "column-2": "happened_on"}
    assert "Two columns hold “What was observed”." in client.post(address, twice).content.decode()
    right = {"column-0": "agency_reference", "column-1": "kind", "column-2": "happened_on", "column-3": "value",
             "is_remembered": "yes"}  # fmt: skip
    check = client.post(address, right, follow=True)
    assert "Attendance 71 per cent" in check.content.decode() or "attendance 71 per cent" in check.content.decode()
    assert "31/2/2026" in check.content.decode()
    begun = client.post(check.request["PATH_INFO"])
    assert begun.status_code == 302
    run_jobs()
    job = Job.objects.get()
    assert job.state == "done", job.message
    assert not ImportUpload.objects.exists()
    assert RememberedMapping.objects.count() == 1
    run = ObservationRun.objects.get()
    receipt = client.get(reverse("observation_receipt", kwargs={"brought_id": run.pk})).content.decode()
    assert "has sent no record with this reference" in receipt
    assert run.counts == {"read": 3, "created": 1, "unchanged": 0, "updated": 0, "rejected": 2, "duplicates": 0}
    csv = client.get(reverse("observation_rejected_csv", kwargs={"brought_id": run.pk})).content.decode("utf-8-sig")
    assert csv.startswith("row,field,value,reason")
    undo = reverse("observation_undo", kwargs={"brought_id": run.pk})
    assert "Enter why this import is undone" in client.post(undo, {}).content.decode()
    client.post(undo, {"reason": "Last year's file."})
    run_jobs()
    receipt = client.get(reverse("observation_receipt", kwargs={"brought_id": run.pk})).content.decode()
    assert "Last year&#x27;s file." in receipt or "Last year&#39;s file." in receipt
    assert now_held() == []
    again = client.post(reverse("observation_new"), {**sent, "file": SimpleUploadedFile("december.csv", text.encode())},
                        follow=True)  # fmt: skip
    assert "remembered from an earlier file" in again.content.decode()
    waiting = client.get(reverse("observation_files")).content.decode()
    assert "december.csv" in waiting
    gone = reverse("observation_discard", kwargs={"waiting_id": ImportUpload.objects.get().pk})
    assert "Nothing was imported" in client.post(gone, follow=True).content.decode()


def test_files_of_records_and_of_observations_do_not_meet(clock: None, client: Any, cast: Cast) -> None:
    content = f"{HEAD}P1,attendance,2026-11-02,71".encode()
    marlow = cast.by("Marlow")
    upload = services.keep_observation_upload(
        agency_code="SCHOOLS", file_name="seen.csv", content=content, by=marlow, at=AT
    )
    assert queries.uploads_waiting(marlow) == []
    assert len(queries.observation_uploads(marlow)) == 1
    with pytest.raises(NotVisible):
        queries.upload(marlow, upload.pk)
    client.force_login(cast.accounts["Marlow"])
    assert client.get(reverse("import_columns", kwargs={"upload_id": upload.pk})).status_code == 404


def test_found_by_reference_and_withdrawn_on_the_page(clock: None, client: Any, cast: Cast) -> None:
    cast.bring("P1,attendance,2026-11-02,71")
    client.force_login(cast.accounts["Della"])
    page = client.get(reverse("observations")).content.decode()
    assert "Attendance 71 per cent" in page
    assert "Nothing found" in client.post(reverse("observations"), {"reference": "P2"}).content.decode()
    assert "Isla Testerwick" in client.post(reverse("observations"), {"reference": "P1"}).content.decode()
    address = reverse("observation_withdraw", kwargs={"observation_id": Observation.objects.get().pk})
    assert "Enter why it was wrong" in client.post(address, {}).content.decode()
    done = client.post(address, {"reason": "Another Isla."}, follow=True).content.decode()
    assert "Nothing has been sent yet" in done
    assert client.get(address).status_code == 404


# --- The API.


def api(client: Any, body: dict[str, Any]) -> Any:
    return client.post("/api/v1/observations", json.dumps(body), content_type="application/json")


def test_an_agency_s_own_system_sends_and_reads_back(clock: None, client: Any, cast: Cast) -> None:
    client.force_login(cast.accounts["Della"])
    good = {"reference": "P1", "kind": "attendance", "happened_on": "2026-11-02", "value": 71.5}
    sent = {"agency": "SCHOOLS", "observations": [good, {**good, "reference": "X9"}, {**good, "value": 101}]}
    answer = api(client, sent)
    assert answer.status_code == 200, answer.content
    taken = answer.json()
    assert taken["counts"]["created"] == 1
    assert [(each["number"], each["field"]) for each in taken["rejected"]] == [(2, "agency_reference"), (3, "value")]
    assert api(client, sent).json()["counts"]["unchanged"] == 1
    found = client.get("/api/v1/observations?kind=attendance").json()
    assert [(row["reference"], row["value"]) for row in found["observations"]] == [("P1", "71.50")]
    assert found["next"] == ""
    assert client.get("/api/v1/observations?before=nonsense").status_code == 422


@pytest.mark.parametrize(
    ("name", "change", "status"),
    [
        ("Della", {"agency": "POLICE"}, 403),
        ("Della", {"agency": "NOBODY"}, 422),
        ("Pip", {}, 403),
        ("Rowan", {}, 403),
        ("Della", {"observations": []}, 422),
        ("Della", {"observations": [{"reference": "P1", "kind": "ethnicity", "happened_on": "2026-11-02"}]}, 422),
    ],
)
def test_the_api_refuses_what_a_page_would(
    clock: None, client: Any, cast: Cast, name: str, change: dict[str, Any], status: int
) -> None:
    client.force_login(cast.accounts[name])
    good = {"reference": "P1", "kind": "attendance", "happened_on": "2026-11-02", "value": 71}
    answer = api(client, {"agency": "SCHOOLS", "observations": [good]} | change)
    assert answer.status_code == status, answer.content
    assert not Observation.objects.exists()


def test_the_program_itself_may_bring_in_everybody_s(cast: Cast) -> None:
    made = services.import_observations(
        agency_code="POLICE", file_name="x.csv", content=f"{HEAD}N1,missing_episode,2026-11-02,".encode(),
        by=system(AT), at=AT,
    )  # fmt: skip
    assert made.counts["created"] == 1
