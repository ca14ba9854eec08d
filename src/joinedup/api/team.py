"""The team around the child and its lead professional, for a partner's own system: who is in it, who leads from when to
when, handing over, accepting and declining."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from joinedup.access.actor import Actor
from joinedup.access.middleware import viewer_of
from joinedup.api import schemas
from joinedup.api.writes import Addresses, Answers, taken
from joinedup.casework import queries, services
from joinedup.core.errors import NotPermitted
from joinedup.organisations.queries import post_with_id

_ID = "0192f0c4-0000-7000-8000-000000000001"


class MemberOut(Schema):
    """A place in the team around the child. `part` is lead or member."""

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


class FamilyOut(Schema):
    """Somebody of the family in the team around the child. It opens no record to them."""

    id: UUID
    person_id: UUID
    name: str
    words: str
    joined_at: datetime
    left_at: datetime | None


class DutyOut(Schema):
    """Who held the lead professional's duty from a moment to a moment; the team manager where nobody led."""

    name: str
    title: str
    starts_at: datetime
    ends_at: datetime | None
    is_manager: bool


class HandoverOut(Schema):
    """An offer of the duty and its answer."""

    id: UUID
    to_name: str
    to_title: str
    from_name: str
    state: str
    reason: str
    answer: str
    proposed_at: datetime
    answered_at: datetime | None


class TeamOut(Schema):
    """The team around the child as it is and was, and who has held the duty since the case opened, without a gap."""

    members: list[MemberOut]
    left: list[MemberOut]
    family: list[FamilyOut]
    family_left: list[FamilyOut]
    duties: list[DutyOut]
    handovers: list[HandoverOut]


class LeadChoiceOut(Schema):
    """A post that may lead this case, and how many it leads."""

    post_id: UUID
    name: str
    title: str
    organisation: str
    leads: int
    is_over_cap: bool
    is_own_team: bool


class OfferRowOut(Schema):
    """An offer that waits for this account's answer."""

    id: UUID
    reference: str
    proposed_at: datetime


class OfferOut(Schema):
    """An offer as it is shown to whoever is asked: how old the children are, and nobody's name."""

    id: UUID
    reference: str
    team: str
    team_phone: str
    locality: str
    level: int
    children: list[str]
    from_name: str
    from_phone: str
    reason: str
    proposed_at: datetime
    leads_now: int
    is_waiting: bool


class TeamAnsweredOut(Schema):
    """How an offer was answered."""

    id: UUID
    state: str


class PostOut(Schema):
    """Somebody who could join a team around a child."""

    post_id: UUID
    name: str
    title: str
    organisation: str
    team: str


class FoundOut(Schema):
    """At most ten; `is_more` where there are others, to be told apart by more letters."""

    posts: list[PostOut]
    is_more: bool


class FindIn(Schema):
    """A part of a name, of a post's title, of a team or of an organisation."""

    model_config = taken(text="testerfield school")

    text: Annotated[schemas.Text100, Field(min_length=2)]


class MemberIn(Schema):
    """Who joins; `words` say what they do in this team, where their post does not."""

    model_config = taken(post_id=_ID, words="Sees the family on Mondays")

    post_id: UUID
    words: schemas.Text120 = ""


class FamilyIn(Schema):
    """Who of the family takes part, and their part in their words."""

    model_config = taken(person_id=_ID, words="Mum")

    person_id: UUID
    words: schemas.Text120 = ""


class TeamReasonIn(Schema):
    """Why."""

    model_config = taken(reason="She changes to another school.")

    reason: schemas.Text300


class LeadIn(Schema):
    """Who leads a case that nobody leads."""

    model_config = taken(post_id=_ID)

    post_id: UUID


class HandoverIn(Schema):
    """Who is asked to take the duty, and why; they read this before they see any name, so name nobody of the family."""

    model_config = taken(post_id=_ID, reason="The family has moved.")

    post_id: UUID
    reason: schemas.Text300


class DeputyIn(Schema):
    """Who is rung when the lead professional cannot be reached; null for nobody."""

    model_config = taken(post_id=_ID)

    post_id: UUID | None


class DeclineIn(Schema):
    """Why not."""

    model_config = taken(answer="I lead as many as I can.")

    answer: schemas.Text300


