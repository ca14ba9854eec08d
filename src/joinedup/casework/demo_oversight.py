"""The demo's manager's half: supervisions of a worker, allocation meetings, quality audits in three states. Played through
the services, between each case's opening and now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle
from typing import TYPE_CHECKING

from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.queries import actor_for_account
from joinedup.access.roles import Role
from joinedup.casework.allocating import Decided, Why
from joinedup.casework.auditing import CURRENT, MET, NOT_APPLICABLE, NOT_MET, PARTLY, audit_spec
from joinedup.casework.demo_times import OfficeHours, next_working_day, working_day
from joinedup.casework.models import Case, CaseAudit
from joinedup.casework.queries.allocating import waiting_of_team
from joinedup.casework.queries.audits import owners_to_choose
from joinedup.casework.queries.supervision import cases_to_discuss
from joinedup.casework.services.allocating import begin_allocation, decide_allocation, end_allocation
from joinedup.casework.services.audits import (
    FindingSaid,
    SampleWanted,
    ask_second_look,
    draw_audit,
    finish_audit,
    write_audit,
)
from joinedup.casework.services.supervision import (
    CaseTalkedAbout,
    SupervisionSaid,
    answer_supervision,
    write_supervision,
)
from joinedup.organisations.queries import demo_people, post_of, team_with_id

if TYPE_CHECKING:
    from joinedup.organisations.models import Post

_MANAGER, _WORKER, _SOUTH, _CENTRAL = "Nia Testnorth", "Amira Testerly", "Sanjay Testsouth", "Ciaran Testcentre"
_HOUR = timedelta(hours=1)


def load_oversight(*, at: datetime) -> None:
    """Play it as it would stand at `at`."""
    cast = {
        person.name: actor_for_account(person.account_id, at=at)
        for _, several in demo_people(system(at))
        for person in several
    }
    if {_MANAGER, _WORKER, _SOUTH, _CENTRAL} <= cast.keys():
        _supervise(cast[_MANAGER], cast[_WORKER], at)
        _allocate(cast[_MANAGER], at)
        _send_back(cast[_CENTRAL], at - 2 * _HOUR)
        _audit(cast, at)


def _supervise(manager: Actor, worker: Actor, at: datetime) -> None:
    """One five weeks ago that she agreed with, and one of this morning that waits for her answer."""
    post = post_of(worker, worker.roles)
    if post is None:
        return
    office = OfficeHours(at - timedelta(days=60), at)
    earlier = office(at - timedelta(days=30))
    first = SupervisionSaid(
        earlier.date(), "Settling in. Two families at once are enough to begin with.", "Likes the team. Tired on Fridays.",
        "The course in the common assessment is booked.", working_day(earlier.date() + timedelta(days=27)),
    )  # fmt: skip
    held = write_supervision(worker=post, said=first, by=replace(manager, at=earlier), at=earlier)
    answer_supervision(
        supervision=held, agrees=True, words="", version=held.version, by=replace(worker, at=earlier + _HOUR),
        at=earlier + _HOUR,
    )  # fmt: skip
    when = at - timedelta(minutes=20)
    cases = cases_to_discuss(replace(manager, at=when), post)
    talked = [
        CaseTalkedAbout(
            case.pk, "Mornings are the hardest, and we know little of how the child sees them. Whose voice is missing?",
            "See the child at school, alone, before the review.", "Arrange a visit at school", "worker",
            next_working_day(at.date() + timedelta(days=5)),
        )
        for case in cases[:1]
    ]  # fmt: skip
    said = SupervisionSaid(
        working_day(timezone.localdate(when)), "Workload is right. The visits are written up on the day.", "Better rested.",
        "Would like to shadow a social worker.", working_day(at.date() + timedelta(days=27)), talked,
    )  # fmt: skip
    write_supervision(worker=post, said=said, by=replace(manager, at=when), at=when)


def _allocate(manager: Actor, at: datetime) -> None:
    """A meeting of last week, and one of this morning that has decided about nobody yet."""
    team_id = next(each.team_id for each in manager.standings if each.role == Role.TEAM_MANAGER)
    if team_id is None:
        return
    team = team_with_id(manager, team_id)
    earlier = OfficeHours(at - timedelta(days=60), at)(at - timedelta(days=7))
    last = begin_allocation(team=team, by=replace(manager, at=earlier), at=earlier)
    old = [each for each in waiting_of_team(replace(manager, at=earlier), team_id) if each.since < earlier]
    if old and old[0].step_id is None:
        decide_allocation(
            meeting=last, case=Case.objects.get(pk=old[0].case_id), by=replace(manager, at=earlier), at=earlier,
            said=Decided("hold", "The school meets them on Thursday first.", hold_until=next_working_day((earlier + timedelta(days=3)).date())),
        )  # fmt: skip
    end_allocation(
        meeting=last, present=f"{manager.name}, two senior practitioners", words="Two key workers are back next week.",
        version=last.version, by=replace(manager, at=earlier + _HOUR), at=earlier + _HOUR,
    )  # fmt: skip
    begin_allocation(team=team, by=replace(manager, at=at - _HOUR), at=at - _HOUR)


def _send_back(manager: Actor, when: datetime) -> None:
    """A new family that belongs elsewhere, sent back to the front door, which has not answered yet."""
    by = replace(manager, at=when)
    team_id = next(each.team_id for each in by.standings if each.role == Role.TEAM_MANAGER)
    new = (
        [each for each in waiting_of_team(by, team_id) if Why.NEW in each.why and each.since < when] if team_id else []
    )
    if not new or team_id is None:
        return
    meeting = begin_allocation(team=team_with_id(by, team_id), by=by, at=when)
    said = Decided("back", "They moved last month and live in the north of the borough now.")
    decide_allocation(meeting=meeting, case=Case.objects.get(pk=new[0].case_id), said=said, by=by, at=when)
    end_allocation(
        meeting=meeting, present=manager.name, words="", version=meeting.version, by=by, at=when + timedelta(minutes=20)
    )


def _audit(cast: dict[str, Actor], at: datetime) -> None:
    """Done in the North; done in the South with a second look under way; and one of the South still to be done."""
    north, south, central = cast[_MANAGER], cast[_SOUTH], cast[_CENTRAL]
    lead = post_of(cast[_WORKER], cast[_WORKER].roles)
    _done(north, central, at - timedelta(hours=5), (MET, MET, PARTLY, MET, MET, NOT_APPLICABLE, MET), lead)
    done = _done(south, central, at - timedelta(hours=4), (MET, PARTLY, MET, NOT_MET, MET))
    manager = _post(north)
    if done is not None and manager is not None:
        when = at - timedelta(hours=3)
        ask_second_look(audit=done, post=manager, by=replace(south, at=when), at=when)
    if manager is not None:
        _draw(south, manager, at - timedelta(hours=2))


def _post(actor: Actor) -> Post | None:
    return post_of(actor, {Role.TEAM_MANAGER})


def _draw(by: Actor, auditor: Post, when: datetime, lead: Post | None = None) -> CaseAudit | None:
    team_id = next(each.team_id for each in by.standings if each.role == Role.TEAM_MANAGER)
    if team_id is None or not Case.objects.filter(team_id=team_id, lead_professional__isnull=False).exists():
        return None
    sample = draw_audit(
        team=team_with_id(by, team_id), wanted=SampleWanted(auditor, 1, "The monthly audit", lead_id=lead.pk if lead else None),
        seed=7,
        by=replace(by, at=when), at=when,
    )  # fmt: skip
    return sample.audits.select_related("case__team", "auditor", "access", "sample").get()


def _done(
    by: Actor, auditor: Actor, when: datetime, pattern: tuple[str, ...], lead: Post | None = None
) -> CaseAudit | None:
    post = _post(auditor)
    audit = _draw(by, post, when, lead) if post else None
    if audit is None:
        return None
    answers = cycle(pattern)
    who = replace(auditor, at=when)
    for group in audit_spec(CURRENT).groups:
        said = {item.code: (next(answers), f"Seen in: {item.look.lower()}") for item in group.items}
        write_audit(audit=audit, group=group.code, answers=said, by=who, at=when)
    owners = owners_to_choose(who, audit.case)
    finding = FindingSaid(
        "Ask the father who lives elsewhere for his view", owners[0][0], timezone.localdate(when) + timedelta(days=14)
    )
    return finish_audit(
        audit=audit, strengths="The child’s own words are in every visit.", findings=[finding], by=who, at=when
    )
