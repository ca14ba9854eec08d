"""The whole site, running, with the demo partnership in a database of the test's own."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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

    with django_db_blocker.unblock(), django_uses(copy_of(MIGRATED, DEMO)):
        load_demo(at=timezone.now())
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


@contextmanager
def _serving() -> Iterator[str]:
    from django.conf import settings
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
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
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        deadline = time.monotonic() + 5
        while answering and time.monotonic() < deadline:  # the database goes next
            time.sleep(0.01)
        thread.join(5)
