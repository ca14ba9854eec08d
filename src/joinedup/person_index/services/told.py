"""Taking over what we were told of one entry into another that is the same person, and giving it back exactly. Called only
inside guarded services of this part.

Names and addresses go as the rows they are; of facts that stand once, the entry that stays keeps its own and takes what
only the other had. What both said before is kept with the decision, so that taking it back needs no guess.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models

from joinedup.core.errors import Refused
from joinedup.person_index.models import Person, PersonAddress, PersonName
from joinedup.person_index.reviewing import LR_4, LR_6, is_told_otherwise, told_together
from joinedup.person_index.rules import PI_5
from joinedup.person_index.services.facts import _refresh_people
from joinedup.person_index.services.keeping_apart import _are_kept_apart
from joinedup.person_index.services.look_alikes import _shield_look_alikes

Told = dict[str, Any]
_DIRECT = ("expected_on", "died_on", "interpreter_language", "communication_needs")
_DATES = ("expected_on", "died_on")
_ROWS: tuple[tuple[str, type[models.Model]], ...] = (("names", PersonName), ("addresses", PersonAddress))


def _take_over_told(going: UUID, staying: UUID) -> Told:
    """Give one entry what we were told of the other, which holds nothing of it afterwards. Returns what to keep with the
    decision. Raises Refused where the two contradict each other (LR-6) or are kept apart (PI-5)."""
    people = _locked(going, staying)
    goes, stays = people[going], people[staying]
    if is_told_otherwise(stays.stated, goes.stated):
        raise Refused(LR_6.sentence, rule=LR_6.code)
    if _are_kept_apart(going, staying):
        raise Refused(PI_5.sentence, rule=PI_5.code)
    before = {str(each.pk): _own_facts(each) for each in (goes, stays)}
    rows = {name: _rows(model, going) for name, model in _ROWS}
    stays.stated = told_together(stays.stated, goes.stated)
    goes.stated = {}
    for name in _DIRECT:
        if not getattr(stays, name):
            setattr(stays, name, getattr(goes, name))
    for each in (goes, stays):
        each.save(update_fields=["stated", *_DIRECT])
    for _, model in _ROWS:
        model._default_manager.filter(person_id=going).update(person_id=staying)
    after = {str(each.pk): _own_facts(each) for each in (goes, stays)}
    return {"going": str(going), "staying": str(staying), "before": before, "after": after, "rows": rows}


def _let_continue(going: UUID, staying: UUID, *, at: datetime) -> None:
    """Have an entry that nothing stands behind any more continued by another."""
    _refresh_people([going, staying])
    _shield_look_alikes([going, staying], at=at)
    Person.objects.filter(pk=going).update(continued_by=staying)


def _give_back_told(told: Told) -> set[UUID]:
    """Give an entry back what was taken over. Raises Refused where any of it was changed since (LR-4). Whoever calls
    derives both afresh."""
    going, staying = UUID(told["going"]), UUID(told["staying"])
    people = _locked(going, staying)
    held = {name: {row["id"]: row for row in _rows(model, staying)} for name, model in _ROWS}
    is_as_left = (
        people[going].continued_by_id == staying
        and all(_own_facts(each) == told["after"][str(each.pk)] for each in people.values())
        and all(held[name].get(row["id"]) == row for name, _ in _ROWS for row in told["rows"][name])
    )
    if not is_as_left:
        raise Refused(LR_4.sentence, rule=LR_4.code)
    for name, model in _ROWS:
        ids = [row["id"] for row in told["rows"][name]]
        model._default_manager.filter(pk__in=ids, person_id=staying).update(person_id=going)
    for each in people.values():
        was = told["before"][str(each.pk)]
        each.stated = was["stated"]
        for name in _DIRECT:
            setattr(
                each, name, date.fromisoformat(was[name]) if name in _DATES and was[name] else was[name] or _none(name)
            )
        each.save(update_fields=["stated", *_DIRECT])
    return {going, staying}


def _none(name: str) -> str | None:
    return None if name in _DATES else ""


def _locked(*ids: UUID) -> dict[UUID, Person]:
    return {each.pk: each for each in Person.objects.select_for_update().filter(pk__in=ids).order_by("pk")}


def _own_facts(person: Person) -> Told:
    """What was told of somebody that is kept on the entry itself, as plain values."""
    own = {name: getattr(person, name) for name in _DIRECT}
    plain = {name: each.isoformat() if isinstance(each, date) else each or "" for name, each in own.items()}
    return {"stated": dict(person.stated), **plain}


def _rows(model: type[models.Model], person_id: UUID) -> list[Told]:
    """Somebody's names or addresses as plain values, but for whose they are."""
    names = [field.attname for field in model._meta.concrete_fields if field.attname != "person_id"]
    found = model._default_manager.filter(person_id=person_id).order_by("pk").values(*names)
    return [{name: each.isoformat() if isinstance(each, date) else each for name, each in row.items()} for row in found]
