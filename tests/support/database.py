"""PostgreSQL for tests: started when the first test asks, migrated once by the owner, used as the application role.

Ordinary tests mark themselves `django_db` and are rolled back. A test that needs real commits, several connections or
the owner asks for `fresh_database`: a copy of the migrated database, dropped afterwards. Django's own flushing of
tables cannot work here, because some tables refuse to be emptied.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import itertools
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from joinedup.cli.postgres import APPLICATION, OWNER, DatabaseUrls, EmbeddedPostgres

MIGRATED, DEMO = "joinedup", "joinedup_demo"

_ROOT = Path(__file__).resolve().parents[2]
_CACHE = _ROOT / ".pytest_cache" / "joinedup"
_SECRETS = "postgres-secrets.json"
_ROOM = 1_500_000_000  # what the databases of a whole run may take, with their logs

_MEMORY = Path("/dev/shm")


def _roomiest() -> Path:
    """Where the test server lies: in memory where there is plenty, because each copy of the database is two thousand
    small files, which on a disk take twenty times as long; else where temporary files go."""
    try:
        meminfo = Path("/proc/meminfo").read_text()
        available = int(meminfo.partition("MemAvailable:")[2].split()[0]) * 1024
        if os.access(_MEMORY, os.W_OK) and min(shutil.disk_usage(_MEMORY).free, available // 2) > _ROOM:
            return _MEMORY
    except (OSError, ValueError, IndexError):
        pass  # not Linux
    return Path(tempfile.gettempdir())


_PREFIX, _IN_USE = "joinedup-test-", "run.lock"


def hold(folder: Path) -> IO[str]:
    """Say that a run uses this folder, for as long as what is returned stays open: to the very end of the process, however
    it ends. The lock gets its name once it is held, so that nobody ever finds it free in a folder that is in use."""
    draft = folder / f"{_IN_USE}.new"
    lock = draft.open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    draft.rename(folder / _IN_USE)
    return lock


_data = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_roomiest()))
_held = hold(_data)
(_data / "static").mkdir()  # else whitenoise warns, and warnings are errors
_server = EmbeddedPostgres(_data, durable=False)
_numbers = itertools.count(1)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Point Django at the coming server. Nothing starts yet, so that tests without a database stay quick."""
    if config.getoption("dist", "no") != "no" and not hasattr(config, "workerinput"):
        _held.close()
        shutil.rmtree(_data)  # this process only shares the tests out, to others that inherit its environment
        return
    sweep({_MEMORY, Path(tempfile.gettempdir())})
    kept = _CACHE / _state_of_migrations()
    if kept.exists():
        shutil.copy2(kept / _SECRETS, _data)
    urls = _server.prepare()
    os.environ.update(
        DJANGO_SETTINGS_MODULE="joinedup.config.settings",
        DATABASE_URL=urls.application,
        JOINEDUP_OWNER_DATABASE_URL=urls.owner,
        JOINEDUP_DATA=str(_data),
        JOINEDUP_DEMO="1",
        JOINEDUP_POOL="0",
        JOINEDUP_SECRET_KEY="only-for-tests-" + "x" * 40,
        DJANGO_ALLOW_ASYNC_UNSAFE="true",  # the browser driver runs an event loop in the thread of the test
    )
    atexit.register(_clear_away)
    _start_django()


def _start_django() -> None:
    """Tests of pure parts run even while the settings are broken; the others fail with their own clear error."""
    import django
    from django.conf import empty, settings

    try:
        django.setup()
        _hash_passwords_cheaply()
    except Exception as error:
        settings._wrapped = empty  # otherwise the Django plugin tries again and stops the whole run
        del os.environ["DJANGO_SETTINGS_MODULE"]
        sys.stderr.write(f"Django does not start, so only pure tests can run: {type(error).__name__}: {error}\n")


