"""The finance directors' pack as a workbook that goes on working: what a partner would have left, what is owed and every sum
are formulas over the figures beside them. Made from what was frozen alone."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

from joinedup.benefits.pack import QUESTIONS, STAMP, answers, parameters_of, partner_of
from joinedup.core.documents import writable

_MONEY = "£#,##0.00;[Red]-£#,##0.00"


class _Sheet:
    """A sheet that is written row by row."""

    def __init__(self, book: Any, name: str, looks: Mapping[str, Any], columns: Sequence[str], stamp: str) -> None:
        self.sheet, self.looks, self.down = book.add_worksheet(name), looks, 0
        self.sheet.set_column(0, 0, 46)
        self.sheet.set_column(1, 12, 19)
        if stamp:
            self.sheet.write_string(0, 0, stamp, looks["head"])
            self.down = 1
        for place, words in enumerate(columns):
            self.sheet.write_string(self.down, place, words, looks["head"])
        self.first = self.down + 2  # the number of the first row of figures, as a formula names it

    def row(self, cells: Sequence[object]) -> None:
        """Words, pence, or a formula with what it comes to: `{r}` is the number of its row."""
        self.down += 1
        for place, cell in enumerate(cells):
            if isinstance(cell, tuple):
                text = cell[0].replace("{r}", str(self.down + 1))
                self.sheet.write_formula(self.down, place, text, self.looks["money"], _pounds(cell[1]))
            elif isinstance(cell, int):
                self.sheet.write_number(self.down, place, _pounds(cell), self.looks["money"])
            else:
                self.sheet.write_string(self.down, place, writable(str(cell)), self.looks["words"])

    def total(self, words: str, sums: Sequence[int | None]) -> None:
        """A row of sums over everything above."""
        last = self.down + 1
        self.down += 1
        self.sheet.write_string(self.down, 0, words, self.looks["total"])
        for place, pence in enumerate(sums, start=1):
            if pence is not None:
                letter = chr(ord("A") + place)
                text = f"=SUM({letter}{self.first}:{letter}{last})"
                self.sheet.write_formula(self.down, place, text, self.looks["total"], _pounds(pence))


def workbook_of(content: Mapping[str, Any], code: str, digest: str = "") -> bytes:
    """The pack of one partner."""
    target = io.BytesIO()
    stamp = STAMP if content["programme"]["is_illustration"] else ""
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        looks = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "money": book.add_format({"num_format": _MONEY}),
            "total": book.add_format({"bold": True, "top": 1, "num_format": _MONEY}),
            "words": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        _answers(_Sheet(book, "Answers", looks, ("Question", "Answer"), stamp), content, code, digest)
        _partners(_Sheet(book, "Partners", looks, _PARTNERS, stamp), content)
        if content["settlement"]:
            _settlement(_Sheet(book, "Settlement", looks, _SETTLEMENT, stamp), content)
        if content["benefits"]:
            _benefits(_Sheet(book, "Benefits", looks, _BENEFITS, stamp), content)
        for name, table in zip(("Parameters", "Unit costs"), parameters_of(content), strict=False):
            sheet = _Sheet(book, name, looks, table.columns, stamp)
            for row in table.rows:
                sheet.row(row)
    return target.getvalue()


_PARTNERS = ("Partner", "Puts in, all years", "Forecast gain, all years", "Forecast, less what it puts in", "Put in by now",
             "Gain due by now", "Measured", "Measured, less what was due", "Banked", "Measured and not banked")  # fmt: skip
_SETTLEMENT = (
    "Partner",
    "Forecast gain",
    "Puts in",
    "Pays in to settle (below nought: is paid)",
    "Left after settling",
    "Next year",
)
_BENEFITS = ("Benefit", "Partner", "Status", "Forecast", "Due by now", "Measured", "Measured, less what was due", "Banked",
             "Left to bank")  # fmt: skip


def _answers(sheet: _Sheet, content: Mapping[str, Any], code: str, digest: str) -> None:
    sheet.sheet.set_column(1, 1, 90)
    said = answers(content, code)
    sheet.row(("For", partner_of(content, code)["name"]))
    for key, question in QUESTIONS:
        for place, words in enumerate(said[key]):
            sheet.row((question if place == 0 else "", words))
    if digest:
        sheet.row(("Hash of this pack", digest))


def _partners(sheet: _Sheet, content: Mapping[str, Any]) -> None:
    rows = content["partners"]
    for each in rows:
        sheet.row(
            (
                each["name"], each["stake"], each["forecast"], ("=C{r}-B{r}", each["forecast"] - each["stake"]),
                each["stake_due"], each["due"], each["measured"], ("=G{r}-F{r}", each["measured"] - each["due"]),
                each["banked"], ("=G{r}-I{r}", each["measured"] - each["banked"]),
            )
        )  # fmt: skip
    keys = ("stake", "forecast", None, "stake_due", "due", "measured", None, "banked", None)
    sums = [sum(each[key] for each in rows) if key else None for key in keys]
    sums[2] = (sums[1] or 0) - (sums[0] or 0)
    sums[6] = (sums[5] or 0) - (sums[4] or 0)
    sums[8] = (sums[5] or 0) - (sums[7] or 0)
    sheet.total("Together", sums)


def _settlement(sheet: _Sheet, content: Mapping[str, Any]) -> None:
    agreed, rows = content["settlement"], [each for each in content["partners"] if each["is_partner"]]
    for each in rows:
        pays, coming = (int(agreed[key].get(each["code"], 0)) for key in ("transfers", "next_year"))
        left = each["forecast"] - each["stake"] - pays
        sheet.row((each["name"], each["forecast"], each["stake"], pays, ("=B{r}-C{r}-D{r}", left), coming))
    gain, stake = (sum(each[key] for each in rows) for key in ("forecast", "stake"))
    pays = sum(int(pence) for pence in agreed["transfers"].values())
    sheet.total("Together", [gain, stake, pays, gain - stake - pays, sum(int(p) for p in agreed["next_year"].values())])


def _benefits(sheet: _Sheet, content: Mapping[str, Any]) -> None:
    rows = content["benefits"]
    for each in rows:
        measured = each["measured"] or 0
        sheet.row(
            (
                each["title"], each["partner"], each["state"].capitalize(), each["forecast"], each["due"], measured,
                ("=F{r}-E{r}", measured - each["due"]), each["banked"], ("=F{r}-H{r}", measured - each["banked"]),
            )
        )  # fmt: skip
    forecast, due, banked = (sum(each[key] for each in rows) for key in ("forecast", "due", "banked"))
    measured = sum(each["measured"] or 0 for each in rows)
    sheet.total("Together", [None, None, forecast, due, measured, measured - due, banked, measured - banked])


def _pounds(pence: int) -> Decimal:
    return Decimal(pence) / 100
