"""What activity cost in a quarter as a document (PDF, Word), as CSV and as a workbook whose formulas go on working. All of
it is made from one content, so that a file made years later from a kept report is the same. Pure but for the formats."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from joinedup.benefits.costing import SOURCE, from_content, plain, together
from joinedup.benefits.costing_picture import PARTS, parts_table, waterfall
from joinedup.benefits.pounds import in_pounds, marking_of
from joinedup.core.documents import Block, Bullets, Document, Facts, Heading, Paragraph, writable
from joinedup.core.figures import Table
from joinedup.core.formats import date_long

INVENTED = "Illustration: inputs invented"


def quarter_in_words(content: Mapping[str, Any]) -> str:
    """`Quarter 2 of 2026/27`."""
    return f"Quarter {content['quarter']} of {content['year']}/{(content['year'] + 1) % 100:02d}"


def tables_of(content: Mapping[str, Any]) -> list[Table]:
    """The places with their four parts, and every kind of activity in each place."""
    rows = [(said["name"], from_content(said)) for said in content["places"]]
    whole = together([row for _, row in rows])
    kinds = tuple(
        (
            said["name"], kind["name"], plain(Decimal(kind["planned"])) if kind["planned"] else "", in_pounds(kind["planned_price"] or 0) if kind["planned"] else "",
            in_pounds(kind["planned_pence"]), str(kind["number"]), in_pounds(kind["pence"]), str(kind["unpriced"]),
        )
        for said in content["places"]
        for kind in said["kinds"]
    )  # fmt: skip
    columns = ("Locality", "Activity", "Planned", "At", "Planned cost", "Recorded", "Recorded cost", "Without a price")
    made = [parts_table([*rows, ("All", whole)], "Where the difference comes from"), Table(columns, kinds, "Activity")]
    return made + ([prices_table(content)] if content.get("prices") else [])


def prices_table(content: Mapping[str, Any]) -> Table:
    """The prices of activity it rests on, each with its source and whether somebody checked it."""
    rows = tuple(
        (
            each["name"], f"{in_pounds(each['pence'])} {each['unit']}", date_long(date.fromisoformat(each["from"])),
            each["price_year"], each["source"], "yes" if each["verified"] else "no",
        )
        for each in content["prices"]
    )  # fmt: skip
    return Table(("Activity", "Price", "From", "Prices of", "Source", "Checked"), rows, "Prices of activity")


def document_of(content: Mapping[str, Any], *, digest: str, printed_by: str, printed_at: datetime) -> Document:
    """The quarter as a document; with a digest it is a kept report."""
    rows = [from_content(said) for said in content["places"]]
    whole = together(rows)
    first, *others = tables_of(content)
    over = [
        f"{said['name']}: {row.unrecorded_share} of what was spent directly is unrecorded."
        for said, row in [*zip(content["places"], rows, strict=True), ({"name": "All"}, whole)]
        if row.is_over(content["limit"])
    ]
    blocks: list[Block] = [Paragraph(INVENTED)] if content["is_invented"] else []
    blocks += [
        Facts([
            ("Fund", f"{content['fund']['name']} ({content['fund']['code']})"), ("Spent", in_pounds(whole.spent)),
            ("Recorded activity", in_pounds(whole.recorded)), ("Planned", in_pounds(whole.planned)),
            ("Difference", in_pounds(whole.difference)),
        ]),
        waterfall(whole, "From what was planned to what was spent"), first,
    ]  # fmt: skip
    if over:
        blocks += [
            Heading(f"More than {content['limit']} % unrecorded"), Bullets(over),
            Paragraph("These costs are not used in a business case."),
        ]  # fmt: skip
    blocks += [*others, Heading("What the four parts are"), Bullets([f"{name}: {words}." for name, _, words in PARTS])]
    blocks.append(Paragraph(f"Rule: {SOURCE}. Activity is never posted as spending: the ledger is only read."))
    if digest:
        groups = " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))
        blocks.append(Paragraph(f"Hash of this report: {groups}."))
    return Document(
        title="What activity cost", subtitle=f"{content['fund']['name']}, {quarter_in_words(content)}",
        printed_by=printed_by, printed_at=printed_at, marking=marking_of(content["is_invented"]),
        blocks=blocks,
    )  # fmt: skip


def csv_of(content: Mapping[str, Any]) -> str:
    """Both tables, one under the other with its name above it."""
    said = f"{INVENTED}\r\n" if content["is_invented"] else ""
    return said + "\r\n".join(f"{table.caption}\r\n{table.as_csv()}" for table in tables_of(content))


# --- The workbook -----------------------------------------------------------------------------------------------------

_ACTIVITY = (
    "Locality", "Activity", "Planned units", "Planned price", "Planned cost", "Recorded units with a price",
    "Recorded cost, exact", "Recorded cost", "At planned price", "Volume", "Price", "Times without a price",
)  # fmt: skip
_PLACES = (
    "Locality", "Planned", "Recorded", "Spent directly", "Overhead", "Spent", "Difference", "Volume", "Price",
    "Unrecorded", "Overhead", "Must be nought", "Unrecorded of direct",
)  # fmt: skip
_ROUND = "ROUND(ROUND({0}*100,6),0)/100"


def workbook_of(content: Mapping[str, Any], digest: str = "") -> bytes:
    """Two sheets: activity by place, and places. Counts, prices and what was spent are numbers; all the rest is worked
    out from them by formulas, with its value beside it for a reader that does not calculate."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        looks = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "money": book.add_format({"num_format": "£#,##0.00;[Red]-£#,##0.00"}),
            "total": book.add_format({"bold": True, "top": 1, "num_format": "£#,##0.00;[Red]-£#,##0.00"}),
            "share": book.add_format({"num_format": "0.0%"}),
        }
        places = book.add_worksheet("Places")
        _activity_sheet(book.add_worksheet("Activity"), content, looks)
        _places_sheet(places, content, looks)
        if content.get("prices"):
            _prices_sheet(book.add_worksheet("Prices"), content, looks)
        notes = [INVENTED] if content["is_invented"] else []
        notes += [f"{content['fund']['name']}, {quarter_in_words(content)}", f"Rule: {SOURCE}."]
        notes += [f"Hash of the report: {digest}"] if digest else []
        for down, words in enumerate(notes, start=len(content["places"]) + 4):
            places.write_string(down, 0, writable(words))
        for sheet in book.worksheets() if content["is_invented"] else ():
            sheet.set_header(f"&C{INVENTED}")
    return target.getvalue()


