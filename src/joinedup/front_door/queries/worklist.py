"""The front door's worklists: mine, my team's, everything open, overdue, due today, waiting for me."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.access.roles import FRONT_DOOR
from joinedup.casework.queries import cases_waiting_for_lead
from joinedup.core.errors import NotVisible
from joinedup.core.formats import london
from joinedup.front_door.codes import CHANNEL_LABELS, Channel, MayBeTold, Rating
from joinedup.front_door.lifecycle import LABELS, OPEN, UNDECIDED, State
from joinedup.front_door.models import DutyPage, Referral, ReferralPerson
from joinedup.front_door.permissions import READ_WORKLIST
from joinedup.front_door.queries.referral import is_overdue
from joinedup.front_door.settings import rating_label
from joinedup.organisations.queries import localities

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
        known: dict[str, set[str]] = {
            "list": set(LISTS),
            "rating": set(Rating),
            "state": set(State),
            "channel": set(Channel),
        }
        kept = {name: given[name] for name, codes in known.items() if given.get(name, "") in codes}
        return cls(**kept, locality=given.get("locality", "")[:20])


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
    """A page of the chosen list: first what is red and accepted by nobody, then what is undecided, then what is decided
    and waits for the next step; within each the soonest clock first. `after` is the cursor of the page before; a wrong
    one starts from the top. One audit row names the people shown."""
    if not can(viewer, READ_WORKLIST):
        raise NotVisible
    lists = _lists(viewer)
    chosen = filters.list if filters.list in lists else next(iter(lists))
    places = {locality.code: locality for locality in localities(viewer)}
    rows = Referral.objects.visible_to(viewer).filter(lists[chosen], _filtered(filters, set(places)))
    clock = "reply__due_by" if chosen == "replies_owed" else "decide_by"
    ranked = rows.annotate(page_waits=_page_waits(), clock=F(clock), channel=F("contact__channel"), urgency=_urgency())
    place = _read_cursor(after)
    if place is not None:
        urgency, moment, row_id = place
        later = Q(clock__gt=moment) | Q(clock=moment, pk__gt=row_id)
        ranked = ranked.filter(Q(urgency__gt=urgency) | (Q(urgency=urgency) & later))
    related = ("held_by__account", "team", "locality")
    found = list(ranked.select_related(*related).order_by("urgency", "clock", "pk")[: size + 1])
    shown, more = found[:size], found[size:]
    children = _children_of([row.pk for row in shown])
    audit.record_read(
        viewer,
        subject=("front_door.referral", f"worklist:{chosen}"),
        people={child.person_id for several in children.values() for child in several if child.person_id},
        purpose="worklist",
        search=True,
    )
    return WorklistPage(
        filters=WorklistFilters(chosen, filters.rating, filters.state, filters.locality, filters.channel),
        rows=tuple(_row(viewer, row, children.get(row.pk, []), owes_reply=chosen == "replies_owed") for row in shown),
        counts=_counts(viewer, lists),
        localities=tuple((code, locality.name) for code, locality in places.items()),
        next_cursor=_cursor(shown[-1]) if more else "",
    )


def worklist_counts(viewer: Actor) -> dict[str, int]:
    """How long each of the viewer's lists is, for the first page. Shows nobody, so nobody is named in the trail."""
    if not can(viewer, READ_WORKLIST):
        raise NotVisible
    return _counts(viewer, _lists(viewer))


def _lists(viewer: Actor) -> dict[str, Q]:
    """The lists a viewer has, each as a filter. Only the front door has all of them.

    Each filter starts with what an index answers (states that few referrals are in, or a few cases), so that a list
    stays as quick when closed referrals pile up.
    """
    is_open = Q(state__in=[state.value for state in OPEN])
    passed = Q(state=State.PASSED_TO_CASE)
    worked_on = Q(state__in=[*(state.value for state in OPEN), State.PASSED_TO_CASE.value])
    waiting = Q(case_id__in=cases_waiting_for_lead(viewer, viewer.team_ids), state=State.ALLOCATED)
    posts, teams = viewer.post_ids, viewer.team_ids
    mine = {
        "mine": worked_on & ((Q(held_by_id__in=posts) & is_open) | (Q(case__lead_professional_id__in=posts) & passed)),
        "my_team": (worked_on | waiting)
        & (waiting | (Q(held_by__team_id__in=teams) & is_open) | (Q(case__team_id__in=teams) & passed)),
    }
    if not viewer.has_role(*FRONT_DOOR) and not viewer.is_system:
        return mine
    return mine | _front_door_lists(viewer.at)


