"""Bulk posting killed with -9 again and again: what was acknowledged is there, nothing is half-posted, the chain is whole
and sending the same again posts only what is missing.

Three kills by default; `./run deep` does a hundred.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

from tests.platform.ledger_poster import BATCH
from tests.platform.processes import ROOT, clean_environment
from tests.support.database import Database

pytestmark = pytest.mark.kills


def killed_again_and_again(database: Database, kills: int) -> None:
    from joinedup.access.actor import system
    from joinedup.funds.models import Entry, Posting
    from joinedup.funds.queries import verify_ledger
    from joinedup.funds.tests.ledgers import make_world
    from joinedup.organisations.tests.factories import AT

    fund, chance = make_world().fund, random.Random(7)
    acknowledged: set[int] = set()
    begin = 0
    for _ in range(kills):
        said = _post_until_killed(database, str(fund.pk), begin, chance)
        acknowledged |= said
        _wait_for_the_end(database)
        found = verify_ledger(system(AT))
        assert found.is_sound, found.faults[:3]
        entries = Entry.objects.filter(fund=fund).values_list("key", flat=True)
        batches = Counter(int(key.split()[1]) for key in entries)
        assert all(batches[number] == BATCH for number in acknowledged)
        # Of a batch posted at once there is all or nothing; one posted one by one may have got half-way.
        assert all(size == BATCH for number, size in batches.items() if number % 2 == 0)
        assert Posting.objects.filter(fund=fund).count() == 2 * sum(batches.values()) == 2 * found.sealed
        begin = max(acknowledged, default=-1) + 1  # as a program would that heard no answer: the same again
    assert acknowledged == set(range(begin))
    assert begin >= kills


def _post_until_killed(database: Database, fund_id: str, begin: int, chance: random.Random) -> set[int]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.platform.ledger_poster", fund_id, str(begin)],
        cwd=ROOT,
        env=clean_environment(
            DATABASE_URL=database.urls.application, JOINEDUP_DEMO="1", JOINEDUP_SECRET_KEY="only-for-tests-" + "x" * 40
        ),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    lines = [process.stdout.readline() for _ in range(chance.randrange(1, 5))]
    time.sleep(chance.uniform(0, 0.15))
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL
    return {int(line) for line in (*lines, *rest.splitlines())}


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
    raise AssertionError("the killed program's transaction goes on")


def test_bulk_posting_killed_loses_nothing_and_leaves_nothing_half_posted(fresh_database: Database) -> None:
    killed_again_and_again(fresh_database, kills=3)


@pytest.mark.deep
def test_a_hundred_kills_of_bulk_posting(fresh_database: Database) -> None:
    killed_again_and_again(fresh_database, kills=100)
