"""Builders for tests of this part and the parts above: an agreement in force, and somebody asked under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from joinedup.access.actor import Actor, system
from joinedup.access.models import Account
from joinedup.access.roles import Role
from joinedup.information_sharing import services
from joinedup.information_sharing.codes import INVOLVEMENT_ITEM, INVOLVEMENT_NAME
from joinedup.information_sharing.models import Agreement, InformationRequest
from joinedup.information_sharing.rules import ItemRule
from joinedup.information_sharing.services import Asking, ItemTerms, NewAnswer, Terms
from joinedup.organisations.models import Organisation, Post
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post, make_team
from joinedup.person_index.models import Person
from joinedup.person_index.tests.factories import make_person

SUBJECT = ("front_door.referral", "0198f000-0000-7000-8000-000000000001")
TODAY = AT.date()
LONDON = ZoneInfo("Europe/London")
INVOLVED = ItemTerms(INVOLVEMENT_ITEM, INVOLVEMENT_NAME, "To know whom to talk to.")


def make_terms(**facts: Any) -> Terms:
    """Terms that can be signed: in force for a year."""
    terms = Terms(
        title="Deciding together what help a family needs",
        purposes=("decide_help", "protect"),
        bases=("public_task", "safeguarding"),
        impact_assessment="DPIA-0001",
        impact_assessed_on=TODAY - timedelta(days=100),
        starts_on=TODAY - timedelta(days=90),
        review_on=TODAY + timedelta(days=180),
        expires_on=TODAY + timedelta(days=275),
        kept_for="six years after the case closes",
        how_to_object="Phone 01632 960 000 and ask for the information governance officer.",
    )
    return replace(terms, **facts)


@dataclass
class World:
    """A council that asks and a school that answers, and the named cast: Amira asks, Rowan answers; Ben works beside
    Amira but is not named, Cara is another partner's, Dev stands outside."""

    council: Organisation
    school: Organisation
    agreement: Agreement
    accounts: dict[str, Account]
    posts: dict[str, Post]
    child: Person

    def by(self, name: str, at: datetime = AT) -> Actor:
        """Somebody at work at a moment."""
        return actor_of(self.accounts[name], at)


def sign_all(agreement: Agreement, *, at: datetime = AT) -> Agreement:
    """Every party signs."""
    for party in agreement.parties.select_related("organisation"):
        services.record_signature(
            agreement=agreement, organisation=party.organisation, name="Sam Testsigner", title="Director",
            signed_on=at.date(), by=system(at), at=at,
        )  # fmt: skip
    agreement.refresh_from_db()
    return agreement


def make_agreement(
    *,
    parties: Sequence[tuple[Organisation, Sequence[ItemTerms]]],
    askers: Sequence[tuple[Organisation, Post]],
    answerers: Sequence[tuple[Organisation, Post]],
    at: datetime = AT,
    is_signed: bool = True,
    **terms: Any,
) -> Agreement:
    """An agreement, signed by everybody unless told otherwise."""
    by = system(at)
    agreement = services.draft_agreement(terms=make_terms(**terms), by=by, at=at)
    for organisation, items in parties:
        services.set_party(agreement=agreement, organisation=organisation, items=items, by=by, at=at)
    for part, named in (("asks", askers), ("answers", answerers)):
        for organisation, post in named:
            services.name_post(agreement=agreement, organisation=organisation, post=post, part=part, by=by, at=at)
    return sign_all(agreement, at=at) if is_signed else agreement


SCHOOL_ITEMS = (
    ItemTerms(
        INVOLVEMENT_ITEM, INVOLVEMENT_NAME, "A child is on a school roll from 4 to 20.",
        ItemRule(minimum_age=4, maximum_age=20),
    ),
    ItemTerms("attendance", "Attendance", "Absence is an early sign.", ItemRule(years_back=2), column="Attendance"),
    ItemTerms("exclusions", "Exclusions", "Needed at higher levels only.", ItemRule(levels=frozenset({3, 4}))),
    ItemTerms("work", "Paid work", "Older pupils only.", ItemRule(minimum_age=16)),
    ItemTerms("counselling", "What was said in counselling", "Told in confidence.", ItemRule(is_allowed=False)),
)  # fmt: skip


def make_world(*, birth_date: date | None = date(2015, 3, 14), **terms: Any) -> World:
    """The world of the tests, with an agreement in force between council and school."""
    council = make_organisation(code="COUNCIL", name="Exampleshire Council")
    school = make_organisation(code="ALDER", name="Alder Sample Academy", kind="school")
    nhs = make_organisation(code="NHS", name="Exampleshire Health", kind="nhs")
    door = make_team(code="FRONTDOOR", name="Front door", kind="front_door", host=council)
    cast = {
        "Amira": make_post(role=Role.FRONT_DOOR_WORKER, team=door, name="Amira Testerly"),
        "Ben": make_post(role=Role.FRONT_DOOR_WORKER, team=door, name="Ben Testerson"),
        "Marlow": make_post(role=Role.FRONT_DOOR_MANAGER, team=door, name="Marlow Testington"),
        "Rowan": make_post(role=Role.REFERRER, employer=school, name="Rowan Testerfield"),
        "Otto": make_post(role=Role.REFERRER, employer=school, name="Otto Samplecote"),
        "Cara": make_post(role=Role.REFERRER, employer=nhs, name="Cara Testwell"),
        "Dev": make_post(role=Role.REFERRER, employer=make_organisation(code="YOUTH", kind="voluntary"), name="Dev"),
        "Iris": make_post(role=Role.INFORMATION_GOVERNANCE, employer=council, name="Iris Testguard"),
    }
    accounts = {name: account for name, (account, _) in cast.items()}
    posts = {name: post for name, (_, post) in cast.items()}
    agreement = make_agreement(
        parties=[(council, ()), (school, SCHOOL_ITEMS)],
        askers=[(council, posts["Amira"])],
        answerers=[(school, posts["Rowan"])],
        **terms,
    )
    return World(council, school, agreement, accounts, posts, make_person(birth_date=birth_date))


def ask(world: World, *, at: datetime = AT, by: Actor | None = None, **facts: Any) -> InformationRequest:
    """Amira's question to the school about the child, at level 4 unless told otherwise. The program asks on her behalf,
    because only the front door's own ground would let her see the child."""
    asking = Asking(
        agreement_id=world.agreement.pk,
        organisation_id=world.school.pk,
        person_id=world.child.pk,
        purpose="decide_help",
        subject=SUBJECT,
        level=4,
        reason="A neighbour is worried; we need to know who works with the child.",
    )
    actor = by or replace(world.by("Amira", at), via="system", account_id=None)
    return services.ask_for_information(asking=replace(asking, **facts), by=actor, at=at)


def an_answer(**facts: Any) -> NewAnswer:
    """An answer the rules accept."""
    answer = NewAnswer(
        involvement="current", as_of=TODAY, basis="public_task", proportionality="Only what the front door asked for.",
        worker="Rowan Testerfield", worker_role="Safeguarding lead", phone="01632 960 001",
    )  # fmt: skip
    return replace(answer, **facts)
