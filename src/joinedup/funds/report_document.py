"""A frozen report as a document (page, PDF, Word), as tables (CSV) and as a workbook whose sums are live formulas.

Everything is made from the frozen content alone, so that a file made years later is the same. Pure but for the file formats.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from joinedup.core.documents import Block, Bullets, Document, Facts, Heading, Paragraph, Quote, Signatures, writable
from joinedup.core.figures import Table
from joinedup.core.formats import date_long
from joinedup.funds.pounds import in_pounds
from joinedup.funds.report_figures import OUTCOMES, RISKS, linked_tables, says


def year_and_quarter(content: Mapping[str, Any]) -> str:
    """`Quarter 2 of 2026/27`, or `2026/27`."""
    year = f"{content['year']}/{(content['year'] + 1) % 100:02d}"
    return f"Quarter {content['quarter']} of {year}" if content["quarter"] else year


def in_groups(digest: str) -> str:
    """A digest in groups of eight, so that it breaks on a phone and can be read out."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))


def tables_of(content: Mapping[str, Any]) -> list[Table]:
    """The tables of a report, in pounds."""
    return [each.table for each in linked_tables(content)]


def document_of(content: Mapping[str, Any], *, digest: str, printed_by: str, printed_at: datetime) -> Document:
    """The report as a document."""
    fund = content["fund"]
    blocks: list[Block] = [
        Paragraph(says(content)),
        Facts(
            [
                ("Fund", f"{fund['name']} ({fund['code']})"), ("Host", fund["host"]),
                ("To the end of", date_long(date.fromisoformat(content["ends_on"]))),
                *([("Number", f"{content['number']}, corrects the one before")] if content["number"] > 1 else []),
            ]
        )
    ]  # fmt: skip
    if content["words"]:
        blocks += [Heading("What the pool manager says"), Paragraph(content["words"])]
    if "balance" in content:
        sums = content["balance"]
        words = {"opening": "Brought forward", "income": "Income", "spent": "Spent", "closing": "Carried forward"}
        blocks.append(Facts([(words[key], in_pounds(sums[key])) for key in words], "The year"))
    if content.get("no_risks"):
        blocks += [Heading(RISKS), Paragraph(f"Nothing that is known: {content['no_risks']}")]
    if content.get("not_kept"):
        blocks += [Heading("Risks and outcomes"), Paragraph(content["not_kept"])]
    for table in tables_of(content):
        if table.caption == OUTCOMES and content.get("aims"):
            blocks += [Heading("The aims of the agreement"), Paragraph(content["aims"])]
        blocks.append(table)
        if table.caption == "What each bears":
            blocks += [Bullets(content["shared"]["rule"]), Quote(content["shared"]["clause"], "The agreement")]
    blocks += [
        Heading("How to check this report"),
        Paragraph(
            f"Entry {content['ledger']['number']} of the fund’s ledger, digest {in_groups(content['ledger']['digest'])}. "
            f"Hash of this report: {in_groups(digest)}."
        ),
    ]
    if not content["quarter"]:
        blocks.append(Signatures([f"Chief finance officer, {each['partner']}" for each in content["income"]]))
    return Document(
        title=content["title"], subtitle=f"{fund['name']}, {year_and_quarter(content)}", printed_by=printed_by,
        printed_at=printed_at, marking="OFFICIAL", blocks=blocks,
    )  # fmt: skip


def csv_of_report(content: Mapping[str, Any]) -> str:
    """Every table, one under the other with its name above it."""
    return "\r\n".join(f"{table.caption}\r\n{table.as_csv()}" for table in tables_of(content))


# --- The workbook: amounts are numbers, totals and differences are formulas that go on working.

_SHEETS = (
    ("Income", "income", "partner", ("agreed", "due", "received"), "Still owed", "due", "received"),
    (
        "Services",
        "services",
        "service",
        ("budget", "spent", "committed", "forecast"),
        "Over or under",
        "forecast",
        "budget",
    ),
)


