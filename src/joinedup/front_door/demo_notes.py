"""The demo's compared notes: what partners were asked about some of the contacts and what became of it. Some answered,
some refused, some disagree, one waits for a manager, one came late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from joinedup.access.actor import Actor, system
from joinedup.access.queries import actor_for_account
from joinedup.access.roles import PROFESSIONALS
from joinedup.front_door import services
from joinedup.front_door.models import Referral, ReferralPerson
from joinedup.front_door.queries.profile import subject_of
from joinedup.information_sharing import services as sharing
from joinedup.information_sharing.queries import request_to_answer_for_change, requests_about
from joinedup.information_sharing.services import ItemSaid, NewAnswer
from joinedup.organisations.queries import organisation_with_code, posts_with_role

_WHO = {
    "NHS": "Nell Testnurse",
    "MOCKLANE": "Hazel Mockwell",
    "POLICE": "Bryn Samplewell",
    "HOUSING": "Posy Mockhouse",
    "PLACEHOLDER": "Kit Testhelp",
    "ALDERACADEMY": "Rowan Testerfield",
    "COUNCIL": "Stella Testwick",
}


class Stage(Protocol):
    """The clock and the people of the scene being played, as `demo` keeps them."""

    now: datetime
    cast: dict[str, Actor]

    def later(self, minutes: float) -> datetime:
        """Let time pass."""
        ...

    def by(self, name: str) -> Actor:
        """Somebody at work at this moment."""
        ...


@dataclass(frozen=True)
class Reply:
    """What one agency answers about the child, or about the parent. `refusal` is a reason of the list instead."""

    agency: str
    about: str = "child"
    involvement: str = "current"
    worker: str = ""
    role: str = ""
    phone: str = ""
    since: int = 400  # days ago
    last: int = 10
    as_of: int = 0
    level: int | None = None
    judgement: str = ""
    items: tuple[tuple[str, str], ...] = ()
    refusal: str = ""
    words: str = ""


@dataclass(frozen=True)
class Notes:
    """One asking: of whom, on what level, and what came of it. `own` is the front door's judgement: level, words, why
    it differs."""

    agencies: tuple[str, ...]
    level: int = 2
    purpose: str = "decide_help"
    why: str = ""
    replies: tuple[Reply, ...] = ()
    own: tuple[int, str, str] = (0, "", "")
    told: tuple[str, int, str] = ("", 0, "")  # an agency's judgement told on the phone: code, level, words
    late: tuple[str, str, str] = ("", "", "")  # agency, who, words


_SCHOOL = Reply(
    "ALDERACADEMY", worker="Petal Testtutor", role="Head of year", phone="01632 960 121", since=800, last=2, level=3,
    judgement="Tired and hungry most days since the summer. We see the mother rarely now.",
    items=(("attendance", "81% this term, 94% a year ago"), ("exclusions", "None")),
)  # fmt: skip
_NURSE = Reply(
    "NHS", worker="Aspen Testvisitor", role="School nurse", phone="01632 960 144", since=300, last=41, as_of=35, level=2,
    judgement="Two missed hearing tests; the mother rang to explain both.",
    items=(("missed", "Two hearing tests in September"),),
)  # fmt: skip
NOTES: dict[str, Notes] = {
    # Everybody but one has answered, and they do not agree.
    "differ": Notes(
        ("ALDERACADEMY", "NHS", "HOUSING", "POLICE"), level=3,
        replies=(
            _SCHOOL,
            _NURSE,
            Reply("HOUSING", "parent", worker="Moss Testtenancy", role="Tenancy officer", phone="01632 960 155", since=1500,
                  last=20, items=(("arrears", "Seven weeks; a plan to pay was agreed in October"),)),
            Reply("POLICE", refusal="live_investigation", words="Ring the unit before anybody visits."),
        ),
        own=(3, "Three agencies see the same tiredness, and the arrears are new.",
             "The nurse has not seen the child since the summer; the school sees the child daily."),
        told=("PLACEHOLDER", 2, "They came to the food club twice and seemed glad of it."),
    ),
    # Nobody has answered yet.
    "out": Notes(("ALDERACADEMY", "NHS", "PLACEHOLDER")),
    # One has nothing, one refuses, one worked with them years ago.
    "refused": Notes(
        ("NHS", "MOCKLANE", "PLACEHOLDER", "POLICE"),
        replies=(
            Reply("NHS", involvement="none_found"),
            Reply("MOCKLANE", refusal="confidence", words="The young person asked us not to. We will ask again."),
            Reply("PLACEHOLDER", involvement="historic", worker="Kit Testhelp", role="Family support worker",
                  phone="01632 960 166", since=1300, last=900,
                  items=(("help_given", "A parenting course, finished and liked"),)),
        ),
    ),
    # Red: asked at once without agreement; the police answered within the hour.
    "red": Notes(
        ("POLICE", "NHS"), level=4, purpose="protect",
        why="The child is alone at home now. There is no time to ask, and nobody to ask.",
        replies=(
            Reply("POLICE", worker="Bryn Samplewell", role="Police constable", phone="01632 960 177", since=60, last=1,
                  level=4, judgement="Third time the child was found alone this autumn.",
                  items=(("missing", "Twice since September"),)),
        ),
    ),
    # Without the family's agreement: a manager is to decide first.
    "waits": Notes(
        ("ALDERACADEMY", "POLICE"), level=3,
        why="Rang three times and called twice. The family has not been reached since the police brought the child home.",
    ),
    # Proposed at level 4: what partners said stands beside the proposal.
    "proposed": Notes(
        ("POLICE", "NHS", "COUNCIL"), level=4, purpose="protect",
        why="Asking first could put the child at risk while the parent is at home.",
        replies=(
            Reply("POLICE", "parent", worker="Bryn Samplewell", role="Police constable", phone="01632 960 177", since=500,
                  last=1, level=4, judgement="A second arrest within the year with the child in the car.",
                  items=(("offences", "Driving after drinking, convicted in spring and charged again this week"),)),
            Reply("NHS", worker="Aspen Testvisitor", role="School nurse", phone="01632 960 144", since=700, last=80, level=3,
                  judgement="A bright child who worries about a parent.", items=(("safeguarding_note", "One, in spring"),)),
        ),
        own=(4, "Likely harm, and the second time this year.",
             "The nurse did not know of this week’s arrest."),
    ),
    # Answered before the decision, and one that came after it.
    "late": Notes(
        ("ALDERACADEMY", "NHS", "PLACEHOLDER"),
        replies=(_SCHOOL, Reply("NHS", "parent", involvement="historic", since=1500, last=1100)),
        late=("PLACEHOLDER", "Kit Testhelp, family support worker",
              "The mother came to the Tuesday group until July and stopped when the group moved. She would come again if "
              "somebody fetched her the first time."),
    ),
}  # fmt: skip


def compare_notes(stage: Stage, worker: str, notes: str, referral: Referral) -> None:
    """Ask partners about a referral in triage, and let them answer."""
    told = NOTES[notes]
    people = _people(referral)
    by = stage.by(worker)
    if not people:
        return
    asked = services.ask_partners(
        referral=referral,
        organisations=[organisation_with_code(by, code).pk for code in told.agencies],
        people=list(people.values()), purpose=told.purpose, level=told.level,
        question="We want to know whether you work or worked with them, since when, whom to ring, and whether anything "
        "you know bears on the help they need.",
        why=told.why, by=by, at=stage.later(3),
    )  # fmt: skip
    if asked.waits:
        return
    for reply in told.replies:
        _reply(stage, referral, people, reply)
    _judge(stage, worker, referral, told)


def answer_late(stage: Stage, worker: str, notes: str, referral: Referral) -> None:
    """What a partner told the front door after the decision."""
    agency, who, words = NOTES[notes].late
    if not agency:
        return
    asked = requests_about(stage.by(worker), subject_of(referral.pk))
    name = organisation_with_code(stage.by(worker), agency).name
    request = next((each for each in asked if each.organisation == name and each.answer is None), None)
    if request is not None:
        at = stage.later(26 * 60)
        services.record_late_answer(
            referral=referral,
            request_id=request.id,
            said_by=who,
            words=words,
            as_of=at.date(),
            by=stage.by(worker),
            at=at,
        )


def _people(referral: Referral) -> dict[str, UUID]:
    """The first child and the first parent identified."""
    found: dict[str, UUID] = {}
    for place in ReferralPerson.objects.filter(referral=referral, person__isnull=False).order_by("pk"):
        if place.person_id:
            found.setdefault(place.part, place.person_id)
    return found


def _reply(stage: Stage, referral: Referral, people: dict[str, UUID], reply: Reply) -> None:
    """One agency answers, or refuses, about one of them."""
    name = organisation_with_code(system(stage.now), reply.agency).name
    asked: Sequence[Any] = requests_about(system(stage.now), subject_of(referral.pk))
    about = people.get(reply.about)
    request = next((each for each in asked if each.organisation == name and each.person_id == about), None)
    if request is None:
        return
    at = stage.later(35)
    by = _somebody(_WHO[reply.agency], at)
    row = request_to_answer_for_change(by, request.id)
    if reply.refusal:
        sharing.refuse_request(request=row, reason_code=reply.refusal, words=reply.words, by=by, at=at)
        return
    sharing.answer_request(request=row, answer=_answer(reply, at), by=by, at=at)


def _somebody(name: str, at: datetime) -> Actor:
    """Whoever answers for an agency, whether one can sign in as them or not."""
    posts = (post for role in PROFESSIONALS for post in posts_with_role(system(at), role))
    post = next(post for post in posts if post.account.name == name)
    return actor_for_account(post.account_id, at=at)


def _answer(reply: Reply, at: datetime) -> NewAnswer:
    today = at.date()
    is_found = reply.involvement != "none_found"
    return NewAnswer(
        involvement=reply.involvement, as_of=today - timedelta(days=reply.as_of), basis="public_task",
        proportionality="Only what was asked, and what bears on the help the family needs.",
        worker=reply.worker, worker_role=reply.role, phone=reply.phone,
        started_on=today - timedelta(days=reply.since) if is_found else None,
        last_contact_on=today - timedelta(days=reply.last) if is_found else None,
        coverage_from=today - timedelta(days=5 * 365), coverage_to=today, coverage_area="Exampleshire",
        level_of_need=reply.level, judgement=reply.judgement,
        items=tuple(ItemSaid(code, words) for code, words in reply.items),
    )  # fmt: skip


def _judge(stage: Stage, worker: str, referral: Referral, told: Notes) -> None:
    """What an agency said on the phone, and what the front door makes of it all."""
    code, level, words = told.told
    if code:
        services.record_judgement(
            referral=referral, organisation=organisation_with_code(stage.by(worker), code), said_by=_WHO[code],
            level=level, words=words, by=stage.by(worker), at=stage.later(5),
        )  # fmt: skip
    level, words, why = told.own
    if level:
        services.record_judgement(
            referral=referral, organisation=None, said_by="", level=level, words=words, differs_because=why,
            by=stage.by(worker), at=stage.later(5),
        )  # fmt: skip
