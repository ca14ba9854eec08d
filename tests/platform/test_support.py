"""What the other tests stand on: the right role, a database of one's own, the site, the browser, no network."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from django.apps import apps
from django.db import connection, transaction

from tests.platform.processes import ROOT, clean_environment
from tests.support.database import Database, hold, sweep
from tests.support.site import LiveSite

if TYPE_CHECKING:
    from playwright.sync_api import Page


def who_and_where() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        user, name = cursor.fetchone()
    return user, name


@pytest.mark.django_db
def test_ordinary_tests_run_as_the_application_role() -> None:
    assert who_and_where() == ("joinedup_app", "ordinary")


@pytest.mark.parametrize("time", [1, 2])
def test_a_fresh_database_is_empty_each_time_and_keeps_what_is_committed(fresh_database: Database, time: int) -> None:
    organisations = apps.get_model("organisations", "Organisation").objects
    assert not organisations.exists()
    assert who_and_where() == ("joinedup_app", fresh_database.name)
    with fresh_database.as_owner() as owner:
        owner.execute("CREATE TABLE note (words text)")
        owner.execute("GRANT SELECT, INSERT ON note TO joinedup_app")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO note VALUES ('kept')")
    with fresh_database.as_application() as other:
        assert other.execute("SELECT words FROM note").fetchone() == ("kept",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            other.execute("DROP TABLE note")


def test_the_demo_is_there_for_those_who_ask(demo_database: Database) -> None:
    assert apps.get_model("organisations", "Organisation").objects.exists()


@pytest.mark.browser
def test_the_live_site_answers_a_browser(live_site: LiveSite, page: Page) -> None:
    answer = page.goto(f"{live_site.url}/health/")
    assert answer
    assert answer.status == 200


def test_there_is_no_network() -> None:
    with socket.socket() as outside, pytest.raises(PermissionError, match="must not use the network"):
        outside.connect(("192.0.2.1", 80))


def test_only_what_a_killed_run_left_is_cleared_away(tmp_path: Path) -> None:
    """Whether the server of a run is up says nothing: it is stopped for a moment while a copy of it is kept."""
    used, left, of_another_kind = (
        tmp_path / f"{kind}-{tmp_path.name}" for kind in ("joinedup-test-used", "joinedup-test-left", "other")
    )
    for folder in (used, left, of_another_kind):
        folder.mkdir()
        (folder / "postgres.users").touch()
    hold(left).close()  # as the end of its process does, however it ends
    with hold(used):
        sweep([tmp_path])
        assert used.exists()
        assert not left.exists()
        assert of_another_kind.exists()
    sweep([tmp_path])
    assert not used.exists()


_LUCK = """
import pathlib, pytest

def lucky_the_second_time(name):
    note = pathlib.Path(__file__).with_name(name)
    if not note.exists():
        note.touch()
        raise OSError(f"no luck with {name}")

@pytest.mark.browser
def test_drives_a_browser():
    lucky_the_second_time("browser")

@pytest.mark.kills
def test_kills():
    lucky_the_second_time("kills")

@pytest.mark.kills
def test_kills_and_is_wrong():
    raise OSError("wrong")

def test_of_another_kind():
    lucky_the_second_time("another")
"""


@pytest.mark.parametrize("processes", ["0", "2"])
def test_only_browser_and_killing_tests_are_run_again_and_it_is_said(tmp_path: Path, processes: str) -> None:
    (tmp_path / "test_luck.py").write_text(_LUCK)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n  browser: x\n  kills: x\n")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.support.again", "-n", processes, "test_luck.py"],
        cwd=tmp_path, env=clean_environment(PYTHONPATH=str(ROOT)), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 1, ran.stdout
    assert sorted(re.findall(r"needed a second run, and (.*)", ran.stdout)) == [
        "failed again: test_luck.py::test_kills_and_is_wrong",
        "then passed: test_luck.py::test_drives_a_browser",
        "then passed: test_luck.py::test_kills",
    ]
    assert "no luck with browser" in ran.stdout
    assert re.search(r"2 failed, 2 passed, 3 rerun", ran.stdout), ran.stdout
