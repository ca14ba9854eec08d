"""Letters to the family asked to a meeting: to whom one may go, where to, what it says, who gets none and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from joinedup.access.actor import Actor
from joinedup.access.queries import names_of_accounts
from joinedup.casework.lettering import STANDARD, address_lines
from joinedup.casework.models import LetterSent, Meeting, MeetingLetter, MeetingPlace
from joinedup.casework.queries.frame import CaseFrame
from joinedup.casework.queries.meetings import MeetingSeen, meeting
from joinedup.core.errors import NotVisible
from joinedup.core.formats import date_long, date_with_weekday, london, time_short
from joinedup.core.letters import Letter, Letters
from joinedup.person_index.queries import facts_worked_with, safe_contact_for


@dataclass(frozen=True)
class Reader:
    """Somebody of the family who is asked. `how` is letter, email, or empty where neither is safe; then `why` says it.
    `ways` are all the ways to reach them that are known, to be kept out of everybody else's letter."""

    place_id: UUID
    person_id: UUID
    name: str
    how: str
    lines: tuple[str, ...]
    email: str
    why: str
    ways: tuple[str, ...]


@dataclass(frozen=True)
class ReaderSeen:
    """A reader, and when the letter about this time and place went to them."""

    reader: Reader
    sent_at: datetime | None
    sent_by: str


@dataclass(frozen=True)
class MeetingLetters:
    """Everything the page of letters shows besides the head."""

    meeting: MeetingSeen
    words: str
    version: int  # of the words; 0 where nobody changed them
    written_at: datetime | None
    by_post: tuple[ReaderSeen, ...]
    by_email: tuple[ReaderSeen, ...]
    without: tuple[Reader, ...]
    professionals: tuple[str, ...]
    letters: Letters

    @property
    def to_post(self) -> int:
        """How many letters have not gone yet."""
        return sum(each.sent_at is None for each in self.by_post)

    @property
    def to_email(self) -> int:
        """How many e-mails have not gone yet."""
        return sum(each.sent_at is None for each in self.by_email)


def readers_of(viewer: Actor, row: Meeting) -> tuple[Reader, ...]:
    """The family asked to a meeting, each with the one way that is safe; the caller has let the viewer in, and audits."""
    places = MeetingPlace.objects.filter(meeting=row, person__isnull=False).select_related("person").order_by("pk")
    return tuple(_reader(viewer, place) for place in places)


def _reader(viewer: Actor, place: MeetingPlace) -> Reader:
    person_id = place.person_id
    if person_id is None:
        raise NotVisible
    try:
        facts = facts_worked_with(viewer, person_id)
    except NotVisible:  # kept from this viewer: not even the name
        return Reader(place.pk, person_id, "", "", (), "", "Somebody whose record is kept from you.", ())
    advice = safe_contact_for(person_id)
    known = {name: facts[name].value for name in ("address", "postcode", "phone") if name in facts}
    details = advice.details.strip()
    ways = tuple(each for each in (details, *known.values()) if each)
    lines: tuple[str, ...] = ()
    how, email, why = "", "", advice.sentence
    if advice.allows("letter"):
        lines = (
            address_lines(details) if details else address_lines(known.get("address", ""), known.get("postcode", ""))
        )
        how = "letter" if lines else ""
        why = "" if lines else "A letter is safe, but no address is known."
    elif advice.allows("email"):
        email = _email(details)
        how, why = ("email", "") if email else ("", "An e-mail is safe, but no address is recorded with it.")
    return Reader(place.pk, person_id, str(place.person), how, lines, email, why, ways)


def _email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        return ""
    return text


def letters_for(viewer: Actor, case_id: UUID, meeting_id: UUID) -> tuple[CaseFrame, MeetingLetters]:
    """The letters of one meeting, as they would go out now; the read is audited with the people in the case."""
    frame, seen = meeting(viewer, case_id, meeting_id, purpose="letters for a meeting")
    kept = MeetingLetter.objects.filter(meeting_id=meeting_id).first()
    words = kept.words if kept else STANDARD
    readers = readers_of(viewer, seen.row)
    rows = LetterSent.objects.filter(place__meeting_id=meeting_id, times_changed=seen.row.times_changed)
    sent = {(row.place_id, row.how): row for row in rows}
    names = names_of_accounts(viewer, {row.sent_by for row in sent.values() if row.sent_by})

    def shown(how: str) -> tuple[ReaderSeen, ...]:
        found = []
        for reader in readers:
            row = sent.get((reader.place_id, how))
            by = names.get(row.sent_by, "") if row and row.sent_by else ""
            if reader.how == how:
                found.append(ReaderSeen(reader, row.sent_at if row else None, by))
        return tuple(found)

    by_post = shown("letter")
    return frame, MeetingLetters(
        meeting=seen, words=words, version=kept.version if kept else 0, written_at=kept.written_at if kept else None,
        by_post=by_post, by_email=shown("email"), without=tuple(each for each in readers if not each.how),
        professionals=tuple(f"{seat.name}, {seat.what}" for seat in seen.seats if seat.post_id),
        letters=_set(viewer, frame, seen, words, [each.reader for each in by_post]),
    )  # fmt: skip


def _set(viewer: Actor, frame: CaseFrame, seen: MeetingSeen, words: str, readers: list[Reader]) -> Letters:
    return Letters(
        title=f"Letters for meeting {seen.reference}",
        sender=[each for each in (frame.row.team.name, frame.duty.name, frame.duty.phone) if each],
        on=date_long(london(viewer.at).date()),
        reference=seen.reference,
        letters=[_letter(frame, seen, words, each) for each in readers],
        printed_at=viewer.at,
    )


def _letter(frame: CaseFrame, seen: MeetingSeen, words: str, reader: Reader) -> Letter:
    return Letter(
        to=[reader.name, *reader.lines], words=words, facts=facts_of(seen.row), close=close_of(frame.duty.name, frame.duty.phone),
        signed=[each for each in (frame.duty.name, frame.duty.title) if each],
    )  # fmt: skip


def facts_of(row: Meeting) -> list[tuple[str, str]]:
    """When and where, and what those asked should know."""
    local = london(row.starts_at)
    facts = [
        ("When", f"{date_with_weekday(local.date())} at {time_short(local)}"),
        ("Where", "\n".join(part for part in (row.place, row.link) if part)),
    ]
    return facts + ([("Please know", row.note)] if row.note else [])


def close_of(name: str, phone: str) -> str:
    """How to answer."""
    return (
        f"Ring {name} on {phone or 'the number you have for them'} if you cannot come, if you need an interpreter or help to "
        "get there, or if you have a question."
    )
