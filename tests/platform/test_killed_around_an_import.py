"""A file is sent and everything around its import dies: the web server before it is started, the database while it runs.

What was sent waits where it was; what was begun lands once and whole, or is reported. `./run deep` does ten rounds.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests

from tests.bench.messy import messy_file
from tests.journeys.test_killed_mid_journey import School
from tests.platform.processes import RunningSite, wait_for

pytestmark = [pytest.mark.kills, pytest.mark.skipif(sys.platform != "linux", reason="Kills processes by their number.")]
ROWS = 4000
AGENCY = "HOUSING"


class Manager(School):
    """Marlow at a keyboard."""

    def sign_in(self) -> None:
        page = self.open("/account/login/")
        form = next(each for each in page.split("<form") if "Marlow Testington" in each)
        self.http.post(f"{self.url}/demo/sign-in/", data=_hidden(form), timeout=60).raise_for_status()

    def upload(self, name: str, content: bytes) -> str:
        """Send a file; the address of the page that asks about its columns."""
        page = self.open("/imports/new/")
        data = _hidden(page[page.index("<main") :]) | {"agency": AGENCY}
        sent = self.http.post(f"{self.url}/imports/new/", data=data, files={"file": (name, content)}, timeout=300)
        assert sent.url.endswith("/columns/"), sent.text[sent.text.index("<main") :][:3000]
        return sent.url.removeprefix(self.url)

    def start(self, columns: str) -> str:
        """Look ahead and start; the address of the job."""
        check = columns.replace("/columns/", "/check/")
        begun = self.send(check, self.open(check))
        assert not begun.url.endswith(check), begun.text[begun.text.index("<main") :][:3000]
        return begun.url.removeprefix(self.url)


def _hidden(form: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)"[^>]*?value="([^"]*)"', form))


def _until_it_answers(site: RunningSite) -> None:
    wait_for(lambda: site.health() == 200, within=120)


def _kill(pids: list[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _servers(site: RunningSite) -> set[int]:
    """The web server's processes: the first of them and those that answer."""
    return {pid for pid, words in site.processes().items() if "joinedup.cli.web" in words}


def _rows(site: RunningSite, sql: str) -> list[Any]:
    """From the site's own database, patiently: it may be on its way back."""
    from joinedup.cli.postgres import EmbeddedPostgres

    began = time.monotonic()
    while True:
        try:
            with psycopg.connect(EmbeddedPostgres(site.data).prepare().owner, connect_timeout=5) as connection:
                return connection.execute(sql).fetchall()  # type: ignore[arg-type]
        except psycopg.OperationalError:
            assert time.monotonic() - began < 120
            time.sleep(0.1)


_JOB = """
SELECT state, message, attempts FROM core_job WHERE kind = 'person_index.import_file' ORDER BY asked_at DESC LIMIT 1
"""


def _one_round(site: RunningSite, manager: Manager, number: int) -> str:
    """Upload, kill the web server, go on; start, kill the database in the middle. How the job ended."""
    name = f"tenants {number}.csv"
    columns = manager.upload(name, messy_file(ROWS + number))
    before = _rows(site, "SELECT count(*) FROM person_index_importrun")[0][0]

    killed = _servers(site)
    _kill(sorted(killed))
    wait_for(lambda: _servers(site) - killed and not _servers(site) & killed, within=120)
    _until_it_answers(site)
    assert name in manager.open("/imports/"), "what was sent waits where it was"
    assert _rows(site, "SELECT count(*) FROM person_index_importrun")[0][0] == before

    job = manager.start(columns)
    wait_for(lambda: _rows(site, _JOB)[0][0] != "waiting", within=120)
    postmaster = int((site.data / "postgres" / "postmaster.pid").read_text().split()[0])
    _kill([postmaster])
    _until_it_answers(site)
    wait_for(lambda: _rows(site, _JOB)[0][0] not in ("waiting", "running"), within=180)
    state, message, attempts = _rows(site, _JOB)[0]
    runs = _rows(site, "SELECT counts FROM person_index_importrun ORDER BY started_at DESC LIMIT 1")
    made = _rows(site, "SELECT count(*) FROM person_index_importrun")[0][0] - before
    assert (state, made) in {("done", 1), ("failed", 0)}, (state, message, attempts, made)
    if state == "done":
        counts = runs[0][0]
        assert counts["read"] == sum(counts[each] for each in counts if each != "read")
    assert requests.get(site.url + job, timeout=60, cookies=manager.http.cookies).ok
    return str(state)


def _rounds(data: Path, rounds: int) -> list[str]:
    site = RunningSite(data, "--demo", "--port", "0")
    try:
        site.wait_until_ready()
        manager = Manager(site.url)
        manager.sign_in()
        return [_one_round(site, manager, number) for number in range(rounds)]
    finally:
        site.clear_away()


def test_the_web_server_dies_before_and_the_database_during_an_import(demo_folder: Path) -> None:
    assert _rounds(demo_folder, 1) == ["done"]


@pytest.mark.deep
def test_ten_times_over(tmp_path: Path) -> None:
    assert "done" in _rounds(tmp_path / "data", 10)
