"""Somebody types; the browser, the web server or the database is killed with -9: at most five seconds are lost.

Measured from the moment of the kill back to the last keystroke the database holds. One round each by default.
"""

from __future__ import annotations

import os
import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from joinedup.cli.postgres import EmbeddedPostgres
from tests.journeys.steps import follow, settled
from tests.platform.processes import RunningSite
from tests.support.browser import FLAGS, be_patient, chromium_path

pytestmark = [pytest.mark.kills, pytest.mark.browser]
_MOST_LOST = 5.0


def _type_until(page: Any, began: float, seconds: float) -> None:
    """Words that say when they were typed, in thousandths of a second, without a pause."""
    while time.monotonic() - began < seconds:
        page.keyboard.type(f"{int((time.monotonic() - began) * 1000)} ")
        time.sleep(0.04)


def _victims(site: RunningSite, which: str, browser_pid: int) -> list[int]:
    if which == "browser":
        return [browser_pid]
    found = site.processes()
    postgres = {pid for pid, words in found.items() if "postgres" in words}
    return sorted(postgres) if which == "database" else [site.process.pid, *(set(found) - postgres)]


def _kill(pids: list[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _browser_pid(server: Any) -> int:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = Path(f"/proc/{entry.name}/cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if f"--user-data-dir={server}".encode() in words and not any(w.startswith(b"--type=") for w in words):
                return int(entry.name)
    raise AssertionError("the browser's process is not there")


def lost(data: Path, profile: Path, which: str, seconds: float) -> float:
    """Type for so long, kill, start nothing again: how many seconds of typing the database does not hold.

    In a thread of its own: the session's other browser holds this one's loop.
    """
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(_lost, data, profile, which, seconds).result()


def _lost(data: Path, profile: Path, which: str, seconds: float) -> float:
    from playwright.sync_api import Error, sync_playwright

    path = chromium_path()
    if path is None:
        pytest.skip("No Chromium found.")
    site = RunningSite(data, "--demo", "--port", "0")
    try:
        site.wait_until_ready()
        with sync_playwright() as driver:
            context = driver.chromium.launch_persistent_context(str(profile), executable_path=path, args=list(FLAGS))
            be_patient(context)
            page = context.pages[0]
            page.goto(f"{site.url}/account/login/")
            follow(page.get_by_role("button", name=re.compile("Rowan Testerfield")))
            page.goto(f"{site.url}/referrals/new/?draft=new")
            settled(page)
            page.get_by_label("What are you worried about?").focus()
            victims = _victims(site, which, _browser_pid(profile))
            began = time.monotonic()
            _type_until(page, began, seconds)
            killed = time.monotonic() - began
            _kill(victims)
            _kill([_browser_pid(profile)] if which != "browser" else [])
            with suppress(Error):  # it is dead
                context.close()
        if which == "browser":  # the site lives on: let it stop as it should
            site.process.terminate()
            site.process.wait(60)
    finally:
        site.clear_away()
    with EmbeddedPostgres(data) as urls, psycopg.connect(urls.owner) as connection:
        rows = connection.execute("SELECT typed->'worry'->>0 FROM core_draft ORDER BY saved_at DESC LIMIT 1").fetchall()
        connection.execute("DELETE FROM core_draft")
    last = int(rows[0][0].split()[-1]) / 1000 if rows and rows[0][0].split() else 0.0
    return killed - last


@pytest.mark.parametrize(("which", "seconds"), [("browser", 7.3), ("web server", 8.9), ("database", 6.1)])
def test_killed_while_typing(
    demo_folder: Path, tmp_path_factory: pytest.TempPathFactory, which: str, seconds: float
) -> None:
    """Of three rounds at most the best one counts: on a machine that does much else the browser itself may stand still.
    What it takes on a quiet one is measured ten times over under `./run deep`."""
    found: list[float] = []
    while len(found) < 3 and not (found and found[-1] <= _MOST_LOST):
        found.append(lost(demo_folder, tmp_path_factory.mktemp("profile"), which, seconds))
        print(f"killed the {which} after {seconds} s of typing: {found[-1]:.2f} s lost")
    assert 0 <= min(found) <= _MOST_LOST


@pytest.mark.deep
@pytest.mark.parametrize("which", ["browser", "web server", "database"])
def test_killed_ten_times_while_typing(tmp_path_factory: pytest.TempPathFactory, which: str) -> None:
    data = tmp_path_factory.getbasetemp() / "typing"
    found = [lost(data, tmp_path_factory.mktemp("profile"), which, 4 + turn * 0.37) for turn in range(10)]
    print(f"{which}: " + ", ".join(f"{gone:.2f}" for gone in found))
    assert max(found) <= _MOST_LOST
