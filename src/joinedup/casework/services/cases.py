"""Opening a case, naming its lead professional, and who is in the team around the child."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.casework import rules
from joinedup.casework.events import (
    CASE_OPENED,
    LEAD_PROFESSIONAL_NAMED,
    MEMBER_ADDED,
    MEMBER_REMOVED,
)
from joinedup.casework.lifecycle import CaseState
from joinedup.casework.meeting import next_review_by
from joinedup.casework.models import Case, CaseMember, CasePerson
from joinedup.casework.permissions import (
    ADD_MEMBER,
    NAME_LEAD_PROFESSIONAL,
    OPEN_CASE,
    REMOVE_MEMBER,
)
from joinedup.casework.queries.duty import is_in_post
from joinedup.casework.services.closing import _mark_re_referral
from joinedup.casework.services.steps import chronicle, lock, lock_open, write_transition
from joinedup.casework.services.team_steps import check_lead, let_lead
from joinedup.casework.settings import review_weeks
from joinedup.core.models import claim_version, new_reference

if TYPE_CHECKING:
    from joinedup.organisations.models import Locality, Post, Team
    from joinedup.person_index.models import Family


@service(OPEN_CASE)
def open_case(
    *,
    family: Family,
    team: Team,
    locality: Locality | None,
    level: int,
    people: Mapping[UUID, str],
    reason: str,
    by: Actor,
    at: datetime,
) -> Case:
    """Open work with a family in a team; `people` are person ids and their part (child, parent, other).

    Called by the front door when it allocates. Refuses (CW-1) when the family has an open case.
    """
    if "child" not in people.values():
        raise rules.SOMEBODY_IN_IT.refused()
    case = Case(
        reference=new_reference("C"),
        family=family,
        team=team,
        locality=locality,
        level=level,
        state=CaseState.WAITING_FOR_LEAD,
        opened_at=at,
        review_due_on=next_review_by(timezone.localdate(at), review_weeks(timezone.localdate(at))),
    )
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError:
        if Case.objects.open().filter(family=family).exists():
            raise rules.ONE_OPEN_CASE.refused() from None
        raise
    CasePerson.objects.bulk_create(
        [CasePerson(case=case, person_id=person_id, part=part) for person_id, part in people.items()]
    )
    write_transition(case, "", CaseState.WAITING_FOR_LEAD, by=by, at=at, reason=reason)
    _mark_re_referral(case, at)
    chronicle(CASE_OPENED, case, by=by, at=at, code=f"level_{level}")
    note(changed=("state",), subject=case)
    return case


@service(NAME_LEAD_PROFESSIONAL, on="case")
def name_lead_professional(*, case: Case, post: Post, reason: str, by: Actor, at: datetime) -> Case:
    """Name the lead professional of a case that nobody leads: they see the family from this moment, and the duty is theirs
    and no longer the team manager's. Of a case that somebody leads, the duty is handed over (CW-201)."""
    lock_open(case)
    if case.lead_professional_id == post.pk and is_in_post(case.lead_professional, at):
        raise rules.LEAD_ALREADY.refused()
    if is_in_post(case.lead_professional, at):
        raise rules.HAND_OVER_INSTEAD.refused()
    check_lead(case, post, by=by, at=at)
    claim_version(case, case.version)
    let_lead(case, post, by=by, at=at, reason=reason)
    chronicle(LEAD_PROFESSIONAL_NAMED, case, by=by, at=at, words={"who": post.account.name, "reason": reason})
    note(changed=("lead_professional", "state"), words={"post": str(post.pk)})
    return case


@service(ADD_MEMBER, on="case")
def add_member(*, case: Case, post: Post, words: str = "", by: Actor, at: datetime) -> CaseMember:
    """Add a post, of whichever partner, to the team around the child; they see the family from this moment.
    `words` say what they do in this team, where their post does not."""
    lock_open(case)
    if not post.is_held_at(at):
        raise rules.POST_HELD.refused()
    if post.role not in rules.MAY_JOIN:
        raise rules.MAY_JOIN_TEAM.refused()
    if CaseMember.objects.filter(case=case, post=post, left_at__isnull=True).exists():
        raise rules.MEMBER_ALREADY.refused()
    claim_version(case, case.version)
    member = CaseMember.objects.create(case=case, post=post, part="member", words=words.strip()[:120], joined_at=at)
    chronicle(MEMBER_ADDED, case, by=by, at=at, words={"who": post.account.name})
    note(changed=("members",), words={"post": str(post.pk)}, subject=case)
    return member


@service(REMOVE_MEMBER, on="member")
def remove_member(*, member: CaseMember, reason: str, by: Actor, at: datetime) -> CaseMember:
    """End a place in the team around the child; they see the family no more from this moment. The lead professional
    is replaced, never removed."""
    case = lock_open(member.case)
    lock(member)
    if member.left_at is not None:
        raise rules.LEFT_ALREADY.refused()
    if member.part == "lead":
        raise rules.LEAD_IS_REPLACED.refused()
    if not reason.strip():
        raise rules.REASON_NEEDED.refused()
    claim_version(case, case.version)
    claim_version(member, member.version)
    member.left_at = at
    member.save(update_fields=["left_at"])
    if case.deputy_id == member.post_id:
        case.deputy = None
        case.save(update_fields=["deputy"])
    chronicle(MEMBER_REMOVED, case, by=by, at=at, words={"who": member.post.account.name, "reason": reason.strip()})
    note(changed=("members",), words={"post": str(member.post_id)}, subject=case)
    return member
