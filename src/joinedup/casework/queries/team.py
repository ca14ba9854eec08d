"""The team around the child: who is in it and was, the family at the table, who has led it from when to when, and an offer
of the duty that waits for its answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.casework.lifecycle import HANDOVER_LABELS, HandoverState
from joinedup.casework.models import Case, CaseMember, FamilyPlace, LeadHandover
from joinedup.casework.permissions import ANSWER_HANDOVER, FIND_POSTS
from joinedup.casework.queries.cases import PersonInCase
from joinedup.casework.queries.duty import LeadChoice, lead_choices, loads_of
from joinedup.casework.queries.frame import CaseFrame
from joinedup.casework.queries.pathways import pathway_of
from joinedup.casework.rules import MAY_JOIN
from joinedup.casework.settings import caseload_cap
from joinedup.core.errors import NotVisible
from joinedup.core.formats import london
from joinedup.organisations.queries import PostsFound, find_posts


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
    words: str
    joined_at: datetime
    left_at: datetime | None
    is_deputy: bool


@dataclass(frozen=True)
class FamilySeen:
    """Somebody of the family in the team around the child, now or once."""

    id: UUID
    person_id: UUID
    name: str
    words: str
    joined_at: datetime
    left_at: datetime | None


@dataclass(frozen=True)
class DutyPeriod:
    """Who held the lead professional's duty from a moment to a moment; `is_manager` where nobody led."""

    name: str
    title: str
    starts_at: datetime
    ends_at: datetime | None
    is_manager: bool


@dataclass(frozen=True)
class HandoverSeen:
    """An offer of the duty."""

    id: UUID
    to_name: str
    to_title: str
    from_name: str
    state: str
    label: str
    reason: str
    answer: str
    proposed_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True)
class TeamAround:
    """Everything the Team page shows besides the head."""

    members: tuple[MemberSeen, ...]
    left: tuple[MemberSeen, ...]
    family: tuple[FamilySeen, ...]
    family_left: tuple[FamilySeen, ...]
    family_not_in: tuple[PersonInCase, ...]
    duties: tuple[DutyPeriod, ...]
    handovers: tuple[HandoverSeen, ...]

    @property
    def waiting(self) -> HandoverSeen | None:
        """The offer that waits for its answer."""
        return next((each for each in self.handovers if each.state == HandoverState.PROPOSED), None)


def team_around(viewer: Actor, frame: CaseFrame) -> TeamAround:
    """The team around the child of a case whose head the viewer has been shown; three statements."""
    row, at = frame.row, viewer.at
    members = members_of(row)
    places = family_places_of(row, frame.people)
    family = tuple(each for each in places if each.left_at is None or each.left_at > at)
    there = {each.person_id for each in family}
    return TeamAround(
        members=tuple(each for each in members if each.left_at is None or each.left_at > at),
        left=tuple(each for each in members if each.left_at is not None and each.left_at <= at),
        family=family,
        family_left=tuple(each for each in places if each.left_at is not None and each.left_at <= at),
        family_not_in=tuple(each for each in frame.people if each.person_id not in there),
        duties=duty_periods(row.opened_at, row.closed_at, members, at),
        handovers=_handovers(row),
    )


def members_of(row: Case) -> list[MemberSeen]:
    """Every place in the team around a child, the earliest first."""
    found = CaseMember.objects.filter(case=row).select_related("post__account", "post__host")
    return [
        MemberSeen(
            id=member.pk,
            post_id=member.post_id,
            name=member.post.account.name,
            title=member.post.title,
            organisation=member.post.host.name,
            phone=member.post.phone,
            part=member.part,
            words=member.words,
            joined_at=member.joined_at,
            # A place never outlives the post it is held by, written down or not.
            left_at=_earlier(member.left_at, member.post.ends_at),
            is_deputy=member.post_id == row.deputy_id and member.left_at is None,
        )
        for member in found.order_by("joined_at", "pk")
    ]


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    both = [moment for moment in (one, other) if moment is not None]
    return min(both) if both else None


def family_places_of(row: Case, people: Sequence[PersonInCase]) -> list[FamilySeen]:
    """The family's places, the earliest first; the names are those the head of the case has."""
    names = {each.person_id: each.name for each in people}
    found = FamilyPlace.objects.filter(case=row).order_by("joined_at", "pk")
    return [
        FamilySeen(each.pk, each.person_id, names.get(each.person_id, ""), each.words, each.joined_at, each.left_at)
        for each in found
        if each.person_id in names
    ]


def duty_periods(
    opened_at: datetime, closed_at: datetime | None, members: Sequence[MemberSeen], at: datetime
) -> tuple[DutyPeriod, ...]:
    """Who held the duty, without a gap from opening to closing: between two who led, the team manager did."""
    periods: list[DutyPeriod] = []
    since = opened_at
    for each in members:
        if each.part != "lead" or each.left_at == each.joined_at:
            continue
        if each.joined_at > since:
            periods.append(DutyPeriod("", "", since, each.joined_at, is_manager=True))
        periods.append(DutyPeriod(each.name, each.title, each.joined_at, each.left_at, is_manager=False))
        if each.left_at is None or each.left_at > at:
            return tuple(periods)
        since = each.left_at
    if closed_at is None or since < closed_at:
        periods.append(DutyPeriod("", "", since, closed_at, is_manager=True))
    return tuple(periods)


