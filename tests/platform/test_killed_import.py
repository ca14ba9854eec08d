"""An import killed with -9 half-way, again and again: nothing of it is left, and the next one lands whole.

Three rounds by default; `./run deep` does fifty.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.bench.messy import messy_file
from tests.platform.processes import clean_environment
from tests.support.database import Database

pytestmark = pytest.mark.kills

ROWS = 2500
# All but the trail of who did what, which keeps a dry run and an undone import, too.
_TABLES = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname NOT LIKE 'django%'
  AND relname NOT LIKE 'access_audit%'
ORDER BY relname
"""


def left(database: Database) -> dict[str, int]:
    """How many rows each table has."""
    with database.as_owner() as connection:
        tables = [name for (name,) in connection.execute(_TABLES)]
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}  # type: ignore[index]


def environment(database: Database) -> dict[str, str]:
    return clean_environment(
        DATABASE_URL=database.urls.application,
        JOINEDUP_OWNER_DATABASE_URL=database.urls.owner,
        JOINEDUP_DEMO="1",
        JOINEDUP_SECRET_KEY="only-for-tests-" + "x" * 40,
    )


def started(database: Database, file: Path, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "joinedup", "records", "import", str(file), "--agency", "NHS", "--json"]
    return subprocess.Popen(
        [*command, "--data", str(folder)],
        env=environment(database),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(database: Database, file: Path, folder: Path) -> tuple[dict[str, Any], list[str]]:
    process = started(database, file, folder)
    said, progress = process.communicate(timeout=300)
    assert process.returncode == 0, progress
    return json.loads(said), progress.splitlines()


def kill_somewhere(process: subprocess.Popen[str], chance: random.Random, lines: int) -> None:
    """Let it say some lines, wait a moment, kill it."""
    assert process.stderr
    for _ in range(chance.randrange(1, lines - 1)):
        if not process.stderr.readline():
            break
    time.sleep(chance.uniform(0, 0.1))
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=120)


def killed_again_and_again(database: Database, folder: Path, rounds: int) -> None:
    from joinedup.organisations.tests.factories import make_organisation

    make_organisation(code="NHS", kind="nhs")
    file = folder / "people.csv"
    file.write_bytes(messy_file(ROWS))
    before = left(database)
    dry = subprocess.run(
        [sys.executable, "-m", "joinedup", "records", "import", str(file), "--agency", "NHS", "--dry-run", "--json", "--data", str(folder)],
        env=environment(database), capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    lines = len(dry.stderr.splitlines())
    after_dry = left(database)
    assert after_dry == before
    chance, killed = random.Random(11), 0
    for _ in range(4 * rounds):  # where it is quicker than we are, once more
        if killed == rounds:
            break
        process = started(database, file, folder)
        kill_somewhere(process, chance, lines)
        _wait_for_the_end(database)
        now = left(database)
        if now["person_index_importrun"]:  # it was quicker than we were: then it is all there
            assert now["person_index_agencyrecord"] == json.loads(dry.stdout)["created"]
            undo_the_last()
            continue
        killed += 1
        assert process.returncode == -signal.SIGKILL
        assert now == after_dry
    counts, _ = finished(database, file, folder)
    assert counts == json.loads(dry.stdout)
    assert counts["read"] == sum(number for name, number in counts.items() if name != "read")
    assert left(database)["person_index_agencyrecord"] == counts["created"] > ROWS * 0.9
    again, _ = finished(database, file, folder)
    assert again == counts | {"created": 0, "unchanged": counts["created"]}
    assert killed == rounds


def undo_the_last() -> None:
    """Take a whole import back and forget that it was, so that the next round begins as the first did."""
    from joinedup.access.actor import system
    from joinedup.person_index.models import ImportRun
    from joinedup.person_index.services import undo_import

    run = ImportRun.objects.latest("started_at")
    undo_import(run=run, by=system(run.started_at), at=run.started_at)
    run.delete()


def _wait_for_the_end(database: Database) -> None:
    """Until the database has noticed that nobody is there any more and has rolled back."""
    for _ in range(1200):
        with database.as_owner() as connection:
            others = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND xact_start IS NOT NULL AND backend_type = 'client backend'"
            ).fetchone()
        if others == (0,):
            return
        time.sleep(0.05)
    raise AssertionError("the killed import's transaction goes on")


def test_an_import_killed_half_way_leaves_nothing(fresh_database: Database, tmp_path: Path) -> None:
    killed_again_and_again(fresh_database, tmp_path, rounds=3)


@pytest.mark.deep
def test_fifty_imports_killed_half_way_leave_nothing(fresh_database: Database, tmp_path: Path) -> None:
    killed_again_and_again(fresh_database, tmp_path, rounds=50)
