"""The keeper: one process that, each second, does what nobody asks for: seals the audit trail, sends messages, reminds.

Started as `python -m joinedup.cli.keeper`. Every duty is safe to repeat and to run in two keepers at once.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from joinedup.cli.children import end_with_parent

EVERY = 1.0
DUTIES = (
    "joinedup.access.services:seal_audit",
    "joinedup.core.notifications:deliver_outbox",
    "joinedup.front_door.services:page_overdue",
)


class Keeper:
    """Does each duty in turn; says once when one begins to fail and once when it works again."""

    def __init__(self, duties: tuple[str, ...] = DUTIES) -> None:
        self._duties: dict[str, Callable[..., Any] | None] = dict.fromkeys(duties)
        self._failing: dict[str, str] = {}

    def go_round(self) -> None:
        """Do every duty once, at the current time."""
        from django.db import close_old_connections, connections
        from django.utils import timezone

        for name in self._duties:
            try:
                self._duty(name)(at=timezone.now())
            except Exception as error:  # one duty must never stop the others
                self._note(name, f"{type(error).__name__}: {_first_line(error)}")
                connections.close_all()
            else:
                self._note(name, "")
        close_old_connections()

    def _duty(self, name: str) -> Callable[..., Any]:
        found = self._duties[name]
        if found is None:
            module, _, function = name.partition(":")
            found = self._duties[name] = getattr(import_module(module), function)
        return found

    def _note(self, name: str, problem: str) -> None:
        if problem == self._failing.get(name, ""):
            return
        self._failing[name] = problem
        print(f"keeper: {name.rpartition(':')[2]}: {problem or 'works again'}", file=sys.stderr, flush=True)


def _first_line(error: Exception) -> str:
    """Enough to find the fault; the rest of a database error may quote a person's row."""
    return (str(error).strip().splitlines() or [""])[0][:200]


def keep() -> None:
    """Go round until told to stop."""
    import django

    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    django.setup()
    keeper = Keeper()
    while not stopping.is_set():
        began = time.monotonic()
        keeper.go_round()
        stopping.wait(max(0.05, EVERY - (time.monotonic() - began)))


if __name__ == "__main__":
    end_with_parent(int(os.environ["JOINEDUP_PARENT"]))
    keep()
