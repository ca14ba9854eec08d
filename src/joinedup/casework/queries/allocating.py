"""The list of an allocation meeting, which fills itself; the meetings that were held, and what they decided."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, OuterRef, Subquery
from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.access.roles import Role
from joinedup.casework.allocating import DECISIONS, Candidate, Waiting, Why, decide_by, put_together, suggestion
from joinedup.casework.lifecycle import SENT_BACK_LABELS, HandoverState, SentBackState, StepState
from joinedup.casework.models import (
    AllocationDecision,
    AllocationMeeting,
    Case,
    CaseMember,
    CaseQuerySet,
    CaseTransition,
    LeadHandover,
    SentBack,
    Step,
)
from joinedup.casework.permissions import DECIDE_ALLOCATION, HOLD_ALLOCATION
from joinedup.casework.queries.cases import people_in
from joinedup.casework.queries.duty import is_in_post, lead_choices, loads_of, trained_to_lead
from joinedup.casework.queries.social_work import cases_with_social_work
from joinedup.casework.rules import needs_social_worker
from joinedup.casework.settings import allocation_days, caseload_cap
from joinedup.core.errors import NotVisible
from joinedup.core.formats import date_time
from joinedup.organisations.queries import posts_with_role, team_with_id

if TYPE_CHECKING:
    from joinedup.organisations.models import Team

_ASKED = [StepState.WAITING.value, StepState.ASKED_AGAIN.value]


@dataclass(frozen=True)
class WaitingRow:
    """A family on the list as it is shown, with the children's ages and what the meeting decided."""

    waiting: Waiting
    child: str
    is_late: bool
    decided: DecisionSeen | None


@dataclass(frozen=True)
class DecisionSeen:
    """What a meeting decided about one family."""

    case_id: UUID
    reference: str
    decision: str
    label: str
    waited_for: str
    waited_since: datetime
    to: str
    hold_until: date | None
    reason: str
    decided_at: datetime
    became: str
    is_to_front_door: bool = False


@dataclass(frozen=True)
class MeetingRow:
    """One meeting in a list."""

    id: UUID
    reference: str
    begun_at: datetime
    ended_at: datetime | None
    decisions: int
    waiting: int


@dataclass(frozen=True)
class AllocationPage:
    """A team's list. `open` is the meeting that goes on, if one does; `held`, `offered` and `back` (with the front door)
    need no decision now."""

    team_id: UUID
    team: str
    to_decide: tuple[WaitingRow, ...]
    offered: tuple[WaitingRow, ...]
    held: tuple[WaitingRow, ...]
    back: tuple[WaitingRow, ...]
    candidates: tuple[Candidate, ...]
    cap: int
    days: int
    open: MeetingSeen | None
    earlier: tuple[MeetingRow, ...]

    @property
    def late(self) -> int:
        """How many have waited longer than they should."""
        return sum(row.is_late for row in self.to_decide)


@dataclass(frozen=True)
class MeetingSeen:
    """One meeting with what it decided. `row` is for a service."""

    row: AllocationMeeting
    id: UUID
    version: int
    reference: str
    team_id: UUID
    team: str
    begun_at: datetime
    ended_at: datetime | None
    present: str
    words: str
    waiting: int
    made: tuple[DecisionSeen, ...]


# --- What waits.


def waiting_of_team(viewer: Actor, team_id: UUID) -> list[Waiting]:
    """Everything that waits for a team, one row for a family, who has waited longest first. The caller manages the team.
    As many statements however long it is."""
    on = timezone.localdate(viewer.at)
    days, cap = allocation_days(on), caseload_cap(on)
    candidates = candidates_of(viewer, team_id)
    rows = Case.objects.visible_to(viewer).filter(team_id=team_id).open()
    found = [*_unled(rows, viewer, days), *_declined(rows, days), *_over(rows, candidates, cap, days)]
    found += _steps(viewer, team_id, days)
    listed = put_together(found)
    offers = dict(
        LeadHandover.objects.filter(
            case_id__in=[each.case_id for each in listed], state=HandoverState.PROPOSED
        ).values_list("case_id", "to_post__account__name")
    )
    held = _holds([each.case_id for each in listed], team_id)
    back = _sent_back([each.case_id for each in listed], team_id)
    statutory = cases_with_social_work([each.case_id for each in listed], on)
    return [
        replace(
            each, **back.get(each.case_id, {}), offered_to=offers.get(each.case_id, ""), held_until=held.get(each.case_id, (None, ""))[0],
            held_because=held.get(each.case_id, (None, ""))[1], suggested=suggestion(candidates, each.level, has_social_work=each.case_id in statutory),
            needs_social_worker=needs_social_worker(each.level, has_social_work=each.case_id in statutory),
        )
        for each in listed
    ]  # fmt: skip


