"""What waits for a person to decide: the queue, the order it is worked in, and what somebody may take back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.core.formats import age as age_in_words
from joinedup.core.formats import london
from joinedup.organisations.queries import open_organisations
from joinedup.person_index.models import LinkDecision, LinkProposal
from joinedup.person_index.models.linkage import LIVE
from joinedup.person_index.permissions import READ_PROPOSALS
from joinedup.person_index.reviewing import FLAGS, KINDS, OUTCOMES, URGENCIES

AGES = {"under-5": "Under 5", "5-11": "5 to 11", "12-17": "12 to 17", "adult": "Adults"}
_LIMITS = {"under-5": (None, 5), "5-11": (5, 12), "12-17": (12, 18), "adult": (18, None)}
PAGE = 25


@dataclass(frozen=True)
class Narrowed:
    """What of the queue somebody looks at; `order` is first (the child's need) or oldest."""

    kind: str = ""
    agency: str = ""
    age: str = ""
    order: str = ""
    second: bool = False

    def as_query(self, **changes: str) -> dict[str, str]:
        """For an address: only what is set."""
        said = {"kind": self.kind, "agency": self.agency, "age": self.age, "order": self.order}
        said["second"] = "1" if self.second else ""
        return {name: text for name, text in {**said, **changes}.items() if text}


@dataclass(frozen=True)
class QueueRow:
    """A question in the list."""

    id: UUID
    kind: str
    name: str
    other: str
    birth_date: date | None
    age: str
    urgency: str
    is_urgent: bool
    flags: tuple[str, ...]
    agencies: tuple[str, ...]
    found_at: datetime
    is_second: bool


@dataclass(frozen=True)
class Queue:
    """A page of the queue. `counts` are of everything the viewer may decide, by kind."""

    rows: tuple[QueueRow, ...]
    counts: dict[str, int]
    second: int
    total: int
    narrowed: Narrowed
    agencies: tuple[tuple[str, str], ...]
    next_after: str
    last: LastDecision | None


@dataclass(frozen=True)
class LastDecision:
    """The viewer's own last decision, which they may take back."""

    proposal_id: UUID
    outcome: str
    made_at: datetime


def queue(viewer: Actor, narrowed: Narrowed, *, after: str = "") -> Queue:
    """A page of what waits, the child's need first: an open referral or case, then children, then the rest, the oldest
    first. Whoever is withheld from the viewer is neither listed nor counted. One audit row names everybody shown."""
    check(viewer, READ_PROPOSALS)
    every = LinkProposal.objects.visible_to(viewer).filter(state__in=LIVE)
    held = every.aggregate(
        second=Count("pk", filter=Q(state="second")),
        total=Count("pk"),
        **{kind: Count("pk", filter=Q(kind=kind)) for kind in KINDS},
    )
    names = {row.pk: (row.code, row.name) for row in open_organisations(viewer)}
    wanted = _narrow(every, narrowed, names, london(viewer.at).date())
    found = list(_after(wanted, narrowed, after).select_related("left", "right", "record")[: PAGE + 1])
    shown = found[:PAGE]
    audit.record_read(
        viewer,
        subject=(LinkProposal._meta.label_lower, ""),
        people={each for row in shown for each in (row.left_id, row.right_id) if each},
        purpose="possible matches",
        search=True,
    )
    on = london(viewer.at).date()
    return Queue(
        rows=tuple(_row(row, names, on) for row in shown),
        counts={kind: held[kind] for kind in KINDS},
        second=held["second"],
        total=held["total"],
        narrowed=narrowed,
        agencies=tuple(sorted(names.values(), key=lambda pair: pair[1])),
        next_after=_place(shown[-1]) if len(found) > PAGE else "",
        last=last_decision(viewer),
    )


def _row(row: LinkProposal, names: dict[UUID, tuple[str, str]], on: date) -> QueueRow:
    other = str(row.right) if row.right else f"record {row.record.agency_reference}" if row.record else ""
    return QueueRow(
        id=row.pk,
        kind=KINDS[row.kind],
        name=str(row.left),
        other=other,
        birth_date=row.birth_date,
        age=age_in_words(row.birth_date, on),
        urgency=URGENCIES[row.urgency],
        is_urgent=row.urgency == 0,
        flags=tuple(FLAGS.get(flag, flag) for flag in row.flags),
        agencies=tuple(names[each][1] for each in row.agencies if each in names),
        found_at=row.found_at,
        is_second=row.state == LinkProposal.State.SECOND,
    )


def _narrow(
    rows: QuerySet[LinkProposal], narrowed: Narrowed, names: dict[UUID, tuple[str, str]], on: date
) -> QuerySet[LinkProposal]:
    if narrowed.kind in KINDS:
        rows = rows.filter(kind=narrowed.kind)
    if narrowed.second:
        rows = rows.filter(state=LinkProposal.State.SECOND)
    agency = next((pk for pk, (code, _) in names.items() if code == narrowed.agency), None)
    if agency:
        rows = rows.filter(agencies__contains=[agency])
    if narrowed.age in _LIMITS:
        least, most = _LIMITS[narrowed.age]
        if least is not None:
            rows = rows.filter(birth_date__lte=_years_before(on, least))
        if most is not None:
            rows = rows.filter(birth_date__gt=_years_before(on, most))
    return rows


def _years_before(on: date, years: int) -> date:
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return on.replace(year=on.year - years, day=28)


def _after(rows: QuerySet[LinkProposal], narrowed: Narrowed, after: str) -> QuerySet[LinkProposal]:
    """In the queue's order, from after a place in it. Never by score."""
    place = _read_place(after)
    if narrowed.order == "oldest":
        if place:
            _, moment, last = place
            rows = rows.filter(Q(found_at__gt=moment) | Q(found_at=moment, pk__gt=last))
        return rows.order_by("found_at", "pk")
    if place:
        urgency, moment, last = place
        later = Q(found_at__gt=moment) | Q(found_at=moment, pk__gt=last)
        rows = rows.filter(Q(urgency__gt=urgency) | Q(urgency=urgency) & later)
    return rows.order_by("urgency", "found_at", "pk")


def _place(row: LinkProposal) -> str:
    return f"{row.urgency}.{row.found_at.timestamp():.6f}.{row.pk}"


def _read_place(text: str) -> tuple[int, datetime, UUID] | None:
    urgency, _, rest = text.partition(".")
    seconds, _, last = rest.rpartition(".")
    try:
        return int(urgency), datetime.fromtimestamp(float(seconds), UTC), UUID(last)
    except (ValueError, OverflowError, OSError):
        return None


def next_in_queue(viewer: Actor, narrowed: Narrowed, *, past: LinkProposal | None = None) -> UUID | None:
    """The question after one, in the same order and narrowed alike; from the start of the queue where none is left, and
    None where it is empty. Whoever asked for a second opinion is not asked again themselves."""
    every = LinkProposal.objects.visible_to(viewer).filter(state__in=LIVE)
    rows = every.exclude(state=LinkProposal.State.SECOND, second_asked_by=viewer.account_id)
    names = {row.pk: (row.code, row.name) for row in open_organisations(viewer)} if narrowed.agency else {}
    wanted = _narrow(rows, narrowed, names, london(viewer.at).date())
    if past is not None:
        wanted = wanted.exclude(pk=past.pk)
        found = _after(wanted, narrowed, _place(past)).values_list("pk", flat=True).first()
        if found is not None:
            return found
    return _after(wanted, narrowed, "").values_list("pk", flat=True).first()


def last_decision(viewer: Actor) -> LastDecision | None:
    """What the viewer would take back."""
    if viewer.account_id is None:
        return None
    mine = LinkDecision.objects.filter(made_by=viewer.account_id, undone_at__isnull=True)
    row = mine.order_by("-made_at", "-pk").first()
    return LastDecision(row.proposal_id, OUTCOMES[row.outcome], row.made_at) if row else None


def count_waiting(viewer: Actor) -> int:
    """How many questions the viewer could decide."""
    return LinkProposal.objects.visible_to(viewer).filter(state__in=LIVE).count()


def agencies_named(viewer: Actor, ids: Iterable[UUID]) -> dict[UUID, Any]:
    """Names of agencies by id."""
    wanted = set(ids)
    return {row.pk: row.name for row in open_organisations(viewer) if row.pk in wanted}
