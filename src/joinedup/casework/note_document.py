"""A case note as a document. Pure but for the names it is given."""

from __future__ import annotations

from joinedup.access.actor import Actor
from joinedup.casework.noting import NoteAsWritten
from joinedup.core.documents import Block, Document, Facts, Heading, Paragraph, Quote
from joinedup.core.formats import date_long, date_time


def note_document(note: NoteAsWritten, viewer: Actor) -> Document:
    """A note to print or keep, with its corrections below it."""
    seen = ", ".join(f"{each.name}{' (alone)' if each.is_alone else ''}" for each in note.seen) or "Nobody"
    blocks: list[Block] = [
        Facts(
            [
                ("When", date_time(note.happened_at) + (f", {note.minutes} minutes" if note.minutes else "")),
                ("Result", note.result),
                ("Seen", seen),
                ("Written by", f"{note.author}, {note.post}, {note.organisation}, on {date_long(note.written_at)}"),
            ]
        ),
        Heading("What happened"),
        Paragraph(note.words),
    ]
    if note.child_words:
        blocks += [Heading("In the child’s words"), Quote(note.child_words)]
    if note.next_step:
        blocks += [Heading("Next step"), Paragraph(note.next_step)]
    if note.corrections:
        blocks.append(Heading("Corrections"))
    blocks += [Paragraph(words, label=f"{who}, {date_time(at)}") for at, who, words in note.corrections]
    return Document(
        title=note.kind,
        subtitle=f"Case {note.case}",
        printed_by=viewer.name,
        printed_at=viewer.at,
        blocks=tuple(blocks),
    )
