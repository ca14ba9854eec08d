"""The demo's pathways: one case of Early Support, and one whose panel met on the last working day and has still to write down what it
decided; another panel is to come. Played through the services, between each case's opening and now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.queries import actor_for_account
from joinedup.casework import services
from joinedup.casework.demo_times import OfficeHours, next_working_day, working_day
from joinedup.casework.models import Case, CasePerson
from joinedup.information_sharing.services import Said, Scope, record_sharing_agreed
from joinedup.organisations.queries import demo_people, post_with_id

_LEAD, _MANAGER = "Amira Testerly", "Nia Testnorth"
_PANEL = ("Rowan Testerfield", "Wren Testcombe", "Kit Testhelp")
_PAPERS = ("agreement", "views", "school", "tried")


def load_pathways(*, at: datetime) -> None:
    """Play both. Nothing is dated after `at` but the panel to come."""
    cast = {
        person.name: actor_for_account(person.account_id, at=at)
        for _, some in demo_people(system(at))
        for person in some
    }
    _early_support(cast, at)
    mine = Case.objects.open().filter(lead_professional__account__name=_LEAD).order_by("opened_at", "pk")
    old = list(mine.filter(level__gte=2, opened_at__lt=at - timedelta(days=8)))
    if old and _MANAGER in cast:
        _panel(old[1] if len(old) > 1 else old[0], cast, at)


def _early_support(cast: dict[str, Actor], at: datetime) -> None:
    """A case of somebody else's, whose lead professional is the family's key worker."""
    others = Case.objects.open().exclude(lead_professional__account__name=_LEAD).filter(level__gte=2)
    case = others.exclude(lead_professional=None).order_by("opened_at", "pk").first()
    lead = cast.get(case.lead_professional.account.name) if case is not None and case.lead_professional else None
    if case is not None and lead is not None:
        services.change_pathway(
            case=case, pathway="early_support", reason="A new diagnosis: the family wants one person for everything.",
            version=case.version, by=lead, at=at,
        )  # fmt: skip


def _panel(case: Case, cast: dict[str, Actor], at: datetime) -> None:
    led = case.members.get(part="lead", left_at=None).joined_at
    met = timezone.make_aware(datetime.combine(working_day(timezone.localdate(at) - timedelta(days=1)), time(14)))
    began = max(led, case.opened_at)
    span, office = met - began, OfficeHours(began, met)
    lead, manager = cast[_LEAD], cast[_MANAGER]

    def when(part: float) -> datetime:
        return office(met - span * (1 - part))

    def by(actor: Actor, part: float) -> Actor:
        return replace(actor, at=when(part))

    posts = [post_with_id(manager, sorted(cast[name].post_ids)[0]) for name in _PANEL if name in cast]
    people = list(CasePerson.objects.filter(case=case).select_related("person").order_by("part", "pk"))
    child = next(each for each in people if each.part == "child")
    parent = next((each for each in people if each.part != "child"), child)
    services.change_pathway(
        case=case, pathway="panel", reason="Feelings and behaviour are what worries everybody most.", version=case.version,
        by=by(lead, 0.2), at=when(0.2),
    )  # fmt: skip
    said = Said(str(parent.person), "parental_responsibility", "in_person", timezone.localdate(when(0.3)))
    record_sharing_agreed(
        person=child.person, subject=(Case._meta.label_lower, str(case.pk)), said=said,
        scope=Scope({post.host_id for post in posts}, ["assessment", "involvement"]), by=by(lead, 0.3), at=when(0.3),
    )  # fmt: skip
    request = services.ask_panel(
        case=case, child_id=child.person_id, by=by(lead, 0.35), at=when(0.35),
        words="They sleep four hours, hit out at school when it is loud, and say nobody listens. At home it is calm when one "
        "parent has time. We hope for somebody to talk with at school, and for ideas at home.",
        services=["Mental health support in school", "Parenting programme"],
    )  # fmt: skip
    services.say_papers(request=request, papers=_PAPERS, version=request.version, by=by(lead, 0.45), at=when(0.45))
    panel = services.convene_panel(
        team=case.team, starts_at=met, place="Town hall, room 4", posts=posts, by=by(manager, 0.5), at=when(0.5)
    )
    services.list_request(panel=panel, request=request, by=by(manager, 0.55), at=when(0.55))
    school = cast[_PANEL[0]]
    services.contribute(
        request=request, words="We have a quiet room from half past eight, and a mentor from Monday.", by=by(school, 0.7),
        at=when(0.7),
    )  # fmt: skip
    coming = timezone.make_aware(
        datetime.combine(next_working_day(timezone.localdate(at) + timedelta(days=13)), time(14))
    )
    services.convene_panel(team=case.team, starts_at=coming, place="Town hall, room 4", posts=posts, by=manager, at=at)
