"""The whole site, running, with the demo partnership in a database of the test's own."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.database import DEMO, MIGRATED, Database, _refuse_both, copy_of, django_uses, drop


@dataclass(frozen=True)
class LiveSite:
    """A running site: its address and its database."""

    url: str
    database: Database


@pytest.fixture(scope="session")
def demo_template(django_db_setup: None, django_db_blocker: Any) -> str:
    """The name of a database that holds the demo partnership, loaded once."""
    from django.utils import timezone

    from joinedup.cli.demo import load_demo

    database = copy_of(MIGRATED, DEMO)
    with django_db_blocker.unblock(), django_uses(database):
        load_demo(at=timezone.now())
    with database.as_owner() as connection:
        connection.execute("ANALYZE")  # a server in service does so by itself; without, some pages take seconds
    return DEMO


@pytest.fixture
def demo_database(request: pytest.FixtureRequest, demo_template: str, django_db_blocker: Any) -> Iterator[Database]:
    """A database of the test's own that holds the demo partnership."""
    _refuse_both(request)
    database = copy_of(demo_template)
    with django_db_blocker.unblock(), django_uses(database):
        yield database
    drop(database)


@pytest.fixture
def live_site(demo_database: Database) -> Iterator[LiveSite]:
    """The site on a free port of this machine, over a fresh copy of the demo partnership."""
    with _serving() as url:
        yield LiveSite(url, demo_database)


@pytest.fixture(scope="module")
def shared_site(demo_template: str, django_db_blocker: Any) -> Iterator[LiveSite]:
    """As `live_site`, one for all tests of a module: for tests that only look."""
    database = copy_of(demo_template)
    with django_db_blocker.unblock(), django_uses(database), _serving() as url:
        yield LiveSite(url, database)
    drop(database)


@pytest.fixture(scope="session")
def demo_started_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which `joinedup serve --demo` has started for the first time and was stopped. The processes of
    a run share it: whoever needs it first makes it, the others wait."""
    from tests.platform.processes import RunningSite

    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    made = shared / "demo-started-once"
    with (shared / "demo-started-once.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            draft = shared / "demo-being-started"
            shutil.rmtree(draft, ignore_errors=True)
            site = RunningSite(draft, "--demo", "--port", "0")
            try:
                site.wait_until_ready()
                site.stop()
                assert site.process.returncode == 0, site.said()
            finally:
                site.clear_away()
            draft.rename(made)
    return made


@pytest.fixture
def demo_folder(demo_started_once: Path, tmp_path: Path) -> Path:
    """A data folder of the test's own, as the first start of the demo leaves it. What begins with a first start of its
    own says so by taking another folder."""
    copy = tmp_path / "data"
    subprocess.run(["cp", "-a", str(demo_started_once), str(copy)], check=True)  # with whose each file is
    return copy


@contextmanager
def _serving() -> Iterator[str]:
    from django.conf import settings
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.db import connections
    from django.utils.module_loading import import_string

    class QuietHandler(WSGIRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Requests are not worth a line; errors are logged by Django itself."""

    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler, allow_reuse_address=False)
    server.daemon_threads = True
    site = import_string(settings.WSGI_APPLICATION)
    answering: set[int] = set()

    def counted(environ: Any, start_response: Any) -> Any:
        answering.add(threading.get_ident())
        try:
            return site(environ, start_response)
        finally:
            answering.discard(threading.get_ident())

    server.set_app(counted)
    before = connections.settings["default"]["CONN_MAX_AGE"]
    connections.settings["default"]["CONN_MAX_AGE"] = None  # as in service, where a pool keeps them
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        connections.settings["default"]["CONN_MAX_AGE"] = before
        server.shutdown()
        server.server_close()
        deadline = time.monotonic() + 5
        while answering and time.monotonic() < deadline:  # the database goes next
            time.sleep(0.01)
        thread.join(5)
