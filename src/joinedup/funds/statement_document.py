"""A partner's statement with the agreement of its balances as a document (Word, PDF), as CSV and as a workbook."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from joinedup.core.documents import Block, Document, Facts, Heading, Paragraph, Quote, Signatures
from joinedup.core.figures import Table, csv_of
from joinedup.core.formats import date_long, date_time
from joinedup.funds.money_book import Cell, Formula, Sheet, book_of
from joinedup.funds.pounds import in_pounds, pounds_number
from joinedup.funds.report_document import in_groups

if TYPE_CHECKING:
    from joinedup.funds.queries.statements import Statement

TITLE = "Partner statement and agreement of balances"


def stands(said: Statement) -> str:
    """Where the statement stands, in a sentence."""
    name, signature = said.partner.name, said.signature
    if signature is None:
        return f"{name} has neither agreed nor disputed these balances yet."
    day = date_long(signature.signed_at.date())
    if not said.is_signed_as_it_stands:
        return f"{name} signed on {day}, and something has changed since. It has to be signed again."
    if signature.decision == "agreed":
        return f"{name} agreed these balances on {day}."
    return f"{name} disputed {len(signature.disputed)} of these balances on {day}."


def _rows(said: Statement) -> list[tuple[str, int, str]]:
    disputed = set(said.signature.disputed) if said.signature else set()
    return [(each.words, each.pence, "Disputed" if each.code in disputed else "") for each in said.lines]


def document_of(said: Statement, *, when: str, printed_by: str, printed_at: datetime) -> Document:
    """The statement as a document, with a line for the finance directors of the partner and the host to sign on."""
    rows = tuple((words, in_pounds(pence), mark) for words, pence, mark in _rows(said))
    blocks: list[Block] = [
        Paragraph(stands(said)),
        Facts(
            [
                ("Fund", f"{said.fund.name} ({said.fund.code})"), ("Partner", said.partner.name),
                ("Host", said.fund.host.organisation.name), ("For", when),
            ]
        ),
        Table(("Balance", "Amount", "Stands"), rows, "Balances"),
    ]  # fmt: skip
    if said.signature is not None:
        blocks += [Heading("Agreement of balances"), Paragraph(f"Signed {date_time(said.signature.signed_at)}.")]
        if said.signature.words:
            blocks.append(Quote(said.signature.words, said.partner.name))
    blocks += [
        Heading("How to check this statement"), Paragraph(f"Hash of these balances: {in_groups(said.digest)}."),
        Signatures([f"Finance director, {said.partner.name}", f"Finance director, {said.fund.host.organisation.name}"]),
    ]  # fmt: skip
    return Document(
        title=TITLE, subtitle=f"{said.partner.name}, {when}", printed_by=printed_by, printed_at=printed_at,
        marking="OFFICIAL", blocks=blocks,
    )  # fmt: skip


def csv_of_statement(said: Statement, when: str) -> str:
    """A row for each balance, in pounds."""
    rows = [(words, pounds_number(pence), mark) for words, pence, mark in _rows(said)]
    return csv_of(
        [
            ("Partner", said.partner.name, when),
            ("Balance", "Pounds", "Stands"),
            *rows,
            ("Hash", said.digest, stands(said)),
        ]
    )


def workbook_of_statement(said: Statement, when: str) -> bytes:
    """The statement: what is still owed, and what of it all is payable and what is disputed, are formulas."""
    places = {each.code: number for number, each in enumerate(said.lines, start=2)}
    disputed = set(said.signature.disputed) if said.signature else set()
    rows: list[tuple[Cell, ...]] = []
    for each in said.lines:
        amount: Cell = each.pence
        if each.code == "owed" and {"due", "received"} <= places.keys():
            amount = Formula(f"=MAX(B{places['due']}-B{places['received']},0)", each.pence)
        mark = "Disputed" if each.code in disputed else ""
        waits = each.pence if each.code in disputed else 0
        rows.append(
            (
                each.words,
                amount,
                mark,
                Formula('=IF(C{r}="Disputed",B{r},0)', waits),
                Formula("=B{r}-D{r}", each.pence - waits),
            )
        )
    notes = (stands(said), f"{said.fund.name}, {when}", f"Hash of these balances: {said.digest}")
    return book_of([Sheet("Statement", ("Balance", "Amount", "Stands", "Disputed", "Not disputed"), rows, "", notes)])
