"""What is said about an entry afterwards: taken out and put back, moved off the wrong child, significant, words destroyed.
The events themselves never change, and the audit trail stays sound."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction

from joinedup.access import audit, chain
from joinedup.access.actor import system
from joinedup.access.models import Account
from joinedup.chronology import kinds
from joinedup.chronology.kinds import EventKind
from joinedup.chronology.models import Event, EventMark, standing
from joinedup.chronology.queries import Entry, entries, entry_for_change, places_of, timeline
from joinedup.chronology.services import (
    destroy_words,
    give_to,
    mark_ordinary,
    mark_significant,
    put_back,
    record_event,
    take_out,
)
from joinedup.core.errors import NotVisible
from joinedup.core.models import new_id

AT = datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo("Europe/London"))
ROWAN, WREN = new_id(), new_id()
SEEN = EventKind("t.seen", "Seen", quantity_means="hours")
pytestmark = pytest.mark.django_db


@pytest.fixture
def event(monkeypatch: pytest.MonkeyPatch) -> Event:
    monkeypatch.setattr(kinds, "_declared", {SEEN.code: SEEN})
    source = Account.objects.create(email="source@demo.example", name="Any record", opened_at=AT)
    return record_event(
        SEEN,
        source=source,
        by=system(AT),
        at=AT,
        people=[ROWAN],
        quantity=2,
        words={"what": "was at the park"},  # type: ignore[arg-type]
    )


def of(person: object, **more: object) -> list[Entry]:
    return entries(system(AT), people=[person], **more)  # type: ignore[list-item, arg-type]


def test_taken_out_says_who_and_why_and_hides_its_words(event: Event) -> None:
    before = Event.objects.filter(pk=event.pk).values().get()
    take_out(event, code="wrong", words="It was Tuesday", by=system(AT), at=AT)
    (shown,) = of(ROWAN)
    assert shown.taken_out is not None
    assert (shown.taken_out.because, shown.taken_out.words) == ("It is not right", "It was Tuesday")
    assert shown.words == {}
    assert timeline(system(AT), people=[ROWAN]) == []
    assert standing(Event.objects.all()).count() == 0
    assert Event.objects.filter(pk=event.pk).values().get() == before
    put_back(event, words="It was right after all", by=system(AT), at=AT)
    (shown,) = of(ROWAN)
    assert shown.taken_out is None
    assert shown.words == {"what": "was at the park"}
    assert len(timeline(system(AT), people=[ROWAN])) == 1


def test_an_entry_on_the_wrong_child_moves_and_is_counted_once(event: Event) -> None:
    same = give_to(event, people=[WREN], words="It was Wren", by=system(AT), at=AT + timedelta(days=1))
    assert [entry.taken_out is None for entry in of(ROWAN)] == [False]
    (moved,) = of(WREN)
    assert (moved.id, moved.at, moved.words) == (same.pk, AT, {"what": "was at the park"})
    assert [each.quantity for each in standing(Event.objects.all())] == [2]
    assert EventMark.objects.get().instead_id == same.pk


def test_significant_with_its_impact_until_taken_back(event: Event) -> None:
    mark_significant(event, impact="She slept badly for a week", by=system(AT), at=AT)
    assert [entry.impact for entry in of(ROWAN, is_significant=True)] == ["She slept badly for a week"]
    mark_significant(event, impact="For two weeks", by=system(AT), at=AT)
    assert [entry.impact for entry in of(ROWAN)] == ["For two weeks"]
    mark_ordinary(event, by=system(AT), at=AT)
    assert of(ROWAN, is_significant=True) == []
    assert [(entry.is_significant, entry.impact) for entry in of(ROWAN)] == [(False, "")]


def test_it_is_narrowed_by_kind_organisation_and_dates(event: Event) -> None:
    assert of(ROWAN, kinds=["t.seen"])
    assert of(ROWAN, kinds=["t.other"]) == []
    assert of(ROWAN, organisation_id=new_id()) == []
    assert of(ROWAN, since=AT, until=AT + timedelta(minutes=1))
    assert of(ROWAN, since=AT + timedelta(minutes=1)) == []
    assert of(ROWAN, until=AT) == []
    assert places_of(system(AT), people=[ROWAN]) == (["t.seen"], [])


def test_an_entry_of_somebody_else_is_not_found(event: Event) -> None:
    assert entry_for_change(system(AT), event.pk, people=[ROWAN])[1].title == "Seen"
    with pytest.raises(NotVisible):
        entry_for_change(system(AT), event.pk, people=[WREN])


def test_words_are_destroyed_and_the_audit_trail_still_verifies(event: Event, tmp_path: Path) -> None:
    audit.record("write", "t.seen", by=system(AT), at=AT, subject=("t", "1"), people=[ROWAN], words={"why": "kept"})
    mark_significant(event, impact="It mattered", by=system(AT), at=AT)
    take_out(event, code="wrong", words="Not so", by=system(AT), at=AT)
    put_back(event, words="It was", by=system(AT), at=AT)
    chain.seal()
    assert destroy_words(Event.objects.filter(pk=event.pk), at=AT) == 4
    (shown,) = of(ROWAN)
    assert (shown.words, shown.impact, shown.is_significant) == ({}, "", True)
    assert destroy_words(Event.objects.filter(pk=event.pk), at=AT) == 0
    assert chain.verify(at=AT, anchors=tmp_path / "none").is_sound


@pytest.mark.parametrize("change", ["update", "delete"])
def test_what_was_said_about_an_entry_cannot_be_changed(event: Event, change: str) -> None:
    mark = take_out(event, code="wrong", words="x", by=system(AT), at=AT)
    rows = EventMark.objects.filter(pk=mark.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(code="twice") if change == "update" else rows._raw_delete("default")
