"""Killed with -9 again and again during saves: nothing acknowledged is lost, nothing is half-done."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from joinedup.cli.postgres import EmbeddedPostgres

pytestmark = [pytest.mark.kills, pytest.mark.deep]
ROUNDS = 100
# Saves pairs of rows in one transaction, and says which number was acknowledged.
WRITER = """
import sys, psycopg
connection = psycopg.connect(sys.argv[1])
number = connection.execute("SELECT coalesce(max(number), 0) FROM saved").fetchone()[0]
connection.commit()
while True:
    number += 1
    with connection.transaction():
        connection.execute("INSERT INTO saved VALUES (%s, 'first')", [number])
        connection.execute("INSERT INTO saved VALUES (%s, 'second')", [number])
    print(number, flush=True)
"""


def test_a_hundred_kills_of_the_database_lose_nothing_acknowledged(tmp_path: Path) -> None:
    chance = random.Random(7)
    acknowledged = 0
    with (server := EmbeddedPostgres(tmp_path / "data")) as urls:
        with psycopg.connect(urls.owner, autocommit=True) as connection:
            connection.execute("CREATE TABLE saved (number bigint, half text, PRIMARY KEY (number, half))")
        for _ in range(ROUNDS):
            with subprocess.Popen(
                [sys.executable, "-c", WRITER, urls.owner], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            ) as writer:
                assert writer.stdout
                first = writer.stdout.readline()
                assert first, "the writer could not begin"
                time.sleep(chance.uniform(0, 0.2))
                os.kill(int((server.cluster / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
                numbers = [first, *writer.stdout]
                writer.wait(20)
            acknowledged = int(numbers[-1])
            while not server.ensure_running():
                time.sleep(0.01)
            with psycopg.connect(urls.owner) as connection:
                kept, pairs = connection.execute(
                    "SELECT max(number), count(*) FILTER (WHERE halves = 2) = count(*)"
                    " FROM (SELECT number, count(*) AS halves FROM saved GROUP BY number) AS each"
                ).fetchone() or (0, False)
            assert kept >= acknowledged
            assert pairs, "a save was half-done"
    shutil.rmtree(server.socket_folder)
    assert acknowledged > ROUNDS
