"""An invoice of a joint budget as a document (page, PDF, Word), as CSV, and as a workbook whose sums are formulas."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING

import xlsxwriter

from joinedup.core.documents import Block, Document, Facts, Heading, Paragraph, writable
from joinedup.core.figures import Table, csv_of
from joinedup.core.formats import date_long
from joinedup.funds.pounds import in_pounds, pounds_number
from joinedup.funds.vat import Mode

if TYPE_CHECKING:
    from joinedup.funds.models import Recharge

_COLUMNS = ("Service", "Cost this year so far", "Its share of that", "Invoiced before", "Now")


def vat_words(row: Recharge) -> str:
    """How VAT is treated on it, and where that comes from."""
    if Mode(row.mode) is Mode.POOLED:
        return (
            "Outside the scope of VAT: a contribution to common costs, where the partners procure together and the body that "
            "delivers reclaims under its own regime (HMRC manual VATGPB6640, the first way)."
        )
    return (
        f"VAT at {row.vat_rate / 100:.4g}%: the host supplies the partner and charges it on (HMRC manual VATGPB6640, the second "
        "way, VATGPB6700). Rates are kept with their days and marked unverified until somebody has checked them."
    )


def title_of(row: Recharge) -> str:
    """`Invoice COMM-2026-004`."""
    return f"{'Credit note' if row.is_credit_note else 'Invoice'} {row.reference}"


def _table(row: Recharge) -> Table:
    rows = [
        (line["name"], *(in_pounds(int(line[key])) for key in ("cost", "to_date", "before", "pence")))
        for line in row.lines
    ]
    return Table(_COLUMNS, tuple(rows), "What it is for")


def facts_of(row: Recharge) -> list[tuple[str, str]]:
    """Who invoices whom for what time, and by when it is paid."""
    found = [
        ("From", row.fund.host.organisation.name), ("To", row.partner.organisation.name), ("Number", row.reference),
        ("Date", date_long(row.issued_on)), ("For", f"{date_long(row.starts_on)} to {date_long(row.ends_on)}"),
    ]  # fmt: skip
    if row.credits is not None:
        return [*found, ("Takes back", row.credits.reference), ("Why", row.reason)]
    return found if row.is_credit_note else [*found, ("To be paid by", date_long(row.due_on))]


def sums_of(row: Recharge) -> list[tuple[str, str]]:
    """Net, VAT, and what is to be paid."""
    words = "To be given back" if row.is_credit_note else "To be paid"
    return [
        ("Without VAT", in_pounds(row.net_pence)), ("VAT", in_pounds(row.vat_pence)), (words, in_pounds(row.gross_pence)),
    ]  # fmt: skip


def document_of(row: Recharge, *, printed_by: str, printed_at: datetime) -> Document:
    """The invoice as a document."""
    blocks: list[Block] = [
        Facts(facts_of(row)), _table(row), Facts(sums_of(row)), Heading("VAT"), Paragraph(vat_words(row)),
        Heading("The agreement"), Paragraph(row.terms.clause),
    ]  # fmt: skip
    return Document(
        title=title_of(row), subtitle=f"{row.fund.name} ({row.fund.code})", printed_by=printed_by, printed_at=printed_at,
        marking="OFFICIAL", blocks=blocks,
    )  # fmt: skip


def csv_of_recharge(row: Recharge) -> str:
    """Its lines and sums, in pounds."""
    lines = [
        (line["name"], *(pounds_number(int(line[key])) for key in ("cost", "to_date", "before", "pence")))
        for line in row.lines
    ]
    sums = [("Without VAT", row.net_pence), ("VAT", row.vat_pence), ("To be paid", row.gross_pence)]
    return csv_of(
        [
            ("Number", row.reference, "", "", ""),
            _COLUMNS,
            *lines,
            *((words, "", "", "", pounds_number(p)) for words, p in sums),
        ]
    )


def workbook_of_recharge(row: Recharge) -> bytes:
    """The invoice as a workbook: what is charged now and every sum are formulas."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        money = book.add_format({"num_format": "£#,##0.00;[Red]-£#,##0.00"})
        total = book.add_format({"bold": True, "top": 1, "num_format": "£#,##0.00;[Red]-£#,##0.00"})
        sheet = book.add_worksheet("Invoice")
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, 4, 20)
        for down, (words, value) in enumerate(facts_of(row)):
            sheet.write_string(down, 0, words, head)
            sheet.write_string(down, 1, writable(value))
        first = len(facts_of(row)) + 1
        for across, column in enumerate(_COLUMNS):
            sheet.write_string(first, across, column, head)
        down = first
        for down, line in enumerate(row.lines, start=first + 1):
            sheet.write_string(down, 0, writable(line["name"]))
            for across, key in enumerate(("cost", "to_date", "before"), start=1):
                sheet.write_number(down, across, int(line[key]) / 100, money)
            sheet.write_formula(down, 4, f"=C{down + 1}-D{down + 1}", money, int(line["pence"]) / 100)
        net = down + 1
        sheet.write_string(net, 0, "Without VAT", total)
        sheet.write_formula(net, 4, f"=SUM(E{first + 2}:E{down + 1})", total, row.net_pence / 100)
        sheet.write_string(net + 1, 0, "VAT")
        rate = book.add_format({"num_format": "0.0%"})
        sheet.write_number(net + 1, 3, row.vat_rate / 10_000, rate)
        sheet.write_formula(net + 1, 4, f"=ROUND(E{net + 1}*D{net + 2},2)", money, row.vat_pence / 100)
        sheet.write_string(net + 2, 0, "To be paid", total)
        sheet.write_formula(net + 2, 4, f"=E{net + 1}+E{net + 2}", total, row.gross_pence / 100)
        sheet.write_string(net + 4, 0, writable(vat_words(row)))
    return target.getvalue()
