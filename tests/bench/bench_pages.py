"""How long pages take for twenty people at once. `./run bench tests/bench`; figures go to docs/measurements/pages.md.

The demo partnership, and around it 50,000 invented people, 250,000 contacts, 500,000 events and 1,000,000 audit rows.
The web server is the real one with its two workers; the twenty clients run on the same two cores.
"""

from __future__ import annotations

import os
import platform
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import requests
from django.db import connections
from django.utils import timezone

from joinedup.cli.postgres import DatabaseUrls, EmbeddedPostgres
from joinedup.person_index.tests.bench_search import _fill, _invented
from tests.platform.processes import RunningSite, clean_environment, wait_for

pytestmark = pytest.mark.bench
PEOPLE = int(os.environ.get("JOINEDUP_BENCH_PEOPLE", "50000"))
CONTACTS, EVENTS, AUDIT, CLIENTS = PEOPLE * 5, PEOPLE * 10, PEOPLE * 20, 20
SECONDS = int(os.environ.get("JOINEDUP_BENCH_SECONDS", "60"))
REPORT = Path(__file__).parents[2] / "docs" / "measurements" / "pages.md"
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"[^>]*?value="([^"]*)"')

_MANY = """
CREATE TEMP TABLE somebody AS SELECT p.id AS person_id, m.family_id, row_number() OVER () AS number
  FROM person_index_person p JOIN person_index_familymember m ON m.person_id = p.id;
CREATE TEMP TABLE made AS SELECT gen_random_uuid() AS contact_id, gen_random_uuid() AS referral_id, n,
  now() - (n || ' seconds')::interval * 600 AS at, 1 + n %% (SELECT count(*) FROM somebody) AS number
  FROM generate_series(1, %(contacts)s) AS n;
INSERT INTO front_door_contact (id, version, reference, channel, received_at, source_code, referrer_name, referrer_role,
  referrer_phone, referrer_email, relationship_to_child, is_anonymous, worry, going_well, tried_already, wanted,
  childs_words, need_code, is_immediate_danger, is_safeguarding_concern, is_about_staff_member, family_knows,
  family_agrees, agreement_reason, safe_contact_how, safe_contact_details, safe_contact_when, safe_contact_not_through,
  interpreter_language, communication_needs, idempotency_key, as_supplied)
  SELECT contact_id, 1, 'B-' || n, 'form', at, '2A', '', '', '', '', '', false, repeat('Invented words. ', 20), '', '', '',
  '', '', false, false, false, 'yes', 'yes', '', '', '', '', '', '', '', '', '{}' FROM made;
INSERT INTO front_door_referral (id, version, reference, contact_id, state, received_at, decide_by, rating,
  is_safeguarding_concern, family_knows, family_agrees, agreement_reason, family_id, level, outcome, decided_at)
  SELECT referral_id, 1, 'B-' || n, contact_id, 'closed', at, at, 'green', false, 'yes', 'yes', '', family_id, 1,
  'advice', at FROM made JOIN somebody USING (number);
INSERT INTO chronology_event (kind, at, family_id, people, source_kind, source_id, code)
  SELECT 'front_door.referral_closed', at, family_id, ARRAY[person_id], 'front_door.referral', referral_id::text, ''
  FROM made JOIN somebody USING (number) CROSS JOIN generate_series(1, %(each)s);
INSERT INTO access_auditevent (kind, action, post_ids, via, subject_kind, subject_id, people, purpose, rule, changed, at,
  words_digest)
  SELECT 'read', 'front_door.referral.read', '{}', 'web', 'front_door.referral', referral_id::text, ARRAY[person_id],
  'bench', '', '{}', at, '' FROM made JOIN somebody USING (number) CROSS JOIN generate_series(1, %(reads)s);
"""


def _enlarge(urls: DatabaseUrls) -> dict[str, int]:
    """Put the town around the demo partnership."""
    _fill(_invented(PEOPLE))
    with psycopg.connect(urls.owner, autocommit=True) as connection:
        for statement in _MANY.split(";\n"):
            if statement.strip():
                numbers = {"contacts": CONTACTS, "each": EVENTS // CONTACTS, "reads": AUDIT // CONTACTS}
                connection.execute(statement % numbers)
        connection.execute("VACUUM ANALYZE")
        tables = ("person_index_person", "front_door_contact", "chronology_event", "access_auditevent")
        rows = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone() for table in tables}
    return {table: row[0] for table, row in rows.items() if row}


@contextmanager
def _django_uses(urls: DatabaseUrls) -> Iterator[None]:
    from joinedup.config.env import database_from_url

    before = dict(connections["default"].settings_dict)
    connections["default"].close()
    connections["default"].settings_dict.update(database_from_url("the bench", urls.application, pool=False))
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"].settings_dict.update(before)


class Worker:
    """Somebody clicking through the site; keeps how long each kind of page took, in milliseconds."""

    def __init__(self, url: str, name: str, number: int) -> None:
        self.url, self.name, self.chance, self.http = url, name, random.Random(number), requests.Session()
        self.took: dict[str, list[float]] = defaultdict(list)
        self.errors: list[str] = []
        self.referrals: list[str] = []
        self.cases: list[str] = []

    def page(self, kind: str, path: str, data: dict[str, str] | None = None) -> str:
        """One page, timed. Anything but an answer of 200 is an error."""
        start = time.perf_counter()
        full = self.url + path
        answer = self.http.post(full, data, timeout=60) if data is not None else self.http.get(full, timeout=60)
        self.took[kind].append((time.perf_counter() - start) * 1000)
        if answer.status_code != 200:
            self.errors.append(f"{answer.status_code} {path}")
        return answer.text

    def sign_in(self) -> None:
        """And learn what there is to click on."""
        form = next(each for each in self.page("sign-in", "/account/login/").split("<form") if self.name in each)
        self.page("sign-in", "/demo/sign-in/", dict(_HIDDEN.findall(form)))
        listed = self.page("worklist", "/worklist/front_door/" if self.is_front_door else "/worklist/mine/")
        self.referrals = sorted(set(re.findall(r"/referrals/[0-9a-f-]{36}/", listed)))
        if not self.is_front_door:
            self.cases = sorted(set(re.findall(r"/cases/[0-9a-f-]{36}/", self.page("cases", "/cases/"))))
        self.took.clear()

    @property
    def is_front_door(self) -> bool:
        return self.name != "Amira Testerly"

    def search(self) -> None:
        """Search for somebody from a referral, as typed there."""
        people = self.page("referral", f"{self.chance.choice(self.referrals)}people/")
        places = re.findall(r'(?:href|action)="(/referrals/[0-9a-f-]{36}/people/\d+/)"', people)
        if places:
            page = self.page("search page", places[0])
            typed = dict(_HIDDEN.findall(page[page.index("<main") :]))
            names = {"given_name": "Marberoa", "family_name": self.chance.choice(("Corfield", "Halwood", "Delby"))}
            self.page(
                "search", places[0], {**typed, **names, "birth_date_0": "", "birth_date_1": "", "birth_date_2": ""}
            )

    def save(self) -> None:
        """Rate a referral again."""
        path = f"{self.chance.choice(self.referrals)}rating/"
        page = self.page("question", path)
        if 'name="rating"' in page:
            answers = dict(_HIDDEN.findall(page[page.index("<main") :]))
            rating = self.chance.choice(("green", "amber", "blue"))
            self.page("save", path, {**answers, "rating": rating, "reason": "Measured."})

    def click_until(self, end: float) -> None:
        """A mixed half hour in a minute: mostly reading, some searching, some saving."""
        acts: list[Callable[[], object]] = [lambda: self.page("home", "/")]
        if self.is_front_door:
            acts += [lambda: self.page("worklist", "/worklist/front_door/")] * 3
            acts += [lambda: self.page("referral", self.chance.choice(self.referrals))] * 4
            acts += [self.search, self.search, self.save]
        else:
            acts += [lambda: self.page("cases", "/cases/")] * 2
            acts += [lambda: self.page("case", self.chance.choice(self.cases))] * 4
            acts += [lambda: self.page("worklist", "/worklist/mine/")]
        while time.monotonic() < end:
            self.chance.choice(acts)()


def _run(url: str) -> list[Worker]:
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


def test_pages(tmp_path: Path, django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    data = tmp_path / "data"
    site = RunningSite(data, "--demo", "--port", "0").wait_until_ready()
    site.stop()
    site.clear_away()
    secret = (data / "secret-key").read_text().strip()
    with EmbeddedPostgres(data) as urls:
        with django_db_blocker.unblock(), _django_uses(urls):  # type: ignore[attr-defined]
            rows = _enlarge(urls)
        environment = clean_environment(
            DATABASE_URL=urls.application, JOINEDUP_DATA=str(data), JOINEDUP_DEMO="1", JOINEDUP_SECRET_KEY=secret,
            JOINEDUP_PARENT=str(os.getpid()),
        )  # fmt: skip
        command = [sys.executable, "-m", "joinedup.cli.web", "127.0.0.1", "8799", "2"]
        with subprocess.Popen(command, env=environment) as web:
            try:
                wait_for(lambda: _answers("http://127.0.0.1:8799/health/"))
                workers = _run("http://127.0.0.1:8799")
            finally:
                web.terminate()
                web.wait(20)
    _report(rows, workers)
    assert [error for worker in workers for error in worker.errors] == []


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False


def _lines(workers: list[Worker]) -> Iterator[str]:
    kinds: dict[str, list[float]] = defaultdict(list)
    for worker in workers:
        for kind, took in worker.took.items():
            kinds[kind] += took
    for kind, took in sorted(kinds.items()):
        if len(took) > 1:
            p95 = statistics.quantiles(took, n=20)[-1]
            yield f"| {kind} | {len(took)} | {statistics.median(took):.0f} | {p95:.0f} | {max(took):.0f} |"


def _report(rows: dict[str, int], workers: list[Worker]) -> None:
    pages = sum(len(took) for worker in workers for took in worker.took.values())
    errors = sum(len(worker.errors) for worker in workers)
    restricted = [worker for worker in workers if not worker.is_front_door]
    held = ", ".join(f"{count:,} rows in {table}" for table, count in rows.items())
    text = [
        "# Pages for twenty people at once",
        "",
        f"Measured on {timezone.now():%-d %B %Y}: {os.cpu_count()} cores ({platform.machine()}), Python "
        f"{platform.python_version()}, the embedded PostgreSQL with full durability, load average "
        f"{os.getloadavg()[0]:.1f} at the end. Written by `./run bench tests/bench`.",
        "",
        f"{held}. {CLIENTS} clients without pauses for {SECONDS} seconds, on the same cores as the server.",
        f"**{pages / SECONDS:.0f} pages a second, {errors} errors.**",
        "",
        "| page | times | p50 ms | p95 ms | longest ms |",
        "|---|---|---|---|---|",
        *_lines(workers),
        "",
        "The most restricted of them (a key worker, who sees only the families they work with):",
        "",
        "| page | times | p50 ms | p95 ms | longest ms |",
        "|---|---|---|---|---|",
        *_lines(restricted),
        "",
    ]
    REPORT.write_text("\n".join(text), encoding="utf-8")
