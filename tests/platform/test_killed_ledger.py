"""Bulk posting killed with -9 again and again: what was acknowledged is there, nothing is half-posted, the chain is whole
and sending the same again posts only what is missing.

Three kills by default; `./run deep` does a hundred, and writes down what they came to.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

from tests.bench.ledger_report import write_kills
from tests.platform.ledger_poster import BATCH
from tests.platform.processes import PATIENCE, ROOT, clean_environment
from tests.support.database import Database

pytestmark = pytest.mark.kills


@dataclass
class Tally:
    """What the kills came to."""

    kills: int = 0
    acknowledged: int = 0
    unheard: int = 0
    half_way: int = 0
    entries: int = 0
    seconds: float = 0.0


def killed_again_and_again(database: Database, folder: Path, kills: int) -> Tally:
    from joinedup.access.actor import system
    from joinedup.funds.models import Entry, Posting
    from joinedup.funds.queries import verify_ledger
    from joinedup.funds.tests.ledgers import make_world
    from joinedup.organisations.tests.factories import AT

    fund, chance = make_world().fund, random.Random(7)
    began, tally = time.monotonic(), Tally()
    acknowledged: set[int] = set()
    begin = 0
    with Nursery(database, str(fund.pk), folder) as nursery:
        for _ in range(kills):
            acknowledged |= nursery.post_until_killed(begin, chance)
            _wait_for_the_end(database)
            found = verify_ledger(system(AT))
            assert found.is_sound, found.faults[:3]
            entries = Entry.objects.filter(fund=fund).values_list("key", flat=True)
            batches = Counter(int(key.split()[1]) for key in entries)
            assert all(batches[number] == BATCH for number in acknowledged)
            # Of a batch posted at once there is all or nothing; one posted one by one may have got half-way.
            assert all(size == BATCH for number, size in batches.items() if number % 2 == 0)
            assert Posting.objects.filter(fund=fund).count() == 2 * sum(batches.values()) == 2 * found.sealed
            tally.kills += 1
            tally.unheard += sum(size == BATCH for number, size in batches.items() if number not in acknowledged)
            tally.half_way += sum(size < BATCH for size in batches.values())
            tally.entries = found.sealed
            begin = max(acknowledged, default=-1) + 1  # as a program would that heard no answer: the same again
    assert acknowledged == set(range(begin))
    assert begin >= kills
    tally.acknowledged, tally.seconds = begin, time.monotonic() - began
    return tally


class Nursery:
    """The process that forks posters, so that each kill is of a whole process with a connection of its own and none waits
    for the program to load."""

    def __init__(self, database: Database, fund_id: str, folder: Path) -> None:
        self._said = folder / "posted"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.platform.ledger_poster", fund_id],
            cwd=ROOT,
            env=clean_environment(
                DATABASE_URL=database.urls.application, JOINEDUP_DEMO="1", JOINEDUP_POOL="0",
                JOINEDUP_SECRET_KEY="only-for-tests-" + "x" * 40,
            ),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def __enter__(self) -> Nursery:
        assert self._out.readline() == "ready\n"
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate(timeout=PATIENCE)

    @property
    def _out(self) -> IO[str]:
        assert self._process.stdout
        return self._process.stdout

    def post_until_killed(self, begin: int, chance: random.Random) -> set[int]:
        """Let a process post until it has said a few times that it has; then, at any moment, kill it."""
        self._said.write_text("")
        assert self._process.stdin
        self._process.stdin.write(f"{begin} {self._said}\n")
        self._process.stdin.flush()
        poster = int(self._out.readline())
        wanted, until = chance.randrange(1, 5), time.monotonic() + PATIENCE
        while len(self._heard()) < wanted and time.monotonic() < until:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.15))
        os.kill(poster, signal.SIGKILL)
        assert int(self._out.readline()) == signal.SIGKILL, "the poster ended by itself"
        return set(self._heard())

    def _heard(self) -> list[int]:
        return [int(line) for line in self._said.read_text().splitlines(keepends=True) if line.endswith("\n")]


def _wait_for_the_end(database: Database) -> None:
    """Until the database has noticed that nobody is there any more and has rolled back."""
    until = time.monotonic() + PATIENCE
    with database.as_owner() as connection:
        while time.monotonic() < until:
            others = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND xact_start IS NOT NULL AND backend_type = 'client backend'"
            ).fetchone()
            connection.rollback()
            if others == (0,):
                return
            time.sleep(0.01)
    raise AssertionError("the killed program's transaction goes on")


def test_bulk_posting_killed_loses_nothing_and_leaves_nothing_half_posted(
    fresh_database: Database, tmp_path: Path
) -> None:
    killed_again_and_again(fresh_database, tmp_path, kills=3)


@pytest.mark.deep
def test_a_hundred_kills_of_bulk_posting(fresh_database: Database, tmp_path: Path) -> None:
    tally = killed_again_and_again(fresh_database, tmp_path, kills=100)
    write_kills([
        f"A process that posts to one fund, {BATCH} entries at once and {BATCH} one by one in turn, was killed with `-9`"
        f" {tally.kills} times at any moment, and another sent the same again from where the last was heard. Measured on"
        f" {time.strftime('%d %B %Y').lstrip('0')} with a load average of {os.getloadavg()[0]:.1f}; written by"
        " `./run deep tests/platform/test_killed_ledger.py`.",
        "",
        "| what | count |",
        "|---|---|",
        f"| kills | {tally.kills} |",
        f"| batches acknowledged | {tally.acknowledged} |",
        "| of them missing afterwards, even in part | 0 |",
        f"| batches committed whose answer was not heard any more | {tally.unheard} |",
        "| batches sent at once of which only a part was there | 0 |",
        f"| batches sent one by one that had got half-way, each entry whole | {tally.half_way} |",
        f"| entries at the end, each once | {tally.entries:,} |",
        "| faults found by verifying the whole ledger after each kill | 0 |",
        f"| seconds for a kill with everything checked after it | {tally.seconds / tally.kills:.1f} |",
    ])  # fmt: skip
