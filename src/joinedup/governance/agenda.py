"""What is due for a board’s agenda. Each part that has something registers a source; a meeting’s page asks them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from joinedup.access.actor import Actor


@dataclass(frozen=True)
class Asking:
    """The board whose agenda is made: its id, the kinds of decision it has the power for, and the day of the meeting."""

    board_id: UUID
    powers: frozenset[str]
    on: date


@dataclass(frozen=True)
class Due:
    """Something a board should look at. `kind` is an item kind; `matter_kind` with `matter_id` says what it is about, so that
    it is not put on one agenda twice. `is_overdue` sorts: overdue things first. `is_illustration`: its inputs are invented."""

    kind: str
    title: str
    why: str
    matter_kind: str
    matter_id: UUID
    is_overdue: bool = False
    is_illustration: bool = False

    @property
    def key(self) -> str:
        """What a form sends to choose it."""
        return f"{self.matter_kind}:{self.matter_id}"


AgendaSource = Callable[[Actor, Asking], Iterable[Due]]
_sources: dict[str, AgendaSource] = {}


def register_agenda_source(name: str, source: AgendaSource) -> None:
    """Called from a part’s `apps.py`; the name keeps a source from being asked twice."""
    _sources[name] = source


def due_for(viewer: Actor, asking: Asking) -> list[Due]:
    """Everything due, what is overdue first, then as the sources gave it."""
    found = [each for source in _sources.values() for each in source(viewer, asking)]
    return sorted(found, key=lambda each: not each.is_overdue)
