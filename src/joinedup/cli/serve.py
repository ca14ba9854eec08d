"""`joinedup serve`: the database, the web server, the keeper and the worker, started together, watched, stopped in order."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from joinedup.cli.children import Child
from joinedup.cli.data_folder import be_a_demo, is_a_demo
from joinedup.cli.database import close_connections, database, migrate_database
from joinedup.cli.postgres import EmbeddedPostgres
from joinedup.core.errors import Refused

WORKERS = 2
READY_WITHIN = 60.0
TICK = 0.1
# Known to the supervisor only: what it starts runs as the application role.
OWNERS_ONLY = ("JOINEDUP_OWNER_DATABASE_URL", "JOINEDUP_OWNER_DATABASE_URL_FILE", "JOINEDUP_POOL")
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked the program to stop."""


def serve_site(data: Path, *, host: str, port: int, demo: bool) -> None:
    """Run the site until told to stop. Raises Refused when it cannot be started."""
    if demo and not _is_loopback(host):
        raise Refused("In the demo anybody may sign in as anybody, so it listens on this machine only: omit --host.")
    if not demo and is_a_demo(data):
        raise Refused(f"{data} holds the demonstration: add --demo, or choose another --data folder.")
    port = claim_port(host, port)
    web = Child("web server", [sys.executable, "-m", "joinedup.cli.web", host, str(port), str(WORKERS)], {})

    def begin() -> None:
        """Load the site while the database starts: half of the time until it answers."""
        (data / "static").mkdir(exist_ok=True)
        web.environment = _environment(port)
        web.start(is_early=True)

    with _stopped_by_signals():
        try:
            if demo:
                be_a_demo(data)
            # Elsewhere than in the demo the static files it serves must be packed first.
            with database(data, meanwhile=begin if demo else None) as server:
                if server is None:
                    migrate_database()
                _fill(demo)
                close_connections()
                _run(server, web, host, port)
        except Stopped:
            return
        finally:
            if web.process is not None and web.process.poll() is None:
                web.stop(within=0.0)


def claim_port(host: str, port: int) -> int:
    """Make sure the port is free (0 asks for any that is). Raises Refused with what to do."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            return int(probe.getsockname()[1])
        except PermissionError:
            raise Refused(f"Port {port} needs more rights than you have; choose one above 1023 with --port.") from None
        except OSError as error:
            if isinstance(error, socket.gaierror) or "assign" in (error.strerror or ""):
                raise Refused(f"{host} is not an address of this machine; choose another with --host.") from None
            raise Refused(
                f"Port {port} is in use: Joinedup may be running already. Stop that program or choose another --port."
            ) from None


def _fill(demo: bool) -> None:
    """The demo partnership where there is nobody yet; the packed static files where this is not a demo."""
    from django.conf import settings
    from django.core.management import call_command

    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    if not demo:
        call_command("collectstatic", interactive=False, verbosity=0)
        return
    from joinedup.cli.data_commands import load_demo_once

    if load_demo_once():
        print("The demo partnership has been loaded.", file=sys.stderr, flush=True)


def _environment(port: int) -> dict[str, str]:
    """What the processes of the site know."""
    known = {key: value for key, value in os.environ.items() if key not in OWNERS_ONLY}
    return known | {"JOINEDUP_PORT": str(port)}


def _run(server: EmbeddedPostgres | None, web: Child, host: str, port: int) -> None:
    environment = web.environment = _environment(port)
    python = [sys.executable, "-m"]
    keeper = Child("keeper", [*python, "joinedup.cli.keeper"], environment)
    # Its threads come and go with the jobs, so a pool would only hold connections for nobody.
    worker = Child("worker", [*python, "joinedup.cli.worker"], {**environment, "JOINEDUP_POOL": "0"})
    try:
        if web.process is None:
            web.start()
        web.go_ahead()
        _wait_until_ready(web, host, port)
        keeper.start()
        worker.start()
        print(f"Ready: http://{_reachable(host)}:{port}", flush=True)
        _name_people()
        while True:
            _look_after_database(server)
            for child in (web, keeper, worker):
                child.look_after()
            time.sleep(TICK)
    finally:
        for number in _SIGNALS:  # a second Ctrl-C must not leave the database running
            signal.signal(number, signal.SIG_IGN)
        for child in (web, keeper, worker):
            child.ask_to_stop()
        web.stop(within=1.0)
        keeper.stop(within=0.3)
        worker.stop(within=0.2)


def _look_after_database(server: EmbeddedPostgres | None) -> None:
    try:
        if server is not None and server.ensure_running():
            print("The database ended unexpectedly and has been started again.", file=sys.stderr, flush=True)
    except Refused as problem:
        print(problem, file=sys.stderr, flush=True)
        time.sleep(2)


def _wait_until_ready(web: Child, host: str, port: int) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        if web.process is None or web.process.poll() is not None:
            break
        if is_healthy(host, port):
            return
        time.sleep(0.05)
    raise Refused("The web server did not start; the reason stands above. Try ./run doctor.")


def is_healthy(host: str, port: int) -> bool:
    """Whether the site says that it can do its job."""
    connection = http.client.HTTPConnection(_reachable(host), port, timeout=5)
    try:
        connection.request("GET", "/health/", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104 # compared, not bound


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


def _name_people() -> None:
    """In the demo, who to sign in as."""
    if os.environ.get("JOINEDUP_DEMO") != "1":
        return
    from joinedup.cli.data_commands import demo_people

    for line in demo_people():
        print(line, file=sys.stderr, flush=True)


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Within the block SIGTERM, SIGINT and SIGHUP raise Stopped, wherever the program is."""

    def stop(number: int, frame: object) -> None:
        for each in _SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    before = {number: signal.signal(number, stop) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
