"""A front door with partners to ask: a school, a surgery and the police under one agreement in force, and what they
answer. Built through the services."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.models import Account
from joinedup.access.roles import Role
from joinedup.front_door import services
from joinedup.front_door.models import Referral, ReferralPerson
from joinedup.front_door.services import Asked
from joinedup.front_door.tests.factories import AT, Partnership, make_partnership, places_of, with_family
from joinedup.information_sharing import services as sharing
from joinedup.information_sharing.codes import INVOLVEMENT_ITEM, INVOLVEMENT_NAME
from joinedup.information_sharing.models import Agreement, InformationRequest
from joinedup.information_sharing.rules import ItemRule
from joinedup.information_sharing.services import ItemSaid, ItemTerms, NewAnswer
from joinedup.information_sharing.tests.factories import make_agreement
from joinedup.organisations.models import Organisation, Post
from joinedup.organisations.tests.factories import actor_of, make_organisation, make_post

_INVOLVED = ItemTerms(INVOLVEMENT_ITEM, INVOLVEMENT_NAME, "To know whom to talk to.")
ITEMS = {
    "school": (
        ItemTerms(INVOLVEMENT_ITEM, INVOLVEMENT_NAME, "Pupils.", ItemRule(minimum_age=4, maximum_age=20)),
        ItemTerms("attendance", "Attendance", "Absence is an early sign."),
        ItemTerms("address", "Address", "To know where the child lives."),
    ),
    "surgery": (_INVOLVED, ItemTerms("health", "Health needs", "Needed to plan help.")),
    "police": (
        ItemTerms(INVOLVEMENT_ITEM, INVOLVEMENT_NAME, "Adults only.", ItemRule(minimum_age=18)),
        ItemTerms("call_outs", "Calls to the home", "Needed at level 4.", ItemRule(levels=frozenset({4}))),
    ),
}


@dataclass
class Partners:
    """The front door's partnership, and the partners it may ask: `answerers` by the partner's name."""

    place: Partnership
    organisations: dict[str, Organisation]
    accounts: dict[str, Account]
    posts: dict[str, Post]
    agreement: Agreement

    def by(self, name: str, at: datetime = AT) -> Actor:
        """Somebody who answers (school, surgery, police), or somebody of the front door."""
        return actor_of(self.accounts[name], at) if name in self.accounts else self.place.actor(name, at)

    def ids(self, *names: str) -> list[UUID]:
        """Organisations by name."""
        return [self.organisations[name].pk for name in names]


def make_partners(place: Partnership | None = None, *, at: datetime = AT, **terms: Any) -> Partners:
    """An agreement in force in which the front door's people are named to ask, and one person each to answer."""
    place = place or make_partnership()
    organisations = {
        "school": place.school,
        "surgery": make_organisation(code="SURGERY", name="Mock Lane Surgery", kind="nhs"),
        "police": make_organisation(code="POLICE", name="Exampleshire Police", kind="police"),
    }
    accounts, posts = {}, {}
    for name, organisation in organisations.items():
        accounts[name], posts[name] = make_post(
            role=Role.REFERRER, employer=organisation, host=organisation, name=f"{name.capitalize()} Testanswer"
        )
    agreement = make_agreement(
        parties=[(place.council, ()), *((organisations[name], ITEMS[name]) for name in organisations)],
        askers=[(place.council, place.posts[name]) for name in ("worker", "colleague", "social_worker", "manager")],
        answerers=[(organisations[name], posts[name]) for name in organisations],
        at=at,
        **terms,
    )
    return Partners(place, organisations, accounts, posts, agreement)


def people_in(referral: Referral) -> list[UUID]:
    """Everybody identified."""
    found = ReferralPerson.objects.filter(referral=referral, person__isnull=False).order_by("pk")
    return [each for each in found.values_list("person_id", flat=True) if each]


def referral_of(partners: Partners, *, at: datetime = AT, born: date = date(2016, 5, 4), **facts: Any) -> Referral:
    """A referral in triage about a child of ten and a parent, everybody identified."""
    from dataclasses import replace

    from joinedup.front_door.tests.factories import CHILD, PARENT

    people = (replace(CHILD, birth_date=born), replace(PARENT, birth_date=date(1988, 2, 1)))
    return with_family(partners.place, at=at, **({"people": people} | facts))


def ask(
    partners: Partners,
    referral: Referral,
    *names: str,
    who: str = "worker",
    people: Collection[UUID] | None = None,
    at: datetime = AT,
    **facts: Any,
) -> Asked:
    """Ask partners about the child, at level 2 unless told otherwise."""
    child = [places_of(referral)[0].person_id]
    given = {"purpose": "decide_help", "level": 2, "question": "Do you work with them, and who?"} | facts
    return services.ask_partners(
        referral=referral, organisations=partners.ids(*names), people=people if people is not None else child,
        by=partners.by(who, at), at=at, **given,
    )  # fmt: skip


def question_to(partners: Partners, name: str, **narrow: Any) -> InformationRequest:
    """The newest question to a partner."""
    found = InformationRequest.objects.filter(organisation=partners.organisations[name], **narrow)
    return found.select_related("agreement").order_by("-asked_at", "-pk")[0]


def new_answer(at: datetime = AT, **facts: Any) -> NewAnswer:
    """A partner is involved, since a year, and says whom to ring."""
    today = at.date()
    given: dict[str, Any] = {
        "involvement": "current", "as_of": today, "basis": "public_task", "proportionality": "What was asked.",
        "worker": "Otto Testworker", "worker_role": "Family worker", "phone": "01632 960 011",
        "started_on": today - timedelta(days=365), "last_contact_on": today - timedelta(days=9),
        "coverage_from": today - timedelta(days=2000), "coverage_to": today, "coverage_area": "Exampleshire",
    }  # fmt: skip
    return NewAnswer(**(given | facts))


def answer(
    partners: Partners,
    name: str,
    *,
    at: datetime = AT,
    items: dict[str, str] | None = None,
    narrow: dict[str, Any] | None = None,
    **facts: Any,
) -> None:
    """A partner answers its newest question."""
    said = [ItemSaid(code, words) for code, words in (items or {}).items()]
    sharing.answer_request(
        request=question_to(partners, name, **(narrow or {})), answer=new_answer(at, items=said, **facts),
        by=partners.by(name, at), at=at,
    )  # fmt: skip


def refuse(
    partners: Partners, name: str, *, reason_code: str = "confidence", words: str = "", at: datetime = AT
) -> None:
    """A partner refuses its newest question."""
    sharing.refuse_request(
        request=question_to(partners, name), reason_code=reason_code, words=words, by=partners.by(name, at), at=at
    )
