"""The register of avoided events: which strand claims what, without a name. Whoever may see the case sees the way to it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.benefits.models import AvoidedEvent, Benefit, Programme
from joinedup.benefits.permissions import CLAIM_EVENT, READ_PROGRAMMES, RELEASE_EVENT
from joinedup.benefits.queries.programmes import ProgrammeSeen, programme_seen
from joinedup.benefits.realising import AVOIDED_KINDS, is_one_episode
from joinedup.casework.queries import case_for_change, cases_shown, people_of_case
from joinedup.core.errors import NotVisible

if TYPE_CHECKING:
    from joinedup.casework.models import Case

_MOST = 500


@dataclass(frozen=True)
class EventSeen:
    """A claim; `case_id` only for whoever may see the case."""

    id: UUID
    kind: str
    starts_on: date
    ends_on: date
    strand: str
    benefit: str
    benefit_id: UUID
    claimed_at: datetime
    released_at: datetime | None
    released_why: str
    case_id: UUID | None


@dataclass(frozen=True)
class Twice:
    """Claims that stand and are about one event, from before the database refused the second: the first counts, until
    somebody gives one up. `others` are the strands of other programmes that claim it, too."""

    rows: tuple[EventSeen, ...]
    others: tuple[str, ...]


@dataclass(frozen=True)
class RegisterPage:
    """The claims of a programme, those that stand first and the newest of them; and what is claimed twice."""

    programme: ProgrammeSeen
    rows: tuple[EventSeen, ...]
    twice: tuple[Twice, ...]
    may_release: bool


@dataclass(frozen=True)
class ClaimPage:
    """A case whose avoided event somebody claims: its people by name, and the benefits of programmes of the viewer's
    organisations. Only for whoever works with the case."""

    case: Case
    people: tuple[tuple[UUID, str], ...]
    benefits: tuple[Benefit, ...]

    @property
    def is_illustration(self) -> bool:
        """Whether a programme that may be chosen is invented."""
        return any(each.case.strand.programme.is_illustration for each in self.benefits)


def register_of(viewer: Actor, programme_id: UUID) -> RegisterPage:
    """Every claim of a programme; nobody's name is in it."""
    programme = programme_seen(viewer, programme_id)
    rows = AvoidedEvent.objects.filter(benefit__case__strand__programme=programme_id).select_related(
        "benefit__case__strand"
    )
    found = list(rows.order_by("-claimed_at", "-pk")[:_MOST])
    groups = _claimed_twice(programme_id)
    shown = cases_shown(viewer, {row.case_id for row in found} | {row.case_id for group in groups for row in group})
    seen = sorted((_seen(row, shown) for row in found), key=lambda each: each.released_at is not None)
    may = bool(found) and can(viewer, RELEASE_EVENT, found[0])
    return RegisterPage(programme, tuple(seen), tuple(_twice(group, programme_id, shown) for group in groups), may)


def claimed_twice(viewer: Actor) -> int:
    """How many events of the whole partnership are claimed twice, from before the database refused the second: for whoever
    keeps the installation, who sees the number alone."""
    check(viewer, READ_PROGRAMMES)
    return len(_claimed_twice(None))


def _claimed_twice(programme_id: UUID | None) -> list[list[AvoidedEvent]]:
    """The claims that stand and are about one event of one person, of which at least one is this programme's (of any,
    where none is named); the first claimed first. One statement; new claims to a claimed event are refused (BN-420), so there are only those from before."""
    standing = AvoidedEvent.objects.filter(released_at=None)
    another = standing.filter(person=OuterRef("person"), episode=OuterRef("episode")).exclude(pk=OuterRef("pk"))
    mine = standing.filter(Exists(another))
    if programme_id is not None:
        mine = mine.filter(benefit__case__strand__programme=programme_id)
    rows = standing.filter(person__in=mine.values("person")).select_related("benefit__case__strand")
    by_event: dict[tuple[UUID, str], list[AvoidedEvent]] = defaultdict(list)
    for row in rows.order_by("claimed_at", "pk"):
        by_event[row.person_id, row.episode].append(row)
    found = []
    for claims in by_event.values():
        group = [one for one in claims if any(_is_one(one, other) for other in claims if other is not one)]
        if any(programme_id in {None, one.benefit.case.strand.programme_id} for one in group):
            found.append(group)
    return found


def _is_one(one: AvoidedEvent, other: AvoidedEvent) -> bool:
    return is_one_episode(
        one.episode, (one.starts_on, one.ends_on), (other.starts_on, other.ends_on),
        same_line=(one.benefit.case_id, one.benefit.key) == (other.benefit.case_id, other.benefit.key),
    )  # fmt: skip


def _twice(group: list[AvoidedEvent], programme_id: UUID, shown: set[UUID]) -> Twice:
    ours = [row for row in group if row.benefit.case.strand.programme_id == programme_id]
    theirs = {row.benefit.case.strand.name for row in group if row not in ours}
    return Twice(tuple(_seen(row, shown) for row in ours), tuple(sorted(theirs)))


def event_for(viewer: Actor, avoided_event_id: UUID) -> AvoidedEvent:
    """One claim, to hand to a service."""
    check(viewer, READ_PROGRAMMES)
    rows = AvoidedEvent.objects.select_related("benefit__case__strand__programme")
    found = rows.filter(
        pk=avoided_event_id, benefit__case__strand__programme__in=Programme.objects.visible_to(viewer)
    ).first()
    if found is None:
        raise NotVisible
    return found


def claim_page(viewer: Actor, case_id: UUID) -> ClaimPage:
    """What the page offers that claims an event avoided for somebody of a case. Raises NotVisible for whoever does not work
    with it."""
    case = case_for_change(viewer, case_id)
    check(viewer, CLAIM_EVENT)
    people = tuple((each.person_id, each.name) for each in people_of_case(viewer, case.pk))
    rows = Benefit.objects.filter(
        case__strand__programme__in=Programme.objects.visible_to(viewer), case__strand__state="open"
    )
    linked = rows.select_related("case__strand__programme", "organisation").order_by(
        "case__strand__position", "title", "pk"
    )
    return ClaimPage(case, people, tuple(linked))


def kinds() -> list[tuple[str, str]]:
    """What may be avoided."""
    return list(AVOIDED_KINDS.items())


def _seen(row: AvoidedEvent, shown: set[UUID]) -> EventSeen:
    return EventSeen(
        row.pk, AVOIDED_KINDS.get(row.kind, row.kind), row.starts_on, row.ends_on, row.benefit.case.strand.name,
        row.benefit.title, row.benefit_id, row.claimed_at, row.released_at, row.released_why,
        row.case_id if row.case_id in shown else None,
    )  # fmt: skip
