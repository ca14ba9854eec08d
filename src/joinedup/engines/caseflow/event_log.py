"""What happened, as rows: which case, which family, what, when; read from a file, every bad row named.

The columns: case_id, family_id, activity, ts, team, worker, agency, locality, tier, outcome; the first four must be filled. Times are
turned into working days by whoever reads the file (`day_of`), who knows the calendar and its holidays; nothing here does.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from joinedup.engines.caseflow.model import Array

COLUMNS = ("case_id", "family_id", "activity", "ts", "team", "worker", "agency", "locality", "tier", "outcome")
NEEDED = COLUMNS[:4]
ACTIVITIES = (
    "contact", "triage_decision", "referral", "assessment_start", "assessment_complete", "allocation", "plan_agreed",
    "tac_meeting", "review", "step_up", "step_down", "transfer", "closure", "re_referral",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, `at` so many working days after some first day."""

    case: str
    family: str
    activity: str
    at: float
    team: str = ""
    locality: str = ""
    outcome: str = ""
    tier: str = ""


@dataclass(frozen=True, slots=True)
class BadRow:
    """What is wrong with a row (the header is row 1)."""

    row: int
    field: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Log:
    """Events in the order they happened, case after case, as columns of numbers; `cases`, `families` and `activities` name them."""

    events: tuple[Event, ...]
    cases: tuple[str, ...]
    families: tuple[str, ...]
    activities: tuple[str, ...]
    case: NDArray[np.int64]
    family: NDArray[np.int64]
    activity: NDArray[np.int64]
    at: Array

    def first(self, activity: str) -> Array:
        """When each case first had this; NaN where it never did."""
        found = np.full(len(self.cases), np.nan)
        if activity in self.activities:
            rows = np.flatnonzero(self.activity == self.activities.index(activity))[::-1]
            found[self.case[rows]] = self.at[rows]
        return found


def log_of(events: Iterable[Event]) -> Log:
    """The log of some events, in any order; what happened at the same moment stays in the order given."""
    ordered = sorted(events, key=lambda event: (event.case, event.at))
    cases, case = _numbered([event.case for event in ordered])
    families, family = _numbered([event.family for event in ordered])
    activities, activity = _numbered([event.activity for event in ordered])
    return Log(
        tuple(ordered), cases, families, activities, case, family, activity, np.array([each.at for each in ordered])
    )


def _numbered(names: list[str]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    number: dict[str, int] = {}
    places = [number.setdefault(name, len(number)) for name in names]
    return tuple(number), np.array(places, dtype=np.int64)


def read_log(text: str, day_of: Callable[[datetime], float]) -> tuple[Log, list[BadRow]]:
    """The events of a CSV file, and the rows that are none. Raises ``ValueError`` where needed columns are missing."""
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    missing = [name for name in NEEDED if name not in (rows.fieldnames or ())]
    if missing:
        raise ValueError(f"the file has no column {', '.join(missing)}; it needs {', '.join(NEEDED)}")
    events, bad = [], []
    for number, row in enumerate(rows, start=2):
        wrong = _wrong(number, row)
        if wrong:
            bad.append(wrong)
            continue
        at = day_of(datetime.fromisoformat(row["ts"].strip()))
        events.append(
            Event(
                row["case_id"].strip(),
                row["family_id"].strip(),
                row["activity"].strip(),
                at,
                *((row.get(name) or "").strip() for name in ("team", "locality", "outcome", "tier")),
            )
        )
    return log_of(events), bad


def _wrong(number: int, row: dict[str, str]) -> BadRow | None:
    for name in NEEDED:
        if not (row[name] or "").strip():
            return BadRow(number, name, "", "this is empty")
    activity = row["activity"].strip()
    if activity not in ACTIVITIES:
        return BadRow(number, "activity", activity, f"there is no such activity; they are {', '.join(ACTIVITIES)}")
    try:
        datetime.fromisoformat(row["ts"].strip())
    except ValueError:
        return BadRow(number, "ts", row["ts"], "a time is like 2026-11-22 or 2026-11-22T09:30")
    return None
