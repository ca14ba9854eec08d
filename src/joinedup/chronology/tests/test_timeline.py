"""The timeline: what belongs to whom, also from before it was known, and no longer when it was somebody else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction

from joinedup.access.actor import Actor, Standing, system
from joinedup.access.models import Account
from joinedup.access.roles import Role
from joinedup.chronology import kinds
from joinedup.chronology.kinds import EventKind, said_in
from joinedup.chronology.models import Event, EventWords
from joinedup.chronology.queries import timeline
from joinedup.chronology.services import record_event
from joinedup.core.models import new_id

AT = datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo("Europe/London"))
pytestmark = pytest.mark.django_db


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> dict[str, EventKind]:
    """Kinds of this test's own."""
    own = {
        "received": EventKind("t.received", "Received"),
        "named": EventKind("t.named", "Named", places="joins"),
        "not_named": EventKind("t.not_named", "Not named", places="parts"),
        "family": EventKind("t.family", "About a family", places="family"),
        "rated": EventKind("t.rated", "Rated"),
    }
    monkeypatch.setattr(kinds, "_declared", {kind.code: kind for kind in own.values()})
    return own


@pytest.fixture
def source() -> Account:
    return Account.objects.create(email="source@demo.example", name="Any record", opened_at=AT)


def happened(kind: EventKind, source: Any, minutes: int, people: list[UUID] | None = None, **more: Any) -> Event:
    at = AT + timedelta(minutes=minutes)
    return record_event(kind, source=source, by=system(at), at=at, people=people or [], **more)


def titles(**who: Any) -> list[str]:
    return [entry.title for entry in timeline(system(AT), **who)]


def test_what_came_before_somebody_was_identified_is_on_their_timeline(
    declared: dict[str, EventKind], source: Account
) -> None:
    child = new_id()
    happened(declared["received"], source, 0)
    assert titles(people=[child]) == []
    happened(declared["named"], source, 1, [child])
    assert titles(people=[child]) == ["Named", "Received"]


def test_what_was_somebody_elses_is_taken_off_again(declared: dict[str, EventKind], source: Account) -> None:
    wrong, right = new_id(), new_id()
    happened(declared["received"], source, 0)
    happened(declared["named"], source, 1, [wrong])
    happened(declared["rated"], source, 2, [wrong])
    happened(declared["not_named"], source, 3, [wrong])
    happened(declared["named"], source, 4, [right])
    assert titles(people=[wrong]) == []
    assert titles(people=[right])[0] == "Named"
    assert "Received" in titles(people=[right])
    happened(declared["named"], source, 5, [wrong])
    assert "Received" in titles(people=[wrong])


def test_a_source_is_on_one_familys_timeline(declared: dict[str, EventKind], source: Account) -> None:
    first, second = new_id(), new_id()
    happened(declared["received"], source, 0)
    happened(declared["family"], source, 1, family_id=first)
    assert titles(family_id=first) == ["About a family", "Received"]
    happened(declared["family"], source, 2, family_id=second)
    assert titles(family_id=first) == []
    assert "Received" in titles(family_id=second)
    happened(declared["family"], source, 3)
    assert titles(family_id=second) == []


def test_events_of_other_sources_stay(declared: dict[str, EventKind], source: Account) -> None:
    child = new_id()
    other = Account.objects.create(email="other@demo.example", name="Another record", opened_at=AT)
    happened(declared["rated"], other, 0, [child])
    happened(declared["named"], source, 1, [child])
    happened(declared["not_named"], source, 2, [child])
    assert titles(people=[child]) == ["Rated"]
    assert titles(source=("access.account", str(other.pk))) == ["Rated"]


def test_words_can_go_and_the_event_stays(declared: dict[str, EventKind], source: Account) -> None:
    child = new_id()
    event = happened(declared["rated"], source, 0, [child], words={"reason": "Said in confidence"})
    assert timeline(system(AT), people=[child])[0].words == {"reason": "Said in confidence"}
    EventWords.objects.filter(event=event).update(words=None, redacted_at=AT)
    assert timeline(system(AT), people=[child])[0].words == {}
    for statement in ("UPDATE chronology_event SET kind = 'x'", "DELETE FROM chronology_event"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Event.objects.count() == 1


def test_the_words_of_an_event_are_sentences_in_the_order_of_its_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    held = EventKind("t.held", "Held", says=("{came} came", "{reference}", "{when}: {where}"))
    plain = EventKind("t.plain", "Plain")
    monkeypatch.setattr(kinds, "_declared", {held.code: held, plain.code: plain})
    assert said_in("t.held", {"reference": "M-1", "came": "2 people"}) == "2 people came. M-1."
    assert said_in("t.held", {"came": " ", "reference": None, "more": "And more"}) == "And more."
    assert (
        said_in("t.plain", {"a": "Carry on.", "b": "Why?", "c": "“Yes.”", "d": "well"}) == "Carry on. Why? “Yes.” well."
    )
    assert said_in("t.plain", {"a": "{b} in braces", "b": ""}) == "{b} in braces."
    assert said_in("t.held", {"came": "{reference}"}) == "{reference} came."
    assert said_in("not.declared", {"a": "As it is"}) == "As it is."


def test_an_event_says_the_organisation_of_who_did_it(declared: dict[str, EventKind], source: Account) -> None:
    school, health, team = new_id(), new_id(), new_id()
    works = Standing(Role.REFERRER, new_id(), "Teacher", school, "School")
    also = Standing(Role.KEY_WORKER, new_id(), "Nurse", health, "Health", team_id=team)
    by = Actor(account_id=None, name="Cara", at=AT, standings=(works, also))

    def organisation(by: Actor, **about: object) -> object:
        event = record_event(declared["rated"], source=source, by=by, at=AT, people=[new_id()], **about)  # type: ignore[arg-type]
        return event.organisation_id

    assert organisation(by) == school
    assert organisation(by, team_id=team) == health
    assert organisation(by, team_id=new_id()) == school
    named = new_id()
    assert organisation(by, organisation_id=named) == named
    assert organisation(system(AT)) is None