def _prices_sheet(sheet: Any, content: Mapping[str, Any], looks: dict[str, Any]) -> None:
    table = prices_table(content)
    _head(sheet, table.columns, looks)
    for down, row in enumerate(table.rows, start=1):
        for place, words in enumerate(row):
            sheet.write_string(down, place, writable(words))


def _head(sheet: Any, columns: tuple[str, ...], looks: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, len(columns) - 1, 17)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column, looks["head"])


def _activity_sheet(sheet: Any, content: Mapping[str, Any], looks: dict[str, Any]) -> None:
    _head(sheet, _ACTIVITY, looks)
    sheet.set_column(1, 1, 40)
    rows = [(said, kind) for said in content["places"] for kind in said["kinds"]]
    money = looks["money"]
    for down, (said, kind) in enumerate(rows, start=1):
        r = down + 1
        sheet.write_string(down, 0, writable(said["name"]))
        sheet.write_string(down, 1, writable(kind["name"]))
        if kind["planned"] is not None:
            sheet.write_number(down, 2, Decimal(kind["planned"]))
            sheet.write_number(down, 3, _pounds(kind["planned_price"]), money)
        sheet.write_number(down, 5, Decimal(kind["volume"]))
        sheet.write_number(down, 6, Decimal(kind["exact"]) / 100, money)
        worked = {
            4: (_ROUND.format(f"C{r}*D{r}"), kind["planned_pence"]), 7: (_ROUND.format(f"G{r}"), kind["pence"]),
            8: (_ROUND.format(f"F{r}*D{r}") if kind["planned"] is not None else f"H{r}", kind["at_planned_price"]),
            9: (f"I{r}-E{r}", kind["at_planned_price"] - kind["planned_pence"]),
            10: (f"H{r}-I{r}", kind["pence"] - kind["at_planned_price"]),
        }  # fmt: skip
        for place, (formula, pence) in worked.items():
            sheet.write_formula(down, place, f"={formula}", money, _pounds(pence))
        sheet.write_number(down, 11, kind["unpriced"])


def _places_sheet(sheet: Any, content: Mapping[str, Any], looks: dict[str, Any]) -> None:
    _head(sheet, _PLACES, looks)
    last = 1
    for down, said in enumerate(content["places"], start=1):
        row, r = from_content(said), down + 1
        first, last = last + 1, last + len(row.kinds)  # the rows of this place on the other sheet
        sheet.write_string(down, 0, writable(said["name"]))
        for place, column, pence in (
            (1, "E", row.planned),
            (2, "H", row.recorded),
            (7, "J", row.volume),
            (8, "K", row.price),
        ):
            formula = f"=SUM(Activity!{column}{first}:{column}{last})" if last >= first else "=0"
            sheet.write_formula(down, place, formula, looks["money"], _pounds(pence))
        sheet.write_number(down, 3, _pounds(row.direct), looks["money"])
        sheet.write_number(down, 4, _pounds(row.overhead), looks["money"])
        worked = {
            5: (f"D{r}+E{r}", row.spent), 6: (f"F{r}-B{r}", row.difference), 9: (f"D{r}-C{r}", row.unrecorded),
            10: (f"E{r}", row.overhead), 11: (f"ROUND(H{r}+I{r}+J{r}+K{r}-G{r},2)", 0),
        }  # fmt: skip
        for place, (formula, pence) in worked.items():
            sheet.write_formula(down, place, f"={formula}", looks["money"], _pounds(pence))
        share = Decimal(row.unrecorded) / row.direct if row.direct > 0 else ""
        sheet.write_formula(down, 12, f'=IF(D{r}>0,J{r}/D{r},"")', looks["share"], share)
    foot = len(content["places"]) + 1
    sheet.write_string(foot, 0, "All", looks["total"])
    whole = together([from_content(said) for said in content["places"]])
    sums = (
        whole.planned, whole.recorded, whole.direct, whole.overhead, whole.spent, whole.difference, whole.volume, whole.price,
        whole.unrecorded, whole.overhead, 0,
    )  # fmt: skip
    for place, pence in enumerate(sums, start=1):
        letter = "ABCDEFGHIJKL"[place]
        sheet.write_formula(
            foot, place, f"=SUM({letter}2:{letter}{foot})" if foot > 1 else "=0", looks["total"], _pounds(pence)
        )


def _pounds(pence: int) -> Decimal:
    return Decimal(pence) / 100
