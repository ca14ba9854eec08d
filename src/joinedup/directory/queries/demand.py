"""What was looked for and not found: counts without anybody in them, small numbers held back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Sum
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.core import charts
from joinedup.core.figures import Figure, Table
from joinedup.core.partnership import value
from joinedup.directory.finding_models import SearchCount
from joinedup.directory.permissions import READ_DIRECTORY, READ_SEARCHES
from joinedup.directory.settings import HELP_PHONE

LEAST_SHOWN = 5
_FEW = f"1 to {LEAST_SHOWN - 1}"


@dataclass(frozen=True)
class SearchesPage:
    """A year of searches: by topic, and by area. `figure` has the topics that were looked for without success."""

    since: date
    figure: Figure
    topics: Table
    areas: Table

    @property
    def csv(self) -> str:
        """Both tables below each other."""
        return self.topics.as_csv() + "\r\n" + self.areas.as_csv()


def shown(number: int) -> str:
    """A count for a page: one that is small could point at a family."""
    return _FEW if 0 < number < LEAST_SHOWN else f"{number:,}"


def _table(first: str, rows: dict[str, dict[str, int]], caption: str) -> Table:
    """By name, the most first. There are no totals, from which a number held back could be worked out."""
    found = []
    for name, each in sorted(rows.items(), key=lambda row: (-sum(row[1].values()), row[0])):
        found.append((name, *(shown(each.get(outcome, 0)) for outcome in ("found", "wider", "none"))))
    return Table((first, "Found", "Found with some of the words", "Nothing found"), tuple(found), caption)


def searches_page(viewer: Actor) -> SearchesPage:
    """The last twelve months. Two statements."""
    check(viewer, READ_SEARCHES)
    today = timezone.localdate(viewer.at)
    since = date(today.year - 1, today.month, 1)
    kept = SearchCount.objects.filter(month__gte=since)
    by: list[dict[str, dict[str, int]]] = []
    for column in ("topic", "area"):
        rows: dict[str, dict[str, int]] = {}
        for name, outcome, number in kept.values_list(column, "outcome").annotate(total=Sum("number")):
            rows.setdefault(name or "No postcode given", {})[outcome] = number
        by.append(rows)
    missed = [(name, each["none"]) for name, each in by[0].items() if each.get("none", 0) >= LEAST_SHOWN]
    figure = charts.bars(
        "Looked for and not found", sorted(missed, key=lambda row: (-row[1], row[0]))[:15], unit="Searches",
        note=f"Topics with fewer than {LEAST_SHOWN} are left out.",
    )  # fmt: skip
    topics = _table("What was looked for", by[0], "Searches by topic")
    return SearchesPage(since, figure, topics, _table("First half of the postcode", by[1], "Searches by area"))


def help_phone(viewer: Actor) -> str:
    """The number for families whom nothing here helps."""
    check(viewer, READ_DIRECTORY)
    return str(value(HELP_PHONE, on=timezone.localdate(viewer.at)))