def _one(case: Case, why: Why, since: datetime, days: int, **more: str) -> Waiting:
    return Waiting(case.pk, case.reference, case.family.name, case.level, (why,), since, decide_by(since, days), **more)  # type: ignore[arg-type]


def _unled(rows: CaseQuerySet, viewer: Actor, days: int) -> Iterator[Waiting]:
    """Nobody leads: nobody has yet, or whoever did has gone, from the moment they went."""
    last = CaseTransition.objects.filter(case=OuterRef("pk"), end="waiting_for_lead").order_by("-at")
    ever = CaseMember.objects.filter(case=OuterRef("pk"), part="lead").order_by("joined_at")
    unled = rows.exclude(pk__in=Case.objects.led_at(viewer.at).values("pk"))
    found = unled.select_related("family", "lead_professional").annotate(
        waits_since=Subquery(last.values("at")[:1]), led_first=Subquery(ever.values("joined_at")[:1])
    )
    for case in found:
        lead = case.lead_professional
        gone = lead.ends_at if lead is not None and lead.ends_at and lead.ends_at <= viewer.at else None
        why = Why.LEFT if getattr(case, "led_first", None) else Why.NEW
        yield _one(case, why, gone or getattr(case, "waits_since", None) or case.opened_at, days)


def _declined(rows: CaseQuerySet, days: int) -> Iterator[Waiting]:
    """The newest offer of the lead was declined."""
    newest = LeadHandover.objects.filter(case=OuterRef("pk")).order_by("-proposed_at", "-pk")
    found = rows.select_related("family", "lead_professional__account").annotate(
        last_state=Subquery(newest.values("state")[:1]), last_at=Subquery(newest.values("answered_at")[:1])
    )
    for case in found.filter(last_state=HandoverState.DECLINED):
        yield _one(case, Why.REFUSED, getattr(case, "last_at", None) or case.opened_at, days, led_by=_lead_of(case))


def _lead_of(case: Case) -> str:
    return case.lead_professional.account.name if case.lead_professional else ""


def _over(rows: CaseQuerySet, candidates: Collection[Candidate], cap: int, days: int) -> Iterator[Waiting]:
    """Of somebody who leads more than they should, the cases taken on last, as many as are too many."""
    full = {each.post_id: each for each in candidates if each.leads > cap}
    if not full:
        return
    taken = CaseMember.objects.filter(case=OuterRef("pk"), part="lead", left_at__isnull=True).values("joined_at")[:1]
    led = rows.filter(lead_professional_id__in=list(full)).annotate(led_since=Subquery(taken))
    by_lead: dict[UUID, list[Case]] = {}
    for case in led.select_related("family").order_by("-led_since", "-pk"):
        if case.lead_professional_id is not None:
            by_lead.setdefault(case.lead_professional_id, []).append(case)
    for post_id, cases in by_lead.items():
        who = full[post_id]
        for case in cases[: who.leads - cap]:
            yield _one(case, Why.OVER, getattr(case, "led_since", None) or case.opened_at, days, led_by=who.name)


def _steps(viewer: Actor, team_id: UUID, days: int) -> Iterator[Waiting]:
    """Another team's families that this team is asked to take. Their clock is the step's own."""
    asked = Step.objects.visible_to(viewer).filter(to_team_id=team_id, state__in=_ASKED)
    for step in asked.select_related("case__family", "case__lead_professional__account", "from_team"):
        found = _one(step.case, Why.STEP, step.asked_at, days, led_by=_lead_of(step.case))
        yield replace(found, step_id=step.pk, due_at=step.answer_by, level=step.to_level)


def _holds(case_ids: list[UUID], team_id: UUID) -> dict[UUID, tuple[date | None, str]]:
    """Until when each family is held, where the newest decision about it says so, and why."""
    rows = AllocationDecision.objects.filter(case_id__in=case_ids, meeting__team_id=team_id).order_by("decided_at")
    newest = {row.case_id: row for row in rows}
    return {case_id: (row.hold_until, row.reason) for case_id, row in newest.items() if row.decision == "hold"}


