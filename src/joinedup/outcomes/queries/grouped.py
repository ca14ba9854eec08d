"""What is read of one group of families that another part knows (outcomes.subjects): for the page of that group."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.outcomes.models import Cohort
from joinedup.outcomes.permissions import KEEP_SERIES, READ_SERIES
from joinedup.outcomes.queries.pages import Row
from joinedup.outcomes.queries.series import book


@dataclass(frozen=True)
class GroupOutcomes:
    """The series of a group, by outcome, measure and area. `is_known`: a series can be read for it; `may_keep`: the viewer
    may say what is read."""

    rows: tuple[Row, ...]
    is_known: bool
    may_keep: bool

    @property
    def smallest(self) -> int:
        """The smallest number of people that is shown, where some newest value is kept back; else nought."""
        each_of = (row.series for row in self.rows)
        return max((each.smallest for each in each_of if each.latest and each.latest.is_hidden), default=0)


def outcomes_of_group(viewer: Actor, key: str) -> GroupOutcomes | None:
    """Every series of a measure in use whose cohort is this group, with what is hidden hidden; None for whoever may not see
    what outcomes come to. Five statements at most, however many series."""
    if not can(viewer, READ_SERIES):
        return None
    day = timezone.localdate(viewer.at)
    in_use = Q(measure__ends_on__isnull=True) | Q(measure__ends_on__gt=day)
    rows = tuple(Row(each, None) for each in book(viewer, Q(cohort__group=key) & in_use))
    is_known = bool(rows) or Cohort.objects.filter(group=key).exists()
    return GroupOutcomes(rows, is_known, can(viewer, KEEP_SERIES))
