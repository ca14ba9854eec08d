"""What a panel decided as a letter, and the page about a child that the family holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from joinedup.access.actor import Actor
from joinedup.core.documents import Block, Document, Facts, Heading, Paragraph
from joinedup.core.formats import date_long

if TYPE_CHECKING:
    from joinedup.casework.queries import CaseFrame, PanelRequestSeen


def decision_letter(seen: PanelRequestSeen, frame: CaseFrame, viewer: Actor) -> Document:
    """The letter to the family: what was decided in plain words, about each service, what to do if they do not agree."""
    return Document(
        title="What the panel decided", subtitle=f"{seen.line.child}. Reference {seen.line.reference}",
        printed_by=viewer.name, printed_at=viewer.at, blocks=tuple(_blocks(seen, frame)),
    )  # fmt: skip


def _blocks(seen: PanelRequestSeen, frame: CaseFrame) -> Iterator[Block]:
    adults = [each.name for each in frame.adults if each.part == "parent"] or [frame.family]
    yield Heading(f"Dear {' and '.join(adults)}")
    yield Paragraph(seen.words_for_family)
    yield Heading("About each service", 3)
    for each in seen.services:
        if each.said:
            last = each.said[0]
            instead = f" ({last.instead})" if last.instead else ""
            yield Paragraph(f"{last.label}{instead}. {last.reason}", label=each.name)
    if seen.disagree_until:
        yield Heading("If you do not agree", 3)
        yield Paragraph(
            f"Tell us by {date_long(seen.disagree_until)}. The panel then looks at it again, and you may say in your own words "
            "what it should know."
        )
    yield Facts(
        [
            (frame.pathway.words.lead, f"{frame.duty.name}, {frame.duty.phone}".strip(", ")),
            ("Reference", seen.line.reference),
        ]
    )
