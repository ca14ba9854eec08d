"""Where a record stands and where it may go, how it reads in the open feed, and what became of a version. Pure.

A record is moved by an assurer, or by its own dates: the nightly round works out `state_on` and moves what has come of age. What
waits to be decided is beside the state, never in it, so that the last approved version stays public while a change waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class RecordState(StrEnum):
    """Where a record stands."""

    PROPOSED = "proposed"  # nothing of it was approved yet, whether a provider wrote it or a source gave it
    SCHEDULED = "scheduled"
    PUBLIC = "public"
    CLOSED = "closed"
    ENDED = "ended"
    ARCHIVED = "archived"


RECORD_LABELS: dict[RecordState, str] = {
    RecordState.PROPOSED: "Waits for its first approval",
    RecordState.SCHEDULED: "Approved, shown from a later day",
    RecordState.PUBLIC: "Public",
    RecordState.CLOSED: "Closed for now",
    RecordState.ENDED: "Its last day is past",
    RecordState.ARCHIVED: "Archived",
}
_S = RecordState
RECORD_MOVES: dict[RecordState, frozenset[RecordState]] = {
    _S.PROPOSED: frozenset({_S.SCHEDULED, _S.PUBLIC, _S.CLOSED, _S.ENDED, _S.ARCHIVED}),
    _S.SCHEDULED: frozenset({_S.PUBLIC, _S.CLOSED, _S.ENDED, _S.ARCHIVED}),
    _S.PUBLIC: frozenset({_S.SCHEDULED, _S.CLOSED, _S.ENDED, _S.ARCHIVED}),
    _S.CLOSED: frozenset({_S.SCHEDULED, _S.PUBLIC, _S.ENDED, _S.ARCHIVED}),
    _S.ENDED: frozenset({_S.SCHEDULED, _S.PUBLIC, _S.CLOSED, _S.ARCHIVED}),
    _S.ARCHIVED: frozenset({_S.PROPOSED, _S.SCHEDULED, _S.PUBLIC, _S.CLOSED, _S.ENDED}),
}
# In the open feed: what ended stays as inactive, so that others who take it in learn of it; what is scheduled is nobody's yet, and
# what is archived is kept out (Open Referral UK 3.0, compliance rules).
IN_FEED = frozenset({_S.PUBLIC, _S.CLOSED, _S.ENDED})
# Where families and practitioners find it.
FOUND = frozenset({_S.PUBLIC, _S.CLOSED})
# The words of Open Referral UK 3.0 for a service (service.status).
_STATUS: dict[RecordState, str] = {
    _S.CLOSED: "temporarily closed",
    _S.SCHEDULED: "inactive",
    _S.ENDED: "inactive",
    _S.ARCHIVED: "defunct",
}


@dataclass(frozen=True)
class RecordDates:
    """What a record's state is worked out from. Each span holds its first and last day; None is open."""

    is_approved: bool
    is_archived: bool = False
    visible_from: date | None = None
    visible_until: date | None = None
    closed_from: date | None = None
    closed_until: date | None = None


def state_on(dates: RecordDates, on: date) -> RecordState:
    """Where a record stands on a day. Archived comes first, then whether anything was approved, then its dates."""
    if dates.is_archived:
        return _S.ARCHIVED
    if not dates.is_approved:
        return _S.PROPOSED
    if dates.visible_from is not None and on < dates.visible_from:
        return _S.SCHEDULED
    if dates.visible_until is not None and on > dates.visible_until:
        return _S.ENDED
    is_begun = dates.closed_from is not None and dates.closed_from <= on
    return _S.CLOSED if is_begun and (dates.closed_until is None or on <= dates.closed_until) else _S.PUBLIC


def status_in(state: RecordState | str, said: str) -> str:
    """How a record reads in the open feed; while it is public, as its approved version says."""
    return _STATUS.get(RecordState(state), said)


class VersionState(StrEnum):
    """What became of a version."""

    WAITING = "waiting"
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"


VERSION_LABELS: dict[VersionState, str] = {
    VersionState.WAITING: "Waits to be decided",
    VersionState.APPROVED: "Approved",
    VersionState.SENT_BACK: "Sent back",
    VersionState.WITHDRAWN: "Withdrawn",
}
VERSION_MOVES: dict[VersionState, frozenset[VersionState]] = {
    VersionState.WAITING: frozenset({VersionState.APPROVED, VersionState.SENT_BACK, VersionState.WITHDRAWN}),
    VersionState.APPROVED: frozenset(),
    VersionState.SENT_BACK: frozenset(),
    VersionState.WITHDRAWN: frozenset(),
}