def _handovers(row: Case) -> tuple[HandoverSeen, ...]:
    found = LeadHandover.objects.filter(case=row).select_related("to_post__account", "from_post__account")
    return tuple(_handover(each) for each in found.order_by("-proposed_at", "-pk")[:20])


def _handover(row: LeadHandover) -> HandoverSeen:
    return HandoverSeen(
        id=row.pk,
        to_name=row.to_post.account.name,
        to_title=row.to_post.title,
        from_name=row.from_post.account.name if row.from_post else "",
        state=row.state,
        label=HANDOVER_LABELS[HandoverState(row.state)],
        reason=row.reason,
        answer=row.answer,
        proposed_at=row.proposed_at,
        answered_at=row.answered_at,
    )


def choices_to_lead(viewer: Actor, frame: CaseFrame) -> tuple[LeadChoice, ...]:
    """Who may lead this case, each with their load, for whoever is about to choose."""
    return lead_choices(viewer, frame.row, cap=caseload_cap(london(viewer.at).date()))


def posts_to_join(viewer: Actor, text: str, frame: CaseFrame | None = None) -> PostsFound:
    """Who could join a team around a child, found by name, post, team or organisation; without those who are in it."""
    check(viewer, FIND_POSTS)
    there = (
        CaseMember.objects.filter(CaseMember.held_at(viewer.at), case=frame.row) if frame else CaseMember.objects.none()
    )
    return find_posts(viewer, text, roles=MAY_JOIN, but_for=there.values_list("post_id", flat=True))


def handover_for_change(viewer: Actor, case_id: UUID, handover_id: UUID) -> LeadHandover:
    """An offer of a case that the viewer sees, to hand to a service."""
    seen = LeadHandover.objects.filter(case__in=Case.objects.visible_to(viewer), case_id=case_id, pk=handover_id)
    return _one(seen.select_related("case", "to_post__account").first())


def family_place_for_change(viewer: Actor, case_id: UUID, place_id: UUID) -> FamilyPlace:
    """A family member's place, to hand to a service."""
    seen = FamilyPlace.objects.filter(case__in=Case.objects.visible_to(viewer), case_id=case_id, pk=place_id)
    found = seen.select_related("case").first()
    if found is None:
        raise NotVisible
    return found


def _one(found: LeadHandover | None) -> LeadHandover:
    if found is None:
        raise NotVisible
    return found


# --- What is offered to oneself.


@dataclass(frozen=True)
class OfferSeen:
    """A lead professional's duty as it is shown to whoever is asked to take it: enough to decide, and nobody's name. `row`
    is for a service."""

    row: LeadHandover
    id: UUID
    reference: str
    team: str
    team_phone: str
    locality: str
    level: int
    children: tuple[str, ...]  # their ages
    from_name: str
    from_phone: str
    reason: str
    proposed_at: datetime
    leads_now: int
    lead_inside: str  # what its pathway calls whoever leads, inside a sentence
    is_waiting: bool


def offers_to(viewer: Actor) -> list[LeadHandover]:
    """The offers that wait for the viewer's own answer, the oldest first."""
    if not viewer.post_ids:
        return []
    waiting = LeadHandover.objects.filter(to_post_id__in=viewer.post_ids, state=HandoverState.PROPOSED)
    return list(waiting.select_related("case__team").order_by("proposed_at", "pk"))


def offers_shown(viewer: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Those of these offers that were made to the viewer. No read row: only ids are looked at."""
    return set(LeadHandover.objects.filter(pk__in=ids, to_post_id__in=viewer.post_ids).values_list("pk", flat=True))


def offer(viewer: Actor, handover_id: UUID) -> OfferSeen:
    """One offer to the viewer. Until they accept they are not in the team around the child: they read how old the children
    are, where they live, and why they are asked; no name. The read is audited with the people it concerns."""
    rows = LeadHandover.objects.select_related("case__team", "case__locality", "from_post__account", "to_post__account")
    row = rows.filter(pk=handover_id, to_post_id__in=viewer.post_ids).first()
    if row is None or not can(viewer, ANSWER_HANDOVER, row):
        raise NotVisible
    case = row.case
    people = list(case.people.select_related("person"))
    audit.record_read(
        viewer,
        subject=("casework.leadhandover", str(row.pk)),
        people={each.person_id for each in people},
        purpose="offer of a lead professional's duty",
    )
    on = london(viewer.at).date()
    born = sorted(each.person.birth_date for each in people if each.part == "child" and each.person.birth_date)
    ages = [on.year - day.year - ((on.month, on.day) < (day.month, day.day)) for day in born]
    return OfferSeen(
        row=row,
        id=row.pk,
        reference=case.reference,
        team=case.team.name,
        team_phone=case.team.phone,
        locality=case.locality.name if case.locality else "",
        level=case.level,
        children=tuple("under 1" if age < 1 else str(age) for age in ages),
        from_name=row.from_post.account.name if row.from_post else "",
        from_phone=row.from_post.phone if row.from_post else "",
        reason=row.reason,
        proposed_at=row.proposed_at,
        lead_inside=pathway_of(case.pathway, on).words.lead_inside,
        leads_now=sum(loads_of(viewer.post_ids).values()),
        is_waiting=row.state == HandoverState.PROPOSED,
    )
