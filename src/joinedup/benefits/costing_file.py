"""Prices of activity in a table that somebody sent (CSV or a workbook): a row for each. Knows no table of the database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from joinedup.benefits import costing
from joinedup.core.tabular import ON_A_PAGE, UnreadableFile, read_table
from joinedup.engines.money import parse_pounds

COLUMNS = ("activity", "price", "per", "from", "price year", "source", "checked")
EXAMPLE = (
    ("Visit", "84.50", "each time", "1 April 2026", "2026/27", "Cost of a key worker's hour, finance", "yes"),
    ("Month of support by a lead professional", "185", "month", "1 April 2026", "2026/27", "Our own time study", "no"),
    ("Parenting course", "62", "hour", "1 April 2026", "2026/27", "Provider's contract", "yes"),
)
MEGABYTES = 5
_MOST_ROWS = 2000
_NEEDED = ("activity", "price", "from", "price year", "source")
_UNITS = {
    "each": "each", "each time": "each", "time": "each", "unit": "each", "month": "month", "a month": "month", "hour": "hour",
    "an hour": "hour", "": "",
}  # fmt: skip
_YES, _NO = {"yes", "y", "true", "1"}, {"no", "n", "false", "0", ""}


@dataclass(frozen=True)
class ReadPrice:
    """A row that can be taken."""

    line: int
    kind: str
    pence: int
    unit: str
    starts_on: date
    price_year: str
    source: str
    is_verified: bool


def prices_in(content: bytes, name: str) -> tuple[list[ReadPrice], list[tuple[int, str]]]:
    """The rows that can be taken, and of the others the line and why not. Raises UnreadableFile."""
    table = read_table(content, name, most_bytes=MEGABYTES * 1024 * 1024, score=_score, apart=ON_A_PAGE)
    places = {title.strip().casefold(): place for place, title in enumerate(table.header)}
    missing = [column for column in _NEEDED if column not in places]
    if missing:
        raise UnreadableFile(f"The table has no column called {' or '.join(missing)}. It needs: {', '.join(COLUMNS)}.")
    found: list[ReadPrice] = []
    refused: list[tuple[int, str]] = []
    for line, cells in table.rows:
        said = {column: cells[place].strip() if place < len(cells) else "" for column, place in places.items()}
        if line in table.faults:
            refused.append((line, table.faults[line]))
        elif len(found) + len(refused) >= _MOST_ROWS:
            raise UnreadableFile(f"A table of prices has at most {_MOST_ROWS:,} rows.")
        else:
            try:
                found.append(_read(line, said))
            except ValueError as wrong:
                refused.append((line, str(wrong)))
    return found, refused


def _score(titles: Sequence[str]) -> int:
    return sum(title.strip().casefold() in COLUMNS for title in titles)


def _read(line: int, said: dict[str, str]) -> ReadPrice:
    kind = kind_called(said["activity"])
    unit = _UNITS.get(said.get("per", "").casefold())
    if unit is None:
        raise ValueError(f"“{said['per'][:40]}” is no unit. Enter each time, month or hour.")
    known = costing.KINDS.get(kind)
    checked = said.get("checked", "").casefold()
    if checked not in _YES | _NO:
        raise ValueError("Enter yes or no for whether the price was checked.")
    if not said["source"]:
        raise ValueError("The source is missing.")
    return ReadPrice(
        line, kind, int(parse_pounds(said["price"])), unit or (known.unit if known else "each"), day_in(said["from"]),
        said["price year"], said["source"], checked in _YES,
    )  # fmt: skip


def kind_called(words: str) -> str:
    """The kind somebody named: by its name or code, or else a service of that name."""
    plain = " ".join(words.split()).casefold()
    if not plain:
        raise ValueError("The activity is missing.")
    for each in costing.PROCESS:
        if plain in {each.code, each.name.casefold()}:
            return each.code
    if plain in {costing.OTHER_SERVICE, costing.name_of(costing.OTHER_SERVICE).casefold()}:
        return costing.OTHER_SERVICE
    if len(plain) > 120:
        raise ValueError("The name of a service has at most 120 characters.")
    return costing.service_kind(plain.removeprefix("help given: ").removeprefix(costing.SERVICE))


_FORMS = ("%d %B %Y", "%d %b %Y", "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y")


def day_in(words: str) -> date:
    """A day as people and spreadsheets write it."""
    plain = re.sub(r"[T ]00:00(:00)?$", "", words.strip())
    for form in _FORMS:
        try:
            return datetime.strptime(plain, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise ValueError(f"“{words[:40]}” is no day. Enter it as 1 April 2026.")
