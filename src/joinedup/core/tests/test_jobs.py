"""Background work: queued with its cause, landing once, giving up in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import OperationalError, connection, transaction

from joinedup.access.actor import Actor, public, system
from joinedup.access.background import run_in_name
from joinedup.access.tests.factories import make_account
from joinedup.core import jobs
from joinedup.core.errors import Refused
from joinedup.core.jobs import JobKind, cancel, declare_job, restored, start_job
from joinedup.core.models import Job, JobReceipt, PartnershipSetting
from joinedup.core.running import JobResult, RunningJob, retry_stalled, tidy_jobs
from tests.support.database import Database

AT = datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo("Europe/London"))
DO: dict[str, Any] = {}


def _do(job: RunningJob, *, key: str = "effect") -> JobResult:
    PartnershipSetting.objects.create(key=key, value=job.attempt, starts_on=AT.date(), set_at=job.at)
    DO["then"](job)
    return JobResult("1 thing was done.", "settings", key)


@pytest.fixture
def kind() -> Iterator[JobKind]:
    DO["then"] = lambda job: None
    yield declare_job("core.do_thing", "Do a thing", _do)
    del jobs._declared["core.do_thing"]


def effects() -> int:
    return PartnershipSetting.objects.filter(key="effect").count()


def run(job: Job) -> Any:
    return run_in_name(job.pk, clock=lambda: AT)


def queued() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_a_job_lands_once_with_its_receipt(fresh_database: Database, kind: JobKind) -> None:
    job = start_job(kind, by=system(AT), at=AT)
    assert (job.state, queued()) == ("waiting", ["todo"])
    assert run(job).state == "ended"
    job.refresh_from_db()
    assert (job.state, job.message, job.result_page, job.result_id) == (
        "done",
        "1 thing was done.",
        "settings",
        "effect",
    )
    assert (effects(), JobReceipt.objects.filter(job=job).count()) == (1, 1)
    run(job)
    assert effects() == 1


def test_a_service_that_is_rolled_back_leaves_no_job(fresh_database: Database, kind: JobKind) -> None:
    with transaction.atomic():
        start_job(kind, by=system(AT), at=AT)
        transaction.set_rollback(True)
    assert (Job.objects.count(), queued()) == (0, [])


def test_nobody_starts_a_job_without_a_name(fresh_database: Database, kind: JobKind) -> None:
    with pytest.raises(Refused, match="Sign in"):
        start_job(kind, by=public(AT), at=AT)


def test_a_refusal_ends_the_job_in_its_words_and_changes_nothing(fresh_database: Database, kind: JobKind) -> None:
    def refuse(job: RunningJob) -> None:
        raise Refused("Not today.", rule="XX-1")

    DO["then"] = refuse
    job = start_job(kind, by=system(AT), at=AT)
    assert run(job).refusal.rule == "XX-1"
    job.refresh_from_db()
    assert (job.state, job.message, effects()) == ("failed", "Not today.", 0)
    from joinedup.access.models import AuditEvent

    assert AuditEvent.objects.get(kind="refusal").rule == "XX-1"


def test_a_bug_ends_the_job_without_telling_whose_row_it_was(
    fresh_database: Database, kind: JobKind, capsys: pytest.CaptureFixture[str]
) -> None:
    def break_down(job: RunningJob) -> None:
        raise KeyError("Rowan Testerfield")

    DO["then"] = break_down
    job = start_job(kind, by=system(AT), at=AT)
    run(job)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "KeyError" in job.message
    said = capsys.readouterr().err
    assert "test_jobs.py" in said
    assert "Rowan" not in said + job.message
    assert effects() == 0


def test_a_job_that_never_ends_is_given_up(fresh_database: Database, kind: JobKind) -> None:
    def lose_the_database(job: RunningJob) -> None:
        raise OperationalError("the connection is lost")

    DO["then"] = lose_the_database
    job = start_job(kind, by=system(AT), at=AT)
    for _ in range(jobs.MOST_ATTEMPTS):
        assert run(job).is_to_run_again
    assert not run(job).is_to_run_again
    job.refresh_from_db()
    assert (job.state, job.attempts, effects()) == ("failed", jobs.MOST_ATTEMPTS, 0)
    assert "5 times" in job.message


def test_a_cancelled_job_does_nothing(fresh_database: Database, kind: JobKind) -> None:
    job = start_job(kind, by=system(AT), at=AT)
    cancel(job, at=AT)
    assert queued() == ["cancelled"]
    run(job)
    job.refresh_from_db()
    assert (job.state, effects()) == ("cancelled", 0)
    with pytest.raises(Refused, match="ended already"):
        cancel(job, at=AT)


def test_a_job_cancelled_while_it_runs_does_not_land(fresh_database: Database, kind: JobKind) -> None:
    def cancelled_by_somebody(job: RunningJob) -> None:
        with fresh_database.as_application() as other:
            other.execute("UPDATE core_job SET state = 'cancelled', ended_at = now() WHERE id = %s", [job.id])

    DO["then"] = cancelled_by_somebody
    job = start_job(kind, by=system(AT), at=AT)
    assert not run(job).is_to_run_again
    assert (effects(), JobReceipt.objects.count()) == (0, 0)


def test_progress_is_seen_before_the_effect_lands(fresh_database: Database, kind: JobKind) -> None:
    seen = []

    def go_on(job: RunningJob) -> None:
        job.report(3, 10, "Reading")
        with fresh_database.as_application() as other:
            for _ in range(100):
                row = other.execute("SELECT state, done, total, message, pg_sleep(0.02) FROM core_job").fetchone()
                if row and row[1]:
                    break
            seen.append((row[:4], other.execute("SELECT count(*) FROM core_partnershipsetting").fetchone()))

    DO["then"] = go_on
    run(start_job(kind, by=system(AT), at=AT))
    assert seen == [(("running", 3, 10, "Reading"), (0,))]


def test_rights_are_those_held_when_it_runs(fresh_database: Database, kind: JobKind) -> None:
    account = make_account()
    job = start_job(kind, by=Actor(account.pk, account.name, AT), at=AT)
    account.is_active = False
    account.save()
    run(job)
    job.refresh_from_db()
    assert (job.state, effects()) == ("failed", 0)
    assert "account" in job.message


def _begun_by_a_worker(database: Database, *, silent_for: int) -> None:
    with database.as_application() as worker:
        worker.execute("SELECT procrastinate_register_worker_v1()")
        worker.execute("SELECT procrastinate_fetch_job_v2(NULL, max(id)) FROM procrastinate_workers")
        worker.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - %s * interval '1 second'", [silent_for]
        )


@pytest.mark.parametrize(("silent_for", "status"), [(5, "doing"), (30, "todo")])
def test_what_a_silent_worker_was_at_is_offered_again(
    fresh_database: Database, kind: JobKind, silent_for: int, status: str
) -> None:
    start_job(kind, by=system(AT), at=AT)
    _begun_by_a_worker(fresh_database, silent_for=silent_for)
    assert retry_stalled(at=AT) == (status == "todo")
    assert queued() == [status]


def test_what_the_queue_has_lost_is_queued_again(fresh_database: Database, kind: JobKind) -> None:
    job = start_job(kind, by=system(AT), at=AT)
    with fresh_database.as_application() as other:
        other.execute("DELETE FROM procrastinate_jobs")
    assert retry_stalled(at=AT + timedelta(minutes=2)) == 1
    assert queued() == ["todo"]
    run(job)
    assert effects() == 1


def test_a_worker_thought_dead_and_its_successor_do_it_once(fresh_database: Database, kind: JobKind) -> None:
    job = start_job(kind, by=system(AT), at=AT)
    number = int.from_bytes(job.pk.bytes[8:], "big", signed=True)
    with fresh_database.as_application() as frozen:
        frozen.execute("SELECT pg_advisory_lock(%s)", [number])
        assert run(job).is_to_run_again
        job.refresh_from_db()
        assert (job.attempts, effects()) == (0, 0)
    run(job)
    assert effects() == 1


def test_old_work_is_tidied_away(fresh_database: Database, kind: JobKind) -> None:
    job = start_job(kind, by=system(AT), at=AT)
    run(job)
    tidy_jobs(at=AT + timedelta(days=80))
    assert Job.objects.filter(pk=job.pk).exists()
    tidy_jobs(at=AT + timedelta(days=100))
    assert not Job.objects.filter(pk=job.pk).exists()


def test_ids_come_back_as_ids() -> None:
    from uuid import UUID, uuid4

    one = uuid4()
    assert restored({"a": str(one), "b": "NHS", "c": 3, "d": "x" * 36}) == {
        "a": UUID(str(one)),
        "b": "NHS",
        "c": 3,
        "d": "x" * 36,
    }
