"""The demo's teams around children: a parent at the table, a deputy, a first meeting with its minutes, a review to come, and
a case that its lead professional would hand over. Played through the services, between each case's opening and now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.queries import actor_for_account
from joinedup.casework import services
from joinedup.casework.demo_times import OfficeHours, next_working_day
from joinedup.casework.meeting import Purpose
from joinedup.casework.models import Case, CaseMember, CasePerson
from joinedup.casework.services import Minutes, Undertaking, WhenAndWhere
from joinedup.organisations.queries import demo_people, post_of

_LEAD, _ASKED = "Amira Testerly", "Hazel Mockwell"
_MINUTES = (
    "Everybody said what goes well before what worries them. Bedtimes are better at weekends. Mornings are the hardest: "
    "nobody is home between six and eight.\n\n“I would like somebody to walk with me,” said the child. “I did not know I "
    "could ask,” said the parent."
)


def load_team(*, at: datetime) -> None:
    """Play it about the cases that Amira leads. Nothing is dated after `at` but the meetings to come."""
    cast = {
        person.name: actor_for_account(person.account_id, at=at)
        for _, several in demo_people(system(at))
        for person in several
    }
    lead = cast[_LEAD]
    cases = list(Case.objects.open().filter(lead_professional__account__name=_LEAD).order_by("opened_at", "pk"))
    for case in cases:
        _meet(case, lead, at)
    asked = cast.get(_ASKED)
    post = post_of(asked, asked.roles) if asked else None
    if post is not None and len(cases) > 1:
        case, when = cases[-1], at - timedelta(minutes=50)
        case.refresh_from_db()
        reason = (
            "The family see you at the surgery every week and trust you. I would stay in the team until the summer."
        )
        services.propose_handover(case=case, post=post, reason=reason, by=replace(lead, at=when), at=when)


def _meet(case: Case, lead: Actor, at: datetime) -> None:
    """A first meeting halfway between the naming of its lead professional and now, and a review three days from now."""
    led = CaseMember.objects.get(case=case, part="lead", left_at=None)
    members = list(
        CaseMember.objects.filter(CaseMember.held_at(at), case=case).select_related("post").order_by("joined_at")
    )
    family = list(CasePerson.objects.filter(case=case).order_by("part", "pk").values_list("person_id", "part"))
    parent = next((person_id for person_id, part in family if part != "child"), family[0][0])
    began = max([led.joined_at, *(each.joined_at for each in members)])
    span, office = at - began, OfficeHours(began, at)
    when = office(began + span * 0.2)
    services.add_family(case=case, person_id=parent, words="Speaks for the family", by=replace(lead, at=when), at=when)
    other = next((each.post for each in members if each.part == "member"), None)
    if other is not None:
        services.name_deputy(case=case, post=other, by=replace(lead, at=when), at=when)
    asked = [each.post for each in members]
    first = services.plan_meeting(
        case=case, purpose=Purpose.FIRST, when=WhenAndWhere(office(began + span * 0.4), 60, "The children’s centre, room 2"),
        posts=asked, people=[parent], by=replace(lead, at=when), at=when,
    )  # fmt: skip
    written = office(began + span * 0.5)
    minutes = Minutes(
        present={*(post.pk for post in asked), parent}, text=_MINUTES, has_changed_the_work=True,
        decided=["A place in the breakfast club is asked for.", "Everybody rings the lead professional, not the parent, first."],
        actions=[Undertaking("Ring the breakfast club", next_working_day(timezone.localdate(at) + timedelta(days=2)), post_id=led.post_id)],
    )  # fmt: skip
    services.write_minutes(
        meeting=first, minutes=minutes, version=first.version, by=replace(lead, at=written), at=written
    )
    coming = timezone.make_aware(
        datetime.combine(next_working_day(timezone.localdate(at) + timedelta(days=3)), time(14, 30))
    )
    services.plan_meeting(
        case=case, purpose=Purpose.REVIEW, by=replace(lead, at=at), at=at, posts=asked, people=[parent],
        when=WhenAndWhere(coming, 60, "The children’s centre, room 2", note="Bring what has changed since last time."),
    )  # fmt: skip
