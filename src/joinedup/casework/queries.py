"""Reading cases: the one case, the list, whether a family has one open, and how loaded each team is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from joinedup.access.actor import Actor
from joinedup.casework.models import Case, CaseMember

if TYPE_CHECKING:
    from joinedup.chronology.queries import TimelineEntry


@dataclass(frozen=True)
class CaseRow:
    """One case in a list. `child` is the first child's name."""

    id: UUID
    reference: str
    family: str
    child: str
    children: int
    level: int
    state: str
    state_label: str
    team: str
    lead_professional: str
    opened_at: datetime


@dataclass(frozen=True)
class CasePage:
    """A page of cases and the cursor of the next ("" at the end)."""

    rows: tuple[CaseRow, ...]
    counts: dict[str, int]
    next_cursor: str


@dataclass(frozen=True)
class PersonInCase:
    """Somebody the case is about."""

    person_id: UUID
    name: str
    birth_date: date | None
    part: str


@dataclass(frozen=True)
class MemberSeen:
    """A place in the team around the child, now or once."""

    id: UUID
    post_id: UUID
    name: str
    title: str
    organisation: str
    phone: str
    part: str
    joined_at: datetime
    left_at: datetime | None


@dataclass(frozen=True)
class PostChoice:
    """A post somebody could choose on the case page."""

    post_id: UUID
    name: str
    title: str


@dataclass(frozen=True)
class CaseChange:
    """One change of state, oldest first."""

    start: str
    end: str
    label: str
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True)
class CaseRecord:
    """Everything the case page shows. `may` holds the names of the services the viewer may use now."""

    id: UUID
    version: int
    reference: str
    family_id: UUID
    family: str
    team: str
    locality: str
    level: int
    state: str
    state_label: str
    opened_at: datetime
    closed_at: datetime | None
    lead_professional: str
    people: tuple[PersonInCase, ...]
    members: tuple[MemberSeen, ...]
    left: tuple[MemberSeen, ...]
    changes: tuple[CaseChange, ...]
    key_workers: tuple[PostChoice, ...]
    timeline: tuple[TimelineEntry, ...]
    may: frozenset[str]


@dataclass(frozen=True)
class OpenCase:
    """A family's open case, for the front door: whom to turn to, nothing of the work itself."""

    id: UUID
    reference: str
    family_id: UUID
    team_id: UUID
    team: str
    lead_professional: str
    state: str


def open_case_of(viewer: Actor, family_id: UUID) -> OpenCase | None:
    """The open case of a family, for whoever triages a contact about it."""
    raise NotImplementedError


def open_cases_of(viewer: Actor, family_ids: Iterable[UUID]) -> dict[UUID, OpenCase]:
    """The open cases of several families in one query, by family."""
    raise NotImplementedError


def team_loads(viewer: Actor, team_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Open cases of each team in one query; a team without any counts 0."""
    raise NotImplementedError


def cases(viewer: Actor, after: str | None = None, *, state: str = "", size: int = 25) -> CasePage:
    """The viewer's cases, newest first: those they are in the team around, and all of the teams they manage."""
    raise NotImplementedError


def case(viewer: Actor, case_id: UUID, *, purpose: str) -> CaseRecord:
    """One case for its page. The read is audited with its purpose and the people in it."""
    raise NotImplementedError


def case_for_change(viewer: Actor, case_id: UUID) -> Case:
    """The case itself, to hand to a service."""
    raise NotImplementedError


def member_for_change(viewer: Actor, case_id: UUID, member_id: UUID) -> CaseMember:
    """A place in the team around the child, to hand to a service."""
    raise NotImplementedError


def people_seen_through_cases(viewer: Actor) -> QuerySet[Case, UUID] | None:
    """The person ids the ground `casework.team_around_child` opens: everybody in the cases the viewer is in."""
    raise NotImplementedError