def _sent_back(case_ids: list[UUID], team_id: UUID) -> dict[UUID, dict[str, Any]]:
    """By when the front door answers about each family this team sent back, or why it said that it stays."""
    rows = SentBack.objects.filter(case_id__in=case_ids, team_id=team_id).order_by("sent_at", "pk")
    found: dict[UUID, dict[str, Any]] = {}
    for row in rows:  # the newest of each
        waits, stays = row.state == SentBackState.WAITING, row.state == SentBackState.STAYS
        found[row.case_id] = {
            "asked_front_door": row.answer_by if waits else None, "front_door_said": row.words if stays else "",
        }  # fmt: skip
    return found


# --- Who could lead.


def candidates_of(viewer: Actor, team_id: UUID) -> tuple[Candidate, ...]:
    """The key workers of a team, with how many cases each leads beside the most they should, and what they are qualified in;
    the least loaded first."""
    cap = caseload_cap(timezone.localdate(viewer.at))
    posts = [post for post in posts_with_role(viewer, Role.KEY_WORKER, team_id=team_id) if is_in_post(post, viewer.at)]
    loads = loads_of(post.pk for post in posts)
    trained = trained_to_lead(viewer, [post.account_id for post in posts])
    found = [
        Candidate(
            post.pk, post.account.name, post.title, loads.get(post.pk, 0), cap, post.account_id in trained,
            post.is_registered_social_worker,
        )
        for post in posts
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda each: (each.leads, not each.is_trained, each.name)))


def candidates_for(viewer: Actor, meeting: MeetingSeen, waiting: Waiting) -> tuple[Candidate, ...]:
    """Who may lead one family that waits: of the team, and of whoever else is in the team around the child and trained."""
    own = {each.post_id: each for each in candidates_of(viewer, meeting.team_id)}
    if waiting.step_id is not None:
        return tuple(each for each in own.values() if each.is_social_worker or not waiting.needs_social_worker)
    case = _case_of(viewer, waiting.case_id)
    cap = caseload_cap(timezone.localdate(viewer.at))
    return tuple(
        own.get(each.post_id)
        or Candidate(each.post_id, each.name, f"{each.title}, {each.organisation}", each.leads, cap, True, False)
        for each in lead_choices(viewer, case, cap=cap)
    )


# --- The pages.


def teams_to_allocate(viewer: Actor) -> list[Team]:
    """The teams whose allocation meetings the viewer holds."""
    ids = [each.team_id for each in viewer.standings if each.role in HOLD_ALLOCATION.roles and each.team_id]
    return [team_with_id(viewer, team_id) for team_id in dict.fromkeys(ids)]


def team_to_allocate(viewer: Actor, team_id: UUID) -> Team:
    """A team the viewer manages, to hand to a service."""
    team = team_with_id(viewer, team_id)
    if not can(viewer, HOLD_ALLOCATION, team):
        raise NotVisible
    return team


def allocation_page(viewer: Actor, team_id: UUID) -> AllocationPage:
    """What waits for a team the viewer manages. One audit row names everybody on the list."""
    team = team_to_allocate(viewer, team_id)
    on = timezone.localdate(viewer.at)
    listed = waiting_of_team(viewer, team.pk)
    people = people_in([each.case_id for each in listed])
    audit.record_read(
        viewer, subject=("casework.case", "allocation"), people={one.person_id for several in people.values() for one in several},
        purpose="allocation meeting", search=True,
    )  # fmt: skip
    meetings = AllocationMeeting.objects.visible_to(viewer).filter(team=team).select_related("team")
    going_on = meetings.filter(ended_at__isnull=True).first()
    seen = _meeting(going_on) if going_on else None
    decided = {each.case_id: each for each in seen.made} if seen else {}
    rows = [
        WaitingRow(
            each, next((one.name for one in people.get(each.case_id, []) if one.part == "child"), each.family),
            each.is_late(viewer.at), decided.get(each.case_id),
        )
        for each in listed
    ]  # fmt: skip
    return AllocationPage(
        team_id=team.pk, team=team.name,
        to_decide=tuple(row for row in rows if row.waiting.is_to_decide(on)),
        offered=tuple(row for row in rows if row.waiting.offered_to),
        held=tuple(row for row in rows if _is_held(row.waiting, on)),
        back=tuple(row for row in rows if row.waiting.asked_front_door and not row.waiting.offered_to),
        candidates=candidates_of(viewer, team.pk), cap=caseload_cap(on), days=allocation_days(on), open=seen,
        earlier=tuple(
            MeetingRow(row.pk, row.reference, row.begun_at, row.ended_at, getattr(row, "made", 0), row.waiting)
            for row in meetings.filter(ended_at__isnull=False).annotate(made=Count("decisions")).order_by("-begun_at")[:12]
        ),
    )  # fmt: skip