def workbook_of_report(content: Mapping[str, Any], digest: str) -> bytes:
    """The report as a workbook with live formulas."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        money = book.add_format({"num_format": "£#,##0.00;[Red]-£#,##0.00"})
        total = book.add_format({"bold": True, "top": 1, "num_format": "£#,##0.00;[Red]-£#,##0.00"})
        for name, key, label, keys, words, plus, minus in _SHEETS:
            sheet = book.add_worksheet(name)
            columns = [label.capitalize(), *(each.capitalize() for each in keys), words]
            _heads(sheet, columns, head)
            for down, row in enumerate(content[key], start=1):
                sheet.write_string(down, 0, writable(row[label]))
                for across, each in enumerate(keys, start=1):
                    sheet.write_number(down, across, _pounds(row[each]), money)
                first, second = (_letter(keys.index(each) + 1) for each in (plus, minus))
                value = _pounds(row[plus] - row[minus])
                sheet.write_formula(down, len(keys) + 1, f"={first}{down + 1}-{second}{down + 1}", money, value)
            _totals(sheet, content[key], keys, total, (plus, minus))
        _share_sheet(book, content, head, money, total)
        for table in tables_of(content):
            if table.caption in {RISKS, OUTCOMES}:
                _words_sheet(book, table, head)
        check = book.add_worksheet("Check")
        for down, (what, said) in enumerate(_checks(content, digest)):
            check.write_string(down, 0, what)
            check.write_string(down, 1, writable(said))
        check.set_column(0, 1, 40)
    return target.getvalue()


def _heads(sheet: Any, columns: Sequence[str], head: Any) -> None:
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, len(columns), 18)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column, head)


def _totals(
    sheet: Any, rows: Sequence[Mapping[str, int]], keys: Sequence[str], total: Any, pair: tuple[str, str]
) -> None:
    down = len(rows) + 1
    sheet.write_string(down, 0, "Total", total)
    sums = [sum(row[each] for row in rows) for each in keys]
    sums.append(sum(row[pair[0]] - row[pair[1]] for row in rows))
    for across, value in enumerate(sums, start=1):
        letter = _letter(across)
        sheet.write_formula(down, across, f"=SUM({letter}2:{letter}{down})" if rows else "=0", total, _pounds(value))


def _share_sheet(book: Any, content: Mapping[str, Any], head: Any, money: Any, total: Any) -> None:
    shared = content["shared"]
    if not shared:
        return
    sheet = book.add_worksheet("What each bears")
    _heads(sheet, ["Partner", "Opening contribution", "Bears", "Of contribution"], head)
    part = book.add_format({"num_format": "0.0%"})
    rows = list(shared["partners"])
    for down, row in enumerate(rows, start=1):
        sheet.write_string(down, 0, writable(row["partner"]))
        sheet.write_number(down, 1, _pounds(row["contributed"]), money)
        sheet.write_number(down, 2, _pounds(row["pence"]), money)
        value = Decimal(row["pence"]) / row["contributed"] if row["contributed"] else 0
        sheet.write_formula(down, 3, f"=IF(B{down + 1}=0,0,C{down + 1}/B{down + 1})", part, value)
    down = len(rows) + 1
    for key, words in (("contingency", "From the contingency"), ("unallocated", "Nobody’s yet")):
        sheet.write_string(down, 0, words)
        sheet.write_number(down, 2, _pounds(shared[key]), money)
        down += 1
    sheet.write_string(down, 0, "Over or under, shared", total)
    sheet.write_formula(down, 2, f"=SUM(C2:C{down})", total, _pounds(shared["variance"]))
    sheet.write_string(down + 1, 0, "By service")
    last = len(content["services"]) + 2
    sheet.write_formula(
        down + 1, 2, f"=Services!F{last}", money, _pounds(sum(r["forecast"] - r["budget"] for r in content["services"]))
    )


def _words_sheet(book: Any, table: Table, head: Any) -> None:
    """A table of words: a row for each, wrapped."""
    sheet, wrapped = book.add_worksheet(table.caption), book.add_format({"text_wrap": True, "valign": "top"})
    _heads(sheet, list(table.columns), head)
    sheet.set_column(0, len(table.columns) - 1, 36)
    for down, row in enumerate(table.rows, start=1):
        for across, words in enumerate(row):
            sheet.write_string(down, across, writable(words), wrapped)


def _checks(content: Mapping[str, Any], digest: str) -> list[tuple[str, str]]:
    return [
        ("Report", f"{content['title']}, {content['fund']['name']}, {year_and_quarter(content)}"),
        ("Hash of the report", digest), ("Entry of the ledger", str(content["ledger"]["number"])),
        ("Digest of the ledger", content["ledger"]["digest"]),
        *([("Risks and outcomes", content["not_kept"])] if content.get("not_kept") else []),
        ("Hash of the risk share", content["shared"].get("hash", "") if content["shared"] else ""),
    ]  # fmt: skip


def _pounds(pence: int) -> Decimal:
    return Decimal(pence) / 100


def _letter(across: int) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[across]
