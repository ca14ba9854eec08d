"""What the services of this part put into the ledger, as drafts: budgets, virements, contributions, commitments.

One place for the headings, so that a budget moved, a contribution owed and a promise made are booked the same way
everywhere. Nothing here writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from joinedup.engines.ledger import Book, Line
from joinedup.funds import chart
from joinedup.funds.models import BudgetLine, Contribution, Instalment, Receipt, Virement
from joinedup.funds.services.posting import Draft


def first_day(year: int) -> date:
    """The first day of a financial year."""
    return date(year, 4, 1)


def line_of(line: BudgetLine, pence: int, *, heading: str = chart.EXPENDITURE) -> Line:
    """A line of an entry for a budget line, with everything that hangs on it."""
    return Line(
        heading, pence, str(line.pk), str(line.scheme_id), str(line.partner_id),
        str(line.stream_id) if line.stream_id else None, line.tier,
    )  # fmt: skip


def approved_budget(lines: Sequence[BudgetLine], year: int, key: str) -> Draft:
    """The approved amounts of the lines of one fund."""
    total = sum(line.budget_pence for line in lines)
    return Draft(
        key, first_day(year), [line_of(line, line.budget_pence) for line in lines if line.budget_pence]
        + [Line(chart.BUDGETS, -total)], Book.BUDGET, memo="Approved budget",
    )  # fmt: skip


def budget_moved(
    start: BudgetLine, end: BudgetLine, pence: int, *, on: date, key: str, memo: str, source: object
) -> Draft:
    """Budget moved from one line to another."""
    of = (source._meta.label_lower, str(source.pk)) if isinstance(source, Virement | BudgetLine) else ("", "")
    return Draft(key, on, [line_of(end, pence), line_of(start, -pence)], Book.BUDGET, memo=memo, source=of)


def contribution_owed(instalment: Instalment, contribution: Contribution) -> Draft:
    """A partner owes an instalment; in kind it is a value beside the money and never reaches the bank."""
    place = {"partner": str(contribution.partner_id), "stream": str(contribution.stream_id)}
    if contribution.kind == "in_kind":
        lines = [
            Line(chart.USED_IN_KIND, instalment.pence, **place), Line(chart.IN_KIND, -instalment.pence, **place),
        ]  # fmt: skip
    else:
        lines = [
            Line(chart.OWED_BY_PARTNERS, instalment.pence, partner=place["partner"]),
            Line(chart.CONTRIBUTIONS, -instalment.pence, **place),
        ]  # fmt: skip
    book = Book.MEMORANDUM if contribution.kind == "in_kind" else Book.ACTUAL
    memo = f"Instalment {instalment.number}" if book == Book.ACTUAL else contribution.what
    return Draft(f"instalment {instalment.pk}", instalment.due_on, lines, book, memo=memo, source=instalment)


def contribution_received(receipt: Receipt, contribution: Contribution) -> Draft:
    """Money at the bank, and so much less owed; the other way round where a receipt is put right."""
    lines = [
        Line(chart.BANK, receipt.pence),
        Line(chart.OWED_BY_PARTNERS, -receipt.pence, partner=str(contribution.partner_id)),
    ]
    return Draft(f"receipt {receipt.pk}", receipt.received_on, lines, memo=receipt.reference, source=receipt)


def commitment(line: BudgetLine, pence: int, *, on: date, key: str, memo: str, source: tuple[str, str]) -> Draft:
    """Money promised from a line."""
    lines = [line_of(line, pence), Line(chart.COMMITMENTS, -pence)]
    return Draft(key, on, lines, Book.COMMITMENT, memo=memo, source=source)


def moved_to(partner: str, successor: str, owed: Iterable[tuple[str, int]], *, on: date, key: str) -> Draft:
    """What is open between the fund and a partner, taken over by its successor: heading by heading, in the books as they
    are on the day."""
    lines = [
        line
        for heading, pence in owed
        for line in (Line(heading, pence, partner=successor), Line(heading, -pence, partner=partner))
    ]
    return Draft(key, on, lines, memo="Taken over by the successor body")
