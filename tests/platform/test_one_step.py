"""A new database gets the tables of a part in one step; an old one had many. Both must end alike."""

from __future__ import annotations

import re
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from tests.support.database import Database, copy_of, django_uses, drop

_SAID = (
    "SELECT table_name, column_name, udt_name, is_nullable, column_default, character_maximum_length, is_identity"
    " FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT conrelid::regclass::text, conname, contype, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT tgrelid::regclass::text, tgname, tgenabled, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "SELECT code, name, words FROM information_sharing_lawfulbasis",
    "SELECT code, name, question, unit FROM outcomes_measure",
)
_ANY_ORDER = re.compile(r"ARRAY\[([^\]]*)\]")


@pytest.mark.deep
def test_the_steps_before_and_the_one_step_leave_the_same_tables(
    migrated_server: Any, django_db_setup: None, django_db_blocker: Any
) -> None:
    empty, whole = copy_of("template1"), copy_of("joinedup")
    try:
        with django_db_blocker.unblock(), django_uses(empty):
            before = _step_by_step()
            assert len(before) > 8
            call_command("migrate", database="owner", verbosity=0, interactive=False)
        for stepwise, at_once in zip(_shape(empty), _shape(whole), strict=True):
            assert set(stepwise) ^ set(at_once) == set()
            assert len(stepwise) == len(at_once) > 0
    finally:
        drop(empty)
        drop(whole)


def _step_by_step() -> list[str]:
    """Every migration a one-step migration replaces, one after the other; the parts that have one."""
    executor = MigrationExecutor(connections["owner"])
    replaced = {name: each.replaces for name, each in executor.loader.disk_migrations.items() if each.replaces}
    executor.loader = MigrationLoader(connections["owner"], replace_migrations=False)
    executor.migrate([steps[-1] for steps in replaced.values()])
    return [f"{app}.{name}" for app, name in replaced]


def _shape(database: Database) -> list[list[str]]:
    with psycopg.connect(database.urls.owner) as connection:
        return [sorted(map(_words, connection.execute(each).fetchall())) for each in _SAID]


def _words(row: tuple[Any, ...]) -> str:
    """A row as text; what a list in a condition says counts, not its order, which is that of a set."""
    return _ANY_ORDER.sub(lambda found: ", ".join(sorted(found.group(1).split(", "))), repr(row))
