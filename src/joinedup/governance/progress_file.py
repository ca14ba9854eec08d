"""Progress reports of other partnerships, read from CSV or JSON and checked row by row. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from joinedup.core.figures import csv_of
from joinedup.core.tabular import UnreadableFile, read_table
from joinedup.governance.framework_colours import COLOURS

COLUMNS = ("partnership", "period", "ends_on", "letter", "name", "colour", "reason")
_COLOUR = {words.lower().replace("/", "_"): key for key, words in COLOURS.items()} | {"amber_green": "green_amber", "red_amber": "amber_red"}  # fmt: skip
_MOST = 5_000


@dataclass(frozen=True)
class EntryRead:
    """One element."""

    letter: str
    name: str
    colour: str
    reason: str


@dataclass
class ReportRead:
    """One report: a partnership's of a period."""

    partnership: str
    period: str
    ends_on: date
    entries: list[EntryRead] = field(default_factory=list)


@dataclass
class Reading:
    """What a file holds, and each row that is not usable, with why."""

    reports: list[ReportRead] = field(default_factory=list)
    rejected: list[dict[str, Any]] = field(default_factory=list)


def template() -> str:
    """An empty file with one row that shows how it is filled in."""
    return csv_of([COLUMNS, ("Exampleshire", "April to September 2026", "2026-09-30", "A", "Children’s centres", "green/amber", "Plans are in place; half are open")])  # fmt: skip


def read_reports(file_name: str, content: bytes) -> Reading:
    """Read a file by the ending of its name. Raises UnreadableFile where it is neither CSV, a workbook nor JSON of ours."""
    if file_name.lower().endswith(".json"):
        return _checked(enumerate(_rows_of_json(content), start=1))
    table = read_table(content, file_name)
    head = [each.strip().lower() for each in table.header]
    missing = [each for each in COLUMNS[:6] if each not in head]
    if missing:
        raise UnreadableFile(f"The file has no column called {', '.join(missing)}.")
    return _checked((number, dict(zip(head, cells, strict=False))) for number, cells in table.rows)


def _rows_of_json(content: bytes) -> Iterable[dict[str, Any]]:
    try:
        found = json.loads(content)
        reports = found if isinstance(found, list) else [found]
        return [
            {"partnership": report["partnership"], "period": report["period"], "ends_on": report["ends_on"], **{
                key: element.get(key, "") for key in ("letter", "name", "colour", "reason")
            }}
            for report in reports
            for layer in report["layers"]
            for element in layer["elements"]
        ]  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise UnreadableFile("The file is not a progress report in JSON as this program writes it.") from fault


def _checked(rows: Iterable[tuple[int, Mapping[str, Any]]]) -> Reading:
    found = Reading()
    by_key: dict[tuple[str, str, date | None], ReportRead] = {}
    for number, row in rows:
        said = {key: str(row.get(key) or "").strip() for key in COLUMNS}
        fault = _fault(said)
        ends_on = _day(said["ends_on"])
        key = (said["partnership"].lower(), said["period"].lower(), ends_on)
        letter = said["letter"].upper()
        if not fault and any(one.letter == letter for one in by_key[key].entries) if key in by_key else False:
            fault = ("letter", "The element is in this report already.")
        if fault or ends_on is None or number > _MOST:
            name, why = fault or ("letter", f"A file holds at most {_MOST} rows.")
            found.rejected.append({"row": number, "field": name, "value": said[name][:80], "reason": why})
            continue
        report = by_key.setdefault(key, ReportRead(said["partnership"][:160], said["period"][:80], ends_on))
        colour = _COLOUR[said["colour"].lower().replace("/", "_").replace(" ", "")]
        report.entries.append(EntryRead(letter, said["name"][:160], colour, said["reason"]))
    found.reports = list(by_key.values())
    return found


def _fault(said: Mapping[str, str]) -> tuple[str, str] | None:
    for name, words in (
        ("partnership", "Say which partnership."),
        ("period", "Say which period."),
        ("name", "Name the element."),
    ):
        if not said[name]:
            return name, words
    if _day(said["ends_on"]) is None:
        return "ends_on", "Write the last day of the period as 2026-09-30."
    if not said["letter"].isalnum() or len(said["letter"]) > 3:
        return "letter", "An element has one to three letters or digits."
    if said["colour"].lower().replace("/", "_").replace(" ", "") not in _COLOUR:
        return "colour", f"Write one of {', '.join(words.lower() for words in COLOURS.values())}."
    return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
