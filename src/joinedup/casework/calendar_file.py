"""A meeting as a calendar file (RFC 5545), to open in any calendar. Pure.

It says when, and the meeting's reference; not where, not why, and nobody's name: a calendar is shared with colleagues and
lies on telephones. Whoever may know the rest signs in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_MOST_OCTETS = 75


@dataclass(frozen=True)
class CalendarEntry:
    """What goes into the file. `sequence` counts the changes, so that a calendar replaces what it had."""

    uid: str
    reference: str
    starts_at: datetime
    minutes_long: int
    written_at: datetime
    sequence: int
    is_cancelled: bool
    url: str


def calendar_file(entry: CalendarEntry) -> bytes:
    """The file, with its lines folded and ended as the standard asks."""
    ends_at = entry.starts_at + timedelta(minutes=entry.minutes_long)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Joinedup//Meetings//EN",
        "METHOD:" + ("CANCEL" if entry.is_cancelled else "PUBLISH"),
        "BEGIN:VEVENT",
        f"UID:{escaped(entry.uid)}",
        f"DTSTAMP:{moment(entry.written_at)}",
        f"DTSTART:{moment(entry.starts_at)}",
        f"DTEND:{moment(ends_at)}",
        f"SEQUENCE:{entry.sequence}",
        f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}",
        f"SUMMARY:{escaped('Meeting ' + entry.reference)}",
        f"DESCRIPTION:{escaped('Sign in to Joinedup to see what it is about and where it is.')}",
        f"URL:{entry.url}",
        "CLASS:PRIVATE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(folded(line) for line in lines)


def moment(at: datetime) -> str:
    """A moment in universal time, so that no calendar has to know when the clocks change."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """Text as a value: what would end it, or part a list, is escaped; other control characters are left out."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(letter for letter in text if letter == "\t" or (letter >= " " and letter != "\x7f"))


def folded(line: str) -> bytes:
    """A line of at most 75 octets each, the rest on lines that begin with a space; no character is cut in two."""
    found, piece, room = bytearray(), bytearray(), _MOST_OCTETS
    for letter in line:
        octets = letter.encode()
        if len(piece) + len(octets) > room:
            found += piece + b"\r\n "
            piece, room = bytearray(), _MOST_OCTETS - 1
        piece += octets
    return bytes(found + piece + b"\r\n")
