"""Two sessions at once, both with real commits, as the role the program runs as."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connections

from joinedup.access.actor import system
from joinedup.core.models import new_id
from joinedup.funds.models import Entry, Posting
from joinedup.funds.queries.verifying import verify_ledger
from joinedup.funds.services.ledger import post_entries, post_entry, reverse_entry
from joinedup.funds.tests.hostile import Hand
from joinedup.funds.tests.ledgers import World, make_world
from joinedup.organisations.tests.factories import AT
from tests.support.database import Database

BY = system(AT)


@contextmanager
def session(database: Database, world: World) -> Iterator[Hand]:
    """A session of its own in a transaction of its own."""
    with psycopg.connect(database.urls.application) as connection:
        try:
            yield Hand(connection, world, world)
        finally:
            connection.rollback()


def waits(database: Database) -> bool:
    """Whether a session waits for another."""
    with database.as_owner() as connection:
        row = connection.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()
    return bool(row and row[0])


def meanwhile(database: Database, doing: Callable[[], Any]) -> tuple[threading.Thread, list[BaseException]]:
    """Do something in a thread until it waits for somebody else's transaction."""
    caught: list[BaseException] = []

    def run() -> None:
        try:
            doing()
        except Exception as error:
            caught.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    while thread.is_alive() and not waits(database):
        thread.join(0.02)
    return thread, caught


def left(world: World) -> tuple[int, int]:
    found = verify_ledger(BY)
    assert found.is_sound, found.faults
    return Entry.objects.filter(fund=world.fund).count(), Posting.objects.filter(fund=world.fund).count()


def test_lines_slipped_into_an_entry_that_another_session_is_posting(fresh_database: Database) -> None:
    world = make_world()
    with session(fresh_database, world) as first, session(fresh_database, world) as second:
        entry = first.whole()
        second.lines(entry, 700, -700, begin=3)  # it cannot see the entry yet
        first.session.commit()  # type: ignore[attr-defined]
        with pytest.raises(psycopg.errors.ForeignKeyViolation, match="funds_posting_of_entry"):
            second.session.commit()  # type: ignore[attr-defined]
    assert left(world) == (1, 2)


def test_lines_slipped_in_under_the_stamp_of_the_other_session(fresh_database: Database) -> None:
    world = make_world()
    with session(fresh_database, world) as first, session(fresh_database, world) as second:
        entry = first.whole()
        row = first.session.execute("SELECT txid_current()").fetchone()
        with pytest.raises(psycopg.errors.IntegrityError, match="FU-207"):
            second.lines(entry, 700, -700, begin=3, txid=row[0])
        first.session.commit()  # type: ignore[attr-defined]
    assert left(world) == (1, 2)


def test_a_post_that_meets_a_closing_waits_and_is_refused(fresh_database: Database) -> None:
    world = make_world()
    with session(fresh_database, world) as closing, session(fresh_database, world) as posting:
        closing.insert(
            "funds_periodclosing", {"period_id": world.month(1).pk, "closed_at": AT, "number": 0, "digest": ""}
        )
        thread, caught = meanwhile(fresh_database, posting.whole)
        assert thread.is_alive()
        closing.session.commit()  # type: ignore[attr-defined]
        thread.join()
        assert "FU-206" in str(caught[0])
    assert left(world) == (0, 0)


def test_a_closing_that_meets_a_post_waits_and_counts_it(fresh_database: Database) -> None:
    world = make_world()
    with session(fresh_database, world) as posting, session(fresh_database, world) as closing:
        posting.whole()
        row = {"period_id": world.month(1).pk, "closed_at": AT, "number": 0, "digest": ""}
        thread, caught = meanwhile(fresh_database, lambda: closing.insert("funds_periodclosing", row))
        assert thread.is_alive()
        posting.session.commit()  # type: ignore[attr-defined]
        thread.join()
        assert caught == []
        closing.session.commit()  # type: ignore[attr-defined]
    assert left(world) == (1, 2)


def test_an_old_snapshot_does_not_post_to_a_period_closed_since(fresh_database: Database) -> None:
    world = make_world()
    with session(fresh_database, world) as posting, session(fresh_database, world) as closing:
        posting.session.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        posting.session.execute("SELECT count(*) FROM funds_entry")
        closing.insert(
            "funds_periodclosing", {"period_id": world.month(1).pk, "closed_at": AT, "number": 0, "digest": ""}
        )
        closing.session.commit()  # type: ignore[attr-defined]
        with pytest.raises(psycopg.errors.SerializationFailure):
            posting.whole()
    assert left(world) == (0, 0)


def test_one_entry_reversed_in_two_sessions(fresh_database: Database) -> None:
    world = make_world()
    entry = post_entry(fund=world.fund, draft=world.spend("invoice", 500), by=BY, at=AT)

    def reverse(hand: Hand) -> None:
        back = new_id()
        hand.lines(back, -500, 500, line_id=None)
        hand.entry(back, kind="reversal", reverses_id=entry.pk)

    with session(fresh_database, world) as first:
        done = reverse_entry(entry=entry, dated_on=entry.dated_on, reason="", by=BY, at=AT)
        with pytest.raises(psycopg.errors.UniqueViolation, match="reverses"):
            reverse(first)
    assert done.reverses_id == entry.pk
    assert left(world) == (2, 4)


def test_the_same_thing_posted_by_many_at_once_is_posted_once(fresh_database: Database) -> None:
    world = make_world()
    found: list[list[Any]] = []
    keys = [f"invoice {number}" for number in range(20)]

    def post(order: list[str]) -> None:
        drafts = [world.spend(key) for key in order]
        entries = post_entries(fund=world.fund, drafts=drafts, by=BY, at=AT)
        found.append(sorted(str(entry.pk) for entry in entries))
        connections.close_all()

    threads = [threading.Thread(target=post, args=(keys[::step],)) for step in (1, -1, 1, -1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(each == found[0] for each in found)
    assert left(world) == (20, 40)
