"""How many young people neither learn nor work on a day, by locality: numbers for the partnership's outcomes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.person_index.queries import population, postcode_of, sector_of
from joinedup.universal.areas import places
from joinedup.universal.codes import Status
from joinedup.universal.permissions import COUNT_PARTICIPATION
from joinedup.universal.places import place_of
from joinedup.universal.queries.participation import _KNOWN, _now
from joinedup.universal.settings import ages_followed


@dataclass
class Neither:
    """Of the young people of a place: how many neither learn nor work, of how many it is known, and all."""

    neither: int = 0
    known: int = 0
    of: int = 0


def neither_by_place(
    viewer: Actor, on: date, *, youngest: int | None = None, oldest: int | None = None
) -> dict[UUID | None, Neither]:
    """By locality, and None for everybody who lives here; of the ages followed unless others are named. Three statements;
    for the program itself."""
    check(viewer, COUNT_PARTICIPATION)
    first, last, _ = ages_followed(on)
    first, last = youngest if youngest is not None else first, oldest if oldest is not None else last
    where = places(viewer)
    found: dict[UUID | None, Neither] = defaultdict(Neither)
    for each in population(viewer, on=on, youngest=first, oldest=last):
        for place in {None, place_of(each.sector, where.ids)}:
            found[place].of += each.people
    rows = _now(viewer, on, first, last).annotate(sector=sector_of(postcode_of("person__known")))
    said = rows.order_by().values_list("sector", "counts_as").annotate(people=Count("owner", distinct=True))
    for sector, status, people in said:
        for place in {None, place_of(sector or "", where.ids)}:
            found[place].neither += people if status == Status.NEITHER else 0
            found[place].known += people if status in _KNOWN else 0
    return found
