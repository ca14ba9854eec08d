"""The first page of a case: what is due next, the team, the family, and what has happened lately."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from joinedup.access.actor import Actor
from joinedup.access.permissions import Permission, can
from joinedup.casework.joining_permissions import JOIN_CASE, LEAVE_CASE
from joinedup.casework.models import Case, CasePerson
from joinedup.casework.permissions import (
    ADD_FAMILY,
    ADD_MEMBER,
    CLOSE_CASE,
    NAME_DEPUTY,
    NAME_LEAD_PROFESSIONAL,
    PLAN_MEETING,
    PROPOSE_HANDOVER,
    TAKE_DUTY,
    WRITE_NOTE,
)
from joinedup.casework.queries.due_next import AllDue, due_next
from joinedup.casework.queries.duty import duty_holders, is_in_post
from joinedup.casework.queries.frame import CaseFrame, case_frame
from joinedup.casework.queries.joining import LeftCase, have_left
from joinedup.casework.queries.meetings import ActionSeen, MeetingRow, actions_due, meetings_of
from joinedup.casework.queries.team import TeamAround, team_around
from joinedup.chronology.queries import TimelineEntry, timeline
from joinedup.person_index.leading import LeadShown

_LATEST = 8


@dataclass(frozen=True)
class CaseRecord:
    """Everything the first page of a case shows. `may` holds the names of the services the viewer may use now."""

    frame: CaseFrame
    team: TeamAround
    meetings: tuple[MeetingRow, ...]
    actions: tuple[ActionSeen, ...]
    due: AllDue
    timeline: tuple[TimelineEntry, ...]
    may: frozenset[str]
    left: tuple[LeftCase, ...] = ()  # who was in the case once

    @property
    def next_meeting(self) -> MeetingRow | None:
        """The next one planned."""
        return _next(self.meetings)

    @property
    def reference(self) -> str:
        """To say on the phone."""
        return self.frame.reference

    @property
    def lead_professional(self) -> str:
        """Who leads; empty where the team manager holds the duty."""
        return self.frame.lead_professional


def case(viewer: Actor, case_id: UUID, *, purpose: str) -> CaseRecord:
    """One case for its first page. The read is audited with its purpose and the people in it."""
    frame = case_frame(viewer, case_id, purpose=purpose)
    team, meetings, actions = (
        team_around(viewer, frame),
        meetings_of(viewer, frame),
        actions_due(viewer, frame),
    )
    return CaseRecord(
        frame=frame,
        team=team,
        meetings=meetings,
        actions=actions,
        due=due_next(viewer, frame, offer=team.waiting, meeting=_next(meetings), actions=actions),
        timeline=tuple(timeline(viewer, family_id=frame.row.family_id, limit=_LATEST)),
        may=may_do(viewer, frame.row),
        left=have_left(viewer, frame),
    )


def _next(meetings: Iterable[MeetingRow]) -> MeetingRow | None:
    planned = [each for each in meetings if each.state == "planned"]
    return min(planned, key=lambda each: each.starts_at) if planned else None


_ASKED: dict[str, Permission] = {
    "name_lead_professional": NAME_LEAD_PROFESSIONAL,
    "propose_handover": PROPOSE_HANDOVER,
    "take_duty": TAKE_DUTY,
    "name_deputy": NAME_DEPUTY,
    "add_member": ADD_MEMBER,
    "remove_member": ADD_MEMBER,
    "add_family": ADD_FAMILY,
    "join_case": JOIN_CASE,
    "leave_case": LEAVE_CASE,
    "plan_meeting": PLAN_MEETING,
    "close_case": CLOSE_CASE,
    "write_note": WRITE_NOTE,
}


def may_do(viewer: Actor, row: Case) -> frozenset[str]:
    """What the viewer may do with a case as it is now; nothing with one that is closed."""
    if row.state == "closed":
        return frozenset()
    return frozenset(name for name, permission in _ASKED.items() if can(viewer, permission, row))


# --- For every page of a child.


@dataclass(frozen=True)
class LeadOfChild:
    """Who leads the open case a person is in and how to reach them. `case_id` is None for whoever may not see the case."""

    case_id: UUID | None
    reference: str
    name: str
    title: str
    phone: str
    is_lead: bool
    deputy: str
    deputy_phone: str
    next_review_on: date | None
    opened_at: datetime


def leads_of_person(
    viewer: Actor, person_ids: Collection[UUID] | QuerySet[Any], *, cases: Collection[UUID] | QuerySet[Any] = ()
) -> tuple[LeadOfChild, ...]:
    """Who leads the open cases that somebody is in (and these `cases`, where they are open), for the page of that person; the
    caller has shown the viewer the person, and audits. Whoever may not see the case itself learns whom to ring, and no more. Two statements at most."""
    about = CasePerson.objects.filter(person_id__in=person_ids).values("case_id")
    rows = list(
        Case.objects.open()
        .filter(Q(pk__in=about) | Q(pk__in=cases))
        .annotate(is_seen=Exists(Case.objects.visible_to(viewer).filter(pk=OuterRef("pk"))))
        .select_related("team", "lead_professional__account", "deputy__account")
        .order_by("opened_at", "pk")
    )
    if not rows:
        return ()
    duties = duty_holders(viewer, rows)
    found = []
    for row in rows:
        is_seen = bool(getattr(row, "is_seen", False))
        duty, deputy = duties[row.pk], row.deputy if is_in_post(row.deputy, viewer.at) else None
        found.append(
            LeadOfChild(
                case_id=row.pk if is_seen else None,
                reference=row.reference,
                name=duty.name,
                title=duty.title,
                phone=duty.phone,
                is_lead=duty.is_lead,
                deputy=deputy.account.name if deputy else "",
                deputy_phone=deputy.phone if deputy else "",
                next_review_on=row.review_due_on if is_seen else None,
                opened_at=row.opened_at,
            )
        )
    return tuple(found)


def leads_for_head(viewer: Actor, person_id: UUID) -> tuple[LeadShown, ...]:
    """The same for the head of a page of that person below this part; registered in `person_index.leading`."""
    return tuple(
        LeadShown(each.is_lead, each.name, each.phone, each.deputy, each.deputy_phone, each.reference)
        for each in leads_of_person(viewer, [person_id])
    )
