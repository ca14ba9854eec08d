"""What the referral, the index and partners' answers say of the same facts, so that they can be set side by side."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from joinedup.core.formats import date_long
from joinedup.front_door import comparing
from joinedup.front_door.comparing import Fact, Statement
from joinedup.front_door.models import ReferralPerson
from joinedup.front_door.queries.profile_records import JudgementSeen, PersonProfile
from joinedup.information_sharing.queries import AnswerSeen

_ITEM_FACTS = {
    "address": Fact.ADDRESS,
    "birth_date": Fact.BIRTH_DATE,
    "household": Fact.LIVES_WITH,
    "lives_with": Fact.LIVES_WITH,
}


def statements_from(
    places: list[ReferralPerson], people: tuple[PersonProfile, ...], judgements: list[JudgementSeen], came_on: date
) -> Iterable[Statement]:
    """Everything that can be set against something else."""
    for place, person in zip(places, people, strict=True):
        typed = place.contact_person
        if typed.address or typed.postcode:
            value = ", ".join(part for part in (typed.address, typed.postcode) if part)
            key = comparing.home_key(typed.address, typed.postcode)
            yield Statement(person.name, Fact.ADDRESS, value, key, "The referral", came_on)
        if typed.birth_date:
            day = date_long(typed.birth_date)
            yield Statement(person.name, Fact.BIRTH_DATE, day, day, "The referral", came_on)
        yield from _said_of(person)
    for each in judgements:
        if each.level is not None:
            yield Statement("", Fact.LEVEL, each.level_label, str(each.level), each.who, timezone.localdate(each.at))


def _said_of(person: PersonProfile) -> Iterable[Statement]:
    for said in person.records:
        record, day = said.record, said.as_of
        if record.address or record.postcode:
            tail = "" if record.postcode and record.postcode in record.address else record.postcode
            value = ", ".join(part for part in (record.address, tail) if part)
            key = comparing.home_key(record.address, record.postcode)
            yield Statement(person.name, Fact.ADDRESS, value, key, record.agency, day)
        if record.birth_date:
            born = date_long(record.birth_date)
            yield Statement(person.name, Fact.BIRTH_DATE, born, born, record.agency, day)
    for household in person.households:
        names = ", ".join(household.others) or "nobody else"
        key = comparing.household_key(household.others) or "nobody"
        yield Statement(person.name, Fact.LIVES_WITH, names, key, household.agency, household.as_of)
    for card in person.cards:
        if card.answer is not None:
            yield from _answered(person.name, card.request.organisation, card.answer)


def _answered(name: str, organisation: str, answer: AnswerSeen) -> Iterable[Statement]:
    for item in answer.items:
        fact = _ITEM_FACTS.get(item.code)
        if fact is not None:
            key = comparing.home_key(item.words) if fact == Fact.ADDRESS else item.words.strip().casefold()
            yield Statement(name, fact, item.words, key, organisation, item.source_day or answer.as_of)
