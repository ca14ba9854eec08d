"""Whose words are kept longer than they may be: closed cases whose time is over, for whoever answers for that. No names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.casework.lifecycle import CaseState
from joinedup.casework.models import Case
from joinedup.casework.permissions import DESTROY_WORDS
from joinedup.casework.reviewing import years_after
from joinedup.casework.settings import keep_words_years
from joinedup.chronology.queries import count_words
from joinedup.core.errors import NotVisible

_MOST = 100


@dataclass(frozen=True)
class WordsDue:
    """A closed case whose words are over time: how many notes, files and entries still have any."""

    case_id: UUID
    reference: str
    team: str
    closed_at: datetime
    due_at: datetime
    notes: int
    entries: int


@dataclass(frozen=True)
class KeptWords:
    """The cases that are due, those that closed first on top; `years` is how long words are kept."""

    rows: tuple[WordsDue, ...]
    years: int


def words_due(viewer: Actor) -> KeptWords:
    """The closed cases whose words may be destroyed now and still have any, at most a hundred; three statements."""
    check(viewer, DESTROY_WORDS)
    years = keep_words_years(timezone.localdate(viewer.at))
    rows = tuple(row for row in _due(viewer, Q(), years) if row.notes or row.entries)[:_MOST]
    audit.record_read(
        viewer, subject=("casework.case", "list"), people=set(), purpose="words whose time is over", search=True
    )
    return KeptWords(rows, years)


def words_of_case(viewer: Actor, case_id: UUID) -> tuple[Case, WordsDue, int]:
    """One of them, to hand to a service; any other case does not exist here."""
    check(viewer, DESTROY_WORDS)
    years = keep_words_years(timezone.localdate(viewer.at))
    row = next(iter(_due(viewer, Q(pk=case_id), years)), None)
    if row is None:
        raise NotVisible
    return Case.objects.get(pk=case_id), row, years


def _due(viewer: Actor, which: Q, years: int) -> list[WordsDue]:
    closed = Case.objects.filter(which, state=CaseState.CLOSED, closed_at__lte=years_after(viewer.at, -years))
    left = Count("notes", filter=Q(notes__destroyed_at__isnull=True), distinct=True)
    rows = list(closed.select_related("team").order_by("closed_at", "pk"))
    notes = dict(closed.order_by().annotate(left=left).values_list("pk", "left"))
    entries: Counter[UUID] = Counter()
    entries.update(count_words(viewer, {row.family_id: row.closed_at for row in rows if row.closed_at}))
    return [
        WordsDue(
            row.pk, row.reference, row.team.name, row.closed_at, years_after(row.closed_at, years), notes.get(row.pk, 0),
            entries[row.family_id],
        )
        for row in rows
        if row.closed_at
    ]  # fmt: skip
