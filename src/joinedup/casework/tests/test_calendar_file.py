"""The calendar file: read back by a reader written from RFC 5545 and not from the writer."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from joinedup.casework.calendar_file import CalendarEntry, calendar_file, escaped, folded

AT = datetime(2026, 11, 18, 10, tzinfo=UTC)
MOMENTS = st.datetimes(
    min_value=datetime(2020, 1, 1), max_value=datetime(2060, 1, 1), timezones=st.just(UTC)
).map(lambda at: at.replace(microsecond=0))  # fmt: skip
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=200)
ENTRIES = st.builds(
    CalendarEntry,
    uid=TEXTS,
    reference=TEXTS,
    starts_at=MOMENTS,
    minutes_long=st.integers(1, 600),
    written_at=MOMENTS,
    sequence=st.integers(0, 99),
    is_cancelled=st.booleans(),
    url=st.just("https://joinedup.example/cases/1/meetings/2/"),
)


def read(content: bytes) -> list[tuple[str, str]]:
    """Unfold, part into lines, and part each into name and value."""
    assert content.endswith(b"\r\n")
    lines = re.sub(rb"\r\n[ \t]", b"", content)[:-2].split(b"\r\n")
    pairs = [line.decode().partition(":") for line in lines]
    return [(name, value) for name, _, value in pairs]


def unescaped(value: str) -> str:
    found = {"\\\\": "\\", "\\;": ";", "\\,": ",", "\\n": "\n", "\\N": "\n"}
    return re.sub(r"\\[\\;,nN]", lambda match: found[match[0]], value)


def plain(text: str) -> str:
    """What a value can hold: lines end alike, and control characters are gone."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in text if letter in "\n\t" or (letter >= " " and letter != "\x7f"))


@given(ENTRIES)
def test_what_is_written_is_read(entry: CalendarEntry) -> None:
    content = calendar_file(entry)
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        assert b"\n" not in line
        assert b"\r" not in line
        line.decode()  # no character is cut in two
    found = read(content)
    names = [name for name, _ in found]
    said: dict[str, Any] = dict(found)
    assert (names[0], names[-1]) == ("BEGIN", "END")
    assert found[0] == ("BEGIN", "VCALENDAR")
    assert len(names) - names.count("BEGIN") - names.count("END") == len(set(names) - {"BEGIN", "END"})
    assert unescaped(said["UID"]) == plain(entry.uid)
    assert unescaped(said["SUMMARY"]) == plain("Meeting " + entry.reference)
    assert datetime.strptime(said["DTSTART"], "%Y%m%dT%H%M%S%z") == entry.starts_at
    lasts = datetime.strptime(said["DTEND"], "%Y%m%dT%H%M%S%z") - entry.starts_at
    assert lasts.total_seconds() == entry.minutes_long * 60
    assert said["STATUS"] == ("CANCELLED" if entry.is_cancelled else "CONFIRMED")


@given(TEXTS)
def test_a_line_is_folded_and_unfolded(text: str) -> None:
    line = "SUMMARY:" + escaped(text)
    content = folded(line)
    assert re.sub(rb"\r\n ", b"", content) == line.encode() + b"\r\n"


def test_it_says_when_and_nothing_else() -> None:
    entry = CalendarEntry("1@joinedup", "M-7K3M-9QXH", AT, 60, AT, 0, is_cancelled=False, url="https://x.example/")
    found = dict(read(calendar_file(entry)))
    assert found["SUMMARY"] == "Meeting M-7K3M-9QXH"
    assert not {"LOCATION", "ATTENDEE", "ORGANIZER", "COMMENT", "CONTACT"} & set(found)
    assert found["DESCRIPTION"] == "Sign in to Joinedup to see what it is about and where it is."
