"""The demo's contacts: some thirty, in every state a contact can be in, played through the services at the times and by
the people they would have come from. All are about the invented households of the person index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from joinedup.access.actor import Actor, public, system
from joinedup.access.queries import actor_for_account
from joinedup.access.roles import Role
from joinedup.casework import services as casework
from joinedup.front_door import demo_roll, services
from joinedup.front_door.codes import Answer, Channel, HandoverStatus, Outcome, Rating
from joinedup.front_door.demo_notes import answer_late, compare_notes
from joinedup.front_door.demo_restricted import load_restricted
from joinedup.front_door.demo_scenes import ALLEGATIONS, SCENES, Scene
from joinedup.front_door.intake import NewContact, NewContactPerson
from joinedup.front_door.models import Contact, Referral
from joinedup.front_door.queries import allocation_advice
from joinedup.front_door.queries.households import families_about
from joinedup.organisations.queries import demo_people, organisation_with_code, posts_with_role, team_with_id
from joinedup.person_index.queries import SearchQuery

if TYPE_CHECKING:
    from datetime import date

    from joinedup.casework.models import Case
    from joinedup.organisations.models import Post

_LONDON = ZoneInfo("Europe/London")
_OPENS_AT = 9


class Someone(Protocol):
    """Somebody in a household, as `person_index.demo` makes them."""

    given_name: str
    family_name: str
    born: date
    sex: str
    nhs_number: str
    upn: str


class Household(Protocol):
    """A household, as `person_index.demo` makes it."""

    lines: str
    postcode: str
    phone: str

    @property
    def children(self) -> Sequence[Someone]:
        """The eldest first."""
        ...

    @property
    def adults(self) -> Sequence[Someone]:
        """The parents."""
        ...


def working_days_before(at: datetime, days: int, hour: float) -> datetime:
    """A moment so many weekdays before today, at an hour of that day in England."""
    day = at.astimezone(_LONDON).date()
    while days:
        day -= timedelta(days=1)
        days -= day.weekday() < 5
    start = datetime(day.year, day.month, day.day, _OPENS_AT, tzinfo=_LONDON)
    return start + timedelta(hours=hour - _OPENS_AT)


@dataclass
class _Stage:
    """Everybody who acts, and the clock of the scene being played. Nothing is dated after `end`."""

    end: datetime
    households: Sequence[Household]
    cast: dict[str, Actor] = field(default_factory=dict)
    now: datetime = field(init=False)
    leads: dict[str, list[Post]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.now = self.end
        for _, people in demo_people(system(self.end)):
            for person in people:
                self.cast[person.name] = actor_for_account(person.account_id, at=self.end)

    def later(self, minutes: float) -> datetime:
        """Let time pass within the scene."""
        self.now = min(self.now + timedelta(minutes=minutes), self.end)
        return self.now

    def by(self, name: str) -> Actor:
        """Somebody at work at this moment of the scene."""
        return replace(self.cast[name], at=self.now)

    def next_lead(self, case: Case, *, is_finished: bool) -> Post:
        """The key workers of a team in turn: those one can sign in as get the first two families that stay open."""
        code = str(case.team_id)
        if not self.leads.get(code):
            posts = posts_with_role(system(self.end), Role.KEY_WORKER, team_id=case.team_id)
            ordered = sorted(posts, key=lambda post: (not post.account.is_demo, post.title != "Key worker"))
            self.leads[code] = [post for post in ordered for _ in range(2 if post.account.is_demo else 1)]
        return self.leads[code].pop(-1 if is_finished else 0)


def load(*, at: datetime, households: Sequence[Household]) -> None:
    """Play every scene, the oldest first. `households` are those that `person_index.demo.load` returned."""
    demo_roll.load(at=at, households=households)
    stage = _Stage(at, households)
    _set_duty(stage)
    for scene in sorted(SCENES, key=lambda scene: (-scene.days, scene.hour)):
        _play(stage, scene)
    for allegation in ALLEGATIONS:
        _report_staff(stage, allegation)
    load_restricted(at=at)


def _set_duty(stage: _Stage) -> None:
    """Sorrel is paged first and Marlow next, from before the first contact until well after today."""
    stage.now = working_days_before(stage.end, 60, 9)
    posts = {
        post.account.name: post
        for role in (Role.SOCIAL_WORKER, Role.FRONT_DOOR_MANAGER)
        for post in posts_with_role(system(stage.end), role)
    }
    turns = [
        services.DutyTurn(posts[name], stage.now, stage.end + timedelta(days=90), order)
        for order, name in enumerate(("Sorrel Testwright", "Marlow Testington"), start=1)
    ]
    services.set_duty(turns=turns, by=stage.by("Marlow Testington"), at=stage.now)


def _start(stage: _Stage, scene: Scene) -> None:
    if scene.days:
        stage.now = working_days_before(stage.end, scene.days, scene.hour)
    else:
        stage.now = stage.end - timedelta(hours=scene.hour)


def _people(stage: _Stage, scene: Scene) -> tuple[NewContactPerson, ...]:
    house = stage.households[scene.house]
    named: list[tuple[Someone, str]] = [(child, "child") for child in house.children[: scene.children]]
    named += [(adult, "parent") for adult in house.adults[:1]]
    knows_numbers = scene.sender in {"Hazel Mockwell", "Cara Testwell"}
    return tuple(
        NewContactPerson(
            part=part,
            given_name=one.given_name,
            family_name=one.family_name,
            birth_date=one.born if part == "child" else None,
            sex=one.sex,
            address=house.lines if house.postcode else "",
            postcode=house.postcode,
            is_no_fixed_address=not house.postcode,
            nhs_number=one.nhs_number if knows_numbers and part == "child" else "",
            phone=house.phone if part == "parent" else "",
        )
        for one, part in named
    )


def _contact(stage: _Stage, scene: Scene) -> Contact:
    people = _people(stage, scene)
    said = NewContact(
        channel=scene.channel,
        worry=scene.worry.format(child=people[0].given_name),
        people=people,
        going_well=scene.going_well.format(child=people[0].given_name),
        need_code=scene.need,
        is_immediate_danger=scene.is_danger,
        is_safeguarding_concern=scene.is_safeguarding,
        family_knows=Answer.YES if scene.agrees else Answer.NOT_ASKED,
        family_agrees=Answer.YES if scene.agrees else Answer.NOT_ASKED,
        wanted=scene.wanted,
    )
    if scene.channel == Channel.PUBLIC:
        phone = stage.households[scene.house].phone
        asks = replace(
            said, source_code="1A", relationship_to_child="Mother", referrer_phone=phone, safe_contact_how="text",
            safe_contact_details=phone, safe_contact_when="While the children are at school",
            safe_contact_not_through="My partner must not know", interpreter_language=scene.language,
        )  # fmt: skip
        return services.ask_for_help(contact=asks, by=public(stage.now), at=stage.now)
    if scene.channel == Channel.PHONE:
        nhs = organisation_with_code(system(stage.now), "NHS")
        said = replace(
            said, organisation_id=None if scene.is_anonymous else nhs.pk, source_code="9" if scene.is_anonymous else "3B",
            is_anonymous=scene.is_anonymous, referrer_name="" if scene.is_anonymous else "Wren Testcombe",
            referrer_role="" if scene.is_anonymous else "Health visitor",
            referrer_email="" if scene.is_anonymous else "wren.testcombe@nhs.example",
        )  # fmt: skip
    return services.submit_referral(contact=said, by=stage.by(scene.sender), at=stage.now)


def _play(stage: _Stage, scene: Scene) -> None:
    """One contact, from its arrival to where the scene ends."""
    _start(stage, scene)
    referral = _contact(stage, scene).referral
    if scene.ends in {"new", "paged"}:
        return
    stage.later(20 if not scene.is_danger else 4)
    referral = services.take_referral(referral=_again(referral), by=stage.by(scene.worker), at=stage.now)
    _identify(stage, scene, referral)
    if scene.ends == "passed":
        _answer_notice(stage, scene, _again(referral))
        return
    if scene.rating and not scene.is_danger:
        _rate(stage, scene, _again(referral))
    if scene.notes:
        compare_notes(stage, scene.worker, scene.notes, _again(referral))
    if scene.outcome:
        _decide(stage, scene, _again(referral))
    if scene.notes and scene.outcome and scene.ends != "proposed":
        answer_late(stage, scene.worker, scene.notes, _again(referral))


def _again(referral: Referral) -> Referral:
    """As it stands now, with the version the next service asks for."""
    return Referral.objects.get(pk=referral.pk)


def _identify(stage: _Stage, scene: Scene, referral: Referral) -> None:
    """Search for the children named, and for the parent where work goes on, and say who they are; then which family."""
    by = stage.by(scene.worker)
    places = referral.people.select_related("contact_person").order_by("contact_person__position")
    is_everybody = scene.ends in {"allocated", "handed_over"} or scene.notes
    for place in places if is_everybody else places.filter(part="child"):
        stage.later(4)
        typed = place.contact_person
        query = SearchQuery(
            given_name=typed.given_name, family_name=typed.family_name, birth_date=typed.birth_date,
            postcode=typed.postcode, nhs_number=typed.nhs_number,
        )  # fmt: skip
        found = services.search_for(place=place, query=query, by=by, at=stage.now)
        if not found.candidates:
            continue
        services.identify_person(
            place=place, person_id=found.candidates[0].person_id, reason="Name, date of birth and address agree",
            by=by, at=stage.now,
        )  # fmt: skip
    referral = _again(referral)
    known = [place.person_id for place in referral.people.all() if place.person_id]
    if referral.family_id is None and known:
        families = families_about(by, known)
        services.choose_family(
            referral=referral, family_id=families[0].family_id if families else None, by=by, at=stage.later(2)
        )


def _rate(stage: _Stage, scene: Scene, referral: Referral) -> None:
    by = stage.by(scene.worker)
    services.rate_referral(
        referral=referral, rating=Rating(scene.rating), reason=scene.rating_reason, version=referral.version, by=by,
        at=stage.later(5),
    )  # fmt: skip
    if scene.rated_again:
        referral = _again(referral)
        services.rate_referral(
            referral=referral, rating=Rating(scene.rated_again), reason="The school has told us more since.",
            version=referral.version, by=by, at=stage.later(40),
        )  # fmt: skip
    if scene.agrees and scene.outcome:
        services.record_agreement(
            referral=_again(referral), knows=Answer.YES, agrees=Answer.YES, reason="", by=by, at=stage.later(10)
        )


def _decide(stage: _Stage, scene: Scene, referral: Referral) -> None:
    said: dict[str, Any] = {
        "outcome": Outcome(scene.outcome), "level": scene.level, "reason": scene.reason,
        "look_back": scene.look_back, "advice_given": scene.advice,
    }  # fmt: skip
    agency = organisation_with_code(system(stage.now), scene.agency) if scene.agency else None
    worker = stage.by(scene.worker)
    at = stage.later(60)
    if scene.ends == "proposed" or scene.outcome == "statutory":
        decision = services.propose_decision(
            referral=referral, agency=agency, version=referral.version, by=worker, at=at, **said
        )
        if scene.ends == "proposed":
            return
        referral = _again(referral)
        services.confirm_decision(
            decision=decision, version=referral.version, by=stage.by("Sorrel Testwright"), at=stage.later(30)
        )
    else:
        services.decide(referral=referral, agency=agency, version=referral.version, by=worker, at=at, **said)
    _ENDINGS[scene.ends](stage, scene, _again(referral))


def _stay(stage: _Stage, scene: Scene, referral: Referral) -> None:
    """Decided, and nothing more yet."""


def _close(stage: _Stage, scene: Scene, referral: Referral) -> None:
    services.close_referral(referral=referral, by=stage.by(scene.worker), at=stage.later(15))
    _tell(stage, scene, referral)


def _allocate(stage: _Stage, scene: Scene, referral: Referral) -> None:
    manager = stage.by("Marlow Testington")
    stage.later(45)
    advice = allocation_advice(replace(manager, at=stage.now), referral.pk)
    if advice.team_id is None:
        return
    case = services.allocate_referral(
        referral=referral, team=team_with_id(manager, advice.team_id),
        reason="It is the team with most room." if advice.needs_reason else "", version=advice.version, by=manager,
        at=stage.now,
    )  # fmt: skip
    _tell(stage, scene, referral)
    if scene.lead:
        _work_case(stage, scene, case)


def _work_case(stage: _Stage, scene: Scene, case: Case) -> None:
    """The team manager names a lead professional, who brings others into the team around the child."""
    managers = posts_with_role(system(stage.now), Role.TEAM_MANAGER, team_id=case.team_id)
    manager = managers[0].account.name
    lead = stage.next_lead(case, is_finished=scene.is_finished)
    casework.name_lead_professional(case=case, post=lead, reason="", by=stage.by(manager), at=stage.later(90))
    for name in scene.joined_by:
        post = next(
            post for role in (Role.REFERRER, Role.KEY_WORKER) for post in posts_with_role(system(stage.now), role)
            if post.account.name == name
        )  # fmt: skip
        casework.add_member(case=case, post=post, by=stage.by(manager), at=stage.later(30))
    if scene.is_finished:
        stage.now = min(stage.now + timedelta(days=18), stage.end)
        case.refresh_from_db()
        casework.close_case(
            case=case, code="RC7", reason="The family has what it needs and knows whom to ring.", version=case.version,
            by=stage.by(manager), at=stage.now,
        )  # fmt: skip


def _hand_over(stage: _Stage, scene: Scene, referral: Referral) -> None:
    sent = services.hand_over(referral=referral, by=stage.by("Sorrel Testwright"), at=stage.later(10))
    _tell(stage, scene, referral)
    if scene.statutory == "sent":
        return
    officer = "Stella Testwick"
    sent = services.receive_handover(
        handover=sent, worker="", statutory_reference=f"EX{sent.receipt[-4:]}", by=stage.by(officer), at=stage.later(50)
    )
    if scene.statutory == "received":
        return
    services.update_handover(
        handover=sent, status=HandoverStatus(scene.statutory), worker="Clover Testbridge, social worker",
        statutory_reference=sent.statutory_reference, next_date=stage.end.date() + timedelta(days=23),
        next_date_means="Assessment to be finished", by=stage.by(officer), at=stage.later(24 * 60),
    )  # fmt: skip


def _tell(stage: _Stage, scene: Scene, referral: Referral) -> None:
    if scene.is_told:
        services.tell_referrer(
            referral=_again(referral), how=scene.told_by, text="", by=stage.by(scene.worker), at=stage.later(25)
        )


_ENDINGS = {"decided": _stay, "closed": _close, "allocated": _allocate, "handed_over": _hand_over}


def _answer_notice(stage: _Stage, scene: Scene, referral: Referral) -> None:
    """The case had it as soon as the family was known; its manager answers, or still owes an answer."""
    if not scene.answer:
        return
    notice = referral.case_notice
    managers = posts_with_role(system(stage.now), Role.TEAM_MANAGER, team_id=notice.case.team_id)
    by = stage.by(managers[0].account.name)
    services.acknowledge_notice(notice=notice, response=scene.answer, by=by, at=stage.later(120))


def _report_staff(stage: _Stage, scene: Scene) -> None:
    """An allegation against somebody who works with children: seen by the designated officer alone."""
    _start(stage, scene)
    people = _people(stage, scene)
    said = NewContact(
        channel=Channel.FORM, worry=scene.worry.format(child=people[0].given_name), people=people,
        is_about_staff_member=True,
    )  # fmt: skip
    contact = services.submit_referral(contact=said, by=stage.by(scene.sender), at=stage.now)
    if scene.ends == "taken":
        services.take_allegation(allegation=contact.allegation, by=stage.by("Desmond Testdale"), at=stage.later(60))
