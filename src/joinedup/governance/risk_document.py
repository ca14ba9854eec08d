"""The risk register as a document to print and as tables for a spreadsheet. Pure but for the figures it is given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from joinedup.core.documents import Block, Document, Heading, Paragraph
from joinedup.core.figures import Table
from joinedup.core.formats import date_long
from joinedup.governance.queries.risks import Register, RiskLine


def _accepted(each: RiskLine) -> str:
    return "Not said" if each.appetite is None else f"{each.appetite}{', over' if each.is_over else ''}"


def register_table(lines: Sequence[RiskLine]) -> Table:
    """The register as a table, one row for each risk."""
    columns = ("Reference", "Risk", "Kind", "Board", "Owner", "Without controls", "Now", "Level", "Target", "Movement",
               "Accepted", "Open actions", "Overdue actions", "Next review")  # fmt: skip
    rows = tuple(
        (
            each.reference, each.title, each.kind_words, each.board, each.owner, str(each.inherent.value),
            str(each.current.value), each.level, str(each.target.value), each.movement_words, _accepted(each),
            str(each.open_actions), str(each.late_actions), date_long(each.next_review_on),
        )
        for each in lines
    )  # fmt: skip
    return Table(columns, rows, "Risk register")


def register_document(page: Register, *, printed_by: str, printed_at: datetime) -> Document:
    """The register to print: the grid, then the risks with what is accepted."""
    short = Table(
        ("Risk", "Owner", "Now", "Target", "Accepted", "Next review"),
        tuple(
            (
                f"{each.title} ({each.reference}, {each.kind_words})", each.owner, f"{each.current.value} {each.level}, {each.movement_words.lower()}",
                str(each.target.value), _accepted(each), date_long(each.next_review_on),
            )
            for each in page.lines
        ),
        "The risks, the highest score first",
    )  # fmt: skip
    said = f"{page.open} open, {page.over} over what their board accepts, {page.due} due to be reviewed."
    blocks: list[Block] = [Paragraph(said), page.picture, Heading("Risks"), short]
    return Document("Risk register", printed_by, printed_at, blocks=blocks)
