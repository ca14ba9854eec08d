"""The demo's group work and young people: a youth club, a stay and play, a parenting course and a breakfast club with
their registers, and what the young people of the town do. Everybody is invented."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from joinedup.access.actor import Actor, system
from joinedup.access.queries import actor_for_account
from joinedup.access.roles import Role
from joinedup.core.formats import london
from joinedup.organisations.queries import organisation_with_code, posts_with_role
from joinedup.person_index.queries import Living, people_of_age
from joinedup.universal import services
from joinedup.universal.models import Programme, Session
from joinedup.universal.services import Doing, Newcomer, ProgrammeSaid, Taken, Weekly

# who runs it, as whom; name, kind, place, ages, targeted, what plans call it; from and to; who comes (name, age)
_CLUB = ("Wren Trialby", 14), ("Bay Mockbury", 15), ("Ash Fictby", 13), ("Olwen Inventley", 16), ("Reed Sampleton", 14), (
    "Tansy Examplow", 17), ("Keir Placeholt", 15), ("Juno Testham", 13)  # fmt: skip
_PLAY = ("Lark Testvale", 2), ("Perry Mockstead", 1), ("Coral Sampleby", 3), ("Elio Fictworth", 2), ("Mina Inventhorpe", 4), (
    "Sol Testcliffe", 3)  # fmt: skip
_COURSE = ("Dilys Testvale", 31), ("Merle Mockstead", 28), ("Petra Sampleby", 35)
_BREAKFAST = (
    ("Jory Testham", 9),
    ("Ines Exampler", 8),
    ("Noor Fictby", 10),
    ("Idris Trialby", 7),
    ("Linden Mockbury", 11),
)
_PROGRAMMES = (
    ("SAMPLERS", "Dev Testaway", ProgrammeSaid("Samplers youth club", "youth_club", "Fictby Hall", 11, 19), time(18), time(20, 30), _CLUB),
    ("PLACEHOLDER", "Kit Testhelp", ProgrammeSaid("Stay and play", "stay_and_play", "Alder Family Hub", 0, 4), time(9, 30), time(11), _PLAY),
    ("PLACEHOLDER", "Kit Testhelp", ProgrammeSaid("Calmer evenings", "parenting", "Alder Family Hub", is_targeted=True,
     service="Parenting course"), time(13), time(15), _COURSE),
    ("ALDERACADEMY", "Rowan Testerfield", ProgrammeSaid("Breakfast club", "breakfast_club", "Alder Sample Academy", 5, 16),
     time(7, 45), time(8, 45), _BREAKFAST),
)  # fmt: skip
_WEEKS = 4


def load(*, at: datetime) -> None:
    """Four weeks of registers up to a day that is today's, whose register is still to take; and young people."""
    people = {post.account.name: post for post in posts_with_role(system(at), Role.REFERRER)}
    for code, name, said, starts, ends, came in _PROGRAMMES:
        begun = at - timedelta(weeks=_WEEKS + 1)
        organisation = organisation_with_code(system(at), code)
        programme = services.open_programme(organisation=organisation, said=said, by=system(begun), at=begun)
        post = people[name]
        first = Weekly(
            london(at).date() - timedelta(weeks=_WEEKS),
            starts,
            ends,
            london(at).date() + timedelta(weeks=2),
            in_term=False,
        )
        days = services.plan_sessions(programme=programme, when=first, staff=[post.pk], by=system(begun), at=begun)
        _take(programme, days, actor_for_account(post.account_id, at=at), came, at)
    _load_young_people(at)


def _take(
    programme: Programme, days: list[Session], by: Actor, came: tuple[tuple[str, int], ...], at: datetime
) -> None:
    known: list[UUID] = []
    for week, session in enumerate(days):
        if session.held_on >= london(at).date():
            return
        if not known:
            for name, age in came:
                given, _, family = name.partition(" ")
                new = Newcomer(given, family, age=age, postcode="ZZ1 1AA")
                known.append(services.add_newcomer(session=session, newcomer=new, by=by, at=at).record_id)
        else:
            marks = {each: _mark(week, place) for place, each in enumerate(known)}
            counted = {"adults": 3 + week, "children": week} if programme.kind == "stay_and_play" else {}
            services.take_register(session=session, taken=Taken(marks, **counted), by=by, at=at)
        services.finish_register(session=session, by=by, at=at)


def _mark(week: int, place: int) -> str:
    return ("absent", "present", "late", "present", "present")[(week * 3 + place) % 5]


_DOING = (
    *(("education", "", "Alder Sample Academy"),) * 7, ("employment", "", "Mock Bakery"), ("neither", "seeking", ""),
    ("training", "", "Fictby Motors"), ("education", "", "Elder Inventon College"), ("neither", "caring", ""), None,
)  # fmt: skip


def _load_young_people(at: datetime) -> None:
    """Most learn, some work, a few do neither, and of some nobody has said."""
    by, day = system(at), london(at).date()
    schools, council = organisation_with_code(by, "SCHOOLS"), organisation_with_code(by, "COUNCIL")
    young: list[Living] = people_of_age(by, on=day, youngest=14, oldest=19, size=120)
    north = [each for each in young if each.postcode[:4] in {"ZZ1 ", "ZZ2 "}]
    for place, each in enumerate(north + [each for each in young if each not in north]):
        said = _DOING[(place + 6) % len(_DOING)]  # among the first, of the North, are some who do neither
        if said is None:
            continue
        status, reason, provider = said
        since = day - timedelta(days=20 + place * 7 % 300)
        doing = Doing(each.person_id, status, since, reason, provider)
        source = council if status == "neither" else schools
        services.record_participation(doing=doing, source=source, by=by, at=at - timedelta(days=10 + place % 60))
    _load_justice(young, at)


def _load_justice(young: list[Living], at: datetime) -> None:
    """One involvement, which only its worker and the worker's manager see."""
    by = system(at)
    amira = next(post for post in posts_with_role(by, Role.KEY_WORKER) if post.account.name == "Amira Testerly")
    there = next((each for each in young if each.postcode[:4] in {"ZZ1 ", "ZZ2 "}), young[0])
    services.record_justice(
        person_id=there.person_id, kind="prevention", post=amira, starts_on=london(at).date() - timedelta(days=40), by=by, at=at
    )  # fmt: skip
