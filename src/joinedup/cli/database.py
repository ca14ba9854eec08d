"""Opening the database for a command: a server named in DATABASE_URL, or the data folder's own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from joinedup.cli.data_folder import is_a_demo, keep_secret_key
from joinedup.cli.postgres import EmbeddedPostgres
from joinedup.core.errors import Refused

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

SETTINGS_MODULE = "joinedup.config.settings"


@contextmanager
def database(
    data: Path, *, migrate: bool = True, meanwhile: Callable[[], None] | None = None
) -> Iterator[EmbeddedPostgres | None]:
    """Start or join the database, make Django ready, and bring an embedded database up to date.

    Yields the embedded server, or nothing where DATABASE_URL names one. Stops what only this command uses. `meanwhile`
    is called as soon as the environment says where the database will be, before it is there.
    """
    begin = meanwhile or (lambda: None)
    os.environ.setdefault("JOINEDUP_POOL", "0")  # one thread, one connection
    _name_settings(data)
    if is_a_demo(data):
        os.environ.setdefault("JOINEDUP_DEMO", "1")
    if os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE"):
        begin()
        start_django(data)
        yield None
        return
    server = EmbeddedPostgres(data)
    urls = server.prepare()
    os.environ["DATABASE_URL"] = urls.application
    os.environ["JOINEDUP_OWNER_DATABASE_URL"] = urls.owner
    keep_secret_key(data)
    begin()
    server.start()
    try:
        start_django(data)
        if migrate:
            migrate_database()
        yield server
    finally:
        close_connections()
        server.stop()


def start_django(data: Path) -> None:
    """Read the settings and load every part."""
    import django

    _name_settings(data)
    django.setup()


def _name_settings(data: Path) -> None:
    os.environ["JOINEDUP_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS_MODULE)


def pending_migrations() -> list[str]:
    """The migrations the database has not had yet."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(migrating_connection())
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrating_connection() -> BaseDatabaseWrapper:
    """The owner's connection where there is an owner, else the program's own."""
    from django.db import connections

    return connections["owner" if "owner" in connections else "default"]


def migrate_database() -> int:
    """Apply what is missing and give the application role its rights; returns how many migrations were applied."""
    from django.core.management import call_command
    from django.db import DatabaseError, OperationalError, connections

    from joinedup.core.database import grant_application_rights

    try:
        pending = pending_migrations()
    except OperationalError as error:
        raise Refused(unreachable(error), rule="CL-1") from None
    if pending:
        using = migrating_connection().alias
        try:
            call_command("migrate", database=using, verbosity=0, interactive=False)
        except DatabaseError as error:
            if "permission denied" not in str(error):
                raise
            raise Refused(
                f"{len(pending)} migrations are missing and this role may not apply them: set JOINEDUP_OWNER_DATABASE_URL "
                "to the role that owns the tables, and run ./run migrate."
            ) from None
        grant_application_rights(using=using, role=connections["default"].settings_dict["USER"])
        _work_out_entries()
    return len(pending)


def _work_out_entries() -> None:
    """What people are found by is derived: an update that keeps it in another form leaves it to be worked out."""
    from django.utils import timezone

    from joinedup.person_index.services import work_out_entries

    work_out_entries(at=timezone.now())


def unreachable(error: Exception) -> str:
    """What to tell a person when the database does not answer."""
    reason = str(error).strip().splitlines()[0] if str(error).strip() else "no answer"
    return f"The database does not answer ({reason}); check DATABASE_URL and that the server runs."


def close_connections() -> None:
    """Let go of every connection, so that the server can stop at once."""
    from django.conf import settings

    if settings.configured:
        from django.db import connections

        connections.close_all()
