"""The termination statement as a document (page, PDF, Word), as CSV and as a workbook whose sums are formulas. Made from its
content alone, so that a file of a frozen one made years later is the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from joinedup.core.documents import Block, Document, Facts, Heading, Paragraph, Quote, Signatures
from joinedup.core.figures import Table, csv_of
from joinedup.core.formats import date_long
from joinedup.funds.money_book import Cell, Formula, Sheet, book_of
from joinedup.funds.pounds import in_pounds, pounds_number
from joinedup.funds.report_document import in_groups

# What a partner's part is made of: key, words, and whether it adds or takes away.
PARTS = (
    ("contributed", "Contributed this year", 1), ("brought", "Share of what was brought forward and other income", 1),
    ("spending", "Share of what was spent", -1), ("contracts", "Share of promises that still run off", -1),
    ("assets", "Share of what the fund owns", 1), ("kept", "What it keeps of that", -1),
    ("redundancy", "Its part of what ending posts costs, less what it pays itself", -1),
)  # fmt: skip


def says(content: Mapping[str, Any]) -> str:
    """What the statement means, in a sentence."""
    gets = [(each["partner"], each["gets"]) for each in content["partners"]]
    if not gets or not any(pence for _, pence in gets):
        return "Nobody gets anything and nobody pays."
    told = [f"{name} {'gets' if pence > 0 else 'pays'} {in_pounds(abs(pence))}" for name, pence in gets if pence]
    return f"If the agreement ended on {date_long(date.fromisoformat(content['on']))}, {' and '.join(told)}."


def tables_of(content: Mapping[str, Any]) -> list[Table]:
    """The statement's tables, in pounds."""
    partners = content["partners"]
    names = tuple(each["partner"] for each in partners)
    rows = [(words, *(in_pounds(sign * each[key]) for each in partners)) for key, words, sign in PARTS]
    rows += [
        ("Its part of what is left", *(in_pounds(each["part"]) for each in partners)),
        ("Still owed by it to the fund", *(in_pounds(-each["owed"]) for each in partners)),
        ("Gets (below nought: pays)", *(in_pounds(each["gets"]) for each in partners)),
    ]
    found = [Table(("", *names), tuple(rows), "What each partner gets or pays")] if names else []
    for caption, key, columns, cells in (
        ("What the fund has and owes", "balances", ("Heading", "Balance"), lambda e: (f"{e['code']} {e['heading']}", in_pounds(e["pence"]))),
        ("Promises that still run off", "commitments", ("Budget line", "Promised"), lambda e: (e["name"], in_pounds(e["pence"]))),
        ("What the fund owns", "assets", ("What", "Worth", "Kept by"), lambda e: (e["what"], in_pounds(e["pence"]), e["partner"] or "To be sold")),
        ("What ending posts costs", "redundancies", ("What", "Cost", "Employer"), lambda e: (e["what"], in_pounds(e["pence"]), e["partner"])),
    ):  # fmt: skip
        if content[key]:
            found.append(Table(columns, tuple(cells(each) for each in content[key]), caption))
    return found


def document_of(content: Mapping[str, Any], *, digest: str = "", printed_by: str, printed_at: datetime) -> Document:
    """The statement as a document; a draft where it has no digest."""
    blocks: list[Block] = [
        Paragraph(says(content)),
        Facts(
            [
                ("Fund", f"{content['fund']['name']} ({content['fund']['code']})"), ("Agreement", content["agreement"]["title"]),
                ("Host", content["fund"]["host"]), ("As at", date_long(date.fromisoformat(content["on"]))),
            ]
        ),
        *tables_of(content), Heading("The rule"), Quote(content["clause"], "The agreement"),
        Paragraph(f"What ending posts costs: {content['redundancy'].lower()}."), Heading("How to check this statement"),
    ]  # fmt: skip
    if digest:
        ledger = content["ledger"]
        words = (
            f"Entry {ledger['number']} of the fund’s ledger, digest {in_groups(ledger['digest'])}. "
            f"Hash of this statement: {in_groups(digest)}."
        )
        blocks += [
            Paragraph(words),
            Signatures([f"Chief finance officer, {each['partner']}" for each in content["partners"]]),
        ]
    else:
        blocks.append(
            Paragraph("A draft. Nothing is settled by it; it is frozen once the agreement is in notice or has ended.")
        )
    return Document(
        title=content["title"] if digest else f"{content['title']}, draft", subtitle=content["fund"]["name"],
        printed_by=printed_by, printed_at=printed_at, marking="OFFICIAL", blocks=blocks,
    )  # fmt: skip


def csv_of_leaving(content: Mapping[str, Any]) -> str:
    """A row for each part of the statement and a column for each partner, in pounds; then each list."""
    partners = content["partners"]
    rows: list[tuple[str, ...]] = [("Part", *(each["partner"] for each in partners))]
    rows += [(words, *(pounds_number(sign * each[key]) for each in partners)) for key, words, sign in PARTS]
    rows.append(("Gets", *(pounds_number(each["gets"]) for each in partners)))
    for key, name in (("balances", "heading"), ("commitments", "name"), ("assets", "what"), ("redundancies", "what")):
        rows += [(each[name], pounds_number(each["pence"]), each.get("partner", "")) for each in content[key]]
    return csv_of(rows)


def workbook_of_leaving(content: Mapping[str, Any], digest: str = "") -> bytes:
    """The statement as a workbook: each part, what each gets, and every total are formulas."""
    rows: list[tuple[Cell, ...]] = []
    for each in content["partners"]:
        signed = [sign * each[key] for key, _, sign in PARTS]
        rows.append(
            (
                each["partner"],
                *signed,
                Formula("=SUM(B{r}:H{r})", each["part"]),
                -each["owed"],
                Formula("=I{r}+J{r}", each["gets"]),
            )
        )
    columns = (
        "Partner",
        *(words for _, words, _ in PARTS),
        "Its part of what is left",
        "Still owed by it",
        "Gets, or below nought pays",
    )
    notes = (f"Hash of this statement: {digest}" if digest else "A draft", content["clause"])
    sheets = [Sheet("Partners", columns, rows, "Total", notes)]
    for name, key, label in (("Balances", "balances", "heading"), ("Promises", "commitments", "name"), ("Owned", "assets", "what"),
                             ("Posts", "redundancies", "what")):  # fmt: skip
        if content[key]:
            sheets.append(
                Sheet(name, (name, "Pounds"), [(each[label], each["pence"]) for each in content[key]], "Total")
            )
    return book_of(sheets)
