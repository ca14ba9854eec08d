"""The demo's closed case: a family that was helped last spring, and of which it is asked now whether the change has lasted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.queries import actor_for_account
from joinedup.access.roles import Role
from joinedup.casework import services
from joinedup.casework.demo_times import working_day
from joinedup.casework.models import Case, PlanNeed
from joinedup.casework.planning import NeedEnd, NeedSaid, OutcomeSaid
from joinedup.casework.reviewing import months_after
from joinedup.casework.settings import sustained_months
from joinedup.organisations.queries import demo_people, post_of, posts_with_role
from joinedup.outcomes.queries import measures
from joinedup.person_index.demo import demo_families
from joinedup.person_index.queries import withheld_among

if TYPE_CHECKING:
    from joinedup.organisations.models import Post, Team
    from joinedup.person_index.models import Family

_LEAD = "Amira Testerly"
_HELPED_FOR, _OVERDUE = timedelta(weeks=12), timedelta(days=3)


def load_closed(*, at: datetime) -> None:
    """Play it through the services: opened, led, planned and closed, so long ago that the check is due three days before `at`.
    A post that began later than that is nobody's to lead with: then there is nothing to play."""
    person = next(one for _, people in demo_people(system(at)) for one in people if one.name == _LEAD)
    lead = actor_for_account(person.account_id, at=at)
    post = post_of(lead, (Role.KEY_WORKER,))
    on = timezone.localdate(at)
    closed_on = working_day(months_after(on, -sustained_months(on)) - _OVERDUE)
    opened_on = working_day(closed_on - _HELPED_FOR)
    family = _family_of_nobody(lead)
    if post is None or post.team is None or post.starts_at >= _at(opened_on, 10) or family is None:
        return
    case = _opened(family, post, post.team, opened_on)
    _planned_and_closed(case, lead, opened_on, closed_on)


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _family_of_nobody(lead: Actor) -> Family | None:
    """One with a child and a parent, of whom nobody has been referred or worked with; the last by name, because whoever tries
    the demo out takes the first."""
    known = {"cases": None, "referrals": None, "members__person__referral_places": None}
    for family in demo_families(50, **known):
        members = list(family.members.filter(ends_on=None))
        parts = {each.part for each in members}
        if {"child", "parent"} <= parts and not withheld_among(lead, [each.person_id for each in members]):
            return family
    return None


def _opened(family: Family, post: Post, team: Team, on: date) -> Case:
    people = {each.person_id: each.part for each in family.members.filter(ends_on=None)}
    first, second = _at(on, 10), _at(on, 14)
    case = services.open_case(
        family=family, team=team, locality=None, level=2, people=people, reason="Allocated by the front door.",
        by=system(first), at=first,
    )  # fmt: skip
    return services.name_lead_professional(
        case=case, post=post, reason="She has room, and knows the school.", by=system(second), at=second
    )


def _planned_and_closed(case: Case, lead: Actor, opened_on: date, closed_on: date) -> None:
    at = _at(working_day(opened_on + timedelta(days=7)), 11)
    by = replace(lead, at=at)
    plan = services.open_plan(
        case=case, family_words="We want the letters to stop, and to sleep at night.",
        contingency="If it gets worse: ring the duty number of the team.", by=by, at=at,
    )  # fmt: skip
    need = services.add_need(plan=plan, said=NeedSaid("N7", "The rent is behind"), by=by, at=at)
    day = timezone.localdate(at)
    measure = next(each for each in measures(by) if each.code == "ARREARS")
    aim = OutcomeSaid("The rent is paid and nothing is owed", measure.id, Decimal(5), day, Decimal(0), closed_on)
    services.add_outcome(plan=plan, need_id=need.pk, said=aim, by=by, at=at)
    ended = _at(closed_on, 15)
    manager = _manager_of(case, ended)
    case.refresh_from_db()
    services.close_case(
        case=case, code="RC7", reason="The rent is paid, and they know whom to ring.", version=case.version,
        needs={each: NeedEnd("met", "Nothing is owed.") for each in PlanNeed.objects.filter(plan=plan).values_list("pk", flat=True)},
        by=manager, at=ended,
    )  # fmt: skip


def _manager_of(case: Case, at: datetime) -> Actor:
    post = next(iter(posts_with_role(system(at), Role.TEAM_MANAGER, team_id=case.team_id)), None)
    return actor_for_account(post.account_id, at=at) if post else system(at)
