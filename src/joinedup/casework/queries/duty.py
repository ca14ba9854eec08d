"""Who holds the lead professional's duty, now: the lead professional, and the team manager from the very minute in which
the lead's post or account ends. Worked out, never looked up: no job has to run for it to be true."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.grounds import standings_of
from joinedup.access.roles import Role
from joinedup.casework.answering import ANSWER_FOR_TEAM, MAY_ANSWER, Rung, who_answers
from joinedup.casework.models import Case, CaseMember
from joinedup.casework.pathways import pathway_lead_fault
from joinedup.casework.queries.pathways import pathway_of
from joinedup.casework.queries.social_work import cases_with_social_work
from joinedup.casework.rules import CANNOT_LEAD, Candidate, Rule, lead_fault
from joinedup.organisations.queries import posts_with_role, team_with_id
from joinedup.person_index.queries import withheld_among
from joinedup.workforce.codes import Course
from joinedup.workforce.queries import trained_accounts

if TYPE_CHECKING:
    from joinedup.organisations.models import Post, Team


@dataclass(frozen=True)
class DutyHolder:
    """Who answers for a family now. `kind` is lead, manager (nobody leads, so the team manager does), officer (a statutory or
    designated one, for statutory work or where nobody manages the team), director (where there is none either), or team
    (whoever answers its telephone)."""

    kind: str
    post_id: UUID | None
    name: str
    title: str
    phone: str

    @property
    def is_lead(self) -> bool:
        """A lead professional, and not somebody standing in for one."""
        return self.kind == "lead"

    @property
    def stands_in_as(self) -> str:
        """In what right somebody holds the duty without leading, in words; empty for whoever leads, and for a telephone."""
        return {"manager": "team manager", "officer": "statutory officer", "director": "director"}.get(self.kind, "")


def is_in_post(post: Post | None, at: datetime) -> bool:
    """Holding the post at that moment, with an account that may sign in."""
    return post is not None and post.is_held_at(at) and post.account.is_active


def duty_holders(viewer: Actor, cases: Collection[Case]) -> dict[UUID, DutyHolder]:
    """The one holder of the duty of each of these cases at the viewer's moment; at most two statements, however
    many. The cases come with `lead_professional__account` and `team`, from a query that let the viewer in."""
    found: dict[UUID, DutyHolder] = {}
    left: list[Case] = []
    for case in cases:
        lead = case.lead_professional
        if lead is not None and is_in_post(lead, viewer.at):
            found[case.pk] = _holder("lead", lead)
        else:
            left.append(case)
    posts = _may_answer(viewer) if left else []
    social_work = cases_with_social_work([case.pk for case in left], timezone.localdate(viewer.at)) if left else set()
    for case in left:
        is_statutory = case.pk in social_work
        rung, who = who_answers(posts, case.team_id, case.team.host_id, statutory=is_statutory)
        found[case.pk] = (
            _holder(_KINDS.get(Role(who[0].role), "manager"), who[0])
            if who and rung != Rung.KEEPER
            else DutyHolder("team", None, case.team.name, "Team", case.team.phone)
        )
    return found


_KINDS = {
    Role.TEAM_MANAGER: "manager",
    Role.STATUTORY_OFFICER: "officer",
    Role.DESIGNATED_OFFICER: "officer",
    Role.DIRECTOR: "director",
}


def duty_holder(viewer: Actor, case: Case) -> DutyHolder:
    """The one holder of the duty of one case."""
    return duty_holders(viewer, [case])[case.pk]


def answering_for(viewer: Actor, team: Team) -> tuple[Rung | None, tuple[Post, ...]]:
    """Who answers for a team's cases at the viewer's moment, and how far up they were found (`answering.who_answers`); one
    statement."""
    return who_answers(_may_answer(viewer), team.pk, team.host_id)


def who_answers_for(viewer: Actor, team_id: UUID) -> list[Post]:
    """The same for a team by its id: whom to tell. Empty only where nobody in the whole partnership could be told."""
    return list(answering_for(viewer, team_with_id(viewer, team_id))[1])


def teams_answered_for(viewer: Actor) -> set[UUID]:
    """The teams whose manager, or statutory officer, the viewer is."""
    return {each.team_id for each in viewer.standings if each.role in ANSWER_FOR_TEAM and each.team_id}


def _may_answer(viewer: Actor) -> list[Post]:
    """Whoever may answer for a team, the longest in post first: of two, one holds the duty."""
    held = [post for post in posts_with_role(viewer, *sorted(MAY_ANSWER)) if post.account.is_active]
    return sorted(held, key=lambda post: (post.starts_at, str(post.pk)))


def _holder(kind: str, post: Post) -> DutyHolder:
    return DutyHolder(kind, post.pk, post.account.name, post.title, post.phone)


# --- Who may lead.


@dataclass(frozen=True)
class LeadChoice:
    """A post that may lead, and what to know before choosing: how many open cases it leads, and of which agency."""

    post_id: UUID
    name: str
    title: str
    organisation: str
    leads: int
    is_over_cap: bool
    is_own_team: bool


def loads_of(post_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many open cases each of these posts leads."""
    led = Case.objects.open().filter(lead_professional__in=list(post_ids)).order_by()
    return dict(led.values_list("lead_professional").annotate(Count("pk")))


