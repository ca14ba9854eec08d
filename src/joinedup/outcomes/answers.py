"""What outcomes answer on the first page: which of them are behind where they should be by now."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.core.answers import Fact, register_answer
from joinedup.outcomes.codes import WHOLE
from joinedup.outcomes.permissions import READ_SERIES
from joinedup.outcomes.queries.series import book
from joinedup.outcomes.trajectory import Standing

_MOST = 3


def behind(viewer: Actor) -> Iterator[Fact]:
    """The measures of the whole partnership that are behind their trajectory, the first three with their newest value; as
    many statements however many there are."""
    if not can(viewer, READ_SERIES):
        return
    rows = [each for each in book(viewer, Q(area_kind=WHOLE)) if each.standing is Standing.BEHIND]
    for each in rows[:_MOST]:
        expected = f"; {each.say(each.expected)} by now was the aim" if each.expected is not None else ""
        href, value = reverse("outcome_series", args=[each.id]), each.say_point(each.latest)
        yield Fact(f"{each.name}{expected}", href, value=value, note=each.stamp, urgent=True)
    rest = len(rows) - _MOST
    if rest > 0:
        yield Fact("more outcome[s] behind", reverse("outcomes"), n=rest)
    if not rows:
        yield Fact("outcomes behind where they should be", reverse("outcomes"), n=0)


register_answer("outcomes.behind", "which outcomes are behind where they should be", behind)
