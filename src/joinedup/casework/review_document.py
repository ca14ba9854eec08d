"""A review of a family's plan as one document: who came, what each child said, how far each outcome has come since the start
and since the review before, what was decided, and the steps that came of it. Pure but for the names it is given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from joinedup.core.documents import Block, Document, Facts, Heading, Paragraph, Quote
from joinedup.core.figures import Table
from joinedup.core.formats import date_long, date_time
from joinedup.outcomes.measuring import plain

if TYPE_CHECKING:
    from joinedup.casework.queries import CaseFrame, OutcomeAtReview, ReviewOnPaper


def review_document(frame: CaseFrame, seen: ReviewOnPaper, *, printed_by: str, printed_at: datetime) -> Document:
    """The review for paper: what was looked at and decided that day, as it was then."""
    names = ", ".join(each.name for each in frame.children) or frame.family
    return Document(
        title=f"Review of the {frame.pathway.words.plan.lower()}",
        subtitle=f"{names}. {date_long(seen.review.held_on)}, plan {seen.plan_reference}, case {frame.reference}",
        printed_by=printed_by, printed_at=printed_at, blocks=tuple(_blocks(frame, seen)),
    )  # fmt: skip


def _blocks(frame: CaseFrame, seen: ReviewOnPaper) -> Iterator[Block]:
    review = seen.review
    facts = [
        ("Held on", date_long(review.held_on)),
        ("Team", frame.team),
        ("Who came", ", ".join(review.came) or "Nobody"),
    ]
    if review.missed:
        facts.append(("Who did not", ", ".join(review.missed)))
    if review.named_lead_label:
        facts.append(("Could name who leads", review.named_lead_label))
    if review.decision:
        facts.append(("Decided", review.decision_label))
    if review.next_review_on:
        facts.append(("Next review by", date_long(review.next_review_on)))
    yield Facts(facts)
    if not review.decision:
        yield Paragraph("This review is still going on: nothing is decided yet.", is_quiet=True)
    yield Heading("What the children said")
    for voice in review.voices:
        yield Quote(voice.words, f"{voice.name} ({voice.how[0].lower()}{voice.how[1:]})")
    yield Heading("How far each outcome has come")
    yield from _outcomes(seen.outcomes)
    if review.decision:
        yield Heading("What was decided, and why")
        yield Paragraph(f"{review.decision_label}. {review.reason}".strip())
        by = f"{review.decided_by}, " if review.decided_by else ""
        if review.decided_at:
            yield Paragraph(f"{by}{date_time(review.decided_at)}", label="By")
    if seen.steps:
        yield Heading("Steps that came of it")
        rows = tuple((each.title, each.team, each.state, date_time(each.asked_at), each.reason) for each in seen.steps)
        yield Table(("Step", "To", "Stands", "Asked", "Why"), rows, "Steps up and down")


def _outcomes(outcomes: tuple[OutcomeAtReview, ...]) -> Iterator[Block]:
    if not outcomes:
        yield Paragraph("The plan had no outcome to look at.", is_quiet=True)
        return
    rows = tuple(
        (
            each.words, f"{each.measure} ({each.unit})", plain(each.start),
            plain(each.before) if each.before is not None else "First review",
            plain(each.now) if each.now is not None else "Not looked at", plain(each.target), each.verdict,
        )
        for each in outcomes
    )  # fmt: skip
    columns = ("Outcome", "Measured by", "At the start", "Last time", "Now", "To be", "So far")
    yield Table(columns, rows, "Scores again")
    for each in outcomes:
        if each.said:
            yield Paragraph(each.said, label=each.words)
