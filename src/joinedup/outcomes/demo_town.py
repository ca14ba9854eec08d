"""Where a town's families started and how far they have come: written in bulk, for the demonstration only."""

from __future__ import annotations

from collections.abc import Mapping

from joinedup.core.bulk import insert_from
from joinedup.outcomes.models import Baseline, Reading


def begin_from(source: str, columns: Mapping[str, str]) -> int:
    """A baseline for each row of an SQL `source`: as `core.bulk.insert_from`. Returns how many."""
    return insert_from(Baseline, source, columns)


def read_from(source: str, columns: Mapping[str, str]) -> int:
    """A reading for each row of an SQL `source`. Returns how many."""
    return insert_from(Reading, source, columns)
