"""Reading a workbook of ours back: the inputs somebody changed in a spreadsheet become a model again.

Only the cells that hold inputs are read. What is worked out (price factors, discount rates, optimism bias) is looked at where
overwriting it would otherwise be passed over in silence: it is a fault that says which input to change instead. A fault's
path is the sheet and the cell, `Benefits!F3`. Figures of up to fifteen digits come back as they went out, which is what
spreadsheets keep.

The caller opens the file, because it may come from a stranger's hands: see `SHEETS` for what is wanted of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from joinedup.engines.appraisal.model import Model
from joinedup.engines.appraisal.reading import BadModel, Fault, read
from joinedup.engines.appraisal.tables import GRADES
from joinedup.engines.appraisal.workbook import AMOUNTS, COLUMNS, INPUTS, MADE_BY, MODEL_ROWS, heading

SHEETS = ("Model", "Years", "Costs", "Benefits", "Cost shares", "Benefit shares", "Grades")
"""The sheets that are read, each as rows of cells as text."""
Rows = Iterable[tuple[int, Sequence[str]]]
"""Rows of a sheet with the number each has in it, from 1."""

_WORDS = ("code", "name", "price year", "RAG", "caveat", "source")
_VALUES = ("fiscal", "economic", "social")
_WHOLE = {"lag", "grade"}
_USUAL: Mapping[str, float] = {"lag": 0, "drop_off": 0.0, "cashable": 0.0, "attribution": 1.0, "displacement": 0.0}
_CLOSE = 1e-9


@dataclass(slots=True)
class _Sheet:
    """A sheet by its cells; a row that is not there is empty."""

    name: str
    rows: dict[int, Sequence[str]]
    faults: list[Fault] = field(default_factory=list)

    def text(self, row: int, column: int) -> str:
        """The text of a cell, row and column from 1."""
        cells = self.rows.get(row, ())
        return cells[column - 1].strip() if column <= len(cells) else ""

    def fault(self, row: int, column: int, sentence: str) -> None:
        """Note what is wrong with a cell."""
        self.faults.append(Fault(f"{self.name}!{cell_name(row, column)}", sentence))

    def number(self, row: int, column: int, what: str, *, is_whole: bool = False) -> float | int | None:
        """The number in a cell; None where it is empty or no number, which is a fault."""
        text = self.text(row, column)
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            self.fault(row, column, f"{what} must be a number, not “{text[:40]}”")
            return None
        if is_whole and value != int(value):
            self.fault(row, column, f"{what} must be a whole number, not {text}")
            return None
        return int(value) if is_whole else value

    def last(self) -> int:
        """The last row with anything in it, before the first empty one below the headings."""
        row = 2
        while any(cell.strip() for cell in self.rows.get(row, ())):
            row += 1
        return row - 1


def cell_name(row: int, column: int) -> str:
    """A cell as a spreadsheet names it: F3."""
    letters = ""
    while column:
        column, left = divmod(column - 1, 26)
        letters = chr(ord("A") + left) + letters
    return f"{letters}{row}"


def read_back(sheets: Mapping[str, Rows]) -> Model:
    """The model a workbook of ours holds by now. Raises ``BadModel`` with a fault for every cell that is wrong, or one
    sentence where the workbook is not one of ours."""
    missing = [name for name in SHEETS if name not in sheets]
    if missing:
        raise BadModel([Fault("$", f"this is no workbook of a business case from here: it has no sheet {missing[0]}")])
    book = {name: _Sheet(name, dict(sheets[name])) for name in SHEETS}
    top = book["Model"]
    if (top.text(1, 1), top.text(1, 2)) != ("Made by", MADE_BY):
        raise BadModel(
            [Fault("Model!B1", f"this is no workbook of a business case from here: “{MADE_BY}” is not there")]
        )
    data, places = _data(book)
    faults = [fault for name in SHEETS for fault in book[name].faults]
    if faults:
        raise BadModel(faults)
    try:
        model = read(data)
    except BadModel as bad:
        raise BadModel([Fault(_cell_of(fault.path, places), fault.sentence) for fault in bad.faults]) from None
    _check_worked_out(model, book)
    faults = [fault for name in SHEETS for fault in book[name].faults]
    if faults:
        raise BadModel(faults)
    return model


def _data(book: Mapping[str, _Sheet]) -> tuple[dict[str, Any], dict[str, str]]:
    """The model's data, and for each path in it the cell it stands in."""
    places: dict[str, str] = {}
    data = _frame(book["Model"], places)
    years = data.get("years")
    years = years if isinstance(years, int) and 0 < years <= 1000 else 0
    size: list[float] = []
    for t in range(years):
        people = book["Years"].number(4, t + 2, "who joins")
        places[f"$.cohort.size[{t}]"] = f"Years!{cell_name(4, t + 2)}"
        size.append(0.0 if people is None else people)
    while len(size) > 1 and not size[-1]:
        size.pop()
    data["cohort"] = {"size": size}
    grade = book["Model"].number(7, 2, "a grade", is_whole=True)
    if grade is not None:
        data["cohort"]["grade"] = grade
    places |= {"$.cohort.size": "Years!B4", "$.cohort.grade": "Model!B7"}
    data["costs"] = [_cost(book, row, years, places) for row in range(2, book["Costs"].last() + 1)]
    data["benefits"] = _benefits(book, places)
    return data, places