def _hash_passwords_cheaply() -> None:
    """The same hashing as in service, with the least work it can be asked for: the sign-in tests hash hundreds."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1


def _clear_away() -> None:
    _server.stop()
    _remove(_server)
    _held.close()


def _remove(server: EmbeddedPostgres) -> None:
    shutil.rmtree(server.socket_folder, ignore_errors=True)
    shutil.rmtree(server.data, ignore_errors=True)


def sweep(places: Iterable[Path]) -> None:
    """Clear away what earlier runs left behind when they were killed. A run whose server is stopped for a moment, as while
    a copy of it is kept, still holds its folder."""
    for folder in (folder for place in places for folder in place.glob(f"{_PREFIX}*")):
        if (folder / _IN_USE).exists() and folder.stat().st_uid == os.geteuid():
            with (folder / _IN_USE).open() as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                left = EmbeddedPostgres(folder)
                if left.stop_if_abandoned():
                    _remove(left)


def _state_of_migrations() -> str:
    """A name for everything the migrated database depends on: while it stays the same, a kept copy will do."""
    source = _ROOT / "src" / "joinedup"
    files = [_ROOT / "locks" / "run.txt", source / "core" / "database.py", *source.glob("cli/postgres*.py")]
    files += [*source.glob("*/apps.py"), *source.glob("*/migrations/*.py")]
    digest = hashlib.sha256(str(os.geteuid()).encode())
    for file in sorted(files):
        digest.update(f"{file}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:24]


def _migrated_by_somebody() -> bool:
    """Whether a copy of the migrated server was kept by an earlier run and has been put in place."""
    kept = _CACHE / _state_of_migrations()
    if not kept.exists() or (kept / _SECRETS).read_text() != (_data / _SECRETS).read_text():
        return False
    shutil.copytree(kept / "postgres", _server.cluster)
    return True


def _keep_for_others() -> None:
    """Keep a copy of the migrated server for later runs, and only the latest few copies."""
    draft = Path(tempfile.mkdtemp(prefix="new-", dir=_made(_CACHE)))
    shutil.copytree(_server.cluster, draft / "postgres")
    shutil.copy2(_data / _SECRETS, draft)
    try:
        draft.rename(_CACHE / _state_of_migrations())
    except OSError:  # another run was quicker
        shutil.rmtree(draft, ignore_errors=True)
    for old in sorted(_CACHE.iterdir(), key=lambda path: path.stat().st_mtime)[:-3]:
        shutil.rmtree(old, ignore_errors=True)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@dataclass(frozen=True)
class Database:
    """One database of the test server and the ways into it."""

    name: str
    urls: DatabaseUrls

    def as_owner(self) -> psycopg.Connection[Any]:
        """A connection as the role that owns the tables, committing each statement."""
        return psycopg.connect(self.urls.owner, autocommit=True)

    def as_application(self) -> psycopg.Connection[Any]:
        """A connection as the role the program runs as, committing each statement."""
        return psycopg.connect(self.urls.application, autocommit=True)


def copy_of(template: str, name: str | None = None) -> Database:
    """A new database with everything that is in `template`, which nobody may be using."""
    name = name or f"copy_{next(_numbers)}"
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY file_copy")
    _as_superuser(statement.format(sql.Identifier(name), sql.Identifier(template), sql.Identifier(OWNER)))
    return Database(name, _urls_of(name))


def drop(database: Database) -> None:
    """Remove a database, whoever is still connected."""
    _as_superuser(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database.name)))


@contextmanager
def django_uses(database: Database) -> Iterator[Database]:
    """Django's connections, in every thread, lead to `database` within the block."""
    from django.db import connections

    before = {alias: connections[alias].settings_dict["NAME"] for alias in connections}
    try:
        _point(dict.fromkeys(before, database.name))
        yield database
    finally:
        _point(before)


def _point(names: dict[str, str]) -> None:
    from django.db import connections

    for alias, name in names.items():
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def _urls_of(name: str) -> DatabaseUrls:
    urls = _server.prepare()

    def renamed(url: str) -> str:
        return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))

    return DatabaseUrls(*(renamed(url) for url in (urls.owner, urls.application, urls.superuser)))


def _as_superuser(statement: sql.Composed) -> None:
    with psycopg.connect(_urls_of("postgres").superuser, autocommit=True) as connection:
        connection.execute(statement)


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """What a test before this one set for the partnership is rolled back, so it must not be remembered either; nor how
    often somebody asked within the hour."""
    partnership = sys.modules.get("joinedup.core.partnership")
    if partnership is not None:
        from django.conf import settings
        from django.core.cache import cache

        partnership.forget()
        if settings.configured:  # a file of pure tests, run alone, has none
            cache.clear()


@pytest.fixture(scope="session")
def migrated_server(django_db_blocker: Any) -> EmbeddedPostgres:
    """The running server, with the database `joinedup` migrated by its owner and never used for anything else."""
    from django.core.management import call_command
    from django.db import connections

    from joinedup.core.database import grant_application_rights

    if _migrated_by_somebody():
        _server.start()
        return _server
    _server.start()
    with django_db_blocker.unblock():
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        grant_application_rights(using="owner", role=APPLICATION)
        connections.close_all()
    _server.stop()
    _keep_for_others()
    _server.start()
    return _server


@pytest.fixture(scope="session")
def django_db_setup(migrated_server: EmbeddedPostgres, django_test_environment: None, django_db_blocker: Any) -> Any:
    """Replaces pytest-django's: tests run in a copy, as the application role."""
    with django_db_blocker.unblock(), django_uses(copy_of(MIGRATED, "ordinary")):
        yield


@pytest.fixture
def fresh_database(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[Database]:
    """A database of the test's own, empty and migrated, where commits are real and the owner can be played."""
    _refuse_both(request)
    database = copy_of(MIGRATED)
    with django_db_blocker.unblock(), django_uses(database):
        yield database
    drop(database)


def _refuse_both(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("django_db") or "db" in request.fixturenames:
        pytest.fail("Use either django_db or a database of the test's own, not both.", pytrace=False)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Django's way to commit in tests ends by emptying every table, which sealed tables refuse."""
    wrong = []
    for item in items:
        marker = item.get_closest_marker("django_db")
        used = {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
        if used or (marker and (marker.kwargs.get("transaction") or any(marker.args))):
            wrong.append(item.nodeid)
    if wrong:
        raise pytest.UsageError(f"Use the fixture fresh_database instead of transactional tests: {', '.join(wrong)}")
