"""Letters to the family asked to a meeting: their words, sending them by e-mail, and writing down that they were posted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.access.queries import names_of_accounts
from joinedup.casework import rules
from joinedup.casework.lettering import STANDARD, given_away
from joinedup.casework.models import LetterSent, Meeting, MeetingLetter, MeetingPlace
from joinedup.casework.permissions import CHANGE_MEETING
from joinedup.casework.queries.duty import duty_holder
from joinedup.casework.queries.letters import Reader, close_of, facts_of, readers_of
from joinedup.casework.services.meetings import _planned
from joinedup.core.errors import Stale
from joinedup.core.models import claim_version
from joinedup.core.notifications import owe_message


@service(CHANGE_MEETING, on="meeting")
def write_letter(*, meeting: Meeting, words: str, version: int, by: Actor, at: datetime) -> MeetingLetter:
    """The words of the letter; when and where, and whom to ring, are set below them. Nothing in them may say how somebody
    else who is asked can be reached (CW-233). Whoever saves second gets both texts."""
    _planned(meeting)
    said = words.strip()
    if not said:
        raise rules.LETTER_SAID.refused()
    _refuse_given_away(said, readers_of(by, meeting))
    row = MeetingLetter.objects.select_for_update().filter(meeting=meeting).first()
    if (row.version if row else 0) != version:
        _refuse_stale(row, said, by)
    if row is None:
        row = MeetingLetter.objects.create(meeting=meeting, words=said, written_by=by.account_id, written_at=at)
    else:
        claim_version(row, row.version)
        row.words, row.written_by, row.written_at = said, by.account_id, at
        row.save(update_fields=["words", "written_by", "written_at"])
    note(changed=("letter",), subject=meeting)
    return row


def _refuse_stale(row: MeetingLetter | None, said: str, by: Actor) -> None:
    written_by = row.written_by if row else None
    who = names_of_accounts(by, {written_by}).get(written_by, "") if written_by else ""
    raise Stale(theirs={"words": row.words if row else STANDARD}, yours={"words": said}, saved_by=who)


def _refuse_given_away(words: str, readers: tuple[Reader, ...]) -> None:
    """The same words go to everybody: how any one of them can be reached is nobody else's to read."""
    if len(readers) > 1 and given_away(words, [way for each in readers for way in each.ways]):
        raise rules.LETTER_GIVES_AWAY.refused()


@service(CHANGE_MEETING, on="meeting")
def email_letters(*, meeting: Meeting, by: Actor, at: datetime) -> int:
    """Send the letter as a plain e-mail to each of the family for whom that was recorded as safe and to whom it has not
    gone. Each message has one address in it. Returns how many."""
    case = _planned(meeting)
    words = _words(meeting)
    duty = duty_holder(by, case)
    facts = "\n".join(f"{label}: {value}" for label, value in facts_of(meeting))
    body = f"{words}\n\n{facts}\n\n{close_of(duty.name, duty.phone)}\n\n{duty.name}\n{case.team.name}"
    gone = 0
    for reader in _not_yet(meeting, by, "email"):
        owe_message(
            to=reader.email, subject="You are asked to a meeting", body=f"Dear {reader.name}\n\n{body}",
            about=("casework.case", str(case.pk)), at=at,
        )  # fmt: skip
        _write_down(meeting, reader, "email", words, by=by, at=at)
        gone += 1
    note(changed=("letter",), words={"sent": gone}, subject=meeting)
    return gone


@service(CHANGE_MEETING, on="meeting")
def record_letters_posted(*, meeting: Meeting, by: Actor, at: datetime) -> int:
    """Write down that the letters were printed and posted, to each of the family whom a letter may go to. Returns how many."""
    _planned(meeting)
    words = _words(meeting)
    readers = _not_yet(meeting, by, "letter")
    for reader in readers:
        _write_down(meeting, reader, "letter", words, by=by, at=at)
    note(changed=("letter",), words={"posted": len(readers)}, subject=meeting)
    return len(readers)


def _words(meeting: Meeting) -> str:
    return MeetingLetter.objects.filter(meeting=meeting).values_list("words", flat=True).first() or STANDARD


def _not_yet(meeting: Meeting, by: Actor, how: str) -> list[Reader]:
    """To whom the letter may go this way and has not gone about this time; refused where the words give somebody away."""
    readers = readers_of(by, meeting)
    _refuse_given_away(_words(meeting), readers)
    gone: set[UUID] = set(
        LetterSent.objects.filter(
            place__meeting=meeting, how=how, times_changed=meeting.times_changed
        ).values_list("place_id", flat=True)
    )  # fmt: skip
    return [each for each in readers if each.how == how and each.place_id not in gone]


def _write_down(meeting: Meeting, reader: Reader, how: str, words: str, *, by: Actor, at: datetime) -> None:
    LetterSent.objects.create(
        place_id=reader.place_id, how=how, words=words, times_changed=meeting.times_changed, sent_by=by.account_id, sent_at=at
    )  # fmt: skip
    told = "letter" if how == "letter" else "message"
    MeetingPlace.objects.filter(pk=reader.place_id).update(told_by=told, told_at=at)
    note(people=[reader.person_id])
