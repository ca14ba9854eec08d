"""Following figures as a reader does: every figure of a page that says what it opens to, what that page lists, and a workbook
worked out cell by cell as a spreadsheet would."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl
from uuid import UUID

import openpyxl
from django.http import QueryDict

from joinedup.access.actor import Actor
from joinedup.funds import queries
from joinedup.funds.tests.visiting import Visitor
from joinedup.funds.views.behind import behind_of


@dataclass(frozen=True)
class Opens:
    """A figure of a page: its pence and its address."""

    pence: int
    href: str


class _Figures(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Opens] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if said.get("id"):
            self.ids.add(str(said["id"]))
        if tag == "a" and said.get("data-pence") is not None:
            self.found.append(Opens(int(str(said["data-pence"])), str(said["href"])))


def figures_on(html: str) -> tuple[list[Opens], set[str]]:
    """Every figure that opens, and the places on the page."""
    parser = _Figures()
    parser.feed(html)
    return parser.found, parser.ids


def fetch(visitor: Visitor, href: str) -> str:
    """The text of an address."""
    with patch("joinedup.access.middleware.timezone.now", return_value=visitor.at):
        answer = visitor.client.get(href, secure=True)
    assert answer.status_code == 200, (href, answer.status_code)
    return str(answer.content.decode())


def listed(visitor: Visitor, href: str) -> tuple[int, int]:
    """What the page says the figure is, and what every line it lists adds up to with what is to come."""
    page = fetch(visitor, href)
    said = re.search(r'data-figure="(-?\d+)" data-to-come="(-?\d+)"', page)
    assert said, href
    path, _, query = href.partition("?")
    rows = list(csv.reader(io.StringIO(fetch(visitor, f"{path.rstrip('/')}.csv?{query}"))))
    pence = sum(_pence(row[7]) - _pence(row[8]) for row in rows[1:])
    return int(said[1]), pence + int(said[2])


def added_up(viewer: Actor, href: str) -> tuple[int, int]:
    """The same without drawing the page: what it would say, and what the lines it would list add up to."""
    path, _, query = href.partition("?")
    fund = queries.ledger_fund(viewer, UUID(path.split("/")[2]))
    which = behind_of(QueryDict(query))
    page = queries.postings_behind(viewer, fund, which)
    return page.figure, sum(which.counts(each) for each in queries.every_posting(viewer, fund, which)) + page.to_come


def shape_of(href: str) -> tuple[str, ...]:
    """What kinds of things an address asks for: addresses of one shape are drawn by the same code."""
    return tuple(
        sorted(
            name if name not in {"book", "money", "kind"} else f"{name}={value}"
            for name, value in parse_qsl(href.partition("?")[2])
        )
    )


def _pence(text: str) -> int:
    return int(Decimal(text.removeprefix("'")) * 100)


# --- A workbook, worked out.


def recomputed(content: bytes) -> int:
    """Work out every formula of a workbook from its numbers; each comes to what was written beside it. Returns how many."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    written = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    sums = _Book(book)
    checked = 0
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    expected = written[sheet.title][cell.coordinate].value
                    assert sums.value(sheet.title, cell.coordinate) == Decimal(str(expected)), (
                        sheet.title,
                        cell.coordinate,
                        cell.value,
                    )
                    checked += 1
    return checked


class _Book:
    """The few functions our workbooks use: SUM, ROUND, MAX, IF, references within and across sheets."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.kept: dict[tuple[str, str], Any] = {}

    def value(self, sheet: str, at: str) -> Any:
        key = (sheet, at.replace("$", ""))
        if key not in self.kept:
            raw = self.book[sheet][key[1]].value
            if isinstance(raw, str) and raw.startswith("="):
                self.kept[key] = self._work(sheet, raw[1:])
            else:
                self.kept[key] = Decimal(str(raw)) if isinstance(raw, int | float) else raw
        return self.kept[key]

    def _work(self, sheet: str, text: str) -> Decimal:
        def across(found: re.Match[str]) -> str:
            where = (found[1] or found[2] or sheet).strip("'")
            return f"cell({where!r}, {found[3]!r})"

        def many(found: re.Match[str]) -> str:
            where = (found[1] or found[2] or sheet).strip("'")
            return f"cells({where!r}, {found[3]!r}, {found[4]!r})"

        name = r"(?:('[^']+')!|(\w+)!)?"
        code = re.sub(name + r"(\$?[A-Z]\$?\d+):(\$?[A-Z]\$?\d+)", many, text)
        code = re.sub(name + r"(?<!['\w])(\$?[A-Z]\$?\d+)(?!['\w])", across, code)
        code = re.sub(r"(?<![<>=!])=(?!=)", "==", code)
        code = re.sub(r"(?<![\w.'])(\d+(?:\.\d+)?)(?![\w.'])", r"num('\1')", code)
        known = {"SUM": self._sum, "ROUND": _round, "MAX": max, "IF": lambda c, a, b: a if c else b, "num": Decimal,
                 "cell": self.value, "cells": self._cells, "ABS": abs, "SUMIF": self._sum_if}  # fmt: skip
        return Decimal(eval(code, {"__builtins__": {}}, known))

    def _cells(self, sheet: str, first: str, last: str) -> list[Any]:
        return [self.value(sheet, cell.coordinate) for row in self.book[sheet][f"{first}:{last}"] for cell in row]

    def _sum_if(self, keys: list[Any], wanted: Any, values: list[Any]) -> Decimal:
        return self._sum([value for key, value in zip(keys, values, strict=True) if key == wanted])

    def _sum(self, cells: list[Any]) -> Decimal:
        return sum((each for each in cells if isinstance(each, Decimal)), Decimal(0))


def _round(value: Decimal, places: Decimal) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP)
