"""Workers killed with -9 in the middle of jobs: each effect lands exactly once or is reported, nothing is half-done.

Three kills by default; `./run deep` does fifty.
"""

from __future__ import annotations

import itertools
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.platform import job_worker
from tests.platform.processes import PATIENCE, ROOT, clean_environment, wait_for
from tests.support.database import Database

pytestmark = [pytest.mark.kills, pytest.mark.skipif(sys.platform != "linux", reason="Kills processes by their number.")]
STALLED_SECONDS = 2
KEY = "only-for-tests-" + "x" * 40


STARTED: list[Worker] = []


@pytest.fixture(autouse=True)
def none_is_left(settings: Any) -> Iterator[None]:
    """Whatever a test does, its workers end with it."""
    settings.JOB_STALLED_SECONDS = STALLED_SECONDS
    yield
    while STARTED:
        STARTED.pop().kill()


class Worker:
    """A worker of the test's own, with a database of the test's own."""

    def __init__(self, database: Database, log: Path) -> None:
        environment = clean_environment(
            DJANGO_SETTINGS_MODULE="joinedup.config.settings",
            DATABASE_URL=database.urls.application,
            JOINEDUP_DATA=os.environ["JOINEDUP_DATA"],
            JOINEDUP_DEMO="1",
            JOINEDUP_POOL="0",
            JOINEDUP_SECRET_KEY=KEY,
            JOINEDUP_JOB_STALLED_SECONDS=str(STALLED_SECONDS),
            PYTHONPATH=f"{ROOT}/src:{ROOT}",
        )
        self.log = log
        with log.open("ab") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.platform.job_worker"], env=environment, cwd=ROOT, stderr=said
            )

        STARTED.append(self)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)

    def stop(self) -> float:
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)
        return time.monotonic() - began


@pytest.fixture
def kind() -> Iterator[object]:
    from joinedup.core import jobs

    job_worker.declare()
    yield jobs._declared["core.write_slowly"]
    del jobs._declared["core.write_slowly"]


def start(kind: object, numbers: Iterable[int]) -> None:
    from joinedup.access.actor import system
    from joinedup.core.jobs import start_job

    at = datetime.now(UTC)
    for number in numbers:
        start_job(kind, by=system(at), at=at, number=number)  # type: ignore[arg-type]


def states() -> dict[str, int]:
    from django.db.models import Count

    from joinedup.core.models import Job

    return {row["state"]: row["n"] for row in Job.objects.values("state").annotate(n=Count("pk"))}


def under_way() -> int:
    found = states()
    return found.get("waiting", 0) + found.get("running", 0)


def keep() -> None:
    """What the keeper does each second."""
    from joinedup.core.running import retry_stalled

    retry_stalled(at=datetime.now(UTC))


def finish(database: Database, log: Path, *, workers: int = 2, within: float = 90) -> None:
    """Workers that nobody kills bring everything to its end."""
    running = [Worker(database, log) for _ in range(workers)]
    try:
        wait_for(lambda: keep() or not under_way(), within=within)  # type: ignore[func-returns-value]
    finally:
        for worker in running:
            worker.stop()


def check_each_once() -> None:
    """A job that is done has all its rows and one receipt; any other has neither."""
    from joinedup.core.models import Job, JobReceipt, PartnershipSetting

    for job in Job.objects.all():
        rows = PartnershipSetting.objects.filter(key=f"job-{job.arguments['number']}").count()
        receipts = JobReceipt.objects.filter(job=job).count()
        expected = (job_worker.ROWS, 1) if job.state == "done" else (0, 0)
        assert (rows, receipts) == expected, f"{job.state} after {job.attempts} attempts: {job.message}"
        if job.state == "failed":
            assert "could not be finished" in job.message


