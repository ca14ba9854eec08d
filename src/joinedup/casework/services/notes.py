"""Writing case notes and visits, correcting them, and adding files to them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note as audit_note
from joinedup.access.guard import service
from joinedup.casework import noting, rules
from joinedup.casework.events import CALL_MADE, NOTE_WRITTEN, VISIT_MADE
from joinedup.casework.models import Case, CaseNote, CasePerson, NoteAddition, NoteFile, NoteSeen
from joinedup.casework.permissions import CORRECT_NOTE, WRITE_NOTE
from joinedup.casework.services.steps import lock, lock_open
from joinedup.casework.services.tasks import set_task
from joinedup.casework.settings import note_limits
from joinedup.chronology.services import record_event

_EVENTS = {"visit": VISIT_MADE, "elsewhere": VISIT_MADE, "phone": CALL_MADE}
_MOST_MINUTES = 24 * 60


@service(WRITE_NOTE, on="case")
def write_note(
    *,
    case: Case,
    kind: str,
    result: str,
    happened_at: datetime,
    minutes: int | None,
    seen: Mapping[UUID, bool],
    words: str,
    child_words: str,
    next_step: str,
    next_due_on: date | None = None,
    by: Actor,
    at: datetime,
) -> CaseNote:
    """Write down a visit, a call or a note. `seen` are the people who were seen or spoken to, and whether alone. A next
    step with a day becomes a task of whoever writes."""
    lock_open(case)
    _check(kind, result, happened_at, minutes, words, at)
    in_case = dict(CasePerson.objects.filter(case=case).values_list("person_id", "part"))
    _check_seen(kind, result, seen, in_case)
    standing = by.standings[0] if by.standings else None
    written = CaseNote.objects.create(
        case=case,
        kind=kind,
        result=result,
        happened_at=happened_at,
        minutes=minutes,
        words=words.strip(),
        child_words=child_words.strip(),
        next_step=next_step.strip(),
        written_by=by.account_id,
        post_id=standing.source_id if standing else None,
        written_at=at,
    )
    NoteSeen.objects.bulk_create(
        [NoteSeen(note=written, person_id=person, is_alone=is_alone) for person, is_alone in seen.items()]
    )
    people = set(seen) or {person for person, part in in_case.items() if part == "child"}
    record_event(
        _EVENTS.get(kind, NOTE_WRITTEN),
        source=written,
        by=by,
        at=happened_at,
        people=people,
        family_id=case.family_id,
        organisation_id=standing.organisation_id if standing else None,
        team_id=case.team_id,
        code="seen_alone" if any(seen.values()) else result,
    )
    if next_step.strip() and next_due_on is not None and standing is not None:
        set_task(
            case=case, words=next_step.strip()[:300], owner_id=standing.source_id, due_on=next_due_on, written=written,
            by=by, at=at,
        )  # fmt: skip
    audit_note(people=people, changed=("notes",), subject=written)
    return written


def _check(kind: str, result: str, happened_at: datetime, minutes: int | None, words: str, at: datetime) -> None:
    if kind not in noting.KINDS or result not in noting.RESULTS:
        raise rules.NOTE_KIND.refused()
    if not words.strip():
        raise rules.NOTE_SAID.refused()
    if happened_at > at:
        raise rules.NOTE_IN_TIME.refused()
    if minutes is not None and not 1 <= minutes <= _MOST_MINUTES:
        raise rules.VISIT_LENGTH.refused()


def _check_seen(kind: str, result: str, seen: Mapping[UUID, bool], in_case: Mapping[UUID, str]) -> None:
    if not set(seen) <= set(in_case):
        raise rules.SEEN_IN_CASE.refused()
    if result == "no_answer" and seen:
        raise rules.NOBODY_SEEN.refused()
    if result == "seen" and kind not in {"note", "message"} and not seen:
        raise rules.SOMEBODY_SEEN.refused()


@service(CORRECT_NOTE, on="written")
def correct_note(*, written: CaseNote, words: str, by: Actor, at: datetime) -> NoteAddition:
    """Add a correction to a note. What was written stays as it was, above it."""
    _check_note(written)
    if not words.strip():
        raise rules.CORRECTION_SAID.refused()
    addition = NoteAddition.objects.create(note=written, words=words.strip(), added_by=by.account_id, added_at=at)
    audit_note(people=_people(written), changed=("additions",), subject=written)
    return addition


@service(CORRECT_NOTE, on="written")
def add_file(*, written: CaseNote, name: str, content: bytes, by: Actor, at: datetime) -> NoteFile:
    """Add a file to a note. Its type is what is in it, whatever it is called; anything that a browser could run is
    refused (CW-410), and what is too large or too many (CW-411)."""
    _check_note(written)
    limits = note_limits(timezone.localdate(at))
    if len(content) > limits.megabytes * noting.MEGABYTE or written.files.count() >= limits.files:
        raise rules.FILE_SIZE.refused(megabytes=limits.megabytes, files=limits.files)
    kind = noting.type_of(content)
    if not kind:
        raise rules.FILE_TYPE.refused()
    file = NoteFile.objects.create(
        note=written,
        name=noting.file_name_of(name, kind),
        kind=kind,
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        content=content,
        added_by=by.account_id,
        added_at=at,
    )
    audit_note(people=_people(written), changed=("files",), words={"bytes": file.size}, subject=written)
    return file


def _check_note(written: CaseNote) -> None:
    lock(written)
    if written.taken_out_at is not None or written.destroyed_at is not None:
        raise rules.NOTE_OUT.refused()


def _people(written: CaseNote) -> list[UUID]:
    return list(NoteSeen.objects.filter(note=written).values_list("person_id", flat=True))