def _frame(sheet: _Sheet, places: dict[str, str]) -> dict[str, Any]:
    keys = (None, "name", "years", "discount", "price_year", "deflator")
    data: dict[str, Any] = {}
    for row, key in enumerate(keys, start=1):
        if sheet.text(row, 1) != MODEL_ROWS[row - 1]:
            sheet.fault(row, 1, f"here stood “{MODEL_ROWS[row - 1]}”: leave the first column as it is")
        text = sheet.text(row, 2)
        if key is None or not text:
            continue
        places[f"$.{key}"] = f"Model!{cell_name(row, 2)}"
        if key == "years":
            data[key] = sheet.number(row, 2, "the number of years", is_whole=True)
        elif key == "discount" and re.fullmatch(r"[\d.eE+-]+", text):
            data[key] = sheet.number(row, 2, "the discount rate")
        else:
            data[key] = text
    return {key: value for key, value in data.items() if value is not None}


def _cost(book: Mapping[str, _Sheet], row: int, years: int, places: dict[str, str]) -> dict[str, Any]:
    sheet, path = book["Costs"], f"$.costs[{row - 2}]"
    amounts = []
    for t in range(years):
        amount = sheet.number(row, AMOUNTS + 1 + t, "an amount")
        places[f"{path}.amounts[{t}]"] = f"Costs!{cell_name(row, AMOUNTS + 1 + t)}"
        amounts.append(0.0 if amount is None else amount)
    if sheet.text(row, AMOUNTS + 1 + years):
        sheet.fault(row, AMOUNTS + 1 + years, f"there are only {years} years: change the number on the sheet Model")
    line: dict[str, Any] = {"amounts": amounts}
    for column, key in ((1, "code"), (2, "name")):
        places[f"{path}.{key}"] = f"Costs!{cell_name(row, column)}"
        if sheet.text(row, column):
            line[key] = sheet.text(row, column)
    grade = sheet.number(row, 3, "a grade", is_whole=True)
    places |= {f"{path}.grade": f"Costs!C{row}", path: f"Costs!A{row}"}
    if grade is not None:
        line["grade"] = grade
    line["agencies"] = _shares(book["Cost shares"], row, path, places)
    return line


def _benefits(book: Mapping[str, _Sheet], places: dict[str, str]) -> list[dict[str, Any]]:
    sheet = book["Benefits"]
    heads = {sheet.text(1, column): column for column in range(1, len(sheet.rows.get(1, ())) + 1)}
    for words in COLUMNS:
        if heading(words) not in heads:
            sheet.fault(1, 1, f"the column “{heading(words)}” is not there any more")
    if sheet.faults:
        return []
    at = {words: heads[heading(words)] for words in COLUMNS}
    return [_benefit(book, row, at, places) for row in range(2, sheet.last() + 1)]


def _benefit(book: Mapping[str, _Sheet], row: int, at: Mapping[str, int], places: dict[str, str]) -> dict[str, Any]:
    sheet, path = book["Benefits"], f"$.benefits[{row - 2}]"
    line: dict[str, Any] = {}
    for words in _WORDS:
        key = words.lower().replace(" ", "_")
        places[f"{path}.{key}"] = f"Benefits!{cell_name(row, at[words])}"
        if sheet.text(row, at[words]):
            line[key] = sheet.text(row, at[words])
    for name in INPUTS:
        value = sheet.number(row, at[name], heading(name), is_whole=name in _WHOLE)
        places[f"{path}.{name}"] = f"Benefits!{cell_name(row, at[name])}"
        if value is not None and value != _USUAL.get(name):
            line[name] = value
    unit_cost = {}
    for kind in _VALUES:
        value = sheet.number(row, at[kind], heading(kind))
        places[f"{path}.unit_cost.{kind}"] = f"Benefits!{cell_name(row, at[kind])}"
        if value:
            unit_cost[kind] = value
    line["unit_cost"] = unit_cost or {"fiscal": 0.0}
    places |= {path: f"Benefits!A{row}", f"{path}.unit_cost": f"Benefits!{cell_name(row, at['fiscal'])}"}
    agencies = _shares(book["Benefit shares"], row, path, places)
    return line | ({"agencies": agencies} if agencies else {})


def _shares(sheet: _Sheet, row: int, path: str, places: dict[str, str]) -> dict[str, float]:
    found = {}
    places[f"{path}.agencies"] = f"{sheet.name}!A{row}"
    for column in range(2, len(sheet.rows.get(1, ())) + 1):
        name, share = sheet.text(1, column), sheet.number(row, column, "a share")
        if share is None:
            continue
        if not name:
            sheet.fault(1, column, "this column of shares names no agency")
            continue
        found[name] = share
        places[f"{path}.agencies.{name}"] = f"{sheet.name}!{cell_name(row, column)}"
    return found


def _cell_of(path: str, places: Mapping[str, str]) -> str:
    """The cell a path stands in, or of the nearest thing around it."""
    while path not in places and ("." in path or "[" in path):
        path = path[: max(path.rfind("."), path.rfind("["))]
    return places.get(path, "Model!A1")


def _check_worked_out(model: Model, book: Mapping[str, _Sheet]) -> None:
    """What is worked out from inputs must still be what it was worked out to be."""
    rates = model.discount.rates(model.years)
    for t in range(1, model.years):
        _same(
            book["Years"], 2, t + 2, rates[t], "the discount rate comes from the schedule: change it on the sheet Model"
        )
    sheet = book["Benefits"]
    factor = 1 + COLUMNS.index("price factor")
    for place, benefit in enumerate(model.benefits):
        sentence = "the price factor comes from the price years: change those"
        _same(sheet, place + 2, factor, model.uplift(benefit), sentence)
    for number, grade in GRADES.items():
        sentence = "what a grade takes off is the same for every case: change the grade of a line"
        _same(book["Grades"], number + 1, 2, grade.optimism_bias, sentence)


def _same(sheet: _Sheet, row: int, column: int, wanted: float, sentence: str) -> None:
    value = sheet.number(row, column, "this")
    if value is not None and abs(value - wanted) > _CLOSE * max(1.0, abs(wanted)):
        sheet.fault(row, column, sentence)
