"""A supervision as one document. Pure but for the names it is given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from joinedup.core.documents import Block, Document, Facts, Heading, Paragraph, Quote, Signatures
from joinedup.core.formats import count_noun, date_long, date_time

if TYPE_CHECKING:
    from joinedup.casework.queries.supervision import SupervisionSeen, TalkedAbout


def supervision_document(seen: SupervisionSeen, *, printed_by: str, printed_at: datetime) -> Document:
    """A supervision to print or keep, for the two of them."""
    return Document(
        title="Supervision", subtitle=f"{seen.worker}, {date_long(seen.held_on)}", printed_by=printed_by,
        printed_at=printed_at, blocks=tuple(_blocks(seen)),
    )  # fmt: skip


def _blocks(seen: SupervisionSeen) -> Iterator[Block]:
    answer = seen.answer_label + (f" on {date_long(seen.answered_at)}" if seen.answered_at else "")
    yield Facts(
        [
            ("Worker", f"{seen.worker}, {seen.worker_title}"), ("Manager", seen.manager), ("Held", date_long(seen.held_on)),
            ("Next by", date_long(seen.next_on)), ("Answer of the worker", answer),
        ]
    )  # fmt: skip
    yield Heading("What we talked about")
    yield Paragraph(seen.discussed)
    for title, words in (("Wellbeing", seen.wellbeing), ("Development", seen.development)):
        if words:
            yield Heading(title)
            yield Paragraph(words)
    for each in seen.cases:
        yield from _case(each)
    if seen.unseen:
        yield Paragraph(
            f"{count_noun(seen.unseen, 'more family', 'more families')} whose cases you do not see.", is_quiet=True
        )
    if seen.answer_words:
        yield Heading("In the worker’s own words")
        yield Quote(seen.answer_words, seen.worker)
    if seen.additions:
        yield Heading("Put right later")
    for added in seen.additions:
        yield Paragraph(added.words, label=f"{added.by}, {date_time(added.at)}")
    yield Signatures((seen.worker, seen.manager))


def _case(each: TalkedAbout) -> Iterator[Block]:
    yield Heading(f"{each.family}, {each.reference}")
    yield Paragraph(each.reflection, label="What we thought about")
    yield Paragraph(each.decision, label="What was decided")
    if each.action and each.due_on:
        yield Paragraph(f"{each.action} ({each.owner}, by {date_long(each.due_on)})", label="What is to be done")