def kill_in_the_middle(database: Database, log: Path, kind: object, kills: int) -> list[float]:
    """Kill a worker in mid-job, again and again; for each, the seconds until its job was begun anew."""
    from joinedup.core.models import Job

    chance = random.Random(7)
    begun_again: list[float] = []
    caught: dict[object, int] = {}
    died = 0.0
    numbers = itertools.count()

    def met() -> bool:
        """A job is in its middle. Where everything was done or given up meanwhile, there is more to do."""
        keep()
        if not under_way():
            start(kind, [next(numbers), next(numbers)])
        return Job.objects.filter(state="running", done__gt=0).exists()

    for kill in range(kills):
        start(kind, [next(numbers), next(numbers)])
        worker = Worker(database, log)
        if caught:
            wait_for(lambda was=caught: keep() or _moved_on(was), within=120)  # type: ignore[func-returns-value,misc]
            begun_again.append(time.monotonic() - died)
        pause = chance.random() * 0.4
        wait_for(lambda pause=pause, worker=worker: met() and _is_caught(worker, pause))  # type: ignore[misc]
        worker.kill()
        died = time.monotonic()
        with (log.parent / "kills").open("a") as noted:
            noted.write(f"{kill} {begun_again[-1:]}\n")
        caught = {job.pk: job.attempts for job in Job.objects.filter(state="running")}
    return begun_again


def _is_caught(worker: Worker, seconds: float) -> bool:
    """After so long the worker stands still with a job in its middle; if it has just ended it, it goes on."""
    from joinedup.core.models import Job

    time.sleep(seconds)
    os.kill(worker.process.pid, signal.SIGSTOP)
    if Job.objects.filter(state="running", done__gt=0).exists():
        return True
    os.kill(worker.process.pid, signal.SIGCONT)
    return False


def _moved_on(caught: dict[object, int]) -> bool:
    from joinedup.core.models import Job

    return any(job.attempts > caught[job.pk] or job.state != "running" for job in Job.objects.filter(pk__in=caught))


def test_three_kills(fresh_database: Database, tmp_path: Path, kind: object) -> None:
    begun_again = kill_in_the_middle(fresh_database, tmp_path / "log", kind, 3)
    assert begun_again, "no kill met a job in its middle"
    finish(fresh_database, tmp_path / "log")
    check_each_once()
    assert states()["done"] >= 6


@pytest.mark.deep
def test_fifty_kills(fresh_database: Database, tmp_path: Path, kind: object) -> None:
    begun_again = kill_in_the_middle(fresh_database, tmp_path / "log", kind, 50)
    finish(fresh_database, tmp_path / "log", within=300)
    check_each_once()
    begun_again.sort()
    print(f"{len(begun_again)} of 50 kills met a job; begun again after {begun_again[len(begun_again) // 2]:.1f} s, at")
    print(f"most {begun_again[-1]:.1f} s (stalled after {STALLED_SECONDS} s); {states()}")
    assert len(begun_again) >= 40


def test_two_workers_share_and_do_each_once(fresh_database: Database, tmp_path: Path, kind: object) -> None:
    start(kind, range(12))
    finish(fresh_database, tmp_path / "log")
    assert states() == {"done": 12}
    check_each_once()
    with fresh_database.as_owner() as connection:
        left = connection.execute("SELECT count(*) FROM procrastinate_jobs").fetchone()
        workers = connection.execute("SELECT count(*) FROM procrastinate_workers").fetchone()
    assert (left, workers) == ((0,), (0,)), "workers that were asked to stop say goodbye, and the queue is empty"


def test_asked_to_stop_it_puts_its_job_back(fresh_database: Database, tmp_path: Path, kind: object) -> None:
    from joinedup.core.models import Job

    start(kind, range(2))
    worker = Worker(fresh_database, tmp_path / "log")
    wait_for(lambda: Job.objects.filter(state="running", done__gt=0).exists())
    worker.stop()
    assert worker.process.returncode == 0
    assert all((job.state, job.attempts) in {("waiting", 0), ("done", 1)} for job in Job.objects.all()), states()
    finish(fresh_database, tmp_path / "log", workers=1)
    assert states() == {"done": 2}
    check_each_once()


def test_a_worker_holds_few_connections(fresh_database: Database, tmp_path: Path, kind: object) -> None:
    start(kind, range(8))
    worker = Worker(fresh_database, tmp_path / "log")
    most = 0
    try:
        with fresh_database.as_owner() as connection:
            own = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            idle = int(connection.execute(own).fetchone()[0])  # type: ignore[index]
            deadline = time.monotonic() + PATIENCE
            while under_way() and time.monotonic() < deadline:
                most = max(most, int(connection.execute(own).fetchone()[0]) - 1)  # type: ignore[index]
                time.sleep(0.02)
    finally:
        worker.stop()
    assert idle <= 2
    assert states() == {"done": 8}
    # Two jobs with their progress, the queue's three, and the one it listens on.
    assert most <= 8, most
