"""Whom somebody works with now, as higher parts say it: pairs with one of them are looked at first."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

People = Callable[[], "QuerySet[Any, UUID]"]
_sources: list[People] = []


def register_open_work(people: People) -> None:
    """Add a source: a queryset of the ids of people in open work. Called from a part's `apps.py`."""
    _sources.append(people)


def people_in_open_work(ids: Collection[UUID]) -> set[UUID]:
    """Those of some people whom somebody works with now; one query for each source."""
    found: set[UUID] = set()
    for source in _sources:
        rows = source()
        column = next(iter(rows.query.values_select))
        found.update(rows.filter(**{f"{column}__in": list(ids)}))
    return found


def open_work() -> list[QuerySet[Any, UUID]]:
    """Every source, for one statement over all proposals."""
    return [source() for source in _sources]