def _front_door_lists(at: datetime) -> dict[str, Q]:
    """A red referral whose page nobody has accepted is overdue from the start; such a one is never decided yet."""
    is_open = Q(state__in=[state.value for state in OPEN])
    undecided = Q(state__in=[state.value for state in UNDECIDED])
    midnight = london(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    owed = Q(reply__told_at__isnull=True, reply__may_be_told=MayBeTold.DECISION)
    return {
        "front_door": is_open,
        "overdue": undecided & (Q(decide_by__lt=at) | Q(_page_waits())),
        "due_today": undecided & Q(decide_by__gte=at, decide_by__lt=midnight),
        "waiting_for_decision": Q(state=State.PROPOSED),
        "replies_owed": owed & ~undecided,
        "red": is_open & Q(rating=Rating.RED),
    }


def _page_waits() -> Exists:
    return Exists(DutyPage.objects.filter(referral=OuterRef("pk"), accepted_at__isnull=True))


def _urgency() -> Case:
    """0 for red that nobody has accepted, 1 for what is undecided, 2 for what is decided."""
    undecided = [state.value for state in UNDECIDED]
    return Case(When(page_waits=True, then=0), When(state__in=undecided, then=1), default=2)


def _filtered(filters: WorklistFilters, codes: set[str]) -> Q:
    asked: dict[str, Any] = {
        "rating": filters.rating,
        "state": filters.state,
        "contact__channel": filters.channel,
        "locality__code": filters.locality if filters.locality in codes else "",
    }
    return Q(**{name: value for name, value in asked.items() if value})


def _counts(viewer: Actor, lists: dict[str, Q]) -> dict[str, int]:
    """How long each list is; one statement, whose branches each use their own index."""
    visible = Referral.objects.visible_to(viewer).order_by()
    branches = [
        visible.filter(which).values(list=Value(name)).annotate(long=Count("pk")) for name, which in lists.items()
    ]
    counted: QuerySet[Any] = branches[0].union(*branches[1:], all=True)
    return dict.fromkeys(lists, 0) | {row["list"]: row["long"] for row in counted}


def _children_of(referral_ids: list[UUID]) -> dict[UUID, list[ReferralPerson]]:
    found: dict[UUID, list[ReferralPerson]] = {}
    rows = ReferralPerson.objects.filter(referral_id__in=referral_ids, part="child")
    for row in rows.select_related("contact_person", "person").order_by("contact_person__position"):
        found.setdefault(row.referral_id, []).append(row)
    return found


def first_name_of(children: list[ReferralPerson]) -> str:
    """The first child's name as identified, else as typed."""
    return str(children[0].person or children[0].contact_person) if children else "No child named"


def _row(viewer: Actor, row: Any, children: list[ReferralPerson], *, owes_reply: bool) -> WorklistRow:
    """One row; in the list of replies the clock is that of the reply."""
    overdue = row.clock < viewer.at if owes_reply else is_overdue(row, viewer.at, page_waits=row.page_waits)
    is_undecided = row.state in UNDECIDED
    return WorklistRow(
        id=row.pk,
        reference=row.reference,
        child=first_name_of(children),
        other_children=max(0, len(children) - 1),
        rating=row.rating,
        rating_label=rating_label(row.rating, london(viewer.at).date()),
        state=row.state,
        state_label=LABELS[State(row.state)],
        channel_label=CHANNEL_LABELS[Channel(row.channel)],
        received_at=row.received_at,
        decide_by=row.clock,
        is_overdue=overdue,
        is_due_today=is_undecided and not overdue and london(row.decide_by).date() == london(viewer.at).date(),
        is_page_waiting=row.page_waits,
        held_by=row.held_by.account.name if row.held_by else "",
        team=row.team.name if row.team else "",
        locality=row.locality.name if row.locality else "",
    )


def _cursor(row: Any) -> str:
    """Where the next page starts: an urgency, a time and an id, nothing of a person."""
    return base64.urlsafe_b64encode(f"{row.urgency}|{row.clock.isoformat()}|{row.pk}".encode()).decode()


def _read_cursor(text: str | None) -> tuple[int, datetime, UUID] | None:
    try:
        urgency, clock, row_id = base64.urlsafe_b64decode((text or "").encode()).decode().split("|")
        place = int(urgency), datetime.fromisoformat(clock), UUID(row_id)
    except ValueError:
        return None
    return place if place[1].tzinfo and 0 <= place[0] <= 2 else None