def _is_held(waiting: Waiting, on: date) -> bool:
    return not (waiting.offered_to or waiting.asked_front_door or waiting.is_to_decide(on))


def allocation_meeting(viewer: Actor, meeting_id: UUID) -> MeetingSeen:
    """One meeting with its decisions; the read is audited with the people they are about."""
    row = AllocationMeeting.objects.visible_to(viewer).select_related("team").filter(pk=meeting_id).first()
    if row is None or not can(viewer, DECIDE_ALLOCATION, row):
        raise NotVisible
    seen = _meeting(row)
    people = people_in([each.case_id for each in seen.made])
    audit.record_read(
        viewer, subject=("casework.allocationmeeting", str(row.pk)),
        people={one.person_id for several in people.values() for one in several}, purpose="allocation meeting",
    )  # fmt: skip
    return seen


def _meeting(row: AllocationMeeting) -> MeetingSeen:
    related = ("case", "post__account", "handover", "step", "sent_back__to_team")
    made = AllocationDecision.objects.filter(meeting=row).select_related(*related).order_by("decided_at", "pk")
    return MeetingSeen(
        row=row, id=row.pk, version=row.version, reference=row.reference, team_id=row.team_id, team=row.team.name,
        begun_at=row.begun_at, ended_at=row.ended_at, present=row.present, words=row.words, waiting=row.waiting,
        made=tuple(_decision(each) for each in made),
    )  # fmt: skip


_BECAME = {
    HandoverState.PROPOSED: "Waits for their answer", HandoverState.ACCEPTED: "They accepted",
    HandoverState.DECLINED: "They declined", HandoverState.WITHDRAWN: "Taken back",
}  # fmt: skip


def _came_of(row: SentBack) -> str:
    """What the front door answered, in one line."""
    if row.state == SentBackState.WAITING:
        return f"The front door answers by {date_time(row.answer_by)}"
    label = SENT_BACK_LABELS[SentBackState(row.state)]
    return f"{label}{f' ({row.to_team.name})' if row.to_team else ''}. {row.words}".strip()


def _decision(row: AllocationDecision) -> DecisionSeen:
    became = _BECAME[HandoverState(row.handover.state)] if row.handover else ""
    back: SentBack | None = getattr(row, "sent_back", None)
    if back is not None:
        became = _came_of(back)
    elif row.step is not None:
        became = {"offer": "Accepted from the other team", "back": "Refused to the other team"}.get(row.decision, "")
    return DecisionSeen(
        row.case_id, row.case.reference, row.decision, DECISIONS[row.decision], row.waited_for, row.waited_since,
        row.post.account.name if row.post else "", row.hold_until, row.reason, row.decided_at, became,
        back is not None,
    )  # fmt: skip


def waiting_to_decide(viewer: Actor, meeting: MeetingSeen, case_id: UUID) -> tuple[Case, Waiting]:
    """A family on the list of a meeting that goes on, and its case, to hand to a service."""
    found = next((each for each in waiting_of_team(viewer, meeting.team_id) if each.case_id == case_id), None)
    if found is None:
        raise NotVisible
    case = _case_of(viewer, case_id) if found.step_id is None else Case.objects.get(pk=case_id)
    people = people_in([case_id]).get(case_id, [])
    audit.record_read(
        viewer, subject=("casework.case", str(case_id)), people={each.person_id for each in people}, purpose="allocation meeting"
    )  # fmt: skip
    return case, found


def _case_of(viewer: Actor, case_id: UUID) -> Case:
    found = (
        Case.objects.visible_to(viewer)
        .select_related("family", "team", "lead_professional__account")
        .filter(pk=case_id)
    )
    case = found.first()
    if case is None:
        raise NotVisible
    return case


def next_to_decide(viewer: Actor, team_id: UUID, meeting_id: UUID) -> UUID | None:
    """The family that waits longest and about which the meeting has not decided."""
    on = timezone.localdate(viewer.at)
    done = set(AllocationDecision.objects.filter(meeting_id=meeting_id).values_list("case_id", flat=True))
    listed = waiting_of_team(viewer, team_id)
    return next((each.case_id for each in listed if each.is_to_decide(on) and each.case_id not in done), None)


def allocations_shown(viewer: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Those of these meetings that the viewer holds. No read row: only ids are looked at."""
    return set(AllocationMeeting.objects.visible_to(viewer).filter(pk__in=ids).values_list("pk", flat=True))
