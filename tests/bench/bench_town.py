"""Pages in a whole town, as the least and the most restricted user. `./run bench tests/bench/bench_town.py`; figures go to
docs/measurements/town.md. JOINEDUP_BENCH_TOWN names a data folder that holds a town already; else one is loaded."""

from __future__ import annotations

import os
import platform
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from joinedup.cli.postgres import EmbeddedPostgres
from tests.bench.bench_pages import Worker, _answers, _django_uses, _lines
from tests.platform.processes import clean_environment, wait_for

pytestmark = pytest.mark.bench
CHILDREN = int(os.environ.get("JOINEDUP_BENCH_CHILDREN", "46000"))
SECONDS = int(os.environ.get("JOINEDUP_BENCH_SECONDS", "60"))
TIMES, CLIENTS, PORT = 40, 20, 8798
LEAST, MOST, SEARCHER = "Marlow Testington", "Amira Testerly", "Ffion Testlake"
REPORT = Path(__file__).parents[2] / "docs" / "measurements" / "town.md"
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_TABLES = ("person_index_person", "person_index_agencyrecord", "front_door_contact", "casework_case",
           "chronology_event", "access_auditevent")  # fmt: skip


def _load(data: Path) -> str:
    """Load the town with the command itself; what it said, with the seconds of each step."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "joinedup", "demo", "load", "--children", str(CHILDREN), "--data", str(data)]
    done = subprocess.run(command, env=clean_environment(), capture_output=True, text=True, check=True)
    steps = [line for line in done.stderr.splitlines() if " … " in line]
    return "\n".join([*(f"* {line}" for line in steps), "", f"**{time.perf_counter() - start:.0f} seconds.**"])


def _client(name: str) -> Client:
    from joinedup.access.models import Account

    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(Account.objects.get(name=name), backend=_BACKEND)
    return client


def _first(client: Client, page: str, pattern: str) -> str:
    found = re.search(pattern, client.get(page).content.decode())
    return found.group(0) if found else ""


def _timed(ask: Callable[[], Any]) -> tuple[str, int]:
    """p50 and p95 in milliseconds, one after another, and how many statements one takes."""
    ask()
    connection.force_debug_cursor = True
    before = len(connection.queries_log)
    answer = ask()
    statements = len(connection.queries_log) - before
    connection.force_debug_cursor = False
    assert answer.status_code in {200, 302}
    took = []
    for _ in range(TIMES):
        start = time.perf_counter()
        ask()
        took.append((time.perf_counter() - start) * 1000)
    return f"{statistics.median(took):.0f} | {statistics.quantiles(took, n=20)[-1]:.0f}", statements


def _pages() -> list[str]:
    least, most, searcher = _client(LEAST), _client(MOST), _client(SEARCHER)
    case, others = (_first(each, "/cases/", r"/cases/[0-9a-f-]{36}/") for each in (most, _client("Nia Testnorth")))
    person = _first(most, case, r"/people/[0-9a-f-]{36}/")
    referral = _first(least, "/worklist/front_door/", r"/referrals/[0-9a-f-]{36}/")
    asked: list[tuple[str, str, Callable[[], Any]]] = [
        ("worklist", LEAST, lambda: least.get("/worklist/front_door/")),
        ("worklist", MOST, lambda: most.get("/worklist/mine/")),
        ("list of cases", "Nia Testnorth", lambda: _NIA[0].get("/cases/")),
        ("list of cases", MOST, lambda: most.get("/cases/")),
        ("case", "Nia Testnorth", lambda: _NIA[0].get(others)),
        ("case", MOST, lambda: most.get(case)),
        ("person", MOST, lambda: most.get(person)),
        ("referral", LEAST, lambda: least.get(referral)),
        ("save a rating", SEARCHER, lambda: searcher.post(f"{referral}rating/", {"rating": "green", "reason": "Measured."})),
        ("children who may need help", SEARCHER, lambda: searcher.get("/indicators/children/")),
        ("what they sent", "Rowan Testerfield", lambda: _ROWAN[0].get("/sent/")),
    ]  # fmt: skip
    _NIA.append(_client("Nia Testnorth"))
    _ROWAN.append(_client("Rowan Testerfield"))
    lines = []
    for what, who, ask in asked:
        figures, statements = _timed(ask)
        lines.append(f"| {what} | {who} | {figures} | {statements} |")
    return lines


_NIA: list[Client] = []
_ROWAN: list[Client] = []


def _mix(url: str) -> list[Worker]:
    names = ["Ffion Testlake", "Sorrel Testwright", "Marlow Testington", "Amira Testerly"]
    workers = [Worker(url, names[number % 4], number) for number in range(CLIENTS)]
    for worker in workers:
        worker.sign_in()
    end = time.monotonic() + SECONDS
    threads = [threading.Thread(target=worker.click_until, args=(end,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return workers


def test_town(tmp_path: Path, django_db_setup: None, django_db_blocker: Any) -> None:
    given = os.environ.get("JOINEDUP_BENCH_TOWN")
    data = Path(given) if given else tmp_path / "data"
    loaded = "Loaded before." if given else _load(data)
    secret = (data / "secret-key").read_text().strip()
    with EmbeddedPostgres(data) as urls:
        with django_db_blocker.unblock(), _django_uses(urls):
            with connection.cursor() as cursor:
                rows = {}
                for table in _TABLES:
                    cursor.execute(f"SELECT count(*) FROM {table}")
                    rows[table] = cursor.fetchone()[0]
            alone = _pages()
        environment = clean_environment(
            DATABASE_URL=urls.application, JOINEDUP_DATA=str(data), JOINEDUP_DEMO="1", JOINEDUP_SECRET_KEY=secret,
            JOINEDUP_PARENT=str(os.getpid()),
        )  # fmt: skip
        command = [sys.executable, "-m", "joinedup.cli.web", "127.0.0.1", str(PORT), "2"]
        with subprocess.Popen(command, env=environment) as web:
            try:
                wait_for(lambda: _answers(f"http://127.0.0.1:{PORT}/health/"))
                workers = _mix(f"http://127.0.0.1:{PORT}")
            finally:
                web.terminate()
                web.wait(20)
    _report(loaded, rows, alone, workers)
    assert [error for worker in workers for error in worker.errors] == []


def _report(loaded: str, rows: dict[str, int], alone: list[str], workers: list[Worker]) -> None:
    pages = sum(len(took) for worker in workers for took in worker.took.values())
    held = ", ".join(f"{count:,} in {table}" for table, count in rows.items())
    text = [
        "# A whole town", "",
        f"Measured on {timezone.now():%-d %B %Y}: {os.cpu_count()} cores ({platform.machine()}), Python "
        f"{platform.python_version()}, the embedded PostgreSQL, load average {os.getloadavg()[0]:.1f} at the end. Written by "
        "`./run bench tests/bench/bench_town.py`.", "",
        f"Rows: {held}.", "", "## Loading it", "", loaded, "",
        "## One after another, in the process", "",
        "| page | as | p50 ms | p95 ms | statements |", "|---|---|---|---|---|", *alone, "",
        f"## {CLIENTS} clients at once, for {SECONDS} seconds, on the same cores", "",
        f"**{pages / SECONDS:.0f} pages a second, {sum(len(each.errors) for each in workers)} errors.** "
        "Target: 60 pages a second, p95 150 ms for a case, 200 ms for lists, searches and saves.", "",
        "| page | times | p50 ms | p95 ms | longest ms |", "|---|---|---|---|---|", *_lines(workers), "",
        "The most restricted of them (a key worker):", "",
        "| page | times | p50 ms | p95 ms | longest ms |", "|---|---|---|---|---|",
        *_lines([worker for worker in workers if not worker.is_front_door]), "",
    ]  # fmt: skip
    REPORT.write_text("\n".join(text), encoding="utf-8")
