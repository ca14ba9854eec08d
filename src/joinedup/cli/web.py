"""The web server process: granian over the site, ending when whoever started it ends.

Started as `python -m joinedup.cli.web HOST PORT WORKERS`.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from joinedup.cli.children import end_with_parent

TARGET = "joinedup.config.wsgi:application"
THREADS = 4


def load_site(target: str, server: int) -> Any:
    """Run in each worker: tie its life to the master's, then load the site."""
    from django.utils.module_loading import import_string

    end_with_parent(server)
    return import_string(target.replace(":", "."))


def serve_web(host: str, port: int, workers: int) -> None:
    """Serve until told to stop."""
    from functools import partial

    import django
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    django.setup()  # once here, before the workers are forked: they start quicker and share the memory
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
    server.serve(target_loader=partial(load_site, TARGET, os.getpid()), wrap_loader=False)


if __name__ == "__main__":
    end_with_parent(int(os.environ["JOINEDUP_PARENT"]))
    serve_web(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
