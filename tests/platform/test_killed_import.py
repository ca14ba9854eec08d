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

ROWS = 2500
# What the programs that seal and send write by themselves is no part of an import.
_TABLES = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname NOT LIKE 'django%'
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
    said, progress = process.communicate(timeout=120)
    assert process.returncode == 0, progress
    return json.loads(said), progress.splitlines()


def kill_somewhere(process: subprocess.Popen[str], chance: random.Random, lines: int) -> bool:
    """Let it say some lines, wait a moment, kill it. Whether it was killed before it was done."""
    assert process.stderr
    for _ in range(chance.randrange(1, lines + 1)):
        if not process.stderr.readline():
            break
    time.sleep(chance.uniform(0, 0.25))
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    return process.returncode == -signal.SIGKILL


def killed_again_and_again(database: Database, folder: Path, rounds: int) -> None:
    from joinedup.organisations.tests.factories import make_organisation

    make_organisation(code="NHS", kind="nhs")
    file = folder / "people.csv"
    file.write_bytes(messy_file(ROWS))
    before = left(database)
    dry = subprocess.run(
        [sys.executable, "-m", "joinedup", "records", "import", str(file), "--agency", "NHS", "--dry-run", "--data", str(folder)],
        env=environment(database), capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    lines = len(dry.stderr.splitlines())
    after_dry = left(database)
    assert {name for name in before if before[name] != after_dry[name]} <= {"access_auditevent", "access_auditwords"}
    chance, killed = random.Random(11), 0
    for _ in range(rounds):
        was_killed = kill_somewhere(started(database, file, folder), chance, lines)
        if not was_killed:
            continue
        killed += 1
        _wait_for_the_end(database)
        assert left(database) == after_dry
    counts, _ = finished(database, file, folder)
    assert counts["read"] == sum(number for name, number in counts.items() if name != "read")
    landed = left(database)
    assert landed["person_index_agencyrecord"] == counts["created"] > ROWS * 0.9
    again, _ = finished(database, file, folder)
    assert again == counts | {"created": 0, "unchanged": counts["created"]}
    assert killed >= rounds * 0.6


def _wait_for_the_end(database: Database) -> None:
    """Until the database has noticed that nobody is there any more and has rolled back."""
    for _ in range(200):
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
