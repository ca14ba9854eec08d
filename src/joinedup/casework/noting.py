"""Case notes, tasks and interventions: what they can be, which files may be added, and a note as another system reads it.
Pure."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from uuid import UUID

from joinedup.core.figures import csv_of
from joinedup.core.formats import date_long, date_time, london

KINDS: dict[str, str] = {
    "visit": "Visit",
    "phone": "Phone call",
    "elsewhere": "Seen somewhere else",
    "message": "Letter, e-mail or text",
    "note": "Note",
}
RESULTS: dict[str, str] = {
    "seen": "They were seen or spoken to",
    "no_answer": "Nobody answered",
    "not_in": "Somebody answered, but not whom I came for",
}
MEGABYTE = 1024 * 1024
# What may be added to a note: the ending of its name, the type it is sent as, and how its first bytes show it is that.
FILE_TYPES: dict[str, str] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "heic": "image/heic",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True)
class Limits:
    """How much may be added to one note."""

    megabytes: int = 10
    files: int = 10


def type_of(content: bytes) -> str:
    """What a file is, by what is in it, as one of `FILE_TYPES`; empty for anything else. Its name is not believed."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content[4:8] == b"ftyp" and content[8:12] in {b"heic", b"heix", b"mif1", b"msf1"}:
        return "heic"
    if content.startswith(b"PK\x03\x04"):
        return "docx" if _is_plain_word_file(content) else ""
    return "txt" if _is_plain_text(content) else ""


def _is_plain_word_file(content: bytes) -> bool:
    """A Word file without macros."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as inside:
            names = set(inside.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
    return "word/document.xml" in names and not any("vbaproject" in name.lower() for name in names)


def _is_plain_text(content: bytes) -> bool:
    """Text without control characters that no browser or mail program takes for a page."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    if any((ord(letter) < 32 and letter not in "\t\n\r\f") or ord(letter) == 127 for letter in text):
        return False
    start = text.lstrip("\ufeff \t\r\n").lower()
    return bool(start) and not start.startswith(("<!", "<html", "<svg", "<?xml", "<script", "#!"))


def file_name_of(name: str, kind: str) -> str:
    """A safe name: letters, figures, spaces, full stops and dashes, with the ending its content has."""
    stem = name.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    plain = "".join(letter if letter.isalnum() or letter in " -_." else "-" for letter in stem).strip(" .-")
    return f"{plain[:80] or 'file'}.{kind}"


@dataclass(frozen=True)
class SeenInNote:
    """Somebody who was seen, as the note is handed on."""

    name: str
    birth_date: date | None
    is_alone: bool
    person_id: UUID | None = None


@dataclass(frozen=True)
class NoteAsWritten:
    """A note in full, for a page, a document, and another agency's own system."""

    case: str
    kind: str
    result: str
    happened_at: datetime
    minutes: int | None
    seen: Sequence[SeenInNote]
    words: str
    child_words: str
    next_step: str
    author: str
    post: str
    organisation: str
    written_at: datetime
    corrections: Sequence[tuple[datetime, str, str]] = ()  # when, by whom, the words


_COLUMNS = (
    "case", "kind", "result", "happened_at", "minutes", "seen", "seen_alone", "what_happened", "child_words", "next_step",
    "written_by", "post", "organisation", "written_at", "corrections",
)  # fmt: skip


def as_text(note: NoteAsWritten) -> str:
    """The note as plain text to copy: nothing has to be typed again."""
    seen = ", ".join(_seen_words(each) for each in note.seen) or "Nobody"
    parts = [
        f"{note.kind}, {date_time(note.happened_at)}" + (f", {note.minutes} minutes" if note.minutes else ""),
        f"Case {note.case}",
        f"Result: {note.result}",
        f"Seen: {seen}",
        f"What happened:\n{note.words}",
        f"In the child’s words:\n{note.child_words}" if note.child_words else "",
        f"Next step:\n{note.next_step}" if note.next_step else "",
        f"Written by {note.author}, {note.post}, {note.organisation}, on {date_time(note.written_at)}",
        *(f"Corrected by {who} on {date_time(at)}:\n{words}" for at, who, words in note.corrections),
    ]
    return "\r\n\r\n".join(part.replace("\n", "\r\n") for part in parts if part) + "\r\n"


def _seen_words(each: SeenInNote) -> str:
    born = f" (born {date_long(each.birth_date)})" if each.birth_date else ""
    return f"{each.name}{born}{', seen alone' if each.is_alone else ''}"


def as_json(note: NoteAsWritten) -> str:
    """The note for a program. `format` names the shape, so that it can be told from a later one."""
    content = {
        "format": "joinedup.case-note/1",
        "case": note.case,
        "kind": note.kind,
        "result": note.result,
        "happened_at": london(note.happened_at).isoformat(),
        "minutes": note.minutes,
        "seen": [
            {
                "name": each.name,
                "birth_date": each.birth_date.isoformat() if each.birth_date else None,
                "seen_alone": each.is_alone,
            }
            for each in note.seen
        ],
        "what_happened": note.words,
        "child_words": note.child_words,
        "next_step": note.next_step,
        "written_by": {"name": note.author, "post": note.post, "organisation": note.organisation},
        "written_at": london(note.written_at).isoformat(),
        "corrections": [
            {"at": london(at).isoformat(), "by": who, "words": words} for at, who, words in note.corrections
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def as_csv(notes: Sequence[NoteAsWritten]) -> str:
    """Notes as rows for a spreadsheet."""
    rows: list[Sequence[str]] = [_COLUMNS]
    for note in notes:
        rows.append(
            (
                note.case,
                note.kind,
                note.result,
                london(note.happened_at).isoformat(),
                str(note.minutes or ""),
                "; ".join(each.name for each in note.seen),
                "; ".join(each.name for each in note.seen if each.is_alone),
                note.words,
                note.child_words,
                note.next_step,
                note.author,
                note.post,
                note.organisation,
                london(note.written_at).isoformat(),
                "; ".join(f"{date_long(at)}, {who}: {words}" for at, who, words in note.corrections),
            )
        )
    return csv_of(rows)


def quantity_words(quantity: Decimal | None, unit: str) -> str:
    """``12 sessions``; empty where nothing was counted."""
    if quantity is None:
        return ""
    return f"{quantity.normalize():f} {unit}".strip()


def read_time(text: str) -> time:
    """A time of day as people write it: 14:30, 1430, 2.30pm, 2pm. Raises ValueError with a sentence."""
    plain = text.strip().lower().replace(" ", "").replace(".", ":")
    found = re.fullmatch(r"(\d{1,2})(?::?(\d{2}))?(am|pm)?", plain, re.ASCII)
    if found is None:
        raise ValueError("Enter the time, such as 14:30 or 2:30pm")
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if (half and not 1 <= hour <= 12) or hour > 23 or minute > 59 or (not half and found[2] is None):
        raise ValueError("Enter the time, such as 14:30 or 2:30pm")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute)
