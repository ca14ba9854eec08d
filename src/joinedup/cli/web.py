"""The web server process: granian over the site, ending when whoever started it ends.

Started as `python -m joinedup.cli.web HOST PORT WORKERS`.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from joinedup.cli.children import end_with_parent, wait_for_go_ahead
from joinedup.cli.collecting import spare_what_is_loaded

TARGET = "joinedup.config.wsgi:application"
THREADS = 4


def load_site() -> Any:
    """Load the site once, before the workers are forked: one message if it is broken, quick starts, shared memory."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import connections
    from django.utils.module_loading import import_string

    try:
        site = import_string(TARGET.replace(":", "."))
    except ImproperlyConfigured as fault:
        sys.exit(str(fault))
    connections.close_all()  # a connection must not be shared by two processes
    spare_what_is_loaded()  # the workers share its memory
    return site


def site_in_worker(server: int) -> Any:
    """Run in each worker: tie its life to the master's, and hand over the site."""
    end_with_parent(server)
    return load_site()


def serve_web(host: str, port: int, workers: int) -> None:
    """Serve until told to stop."""
    from functools import partial

    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    try:
        load_site()
    except SystemExit:
        wait_for_go_ahead()  # the supervisor may have said what is wrong already
        raise
    wait_for_go_ahead()
    server = Granian(
        TARGET,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        backpressure=64,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=1,
    )
    server.serve(target_loader=partial(site_in_worker, os.getpid()), wrap_loader=False)


if __name__ == "__main__":
    end_with_parent(int(os.environ["JOINEDUP_PARENT"]))
    serve_web(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
