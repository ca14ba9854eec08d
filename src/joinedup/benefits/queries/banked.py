"""What counts as banked at a moment: nothing whose posting was reversed, and of one line no more than it has fallen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.benefits.models import BankEntry
from joinedup.benefits.realising import Banked, still_banked
from joinedup.funds.queries import LineFall, falls_of_lines, reversed_among


@dataclass(frozen=True)
class Counting:
    """How much of each row counts, and which rows stand on a posting that was reversed."""

    rows: Mapping[UUID, int]
    by_benefit: Mapping[UUID, int]
    gone: frozenset[UUID]


@dataclass(frozen=True)
class LineRoom:
    """A line with what is banked of its fall."""

    fall: LineFall
    banked: int

    @property
    def left(self) -> int:
        """What may still be banked of it."""
        return max(0, self.fall.pence - self.banked)


def counting(viewer: Actor, *, until: datetime | None = None, **benefits: Any) -> Counting:
    """What counts of the benefits that fit these filters: three statements however many, one where nothing is banked. A line
    is counted over the rows of every benefit banked from it. Inside the part."""
    lines = BankEntry.objects.filter(**{f"benefit__{name}": value for name, value in benefits.items()})
    rows = list(_rows(until).filter(posting__line__in=lines.values("posting__line")))
    return _counted(viewer, rows, until)


def rooms_of_lines(viewer: Actor, line_ids: Iterable[UUID]) -> dict[UUID, LineRoom]:
    """How far each line has fallen and how much of that is banked, by all benefits together. Inside the part."""
    wanted = list(line_ids)
    rows = list(_rows(None).filter(posting__line__in=wanted))
    found = _counted(viewer, rows, None)
    taken: dict[UUID, int] = defaultdict(int)
    for row in rows:
        if row.posting.line_id is not None:
            taken[row.posting.line_id] += found.rows.get(row.pk, 0)
    return {key: LineRoom(fall, taken[key]) for key, fall in falls_of_lines(viewer, wanted).items()}


def _rows(until: datetime | None) -> Any:
    rows = BankEntry.objects.select_related("posting").order_by("at", "pk")
    return rows.filter(at__lte=until) if until is not None else rows


def _counted(viewer: Actor, rows: list[BankEntry], until: datetime | None) -> Counting:
    if not rows:
        return Counting({}, {}, frozenset())
    falls = falls_of_lines(viewer, {row.posting.line_id for row in rows if row.posting.line_id}, until=until)
    reversed_ = reversed_among(viewer, {row.posting_id for row in rows}, until=until)
    back = {row.reverses_id for row in rows if row.reverses_id}
    by_line: dict[UUID | None, list[Banked]] = defaultdict(list)
    for row in rows:
        if row.pence > 0:
            by_line[row.posting.line_id].append(
                Banked(row.pk, row.pence, row.pk in back or row.posting_id in reversed_)
            )
    counts: dict[UUID, int] = {}
    for line, mine in by_line.items():
        fall = falls[line].pence if line in falls else 0
        counts |= still_banked(mine, fall)
    sums: dict[UUID, int] = defaultdict(int)
    for row in rows:
        sums[row.benefit_id] += counts.get(row.pk, 0)
    return Counting(counts, dict(sums), frozenset(row.pk for row in rows if row.posting_id in reversed_))
