"""Counting outcomes from the work itself: which events and readings are counted, and what is counted of them. Pure.

A counter turns what happened into units: one thing that is counted, the day it counts on, whom it is about, and whether
it is one of those the share is of. A share is the units that are in, of all units; a number is the units that are in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from joinedup.core.formats import age_years, london
from joinedup.outcomes.codes import COUNT, HALF, MONTH, QUARTER, SHARE, YEAR, Direction

_MONTHS = {MONTH: 1, QUARTER: 3, HALF: 6, YEAR: 12}


class Happening(Protocol):
    """An event of the chronology, without its words."""

    @property
    def kind(self) -> str:
        """What happened."""
        ...

    @property
    def at(self) -> datetime:
        """When."""
        ...

    @property
    def family_id(self) -> UUID | None:
        """The family, where it is known."""
        ...

    @property
    def people(self) -> Sequence[UUID]:
        """Everybody it is about."""
        ...

    @property
    def source_id(self) -> str:
        """The record it is of."""
        ...

    @property
    def code(self) -> str:
        """A level, a result."""
        ...


@dataclass(frozen=True)
class Unit:
    """One thing that is counted. Of several with one `key` in a period only the newest counts."""

    on: date
    people: tuple[UUID, ...]
    family_id: UUID | None
    is_in: bool
    words: str
    key: str = ""


@dataclass(frozen=True)
class Terms:
    """What settings say of counting."""

    rereferral_months: int = 12
    attendance_enough: int = 90


Reckon = Callable[[Sequence[Happening], Terms], list[Unit]]


@dataclass(frozen=True)
class Counter:
    """Something Joinedup counts itself. `events` are the kinds of event it needs; `page` is where what it counts is
    listed, where that is another part's page."""

    code: str
    name: str
    how: str
    form: str
    unit: str
    direction: Direction
    events: tuple[str, ...] = ()
    reckon: Reckon | None = None
    page: str = ""


# --- From the chronology.

_OPENED, _OVER, _CLOSED = "casework.case_opened", "casework.case_brought_over", "casework.case_closed"
_LEVEL, _CHECKED, _STATUTORY = "casework.level_changed", "casework.change_checked", "casework.statutory_plan_read"


def _steps(events: Sequence[Happening], terms: Terms) -> list[Unit]:
    """Each change of level, in where the new level is the lower one."""
    level: dict[str, int] = {}
    found = []
    for each in events:
        said = each.code.removeprefix("level_")
        if not said.isdigit():
            continue
        new, before = int(said), level.get(each.source_id)
        if each.kind == _LEVEL and before is not None and new != before:
            words = f"From level {before} to level {new}"
            found.append(_unit(each, is_in=new < before, words=words))
        level[each.source_id] = new
    return found


def _came_back(events: Sequence[Happening], terms: Terms) -> list[Unit]:
    """Each case opened, in where a case of the same family had closed within the months before."""
    closed: dict[UUID, date] = {}
    found = []
    for each in events:
        if each.family_id is None:
            continue
        day = london(each.at).date()
        if each.kind == _CLOSED:
            closed[each.family_id] = day
            continue
        before = closed.get(each.family_id)
        is_back = before is not None and before >= months_before(day, terms.rereferral_months)
        words = "Opened again after a case had closed" if is_back else "Opened"
        found.append(_unit(each, is_in=is_back, words=words))
    return found


def _care(events: Sequence[Happening], terms: Terms) -> list[Unit]:
    """The first word of a care plan in each case: since then a child of it is looked after."""
    told: set[str] = set()
    found = []
    for each in events:
        if each.code == "care" and each.source_id not in told:
            told.add(each.source_id)
            found.append(_unit(each, is_in=True, words="The council’s own system told of a care plan"))
    return found


_LASTED = {"lasted": "The change has lasted", "partly": "Some of it has lasted", "not": "It has not lasted"}


def _lasted(events: Sequence[Happening], terms: Terms) -> list[Unit]:
    """Each check of whether the change has lasted to which there was an answer, in where it has, whole."""
    return [
        _unit(each, is_in=each.code == "lasted", words=_LASTED[each.code]) for each in events if each.code in _LASTED
    ]


def _unit(event: Happening, *, is_in: bool, words: str) -> Unit:
    return Unit(london(event.at).date(), tuple(event.people), event.family_id, is_in, words)


COUNTERS: dict[str, Counter] = {
    each.code: each
    for each in (
        Counter(
            "distance_travelled", "Outcomes of families’ plans that are better than at their start",
            "Of all outcomes of families’ plans that were read in the period, those whose newest reading in it is better than their baseline.",
            SHARE, "per cent", Direction.UP,
        ),
        Counter(
            "attendance", "Children with a plan who attend school",
            "Of all children whose school attendance was read in their family’s plan in the period, those whose newest reading in it is the setting “attending” or more.",
            SHARE, "per cent", Direction.UP,
        ),
        Counter(
            "step_downs", "Steps between levels of need that went down",
            "Of all changes of a case’s level of need in the period, those to a lower level.",
            SHARE, "per cent", Direction.UP, (_OPENED, _OVER, _LEVEL), _steps,
        ),
        Counter(
            "rereferrals", "Families that came back after their case had closed",
            "Of all cases opened in the period, those of a family whose case had closed within the months before that the settings say.",
            SHARE, "per cent", Direction.DOWN, (_OPENED, _CLOSED), _came_back,
        ),
        Counter(
            "care_entries", "Cases in which a child came into care",
            "The cases of which the council’s own system told of a care plan for the first time in the period.",
            COUNT, "cases", Direction.DOWN, (_STATUTORY,), _care,
        ),
        Counter(
            "sustained", "Changes that had lasted when somebody asked",
            "Of all closed plans where somebody asked in the period whether the change had lasted, and could find out, those where it had.",
            SHARE, "per cent", Direction.UP, (_CHECKED,), _lasted,
        ),
        Counter(
            "not_in_education", "Young people not in education, employment or training",
            "Of all young people of the ages followed who live here, those recorded on the last day of the period as neither learning nor working. Not known is not counted as one of them, and where less than half is known there is no reading.",
            SHARE, "per cent", Direction.DOWN, page="participation",
        ),
    )
}  # fmt: skip


