"""Builders for tests of the front door and of the parts above: a small partnership, contacts, and referrals on their
way. They call the services, so that what they build is what the program builds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from joinedup.access.actor import Actor, public
from joinedup.access.models import Account
from joinedup.access.roles import Role
from joinedup.front_door import services
from joinedup.front_door.codes import Answer, Channel, Outcome
from joinedup.front_door.intake import NewContact, NewContactPerson
from joinedup.front_door.models import Contact, Decision, Referral, ReferralPerson
from joinedup.front_door.services import DutyTurn
from joinedup.organisations.models import Locality, Organisation, Post, Team
from joinedup.organisations.tests.factories import (
    AT,
    actor_of,
    make_cluster,
    make_locality,
    make_organisation,
    make_post,
    make_team,
)
from joinedup.person_index.queries import SearchQuery

CHILD = NewContactPerson(
    part="child", given_name="Rowan", family_name="Testerfield", address="1 Example Row", postcode="ZZ1 1AA"
)
PARENT = NewContactPerson(part="parent", given_name="Ash", family_name="Testerfield", relationship="mother")


@dataclass
class Partnership:
    """A front door, two localities, two case-management teams, a school, and somebody in each role."""

    council: Organisation
    school: Organisation
    north: Locality
    south: Locality
    front_door: Team
    north_team: Team
    south_team: Team
    posts: dict[str, Post]
    accounts: dict[str, Account]

    def actor(self, name: str, at: datetime = AT) -> Actor:
        """Somebody at work at a moment: worker, colleague, social_worker, manager, team_manager, key_worker, teacher,
        statutory, designated."""
        return actor_of(self.accounts[name], at)


_PEOPLE: dict[str, tuple[Role, str]] = {
    "worker": (Role.FRONT_DOOR_WORKER, "front_door"),
    "colleague": (Role.FRONT_DOOR_WORKER, "front_door"),
    "social_worker": (Role.SOCIAL_WORKER, "front_door"),
    "manager": (Role.FRONT_DOOR_MANAGER, "front_door"),
    "team_manager": (Role.TEAM_MANAGER, "north_team"),
    "key_worker": (Role.KEY_WORKER, "north_team"),
    "other_key_worker": (Role.KEY_WORKER, "south_team"),
    "statutory": (Role.STATUTORY_OFFICER, ""),
    "designated": (Role.DESIGNATED_OFFICER, ""),
}


def make_partnership(*, cap: int = 10) -> Partnership:
    """Localities ZZ1 (north) and ZZ2 (south), each with its team."""
    council = make_organisation(code="COUNCIL", name="Exampleshire Council", referral_source="5B")
    north = make_locality(code="NORTH", name="North", prefixes=("ZZ1",))
    south = make_locality(code="SOUTH", name="South", prefixes=("ZZ2",))
    cluster = make_cluster(locality=south, code="SOUTH-1", name="South cluster")
    school = make_organisation(
        code="SCHOOL", name="Testerfield School", kind="school", referral_source="2A", cluster=cluster
    )
    teams = {
        "front_door": make_team(code="FRONT", name="Front door", kind="front_door"),
        "north_team": make_team(code="NT", name="North team", localities=(north,), case_cap=cap),
        "south_team": make_team(code="ST", name="South team", localities=(south,), case_cap=cap),
    }
    posts: dict[str, Post] = {}
    accounts: dict[str, Account] = {}
    for name, (role, team) in _PEOPLE.items():
        accounts[name], posts[name] = make_post(
            role=role, team=teams.get(team), name=f"{name.replace('_', ' ').capitalize()} Testerly"
        )
    accounts["teacher"], posts["teacher"] = make_post(
        role=Role.REFERRER, employer=school, host=school, name="Teacher Testerly", title="Teacher"
    )
    return Partnership(council, school, north, south, **teams, posts=posts, accounts=accounts)


def new_contact(**facts: Any) -> NewContact:
    """A complete contact from a professional about one child."""
    given: dict[str, Any] = {
        "channel": Channel.FORM,
        "worry": "Rowan comes to school hungry.",
        "people": (CHILD, PARENT),
        "family_knows": Answer.YES,
        "family_agrees": Answer.YES,
    }
    return NewContact(**(given | facts))


def child_called(given_name: str, family_name: str = "Testerfield", **facts: Any) -> NewContactPerson:
    """Another child, in the north unless told otherwise."""
    return replace(CHILD, given_name=given_name, family_name=family_name, **facts)


def send(place: Partnership, *, sender: str = "teacher", at: datetime = AT, **facts: Any) -> Contact:
    """A professional's contact."""
    return services.submit_referral(contact=new_contact(**facts), by=place.actor(sender, at), at=at)


