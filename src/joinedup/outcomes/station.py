"""Outcomes as a station of the loop: how the measures of the whole partnership stand."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.urls import reverse

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.core.stations import Evidence, Row, register_station
from joinedup.outcomes.codes import WHOLE
from joinedup.outcomes.permissions import READ_SERIES
from joinedup.outcomes.queries.series import book
from joinedup.outcomes.trajectory import STANDINGS, Standing
from joinedup.outcomes.writing import period

_GOOD = {Standing.ON_COURSE, Standing.REACHED}


def outcomes(viewer: Actor, since: date, until: date) -> Evidence:
    """The measures with a reading in the period, and how their newest reading stands; small numbers are hidden where they
    are read, for everybody."""
    if not can(viewer, READ_SERIES):
        return Evidence("–", "measures on course", ("Measure", "Newest in the period", "When", "How it stands"), ())
    found, good = [], 0
    for each in book(viewer, Q(area_kind=WHOLE)):
        inside = [point for point in each.readings if since <= point.ends_on <= until]
        if not inside:
            continue
        latest = inside[-1]
        good += each.standing in _GOOD
        found.append(
            Row(
                f"{each.name}, {each.cohort.lower()}",
                (each.say_point(latest), period(latest.starts_on, latest.ends_on), STANDINGS[each.standing]),
                reverse("outcome_series", args=[each.id]), each.stamp,
            )
        )  # fmt: skip
    return Evidence(
        f"{good} of {len(found)}", "measures on course or reached",
        ("Measure", "Newest in the period", "When", "How it stands"), tuple(found),
    )  # fmt: skip


register_station("outcomes", "Outcomes", 8, outcomes)
