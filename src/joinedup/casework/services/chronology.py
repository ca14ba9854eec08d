"""Putting a case's chronology right: what is taken out, moved off the wrong child, marked as significant, or destroyed
when the time for keeping it is over. Nothing is changed or removed: each is an addition that says who and why."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.casework import rules
from joinedup.casework.models import Case, CaseNote, CasePerson, NoteAddition, NoteSeen
from joinedup.casework.permissions import MARK_ENTRY, PUT_BACK_ENTRY, RECTIFY_ENTRY
from joinedup.casework.services.steps import lock
from joinedup.chronology import services as chronology
from joinedup.chronology.kinds import TAKEN_OUT_BECAUSE
from joinedup.chronology.queries import entry_for_change

_NOTE = CaseNote._meta.label_lower


@service(RECTIFY_ENTRY, on="case")
def take_out_entry(
    *, case: Case, event_id: int, code: str, words: str, people: Collection[UUID] = (), by: Actor, at: datetime
) -> None:
    """Take an entry out of the chronology. With `people` it is recorded about them instead, under its own author and
    time; without, it is only hidden. A note that the entry stands for goes with it."""
    lock(case)
    event, entry = entry_for_change(by, event_id, family_id=case.family_id)
    if entry.taken_out is not None:
        raise rules.OUT_ALREADY.refused()
    if code not in TAKEN_OUT_BECAUSE or not words.strip():
        raise rules.OUT_SAID.refused()
    _check_people(case, code, people, set(event.people))
    if people:
        chronology.give_to(event, people=people, words=words.strip(), by=by, at=at)
        _move_note(event.source_kind, event.source_id, people, words.strip(), by, at)
    else:
        chronology.take_out(event, code=code, words=words.strip(), by=by, at=at)
        _take_out_note(event.source_kind, event.source_id, words.strip(), by, at)
    note(people=set(event.people) | set(people), changed=("chronology",), words={"event": event.pk, "reason": words})


def _check_people(case: Case, code: str, people: Collection[UUID], before: set[UUID]) -> None:
    if not people:
        return
    in_case = set(CasePerson.objects.filter(case=case).values_list("person_id", flat=True))
    if code != "wrong_person" or not set(people) <= in_case or set(people) == before:
        raise rules.RIGHT_PEOPLE.refused()


def _move_note(source_kind: str, source_id: str, people: Collection[UUID], words: str, by: Actor, at: datetime) -> None:
    if source_kind != _NOTE:
        return
    NoteAddition.objects.create(
        note_id=UUID(source_id), words=f"Moved to the right child: {words}", added_by=by.account_id, added_at=at
    )
    alone = dict(NoteSeen.objects.filter(note_id=UUID(source_id)).values_list("person_id", "is_alone"))
    was_alone = len(alone) == 1 and any(alone.values()) and len(people) == 1
    NoteSeen.objects.filter(note_id=UUID(source_id)).delete()
    NoteSeen.objects.bulk_create(
        [
            NoteSeen(note_id=UUID(source_id), person_id=each, is_alone=alone.get(each, was_alone))
            for each in dict.fromkeys(people)
        ]
    )


def _take_out_note(source_kind: str, source_id: str, words: str, by: Actor, at: datetime) -> None:
    if source_kind != _NOTE:
        return
    CaseNote.objects.filter(pk=source_id).update(taken_out_at=at)
    NoteAddition.objects.create(
        note_id=UUID(source_id), is_taking_out=True, words=words, added_by=by.account_id, added_at=at
    )


@service(PUT_BACK_ENTRY, on="case")
def put_back_entry(*, case: Case, event_id: int, words: str, by: Actor, at: datetime) -> None:
    """Show an entry again that had been taken out, and the note it stands for. What was recorded about somebody else
    instead is taken out first (CW-429): nothing happened twice."""
    lock(case)
    event, entry = entry_for_change(by, event_id, family_id=case.family_id)
    if entry.taken_out is None:
        raise rules.NOT_OUT.refused()
    if not words.strip():
        raise rules.BACK_SAID.refused()
    instead = entry.taken_out.instead_id
    if instead is not None and entry_for_change(by, instead, family_id=case.family_id)[1].taken_out is None:
        raise rules.RECORDED_INSTEAD.refused()
    chronology.put_back(event, words=words.strip(), by=by, at=at)
    if event.source_kind == _NOTE:
        CaseNote.objects.filter(pk=event.source_id).update(taken_out_at=None)
        NoteAddition.objects.create(
            note_id=UUID(event.source_id), words=f"Put back: {words.strip()}", added_by=by.account_id, added_at=at
        )
    note(people=set(event.people), changed=("chronology",), words={"event": event.pk, "reason": words.strip()})


@service(MARK_ENTRY, on="case")
def mark_entry(*, case: Case, event_id: int, is_significant: bool, impact: str = "", by: Actor, at: datetime) -> None:
    """Say that an entry matters and what it meant for the child, or that it does not."""
    lock(case)
    event, entry = entry_for_change(by, event_id, family_id=case.family_id)
    if entry.taken_out is not None:
        raise rules.OUT_ALREADY.refused()
    if is_significant and not impact.strip():
        raise rules.IMPACT_SAID.refused()
    if is_significant:
        chronology.mark_significant(event, impact=impact.strip(), by=by, at=at)
    elif entry.is_significant:
        chronology.mark_ordinary(event, by=by, at=at)
    note(people=set(event.people), changed=("significance",), words={"event": event.pk})