def lead_choices(viewer: Actor, case: Case, *, cap: int) -> tuple[LeadChoice, ...]:
    """Who may be lead professional of a case, the least loaded first: the key workers of its team, and whoever else is in
    the team around the child and trained, of any partner. Somebody else joins it first."""
    own = posts_with_role(viewer, Role.KEY_WORKER, team_id=case.team_id)
    places = CaseMember.objects.filter(CaseMember.held_at(viewer.at), case=case)
    there = [place.post for place in places.select_related("post__account", "post__host", "post__team")]
    posts = {post.pk: post for post in [*own, *there] if post.pk != case.lead_professional_id}
    trained = trained_to_lead(viewer, [post.account_id for post in posts.values()])
    loads = loads_of(posts)
    has_social_work = case.pk in cases_with_social_work([case.pk], timezone.localdate(viewer.at))
    choices = [
        LeadChoice(
            post_id=post.pk,
            name=post.account.name,
            title=post.title,
            organisation=post.host.name,
            leads=loads.get(post.pk, 0),
            is_over_cap=loads.get(post.pk, 0) >= cap,
            is_own_team=post.team_id == case.team_id,
        )
        for post in posts.values()
        if _fault(post, case, viewer.at, is_trained=post.account_id in trained, has_social_work=has_social_work) is None
    ]
    return tuple(sorted(choices, key=lambda each: (each.leads, each.name)))


def trained_to_lead(viewer: Actor, account_ids: list[UUID]) -> set[UUID]:
    """Trained to assess or to lead, today."""
    on = timezone.localdate(viewer.at)
    return trained_accounts(viewer, account_ids, Course.COMMON_ASSESSMENT, on) | trained_accounts(
        viewer, account_ids, Course.LEAD_PROFESSIONAL, on
    )


def fault_of_lead(viewer: Actor, case: Case, post: Post, people: Collection[UUID], *, at: datetime) -> Rule | None:
    """Why a post may not lead a case, or None. Nobody leads a case about their own family, nor about somebody whose record
    is kept from them; the sentence does not say which."""
    trained = bool(trained_to_lead(viewer, [post.account_id]))
    has_social_work = case.pk in cases_with_social_work([case.pk], timezone.localdate(at))
    fault = _fault(post, case, at, is_trained=trained, has_social_work=has_social_work)
    if fault is not None:
        return fault
    they = Actor(post.account_id, post.account.name, at, "web", standings_of(post.account_id, at))
    return CANNOT_LEAD if withheld_among(they, people) else None


def _fault(post: Post, case: Case, at: datetime, *, is_trained: bool, has_social_work: bool) -> Rule | None:
    asked = Candidate(
        role=post.role,
        team_id=post.team_id,
        is_held=is_in_post(post, at),
        is_trained=is_trained,
        is_social_worker=post.is_registered_social_worker,
    )
    pathway = pathway_of(case.pathway, timezone.localdate(at))
    fault = lead_fault(asked, case.team_id, case.level, has_social_work=has_social_work)
    return fault or pathway_lead_fault(pathway, post.role)