def ask(*, at: datetime = AT, **facts: Any) -> Contact:
    """A contact from the public page."""
    given: dict[str, Any] = {
        "channel": Channel.PUBLIC,
        "source_code": "1C",
        "safe_contact_how": "email",
        "safe_contact_details": "rowan@home.example",
    }
    return services.ask_for_help(contact=new_contact(**(given | facts)), by=public(at), at=at)


def receive(place: Partnership, *, at: datetime = AT, **facts: Any) -> Referral:
    """A referral as it arrives."""
    return Referral.objects.get(contact=send(place, at=at, **facts))


def triage(place: Partnership, *, who: str = "worker", at: datetime = AT, **facts: Any) -> Referral:
    """A referral somebody has taken up."""
    return services.take_referral(referral=receive(place, at=at, **facts), by=place.actor(who, at), at=at)


def places_of(referral: Referral, part: str = "child") -> list[ReferralPerson]:
    """Those named in a referral with a part."""
    found = ReferralPerson.objects.filter(referral=referral, part=part)
    return list(found.select_related("contact_person").order_by("contact_person__position"))


def query_of(place: ReferralPerson) -> SearchQuery:
    """A search for what was typed."""
    typed = place.contact_person
    return SearchQuery(
        given_name=typed.given_name,
        family_name=typed.family_name,
        birth_date=typed.birth_date,
        postcode=typed.postcode,
        nhs_number=typed.nhs_number,
    )


def search_all(place: Partnership, referral: Referral, *, who: str = "worker", at: datetime = AT) -> None:
    """Search for everybody named."""
    for part in ("child", "parent", "other"):
        for each in places_of(referral, part):
            services.search_for(place=each, query=query_of(each), by=place.actor(who, at), at=at)


def identify_all(
    place: Partnership, referral: Referral, *, who: str = "worker", at: datetime = AT, despite: str = "Somebody else."
) -> Referral:
    """Search for everybody named and enter them as new people."""
    search_all(place, referral, who=who, at=at)
    for part in ("child", "parent", "other"):
        for each in places_of(referral, part):
            services.create_person_for(place=each, despite=despite, by=place.actor(who, at), at=at)
    referral.refresh_from_db()
    return referral


def with_family(place: Partnership, *, who: str = "worker", at: datetime = AT, **facts: Any) -> Referral:
    """In triage, everybody entered, in a new family."""
    referral = identify_all(place, triage(place, who=who, at=at, **facts), who=who, at=at)
    return services.choose_family(referral=referral, family_id=None, by=place.actor(who, at), at=at)


def decide(
    place: Partnership,
    referral: Referral,
    outcome: Outcome = Outcome.EARLY_HELP,
    level: int = 2,
    *,
    who: str = "worker",
    second: str = "social_worker",
    at: datetime = AT,
    **more: Any,
) -> Decision:
    """Decide: alone where that is allowed, else proposed by one and decided by another."""
    referral.refresh_from_db()
    given = {"outcome": outcome, "level": level, "reason": "A test.", "version": referral.version, **more}
    if outcome == Outcome.ADVICE:
        given.setdefault("advice_given", "Breakfast club.")
    by = place.actor(who, at)
    if outcome != Outcome.STATUTORY and not (outcome == Outcome.NO_FURTHER_ACTION and referral.is_safeguarding_concern):
        return services.decide(referral=referral, **given, by=by, at=at)
    proposed = services.propose_decision(referral=referral, **given, by=by, at=at)
    referral.refresh_from_db()
    return services.confirm_decision(decision=proposed, version=referral.version, by=place.actor(second, at), at=at)


def decided(
    place: Partnership, outcome: Outcome = Outcome.EARLY_HELP, level: int = 2, *, at: datetime = AT, **facts: Any
) -> Referral:
    """A referral with a family, decided."""
    referral = with_family(place, at=at, **facts)
    decide(place, referral, outcome, level, at=at)
    referral.refresh_from_db()
    return referral


def set_duty(place: Partnership, *names: str, at: datetime = AT) -> None:
    """People on duty for a day from an hour ago, in this order."""
    turns = [
        DutyTurn(place.posts[name], at - timedelta(hours=1), at + timedelta(days=1), order)
        for order, name in enumerate(names, 1)
    ]
    services.set_duty(turns=turns, by=place.actor("manager", at), at=at)
