"""Works a workbook's formulas out afresh, as a spreadsheet program would: the few functions our workbooks use, and no value
that was stored beside a formula is looked at."""

from __future__ import annotations

import io
import math
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import openpyxl
from openpyxl.utils import column_index_from_string

_TOKENS = re.compile(
    r"(?P<text>\"[^\"]*\")"
    r"|(?P<ref>(?:(?:'[^']+'|\w+)!)?\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)(?![\w(])"
    r"|(?P<name>[A-Z]+)\("
    r"|(?P<number>\d+(?:\.\d+)?(?:E[+-]?\d+)?)"
    r"|(?P<op><>|<=|>=|[-+*/^=<>(),])"
)


class Grid(list[list[Any]]):
    """A range, as rows of values; sums and products of it go cell by cell."""

    def cells(self) -> list[Any]:
        return [cell for row in self for cell in row]


class Recalculated:
    """A workbook, every formula worked out when it is asked for."""

    def __init__(self, content: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(content), data_only=False)
        self._known: dict[tuple[str, int, int], Any] = {}

    def labelled(self, sheet: str, label: str, beside: int = 1) -> Any:
        """The value beside a label in the first column."""
        for row in self.book[sheet].iter_rows(min_col=1, max_col=1):
            if row[0].value == label:
                return self.value(sheet, row[0].row, 1 + beside)
        raise KeyError(label)

    def value(self, sheet: str, row: int, column: int) -> Any:
        key = (sheet, row, column)
        if key not in self._known:
            said = self.book[sheet].cell(row, column).value
            is_formula = isinstance(said, str) and said.startswith("=")
            self._known[key] = _Reader(self, sheet, said[1:]).whole() if is_formula else said
        return self._known[key]

    def formulas(self) -> list[tuple[str, int, int]]:
        return [
            (sheet.title, cell.row, cell.column)
            for sheet in self.book.worksheets
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f"
        ]


class _Reader:
    """One formula, read from left to right."""

    def __init__(self, book: Recalculated, sheet: str, text: str) -> None:
        self.book, self.sheet = book, sheet
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(text):
            found = _TOKENS.match(text, at)
            assert found, f"{text} at {text[at:]}"
            assert found.lastgroup
            self.tokens.append((found.lastgroup, found[found.lastgroup]))
            at = found.end()
        self.at = 0

    def whole(self) -> Any:
        value = self.compared()
        assert self.at == len(self.tokens), self.tokens[self.at :]
        return 0 if value is None else value

    def _next(self, *ops: str) -> str | None:
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "op" and self.tokens[self.at][1] in ops:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return None

    def compared(self) -> Any:
        left = self.sum()
        op = self._next("=", ">=", "<=", ">", "<", "<>")
        if op is None:
            return left
        right = self.sum()
        left, right = (0 if each is None else each for each in (left, right))
        return {"=": left == right, ">=": left >= right, "<=": left <= right, ">": left > right, "<": left < right}.get(
            op, left != right
        )

    def sum(self) -> Any:
        value = self.product()
        while op := self._next("+", "-"):
            value = _each(value, self.product(), (lambda a, b: a + b) if op == "+" else (lambda a, b: a - b))
        return value

    def product(self) -> Any:
        value = self.one()
        while op := self._next("*", "/"):
            value = _each(value, self.one(), (lambda a, b: a * b) if op == "*" else (lambda a, b: a / b))
        return value

    def one(self) -> Any:
        kind, words = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return float(words)
        if kind == "text":
            return words[1:-1]
        if kind == "ref":
            return self.range(words)
        if kind == "name":
            return self.call(words)
        assert words in "(-", self.tokens
        if words == "-":
            return -self.one()
        value = self.compared()
        assert self._next(")")
        return value

    def range(self, words: str) -> Any:
        sheet, _, cells = words.rpartition("!")
        sheet = sheet.strip("'") or self.sheet
        ends = [re.fullmatch(r"([A-Z]+)(\d+)", end) for end in cells.replace("$", "").split(":")]
        (left, top), *rest = [(column_index_from_string(end[1]), int(end[2])) for end in ends if end]
        if not rest:
            return self.book.value(sheet, top, left)
        right, bottom = rest[0]
        return Grid(
            [self.book.value(sheet, row, column) for column in range(left, right + 1)] for row in range(top, bottom + 1)
        )

    def call(self, name: str) -> Any:
        if name == "IF":
            return self.chosen()
        arguments = []
        while True:
            try:
                arguments.append(self.compared())
            except LookupError as wrong:
                arguments.append(wrong)
                self._skip()
            if self._next(")"):
                break
            assert self._next(","), self.tokens[self.at :]
        return getattr(self, f"_{name.lower()}")(*arguments)

    def chosen(self) -> Any:
        """IF works out only the side it takes."""
        test = self.compared()
        assert self._next(",")
        value = None
        for wanted in (True, False):
            if bool(test) is wanted:
                value = self.compared()
            else:
                self._skip()
            assert self._next("," if wanted else ")")
        return value

    def _skip(self) -> None:
        depth = 0
        while True:
            kind, words = self.tokens[self.at]
            if kind == "op" and depth == 0 and words in ",)":
                return
            depth += (kind == "name" or words == "(") - (words == ")")
            self.at += 1

    def _sumproduct(self, *given: Any) -> float:
        grids = [_grid(each) for each in given]
        shapes = {(len(grid), len(grid[0])) for grid in grids}
        assert len(shapes) == 1, shapes
        return math.fsum(
            math.prod(_number(cell) for cell in row) for row in zip(*(g.cells() for g in grids), strict=True)
        )

    def _sum(self, grid: Any) -> float:
        return math.fsum(_number(cell) for cell in _grid(grid).cells())

    def _round(self, value: float, places: float) -> float:
        """A half away from nought, of the fifteen digits a spreadsheet keeps."""
        kept = Decimal(f"{value:.15g}")
        return float(kept.quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP))

    def _index(self, grid: Any, place: float) -> Any:
        cells = _grid(grid).cells()
        assert place >= 1
        if place > len(cells):
            raise LookupError("#REF!")
        return cells[int(place) - 1]

    def _match(self, wanted: Any, grid: Any, how: float) -> int:
        assert how == 0
        cells = _grid(grid).cells()
        if wanted not in cells:
            raise LookupError("#N/A")
        return cells.index(wanted) + 1

    def _iferror(self, value: Any, otherwise: Any) -> Any:
        return otherwise if isinstance(value, LookupError) else value


def _grid(value: Any) -> Grid:
    """A single cell is a range of one."""
    return value if isinstance(value, Grid) else Grid([[value]])


def _number(cell: Any) -> float:
    return float(cell) if isinstance(cell, int | float) else 0.0


def _each(left: Any, right: Any, how: Any) -> Any:
    """Cell by cell where either side is a range."""
    if isinstance(left, Grid):
        return Grid([_each(cell, right, how) for cell in row] for row in left)
    if isinstance(right, Grid):
        return Grid([_each(left, cell, how) for cell in row] for row in right)
    return how(0 if left is None else left, 0 if right is None else right)
