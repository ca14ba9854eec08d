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
    "joinedup.core.running:retry_stalled",
    "joinedup.front_door.services:page_overdue",
    "joinedup.person_index.services:chase_reviews",
)
NOW_AND_THEN = (
    "joinedup.information_sharing.services:settle_agreements",
    "joinedup.person_index.services:find_declared_again",
    "joinedup.person_index.services:count_names",
    "joinedup.person_index.services:keep_matches_in_order",
    "joinedup.core.running:tidy_jobs",
    "joinedup.core.drafts:tidy_drafts",
    "joinedup.core.once:tidy_answers",
    "joinedup.front_door.services:tidy_links",
    "joinedup.front_door.services:remind_guardians",
    "joinedup.casework.services:write_down_leavers",
    "joinedup.casework.services:chase_case_reviews",
    "joinedup.casework.services:chase_qualified_leads",
    "joinedup.casework.services:chase_sent_back",
    "joinedup.casework.services:chase_late_answers",
    "joinedup.family_page.services:close_family_pages",
    "joinedup.family_page.services:chase_family_messages",
    "joinedup.family_page.services:tidy_page_links",
    "joinedup.funds.services:look_after_funds",
    "joinedup.outcomes.services:look_after_outcomes",
    "joinedup.universal.services:look_after_participation",
    "joinedup.benefits.services:look_after_cohorts",
    "joinedup.benefits.services:look_after_packs",
    "joinedup.capacity.services:look_after_capacity",
    "joinedup.governance.services:put_decisions_into_effect",
    "joinedup.governance.services:look_after_escalations",
    "joinedup.governance.services:look_after_risks",
    "joinedup.directory.services:look_after_young_questions",
    "joinedup.directory.services:keep_records_true",
)
ROUNDS_BETWEEN, FIRST_ROUND = 600, 30


class Keeper:
    """Does each duty in turn; says once when one begins to fail and once when it works again."""

    def __init__(self, duties: tuple[str, ...] = DUTIES, now_and_then: tuple[str, ...] = ()) -> None:
        self._duties: dict[str, Callable[..., Any] | None] = dict.fromkeys((*duties, *now_and_then))
        self._now_and_then = frozenset(now_and_then)
        self._failing: dict[str, str] = {}
        self._rounds = 0

    def go_round(self) -> None:
        """Do every duty once, at the current time; some only now and then, first when a start is well over."""
        from django.db import close_old_connections, connections
        from django.utils import timezone

        self._rounds += 1
        for name in self._duties:
            if name in self._now_and_then and self._rounds % ROUNDS_BETWEEN != FIRST_ROUND:
                continue
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
    keeper = Keeper(DUTIES, NOW_AND_THEN)
    while not stopping.is_set():
        began = time.monotonic()
        keeper.go_round()
        stopping.wait(max(0.05, EVERY - (time.monotonic() - began)))


if __name__ == "__main__":
    end_with_parent(int(os.environ["JOINEDUP_PARENT"]))
    keep()
