"""The front door's worklists: mine, my team's, everything open, overdue, due today, waiting for me."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from joinedup.access.actor import Actor

LISTS: dict[str, str] = {
    "mine": "Mine",
    "my_team": "My team’s",
    "front_door": "All open",
    "overdue": "Overdue",
    "due_today": "Due today",
    "waiting_for_decision": "Waiting for a decision",
    "replies_owed": "Replies owed",
    "red": "Red",
}


@dataclass(frozen=True)
class WorklistFilters:
    """What the address of the page says: a list and codes, never a name. Unknown values are left out by `of`."""

    list: str = "front_door"
    rating: str = ""
    state: str = ""
    locality: str = ""  # a locality's code
    channel: str = ""

    @classmethod
    def of(cls, given: dict[str, str]) -> WorklistFilters:
        """Read them from a query string; what is not a known code is ignored."""
        raise NotImplementedError


@dataclass(frozen=True)
class WorklistRow:
    """One referral in a list. `child` is the first child's name as identified, else as typed."""

    id: UUID
    reference: str
    child: str
    other_children: int
    rating: str
    rating_label: str
    state: str
    state_label: str
    channel_label: str
    received_at: datetime
    decide_by: datetime
    is_overdue: bool
    is_due_today: bool
    is_page_waiting: bool
    held_by: str
    team: str
    locality: str


@dataclass(frozen=True)
class WorklistPage:
    """One page of rows, the count of every list the viewer has, and the cursor of the next page ("" at the end)."""

    filters: WorklistFilters
    rows: tuple[WorklistRow, ...]
    counts: dict[str, int] = field(default_factory=dict)
    localities: tuple[tuple[str, str], ...] = ()
    next_cursor: str = ""


def worklist(viewer: Actor, filters: WorklistFilters, after: str | None = None, *, size: int = 25) -> WorklistPage:
    """A page of the chosen list, soonest clock first. `after` is the cursor of the page before; a wrong one starts
    from the top. One audit row names the people shown."""
    raise NotImplementedError
