"""The minutes of an allocation meeting as one document. Pure but for the names it is given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from joinedup.core.documents import Block, Document, Facts, Heading, Paragraph
from joinedup.core.figures import Table
from joinedup.core.formats import count_noun, date_long, date_time

if TYPE_CHECKING:
    from joinedup.casework.queries.allocating import DecisionSeen, MeetingSeen


def allocation_document(seen: MeetingSeen, *, printed_by: str, printed_at: datetime) -> Document:
    """The minutes to print or keep. Families are named by their reference only."""
    return Document(
        title="Allocation meeting", subtitle=f"{seen.team}, {date_long(seen.begun_at)}", printed_by=printed_by,
        printed_at=printed_at, blocks=tuple(_blocks(seen)),
    )  # fmt: skip


def _blocks(seen: MeetingSeen) -> Iterator[Block]:
    facts = [
        ("Reference", seen.reference),
        ("Begun", date_time(seen.begun_at)),
        ("Present", seen.present or "Not said"),
    ]
    if seen.ended_at:
        facts += [
            ("Ended", date_time(seen.ended_at)),
            ("Still waiting", count_noun(seen.waiting, "family", "families")),
        ]
    yield Facts(facts)
    yield Heading("Decisions")
    if not seen.made:
        yield Paragraph("None.", is_quiet=True)
        return
    rows = tuple(
        (each.reference, each.waited_for, date_long(each.waited_since), outcome_of(each), each.reason, each.became)
        for each in seen.made
    )
    yield Table(("Case", "Why it waited", "Since", "Decided", "Reason", "What came of it"), rows, "What was decided")
    if seen.words:
        yield Heading("What else was said")
        yield Paragraph(seen.words)


def outcome_of(decision: DecisionSeen) -> str:
    """What was decided, in one line."""
    if decision.decision == "offer":
        return f"Lead offered to {decision.to}"
    if decision.decision == "hold" and decision.hold_until:
        return f"Held until {date_long(decision.hold_until)}"
    return "Sent back to the front door" if decision.is_to_front_door else "Back to where it came from"
