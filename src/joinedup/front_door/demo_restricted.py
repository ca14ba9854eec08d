"""The demo's restricted people: one for each category, a search that waits for a guardian, a look-alike, somebody kept
from their own family, and an emergency that nobody has reviewed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from joinedup.access.actor import Actor, system
from joinedup.access.queries import actor_for_account
from joinedup.access.roles import Role
from joinedup.front_door import services
from joinedup.front_door.codes import Answer, Channel
from joinedup.front_door.intake import NewContact, NewContactPerson
from joinedup.front_door.queries import place_for_change, referral
from joinedup.organisations.queries import demo_people, posts_with_role
from joinedup.person_index import services as index
from joinedup.person_index.queries import SearchQuery
from joinedup.person_index.services import NewPerson

if TYPE_CHECKING:
    from uuid import UUID

    from joinedup.organisations.models import Post
    from joinedup.person_index.models import Restriction

# Category, first and last name, date of birth, NHS number (synthetic), days ago it was imposed, and why.
_PEOPLE = (
    ("witness_protection", "Quill", "Hideaway", date(2013, 4, 9), "9999000010", 40, "A new identity was given in spring."),
    ("high_profile", "Piper", "Hideaway-Star", date(2011, 7, 2), "9999000029", 60, "A parent is known to the public."),
    ("staff_interest", "Robin", "Deskmate", date(2015, 1, 20), "9999000037", 20, "An aunt works at the front door."),
    ("adoption", "Lark", "Newnest", date(2022, 3, 3), "9999000045", 3, "Placed for adoption; the order is not made yet."),
    ("adoption_sealed", "Lark", "Oldnest", date(2019, 3, 3), "9999000053", 80, "The record from before the order."),
    ("high_risk", "Sage", "Quietfield", date(2014, 10, 5), "9999000061", 88, "The address must not be found."),
    ("serious_case", "Linnet", "Casebook", date(2012, 12, 12), "9999000088", 30, "A review is being written."),
)  # fmt: skip
_GUARDIANS = ("Gwen Testward", "Iris Testguard")


def load_restricted(*, at: datetime) -> None:
    """Impose the restrictions some weeks ago and play this morning's search and last night's emergency."""
    accounts = {each.name: each.account_id for _, group in demo_people(system(at)) for each in group}
    restricted = [_restrict(accounts, row, at) for row in _PEOPLE]
    guarded = restricted[5]
    _make_look_alike(at)
    _search(accounts, at - timedelta(minutes=50))
    _open(accounts, at - timedelta(hours=16))
    _declare(accounts, at - timedelta(days=30))
    holder = next(post for post in posts_with_role(system(at), Role.SOCIAL_WORKER))
    index.name_party(
        restriction=guarded, part="allowed", post=holder, reason="Works with the family.", by=_by(accounts, at), at=at
    )


def _by(accounts: dict[str, UUID], at: datetime, name: str = "Gwen Testward") -> Actor:
    return actor_for_account(accounts[name], at=at)


def _guardians(accounts: dict[str, UUID], at: datetime) -> list[Post]:
    wanted = {accounts[name] for name in _GUARDIANS}
    return [post for post in posts_with_role(system(at), Role.INFORMATION_GOVERNANCE) if post.account_id in wanted]


def _restrict(accounts: dict[str, UUID], row: tuple[str, str, str, date, str, int, str], at: datetime) -> Restriction:
    """Witness protection and the sealed record have one guardian; the others have both."""
    category, given_name, family_name, born, number, days, why = row
    then = at - timedelta(days=days)
    facts = NewPerson(
        given_name=given_name, family_name=family_name, birth_date=born, nhs_number=number, postcode="ZZ3 3QQ"
    )
    index.create_person(facts=facts, source="call", by=system(then), at=then)
    guardians = _guardians(accounts, then)
    is_shut = category in {"witness_protection", "adoption_sealed"}
    imposed = index.impose_restriction(
        query=SearchQuery(given_name=given_name, family_name=family_name, birth_date=born, nhs_number=number),
        category=category,
        reason=why,
        guardians=[post for post in guardians if not is_shut or post.account_id == accounts["Gwen Testward"]],
        by=_by(accounts, then, "Iris Testguard"),
        at=then,
    )
    if category in {"witness_protection", "adoption_sealed"}:
        index.authorise_restriction(restriction=imposed, by=_by(accounts, then), at=then)
    return imposed


def _make_look_alike(at: datetime) -> None:
    """A school's record that may be the same child, without the number."""
    then = at - timedelta(days=2)
    facts = NewPerson(given_name="Sage", family_name="Quietfield", birth_date=date(2014, 10, 5), postcode="ZZ4 4AA")
    index.create_person(facts=facts, source="school", by=system(then), at=then)


def _search(accounts: dict[str, UUID], at: datetime) -> None:
    """A school worries about a child; the front door searches and finds nobody."""
    child = NewContactPerson(part="child", given_name="Sage", family_name="Quietfield", birth_date=date(2014, 10, 5))
    contact = services.submit_referral(
        contact=NewContact(
            channel=Channel.FORM,
            worry="Sage started here on Monday and has come without lunch or a coat since. Nobody answers the phone.",
            people=(child,),
            family_knows=Answer.NOT_ASKED,
            family_agrees=Answer.NOT_ASKED,
        ),
        by=_by(accounts, at, "Hazel Mockwell"),
        at=at,
    )
    worker = _by(accounts, at + timedelta(minutes=10), "Ffion Testlake")
    services.take_referral(referral=contact.referral, by=worker, at=worker.at)
    page = referral(worker, contact.referral.pk, purpose="demo")
    place = place_for_change(worker, page.id, page.places[0].id)
    asked = SearchQuery(given_name="Sage", family_name="Quietfield", birth_date=date(2014, 10, 5))
    services.search_for(place=place, query=asked, by=worker, at=worker.at)


def _open(accounts: dict[str, UUID], at: datetime) -> None:
    """Last night somebody had to know."""
    worker = _by(accounts, at, "Sorrel Testwright")
    opened = index.open_in_emergency(
        query=SearchQuery(nhs_number="9999000088"),
        reason_code="missing",
        reason="Linnet was not at home at nine and the police ask for places she may have gone to.",
        by=worker,
        at=at,
    )
    if opened is not None:
        later = _by(accounts, at + timedelta(minutes=25), "Sorrel Testwright")
        index.end_emergency(emergency=opened, by=later, at=later.at)


def _declare(accounts: dict[str, UUID], at: datetime) -> None:
    """A key worker says who his niece is."""
    born = date(2016, 6, 6)
    facts = NewPerson(given_name="Ivy", family_name="Kinsample", birth_date=born)
    index.create_person(facts=facts, source="call", by=system(at), at=at)
    index.declare_own_family(
        kind="relative", given_name="Ivy", family_name="Kinsample", birth_date=born, by=_by(accounts, at, "Ben Testerson"),
        at=at,
    )  # fmt: skip