def router(answers: Answers) -> Router:
    """The addresses under /cases of the team around the child."""
    found = Router(tags=["Team around the child"])
    at = Addresses(found, answers)
    case = "/{uuid:case_id}"
    at.reads(f"{case}/team", TeamOut, _team, "The team around the child")
    at.writes(f"{case}/team/members", TeamOut, _add, "Somebody joins")
    at.writes(f"{case}/team/members/{{uuid:member_id}}/leave", TeamOut, _remove, "Somebody leaves")
    at.writes(f"{case}/team/family", TeamOut, _add_family, "Somebody of the family takes part")
    at.writes(f"{case}/team/family/{{uuid:family_place_id}}/leave", TeamOut, _remove_family, "They take part no more")
    at.reads(f"{case}/lead/choices", list[LeadChoiceOut], _choices, "Who may lead, with their load")
    at.writes(f"{case}/lead", TeamOut, _name_lead, "Name the lead professional")
    at.writes(f"{case}/lead/take", TeamOut, _take, "The manager takes the duty")
    at.writes(f"{case}/deputy", TeamOut, _deputy, "Name the deputy")
    at.writes(f"{case}/handovers", TeamOut, _hand_over, "Offer the duty to somebody")
    at.writes(f"{case}/handovers/{{uuid:offer_id}}/withdraw", TeamOut, _withdraw, "Take an offer back")
    return found


def offers_router(answers: Answers) -> Router:
    """The addresses under /lead-offers, for whoever is asked."""
    found = Router(tags=["Team around the child"])
    at = Addresses(found, answers)
    at.reads("", list[OfferRowOut], _offers, "Offers that wait for this account")
    at.reads("/{uuid:offer_id}", OfferOut, _offer, "One offer, without names")
    at.writes("/{uuid:offer_id}/accept", TeamAnsweredOut, _accept, "Accept the duty")
    at.writes("/{uuid:offer_id}/decline", TeamAnsweredOut, _decline, "Decline the duty")
    return found


def posts_router(answers: Answers) -> Router:
    """The addresses under /posts."""
    found = Router(tags=["Team around the child"])
    found.post("/find", response=answers(200, FoundOut), summary="Who could join a team around a child")(_find)
    return found


def _shown(viewer: Actor, case_id: UUID) -> dict[str, Any]:
    team = queries.team_around(viewer, queries.case_frame(viewer, case_id, purpose="API: team around the child"))
    names = ("members", "left", "family", "family_left", "duties", "handovers")
    return {name: [each.__dict__ for each in getattr(team, name)] for name in names}


def _team(request: HttpRequest, case_id: UUID) -> dict[str, Any]:
    """Who is in the team around the child, who was, who leads and led, and offers of the duty."""
    return _shown(viewer_of(request), case_id)


def _add(request: HttpRequest, case_id: UUID, sent: MemberIn) -> dict[str, Any]:
    """Somebody of any partner joins; they see the family's record from this moment."""
    viewer = viewer_of(request)
    case = queries.case_for_change(viewer, case_id)
    post = post_with_id(viewer, sent.post_id)
    services.add_member(case=case, post=post, words=sent.words, by=viewer, at=viewer.at)
    return _shown(viewer, case_id)


def _remove(request: HttpRequest, case_id: UUID, member_id: UUID, sent: TeamReasonIn) -> dict[str, Any]:
    """Somebody leaves; they see the record no more. The lead professional is replaced, never removed."""
    viewer = viewer_of(request)
    member = queries.member_for_change(viewer, case_id, member_id)
    services.remove_member(member=member, reason=sent.reason, by=viewer, at=viewer.at)
    return _shown(viewer, case_id)


def _add_family(request: HttpRequest, case_id: UUID, sent: FamilyIn) -> dict[str, Any]:
    """Somebody of the family of the case takes part. It opens no record to them."""
    viewer = viewer_of(request)
    case = queries.case_for_change(viewer, case_id)
    services.add_family(case=case, **sent.model_dump(), by=viewer, at=viewer.at)
    return _shown(viewer, case_id)


def _remove_family(request: HttpRequest, case_id: UUID, family_place_id: UUID, sent: TeamReasonIn) -> dict[str, Any]:
    """Somebody of the family no longer takes part."""
    viewer = viewer_of(request)
    place = queries.family_place_for_change(viewer, case_id, family_place_id)
    services.remove_family(place=place, reason=sent.reason, by=viewer, at=viewer.at)
    return _shown(viewer, case_id)


