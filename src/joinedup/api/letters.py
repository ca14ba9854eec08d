"""Letters to the family asked to a meeting, for a partner's own system: who gets one and how, what they say, that they went."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field, StrictInt

from joinedup.access.actor import Actor
from joinedup.access.middleware import viewer_of
from joinedup.api import schemas
from joinedup.api.writes import Addresses, Answers, taken
from joinedup.casework import queries, services
from joinedup.core.documents import PDF, WORD, attachment
from joinedup.core.errors import NotPermitted, NotVisible


class LetterOut(Schema):
    """Somebody to whom the letter goes. `lines` is the address in the window of the envelope, or the address of the e-mail.
    `sent_at` is about this time and place: once the meeting moves it has to go again."""

    place_id: UUID
    person_id: UUID
    name: str
    lines: list[str]
    sent_at: datetime | None
    sent_by: str


class NoLetterOut(Schema):
    """Somebody of the family who is asked and gets no letter, and why."""

    place_id: UUID
    name: str
    why: str


class LettersOut(Schema):
    """The letters of one meeting as they would go out now. Send `version` back to change the words; it is 0 while nobody
    has."""

    words: str
    version: int
    written_at: datetime | None
    by_post: list[LetterOut]
    by_email: list[LetterOut]
    without: list[NoLetterOut]
    professionals: list[str]


class LetterWordsIn(Schema):
    """What the letter says to everybody. When and where, and whom to ring, are set below it."""

    model_config = taken(version=0, words="We would like to hear from you how it goes.")

    version: Annotated[StrictInt, Field(ge=0, le=2_000_000_000)]
    words: schemas.Text4000


class PaperQuery(Schema):
    """As which kind of file."""

    form: Literal["pdf", "docx"] = "pdf"


PAPER = {
    "responses": {
        200: {
            "description": "The file, to keep or print.",
            "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in (PDF, WORD)},
        }
    }
}


def router(answers: Answers) -> Router:
    """The addresses under /cases of the letters for a meeting."""
    found = Router(tags=["Letters for a meeting"])
    at = Addresses(found, answers)
    every = "/{uuid:case_id}/meetings/{uuid:meeting_id}/letters"
    at.reads(every, LettersOut, _letters, "Letters for a meeting")
    at.replaces(f"{every}/words", LettersOut, _write, "What the letter says")
    at.reads(f"{every}/file", None, _file, "The letters as one file", openapi_extra=PAPER)
    at.writes(f"{every}/email", LettersOut, _email, "Send the letters by e-mail")
    at.writes(f"{every}/posted", LettersOut, _posted, "The letters were posted")
    return found


def _found(viewer: Actor, case_id: UUID, meeting_id: UUID) -> queries.MeetingLetters:
    """As on the page: only for whoever may change the meeting, while it is planned."""
    _, letters = queries.letters_for(viewer, case_id, meeting_id)
    if "change" not in letters.meeting.may:
        raise NotPermitted(
            "You may not write to the family about this meeting as it is now.",
            rule="permission:casework.change_meeting",
        )
    return letters


def _out(letters: queries.MeetingLetters) -> dict[str, Any]:
    return letters.__dict__ | {
        "by_post": [_one(each) for each in letters.by_post], "by_email": [_one(each) for each in letters.by_email],
        "without": [each.__dict__ for each in letters.without],
    }  # fmt: skip


def _one(seen: queries.ReaderSeen) -> dict[str, Any]:
    reader = seen.reader
    lines = list(reader.lines) if reader.how == "letter" else [reader.email]
    return reader.__dict__ | {"lines": lines, "sent_at": seen.sent_at, "sent_by": seen.sent_by}


def _letters(request: HttpRequest, case_id: UUID, meeting_id: UUID) -> dict[str, Any]:
    """To whom a letter goes and where to, what it says, and who gets none and why."""
    return _out(_found(viewer_of(request), case_id, meeting_id))


def _write(request: HttpRequest, case_id: UUID, meeting_id: UUID, sent: LetterWordsIn) -> dict[str, Any]:
    """Change the words. They may not say how somebody else who is asked can be reached."""
    viewer = viewer_of(request)
    row = queries.meeting_for_change(viewer, case_id, meeting_id)
    services.write_letter(meeting=row, **sent.model_dump(), by=viewer, at=viewer.at)
    return _out(_found(viewer, case_id, meeting_id))


def _file(request: HttpRequest, case_id: UUID, meeting_id: UUID, wanted: Query[PaperQuery]) -> HttpResponse:
    """Every letter that goes by post, each on sheets of its own; nothing where none does."""
    found = _found(viewer_of(request), case_id, meeting_id)
    if not found.by_post:
        raise NotVisible
    content, kind = (found.letters.as_pdf(), PDF) if wanted.form == "pdf" else (found.letters.as_docx(), WORD)
    return attachment(content, kind, f"letters-{found.meeting.reference}.{wanted.form}")


def _email(request: HttpRequest, case_id: UUID, meeting_id: UUID) -> dict[str, Any]:
    """Write to each for whom e-mail is safe and to whom it has not gone; one address to a message."""
    return _gone(request, case_id, meeting_id, services.email_letters)


def _posted(request: HttpRequest, case_id: UUID, meeting_id: UUID) -> dict[str, Any]:
    """Write down that the letters were printed and posted."""
    return _gone(request, case_id, meeting_id, services.record_letters_posted)


def _gone(request: HttpRequest, case_id: UUID, meeting_id: UUID, call: Callable[..., int]) -> dict[str, Any]:
    viewer = viewer_of(request)
    row = queries.meeting_for_change(viewer, case_id, meeting_id)
    call(meeting=row, by=viewer, at=viewer.at)
    return _out(_found(viewer, case_id, meeting_id))