# --- Periods, ages and places.


def months_before(day: date, months: int) -> date:
    """The same day some months earlier, or the last there is of that month."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def period_of(frequency: str, day: date) -> tuple[date, date]:
    """The period a day lies in. Years run from April, as money does, and halves and quarters with them."""
    long = _MONTHS[frequency]
    into = (day.month - 4) % 12 % long
    starts = months_before(day.replace(day=1), into)
    return starts, months_before(starts, -long) - timedelta(days=1)


def periods_over(frequency: str, since: date, until: date) -> list[tuple[date, date]]:
    """Every whole period from the one `since` lies in that was over by `until`, the oldest first."""
    found = []
    starts, ends = period_of(frequency, since)
    while ends < until:
        found.append((starts, ends))
        starts, ends = period_of(frequency, ends + timedelta(days=1))
    return found


@dataclass(frozen=True)
class Someone:
    """What counting needs of a person."""

    birth_date: date | None
    place: UUID | None  # the locality they live in


def is_about(
    unit: Unit, people: Mapping[UUID, Someone], *, place: UUID | None, youngest: int | None, oldest: int | None
) -> bool:
    """Whether a unit is of an area (None: anywhere) and of some ages. Both go by the youngest person it is about; what is
    about a whole family, whose own `Someone` has no birthday, has an area and no age."""
    if place is None and youngest is None and oldest is None:
        return True
    whom = unit.people or ((unit.family_id,) if unit.family_id else ())
    known = [people[each] for each in whom if each in people]
    born = [each for each in known if each.birth_date is not None]
    child = max(born, key=lambda each: each.birth_date or date.min, default=known[0] if known else None)
    if child is None or (place is not None and child.place != place):
        return False
    if youngest is None and oldest is None:
        return True
    if child.birth_date is None:
        return False
    age = age_years(child.birth_date, unit.on)
    return (youngest is None or age >= youngest) and (oldest is None or age <= oldest)


class InGroup(Protocol):
    """A family in a group of families."""

    @property
    def family_id(self) -> UUID:
        """Which."""
        ...

    def holds_on(self, day: date) -> bool:
        """Whether it was in the group on a day."""
        ...


def is_in_group(unit: Unit, group: Sequence[InGroup] | None, homes: Mapping[UUID, frozenset[UUID]]) -> bool:
    """Whether a unit is of a group of families (None: of no group in particular). It goes by the unit's own family; where
    that is not known, by the families of the people it is about (`homes`). The family was in the group on the unit's day."""
    if group is None:
        return True
    mine = {unit.family_id} if unit.family_id else {family for each in unit.people for family in homes.get(each, ())}
    return any(each.family_id in mine and each.holds_on(unit.on) for each in group)


@dataclass(frozen=True)
class Counted:
    """What a period came to."""

    starts_on: date
    ends_on: date
    numerator: int
    denominator: int | None

    @property
    def value(self) -> Decimal:
        """A share in per cent, or the number itself."""
        if self.denominator is None:
            return Decimal(self.numerator)
        return (Decimal(100 * self.numerator) / self.denominator).quantize(Decimal("0.0001"))


def tally(form: str, units: Iterable[Unit], periods: Sequence[tuple[date, date]]) -> list[Counted]:
    """What the units come to in each period. A share of nothing is no reading."""
    within: dict[tuple[date, date], list[Unit]] = defaultdict(list)
    for unit in units:
        for starts, ends in periods:
            if starts <= unit.on <= ends:
                within[starts, ends].append(unit)
                break
    found = []
    for starts, ends in periods:
        here = newest(within[starts, ends])
        if form == SHARE and not here:
            continue
        count = sum(each.is_in for each in here)
        found.append(Counted(starts, ends, count, len(here) if form == SHARE else None))
    return found


def newest(units: Sequence[Unit]) -> list[Unit]:
    """Of several units with one key only the last; those without a key as they are."""
    kept: dict[object, Unit] = {}
    for place, unit in enumerate(units):
        kept[unit.key or place] = unit
    return list(kept.values())


def place_of(postcode: str, places: Mapping[str, UUID]) -> UUID | None:
    """The locality of a postcode: the longest known beginning wins, and a district is not cut within its number."""
    plain = postcode.strip().upper()
    for end in range(len(plain), 0, -1):
        found = places.get(plain[:end].rstrip())
        if found is None:
            continue
        if end == len(plain) or " " in plain[:end] or not (plain[end - 1].isdigit() and plain[end].isdigit()):
            return found
    return None