def _choices(request: HttpRequest, case_id: UUID) -> list[dict[str, Any]]:
    """Who may lead this case, the least loaded first, for whoever names the lead professional or hands over."""
    viewer = viewer_of(request)
    frame = queries.case_frame(viewer, case_id, purpose="API: team around the child")
    if queries.may_do(viewer, frame.row).isdisjoint({"name_lead_professional", "propose_handover"}):
        raise NotPermitted("You may not change who leads this case.", rule="permission:casework.propose_handover")
    return [each.__dict__ for each in queries.choices_to_lead(viewer, frame)]


def _name_lead(request: HttpRequest, case_id: UUID, sent: LeadIn) -> dict[str, Any]:
    """The manager names the lead professional of a case that nobody leads; one that is led is handed over."""
    viewer = viewer_of(request)
    case = queries.case_for_change(viewer, case_id)
    post = post_with_id(viewer, sent.post_id)
    services.name_lead_professional(case=case, post=post, reason="", by=viewer, at=viewer.at)
    return _shown(viewer, case_id)


def _take(request: HttpRequest, case_id: UUID, sent: TeamReasonIn) -> dict[str, Any]:
    """The manager takes the lead professional's duty at once."""
    viewer = viewer_of(request)
    case = queries.case_for_change(viewer, case_id)
    services.take_duty(case=case, reason=sent.reason, by=viewer, at=viewer.at)
    return _shown(viewer, case_id)


def _deputy(request: HttpRequest, case_id: UUID, sent: DeputyIn) -> dict[str, Any]:
    """Somebody else in the team around the child; the duty itself stays with the lead professional."""
    viewer = viewer_of(request)
    case = queries.case_for_change(viewer, case_id)
    post = post_with_id(viewer, sent.post_id) if sent.post_id else None
    services.name_deputy(case=case, post=post, by=viewer, at=viewer.at)
    return _shown(viewer, case_id)


def _hand_over(request: HttpRequest, case_id: UUID, sent: HandoverIn) -> dict[str, Any]:
    """Offer the duty. Whoever holds it keeps it until the offer is accepted."""
    viewer = viewer_of(request)
    case = queries.case_for_change(viewer, case_id)
    post = post_with_id(viewer, sent.post_id)
    services.propose_handover(case=case, post=post, reason=sent.reason, by=viewer, at=viewer.at)
    return _shown(viewer, case_id)


def _withdraw(request: HttpRequest, case_id: UUID, offer_id: UUID) -> dict[str, Any]:
    """Take an offer back that nobody has answered."""
    viewer = viewer_of(request)
    offered = queries.handover_for_change(viewer, case_id, offer_id)
    services.withdraw_handover(handover=offered, by=viewer, at=viewer.at)
    return _shown(viewer, case_id)


# --- For whoever is asked.


def _offers(request: HttpRequest) -> list[dict[str, Any]]:
    """Offers of a lead professional's duty that wait for an answer of this account's posts, the oldest first."""
    return [
        {"id": each.pk, "reference": each.case.reference, "proposed_at": each.proposed_at}
        for each in queries.offers_to(viewer_of(request))
    ]


def _offer(request: HttpRequest, offer_id: UUID) -> dict[str, Any]:
    """Enough to decide: ages, level, locality, and why."""
    return queries.offer(viewer_of(request), offer_id).__dict__


def _accept(request: HttpRequest, offer_id: UUID) -> dict[str, Any]:
    """Accept: the duty, and the record, are this account's from this moment."""
    viewer = viewer_of(request)
    seen = queries.offer(viewer, offer_id)
    services.accept_handover(handover=seen.row, by=viewer, at=viewer.at)
    return {"id": offer_id, "state": seen.row.state}


def _decline(request: HttpRequest, offer_id: UUID, sent: DeclineIn) -> dict[str, Any]:
    """Decline with the reason; the duty stays where it is."""
    viewer = viewer_of(request)
    seen = queries.offer(viewer, offer_id)
    services.decline_handover(handover=seen.row, answer=sent.answer, by=viewer, at=viewer.at)
    return {"id": offer_id, "state": seen.row.state}


def _find(request: HttpRequest, asked: FindIn) -> dict[str, Any]:
    """Posts held now whose holder, title, team or organisation has every word of the text, at most ten."""
    found = queries.posts_to_join(viewer_of(request), asked.text)
    return {"posts": [each.__dict__ for each in found.posts], "is_more": found.is_more}
